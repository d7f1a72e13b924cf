/* SPDX-License-Identifier: Apache-2.0
 *
 * The device grant (RFC 8628 as Webex speaks it): a code for the person, a
 * page where it is entered, and the program that asks whether it was. */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/mem.h"
#include "sim/cloud_parts.h"

#define MAX_GRANTS    100
#define POLL_SLACK_MS 300 /* a client's timer may be that early */

enum decision { OPEN, GRANTED, DENIED, SPENT };

struct device_grant {
	struct device_grant *next; /* newest first */
	char device_code[37], user_code[8], long_code[65];
	unsigned scopes;
	enum decision decision;
	int64_t until_ms, polled_ms, interval_ms;
	int n_polls;
};

void cloud_device_clear(struct cloud *cloud)
{
	for (struct device_grant *grant = cloud->device_grants, *next; grant != NULL; grant = next) {
		next = grant->next;
		free(grant);
	}
	cloud->device_grants = NULL;
}

/* Forget what is past, and say how many are left. */
static size_t sweep(struct cloud *cloud)
{
	size_t n = 0;
	int64_t now = cloud_patience_ms(cloud);
	for (struct device_grant **at = &cloud->device_grants; *at != NULL;) {
		struct device_grant *grant = *at;
		if (now >= grant->until_ms + 10 * MINUTE_MS) {
			*at = grant->next;
			free(grant);
		} else {
			n += now < grant->until_ms;
			at = &grant->next;
		}
	}
	return n;
}

void serve_device_authorize(struct cloud_request *request)
{
	struct cloud *cloud = request->cloud;
	char id[CLOUD_WORD_BYTES], list[CLOUD_WORD_BYTES], hex[16], own[CLOUD_URL_BYTES];
	unsigned scopes;
	if (!cloud_secret_equal(cloud_form(request, "client_id", id), cloud->client_id)) {
		cloud_reply_error(request, 400, "Client Id is invalid");
		return;
	}
	if (!cloud_scopes_read(cloud_form(request, "scope", list), &scopes)) {
		cloud_reply_error(request, 400, "The requested scope is invalid");
		return;
	}
	if (!cloud->options.device_redirects) {
		cloud_reply_error(request, 400, "The redirect URIs of the device grant are not registered");
		return;
	}
	if (sweep(cloud) >= MAX_GRANTS) {
		cloud_header(request, "Retry-After: 30");
		cloud_reply_error(request, 429, "Too many device codes were asked for");
		return;
	}
	uint64_t serial = cloud_serial(cloud);
	struct device_grant *grant = mem_zalloc(sizeof *grant);
	cloud_uuid(cloud, "device code", serial, grant->device_code);
	cloud_hex(cloud, "verification", serial, 64, grant->long_code);
	cloud_hex(cloud, "user code", serial, 8, hex);
	snprintf(grant->user_code, sizeof grant->user_code, "%06lu", strtoul(hex, NULL, 16) % 1000000);
	grant->scopes = scopes;
	grant->interval_ms = cloud->options.device_interval_s * SECOND_MS;
	grant->until_ms = cloud_patience_ms(cloud) + cloud->options.device_code_life_s * SECOND_MS;
	grant->next = cloud->device_grants;
	cloud->device_grants = grant;
	struct text body = { 0 };
	text_printf(&body,
	    "{\"device_code\":\"%s\",\"expires_in\":%lld,\"user_code\":\"%s\","
	    "\"verification_uri\":\"%s/verify\",\"verification_uri_complete\":"
	    "\"%s/verify?userCode=%s\",\"interval\":%lld}",
	    grant->device_code, (long long)cloud->options.device_code_life_s, grant->user_code,
	    cloud_own_url(request, own), own, grant->long_code,
	    (long long)cloud->options.device_interval_s);
	cloud_reply_json(request, 200, &body);
}

void serve_device_token(struct cloud_request *request)
{
	struct cloud *cloud = request->cloud;
	enum cloud_client client;
	char word[CLOUD_WORD_BYTES];
	struct device_grant *grant;
	int64_t now = cloud_patience_ms(cloud);
	if (!cloud_client_is_right(request, &client, true))
		return;
	if (strcmp(cloud_form(request, "grant_type", word),
		"urn:ietf:params:oauth:grant-type:device_code") != 0) {
		cloud_reply_oauth_error(request, 400, "unsupported_grant_type",
		    "The grant_type is not supported.");
		return;
	}
	cloud_form(request, "device_code", word);
	for (grant = cloud->device_grants; grant != NULL; grant = grant->next)
		if (cloud_secret_equal(word, grant->device_code))
			break;
	if (grant == NULL || client != CLOUD_INTEGRATION || grant->decision == SPENT ||
	    now >= grant->until_ms) {
		cloud_reply_oauth_error(request, 400, "invalid_grant",
		    "invalid_grant: the device code is invalid, expired or was used.");
		return;
	}
	grant->n_polls++;
	bool early = grant->polled_ms != 0 &&
	    now - grant->polled_ms + POLL_SLACK_MS < grant->interval_ms;
	grant->polled_ms = now;
	if (early) {
		grant->interval_ms += 5 * SECOND_MS;
		cloud_reply_oauth_error(request, 400, "slow_down", "slow_down");
		return;
	}
	if (grant->decision == OPEN && cloud->options.auto_grant_polls > 0 &&
	    grant->n_polls >= cloud->options.auto_grant_polls)
		grant->decision = GRANTED;
	if (grant->decision == DENIED) {
		cloud_reply_oauth_error(request, 400, "access_denied", "access_denied");
	} else if (grant->decision == OPEN) {
		cloud_reply_oauth_error(request, 428, "authorization_pending", "authorization_pending");
	} else {
		struct text body = { 0 };
		grant->decision = SPENT;
		cloud_add_tokens(cloud, &body, CLOUD_INTEGRATION, CLOUD_OWNER_ADMIN, grant->scopes,
		    true, NULL, 0);
		cloud_reply_json(request, 200, &body);
	}
}

/* ---------------------------------------------------- the person's side of it */

static struct device_grant *find_open(struct cloud *cloud, const char *user_code,
    const char *long_code)
{
	int64_t now = cloud_patience_ms(cloud);
	for (struct device_grant *grant = cloud->device_grants; grant != NULL; grant = grant->next)
		if (grant->decision == OPEN && now < grant->until_ms &&
		    (cloud_secret_equal(user_code, grant->user_code) ||
			cloud_secret_equal(long_code, grant->long_code)))
			return grant;
	return NULL;
}

bool cloud_verify_device(struct cloud *cloud, const char *user_code, bool grant)
{
	struct device_grant *open = find_open(cloud, user_code, "");
	if (open != NULL)
		open->decision = grant ? GRANTED : DENIED;
	return open != NULL;
}

static void reply_verify(struct cloud_request *request, int status, const char *sentence,
    const struct device_grant *grant)
{
	struct text page = { 0 };
	text_puts(&page, "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">"
			 "<title>Activate your device</title></head><body>"
			 "<h1>Activate your device</h1><p>");
	text_puts(&page, sentence);
	text_puts(&page, "</p><form method=\"post\" action=\"/verify\">");
	if (grant != NULL) {
		text_printf(&page, "<p>Code %s asks for: ", grant->user_code);
		cloud_scopes_add(&page, grant->scopes);
		text_printf(&page, "</p><input type=\"hidden\" name=\"userCode\" value=\"%s\">",
		    grant->long_code);
	} else {
		text_puts(&page, "<label>Code <input name=\"user_code\" autofocus></label> ");
	}
	text_puts(&page, "<button name=\"decision\" value=\"accept\">Accept</button> "
			 "<button name=\"decision\" value=\"decline\">Decline</button>"
			 "</form></body></html>\n");
	cloud_reply_html(request, status, &page);
}

void serve_verify_page(struct cloud_request *request)
{
	char code[CLOUD_WORD_BYTES];
	cloud_query(request, "userCode", code);
	struct device_grant *grant = code[0] == '\0' ? NULL : find_open(request->cloud, "", code);
	if (code[0] != '\0' && grant == NULL)
		reply_verify(request, 404, "This code is unknown, used or expired.", NULL);
	else
		reply_verify(request, 200, grant == NULL ? "Enter the code your device shows."
							 : "Is this yours?", grant);
}

void serve_verify_decision(struct cloud_request *request)
{
	char user_code[CLOUD_WORD_BYTES], long_code[CLOUD_WORD_BYTES], decision[CLOUD_WORD_BYTES];
	cloud_form(request, "user_code", user_code);
	cloud_form(request, "userCode", long_code);
	cloud_form(request, "decision", decision);
	struct device_grant *grant = find_open(request->cloud, user_code, long_code);
	if (grant == NULL) {
		reply_verify(request, 404, "This code is unknown, used or expired.", NULL);
		return;
	}
	struct text page = { 0 };
	bool accept = strcmp(decision, "accept") == 0;
	grant->decision = accept ? GRANTED : DENIED;
	text_printf(&page, "<!doctype html><html lang=\"en\"><title>%s</title><p>%s You may close "
			   "this page.</p></html>\n",
	    accept ? "Granted" : "Declined", accept ? "Access was granted." : "Access was declined.");
	cloud_reply_html(request, 200, &page);
}
