/* SPDX-License-Identifier: Apache-2.0
 *
 * Being called when one looks elsewhere: the title of the terminal says what is
 * open, and a new critical alert rings. Which of these is the setting
 * console.attention; what a terminal does not know it drops. */
#ifndef UI_ATTENTION_H
#define UI_ATTENTION_H

#include "base/fault.h"
#include "base/text.h"

/* enum, word of the setting */
#define ATTENTION_WAYS(row)                                                           \
	row(ATTENTION_TITLE, "title") /* of the window: what is open */               \
	row(ATTENTION_BELL, "bell")                                                   \
	row(ATTENTION_OSC9, "osc9")	/* a notification of the desktop: iTerm2, WezTerm, kitty … */ \
	row(ATTENTION_OSC777, "osc777") /* … foot, urxvt, konsole */

enum attention_way {
#define ATTENTION_ENUM(id, word) id,
	ATTENTION_WAYS(ATTENTION_ENUM)
#undef ATTENTION_ENUM
	ATTENTION_N
};

struct attention {
	unsigned ways;	  /* a bit each */
	bool multiplexed; /* tmux lets sequences through when they are wrapped */
	int64_t n_critical; /* at the last look; -1 before the first */
	char title[64];
};

/* words: separated by blanks or commas; "" none. A wrong one is a sentence. */
bool attention_init(struct attention *, const char *words, bool multiplexed, struct fault *) MUST_USE;
/* Bytes for the terminal where something is to be said, appended. */
void attention_look(struct attention *, const int64_t n_open[4], bool ascii, struct text *out);

#endif
