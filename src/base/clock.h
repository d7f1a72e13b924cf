/* SPDX-License-Identifier: Apache-2.0
 *
 * The only file that asks the time; replaced in tests and the simulator. */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include "base/base.h"

/* A clock shows  base + (real now - real_base) * speed;  speed 0 stands still. */
struct clock {
	int64_t base_ms, real_base_ms;
	double speed;
};

void clock_init_real(struct clock *clock);
/* From now on shows base_ms and runs at `speed`. */
void clock_init_from(struct clock *clock, int64_t base_ms, double speed);
/* As above, but as if it had been set at real time real_base_ms: two
 * processes given the same three numbers see the same time. */
void clock_init_shared(struct clock *clock, int64_t base_ms, int64_t real_base_ms, double speed);

int64_t clock_now_ms(const struct clock *clock); /* UTC, ms since 1970 */
int64_t clock_real_ms(void);			  /* the machine's, UTC */
int64_t clock_steady_ns(void);			  /* for durations only */

#endif
