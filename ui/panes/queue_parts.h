/* SPDX-License-Identifier: Apache-2.0
 *
 * The queue's state, between the files that make it: queue.c (commands),
 * queue_window.c (which rows are there), queue_rows.c (how they look). */
#ifndef UI_PANES_QUEUE_PARTS_H
#define UI_PANES_QUEUE_PARTS_H

#include "base/arena.h"
#include "ui/list.h"
#include "ui/panes/pane.h"
#include "ui/prompt.h"
#include "watch/board.h"

#define QUEUE_OPENED_MAX 8

/* A row: an alert, the group that it stands for, or one that is in an opened group. */
struct queue_row {
	const struct alert *alert;	 /* of a group: the first in the order */
	const struct alert_group *group; /* NULL: the alert alone */
	int64_t id;			 /* of the list: queue_row_id() */
	size_t at;			 /* which of the window's rows; that of its group */
	bool inside;			 /* it is in the group above */
	bool opened;
};

/* Why the store was asked. */
enum queue_ask { QUEUE_REFRESH, QUEUE_FIRST, QUEUE_LAST, QUEUE_DOWN, QUEUE_UP, QUEUE_SEARCH, QUEUE_AROUND };

struct queue {
	struct arena arena;
	/* A window on the queue: rows that follow each other in its order. */
	struct alert *alerts;
	struct alert_group *groups; /* NULL: not grouped */
	size_t n;
	struct alert_opened *opened;
	size_t n_opened;
	struct queue_row *rows; /* of the list */
	size_t n_rows;

	enum alert_order order;
	enum alert_grouping grouping;
	bool closed_too;
	char filter[PROMPT_BYTES];
	int64_t opened_ids[QUEUE_OPENED_MAX]; /* an alert of each opened group */
	size_t n_opened_ids;

	bool at_first, at_last;	 /* the window reaches the queue's end */
	int64_t before;		 /* rows above the window; what came there meanwhile is not counted; -1 unknown */
	int64_t n_open, newest_id;
	int64_t seen_id;	 /* the newest alert that was seen when the window left the first row */
	bool searching;		 /* a filter is still asked of rows further on */
	struct alert_mark resume;
	int64_t n_searched;
	uint64_t read_version;	 /* of the alerts, when the rows were read last */
	int64_t read_ms;	 /* steady */

	enum queue_ask ask;	 /* what was asked last */
	size_t asked_at;	 /* DOWN: the row that becomes the first; UP: the last */
	uint64_t n_wishes;	 /* grows with what must be asked whatever the version is */
	enum queue_ask wish;	 /* REFRESH: none */
	bool restart;		 /* what comes is another list, without a place */
	bool drop_marks;	 /* … and without marks */
	int64_t held_id;	 /* the alert that the cursor is to be on again; 0 */
	struct alert_mark held;	 /* AROUND: its place in the order that comes; its text is the arena's */
	int64_t *away;		 /* marked alerts whose rows the window has left; malloc'd */
	size_t n_away, away_capacity;
	struct list list;
};

int64_t queue_row_id(const struct queue *, const struct alert *, bool inside);
/* The row under the cursor; NULL there is none. */
const struct queue_row *queue_selected(const struct queue *);
/* The rows again, of what is known: after a group was opened or closed. */
void queue_make_rows(struct queue *);

/* queue_window.c */
void queue_refresh(struct pane *);
/* The question is another one. The cursor keeps its alert, wherever that is then, or
 * what is nearest to it; under a new filter, or in few groups, where it is among the first. */
void queue_ask_anew(struct pane *, bool keep_marks);
/* To the first row of all, or to the last. False: it is in the window already. */
bool queue_go_to(struct pane *, bool last);

/* queue_rows.c */
void queue_draw(struct pane *, struct canvas *, bool focused);
const char *queue_order_word(enum alert_order); /* the title of its column */
bool queue_order_ascends(enum alert_order);
void queue_need(struct queue *); /* how wide the columns should be */

#endif
