/* SPDX-License-Identifier: Apache-2.0
 *
 * Callers that ring once and hang up, on many of our lines: remembered for
 * three days, so that the call back is known for what it is. Legs of a hunt
 * are left out: one call rings many agents and only one of them answers. */
#include "detect/facts/slots.h"
#include "detect/state_facts.h"

#define KEPT	   16
#define RING_S	   5
#define WINDOW_S   (15 * 60)
#define MEMORY_MS  WANGIRI_MEMORY_MS

struct missed {
	uint32_t at_s, line, call;
};

struct ringer {
	struct slot slot;
	uint32_t n, most; /* calls ever; lines in the fullest 15 min */
	struct missed calls[KEPT];
};

static void *wangiri_open(void)
{
	return slots_new(sizeof(struct ringer), 1 << 14);
}

/* Distinct lines rung within 15 minutes before or after `mine`, each by a call
 * of its own. */
static uint32_t lines_near(const struct ringer *r, uint32_t at_s)
{
	uint32_t lines = 0, n = MIN(r->n, (uint32_t)KEPT);
	for (uint32_t i = 0; i < n; i++) {
		const struct missed *m = &r->calls[i];
		bool seen = (m->at_s > at_s ? m->at_s - at_s : at_s - m->at_s) > WINDOW_S;
		for (uint32_t k = 0; k < i && !seen; k++) {
			seen = r->calls[k].line == m->line ||
			    (m->call != 0 && r->calls[k].call == m->call);
		}
		lines += !seen;
	}
	return lines;
}

static void wangiri_observe(void *memory, const struct cdr *cdr, const struct leg_facts *leg,
    struct state_facts *out)
{
	const struct ringer *known;
	if ((leg->flags & LEG_INBOUND) && (leg->flags & LEG_CALLING_KNOWN)) {
		if ((leg->flags & (LEG_ANSWERED | LEG_ELSEWHERE | LEG_FORWARDED)) == 0 &&
		    cdr->ring_s <= RING_S && leg->called_key != 0) {
			struct ringer *r =
			    slots_put(memory, leg->calling_key, cdr->start_ms, NULL);
			uint32_t at_s = (uint32_t)(cdr->start_ms / SECOND_MS);
			r->calls[r->n++ % KEPT] = (struct missed){ at_s,
				(uint32_t)(leg->called_key >> 8),
				(uint32_t)(leg->correlation_key >> 8) };
			r->most = MAX(r->most, lines_near(r, at_s));
		}
		known = slots_find(memory, leg->calling_key);
	} else if (leg->flags & LEG_EXTERNAL_OUT) {
		known = slots_find(memory, leg->called_key);
	} else {
		return;
	}
	if (known != NULL && cdr->start_ms - known->slot.touched_ms <= MEMORY_MS)
		out->wangiri_lines = (int32_t)known->most;
}

const struct fact_source fact_wangiri = {
	.name = "wangiri",
	.open = wangiri_open,
	.close = slots_free,
	.observe = wangiri_observe,
	.bytes = slots_held,
};
