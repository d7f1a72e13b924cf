/* SPDX-License-Identifier: Apache-2.0
 *
 * Telling webhooks what happens. Events go to loopback addresses only: a
 * simulator must not be a way to post things elsewhere. One POST an event,
 * signed over the raw body, a few at a time, so that order is not kept; who
 * fails too often is made inactive without a word. */
#include <openssl/hmac.h>
#include <stdlib.h>
#include <string.h>

#include "base/iso_time.h"
#include "base/json.h"
#include "base/mem.h"
#include "net/url.h"
#include "sim/cloud_webhook.h"
#include "webex/ids.h"

#define MAX_QUEUE   5000
#define MAX_AT_ONCE 4
#define DELIVERY_MS (10 * SECOND_MS)

struct delivery {
	struct delivery *next;
	struct live *live;
	char id[37]; /* of the webhook: it may be gone when this is done */
	char *body;
	bool forged; /* a stranger's: its signature is wrong */
};

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

void webhook_free(struct webhook *hook)
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

struct webhook *webhook_find(const struct live *live, const char *uuid)
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
	struct webhook *hook = webhook_find(live, delivery->id);
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

void webhook_add(struct text *out, const struct cloud *cloud, const struct webhook *hook,
    const char *event)
{
	char time[ISO_TIME_BYTES], uuid[37];
	text_puts(out, "\"id\":");
	cloud_id("WEBHOOK", hook->id, out);
	text_putc(out, ',');
	cloud_add_string(out, "name", hook->name);
	cloud_add_string(out, "targetUrl", hook->target_url);
	cloud_add_string(out, "resource", hook->resource);
	cloud_add_string(out, "event", event);
	if (hook->filter[0] != '\0')
		cloud_add_string(out, "filter", hook->filter);
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
	webhook_add(&out, cloud, hook, words[event->stage].event);
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
