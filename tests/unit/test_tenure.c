/* SPDX-License-Identifier: Apache-2.0
 *
 * Two who could collect, and a past that takes longer to be read back than a lease
 * lasts. The time is told by the test: between any two pieces more of it may pass
 * than a renewal has. */
#include "acts_rig.h"

#include "base/places.h"
#include "store/lease_rows.h"
#include "watch/tenure.h"

#define ME    "ana@a:1"
#define RIVAL "luis@b:2"
#define STEP_MS 2000 /* between two looks; a lease lasts for three */

static uv_loop_t loop;
static char address[256];
static struct lane *lane;
static struct guard *guard;
static struct store *rivals;
static struct tenure tenure;
static int64_t now_ms;
static int n_read;
static struct fault fault, said;

static void on_read(void *arg, const struct fault *why)
{
	UNUSED(arg);
	said = why == NULL ? (struct fault){ 0 } : *why;
	n_read++;
}

static void begin(void)
{
	store_close(rig_store(address));
	struct guard_config config = { .store = address, .data_folder = CENTINELA_SOURCE_DATA, .rules = { .rules_folder = CENTINELA_SOURCE_DATA "/rules" } };
	must(guard_open(&config, &guard, &fault) && guard_prepare(guard, &fault) && store_open(address, &rivals, &fault), &fault);
	uv_loop_init(&loop);
	lane = lane_new(&loop);
	tenure = (struct tenure){ .guard = guard, .store_lane = lane, .on_read = on_read };
	now_ms = 1000000;
	n_read = 0;
}

static void on_closed(void *arg)
{
	*(bool *)arg = true;
}

static bool rival_takes(void)
{
	bool mine, taken_over;
	must(lease_take(rivals, RIVAL, now_ms, now_ms + TENURE_LEASE_MS, &mine, &taken_over, &fault), &fault);
	return mine;
}

static void end(void)
{
	bool closed = false;
	bool given = false;
	tenure.stopping = true;
	tenure_end(&tenure, ME, on_closed, &given);
	CHECK(!given); /* the loop waits for no store */
	while (!given)
		uv_run(&loop, UV_RUN_ONCE);
	if (tenure.holds)
		CHECK(rival_takes()); /* at once: it was given back */
	lane_close(lane, on_closed, &closed);
	while (!closed)
		uv_run(&loop, UV_RUN_ONCE);
	uv_run(&loop, UV_RUN_DEFAULT);
	CHECK_INT(uv_loop_close(&loop), 0);
	guard_close(guard);
	store_close(rivals);
	store_remove(address);
}

struct look {
	struct job job;
	struct tenure_look ask;
	bool ok, done;
};

static void look_work(struct job *job)
{
	struct look *look = (struct look *)job;
	look->ok = tenure_look(&look->ask, guard->store, ME, now_ms, &fault);
}

static void on_look(struct job *job, bool cancelled)
{
	struct look *look = (struct look *)job;
	CHECK(!cancelled && look->ok);
	tenure_settle(&tenure, &look->ask);
	look->done = true;
}

/* As the watch does at each renewal. */
static void renew(void)
{
	struct look look = { .job = { .work = look_work, .done = on_look }, .ask = { .take = true } };
	lane_submit(lane, &look.job);
	while (!look.done)
		uv_run(&loop, UV_RUN_ONCE);
}

static void read_to_the_end(void)
{
	while (guard->warming)
		uv_run(&loop, UV_RUN_ONCE);
}

TEST(who_reads_back_for_long_keeps_the_lease)
{
	int n_looks = 0, n_lost = 0;
	begin();
	renew();
	CHECK(tenure.holds && guard->warming && !tenure_collects(&tenure));
	while (guard->warming) {
		now_ms += STEP_MS;
		renew();
		n_lost += rival_takes();
		n_looks++;
	}
	CHECK_INT(n_lost, 0);
	CHECK(n_looks * STEP_MS > TENURE_LEASE_MS); /* it was over, had nobody renewed it */
	CHECK_INT(n_read, 1);
	CHECK(tenure_collects(&tenure));
	end();
}

/* What the other collected meanwhile may be of the part that was read already. */
TEST(who_loses_it_meanwhile_begins_anew)
{
	begin();
	renew();
	now_ms += TENURE_LEASE_MS + 1; /* it slept, in the middle */
	CHECK(guard->warming && rival_takes());
	renew();
	CHECK(!tenure.holds);
	CHECK_STR(tenure.holder, RIVAL);
	read_to_the_end();
	CHECK(!tenure_collects(&tenure));
	/* The other dies, and the whole is read. */
	now_ms += TENURE_LEASE_MS + 1;
	renew();
	CHECK(tenure.holds && guard->warming && !tenure_collects(&tenure));
	read_to_the_end();
	CHECK(tenure_collects(&tenure));
	/* It came and went between two looks of ours. */
	now_ms += TENURE_LEASE_MS + 1;
	CHECK(rival_takes());
	now_ms += TENURE_LEASE_MS + 1;
	renew();
	CHECK(tenure.holds && guard->warming && !tenure_collects(&tenure));
	/* … and once more, while we read. */
	now_ms += TENURE_LEASE_MS + 1;
	CHECK(rival_takes());
	now_ms += TENURE_LEASE_MS + 1;
	renew();
	CHECK(tenure.holds && guard->warming && tenure.anew);
	read_to_the_end();
	CHECK(tenure_collects(&tenure) && !tenure.anew);
	end();
}

TEST(a_lease_that_was_over_and_nobody_else_s_is_no_reason_to_read_again)
{
	begin();
	renew();
	read_to_the_end();
	CHECK(tenure_collects(&tenure));
	now_ms += 10 * TENURE_LEASE_MS;
	renew();
	CHECK(tenure_collects(&tenure) && !guard->warming);
	end();
}

TEST(what_is_shown_names_nobody_while_it_is_read_back)
{
	struct health health = { 0 };
	begin();
	renew();
	CHECK(!tenure_show(&tenure, &health) && !health.lease_mine);
	CHECK_STR(health.lease_holder, "");
	read_to_the_end();
	CHECK(tenure_show(&tenure, &health) && health.lease_mine);
	CHECK_STR(health.lease_holder, ME);
	CHECK(!tenure_show(&tenure, &health)); /* no news */
	end();
}

/* It is tried again at the next renewal. */
TEST(what_could_not_be_read_is_said_and_read_again)
{
	begin();
	must(db_exec(&rivals->db, "ALTER TABLE words RENAME TO elsewhere", &fault), &fault);
	renew();
	read_to_the_end();
	CHECK(!tenure_collects(&tenure));
	CHECK(said.code != FAULT_NONE);
	must(db_exec(&rivals->db, "ALTER TABLE elsewhere RENAME TO words", &fault), &fault);
	renew();
	read_to_the_end();
	CHECK(tenure_collects(&tenure));
	CHECK_INT(said.code, FAULT_NONE);
	end();
}

/* An analyst of a shared store; and rights that come while he is there. */
TEST(who_may_not_write_it_leaves_it_to_others_and_asks_seldom)
{
	begin();
	must(db_exec(&guard->store->db, store_is_on_server() ? "SET default_transaction_read_only = on" : "PRAGMA query_only = ON", &fault), &fault);
	CHECK(tenure_may_ask(&tenure));
	renew();
	CHECK(!tenure.holds && !guard->warming);
	CHECK_INT(tenure.denied.code, FAULT_READ_ONLY);
	int n = 1;
	while (!tenure_may_ask(&tenure))
		n++;
	CHECK_INT(n, 30);
	CHECK(tenure_may_ask(&tenure)); /* until it is told again */
	must(db_exec(&guard->store->db, store_is_on_server() ? "SET default_transaction_read_only = off" : "PRAGMA query_only = OFF", &fault), &fault);
	renew();
	CHECK(tenure.holds);
	CHECK_INT(tenure.denied.code, FAULT_NONE);
	end();
}

/* A writer that is stopped in the middle of a page, for longer than its lease. */
TEST(nobody_takes_it_between_a_page_and_its_commit)
{
	begin();
	renew();
	read_to_the_end();
	struct page *page = page_new();
	page->lease = ME;
	must(store_write_page(guard->store, page, NULL, &fault), &fault);
	now_ms += TENURE_LEASE_MS + 1;
	must(db_exec(&rivals->db, store_is_on_server() ? "SET lock_timeout = '1ms'" : "PRAGMA busy_timeout = 1", &fault), &fault);
	bool mine, taken_over;
	CHECK(!lease_take(rivals, RIVAL, now_ms, now_ms + TENURE_LEASE_MS, &mine, &taken_over, &fault) && !mine);
	CHECK_INT(fault.code, FAULT_CONFLICT);
	must(store_commit(guard->store, &fault), &fault);
	/* Of a server that is shared the lock of a notice is another's for a moment, too. */
	must(!store_is_on_server() || db_exec(&rivals->db, "SET lock_timeout = '10s'", &fault), &fault);
	CHECK(rival_takes());
	/* Nor is a page begun under one that is lost. */
	CHECK(!store_write_page(guard->store, page, NULL, &fault));
	CHECK_INT(fault.code, FAULT_CONFLICT);
	page_free(page);
	renew();
	CHECK(!tenure.holds);
	end();
}

TEST(the_end_comes_while_it_is_read_back)
{
	begin();
	renew();
	CHECK(guard->warming);
	end();
	CHECK_INT(n_read, 0);
}

TESTS(T(who_reads_back_for_long_keeps_the_lease), T(who_loses_it_meanwhile_begins_anew), T(a_lease_that_was_over_and_nobody_else_s_is_no_reason_to_read_again),
    T(what_is_shown_names_nobody_while_it_is_read_back), T(what_could_not_be_read_is_said_and_read_again), T(who_may_not_write_it_leaves_it_to_others_and_asks_seldom),
    T(nobody_takes_it_between_a_page_and_its_commit), T(the_end_comes_while_it_is_read_back))
