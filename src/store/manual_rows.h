/* SPDX-License-Identifier: Apache-2.0
 *
 * Alerts that a person raises: the hotline rang. */
#ifndef STORE_MANUAL_ROWS_H
#define STORE_MANUAL_ROWS_H

#include "alerts/alert.h"
#include "base/fault.h"

struct store;

/* Texts may be anything: they are made printable. Borrowed for the call. */
struct manual_alert {
	const char *title;	/* what happened; not "" */
	const char *subject;	/* whom it is about: a name, an address or an extension of our people, a
				 * number; "" nobody in particular */
	const char *location, *note; /* "" none */
	enum severity severity;
	const char *who;	/* who raises it, and has it */
	int64_t event_ms, now_ms; /* the cloud's clock, the wall's */
};

struct manual_raised {
	int64_t id;
	bool grew;	   /* there was an open one of this subject, which has the note now */
	char assignee[65]; /* whose it is */
};

/* One transaction, with its audit line. FAULT_USAGE: no title.
 * before	may be NULL; what takes it back, for store_swap, text in the arena: the
 *		alert as it was before it grew, or a new one closed as a false alarm. */
struct alert_before;
bool store_raise_manual(struct store *, const struct manual_alert *, struct manual_raised *out, struct arena *, struct alert_before *before,
    struct fault *) MUST_USE;

#endif
