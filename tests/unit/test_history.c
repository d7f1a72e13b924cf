/* SPDX-License-Identifier: Apache-2.0
 *
 * Questions on their lane: a look back is made in pieces, and others are asked between. */
#include "past_rig.h"

#include <sched.h>

#include "watch/guard.h"
#include "watch/history_inside.h"

static struct {
	char order[16]; /* who was answered: P a look back, A another */
	size_t n;
	int64_t n_rows, n_open, n_open_now;
	enum fault_code fault;
} told;

static void on_alerts(void *arg, const struct alert_list *list, const struct fault *fault)
{
	UNUSED(arg);
	told.order[told.n++] = 'P';
	told.fault = fault != NULL ? fault->code : FAULT_NONE;
	told.n_rows = list != NULL ? (int64_t)list->n : -1;
	told.n_open = list != NULL ? list->n_open : -1;
	told.n_open_now = list != NULL ? list->n_by_severity[SEVERITY_HIGH] : -1;
}

static void on_audit(void *arg, const struct audit_list *list, const struct fault *fault)
{
	UNUSED(arg);
	if (fault != NULL) puts(fault->text);
	CHECK(fault == NULL && list->n > 0);
	told.order[told.n++] = 'A';
}

/* So many alerts of hour 1, all of which were closed in hour 5: too many for one piece. */
#define MANY 4000

static struct store *many(void)
{
	struct store *store = stored(16);
	struct fault fault;
	struct text sql = { 0 };
	found(store, 1, SEVERITY_HIGH, "r", "Colombia", 1, 0);
	text_printf(&sql, "CREATE TABLE x AS WITH RECURSIVE x(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM x WHERE i + 1 < %d) SELECT i FROM x;"
	    "CREATE TABLE one AS SELECT * FROM alerts; UPDATE one SET state = 3, rank = 0, resolution = 3, closed_ms = %lld;"
	    "UPDATE alerts SET state = 3, rank = 0, resolution = 3, closed_ms = %lld; DELETE FROM open_alerts;", MANY, (long long)(T0 + 5 * HOUR_MS), (long long)(T0 + 5 * HOUR_MS));
	REQUIRE(db_exec(&store->db, text_string(&sql), &fault));
	REQUIRE(db_exec(&store->db, "CREATE TABLE more AS SELECT one.*, x.i AS x FROM one, x; UPDATE more SET id = id + x, revision = revision + x, case_id = id + x, fingerprint = fingerprint + x;"
	    "ALTER TABLE more DROP COLUMN x; INSERT INTO alerts SELECT * FROM more; UPDATE counters SET value = (SELECT max(id) FROM alerts) WHERE name IN ('alert', 'revision');"
	    "DELETE FROM audit; INSERT INTO audit SELECT id, id, raised_ms, 'centinela', 'raise', '', 'high', '', CAST('0' AS BLOB) FROM alerts;"
	    "INSERT INTO audit SELECT id + 10000, id, closed_ms, 'ana', 'close', 'new', 'false_positive', '', CAST('0' AS BLOB) FROM alerts;"
	    "INSERT INTO growths SELECT id, raised_ms, 1, 0, first_ms, last_ms, severity, score, 0, '' FROM alerts WHERE id > 1; DROP TABLE x; DROP TABLE one; DROP TABLE more", &fault));
	text_clear(&sql);
	return store;
}

struct rig {
	uv_loop_t loop;
	struct store *store;
	struct history *history;
	struct guard_config config;
	struct clock clock;
};

static void open_rig(struct rig *rig)
{
	*rig = (struct rig){ 0 };
	memset(&told, 0, sizeof told);
	rig->store = many();
	uv_loop_init(&rig->loop);
	rig->config.store = store_address;
	clock_init_from(&rig->clock, T0 + 8 * HOUR_MS, 0);
	rig->history = history_new(&rig->loop, &rig->config, "ana", &rig->clock);
}

static void close_rig(struct rig *rig)
{
	history_close(rig->history, NULL, NULL);
	uv_run(&rig->loop, UV_RUN_DEFAULT);
	CHECK_INT(uv_loop_close(&rig->loop), 0);
	store_close(rig->store);
}

static const struct alert_query all = { .filter = "", .limit = 10000 };

TEST(another_question_is_answered_while_a_moment_is_made)
{
	struct rig rig;
	open_rig(&rig);
	history_at(rig.history, T0 + 2 * HOUR_MS);
	history_alerts(rig.history, &all, on_alerts, &rig);
	history_audit(rig.history, 10, &(struct audit_chain){ 0 }, on_audit, &rig);
	history_alerts(rig.history, &all, on_alerts, &rig);
	uv_run(&rig.loop, UV_RUN_DEFAULT);
	CHECK_STR(told.order, "APP");
	CHECK_INT(told.fault, FAULT_NONE);
	CHECK_INT(told.n_open, MANY);
	CHECK_INT(told.n_open_now, 0); /* of now: who looks back is called all the same */
	history_at(rig.history, T0 + 6 * HOUR_MS);
	history_alerts(rig.history, &all, on_alerts, &rig);
	uv_run(&rig.loop, UV_RUN_DEFAULT);
	CHECK_INT(told.n_open, 0);
	CHECK_INT(told.n_rows, 0);
	close_rig(&rig);
}

TEST(of_a_moment_that_is_looked_at_no_more_nothing_is_made)
{
	struct rig rig;
	open_rig(&rig);
	history_at(rig.history, T0 + 2 * HOUR_MS);
	history_alerts(rig.history, &all, on_alerts, &rig);
	uv_run(&rig.loop, UV_RUN_ONCE); /* its first piece */
	history_at(rig.history, T0 + 3 * HOUR_MS);
	uv_run(&rig.loop, UV_RUN_DEFAULT);
	CHECK_STR(told.order, "P");
	CHECK_INT(told.fault, FAULT_CANCELLED);
	/* One that was forgotten says nothing. */
	history_alerts(rig.history, &all, on_alerts, &rig);
	uv_run(&rig.loop, UV_RUN_ONCE);
	history_forget(rig.history, &rig);
	uv_run(&rig.loop, UV_RUN_DEFAULT);
	CHECK_STR(told.order, "P");
	/* And it closes in the middle of one. */
	history_alerts(rig.history, &all, on_alerts, &rig);
	uv_run(&rig.loop, UV_RUN_ONCE);
	close_rig(&rig);
	CHECK_STR(told.order, "P");
}

static struct {
	atomic_bool begun;
	size_t n_worked;
} lane;

static bool ask_without_end(struct question *q)
{
	int64_t n;
	lane.begun = true;
	return db_ask_int(&q->reader->db, "WITH RECURSIVE x(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM x) SELECT count(*) FROM x", 0, &n, &q->fault);
}

static bool ask_something(struct question *q)
{
	UNUSED(q);
	lane.n_worked++;
	return true;
}

static void tell_nothing(struct question *q, const struct fault *fault)
{
	UNUSED(q);
	UNUSED(fault);
	told.order[told.n++] = '!';
}

TEST(a_key_waits_behind_nothing_that_is_read_by_itself)
{
	struct rig rig;
	open_rig(&rig);
	lane.begun = false;
	history_submit_aside(history_ask(rig.history, ask_without_end, tell_nothing, &rig));
	while (!lane.begun)
		uv_run(&rig.loop, UV_RUN_NOWAIT);
	history_audit(rig.history, 10, &(struct audit_chain){ 0 }, on_audit, &told);
	while (told.n == 0)
		uv_run(&rig.loop, UV_RUN_ONCE);
	CHECK_STR(told.order, "A");
	history_forget(rig.history, &rig);
	uv_run(&rig.loop, UV_RUN_DEFAULT);
	/* A look back has one connection: there all are one behind the other. */
	history_at(rig.history, T0 + 2 * HOUR_MS);
	struct question *q = history_ask(rig.history, ask_something, tell_nothing, &rig);
	history_submit_aside(q);
	CHECK(q->reader == &rig.history->readers[READER_OF_KEYS]);
	close_rig(&rig);
	CHECK_STR(told.order, "A");
}

TEST(what_was_forgotten_holds_up_nobody)
{
	struct rig rig;
	open_rig(&rig);
	lane.begun = false;
	lane.n_worked = 0;
	history_submit(history_ask(rig.history, ask_without_end, tell_nothing, &rig)); /* while it is worked on */
	history_submit(history_ask(rig.history, ask_something, tell_nothing, &rig));   /* … and while it waits */
	while (!lane.begun)
		uv_run(&rig.loop, UV_RUN_NOWAIT);
	history_forget(rig.history, &rig);
	history_audit(rig.history, 10, &(struct audit_chain){ 0 }, on_audit, &told);
	uv_run(&rig.loop, UV_RUN_DEFAULT);
	CHECK_STR(told.order, "A");
	CHECK_INT(lane.n_worked, 0);
	close_rig(&rig);
}

static struct {
	bool (*ask)(struct question *); /* what the question asks in truth */
	int n_asked, n_cancelled, cancel_from, cancel_until; /* which of its pieces end by chance */
	int64_t n_raised, n_open, n_told;
	size_t n_listed;
	enum fault_code fault;
} chance;

static bool ask_until_told(struct question *q)
{
	UNUSED(q);
	while (!lane.begun)
		sched_yield(); /* on the lane: the loop says when */
	return true;
}

static void tell_nobody(struct question *q, const struct fault *fault)
{
	UNUSED(q);
	CHECK(fault == NULL);
}

/* As the other side does that was asked to end the question before: this one ends, whatever
 * it has read by then. */
static bool ask_by_chance(struct question *q)
{
	int n = ++chance.n_asked;
	bool ok = chance.ask(q);
	if (!ok || n < chance.cancel_from || n >= chance.cancel_until)
		return ok;
	q->again = false;
	chance.n_cancelled++;
	return fault_set(&q->fault, FAULT_CANCELLED, "canceling statement due to user request");
}

static void on_shift(void *arg, const struct shift_report *report, const struct fault *fault)
{
	UNUSED(arg);
	chance.n_told++;
	chance.fault = fault != NULL ? fault->code : FAULT_NONE;
	chance.n_raised = report != NULL ? report->n_raised : -1;
	chance.n_open = report != NULL ? report->n_open : -1;
	chance.n_listed = report != NULL ? report->n_open_listed : 0;
}

/* A shift of which the pieces from `from` to before `until` end by chance. */
static void hand_over(struct rig *rig, int from, int until)
{
	memset(&chance, 0, sizeof chance);
	chance.cancel_from = from;
	chance.cancel_until = until;
	lane.begun = false;
	history_submit(history_ask(rig->history, ask_until_told, tell_nobody, &lane)); /* the shift waits behind it */
	history_shift(rig->history, T0, T0 + 2 * HOUR_MS, on_shift, rig);
	chance.ask = rig->history->first->ask;
	rig->history->first->ask = ask_by_chance;
	lane.begun = true;
	uv_run(&rig->loop, UV_RUN_DEFAULT);
	CHECK_INT(chance.n_told, 1);
}

TEST(a_question_that_ends_by_chance_begins_anew_and_counts_nothing_twice)
{
	struct rig rig;
	open_rig(&rig);
	hand_over(&rig, 0, 0);
	int64_t n_raised = chance.n_raised, n_open = chance.n_open;
	size_t n_listed = chance.n_listed;
	const int at[] = { 1, (chance.n_asked + 1) / 2, chance.n_asked };
	CHECK_INT(chance.fault, FAULT_NONE);
	CHECK_INT(n_open, MANY);
	CHECK(n_listed > 0);
	/* At its first piece, in its midst, and at its last one. */
	for (size_t i = 0; i < COUNT_OF(at); i++) {
		hand_over(&rig, at[i], at[i] + 1);
		CHECK_INT(chance.fault, FAULT_NONE);
		CHECK_INT(chance.n_raised, n_raised);
		CHECK_INT(chance.n_open, n_open);
		CHECK_INT(chance.n_listed, n_listed);
	}
	/* A second time it is no chance. */
	hand_over(&rig, 1, 1000);
	CHECK_INT(chance.fault, FAULT_CANCELLED);
	CHECK_INT(chance.n_cancelled, 2);
	close_rig(&rig);
}

/* Once, when something else was asked for first. */
TEST(the_rules_are_read_before_somebody_opens_an_alert)
{
	char rules[] = "/tmp/centinela-history-XXXXXX", path[60];
	struct rig rig;
	REQUIRE(mkdtemp(rules) != NULL);
	snprintf(path, sizeof path, "%s/out.yml", rules);
	FILE *file = fopen(path, "w");
	REQUIRE(file != NULL);
	fputs("title: Out\nid: out\ndetection: {s: {call.external_out: true}, condition: s}\n", file);
	fclose(file);
	open_rig(&rig);
	rig.history->config.rules.rules_folder = rules;
	rig.history->config.data_folder = rules;
	history_audit(rig.history, 10, &(struct audit_chain){ 0 }, on_audit, &told);
	uv_run(&rig.loop, UV_RUN_DEFAULT);
	CHECK(rig.history->shelf.read);
	CHECK_INT(rig.history->shelf.book.n, 1);
	rule_shelf_clear(&rig.history->shelf);
	history_audit(rig.history, 10, &(struct audit_chain){ 0 }, on_audit, &told);
	uv_run(&rig.loop, UV_RUN_DEFAULT);
	CHECK(!rig.history->shelf.read);
	close_rig(&rig);
	unlink(path);
	rmdir(rules);
}

TEST(the_folder_is_taken_away_again)
{
	take_folder_away();
}

TESTS(T(another_question_is_answered_while_a_moment_is_made), T(of_a_moment_that_is_looked_at_no_more_nothing_is_made), T(what_was_forgotten_holds_up_nobody),
    T(a_key_waits_behind_nothing_that_is_read_by_itself), T(the_rules_are_read_before_somebody_opens_an_alert),
    T(a_question_that_ends_by_chance_begins_anew_and_counts_nothing_twice),
    T(the_folder_is_taken_away_again))
