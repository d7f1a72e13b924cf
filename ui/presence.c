/* SPDX-License-Identifier: Apache-2.0
 *
 * Who else looks at an alert, and that others see what is open here. */
#include <stdio.h>
#include <string.h>

#include "ui/screen.h"

#define RENEW_MS (VIEWING_MS / 3)

void presence_tick(struct screen *screen)
{
	const struct pane *pane = screen_focused(screen);
	int64_t open = pane->type == &view_alert ? pane->id : 0;
	bool due = open != screen->viewing.alert_id || (open != 0 && screen->steady_ms - screen->viewing.told_ms >= RENEW_MS);
	if (!due)
		return;
	screen->viewing.alert_id = open;
	screen->viewing.told_ms = screen->steady_ms;
	desk_view(screen->board->desk, open);
}

void presence_end(struct screen *screen)
{
	if (screen->viewing.alert_id != 0)
		desk_view(screen->board->desk, 0);
	screen->viewing.alert_id = 0;
}

size_t presence_names(const struct screen *screen, int64_t alert_id, char *out, size_t capacity)
{
	const struct viewers *viewers = screen->board->viewers;
	size_t used = 0, n = 0;
	out[0] = '\0';
	for (size_t i = 0; viewers != NULL && i < viewers->n; i++) {
		const struct viewer *viewer = &viewers->items[i];
		if (viewer->alert_id != alert_id || used >= capacity)
			continue;
		bool me = strcmp(viewer->who, desk_user(screen->board->desk)) == 0;
		used += (size_t)snprintf(out + used, capacity - used, "%s%s", n++ > 0 ? ", " : "", me ? _("you in another console") : viewer->who);
	}
	return n;
}

bool presence_seen(const struct screen *screen, int64_t alert_id)
{
	const struct viewers *viewers = screen->board->viewers;
	for (size_t i = 0; viewers != NULL && i < viewers->n; i++)
		if (viewers->items[i].alert_id == alert_id)
			return true;
	return false;
}
