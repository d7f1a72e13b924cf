/* SPDX-License-Identifier: Apache-2.0
 *
 * Habits by the day: which days are past, what they held, what a late leg of one
 * is still worth. Counting within a day and weighing it is in usual.c. */
#ifndef DETECT_FACTS_HABITS_H
#define DETECT_FACTS_HABITS_H

#include "detect/facts/peaks.h"
#include "detect/facts/slots.h"
#include "detect/usual.h"

#define SHORT_MS	(10 * MINUTE_MS) /* an hour is six of these, the newest still filling … */
#define N_SHORTS	6
#define LONG_SHORTS	18 /* … and a day eight of three hours */
#define N_LONGS		8

/* Kinds of hours. */
enum { CLASS_WORK, CLASS_EVENING, CLASS_NIGHT, CLASS_REST };
static_assert(CLASS_REST + 1 == USUAL_CLASSES, "a class of hours has no place");

struct habits {
	struct slot slot;
	int64_t since_day;
	int64_t newest; /* of the short spans, since 1970 */
	float base[USUAL_CLASSES][USUAL_N_WHATS]; /* counts of closed days, halving */
	float exposure[USUAL_CLASSES];		  /* hours of them, halving */
	uint16_t days[USUAL_KEEPS_DAYS][USUAL_CLASSES][USUAL_N_WHATS]; /* by day modulo */
	uint16_t shorts[N_SHORTS][USUAL_N_WHATS];		       /* a flood does not fit a byte */
	uint8_t longs[N_LONGS][USUAL_N_WHATS];			       /* … a person's three hours do */
	uint8_t kind; /* enum usual_kind */
	uint8_t peak[USUAL_KEEPS_DAYS]; /* greatest surprise, by day modulo */
	uint8_t pad[6];
};
static_assert(sizeof(struct habits) % 8 == 0, "slots hold multiples of eight bytes");

struct pool {
	double count[USUAL_CLASSES][USUAL_N_WHATS], hours[USUAL_CLASSES];
};

/* What is counted: calls of seven kinds, or amounts. */
struct book {
	double rates[USUAL_N_KINDS][USUAL_N_WHATS]; /* an hour, until an organisation has shown its own */
	int grain[USUAL_N_WHATS]; /* amounts come in lots: so many are weighed as one call */
	int unit[USUAL_N_WHATS];  /* … and so many are one of what a person reads */
	size_t most;		  /* who is kept; the longest unseen goes */
	int note, note_late;	  /* numbers of its notes */
	bool leads;		  /* its word that a day is closed is kept; peaks are of its surprises */
};

struct usuals {
	const struct book *book;
	struct slots slots;
	int64_t newest_day, closed_day; /* 0: none yet */
	int64_t stray_day;
	int n_strays, n_on_clock;
	bool again; /* legs of closed days are known by the notes */
	struct pool pools[USUAL_N_KINDS];
	struct peaks peaks;
	struct day_note *notes;
	size_t n_notes, notes_capacity;
};

bool habits_rest(int weekday); /* Saturday or Sunday */

/*
 * The clock goes on by a day at once; over a weekend when three legs in a row
 * say so, further when eight do: one with a wrong date moves nothing, and a
 * clock that was set by such ones is put right by as many. False: a leg of
 * nowhere.
 */
bool habits_clock(struct usuals *, int64_t day) MUST_USE;

/* Those under the key, new with the kind where there are none. */
struct habits *habits_of(struct usuals *, enum usual_kind, uint64_t key, int64_t at_ms);

/* They are known since that day, if it is earlier than was known. */
void habits_since(struct usuals *, struct habits *, int64_t day);

/* A leg of a day that is closed (Webex is asked for the newest days first):
 * worth what is left of such a day by now; and the note that keeps it. */
void habits_late(struct usuals *, struct habits *, int64_t day, size_t class, size_t what, unsigned n);

/* The greatest surprise of a day that is open, as far as it grows. */
void habits_peak(struct usuals *, struct habits *, int64_t day, int surprise);

/* What an earlier run kept: days in their order, each with the word that it is
 * closed last, what came late of them after all. */
void habits_recall(struct usuals *, const struct day_note *);

#endif
