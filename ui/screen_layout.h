/* SPDX-License-Identifier: Apache-2.0
 *
 * Layouts as commands: choose one, save it under a name, move a cut. The one that
 * is in force is kept between runs. */
#ifndef UI_SCREEN_LAYOUT_H
#define UI_SCREEN_LAYOUT_H

#include "ui/screen.h"

#define LAYOUT_STEP 4 /* percent that a key moves an edge */

void layout_begin(struct screen *); /* as it was in the last run */
void layout_menu(struct screen *);
/* "stack", "night", "save night", "forget night". */
void layout_order(struct screen *, const char *words);
const char *layout_offered(struct screen *, size_t i); /* names; NULL at the end */
void layout_move(struct screen *, int wider, int taller); /* of the pane that has the focus */

#endif
