/* SPDX-License-Identifier: Apache-2.0 */
#include "watch/link.h"

#include "base/i18n.h"
#include "base/same_file.h"

static const char *or_null(const char *text)
{
	return text == NULL || *text == '\0' ? NULL : text;
}

bool link_is_apart(const char *responder, const char *watcher, struct fault *fault)
{
	return !same_file(responder, watcher) ||
	    fault_set(fault, FAULT_USAGE, "%s", _("webex.token_file and webex.responder_token_file are the same file: who only watches must not hold what changes lines"));
}

bool link_open(uv_loop_t *loop, const struct link_config *config, const struct clock *clock,
    struct link *link, struct fault *fault)
{
	struct http_client_options http = {
		.ca_file = or_null(config->ca_file),
		.proxy = or_null(config->proxy),
		.connect_to = or_null(config->connect_to),
		.allow_http_to_loopback = config->http_to_loopback,
	};
	struct oauth_options oauth = {
		.base = or_null(config->api_url),
		.client_id = or_null(config->client_id),
		.secret = { .file = or_null(config->secret_file), .command = or_null(config->secret_command) },
		.token_path = or_null(config->token_file),
	};
	if (!link_is_apart(config->token_file, config->apart_from, fault))
		return false;
	if (oauth.secret.file == NULL && oauth.secret.command == NULL)
		oauth.secret.environment = LINK_SECRET_VARIABLE;
	*link = (struct link){ .http = http_client_new(loop, &http, fault) };
	if (link->http == NULL)
		return false;
	link->lane = lane_new(loop);
	link->oauth = oauth_new(loop, link->http, link->lane, clock, &oauth);
	return true;
}

static void on_http_closed(void *arg)
{
	struct link *link = arg;
	if (link->on_closed != NULL)
		link->on_closed(link->arg);
}

static void on_lane_closed(void *arg)
{
	struct link *link = arg;
	http_client_close(link->http, on_http_closed, link);
}

static void on_oauth_closed(void *arg)
{
	struct link *link = arg;
	lane_close(link->lane, on_lane_closed, link);
}

void link_close(struct link *link, void (*on_closed)(void *), void *arg)
{
	link->on_closed = on_closed;
	link->arg = arg;
	oauth_close(link->oauth, on_oauth_closed, link);
}
