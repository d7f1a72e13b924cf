/* SPDX-License-Identifier: Apache-2.0
 *
 * What is ours, as the records show it: the public numbers of our lines, and the
 * countries of our sites. Who calls from outside and shows one of our lines is
 * not who it seems; a call to a country of ours is to a colleague more often than
 * not. Known from the day after a record showed it, so that the order within a
 * day is nobody's business. */
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"
#include "detect/facts/slots.h"
#include "detect/state_facts.h"

#define LIMIT	   (1 << 18) /* lines: an organisation of 100 000 has about as many */
#define NOTE_AGAIN 45	     /* days; notes are kept for twice as long */

struct ours {
	struct slot slot;
	int32_t first_day, noted_day;
};

struct all_ours {
	struct slots slots;
	bool again; /* what is shown now was told by an earlier run: no notes of it */
	struct day_note *notes;
	size_t n_notes, notes_capacity;
};

static void *ours_open(void)
{
	struct all_ours *m = mem_zalloc(sizeof *m);
	slots_init(&m->slots, sizeof(struct ours), LIMIT);
	return m;
}

static void ours_close(void *memory)
{
	struct all_ours *m = memory;
	slots_clear(&m->slots);
	free(m->notes);
	free(m);
}

static size_t ours_bytes(const void *memory)
{
	const struct all_ours *m = memory;
	return slots_bytes(&m->slots) + m->notes_capacity * sizeof *m->notes;
}

static uint64_t of_country(const char country[3])
{
	return country[0] == '\0' ? 0 : hash_mix(hash_bytes(country, 2) ^ 2) | 1;
}

static uint64_t of_number(uint64_t number_key)
{
	return number_key == 0 ? 0 : hash_mix(number_key ^ 1) | 1;
}

static void learn(struct all_ours *m, uint64_t key, const struct cdr *cdr)
{
	bool is_new;
	int32_t day = (int32_t)(cdr->start_ms / DAY_MS);
	if (key == 0)
		return;
	struct ours *o = slots_put(&m->slots, key, cdr->start_ms, &is_new);
	bool earlier = is_new || day < o->first_day;
	if (earlier)
		o->first_day = day;
	if (m->again || (!earlier && day - o->noted_day < NOTE_AGAIN))
		return;
	o->noted_day = MAX(o->noted_day, day);
	m->notes = mem_grow(m->notes, m->n_notes, &m->notes_capacity, sizeof *m->notes);
	m->notes[m->n_notes++] = (struct day_note){ .what = NOTE_OURS, .day = day, .key = key, .n = o->first_day };
}

static bool is_ours(const struct all_ours *m, uint64_t key, int64_t day)
{
	const struct ours *o = key == 0 ? NULL : slots_find(&m->slots, key);
	return o != NULL && o->first_day < day;
}

static void ours_observe(void *memory, const struct cdr *cdr, const struct leg_facts *leg, struct state_facts *out)
{
	struct all_ours *m = memory;
	int64_t day = cdr->start_ms / DAY_MS;
	/* A date that the clock of habits does not take is not kept for months. */
	if (out->closed_day == 0 || day > out->closed_day + USUAL_KEEPS_DAYS || day < 1)
		return;
	if (leg->flags & LEG_INBOUND && leg->calling.e164[0] != '\0')
		out->src_ours = is_ours(m, of_number(leg->calling_key), day);
	if (leg->flags & LEG_INTERNATIONAL)
		out->dst_country_ours = is_ours(m, of_country(leg->country), day);
	/* A gateway's half shows the outside's number; a forwarded call, its caller's. */
	if (leg->user_key == 0 || (leg->flags & (LEG_SERVICE | LEG_FORWARDED)))
		return;
	learn(m, of_country(leg->home), cdr);
	if (leg->flags & LEG_INBOUND && leg->called.e164[0] != '\0')
		learn(m, of_number(leg->called_key), cdr);
	else if (leg->flags & LEG_ORIGINATING && leg->calling.e164[0] != '\0')
		learn(m, of_number(leg->calling_key), cdr);
}

static void ours_recall_note(void *memory, const struct day_note *note)
{
	struct all_ours *m = memory;
	if (note->what != NOTE_OURS || note->key == 0 || note->day <= 0 || note->day > 100000 || note->n <= 0 || note->n > note->day)
		return;
	bool is_new;
	struct ours *o = slots_put(&m->slots, note->key, note->day * DAY_MS, &is_new);
	o->first_day = is_new ? (int32_t)note->n : MIN(o->first_day, (int32_t)note->n);
	o->noted_day = MAX(o->noted_day, (int32_t)note->day);
}

static void ours_notes(void *memory, note_fn fn, void *arg)
{
	struct all_ours *m = memory;
	for (size_t i = 0; i < m->n_notes; i++)
		fn(arg, &m->notes[i]);
	m->n_notes = 0;
}

static void ours_set_again(void *memory, bool again)
{
	((struct all_ours *)memory)->again = again;
}

const struct fact_source fact_ours = {
	.name = "ours",
	.open = ours_open,
	.close = ours_close,
	.observe = ours_observe,
	.bytes = ours_bytes,
	.recall_note = ours_recall_note,
	.notes = ours_notes,
	.set_again = ours_set_again,
};
