/* SPDX-License-Identifier: Apache-2.0 */
#include "webex/live_event.h"

#include <stdlib.h>
#include <string.h>

#include "base/iso_time.h"
#include "base/json.h"
#include "base/mem.h"
#include "webex/ids.h"

enum { MOST_CALLS = 200 }; /* of one person */

/* By data.state; where that is missing or new, by data.eventType. */
static const struct {
	const char *name;
	enum live_state state;
} states[] = {
	{ "connecting", LIVE_CONNECTING },
	{ "alerting", LIVE_ALERTING },
	{ "connected", LIVE_CONNECTED },
	{ "held", LIVE_HELD },
	{ "remoteHeld", LIVE_REMOTE_HELD },
	{ "disconnected", LIVE_DISCONNECTED },
	{ "received", LIVE_ALERTING },
	{ "answered", LIVE_CONNECTED },
	{ "resumed", LIVE_CONNECTED },
};

static bool state_named(const char *name, enum live_state *out)
{
	for (size_t i = 0; i < COUNT_OF(states); i++)
		if (text_equal_nocase(states[i].name, name)) {
			*out = states[i].state;
			return true;
		}
	return false;
}

static void copy(char *out, size_t capacity, const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);
	out[0] = '\0';
	if (json_is_string(value))
		text_printable(out, capacity, json_string_value(value), json_string_length(value));
}

static int64_t time_of(const json_t *object, const char *key)
{
	int64_t ms;
	const char *text = json_str(object, key, "");
	return iso_time_parse(text, strlen(text), &ms) ? ms : 0;
}

/* The webhook's `data` or a poll's item: they differ in the id's name. */
static bool read_call(const json_t *data, struct live_call *out, struct fault *fault)
{
	memset(out, 0, sizeof *out);
	const char *id = json_str(data, "callId", json_str(data, "id", ""));
	size_t n = strlen(id);
	if (n == 0 || n >= sizeof out->call_id)
		return fault_set(fault, FAULT_INPUT, "a live call without an id");
	for (size_t i = 0; i < n; i++)
		if (id[i] <= 0x20 || id[i] >= 0x7F)
			return fault_set(fault, FAULT_INPUT, "a live call with an impossible id");
	memcpy(out->call_id, id, n + 1);

	const char *event = json_str(data, "eventType", "");
	if (!state_named(json_str(data, "state", ""), &out->state) && !state_named(event, &out->state))
		return fault_set(fault, FAULT_INPUT, "a live call in an unknown state");
	if (text_equal_nocase(event, "disconnected") || time_of(data, "disconnected") != 0)
		out->state = LIVE_DISCONNECTED;
	out->originator = text_equal_nocase(json_str(data, "personality", ""), "originator") ||
	    text_equal_nocase(json_str(data, "personality", ""), "clickToDial");
	const json_t *remote = json_object_get(data, "remoteParty");
	copy(out->remote_name, sizeof out->remote_name, remote, "name");
	copy(out->remote_number, sizeof out->remote_number, remote, "number");
	out->external = text_equal_nocase(json_str(remote, "callType", ""), "external");
	out->created_ms = time_of(data, "created");
	out->answered_ms = time_of(data, "answered");
	return true;
}

bool live_event_read(const char *bytes, size_t n, int64_t now_ms, struct live_call *out,
    struct fault *fault)
{
	json_auto_t *body = NULL;
	if (!json_parse(bytes, n, &body, fault))
		return fault_context(fault, "the webhook's body");
	if (!text_equal_nocase(json_str(body, "resource", ""), "telephony_calls"))
		return fault_set(fault, FAULT_INPUT, "the webhook is not about telephony_calls");
	const json_t *data = json_object_get(body, "data");
	if (!read_call(data, out, fault))
		return false;
	/* The one word of the envelope that counts: nothing lives after it. */
	if (text_equal_nocase(json_str(body, "event", ""), "deleted"))
		out->state = LIVE_DISCONNECTED;
	if (!webex_id_uuid(json_str(body, "actorId", ""), out->person_uuid) &&
	    !webex_id_uuid(json_str(data, "actorPersonId", ""), out->person_uuid))
		out->person_uuid[0] = '\0';
	out->event_ms = time_of(data, "eventTimestamp");
	if (out->event_ms == 0)
		out->event_ms = now_ms;
	out->seen_ms = now_ms;
	return true;
}

bool live_poll_read(const char *bytes, size_t n, const char *person_uuid, int64_t asked_ms,
    struct live_call **calls, size_t *n_calls, struct fault *fault)
{
	json_auto_t *body = NULL;
	*calls = NULL;
	*n_calls = 0;
	if (!json_parse(bytes, n, &body, fault))
		return fault_context(fault, "the list of live calls");
	const json_t *items = json_object_get(body, "items");
	if (!json_is_array(items))
		return fault_set(fault, FAULT_INPUT, "the list of live calls has no items");
	size_t most = MIN(json_array_size(items), (size_t)MOST_CALLS);
	if (most == 0)
		return true;
	*calls = mem_alloc(most * sizeof **calls);
	for (size_t i = 0; i < most; i++) {
		struct live_call *call = &(*calls)[*n_calls];
		struct fault ignored;
		if (!read_call(json_array_get(items, i), call, &ignored))
			continue;
		size_t length = strlen(person_uuid);
		memcpy(call->person_uuid, person_uuid, MIN(length, sizeof call->person_uuid - 1));
		call->event_ms = call->seen_ms = asked_ms;
		(*n_calls)++;
	}
	return true;
}

static void copy_text(char *out, size_t capacity, const char *text)
{
	if (text != NULL && text[0] != '\0')
		text_printable(out, capacity, text, strlen(text));
}

void live_call_understand(struct live_call *call, const struct directory *directory,
    const struct numbering *numbering)
{
	const struct person *person = NULL;
	const struct site *site = NULL;
	if (directory != NULL && call->person_uuid[0] != '\0')
		person = directory_person(directory, call->person_uuid);
	if (person != NULL) {
		copy_text(call->person_name, sizeof call->person_name, person->name);
		site = directory_site(directory, person->site_uuid);
	}
	if (site != NULL)
		copy_text(call->location, sizeof call->location, site->name);
	if (numbering == NULL)
		return;
	static const char nowhere[3] = "";
	struct span text = { call->remote_number, (uint32_t)strlen(call->remote_number) };
	number_read(numbering, text, site != NULL ? site->country : nowhere,
	    site != NULL ? site->outside_digit : 0, &call->remote);
}
