/* SPDX-License-Identifier: Apache-2.0
 *
 * The board's stories: a case made of the fixed alerts and calls. Part of
 * screen_board.h. */
#ifndef STORY_BOARD_H
#define STORY_BOARD_H

static struct {
	char path[256];
	struct text bytes;
	bool is_there; /* a file of that name */
} kept_file;

void history_keep(struct history *h, const char *path, const char *bytes, size_t n,
    void (*on_answer)(void *, const char *, const struct fault *), void *arg)
{
	struct fault fault;
	UNUSED(h);
	snprintf(kept_file.path, sizeof kept_file.path, "%s", path);
	if (kept_file.is_there) {
		fault_set(&fault, FAULT_CONFLICT, "%s is there already: nothing was written", path);
		on_answer(arg, path, &fault);
		return;
	}
	text_reset(&kept_file.bytes);
	text_add(&kept_file.bytes, bytes, n);
	on_answer(arg, path, NULL);
}

#define STORY_CALLS 5

static struct case_item *story_item(struct case_story *story, enum case_item_kind kind, int64_t at_ms)
{
	struct case_item *item = &story->items[story->n_items++];
	*item = (struct case_item){ .kind = kind, .at_ms = at_ms, .who = "" };
	return item;
}

/* The alert, two more beside it, calls before it, what changed, and what was done. */
static void fake_story(struct alert *first, struct case_story *story)
{
	static struct alert alerts[3];
	static struct case_item items[64];
	static struct case_country countries[] = { { "LV", TIER_HIGH, 3, 700, 17500000 }, { "CU", TIER_EXTREME, 2, 60, 900000 }, { "", TIER_NONE, 1, 5, 0 } };
	static struct profile_change changes[] = { { CHANGE_DEVICE, "A1B2C3D4E5F6", 0 }, { CHANGE_COUNTRY, "LV", 0 } };
	size_t i = (size_t)(first - fake.alerts);
	*story = (struct case_story){ .id = first->id, .alerts = alerts, .items = items, .n_records = 61, .n_calls = 9, .n_people = 2,
		.n_numbers = 7, .n_countries = 2, .talk_s = 2290, .cost_micro = 41200000, .countries = countries, .n_countries_listed = 3 };
	int64_t begin = first->raised_ms - 12 * MINUTE_MS;
	for (size_t k = 0; k < 3 && i + k < fake.n_alerts; k++, story->n_alerts++)
		alerts[k] = fake.alerts[i + k];
	story->n_alerts_all = (int64_t)story->n_alerts;
	story->n_open = story->n_alerts_all - 1;
	story->worst = alerts[0].severity;
	story->first_ms = begin;
	story->last_ms = first->raised_ms;
	story->detect_ms = 12 * MINUTE_MS;
	story->acknowledge_ms = fake.n_events[i] > 1 ? 4 * MINUTE_MS : -1;
	struct case_item *item = story_item(story, CASE_CHANGED, begin - DAY_MS);
	item->change = &changes[0];
	item->who = alerts[0].subject_name;
	if (fake.n_calls > 3) {
		item = story_item(story, CASE_FORWARD, begin - HOUR_MS);
		item->call = &fake.calls[3];
		item->call_id = item->call->id;
		item->who = alerts[0].subject_name;
	}
	for (size_t k = 0; k < STORY_CALLS && k < fake.n_calls; k++) {
		item = story_item(story, CASE_CALL, begin + (int64_t)k * 2 * MINUTE_MS);
		item->call = &fake.calls[k];
		item->call_id = item->call->id;
	}
	item = story_item(story, CASE_CHANGED, begin + 9 * MINUTE_MS);
	item->change = &changes[1];
	item->who = "+573105550221";
	item->who_is_number = true;
	for (size_t k = 0; k < story->n_alerts; k++) {
		item = story_item(story, CASE_RAISED, first->raised_ms + (int64_t)k * MINUTE_MS);
		item->alert = &alerts[k];
		item->alert_id = alerts[k].id;
	}
	for (size_t k = 1; k < fake.n_events[i]; k++) {
		item = story_item(story, CASE_ACT, fake.events[i][k].at_ms);
		item->event = &fake.events[i][k];
		item->alert_id = first->id;
	}
}

void history_case(struct history *h, int64_t id, void (*on_answer)(void *, const struct case_story *, const struct fault *), void *arg)
{
	struct alert *alert = alert_by_id(id);
	struct case_story story;
	struct fault fault;
	UNUSED(h);
	if (fake.silent)
		return;
	if (alert == NULL) {
		fault_set(&fault, FAULT_NOT_FOUND, "there is no case %" PRId64, id);
		on_answer(arg, NULL, &fault);
		return;
	}
	fake_story(alert, &story);
	on_answer(arg, &story, NULL);
}

#endif
