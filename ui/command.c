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

static struct {
	const char *word, *help;
} spanish[N_COMMANDS];

void command_learn(void)
{
	const char *language = i18n_language();
	if (spanish[CMD_OPEN].word != NULL)
		return;
	i18n_change("es");
	for (int i = 1; i < N_COMMANDS; i++) { /* these stay valid */
		spanish[i].word = _(commands[i].word);
		spanish[i].help = _(commands[i].help);
	}
	i18n_change(language);
}

const char *command_other_word(enum command command)
{
	const char *other = strcmp(i18n_language(), "es") == 0 ? commands[command].word : spanish[command].word;
	return other != NULL ? other : "";
}

const char *command_other_help(enum command command)
{
	const char *other = strcmp(i18n_language(), "es") == 0 ? commands[command].help : spanish[command].help;
	return other != NULL ? other : "";
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
