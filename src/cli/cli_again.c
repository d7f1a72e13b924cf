/* SPDX-License-Identifier: Apache-2.0
 *
 * The same program in the same process, from its first word: what was in memory is of
 * nobody any more. Whoever watches the process sees no end. */
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "cli/cli.h"
#include "store/organisation.h"

/* Does this word name an option whose value is given anew? Then how many words it takes. */
static size_t n_dropped(const char *word)
{
	static const char *const options[] = { "--organisation", "--alert", "--session-log" };
	for (size_t i = 0; i < COUNT_OF(options); i++) {
		size_t n = strlen(options[i]);
		if (strncmp(word, options[i], n) == 0 && (word[n] == '\0' || word[n] == '='))
			return word[n] == '=' ? 1 : 2;
	}
	return 0;
}

void cli_begin_again(const char *organisation, const char *alert)
{
	static char room[1 << 16];
	char *argv[64] = { NULL };
	int fd = open("/proc/self/cmdline", O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, room, sizeof room - 1);
	if (fd >= 0)
		close(fd);
	if (n <= 0)
		return;
	size_t n_words = 0, rest;
	size_t skip = 0;
	for (char *word = room, *next; word < room + n && n_words + 3 < COUNT_OF(argv); word = next) {
		next = word + strlen(word) + 1;
		skip = skip > 0 || organisation == NULL ? skip : n_dropped(word);
		if (skip > 0) {
			skip--;
			continue;
		}
		(void)organisation_in(word, &rest); /* an address may name the place that is left */
		if (organisation != NULL)
			word[rest] = '\0';
		argv[n_words++] = word;
	}
	char *name = organisation != NULL ? mem_printf("--organisation=%s", organisation) : NULL, *on = alert != NULL ? mem_printf("--alert=%s", alert) : NULL;
	if (name != NULL)
		argv[n_words++] = name;
	if (on != NULL)
		argv[n_words++] = on;
	signal(SIGTERM, SIG_DFL);
	execv("/proc/self/exe", argv);
	free(name);
	free(on);
}
