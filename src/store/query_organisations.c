/* SPDX-License-Identifier: Apache-2.0 */
#include "store/query_organisations.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "store/alert_rows.h"
#include "store/migrate.h"
#include "store/query_parts.h"
#include "store/window_rows.h"

#define AT_ONCE 8 /* then others may ask */

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
	    db_ask_int(db, COMPLETE_UNTIL, 0, &out->complete_until_ms, fault);
}

struct gathering {
	struct arena *arena;
	struct organisation_alert *alerts; /* malloc'd */
	size_t n, capacity;
};

static void add(struct gathering *all, size_t of, const struct alert *alert)
{
	all->alerts = mem_grow(all->alerts, all->n, &all->capacity, sizeof *all->alerts);
	all->alerts[all->n++] = (struct organisation_alert){ of, *alert };
}

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
	for (size_t i = 0; ok && i < n; i++)
		add(all, of, &rows[i]);
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

static bool read_here(struct db *db, const char *address, size_t of, size_t most, struct organisation_standing *out, struct gathering *all, struct fault *fault)
{
	return organisation_is(db, address, fault) && read_standing(db, out, fault) &&
	    (most == 0 || (gather(db, of, SEVERITY_CRITICAL, most, all, fault) && gather(db, of, SEVERITY_HIGH, most, all, fault)));
}

/* To look at one of an earlier version does not renew it: that is for who works in it. */
static bool read_one(const char *address, size_t of, size_t most, struct organisation_standing *out, struct gathering *all, struct fault *fault)
{
	struct db db;
	bool ok = db_open(address, OPEN_READ, &db, fault) && db_begin_reading(&db, fault) && read_here(&db, address, of, most, out, all, fault);
	db_close(&db);
	return ok;
}

/* Several schemas over one connection: a new one lasts ten times as long as what is asked. That it
 * is in the right one says the place itself, before and after: a connection that broke in
 * between is made anew where it was opened. */
static bool read_over(struct db *over, const char *address, size_t of, size_t most, struct organisation_standing *out, struct gathering *all)
{
	struct fault fault;
	bool ok = over->engine->go_into(over->session, out->key, &fault) && db_begin_reading(over, &fault) && read_here(over, address, of, most, out, all, &fault) && organisation_is(over, address, &fault);
	db_rollback(over);
	return ok;
}

bool query_organisations_begin(const char *store, int64_t now_ms, struct arena *arena, struct organisation_overview *out, struct fault *fault)
{
	struct organisation_row *rows;
	*out = (struct organisation_overview){ .at_ms = now_ms };
	char *home = organisation_address(store, "");
	bool ok = organisation_list(home, arena, &rows, &out->n, fault);
	free(home);
	out->items = ok ? arena_zalloc(arena, (out->n + 1) * sizeof *out->items) : NULL;
	for (size_t i = 0; ok && i < out->n; i++)
		out->items[i] = (struct organisation_standing){ .key = rows[i].key, .name = rows[i].name };
	return ok;
}

static void read_next(const char *store, struct db *over, size_t most_alerts, struct gathering *all, struct organisation_overview *out)
{
	size_t of = out->n_read++, n = all->n;
	struct organisation_standing *item = &out->items[of], fresh = { .key = item->key, .name = item->name };
	struct fault fault = { 0 };
	char *address = organisation_address(store, item->key);
	bool ok = over != NULL && read_over(over, address, of, most_alerts, item, all);
	if (!ok) { /* it is said why */
		*item = fresh;
		all->n = n;
		ok = read_one(address, of, most_alerts, item, all, &fault);
	}
	if (!ok) {
		*item = fresh;
		all->n = n;
		item->fault = arena_strdup(all->arena, fault.text);
	}
	free(address);
}

void query_organisations_next(const char *store, size_t most_alerts, struct arena *arena, struct organisation_overview *out)
{
	struct gathering all = { .arena = arena };
	struct fault ignored;
	struct db over = { 0 };
	const char *rest;
	char *home = organisation_address(store, "");
	const struct store_engine *engine = engine_for(home, &rest);
	bool shares = out->n - out->n_read > 1 && engine != NULL && engine->go_into != NULL && db_open(home, OPEN_READ, &over, &ignored);
	for (size_t i = 0; i < out->n_alerts; i++)
		add(&all, out->alerts[i].of, &out->alerts[i].alert);
	for (int i = 0; i < AT_ONCE && out->n_read < out->n; i++)
		read_next(store, shares ? &over : NULL, most_alerts, &all, out);
	if (shares)
		db_close(&over);
	free(home);
	/* No more is kept than will be shown. */
	if (all.n > 0)
		qsort(all.alerts, all.n, sizeof *all.alerts, newest_first);
	if (out->alerts == NULL)
		out->alerts = arena_alloc(arena, (most_alerts + 1) * sizeof *out->alerts);
	out->n_alerts = MIN(all.n, most_alerts);
	if (out->n_alerts > 0)
		memcpy(out->alerts, all.alerts, out->n_alerts * sizeof *all.alerts);
	free(all.alerts);
}
