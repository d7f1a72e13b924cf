/* SPDX-License-Identifier: Apache-2.0
 *
 * On how many other days of the last four weeks a person called outside deep
 * in closed hours: who works nights is told from who never did before. */
#include "detect/facts/slots.h"
#include "detect/state_facts.h"

#define DEEP_MINUTES 120 /* further from business hours than overtime goes */
#define DAYS	     28

struct person_nights {
	struct slot slot;
	int64_t newest; /* day that bit 0 stands for */
	uint64_t days;	/* bit k: k days before the newest */
};

static void *nights_open(void)
{
	return slots_new(sizeof(struct person_nights), 1 << 16);
}

bool leg_is_night(const struct cdr *cdr, const struct leg_facts *leg, int64_t *day)
{
	if (!(leg->flags & LEG_EXTERNAL_OUT) || !(leg->flags & LEG_CLOSED) ||
	    leg->edge_minutes < DEEP_MINUTES || leg->user_key == 0)
		return false;
	*day = (cdr->start_ms + (leg->local_minute < 720 ? -DAY_MS / 2 : 0)) / DAY_MS;
	return true;
}

/* The night is the person's; returns on how many of the others. */
static int note(struct slots *slots, uint64_t key, int64_t day)
{
	bool is_new;
	struct person_nights *p = slots_put(slots, key, day * DAY_MS, &is_new);
	if (is_new)
		p->newest = day;
	int64_t ahead = day - p->newest;
	if (ahead > 0) {
		p->days = ahead < 64 ? p->days << ahead : 0;
		p->newest = day;
	}
	int64_t back = p->newest - day;
	if (back >= 64)
		return -1;
	p->days |= UINT64_C(1) << back;
	uint64_t before = p->days >> back; /* bit 0: this night */
	return __builtin_popcountll(before & ((UINT64_C(1) << DAYS) - 1)) - 1;
}

static void nights_observe(void *memory, const struct cdr *cdr, const struct leg_facts *leg,
    struct state_facts *out)
{
	int64_t day;
	if (leg_is_night(cdr, leg, &day))
		out->nights = note(memory, leg->user_key, day);
}

static void nights_recall(void *memory, uint64_t key, int64_t day)
{
	note(memory, key, day);
}

const struct fact_source fact_nights = {
	.name = "nights",
	.open = nights_open,
	.close = slots_free,
	.observe = nights_observe,
	.bytes = slots_held,
	.recall_day = nights_recall,
};
