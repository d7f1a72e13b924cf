/* SPDX-License-Identifier: Apache-2.0 */
#include "watch/import.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"
#include "net/lane.h"
#include "store/call_bounds.h"
#include "watch/arrange.h"
#include "watch/import_read.h"

#define PAGE_RECORDS  2000
#define PAGE_LARGE    4000 /* where rows go many at once: what a page costs in any case is half as much a record */
#define MAX_IN_FLIGHT 3
#define MAX_GROUP     8000 /* records in a transaction, while nobody else waits to write */
#define CALLS_AT_ONCE  20000 /* calls in a transaction: a tenth of a second */

/* A page on its way: read, understood and put in order on one lane, stored on the other. */
struct cargo {
	struct job job;
	struct import *import;
	struct page *page;	      /* NULL: there is none any more */
	struct rejections rejections; /* of all that was read for it */
	bool ok;
	bool committed; /* it, and those before it */
	struct fault fault;
	double share;
};

struct import {
	struct store *store;
	struct intake *intake;
	const struct page_judge *judge;
	const struct import_options *options;
	struct import_counts *counts;
	struct import_counts pending; /* of pages that are written and not committed */
	atomic_int n_waiting; /* pages for the store lane that it has not begun */
	size_t page_records;
	size_t n_group;	      /* the store lane's: records since the last commit */
	bool failed;	      /* … and whether one could not be stored: those behind it wait for another time */
	struct lane *intake_lane, *store_lane;
	int in_flight;
	uv_mutex_t lock;
	struct page *spare[MAX_IN_FLIGHT]; /* under the lock: their memory is used again */
	int n_spare;
	bool stopping;
	struct fault fault; /* of the whole */
	/* The intake lane's: */
	struct import_reader *reader;
	struct arranger arranger;
	bool read_all;
	struct fault read_fault;
};

static struct page *page_wanted(struct import *import)
{
	uv_mutex_lock(&import->lock);
	struct page *page = import->n_spare > 0 ? import->spare[--import->n_spare] : NULL;
	uv_mutex_unlock(&import->lock);
	if (page == NULL)
		page = page_new();
	page_reset(page);
	page->legs_capacity = import->page_records;
	page->legs = arena_alloc(&page->arena, import->page_records * sizeof *page->legs);
	return page;
}

static void page_done(struct import *import, struct page *page)
{
	uv_mutex_lock(&import->lock);
	assert(import->n_spare < MAX_IN_FLIGHT);
	import->spare[import->n_spare++] = page;
	uv_mutex_unlock(&import->lock);
}

/* What was read before a fault goes in like the rest, then the fault is told. */
static void read_work(struct job *job)
{
	struct cargo *cargo = (struct cargo *)job;
	struct import *import = cargo->import;
	struct page *page = page_wanted(import);
	bool there;
	while (!(there = arranger_take(&import->arranger, import->read_all, import->page_records, import->intake, page)) && !import->read_all) {
		bool ok = import_read(import->reader, &import->arranger, &cargo->rejections, &import->read_fault);
		import->read_all = !ok || import_read_all(import->reader);
	}
	cargo->share = import_read_share(import->reader);
	if (there) {
		page->now_ms = clock_real_ms();
		cargo->page = page;
	} else {
		page_done(import, page);
		cargo->fault = import->read_fault;
	}
}

/* While more pages wait, a few go into one transaction; when none does, or
 * another wants to write, what is written is committed. */
static void store_work(struct job *job)
{
	struct cargo *cargo = (struct cargo *)job;
	struct import *import = cargo->import;
	bool more = atomic_fetch_sub(&import->n_waiting, 1) > 1;
	cargo->ok = !import->failed && store_write_page(import->store, cargo->page, import->judge, &cargo->fault);
	import->n_group += import->page_records;
	bool ends = !more || import->n_group >= MAX_GROUP;
	cargo->ok = cargo->ok && (ends || db_is_wanted(&import->store->db, &ends, &cargo->fault));
	if (cargo->ok && ends)
		cargo->committed = cargo->ok = store_commit(import->store, &cargo->fault);
	if (cargo->committed || !cargo->ok)
		import->n_group = 0;
	import->failed = import->failed || !cargo->ok;
}

static void cargo_free(struct cargo *cargo)
{
	if (cargo->page != NULL)
		page_done(cargo->import, cargo->page);
	free(cargo->rejections.items);
	free(cargo);
}

static void next_page(struct import *import);

/* A page counts when it is committed. */
static void count(struct import *import, const struct cargo *cargo)
{
	const struct page *page = cargo->page;
	struct import_counts *c = import->counts, *p = &import->pending;
	p->n_records += (int64_t)page->n_legs;
	p->n_new += (int64_t)page->n_new;
	p->n_updated += (int64_t)page->n_updated;
	p->n_seen += (int64_t)page->n_seen;
	p->n_raised += (int64_t)page->n_alerts_raised;
	p->n_kept_back += (int64_t)page->n_kept_back;
	p->n_grown += (int64_t)page->n_alerts_grown;
	if (!cargo->committed)
		return;
	c->n_records += p->n_records;
	c->n_new += p->n_new;
	c->n_updated += p->n_updated;
	c->n_seen += p->n_seen;
	c->n_raised += p->n_raised;
	c->n_kept_back += p->n_kept_back;
	c->n_grown += p->n_grown;
	*p = (struct import_counts){ 0 };
	if (import->options->on_progress != NULL)
		import->options->on_progress(import->options->arg, c, cargo->share);
}

static void go_on(struct import *import)
{
	if (import->stopping && import->in_flight == 0) {
		lane_close(import->store_lane, NULL, NULL);
		lane_close(import->intake_lane, NULL, NULL);
	} else {
		next_page(import);
	}
}

static void on_stored(struct job *job, bool cancelled)
{
	struct cargo *cargo = (struct cargo *)job;
	struct import *import = cargo->import;
	import->in_flight--;
	if (!cancelled && !cargo->ok) {
		/* The end of the files may have been met meanwhile: no reason to be silent. */
		if (import->fault.code == FAULT_NONE)
			import->fault = cargo->fault;
		import->stopping = true;
		import->pending = (struct import_counts){ 0 };
	}
	if (!cancelled && cargo->ok)
		count(import, cargo);
	cargo_free(cargo);
	go_on(import);
}

static void on_read(struct job *job, bool cancelled)
{
	struct cargo *cargo = (struct cargo *)job;
	struct import *import = cargo->import;
	const struct rejections *rejections = &cargo->rejections;
	import->counts->n_rejected += cancelled ? 0 : rejections->n_all;
	for (size_t i = 0; !cancelled && import->options->on_rejected != NULL && i < rejections->n; i++)
		import->options->on_rejected(import->options->arg, rejections->items[i].path, rejections->items[i].line, rejections->items[i].why);
	if (cancelled || cargo->page == NULL) {
		if (import->fault.code == FAULT_NONE)
			import->fault = cargo->fault;
		import->stopping = true;
		import->in_flight--;
		cargo_free(cargo);
		go_on(import);
		return;
	}
	/* Handed over, the cargo is the store lane's. */
	cargo->job = (struct job){ .work = store_work, .done = on_stored };
	atomic_fetch_add(&import->n_waiting, 1);
	lane_submit(import->store_lane, &cargo->job);
	next_page(import);
}

/* One page is read at a time; while it is, up to two are being stored. */
static void next_page(struct import *import)
{
	if (import->stopping || import->in_flight >= MAX_IN_FLIGHT || lane_n_jobs(import->intake_lane) > 0)
		return;
	struct cargo *cargo = mem_zalloc(sizeof *cargo);
	cargo->import = import;
	cargo->job = (struct job){ .work = read_work, .done = on_read };
	import->in_flight++;
	lane_submit(import->intake_lane, &cargo->job);
}

/* Calls that an earlier version stored, once: who imports has the time, and no console
 * may ever run here. */
static bool know_calls(struct store *store, struct fault *fault)
{
	bool more = true;
	while (more)
		if (!far_ends_fill(store, CALLS_AT_ONCE, &more, fault))
			return false;
	for (more = true; more;)
		if (!call_bounds_fill(store, CALLS_AT_ONCE, &more, fault))
			return false;
	return true;
}

bool import_run(struct store *store, struct intake *intake, const struct page_judge *judge,
    const struct import_options *options, struct import_counts *counts, struct fault *fault)
{
	uv_loop_t loop;
	struct import import = { .store = store, .intake = intake, .judge = judge, .options = options, .counts = counts,
		.page_records = store->db.engine->copy != NULL ? PAGE_LARGE : PAGE_RECORDS };
	*counts = (struct import_counts){ 0 };
	if (options->n_paths == 0)
		return true;
	uv_mutex_init(&import.lock);
	import.arranger.latest_ms = clock_real_ms() + 2 * DAY_MS;
	import.reader = import_reader_new(options->paths, options->n_paths);
	uv_loop_init(&loop);
	import.intake_lane = lane_new(&loop);
	import.store_lane = lane_new(&loop);
	next_page(&import);
	uv_run(&loop, UV_RUN_DEFAULT);
	int left = uv_loop_close(&loop);
	assert(left == 0);
	UNUSED(left);
	arranger_clear(&import.arranger);
	import_reader_free(import.reader);
	while (import.n_spare > 0)
		page_free(import.spare[--import.n_spare]);
	uv_mutex_destroy(&import.lock);
	if (import.fault.code != FAULT_NONE)
		*fault = import.fault;
	return import.fault.code == FAULT_NONE && know_calls(store, fault);
}
