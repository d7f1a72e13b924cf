/* SPDX-License-Identifier: Apache-2.0
 *
 * Sync health: how complete the records are, what is missing, what fails. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "ui/screen.h"

struct sync_view {
	struct document document;
};

static const struct target nowhere = { TARGET_NONE, 0 };

static const char *state_sentence(const struct health *health)
{
	switch (health->sync) {
	case SYNC_NO_LOGIN: return _("nobody has signed in: I leads through it");
	case SYNC_STARTING: return _("starting");
	case SYNC_WAITING: return _("up to date, waiting for the next call");
	case SYNC_ASKING: return _("asking Webex");
	case SYNC_FOLLOWING: return _("another process asks Webex; this one follows it");
	case SYNC_FAULT: return _("failing; it tries again by itself");
	}
	return "?";
}

static void row(struct document *d, const char *label, enum role role, const char *value)
{
	document_line(d, nowhere);
	document_put(d, 2, 24, ROLE_DIM, label);
	document_put(d, 27, -1, *value != '\0' ? role : ROLE_DIM, *value != '\0' ? value : "\u2014");
}

static void row_count(struct document *d, const char *label, int64_t n)
{
	char text[SHORT_BYTES];
	snprintf(text, sizeof text, "%" PRId64, n);
	row(d, label, ROLE_NUMBER, text);
}

static void row_life(struct document *d, const char *label, int64_t dies, int64_t warn_ms, int64_t now)
{
	char text[SHORT_BYTES];
	if (dies == 0)
		row(d, label, ROLE_DIM, "\u2014");
	else if (dies <= now)
		row(d, label, ROLE_ERROR, _("expired"));
	else
		row(d, label, dies - now < warn_ms ? ROLE_WARN : ROLE_TEXT,
		    format_age(dies - now, text));
}

/* Whether who changed what in Control Hub is known. */
static void row_admin(struct document *d, const struct health *health, const struct zone *zone, const char *zone_label)
{
	const char *label = _("administrators' acts");
	char text[LONG_BYTES], both[2 * LONG_BYTES];
	switch (health->admin) {
	case ADMIN_UNKNOWN:
		row(d, label, ROLE_DIM, "\u2014");
		return;
	case ADMIN_READ:
		snprintf(both, sizeof both, _("read up to %s"), format_moment(zone, zone_label, health->admin_until_ms, text));
		row(d, label, ROLE_TEXT, both);
		return;
	case ADMIN_NO_SCOPE:
		row(d, label, ROLE_DIM, _("not read: the token lacks audit:events_read (centinela login --audit)"));
		return;
	case ADMIN_REFUSED:
	case ADMIN_FAULT:
		document_line(d, nowhere);
		document_put(d, 2, 24, ROLE_DIM, label);
		document_wrap(d, 27, ROLE_WARN, health->admin_sentence);
		return;
	}
}

/* Who is told what happens: shown where somebody is to be. */
static void add_notify(struct document *d, const struct notify_health *notify)
{
	char text[SHORT_BYTES], both[LONG_BYTES];
	if (!notify->on)
		return;
	document_heading(d, _("Notifications"));
	row(d, _("told by"), ROLE_TEXT, notify->mine ? _("this process") : _("another process"));
	snprintf(both, sizeof both, "%" PRId64, notify->n_waiting);
	if (notify->lag_ms > 0)
		snprintf(both, sizeof both, "%" PRId64 " \u00B7 %s %s", notify->n_waiting, _("the oldest for"), format_age(notify->lag_ms, text));
	row(d, _("waiting"), notify->lag_ms > 5 * MINUTE_MS ? ROLE_WARN : ROLE_TEXT, both);
	snprintf(both, sizeof both, notify->n_dead > 0 ? "%" PRId64 " \u00B7 centinela notify list" : "%" PRId64, notify->n_dead);
	row(d, _("given up"), notify->n_dead > 0 ? ROLE_WARN : ROLE_TEXT, both);
	if (notify->error[0] != '\0') {
		document_line(d, nowhere);
		document_put(d, 2, 24, ROLE_DIM, _("last fault"));
		document_wrap(d, 27, ROLE_ERROR, notify->error);
	}
}

static void draw(struct pane *pane, struct canvas *canvas, bool focused)
{
	struct sync_view *view = pane->memory;
	struct document *d = &view->document;
	const struct health *health = pane_board(pane)->health;
	char text[LONG_BYTES], other[LONG_BYTES], both[2 * LONG_BYTES + 8];
	const char *label;
	const struct zone *zone = zones_current(&pane->screen->zones, &label);
	int64_t now = pane_now(pane);
	document_begin(d, canvas->clip.cols);
	document_heading(d, _("Records"));
	row(d, _("state"), health->sync == SYNC_FAULT || health->sync == SYNC_NO_LOGIN ? ROLE_WARN : ROLE_OK,
	    state_sentence(health));
	if (health->sentence[0] != '\0') {
		document_line(d, nowhere);
		document_put(d, 2, 24, ROLE_DIM, _("last fault"));
		document_wrap(d, 27, ROLE_ERROR, health->sentence);
	}
	row(d, _("complete until"), ROLE_STRONG, format_moment(zone, label, health->complete_until_ms, text));
	row(d, _("behind by"), health->lag_ms > 15 * MINUTE_MS ? ROLE_WARN : ROLE_TEXT,
	    health->complete_until_ms != 0 ? format_age(health->lag_ms, text) : "");
	row(d, _("last page"), ROLE_TEXT, format_moment(zone, label, health->last_page_ms, text));
	row(d, _("next call in"), ROLE_TEXT,
	    health->next_call_ms > now ? format_age(health->next_call_ms - now, text) : "\u2014");
	if (health->backfill_total > 0) {
		snprintf(text, sizeof text, "%d / %d", health->backfill_done, health->backfill_total);
		if (health->backfill_done < health->backfill_total)
			snprintf(both, sizeof both, "%s \u00B7 %s %s", text, _("time left"),
			    format_age(health->backfill_left_ms, other));
		else
			snprintf(both, sizeof both, "%s", text);
		row(d, _("history"), ROLE_TEXT, both);
	}
	if (health->n_gaps == 0)
		row(d, _("gaps"), ROLE_OK, _("none"));
	for (size_t i = 0; i < MIN(health->n_gaps, COUNT_OF(health->gaps)); i++) {
		format_moment(zone, label, health->gaps[i].from_ms, text);
		format_moment(zone, label, health->gaps[i].until_ms, other);
		if (d->width < 100) /* both ends on a narrow line: without UTC */
			text[strcspn(text, "\xC2")] = other[strcspn(other, "\xC2")] = '\0';
		snprintf(both, sizeof both, "%s \u2192 %s", text, other);
		row(d, i == 0 ? _("gaps") : "", ROLE_WARN, both);
	}
	document_heading(d, _("Since the start"));
	row_count(d, _("records"), health->n_legs);
	row_count(d, _("known already"), health->n_duplicates);
	row_count(d, _("refused"), health->n_rejected);
	document_heading(d, "Webex");
	row(d, _("host"), ROLE_TEXT, health->region_host);
	row_life(d, _("access token lives"), health->token_dies_ms,
	    health->refresh_dies_ms > 0 ? 5 * MINUTE_MS : DAY_MS, now);
	row_life(d, _("refresh token lives"), health->refresh_dies_ms, 14 * DAY_MS, now);
	row(d, _("asked by"), ROLE_TEXT, health->lease_mine ? _("this process") : health->lease_holder);
	row(d, _("live calls by"), ROLE_TEXT, health->live_webhook && health->live_polling ?
	    _("webhook and polling") : health->live_webhook ? _("webhook") :
	    health->live_polling ? _("polling") : _("nothing yet"));
	row_admin(d, health, zone, label);
	add_notify(d, &health->notify);
	document_end(d);
	document_draw(d, canvas, focused);
}

static void close_sync(struct pane *pane)
{
	document_clear(&((struct sync_view *)pane->memory)->document);
}

const struct pane_type view_sync = {
	.name = "sync", .title = N_("Sync health"), .place = PLACE_TEXT,
	.memory = sizeof(struct sync_view), .document = PANE_DOCUMENT(sync_view), .close = close_sync, .draw = draw,
};
