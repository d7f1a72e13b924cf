/* SPDX-License-Identifier: Apache-2.0
 *
 * A command and what it needs to know, as it is typed after `:` or stands in a
 * key file: `close false_positive conference bridge`, `snooze 4h`, `theme mono`.
 * Here is what can be said of it without a screen; ui/screen_orders.c does it. */
#ifndef UI_COMMAND_LINE_H
#define UI_COMMAND_LINE_H

#include "alerts/alert.h"
#include "base/fault.h"
#include "ui/command.h"

#define COUNT_MOST 9999 /* more rows than a list has */
#define COMMAND_NAME_BYTES 24
#define ARGUMENT_BYTES 160

enum argument {
	ARGUMENT_NONE,
	ARGUMENT_RESOLUTION, /* and a note */
	ARGUMENT_FOR,	     /* a duration, and a reason */
	ARGUMENT_NAME,	     /* one word */
	ARGUMENT_TEXT,
	ARGUMENT_THEME,
	ARGUMENT_SORT,
	ARGUMENT_GROUP,
	ARGUMENT_FILTER,
	ARGUMENT_ZONE,
	ARGUMENT_COMMAND,
	ARGUMENT_MACRO,
	ARGUMENT_LETTER,
	ARGUMENT_WORDS,	 /* of its own: ui/screen_words.c */
	ARGUMENT_ANSWER, /* to what the command asks, be it a prompt or a menu */
};

struct command_line {
	enum command command;
	int count;	      /* before it; 0 none. A count alone is a row. */
	const char *argument; /* in the text that was read; "" none */
	enum resolution resolution;
	int64_t for_ms;
	const char *words;    /* in the argument: note, reason, name */
};

enum argument command_argument(enum command);
/* As this person would type it: "falso_positivo". Either language is understood. */
const char *command_resolution(enum resolution);
/* "RESOLUTION [note]", translated; "" where it takes nothing. */
const char *command_usage(enum command);
/*
 * Read a line. A fault says what is wrong, at byte *offset, and the nearest
 * name. What depends on where one is (themes, columns, filters) is not known
 * here. Text is borrowed.
 */
bool command_line_read(const char *text, struct command_line *, struct fault *, size_t *offset) MUST_USE;
/* The nearest command's name, or NULL where none is near. */
const char *command_nearest(const char *name);

#endif
