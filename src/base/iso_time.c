/* SPDX-License-Identifier: Apache-2.0 */
#include "base/iso_time.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"

/* Days from 1970-01-01: H. Hinnant, "chrono-compatible low-level date
 * algorithms" (public domain). */
static int64_t days_from_civil(int64_t y, int m, int d)
{
	y -= m <= 2;
	int64_t era = (y >= 0 ? y : y - 399) / 400;
	int64_t yoe = y - era * 400;
	int64_t doy = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
	return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
}

int64_t civil_to_ms(int year, int month, int day, int hour, int minute, int second, int ms)
{
	int64_t days = days_from_civil(year, month, day);
	return ((days * 24 + hour) * 60 + minute) * MINUTE_MS + second * SECOND_MS + ms;
}

void civil_from_ms(int64_t ms, struct civil *out)
{
	int64_t days = ms / DAY_MS, rest = ms % DAY_MS;
	if (rest < 0) {
		rest += DAY_MS;
		days--;
	}
	int64_t z = days + 719468;
	int64_t era = (z >= 0 ? z : z - 146096) / 146097;
	int64_t doe = z - era * 146097;
	int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	int64_t mp = (5 * doy + 2) / 153;
	out->day = (int)(doy - (153 * mp + 2) / 5 + 1);
	out->month = (int)(mp < 10 ? mp + 3 : mp - 9);
	out->year = (int)(yoe + era * 400 + (out->month <= 2));
	out->weekday = (int)(((days + 4) % 7 + 7) % 7);
	out->hour = (int)(rest / HOUR_MS);
	out->minute = (int)(rest / MINUTE_MS % 60);
	out->second = (int)(rest / SECOND_MS % 60);
	out->ms = (int)(rest % 1000);
}

struct reader {
	const char *p, *end;
};

static bool digits(struct reader *r, int count, int low, int high, int *out)
{
	int value = 0;
	if (r->end - r->p < count)
		return false;
	for (int i = 0; i < count; i++, r->p++) {
		if (*r->p < '0' || *r->p > '9')
			return false;
		value = value * 10 + (*r->p - '0');
	}
	*out = value;
	return value >= low && value <= high;
}

static bool literal(struct reader *r, char c)
{
	if (r->p == r->end || *r->p != c)
		return false;
	r->p++;
	return true;
}

bool iso_time_parse(const char *text, size_t n, int64_t *out)
{
	static const int lengths[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	struct reader r = { text, text + n };
	int year, month, day, hour, minute, second = 0, ms = 0;
	if (!digits(&r, 4, 1970, 2199, &year) || !literal(&r, '-') ||
	    !digits(&r, 2, 1, 12, &month) || !literal(&r, '-') ||
	    !digits(&r, 2, 1, 31, &day))
		return false;
	bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
	if (day > lengths[month - 1] + (month == 2 && leap))
		return false;
	if (!literal(&r, 'T') && !literal(&r, ' ') && !literal(&r, 't'))
		return false;
	if (!digits(&r, 2, 0, 23, &hour) || !literal(&r, ':') || !digits(&r, 2, 0, 59, &minute))
		return false;
	if (literal(&r, ':') && !digits(&r, 2, 0, 60, &second))
		return false;
	if (literal(&r, '.')) {
		int scale = 100, n_digits = 0;
		for (; r.p < r.end && *r.p >= '0' && *r.p <= '9' && n_digits < 9; r.p++, n_digits++) {
			ms += (*r.p - '0') * scale;
			scale /= 10;
		}
		if (n_digits == 0)
			return false;
	}
	int64_t offset = 0;
	if (!literal(&r, 'Z') && !literal(&r, 'z') && r.p < r.end) {
		int sign = *r.p == '-' ? -1 : 1, hours, minutes = 0;
		if (!literal(&r, '+') && !literal(&r, '-'))
			return false;
		if (!digits(&r, 2, 0, 14, &hours))
			return false;
		literal(&r, ':');
		if (r.p < r.end && !digits(&r, 2, 0, 59, &minutes))
			return false;
		offset = sign * (hours * HOUR_MS + minutes * MINUTE_MS);
	}
	if (r.p != r.end)
		return false;
	*out = civil_to_ms(year, month, day, hour, minute, second, ms) - offset;
	return *out >= 0; /* 1970-01-01T00:00+14:00 is of the year before */
}

bool iso_time_since(const char *text, int64_t now_ms, int64_t *ms)
{
	int64_t duration_ms;
	char day[24];
	if (text_to_duration_ms(text, &duration_ms)) {
		*ms = MAX(now_ms - duration_ms, (int64_t)1);
		return true;
	}
	if (iso_time_parse(text, strlen(text), ms))
		return true;
	snprintf(day, sizeof day, "%.10sT00:00", text);
	return strlen(text) == 10 && iso_time_parse(day, strlen(day), ms);
}

static char *put_digits(char *at, int number, int width)
{
	for (int i = width; i-- > 0; number /= 10)
		at[i] = (char)('0' + number % 10);
	return at + width;
}

/* Some hundreds stand in a page of a list: without printf a tenth of what they cost with it. */
char *iso_time_format(int64_t ms, char out[static ISO_TIME_BYTES])
{
	struct civil c;
	civil_from_ms(ms, &c);
	if (c.year >= 0) {
		const struct { int number, width; char after; } parts[] = { { c.year % 10000, 4, '-' }, { c.month, 2, '-' }, { c.day, 2, 'T' }, { c.hour, 2, ':' },
			{ c.minute, 2, ':' }, { c.second, 2, '.' }, { c.ms, 3, 'Z' } };
		char *at = out;
		for (size_t i = 0; i < COUNT_OF(parts); i++) {
			at = put_digits(at, parts[i].number, parts[i].width);
			*at++ = parts[i].after;
		}
		*at = '\0';
		return out;
	}
	snprintf(out, ISO_TIME_BYTES, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", c.year % 10000,
	    c.month, c.day, c.hour, c.minute, c.second, c.ms);
	return out;
}

static const char month_names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
static const char day_names[] = "SunMonTueWedThuFriSat";

bool http_date_parse(const char *text, int64_t *ms)
{
	struct reader r = { text, text + strlen(text) };
	int day, year, hour, minute, second;
	if (r.end - r.p != 29 || r.p[3] != ',' || r.p[4] != ' ')
		return false;
	r.p += 5;
	if (!digits(&r, 2, 1, 31, &day) || !literal(&r, ' '))
		return false;
	int month = 0;
	while (month < 12 && memcmp(month_names + month * 3, r.p, 3) != 0)
		month++;
	r.p += 3;
	if (month == 12 || !literal(&r, ' ') || !digits(&r, 4, 1970, 2199, &year) ||
	    !literal(&r, ' ') || !digits(&r, 2, 0, 23, &hour) || !literal(&r, ':') ||
	    !digits(&r, 2, 0, 59, &minute) || !literal(&r, ':') ||
	    !digits(&r, 2, 0, 60, &second) || strcmp(r.p, " GMT") != 0)
		return false;
	*ms = civil_to_ms(year, month + 1, day, hour, minute, second, 0);
	return true;
}

char *http_date_format(int64_t ms, char out[static ISO_TIME_BYTES])
{
	struct civil c;
	civil_from_ms(ms, &c);
	snprintf(out, ISO_TIME_BYTES, "%.3s, %02d %.3s %04d %02d:%02d:%02d GMT",
	    day_names + c.weekday * 3, c.day, month_names + (c.month - 1) * 3, c.year % 10000,
	    c.hour, c.minute, c.second);
	return out;
}
