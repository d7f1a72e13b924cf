/* SPDX-License-Identifier: Apache-2.0
 *
 * How many external calls one person has up at once. Answered ones only:
 * simultaneous rings are no overlap; two legs of one call count once. */
#include "detect/facts/slots.h"
#include "detect/state_facts.h"

#define KEPT 10

struct talk {
	int64_t from_ms, to_ms;
	uint32_t call;
	bool abroad;
};

struct person_talks {
	struct slot slot;
	struct talk talks[KEPT];
	uint64_t n; /* how many were ever kept; the ring holds the last KEPT */
};

static void *overlap_open(void)
{
	return slots_new(sizeof(struct person_talks), 1 << 14);
}

/* The most talks that are up at one instant of `mine`: such an instant is
 * always the beginning of one of them. */
static int most_at_once(const struct person_talks *p, const struct talk *mine, bool abroad)
{
	size_t n = MIN(p->n, (uint64_t)KEPT);
	int most = 1;
	for (size_t i = 0; i < n; i++) {
		int64_t instant = MAX(p->talks[i].from_ms, mine->from_ms);
		if (instant >= mine->to_ms || instant >= p->talks[i].to_ms)
			continue;
		int up = 0;
		for (size_t k = 0; k < n; k++) {
			const struct talk *t = &p->talks[k];
			up += t->from_ms <= instant && instant < t->to_ms && (t->abroad || !abroad);
		}
		most = MAX(most, up);
	}
	return most;
}

static void overlap_observe(void *memory, const struct cdr *cdr, const struct leg_facts *leg,
    struct state_facts *out)
{
	if (!(leg->flags & LEG_EXTERNAL_OUT) || !(leg->flags & LEG_ANSWERED) ||
	    leg->user_key == 0 || (leg->flags & LEG_SERVICE))
		return;
	struct talk mine = { cdr->answer_ms != 0 ? cdr->answer_ms : cdr->start_ms, leg->end_ms,
		(uint32_t)leg->correlation_key, leg->flags & LEG_INTERNATIONAL };
	struct person_talks *p = slots_put(memory, leg->user_key, cdr->start_ms, NULL);
	size_t n = MIN(p->n, (uint64_t)KEPT), at = n;
	for (size_t i = 0; i < n && mine.call != 0; i++) {
		if (p->talks[i].call == mine.call)
			at = i;
	}
	if (at == n) {
		at = p->n % KEPT;
		p->n++;
	}
	p->talks[at] = mine;
	out->overlap = most_at_once(p, &mine, false);
	out->overlap_abroad = mine.abroad ? most_at_once(p, &mine, true) : 0;
}

const struct fact_source fact_overlap = {
	.name = "overlap",
	.open = overlap_open,
	.close = slots_free,
	.observe = overlap_observe,
	.bytes = slots_held,
};
