/* SPDX-License-Identifier: Apache-2.0
 *
 * Sessions with their prepared statements, and the table of engines. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/i18n.h"
#include "base/text.h"
#include "store/engine.h"

static const struct store_engine *const engines[] = { &engine_sqlite, &engine_postgres };

const struct store_engine *engine_for(const char *address, const char **rest)
{
	const char *colon = strchr(address, ':');
	*rest = address;
	for (size_t i = 0; colon != NULL && i < COUNT_OF(engines); i++) {
		size_t n = strlen(engines[i]->scheme);
		if ((size_t)(colon - address) == n && memcmp(address, engines[i]->scheme, n) == 0) {
			*rest = colon + 1;
			return engines[i];
		}
	}
	return strstr(address, "://") == NULL ? &engine_sqlite : NULL;
}

void store_address_shown(const char *address, char *out, size_t capacity)
{
	const char *host = strstr(address, "://");
	if (host == NULL) {
		snprintf(out, capacity, "%s", address);
		return;
	}
	host += 3;
	size_t n = strcspn(host, "?"); /* a password may hold a slash */
	const char *at = memrchr(host, '@', n), *colon = memchr(host, ':', n);
	bool secret = at != NULL && colon != NULL && colon < at;
	snprintf(out, capacity, "%.*s%.*s%.*s", (int)(host - address), address, secret ? (int)(colon - host) : 0, host,
	    (int)(host + n - (secret ? at : host)), secret ? at : host);
}

struct db_statement {
	const char *sql;
	struct statement *statement;
};

bool db_open(const char *address, enum open_mode mode, struct db *db, struct fault *fault)
{
	const char *rest;
	char shown[80];
	store_address_shown(address, shown, sizeof shown);
	*db = (struct db){ .engine = engine_for(address, &rest) };
	if (db->engine == NULL)
		return fault_set(fault, FAULT_USAGE, _("no store is opened by the address %s; use sqlite:PATH or postgresql://USER@HOST/DATABASE"), shown);
	return db->engine->open(rest, mode == OPEN_LATER && db->engine->reach == NULL ? OPEN_WRITE : mode, &db->session, fault);
}

bool db_reach(struct db *db, struct fault *fault)
{
	return db->engine->reach == NULL || db->engine->reach(db->session, fault);
}

void db_leave(struct db *db)
{
	if (db->engine->leave != NULL)
		db->engine->leave(db->session);
}

void db_ask_whether(struct db *db, bool (*goes_on)(void *), void *arg)
{
	db->engine->ask_whether(db->session, goes_on, arg);
}

static void let_go(struct db *db, struct db_kept *kept)
{
	if (kept->sql != NULL)
		db->engine->finish(kept->statement);
	free(kept->sql);
	*kept = (struct db_kept){ 0 };
}

void db_close(struct db *db)
{
	if (db->session == NULL)
		return;
	if (db->in_transaction)
		db_rollback(db);
	for (size_t i = 0; i < db->n_statements; i++)
		db->engine->finish(db->statements[i].statement);
	free(db->statements);
	free(db->raw.bytes);
	for (size_t i = 0; i < DB_KEPT; i++)
		let_go(db, &db->kept[i]);
	db->engine->close(db->session);
	*db = (struct db){ 0 };
}

bool db_exec(struct db *db, const char *sql, struct fault *fault)
{
	return db->engine->exec(db->session, sql, fault);
}

/* Where that fails, all that comes lasts, and takes longer. */
static void last_no_more(struct db *db)
{
	struct fault ignored;
	if (db->lasts)
		(void)!db_exec(db, db->engine->usual, &ignored);
	db->lasts = false;
}

bool db_begin(struct db *db, struct fault *fault)
{
	if (db->in_transaction) {
		db->n_inner++;
		return true;
	}
	if (!db_exec(db, db->engine->begin, fault))
		return false;
	db->in_transaction = true;
	db->n_transactions++;
	bool stands = db_shape_stands(db, fault);
	if (!stands)
		db_rollback(db);
	return stands;
}

bool db_begin_lasting(struct db *db, struct fault *fault)
{
	if (db->engine->lasting == NULL || db->in_transaction)
		return db_begin(db, fault);
	db->lasts = db_exec(db, db->engine->lasting, fault);
	if (db->lasts && db_begin(db, fault))
		return true;
	last_no_more(db);
	return false;
}

bool db_shape_stands(struct db *db, struct fault *fault)
{
	int64_t shape = 0;
	if (db->shape == 0)
		return true;
	if (!db_ask_int(db, "SELECT max(number) FROM migrations", 0, &shape, fault))
		return false;
	return shape <= db->shape || fault_set(fault, FAULT_STORE,
	    _("a later version of Centinela has renewed this store meanwhile (its shape is %d, this program knows %d): end this program and start that one"), (int)shape, (int)db->shape);
}

bool db_begin_reading(struct db *db, struct fault *fault)
{
	db->in_transaction = db_exec(db, db->engine->picture, fault);
	return db->in_transaction;
}

bool db_commit(struct db *db, struct fault *fault)
{
	if (db->n_inner > 0) {
		db->n_inner--;
		return true;
	}
	if (!db->in_transaction)
		return fault_set(fault, FAULT_STORE, _("a part of this was taken back, so all of it is"));
	if (!db_exec(db, "COMMIT", fault))
		return false;
	db->in_transaction = false;
	last_no_more(db);
	return true;
}

bool db_is_wanted(struct db *db, bool *wanted, struct fault *fault)
{
	*wanted = false;
	return !db->in_transaction || db->engine->is_wanted(db->session, wanted, fault);
}

void db_rollback(struct db *db)
{
	if (!db->in_transaction)
		return;
	for (size_t i = 0; i < db->n_statements; i++)
		db->engine->reset(db->statements[i].statement);
	for (size_t i = 0; i < DB_KEPT; i++)
		if (db->kept[i].sql != NULL)
			db->engine->reset(db->kept[i].statement);
	struct fault ignored;
	(void)!db_exec(db, "ROLLBACK", &ignored);
	db->in_transaction = false;
	last_no_more(db);
	db->n_inner = 0;
}

bool db_end(struct db *db, bool ok, struct fault *fault)
{
	ok = ok && db_commit(db, fault);
	if (!ok)
		db_rollback(db);
	return ok;
}

struct statement *db_statement(struct db *db, const char *sql, struct fault *fault)
{
	for (size_t i = 0; i < db->n_statements; i++) {
		if (db->statements[i].sql == sql) {
			db->engine->reset(db->statements[i].statement);
			return db->statements[i].statement;
		}
	}
	struct statement *made;
	if (!db->engine->prepare(db->session, sql, &made, fault))
		return NULL;
	db->statements = mem_grow(db->statements, db->n_statements, &db->capacity,
	    sizeof *db->statements);
	db->statements[db->n_statements++] = (struct db_statement){ sql, made };
	return made;
}

struct statement *db_statement_kept(struct db *db, const char *sql, struct fault *fault)
{
	for (size_t i = 0; i < DB_KEPT; i++) {
		if (db->kept[i].sql != NULL && strcmp(db->kept[i].sql, sql) == 0) {
			db->engine->reset(db->kept[i].statement);
			return db->kept[i].statement;
		}
	}
	struct statement *made;
	if (!db->engine->prepare(db->session, sql, &made, fault))
		return NULL;
	struct db_kept *place = &db->kept[db->next_kept++ % DB_KEPT];
	let_go(db, place);
	*place = (struct db_kept){ mem_strdup(sql), made };
	return made;
}

void db_bind(struct db *db, struct statement *statement, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	for (int n = 1; *format != '\0'; format++, n++) {
		switch (*format) {
		case 'i':
			db->engine->bind_int(statement, n, va_arg(arguments, int64_t));
			break;
		case 'd':
			db->engine->bind_real(statement, n, va_arg(arguments, double));
			break;
		case 't': {
			const char *text = va_arg(arguments, const char *);
			if (text == NULL)
				db->engine->bind_null(statement, n);
			else
				db->engine->bind_text(statement, n, text, strlen(text));
			break;
		}
		case 'T': {
			const char *text = va_arg(arguments, const char *);
			size_t length = va_arg(arguments, size_t);
			db->engine->bind_text(statement, n, text, length);
			break;
		}
		case 'b': {
			const void *bytes = va_arg(arguments, const void *);
			size_t length = va_arg(arguments, size_t);
			db->engine->bind_blob(statement, n, bytes, length);
			break;
		}
		default:
			assert(*format == 'z');
			db->engine->bind_null(statement, n);
		}
	}
	va_end(arguments);
}

enum step db_step(struct db *db, struct statement *statement, struct fault *fault)
{
	return db->engine->step(statement, fault);
}

bool db_run(struct db *db, struct statement *statement, struct fault *fault)
{
	enum step step;
	do
		step = db->engine->step(statement, fault);
	while (step == STEP_ROW);
	db->engine->reset(statement);
	return step == STEP_DONE;
}

bool db_run_later(struct db *db, struct statement *statement, struct fault *fault)
{
	if (db->engine->run_later == NULL || !db->in_transaction)
		return db_run(db, statement, fault);
	return db->engine->run_later(statement, fault);
}

int64_t db_int(struct db *db, struct statement *statement, int column)
{
	return db->engine->column_int(statement, column);
}

const char *db_text(struct db *db, struct statement *statement, int column)
{
	return db->engine->column_text(statement, column);
}

const void *db_blob(struct db *db, struct statement *statement, int column, size_t *length)
{
	return db->engine->column_blob(statement, column, length);
}

bool db_is_null(struct db *db, struct statement *statement, int column)
{
	return db->engine->is_null(statement, column);
}

bool db_ask_int(struct db *db, const char *sql, int64_t otherwise, int64_t *out,
    struct fault *fault)
{
	struct statement *statement = db_statement(db, sql, fault);
	if (statement == NULL)
		return false;
	enum step step = db_step(db, statement, fault);
	*out = step == STEP_ROW && !db_is_null(db, statement, 0) ? db_int(db, statement, 0) : otherwise;
	db->engine->reset(statement);
	return step != STEP_FAULT;
}
