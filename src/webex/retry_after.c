/* SPDX-License-Identifier: Apache-2.0 */
#include "webex/retry_after.h"

#include "base/iso_time.h"

#define LEAST	  (1 * SECOND_MS)
#define OTHERWISE (15 * SECOND_MS)

int64_t retry_after_ms(const char *value, int64_t now_ms)
{
	return retry_after_within_ms(value, now_ms, RETRY_AFTER_MOST_MS);
}

int64_t retry_after_within_ms(const char *value, int64_t now_ms, int64_t most_ms)
{
	if (value == NULL)
		return OTHERWISE;
	while (*value == ' ' || *value == '\t')
		value++;
	int64_t at_ms, wait_ms;
	if (*value >= '0' && *value <= '9') {
		int64_t seconds = 0;
		for (; *value >= '0' && *value <= '9'; value++)
			seconds = MIN(seconds * 10 + (*value - '0'), most_ms);
		wait_ms = seconds * SECOND_MS;
	} else if (http_date_parse(value, &at_ms)) {
		wait_ms = at_ms - now_ms;
	} else {
		return OTHERWISE;
	}
	return MAX(LEAST, MIN(wait_ms, most_ms));
}
