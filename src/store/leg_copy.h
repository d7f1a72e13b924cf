/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORE_LEG_COPY_H
#define STORE_LEG_COPY_H

#include "store/store.h"

#define LEG_N_COLUMNS 42
#define LEG_ROW_COLUMNS                                                                                  \
	"id, report_id, report_ms, call_id, raw_id, raw_at, raw_n, flags, answer_ms,"                    \
	" release_ms, duration_s, ring_s, user_id, user_name_id, user_type_id, user_number_id,"          \
	" location_id, call_type_id, client_type_id, outcome_id, reason_id, redirect_id, related_id,"    \
	" trunk_in_id, trunk_out_id, device_id, calling, called, dialed, redirecting, caller_name,"      \
	" called_name, local_call_id, remote_call_id, related_call_id, transfer_call_id, far, country, class," \
	" tier, cost_micro, interaction"

/* A leg's first choice of a key. */
static inline int64_t leg_key_of(const struct page_leg *l)
{
	return LEG_KEY_OF(l->cdr.start_ms) | (int64_t)(l->columns->report_hash & ((1u << LEG_KEY_BITS) - 1));
}

/* Which of the page's keys are free. */
bool leg_copy_begin(struct store *, const struct page *, struct fault *) MUST_USE;
/* May the row of this key be put into store->new_legs? Then it is to be. */
bool leg_copy_takes(struct store *, int64_t id);
/* What stands under a key that was taken before the page; NULL: not known here. */
struct standing *leg_copy_standing(struct store *, int64_t id);
/* Before the store is asked about a key: it is there if it was put there. */
bool leg_copy_show(struct store *, int64_t id, struct fault *) MUST_USE;
/* What was put is in the store. */
bool leg_copy_end(struct store *, struct fault *) MUST_USE;

#endif
