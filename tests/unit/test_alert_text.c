/* SPDX-License-Identifier: Apache-2.0
 *
 * An alert written straight is the alert that the tree writes. */
#include "store/alert_text.h"

#include <string.h>

#include "api/door.h"
#include "api/serve.h"
#include "store/row_json.h"
#include "test.h"

static struct alert plain(void)
{
	return (struct alert){ .id = 7, .case_id = 5, .revision = 41, .rule = "wangiri", .title_en = "Calls nobody made", .title_es = "Llamadas", .severity = SEVERITY_HIGH,
		.score = 81, .state = ALERT_NEW, .subject_kind = SUBJECT_PERSON, .subject_id = "11111111-2222-4333-8444-555555555555", .subject_name = "Ana Bernal",
		.location = "Bogotá", .first_ms = 1791190800123, .last_ms = 1791190801000, .raised_ms = 1791190802999, .count = 12, .assignee = "", .why_en = "", .why_es = "",
		.cost_micro = 12345678, .tags = "" };
}

static void check_same(const struct alert *alert, bool masked)
{
	struct text written = { 0 };
	json_error_t error;
	json_t *tree = api_alert(alert, NULL, 0);
	if (masked)
		api_mask(tree);
	alert_text_put(&written, alert, api_status_word(alert), masked);
	json_t *read = json_loads(text_string(&written), 0, &error);
	CHECK(read != NULL);
	if (read != NULL && !json_equal(read, tree)) {
		char *wanted = json_dumps(tree, JSON_COMPACT);
		CHECK_STR(text_string(&written), wanted);
		CHECK(false);
		free(wanted);
	}
	json_decref(read);
	json_decref(tree);
	text_clear(&written);
}

TEST(a_plain_alert_is_the_same)
{
	struct alert alert = plain();
	check_same(&alert, false);
	check_same(&alert, true);
}

TEST(every_stage_end_and_time_is_the_same)
{
	for (int state = ALERT_NEW; state <= ALERT_CLOSED; state++) {
		for (int end = RESOLUTION_NONE; end < N_RESOLUTIONS; end++) {
			struct alert alert = plain();
			alert.state = (enum alert_state)state;
			alert.resolution = (enum resolution)end;
			alert.assignee = end % 2 == 0 ? "luis" : "";
			alert.closed_ms = state == ALERT_CLOSED ? 1 : 0;
			alert.snooze_until_ms = alert.silence_until_ms = end == 2 ? 4102444799999 : 0;
			alert.acknowledged_ms = end == 3 ? -1 : 0;
			alert.merged_into = end;
			check_same(&alert, false);
		}
	}
}

TEST(money_has_every_digit)
{
	static const int64_t amounts[] = { 0, 1, 9, 10, 999999, 1000000, 1000001, 100000, 12345678, 90000000, 4503599627370497, -1, -1000000, -2500001 };
	for (size_t i = 0; i < COUNT_OF(amounts); i++) {
		struct alert alert = plain();
		alert.cost_micro = amounts[i];
		alert.cost_per_hour_micro = amounts[COUNT_OF(amounts) - 1 - i];
		check_same(&alert, false);
	}
}

TEST(texts_of_strangers_are_escaped_and_masked)
{
	static const char *const texts[] = { "", "\"", "\\", "a\"b\\c", "\x01\x1f\x7f", "tab\tand\nline", "ñ ü 漢字 \xF0\x9F\x93\x9E", "\xC2\x85", "</script>", "+576015550101 called",
		"sip:+576015550101@example.org", "6015550101", "from 6015550101 to 6015550102", "a6015550101", "12345678901234567890" };
	struct reason reasons[2] = { { "dst.tier", "extreme", "", 20, "en", "es" }, { "", "", "", -3, "", "" } };
	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		struct alert alert = plain();
		alert.title_en = alert.subject_id = alert.subject_name = alert.location = alert.assignee = texts[i];
		reasons[1].value = reasons[1].text_en = texts[i];
		alert.reasons = reasons;
		alert.n_reasons = 2;
		check_same(&alert, false);
		check_same(&alert, true);
	}
}

TEST(tags_are_a_list)
{
	static const char *const tags[] = { "", " ", "fraude", "fraude vip", "  a  b ", "+576015550101" };
	for (size_t i = 0; i < COUNT_OF(tags); i++) {
		struct alert alert = plain();
		alert.tags = tags[i];
		check_same(&alert, false);
		check_same(&alert, true);
	}
}

TESTS(T(a_plain_alert_is_the_same), T(every_stage_end_and_time_is_the_same), T(money_has_every_digit), T(texts_of_strangers_are_escaped_and_masked),
    T(tags_are_a_list))
