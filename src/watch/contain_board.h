/* SPDX-License-Identifier: Apache-2.0
 *
 * Containment as a screen has it: what the board's pointers lead to. */
#ifndef WATCH_CONTAIN_BOARD_H
#define WATCH_CONTAIN_BOARD_H

#include "watch/contain.h"

/* The board gets a responder of its own; texts of the link and the clock are borrowed. */
void contain_board_begin(struct board *, uv_loop_t *, const struct link_config *, const struct clock *);
/* What is under way there is given up, then on_ended; also where it never began. */
void contain_board_end(struct board *, void (*on_ended)(void *arg), void *arg);

#endif
