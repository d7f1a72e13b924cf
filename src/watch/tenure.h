/* SPDX-License-Identifier: Apache-2.0
 *
 * Whether it is ours to collect: the lease in the store, and a judge that has seen
 * what the store holds. The lease comes first, so that nobody adds to it meanwhile;
 * what was collected before is read back piece by piece, and between two pieces the
 * store lane does what else is wanted of it: the lease is renewed, notices go out,
 * acts are done. Loop thread, but for tenure_look(). */
#ifndef WATCH_TENURE_H
#define WATCH_TENURE_H

#include "net/lane.h"
#include "watch/board.h"
#include "watch/guard.h"

#define TENURE_LEASE_MS 6000 /* a dead holder is replaced after this, and one renewal of ours */

struct tenure {
	struct guard *guard;
	struct lane *store_lane;
	/* It is read back, or (with a fault) could not be. Not when the lane was closed before. */
	void (*on_read)(void *arg, const struct fault *);
	void *arg;
	bool holds, fresh;
	bool anew; /* another had it while we read */
	struct fault denied; /* as it was heard last */
	int n_spared; /* looks, until it is tried again: who may not is not refused each two seconds */
	bool stopping;
	char holder[128]; /* whoever it is; "": nobody */
};

/* What is asked of the lease, and what was heard. */
struct tenure_look {
	bool take, give; /* neither: only who has it */
	bool mine, taken_over; /* from another */
	struct fault denied; /* the store does not let this process; FAULT_NONE: it does */
	char holder[128];
};

/* What this process is called there. */
void tenure_name(const char *user, char me[static 128]);
/* Whether to ask for it now. Loop thread. */
bool tenure_may_ask(struct tenure *);
/* Ours is kept or taken until TENURE_LEASE_MS from now_ms. Who may not write it (an
 * analyst of a shared store) leaves it to others. Store lane. */
bool tenure_look(struct tenure_look *, struct store *, const char *me, int64_t now_ms, struct fault *) MUST_USE;
/* Back on the loop: what is to be read back is begun. */
void tenure_settle(struct tenure *, const struct tenure_look *);

/* It holds the lease, and the judge knows all that was collected under another's. */
bool tenure_collects(const struct tenure *);
/* True when it is news. Who still reads back keeps others from collecting, and does not
 * collect yet. */
bool tenure_show(const struct tenure *, struct health *);

/* Behind all that is on the lane, and before that is closed: it is given back, and the next need
 * not wait. `me` is borrowed until on_ended. */
void tenure_end(struct tenure *, const char *me, void (*on_ended)(void *arg), void *arg);

#endif
