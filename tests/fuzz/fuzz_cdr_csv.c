/* SPDX-License-Identifier: Apache-2.0
 *
 * Any bytes as a report: every row that is a record has a raw JSON object that
 * jansson takes, and reads back as the same record. */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "calls/cdr_csv.h"
#include "calls/cdr_json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct report {
	struct cdr_columns columns;
	struct arena arena;
};

/* Two columns may be the same field in two spellings: the last one wins, as
 * it does in the raw record. */
static void check(struct report *report, const struct cdr *cdr)
{
	struct cdr_reader reader;
	struct cdr again;
	json_t *raw = json_loadb(cdr->raw.p, cdr->raw.n, JSON_ALLOW_NUL, NULL);
	if (!json_is_object(raw))
		abort();
	json_decref(raw);
	cdr_reader_init(&reader);
	cdr_reader_feed(&reader, cdr->raw.p, cdr->raw.n, true);
	if (cdr_reader_next(&reader, &report->arena, &again) != CDR_NEXT_RECORD)
		abort();
	if (again.start_ms != cdr->start_ms || again.report_ms != cdr->report_ms ||
	    again.duration_s != cdr->duration_s || again.flags != cdr->flags)
		abort();
}

static bool on_row(const struct csv_field *fields, size_t n, uint64_t line, void *arg)
{
	struct report *report = arg;
	struct fault fault;
	struct cdr cdr;
	char why[160];
	UNUSED(line);
	if (report->columns.n == 0)
		return cdr_columns_read(&report->columns, fields, n, &fault);
	if (cdr_csv_row(&report->columns, fields, n, &report->arena, &cdr, why, sizeof why))
		check(report, &cdr);
	else if (why[0] == '\0' || memchr(why, '\0', sizeof why) == NULL)
		abort();
	return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct report report = { 0 };
	struct csv_options options = { 0 };
	struct fault fault;
	arena_init(&report.arena);
	/* A header that is one, so that rows are reached. */
	struct csv_reader *reader = csv_new(&options, on_row, &report);
	bool ok = true;
	if (size > 0 && data[0] % 2 == 0) {
		static const char header[] = "Start time,Duration,User,Report time,Answered,Start  Time,Site timezone,x\n";
		ok = csv_feed(reader, header, sizeof header - 1, &fault);
	}
	if (ok && size > 1 && csv_feed(reader, (const char *)data + 1, size - 1, &fault))
		(void)!csv_finish(reader, &fault);
	csv_free(reader);
	cdr_columns_clear(&report.columns);
	arena_clear(&report.arena);
	return 0;
}
