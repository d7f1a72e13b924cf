/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/export.h"

#include <stdlib.h>

#include "base/mem.h"

/* While the name is asked for; one at a time, as prompts are. */
struct exporting {
	struct pane *pane;
	void (*make)(struct pane *, bool json, struct text *out);
};

static void on_kept(void *arg, const char *path, const struct fault *fault)
{
	struct screen *screen = arg;
	if (fault != NULL)
		screen_message(screen, ROLE_ERROR, "%s", fault->text);
	else
		screen_message(screen, ROLE_OK, _("Written: %s"), path);
}

static void on_path(struct screen *screen, void *arg, const char *path)
{
	struct exporting *exporting = arg;
	struct text out = { 0 };
	/* The view may have been closed or covered since. */
	if (path != NULL && *path != '\0' && exporting->pane == screen_focused(screen)) {
		exporting->make(exporting->pane, text_ends_with(path, ".json"), &out);
		history_keep(screen->board->history, path, text_string(&out), out.n, on_kept, screen);
	}
	text_clear(&out);
	free(exporting);
}

void export_start(struct pane *pane, const char *name, void (*make)(struct pane *, bool json, struct text *out))
{
	struct exporting *exporting = mem_alloc(sizeof *exporting);
	*exporting = (struct exporting){ pane, make };
	screen_prompt(pane->screen, _("file:"), name, NULL, NULL, NULL, on_path, exporting);
}
