/* SPDX-License-Identifier: Apache-2.0
 *
 * What a person asked for and a disk must do: a file read, or written. The
 * screen hands it over (screen_errand) and goes on; it is told on the loop. */
#ifndef UI_ERRAND_H
#define UI_ERRAND_H

#include "base/fault.h"

struct screen;

/* Embed as the first member of what it is about. */
struct errand {
	void (*work)(struct errand *); /* off the loop, may block; sees no screen */
	/* On the loop, once; then its memory may go. screen NULL: it is gone, or the
	 * errand was not begun. */
	void (*done)(struct errand *, struct screen *);
	bool promised; /* somebody was told that it happens: it does, though the console ends */
};

#endif
