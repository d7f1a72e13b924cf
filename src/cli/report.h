/* SPDX-License-Identifier: Apache-2.0
 *
 * A report, gathered as JSON by cli_report.c, on paper: text or Markdown. */
#ifndef CLI_REPORT_H
#define CLI_REPORT_H

#include "base/json.h"
#include "store/engine.h"
#include "webex/windows.h"

/* What has been read of Webex so far; windows_clear() in any case. */
bool report_windows(struct db *, const struct window_limits *, struct windows *, struct fault *) MUST_USE;

void report_write(const json_t *report, bool markdown); /* to stdout */

#endif
