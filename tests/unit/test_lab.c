/* SPDX-License-Identifier: Apache-2.0
 *
 * Trials in the background: the loop sees them grow, can stop them, and gets
 * what they would have come to in the foreground. */
#include "test.h"

#include <unistd.h>

#include "base/clock.h"
#include "base/places.h"
#include "base/text.h"
#include "net/file.h"
#include "sim/stage.h"
#include "sim/traffic.h"
#include "store_place.h"
#include "watch/guard.h"
#include "watch/import.h"
#include "watch/lab.h"
#include "watch/replay.h"

#define EPOCH	    INT64_C(1759708800000) /* 2025-10-06T00:00:00Z */
#define DAYS	    4
#define PATIENCE_NS INT64_C(60000000000)

static char folder[] = "/tmp/centinela-lab-XXXXXX", store_path[256];
static struct trial_options options;
static struct clock now;
static uv_loop_t loop;
static uv_timer_t ticker;
static struct lab *lab;
static bool closed;

static void remove_store(void)
{
	char command[96];
	snprintf(command, sizeof command, "rm -rf %s", folder);
	(void)!system(command);
}

/* Four days of an organisation with an attack in them, judged as they came. */
static void make_store(void)
{
	struct traffic_options plan = { .seed = 8, .n_users = 40, .epoch_ms = EPOCH, .scenario = "wangiri" };
	struct guard_config config = { .store = store_path, .data_folder = CENTINELA_SOURCE_DATA, .rules = { .rules_folder = CENTINELA_SOURCE_DATA "/rules" }, .keep_raw = true };
	struct import_counts counts;
	struct traffic *traffic;
	struct guard *guard;
	struct fault fault;
	struct text lines = { 0 };
	char path[64];
	REQUIRE(mkdtemp(folder) != NULL);
	atexit(remove_store);
	snprintf(store_path, sizeof store_path, "%s/s.db", folder);
	store_place(store_path);
	snprintf(path, sizeof path, "%s/lines.jsonl", folder);
	REQUIRE(traffic_new(&plan, &traffic, &fault));
	for (int d = 0; d < DAYS; d++) {
		struct sim_day day;
		traffic_day(traffic, EPOCH / DAY_MS + d, &day);
		for (size_t i = 0; i < day.n_records; i++)
			text_printf(&lines, "%.*s\n", (int)day.records[i].n_json, day.records[i].json);
		sim_day_free(&day);
	}
	traffic_free(traffic);
	const char *paths[] = { path };
	struct import_options import = { .paths = paths, .n_paths = 1 };
	REQUIRE(file_write(path, lines.bytes, lines.n, 0600, &fault));
	text_clear(&lines);
	REQUIRE(guard_open(&config, &guard, &fault) && guard_prepare(guard, &fault));
	struct page_judge judge = guard_judge(guard);
	REQUIRE(import_run(guard->store, &guard->intake, &judge, &import, &counts, &fault));
	REQUIRE(counts.n_new > 2000 && counts.n_raised > 0);
	guard_close(guard);
	options = (struct trial_options){ .store = store_path, .data_folder = CENTINELA_SOURCE_DATA, .rules = { .rules_folder = CENTINELA_SOURCE_DATA "/rules" } };
	clock_init_from(&now, EPOCH + 2 * DAYS * DAY_MS, 0);
}

static void on_tick(uv_timer_t *timer)
{
	UNUSED(timer); /* it only lets UV_RUN_ONCE come back */
}

static void on_closed(void *arg)
{
	UNUSED(arg);
	closed = true;
}

static void begin(void)
{
	if (store_path[0] == '\0')
		make_store();
	uv_loop_init(&loop);
	uv_timer_init(&loop, &ticker);
	uv_timer_start(&ticker, on_tick, 5, 5);
	closed = false;
	lab = lab_new(&loop, &options, sim_stage, &now);
}

/* Nothing is left open. */
static void end(void)
{
	lab_close(lab, on_closed, NULL);
	uv_close((uv_handle_t *)&ticker, NULL);
	uv_run(&loop, UV_RUN_DEFAULT);
	CHECK(closed);
	CHECK_INT(uv_loop_close(&loop), 0);
}

#define WAIT(condition)                                                        \
	do {                                                                   \
		int64_t end_ns = clock_steady_ns() + PATIENCE_NS;              \
		while (!(condition) && clock_steady_ns() < end_ns)             \
			uv_run(&loop, UV_RUN_ONCE);                            \
		REQUIRE(condition);                                            \
	} while (0)

static bool runs(void)
{
	return lab_trial(lab)->state == LAB_RUNNING;
}

TEST(a_replay_grows_and_is_as_in_the_foreground)
{
	begin();
	CHECK_INT(lab_trial(lab)->state, LAB_IDLE);
	CHECK(lab_replayed(lab) == NULL);
	REQUIRE(lab_replay(lab, EPOCH, ""));
	CHECK(!lab_replay(lab, EPOCH, "")); /* one at a time */
	CHECK(!lab_rehearse(lab, "wangiri"));
	int percent = 0, n_steps = 0;
	uint64_t version = lab_version(lab);
	while (runs()) {
		uv_run(&loop, UV_RUN_ONCE);
		CHECK(lab_trial(lab)->percent >= percent && lab_trial(lab)->percent < 100);
		CHECK(lab_trial(lab)->percent == percent || lab_version(lab) > version);
		n_steps += lab_trial(lab)->percent > percent;
		percent = lab_trial(lab)->percent;
		version = lab_version(lab);
	}
	CHECK(n_steps > 0);
	CHECK_INT(lab_trial(lab)->state, LAB_DONE);
	const struct replay_result *got = lab_replayed(lab);
	struct replay_options replay = { .trial = options, .since_ms = EPOCH, .until_ms = clock_now_ms(&now) };
	struct replay_result want;
	struct fault fault;
	REQUIRE(got != NULL && replay_run(&replay, &want, &fault));
	CHECK_INT(got->n_legs, want.n_legs);
	CHECK_INT(got->since_ms, EPOCH);
	REQUIRE(got->n_rules == want.n_rules);
	size_t raised = 0;
	for (size_t i = 0; i < want.n_rules; i++) {
		CHECK_STR(got->rules[i].id, want.rules[i].id);
		CHECK_INT(got->rules[i].raised, want.rules[i].raised);
		CHECK_INT(got->rules[i].as_before, want.rules[i].raised);
		raised += want.rules[i].raised;
	}
	CHECK(raised > 0);
	replay_result_clear(&want);
	end();
}

TEST(a_rehearsal_says_who_spoke_first)
{
	begin();
	REQUIRE(lab_rehearse(lab, "wangiri"));
	WAIT(!runs());
	CHECK_INT(lab_trial(lab)->state, LAB_DONE);
	const struct rehearsal *r = lab_rehearsed(lab);
	REQUIRE(r != NULL && r->n > 0);
	CHECK_STR(r->scenario, "wangiri");
	CHECK(r->epoch_ms >= EPOCH + DAYS * DAY_MS);
	size_t n_caught = 0;
	for (size_t i = 0; i < r->n; i++) {
		n_caught += r->incidents[i].n_spoken > 0;
		for (size_t k = 1; k < r->incidents[i].n_spoken; k++)
			CHECK(r->incidents[i].spoken[k - 1].after_ms <= r->incidents[i].spoken[k].after_ms);
	}
	CHECK(n_caught > 0);
	/* It stays while another one fails, and a replay is not in its way. */
	REQUIRE(lab_rehearse(lab, "no_such_scenario"));
	WAIT(!runs());
	CHECK_INT(lab_trial(lab)->state, LAB_FAILED);
	CHECK(lab_trial(lab)->fault.text[0] != '\0');
	CHECK(lab_rehearsed(lab) == r);
	REQUIRE(lab_replay(lab, EPOCH + DAY_MS, ""));
	CHECK_INT(lab_trial(lab)->fault.code, FAULT_NONE);
	WAIT(!runs());
	CHECK_INT(lab_trial(lab)->state, LAB_DONE);
	CHECK(lab_rehearsed(lab) == r && lab_replayed(lab) != NULL);
	end();
}

TEST(what_is_cancelled_ends_before_its_end)
{
	begin();
	for (int k = 0; k < 2; k++) {
		REQUIRE(k == 0 ? lab_replay(lab, EPOCH, "") : lab_rehearse(lab, "everything"));
		lab_cancel(lab);
		CHECK(lab_trial(lab)->cancelling);
		WAIT(!runs());
		CHECK_INT(lab_trial(lab)->state, LAB_CANCELLED);
		CHECK_INT(lab_trial(lab)->percent, 0); /* what it asks the store first ends at once, too */
	}
	CHECK(lab_replayed(lab) == NULL && lab_rehearsed(lab) == NULL);
	/* And the next one is not cancelled by that. */
	REQUIRE(lab_replay(lab, EPOCH, ""));
	CHECK(!lab_trial(lab)->cancelling);
	WAIT(!runs());
	CHECK_INT(lab_trial(lab)->state, LAB_DONE);
	end();
}

TEST(other_rules_may_be_replayed)
{
	char path[160];
	begin();
	snprintf(path, sizeof path, "%s/mine.yml", folder);
	FILE *file = fopen(path, "w");
	REQUIRE(file != NULL);
	fputs("title: Mine\nid: mine\ndetection: {s: {call.external_out: true}, condition: s}\n", file);
	fclose(file);
	REQUIRE(lab_replay(lab, EPOCH, folder));
	WAIT(!runs());
	CHECK_INT(lab_trial(lab)->state, LAB_DONE);
	const struct replay_result *r = lab_replayed(lab);
	REQUIRE(r != NULL && r->n_rules > 0);
	CHECK_STR(r->folder, folder);
	CHECK_STR(r->rules[0].id, "mine");
	CHECK(r->rules[0].raised > 0);
	REQUIRE(lab_replay(lab, EPOCH, "/nowhere/at/all"));
	WAIT(!runs());
	CHECK_INT(lab_trial(lab)->state, LAB_FAILED);
	CHECK(strstr(lab_trial(lab)->fault.text, "/nowhere/at/all") != NULL);
	remove(path);
	end();
}

TEST(a_store_that_is_not_there_is_one_sentence)
{
	begin();
	struct trial_options absent = options;
	absent.store = "/nowhere/at/all.db";
	struct lab *other = lab_new(&loop, &absent, sim_stage, &now);
	REQUIRE(lab_replay(other, EPOCH, ""));
	WAIT(lab_trial(other)->state != LAB_RUNNING);
	CHECK_INT(lab_trial(other)->state, LAB_FAILED);
	CHECK(lab_trial(other)->fault.text[0] != '\0' && strchr(lab_trial(other)->fault.text, '\n') == NULL);
	lab_close(other, NULL, NULL);
	end();
}

TEST(it_closes_while_a_trial_runs)
{
	begin();
	REQUIRE(lab_replay(lab, EPOCH, ""));
	end();
	begin();
	REQUIRE(lab_rehearse(lab, "everything"));
	WAIT(lab_trial(lab)->percent > 0 || !runs());
	end();
}

TEST(the_book_holds_every_rule_that_speaks)
{
	struct arena arena;
	struct rule_book book;
	struct fault fault;
	arena_init(&arena);
	struct judge_options rules = { .rules_folder = CENTINELA_SOURCE_DATA "/rules" };
	REQUIRE(rule_book_read(&rules, CENTINELA_SOURCE_DATA, &arena, &book, &fault));
	CHECK(book.n > 20);
	CHECK_STR(book.complaints, "");
	size_t n_tested = 0;
	for (size_t i = 0; i < book.n; i++) {
		CHECK(*book.rules[i].id != '\0' && *book.rules[i].title_en != '\0' && *book.rules[i].title_es != '\0');
		CHECK(*book.rules[i].description_es != '\0');
		/* A text of its own: the English one stands in where there is none. */
		CHECK(strcmp(book.rules[i].description_en, book.rules[i].description_es) != 0);
		CHECK(book.rules[i].falsepositives_es.n == book.rules[i].falsepositives_en.n);
		for (size_t k = 0; k < book.rules[i].falsepositives_es.n; k++)
			CHECK(strcmp(book.rules[i].falsepositives_en.items[k], book.rules[i].falsepositives_es.items[k]) != 0);
		n_tested += book.rules[i].n_tests > 0;
	}
	CHECK_INT(n_tested, book.n);
	bool wangiri = false;
	for (size_t i = 0; i < book.n_scenarios; i++) {
		wangiri |= strcmp(book.scenarios[i], "wangiri") == 0;
		CHECK(i == 0 || strcmp(book.scenarios[i - 1], book.scenarios[i]) < 0);
	}
	CHECK(wangiri);
	rules.rules_folder = "/nowhere/at/all";
	CHECK(!rule_book_read(&rules, CENTINELA_SOURCE_DATA, &arena, &book, &fault));
	CHECK(fault.text[0] != '\0');
	arena_clear(&arena);
}

TESTS(T(a_replay_grows_and_is_as_in_the_foreground), T(a_rehearsal_says_who_spoke_first),
    T(what_is_cancelled_ends_before_its_end), T(other_rules_may_be_replayed), T(a_store_that_is_not_there_is_one_sentence),
    T(it_closes_while_a_trial_runs), T(the_book_holds_every_rule_that_speaks))
