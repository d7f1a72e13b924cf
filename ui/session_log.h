/* SPDX-License-Identifier: Apache-2.0
 *
 * A shift as a film, for training: what was on the screen and when, in asciicast v2
 * (https://docs.asciinema.org/manual/asciicast/v2/), with the commands that were given
 * as markers. No key is in it, so no secret and no word that was not on the screen;
 * masked numbers stay masked; what was copied is not in it. Written by the console's
 * lane: drawing waits for no disk. */
#ifndef UI_SESSION_LOG_H
#define UI_SESSION_LOG_H

#include "ui/command.h"
#include "ui/keep.h"

struct session_log;

/* The file must not be there yet; it is its owner's alone (0600). */
bool session_log_open(const char *path, struct session_log **out, struct fault *) MUST_USE;
/* A console begins; writes go by its lane. NULL log: nothing happens, here and below. */
void session_log_begin(struct session_log *, struct keep *, int rows, int cols);
void session_log_frame(void *log, const char *bytes, size_t n);
void session_log_command(void *log, enum command);
void session_log_size(struct session_log *, int rows, int cols);
/* Now and then: what has come since is written. */
void session_log_tick(struct session_log *);
/* It ends, and another may begin: what is left is on its way, before the lane closes. */
void session_log_end(struct session_log *);
void session_log_close(struct session_log *);

#endif
