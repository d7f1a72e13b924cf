/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <math.h>

#include "base/base.h"
#include "base/hash.h"
#include "detect/forest.h"

#define N	500
#define WIDTH	6

static float rows[N][WIDTH];

/* Around zero, every feature in -1 .. 1, the last one always 7. */
static void make_rows(uint64_t seed)
{
	for (size_t i = 0; i < N; i++)
		for (size_t f = 0; f < WIDTH; f++)
			rows[i][f] = f == WIDTH - 1 ? 7 :
			    (float)(hash_mix(seed + i * WIDTH + f) >> 40) / (float)(1 << 23) - 1;
}

static struct forest *grown(uint64_t seed, int trees)
{
	return forest_grow(&rows[0][0], N, WIDTH, &(struct forest_options){ .seed = seed, .trees = trees });
}

TEST(what_stands_apart_scores_highest)
{
	make_rows(1);
	for (size_t f = 0; f < WIDTH - 1; f++)
		rows[77][f] = 3;
	struct forest *forest = grown(5, 0);
	double most = 0;
	for (size_t i = 0; i < N; i++)
		if (i != 77)
			most = MAX(most, forest_score(forest, rows[i]));
	CHECK(forest_score(forest, rows[77]) > most + 0.1);
	CHECK(most < 0.65 && most > 0.4);
	CHECK(forest_score(forest, (float[WIDTH]){ 0, 0, 0, 0, 0, 7 }) < 0.5);
	forest_free(forest);
}

TEST(the_feature_that_moved_it_is_named)
{
	make_rows(2);
	struct forest *forest = grown(6, 0);
	double falls[WIDTH];
	float odd[WIDTH] = { 0.1f, -0.2f, 9, 0, 0.1f, 7 };
	forest_explain(forest, odd, falls);
	for (size_t f = 0; f < WIDTH; f++)
		CHECK(f == 2 ? falls[f] > 0.05 : falls[f] < falls[2] / 2);
	forest_free(forest);
}

TEST(the_same_rows_and_seed_give_the_same_scores)
{
	make_rows(3);
	struct forest *a = grown(7, 50), *b = grown(7, 50), *c = grown(8, 50);
	bool same = true, other = false;
	for (size_t i = 0; i < N; i++) {
		same &= forest_score(a, rows[i]) == forest_score(b, rows[i]);
		other |= forest_score(a, rows[i]) != forest_score(c, rows[i]);
	}
	CHECK(same);
	CHECK(other);
	CHECK(forest_bytes(a) < (size_t)50 * 511 * 8 * 2 + 4096);
	forest_free(a);
	forest_free(b);
	forest_free(c);
}

TEST(many_at_once_score_as_one_by_one)
{
	make_rows(5);
	double scores[N];
	for (int trees = 1; trees < 20; trees += 6) { /* more and fewer than are walked at a time */
		struct forest *forest = grown(3, trees);
		for (size_t n = 1; n <= N; n += 83) {
			forest_scores(forest, &rows[0][0], n, scores);
			for (size_t i = 0; i < n; i++)
				CHECK(scores[i] == forest_score(forest, rows[i]));
		}
		forest_free(forest);
	}
}

TEST(rows_that_differ_a_little_give_a_forest_that_differs_a_little)
{
	static float back[N][WIDTH];
	static uint64_t keys[N], keys_back[N];
	make_rows(4);
	for (size_t i = 0; i < N; i++) {
		keys[i] = hash_mix(i);
		keys_back[N - 1 - i] = keys[i];
		for (size_t f = 0; f < WIDTH; f++)
			back[N - 1 - i][f] = rows[i][f];
	}
	struct forest_options options = { .seed = 9, .keys = keys }, other = { .seed = 10, .keys = keys };
	struct forest *whole = forest_grow(&rows[0][0], N, WIDTH, &options), *seed = forest_grow(&rows[0][0], N, WIDTH, &other);
	struct forest *without = forest_grow(&rows[1][0], N - 1, WIDTH, &(struct forest_options){ .seed = 9, .keys = keys + 1 });
	struct forest *turned = forest_grow(&back[0][0], N, WIDTH, &(struct forest_options){ .seed = 9, .keys = keys_back });
	double little = 0, much = 0;
	for (size_t i = 0; i < N; i++) {
		double score = forest_score(whole, rows[i]);
		CHECK(score == forest_score(turned, rows[i]));
		little += fabs(score - forest_score(without, rows[i]));
		much += fabs(score - forest_score(seed, rows[i]));
	}
	CHECK(little > 0 && little < much / 4);
	forest_free(whole);
	forest_free(seed);
	forest_free(without);
	forest_free(turned);
}

TEST(rows_that_allow_no_cut_give_no_forest)
{
	float same[20] = { 0 }, two[2] = { 1, 2 };
	const struct forest_options options = { .seed = 1, .trees = 3 };
	CHECK(forest_grow(same, 10, 2, &options) == NULL);
	CHECK(forest_grow(same, 1, 2, &options) == NULL);
	CHECK(forest_grow(same, 0, 2, &options) == NULL);
	CHECK(forest_grow(same, 10, 0, &options) == NULL);
	struct forest *least = forest_grow(two, 2, 1, &options);
	REQUIRE(least != NULL);
	CHECK(forest_score(least, two) > 0);
	forest_free(least);
	forest_free(NULL);
}

/* Neighbours among the floats, and the widest range there is. */
TEST(any_numbers_can_be_cut)
{
	float near[4] = { 16777216.0f, 16777218.0f, 16777216.0f, 16777218.0f };
	float far[4] = { -3e38f, 3e38f, 0, 1 };
	const struct forest_options options = { .seed = 2, .trees = 20 };
	struct forest *a = forest_grow(near, 4, 1, &options), *b = forest_grow(far, 4, 1, &options);
	REQUIRE(a != NULL && b != NULL);
	CHECK(forest_score(a, near) > 0 && forest_score(a, near) < 1);
	CHECK(forest_score(b, far) > 0 && forest_score(b, far) <= 1);
	forest_free(a);
	forest_free(b);
}

TESTS(T(what_stands_apart_scores_highest), T(the_feature_that_moved_it_is_named),
    T(the_same_rows_and_seed_give_the_same_scores),
    T(many_at_once_score_as_one_by_one), T(rows_that_differ_a_little_give_a_forest_that_differs_a_little), T(rows_that_allow_no_cut_give_no_forest), T(any_numbers_can_be_cut))
