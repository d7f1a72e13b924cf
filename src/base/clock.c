/* SPDX-License-Identifier: Apache-2.0 */
#include "base/clock.h"

#include <time.h>

int64_t clock_real_ms(void)
{
	struct timespec now;
	clock_gettime(CLOCK_REALTIME, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t clock_steady_ns(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

void clock_init_real(struct clock *clock)
{
	*clock = (struct clock){ .base_ms = 0, .real_base_ms = 0, .speed = 1 };
}

void clock_init_from(struct clock *clock, int64_t base_ms, double speed)
{
	clock_init_shared(clock, base_ms, clock_real_ms(), speed);
}

void clock_init_shared(struct clock *clock, int64_t base_ms, int64_t real_base_ms, double speed)
{
	*clock = (struct clock){ base_ms, real_base_ms, speed };
}

int64_t clock_now_ms(const struct clock *clock)
{
	int64_t passed = clock_real_ms() - clock->real_base_ms;
	if (clock->speed == 1)
		return clock->base_ms + passed;
	return clock->base_ms + (int64_t)((double)passed * clock->speed);
}
