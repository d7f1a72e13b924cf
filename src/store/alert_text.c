/* SPDX-License-Identifier: Apache-2.0 */
#include "store/alert_text.h"

#include <string.h>

#include "base/i18n.h"
#include "base/iso_time.h"
#include "base/json.h"
#include "base/mask.h"

struct writer {
	struct text *out;
	bool masked;
};

/* A literal, with its length known. */
#define PUT(w, literal) text_add((w)->out, literal, sizeof(literal) - 1)

static void put_number(struct writer *w, int64_t n)
{
	char digits[24], *p = digits + sizeof digits;
	uint64_t left = n < 0 ? 0 - (uint64_t)n : (uint64_t)n;
	do
		*--p = (char)('0' + left % 10);
	while ((left /= 10) > 0);
	if (n < 0)
		*--p = '-';
	text_add(w->out, p, (size_t)(digits + sizeof digits - p));
}

/* In most texts nothing has to be escaped. */
static void put_quoted(struct writer *w, const char *text)
{
	size_t n = 0;
	while ((unsigned char)text[n] >= 0x20 && (unsigned char)text[n] < 0x7F && text[n] != '"' && text[n] != '\\')
		n++;
	if (text[n] != '\0') {
		json_quote(w->out, text);
		return;
	}
	PUT(w, "\"");
	text_add(w->out, text, n);
	PUT(w, "\"");
}

static void put_text(struct writer *w, const char *text)
{
	struct text masked = { 0 };
	if (text == NULL)
		text = "";
	if (w->masked) {
		mask_text(text, &masked);
		text = text_string(&masked);
	}
	put_quoted(w, text);
	text_clear(&masked);
}

static void put_time(struct writer *w, int64_t ms)
{
	char text[ISO_TIME_BYTES];
	if (ms == 0) {
		PUT(w, "null");
		return;
	}
	PUT(w, "\"");
	text_puts(w->out, iso_time_format(ms, text));
	PUT(w, "\"");
}

/* Millionths as a number: no digit more than there are, one behind the point at least. */
static void put_micro(struct writer *w, int64_t micro)
{
	uint64_t left = micro < 0 ? 0 - (uint64_t)micro : (uint64_t)micro;
	char fraction[6];
	size_t n = sizeof fraction;
	if (micro < 0)
		PUT(w, "-");
	put_number(w, (int64_t)(left / 1000000));
	left %= 1000000;
	for (size_t i = sizeof fraction; i-- > 0; left /= 10)
		fraction[i] = (char)('0' + left % 10);
	while (n > 1 && fraction[n - 1] == '0')
		n--;
	PUT(w, ".");
	text_add(w->out, fraction, n);
}

static void put_tags(struct writer *w, const char *words)
{
	bool first = true;
	PUT(w, "[");
	for (size_t n; words != NULL && *(words += strspn(words, " ")) != '\0'; words += n) {
		char word[200];
		n = strcspn(words, " ");
		size_t kept = n < sizeof word ? n : sizeof word - 1;
		memcpy(word, words, kept);
		word[kept] = '\0';
		if (!first)
			PUT(w, ",");
		first = false;
		put_text(w, word);
	}
	PUT(w, "]");
}

static void put_reasons(struct writer *w, const struct alert *a, bool es)
{
	PUT(w, "[");
	for (size_t i = 0; i < a->n_reasons; i++) {
		const struct reason *r = &a->reasons[i];
		if (i > 0)
			PUT(w, ",");
		PUT(w, "{\"fact\":");
		put_text(w, r->fact);
		PUT(w, ",\"value\":");
		put_text(w, r->value);
		PUT(w, ",\"expected\":");
		put_text(w, r->expected);
		PUT(w, ",\"points\":");
		put_number(w, r->points);
		PUT(w, ",\"text\":");
		put_text(w, es ? r->text_es : r->text_en);
		PUT(w, "}");
	}
	PUT(w, "]");
}

static void put_number_or_null(struct writer *w, int64_t n)
{
	if (n == 0)
		PUT(w, "null");
	else
		put_number(w, n);
}

static void put_what(struct writer *w, const struct alert *a, const char *status, bool es)
{
	PUT(w, "{\"id\":");
	put_number(w, a->id);
	PUT(w, ",\"case\":");
	put_number(w, a->case_id);
	PUT(w, ",\"rule\":");
	put_text(w, a->rule);
	PUT(w, ",\"title\":");
	put_text(w, es ? a->title_es : a->title_en);
	PUT(w, ",\"severity\":");
	put_quoted(w, severity_name(a->severity));
	PUT(w, ",\"score\":");
	put_number(w, a->score);
	PUT(w, ",\"state\":");
	put_quoted(w, alert_state_name(a->state));
	PUT(w, ",\"status\":");
	put_quoted(w, status);
	PUT(w, ",\"resolution\":");
	if (a->resolution == RESOLUTION_NONE)
		PUT(w, "null");
	else
		put_quoted(w, resolution_name(a->resolution));
	PUT(w, ",\"subject\":{\"kind\":");
	put_quoted(w, subject_kind_name(a->subject_kind));
	PUT(w, ",\"id\":");
	put_text(w, a->subject_id);
	PUT(w, ",\"name\":");
	put_text(w, a->subject_name);
	PUT(w, "},\"location\":");
	put_text(w, a->location);
}

static void put_when(struct writer *w, const struct alert *a)
{
	PUT(w, ",\"first_time\":");
	put_time(w, a->first_ms);
	PUT(w, ",\"last_time\":");
	put_time(w, a->last_ms);
	PUT(w, ",\"raised_time\":");
	put_time(w, a->raised_ms);
	PUT(w, ",\"acknowledged_time\":");
	put_time(w, a->acknowledged_ms);
	PUT(w, ",\"closed_time\":");
	put_time(w, a->closed_ms);
	PUT(w, ",\"snoozed_until\":");
	put_time(w, a->snooze_until_ms);
}

void alert_text_put(struct text *out, const struct alert *a, const char *status, bool masked)
{
	struct writer writer = { out, masked }, *w = &writer;
	bool es = strcmp(i18n_language(), "es") == 0;
	put_what(w, a, status, es);
	put_when(w, a);
	PUT(w, ",\"count\":");
	put_number(w, a->count);
	PUT(w, ",\"reasons\":");
	put_reasons(w, a, es);
	PUT(w, ",\"cost\":{\"amount\":");
	put_micro(w, a->cost_micro);
	PUT(w, ",\"currency\":\"USD\",\"per_hour\":");
	put_micro(w, a->cost_per_hour_micro);
	PUT(w, ",\"estimate\":true},\"assignee\":");
	if (*a->assignee == '\0')
		PUT(w, "null");
	else
		put_text(w, a->assignee);
	PUT(w, ",\"tags\":");
	put_tags(w, a->tags);
	PUT(w, ",\"duplicate_of\":");
	put_number_or_null(w, a->merged_into);
	PUT(w, ",\"notes\":");
	put_number(w, a->n_notes);
	PUT(w, ",\"silenced_until\":");
	put_time(w, a->silence_until_ms);
	PUT(w, ",\"kept_back\":");
	put_number(w, a->kept_back);
	PUT(w, ",\"revision\":");
	put_number(w, a->revision);
	PUT(w, "}");
}
