/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include "ui/braille.h"

static const char *row(int at, int rows, const int64_t *values, const int64_t *high, size_t n, int64_t most, bool ascii)
{
	static struct text text;
	text_reset(&text);
	braille_row(&text, at, rows, values, high, n, most, ascii);
	return text_string(&text);
}

TEST(two_values_are_a_column_of_dots)
{
	const int64_t values[] = { 0, 1, 2, 3, 4, 8 };
	CHECK_STR(row(0, 1, values, NULL, 2, 4, false), "\xE2\xA2\x80"); /* nothing, one dot */
	CHECK_STR(row(0, 1, values + 4, NULL, 2, 4, false), "\xE2\xA3\xBF"); /* what is more than most is no higher */
	CHECK_STR(row(0, 2, values + 4, NULL, 2, 8, false), "\xE2\xA2\xB8"); /* the upper row: only the greater one */
	CHECK_STR(row(1, 2, values + 4, NULL, 2, 8, false), "\xE2\xA3\xBF");
	CHECK_STR(row(0, 1, values, NULL, 0, 4, false), "");
}

TEST(little_is_a_dot_and_nothing_is_none)
{
	const int64_t values[] = { 1, 0, -5, 1000000 };
	CHECK_STR(row(0, 1, values, NULL, 4, 1000000, false), "\xE2\xA1\x80\xE2\xA2\xB8");
	CHECK_STR(row(0, 1, values, NULL, 4, 0, false), "\xE2\xA0\x80\xE2\xA0\x80");
	CHECK_STR(row(0, 1, values, NULL, 3, 1000000, false), "\xE2\xA1\x80\xE2\xA0\x80"); /* an odd one */
}

TEST(what_is_usual_is_a_dot_above)
{
	const int64_t values[] = { 1, 4 }, high[] = { 3, 3 };
	CHECK_STR(row(0, 1, values, high, 2, 4, false), "\xE2\xA3\xBA"); /* over the first alone */
}

TEST(letters_where_there_are_no_dots)
{
	const int64_t values[] = { 0, 0, 1, 0, 4, 4, 0, 0 }, high[] = { 0, 0, 0, 0, 0, 0, 2, 2 };
	CHECK_STR(row(0, 1, values, high, 8, 4, true), " +#-");
}

TESTS(T(two_values_are_a_column_of_dots), T(little_is_a_dot_and_nothing_is_none), T(what_is_usual_is_a_dot_above), T(letters_where_there_are_no_dots))
