/* SPDX-License-Identifier: Apache-2.0
 *
 * What a person's line may do: outgoing permissions, forwarding, interception. As
 * at Webex they are read and written whole, a PUT refuses what only a GET holds, and
 * who may read may not therefore write. Kept while the simulator runs. */
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/json.h"
#include "sim/cloud_parts.h"
#include "webex/ids.h"

/* Types that people's permissions have, and those that only a GET shows. */
static const struct {
	const char *type, *action;
	bool transfer, locked, only_read;
} permissions[] = {
	{ "INTERNAL_CALL", "ALLOW", true, false, false },
	{ "TOLL_FREE", "ALLOW", true, false, false },
	{ "NATIONAL", "ALLOW", true, false, false },
	{ "INTERNATIONAL", "ALLOW", true, false, false },
	{ "OPERATOR_ASSISTED", "ALLOW", true, false, false },
	{ "CHARGEABLE_DIRECTORY_ASSISTED", "ALLOW", true, false, false },
	{ "SPECIAL_SERVICES_I", "ALLOW", true, false, false },
	{ "SPECIAL_SERVICES_II", "ALLOW", true, false, false },
	{ "PREMIUM_SERVICES_I", "BLOCK", false, true, false },
	{ "PREMIUM_SERVICES_II", "ALLOW", true, false, false },
	{ "CASUAL", "ALLOW", false, false, true },
	{ "URL_DIALING", "ALLOW", false, false, true },
	{ "UNKNOWN", "ALLOW", false, false, true },
};

static const char *const actions[] = { "ALLOW", "BLOCK", "AUTH_CODE", "TRANSFER_NUMBER_1", "TRANSFER_NUMBER_2",
	"TRANSFER_NUMBER_3" };

static int permission_of(const char *type)
{
	for (size_t i = 0; i < COUNT_OF(permissions); i++)
		if (strcmp(permissions[i].type, type) == 0)
			return (int)i;
	return -1;
}

/* ---- how a line is before anybody changes it --------------------------------------- */

static json_t *first_permissions(uint64_t h)
{
	json_t *rows = json_array();
	bool own = h % 3 == 0; /* the others follow their location */
	for (size_t i = 0; i < COUNT_OF(permissions); i++)
		json_array_append_new(rows, json_pack("{s:s, s:s, s:b, s:b}", "callType", permissions[i].type, "action", permissions[i].action,
						"transferEnabled", permissions[i].transfer, "isCallTypeRestrictionEnabled", permissions[i].locked));
	return json_pack("{s:b, s:b, s:o}", "useCustomEnabled", own, "useCustomPermissions", own, "callingPermissions", rows);
}

/* One in four sends calls on when nobody answers, one in eight all of them abroad. */
static json_t *first_forwarding(uint64_t h)
{
	bool abroad = h % 8 == 1, unanswered = h % 4 == 2;
	return json_pack("{s:{s:{s:b, s:s, s:b, s:b}, s:{s:b, s:s, s:b}, s:{s:b, s:s, s:i, s:i, s:b}}, s:{s:b, s:s, s:b}}", "callForwarding",
	    "always", "enabled", abroad, "destination", abroad ? "+37125550123" : "", "ringReminderEnabled", false, "destinationVoicemailEnabled", false,
	    "busy", "enabled", false, "destination", "", "destinationVoicemailEnabled", false,
	    "noAnswer", "enabled", unanswered, "destination", unanswered ? "+576015550177" : "", "numberOfRings", 3, "systemMaxNumberOfRings", 20,
	    "destinationVoicemailEnabled", false,
	    "businessContinuity", "enabled", false, "destination", "", "destinationVoicemailEnabled", false);
}

static json_t *first_intercept(uint64_t h)
{
	UNUSED(h);
	return json_pack("{s:b, s:{s:s, s:b, s:{s:s, s:{s:b}, s:{s:b}}}, s:{s:s, s:b}}", "enabled", false, "incoming", "type", "INTERCEPT_ALL",
	    "voicemailEnabled", false, "announcements", "greeting", "DEFAULT", "newNumber", "enabled", false, "zeroTransfer", "enabled", false,
	    "outgoing", "type", "INTERCEPT_ALL", "transferEnabled", false);
}

/* ---- what a PUT may say; NULL: it is fine ------------------------------------------- */

static const char *check_permissions(const json_t *wish)
{
	const json_t *rows = json_object_get(wish, "callingPermissions");
	size_t i;
	json_t *row;
	if (!json_is_array(rows))
		return "callingPermissions is required";
	json_array_foreach(rows, i, row) {
		int known = permission_of(json_str(row, "callType", ""));
		const char *action = json_str(row, "action", "");
		bool good = false;
		for (size_t k = 0; k < COUNT_OF(actions); k++)
			good |= strcmp(actions[k], action) == 0;
		if (known < 0 || permissions[known].only_read)
			return "callType is not one that can be configured";
		if (!good || !json_is_boolean(json_object_get(row, "transferEnabled")))
			return "action or transferEnabled is invalid";
		if (permissions[known].locked || json_object_get(row, "isCallTypeRestrictionEnabled") != NULL)
			return "This call type is restricted and cannot be changed";
	}
	return NULL;
}

static const char *check_forwarding(const json_t *wish)
{
	const json_t *forwarding = json_object_get(wish, "callForwarding"), *unanswered = json_object_get(forwarding, "noAnswer");
	int64_t rings = json_int(unanswered, "numberOfRings", 3);
	if (!json_is_object(forwarding))
		return "callForwarding is required";
	if (json_object_get(unanswered, "systemMaxNumberOfRings") != NULL)
		return "systemMaxNumberOfRings is read-only";
	return rings < 2 || rings > 20 ? "numberOfRings must be 2 to 20" : NULL;
}

static const char *check_intercept(const json_t *wish)
{
	const json_t *in = json_object_get(wish, "incoming"), *out = json_object_get(wish, "outgoing");
	const char *type = json_str(in, "type", ""), *outgoing = json_str(out, "type", "");
	if (!json_is_boolean(json_object_get(wish, "enabled")))
		return "enabled is required";
	if ((strcmp(type, "INTERCEPT_ALL") != 0 && strcmp(type, "ALLOW_ALL") != 0) || !json_is_object(json_object_get(in, "announcements")) ||
	    !json_is_boolean(json_object_get(in, "voicemailEnabled")))
		return "incoming is invalid";
	return strcmp(outgoing, "INTERCEPT_ALL") != 0 && strcmp(outgoing, "ALLOW_LOCAL_ONLY") != 0 ? "outgoing is invalid" : NULL;
}

static const struct feature {
	const char *name;
	json_t *(*first)(uint64_t);
	const char *(*check)(const json_t *);
} features[] = {
	{ "outgoingPermission", first_permissions, check_permissions },
	{ "callForwarding", first_forwarding, check_forwarding },
	{ "intercept", first_intercept, check_intercept },
};

/* ---- serving -------------------------------------------------------------------------- */

static json_t **setting_of(struct cloud *cloud, const struct feature *feature, const char *uuid)
{
	char key[80];
	bool is_new;
	snprintf(key, sizeof key, "%s/%s", uuid, feature->name);
	union map_value *value = map_put(&cloud->settings, key, &is_new);
	if (is_new)
		value->pointer = feature->first(hash_text(uuid));
	return (json_t **)&value->pointer;
}

/* The setting that the path names, or NULL: it was answered. */
static json_t **find_setting(struct cloud_request *request, const struct feature **feature)
{
	struct cloud *cloud = request->cloud;
	char uuid[UUID_BYTES];
	int i = webex_id_uuid(request->segment[0], uuid) ? sim_org_find_person(cloud->org, uuid) : -1;
	for (size_t k = 0; k < COUNT_OF(features) && i >= 0 && !cloud->org->people[i].is_place; k++)
		if (strcmp(features[k].name, request->segment[1]) == 0) {
			*feature = &features[k];
			return setting_of(cloud, *feature, uuid);
		}
	cloud_reply_error(request, 404, "Could not find the requested person or feature.");
	return NULL;
}

void serve_setting(struct cloud_request *request)
{
	const struct feature *feature;
	json_t **setting = find_setting(request, &feature);
	if (setting == NULL)
		return;
	char *dump = json_dumps(*setting, JSON_COMPACT);
	struct text body = { 0 };
	text_puts(&body, dump);
	free(dump);
	cloud_reply_json(request, 200, &body);
}

/* Rows that are not named stay, and so does what only a GET shows. */
static void merge_permissions(json_t *setting, json_t *wish)
{
	json_t *rows = json_object_get(setting, "callingPermissions"), *row, *mine;
	size_t i, k;
	json_array_foreach(json_object_get(wish, "callingPermissions"), i, row)
		json_array_foreach(rows, k, mine)
			if (strcmp(json_str(mine, "callType", ""), json_str(row, "callType", "")) == 0)
				json_object_update(mine, row);
	json_object_del(wish, "callingPermissions");
}

void serve_setting_update(struct cloud_request *request)
{
	const struct feature *feature;
	json_auto_t *wish = NULL;
	size_t n;
	json_t **setting = find_setting(request, &feature);
	if (setting == NULL)
		return;
	const char *bytes = http_visit_body(request->visit, &n);
	const char *why = json_parse(bytes, n, &wish, NULL) && json_is_object(wish) ? feature->check(wish) : "The request body is not JSON.";
	if (why != NULL) {
		cloud_reply_error(request, 400, why);
		return;
	}
	merge_permissions(*setting, wish);
	json_object_update_recursive(*setting, wish);
	cloud_reply_nothing(request, 204);
}

void cloud_settings_clear(struct cloud *cloud)
{
	size_t at = 0;
	for (const struct map_entry *e; (e = map_next(&cloud->settings, &at)) != NULL;)
		json_decref(e->value.pointer);
	map_clear(&cloud->settings);
}
