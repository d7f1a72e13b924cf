/* SPDX-License-Identifier: Apache-2.0
 *
 * Any bytes as CSV: rows are the same whole or byte by byte, within the limits. */
#include <stdlib.h>

#include "base/csv.h"
#include "base/hash.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct sum {
	uint64_t hash, rows;
};

static bool on_row(const struct csv_field *fields, size_t n, uint64_t line, void *arg)
{
	struct sum *sum = arg;
	for (size_t i = 0; i < n; i++) {
		if (fields[i].p[fields[i].n] != '\0' || fields[i].n > 64)
			abort();
		sum->hash = hash_mix(sum->hash ^ hash_bytes(fields[i].p, fields[i].n));
	}
	if (n == 0 || n > 8)
		abort();
	sum->hash = hash_mix(sum->hash ^ line ^ n);
	sum->rows++;
	return true;
}

static void on_broken(uint64_t line, const char *reason, void *arg)
{
	struct sum *sum = arg;
	sum->hash = hash_mix(sum->hash ^ line ^ hash_text(reason));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct csv_options options = { .most_row_bytes = 64, .most_fields = 8, .comment = '#',
		.on_broken = on_broken };
	struct sum whole = { 0 }, pieces = { 0 };
	if (!csv_read((const char *)data, size, &options, on_row, &whole, NULL))
		abort();
	struct csv_reader *reader = csv_new(&options, on_row, &pieces);
	for (size_t i = 0; i < size; i++) {
		if (!csv_feed(reader, (const char *)data + i, 1, NULL))
			abort();
	}
	if (!csv_finish(reader, NULL) || whole.hash != pieces.hash || whole.rows != pieces.rows)
		abort();
	csv_free(reader);
	return 0;
}
