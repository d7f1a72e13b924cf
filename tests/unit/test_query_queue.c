/* SPDX-License-Identifier: Apache-2.0
 *
 * Pages of the queue are the same rows in the same order as all of them sorted in
 * memory, from either end, in every order, grouped or not, filtered or not. */
#include "test.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "filter_rows.h"
#include "queue_order.h"
#include "older_store.h"
#include "store/alert_rows.h"
#include "store/migrate.h"
#include "store/query_count.h"
#include "store/request_rows.h"
#include "store_place.h"

#define N_ROWS 300

static struct filter_rows *rows;

/* The rows' store; made once. */
static struct db *store(void)
{
	char address[256];
	struct fault fault;
	if (rows == NULL) {
		snprintf(address, sizeof address, "sqlite:/tmp/centinela-queue-%ld.db", (long)getpid());
		store_place(address);
		rows = filter_rows_new(address, N_ROWS, 7);
		filter_must(db_exec(&rows->store->db, "INSERT INTO open_alerts (rule, location, severity, assignee, n)"
		    " SELECT rule, location, severity, assignee, count(*) FROM alerts WHERE rank > 0 GROUP BY rule, location, severity, assignee", &fault), &fault);
		/* As its autovacuum does within a minute: until then a page of a group is joined row by row. */
		filter_must(!store_is_on_server() || db_exec(&rows->store->db, "ANALYZE alerts", &fault), &fault);
	}
	return &rows->store->db;
}

/* Of those that are closed some: alone, and many in a row. */
#define GONE_ONES "rank = 0 AND (id % 3 = 0 OR id BETWEEN 100 AND 160)"

static bool is_gone(const struct alert *a)
{
	return a->state == ALERT_CLOSED && (a->id % 3 == 0 || (a->id >= 100 && a->id <= 160));
}

static void take_some_away(struct db *db)
{
	struct fault fault;
	filter_must(db_exec(db, "INSERT INTO tombstones (alert_id, who, at_ms) SELECT id, 'ana', 1 FROM alerts WHERE " GONE_ONES, &fault), &fault);
}

/* What a query should give, whole: the first of each group in the order. */
static size_t expected(const struct alert_query *query, struct alert *out)
{
	struct filter filter;
	struct fault fault;
	size_t n = 0;
	REQUIRE(filter_parse(FILTER_ALERTS, query->filter, strlen(query->filter), FILTER_ROWS_NOW, NULL, &filter, NULL, &fault, NULL));
	for (size_t i = 0; i < rows->alerts.n; i++) {
		const struct alert *a = &rows->alerts.items[i];
		if ((query->closed_too || a->state != ALERT_CLOSED) && !(query->without_gone && is_gone(a)) && filter_passes(&filter, filter_read_alert, a, FILTER_ROWS_NOW))
			out[n++] = *a;
	}
	filter_clear(&filter);
	queue_sort(out, n, query->order);
	return queue_leads(out, n, query->grouping);
}

static bool walk_forward(struct db *db, struct alert_query query, const struct alert *should, size_t n, size_t page, struct arena *arena)
{
	struct alert_list found;
	struct alert_mark mark;
	struct fault fault;
	size_t at = 0;
	query.limit = page;
	query.from = NULL;
	do {
		REQUIRE(query_alerts(db, &query, "ana", arena, &found, &fault));
		for (size_t i = 0; i < found.n; i++)
			if (at + i >= n || found.items[i].id != should[at + i].id)
				return false;
		at += found.n;
		if (found.n > 0)
			mark = alert_mark_behind(alert_mark_of(&found.items[found.n - 1], query.order));
		query.from = &mark;
	} while (found.more && found.n > 0);
	return at == n;
}

static bool walk_back(struct db *db, struct alert_query query, const struct alert *should, size_t n, size_t page, struct arena *arena)
{
	struct alert_list found;
	struct alert_mark mark;
	struct fault fault;
	size_t left = n;
	query.limit = page;
	query.from = NULL;
	query.backwards = true;
	do {
		REQUIRE(query_alerts(db, &query, "ana", arena, &found, &fault));
		if (found.n > left)
			return false;
		left -= found.n;
		for (size_t i = 0; i < found.n; i++)
			if (found.items[i].id != should[left + i].id)
				return false;
		if (found.n > 0)
			mark = alert_mark_of(&found.items[0], query.order);
		query.from = &mark;
	} while (found.more && found.n > 0);
	return left == 0;
}

TEST(pages_are_what_sorting_all_of_them_gives)
{
	static const char *const filters[] = { "", "severity >= high", "score > 60 or why ~ \"ana\"", "title == \"nothing is called so\"", "state == new and not location == Bogotá" };
	static struct alert should[N_ROWS];
	size_t n_asked = 0;
	store();
	for (int order = 0; order < N_ORDERS; order++)
		for (int grouping = GROUP_NONE; grouping <= GROUP_FINGERPRINT; grouping++)
			for (size_t f = 0; f < COUNT_OF(filters); f++)
				for (int closed = 0; closed < 2; closed++) {
					struct arena arena;
					arena_init(&arena);
					struct alert_query query = { .order = (enum alert_order)order, .grouping = (enum alert_grouping)grouping,
						.filter = filters[f], .closed_too = closed, .now_ms = FILTER_ROWS_NOW };
					size_t n = expected(&query, should);
					bool forward = walk_forward(store(), query, should, n, 41, &arena), back = walk_back(store(), query, should, n, 53, &arena);
					if (!forward || !back)
						printf("order %s, grouping %d, filter '%s', closed %d: %s\n", alert_order_name(query.order), grouping, filters[f], closed, forward ? "back" : "forward");
					CHECK(forward && back);
					n_asked += n > 0;
					arena_clear(&arena);
				}
	CHECK(n_asked > 200);
}

/* What nobody has looked at is due soonest, by how grave it is; then what somebody is at.
 * Whatever is asleep comes behind those, the next to wake first, and what is closed last. */
TEST(what_is_due_next_comes_first)
{
	enum { CLOCK_0 = 1000000000 };
	static const struct {
		enum alert_state state;
		enum severity severity;
		int minute, until_minute; /* raised; wakes */
	} alerts[] = {
		{ ALERT_CLOSED, SEVERITY_CRITICAL, 0, 0 }, { ALERT_IN_PROGRESS, SEVERITY_CRITICAL, 0, 0 } /* 240 */, { ALERT_NEW, SEVERITY_LOW, 0, 0 } /* 480 */,
		{ ALERT_NEW, SEVERITY_CRITICAL, 100, 0 } /* 105 */, { ALERT_SNOOZED, SEVERITY_CRITICAL, 0, 90 }, { ALERT_NEW, SEVERITY_HIGH, 74, 0 } /* 104 */,
		{ ALERT_SNOOZED, SEVERITY_LOW, 0, 80 }, { ALERT_IN_PROGRESS, SEVERITY_HIGH, 0, 0 } /* 480, raised as the third */, { ALERT_NEW, SEVERITY_MEDIUM, 360, 0 } /* 480, later */,
		{ ALERT_CLOSED, SEVERITY_LOW, 1, 0 } };
	static const int64_t should[] = { 6, 4, 2, 9, 8, 3, 7, 5, 10, 1 };
	struct fault fault;
	struct store *small;
	struct arena arena;
	struct alert_list list;
	char address[256], sql[900];
	snprintf(address, sizeof address, "sqlite:/tmp/centinela-queue-%ld-due.db", (long)getpid());
	store_place(address);
	filter_must(store_open(address, &small, &fault), &fault);
	for (size_t i = 0; i < COUNT_OF(alerts); i++) {
		snprintf(sql, sizeof sql, "INSERT INTO alerts (id, revision, fingerprint, rank, severity, score, state, resolution, subject_kind, first_ms, last_ms, raised_ms, acknowledged_ms,"
		    " closed_ms, snooze_until_ms, n_legs, n_notes, cost_micro, cost_per_hour_micro, subject_id, subject_name, location, rule, title_en, title_es, assignee, why_en, why_es,"
		    " case_id, reasons) VALUES (%zu, 1, 1, %d, %d, 1, %d, 0, 0, 1, 1, %lld, 0, 0, %lld, 1, 0, 0, 0, 's', 'n', '', 'r', 't', 't', '', 'w', 'w', 1, '[]')", i + 1,
		    alerts[i].state == ALERT_CLOSED ? 0 : alerts[i].state == ALERT_SNOOZED ? 1 : 2, alerts[i].severity, alerts[i].state,
		    (long long)(CLOCK_0 + alerts[i].minute * MINUTE_MS), (long long)(alerts[i].until_minute > 0 ? CLOCK_0 + alerts[i].until_minute * MINUTE_MS : 0));
		filter_must(db_exec(&small->db, sql, &fault), &fault);
	}
	/* As they are after the migration of a store from before. */
	filter_must(older_store(&small->db, 50, &fault) && store_migrate(&small->db, &fault), &fault);
	arena_init(&arena);
	struct alert_query query = { .filter = "", .limit = 100, .closed_too = true, .order = ORDER_SLA };
	REQUIRE(query_alerts(&small->db, &query, "ana", &arena, &list, &fault));
	CHECK_INT((int64_t)list.n, (int64_t)COUNT_OF(should));
	for (size_t i = 0; i < list.n; i++)
		CHECK_INT(list.items[i].id, should[i]);
	/* A case stands where the one of its alerts does that is due first. */
	query.grouping = GROUP_CASE;
	REQUIRE(query_alerts(&small->db, &query, "ana", &arena, &list, &fault));
	CHECK_INT((int64_t)list.n, 1);
	CHECK_INT(list.items[0].id, should[0]);
	arena_clear(&arena);
	store_close(small);
	store_remove(address);
}

TEST(a_store_of_before_knows_what_is_due)
{
	struct fault fault;
	int64_t n;
	CHECK_INT(due_rows_wrong(store(), &n), 0);
	filter_must(older_store(store(), 50, &fault) && store_migrate(store(), &fault), &fault);
	CHECK_INT(due_rows_wrong(store(), &n), 0);
	CHECK_INT(n, N_ROWS);
	CHECK(db_ask_int(store(), "SELECT count(DISTINCT urgency) FROM alerts", 0, &n, &fault) && n > 20);
}

static void check_page(struct alert_places *places, struct alert_query query, int64_t skip, const struct alert *should, size_t n)
{
	struct arena arena;
	struct alert_list found;
	struct alert_mark mark;
	struct fault fault;
	enum placed placed;
	arena_init(&arena);
	REQUIRE(query_alert_skip(store(), places, &query, skip, &mark, &placed, &fault));
	CHECK_INT(placed, skip < (int64_t)n ? PLACED : PLACED_NOWHERE);
	query.from = &mark;
	query.limit = 7;
	query.uncounted = true;
	if (placed == PLACED) {
		REQUIRE(query_alerts(store(), &query, "ana", &arena, &found, &fault));
		CHECK_INT(found.n, MIN((size_t)7, n - (size_t)skip));
		CHECK_INT(found.n_open, 0);
		for (size_t i = 0; i < found.n; i++)
			CHECK_INT(found.items[i].id, should[(size_t)skip + i].id);
	}
	arena_clear(&arena);
}

TEST(a_page_by_its_number_is_the_same_whatever_was_asked_before)
{
	static const enum alert_order orders[] = { ORDER_SEVERITY, ORDER_TIME, ORDER_SLA, ORDER_SCORE, ORDER_HITS, ORDER_COST };
	static struct alert should[N_ROWS];
	struct fault fault;
	uint64_t chance = 1;
	int64_t total;
	store();
	for (size_t o = 0; o < COUNT_OF(orders); o++)
		for (int closed = 0; closed < 2; closed++) {
			struct alert_places *places = alert_places_new();
			struct alert_query query = { .order = orders[o], .filter = "", .closed_too = closed, .now_ms = FILTER_ROWS_NOW };
			size_t n = expected(&query, should);
			REQUIRE(query_alert_total(store(), places, &query, &total, &fault));
			CHECK_INT(total, n);
			for (int i = 0; i < 60; i++) {
				chance = chance * 6364136223846793005u + 1442695040888963407u;
				check_page(places, query, (int64_t)((chance >> 33) % (n + 20)), should, n);
			}
			check_page(places, query, 0, should, n);
			check_page(places, query, (int64_t)n - 1, should, n);
			check_page(places, query, (int64_t)n, should, n);
			alert_places_free(places);
		}
}

/* Without those that were taken away, wherever they stand: at both ends, many in a row. */
TEST(pages_by_number_leave_out_what_was_taken_away)
{
	static struct alert should[N_ROWS];
	struct fault fault;
	struct alert_places *places = alert_places_new();
	struct alert_query query = { .filter = "", .now_ms = FILTER_ROWS_NOW, .without_gone = true };
	int64_t total;
	store();
	take_some_away(store());
	for (int order = ORDER_SEVERITY; order <= ORDER_COST; order++) {
		if (order == ORDER_WHO || order == ORDER_RULE || order == ORDER_SITE)
			continue;
		for (int closed = 0; closed < 2; closed++) {
			query.order = (enum alert_order)order;
			query.closed_too = closed;
			size_t n = expected(&query, should);
			filter_must(query_alert_total(store(), places, &query, &total, &fault), &fault);
			CHECK_INT(total, n);
			for (size_t skip = 0; skip <= n + 2; skip += 3)
				check_page(places, query, (int64_t)skip, should, n);
		}
	}
	alert_places_free(places);
	filter_must(db_exec(store(), "DELETE FROM tombstones", &fault), &fault);
}

/* In every order, grouped or not; and a page is read as if none were gone: nothing is searched
 * for it, but the next first of a group. */
TEST(pages_leave_out_what_was_taken_away_and_are_not_searched_for_it)
{
	static const char *const filters[] = { "", "severity >= high" };
	static struct alert should[N_ROWS];
	struct fault fault;
	size_t n_less = 0;
	store();
	take_some_away(store());
	for (int order = 0; order < N_ORDERS; order++)
		for (int grouping = GROUP_NONE; grouping <= GROUP_FINGERPRINT; grouping++)
			for (size_t f = 0; f < COUNT_OF(filters); f++)
				for (int closed = 0; closed < 2; closed++) {
					struct arena arena;
					struct alert_list found;
					arena_init(&arena);
					struct alert_query query = { .order = (enum alert_order)order, .grouping = (enum alert_grouping)grouping,
						.filter = filters[f], .closed_too = closed, .now_ms = FILTER_ROWS_NOW };
					size_t n_with = expected(&query, should);
					query.without_gone = true;
					size_t n = expected(&query, should);
					CHECK(walk_forward(store(), query, should, n, 41, &arena) && walk_back(store(), query, should, n, 53, &arena));
					n_less += n < n_with;
					query.limit = 41;
					REQUIRE(query_alerts(store(), &query, "ana", &arena, &found, &fault));
					CHECK_INT(found.n_searched > 0, grouping != GROUP_NONE || f > 0);
					arena_clear(&arena);
				}
	CHECK(n_less > 0);
	filter_must(db_exec(store(), "DELETE FROM tombstones", &fault), &fault);
}

TEST(a_group_counts_its_alerts_and_names_those_that_are_open)
{
	store();
	struct arena arena;
	struct fault fault;
	struct alert_list found;
	arena_init(&arena);
	struct alert_query query = { .grouping = GROUP_SUBJECT, .filter = "", .closed_too = true, .now_ms = FILTER_ROWS_NOW, .limit = 1000 };
	REQUIRE(query_alerts(store(), &query, "ana", &arena, &found, &fault));
	int64_t n_all = 0;
	for (size_t i = 0; i < found.n; i++) {
		int64_t n = 0, hits = 0, recent = 0;
		size_t n_open = 0, n_ids;
		enum severity worst = SEVERITY_LOW;
		for (size_t k = 0; k < rows->alerts.n; k++) {
			const struct alert *a = &rows->alerts.items[k];
			if (!queue_same_group(GROUP_SUBJECT, a, &found.items[i]))
				continue;
			n++;
			hits += a->count;
			n_open += a->state != ALERT_CLOSED;
			recent += a->raised_ms > FILTER_ROWS_NOW - DAY_MS;
			if ((a->state < ALERT_SNOOZED) == (found.items[i].state < ALERT_SNOOZED))
				worst = MAX(worst, a->severity);
		}
		const struct alert_group *group = &found.groups[i];
		n_ids = n_open > 0 ? n_open : (size_t)n;
		CHECK_INT(group->n, n);
		CHECK_INT(group->hits, hits);
		CHECK_INT(group->n_ids, n_ids);
		if (found.items[i].state < ALERT_SNOOZED)
			CHECK_INT(group->severity, worst);
		int64_t in_trend = 0;
		for (size_t t = 0; t < TREND_STEPS; t++)
			in_trend += group->trend[t];
		CHECK_INT(in_trend, recent);
		n_all += n;
	}
	CHECK_INT(n_all, N_ROWS);
	arena_clear(&arena);
}

TEST(a_record_that_alerts_of_a_group_share_counts_once)
{
	struct db *db = store();
	struct arena arena;
	struct fault fault;
	struct alert_list before, found;
	size_t n_groups = 0;
	arena_init(&arena);
	struct alert_query query = { .grouping = GROUP_SUBJECT, .filter = "", .closed_too = true, .now_ms = FILTER_ROWS_NOW, .limit = 1000 };
	REQUIRE(query_alerts(db, &query, "ana", &arena, &before, &fault));
	/* Every alert of those with few records rests on the same ones, from the first on. */
	for (size_t k = 0; k < rows->alerts.n; k++) {
		const struct alert *a = &rows->alerts.items[k];
		for (int64_t leg = 1; a->count <= 100 && leg <= a->count; leg++) {
			char sql[200];
			snprintf(sql, sizeof sql, "INSERT INTO evidence (alert_id, leg_id, seq, cost_micro) VALUES (%lld, %lld, %lld, %lld)", (long long)a->id, (long long)leg, (long long)leg, (long long)leg * 1000);
			filter_must(db_exec(db, sql, &fault), &fault);
		}
	}
	REQUIRE(query_alerts(db, &query, "ana", &arena, &found, &fault));
	REQUIRE(found.n == before.n);
	for (size_t i = 0; i < found.n; i++) {
		const struct alert_group *group = &found.groups[i];
		int64_t most = 0;
		CHECK_INT(before.groups[i].at_most, before.groups[i].n > 1); /* no evidence of them: so much at most */
		for (size_t k = 0; k < rows->alerts.n; k++)
			if (queue_same_group(GROUP_SUBJECT, &rows->alerts.items[k], &found.items[i]))
				most = MAX(most, rows->alerts.items[k].count);
		if (group->n == 1 || most > 100) { /* one shares with nobody; of the others some evidence is gone */
			CHECK_INT(group->at_most, group->n > 1);
			CHECK_INT(group->hits, before.groups[i].hits);
			CHECK_INT(group->cost_micro, before.groups[i].cost_micro);
			continue;
		}
		n_groups++;
		CHECK(!group->at_most);
		CHECK_INT(group->hits, most);
		CHECK_INT(group->cost_micro, most * (most + 1) / 2 * 1000);
	}
	CHECK(n_groups > 0);
	filter_must(db_exec(db, "DELETE FROM evidence", &fault), &fault);
	arena_clear(&arena);
}

TEST(rules_and_sites_are_rows_with_their_counts)
{
	static const char *const filters[] = { "", "severity >= high" };
	struct arena arena;
	struct fault fault;
	struct alert_list found;
	arena_init(&arena);
	for (int grouping = GROUP_RULE; grouping <= GROUP_SITE; grouping++)
		for (size_t f = 0; f < COUNT_OF(filters); f++) {
			struct alert_query query = { .grouping = (enum alert_grouping)grouping, .filter = filters[f], .now_ms = FILTER_ROWS_NOW, .limit = 1000 };
			static struct alert should[N_ROWS];
			REQUIRE(query_alerts(store(), &query, "ana", &arena, &found, &fault));
			CHECK_INT(found.n, expected(&query, should));
			int64_t n = 0;
			for (size_t i = 0; i < found.n; i++)
				n += found.groups[i].n;
			query.grouping = GROUP_NONE;
			CHECK_INT(n, expected(&query, should));
		}
	arena_clear(&arena);
}

TEST(a_group_is_opened_in_its_place)
{
	struct arena arena;
	struct fault fault;
	struct alert_list found;
	arena_init(&arena);
	store();
	int64_t ids[] = { rows->alerts.items[5].id, 999999 };
	struct alert_query query = { .grouping = GROUP_CASE, .filter = "", .closed_too = true, .now_ms = FILTER_ROWS_NOW, .limit = 5, .opened = ids, .n_opened = 2 };
	REQUIRE(query_alerts(store(), &query, "ana", &arena, &found, &fault));
	size_t n = 0;
	for (size_t k = 0; k < rows->alerts.n; k++)
		n += rows->alerts.items[k].case_id == rows->alerts.items[5].case_id;
	CHECK_INT(found.opened[0].n, n);
	CHECK(n > 1);
	for (size_t i = 0; i < found.opened[0].n; i++)
		CHECK_INT(found.opened[0].items[i].case_id, rows->alerts.items[5].case_id);
	CHECK_INT(found.opened[1].n, 0); /* it is gone */
	arena_clear(&arena);
}

TEST(what_is_open_is_counted_as_it_changes)
{
	struct db *db = store();
	struct store *written = rows->store;
	struct fault fault;
	struct arena arena;
	struct alert_list before, after;
	struct triage_result result;
	arena_init(&arena);
	struct alert_query query = { .filter = "state == new and assignee == \"\"", .limit = 1 };
	REQUIRE(query_alerts(db, &query, "ana", &arena, &before, &fault));
	REQUIRE(before.n == 1);
	int64_t id = before.items[0].id;
	enum severity severity = before.items[0].severity;
	struct triage_order claim = { .act = TRIAGE_CLAIM, .who = "ana", .now_ms = 9000 };
	REQUIRE(store_triage(written, &id, 1, &claim, &arena, NULL, &result, &fault));
	REQUIRE(query_alerts(db, &query, "ana", &arena, &after, &fault));
	CHECK_INT(after.n_open, before.n_open);
	CHECK_INT(after.n_mine, before.n_mine + 1);
	struct triage_order close = { .act = TRIAGE_CLOSE, .who = "ana", .resolution = RESOLUTION_UNKNOWN, .now_ms = 9000 };
	struct alert_before was;
	REQUIRE(store_triage(written, &id, 1, &close, &arena, &was, &result, &fault));
	REQUIRE(query_alerts(db, &query, "ana", &arena, &after, &fault));
	CHECK_INT(after.n_open, before.n_open - 1);
	CHECK_INT(after.n_mine, before.n_mine);
	CHECK_INT(after.n_by_severity[severity], before.n_by_severity[severity] - 1);
	REQUIRE(store_swap(written, &was, 1, AUDIT_UNDO, "ana", 9001, NULL, &arena, &result, &fault));
	REQUIRE(query_alerts(db, &query, "ana", &arena, &after, &fault));
	CHECK_INT(after.n_open, before.n_open);
	/* And never anything but what counting says. */
	int64_t wrong;
	REQUIRE(db_ask_int(db, "SELECT count(*) FROM (SELECT rule, location, severity, assignee, count(*) AS n FROM alerts WHERE rank > 0"
	    " GROUP BY rule, location, severity, assignee) c LEFT JOIN open_alerts o ON o.rule = c.rule AND o.location = c.location AND o.severity = c.severity"
	    " AND o.assignee = c.assignee WHERE coalesce(o.n, 0) <> c.n", -1, &wrong, &fault));
	CHECK_INT(wrong, 0);
	arena_clear(&arena);
}

/* A filter that nearly nothing passes is told what was found so far, and goes on. */
TEST(a_long_search_tells_what_it_found_and_goes_on)
{
	struct fault fault;
	struct store *long_one;
	struct arena arena;
	char address[256];
	snprintf(address, sizeof address, "sqlite:/tmp/centinela-queue-%ld-long.db", (long)getpid());
	store_place(address);
	filter_must(store_open(address, &long_one, &fault), &fault);
	filter_must(db_exec(&long_one->db, "INSERT INTO alerts (id, revision, fingerprint, rank, severity, score, state, resolution, subject_kind, first_ms,"
	    " last_ms, raised_ms, acknowledged_ms, closed_ms, snooze_until_ms, n_legs, n_notes, cost_micro, cost_per_hour_micro, subject_id, subject_name,"
	    " location, rule, title_en, title_es, assignee, why_en, why_es, case_id, reasons) WITH RECURSIVE x(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM x WHERE i < 20000)"
	    " SELECT i, i, i, 2, i % 4, i % 101, 0, 0, 0, i, i, i, 0, 0, 0, 1, 0, 0, 0, 's', CASE WHEN i % 5000 = 7 THEN 'rare' ELSE 'usual' END, 'Bogotá', 'r', 't', 't', '', 'w', 'w', i, '[]' FROM x", &fault), &fault);
	for (int backwards = 0; backwards < 2; backwards++) {
		struct alert_mark mark;
		struct alert_list found;
		size_t n = 0, n_turns = 0;
		arena_init(&arena);
		struct alert_query query = { .filter = "subject.name == rare", .limit = 100, .order = ORDER_WHO, .backwards = backwards };
		int64_t n_searched = 0;
		do {
			query.budget_ms = 1;
			REQUIRE(query_alerts(&long_one->db, &query, "ana", &arena, &found, &fault));
			for (size_t i = 0; i < found.n; i++)
				CHECK_STR(found.items[i].subject_name, "rare");
			n += found.n;
			n_searched += found.n_searched;
			mark = found.resume;
			query.from = &mark;
			n_turns++;
		} while (found.searching);
		CHECK_INT(n, 4);
		CHECK(n_searched >= 20000);
		CHECK(n_turns >= 1);
		arena_clear(&arena);
	}
	store_close(long_one);
	store_remove(address);
}

/* Thousands of alerts in a few groups: the next first of one may be far away. */
TEST(pages_of_few_large_groups_are_the_same)
{
	enum { MANY = 9000 };
	struct fault fault;
	struct store *large;
	struct arena arena;
	struct alert_list all;
	char address[256];
	snprintf(address, sizeof address, "sqlite:/tmp/centinela-queue-%ld-large.db", (long)getpid());
	store_place(address);
	filter_must(store_open(address, &large, &fault), &fault);
	/* Of 120 subjects some have nothing that waits, some nothing that is open. */
	filter_must(db_exec(&large->db, "INSERT INTO alerts (id, revision, fingerprint, rank, severity, score, state, resolution, subject_kind, first_ms,"
	    " last_ms, raised_ms, acknowledged_ms, closed_ms, snooze_until_ms, n_legs, n_notes, cost_micro, cost_per_hour_micro, subject_id, subject_name,"
	    " location, rule, title_en, title_es, assignee, why_en, why_es, case_id, reasons) WITH RECURSIVE x(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM x WHERE i < 9000)"
	    " SELECT i, i, CASE WHEN i % 2 = 0 THEN i % 70 ELSE -(i % 70) END, CASE WHEN i % 40 = 9 THEN 0 WHEN i % 40 = 7 OR i % 11 = 0 THEN 1 ELSE 2 END,"
	    " CASE WHEN i < 200 THEN 3 WHEN i % 40 = 3 THEN 2 ELSE i % 2 END, i % 101, CASE WHEN i % 40 = 9 THEN 3 WHEN i % 40 = 7 OR i % 11 = 0 THEN 2 ELSE 0 END, 0, i % 3,"
	    " i, i, i * 1000, 0, 0, i % 90, 1, 0, 0, 0, 's' || (i % 40), 'n', 'Bogotá', 'r', 't', 't', '', 'w', 'w', 1 + i % 50, '[]' FROM x", &fault), &fault);
	filter_must(due_rows(&large->db, &fault), &fault);
	arena_init(&arena);
	struct alert_query query = { .filter = "", .limit = MANY, .closed_too = true };
	REQUIRE(query_alerts(&large->db, &query, "ana", &arena, &all, &fault));
	REQUIRE(all.n == MANY);
	struct alert *should = mem_alloc(MANY * sizeof *should);
	take_some_away(&large->db);
	for (int grouping = GROUP_CASE; grouping <= GROUP_FINGERPRINT; grouping++)
		for (int order = ORDER_SEVERITY; order <= ORDER_SLA; order++)
			for (int turn = 0; turn < (order == ORDER_SEVERITY ? 4 : 2); turn++) {
				size_t n = 0;
				query.grouping = (enum alert_grouping)grouping;
				query.order = (enum alert_order)order;
				query.closed_too = turn % 2 == 1;
				query.without_gone = turn >= 2;
				for (size_t i = 0; i < all.n; i++)
					if ((query.closed_too || all.items[i].state != ALERT_CLOSED) && !(query.without_gone && is_gone(&all.items[i])))
						should[n++] = all.items[i];
				queue_sort(should, n, query.order);
				n = queue_leads(should, n, query.grouping);
				CHECK(n >= 50 && n <= 140);
				CHECK(walk_forward(&large->db, query, should, n, 41, &arena) && walk_forward(&large->db, query, should, n, 500, &arena));
				CHECK(walk_back(&large->db, query, should, n, 53, &arena) && walk_back(&large->db, query, should, n, 500, &arena));
				/* What is few is gone through group by group, whatever was taken away. */
				struct alert_list found;
				query.limit = 500;
				query.from = NULL;
				REQUIRE(query_alerts(&large->db, &query, "ana", &arena, &found, &fault));
				CHECK(order != ORDER_SEVERITY || found.n_searched <= 6000);
			}
	free(should);
	arena_clear(&arena);
	store_close(large);
	store_remove(address);
}

TEST(the_store_is_taken_away_again)
{
	char command[200];
	store();
	filter_rows_free(rows);
	snprintf(command, sizeof command, "rm -f /tmp/centinela-queue-%ld*", (long)getpid());
	CHECK_INT(system(command), 0);
}

TESTS(T(pages_are_what_sorting_all_of_them_gives), T(what_is_due_next_comes_first), T(a_store_of_before_knows_what_is_due),
    T(a_page_by_its_number_is_the_same_whatever_was_asked_before),
    T(pages_by_number_leave_out_what_was_taken_away),
    T(pages_leave_out_what_was_taken_away_and_are_not_searched_for_it),
    T(a_group_counts_its_alerts_and_names_those_that_are_open), T(a_record_that_alerts_of_a_group_share_counts_once),
    T(rules_and_sites_are_rows_with_their_counts),
    T(a_group_is_opened_in_its_place),
    T(what_is_open_is_counted_as_it_changes),
    T(a_long_search_tells_what_it_found_and_goes_on), T(pages_of_few_large_groups_are_the_same),
    T(the_store_is_taken_away_again))
