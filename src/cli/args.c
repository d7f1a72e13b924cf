/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/args.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"

void args_init(struct args *args, int n, char **words)
{
	*args = (struct args){ .words = words, .n = n, .taken = mem_zalloc((size_t)n + 1) };
}

void args_clear(struct args *args)
{
	free(args->taken);
	*args = (struct args){ 0 };
}

static bool is_end(const char *word)
{
	return strcmp(word, "--") == 0;
}

/* "--lang" is no filter: a value that looks so is given as --filter=--lang. */
static bool is_option(const char *word)
{
	return word[0] == '-' && word[1] == '-' && word[2] >= 'a' && word[2] <= 'z';
}

bool args_flag(struct args *args, const char *name)
{
	bool given = false;
	for (int i = 0; i < args->n && !is_end(args->words[i]); i++) {
		if (!args->taken[i] && strcmp(args->words[i], name) == 0)
			given = args->taken[i] = true;
	}
	return given;
}

const char *args_value(struct args *args, const char *name)
{
	size_t n = strlen(name);
	const char *value = NULL;
	for (int i = 0; i < args->n && !is_end(args->words[i]); i++) {
		if (args->taken[i] || strncmp(args->words[i], name, n) != 0)
			continue;
		if (args->words[i][n] == '=') {
			args->taken[i] = true;
			value = args->words[i] + n + 1;
		} else if (args->words[i][n] == '\0' && i + 1 < args->n && !is_end(args->words[i + 1]) && !is_option(args->words[i + 1])) {
			args->taken[i] = args->taken[i + 1] = true;
			value = args->words[++i];
		}
	}
	return value;
}

const char *args_next(struct args *args)
{
	bool literal = false;
	for (int i = 0; i < args->n; i++) {
		if (!literal && is_end(args->words[i])) {
			args->taken[i] = literal = true;
			continue;
		}
		/* "-" alone is standard input, a word. */
		if (args->taken[i] || (!literal && args->words[i][0] == '-' && args->words[i][1] != '\0'))
			continue;
		args->taken[i] = true;
		return args->words[i];
	}
	return NULL;
}

const char *args_first(struct args *args, const char *const *valued, size_t n_valued)
{
	for (int i = 0; i < args->n && !is_end(args->words[i]); i++) {
		bool has_value = false;
		for (size_t k = 0; k < n_valued; k++)
			has_value = has_value || strcmp(args->words[i], valued[k]) == 0;
		if (has_value)
			i++;
		else if (!args->taken[i] && args->words[i][0] != '-') {
			args->taken[i] = true;
			return args->words[i];
		}
	}
	return NULL;
}

bool args_finish(struct args *args, struct fault *fault)
{
	for (int i = 0; i < args->n; i++) {
		char shown[64];
		if (args->taken[i])
			continue;
		text_printable(shown, sizeof shown, args->words[i], strlen(args->words[i]));
		return fault_set(fault, FAULT_USAGE, _("\"%s\" is not understood here (or lacks its value); see --help"), shown);
	}
	return true;
}
