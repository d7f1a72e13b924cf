/* SPDX-License-Identifier: Apache-2.0
 *
 * From a value on the screen to whatever else has it: as a part of the filter, as
 * its opposite, alone; calls or alerts with it; since when it is known. The
 * fields are those of the filter language, so that a new one is here at once. */
#ifndef UI_PANES_PIVOT_H
#define UI_PANES_PIVOT_H

#include "ui/screen.h"

/* The expression that this field of a row is what it is: "f == v", quoted so that it
 * stands for itself. False: there is nothing to say of it (it is empty, or longer
 * than a filter may be). */
bool pivot_express(const struct filter_field *, const struct filter_cell *, char out[static PROMPT_BYTES]);
/* `source` and the part, joined so that both hold. False: it would be too long. */
bool pivot_join(const char *source, enum filter_of, const struct filter_names *, const char *part, char out[static PROMPT_BYTES]);

/* Ask which value of the row under the pane's cursor, then what to do with it. */
void pivot_open(struct pane *);
/* Of what is no row: a subject. */
void pivot_open_subject(struct pane *, enum subject_kind, const char *id, const char *name, const char *site);

#endif
