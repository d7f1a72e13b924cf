/* SPDX-License-Identifier: Apache-2.0
 *
 * Acts that are told outside: whoever gives one sees it before, because undo does not
 * take back what a room has read. */
#include <stdio.h>
#include <string.h>

#include "ui/act_parts.h"

/* The alert, where the pane has it whole. */
static const struct alert *alert_of(struct screen *screen, int64_t id)
{
	struct pane *pane = screen_focused(screen);
	if (pane->type->filter_of != FILTER_ALERTS || pane->type->selected == NULL || pane->type->read_row != filter_read_alert)
		return NULL;
	const struct alert *alert = pane->type->selected(pane);
	return alert != NULL && alert->id == id ? alert : NULL;
}

static bool told_of(struct screen *screen, const struct intent *intent, struct told *out, bool *sure)
{
	const struct alert *alert = intent->n == 1 ? alert_of(screen, intent->ids[0]) : NULL;
	*out = (struct told){ 0 };
	*sure = alert != NULL;
	if (screen->board->told_of != NULL)
		screen->board->told_of(screen->board->told_arg, intent->act, alert, SEVERITY_CRITICAL, out);
	return out->n > 0;
}

bool act_told(struct screen *screen, const struct intent *intent, char *out, size_t capacity)
{
	struct told told;
	bool sure, any = told_of(screen, intent, &told, &sure);
	out[0] = '\0';
	if (any)
		snprintf(out, capacity, sure ? _("! told to %s: that cannot be undone") : _("! may be told to %s: that cannot be undone"), told.names);
	return any;
}

void act_told_names(struct screen *screen, const struct intent *intent, char *out, size_t capacity)
{
	struct told told;
	bool sure;
	told_of(screen, intent, &told, &sure);
	snprintf(out, capacity, "%s", sure ? told.names : ""); /* of others it is not known */
}

bool act_told_to_people(struct screen *screen, const struct intent *intent)
{
	struct told told;
	bool sure;
	return told_of(screen, intent, &told, &sure) && told.people;
}

void act_add_told(struct screen *screen, const struct intent *intent, struct menu *menu)
{
	char line[sizeof menu->items[0].label];
	if (!act_told(screen, intent, line, sizeof line))
		return;
	menu_add(menu, 0, 0, line);
	menu->items[menu->n - 1].off = true;
	menu->items[menu->n - 1].warns = true;
}
