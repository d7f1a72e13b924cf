/* SPDX-License-Identifier: Apache-2.0 */
#include "store/call_plan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fold.h"
#include "base/mem.h"
#include "store/far_ends.h"

#define KEY_BITS   20
#define READ_MAX   20000 /* texts that are looked at for one pattern: some ten milliseconds */
#define GRAM	   3    /* characters */
#define GRAMS_MAX  32   /* of one pattern */
#define GRAMS_ASKED 4   /* the rarest of them */
#define SAMPLE	    500 /* of the newest ends */

/* The calls that may pass a part of the filter. */
struct candidates {
	enum { ANY, NONE, OF_ENDS } kind;
	struct end {
		int64_t id;
		char *number;
	} *ends; /* by id */
	size_t n, capacity;
};

static void clear(struct candidates *c)
{
	for (size_t i = 0; i < c->n; i++)
		free(c->ends[i].number);
	free(c->ends);
	*c = (struct candidates){ 0 };
}

static int by_id(const void *a, const void *b)
{
	const struct end *x = a, *y = b;
	return (x->id > y->id) - (x->id < y->id);
}

/* What both let through: into a. */
static void narrow(struct candidates *a, struct candidates *b)
{
	if (a->kind == ANY || b->kind == NONE) {
		clear(a);
		*a = *b;
		*b = (struct candidates){ 0 };
	} else if (a->kind == OF_ENDS && b->kind == OF_ENDS) {
		size_t n = 0;
		for (size_t i = 0; i < a->n; i++) {
			if (bsearch(&a->ends[i], b->ends, b->n, sizeof *b->ends, by_id) != NULL)
				a->ends[n++] = a->ends[i];
			else
				free(a->ends[i].number);
		}
		a->n = n;
		a->kind = n > 0 ? OF_ENDS : NONE;
	}
	clear(b);
}

/* What either lets through: into a. */
static void widen(struct candidates *a, struct candidates *b)
{
	if (a->kind == NONE || b->kind == ANY) {
		clear(a);
		*a = *b;
		*b = (struct candidates){ 0 };
	} else if (a->kind == OF_ENDS && b->kind == OF_ENDS) {
		size_t had = a->n;
		for (size_t i = 0; i < b->n; i++) {
			if (bsearch(&b->ends[i], a->ends, had, sizeof *a->ends, by_id) != NULL)
				continue;
			a->ends = mem_grow(a->ends, a->n, &a->capacity, sizeof *a->ends);
			a->ends[a->n++] = b->ends[i];
			b->ends[i].number = NULL;
		}
		qsort(a->ends, a->n, sizeof *a->ends, by_id);
	}
	clear(b);
}

struct planner {
	struct db *db;
	const struct filter *filter;
	const struct filter_words *words;
	struct fault *fault;
	/* A word alone is looked for among numbers and then among names: read once. */
	const char *pattern;
	bool is_a_name;
};

/* ---- one text ------------------------------------------------------------------------ */

/* Three letters in a row that a text must have to fit, and how many of the newest
 * ends have them. */
struct gram {
	char text[GRAM * 4 + 1];
	int n;
};

/* Those of a pattern, letter by letter: between them may stand a \ that is not of the text. */
static size_t grams_of(const char *pattern, struct gram grams[static GRAMS_MAX])
{
	const char *end = pattern + strlen(pattern), *letters[GRAM] = { 0 };
	size_t n = 0, run = 0;
	for (const char *p = pattern; p < end && n < GRAMS_MAX;) {
		uint32_t point;
		if (*p == '%') {
			run = 0;
			p++;
			continue;
		}
		p += *p == '\\' && p + 1 < end;
		memmove(letters, letters + 1, (GRAM - 1) * sizeof *letters);
		letters[GRAM - 1] = p;
		p += utf8_decode(p, (size_t)(end - p), &point);
		if (++run < GRAM)
			continue;
		size_t used = 0;
		for (int i = 0; i < GRAM; i++) {
			size_t length = utf8_decode(letters[i], (size_t)(end - letters[i]), &point);
			memcpy(grams[n].text + used, letters[i], length);
			used += length;
		}
		grams[n].text[used] = '\0';
		grams[n++].n = 0;
	}
	return n;
}

static int rarest_first(const void *a, const void *b)
{
	return ((const struct gram *)a)->n - ((const struct gram *)b)->n;
}

/* A country's code and a provider's digits stand in nearly every number: reading where
 * they do would take longer than all the rest. */
static bool sort_grams(struct db *db, struct gram *grams, size_t n, struct fault *fault)
{
	struct statement *st = n <= GRAMS_ASKED ? NULL : db_statement(db, "SELECT fold(text) FROM far_ends ORDER BY id DESC LIMIT $1", fault);
	if (st == NULL)
		return n <= GRAMS_ASKED;
	db_bind(db, st, "i", (int64_t)SAMPLE);
	enum step step;
	while ((step = db_step(db, st, fault)) == STEP_ROW)
		for (size_t i = 0; i < n; i++)
			grams[i].n += strstr(db_text(db, st, 0), grams[i].text) != NULL;
	db->engine->reset(st);
	qsort(grams, n, sizeof *grams, rarest_first);
	return step == STEP_DONE;
}

/* What FTS5 is asked: "abc" AND "bcd". */
static void grams_text(const struct gram *grams, size_t n, struct text *out)
{
	for (size_t i = 0; i < MIN(n, (size_t)GRAMS_ASKED) && (i == 0 || grams[i].n < SAMPLE / 4); i++) {
		text_puts(out, i > 0 ? " AND \"" : "\"");
		for (const char *c = grams[i].text; *c != '\0'; c++) {
			if (*c == '"')
				text_putc(out, '"');
			text_putc(out, *c);
		}
		text_putc(out, '"');
	}
}

/* The numbers that fit, and whether names do. */
static bool ends_like(struct planner *p, const char *pattern, struct candidates *numbers)
{
	struct db *db = p->db;
	struct fault *fault = p->fault;
	struct gram grams[GRAMS_MAX];
	struct text wanted = { 0 };
	*numbers = (struct candidates){ .kind = ANY };
	p->pattern = pattern;
	p->is_a_name = true;
	size_t n_grams = text_like(pattern, "") ? 0 : grams_of(pattern, grams);
	if (n_grams == 0)
		return true;
	struct statement *st = !sort_grams(db, grams, n_grams, fault) ? NULL : db_statement(db, "SELECT e.id, e.is_name, e.text FROM far_end_grams g CROSS JOIN far_ends e ON e.id = g.rowid"
						" WHERE far_end_grams MATCH $1 ORDER BY g.rowid", fault);
	if (st == NULL)
		return false;
	grams_text(grams, n_grams, &wanted);
	db_bind(db, st, "t", text_string(&wanted));
	enum step step = STEP_DONE;
	size_t n_read = 0;
	bool named = false;
	while (n_read < READ_MAX && numbers->n <= PLAN_NUMBERS_MAX && (step = db_step(db, st, fault)) == STEP_ROW) {
		n_read++;
		const char *text = db_text(db, st, 2);
		if (!text_like(pattern, text))
			continue;
		if (db_int(db, st, 1) != 0) {
			named = true;
			continue;
		}
		numbers->ends = mem_grow(numbers->ends, numbers->n, &numbers->capacity, sizeof *numbers->ends);
		numbers->ends[numbers->n++] = (struct end){ db_int(db, st, 0), mem_strdup(text) };
	}
	db->engine->reset(st);
	text_clear(&wanted);
	if (step == STEP_DONE) { /* all were read */
		numbers->kind = numbers->n > 0 ? OF_ENDS : NONE;
		p->is_a_name = named;
	} else {
		clear(numbers);
	}
	return step != STEP_FAULT;
}

/* Is there somebody in such a team at all? */
static bool team_like(struct planner *p, const char *pattern, struct candidates *out)
{
	struct db *db = p->db;
	if (text_like(pattern, ""))
		return true;
	struct statement *st = db_statement(db, "SELECT 1 FROM people WHERE fold(team) LIKE $1 ESCAPE '\\' LIMIT 1", p->fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "t", pattern);
	enum step step = db_step(db, st, p->fault);
	if (step == STEP_DONE)
		out->kind = NONE;
	db->engine->reset(st);
	return step != STEP_FAULT;
}

static bool text_fits(struct planner *p, const struct filter_field *field, const char *pattern, struct candidates *out)
{
	struct candidates numbers;
	*out = (struct candidates){ .kind = ANY };
	switch ((enum call_field)field->id) {
	case CALL_FIELD_NUMBER:
	case CALL_FIELD_DST_NUMBER:
		return ends_like(p, pattern, out);
	case CALL_FIELD_FAR_NAME:
		if (p->pattern != pattern) {
			if (!ends_like(p, pattern, &numbers))
				return false;
			clear(&numbers);
		}
		out->kind = p->is_a_name ? ANY : NONE;
		return true;
	case CALL_FIELD_TEAM:
		return team_like(p, pattern, out);
	case CALL_FIELD_USER_NAME: case CALL_FIELD_USER_ID: case CALL_FIELD_USER_NUMBER:
	case CALL_FIELD_LOCATION: case CALL_FIELD_TYPE: case CALL_FIELD_TRUNK: {
		const char *ids = filter_words_ids(p->words, field->form == COLUMN_SITE, pattern);
		if (ids != NULL && *ids == '\0' && !text_like(pattern, ""))
			out->kind = NONE;
		return true;
	}
	case CALL_FIELD_COUNTRY: case CALL_FIELD_CLASS: case CALL_FIELD_TIER: case CALL_FIELD_DIRECTION:
	case CALL_FIELD_DURATION: case CALL_FIELD_RING: case CALL_FIELD_LEGS: case CALL_FIELD_COST:
	case CALL_FIELD_START: case CALL_FIELD_END: case CALL_FIELD_ANSWERED: case CALL_FIELD_FORWARDED:
	case CALL_FIELD_TRANSFERRED: case CALL_FIELD_QUEUED: case CALL_FIELD_ATTENDANT: case CALL_FIELD_VOICEMAIL:
	case CALL_FIELD_LOOK_ALIKE:
		return true;
	}
	return true;
}

/* ---- the tree -------------------------------------------------------------------------- */

static bool may_pass(struct planner *p, size_t at, struct candidates *out);

static bool searched(struct planner *p, const char *pattern, struct candidates *out)
{
	const struct filter_field *field;
	*out = (struct candidates){ .kind = NONE };
	for (size_t i = 0; out->kind != ANY && (field = filter_field_searched(FILTER_CALLS, i)) != NULL; i++) {
		struct candidates one;
		if (!text_fits(p, field, pattern, &one))
			return false;
		widen(out, &one);
	}
	return true;
}

static bool may_pass(struct planner *p, size_t at, struct candidates *out)
{
	const struct filter_node *node = &p->filter->nodes[at];
	struct candidates other = { 0 };
	*out = (struct candidates){ .kind = ANY };
	switch (node->kind) {
	case NODE_AND:
		if (!may_pass(p, node->left, out))
			return false;
		if (out->kind == NONE)
			return true;
		if (!may_pass(p, node->right, &other))
			return false;
		narrow(out, &other);
		return true;
	case NODE_OR:
		if (!may_pass(p, node->left, out))
			return false;
		if (out->kind == ANY)
			return true;
		if (!may_pass(p, node->right, &other))
			return false;
		widen(out, &other);
		return true;
	case NODE_TEXT:
		return text_fits(p, node->field, node->pattern, out);
	case NODE_SEARCH:
		return searched(p, node->pattern, out);
	case NODE_NOT:
	case NODE_RANGE:
		return true;
	}
	return true;
}

/* A call's id begins with the start of one of its legs: never before its own. */
static int64_t after_id(const struct filter *filter, size_t at)
{
	const struct filter_node *node = &filter->nodes[at];
	if (node->kind == NODE_AND) {
		int64_t left = after_id(filter, node->left), right = after_id(filter, node->right);
		return MAX(left, right);
	}
	if (node->kind != NODE_RANGE || node->field->id != CALL_FIELD_START || node->low <= 0 || node->low > INT64_MAX >> KEY_BITS)
		return 0;
	return (node->low << KEY_BITS) - 1;
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

bool call_plan_make(struct db *db, const struct filter *filter, const struct filter_words *words, struct call_plan *plan, struct fault *fault)
{
	struct planner planner = { .db = db, .filter = filter, .words = words, .fault = fault };
	struct candidates found = { .kind = ANY };
	bool full;
	*plan = (struct call_plan){ 0 };
	if (filter->n_nodes == 0)
		return true;
	plan->after_id = after_id(filter, filter->root);
	if (!far_ends_full(db, &full, fault) || (full && !may_pass(&planner, filter->root, &found))) {
		clear(&found);
		return false;
	}
	plan->kind = found.kind == ANY ? PLAN_WALK : found.kind == NONE ? PLAN_NOTHING : PLAN_NUMBERS;
	plan->numbers = mem_alloc((found.n + 1) * sizeof *plan->numbers);
	for (size_t i = 0; i < found.n; i++) {
		plan->numbers[plan->n++] = found.ends[i].number;
		found.ends[i].number = NULL;
	}
	clear(&found);
	qsort(plan->numbers, plan->n, sizeof *plan->numbers, by_text);
	return true;
}

void call_plan_clear(struct call_plan *plan)
{
	for (size_t i = 0; i < plan->n; i++)
		free(plan->numbers[i]);
	free(plan->numbers);
	*plan = (struct call_plan){ 0 };
}
