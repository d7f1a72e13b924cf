/* SPDX-License-Identifier: Apache-2.0
 *
 * Who else does the same: people of ours who called one number, and people of
 * a site whose calls out are unusual at the same time, or who are there after
 * hours. A campaign, a conference bridge, the closing of a quarter are many people's;
 * a stolen line is one person's. */
#include <stdlib.h>

#include "base/hash.h"
#include "detect/facts/slots.h"
#include "detect/state_facts.h"

#define KEPT		 8
#define NUMBER_MS	 (12 * HOUR_MS)
#define UNUSUAL_MS	 (8 * HOUR_MS)
#define CLOSED_MS	 (3 * HOUR_MS)
#define FEW_NIGHTS	 3  /* of the last four weeks */
#define UNUSUAL_SURPRISE 40 /* tenths: once in ten thousand */

struct crowd {
	struct slot slot;
	struct {
		uint32_t who;	/* hash; 0 none */
		int32_t minute; /* since 1970 */
	} last[KEPT];
};

static void *crowd_open(void)
{
	return slots_new(sizeof(struct crowd), 1 << 15);
}

/* How many are in the crowd within that time of `at`; `who` steps in, in place
 * of whoever was there first, where `joins`. */
static int32_t crowd_with(struct slots *slots, uint64_t key, uint64_t who, int64_t at_ms, int64_t within_ms, bool joins)
{
	struct crowd *crowd = joins ? slots_put(slots, key | 1, at_ms, NULL) : slots_find(slots, key | 1);
	uint32_t me = (uint32_t)(hash_mix(who) >> 32) | 1;
	int32_t minute = (int32_t)(at_ms / MINUTE_MS), n = 0;
	if (crowd == NULL)
		return 0;
	size_t place = 0;
	for (size_t i = 0; i < KEPT; i++) {
		if (crowd->last[i].who == me) {
			place = i;
			break;
		}
		if (crowd->last[i].minute < crowd->last[place].minute)
			place = i;
	}
	if (joins && (crowd->last[place].who != me || crowd->last[place].minute < minute)) {
		crowd->last[place].who = me;
		crowd->last[place].minute = minute;
	}
	for (size_t i = 0; i < KEPT; i++)
		n += crowd->last[i].who != 0 && crowd->last[i].who != me &&
		    abs(minute - crowd->last[i].minute) * MINUTE_MS <= within_ms;
	return n;
}

static void crowd_observe(void *memory, const struct cdr *cdr, const struct leg_facts *leg, struct state_facts *out)
{
	if (!(leg->flags & LEG_EXTERNAL_OUT) || leg->user_key == 0 || (leg->flags & LEG_SERVICE))
		return;
	if (leg->called_key != 0)
		out->crowd_number = 1 +
		    crowd_with(memory, hash_mix(leg->called_key ^ 1), leg->user_key, cdr->start_ms, NUMBER_MS, true);
	if (leg->site_key != 0 && (leg->flags & LEG_CLOSED))
		out->crowd_closed = crowd_with(memory, hash_mix(leg->site_key ^ 3), leg->user_key, cdr->start_ms,
		    CLOSED_MS, out->nights <= FEW_NIGHTS); /* a night shift is no crowd */
	const struct usual *own = &out->usual[USUAL_OWNER];
	bool outward = own->what == USUAL_OUT || own->what == USUAL_NEW || own->what == USUAL_SHORT;
	if (leg->site_key != 0)
		out->crowd_unusual = crowd_with(memory, hash_mix(leg->site_key ^ 2), leg->user_key, cdr->start_ms,
		    UNUSUAL_MS, outward && own->surprise >= UNUSUAL_SURPRISE);
}

const struct fact_source fact_crowd = {
	.name = "crowd", .open = crowd_open, .close = slots_free, .observe = crowd_observe, .bytes = slots_held,
};
