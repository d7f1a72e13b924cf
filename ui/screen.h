/* SPDX-License-Identifier: Apache-2.0
 *
 * The console without a terminal: panes, views, focus, prompts and messages on
 * a canvas. Keys come in, a canvas comes out, wishes for the terminal lie in
 * `wishes`. ui/console.h gives it a terminal and a clock; tests and the key
 * fuzzer drive it bare. */
#ifndef UI_SCREEN_H
#define UI_SCREEN_H

#include "base/text.h"
#include "filter/book.h"
#include "ui/errand.h"
#include "ui/filter_prompt.h"
#include "ui/filters.h"
#include "ui/layout.h"
#include "ui/looks.h"
#include "ui/macro.h"
#include "ui/panes/pane.h"
#include "ui/prompt.h"
#include "ui/reload.h"
#include "ui/settings.h"
#include "ui/silence_debt.h"
#include "ui/theme.h"

#define VIEWS_MAX 16
#define AHEAD_MAX 128
#define SHIFT_MS  (8 * HOUR_MS)

/* What a person wants done outside the console, which ends for it. */
enum leave { LEAVE_SET_UP, LEAVE_IMPORT, LEAVE_DEMO, LEAVE_DOCTOR, LEAVE_ORGANISATION };

struct screen_options {
	const char *organisation; /* beside the name; NULL none */
	bool one_of_several;	  /* … and also where there is no room beside it */
	int64_t alert;		  /* begins on this one; 0: on the queue */
	bool organisations;	  /* begins on all of them */
	const char *theme, *themes_folder, *keys_file; /* NULL: the defaults */
	const char *history_file; /* of what is typed; NULL or "": for this run alone */
	const char *looks_file;	  /* of what is arranged; NULL: for this run alone */
	bool masked;		  /* hide the middle of numbers; who shows them is in the audit log */
	int64_t shift_ms;	  /* 0: eight hours */
	bool linear;		  /* as plain lines: ui/linear.h */
	bool ascii;
	/* Filters that are kept; taken, emptied. fault: they could not be read. */
	struct filter_book *book;
	const struct fault *book_fault; /* NULL: fine */
	bool sticky_filters;	  /* each view begins with its last one */
	void (*on_keep)(void *arg, bool last, const char *name, const char *source);
	void (*on_command)(void *arg, enum command); /* it is given, by whatever way; NULL */
	void *command_arg;
	void (*on_errand)(void *arg, struct errand *); /* takes it; NULL: done at once, in place */
	void *keep_arg;
	struct settings *settings; /* borrowed; NULL: none are shown */
	/* Called before the console ends for it; NULL: there is no such thing.
	 * SET_UP: client id ("" as it is) and secret; IMPORT: a path; ORGANISATION: its
	 * key, and after a blank an alert's number. Borrowed. */
	void (*on_leave)(void *arg, enum leave, const char *text, const char *secret);
	void *leave_arg;
};

#define MENU_NOTE_BYTES 64
struct menu_item {
	char label[120];
	char note[MENU_NOTE_BYTES]; /* palette and `:`: keys, or why not */
	char text[64]; /* `:`: what Tab puts into the line */
	bool off;     /* not possible here */
	bool warns;   /* … but to be read before anything is chosen */
	uint32_t key; /* chooses it; 0 none */
	int64_t value;
};

#define MENU_MAX 128
struct menu {
	char title[160];
	struct menu_item items[MENU_MAX];
	size_t n, selected, top;
	int shown; /* rows of the last drawing */
	size_t word; /* `:`: where what Tab replaces begins */
	void (*on_choose)(struct screen *, void *arg, const struct menu_item *);
	/* May be NULL: keys of its own (true: it was one); the cursor came to this one;
	 * it was left without a choice (item: where the cursor was). */
	bool (*on_key)(struct screen *, void *arg, const struct key_event *);
	void (*on_move)(struct screen *, void *arg, const struct menu_item *);
	void (*on_cancel)(struct screen *, void *arg, const struct menu_item *);
	void *arg; /* freed after the choice, or when there is none */
	const char *enter_word, *escape_word; /* at the foot; NULL: choose, cancel */
};

struct screen_place {
	const struct pane_type *type;
	int64_t id;
	size_t n_views;
};

struct screen_moment {
	struct screen_place place;
	uint64_t n_keys;
};

enum modal { MODAL_NONE, MODAL_PROMPT, MODAL_FILTER, MODAL_MENU, MODAL_PALETTE, MODAL_COMMAND };

#define RECENT_MOST 8

struct screen {
	struct board *board;
	struct canvas canvas;
	struct layout layout;
	struct layout_plan plan;
	struct theme theme;
	char theme_name[1024], *themes_folder, *keys_file, *organisation;
	bool one_of_several;
	struct keys keys;
	struct zones zones;
	bool masked, masked_by_rule, zoomed, greeted, linear;
	int64_t past_ms; /* the moment that is looked at; 0: now. ui/past.h */
	int64_t shift_ms; /* how long a shift is */
	int64_t news_ms, news_critical; /* linear: the newest critical alert that was told */
	void (*on_leave)(void *arg, enum leave, const char *text, const char *secret);
	void *leave_arg;

	struct reload reload;
	struct settings *settings;
	struct looks looks;
	char *looks_file; /* NULL: it is not kept */
	struct filter_book book;
	bool sticky_filters;
	void (*on_keep)(void *arg, bool last, const char *name, const char *source);
	void (*on_errand)(void *arg, struct errand *);
	void *keep_arg;
	void (*on_command)(void *arg, enum command);
	void *command_arg;
	struct text expanded; /* see filters_expanded */

	struct pane *panes[N_MAIN_PANES];
	size_t focus;
	struct pane *views[VIEWS_MAX];
	size_t n_views;

	struct key_event ahead[AHEAD_MAX]; /* typed before the rows they are for came */
	size_t n_ahead;
	bool ahead_asks; /* among them is a command that asks for words */

	struct {
		bool typed;
		int number;
	} count; /* `5` of `5j`, while it is typed */
	struct macros *macros;
	uint64_t n_refused; /* commands that could not be done: a macro ends there */

	enum modal modal;
	struct prompt prompt;
	struct filter_prompt filter_prompt; /* of MODAL_FILTER, beside the prompt */
	void (*prompt_done)(struct screen *, void *arg, const char *text); /* NULL: cancelled */
	void *prompt_arg;
	enum modal accepted; /* while what was typed is carried out: the kind of its prompt; see ui/asked.h */
	void (*accepted_done)(struct screen *, void *arg, const char *text);
	uint64_t n_keys; /* that came: has somebody gone on? */
	struct exporting *exporting; /* submitted, not yet answered */
	struct pick *accepted_pick; /* … and its list, which asked_keep takes */
	struct pick *pick; /* of MODAL_PROMPT: the answer is one of these, ui/pick.h; NULL */
	struct menu menu;
	bool refused_line; /* `:`: Enter was pressed on what is none */
	enum command recent[RECENT_MOST]; /* from palette and `:`, the last first */
	char *history_file; /* NULL: it is not kept */
	struct prompt_history filter_history, note_history, command_history, palette_history;

	char message[600];
	enum role message_role;
	int64_t message_until_ms;

	int64_t steady_ms;
	uint64_t drawn;		/* version of the picture on the canvas */
	uint64_t moved;		/* version that differs from it by a cursor alone */
	uint64_t dirt; /* grows with whatever changes the picture */
	int64_t n_open[4], n_mine;
	struct silence_debt_shown silence_debt;
	bool counted; /* n_open was told */
	bool counted_marks; /* the marks are of a count, for one act */
	struct {
		bool any;
		enum triage_act act;
		enum resolution resolution;
		int64_t for_ms;
		char text[PROMPT_BYTES];
	} last_act; /* what `.` does again */
	struct {
		struct text text;
		const struct pane *pane;
		int64_t row;
		bool just; /* by the command before */
	} copied; /* what went to the terminal, which does not say whether it took it */
	struct {
		enum command command; /* CMD_NONE: none waits */
		char answer[PROMPT_BYTES];
	} trial; /* that the rules begin once they are read */
	struct silence_errand *silence_errands; /* likewise, about silences */
	struct silence_asked {
		struct screen *screen;
		struct screen_place from;
		char title[160];    /* of the menu that the answer is for */
	} silence_of, silence_like; /* what is asked of an alert that is to be silenced */
	struct containing *containing; /* asked for, not yet answered or chosen; NULL: nothing is */
	struct act *acts; /* submitted, not yet answered */
	struct {
		int64_t alert_id, told_ms;
	} viewing; /* what others were told that is open here */
	struct note_edit *note_edit; /* NULL: none was yet */
	struct bulk *bulk; /* acts on many; NULL: none was yet */
	int64_t n_in_flight;
	struct unmasking *unmasking; /* submitted, not yet answered */
	struct {
		int64_t id;	/* what was asked about; 0: nothing */
		int64_t offered_id; /* a silence was offered for it, and is what the next command may be; 0: for none */
		int64_t tune_id;    /* likewise, a change of the rules */
		char said[600]; /* the message that is to be completed */
	} closed; /* a false alarm: were there others like it? */

	struct {
		bool quit, redraw, restyle, mouse, mouse_changed, suspend, attention_changed;
		char attention[64]; /* the words of that setting */
		bool edit; /* a note, in an editor */
		struct text copy; /* to the clipboard */
	} wishes;
};

struct screen *screen_new(const struct screen_options *, struct board *);
void screen_free(struct screen *);
void screen_resize(struct screen *, int rows, int cols);
void screen_key(struct screen *, const struct key_event *);
/* A key, whoever gave it: a person through screen_key, or a macro. */
void screen_do_key(struct screen *, const struct key_event *);
/* The keys that were typed ahead, if what they are for is there now. */
void screen_catch_up(struct screen *);
/* The key that does this where the screen is now; ":name" where none does. */
char *screen_key_name(struct screen *, enum command, char out[static KEY_NAME_BYTES]);
/* Tell the (steady) time: panes ask what is due. */
void screen_tick(struct screen *, int64_t steady_ms);
/* Is something on the screen without its first answer? */
bool screen_is_waiting(const struct screen *);
/* Does the pane that has the keys? */
bool screen_focus_is_waiting(struct screen *);
/* Grows whenever a new picture is worth drawing. */
uint64_t screen_version(const struct screen *);
void screen_draw(struct screen *);

/* ---- for panes and views ---------------------------------------------------- */

struct pane *screen_focused(struct screen *);
struct list *screen_list(struct screen *); /* its rows; NULL it has none */
void screen_open(struct screen *, const struct pane_type *, int64_t id);
void screen_close_view(struct screen *);
/* Where it is now, for what an answer will open; and may that still be opened? Not
 * over what a person has turned to meanwhile, nor under a line that is being typed. */
struct screen_place screen_place(struct screen *);
bool screen_waits_at(struct screen *, struct screen_place);
/* For what takes keys when it comes: nor has a key come since, which was meant for
 * something else. */
struct screen_moment screen_moment(struct screen *);
bool screen_waits_since(struct screen *, struct screen_moment);
void screen_focus(struct screen *, size_t pane);
void screen_command(struct screen *, enum command);
/* With what it would have asked for; "" or NULL: as by a key. */
void screen_order(struct screen *, enum command, const char *argument);
/* What is asked, by a prompt or a menu, is answered by this; where that is no answer the
 * question stays open. */
void screen_answer(struct screen *, const char *text);
void screen_theme(struct screen *, const char *name);
void screen_message(struct screen *, enum role, const char *format, ...) PRINTF_LIKE(3, 4);
/* The same for what a person asked for in vain; warnings and errors count too. */
void screen_refuse(struct screen *, const char *format, ...) PRINTF_LIKE(2, 3);
void screen_prompt(struct screen *, const char *label, const char *text, struct prompt_history *,
    bool (*check)(void *, const char *, struct fault *, size_t *), void *check_arg,
    void (*done)(struct screen *, void *arg, const char *text), void *arg);
/* Takes it: off with it, wherever the disk is waited for. */
void screen_errand(struct screen *, struct errand *);
/* An arrangement, in force at once; "" none any more. keep: also for the next run. */
void screen_look(struct screen *, const char *section, const char *name, const char *value, bool keep);
void looks_begin(struct screen *, const char *path); /* NULL: for this run alone */
int screen_pitch(const struct screen *); /* lines from a row of a list to the next */
/* End the console, for this. */
void screen_leave(struct screen *, enum leave, const char *text, const char *secret);
bool screen_can_leave(const struct screen *);
/* Close whatever takes the keys, as Escape would. */
void screen_drop_modal(struct screen *);
/* An empty menu to be filled; takes arg (malloc'd or NULL). */
struct menu *screen_menu(struct screen *, const char *title,
    void (*on_choose)(struct screen *, void *arg, const struct menu_item *), void *arg);
void menu_add(struct menu *, uint32_t key, int64_t value, const char *label);
/* Is the command of use here? If not, why: words, until the next question. */
bool screen_offers(struct screen *, enum command);
const char *screen_why_not(struct screen *, enum command);
/* What it does; of undo and redo, to what: "Undo: close × 3"; of going back, from
 * where. Until the next question. */
const char *screen_help(struct screen *, enum command);
const char *screen_back_word(struct screen *); /* what going back does here; NULL: nothing */
/* Open what a line of a document leads to. */
void screen_follow(struct screen *, struct target);

/* ui/count.c: digits before a command. Was the key one of those, or what takes
 * them back? */
bool count_key(struct screen *, const struct key_event *);
/* What was typed, which is over now; 0: nothing was. */
int count_take(struct screen *);
/* The command so often, or at that row, or for so many rows, as it means. */
void count_command(struct screen *, enum command, const char *argument, int count);

/* ui/modal.c */
void menu_key(struct screen *, const struct key_event *);
bool menu_takes(const struct screen *, uint32_t key); /* does it mean anything there? */
void modal_draw(struct screen *);

/* ui/palette.c */
void palette_start(struct screen *);
void palette_say_anew(struct screen *); /* in another language, with what is typed */
void palette_key(struct screen *, const struct key_event *);
int command_score(enum command, const char *letters); /* as fuzzy_score */
void screen_used(struct screen *, enum command);

/* ui/command_prompt.c: `:` */
void command_prompt_start(struct screen *);
void command_prompt_say_anew(struct screen *);
void command_prompt_key(struct screen *, const struct key_event *);

/* ui/contain.c: a line at Webex; what is asked is of `containing`. */
bool contain_command(struct screen *, enum command);
void contain_forget(struct screen *);
/* Who goes while a line is being changed is told so, once: then the console stays. */
bool contain_stays(struct screen *);

/* ui/act.c: triage by keys; false when the command is none of it. */
bool act_command(struct screen *, enum command);
bool act_is_of_rows(enum command); /* which may be several: a count before it means so many */
bool act_order(struct screen *, const struct command_line *);
void acts_forget(struct screen *);
void acts_wait(struct screen *); /* what takes long is said */
/* What was offered for the alert that was closed is taken back: whoever goes on has
 * declined, and what is not to be read any more is no offer. */
void offers_drop(struct screen *);
/* What was done, and the key that takes it back. */
void act_say_done(struct screen *, const char *said);
/* Accept a proposed change of the rules, and say what came of it. */
void act_tune(struct screen *, const struct tuning *, size_t offer, int64_t for_ms);

/* ui/note_edit.c: what the editor begins with, and what came of it: a text, or a
 * fault. path: its file, which stays until the note is in the store. */
const char *note_draft(struct screen *);
void note_edited(struct screen *, const char *path, const char *text, const struct fault *);
void note_edit_free(struct screen *);

/* ui/presence.c: the alert that is open here is told to others, and taken back. */
void presence_tick(struct screen *);
void presence_end(struct screen *);
bool presence_seen(const struct screen *, int64_t alert_id); /* does somebody else look at it? */
size_t presence_names(const struct screen *, int64_t alert_id, char *out, size_t capacity); /* who, and how many */

/* ui/new_alert.c: an alert that a person raises; false when the command is another. */
bool new_alert_command(struct screen *, enum command);

/* ui/bulk.c: everything a filter lets through; false when the command is none of it. */
bool bulk_command(struct screen *, enum command);
void bulk_drop(struct screen *); /* nothing is taken any more */
void bulk_free(struct screen *);
size_t bulk_n_taken(const struct screen *, const struct pane *);

/* ui/screen_linear.c: for who hears the screen. */
void linear_cursor(struct screen *); /* on the row that is meant */
void linear_news(struct screen *);   /* tell of new critical alerts */
void linear_header(struct screen *, const char *sync, const char *token);
void linear_title(struct screen *, int row, struct pane *, const char *notice);

/* ui/foot.c: the last line. */
void foot_draw(struct screen *);

/* ui/frame.c: what stands around the panes. */
void frame_draw(struct screen *);
/* Only the focused tile and the key line: when a cursor moved and no more. */
void frame_draw_focused(struct screen *);

#endif
