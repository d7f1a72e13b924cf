/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/export.h"

#include <stdlib.h>

#include "base/mem.h"
#include "ui/asked.h"

/* While the name is asked for; one at a time, as prompts are. */
struct exporting {
	struct pane *pane;
	void (*make)(struct pane *, bool json, struct text *out);
	struct asked *asked;
};

void export_drop(struct screen *screen)
{
	if (screen->exporting != NULL)
		asked_free(screen->exporting->asked);
	free(screen->exporting);
	screen->exporting = NULL;
}

static void on_kept(void *arg, const char *path, const struct fault *fault)
{
	struct screen *screen = arg;
	struct exporting *exporting = screen->exporting;
	struct exporting *copy = exporting == NULL ? NULL : mem_dup(exporting, sizeof *exporting);
	if (copy != NULL)
		copy->asked = NULL;
	if (fault != NULL && exporting != NULL && asked_again(exporting->asked, screen, fault, copy))
		copy = NULL; /* the name is typed again: its folder or another one */
	else if (fault != NULL)
		screen_message(screen, ROLE_ERROR, "%s", fault->text);
	else
		screen_message(screen, ROLE_OK, _("Written: %s"), path);
	free(copy);
	export_drop(screen);
}

static void on_path(struct screen *screen, void *arg, const char *path)
{
	struct exporting *exporting = arg;
	struct text out = { 0 };
	/* The view may have been closed or covered since. */
	if (path != NULL && *path != '\0' && exporting->pane == screen_focused(screen)) {
		exporting->make(exporting->pane, text_ends_with(path, ".json"), &out);
		export_drop(screen);
		exporting->asked = asked_keep(screen);
		screen->exporting = exporting;
		exporting = NULL;
		history_keep(screen->board->history, path, text_string(&out), out.n, on_kept, screen);
	}
	text_clear(&out);
	free(exporting);
}

void export_start(struct pane *pane, const char *name, void (*make)(struct pane *, bool json, struct text *out))
{
	struct exporting *exporting = mem_alloc(sizeof *exporting);
	*exporting = (struct exporting){ pane, make, NULL };
	screen_prompt(pane->screen, _("file:"), name, NULL, NULL, NULL, on_path, exporting);
}
