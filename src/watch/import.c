/* SPDX-License-Identifier: Apache-2.0 */
#include "watch/import.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "calls/cdr_csv.h"
#include "net/lane.h"
#include "watch/source.h"

#define PAGE_BYTES     ((size_t)5 * 1024 * 1024)
#define LARGEST_RECORD ((size_t)16 * 1024 * 1024)
#define PAGE_RECORDS   2000
#define MAX_IN_FLIGHT  3
#define MAX_NAMED      20 /* rejections with a line of their own, per page */
#define MAX_GROUP      4  /* pages in a transaction: others who write wait a fifth of a second */

struct rejection {
	int64_t line;
	char why[160];
};

/* A page on its way: read and understood on one lane, stored on the other. */
struct cargo {
	struct job job;
	struct import *import;
	struct page *page;
	struct rejection rejections[MAX_NAMED];
	size_t n_rejections;
	bool end, ok; /* of this file */
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
	int n_group;	      /* the store lane's: pages since the last commit */
	struct lane *intake_lane, *store_lane;
	int in_flight;
	struct page *spare[MAX_IN_FLIGHT]; /* their memory is used again */
	int n_spare;
	bool stopping;
	struct fault fault; /* of the whole */
	/* The intake lane's: */
	size_t path;
	struct source *source;
	bool started, is_csv, source_end;
	struct cdr_reader reader;
	char *carry; /* bytes behind the last whole record */
	size_t n_carry;
	struct csv_reader *csv;
	struct cdr_columns columns;
	struct cargo *filling;
};

static void reject(struct cargo *cargo, int64_t line, const char *why)
{
	cargo->page->n_rejected++;
	if (cargo->n_rejections < MAX_NAMED) {
		struct rejection *r = &cargo->rejections[cargo->n_rejections++];
		r->line = line;
		snprintf(r->why, sizeof r->why, "%s", why);
	}
}

static bool on_csv_row(const struct csv_field *fields, size_t n, uint64_t line, void *arg)
{
	struct import *import = arg;
	struct cargo *cargo = import->filling;
	struct cdr cdr;
	char why[160];
	if (import->columns.n == 0)
		return cdr_columns_read(&import->columns, fields, n, &cargo->fault);
	if (n == 1 && fields[0].n == 0)
		return true;
	if (cdr_csv_row(&import->columns, fields, n, &cargo->page->arena, &cdr, why, sizeof why))
		intake_add(import->intake, cargo->page, &cdr);
	else
		reject(cargo, (int64_t)line, why);
	return true;
}

static void on_csv_broken(uint64_t line, const char *reason, void *arg)
{
	struct import *import = arg;
	reject(import->filling, (int64_t)line, reason);
}

static bool start_file(struct import *import, struct cargo *cargo)
{
	if (!source_open(import->options->paths[import->path], &import->source, &cargo->fault))
		return false;
	import->started = true;
	import->is_csv = import->source_end = false;
	import->n_carry = 0;
	cdr_reader_init(&import->reader);
	import->reader.lenient = true;
	return true;
}

static void end_file(struct import *import)
{
	source_close(import->source);
	import->source = NULL;
	csv_free(import->csv);
	import->csv = NULL;
	cdr_columns_clear(&import->columns);
	import->started = false;
	import->path++;
}

/* Fill page->bytes up to n, starting with what was carried over. */
static bool read_bytes(struct import *import, struct cargo *cargo, size_t n)
{
	struct page *page = cargo->page;
	page->bytes = mem_realloc(page->bytes, n);
	if (page->n_bytes == 0 && import->n_carry > 0) {
		memcpy(page->bytes, import->carry, import->n_carry);
		page->n_bytes = import->n_carry;
		import->n_carry = 0;
	}
	while (page->n_bytes < n && !import->source_end) {
		size_t got;
		if (!source_read(import->source, page->bytes + page->n_bytes, n - page->n_bytes, &got, &cargo->fault))
			return false;
		import->source_end = got == 0;
		page->n_bytes += got;
	}
	return true;
}

static bool looks_like_csv(const char *bytes, size_t n)
{
	size_t i = n >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
	while (i < n && (bytes[i] == ' ' || bytes[i] == '\n' || bytes[i] == '\r' || bytes[i] == '\t'))
		i++;
	const char *newline = i < n ? memchr(bytes + i, '\n', n - i) : NULL;
	size_t line = (newline == NULL ? n : (size_t)(newline - bytes)) - i;
	return line > 0 && memchr(bytes + i, ',', line) != NULL && memchr(bytes + i, '{', line) == NULL &&
	    bytes[i] != '[' && bytes[i] != '<';
}

static void keep_rest(struct import *import, const char *from, const char *end)
{
	import->n_carry = (size_t)(end - from);
	import->carry = mem_realloc(import->carry, import->n_carry + 1);
	memcpy(import->carry, from, import->n_carry);
}

/* Records until the page is full or its bytes end. */
static bool take_json(struct import *import, struct cargo *cargo)
{
	struct page *page = cargo->page;
	struct cdr_reader *reader = &import->reader;
	struct cdr cdr;
	size_t room = PAGE_BYTES;
	cdr_reader_feed(reader, page->bytes, page->n_bytes, import->source_end);
	for (;;) {
		if (page->n_legs >= PAGE_RECORDS) {
			keep_rest(import, reader->p, reader->end);
			return true;
		}
		switch (cdr_reader_next(reader, &page->arena, &cdr)) {
		case CDR_NEXT_RECORD:
			intake_add(import->intake, page, &cdr);
			break;
		case CDR_NEXT_REJECTED:
			reject(cargo, reader->record_line, reader->why);
			break;
		case CDR_NEXT_MORE:
			if (page->n_legs > 0 || page->n_rejected > 0 || import->source_end) {
				keep_rest(import, reader->p, reader->end);
				return true;
			}
			/* Not one record in the whole buffer: a larger one. No
			 * span points into it yet, so it may move. */
			room *= 2;
			if (room > LARGEST_RECORD)
				return fault_set(&cargo->fault, FAULT_INPUT, "a record is larger than 16 MiB");
			size_t at = (size_t)(reader->p - page->bytes);
			if (!read_bytes(import, cargo, room))
				return false;
			cdr_reader_feed(reader, page->bytes + at, page->n_bytes - at, import->source_end);
			break;
		case CDR_NEXT_END:
			import->n_carry = 0;
			cargo->end = true;
			return true;
		case CDR_NEXT_BROKEN:
			/* What was understood before the break is kept. */
			reject(cargo, reader->line, reader->why);
			cargo->end = true;
			return true;
		}
	}
}

static bool take_csv(struct import *import, struct cargo *cargo)
{
	struct page *page = cargo->page;
	if (import->csv == NULL) {
		struct csv_options options = { .on_broken = on_csv_broken };
		import->csv = csv_new(&options, on_csv_row, import);
	}
	bool ok = csv_feed(import->csv, page->bytes, page->n_bytes, &cargo->fault) &&
	    (!import->source_end || csv_finish(import->csv, &cargo->fault));
	cargo->end = import->source_end;
	return ok;
}

static void read_work(struct job *job)
{
	struct cargo *cargo = (struct cargo *)job;
	struct import *import = cargo->import;
	import->filling = cargo;
	cargo->ok = false;
	if (!import->started) {
		if (!start_file(import, cargo))
			return;
		cargo->ok = read_bytes(import, cargo, PAGE_BYTES);
		import->is_csv = cargo->ok && looks_like_csv(cargo->page->bytes, cargo->page->n_bytes);
	} else {
		/* CSV rows are copied: smaller pieces keep a page near 2000 legs. */
		cargo->ok = read_bytes(import, cargo, import->is_csv ? PAGE_BYTES / 4 : PAGE_BYTES);
	}
	if (!cargo->ok)
		return;
	cargo->ok = import->is_csv ? take_csv(import, cargo) : take_json(import, cargo);
	if (!cargo->ok)
		return;
	if (cargo->end && cargo->page->n_legs == 0 && cargo->page->n_rejected == 0 && cargo->page->n_bytes == 0)
		cargo->share = 1;
	cargo->share = source_progress(import->source);
	intake_finish(import->intake, cargo->page);
	cargo->page->now_ms = clock_real_ms();
}

/* While more pages wait, a few go into one transaction; when none does, what
 * is written is committed, so that nobody waits for it. */
static void store_work(struct job *job)
{
	struct cargo *cargo = (struct cargo *)job;
	struct import *import = cargo->import;
	bool more = atomic_fetch_sub(&import->n_waiting, 1) > 1;
	cargo->ok = cargo->page->n_legs == 0 ||
	    store_write_page(import->store, cargo->page, import->judge, &cargo->fault);
	import->n_group++;
	if (cargo->ok && (!more || import->n_group >= MAX_GROUP))
		cargo->committed = cargo->ok = store_commit(import->store, &cargo->fault);
	if (cargo->committed || !cargo->ok)
		import->n_group = 0;
}

static void cargo_free(struct cargo *cargo)
{
	struct import *import = cargo->import;
	import->spare[import->n_spare++] = cargo->page;
	free(cargo);
}

static void stop(struct import *import, const struct fault *fault)
{
	if (!import->stopping)
		import->fault = *fault;
	import->stopping = true;
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
	p->n_grown += (int64_t)page->n_alerts_grown;
	if (!cargo->committed)
		return;
	c->n_records += p->n_records;
	c->n_new += p->n_new;
	c->n_updated += p->n_updated;
	c->n_seen += p->n_seen;
	c->n_raised += p->n_raised;
	c->n_grown += p->n_grown;
	*p = (struct import_counts){ 0 };
	if (import->options->on_progress != NULL)
		import->options->on_progress(import->options->arg, c, cargo->share);
}

static void on_stored(struct job *job, bool cancelled)
{
	struct cargo *cargo = (struct cargo *)job;
	struct import *import = cargo->import;
	import->in_flight--;
	if (!cancelled && !cargo->ok) {
		stop(import, &cargo->fault);
		import->pending = (struct import_counts){ 0 };
	}
	if (!cancelled && cargo->ok)
		count(import, cargo);
	cargo_free(cargo);
	if (import->stopping && import->in_flight == 0) {
		lane_close(import->store_lane, NULL, NULL);
		lane_close(import->intake_lane, NULL, NULL);
	} else {
		next_page(import);
	}
}

static void on_read(struct job *job, bool cancelled)
{
	struct cargo *cargo = (struct cargo *)job;
	struct import *import = cargo->import;
	const char *path = import->options->paths[import->path];
	if (cancelled) {
		import->in_flight--;
		cargo_free(cargo);
		return;
	}
	import->counts->n_rejected += (int64_t)cargo->page->n_rejected;
	for (size_t i = 0; import->options->on_rejected != NULL && i < cargo->n_rejections; i++)
		import->options->on_rejected(import->options->arg, path, cargo->rejections[i].line, cargo->rejections[i].why);
	if (!cargo->ok) {
		/* A sentence about opening it names it already. */
		if (strstr(cargo->fault.text, path) == NULL)
			fault_context(&cargo->fault, "%s", path);
		stop(import, &cargo->fault);
	}
	if (cargo->end || !cargo->ok) {
		end_file(import);
		if (import->path == import->options->n_paths)
			import->stopping = true;
	}
	/* Handed over, the cargo is the store lane's: what is asked of it is
	 * asked before. */
	bool ok = cargo->ok;
	cargo->job = (struct job){ .work = ok ? store_work : NULL, .done = on_stored };
	if (ok)
		atomic_fetch_add(&import->n_waiting, 1);
	lane_submit(import->store_lane, &cargo->job);
	if (ok)
		next_page(import);
}

/* One page is read at a time; while it is, up to two are being stored. */
static void next_page(struct import *import)
{
	if (import->stopping || import->in_flight >= MAX_IN_FLIGHT || lane_n_jobs(import->intake_lane) > 0)
		return;
	struct cargo *cargo = mem_zalloc(sizeof *cargo);
	cargo->import = import;
	cargo->page = import->n_spare > 0 ? import->spare[--import->n_spare] : page_new();
	page_reset(cargo->page);
	cargo->page->legs_capacity = PAGE_RECORDS;
	cargo->page->legs = arena_alloc(&cargo->page->arena, PAGE_RECORDS * sizeof *cargo->page->legs);
	cargo->job = (struct job){ .work = read_work, .done = on_read };
	import->in_flight++;
	lane_submit(import->intake_lane, &cargo->job);
}

bool import_run(struct store *store, struct intake *intake, const struct page_judge *judge,
    const struct import_options *options, struct import_counts *counts, struct fault *fault)
{
	uv_loop_t loop;
	struct import import = { .store = store, .intake = intake, .judge = judge, .options = options, .counts = counts };
	*counts = (struct import_counts){ 0 };
	if (options->n_paths == 0)
		return true;
	uv_loop_init(&loop);
	import.intake_lane = lane_new(&loop);
	import.store_lane = lane_new(&loop);
	next_page(&import);
	uv_run(&loop, UV_RUN_DEFAULT);
	int left = uv_loop_close(&loop);
	assert(left == 0);
	UNUSED(left);
	if (import.started)
		end_file(&import);
	while (import.n_spare > 0)
		page_free(import.spare[--import.n_spare]);
	free(import.carry);
	if (import.fault.code != FAULT_NONE)
		*fault = import.fault;
	return import.fault.code == FAULT_NONE;
}
