/* SPDX-License-Identifier: Apache-2.0
 *
 * Lines of text with roles, some of which lead somewhere: what the views for
 * an alert, a record, the sync and the help are made of. */
#ifndef UI_DOCUMENT_H
#define UI_DOCUMENT_H

#include "base/arena.h"
#include "ui/list.h"

enum target_kind { TARGET_NONE, TARGET_LEG, TARGET_CALL, TARGET_ALERT, TARGET_RULE, TARGET_COMMAND,
	TARGET_SUBJECT /* of the view's own: it knows who that is */ };

struct target {
	enum target_kind kind;
	int64_t id;
};

struct document_span {
	struct document_span *next;
	int col, columns;
	enum role role;
	const char *text;
};

struct document_line {
	struct document_span *first, *last;
	struct target target;
	uint64_t heading; /* the name of one, whatever numbers are in it; 0: it is none */
	int beside;   /* what leads somewhere begins here, beside other text; 0: the line is one */
};

struct document {
	struct arena arena;
	struct document_line *lines;
	size_t n, capacity;
	size_t *shown; /* lines that the filter lets through */
	size_t n_shown, shown_capacity;
	char filter[128];
	struct list list; /* over `shown` */
	int width;
	bool plain; /* who hears it is told what pictures show, and no picture */
};

void document_clear(struct document *); /* frees */
/* Start over for `width` columns; the cursor stays on its line, which is known by
 * where it leads to, or by its place under its heading. */
void document_begin(struct document *, int width);
void document_end(struct document *);
void document_line(struct document *, struct target);
void document_heading(struct document *, const char *text);
/* Put text on the last line; columns < 0: to the end. */
void document_put(struct document *, int col, int columns, enum role, const char *text);
void document_printf(struct document *, int col, int columns, enum role, const char *format, ...)
    PRINTF_LIKE(5, 6);
/* Text over as many lines as it needs, from `col`, on the last line first. */
void document_wrap(struct document *, int col, enum role, const char *text);
/* The lines from `right` on stand beside those from `left` on, from this column; what
 * they lead to is where the line leads to. */
void document_beside(struct document *, size_t left, size_t right, int col);
void document_filter(struct document *, const char *filter);

bool document_command(struct document *, enum command);
bool document_has_sections(const struct document *); /* which headings lead to */
size_t document_n_below(const struct document *); /* lines under what was drawn last */
struct target document_target(const struct document *);
void document_draw(struct document *, struct canvas *, bool focused);
/* The plain text of the line under the cursor. */
size_t document_selected_text(const struct document *, char *out, size_t capacity);

#endif
