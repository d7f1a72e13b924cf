/* SPDX-License-Identifier: Apache-2.0
 *
 * Choosing a theme by looking at it: the cursor in the menu shows each at once,
 * Esc brings back the one before. */
#ifndef UI_THEMES_H
#define UI_THEMES_H

#include "ui/screen.h"

/* `chosen` gets the name; NULL: it is in force, no more. */
void themes_menu(struct screen *, void (*chosen)(struct screen *, const char *name));

#endif
