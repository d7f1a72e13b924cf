/* SPDX-License-Identifier: Apache-2.0 */
#include "webex/admin_audit.h"

#include <stdlib.h>
#include <string.h>

#include "base/iso_time.h"
#include "base/json.h"
#include "base/mem.h"
#include "webex/ids.h"
#include "webex/list.h"

enum { PAGE = 200 };

struct admin_audit_read {
	struct webex_list *list;
	struct arena arena;
	struct admin_event *events;
	size_t n, capacity, n_unreadable;
	admin_audit_done_fn done;
	void *arg;
};

/* ---- an event ----------------------------------------------------------------------- */

/* The n first of them as they may be shown; without blanks at its ends: " " is nothing. */
static const char *kept(struct arena *arena, const char *text, size_t n, size_t room)
{
	char out[512];
	assert(room <= sizeof out);
	for (; n > 0 && (*text == ' ' || *text == '\n' || *text == '\t'); text++)
		n--;
	size_t used = text_printable(out, room, text, n);
	while (used > 0 && out[used - 1] == ' ')
		used--;
	return arena_strndup(arena, out, used);
}

/* Mostly a text; a value may be anything: then as JSON has it. */
static const char *value_of(struct arena *arena, const json_t *object, const char *key, size_t room)
{
	const json_t *value = json_object_get(object, key);
	if (value == NULL || json_is_null(value))
		return "";
	if (json_is_string(value))
		return kept(arena, json_string_value(value), json_string_length(value), room);
	char *json = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY | JSON_SORT_KEYS);
	const char *out = json == NULL ? "" : kept(arena, json, strlen(json), room);
	free(json);
	return out;
}

/* The UUID in an id of any form; "" of a plain text. */
static const char *uuid_of(struct arena *arena, const json_t *object, const char *key)
{
	char uuid[UUID_BYTES];
	return webex_id_uuid(json_str(object, key, ""), uuid) ? arena_strdup(arena, uuid) : "";
}

bool admin_event_read(const json_t *item, struct arena *arena, struct admin_event *out)
{
	static const char prefix[] = "EventCategory."; /* in the manual's examples */
	const json_t *data = json_object_get(item, "data");
	const char *time = json_str(item, "created", "");
	*out = (struct admin_event){ .id = value_of(arena, item, "id", 160) };
	if (*out->id == '\0' || !iso_time_parse(time, strlen(time), &out->at_ms))
		return false;
	const struct {
		const char **member, *key;
		size_t room;
	} texts[] = {
		{ &out->category, "eventCategory", 64 }, { &out->description, "eventDescription", 200 }, { &out->act, "actionText", 500 },
		{ &out->operation, "operationType", 32 }, { &out->outcome, "eventStatus", 32 }, { &out->failure, "failedReason", 200 },
		{ &out->actor_name, "actorName", 128 }, { &out->actor_email, "actorEmail", 160 }, { &out->actor_ip, "actorIp", 64 },
		{ &out->actor_agent, "actorUserAgent", 200 }, { &out->target_type, "targetType", 32 }, { &out->target_name, "targetName", 160 },
		{ &out->setting, "settingName", 128 }, { &out->was, "previousValue", 256 }, { &out->became, "settingValue", 256 },
	};
	for (size_t i = 0; i < COUNT_OF(texts); i++)
		*texts[i].member = value_of(arena, data, texts[i].key, texts[i].room);
	if (text_starts_with(out->category, prefix))
		out->category = kept(arena, out->category + strlen(prefix), strlen(out->category) - strlen(prefix), 64);
	if (*out->setting == '\0')
		out->setting = value_of(arena, data, "settingKey", 128);
	if (*out->failure == '\0')
		out->failure = value_of(arena, data, "errorMessage", 200);
	out->actor_uuid = uuid_of(arena, item, "actorId");
	out->target_uuid = uuid_of(arena, data, "targetId");
	if (*out->target_name == '\0' && *out->target_uuid == '\0')
		out->target_name = value_of(arena, data, "targetId", 160);
	return true;
}

/* ---- a stretch ------------------------------------------------------------------------ */

static void on_item(const json_t *item, void *arg)
{
	struct admin_audit_read *read = arg;
	struct admin_event event;
	if (!admin_event_read(item, &read->arena, &event)) {
		read->n_unreadable++;
		return;
	}
	read->events = mem_grow(read->events, read->n, &read->capacity, sizeof *read->events);
	read->events[read->n++] = event;
}

static void on_end(const struct fault *fault, int status, void *arg)
{
	struct admin_audit_read *read = arg;
	/* The list itself was too long, or Webex had enough of being asked. */
	struct admin_audit_result result = { .fault = *fault, .too_many = fault->code == FAULT_LIMIT && status >= 200 && status < 300,
		.events = read->events, .n = read->n, .n_unreadable = read->n_unreadable };
	read->done(&result, read->arg);
	arena_clear(&read->arena);
	free(read->events);
	free(read);
}

struct admin_audit_read *admin_audit_read(struct webex *webex, const char *org_uuid, int64_t from_ms, int64_t to_ms, admin_audit_done_fn done, void *arg)
{
	struct admin_audit_read *read = mem_zalloc(sizeof *read);
	char org[WEBEX_ID_BYTES], from[ISO_TIME_BYTES], to[ISO_TIME_BYTES];
	webex_id_make("ORGANIZATION", org_uuid, org);
	char *path = mem_printf("/adminAudit/events?orgId=%s&from=%s&to=%s", org, iso_time_format(from_ms, from), iso_time_format(to_ms, to));
	arena_init(&read->arena);
	read->done = done;
	read->arg = arg;
	read->list = webex_list(webex, &(struct webex_list_request){ .api = API_AUDIT, .path = path, .key = "items", .page = PAGE, .by = "offset", .most = ADMIN_AUDIT_MOST },
	    &(struct webex_list_events){ on_item, NULL, on_end, read });
	free(path);
	return read;
}

void admin_audit_cancel(struct admin_audit_read *read)
{
	webex_list_cancel(read->list);
}
