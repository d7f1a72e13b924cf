/* SPDX-License-Identifier: Apache-2.0
 *
 * A person or a number: who it is, when it calls, what today is beside that,
 * where it stands among its colleagues, its alerts, whom it talks with. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"
#include "ui/copy.h"
#include "ui/panes/profile_parts.h"

struct profile_view {
	enum subject_kind kind;
	char *id; /* NULL: not told yet whom it is about */
	struct arena arena;
	struct profile profile;
	bool have;
	struct zone *fixed; /* where its site has no zone, but its records an offset */
	char fixed_label[16];
	struct document document;
	uint64_t laid_out_at;
};

static const struct target nowhere = { TARGET_NONE, 0 };

static void lay_out(struct pane *, int width);

/* ---- asking ------------------------------------------------------------------------- */

static void learn_zone(struct profile_view *view)
{
	const char *name = view->profile.zone_name;
	zone_free(view->fixed);
	view->fixed = NULL;
	if (!text_starts_with(name, PROFILE_FIXED_ZONE) || !zone_open(name, &view->fixed, NULL))
		return;
	snprintf(view->fixed_label, sizeof view->fixed_label, "UTC%+d", view->profile.utc_offset_minutes / 60);
}

static void on_answer(void *arg, const struct profile *answer, const struct fault *fault)
{
	struct pane *pane = arg;
	struct profile_view *view = pane->memory;
	pane_answered(pane, fault);
	if (answer == NULL)
		return;
	arena_clear(&view->arena);
	arena_init(&view->arena);
	copy_profile(&view->arena, answer, &view->profile);
	view->have = true;
	learn_zone(view);
	/* At once, for keys that were typed ahead of it: a view has the whole width. */
	lay_out(pane, pane->screen->layout.body.cols);
}

static void refresh(struct pane *pane)
{
	struct profile_view *view = pane->memory;
	const struct board *board = pane_board(pane);
	if (view->id != NULL && pane_may_ask(pane, board->alerts_version + board->calls_version + (uint64_t)(pane_now(pane) / HOUR_MS), 5000)) /* its today ends */
		history_profile(board->history, view->kind, view->id, on_answer, pane);
}

static void open_profile(struct pane *pane, int64_t id)
{
	UNUSED(id);
	arena_init(&((struct profile_view *)pane->memory)->arena);
}

static void close_profile(struct pane *pane)
{
	struct profile_view *view = pane->memory;
	arena_clear(&view->arena);
	document_clear(&view->document);
	zone_free(view->fixed);
	free(view->id);
}

void profile_open(struct screen *screen, enum subject_kind kind, const char *id)
{
	if ((kind != SUBJECT_PERSON && kind != SUBJECT_SERVICE && kind != SUBJECT_NUMBER) || *or_empty(id) == '\0') {
		screen_message(screen, ROLE_TEXT, "%s", _("There is no profile of this: only of people, services and numbers."));
		return;
	}
	/* A service is read as a person is: both by uuid. */
	char *own = mem_strdup(id); /* the caller's row may go with its view */
	screen_open(screen, &view_profile, (int64_t)(hash_mix(hash_text(own) + (kind == SUBJECT_NUMBER)) >> 1));
	struct pane *pane = screen_focused(screen);
	struct profile_view *view = pane->memory;
	free(view->id);
	view->kind = kind;
	view->id = own;
	refresh(pane);
}

void profile_of_call(struct screen *screen, enum command command, const struct call *call)
{
	if (command == CMD_NUMBER)
		profile_open(screen, SUBJECT_NUMBER, call->direction != CALL_INTERNAL ? call->far_number : "");
	else
		profile_open(screen, SUBJECT_PERSON, call->user_uuid);
}

/* ---- who it is ------------------------------------------------------------------------ */

static int middle(const struct document *d)
{
	return d->width >= 100 ? 60 : 41;
}

static void pair(struct document *d, const char *label, enum role role, const char *value)
{
	document_line(d, nowhere);
	document_put(d, 1, 12, ROLE_DIM, label);
	document_put(d, 14, middle(d) - 15, role, value);
}

static void second(struct document *d, const char *label, enum role role, const char *value)
{
	document_put(d, middle(d), 12, ROLE_DIM, label);
	document_put(d, middle(d) + 13, -1, role, value);
}

static const char *name_of(const struct profile_page *page, char number[static LONG_BYTES])
{
	const struct profile *p = page->profile;
	if (p->kind == SUBJECT_NUMBER)
		return format_number(p->id, page->masked, number);
	return *p->name != '\0' ? p->name : p->id;
}

/* In 80 columns there is no room for UTC beside it. */
static const char *site_moment(const struct profile_page *page, int64_t ms, char out[static LONG_BYTES])
{
	format_moment(page->zone, page->zone_label, ms, out);
	if (page->document->width < 100 && strstr(out, " \u00B7 ") != NULL)
		*strstr(out, " \u00B7 ") = '\0';
	return out;
}

static void facts(const struct profile_page *page)
{
	struct document *d = page->document;
	const struct profile *p = page->profile;
	char text[300], number[LONG_BYTES], moment[LONG_BYTES];
	int64_t now = pane_now(page->pane);
	pair(d, _("who"), ROLE_STRONG, name_of(page, number));
	if (p->n_open > 0)
		snprintf(text, sizeof text, ngettext("%d (%d open alert)", "%d (%d open alerts)", (unsigned long)p->n_open), p->highest_open, (int)p->n_open);
	else
		snprintf(text, sizeof text, "%s", _("no open alert"));
	second(d, _("score"), p->n_open > 0 ? ROLE_STRONG : ROLE_DIM, text);
	pair(d, _("site"), ROLE_TEXT, *p->site != '\0' ? p->site : "\u2014");
	snprintf(text, sizeof text, "%s %s %s", weekday_name(p->weekday), format_clock(page->zone, now, moment), page->zone_label);
	if (p->past) /* nothing newer is there: what follows is as it was then */
		second(d, _("as it was"), ROLE_WARN, site_moment(page, p->as_of_ms, moment));
	else
		second(d, _("local time"), ROLE_TEXT, text);
	pair(d, _("first call"), ROLE_TEXT, site_moment(page, p->first_ms, moment));
	snprintf(text, sizeof text, "%s%s%s%s%s", p->country, *p->country != '\0' ? " " : "", class_word(p->class),
	    p->tier > TIER_NONE ? " \u00B7 " : "", p->tier > TIER_NONE ? tier_word(p->tier) : "");
	if (p->kind == SUBJECT_NUMBER)
		second(d, _("kind"), p->tier >= TIER_HIGH ? tier_role(p->tier) : ROLE_TEXT, text);
	else
		second(d, _("own number"), ROLE_TEXT, *p->number != '\0' ? format_number(p->number, page->masked, number) : "\u2014");
	pair(d, _("last call"), ROLE_TEXT, site_moment(page, p->last_ms, moment));
}

static struct profile_page page_of(struct pane *pane)
{
	struct profile_view *view = pane->memory;
	struct profile_page page = { .pane = pane, .document = &view->document, .profile = &view->profile,
		.ascii = pane->screen->canvas.ascii, .masked = pane->screen->masked };
	/* The zone its hours were counted in, whatever its site is called here. */
	page.zone = view->fixed;
	page.zone_label = view->fixed != NULL ? view->fixed_label : "UTC";
	const struct zones *zones = &pane->screen->zones;
	for (size_t i = 0; i < zones->n; i++) {
		if (strcmp(zones->entries[i].zone_name, view->profile.zone_name) == 0) {
			page.zone = zones->entries[i].zone;
			page.zone_label = zones->entries[i].label;
		}
	}
	return page;
}

static void lay_out(struct pane *pane, int width)
{
	struct profile_view *view = pane->memory;
	struct profile_page page = page_of(pane);
	document_begin(&view->document, width);
	facts(&page);
	if (view->profile.last_ms == 0) {
		document_heading(&view->document, _("No call of it is in the records."));
	} else {
		profile_summary(&page);
		profile_hours(&page);
		profile_today(&page);
		profile_days(&page);
		profile_peers(&page);
	}
	profile_alerts(&page);
	profile_countries(&page);
	profile_contacts(&page);
	profile_recent(&page);
	document_end(&view->document);
}

static void draw(struct pane *pane, struct canvas *canvas, bool focused)
{
	struct profile_view *view = pane->memory;
	if (!view->have) {
		pane_draw_nothing(pane, canvas, 1, "");
		return;
	}
	uint64_t made_of = (uint64_t)(pane_now(pane) / MINUTE_MS) * 2 + pane->screen->masked +
	    ((uint64_t)pane->screen->zones.n_sites << 40);
	if (view->document.width != canvas->clip.cols || view->laid_out_at != made_of)
		lay_out(pane, canvas->clip.cols);
	view->laid_out_at = made_of;
	document_draw(&view->document, canvas, focused);
}

static void summary(struct pane *pane, char *out, size_t capacity)
{
	const struct profile_view *view = pane->memory;
	char number[LONG_BYTES];
	if (!view->have)
		return;
	/* The title stands beside it and is drawn next: a number is masked in it from the same moment as below. */
	struct profile_page page = page_of(pane);
	enum subject_kind what = view->profile.kind;
	const char *kind = what == SUBJECT_NUMBER ? _("Number") : _("Person");
	snprintf(pane->title, sizeof pane->title, "%s  %s", what == SUBJECT_SERVICE ? _("Service") : kind, name_of(&page, number));
	if (view->profile.known_days > 0)
		snprintf(out, capacity, ngettext("%d day", "%d days", (unsigned long)view->profile.known_days), view->profile.known_days);
}

/* ---- commands ------------------------------------------------------------------------- */

static bool command(struct pane *pane, enum command command)
{
	struct profile_view *view = pane->memory;
	struct target target = document_target(&view->document);
	if (command != CMD_OPEN || target.kind != TARGET_SUBJECT)
		return false;
	for (size_t i = 0; i < view->profile.n_contacts; i++) {
		const struct profile_contact *contact = &view->profile.contacts[i];
		if (profile_contact_target(contact).id == target.id) {
			profile_open(pane->screen, view->kind == SUBJECT_NUMBER ? SUBJECT_PERSON : SUBJECT_NUMBER, contact->id);
			return true;
		}
	}
	return true;
}

const struct pane_type view_profile = {
	.name = "profile", .title = N_("Profile"), .place = PLACE_TEXT, .memory = sizeof(struct profile_view),
	.document = PANE_DOCUMENT(profile_view), .open = open_profile, .close = close_profile, .refresh = refresh, .draw = draw,
	.summary = summary, .command = command,
};
