/* SPDX-License-Identifier: Apache-2.0
 *
 * What an act on many alerts would be of: how many, how bad, in which state, and
 * whose. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "store/alert_rows.h"
#include "store/query.h"
#include "store/query_parts.h"
#include "store/request_rows.h"

#define SURVEY_COLUMNS "id, severity, state, assignee"

static void count_person(struct alert_survey *out, const char *who, struct arena *arena)
{
	size_t i = 0;
	out->n_others++;
	while (i < out->n_people && strcmp(out->others[i].who, who) != 0)
		i++;
	if (i == SURVEY_PEOPLE)
		return; /* counted among the others, and not by name */
	if (i == out->n_people)
		out->others[out->n_people++].who = arena_printable(arena, who);
	out->others[i].n++;
}

static void count(struct db *db, struct statement *st, const char *me, struct arena *arena, struct alert_survey *out)
{
	int64_t severity = db_int(db, st, 1), state = db_int(db, st, 2);
	const char *who = db_text(db, st, 3);
	out->ids[out->n++] = db_int(db, st, 0);
	if (severity >= 0 && severity < 4)
		out->n_by_severity[severity]++;
	if (state >= 0 && state < 4)
		out->n_by_state[state]++;
	if (*who != '\0' && strcmp(who, me) != 0)
		count_person(out, who, arena);
}

bool query_survey_matching(struct db *db, const struct alert_query *query, const char *me, struct arena *arena,
    struct alert_survey *out, struct fault *fault)
{
	struct filter_sql filter;
	*out = (struct alert_survey){ 0 };
	if (!filter_sql_read(FILTER_ALERTS, query->filter == NULL ? "" : query->filter, 1, query->now_ms != 0 ? query->now_ms : clock_real_ms(), &filter, fault))
		return false;
	struct text sql = { 0 };
	char silence[80] = "";
	if (query->silenced)
		snprintf(silence, sizeof silence, " AND silence_until_ms > %lld", (long long)clock_real_ms());
	text_printf(&sql, "SELECT " SURVEY_COLUMNS " FROM alerts WHERE (%s)%s%s%s ORDER BY rank DESC, severity DESC, raised_ms DESC, id DESC LIMIT %d",
	    text_string(&filter.sql), query->closed_too || query->silenced ? "" : " AND rank > 0", silence, query->without_gone ? " AND " NOT_TAKEN("id") : "",
	    SURVEY_MAX + 1);
	struct statement *st = NULL;
	size_t capacity = 0;
	int64_t *ids = NULL;
	enum step step = STEP_FAULT;
	if (query_prepare(db, text_string(&sql), &filter, &st, fault)) {
		while ((step = db_step(db, st, fault)) == STEP_ROW && out->n < SURVEY_MAX) {
			out->ids = ids = mem_grow(ids, out->n, &capacity, sizeof *ids);
			count(db, st, me, arena, out);
		}
		out->cut = step == STEP_ROW;
	}
	if (st != NULL)
		db->engine->finish(st);
	out->ids = arena_alloc(arena, (out->n + 1) * sizeof *ids);
	if (ids != NULL)
		memcpy(out->ids, ids, out->n * sizeof *ids);
	free(ids);
	text_clear(&sql);
	filter_sql_clear(&filter);
	return step != STEP_FAULT;
}

bool query_survey_of(struct db *db, const int64_t *ids, size_t n, const char *me, struct arena *arena,
    struct alert_survey *out, struct fault *fault)
{
	*out = (struct alert_survey){ .ids = arena_alloc(arena, (n + 1) * sizeof *ids) };
	struct statement *st = db_statement(db, "SELECT " SURVEY_COLUMNS " FROM alerts WHERE id = $1", fault);
	if (st == NULL)
		return false;
	for (size_t i = 0; i < n; i++) {
		db_bind(db, st, "i", ids[i]);
		enum step step = db_step(db, st, fault);
		if (step == STEP_ROW)
			count(db, st, me, arena, out);
		db->engine->reset(st);
		if (step == STEP_FAULT)
			return false;
	}
	return true;
}
