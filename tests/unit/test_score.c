/* SPDX-License-Identifier: Apache-2.0
 *
 * Points that alerts' ends add and take. */
#include "test.h"

#include "detect/score.h"

static struct reason said(int64_t confirmed, int64_t dismissed)
{
	struct arena arena;
	arena_init(&arena);
	struct score score = { .arena = &arena, .total = 50 };
	score_outcome(&score, &(struct rule_outcome){ NULL, confirmed, dismissed });
	struct reason reason = score.n == 0 ? (struct reason){ 0 } : score.reasons[0];
	CHECK_INT(score.total, 50 + reason.points);
	if (score.n > 0) {
		CHECK_STR(reason.fact, "rule.confirmed");
		CHECK(strstr(reason.text_es, "aquí se confirmaron") != NULL && strstr(reason.text_en, "were confirmed here") != NULL);
	}
	reason.text_en = reason.text_es = reason.value = NULL; /* the arena's */
	arena_clear(&arena);
	return reason;
}

TEST(a_rule_that_is_right_says_more_and_one_that_is_wrong_less)
{
	CHECK_INT(said(5, 0).points, 7);
	CHECK_INT(said(0, 5).points, -7);
	CHECK_INT(said(1000000, 0).points, 10);
	CHECK_INT(said(0, 1000000).points, -10);
	CHECK_INT(said(8, 2).points, 5);
}

TEST(few_ends_and_even_ones_say_nothing)
{
	CHECK_INT(said(0, 0).points, 0);
	CHECK_INT(said(4, 0).points, 0);
	CHECK_INT(said(0, 4).points, 0);
	CHECK_INT(said(50, 50).points, 0);
}

TEST(points_never_leave_the_scale)
{
	struct arena arena;
	arena_init(&arena);
	struct score high = { .arena = &arena }, low = { .arena = &arena };
	score_add(&high, &(struct reason){ .fact = "x", .points = 97 });
	score_outcome(&high, &(struct rule_outcome){ NULL, 100, 0 });
	CHECK_INT(high.total, 100);
	score_add(&low, &(struct reason){ .fact = "x", .points = 3 });
	score_outcome(&low, &(struct rule_outcome){ NULL, 0, 100 });
	CHECK_INT(low.total, 0);
	CHECK_INT(low.reasons[1].points, -3);
	arena_clear(&arena);
}

TEST(what_was_seen_is_said_once_with_all_its_points)
{
	struct arena arena;
	arena_init(&arena);
	struct score score = { .arena = &arena };
	score_add(&score, &(struct reason){ .fact = "overlap.international", .value = "3", .points = 60, .text_en = "3 calls at once" });
	score_add(&score, &(struct reason){ .fact = "dst.tier", .value = "extreme", .points = 15 });
	score_add(&score, &(struct reason){ .fact = "overlap.international", .value = "3", .points = 8, .text_en = "several calls at once" });
	CHECK_INT(score.n, 2);
	CHECK_INT(score.reasons[0].points, 68);
	CHECK_STR(score.reasons[0].text_en, "3 calls at once");
	CHECK_INT(score.total, 83);
	/* Another value is another thing. */
	score_add(&score, &(struct reason){ .fact = "overlap.international", .value = "4", .points = 10 });
	CHECK_INT(score.n, 3);
	/* At the end of the scale it adds what is left. */
	score_add(&score, &(struct reason){ .fact = "dst.tier", .value = "extreme", .points = 15 });
	CHECK_INT(score.reasons[1].points, 22);
	CHECK_INT(score.total, 100);
	/* A full list takes what is there already. */
	while (score.n < SCORE_MAX_REASONS)
		score_add(&score, &(struct reason){ .fact = "x", .value = arena_printf(&arena, "%zu", score.n), .points = -1 });
	int total = score.total;
	score_add(&score, &(struct reason){ .fact = "x", .value = "new", .points = 1 });
	CHECK_INT(score.total, total);
	score_add(&score, &(struct reason){ .fact = "x", .value = "3", .points = 1 });
	CHECK_INT(score.total, total + 1);
	CHECK_INT(score.n, SCORE_MAX_REASONS);
	arena_clear(&arena);
}

TEST(how_long_somebody_is_known_is_said_in_words)
{
	static const struct {
		int32_t days;
		const char *en, *es;
	} rows[] = { { 0, "(little to go by: first seen today)", "(poco de qué fiarse: se ve por primera vez hoy)" },
		{ 1, "(little to go by: known for 1 day)", "(poco de qué fiarse: se conoce hace 1 día)" },
		{ 3, "(little to go by: known for 3 days)", "(poco de qué fiarse: se conoce hace 3 días)" }, { 14, NULL, NULL } };
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct arena arena;
		arena_init(&arena);
		struct score score = { .arena = &arena };
		static struct state_facts state;
		struct cdr cdr = { 0 };
		struct leg_facts leg = { .flags = LEG_EXTERNAL_OUT };
		state.usual[USUAL_OWNER] = (struct usual){ .surprise = 60, .count = 9, .window_s = 3600, .days = rows[i].days, .expected = "0.02" };
		score_circumstances(&score, &(struct fact_view){ &cdr, &leg, &state }, 0);
		REQUIRE(score.n > 0);
		const struct reason *last = &score.reasons[score.n - 1];
		CHECK_STR(last->fact, "usual.count");
		CHECK(rows[i].en != NULL ? strstr(last->text_en, rows[i].en) != NULL : strchr(last->text_en, '(') == NULL);
		CHECK(rows[i].es != NULL ? strstr(last->text_es, rows[i].es) != NULL : strchr(last->text_es, '(') == NULL);
		arena_clear(&arena);
	}
}

TEST(an_odd_call_says_odder_than_how_many)
{
	struct arena arena;
	arena_init(&arena);
	struct score score = { .arena = &arena };
	score_outlier(&score, &(struct outlier){ .rank = 0.995 });
	REQUIRE(score.n == 1);
	CHECK(strstr(score.reasons[0].text_en, "odder than 99 % of the calls here") != NULL);
	CHECK(strstr(score.reasons[0].text_es, "más rara que el 99 % de las llamadas") != NULL);
	arena_clear(&arena);
}

TESTS(T(how_long_somebody_is_known_is_said_in_words), T(what_was_seen_is_said_once_with_all_its_points), T(an_odd_call_says_odder_than_how_many), T(a_rule_that_is_right_says_more_and_one_that_is_wrong_less), T(few_ends_and_even_ones_say_nothing), T(points_never_leave_the_scale))
