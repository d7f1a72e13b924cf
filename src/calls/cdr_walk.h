/* SPDX-License-Identifier: Apache-2.0
 *
 * A walk over JSON that may end at any byte: cdr_walk.c knows the grammar and a
 * record's fields, cdr_json.c what stands around records. Not for others.
 *
 * Keys are predicted: after the key that came last, the one that followed it
 * in the record before; one memcmp confirms. */
#ifndef CALLS_CDR_WALK_H
#define CALLS_CDR_WALK_H

#include "calls/cdr_json.h"

/* How a walk over part of the bytes ended. */
enum walk { WALK_OK, WALK_SHORT, WALK_BAD };

struct walker {
	const char *p, *end;
	const char *why; /* after WALK_BAD */
};

/* False: nothing but blanks follows. */
static inline bool walk_space(struct walker *w)
{
	if (w->p < w->end && *w->p > ' ')
		return true;
	while (w->p < w->end && (*w->p == ' ' || *w->p == '\n' || *w->p == '\r' || *w->p == '\t'))
		w->p++;
	return w->p < w->end;
}

/* From after the opening quote to behind the closing one. *escaped: a
 * backslash was met, the span is as it stands in the text. */
enum walk walk_string(struct walker *, struct span *out, bool *escaped) MUST_USE;
/* Pass over any value. */
enum walk walk_value(struct walker *, int depth) MUST_USE;
/* From the opening brace to behind the closing one. */
enum walk walk_record(struct cdr_reader *, struct walker *, struct arena *, struct cdr *) MUST_USE;

#endif
