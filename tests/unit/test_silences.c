/* SPDX-License-Identifier: Apache-2.0
 *
 * Silences: what they keep back, what they never do, and that nothing but their
 * end, or a person, breaks them. */
#include "test.h"

#include <unistd.h>

#include "alerts/merge.h"
#include "base/clock.h"
#include "filter/silence_scope.h"
#include "store/alert_rows.h"
#include "store/query.h"
#include "store/retention.h"
#include "store/silence_rows.h"
#include "store_place.h"

#define NOW INT64_C(1800000000000)

static char folder[] = "/tmp/centinela-silences-XXXXXX";
static char address[256];
static int n_stores;

static struct store *opened(void)
{
	struct store *store;
	struct fault fault;
	if (!store_open(address, &store, &fault)) {
		puts(fault.text);
		exit(1);
	}
	return store;
}

static struct store *fresh(void)
{
	if (n_stores == 0)
		REQUIRE(mkdtemp(folder) != NULL);
	snprintf(address, sizeof address, "%s/%d.db", folder, n_stores++);
	store_place(address);
	return opened();
}

static int64_t ask(struct store *store, const char *sql)
{
	struct fault fault;
	int64_t value;
	if (db_ask_int(&store->db, sql, -1, &value, &fault))
		return value;
	puts(fault.text);
	return -2;
}

static void run(struct store *store, const char *sql)
{
	struct fault fault;
	if (db_exec(&store->db, sql, &fault))
		return;
	puts(fault.text);
	exit(1);
}

/* ---- findings ------------------------------------------------------------------------ */

static struct finding about(uint64_t fingerprint, const char *site, enum severity severity)
{
	static const struct reason reasons[] = { { "minutes", "9", "2", 10, "for long", "por mucho tiempo" } };
	return (struct finding){ .rule = "night-calls", .title_en = "Calls by night", .title_es = "Llamadas de noche", .severity = severity, .score = 55, .subject_id = "u", .subject_name = "Ana", .location = site, .fingerprint = fingerprint, .first_ms = NOW - HOUR_MS, .last_ms = NOW - HOUR_MS, .raised_ms = NOW, .reasons = reasons, .n_reasons = 1 };
}

static struct evidence evidence[64];
static int64_t last_leg;

static struct page *commit(struct store *store, int64_t now_ms, const struct finding *findings, size_t n)
{
	struct page *page = page_new();
	struct fault fault;
	page->now_ms = now_ms;
	page->findings.items = arena_alloc(&page->arena, n * sizeof *findings);
	page->findings.n = n;
	for (size_t i = 0; i < n; i++) {
		page->findings.items[i] = findings[i];
		evidence[i % COUNT_OF(evidence)] = (struct evidence){ .leg_id = ++last_leg };
		page->findings.items[i].evidence = &evidence[i % COUNT_OF(evidence)];
		page->findings.items[i].n_evidence = 1;
	}
	if (!store_commit_page(store, page, NULL, &fault)) {
		puts(fault.text);
		exit(1);
	}
	return page;
}

/* How many alerts are raised of it at that time. */
static int64_t raised_at(struct store *store, struct finding finding, int64_t now_ms)
{
	struct page *page = commit(store, now_ms, &finding, 1);
	int64_t n = (int64_t)page->n_alerts_raised;
	CHECK_INT((int64_t)(page->n_alerts_raised + page->n_alerts_grown + page->n_kept_back), 1);
	page_free(page);
	return n;
}

static struct silence_order order_of(const char *filter)
{
	return (struct silence_order){ .kind = SILENCE_FILTER, .filter = filter, .reason = "the PBX is being moved", .who = "ana", .until_ms = NOW + DAY_MS, .now_ms = NOW };
}

static int64_t begin(struct store *store, const char *filter)
{
	struct silence_order order = order_of(filter);
	struct fault fault;
	int64_t id = 0;
	if (!store_silence_begin(store, &order, &id, &fault))
		puts(fault.text);
	return id;
}

/* ---- tests ------------------------------------------------------------------------------ */

TEST(what_passes_a_filter_is_kept_back_counted_and_not_lost)
{
	struct store *store = fresh();
	struct fault fault;
	struct arena arena;
	struct silence_list list;
	struct kept_list kept;
	struct silence_debt debt;
	arena_init(&arena);
	int64_t id = begin(store, "location == \"medellin\" and rule == night-calls");
	CHECK_INT(id, 1);
	CHECK_INT(raised_at(store, about(7, "Medellín", SEVERITY_HIGH), NOW + 1), 0);
	CHECK_INT(raised_at(store, about(7, "Medellín", SEVERITY_MEDIUM), NOW + 2), 0);
	CHECK_INT(raised_at(store, about(8, "Medellín", SEVERITY_LOW), NOW + 3), 0);
	CHECK_INT(raised_at(store, about(9, "Cali", SEVERITY_HIGH), NOW + 3), 1);
	REQUIRE(query_silences(&store->db, NOW + 4, false, &arena, &list, &fault));
	CHECK_INT(list.n, 1);
	CHECK_INT(list.items[0].kind, SILENCE_FILTER);
	CHECK_STR(list.items[0].owner, "ana");
	CHECK_STR(list.items[0].reason, "the PBX is being moved");
	CHECK_STR(list.items[0].broken, "");
	CHECK_INT(list.items[0].hits, 3);
	CHECK_INT(list.items[0].day_hits, 3);
	CHECK_INT(list.items[0].last_hit_ms, NOW + 3);
	CHECK_INT(list.items[0].worst, SEVERITY_HIGH);
	/* What would have been two alerts. */
	REQUIRE(query_kept_back(&store->db, SILENCE_FILTER, id, NOW + 4, &arena, &kept, &fault));
	CHECK_INT(kept.n, 2);
	CHECK_INT((int64_t)kept.items[0].fingerprint, 8);
	CHECK_INT((int64_t)kept.items[1].fingerprint, 7);
	CHECK_INT(kept.items[1].n, 2);
	CHECK_INT(kept.items[1].severity, SEVERITY_HIGH);
	CHECK_STR(kept.items[1].subject_name, "Ana");
	CHECK_STR(kept.items[1].title_es, "Llamadas de noche");
	REQUIRE(query_silence_debt(&store->db, NOW + 4, &debt, &fault));
	CHECK_INT(debt.n_in_force, 1);
	CHECK_INT(debt.day_hits, 3);
	CHECK_INT(debt.worst, SEVERITY_HIGH);
	/* A day later that is no debt of the day; the silence has ended by itself. */
	REQUIRE(query_silence_debt(&store->db, NOW + 26 * HOUR_MS, &debt, &fault));
	CHECK_INT(debt.n_in_force, 0);
	CHECK_INT(debt.day_hits, 0);
	CHECK(!query_kept_back(&store->db, SILENCE_FILTER, 99, NOW, &arena, &kept, &fault));
	CHECK_INT(fault.code, FAULT_NOT_FOUND);
	arena_clear(&arena);
	store_close(store);
}

TEST(a_silence_that_ends_lets_the_next_finding_raise)
{
	struct store *store = fresh();
	struct fault fault;
	int64_t id, kept;
	CHECK_INT(begin(store, "location == Cali"), 1);
	CHECK_INT(raised_at(store, about(1, "Cali", SEVERITY_HIGH), NOW), 0);
	CHECK_INT(raised_at(store, about(1, "Cali", SEVERITY_HIGH), NOW + DAY_MS - 1), 0);
	CHECK_INT(raised_at(store, about(2, "Cali", SEVERITY_HIGH), NOW + DAY_MS), 1); /* by itself */
	id = begin(store, "location == Cali");
	CHECK_INT(raised_at(store, about(3, "Cali", SEVERITY_HIGH), NOW), 0);
	REQUIRE(store_silence_extend(store, SILENCE_FILTER, id, "luis", NOW + 2 * DAY_MS, NOW, NULL, &fault));
	CHECK_INT(raised_at(store, about(3, "Cali", SEVERITY_HIGH), NOW + DAY_MS + 1), 0);
	REQUIRE(store_silence_end(store, SILENCE_FILTER, id, "luis", NOW + DAY_MS + 2, &kept, NULL, &fault)); /* by a person */
	CHECK_INT(kept, 1);
	CHECK_INT(raised_at(store, about(3, "Cali", SEVERITY_HIGH), NOW + DAY_MS + 3), 1);
	CHECK(!store_silence_end(store, SILENCE_FILTER, id, "luis", NOW + DAY_MS + 4, &kept, NULL, &fault)); /* it is over */
	CHECK_INT(fault.code, FAULT_NOT_FOUND);
	CHECK(!store_silence_extend(store, SILENCE_FILTER, id, "luis", NOW + 2 * DAY_MS, NOW + DAY_MS + 4, NULL, &fault));
	CHECK(!store_silence_end(store, SILENCE_FILTER, 99, "luis", NOW, &kept, NULL, &fault));
	/* Each act is a line of a chain that holds. */
	struct arena arena;
	struct audit_list audit;
	arena_init(&arena);
	REQUIRE(query_audit(&store->db, 0, 100, &arena, &audit, &fault));
	struct audit_chain chain = { 0 };
	REQUIRE(audit_chain_read(&store->db, &chain, &fault));
	CHECK_INT(chain.broken_at, 0);
	CHECK_INT(ask(store, "SELECT count(*) FROM audit WHERE act = 'silence_begin' AND who = 'ana' AND note LIKE 's_ location == Cali: the PBX is being moved'"), 2);
	CHECK_INT(ask(store, "SELECT count(*) FROM audit WHERE act = 'silence_extend' AND who = 'luis' AND was < became"), 1);
	CHECK_INT(ask(store, "SELECT count(*) FROM audit WHERE act = 'silence_end' AND who = 'luis' AND was <> '' AND became = ''"), 1);
	arena_clear(&arena);
	store_close(store);
}

TEST(what_is_critical_is_never_silenced)
{
	struct store *store = fresh();
	struct fault fault;
	struct arena arena;
	struct triage_result result;
	int64_t one = 1;
	arena_init(&arena);
	begin(store, "location == Cali");
	CHECK_INT(raised_at(store, about(1, "Cali", SEVERITY_CRITICAL), NOW), 1);
	/* Nor by a silence of alerts like one that was not. */
	CHECK_INT(raised_at(store, about(2, "Bogotá", SEVERITY_HIGH), NOW), 1);
	one = 2;
	struct triage_order silence = { .act = TRIAGE_SILENCE, .who = "ana", .note = "known", .now_ms = NOW, .until_ms = NOW + DAY_MS };
	struct triage_order close = { .act = TRIAGE_CLOSE, .who = "ana", .resolution = RESOLUTION_LEGITIMATE, .now_ms = NOW };
	REQUIRE(store_triage(store, &one, 1, &silence, &arena, NULL, &result, &fault) && result.n_done == 1);
	REQUIRE(store_triage(store, &one, 1, &close, &arena, NULL, &result, &fault) && result.n_done == 1);
	CHECK_INT(raised_at(store, about(2, "Bogotá", SEVERITY_HIGH), NOW), 0);
	CHECK_INT(raised_at(store, about(2, "Bogotá", SEVERITY_CRITICAL), NOW), 1);
	arena_clear(&arena);
	store_close(store);
}

TEST(acts_on_alerts_break_no_silence)
{
	struct store *store = fresh();
	struct fault fault;
	struct arena arena;
	struct triage_result result;
	struct alert_before before;
	int64_t one = 1;
	arena_init(&arena);
	CHECK_INT(raised_at(store, about(1, "Cali", SEVERITY_HIGH), NOW), 1);
	struct triage_order silence = { .act = TRIAGE_SILENCE, .who = "ana", .note = "known", .now_ms = NOW, .until_ms = NOW + DAY_MS };
	REQUIRE(store_triage(store, &one, 1, &silence, &arena, NULL, &result, &fault) && result.n_done == 1);
	begin(store, "subject.name == Ana and location == Tunja");
	const struct triage_order acts[] = {
		{ .act = TRIAGE_CLOSE, .who = "ana", .resolution = RESOLUTION_FALSE_POSITIVE, .now_ms = NOW },
		{ .act = TRIAGE_REOPEN, .who = "ana", .note = "again", .now_ms = NOW },
		{ .act = TRIAGE_ASSIGN, .who = "ana", .assignee = "luis", .note = "", .now_ms = NOW },
		{ .act = TRIAGE_SNOOZE, .who = "ana", .note = "later", .now_ms = NOW, .until_ms = NOW + HOUR_MS },
		{ .act = TRIAGE_CLOSE, .who = "ana", .resolution = RESOLUTION_DUPLICATE, .now_ms = NOW },
	};
	for (size_t i = 0; i < COUNT_OF(acts); i++) {
		REQUIRE(store_triage(store, &one, 1, &acts[i], &arena, &before, &result, &fault));
		CHECK_INT(result.n_done, 1);
		CHECK_INT(raised_at(store, about(100, "Tunja", SEVERITY_HIGH), NOW), 0);
		if (acts[i].act == TRIAGE_CLOSE)
			CHECK_INT(raised_at(store, about(1, "Cali", SEVERITY_HIGH), NOW), 0);
	}
	/* What undo puts back is the alert, with the silence it had then: it had it. */
	REQUIRE(store_swap(store, &before, 1, AUDIT_UNDO, "ana", NOW, NULL, &arena, &result, &fault));
	CHECK_INT(result.n_done, 1);
	CHECK_INT(ask(store, "SELECT silence_until_ms FROM alerts WHERE id = 1"), NOW + DAY_MS);
	/* Two that were closed, the last one again after the undo. */
	CHECK_INT(ask(store, "SELECT kept_back FROM alerts WHERE id = 1"), 2);
	CHECK_INT(ask(store, "SELECT hits FROM silences"), 5);
	/* A silence is nothing of an open alert's: that one grows. */
	CHECK_INT(raised_at(store, about(1, "Cali", SEVERITY_HIGH), NOW), 0);
	CHECK_INT(ask(store, "SELECT n_legs FROM alerts WHERE id = 1"), 2);
	/* Nor does it end when its alert goes into another, as a duplicate. */
	CHECK_INT(raised_at(store, about(50, "Cali", SEVERITY_HIGH), NOW), 1);
	struct triage_order merge = { .act = TRIAGE_MERGE, .who = "ana", .note = "", .other_id = 2, .now_ms = NOW };
	REQUIRE(store_triage(store, &one, 1, &merge, &arena, NULL, &result, &fault));
	CHECK_INT(result.n_done, 1);
	CHECK_INT(raised_at(store, about(1, "Cali", SEVERITY_HIGH), NOW), 0);
	CHECK_INT(ask(store, "SELECT kept_back FROM alerts WHERE id = 1"), 3);
	CHECK_INT(ask(store, "SELECT count(*) FROM alerts WHERE silence_until_ms > 0"), 1);
	arena_clear(&arena);
	store_close(store);
}

TEST(one_view_shows_snoozes_and_silences_of_alerts_as_well)
{
	struct store *store = fresh();
	struct fault fault;
	struct arena arena;
	struct triage_result result;
	struct silence_list list;
	struct kept_list kept;
	int64_t one = 1, two = 2;
	arena_init(&arena);
	raised_at(store, about(1, "Cali", SEVERITY_HIGH), NOW);
	raised_at(store, about(2, "Cali", SEVERITY_LOW), NOW);
	struct triage_order silence = { .act = TRIAGE_SILENCE, .who = "ana", .note = "the bank's own dialler", .now_ms = NOW, .until_ms = NOW + 3 * DAY_MS };
	struct triage_order snooze = { .act = TRIAGE_SNOOZE, .who = "luis", .note = "after lunch", .now_ms = NOW + 1, .until_ms = NOW + HOUR_MS };
	struct triage_order close = { .act = TRIAGE_CLOSE, .who = "ana", .resolution = RESOLUTION_LEGITIMATE, .now_ms = NOW };
	REQUIRE(store_triage(store, &one, 1, &silence, &arena, NULL, &result, &fault) && result.n_done == 1);
	REQUIRE(store_triage(store, &one, 1, &close, &arena, NULL, &result, &fault) && result.n_done == 1);
	REQUIRE(store_triage(store, &two, 1, &snooze, &arena, NULL, &result, &fault) && result.n_done == 1);
	CHECK_INT(raised_at(store, about(1, "Cali", SEVERITY_MEDIUM), NOW + 2), 0);
	begin(store, "location == Tunja");
	REQUIRE(query_silences(&store->db, NOW + 3, false, &arena, &list, &fault));
	CHECK_INT(list.n, 3);
	const enum silence_kind kinds[] = { SILENCE_SNOOZE, SILENCE_FILTER, SILENCE_ALIKE }; /* as they end */
	for (size_t i = 0; i < 3 && i < list.n; i++)
		CHECK_INT(list.items[i].kind, kinds[i]);
	CHECK_STR(list.items[0].owner, "luis");
	CHECK_STR(list.items[0].reason, "after lunch");
	CHECK_STR(list.items[0].title_en, "Calls by night");
	CHECK_INT(list.items[0].subject_kind, SUBJECT_PERSON);
	CHECK_STR(list.items[2].owner, "ana");
	CHECK_STR(list.items[2].reason, "the bank's own dialler");
	CHECK_INT(list.items[2].hits, 1);
	CHECK_INT(list.items[2].day_hits, 1);
	CHECK_INT(list.items[2].worst, SEVERITY_MEDIUM);
	REQUIRE(query_kept_back(&store->db, SILENCE_ALIKE, 1, NOW + 3, &arena, &kept, &fault));
	CHECK_INT(kept.n, 1);
	CHECK_INT(kept.items[0].severity, SEVERITY_MEDIUM);
	/* And are ended and extended alike. */
	int64_t n;
	CHECK(!store_silence_extend(store, SILENCE_SNOOZE, two, "eva", NOW + 31 * DAY_MS, NOW + 4, NULL, &fault));
	CHECK(!store_silence_extend(store, SILENCE_SNOOZE, one, "eva", NOW + DAY_MS, NOW + 4, NULL, &fault)); /* that one is closed */
	CHECK_INT(ask(store, "SELECT state FROM alerts WHERE id = 2"), ALERT_SNOOZED);
	REQUIRE(store_silence_extend(store, SILENCE_SNOOZE, two, "eva", NOW + 2 * HOUR_MS, NOW + 4, NULL, &fault));
	CHECK_INT(ask(store, "SELECT snooze_until_ms FROM alerts WHERE id = 2 AND state = 2"), NOW + 2 * HOUR_MS);
	CHECK_INT(ask(store, "SELECT count(*) FROM audit WHERE alert_id = 2 AND who = 'eva' AND act = 'snooze' AND note = 'after lunch'"), 1);
	CHECK(!store_silence_extend(store, SILENCE_ALIKE, one, "eva", NOW + 4 + SILENCE_LONGEST_MS + 1, NOW + 4, NULL, &fault));
	CHECK(!store_silence_extend(store, SILENCE_ALIKE, two, "eva", NOW + DAY_MS, NOW + 4, NULL, &fault));
	REQUIRE(store_silence_extend(store, SILENCE_ALIKE, one, "eva", NOW + 9 * DAY_MS, NOW + 4, NULL, &fault));
	REQUIRE(query_silences(&store->db, NOW + 5, false, &arena, &list, &fault));
	CHECK_STR(list.items[2].owner, "eva");
	CHECK_STR(list.items[2].reason, "the bank's own dialler");
	CHECK_INT(list.items[2].until_ms, NOW + 9 * DAY_MS);
	REQUIRE(store_silence_end(store, SILENCE_ALIKE, one, "eva", NOW + 6, &n, NULL, &fault));
	CHECK_INT(n, 1);
	REQUIRE(store_silence_end(store, SILENCE_SNOOZE, two, "eva", NOW + 6, &n, NULL, &fault));
	CHECK(!store_silence_end(store, SILENCE_ALIKE, one, "eva", NOW + 6, &n, NULL, &fault));
	CHECK(!store_silence_end(store, SILENCE_SNOOZE, 99, "eva", NOW + 6, &n, NULL, &fault));
	REQUIRE(query_silences(&store->db, NOW + 7, false, &arena, &list, &fault));
	CHECK_INT(list.n, 1);
	arena_clear(&arena);
	store_close(store);
}

TEST(a_maintenance_window_is_of_the_time_of_the_calls)
{
	struct store *store = fresh();
	struct fault fault;
	struct silence_order order = order_of("location == Cali");
	struct silence_debt debt;
	int64_t id, kept;
	order.kind = SILENCE_MAINTENANCE;
	order.begin_ms = NOW + 2 * HOUR_MS;
	order.until_ms = NOW + 4 * HOUR_MS;
	REQUIRE(store_silence_begin(store, &order, &id, &fault));
	struct finding before = about(1, "Cali", SEVERITY_HIGH), in = about(2, "Cali", SEVERITY_HIGH), after = about(3, "Cali", SEVERITY_HIGH);
	before.first_ms = before.last_ms = order.begin_ms - 1;
	in.first_ms = in.last_ms = order.until_ms - 1;
	after.first_ms = after.last_ms = order.until_ms;
	REQUIRE(query_silence_debt(&store->db, NOW, &debt, &fault));
	CHECK_INT(debt.n_in_force, 0); /* it is planned */
	CHECK_INT(raised_at(store, before, NOW + 5 * HOUR_MS), 1);
	CHECK_INT(raised_at(store, in, NOW + 5 * HOUR_MS), 0); /* its record came late */
	CHECK_INT(raised_at(store, after, NOW + 5 * HOUR_MS), 1);
	/* Ended when half of it had passed: what was called by then was in it. */
	order.now_ms = NOW + 10 * HOUR_MS;
	order.begin_ms = NOW + 10 * HOUR_MS;
	order.until_ms = NOW + 20 * HOUR_MS;
	REQUIRE(store_silence_begin(store, &order, &id, &fault));
	REQUIRE(store_silence_end(store, SILENCE_FILTER, id, "ana", NOW + 15 * HOUR_MS, &kept, NULL, &fault));
	in.fingerprint = 4;
	in.first_ms = in.last_ms = NOW + 14 * HOUR_MS;
	CHECK_INT(raised_at(store, in, NOW + 16 * HOUR_MS), 0);
	in.first_ms = in.last_ms = NOW + 15 * HOUR_MS;
	CHECK_INT(raised_at(store, in, NOW + 16 * HOUR_MS), 1);
	/* One that was ended before it began was none. */
	order.begin_ms = NOW + 30 * HOUR_MS;
	order.until_ms = NOW + 40 * HOUR_MS;
	REQUIRE(store_silence_begin(store, &order, &id, &fault));
	REQUIRE(store_silence_end(store, SILENCE_FILTER, id, "ana", NOW + 17 * HOUR_MS, &kept, NULL, &fault));
	in.fingerprint = 5;
	in.first_ms = in.last_ms = NOW + 31 * HOUR_MS;
	CHECK_INT(raised_at(store, in, NOW + 32 * HOUR_MS), 1);
	store_close(store);
}

TEST(a_silence_has_a_scope_a_reason_and_an_end_within_thirty_days)
{
	struct store *store = fresh();
	const struct {
		const char *filter, *reason;
		int64_t begin_ms, until_ms;
		const char *says;
	} rows[] = { { "location == Cali", "", 0, NOW + DAY_MS, "say why" }, { "location == Cali", "  ", 0, NOW + DAY_MS, "say why" },
		{ "location == Cali", "x", 0, NOW, "30 days" }, { "location == Cali", "x", 0, NOW + SILENCE_LONGEST_MS + 1, "30 days" },
		{ "location == Cali", "x", NOW + DAY_MS, NOW + DAY_MS, "begins before it ends" }, { "", "x", 0, NOW + DAY_MS, "says what is silent" },
		{ "   ", "x", 0, NOW + DAY_MS, "says what is silent" }, { "location = ", "x", 0, NOW + DAY_MS, "" }, { "nonsense == 1", "x", 0, NOW + DAY_MS, "nonsense" },
		{ "location == Cali and state == new", "x", 0, NOW + DAY_MS, "state comes after" }, { "not id == 7", "x", 0, NOW + DAY_MS, "id comes after" },
		{ "assignee == ana", "x", 0, NOW + DAY_MS, "assignee comes after" }, { "tag == fraude", "x", 0, NOW + DAY_MS, "tag comes after" },
		{ "not user.team == ventas", "x", 0, NOW + DAY_MS, "user.team comes after" }, { "notes > 1", "x", 0, NOW + DAY_MS, "notes comes after" },
		{ "case == 7", "x", 0, NOW + DAY_MS, "case comes after" }, { "resolution == unknown", "x", 0, NOW + DAY_MS, "resolution comes after" } };
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct silence_order order = { SILENCE_FILTER, rows[i].filter, rows[i].reason, "ana", rows[i].begin_ms, rows[i].until_ms, NOW };
		struct fault fault = { 0 };
		int64_t id;
		CHECK(!store_silence_begin(store, &order, &id, &fault));
		CHECK(strstr(fault.text, rows[i].says) != NULL);
	}
	struct fault fault;
	int64_t id = begin(store, "location == Cali");
	CHECK(!store_silence_extend(store, SILENCE_FILTER, id, "ana", NOW + SILENCE_LONGEST_MS + 1, NOW, NULL, &fault));
	CHECK(!store_silence_extend(store, SILENCE_FILTER, id, "ana", NOW, NOW, NULL, &fault));
	CHECK_INT(ask(store, "SELECT until_ms FROM silences"), NOW + DAY_MS);
	CHECK_INT(ask(store, "SELECT count(*) FROM audit"), 1);
	/* And there are not endlessly many. */
	for (int i = 1; i < SILENCES_MOST; i++)
		REQUIRE(begin(store, "location == Tunja") > 0);
	struct silence_order order = order_of("location == Cali");
	CHECK(!store_silence_begin(store, &order, &id, &fault));
	CHECK_INT(fault.code, FAULT_CONFLICT);
	store_close(store);
}

TEST(a_row_that_nobody_could_have_written_is_shown_as_broken_and_keeps_back_nothing)
{
	struct store *store = fresh();
	struct fault fault;
	struct arena arena;
	struct silence_list list;
	arena_init(&arena);
	for (int i = 0; i < 6; i++)
		begin(store, "location == Cali");
	run(store, "UPDATE silences SET filter = '' WHERE id = 1");
	run(store, "UPDATE silences SET filter = 'location == ((((' WHERE id = 2");
	run(store, "UPDATE silences SET kind = 77 WHERE id = 3");
	run(store, "UPDATE silences SET filter = 'not state == closed' WHERE id = 4");
	run(store, "UPDATE silences SET filter = hex(zeroblob(100000)), reason = '\x1b[2J' WHERE id = 5");
	run(store, "UPDATE silences SET filter = replace(hex(zeroblob(400)), '00', 'not (') WHERE id = 6");
	run(store, "UPDATE counters SET value = value + 1 WHERE name = 'silences'");
	CHECK_INT(raised_at(store, about(1, "Cali", SEVERITY_HIGH), NOW), 1);
	REQUIRE(query_silences(&store->db, NOW, false, &arena, &list, &fault));
	CHECK_INT(list.n, 6);
	for (size_t i = 0; i < list.n; i++) {
		CHECK(list.items[i].broken[0] != '\0');
		CHECK(strchr(list.items[i].reason, 27) == NULL);
	}
	run(store, "UPDATE silences SET filter = 'first > -2h', created_ms = -9223372036854775807 - 1, begin_ms = -9223372036854775807 - 1,"
		   " until_ms = 9223372036854775807, hits = -5, last_hit_ms = 9223372036854775807 WHERE id = 4");
	run(store, "INSERT INTO kept_back VALUES (99, 4, 1, -1, 9223372036854775807, 0, 0, 77, -3, 55, '\xc2\x9b', '', '', '', '', ''),"
		   " (2, 4, 1, -1, 9223372036854775807, -9223372036854775807, 9223372036854775807, 77, 900, 55, '\xc2\x9b', '', '', '', '', '')");
	run(store, "INSERT INTO silence_hours VALUES (9223372036854775807, 2, 4, 9223372036854775807), (9223372036854775806, 77, 4, 1)");
	run(store, "UPDATE counters SET value = value + 1 WHERE name = 'silences'");
	struct kept_list strange;
	REQUIRE(query_silences(&store->db, NOW, false, &arena, &list, &fault));
	REQUIRE(query_kept_back(&store->db, SILENCE_FILTER, 4, NOW, &arena, &strange, &fault));
	CHECK_INT(strange.n, 1);
	CHECK_INT(strange.silence.hits, 0);
	CHECK_INT(strange.items[0].severity, SEVERITY_CRITICAL);
	CHECK_INT(strange.items[0].score, 100);
	CHECK(strange.items[0].subject_id[0] != (char)155);
	run(store, "UPDATE silences SET ended_ms = 1 WHERE id = 4");
	run(store, "UPDATE silences SET id = 9223372036854775807 WHERE id = 6"); /* a list must find it by a number of its own */
	REQUIRE(query_silences(&store->db, NOW, false, &arena, &list, &fault));
	for (size_t i = 0; i < list.n; i++)
		CHECK(list.items[i].id >= 0 && list.items[i].id < INT64_MAX / 8);
	run(store, "UPDATE counters SET value = value + 1 WHERE name = 'silences'");
	/* It does not hinder those that are sound, and can be ended. */
	int64_t kept;
	begin(store, "location == Cali");
	CHECK_INT(raised_at(store, about(2, "Cali", SEVERITY_HIGH), NOW), 0);
	REQUIRE(store_silence_end(store, SILENCE_FILTER, 5, "ana", NOW, &kept, NULL, &fault));
	arena_clear(&arena);
	store_close(store);
}

TEST(of_what_is_kept_back_the_newest_stay)
{
	struct store *store = fresh();
	begin(store, "location == Cali");
	struct finding many[3 * SILENCE_KEEPS];
	for (size_t i = 0; i < COUNT_OF(many); i++) {
		many[i] = about(1000 + i, "Cali", SEVERITY_LOW);
		many[i].last_ms += (int64_t)i;
	}
	struct page *page = commit(store, NOW, many, COUNT_OF(many));
	CHECK_INT((int64_t)page->n_kept_back, 3 * SILENCE_KEEPS);
	page_free(page);
	CHECK_INT(ask(store, "SELECT hits FROM silences"), 3 * SILENCE_KEEPS);
	CHECK_INT(ask(store, "SELECT sum(n) FROM silence_hours"), 3 * SILENCE_KEEPS);
	CHECK_INT(ask(store, "SELECT count(*) FROM kept_back"), SILENCE_KEEPS);
	CHECK_INT(ask(store, "SELECT min(fingerprint) FROM kept_back"), 1000 + 2 * SILENCE_KEEPS);
	/* In another order of the same findings it comes to the same. */
	struct store *other = fresh();
	begin(other, "location == Cali");
	for (size_t i = 0; i < COUNT_OF(many) / 2; i++) {
		struct finding swap = many[i];
		many[i] = many[COUNT_OF(many) - 1 - i];
		many[COUNT_OF(many) - 1 - i] = swap;
	}
	page_free(commit(other, NOW, many, COUNT_OF(many)));
	static const char *const sums[] = { "SELECT hits FROM silences", "SELECT sum(fingerprint) FROM kept_back", "SELECT min(last_ms) FROM kept_back" };
	for (size_t i = 0; i < COUNT_OF(sums); i++)
		CHECK_INT(ask(other, sums[i]), ask(store, sums[i]));
	store_close(other);
	store_close(store);
}

TEST(another_console_and_a_restart_know_them)
{
	struct store *mine = fresh();
	CHECK_INT(raised_at(mine, about(1, "Cali", SEVERITY_HIGH), NOW), 1); /* no silence: remembered */
	struct store *theirs = opened();
	int64_t revision = ask(mine, "SELECT value FROM counters WHERE name = 'revision'");
	int64_t id = begin(theirs, "location == Cali"), kept;
	CHECK(ask(mine, "SELECT value FROM counters WHERE name = 'revision'") > revision); /* what the other one looks at each second */
	CHECK_INT(raised_at(mine, about(2, "Cali", SEVERITY_HIGH), NOW), 0);
	revision = ask(theirs, "SELECT value FROM counters WHERE name = 'revision'");
	CHECK_INT(raised_at(mine, about(2, "Cali", SEVERITY_HIGH), NOW), 0);
	CHECK(ask(theirs, "SELECT value FROM counters WHERE name = 'revision'") > revision);
	store_close(mine);
	mine = opened();
	CHECK_INT(raised_at(mine, about(2, "Cali", SEVERITY_HIGH), NOW), 0);
	struct fault fault;
	REQUIRE(store_silence_end(theirs, SILENCE_FILTER, id, "luis", NOW + 1, &kept, NULL, &fault));
	CHECK_INT(kept, 3);
	CHECK_INT(raised_at(mine, about(2, "Cali", SEVERITY_HIGH), NOW + 2), 1);
	store_close(mine);
	store_close(theirs);
}

TEST(a_scope_is_tried_on_the_alerts_that_were)
{
	struct store *store = fresh();
	struct fault fault;
	struct arena arena;
	struct silence_preview preview;
	arena_init(&arena);
	static const struct {
		const char *site;
		enum severity severity;
		enum resolution resolution;
	} alerts[] = { { "Cali", SEVERITY_LOW, RESOLUTION_FALSE_POSITIVE }, { "Cali", SEVERITY_HIGH, RESOLUTION_TRUE_IMPACT },
		{ "Cali", SEVERITY_MEDIUM, RESOLUTION_LEGITIMATE }, { "Cali", SEVERITY_LOW, RESOLUTION_NONE }, { "Cali", SEVERITY_CRITICAL, RESOLUTION_TRUE_IMPACT },
		{ "Tunja", SEVERITY_HIGH, RESOLUTION_NONE } };
	for (size_t i = 0; i < COUNT_OF(alerts); i++) {
		struct triage_order close = { .act = TRIAGE_CLOSE, .who = "ana", .resolution = alerts[i].resolution, .now_ms = NOW };
		struct triage_result result;
		int64_t id = (int64_t)i + 1;
		REQUIRE(raised_at(store, about(i, alerts[i].site, alerts[i].severity), NOW) == 1);
		if (alerts[i].resolution != RESOLUTION_NONE)
			REQUIRE(store_triage(store, &id, 1, &close, &arena, NULL, &result, &fault) && result.n_done == 1);
	}
	REQUIRE(query_silence_preview(&store->db, "location == cali", NOW + 1, &arena, &preview, &fault));
	CHECK_INT(preview.n, 4);
	CHECK_INT(preview.n_true, 1);
	CHECK_INT(preview.n_false, 2);
	CHECK_INT(preview.n_open, 1);
	CHECK_INT(preview.n_critical, 1);
	CHECK_INT(preview.worst, SEVERITY_HIGH);
	CHECK_INT(preview.n_all, 6);
	CHECK_INT(preview.n_newest, 4);
	CHECK_INT(preview.newest[0].id, 4);
	/* Of thirty days and no longer; of nothing, nothing. */
	REQUIRE(query_silence_preview(&store->db, "location == cali", NOW + 31 * DAY_MS, &arena, &preview, &fault));
	CHECK_INT(preview.n + preview.n_critical + preview.n_all, 0);
	REQUIRE(query_silence_preview(&store->db, "location == \"'; DROP TABLE alerts; --\"", NOW, &arena, &preview, &fault));
	CHECK_INT(preview.n, 0);
	CHECK(!query_silence_preview(&store->db, "state == new", NOW, &arena, &preview, &fault));
	CHECK(!query_silence_preview(&store->db, "", NOW, &arena, &preview, &fault));
	arena_clear(&arena);
	store_close(store);
}

TEST(what_is_over_for_long_goes)
{
	struct store *store = fresh();
	struct fault fault;
	int64_t n;
	begin(store, "location == Cali");
	raised_at(store, about(1, "Cali", SEVERITY_LOW), NOW);
	struct retention keep = { .alerts_ms = 400 * DAY_MS };
	REQUIRE(store_retire(store, &keep, NOW + 300 * DAY_MS, 100, &n, &fault));
	CHECK_INT(ask(store, "SELECT count(*) FROM silence_hours"), 0);
	CHECK_INT(ask(store, "SELECT count(*) FROM silences"), 1);
	CHECK_INT(ask(store, "SELECT count(*) FROM kept_back"), 1);
	REQUIRE(store_retire(store, &keep, NOW + 402 * DAY_MS, 100, &n, &fault));
	CHECK_INT(ask(store, "SELECT count(*) FROM silences"), 0);
	CHECK_INT(ask(store, "SELECT count(*) FROM kept_back"), 0);
	store_close(store);
}

TEST(names_of_silences_are_read_as_they_are_written)
{
	static const char *const wrong[] = { "", "s", "s0", "s-1", "7", "#7", "x7", "s7 ", "s99999999999999999999", "S7" };
	for (int k = 0; k < N_SILENCE_KINDS; k++) {
		char ref[SILENCE_REF_BYTES];
		enum silence_kind kind = SILENCE_SNOOZE;
		int64_t id = 0;
		CHECK(silence_ref_read(silence_ref((enum silence_kind)k, 12, ref), &kind, &id));
		CHECK_INT(kind, k);
		CHECK_INT(id, 12);
	}
	for (size_t i = 0; i < COUNT_OF(wrong); i++) {
		enum silence_kind kind;
		int64_t id;
		CHECK(!silence_ref_read(wrong[i], &kind, &id));
	}
}

TEST(the_folder_is_taken_away_again)
{
	char command[64];
	snprintf(command, sizeof command, "rm -rf %s", folder);
	CHECK_INT(system(command), 0);
}

TESTS(T(what_passes_a_filter_is_kept_back_counted_and_not_lost), T(a_silence_that_ends_lets_the_next_finding_raise),
    T(what_is_critical_is_never_silenced), T(acts_on_alerts_break_no_silence), T(one_view_shows_snoozes_and_silences_of_alerts_as_well),
    T(a_maintenance_window_is_of_the_time_of_the_calls), T(a_silence_has_a_scope_a_reason_and_an_end_within_thirty_days),
    T(a_row_that_nobody_could_have_written_is_shown_as_broken_and_keeps_back_nothing), T(of_what_is_kept_back_the_newest_stay),
    T(another_console_and_a_restart_know_them), T(a_scope_is_tried_on_the_alerts_that_were), T(what_is_over_for_long_goes),
    T(names_of_silences_are_read_as_they_are_written), T(the_folder_is_taken_away_again))
