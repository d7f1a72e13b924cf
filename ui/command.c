/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/command.h"

#include <string.h>

static const struct {
	const char *name, *word, *help;
} commands[N_COMMANDS] = {
	[CMD_NONE] = { "", "", "" },
#define COMMAND_ROW(id, name, word, help) [id] = { name, word, help },
	COMMANDS(COMMAND_ROW)
#undef COMMAND_ROW
};

const char *command_name(enum command command)
{
	return commands[command].name;
}

const char *command_word(enum command command)
{
	return command == CMD_NONE ? "" : _(commands[command].word);
}

const char *command_help(enum command command)
{
	return command == CMD_NONE ? "" : _(commands[command].help);
}

bool command_named(const char *name, enum command *out)
{
	for (int i = 1; i < N_COMMANDS; i++) {
		if (strcmp(commands[i].name, name) == 0) {
			*out = (enum command)i;
			return true;
		}
	}
	return false;
}
