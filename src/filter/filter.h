/* SPDX-License-Identifier: Apache-2.0
 *
 * The filter language: dst.country in [CU, LV] and duration > 20m and not
 * user.name == "Ana". Words become a small tree, and a tree is asked of rows in
 * memory here, of a store's by store/filter_sql.h: the same rows pass.
 *
 *   what        is true when
 *   a = b       it is b; of a text, without regard to case and accents (base/fold.h), and * is anything
 *   a ~ b       the text contains b
 *   a in [b, c] it is one of these; of numbers and times also 10..20, 10.., ..20, both ends within
 *   a           a flag is set
 *   b           a word alone: it stands in one of the fields that are searched
 *
 * A text that is not there is the empty one. A day is its first moment to < and
 * >, all of it to = and in. */
#ifndef FILTER_FILTER_H
#define FILTER_FILTER_H

#include "base/fault.h"
#include "base/text.h"
#include "filter/field.h"

/* So many at most, so that neither a tree nor a statement can grow without end. */
#define FILTER_BYTES  2000
#define FILTER_DEPTH  32
#define FILTER_NODES  200
#define FILTER_VALUES 48

enum filter_node_kind { NODE_AND, NODE_OR, NODE_NOT, NODE_TEXT, NODE_RANGE, NODE_SEARCH };

struct filter_node {
	enum filter_node_kind kind;
	size_t left, right; /* of AND and OR; NOT has a left */
	const struct filter_field *field; /* of TEXT and RANGE */
	int64_t low, high;  /* RANGE: both within; a flag is 0 or 1 */
	char *pattern;	    /* TEXT, SEARCH: of text_like() */
	size_t from, until; /* bytes of the source that say it */
	bool whole;	    /* written as one: in parentheses, or by its name */
};

struct filter {
	enum filter_of of;
	struct filter_node *nodes;
	size_t n_nodes, capacity;
	size_t root;	 /* where n_nodes is 0, everything passes */
	size_t n_values; /* patterns, and ends of ranges */
};

/* What the bytes of a source are, for who types it. */
enum filter_role { MARK_FIELD, MARK_OPERATOR, MARK_VALUE, MARK_JOIN, MARK_WORD, MARK_NAME, MARK_WRONG };
struct filter_mark {
	size_t from, until;
	enum filter_role role;
};

/* What may stand at the end of a source. */
enum filter_next { NEXT_TERM, NEXT_OPERATOR, NEXT_VALUE, NEXT_LIST_END, NEXT_JOIN };

#define FILTER_MARKS 400
struct filter_reading {
	struct filter_mark marks[FILTER_MARKS];
	size_t n_marks;
	enum filter_next next;
	const struct filter_field *field; /* of NEXT_OPERATOR and NEXT_VALUE */
};

/* Names that stand for expressions: @night. May be NULL: there are none. */
struct filter_names {
	const char *(*find)(void *arg, const char *name); /* NULL: no such name */
	void *arg;
};

/*
 * n        bytes of source, of anything
 * now_ms   for relative times (start > -2h)
 * reading  may be NULL; filled as far as it was understood
 * offset   where in `source` it is wrong, in bytes; may be NULL
 */
bool filter_parse(enum filter_of, const char *source, size_t n, int64_t now_ms, const struct filter_names *,
    struct filter *out, struct filter_reading *reading, struct fault *, size_t *offset) MUST_USE;
void filter_clear(struct filter *);

/* What is asked of a row in memory: one of its fields. Texts may be NULL; of an id
 * that nobody reads: what it is called, in English and in Spanish. */
struct filter_cell {
	const char *text, *other, *called_en, *called_es;
	int64_t number; /* of an enumeration its place; a flag is 0 or 1 */
};

/* The text in quotes: a value that stands for itself, whatever signs are in it. False:
 * it is longer than a value may be. */
#define FILTER_QUOTED_BYTES 600
bool filter_quote(char out[static FILTER_QUOTED_BYTES], const char *text) MUST_USE;

bool filter_passes(const struct filter *,
    void (*read)(const void *row, unsigned field, int64_t now_ms, struct filter_cell *), const void *row,
    int64_t now_ms);

/* Readers of the rows that everybody knows: struct call, alert and live_call. */
void filter_read_call(const void *call, unsigned field, int64_t now_ms, struct filter_cell *);
void filter_read_alert(const void *alert, unsigned field, int64_t now_ms, struct filter_cell *);
struct person;
struct filter_person {
	const struct person *person; /* calls/directory.h */
	const char *location;	     /* name of the site; "" unknown */
};
void filter_read_person(const void *filter_person, unsigned field, int64_t now_ms, struct filter_cell *);
void filter_read_live(const void *live_call, unsigned field, int64_t now_ms, struct filter_cell *);

/* The parts that must all be true, as they were written: from and until in the
 * source. Returns how many there are, of which `capacity` at most are told. */
struct filter_part {
	size_t from, until;
};
size_t filter_parts(const struct filter *, struct filter_part *, size_t capacity);

#endif
