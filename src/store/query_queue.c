/* SPDX-License-Identifier: Apache-2.0
 *
 * A page of the queue, from anywhere in any order: an index is walked from a mark
 * on, so that a million alerts cost what a hundred do. A filter is asked of some
 * thousand rows at a time, until the page is full or the time is up.
 *
 * A group's row is the first of its alerts in the order: one that none of the others
 * comes before. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "store/alert_rows.h"
#include "store/past.h"
#include "store/query_parts.h"
#include "store/query_queue.h"
#include "store/request_rows.h"

#define CHUNK	   2000 /* rows that a filter is asked of at once: some milliseconds */
#define CHUNK_PAST 1500 /* … that a moment is asked of: most were there then */
#define CHUNK_LEADS 500 /* rows that are first asked whether they lead their group: mostly a page is full then */
#define SCREEN	   50	/* rows: with so many a search tells what it found before its time is up */
#define FEW_LEADS  4000 /* in so many rows; where there are not enough, groups are large, and may be few */
#define GROUPS_MAX 4000 /* that are gone through one by one: some ten milliseconds */

static const struct {
	const char *name, *column;
	bool is_text, ascending;
} orders[N_ORDERS] = {
#define ALERT_ORDER_ROW(id, name, column, is_text, ascending) [id] = { name, column, is_text, ascending },
	ALERT_ORDERS(ALERT_ORDER_ROW)
#undef ALERT_ORDER_ROW
};

const char *alert_order_name(enum alert_order order)
{
	return orders[order].name;
}

bool alert_order_named(const char *name, enum alert_order *order)
{
	for (int i = 0; i < N_ORDERS; i++)
		if (strcmp(orders[i].name, name) == 0) {
			*order = (enum alert_order)i;
			return true;
		}
	return false;
}

struct alert_mark alert_mark_of(const struct alert *a, enum alert_order order)
{
	struct alert_mark mark = { .rank = a->state == ALERT_CLOSED ? 0 : a->state == ALERT_SNOOZED ? 1 : 2,
		.raised_ms = a->raised_ms, .id = a->id };
	switch (order) {
	case ORDER_SEVERITY: mark.number = a->severity; break;
	case ORDER_SLA: mark.number = -triage_due_ms(a); break;
	case ORDER_SCORE: mark.number = a->score; break;
	case ORDER_HITS: mark.number = a->count; break;
	case ORDER_COST: mark.number = a->cost_micro; break;
	case ORDER_STATE: mark.number = a->state; break;
	case ORDER_WHO: mark.text = a->subject_name; break;
	case ORDER_RULE: mark.text = a->rule; break;
	case ORDER_SITE: mark.text = a->location; break;
	case ORDER_OWNER: mark.text = a->assignee; break;
	case ORDER_TIME: case N_ORDERS: break;
	}
	return mark;
}

struct alert_mark alert_mark_behind(struct alert_mark mark)
{
	mark.id--; /* of equals the greater number is first */
	return mark;
}

static int by_number(int64_t a, int64_t b)
{
	return (a > b) - (a < b);
}

int alert_mark_compare(const struct alert_mark *a, const struct alert_mark *b, enum alert_order order)
{
	int first = by_number(b->rank, a->rank);
	if (first == 0 && orders[order].is_text)
		first = strcmp(a->text == NULL ? "" : a->text, b->text == NULL ? "" : b->text);
	else if (first == 0 && orders[order].column != NULL)
		first = orders[order].ascending ? by_number(a->number, b->number) : by_number(b->number, a->number);
	if (first == 0)
		first = by_number(b->raised_ms, a->raised_ms);
	return first != 0 ? first : by_number(b->id, a->id);
}

/* ---- conditions ------------------------------------------------------------------ */

/* The order's columns, in the direction of the walk. */
static void order_by(struct text *sql, enum alert_order order, bool backwards)
{
	if (orders[order].column != NULL)
		text_printf(sql, "%s%s, ", orders[order].column, orders[order].ascending != backwards ? "" : " DESC");
	text_printf(sql, backwards ? "raised_ms, id" : "raised_ms DESC, id DESC");
}

/* Of what is at or behind a mark. An order that ascends goes two ways, as of equals the
 * newest is first, and an index is entered one way: what equals the mark is read by
 * itself, from the mark on, and then what is behind all of that. Else a million alerts
 * of nobody would be gone through up to the one that the cursor is on. */
enum part { WHOLE, EQUALS, BEHIND };

static enum part first_part(enum alert_order order, const struct alert_mark *mark)
{
	return mark != NULL && orders[order].ascending ? EQUALS : WHOLE;
}

/* At or behind the mark; backwards: before it. Parameters $p: the order's own value,
 * where it has one, then its time and its number. */
static void beyond_mark(struct text *sql, enum alert_order order, bool backwards, enum part part, int p)
{
	const char *column = orders[order].column, *rest = backwards ? ">" : "<=";
	if (part == BEHIND)
		text_printf(sql, " AND %s %s $%d", column, backwards ? "<" : ">", p);
	else if (part == EQUALS)
		text_printf(sql, " AND %s = $%d AND (raised_ms, id) %s ($%d, $%d)", column, p, rest, p + 1, p + 2);
	else if (column == NULL)
		text_printf(sql, " AND (raised_ms, id) %s ($%d, $%d)", rest, p, p + 1);
	else
		text_printf(sql, " AND (%s, raised_ms, id) %s ($%d, $%d, $%d)", column, rest, p, p + 1, p + 2);
}

/* Not as far as the next chunk's mark, where that is on the same way. */
static void up_to_mark(struct text *sql, enum alert_order order, bool backwards, enum part part, int p)
{
	const char *column = part == EQUALS ? NULL : orders[order].column, *rest = backwards ? "<=" : ">";
	if (column == NULL)
		text_printf(sql, " AND (raised_ms, id) %s ($%d, $%d)", rest, p, p + 1);
	else
		text_printf(sql, " AND (%s, raised_ms, id) %s ($%d, $%d, $%d)", column, rest, p, p + 1, p + 2);
}

/* That b is of the same group as a. */
static const char *same_group(enum alert_grouping grouping)
{
	switch (grouping) {
	case GROUP_CASE: return "b.case_id = a.case_id";
	case GROUP_SUBJECT: return "b.subject_id = a.subject_id AND b.subject_kind = a.subject_kind";
	case GROUP_FINGERPRINT: return "b.fingerprint = a.fingerprint";
	case GROUP_NONE: case GROUP_RULE: case GROUP_SITE: case N_GROUPINGS: break;
	}
	return NULL;
}

/* That a is the first of its group. */
static void is_lead(struct text *sql, const struct queue_walk *walk, int rank)
{
	const char *same = same_group(walk->grouping), *column = orders[walk->order].column;
	if (same == NULL)
		return;
	if (rank < 2)
		text_printf(sql, " AND NOT EXISTS (SELECT 1 FROM alerts b WHERE %s AND b.rank > %d AND (%s))", same, rank, walk->condition);
	/* The + 0 keeps the planner in the group: by an order's index it would walk all that
	 * comes before, of whatever group. The order of severity is the groups' own. */
	text_printf(sql, " AND NOT EXISTS (SELECT 1 FROM alerts b WHERE %s AND b.rank%s = %d AND ", same, walk->order == ORDER_SEVERITY ? "" : " + 0", rank);
	if (column == NULL)
		text_puts(sql, "(b.raised_ms, b.id) > (a.raised_ms, a.id)");
	else if (!orders[walk->order].ascending)
		text_printf(sql, "(b.%s, b.raised_ms, b.id) > (a.%s, a.raised_ms, a.id)", column, column);
	else
		text_printf(sql, "b.%s <= a.%s AND (b.%s < a.%s OR (b.raised_ms, b.id) > (a.raised_ms, a.id))", column, column, column, column);
	text_printf(sql, " AND (%s))", walk->condition);
}

/* ---- a walk ---------------------------------------------------------------------- */

static void bind_place(struct db *db, struct statement *st, int p, const struct alert_mark *mark)
{
	db->engine->bind_int(st, p, mark->raised_ms);
	db->engine->bind_int(st, p + 1, mark->id);
}

static void bind_mark(struct db *db, struct statement *st, const struct queue_walk *walk, enum part part, int p, const struct alert_mark *mark)
{
	const char *text = mark->text == NULL ? "" : mark->text;
	if (orders[walk->order].is_text)
		db->engine->bind_text(st, p, text, strlen(text));
	else if (orders[walk->order].column != NULL)
		db->engine->bind_int(st, p, mark->number);
	if (part != BEHIND)
		bind_place(db, st, p + (orders[walk->order].column != NULL), mark);
}

/* The rows of a statement. */
static bool take_found(struct db *db, struct statement *st, struct queue_walk *walk, struct fault *fault)
{
	enum step step;
	while ((step = db_step(db, st, fault)) == STEP_ROW) {
		walk->rows = mem_grow(walk->rows, walk->n, &walk->capacity, sizeof *walk->rows);
		alert_row_read(db, st, walk->arena, &walk->rows[walk->n++]);
	}
	return step == STEP_DONE;
}

/* The rows of a rank from the mark on (NULL: from its end), a part of them, as many as
 * there is room for. searched: of so many, that is up to `next` (NULL: the part's end); 0: of all. */
static bool read_rows(struct db *db, struct queue_walk *walk, int rank, const struct alert_mark *mark, enum part part, size_t searched,
    const struct alert_mark *next, struct fault *fault)
{
	struct text sql = { 0 };
	int p = (int)walk->filter->n_values + 1, p_next = p + 3;
	/* Where their stretch of the index is bounded, rows are read in place; as a table
	 * of their own each would be copied with all its columns. */
	bool now = strcmp(walk->searched, "alerts") == 0;
	bool copied = searched > 0 && ((orders[walk->order].ascending && part != EQUALS) || !now);
	bool bounded = searched > 0 && !copied && next != NULL;
	const char *table = searched > 0 ? walk->searched : "alerts";
	text_printf(&sql, copied ? "SELECT %s FROM (SELECT * FROM %s WHERE rank = %d" : "SELECT %s FROM %s a WHERE rank = %d", walk->columns, table, rank);
	if (mark != NULL)
		beyond_mark(&sql, walk->order, walk->backwards, part, p);
	if (bounded)
		up_to_mark(&sql, walk->order, walk->backwards, part, p_next);
	if (copied) {
		text_puts(&sql, " ORDER BY ");
		order_by(&sql, walk->order, walk->backwards);
		text_printf(&sql, " LIMIT %zu) a WHERE (%s)", searched, walk->condition);
	} else {
		text_printf(&sql, " AND (%s)", walk->condition);
	}
	is_lead(&sql, walk, rank);
	text_puts(&sql, " ORDER BY ");
	order_by(&sql, walk->order, walk->backwards);
	text_printf(&sql, " LIMIT %zu", walk->limit - walk->n);
	struct statement *st = db_statement_kept(db, text_string(&sql), fault);
	text_clear(&sql);
	if (st == NULL)
		return false;
	query_bind(db, st, walk->filter);
	if (mark != NULL)
		bind_mark(db, st, walk, part, p, mark);
	if (bounded && part == EQUALS)
		bind_place(db, st, p_next, next);
	else if (bounded)
		bind_mark(db, st, walk, part, p_next, next);
	bool ok = take_found(db, st, walk, fault);
	db->engine->reset(st);
	return ok;
}

/* Where the next chunk of this part begins; backwards a mark is what comes behind, so it
 * is the last of this one. */
static bool next_mark(struct db *db, struct queue_walk *walk, int rank, const struct alert_mark *from, enum part part, int chunk, struct alert_mark *next, bool *any,
    struct fault *fault)
{
	struct text sql = { 0 };
	struct filter_sql none = { 0 };
	const char *column = orders[walk->order].column;
	text_printf(&sql, "SELECT raised_ms, id, %s FROM %s WHERE rank = %d", column == NULL ? "0" : column, walk->searched, rank);
	if (from != NULL)
		beyond_mark(&sql, walk->order, walk->backwards, part, 1);
	text_puts(&sql, " ORDER BY ");
	order_by(&sql, walk->order, walk->backwards);
	text_printf(&sql, " LIMIT 1 OFFSET %d", walk->backwards ? chunk - 1 : chunk);
	struct statement *st = NULL;
	bool ok = query_prepare(db, text_string(&sql), &none, &st, fault);
	text_clear(&sql);
	if (!ok)
		return false;
	if (from != NULL)
		bind_mark(db, st, walk, part, 1, from);
	enum step step = db_step(db, st, fault);
	*any = step == STEP_ROW;
	if (*any) {
		*next = (struct alert_mark){ .rank = rank, .raised_ms = db_int(db, st, 0), .id = db_int(db, st, 1) };
		if (orders[walk->order].is_text)
			next->text = arena_strdup(walk->arena, db_text(db, st, 2));
		else if (column != NULL)
			next->number = db_int(db, st, 2);
	}
	db->engine->finish(st);
	return step != STEP_FAULT;
}

/* ---- few groups ------------------------------------------------------------------ */

/* The leads of all groups in the order of severity, one step of a group's index each, up
 * to one more than are gone through: as leads (lead, nth). */
static void all_leads(struct text *sql, const struct queue_walk *walk)
{
	enum alert_grouping grouping = walk->grouping;
	const char *key = grouping == GROUP_CASE ? "case_id" : grouping == GROUP_FINGERPRINT ? "fingerprint" : "subject_id";
	char first[200];
	snprintf(first, sizeof first, " ORDER BY b.%s DESC%s, b.rank DESC, b.severity DESC, b.raised_ms DESC, b.id DESC LIMIT 1)", key,
	    grouping == GROUP_SUBJECT ? ", b.subject_kind DESC" : "");
	text_printf(sql, "WITH RECURSIVE leads(lead, nth) AS (SELECT (SELECT b.id FROM alerts b WHERE (%s)%s, 1 UNION ALL SELECT ", walk->condition, first);
	/* One that is behind in both columns at once would be looked for by the first alone. */
	if (grouping == GROUP_SUBJECT)
		text_printf(sql, "coalesce((SELECT b.id FROM alerts b WHERE b.subject_id = a.subject_id AND b.subject_kind < a.subject_kind AND (%s)%s, ", walk->condition, first);
	text_printf(sql, "(SELECT b.id FROM alerts b WHERE b.%s < a.%s AND (%s)%s%s, nth + 1 FROM leads JOIN alerts a ON a.id = lead WHERE nth <= %d) ",
	    key, key, walk->condition, first, grouping == GROUP_SUBJECT ? ")" : "", GROUPS_MAX);
}

static bool are_groups_few(struct db *db, struct queue_walk *walk, struct fault *fault)
{
	struct text sql = { 0 };
	struct filter_sql none = { 0 };
	struct statement *st = NULL;
	walk->groups_known = true;
	if (walk->order != ORDER_SEVERITY)
		return true;
	all_leads(&sql, walk);
	text_puts(&sql, "SELECT count(lead) FROM leads");
	bool ok = query_prepare(db, text_string(&sql), &none, &st, fault);
	text_clear(&sql);
	if (!ok)
		return false;
	enum step step = db_step(db, st, fault);
	walk->groups_few = step == STEP_ROW && db_int(db, st, 0) <= GROUPS_MAX;
	db->engine->finish(st);
	return step != STEP_FAULT;
}

/* The rows of a rank from the mark on, of groups that are few. */
static bool read_leads(struct db *db, struct queue_walk *walk, int rank, const struct alert_mark *mark, struct fault *fault)
{
	struct text sql = { 0 };
	struct filter_sql none = { 0 };
	struct statement *st = NULL;
	all_leads(&sql, walk);
	text_printf(&sql, "SELECT %s FROM leads CROSS JOIN alerts WHERE alerts.id = lead AND rank = %d", walk->columns, rank);
	if (mark != NULL)
		beyond_mark(&sql, walk->order, walk->backwards, WHOLE, 1);
	text_puts(&sql, " ORDER BY ");
	order_by(&sql, walk->order, walk->backwards);
	text_printf(&sql, " LIMIT %zu", walk->limit - walk->n);
	bool ok = query_prepare(db, text_string(&sql), &none, &st, fault);
	text_clear(&sql);
	if (ok && mark != NULL)
		bind_mark(db, st, walk, WHOLE, 1, mark);
	ok = ok && take_found(db, st, walk, fault);
	if (st != NULL)
		db->engine->finish(st);
	return ok;
}

/* ---- rank by rank ---------------------------------------------------------------- */

static bool search_rank(struct db *db, struct queue_walk *walk, int rank, const struct alert_mark *from, struct fault *fault)
{
	struct alert_mark mark, next;
	bool grouped = same_group(walk->grouping) != NULL && walk->nearly_all;
	int chunk = grouped ? (int)MIN(MAX(4 * walk->limit, (size_t)CHUNK_LEADS), (size_t)CHUNK) : walk->all ? CHUNK_PAST : CHUNK;
	enum part part = first_part(walk->order, from);
	if (from != NULL)
		mark = *from;
	while (walk->n < walk->limit && !walk->out_of_time) {
		const struct alert_mark *at = from == NULL ? NULL : &mark;
		bool more;
		if (grouped && !walk->groups_known && walk->n_searched >= FEW_LEADS && !are_groups_few(db, walk, fault))
			return false;
		if (walk->groups_few)
			return read_leads(db, walk, rank, at, fault);
		if (!next_mark(db, walk, rank, at, part, chunk, &next, &more, fault) ||
		    !read_rows(db, walk, rank, at, part, (size_t)chunk, more ? &next : NULL, fault))
			return false;
		if (!more && part == EQUALS) {
			part = BEHIND;
			continue;
		}
		walk->n_searched += chunk;
		chunk = grouped ? CHUNK : chunk;
		if (!more)
			break;
		from = &mark;
		mark = next;
		part = first_part(walk->order, from);
		int64_t now_ns = walk->until_ns > 0 ? clock_steady_ns() : 0;
		if (walk->n < walk->limit && walk->until_ns > 0 && (now_ns > walk->until_ns || (now_ns > walk->early_ns && walk->n >= SCREEN))) {
			walk->out_of_time = true;
			walk->resume = mark;
		}
	}
	return true;
}

/* Without a filter: what there is from the mark on. */
static bool read_rank(struct db *db, struct queue_walk *walk, int rank, const struct alert_mark *from, struct fault *fault)
{
	enum part part = first_part(walk->order, from);
	return read_rows(db, walk, rank, from, part, 0, NULL, fault) &&
	    (part == WHOLE || walk->n == walk->limit || read_rows(db, walk, rank, from, BEHIND, 0, NULL, fault));
}

bool queue_walk(struct db *db, struct queue_walk *walk, int lowest_rank, const struct alert_mark *from, struct fault *fault)
{
	/* One that is first of its group may be far from the next. */
	bool plain = walk->nearly_all && same_group(walk->grouping) == NULL;
	int first = walk->backwards ? lowest_rank : 2, last = walk->backwards ? 2 : lowest_rank, step = walk->backwards ? 1 : -1;
	assert(from == NULL || (from->rank >= 0 && from->rank <= 2));
	if (from != NULL)
		first = from->rank;
	for (int rank = first; rank != last + step && walk->n < walk->limit && !walk->out_of_time; rank += step) {
		const struct alert_mark *mark = from != NULL && rank == from->rank ? from : NULL;
		if (!(plain ? read_rank(db, walk, rank, mark, fault) : search_rank(db, walk, rank, mark, fault)))
			return false;
	}
	for (size_t i = 0; walk->backwards && i < walk->n / 2; i++) {
		struct alert swapped = walk->rows[i];
		walk->rows[i] = walk->rows[walk->n - 1 - i];
		walk->rows[walk->n - 1 - i] = swapped;
	}
	return true;
}

/* ---- the query ------------------------------------------------------------------- */

static bool count_open(struct db *db, const char *me, struct alert_list *out, struct fault *fault)
{
	struct statement *st = db_statement(db,
	    "SELECT severity, sum(n), sum(CASE WHEN assignee = $1 THEN n ELSE 0 END) FROM open_alerts GROUP BY severity", fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "t", me);
	enum step step;
	while ((step = db_step(db, st, fault)) == STEP_ROW) {
		int64_t severity = db_int(db, st, 0);
		if (severity < 0 || severity > 3)
			continue;
		out->n_by_severity[severity] = db_int(db, st, 1);
		out->n_open += db_int(db, st, 1);
		out->n_mine += db_int(db, st, 2);
	}
	db->engine->reset(st);
	return step == STEP_DONE;
}

static void take_rows(struct queue_walk *walk, struct alert_list *out)
{
	size_t extra = walk->n == walk->limit; /* one more than was asked for tells that there are more */
	out->more = extra > 0;
	out->n = walk->n - extra;
	out->items = arena_alloc(walk->arena, (out->n + 1) * sizeof *out->items);
	if (out->n > 0)
		memcpy(out->items, walk->rows + (walk->backwards ? extra : 0), out->n * sizeof *out->items);
	out->searching = walk->out_of_time;
	out->resume = walk->resume;
	out->n_searched = walk->n_searched;
}

bool query_alerts(struct db *db, const struct alert_query *query, const char *me,
    struct arena *arena, struct alert_list *out, struct fault *fault)
{
	struct filter_sql filter;
	*out = (struct alert_list){ 0 };
	if ((!query->uncounted && !count_open(db, me, out, fault)) ||
	    !db_ask_int(db, "SELECT value FROM counters WHERE name = 'revision'", 0, &out->revision, fault) ||
	    !db_ask_int(db, "SELECT value FROM counters WHERE name = 'alert'", 0, &out->newest_id, fault) ||
	    !filter_sql_read(FILTER_ALERTS, query->filter == NULL ? "" : query->filter, 1,
		query->now_ms != 0 ? query->now_ms : clock_real_ms(), &filter, fault))
		return false;
	bool all = !query->silenced && strcmp(text_string(&filter.sql), "1=1") == 0;
	if (query->silenced)
		text_printf(&filter.sql, " AND silence_until_ms > %lld", (long long)(query->at_ms != 0 ? query->at_ms : clock_real_ms()));
	int lowest = query->closed_too || query->silenced || query->only_gone ? 0 : 1;
	/* What was taken away is closed, and stays so; in a moment that is gone it may have been open. */
	if (query->without_gone && (lowest == 0 || query->at_ms != 0))
		text_puts(&filter.sql, " AND " NOT_TAKEN("id"));
	if (query->only_gone)
		text_puts(&filter.sql, " AND id IN (SELECT alert_id FROM tombstones)");
	if (query->at_ms != 0)
		text_printf(&filter.sql, PAST_PASSES, (long long)query->at_ms);
	struct queue_walk walk = { .order = query->order, .grouping = query->grouping, .backwards = query->backwards,
		.columns = query->reasons ? ALERT_COLUMNS : ALERT_LIST_COLUMNS, .condition = text_string(&filter.sql), .filter = &filter, .all = all,
		.nearly_all = all && !query->only_gone && query->at_ms == 0, .searched = query->at_ms != 0 ? "alerts_ever" : "alerts",
		.limit = MIN(query->limit, (size_t)100000) + 1, .arena = arena,
		.until_ns = query->budget_ms > 0 ? clock_steady_ns() + query->budget_ms * 1000000 : 0 };
	walk.early_ns = walk.until_ns - query->budget_ms * 750000;
	walk.now_ms = query->now_ms != 0 ? query->now_ms : clock_real_ms();
	bool ok;
	if (query->grouping == GROUP_RULE || query->grouping == GROUP_SITE) {
		ok = queue_few_groups(db, &walk, lowest, out, fault);
	} else {
		ok = queue_walk(db, &walk, lowest, query->from, fault);
		if (ok)
			take_rows(&walk, out);
		ok = ok && (query->grouping == GROUP_NONE || queue_members(db, &walk, lowest, out, fault));
	}
	ok = ok && queue_opened(db, &walk, lowest, query, out, fault);
	free(walk.rows);
	filter_sql_clear(&filter);
	return ok;
}
