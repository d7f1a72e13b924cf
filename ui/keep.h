/* SPDX-License-Identifier: Apache-2.0
 *
 * The lane of the console: what is kept for the next run, and whatever else of
 * a person's waits for a disk. One thing at a time, in order, off the loop. */
#ifndef UI_KEEP_H
#define UI_KEEP_H

#include <uv.h>

#include "ui/errand.h"

struct keep;

/* filters_file NULL: filters are for this run alone. */
struct keep *keep_new(uv_loop_t *, const char *filters_file);
/* Whom it tells; NULL: nobody any more. */
void keep_tell(struct keep *, struct screen *);

/* For screen_options: on_keep and on_errand, with the keep as their arg. */
void keep_filter(void *keep, bool last, const char *name, const char *source);
void keep_errand(void *keep, struct errand *);

/* What was promised is done; on_closed comes last, from the loop. */
void keep_close(struct keep *, void (*on_closed)(void *arg), void *arg);

#endif
