/* SPDX-License-Identifier: Apache-2.0
 *
 * With what a person's line calls out: how long such a client (its kind and
 * system, or the desk phone) has been the person's, and how often the line
 * changes between clients, and talks by two of them at once. A new one that takes
 * turns with the old is in somebody else's hands, or a new telephone; two that talk
 * at once, again and again, are in two. */
#include <stdlib.h>

#include "base/hash.h"
#include "base/mem.h"
#include "detect/facts/slots.h"
#include "detect/state_facts.h"

#define TURNS	   8
#define TURNS_MS   (6 * HOUR_MS)
#define TALKS	   4 /* that may still be going on */
#define OVERLAPS_MS DAY_MS
#define NOTE_AGAIN 45 /* days; notes are kept for twice as long */
#define PEOPLE	   (1 << 15)

struct client {
	struct slot slot;
	int64_t first_day, noted_day;
};

struct line {
	struct slot slot;
	uint64_t client; /* the last one */
	int64_t turns_ms[TURNS];
	uint64_t n;
	struct {
		uint64_t client;
		int64_t from_ms, until_ms;
	} talks[TALKS];
	int64_t overlaps_ms[TURNS];
	uint64_t n_talks, n_overlaps;
};

struct clients {
	struct slots clients, lines;
	bool again; /* what is shown now was told by an earlier run: no notes of it */
	struct day_note *notes;
	size_t n_notes, notes_capacity;
};

static void *clients_open(void)
{
	struct clients *m = mem_zalloc(sizeof *m);
	slots_init(&m->clients, sizeof(struct client), 4 * PEOPLE);
	slots_init(&m->lines, sizeof(struct line), PEOPLE);
	return m;
}

static void clients_close(void *memory)
{
	struct clients *m = memory;
	slots_clear(&m->clients);
	slots_clear(&m->lines);
	free(m->notes);
	free(m);
}

static size_t clients_bytes(const void *memory)
{
	const struct clients *m = memory;
	return slots_bytes(&m->clients) + slots_bytes(&m->lines);
}

/* Not the version: programs are renewed every few weeks. */
static uint64_t client_of(const struct cdr *cdr)
{
	static const enum cdr_field fields[] = { CDR_F_CLIENT_TYPE, CDR_F_OS_TYPE, CDR_F_DEVICE_MAC };
	uint64_t hash = 0;
	for (size_t i = 0; i < COUNT_OF(fields); i++)
		hash = hash_mix(hash ^ hash_bytes(cdr->field[fields[i]].p, cdr->field[fields[i]].n));
	return hash | 1;
}

static int32_t count_within(const int64_t *moments, uint64_t n, int64_t at_ms, int64_t span_ms)
{
	int32_t count = 0;
	for (size_t i = 0; i < MIN(n, (uint64_t)TURNS); i++)
		count += llabs(at_ms - moments[i]) <= span_ms;
	return count;
}

/* Was the line talking by another client meanwhile? Whichever was reported first. */
static bool note_talk(struct line *line, uint64_t client, int64_t from_ms, int64_t until_ms)
{
	bool both = false;
	if (until_ms <= from_ms || until_ms - from_ms > DAY_MS) /* nobody talks for so long */
		return false;
	for (size_t i = 0; i < MIN(line->n_talks, (uint64_t)TALKS); i++)
		both |= line->talks[i].client != client && from_ms < line->talks[i].until_ms && line->talks[i].from_ms < until_ms;
	if (both)
		line->overlaps_ms[line->n_overlaps++ % TURNS] = from_ms;
	size_t at = line->n_talks++ % TALKS;
	line->talks[at].client = client;
	line->talks[at].from_ms = from_ms;
	line->talks[at].until_ms = until_ms;
	return both;
}

static void clients_observe(void *memory, const struct cdr *cdr, const struct leg_facts *leg, struct state_facts *out)
{
	struct clients *m = memory;
	if (leg->user_key == 0 || (leg->flags & LEG_SERVICE) || !(leg->flags & LEG_ORIGINATING) ||
	    (leg->flags & LEG_FORWARDED) || cdr->field[CDR_F_CLIENT_TYPE].n == 0)
		return;
	bool is_new;
	uint64_t client = client_of(cdr);
	int64_t day = cdr->start_ms / DAY_MS;
	/* A date that the clock of habits does not take is not kept for months. */
	if (out->closed_day == 0 || day > out->closed_day + USUAL_KEEPS_DAYS || day < 1)
		return;
	struct client *c = slots_put(&m->clients, hash_mix(client ^ leg->user_key) | 1, cdr->start_ms, &is_new);
	bool earlier = is_new || day < c->first_day;
	if (earlier)
		c->first_day = day;
	if (!m->again && (earlier || day - c->noted_day >= NOTE_AGAIN)) {
		c->noted_day = MAX(c->noted_day, day);
		m->notes = mem_grow(m->notes, m->n_notes, &m->notes_capacity, sizeof *m->notes);
		m->notes[m->n_notes++] = (struct day_note){ .what = NOTE_CLIENT, .day = day, .key = c->slot.key, .n = c->first_day };
	}
	out->client_days = (int32_t)(day - c->first_day);
	struct line *line = slots_put(&m->lines, leg->user_key, cdr->start_ms, NULL);
	if (line->client != 0 && line->client != client)
		line->turns_ms[line->n++ % TURNS] = cdr->start_ms;
	line->client = client;
	out->client_turns = count_within(line->turns_ms, line->n, cdr->start_ms, TURNS_MS);
	if ((leg->flags & LEG_ANSWERED) && note_talk(line, client, cdr->answer_ms > 0 ? cdr->answer_ms : cdr->start_ms, leg->end_ms))
		out->client_overlaps = count_within(line->overlaps_ms, line->n_overlaps, cdr->start_ms, OVERLAPS_MS);
}

static void clients_recall_note(void *memory, const struct day_note *note)
{
	struct clients *m = memory;
	if (note->what != NOTE_CLIENT || note->key == 0 || note->day <= 0 || note->day > 100000 || note->n <= 0 || note->n > note->day)
		return;
	bool is_new;
	struct client *c = slots_put(&m->clients, note->key, note->day * DAY_MS, &is_new);
	c->first_day = is_new ? note->n : MIN(c->first_day, note->n);
	c->noted_day = MAX(c->noted_day, note->day);
}

static void clients_notes(void *memory, note_fn fn, void *arg)
{
	struct clients *m = memory;
	for (size_t i = 0; i < m->n_notes; i++)
		fn(arg, &m->notes[i]);
	m->n_notes = 0;
}

static void clients_set_again(void *memory, bool again)
{
	((struct clients *)memory)->again = again;
}

const struct fact_source fact_clients = {
	.name = "clients",
	.open = clients_open,
	.close = clients_close,
	.observe = clients_observe,
	.bytes = clients_bytes,
	.recall_note = clients_recall_note,
	.notes = clients_notes,
	.set_again = clients_set_again,
};
