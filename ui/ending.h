/* SPDX-License-Identifier: Apache-2.0
 *
 * A console that ends still writes what it promised: the acts, what was typed. A shell
 * that goes sends a second hang-up, an impatient person a second Ctrl-C; they ask for
 * what happens already, and would only cut it short. */
#ifndef UI_ENDING_H
#define UI_ENDING_H

/* From now on, without a gap, nothing comes of SIGTERM, SIGHUP and SIGINT: called while
 * somebody else's handle still takes them. */
void ending_begin(void);
/* It goes on after all: they end the program. */
void ending_over(void);

#endif
