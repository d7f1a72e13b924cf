/* SPDX-License-Identifier: Apache-2.0
 *
 * A call whose record has come is over, whether or not anybody told of its end. */
#ifndef WATCH_LIVE_RECORDED_H
#define WATCH_LIVE_RECORDED_H

#include "calls/live_calls.h"
#include "store/page.h"

/* Those of the live calls whose records this page brought end as these say: by the id of
 * the half near its start, or by person, number and start. Returns how many. */
size_t live_recorded(struct live_calls *, const struct page *);

#endif
