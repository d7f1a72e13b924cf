/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/past.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/iso_time.h"
#include "ui/screen.h"

static int64_t now_of(const struct screen *screen)
{
	return clock_now_ms(screen->board->clock);
}

/* ---- moments in words ----------------------------------------------------------------- */

/* Local time to UTC, by the offset that holds then. */
static int64_t to_utc(const struct zone *zone, int64_t local_ms)
{
	if (zone == NULL)
		return local_ms;
	int64_t guess = local_ms - zone_offset_s(zone, local_ms, NULL) * SECOND_MS;
	return local_ms - zone_offset_s(zone, guess, NULL) * SECOND_MS;
}

/* "yesterday", "ayer", "yesterday 03:00": what follows the word; NULL it is another. */
static const char *after_yesterday(const char *text)
{
	static const char *const words[] = { "yesterday", "ayer" };
	for (size_t i = 0; i < COUNT_OF(words); i++) {
		size_t n = strlen(words[i]);
		if (strncasecmp(text, words[i], n) == 0 && (text[n] == '\0' || text[n] == ' '))
			return text + n + strspn(text + n, " ");
	}
	return NULL;
}

bool past_read(const char *text, int64_t now_ms, const struct zone *zone, int64_t *out)
{
	int64_t ms;
	char full[40];
	struct civil today = { 0 };
	char date[40];
	const char *clock = after_yesterday(text);
	if (clock != NULL) {
		civil_from_ms(now_ms - DAY_MS + (zone != NULL ? zone_offset_s(zone, now_ms, NULL) * SECOND_MS : 0), &today);
		snprintf(date, sizeof date, "%04d-%02d-%02d%s%.20s", today.year % 10000, today.month % 100, today.day % 100, *clock != '\0' ? " " : "", clock);
		text = date;
	}
	size_t n = strlen(text);
	if (n > 0 && text_to_duration_ms(text + (*text == '-'), &ms) && strpbrk(text, "smhdw") != NULL) {
		*out = now_ms - ms;
		return ms > 0 && ms < now_ms;
	}
	if (n == 5 && text[2] == ':') { /* the last time that it was so late */
		civil_from_ms(now_ms + (zone != NULL ? zone_offset_s(zone, now_ms, NULL) * SECOND_MS : 0), &today);
		snprintf(full, sizeof full, "%04d-%02d-%02dT%s", today.year % 10000, today.month % 100, today.day % 100, text);
		if (!iso_time_parse(full, strlen(full), &ms))
			return false;
		*out = to_utc(zone, ms);
		if (*out > now_ms)
			*out = to_utc(zone, ms - DAY_MS);
		return true;
	}
	if (n == 10)
		snprintf(full, sizeof full, "%.10sT00:00", text);
	else if (n < sizeof full)
		snprintf(full, sizeof full, "%s", text);
	else
		return false;
	if (!iso_time_parse(full, strlen(full), &ms))
		return false;
	/* With a zone of its own it means that. */
	bool zoned = strlen(full) > 16 && (strchr(full + 16, 'Z') != NULL || strpbrk(full + 16, "+-") != NULL);
	*out = zoned ? ms : to_utc(zone, ms);
	return true;
}

/* ---- travelling --------------------------------------------------------------------------- */

/* A list begins anew, as with another filter: its window is one on other rows. */
static void ask_anew(struct pane *pane)
{
	char filter[PROMPT_BYTES];
	if (pane->type->row != NULL && pane->type->set_filter != NULL) {
		snprintf(filter, sizeof filter, "%s", or_empty(pane->type->filter(pane)));
		pane->type->set_filter(pane, filter);
	} else {
		pane_ask_anew(pane);
	}
}

static void show(struct screen *screen, int64_t at_ms)
{
	screen->past_ms = at_ms;
	history_at(screen->board->history, at_ms);
	for (size_t i = 0; i < N_MAIN_PANES; i++)
		ask_anew(screen->panes[i]);
	for (size_t i = 0; i < screen->n_views; i++)
		ask_anew(screen->views[i]);
	screen->dirt++;
}

bool past_leave(struct screen *screen)
{
	if (screen->past_ms == 0)
		return false;
	show(screen, 0);
	screen_message(screen, ROLE_OK, "%s", _("It is now again."));
	return true;
}

/* From where what is shown was asked of the store as of a moment. */
static bool can_travel(struct screen *screen)
{
	/* Below the calls nothing but the panes: what else lies there may act. */
	return screen->n_views == 0 || (screen->n_views == 1 && screen_focused(screen)->type == &view_calls);
}

static void travel(struct screen *screen, int64_t at_ms)
{
	if (!can_travel(screen)) {
		screen_refuse(screen, "%s", _("Back in time one goes from the panes and from the calls."));
	} else if (at_ms >= now_of(screen)) {
		if (!past_leave(screen))
			screen_refuse(screen, "%s", _("It is now: later there is nothing yet."));
	} else if (at_ms <= 0) {
		screen_refuse(screen, "%s", _("So far back there is nothing."));
	} else {
		show(screen, at_ms);
	}
}

static bool check(void *arg, const char *text, struct fault *fault, size_t *offset)
{
	const struct screen *screen = arg;
	int64_t at_ms;
	*offset = 0;
	return past_read(text, now_of(screen), zones_current(&screen->zones, NULL), &at_ms) ||
	    fault_set(fault, FAULT_USAGE, "%s", _("a moment is 3h (ago), 03:00, yesterday, yesterday 03:00 or 2026-10-05 03:00"));
}

static void on_moment(struct screen *screen, void *arg, const char *text)
{
	int64_t at_ms;
	UNUSED(arg);
	if (text != NULL && past_read(text, now_of(screen), zones_current(&screen->zones, NULL), &at_ms))
		travel(screen, at_ms);
}

bool past_command(struct screen *screen, enum command command)
{
	int64_t from_ms = screen->past_ms != 0 ? screen->past_ms : now_of(screen);
	switch ((int)command) {
	case CMD_EARLIER:
		travel(screen, from_ms - HOUR_MS);
		return true;
	case CMD_LATER:
		travel(screen, from_ms + HOUR_MS);
		return true;
	case CMD_DAY_EARLIER:
		travel(screen, from_ms - DAY_MS);
		return true;
	case CMD_DAY_LATER:
		travel(screen, from_ms + DAY_MS);
		return true;
	case CMD_MOMENT:
		if (can_travel(screen))
			screen_prompt(screen, _("moment:"), "", NULL, check, screen, on_moment, NULL);
		else
			travel(screen, from_ms);
		return true;
	default:
		return false;
	}
}

/* ---- nothing is done there ----------------------------------------------------------------- */

const char *past_why_not(const struct screen *screen, enum command command)
{
	bool acts = (command >= CMD_ACK && command <= CMD_NEW_ALERT) || command == CMD_MARK_MATCHING || command == CMD_TICK || command == CMD_IMPORT ||
	    command == CMD_REPLAY || command == CMD_REHEARSE || (command >= CMD_SILENCE_NEW && command <= CMD_SILENCE_END);
	if (screen->past_ms == 0)
		return NULL;
	if (acts)
		return _("This is the past: nothing can be done there. Esc goes back to now.");
	return command == CMD_CASE ? _("A case is told as of now: Esc goes back to now.") : NULL;
}

bool past_refuses(struct screen *screen, enum command command)
{
	const char *why = past_why_not(screen, command);
	if (why != NULL)
		screen_message(screen, ROLE_WARN, "%s", why);
	return why != NULL;
}

void past_banner(struct screen *screen)
{
	struct canvas *canvas = &screen->canvas;
	int cols = screen->layout.header.cols;
	char moment[LONG_BYTES], text[2 * LONG_BYTES];
	const char *label;
	const struct zone *zone = zones_current(&screen->zones, &label);
	format_moment(zone, label, screen->past_ms, moment);
	snprintf(text, sizeof text, _("AS IT WAS %.16s %s \u2014 Esc goes back"), moment, label);
	canvas_fill(canvas, screen->layout.header, ROLE_CRITICAL, ' ');
	canvas_text(canvas, 0, 1, cols - 2, ROLE_CRITICAL, text);
	/* What is open now: who looks back must not overlook it. */
	char counts[4 * SHORT_BYTES] = "";
	for (int i = SEVERITY_CRITICAL, n = 0; i >= SEVERITY_LOW; i--) {
		char number[SHORT_BYTES];
		if (screen->n_open[i] > 0)
			n += snprintf(counts + n, sizeof counts - (size_t)n, " %s%s", severity_glyph((enum severity)i), format_count(screen->n_open[i], number));
	}
	snprintf(moment, sizeof moment, _("now open:%s"), counts);
	int width = text_width(moment);
	if (counts[0] != '\0' && text_width(text) + width + 4 <= cols)
		canvas_text(canvas, 0, cols - width - 1, width, ROLE_CRITICAL, moment);
}
