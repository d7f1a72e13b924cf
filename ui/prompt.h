/* SPDX-License-Identifier: Apache-2.0
 *
 * One line of input: an editor with history, checked as it is typed. A note may have
 * several: ui/prompt_lines.c. */
#ifndef UI_PROMPT_H
#define UI_PROMPT_H

#include "alerts/triage.h"
#include "base/fault.h"
#include "ui/canvas.h"
#include "ui/input.h"

#define PROMPT_BYTES   512
#define PROMPT_HISTORY 50
#define PROMPT_ROOM    (NOTE_BYTES + 1) /* the longest that is typed is a note */

struct prompt_history {
	char lines[PROMPT_HISTORY][PROMPT_BYTES]; /* newest first */
	size_t n;
	size_t n_new; /* remembered in this run */
};

struct prompt {
	char label[80];
	char text[PROMPT_ROOM];
	size_t n, cursor, most;	      /* bytes */
	bool lines;		      /* it may have several, with NOTE_LINE between them */
	bool full;		      /* what was typed last did not fit */
	bool refused;		      /* it was accepted, and its act was not: `fault` says why */
	int room;		      /* columns, when it was drawn last */
	char warning[200];	      /* what comes of it, before the hint; "" nothing */
	struct prompt_history *history; /* may be NULL; borrowed */
	bool hidden;		      /* a secret: shown as dots, remembered nowhere */
	size_t browsing;	      /* 0: the line being typed; i: history i - 1 */
	char typed[PROMPT_ROOM];      /* while browsing */
	/* May be NULL: false, a sentence and where (byte offset) it is wrong. */
	bool (*check)(void *arg, const char *text, struct fault *, size_t *offset);
	void *arg;
	struct fault fault;	      /* what check said; code 0: fine */
	size_t fault_at;
};

enum prompt_result { PROMPT_GOES_ON, PROMPT_ACCEPTED, PROMPT_CANCELLED };

void prompt_start(struct prompt *, const char *label, const char *text,
    struct prompt_history *, bool (*check)(void *, const char *, struct fault *, size_t *),
    void *arg);
/* In another language: the label, and what `check` says of what is typed. */
void prompt_say_anew(struct prompt *, const char *label);
/* Put `text` in the place of all from byte `from` on. */
void prompt_replace(struct prompt *, size_t from, const char *text);
/* From now on: `most` bytes, in several lines. */
void prompt_of_lines(struct prompt *, size_t most);
/* What is pasted, as it would stand in the prompt. Its bytes. */
size_t prompt_pasted(const struct prompt *, const char *bytes, size_t n, char out[static PROMPT_ROOM + 4]);
/* Accepts nothing that `check` refuses; what did not fit is said before it is accepted. */
enum prompt_result prompt_key(struct prompt *, const struct key_event *);
/* Two rows: the line, and under it what is wrong, at its place, or a hint. */
void prompt_draw(struct prompt *, struct canvas *, int row, const char *hint);

/* What stands under the line: the warning, and what keys do. */
void prompt_hint(const struct prompt *, struct canvas *, int row, int col, int cols, const char *hint);

/* ui/prompt_lines.c: of several lines. They grow upwards from `row`; the hint stands under it. */
void prompt_lines_draw(struct prompt *, struct canvas *, int row, const char *hint);
/* Up, down, to the ends of a line; false: the key is another, or there is no line there. */
bool prompt_lines_move(struct prompt *, uint32_t key);

#endif
