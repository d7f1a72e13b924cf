/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include "base/iso_time.h"
#include "webex/retry_after.h"

TEST(A7_seconds_are_obeyed_within_bounds)
{
	CHECK_INT(retry_after_ms("60", 0), 60000);
	CHECK_INT(retry_after_ms("  7 ", 0), 7000);
	CHECK_INT(retry_after_ms("0", 0), 1000);
	CHECK_INT(retry_after_ms("3600", 0), 300000);
	CHECK_INT(retry_after_ms("99999999999999999999999999999", 0), 300000);
	CHECK_INT(retry_after_ms("12.5", 0), 12000);
	CHECK_INT(retry_after_ms("30s", 0), 30000);
}

TEST(A8_a_malformed_value_is_15_seconds)
{
	CHECK_INT(retry_after_ms("rand(30),add(30)", 0), 15000);
	CHECK_INT(retry_after_ms("", 0), 15000);
	CHECK_INT(retry_after_ms(NULL, 0), 15000);
	CHECK_INT(retry_after_ms("-5", 0), 15000);
	CHECK_INT(retry_after_ms("soon", 0), 15000);
}

TEST(A8_a_date_is_measured_against_the_servers_clock)
{
	int64_t now;
	REQUIRE(http_date_parse("Sun, 06 Nov 1994 08:49:37 GMT", &now));
	CHECK_INT(retry_after_ms("Sun, 06 Nov 1994 08:50:07 GMT", now), 30000);
	CHECK_INT(retry_after_ms("Sun, 06 Nov 1994 08:49:30 GMT", now), 1000);
	CHECK_INT(retry_after_ms("Sun, 06 Nov 2094 08:49:30 GMT", now), 300000);
}

TESTS(T(A7_seconds_are_obeyed_within_bounds), T(A8_a_malformed_value_is_15_seconds),
    T(A8_a_date_is_measured_against_the_servers_clock))
