/* SPDX-License-Identifier: Apache-2.0
 *
 * The list every pane uses. It holds still: the cursor stays on its item, by
 * id, and at its place on the screen, whatever arrives or goes; rows that came
 * above are counted. Knows ids, not what a row shows. */
#ifndef UI_LIST_H
#define UI_LIST_H

#include "ui/canvas.h"
#include "ui/command.h"

struct list_row {
	int64_t id;
	bool marked, fresh; /* fresh: came after the first filling, not yet seen */
	bool came;	    /* with the last list_set: its pane may know that it is no news */
};

#define LIST_MAX_COLUMNS 16

struct list {
	struct list_row *rows;
	size_t n, capacity;
	size_t selected, top;
	int above;   /* rows of its pane over its titles */
	int visible; /* rows of the last drawing */
	bool filled, frozen;
	/* Of a list that is longer than the rows that are here: how many came above
	 * them, and how many are marked beside them. Its pane counts. */
	size_t n_fresh_beyond, n_marked_beyond;
	int need[LIST_MAX_COLUMNS]; /* the widest content of a column so far; 0: not said */
};

void list_clear(struct list *); /* frees */
/* The rows are now these, in this order. */
void list_set(struct list *, const int64_t *ids, size_t n);
/* Forget rows, marks and place: what comes next is another list. */
void list_restart(struct list *);
/* Moves and marks; false when the command is none of those. */
bool list_command(struct list *, enum command);
/* Before drawing `rows` rows: puts the cursor inside and sees what is shown. */
void list_show(struct list *, int rows);
void list_select(struct list *, size_t index);

int64_t list_selected_id(const struct list *); /* 0: empty */
size_t list_n_marked(const struct list *);
size_t list_n_fresh(const struct list *); /* of the rows that are here */
size_t list_n_fresh_above(const struct list *);
/* The marked ids, or the selected one when none is; returns how many. */
size_t list_targets(const struct list *, int64_t *ids, size_t capacity);
void list_unmark(struct list *);

/* A column: at least `width`. What is left over goes to those that `grow`, by
 * that weight: first as much as their contents need, `most` at most (0: no
 * bound), then more than that where it is needed and nobody else needs anything,
 * then to those whose need nobody said. When the line is too narrow
 * the column with the greatest `drop` goes first; 0 never. One whose drop is
 * LIST_ASKED is there for whoever asks for it, and then never goes. */
#define LIST_ASKED (-1)
struct list_column {
	const char *title; /* N_(); "|name": no heading, and what the menu of columns calls it */
	int width, grow, drop;
	bool right;
	int most;
};
/* This text will stand in the column. Needs only grow, so that columns hold
 * still while rows come and go. */
void list_need(struct list *, size_t column, const char *text);

struct list_place {
	int col, cols; /* cols 0: dropped */
};
/* need: by column, or NULL. */
void list_layout(const struct list_column *, const int *need, size_t n, int cols,
    struct list_place *out);
/* sorted_by: a column; with one of these an arrow says which way, in its title. */
#define SORTED_DOWN ((size_t)1 << 16) /* the greatest, the newest first */
#define SORTED_UP   ((size_t)1 << 17)
void list_titles(struct canvas *, int row, const struct list_column *, size_t n,
    const struct list_place *, size_t sorted_by);

#endif
