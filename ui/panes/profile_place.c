/* SPDX-License-Identifier: Apache-2.0
 *
 * What a site, a trunk and a device have in their profile that people and
 * numbers have not: who stands out, calls at a time, what is forwarded to
 * outside. On a night in which something goes wrong the question is who it is:
 * that comes first, before the pictures. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "ui/panes/profile_parts.h"

static const struct target nowhere = { TARGET_NONE, 0 };

bool profile_is_place(const struct profile *p)
{
	return p->kind == SUBJECT_SITE || p->kind == SUBJECT_TRUNK || p->kind == SUBJECT_DEVICE;
}

/* "today 3, before 33": lines that were in use at once, at most. */
static void load(const struct profile_page *page)
{
	const struct profile *p = page->profile;
	char text[LONG_BYTES];
	bool more = p->counted_days > 0 && p->load_today.most > p->load_before.most && p->load_today.most > 2;
	int n = snprintf(text, sizeof text, "%s %d", p->past ? _("that day") : _("today"), (int)p->load_today.most);
	if (p->counted_days > 0)
		snprintf(text + n, sizeof text - (size_t)n, _(", before %d"), (int)p->load_before.most);
	profile_second(page, _("at a time"), more ? ROLE_WARN : ROLE_TEXT, text);
}

/* All that was counted, over the line that says what of it is of today. */
static void whole(const struct profile_page *page)
{
	const struct profile *p = page->profile;
	struct text text = { 0 };
	char label[SHORT_BYTES], number[SHORT_BYTES];
	const int64_t *n = p->n_by_direction;
	if (p->last_ms == 0)
		return;
	if (p->counted_days > 0)
		snprintf(label, sizeof label, ngettext("%d day", "%d days", (unsigned long)p->counted_days), p->counted_days);
	else
		snprintf(label, sizeof label, "%s", _("in all"));
	text_printf(&text, _("in %s"), format_count(n[CALL_INBOUND], number));
	text_printf(&text, _(" \u00B7 out %s"), format_count(n[CALL_OUTBOUND] + n[CALL_TRANSIT], number));
	if (n[CALL_INTERNAL] > 0)
		text_printf(&text, _(" \u00B7 internal %s"), format_count(n[CALL_INTERNAL], number));
	text_printf(&text, _(" \u00B7 \u2248 %s USD (estimate)"), format_money(p->cost_all_micro, number));
	document_line(page->document, nowhere);
	document_put(page->document, 1, 12, ROLE_DIM, label);
	document_wrap(page->document, 14, ROLE_TEXT, text_string(&text));
	text_clear(&text);
}

void profile_place_facts(const struct profile_page *page)
{
	const struct profile *p = page->profile;
	char text[LONG_BYTES], moment[LONG_BYTES], count[SHORT_BYTES];
	profile_pair(page, subject_word(p->kind), ROLE_STRONG, p->name, nowhere);
	profile_score(page);
	if (p->kind == SUBJECT_DEVICE) {
		snprintf(text, sizeof text, "%s%s%s", p->model, *p->model != '\0' ? " \u00B7 " : "", p->site);
		profile_pair(page, _("what"), ROLE_TEXT, text, profile_lead(page, SUBJECT_SITE, p->site));
	} else if (p->kind == SUBJECT_TRUNK) {
		profile_pair(page, _("site"), ROLE_TEXT, *p->site != '\0' ? p->site : "\u2014", profile_lead(page, SUBJECT_SITE, p->site));
	} else {
		profile_pair(page, _("people"), ROLE_TEXT, format_count((int64_t)p->n_contacts_all, count), nowhere);
	}
	profile_time(page);
	/* Of a trunk and a device it is known only as far back as calls were read. */
	if (p->kind != SUBJECT_SITE && p->known_days + 1 >= PROFILE_DAYS)
		snprintf(text, sizeof text, "%s", _("before these weeks"));
	else
		snprintf(text, sizeof text, "%s", profile_moment(page, p->first_ms, moment));
	profile_pair(page, _("first call"), ROLE_TEXT, p->first_ms == 0 ? "\u2014" : text, nowhere);
	load(page);
	profile_pair(page, _("last call"), ROLE_TEXT, p->last_ms == 0 ? "\u2014" : profile_moment(page, p->last_ms, moment), nowhere);
	profile_forwarded(page);
	if (*p->owner_id != '\0') /* who is not among those who call with it asks for a reason */
		profile_pair(page, _("belongs to"), ROLE_TEXT, *p->owner_name != '\0' ? p->owner_name : p->owner_id, profile_lead(page, SUBJECT_PERSON, p->owner_id));
	whole(page);
}

/* ---- who stands out -------------------------------------------------------------- */

/* Where the columns of a person stand: one row a width. */
struct people_columns {
	int who, who_columns, today, usual, abroad, talk, cost;
};

static struct people_columns columns_for(int width)
{
	if (width >= 110)
		return (struct people_columns){ 6, 40, 48, 56, 66, 76, 88 };
	if (width >= PROFILE_NARROW)
		return (struct people_columns){ 6, 24, 31, 38, 47, 56, 67 };
	return (struct people_columns){ 6, 16, 22, -1, -1, -1, 30 };
}

/* A title over a number ends where the number does. */
static void over(struct document *d, int col, int columns, const char *title)
{
	int width = text_width(title);
	if (col >= 0)
		document_put(d, MAX(col + columns - width, 0), width, ROLE_COLUMN, title);
}

static void person(const struct profile_page *page, const struct profile_contact *who, const struct people_columns *at)
{
	struct document *d = page->document;
	const struct profile *p = page->profile;
	char text[SHORT_BYTES];
	int64_t n = who->n_out + who->n_in;
	document_line(d, profile_lead(page, SUBJECT_PERSON, who->id));
	if (who->score > 0)
		document_printf(d, 1, 4, ROLE_STRONG, "%3d", who->score);
	else
		document_put(d, 3, 1, ROLE_DIM, "\u00B7");
	document_put(d, at->who, at->who_columns, who->score > 0 ? ROLE_STRONG : ROLE_TEXT, *who->name != '\0' ? who->name : who->id);
	/* Thrice its usual day, and not by one call. */
	bool more = p->counted_days > 0 && who->n_today > 5 && who->n_today * p->counted_days > 3 * (n - who->n_today);
	document_printf(d, at->today, 7, more ? ROLE_WARN : ROLE_TEXT, "%5s%s", format_count(who->n_today, text), more ? "!" : "");
	if (at->usual < 0) {
		document_printf(d, at->cost, 9, ROLE_MONEY, "%9s", who->cost_micro > 0 ? format_money(who->cost_micro, text) : "");
		return;
	}
	if (p->counted_days > 0)
		document_printf(d, at->usual, 8, ROLE_DIM, "%7s", profile_mean((n - who->n_today) * 1000 / p->counted_days, text));
	document_printf(d, at->abroad, 8, who->n_abroad > 0 ? ROLE_TEXT : ROLE_DIM, "%7s", format_count(who->n_abroad, text));
	document_printf(d, at->talk, 10, ROLE_TEXT, "%9s", format_duration(who->talk_s, text));
	document_printf(d, at->cost, 9, ROLE_MONEY, "%8s", who->cost_micro > 0 ? format_money(who->cost_micro, text) : "");
}

void profile_people(const struct profile_page *page)
{
	struct document *d = page->document;
	const struct profile *p = page->profile;
	struct people_columns at = columns_for(d->width);
	char heading[2 * LONG_BYTES];
	int n;
	if (p->n_contacts_all > p->n_contacts)
		n = snprintf(heading, sizeof heading, _("Who stands out: %d of %d"), (int)p->n_contacts, (int)p->n_contacts_all);
	else
		n = snprintf(heading, sizeof heading, "%s", p->kind == SUBJECT_DEVICE ? _("Who calls with it") : _("Who stands out"));
	if (p->counted_days > 0)
		snprintf(heading + n, sizeof heading - (size_t)n, ngettext("; last %d day", "; last %d days", (unsigned long)p->counted_days), p->counted_days);
	document_heading(d, heading);
	if (p->n_contacts == 0) {
		document_line(d, nowhere);
		document_put(d, 1, -1, ROLE_DIM, _("nobody called in these days"));
		return;
	}
	document_line(d, nowhere);
	document_put(d, 1, 4, ROLE_COLUMN, _("pts"));
	document_put(d, at.who, at.who_columns, ROLE_COLUMN, _("who"));
	over(d, at.today, 5, p->past ? _("that day") : _("today"));
	over(d, at.usual, 7, _("a day"));
	over(d, at.abroad, 7, _("abroad"));
	over(d, at.talk, 9, _("talk"));
	over(d, at.cost, at.usual < 0 ? 9 : 8, _("\u2248 USD"));
	for (size_t i = 0; i < p->n_contacts; i++)
		person(page, &p->contacts[i], &at);
}

/* ---- forwards and devices ------------------------------------------------------------ */

void profile_forwarded(const struct profile_page *page)
{
	const struct profile *p = page->profile;
	unsigned long n = (unsigned long)p->n_forwards_all;
	char text[LONG_BYTES];
	if (p->kind == SUBJECT_NUMBER)
		snprintf(text, sizeof text, ngettext("%d call to it", "%d calls to it", n), (int)n);
	else
		snprintf(text, sizeof text, ngettext("%d call to outside", "%d calls to outside", n), (int)n);
	if (n == 0)
		snprintf(text, sizeof text, "%s", p->kind == SUBJECT_NUMBER ? _("none to it") : _("none to outside"));
	profile_second(page, _("forwards"), n > 0 ? ROLE_TEXT : ROLE_DIM, text);
}

void profile_forwards(const struct profile_page *page)
{
	const struct profile *p = page->profile;
	char heading[LONG_BYTES];
	if (p->n_forwards == 0)
		return;
	if (p->kind == SUBJECT_NUMBER)
		snprintf(heading, sizeof heading, "%s", _("Forwarded to it"));
	else
		snprintf(heading, sizeof heading, p->n_forwards_all > (int64_t)p->n_forwards ? _("Forwarded to outside: the last %d of %d") : _("Forwarded to outside"),
		    (int)p->n_forwards, (int)p->n_forwards_all);
	document_heading(page->document, heading);
	for (size_t i = 0; i < p->n_forwards; i++)
		profile_call_line(page, &p->forwards[i]);
}

void profile_devices(const struct profile_page *page)
{
	struct document *d = page->document;
	const struct profile *p = page->profile;
	char text[SHORT_BYTES];
	if (p->n_devices == 0)
		return;
	document_heading(d, _("Devices, by the last 100 calls"));
	for (size_t i = 0; i < p->n_devices; i++) {
		const struct profile_device *device = &p->devices[i];
		document_line(d, profile_lead(page, SUBJECT_DEVICE, device->mac));
		document_put(d, 1, 18, ROLE_TEXT, device->mac);
		document_printf(d, 20, 13, ROLE_TEXT, ngettext("%d call", "%d calls", (unsigned long)device->n_calls), (int)device->n_calls);
		document_put(d, 34, -1, ROLE_DIM, profile_date(page, device->last_ms, text));
	}
}
