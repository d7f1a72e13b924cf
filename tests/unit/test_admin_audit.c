/* SPDX-License-Identifier: Apache-2.0
 *
 * What Webex's admin audit says, in any shape, and how a stretch of it is read. */
#include "webex_fixture.h"

#include "base/json.h"
#include "webex/admin_audit.h"

#define NO { NULL, NULL }
#define ORG "0f5a1c2e-7b44-4e0d-9a51-3c1d5e7f9012"
#define SAM "b7e4d2c1-8f90-4a3b-9c5d-1e2f3a4b5c6d"
#define DANA "5b1f0c6a-2f77-4a39-8d0e-6b8f1a2c3d4e"
#define SAM_ID "YjdlNGQyYzEtOGY5MC00YTNiLTljNWQtMWUyZjNhNGI1YzZk"  /* base64 of the bare UUID */
#define DANA_ID "NWIxZjBjNmEtMmY3Ny00YTM5LThkMGUtNmI4ZjFhMmMzZDRl"
#define EVENT(id, more) "{\"id\":\"" id "\",\"created\":\"2026-10-05T08:58:36.845Z\",\"actorId\":\"" SAM_ID "\",\"data\":{\"eventCategory\":" \
	"\"WEBEX_CALLING\",\"eventDescription\":\"User call settings changed\",\"actorName\":\"Sam Admin\",\"actorIp\":\"2001:db8::17\"" more "}}"

static struct arena arena;

static bool read_event(const char *json, struct admin_event *out)
{
	struct fault fault;
	json_auto_t *item = NULL;
	REQUIRE(json_parse(json, strlen(json), &item, &fault));
	arena_clear(&arena);
	arena_init(&arena);
	return admin_event_read(item, &arena, out);
}

TEST(an_event_says_who_did_what_to_whom_and_from_where)
{
	struct admin_event event;
	REQUIRE(read_event(EVENT("e1", ",\"actionText\":\"Sam Admin changed it\",\"actorEmail\":\"sam@example.com\",\"targetType\":\"USER\",\"targetName\":\"Dana Example\","
	    "\"targetId\":\"" DANA_ID "\",\"settingName\":\"Call forwarding\",\"settingValue\":\"+37125550123\",\"previousValue\":null,"
	    "\"operationType\":\"UPDATE\",\"eventStatus\":\"SUCCESS\",\"failedReason\":\" \",\"entityType\":null"), &event));
	CHECK_INT(event.at_ms, INT64_C(1791190716845));
	CHECK_STR(event.id, "e1");
	CHECK_STR(event.actor_uuid, SAM);
	CHECK_STR(event.actor_name, "Sam Admin");
	CHECK_STR(event.actor_ip, "2001:db8::17");
	CHECK_STR(event.target_uuid, DANA);
	CHECK_STR(event.target_name, "Dana Example");
	CHECK_STR(event.setting, "Call forwarding");
	CHECK_STR(event.was, "");
	CHECK_STR(event.became, "+37125550123");
	CHECK_STR(event.failure, ""); /* a blank is nothing */
	arena_clear(&arena);
}

TEST(an_event_may_be_of_any_shape_within_its_bounds)
{
	struct admin_event event;
	/* A category as the manual spells it, a target that is no id, values of other types. */
	REQUIRE(read_event("{\"id\":\"e\",\"created\":\"2026-10-05T08:58:36Z\",\"data\":{\"eventCategory\":\"EventCategory.LOGINS\",\"targetId\":\"dana@example.com\","
	    "\"settingKey\":\"cf\",\"settingValue\":{\"on\":true,\"to\":\"+371\"},\"previousValue\":false}}", &event));
	CHECK_STR(event.category, "LOGINS");
	CHECK_STR(event.target_uuid, "");
	CHECK_STR(event.target_name, "dana@example.com");
	CHECK_STR(event.setting, "cf");
	CHECK_STR(event.became, "{\"on\":true,\"to\":\"+371\"}");
	CHECK_STR(event.was, "false");
	CHECK_STR(event.actor_uuid, "");
	/* What a terminal would obey, and what never ends. */
	struct text json = { 0 };
	text_puts(&json, "{\"id\":\"e\",\"created\":\"2026-10-05T08:58:36Z\",\"data\":{\"actorName\":\"\\u001b[2J\\u202eSam\",\"actionText\":\"");
	for (int i = 0; i < 5000; i++)
		text_puts(&json, "\xC3\xA1");
	text_puts(&json, "\"}}");
	REQUIRE(read_event(text_string(&json), &event));
	CHECK(strchr(event.actor_name, '\x1b') == NULL);
	CHECK(strstr(event.actor_name, "\xE2\x80\xAE") == NULL);
	CHECK(strlen(event.act) < 500 && strlen(event.act) > 490);
	text_clear(&json);
	arena_clear(&arena);
}

TEST(what_has_no_id_or_no_time_is_no_event)
{
	static const char *const wrong[] = { "{}", "[]", "null", "7", "\"e\"", "{\"id\":\"e\"}", "{\"created\":\"2026-10-05T08:58:36Z\"}",
		"{\"id\":\"\",\"created\":\"2026-10-05T08:58:36Z\"}", "{\"id\":\" \",\"created\":\"2026-10-05T08:58:36Z\"}", "{\"id\":\"e\",\"created\":\"yesterday\"}",
		"{\"id\":\"e\",\"created\":7}" };
	struct admin_event event;
	for (size_t i = 0; i < COUNT_OF(wrong); i++) {
		json_error_t error;
		json_auto_t *item = json_loads(wrong[i], JSON_DECODE_ANY, &error);
		arena_clear(&arena);
		arena_init(&arena);
		CHECK(!admin_event_read(item, &arena, &event));
	}
	/* data may be anything, or missing */
	CHECK(read_event("{\"id\":\"e\",\"created\":\"2026-10-05T08:58:36Z\",\"data\":[1]}", &event));
	CHECK(read_event("{\"id\":\"e\",\"created\":\"2026-10-05T08:58:36Z\"}", &event));
	CHECK_STR(event.description, "");
	arena_clear(&arena);
}

struct seen {
	int n_done;
	struct fault fault;
	bool too_many;
	size_t n, n_unreadable;
	char first[64];
};

static void on_read(const struct admin_audit_result *result, void *arg)
{
	struct seen *seen = arg;
	seen->n_done++;
	seen->fault = result->fault;
	seen->too_many = result->too_many;
	seen->n = result->n;
	seen->n_unreadable = result->n_unreadable;
	snprintf(seen->first, sizeof seen->first, "%s", result->n > 0 ? result->events[0].id : "");
}

static struct seen read_stretch(void)
{
	struct seen seen = { 0 };
	admin_audit_read(webex, ORG, INT64_C(1790000000000), INT64_C(1790086400000), on_read, &seen);
	run_until(&seen.n_done);
	return seen;
}

TEST(a_stretch_is_read_page_by_page_and_names_its_organisation)
{
	static const struct exchange rows[] = {
		{ 200, "{\"items\":[" EVENT("e3", "") "," EVENT("e2", "") "]}", { "Link", "<https://webexapis.com/v1/adminAudit/events?offset=2>; rel=\"next\"" }, NO },
		{ 200, "{\"items\":[" EVENT("e1", "") ",{\"id\":7}]}", NO, NO } };
	FIXTURE(rows);
	struct seen seen = read_stretch();
	CHECK_INT(seen.fault.code, FAULT_NONE);
	CHECK_INT(seen.n, 3);
	CHECK_INT(seen.n_unreadable, 1);
	CHECK_STR(seen.first, "e3");
	CHECK(strstr(asked[0], "/v1/adminAudit/events?orgId=Y2lzY29zcGFyazovL3VzL09SR0FOSVpBVElPTi8wZjVhMWMyZS03YjQ0LTRlMGQtOWE1MS0zYzFkNWU3ZjkwMTI"
	    "&from=2026-09-21T14:13:20.000Z&to=2026-09-22T14:13:20.000Z&max=200&offset=0 ") != NULL);
	CHECK(strstr(asked[1], "offset=2&orgId=") != NULL); /* a link that forgot the question */
	fixture_close();
}

TEST(a_stretch_of_too_many_is_told_and_not_kept_in_memory)
{
	struct text page = { 0 };
	text_puts(&page, "{\"items\":[");
	for (int i = 0; i <= ADMIN_AUDIT_MOST; i++)
		text_printf(&page, "%s{\"id\":\"e%d\",\"created\":\"2026-10-05T08:58:36Z\"}", i > 0 ? "," : "", i);
	text_puts(&page, "]}");
	const struct exchange rows[] = { { 200, text_string(&page), NO, NO } };
	FIXTURE(rows);
	struct seen seen = read_stretch();
	CHECK_INT(seen.fault.code, FAULT_LIMIT);
	CHECK(seen.too_many);
	CHECK_INT(seen.n, 0);
	fixture_close();
	text_clear(&page);
}

TEST(a_refusal_names_the_scope_and_is_no_flood)
{
	static const struct exchange rows[] = { { 403, "{\"message\":\"Missing required scopes or roles for this request.\"}", NO, NO } };
	FIXTURE(rows);
	struct seen seen = read_stretch();
	CHECK_INT(seen.fault.code, FAULT_FORBIDDEN);
	CHECK(strstr(seen.fault.text, "audit:events_read") != NULL);
	CHECK(!seen.too_many);
	CHECK_INT(n_asked, 1);
	fixture_close();
}

TESTS(T(an_event_says_who_did_what_to_whom_and_from_where), T(an_event_may_be_of_any_shape_within_its_bounds), T(what_has_no_id_or_no_time_is_no_event),
    T(a_stretch_is_read_page_by_page_and_names_its_organisation), T(a_stretch_of_too_many_is_told_and_not_kept_in_memory), T(a_refusal_names_the_scope_and_is_no_flood))
