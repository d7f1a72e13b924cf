/* SPDX-License-Identifier: Apache-2.0
 *
 * Since when a number, a range of ten thousand or a country has been called, by
 * this person and by anybody here, and how long we have been looking: a first
 * call says little on the first day. Only where money goes is kept in detail. */
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"
#include "detect/facts/slots.h"
#include "detect/state_facts.h"

struct first {
	struct slot slot;
	int64_t first_ms;
};

struct first_seen {
	struct slots slots;
	int64_t began_ms; /* the earliest leg ever met; 0: none */
};

static void *first_seen_open(void)
{
	struct first_seen *m = mem_zalloc(sizeof *m);
	slots_init(&m->slots, sizeof(struct first), 1 << 18);
	return m;
}

static void first_seen_close(void *memory)
{
	struct first_seen *m = memory;
	slots_clear(&m->slots);
	free(m);
}

static size_t first_seen_bytes(const void *memory)
{
	return slots_bytes(&((const struct first_seen *)memory)->slots);
}

static int32_t days_since_first(struct first_seen *m, uint64_t key, int64_t at_ms, bool *first_call)
{
	bool is_new;
	struct first *first = slots_put(&m->slots, key | 1, at_ms, &is_new);
	if (is_new || at_ms < first->first_ms)
		first->first_ms = at_ms;
	if (first_call != NULL)
		*first_call = at_ms == first->first_ms;
	return (int32_t)((at_ms - first->first_ms) / DAY_MS);
}

enum { OF_NUMBER = 2, OF_RANGE = 4, OF_COUNTRY = 6 };

static uint64_t join(uint64_t what, uint64_t kind, uint64_t who)
{
	return hash_mix(what ^ hash_mix(kind ^ who));
}

static void first_seen_observe(void *memory, const struct cdr *cdr,
    const struct leg_facts *leg, struct state_facts *out)
{
	struct first_seen *m = memory;
	int64_t at = cdr->start_ms;
	if (m->began_ms == 0 || at < m->began_ms)
		m->began_ms = at;
	out->watched_days = (int32_t)((at - m->began_ms) / DAY_MS);
	uint64_t far = leg->flags & LEG_EXTERNAL_OUT ? leg->called_key :
	    leg->flags & LEG_INBOUND		     ? leg->calling_key :
						       0;
	if (far != 0)
		out->number_days = days_since_first(m, join(far, OF_NUMBER, 0), at, &out->number_is_new);
	if (!(leg->flags & LEG_EXTERNAL_OUT))
		return;
	size_t n = strlen(leg->called.e164);
	if (n > 8 && (leg->flags & (LEG_INTERNATIONAL | LEG_PREMIUM))) {
		uint64_t range = hash_bytes(leg->called.e164, n - 4);
		out->range_days = days_since_first(m, join(range, OF_RANGE, 0), at, NULL);
		out->range_user_days =
		    days_since_first(m, join(range, OF_RANGE, leg->user_key | 1), at, NULL);
	}
	uint64_t country = leg->country[0] != '\0' ? hash_bytes(leg->country, 2) :
	    leg->called.country_code != 0 ? (uint64_t)leg->called.country_code + 3 : 0;
	if (country != 0 && (leg->flags & LEG_INTERNATIONAL)) {
		out->country_days = days_since_first(m, join(country, OF_COUNTRY, 0), at, NULL);
		out->country_user_days =
		    days_since_first(m, join(country, OF_COUNTRY, leg->user_key | 1), at, NULL);
	}
}

const struct fact_source fact_first_seen = {
	.name = "first_seen",
	.open = first_seen_open,
	.close = first_seen_close,
	.observe = first_seen_observe,
	.bytes = first_seen_bytes,
	.lasting = true,
};
