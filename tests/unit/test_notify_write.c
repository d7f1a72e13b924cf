/* SPDX-License-Identifier: Apache-2.0
 *
 * Each kind of message against its schema, of a plain alert and of one whose names
 * are an attack; what is veiled; what is said in both languages. */
#include "test.h"

#include "base/mem.h"
#include "json_schema.h"
#include "notify_told.h"
#include "webex/ids.h"

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

static size_t letters(const char *text)
{
	uint32_t point;
	size_t n = 0;
	for (size_t i = 0, length = strlen(text); i < length; n++)
		i += utf8_decode(text + i, length - i, &point);
	return n;
}

/* Slack: 150 letters a header, 3000 a section, 50 blocks, and some 13 000 of all of them;
 * Webex: 7439 bytes of Markdown; Teams: 28 kB, but seen to refuse from 21 000 bytes on. */
TEST(however_long_the_texts_are_a_message_is_taken)
{
	char long_text[3001];
	static const char *const fillings[] = { "n", "*", "&", "\xC3\xB1", "a\xCC\x81\xCC\x81\xCC\x81", "\xF0\x9F\x93\x9E" };
	enum { N = 60 };
	static struct notice many[N];
	set_up(ALL);
	for (size_t i = 0; i < N; i++) {
		many[i] = notice;
		many[i].alert.id = 100 + (int64_t)i;
		many[i].who = many[i].became = long_text;
		many[i].alert.title_en = many[i].alert.title_es = many[i].alert.subject_name = many[i].alert.location = many[i].alert.why_en = many[i].alert.why_es = long_text;
	}
	for (size_t f = 0; f < COUNT_OF(fillings); f++) {
		for (size_t i = 0; i < sizeof long_text - 1; i++)
			long_text[i] = fillings[f][i % strlen(fillings[f])];
		long_text[sizeof long_text - 1] = '\0';
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
			CHECK(letters(json_string_value(json_object_get(slack, "text"))) <= 4000); /* what Slack shows of it */
			CHECK(strlen(tell("teams", many, n, n > 1)) <= 21000);
			for (int kind = 0; kind < 2; kind++) {
				json_auto_t *webex = json_loads(tell(kind == 0 ? "webex" : "webex_webhook", many, n, n > 1), 0, NULL);
				CHECK(strlen(json_string_value(json_object_get(webex, "markdown"))) <= 7439);
				CHECK(json_array_size(json_object_get(webex, "attachments")) <= 1);
			}
		}
	}
	tear_down();
}

/* Each encoded word of a subject is read by itself (RFC 2047, 5): how many there are; 0: in one
 * of them is a letter that is not whole. */
static size_t whole_words(const char *mail)
{
	static const char begins[] = "=?UTF-8?B?";
	size_t n = 0;
	const char *line = strstr(mail, "\r\nSubject: "), *at = line == NULL ? NULL : strchr(line + 2, ' ');
	for (; at != NULL && *at == ' '; n++) {
		unsigned char letters_of[64];
		size_t length = strcspn(at += 1, "\r"), start = sizeof begins - 1;
		if (length > 75 || length < start + 2 || strncmp(at, begins, start) != 0 || strncmp(at + length - 2, "?=", 2) != 0)
			return 0;
		int64_t n_letters = base64_decode(at + start, length - start - 2, letters_of, sizeof letters_of);
		if (n_letters <= 0)
			return 0;
		uint32_t point;
		for (size_t i = 0; i < (size_t)n_letters;) {
			i += utf8_decode((const char *)letters_of + i, (size_t)n_letters - i, &point);
			if (point == 0xFFFD)
				return 0;
		}
		at += length + 2;
	}
	return n;
}

TEST(no_letter_of_a_subject_is_cut_through)
{
	static const char *const letters_of[] = { "n", "\xC3\xB1", "\xE2\x82\xAC", "\xF0\x9F\x93\x9E" };
	char title[700];
	set_up(ALL);
	for (size_t f = 0; f < COUNT_OF(letters_of); f++) {
		for (size_t shift = 0; shift < 4; shift++) { /* wherever 400 bytes end, and 42 */
			size_t length = (size_t)snprintf(title, sizeof title, "%.*s", (int)shift, "aaa");
			while (length + 5 < sizeof title)
				length += (size_t)snprintf(title + length, sizeof title - length, "%s", letters_of[f]);
			notice.alert.title_en = notice.alert.title_es = title;
			CHECK_INT(whole_words(tell("mail", &notice, 1, 0)), 10);
		}
	}
	notice.alert.title_en = notice.alert.title_es = "ni\xC3\xB1o";
	CHECK_INT(whole_words(tell("mail", &notice, 1, 0)), 1);
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
	CHECK(strstr(said, "UTC") != NULL && strstr(said, "118.00 USD") != NULL);
	said = tell("webex_webhook", &notice, 1, 0);
	CHECK(strstr(said, "CRÍTICA · Fraude: 14 llamadas en 6 minutos · Ana Bernal") != NULL);
	CHECK(strstr(said, "-05") != NULL && strstr(said, "UTC") == NULL);
	CHECK(strstr(said, "118,00 USD") != NULL);
	tear_down();
}

TESTS(T(however_long_the_texts_are_a_message_is_taken), T(every_message_is_as_its_schema_wants_it), T(a_test_is_a_message_like_any_other), T(many_are_one_message_that_counts),
    T(nothing_of_a_name_is_markdown_a_mention_or_a_link), T(a_mail_has_only_its_own_headers), T(no_letter_of_a_subject_is_cut_through), T(a_destination_sees_what_it_may), T(each_is_told_in_its_language_and_zone))
