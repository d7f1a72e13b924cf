/* SPDX-License-Identifier: Apache-2.0
 *
 * A board made of fixed data, so that a screen is the same on every machine
 * and day: the functions of watch/board.h answered from arrays, at once. The
 * people and numbers are invented. */
#ifndef SCREEN_BOARD_H
#define SCREEN_BOARD_H

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alerts/merge.h"
#include "alerts/tags.h"
#include "queue_order.h"
#include "base/iso_time.h"
#include "filter/filter.h"
#include "ui/screen.h"
#include "watch/board.h"

#define NOW_MS INT64_C(1791227040000) /* 2026-10-05T19:04:00Z, 14:04 in Bogotá */

struct desk {
	int unused;
};
struct history {
	int unused;
};
struct lab {
	struct lab_trial trial;
	uint64_t version;
	bool has_replayed, has_rehearsed, has_tuned;
};

#define FAKE_ALERTS 1800

static struct {
	struct board board;
	struct health health;
	struct clock clock;
	struct history history;
	struct desk desk;
	struct lab lab;
	bool no_rules; /* none is in force, and none ever spoke */
	struct live_calls *live;
	struct alert alerts[FAKE_ALERTS];
	size_t n_alerts;
	struct alert_event events[FAKE_ALERTS][8];
	size_t n_events[FAKE_ALERTS];
	struct call calls[4000]; /* newest first */
	size_t n_calls;
	struct leg_row legs[4000][3];
	struct location_row locations[32];
	size_t n_locations;
	struct score_row scores[64];
	size_t n_scores;
	char disclosed[200]; /* the view that was unmasked */
	int n_disclosed;
	bool read_only, silent; /* silent: no answer ever comes */
	int64_t viewed; /* what others see that is open */
	size_t n_viewed;
	struct viewers viewers;
	struct alert_step steps[8];
	size_t n_steps;
	bool texts_of_now; /* of an opened alert of then */
	bool with_past; /* of the same subject and number, closed */
	bool cut; /* more alerts match than an act may be of */
	char undo[80], redo[80];
	int64_t undo_id, tuned_id;
	int64_t tuned_for_ms;
	size_t tuned_offer; /* 0: none was accepted */
	enum alert_state undo_state;
	struct fault fault; /* every answer */
	bool journey;	    /* every call is one of a journey */
	bool few_days;	    /* a profile of somebody new */
	bool very_many;	    /* … of more calls than are read */
	bool no_days;	    /* … of whom no whole day is known */
	bool with_changes;  /* … of somebody who has what it had not */
	const char *hard_name; /* of a profile; NULL: its id */
	bool past;	    /* … of a store of long ago */
	size_t alert_step; /* likewise of alerts */
	size_t search_step; /* so many calls a filter is asked of at once; 0: of all */
	bool later;	    /* a question for calls waits for fake_answer_calls */
	struct {
		struct call_query query;
		void (*on_answer)(void *, const struct call_list *, const struct fault *);
		void *arg;
	} asked_calls;
	struct {
		struct alert_query query;
		struct alert_mark from;
		void (*on_answer)(void *, const struct alert_list *, const struct fault *);
		void *arg;
	} asked_alerts;
	struct {
		int64_t id;
		void (*on_answer)(void *, const struct call_detail *, const struct fault *);
		void *arg;
	} asked_call;
	bool alert_later; /* a question for an alert waits for the test */
	struct {
		int64_t id;
		void (*on_answer)(void *, const struct alert_detail *, const struct fault *);
		void *arg;
	} asked_alert;
	bool acts_later; /* the desk's answers wait for the test */
	struct {
		void (*on_done)(void *, size_t, size_t, const struct fault *);
		void *arg;
	} ordered[4];
	size_t n_ordered;
	struct {
		void (*on_done)(void *, const struct manual_raised *, const struct fault *);
		void *arg;
	} raised;
	struct sign_in sign_in;
	size_t n_sign_ins;
	size_t n_asked;
} fake;

/* ---- history ---------------------------------------------------------------- */

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
	size_t at = 0;
	struct alert mark = { .id = query->from->id, .raised_ms = query->from->raised_ms, .subject_name = "", .rule = "", .location = "", .assignee = "" };
	mark.state = query->from->rank == 0 ? ALERT_CLOSED : query->from->rank == 1 ? ALERT_SNOOZED :
										      ALERT_NEW;
	mark.severity = (enum severity)query->from->number;
	mark.score = (int)query->from->number;
	mark.count = mark.cost_micro = query->from->number;
	if (query->order == ORDER_STATE)
		mark.state = (enum alert_state)query->from->number;
	if (query->from->text != NULL)
		mark.subject_name = mark.rule = mark.location = mark.assignee = query->from->text;
	queue_order_now = query->order;
	while (at < n && queue_by_order(&rows[at], &mark) < 0)
		at++;
	return at;
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

static void answer_calls(const struct call_query *query,
    void (*on_answer)(void *, const struct call_list *, const struct fault *), void *arg)
{
	static struct call shown[1001];
	struct call_list list = { .items = shown };
	if (fake.fault.code != FAULT_NONE) {
		on_answer(arg, NULL, &fake.fault);
		return;
	}
	for (size_t k = 0; k < fake.n_calls && !list.more; k++) {
		if (fake.search_step > 0 && query->budget_ms > 0 && *query->filter != '\0' && list.n_searched == (int64_t)fake.search_step) {
			list.searching = true;
			break;
		}
		const struct call *call = &fake.calls[query->oldest_first ? fake.n_calls - 1 - k : k];
		if ((query->before_id != 0 && call->id >= query->before_id) || call->id <= query->after_id)
			continue;
		list.n_searched++;
		list.resume_id = call->id;
		if (!in_filter(FILTER_CALLS, query->filter, filter_read_call, call))
			continue;
		list.more = list.n == query->limit;
		if (!list.more)
			shown[list.n++] = *call;
	}
	on_answer(arg, &list, NULL);
}

void history_calls(struct history *h, const struct call_query *query,
    void (*on_answer)(void *, const struct call_list *, const struct fault *), void *arg)
{
	UNUSED(h);
	fake.n_asked++;
	if (fake.silent)
		return;
	fake.asked_calls.query = *query;
	fake.asked_calls.on_answer = on_answer;
	fake.asked_calls.arg = arg;
	if (!fake.later)
		answer_calls(query, on_answer, arg);
}

static inline void fake_answer_calls(void)
{
	fake.later = false;
	answer_calls(&fake.asked_calls.query, fake.asked_calls.on_answer, fake.asked_calls.arg);
}

void history_call(struct history *h, int64_t id,
    void (*on_answer)(void *, const struct call_detail *, const struct fault *), void *arg)
{
	UNUSED(h);
	if (fake.silent || fake.later) {
		fake.asked_call.id = id;
		fake.asked_call.on_answer = on_answer;
		fake.asked_call.arg = arg;
		return;
	}
	if (fake.journey) {
		struct call_detail detail;
		fake_flow(&detail);
		on_answer(arg, &detail, NULL);
		return;
	}
	for (size_t i = 0; i < fake.n_calls; i++) {
		if (fake.calls[i].id != id)
			continue;
		struct call_detail detail = { .call = fake.calls[i], .legs = fake.legs[i],
			.n_legs = (size_t)fake.calls[i].n_legs, .journey = &fake.calls[(i + 1) % fake.n_calls],
			.n_journey = i == 0, .live = lived, .n_live = fake.with_changes ? COUNT_OF(lived) : 0 };
		on_answer(arg, &detail, NULL);
		return;
	}
	struct fault fault;
	fault_set(&fault, FAULT_NOT_FOUND, "there is no call %" PRId64, id);
	on_answer(arg, NULL, &fault);
}

static inline void fake_answer_call(void)
{
	fake.later = false;
	history_call(NULL, fake.asked_call.id, fake.asked_call.on_answer, fake.asked_call.arg);
}

static const char *fake_raw = "{\n  \"Answered\": \"true\",\n  \"Called number\": \"+88216555044\",\n"
			      "  \"Report ID\": \"0f5a1c2e-7b1d-4c58-9a3e-3f1f0e8a7b11\",\n  \"User\": \"Ana Bernal\"\n}";

void history_raw(struct history *h, int64_t leg_id,
    void (*on_answer)(void *, const char *, const struct fault *), void *arg)
{
	UNUSED(h);
	UNUSED(leg_id);
	if (!fake.silent)
		on_answer(arg, fake_raw, NULL);
}

void history_locations(struct history *h,
    void (*on_answer)(void *, const struct location_list *, const struct fault *), void *arg)
{
	struct location_list list = { fake.locations, fake.n_locations };
	UNUSED(h);
	if (!fake.silent)
		on_answer(arg, &list, NULL);
}

void history_day(struct history *h, void (*on_answer)(void *, const struct day_picture *, const struct fault *), void *arg)
{
	static struct day_forward forwards[] = {
		{ "u1", "Marta Peña", "+18095550199", "DO", TIER_HIGH, 4, NOW_MS - 7 * MINUTE_MS, 0 },
		{ "u1", "Marta Peña", "+88216555044", "", TIER_EXTREME, 2, NOW_MS - 3 * HOUR_MS, 0 },
		{ "u2", "Jorge Ruiz", "+573105550221", "CO", TIER_NONE, 31, NOW_MS - 2 * DAY_MS, 0 },
	};
	struct day_picture day = { .as_of_ms = NOW_MS, .forwards = forwards, .n_forwards = fake.n_calls == 0 ? 0 : COUNT_OF(forwards),
		.n_forwards_all = fake.n_calls == 0 ? 0 : COUNT_OF(forwards), .sites = { fake.locations, fake.n_locations }, .n_calls = (int64_t)fake.n_calls * 700 };
	UNUSED(h);
	fake.n_asked++;
	if (fake.silent)
		return;
	if (fake.fault.code != FAULT_NONE) {
		on_answer(arg, NULL, &fake.fault);
		return;
	}
	for (size_t i = 0; i < COUNT_OF(forwards); i++)
		forwards[i].call_id = fake.n_calls > 0 ? fake.calls[i % fake.n_calls].id : 0;
	for (int i = 0; i < DAY_STEPS && fake.n_calls > 0; i++)
		day.up[i] = i == 40 ? 61 : (i * i * 7 / 300) % 38 + (i > 30) * 6;
	for (int i = 0; i < DAY_HOURS && fake.n_calls > 0; i++)
		day.hours[i] = (struct day_hour){ .load_milli = 3000 + i * 400, .cost_micro = i == 10 ? 61000000 : 2000000 + i * 100000, .load_low = 1000 + i * 300,
			.load_usual = 2500 + i * 400, .load_high = 6000 + i * 600, .cost_low = 1000000, .cost_usual = 2100000 + i * 90000, .cost_high = 4800000, .n_usual = 4 };
	static const int64_t now[DAY_DURATIONS] = { 210, 890, 1204, 2411, 1720, 288, 31, 44 }, before[DAY_DURATIONS] = { 1500, 6300, 8800, 16500, 12100, 1900, 180, 22 };
	for (int i = 0; i < DAY_DURATIONS && fake.n_calls > 0; i++) {
		day.durations[i] = now[i];
		day.durations_before[i] = before[i];
	}
	day.past = fake.past;
	on_answer(arg, &day, NULL);
}

void history_scores(struct history *h, const char *filter, size_t limit,
    void (*on_answer)(void *, const struct score_list *, const struct fault *), void *arg)
{
	static struct score_row shown[600];
	struct score_list list = { shown, 0 };
	UNUSED(h);
	for (size_t i = 0; i < fake.n_scores && list.n < limit; i++)
		if (in_filter(FILTER_SCORES, filter, query_read_score, &fake.scores[i]))
			shown[list.n++] = fake.scores[i];
	if (!fake.silent)
		on_answer(arg, &list, NULL);
}

static void fake_profile(enum subject_kind kind, const char *id, struct profile *p);

void history_profile(struct history *h, enum subject_kind kind, const char *id,
    void (*on_answer)(void *, const struct profile *, const struct fault *), void *arg)
{
	struct profile profile;
	UNUSED(h);
	if (fake.silent)
		return;
	fake_profile(kind, id, &profile);
	on_answer(arg, fake.fault.code == FAULT_NONE ? &profile : NULL, fake.fault.code == FAULT_NONE ? NULL : &fake.fault);
}

void history_audit(struct history *h, size_t limit,
    void (*on_answer)(void *, const struct audit_list *, const struct fault *), void *arg)
{
	struct audit_row rows[40];
	struct audit_list list = { .items = rows, .chain_ok = true };
	UNUSED(h);
	for (size_t i = fake.n_alerts; i-- > 0 && list.n < MIN(limit, COUNT_OF(rows));)
		for (size_t k = 0; k < fake.n_events[i] && list.n < COUNT_OF(rows); k++, list.n++)
			rows[list.n] = (struct audit_row){ .seq = 1000 - (int64_t)list.n,
				.alert_id = fake.alerts[i].id, .event = fake.events[i][k] };
	if (!fake.silent)
		on_answer(arg, &list, NULL);
}

static struct rule_card cards[] = {
	{ "irsf_burst", "IRSF: bursts to an expensive range", "IRSF: ráfagas a un rango caro", 41, 2, { [RESOLUTION_TRUE_IMPACT] = 21,
	    [RESOLUTION_TRUE_NO_IMPACT] = 9, [RESOLUTION_FALSE_POSITIVE] = 5, [RESOLUTION_LEGITIMATE] = 3, [RESOLUTION_DUPLICATE] = 1 }, 6 * MINUTE_MS, 11 * MINUTE_MS },
	{ "night_calls", "Calls abroad while the site is closed", "Llamadas al exterior con la sede cerrada", 212, 0,
	    { [RESOLUTION_FALSE_POSITIVE] = 118, [RESOLUTION_TRUE_NO_IMPACT] = 84 }, 0, 4 * MINUTE_MS },
	{ "wangiri", "Wangiri: one ring to many people", "Wangiri: un timbrazo a mucha gente", 3, 3, { 0 }, 23 * MINUTE_MS, -1 },
	{ "old_rule", "Calls to a list that nobody keeps any more", "Llamadas a una lista que ya nadie mantiene", 9, 0,
	    { [RESOLUTION_LEGITIMATE] = 9 }, 40 * SECOND_MS, MINUTE_MS },
};

static const char *const rule_tags[] = { "attack.impact", "attack.t1496.003" };
static const char *const rule_causes[] = { "A campaign abroad that nobody announced.", "Tests of a carrier." };
static const char *const rule_steps_en[] = { "Ask the person, by another way than this line, whether the calls are theirs.",
	"Block the range in the outgoing permissions of the site, and change the PIN of the voice mailbox.",
	"Write to the carrier within the day: what is disputed early is not paid." };
static const char *const rule_steps_es[] = { "Pregunte a la persona, por otra vía que esta línea, si las llamadas son suyas.",
	"Bloquee el rango en los permisos de salida de la sede y cambie el PIN del buzón.",
	"Escriba al operador el mismo día: lo que se disputa pronto no se paga." };
#define RULE_WORDS(words) { words, COUNT_OF(words) }
#define RULE_EN "Many calls to one range abroad that pays whoever owns it, within minutes and from one line."
#define RULE_ES "Muchas llamadas en minutos, desde una línea, a un rango del exterior que paga a su dueño."
static struct rule_page rule_pages[] = {
	{ "irsf_burst", "IRSF: bursts to an expensive range", "IRSF: ráfagas a un rango caro", RULE_EN, RULE_ES, "stable",
	    "data/rules/irsf_burst.yml", SEVERITY_CRITICAL, true, 5, RULE_WORDS(rule_tags), RULE_WORDS(rule_causes),
	    RULE_WORDS(rule_steps_en), RULE_WORDS(rule_steps_es) },
	{ "night_calls", "Calls abroad while the site is closed", "Llamadas al exterior con la sede cerrada", RULE_EN, RULE_ES, "test",
	    "data/rules/night_calls.yml", SEVERITY_MEDIUM, false, 3, RULE_WORDS(rule_tags), { 0 }, { 0 }, { 0 } },
	{ "wangiri", "Wangiri: one ring to many people", "Wangiri: un timbrazo a mucha gente", RULE_EN, RULE_ES, "stable",
	    "data/rules/wangiri.yml", SEVERITY_HIGH, true, 4, RULE_WORDS(rule_tags), { 0 }, { 0 }, { 0 } },
	{ "pin_guessing", "Somebody guesses the PIN of a voice mailbox, again and again, from outside",
	    "Alguien adivina el PIN de un buzón de voz, una y otra vez, desde fuera", RULE_EN, RULE_ES, "experimental",
	    "data/rules/pin_guessing.yml", SEVERITY_HIGH, true, 0, RULE_WORDS(rule_tags), { 0 }, { 0 }, { 0 } },
	{ "no_record", "A site falls silent", "Una sede se queda en silencio", RULE_EN, RULE_ES, "test",
	    "data/rules/no_record.yml", SEVERITY_LOW, true, 2, { 0 }, { 0 }, { 0 }, { 0 } },
};

void history_rule_cards(struct history *h, int64_t since_ms,
    void (*on_answer)(void *, const struct rule_cards *, const struct fault *), void *arg)
{
	static struct rule_card copy[COUNT_OF(cards)];
	struct rule_cards list = { copy, fake.no_rules ? 0 : COUNT_OF(cards) };
	UNUSED(h);
	UNUSED(since_ms);
	memcpy(copy, cards, sizeof copy);
	if (!fake.silent)
		on_answer(arg, fake.fault.code != FAULT_NONE ? NULL : &list, fake.fault.code != FAULT_NONE ? &fake.fault : NULL);
}

void history_rule_book(struct history *h, void (*on_answer)(void *, const struct rule_book *, const struct fault *), void *arg)
{
	static const char *scenarios[] = { "breakout", "irsf_weekend", "tdos", "wangiri" };
	struct rule_book book = { rule_pages, fake.no_rules ? 0 : COUNT_OF(rule_pages), scenarios, COUNT_OF(scenarios), "" };
	UNUSED(h);
	if (!fake.silent)
		on_answer(arg, fake.fault.code != FAULT_NONE ? NULL : &book, fake.fault.code != FAULT_NONE ? &fake.fault : NULL);
}

/* ---- lab -------------------------------------------------------------------- */

const struct lab_trial *lab_trial(const struct lab *lab)
{
	return &lab->trial;
}

uint64_t lab_version(const struct lab *lab)
{
	return lab->version;
}

static bool fake_begin(struct lab *lab, const struct lab_trial *trial)
{
	if (lab->trial.state == LAB_RUNNING)
		return false;
	lab->trial = *trial;
	lab->trial.state = LAB_RUNNING;
	lab->version++;
	return true;
}

bool lab_replay(struct lab *lab, int64_t since_ms, const char *folder)
{
	struct lab_trial trial = { .kind = LAB_REPLAY, .since_ms = since_ms, .percent = 43 };
	snprintf(trial.folder, sizeof trial.folder, "%s", folder);
	return fake_begin(lab, &trial);
}

bool lab_rehearse(struct lab *lab, const char *scenario)
{
	struct lab_trial trial = { .kind = LAB_REHEARSAL, .percent = 7 };
	snprintf(trial.scenario, sizeof trial.scenario, "%s", scenario);
	return fake_begin(lab, &trial);
}

bool lab_tune(struct lab *lab, int64_t alert_id, const char *who)
{
	assert(strcmp(who, "ana") == 0); /* the key fuzzer has no checks */
	UNUSED(who);
	return fake_begin(lab, &(struct lab_trial){ .kind = LAB_TUNING, .alert_id = alert_id, .percent = 61 });
}

void lab_cancel(struct lab *lab)
{
	if (lab->trial.state == LAB_RUNNING)
		lab->trial.state = LAB_CANCELLED;
	lab->version++;
}

/* The trial comes to its end; with a sentence: to a bad one. */
static inline void fake_end_trial(const char *sentence)
{
	struct lab *lab = &fake.lab;
	lab->version++;
	if (lab->trial.state != LAB_RUNNING)
		return;
	lab->trial.state = sentence == NULL ? LAB_DONE : LAB_FAILED;
	if (sentence != NULL)
		fault_fill(&lab->trial.fault, FAULT_STORE, "%s", sentence);
	lab->has_replayed |= sentence == NULL && lab->trial.kind == LAB_REPLAY;
	lab->has_tuned |= sentence == NULL && lab->trial.kind == LAB_TUNING;
	lab->has_rehearsed |= sentence == NULL && lab->trial.kind == LAB_REHEARSAL;
}

const struct replay_result *lab_replayed(const struct lab *lab)
{
	static struct replay_rule rules[] = {
		{ "night_calls", "", "", 140, 131, 9, 81, 0, { [RESOLUTION_FALSE_POSITIVE] = 60, [RESOLUTION_TRUE_NO_IMPACT] = 71 } },
		{ "irsf_burst", "", "", 41, 41, 0, 0, 2, { [RESOLUTION_TRUE_IMPACT] = 30, [RESOLUTION_FALSE_POSITIVE] = 8, [RESOLUTION_DUPLICATE] = 1 } },
		{ "wangiri", "", "", 3, 3, 0, 0, 3, { 0 } },
		{ "pin_guessing", "", "", 2, 0, 2, 0, 0, { 0 } },
		{ "no_record", "", "", 0, 0, 0, 0, 0, { 0 } },
		{ "old_rule", NULL, NULL, 0, 0, 0, 9, 0, { 0 } },
	};
	static struct replay_result result = { .rules = rules, .n_rules = COUNT_OF(rules), .n_legs = 20311, .n_lost = 12 };
	result.since_ms = lab->trial.kind == LAB_REPLAY ? lab->trial.since_ms : NOW_MS - 30 * DAY_MS;
	return lab->has_replayed ? &result : NULL;
}

const struct rehearsal *lab_rehearsed(const struct lab *lab)
{
	static struct rehearsal_incident incidents[] = {
		{ "irsf_night", 812400000, 126, { { "irsf_burst", "IRSF: bursts to an expensive range", "IRSF: ráfagas a un rango caro", 12 * MINUTE_MS + 30 * SECOND_MS, 41200000, 8 },
		    { "night_calls", "Calls abroad while the site is closed", "Llamadas al exterior con la sede cerrada", 19 * MINUTE_MS, 77000000, 14 } }, 2 },
		{ "irsf_disguised", 3200000, 20, { { 0 } }, 0 },
		{ "benign_board_call", 1900000, 2, { { 0 } }, 0 },
		{ "benign_holiday_cover", 0, 31, { { "night_calls", "Calls abroad while the site is closed", "Llamadas al exterior con la sede cerrada", 0, 0, 1 } }, 1 },
	};
	static struct rehearsal rehearsal = { .scenario = "irsf_weekend", .incidents = incidents, .n = COUNT_OF(incidents),
		.epoch_ms = NOW_MS / DAY_MS * DAY_MS + DAY_MS };
	return lab->has_rehearsed ? &rehearsal : NULL;
}

const struct tuning *lab_tuned(const struct lab *lab)
{
	static struct tuning tuning = { .rule_en = "IRSF: bursts to an expensive range", .rule_es = "IRSF: ráfagas a un rango caro", .before = 187, .n_legs = 211088,
		.n = 3, .offers = {
		    { { TUNING_EXCEPTION, "exception-070fb7434cd93761.yml", "# Proposed after alert 12.\ntitle: 'Exception'\nfilter:\n    rules:\n        - 'risky_call'\n    selection:\n        far.number: '+37128084192'\n    condition: selection\n",
			"Exception: Paula Benavides Ajú with +37128084192", "Excepción: Paula Benavides Ajú con +37128084192" }, 1, 0, 0, { [RESOLUTION_FALSE_POSITIVE] = 1 }, 0 },
		    { { TUNING_EXCEPTION, "exception-7922ed5ed13c0918.yml", "title: 'Exception'\n", "Exception: Paula Benavides Ajú with any number of LV",
			"Excepción: Paula Benavides Ajú con cualquier número de LV" }, 9, 2, 0, { [RESOLUTION_FALSE_POSITIVE] = 4, [RESOLUTION_TRUE_IMPACT] = 2, [RESOLUTION_LEGITIMATE] = 1 }, 1 },
		    { { TUNING_THRESHOLD, "threshold-irsf_burst.yml", "title: 'IRSF'\n", "Threshold: 9 instead of 5 (this alert counted 8)",
			"Umbral: 9 en vez de 5 (esta alerta contó 8)" }, 1, 0, 0, { [RESOLUTION_FALSE_POSITIVE] = 1 }, 0 } } };
	if (lab->trial.kind == LAB_TUNING)
		tuning.alert_id = lab->trial.alert_id;
	return lab->has_tuned ? &tuning : NULL;
}

void history_forget(struct history *h, void *arg)
{
	UNUSED(h);
	UNUSED(arg);
}

/* ---- desk --------------------------------------------------------------------- */

void desk_triage(struct desk *d, const int64_t *ids, size_t n, const struct triage_order *order,
    void (*on_done)(void *, size_t, size_t, const struct fault *), void *arg)
{
	struct fault fault = { 0 };
	size_t n_done = 0, n_failed = 0;
	struct triage_order full = *order;
	static char kept[32][256]; /* triage_apply borrows the order's text */
	static size_t n_kept;
	UNUSED(d);
	if (fake.acts_later && fake.n_ordered < COUNT_OF(fake.ordered)) {
		fake.ordered[fake.n_ordered].on_done = on_done;
		fake.ordered[fake.n_ordered++].arg = arg;
		return;
	}
	full.who = "ana";
	full.survivor_id = full.other_id;
	full.other_case = alert_by_id(full.other_id) != NULL ? alert_by_id(full.other_id)->case_id : full.other_id;
	full.now_ms = order->act == TRIAGE_SNOOZE || order->act == TRIAGE_SILENCE ? clock_real_ms() : NOW_MS;
	full.assignee = strncpy(kept[n_kept++ % 32], or_empty(order->assignee), 255);
	static char rooms[64][TAGS_TEXT];
	static size_t n_rooms;
	full.note = strncpy(kept[n_kept++ % 32], or_empty(order->note), 255);
	for (size_t i = 0; i < n; i++) {
		struct alert *alert = alert_by_id(ids[i]);
		if (alert != NULL) {
			fake.undo_id = alert->id;
			fake.undo_state = alert->state;
		}
		full.room = rooms[n_rooms++ % COUNT_OF(rooms)];
		if (alert != NULL && triage_apply(alert, &full, &fault)) {
			size_t k = (size_t)(alert - fake.alerts);
			if (fake.n_events[k] < 8)
				fake.events[k][fake.n_events[k]++] = (struct alert_event){ NOW_MS, "ana",
					triage_act_name(order->act), "", "", full.note };
			n_done++;
		} else {
			n_failed++;
		}
	}
	snprintf(fake.undo, sizeof fake.undo, "%s #%" PRId64, triage_act_word(order->act), fake.undo_id);
	fake.redo[0] = '\0';
	fake.board.alerts_version++;
	on_done(arg, n_done, n_failed, n_failed > 0 ? &fault : NULL);
}

const char *desk_undo_name(const struct desk *d)
{
	UNUSED(d);
	return fake.undo;
}

void desk_undo(struct desk *d, void (*on_done)(void *, size_t, size_t, const struct fault *), void *arg)
{
	struct alert *alert = alert_by_id(fake.undo_id);
	UNUSED(d);
	if (alert != NULL)
		alert->state = fake.undo_state;
	snprintf(fake.redo, sizeof fake.redo, "%s", fake.undo);
	fake.undo[0] = '\0';
	fake.board.alerts_version++;
	on_done(arg, 1, 0, NULL);
}

const char *desk_redo_name(const struct desk *d)
{
	UNUSED(d);
	return fake.redo;
}

/* Of closing alone: nothing else is redone here. */
void desk_redo(struct desk *d, void (*on_done)(void *, size_t, size_t, const struct fault *), void *arg)
{
	struct alert *alert = alert_by_id(fake.undo_id);
	UNUSED(d);
	if (alert != NULL)
		alert->state = ALERT_CLOSED;
	snprintf(fake.undo, sizeof fake.undo, "%s", fake.redo);
	fake.redo[0] = '\0';
	fake.board.alerts_version++;
	on_done(arg, 1, 0, NULL);
}

/* Of one alert: the test's. */
void desk_step(struct desk *d, int64_t alert_id, const char *step, bool done,
    void (*on_done)(void *, size_t, size_t, const struct fault *), void *arg)
{
	size_t i = 0;
	UNUSED(d);
	UNUSED(alert_id);
	while (i < fake.n_steps && strcmp(fake.steps[i].step, step) != 0)
		i++;
	if (done)
		fake.steps[fake.n_steps++] = (struct alert_step){ step, "ana", NOW_MS };
	else if (i < fake.n_steps)
		fake.steps[i] = fake.steps[--fake.n_steps];
	fake.board.alerts_version++;
	on_done(arg, 1, 0, NULL);
}

void desk_view(struct desk *d, int64_t alert_id)
{
	UNUSED(d);
	fake.viewed = alert_id;
	fake.n_viewed++;
}

void desk_raise(struct desk *d, const struct manual_alert *m,
    void (*on_done)(void *, const struct manual_raised *, const struct fault *), void *arg)
{
	static char texts[4][300];
	struct manual_raised raised = { .id = 900 };
	UNUSED(d);
	struct alert *alert = &fake.alerts[fake.n_alerts];
	snprintf(texts[0], sizeof texts[0], "%s", m->title);
	snprintf(texts[1], sizeof texts[1], "%s", m->subject);
	snprintf(texts[2], sizeof texts[2], "%s", m->location);
	snprintf(texts[3], sizeof texts[3], "%s", m->note);
	*alert = (struct alert){ .id = raised.id, .case_id = raised.id, .severity = m->severity, .score = 50, .state = ALERT_IN_PROGRESS, .rule = MANUAL_RULE,
		.title_en = texts[0], .title_es = texts[0], .subject_kind = SUBJECT_NUMBER, .subject_id = texts[1], .subject_name = texts[1],
		.location = texts[2], .why_en = texts[3], .why_es = texts[3], .assignee = "ana", .tags = "", .first_ms = m->event_ms,
		.last_ms = m->event_ms, .raised_ms = m->event_ms, .acknowledged_ms = m->event_ms };
	fake.n_alerts++;
	fake.board.alerts_version++;
	if (fake.acts_later) {
		fake.raised.on_done = on_done;
		fake.raised.arg = arg;
		return;
	}
	on_done(arg, &raised, NULL);
}

void desk_tune(struct desk *d, const struct tuning *tuning, size_t offer, int64_t for_ms,
    void (*on_done)(void *, size_t, size_t, const struct fault *), void *arg)
{
	UNUSED(d);
	fake.tuned_id = tuning->alert_id;
	fake.tuned_offer = offer + 1;
	fake.tuned_for_ms = for_ms;
	on_done(arg, fake.fault.code == FAULT_NONE, fake.fault.code != FAULT_NONE, fake.fault.code == FAULT_NONE ? NULL : &fake.fault);
}

const char *desk_user(const struct desk *d)
{
	UNUSED(d);
	return "ana";
}

void desk_disclose(struct desk *d, const char *view, void (*on_done)(void *, size_t, size_t, const struct fault *), void *arg)
{
	UNUSED(d);
	snprintf(fake.disclosed, sizeof fake.disclosed, "%s", view);
	fake.n_disclosed++;
	on_done(arg, fake.fault.code == FAULT_NONE, fake.fault.code != FAULT_NONE, fake.fault.code == FAULT_NONE ? NULL : &fake.fault);
}

bool desk_read_only(const struct desk *d)
{
	UNUSED(d);
	return fake.read_only;
}

#include "screen_silences.h"

/* ---- signing in ------------------------------------------------------------------ */

static inline void fake_sign_in_start(struct board *board)
{
	fake.n_sign_ins++;
	fake.sign_in = (struct sign_in){ .step = SIGN_IN_SHOWN, .code = "5H2-KTP",
		.short_url = "https://oauth-helper-a.wbx2.com/verify", .expires_ms = NOW_MS + 291 * SECOND_MS,
		.url = "https://oauth-helper-a.wbx2.com/verify?userCode=0a1b2c3d4e5f60718293a4b5c6d7e8f9" };
	board->health_version++;
}

/* Nobody has signed in here, and nothing is stored. */
static inline void fake_first_run(bool set_up)
{
	fake.health = (struct health){ .sync = SYNC_NO_LOGIN };
	fake.sign_in = (struct sign_in){ .lacks_client_id = !set_up, .lacks_secret = !set_up,
		.config_path = "/home/ana/.config/centinela/centinela.yaml",
		.scopes = "spark-admin:calling_cdr_read spark-admin:people_read spark-admin:locations_read"
			  " spark-admin:telephony_config_read spark-admin:organizations_read" };
	fake.board.sign_in = &fake.sign_in;
	fake.board.sign_in_start = fake_sign_in_start;
}

/* ---- data ---------------------------------------------------------------------- */

static const struct {
	const char *name, *zone;
	int64_t per_hour;
} sites[] = {
	{ "Colombia", "America/Bogota", 212 },
	{ "Colombia Nueva-Produccion", "America/Bogota", 87 },
	{ "PoC Banco Davivienda", "America/Bogota", 64 },
	{ "Costa Rica", "America/Costa_Rica", 51 },
	{ "Denver", "America/Denver", 12 },
	{ "Guatemala Mesa", "America/Guatemala", 23 },
	{ "NOC-El Salvador", "America/El_Salvador", 0 },
};

static const struct {
	enum severity severity;
	const char *en, *es, *who, *rule;
	enum subject_kind kind;
	int site, minutes, score;
	int64_t count, cost;
} kinds[] = {
	{ SEVERITY_CRITICAL, "IRSF: 14 calls to +882 in 6 min", "IRSF: 14 llamadas a +882 en 6 min",
	    "ext 4021", "irsf_burst", SUBJECT_PERSON, 2, 1, 97, 14, 41200000 },
	{ SEVERITY_CRITICAL, "Premium calls at night", "Llamadas premium de noche", "Luis Duarte",
	    "premium_closed", SUBJECT_PERSON, 0, 9, 92, 6, 18050000 },
	{ SEVERITY_HIGH, "Forwarded to a risky number",
	    "Desvío a un número de riesgo", "Marta Peña", "forward_international",
	    SUBJECT_PERSON, 0, 17, 81, 3, 7400000 },
	{ SEVERITY_HIGH, "Outside sweep of our lines", "Barrido externo de nuestras líneas",
	    "+50688885501", "extension_scan", SUBJECT_NUMBER, 3, 44, 74, 31, 0 },
	{ SEVERITY_MEDIUM, "International while site is closed", "Internacional con sede cerrada",
	    "Jorge Ruiz", "closed_international", SUBJECT_PERSON, 5, 95, 55, 2, 1200000 },
	{ SEVERITY_MEDIUM, "Long call to a risky place", "Llamada larga a lugar de riesgo",
	    "Sala Andes", "long_risky", SUBJECT_DEVICE, 4, 130, 52, 1, 9100000 },
	{ SEVERITY_LOW, "First call to a new country", "Primera llamada a un país nuevo", "Ana Bernal",
	    "first_country", SUBJECT_PERSON, 1, 300, 31, 1, 90000 },
};

static const struct reason reasons[] = {
	{ "dst.tier", "extreme", "none", 40, "The destination is satellite +882, extreme risk",
	    "El destino es satélite +882, de riesgo extremo" },
	{ "burst", "14 in 6 min", "0.3 a day", 35, "14 calls in 6 minutes; this line makes one in three days",
	    "14 llamadas en 6 minutos; esta línea hace una cada tres días" },
	{ "site.open", "false", "true", 22, "The site is closed at this hour", "La sede está cerrada a esta hora" },
};

static void fake_live(size_t i, enum live_state state, int64_t age_s, const char *number,
    const char *country, enum number_class class, enum risk_tier tier, int32_t rate, bool out)
{
	static const char *const people[] = { "Ana Bernal", "Luis Duarte", "Marta Peña", "Jorge Ruiz",
		"Sofía Castro", "Recepción" };
	struct live_call call = { .state = state, .originator = out, .external = true,
		.created_ms = NOW_MS - age_s * SECOND_MS,
		.answered_ms = state >= LIVE_CONNECTED ? NOW_MS - age_s * SECOND_MS : 0,
		.event_ms = NOW_MS, .seen_ms = NOW_MS };
	snprintf(call.call_id, sizeof call.call_id, "call-%zu", i);
	snprintf(call.person_uuid, sizeof call.person_uuid, "person-%zu", i);
	snprintf(call.person_name, sizeof call.person_name, "%s", people[i % COUNT_OF(people)]);
	snprintf(call.location, sizeof call.location, "%s", sites[i % COUNT_OF(sites)].name);
	snprintf(call.remote_number, sizeof call.remote_number, "%s", number);
	snprintf(call.remote.e164, sizeof call.remote.e164, "%s", number);
	snprintf(call.remote.country, sizeof call.remote.country, "%s", country);
	call.remote.class = class;
	call.remote.tier = tier;
	call.remote.rate_micro_usd = rate;
	live_calls_apply(fake.live, &call);
}

static void fake_alert(size_t i)
{
	size_t k = i % COUNT_OF(kinds), round = i / COUNT_OF(kinds);
	struct alert *alert = &fake.alerts[i];
	int64_t raised = NOW_MS - (kinds[k].minutes + (int64_t)round * 61) * MINUTE_MS;
	*alert = (struct alert){ .id = 412 + (int64_t)i, .case_id = 412 + (int64_t)i, .revision = 1, .severity = kinds[k].severity, .score = kinds[k].score, .state = k == 2 ? ALERT_IN_PROGRESS : ALERT_NEW, .subject_kind = kinds[k].kind, .first_ms = raised - 6 * MINUTE_MS, .last_ms = raised, .raised_ms = raised, .acknowledged_ms = k == 2 ? raised + 4 * MINUTE_MS : 0, .count = kinds[k].count, .cost_micro = kinds[k].cost, .cost_per_hour_micro = kinds[k].cost * 3, .rule = kinds[k].rule, .title_en = kinds[k].en, .title_es = kinds[k].es, .subject_id = kinds[k].who, .subject_name = kinds[k].who, .location = sites[kinds[k].site].name, .assignee = k == 2 ? "ana" : "", .reasons = reasons, .n_reasons = 3 };
	alert_say_why(alert);
	fake.events[i][0] = (struct alert_event){ raised, "centinela", "raise", "", "new", "" };
	fake.n_events[i] = 1;
	if (k == 2)
		fake.events[i][fake.n_events[i]++] = (struct alert_event){ raised + 4 * MINUTE_MS, "ana",
			"ack", "new", "in_progress", "" };
}

static void fake_call(size_t i)
{
	static const struct {
		const char *who, *number, *country;
		enum number_class class;
		enum risk_tier tier;
		int32_t talk_s;
		int64_t cost;
		unsigned flags;
		enum call_direction direction;
	} shapes[] = {
		{ "Ana Bernal", "+88216555044", "", NUMBER_SATELLITE, TIER_EXTREME, 42, 2940000, CALL_ANSWERED, CALL_OUTBOUND },
		{ "Luis Duarte", "+573105550221", "CO", NUMBER_MOBILE, TIER_NONE, 184, 90000, CALL_ANSWERED, CALL_OUTBOUND },
		{ "Cola Ventas", "+576015550177", "CO", NUMBER_FIXED, TIER_NONE, 0, 0, CALL_QUEUED, CALL_INBOUND },
		{ "Marta Peña", "+18095550199", "DO", NUMBER_FIXED_OR_MOBILE, TIER_MEDIUM, 611, 3300000, CALL_ANSWERED | CALL_LOOK_ALIKE | CALL_FORWARDED, CALL_TRANSIT },
	};
	size_t k = i % COUNT_OF(shapes);
	int64_t start = NOW_MS - (int64_t)(i + 1) * 7 * MINUTE_MS;
	fake.calls[i] = (struct call){ .id = (start << 20) + (int64_t)i, .journey_id = 1, .start_ms = start,
		.end_ms = start + shapes[k].talk_s * SECOND_MS, .talk_s = shapes[k].talk_s, .ring_s = 4,
		.direction = shapes[k].direction, .flags = shapes[k].flags, .n_legs = k >= 2 ? 3 : k == 0 ? 1 : 2,
		.class = shapes[k].class, .tier = shapes[k].tier, .cost_micro = shapes[k].cost,
		.correlation_id = "3b1f0f6e-5a0e-4d6f-9a52-cc2d91b0a001", .user_uuid = "u",
		.user_name = shapes[k].who, .user_number = "4021", .location = sites[k].name,
		.far_number = shapes[k].number, .far_name = "", .call_type = "SIP_INTERNATIONAL", .trunk = "" };
	snprintf(fake.calls[i].country, sizeof fake.calls[i].country, "%s", shapes[k].country);
	for (int leg = 0; leg < 3; leg++)
		fake.legs[i][leg] = (struct leg_row){ .leg_id = fake.calls[i].id * 4 + leg,
			.call_id = fake.calls[i].id, .start_ms = start + leg * 3 * SECOND_MS,
			.answer_ms = start + 6 * SECOND_MS, .release_ms = start + shapes[k].talk_s * SECOND_MS,
			.report_ms = start + 5 * MINUTE_MS, .duration_s = shapes[k].talk_s, .ring_s = 4,
			.originating = leg > 0 || k < 2, .answered = shapes[k].flags & CALL_ANSWERED,
			.report_id = "0f5a1c2e-7b1d-4c58-9a3e-3f1f0e8a7b11", .user_uuid = "u",
			.user_name = shapes[k].who, .user_type = leg == 0 && k >= 2 ? "CallQueue" : "User",
			.user_number = "4021", .location = sites[k].name, .calling = k >= 2 ? shapes[k].number : "4021",
			.called = k >= 2 && leg == 0 ? "4100" : shapes[k].number, .dialed = "90088216555044",
			.call_type = leg == 0 && k >= 2 ? "SIP_INBOUND" : k == 0 ? "SIP_INTERNATIONAL" : "SIP_NATIONAL",
			.client_type = leg == 2 ? "WXC_DEVICE" : "WXC_CLIENT", .outcome = "Success",
			.outcome_reason = "Normal", .redirect_reason = k == 3 && leg > 0 ? "CallForwardAlways" : "",
			.related_reason = "", .redirecting_number = "", .inbound_trunk = "",
			.outbound_trunk = leg == 1 ? "Troncal Bogotá" : "", .local_call_id = "a", .remote_call_id = "b",
			.related_call_id = "", .transfer_call_id = "", .device_mac = leg == 2 && k != 2 ? "A1B2C3D4E5F6" : "", .caller_name = "",
			.called_name = "", .far = shapes[k].number };
	if (k != 2)
		return;
	/* In by a gateway, to a queue, which rang somebody in vain. */
	struct leg_row *gateway = &fake.legs[i][0], *queue = &fake.legs[i][1], *agent = &fake.legs[i][2];
	gateway->user_name = "GW Bogotá", gateway->user_type = "LocalGateway", gateway->called = "4100";
	gateway->originating = true, gateway->client_type = "CISCO_SIP_GW", gateway->inbound_trunk = "Troncal Bogotá";
	gateway->local_call_id = "g", gateway->remote_call_id = "q", gateway->start_ms = start;
	queue->user_type = "CallCenterPremium", queue->called = "4100", queue->originating = false;
	queue->local_call_id = "q", queue->remote_call_id = "g", queue->inbound_trunk = "Troncal Bogotá";
	queue->outbound_trunk = "", queue->call_type = "SIP_INBOUND", queue->answered = true, queue->start_ms = start;
	agent->user_name = "Gabriel Ajú Orozco", agent->called = "4021", agent->originating = false;
	agent->local_call_id = "a", agent->remote_call_id = "q", agent->redirect_reason = "CallQueue";
	agent->call_type = "SIP_ENTERPRISE", agent->answered = false, agent->client_type = "SIP";
}

/* Office hours of four weeks, and a night that is not like them. */
static void fake_profile_hours(struct profile *p)
{
	p->weekday = 0, p->hour = 14; /* Monday 14:04 in Bogotá */
	p->known_days = fake.no_days ? 0 : fake.few_days ? 3 : PROFILE_DAYS;
	for (int ago = 1; ago <= p->known_days; ago++)
		p->weekdays[(p->weekday + 7 * 5 - ago) % 7]++;
	for (int weekday = 0; weekday < 5; weekday++)
		for (int hour = 7; hour < 19; hour++)
			p->by_hour[weekday][hour] = p->weekdays[weekday] == 0 ? 0 : (hour * 7 + weekday * 3) % 11 + (hour == 10 && weekday == 1 ? 14 : 0);
	for (int hour = 0; hour < 24; hour++)
		p->usual_milli[hour] = p->weekdays[0] == 0 ? 0 : p->by_hour[0][hour] * 1000 / p->weekdays[0];
	p->today[2] = 3, p->today[8] = 1, p->today[10] = 2, p->today[14] = 14;
	for (int i = 0; i < PROFILE_RECENT; i++) {
		if (i < PROFILE_RECENT - 1 - p->known_days)
			continue;
		bool weekend = (i + 1) % 7 == 5 || (i + 1) % 7 == 6, last = i + 1 == PROFILE_RECENT;
		p->days[i] = (struct profile_day){ .n_calls = last ? 20 : weekend ? 0 : 5 + i % 4, .talk_s = last ? 5400 : weekend ? 0 : 900 + 60 * i,
			.n_abroad = last ? 14 : i == 3, .cost_micro = last ? 41200000 : weekend ? 0 : 310000 + 20000 * i };
	}
}

/* A site, a trunk, a device: who of ours calls there, calls at a time, forwards. */
static void fake_profile_place(struct profile *p)
{
	static const char *const people[] = { "Ana Bernal", "Luis Duarte", "Marta Peña", "Jorge Ruiz", "Sofía Castro", "Recepción" };
	static struct profile_contact who[COUNT_OF(people)];
	static struct call forwards[2];
	for (size_t i = 0; i < COUNT_OF(people); i++) {
		static const int scores[] = { 97, 92, 55 };
		who[i] = (struct profile_contact){ .id = people[i], .name = i == 2 && fake.hard_name != NULL ? fake.hard_name : people[i],
			.score = i < COUNT_OF(scores) ? scores[i] : 0, .n_out = 211 - 30 * (int64_t)i, .n_in = 17 * (int64_t)i, .n_today = i == 0 ? 41 : 6 - (int64_t)i,
			.n_abroad = i == 0 ? 14 : i == 1 ? 6 : 0, .talk_s = 17310 - 2900 * (int64_t)i, .cost_micro = i == 5 ? 0 : 41200000 >> (2 * i) };
	}
	p->contacts = who, p->n_contacts = p->kind == SUBJECT_DEVICE ? 2 : COUNT_OF(people);
	p->n_contacts_all = p->kind == SUBJECT_DEVICE ? 2 : 364;
	p->load_today = (struct profile_load){ p->kind == SUBJECT_DEVICE ? 1 : 41, NOW_MS - HOUR_MS };
	p->load_before = (struct profile_load){ p->kind == SUBJECT_DEVICE ? 2 : 33, NOW_MS - 3 * DAY_MS };
	p->n_by_direction[CALL_INTERNAL] = 310, p->n_by_direction[CALL_OUTBOUND] = 20893, p->n_by_direction[CALL_INBOUND] = 12034;
	p->cost_all_micro = INT64_C(1234560000);
	p->n_forwards = p->kind == SUBJECT_DEVICE ? 0 : MIN(fake.n_calls / 4, COUNT_OF(forwards));
	p->n_forwards_all = p->n_forwards > 0 ? 735 : 0;
	for (size_t i = 0; i < p->n_forwards; i++)
		forwards[i] = fake.calls[4 * i + 3];
	p->forwards = forwards;
	if (p->kind == SUBJECT_SITE)
		p->n_open = 105, p->n_alerts = MIN(fake.n_alerts, (size_t)7);
	if (p->kind == SUBJECT_DEVICE)
		p->model = fake.hard_name != NULL ? fake.hard_name : "9851", p->owner_id = p->owner_name = "Recepción";
	if (fake.very_many) {
		p->cut = true, p->counted_days = MIN(p->known_days, 5);
		p->known_days = p->kind == SUBJECT_SITE ? p->known_days : 5;
	}
}

static void fake_profile(enum subject_kind kind, const char *id, struct profile *p)
{
	static const char *const people[] = { "Ana Bernal", "Luis Duarte", "Marta Peña" };
	static struct profile_contact contacts[3];
	static struct profile_device devices[] = { { "A1B2C3D4E5F6", 96, NOW_MS - 9 * DAY_MS, NOW_MS - 7 * MINUTE_MS, false },
		{ "0C75BD1102AA", 4, NOW_MS - 2 * DAY_MS, NOW_MS - 2 * DAY_MS, true } };
	static struct admin_event fake_admin[] = {
		{ NOW_MS - 2 * DAY_MS, "e1", "USERS", "User updated", "", "UPDATE", "SUCCESS", "", "u1", "Sam Admin", "sam@example.com", "198.51.100.23", "Mozilla", "v", "USER",
		    "Ana Bernal", "department", "Canales", "Operaciones" },
		{ NOW_MS - HOUR_MS, "e2", "WEBEX_CALLING", "User call settings changed", "", "UPDATE", "FAILURE", "not allowed", "u1", "", "sam@example.com", "203.0.113.77", "curl",
		    "v", "USER", "Ana Bernal", "Call forwarding always", "", "+37125550124" } };
	static struct profile_change changes[] = { { CHANGE_DEVICE, "0C75BD1102AA", NOW_MS - 2 * DAY_MS }, { CHANGE_TRUNK, "Troncal Denver", NOW_MS - HOUR_MS } };
	static struct profile_country countries[] = { { .country = "CO", .n_calls = 131 },
		{ .class = NUMBER_SATELLITE, .tier = TIER_EXTREME, .n_calls = 14, .is_new = true }, { .country = "US", .n_calls = 2 } };
	bool person = kind == SUBJECT_PERSON || kind == SUBJECT_SERVICE, place = !person && kind != SUBJECT_NUMBER;
	*p = (struct profile){ .kind = kind, .id = id, .name = kind == SUBJECT_NUMBER ? "" : fake.hard_name != NULL ? fake.hard_name : id, .number = person ? "+576015550142" : id,
		.site = "Colombia", .zone_name = "America/Bogota", .country = "CR", .class = NUMBER_MOBILE, .tier = TIER_LOW,
		.as_of_ms = NOW_MS - (fake.past ? 9 * MINUTE_MS : 0), .past = fake.past, .first_ms = NOW_MS - (fake.few_days ? 3 : 61) * DAY_MS, .last_ms = NOW_MS - 7 * MINUTE_MS, .utc_offset_minutes = -300,
		.alerts = fake.alerts, .n_alerts = MIN(fake.n_alerts, (size_t)3), .n_open = 2, .highest_open = 97,
		.recent = fake.calls, .n_recent = MIN(fake.n_calls, (size_t)6), .contacts = contacts, .n_contacts = 3, .n_contacts_all = person ? 19 : 3 };
	p->model = p->owner_id = p->owner_name = "";
	p->live = lived;
	p->n_live = fake.with_changes && !place ? COUNT_OF(lived) : 0;
	fake_profile_hours(p);
	p->counted_days = p->known_days;
	if (fake.very_many && !place)
		p->cut = true, p->counted_days = p->known_days = 5;
	for (size_t i = 0; i < COUNT_OF(contacts); i++) {
		static const char *const numbers[] = { "+573105550221", "+88216555044", "+576015550177" };
		contacts[i] = (struct profile_contact){ .id = person ? numbers[i] : people[i], .name = person ? "" : people[i],
			.country = "CO", .class = i == 1 ? NUMBER_SATELLITE : NUMBER_MOBILE, .tier = i == 1 ? TIER_EXTREME : TIER_NONE,
			.n_out = 61 - 20 * (int64_t)i, .n_in = 12 * (int64_t)i, .talk_s = 7310 - 2000 * (int64_t)i, .cost_micro = i == 1 ? 41200000 : 310000,
			.first_ms = NOW_MS - (i == 1 ? 0 : 40) * DAY_MS - HOUR_MS, .last_ms = NOW_MS - 20 * MINUTE_MS, .is_new = i == 1 };
	}
	if (fake.n_calls > 3)
		p->forwards = &fake.calls[3], p->n_forwards = 1, p->n_forwards_all = 1;
	if (place)
		fake_profile_place(p);
	if (kind == SUBJECT_NUMBER)
		return;
	contacts[1].country[0] = '\0';
	p->countries = countries, p->n_countries = COUNT_OF(countries);
	if (place)
		return;
	p->devices = devices, p->n_devices = COUNT_OF(devices);
	changes[1].name = fake.hard_name != NULL ? fake.hard_name : "Troncal Denver";
	if (fake.with_changes) {
		p->changes = changes, p->n_changes = COUNT_OF(changes);
		p->admin = fake_admin, p->n_admin = COUNT_OF(fake_admin);
	}
	p->abroad = (struct profile_peers){ .days = 28, .n = 37, .own = 15, .most = 15, .buckets = { 31, 4, 1, 0, 1, 0, 0, 0, 0, 1 },
		.own_bucket = 9, .n_below = 37 };
	p->calls = (struct profile_peers){ .days = 28, .n = 37, .own = 151, .most = 320, .buckets = { 2, 4, 9, 11, 6, 3, 1, 1, 0, 1 },
		.own_bucket = 4, .n_below = 26 };
}

static void fake_start(size_t n_alerts, size_t n_calls)
{
	live_calls_free(fake.live);
	memset(&fake, 0, sizeof fake);
	fake_silences(0);
	clock_init_from(&fake.clock, NOW_MS, 0);
	fake.live = live_calls_new();
	fake.health = (struct health){ .sync = SYNC_WAITING, .complete_until_ms = NOW_MS - 12 * SECOND_MS,
		.lag_ms = 12 * SECOND_MS, .next_call_ms = NOW_MS + 48 * SECOND_MS,
		.last_page_ms = NOW_MS - 12 * SECOND_MS, .backfill_done = 30, .backfill_total = 30,
		.n_gaps = 1, .gaps = { { NOW_MS - 9 * DAY_MS, NOW_MS - 8 * DAY_MS } },
		.token_dies_ms = NOW_MS + 13 * DAY_MS, .refresh_dies_ms = NOW_MS + 88 * DAY_MS,
		.n_legs = 20721, .n_duplicates = 14, .lease_mine = true,
		.region_host = "analytics.webexapis.com", .live_webhook = true, .live_polling = true,
		.admin = ADMIN_READ, .admin_until_ms = NOW_MS - 4 * MINUTE_MS,
		.notify = { .on = true, .mine = true, .n_waiting = 3, .n_dead = 2, .lag_ms = 7 * MINUTE_MS, .error = "soc-room: HTTP 503" } };
	fake.board = (struct board){ .history = &fake.history, .desk = &fake.desk, .lab = &fake.lab, .live = fake.live,
		.health = &fake.health, .clock = &fake.clock, .alerts_version = 1, .calls_version = 1, .viewers = &fake.viewers };
	fake.n_alerts = n_alerts;
	fake.n_calls = n_calls;
	for (size_t i = 0; i < n_alerts; i++)
		fake_alert(i);
	for (size_t i = 0; i < n_calls; i++)
		fake_call(i);
	fake.n_locations = n_calls > 0 ? COUNT_OF(sites) : 0;
	for (size_t i = 0; i < fake.n_locations; i++) {
		struct location_row *row = &fake.locations[i];
		*row = (struct location_row){ .uuid = sites[i].name, .name = sites[i].name, .zone_name = sites[i].zone,
			.calls_last_hour = sites[i].per_hour, .calls_today = sites[i].per_hour * 7,
			.minutes_today = sites[i].per_hour * 20, .cost_today_micro = sites[i].per_hour * 110000,
			.utc_offset_minutes = -300 };
		for (int64_t hour = 0; hour < LOCATION_HOURS; hour++)
			row->per_hour[hour] = sites[i].per_hour * (hour > 9 ? hour - 9 : 0) / 14;
		for (size_t k = 0; k < n_alerts; k++)
			if (strcmp(fake.alerts[k].location, sites[i].name) == 0)
				row->n_open[fake.alerts[k].severity]++;
	}
	fake.n_scores = MIN(n_alerts, COUNT_OF(kinds));
	for (size_t i = 0; i < fake.n_scores; i++)
		fake.scores[i] = (struct score_row){ .score = kinds[i].score, .kind = kinds[i].kind,
			.id = kinds[i].who, .name = kinds[i].who, .location = sites[kinds[i].site].name,
			.title_en = kinds[i].en, .title_es = kinds[i].es,
			.why_en = reasons[0].text_en, .why_es = reasons[0].text_es, .last_ms = fake.alerts[i].last_ms,
			.alert_id = fake.alerts[i].id, .count = 1, .cost_micro = kinds[i].cost };
	for (size_t i = 0; i < (n_calls > 20 ? 40u : n_calls > 0 ? 6u : 0u); i++) {
		switch (i % 6) {
		case 0: fake_live(i, LIVE_CONNECTED, 1390, "+88216555044", "", NUMBER_SATELLITE, TIER_EXTREME, 7000000, true); break;
		case 1: fake_live(i, LIVE_CONNECTED, 41, "+573105550221", "CO", NUMBER_MOBILE, TIER_NONE, 30000, true); break;
		case 2: fake_live(i, LIVE_ALERTING, 4, "+576015550177", "CO", NUMBER_FIXED, TIER_NONE, 20000, true); break;
		case 3: fake_live(i, LIVE_HELD, 305, "+50688885501", "CR", NUMBER_MOBILE, TIER_LOW, 90000, true); break;
		case 4: fake_live(i, LIVE_CONNECTED, 75, "+37125550123", "LV", NUMBER_PREMIUM, TIER_HIGH, 1500000, true); break;
		case 5: fake_live(i, LIVE_CONNECTED, 612, "+13035550144", "US", NUMBER_FIXED_OR_MOBILE, TIER_NONE, 0, false); break;
		}
	}
}

static void fake_stop(void)
{
	live_calls_free(fake.live);
	fake.live = NULL;
}

/* Names as people have them, the hardest to fit: long, wide, with marks over
 * letters, from right to left, of pictures. */
static inline void fake_names(void)
{
	static const char *const names[] = { "María del Rosario Fernández de Castro y Villavicencio",
		"\xE5\xB1\xB1\xE7\x94\xB0 \xE5\xA4\xAA\xE9\x83\x8E\xE5\xB7\xA6\xE8\xA1\x9B\xE9\x96\x80", /* 山田 太郎左衛門 */
		"Nin\xCC\x83o Pe\xCC\x81rez Zu\xCC\x88n\xCC\x83iga", "\xF0\x9F\x98\x80\xF0\x9F\x8D\x95 Soporte \xF0\x9F\x93\x9E",
		"\xD7\x93\xD7\x95\xD7\x93 \xD7\x9B\xD7\x94\xD7\x9F", "W", "" };
	size_t k = 0;
	fake.hard_name = names[1];
	for (size_t i = 0; i < fake.n_alerts; i++)
		fake.alerts[i].subject_name = names[k++ % COUNT_OF(names)], fake.alerts[i].assignee = names[k % COUNT_OF(names)];
	for (size_t i = 0; i < fake.n_calls; i++) {
		fake.calls[i].user_name = names[k++ % COUNT_OF(names)];
		fake.calls[i].location = names[k % COUNT_OF(names)];
		for (size_t leg = 0; leg < 3; leg++)
			fake.legs[i][leg].user_name = names[(i + leg) % COUNT_OF(names)];
	}
	for (size_t i = 0; i < fake.n_locations; i++)
		fake.locations[i].name = names[i % COUNT_OF(names)];
	for (size_t i = 0; i < fake.n_scores; i++)
		fake.scores[i].name = names[i % COUNT_OF(names)];
}

/* Every text a stranger could have written, as bad as it gets. */
static const char *next_of(const char *const *texts, size_t n, size_t *k)
{
	return texts[(*k)++ % n];
}

static inline void fake_hostile(void)
{
	static const char *const bad[] = { "\x1b[2J\x1b[31mEVIL\x1b]0;title\x07", "\x9b" "5i\x9d" "0;x\x9c",
		"a\r\nb\x08\x7f\x00c", "\xE2\x80\xAE" "txet\xE2\x81\xA6", "\xff\xfe\xc0\x80\xed\xa0\x80",
		"\xC2\x9b" "31m\xC2\x85", "z\xCC\x81\xCC\x82\xCC\x83\xCC\x84\xE2\x80\x8B",
		"\x1bP1;1|q\x1b\\\x1b_x\x1b\\\x1b" "c\x0e\x0f", "\xF3\xA0\x81\x81\xF0\x9F\x98\x80\xE6\xBC\xA2" };
	size_t k = 0;
	fake.hard_name = bad[0];
	fake.with_changes = true;
#define BAD next_of(bad, COUNT_OF(bad), &k)
	for (size_t i = 0; i < fake.n_alerts; i++) {
		struct alert *a = &fake.alerts[i];
		static struct reason evil[9];
		for (size_t r = 0; r < COUNT_OF(evil); r++)
			evil[r] = (struct reason){ BAD, BAD, BAD, 5, BAD, BAD };
		a->title_en = BAD, a->title_es = BAD, a->subject_id = BAD, a->subject_name = BAD;
		a->location = BAD, a->assignee = BAD, a->rule = BAD, a->tags = BAD, a->closed_by = BAD;
		a->reasons = evil, a->n_reasons = COUNT_OF(evil);
		a->why_en = BAD, a->why_es = BAD;
		for (size_t e = 0; e < 8; e++)
			fake.events[i][e] = (struct alert_event){ NOW_MS, BAD, BAD, BAD, BAD, BAD };
		fake.n_events[i] = 8;
	}
	for (size_t i = 0; i < fake.n_calls; i++) {
		struct call *c = &fake.calls[i];
		c->user_name = BAD, c->user_number = BAD, c->location = BAD, c->far_number = BAD;
		c->far_name = BAD, c->call_type = BAD, c->trunk = BAD, c->correlation_id = BAD;
		for (size_t l = 0; l < 3; l++) {
			struct leg_row *leg = &fake.legs[i][l];
			leg->report_id = BAD, leg->user_name = BAD, leg->user_type = BAD, leg->calling = BAD;
			leg->called = BAD, leg->dialed = BAD, leg->call_type = BAD, leg->client_type = BAD;
			leg->outcome = BAD, leg->outcome_reason = BAD, leg->redirect_reason = BAD;
			leg->related_reason = BAD, leg->redirecting_number = BAD, leg->inbound_trunk = BAD;
			leg->outbound_trunk = BAD, leg->caller_name = BAD, leg->called_name = BAD;
			leg->device_mac = BAD, leg->location = BAD, leg->far = BAD;
		}
	}
	for (size_t i = 0; i < COUNT_OF(cards); i++)
		cards[i].title_en = BAD, cards[i].title_es = BAD;
	for (size_t i = 0; i < COUNT_OF(rule_pages); i++) {
		struct rule_page *page = &rule_pages[i];
		page->title_en = BAD, page->title_es = BAD, page->description_en = BAD, page->description_es = BAD;
		page->file = BAD, page->status = BAD;
	}
	for (size_t i = 0; i < fake.n_locations; i++)
		fake.locations[i].name = BAD;
	for (size_t i = 0; i < fake.n_scores; i++) {
		struct score_row *s = &fake.scores[i];
		s->id = BAD, s->name = BAD, s->location = BAD, s->why_en = BAD, s->why_es = BAD;
		s->title_en = BAD, s->title_es = BAD;
	}
	for (size_t i = 0; i < 30; i++) {
		struct live_call call = { .state = LIVE_CONNECTED, .created_ms = NOW_MS, .answered_ms = NOW_MS,
			.event_ms = NOW_MS, .seen_ms = NOW_MS, .originator = true };
		snprintf(call.call_id, sizeof call.call_id, "evil%zu", i);
		snprintf(call.person_name, sizeof call.person_name, "%s", BAD);
		snprintf(call.location, sizeof call.location, "%s", BAD);
		snprintf(call.remote_number, sizeof call.remote_number, "%s", BAD);
		live_calls_apply(fake.live, &call);
	}
	snprintf(fake.health.sentence, sizeof fake.health.sentence, "%s", BAD);
	snprintf(fake.health.notify.error, sizeof fake.health.notify.error, "%s", BAD);
	snprintf(fake.health.region_host, sizeof fake.health.region_host, "%s", BAD);
	snprintf(fake.health.admin_sentence, sizeof fake.health.admin_sentence, "%s", BAD);
	fake.health.admin = ADMIN_REFUSED;
	snprintf(fake.health.lease_holder, sizeof fake.health.lease_holder, "%s", BAD);
	fake_raw = "{\n  \"\x1b[2J\": \"\x9b" "31m\x1b]0;x\x07\",\n  \"User\": \"\xE2\x80\xAE" "evil\"\n}\r\x08";
	fake.health.lease_mine = false;
	fake.health.sync = SYNC_FAULT;
#undef BAD
}

#endif
