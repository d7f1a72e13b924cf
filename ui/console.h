/* SPDX-License-Identifier: Apache-2.0
 *
 * The console on a libuv loop: a terminal in, a screen out. Made after the
 * board; it changes nothing but through the board's desk. */
#ifndef UI_CONSOLE_H
#define UI_CONSOLE_H

#include <uv.h>

#include "base/fault.h"
#include "ui/screen.h"
#include "ui/session_log.h"
#include "watch/board.h"

struct console;

struct console_options {
	const char *tty;	   /* NULL: /dev/tty */
	const char *organisation;  /* shown beside the name; NULL none */
	bool one_of_several;	   /* these as screen_options */
	int64_t alert;
	bool organisations;
	const char *theme;	   /* NULL: davivienda */
	const char *themes_folder; /* NULL: the source tree's, else the installed */
	const char *keys_file;	   /* NULL none */
	const char *attention;	   /* ui/attention.h; NULL: none */
	const char *history_file;  /* of what is typed; NULL or "": this run's alone */
	bool masked;		   /* hide the middle of numbers */
	int64_t shift_ms; /* as screen_options */
	int64_t escape_ms;	   /* an Escape waits so long for the rest of a key; 0: as is usual */
	bool mouse;		   /* off by default */
	const char *looks_file;	   /* what is arranged; NULL: for this run alone */
	const char *filters_file;  /* saved filters; NULL: for this run alone */
	bool sticky_filters;	   /* each view begins with its last one */
	struct settings *settings; /* for the view of them; NULL: there is none. Lives longer. */
	bool linear;		   /* for screen readers: ui/linear.h */
	struct session_log *log;   /* ui/session_log.h; NULL none. Lives longer. */
	bool ascii;		   /* also when the locale is UTF-8 */
	/* What a person wants done outside: see ui/screen.h. */
	void (*on_leave)(void *arg, enum leave, const char *text, const char *secret);
	void *leave_arg;
};

/*
 * Take the terminal and draw. `on_quit` is called once, on the loop, when the
 * person leaves or the terminal is gone (hangup, SIGTERM); the caller then
 * calls console_stop(). Language: base/i18n.h, before this. FAULT_SYSTEM: no
 * terminal that can be used.
 */
bool console_start(const struct console_options *, struct board *, uv_loop_t *,
    void (*on_quit)(void *arg), void *arg, struct console **out, struct fault *) MUST_USE;

/* Give the terminal back at once and close the handles; frees itself on the
 * loop when they are closed. Call it while history and desk still live. */
void console_stop(struct console *);

/* Start, run the loop until the person leaves, stop. For whoever has nothing
 * to close in between. */
bool console_run(const struct console_options *, struct board *, uv_loop_t *, struct fault *) MUST_USE;

#endif
