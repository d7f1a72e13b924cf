/* SPDX-License-Identifier: Apache-2.0
 *
 * A view written into a new file: the question for its name, and what came of it. */
#ifndef UI_EXPORT_H
#define UI_EXPORT_H

#include "ui/screen.h"

/* Asks for a name, `name` beforehand, and has `make` write what the pane shows then. */
void export_start(struct pane *, const char *name, void (*make)(struct pane *, bool json, struct text *out));
void export_drop(struct screen *); /* what was submitted and not answered is forgotten */

#endif
