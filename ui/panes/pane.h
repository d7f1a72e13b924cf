/* SPDX-License-Identifier: Apache-2.0
 *
 * What a pane or a view is: a file with one of these, and a row in catalog.c.
 * A pane asks the board, keeps copies, and draws them on a canvas; it never
 * waits and never sees a terminal. */
#ifndef UI_PANES_PANE_H
#define UI_PANES_PANE_H

#include "filter/filter.h"
#include "ui/document.h"
#include "ui/format.h"
#include "ui/keys.h"
#include "ui/zones.h"

struct screen;
struct pane;

struct pane_type {
	const char *name;  /* a command's name where it has one */
	const char *title; /* N_() */
	enum place place;
	size_t memory;	   /* private state, zeroed */
	size_t document;   /* PANE_DOCUMENT() of that state's type, where it is text; 0: it has none */
	void (*open)(struct pane *, int64_t id);
	void (*close)(struct pane *);
	void (*entitle)(struct pane *); /* its title, where it is known from the first; may be NULL */
	void (*refresh)(struct pane *); /* ask the board if it knows better */
	void (*draw)(struct pane *, struct canvas *, bool focused);
	/* With pane_draw_document(): make the text of its document, of the answer it has. */
	void (*lay_out)(struct pane *, int width);
	int64_t ages_ms; /* how long the ages it tells may stand; 0: it tells none */
	/* What stands at the right of its title; may be NULL. */
	void (*summary)(struct pane *, char *out, size_t capacity);
	bool (*command)(struct pane *, enum command); /* false: not mine; may be NULL */
	/* These a document answers by itself. */
	struct list *(*list)(struct pane *); /* may be NULL */
	/* The alerts that this act would be for; may be NULL. */
	size_t (*alerts)(struct pane *, enum triage_act, int64_t *ids, size_t capacity);
	/* What its rows answer, listed or not; may be NULL. */
	void (*question)(struct pane *, struct alert_query *);
	/* The text to copy; may be NULL. */
	size_t (*text)(struct pane *, char *out, size_t capacity);
	/* What `/` filters with: the filter now, and what sets it; may be NULL. It is in
	 * the language of filter/filter.h where there is a row to ask; else plain words. */
	const char *(*filter)(struct pane *);
	void (*set_filter)(struct pane *, const char *text);
	enum filter_of filter_of;
	bool is_scope;				     /* its filter is a silence's: filter/silence_scope.h */
	const void *(*row)(struct pane *, size_t i); /* of those that are shown; NULL at the end */
	/* What its values are taken of, in the language filter_of, by read_row: the row under
	 * the cursor, or what the view is about. NULL: there is none. May be NULL. */
	const void *(*selected)(struct pane *);
	void (*read_row)(const void *row, unsigned field, int64_t now_ms, struct filter_cell *);
	/* The orders of its rows by their names, and what puts them into one. */
	const char *sorts[12];
	void (*sort)(struct pane *, size_t by);
	/* What a row may stand for, likewise. */
	const char *groups[8];
	void (*group)(struct pane *, size_t by);
};

/* Where the member `document` of a pane's state lies. */
#define PANE_DOCUMENT(type) (offsetof(struct type, document) + 1)

struct pane {
	const struct pane_type *type;
	struct screen *screen;
	void *memory;
	int64_t id;	     /* what it was opened on */
	char title[200];     /* "" : the type's */
	enum role title_role;
	bool waiting, answered;
	bool behind;	     /* it would ask now, but that it asked a moment ago */
	uint64_t asked_version;
	int64_t asked_ms;    /* steady */
	int64_t of_ms;	     /* of which moment the last answer is; 0: of now */
	struct fault fault;  /* of the last answer; code 0: fine */
	uint64_t made_of;    /* beside the answer: what its document was laid out with */
	/* Of its list, as it was last drawn. */
	const char *arranged_as; /* the name under which its columns are kept; NULL: its type's */
	const struct list_column *columns;
	struct list_place places[LIST_MAX_COLUMNS];
	size_t n_columns;
};

struct pane *pane_new(const struct pane_type *, struct screen *, int64_t id);
void pane_free(struct pane *);

/*
 * May the pane ask now? Yes when what it shows is older than `version`, no
 * answer is on its way, and it last asked at least `gap_ms` ago. Then it must:
 * the answer calls pane_answered().
 */
bool pane_may_ask(struct pane *, uint64_t version, int64_t gap_ms) MUST_USE;
void pane_answered(struct pane *, const struct fault *); /* NULL: fine */

/* The question changed: what is on its way is not wanted any more. */
void pane_ask_anew(struct pane *);

/* What the document of an answer is drawn by: laid out when the answer comes, and
 * anew when its width changes or what it is written with does (numbers shown or
 * hidden, the clocks, the ages). Until then `pane_draw_nothing()`. */
void pane_lay_out(struct pane *);
void pane_draw_document(struct pane *, struct canvas *, bool focused);

/* What its type or its document says: NULL, or nothing, where neither does. */
struct document *pane_document(const struct pane *);
struct list *pane_list(struct pane *);
const char *pane_filter(struct pane *);
void pane_set_filter(struct pane *, const char *);
bool pane_has_text(const struct pane *);
size_t pane_text(struct pane *, char *out, size_t capacity);

/* The calls of which a field is this text; all of them where it is empty. */
void pane_open_calls(struct screen *, const char *field, const char *text);

struct board *pane_board(const struct pane *);
int64_t pane_now(const struct pane *); /* event time's clock, or the moment that is looked at */

/* Titles at row 0, then rows with gutter, marks and cursor; `draw_row` draws
 * at columns from places[]. `empty` is said when there is nothing. */
void pane_draw_list(struct pane *, struct canvas *, struct list *, const struct list_column *,
    size_t n_columns, size_t sorted_by, bool focused, const char *empty,
    void (*draw_row)(struct pane *, struct canvas *, int row, size_t index,
	const struct list_place *));
/* "…" while the first answer is due, a fault's sentence, or `empty`. */
void pane_draw_nothing(const struct pane *, struct canvas *, int row, const char *empty);
/* "▲2 ◆5" with roles; returns the columns used. */
int pane_draw_counts(struct canvas *, int row, int col, int columns, const int64_t counts[4]);

/* What is known of a person, a service, a number, a site (uuid or name), a trunk
 * or a device, over what is there; of the organisation, and of id "", a message
 * says that there is nothing. */
void profile_open(struct screen *, enum subject_kind, const char *id);
void profile_of_call(struct screen *, enum command, const struct call *); /* its person, or its number */

extern const struct pane_type *const main_panes[]; /* N_MAIN_PANES */
/* Every view that opens over the panes: each is drawn by test_screen_every. */
#define VIEWS(row)                                                                             \
	row(view_alert) row(view_call) row(view_day) row(view_calls) row(view_raw)             \
	row(view_sync) row(view_log) row(view_help) row(view_audit) row(view_sign_in)          \
	row(view_profile) row(view_rules) row(view_rule) row(view_rehearsal) row(view_tuning)  \
	row(view_settings) row(view_silences) row(view_silence) row(view_silence_new)          \
	row(view_case) row(view_handover) row(view_organisations)

#define VIEW_DECLARE(type) extern const struct pane_type type;
VIEWS(VIEW_DECLARE)
#undef VIEW_DECLARE

#endif
