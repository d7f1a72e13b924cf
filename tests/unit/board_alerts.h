/* SPDX-License-Identifier: Apache-2.0
 *
 * The board's questions for alerts: rows, groups, surveys, one of them. Part of
 * screen_board.h. */
#ifndef BOARD_ALERTS_H
#define BOARD_ALERTS_H

static bool in_filter(enum filter_of of, const char *source,
    void (*read)(const void *, unsigned, int64_t, struct filter_cell *), const void *row)
{
	struct filter filter;
	struct fault fault;
	source = source == NULL ? "" : source;
	if (!filter_parse(of, source, strlen(source), NOW_MS, NULL, &filter, NULL, &fault, NULL)) {
		printf("the filter %s reached the store: %s\n", source, fault.text);
		exit(1);
	}
	bool passes = filter_passes(&filter, read, row, NOW_MS);
	filter_clear(&filter);
	return passes;
}

/* What a row stands for; ids: room for all. */
static void fake_group(const struct alert_query *query, const struct alert *lead, struct alert_group *group, int64_t *ids)
{
	*group = (struct alert_group){ .severity = lead->severity, .score = lead->score, .ids = ids };
	bool few = query->grouping == GROUP_RULE || query->grouping == GROUP_SITE;
	for (size_t i = 0; i < fake.n_alerts; i++) {
		const struct alert *a = &fake.alerts[i];
		if ((a->state == ALERT_CLOSED && !query->closed_too) || !queue_same_group(query->grouping, a, lead) ||
		    !in_filter(FILTER_ALERTS, query->filter, filter_read_alert, a))
			continue;
		group->n++;
		group->at_most = fake.shared && group->n > 1;
		group->hits += a->count;
		group->cost_micro += a->cost_micro;
		group->severity = MAX(group->severity, a->state < ALERT_SNOOZED ? a->severity : SEVERITY_LOW);
		group->score = MAX(group->score, a->score);
		int64_t ago = (NOW_MS - a->raised_ms) / TREND_STEP_MS;
		if (ago >= 0 && ago < TREND_STEPS)
			group->trend[TREND_STEPS - 1 - ago]++;
		if (!few && group->n_ids < GROUP_MEMBERS_MAX)
			ids[group->n_ids++] = a->id;
	}
}

/* Where the mark stands: how many rows come before it. */
static size_t fake_place(const struct alert *rows, size_t n, const struct alert_query *query)
{
	for (size_t at = 0; at < n; at++) {
		struct alert_mark mark = alert_mark_of(&rows[at], query->order);
		if (alert_mark_compare(&mark, query->from, query->order) >= 0)
			return at;
	}
	return n;
}

void history_alerts(struct history *h, const struct alert_query *query,
    void (*on_answer)(void *, const struct alert_list *, const struct fault *), void *arg)
{
	static struct alert shown[FAKE_ALERTS], inside[FAKE_ALERTS];
	static struct alert_group groups[FAKE_ALERTS];
	static int64_t ids[FAKE_ALERTS + 1];
	struct alert_opened opened[8];
	struct alert_list list = { .items = shown };
	UNUSED(h);
	fake.n_asked++;
	if (fake.silent) {
		fake.asked_alerts.query = *query;
		if (query->from != NULL) {
			fake.asked_alerts.from = *query->from;
			fake.asked_alerts.query.from = &fake.asked_alerts.from;
		}
		fake.asked_alerts.on_answer = on_answer;
		fake.asked_alerts.arg = arg;
		return;
	}
	if (fake.fault.code != FAULT_NONE) {
		on_answer(arg, NULL, &fake.fault);
		return;
	}
	size_t n = 0, n_inside = 0;
	for (size_t i = 0; i < fake.n_alerts; i++) {
		const struct alert *alert = &fake.alerts[i];
		list.newest_id = MAX(list.newest_id, alert->id);
		if (alert->state != ALERT_CLOSED) {
			list.n_open++;
			list.n_by_severity[alert->severity]++;
			list.n_mine += strcmp(alert->assignee, "ana") == 0;
		}
		if ((alert->state != ALERT_CLOSED || query->closed_too) &&
		    in_filter(FILTER_ALERTS, query->filter, filter_read_alert, alert))
			shown[n++] = *alert;
	}
	queue_sort(shown, n, query->order);
	for (size_t i = 0; i < query->n_opened; i++) {
		struct alert of = { 0 };
		opened[i] = (struct alert_opened){ query->opened[i], &inside[n_inside], 0 };
		for (size_t k = 0; k < fake.n_alerts; k++)
			of = fake.alerts[k].id == query->opened[i] ? fake.alerts[k] : of;
		for (size_t k = 0; k < n && of.id != 0 && n_inside < FAKE_ALERTS; k++)
			if (queue_same_group(query->grouping, &shown[k], &of))
				inside[n_inside++] = shown[k], opened[i].n++;
	}
	list.opened = opened;
	list.n_opened = query->n_opened;
	n = queue_leads(shown, n, query->grouping);
	size_t at = query->from != NULL ? fake_place(shown, n, query) : query->backwards ? n :
											   0;
	size_t first = query->backwards ? at - MIN(at, query->limit) : at, last = query->backwards ? at : MIN(n, at + query->limit);
	bool few = query->grouping == GROUP_RULE || query->grouping == GROUP_SITE;
	if (few)
		first = 0, last = n;
	/* A filter is asked of so many rows at once, counted in what would be shown. */
	if (fake.alert_step > 0 && query->budget_ms > 0 && *query->filter != '\0' && !query->backwards && last - first > fake.alert_step) {
		last = first + fake.alert_step;
		list.searching = true;
		list.n_searched = 1000;
		list.resume = alert_mark_of(&shown[last], query->order);
	}
	list.items = shown + first;
	list.n = last - first;
	list.more = !few && !list.searching && (query->backwards ? first > 0 : last < n);
	size_t used = 0;
	for (size_t i = 0; i < list.n && query->grouping != GROUP_NONE; i++) {
		fake_group(query, &list.items[i], &groups[i], &ids[used]);
		used += groups[i].n_ids;
	}
	list.groups = query->grouping != GROUP_NONE ? groups : NULL;
	on_answer(arg, &list, NULL);
}

static inline void fake_answer_alerts(void)
{
	fake.silent = false;
	history_alerts(NULL, &fake.asked_alerts.query, fake.asked_alerts.on_answer, fake.asked_alerts.arg);
}

static void survey_add(struct alert_survey *survey, const struct alert *alert)
{
	static int64_t ids[FAKE_ALERTS];
	survey->ids = ids;
	ids[survey->n++] = alert->id;
	survey->n_by_severity[alert->severity]++;
	survey->n_by_state[alert->state]++;
	if (*alert->assignee == '\0' || strcmp(alert->assignee, "ana") == 0)
		return;
	survey->n_others++;
	size_t i = 0;
	while (i < survey->n_people && strcmp(survey->others[i].who, alert->assignee) != 0)
		i++;
	if (i < SURVEY_PEOPLE) {
		survey->others[i].who = alert->assignee;
		survey->others[i].n++;
		survey->n_people = MAX(survey->n_people, i + 1);
	}
}

void history_survey_matching(struct history *h, const struct alert_query *query,
    void (*on_answer)(void *, const struct alert_survey *, const struct fault *), void *arg)
{
	struct alert_survey survey = { .cut = fake.cut };
	UNUSED(h);
	if (fake.fault.code != FAULT_NONE) {
		on_answer(arg, NULL, &fake.fault);
		return;
	}
	for (size_t i = 0; i < fake.n_alerts; i++)
		if ((fake.alerts[i].state != ALERT_CLOSED || query->closed_too) &&
		    in_filter(FILTER_ALERTS, query->filter, filter_read_alert, &fake.alerts[i]))
			survey_add(&survey, &fake.alerts[i]);
	on_answer(arg, &survey, NULL);
}

void history_survey_of(struct history *h, const int64_t *ids, size_t n,
    void (*on_answer)(void *, const struct alert_survey *, const struct fault *), void *arg)
{
	struct alert_survey survey = { 0 };
	UNUSED(h);
	if (fake.fault.code != FAULT_NONE) {
		on_answer(arg, NULL, &fake.fault);
		return;
	}
	for (size_t i = 0; i < fake.n_alerts; i++)
		for (size_t k = 0; k < n; k++)
			if (fake.alerts[i].id == ids[k])
				survey_add(&survey, &fake.alerts[i]);
	on_answer(arg, &survey, NULL);
}

static struct alert *alert_by_id(int64_t id)
{
	for (size_t i = 0; i < fake.n_alerts; i++)
		if (fake.alerts[i].id == id)
			return &fake.alerts[i];
	return NULL;
}

#include "story_board.h"

void history_alert(struct history *h, int64_t id,
    void (*on_answer)(void *, const struct alert_detail *, const struct fault *), void *arg)
{
	struct fault fault;
	struct alert *alert = alert_by_id(id);
	UNUSED(h);
	if (fake.silent)
		return;
	if (fake.alert_later) {
		fake.asked_alert.id = id;
		fake.asked_alert.on_answer = on_answer;
		fake.asked_alert.arg = arg;
		return;
	}
	if (alert == NULL) {
		fault_set(&fault, FAULT_NOT_FOUND, "there is no alert %" PRId64, id);
		on_answer(arg, NULL, &fault);
		return;
	}
	size_t i = (size_t)(alert - fake.alerts);
	struct leg_row legs[12];
	size_t n = MIN((size_t)alert->count, COUNT_OF(legs));
	for (size_t k = 0; k < n; k++)
		legs[k] = fake.legs[k % MAX(fake.n_calls, 1)][0];
	struct alert others[8];
	size_t n_others = 0;
	for (size_t k = 0; k < fake.n_alerts && n_others < COUNT_OF(others); k++)
		if (k != i && fake.alerts[k].case_id == alert->case_id)
			others[n_others++] = fake.alerts[k];
	struct alert merged[4];
	size_t n_merged = 0;
	int64_t merged_records = 0;
	for (size_t k = 0; k < fake.n_alerts && n_merged < COUNT_OF(merged); k++)
		if (fake.alerts[k].merged_into == alert->id)
			merged_records += fake.alerts[k].count, merged[n_merged++] = fake.alerts[k];
	struct alert_detail detail = { .alert = *alert, .texts_of_now = fake.texts_of_now, .steps = fake.steps, .n_steps = fake.n_steps, .duplicates = merged, .n_duplicates = n_merged, .duplicate_records = merged_records, .same_case = others, .n_same_case = n_others, .events = fake.events[i], .n_events = fake.n_events[i], .legs = legs, .n_legs = n, .seen_before = &fake.alerts[fake.n_alerts - 1], .n_seen_before = fake.n_alerts > 1,
		.same_subject = fake.with_past ? &fake.alerts[4] : NULL, .n_same_subject = fake.with_past ? 2 : 0,
		.same_number = fake.with_past ? &fake.alerts[6] : NULL, .n_same_number = fake.with_past ? 1 : 0 };
	on_answer(arg, &detail, NULL);
}

static inline void fake_answer_alert(void)
{
	fake.alert_later = false;
	history_alert(NULL, fake.asked_alert.id, fake.asked_alert.on_answer, fake.asked_alert.arg);
}

#endif
