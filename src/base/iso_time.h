/* SPDX-License-Identifier: Apache-2.0
 *
 * Times as text. Everything inside is ms UTC since 1970. */
#ifndef BASE_ISO_TIME_H
#define BASE_ISO_TIME_H

#include "base/base.h"

#define ISO_TIME_BYTES 32

struct civil {
	int year, month, day;	  /* 1..12, 1..31 */
	int hour, minute, second, ms;
	int weekday;		  /* 0 Sunday */
};

int64_t civil_to_ms(int year, int month, int day, int hour, int minute, int second, int ms);
void civil_from_ms(int64_t ms, struct civil *out);

/*
 * YYYY-MM-DD[T or blank]HH:MM[:SS[.f…]][Z or ±HH:MM or nothing = UTC].
 * Bounds are checked (a 31 February is refused). Years 1970..2199.
 */
bool iso_time_parse(const char *text, size_t n, int64_t *ms) MUST_USE;

/* Since when: a duration before now ("24h", "30d"), a day or a whole time. */
bool iso_time_since(const char *text, int64_t now_ms, int64_t *ms) MUST_USE;

/* "2026-10-05T09:12:07.412Z", always 3 decimals, as Webex demands. */
char *iso_time_format(int64_t ms, char out[static ISO_TIME_BYTES]);

/* RFC 9110 HTTP-date (IMF-fixdate only): "Sun, 06 Nov 1994 08:49:37 GMT". */
bool http_date_parse(const char *text, int64_t *ms) MUST_USE;
char *http_date_format(int64_t ms, char out[static ISO_TIME_BYTES]);

#endif
