/* SPDX-License-Identifier: Apache-2.0
 *
 * Microsoft Teams, by an incoming webhook or a workflow: an Adaptive Card. */
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/json.h"
#include "notify/card.h"

static void write_teams(const struct destination *to, const struct telling *telling, struct text *body)
{
	struct arena arena;
	struct say say;
	arena_init(&arena);
	say_make(to, telling, &arena, &say);
	json_t *message = json_pack("{s:s, s:[{s:s, s:n, s:o}]}", "type", "message", "attachments", "contentType", "application/vnd.microsoft.card.adaptive", "contentUrl",
	    "content", card_make(&say));
	put_json(body, message);
	arena_clear(&arena);
}

/* The older webhooks say 200 and, in the text, that they did not take it: "Webhook message delivery
 * failed with error: Microsoft Teams endpoint returned HTTP error 429 with ContextId …". A card that is
 * too large (413) stays so, and one too many (429) does not. */
static int heed_teams(const struct http_response *response, char remote_id[200])
{
	static const char failed[] = "delivery failed", says[] = "returned HTTP error ";
	remote_id[0] = '\0';
	if (response->body == NULL || strstr(response->body, failed) == NULL)
		return response->status;
	const char *at = strstr(response->body, says);
	int status = at != NULL ? atoi(at + strlen(says)) : 0;
	return status >= 300 && status < 600 ? status : 503;
}

const struct notify_kind notify_teams = {
	.name = "teams", .help = N_("a Teams channel, by an incoming webhook or a workflow"),
	.needs = { "url" }, .way = WAY_HTTP, .url_is_secret = true, .for_people = true, .at_once = 1,
	.write = write_teams, .pack = pack_post, .heed = heed_teams,
};
