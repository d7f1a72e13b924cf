/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/facts/habits.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define HALF_LIFE_DAYS	21.0
#define GAP_DAYS	7     /* a week without a call is possible */
#define GAP_LEGS	3     /* … if so many legs in a row say so */
#define LEAP_LEGS	8     /* … and longer, if so many do */
#define SETTLED_LEGS	64    /* a clock that took so many does not go back by weeks */
#define LATE_DAYS	60    /* older days teach nothing */
#define DAY_MOST	100000 /* in the year 2243: later than any date that is understood */

/* Hours of each class in a working day and in another. */
static const float class_hours[2][USUAL_CLASSES] = { { 12, 3, 9, 0 }, { 0, 0, 9, 15 } };

static int64_t pack_day(const uint16_t counts[USUAL_N_WHATS])
{
	uint64_t n = 0;
	for (size_t k = 0; k < USUAL_N_WHATS; k++)
		n |= (uint64_t)usual_pack(counts[k]) << (9 * k);
	return (int64_t)n;
}

static_assert(USUAL_N_WHATS * 9 < 64, "a day's counts do not fit one number");
#define NOTES_OF_DAYS (USUAL_N_KINDS * USUAL_CLASSES)
#define NOTES_LATE    (NOTES_OF_DAYS * USUAL_N_WHATS)
static_assert(NOTE_USUAL + NOTES_OF_DAYS <= NOTE_AMOUNT && NOTE_AMOUNT + NOTES_OF_DAYS <= NOTE_LATE &&
	NOTE_LATE + NOTES_LATE <= NOTE_AMOUNT_LATE && NOTE_AMOUNT_LATE + NOTES_LATE <= NOTE_PEAK_OF,
    "two kinds of notes have one number");

bool habits_rest(int weekday)
{
	return weekday == 0 || weekday == 6;
}

static void note(struct usuals *u, int what, int64_t day, uint64_t key, int64_t n)
{
	u->notes = mem_grow(u->notes, u->n_notes, &u->notes_capacity, sizeof *u->notes);
	u->notes[u->n_notes++] = (struct day_note){ .day = day, .key = key, .n = n, .what = what };
}

static bool rests_on(int64_t day)
{
	return habits_rest((int)((day + 4) % 7));
}

static double halving(void)
{
	return exp2(-1 / HALF_LIFE_DAYS);
}

/* What all of one kind did on a day: in whole numbers, so that the order in
 * which they are added up does not matter. */
struct day_sum {
	int64_t count[USUAL_CLASSES][USUAL_N_WHATS], n_known, n_well_known;
};

static void close_of(struct usuals *u, struct habits *h, int64_t day, bool keep, struct day_sum *sum)
{
	float half = (float)halving();
	uint16_t (*counts)[USUAL_N_WHATS] = h->days[day % USUAL_KEEPS_DAYS];
	bool known = h->since_day <= day, well_known = day - h->since_day >= PEAK_KNOWN_DAYS;
	sum->n_known += known;
	sum->n_well_known += well_known;
	for (size_t c = 0; c < USUAL_CLASSES; c++) {
		h->exposure[c] = h->exposure[c] * half + (known ? class_hours[rests_on(day)][c] : 0);
		int64_t packed = pack_day(counts[c]);
		if (packed != 0 && keep)
			note(u, u->book->note + h->kind * USUAL_CLASSES + (int)c, day, h->slot.key, packed);
		for (size_t k = 0; k < USUAL_N_WHATS; k++) {
			unsigned n = usual_unpack(usual_pack(counts[c][k]));
			h->base[c][k] = h->base[c][k] * half + (float)n;
			sum->count[c][k] += n;
		}
	}
	memset(counts, 0, sizeof h->days[0]);
	uint8_t *peak = &h->peak[day % USUAL_KEEPS_DAYS];
	if (u->book->leads && h->kind == USUAL_PERSON && keep && well_known)
		peaks_add(&u->peaks, day, *peak, 1);
	*peak = 0;
}

static void keep_note(void *arg, const struct day_note *n)
{
	note(arg, n->what, n->day, n->key, n->n);
}

static void close_day(struct usuals *u, int64_t day, bool keep)
{
	struct day_sum sums[USUAL_N_KINDS] = { 0 };
	for (size_t i = 0; i < u->slots.capacity; i++) {
		struct habits *h = (struct habits *)(void *)(u->slots.records + i * u->slots.size);
		if (u->slots.keys[i] != 0)
			close_of(u, h, day, keep, &sums[h->kind]);
	}
	double half = halving();
	for (size_t w = 0; w < USUAL_N_KINDS; w++)
		for (size_t c = 0; c < USUAL_CLASSES; c++) {
			struct pool *pool = &u->pools[w];
			pool->hours[c] = pool->hours[c] * half + (double)sums[w].n_known * (double)class_hours[rests_on(day)][c];
			for (size_t k = 0; k < USUAL_N_WHATS; k++)
				pool->count[c][k] = pool->count[c][k] * half + (double)sums[w].count[c][k];
		}
	u->closed_day = day;
	if (keep && u->book->leads) {
		peaks_close(&u->peaks, day, sums[USUAL_PERSON].n_well_known);
		peaks_notes(&u->peaks, day, keep_note, u);
		note(u, NOTE_CLOSED, day, 0, 0);
	}
}

/* Does a leg that is out of time agree with those before it, and are they enough? */
static bool strays_agree(struct usuals *u, int64_t day, int enough)
{
	bool agrees = u->n_strays > 0 && llabs(day - u->stray_day) <= GAP_DAYS;
	u->n_strays = agrees ? u->n_strays + 1 : 1;
	u->stray_day = day;
	return u->n_strays >= enough;
}

bool habits_clock(struct usuals *u, int64_t day)
{
	bool first = u->newest_day == 0, behind = day < u->newest_day - LATE_DAYS;
	int64_t gap = day - u->newest_day;
	if (!first && (gap > 1 || behind)) {
		bool settled = u->n_on_clock >= SETTLED_LEGS;
		if (!strays_agree(u, day, gap > 1 && gap <= GAP_DAYS ? GAP_LEGS : LEAP_LEGS) || (behind && settled))
			return false;
		if (behind || gap > GAP_DAYS)
			u->n_on_clock = 0; /* as sure of it as at the beginning */
		first = behind;
	}
	u->n_strays = 0;
	u->n_on_clock = MIN(u->n_on_clock + 1, SETTLED_LEGS);
	if (first) {
		u->newest_day = day;
		if (u->closed_day == 0 || behind) {
			u->closed_day = day - USUAL_KEEPS_DAYS;
			if (u->book->leads)
				note(u, NOTE_CLOSED, u->closed_day, 0, 0);
		}
	}
	/* Of a year of silence the end is enough: all has faded. */
	for (int64_t d = MAX(u->closed_day + 1, day - 400); d <= day - USUAL_KEEPS_DAYS; d++)
		close_day(u, d, true);
	u->newest_day = MAX(u->newest_day, day);
	return true;
}

static void add_late(struct usuals *u, struct habits *h, int64_t day, size_t class, size_t k, unsigned n)
{
	double left = exp2(-(double)MAX(u->closed_day - day, (int64_t)0) / HALF_LIFE_DAYS) * n;
	h->base[class][k] += (float)left;
	u->pools[h->kind].count[class][k] += left;
}

void habits_late(struct usuals *u, struct habits *h, int64_t day, size_t class, size_t what, unsigned n)
{
	add_late(u, h, day, class, what, n);
	note(u, u->book->note_late + (h->kind * USUAL_CLASSES + (int)class) * USUAL_N_WHATS + (int)what, day, h->slot.key, n);
}

void habits_peak(struct usuals *u, struct habits *h, int64_t day, int surprise)
{
	uint8_t *peak = &h->peak[day % USUAL_KEEPS_DAYS];
	int grown = MIN(surprise, UINT8_MAX) - *peak;
	if (u->again || grown <= 0 || surprise < PEAK_FROM)
		return;
	*peak = (uint8_t)(*peak + grown);
	note(u, NOTE_PEAK_OF, day, h->slot.key, grown);
}

void habits_since(struct usuals *u, struct habits *h, int64_t day)
{
	for (; h->since_day > day && h->since_day - day <= LATE_DAYS; h->since_day--) {
		int64_t d = h->since_day - 1;
		double left = exp2(-(double)(u->closed_day - d) / HALF_LIFE_DAYS);
		for (size_t c = 0; c < USUAL_CLASSES && d <= u->closed_day; c++) {
			h->exposure[c] += class_hours[rests_on(d)][c] * (float)left;
			u->pools[h->kind].hours[c] += (double)class_hours[rests_on(d)][c] * left;
		}
	}
}

struct habits *habits_of(struct usuals *u, enum usual_kind kind, uint64_t key, int64_t at_ms)
{
	bool is_new;
	struct habits *h = slots_put(&u->slots, key, at_ms, &is_new);
	if (is_new) {
		h->kind = (uint8_t)kind;
		h->since_day = MAX(at_ms / DAY_MS, u->closed_day + 1); /* habits_since() goes back from there */
		h->newest = at_ms / SHORT_MS;
	}
	return h;
}

void habits_recall(struct usuals *u, const struct day_note *n)
{
	if (n->day <= 0 || n->day > DAY_MOST || (n->what < NOTE_USUAL && n->what != NOTE_CLOSED && n->what != NOTE_PEAK))
		return;
	if ((n->what == NOTE_PEAK || n->what == NOTE_PEAK_OF) && !u->book->leads)
		return;
	if (n->what == NOTE_PEAK) {
		peaks_recall(&u->peaks, n);
		return;
	}
	if (n->what == NOTE_CLOSED) {
		close_day(u, n->day, false);
		u->newest_day = MAX(u->newest_day, n->day + USUAL_KEEPS_DAYS);
		u->n_on_clock = SETTLED_LEGS;
		return;
	}
	if (n->what == NOTE_PEAK_OF) {
		if (n->key != 0 && n->day > u->closed_day && n->day <= u->closed_day + USUAL_KEEPS_DAYS)
			habits_of(u, USUAL_PERSON, n->key, n->day * DAY_MS)->peak[n->day % USUAL_KEEPS_DAYS] = (uint8_t)MIN(MAX(n->n, (int64_t)0), (int64_t)UINT8_MAX);
		return;
	}
	bool late = n->what >= NOTE_LATE;
	int place = n->what - (late ? u->book->note_late : u->book->note), what = place % USUAL_N_WHATS;
	if (late && place >= 0)
		place /= USUAL_N_WHATS;
	if (place < 0 || place >= NOTES_OF_DAYS || n->key == 0 || n->n < 0)
		return; /* not of this book */
	struct habits *h = habits_of(u, (enum usual_kind)(place / USUAL_CLASSES), n->key, n->day * DAY_MS);
	habits_since(u, h, n->day);
	if (late) {
		add_late(u, h, n->day, (size_t)place % USUAL_CLASSES, (size_t)what, (unsigned)MIN(n->n, (int64_t)100000));
		return;
	}
	for (size_t k = 0; k < USUAL_N_WHATS; k++)
		h->days[n->day % USUAL_KEEPS_DAYS][place % USUAL_CLASSES][k] =
		    (uint16_t)MIN(usual_unpack((unsigned)((uint64_t)n->n >> (9 * k)) & 511), (unsigned)UINT16_MAX);
}
