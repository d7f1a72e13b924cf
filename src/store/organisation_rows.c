/* SPDX-License-Identifier: Apache-2.0 */
#include "store/organisation_rows.h"

#include <stdio.h>
#include <string.h>

#include <openssl/rand.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "store/migrate.h"
#include "store/roles.h"
#include "store/store.h"

/* Whose place it is: "" the store's own, or of a store that is older than organisations. */
static bool read_key(struct db *db, char key[ORGANISATION_KEY_BYTES], struct fault *fault)
{
	struct statement *st = db_statement(db, "SELECT key FROM organisation WHERE id = 1", fault);
	if (st == NULL)
		return false;
	enum step step = db_step(db, st, fault);
	snprintf(key, ORGANISATION_KEY_BYTES, "%s", step == STEP_ROW ? db_text(db, st, 0) : "");
	db->engine->reset(st);
	return step != STEP_FAULT;
}

bool organisation_is(struct db *db, const char *address, struct fault *fault)
{
	size_t n;
	const char *wanted = organisation_in(address, &n);
	char key[ORGANISATION_KEY_BYTES];
	if (!read_key(db, key, fault))
		return false;
	if (strcmp(key, wanted) == 0)
		return true;
	char shown[ORGANISATION_KEY_BYTES];
	text_printable(shown, sizeof shown, key, strlen(key));
	if (*key == '\0')
		return fault_set(fault, FAULT_CONFLICT, _("what stands in the place of organisation %s is no organisation's store, or was not finished: centinela organisation add %s"), wanted, wanted);
	if (*wanted == '\0')
		return fault_set(fault, FAULT_CONFLICT, _("this is the store of organisation %s: name it with --organisation %s"), shown, shown);
	return fault_set(fault, FAULT_CONFLICT, _("what stands in the place of organisation %s is the store of organisation %s: nothing was read or written"), wanted, shown);
}

char *organisation_name(struct db *db)
{
	struct fault fault;
	struct statement *st = db_statement(db, "SELECT name FROM organisation WHERE id = 1", &fault);
	char shown[ORGANISATION_NAME_BYTES] = "";
	if (st == NULL)
		return NULL;
	if (db_step(db, st, &fault) == STEP_ROW)
		text_printable(shown, sizeof shown, db_text(db, st, 0), strlen(db_text(db, st, 0)));
	db->engine->reset(st);
	return *shown != '\0' ? mem_strdup(shown) : NULL;
}

/* ---- adding ---------------------------------------------------------------------------- */

static void draw_channel(char out[static 48])
{
	unsigned char bytes[16];
	if (RAND_bytes(bytes, sizeof bytes) != 1)
		abort(); /* without chance there is no secret */
	int n = snprintf(out, 48, "centinela_");
	for (size_t i = 0; i < sizeof bytes; i++)
		n += snprintf(out + n, 48 - (size_t)n, "%02x", bytes[i]);
}

/* One that is there keeps its channel, and takes the name. */
static bool put_identity(struct db *db, const char *key, const char *name, struct fault *fault)
{
	char channel[48], is[ORGANISATION_KEY_BYTES];
	int64_t n;
	draw_channel(channel);
	if (!read_key(db, is, fault))
		return false;
	if (*is != '\0' && strcmp(is, key) != 0)
		return fault_set(fault, FAULT_CONFLICT, _("what stands in the place of organisation %s is the store of organisation %s: nothing was read or written"), key, is);
	if (*is == '\0' && !db_ask_int(db, "SELECT (SELECT count(*) FROM (SELECT 1 FROM legs LIMIT 1) AS l) + (SELECT count(*) FROM alerts) + (SELECT count(*) FROM audit)", 0, &n, fault))
		return false;
	if (*is == '\0' && n > 0)
		return fault_set(fault, FAULT_CONFLICT, _("what stands in the place of organisation %s holds records that are not known to be its own"), key);
	struct statement *st = db_statement(db, "INSERT INTO organisation (id, key, name, channel) VALUES (1, $1, $2, $3)"
	    " ON CONFLICT (id) DO UPDATE SET name = CASE WHEN $4 = 1 THEN excluded.name ELSE organisation.name END", fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "ttti", key, name != NULL ? name : key, channel, (int64_t)(name != NULL));
	return db_run(db, st, fault);
}

static bool put_line(struct db *db, const char *key, const char *name, int64_t now_ms, struct fault *fault)
{
	struct statement *st = db_statement(db, "INSERT INTO organisations (key, name, added_ms) VALUES ($1, $2, $3)"
	    " ON CONFLICT (key) DO UPDATE SET name = CASE WHEN $4 = 1 THEN excluded.name ELSE organisations.name END", fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "ttii", key, name != NULL ? name : key, now_ms, (int64_t)(name != NULL));
	return db_run(db, st, fault);
}

static bool name_check(const char *name, struct fault *fault)
{
	char shown[ORGANISATION_NAME_BYTES];
	text_printable(shown, sizeof shown, name != NULL ? name : "", name != NULL ? strlen(name) : 0);
	return name == NULL || (*name != '\0' && strlen(name) < sizeof shown && strcmp(shown, name) == 0) ||
	    fault_set(fault, FAULT_USAGE, _("the name of an organisation is a line of text that can be printed, of at most %d bytes"), ORGANISATION_NAME_BYTES - 1);
}

/* The store itself first: whoever may not write the list makes no place. */
bool organisation_add(const char *store, const char *key, const char *name, int64_t now_ms, struct fault *fault)
{
	struct store *home;
	struct db place = { 0 };
	if (!organisation_key_check(key, fault) || !name_check(name, fault) || !store_open(store, &home, fault))
		return false;
	char *address = organisation_address(store, key);
	struct text sql = { 0 };
	store_list_roles_sql(&sql);
	bool ok = (home->db.engine != &engine_postgres || db_exec(&home->db, text_string(&sql), fault)) && organisation_found(address, fault) && db_open(address, OPEN_WRITE, &place, fault) && store_migrate(&place, fault) &&
	    db_begin(&place, fault) && put_identity(&place, key, name, fault) && db_commit(&place, fault) &&
	    db_begin(&home->db, fault) && put_line(&home->db, key, name, now_ms, fault) && db_commit(&home->db, fault);
	db_close(&place);
	store_close(home);
	text_clear(&sql);
	free(address);
	return ok;
}

bool organisation_grant(const char *store, const char *key, bool takes, struct fault *fault)
{
	struct db db;
	struct text sql = { 0 };
	if (!organisation_key_check(key, fault) || !db_open(store, OPEN_WRITE, &db, fault))
		return false;
	if (takes)
		store_organisation_roles_sql(key, &sql);
	else
		store_organisation_unroles_sql(key, &sql);
	bool ok = db.engine != &engine_postgres || (db_begin(&db, fault) && db_exec(&db, text_string(&sql), fault) && db_commit(&db, fault));
	db_close(&db);
	text_clear(&sql);
	return ok;
}

/* ---- the list -------------------------------------------------------------------------- */

bool organisation_list(const char *store, struct arena *arena, struct organisation_row **out, size_t *n, struct fault *fault)
{
	struct db db;
	size_t capacity = 0;
	struct organisation_row *rows = NULL;
	int64_t have;
	struct fault none;
	*n = 0;
	*out = NULL;
	if (!db_open(store, OPEN_READ, &db, fault))
		return fault->code == FAULT_NOT_FOUND;
	/* Made before there was a list: nobody is in it. */
	if (!db_ask_int(&db, "SELECT count(*) FROM organisations", 0, &have, &none)) {
		db_close(&db);
		return none.code == FAULT_STORE || (*fault = none, false);
	}
	struct statement *st = db_statement(&db, "SELECT key, name, added_ms FROM organisations ORDER BY key LIMIT 10000", fault);
	enum step step = STEP_FAULT;
	while (st != NULL && (step = db_step(&db, st, fault)) == STEP_ROW) {
		struct fault bad;
		const char *key = db_text(&db, st, 0);
		if (!organisation_key_check(key, &bad)) /* nobody wrote that here; it would be a path and a screen's text */
			continue;
		char name[ORGANISATION_NAME_BYTES];
		text_printable(name, sizeof name, db_text(&db, st, 1), strlen(db_text(&db, st, 1)));
		rows = mem_grow(rows, *n, &capacity, sizeof *rows);
		rows[(*n)++] = (struct organisation_row){ arena_strdup(arena, key), arena_strdup(arena, name), db_int(&db, st, 2) };
	}
	if (st != NULL)
		db.engine->reset(st);
	db_close(&db);
	*out = arena_alloc(arena, (*n + 1) * sizeof *rows);
	if (*n > 0)
		memcpy(*out, rows, *n * sizeof *rows);
	free(rows);
	return step == STEP_DONE;
}

/* ---- removing -------------------------------------------------------------------------- */

static bool may_go(const char *address, bool even_full, struct fault *fault)
{
	struct db db;
	int64_t n;
	if (!store_open_read(address, &db, fault)) /* also where another's stands in its place */
		return fault->code == FAULT_NOT_FOUND;
	bool ok = even_full || db_ask_int(&db, "SELECT (SELECT count(*) FROM (SELECT 1 FROM legs LIMIT 1) AS l) + (SELECT count(*) FROM alerts) + (SELECT count(*) FROM audit)", 0, &n, fault);
	db_close(&db);
	return ok && (even_full || n == 0 || fault_set(fault, FAULT_CONFLICT, "%s", _("it holds records, alerts or a log: what is to be lost with it is said with --with-everything")));
}

bool organisation_remove(const char *store, const char *key, bool even_full, struct fault *fault)
{
	struct store *home;
	const char *rest;
	if (!organisation_key_check(key, fault))
		return false;
	char *address = organisation_address(store, key);
	if (!may_go(address, even_full, fault) || !store_open(store, &home, fault)) {
		free(address);
		return false;
	}
	bool ok = engine_for(address, &rest)->erase(rest, fault);
	struct statement *st = ok ? db_statement(&home->db, "DELETE FROM organisations WHERE key = $1", fault) : NULL;
	if (st != NULL)
		db_bind(&home->db, st, "t", key);
	ok = st != NULL && db_run(&home->db, st, fault);
	store_close(home);
	free(address);
	return ok;
}
