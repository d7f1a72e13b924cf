/* SPDX-License-Identifier: Apache-2.0
 *
 * A person's own editor on a text, while the loop goes on: a program of theirs,
 * started without a shell, on a file that only they can read. */
#ifndef UI_EDITOR_H
#define UI_EDITOR_H

#include <uv.h>

#include "base/fault.h"

#define EDITOR_WORDS 16
#define EDITOR_BYTES (64 * 1024) /* of what comes back; more is a fault */

struct editor;

struct editor_options {
	const char *command; /* "vim -c 'set tw=72'"; NULL or "": a fault */
	const char *folder;  /* where the file's own folder is made; NULL: TMPDIR, else /tmp */
	const char *tty;     /* the terminal it gets */
	const char *text;    /* to begin with */
};

/*
 * Start it. `on_done` is called once, on the loop, when it has ended: text (to be
 * freed) is what it left; NULL and a fault when it ended badly or left what is no
 * text. *out is it until then. path is the file, which stays until editor_forget(): whatever happens, the
 * text is somewhere.
 */
bool editor_start(uv_loop_t *, const struct editor_options *,
    void (*on_done)(void *arg, const char *path, char *text, const struct fault *), void *arg, struct editor **out, struct fault *) MUST_USE;

/* The file and its folder. */
void editor_forget(const char *path);

/* The program ends and cannot wait for a person: the editor is asked to end, and on_done
 * comes with a fault whether or not it does so. NULL is fine. */
void editor_leave(struct editor *);

/* Words, as a shell would split them, of quotes and backslashes alone: nothing is
 * expanded. They lie in `room`, which has as many bytes as the command; a NULL
 * ends them. False: a quote is open, there are too many, or none. */
bool editor_split(const char *command, char *room, char *words[EDITOR_WORDS + 1]) MUST_USE;

#endif
