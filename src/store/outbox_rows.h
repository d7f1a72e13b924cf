/* SPDX-License-Identifier: Apache-2.0
 *
 * The outbox: notices become messages, each for one destination, and a message
 * is sent at least once. An attempt is written down before it begins, so that
 * whoever received something twice finds as many attempts here; one process
 * sends at a time (outbox_lease). Store lane. */
#ifndef STORE_OUTBOX_ROWS_H
#define STORE_OUTBOX_ROWS_H

#include "alerts/notice.h"
#include "base/text.h"
#include "store/store.h"

enum outbox_state { OUTBOX_WAITS, OUTBOX_SENT, OUTBOX_DEAD };

struct outbox_row {
	int64_t id;
	const char *key; /* the same in every attempt: receivers tell repetitions by it */
	const char *destination;
	int64_t alert_id; /* of a message about one alert, else 0 */
	enum outbox_state state;
	bool sending;
	int64_t made_ms, due_ms, closes_ms, sent_ms;
	int64_t attempts, edits, n_notices, n_told;
	const char *body;
	const char *remote_id; /* what the destination calls it; "" unknown */
	const char *thread_id; /* … what was said first about its alert; "" none */
	const char *error;     /* of the last attempt; "" none */
};

/* *mine: to the one process that sends, with *taken_over when it was another's; others
 * wait until it gives the lease back or does not renew it. */
bool outbox_lease(struct store *, const char *holder, int64_t now_ms, int64_t until_ms, bool *mine, bool *taken_over,
    struct fault *) MUST_USE;
bool outbox_lease_give(struct store *, const char *holder, struct fault *) MUST_USE;
/* At the begin, after a take-over, or where it is not known what a commit came to: what was begun is
 * begun again, and what is for none of these destinations is given up. */
bool outbox_adopt(struct store *, const char *const *destinations, size_t n, struct fault *) MUST_USE;

/* How a destination wants to be told. */
struct outbox_place {
	const char *destination;
	int64_t gather_ms; /* 0: each notice alone, always */
	int64_t burst;	   /* more messages than these in that time are gathered into one */
	bool grows;	   /* the one is sent at once and changed as it grows, not at the end */
};
#define OUTBOX_PLACES 64
struct outbox_router {
	size_t (*places)(void *arg, const struct notice *, struct outbox_place out[OUTBOX_PLACES]);
	void *arg;
};
/* New notices, `batch` at most, to where the router says; one transaction. */
bool outbox_route(struct store *, const struct outbox_router *, int64_t now_ms, size_t batch, size_t *n, struct fault *) MUST_USE;

/* Begin an attempt with what is due of one destination. */
struct outbox_claim {
	const char *destination;
	int64_t now_ms;
	size_t most;
	int64_t gather_ms; /* as of its place */
	/* Writes the message, once: a repetition is the same, byte for byte. The
	 * notices are the newest OUTBOX_TOLD of row->n_notices, oldest first. */
	void (*write)(void *arg, const struct outbox_row *, const struct notice *, size_t n, struct text *body);
	void *arg;
};
#define OUTBOX_TOLD 2000
bool outbox_claim(struct store *, const struct outbox_claim *, struct arena *, struct outbox_row **, size_t *n, struct fault *) MUST_USE;

/* How it ended. */
enum outbox_result { OUTBOX_TAKEN, OUTBOX_AGAIN, OUTBOX_REFUSED };
struct outbox_end {
	int64_t id, attempts, edits; /* as claimed: of another attempt, begun since, nothing is known here */
	enum outbox_result result;
	int64_t due_ms;	 /* AGAIN: not before */
	int64_t now_ms, closes_ms, grows_ms; /* grows_ms: gather_ms of its place where it grows, else 0 */
	bool forget; /* AGAIN: as a new message, not as a change of the old one */
	char remote_id[200], error[300];
};
bool outbox_settle(struct store *, const struct outbox_end *, size_t n, struct fault *) MUST_USE;

/* Given up ones (those with these ids, or all where n is 0) wait again, with a
 * line of the audit log. */
bool outbox_resend(struct store *, const int64_t *ids, size_t n, const char *who, int64_t now_ms, size_t *n_done, struct fault *) MUST_USE;

struct outbox_sum {
	int64_t n_waiting, n_dead;
	int64_t oldest_ms; /* since when what is due waits, or what failed; 0 none */
	int64_t next_ms;   /* when the next is due; 0 none */
	char error[300];   /* of what waits, the newest; "" none */
};
bool outbox_sum(struct db *, int64_t now_ms, struct outbox_sum *, struct fault *) MUST_USE;

/* Newest first; sent ones too where `all`. Without bodies. */
bool outbox_list(struct db *, bool all, size_t limit, struct arena *, struct outbox_row **, size_t *n, struct fault *) MUST_USE;

#endif
