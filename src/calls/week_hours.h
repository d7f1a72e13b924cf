/* SPDX-License-Identifier: Apache-2.0
 *
 * Hours of a week as people write them down: {mon-fri: 07:00-19:00, sat: 08:00-13:00},
 * always or never. A day that is not named is closed. */
#ifndef CALLS_WEEK_HOURS_H
#define CALLS_WEEK_HOURS_H

#include "base/yaml.h"

struct week_hours {
	int16_t from[7], until[7]; /* minutes after midnight, 0 Sunday; equal: closed */
	bool always;
};

/* Whatever is not understood is a fault with path:line:column. */
bool week_hours_read(const char *path, const struct yaml *, struct week_hours *, struct fault *) MUST_USE;

#endif
