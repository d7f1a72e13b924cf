/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/command_line.h"

#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "filter/field.h"

#define LONGEST_MS (30 * DAY_MS) /* what the desk allows */

static const struct {
	enum command command;
	enum argument argument;
	const char *usage;
} takes[] = {
	{ CMD_CLOSE, ARGUMENT_RESOLUTION, N_("RESOLUTION [note]") },
	{ CMD_SNOOZE, ARGUMENT_FOR, N_("4h [reason]") },
	{ CMD_SILENCE, ARGUMENT_FOR, N_("7d [reason]") },
	{ CMD_ASSIGN, ARGUMENT_NAME, N_("USER") },
	{ CMD_NOTE, ARGUMENT_TEXT, N_("text") },
	{ CMD_ESCALATE, ARGUMENT_TEXT, N_("reason") },
	{ CMD_TAG, ARGUMENT_TEXT, N_("fraud -test") },
	{ CMD_LINK, ARGUMENT_NAME, N_("ALERT") },
	{ CMD_MERGE, ARGUMENT_NAME, N_("ALERT") },
	{ CMD_THEME, ARGUMENT_THEME, N_("THEME") },
	{ CMD_COPY, ARGUMENT_WORDS, N_("text, json or number") },
	{ CMD_LAYOUT, ARGUMENT_WORDS, N_("LAYOUT, or save NAME, or forget NAME") },
	{ CMD_COLUMNS, ARGUMENT_WORDS, N_("who what=40 -site, or default") },
	{ CMD_SORT, ARGUMENT_SORT, N_("COLUMN") },
	{ CMD_GROUP, ARGUMENT_GROUP, N_("BY") },
	{ CMD_FILTER, ARGUMENT_FILTER, N_("FILTER") },
	{ CMD_ZONE, ARGUMENT_ZONE, N_("ZONE") },
	{ CMD_HELP, ARGUMENT_COMMAND, N_("COMMAND") },
	{ CMD_PLAY, ARGUMENT_MACRO, N_("MACRO") },
	{ CMD_RECORD, ARGUMENT_LETTER, N_("a to z") },
	{ CMD_REPLAY, ARGUMENT_ANSWER, N_("30d [folder]") },
	{ CMD_REHEARSE, ARGUMENT_ANSWER, N_("ATTACK") },
	{ CMD_SILENCE_NEW, ARGUMENT_ANSWER, N_("FILTER") },
	{ CMD_IMPORT, ARGUMENT_ANSWER, N_("FILE") },
	{ CMD_EXPORT, ARGUMENT_ANSWER, N_("FILE") },
	{ CMD_MOMENT, ARGUMENT_ANSWER, N_("3h, 03:00 or 2026-10-05 03:00") },
};

enum argument command_argument(enum command command)
{
	for (size_t i = 0; i < COUNT_OF(takes); i++)
		if (takes[i].command == command)
			return takes[i].argument;
	return ARGUMENT_NONE;
}

const char *command_usage(enum command command)
{
	for (size_t i = 0; i < COUNT_OF(takes); i++)
		if (takes[i].command == command)
			return _(takes[i].usage);
	return "";
}

const char *command_nearest(const char *name)
{
	const char *best = NULL;
	int least = 2 + (int)MIN(strlen(name), (size_t)15) / 3;
	for (int i = 1; i < N_COMMANDS; i++) {
		const char *other = command_name((enum command)i);
		int distance = text_distance(name, other);
		if (distance < least) {
			least = distance;
			best = other;
		}
	}
	return best;
}

/* The first word, at most capacity - 1 bytes; what follows it. */
static const char *first_word(const char *text, char *out, size_t capacity)
{
	size_t n = strcspn(text, " ");
	snprintf(out, capacity, "%.*s", (int)MIN(n, capacity - 1), text);
	return text + n + strspn(text + n, " ");
}

static bool no_command(const char *name, struct fault *fault, size_t *offset)
{
	const char *near = command_nearest(name);
	char printable[48];
	text_printable(printable, sizeof printable, name, strlen(name));
	size_t best = 0; /* point at where it stops being any command's name */
	for (int i = 1; i < N_COMMANDS; i++) {
		const char *other = command_name((enum command)i);
		size_t same = 0;
		while (name[same] != '\0' && other[same] == name[same])
			same++;
		best = MAX(best, same);
	}
	*offset = best;
	if (near != NULL)
		return fault_set(fault, FAULT_USAGE, _("no such command: %s; is \"%s\" meant?"), printable, near);
	return fault_set(fault, FAULT_USAGE, _("no such command: %s"), printable);
}

static const struct filter_field *resolution_field(void)
{
	return filter_field_named(FILTER_ALERTS, "resolution");
}

const char *command_resolution(enum resolution resolution)
{
	return in_language(resolution_name(resolution), resolution_field()->spanish[resolution]);
}

/* By its name, or as a filter may call it in Spanish. */
static bool resolution_called(const char *name, enum resolution *out)
{
	size_t i;
	if (resolution_named(name, out))
		return *out != RESOLUTION_NONE;
	if (*name == '\0' || !filter_value_named(resolution_field(), name, &i) || i == RESOLUTION_NONE)
		return false;
	*out = (enum resolution)i;
	return true;
}

static bool no_resolution(const char *name, struct fault *fault)
{
	char printable[48];
	const char *best = NULL;
	int least = 2 + (int)MIN(strlen(name), (size_t)15) / 3;
	text_printable(printable, sizeof printable, name, strlen(name));
	for (int i = RESOLUTION_TRUE_IMPACT; i < 2 * N_RESOLUTIONS; i++) {
		enum resolution one = (enum resolution)(i % N_RESOLUTIONS);
		if (one == RESOLUTION_NONE)
			continue;
		/* As this person calls it first: of two as near it is the one meant. */
		const char *en = resolution_name(one), *es = resolution_field()->spanish[one], *other = i < N_RESOLUTIONS ? in_language(en, es) : in_language(es, en);
		int distance = *name != '\0' && text_starts_with(other, name) ? 0 : text_distance(name, other);
		if (distance < least) {
			least = distance;
			best = other;
		}
	}
	if (best != NULL)
		return fault_set(fault, FAULT_USAGE, _("no such resolution: %s; is \"%s\" meant?"), printable, best);
	return fault_set(fault, FAULT_USAGE, _("no such resolution: %s; Tab after :close shows the six"), printable);
}

static bool read_argument(struct command_line *line, struct fault *fault)
{
	char word[ARGUMENT_BYTES];
	const char *rest = first_word(line->argument, word, sizeof word);
	switch (command_argument(line->command)) {
	case ARGUMENT_NONE:
		return fault_set(fault, FAULT_USAGE, _("%s takes nothing more"), command_name(line->command));
	case ARGUMENT_RESOLUTION:
		line->words = rest;
		return resolution_called(word, &line->resolution) || no_resolution(word, fault);
	case ARGUMENT_FOR:
		line->words = rest;
		return (text_to_duration_ms(word, &line->for_ms) && line->for_ms > 0 && line->for_ms <= LONGEST_MS) ||
		    fault_set(fault, FAULT_USAGE, "%s", _("for how long, as 90m, 4h or 7d, at most 30d"));
	case ARGUMENT_NAME:
	case ARGUMENT_MACRO:
	case ARGUMENT_THEME:
	case ARGUMENT_SORT:
	case ARGUMENT_GROUP:
		line->words = line->argument;
		return *rest == '\0' || fault_set(fault, FAULT_USAGE, _("%s takes one word"), command_name(line->command));
	case ARGUMENT_LETTER:
		line->words = line->argument;
		return (line->argument[0] >= 'a' && line->argument[0] <= 'z' && line->argument[1] == '\0') ||
		    fault_set(fault, FAULT_USAGE, "%s", _("a letter from a to z"));
	case ARGUMENT_TEXT: case ARGUMENT_FILTER: case ARGUMENT_ZONE: case ARGUMENT_COMMAND: case ARGUMENT_ANSWER:
	case ARGUMENT_WORDS:
		line->words = line->argument;
		return true;
	}
	return false;
}

bool command_line_read(const char *text, struct command_line *line, struct fault *fault, size_t *offset)
{
	char name[48];
	size_t blanks = strspn(text, " ");
	*line = (struct command_line){ .words = "" };
	for (; text[blanks] >= '0' && text[blanks] <= '9'; blanks++)
		line->count = MIN(line->count * 10 + text[blanks] - '0', COUNT_MOST);
	blanks += strspn(text + blanks, " ");
	line->argument = first_word(text + blanks, name, sizeof name);
	*offset = 0;
	if (line->count > 0 && name[0] == '\0') {
		line->command = CMD_TOP;
		return true;
	}
	if (!command_named(name, &line->command)) {
		bool ok = no_command(name, fault, offset);
		*offset += blanks;
		return ok;
	}
	*offset = (size_t)(line->argument - text);
	return *line->argument == '\0' || read_argument(line, fault);
}
