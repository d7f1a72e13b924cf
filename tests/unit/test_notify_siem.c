/* SPDX-License-Identifier: Apache-2.0
 *
 * What a machine is told, as its reader reads it: CEF, OCSF, ECS, syslog, a signed webhook. */
#include "test.h"

#include "base/cut.h"
#include "base/mem.h"
#include "cef.h"
#include "json_schema.h"
#include "notify_told.h"

static struct cef cef;

/* What somebody may call himself to be read as something else. */
static const char *const nasty[] = { "a|b", "a=b", "a\\b", "a\\", "\\", "\\\\", "=", "|", "\\=", "\\|", "a\\n", "x act=delete suser=root", "x\\ act=y", "CEF:0|x|y|1|2|3|4|act=no",
	"a\nact=b", "a\r\n<14>1 - - - - - - b", "tab\tact=b", " ", " a ", "\xE2\x80\xAE" "dlrow", "\x1b[31m", "\xF0\x9F\x93\x9E \xC3\xB1", "\xff\xfe", "{\"x\":\"y\"}", "\"},{\"a\":\"", HOSTILE };

/* ---- the schemas themselves ----------------------------------------------------- */

static bool is_refused(const char *name, json_t *value)
{
	struct text wrong = { 0 };
	json_t *schema = schema_load(name);
	schema_check(schema, value, "$", &wrong);
	bool refused = wrong.n > 0;
	json_decref(schema);
	text_clear(&wrong);
	return refused;
}

/* A member of `patch` that is null is taken away, one that is an object is gone into. */
static void change(json_t *value, json_t *patch)
{
	const char *key;
	json_t *member;
	json_object_foreach(patch, key, member) {
		json_t *inner = json_is_array(value) ? json_array_get(value, 0) : value;
		json_t *old = json_object_get(inner, key);
		if (json_is_null(member))
			json_object_del(inner, key);
		else if (json_is_object(member) && old != NULL && json_object_size(member) > 0)
			change(old, member);
		else
			json_object_set(inner, key, member);
	}
}

TEST(what_a_standard_does_not_know_fails)
{
	static const struct {
		const char *destination, *schema, *patch;
	} rows[] = {
		{ "ocsf", "ocsf_detection_finding", "{\"colour\": 1}" },
		{ "ocsf", "ocsf_detection_finding", "{\"class_uid\": 2001}" },
		{ "ocsf", "ocsf_detection_finding", "{\"type_uid\": 200402}" },
		{ "ocsf", "ocsf_detection_finding", "{\"severity\": \"High\"}" },
		{ "ocsf", "ocsf_detection_finding", "{\"severity_id\": 7}" },
		{ "ocsf", "ocsf_detection_finding", "{\"status\": \"Resolved\"}" },
		{ "ocsf", "ocsf_detection_finding", "{\"time\": 1795700401}" },
		{ "ocsf", "ocsf_detection_finding", "{\"time\": \"2026-11-26T23:20:01Z\"}" },
		{ "ocsf", "ocsf_detection_finding", "{\"metadata\": null}" },
		{ "ocsf", "ocsf_detection_finding", "{\"metadata\": {\"product\": null}}" },
		{ "ocsf", "ocsf_detection_finding", "{\"metadata\": {\"product\": {\"name\": null}}}" },
		{ "ocsf", "ocsf_detection_finding", "{\"finding_info\": {\"uid\": null}}" },
		{ "ocsf", "ocsf_detection_finding", "{\"finding_info\": {\"analytic\": {\"type_id\": null}}}" },
		{ "ocsf", "ocsf_detection_finding", "{\"finding_info\": {\"analytic\": {\"type_id\": 12}}}" },
		{ "ocsf", "ocsf_detection_finding", "{\"resources\": {\"region\": \"Bogota\"}}" },
		{ "ocsf", "ocsf_detection_finding", "{\"resources\": {\"owner\": {\"name\": null, \"uid\": null}}}" },
		{ "ocsf", "ocsf_detection_finding", "{\"evidences\": {\"data\": null}}" },
		{ "ocsf", "ocsf_detection_finding", "{\"observables\": {\"type_id\": null}}" },
		{ "ecs", "ecs_alert", "{\"@timestamp\": \"2026-11-26 23:20:01\"}" },
		{ "ecs", "ecs_alert", "{\"ecs\": null}" },
		{ "ecs", "ecs_alert", "{\"event\": {\"kind\": \"alarm\"}}" },
		{ "ecs", "ecs_alert", "{\"event\": {\"category\": \"intrusion_detection\"}}" },
		{ "ecs", "ecs_alert", "{\"event\": {\"type\": [\"creation\"]}}" },
		{ "ecs", "ecs_alert", "{\"event\": {\"severity\": \"99\"}}" },
		{ "ecs", "ecs_alert", "{\"event\": {\"severity\": null}}" },
		{ "ecs", "ecs_alert", "{\"event\": {\"severity\": 101}}" },
		{ "ecs", "ecs_alert", "{\"event\": {\"risk_score\": null}}" },
		{ "ecs", "ecs_alert", "{\"event\": {\"risk_score\": 101}}" },
		{ "ecs", "ecs_alert", "{\"event\": {\"risk_score\": -1}}" },
		{ "ecs", "ecs_alert", "{\"event\": {\"score\": 1}}" },
		{ "ecs", "ecs_alert", "{\"labels\": {\"site\": 1}}" },
		{ "ecs", "ecs_alert", "{\"related\": {\"user\": \"ana\"}}" },
		{ "teams", "teams", "{\"type\": \"card\"}" },
		{ "teams", "teams", "{\"attachments\": {\"content\": {\"version\": \"1.6\"}}}" },
		{ "teams", "teams", "{\"attachments\": {\"content\": {\"body\": {\"color\": \"red\"}}}}" },
		{ "teams", "teams", "{\"attachments\": {\"content\": {\"body\": {\"text\": null}}}}" },
		{ "webex", "webex_message", "{\"attachments\": {\"contentUrl\": null, \"content\": {\"body\": {\"type\": \"Table\"}}}}" },
		{ "webex", "webex_message", "{\"toPersonEmail\": \"a@b.example\"}" },
		{ "slack", "slack", "{\"blocks\": {\"text\": {\"type\": \"mrkdwn\"}}}" },
		{ "slack", "slack", "{\"blocks\": {\"elements\": []}}" },
		{ "webhook", "webhook", "{\"type\": \"alert raised\"}" },
		{ "webhook", "webhook", "{\"data\": {\"report_ids\": []}}" },
	};
	set_up(ALL);
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		json_auto_t *value = json_loads(tell(rows[i].destination, &notice, 1, 0), 0, NULL), *patch = json_loads(rows[i].patch, 0, NULL);
		REQUIRE(value != NULL && patch != NULL);
		CHECK(!is_refused(rows[i].schema, value));
		change(value, patch);
		CHECK_STR(is_refused(rows[i].schema, value) ? rows[i].patch : "taken", rows[i].patch);
	}
	tear_down();
}

/* ---- OCSF and ECS --------------------------------------------------------------- */

/* OCSF's own words: suppressed is what was looked at and found harmless, a close is no
 * alertable signal, and a type is its class and its activity. */
TEST(a_finding_says_how_it_ended_as_ocsf_does)
{
	static const struct {
		enum alert_state state;
		enum resolution resolution;
		enum notice_kind kind;
		int activity, status;
		bool is_alert;
	} rows[] = { { ALERT_NEW, RESOLUTION_NONE, NOTICE_RAISED, 1, 1, true }, { ALERT_IN_PROGRESS, RESOLUTION_NONE, NOTICE_WORSE, 2, 2, true },
		{ ALERT_SNOOZED, RESOLUTION_NONE, NOTICE_ACT, 2, 2, true }, { ALERT_CLOSED, RESOLUTION_TRUE_IMPACT, NOTICE_CLOSED, 3, 4, false },
		{ ALERT_CLOSED, RESOLUTION_DUPLICATE, NOTICE_CLOSED, 3, 4, false }, { ALERT_CLOSED, RESOLUTION_UNKNOWN, NOTICE_CLOSED, 3, 4, false },
		{ ALERT_CLOSED, RESOLUTION_FALSE_POSITIVE, NOTICE_CLOSED, 3, 3, false }, { ALERT_CLOSED, RESOLUTION_LEGITIMATE, NOTICE_CLOSED, 3, 3, false } };
	set_up(ALL);
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		notice.kind = rows[i].kind;
		notice.act = rows[i].kind == NOTICE_RAISED ? "raise" : "x";
		notice.alert.state = rows[i].state;
		notice.alert.resolution = rows[i].resolution;
		json_auto_t *event = json_loads(tell("ocsf", &notice, 1, 0), 0, NULL);
		CHECK(schema_accepts("ocsf_detection_finding", text_string(&body)));
		CHECK_INT(json_integer_value(json_object_get(event, "status_id")), rows[i].status);
		CHECK_INT(json_integer_value(json_object_get(event, "activity_id")), rows[i].activity);
		CHECK_INT(json_integer_value(json_object_get(event, "type_uid")), 2004 * 100 + rows[i].activity);
		CHECK_INT(json_is_true(json_object_get(event, "is_alert")), rows[i].is_alert);
	}
	tear_down();
}

TEST(what_an_analyst_raised_is_of_no_rule)
{
	set_up(ALL);
	for (int by_hand = 0; by_hand < 2; by_hand++) {
		notice.alert.rule = by_hand ? "manual" : "irsf_burst";
		json_auto_t *event = json_loads(tell("ocsf", &notice, 1, 0), 0, NULL);
		json_t *analytic = json_object_get(json_object_get(event, "finding_info"), "analytic");
		CHECK(schema_accepts("ocsf_detection_finding", text_string(&body)));
		CHECK_INT(json_integer_value(json_object_get(analytic, "type_id")), by_hand ? 99 : 1);
		CHECK_STR(json_string_value(json_object_get(analytic, "type")), by_hand ? "Manual" : "Rule");
	}
	tear_down();
}

/* related.user is searched for who was seen: a site, a trunk or a number is none. */
TEST(only_a_person_is_a_user)
{
	static const enum subject_kind kinds[] = { SUBJECT_PERSON, SUBJECT_NUMBER, SUBJECT_DEVICE, SUBJECT_TRUNK, SUBJECT_SITE, SUBJECT_SERVICE, SUBJECT_ORG };
	set_up(ALL);
	for (size_t i = 0; i < COUNT_OF(kinds); i++) {
		notice.alert.subject_kind = kinds[i];
		json_auto_t *event = json_loads(tell("ecs", &notice, 1, 0), 0, NULL), *finding = json_loads(tell("ocsf", &notice, 1, 0), 0, NULL);
		json_t *users = json_object_get(json_object_get(event, "related"), "user");
		CHECK_INT(json_array_size(users), kinds[i] == SUBJECT_PERSON ? 2 : 0);
		CHECK((json_object_get(event, "user") != NULL) == (kinds[i] == SUBJECT_PERSON));
		json_t *owner = json_object_get(json_array_get(json_object_get(finding, "resources"), 0), "owner");
		CHECK((owner != NULL) == (kinds[i] == SUBJECT_PERSON));
	}
	/* Whoever has no name is still somebody. */
	notice.alert.subject_kind = SUBJECT_PERSON;
	notice.alert.subject_name = notice.alert.rule = notice.alert.why_es = notice.alert.why_en = "";
	CHECK(schema_accepts("ecs_alert", tell("ecs", &notice, 1, 0)));
	CHECK(schema_accepts("ocsf_detection_finding", tell("ocsf", &notice, 1, 0)));
	tear_down();
}

static const char *text_at(const json_t *value, const char *const *path)
{
	for (; *path != NULL; path++)
		value = json_is_array(value) ? json_object_get(json_array_get(value, 0), *path) : json_object_get(value, *path);
	return json_string_value(value);
}

TEST(a_name_is_a_name_and_nothing_else_in_json)
{
	static const struct {
		const char *destination, *schema, *path[4];
	} rows[] = { { "ocsf", "ocsf_detection_finding", { "resources", "name" } }, { "ocsf", "ocsf_detection_finding", { "finding_info", "analytic", "uid" } },
		{ "ecs", "ecs_alert", { "user", "full_name" } }, { "ecs", "ecs_alert", { "labels", "site" } }, { "webhook", "webhook", { "data", "subject", "name" } },
		{ "slack", "slack", { NULL } }, { "teams", "teams", { NULL } }, { "webex", "webex_message", { NULL } }, { "webex_webhook", "webex_webhook", { NULL } } };
	char expected[400];
	set_up(ALL);
	for (size_t i = 0; i < COUNT_OF(nasty); i++) {
		struct alert *a = &notice.alert;
		a->subject_name = a->subject_id = a->title_en = a->title_es = a->rule = a->tags = a->location = a->why_en = a->why_es = nasty[i];
		notice.act = notice.who = notice.was = notice.became = nasty[i];
		text_printable(expected, sizeof expected, nasty[i], strlen(nasty[i]));
		for (size_t k = 0; k < COUNT_OF(rows); k++) {
			CHECK(schema_accepts(rows[k].schema, tell(rows[k].destination, &notice, 1, 0)));
			json_auto_t *value = json_loads(text_string(&body), 0, NULL);
			if (rows[k].path[0] != NULL)
				CHECK_STR(text_at(value, rows[k].path), expected);
		}
	}
	tear_down();
}

/* ---- CEF ------------------------------------------------------------------------ */

TEST(a_reader_of_cef_gets_back_what_was_put_in)
{
	static char expected[400], line[20000];
	set_up(ALL);
	for (size_t i = 0; i < COUNT_OF(nasty); i++) {
		struct alert *a = &notice.alert;
		a->subject_name = a->subject_id = a->title_en = a->rule = a->tags = a->location = a->why_en = nasty[i];
		notice.act = notice.who = nasty[i];
		snprintf(line, sizeof line, "%s", tell("cef", &notice, 1, 0));
		REQUIRE(text_ends_with(line, "\n") && strchr(line, '\n') == line + strlen(line) - 1);
		line[strlen(line) - 1] = '\0';
		text_printable(expected, sizeof expected, nasty[i], strlen(nasty[i]));
		CHECK_STR(cef_read(line, &cef) ? "" : line, "");
		CHECK_STR(cef.header[0], "CEF:0");
		CHECK_STR(cef.header[4], expected);
		CHECK_STR(cef.header[5], expected);
		CHECK_STR(cef.header[6], "10");
		CHECK_INT(cef.n, COUNT_OF(cef_dictionary));
		static const char *const keys[] = { "suser", "suid", "reason", "cs1", "cs3", "cs4" };
		for (size_t k = 0; k < COUNT_OF(keys); k++)
			CHECK_STR(cef_value(&cef, keys[k]), expected);
		CHECK(strncmp(cef_value(&cef, "act"), expected, 63) == 0);
		CHECK_STR(cef_value(&cef, "externalId"), "42");
		CHECK_STR(cef_value(&cef, "cn1"), "97");
	}
	tear_down();
}

/* The reader of this test reads no more than it should. */
TEST(a_line_that_is_no_cef_is_not_read_as_one)
{
	static const char *const good = "CEF:0|v|p|1|r|n|3|act=a suser=b c", *const bad[] = { "CEF:0|v|p|1|r|n|3", "CEF:0|v|p|1|r|a|b|3|act=a", "CEF:0|v|p|1|r|n|3|acts=a", "CEF:0|v|p|1|r|n|3|act=a=b",
		"CEF:0|v|p|1|r|n|3|act=a act=b", "CEF:0|v|p|1|r|n|3|cnt=x", "CEF:0|v|p|1|r|n|3|act=a\\", "CEF:0|v|p|1|r|n|3|act=a\\|b", "CEF:0|v|p|1|r|n\\=|3|act=a", "CEF:0|v|p|1|r|n|3|lonely" };
	CHECK(cef_read(good, &cef));
	CHECK_INT(cef.n, 2);
	CHECK_STR(cef_value(&cef, "suser"), "b c");
	for (size_t i = 0; i < COUNT_OF(bad); i++)
		CHECK_STR(cef_read(bad[i], &cef) ? bad[i] : "", "");
}

TEST(cef_leaves_out_what_is_not_known)
{
	set_up(ALL);
	notice.alert.location = "";
	char *line = mem_strdup(tell("cef", &notice, 1, 0));
	line[strlen(line) - 1] = '\0';
	CHECK(cef_read(line, &cef));
	CHECK(cef_value(&cef, "cs1") == NULL && cef_value(&cef, "cs1Label") == NULL && cef_value(&cef, "cs4") == NULL);
	CHECK_STR(cef.header[4], "irsf_burst");
	CHECK_STR(cef.header[5], "Fraud: 14 calls in 6 minutes");
	CHECK_STR(cef_value(&cef, "rt"), "1795700401000");
	free(line);
	tear_down();
}

/* ---- syslog --------------------------------------------------------------------- */

TEST(a_syslog_message_is_as_long_as_it_says_and_is_rfc_5424)
{
	set_up(ALL);
	for (int hostile = 0; hostile < 2; hostile++) {
		notice.alert = hostile ? hostile_alert() : plain_alert();
		char *after;
		const char *said = tell("syslog", &notice, 1, 0);
		long n = strtol(said, &after, 10);
		CHECK_INT(strlen(after + 1), n);
		CHECK(schema_fits("^ <82>1 2026-11-2[0-9]T[0-9:.]{12}Z [!-~]+ centinela [0-9]+ raised - \xEF\xBB\xBF" "CEF:0[|]", after));
		CHECK(strpbrk(after, "\r\n") == NULL);
	}
	tear_down();
}

/* A receiver should take 8192 bytes (RFC 5425, 4.3.1), and half of an object is none: what is
 * told is less, and whole. */
TEST(however_long_the_texts_are_a_line_of_syslog_is_whole)
{
	enum { BYTES = 30000, REASONS = 60 };
	static const char *const fillings[] = { "x", "\xC3\xA1", "\"", "\\", "=", "|", "\xF0\x9F\x93\x9E", "a\xCC\x81" };
	static const char *const destinations[] = { "syslog", "syslog_ocsf", "syslog_ecs" };
	static char filled[BYTES + 1];
	static struct reason many[REASONS];
	set_up(ALL);
	for (size_t f = 0; f < COUNT_OF(fillings); f++) {
		for (size_t i = 0; i < BYTES; i++)
			filled[i] = fillings[f][i % strlen(fillings[f])];
		filled[cut_whole(filled, BYTES - 4)] = '\0';
		struct alert *a = &notice.alert;
		for (size_t i = 0; i < REASONS; i++)
			many[i] = (struct reason){ filled, filled, filled, 1, filled, filled };
		a->subject_name = a->subject_id = a->location = a->rule = a->tags = a->title_en = a->title_es = a->why_en = a->why_es = filled;
		notice.who = notice.act = filled;
		a->reasons = many;
		for (size_t d = 0; d < COUNT_OF(destinations); d++) {
			for (a->n_reasons = 0; a->n_reasons <= REASONS; a->n_reasons += REASONS) {
				char *after;
				const char *said = tell(destinations[d], &notice, 1, 0);
				long n = strtol(said, &after, 10);
				CHECK(n <= 8192);
				CHECK_INT(strlen(after + 1), n);
				const char *bom = strstr(after, " \xEF\xBB\xBF");
				REQUIRE(bom != NULL);
				if (d == 0)
					CHECK(cef_read(bom + 4, &cef) && strstr(cef_value(&cef, "suser"), "…") != NULL);
				else
					CHECK(schema_accepts(d == 1 ? "ocsf_detection_finding" : "ecs_alert", bom + 4));
			}
		}
	}
	/* What fits is told as it is. */
	notice.alert = plain_alert();
	notice.who = "ana";
	notice.act = "claim";
	for (size_t d = 0; d < COUNT_OF(destinations); d++)
		CHECK(strstr(tell(destinations[d], &notice, 1, 0), "…") == NULL);
	tear_down();
}

TEST(a_text_is_cut_between_its_letters)
{
	CHECK_INT(cut_whole("", 0), 0);
	CHECK_INT(cut_whole("abc", 3), 3);
	CHECK_INT(cut_whole("abc", 2), 2);
	CHECK_INT(cut_whole("a\xC3\xB1o", 2), 1);
	CHECK_INT(cut_whole("a\xC3\xB1o", 3), 3);
	CHECK_INT(cut_whole("\xF0\x9F\x93\x9E", 3), 0);
	CHECK_INT(cut_whole("\xF0\x9F\x93\x9E", 4), 4);
	CHECK_INT(cut_points("", 3), 0);
	CHECK_INT(cut_points("a\xC3\xB1o", 0), 0);
	CHECK_INT(cut_points("a\xC3\xB1o", 2), 3);
	CHECK_INT(cut_points("a\xC3\xB1o", 9), 4);
}

/* ---- Standard Webhooks ---------------------------------------------------------- */

TEST(a_signature_is_that_of_standard_webhooks)
{
	/* The example of the specification's reference libraries (libraries/javascript/src/webhook.test.ts, "sign function works"). */
	struct wire wire = { 0 };
	struct fault fault;
	struct parcel parcel = { .key = "msg_p5jXN8AQM9LWM0D4loKWxJek", .body = "{\"test\": 2432232314}", .remote_id = "" };
	struct secrets secrets = { "https://a.example/h", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw" };
	set_up(ALL);
	const struct destination *to = notify_routes_destination(routes, "webhook");
	REQUIRE(to->kind->pack(to, &secrets, &parcel, INT64_C(1614265330000), &wire, &fault));
	CHECK_STR(text_string(&wire.headers[1]), "webhook-id: msg_p5jXN8AQM9LWM0D4loKWxJek");
	CHECK_STR(text_string(&wire.headers[2]), "webhook-timestamp: 1614265330");
	CHECK_STR(text_string(&wire.headers[3]), "webhook-signature: v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
	wire_clear(&wire);
	static const char *const bad[] = { "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_", "whsec_c2hvcnQ=", "whsec_not base64 at all!!!!!!!!!!!!!!!", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS" };
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		secrets.secret = bad[i];
		CHECK(!to->kind->pack(to, &secrets, &parcel, 0, &wire, &fault));
		CHECK(strstr(fault.text, bad[i]) == NULL || i == 1);
		wire_clear(&wire);
	}
	tear_down();
}

TESTS(T(what_a_standard_does_not_know_fails), T(a_finding_says_how_it_ended_as_ocsf_does), T(what_an_analyst_raised_is_of_no_rule), T(only_a_person_is_a_user), T(a_name_is_a_name_and_nothing_else_in_json),
    T(a_reader_of_cef_gets_back_what_was_put_in), T(a_line_that_is_no_cef_is_not_read_as_one), T(cef_leaves_out_what_is_not_known),
    T(a_syslog_message_is_as_long_as_it_says_and_is_rfc_5424), T(however_long_the_texts_are_a_line_of_syslog_is_whole), T(a_text_is_cut_between_its_letters),
    T(a_signature_is_that_of_standard_webhooks))
