/* SPDX-License-Identifier: Apache-2.0
 *
 * Webhooks: who wants to be told, and the telling. Events go to loopback
 * addresses only: a simulator must not be a way to post things elsewhere. One
 * POST an event, signed over the raw body, a few at a time, so that order is
 * not kept; who fails too often is made inactive without a word. */
#include <openssl/hmac.h>
#include <stdlib.h>
#include <string.h>

#include "base/iso_time.h"
#include "base/json.h"
#include "base/mem.h"
#include "net/url.h"
#include "sim/cloud_live.h"
#include "webex/ids.h"

#define MAX_WEBHOOKS   100
#define MAX_QUEUE      5000
#define MAX_AT_ONCE    4
#define DELIVERY_MS    (10 * SECOND_MS)
#define N_FAILURES     100
#define INTEREST_DAYS  60

struct delivery {
	struct delivery *next;
	struct live *live;
	char id[37]; /* of the webhook: it may be gone when this is done */
	char *body;
	bool forged; /* a stranger's: its signature is wrong */
};

struct webhook {
	struct webhook *next;
	char id[37];
	char *name, *target_url, *resource, *event, *filter, *secret; /* secret NULL: none */
	bool by_org, active;
	enum cloud_owner owner;
	int64_t created_ms;
	struct delivery *first, **last; /* waiting */
	size_t n_waiting, n_sending;
	int64_t failed_ms[N_FAILURES]; /* a ring */
	size_t n_failed;
};

/* ------------------------------------------------------------------- telling */

static void drop_waiting(struct webhook *hook)
{
	for (struct delivery *delivery = hook->first, *next; delivery != NULL; delivery = next) {
		next = delivery->next;
		free(delivery->body);
		free(delivery);
	}
	hook->first = NULL;
	hook->last = &hook->first;
	hook->n_waiting = 0;
}

static void webhook_free(struct webhook *hook)
{
	drop_waiting(hook);
	free(hook->name);
	free(hook->target_url);
	free(hook->resource);
	free(hook->event);
	free(hook->filter);
	mem_free_secret(hook->secret);
	free(hook);
}

void webhooks_clear(struct live *live)
{
	while (live->webhooks != NULL) {
		struct webhook *hook = live->webhooks;
		live->webhooks = hook->next;
		webhook_free(hook);
	}
}

static struct webhook *find(const struct live *live, const char *uuid)
{
	for (struct webhook *hook = live->webhooks; hook != NULL; hook = hook->next)
		if (strcmp(hook->id, uuid) == 0)
			return hook;
	return NULL;
}

bool webhooks_listen(const struct live *live)
{
	for (const struct webhook *hook = live->webhooks; hook != NULL; hook = hook->next)
		if (hook->active && strcmp(hook->resource, "telephony_calls") == 0)
			return true;
	return false;
}

static void note_failure(struct live *live, struct webhook *hook)
{
	const struct cloud_options *o = &live->cloud->options;
	size_t limit = (size_t)MIN(MAX(o->webhook_failures, 1), N_FAILURES);
	int64_t now = cloud_now_ms(live->cloud);
	hook->failed_ms[hook->n_failed++ % limit] = now;
	if (hook->n_failed >= limit &&
	    now - hook->failed_ms[hook->n_failed % limit] <= o->webhook_window_ms) {
		hook->active = false;
		drop_waiting(hook);
		live_watch(live);
	}
}

static void pump(struct live *live, struct webhook *hook);

static void on_delivered(struct http_response *response, void *arg)
{
	struct delivery *delivery = arg;
	struct live *live = delivery->live;
	struct webhook *hook = find(live, delivery->id);
	bool ok = response->fault.code == FAULT_NONE && response->status >= 200 &&
	    response->status < 300;
	bool counts = !delivery->forged && response->fault.code != FAULT_CANCELLED;
	free(delivery->body);
	free(delivery);
	if (hook == NULL)
		return;
	hook->n_sending--;
	if (!ok && counts)
		note_failure(live, hook);
	pump(live, hook);
}

static void sign(const char *secret, const char *body, bool forged, char out[static 80])
{
	unsigned char digest[20];
	int at = snprintf(out, 80, "X-Spark-Signature: ");
	HMAC(EVP_sha1(), secret, (int)strlen(secret), (const unsigned char *)body, strlen(body),
	    digest, NULL);
	if (forged)
		digest[0] ^= 1;
	for (size_t i = 0; i < sizeof digest; i++)
		at += snprintf(out + at, 80 - (size_t)at, "%02x", digest[i]);
}

static void pump(struct live *live, struct webhook *hook)
{
	while (hook->first != NULL && hook->n_sending < MAX_AT_ONCE && !live->stopping) {
		struct delivery *delivery = hook->first;
		char signature[80], tracking[100], uuid[37];
		const char *headers[4] = { "Content-Type: application/json; charset=utf-8", tracking };
		size_t n_headers = 2;
		hook->first = delivery->next;
		if (hook->first == NULL)
			hook->last = &hook->first;
		hook->n_waiting--;
		hook->n_sending++;
		cloud_uuid(live->cloud, "delivery", cloud_serial(live->cloud), uuid);
		snprintf(tracking, sizeof tracking, "TrackingID: HOOK_%s", uuid);
		if (hook->secret != NULL) {
			sign(hook->secret, delivery->body, delivery->forged, signature);
			headers[n_headers++] = signature;
		}
		struct http_request request = { .method = "POST", .url = hook->target_url,
			.headers = headers, .n_headers = n_headers, .body = delivery->body,
			.body_n = strlen(delivery->body), .timeout_ms = DELIVERY_MS,
			.max_bytes = 64 << 10 };
		http_client_send(live->client, &request, on_delivered, delivery);
	}
}

/* Takes `body`. */
static void deliver(struct live *live, struct webhook *hook, char *body, bool forged)
{
	if (hook->n_waiting >= MAX_QUEUE) {
		free(body);
		note_failure(live, hook);
		return;
	}
	struct delivery *delivery = mem_zalloc(sizeof *delivery);
	delivery->live = live;
	memcpy(delivery->id, hook->id, sizeof delivery->id);
	delivery->body = body;
	delivery->forged = forged;
	*hook->last = delivery;
	hook->last = &delivery->next;
	hook->n_waiting++;
	pump(live, hook);
}

static const struct {
	const char *event, *type;
} words[] = {
	[STAGE_BEGUN]	 = { "created", "received" },
	[STAGE_ALERTING] = { "updated", "alerting" },
	[STAGE_ANSWERED] = { "updated", "answered" }, /* as seen live; the manual says created */
	[STAGE_HELD]	 = { "updated", "held" },
	[STAGE_RESUMED]	 = { "updated", "resumed" },
	[STAGE_OVER]	 = { "deleted", "disconnected" },
};

static bool filter_fits(const struct webhook *hook, const struct sim_person *person,
    const struct live_event *event)
{
	const struct sim_call *call = &event->call;
	char value[CLOUD_WORD_BYTES], uuid[UUID_BYTES];
	const char *f = hook->filter;
	if (url_query_value(f, "personality", value, sizeof value) &&
	    strcmp(value, call->originator ? "originator" : "terminator") != 0)
		return false;
	if (url_query_value(f, "callType", value, sizeof value) &&
	    strcmp(value, call->external ? "external" : "organization") != 0)
		return false;
	if (url_query_value(f, "state", value, sizeof value) && strcmp(value, live_state_name(call, event->stage)) != 0)
		return false;
	if (url_query_value(f, "address", value, sizeof value) &&
	    strcmp(value, call->remote_number) != 0)
		return false;
	return !url_query_value(f, "personId", value, sizeof value) ||
	    (webex_id_uuid(value, uuid) && strcmp(uuid, person->uuid) == 0);
}

static bool concerns(const struct live *live, const struct webhook *hook,
    const struct live_event *event)
{
	const struct cloud *cloud = live->cloud;
	const struct sim_person *person = &cloud->org->people[event->call.person];
	if (!hook->active || strcmp(hook->resource, "telephony_calls") != 0)
		return false;
	if (strcmp(hook->event, "all") != 0 && strcmp(hook->event, words[event->stage].event) != 0)
		return false;
	if (!hook->by_org &&
	    (hook->owner != CLOUD_OWNER_ADMIN || event->call.person != cloud->admin))
		return false;
	if (person->is_place &&
	    (!live->interest.workspaces || cloud_now_ms(cloud) >= live->interest.until_ms))
		return false;
	return filter_fits(hook, person, event);
}

static void add_string(struct text *out, const char *name, const char *value)
{
	json_quote(out, name);
	text_putc(out, ':');
	json_quote(out, value);
	text_putc(out, ',');
}

/* The members a webhook has everywhere, each with a comma after it. */
static void add_webhook(struct text *out, const struct cloud *cloud, const struct webhook *hook,
    const char *event)
{
	char time[ISO_TIME_BYTES], uuid[37];
	text_puts(out, "\"id\":");
	cloud_id("WEBHOOK", hook->id, out);
	text_putc(out, ',');
	add_string(out, "name", hook->name);
	add_string(out, "targetUrl", hook->target_url);
	add_string(out, "resource", hook->resource);
	add_string(out, "event", event);
	if (hook->filter[0] != '\0')
		add_string(out, "filter", hook->filter);
	text_puts(out, "\"orgId\":");
	json_quote(out, cloud->org_id);
	text_puts(out, ",\"createdBy\":");
	cloud_uuid(cloud, "machine account", 0, uuid);
	cloud_id("PEOPLE",
	    hook->owner == CLOUD_OWNER_ADMIN ? cloud->org->people[cloud->admin].uuid : uuid, out);
	text_puts(out, ",\"appId\":");
	json_quote(out, cloud->service_application_id);
	text_printf(out, ",\"ownedBy\":\"%s\",\"status\":\"%s\",\"created\":\"%s\",",
	    hook->by_org ? "org" : "creator", hook->active ? "active" : "inactive",
	    iso_time_format(hook->created_ms, time));
}

static char *event_body(const struct live *live, const struct webhook *hook,
    const struct live_event *event)
{
	const struct cloud *cloud = live->cloud;
	const struct sim_person *person = &cloud->org->people[event->call.person];
	struct text out = { 0 };
	char time[ISO_TIME_BYTES];
	text_putc(&out, '{');
	add_webhook(&out, cloud, hook, words[event->stage].event);
	text_puts(&out, "\"actorId\":");
	cloud_id(person->is_place ? "PLACE" : "PEOPLE", person->uuid, &out);
	text_printf(&out, ",\"data\":{\"eventType\":\"%s\",\"eventTimestamp\":\"%s\",\"callId\":",
	    words[event->stage].type, iso_time_format(event->at_ms, time));
	cloud_id("CALL", event->call.call_id, &out);
	text_putc(&out, ',');
	live_add_call(&out, cloud, &event->call, event->stage);
	if (event->stage == STAGE_OVER)
		text_printf(&out, ",\"disconnected\":\"%s\"", iso_time_format(event->at_ms, time));
	text_printf(&out, ",\"endpointType\":\"%s\"}}", person->mac[0] != '\0' ? "DEVICE"
									       : "APPLICATION");
	return out.bytes;
}

void webhooks_tell(struct live *live, const struct live_event *event)
{
	struct sim_faults *faults = &live->cloud->faults;
	if (live->stopping)
		return;
	for (struct webhook *hook = live->webhooks; hook != NULL; hook = hook->next) {
		if (!concerns(live, hook, event))
			continue;
		/* Faults only ever add: nothing that is due is kept back. */
		char *body = event_body(live, hook, event);
		if ((faults->mask & SIM_FAULT_BIT(SIM_FAULT_DUPLICATES)) &&
		    sim_faults_pick(faults, 5) == 0)
			deliver(live, hook, mem_strdup(body), false);
		if ((faults->mask & SIM_FAULT_BIT(SIM_FAULT_HOSTILE)) && sim_faults_pick(faults, 5) == 0)
			deliver(live, hook, mem_strdup(body), true);
		if ((faults->mask & SIM_FAULT_BIT(SIM_FAULT_MALFORMED)) &&
		    sim_faults_pick(faults, 8) == 0)
			deliver(live, hook, mem_strndup(body, strlen(body) / 2), true);
		deliver(live, hook, body, false);
	}
}

/* ------------------------------------------------------------ create, read … */

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
	add_webhook(&body, request->cloud, hook, hook->event);
	if (hook->secret != NULL)
		add_string(&body, "secret", hook->secret);
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
		hook = find(request->cloud->live, uuid);
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
		add_webhook(&body, request->cloud, hook, hook->event);
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
