/* SPDX-License-Identifier: Apache-2.0
 *
 * The desk over a real store: acts, taken back, and done again. */
#include "desk_rig.h"

#include "store/step_rows.h"
#include "store/viewer_rows.h"

TEST(what_was_undone_is_done_again_and_back_again)
{
	struct rig rig;
	begin(&rig, 3, false);
	CHECK_STR(desk_redo_name(rig.desk), "");
	CHECK_INT(act(&rig, TRIAGE_CLOSE, 3).n_done, 3);
	CHECK_STR(desk_undo_name(rig.desk), "close \xC3\x97 3");
	CHECK_INT(act(&rig, TRIAGE_NOTE, 1).n_done, 1);
	CHECK_STR(desk_undo_name(rig.desk), "note #1");
	for (int turn = 0; turn < 3; turn++) { /* as often as one likes, in order */
		CHECK_INT(undo(&rig).n_done, 1);
		CHECK_STR(desk_redo_name(rig.desk), "note #1");
		CHECK_INT(undo(&rig).n_done, 3);
		CHECK_STR(desk_undo_name(rig.desk), "");
		CHECK_STR(desk_redo_name(rig.desk), "close \xC3\x97 3");
		for (int64_t id = 1; id <= 3; id++)
			CHECK_INT(state(&rig, id), ALERT_NEW);
		CHECK_INT(redo(&rig).n_done, 3);
		for (int64_t id = 1; id <= 3; id++) {
			struct alert alert = rig_alert(rig.store, id, &rig.arena);
			CHECK_INT(alert.state, ALERT_CLOSED);
			CHECK_INT(alert.resolution, RESOLUTION_FALSE_POSITIVE);
			CHECK_STR(alert.assignee, "ana");
		}
		CHECK_INT(rig_alert(rig.store, 1, &rig.arena).n_notes, 1); /* that of the closing */
		CHECK_INT(redo(&rig).n_done, 1);
		CHECK_INT(rig_alert(rig.store, 1, &rig.arena).n_notes, 2);
	}
	CHECK_INT(rig_ask(rig.store, "SELECT count(*) FROM audit WHERE act = 'redo'"), 12);
	CHECK_INT(rig.n_changes, 2 + 3 * 4);
	struct answer nothing = redo(&rig);
	CHECK_INT(nothing.n_done, 0);
	CHECK(strstr(nothing.text, "nothing to redo") != NULL);
	end(&rig);
}

/* What was refused is not in the count, there and back. */
TEST(its_name_says_of_how_many_it_was_done)
{
	struct rig rig;
	begin(&rig, 5, false);
	CHECK_INT(act(&rig, TRIAGE_CLOSE, 1).n_done, 1);
	CHECK_INT(act(&rig, TRIAGE_CLOSE, 5).n_done, 4);
	CHECK_STR(desk_undo_name(rig.desk), "close \xC3\x97 4");
	CHECK_INT(undo(&rig).n_done, 4);
	CHECK_STR(desk_redo_name(rig.desk), "close \xC3\x97 4");
	CHECK_INT(redo(&rig).n_done, 4);
	/* Two of them go on: two come back, and two are done again. */
	struct triage_order reopen = { .act = TRIAGE_REOPEN, .who = "luis", .note = "", .now_ms = 9000 };
	struct triage_result result;
	struct fault fault;
	must(store_triage(rig.store, (int64_t[]){ 2, 4 }, 2, &reopen, &rig.arena, NULL, &result, &fault), &fault);
	struct answer partly = undo(&rig);
	CHECK_INT(partly.n_done, 2);
	CHECK_INT(partly.n_failed, 2);
	CHECK_STR(desk_redo_name(rig.desk), "close \xC3\x97 2");
	CHECK_INT(redo(&rig).n_done, 2);
	CHECK_STR(desk_undo_name(rig.desk), "close \xC3\x97 2");
	/* Of one of several: which. */
	must(store_triage(rig.store, (int64_t[]){ 3 }, 1, &reopen, &rig.arena, NULL, &result, &fault), &fault);
	CHECK_INT(undo(&rig).n_done, 1);
	CHECK_STR(desk_redo_name(rig.desk), "close #5");
	end(&rig);
}

TEST(a_new_act_drops_what_could_be_redone_and_a_refused_one_does_not)
{
	struct rig rig;
	begin(&rig, 2, false);
	act(&rig, TRIAGE_CLOSE, 1);
	undo(&rig);
	CHECK_INT(act(&rig, TRIAGE_REOPEN, 2).n_failed, 2); /* it is not closed */
	CHECK_STR(desk_redo_name(rig.desk), "close #1");
	CHECK_INT(act(&rig, TRIAGE_CLAIM, 2).n_done, 2);
	CHECK_STR(desk_redo_name(rig.desk), "");
	end(&rig);
}

TEST(what_somebody_changed_since_is_not_redone)
{
	struct rig rig;
	struct triage_result result;
	struct fault fault;
	begin(&rig, 3, false);
	act(&rig, TRIAGE_CLOSE, 3);
	undo(&rig);
	int64_t second = 2;
	struct triage_order claim = { .act = TRIAGE_CLAIM, .who = "luis", .now_ms = 9000 };
	REQUIRE(store_triage(rig.store, &second, 1, &claim, &rig.arena, NULL, &result, &fault));
	struct answer said = redo(&rig);
	CHECK_INT(said.n_done, 2);
	CHECK_INT(said.n_failed, 1);
	CHECK_STR(said.text, "1 changed since");
	CHECK_INT(state(&rig, 1), ALERT_CLOSED);
	CHECK_INT(state(&rig, 2), ALERT_IN_PROGRESS);
	CHECK_STR(rig_alert(rig.store, 2, &rig.arena).assignee, "luis");
	/* The way back is of those two alone. */
	CHECK_INT(undo(&rig).n_done, 2);
	CHECK_INT(state(&rig, 3), ALERT_NEW);
	CHECK_STR(rig_alert(rig.store, 2, &rig.arena).assignee, "luis");
	end(&rig);
}

TEST(who_only_looks_redoes_nothing)
{
	struct rig rig;
	begin(&rig, 1, true);
	CHECK(strstr(act(&rig, TRIAGE_CLOSE, 1).text, "read-only") != NULL);
	CHECK(strstr(redo(&rig).text, "read-only") != NULL);
	CHECK_INT(rig.n_changes, 0);
	end(&rig);
}

static struct answer with_other(struct rig *rig, enum triage_act what, int64_t id, int64_t other)
{
	struct answer answer = { 0 };
	struct triage_order order = { .act = what, .note = "", .other_id = other };
	desk_triage(rig->desk, &id, 1, &order, on_done, &answer);
	return settle(rig, &answer);
}

static struct alert_detail detail_of(struct rig *rig, int64_t id)
{
	struct alert_detail detail;
	struct fault fault;
	must(query_alert(&rig->store->db, id, &rig->arena, &detail, &fault), &fault);
	return detail;
}

TEST(an_alert_goes_into_another_case_and_out_of_it)
{
	struct rig rig;
	begin(&rig, 3, false);
	CHECK_INT(with_other(&rig, TRIAGE_LINK, 2, 1).n_done, 1);
	CHECK_INT(with_other(&rig, TRIAGE_LINK, 3, 2).n_done, 1); /* the case of any alert in it */
	CHECK_INT(detail_of(&rig, 3).alert.case_id, 1);
	CHECK_INT(detail_of(&rig, 1).n_same_case, 2);
	CHECK_STR(detail_of(&rig, 3).events[1].after, "#1");
	CHECK(strstr(with_other(&rig, TRIAGE_LINK, 3, 1).text, "in case #1 already") != NULL);
	CHECK(strstr(with_other(&rig, TRIAGE_LINK, 3, 99).text, "there is no alert 99") != NULL);
	CHECK_INT(undo(&rig).n_done, 1);
	CHECK_INT(detail_of(&rig, 3).alert.case_id, 3);
	CHECK_INT(redo(&rig).n_done, 1);
	CHECK_INT(with_other(&rig, TRIAGE_UNLINK, 3, 0).n_done, 1);
	CHECK_INT(detail_of(&rig, 3).alert.case_id, 3);
	CHECK_INT(detail_of(&rig, 1).n_same_case, 1);
	CHECK(strstr(with_other(&rig, TRIAGE_UNLINK, 1, 0).text, "case of its own") != NULL);
	end(&rig);
}

/* "merged #2 (1), note x": act and note of the newest n lines of its log. */
static const char *last_lines(struct rig *rig, int64_t id, size_t n)
{
	static char out[400];
	struct alert_detail detail = detail_of(rig, id);
	size_t used = 0;
	out[0] = '\0';
	for (size_t i = detail.n_events - MIN(n, detail.n_events); i < detail.n_events && used < sizeof out; i++)
		used += (size_t)snprintf(out + used, sizeof out - used, "%s%s %s", used > 0 ? ", " : "", detail.events[i].act, detail.events[i].note);
	return out;
}

TEST(a_duplicate_is_seen_at_the_alert_that_stays)
{
	struct rig rig;
	begin(&rig, 4, false);
	CHECK_INT(with_other(&rig, TRIAGE_MERGE, 2, 1).n_done, 1);
	struct alert two = detail_of(&rig, 2).alert;
	CHECK_INT(two.state, ALERT_CLOSED);
	CHECK_INT(two.resolution, RESOLUTION_DUPLICATE);
	CHECK_INT(two.merged_into, 1);
	/* Into a duplicate is into what stays. */
	CHECK_INT(with_other(&rig, TRIAGE_MERGE, 3, 2).n_done, 1);
	CHECK_INT(detail_of(&rig, 3).alert.merged_into, 1);
	struct alert_detail one = detail_of(&rig, 1);
	CHECK_INT(one.n_duplicates, 2);
	CHECK_INT(one.n_duplicates_all, 2);
	CHECK_INT(one.alert.count + one.duplicate_records, 3);
	CHECK_STR(one.events[one.n_events - 1].act, "merged");
	CHECK_STR(one.events[one.n_events - 1].note, "#3 (1)");
	CHECK(strstr(detail_of(&rig, 3).events[1].note, "#1") != NULL);
	/* Never of itself, by however many steps. */
	CHECK(strstr(with_other(&rig, TRIAGE_MERGE, 1, 3).text, "its own duplicate") != NULL);
	CHECK(strstr(with_other(&rig, TRIAGE_MERGE, 4, 99).text, "there is no alert 99") != NULL);
	CHECK_INT(state(&rig, 4), ALERT_NEW);
	/* Back, and again: each time the one that stays says so. */
	CHECK_INT(undo(&rig).n_done, 1);
	CHECK_INT(detail_of(&rig, 1).n_duplicates, 1);
	CHECK_INT(state(&rig, 3), ALERT_NEW);
	CHECK_STR(last_lines(&rig, 1, 3), "merged #2 (1), merged #3 (1), unmerged #3 (1)");
	CHECK_INT(redo(&rig).n_done, 1);
	CHECK_INT(detail_of(&rig, 1).n_duplicates, 2);
	CHECK_STR(last_lines(&rig, 1, 2), "unmerged #3 (1), merged #3 (1)");
	/* What is reopened is no duplicate any more; undone, it is one again. */
	CHECK_INT(with_other(&rig, TRIAGE_REOPEN, 2, 0).n_done, 1);
	CHECK_INT(detail_of(&rig, 1).n_duplicates, 1);
	CHECK_STR(last_lines(&rig, 1, 2), "merged #3 (1), unmerged #2 (1)");
	CHECK_INT(undo(&rig).n_done, 1);
	CHECK_STR(last_lines(&rig, 1, 2), "unmerged #2 (1), merged #2 (1)");
	/* A note on it or its case are no news of that; of what is retired nobody is told. */
	CHECK_INT(act(&rig, TRIAGE_NOTE, 2).n_done, 2);
	CHECK_STR(last_lines(&rig, 1, 2), "merged #2 (1), note because");
	struct fault fault;
	must(db_exec(&rig.store->db, "DELETE FROM alerts WHERE id = 1", &fault), &fault);
	int64_t n = rig_ask(rig.store, "SELECT count(*) FROM audit WHERE alert_id = 1");
	CHECK_INT(with_other(&rig, TRIAGE_REOPEN, 3, 0).n_done, 1);
	CHECK_INT(rig_ask(rig.store, "SELECT count(*) FROM audit WHERE alert_id = 1"), n);
	end(&rig);
}

static void put_call(struct store *store, int64_t id, int64_t day, const char *number)
{
	struct fault fault;
	char sql[900];
	snprintf(sql, sizeof sql, "INSERT INTO calls (id, journey_id, correlation, correlation_hash, day, start_ms, last_start_ms, end_ms, talk_s, ring_s,"
	    " direction, flags, n_legs, class, tier, country, cost_micro, far_number) VALUES (%lld, %lld, CAST('0' AS BLOB), 0, %lld, 0, 0, 0, 0, 0, 1, 0, 1, 0, 0, '', 0, '%s');"
	    "INSERT INTO legs (id, report_id, report_ms, call_id, raw_id, raw_at, raw_n, flags, duration_s, ring_s, far, country, class, tier, cost_micro)"
	    " VALUES (%lld, CAST('%lld' AS BLOB), 0, %lld, 0, 0, 0, 0, 0, 0, '%s', '', 0, 0, 0)", (long long)id, (long long)id, (long long)day, number,
	    (long long)id, (long long)id, (long long)id, number);
	must(db_exec(&store->db, sql, &fault), &fault);
}

TEST(the_past_of_the_same_subject_and_number_says_how_it_ended_and_by_whom)
{
	struct rig rig;
	struct fault fault;
	begin(&rig, 5, false);
	int64_t first_leg = rig_ask(rig.store, "SELECT min(leg_id) FROM evidence");
	/* 2 is of the person of 5; 3 rests on a call with a number of 5's evidence; 4 is about that number. */
	must(db_exec(&rig.store->db, "UPDATE alerts SET subject_id = 'p', subject_kind = 0 WHERE id IN (2, 5)", &fault), &fault);
	must(db_exec(&rig.store->db, "UPDATE alerts SET subject_id = '+37125550123', subject_kind = 1 WHERE id = 4", &fault), &fault);
	put_call(rig.store, first_leg + 2, 0, "+37125550123");
	put_call(rig.store, first_leg + 4, 0, "+37125550123");
	act(&rig, TRIAGE_CLOSE, 3);
	struct alert_detail five = detail_of(&rig, 5);
	REQUIRE(five.n_same_subject == 1);
	CHECK_INT(five.same_subject[0].id, 2);
	CHECK_STR(five.same_subject[0].closed_by, "ana");
	CHECK_INT(five.same_subject[0].resolution, RESOLUTION_FALSE_POSITIVE);
	REQUIRE(five.n_same_number == 2);
	CHECK_INT(five.same_number[0].id, 4);
	CHECK(five.same_number[0].closed_by == NULL); /* it is open */
	CHECK_INT(five.same_number[1].id, 3);
	CHECK_STR(five.same_number[1].closed_by, "ana");
	/* Nothing twice, nothing later than itself. */
	CHECK_INT(detail_of(&rig, 3).n_same_number, 0);
	must(db_exec(&rig.store->db, "UPDATE alerts SET case_id = 3 WHERE id = 5", &fault), &fault);
	CHECK_INT(detail_of(&rig, 5).n_same_number, 1);
	end(&rig);
}

/* Days are passed by the week, and none of the sixty is left out: the last of a week, its
 * first, one beside another, the oldest; one more is too old. */
TEST(a_number_is_looked_for_on_all_its_days_of_two_months)
{
	static const int64_t days[] = { 41, 40, 99, 98, 97, 100 };
	struct rig rig;
	struct fault fault;
	char sql[100];
	begin(&rig, 6, false);
	int64_t first_leg = rig_ask(rig.store, "SELECT min(leg_id) FROM evidence");
	for (int64_t i = 0; i < 6; i++)
		put_call(rig.store, first_leg + i, days[i], "+37125550123");
	put_call(rig.store, first_leg + 100, 70, "+37125550199"); /* another's */
	snprintf(sql, sizeof sql, "UPDATE alerts SET last_ms = %lld WHERE id = 6", (long long)(100 * DAY_MS + 5));
	must(db_exec(&rig.store->db, sql, &fault), &fault);
	struct alert_detail six = detail_of(&rig, 6);
	REQUIRE(six.n_same_number == 4);
	for (size_t i = 0; i < 4; i++)
		CHECK_INT(six.same_number[i].id, ((const int64_t[]){ 5, 4, 3, 1 })[i]);
	end(&rig);
}

/* One that is called all day: what rests on its newest calls is found, and days further back
 * are left alone. */
TEST(of_a_number_that_is_called_all_day_the_newest_calls_are_looked_at)
{
	struct rig rig;
	struct fault fault;
	char sql[100];
	begin(&rig, 3, false);
	int64_t first_leg = rig_ask(rig.store, "SELECT min(leg_id) FROM evidence"), more = first_leg + 100;
	put_call(rig.store, first_leg, 96, "+37125550123");
	put_call(rig.store, first_leg + 1, 97, "+37125550123");
	put_call(rig.store, first_leg + 2, 100, "+37125550123");
	snprintf(sql, sizeof sql, "UPDATE alerts SET last_ms = %lld WHERE id = 3", (long long)(100 * DAY_MS));
	must(db_exec(&rig.store->db, sql, &fault), &fault);
	CHECK_INT(detail_of(&rig, 3).n_same_number, 2);
	for (int64_t day = 97; day <= 100; day++)
		for (int i = day == 97; i < 50; i++) /* fifty a day, with that of an alert */
			put_call(rig.store, more++, day, "+37125550123");
	struct alert_detail three = detail_of(&rig, 3);
	REQUIRE(three.n_same_number == 1);
	CHECK_INT(three.same_number[0].id, 2);
	end(&rig);
}

TEST(who_looks_at_what_ends_by_itself)
{
	struct rig rig;
	struct viewers seen, again;
	struct fault fault;
	begin(&rig, 1, false);
	int64_t now = clock_real_ms();
	desk_view(rig.desk, 1); /* nobody has said which console it is */
	desk_name_console(rig.desk, "ana@here:1");
	desk_view(rig.desk, 1);
	uv_run(&rig.loop, UV_RUN_DEFAULT);
	must(viewers_read(rig.store, "luis@there:2", clock_real_ms(), &seen, &fault), &fault);
	CHECK_INT(seen.n, 1);
	CHECK_INT(seen.items[0].alert_id, 1);
	CHECK_STR(seen.items[0].who, "ana");
	must(viewers_read(rig.store, "ana@here:1", clock_real_ms(), &again, &fault), &fault);
	CHECK_INT(again.n, 0); /* not oneself */
	CHECK(!viewers_equal(&seen, &again));
	/* The same person twice is one; without a renewal it is over. */
	must(viewer_put(rig.store, "ana@here:3", "ana", 1, now, &fault), &fault);
	must(viewers_read(rig.store, "luis@there:2", now + 1000, &seen, &fault), &fault);
	CHECK_INT(seen.n, 1);
	must(viewers_read(rig.store, "luis@there:2", now + 3 * VIEWING_MS, &seen, &fault), &fault);
	CHECK_INT(seen.n, 0);
	desk_view(rig.desk, 0);
	uv_run(&rig.loop, UV_RUN_DEFAULT);
	CHECK_INT(rig_ask(rig.store, "SELECT count(*) FROM viewers WHERE console = 'ana@here:1'"), 0);
	/* Rows that are not ours: printable, bounded, and no clock that is ahead stays for ever. */
	must(viewer_put(rig.store, "evil", "\x1b[2Jxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", 1, now, &fault), &fault);
	must(viewers_read(rig.store, "luis@there:2", now + 1, &seen, &fault), &fault);
	CHECK_INT(seen.n, 2);
	for (size_t i = 0; i < seen.n; i++)
		CHECK(strchr(seen.items[i].who, '\x1b') == NULL);
	must(db_exec(&rig.store->db, "UPDATE viewers SET until_ms = until_ms + 100000000", &fault), &fault);
	must(viewers_read(rig.store, "luis@there:2", now + 1, &seen, &fault), &fault);
	CHECK_INT(seen.n, 0);
	end(&rig);
}

static struct answer step(struct rig *rig, int64_t id, const char *text, bool done)
{
	struct answer answer = { 0 };
	desk_step(rig->desk, id, text, done, on_done, &answer);
	return settle(rig, &answer);
}

TEST(a_step_is_taken_once_by_somebody_and_logged)
{
	struct rig rig;
	struct fault fault;
	begin(&rig, 2, false);
	int64_t revision = rig_ask(rig.store, "SELECT value FROM counters WHERE name = 'revision'");
	CHECK_INT(step(&rig, 1, "Ask the person", true).n_done, 1);
	CHECK(rig_ask(rig.store, "SELECT value FROM counters WHERE name = 'revision'") > revision); /* others look */
	struct alert_detail one = detail_of(&rig, 1);
	REQUIRE(one.n_steps == 1);
	CHECK_STR(one.steps[0].step, "Ask the person");
	CHECK_STR(one.steps[0].who, "ana");
	CHECK(one.steps[0].at_ms > 0);
	CHECK_STR(one.events[1].act, "step");
	CHECK_STR(one.events[1].note, "Ask the person");
	CHECK_INT(detail_of(&rig, 2).n_steps, 0);
	/* Another was faster. */
	struct step_order late = { 1, "Ask the person", true, "luis", 9000 };
	CHECK(!store_step(rig.store, &late, NULL, &fault));
	CHECK_INT(fault.code, FAULT_CONFLICT);
	CHECK_STR(fault.text, "ana has done that step already");
	CHECK_INT(step(&rig, 1, "Ask the person", false).n_done, 1);
	CHECK(strstr(step(&rig, 1, "Ask the person", false).text, "open already") != NULL);
	CHECK(strstr(step(&rig, 99, "x", true).text, "there is no alert 99") != NULL);
	CHECK(strstr(step(&rig, 1, "", true).text, "no such step") != NULL);
	/* Anything goes in as a sentence: printable and bounded. */
	char longest[2000];
	memset(longest, 'x', sizeof longest - 1);
	longest[sizeof longest - 1] = '\0';
	memcpy(longest, "\x1b[2J", 4);
	CHECK_INT(step(&rig, 1, longest, true).n_done, 1);
	one = detail_of(&rig, 1);
	CHECK(strlen(one.steps[0].step) <= STEP_BYTES && strchr(one.steps[0].step, '\x1b') == NULL);
	/* An act before it can still be undone: the alert is as it was. */
	CHECK_INT(act(&rig, TRIAGE_CLAIM, 1).n_done, 1);
	CHECK_INT(step(&rig, 1, "Block the range", true).n_done, 1);
	CHECK_INT(undo(&rig).n_done, 1);
	end(&rig);
}

struct elsewhere {
	int64_t id; /* that was to be taken back */
	enum fault_code says;
};

static void take_back(void *arg, int64_t id, void (*done)(void *, size_t, size_t, const struct fault *), void *done_arg)
{
	struct elsewhere *elsewhere = arg;
	struct fault fault = { 0 };
	elsewhere->id = id;
	bool ok = elsewhere->says == FAULT_NONE || fault_set(&fault, elsewhere->says, "no");
	done(done_arg, ok, !ok, ok ? NULL : &fault);
}

TEST(what_was_done_elsewhere_is_taken_back_there_and_once)
{
	struct rig rig;
	struct elsewhere elsewhere = { .says = FAULT_NETWORK };
	begin(&rig, 1, false);
	CHECK(!desk_undo_reaches_out(rig.desk));
	CHECK_INT(act(&rig, TRIAGE_CLAIM, 1).n_done, 1);
	desk_did_outside(rig.desk, "no calls abroad (#3)", 3, take_back, &elsewhere);
	CHECK(desk_undo_reaches_out(rig.desk));
	CHECK_STR(desk_undo_name(rig.desk), "no calls abroad (#3)");
	CHECK_INT(undo(&rig).n_failed, 1); /* nobody answered: it can be tried again */
	CHECK_INT(elsewhere.id, 3);
	CHECK_STR(desk_undo_name(rig.desk), "no calls abroad (#3)");
	elsewhere.says = FAULT_NONE;
	CHECK_INT(undo(&rig).n_done, 1);
	CHECK(!desk_undo_reaches_out(rig.desk));
	CHECK_STR(desk_redo_name(rig.desk), ""); /* it is not done again from here */
	CHECK_STR(desk_undo_name(rig.desk), "claim #1");
	/* Where somebody changed it since it stays, and is in nobody's way. */
	elsewhere.says = FAULT_CONFLICT;
	desk_did_outside(rig.desk, "no forwarding (#4)", 4, take_back, &elsewhere);
	CHECK_INT(undo(&rig).n_failed, 1);
	CHECK_STR(desk_undo_name(rig.desk), "claim #1");
	CHECK_INT(undo(&rig).n_done, 1);
	desk_did_outside(rig.desk, "left behind", 5, take_back, &elsewhere);
	end(&rig);
}

TEST(when_the_lane_is_gone_nothing_is_done_and_it_is_said)
{
	struct rig rig;
	begin(&rig, 1, false);
	CHECK_INT(act(&rig, TRIAGE_CLAIM, 1).n_done, 1);
	lane_close(rig.lane, NULL, NULL);
	uv_run(&rig.loop, UV_RUN_DEFAULT);
	desk_leave(rig.desk);
	CHECK_INT(act(&rig, TRIAGE_CLOSE, 1).n_failed, 1);
	CHECK_INT(undo(&rig).n_done, 0);
	CHECK_STR(desk_undo_name(rig.desk), "claim #1"); /* it is not lost */
	CHECK_INT(rig.n_changes, 1);
	desk_name_console(rig.desk, "ana@a:1");
	desk_view(rig.desk, 1); /* nobody is told, and nothing waits for it */
	rig.lane = lane_new(&rig.loop);
	end(&rig);
}

TESTS(T(when_the_lane_is_gone_nothing_is_done_and_it_is_said), T(what_was_done_elsewhere_is_taken_back_there_and_once), T(of_a_number_that_is_called_all_day_the_newest_calls_are_looked_at), T(its_name_says_of_how_many_it_was_done), T(a_step_is_taken_once_by_somebody_and_logged), T(who_looks_at_what_ends_by_itself), T(the_past_of_the_same_subject_and_number_says_how_it_ended_and_by_whom),
    T(a_number_is_looked_for_on_all_its_days_of_two_months), T(an_alert_goes_into_another_case_and_out_of_it), T(a_duplicate_is_seen_at_the_alert_that_stays),
    T(what_was_undone_is_done_again_and_back_again), T(a_new_act_drops_what_could_be_redone_and_a_refused_one_does_not),
    T(what_somebody_changed_since_is_not_redone), T(who_only_looks_redoes_nothing))
