/* SPDX-License-Identifier: Apache-2.0
 *
 * Text for the clipboard of whoever sits at the terminal (OSC 52), as bytes for
 * it: plain, or wrapped so that tmux or GNU screen passes them on; tmux gets both. */
#ifndef UI_CLIPBOARD_H
#define UI_CLIPBOARD_H

#include "base/text.h"

enum wrapping { WRAP_NONE, WRAP_TMUX, WRAP_SCREEN };

/* xterm takes 75 000 signs of base64, others less. */
#define CLIPBOARD_MOST ((size_t)48 * 1024)
/* What screen takes of one device control string, its begin and end included. */
#define SCREEN_STRING_MOST 768

/* What the environment says: TMUX, STY. */
enum wrapping clipboard_wrapping(void);
/* At most CLIPBOARD_MOST bytes. */
void clipboard_put(struct text *out, enum wrapping, const char *bytes, size_t n);

#endif
