/* SPDX-License-Identifier: Apache-2.0
 *
 * Many rows of one table, to be given to an engine at once (engine.h, copy): in
 * the binary form of PostgreSQL's COPY, which is a length before each value. */
#ifndef STORE_COPY_H
#define STORE_COPY_H

#include <endian.h>
#include <string.h>

#include "base/text.h"

struct copy {
	struct text rows;
	size_t n;
};

static inline void copy_number(struct copy *copy, uint32_t value)
{
	uint32_t word = htobe32(value);
	memcpy(text_extend(&copy->rows, sizeof word), &word, sizeof word);
}

static inline void copy_row(struct copy *copy, int n_columns)
{
	uint16_t n = htobe16((uint16_t)n_columns);
	memcpy(text_extend(&copy->rows, sizeof n), &n, sizeof n);
	copy->n++;
}

static inline void copy_null(struct copy *copy)
{
	copy_number(copy, UINT32_MAX);
}

static inline void copy_int(struct copy *copy, int64_t value)
{
	uint32_t n = htobe32(sizeof value);
	uint64_t word = htobe64((uint64_t)value);
	char *at = text_extend(&copy->rows, sizeof n + sizeof word);
	memcpy(at, &n, sizeof n);
	memcpy(at + sizeof n, &word, sizeof word);
}

/* What is no UTF-8 in it becomes U+FFFD, as in a statement. */
void copy_text(struct copy *, const char *text, size_t n);

static inline void copy_bytes(struct copy *copy, const void *bytes, size_t n)
{
	uint32_t length = htobe32((uint32_t)n);
	char *at = text_extend(&copy->rows, sizeof length + n);
	memcpy(at, &length, sizeof length);
	if (n > 0)
		memcpy(at + sizeof length, bytes, n);
}

static inline void copy_reset(struct copy *copy)
{
	text_reset(&copy->rows);
	copy->n = 0;
}

#endif
