/* SPDX-License-Identifier: Apache-2.0
 *
 * A person, a number, a site, a trunk or a device: who it is, when it calls,
 * what today is beside that, where it stands among its colleagues, its alerts,
 * whom it talks with; every line leads to what it names. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"
#include "ui/copy.h"
#include "ui/panes/leads.h"
#include "ui/panes/pivot.h"
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
	struct profile_link links[PROFILE_LINKS]; /* of the document */
	size_t n_links;
};

static const struct target nowhere = { TARGET_NONE, 0 };

/* Of a place whole days are gone through: it is asked less often. */
#define PLACE_GAP_MS 20000

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
	pane_lay_out(pane);
}

static void refresh(struct pane *pane)
{
	struct profile_view *view = pane->memory;
	const struct board *board = pane_board(pane);
	int64_t gap_ms = pane->fault.code != FAULT_NONE ? 2 * SECOND_MS : view->kind == SUBJECT_SITE || view->kind == SUBJECT_TRUNK || view->kind == SUBJECT_DEVICE ? PLACE_GAP_MS : 5000;
	if (view->id != NULL && pane_may_ask(pane, board->alerts_version + board->calls_version + (gap_ms < PLACE_GAP_MS ? board->live_version : 0) + (uint64_t)(pane_now(pane) / HOUR_MS), gap_ms)) /* its today ends */
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
	if (kind == SUBJECT_ORG || *or_empty(id) == '\0') {
		screen_refuse(screen, "%s", _("There is no profile of this."));
		return;
	}
	/* A service is read as a person is: both by uuid. */
	char *own = mem_strdup(id); /* the caller's row may go with its view */
	screen_open(screen, &view_profile, (int64_t)(hash_mix(hash_text(own) + (kind == SUBJECT_SERVICE ? SUBJECT_PERSON : kind)) >> 1));
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

struct target profile_lead(const struct profile_page *page, enum subject_kind kind, const char *id)
{
	if (*id == '\0' || *page->n_links == PROFILE_LINKS)
		return nowhere;
	struct profile_link link = { kind, id, (int64_t)(hash_mix(hash_text(id) + kind) >> 8) };
	page->links[(*page->n_links)++] = link;
	return (struct target){ TARGET_SUBJECT, link.key };
}

static int middle(const struct document *d)
{
	return d->width >= 100 ? 60 : 41;
}

void profile_pair(const struct profile_page *page, const char *label, enum role role, const char *value, struct target target)
{
	struct document *d = page->document;
	document_line(d, target);
	document_put(d, 1, 12, ROLE_DIM, label);
	document_put(d, 14, d->width < PROFILE_NARROW ? -1 : middle(d) - 15, role, value);
}

void profile_second(const struct profile_page *page, const char *label, enum role role, const char *value)
{
	struct document *d = page->document;
	if (d->width < PROFILE_NARROW) {
		profile_pair(page, label, role, value, nowhere);
		return;
	}
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
const char *profile_moment(const struct profile_page *page, int64_t ms, char out[static LONG_BYTES])
{
	return (page->document->width < 100 ? format_moment_in : format_moment)(page->zone, page->zone_label, ms, out);
}

void profile_score(const struct profile_page *page)
{
	const struct profile *p = page->profile;
	char text[LONG_BYTES];
	if (p->n_open > 0)
		snprintf(text, sizeof text, ngettext("%d (%d open alert)", "%d (%d open alerts)", (unsigned long)p->n_open), p->highest_open, (int)p->n_open);
	else
		snprintf(text, sizeof text, "%s", _("no open alert"));
	profile_second(page, _("score"), p->n_open > 0 ? ROLE_STRONG : ROLE_DIM, text);
}

void profile_time(const struct profile_page *page)
{
	const struct profile *p = page->profile;
	char text[2 * LONG_BYTES], moment[LONG_BYTES];
	snprintf(text, sizeof text, "%s %s %s", weekday_name(p->weekday), format_clock(page->zone, pane_now(page->pane), moment), page->zone_label);
	if (p->past) /* nothing newer is there: what follows is as it was then */
		profile_second(page, _("as it was"), ROLE_WARN, profile_moment(page, p->as_of_ms, moment));
	else
		profile_second(page, _("local time"), ROLE_TEXT, text);
}

static void facts(const struct profile_page *page)
{
	const struct profile *p = page->profile;
	char text[300], number[LONG_BYTES], moment[LONG_BYTES];
	profile_pair(page, _("who"), ROLE_STRONG, name_of(page, number), nowhere);
	profile_score(page);
	profile_pair(page, _("site"), ROLE_TEXT, *p->site != '\0' ? p->site : "\u2014", profile_lead(page, SUBJECT_SITE, p->site));
	profile_time(page);
	profile_pair(page, _("first call"), ROLE_TEXT, profile_moment(page, p->first_ms, moment), nowhere);
	snprintf(text, sizeof text, "%s%s%s%s%s", p->country, *p->country != '\0' ? " " : "", class_word(p->class),
	    p->tier > TIER_NONE ? " \u00B7 " : "", p->tier > TIER_NONE ? tier_word(p->tier) : "");
	if (p->kind == SUBJECT_NUMBER)
		profile_second(page, _("kind"), p->tier >= TIER_HIGH ? tier_role(p->tier) : ROLE_TEXT, text);
	else
		profile_second(page, _("own number"), ROLE_TEXT, *p->number != '\0' ? format_number(p->number, page->masked, number) : "\u2014");
	profile_pair(page, _("last call"), ROLE_TEXT, profile_moment(page, p->last_ms, moment), nowhere);
	profile_forwarded(page);
}

static struct profile_page page_of(struct pane *pane)
{
	struct profile_view *view = pane->memory;
	struct profile_page page = { .pane = pane, .document = &view->document, .profile = &view->profile,
		.ascii = pane->screen->canvas.ascii, .masked = pane->screen->masked, .links = view->links, .n_links = &view->n_links };
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
	bool place = profile_is_place(&view->profile), called = view->profile.last_ms != 0;
	view->n_links = 0;
	document_begin(&view->document, width);
	if (place)
		profile_place_facts(&page);
	else
		facts(&page);
	if (called)
		profile_summary(&page);
	else
		document_heading(&view->document, _("No call of it is in the records."));
	if (place) {
		profile_people(&page);
		profile_alerts(&page);
	}
	if (called) {
		profile_hours(&page);
		profile_today(&page);
		profile_days(&page);
		profile_peers(&page);
	}
	if (!place)
		profile_alerts(&page);
	profile_live(&page);
	profile_admin(&page);
	profile_countries(&page);
	profile_devices(&page);
	profile_forwards(&page);
	if (!place)
		profile_contacts(&page);
	profile_recent(&page);
	document_end(&view->document);
}

static void summary(struct pane *pane, char *out, size_t capacity)
{
	const struct profile_view *view = pane->memory;
	char number[LONG_BYTES];
	if (!view->have)
		return;
	/* The title stands beside it and is drawn next: a number is masked in it from the same moment as below. */
	struct profile_page page = page_of(pane);
	static const char *const kinds[] = { [SUBJECT_PERSON] = N_("Person"), [SUBJECT_NUMBER] = N_("Number"), [SUBJECT_DEVICE] = N_("Device"),
		[SUBJECT_TRUNK] = N_("Trunk"), [SUBJECT_SITE] = N_("Site"), [SUBJECT_SERVICE] = N_("Service") };
	snprintf(pane->title, sizeof pane->title, "%s  %s", _(kinds[view->profile.kind]), name_of(&page, number));
	if (view->profile.known_days > 0)
		snprintf(out, capacity, ngettext("%d day", "%d days", (unsigned long)view->profile.known_days), view->profile.known_days);
}

/* ---- commands ------------------------------------------------------------------------- */

/* The explorer knows no devices. */
static void open_calls(struct pane *pane)
{
	static const char *const fields[] = { [SUBJECT_PERSON] = "user.id", [SUBJECT_SERVICE] = "user.id", [SUBJECT_NUMBER] = "number",
		[SUBJECT_SITE] = "location", [SUBJECT_TRUNK] = "trunk", [SUBJECT_DEVICE] = NULL };
	const struct profile *p = &((struct profile_view *)pane->memory)->profile;
	if (fields[p->kind] == NULL)
		screen_refuse(pane->screen, "%s", _("The explorer cannot tell these calls from others; the last ones stand below."));
	else
		pane_open_calls(pane->screen, fields[p->kind], p->kind == SUBJECT_SITE ? p->name : p->id);
}

static void open_related(struct pane *pane)
{
	const struct profile *p = &((struct profile_view *)pane->memory)->profile;
	struct leads *leads = leads_new();
	enum subject_kind contacts = p->kind == SUBJECT_PERSON || p->kind == SUBJECT_SERVICE ? SUBJECT_NUMBER : SUBJECT_PERSON;
	if (p->kind != SUBJECT_SITE)
		leads_add(leads, SUBJECT_SITE, p->site, p->site);
	for (size_t i = 0; i < p->n_devices; i++)
		leads_add(leads, SUBJECT_DEVICE, p->devices[i].mac, "");
	for (size_t i = 0; i < p->n_contacts; i++)
		leads_add(leads, contacts, p->contacts[i].id, p->contacts[i].name);
	leads_open(pane->screen, leads);
}

static bool command(struct pane *pane, enum command command)
{
	struct profile_view *view = pane->memory;
	if ((command == CMD_CALLS_OF || command == CMD_RELATED) && view->have) {
		if (command == CMD_RELATED)
			open_related(pane);
		else
			open_calls(pane);
		return true;
	}
	if (command == CMD_PIVOT && view->have) {
		const struct profile *p = &view->profile;
		pivot_open_subject(pane, p->kind, p->kind == SUBJECT_SITE ? p->name : p->id, p->name, p->kind == SUBJECT_SITE ? "" : p->site);
		return true;
	}
	struct target target = document_target(&view->document);
	if (command != CMD_OPEN || target.kind != TARGET_SUBJECT)
		return false;
	for (size_t i = 0; i < view->n_links; i++) {
		if (view->links[i].key == target.id) {
			profile_open(pane->screen, view->links[i].kind, view->links[i].id);
			break;
		}
	}
	return true;
}

const struct pane_type view_profile = {
	.name = "profile", .title = N_("Profile"), .place = PLACE_PROFILE, .memory = sizeof(struct profile_view),
	.document = PANE_DOCUMENT(profile_view), .open = open_profile, .close = close_profile, .refresh = refresh, .draw = pane_draw_document, .lay_out = lay_out, .ages_ms = MINUTE_MS,
	.summary = summary, .command = command,
};
