/* SPDX-License-Identifier: Apache-2.0 */
#include "cloud_pages.h"

static const char *token(void)
{
	return cloud_credentials(rig_cloud)->service_access_token;
}

static size_t n_people(void)
{
	const struct sim_org *org = cloud_org(rig_cloud);
	size_t n = 0;
	for (size_t i = 0; i < org->n_people; i++)
		n += !org->people[i].is_place;
	return n;
}

TEST(people_come_in_pages_each_once)
{
	static const struct {
		const char *path;
		size_t max;
	} cases[] = { { "/v1/people?max=7", 7 }, { "/v1/people?callingData=true&max=50", 50 },
		{ "/v1/people", 100 }, { "/v1/people?callingData=true&max=1000", 100 } };
	rig_defaults();
	rig_options.traffic.n_users = 150;
	rig_begin();
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct map ids = { 0 };
		size_t n = read_pages(cases[i].path, token(), &ids, NULL);
		CHECK_INT(ids.n, n_people());
		CHECK_INT(n, (n_people() + cases[i].max - 1) / cases[i].max);
		map_clear(&ids);
	}
	rig_end();
}

/* webex-questions.md G2 */
TEST(large_pages_with_calling_data_time_out_when_asked_to)
{
	rig_defaults();
	rig_options.faults = SIM_FAULT_BIT(SIM_FAULT_SERVER5XX);
	rig_begin();
	for (int i = 0; i < 5; i++) {
		struct reply r = rig_get("/v1/people?callingData=true&max=100", token());
		CHECK(r.status >= 423);
		reply_clear(&r);
	}
	long status = 0;
	for (int i = 0; i < 6 && status != 200; i++) {
		struct reply r = rig_get("/v1/people?callingData=true&max=10", token());
		status = r.status;
		reply_clear(&r);
	}
	CHECK_INT(status, 200);
	rig_end();
}

/* G3, G4 */
TEST(a_person_is_found_by_id_email_name_and_place)
{
	char path[600], id[WEBEX_ID_BYTES];
	rig_defaults();
	rig_begin();
	const struct sim_org *org = cloud_org(rig_cloud);
	const struct sim_person *person = NULL, *place = NULL;
	for (size_t i = 0; i < org->n_people; i++)
		*(org->people[i].is_place ? &place : &person) = &org->people[i];
	webex_id_make("PEOPLE", person->uuid, id);
	snprintf(path, sizeof path, "/v1/people/%s?callingData=true", id);
	struct reply r = rig_get(path, token());
	json_auto_t *got = rig_json(&r);
	CHECK_STR(json_str(got, "displayName", ""), person->display_name);
	CHECK_STR(json_str(got, "extension", ""), person->extension);
	CHECK_STR(json_string_value(json_array_get(json_object_get(got, "emails"), 0)), person->email);
	snprintf(path, sizeof path, "/v1/people?email=%s", person->email);
	r = rig_get(path, token());
	json_auto_t *list = rig_json(&r);
	CHECK_INT(json_array_size(json_object_get(list, "items")), 1);
	snprintf(path, sizeof path, "/v1/people?id=%s", id);
	r = rig_get(path, token());
	json_auto_t *by_id = rig_json(&r);
	CHECK_INT(json_array_size(json_object_get(by_id, "items")), 1);
	webex_id_make("LOCATION", org->locations[person->location].uuid, id);
	snprintf(path, sizeof path, "/v1/people?locationId=%s&callingData=true", id);
	r = rig_get(path, token());
	json_auto_t *there = rig_json(&r);
	size_t i;
	json_t *item;
	CHECK(json_array_size(json_object_get(there, "items")) > 0);
	json_array_foreach(json_object_get(there, "items"), i, item)
		CHECK_STR(json_str(item, "locationId", ""), id);
	if (place != NULL) {
		webex_id_make("PEOPLE", place->uuid, id);
		snprintf(path, sizeof path, "/v1/people/%s", id);
		r = rig_get(path, token());
		CHECK_INT(r.status, 404);
		reply_clear(&r);
	}
	rig_end();
}

TEST(wrong_parameters_are_a_400)
{
	static const char *const paths[] = { "/v1/people?max=0", "/v1/people?max=x",
		"/v1/people?cursor=5", "/v1/people?cursor=5.0123456789abcdef", "/v1/people?id=x",
		"/v1/people?locationId=x", "/v1/locations?id=x", "/v1/locations?max=-1",
		"/v1/telephony/config/locations?start=-1" };
	rig_defaults();
	rig_begin();
	for (size_t i = 0; i < COUNT_OF(paths); i++) {
		struct reply r = rig_get(paths[i], token());
		CHECK_INT(r.status, 400);
		json_auto_t *body = rig_json(&r);
		CHECK_INT(json_array_size(json_object_get(body, "errors")), 1);
	}
	struct reply r = rig_get("/v1/people/..%2f..%2fetc", token());
	CHECK_INT(r.status, 404);
	reply_clear(&r);
	rig_end();
}

/* G1 */
TEST(locations_have_two_spellings)
{
	rig_defaults();
	rig_begin();
	struct reply r = rig_get("/v1/locations?max=3", token());
	char value[LINK_BYTES], next[LINK_BYTES];
	CHECK(reply_header(&r, "Link", value, sizeof value) && link_next(value, next));
	json_auto_t *first = rig_json(&r);
	CHECK_INT(json_array_size(json_object_get(first, "items")), 3);
	json_t *one = json_array_get(json_object_get(first, "items"), 0);
	CHECK(json_is_string(json_object_get(one, "latitude")));
	CHECK_STR(json_str(one, "timeZone", ""), cloud_org(rig_cloud)->locations[0].zone_name);
	r = rig_get("/v1/telephony/config/locations?start=2&max=2", token());
	CHECK(!reply_header(&r, "Link", value, sizeof value));
	json_auto_t *second = rig_json(&r);
	CHECK(json_object_get(second, "items") == NULL);
	json_t *list = json_object_get(second, "locations");
	CHECK_INT(json_array_size(list), 2);
	CHECK_STR(json_str(json_array_get(list, 0), "name", ""), cloud_org(rig_cloud)->locations[2].name);
	rig_end();
}

TEST(the_organisation_and_who_i_am)
{
	rig_defaults();
	rig_begin();
	struct reply r = rig_get("/v1/organizations?callingData=true", token());
	json_auto_t *list = rig_json(&r);
	json_t *org = json_array_get(json_object_get(list, "items"), 0);
	CHECK_STR(json_str(org, "id", ""), cloud_credentials(rig_cloud)->org_id);
	CHECK(json_str(org, "xsiDomain", NULL) != NULL);
	r = rig_get("/v1/people/me", token());
	json_auto_t *me = rig_json(&r);
	CHECK_STR(json_str(me, "type", ""), "appuser");
	r = rig_get("/v1/people/me", cloud_credentials(rig_cloud)->personal_token);
	json_auto_t *admin = rig_json(&r);
	CHECK_STR(json_str(admin, "type", ""), "person");
	CHECK_STR(json_str(admin, "orgId", ""), cloud_credentials(rig_cloud)->org_id);
	rig_end();
}

TEST(hostile_names_are_valid_json_all_the_same)
{
	rig_defaults();
	rig_options.faults = SIM_FAULT_BIT(SIM_FAULT_HOSTILE_NAMES);
	rig_begin();
	struct map ids = { 0 };
	read_pages("/v1/people?max=50", token(), &ids, NULL); /* jansson refuses broken UTF-8 */
	CHECK_INT(ids.n, n_people());
	map_clear(&ids);
	rig_end();
}

TESTS(T(people_come_in_pages_each_once), T(large_pages_with_calling_data_time_out_when_asked_to),
    T(a_person_is_found_by_id_email_name_and_place), T(wrong_parameters_are_a_400),
    T(locations_have_two_spellings), T(the_organisation_and_who_i_am),
    T(hostile_names_are_valid_json_all_the_same))
