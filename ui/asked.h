/* SPDX-License-Identifier: Apache-2.0
 *
 * What was typed is kept until it is known to have been good for something: where
 * it was refused, the prompt stands there again, with the sentence under it and the
 * caret where it was. */
#ifndef UI_ASKED_H
#define UI_ASKED_H

#include "ui/screen.h"

struct asked;

/* The prompt that was accepted just now, as it was; NULL: what is done now was not
 * asked for by one. */
struct asked *asked_keep(struct screen *);
void asked_free(struct asked *); /* NULL: nothing */

/* Refused: asked again, and n_refused grows as by a message. False where the person
 * has gone on since, and it is left to a message; then arg (what the prompt's end is
 * called with, malloc'd) is not taken. */
bool asked_again(struct asked *, struct screen *, const struct fault *, void *arg);

#endif
