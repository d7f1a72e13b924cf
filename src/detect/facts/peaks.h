/* SPDX-License-Identifier: Apache-2.0
 *
 * How rare is such a surprise here? Of each closed day the greatest surprise of
 * every person, counted; over four weeks they say how many persons a day, of a
 * thousand, show as much or more. */
#ifndef DETECT_FACTS_PEAKS_H
#define DETECT_FACTS_PEAKS_H

#include "detect/day_note.h"

#define PEAK_DAYS  28
#define PEAK_KNOWN_DAYS 7 /* whose habits are younger is surprising by being new: not counted */
#define PEAK_FROM  15  /* tenths of a power of ten: less is nobody's peak */
#define PEAK_BINS  136 /* … up to fifteen powers and more */

struct peaks {
	int64_t day[PEAK_DAYS]; /* 0: free */
	uint16_t n[PEAK_DAYS][PEAK_BINS];
	int32_t persons[PEAK_DAYS];
	int32_t rate_milli[PEAK_BINS]; /* a day and a thousand persons, of this bin and above */
};

void peaks_init(struct peaks *);

/* A person's greatest surprise of a day, in tenths; what is below PEAK_FROM is not counted. */
void peaks_add(struct peaks *, int64_t day, int surprise, int n);
/* … of how many persons: the day is complete. */
void peaks_close(struct peaks *, int64_t day, int64_t persons);

/* Persons a day and a thousand, in thousandths, that show as much; -1 for what is below
 * PEAK_FROM. */
int32_t peaks_rate(const struct peaks *, int surprise);

/* Notes of a closed day, and back. */
typedef void (*peaks_note_fn)(void *arg, const struct day_note *);
void peaks_notes(const struct peaks *, int64_t day, peaks_note_fn, void *arg);
void peaks_recall(struct peaks *, const struct day_note *);

#endif
