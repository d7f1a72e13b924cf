/* SPDX-License-Identifier: Apache-2.0
 *
 * How often Webex lets us ask for call records: one first page a minute and
 * ten further pages, for feed and stream together, per token. Pure: the caller
 * gives the time, and keeps the state over restarts (another process may not
 * share the token: see the lease). */
#ifndef NET_BUDGET_H
#define NET_BUDGET_H

#include "base/base.h"

enum budget_kind { BUDGET_INITIAL, BUDGET_PAGE, BUDGET_N_KINDS };

struct budget_options {
	int64_t every_ms[BUDGET_N_KINDS]; /* 0: the defaults, 61 s and 6.5 s */
	int64_t hold_min_ms;		  /* least wait after a 429; 0: 60 s */
};

/* What must survive a restart: three times, UTC ms; zeros: never asked. */
struct budget_state {
	int64_t next_ms[BUDGET_N_KINDS];
	int64_t held_until_ms;
};

struct budget {
	int64_t every_ms[BUDGET_N_KINDS];
	int64_t hold_min_ms;
	struct budget_state state;
};

void budget_init(struct budget *, const struct budget_options *); /* options may be NULL */

/* Go on from a stored state. Times further ahead than they can be (the clock
 * was set back) are brought near. */
void budget_restore(struct budget *, const struct budget_state *, int64_t now_ms);

/* 0: ask now. Else so long yet. */
int64_t budget_wait_ms(const struct budget *, enum budget_kind, int64_t now_ms);
void budget_spend(struct budget *, enum budget_kind, int64_t now_ms); /* asked just now */

/* A 429 said to wait: max(wait_ms, 60 s) and 1 to 2 s more, for all kinds.
 * chance: any random number, so that two programs do not come back at once. */
void budget_hold(struct budget *, int64_t wait_ms, int64_t now_ms, uint32_t chance);

/* 2^n seconds with half of it by chance, within 1 s and 60 s: for the nth
 * (from 0) repetition after a fault. */
int64_t backoff_ms(int n, uint32_t chance);

#endif
