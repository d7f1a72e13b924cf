/* SPDX-License-Identifier: Apache-2.0 */
#include "notify/card.h"

#include <string.h>

#include "base/cut.h"
#include "base/json.h"
#include "base/markdown.h"
#include "store/row_json.h"

/* Teams says that it takes 28 kB, and has been seen to refuse from 21 000 bytes on: with the most lines
 * there may be, all of them of signs that are escaped, or of marks that take no column, a card stays below. */
#define VALUE_COLUMNS 500
#define VALUE_BYTES   1000

/* A TextBlock and a fact read a part of Markdown: bold, links, lists; and a card has
 * functions of its own, "{{DATE(…)}}". What would begin one is escaped, and a list
 * only begins a line. */
static json_t *plain(const char *text)
{
	struct text out = { 0 };
	const char *all = text, *end = text + cut_whole(text, MIN(text_fit(text, VALUE_COLUMNS, NULL), (size_t)VALUE_BYTES));
	if (strchr("-+#>", *text) != NULL && *text != '\0')
		text_putc(&out, '\\');
	for (; text < end; text++) {
		if (strchr("\\*_[]`~<{", *text) != NULL || markdown_begins_link(all, text))
			text_putc(&out, '\\');
		text_putc(&out, *text);
	}
	json_t *value = json_text(text_string(&out));
	text_clear(&out);
	return value;
}

static const char *colour_of(enum severity severity)
{
	static const char *const colours[] = { [SEVERITY_LOW] = "default", [SEVERITY_MEDIUM] = "warning", [SEVERITY_HIGH] = "warning", [SEVERITY_CRITICAL] = "attention" };
	return colours[severity];
}

json_t *card_make(const struct say *say)
{
	json_t *body = json_array(), *facts = json_array();
	json_array_append_new(body, json_pack("{s:s, s:o, s:s, s:s, s:b, s:s}", "type", "TextBlock", "text", plain(say->headline), "weight", "bolder", "size", "medium",
	    "wrap", true, "color", colour_of(say->severity)));
	for (size_t i = 0; i < say->n; i++) {
		/* A fact needs a title; a line that goes on has a blank one. */
		json_array_append_new(facts, json_pack("{s:o, s:o}", "title", *say->lines[i].label != '\0' ? plain(say->lines[i].label) : json_string(" "), "value",
		    plain(say->lines[i].value)));
	}
	if (say->n > 0)
		json_array_append_new(body, json_pack("{s:s, s:o}", "type", "FactSet", "facts", facts));
	else
		json_decref(facts);
	json_array_append_new(body, json_pack("{s:s, s:o, s:b, s:b, s:s}", "type", "TextBlock", "text", plain(say->foot), "isSubtle", true, "wrap", true, "size", "small"));
	return json_pack("{s:s, s:s, s:s, s:o}", "$schema", "http://adaptivecards.io/schemas/adaptive-card.json", "type", "AdaptiveCard", "version", "1.3", "body", body);
}
