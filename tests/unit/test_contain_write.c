/* SPDX-License-Identifier: Apache-2.0
 *
 * A yes is to what was read then: where the store hung meanwhile, Webex is told nothing.
 * What Webex answers: tests/console/test_contain.py. */
#include <unistd.h>

#include "base/mem.h"
#include "net/lane.h"
#include "store/contain_rows.h"
#include "store/store.h"
#include "store_place.h"
#include "test.h"
#include "watch/contain_inside.h"

#define LONG_AGO_MS 10500

static uv_loop_t loop;
static char address[256];
static struct store *store;
static struct lane *lane;
static struct responder *responder;
static struct contain_result told;
static struct arena arena;
static struct fault fault;
static size_t n_told;

static void must(bool ok)
{
	if (!ok) {
		puts(fault.text);
		exit(1);
	}
}

static void on_changed(void *arg)
{
	UNUSED(arg);
}

static void begin(void)
{
	snprintf(address, sizeof address, "/tmp/centinela-contain-write-%ld.db", (long)getpid());
	store_place(address);
	n_told = 0;
	told = (struct contain_result){ 0 };
	arena_init(&arena);
	uv_loop_init(&loop);
	must(store_open(address, &store, &fault));
	lane = lane_new(&loop);
	static const struct link_config nowhere = { .client_id = "C0ffee" };
	responder = responder_new(&loop, &nowhere, NULL, desk_new(store, lane, NULL, "ana", false, on_changed, NULL));
}

static void end(void)
{
	struct desk *desk = responder->desk;
	responder_close(responder, NULL, NULL);
	lane_close(lane, NULL, NULL);
	uv_run(&loop, UV_RUN_DEFAULT);
	CHECK_INT(uv_loop_close(&loop), 0);
	desk_free(desk);
	store_close(store);
	store_remove(address);
	arena_clear(&arena);
}

static void on_told(const struct contain_result *result, void *arg)
{
	UNUSED(arg);
	told = *result;
	n_told++;
}

static struct containment row_of(int64_t id)
{
	struct containment row;
	must(query_containment(&store->db, id, &arena, &row, &fault));
	return row;
}

/* An act that has said yes to what it read so long ago; it has no way to Webex. */
static void decide_late(enum contain_verb verb, const struct containment *row)
{
	struct contain_act *act = mem_zalloc(sizeof *act);
	*act = (struct contain_act){ .responder = responder, .order = { .verb = verb }, .done = on_told, .seen_ms = row->changed_ms,
		.read_ns = uv_hrtime() - LONG_AGO_MS * UINT64_C(1000000) };
	arena_init(&act->arena);
	act->result = (struct contain_result){ .id = row->id, .state = row->state, .row = *row, .present = row->before, .body = row->wished };
	responder->acts = act;
	uv_timer_init(&loop, &act->timer);
	act->timer.data = act;
	contain_write(act);
	uv_run(&loop, UV_RUN_DEFAULT);
	CHECK_INT(n_told, 1);
	CHECK_INT(told.fault.code, FAULT_CONFLICT);
	CHECK(strstr(told.fault.text, "nothing was written") != NULL);
}

static int64_t planned(void)
{
	struct containment wish = { .person = "7a5e3a7e-0000-4000-8000-000000000001", .person_name = "Ana Bernal", .kind = CONTAIN_LINE,
		.before = "{\"a\":1}", .wished = "{\"a\":2}", .who = "luis", .at_ms = clock_real_ms() };
	int64_t id;
	must(store_contain_begin(store, &wish, "a: 1 → 2", &id, &fault));
	return id;
}

TEST(what_was_begun_before_the_store_hung_is_not_done)
{
	begin();
	int64_t id = planned();
	struct containment row = row_of(id);
	decide_late(CONTAIN_DO, &row);
	row = row_of(id);
	CHECK_INT(row.state, CONTAIN_FAILED);
	CHECK_STR(row.error, told.fault.text);
	end();
}

/* It is in force, and says so. */
TEST(what_was_to_be_undone_before_the_store_hung_stands)
{
	begin();
	struct contain_step step = { .id = planned(), .from = 1u << CONTAIN_PLANNED, .to = CONTAIN_VERIFIED, .who = "ana", .tracking = "", .error = "" };
	step.seen_ms = row_of(step.id).changed_ms;
	step.now_ms = step.seen_ms + 1;
	must(store_contain_step(store, &step, &fault));
	struct containment row = row_of(step.id);
	decide_late(CONTAIN_UNDO, &row);
	row = row_of(step.id);
	CHECK_INT(row.state, CONTAIN_VERIFIED);
	CHECK_STR(row.error, told.fault.text);
	end();
}

TESTS(T(what_was_begun_before_the_store_hung_is_not_done), T(what_was_to_be_undone_before_the_store_hung_stands))
