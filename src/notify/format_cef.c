/* SPDX-License-Identifier: Apache-2.0
 *
 * CEF:0|vendor|product|version|signature|name|severity|key=value … In the header
 * a pipe and a backslash are escaped, in a value an equals sign and a backslash;
 * no control byte is left by then (veil.h). */
#include <string.h>

#include "base/cut.h"
#include "notify/format.h"
#include "notify/words.h"

/* How long ArcSight's dictionary lets a value be, of which a receiver may take bytes for letters: an
 * act or an outcome, most texts, cs1 to cs6; and in its table the header's two texts. */
#define WORD	  63
#define TEXT	  1023
#define CUSTOM	  4000
#define SIGNATURE 1023
#define NAME	  512

static void put_header(struct text *out, const char *value, size_t most)
{
	for (const char *end = value + cut_whole(value, most); value < end; value++) {
		if (*value == '|' || *value == '\\')
			text_putc(out, '\\');
		text_putc(out, *value);
	}
	text_putc(out, '|');
}

static void put(struct text *out, const char *key, const char *value, size_t most)
{
	if (value == NULL || *value == '\0')
		return;
	text_printf(out, " %s=", key);
	for (const char *end = value + cut_whole(value, most); value < end; value++) {
		if (*value == '=' || *value == '\\')
			text_putc(out, '\\');
		text_putc(out, *value);
	}
}

static void put_int(struct text *out, const char *key, int64_t value)
{
	char text[24];
	snprintf(text, sizeof text, "%lld", (long long)value);
	put(out, key, text, sizeof text);
}

static void put_labelled(struct text *out, int n, const char *label, const char *value)
{
	char key[16];
	if (value == NULL || *value == '\0')
		return;
	snprintf(key, sizeof key, "cs%d", n);
	put(out, key, value, CUSTOM);
	snprintf(key, sizeof key, "cs%dLabel", n);
	put(out, key, label, TEXT);
}

void format_cef(const struct destination *to, const struct telling *telling, struct text *out)
{
	/* 0-3 low, 4-6 medium, 7-8 high, 9-10 very high */
	static const char *const severities[] = { [SEVERITY_LOW] = "3", [SEVERITY_MEDIUM] = "6", [SEVERITY_HIGH] = "8", [SEVERITY_CRITICAL] = "10" };
	const struct notice *n = &telling->notices[0];
	const struct alert *a = &n->alert;
	text_puts(out, "CEF:0|Centinela|Centinela|" CENTINELA_VERSION "|");
	put_header(out, *a->rule != '\0' ? a->rule : "none", SIGNATURE);
	put_header(out, to->es ? a->title_es : a->title_en, NAME);
	put_header(out, severities[a->severity], 2);
	text_printf(out, "rt=%lld", (long long)n->at_ms); /* the first of them, which has no space before it */
	put_int(out, "start", a->first_ms);
	put_int(out, "end", a->last_ms);
	put_int(out, "externalId", a->id);
	put(out, "cat", telling->test ? "test" : notice_kind_name(n->kind), TEXT);
	put(out, "act", n->act, WORD);
	put(out, "outcome", a->resolution != RESOLUTION_NONE ? resolution_name(a->resolution) : alert_state_name(a->state), WORD);
	put(out, "suid", a->subject_id, TEXT);
	put(out, "suser", a->subject_name, TEXT);
	put(out, "reason", to->es ? a->why_es : a->why_en, TEXT);
	put_int(out, "cnt", a->count);
	put_labelled(out, 1, "site", a->location);
	put_labelled(out, 2, "subjectKind", subject_kind_name(a->subject_kind));
	put_labelled(out, 3, "actor", n->who);
	put_labelled(out, 4, "tags", a->tags);
	put_labelled(out, 5, "messageId", telling->key);
	put_int(out, "cn1", a->score);
	put(out, "cn1Label", "score", TEXT);
	put_int(out, "cn2", a->case_id);
	put(out, "cn2Label", "case", TEXT);
}
