/* SPDX-License-Identifier: Apache-2.0
 *
 * A look back shows what was shown then: whatever happens to alerts, by chance, what the
 * store answered after each step is kept in memory, and asked again later as of then. */
#include "past_rig.h"

#include "due_rows.h"
#include "store/manual_rows.h"
#include "store/step_rows.h"

#define STEPS	 240
#define STEP_MS	 (7 * MINUTE_MS)
#define N_LEGS	 60
#define LISTED	 200

static uint64_t chance_state;

static int64_t chance(int64_t below)
{
	chance_state ^= chance_state << 13;
	chance_state ^= chance_state >> 7;
	chance_state ^= chance_state << 17;
	return (int64_t)(chance_state % (uint64_t)below);
}

/* What was asked after a step, and the answers. */
struct seen {
	int64_t at_ms, id;
	struct alert_query query;
	struct arena arena;
	struct alert_list list;
	struct alert_detail detail;
	struct score_list scores;
	struct profile profile;
};

static bool ask(struct db *db, struct seen *seen, int64_t at_ms)
{
	struct fault fault;
	struct alert_query query = seen->query;
	query.at_ms = at_ms;
	bool ok = query_alerts(db, &query, "ana", &seen->arena, &seen->list, &fault) && query_alert(db, seen->id, &seen->arena, &seen->detail, &fault) &&
	    query_scores(db, seen->at_ms, "", 50, &seen->arena, &seen->scores, &fault) &&
	    query_profile(db, seen->detail.alert.subject_kind, seen->detail.alert.subject_id, seen->at_ms, &seen->arena, &seen->profile, &fault);
	if (!ok)
		puts(fault.text);
	return ok;
}

static bool differ(const char *what, int64_t id, int64_t was, int64_t looks)
{
	if (was == looks)
		return false;
	printf("alert %lld: %s was %lld, a look back says %lld\n", (long long)id, what, (long long)was, (long long)looks);
	return true;
}

static bool same_alert(const struct alert *a, const struct alert *b)
{
	bool differs = differ("id", a->id, a->id, b->id);
#define NUMBER(field) differs = differs || differ(#field, a->id, (int64_t)a->field, (int64_t)b->field);
	NUMBER(fingerprint) NUMBER(severity) NUMBER(score) NUMBER(state) NUMBER(resolution) NUMBER(first_ms) NUMBER(last_ms) NUMBER(raised_ms)
	NUMBER(acknowledged_ms) NUMBER(closed_ms) NUMBER(snooze_until_ms) NUMBER(silence_until_ms) NUMBER(merged_into) NUMBER(count) NUMBER(cost_micro)
	NUMBER(cost_per_hour_micro) NUMBER(n_notes) NUMBER(case_id)
#undef NUMBER
	differs = differs || differ("assignee", a->id, 0, strcmp(a->assignee, b->assignee)) || differ("tags", a->id, 0, strcmp(a->tags, b->tags)) ||
	    differ("closer", a->id, 0, strcmp(a->closed_by == NULL ? "" : a->closed_by, b->closed_by == NULL ? "" : b->closed_by));
	differs = differs || differ("title", a->id, 0, strcmp(a->title_en, b->title_en)) || differ("why", a->id, 0, strcmp(a->why_es, b->why_es)) ||
	    differ("reasons", a->id, (int64_t)a->n_reasons, (int64_t)b->n_reasons);
	for (size_t i = 0; !differs && i < a->n_reasons; i++)
		differs = differ("reason", a->id, 0, strcmp(a->reasons[i].text_en, b->reasons[i].text_en));
	return !differs;
}

static bool same_alerts(const struct alert *a, size_t n, const struct alert *b, size_t n_b)
{
	bool same = !differ("number of alerts", 0, (int64_t)n, (int64_t)n_b);
	for (size_t i = 0; same && i < n; i++)
		same = same_alert(&a[i], &b[i]);
	return same;
}

static bool same_list(const struct alert_list *a, const struct alert_list *b)
{
	bool same = same_alerts(a->items, a->n, b->items, b->n) && !differ("more", 0, a->more, b->more) && !differ("open", 0, a->n_open, b->n_open) &&
	    !differ("mine", 0, a->n_mine, b->n_mine) && !differ("opened", 0, (int64_t)a->n_opened, (int64_t)b->n_opened);
	for (int i = 0; same && i < 4; i++)
		same = !differ("open of a severity", i, a->n_by_severity[i], b->n_by_severity[i]);
	for (size_t i = 0; same && i < a->n && a->groups != NULL; i++)
		same = !differ("in the group", a->items[i].id, a->groups[i].n, b->groups[i].n) && !differ("its hits", a->items[i].id, a->groups[i].hits, b->groups[i].hits) &&
		    !differ("its severity", a->items[i].id, a->groups[i].severity, b->groups[i].severity) &&
		    !differ("its trend", a->items[i].id, 0, memcmp(a->groups[i].trend, b->groups[i].trend, sizeof a->groups[i].trend));
	for (size_t i = 0; same && i < a->n_opened; i++)
		same = same_alerts(a->opened[i].items, a->opened[i].n, b->opened[i].items, b->opened[i].n);
	return same;
}

static bool same_detail(const struct alert_detail *a, const struct alert_detail *b)
{
	int64_t id = a->alert.id;
	bool same = same_alert(&a->alert, &b->alert) && same_alerts(a->same_case, a->n_same_case, b->same_case, b->n_same_case) &&
	    same_alerts(a->seen_before, a->n_seen_before, b->seen_before, b->n_seen_before) &&
	    same_alerts(a->same_subject, a->n_same_subject, b->same_subject, b->n_same_subject) &&
	    same_alerts(a->same_number, a->n_same_number, b->same_number, b->n_same_number) &&
	    same_alerts(a->duplicates, a->n_duplicates, b->duplicates, b->n_duplicates) && !differ("duplicates", id, a->n_duplicates_all, b->n_duplicates_all) &&
	    !differ("their records", id, a->duplicate_records, b->duplicate_records) && !differ("their cost", id, a->duplicate_cost_micro, b->duplicate_cost_micro) &&
	    !differ("lines", id, (int64_t)a->n_events, (int64_t)b->n_events) && !differ("steps", id, (int64_t)a->n_steps, (int64_t)b->n_steps) &&
	    !differ("legs", id, (int64_t)a->n_legs, (int64_t)b->n_legs);
	for (size_t i = 0; same && i < a->n_steps; i++)
		same = !differ("step", id, 0, strcmp(a->steps[i].step, b->steps[i].step)) && !differ("who took it", id, 0, strcmp(a->steps[i].who, b->steps[i].who)) &&
		    !differ("when", id, a->steps[i].at_ms, b->steps[i].at_ms);
	for (size_t i = 0; same && i < a->n_legs; i++)
		same = !differ("leg", id, a->legs[i].leg_id, b->legs[i].leg_id);
	return same;
}

static bool same_scores(const struct score_list *a, const struct score_list *b)
{
	bool same = !differ("scores", 0, (int64_t)a->n, (int64_t)b->n);
	for (size_t i = 0; same && i < a->n; i++)
		same = !differ("score", a->items[i].alert_id, a->items[i].score, b->items[i].score) && !differ("its alert", a->items[i].alert_id, a->items[i].alert_id, b->items[i].alert_id) &&
		    !differ("its count", a->items[i].alert_id, a->items[i].count, b->items[i].count);
	return same;
}

static bool looks_the_same(struct seen *seen, struct db *db)
{
	struct seen again = { .at_ms = seen->at_ms, .id = seen->id, .query = seen->query };
	arena_init(&again.arena);
	bool same = ask(db, &again, seen->at_ms) && same_list(&seen->list, &again.list) && same_detail(&seen->detail, &again.detail) &&
	    same_scores(&seen->scores, &again.scores) && same_alerts(seen->profile.alerts, seen->profile.n_alerts, again.profile.alerts, again.profile.n_alerts) &&
	    !differ("open of the subject", seen->id, seen->profile.n_open, again.profile.n_open) &&
	    !differ("its highest", seen->id, seen->profile.highest_open, again.profile.highest_open);
	arena_clear(&again.arena);
	return same;
}

/* ---- what may happen ------------------------------------------------------------------------- */

static struct alert_before undoable; /* before the last act; after an undo, what it took away */
static bool was_undone;
static struct arena undo_arena;

static void order(struct store *store, int64_t id, double hour, int64_t other)
{
	static const char *const people[] = { "ana", "luis", "eva" };
	static const char *const tags[] = { "+fraud", "+vip", "-fraud", "+x -vip" };
	struct triage_order order = { .act = (enum triage_act)chance(TRIAGE_N_ACTS), .who = people[chance(3)], .assignee = people[chance(3)], .note = chance(3) == 0 ? "" : "why not",
		.resolution = (enum resolution)(1 + chance(RESOLUTION_UNKNOWN)), .tags = tags[chance(4)], .other_id = other };
	struct triage_result result;
	struct fault fault;
	order.now_ms = T0 + (int64_t)(hour * HOUR_MS);
	order.until_ms = order.now_ms + HOUR_MS * (1 + chance(40));
	arena_clear(&undo_arena);
	arena_init(&undo_arena);
	undoable.alert.id = 0;
	was_undone = false;
	REQUIRE(store_triage(store, &id, 1, &order, &undo_arena, &undoable, &result, &fault));
}

static void step_of(struct store *store, int64_t id, double hour)
{
	static const char *const steps[] = { "Call the person", "Ask the carrier", "Block the number" };
	struct step_order order = { .alert_id = id, .step = steps[chance(3)], .who = chance(2) == 0 ? "ana" : "luis", .done = chance(3) > 0, .now_ms = T0 + (int64_t)(hour * HOUR_MS) };
	struct fault fault;
	(void)!store_step(store, &order, NULL, &fault); /* it may be taken already */
}

static void something(struct store *store, double hour)
{
	struct fault fault;
	int64_t newest;
	size_t n_woken;
	REQUIRE(db_ask_int(&store->db, "SELECT max(id) FROM alerts", 0, &newest, &fault));
	int64_t what = newest == 0 ? 0 : chance(22), id = newest == 0 ? 0 : 1 + chance(newest);
	static const char *const rules[] = { "a", "b", "c" }, *const sites[] = { "Colombia", "Denver", "" };
	struct triage_result result;
	struct manual_raised raised;
	if (what < 6) {
		int64_t fingerprint = 1 + chance(9);
		static const char *const titles[] = { "Some calls", "Many calls", "Very many \"calls\"" };
		found_score = (int)(30 + chance(60));
		found_title = titles[chance(3)];
		(void)found(store, fingerprint, (enum severity)chance(4), rules[fingerprint % 3], sites[fingerprint % 3], hour, chance(N_LEGS));
	} else if (what < 14) {
		order(store, id, hour, 1 + chance(newest));
	} else if (what < 17) {
		step_of(store, id, hour);
	} else if ((what == 17 || what >= 20) && undoable.alert.id != 0) {
		REQUIRE(store_swap(store, &undoable, 1, was_undone ? AUDIT_REDO : AUDIT_UNDO, "ana", T0 + (int64_t)(hour * HOUR_MS), NULL, &undo_arena, &result, &fault));
		was_undone = !was_undone;
	} else if (what == 18) {
		REQUIRE(store_wake(store, T0 + (int64_t)(hour * HOUR_MS), &n_woken, &fault));
	} else if (what == 19) {
		int64_t at_ms = T0 + (int64_t)(hour * HOUR_MS);
		struct manual_alert manual = { .title = "They ask for passwords", .subject = "+573105550001", .location = "", .note = "", .severity = SEVERITY_HIGH, .who = "ana", .event_ms = at_ms, .now_ms = at_ms };
		REQUIRE(store_raise_manual(store, &manual, &raised, &undo_arena, NULL, &fault));
	}
}

static void see(struct store *store, struct seen *seen, int64_t at_ms)
{
	struct fault fault;
	int64_t newest;
	static int64_t opened[1];
	REQUIRE(db_ask_int(&store->db, "SELECT max(id) FROM alerts", 0, &newest, &fault));
	*seen = (struct seen){ .at_ms = at_ms, .id = 1 + chance(newest) };
	static const char *const filters[] = { "", "", "severity >= high", "assignee == ana", "score > 60 and state = new", "raised > -3h" };
	seen->query = (struct alert_query){ .now_ms = at_ms, .limit = chance(3) == 0 ? 3 : LISTED, .order = (enum alert_order)chance(N_ORDERS), .grouping = (enum alert_grouping)chance(N_GROUPINGS),
		.closed_too = chance(2) == 0, .filter = filters[chance(6)], .backwards = chance(4) == 0 };
	if (seen->query.grouping == GROUP_SUBJECT) {
		opened[0] = 1;
		seen->query.opened = opened;
		seen->query.n_opened = 1;
	}
	arena_init(&seen->arena);
	REQUIRE(ask(&store->db, seen, 0));
}

static void live_through(uint64_t seed)
{
	static struct seen seen[STEPS];
	struct store *store = stored(N_LEGS);
	size_t n_bad = 0;
	chance_state = seed;
	undoable.alert.id = 0;
	arena_init(&undo_arena);
	for (int i = 0; i < STEPS && n_bad == 0; i++) {
		int64_t at_ms = T0 + 60 * HOUR_MS + i * STEP_MS; /* all records had been reported */
		something(store, (double)(at_ms - T0) / (double)HOUR_MS);
		see(store, &seen[i], at_ms);
		/* Whatever happens to an alert, it stands where it is due. */
		int64_t n_all;
		CHECK_INT(due_rows_wrong(&store->db, &n_all), 0);
		/* Long ago, and while more happens on the same look back. */
		if (i % 24 == 23) {
			int64_t then = i - chance(i);
			struct db *db = as_of(seen[then].at_ms);
			CHECK(looks_the_same(&seen[then], db));
		} else if (looked_at != NULL && i % 3 == 0) {
			bool ready = false;
			struct fault fault;
			int64_t then = (past_moment(looked_at) - T0 - 60 * HOUR_MS) / STEP_MS;
			while (!ready)
				REQUIRE(past_begin(looked_at, 0, &ready, &fault));
			bool same = looks_the_same(&seen[then], past_db(looked_at));
			past_end(looked_at);
			if (!same)
				printf("seed %llu: step %d as seen after step %d\n", (unsigned long long)seed, (int)then, i);
			n_bad += !same;
		}
	}
	for (int i = 0; i < STEPS && n_bad == 0; i += 5) {
		if (!looks_the_same(&seen[i], as_of(seen[i].at_ms))) {
			printf("seed %llu: step %d\n", (unsigned long long)seed, i);
			n_bad++;
		}
	}
	CHECK_INT((int64_t)n_bad, 0);
	for (int i = 0; i < STEPS; i++)
		arena_clear(&seen[i].arena);
	look_no_more();
	arena_clear(&undo_arena);
	found_score = 0;
	found_title = NULL;
	store_close(store);
}

TEST(a_look_back_shows_what_was_shown_then)
{
	for (uint64_t seed = 1; seed <= (store_is_on_server() ? 2 : 6); seed++) /* there, tables are made at a server's pace */
		live_through(seed * 7919);
}

TEST(what_comes_late_but_had_been_reported_was_there)
{
	struct store *store = stored(16);
	struct fault fault;
	bool ready = false;
	struct alert_query query = { .at_ms = T0 + 5 * HOUR_MS, .now_ms = T0 + 5 * HOUR_MS, .filter = "", .limit = 10 };
	struct alert_list list;
	arena_clear(&arena);
	arena_init(&arena);
	found(store, 1, SEVERITY_HIGH, "r", "Colombia", 1, 0);
	struct db *db = as_of(query.at_ms);
	found(store, 2, SEVERITY_LOW, "r", "Colombia", 4, 1); /* by now everything of then was made */
	found(store, 3, SEVERITY_LOW, "r", "Colombia", 6, 2);
	act(store, 1, (struct triage_order){ .act = TRIAGE_CLOSE, .resolution = RESOLUTION_LEGITIMATE }, 7);
	while (!ready)
		REQUIRE(past_begin(looked_at, 0, &ready, &fault));
	REQUIRE(query_alerts(db, &query, "ana", &arena, &list, &fault));
	past_end(looked_at);
	CHECK_INT((int64_t)list.n, 2);
	CHECK_INT(list.n_open, 2);
	CHECK_INT(list.n_by_severity[SEVERITY_HIGH], 1);
	CHECK_INT(list.n_by_severity[SEVERITY_LOW], 1);
	look_no_more();
	store_close(store);
}

/* The finding with the most points says what it is about; of several the last. */
TEST(an_alert_says_what_it_said_then)
{
	struct store *store = stored(16);
	struct fault fault;
	struct alert_detail detail;
	bool of_now = true;
	int64_t id = 0;
	static const struct {
		int score;
		const char *title;
	} findings[] = { { 50, "First" }, { 40, "Weaker" }, { 50, "As strong" }, { 70, "Stronger" } };
	for (size_t i = 0; i < COUNT_OF(findings); i++) {
		found_score = findings[i].score;
		found_title = findings[i].title;
		id = found(store, 1, SEVERITY_LOW, "r", "Colombia", (double)i + 0.5, (int64_t)i);
	}
	found_score = 0;
	found_title = NULL;
	act(store, id, (struct triage_order){ .act = TRIAGE_NOTE, .note = "later" }, 9);
	static const char *const then[] = { "First", "First", "As strong", "Stronger", "Stronger" };
	for (size_t i = 0; i < COUNT_OF(then); i++) {
		arena_clear(&arena);
		arena_init(&arena);
		REQUIRE(query_alert(as_of(T0 + (int64_t)(i + 1) * HOUR_MS), id, &arena, &detail, &fault));
		CHECK_STR(detail.alert.title_en, then[i]);
		CHECK_STR(detail.alert.why_es, then[i]);
		REQUIRE(detail.alert.n_reasons == 1);
		CHECK_STR(detail.alert.reasons[0].text_en, then[i]);
		CHECK_INT(detail.alert.reasons[0].points, 40);
		REQUIRE(past_texts_are_of_now(looked_at, id, &of_now, &fault));
		CHECK(!of_now);
	}
	/* From the version before, which kept nothing of it: what changed since is not
	 * known, and said to be of now; what did not is as it was. */
	REQUIRE(db_exec(&store->db, "UPDATE growths SET texts = NULL", &fault));
	for (size_t i = 0; i < COUNT_OF(then); i++) {
		REQUIRE(query_alert(as_of(T0 + (int64_t)(i + 1) * HOUR_MS), id, &arena, &detail, &fault));
		CHECK_STR(detail.alert.title_en, "Stronger");
		REQUIRE(past_texts_are_of_now(looked_at, id, &of_now, &fault));
		CHECK_INT(of_now, i < 3);
	}
	look_no_more();
	store_close(store);
}

/* As the migration leaves them. */
TEST(an_alert_from_before_growths_were_kept_is_told_by_its_records)
{
	struct store *store = stored(16);
	struct fault fault;
	struct alert_detail detail;
	arena_clear(&arena);
	arena_init(&arena);
	int64_t id = found(store, 1, SEVERITY_LOW, "r", "Colombia", -1.5, 0);
	CHECK_INT(found(store, 1, SEVERITY_HIGH, "r", "Colombia", 3.5, 5), id);
	REQUIRE(db_exec(&store->db, "DELETE FROM growths; INSERT INTO growths (alert_id, at_ms, n_legs, cost_micro, first_ms, last_ms, severity, score, cost_per_hour_micro)"
	    " SELECT id, last_ms + 172800000, -1, 0, first_ms, last_ms, severity, score, cost_per_hour_micro FROM alerts", &fault));
	REQUIRE(query_alert(as_of(T0), id, &arena, &detail, &fault));
	CHECK_INT(detail.alert.count, 1);
	CHECK_INT((int64_t)detail.n_legs, 1);
	CHECK_INT(detail.alert.severity, SEVERITY_LOW);
	CHECK_INT(detail.alert.last_ms, T0 - 2 * HOUR_MS);
	REQUIRE(query_alert(as_of(T0 + 4 * HOUR_MS), id, &arena, &detail, &fault));
	CHECK_INT(detail.alert.count, 2);
	CHECK_INT(detail.alert.severity, SEVERITY_HIGH);
	CHECK(!query_alert(as_of(T0 - 2 * HOUR_MS), id, &arena, &detail, &fault)); /* it had not been raised */
	CHECK_INT(fault.code, FAULT_NOT_FOUND);
	look_no_more();
	store_close(store);
}

TEST(there_is_no_past_of_no_store)
{
	struct past *past;
	struct fault fault;
	CHECK(!past_open("/tmp/no/such/store.db", T0, &past, &fault));
	CHECK_INT(fault.code, FAULT_NOT_FOUND);
}

TEST(the_folder_is_taken_away_again)
{
	take_folder_away();
}

TESTS(T(a_look_back_shows_what_was_shown_then), T(what_comes_late_but_had_been_reported_was_there),
    T(an_alert_says_what_it_said_then), T(an_alert_from_before_growths_were_kept_is_told_by_its_records), T(there_is_no_past_of_no_store), T(the_folder_is_taken_away_again))
