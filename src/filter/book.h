/* SPDX-License-Identifier: Apache-2.0
 *
 * Filters that somebody keeps: by name, for @night in another one, and the last
 * one of each view. As text it is YAML, for a file beside the configuration. */
#ifndef FILTER_BOOK_H
#define FILTER_BOOK_H

#include "filter/filter.h"

#define BOOK_FILTERS	  100
#define BOOK_NAME_BYTES	  33
#define BOOK_SOURCE_BYTES 512

struct book_filter {
	char name[BOOK_NAME_BYTES];
	char source[BOOK_SOURCE_BYTES];
};

struct book_part {
	struct book_filter *items;
	size_t n, capacity;
};

struct filter_book {
	struct book_part saved; /* by what somebody called them */
	struct book_part last;	/* by view */
};

void filter_book_clear(struct filter_book *);

/* Replaces what is there; on a fault nothing is. `name` is the file's, for messages. */
bool filter_book_read(struct filter_book *, const char *name, const char *bytes, size_t n, struct fault *) MUST_USE;
void filter_book_write(const struct filter_book *, struct text *out);

/* "" takes it out. Names are letters, digits, - _ and ., without regard to case. */
bool book_put(struct book_part *, const char *name, const char *source, struct fault *) MUST_USE;
const char *book_find(const struct book_part *, const char *name); /* NULL: none */

/* What the parser asks for @names. Borrows the book. */
struct filter_names filter_book_names(const struct filter_book *);

/* The source with each @name as what it stands for, in parentheses; what has no
 * such name stays. False: it became too long, or it names itself. */
bool filter_expand(const char *source, const struct filter_names *, struct text *out, struct fault *) MUST_USE;

#endif
