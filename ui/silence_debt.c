/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/silence_debt.h"

#include <stdio.h>

#include "ui/panes/silence_parts.h"
#include "ui/screen.h"

#define LEAST_GAP_MS 500
#define MOST_GAP_MS  (30 * SECOND_MS) /* one ends by itself: nobody says so */

static void on_answer(void *arg, const struct silence_debt *answer, const struct fault *fault)
{
	struct silence_debt_shown *shown = arg;
	UNUSED(fault); /* what was known stands: panes say what is wrong */
	shown->waiting = false;
	if (answer == NULL || (answer->n_in_force == shown->debt.n_in_force && answer->day_hits == shown->debt.day_hits && answer->worst == shown->debt.worst))
		return;
	shown->debt = *answer;
	shown->screen->dirt++;
}

void silence_debt_refresh(struct screen *screen)
{
	struct silence_debt_shown *shown = &screen->silence_debt;
	int64_t since_ms = screen->steady_ms - shown->asked_ms;
	bool stale = !shown->asked || shown->version != screen->board->alerts_version || since_ms > MOST_GAP_MS;
	if (shown->waiting || !stale || (shown->asked && since_ms < LEAST_GAP_MS))
		return;
	shown->screen = screen;
	shown->asked = shown->waiting = true;
	shown->version = screen->board->alerts_version;
	shown->asked_ms = screen->steady_ms;
	history_silence_debt(screen->board->history, on_answer, shown);
}

int silence_debt_text(const struct screen *screen, int room, char *out, size_t capacity, enum role *role)
{
	const struct silence_debt *debt = &screen->silence_debt.debt;
	char n[SHORT_BYTES], hits[SHORT_BYTES];
	out[0] = '\0';
	if (debt->n_in_force == 0)
		return 0;
	*role = debt->day_hits >= SILENCE_HIDES_MUCH ? ROLE_WARN : ROLE_HEADER;
	format_count(debt->n_in_force, n);
	format_count(debt->day_hits, hits);
	/* Sign and words; in a narrow line the words go, the numbers never. */
	snprintf(out, capacity, ngettext("\u2298 %s silence \u00B7 %s hidden/24 h", "\u2298 %s silences \u00B7 %s hidden/24 h", (unsigned long)debt->n_in_force), n, hits);
	if (text_width(out) > room)
		snprintf(out, capacity, _("\u2298 %s sil. %s/24h"), n, hits);
	if (text_width(out) > room)
		snprintf(out, capacity, "\u2298%s/%s", n, hits);
	if (text_width(out) > room)
		out[0] = '\0';
	return text_width(out);
}
