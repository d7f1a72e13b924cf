/* SPDX-License-Identifier: Apache-2.0
 *
 * Inside the PostgreSQL engine: the address, the connection, what a schema of
 * ours needs before its first migration. Statements: engine_postgres.c. */
#ifndef STORE_ENGINE_POSTGRES_H
#define STORE_ENGINE_POSTGRES_H

#include <libpq-fe.h>

#include "base/arena.h"
#include "base/text.h"
#include "store/copy.h"
#include "store/engine.h"
#include "store/organisation.h"

#define PG_WORDS_MAX 64 /* libpq 15 knows 41 */

/* ---- engine_postgres_address.c ------------------------------------------- */

struct pg_address {
	const char *words[PG_WORDS_MAX + 1], *values[PG_WORDS_MAX + 1]; /* for PQconnectdbParams */
	size_t n;
	char organisation[ORGANISATION_KEY_BYTES]; /* whose schema; "": what search_path says */
	char *shown; /* postgresql://HOST/DATABASE: what a sentence may hold */
	bool own_tls; /* the address or the environment says how; else we do */
};

/* What follows "postgresql:". One with a password in it is refused. */
bool pg_address_read(const char *rest, struct pg_address *, struct fault *) MUST_USE;
void pg_address_clear(struct pg_address *);
/* After connecting: a service file may have said where, but not how safely. */
bool pg_address_is_safe(const struct pg_address *, PGconn *, struct fault *) MUST_USE;

/* ---- engine_postgres_link.c ---------------------------------------------- */

struct session {
	PGconn *conn;
	struct pg_address address;
	enum open_mode mode;
	struct statement *current; /* whose rows are still coming in */
	uint32_t generation;	   /* of the connection: prepared statements die with it */
	uint32_t n_names;	   /* of prepared statements, given so far */
	bool later;		   /* it is not to be connected before reach() */
	bool in_transaction;	   /* as our caller believes; the server may have lost it */
	bool in_picture;	   /* … and of one that only reads: a cancelled statement would end it */
	char xid[24];		   /* of a transaction that writes: by it, whether it was kept is asked */
	int64_t patience_ms;	   /* how long that is asked; 0: OUTCOME_MS */
	bool broken;		   /* it said goodbye, although the socket still looks well */
	bool gave_up;		   /* we asked the server to leave off */
	int64_t retry_ns;	   /* no new attempt to connect before */
	struct text forgotten;	   /* DEALLOCATE …; with the next statement */
	int n_later;		   /* statements that nobody waited for yet */
	char *into;		   /* where rows go just now, and nobody waited for them; NULL: nowhere */
	char channel[64];	   /* on which a commit is told */
	bool locks_table;	   /* a writer of an organisation locks `writers` rather than PG_LOCK */
	int64_t changes;
	bool (*goes_on)(void *);
	void *goes_on_arg;
};

void pg_disconnect(struct session *);
bool pg_connect(struct session *, struct fault *) MUST_USE;
/* Before anything is asked: connects anew, where that loses nothing. */
bool pg_ready(struct session *, struct fault *) MUST_USE;
bool pg_is_lost(const struct session *);
/* The next result, waited for as long as it is wanted; NULL after the last. */
PGresult *pg_result(struct session *);
/* Ask the server to leave off; what it already sent still comes. */
void pg_cancel(struct session *);
/* What the failed result (NULL: the connection) says. Clears the result. */
bool pg_complain(struct session *, PGresult *, struct fault *);
/* A text of statements without parameters and rows. */
bool pg_exec(struct session *, const char *sql, struct fault *) MUST_USE;
/* One value, malloc'd; "" for NULL. */
bool pg_ask(struct session *, const char *sql, char **out, struct fault *) MUST_USE;
/* The answer to COMMIT was lost with the connection: was it done? Over a new one. */
bool pg_was_kept(struct session *, struct fault *) MUST_USE;
void pg_session_clear(struct session *);

/* Who writes has this lock, as in a SQLite file: numbers that are given (of
 * alerts, words, revisions) come out in the order of the transactions. */
#define PG_LOCK "pg_advisory_xact_lock(hashtextextended(current_schema(), 1))"

/* ---- statements: engine_postgres.c; what they take and give: ..._values.c --- */

#define PG_PARAMETERS_MAX 64
#define PG_COLUMNS_MAX	  128

struct statement {
	struct session *session;
	char *sql;
	int n_parameters;		    /* the greatest $n of the text */
	uint64_t used;			    /* $n by its bit; the text need not have all */
	Oid types[PG_PARAMETERS_MAX];	    /* as bound; 0: NULL, of whatever type fits */
	const char *values[PG_PARAMETERS_MAX]; /* NULL: NULL */
	int lengths[PG_PARAMETERS_MAX], forms[PG_PARAMETERS_MAX];
	uint64_t numbers[PG_PARAMETERS_MAX];   /* in the network's order */
	char *repaired[PG_PARAMETERS_MAX];	    /* a text that was no UTF-8 */
	/* Once prepared. */
	uint32_t generation, name; /* 0: not */
	Oid prepared[PG_PARAMETERS_MAX];
	bool ran;
	/* Where its rows are. */
	enum { READY, COMING, KEPT, DONE } state;
	PGresult *row;
	Oid column_types[PG_COLUMNS_MAX];
	struct text kept; /* a length of 4 bytes (-1: NULL) and the bytes with a NUL, column by column */
	size_t kept_at;
	int n_columns;
	const char *cells[PG_COLUMNS_MAX];
	int cell_lengths[PG_COLUMNS_MAX];
	bool failed; /* after the rows that were kept */
	struct fault fault;
	struct arena bytes; /* of the row's BYTEA */
};

/* Which $n stand in its text. */
void pg_find_parameters(struct statement *);
void pg_bind_int(struct statement *, int n, int64_t value);
void pg_bind_real(struct statement *, int n, double value);
void pg_bind_text(struct statement *, int n, const char *text, size_t length);
void pg_bind_blob(struct statement *, int n, const void *bytes, size_t length);
void pg_bind_null(struct statement *, int n);
void pg_bind_array(struct statement *, int n, char type, struct text *cells, size_t n_cells);
bool pg_is_null(struct statement *, int column);
int64_t pg_column_int(struct statement *, int column);
double pg_column_real(struct statement *, int column);
const char *pg_column_text(struct statement *, int column);
const void *pg_column_blob(struct statement *, int column, size_t *length);

/* ---- engine_postgres_many.c ---------------------------------------------- */

/* On their way at once: what the server says of so many fits into its socket. */
#define PG_LATER_MOST 250

/* Wait for all that nobody waited for: rows, or statements. */
bool pg_settle(struct session *, struct fault *) MUST_USE;
/* The statements that are sent now are not waited for. */
bool pg_later(struct session *, struct fault *) MUST_USE;
bool pg_copies_into(const struct session *, const char *into);
/* Nor are these rows, and more of them may follow. */
bool pg_copy(struct session *, const char *into, const struct copy *, struct fault *) MUST_USE;

/* ---- engine_postgres_bell.c ---------------------------------------------- */

/* What a writer says at each commit on session->channel: its schema, and which process it is. */
void pg_process(char out[40]);

/* ---- engine_postgres_pooler.c -------------------------------------------- */

bool pg_is_pooled(const char *rest, bool *pooled, struct fault *) MUST_USE;

/* ---- engine_postgres_organisation.c -------------------------------------- */

/* A new connection goes into its organisation's schema, which must be there, and
 * nothing stands behind it; and learns on which channel commits are told. */
bool pg_enter(struct session *, struct fault *) MUST_USE;
bool pg_go_into(struct session *, const char *key, struct fault *) MUST_USE;
bool pg_found(const char *rest, struct fault *) MUST_USE;
bool pg_erase(const char *rest, struct fault *) MUST_USE;

/* ---- engine_postgres_schema.c -------------------------------------------- */

/* fold() is there and says the same as base/fold.h. Writers only. */
bool pg_schema_ready(struct session *, struct fault *) MUST_USE;

#endif
