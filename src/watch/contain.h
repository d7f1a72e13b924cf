/* SPDX-License-Identifier: Apache-2.0
 *
 * A compromised line is contained, and that is undone: read, show what changes, and,
 * when somebody said yes, read once more, commit the state before to the store, write,
 * read again and compare. With the sign-in of who may change the organisation (the
 * responder), which nothing else here uses. What is written: webex/contain_plan.h; what is
 * kept: store/contain_rows.h. On the loop; nothing waits. */
#ifndef WATCH_CONTAIN_H
#define WATCH_CONTAIN_H

#include "watch/desk.h"
#include "watch/link.h"
#include "webex/contain_plan.h"

/* What writing asks of a token. */
#define CONTAIN_SCOPE "spark-admin:people_write"

struct responder; /* opaque */

/* The link's texts, the desk and the clock are borrowed and outlive it. The link's
 * token file is the responder's. */
struct responder *responder_new(uv_loop_t *, const struct link_config *, const struct clock *, struct desk *);
/* What is under way is given up (its done is called), then on_closed. */
void responder_close(struct responder *, void (*on_closed)(void *arg), void *arg);

enum contain_verb {
	CONTAIN_DO,	/* contain a line */
	CONTAIN_FINISH, /* one that is under way: to its end */
	CONTAIN_UNDO,	/* as it was before */
};

/* Copied. */
struct contain_order {
	enum contain_verb verb;
	bool look; /* only tell what would be done; nothing is written anywhere */
	const char *person, *person_name; /* DO: UUID, name */
	enum contain_kind kind;		  /* DO */
	int64_t alert_id;		  /* DO: 0 of none */
	int64_t id;			  /* FINISH, UNDO */
	bool force;			  /* UNDO, FINISH: also where somebody changed it since */
	const char *seen; /* what a look showed that there was (contain_result.present); NULL: whatever
			     there is. Another by now: FAULT_CONFLICT */
};

/* Borrowed while `done` runs. */
struct contain_result {
	struct fault fault; /* FAULT_NONE: as the order says; with `look`: it could be done */
	int64_t id;	    /* of its row; 0: there is none */
	enum contain_state state;
	struct containment row; /* FINISH, UNDO, once it was found; id 0 else */
	const char *present;	/* as Webex told; "" not read */
	const char *body;	/* what is (or would be) written; "" */
	struct contain_changes changes; /* what that changes; n 0: nothing is to be written */
	struct contain_changes since;	/* FINISH, UNDO: what somebody else changed since */
	const char *const *warnings;
	size_t n_warnings;
};

/* `done` comes once, from the loop, never from inside. FAULT_LOGIN: nobody signed in as the
 * responder. FAULT_READ_ONLY: this console only looks. */
void responder_start(struct responder *, const struct contain_order *, void (*done)(const struct contain_result *, void *arg), void *arg);
#endif
