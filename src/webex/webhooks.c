/* SPDX-License-Identifier: Apache-2.0
 *
 * list → remove what is wrong → create or switch on → interest in workspaces.
 * Resource, event, filter and owner of a webhook cannot be changed at Webex:
 * one that differs is removed and made anew. */
#include "webex/webhooks.h"

#include <stdlib.h>
#include <string.h>

#include "base/iso_time.h"
#include "base/json.h"
#include "base/mem.h"
#include "net/url.h"
#include "webex/list.h"

enum { MOST_WRONG = 32 };
#define RENEW_MS (7 * DAY_MS) /* before its 60 days are over */

struct webhooks_keep {
	struct webex *webex;
	char *name, *target_url, *secret, *filter;
	bool of_the_user, found, inactive;
	char *wrong[MOST_WRONG];
	int n_wrong;
	struct webex_list *list;
	struct webex_call *call;
	struct webhook_result result;
	webhook_done_fn done;
	void *arg;
};

static void remove_next(struct webhooks_keep *keep);

static void finish(struct webhooks_keep *keep, const struct fault *fault)
{
	if (fault != NULL)
		keep->result.fault = *fault;
	keep->done(&keep->result, keep->arg);
	for (int i = 0; i < keep->n_wrong; i++)
		free(keep->wrong[i]);
	free(keep->name);
	free(keep->target_url);
	mem_free_secret(keep->secret);
	free(keep->filter);
	free(keep);
}

static void add_string(struct text *out, const char *name, const char *value)
{
	text_putc(out, out->n == 0 ? '{' : ',');
	json_quote(out, name);
	text_putc(out, ':');
	json_quote(out, value);
}

/* ── workspaces and virtual lines ─────────────────────────────────────── */

static void on_interest_posted(struct webex_answer *answer, void *arg)
{
	struct webhooks_keep *keep = arg;
	keep->call = NULL;
	keep->result.interest = answer->fault;
	finish(keep, answer->fault.code == FAULT_CANCELLED ? &answer->fault : NULL);
}

static void on_interest(struct webex_answer *answer, void *arg)
{
	struct webhooks_keep *keep = arg;
	keep->call = NULL;
	if (answer->fault.code == FAULT_CANCELLED) {
		finish(keep, &answer->fault);
		return;
	}
	json_auto_t *body = NULL;
	struct fault ignored;
	int64_t expires_ms = 0;
	if (answer->fault.code == FAULT_NONE && answer->body != NULL &&
	    json_parse(answer->body, answer->body_n, &body, &ignored)) {
		const char *text = json_str(body, "expiresAt", "");
		if (json_array_size(json_object_get(body, "interests")) < 2 ||
		    !iso_time_parse(text, strlen(text), &expires_ms))
			expires_ms = 0;
	}
	if (expires_ms - webex_now_ms(keep->webex) > RENEW_MS) {
		finish(keep, NULL);
		return;
	}
	keep->call = webex_send(keep->webex, &(struct webex_request){
	    .api = API_WEBHOOKS, .method = "POST", .path = "/telephony/webhookInterestRegistrations",
	    .body = "{\"interests\":[{\"actor\":\"Workspaces\"},{\"actor\":\"Virtual Lines\"}],"
		    "\"duration\":60}" }, on_interest_posted, keep);
}

static void ask_interest(struct webhooks_keep *keep)
{
	if (keep->of_the_user) {
		finish(keep, NULL);
		return;
	}
	keep->call = webex_send(keep->webex, &(struct webex_request){
	    .api = API_WEBHOOKS, .path = "/telephony/webhookInterestRegistrations", .max_tries = 2,
	}, on_interest, keep);
}

/* ── the webhook ──────────────────────────────────────────────────────── */

static void on_made(struct webex_answer *answer, void *arg)
{
	struct webhooks_keep *keep = arg;
	keep->call = NULL;
	struct fault fault = answer->fault;
	if (fault.code != FAULT_NONE) {
		/* Org-wide telephony_calls is not in Webex's list, but works for some. */
		if (fault.code == FAULT_FORBIDDEN || fault.code == FAULT_REFUSED)
			fault_context(&fault, "Webex refuses the webhook for live calls (polling a "
			    "watch-list with a Service App works without one)");
		finish(keep, &fault);
		return;
	}
	json_auto_t *body = NULL;
	struct fault ignored;
	if (answer->body != NULL && json_parse(answer->body, answer->body_n, &body, &ignored)) {
		const char *id = json_str(body, "id", keep->result.id);
		char shown[sizeof keep->result.id];
		text_printable(shown, sizeof shown, id, strlen(id));
		memcpy(keep->result.id, shown, sizeof shown);
	}
	keep->result.created = !keep->found;
	keep->result.reactivated = keep->found;
	ask_interest(keep);
}

static void create_or_switch_on(struct webhooks_keep *keep)
{
	if (keep->found && !keep->inactive) {
		ask_interest(keep);
		return;
	}
	/* Room at once: growing would leave copies of the secret behind. */
	size_t room = 4096 + 6 * (strlen(keep->secret) + strlen(keep->target_url) + strlen(keep->name));
	struct text body = { .bytes = mem_zalloc(room), .capacity = room }, path = { 0 };
	add_string(&body, "name", keep->name);
	add_string(&body, "targetUrl", keep->target_url);
	add_string(&body, "secret", keep->secret);
	text_puts(&path, "/webhooks");
	if (keep->found) {
		add_string(&body, "status", "active");
		text_putc(&path, '/');
		url_encode(&path, keep->result.id);
	} else {
		add_string(&body, "resource", "telephony_calls");
		add_string(&body, "event", "all");
		add_string(&body, "filter", keep->filter);
		add_string(&body, "ownedBy", keep->of_the_user ? "creator" : "org");
	}
	text_putc(&body, '}');
	keep->call = webex_send(keep->webex, &(struct webex_request){ .api = API_WEBHOOKS,
	    .method = keep->found ? "PUT" : "POST", .path = text_string(&path),
	    .body = text_string(&body) }, on_made, keep);
	mem_wipe(body.bytes, body.capacity);
	text_clear(&body);
	text_clear(&path);
}

static void on_removed(struct webex_answer *answer, void *arg)
{
	struct webhooks_keep *keep = arg;
	keep->call = NULL;
	/* Gone already is as good as removed. */
	if (answer->fault.code == FAULT_NONE || answer->fault.code == FAULT_NOT_FOUND) {
		keep->result.n_removed++;
		remove_next(keep);
	} else {
		finish(keep, &answer->fault);
	}
}

static void remove_next(struct webhooks_keep *keep)
{
	if (keep->n_wrong == 0) {
		create_or_switch_on(keep);
		return;
	}
	char *id = keep->wrong[--keep->n_wrong];
	struct text path = { 0 };
	text_puts(&path, "/webhooks/");
	url_encode(&path, id);
	keep->call = webex_send(keep->webex, &(struct webex_request){ .api = API_WEBHOOKS,
	    .method = "DELETE", .path = text_string(&path) }, on_removed, keep);
	text_clear(&path);
	free(id);
}

static void on_item(const json_t *item, void *arg)
{
	struct webhooks_keep *keep = arg;
	const char *id = json_str(item, "id", "");
	size_t n = strlen(id);
	/* Only ours, by name: others may have webhooks too. */
	if (strcmp(json_str(item, "name", ""), keep->name) != 0 ||
	    strcmp(json_str(item, "resource", ""), "telephony_calls") != 0 || n == 0 ||
	    n >= sizeof keep->result.id)
		return;
	bool as_wished = strcmp(json_str(item, "targetUrl", ""), keep->target_url) == 0 &&
	    strcmp(json_str(item, "filter", ""), keep->filter) == 0 &&
	    strcmp(json_str(item, "event", ""), "all") == 0 &&
	    strcmp(json_str(item, "ownedBy", "creator"), keep->of_the_user ? "creator" : "org") == 0;
	if (as_wished && !keep->found) {
		keep->found = true;
		keep->inactive = strcmp(json_str(item, "status", ""), "active") != 0;
		memcpy(keep->result.id, id, n + 1);
	} else if (keep->n_wrong < MOST_WRONG) {
		keep->wrong[keep->n_wrong++] = mem_strdup(id);
	}
}

static void on_listed(const struct fault *fault, int status, void *arg)
{
	UNUSED(status);
	struct webhooks_keep *keep = arg;
	keep->list = NULL;
	if (fault->code != FAULT_NONE)
		finish(keep, fault);
	else
		remove_next(keep);
}

struct webhooks_keep *webhooks_keep(struct webex *webex, const struct webhook_wish *wish,
    webhook_done_fn done, void *arg)
{
	struct webhooks_keep *keep = mem_zalloc(sizeof *keep);
	keep->webex = webex;
	keep->name = mem_strdup(wish->name);
	keep->target_url = mem_strdup(wish->target_url);
	keep->secret = mem_strdup(wish->secret);
	keep->filter = mem_strdup(wish->filter != NULL ? wish->filter : "callType=external");
	keep->of_the_user = wish->of_the_user;
	keep->done = done;
	keep->arg = arg;
	keep->list = webex_list(webex, &(struct webex_list_request){ .api = API_WEBHOOKS,
	    .path = wish->of_the_user ? "/webhooks" : "/webhooks?ownedBy=org", .key = "items", .page = 100,
	}, &(struct webex_list_events){ on_item, NULL, on_listed, keep });
	return keep;
}

void webhooks_keep_cancel(struct webhooks_keep *keep)
{
	if (keep->list != NULL)
		webex_list_cancel(keep->list);
	else if (keep->call != NULL)
		webex_call_cancel(keep->call);
}
