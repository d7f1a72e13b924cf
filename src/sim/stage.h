/* SPDX-License-Identifier: Apache-2.0
 *
 * The attacks of a scenario alone, without the ordinary life around them, for
 * whoever rehearses them among people of their own. */
#ifndef SIM_STAGE_H
#define SIM_STAGE_H

#include "watch/rehearse.h"

/* A stage_fn. FAULT_INPUT also when nothing happens in the first days. */
bool sim_stage(const char *scenario, const char *data_folder, int64_t epoch_ms, struct attack *out, struct fault *) MUST_USE;

#endif
