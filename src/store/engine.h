/* SPDX-License-Identifier: Apache-2.0
 *
 * A storage engine, and the thin layer through which rows speak to it. SQL is
 * one text for every engine: $1 placeholders, ON CONFLICT, RETURNING, ids
 * given by the program, and fold(text) for text as people compare it
 * (base/fold.h; PostgreSQL says it with translate()). A session is used by one lane at a time. */
#ifndef STORE_ENGINE_H
#define STORE_ENGINE_H

#include "base/fault.h"

struct copy; /* store/copy.h */
struct session;
struct text;
struct statement;

#define MANY_HEAD 20 /* before an array's cells */

enum step { STEP_ROW, STEP_DONE, STEP_FAULT };

/* ASIDE: it reads, and has tables of its own beside, which nobody else sees. One that
 * is named as one of the store's hides it, for all that is asked after. LATER: it writes,
 * once db_reach() has found the other side; nothing waits for that before, and all fails. */
enum open_mode { OPEN_WRITE, OPEN_READ, OPEN_ASIDE, OPEN_LATER };

struct store_engine {
	const char *scheme; /* "sqlite"; chosen by the address */
	const char *begin; /* a transaction that writes: it waits here for others, not at the commit */
	/* What makes the next commits outlast the host (until `usual`), where others may be lost with
	 * its power; NULL: each of them is. */
	const char *lasting, *usual;
	/* Column types and table endings differ; migrations are written with
	 * BIGINT, BYTEA and TEXT and get these instead. */
	const char *bigint, *bytea, *text, *table_suffix;
	bool trigrams; /* it has CREATE VIRTUAL TABLE … fts5; else such statements are left out */
	bool blocks;   /* it has DO $$ … $$; else such statements are left out */
	bool months;   /* legs and calls are kept by the month: store/months.h */
	const char *hidden; /* stands before the name of a table that one of OPEN_ASIDE hides: "main." */
	/* Its tables by name; the columns of table $1: name, type, place in the key;
	 * and what lets a reader see one moment of all of it. */
	const char *tables, *columns, *picture;
	bool (*open)(const char *address, enum open_mode, struct session **, struct fault *);
	/* Make the place of the organisation that the address names (organisation.h). */
	bool (*found)(const char *address, struct fault *);
	bool (*erase)(const char *address, struct fault *); /* with all in it */
	/* From now on the tables are those of that organisation, if there is one: who asks makes
	 * sure (organisation_is), until the connection is made anew. NULL: each is opened by itself. */
	bool (*go_into)(struct session *, const char *key, struct fault *);
	/* Does something between here and the server give each transaction another connection?
	 * Nothing of ours works there. NULL: never. */
	bool (*is_pooled)(const char *address, bool *pooled, struct fault *);
	/* What OPEN_LATER left to be done; NULL: nothing, it opens at once. */
	bool (*reach)(struct session *, struct fault *);
	void (*leave)(struct session *); /* as before reach() */
	void (*close)(struct session *);
	bool (*exec)(struct session *, const char *sql, struct fault *);
	bool (*prepare)(struct session *, const char *sql, struct statement **, struct fault *);
	void (*finish)(struct statement *);
	void (*bind_int)(struct statement *, int n, int64_t value); /* n from 1: $n */
	void (*bind_real)(struct statement *, int n, double value);
	void (*bind_text)(struct statement *, int n, const char *text, size_t length);
	void (*bind_blob)(struct statement *, int n, const void *bytes, size_t length);
	void (*bind_null)(struct statement *, int n);
	/* A column of many rows (store/many.h), behind MANY_HEAD bytes of room; it stays until
	 * the statement was run. NULL: the engine has none, rows go one by one. */
	void (*bind_array)(struct statement *, int n, char type, struct text *cells, size_t n_cells);
	enum step (*step)(struct statement *, struct fault *);
	void (*reset)(struct statement *); /* also forgets the bindings */
	bool (*is_null)(struct statement *, int column); /* from 0 */
	int64_t (*column_int)(struct statement *, int column);
	double (*column_real)(struct statement *, int column);
	/* Borrowed until the next step or reset; "" for NULL. */
	const char *(*column_text)(struct statement *, int column);
	const void *(*column_blob)(struct statement *, int column, size_t *length);
	int64_t (*changes)(struct session *); /* rows of the last statement */
	/* Ask now and then, while a statement works, whether it is still wanted:
	 * false ends it with FAULT_CANCELLED. */
	void (*ask_whether)(struct session *, bool (*goes_on)(void *arg), void *arg);
	/* Does another wait until this one's transaction ends? */
	bool (*is_wanted)(struct session *, bool *wanted, struct fault *);
	/* Run what gives no rows; a failure may be said by whatever comes next. NULL:
	 * the engine loses nothing by waiting. */
	bool (*run_later)(struct statement *, struct fault *);
	/* Rows that are known to be new, "table (columns)"; how it went may be said by what
	 * comes next. While more for the same place follow, it is one COPY. NULL: one by one. */
	bool (*copy)(struct session *, const char *into, const struct copy *, struct fault *);
};

extern const struct store_engine engine_sqlite, engine_postgres;

/* The engine of an address ("sqlite:PATH", a bare path, "postgresql://…"), or NULL; *rest is
 * what the engine's open wants. */
const struct store_engine *engine_for(const char *address, const char **rest);

/* An address as a person may read it over a shoulder: no password, no options. */
void store_address_shown(const char *address, char *out, size_t capacity);

/* ---- statements kept by a session, prepared once ------------------------- */

#define DB_KEPT 16

struct db {
	const struct store_engine *engine;
	struct session *session;
	struct db_statement *statements; /* by the address of their text */
	size_t n_statements, capacity;
	struct db_kept { /* by their text, the last few */
		char *sql;
		struct statement *statement;
	} kept[DB_KEPT];
	size_t next_kept;
	bool in_transaction;
	bool lasts; /* this one: db_begin_lasting */
	int n_inner; /* transactions within it */
	uint64_t n_transactions; /* begun so far */
	int64_t shape; /* the newest migration that this program knows; 0: it has not looked (migrate.h) */
	struct {
		int64_t id; /* 0: none */
		char *bytes;
		size_t n;
	} raw; /* the piece of raw evidence that was unpacked last: records are asked for in a row */
};

bool db_open(const char *address, enum open_mode, struct db *, struct fault *) MUST_USE;
void db_close(struct db *);
bool db_reach(struct db *, struct fault *) MUST_USE;
void db_leave(struct db *); /* what was reached is not what was looked for: all fails again */

/* From now on long statements end, with FAULT_CANCELLED, once goes_on says false. */
void db_ask_whether(struct db *, bool (*goes_on)(void *arg), void *arg);

bool db_exec(struct db *, const char *sql, struct fault *) MUST_USE;
/* Is the store of the shape that this program knows? A later version may have renewed it
 * meanwhile, and what we would write lacks what that one searches by: FAULT_STORE. */
bool db_shape_stands(struct db *, struct fault *) MUST_USE;
/* Refused where the shape does not stand. One within another is a part of it: the commit is the outer one's, and what is taken
 * back inside is all taken back: the outer one can then not be committed. */
bool db_begin(struct db *, struct fault *) MUST_USE;
/* … that is on the disk when it is committed, even if the host's power goes then: for what is done
 * elsewhere next and is to be known here. Within another it is a part of that one, and lasts as it does. */
bool db_begin_lasting(struct db *, struct fault *) MUST_USE;
/* What is read until the rollback is of one moment; it is locked once, and what others
 * commit meanwhile does not empty the cache. */
bool db_begin_reading(struct db *, struct fault *) MUST_USE;
bool db_commit(struct db *, struct fault *) MUST_USE;
/* Does another wait until this transaction ends? Who has much to write then ends it where it can. */
bool db_is_wanted(struct db *, bool *wanted, struct fault *) MUST_USE;
void db_rollback(struct db *);
/* Commits where all went well, else takes it back. False: nothing was kept. */
bool db_end(struct db *, bool ok, struct fault *) MUST_USE;

/* The statement of a literal: prepared at the first use, reset at each.
 * NULL with a fault when the engine refuses it. */
struct statement *db_statement(struct db *, const char *literal_sql, struct fault *);
/* The statement of a text that was put together and comes again, as a list's pages do:
 * prepared when it was not among the last DB_KEPT, reset at each use, which ends with
 * the next. */
struct statement *db_statement_kept(struct db *, const char *sql, struct fault *);

/* Bind, in order, from a format: i int64_t, t const char * (NULL: null),
 * T const char * + size_t, b const void * + size_t, z null, d double. */
void db_bind(struct db *, struct statement *, const char *format, ...);

/* Run a statement that gives no rows. */
bool db_run(struct db *, struct statement *, struct fault *) MUST_USE;
/* The same within a transaction, where nothing hangs on how it went: a failure is
 * said by what comes next, at the latest by db_commit. */
bool db_run_later(struct db *, struct statement *, struct fault *) MUST_USE;
enum step db_step(struct db *, struct statement *, struct fault *);
int64_t db_int(struct db *, struct statement *, int column);
const char *db_text(struct db *, struct statement *, int column);
const void *db_blob(struct db *, struct statement *, int column, size_t *length);
bool db_is_null(struct db *, struct statement *, int column);

/* One number of a query without parameters; `otherwise` when no row. */
bool db_ask_int(struct db *, const char *literal_sql, int64_t otherwise, int64_t *out, struct fault *) MUST_USE;

#endif
