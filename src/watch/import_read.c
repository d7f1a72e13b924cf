/* SPDX-License-Identifier: Apache-2.0 */
#include "watch/import_read.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "calls/cdr_csv.h"
#include "calls/cdr_json.h"
#include "watch/source.h"

#define PIECE_BYTES    ((size_t)1 << 20)
#define LARGEST_RECORD ((size_t)16 * 1024 * 1024)
#define MAX_NAMED      20 /* rejections with a line of their own, per piece */

struct import_reader {
	const char *const *paths;
	size_t n_paths, path;
	struct source *source;
	bool started, is_csv, source_end, file_end;
	double share;
	struct cdr_reader cdrs;
	char *bytes; /* the piece; at its end the last record may be cut */
	size_t n_bytes, room, n_rejected;
	struct arena arena; /* the piece's */
	struct csv_reader *csv;
	struct cdr_columns columns;
	/* While a piece is read: */
	struct arranger *arranger;
	struct rejections *rejections;
	struct fault *fault;
};

struct import_reader *import_reader_new(const char *const *paths, size_t n)
{
	struct import_reader *r = mem_zalloc(sizeof *r);
	r->paths = paths;
	r->n_paths = n;
	arena_init(&r->arena);
	return r;
}

static void end_file(struct import_reader *r)
{
	source_close(r->source);
	r->source = NULL;
	csv_free(r->csv);
	r->csv = NULL;
	cdr_columns_clear(&r->columns);
	r->started = false;
	r->path++;
}

void import_reader_free(struct import_reader *r)
{
	if (r == NULL)
		return;
	if (r->started)
		end_file(r);
	free(r->bytes);
	arena_clear(&r->arena);
	free(r);
}

bool import_read_all(const struct import_reader *r)
{
	return r->path >= r->n_paths;
}

double import_read_share(const struct import_reader *r)
{
	return r->share;
}

static void reject(struct import_reader *r, int64_t line, const char *why)
{
	struct rejections *all = r->rejections;
	all->n_all++;
	if (r->n_rejected++ >= MAX_NAMED)
		return;
	all->items = mem_grow(all->items, all->n, &all->capacity, sizeof *all->items);
	struct rejection *one = &all->items[all->n++];
	one->path = r->paths[r->path];
	one->line = line;
	snprintf(one->why, sizeof one->why, "%s", why);
}

static bool on_csv_row(const struct csv_field *fields, size_t n, uint64_t line, void *arg)
{
	struct import_reader *r = arg;
	struct cdr cdr;
	char why[160];
	if (r->columns.n == 0)
		return cdr_columns_read(&r->columns, fields, n, r->fault);
	if (n == 1 && fields[0].n == 0)
		return true;
	if (cdr_csv_row(&r->columns, fields, n, &r->arena, &cdr, why, sizeof why))
		arranger_add(r->arranger, &cdr);
	else
		reject(r, (int64_t)line, why);
	return true;
}

static void on_csv_broken(uint64_t line, const char *reason, void *arg)
{
	reject(arg, (int64_t)line, reason);
}

static bool start_file(struct import_reader *r)
{
	if (!source_open(r->paths[r->path], &r->source, r->fault))
		return false;
	r->started = true;
	r->is_csv = r->source_end = r->file_end = false;
	r->n_bytes = 0;
	cdr_reader_init(&r->cdrs);
	r->cdrs.lenient = true;
	return true;
}

/* As many bytes behind those that are there as make n. */
static bool read_bytes(struct import_reader *r, size_t n)
{
	if (r->room < n) {
		r->bytes = mem_realloc(r->bytes, n);
		r->room = n;
	}
	while (r->n_bytes < n && !r->source_end) {
		size_t got;
		if (!source_read(r->source, r->bytes + r->n_bytes, n - r->n_bytes, &got, r->fault))
			return false;
		r->source_end = got == 0;
		r->n_bytes += got;
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

static void keep_from(struct import_reader *r, size_t at)
{
	r->n_bytes -= at;
	memmove(r->bytes, r->bytes + at, r->n_bytes);
}

static bool take_json(struct import_reader *r)
{
	struct cdr_reader *cdrs = &r->cdrs;
	struct cdr cdr;
	cdr_reader_feed(cdrs, r->bytes, r->n_bytes, r->source_end);
	for (;;) {
		switch (cdr_reader_next(cdrs, &r->arena, &cdr)) {
		case CDR_NEXT_RECORD:
			arranger_add(r->arranger, &cdr);
			break;
		case CDR_NEXT_REJECTED:
			reject(r, cdrs->record_line, cdrs->why);
			break;
		case CDR_NEXT_MORE:
			keep_from(r, (size_t)(cdrs->p - r->bytes));
			return true;
		case CDR_NEXT_END:
			r->file_end = true;
			return true;
		case CDR_NEXT_BROKEN:
			/* What was understood before the break is kept. */
			reject(r, cdrs->line, cdrs->why);
			r->file_end = true;
			return true;
		}
	}
}

static bool take_csv(struct import_reader *r)
{
	if (r->csv == NULL) {
		struct csv_options options = { .on_broken = on_csv_broken };
		r->csv = csv_new(&options, on_csv_row, r);
	}
	bool ok = csv_feed(r->csv, r->bytes, r->n_bytes, r->fault) && (!r->source_end || csv_finish(r->csv, r->fault));
	r->file_end = r->source_end;
	r->n_bytes = 0;
	return ok;
}

static bool take(struct import_reader *r)
{
	bool first = !r->started;
	if (first && !start_file(r))
		return false;
	if (r->n_bytes >= LARGEST_RECORD)
		return fault_set(r->fault, FAULT_INPUT, _("a record is larger than 16 MiB"));
	/* What is left of a cut record, and as much again. What came before a fault is read. */
	struct fault broken = { 0 }, *fault = r->fault;
	r->fault = &broken;
	bool came = read_bytes(r, MIN(MAX(PIECE_BYTES, 2 * r->n_bytes), LARGEST_RECORD));
	r->fault = fault;
	if (first)
		r->is_csv = looks_like_csv(r->bytes, r->n_bytes);
	bool ok = r->is_csv ? take_csv(r) : take_json(r);
	if (!came)
		*fault = broken;
	return ok && came;
}

bool import_read(struct import_reader *r, struct arranger *arranger, struct rejections *rejections, struct fault *fault)
{
	r->arranger = arranger;
	r->rejections = rejections;
	r->fault = fault;
	r->n_rejected = 0;
	arena_reset(&r->arena);
	bool ok = take(r);
	if (r->started)
		r->share = source_progress(r->source);
	/* A sentence about opening it names it already. */
	if (!ok && strstr(fault->text, r->paths[r->path]) == NULL)
		fault_context(fault, "%s", r->paths[r->path]);
	if (ok && r->file_end)
		end_file(r);
	return ok;
}
