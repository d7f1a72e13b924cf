/* SPDX-License-Identifier: Apache-2.0
 *
 * The directory: people by pages, the organisation, its locations in both
 * spellings. Workspaces, queues and attendants are not in /people, as at
 * Webex: call records name them all the same. */
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/json.h"
#include "base/mem.h"
#include "net/url.h"
#include "sim/cloud_parts.h"
#include "webex/ids.h"

#define MAX_IDS 85

static void add_id(struct text *out, const char *name, const char *kind, const char *uuid)
{
	json_quote(out, name);
	text_putc(out, ':');
	cloud_id(kind, uuid, out);
	text_putc(out, ',');
}

static void add_person(const struct cloud *cloud, const struct sim_person *person, bool calling,
    struct text *out)
{
	const struct sim_location *location = &cloud->org->locations[person->location];
	uint64_t h = hash_text(person->uuid);
	text_putc(out, '{');
	add_id(out, "id", "PEOPLE", person->uuid);
	text_puts(out, "\"emails\":[");
	json_quote(out, person->email);
	text_puts(out, "],\"phoneNumbers\":[");
	if (person->number[0] != '\0') {
		text_puts(out, "{\"type\":\"work\",\"value\":");
		json_quote(out, person->number);
		text_puts(out, ",\"primary\":true},");
	}
	text_puts(out, "{\"type\":\"work_extension\",\"value\":\"");
	text_printf(out, "%s%s\"}],", location->routing_prefix, person->extension);
	if (calling) {
		cloud_add_string(out, "extension", person->extension);
		add_id(out, "locationId", "LOCATION", location->uuid);
	}
	cloud_add_string(out, "displayName", person->display_name);
	cloud_add_string(out, "firstName", person->first_name);
	cloud_add_string(out, "lastName", person->last_name);
	add_id(out, "orgId", "ORGANIZATION", cloud->org->uuid);
	bool is_admin = person == &cloud->org->people[cloud->admin];
	text_puts(out, "\"roles\":[");
	if (is_admin)
		cloud_id("ROLE", "id_full_admin", out);
	text_puts(out, "],\"licenses\":[");
	cloud_id("LICENSE", cloud->org->carrier_uuid, out);
	text_puts(out, "],");
	cloud_add_string(out, "department", person->department);
	text_printf(out,
	    "\"created\":\"20%02d-%02d-%02dT08:00:00.000Z\",\"lastModified\":"
	    "\"2026-09-30T11:02:03.000Z\",",
	    (int)(19 + h % 7), (int)(1 + h / 8 % 12), (int)(1 + h / 128 % 28));
	cloud_add_string(out, "timezone", location->zone_name);
	text_puts(out, "\"status\":\"active\",\"invitePending\":false,\"loginEnabled\":true,"
		       "\"type\":\"person\"}");
}

void serve_me(struct cloud_request *request)
{
	const struct cloud *cloud = request->cloud;
	struct text body = { 0 };
	if (request->token.owner == CLOUD_OWNER_ADMIN) {
		add_person(cloud, &cloud->org->people[cloud->admin], false, &body);
	} else { /* a Service App is a machine account */
		char uuid[37];
		cloud_uuid(cloud, "machine account", 0, uuid);
		text_putc(&body, '{');
		add_id(&body, "id", "PEOPLE", uuid);
		text_printf(&body, "\"emails\":[\"centinela@serviceapp.webex.example\"],");
		cloud_add_string(&body, "displayName", "Centinela Service App");
		add_id(&body, "orgId", "ORGANIZATION", cloud->org->uuid);
		text_puts(&body, "\"created\":\"2026-01-15T09:00:00.000Z\",\"status\":\"unknown\","
				 "\"type\":\"appuser\"}");
	}
	cloud_reply_json(request, 200, &body);
}

void serve_person(struct cloud_request *request)
{
	const struct cloud *cloud = request->cloud;
	char uuid[UUID_BYTES], word[CLOUD_WORD_BYTES];
	int i = -1;
	if (webex_id_uuid(request->segment[0], uuid))
		i = sim_org_find_person(cloud->org, uuid);
	if (i < 0 || cloud->org->people[i].is_place) {
		cloud_reply_error(request, 404, "Could not find the requested person.");
		return;
	}
	struct text body = { 0 };
	add_person(cloud, &cloud->org->people[i],
	    strcmp(cloud_query(request, "callingData", word), "true") == 0, &body);
	cloud_reply_json(request, 200, &body);
}

/* ------------------------------------------------------------------ paging */

/* `max` brought within 1..limit, `otherwise` when absent. False: answered. */
static bool read_max(struct cloud_request *request, int64_t otherwise, int64_t limit, int64_t *max)
{
	char word[CLOUD_WORD_BYTES];
	*max = otherwise;
	if (cloud_query(request, "max", word)[0] != '\0' && !text_to_int(word, 1, INT32_MAX, max)) {
		cloud_reply_error(request, 400, "max must be a positive number");
		return false;
	}
	*max = MIN(*max, limit);
	return true;
}

/* A cursor says where the next page begins, and is signed: it cannot be
 * counted up by hand. */
static void write_cursor(const struct cloud *cloud, size_t at, char out[static 64])
{
	char proof[17];
	cloud_hex(cloud, "cursor", at, 16, proof);
	snprintf(out, 64, "%zu.%s", at, proof);
}

static bool read_cursor(const struct cloud *cloud, const char *text, size_t *at)
{
	char again[64];
	*at = strtoul(text, NULL, 10);
	write_cursor(cloud, *at, again);
	return cloud_secret_equal(text, again);
}

static void add_next_link(struct cloud_request *request, size_t at)
{
	char cursor[64], own[CLOUD_URL_BYTES];
	struct text rest = { 0 };
	const char *query = request->query;
	while (*query != '\0') { /* all parameters again, but the old cursor */
		size_t n = strcspn(query, "&");
		if (n > 0 && strncmp(query, "cursor=", 7) != 0) {
			text_putc(&rest, '&');
			text_add(&rest, query, n);
		}
		query += n + (query[n] == '&');
	}
	write_cursor(request->cloud, at, cursor);
	cloud_header(request, "Link: <%s%s?cursor=%s%s>; rel=\"next\"",
	    cloud_own_url(request, own),
	    http_visit_path(request->visit), cursor, text_string(&rest));
	text_clear(&rest);
}

struct people_wish {
	char email[CLOUD_WORD_BYTES], name[CLOUD_WORD_BYTES], ids[CLOUD_WORD_BYTES * 8];
	char location[UUID_BYTES];
	bool by_location;
};

static bool is_wished(const struct cloud *cloud, const struct sim_person *person,
    const struct people_wish *wish)
{
	if (person->is_place)
		return false;
	if (wish->email[0] != '\0' && !text_equal_nocase(person->email, wish->email))
		return false;
	if (wish->name[0] != '\0' && !text_starts_with(person->display_name, wish->name))
		return false;
	if (wish->by_location &&
	    strcmp(cloud->org->locations[person->location].uuid, wish->location) != 0)
		return false;
	return wish->ids[0] == '\0' || strstr(wish->ids, person->uuid) != NULL;
}

/* "id,id" → "uuid uuid ". False when there are too many or one is none. */
static bool read_ids(char *list, struct people_wish *wish)
{
	size_t n = 0, used = 0;
	char *id;
	while ((id = strsep(&list, ",")) != NULL) {
		char uuid[UUID_BYTES];
		if (++n > MAX_IDS || !webex_id_uuid(id, uuid) || used + 38 >= sizeof wish->ids)
			return false;
		used += (size_t)snprintf(wish->ids + used, sizeof wish->ids - used, "%s ", uuid);
	}
	return true;
}

void serve_people(struct cloud_request *request)
{
	struct cloud *cloud = request->cloud;
	struct people_wish wish = { 0 };
	char word[CLOUD_WORD_BYTES];
	int64_t max;
	size_t at = 0, n = 0, i;
	bool calling = strcmp(cloud_query(request, "callingData", word), "true") == 0;
	cloud_query(request, "email", wish.email);
	cloud_query(request, "displayName", wish.name);
	wish.by_location = cloud_query(request, "locationId", word)[0] != '\0';
	if (wish.by_location && !webex_id_uuid(word, wish.location)) {
		cloud_reply_error(request, 400, "locationId is invalid");
		return;
	}
	char *ids = mem_alloc(CLOUD_WORD_BYTES * 8);
	bool ids_fit = !url_query_value(request->query, "id", ids, CLOUD_WORD_BYTES * 8) ||
	    read_ids(ids, &wish);
	free(ids);
	if (!ids_fit) {
		cloud_reply_error(request, 400, "id must hold at most 85 person ids");
		return;
	}
	if (!read_max(request, 100, wish.by_location ? 50 : calling ? 100 : 1000, &max))
		return;
	/* Large pages with calling data time out, every time (wxc_sdk asks for 10). */
	if (calling && max > 50 && (cloud->faults.mask & SIM_FAULT_BIT(SIM_FAULT_SERVER5XX))) {
		cloud_reply_error(request, 504, "The request timed out.");
		return;
	}
	if (cloud_query(request, "cursor", word)[0] != '\0' && !read_cursor(cloud, word, &at)) {
		cloud_reply_error(request, 400, "The cursor is invalid");
		return;
	}
	struct text body = { 0 };
	text_puts(&body, "{\"items\":[");
	for (i = at; i < cloud->org->n_people; i++) {
		if (!is_wished(cloud, &cloud->org->people[i], &wish))
			continue;
		if ((int64_t)n == max)
			break;
		if (n++ > 0)
			text_putc(&body, ',');
		add_person(cloud, &cloud->org->people[i], calling, &body);
	}
	text_puts(&body, "],\"notFoundIds\":null}");
	if (i < cloud->org->n_people)
		add_next_link(request, i);
	cloud_reply_json(request, 200, &body);
}

/* -------------------------------------------------- organisation, locations */

static void add_organization(struct cloud_request *request, struct text *out)
{
	char word[CLOUD_WORD_BYTES];
	text_putc(out, '{');
	add_id(out, "id", "ORGANIZATION", request->cloud->org->uuid);
	cloud_add_string(out, "displayName", request->cloud->org->name);
	if (strcmp(cloud_query(request, "callingData", word), "true") == 0)
		text_puts(out,
		    "\"xsiActionsEndpoint\":\"https://api-us.xsi.example.com/com.broadsoft.xsi-actions\","
		    "\"xsiEventsEndpoint\":\"https://api-us.xsi.example.com/com.broadsoft.xsi-events\","
		    "\"xsiEventsChannelEndpoint\":\"https://api-us.xsi.example.com/com.broadsoft.async/"
		    "com.broadsoft.xsi-events\",\"xsiDomain\":\"api-us.xsi.example.com\",");
	text_puts(out, "\"created\":\"2019-03-01T10:00:00.000Z\"}");
}

void serve_organizations(struct cloud_request *request)
{
	struct text body = { 0 };
	text_puts(&body, "{\"items\":[");
	add_organization(request, &body);
	text_puts(&body, "]}");
	cloud_reply_json(request, 200, &body);
}

void serve_organization(struct cloud_request *request)
{
	char uuid[UUID_BYTES];
	struct text body = { 0 };
	if (!webex_id_uuid(request->segment[0], uuid) ||
	    strcmp(uuid, request->cloud->org->uuid) != 0) {
		cloud_reply_error(request, 404, "The organization was not found.");
		return;
	}
	add_organization(request, &body);
	cloud_reply_json(request, 200, &body);
}

static void add_location(const struct cloud *cloud, const struct sim_location *location,
    struct text *out)
{
	text_putc(out, '{');
	add_id(out, "id", "LOCATION", location->uuid);
	cloud_add_string(out, "name", location->name);
	add_id(out, "orgId", "ORGANIZATION", cloud->org->uuid);
	text_puts(out, "\"address\":{");
	cloud_add_string(out, "address1", location->address1);
	cloud_add_string(out, "address2", "");
	cloud_add_string(out, "city", location->city);
	cloud_add_string(out, "state", location->state);
	cloud_add_string(out, "postalCode", location->postal_code);
	text_puts(out, "\"country\":");
	json_quote(out, location->country);
	text_puts(out, "},");
	cloud_add_string(out, "timeZone", location->zone_name);
	cloud_add_string(out, "preferredLanguage", location->language);
	cloud_add_string(out, "latitude", location->latitude);
	cloud_add_string(out, "longitude", location->longitude);
	text_puts(out, "\"notes\":\"\"}");
}

void serve_locations(struct cloud_request *request)
{
	const struct cloud *cloud = request->cloud;
	char name[CLOUD_WORD_BYTES], id[CLOUD_WORD_BYTES], cursor[CLOUD_WORD_BYTES], uuid[UUID_BYTES] = "";
	int64_t max;
	size_t at = 0, n = 0, i;
	cloud_query(request, "name", name);
	if (!read_max(request, 100, 1000, &max))
		return;
	if ((cloud_query(request, "id", id)[0] != '\0' && !webex_id_uuid(id, uuid)) ||
	    (cloud_query(request, "cursor", cursor)[0] != '\0' &&
		!read_cursor(cloud, cursor, &at))) {
		cloud_reply_error(request, 400, "A parameter is invalid");
		return;
	}
	struct text body = { 0 };
	text_puts(&body, "{\"items\":[");
	for (i = at; i < cloud->org->n_locations; i++) {
		const struct sim_location *location = &cloud->org->locations[i];
		if ((name[0] != '\0' && strcmp(name, location->name) != 0) ||
		    (uuid[0] != '\0' && strcmp(uuid, location->uuid) != 0))
			continue;
		if ((int64_t)n == max)
			break;
		if (n++ > 0)
			text_putc(&body, ',');
		add_location(cloud, location, &body);
	}
	text_puts(&body, "]}");
	if (i < cloud->org->n_locations)
		add_next_link(request, i);
	cloud_reply_json(request, 200, &body);
}

/* start and max, no Link; and the list is not called items. */
void serve_telephony_locations(struct cloud_request *request)
{
	const struct cloud *cloud = request->cloud;
	char word[CLOUD_WORD_BYTES];
	int64_t max, start = 0;
	if (!read_max(request, 1000, 2000, &max))
		return;
	if (cloud_query(request, "start", word)[0] != '\0' &&
	    !text_to_int(word, 0, INT32_MAX, &start)) {
		cloud_reply_error(request, 400, "start must be a number");
		return;
	}
	struct text body = { 0 };
	text_puts(&body, "{\"locations\":[");
	for (size_t i = (size_t)start; i < cloud->org->n_locations && i < (size_t)(start + max); i++) {
		const struct sim_location *location = &cloud->org->locations[i];
		text_puts(&body, i > (size_t)start ? ",{" : "{");
		add_id(&body, "id", "LOCATION", location->uuid);
		cloud_add_string(&body, "name", location->name);
		cloud_add_string(&body, "outsideDialDigit", location->outside_digit);
		text_printf(&body, "\"enforceOutsideDialDigit\":%s,",
		    location->asks_outside_digit ? "true" : "false");
		cloud_add_string(&body, "routingPrefix", location->routing_prefix);
		text_puts(&body, "\"callingLineId\":{");
		cloud_add_string(&body, "name", cloud->org->name);
		text_puts(&body, "\"phoneNumber\":");
		json_quote(&body, location->main_number);
		text_puts(&body, "},\"e911SetupRequired\":false}");
	}
	text_puts(&body, "]}");
	cloud_reply_json(request, 200, &body);
}
