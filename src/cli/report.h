/* SPDX-License-Identifier: Apache-2.0
 *
 * A report, gathered as JSON (watch/report.h), on paper: text or Markdown. */
#ifndef CLI_REPORT_H
#define CLI_REPORT_H

#include "base/json.h"

void report_write(const json_t *report, bool markdown); /* to stdout */

#endif
