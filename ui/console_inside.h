/* SPDX-License-Identifier: Apache-2.0
 *
 * What the console's files share: console.c (terminal, signals, frames),
 * console_away.c (while somebody else has the terminal). */
#ifndef UI_CONSOLE_INSIDE_H
#define UI_CONSOLE_INSIDE_H

#include "ui/attention.h"
#include "ui/console.h"
#include "ui/editor.h"
#include "ui/keep.h"
#include "ui/screen.h"
#include "ui/terminal.h"

enum { SIGNAL_WINCH, SIGNAL_TERM, SIGNAL_HUP, SIGNAL_INT, SIGNAL_TSTP, SIGNAL_CONT, N_SIGNALS };

struct console {
	uv_loop_t *loop;
	struct screen *screen;
	struct terminal *terminal;
	struct style_sheet sheet;
	enum depth depth;
	struct input input;
	struct attention attention;

	uv_poll_t poll;
	uv_check_t check;
	uv_timer_t frame_timer, tick_timer, escape_timer;
	uv_signal_t signals[N_SIGNALS];
	size_t n_open;	     /* handles to be closed before freeing */

	int polled;	     /* events asked for */
	uint64_t escape_ms;  /* an Escape waits so long for what may follow it */
	int64_t frame_ms;    /* when the last frame was drawn, steady */
	uint64_t drawn;	     /* screen_version of it */
	bool due;	     /* a frame that found the terminal still drinking */
	bool key_asks;	     /* a key was drawn, and what it asked the store for is still to come */
	bool waiting, quitting, stopped, have_size;
	bool stop_asked;     /* by SIGTSTP: done when the loop has read all signals */
	bool editing;	     /* a person's editor has the terminal */
	struct editor *editor; /* that one, or NULL */
	struct keep *keep;   /* writes what is to be kept */
	struct session_log *log;
	char *tty;
	void (*on_quit)(void *arg);
	void *arg;
};

/* How large is the terminal? A frame is due when it has changed. */
void console_measure(struct console *);
/* Something may have changed: ask what is due, plan a frame. */
void console_look(struct console *);
/* One of n_open was closed; the last one frees it. */
void console_close_one(struct console *);
/* Look at keys, or not while somebody else reads them. */
void console_watch(struct console *);

/* ui/console_away.c. Give the terminal back and stop, with the whole group; take it again, and draw all of it. */
void console_suspend(struct console *);
void console_resume(struct console *);
/* The note that the screen wishes to be edited. */
void console_edit(struct console *);

#endif
