/* SPDX-License-Identifier: Apache-2.0
 *
 * Each kind of message against its schema, of a plain alert and of one whose names
 * are an attack; what is veiled; what is said in both languages. */
#include "test.h"

#include "base/mem.h"
#include "json_schema.h"
#include "notify/tell.h"

#define HOSTILE "<@all>|a=b\\c\r\nX-Evil: 1 *x* [y](http://z) \xE2\x80\xAE" "gnp \x1b[31m`~<script>&\"'"

static struct notify_routes *routes;
static struct notice notice;
static struct text body;

static const struct reason reasons[] = {
	{ "dst.tier", "extreme", "none", 50, "14 calls to +882 16 555 0144 by Ana Bernal", "14 llamadas a +882 16 555 0144 de Ana Bernal" },
	{ "hour", HOSTILE, "", 10, HOSTILE, HOSTILE },
};

static struct alert plain_alert(void)
{
	return (struct alert){ .id = 42, .case_id = 40, .severity = SEVERITY_CRITICAL, .score = 97, .subject_kind = SUBJECT_PERSON,
		.subject_id = "1f6a0c3e-1111-4222-8333-444455556666", .subject_name = "Ana Bernal", .location = "Bogotá", .rule = "irsf_burst",
		.title_en = "Fraud: 14 calls in 6 minutes", .title_es = "Fraude: 14 llamadas en 6 minutos", .why_en = reasons[0].text_en, .why_es = reasons[0].text_es,
		.first_ms = INT64_C(1795700000000), .last_ms = INT64_C(1795700360000), .raised_ms = INT64_C(1795700400000), .count = 14, .cost_micro = 118000000,
		.assignee = "", .tags = "", .team = "", .reasons = reasons, .n_reasons = 1 };
}

static struct alert hostile_alert(void)
{
	struct alert a = plain_alert();
	a.subject_name = a.location = a.title_en = a.title_es = a.rule = a.tags = HOSTILE;
	a.n_reasons = 2;
	return a;
}

static void set_up(const char *text)
{
	struct fault fault;
	if (!notify_routes_parse("r.yaml", text, strlen(text), &routes, &fault)) {
		puts(fault.text);
		exit(1);
	}
	notice = (struct notice){ .id = 1, .at_ms = INT64_C(1795700401000), .kind = NOTICE_RAISED, .act = "raise", .who = "centinela", .was = "", .became = "critical", .alert = plain_alert() };
}

static const char *tell(const char *name, const struct notice *notices, size_t n, int64_t closes_ms)
{
	const struct destination *to = notify_routes_destination(routes, name);
	REQUIRE(to != NULL);
	struct outbox_row row = { .id = 9, .key = "msg_0011223344556677", .destination = name, .n_notices = (int64_t)n, .closes_ms = closes_ms, .thread_id = "", .remote_id = "" };
	text_reset(&body);
	tell_write(to, &row, notices, n, INT64_C(1795700402000), &body);
	return text_string(&body);
}

static void tear_down(void)
{
	notify_routes_free(routes);
	text_clear(&body);
}

#define ALL                                                                                                         \
	"destinations:\n"                                                                                            \
	"  webex: {kind: webex, room: Y2lz, token: {file: /x}, language: en}\n"                                      \
	"  webex_webhook: {kind: webex_webhook, url: {file: /x}, language: es, zone: America/Bogota}\n"              \
	"  slack: {kind: slack, url: {file: /x}, language: en}\n"                                                    \
	"  teams: {kind: teams, url: {file: /x}, language: en}\n"                                                    \
	"  webhook: {kind: webhook, url: \"https://a.example/h\", language: en}\n"                                   \
	"  ocsf: {kind: webhook, url: \"https://a.example/h\", format: ocsf, language: en}\n"                        \
	"  ecs: {kind: file, path: /tmp/x, format: ecs, language: es}\n"                                             \
	"  cef: {kind: file, path: /tmp/x, format: cef, language: en}\n"                                             \
	"  syslog: {kind: syslog, server: \"siem.example:6514\", language: en}\n"                                    \
	"  mail: {kind: email, server: \"smtp.example:587\", from: c@bank.example, to: [soc@bank.example, noc@bank.example], language: es}\n"

static const struct {
	const char *destination, *schema;
	bool for_people;
} schemas[] = { { "webex", "webex_message", true }, { "webex_webhook", "webex_webhook", true }, { "slack", "slack", true }, { "teams", "teams", true },
	{ "webhook", "webhook", false }, { "ocsf", "ocsf_detection_finding", false }, { "ecs", "ecs_alert", false } };

TEST(every_message_is_as_its_schema_wants_it)
{
	static const enum notice_kind kinds[] = { NOTICE_RAISED, NOTICE_WORSE, NOTICE_CLOSED, NOTICE_ACT };
	static const char *const acts[] = { "raise", "grow", "close", "claim" };
	set_up(ALL);
	for (size_t i = 0; i < COUNT_OF(schemas); i++) {
		for (size_t k = 0; k < COUNT_OF(kinds); k++) {
			for (int hostile = 0; hostile < 2; hostile++) {
				notice.kind = kinds[k];
				notice.act = acts[k];
				notice.who = k < 2 ? "centinela" : hostile ? HOSTILE : "ana";
				notice.alert = hostile ? hostile_alert() : plain_alert();
				notice.alert.state = k == 2 ? ALERT_CLOSED : ALERT_NEW;
				notice.alert.resolution = k == 2 ? RESOLUTION_TRUE_IMPACT : RESOLUTION_NONE;
				CHECK(schema_accepts(schemas[i].schema, tell(schemas[i].destination, &notice, 1, 0)));
				CHECK(strpbrk(text_string(&body), "\x1b\r") == NULL && strstr(text_string(&body), "\xE2\x80\xAE") == NULL);
			}
		}
		/* What it was about was deleted meanwhile. */
		CHECK(schema_accepts(schemas[i].schema, tell(schemas[i].destination, NULL, 0, 0)));
	}
	tear_down();
}

TEST(a_test_is_a_message_like_any_other)
{
	set_up(ALL);
	for (size_t i = 0; i < COUNT_OF(schemas); i++) {
		text_reset(&body);
		tell_test(notify_routes_destination(routes, schemas[i].destination), "msg_test", INT64_C(1795700402000), &body);
		CHECK(schema_accepts(schemas[i].schema, text_string(&body)));
		CHECK(strstr(text_string(&body), schemas[i].for_people ? (i == 1 ? "PRUEBA" : "TEST") : "test") != NULL);
	}
	tear_down();
}

TEST(many_are_one_message_that_counts)
{
	enum { N = 40 };
	struct notice many[N];
	set_up(ALL);
	for (int i = 0; i < N; i++) {
		many[i] = notice;
		many[i].id = i + 1;
		many[i].alert.id = 100 + i / 2; /* each alert was raised and rose */
		many[i].alert.severity = i < 4 ? SEVERITY_CRITICAL : SEVERITY_MEDIUM;
		many[i].alert.location = i < 30 ? "Bogotá" : "";
		many[i].alert.subject_name = HOSTILE;
	}
	for (size_t i = 0; i < 4; i++)
		CHECK(schema_accepts(schemas[i].schema, tell(schemas[i].destination, many, N, 1)));
	const char *said = tell("webex_webhook", many, N, 1);
	CHECK(strstr(said, "20 alertas") != NULL);
	CHECK(strstr(said, "18 media, 2 crítica") != NULL);
	CHECK(strstr(said, "15 Bogotá, 5 sin sede") != NULL);
	/* A message with a card cannot be edited: one that may grow has none. */
	CHECK(strstr(tell("webex", many, N, 1), "attachments") == NULL);
	CHECK(strstr(tell("webex", many, 1, 1), "attachments") == NULL);
	CHECK(strstr(tell("webex", many, 1, 0), "attachments") != NULL);
	tear_down();
}

TEST(nothing_of_a_name_is_markdown_a_mention_or_a_link)
{
	set_up(ALL);
	notice.alert = hostile_alert();
	const char *said = tell("webex_webhook", &notice, 1, 0);
	CHECK(strstr(said, "<@all>") == NULL && strstr(said, "\\\\<\\\\@all") != NULL);
	CHECK(strstr(said, "[y](") == NULL);
	CHECK(strstr(said, "*x*") == NULL);
	said = tell("slack", &notice, 1, 0);
	CHECK(strstr(said, "\"mrkdwn\"") == NULL);
	json_t *slack = json_loads(said, 0, NULL);
	const char *fallback = json_string_value(json_object_get(slack, "text"));
	CHECK(fallback != NULL && strchr(fallback, '<') == NULL && strstr(fallback, "&lt;@all&gt;") != NULL);
	json_decref(slack);
	said = tell("teams", &notice, 1, 0);
	CHECK(strstr(said, "[y](") == NULL && strstr(said, " *x*") == NULL);
	/* A card has links of bare words, and functions of its own; an incoming webhook has no card. */
	static const char *const cards[] = { "teams", "webex", "webex_webhook" };
	notice.alert.title_en = notice.alert.title_es = notice.alert.subject_name = "{{DATE(2026-01-01T00:00:00Z)}} https://evil.example www.evil.example";
	for (size_t i = 0; i < COUNT_OF(cards); i++) {
		said = tell(cards[i], &notice, 1, 0);
		CHECK(strstr(said, "evil.example") != NULL && strstr(said, "https://evil") == NULL && strstr(said, "www.evil") == NULL);
		json_auto_t *message = json_loads(said, 0, NULL);
		char *card = json_dumps(json_object_get(message, "attachments"), 0);
		CHECK(i == 2 ? card == NULL : strstr(card, "DATE") != NULL && strstr(card, "{{DATE") == NULL);
		free(card);
	}
	tear_down();
}

/* The header's fields are between unescaped pipes; a key of the extension begins
 * where no escaped equals sign stands before. */
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

static size_t letters(const char *text)
{
	uint32_t point;
	size_t n = 0;
	for (size_t i = 0, length = strlen(text); i < length; n++)
		i += utf8_decode(text + i, length - i, &point);
	return n;
}

/* Slack: 150 letters a header, 3000 a section, 50 blocks, and some 13 000 of all of them;
 * Webex: 7439 bytes of Markdown; Teams: 28 kB. */
TEST(however_long_the_texts_are_a_message_is_taken)
{
	char long_text[3000];
	enum { N = 60 };
	static struct notice many[N];
	long_text[sizeof long_text - 1] = '\0';
	set_up(ALL);
	for (size_t i = 0; i < N; i++) {
		many[i] = notice;
		many[i].alert.id = 100 + (int64_t)i;
		many[i].who = many[i].became = long_text;
		many[i].alert.title_en = many[i].alert.title_es = many[i].alert.subject_name = many[i].alert.location = many[i].alert.why_en = many[i].alert.why_es = long_text;
	}
	for (const char *sign = "n*&"; *sign != '\0'; sign++) {
		memset(long_text, *sign, sizeof long_text - 1);
		for (size_t n = 1; n <= N; n += N - 1) {
			json_auto_t *slack = json_loads(tell("slack", many, n, n > 1), 0, NULL);
			json_t *blocks = json_object_get(slack, "blocks");
			size_t all = 0;
			CHECK(json_array_size(blocks) <= 50);
			for (size_t i = 0; i < json_array_size(blocks); i++) {
				json_t *block = json_array_get(blocks, i);
				const char *text = json_string_value(json_object_get(json_object_get(block, "text"), "text"));
				size_t length = text == NULL ? 600 : letters(text);
				CHECK(length <= (strcmp(json_string_value(json_object_get(block, "type")), "header") == 0 ? 150u : 3000u));
				all += length;
			}
			CHECK(all <= 13000);
			CHECK(strlen(tell("teams", many, n, n > 1)) <= 28 * 1024);
			for (int kind = 0; kind < 2; kind++) {
				json_auto_t *webex = json_loads(tell(kind == 0 ? "webex" : "webex_webhook", many, n, n > 1), 0, NULL);
				CHECK(strlen(json_string_value(json_object_get(webex, "markdown"))) <= 7439);
				CHECK(json_array_size(json_object_get(webex, "attachments")) <= 1);
			}
		}
	}
	tear_down();
}

TEST(cef_keeps_to_its_fields_whatever_they_hold)
{
	set_up(ALL);
	for (int hostile = 0; hostile < 2; hostile++) {
		notice.alert = hostile ? hostile_alert() : plain_alert();
		const char *said = tell("cef", &notice, 1, 0), *at = said;
		int pipes = 0;
		CHECK(text_starts_with(said, "CEF:0|Centinela|Centinela|"));
		CHECK(text_ends_with(said, "\n") && strchr(said, '\n') == said + strlen(said) - 1);
		for (; *at != '\0' && pipes < 7; at++) {
			if (*at == '\\')
				at++;
			else
				pipes += *at == '|';
		}
		CHECK_INT(pipes, 7);
		int n_keys = 0;
		for (const char *c = at; *c != '\0'; c++) {
			if (*c == '\\')
				c++;
			else
				n_keys += *c == '=';
		}
		CHECK_INT(n_keys, hostile ? 25 : 23); /* with tags and their label */
		CHECK(strstr(at, "externalId=42 ") != NULL && strstr(at, "cn1=97 ") != NULL);
		CHECK(strstr(said, hostile ? "\\|a=b\\\\c" : "|irsf_burst|Fraud: 14 calls in 6 minutes|10|") != NULL);
	}
	tear_down();
}

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
	/* However long it is, a relay takes it. */
	char *long_name = mem_alloc(30001);
	for (size_t i = 0; i < 30000; i += 2)
		memcpy(long_name + i, "\xC3\xA1", 2);
	long_name[30000] = '\0';
	notice.alert.subject_name = long_name;
	const char *said = tell("syslog", &notice, 1, 0);
	CHECK(strtol(said, NULL, 10) <= 8192);
	CHECK(strlen(said) <= 8200);
	uint32_t point;
	size_t at = strlen(said) - 2;
	utf8_decode(said + at, 2, &point);
	CHECK(point == 0xE1 || (unsigned char)said[strlen(said) - 1] < 0x80); /* no half letter */
	free(long_name);
	tear_down();
}

TEST(a_mail_has_only_its_own_headers)
{
	set_up(ALL);
	notice.alert = hostile_alert();
	const char *said = tell("mail", &notice, 1, 0), *end = strstr(said, "\r\n\r\n");
	REQUIRE(end != NULL);
	char *headers = mem_strndup(said, (size_t)(end - said));
	static const char *const known[] = { "From: ", "To: ", "Date: ", "Message-ID: ", "References: ", "Subject: ", "Auto-Submitted: ", "MIME-Version: ", "Content-Type: ",
		"Content-Transfer-Encoding: ", "Content-Language: ", " " };
	for (char *line = headers, *rest; line != NULL; line = rest) {
		bool is_known = false;
		rest = strstr(line, "\r\n");
		if (rest != NULL) {
			*rest = '\0';
			rest += 2;
		}
		for (size_t i = 0; i < COUNT_OF(known); i++)
			is_known |= text_starts_with(line, known[i]);
		CHECK(is_known && strlen(line) <= 120);
		for (const char *c = line; *c != '\0'; c++)
			CHECK(*c >= 0x20 && *c < 0x7F);
	}
	free(headers);
	CHECK(strstr(said, "To: <soc@bank.example>,\r\n <noc@bank.example>\r\n") != NULL);
	CHECK(strstr(said, "Message-ID: <msg_0011223344556677@bank.example>\r\n") != NULL);
	CHECK(strstr(said, "Date: Fri, 27 Nov 2026 ") != NULL || strstr(said, "Date: Thu, 26 Nov 2026 ") != NULL);
	CHECK(strspn(end + 4, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=\r\n") == strlen(end + 4));
	tear_down();
}

TEST(a_signature_is_that_of_standard_webhooks)
{
	/* The example of the specification. */
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

TEST(a_destination_sees_what_it_may)
{
	set_up("destinations:\n"
	       "  all: {kind: webhook, url: \"https://a.example/h\", redact: none}\n"
	       "  numbers: {kind: webhook, url: \"https://a.example/h\", redact: numbers}\n"
	       "  names: {kind: webhook, url: \"https://a.example/h\", redact: names}\n"
	       "  ecs: {kind: file, path: /x, format: ecs, redact: names}\n"
	       "  ocsf: {kind: file, path: /x, format: ocsf, redact: names}\n"
	       "  chat: {kind: webex_webhook, url: {file: /x}, redact: names, language: es}\n");
	notice.kind = NOTICE_ACT;
	notice.act = "assign";
	notice.who = "luis";
	notice.became = "Pedro";
	notice.alert.assignee = "Pedro";
	notice.alert.tags = "vip";
	CHECK(strstr(tell("all", &notice, 1, 0), "+882 16 555 0144") != NULL);
	const char *said = tell("numbers", &notice, 1, 0);
	CHECK(strstr(said, "555 01") == NULL && strstr(said, "0144") == NULL);
	CHECK(strstr(said, "Ana Bernal") != NULL);
	static const char *const names[] = { "names", "chat" };
	for (size_t i = 0; i < 2; i++) {
		said = tell(names[i], &notice, 1, 0);
		CHECK(strstr(said, "Ana") == NULL && strstr(said, "Bernal") == NULL && strstr(said, "1f6a0c3e") == NULL);
		CHECK(strstr(said, "luis") == NULL && strstr(said, "Pedro") == NULL && strstr(said, "vip") == NULL);
		CHECK(strstr(said, "0144") == NULL);
		CHECK(strstr(said, i == 0 ? "person " : "persona ") != NULL);
		CHECK(strstr(said, "Bogotá") != NULL);
	}
	/* A rule's sentence, a person's title and a tag may hold anybody's name or number. */
	static const struct reason called = { "user.name", "Natalia Urrego", "", 60, "a line of ours called Natalia Urrego", "una línea nuestra llamó a Natalia Urrego" };
	notice.alert.subject_kind = SUBJECT_SITE;
	notice.alert.subject_id = notice.alert.subject_name = "Bogotá";
	notice.alert.reasons = &called;
	notice.alert.n_reasons = 1;
	notice.alert.why_en = called.text_en;
	notice.alert.why_es = called.text_es;
	notice.alert.rule = "manual";
	notice.alert.title_en = notice.alert.title_es = "Natalia rang";
	notice.act = "tag";
	notice.became = "cli-+573105550144 natalia";
	CHECK(strstr(tell("numbers", &notice, 1, 0), "573105550144") == NULL);
	for (size_t i = 0; i < 2; i++) {
		said = tell(names[i], &notice, 1, 0);
		CHECK(strstr(said, "atalia") == NULL && strstr(said, "Urrego") == NULL && strstr(said, "5550144") == NULL);
		CHECK(strstr(said, i == 0 ? "user.name: person" : "user.name: persona") != NULL);
	}
	/* The evidence of what was raised by hand is who did. */
	static const struct reason by_hand = { "manual", "nadia", "", 60, "raised by nadia", "la creó nadia" };
	static const char *const veiled[] = { "names", "chat", "ecs", "ocsf" };
	notice.alert.reasons = &by_hand;
	notice.alert.why_en = by_hand.text_en;
	notice.alert.why_es = by_hand.text_es;
	CHECK(strstr(tell("all", &notice, 1, 0), "nadia") != NULL);
	for (size_t i = 0; i < COUNT_OF(veiled); i++)
		CHECK(strstr(tell(veiled[i], &notice, 1, 0), "nadia") == NULL);
	/* Of a number nothing but its ends is left, whoever asks. */
	notice.alert.subject_kind = SUBJECT_NUMBER;
	notice.alert.subject_id = notice.alert.subject_name = "+573105550144";
	CHECK(strstr(tell("numbers", &notice, 1, 0), "573105550144") == NULL);
	CHECK(strstr(tell("names", &notice, 1, 0), "144\"") == NULL);
	tear_down();
}

TEST(each_is_told_in_its_language_and_zone)
{
	set_up(ALL);
	const char *said = tell("webex", &notice, 1, 0);
	CHECK(strstr(said, "CRITICAL · Fraud: 14 calls in 6 minutes · Ana Bernal") != NULL);
	CHECK(strstr(said, "UTC") != NULL);
	said = tell("webex_webhook", &notice, 1, 0);
	CHECK(strstr(said, "CRÍTICA · Fraude: 14 llamadas en 6 minutos · Ana Bernal") != NULL);
	CHECK(strstr(said, "-05") != NULL && strstr(said, "UTC") == NULL);
	CHECK(strstr(said, "118.00 USD") != NULL);
	tear_down();
}

TESTS(T(a_finding_says_how_it_ended_as_ocsf_does), T(however_long_the_texts_are_a_message_is_taken), T(every_message_is_as_its_schema_wants_it), T(a_test_is_a_message_like_any_other), T(many_are_one_message_that_counts),
    T(nothing_of_a_name_is_markdown_a_mention_or_a_link), T(cef_keeps_to_its_fields_whatever_they_hold), T(a_syslog_message_is_as_long_as_it_says_and_is_rfc_5424),
    T(a_mail_has_only_its_own_headers), T(a_signature_is_that_of_standard_webhooks), T(a_destination_sees_what_it_may), T(each_is_told_in_its_language_and_zone))
