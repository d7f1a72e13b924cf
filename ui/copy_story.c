/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/copy.h"

#include <string.h>

static const struct profile_change *copy_change(struct arena *arena, const struct profile_change *change)
{
	struct profile_change *copy = arena_alloc(arena, sizeof *copy);
	*copy = *change;
	copy->name = arena_strdup(arena, change->name);
	return copy;
}

void copy_story(struct arena *arena, const struct case_story *story, struct case_story *out)
{
	*out = *story;
	out->alerts = copy_alerts(arena, story->alerts, story->n_alerts);
	out->countries = arena_alloc(arena, (story->n_countries_listed + 1) * sizeof *out->countries);
	if (story->n_countries_listed > 0)
		memcpy(out->countries, story->countries, story->n_countries_listed * sizeof *out->countries);
	out->items = arena_alloc(arena, (story->n_items + 1) * sizeof *out->items);
	for (size_t i = 0; i < story->n_items; i++) {
		const struct case_item *from = &story->items[i];
		struct case_item *item = &out->items[i];
		*item = *from;
		item->who = arena_strdup(arena, from->who);
		if (from->call != NULL)
			item->call = copy_calls(arena, from->call, 1);
		if (from->event != NULL)
			item->event = copy_events(arena, from->event, 1);
		if (from->change != NULL)
			item->change = copy_change(arena, from->change);
		if (from->alert != NULL)
			item->alert = &out->alerts[from->alert - story->alerts];
	}
}
