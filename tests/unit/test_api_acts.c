/* SPDX-License-Identifier: Apache-2.0
 *
 * What the API keeps of acts to take back is bounded: how many acts, of how many alerts, and
 * how often one goes back and forth. */
#include "acts_rig.h"

#include "api/serve.h"

static struct api api;

/* A request by ana; it is settled at its end. */
static void begin(struct api_call *call)
{
	*call = (struct api_call){ .api = &api, .caller = { .name = "ana", .scope = SCOPE_ANALYST }, .now_ms = 9000 };
	arena_init(&call->arena);
}

static void end(struct api_call *call, bool committed)
{
	api_acts_settle(call, committed);
	text_clear(&call->answer);
	arena_clear(&call->arena);
}

/* Closed: alert `id` and, of the same act, so many more that are not there; the act's number. */
static int64_t close_one(struct store *store, int64_t id, size_t n_others)
{
	struct api_call call;
	struct triage_result result;
	struct fault fault;
	struct triage_order order = { .act = TRIAGE_CLOSE, .who = "ana", .resolution = RESOLUTION_FALSE_POSITIVE, .now_ms = 9000 };
	begin(&call);
	struct api_act *act = api_act_new(&call, n_others + 1);
	act->ids[0] = id;
	for (size_t i = 1; i <= n_others; i++)
		act->ids[i] = 1000000 + (int64_t)i;
	must(store_triage(store, act->ids, act->n, &order, &act->arena, act->before, &result, &fault), &fault);
	CHECK_INT(result.n_done, 1);
	CHECK_INT(result.n_failed, n_others);
	REQUIRE(api_act_end(&call, &store->db, true));
	int64_t number = act->id;
	end(&call, true);
	return number;
}

/* What came of it: FAULT_NONE, or why not. */
static struct fault swap(struct store *store, int64_t number, bool redo)
{
	struct api_call call;
	begin(&call);
	call.id = number;
	bool ok = redo ? api_act_redo(&call, store) : api_act_undo(&call, store);
	struct fault fault = call.fault;
	CHECK(ok == (fault.code == FAULT_NONE));
	CHECK(ok == (call.answer.n > 0));
	end(&call, ok || call.swapped == 0);
	return fault;
}

static bool is_closed(struct store *store, int64_t id)
{
	struct arena arena;
	arena_init(&arena);
	bool closed = rig_alert(store, id, &arena).state == ALERT_CLOSED;
	arena_clear(&arena);
	return closed;
}

static struct store *fresh(size_t n)
{
	char address[256];
	struct store *store = rig_store(address);
	rig_raise(store, n);
	api.acts = api_acts_new();
	return store;
}

static void leave(struct store *store)
{
	api_acts_free(api.acts);
	store_close(store);
}

TEST(a_large_act_goes_back_and_forth_four_times)
{
	struct store *store = fresh(2);
	int64_t large = close_one(store, 1, 12499); /* 12 500 of them, four times: as many as are kept of all acts */
	for (int i = 0; i < 4; i++) {
		CHECK_INT(swap(store, large, i % 2 == 1).code, FAULT_NONE);
		CHECK(is_closed(store, 1) == (i % 2 == 1));
	}
	struct fault fault = swap(store, large, false);
	CHECK_INT(fault.code, FAULT_CONFLICT);
	CHECK(strstr(fault.text, "4 times: it stays as it is") != NULL);
	CHECK(is_closed(store, 1));
	/* Others are taken back all the same. */
	int64_t small = close_one(store, 2, 0);
	CHECK_INT(swap(store, small, false).code, FAULT_NONE);
	CHECK(rig_chain_holds(store));
	leave(store);
}

TEST(a_small_act_goes_back_and_forth_as_often_as_one_likes)
{
	struct store *store = fresh(1);
	int64_t small = close_one(store, 1, 0);
	for (int i = 0; i < 60; i++)
		CHECK_INT(swap(store, small, i % 2 == 1).code, FAULT_NONE);
	CHECK(is_closed(store, 1));
	CHECK_INT(swap(store, small, true).code, FAULT_CONFLICT); /* it stands */
	leave(store);
}

TEST(the_last_two_hundred_acts_are_kept_and_of_large_ones_fewer)
{
	struct store *store = fresh(203);
	int64_t first = close_one(store, 1, 0), second = close_one(store, 2, 0);
	for (int64_t id = 3; id <= 201; id++)
		close_one(store, id, 0);
	CHECK_INT(swap(store, first, false).code, FAULT_NOT_FOUND);
	CHECK_INT(swap(store, second, false).code, FAULT_NONE);
	/* One that has as many alerts as are kept stays alone, and can be taken back. */
	int64_t large = close_one(store, 202, 50000);
	CHECK_INT(swap(store, second, true).code, FAULT_NOT_FOUND);
	CHECK_INT(swap(store, large, false).code, FAULT_NONE);
	CHECK_INT(swap(store, large, true).code, FAULT_NONE);
	close_one(store, 203, 0);
	CHECK_INT(swap(store, large, false).code, FAULT_NOT_FOUND);
	leave(store);
}

TESTS(T(a_large_act_goes_back_and_forth_four_times), T(a_small_act_goes_back_and_forth_as_often_as_one_likes),
    T(the_last_two_hundred_acts_are_kept_and_of_large_ones_fewer))
