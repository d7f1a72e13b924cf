/* SPDX-License-Identifier: Apache-2.0 */
#include "watch/guard.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "calls/directory.h"
#include "calls/site_plan.h"
#include "store/query.h"
#include "watch/judge_thread.h"
#include "watch/recollect.h"

void guard_plan_sites(const struct guard *guard, struct directory *directory)
{
	struct text unknown = { 0 };
	site_plan_apply(guard->plan, directory, &unknown);
	if (unknown.n > 0)
		log_unusual("%s", text_string(&unknown));
	text_clear(&unknown);
}

/* People and sites as the store has them. */
static bool read_directory(struct guard *guard, struct fault *fault)
{
	guard->intake.world.directory = guard->directory = directory_new();
	if (!query_directory(&guard->store->db, guard->directory, fault))
		return false;
	guard_plan_sites(guard, guard->directory);
	return directory_read_holidays(guard->directory, guard->config.data_folder, fault);
}

bool guard_open(const struct guard_config *config, struct guard **out, struct fault *fault)
{
	struct guard *guard = mem_zalloc(sizeof *guard);
	guard->config = *config;
	guard->intake.keep_raw = config->keep_raw;
	bool planned = config->sites_file != NULL && *config->sites_file != '\0';
	if ((planned && !site_plan_read(config->sites_file, &guard->plan, fault)) ||
	    !(config->store_later ? store_open_later : store_open)(config->store, &guard->store, fault)) {
		guard_close(guard);
		return false;
	}
	*out = guard;
	return true;
}

bool guard_reach(struct guard *guard, struct fault *fault)
{
	return store_reach(guard->store, fault);
}

bool guard_prepare(struct guard *guard, struct fault *fault)
{
	if (guard->judge_thread != NULL)
		return true;
	if (!numbering_open(guard->config.data_folder, &guard->numbering, fault) ||
	    !numbering_read_tariff(guard->numbering, guard->config.tariff_file, fault) ||
	    !read_directory(guard, fault) ||
	    !judge_open(&guard->config.rules, &guard->judge, fault) ||
	    !judge_thread_open(guard->judge, &guard->judge_thread, fault))
		return false;
	guard->intake.world.numbering = guard->numbering;
	if (*judge_complaints(guard->judge) != '\0')
		log_unusual("%s", judge_complaints(guard->judge));
	return true;
}

void guard_close(struct guard *guard)
{
	if (guard == NULL)
		return;
	intake_clear(&guard->intake);
	recollecting_free(guard->past);
	judge_thread_close(guard->judge_thread);
	if (guard->judge != NULL)
		judge_free(guard->judge);
	store_close(guard->store);
	if (guard->numbering != NULL)
		numbering_free(guard->numbering);
	if (guard->directory != NULL)
		directory_free(guard->directory);
	site_plan_free(guard->plan);
	free(guard);
}

static void judge_upto(void *arg, struct page *page, size_t n)
{
	judge_thread_upto(arg, page, n);
}

static void judge_wait(void *arg)
{
	judge_thread_wait(arg);
}

#define OUTCOMES_OF_MS	 (180 * DAY_MS)
#define OUTCOMES_EACH_NS (15 * INT64_C(60000000000))

/* What became of the alerts of each rule. It is a matter of some points: where
 * it cannot be read, what was known stands. */
static void learn_outcomes(struct guard *guard)
{
	struct arena arena;
	struct rule_outcome *outcomes;
	struct fault fault = { 0 };
	size_t n;
	arena_init(&arena);
	if (query_rule_outcomes(&guard->store->db, clock_real_ms() - OUTCOMES_OF_MS, &arena, &outcomes, &n, &fault))
		judge_outcomes(guard->judge, outcomes, n);
	else
		log_unusual("%s", fault.text);
	arena_clear(&arena);
	guard->learned_ns = clock_steady_ns();
}

struct page_judge guard_judge(struct guard *guard)
{
	assert(guard->judge_thread != NULL); /* it is prepared */
	if (guard->learned_ns == 0 || clock_steady_ns() - guard->learned_ns > OUTCOMES_EACH_NS)
		learn_outcomes(guard);
	return (struct page_judge){ judge_upto, judge_wait, guard->judge_thread };
}

bool guard_refresh_rules(struct guard *guard)
{
	struct fault fault = { 0 };
	if (guard->judge == NULL || !judge_is_stale(guard->judge))
		return false;
	if (judge_reload(guard->judge, &fault))
		log_info("the rules have changed and are in force: %zu of them", judge_counts(guard->judge).rules);
	else
		log_unusual("rules: %s", fault.text);
	return true;
}

static bool last_key(struct db *db, const char *sql, int64_t *key, struct fault *fault)
{
	struct statement *st = db_statement(db, sql, fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "i", LEG_KEY_OF(clock_real_ms() + 2 * DAY_MS));
	enum step step = db_step(db, st, fault);
	*key = step == STEP_ROW ? db_int(db, st, 0) : 0;
	db->engine->reset(st);
	return step == STEP_ROW;
}

bool guard_warm_begin(struct guard *guard, struct fault *fault)
{
	struct db *db = &guard->store->db;
	int64_t call, leg;
	judge_forget(guard->judge); /* what was remembered is shown again */
	recollecting_free(guard->past);
	guard->past = NULL;
	/* A record that is dated weeks ahead is not where the past ends. */
	if (!last_key(db, "SELECT coalesce(max(id), 0) FROM calls WHERE id < $1", &call, fault) ||
	    !last_key(db, "SELECT coalesce(max(id), 0) FROM legs WHERE id < $1", &leg, fault))
		return false;
	guard->past = recollecting_new(db, &guard->intake.world, guard->judge, MAX(call, leg));
	return true;
}

bool guard_warm_on(struct guard *guard, bool *more, struct fault *fault)
{
	bool ok = recollecting_on(guard->past, more, fault);
	if (ok && *more)
		return true;
	recollecting_free(guard->past);
	guard->past = NULL;
	*more = false;
	return ok;
}

bool guard_warm(struct guard *guard, struct fault *fault)
{
	bool more, ok = guard_warm_begin(guard, fault);
	do
		ok = ok && guard_warm_on(guard, &more, fault);
	while (ok && more);
	return ok;
}
