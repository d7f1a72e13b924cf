/* SPDX-License-Identifier: Apache-2.0
 *
 * SQLite: WAL, STRICT tables. SQLite reads "$2" as a name, so parameters are
 * bound by name, whatever the order in which they stand in the text. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sqlite3.h>

#include "base/fold.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "store/engine.h"
#include "store/engine_sqlite_turn.h"
#include "store/engine_sqlite_wal.h"
#include "store/organisation.h"

#define MAX_PARAMETERS 64
#define STEPS_AT_ONCE  20000 /* of SQLite's machine: some tenths of a millisecond */

struct session {
	sqlite3 *db;
	struct wal_keeper *wal_keeper; /* NULL: reads, or in memory */
	struct turn *turn;	       /* NULL likewise */
	char *path;
	bool (*goes_on)(void *);
	void *goes_on_arg;
};

struct statement {
	sqlite3_stmt *st;
	struct session *session;
	int at[MAX_PARAMETERS + 1]; /* of $n, by n; 0: not in the text */
	/* What is bound stays bound: an integer or NULL that comes again is
	 * not told to SQLite again. */
	enum { BOUND_OTHER, BOUND_INT, BOUND_NULL } bound[MAX_PARAMETERS + 1];
	int64_t value[MAX_PARAMETERS + 1];
};

static bool complain(const struct session *session, const char *doing, struct fault *fault)
{
	int code = sqlite3_extended_errcode(session->db);
	const char *why = sqlite3_errmsg(session->db);
	switch (code & 0xFF) {
	case SQLITE_FULL:
		return fault_set(fault, FAULT_FULL, _("the disk of %s is full: free some space, nothing was lost"), session->path);
	case SQLITE_READONLY:
	case SQLITE_PERM:
	case SQLITE_CANTOPEN:
		return fault_set(fault, FAULT_READ_ONLY, _("the store %s cannot be written (%s)"), session->path, why);
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return fault_set(fault, FAULT_CONFLICT, _("the store %s is busy: another process writes"), session->path);
	case SQLITE_INTERRUPT:
		return fault_set(fault, FAULT_CANCELLED, _("the question to %s was given up"), session->path);
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		return fault_set(fault, FAULT_STORE, _("%s is not a store, or it is damaged (%s)"), session->path, why);
	case SQLITE_IOERR:
		if (code == SQLITE_IOERR_WRITE || code == SQLITE_IOERR_FSYNC)
			return fault_set(fault, FAULT_FULL, _("writing to %s failed (%s)"), session->path, why);
		break;
	}
	return fault_set(fault, FAULT_STORE, "%s: %s (%s)", session->path, doing, why);
}

/* Written into a file that has no name any more is written to nobody. */
static bool is_in_its_place(const struct session *session, struct fault *fault)
{
	int moved = 0;
	if (sqlite3_file_control(session->db, "main", SQLITE_FCNTL_HAS_MOVED, &moved) != SQLITE_OK || !moved)
		return true;
	return fault_set(fault, FAULT_STORE, _("the file of the store %s was taken away or replaced while it was open: nothing was written; put it back and start again"), session->path);
}

#define BEGIN "BEGIN IMMEDIATE"

static bool sqlite_exec(struct session *session, const char *sql, struct fault *fault)
{
	bool begins = strcmp(sql, BEGIN) == 0;
	if (begins && !is_in_its_place(session, fault))
		return false;
	if (session->turn != NULL && begins)
		turn_let_go_first(session->turn);
	int code = sqlite3_exec(session->db, sql, NULL, NULL, NULL);
	if (session->turn != NULL)
		turn_over(session->turn);
	return code == SQLITE_OK || complain(session, "a statement failed", fault);
}

/* Records hold who called whom: the file is the owner's alone from the first
 * byte, and so are the journal files, which take over its mode. */
static bool make_private(const char *path, struct fault *fault)
{
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return fault_set(fault, FAULT_SYSTEM, _("cannot open the store %s: %s"), path, strerror(errno));
	close(fd);
	return true;
}

/* An organisation's file is made once, by who adds it, and is no link to another's. */
static bool is_its_own(const char *path, const char *key, struct fault *fault)
{
	struct stat st;
	if (lstat(path, &st) != 0)
		return fault_set(fault, FAULT_NOT_FOUND, _("there is no organisation %s in this store: centinela organisation add %s makes it"), key, key);
	return S_ISREG(st.st_mode) || fault_set(fault, FAULT_SYSTEM, _("%s is no file of its own but a link or the like: it is not opened as an organisation's store"), path);
}

static bool sqlite_found(const char *address, struct fault *fault)
{
	char *path = store_file(address);
	struct stat st;
	bool ok = lstat(path, &st) != 0 ? make_private(path, fault) :
	    S_ISREG(st.st_mode) || fault_set(fault, FAULT_SYSTEM, _("%s is no file of its own but a link or the like: it is not opened as an organisation's store"), path);
	free(path);
	return ok;
}

static bool sqlite_erase(const char *address, struct fault *fault)
{
	static const char *const parts[] = { "-wal", "-shm", "" };
	char *path = store_file(address);
	bool ok = true;
	for (size_t i = 0; ok && i < COUNT_OF(parts); i++) {
		char *part = mem_printf("%s%s", path, parts[i]);
		ok = unlink(part) == 0 || errno == ENOENT || fault_set(fault, FAULT_SYSTEM, "%s: %s", part, strerror(errno));
		free(part);
	}
	free(path);
	return ok;
}

static void sqlite_close(struct session *session)
{
	if (session == NULL)
		return;
	wal_keeper_free(session->wal_keeper);
	sqlite3_close(session->db);
	turn_free(session->turn);
	free(session->path);
	free(session);
}

/* fold(text): base/fold.h. */
static void fold(sqlite3_context *context, int n, sqlite3_value **arguments)
{
	UNUSED(n);
	const char *bytes = (const char *)sqlite3_value_text(arguments[0]);
	if (bytes == NULL)
		return; /* NULL stays NULL */
	size_t length = (size_t)sqlite3_value_bytes(arguments[0]);
	char here[512], *out = here;
	if (3 * length >= sizeof here) /* a broken byte takes three */
		out = mem_alloc(3 * length + 1);
	size_t written = text_fold(out, 3 * length + 1, bytes, length);
	sqlite3_result_text64(context, out, written, SQLITE_TRANSIENT, SQLITE_UTF8);
	if (out != here)
		free(out);
}

/* Counting its own memory costs SQLite a mutex for every allocation. */
static void configure(void)
{
	sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

static pthread_once_t configured = PTHREAD_ONCE_INIT;

static bool sqlite_open(const char *address, enum open_mode mode, struct session **out,
    struct fault *fault)
{
	struct session *session = mem_zalloc(sizeof *session);
	size_t n_rest;
	const char *path = session->path = store_file(address), *key = organisation_in(address, &n_rest);
	bool memory = strcmp(path, ":memory:") == 0;
	pthread_once(&configured, configure);
	if (*key != '\0' && !is_its_own(path, key, fault)) {
		sqlite_close(session);
		return false;
	}
	if (mode != OPEN_WRITE && !memory && access(path, F_OK) != 0) {
		fault_set(fault, FAULT_NOT_FOUND, _("there is no store %s yet: sync or import makes it"), path);
		sqlite_close(session);
		return false;
	}
	if (mode == OPEN_WRITE && !memory && access(path, F_OK) != 0 && !make_private(path, fault)) {
		sqlite_close(session);
		return false;
	}
	int flags = SQLITE_OPEN_NOMUTEX | (mode == OPEN_WRITE ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY);
	bool ok = sqlite3_open_v2(path, &session->db, flags, NULL) == SQLITE_OK ||
	    complain(session, "cannot be opened", fault);
	if (ok) {
		sqlite3_extended_result_codes(session->db, 1);
		sqlite3_busy_timeout(session->db, 10000);
		sqlite3_create_function_v2(session->db, "fold", 1, SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS, NULL, fold, NULL, NULL, NULL);
		ok = sqlite_exec(session, mode == OPEN_WRITE ?
			"PRAGMA page_size=8192; PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;"
			"PRAGMA cache_size=-16000; PRAGMA temp_store=MEMORY;"
			"PRAGMA journal_size_limit=67108864" :
			mode == OPEN_READ ?
			"PRAGMA query_only=ON; PRAGMA cache_size=-6000; PRAGMA temp_store=MEMORY;"
			"PRAGMA mmap_size=0" :
			/* What is beside may be as large as the alerts of the store: in a file without a
			 * name, which goes with the connection, and needs no way back. */
			"PRAGMA cache_size=-6000; PRAGMA temp_store=FILE; PRAGMA temp.journal_mode=OFF; PRAGMA temp.cache_size=-8000;"
			"PRAGMA mmap_size=0", fault);
	}
	if (!ok) {
		sqlite_close(session);
		return false;
	}
	/* Of 8 KiB: 32 MB, and 192 MB, which the size limit takes back in time. */
	if (mode == OPEN_WRITE && !memory) {
		session->wal_keeper = wal_keeper_new(session->db, path, (struct wal_limits){ 4000, 24000 });
		session->turn = turn_new(path);
		sqlite3_busy_handler(session->db, turn_wait, session->turn);
	}
	*out = session;
	return true;
}

static bool sqlite_prepare(struct session *session, const char *sql, struct statement **out,
    struct fault *fault)
{
	struct statement *statement = mem_zalloc(sizeof *statement);
	statement->session = session;
	if (sqlite3_prepare_v3(session->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement->st, NULL) != SQLITE_OK) {
		free(statement);
		return complain(session, "a statement is wrong", fault);
	}
	for (int n = 1; n <= MAX_PARAMETERS; n++) {
		char name[8];
		snprintf(name, sizeof name, "$%d", n);
		statement->at[n] = sqlite3_bind_parameter_index(statement->st, name);
	}
	*out = statement;
	return true;
}

static void sqlite_finish(struct statement *statement)
{
	sqlite3_finalize(statement->st);
	free(statement);
}

static void bind_int(struct statement *s, int n, int64_t value)
{
	if (s->bound[n] == BOUND_INT && s->value[n] == value)
		return;
	sqlite3_bind_int64(s->st, s->at[n], value);
	s->bound[n] = BOUND_INT;
	s->value[n] = value;
}

static void bind_real(struct statement *s, int n, double value)
{
	s->bound[n] = BOUND_OTHER;
	sqlite3_bind_double(s->st, s->at[n], value);
}

/* Bound text lives until the statement was stepped and reset, which every
 * caller does within the same function: no copy is made. */
static void bind_text(struct statement *s, int n, const char *text, size_t length)
{
	s->bound[n] = BOUND_OTHER;
	sqlite3_bind_text64(s->st, s->at[n], text == NULL ? "" : text, length, SQLITE_STATIC, SQLITE_UTF8);
}

static void bind_blob(struct statement *s, int n, const void *bytes, size_t length)
{
	s->bound[n] = BOUND_OTHER;
	sqlite3_bind_blob64(s->st, s->at[n], bytes == NULL ? "" : bytes, length, SQLITE_STATIC);
}

static void bind_null(struct statement *s, int n)
{
	if (s->bound[n] == BOUND_NULL)
		return;
	sqlite3_bind_null(s->st, s->at[n]);
	s->bound[n] = BOUND_NULL;
}

static enum step sqlite_step(struct statement *s, struct fault *fault)
{
	int code = sqlite3_step(s->st);
	if (s->session->turn != NULL)
		turn_over(s->session->turn);
	switch (code) {
	case SQLITE_ROW:
		return STEP_ROW;
	case SQLITE_DONE:
		return STEP_DONE;
	default:
		complain(s->session, "a statement failed", fault);
		return STEP_FAULT;
	}
}

static int on_steps(void *arg)
{
	const struct session *session = arg;
	return !session->goes_on(session->goes_on_arg);
}

static void ask_whether(struct session *session, bool (*goes_on)(void *), void *arg)
{
	session->goes_on = goes_on;
	session->goes_on_arg = arg;
	sqlite3_progress_handler(session->db, STEPS_AT_ONCE, goes_on != NULL ? on_steps : NULL, session);
}

static void sqlite_reset(struct statement *s)
{
	sqlite3_reset(s->st);
}

static bool is_wanted(struct session *session, bool *wanted, struct fault *fault)
{
	UNUSED(fault);
	*wanted = session->turn != NULL && turn_is_wanted(session->turn);
	return true;
}

static bool is_null(struct statement *s, int column)
{
	return sqlite3_column_type(s->st, column) == SQLITE_NULL;
}

static int64_t column_int(struct statement *s, int column)
{
	return sqlite3_column_int64(s->st, column);
}

static double column_real(struct statement *s, int column)
{
	return sqlite3_column_double(s->st, column);
}

static const char *column_text(struct statement *s, int column)
{
	const char *text = (const char *)sqlite3_column_text(s->st, column);
	return text == NULL ? "" : text;
}

static const void *column_blob(struct statement *s, int column, size_t *length)
{
	const void *bytes = sqlite3_column_blob(s->st, column);
	*length = (size_t)sqlite3_column_bytes(s->st, column);
	return bytes == NULL ? "" : bytes;
}

static int64_t changes(struct session *session)
{
	return sqlite3_changes64(session->db);
}

const struct store_engine engine_sqlite = {
	.scheme = "sqlite",
	.begin = BEGIN,
	.lasting = "PRAGMA synchronous=FULL",
	.usual = "PRAGMA synchronous=NORMAL",
	.bigint = "INTEGER",
	.bytea = "BLOB",
	.text = "TEXT",
	.table_suffix = " STRICT",
	.trigrams = true,
	.hidden = "main.",
	.tables = "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql LIKE '%STRICT' ORDER BY name",
	.columns = "SELECT name, type, pk FROM pragma_table_info($1) ORDER BY cid",
	.picture = "BEGIN",
	.open = sqlite_open,
	.found = sqlite_found,
	.erase = sqlite_erase,
	.close = sqlite_close,
	.exec = sqlite_exec,
	.prepare = sqlite_prepare,
	.finish = sqlite_finish,
	.bind_int = bind_int,
	.bind_real = bind_real,
	.bind_text = bind_text,
	.bind_blob = bind_blob,
	.bind_null = bind_null,
	.step = sqlite_step,
	.reset = sqlite_reset,
	.is_null = is_null,
	.column_int = column_int,
	.column_real = column_real,
	.column_text = column_text,
	.column_blob = column_blob,
	.changes = changes,
	.ask_whether = ask_whether,
	.is_wanted = is_wanted,
};
