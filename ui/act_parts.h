/* SPDX-License-Identifier: Apache-2.0
 *
 * What the files of triage by keys share: act.c (commands), act_ask.c (what must
 * be asked), act_done.c (what was ordered, and what came of it). */
#ifndef UI_ACT_PARTS_H
#define UI_ACT_PARTS_H

#include "ui/screen.h"

#define TARGETS_MAX 5000

struct note_draft;

/* What is about to be ordered, while menus and prompts fill it in. */
struct intent {
	enum triage_act act;
	enum resolution resolution;
	int64_t for_ms; /* snooze, silence */
	bool again;	/* it is the last act once more */
	struct note_draft *draft; /* its note came from an editor */
	bool confirmed;	/* what it is of was seen */
	bool spare_others; /* what is somebody else's stays as it is */
	size_t n;
	int64_t ids[];
};

/* What was ordered and not answered yet. The desk calls back even when the
 * screen is gone: then `screen` is NULL. */
struct act {
	struct screen *screen;
	struct act *next;
	enum triage_act act;
	enum resolution resolution;
	bool undo, redo, again;
	bool outside; /* undo, at Webex: `name` is what it takes back */
	struct note_draft *draft; /* that is noted with it; of the screen */
	struct asked *asked; /* what was typed for it; NULL: nothing */
	void *asked_of;	     /* what the prompt's end is called with; malloc'd */
	int64_t since_ms; /* steady: when it was ordered … */
	bool waited;	  /* … and it was said that it waits */
	int64_t id; /* of the only one; 0: several */
	struct screen_place from; /* that which may open something */
	char name[160]; /* again: all of what was done */
	char told[sizeof ((struct told *)0)->names]; /* who heard of it outside */
};

/* ui/act.c: the alert that the cursor says, of a pane that has alerts: of a row of the
 * queue the one that it shows, however many are behind it; the lines of a case tell of one,
 * or it is not said which. 0: none. Marks are not looked at. */
int64_t act_alert_here(struct pane *);

/* ui/act_ask.c: a menu takes the intent, a prompt a copy. */
void act_ask_text(struct screen *, const struct intent *, const char *label, bool name);
void act_ask_note(struct screen *, const struct intent *); /* of several lines */
void act_ask_tags(struct screen *, const struct intent *);
void act_ask_alert(struct screen *, const struct intent *, const char *label);
void act_ask_resolution(struct screen *, struct intent *);
void act_ask_snooze(struct screen *, struct intent *);
void act_ask_silence(struct screen *, struct intent *);

/* ui/act_told.c: who hears of it outside, in a sentence; of people alone; as a line
 * of the menu that asks. */
bool act_told(struct screen *, const struct intent *, char *out, size_t capacity);
void act_told_names(struct screen *, const struct intent *, char *out, size_t capacity); /* "" nobody */
bool act_told_to_people(struct screen *, const struct intent *);
void act_add_told(struct screen *, const struct intent *, struct menu *);

/* ui/act_done.c */
struct act *act_new(struct screen *);
void act_end(struct act *);
/* It was refused: where words were typed for it they are asked for again, with the
 * sentence under them. False: a message is due. */
bool act_ask_again(struct act *, const struct fault *);
/* Of several alerts they are shown first, and the act is done when it is confirmed. */
void act_submit(struct screen *, const struct intent *, const char *text);
/* "Close: false positive" */
void act_name_of(const struct intent *, const char *text, char *out, size_t capacity);
/* What the desk calls back with. */
void act_on_done(void *act, size_t n_done, size_t n_failed, const struct fault *);

/* ui/note_edit.c */
void note_edit_start(struct screen *, const struct intent *);
void note_edit_ordered(struct note_draft *);
void note_edit_done(struct screen *, struct note_draft *, bool noted); /* with the message that says so */

/* ui/bulk.c */
void bulk_preview(struct screen *, const struct intent *, const char *text);
/* What was taken of the pane's filter; 0: nothing was. */
size_t bulk_taken(const struct screen *, const struct pane *, const int64_t **ids);

#endif
