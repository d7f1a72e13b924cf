/* SPDX-License-Identifier: Apache-2.0
 *
 * Local time of a named zone ("America/Bogota"), read from the system's TZif
 * files (tzdata), without touching the process's own TZ. */
#ifndef BASE_ZONE_H
#define BASE_ZONE_H

#include "base/fault.h"

struct zone; /* read-only after zone_open; may be shared by threads */

/* A name that leaves the zoneinfo folder ("../x", "/x") is refused. */
bool zone_open(const char *name, struct zone **out, struct fault *) MUST_USE;
/* The same from the bytes of a TZif file; `name` is only remembered. */
bool zone_parse(const char *name, const void *bytes, size_t n, struct zone **out,
    struct fault *) MUST_USE;
void zone_free(struct zone *);
const char *zone_name(const struct zone *);

/* Seconds to add to UTC at that instant; *abbreviation (may be NULL) borrowed. */
int32_t zone_offset_s(const struct zone *, int64_t utc_ms, const char **abbreviation);

#endif
