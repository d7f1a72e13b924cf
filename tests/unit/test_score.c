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

TESTS(T(an_odd_call_says_odder_than_how_many), T(a_rule_that_is_right_says_more_and_one_that_is_wrong_less), T(few_ends_and_even_ones_say_nothing), T(points_never_leave_the_scale))
