/* SPDX-License-Identifier: Apache-2.0
 *
 * A prompt for another alert: those it may be stand above the line while letters of
 * its number, its title or of whom it is about are typed. Who knows the number types
 * that. Lies beside MODAL_PROMPT, whose answer it fills in. */
#ifndef UI_PICK_H
#define UI_PICK_H

#include "ui/input.h"
#include "ui/screen.h"

/* As screen_prompt; not_these: alerts that it cannot be. done gets the number, in digits. */
void pick_alert(struct screen *, const char *label, const int64_t *not_these, size_t n, void (*done)(struct screen *, void *arg, const char *text), void *arg);
/* Before the prompt has the key, and after it had it. True: it was for the list alone. */
bool pick_key(struct screen *, const struct key_event *);
void pick_look(struct screen *);
/* There is none any more; nothing is answered. */
void pick_end(struct screen *);

/* One was taken: the list is put away, and stands there again, with what was typed and on
 * the one that was taken, if that was refused. NULL: there is none. */
struct pick *pick_put_away(struct screen *);
void pick_show_again(struct pick *, struct screen *); /* takes it */
void pick_free(struct pick *); /* one that was put away; NULL: nothing */

#endif
