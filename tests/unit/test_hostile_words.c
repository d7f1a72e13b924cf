/* SPDX-License-Identifier: Apache-2.0
 *
 * Words that are no words: escapes, separators, signs that turn the line round. None
 * gets into the store by an act, what is there already is shown tame, and no two lines
 * of the log have one hash. */
#include "acts_rig.h"

#include "store/silence_rows.h"

static bool assign(struct store *store, struct arena *arena, const char *to, struct triage_result *result)
{
	struct triage_order order = { .act = TRIAGE_ASSIGN, .who = "ana", .assignee = to, .note = "", .now_ms = 9000 };
	struct fault fault;
	int64_t id = 1;
	must(store_triage(store, &id, 1, &order, arena, NULL, result, &fault), &fault);
	return result->n_done == 1;
}

TEST(nobody_is_called_what_cannot_be_shown)
{
	static const char *const wrong[] = { "x\x1f" "forged", "\x1b[31mx", "a\tb", "a\nb", "a\rb", "x\x7f", "x\xC2\x9B" "31m", "x\xE2\x80\xAE" "y", "x\xFF", "\xCC\x81" "a" };
	char address[256];
	struct store *store = rig_store(address);
	struct arena arena;
	struct triage_result result;
	arena_init(&arena);
	rig_raise(store, 1);
	for (size_t i = 0; i < COUNT_OF(wrong); i++) {
		CHECK(!assign(store, &arena, wrong[i], &result));
		CHECK_INT(result.first.code, FAULT_USAGE);
		CHECK(text_is_printable(result.first.text));
	}
	CHECK_STR(rig_alert(store, 1, &arena).assignee, "");
	CHECK(assign(store, &arena, "José Núñez", &result));
	CHECK_STR(rig_alert(store, 1, &arena).assignee, "José Núñez");
	CHECK(rig_chain_holds(store));
	arena_clear(&arena);
	store_close(store);
}

TEST(whoever_writes_into_the_log_writes_one_tame_line)
{
	char address[256];
	struct store *store = rig_store(address);
	struct arena arena;
	struct audit_list list;
	struct fault fault;
	arena_init(&arena);
	struct alert_event event = { 9000, "a\x1b[31m", "b\x1f", "c\n", "d\x1f" "e", "f\xE2\x80\xAE" };
	must(store_audit(store, &event, &fault), &fault);
	must(query_audit(&store->db, 0, 1, &arena, &list, &fault), &fault);
	CHECK_STR(list.items[0].event.who, "a\uFFFD[31m");
	CHECK_STR(list.items[0].event.act, "b\uFFFD");
	CHECK_STR(list.items[0].event.before, "c ");
	CHECK_STR(list.items[0].event.after, "d\uFFFDe");
	CHECK_STR(list.items[0].event.note, "f\uFFFD");
	CHECK_INT(rig_ask(store, "SELECT count(*) FROM audit WHERE who = 'a\uFFFD[31m'"), 1);
	CHECK(rig_chain_holds(store));
	arena_clear(&arena);
	store_close(store);
}

TEST(what_stands_there_already_is_shown_tame)
{
	char address[256];
	struct store *store = rig_store(address);
	struct arena arena;
	struct alert_event *events;
	struct alert_survey survey;
	struct triage_result result;
	struct fault fault;
	size_t n;
	int64_t id = 1;
	arena_init(&arena);
	rig_raise(store, 1);
	CHECK(assign(store, &arena, "luis", &result));
	struct statement *st = db_statement(&store->db, "UPDATE alerts SET assignee = $1", &fault);
	must(st != NULL, &fault);
	db_bind(&store->db, st, "t", "x\x1b[31m\xE2\x80\xAE");
	must(db_run(&store->db, st, &fault), &fault);
	st = db_statement(&store->db, "UPDATE audit SET became = $1 WHERE act = 'assign'", &fault);
	must(st != NULL, &fault);
	db_bind(&store->db, st, "t", "x\ny");
	must(db_run(&store->db, st, &fault), &fault);
	CHECK_STR(rig_alert(store, 1, &arena).assignee, "x\uFFFD[31m\uFFFD");
	must(query_alert_events(&store->db, 1, &arena, &events, &n, &fault), &fault);
	CHECK_STR(events[n - 1].after, "x y");
	must(query_survey_of(&store->db, &id, 1, "ana", &arena, &survey, &fault), &fault);
	CHECK_STR(survey.others[0].who, "x\uFFFD[31m\uFFFD");
	arena_clear(&arena);
	store_close(store);
}

TEST(a_scope_of_a_silence_has_blanks_for_line_ends)
{
	char address[256];
	struct store *store = rig_store(address);
	struct silence_order order = { .kind = SILENCE_FILTER, .filter = "rule\t==\nr", .reason = "a\x1f" "b", .who = "ana", .now_ms = 9000, .until_ms = 9000 + HOUR_MS };
	struct fault fault;
	int64_t id;
	must(store_silence_begin(store, &order, &id, &fault), &fault);
	CHECK_INT(rig_ask(store, "SELECT count(*) FROM silences WHERE filter = 'rule == r'"), 1);
	store_close(store);
}

static bool same_hash(const struct alert_event *a, const struct alert_event *b)
{
	unsigned char before[32] = { 7 }, one[32], other[32];
	audit_hash(before, 3, 4, a, one);
	audit_hash(before, 3, 4, b, other);
	return memcmp(one, other, 32) == 0;
}

TEST(text_that_moves_from_one_place_to_another_is_another_line)
{
	static const struct alert_event rows[] = { { 9000, "ana", "assign", "", "x\x1f" "forged", "" }, { 9000, "ana", "assign", "", "x", "forged\x1f" },
		{ 9000, "ana", "assign", "", "x", "forged" }, { 9000, "ana", "assign", "\x1f" "x", "forged", "" }, { 9000, "ana", "assign", "\x1f", "x", "forged" },
		{ 9000, "ana\x1f" "assign", "", "x", "forged", "" } };
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		for (size_t j = 0; j < COUNT_OF(rows); j++)
			CHECK(same_hash(&rows[i], &rows[j]) == (i == j));
}

/* SHA-256 of 32 zeros and "1\x1f2\x1f9000\x1fana\x1fclaim\x1fnew\x1fin_progress\x1f": as it was from the first version on. */
TEST(chains_of_before_hold)
{
	static const struct alert_event row = { 9000, "ana", "claim", "new", "in_progress", "" };
	static const struct alert_event old = { 9000, "ana", "assign", "", "x\x1f" "y", "" };
	unsigned char before[32] = { 0 }, hash[32];
	char text[65];
	audit_hash(before, 1, 2, &row, hash);
	audit_hash_text(hash, text);
	CHECK_STR(text, "45a0a943fee0328d27299b5a63de4ce35ecc6f504aa0a1524281d56a4e7a18fd");
	CHECK(audit_hash_fits(before, 1, 2, &row, hash));
	/* A line that was written with the separator in it still stands as it was hashed then; a new one does not. */
	static const char given[] = "79e00c9bd5a0c881f221bbdbe601a4494f643b6a86af5344b9f8cea0b626ea5d";
	for (int i = 0; i < 32; i++)
		CHECK_INT(sscanf(given + 2 * i, "%2hhx", &hash[i]), 1);
	CHECK(audit_hash_fits(before, 1, 2, &old, hash));
	static const struct alert_event moved = { 9000, "ana", "assign", "", "x", "y\x1f" };
	audit_hash(before, 1, 2, &old, hash);
	CHECK(audit_hash_fits(before, 1, 2, &old, hash));
	CHECK(!audit_hash_fits(before, 1, 2, &moved, hash));
}

TESTS(T(nobody_is_called_what_cannot_be_shown), T(whoever_writes_into_the_log_writes_one_tame_line), T(what_stands_there_already_is_shown_tame),
    T(a_scope_of_a_silence_has_blanks_for_line_ends), T(text_that_moves_from_one_place_to_another_is_another_line), T(chains_of_before_hold))
