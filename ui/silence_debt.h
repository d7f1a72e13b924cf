/* SPDX-License-Identifier: Apache-2.0
 *
 * Silence debt in the header: how many silences are in force and how many
 * findings they kept back in a day. Nothing, when nothing is silent. */
#ifndef UI_SILENCE_DEBT_H
#define UI_SILENCE_DEBT_H

#include "ui/role.h"
#include "watch/board.h"

struct screen;

struct silence_debt_shown {
	struct screen *screen;
	struct silence_debt debt;
	bool waiting, asked;
	uint64_t version; /* of the alerts when it was asked */
	int64_t asked_ms; /* steady */
};

/* Ask, if it may be otherwise now. */
void silence_debt_refresh(struct screen *);
/* In at most `room` columns; 0: there is none, or no room. */
int silence_debt_text(const struct screen *, int room, char *out, size_t capacity, enum role *);

#endif
