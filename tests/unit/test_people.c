/* SPDX-License-Identifier: Apache-2.0 */
#include "webex_fixture.h"

#include "base/json.h"
#include "webex/ids.h"
#include "webex/list.h"
#include "webex/people.h"

#define DANA "5b1f0c6a-2f77-4a39-8d0e-6b8f1a2c3d4e"
#define HQ   "7c6b5a49-3827-4165-a0b1-c2d3e4f50617"
#define DANA_ID "Y2lzY29zcGFyazovL3VzL1BFT1BMRS81YjFmMGM2YS0yZjc3LTRhMzktOGQwZS02YjhmMWEyYzNkNGU"
#define HQ_ID "Y2lzY29zcGFyazovL3VzL0xPQ0FUSU9OLzdjNmI1YTQ5LTM4MjctNDE2NS1hMGIxLWMyZDNlNGY1MDYxNw"
#define ORG_ID "Y2lzY29zcGFyazovL3VzL09SR0FOSVpBVElPTi8wZjVhMWMyZS03YjQ0LTRlMGQtOWE1MS0zYzFkNWU3ZjkwMTI"
#define ORGS "{\"items\":[{\"id\":\"" ORG_ID "\",\"displayName\":\"Example Inc.\"}]}"
#define LOCATIONS "{\"items\":[{\"id\":\"" HQ_ID "\",\"name\":\"Example HQ\",\"address\":{\"country\":\"us\"}," \
	"\"timeZone\":\"America/Denver\"}]}"
#define CALLING "{\"locations\":[{\"id\":\"" HQ_ID "\",\"name\":\"Example HQ\",\"outsideDialDigit\":\"9\"," \
	"\"routingPrefix\":\"83\",\"callingLineId\":{\"phoneNumber\":\"+1 555 0100\"}}]}"
#define PERSON "{\"id\":\"" DANA_ID "\",\"emails\":[\"dana@example.com\"],\"phoneNumbers\":[{\"type\":\"work_extension\"," \
	"\"value\":\"83142\"},{\"type\":\"work\",\"value\":\"+1 (555) 0142\",\"primary\":true}],\"extension\":\"3142\"," \
	"\"locationId\":\"" HQ_ID "\",\"displayName\":\"Dana Example\",\"department\":\"Sales\"}"
#define PEOPLE "{\"items\":[" PERSON "],\"notFoundIds\":null}"
#define NO { NULL, NULL }

struct seen {
	int n;
	struct fault fault, calling;
	struct directory *directory;
	char org_uuid[40], org_name[128];
	size_t n_people;
};

static void on_done(struct directory_result *result, void *arg)
{
	struct seen *seen = arg;
	seen->n++;
	seen->fault = result->fault;
	seen->calling = result->calling_locations;
	memcpy(seen->org_uuid, result->org_uuid, sizeof seen->org_uuid);
	memcpy(seen->org_name, result->org_name, sizeof seen->org_name);
	seen->n_people = result->n_people;
	seen->directory = result->directory;
	result->directory = NULL;
}

static struct seen read_all(void)
{
	struct seen seen = { 0 };
	directory_read(webex, on_done, &seen);
	run_until(&seen.n);
	return seen;
}

TEST(G1_the_directory_is_joined_from_four_lists)
{
	static const struct exchange rows[] = { { 200, ORGS, NO, NO }, { 200, LOCATIONS, NO, NO },
		{ 200, CALLING, NO, NO }, { 200, PEOPLE, NO, NO } };
	FIXTURE(rows);
	struct seen seen = read_all();
	CHECK_INT(seen.fault.code, FAULT_NONE);
	CHECK_INT(seen.calling.code, FAULT_NONE);
	CHECK_STR(seen.org_uuid, "0f5a1c2e-7b44-4e0d-9a51-3c1d5e7f9012");
	CHECK_STR(seen.org_name, "Example Inc.");
	const struct site *site = directory_site(seen.directory, HQ);
	REQUIRE(site != NULL);
	CHECK_STR(site->name, "Example HQ");
	CHECK_STR(site->country, "US");
	CHECK_STR(site->zone_name, "America/Denver");
	CHECK_INT(site->outside_digit, '9');
	CHECK_STR(site->routing_prefix, "83");
	CHECK_STR(site->main_number, "+15550100");
	const struct person *person = directory_person(seen.directory, DANA);
	REQUIRE(person != NULL);
	CHECK_STR(person->name, "Dana Example");
	CHECK_STR(person->email, "dana@example.com");
	CHECK_STR(person->number, "+15550142");
	CHECK_STR(person->extension, "3142");
	CHECK_STR(person->site_uuid, HQ);
	CHECK_STR(person->team, "Sales");
	CHECK(strstr(asked[2], "/v1/telephony/config/locations?max=100&start=0") != NULL);
	CHECK(strstr(asked[3], "/v1/people?callingData=true&excludeStatus=true&max=50") != NULL);
	directory_free(seen.directory);
	fixture_close();
}

TEST(G2_pages_of_people_that_time_out_become_smaller)
{
	static const struct exchange rows[] = { { 200, ORGS, NO, NO }, { 200, LOCATIONS, NO, NO },
		{ 200, CALLING, NO, NO }, { 200, PEOPLE, { "Link", "<https://webexapis.com/v1/people?cursor=2>; rel=next" }, NO },
		{ 504, "", NO, NO }, { 504, "", NO, NO }, { 200, PEOPLE, NO, NO } };
	FIXTURE(rows);
	struct seen seen = read_all();
	CHECK_INT(seen.fault.code, FAULT_NONE);
	CHECK(strstr(asked[6], "&max=10 ") != NULL);
	CHECK_INT(seen.n_people, 1);
	directory_free(seen.directory);
	fixture_close();
}

TEST(a_next_link_that_forgot_the_question_gets_it_back)
{
	static const struct { const char *link, *asked; } links[] = {
		{ "<https://webexapis.com/v1/people?cursor=2&max=null>; rel=next", "/v1/people?cursor=2&max=50&callingData=true&excludeStatus=true " },
		{ "<https://webexapis.com/v1/people?callingData=false&cursor=2>; rel=next", "/v1/people?callingData=false&cursor=2&excludeStatus=true " },
		{ "<https://webexapis.com/v1/people?cursor=max%3Dnull,2&excludeStatus=true&callingData=true>; rel=next",
		    "/v1/people?cursor=max%3Dnull,2&excludeStatus=true&callingData=true " },
	};
	for (size_t i = 0; i < COUNT_OF(links); i++) {
		const struct exchange rows[] = { { 200, ORGS, NO, NO }, { 200, LOCATIONS, NO, NO }, { 200, CALLING, NO, NO },
			{ 200, PEOPLE, { "Link", links[i].link }, NO }, { 200, PEOPLE, NO, NO } };
		FIXTURE(rows);
		struct seen seen = read_all();
		CHECK_INT(seen.fault.code, FAULT_NONE);
		if (strstr(asked[4], links[i].asked) == NULL)
			puts(asked[4]);
		CHECK(strstr(asked[4], links[i].asked) != NULL);
		directory_free(seen.directory);
		fixture_close();
	}
}

TEST(a_missing_scope_for_the_lesser_lists_is_no_end)
{
	static const struct exchange rows[] = { { 403, "{}", NO, NO }, { 200, LOCATIONS, NO, NO },
		{ 403, "{}", NO, NO }, { 200, PEOPLE, NO, NO } };
	FIXTURE(rows);
	struct seen seen = read_all();
	CHECK_INT(seen.fault.code, FAULT_NONE);
	CHECK_INT(seen.calling.code, FAULT_FORBIDDEN);
	CHECK(strstr(seen.calling.text, "spark-admin:telephony_config_read") != NULL);
	CHECK_STR(seen.org_uuid, "");
	CHECK(directory_site(seen.directory, HQ) != NULL);
	directory_free(seen.directory);
	fixture_close();
}

TEST(a_missing_scope_for_people_is_told)
{
	static const struct exchange rows[] = { { 200, ORGS, NO, NO }, { 200, LOCATIONS, NO, NO },
		{ 200, CALLING, NO, NO }, { 403, "{}", NO, NO } };
	FIXTURE(rows);
	struct seen seen = read_all();
	CHECK_INT(seen.fault.code, FAULT_FORBIDDEN);
	CHECK(directory_site(seen.directory, HQ) != NULL);
	directory_free(seen.directory);
	fixture_close();
}

TEST(reading_the_directory_can_be_cancelled)
{
	static const struct exchange rows[] = { { 200, ORGS, NO, NO }, { 503, "", NO, NO } };
	for (int turns = 0; turns < 6; turns++) {
		FIXTURE(rows);
		struct seen seen = { 0 };
		struct directory_read *read = directory_read(webex, on_done, &seen);
		for (int i = 0; i < turns; i++)
			uv_run(&loop, UV_RUN_ONCE);
		if (turns % 2 == 0)
			directory_read_cancel(read); /* else closing does it */
		fixture_close();
		CHECK_INT(seen.n, 1);
		CHECK_INT(seen.fault.code, FAULT_CANCELLED);
		directory_free(seen.directory);
	}
}

/* ── lists ────────────────────────────────────────────────────────────── */

struct listed {
	int n, n_items, status;
	struct fault fault;
};

static void on_item(const json_t *item, void *arg)
{
	UNUSED(item);
	((struct listed *)arg)->n_items++;
}

static void on_end(const struct fault *fault, int status, void *arg)
{
	struct listed *listed = arg;
	listed->n++;
	listed->fault = *fault;
	listed->status = status;
}

static struct listed list(const char *key, int page, bool by_start)
{
	struct listed listed = { 0 };
	webex_list(webex, &(struct webex_list_request){ .api = API_LOCATIONS, .path = "/l", .key = key,
	    .page = page, .by = by_start ? "start" : NULL }, &(struct webex_list_events){ on_item, NULL, on_end, &listed });
	run_until(&listed.n);
	return listed;
}

TEST(a_list_without_links_ends_at_a_short_page)
{
	static const struct exchange rows[] = { { 200, "{\"locations\":[1,2]}", NO, NO },
		{ 200, "{\"locations\":[3,4]}", NO, NO }, { 200, "{\"locations\":[5]}", NO, NO } };
	FIXTURE(rows);
	struct listed listed = list("locations", 2, true);
	CHECK_INT(listed.n_items, 5);
	CHECK_INT(listed.fault.code, FAULT_NONE);
	CHECK(strstr(asked[2], "/v1/l?max=2&start=4 ") != NULL);
	fixture_close();
}

TEST(A11_a_list_that_ignores_start_ends)
{
	static const struct exchange rows[] = { { 200, "{\"locations\":[1,2]}", NO, NO } };
	FIXTURE(rows);
	struct listed listed = list("locations", 2, true);
	CHECK_INT(listed.fault.code, FAULT_NONE);
	CHECK_INT(n_asked, 2);
	fixture_close();
}

TEST(A11_a_list_that_links_to_itself_stops)
{
	static const struct exchange rows[] = { { 200, "{\"items\":[]}",
	    { "Link", "<https://webexapis.com/v1/l?p=2&max=null>; rel=\"next\"" }, NO } };
	FIXTURE(rows);
	struct listed listed = list("items", 0, false);
	CHECK_INT(listed.fault.code, FAULT_INPUT);
	CHECK_INT(n_asked, 2);
	fixture_close();
}

TEST(a_list_of_another_shape_is_refused)
{
	static const char *const bodies[] = { "{\"items\":{}}", "{\"other\":[]}", "<html>", "", "[]" };
	for (size_t i = 0; i < COUNT_OF(bodies); i++) {
		struct exchange rows[] = { { 200, bodies[i], NO, NO } };
		FIXTURE(rows);
		struct listed listed = list("items", 0, false);
		CHECK_INT(listed.fault.code, FAULT_INPUT);
		CHECK_INT(n_asked, 3);
		fixture_close();
	}
}

TEST(a_page_that_came_broken_is_asked_again)
{
	static const struct exchange rows[] = { { 200, "{\"items\":[1,", NO, NO }, { 200, "{\"items\":[1]}", NO, NO } };
	FIXTURE(rows);
	struct listed listed = list("items", 0, false);
	CHECK_INT(listed.fault.code, FAULT_NONE);
	CHECK_INT(listed.n_items, 1);
	CHECK_STR(asked[0], asked[1]);
	fixture_close();
}

/* ── pure ─────────────────────────────────────────────────────────────── */

TEST(numbers_lose_their_ornaments)
{
	static const struct { const char *text, *out; } rows[] = {
		{ "+57 (601) 555-0142", "+576015550142" }, { "x83142", "83142" }, { "", "" },
		{ "tel:+1.555.0100", "+15550100" }, { "55+5", "555" }, { "\x1b[2J", "2" },
		{ "+12345678901234567890", "+123456789012345" } };
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		char out[17];
		phone_normalize(rows[i].text, out, sizeof out);
		CHECK_STR(out, rows[i].out);
	}
}

TEST(a_person_may_lack_almost_everything)
{
	static const struct { const char *json; bool good; } rows[] = {
		{ "{\"id\":\"" DANA_ID "\"}", true }, { "{}", false }, { "{\"id\":7}", false },
		{ "{\"id\":\"" DANA_ID "\",\"emails\":7,\"phoneNumbers\":{},\"displayName\":null,\"locationId\":\"?\"}", true },
		{ "7", false },
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct directory *directory = directory_new();
		json_t *item = json_loads(rows[i].json, JSON_DECODE_ANY, NULL);
		CHECK_INT(person_from_json(item, directory), rows[i].good);
		CHECK_INT(directory->n_people, rows[i].good);
		if (rows[i].good)
			CHECK_STR(directory_person(directory, DANA)->number, "");
		json_decref(item);
		directory_free(directory);
	}
}

TEST(a_primary_number_wins_and_a_prefix_extension_is_better_than_none)
{
	struct directory *directory = directory_new();
	json_t *item = json_loads("{\"id\":\"" DANA_ID "\",\"displayName\":\"D\\u001b[31m\",\"phoneNumbers\":["
	    "{\"type\":\"work\",\"value\":\"+1\"},{\"type\":\"work\",\"value\":\"+2\",\"primary\":true},"
	    "{\"type\":\"work\",\"value\":\"+3\"},{\"type\":\"mobile\",\"value\":\"+4\"},"
	    "{\"type\":\"work_extension\",\"value\":\"83 142\"}]}", 0, NULL);
	REQUIRE(person_from_json(item, directory));
	const struct person *person = directory_person(directory, DANA);
	CHECK_STR(person->number, "+2");
	CHECK_STR(person->extension, "83142");
	CHECK(strchr(person->name, '\x1b') == NULL);
	json_decref(item);
	directory_free(directory);
}

TESTS(T(G1_the_directory_is_joined_from_four_lists),
    T(G2_pages_of_people_that_time_out_become_smaller),
    T(a_next_link_that_forgot_the_question_gets_it_back),
    T(a_missing_scope_for_the_lesser_lists_is_no_end), T(a_missing_scope_for_people_is_told),
    T(reading_the_directory_can_be_cancelled), T(a_list_without_links_ends_at_a_short_page),
    T(A11_a_list_that_ignores_start_ends), T(A11_a_list_that_links_to_itself_stops),
    T(a_list_of_another_shape_is_refused),
    T(a_page_that_came_broken_is_asked_again), T(numbers_lose_their_ornaments),
    T(a_person_may_lack_almost_everything),
    T(a_primary_number_wins_and_a_prefix_extension_is_better_than_none))
