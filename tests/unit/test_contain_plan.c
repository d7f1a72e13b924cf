/* SPDX-License-Identifier: Apache-2.0 */
#include "base/json.h"
#include "test.h"
#include "webex/contain_plan.h"

static struct arena arena;
static struct fault fault;

static struct contain_plan plan_of(enum contain_kind kind, const char *read)
{
	struct contain_plan plan;
	bool ok = contain_plan_make(kind, read, strlen(read), &arena, &plan, &fault);
	if (!ok)
		printf("%s\n", fault.text);
	REQUIRE(ok);
	return plan;
}

static const struct contain_change *change_of(const struct contain_changes *changes, const char *key)
{
	for (size_t i = 0; i < changes->n; i++)
		if (strcmp(changes->items[i].key, key) == 0)
			return &changes->items[i];
	return NULL;
}

/* "ALLOW true" of a row of a body, "" it is not in it. */
static const char *row_of(const char *body, const char *type)
{
	static char out[64];
	json_auto_t *root = json_loads(body, 0, NULL);
	const json_t *row;
	size_t i;
	out[0] = '\0';
	json_array_foreach(json_object_get(root, "callingPermissions"), i, row)
		if (strcmp(json_str(row, "callType", ""), type) == 0)
			snprintf(out, sizeof out, "%s %s", json_str(row, "action", ""), json_bool(row, "transferEnabled", false) ? "true" : "false");
	return out;
}

#define ROW(type, action, transfer, locked) \
	"{\"callType\":\"" type "\",\"action\":\"" action "\",\"transferEnabled\":" transfer ",\"isCallTypeRestrictionEnabled\":" locked "}"
#define PERMISSIONS(own, rows) "{\"useCustomEnabled\":" own ",\"useCustomPermissions\":" own ",\"callingPermissions\":[" rows "]}"

static const char usual[] = PERMISSIONS("false", ROW("INTERNAL_CALL", "ALLOW", "true", "false") "," ROW("NATIONAL", "AUTH_CODE", "false", "false") "," ROW("INTERNATIONAL", "ALLOW", "true", "false") "," ROW("OPERATOR_ASSISTED", "BLOCK", "true", "false") "," ROW("PREMIUM_SERVICES_I", "BLOCK", "false", "true") "," ROW("PREMIUM_SERVICES_II", "TRANSFER_NUMBER_1", "true", "false") "," ROW("CASUAL", "ALLOW", "false", "false") "," ROW("URL_DIALING", "ALLOW", "false", "false") "," ROW("UNKNOWN", "ALLOW", "false", "false"));

TEST(calls_abroad_are_blocked_and_all_else_stays)
{
	struct contain_plan plan = plan_of(CONTAIN_INTERNATIONAL, usual);
	CHECK_STR(row_of(plan.wished, "INTERNATIONAL"), "BLOCK false");
	CHECK_STR(row_of(plan.wished, "OPERATOR_ASSISTED"), "BLOCK false"); /* its transfers, too */
	CHECK_STR(row_of(plan.wished, "PREMIUM_SERVICES_II"), "BLOCK false");
	CHECK_STR(row_of(plan.wished, "INTERNAL_CALL"), "ALLOW true");
	CHECK_STR(row_of(plan.wished, "NATIONAL"), "AUTH_CODE false");
	/* A PUT refuses these, and of locked rows Webex alone decides. */
	CHECK_STR(row_of(plan.wished, "PREMIUM_SERVICES_I"), "");
	CHECK_STR(row_of(plan.wished, "CASUAL"), "");
	CHECK_STR(row_of(plan.wished, "URL_DIALING"), "");
	CHECK_STR(row_of(plan.wished, "UNKNOWN"), "");
	CHECK(strstr(plan.wished, "isCallTypeRestrictionEnabled") == NULL);
	CHECK(strstr(plan.wished, "\"useCustomPermissions\":true") != NULL && strstr(plan.wished, "\"useCustomEnabled\":true") != NULL);
	CHECK_INT(plan.changes.n, 4);
	CHECK_STR(change_of(&plan.changes, "INTERNATIONAL")->from, "allowed, transfer too");
	CHECK_STR(change_of(&plan.changes, "INTERNATIONAL")->to, "blocked, no transfer");
	CHECK_STR(change_of(&plan.changes, "useCustomPermissions")->to, "yes");
	CHECK(change_of(&plan.changes, "OPERATOR_ASSISTED") != NULL && change_of(&plan.changes, "PREMIUM_SERVICES_II") != NULL);
	CHECK_INT(plan.n_warnings, 2);
}

TEST(what_is_contained_already_needs_no_writing)
{
	static const char done[] = PERMISSIONS("true", ROW("INTERNATIONAL", "BLOCK", "false", "false") "," ROW("PREMIUM_SERVICES_I", "BLOCK", "false", "false") "," ROW("PREMIUM_SERVICES_II", "BLOCK", "false", "false") "," ROW("OPERATOR_ASSISTED", "BLOCK", "false", "false"));
	CHECK_INT(plan_of(CONTAIN_INTERNATIONAL, done).changes.n, 0);
}

TEST(a_locked_row_that_is_not_blocked_is_said)
{
	struct contain_plan plan = plan_of(CONTAIN_INTERNATIONAL, PERMISSIONS("true", ROW("INTERNATIONAL", "ALLOW", "true", "true")));
	CHECK_STR(row_of(plan.wished, "INTERNATIONAL"), "");
	CHECK_INT(plan.n_warnings, 3);
	CHECK(strstr(plan.warnings[2], "international calls") != NULL);
	/* Rows that an older organisation does not tell are asked for all the same. */
	CHECK_STR(row_of(plan.wished, "PREMIUM_SERVICES_I"), "BLOCK false");
}

TEST(the_way_back_is_what_was_read)
{
	const char *body;
	struct contain_changes left;
	struct contain_plan plan = plan_of(CONTAIN_INTERNATIONAL, usual);
	REQUIRE(contain_plan_inverse(CONTAIN_INTERNATIONAL, plan.before, &arena, &body, &fault));
	CHECK_STR(row_of(body, "INTERNATIONAL"), "ALLOW true");
	CHECK_STR(row_of(body, "PREMIUM_SERVICES_II"), "TRANSFER_NUMBER_1 true");
	CHECK_STR(row_of(body, "PREMIUM_SERVICES_I"), "");
	CHECK_STR(row_of(body, "CASUAL"), "");
	CHECK(strstr(body, "\"useCustomPermissions\":false") != NULL);
	REQUIRE(contain_plan_differs(CONTAIN_INTERNATIONAL, usual, strlen(usual), body, &arena, &left, &fault));
	CHECK_INT(left.n, 0);
}

TEST(what_is_locked_since_is_not_given_back_and_the_rest_is)
{
	static const char open[] = PERMISSIONS("true", ROW("INTERNATIONAL", "ALLOW", "true", "false") "," ROW("NATIONAL", "ALLOW", "true", "false"));
	static const char locked[] = PERMISSIONS("true", ROW("INTERNATIONAL", "BLOCK", "false", "true") "," ROW("NATIONAL", "ALLOW", "true", "false"));
	const char *body, *whole, *warning;
	struct contain_changes left;
	REQUIRE(contain_plan_inverse(CONTAIN_INTERNATIONAL, open, &arena, &body, &fault));
	whole = body;
	REQUIRE(contain_plan_cut(CONTAIN_INTERNATIONAL, &body, open, &arena, &warning, &fault));
	CHECK_STR(body, whole);
	CHECK(warning == NULL);
	REQUIRE(contain_plan_cut(CONTAIN_INTERNATIONAL, &body, locked, &arena, &warning, &fault));
	CHECK_STR(row_of(body, "INTERNATIONAL"), "");
	CHECK_STR(row_of(body, "NATIONAL"), "ALLOW true");
	REQUIRE(warning != NULL);
	CHECK(strstr(warning, "international calls") != NULL);
	REQUIRE(contain_plan_differs(CONTAIN_INTERNATIONAL, locked, strlen(locked), body, &arena, &left, &fault));
	CHECK_INT(left.n, 0);
	body = whole;
	CHECK(!contain_plan_cut(CONTAIN_INTERNATIONAL, &body, "[]", &arena, &warning, &fault));
}

TEST(what_webex_says_otherwise_is_named)
{
	struct contain_changes left;
	struct contain_plan plan = plan_of(CONTAIN_INTERNATIONAL, usual);
	REQUIRE(contain_plan_differs(CONTAIN_INTERNATIONAL, usual, strlen(usual), plan.wished, &arena, &left, &fault));
	CHECK_INT(left.n, 4);
	CHECK_STR(change_of(&left, "INTERNATIONAL")->from, "allowed, transfer too");
	const char *said = contain_changes_say(&left, &arena);
	CHECK(strstr(said, "international calls: allowed, transfer too \u2192 blocked, no transfer") != NULL);
	/* Order, further rows and further members are nothing. */
	static const char other[] = PERMISSIONS("true", ROW("UNKNOWN", "ALLOW", "false", "false") "," ROW("OPERATOR_ASSISTED", "BLOCK", "false", "false") "," ROW("PREMIUM_SERVICES_II", "BLOCK", "false", "false") "," ROW("INTERNATIONAL", "BLOCK", "false", "false") "," ROW("NATIONAL", "AUTH_CODE", "false", "false") "," ROW("INTERNAL_CALL", "ALLOW", "true", "false"));
	REQUIRE(contain_plan_differs(CONTAIN_INTERNATIONAL, other, strlen(other), plan.wished, &arena, &left, &fault));
	CHECK_INT(left.n, 0);
}

static const char forwards[] =
    "{\"callForwarding\":{\"always\":{\"enabled\":true,\"destination\":\"+37125550123\",\"ringReminderEnabled\":false,\"destinationVoicemailEnabled\":false},"
    "\"busy\":{\"enabled\":false,\"destination\":\"\",\"destinationVoicemailEnabled\":false},"
    "\"noAnswer\":{\"enabled\":true,\"destination\":\"+576015550177\",\"numberOfRings\":3,\"systemMaxNumberOfRings\":20,\"destinationVoicemailEnabled\":false}},"
    "\"businessContinuity\":{\"enabled\":false,\"destination\":\"\",\"destinationVoicemailEnabled\":false}}";

TEST(forwarding_is_off_and_where_it_led_to_stays)
{
	struct contain_changes left;
	const char *body;
	struct contain_plan plan = plan_of(CONTAIN_FORWARDING, forwards);
	CHECK_INT(plan.changes.n, 2);
	CHECK_STR(change_of(&plan.changes, "always")->from, "on, to +37125550123");
	CHECK_STR(change_of(&plan.changes, "always")->to, "off (+37125550123)");
	CHECK(strstr(plan.wished, "+37125550123") != NULL && strstr(plan.wished, "\"numberOfRings\":3") != NULL);
	CHECK(strstr(plan.wished, "systemMaxNumberOfRings") == NULL);
	CHECK(strstr(plan.wished, "\"enabled\":true") == NULL);
	REQUIRE(contain_plan_inverse(CONTAIN_FORWARDING, plan.before, &arena, &body, &fault));
	CHECK(strstr(body, "systemMaxNumberOfRings") == NULL);
	REQUIRE(contain_plan_differs(CONTAIN_FORWARDING, forwards, strlen(forwards), body, &arena, &left, &fault));
	CHECK_INT(left.n, 0);
	/* Webex leaves out what is empty. */
	static const char thin[] = "{\"callForwarding\":{\"always\":{\"enabled\":false,\"destination\":\"+37125550123\"},\"busy\":{\"enabled\":false},"
				   "\"noAnswer\":{\"enabled\":false,\"destination\":\"+576015550177\",\"numberOfRings\":3}}}";
	REQUIRE(contain_plan_differs(CONTAIN_FORWARDING, thin, strlen(thin), plan.wished, &arena, &left, &fault));
	CHECK_INT(left.n, 1); /* a whole kind that is not there is another matter */
	CHECK_STR(left.items[0].key, "businessContinuity");
	CHECK_INT(plan_of(CONTAIN_FORWARDING, thin).changes.n, 0);
}

#define LINE(enabled, in, out, transfer)                                                                                                \
	"{\"enabled\":" enabled ",\"incoming\":{\"type\":\"" in "\",\"voicemailEnabled\":true,\"announcements\":{\"greeting\":\"CUSTOM\"," \
	"\"newNumber\":{\"enabled\":false},\"zeroTransfer\":{\"enabled\":false}}},\"outgoing\":{\"type\":\"" out "\",\"transferEnabled\":" transfer "}}"

TEST(a_line_is_out_of_service_outwards_alone)
{
	struct contain_plan plan = plan_of(CONTAIN_LINE, LINE("false", "INTERCEPT_ALL", "ALLOW_LOCAL_ONLY", "true"));
	CHECK(strstr(plan.wished, "ALLOW_ALL") != NULL); /* calls still come in */
	CHECK(strstr(plan.wished, "\"greeting\":\"CUSTOM\"") != NULL && strstr(plan.wished, "\"voicemailEnabled\":true") != NULL);
	CHECK_INT(plan.changes.n, 3);
	CHECK(strstr(plan.warnings[0], "EMERGENCY") != NULL);
	/* What is intercepted inwards stays so. */
	plan = plan_of(CONTAIN_LINE, LINE("true", "INTERCEPT_ALL", "ALLOW_LOCAL_ONLY", "false"));
	CHECK(strstr(plan.wished, "ALLOW_ALL") == NULL);
	CHECK_INT(plan.changes.n, 1);
	CHECK_INT(plan_of(CONTAIN_LINE, LINE("true", "ALLOW_ALL", "INTERCEPT_ALL", "false")).changes.n, 0);
}

TEST(what_is_no_such_setting_is_not_touched)
{
	static const char *const bad[] = { "", "null", "[]", "{}", "17", "{\"callingPermissions\":{}}", "{\"callForwarding\":[]}", "{\"enabled\":1}",
		"{\"enabled\":true,\"incoming\":{},\"outgoing\":7}", "{\"callingPermissions\":[", "<html>", "{\"callingPermissions\":[],\"callingPermissions\":[]}" };
	for (size_t i = 0; i < COUNT_OF(bad); i++)
		for (int kind = 0; kind < N_CONTAIN_KINDS; kind++) {
			struct contain_plan plan;
			const char *body;
			CHECK(!contain_plan_make((enum contain_kind)kind, bad[i], strlen(bad[i]), &arena, &plan, &fault));
			CHECK(fault.text[0] != '\0');
			CHECK(!contain_plan_inverse((enum contain_kind)kind, bad[i], &arena, &body, &fault));
		}
	/* Rows of strangers: nothing of them breaks, and what has no type is left out. */
	struct contain_plan plan = plan_of(CONTAIN_INTERNATIONAL,
	    "{\"callingPermissions\":[null,7,{},{\"callType\":5},{\"callType\":\"NATIONAL\"},{\"callType\":\"x\\u001b[2J\",\"action\":\"ALLOW\"},"
	    "{\"callType\":\"NATIONAL\",\"action\":\"WHATEVER\",\"transferEnabled\":null}]}");
	CHECK_STR(row_of(plan.wished, "NATIONAL"), "WHATEVER false");
	CHECK_STR(row_of(plan.wished, "INTERNATIONAL"), "BLOCK false");
}

TEST(what_a_stranger_wrote_is_printable)
{
	struct contain_plan plan = plan_of(CONTAIN_FORWARDING, "{\"callForwarding\":{\"always\":{\"enabled\":true,\"destination\":\"\\u001b[31m\\u202e1\"}}}");
	CHECK(text_is_printable(contain_changes_say(&plan.changes, &arena)));
}

TEST(the_memory_is_given_back)
{
	arena_clear(&arena);
}

#define T(name) { #name, name }
TESTS(T(calls_abroad_are_blocked_and_all_else_stays), T(what_is_contained_already_needs_no_writing), T(a_locked_row_that_is_not_blocked_is_said), T(the_way_back_is_what_was_read), T(what_is_locked_since_is_not_given_back_and_the_rest_is), T(what_webex_says_otherwise_is_named), T(forwarding_is_off_and_where_it_led_to_stays), T(a_line_is_out_of_service_outwards_alone), T(what_is_no_such_setting_is_not_touched), T(what_a_stranger_wrote_is_printable), T(the_memory_is_given_back))
