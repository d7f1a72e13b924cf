/* SPDX-License-Identifier: Apache-2.0
 *
 * Any words as a filter: what compiles is a condition that SQLite takes, with
 * as many parameters as there are values, and no byte of it is the words'. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "store/filter.h"
#include "store/store.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void run(struct db *db, enum filter_of of, const struct filter *filter)
{
	struct text sql = { 0 };
	struct statement *statement;
	struct fault fault;
	text_printf(&sql, "SELECT count(*) FROM %s WHERE %s", of == FILTER_CALLS ? "calls" : "alerts", text_string(&filter->sql));
	if (!db->engine->prepare(db->session, sql.bytes, &statement, &fault))
		abort();
	for (size_t i = 0; i < filter->n_values; i++) {
		if (filter->values[i].is_text)
			db->engine->bind_text(statement, (int)i + 1, filter->values[i].text, strlen(filter->values[i].text));
		else
			db->engine->bind_int(statement, (int)i + 1, filter->values[i].number);
	}
	if (db->engine->step(statement, &fault) != STEP_ROW)
		abort();
	db->engine->finish(statement);
	text_clear(&sql);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct store *store;
	struct fault fault = { 0 };
	if (store == NULL && !store_open(":memory:", &store, &fault))
		abort();
	if (size == 0)
		return 0;
	enum filter_of of = (enum filter_of)(data[0] % FILTER_N);
	char *source = mem_strndup((const char *)data + 1, size - 1);
	struct filter filter;
	size_t offset = 0;
	if (filter_compile(of, source, 1, INT64_C(1790000000000), &filter, &fault, &offset)) {
		run(&store->db, of, &filter);
		filter_clear(&filter);
	} else if (offset > strlen(source) || fault.text[0] == '\0') {
		abort();
	}
	free(source);
	return 0;
}
