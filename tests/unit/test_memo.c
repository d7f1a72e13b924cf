/* SPDX-License-Identifier: Apache-2.0
 *
 * What one run leaves for the next, whenever it ends. */
#include "test.h"

#include <unistd.h>

#include "store/store.h"
#include "store_place.h"
#include "watch/memo.h"

static char folder[] = "/tmp/centinela-memo-XXXXXX";

struct blocker {
	struct job job;
	uv_sem_t *go;
};

static void block(struct job *job)
{
	uv_sem_wait(((struct blocker *)job)->go);
}

static void on_done(struct job *job, bool cancelled)
{
	UNUSED(job);
	UNUSED(cancelled);
}

TEST(A7_what_was_spent_last_is_kept_though_the_lane_closes_before_it_ran)
{
	char address[256];
	struct fault fault;
	struct guard guard = { 0 };
	uv_loop_t loop;
	uv_sem_t go;
	REQUIRE(mkdtemp(folder) != NULL);
	snprintf(address, sizeof address, "%s/m.db", folder);
	store_place(address);
	REQUIRE(store_open(address, &guard.store, &fault));
	uv_loop_init(&loop);
	uv_sem_init(&go, 0);
	struct lane *lane = lane_new(&loop);
	struct sync_parts parts = { .loop = &loop, .guard = &guard, .store_lane = lane };
	/* The lane is busy, as with a page; then the request goes out and the
	 * program is told to end. */
	struct blocker blocker = { .job = { .work = block, .done = on_done }, .go = &go };
	lane_submit(lane, &blocker.job);
	struct budget_state spent = { .next_ms = { [BUDGET_INITIAL] = 4711, [BUDGET_PAGE] = 12 }, .held_until_ms = 9 };
	memo_keep_budget(&parts, &spent);
	spent.next_ms[BUDGET_INITIAL] = 61000;
	memo_keep_budget(&parts, &spent);
	lane_close(lane, NULL, NULL);
	uv_sem_post(&go);
	uv_run(&loop, UV_RUN_DEFAULT);
	CHECK_INT(uv_loop_close(&loop), 0);
	uv_sem_destroy(&go);
	struct budget_state found = memo_budget(&parts);
	CHECK_INT(found.next_ms[BUDGET_INITIAL], 61000);
	CHECK_INT(found.next_ms[BUDGET_PAGE], 12);
	CHECK_INT(found.held_until_ms, 9);
	store_close(guard.store);
	store_remove(address);
	rmdir(folder);
}

TESTS(T(A7_what_was_spent_last_is_kept_though_the_lane_closes_before_it_ran))
