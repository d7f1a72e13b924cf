/* SPDX-License-Identifier: Apache-2.0
 *
 * What is no act on alerts is taken back and done again as they are: what was
 * raised by hand, steps of the playbook, silences. */
#include "desk_rig.h"

#include "store/silence_rows.h"
#include "store/step_rows.h"

static bool said(struct answer answer, const char *words)
{
	bool found = answer.n_done == 0 && strstr(answer.text, words) != NULL;
	if (!found)
		printf("\"%s\" is not in \"%s\"\n", words, answer.text);
	return found;
}

static int64_t n_lines(struct rig *rig, const char *act)
{
	struct fault fault;
	struct statement *st = db_statement(&rig->store->db, "SELECT count(*) FROM audit WHERE act = $1", &fault);
	must(st != NULL, &fault);
	db_bind(&rig->store->db, st, "t", act);
	must(db_step(&rig->store->db, st, &fault) == STEP_ROW, &fault);
	int64_t n = db_int(&rig->store->db, st, 0);
	rig->store->db.engine->reset(st);
	return n;
}

/* ---- steps of the playbook --------------------------------------------------------------- */

static struct answer step(struct rig *rig, int64_t id, const char *text, bool done)
{
	struct answer answer = { 0 };
	desk_step(rig->desk, id, text, done, on_done, &answer);
	return settle(rig, &answer);
}

#define N_TICKED "SELECT count(*) FROM alert_steps"

TEST(a_ticked_step_is_opened_and_ticked_again)
{
	struct rig rig;
	begin(&rig, 2, false);
	CHECK_INT(step(&rig, 1, "Ask", true).n_done, 1);
	CHECK_STR(desk_undo_name(rig.desk), "tick a step of #1");
	int64_t at_ms = rig_ask(rig.store, "SELECT at_ms FROM alert_steps");
	for (int turn = 0; turn < 2; turn++) {
		CHECK_INT(undo(&rig).n_done, 1);
		CHECK_INT(rig_ask(rig.store, N_TICKED), 0);
		CHECK_STR(desk_redo_name(rig.desk), "tick a step of #1");
		CHECK_INT(redo(&rig).n_done, 1);
		CHECK_INT(rig_ask(rig.store, N_TICKED " WHERE who = 'ana'"), 1);
		CHECK_INT(rig_ask(rig.store, "SELECT at_ms FROM alert_steps"), at_ms); /* it was done then */
	}
	CHECK_INT(n_lines(&rig, "step"), 3);
	CHECK_INT(n_lines(&rig, "unstep"), 2);
	/* In one row with the acts on alerts. */
	CHECK_INT(act(&rig, TRIAGE_CLAIM, 1).n_done, 1);
	CHECK_INT(step(&rig, 1, "Block", true).n_done, 1);
	CHECK_INT(undo(&rig).n_done, 1);
	CHECK_STR(desk_undo_name(rig.desk), "claim #1");
	CHECK_INT(undo(&rig).n_done, 1);
	CHECK_STR(desk_undo_name(rig.desk), "tick a step of #1");
	CHECK_INT(redo(&rig).n_done, 1);
	CHECK_INT(redo(&rig).n_done, 1);
	CHECK_INT(rig_ask(rig.store, N_TICKED), 2);
	end(&rig);
}

TEST(the_step_of_somebody_else_is_not_taken_back)
{
	struct rig rig;
	struct fault fault;
	begin(&rig, 2, false);
	struct step_order luis = { 1, "Ask", false, "luis", 9000 };
	CHECK_INT(step(&rig, 1, "Ask", true).n_done, 1);
	must(store_step(rig.store, &luis, NULL, &fault), &fault);
	luis.done = true;
	must(store_step(rig.store, &luis, NULL, &fault), &fault);
	CHECK(said(undo(&rig), "that step of alert 1 changed since"));
	CHECK_INT(rig_ask(rig.store, N_TICKED " WHERE who = 'luis' AND at_ms = 9000"), 1);
	CHECK_STR(desk_undo_name(rig.desk), ""); /* it is of no use any more */
	/* Opened by mistake it is theirs again, as it was. */
	CHECK_INT(step(&rig, 1, "Ask", false).n_done, 1);
	CHECK_STR(desk_undo_name(rig.desk), "open a step of #1 again");
	CHECK_INT(undo(&rig).n_done, 1);
	CHECK_INT(rig_ask(rig.store, N_TICKED " WHERE who = 'luis' AND at_ms = 9000"), 1);
	/* Refused or for nothing: nothing is to be undone. */
	CHECK_INT(step(&rig, 1, "Ask", true).n_done, 0);
	CHECK_STR(desk_undo_name(rig.desk), "");
	CHECK_STR(desk_redo_name(rig.desk), "open a step of #1 again");
	end(&rig);
}

/* ---- what was raised by hand --------------------------------------------------------------- */

static struct manual_raised raised;

static void on_raised(void *arg, const struct manual_raised *what, const struct fault *fault)
{
	raised = what != NULL ? *what : (struct manual_raised){ 0 };
	on_done(arg, what != NULL, what == NULL, fault);
}

static struct answer raise_by_hand(struct rig *rig, const char *title, const char *subject)
{
	struct answer answer = { 0 };
	struct manual_alert alert = { .title = title, .subject = subject, .location = "", .note = "", .severity = SEVERITY_HIGH, .event_ms = 5000 };
	desk_raise(rig->desk, &alert, on_raised, &answer);
	return settle(rig, &answer);
}

TEST(what_was_raised_in_error_is_closed_and_opened_again)
{
	struct rig rig;
	begin(&rig, 1, false);
	CHECK_INT(raise_by_hand(&rig, "They ask for passwords", "+573105550001").n_done, 1);
	CHECK_INT(raised.id, 2);
	CHECK_STR(desk_undo_name(rig.desk), "raise #2");
	for (int turn = 0; turn < 2; turn++) {
		int64_t before_ms = clock_real_ms();
		CHECK_INT(undo(&rig).n_done, 1);
		struct alert alert = rig_alert(rig.store, 2, &rig.arena);
		CHECK_INT(alert.state, ALERT_CLOSED);
		CHECK_INT(alert.resolution, RESOLUTION_FALSE_POSITIVE);
		CHECK(alert.closed_ms >= before_ms);
		CHECK_STR(alert.title_en, "They ask for passwords");
		CHECK_INT(redo(&rig).n_done, 1);
		alert = rig_alert(rig.store, 2, &rig.arena);
		CHECK_INT(alert.state, ALERT_IN_PROGRESS);
		CHECK_INT(alert.resolution, RESOLUTION_NONE);
		CHECK_INT(alert.closed_ms, 0);
		CHECK_STR(alert.assignee, "ana");
	}
	CHECK_INT(n_lines(&rig, "undo"), 2);
	CHECK_INT(rig_ask(rig.store, "SELECT count(*) FROM audit WHERE act = 'undo' AND alert_id = 2 AND was = 'in_progress' AND became = 'closed'"), 2);
	/* What was done with it since stays, until that is taken back. */
	int64_t two = 2;
	struct triage_result result;
	struct fault fault;
	struct triage_order note = { .act = TRIAGE_NOTE, .note = "they called again", .who = "luis", .now_ms = 9000 };
	must(store_triage(rig.store, &two, 1, &note, &rig.arena, NULL, &result, &fault), &fault);
	CHECK(said(undo(&rig), "alert 2 changed since"));
	CHECK_INT(state(&rig, 2), ALERT_IN_PROGRESS);
	end(&rig);
}

TEST(what_was_said_of_an_open_one_once_more_is_taken_back)
{
	struct rig rig;
	begin(&rig, 1, false);
	CHECK_INT(raise_by_hand(&rig, "They ask for passwords", "+573105550001").n_done, 1);
	CHECK_INT(raise_by_hand(&rig, "And again", "+573105550001").n_done, 1);
	CHECK(raised.grew);
	CHECK_STR(desk_undo_name(rig.desk), "note #2");
	CHECK_INT(rig_alert(rig.store, 2, &rig.arena).n_notes, 1);
	CHECK_INT(undo(&rig).n_done, 1);
	CHECK_INT(rig_alert(rig.store, 2, &rig.arena).n_notes, 0);
	CHECK_INT(state(&rig, 2), ALERT_IN_PROGRESS);
	CHECK_INT(undo(&rig).n_done, 1); /* that it was raised at all */
	CHECK_INT(state(&rig, 2), ALERT_CLOSED);
	CHECK_INT(redo(&rig).n_done, 1);
	CHECK_INT(redo(&rig).n_done, 1);
	CHECK_INT(rig_alert(rig.store, 2, &rig.arena).n_notes, 1);
	CHECK_INT(raise_by_hand(&rig, " ", "").n_done, 0);
	CHECK_STR(desk_undo_name(rig.desk), "note #2");
	end(&rig);
}

/* ---- silences -------------------------------------------------------------------------------- */

static int64_t silence_number_told;

static void on_silence(void *arg, int64_t number, const struct fault *fault)
{
	silence_number_told = number;
	on_done(arg, fault == NULL, fault != NULL, fault);
}

static struct answer silence(struct rig *rig, struct silence_act act)
{
	struct answer answer = { 0 };
	act.now_ms = clock_real_ms();
	act.until_ms += act.until_ms > 0 ? act.now_ms : 0;
	desk_silence(rig->desk, &act, on_silence, &answer);
	return settle(rig, &answer);
}

static struct answer begun(struct rig *rig)
{
	return silence(rig, (struct silence_act){ .deed = SILENCE_BEGIN, .kind = SILENCE_FILTER, .filter = "score > 3", .reason = "moved", .until_ms = DAY_MS });
}

#define N_IN_FORCE "SELECT count(*) FROM silences WHERE ended_ms = 0"
#define UNTIL "SELECT until_ms FROM silences"

TEST(a_silence_is_taken_back_and_begun_again)
{
	struct rig rig;
	begin(&rig, 1, false);
	CHECK_INT(begun(&rig).n_done, 1);
	CHECK_STR(desk_undo_name(rig.desk), "begin silence s1");
	int64_t until_ms = rig_ask(rig.store, UNTIL);
	for (int turn = 0; turn < 2; turn++) {
		CHECK_INT(undo(&rig).n_done, 1);
		CHECK_INT(rig_ask(rig.store, N_IN_FORCE), 0);
		CHECK(rig_ask(rig.store, UNTIL) <= clock_real_ms());
		CHECK_INT(redo(&rig).n_done, 1);
		CHECK_INT(rig_ask(rig.store, N_IN_FORCE), 1); /* the same one */
		CHECK_INT(rig_ask(rig.store, UNTIL), until_ms);
	}
	/* Extended, ended, and all of it back. */
	CHECK_INT(silence(&rig, (struct silence_act){ .deed = SILENCE_EXTEND, .kind = SILENCE_FILTER, .id = 1, .until_ms = 9 * DAY_MS }).n_done, 1);
	int64_t later_ms = rig_ask(rig.store, UNTIL);
	CHECK(later_ms > until_ms);
	CHECK_STR(desk_undo_name(rig.desk), "extend silence s1");
	CHECK_INT(silence(&rig, (struct silence_act){ .deed = SILENCE_END, .kind = SILENCE_FILTER, .id = 1 }).n_done, 1);
	CHECK_STR(desk_undo_name(rig.desk), "end silence s1");
	CHECK_INT(undo(&rig).n_done, 1);
	CHECK_INT(rig_ask(rig.store, N_IN_FORCE), 1);
	CHECK_INT(rig_ask(rig.store, UNTIL), later_ms);
	CHECK_INT(undo(&rig).n_done, 1);
	CHECK_INT(rig_ask(rig.store, UNTIL), until_ms);
	CHECK_INT(undo(&rig).n_done, 1);
	CHECK_INT(rig_ask(rig.store, N_IN_FORCE), 0);
	CHECK_INT(redo(&rig).n_done, 1);
	CHECK_INT(redo(&rig).n_done, 1);
	CHECK_INT(rig_ask(rig.store, UNTIL), later_ms);
	CHECK_INT(n_lines(&rig, "undo"), 5);
	CHECK_INT(rig_ask(rig.store, "SELECT count(*) FROM audit WHERE act = 'undo' AND note LIKE 's1 score > 3%'"), 5);
	end(&rig);
}

TEST(a_silence_that_somebody_changed_or_that_is_over_stays)
{
	struct rig rig;
	struct fault fault;
	int64_t kept;
	begin(&rig, 1, false);
	begun(&rig);
	must(store_silence_extend(rig.store, SILENCE_FILTER, 1, "luis", clock_real_ms() + 3 * DAY_MS, clock_real_ms(), NULL, &fault), &fault);
	CHECK(said(undo(&rig), "silence s1 changed since"));
	CHECK_INT(rig_ask(rig.store, N_IN_FORCE), 1);
	must(store_silence_end(rig.store, SILENCE_FILTER, 1, "luis", clock_real_ms(), &kept, NULL, &fault), &fault);
	begun(&rig);
	CHECK_INT(undo(&rig).n_done, 1);
	must(db_exec(&rig.store->db, "DELETE FROM silences WHERE id = 2", &fault), &fault); /* retired */
	CHECK(said(redo(&rig), "silence 2 is not in force"));
	/* What would be over by now is not begun again; what is over is not ended. */
	struct silence_before before = { .kind = SILENCE_FILTER, .id = 1, .was = { 5000, 0 } };
	before.stands = (struct silence_span){ rig_ask(rig.store, "SELECT until_ms FROM silences WHERE id = 1"), rig_ask(rig.store, "SELECT ended_ms FROM silences WHERE id = 1") };
	CHECK(!store_silence_swap(rig.store, &before, AUDIT_UNDO, "ana", 6000, &fault));
	CHECK_STR(fault.text, "silence s1 would be over by now: it stays as it is");
	must(db_exec(&rig.store->db, "UPDATE silences SET ended_ms = 0, until_ms = 5000 WHERE id = 1", &fault), &fault);
	before = (struct silence_before){ .kind = SILENCE_FILTER, .id = 1, .was = { 0, SILENCE_ENDED_THEN }, .stands = { 5000, 0 } };
	CHECK(!store_silence_swap(rig.store, &before, AUDIT_UNDO, "ana", 6000, &fault));
	CHECK_STR(fault.text, "silence s1 is over: it stays as it is");
	CHECK_INT(before.was.ended_ms, SILENCE_ENDED_THEN);
	end(&rig);
}

TEST(snoozes_and_silences_of_alerts_go_back_with_their_alert)
{
	struct rig rig;
	struct fault fault;
	struct triage_result result;
	begin(&rig, 2, false);
	int64_t now = clock_real_ms(), one = 1;
	struct triage_order snooze = { .act = TRIAGE_SNOOZE, .who = "ana", .note = "later", .until_ms = now + HOUR_MS, .now_ms = now };
	struct triage_order alike = { .act = TRIAGE_SILENCE, .who = "ana", .note = "known", .until_ms = now + DAY_MS, .now_ms = now };
	must(store_triage(rig.store, &one, 1, &snooze, &rig.arena, NULL, &result, &fault), &fault);
	must(store_triage(rig.store, &one, 1, &alike, &rig.arena, NULL, &result, &fault), &fault);
	CHECK_INT(silence(&rig, (struct silence_act){ .deed = SILENCE_EXTEND, .kind = SILENCE_SNOOZE, .id = 1, .until_ms = 3 * HOUR_MS }).n_done, 1);
	CHECK(rig_alert(rig.store, 1, &rig.arena).snooze_until_ms > now + 2 * HOUR_MS);
	CHECK_INT(silence(&rig, (struct silence_act){ .deed = SILENCE_EXTEND, .kind = SILENCE_ALIKE, .id = 1, .until_ms = 9 * DAY_MS }).n_done, 1);
	CHECK_INT(silence(&rig, (struct silence_act){ .deed = SILENCE_END, .kind = SILENCE_ALIKE, .id = 1 }).n_done, 1);
	CHECK_INT(silence(&rig, (struct silence_act){ .deed = SILENCE_END, .kind = SILENCE_SNOOZE, .id = 1 }).n_done, 1);
	struct alert alert = rig_alert(rig.store, 1, &rig.arena);
	CHECK(alert.state == ALERT_IN_PROGRESS && alert.silence_until_ms == 0);
	for (int i = 0; i < 4; i++)
		CHECK_INT(undo(&rig).n_done, 1);
	alert = rig_alert(rig.store, 1, &rig.arena);
	CHECK_INT(alert.state, ALERT_SNOOZED);
	CHECK_INT(alert.snooze_until_ms, now + HOUR_MS);
	CHECK_INT(alert.silence_until_ms, now + DAY_MS);
	CHECK_STR(desk_undo_name(rig.desk), "");
	for (int i = 0; i < 4; i++)
		CHECK_INT(redo(&rig).n_done, 1);
	alert = rig_alert(rig.store, 1, &rig.arena);
	CHECK(alert.state == ALERT_IN_PROGRESS && alert.silence_until_ms == 0);
	/* Who is refused has nothing to take back. */
	CHECK_INT(silence(&rig, (struct silence_act){ .deed = SILENCE_END, .kind = SILENCE_SNOOZE, .id = 2 }).n_done, 0);
	CHECK_INT(silence(&rig, (struct silence_act){ .deed = SILENCE_EXTEND, .kind = SILENCE_FILTER, .id = 77, .until_ms = DAY_MS }).n_done, 0);
	CHECK_STR(desk_undo_name(rig.desk), "end silence z1");
	end(&rig);
}

TEST(who_claims_again_elsewhere_changes_nothing_that_could_not_be_undone)
{
	struct rig rig;
	struct fault fault;
	struct triage_result result;
	begin(&rig, 2, false);
	int64_t ids[] = { 1 };
	CHECK_INT(act(&rig, TRIAGE_CLAIM, 1).n_done, 1);
	struct triage_order claim = { .act = TRIAGE_CLAIM, .who = "ana", .now_ms = 9000 };
	REQUIRE(store_triage(rig.store, ids, 1, &claim, &rig.arena, NULL, &result, &fault));
	CHECK_INT(result.n_done, 0);
	CHECK_INT(result.first.code, FAULT_CONFLICT);
	CHECK_STR(result.first.text, "alert 1 is yours already");
	CHECK_INT(n_lines(&rig, "claim"), 1);
	CHECK_INT(undo(&rig).n_done, 1);
	CHECK_INT(rig_alert(rig.store, 1, &rig.arena).state, ALERT_NEW);
	end(&rig);
}

TESTS(T(who_claims_again_elsewhere_changes_nothing_that_could_not_be_undone), T(a_ticked_step_is_opened_and_ticked_again), T(the_step_of_somebody_else_is_not_taken_back),
    T(what_was_raised_in_error_is_closed_and_opened_again), T(what_was_said_of_an_open_one_once_more_is_taken_back),
    T(a_silence_is_taken_back_and_begun_again), T(a_silence_that_somebody_changed_or_that_is_over_stays),
    T(snoozes_and_silences_of_alerts_go_back_with_their_alert))
