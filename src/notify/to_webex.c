/* SPDX-License-Identifier: Apache-2.0
 *
 * A Webex room, by a bot's token: one alert is a card, with the same in Markdown for
 * clients without cards; many are Markdown alone, because a message with a card
 * cannot be edited. And the incoming webhook, which has no cards. */
#include <stdlib.h>
#include <string.h>

#include "base/cut.h"
#include "base/i18n.h"
#include "base/json.h"
#include "base/markdown.h"
#include "base/mem.h"
#include "net/url.h"
#include "notify/card.h"
#include "store/row_json.h"
#include "webex/retry_after.h"

/* Bytes of a message's Markdown (Webex, POST /v1/messages: 7439), and how many the last line may
 * have: twice what it had where all of it is escaped. */
#define MOST_BYTES   7400
#define FOOT_BYTES   1200
#define LINE_COLUMNS 400

static void put_cut(struct text *out, const char *text, int columns)
{
	size_t n = cut_whole(text, MIN(text_fit(text, columns, NULL), 3 * (size_t)columns)); /* marks that combine take no column */
	char *cut = mem_strndup(text, n);
	markdown_puts(out, cut);
	free(cut);
}

static void markdown_of(const struct say *say, struct text *out)
{
	text_puts(out, "**");
	put_cut(out, say->headline, LINE_COLUMNS);
	text_puts(out, "**");
	for (size_t i = 0; i < say->n; i++) {
		struct text line = { 0 };
		if (*say->lines[i].label != '\0')
			text_printf(&line, "\n- **%s:** ", say->lines[i].label);
		else
			text_puts(&line, "\n  - ");
		put_cut(&line, say->lines[i].value, LINE_COLUMNS);
		/* A line too long for what is left is left out; a shorter one may follow. */
		if (out->n + line.n <= MOST_BYTES - FOOT_BYTES)
			text_add(out, text_string(&line), line.n);
		text_clear(&line);
	}
	text_puts(out, "\n\n");
	put_cut(out, say->foot, FOOT_BYTES / 3);
}

/* What both send; `say` lies in the arena, for a card. */
static json_t *message_of(const struct destination *to, const struct telling *telling, struct arena *arena, struct say *say)
{
	struct text markdown = { 0 };
	say_make(to, telling, arena, say);
	markdown_of(say, &markdown);
	json_t *message = json_pack("{s:o}", "markdown", json_text(text_string(&markdown)));
	text_clear(&markdown);
	return message;
}

static void write_room(const struct destination *to, const struct telling *telling, struct text *body)
{
	struct arena arena;
	struct say say;
	arena_init(&arena);
	json_t *message = message_of(to, telling, &arena, &say);
	json_object_set_new(message, "roomId", json_text(to->room));
	if (!telling->gathered)
		json_object_set_new(message, "attachments", json_pack("[{s:s, s:o}]", "contentType", "application/vnd.microsoft.card.adaptive", "content", card_make(&say)));
	if (*telling->thread_id != '\0')
		json_object_set_new(message, "parentId", json_text(telling->thread_id));
	put_json(body, message);
	arena_clear(&arena);
}

static bool pack_room(const struct destination *to, const struct secrets *secrets, const struct parcel *parcel, int64_t now_ms, struct wire *wire, struct fault *fault)
{
	UNUSED(now_ms);
	UNUSED(fault);
	bool edits = *parcel->remote_id != '\0';
	wire->method = edits ? "PUT" : "POST";
	text_printf(&wire->url, "%s/messages", to->api != NULL ? to->api : "https://webexapis.com/v1");
	if (edits) {
		text_putc(&wire->url, '/');
		url_encode(&wire->url, parcel->remote_id);
	}
	text_printf(wire_header(wire), "Authorization: Bearer %s", secrets->secret);
	text_puts(wire_header(wire), "Content-Type: application/json");
	return true;
}

static int heed_room(const struct http_response *response, char remote_id[200])
{
	json_t *answer;
	struct fault ignored;
	remote_id[0] = '\0';
	/* It has the message, whatever it says of it. */
	if (response->body == NULL || !json_parse(response->body, response->body_n, &answer, &ignored))
		return response->status;
	const char *id = json_str(answer, "id", "");
	if (strlen(id) < 200 && strspn(id, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_=") == strlen(id))
		snprintf(remote_id, 200, "%s", id);
	json_decref(answer);
	return response->status;
}

const struct notify_kind notify_webex = {
	.name = "webex", .help = N_("a Webex room, by a bot: a card for each alert, one message that grows for many"),
	.needs = { "room", "token" }, .takes = { "api" }, .way = WAY_HTTP, .for_people = true, .grows = true, .at_once = 1,
	.write = write_room, .pack = pack_room, .heed = heed_room, .most_wait_ms = RETRY_AFTER_MOST_MS,
};

static void write_webhook(const struct destination *to, const struct telling *telling, struct text *body)
{
	struct arena arena;
	struct say say;
	arena_init(&arena);
	put_json(body, message_of(to, telling, &arena, &say));
	arena_clear(&arena);
}

const struct notify_kind notify_webex_webhook = {
	.name = "webex_webhook", .help = N_("a Webex room, by an incoming webhook: Markdown"),
	.needs = { "url" }, .way = WAY_HTTP, .url_is_secret = true, .for_people = true, .at_once = 1,
	.write = write_webhook, .pack = pack_post, .most_wait_ms = RETRY_AFTER_MOST_MS,
};
