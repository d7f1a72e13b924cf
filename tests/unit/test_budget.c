/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include "net/budget.h"

#define NOW INT64_C(1790000000000)

TEST(A7_one_first_page_a_minute_and_ten_further_ones)
{
	struct budget budget;
	budget_init(&budget, NULL);
	CHECK_INT(budget_wait_ms(&budget, BUDGET_INITIAL, NOW), 0);
	budget_spend(&budget, BUDGET_INITIAL, NOW);
	CHECK_INT(budget_wait_ms(&budget, BUDGET_INITIAL, NOW + 1000), 60000);
	CHECK_INT(budget_wait_ms(&budget, BUDGET_PAGE, NOW), 0);
	budget_spend(&budget, BUDGET_PAGE, NOW);
	CHECK_INT(budget_wait_ms(&budget, BUDGET_PAGE, NOW), 6500);
	CHECK_INT(budget_wait_ms(&budget, BUDGET_INITIAL, NOW + 61000), 0);
}

TEST(A7_a_restart_does_not_lose_the_timer)
{
	struct budget budget, again;
	budget_init(&budget, NULL);
	budget_spend(&budget, BUDGET_INITIAL, NOW);
	budget_init(&again, NULL);
	budget_restore(&again, &budget.state, NOW + 10000);
	CHECK_INT(budget_wait_ms(&again, BUDGET_INITIAL, NOW + 10000), 51000);
	/* The clock was set back by a day: wait a minute, not a day. */
	budget_restore(&again, &budget.state, NOW - DAY_MS);
	CHECK_INT(budget_wait_ms(&again, BUDGET_INITIAL, NOW - DAY_MS), 61000);
	budget.state.held_until_ms = NOW + DAY_MS;
	budget_restore(&again, &budget.state, NOW);
	CHECK_INT(budget_wait_ms(&again, BUDGET_PAGE, NOW), 310000);
}

TEST(A7_a_429_holds_everything_at_least_a_minute)
{
	struct budget budget;
	budget_init(&budget, NULL);
	budget_hold(&budget, 5000, NOW, 0);
	CHECK_INT(budget_wait_ms(&budget, BUDGET_PAGE, NOW), 61000);
	CHECK_INT(budget_wait_ms(&budget, BUDGET_INITIAL, NOW), 61000);
	budget_hold(&budget, 120000, NOW, 1999);
	CHECK_INT(budget_wait_ms(&budget, BUDGET_PAGE, NOW), 121999);
	budget_hold(&budget, 0, NOW, 0); /* never shortens */
	CHECK_INT(budget_wait_ms(&budget, BUDGET_PAGE, NOW), 121999);
}

TEST(all_numbers_are_options)
{
	struct budget budget;
	budget_init(&budget, &(struct budget_options){ .every_ms = { 100, 7 }, .hold_min_ms = 50 });
	budget_spend(&budget, BUDGET_INITIAL, NOW);
	budget_spend(&budget, BUDGET_PAGE, NOW);
	CHECK_INT(budget_wait_ms(&budget, BUDGET_INITIAL, NOW), 100);
	CHECK_INT(budget_wait_ms(&budget, BUDGET_PAGE, NOW), 7);
	budget_hold(&budget, 1, NOW, 0);
	CHECK_INT(budget_wait_ms(&budget, BUDGET_PAGE, NOW), 1050);
}

TEST(backing_off_doubles_with_chance_within_a_minute)
{
	CHECK_INT(backoff_ms(0, 0), 1000);
	CHECK_INT(backoff_ms(1, 0), 2000);
	CHECK_INT(backoff_ms(5, 0), 30000);
	CHECK_INT(backoff_ms(-3, 0), 1000);
	for (int n = 0; n < 100; n++)
		for (uint32_t chance = 0; chance < 5; chance++) {
			int64_t wait_ms = backoff_ms(n, chance * 1234567891u);
			CHECK(wait_ms >= 1000 && wait_ms <= 60000);
		}
}

TESTS(T(A7_one_first_page_a_minute_and_ten_further_ones),
    T(A7_a_restart_does_not_lose_the_timer), T(A7_a_429_holds_everything_at_least_a_minute),
    T(all_numbers_are_options), T(backing_off_doubles_with_chance_within_a_minute))
