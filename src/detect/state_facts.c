/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/state_facts.h"

#include <stdlib.h>

#include "base/mem.h"

static const struct fact_source *const sources[] = {
	&fact_overlap, &fact_nights, &fact_sequence, &fact_first_seen, &fact_wangiri, &fact_call,
	&fact_usual, &fact_clients, &fact_crowd, &fact_ours, /* they ask what those before them found */
};

struct memories {
	void *of[COUNT_OF(sources)];
};

struct memories *memories_new(void)
{
	struct memories *memories = mem_zalloc(sizeof *memories);
	for (size_t i = 0; i < COUNT_OF(sources); i++)
		memories->of[i] = sources[i]->open();
	return memories;
}

void memories_free(struct memories *memories)
{
	if (memories == NULL)
		return;
	for (size_t i = 0; i < COUNT_OF(sources); i++)
		sources[i]->close(memories->of[i]);
	free(memories);
}

void memories_observe(struct memories *memories, const struct cdr *cdr,
    const struct leg_facts *leg, struct state_facts *out)
{
	*out = (struct state_facts){ .number_days = -1, .range_days = -1, .range_user_days = -1, .country_days = -1, .country_user_days = -1, .nights = -1, .client_days = -1, .usual_new_milli = -1, .usual_rate_milli = -1 };
	for (size_t i = 0; i < USUAL_N_WHOSE; i++)
		out->usual[i].surprise = out->usual[i].days = -1;
	for (size_t i = 0; i < COUNT_OF(sources); i++)
		sources[i]->observe(memories->of[i], cdr, leg, out);
}

static void set_again(struct memories *memories, bool again)
{
	for (size_t i = 0; i < COUNT_OF(sources); i++) {
		if (sources[i]->set_again != NULL)
			sources[i]->set_again(memories->of[i], again);
	}
}

void memories_observe_again(struct memories *memories, const struct cdr *cdr, const struct leg_facts *leg,
    struct state_facts *out)
{
	set_again(memories, true);
	memories_observe(memories, cdr, leg, out);
	set_again(memories, false);
}

void memories_recall(struct memories *memories, const struct cdr *cdr,
    const struct leg_facts *leg)
{
	struct state_facts unused;
	for (size_t i = 0; i < COUNT_OF(sources); i++) {
		if (sources[i]->lasting)
			sources[i]->observe(memories->of[i], cdr, leg, &unused);
	}
}

void memories_recall_night(struct memories *memories, uint64_t user_key, int64_t day)
{
	for (size_t i = 0; i < COUNT_OF(sources); i++) {
		if (sources[i]->recall_day != NULL)
			sources[i]->recall_day(memories->of[i], user_key, day);
	}
}

void memories_recall_note(struct memories *memories, const struct day_note *note)
{
	for (size_t i = 0; i < COUNT_OF(sources); i++) {
		if (sources[i]->recall_note != NULL)
			sources[i]->recall_note(memories->of[i], note);
	}
}

void memories_notes(struct memories *memories, note_fn fn, void *arg)
{
	for (size_t i = 0; i < COUNT_OF(sources); i++) {
		if (sources[i]->notes != NULL)
			sources[i]->notes(memories->of[i], fn, arg);
	}
}

size_t memories_bytes(const struct memories *memories)
{
	size_t bytes = sizeof *memories;
	for (size_t i = 0; i < COUNT_OF(sources); i++)
		bytes += sources[i]->bytes(memories->of[i]);
	return bytes;
}
