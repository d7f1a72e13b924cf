/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/language.h"

#include <string.h>

/* What was written in the other language goes: a text is laid out anew, of a list the
 * widths are those of its words. The settings read their file by themselves. */
static void say_anew(struct pane *pane)
{
	struct document *document = pane_document(pane);
	struct list *list = pane_list(pane);
	if (list != NULL)
		memset(list->need, 0, sizeof list->need);
	if (pane->type->entitle != NULL)
		pane->type->entitle(pane);
	if (document != NULL && pane->type->lay_out != NULL && document->width > 0)
		pane_lay_out(pane);
	else if (document != NULL)
		document->width = 0;
	else if (pane->type->refresh != NULL && pane->type != &view_settings)
		pane_ask_anew(pane);
}

/* What lies over the panes. A menu's words are those of who opened it: it goes, and is
 * opened again with one key. What somebody is typing for a prompt is not thrown away
 * for the word before it. */
static void say_modal_anew(struct screen *screen)
{
	switch (screen->modal) {
	case MODAL_MENU:
		screen_drop_modal(screen);
		break;
	case MODAL_PALETTE:
		palette_say_anew(screen);
		break;
	case MODAL_COMMAND:
		command_prompt_say_anew(screen);
		break;
	case MODAL_FILTER:
		filter_prompt_say_anew(screen);
		break;
	case MODAL_PROMPT: case MODAL_NONE:
		break;
	}
}

void screen_language(struct screen *screen, const char *language)
{
	i18n_change(language);
	say_modal_anew(screen);
	for (size_t i = 0; i < N_MAIN_PANES; i++)
		say_anew(screen->panes[i]);
	for (size_t i = 0; i < screen->n_views; i++)
		say_anew(screen->views[i]);
	screen->wishes.redraw = true;
	screen->dirt++;
}
