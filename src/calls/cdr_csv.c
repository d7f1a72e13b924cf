/* SPDX-License-Identifier: Apache-2.0 */
#include "calls/cdr_csv.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/json.h"
#include "base/mem.h"
#include "calls/cdr_json.h"

bool cdr_columns_read(struct cdr_columns *columns, const struct csv_field *fields, size_t n,
    struct fault *fault)
{
	bool has_start = false;
	*columns = (struct cdr_columns){ 0 };
	for (size_t i = 0; i < MIN(n, (size_t)CDR_CSV_COLUMNS); i++) {
		char name[64];
		text_printable(name, sizeof name, fields[i].p, fields[i].n);
		columns->field[i] = cdr_field_named(fields[i].p, fields[i].n);
		columns->name[i] = mem_strdup(name);
		has_start = has_start || columns->field[i] == CDR_F_START_TIME;
		columns->n++;
	}
	if (!has_start) {
		cdr_columns_clear(columns);
		return fault_set(fault, FAULT_INPUT, _("the first line names no column \"Start time\": this is no call detail report"));
	}
	return true;
}

void cdr_columns_clear(struct cdr_columns *columns)
{
	for (size_t i = 0; i < columns->n; i++)
		free(columns->name[i]);
	columns->n = 0;
}

bool cdr_csv_row(const struct cdr_columns *columns, const struct csv_field *fields, size_t n,
    struct arena *arena, struct cdr *cdr, char *why, size_t capacity)
{
	memset(cdr, 0, sizeof *cdr);
	if (n > columns->n + 1 || (n == columns->n + 1 && fields[n - 1].n > 0)) {
		snprintf(why, capacity, _("the row has %zu cells, the header %zu"), n, columns->n);
		return false;
	}
	struct text raw = { 0 };
	for (size_t i = 0; i < MIN(n, columns->n); i++) {
		if (fields[i].n > 64 * 1024) {
			snprintf(why, capacity, "%s", _("a cell is longer than 64 KiB"));
			text_clear(&raw);
			return false;
		}
		text_puts(&raw, i == 0 ? "{" : ",");
		json_quote(&raw, columns->name[i]);
		text_putc(&raw, ':');
		json_quote_n(&raw, fields[i].p, fields[i].n);
		if (columns->field[i] < CDR_N_FIELDS)
			cdr_put(cdr, columns->field[i], (struct span){ arena_strndup(arena, fields[i].p, fields[i].n), (uint32_t)fields[i].n });
	}
	text_puts(&raw, raw.n == 0 ? "{}" : "}");
	cdr->raw = (struct span){ arena_strndup(arena, raw.bytes, raw.n), (uint32_t)raw.n };
	text_clear(&raw);
	return cdr_finish(cdr, why, capacity);
}
