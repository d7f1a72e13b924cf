/* SPDX-License-Identifier: Apache-2.0
 *
 * One act on a thousand alerts, some of which others have meanwhile: exact to the
 * last, and taken back as one. CENTINELA_BULK=100000 does it with more, and says
 * how long it took. */
#include "acts_rig.h"

static int64_t *ids_up_to(size_t n)
{
	int64_t *ids = mem_alloc(n * sizeof *ids);
	for (size_t i = 0; i < n; i++)
		ids[i] = (int64_t)i + 1;
	return ids;
}

static void act(struct store *store, struct arena *arena, enum triage_act what, const char *who, int64_t id)
{
	struct triage_order order = { .act = what, .who = who, .note = "n", .resolution = RESOLUTION_LEGITIMATE, .now_ms = 9000 };
	struct triage_result result;
	struct fault fault;
	must(store_triage(store, &id, 1, &order, arena, NULL, &result, &fault), &fault);
	CHECK_INT(result.n_done, 1);
}

TEST(a_thousand_are_closed_and_brought_back_as_one)
{
	const char *given = getenv("CENTINELA_BULK");
	size_t n = given != NULL ? (size_t)atoll(given) : 1000;
	char address[256], said[200];
	struct store *store = rig_store(address);
	struct triage_result result;
	struct fault fault;
	struct arena arena;
	arena_init(&arena);
	rig_raise(store, n);
	act(store, &arena, TRIAGE_CLOSE, "luis", 10);
	act(store, &arena, TRIAGE_CLOSE, "luis", 700);
	act(store, &arena, TRIAGE_CLAIM, "eva", 333);
	int64_t *ids = ids_up_to(n), lines = rig_ask(store, "SELECT count(*) FROM audit");
	struct alert_before *before = arena_zalloc(&arena, n * sizeof *before);
	struct triage_order close = { .act = TRIAGE_CLOSE, .who = "ana", .resolution = RESOLUTION_FALSE_POSITIVE, .now_ms = 9500, .spare_others = true };
	int64_t began = clock_steady_ns();
	must(store_triage(store, ids, n, &close, &arena, before, &result, &fault), &fault);
	if (given != NULL)
		printf("%zu closed in %.3f s\n", result.n_done, (double)(clock_steady_ns() - began) / 1e9);
	CHECK_INT(result.n_done, n - 3);
	CHECK_INT(result.n_failed, 3);
	triage_result_say(&result, said, sizeof said);
	CHECK_STR(said, "2 closed already, 1 eva's");
	CHECK_INT(rig_ask(store, "SELECT count(*) FROM alerts WHERE rank = 0"), n - 1);
	CHECK_INT(rig_ask(store, "SELECT count(*) FROM alerts WHERE resolution = 3"), n - 3);
	CHECK_INT(rig_ask(store, "SELECT count(*) FROM audit"), lines + (int64_t)n - 3);
	/* One undo brings all back, and nothing but these. */
	began = clock_steady_ns();
	must(store_swap(store, before, n, AUDIT_UNDO, "ana", 9900, NULL, &arena, &result, &fault), &fault);
	if (given != NULL)
		printf("%zu brought back in %.3f s\n", result.n_done, (double)(clock_steady_ns() - began) / 1e9);
	CHECK_INT(result.n_done, n - 3);
	CHECK_INT(result.n_failed, 0);
	CHECK_INT(rig_ask(store, "SELECT count(*) FROM alerts WHERE state = 0 AND assignee = '' AND resolution = 0 AND closed_ms = 0"), n - 3);
	CHECK_INT(rig_ask(store, "SELECT count(*) FROM alerts WHERE rank = 0"), 2);
	CHECK_STR(rig_alert(store, 333, &arena).assignee, "eva");
	CHECK(given != NULL || rig_chain_holds(store));
	free(ids);
	arena_clear(&arena);
	store_close(store);
}

/* Whatever goes wrong on the way: then nothing was done. */
TEST(it_is_one_transaction)
{
	char address[256];
	struct store *store = rig_store(address);
	struct triage_result result;
	struct fault fault;
	struct arena arena;
	arena_init(&arena);
	rig_raise(store, 20);
	must(db_exec(&store->db, "CREATE UNIQUE INDEX stop ON audit (alert_id) WHERE alert_id = 15", &fault), &fault);
	int64_t *ids = ids_up_to(20), lines = rig_ask(store, "SELECT count(*) FROM audit");
	struct triage_order claim = { .act = TRIAGE_CLAIM, .who = "ana", .now_ms = 9500 };
	CHECK(!store_triage(store, ids, 20, &claim, &arena, NULL, &result, &fault));
	CHECK_INT(rig_ask(store, "SELECT count(*) FROM alerts WHERE assignee <> ''"), 0);
	CHECK_INT(rig_ask(store, "SELECT count(*) FROM audit"), lines);
	free(ids);
	arena_clear(&arena);
	store_close(store);
}

TEST(each_refusal_has_its_reason)
{
	static const struct {
		enum triage_act act;
		const char *say;
	} rows[] = { { TRIAGE_CLOSE, "1 closed already, 1 not there" }, { TRIAGE_CLAIM, "1 eva's, 1 closed already, 1 not there" },
		{ TRIAGE_REOPEN, "3 not closed, 1 not there" }, { TRIAGE_WAKE, "2 not snoozed, 1 closed already, 1 not there" },
		{ TRIAGE_SNOOZE, "1 snoozed already, 1 closed already, 1 not there" }, { TRIAGE_UNSILENCE, "4 not silenced, 1 not there" },
		{ TRIAGE_ESCALATE, "1 closed already, 1 not there" } };
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		char address[256], said[200];
		struct store *store = rig_store(address);
		struct triage_result result;
		struct fault fault;
		struct arena arena;
		arena_init(&arena);
		rig_raise(store, 4);
		act(store, &arena, TRIAGE_CLAIM, "eva", 1);
		must(db_exec(&store->db, "UPDATE alerts SET state = 2 WHERE id = 2", &fault), &fault);
		act(store, &arena, TRIAGE_CLOSE, "ana", 3);
		int64_t ids[] = { 1, 2, 3, 4, 99 };
		struct triage_order order = { .act = rows[i].act, .who = "ana", .note = "n", .resolution = RESOLUTION_UNKNOWN, .now_ms = 9500,
			.until_ms = 9500 + HOUR_MS };
		must(store_triage(store, ids, 5, &order, &arena, NULL, &result, &fault), &fault);
		triage_result_say(&result, said, sizeof said);
		CHECK_STR(said, rows[i].say);
		arena_clear(&arena);
		store_close(store);
	}
}

TEST(reasons_beyond_what_is_counted_apart_are_counted_together)
{
	char address[256], said[400];
	struct store *store = rig_store(address);
	struct triage_result result;
	struct fault fault;
	struct arena arena;
	arena_init(&arena);
	rig_raise(store, 12);
	for (int64_t id = 1; id <= 12; id++) {
		char who[16];
		snprintf(who, sizeof who, "user%02d", (int)id);
		act(store, &arena, TRIAGE_CLAIM, who, id);
	}
	int64_t *ids = ids_up_to(12);
	struct triage_order claim = { .act = TRIAGE_CLAIM, .who = "ana", .now_ms = 9500 };
	must(store_triage(store, ids, 12, &claim, &arena, NULL, &result, &fault), &fault);
	CHECK_INT(result.n_refusals, REFUSALS_MAX);
	size_t n = 0;
	for (size_t i = 0; i < result.n_refusals; i++)
		n += result.refusals[i].n;
	CHECK_INT(n, 12);
	triage_result_say(&result, said, sizeof said);
	CHECK(strncmp(said, "7 for other reasons, 1 user01's", 31) == 0);
	free(ids);
	arena_clear(&arena);
	store_close(store);
}

TEST(a_survey_counts_what_an_act_would_be_of)
{
	char address[256];
	struct store *store = rig_store(address);
	struct alert_survey survey;
	struct fault fault;
	struct arena arena;
	arena_init(&arena);
	rig_raise(store, 30);
	act(store, &arena, TRIAGE_CLAIM, "eva", 1);
	act(store, &arena, TRIAGE_CLAIM, "eva", 2);
	act(store, &arena, TRIAGE_CLAIM, "luis", 3);
	act(store, &arena, TRIAGE_CLAIM, "ana", 4);
	act(store, &arena, TRIAGE_CLOSE, "ana", 5);
	struct alert_query all = { .filter = "" }, some = { .filter = "severity = high and state = new" }, closed = { .filter = "", .closed_too = true };
	must(query_survey_matching(&store->db, &all, "ana", &arena, &survey, &fault), &fault);
	CHECK_INT(survey.n, 29);
	CHECK(!survey.cut);
	CHECK_INT(survey.n_by_severity[SEVERITY_HIGH], 10);
	CHECK_INT(survey.n_by_state[ALERT_NEW], 25);
	CHECK_INT(survey.n_by_state[ALERT_IN_PROGRESS], 4);
	CHECK_INT(survey.n_others, 3);
	CHECK_INT(survey.n_people, 2);
	must(query_survey_matching(&store->db, &closed, "ana", &arena, &survey, &fault), &fault);
	CHECK_INT(survey.n, 30);
	must(query_survey_matching(&store->db, &some, "ana", &arena, &survey, &fault), &fault);
	CHECK_INT(survey.n, 9);
	CHECK(!query_survey_matching(&store->db, &(struct alert_query){ .filter = "nonsense =" }, "ana", &arena, &survey, &fault));
	int64_t ids[] = { 1, 5, 99 };
	must(query_survey_of(&store->db, ids, 3, "ana", &arena, &survey, &fault), &fault);
	CHECK_INT(survey.n, 2);
	CHECK_INT(survey.n_by_state[ALERT_CLOSED], 1);
	CHECK_INT(survey.n_others, 1);
	CHECK_STR(survey.others[0].who, "eva");
	arena_clear(&arena);
	store_close(store);
}

TESTS(T(a_thousand_are_closed_and_brought_back_as_one), T(it_is_one_transaction), T(each_refusal_has_its_reason),
    T(reasons_beyond_what_is_counted_apart_are_counted_together), T(a_survey_counts_what_an_act_would_be_of))
