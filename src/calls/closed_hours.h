/* SPDX-License-Identifier: Apache-2.0
 *
 * What time it is at a site, and whether anybody should be there. Pure: the
 * instant is given. Hours and holidays come with the directory. */
#ifndef CALLS_CLOSED_HOURS_H
#define CALLS_CLOSED_HOURS_H

#include "base/iso_time.h"
#include "calls/cdr.h"
#include "calls/directory.h"

/*
 * Local time at the site: by its zone, else by the record's own offset.
 *
 * site                NULL: not known
 * record_utc_minutes  "Site timezone" of the record, or CDR_NO_OFFSET
 * False when neither is known (or the offset is no place on Earth): never a guess.
 */
bool site_local_time(const struct site *site, int64_t utc_ms, int32_t record_utc_minutes,
    struct civil *out);

/* Minutes after local midnight, or -1 unknown. *weekday (may be NULL): 0 Sunday. */
int site_local_minute(const struct site *site, int64_t utc_ms, int32_t record_utc_minutes,
    int *weekday);

/* Is the local date a holiday of the site's country? */
bool site_is_holiday(const struct directory *directory, const struct site *site, int64_t utc_ms,
    int32_t record_utc_minutes);

/*
 * Within business hours and no holiday. Hours may pass midnight (22:00-06:00:
 * they belong to the day they began on). Without a site: the default hours.
 * When the local time is not known the answer is true: nobody is accused of
 * calling at night on a guess.
 */
bool site_is_open(const struct directory *directory, const struct site *site, int64_t utc_ms,
    int32_t record_utc_minutes);

#endif
