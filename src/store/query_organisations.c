/* SPDX-License-Identifier: Apache-2.0 */
#include "store/query_organisations.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "store/alert_rows.h"
#include "store/migrate.h"
#include "store/query_parts.h"

static bool count_open(struct db *db, struct organisation_standing *out, struct fault *fault)
{
	struct statement *st = db_statement(db, "SELECT severity, sum(n) FROM open_alerts GROUP BY severity", fault);
	if (st == NULL)
		return false;
	enum step step;
	while ((step = db_step(db, st, fault)) == STEP_ROW) {
		int64_t severity = db_int(db, st, 0);
		if (severity >= 0 && severity < 4)
			out->n_open[severity] = db_int(db, st, 1);
	}
	db->engine->reset(st);
	return step == STEP_DONE;
}

static bool read_unclaimed(struct db *db, struct organisation_standing *out, struct fault *fault)
{
	struct statement *st = db_statement(db, "SELECT raised_ms, severity FROM alerts WHERE rank = 2 AND assignee = '' ORDER BY raised_ms, id LIMIT 1", fault);
	if (st == NULL)
		return false;
	enum step step = db_step(db, st, fault);
	if (step == STEP_ROW) {
		out->unclaimed_ms = db_int(db, st, 0);
		out->unclaimed = (enum severity)MIN(MAX(db_int(db, st, 1), (int64_t)0), (int64_t)3);
	}
	db->engine->reset(st);
	return step != STEP_FAULT;
}

static bool read_standing(struct db *db, struct organisation_standing *out, struct fault *fault)
{
	return count_open(db, out, fault) && read_unclaimed(db, out, fault) &&
	    db_ask_int(db, "SELECT max(done_ms) FROM windows", 0, &out->last_page_ms, fault) &&
	    db_ask_int(db, "SELECT max(until_ms) FROM windows", 0, &out->complete_until_ms, fault);
}

struct gathering {
	struct arena *arena;
	struct organisation_alert *alerts;
	size_t n, capacity;
};

static bool gather(struct db *db, size_t of, enum severity severity, size_t most, struct gathering *all, struct fault *fault)
{
	struct statement *st = db_statement(db, "SELECT " ALERT_LIST_COLUMNS " FROM alerts WHERE rank = 2 AND severity = $1 ORDER BY raised_ms DESC, id DESC LIMIT $2", fault);
	struct alert *rows;
	size_t n;
	if (st == NULL)
		return false;
	db_bind(db, st, "ii", (int64_t)severity, (int64_t)most);
	bool ok = query_alert_rows(db, st, most, all->arena, &rows, &n, fault);
	db->engine->reset(st);
	for (size_t i = 0; ok && i < n; i++) {
		all->alerts = mem_grow(all->alerts, all->n, &all->capacity, sizeof *all->alerts);
		all->alerts[all->n++] = (struct organisation_alert){ of, rows[i] };
	}
	return ok;
}

/* The newest first; of the same moment by organisation and number, so that it is one order. */
static int newest_first(const void *a, const void *b)
{
	const struct organisation_alert *one = a, *other = b;
	if (one->alert.raised_ms != other->alert.raised_ms)
		return one->alert.raised_ms > other->alert.raised_ms ? -1 : 1;
	if (one->of != other->of)
		return one->of < other->of ? -1 : 1;
	return one->alert.id == other->alert.id ? 0 : one->alert.id > other->alert.id ? -1 : 1;
}

/* One that cannot be read is a row that says so, and no end of the others. */
static bool read_one(const char *store, size_t of, size_t most, struct organisation_standing *out, struct gathering *all,
    bool (*goes_on)(void *), void *arg, struct fault *fault)
{
	struct db db;
	char *address = organisation_address(store, out->key);
	bool ok = store_open_read(address, &db, fault);
	if (ok && goes_on != NULL)
		db_ask_whether(&db, goes_on, arg);
	ok = ok && db_begin_reading(&db, fault) && read_standing(&db, out, fault) &&
	    (most == 0 || (gather(&db, of, SEVERITY_CRITICAL, most, all, fault) && gather(&db, of, SEVERITY_HIGH, most, all, fault)));
	db_close(&db);
	free(address);
	return ok;
}

bool query_organisations(const char *store, int64_t now_ms, size_t most_alerts, struct arena *arena, struct organisation_overview *out,
    bool (*goes_on)(void *), void *arg, struct fault *fault)
{
	struct organisation_row *rows;
	size_t n;
	*out = (struct organisation_overview){ .at_ms = now_ms };
	char *home = organisation_address(store, "");
	bool ok = organisation_list(home, arena, &rows, &n, fault);
	struct gathering all = { .arena = arena };
	out->items = ok ? arena_zalloc(arena, (n + 1) * sizeof *out->items) : NULL;
	for (size_t i = 0; ok && i < n; i++) {
		struct organisation_standing *item = &out->items[out->n++];
		struct fault mine = { 0 };
		size_t had = all.n;
		*item = (struct organisation_standing){ .key = rows[i].key, .name = rows[i].name };
		if (goes_on != NULL && !goes_on(arg))
			ok = fault_set(fault, FAULT_CANCELLED, "the question was given up");
		else if (!read_one(home, i, most_alerts, item, &all, goes_on, arg, &mine)) {
			all.n = had;
			*item = (struct organisation_standing){ .key = rows[i].key, .name = rows[i].name, .fault = arena_strdup(arena, mine.text) };
			if (mine.code == FAULT_CANCELLED)
				ok = (*fault = mine, false);
		}
		/* No more is kept than will be shown. */
		if (all.n > 0)
			qsort(all.alerts, all.n, sizeof *all.alerts, newest_first);
		all.n = MIN(all.n, most_alerts);
	}
	out->n_alerts = all.n;
	out->alerts = arena_alloc(arena, (all.n + 1) * sizeof *all.alerts);
	if (all.n > 0)
		memcpy(out->alerts, all.alerts, all.n * sizeof *all.alerts);
	free(all.alerts);
	free(home);
	return ok;
}
