/* SPDX-License-Identifier: Apache-2.0
 *
 * organisations → locations → calling locations → people. Only the last and
 * the second are needed; the others are told about and done without. */
#include "webex/people.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/log.h"
#include "base/map.h"
#include "base/mem.h"
#include "webex/ids.h"
#include "webex/list.h"

/* callingData makes large pages time out: 50, then 10 (field clients). */
enum { PEOPLE_PAGE = 50, PEOPLE_SMALLER = 10, LOCATIONS_PAGE = 100 };

struct directory_read {
	struct webex *webex;
	struct directory_result result;
	json_t *locations;   /* array of the items of /locations */
	json_t *calling;     /* uuid → item of /telephony/config/locations */
	struct webex_list *list;
	directory_done_fn done;
	void *arg;
};

void phone_normalize(const char *text, char *out, size_t capacity)
{
	size_t n = 0;
	for (const char *c = text; *c != '\0' && n + 1 < capacity; c++)
		if ((*c >= '0' && *c <= '9') || (*c == '+' && n == 0))
			out[n++] = *c;
	out[n] = '\0';
}

/* Printable and bounded; "" for what is not text. Owned by the caller. */
static char *string_of(const json_t *object, const char *key)
{
	char out[256];
	const char *value = json_str(object, key, "");
	text_printable(out, sizeof out, value, strlen(value));
	return mem_strdup(out);
}

static void read_phones(const json_t *item, char *number, char *extension, size_t capacity)
{
	const json_t *phones = json_object_get(item, "phoneNumbers"), *phone;
	size_t i;
	bool primary = false;
	number[0] = '\0';
	phone_normalize(json_str(item, "extension", ""), extension, capacity);
	json_array_foreach(phones, i, phone) {
		const char *type = json_str(phone, "type", ""), *value = json_str(phone, "value", "");
		bool is_primary = json_bool(phone, "primary", false);
		if (strcmp(type, "work") == 0 && (number[0] == '\0' || (is_primary && !primary))) {
			phone_normalize(value, number, capacity);
			primary = is_primary;
		} else if (strcmp(type, "work_extension") == 0 && extension[0] == '\0') {
			/* With the routing prefix in front: better than nothing. */
			phone_normalize(value, extension, capacity);
		}
	}
}

bool person_from_json(const json_t *item, struct directory *directory)
{
	char uuid[UUID_BYTES], site_uuid[UUID_BYTES] = "", number[40], extension[40];
	if (!webex_id_uuid(json_str(item, "id", ""), uuid))
		return false;
	if (!webex_id_uuid(json_str(item, "locationId", ""), site_uuid))
		site_uuid[0] = '\0';
	read_phones(item, number, extension, sizeof number);
	const json_t *email = json_array_get(json_object_get(item, "emails"), 0);
	char address[256];
	const char *raw = json_is_string(email) ? json_string_value(email) : "";
	text_printable(address, sizeof address, raw, strlen(raw));
	char *name = string_of(item, "displayName"), *team = string_of(item, "department");
	directory_add_person(directory, &(struct person){
	    .uuid = uuid, .name = name, .email = address, .site_uuid = site_uuid,
	    .extension = extension, .number = number, .team = team });
	free(name);
	free(team);
	return true;
}

bool site_from_json(const json_t *location, const json_t *calling, struct directory *directory)
{
	char uuid[UUID_BYTES], prefix[24], number[40];
	if (!webex_id_uuid(json_str(location, "id", json_str(calling, "id", "")), uuid))
		return false;
	struct site site = { .uuid = uuid };
	site.name = string_of(location != NULL ? location : calling, "name");
	site.zone_name = string_of(location, "timeZone");
	const char *country = json_str(json_object_get(location, "address"), "country", "");
	for (int i = 0; i < 2 && strlen(country) == 2; i++)
		site.country[i] = country[i] >= 'a' && country[i] <= 'z' ? (char)(country[i] - 32) : country[i];
	if (site.country[0] < 'A' || site.country[0] > 'Z' || site.country[1] < 'A' || site.country[1] > 'Z')
		memset(site.country, 0, sizeof site.country);
	const char *digit = json_str(calling, "outsideDialDigit", "");
	site.outside_digit = digit[0] >= '0' && digit[0] <= '9' && digit[1] == '\0' ? digit[0] : 0;
	phone_normalize(json_str(calling, "routingPrefix", ""), prefix, sizeof prefix);
	phone_normalize(json_str(json_object_get(calling, "callingLineId"), "phoneNumber", ""), number,
	    sizeof number);
	site.routing_prefix = prefix;
	site.main_number = number;
	site_default_hours(&site);
	char *zone_name = site.zone_name;
	if (zone_name[0] == '\0')
		site.zone_name = NULL;
	directory_add_site(directory, &site);
	free(site.name);
	free(zone_name);
	return true;
}

/* ── the four questions ───────────────────────────────────────────────── */

static void finish(struct directory_read *read, const struct fault *fault)
{
	struct directory_result *result = &read->result;
	result->fault = *fault;
	result->n_sites = result->directory->n_sites;
	result->n_people = result->directory->n_people;
	read->done(result, read->arg);
	directory_free(result->directory);
	json_decref(read->locations);
	json_decref(read->calling);
	free(read);
}

static void on_person(const json_t *item, void *arg)
{
	struct directory_read *read = arg;
	person_from_json(item, read->result.directory);
}

static void on_people(const struct fault *fault, int status, void *arg)
{
	UNUSED(status);
	finish(arg, fault);
}

static void ask_people(struct directory_read *read)
{
	read->list = webex_list(read->webex, &(struct webex_list_request){
	    .api = API_PEOPLE, .path = "/people?callingData=true&excludeStatus=true", .key = "items",
	    .page = PEOPLE_PAGE, .smaller_page = PEOPLE_SMALLER,
	}, &(struct webex_list_events){ on_person, NULL, on_people, read });
}

static void join_locations(struct directory_read *read)
{
	size_t i;
	const json_t *location, *calling;
	const char *key;
	json_array_foreach(read->locations, i, location) {
		char uuid[UUID_BYTES];
		calling = webex_id_uuid(json_str(location, "id", ""), uuid) ?
		    json_object_get(read->calling, uuid) : NULL;
		site_from_json(location, calling, read->result.directory);
	}
	/* A location that only Calling knows. */
	json_object_foreach(read->calling, key, calling)
		if (directory_site(read->result.directory, key) == NULL)
			site_from_json(NULL, calling, read->result.directory);
}

static void on_calling_location(const json_t *item, void *arg)
{
	struct directory_read *read = arg;
	char uuid[UUID_BYTES];
	if (webex_id_uuid(json_str(item, "id", ""), uuid))
		json_object_set_new(read->calling, uuid, json_deep_copy(item));
}

static void on_calling_locations(const struct fault *fault, int status, void *arg)
{
	UNUSED(status);
	struct directory_read *read = arg;
	if (fault->code == FAULT_CANCELLED) {
		finish(read, fault);
		return;
	}
	read->result.calling_locations = *fault;
	if (fault->code != FAULT_NONE)
		log_unusual("outside digits and prefixes of locations are not known: %s", fault->text);
	join_locations(read);
	ask_people(read);
}

static void on_location(const json_t *item, void *arg)
{
	struct directory_read *read = arg;
	json_array_append_new(read->locations, json_deep_copy(item));
}

static void on_locations(const struct fault *fault, int status, void *arg)
{
	UNUSED(status);
	struct directory_read *read = arg;
	if (fault->code != FAULT_NONE) {
		finish(read, fault);
		return;
	}
	read->list = webex_list(read->webex, &(struct webex_list_request){
	    .api = API_CALLING_LOCATIONS, .path = "/telephony/config/locations", .key = "locations",
	    .page = LOCATIONS_PAGE, .by = "start",
	}, &(struct webex_list_events){ on_calling_location, NULL, on_calling_locations, read });
}

static void on_organization(const json_t *item, void *arg)
{
	struct directory_read *read = arg;
	if (read->result.org_uuid[0] != '\0')
		return; /* a partner sees many; the first is the token's own */
	const char *name = json_str(item, "displayName", "");
	if (webex_id_uuid(json_str(item, "id", ""), read->result.org_uuid))
		text_printable(read->result.org_name, sizeof read->result.org_name, name, strlen(name));
}

static void on_organizations(const struct fault *fault, int status, void *arg)
{
	UNUSED(status);
	struct directory_read *read = arg;
	/* No scope for the name of the house is no reason to stop. */
	if (fault->code != FAULT_NONE && fault->code != FAULT_FORBIDDEN &&
	    fault->code != FAULT_NOT_FOUND && fault->code != FAULT_REFUSED) {
		finish(read, fault);
		return;
	}
	read->list = webex_list(read->webex, &(struct webex_list_request){
	    .api = API_LOCATIONS, .path = "/locations", .key = "items", .page = LOCATIONS_PAGE,
	}, &(struct webex_list_events){ on_location, NULL, on_locations, read });
}

struct directory_read *directory_read(struct webex *webex, directory_done_fn done, void *arg)
{
	struct directory_read *read = mem_zalloc(sizeof *read);
	read->webex = webex;
	read->done = done;
	read->arg = arg;
	read->locations = json_array();
	read->calling = json_object();
	read->result.directory = directory_new();
	read->list = webex_list(webex, &(struct webex_list_request){
	    .api = API_ORGANIZATIONS, .path = "/organizations", .key = "items",
	}, &(struct webex_list_events){ on_organization, NULL, on_organizations, read });
	return read;
}

void directory_read_cancel(struct directory_read *read)
{
	webex_list_cancel(read->list);
}
