/* SPDX-License-Identifier: Apache-2.0
 *
 * The filters of a screen: the parts of one, which can be taken away, those that
 * have a name, and those that views begin with. */
#ifndef UI_FILTERS_H
#define UI_FILTERS_H

#include "filter/filter.h"
#include "ui/command.h"

struct screen;
struct pane;

/* A person's wish: the pane's filter is this now, and may be so the next time. */
void filters_set(struct screen *, struct pane *, const char *source);
/* What a view begins with: its last one where those are kept, else the saved one
 * that is called like the view. */
void filters_begin(struct screen *, struct pane *);
/* May the pane be filtered so? False: a sentence, and where (a byte) it is wrong.
 * reading, offset: may be NULL. */
bool filters_check(struct pane *, const char *source, struct filter_reading *, struct fault *, size_t *offset);
/* For the store: @names as what they stand for. Borrowed until the next call. */
const char *filters_expanded(struct screen *, const char *source);

/* "/severity >= high  /state = new": the parts of a pane's filter; "" none. */
void filters_parts(struct pane *, struct text *out);
/* Ask under which name it is kept; "" asks which one is not kept any more. */
void filters_save(struct screen *, const char *source);
/* Parts away, a saved one chosen; false when the command is none of those. */
bool filters_command(struct screen *, enum command);

#endif
