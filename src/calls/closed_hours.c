/* SPDX-License-Identifier: Apache-2.0 */
#include "calls/closed_hours.h"

#include <string.h>

/* UTC-12 (Baker Island) to UTC+14 (Kiribati). */
#define WEST_MINUTES (-12 * 60)
#define EAST_MINUTES (14 * 60)

bool site_local_time(const struct site *site, int64_t utc_ms, int32_t record_utc_minutes,
    struct civil *out)
{
	int64_t offset_ms;
	if (site != NULL && site->zone != NULL)
		offset_ms = zone_offset_s(site->zone, utc_ms, NULL) * SECOND_MS;
	else if (record_utc_minutes >= WEST_MINUTES && record_utc_minutes <= EAST_MINUTES)
		offset_ms = record_utc_minutes * MINUTE_MS; /* CDR_NO_OFFSET is far west */
	else
		return false;
	civil_from_ms(utc_ms + offset_ms, out);
	return true;
}

int site_local_minute(const struct site *site, int64_t utc_ms, int32_t record_utc_minutes,
    int *weekday)
{
	struct civil local;
	if (!site_local_time(site, utc_ms, record_utc_minutes, &local))
		return -1;
	if (weekday != NULL)
		*weekday = local.weekday;
	return local.hour * 60 + local.minute;
}

static bool is_holiday(const struct directory *directory, const struct site *site, const struct civil *date)
{
	static const char nowhere[3] = "";
	return directory_is_holiday(directory, site, site == NULL ? nowhere : site->country, date);
}

bool site_is_holiday(const struct directory *directory, const struct site *site, int64_t utc_ms,
    int32_t record_utc_minutes)
{
	struct civil local;
	return site_local_time(site, utc_ms, record_utc_minutes, &local) &&
	    is_holiday(directory, site, &local);
}

bool site_is_open(const struct directory *directory, const struct site *site, int64_t utc_ms,
    int32_t record_utc_minutes)
{
	struct site unknown = { 0 };
	struct civil today, yesterday;
	if (!site_local_time(site, utc_ms, record_utc_minutes, &today))
		return true;
	if (site == NULL) {
		directory_unknown_hours(directory, &unknown);
		site = &unknown;
	}
	int minute = today.hour * 60 + today.minute, day = today.weekday, before = (day + 6) % 7;
	if (!is_holiday(directory, site, &today)) {
		int from = site->open_from[day], until = site->open_until[day];
		if (from < until ? minute >= from && minute < until :
				   from > until && minute >= from)
			return true;
	}
	if (site->open_from[before] <= site->open_until[before] ||
	    minute >= site->open_until[before])
		return false;
	/* A shift that began yesterday, if yesterday was a working day. */
	civil_from_ms(civil_to_ms(today.year, today.month, today.day, 0, 0, 0, 0) - DAY_MS,
	    &yesterday);
	return !is_holiday(directory, site, &yesterday);
}
