/* SPDX-License-Identifier: Apache-2.0
 *
 * A Webex room, by a bot's token: one alert is a card, with the same in Markdown for
 * clients without cards; many are Markdown alone, because a message with a card
 * cannot be edited. And the incoming webhook, which has no cards. */
#include <string.h>

#include "base/i18n.h"
#include "base/json.h"
#include "base/markdown.h"
#include "net/url.h"
#include "notify/card.h"
#include "store/row_json.h"

/* Bytes of a message's Markdown (Webex, POST /v1/messages: 7439). */
#define MOST_BYTES 7000

static void markdown_of(const struct say *say, struct text *out)
{
	text_puts(out, "**");
	markdown_puts(out, say->headline);
	text_puts(out, "**");
	for (size_t i = 0; i < say->n && out->n < MOST_BYTES - 1200; i++) {
		struct text value = { 0 };
		size_t n = strlen(say->lines[i].value);
		char cut[401];
		snprintf(cut, sizeof cut, "%.*s", (int)MIN(n, sizeof cut - 1), say->lines[i].value);
		markdown_puts(&value, cut);
		if (*say->lines[i].label != '\0')
			text_printf(out, "\n- **%s:** %s", say->lines[i].label, text_string(&value));
		else
			text_printf(out, "\n  - %s", text_string(&value));
		text_clear(&value);
	}
	text_puts(out, "\n\n");
	markdown_puts(out, say->foot);
}

static void write_room(const struct destination *to, const struct telling *telling, struct text *body)
{
	struct arena arena;
	struct say say;
	struct text markdown = { 0 };
	arena_init(&arena);
	say_make(to, telling, &arena, &say);
	markdown_of(&say, &markdown);
	json_t *message = json_pack("{s:s, s:o}", "roomId", to->room, "markdown", json_text(text_string(&markdown)));
	if (!telling->gathered)
		json_object_set_new(message, "attachments", json_pack("[{s:s, s:o}]", "contentType", "application/vnd.microsoft.card.adaptive", "content", card_make(&say)));
	if (*telling->thread_id != '\0')
		json_object_set_new(message, "parentId", json_text(telling->thread_id));
	put_json(body, message);
	text_clear(&markdown);
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

static bool heed_room(const struct http_response *response, char remote_id[200], struct fault *fault)
{
	json_t *answer;
	struct fault ignored;
	UNUSED(fault);
	remote_id[0] = '\0';
	/* It has the message, whatever it says of it. */
	if (response->body == NULL || !json_parse(response->body, response->body_n, &answer, &ignored))
		return true;
	const char *id = json_str(answer, "id", "");
	if (strlen(id) < 200 && strspn(id, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_=") == strlen(id))
		snprintf(remote_id, 200, "%s", id);
	json_decref(answer);
	return true;
}

const struct notify_kind notify_webex = {
	.name = "webex", .help = N_("a Webex room, by a bot: a card for each alert, one message that grows for many"),
	.needs = { "room", "token" }, .takes = { "api" }, .way = WAY_HTTP, .for_people = true, .grows = true, .at_once = 1,
	.write = write_room, .pack = pack_room, .heed = heed_room,
};

static void write_webhook(const struct destination *to, const struct telling *telling, struct text *body)
{
	struct arena arena;
	struct say say;
	struct text markdown = { 0 };
	arena_init(&arena);
	say_make(to, telling, &arena, &say);
	markdown_of(&say, &markdown);
	put_json(body, json_pack("{s:o}", "markdown", json_text(text_string(&markdown))));
	text_clear(&markdown);
	arena_clear(&arena);
}

const struct notify_kind notify_webex_webhook = {
	.name = "webex_webhook", .help = N_("a Webex room, by an incoming webhook: Markdown"),
	.needs = { "url" }, .way = WAY_HTTP, .url_is_secret = true, .for_people = true, .at_once = 1,
	.write = write_webhook, .pack = pack_post,
};
