/* SPDX-License-Identifier: Apache-2.0
 *
 * What the rows of a grouped queue stand for: how many alerts, how bad, since when. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "store/alert_rows.h"
#include "store/query_parts.h"
#include "store/query_queue.h"

#define FEW_GROUPS 1000
/* Records of groups that are counted once each, of a group and of all that are asked for: some
 * ten milliseconds. Beyond that their sums are said to be the most it can be. */
#define SHARED_MAX     5000
#define SHARED_MAX_ALL 30000

/* The members of a group; $p and $p + 1 say which. */
static void is_member(struct text *sql, enum alert_grouping grouping, int p)
{
	static const char *const columns[N_GROUPINGS] = { [GROUP_NONE] = "id", [GROUP_CASE] = "case_id", [GROUP_SUBJECT] = "subject_id",
		[GROUP_FINGERPRINT] = "fingerprint", [GROUP_RULE] = "rule", [GROUP_SITE] = "location" };
	text_printf(sql, "%s = $%d", columns[grouping], p);
	if (grouping == GROUP_SUBJECT)
		text_printf(sql, " AND subject_kind = $%d", p + 1);
}

static void bind_member(struct db *db, struct statement *st, enum alert_grouping grouping, int p, const struct alert *of)
{
	const char *text = grouping == GROUP_SUBJECT ? of->subject_id : grouping == GROUP_RULE ? of->rule : of->location;
	if (grouping == GROUP_SUBJECT || grouping == GROUP_RULE || grouping == GROUP_SITE)
		db->engine->bind_text(st, p, text == NULL ? "" : text, text == NULL ? 0 : strlen(text));
	else
		db->engine->bind_int(st, p, grouping == GROUP_CASE ? of->case_id : grouping == GROUP_FINGERPRINT ? (int64_t)of->fingerprint : of->id);
	if (grouping == GROUP_SUBJECT)
		db->engine->bind_int(st, p + 1, (int64_t)of->subject_kind);
}

/* Alerts of a group share records: each counts once, and what it costs. */
static bool prepare_records(struct db *db, const struct queue_walk *walk, const char *ranks, struct statement **st, struct fault *fault)
{
	struct text sql = { 0 };
	text_puts(&sql, "SELECT count(*), sum(cost), sum(times) FROM (SELECT max(cost_micro) AS cost, count(*) AS times FROM evidence WHERE alert_id IN (SELECT id FROM alerts WHERE ");
	is_member(&sql, walk->grouping, (int)walk->filter->n_values + 1);
	text_printf(&sql, " AND rank %s AND (%s)) GROUP BY leg_id) AS once", ranks, walk->condition);
	bool ok = query_prepare(db, text_string(&sql), walk->filter, st, fault);
	text_clear(&sql);
	return ok;
}

static bool count_once(struct db *db, const struct queue_walk *walk, struct statement *st, const struct alert *of, struct alert_group *group, int64_t *left,
    struct fault *fault)
{
	group->at_most = group->n > 1;
	if (group->n < 2 || group->hits > MIN(*left, (int64_t)SHARED_MAX))
		return true;
	*left -= group->hits;
	bind_member(db, st, walk->grouping, (int)walk->filter->n_values + 1, of);
	enum step step = db_step(db, st, fault);
	/* Where evidence is gone it says nothing of what was shared. */
	if (step == STEP_ROW && db_int(db, st, 2) == group->hits) {
		group->hits = db_int(db, st, 0);
		group->cost_micro = db_int(db, st, 1);
		group->at_most = false;
	}
	db->engine->reset(st);
	query_bind(db, st, walk->filter); /* the reset forgot them */
	return step == STEP_ROW;
}

static bool prepare_members(struct db *db, const struct queue_walk *walk, const char *columns, const char *ranks, const char *tail,
    struct statement **st, struct fault *fault)
{
	struct text sql = { 0 };
	int p = (int)walk->filter->n_values + 1;
	text_printf(&sql, "SELECT %s FROM alerts WHERE ", columns);
	is_member(&sql, walk->grouping, p);
	text_printf(&sql, " AND rank %s AND (%s) %s", ranks, walk->condition, tail);
	bool ok = query_prepare(db, text_string(&sql), walk->filter, st, fault);
	text_clear(&sql);
	return ok;
}

static void count_trend(struct alert_group *group, int64_t raised_ms, int64_t now_ms)
{
	int64_t ago = (now_ms - raised_ms) / TREND_STEP_MS;
	if (raised_ms <= now_ms && ago < TREND_STEPS)
		group->trend[TREND_STEPS - 1 - ago]++;
}

struct member {
	int64_t id;
	int rank;
};

static bool read_group(struct db *db, const struct queue_walk *walk, struct statement *st, const struct alert *of,
    struct alert_group *group, struct fault *fault)
{
	struct member members[GROUP_MEMBERS_MAX];
	size_t n = 0;
	int best_rank = -1;
	*group = (struct alert_group){ .severity = of->severity, .score = of->score };
	bind_member(db, st, walk->grouping, (int)walk->filter->n_values + 1, of);
	enum step step;
	while ((step = db_step(db, st, fault)) == STEP_ROW) {
		int rank = (int)db_int(db, st, 1), score = (int)db_int(db, st, 3);
		enum severity severity = (enum severity)db_int(db, st, 2);
		group->n++;
		group->hits += db_int(db, st, 4);
		group->cost_micro += db_int(db, st, 5);
		count_trend(group, db_int(db, st, 6), walk->now_ms);
		/* Those that wait say how bad it is; where none does, all. */
		if (rank == 2 && best_rank < 2) {
			best_rank = 2;
			group->severity = severity;
			group->score = score;
		} else if (best_rank < 2 || rank == 2) {
			group->severity = MAX(group->severity, severity);
			group->score = MAX(group->score, score);
		}
		if (n < GROUP_MEMBERS_MAX)
			members[n++] = (struct member){ db_int(db, st, 0), rank };
	}
	db->engine->reset(st);
	int64_t *ids = arena_alloc(walk->arena, (n + 1) * sizeof *ids);
	bool any_open = false;
	for (size_t i = 0; i < n; i++)
		any_open |= members[i].rank > 0;
	for (size_t i = 0; i < n; i++)
		if (!any_open || members[i].rank > 0)
			ids[group->n_ids++] = members[i].id;
	group->ids = ids;
	return step == STEP_DONE;
}

bool queue_members(struct db *db, const struct queue_walk *walk, int lowest_rank, struct alert_list *out, struct fault *fault)
{
	static const char *const ranks[] = { ">= 0", ">= 1" };
	struct statement *st = NULL, *once = NULL;
	int64_t left = SHARED_MAX_ALL;
	out->groups = arena_zalloc(walk->arena, (out->n + 1) * sizeof *out->groups);
	if (!prepare_members(db, walk, "id, rank, severity, score, n_legs, cost_micro, raised_ms", ranks[lowest_rank > 0], "ORDER BY rank DESC, severity DESC, raised_ms DESC, id DESC LIMIT 20000", &st, fault))
		return false;
	bool ok = prepare_records(db, walk, ranks[lowest_rank > 0], &once, fault);
	for (size_t i = 0; ok && i < out->n; i++) {
		ok = read_group(db, walk, st, &out->items[i], &out->groups[i], fault);
		query_bind(db, st, walk->filter); /* the reset forgot them */
		ok = ok && count_once(db, walk, once, &out->items[i], &out->groups[i], &left, fault);
	}
	db->engine->finish(st);
	if (once != NULL)
		db->engine->finish(once);
	return ok;
}

/* ---- few and large ones ------------------------------------------------------------ */

struct few {
	struct few_one {
		char *key;
		int64_t n;
		int severity;
	} *items;
	size_t n, capacity;
};

/* Which there are, with how many. What is open is counted as it changes; a filter,
 * or what is closed, must be counted now. */
static bool read_few(struct db *db, const struct queue_walk *walk, int lowest_rank, struct few *few, struct fault *fault)
{
	const char *column = walk->grouping == GROUP_RULE ? "rule" : "location";
	bool counted = lowest_rank > 0 && walk->all;
	struct text sql = { 0 };
	if (counted)
		text_printf(&sql, "SELECT %s, sum(n), max(CASE WHEN n > 0 THEN severity ELSE 0 END) FROM open_alerts GROUP BY %s HAVING sum(n) > 0", column, column);
	else
		text_printf(&sql, "SELECT %s, count(*), max(severity) FROM alerts WHERE rank >= %d AND (%s) GROUP BY %s", column, lowest_rank, walk->condition, column);
	text_printf(&sql, " ORDER BY 3 DESC, 2 DESC, 1 LIMIT %d", FEW_GROUPS);
	struct filter_sql none = { 0 };
	struct statement *st = NULL;
	bool ok = query_prepare(db, text_string(&sql), counted ? &none : walk->filter, &st, fault);
	text_clear(&sql);
	if (!ok)
		return false;
	enum step step;
	while ((step = db_step(db, st, fault)) == STEP_ROW) {
		few->items = mem_grow(few->items, few->n, &few->capacity, sizeof *few->items);
		few->items[few->n++] = (struct few_one){ mem_strdup(db_text(db, st, 0)), db_int(db, st, 1), (int)db_int(db, st, 2) };
	}
	db->engine->finish(st);
	return step == STEP_DONE;
}

/* The newest that waits stands for all. */
static bool read_newest(struct db *db, const struct queue_walk *walk, int lowest_rank, const char *key, struct alert *out, bool *found, struct fault *fault)
{
	struct alert of = { .rule = key, .location = key };
	*found = false;
	for (int rank = 2; rank >= lowest_rank && !*found; rank--) {
		struct statement *st = NULL;
		if (!prepare_members(db, walk, ALERT_LIST_COLUMNS, rank == 2 ? "= 2" : rank == 1 ? "= 1" : "= 0", "ORDER BY raised_ms DESC, id DESC LIMIT 1", &st, fault))
			return false;
		bind_member(db, st, walk->grouping, (int)walk->filter->n_values + 1, &of);
		enum step step = db_step(db, st, fault);
		*found = step == STEP_ROW;
		if (*found)
			alert_row_read(db, st, walk->arena, out);
		db->engine->finish(st);
		if (step == STEP_FAULT)
			return false;
	}
	return true;
}

/* What was raised in the last day, by group. */
static bool read_trend(struct db *db, const struct queue_walk *walk, int lowest_rank, struct alert_list *out, struct fault *fault)
{
	struct text sql = { 0 };
	for (int rank = lowest_rank; rank <= 2; rank++)
		text_printf(&sql, "%sSELECT %s, raised_ms FROM alerts WHERE rank = %d AND raised_ms > %lld AND (%s)", rank > lowest_rank ? " UNION ALL " : "",
		    walk->grouping == GROUP_RULE ? "rule" : "location", rank, (long long)(walk->now_ms - TREND_STEPS * TREND_STEP_MS), walk->condition);
	struct statement *st = NULL;
	bool ok = query_prepare(db, text_string(&sql), walk->filter, &st, fault);
	text_clear(&sql);
	enum step step = STEP_FAULT;
	while (ok && (step = db_step(db, st, fault)) == STEP_ROW) {
		const char *key = db_text(db, st, 0);
		for (size_t i = 0; i < out->n; i++)
			if (strcmp(walk->grouping == GROUP_RULE ? out->items[i].rule : out->items[i].location, key) == 0)
				count_trend(&out->groups[i], db_int(db, st, 1), walk->now_ms);
	}
	if (st != NULL)
		db->engine->finish(st);
	return ok && step == STEP_DONE;
}

bool queue_few_groups(struct db *db, const struct queue_walk *walk, int lowest_rank, struct alert_list *out, struct fault *fault)
{
	struct few few = { 0 };
	bool ok = read_few(db, walk, lowest_rank, &few, fault);
	out->items = arena_alloc(walk->arena, (few.n + 1) * sizeof *out->items);
	out->groups = arena_zalloc(walk->arena, (few.n + 1) * sizeof *out->groups);
	for (size_t i = 0; ok && i < few.n; i++) {
		bool found;
		ok = read_newest(db, walk, lowest_rank, few.items[i].key, &out->items[out->n], &found, fault);
		if (!ok || !found)
			continue;
		const struct alert *newest = &out->items[out->n];
		out->groups[out->n++] = (struct alert_group){ .n = few.items[i].n, .severity = (enum severity)MIN(MAX(few.items[i].severity, 0), 3), .score = newest->score };
	}
	for (size_t i = 0; i < few.n; i++)
		free(few.items[i].key);
	free(few.items);
	return ok && read_trend(db, walk, lowest_rank, out, fault);
}

/* ---- opened in place ---------------------------------------------------------------- */

static bool read_opened(struct db *db, const struct queue_walk *walk, int lowest_rank, int64_t id, struct alert_opened *out, struct fault *fault)
{
	struct alert of;
	struct fault gone;
	*out = (struct alert_opened){ .id = id };
	if (!alert_row_get(db, id, walk->arena, &of, &gone)) /* retired meanwhile */
		return gone.code == FAULT_NOT_FOUND || ((*fault = gone), false);
	struct statement *st = NULL;
	out->items = arena_alloc(walk->arena, GROUP_MEMBERS_MAX * sizeof *out->items);
	if (!prepare_members(db, walk, ALERT_LIST_COLUMNS, lowest_rank > 0 ? ">= 1" : ">= 0", "ORDER BY rank DESC, severity DESC, raised_ms DESC, id DESC LIMIT 500", &st, fault))
		return false;
	bind_member(db, st, walk->grouping, (int)walk->filter->n_values + 1, &of);
	enum step step = STEP_DONE;
	while (out->n < GROUP_MEMBERS_MAX && (step = db_step(db, st, fault)) == STEP_ROW)
		alert_row_read(db, st, walk->arena, &out->items[out->n++]);
	db->engine->finish(st);
	return step != STEP_FAULT;
}

bool queue_opened(struct db *db, const struct queue_walk *walk, int lowest_rank, const struct alert_query *query, struct alert_list *out,
    struct fault *fault)
{
	out->opened = arena_zalloc(walk->arena, (query->n_opened + 1) * sizeof *out->opened);
	out->n_opened = query->n_opened;
	for (size_t i = 0; i < query->n_opened; i++)
		if (!read_opened(db, walk, lowest_rank, query->opened[i], &out->opened[i], fault))
			return false;
	return true;
}
