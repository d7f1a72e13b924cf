/* SPDX-License-Identifier: Apache-2.0
 *
 * The columns of a list as a person wants them: in which order, how wide, which
 * not. Panes do not know: they draw each column where they are told. In words,
 * as they are kept and typed after `:columns`: "who what=40 -site". What is not
 * named comes behind, as the pane has it. */
#ifndef UI_COLUMNS_H
#define UI_COLUMNS_H

#include "base/fault.h"
#include "base/text.h"
#include "ui/list.h"

struct pane;
struct screen;

#define COLUMN_NAME_BYTES 24
#define COLUMN_WIDEST	  200

struct columns_wish {
	size_t n;
	size_t order[LIST_MAX_COLUMNS]; /* places → columns */
	struct {
		bool hidden;
		int width; /* 0: as wide as it comes to be */
	} of[LIST_MAX_COLUMNS];
};

/* The name of a column: its English title, blanks as "-". */
char *column_name(const struct list_column *, size_t i, char out[static COLUMN_NAME_BYTES]);

/* words NULL: as the pane has them. Of words that are kept (fault NULL) what is not
 * known is left out: another version wrote them. */
bool columns_read(const char *words, const struct list_column *, size_t n, struct columns_wish *, struct fault *) MUST_USE;
void columns_print(const struct columns_wish *, const struct list_column *, struct text *out);
/* As list_layout. */
void columns_layout(const struct columns_wish *, const struct list_column *, const int *need, int cols, struct list_place *out);

/* The words that are kept for what the pane shows; NULL: none. */
const char *columns_kept(const struct pane *);

/* The commands: a menu of the columns of the list that has the focus; or in words,
 * "default" for as it was. */
void columns_menu(struct screen *);
void columns_order(struct screen *, const char *words);
const char *columns_offered(struct screen *, size_t i); /* names, for Tab; NULL at the end */
/* Rows with a blank one between them, or without. */
void rows_roomy(struct screen *);

#endif
