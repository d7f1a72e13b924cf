/* SPDX-License-Identifier: Apache-2.0
 *
 * What memories of weeks want kept, so that a later run knows it too: small
 * rows that the store keeps with the page that gave rise to them. */
#ifndef DETECT_DAY_NOTE_H
#define DETECT_DAY_NOTE_H

#include "base/base.h"

struct day_note {
	int64_t day; /* since 1970, UTC */
	uint64_t key;
	int64_t n;   /* what it says, or how much */
	int what;    /* one of those below */
};

/* Values of profile_days.what; those below 16 are the store's own. */
enum note_what {
	NOTE_CLOSED = 16, /* the day is closed; key 0 */
	NOTE_CLIENT = 17, /* n: day on which the key's person first used its client */
	NOTE_OURS = 19,	  /* n: day on which the key's number or country was first seen as ours */
	NOTE_PEAK = 18,	  /* n persons had their greatest surprise of the day in the key's bin: facts/peaks.h */
	NOTE_USUAL = 32,  /* … and following: detect/usual.h */
	NOTE_AMOUNT = 64, /* … and following: likewise, of amounts */
	NOTE_LATE = 128,  /* … and following: counts that are added up */
	NOTE_AMOUNT_LATE = 256, /* … and following */
	NOTE_PEAK_OF = 1024, /* of those: the key's person's greatest surprise of a day that is not closed yet */
};

#endif
