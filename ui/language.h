/* SPDX-License-Identifier: Apache-2.0
 *
 * The language of the console, changed while it runs. */
#ifndef UI_LANGUAGE_H
#define UI_LANGUAGE_H

#include "ui/screen.h"

/* "es", "en", "" what the environment says: from now on, in all that is shown. */
void screen_language(struct screen *, const char *language);

#endif
