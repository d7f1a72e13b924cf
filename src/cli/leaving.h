/* SPDX-License-Identifier: Apache-2.0
 *
 * A console or a service that ends still writes what it promised, and nothing cuts that
 * short (ui/ending.h). Where the store has stopped to answer it would wait for ever: after
 * ten seconds of that it says so, and leaves. */
#ifndef CLI_LEAVING_H
#define CLI_LEAVING_H

#include <uv.h>

#include "watch/watch.h"

struct leaving {
	uv_timer_t timer; /* keeps no loop alive */
	struct watch *watch; /* NULL: it has ended */
	const char *store;
	int n_seconds;
};

/* From now on it waits no longer than that. Until its loop has ended, then leaving_over() in any case. */
void leaving_begin(struct leaving *, uv_loop_t *, struct watch *, const char *store);
/* Stops the watch, when nothing else needs it any more. */
void leaving_stop(struct leaving *);
void leaving_over(struct leaving *, uv_loop_t *);

#endif
