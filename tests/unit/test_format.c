/* SPDX-License-Identifier: Apache-2.0
 *
 * Ages as they stand in a column: short, and comparable by eye. */
#include "test.h"

#include <inttypes.h>
#include <stdio.h>

#include "ui/format.h"

TEST(what_is_older_never_looks_younger)
{
	char text[SHORT_BYTES];
	int64_t before = 0;
	for (int64_t s = 0; s < 4 * 86400; s++) {
		char unit = '\0';
		int64_t n = -1;
		REQUIRE(sscanf(format_age(s * SECOND_MS, text), "%" SCNd64 "%c", &n, &unit) == 2);
		int64_t is = n * (unit == 's' ? 1 : unit == 'm' ? 60 : unit == 'h' ? 3600 : 86400);
		CHECK(is >= before && is <= s && strlen(text) <= 4);
		before = is;
	}
	CHECK_STR(format_age(119 * MINUTE_MS, text), "119m");
	CHECK_STR(format_age(120 * MINUTE_MS, text), "2h");
	CHECK_STR(format_age(-1, text), "0s");
}

/* More than that and "1h" of 100 minutes stood beside "99m". */
TEST(a_unit_begins_with_two_of_it)
{
	char text[SHORT_BYTES];
	for (int64_t s = 0; s < 10 * 86400; s += 7) {
		format_age(s * SECOND_MS, text);
		CHECK(strcmp(text, "1m") != 0 && strcmp(text, "1h") != 0 && strcmp(text, "1d") != 0);
	}
}

TESTS(T(what_is_older_never_looks_younger), T(a_unit_begins_with_two_of_it))
