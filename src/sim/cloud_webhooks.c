/* SPDX-License-Identifier: Apache-2.0
 *
 * The API of webhooks: who wants to be told of what. And the registration of
 * interest, without which workspaces are not told of. */
#include <stdlib.h>
#include <string.h>

#include "base/iso_time.h"
#include "base/json.h"
#include "base/mem.h"
#include "net/url.h"
#include "sim/cloud_webhook.h"
#include "webex/ids.h"

#define MAX_WEBHOOKS  100
#define INTEREST_DAYS 60

static const char *const resources[] = { "attachmentActions", "dataSources", "memberships",
	"messages", "rooms", "meetings", "recordings", "convergedRecordings", "meetingParticipants",
	"meetingTranscripts", "telephony_calls", "telephony_conference", "telephony_mwi",
	"uc_counters", "serviceApp", "adminBatchJobs" };
static const char *const events[] = { "created", "updated", "deleted", "started", "ended", "joined",
	"left", "migrated", "authorized", "deauthorized", "statusChanged", "all" };
static const char *const filters[] = { "personality", "state", "callType", "personId", "address" };

static bool is_one_of(const char *word, size_t n, const char *const *list, size_t n_list)
{
	for (size_t i = 0; i < n_list; i++)
		if (strlen(list[i]) == n && memcmp(list[i], word, n) == 0)
			return true;
	return false;
}

static bool filter_is_known(const char *filter)
{
	while (*filter != '\0') {
		size_t n = strcspn(filter, "&"), n_name = strcspn(filter, "=&");
		if (n_name == n || !is_one_of(filter, n_name, filters, COUNT_OF(filters)))
			return false;
		filter += n + (filter[n] == '&');
	}
	return true;
}

static bool target_is_allowed(const char *target)
{
	struct url url;
	return url_read(target, &url, NULL) && url_is_loopback(&url);
}

static const char bad_target[] =
    "targetUrl must be a loopback address: the simulator posts nowhere else.";

static void reply_webhook(struct cloud_request *request, const struct webhook *hook)
{
	struct text body = { 0 };
	text_putc(&body, '{');
	webhook_add(&body, request->cloud, hook, hook->event);
	if (hook->secret != NULL)
		cloud_add_string(&body, "secret", hook->secret);
	body.n--; /* the last comma */
	text_putc(&body, '}');
	cloud_reply_json(request, 200, &body);
}

static bool read_body(struct cloud_request *request, json_t **out)
{
	size_t n;
	const char *bytes = http_visit_body(request->visit, &n);
	if (json_parse(bytes, n, out, NULL) && json_is_object(*out))
		return true;
	cloud_reply_error(request, 400, "The request body is not JSON.");
	return false;
}

void serve_webhook_create(struct cloud_request *request)
{
	struct live *live = request->cloud->live;
	json_auto_t *body = NULL;
	if (!read_body(request, &body))
		return;
	const char *name = json_str(body, "name", ""), *target = json_str(body, "targetUrl", "");
	const char *resource = json_str(body, "resource", ""), *event = json_str(body, "event", "");
	const char *filter = json_str(body, "filter", ""), *secret = json_str(body, "secret", "");
	const char *owned_by = json_str(body, "ownedBy", "creator");
	bool calls = strcmp(resource, "telephony_calls") == 0, by_org = strcmp(owned_by, "org") == 0;
	const char *why = NULL;
	if (name[0] == '\0' || target[0] == '\0')
		why = "name and targetUrl are required";
	else if (!target_is_allowed(target))
		why = bad_target;
	else if (!is_one_of(resource, strlen(resource), resources, COUNT_OF(resources)))
		why = "resource is unknown";
	else if (!is_one_of(event, strlen(event), events, COUNT_OF(events)))
		why = "event is unknown";
	else if (calls && !filter_is_known(filter))
		why = "filter is unknown for this resource";
	else if (!by_org && strcmp(owned_by, "creator") != 0)
		why = "ownedBy must be org or creator";
	else if (live->n_webhooks >= MAX_WEBHOOKS)
		why = "There are too many webhooks";
	if (why != NULL) {
		cloud_reply_error(request, 400, why);
		return;
	}
	if (calls && (request->token.scopes & SCOPE(CALLS_READ)) == 0) {
		cloud_reply_error(request, 403, "Missing required scopes or roles for this request.");
		return;
	}
	for (const struct webhook *hook = live->webhooks; hook != NULL; hook = hook->next)
		if (hook->owner == request->token.owner && hook->by_org == by_org &&
		    strcmp(hook->target_url, target) == 0 && strcmp(hook->resource, resource) == 0 &&
		    strcmp(hook->event, event) == 0 && strcmp(hook->filter, filter) == 0) {
			cloud_reply_error(request, 409, "A webhook like this one exists already.");
			return;
		}
	struct webhook *hook = mem_zalloc(sizeof *hook);
	cloud_uuid(request->cloud, "webhook", cloud_serial(request->cloud), hook->id);
	hook->name = mem_strdup(name);
	hook->target_url = mem_strdup(target);
	hook->resource = mem_strdup(resource);
	hook->event = mem_strdup(event);
	hook->filter = mem_strdup(filter);
	hook->secret = secret[0] == '\0' ? NULL : mem_strdup(secret);
	hook->by_org = by_org;
	hook->active = true;
	hook->owner = request->token.owner;
	hook->created_ms = cloud_now_ms(request->cloud);
	hook->last = &hook->first;
	hook->next = live->webhooks;
	live->webhooks = hook;
	live->n_webhooks++;
	live_watch(live);
	reply_webhook(request, hook);
}

/* The webhook of the path, of the token's owner; NULL: it was answered. */
static struct webhook *wanted(struct cloud_request *request)
{
	char uuid[UUID_BYTES];
	struct webhook *hook = NULL;
	if (webex_id_uuid(request->segment[0], uuid))
		hook = webhook_find(request->cloud->live, uuid);
	if (hook == NULL || (hook->owner != request->token.owner && !hook->by_org)) {
		cloud_reply_error(request, 404, "The webhook was not found.");
		return NULL;
	}
	return hook;
}

void serve_webhooks(struct cloud_request *request)
{
	char word[CLOUD_WORD_BYTES];
	bool by_org = strcmp(cloud_query(request, "ownedBy", word), "org") == 0;
	int64_t max = 100, n = 0;
	if (cloud_query(request, "max", word)[0] != '\0' && !text_to_int(word, 1, 100, &max)) {
		cloud_reply_error(request, 400, "max must be from 1 to 100");
		return;
	}
	struct text body = { 0 };
	text_puts(&body, "{\"items\":[");
	for (const struct webhook *hook = request->cloud->live->webhooks; hook != NULL && n < max;
	    hook = hook->next) {
		if (by_org ? !hook->by_org : hook->owner != request->token.owner)
			continue;
		text_puts(&body, n++ > 0 ? ",{" : "{");
		webhook_add(&body, request->cloud, hook, hook->event);
		body.n--;
		text_putc(&body, '}');
	}
	text_puts(&body, "]}");
	cloud_reply_json(request, 200, &body);
}

void serve_webhook(struct cloud_request *request)
{
	struct webhook *hook = wanted(request);
	if (hook != NULL)
		reply_webhook(request, hook);
}

/* name and targetUrl must be there; only these, secret and status change. */
void serve_webhook_update(struct cloud_request *request)
{
	json_auto_t *body = NULL;
	struct webhook *hook = wanted(request);
	if (hook == NULL || !read_body(request, &body))
		return;
	const char *name = json_str(body, "name", ""), *target = json_str(body, "targetUrl", "");
	const char *status = json_str(body, "status", "active");
	const char *secret = json_str(body, "secret", NULL);
	if (name[0] == '\0' || target[0] == '\0' || strcmp(status, "active") != 0 ||
	    !target_is_allowed(target)) {
		cloud_reply_error(request, 400, target[0] != '\0' && !target_is_allowed(target)
			? bad_target
			: "name and targetUrl are required; status can only be set to active");
		return;
	}
	free(hook->name);
	free(hook->target_url);
	hook->name = mem_strdup(name);
	hook->target_url = mem_strdup(target);
	if (secret != NULL) {
		mem_free_secret(hook->secret);
		hook->secret = secret[0] == '\0' ? NULL : mem_strdup(secret);
	}
	if (json_str(body, "status", NULL) != NULL && !hook->active) {
		hook->active = true;
		hook->n_failed = 0;
		live_watch(request->cloud->live);
	}
	reply_webhook(request, hook);
}

void serve_webhook_delete(struct cloud_request *request)
{
	struct live *live = request->cloud->live;
	struct webhook *hook = wanted(request);
	if (hook == NULL)
		return;
	struct webhook **at = &live->webhooks;
	while (*at != hook)
		at = &(*at)->next;
	*at = hook->next;
	webhook_free(hook);
	live->n_webhooks--;
	live_watch(live);
	cloud_reply_nothing(request, 204);
}

/* ---------------------------------------------------- interest registrations */

static void reply_interests(struct cloud_request *request)
{
	const struct live *live = request->cloud->live;
	struct text body = { 0 };
	char time[ISO_TIME_BYTES];
	bool current = cloud_now_ms(request->cloud) < live->interest.until_ms;
	text_puts(&body, "{\"interests\":[");
	if (current && live->interest.workspaces)
		text_puts(&body, "{\"actor\":\"Workspaces\"}");
	if (current && live->interest.virtual_lines)
		text_printf(&body, "%s{\"actor\":\"Virtual Lines\"}",
		    live->interest.workspaces ? "," : "");
	text_puts(&body, "]");
	if (current)
		text_printf(&body, ",\"expiresAt\":\"%s\"",
		    iso_time_format(live->interest.until_ms, time));
	text_puts(&body, "}");
	cloud_reply_json(request, 200, &body);
}

void serve_interests(struct cloud_request *request)
{
	reply_interests(request);
}

void serve_interests_register(struct cloud_request *request)
{
	static const char *const services[] = { "Hook Status", "Agent", "Services",
		"Agent Monitoring", "Queue", "Queue Monitoring" };
	struct live *live = request->cloud->live;
	json_auto_t *body = NULL;
	size_t i;
	json_t *interest;
	bool workspaces = false, virtual_lines = false;
	if (!read_body(request, &body))
		return;
	json_t *list = json_object_get(body, "interests");
	int64_t days = json_int(body, "duration", INTEREST_DAYS);
	bool ok = json_array_size(list) > 0 && days >= 1 && days <= INTEREST_DAYS;
	json_array_foreach(list, i, interest) {
		const char *actor = json_str(interest, "actor", "");
		const char *resource = json_str(interest, "resource", "");
		if (strcmp(actor, "Workspaces") == 0)
			workspaces = true;
		else if (strcmp(actor, "Virtual Lines") == 0)
			virtual_lines = true;
		else if (!is_one_of(resource, strlen(resource), services, COUNT_OF(services)))
			ok = false;
	}
	if (!ok) {
		cloud_reply_error(request, 400, "interests or duration (1 to 60 days) is invalid");
		return;
	}
	live->interest.workspaces |= workspaces;
	live->interest.virtual_lines |= virtual_lines;
	live->interest.until_ms = cloud_now_ms(request->cloud) + days * DAY_MS;
	reply_interests(request);
}

void serve_interests_delete(struct cloud_request *request)
{
	memset(&request->cloud->live->interest, 0, sizeof request->cloud->live->interest);
	cloud_reply_nothing(request, 204);
}
