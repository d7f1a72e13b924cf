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

static const struct directory_change *copy_directory_change(struct arena *arena, const struct directory_change *change)
{
	struct directory_change *copy = arena_alloc(arena, sizeof *copy);
	*copy = (struct directory_change){ change->at_ms, arena_strdup(arena, change->uuid), arena_strdup(arena, change->name), arena_strdup(arena, change->what),
		arena_strdup(arena, change->was), arena_strdup(arena, change->became) };
	return copy;
}

static void *copy_plain(struct arena *arena, const void *rows, size_t n, size_t size)
{
	void *copy = arena_alloc(arena, (n + 1) * size);
	if (n > 0)
		memcpy(copy, rows, n * size);
	return copy;
}

void copy_story(struct arena *arena, const struct case_story *story, struct case_story *out)
{
	*out = *story;
	out->alerts = copy_alerts(arena, story->alerts, story->n_alerts);
	out->lead = story->lead == NULL ? NULL : copy_alerts(arena, story->lead, 1);
	out->members = copy_plain(arena, story->members, story->n_members, sizeof *out->members);
	out->countries = copy_plain(arena, story->countries, story->n_countries_listed, sizeof *out->countries);
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
		if (from->directory != NULL)
			item->directory = copy_directory_change(arena, from->directory);
		if (from->admin != NULL)
			item->admin = admin_events_copy(arena, from->admin, 1);
		if (from->live != NULL)
			item->live = live_halves_copy(arena, from->live, 1);
		if (from->change != NULL)
			item->change = copy_change(arena, from->change);
		if (from->alert != NULL)
			item->alert = &out->alerts[from->alert - story->alerts];
	}
}

void copy_shift(struct arena *arena, const struct shift_report *report, struct shift_report *out)
{
	*out = *report;
	out->sites = copy_plain(arena, report->sites, report->n_sites, sizeof *out->sites);
	for (size_t i = 0; i < out->n_sites; i++)
		out->sites[i].name = arena_strdup(arena, out->sites[i].name);
	out->owners = copy_plain(arena, report->owners, report->n_owners, sizeof *out->owners);
	for (size_t i = 0; i < out->n_owners; i++)
		out->owners[i].name = arena_strdup(arena, out->owners[i].name);
	out->open_alerts = copy_alerts(arena, report->open_alerts, report->n_open_listed);
	out->open_cases = copy_plain(arena, report->open_cases, report->n_open_listed, sizeof *out->open_cases);
	out->closed_alerts = copy_alerts(arena, report->closed_alerts, report->n_closed_listed);
	out->ends = copy_plain(arena, report->ends, report->n_ends, sizeof *out->ends);
	for (size_t i = 0; i < out->n_ends; i++)
		out->ends[i].alert = copy_alerts(arena, out->ends[i].alert, 1);
	out->notes = copy_plain(arena, report->notes, report->n_notes, sizeof *out->notes);
	for (size_t i = 0; i < out->n_notes; i++) {
		struct shift_note *note = &out->notes[i];
		note->who = arena_strdup(arena, note->who);
		note->text = arena_strdup(arena, note->text);
		note->title_en = arena_strdup(arena, note->title_en);
		note->title_es = arena_strdup(arena, note->title_es);
	}
	out->rules = copy_plain(arena, report->rules, report->n_rules, sizeof *out->rules);
	for (size_t i = 0; i < out->n_rules; i++) {
		struct shift_rule *rule = &out->rules[i];
		rule->rule = arena_strdup(arena, rule->rule);
		rule->title_en = arena_strdup(arena, rule->title_en);
		rule->title_es = arena_strdup(arena, rule->title_es);
	}
}
