/* SPDX-License-Identifier: Apache-2.0
 *
 * PostgreSQL: statements. A connection speaks of one thing at a time, while rows
 * of ours may be walked with another statement inside the loop: what the first
 * one still has to say is then taken into memory. A statement is sent as text
 * the first time and prepared the second: most of what a filter makes is asked
 * once. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "net/late.h"
#include "store/engine_postgres.h"

#define WORTH_READING  2000 /* rows that come anyhow, rather than to ask the server to leave off */


/* ---- rows -------------------------------------------------------------------- */

static void take_row(struct statement *s, PGresult *row)
{
	PQclear(s->row);
	s->row = row;
	s->n_columns = PQnfields(row);
	assert(s->n_columns <= PG_COLUMNS_MAX);
	for (int c = 0; c < s->n_columns; c++) {
		s->column_types[c] = PQftype(row, c);
		s->cell_lengths[c] = PQgetisnull(row, 0, c) ? -1 : PQgetlength(row, 0, c);
		s->cells[c] = PQgetvalue(row, 0, c);
	}
}

static enum step fail(struct statement *s, PGresult *result, struct fault *fault)
{
	pg_complain(s->session, result, fault);
	for (PGresult *more; (more = pg_result(s->session)) != NULL;)
		PQclear(more);
	s->state = DONE;
	s->session->current = NULL;
	return STEP_FAULT;
}

static void note_changes(struct session *session, PGresult *result)
{
	const char *said = PQcmdStatus(result);
	if (text_starts_with(said, "INSERT") || text_starts_with(said, "UPDATE") || text_starts_with(said, "DELETE"))
		session->changes = strtoll(PQcmdTuples(result), NULL, 10);
}

static enum step next_row(struct statement *s, struct fault *fault)
{
	for (;;) {
		PGresult *result = pg_result(s->session);
		if (result == NULL)
			break;
		switch ((int)PQresultStatus(result)) {
		case PGRES_SINGLE_TUPLE:
			take_row(s, result);
			return STEP_ROW;
		case PGRES_TUPLES_OK: /* the end of the rows */
		case PGRES_COMMAND_OK:
			note_changes(s->session, result);
			PQclear(result);
			break;
		default:
			return fail(s, result, fault);
		}
	}
	if (pg_is_lost(s->session))
		return fail(s, NULL, fault);
	s->state = DONE;
	s->session->current = NULL;
	return STEP_DONE;
}

static void keep_row(struct statement *s)
{
	for (int c = 0; c < s->n_columns; c++) {
		int32_t n = s->cell_lengths[c];
		text_add(&s->kept, (const char *)&n, sizeof n);
		if (n >= 0)
			text_add(&s->kept, s->cells[c], (size_t)n + 1);
	}
}

static enum step kept_row(struct statement *s, struct fault *fault)
{
	if (s->kept_at == s->kept.n) {
		s->state = DONE;
		if (s->failed && fault != NULL)
			*fault = s->fault;
		return s->failed ? STEP_FAULT : STEP_DONE;
	}
	for (int c = 0; c < s->n_columns; c++) {
		int32_t n;
		memcpy(&n, s->kept.bytes + s->kept_at, sizeof n);
		s->kept_at += sizeof n;
		s->cell_lengths[c] = n;
		s->cells[c] = n < 0 ? "" : s->kept.bytes + s->kept_at;
		s->kept_at += n < 0 ? 0 : (size_t)n + 1;
	}
	return STEP_ROW;
}

/* Somebody else will speak: the row that the caller looks at stays, the rest is kept. */
static void make_way(struct session *session)
{
	struct statement *s = session->current;
	if (s == NULL)
		return;
	PGresult *shown = s->row;
	const char *cells[PG_COLUMNS_MAX];
	int lengths[PG_COLUMNS_MAX];
	memcpy(cells, s->cells, sizeof cells);
	memcpy(lengths, s->cell_lengths, sizeof lengths);
	s->row = NULL;
	text_reset(&s->kept);
	s->kept_at = 0;
	enum step step;
	while ((step = next_row(s, &s->fault)) == STEP_ROW)
		keep_row(s);
	s->failed = step == STEP_FAULT;
	PQclear(s->row);
	s->row = shown;
	memcpy(s->cells, cells, sizeof cells);
	memcpy(s->cell_lengths, lengths, sizeof lengths);
	s->state = KEPT;
}

/* Nobody wants the rest. What changes rows goes on to its end. */
static void leave(struct statement *s)
{
	struct session *session = s->session;
	struct fault ignored;
	for (int n = 0; session->current == s && next_row(s, &ignored) == STEP_ROW; n++)
		if (n == WORTH_READING && !session->in_transaction && !session->in_picture && session->mode == OPEN_READ)
			pg_cancel(session);
}

/* ---- sending ------------------------------------------------------------------ */

static void forget(struct statement *s)
{
	if (s->name != 0 && s->generation == s->session->generation)
		text_printf(&s->session->forgotten, "DEALLOCATE s%u;", s->name);
	s->name = 0;
}

static bool clean_up(struct session *session, struct fault *fault)
{
	if (session->forgotten.n == 0 || PQtransactionStatus(session->conn) == PQTRANS_INERROR)
		return true;
	bool ok = pg_exec(session, text_string(&session->forgotten), fault);
	text_reset(&session->forgotten);
	return ok;
}

static bool is_prepared(const struct statement *s)
{
	bool same = s->name != 0 && s->generation == s->session->generation;
	for (int i = 0; same && i < s->n_parameters; i++)
		same = s->types[i] == 0 || s->types[i] == s->prepared[i];
	return same;
}

static bool prepare_now(struct statement *s, struct fault *fault)
{
	struct session *session = s->session;
	char name[16];
	if (is_prepared(s))
		return true;
	forget(s);
	/* A type that was known stays so while NULL is bound. */
	for (int i = 0; i < s->n_parameters; i++)
		s->prepared[i] = s->types[i] != 0 ? s->types[i] : s->prepared[i];
	s->name = ++session->n_names;
	s->generation = session->generation;
	snprintf(name, sizeof name, "s%u", s->name);
	PGresult *result = PQsendPrepare(session->conn, name, s->sql, s->n_parameters, s->prepared) ? pg_result(session) : NULL;
	if (result == NULL || PQresultStatus(result) != PGRES_COMMAND_OK) {
		s->name = 0;
		return fail(s, result, fault) != STEP_FAULT;
	}
	PQclear(result);
	while ((result = pg_result(session)) != NULL)
		PQclear(result);
	return true;
}

static bool send_prepared(struct statement *s)
{
	char name[16];
	snprintf(name, sizeof name, "s%u", s->name);
	return PQsendQueryPrepared(s->session->conn, name, s->n_parameters, s->values, s->lengths, s->forms, 0);
}

static bool send(struct statement *s, struct fault *fault)
{
	struct session *session = s->session;
	if (!clean_up(session, fault) || (s->ran && !prepare_now(s, fault)))
		return false;
	bool sent = s->ran ? send_prepared(s) :
			    PQsendQueryParams(session->conn, s->sql, s->n_parameters, s->types, s->values, s->lengths, s->forms, 0);
	if (!sent)
		return pg_complain(session, NULL, fault);
	PQsetSingleRowMode(session->conn);
	session->current = s;
	s->state = COMING;
	return true;
}

/* What only reads may be asked again over a new connection. */
static enum step begin(struct statement *s, struct fault *fault)
{
	struct session *session = s->session;
	make_way(session);
	bool again = session->mode == OPEN_READ && !session->in_transaction;
	for (;;) {
		if (!pg_ready(session, fault))
			return STEP_FAULT;
		session->gave_up = false;
		enum step step = send(s, fault) ? next_row(s, fault) : STEP_FAULT;
		s->ran = true;
		if (step != STEP_FAULT || !again || !pg_is_lost(session))
			return step;
		again = false;
	}
}

static enum step postgres_step(struct statement *s, struct fault *fault)
{
	arena_reset(&s->bytes);
	switch (s->state) {
	case READY:
		return begin(s, fault);
	case COMING:
		return next_row(s, fault);
	case KEPT:
		return kept_row(s, fault);
	case DONE:
		break;
	}
	return STEP_DONE;
}

static void postgres_reset(struct statement *s)
{
	if (s->session->current == s)
		leave(s);
	PQclear(s->row);
	s->row = NULL;
	s->state = READY;
	s->failed = false;
	text_clear(&s->kept);
}

static bool run_later(struct statement *s, struct fault *fault)
{
	struct session *session = s->session;
	if (!is_prepared(s) || session->current != NULL || pg_is_lost(session)) {
		enum step step;
		while ((step = postgres_step(s, fault)) == STEP_ROW)
			;
		postgres_reset(s);
		return step == STEP_DONE;
	}
	if (!pg_later(session, fault))
		return false;
	if (!send_prepared(s))
		return pg_complain(session, NULL, fault);
	return ++session->n_later < PG_LATER_MOST || pg_settle(session, fault);
}

static bool copy(struct session *session, const char *into, const struct copy *rows, struct fault *fault)
{
	make_way(session);
	return (pg_copies_into(session, into) || pg_ready(session, fault)) && pg_copy(session, into, rows, fault);
}

/* ---- statements ----------------------------------------------------------------- */

static bool postgres_prepare(struct session *session, const char *sql, struct statement **out, struct fault *fault)
{
	UNUSED(fault);
	struct statement *s = mem_zalloc(sizeof *s);
	s->session = session;
	s->sql = mem_strdup(sql);
	arena_init(&s->bytes);
	pg_find_parameters(s);
	*out = s;
	return true;
}

static void postgres_finish(struct statement *s)
{
	postgres_reset(s);
	forget(s);
	for (int i = 0; i < PG_PARAMETERS_MAX; i++)
		free(s->repaired[i]);
	arena_clear(&s->bytes);
	free(s->sql);
	free(s);
}

/* ---- sessions ------------------------------------------------------------------- */

static void postgres_close(struct session *session)
{
	pg_session_clear(session);
	free(session);
}

/* Who only looks does not make it. */
static bool is_there(struct session *session, struct fault *fault)
{
	char *there;
	if (!pg_ask(session, "SELECT to_regclass('migrations')", &there, fault))
		return false;
	bool absent = *there == '\0';
	free(there);
	return !absent || fault_set(fault, FAULT_NOT_FOUND, _("there is no store in %s yet: sync or import makes it"), session->address.shown);
}

static bool postgres_open(const char *rest, enum open_mode mode, struct session **out, struct fault *fault)
{
	struct session *session = mem_zalloc(sizeof *session);
	session->mode = mode == OPEN_LATER ? OPEN_WRITE : mode;
	session->later = mode == OPEN_LATER;
	if (!late_pq(fault) || !pg_address_read(rest, &session->address, fault) ||
	    (!session->later && (!pg_connect(session, fault) || !(mode == OPEN_WRITE ? pg_schema_ready(session, fault) : is_there(session, fault))))) {
		postgres_close(session);
		return false;
	}
	*out = session;
	return true;
}

static bool reach(struct session *session, struct fault *fault)
{
	session->later = session->later && !(pg_connect(session, fault) && pg_schema_ready(session, fault));
	return !session->later;
}

static void withdraw(struct session *session)
{
	pg_disconnect(session);
	session->later = true;
}

static bool begin_transaction(struct session *session, struct fault *fault)
{
	char *xid;
	const char *begin = session->locks_table ? "BEGIN; LOCK TABLE writers IN SHARE ROW EXCLUSIVE MODE; SELECT pg_current_xact_id()" : engine_postgres.begin;
	if (!pg_ask(session, begin, &xid, fault))
		return false;
	snprintf(session->xid, sizeof session->xid, "%s", xid);
	free(xid);
	return true;
}

static bool go_into(struct session *session, const char *key, struct fault *fault)
{
	make_way(session);
	return pg_ready(session, fault) && pg_go_into(session, key, fault);
}

static bool postgres_exec(struct session *session, const char *sql, struct fault *fault)
{
	bool begins = strcmp(sql, engine_postgres.begin) == 0, ends = strcmp(sql, "COMMIT") == 0, undoes = strcmp(sql, "ROLLBACK") == 0;
	bool pictures = strcmp(sql, engine_postgres.picture) == 0;
	make_way(session);
	struct fault late;
	if (undoes && !pg_is_lost(session))
		(void)!pg_settle(session, &late); /* what failed is undone */
	if (undoes && pg_is_lost(session)) {
		session->in_transaction = session->in_picture = false;
		return true; /* the server did it itself */
	}
	bool again = begins || pictures;
	char commit[160], process[40];
	if (ends && session->mode == OPEN_WRITE) {
		pg_process(process);
		/* Whoever listens hears of it when it is there to be seen. */
		snprintf(commit, sizeof commit, "SELECT pg_notify('%s', current_schema() || ' %s'); COMMIT", session->channel, process);
		sql = commit;
	}
	for (;;) {
		if (!pg_ready(session, fault))
			return false;
		bool ok = clean_up(session, fault) && (begins ? begin_transaction(session, fault) : pg_exec(session, sql, fault));
		if (ends && !ok && pg_is_lost(session) && *session->xid != '\0')
			ok = pg_was_kept(session, fault);
		if (begins)
			session->in_transaction = ok;
		if (pictures)
			session->in_picture = ok;
		if (ok && (ends || undoes))
			session->in_transaction = session->in_picture = false;
		if (ends || undoes)
			session->xid[0] = '\0';
		if (begins && !ok && !pg_is_lost(session) && !pg_exec(session, "ROLLBACK", NULL)) /* it waited in vain */
			session->broken = true;
		if (ok || !again || !pg_is_lost(session))
			return ok;
		again = false;
	}
}

static int64_t changes(struct session *session)
{
	return session->changes;
}

/* Who waits for a writer stands in the server's row of those who wait. */
static bool is_wanted(struct session *session, bool *wanted, struct fault *fault)
{
	char *n = NULL;
	make_way(session);
	bool ok = pg_settle(session, fault) &&
	    pg_ask(session, "SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))", &n, fault);
	*wanted = ok && strcmp(n, "0") != 0;
	free(n);
	return ok;
}

static void ask_whether(struct session *session, bool (*goes_on)(void *), void *arg)
{
	session->goes_on = goes_on;
	session->goes_on_arg = arg;
}

const struct store_engine engine_postgres = {
	.scheme = "postgresql",
	.begin = "BEGIN; SELECT " PG_LOCK "; SELECT pg_current_xact_id()",
	.bigint = "BIGINT",
	.bytea = "BYTEA",
	.text = "TEXT COLLATE \"C\"",
	.table_suffix = "",
	.blocks = true,
	.months = true,
	.hidden = "", /* a view keeps what its names meant when it was made */
	.tables = "SELECT relname FROM pg_class WHERE relnamespace = to_regnamespace(current_schema()) AND relkind IN ('r', 'p')"
	    " AND NOT relispartition ORDER BY relname COLLATE \"C\"",
	.columns = "SELECT a.attname, format_type(a.atttypid, NULL), coalesce(array_position(CAST(i.indkey AS SMALLINT[]), a.attnum) + 1, 0)"
	    " FROM pg_attribute a LEFT JOIN pg_index i ON i.indrelid = a.attrelid AND i.indisprimary"
	    " WHERE a.attrelid = to_regclass($1) AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum",
	.picture = "BEGIN ISOLATION LEVEL REPEATABLE READ",
	.open = postgres_open,
	.found = pg_found,
	.erase = pg_erase,
	.go_into = go_into,
	.is_pooled = pg_is_pooled,
	.reach = reach,
	.leave = withdraw,
	.close = postgres_close,
	.exec = postgres_exec,
	.prepare = postgres_prepare,
	.finish = postgres_finish,
	.bind_int = pg_bind_int,
	.bind_real = pg_bind_real,
	.bind_text = pg_bind_text,
	.bind_blob = pg_bind_blob,
	.bind_null = pg_bind_null,
	.bind_array = pg_bind_array,
	.step = postgres_step,
	.reset = postgres_reset,
	.is_null = pg_is_null,
	.column_int = pg_column_int,
	.column_real = pg_column_real,
	.column_text = pg_column_text,
	.column_blob = pg_column_blob,
	.changes = changes,
	.ask_whether = ask_whether,
	.is_wanted = is_wanted,
	.run_later = run_later,
	.copy = copy,
};
