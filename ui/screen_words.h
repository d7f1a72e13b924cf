/* SPDX-License-Identifier: Apache-2.0
 *
 * Commands with words of their own: what `:` offers for them, and what they do
 * with them. */
#ifndef UI_SCREEN_WORDS_H
#define UI_SCREEN_WORDS_H

#include "ui/screen.h"

/* The words that may follow now, by their place; NULL at the end. Until the next
 * question. */
const char *words_offered(struct screen *, enum command, size_t i);
void words_order(struct screen *, enum command, const char *words);

#endif
