/* SPDX-License-Identifier: Apache-2.0
 *
 * A hand-over as JSON: what the console and the command line export and the API
 * answers. */
#ifndef WATCH_SHIFT_JSON_H
#define WATCH_SHIFT_JSON_H

#include "base/json.h"
#include "store/query_shift.h"
#include "watch/board.h"

/* Does it touch the shift? */
bool shift_has_gap(const struct shift_report *, const struct sync_gap *);
/* A new reference. gaps: of all there are; those that touch the shift are told. */
json_t *json_shift(const struct shift_report *, const struct sync_gap *gaps, size_t n_gaps, bool masked);

#endif
