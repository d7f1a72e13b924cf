/* SPDX-License-Identifier: Apache-2.0
 *
 * Alerts as they were, and a shift as it is handed over. */
#include "past_rig.h"

#include "alerts/relive.h"
#include "store/manual_rows.h"
#include "store/query_shift.h"
#include "store/request_rows.h"
#include "watch/report.h"

static struct alert_list asked(double hour, struct alert_query query)
{
	struct alert_list list;
	struct fault fault;
	query.at_ms = query.now_ms = T0 + (int64_t)(hour * HOUR_MS);
	query.limit = 100;
	arena_clear(&arena);
	arena_init(&arena);
	if (!query_alerts(as_of(query.at_ms), &query, "ana", &arena, &list, &fault)) {
		puts(fault.text);
		exit(1);
	}
	look_no_more();
	return list;
}

static struct alert_list then(double hour, const char *filter, bool closed_too)
{
	return asked(hour, (struct alert_query){ .filter = filter, .closed_too = closed_too });
}

static struct alert_list grouped(double hour, enum alert_order order, enum alert_grouping grouping, const int64_t *opened, size_t n_opened)
{
	return asked(hour, (struct alert_query){ .filter = "", .order = order, .grouping = grouping, .opened = opened, .n_opened = n_opened });
}

TEST(an_alert_is_what_its_log_says_it_was)
{
	struct store *store = stored(16);
	int64_t id = found(store, 1, SEVERITY_MEDIUM, "r", "Colombia", 1, 0);
	act(store, id, (struct triage_order){ .act = TRIAGE_CLAIM }, 2);
	act(store, id, (struct triage_order){ .act = TRIAGE_ESCALATE, .note = "loud" }, 3);
	act(store, id, (struct triage_order){ .act = TRIAGE_ASSIGN, .assignee = "luis" }, 4);
	act(store, id, (struct triage_order){ .act = TRIAGE_SNOOZE, .note = "later", .until_ms = HOUR_MS }, 5);
	act(store, id, (struct triage_order){ .act = TRIAGE_WAKE }, 6);
	act(store, id, (struct triage_order){ .act = TRIAGE_CLOSE, .resolution = RESOLUTION_FALSE_POSITIVE }, 7);
	act(store, id, (struct triage_order){ .act = TRIAGE_REOPEN }, 8);
	act(store, id, (struct triage_order){ .act = TRIAGE_RELEASE }, 9);
	static const struct {
		double hour;
		enum alert_state state;
		enum severity severity;
		const char *assignee;
		enum resolution resolution;
	} rows[] = {
		{ 1, ALERT_NEW, SEVERITY_MEDIUM, "", RESOLUTION_NONE },
		{ 2, ALERT_IN_PROGRESS, SEVERITY_MEDIUM, "ana", RESOLUTION_NONE },
		{ 3.5, ALERT_IN_PROGRESS, SEVERITY_HIGH, "ana", RESOLUTION_NONE },
		{ 4.5, ALERT_IN_PROGRESS, SEVERITY_HIGH, "luis", RESOLUTION_NONE },
		{ 5.5, ALERT_SNOOZED, SEVERITY_HIGH, "luis", RESOLUTION_NONE },
		{ 6.5, ALERT_IN_PROGRESS, SEVERITY_HIGH, "luis", RESOLUTION_NONE },
		{ 7.5, ALERT_CLOSED, SEVERITY_HIGH, "luis", RESOLUTION_FALSE_POSITIVE },
		{ 8.5, ALERT_IN_PROGRESS, SEVERITY_HIGH, "luis", RESOLUTION_NONE },
		{ 9.5, ALERT_IN_PROGRESS, SEVERITY_HIGH, "", RESOLUTION_NONE },
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct alert_list list = then(rows[i].hour, "", true);
		REQUIRE(list.n == 1);
		CHECK_INT(list.items[0].state, rows[i].state);
		CHECK_INT(list.items[0].severity, rows[i].severity);
		CHECK_STR(list.items[0].assignee, rows[i].assignee);
		CHECK_INT(list.items[0].resolution, rows[i].resolution);
		CHECK_INT(list.n_open, rows[i].state != ALERT_CLOSED);
		CHECK_INT(list.n_mine, strcmp(rows[i].assignee, "ana") == 0);
	}
	CHECK_INT(then(0.5, "", true).n, 0); /* it had not been raised */
	CHECK_INT(then(7.5, "", false).n, 0);
	CHECK_INT(then(4.5, "assignee == luis", false).n, 1);
	CHECK_INT(then(3.5, "assignee == luis", false).n, 0);
	CHECK_INT(then(8, "raised > -30h and severity = high", false).n, 1); /* times count from then */
	/* At the end it is what it is. */
	struct alert now;
	struct fault fault;
	struct alert_list list = then(100, "", true);
	REQUIRE(alert_row_get(&store->db, id, &arena, &now, &fault));
	CHECK_INT(list.items[0].state, now.state);
	CHECK_INT(list.items[0].acknowledged_ms, now.acknowledged_ms);
	CHECK_INT(list.items[0].closed_ms, now.closed_ms);
	CHECK_INT(list.items[0].n_notes, now.n_notes);
	store_close(store);
}

TEST(what_was_undone_was_not)
{
	struct store *store = stored(16);
	struct triage_result result;
	struct fault fault;
	int64_t id = found(store, 1, SEVERITY_LOW, "r", "Colombia", 1, 0);
	act(store, id, (struct triage_order){ .act = TRIAGE_ASSIGN, .assignee = "luis" }, 2);
	act(store, id, (struct triage_order){ .act = TRIAGE_CLOSE, .resolution = RESOLUTION_LEGITIMATE }, 3);
	REQUIRE(store_swap(store, &undone, 1, AUDIT_UNDO, "ana", T0 + 4 * HOUR_MS, NULL, &arena, &result, &fault));
	CHECK_INT(result.n_done, 1);
	struct alert_list list = then(3.5, "", true);
	CHECK_INT(list.items[0].state, ALERT_CLOSED);
	list = then(4.5, "", true);
	CHECK_INT(list.items[0].state, ALERT_NEW);
	CHECK_INT(list.items[0].resolution, RESOLUTION_NONE);
	CHECK_STR(list.items[0].assignee, "luis");
	store_close(store);
}

TEST(an_alert_had_as_many_records_as_had_been_reported)
{
	struct store *store = stored(16);
	int64_t id = found(store, 1, SEVERITY_LOW, "r", "Colombia", -1.5, 0);
	CHECK_INT(found(store, 1, SEVERITY_HIGH, "r", "Colombia", 3.5, 5), id); /* it grows */
	struct alert_list list = then(0, "", false);
	REQUIRE(list.n == 1);
	CHECK_INT(list.items[0].count, 1);
	CHECK_INT(list.items[0].severity, SEVERITY_LOW);
	CHECK_INT(list.items[0].last_ms, T0 - 2 * HOUR_MS);
	list = then(4, "", false);
	CHECK_INT(list.items[0].count, 2);
	CHECK_INT(list.items[0].severity, SEVERITY_HIGH);
	store_close(store);
}

TEST(scores_of_then_are_those_of_its_alerts)
{
	struct store *store = stored(16);
	struct score_list list;
	struct fault fault;
	found(store, 1, SEVERITY_LOW, "r", "Colombia", 1, 0);
	found(store, 9, SEVERITY_HIGH, "r", "Denver", 5, 1);
	int64_t at_ms = T0 + 2 * HOUR_MS;
	REQUIRE(query_scores(as_of(at_ms), at_ms, "", 10, &arena, &list, &fault));
	REQUIRE(list.n == 1);
	CHECK_STR(list.items[0].id, "+576015550001");
	at_ms = T0 + 6 * HOUR_MS;
	struct db *db = as_of(at_ms);
	REQUIRE(query_scores(db, at_ms, "", 10, &arena, &list, &fault));
	CHECK_INT(list.n, 2);
	CHECK_INT(list.items[0].score, 49);
	REQUIRE(query_scores(db, at_ms, "location == Colombia", 10, &arena, &list, &fault));
	CHECK_INT(list.n, 1);
	CHECK(!query_scores(db, at_ms, "nosuch = 1", 10, &arena, &list, &fault));
	CHECK_INT(fault.code, FAULT_USAGE);
	look_no_more();
	store_close(store);
}

TEST(rows_of_then_have_the_orders_and_groups_of_the_queue)
{
	struct store *store = stored(16);
	int64_t ids[4];
	ids[0] = found(store, 1, SEVERITY_LOW, "b", "Denver", 1, 0);
	ids[1] = found(store, 2, SEVERITY_CRITICAL, "a", "Colombia", 2, 1);
	ids[2] = found(store, 3, SEVERITY_HIGH, "b", "Colombia", 3, 2);
	ids[3] = found(store, 4, SEVERITY_HIGH, "c", "Arauca", 4, 3);
	act(store, ids[1], (struct triage_order){ .act = TRIAGE_SNOOZE, .note = "later", .until_ms = 9 * HOUR_MS }, 5);
	static const struct {
		enum alert_order order;
		int at[4]; /* of ids */
	} orders[] = { { ORDER_SEVERITY, { 3, 2, 0, 1 } } /* asleep is below */, { ORDER_TIME, { 3, 2, 0, 1 } }, { ORDER_SCORE, { 3, 2, 0, 1 } },
		{ ORDER_SITE, { 3, 2, 0, 1 } }, { ORDER_RULE, { 2, 0, 3, 1 } } };
	for (size_t o = 0; o < COUNT_OF(orders); o++) {
		struct alert_list list = grouped(6, orders[o].order, GROUP_NONE, NULL, 0);
		REQUIRE(list.n == 4);
		CHECK(list.groups == NULL);
		for (int i = 0; i < 4; i++)
			CHECK_INT(list.items[i].id, ids[orders[o].at[i]]);
	}
	/* Before the snooze the critical one is the first. */
	CHECK_INT(grouped(4.5, ORDER_SEVERITY, GROUP_NONE, NULL, 0).items[0].id, ids[1]);
	struct alert_list list = grouped(6, ORDER_SEVERITY, GROUP_RULE, &ids[0], 1);
	REQUIRE(list.n == 3 && list.groups != NULL);
	CHECK_INT(list.items[1].id, ids[2]); /* of rule b the graver one stands for both */
	CHECK_INT(list.groups[1].n, 2);
	CHECK_INT(list.groups[1].severity, SEVERITY_HIGH);
	CHECK_INT((int64_t)list.groups[1].n_ids, 0);
	REQUIRE(list.opened != NULL);
	REQUIRE(list.opened[0].n == 2);
	CHECK_INT(list.opened[0].items[1].id, ids[0]);
	list = grouped(6, ORDER_SEVERITY, GROUP_SUBJECT, NULL, 0);
	REQUIRE(list.n == 4);
	CHECK_INT((int64_t)list.groups[0].n_ids, 1);
	CHECK_INT(list.groups[0].ids[0], list.items[0].id);
	CHECK_INT(grouped(-9, ORDER_SEVERITY, GROUP_CASE, ids, 1).n, 0);
	store_close(store);
}

TEST(an_alert_is_opened_as_it_was)
{
	struct store *store = stored(16);
	struct alert_detail detail;
	struct fault fault;
	int64_t id = found(store, 1, SEVERITY_LOW, "r", "Colombia", -1.5, 0);
	found(store, 1, SEVERITY_HIGH, "r", "Colombia", 3.5, 5);
	act(store, id, (struct triage_order){ .act = TRIAGE_CLAIM }, 1);
	act(store, id, (struct triage_order){ .act = TRIAGE_CLOSE, .resolution = RESOLUTION_TRUE_IMPACT }, 5);
	arena_clear(&arena);
	arena_init(&arena);
	REQUIRE(query_alert(&store->db, id, &arena, &detail, &fault));
	CHECK_INT((int64_t)detail.n_legs, 2);
	REQUIRE(query_alert(as_of(T0 + 2 * HOUR_MS), id, &arena, &detail, &fault));
	look_no_more();
	CHECK_INT(detail.alert.state, ALERT_IN_PROGRESS);
	CHECK_INT(detail.alert.severity, SEVERITY_LOW);
	CHECK_STR(detail.alert.assignee, "ana");
	CHECK_INT((int64_t)detail.n_legs, 1);
	CHECK_INT((int64_t)detail.n_events, 2); /* raised, claimed */
	store_close(store);
}

TEST(tags_cases_merges_and_what_was_redone_are_of_their_time)
{
	static const struct alert_event events[] = {
		{ 1, "centinela", "raise", "", "low", "" }, { 2, "ana", "tag", "", "fraud", "" }, { 3, "ana", "tag", "fraud", "fraud vip", "" },
		{ 4, "ana", "link", "#7", "#5", "" }, { 5, "ana", "assign", "", "luis", "" }, { 6, "ana", "close", "new", "legitimate", "" },
		{ 7, "ana", "undo", "closed", "new", "" }, { 8, "ana", "undo", "new", "new", "" }, { 9, "ana", "redo", "new", "new", "" },
		{ 10, "ana", "merge", "new", "duplicate", "" },
	};
	static const struct {
		int64_t at;
		const char *tags, *assignee;
		int64_t case_id, merged_into;
		enum alert_state state;
	} rows[] = { { 1, "", "", 7, 0, ALERT_NEW }, { 2, "fraud", "", 7, 0, ALERT_NEW }, { 3, "fraud vip", "", 7, 0, ALERT_NEW }, { 4, "fraud vip", "", 5, 0, ALERT_NEW },
		{ 5, "fraud vip", "luis", 5, 0, ALERT_NEW }, { 6, "fraud vip", "luis", 5, 0, ALERT_CLOSED }, { 7, "fraud vip", "luis", 5, 0, ALERT_NEW },
		{ 8, "fraud vip", "", 5, 0, ALERT_NEW }, { 9, "fraud vip", "luis", 5, 0, ALERT_NEW }, { 10, "fraud vip", "luis", 5, 3, ALERT_CLOSED } };
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct alert alert = { .id = 7, .case_id = 5, .tags = "fraud vip", .merged_into = 3, .assignee = "luis", .state = ALERT_CLOSED, .resolution = RESOLUTION_DUPLICATE };
		alert_relive(&alert, events, COUNT_OF(events), rows[i].at);
		CHECK_STR(alert.tags, rows[i].tags);
		CHECK_STR(alert.assignee, rows[i].assignee);
		CHECK_INT(alert.case_id, rows[i].case_id);
		CHECK_INT(alert.merged_into, rows[i].merged_into);
		CHECK_INT(alert.state, rows[i].state);
	}
}

/* Lines that no program of ours wrote: nothing of them may matter much. */
TEST(what_a_person_raised_was_theirs_from_then_on)
{
	struct store *store = stored(16);
	struct manual_raised raised;
	struct fault fault;
	struct manual_alert manual = { .title = "They ask for passwords", .subject = "+573105550001", .location = "", .note = "", .severity = SEVERITY_HIGH,
		.who = "ana", .event_ms = T0 + HOUR_MS, .now_ms = T0 + HOUR_MS };
	struct arena texts;
	arena_init(&texts);
	REQUIRE(store_raise_manual(store, &manual, &raised, &texts, NULL, &fault));
	arena_clear(&texts);
	struct alert_list list = then(2, "rule = manual", false);
	REQUIRE(list.n == 1);
	CHECK_INT(list.items[0].state, ALERT_IN_PROGRESS);
	CHECK_STR(list.items[0].assignee, "ana");
	CHECK(list.items[0].acknowledged_ms > 0);
	store_close(store);
}

TEST(what_was_raised_by_hand_and_taken_back_was_closed_from_then_on)
{
	static const struct alert_event events[] = {
		{ 1, "ana", "raise", "", "high", "" }, { 2, "ana", "grow", "high", "high", "again" }, { 3, "ana", "undo", "in_progress", "in_progress", "" },
		{ 4, "ana", "undo", "in_progress", "closed", "" }, { 5, "ana", "redo", "closed", "in_progress", "" }, { 6, "luis", "assign", "ana", "luis", "" },
		{ 7, "luis", "undo", "in_progress", "in_progress", "" }, { 8, "ana", "undo", "in_progress", "closed", "" },
	};
	static const struct {
		int64_t at, closed_ms;
		const char *assignee;
		enum alert_state state;
	} rows[] = { { 1, 0, "ana", ALERT_IN_PROGRESS }, { 2, 0, "ana", ALERT_IN_PROGRESS }, { 3, 0, "ana", ALERT_IN_PROGRESS }, { 4, 4, "ana", ALERT_CLOSED },
		{ 5, 0, "ana", ALERT_IN_PROGRESS }, { 6, 0, "luis", ALERT_IN_PROGRESS }, { 7, 0, "ana", ALERT_IN_PROGRESS }, { 8, 8, "ana", ALERT_CLOSED } };
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct alert alert = { .id = 7, .rule = MANUAL_RULE, .tags = "", .assignee = "ana", .state = ALERT_CLOSED, .resolution = RESOLUTION_FALSE_POSITIVE, .closed_ms = 8 };
		alert_relive(&alert, events, COUNT_OF(events), rows[i].at);
		CHECK_STR(alert.assignee, rows[i].assignee);
		CHECK_INT(alert.state, rows[i].state);
		CHECK_INT(alert.closed_ms, rows[i].closed_ms);
	}
}

/* Extending one is ending it and beginning it anew: two lines, but one act. */
TEST(a_snooze_whose_extension_was_taken_back_was_one)
{
	static const struct alert_event events[] = { { 1, "centinela", "raise", "", "high", "" }, { 2, "ana", "snooze", "new", "snoozed", "later" },
		{ 3, "ana", "wake", "snoozed", "in_progress", "" }, { 3, "ana", "snooze", "in_progress", "snoozed", "later" }, { 4, "ana", "undo", "snoozed", "snoozed", "" },
		{ 5, "ana", "undo", "snoozed", "new", "" } };
	for (int64_t at = 1; at <= 5; at++) {
		struct alert alert = { .id = 7, .rule = "r", .tags = "", .assignee = "" };
		alert_relive(&alert, events, COUNT_OF(events), at);
		CHECK_INT(alert.state, at == 1 || at == 5 ? ALERT_NEW : ALERT_SNOOZED);
	}
}

/* A row that nobody could have written is of no kind that is counted by its number. */
TEST(a_number_that_is_none_is_the_first)
{
	struct store *store = stored(16);
	struct fault fault;
	found(store, 1, SEVERITY_HIGH, "r", "Colombia", 1, 0);
	REQUIRE(db_exec(&store->db, "UPDATE alerts SET severity = 100000, state = -7, resolution = 99", &fault));
	struct alert_list list = then(2, "", true);
	REQUIRE(list.n == 1);
	CHECK(list.items[0].severity <= SEVERITY_CRITICAL);
	CHECK_INT(list.items[0].state, ALERT_NEW);
	store_close(store);
}

TEST(a_strange_log_does_no_harm)
{
	static const struct alert_event events[] = {
		{ 1, "", "wake", "?", "?", "" }, { 2, "x", "undo", "", "", "" }, { 3, "x", "snooze", "", "", "" },
		{ 4, "x", "close", "", "no such resolution", "" }, { 5, "x", "dance", "a", "b", "c" }, { 6, "x", "grow", "", "enormous", "" },
		{ 7, "x", "silence", "", "tomorrow", "why" }, { 7, "x", "tag", "", "", "" }, { 7, "x", "link", "?", "-5", "" }, { 7, "x", "redo", "", "", "" }, { 8, "x", "escalate", "", "", "" }, { 9, "", "assign", "", "", "" },
	};
	struct alert alert = { .severity = SEVERITY_HIGH, .state = ALERT_CLOSED, .acknowledged_ms = 50, .closed_ms = 60, .assignee = "luis", .resolution = RESOLUTION_DUPLICATE };
	struct alert was = alert;
	alert_relive(&alert, events, COUNT_OF(events), 100);
	CHECK_INT(alert.severity, SEVERITY_HIGH);
	CHECK_INT(alert.state, ALERT_CLOSED);
	/* Of no lines at all: by its times. */
	alert = was;
	alert_relive(&alert, NULL, 0, 55);
	CHECK_INT(alert.state, ALERT_IN_PROGRESS);
	CHECK_STR(alert.assignee, "luis");
	alert = was;
	alert_relive(&alert, NULL, 0, 40);
	CHECK_INT(alert.state, ALERT_NEW);
	CHECK_STR(alert.assignee, "");
	alert = was;
	alert_relive(&alert, NULL, 0, 60);
	CHECK_INT(alert.state, ALERT_CLOSED);
	CHECK_INT(alert.resolution, RESOLUTION_DUPLICATE);
}

/* ---- shifts ------------------------------------------------------------------------------ */

static struct shift_report shift(struct store *store, double from, double until, double now)
{
	struct shift_report report;
	struct fault fault;
	arena_clear(&arena);
	arena_init(&arena);
	if (!query_shift(&store->db, T0 + (int64_t)(from * HOUR_MS), T0 + (int64_t)(until * HOUR_MS), T0 + (int64_t)(now * HOUR_MS), &arena, &report, &fault)) {
		puts(fault.text);
		exit(1);
	}
	return report;
}

/* Before the shift 0..8 one alert, in it six, after it one. */
static struct store *a_shift(int64_t ids[8])
{
	struct store *store = stored(16);
	ids[0] = found(store, 10, SEVERITY_HIGH, "old", "Colombia", -1, 0);
	ids[1] = found(store, 11, SEVERITY_CRITICAL, "irsf", "Denver", 1, 1);
	ids[2] = found(store, 12, SEVERITY_LOW, "noise", "Colombia", 2, 2);
	ids[3] = found(store, 13, SEVERITY_LOW, "noise", "Colombia", 3, 3);
	ids[4] = found(store, 14, SEVERITY_LOW, "noise", "Colombia", 4, 4);
	ids[5] = found(store, 15, SEVERITY_MEDIUM, "other", "Denver", 5, 5);
	ids[6] = found(store, 16, SEVERITY_MEDIUM, "other", "", 7.9, 6);
	act(store, ids[0], (struct triage_order){ .act = TRIAGE_NOTE, .note = "!before the shift" }, -0.5);
	act(store, ids[1], (struct triage_order){ .act = TRIAGE_CLAIM, .who = "luis" }, 1.5);
	act(store, ids[1], (struct triage_order){ .act = TRIAGE_NOTE, .who = "luis", .note = "! the carrier calls back at noon" }, 2);
	act(store, ids[1], (struct triage_order){ .act = TRIAGE_NOTE, .note = "nothing! for the next" }, 2.5);
	act(store, ids[2], (struct triage_order){ .act = TRIAGE_CLOSE, .resolution = RESOLUTION_FALSE_POSITIVE }, 6);
	act(store, ids[3], (struct triage_order){ .act = TRIAGE_CLOSE, .resolution = RESOLUTION_FALSE_POSITIVE }, 6.5);
	act(store, ids[4], (struct triage_order){ .act = TRIAGE_SNOOZE, .note = "bridge", .until_ms = 4 * HOUR_MS }, 7);
	act(store, ids[5], (struct triage_order){ .act = TRIAGE_SILENCE, .note = "campaign", .until_ms = 20 * HOUR_MS }, 7);
	ids[7] = found(store, 17, SEVERITY_CRITICAL, "irsf", "Denver", 9, 7);
	return store;
}

TEST(a_shift_is_what_came_what_is_open_and_what_was_done)
{
	int64_t ids[8];
	struct store *store = a_shift(ids);
	struct shift_report r = shift(store, 0, 8, 8);
	CHECK(!r.past);
	CHECK_INT(r.n_raised, 6);
	CHECK_INT(r.raised[SEVERITY_LOW], 3);
	CHECK_INT(r.raised[SEVERITY_CRITICAL], 1);
	REQUIRE(r.n_sites == 3);
	CHECK_STR(r.sites[0].name, "Colombia");
	CHECK_INT(r.sites[0].n, 3);
	CHECK_STR(r.sites[1].name, "Denver");
	CHECK_INT(r.n_open, 5); /* the old one, the critical one, the snoozed one, both others */
	CHECK_INT(r.n_snoozed, 1);
	CHECK_INT(r.n_late, 2); /* the old one, and the medium one of three hours ago */
	REQUIRE(r.n_open_listed == 5);
	CHECK_INT(r.open_alerts[0].id, ids[0]);
	CHECK_INT(r.open_alerts[1].id, ids[5]);
	CHECK_INT(r.open_alerts[2].id, ids[1]);
	REQUIRE(r.n_owners == 2);
	CHECK_STR(r.owners[0].name, "");
	CHECK_INT(r.owners[0].n, 4);
	CHECK_INT(r.owners[0].n_late, 2);
	CHECK_STR(r.owners[1].name, "luis");
	CHECK_INT(r.owners[1].n, 1);
	CHECK_INT(r.n_closed, 2);
	CHECK_INT(r.closed[RESOLUTION_FALSE_POSITIVE], 2);
	REQUIRE(r.n_closed_listed == 2);
	CHECK_INT(r.closed_alerts[0].id, ids[3]);
	REQUIRE(r.n_ends == 1); /* the silence lasts longer than the next shift */
	CHECK_INT(r.ends[0].alert->id, ids[4]);
	CHECK_INT(r.ends[0].at_ms, T0 + 11 * HOUR_MS);
	CHECK(!r.ends[0].silence);
	REQUIRE(r.n_notes == 1);
	CHECK_STR(r.notes[0].text, "the carrier calls back at noon");
	CHECK_STR(r.notes[0].who, "luis");
	CHECK_STR(r.notes[0].title_en, "irsf");
	REQUIRE(r.n_rules == 1);
	CHECK_STR(r.rules[0].rule, "noise");
	CHECK_INT(r.rules[0].n, 3);
	CHECK_INT(r.rules[0].n_closed, 2);
	CHECK_INT(r.rules[0].n_false, 2);
	store_close(store);
}

TEST(a_shift_leaves_cases_each_with_what_is_open_of_it)
{
	int64_t ids[8];
	struct store *store = a_shift(ids);
	struct fault fault;
	char sql[300];
	for (int past = 0; past < 2; past++) {
		/* The old one, which is late, the critical one and one that was closed are a story. */
		snprintf(sql, sizeof sql, "UPDATE alerts SET case_id = %lld WHERE id IN (%lld, %lld, %lld)", (long long)ids[0], (long long)ids[0], (long long)ids[1], (long long)ids[3]);
		REQUIRE(db_exec(&store->db, sql, &fault));
		struct shift_report r = shift(store, 0, 8, past ? 30 : 8);
		CHECK_INT(r.past, past);
		CHECK_INT(r.n_open, 5);
		REQUIRE(r.n_open_listed == 4);
		int64_t n = 0;
		for (size_t i = 0; i < r.n_open_listed; i++)
			n += r.open_cases[i].n;
		CHECK_INT(n, 5);
		CHECK_INT(r.open_alerts[0].id, ids[0]); /* what is late comes first, and stands for it */
		CHECK_INT(r.open_cases[0].id, ids[0]);
		CHECK_INT(r.open_cases[0].n, 2);
		CHECK_INT(r.open_cases[0].n_late, 1);
		CHECK_INT(r.open_cases[0].by_severity[SEVERITY_CRITICAL], 1);
		CHECK_INT(r.open_cases[0].oldest_ms, r.open_alerts[0].raised_ms);
		for (size_t i = 1; i < r.n_open_listed; i++) {
			CHECK_INT(r.open_cases[i].n, 1);
			CHECK(r.open_alerts[i].id != ids[1]);
		}
	}
	store_close(store);
}

/* The alert is of another case from then on. */
static void moves(struct store *store, int64_t id, int64_t from, int64_t to, double hour)
{
	struct fault fault;
	char was[24], became[24], sql[100];
	snprintf(was, sizeof was, "#%lld", (long long)from);
	snprintf(became, sizeof became, "#%lld", (long long)to);
	struct alert_event event = { T0 + (int64_t)(hour * HOUR_MS), "ana", "link", was, became, "" };
	snprintf(sql, sizeof sql, "UPDATE alerts SET case_id = %lld WHERE id = %lld", (long long)to, (long long)id);
	REQUIRE(db_exec(&store->db, sql, &fault) && audit_row_add(store, id, &event, &fault));
}

TEST(a_case_of_a_shift_that_is_over_is_what_was_open_in_it_then)
{
	int64_t ids[8];
	struct store *store = a_shift(ids);
	struct fault fault;
	int64_t its = ids[1];
	moves(store, ids[5], ids[5], its, 6);	/* in it, and out of it after the end */
	moves(store, ids[5], its, ids[5], 9);
	moves(store, ids[6], ids[6], its, 10);	/* in it after the end only */
	moves(store, ids[4], ids[4], its, 7.5); /* in it ever since; asleep */
	moves(store, ids[2], ids[2], its, 5);	/* in it, but closed then, and open again now */
	act(store, ids[2], (struct triage_order){ .act = TRIAGE_REOPEN }, 11);
	moves(store, ids[0], ids[0], its, 7);	/* in it, and taken away since */
	act(store, ids[4], (struct triage_order){ .act = TRIAGE_CLOSE, .resolution = RESOLUTION_LEGITIMATE }, 12); /* open then, and closed since */
	struct shift_report r = shift(store, 0, 8, 30);
	CHECK_INT(r.n_open, 5);
	REQUIRE(r.n_open_listed == 2); /* the case, and what came into it later */
	CHECK_INT(r.open_cases[0].id + r.open_cases[1].id, its + ids[6]);
	const struct shift_case *story = &r.open_cases[r.open_cases[1].id == its], *alone = &r.open_cases[r.open_cases[1].id != its];
	CHECK_INT(alone->n, 1);
	CHECK_INT(story->n, 4);
	CHECK_INT(story->n_late, 2);
	CHECK_INT(story->by_severity[SEVERITY_LOW], 1);
	CHECK_INT(story->by_severity[SEVERITY_MEDIUM], 1);
	act(store, ids[0], (struct triage_order){ .act = TRIAGE_CLOSE, .resolution = RESOLUTION_UNKNOWN }, 13);
	REQUIRE(tombstone_put(store, ids[0], "ana", T0 + 14 * HOUR_MS, &fault));
	r = shift(store, 0, 8, 30);
	CHECK_INT(r.n_open, 4);
	CHECK_INT(r.n_late, 1);
	int64_t n = 0;
	for (size_t i = 0; i < r.n_open_listed; i++) {
		n += r.open_cases[i].n;
		CHECK(r.open_alerts[i].id != ids[0]);
	}
	CHECK_INT(n, 4);
	store_close(store);
}

TEST(noisy_rules_come_by_the_share_that_was_no_attack)
{
	int64_t ids[8];
	struct store *store = a_shift(ids);
	struct fault fault;
	/* Another rule with as many false ones of more that were closed, and one that was never judged. */
	REQUIRE(db_exec(&store->db, "CREATE TABLE copies AS SELECT * FROM alerts WHERE rule = 'noise' AND resolution = 3;"
	    "UPDATE copies SET rule = 'a_half', id = id + 100, revision = revision + 100, fingerprint = fingerprint + 100; INSERT INTO alerts SELECT * FROM copies;"
	    "UPDATE copies SET id = id + 100, revision = revision + 100, fingerprint = fingerprint + 100, resolution = 1; INSERT INTO alerts SELECT * FROM copies;"
	    "UPDATE copies SET rule = 'unjudged', id = id + 100, revision = revision + 100, fingerprint = fingerprint + 100, closed_ms = 0; INSERT INTO alerts SELECT * FROM copies;"
	    "UPDATE copies SET id = id + 100, revision = revision + 100, fingerprint = fingerprint + 100; INSERT INTO alerts SELECT * FROM copies; DROP TABLE copies", &fault));
	struct shift_report r = shift(store, 0, 8, 8);
	REQUIRE(r.n_rules == 3);
	CHECK_STR(r.rules[0].rule, "noise");
	CHECK_INT(r.rules[0].n_false, 2);
	CHECK_INT(r.rules[0].n_closed, 2);
	CHECK_STR(r.rules[1].rule, "a_half");
	CHECK_INT(r.rules[1].n_false, 2);
	CHECK_INT(r.rules[1].n_closed, 4);
	CHECK_STR(r.rules[2].rule, "unjudged");
	CHECK_INT(r.rules[2].n, 4);
	CHECK_INT(r.rules[2].n_closed, 0);
	store_close(store);
}

/* So many more of the first alert, raised a minute apart before it. */
static void many_more(struct store *store, int n)
{
	struct fault fault;
	char sql[600];
	snprintf(sql, sizeof sql, "CREATE TABLE one AS SELECT * FROM alerts WHERE id = 1; CREATE TABLE x (i BIGINT);"
	    "INSERT INTO x WITH RECURSIVE r (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM r WHERE i < %d) SELECT i FROM r;"
	    "UPDATE one SET id = 1000, case_id = 1000", n);
	REQUIRE(db_exec(&store->db, sql, &fault));
	snprintf(sql, sizeof sql, "CREATE TABLE more AS SELECT one.*, x.i AS x FROM one, x;"
	    "UPDATE more SET id = id + x, revision = revision + x, case_id = id + x, fingerprint = fingerprint + x, raised_ms = raised_ms - x * 60000;"
	    "ALTER TABLE more DROP COLUMN x; INSERT INTO alerts SELECT * FROM more; DROP TABLE x; DROP TABLE one; DROP TABLE more");
	REQUIRE(db_exec(&store->db, sql, &fault));
}

TEST(a_shift_is_all_of_its_alerts_however_many)
{
	int64_t ids[8];
	struct store *store = a_shift(ids);
	struct shift_report r;
	struct fault fault;
	bool ready = false;
	many_more(store, 6000);
	/* Thousands were closed at one and the same moment, by one act. */
	REQUIRE(db_exec(&store->db, "UPDATE alerts SET state = 3, rank = 0, closed_ms = (SELECT max(raised_ms) FROM alerts WHERE id < 100) + 1 WHERE id > 1000 AND id <= 1700", &fault));
	arena_clear(&arena);
	arena_init(&arena);
	struct shift_reading *reading = shift_reading_new(T0, T0 + 8 * HOUR_MS, T0 + 16 * HOUR_MS, &arena, &r);
	int pieces = 0;
	for (; !ready; pieces++) {
		REQUIRE(shift_read_on(reading, &store->db, 0, &ready, &fault));
		/* Meanwhile one that was not met yet is closed, and one that was. */
		if (pieces == 5)
			REQUIRE(db_exec(&store->db, "UPDATE alerts SET state = 3, rank = 0, closed_ms = (SELECT max(closed_ms) FROM alerts) WHERE id IN (1701, 6999)", &fault));
	}
	shift_reading_free(reading);
	CHECK(pieces >= 60);
	CHECK_INT(r.n_open, 6005); /* all had been raised, and were closed later, if at all */
	CHECK_INT(r.open[SEVERITY_HIGH], 6001);
	REQUIRE(r.n_open_listed == SHIFT_OPEN_MAX);
	CHECK_INT(r.open_alerts[0].id, ids[0]); /* late, and the newest of the high ones */
	CHECK_INT(r.open_alerts[1].id, 1001);
	CHECK_INT(r.open_alerts[59].id, 1059);
	CHECK_INT(r.open_alerts[1].state, ALERT_NEW);
	REQUIRE(r.n_owners == 2);
	CHECK_INT(r.owners[0].n, 6004);
	CHECK_INT(r.n_raised, 6);
	/* At once it is the same. */
	CHECK_INT(shift(store, 0, 8, 16).n_open, 6005);
	store_close(store);
}

/* Three alerts of one subject, two of them on one record. */
TEST(what_a_record_costs_is_said_once)
{
	struct store *store = stored(16);
	struct fault fault;
	struct score_list list;
	int64_t first, second, sum;
	found(store, 1, SEVERITY_HIGH, "r", "Colombia", 1, 0);
	found(store, 2, SEVERITY_HIGH, "s", "Colombia", 1, 0);
	found(store, 3, SEVERITY_LOW, "t", "Colombia", 1, 1);
	REQUIRE(db_exec(&store->db, "UPDATE alerts SET subject_id = '+576015550001'", &fault));
	REQUIRE(db_ask_int(&store->db, "SELECT cost_micro FROM alerts WHERE rule = 'r'", 0, &first, &fault));
	REQUIRE(db_ask_int(&store->db, "SELECT cost_micro FROM alerts WHERE rule = 't'", 0, &second, &fault));
	REQUIRE(db_ask_int(&store->db, "SELECT sum(cost_micro) FROM alerts", 0, &sum, &fault));
	REQUIRE(first > 0 && second > 0);
	CHECK_INT(sum, 2 * first + second);
	CHECK_INT(shift(store, 0, 8, 8).cost_raised_micro, first + second);
	REQUIRE(query_scores(&store->db, T0 + 2 * HOUR_MS, "", 10, &arena, &list, &fault));
	REQUIRE(list.n == 1);
	CHECK_INT(list.items[0].cost_micro, first + second);
	CHECK_INT(list.items[0].count, 2);
	json_t *report = report_gather(&store->db, &(struct report_of){ .from_ms = T0 - DAY_MS, .until_ms = T0 + DAY_MS }, &arena, &fault);
	REQUIRE(report != NULL);
	double amount = json_number_value(json_object_get(json_object_get(json_object_get(report, "alerts"), "open_cost"), "amount"));
	CHECK_INT((int64_t)(amount * 1000000 + 0.5), first + second);
	json_decref(report);
	/* Without evidence its own sums stay. */
	REQUIRE(db_exec(&store->db, "DELETE FROM evidence", &fault));
	REQUIRE(query_scores(&store->db, T0 + 2 * HOUR_MS, "", 10, &arena, &list, &fault));
	CHECK_INT(list.items[0].cost_micro, MAX(first, second));
	CHECK_INT(list.items[0].count, 1);
	store_close(store);
}

TEST(a_shift_that_is_over_is_as_it_was_at_its_end)
{
	int64_t ids[8];
	struct store *store = a_shift(ids);
	act(store, ids[1], (struct triage_order){ .act = TRIAGE_CLOSE, .who = "luis", .resolution = RESOLUTION_TRUE_IMPACT }, 10);
	struct shift_report r = shift(store, 0, 8, 16);
	CHECK(r.past);
	CHECK_INT(r.n_raised, 6);
	CHECK_INT(r.n_open, 5);
	CHECK_INT(r.n_closed, 2);
	r = shift(store, 8, 16, 16);
	CHECK_INT(r.n_raised, 1);
	CHECK_INT(r.n_closed, 1);
	CHECK_INT(r.n_notes, 0);
	CHECK_INT(r.closed[RESOLUTION_TRUE_IMPACT], 1);
	r = shift(store, -100, -92, 16); /* nothing was then */
	CHECK_INT(r.n_raised + r.n_open + r.n_closed, 0);
	CHECK_INT((int64_t)(r.n_notes + r.n_ends + r.n_rules + r.n_owners + r.n_sites), 0);
	store_close(store);
}

TEST(the_folder_is_taken_away_again)
{
	take_folder_away();
}

TESTS(T(an_alert_is_what_its_log_says_it_was), T(what_was_undone_was_not), T(what_a_person_raised_was_theirs_from_then_on),
    T(what_was_raised_by_hand_and_taken_back_was_closed_from_then_on), T(a_snooze_whose_extension_was_taken_back_was_one), T(a_number_that_is_none_is_the_first),
    T(an_alert_had_as_many_records_as_had_been_reported),
    T(scores_of_then_are_those_of_its_alerts), T(rows_of_then_have_the_orders_and_groups_of_the_queue),
    T(an_alert_is_opened_as_it_was), T(tags_cases_merges_and_what_was_redone_are_of_their_time),
    T(a_strange_log_does_no_harm), T(a_shift_is_what_came_what_is_open_and_what_was_done),
    T(a_shift_is_all_of_its_alerts_however_many), T(what_a_record_costs_is_said_once), T(a_shift_that_is_over_is_as_it_was_at_its_end),
    T(a_shift_leaves_cases_each_with_what_is_open_of_it), T(a_case_of_a_shift_that_is_over_is_what_was_open_in_it_then),
    T(noisy_rules_come_by_the_share_that_was_no_attack),
    T(the_folder_is_taken_away_again))
