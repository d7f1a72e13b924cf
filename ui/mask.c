/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/mask.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"

struct unmasking {
	struct screen *screen; /* NULL: gone */
};

static void on_done(void *arg, size_t n_done, size_t n_failed, const struct fault *fault)
{
	struct unmasking *unmasking = arg;
	struct screen *screen = unmasking->screen;
	UNUSED(n_failed);
	free(unmasking);
	if (screen == NULL)
		return;
	screen->unmasking = NULL;
	screen->n_in_flight--;
	if (n_done == 1) {
		screen->masked = false;
		screen_message(screen, ROLE_TEXT, "%s", _("Numbers are shown whole; the audit log says who saw them."));
	} else if (fault != NULL) {
		screen_message(screen, ROLE_ERROR, _("Numbers stay masked: %s"), fault->text);
	}
}

/* "queue", "profile: Person Ana Bernal": of a text its first line says whose it is. */
static void view_name(const struct pane *pane, char *out, size_t capacity)
{
	const struct document *document = pane_document(pane);
	int n = snprintf(out, capacity, "%s%s%.100s", pane->type->name, pane->title[0] != '\0' ? ": " : "", pane->title);
	if (pane->title[0] != '\0' || document == NULL || document->n == 0)
		return;
	for (const struct document_span *s = document->lines[0].first; s != NULL && n > 0 && (size_t)n < capacity; s = s->next)
		n += snprintf(out + n, capacity - (size_t)n, "%s %.60s", s == document->lines[0].first ? ":" : "", s->text);
}

void mask_toggle(struct screen *screen)
{
	const struct pane *pane = screen_focused(screen);
	char view[160];
	if (!screen->masked || !screen->masked_by_rule) {
		screen->masked = !screen->masked;
		screen_message(screen, ROLE_TEXT, "%s", screen->masked ? _("Numbers are masked.") : _("Numbers are shown whole."));
		return;
	}
	if (screen->unmasking != NULL) /* it is on its way */
		return;
	view_name(pane, view, sizeof view);
	screen->unmasking = mem_zalloc(sizeof *screen->unmasking);
	screen->unmasking->screen = screen;
	screen->n_in_flight++;
	desk_disclose(screen->board->desk, view, on_done, screen->unmasking);
}

void mask_forget(struct screen *screen)
{
	if (screen->unmasking != NULL)
		screen->unmasking->screen = NULL;
	screen->unmasking = NULL;
}
