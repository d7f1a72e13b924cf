/* SPDX-License-Identifier: Apache-2.0
 *
 * Days of simulated traffic to files: records as JSON lines or as pages of the
 * API, and the labels that say which record belongs to which incident. Memory
 * does not grow with the number of days. */
#ifndef SIM_EXPORT_H
#define SIM_EXPORT_H

#include "base/fault.h"
#include "base/text.h"
#include "sim/record.h"
#include "sim/traffic.h"

/*
 * Write cdrs.jsonl (one object a line, in order of arrival) and labels.csv
 * (report_id,scenario,kind) into `dir`, which is made when absent. Starts with
 * the day of epoch_ms.
 */
bool sim_export(const char *dir, const struct traffic_options *, int days, struct fault *) MUST_USE;

/* Add a page as the API answers it: {"items":[…]}. */
void sim_page_json(struct text *out, const struct sim_leg *const *legs, size_t n,
    const struct sim_org *);

#endif
