/* SPDX-License-Identifier: Apache-2.0
 *
 * Work that takes a while: a share of it on a terminal, none in a pipe, and
 * Ctrl-C ends it in order. */
#ifndef CLI_LONG_WORK_H
#define CLI_LONG_WORK_H

#include "base/base.h"

void long_work_begin(void);
/* For on_progress: false once Ctrl-C was pressed. arg is not used. */
bool long_work_goes_on(void *arg, double share);
/* The same for what asks without a share (watch/trial.h). */
bool long_work_is_wanted(void *arg);
void long_work_end(void); /* the share is wiped away */

#endif
