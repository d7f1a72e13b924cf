/* SPDX-License-Identifier: Apache-2.0 */
#include "store/migrate.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "store/organisation_rows.h"

static bool is_letter(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_';
}

/* DO $NAME$ … $NAME$: PostgreSQL's own. */
static const char *behind_block(const char *p)
{
	char tag[32];
	size_t n = strcspn(p + 4, "$") + 2;
	assert(n < sizeof tag);
	memcpy(tag, p + 3, n);
	tag[n] = '\0';
	const char *end = strstr(p + 3 + n, tag);
	assert(end != NULL);
	return end + n;
}

/* One text for all engines, but for four words: BIGINT, BYTEA, TEXT, and what
 * stands behind a new table's closing parenthesis. STRICT tables of SQLite take
 * neither of the first two, PostgreSQL has no STRICT and compares text as the
 * database's language does unless a column says otherwise. */
static void in_dialect(const struct store_engine *engine, const char *sql, struct text *out)
{
	static const char virtual[] = "CREATE VIRTUAL";
	bool create = false, table = false;
	for (const char *p = sql; *p != '\0';) {
		size_t word = 0;
		if (!engine->trigrams && strncmp(p, virtual, sizeof virtual - 1) == 0)
			p += strcspn(p, ";");
		if (!engine->blocks && strncmp(p, "DO $", 4) == 0)
			p = behind_block(p);
		while (is_letter(p[word]))
			word++;
		if (word == 6 && memcmp(p, "BIGINT", 6) == 0) {
			text_puts(out, engine->bigint);
		} else if (word == 5 && memcmp(p, "BYTEA", 5) == 0) {
			text_puts(out, engine->bytea);
		} else if (word == 4 && memcmp(p, "TEXT", 4) == 0) {
			text_puts(out, engine->text);
		} else if (word > 0) {
			if (word == 6 && memcmp(p, "CREATE", 6) == 0)
				create = true;
			else if (word == 7 && memcmp(p, "VIRTUAL", 7) == 0)
				create = false; /* an engine's own: no table as the others are */
			else if (word == 5 && memcmp(p, "TABLE", 5) == 0)
				table = create;
			text_add(out, p, word);
		} else {
			if (*p == ';' && table)
				text_puts(out, engine->table_suffix);
			if (*p == ';')
				create = table = false;
			text_putc(out, *p);
			word = 1;
		}
		p += word;
	}
}

static bool is_applied(struct db *db, int64_t number, bool *applied, struct fault *fault)
{
	struct statement *st = db_statement(db, "SELECT 1 FROM migrations WHERE number = $1", fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "i", number);
	enum step step = db_step(db, st, fault);
	*applied = step == STEP_ROW;
	db->engine->reset(st);
	return step != STEP_FAULT;
}

static bool apply(struct db *db, const struct migration *migration, int64_t number,
    struct fault *fault)
{
	struct text sql = { 0 };
	in_dialect(db->engine, migration->sql, &sql);
	bool ok = db_begin(db, fault);
	bool applied = false;
	/* Another process may have been faster while we waited. */
	ok = ok && is_applied(db, number, &applied, fault);
	if (ok && !applied) {
		struct statement *done = NULL;
		ok = db_exec(db, text_string(&sql), fault) &&
		    (done = db_statement(db, "INSERT INTO migrations (number, name) VALUES ($1, $2)", fault)) != NULL;
		if (ok) {
			db_bind(db, done, "it", number, migration->name);
			ok = db_run(db, done, fault);
		}
	}
	ok = db_end(db, ok, fault);
	if (!ok)
		fault_context(fault, "migration %s", migration->name);
	text_clear(&sql);
	return ok;
}

/* The number of its file: there may be gaps. */
static int64_t number_of(const struct migration *migration)
{
	return strtoll(migration->name, NULL, 10);
}

static int64_t newest(int64_t *n)
{
	int64_t known = 0;
	for (*n = 0; store_migrations[*n].name != NULL; (*n)++)
		known = MAX(known, number_of(&store_migrations[*n]));
	return known;
}

int64_t store_newest_shape(void)
{
	int64_t n;
	return newest(&n);
}

/* Who may write rows need not be allowed to make tables: only where there is none. */
static bool create_table(struct db *db, struct fault *fault)
{
	struct text table = { 0 };
	in_dialect(db->engine, "CREATE TABLE IF NOT EXISTS migrations (number BIGINT PRIMARY KEY, name TEXT NOT NULL);", &table);
	bool ok = db_begin(db, fault) && db_end(db, db_exec(db, text_string(&table), fault), fault);
	text_clear(&table);
	return ok;
}

bool store_migrate(struct db *db, struct fault *fault)
{
	struct fault none;
	int64_t have = 0, n, known = newest(&n);
	bool ok = db_ask_int(db, "SELECT max(number) FROM migrations", 0, &have, &none) || create_table(db, fault);
	db->shape = 0;
	if (ok && have > known)
		return fault_set(fault, FAULT_STORE, _("this store was made by a later version of Centinela (its shape is %d, this program knows %d)"), (int)have, (int)known);
	for (int64_t i = 0; ok && i < n; i++) {
		bool applied = false;
		ok = is_applied(db, number_of(&store_migrations[i]), &applied, fault);
		if (ok && !applied)
			ok = apply(db, &store_migrations[i], number_of(&store_migrations[i]), fault);
	}
	db->shape = ok ? known : 0;
	return ok;
}

static bool is_the_one(struct db *db, const char *address, struct fault *fault)
{
	if (organisation_is(db, address, fault))
		return true;
	db_close(db);
	return false;
}

bool store_open_read(const char *address, struct db *db, struct fault *fault)
{
	struct fault none;
	int64_t have = 0, n;
	(void)newest(&n);
	if (!db_open(address, OPEN_READ, db, fault))
		return false;
	/* What has no such table is no store, or none of ours: the question to
	 * come says so better. */
	if (!db_ask_int(db, "SELECT count(*) FROM migrations", 0, &have, &none))
		return true;
	if (have >= n)
		return is_the_one(db, address, fault);
	db_close(db);
	if (!db_open(address, OPEN_WRITE, db, fault))
		return fault_context(fault, "the store is of an earlier version and must be renewed");
	bool ok = store_migrate(db, fault);
	db_close(db);
	return ok && db_open(address, OPEN_READ, db, fault) && is_the_one(db, address, fault);
}
