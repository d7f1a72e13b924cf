/* SPDX-License-Identifier: Apache-2.0
 *
 * The terminal itself: /dev/tty opened anew, raw, the other screen, and given
 * back however the program ends. Output never waits: what the terminal does
 * not take yet stays pending, and nothing is drawn meanwhile. It emits only
 * what an ANSI terminal of the last thirty years knows; terminfo is asked what
 * there is, not for strings. */
#ifndef UI_TERMINAL_H
#define UI_TERMINAL_H

#include "ui/painter.h"

struct terminal;

struct terminal_facts {
	enum depth depth;
	bool utf8, bce;
	bool ech; /* it can erase a stretch of a line */
	bool linear; /* asked for, not found out: no other screen, plain lines */
};

/* What TERM, COLORTERM, NO_COLOR and the locale say. A terminal that cannot
 * move its cursor is a fault. */
bool terminal_facts(struct terminal_facts *, struct fault *) MUST_USE;

/* path: NULL is /dev/tty. */
bool terminal_open(const char *path, const struct terminal_facts *, struct terminal **out,
    struct fault *) MUST_USE;
void terminal_close(struct terminal *); /* restores; NULL is fine */

int terminal_fd(const struct terminal *);
bool terminal_size(const struct terminal *, int *rows, int *cols);

/* Bytes read; 0 none now; -1 the terminal is gone. */
int terminal_read(struct terminal *, char *bytes, size_t capacity);
/* Nothing happens while output is pending. */
void terminal_paint(struct terminal *, const struct canvas *, const struct style_sheet *);
/* Called with the bytes of each picture. */
void terminal_film(struct terminal *, void (*on_frame)(void *arg, const char *bytes, size_t n), void *arg);
/* Send what is pending; false: the terminal is gone. */
bool terminal_flush(struct terminal *);
bool terminal_is_pending(const struct terminal *);
void terminal_forget(struct terminal *); /* everything will be sent anew */
void terminal_mouse(struct terminal *, bool on);
/* Text to the person's clipboard (OSC 52), through tmux and screen too.
 * False when it is too long for that, or this terminal might show it. */
bool terminal_copy(struct terminal *, const char *text, size_t n);
/* The title of the window is remembered, and is back in the end. */
void terminal_keep_title(struct terminal *);
/* Bytes between two frames, as they are. */
void terminal_say(struct terminal *, const char *bytes, size_t n);
/* Does TERM name one that takes commands of operating systems (OSC)? A console
 * of Linux or an old terminal might show them. */
bool terminal_has_titles(void);
void terminal_suspend(struct terminal *); /* give it back for a while … */
void terminal_resume(struct terminal *);  /* … and take it again, also where it was taken away unasked */

#endif
