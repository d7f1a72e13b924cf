/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/facts/peaks.h"

#include <math.h>
#include <string.h>

#define ANYWHERE_WEIGHS 2.0 /* thousand days of a person */
#define PERSONS		UINT64_C(1000) /* key of the note that says of how many; below: a bin and one */

static size_t place_of(struct peaks *p, int64_t day)
{
	size_t at = (size_t)(day % PEAK_DAYS);
	if (p->day[at] != day) {
		p->day[at] = day;
		p->persons[at] = 0;
		memset(p->n[at], 0, sizeof p->n[at]);
	}
	return at;
}

static int bin_of(int surprise)
{
	return MIN(surprise - PEAK_FROM, PEAK_BINS - 1);
}

void peaks_add(struct peaks *p, int64_t day, int surprise, int n)
{
	if (surprise < PEAK_FROM || day <= 0)
		return;
	uint16_t *count = &p->n[place_of(p, day)][bin_of(surprise)];
	*count = (uint16_t)MIN(*count + n, UINT16_MAX);
}

/* How often it is so in an organisation where nothing happens, as far as is known:
 * the simulator's quiet months, a day and a thousand persons. */
static double anywhere(int surprise)
{
	static const struct {
		int surprise;
		double rate;
	} known[] = { { 15, 130 }, { 30, 28 }, { 45, 5.3 }, { 60, 1.1 }, { 80, 0.19 }, { 110, 0.02 } };
	size_t i = 1;
	while (i + 1 < COUNT_OF(known) && surprise > known[i].surprise)
		i++;
	double share = (double)(surprise - known[i - 1].surprise) / (known[i].surprise - known[i - 1].surprise);
	return known[i - 1].rate * pow(known[i].rate / known[i - 1].rate, share);
}

/* What was seen in the last weeks, with what is known of others as if it had been seen too. */
static void settle(struct peaks *p, int64_t day)
{
	bool counts[PEAK_DAYS];
	int64_t person_days = 0, above = 0;
	for (size_t i = 0; i < PEAK_DAYS; i++) {
		counts[i] = p->day[i] > day - PEAK_DAYS && p->day[i] <= day && p->persons[i] > 0;
		person_days += counts[i] ? p->persons[i] : 0;
	}
	for (int bin = PEAK_BINS; bin-- > 0;) {
		for (size_t i = 0; i < PEAK_DAYS; i++)
			above += counts[i] ? p->n[i][bin] : 0;
		double rate = ((double)above + anywhere(bin + PEAK_FROM) * ANYWHERE_WEIGHS) / ((double)person_days / 1000 + ANYWHERE_WEIGHS);
		p->rate_milli[bin] = (int32_t)MIN(rate * 1000, (double)INT32_MAX);
	}
}

void peaks_init(struct peaks *p)
{
	*p = (struct peaks){ 0 };
	settle(p, 0);
}

void peaks_close(struct peaks *p, int64_t day, int64_t persons)
{
	if (day <= 0)
		return;
	p->persons[place_of(p, day)] = (int32_t)MIN(MAX(persons, (int64_t)0), (int64_t)INT32_MAX);
	settle(p, day);
}

int32_t peaks_rate(const struct peaks *p, int surprise)
{
	return surprise < PEAK_FROM ? -1 : p->rate_milli[bin_of(surprise)];
}

void peaks_notes(const struct peaks *p, int64_t day, peaks_note_fn fn, void *arg)
{
	size_t at = (size_t)(day % PEAK_DAYS);
	if (day <= 0 || p->day[at] != day)
		return;
	for (int bin = 0; bin < PEAK_BINS; bin++) {
		if (p->n[at][bin] > 0)
			fn(arg, &(struct day_note){ .what = NOTE_PEAK, .day = day, .key = (uint64_t)bin + 1, .n = p->n[at][bin] });
	}
	fn(arg, &(struct day_note){ .what = NOTE_PEAK, .day = day, .key = PERSONS, .n = p->persons[at] });
}

void peaks_recall(struct peaks *p, const struct day_note *note)
{
	if (note->n < 0 || note->key == 0)
		return;
	if (note->key == PERSONS)
		peaks_close(p, note->day, note->n);
	else if (note->key <= PEAK_BINS)
		peaks_add(p, note->day, (int)note->key - 1 + PEAK_FROM, (int)MIN(note->n, (int64_t)UINT16_MAX));
}
