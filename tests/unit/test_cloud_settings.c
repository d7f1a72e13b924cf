/* SPDX-License-Identifier: Apache-2.0
 *
 * Settings of a line in the simulator: read whole, written whole, and refused as Webex does. */
#include "cloud_rig.h"

static char path[600];

static const char *path_of(const char *feature)
{
	char id[WEBEX_ID_BYTES];
	const struct sim_org *org = cloud_org(rig_cloud);
	size_t i = 0;
	while (org->people[i].is_place)
		i++;
	webex_id_make("PEOPLE", org->people[i].uuid, id);
	snprintf(path, sizeof path, "/v1/people/%s/features/%s", id, feature);
	return path;
}

static long put(const char *where, const char *token, const char *body)
{
	char headers[600];
	snprintf(headers, sizeof headers, "Content-Type: application/json\nAuthorization: Bearer %s", token);
	struct reply r = rig_ask("PUT", where, headers, body);
	long status = r.status;
	reply_clear(&r);
	return status;
}

static json_t *get(const char *where)
{
	struct reply r = rig_get(where, cloud_credentials(rig_cloud)->service_access_token);
	CHECK_INT(r.status, 200);
	return rig_json(&r);
}

static const char *action_of(const json_t *setting, const char *type)
{
	const json_t *row;
	size_t i;
	json_array_foreach(json_object_get(setting, "callingPermissions"), i, row)
		if (strcmp(json_str(row, "callType", ""), type) == 0)
			return json_str(row, "action", "");
	return "";
}

#define PERMIT(type, action, more) "{\"useCustomPermissions\":true,\"callingPermissions\":[{\"callType\":\"" type "\",\"action\":\"" action "\"" more "}]}"

TEST(a_setting_is_as_it_was_written_and_the_rest_of_it_as_it_was)
{
	rig_defaults();
	rig_begin();
	const char *token = cloud_credentials(rig_cloud)->service_access_token, *where = path_of("outgoingPermission");
	json_auto_t *before = get(where);
	CHECK_STR(action_of(before, "INTERNATIONAL"), "ALLOW");
	CHECK_INT(put(where, token, PERMIT("INTERNATIONAL", "BLOCK", ",\"transferEnabled\":false")), 204);
	json_auto_t *after = get(where);
	CHECK_STR(action_of(after, "INTERNATIONAL"), "BLOCK");
	CHECK_STR(action_of(after, "NATIONAL"), "ALLOW");
	CHECK(json_is_true(json_object_get(after, "useCustomPermissions")));
	where = path_of("callForwarding");
	CHECK_INT(put(where, token, "{\"callForwarding\":{\"always\":{\"enabled\":true,\"destination\":\"1000\"}}}"), 204);
	json_auto_t *forwarding = get(where);
	CHECK_STR(json_str(json_object_get(json_object_get(forwarding, "callForwarding"), "always"), "destination", ""), "1000");
	CHECK(json_object_get(json_object_get(forwarding, "callForwarding"), "busy") != NULL);
	rig_end();
}

TEST(what_only_a_get_shows_is_refused_in_a_put)
{
	static const struct {
		const char *feature, *body;
	} bad[] = {
		{ "outgoingPermission", PERMIT("CASUAL", "BLOCK", ",\"transferEnabled\":false") },
		{ "outgoingPermission", PERMIT("UNKNOWN", "BLOCK", ",\"transferEnabled\":false") },
		{ "outgoingPermission", PERMIT("PREMIUM_SERVICES_I", "ALLOW", ",\"transferEnabled\":true") }, /* locked */
		{ "outgoingPermission", PERMIT("INTERNATIONAL", "BLOCK", ",\"transferEnabled\":false,\"isCallTypeRestrictionEnabled\":false") },
		{ "outgoingPermission", PERMIT("INTERNATIONAL", "PERHAPS", ",\"transferEnabled\":false") },
		{ "outgoingPermission", PERMIT("INTERNATIONAL", "BLOCK", "") },
		{ "outgoingPermission", "{}" },
		{ "outgoingPermission", "[" },
		{ "callForwarding", "{\"callForwarding\":{\"noAnswer\":{\"numberOfRings\":21}}}" },
		{ "callForwarding", "{\"callForwarding\":{\"noAnswer\":{\"systemMaxNumberOfRings\":20}}}" },
		{ "callForwarding", "{\"always\":{}}" },
		{ "intercept", "{\"enabled\":true,\"incoming\":{\"type\":\"ALLOW_ALL\"},\"outgoing\":{\"type\":\"INTERCEPT_ALL\"}}" },
	};
	rig_defaults();
	rig_begin();
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		const char *where = path_of(bad[i].feature);
		json_auto_t *before = get(where);
		CHECK_INT(put(where, cloud_credentials(rig_cloud)->service_access_token, bad[i].body), 400);
		json_auto_t *after = get(where);
		CHECK(json_equal(before, after));
	}
	rig_end();
}

TEST(who_may_not_is_told_so)
{
	rig_defaults();
	rig_begin();
	CHECK_INT(put(path_of("outgoingPermission"), "nobody's", "{}"), 401);
	struct reply r = rig_get("/v1/people/nobody/features/outgoingPermission", cloud_credentials(rig_cloud)->service_access_token);
	CHECK_INT(r.status, 404);
	reply_clear(&r);
	r = rig_get(path_of("voicemail"), cloud_credentials(rig_cloud)->service_access_token);
	CHECK_INT(r.status, 404);
	reply_clear(&r);
	rig_end();
}

TESTS(T(a_setting_is_as_it_was_written_and_the_rest_of_it_as_it_was), T(what_only_a_get_shows_is_refused_in_a_put), T(who_may_not_is_told_so))
