/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include "base/arena.h"
#include "base/iso_time.h"
#include "base/i18n.h"
#include "base/json.h"
#include "base/map.h"
#include "base/text.h"
#include "base/yaml.h"

TEST(hostile_text_becomes_printable)
{
	char out[64];
	const char *escape = "a\x1b[31mb\x07\xc2\x9b" "2Jc";
	text_printable(out, sizeof out, escape, strlen(escape));
	CHECK_STR(out, "a\xEF\xBF\xBD[31mb\xEF\xBF\xBD" "2Jc");
	const char *bidi = "x\xE2\x80\xAEy\xE2\x80\x8Bz\xff\xfe!";
	text_printable(out, sizeof out, bidi, strlen(bidi));
	CHECK_STR(out, "x\xEF\xBF\xBDy\xEF\xBF\xBDz\xEF\xBF\xBD!");
	CHECK_INT(text_printable(out, 4, "\xC3\xB1\xC3\xB1", 4), 2);
	CHECK_STR(out, "\xC3\xB1");
}

TEST(broken_utf8_costs_one_byte)
{
	uint32_t point;
	CHECK_INT(utf8_decode("\xC0\x80", 2, &point), 1);
	CHECK_INT(point, 0xFFFD);
	CHECK_INT(utf8_decode("\xED\xA0\x80", 3, &point), 1);
	CHECK_INT(utf8_decode("\xE2\x82", 2, &point), 1);
	CHECK_INT(utf8_decode("\xE2\x82\xAC", 3, &point), 3);
	CHECK_INT(point, 0x20AC);
}

TEST(width_counts_columns)
{
	CHECK_INT(text_width("a\xC3\xB1o"), 3);
	CHECK_INT(text_width("\xE6\xBC\xA2"), 2);
	int used;
	CHECK_INT(text_fit("\xE6\xBC\xA2\xE6\xBC\xA2", 3, &used), 3);
	CHECK_INT(used, 2);
}

TEST(times_are_parsed_in_both_forms)
{
	static const struct {
		const char *text;
		int64_t ms;
	} good[] = {
		{ "2026-10-05T09:12:07.412Z", INT64_C(1791191527412) },
		{ "2026-10-05 09:12:07.412", INT64_C(1791191527412) },
		{ "2026-10-05T09:12:07Z", INT64_C(1791191527000) },
		{ "2026-10-05T04:12:07.412-05:00", INT64_C(1791191527412) },
		{ "2026-10-05T09:12:07.412345678+00:00", INT64_C(1791191527412) },
	};
	for (size_t i = 0; i < COUNT_OF(good); i++) {
		int64_t ms = 0;
		CHECK(iso_time_parse(good[i].text, strlen(good[i].text), &ms));
		CHECK_INT(ms, good[i].ms);
	}
	static const char *const bad[] = { "", "2026", "2026-02-30T00:00:00Z", "2026-10-05T25:00:00Z",
		"2026-10-05T09:12:07.Z", "2026-10-05T09:12:07ZZ", "9999-10-05T09:12:07Z" };
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		int64_t ms;
		CHECK(!iso_time_parse(bad[i], strlen(bad[i]), &ms));
	}
	char out[ISO_TIME_BYTES];
	CHECK_STR(iso_time_format(INT64_C(1791191527412), out), "2026-10-05T09:12:07.412Z");
	int64_t ms;
	CHECK(http_date_parse("Mon, 05 Oct 2026 09:12:07 GMT", &ms));
	CHECK_INT(ms, INT64_C(1791191527000));
	CHECK(!http_date_parse("Monday, 05-Oct-26 09:12:07 GMT", &ms));
}

TEST(a_map_keeps_what_was_put)
{
	struct map map = { 0 };
	char key[16];
	for (int i = 0; i < 1000; i++) {
		snprintf(key, sizeof key, "k%d", i);
		map_put(&map, key, NULL)->number = i;
	}
	for (int i = 0; i < 1000; i += 2) {
		snprintf(key, sizeof key, "k%d", i);
		CHECK(map_remove(&map, key, NULL));
	}
	for (int i = 0; i < 1000; i++) {
		snprintf(key, sizeof key, "k%d", i);
		union map_value *value = map_get(&map, key);
		CHECK((value != NULL) == (i % 2 == 1));
		if (value != NULL)
			CHECK_INT(value->number, i);
	}
	CHECK_INT(map.n, 500);
	map_clear(&map);
}

/* Whoever gives a length may give a NUL: nothing is read behind the key. */
TEST(a_map_takes_keys_with_a_nul_inside)
{
	struct map map = { 0 };
	bool is_new;
	size_t at = 0;
	map_put_n(&map, "ab\0cd", 5, &is_new)->number = 1;
	CHECK(is_new);
	map_put_n(&map, "ab\0cd", 5, &is_new);
	CHECK(!is_new);
	CHECK(map_get(&map, "ab") == NULL && map_get_n(&map, "ab\0ce", 5) == NULL);
	const struct map_entry *entry = map_next(&map, &at);
	REQUIRE(entry != NULL);
	CHECK_INT(entry->n, 5);
	CHECK(memcmp(entry->key, "ab\0cd", 6) == 0);
	map_clear(&map);
}

TEST(an_arena_gives_aligned_pieces)
{
	struct arena arena;
	arena_init(&arena);
	for (size_t i = 1; i < 100; i++)
		CHECK_INT((uintptr_t)arena_alloc(&arena, i * 1000) % 8, 0);
	CHECK_STR(arena_printf(&arena, "%d-%s", 7, "x"), "7-x");
	arena_clear(&arena);
}

TEST(yaml_says_where_it_is_broken)
{
	struct yaml **docs;
	size_t n;
	struct fault fault;
	const char *good = "a: 1\nb:\n  - x\n  - 'y'\n---\nc: {d: null}\n";
	REQUIRE(yaml_parse("t", good, strlen(good), &docs, &n, &fault));
	CHECK_INT(n, 2);
	CHECK_STR(yaml_str(docs[0], "a", ""), "1");
	CHECK_INT(yaml_get(docs[0], "b")->n, 2);
	CHECK(yaml_get(docs[0], "b")->values[1]->quoted);
	CHECK_INT(yaml_get(docs[0], "b")->values[1]->line, 4);
	CHECK(yaml_get(yaml_get(docs[1], "c"), "d")->is_null);
	yaml_free(docs, n);

	static const char *const bad[] = { "a: [1\n", "a: 1\na: 2\n", "a: &x 1\nb: *x\n", "\ta: 1", "a: \"x" };
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		fault.text[0] = '\0';
		CHECK(!yaml_parse("t.yml", bad[i], strlen(bad[i]), &docs, &n, &fault));
		CHECK(text_starts_with(fault.text, "t.yml:"));
	}
	/* libfyaml knows no Spanish: what it says is said by us, with its place. */
	i18n_init("es");
	CHECK(!yaml_parse("t.yml", bad[0], strlen(bad[0]), &docs, &n, &fault));
	CHECK_STR(fault.text, "t.yml:2:1: desde aquí no es YAML: revise corchetes, comillas y espacios");
	i18n_init("en");
	CHECK(!yaml_parse("t", "a\0b", 3, &docs, &n, &fault));
	/* libfyaml does not survive these */
	static const char *const explicit_keys[] = { "?  :? :\t:",
		" : :tKgsnull: : - -  : ?  : ? - me:\t: ? ? :", "a: ? b", "- ? b", "[? b", "x: {? a: b}", "a:\n  ?\n", "? ? :" };
	for (size_t i = 0; i < COUNT_OF(explicit_keys); i++) {
		if (yaml_parse("t", explicit_keys[i], strlen(explicit_keys[i]), &docs, &n, &fault))
			printf("let through: %s\n", explicit_keys[i]);
		CHECK(strstr(fault.text, "explicit keys") != NULL);
	}
	/* A question mark in a text is text. */
	static const char *const texts[] = { "a: is it fraud ? yes", "a: 'why ?'", "u: https://example.com/x/?", "a: what?",
		"a: \"?\"", "a: x=1&?", "q: \xC2\xBFqu\xC3\xA9 ? s\xC3\xAD" };
	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		if (!yaml_parse("t", texts[i], strlen(texts[i]), &docs, &n, &fault)) {
			puts(fault.text);
			CHECK(false);
			continue;
		}
		yaml_free(docs, n);
	}
	const char *question = "a: what is this ? well\nb: [x?, 'y ?']\n";
	REQUIRE(yaml_parse("t", question, strlen(question), &docs, &n, &fault));
	yaml_free(docs, n);
	/* libfyaml would not come back from this one. */
	CHECK(!yaml_parse("t", "a: b\n%*.\x8ao", 9, &docs, &n, &fault));
	CHECK_STR(fault.text, "t:2: holds a byte that is no UTF-8");
}

TEST(numbers_and_durations_are_bounded)
{
	int64_t value;
	CHECK(text_to_int("-42", -100, 100, &value));
	CHECK_INT(value, -42);
	CHECK(!text_to_int("99999999999999999999", 0, INT64_MAX, &value));
	CHECK(!text_to_int("4x", 0, 100, &value));
	CHECK(text_to_duration_ms("30d", &value));
	CHECK_INT(value, 30 * DAY_MS);
	CHECK(!text_to_duration_ms("", &value));
	CHECK(!text_to_duration_ms("-5m", &value));
}

TEST(a_number_has_the_comma_of_spanish)
{
	static const struct {
		const char *number, *with_comma; /* NULL: stays */
	} rows[] = { { "1.25", "1,25" }, { "0.00 USD", "0,00 USD" }, { "< 0.01", "< 0,01" }, { ">= 12.5", ">= 12,5" }, { "35.20 USD/h", "35,20 USD/h" },
		{ "99.9 %", "99,9 %" }, { "-1.5", "-1,5" }, { "12.3k", "12,3k" }, { "1.0M", "1,0M" }, { "10.0.0.1", NULL }, { "v1.2", NULL }, { "12", NULL },
		{ "12.", NULL }, { ".5", NULL }, { "1.5kb", NULL }, { "", NULL }, { "Sala 1.5", NULL }, { "1,25", NULL } };
	for (size_t i = 0; i < 2 * COUNT_OF(rows); i++) {
		char number[32];
		bool es = i % 2 == 1;
		i18n_init(es ? "es" : "en");
		snprintf(number, sizeof number, "%s", rows[i / 2].number);
		CHECK_STR(in_decimals(number), es && rows[i / 2].with_comma != NULL ? rows[i / 2].with_comma : rows[i / 2].number);
	}
	i18n_init("en");
}

TEST(json_quotes_what_it_is_given)
{
	struct text out = { 0 };
	json_quote_n(&out, "a\"\\\n\xff", 5);
	CHECK_STR(out.bytes, "\"a\\\"\\\\\\u000a\xEF\xBF\xBD\"");
	text_clear(&out);
}

TESTS(T(hostile_text_becomes_printable), T(broken_utf8_costs_one_byte), T(width_counts_columns),
    T(times_are_parsed_in_both_forms), T(a_map_keeps_what_was_put),
    T(a_map_takes_keys_with_a_nul_inside),
    T(an_arena_gives_aligned_pieces), T(yaml_says_where_it_is_broken),
    T(numbers_and_durations_are_bounded), T(a_number_has_the_comma_of_spanish), T(json_quotes_what_it_is_given))
