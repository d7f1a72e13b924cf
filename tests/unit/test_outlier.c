/* SPDX-License-Identifier: Apache-2.0
 *
 * The model of ordinary calls: grown from closed days, the same after a restart. */
#include "test.h"

#include <math.h>

#include "base/hash.h"
#include "detect/outlier.h"
#include "detect/score.h"

#define DAY_0 INT64_C(20700)

static bool again; /* what follows was seen by an earlier run */

/* An ordinary call out: minutes in the morning, as chance has it; now and then a
 * long one, and several at once: a forest knows no more than it has seen. */
static void see(struct outliers *o, int64_t day, uint64_t i, struct outlier *weighed, int32_t seconds, int32_t overlap)
{
	uint64_t id = hash_mix((uint64_t)day * 100000 + i), hash = hash_mix(id);
	struct cdr cdr = { .start_ms = day * DAY_MS + 15 * HOUR_MS, .duration_s = seconds > 0 ? seconds : (int32_t)(hash % 211 == 0 ? 8000 : 30 + hash % 300), .ring_s = (int32_t)(hash >> 20 & 15) };
	struct leg_facts leg = { .flags = LEG_EXTERNAL_OUT, .local_minute = (int16_t)(540 + (hash >> 30) % 400), .weekday = (int8_t)(day % 7), .cost_micro = (int64_t)(hash >> 40) % 10000 };
	struct state_facts state = { .closed_day = day - USUAL_KEEPS_DAYS, .number_days = (int32_t)(hash >> 50 & 31), .overlap = overlap > 0 ? overlap : 1 + (int32_t)((hash >> 45) % 190 == 0 ? 4 : hash >> 45 & 1), .range_user_days = -1, .country_user_days = -1, .nights = -1, .client_days = 9 };
	struct fact_view view = { &cdr, &leg, &state };
	if (weighed != NULL)
		CHECK(outliers_weigh(o, &view, weighed));
	else
		outliers_see(o, &view, id, again);
}

static void live(struct outliers *o, int64_t n_days, bool back)
{
	for (int64_t day = DAY_0; day < DAY_0 + n_days; day++)
		for (uint64_t i = 0; i < 700; i++)
			see(o, day, back ? 699 - i : i, NULL, 0, 0);
}

TEST(nothing_is_said_before_there_is_something_to_go_by)
{
	struct outliers *o = outliers_new();
	struct cdr cdr = { .start_ms = DAY_0 * DAY_MS };
	struct leg_facts leg = { .flags = LEG_EXTERNAL_OUT };
	struct state_facts state = { 0 };
	struct fact_view view = { &cdr, &leg, &state };
	struct outlier weighed;
	live(o, 3, false);
	CHECK(!outliers_weigh(o, &view, &weighed));
	live(o, 6, false);
	CHECK(outliers_weigh(o, &view, &weighed));
	leg.flags = LEG_INBOUND; /* of those none was seen */
	CHECK(!outliers_weigh(o, &view, &weighed));
	leg.flags = LEG_INTERNAL; /* of those there is no model */
	CHECK(!outliers_weigh(o, &view, &weighed));
	outliers_free(o);
}

TEST(an_odd_call_ranks_above_the_others_and_says_by_what)
{
	struct outliers *o = outliers_new();
	struct outlier odd, plain;
	live(o, 12, false);
	see(o, DAY_0 + 12, 1, &odd, 20000, 6);
	CHECK(odd.rank >= 0.99);
	CHECK_INT(odd.model_day, DAY_0 + 11 - USUAL_KEEPS_DAYS);
	REQUIRE(odd.moved[0] != NULL && odd.moved[1] != NULL);
	CHECK(strcmp(odd.moved[0]->name, "duration") == 0 || strcmp(odd.moved[1]->name, "duration") == 0);
	CHECK(strcmp(odd.moved[0]->name, "overlap.external") == 0 || strcmp(odd.moved[1]->name, "overlap.external") == 0);
	int ordinary = 0;
	for (uint64_t i = 0; i < 800; i++) {
		see(o, DAY_0 + 12 + (int64_t)(i / 200), i % 200, &plain, 0, 0);
		ordinary += plain.rank < 0.95;
	}
	CHECK(ordinary > 700);
	outliers_free(o);
}

static struct sample_note kept[40000];
static size_t n_kept;

static void keep(struct outliers *o)
{
	size_t n;
	const struct sample_note *samples = outliers_samples(o, &n);
	REQUIRE(n_kept + n <= COUNT_OF(kept));
	memcpy(kept + n_kept, samples, n * sizeof *samples);
	n_kept += n;
}

TEST(samples_that_were_kept_grow_the_same_forest)
{
	struct outliers *whole = outliers_new(), *restarted = outliers_new(), *other_order = outliers_new();
	live(whole, 12, false);
	live(other_order, 12, true);
	keep(whole);
	CHECK(n_kept >= 12 * 512 && n_kept < 12 * 700);
	keep(whole);
	CHECK(n_kept < 12 * 700);
	for (size_t i = n_kept; i-- > 0;)
		outliers_recall(restarted, &kept[i]);
	again = true;
	for (uint64_t i = 0; i < 700; i++) /* the first leg grows it */
		see(restarted, DAY_0 + 11, i, NULL, 0, 0);
	again = false;
	for (int day = 12; day < 16; day++) {
		for (uint64_t i = 0; i < 50; i++) {
			struct outlier a, b, c;
			see(whole, DAY_0 + day, i, &a, i % 2 == 0 ? 9000 : 0, 0);
			see(restarted, DAY_0 + day, i, &b, i % 2 == 0 ? 9000 : 0, 0);
			see(other_order, DAY_0 + day, i, &c, i % 2 == 0 ? 9000 : 0, 0);
			CHECK(a.rank == b.rank && a.rank == c.rank);
			CHECK(a.moved[0] == b.moved[0] && a.moved[0] == c.moved[0]);
			CHECK_INT(a.model_day, b.model_day);
		}
		for (uint64_t i = 0; i < 700; i++) {
			see(whole, DAY_0 + day, i, NULL, 0, 0);
			see(restarted, DAY_0 + day, i, NULL, 0, 0);
			see(other_order, DAY_0 + day, 699 - i, NULL, 0, 0);
		}
	}
	CHECK(outliers_bytes(whole) < (size_t)4 << 20);
	outliers_free(whole);
	outliers_free(restarted);
	outliers_free(other_order);
}

TEST(samples_that_are_nonsense_are_left_out)
{
	struct outliers *o = outliers_new();
	const struct sample_note bad[] = { { DAY_0, 1, 7, 20, { 0 } }, { DAY_0, 1, -1, 20, { 0 } }, { -5, 1, 0, 20, { 0 } },
		{ DAY_0, 1, 0, 19, { 0 } }, { DAY_0, 1, 0, 1000000, { 0 } }, { DAY_0, 1, 0, 20, { NAN } } };
	for (size_t i = 0; i < COUNT_OF(bad); i++)
		outliers_recall(o, &bad[i]);
	live(o, 8, false);
	struct outlier weighed;
	see(o, DAY_0 + 8, 1, &weighed, 0, 0);
	outliers_free(o);
}

TEST(the_model_adds_a_few_points_and_its_reasons)
{
	struct arena arena;
	arena_init(&arena);
	struct score score = { .arena = &arena };
	struct outlier o = { .rank = 0.9995, .moved = { fact_named("duration"), fact_named("ring") } };
	score_outlier(&score, &o);
	CHECK_INT(score.total, 8);
	CHECK_STR(score.reasons[0].value, "99.9 %");
	CHECK(strstr(score.reasons[0].text_en, "(duration, ring)") != NULL);
	CHECK(strstr(score.reasons[0].text_es, "(duration, ring)") != NULL);
	o.rank = 0.9;
	score_outlier(&score, &o);
	CHECK_INT(score.total, 8);
	CHECK_INT(score_severity(score.total, SEVERITY_LOW), SEVERITY_LOW);
	arena_clear(&arena);
}

TESTS(T(nothing_is_said_before_there_is_something_to_go_by), T(an_odd_call_ranks_above_the_others_and_says_by_what),
    T(samples_that_were_kept_grow_the_same_forest), T(samples_that_are_nonsense_are_left_out),
    T(the_model_adds_a_few_points_and_its_reasons))
