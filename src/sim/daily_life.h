/* SPDX-License-Identifier: Apache-2.0
 *
 * An ordinary day, call by call. */
#ifndef SIM_DAILY_LIFE_H
#define SIM_DAILY_LIFE_H

#include "sim/call_shapes.h"

/* All that ordinary life starts on the day that is being shaped. */
void daily_life(struct shaping *);

#endif
