/* SPDX-License-Identifier: Apache-2.0 */
#include "store/call_runs.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "calls/call.h"
#include "store/call_bounds.h"

/* ---- what a filter asks of an hour --------------------------------------------------------- */

/* Appends the condition that some call of the hour may pass (wanted), or may not; false,
 * and nothing, where that is always so. */
static bool may(const struct filter *filter, size_t at, bool wanted, struct text *sql);

/* A number between two: by the least and the most there is. */
static bool may_size(const struct filter_node *node, const char *name, bool wanted, struct text *sql)
{
	bool low = node->low != INT64_MIN, high = node->high != INT64_MAX;
	if (!low && !high)
		return false;
	text_putc(sql, '(');
	if (low)
		text_printf(sql, wanted ? "%s_max >= %lld" : "%s_min < %lld", name, (long long)node->low);
	if (low && high)
		text_puts(sql, wanted ? " AND " : " OR ");
	if (high)
		text_printf(sql, wanted ? "%s_min <= %lld" : "%s_max > %lld", name, (long long)node->high);
	text_putc(sql, ')');
	return true;
}

static bool may_kind(const struct filter_node *node, const char *name, bool wanted, struct text *sql)
{
	int64_t mask = 0;
	for (int64_t i = MAX(node->low, (int64_t)0); i <= MIN(node->high, (int64_t)62); i++)
		mask |= INT64_C(1) << i;
	text_printf(sql, "(%s & %lld) <> 0", name, (long long)(wanted ? mask : INT64_MAX & ~mask));
	return true;
}

static bool may_flag(const struct filter_node *node, bool wanted, struct text *sql)
{
	bool set = (node->low == 1) == wanted;
	text_printf(sql, set ? "(flags_some & %lld) <> 0" : "(flags_all & %lld) = 0", (long long)node->field->bit);
	return true;
}

static bool may_range(const struct filter_node *node, bool wanted, struct text *sql)
{
	switch ((enum call_field)node->field->id) {
	case CALL_FIELD_DURATION: return may_size(node, "talk", wanted, sql);
	case CALL_FIELD_RING: return may_size(node, "ring", wanted, sql);
	case CALL_FIELD_LEGS: return may_size(node, "legs", wanted, sql);
	case CALL_FIELD_COST: return may_size(node, "cost", wanted, sql);
	case CALL_FIELD_CLASS: return may_kind(node, "classes", wanted, sql);
	case CALL_FIELD_TIER: return may_kind(node, "tiers", wanted, sql);
	case CALL_FIELD_DIRECTION: return may_kind(node, "directions", wanted, sql);
	case CALL_FIELD_ANSWERED: case CALL_FIELD_FORWARDED: case CALL_FIELD_TRANSFERRED: case CALL_FIELD_QUEUED: case CALL_FIELD_ATTENDANT:
	case CALL_FIELD_VOICEMAIL: case CALL_FIELD_LOOK_ALIKE:
		return may_flag(node, wanted, sql);
	case CALL_FIELD_COUNTRY: case CALL_FIELD_DST_NUMBER: case CALL_FIELD_NUMBER: case CALL_FIELD_FAR_NAME: case CALL_FIELD_USER_NAME:
	case CALL_FIELD_USER_ID: case CALL_FIELD_TEAM: case CALL_FIELD_USER_NUMBER: case CALL_FIELD_LOCATION: case CALL_FIELD_TYPE:
	case CALL_FIELD_TRUNK: case CALL_FIELD_START: case CALL_FIELD_END:
		return false;
	}
	return false;
}

/* Both at once, or one of two: where one is always so, the other decides, or nothing does. */
static bool may_two(const struct filter *filter, const struct filter_node *node, bool wanted, struct text *sql)
{
	bool both = (node->kind == NODE_AND) == wanted;
	struct text left = { 0 }, right = { 0 };
	bool says_left = may(filter, node->left, wanted, &left), says_right = may(filter, node->right, wanted, &right);
	bool says = both ? says_left || says_right : says_left && says_right;
	if (says && says_left && says_right)
		text_printf(sql, "(%s %s %s)", text_string(&left), both ? "AND" : "OR", text_string(&right));
	else if (says)
		text_puts(sql, text_string(says_left ? &left : &right));
	text_clear(&left);
	text_clear(&right);
	return says;
}

static bool may(const struct filter *filter, size_t at, bool wanted, struct text *sql)
{
	const struct filter_node *node = &filter->nodes[at];
	switch (node->kind) {
	case NODE_AND:
	case NODE_OR:
		return may_two(filter, node, wanted, sql);
	case NODE_NOT:
		return may(filter, node->left, !wanted, sql);
	case NODE_RANGE:
		return may_range(node, wanted, sql);
	case NODE_TEXT:
	case NODE_SEARCH:
		return false;
	}
	return false;
}

bool call_runs_make(struct db *db, const struct filter *filter, struct call_runs *runs, struct fault *fault)
{
	struct text sql = { 0 };
	int64_t below;
	*runs = (struct call_runs){ .below_hour = -1 };
	if (filter->n_nodes == 0 || !may(filter, filter->root, true, &sql)) {
		text_clear(&sql);
		return true;
	}
	runs->may_pass = mem_strdup(text_string(&sql));
	text_clear(&sql);
	if (!call_bounds_below(db, &below, fault))
		return false;
	runs->below_hour = below == 0 ? -1 : CALL_HOUR(below);
	return true;
}

void call_runs_clear(struct call_runs *runs)
{
	free(runs->may_pass);
	*runs = (struct call_runs){ 0 };
}

/* ---- run by run ---------------------------------------------------------------------------- */

/* The first hour from here on of which it is so, among those that are known. */
static bool find_hour(struct db *db, const struct call_runs *runs, bool upwards, int64_t from, bool passes, int64_t *hour, bool *any, struct fault *fault)
{
	struct text sql = { 0 };
	/* One run after the other asks the same. */
	text_printf(&sql, "SELECT hour FROM call_bounds WHERE hour %s $1 AND hour > $2 AND %s(%s) ORDER BY hour%s LIMIT 1", upwards ? ">=" : "<=",
	    passes ? "" : "NOT ", runs->may_pass, upwards ? "" : " DESC");
	struct statement *st = db_statement_kept(db, text_string(&sql), fault);
	text_clear(&sql);
	if (st == NULL)
		return false;
	db_bind(db, st, "ii", from, runs->below_hour);
	enum step step = db_step(db, st, fault);
	*any = step == STEP_ROW;
	*hour = *any ? db_int(db, st, 0) : 0;
	db->engine->reset(st);
	return step != STEP_FAULT;
}

bool call_runs_next(struct db *db, const struct call_runs *runs, bool upwards, int64_t from_hour, int64_t *first, int64_t *last, bool *any, struct fault *fault)
{
	int64_t begin, end;
	bool ends;
	*any = true;
	*first = 0;
	*last = runs->below_hour;
	if (upwards && from_hour <= runs->below_hour)
		return true;
	if (!find_hour(db, runs, upwards, from_hour, true, &begin, any, fault))
		return false;
	if (!*any) {
		*any = !upwards && runs->below_hour >= 0;
		return true;
	}
	if (!find_hour(db, runs, upwards, begin, false, &end, &ends, fault))
		return false;
	*first = upwards ? begin : ends ? end + 1 : runs->below_hour + 1;
	*last = !upwards ? begin : ends ? end - 1 : CALL_HOUR(INT64_MAX);
	return true;
}
