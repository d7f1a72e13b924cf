/* SPDX-License-Identifier: Apache-2.0
 *
 * Macros: keys recorded under a letter, or commands that a key file has under a
 * name, and the playing of both. Recorded are keys, not what they did, so that a
 * macro answers menus and prompts as the hand did. Playing waits for what a hand
 * would wait for (an act that is on its way, rows that are to be read anew), stops
 * at the first thing that is refused, and what reaches outside is asked for. */
#ifndef UI_MACRO_H
#define UI_MACRO_H

#include "ui/command_line.h"
#include "ui/input.h"

struct screen;
struct macros;

struct macros *macros_new(void);
void macros_free(struct macros *);

/* The commands: record under a letter or end it; play. argument "": a letter is
 * waited for, which macro_letter takes. count 0: once. */
void macro_record(struct screen *, const char *argument);
void macro_play(struct screen *, const char *argument, int count);
bool macro_awaits_letter(const struct screen *);
bool macro_letter(struct screen *, const struct key_event *);

/* A key of a person: it is recorded if anything is. */
void macro_hear(struct screen *, const struct key_event *);

bool macro_is_playing(const struct screen *);
/* Does a menu ask a person whether the macro may go on? */
bool macro_is_asking(const struct screen *);
/* On with it, until it has to wait or is at its end. */
void macro_go_on(struct screen *);
void macro_stop(struct screen *);
/* Must a person be asked first? Then it is, and the command is done after that. */
bool macro_asks(struct screen *, enum command, const char *argument);
/* Those that were recorded in other runs. */
void macro_load(struct screen *);
/* "● a" while it is recorded, "▸ a" while it plays; "" else. */
const char *macro_status(const struct screen *);
/* What is recorded under a letter: how many keys, and their names. */
size_t macro_recorded(const struct screen *, char letter, char *out, size_t capacity);

#endif
