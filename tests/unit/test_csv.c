/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include "base/csv.h"
#include "base/mem.h"
#include "base/text.h"

/* Rows as "line:a|b|c\n", so that a whole file compares as one text. */
struct seen {
	struct text text;
	size_t rows, broken, stop_after;
};

static bool on_row(const struct csv_field *fields, size_t n, uint64_t line, void *arg)
{
	struct seen *seen = arg;
	text_printf(&seen->text, "%" PRIu64 ":", line);
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			text_putc(&seen->text, '|');
		text_add(&seen->text, fields[i].p, fields[i].n);
		CHECK_INT(fields[i].p[fields[i].n], 0);
	}
	text_putc(&seen->text, '\n');
	return ++seen->rows != seen->stop_after;
}

static void on_broken(uint64_t line, const char *reason, void *arg)
{
	struct seen *seen = arg;
	seen->broken++;
	text_printf(&seen->text, "%" PRIu64 "!%s\n", line, reason);
}

/* Fed in pieces of 1, 2, 3 … bytes the rows must always be the same. */
static void check_rows(const char *csv, size_t n, struct csv_options options, const char *expected)
{
	for (size_t piece = 1; piece <= n + 1; piece += 1 + piece / 3) {
		struct seen seen = { 0 };
		struct csv_reader *reader = csv_new(&options, on_row, &seen);
		struct fault fault = { 0 };
		bool ok = true;
		for (size_t i = 0; ok && i < n; i += piece) {
			size_t length = MIN(piece, n - i);
			char *exact = mem_dup(csv + i, length);
			ok = csv_feed(reader, exact, length, &fault);
			free(exact);
		}
		ok = ok && csv_finish(reader, &fault);
		if (!ok)
			text_printf(&seen.text, "fault %s\n", fault.text);
		CHECK_STR(text_string(&seen.text), expected);
		csv_free(reader);
		text_clear(&seen.text);
	}
}

TEST(rows_of_every_form_are_read)
{
	static const struct {
		const char *csv, *rows;
	} cases[] = {
		{ "", "" },
		{ "a,b,c\n", "1:a|b|c\n" },
		{ "a,b,c", "1:a|b|c\n" },
		{ "a,b\r\nc,d\r\n", "1:a|b\n2:c|d\n" },
		{ ",\n,,\n", "1:|\n2:||\n" },
		{ "a,", "1:a|\n" },
		{ "a,\r\n", "1:a|\n" },
		{ "\n\r\n\na\n", "4:a\n" },
		{ "\"\"\n", "1:\n" },
		{ "\"a,b\",\"c\"\"d\"\n", "1:a,b|c\"d\n" },
		{ "\"\"\"\"\n", "1:\"\n" },
		{ "\"a\nb\",c\nd\n", "1:a\nb|c\n3:d\n" },
		{ "\"a\r\nb\"\r\nd\r\n", "1:a\r\nb\n3:d\n" },
		{ "\xEF\xBB\xBF" "a,b\n", "1:a|b\n" },
		{ "\xEF\xBB\xBF\"a\",b\n", "1:a|b\n" },
		{ "a,\xEF\xBB\xBF\n", "1:a|\xEF\xBB\xBF\n" },
		{ "\xEF\xBBx\n", "1:\xEF\xBBx\n" },
		{ "\xEF", "1:\xEF\n" },
		{ "a\rb,c\n", "1:a\rb|c\n" },
		{ "a\r", "1:a\n" },
		{ "\r", "" },
		{ "# x, \"y\n#\nz\n", "3:z\n" },
		{ "a\n#b\n", "1:a\n" },
		{ "Se\xC3\xB1or,\xF0\x9F\x98\x80\n", "1:Se\xC3\xB1or|\xF0\x9F\x98\x80\n" },
	};
	struct csv_options options = { .comment = '#' };
	for (size_t i = 0; i < COUNT_OF(cases); i++)
		check_rows(cases[i].csv, strlen(cases[i].csv), options, cases[i].rows);
	struct csv_options semicolons = { .separator = ';' };
	check_rows("a;b,c\n", 6, semicolons, "1:a|b,c\n");
	struct seen seen = { 0 };
	CHECK(csv_read("a\0b,\0\n", 6, &options, on_row, &seen, NULL));
	CHECK_INT(seen.text.n, 8);
	CHECK(memcmp(seen.text.bytes, "1:a\0b|\0\n", 8) == 0); /* a NUL is a byte */
	text_clear(&seen.text);
}

TEST(a_broken_row_names_its_line)
{
	static const struct {
		const char *csv, *rows;
	} cases[] = {
		{ "a\nb\"c\nd\n", "1:a\nfault line 2: a quote inside a field that is not quoted\n" },
		{ "a\n\"b\"c\n", "1:a\nfault line 2: text after a closing quote\n" },
		{ "a\n\"b\nc\n", "1:a\nfault line 2: a quote is never closed\n" },
		{ "a, \"b\"\n", "fault line 1: a quote inside a field that is not quoted\n" },
	};
	for (size_t i = 0; i < COUNT_OF(cases); i++)
		check_rows(cases[i].csv, strlen(cases[i].csv), (struct csv_options){ 0 },
		    cases[i].rows);
}

TEST(a_broken_row_is_skipped_when_asked)
{
	struct csv_options options = { .on_broken = on_broken, .most_row_bytes = 16, .most_fields = 4 };
	static const struct {
		const char *csv, *rows;
	} cases[] = {
		{ "a\nb\"c\nd\n", "1:a\n2!a quote inside a field that is not quoted\n3:d\n" },
		{ "\"b\"c\nd\n", "1!text after a closing quote\n2:d\n" },
		{ "0123456789abcdefgh\nd\n", "1!the row is longer than the limit\n2:d\n" },
		{ "\"0123456789abcdefgh\n,\nd\n", "1!the row is longer than the limit\n" },
		{ "0123456789abcdef\nd\n", "1!the row is longer than the limit\n2:d\n" },
		{ "0123456789abcde\nd\n", "1:0123456789abcde\n2:d\n" },
		{ "1,2,3,4\n1,2,3,4,5\nd\n", "1:1|2|3|4\n2!the row has more fields than the limit\n3:d\n" },
		{ "1,2,3,4,\nd\n", "1!the row has more fields than the limit\n2:d\n" },
		{ "1,2,3,4,\r\nd\n", "1!the row has more fields than the limit\n2:d\n" },
		{ "1,2,3,4,", "1!the row has more fields than the limit\n" },
		{ "a\n\"b", "1:a\n2!a quote is never closed\n" },
	};
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct seen seen = { 0 };
		struct fault fault;
		CHECK(csv_read(cases[i].csv, strlen(cases[i].csv), &options, on_row, &seen, &fault));
		if (i != 3)
			CHECK_STR(text_string(&seen.text), cases[i].rows);
		else /* where the lost quote ends is anybody's guess, but it ends */
			CHECK(text_starts_with(text_string(&seen.text), cases[i].rows));
		text_clear(&seen.text);
	}
}

TEST(the_caller_can_stop)
{
	struct seen seen = { .stop_after = 2 };
	struct csv_reader *reader = csv_new(NULL, on_row, &seen);
	struct fault fault = { 0 };
	CHECK(!csv_feed(reader, "a\nb\nc\n", 6, &fault));
	CHECK_INT(seen.rows, 2);
	CHECK(!csv_feed(reader, "d\n", 2, &fault));
	CHECK(!csv_finish(reader, &fault));
	CHECK_INT(seen.rows, 2);
	csv_free(reader);
	text_clear(&seen.text);
}

TEST(memory_stays_flat_on_a_row_without_end)
{
	struct seen seen = { 0 };
	struct csv_options options = { .on_broken = on_broken, .most_row_bytes = 4096 };
	struct csv_reader *reader = csv_new(&options, on_row, &seen);
	char piece[4096];
	memset(piece, 'x', sizeof piece);
	for (int i = 0; i < 1000; i++)
		CHECK(csv_feed(reader, piece, sizeof piece, NULL));
	CHECK(csv_feed(reader, "\nok\n", 4, NULL));
	CHECK(csv_finish(reader, NULL));
	CHECK_STR(text_string(&seen.text), "1!the row is longer than the limit\n2:ok\n");
	csv_free(reader);
	text_clear(&seen.text);
}

/* Any bytes: no crash, and cutting them elsewhere changes nothing. */
TEST(noise_is_read_the_same_in_any_pieces)
{
	static const char alphabet[] = "a,\"\n\r#\0\xEF\xBB\xBF;b";
	uint32_t state = 12345;
	struct csv_options options = { .on_broken = on_broken, .comment = '#', .most_row_bytes = 20,
		.most_fields = 4 };
	for (int round = 0; round < 3000; round++) {
		char bytes[40];
		size_t n = (size_t)round % sizeof bytes;
		for (size_t i = 0; i < n; i++) {
			state = state * 1664525u + 1013904223u;
			bytes[i] = alphabet[(state >> 16) % (sizeof alphabet - 1)];
		}
		struct seen whole = { 0 }, parts = { 0 };
		CHECK(csv_read(bytes, n, &options, on_row, &whole, NULL));
		struct csv_reader *reader = csv_new(&options, on_row, &parts);
		for (size_t i = 0; i < n; i++)
			CHECK(csv_feed(reader, bytes + i, 1, NULL));
		CHECK(csv_finish(reader, NULL));
		csv_free(reader);
		CHECK_INT(whole.text.n, parts.text.n);
		CHECK(whole.text.n == parts.text.n && (whole.text.n == 0 ||
		    memcmp(whole.text.bytes, parts.text.bytes, whole.text.n) == 0));
		text_clear(&whole.text);
		text_clear(&parts.text);
	}
}

TEST(a_file_has_a_limit_and_a_name_in_its_faults)
{
	struct seen seen = { 0 };
	struct fault fault;
	CHECK(!csv_read_file("/nonexistent/x.csv", 10, NULL, on_row, &seen, &fault));
	CHECK_INT(fault.code, FAULT_NOT_FOUND);
	CHECK(strstr(fault.text, "/nonexistent/x.csv") != NULL);
	CHECK(!csv_read_file("/dev/zero", 100000, NULL, on_row, &seen, &fault));
	CHECK(strstr(fault.text, "longer than") != NULL);
	CHECK(!csv_read_file("/", 10, NULL, on_row, &seen, &fault));
	text_clear(&seen.text);
}

TESTS(T(rows_of_every_form_are_read), T(a_broken_row_names_its_line),
    T(a_broken_row_is_skipped_when_asked), T(the_caller_can_stop),
    T(memory_stays_flat_on_a_row_without_end), T(noise_is_read_the_same_in_any_pieces),
    T(a_file_has_a_limit_and_a_name_in_its_faults))
