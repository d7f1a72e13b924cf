/* SPDX-License-Identifier: Apache-2.0
 *
 * A profile's lists: its alerts, the numbers or people it talks with, its last
 * calls. Every line leads to what it names. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "ui/panes/profile_parts.h"
#include "ui/story.h"

static const struct target nowhere = { TARGET_NONE, 0 };

const char *profile_date(const struct profile_page *page, int64_t ms, char out[static SHORT_BYTES])
{
	/* A today of long ago is a date too. */
	return format_time(page->zone, ms, page->profile->past ? ms - 2 * DAY_MS : page->profile->as_of_ms, out);
}

static void none(struct document *d, const char *text)
{
	document_line(d, nowhere);
	document_put(d, 1, -1, ROLE_DIM, text);
}

void profile_alerts(const struct profile_page *page)
{
	struct document *d = page->document;
	const struct profile *p = page->profile;
	char clock[SHORT_BYTES], text[2 * LONG_BYTES], number[LONG_BYTES], typed[TYPED_BYTES];
	bool site = p->kind == SUBJECT_SITE, narrow = d->width < PROFILE_NARROW;
	snprintf(text, sizeof text, site && p->n_open > (int64_t)p->n_alerts ? _("Open alerts: the first %d of %d") : site ? _("Open alerts") : _("Alerts"),
	    (int)p->n_alerts, (int)p->n_open);
	document_heading(d, text);
	if (p->n_alerts == 0)
		none(d, site ? _("none is open") : _("no alert of it"));
	int state = d->width >= 110 ? 86 : d->width - 18;
	for (size_t i = 0; i < p->n_alerts; i++) {
		const struct alert *alert = &p->alerts[i];
		bool closed = alert->state == ALERT_CLOSED;
		document_line(d, (struct target){ TARGET_ALERT, alert->id });
		document_put(d, 1, 6, ROLE_DIM, profile_date(page, alert->raised_ms, clock));
		document_put(d, 9, 7, closed ? ROLE_STATE_CLOSED : severity_role(alert->severity), severity_badge(alert->severity));
		const char *title = format_masked(in_language(alert->title_en, alert->title_es), page->masked, typed, sizeof typed);
		if (narrow) {
			document_put(d, 17, -1, closed ? ROLE_DIM : ROLE_TEXT, title);
			continue;
		}
		document_printf(d, 17, 3, ROLE_STRONG, "%3d", alert->score);
		int col = 22;
		if (site) { /* whose it is: a site has many */
			const char *who = *alert->subject_name != '\0' ? alert->subject_name : alert->subject_id;
			document_put(d, col, 18, ROLE_STRONG, alert->subject_kind == SUBJECT_NUMBER ? format_number(who, page->masked, number) : who);
			col += 20;
		}
		document_put(d, col, MAX(state - 1 - col, 1), closed ? ROLE_DIM : ROLE_TEXT, title);
		document_put(d, state, -1, state_role(alert->state), closed ? resolution_word(alert->resolution) : state_word(alert->state));
	}
}

/* When: "today 13:04", "03 Oct 14:04". */
static void moment_of(const struct profile_page *page, int64_t ms)
{
	char clock[SHORT_BYTES];
	profile_date(page, ms, clock);
	document_put(page->document, 1, 6, ROLE_DIM, strchr(clock, ':') != NULL ? _("today") : clock);
	format_clock(page->zone, ms, clock);
	clock[5] = '\0'; /* without seconds */
	document_put(page->document, 8, 5, ROLE_TEXT, clock);
}

void profile_live(const struct profile_page *page)
{
	const struct profile *p = page->profile;
	struct text words = { 0 };
	if (p->n_live == 0)
		return;
	document_heading(page->document, _("Live, without a record yet"));
	for (size_t i = p->n_live; i-- > 0;) {
		const struct live_half *half = &p->live[i];
		text_reset(&words);
		live_words(half, page->masked, &words);
		document_line(page->document, p->kind == SUBJECT_NUMBER ? profile_lead(page, SUBJECT_PERSON, half->person_uuid) : profile_lead(page, SUBJECT_NUMBER, half->number));
		moment_of(page, half->created_ms);
		document_wrap(page->document, 14, half->tier >= TIER_HIGH ? tier_role(half->tier) : ROLE_LIVE_UP, text_string(&words));
	}
	text_clear(&words);
}

void profile_admin(const struct profile_page *page)
{
	struct document *d = page->document;
	const struct profile *p = page->profile;
	struct text words = { 0 };
	if (p->n_admin == 0)
		return;
	document_heading(d, _("In Control Hub"));
	for (size_t i = p->n_admin; i-- > 0;) { /* the newest first, as elsewhere here */
		const struct admin_event *event = &p->admin[i];
		text_reset(&words);
		admin_words(event, page->masked, &words);
		/* Who did it is a lead; of what was done to it the page itself is. */
		document_line(d, strcmp(event->actor_uuid, p->id) == 0 ? profile_lead(page, SUBJECT_PERSON, event->target_uuid) : profile_lead(page, SUBJECT_PERSON, event->actor_uuid));
		moment_of(page, event->at_ms);
		document_wrap(d, 14, ROLE_WARN, text_string(&words));
	}
	text_clear(&words);
}

/* "CO", or what it is where no country is. */
static const char *where(const char *country, enum number_class class, char out[static LONG_BYTES])
{
	if (class == NUMBER_UNKNOWN && *country != '\0')
		snprintf(out, LONG_BYTES, "%s", country);
	else
		snprintf(out, LONG_BYTES, "%s%s%s", country, *country != '\0' ? " " : "", class_word(class));
	return out;
}

void profile_changes(const struct profile_page *page)
{
	const struct profile *p = page->profile;
	struct text text = { 0 };
	char number[LONG_BYTES], date[SHORT_BYTES];
	if (p->n_changes == 0)
		return;
	for (size_t i = 0; i < p->n_changes; i++) {
		const struct profile_change *change = &p->changes[i];
		text_printf(&text, "%s%s %s (%s)", i > 0 ? " \u00B7 " : "", change_word(change->kind),
		    change->kind == CHANGE_NUMBER ? format_number(change->name, page->masked, number) : change->name,
		    profile_date(page, change->first_ms, date));
	}
	document_line(page->document, nowhere);
	document_put(page->document, 1, 12, ROLE_DIM, _("what is new"));
	document_wrap(page->document, 14, ROLE_WARN, text_string(&text));
	text_clear(&text);
}

void profile_countries(const struct profile_page *page)
{
	struct document *d = page->document;
	const struct profile *p = page->profile;
	struct text text = { 0 };
	if (p->n_countries == 0)
		return;
	document_heading(d, _("Countries called"));
	bool risky = false;
	for (size_t i = 0; i < p->n_countries; i++) {
		const struct profile_country *country = &p->countries[i];
		risky |= country->is_new && country->tier >= TIER_HIGH;
		text_printf(&text, "%s%s %" PRId64 "%s%s", i > 0 ? " \u00B7 " : "",
		    *country->country != '\0' ? country->country : class_word(country->class), country->n_calls,
		    country->tier >= TIER_HIGH ? " \u25C6 " : "", country->tier >= TIER_HIGH ? tier_word(country->tier) : "");
		if (country->is_new)
			text_printf(&text, " (%s)", _("NEW"));
	}
	document_line(d, nowhere);
	document_wrap(d, 1, risky ? ROLE_WARN : ROLE_TEXT, text_string(&text));
	text_clear(&text);
}

static void contact_line(const struct profile_page *page, const struct profile_contact *contact)
{
	struct document *d = page->document;
	char text[LONG_BYTES], day[SHORT_BYTES];
	bool person = page->profile->kind != SUBJECT_NUMBER, wide = d->width >= 110;
	enum role role = contact->tier >= TIER_HIGH && person ? tier_role(contact->tier) : ROLE_DIM;
	document_line(d, profile_lead(page, person ? SUBJECT_NUMBER : SUBJECT_PERSON, contact->id));
	if (person) {
		document_put(d, 1, 19, ROLE_NUMBER, format_number(contact->id, page->masked, text));
		if (d->width >= PROFILE_NARROW)
			document_put(d, 21, 13, role, where(contact->country, contact->class, text));
	} else {
		document_put(d, 1, d->width < PROFILE_NARROW ? 19 : 32, ROLE_TEXT, *contact->name != '\0' ? contact->name : *contact->id != '\0' ? contact->id : "\u2014");
	}
	if (d->width < PROFILE_NARROW) {
		document_printf(d, 21, 6, ROLE_TEXT, "%4" PRId64 "\u2192", contact->n_out);
		document_printf(d, 27, 6, ROLE_TEXT, "%4" PRId64 "\u2190", contact->n_in);
		document_put(d, 34, -1, ROLE_WARN, contact->is_new ? _("NEW") : "");
		return;
	}
	document_printf(d, 35, 6, ROLE_TEXT, "%5" PRId64 "\u2192", contact->n_out);
	document_printf(d, 41, 6, ROLE_TEXT, "%5" PRId64 "\u2190", contact->n_in);
	document_printf(d, 48, 9, ROLE_TEXT, "%9s", format_duration(contact->talk_s, text));
	document_printf(d, 58, 8, ROLE_MONEY, "%8s", contact->cost_micro > 0 ? format_money(contact->cost_micro, text) : "");
	document_put(d, 68, 6, ROLE_DIM, profile_date(page, contact->first_ms, day));
	document_put(d, 75, wide ? 8 : -1, ROLE_WARN, contact->is_new ? _("NEW") : "");
	if (wide)
		document_put(d, 86, -1, ROLE_DIM, profile_date(page, contact->last_ms, day));
}

void profile_contacts(const struct profile_page *page)
{
	struct document *d = page->document;
	const struct profile *p = page->profile;
	bool person = p->kind != SUBJECT_NUMBER;
	char heading[LONG_BYTES];
	if (person)
		snprintf(heading, sizeof heading, p->n_contacts_all > p->n_contacts ? _("Numbers: the first %d of %d") : _("Numbers"),
		    (int)p->n_contacts, (int)p->n_contacts_all);
	else
		snprintf(heading, sizeof heading, p->n_contacts_all > p->n_contacts ? _("Our people: the first %d of %d") : _("Our people"),
		    (int)p->n_contacts, (int)p->n_contacts_all);
	document_heading(d, heading);
	if (p->n_contacts == 0) {
		none(d, _("none in these days"));
		return;
	}
	/* As arrows in the rows say: calls out, calls in. */
	document_line(d, nowhere);
	document_put(d, 1, 19, ROLE_COLUMN, person ? _("number") : _("who"));
	if (d->width < PROFILE_NARROW) {
		document_printf(d, 20, 6, ROLE_COLUMN, "%6s", _("out"));
		document_printf(d, 26, 7, ROLE_COLUMN, "%6s", _("in"));
	} else {
		document_printf(d, 34, 6, ROLE_COLUMN, "%6s", _("out"));
		document_printf(d, 40, 7, ROLE_COLUMN, "%7s", _("in"));
		document_printf(d, 48 + MAX(9 - text_width(_("talk")), 0), 9, ROLE_COLUMN, "%s", _("talk"));
		document_printf(d, 58 + MAX(8 - text_width(_("\u2248 USD")), 0), 8, ROLE_COLUMN, "%s", _("\u2248 USD"));
		document_put(d, 68, d->width >= 110 ? 16 : -1, ROLE_COLUMN, _("since"));
		if (d->width >= 110)
			document_put(d, 86, -1, ROLE_COLUMN, _("last"));
	}
	for (size_t i = 0; i < p->n_contacts; i++)
		contact_line(page, &p->contacts[i]);
}

/* Between ours and a number outside only what is not known from whose profile it is. */
void profile_call_line(const struct profile_page *page, const struct call *call)
{
	struct document *d = page->document;
	enum subject_kind kind = page->profile->kind;
	char clock[SHORT_BYTES], text[LONG_BYTES];
	bool answered = call->flags & CALL_ANSWERED, both = profile_is_place(page->profile), narrow = d->width < PROFILE_NARROW;
	const char *ours = *call->user_name != '\0' ? call->user_name : "\u2014";
	document_line(d, (struct target){ TARGET_CALL, call->id });
	profile_date(page, call->start_ms, clock);
	document_put(d, 1, 6, ROLE_DIM, strchr(clock, ':') != NULL ? _("today") : clock);
	format_clock(page->zone, call->start_ms, clock);
	clock[narrow ? 5 : 8] = '\0'; /* without seconds */
	document_put(d, 8, 8, ROLE_TEXT, clock);
	int col = narrow ? 14 : 17;
	document_put(d, col, 1, ROLE_DIM, call->direction == CALL_INBOUND ? "\u2190" : "\u2192");
	col += 2;
	if (narrow) {
		document_put(d, col, -1, ROLE_NUMBER, kind == SUBJECT_NUMBER ? ours : format_number(call->far_number, page->masked, text));
		return;
	}
	enum role role = call->tier >= TIER_HIGH ? tier_role(call->tier) : ROLE_DIM;
	if (both && d->width >= 110) {
		document_put(d, col, 24, ROLE_TEXT, ours);
		document_put(d, 45, 17, ROLE_NUMBER, format_number(call->far_number, page->masked, text));
		document_put(d, 63, 16, role, where(call->country, call->class, text));
		document_printf(d, 79, 9, answered ? ROLE_TEXT : ROLE_DIM, "%9s", answered || call->talk_s > 0 ? format_duration(call->talk_s, text) : "-");
		document_printf(d, 89, 8, ROLE_MONEY, "%8s", call->cost_micro > 0 ? format_money(call->cost_micro, text) : "");
		document_put(d, 99, 16, ROLE_DIM, answered ? _("answered") : _("not answered"));
		document_put(d, 116, -1, ROLE_DIM, page->profile->kind != SUBJECT_SITE ? call->location : call->trunk);
		return;
	}
	if (both)
		document_put(d, col, 17, ROLE_TEXT, ours);
	col += both ? 18 : 0;
	if (kind == SUBJECT_NUMBER)
		document_put(d, col, 32, ROLE_TEXT, ours);
	else
		document_put(d, col, both ? 16 : 18, ROLE_NUMBER, format_number(call->far_number, page->masked, text));
	if (both)
		document_put(d, 54, 3, role, *call->country != '\0' ? call->country : call->tier >= TIER_HIGH ? "\u25C6" : "");
	else if (kind != SUBJECT_NUMBER)
		document_put(d, 38, 18, role, where(call->country, call->class, text));
	document_printf(d, 57, 9, answered ? ROLE_TEXT : ROLE_DIM, "%9s",
	    answered || call->talk_s > 0 ? format_duration(call->talk_s, text) : "-");
	if (call->cost_micro > 0)
		document_printf(d, 67, 8, ROLE_MONEY, "%8s", format_money(call->cost_micro, text));
	if (d->width >= 110) {
		document_put(d, 78, 16, ROLE_DIM, answered ? _("answered") : _("not answered"));
		document_put(d, 95, -1, ROLE_DIM, call->location);
	}
}

void profile_recent(const struct profile_page *page)
{
	const struct profile *p = page->profile;
	document_heading(page->document, _("Last calls"));
	if (p->n_recent == 0)
		none(page->document, _("none in these days"));
	for (size_t i = 0; i < p->n_recent; i++)
		profile_call_line(page, &p->recent[i]);
}
