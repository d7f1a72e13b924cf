/* SPDX-License-Identifier: Apache-2.0
 *
 * What is copied: the row under the cursor, or the marked ones, as a line of
 * text, as JSON by the names that filters use, or as its telephone number. With
 * numbers masked on the screen they are masked in the copy. */
#ifndef UI_CLIP_H
#define UI_CLIP_H

#include "ui/screen.h"

enum clip_as { CLIP_TEXT, CLIP_JSON, CLIP_NUMBER, N_CLIPS };

#define CLIPBOARD_LINE (256 * 1024) /* a record, with patience */

const char *clip_name(enum clip_as); /* "text", "json", "number" */
void clip_copy(struct screen *, enum clip_as);
void clip_menu(struct screen *); /* as what? */
/* What is wished to be copied goes to the terminal: nobody hears whether it took it, and tmux or
 * another one may have let it fall. That is said, and that copying once more at the same place
 * writes a file. n_rows: 0 it is none. */
void clip_sent(struct screen *, size_t n_rows);
/* What was copied just now, into a file; false: nothing was, or it was elsewhere. */
bool clip_once_more(struct screen *);

/* Into a file of its owner's alone, whose path is told. asked: a person wants it; else the
 * terminal does not take it. */
void clip_to_file(struct screen *, const char *bytes, size_t n, bool asked);

#endif
