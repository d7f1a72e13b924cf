/* SPDX-License-Identifier: Apache-2.0
 *
 * Something happened to an alert that somebody may want to be told. */
#ifndef ALERTS_NOTICE_H
#define ALERTS_NOTICE_H

#include "alerts/alert.h"

/* id, name in the file of routes */
#define NOTICE_KINDS(row)                                              \
	row(NOTICE_RAISED, "raised") /* new, or open again */          \
	row(NOTICE_WORSE, "worse")   /* its severity rose */           \
	row(NOTICE_CLOSED, "closed") /* no longer open */              \
	row(NOTICE_ACT, "acts")	     /* whatever else a person did */

enum notice_kind {
#define NOTICE_ENUM(id, name) id,
	NOTICE_KINDS(NOTICE_ENUM)
#undef NOTICE_ENUM
	N_NOTICE_KINDS
};
const char *notice_kind_name(enum notice_kind);
bool notice_kind_named(const char *name, enum notice_kind *);

struct notice {
	int64_t id, at_ms;
	enum notice_kind kind;
	const char *act, *who;	  /* as in the audit log */
	const char *was, *became; /* "" none */
	/* As it stands when it is told, but severity, score, state and resolution as
	 * they were when it happened. */
	struct alert alert;
};

/* was NULL: there was none. */
enum notice_kind notice_kind_of(const struct alert *was, const struct alert *now);

#endif
