/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/attention.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "detect/finding.h"

static const char *const words[ATTENTION_N] = {
#define ATTENTION_WORD(id, word) [id] = word,
	ATTENTION_WAYS(ATTENTION_WORD)
#undef ATTENTION_WORD
};

bool attention_init(struct attention *a, const char *asked, bool multiplexed, struct fault *fault)
{
	*a = (struct attention){ .multiplexed = multiplexed, .n_critical = -1 };
	char *copy = mem_strdup(asked == NULL ? "" : asked), *rest = NULL, shown[40];
	bool ok = true;
	for (const char *word = strtok_r(copy, ", ", &rest); ok && word != NULL; word = strtok_r(NULL, ", ", &rest)) {
		size_t way = 0;
		while (way < ATTENTION_N && strcmp(words[way], word) != 0)
			way++;
		text_printable(shown, sizeof shown, word, strlen(word));
		ok = way < ATTENTION_N || fault_set(fault, FAULT_USAGE, _("console.attention knows title, bell, osc9 and osc777, not \"%s\""), shown);
		if (ok)
			a->ways |= 1u << way;
	}
	free(copy);
	return ok;
}

static bool by(const struct attention *a, enum attention_way way)
{
	return a->ways >> way & 1;
}

/* tmux passes on what is wrapped, every ESC of it doubled. */
static void put_command(const struct attention *a, const char *command, struct text *out)
{
	if (a->multiplexed)
		text_printf(out, "\x1bPtmux;\x1b\x1b]%s\x07\x1b\\", command);
	else
		text_printf(out, "\x1b]%s\x07", command);
}

void attention_look(struct attention *a, const int64_t n_open[4], bool ascii, struct text *out)
{
	char title[sizeof a->title], command[160];
	int64_t critical = n_open[SEVERITY_CRITICAL], high = n_open[SEVERITY_HIGH];
	if (by(a, ATTENTION_TITLE)) {
		snprintf(title, sizeof title, ascii ? "C%lld H%lld Centinela" : "\u25B2%lld \u25C6%lld Centinela", (long long)critical, (long long)high);
		if (critical + high == 0)
			snprintf(title, sizeof title, "Centinela");
		/* tmux has titles of its own, of each pane: not wrapped. */
		if (strcmp(title, a->title) != 0)
			text_printf(out, "\x1b]2;%s\x07", title);
		snprintf(a->title, sizeof a->title, "%s", title);
	}
	int64_t fresh = a->n_critical < 0 ? 0 : critical - a->n_critical;
	a->n_critical = critical;
	if (fresh <= 0)
		return;
	/* No names and no numbers: notifications stay on desktops, and in their logs. */
	char said[96];
	snprintf(said, sizeof said, ngettext("%lld new critical alert", "%lld new critical alerts", (unsigned long)fresh), (long long)fresh);
	if (by(a, ATTENTION_OSC9)) {
		snprintf(command, sizeof command, "9;Centinela: %s", said);
		put_command(a, command, out);
	}
	if (by(a, ATTENTION_OSC777)) {
		snprintf(command, sizeof command, "777;notify;Centinela;%s", said);
		put_command(a, command, out);
	}
	if (by(a, ATTENTION_BELL))
		text_puts(out, "\x07");
}
