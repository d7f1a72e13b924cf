/* SPDX-License-Identifier: Apache-2.0
 *
 * Slack, by an incoming webhook: blocks of plain text, in which nothing is read as a
 * link or a mention. The text for notifications is read, so &, < and > are escaped. */
#include <string.h>

#include "base/cut.h"
#include "base/i18n.h"
#include "base/json.h"
#include "notify/say.h"
#include "store/row_json.h"

/* Slack's limits: a header has 150 characters, a section 3000; we stay far below. */
#define HEADER_COLUMNS	140
#define SECTION_COLUMNS 600

static json_t *plain(const char *label, const char *text, int columns)
{
	struct text out = { 0 };
	text_printf(&out, "%s%s", label, *label != '\0' ? ": " : "");
	/* Slack counts letters, and a mark that combines is one that takes no column. */
	text_add(&out, text, MIN(text_fit(text, columns, NULL), cut_points(text, (size_t)columns)));
	json_t *value = json_pack("{s:s, s:o, s:b}", "type", "plain_text", "text", json_text(text_string(&out)), "emoji", false);
	text_clear(&out);
	return value;
}

static json_t *escaped(const char *text)
{
	struct text out = { 0 };
	for (const char *end = text + cut_points(text, SECTION_COLUMNS); text < end; text++) {
		switch (*text) {
		case '&': text_puts(&out, "&amp;"); break;
		case '<': text_puts(&out, "&lt;"); break;
		case '>': text_puts(&out, "&gt;"); break;
		default: text_putc(&out, *text);
		}
	}
	json_t *value = json_text(text_string(&out));
	text_clear(&out);
	return value;
}

static void write_slack(const struct destination *to, const struct telling *telling, struct text *body)
{
	struct arena arena;
	struct say say;
	arena_init(&arena);
	say_make(to, telling, &arena, &say);
	json_t *blocks = json_array();
	json_array_append_new(blocks, json_pack("{s:s, s:o}", "type", "header", "text", plain("", say.headline, HEADER_COLUMNS)));
	for (size_t i = 0; i < say.n; i++)
		json_array_append_new(blocks, json_pack("{s:s, s:o}", "type", "section", "text", plain(say.lines[i].label, say.lines[i].value, SECTION_COLUMNS)));
	json_array_append_new(blocks, json_pack("{s:s, s:[o]}", "type", "context", "elements", plain("", say.foot, SECTION_COLUMNS)));
	json_t *message = json_pack("{s:o, s:o, s:b, s:b}", "text", escaped(say.headline), "blocks", blocks, "unfurl_links", false, "unfurl_media", false);
	put_json(body, message);
	arena_clear(&arena);
}

const struct notify_kind notify_slack = {
	.name = "slack", .help = N_("a Slack channel, by an incoming webhook"),
	.needs = { "url" }, .way = WAY_HTTP, .url_is_secret = true, .for_people = true, .at_once = 1,
	.write = write_slack, .pack = pack_post,
};
