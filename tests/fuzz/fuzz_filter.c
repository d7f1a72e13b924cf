/* SPDX-License-Identifier: Apache-2.0
 *
 * Any bytes as a filter: what is understood is a condition that SQLite takes,
 * with as many parameters as there are values and no byte of it the source's,
 * and lets the same rows through as the tree does in memory. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "filter/silence_scope.h"
#include "filter_rows.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct filter_rows *rows;
	struct fault fault = { 0 };
	if (rows == NULL)
		rows = filter_rows_new(":memory:", 24, 1);
	if (size == 0)
		return 0;
	enum filter_of of = (enum filter_of)(data[0] % FILTER_N);
	const char *source = (const char *)data + 1;
	struct filter filter;
	struct filter_reading reading;
	size_t offset = 0, n = size - 1;
	if (!filter_parse(of, source, n, FILTER_ROWS_NOW, NULL, &filter, &reading, &fault, &offset)) {
		if (offset > n || fault.text[0] == '\0')
			abort();
		return 0;
	}
	for (size_t i = 0; i < reading.n_marks; i++)
		if (reading.marks[i].until > n || reading.marks[i].from >= reading.marks[i].until)
			abort();
	if (of == FILTER_CALLS || of == FILTER_ALERTS) {
		if (!filter_rows_agree(rows, &filter))
			abort();
	}
	filter_clear(&filter);
	/* A silence's scope is one of these, never another. */
	if (of == FILTER_ALERTS && silence_scope_read(source, n, FILTER_ROWS_NOW, NULL, &filter, NULL, &fault, &offset)) {
		if (filter.n_nodes == 0)
			abort();
		filter_clear(&filter);
	} else if (of == FILTER_ALERTS && (offset > n || fault.text[0] == '\0')) {
		abort();
	}
	return 0;
}
