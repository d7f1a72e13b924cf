/* SPDX-License-Identifier: Apache-2.0 */
#include "store/move.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "store/copy.h"
#include "store/migrate.h"
#include "store/months.h"
#include "store/organisation_rows.h"

#define COLUMNS_MAX 64
#define ROWS_AT_ONCE 5000
#define MARK "moved_from" /* a setting of the other store: what it is being filled with */

struct column {
	char name[64];
	char kind; /* i, t or b, as db_bind has it */
	int key;   /* its place in the primary key, from 1; 0: none */
};

struct shape {
	const char *table;
	struct column columns[COLUMNS_MAX];
	int n, n_keys, key[COLUMNS_MAX]; /* key[k]: the column of place k + 1 */
};

/* Of a process, not of the store; or made anew by who opens it (far_ends_begin). */
static bool stays(const char *table)
{
	static const char *const names[] = { "migrations", "lease", "viewers", "outbox_lease", "far_ends",
		"organisation", "organisations" };
	for (size_t i = 0; i < COUNT_OF(names); i++)
		if (strcmp(names[i], table) == 0)
			return true;
	return false;
}

/* What a new store has rows in; few, and written over. */
static bool is_small(const char *table)
{
	return strcmp(table, "counters") == 0 || strcmp(table, "settings") == 0 || strcmp(table, "audit_end") == 0;
}

static bool read_shape(struct db *db, struct shape *shape, const char *table, struct fault *fault)
{
	*shape = (struct shape){ .table = table };
	struct statement *st = db_statement(db, db->engine->columns, fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "t", table);
	enum step step;
	while ((step = db_step(db, st, fault)) == STEP_ROW && shape->n < COLUMNS_MAX) {
		struct column *c = &shape->columns[shape->n++];
		const char *type = db_text(db, st, 1);
		snprintf(c->name, sizeof c->name, "%s", db_text(db, st, 0));
		c->kind = text_equal_nocase(type, "text") ? 't' : text_equal_nocase(type, "blob") || text_equal_nocase(type, "bytea") ? 'b' : 'i';
		c->key = (int)db_int(db, st, 2);
		if (c->key > 0 && c->key <= COLUMNS_MAX) {
			shape->key[c->key - 1] = shape->n - 1;
			shape->n_keys++;
		}
	}
	db->engine->reset(st);
	return step != STEP_FAULT;
}

/* " a, b" of the key, or of all columns. */
static void put_names(struct text *sql, const struct shape *shape, bool keys, const char *after)
{
	for (int i = 0; i < (keys ? shape->n_keys : shape->n); i++)
		text_printf(sql, "%s%s%s", i > 0 ? ", " : "", shape->columns[keys ? shape->key[i] : i].name, after);
}

static void bind_column(struct db *to, struct statement *out, int n, struct db *from, struct statement *row, int column, char kind)
{
	size_t length;
	if (db_is_null(from, row, column)) {
		to->engine->bind_null(out, n);
	} else if (kind == 'i') {
		to->engine->bind_int(out, n, db_int(from, row, column));
	} else if (kind == 't') {
		const char *text = db_text(from, row, column);
		to->engine->bind_text(out, n, text, strlen(text));
	} else {
		const void *bytes = db_blob(from, row, column, &length);
		to->engine->bind_blob(out, n, bytes, length);
	}
}

/* A statement that is made here lives for one table. */
static bool prepare(struct db *db, struct text *sql, struct statement **st, struct fault *fault)
{
	bool ok = db->engine->prepare(db->session, text_string(sql), st, fault);
	text_clear(sql);
	return ok;
}

/* The source's rows behind the greatest key of `at` (NULL: all). */
static bool open_rows(struct db *from, const struct shape *shape, struct db *at, struct statement **rows, struct fault *fault)
{
	struct text sql = { 0 };
	struct statement *greatest = NULL;
	bool some = false;
	if (at != NULL) {
		text_puts(&sql, "SELECT ");
		put_names(&sql, shape, true, "");
		text_printf(&sql, " FROM %s ORDER BY ", shape->table);
		put_names(&sql, shape, true, " DESC");
		text_puts(&sql, " LIMIT 1");
		if (!prepare(at, &sql, &greatest, fault))
			return false;
		enum step step = db_step(at, greatest, fault);
		some = step == STEP_ROW;
		if (step == STEP_FAULT) {
			at->engine->finish(greatest);
			return false;
		}
	}
	text_puts(&sql, "SELECT ");
	put_names(&sql, shape, false, "");
	text_printf(&sql, " FROM %s", shape->table);
	if (some) {
		text_puts(&sql, " WHERE (");
		put_names(&sql, shape, true, "");
		text_puts(&sql, ") > (");
		for (int i = 0; i < shape->n_keys; i++)
			text_printf(&sql, "%s$%d", i > 0 ? ", " : "", i + 1);
		text_putc(&sql, ')');
	}
	text_puts(&sql, " ORDER BY ");
	put_names(&sql, shape, true, "");
	bool ok = prepare(from, &sql, rows, fault);
	for (int i = 0; ok && some && i < shape->n_keys; i++)
		bind_column(from, *rows, i + 1, at, greatest, i, shape->columns[shape->key[i]].kind);
	/* Its row must outlive the first step, which reads what was bound. */
	enum step first = ok ? db_step(from, *rows, fault) : STEP_FAULT;
	if (greatest != NULL)
		at->engine->finish(greatest);
	if (ok && first == STEP_FAULT)
		from->engine->finish(*rows);
	if (ok && first == STEP_DONE) {
		from->engine->finish(*rows);
		*rows = NULL;
	}
	return first != STEP_FAULT;
}

/* Into the other store, over what has the same key. */
static bool prepare_put(struct db *to, const struct shape *shape, struct statement **put, struct fault *fault)
{
	struct text sql = { 0 };
	text_printf(&sql, "INSERT INTO %s (", shape->table);
	put_names(&sql, shape, false, "");
	text_puts(&sql, ") VALUES (");
	for (int i = 0; i < shape->n; i++)
		text_printf(&sql, "%s$%d", i > 0 ? ", " : "", i + 1);
	text_puts(&sql, ") ON CONFLICT (");
	put_names(&sql, shape, true, "");
	text_puts(&sql, shape->n > shape->n_keys ? ") DO UPDATE SET " : ") DO NOTHING");
	for (int i = 0, n = 0; i < shape->n; i++)
		if (shape->columns[i].key == 0)
			text_printf(&sql, "%s%s = excluded.%s", n++ > 0 ? ", " : "", shape->columns[i].name, shape->columns[i].name);
	return prepare(to, &sql, put, fault);
}

static bool put_row(struct db *to, const struct shape *shape, struct statement *put, struct db *from, struct statement *rows, struct fault *fault)
{
	for (int i = 0; i < shape->n; i++)
		bind_column(to, put, i + 1, from, rows, i, shape->columns[i].kind);
	return db_run_later(to, put, fault);
}

static void copy_column(struct copy *copy, struct db *from, struct statement *rows, int i, char kind)
{
	size_t n;
	const void *bytes;
	if (db_is_null(from, rows, i))
		copy_null(copy);
	else if (kind == 'i')
		copy_int(copy, db_int(from, rows, i));
	else if (kind == 't')
		copy_text(copy, db_text(from, rows, i), strlen(db_text(from, rows, i)));
	else
		bytes = db_blob(from, rows, i, &n), copy_bytes(copy, bytes, n);
}

static bool flush(struct db *to, const struct shape *shape, struct copy *copy, struct fault *fault)
{
	struct text into = { 0 };
	if (copy->n == 0)
		return true;
	text_printf(&into, "%s (", shape->table);
	put_names(&into, shape, false, "");
	text_putc(&into, ')');
	bool ok = to->engine->copy(to->session, text_string(&into), copy, fault);
	text_clear(&into);
	copy_reset(copy);
	return ok;
}

static double share_of(const struct move *move, size_t at, int64_t n)
{
	int64_t total = 1, done = n;
	for (size_t i = 0; i < move->n; i++) {
		total += move->tables[i].n_rows;
		done += i < at ? move->tables[i].n_rows : 0;
	}
	return (double)done / (double)total;
}

static bool wanted(const struct move *move, size_t at, int64_t n, struct fault *fault)
{
	return move->goes_on == NULL || move->goes_on(move->arg, share_of(move, at, n)) ||
	    fault_set(fault, FAULT_CANCELLED, "%s", _("given up; the same command goes on where it ended"));
}

static bool move_table(struct move *move, size_t at, struct db *from, struct db *to, struct fault *fault)
{
	struct move_table *table = &move->tables[at];
	struct shape shape;
	struct statement *rows = NULL, *put = NULL;
	struct copy copy = { 0 };
	struct months months = { 0 };
	bool by_month = strcmp(table->name, "legs") == 0 || strcmp(table->name, "calls") == 0; /* their first column is the key */
	bool small = is_small(table->name), many = to->engine->copy != NULL && !small;
	if (!read_shape(from, &shape, table->name, fault) || !open_rows(from, &shape, small ? NULL : to, &rows, fault))
		return false;
	bool ok = rows == NULL || many || prepare_put(to, &shape, &put, fault);
	enum step step = rows != NULL ? STEP_ROW : STEP_DONE;
	while (ok && step == STEP_ROW) {
		ok = db_begin(to, fault);
		for (int n = 0; ok && step == STEP_ROW && n < ROWS_AT_ONCE; n++) {
			if (by_month)
				ok = months_ready(to, &months, db_int(from, rows, 0), db_int(from, rows, 0), fault);
			if (ok && many) {
				copy_row(&copy, shape.n);
				for (int i = 0; i < shape.n; i++)
					copy_column(&copy, from, rows, i, shape.columns[i].kind);
			}
			ok = ok && (many || put_row(to, &shape, put, from, rows, fault));
			table->n_moved += ok;
			step = ok ? db_step(from, rows, fault) : STEP_FAULT;
			/* A page's bytes are large, and stay in memory until they go. */
			if (ok && copy.rows.n > (size_t)16 << 20)
				ok = flush(to, &shape, &copy, fault);
		}
		ok = ok && step != STEP_FAULT && flush(to, &shape, &copy, fault) && db_commit(to, fault) && wanted(move, at, table->n_moved, fault);
		if (!ok)
			db_rollback(to);
	}
	if (put != NULL)
		to->engine->finish(put);
	if (rows != NULL)
		from->engine->finish(rows);
	text_clear(&copy.rows);
	return ok;
}

/* The number of the rows, and a sum of a hash of each, in which no order shows. */
static bool tell(struct db *db, const char *name, int64_t *n, uint64_t *hash, struct fault *fault)
{
	struct shape shape;
	struct statement *rows = NULL;
	*n = 0;
	*hash = 0;
	if (!read_shape(db, &shape, name, fault) || !open_rows(db, &shape, NULL, &rows, fault))
		return false;
	enum step step = rows != NULL ? STEP_ROW : STEP_DONE;
	for (; step == STEP_ROW; step = db_step(db, rows, fault)) {
		uint64_t one = 0;
		/* That mark is the other store's alone. */
		if (strcmp(name, "settings") == 0 && strcmp(db_text(db, rows, shape.key[0]), MARK) == 0)
			continue;
		for (int i = 0; i < shape.n; i++) {
			size_t length;
			const void *bytes = db_blob(db, rows, i, &length);
			int64_t number = shape.columns[i].kind == 'i' && !db_is_null(db, rows, i) ? db_int(db, rows, i) : 0;
			if (shape.columns[i].kind == 'i')
				bytes = &number, length = sizeof number;
			one = hash_mix(one * 31 + hash_bytes(bytes, length) + db_is_null(db, rows, i)) + hash_text(shape.columns[i].name);
		}
		*hash += hash_mix(one);
		++*n;
	}
	if (rows != NULL)
		db->engine->finish(rows);
	return step == STEP_DONE;
}

static bool read_tables(struct move *move, struct db *from, struct fault *fault)
{
	struct statement *st = db_statement(from, from->engine->tables, fault);
	size_t capacity = 0;
	if (st == NULL)
		return false;
	enum step step;
	while ((step = db_step(from, st, fault)) == STEP_ROW) {
		if (stays(db_text(from, st, 0)))
			continue;
		move->tables = mem_grow(move->tables, move->n, &capacity, sizeof *move->tables);
		move->tables[move->n] = (struct move_table){ 0 };
		snprintf(move->tables[move->n++].name, sizeof move->tables->name, "%s", db_text(from, st, 0));
	}
	from->engine->reset(st);
	for (size_t i = 0; step == STEP_DONE && i < move->n; i++)
		if (!tell(from, move->tables[i].name, &move->tables[i].n_rows, &move->tables[i].hash, fault) || !wanted(move, 0, 0, fault))
			return false;
	return step == STEP_DONE;
}

static bool set_mark(struct db *to, const char *value, struct fault *fault)
{
	struct statement *st = db_statement(to, "INSERT INTO settings (name, value) VALUES ('" MARK "', $1) ON CONFLICT (name) DO UPDATE SET value = excluded.value", fault);
	if (st == NULL)
		return false;
	db_bind(to, st, "t", value);
	return db_run(to, st, fault);
}

/* Is the other store empty, or what we left of the same? */
static bool may_fill(struct db *to, const char *from, struct fault *fault)
{
	char shown[200];
	int64_t n;
	store_address_shown(from, shown, sizeof shown);
	struct statement *st = db_statement(to, "SELECT 1 FROM settings WHERE name = '" MARK "' AND value = $1", fault);
	if (st == NULL)
		return false;
	db_bind(to, st, "t", shown);
	enum step step = db_step(to, st, fault);
	to->engine->reset(st);
	if (step != STEP_DONE)
		return step == STEP_ROW;
	if (!db_ask_int(to, "SELECT (SELECT count(*) FROM (SELECT 1 FROM legs LIMIT 1) AS l) + (SELECT count(*) FROM alerts) + (SELECT count(*) FROM audit)", 0, &n, fault))
		return false;
	return n > 0 ? fault_set(fault, FAULT_CONFLICT, "%s", _("the other store holds records already: name one that is empty")) :
		       set_mark(to, shown, fault);
}

/* What is an organisation's stays within it; what is nobody's may become one's. */
static bool is_for(const struct move *move, struct db *to, struct fault *fault)
{
	size_t n;
	const char *from_key = organisation_in(move->from, &n), *to_key = organisation_in(move->to, &n);
	if (!organisation_is(to, move->to, fault))
		return false;
	return *from_key == '\0' || strcmp(from_key, to_key) == 0 ||
	    fault_set(fault, FAULT_CONFLICT, _("this is the store of organisation %s: it is not moved into another's"), from_key);
}

static bool is_at_rest(struct db *from, int64_t now_ms, struct fault *fault)
{
	struct statement *st = db_statement(from, "SELECT holder FROM lease WHERE id = 1 AND until_ms > $1 AND holder <> ''", fault);
	if (st == NULL)
		return false;
	db_bind(from, st, "i", now_ms);
	enum step step = db_step(from, st, fault);
	if (step == STEP_ROW)
		fault_set(fault, FAULT_CONFLICT, _("%s collects into this store: end it first"), db_text(from, st, 0));
	from->engine->reset(st);
	int64_t n = 0;
	if (step != STEP_DONE || !db_ask_int(from, "SELECT count(*) FROM settings WHERE name = '" MARK "'", 0, &n, fault))
		return false;
	return n == 0 || fault_set(fault, FAULT_CONFLICT, "%s", _("this store is half filled from another one: end that first"));
}

/* What differs (the source changed since its rows went) is moved anew, once. */
static bool compare(struct move *move, struct db *from, struct db *to, struct fault *fault)
{
	for (size_t i = 0; i < move->n; i++) {
		struct move_table *table = &move->tables[i];
		int64_t n;
		uint64_t hash;
		for (int turn = 0;; turn++) {
			if (!tell(to, table->name, &n, &hash, fault) || !wanted(move, move->n, 0, fault))
				return false;
			if (n == table->n_rows && hash == table->hash)
				break;
			if (turn > 0)
				return fault_set(fault, FAULT_STORE, _("%s is not the same in both stores: %lld rows here, %lld there"), table->name,
				    (long long)table->n_rows, (long long)n);
			char sql[128];
			snprintf(sql, sizeof sql, "DELETE FROM %s%s", table->name, strcmp(table->name, "settings") == 0 ? " WHERE name <> '" MARK "'" : "");
			if (!db_exec(to, sql, fault) || !move_table(move, i, from, to, fault))
				return false;
		}
	}
	return true;
}

/* They did not come along, though the counter says of the source how far it has them:
 * until who collects has read all calls anew, searches walk. */
static bool read_far_ends_anew(struct db *to, struct fault *fault)
{
	return db_exec(to, "UPDATE counters SET value = (SELECT coalesce(max(id) + 1, 0) FROM calls) WHERE name = 'far_ends_below'", fault);
}

bool store_move(struct move *move, struct fault *fault)
{
	struct db from, to = { 0 };
	move->tables = NULL;
	move->n = 0;
	if (!store_open_read(move->from, &from, fault))
		return false;
	/* One picture of the source, whoever writes to it meanwhile. */
	bool ok = db_exec(&from, from.engine->picture, fault) && is_at_rest(&from, move->now_ms, fault) && read_tables(move, &from, fault) &&
	    db_open(move->to, OPEN_WRITE, &to, fault) && store_migrate(&to, fault) &&
	    is_for(move, &to, fault) && may_fill(&to, move->from, fault);
	for (size_t i = 0; ok && i < move->n; i++)
		ok = move_table(move, i, &from, &to, fault);
	ok = ok && compare(move, &from, &to, fault) && (!to.engine->trigrams || read_far_ends_anew(&to, fault)) && db_exec(&to, "DELETE FROM settings WHERE name = '" MARK "'", fault);
	db_close(&to);
	db_close(&from);
	return ok;
}

void move_clear(struct move *move)
{
	free(move->tables);
	move->tables = NULL;
	move->n = 0;
}
