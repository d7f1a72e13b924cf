/* SPDX-License-Identifier: Apache-2.0
 *
 * A profile's pictures: when it calls, today beside that, the last days, its
 * place among colleagues. Each says in words what it shows, so that nothing
 * rests on seeing shades. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "ui/heat.h"
#include "ui/panes/profile_parts.h"

#define LABEL	 12 /* columns before a picture */
#define FEW_DAYS 14 /* each day of the week once is no habit yet */
#define ENOUGH	 5  /* days that a day may be called unlike the others */

static const struct target nowhere = { TARGET_NONE, 0 };

const char *weekday_name(int weekday)
{
	static const char *const names[] = { N_("Monday"), N_("Tuesday"), N_("Wednesday"), N_("Thursday"), N_("Friday"),
		N_("Saturday"), N_("Sunday") };
	return _(names[weekday]);
}

const char *profile_mean(int64_t milli, char out[static SHORT_BYTES])
{
	int64_t tenths = (milli + 50) / 100;
	if (milli > 0 && tenths == 0)
		tenths = 1;
	if (tenths >= 100 || tenths % 10 == 0)
		snprintf(out, SHORT_BYTES, "%" PRId64, (tenths + 5) / 10);
	else
		snprintf(out, SHORT_BYTES, "%" PRId64 ".%" PRId64, tenths / 10, tenths % 10);
	return in_decimals(out);
}

static void picture(struct document *d, const char *label, enum role role, const struct text *text)
{
	if (d->plain) /* the words under it are the picture */
		return;
	document_line(d, nowhere);
	document_put(d, 1, LABEL - 1, ROLE_DIM, label);
	document_put(d, LABEL, -1, role, text_string(text));
}

static void hour_axis(struct document *d, int wide)
{
	if (d->plain)
		return;
	document_line(d, nowhere);
	for (int hour = 0; hour < 24; hour += wide > 1 ? 3 : 6)
		document_printf(d, LABEL + hour * wide, 3, ROLE_DIM, "%d", hour);
}

static int hour_width(const struct document *d)
{
	return d->width >= 110 ? 3 : d->width >= PROFILE_NARROW ? 2 : 1;
}

/* ---- hours of the week --------------------------------------------------------------- */

struct week {
	int64_t mean[7][24]; /* thousandths */
	int64_t most;
	int weekday, hour;   /* of the most */
};

static void week_of(const struct profile *p, struct week *week)
{
	*week = (struct week){ 0 };
	for (int weekday = 0; weekday < 7; weekday++) {
		for (int hour = 0; hour < 24; hour++) {
			int64_t n = p->weekdays[weekday];
			int64_t milli = n > 0 ? p->by_hour[weekday][hour] * 1000 / n : 0;
			week->mean[weekday][hour] = milli;
			if (milli > week->most) {
				week->most = milli;
				week->weekday = weekday;
				week->hour = hour;
			}
		}
	}
}

static void legend(const struct profile_page *page, const struct week *week)
{
	struct text text = { 0 };
	char number[SHORT_BYTES];
	bool narrow = page->document->width < PROFILE_NARROW;
	if (!narrow) {
		heat_sign(&text, 0, page->ascii);
		text_printf(&text, " %s", _("no call"));
	}
	int last = page->ascii ? 9 : HEAT_SHADES;
	for (int k = page->ascii ? last : 1; k <= last; k++) {
		text_puts(&text, text.n > 0 ? "  " : "");
		if (page->ascii)
			text_puts(&text, "1\u2013");
		heat_sign(&text, k, page->ascii);
		text_printf(&text, " \u2264 %s", profile_mean(heat_limit(week->most, k, page->ascii), number));
	}
	text_printf(&text, "  %s", _("calls an hour"));
	document_line(page->document, nowhere);
	document_wrap(page->document, page->document->width >= 110 ? LABEL : narrow ? 1 : 4, ROLE_DIM, text_string(&text));
	text_clear(&text);
}

/* What the map shows, for who cannot see it. */
static void week_in_words(const struct profile_page *page, const struct week *week)
{
	const struct profile *p = page->profile;
	struct text text = { 0 };
	char number[SHORT_BYTES];
	text_printf(&text, _("busiest: %s %d\u2013%d, %s calls"), weekday_name(week->weekday), week->hour,
	    week->hour + 1, profile_mean(week->most, number));
	const char *before = _("; never ");
	for (int weekday = 0; weekday < 7; weekday++) {
		int64_t n = 0;
		for (int hour = 0; hour < 24; hour++)
			n += p->by_hour[weekday][hour];
		if (n > 0 || p->weekdays[weekday] == 0)
			continue;
		text_printf(&text, "%s%s", before, weekday_name(weekday));
		before = ", ";
	}
	text_printf(&text, ngettext("; last %d day", "; last %d days", (unsigned long)p->known_days), p->known_days);
	document_line(page->document, nowhere);
	document_wrap(page->document, 1, ROLE_TEXT, text_string(&text));
	text_clear(&text);
}

void profile_hours(const struct profile_page *page)
{
	static const char *const names[] = { N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"), N_("Fri"), N_("Sat"), N_("Sun") };
	struct document *d = page->document;
	const struct profile *p = page->profile;
	struct week week;
	document_heading(d, _("When: calls by hour and day of the week"));
	if (p->known_days == 0) {
		document_line(d, nowhere);
		document_put(d, 1, -1, ROLE_WARN, _("first met today: there is nothing to compare it with"));
	} else if (p->known_days < FEW_DAYS) {
		document_line(d, nowhere);
		document_printf(d, 1, -1, ROLE_WARN, ngettext("%d day of records: little to go by", "%d days of records: little to go by",
		    (unsigned long)p->known_days), p->known_days);
	}
	week_of(p, &week);
	if (week.most == 0) {
		document_line(d, nowhere);
		if (p->known_days > 0)
			document_printf(d, 1, -1, ROLE_DIM, ngettext("no call in the last %d day", "no call in the last %d days",
			    (unsigned long)p->known_days), p->known_days);
		return;
	}
	int wide = hour_width(d);
	hour_axis(d, wide);
	for (int weekday = 0; weekday < 7; weekday++) {
		struct text text = { 0 };
		heat_row(&text, week.mean[weekday], 24, week.most, wide, page->ascii);
		if (p->weekdays[weekday] == 0) {
			text_reset(&text);
			text_puts(&text, _("not yet seen"));
		}
		picture(d, _(names[weekday]), ROLE_CHART, &text);
		text_clear(&text);
	}
	if (!d->plain)
		legend(page, &week);
	week_in_words(page, &week);
}

/* ---- today ------------------------------------------------------------------------------ */

void profile_today(const struct profile_page *page)
{
	struct document *d = page->document;
	const struct profile *p = page->profile;
	int64_t milli[24], most = 1, so_far = 0, by_now = 0, all_day = 0;
	char heading[LONG_BYTES], until[SHORT_BYTES], whole[SHORT_BYTES];
	int wide = hour_width(d);
	for (int hour = 0; hour < 24; hour++) {
		milli[hour] = p->today[hour] * 1000;
		most = MAX(most, MAX(milli[hour], p->usual_milli[hour]));
		so_far += p->today[hour];
		by_now += hour <= p->hour ? p->usual_milli[hour] : 0;
		all_day += p->usual_milli[hour];
	}
	snprintf(heading, sizeof heading, p->past ? _("The last day of records, %s, beside the usual") : _("Today, %s, beside the usual"),
	    weekday_name(p->weekday));
	document_heading(d, heading);
	bool compared = p->weekdays[p->weekday] > 0;
	struct text text = { 0 };
	hour_axis(d, wide);
	if (compared) {
		heat_bars(&text, p->usual_milli, 24, most, wide, page->ascii);
		picture(d, _("usual"), ROLE_CHART, &text);
		text_reset(&text);
	}
	/* Hours that are still to come show nothing rather than no calls. */
	heat_bars(&text, milli, (size_t)p->hour + 1, most, wide, page->ascii);
	picture(d, p->past ? _("that day") : _("today"), ROLE_CHART_NOW, &text);
	text_reset(&text);
	text_printf(&text, p->past ? ngettext("%d call on that day", "%d calls on that day", (unsigned long)so_far) :
	    ngettext("%d call today", "%d calls today", (unsigned long)so_far), (int)so_far);
	if (compared)
		text_printf(&text, _("; usual until %02d:00: %s, in the whole day: %s"), p->hour + 1, profile_mean(by_now, until),
		    profile_mean(all_day, whole));
	else
		text_printf(&text, _("; what is usual on a %s is not known yet"), weekday_name(p->weekday));
	bool more = compared && so_far * 1000 > 2 * by_now + 2000;
	document_line(d, nowhere);
	document_wrap(d, 1, more ? ROLE_WARN : ROLE_TEXT, text_string(&text));
	text_clear(&text);
}

/* ---- the last days ---------------------------------------------------------------------- */

enum { ROW_CALLS, ROW_MINUTES, ROW_ABROAD, ROW_COST, N_ROWS };

static const char *const row_labels[N_ROWS] = { N_("calls"), N_("minutes"), N_("abroad"), N_("\u2248 USD") };

/* One of those rows, and whether its last day is unlike the others. */
struct days_row {
	int row;
	int64_t values[PROFILE_RECENT], most, today, total; /* total: of the days before today */
	int before;					    /* how many they are */
	bool unlike;
};

static void days_row(const struct profile *p, int row, struct days_row *out)
{
	/* Which calls went abroad is known of those that were read. */
	*out = (struct days_row){ .row = row, .before = MIN(row == ROW_ABROAD ? p->counted_days : p->known_days, PROFILE_RECENT - 1) };
	for (int i = 0; i < PROFILE_RECENT; i++) {
		const struct profile_day *day = &p->days[i];
		const int64_t counts[N_ROWS] = { [ROW_CALLS] = day->n_calls, [ROW_MINUTES] = (day->talk_s + 30) / 60,
			[ROW_ABROAD] = day->n_abroad, [ROW_COST] = day->cost_micro };
		out->values[i] = counts[row];
		out->most = MAX(out->most, counts[row]);
		out->total += i + 1 < PROFILE_RECENT ? counts[row] : 0;
	}
	out->today = out->values[PROFILE_RECENT - 1];
	out->unlike = out->before >= ENOUGH && out->today > 0 && out->today >= out->most && out->today * out->before > 3 * out->total;
}

static const char *amount(int row, int64_t value, char out[static SHORT_BYTES])
{
	return row == ROW_COST ? format_money(value, out) : format_count(value, out);
}

static const char *days_mean(const struct days_row *r, char out[static SHORT_BYTES])
{
	if (r->before == 0)
		return "-";
	return r->row == ROW_COST ? format_money(r->total / r->before, out) : profile_mean(r->total * 1000 / r->before, out);
}

void profile_summary(const struct profile_page *page)
{
	static const int rows[] = { ROW_CALLS, ROW_ABROAD, ROW_COST };
	const struct profile *p = page->profile;
	struct text text = { 0 };
	char number[SHORT_BYTES];
	bool unlike = false;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct days_row r;
		days_row(p, rows[i], &r);
		unlike |= r.unlike;
		text_printf(&text, "%s%s %s%s", i > 0 ? " \u00B7 " : "", _(row_labels[rows[i]]), amount(rows[i], r.today, number),
		    r.unlike ? "!" : "");
		bool room = rows[i] != ROW_COST || page->document->width >= 100;
		if (r.before > 0 && room)
			text_printf(&text, i == 0 ? _(" (usual %s)") : " (%s)", days_mean(&r, number));
	}
	document_line(page->document, nowhere);
	document_put(page->document, 1, 12, ROLE_DIM, p->past ? _("that day") : _("today"));
	document_wrap(page->document, 14, unlike ? ROLE_WARN : ROLE_TEXT, text_string(&text));
	text_clear(&text);
	profile_changes(page);
	if (!p->cut)
		return;
	/* Days that were not read are not days without calls. */
	document_line(page->document, nowhere);
	if (p->counted_days == 0)
		text_puts(&text, p->kind == SUBJECT_SITE ? _("very many calls: who stands out, abroad and countries are of today alone") :
		    _("very many calls: all that follows is of today alone"));
	else
		text_printf(&text, p->kind == SUBJECT_SITE ? ngettext("very many calls: who stands out, abroad and countries are of the last %d day", "very many calls: who stands out, abroad and countries are of the last %d days", (unsigned long)p->counted_days) :
	    ngettext("very many calls: all that follows is of the last %d day and today", "very many calls: all that follows is of the last %d days and today", (unsigned long)p->counted_days), p->counted_days);
	document_wrap(page->document, 1, ROLE_WARN, text_string(&text));
	text_clear(&text);
}

static int day_width(const struct document *d)
{
	return d->width >= PROFILE_NARROW ? 2 : 1;
}

static void day_axis(const struct profile_page *page, int numbers)
{
	const char *letters = _("MTWTFSS"); /* Monday to Sunday, a letter each */
	struct document *d = page->document;
	document_line(d, nowhere);
	for (int i = 0; i < PROFILE_RECENT; i++) {
		int weekday = (page->profile->weekday + 7 * PROFILE_RECENT - (PROFILE_RECENT - 1 - i)) % 7;
		document_printf(d, LABEL + day_width(d) * i, 1, ROLE_DIM, "%c", letters[weekday]);
	}
	const char *const titles[] = { page->profile->past ? _("that day") : _("today"), _("mean"), _("most") };
	for (int i = 0; i < (d->width >= PROFILE_NARROW ? 3 : 1); i++)
		document_printf(d, numbers + 10 * i + MAX(9 - text_width(titles[i]), 0), -1, ROLE_DIM, "%s", titles[i]);
}

static void day_in_words(const struct profile_page *page, const struct days_row *r)
{
	char today[SHORT_BYTES], mean[SHORT_BYTES], most[SHORT_BYTES];
	document_line(page->document, nowhere);
	document_printf(page->document, 1, -1, r->unlike ? ROLE_WARN : ROLE_TEXT, "%s: %s %s%s, %s %s, %s %s", _(row_labels[r->row]),
	    page->profile->past ? _("that day") : _("today"), amount(r->row, r->today, today), r->unlike ? "!" : "",
	    _("mean"), days_mean(r, mean), _("most"), amount(r->row, r->most, most));
}

void profile_days(const struct profile_page *page)
{
	struct document *d = page->document;
	int numbers = LABEL + day_width(d) * PROFILE_RECENT;
	document_heading(d, _("The last 14 days"));
	if (!d->plain)
		day_axis(page, numbers);
	for (int row = 0; row < N_ROWS; row++) {
		struct days_row r;
		struct text text = { 0 };
		char number[SHORT_BYTES];
		days_row(page->profile, row, &r);
		if (d->plain) {
			day_in_words(page, &r);
			continue;
		}
		heat_bars(&text, r.values, PROFILE_RECENT, r.most, day_width(d), page->ascii);
		document_line(d, nowhere);
		document_put(d, 1, LABEL - 1, ROLE_DIM, _(row_labels[row]));
		document_put(d, LABEL, -1, ROLE_CHART, text_string(&text));
		text_clear(&text);
		document_printf(d, numbers, 10, r.unlike ? ROLE_WARN : ROLE_STRONG, "%9s%s", amount(row, r.today, number), r.unlike ? "!" : "");
		if (d->width < PROFILE_NARROW)
			continue;
		document_printf(d, numbers + 10, 9, ROLE_TEXT, "%9s", days_mean(&r, number));
		document_printf(d, numbers + 20, 9, ROLE_TEXT, "%9s", amount(row, r.most, number));
	}
}

/* ---- colleagues ------------------------------------------------------------------------- */

#define BUCKET 5 /* columns */

static void histogram(const struct profile_page *page, const struct profile_peers *peers)
{
	struct document *d = page->document;
	struct text text = { 0 };
	int64_t most = 0;
	for (int i = 0; i < PROFILE_BUCKETS; i++)
		most = MAX(most, peers->buckets[i]);
	heat_bars(&text, peers->buckets, PROFILE_BUCKETS, most, BUCKET, page->ascii);
	picture(d, "", ROLE_CHART, &text);
	text_clear(&text);
	document_line(d, nowhere);
	document_put(d, 1, LABEL - 1, ROLE_DIM, _("people"));
	for (int i = 0; i < PROFILE_BUCKETS; i++)
		if (peers->buckets[i] > 0)
			document_printf(d, LABEL + i * BUCKET, BUCKET, i == peers->own_bucket ? ROLE_STRONG : ROLE_TEXT, "%" PRId64,
			    peers->buckets[i]);
	document_line(d, nowhere);
	document_put(d, 1, LABEL - 1, ROLE_DIM, _("calls"));
	for (int i = 0; i < PROFILE_BUCKETS; i += 3)
		document_printf(d, LABEL + i * BUCKET, 2 * BUCKET, ROLE_DIM, "%" PRId64 "+",
		    (i * (peers->most + 1) + PROFILE_BUCKETS - 1) / PROFILE_BUCKETS);
	document_line(d, nowhere);
	document_printf(d, LABEL + peers->own_bucket * BUCKET, -1, ROLE_CHART_NOW, "\u25B2 %" PRId64, peers->own);
}

void profile_peers(const struct profile_page *page)
{
	const struct profile *p = page->profile;
	struct document *d = page->document;
	if (p->kind != SUBJECT_PERSON || *p->site == '\0')
		return;
	/* Who calls abroad is compared by that: it is what costs. */
	bool abroad = p->abroad.own > 0;
	const struct profile_peers *peers = abroad ? &p->abroad : &p->calls;
	char heading[2 * LONG_BYTES];
	snprintf(heading, sizeof heading, abroad ? _("Among colleagues of %s: calls abroad") : _("Among colleagues of %s: calls"), p->site);
	document_heading(d, heading);
	if (peers->n == 0) {
		document_line(d, nowhere);
		document_put(d, 1, -1, ROLE_DIM, _("no colleague has called in these days"));
		return;
	}
	if (peers->most > 0 && d->width >= PROFILE_NARROW && !d->plain) /* the sentence under it says as much */
		histogram(page, peers);
	struct text text = { 0 };
	if (peers->n_below == peers->n)
		text_printf(&text, abroad ? ngettext("more calls abroad than the other %d colleague", "more calls abroad than all other %d colleagues", peers->n) :
		    ngettext("more calls than the other %d colleague", "more calls than all other %d colleagues", peers->n), (int)peers->n);
	else
		text_printf(&text, abroad ? ngettext("more calls abroad than %d %% of %d colleague", "more calls abroad than %d %% of %d colleagues", peers->n) :
		    ngettext("more calls than %d %% of %d colleague", "more calls than %d %% of %d colleagues", peers->n),
		    (int)(100 * peers->n_below / peers->n), (int)peers->n);
	text_printf(&text, ngettext("; last %d day", "; last %d days", (unsigned long)peers->days), peers->days);
	document_line(d, nowhere);
	document_wrap(d, 1, ROLE_TEXT, text_string(&text));
	text_clear(&text);
}
