/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/asked.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "ui/pick.h"

struct asked {
	struct prompt prompt;
	enum modal modal; /* PROMPT or COMMAND */
	void (*done)(struct screen *, void *arg, const char *text);
	struct screen_moment since;
	struct pick *pick; /* NULL: it was no list to choose from */
};

struct asked *asked_keep(struct screen *screen)
{
	if (screen->accepted == MODAL_NONE || screen->prompt.hidden)
		return NULL;
	struct asked *asked = mem_alloc(sizeof *asked);
	*asked = (struct asked){ screen->prompt, screen->accepted, screen->accepted_done, screen_moment(screen), screen->accepted_pick };
	screen->accepted_pick = NULL;
	return asked;
}

void asked_free(struct asked *asked)
{
	if (asked != NULL)
		pick_free(asked->pick);
	free(asked);
}

bool asked_again(struct asked *asked, struct screen *screen, const struct fault *fault, void *arg)
{
	if (asked == NULL || !screen_waits_since(screen, asked->since))
		return false;
	screen->prompt = asked->prompt;
	screen->menu.n = 0;
	if (asked->pick != NULL)
		pick_show_again(asked->pick, screen);
	asked->pick = NULL;
	screen->prompt.fault = *fault;
	screen->prompt.fault_at = 0;
	screen->prompt.refused = true;
	if (asked->modal == MODAL_COMMAND) /* the name of the command was right */
		screen->prompt.fault_at = strcspn(asked->prompt.text, " ") + strspn(asked->prompt.text + strcspn(asked->prompt.text, " "), " ");
	screen->modal = asked->modal;
	screen->prompt_done = asked->done;
	screen->prompt_arg = arg;
	if (asked->modal == MODAL_COMMAND) { /* a line has an end of its own */
		screen->prompt_done = NULL;
		free(arg);
	}
	screen->refused_line = true;
	screen->message[0] = '\0';
	screen->n_refused++;
	screen->dirt++;
	return true;
}
