/* SPDX-License-Identifier: Apache-2.0
 *
 * What was done in Control Hub: who, from where, when, to whom. Webex's admin audit
 * tells it (webex/admin_audit.h); the directory's own changes (directory_changes.h)
 * tell only how something became, and are explained by these. */
#ifndef STORE_ADMIN_ROWS_H
#define STORE_ADMIN_ROWS_H

#include "base/arena.h"
#include "base/fault.h"

/* Texts of strangers, printable, at most so many bytes with the NUL. */
#define ADMIN_TEXTS(row)                                                                  \
	row(id, 160)          /* Webex's: the same event comes again and again */         \
	row(category, 64)     /* "WEBEX_CALLING", "USERS" */                              \
	row(description, 200) /* "User call settings changed" */                          \
	row(act, 500)         /* the sentence of Control Hub */                           \
	row(operation, 32)    /* "UPDATE" */                                              \
	row(outcome, 32)      /* "SUCCESS" */                                             \
	row(failure, 200)     /* why it was refused */                                    \
	row(actor_uuid, 64)   /* "" not told */                                           \
	row(actor_name, 128)                                                              \
	row(actor_email, 160)                                                             \
	row(actor_ip, 64)                                                                 \
	row(actor_agent, 200)                                                             \
	row(target_uuid, 64)  /* of a person, a site …; "" when it is not told by an id */ \
	row(target_type, 32)  /* "USER" */                                                \
	row(target_name, 160)                                                             \
	row(setting, 128)                                                                 \
	row(was, 256)                                                                     \
	row(became, 256)

struct admin_event {
	int64_t at_ms;
#define ADMIN_MEMBER(name, room) const char *name;
	ADMIN_TEXTS(ADMIN_MEMBER)
#undef ADMIN_MEMBER
};

struct store;
struct db;

/* Those of a stretch that was read whole, and that it was read up to there: one
 * transaction. What is stored already stays as it is; *n_new says how many were not. */
bool admin_rows_write(struct store *, const struct admin_event *events, size_t n, int64_t until_ms, size_t *n_new, struct fault *) MUST_USE;
/* Up to where it was read; 0 never. */
bool admin_rows_until(struct store *, int64_t *until_ms, struct fault *) MUST_USE;

/* Done to this person or site, or by this person, from then until then; the newest
 * `most`, the oldest of them first. id: a uuid; of a site its name, too. */
bool admin_rows_read(struct db *, const char *id, bool site, int64_t from_ms, int64_t until_ms, size_t most, struct arena *,
    struct admin_event **out, size_t *n, struct fault *) MUST_USE;

/* Copies of n events in the arena. */
struct admin_event *admin_events_copy(struct arena *, const struct admin_event *, size_t n);

struct directory_change;
/* The event that explains what a reading of the directory found, of n events in order:
 * the last one before it, since the reading before (a day and some), that was done to
 * the same and speaks of what it became. NULL: none does. */
const struct admin_event *admin_explains(const struct directory_change *, const struct admin_event *events, size_t n);

#endif
