/* SPDX-License-Identifier: Apache-2.0
 *
 * CEF:0|vendor|product|version|signature|name|severity|key=value … In the header
 * a pipe and a backslash are escaped, in a value an equals sign and a backslash;
 * no control byte is left by then (veil.h). */
#include <string.h>

#include "notify/format.h"
#include "notify/words.h"

static void put_header(struct text *out, const char *value)
{
	for (; *value != '\0'; value++) {
		if (*value == '|' || *value == '\\')
			text_putc(out, '\\');
		text_putc(out, *value);
	}
	text_putc(out, '|');
}

static void put(struct text *out, const char *key, const char *value)
{
	if (value == NULL || *value == '\0')
		return;
	text_printf(out, "%s%s=", out->bytes[out->n - 1] == '|' ? "" : " ", key);
	for (; *value != '\0'; value++) {
		if (*value == '=' || *value == '\\')
			text_putc(out, '\\');
		text_putc(out, *value);
	}
}

static void put_int(struct text *out, const char *key, int64_t value)
{
	char text[24];
	snprintf(text, sizeof text, "%lld", (long long)value);
	put(out, key, text);
}

static void put_labelled(struct text *out, int n, const char *label, const char *value)
{
	char key[16];
	if (value == NULL || *value == '\0')
		return;
	snprintf(key, sizeof key, "cs%d", n);
	put(out, key, value);
	snprintf(key, sizeof key, "cs%dLabel", n);
	put(out, key, label);
}

void format_cef(const struct destination *to, const struct telling *telling, struct text *out)
{
	/* 0-3 low, 4-6 medium, 7-8 high, 9-10 very high */
	static const char *const severities[] = { [SEVERITY_LOW] = "3", [SEVERITY_MEDIUM] = "6", [SEVERITY_HIGH] = "8", [SEVERITY_CRITICAL] = "10" };
	const struct notice *n = &telling->notices[0];
	const struct alert *a = &n->alert;
	text_puts(out, "CEF:0|Centinela|Centinela|" CENTINELA_VERSION "|");
	put_header(out, *a->rule != '\0' ? a->rule : "none");
	put_header(out, to->es ? a->title_es : a->title_en);
	put_header(out, severities[a->severity]);
	put_int(out, "rt", n->at_ms);
	put_int(out, "start", a->first_ms);
	put_int(out, "end", a->last_ms);
	put_int(out, "externalId", a->id);
	put(out, "cat", telling->test ? "test" : notice_kind_name(n->kind));
	put(out, "act", n->act);
	put(out, "outcome", a->resolution != RESOLUTION_NONE ? resolution_name(a->resolution) : alert_state_name(a->state));
	put(out, "suid", a->subject_id);
	put(out, "suser", a->subject_name);
	put(out, "reason", to->es ? a->why_es : a->why_en);
	put_int(out, "cnt", a->count);
	put_labelled(out, 1, "site", a->location);
	put_labelled(out, 2, "subjectKind", subject_kind_name(a->subject_kind));
	put_labelled(out, 3, "actor", n->who);
	put_labelled(out, 4, "tags", a->tags);
	put_labelled(out, 5, "messageId", telling->key);
	put_int(out, "cn1", a->score);
	put(out, "cn1Label", "score");
	put_int(out, "cn2", a->case_id);
	put(out, "cn2Label", "case");
}
