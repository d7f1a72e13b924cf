/* SPDX-License-Identifier: Apache-2.0
 *
 * Ages as they stand in a column: short, and comparable by eye. Moments, with UTC and
 * without. */
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

/* Whatever a zone is called, what is told without UTC is what stands before it. */
TEST(a_moment_is_told_with_utc_beside_it_or_without)
{
	static const struct {
		const char *zone, *label;
		int64_t ms;
		const char *both, *in;
	} rows[] = {
		{ "America/Bogota", "BOG", INT64_C(1791227040000), "2026-10-05 14:04:00 BOG \u00B7 19:04:00Z", "2026-10-05 14:04:00 BOG" },
		{ "America/Bogota", "Norte \u00B7 2", INT64_C(1791227040000), "2026-10-05 14:04:00 Norte \u00B7 2 \u00B7 19:04:00Z", "2026-10-05 14:04:00 Norte \u00B7 2" },
		{ NULL, "", INT64_C(1791227040000), "2026-10-05 19:04:00 UTC", "2026-10-05 19:04:00 UTC" },
		{ "America/Bogota", "BOG", 0, "\u2014", "\u2014" },
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct zone *zone = NULL;
		char text[LONG_BYTES];
		REQUIRE(rows[i].zone == NULL || zone_open(rows[i].zone, &zone, NULL));
		CHECK_STR(format_moment(zone, rows[i].label, rows[i].ms, text), rows[i].both);
		CHECK_STR(format_moment_in(zone, rows[i].label, rows[i].ms, text), rows[i].in);
		zone_free(zone);
	}
}

TESTS(T(a_moment_is_told_with_utc_beside_it_or_without), T(what_is_older_never_looks_younger), T(a_unit_begins_with_two_of_it))
