/* SPDX-License-Identifier: Apache-2.0 */
#include "store/far_ends.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/map.h"
#include "base/mem.h"
#include "store/store.h"

/* Most calls are with somebody who was called before: those are met here, 0.9 MB of
 * them, and not looked for in the store. */
#define SLOTS	   16384
#define SLOT_BYTES 44 /* of a text, with its NUL; a longer one is looked for each time */

struct slot {
	char text[SLOT_BYTES];
	bool is_name;
	int64_t day; /* of a name */
};

/* One that has no grams yet: they are written together. */
struct new_end {
	int64_t id;
	char *text;
};

struct far_ends {
	struct slot slots[SLOTS];
	int64_t gone;	 /* the counter when it was last looked at */
	int64_t last_id; /* in this transaction; 0: not asked yet */
	struct new_end *pending;
	size_t n_pending, capacity;
};

struct far_ends *far_ends_new(void)
{
	return mem_zalloc(sizeof(struct far_ends));
}

static void drop_pending(struct far_ends *ends)
{
	for (size_t i = 0; i < ends->n_pending; i++)
		free(ends->pending[i].text);
	ends->n_pending = 0;
}

void far_ends_free(struct far_ends *ends)
{
	if (ends == NULL)
		return;
	drop_pending(ends);
	free(ends->pending);
	free(ends);
}

void far_ends_forget(struct far_ends *ends)
{
	drop_pending(ends);
	memset(ends->slots, 0, sizeof ends->slots);
	ends->last_id = 0;
	ends->gone = -1;
}

bool far_ends_follow(struct store *store, struct fault *fault)
{
	if (!store->db.engine->trigrams)
		return true;
	int64_t gone;
	if (!db_ask_int(&store->db, "SELECT value FROM counters WHERE name = 'far_ends_gone'", 0, &gone, fault))
		return false;
	if (gone != store->far_ends->gone)
		far_ends_forget(store->far_ends);
	store->far_ends->gone = gone;
	store->far_ends->last_id = 0;
	return true;
}

static bool find(struct db *db, const char *text, bool is_name, int64_t *id, int64_t *last_day, struct fault *fault)
{
	/* The index alone knows a number's. */
	struct statement *st = is_name ? db_statement(db, "SELECT id, last_day FROM far_ends WHERE text = $1 AND is_name = 1", fault) :
					 db_statement(db, "SELECT id, 0 FROM far_ends WHERE text = $1 AND is_name = 0", fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "t", text);
	enum step step = db_step(db, st, fault);
	*id = step == STEP_ROW ? db_int(db, st, 0) : 0;
	*last_day = step == STEP_ROW ? db_int(db, st, 1) : 0;
	db->engine->reset(st);
	return step != STEP_FAULT;
}

static bool add(struct store *store, const char *text, bool is_name, int64_t day, struct fault *fault)
{
	struct db *db = &store->db;
	struct far_ends *ends = store->far_ends;
	/* Within the transaction nobody else gives numbers; ascending, as the grams want them. */
	if (ends->last_id == 0 && !db_ask_int(db, "SELECT max(id) FROM far_ends", 0, &ends->last_id, fault))
		return false;
	int64_t id = ++ends->last_id;
	struct statement *st = db_statement(db, "INSERT INTO far_ends (id, is_name, text, last_day) VALUES ($1, $2, $3, $4)", fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "iiti", id, (int64_t)is_name, text, is_name ? day : 0);
	ends->pending = mem_grow(ends->pending, ends->n_pending, &ends->capacity, sizeof *ends->pending);
	ends->pending[ends->n_pending++] = (struct new_end){ id, mem_strdup(text) };
	return db_run(db, st, fault);
}

/* Last of all: FTS5 writes what it has gathered, as a piece of its own, whenever a
 * statement that may have to be undone by itself follows (UPDATE … RETURNING does). */
bool far_ends_write(struct store *store, struct fault *fault)
{
	struct db *db = &store->db;
	struct far_ends *ends = store->far_ends;
	bool ok = true;
	for (size_t i = 0; ok && i < ends->n_pending; i++) {
		struct statement *st = db_statement(db, "INSERT INTO far_end_grams (rowid, text) VALUES ($1, fold($2))", fault);
		ok = st != NULL;
		if (ok) {
			db_bind(db, st, "it", ends->pending[i].id, ends->pending[i].text);
			ok = db_run(db, st, fault);
		}
	}
	drop_pending(ends);
	return ok;
}

static bool see_later(struct db *db, int64_t id, int64_t day, struct fault *fault)
{
	struct statement *st = db_statement(db, "UPDATE far_ends SET last_day = $2 WHERE id = $1", fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "ii", id, day);
	return db_run(db, st, fault);
}

static bool note(struct store *store, const char *text, bool is_name, int64_t day, struct fault *fault)
{
	struct db *db = &store->db;
	if (text == NULL || *text == '\0')
		return true;
	size_t n = strlen(text);
	struct slot *slot = &store->far_ends->slots[(hash_bytes(text, n) + is_name) % SLOTS];
	bool fits = n < SLOT_BYTES;
	if (fits && slot->is_name == is_name && memcmp(slot->text, text, n + 1) == 0 && (!is_name || slot->day >= day))
		return true;
	int64_t id, last_day;
	if (!find(db, text, is_name, &id, &last_day, fault))
		return false;
	if (id == 0 && !add(store, text, is_name, day, fault))
		return false;
	if (id != 0 && is_name && day > last_day && !see_later(db, id, day, fault))
		return false;
	if (fits) {
		memcpy(slot->text, text, n + 1);
		slot->is_name = is_name;
		slot->day = MAX(day, last_day);
	}
	return true;
}

bool far_ends_note(struct store *store, int64_t day, const char *number, const char *name, struct fault *fault)
{
	return !store->db.engine->trigrams || (note(store, number, false, day, fault) && note(store, name, true, day, fault));
}

/* ---- a store of an earlier version ------------------------------------------------------- */

static bool below(struct db *db, int64_t *id, struct fault *fault)
{
	return db_ask_int(db, "SELECT value FROM counters WHERE name = 'far_ends_below'", 0, id, fault);
}

bool far_ends_full(struct db *db, bool *full, struct fault *fault)
{
	int64_t id = 0;
	bool ok = !db->engine->trigrams || below(db, &id, fault);
	*full = db->engine->trigrams && id == 0;
	return ok;
}

bool far_ends_begin(struct store *store, struct fault *fault)
{
	int64_t n = 0;
	if (!store->db.engine->trigrams ||
	    !db_ask_int(&store->db, "SELECT count(*) FROM (SELECT far_number FROM calls ORDER BY id DESC LIMIT 1000) c WHERE far_number <> ''"
				    " AND NOT EXISTS (SELECT 1 FROM far_ends)", 0, &n, fault))
		return !store->db.engine->trigrams;
	return n == 0 || db_exec(&store->db, "UPDATE counters SET value = (SELECT max(id) + 1 FROM calls) WHERE name = 'far_ends_below'", fault);
}

/* The piece's calls go into `until`'s place: the last of them, 0 when none is left. */
static bool fill_piece(struct store *store, int64_t from, size_t batch, int64_t *until, struct fault *fault)
{
	struct db *db = &store->db;
	struct statement *st = db_statement(db, "SELECT id, day, far_number, far_name FROM calls WHERE id < $1 ORDER BY id DESC LIMIT $2", fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "ii", from, (int64_t)batch);
	enum step step;
	size_t n = 0;
	*until = 0;
	while ((step = db_step(db, st, fault)) == STEP_ROW && far_ends_note(store, db_int(db, st, 1), db_text(db, st, 2), db_text(db, st, 3), fault)) {
		*until = db_int(db, st, 0);
		n++;
	}
	db->engine->reset(st);
	if (step == STEP_DONE && n < batch)
		*until = 0;
	return step == STEP_DONE && far_ends_write(store, fault);
}

bool far_ends_fill(struct store *store, size_t batch, bool *more, struct fault *fault)
{
	struct db *db = &store->db;
	int64_t from, until = 0;
	*more = false;
	if (!db->engine->trigrams)
		return true;
	bool ok = below(db, &from, fault);
	if (!ok || from == 0)
		return ok;
	/* Again inside: another process may fill as well. */
	ok = db_begin(db, fault) && below(db, &from, fault) && far_ends_follow(store, fault) &&
	    (from == 0 || fill_piece(store, from, batch, &until, fault));
	struct statement *st = ok ? db_statement(db, "UPDATE counters SET value = $1 WHERE name = 'far_ends_below'", fault) : NULL;
	ok = ok && st != NULL;
	if (ok) {
		db_bind(db, st, "i", until);
		ok = db_run(db, st, fault);
	}
	ok = db_end(db, ok, fault);
	if (!ok)
		far_ends_forget(store->far_ends);
	*more = ok && until != 0;
	return ok;
}

/* ---- what nobody needs any more ---------------------------------------------------------- */

static bool remove_end(struct db *db, int64_t id, const char *text, struct fault *fault)
{
	/* Grams hold no text of their own: they are told what they were made of. */
	struct statement *st = db_statement(db, "INSERT INTO far_end_grams (far_end_grams, rowid, text) VALUES ('delete', $1, fold($2))", fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "it", id, text);
	if (!db_run(db, st, fault) || (st = db_statement(db, "DELETE FROM far_ends WHERE id = $1", fault)) == NULL)
		return false;
	db_bind(db, st, "i", id);
	return db_run(db, st, fault);
}

/* Week by week, the newest first: most that are still called are found there. */
static bool is_called(struct db *db, const char *number, bool *called, struct fault *fault)
{
	int64_t week;
	*called = false;
	bool ok = db_ask_int(db, "SELECT max(day / 7) FROM calls", -1, &week, fault);
	while (ok && week >= 0 && !*called) {
		struct statement *st = db_statement(db, "SELECT (SELECT max(day / 7) FROM calls WHERE day / 7 < $1), EXISTS (SELECT 1 FROM calls WHERE day / 7 = $1 AND far_number = $2)", fault);
		if (st == NULL)
			return false;
		db_bind(db, st, "it", week, number);
		enum step step = db_step(db, st, fault);
		ok = step == STEP_ROW;
		if (ok) {
			*called = db_int(db, st, 1) != 0;
			week = db_is_null(db, st, 0) ? -1 : db_int(db, st, 0);
		}
		db->engine->reset(st);
	}
	return ok;
}

static bool retire_names(struct db *db, size_t batch, bool *any, struct fault *fault)
{
	struct gone {
		int64_t id;
		char *text;
	} *gone = NULL;
	size_t n = 0, capacity = 0;
	struct statement *st = db_statement(db, "SELECT id, text FROM far_ends WHERE is_name = 1 AND last_day < (SELECT coalesce(min(id), 9223372036854775807) FROM calls) / $1 LIMIT $2", fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "ii", DAY_MS << 20, (int64_t)batch);
	enum step step;
	while ((step = db_step(db, st, fault)) == STEP_ROW) {
		gone = mem_grow(gone, n, &capacity, sizeof *gone);
		gone[n++] = (struct gone){ db_int(db, st, 0), mem_strdup(db_text(db, st, 1)) };
	}
	db->engine->reset(st);
	bool ok = step == STEP_DONE;
	for (size_t i = 0; i < n; i++) {
		ok = ok && remove_end(db, gone[i].id, gone[i].text, fault);
		free(gone[i].text);
	}
	free(gone);
	*any |= n > 0;
	return ok;
}

bool far_ends_retire(struct store *store, const struct map *numbers, size_t batch, struct fault *fault)
{
	struct db *db = &store->db;
	bool any = false, ok = true;
	const struct map_entry *entry;
	if (!db->engine->trigrams)
		return true;
	for (size_t at = 0; ok && (entry = map_next(numbers, &at)) != NULL;) {
		int64_t id, last_day;
		bool called = false;
		ok = find(db, entry->key, false, &id, &last_day, fault);
		if (!ok || id == 0)
			continue;
		ok = is_called(db, entry->key, &called, fault);
		if (ok && !called) {
			ok = remove_end(db, id, entry->key, fault);
			any = true;
		}
	}
	ok = ok && retire_names(db, batch, &any, fault);
	int64_t n;
	/* So that nobody takes for known what has gone. */
	return ok && (!any || (counter_next(store, "far_ends_gone", &n, fault) && far_ends_follow(store, fault)));
}
