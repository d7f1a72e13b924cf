/* SPDX-License-Identifier: Apache-2.0 */
#include "cloud_pages.h"

static const char *token(void)
{
	return cloud_credentials(rig_cloud)->personal_token;
}

/* Of so many hours up to now, with more behind it. */
static const char *path_of(int64_t hours, const char *more)
{
	static char path[700];
	char org[WEBEX_ID_BYTES], from[ISO_TIME_BYTES], to[ISO_TIME_BYTES];
	webex_id_make("ORGANIZATION", cloud_org(rig_cloud)->uuid, org);
	snprintf(path, sizeof path, "/v1/adminAudit/events?orgId=%s&from=%s&to=%s%s", org, iso_time_format(RIG_NOW - hours * HOUR_MS, from),
	    iso_time_format(RIG_NOW, to), more);
	return path;
}

static int64_t last_at;

static void not_after_the_last(const json_t *act)
{
	const char *created = json_str(act, "created", "");
	int64_t at;
	REQUIRE(iso_time_parse(created, strlen(created), &at));
	CHECK(at <= last_at && at <= RIG_NOW && at >= RIG_NOW - 20 * DAY_MS);
	last_at = at;
}

TEST(acts_come_the_newest_first_each_once_in_pages)
{
	struct map ids = { 0 };
	rig_defaults();
	rig_begin();
	last_at = INT64_MAX;
	CHECK(read_pages(path_of(20 * 24, "&max=20"), token(), &ids, not_after_the_last) >= 3);
	CHECK(ids.n > 40);
	map_clear(&ids);
	rig_end();
}

TEST(who_forwards_a_line_with_a_stolen_session_is_in_it)
{
	static const char *const scenarios[] = { "forwarding", "mixed" };
	for (size_t k = 0; k < COUNT_OF(scenarios); k++) {
		size_t i, n_forwarded = 0;
		json_t *item;
		rig_defaults();
		rig_options.traffic.scenario = scenarios[k];
		rig_options.traffic.epoch_ms = RIG_NOW - 7 * DAY_MS - RIG_NOW % DAY_MS;
		rig_begin();
		struct reply r = rig_get(path_of(8 * 24, "&max=200"), token());
		CHECK_INT(r.status, 200);
		json_auto_t *page = rig_json(&r);
		json_array_foreach(json_object_get(page, "items"), i, item) {
			const json_t *data = json_object_get(item, "data");
			char uuid[UUID_BYTES];
			if (strcmp(json_str(data, "settingName", ""), "Call forwarding always") != 0)
				continue;
			n_forwarded++;
			CHECK(json_str(data, "settingValue", "")[0] == '+');
			CHECK_STR(json_str(data, "actorIp", ""), "203.0.113.77");
			REQUIRE(webex_id_uuid(json_str(data, "targetId", ""), uuid));
			CHECK(sim_org_find_person(cloud_org(rig_cloud), uuid) >= 0);
		}
		CHECK(n_forwarded > 0);
		rig_end();
	}
}

TEST(a_wrong_question_is_refused_as_webex_does)
{
	rig_defaults();
	rig_begin();
	char without[200], other[400];
	snprintf(without, sizeof without, "%s", "/v1/adminAudit/events?from=2026-10-01T00:00:00.000Z&to=2026-10-02T00:00:00.000Z");
	struct reply r = rig_get(without, token());
	CHECK_INT(r.status, 400);
	CHECK(strstr(text_string(&r.body), "orgId") != NULL);
	reply_clear(&r);
	snprintf(other, sizeof other, "%s&orgId=%s", without, "b7e4d2c1-8f90-4a3b-9c5d-1e2f3a4b5c6d");
	r = rig_get(other, token());
	CHECK_INT(r.status, 403);
	reply_clear(&r);
	const char *const wrong[] = { "&max=201", "&max=x", "&offset=-1" };
	for (size_t i = 0; i < COUNT_OF(wrong); i++) {
		r = rig_get(path_of(24, wrong[i]), token());
		CHECK_INT(r.status, 400);
		reply_clear(&r);
	}
	r = rig_get(path_of(400 * 24, ""), token()); /* more than a year */
	CHECK_INT(r.status, 400);
	reply_clear(&r);
	r = rig_get(path_of(24, "&offset=100000"), token());
	CHECK_INT(r.status, 200);
	reply_clear(&r);
	r = rig_get(path_of(24, ""), NULL);
	CHECK_INT(r.status, 401);
	reply_clear(&r);
	rig_end();
}

TESTS(T(acts_come_the_newest_first_each_once_in_pages), T(who_forwards_a_line_with_a_stolen_session_is_in_it), T(a_wrong_question_is_refused_as_webex_does))
