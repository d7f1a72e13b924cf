/* SPDX-License-Identifier: Apache-2.0 */
#include "store/admin_rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "store/directory_changes.h"
#include "store/lease_rows.h"
#include "store/store.h"

#define UNTIL "admin_events" /* in settings */

/* A reading of the directory is of a day, or a little more where one failed. */
#define EXPLAINS_MS (26 * HOUR_MS)

/* Where Webex names a target by its address alone, the directory may know whose it is. */
static bool find_target(struct db *db, const struct admin_event *event, char uuid[static 64], struct fault *fault)
{
	snprintf(uuid, 64, "%s", event->target_uuid);
	if (*uuid != '\0' || strchr(event->target_name, '@') == NULL)
		return true;
	struct statement *st = db_statement(db, "SELECT uuid FROM people WHERE email = $1 LIMIT 1", fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "t", event->target_name);
	enum step step = db_step(db, st, fault);
	if (step == STEP_ROW)
		snprintf(uuid, 64, "%s", db_text(db, st, 0));
	db->engine->reset(st);
	return step != STEP_FAULT;
}

#define NAMES(name, room) ", " #name
static bool write_event(struct db *db, const struct admin_event *e, size_t *n_new, struct fault *fault)
{
	char target[64];
	if (!find_target(db, e, target, fault))
		return false;
	struct statement *st = db_statement(db, "INSERT INTO admin_events (at_ms" ADMIN_TEXTS(NAMES) ") VALUES"
	    " ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18,$19) ON CONFLICT (id) DO NOTHING", fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "itttttttttttttttttt", e->at_ms, e->id, e->category, e->description, e->act, e->operation, e->outcome, e->failure,
	    e->actor_uuid, e->actor_name, e->actor_email, e->actor_ip, e->actor_agent, target, e->target_type, e->target_name, e->setting, e->was, e->became);
	if (!db_run(db, st, fault))
		return false;
	*n_new += (size_t)db->engine->changes(db->session);
	return true;
}

bool admin_rows_write(struct store *store, const struct admin_event *events, size_t n, int64_t until_ms, size_t *n_new, struct fault *fault)
{
	struct db *db = &store->db;
	char value[24];
	snprintf(value, sizeof value, "%lld", (long long)until_ms);
	*n_new = 0;
	bool ok = db_begin(db, fault);
	for (size_t i = 0; ok && i < n; i++)
		ok = write_event(db, &events[i], n_new, fault);
	return db_end(db, ok && setting_put(store, UNTIL, value, fault), fault);
}

bool admin_rows_until(struct store *store, int64_t *until_ms, struct fault *fault)
{
	char *value;
	*until_ms = 0;
	if (!setting_get(store, UNTIL, &value, fault))
		return false;
	/* What is no number was not written by this: begin anew. */
	if (!text_to_int(value, 0, INT64_MAX, until_ms))
		*until_ms = 0;
	free(value);
	return true;
}

static bool find_site(struct db *db, const char *name, char uuid[static 64], struct fault *fault)
{
	struct statement *st = db_statement(db, "SELECT uuid FROM sites WHERE uuid = $1 OR name = $1 ORDER BY uuid = $1 DESC LIMIT 1", fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "t", name);
	enum step step = db_step(db, st, fault);
	snprintf(uuid, 64, "%s", step == STEP_ROW ? db_text(db, st, 0) : "");
	db->engine->reset(st);
	return step != STEP_FAULT;
}

bool admin_rows_read(struct db *db, const char *id, bool site, int64_t from_ms, int64_t until_ms, size_t most, struct arena *arena,
    struct admin_event **out, size_t *n, struct fault *fault)
{
	char uuid[64];
	snprintf(uuid, sizeof uuid, "%s", id);
	*n = 0;
	*out = arena_alloc(arena, (most + 1) * sizeof **out);
	if (site && !find_site(db, id, uuid, fault))
		return false;
	struct statement *st = db_statement(db, "SELECT at_ms" ADMIN_TEXTS(NAMES) " FROM (SELECT * FROM admin_events WHERE target_uuid = $1 AND at_ms >= $2 AND at_ms <= $3"
	    " UNION SELECT * FROM admin_events WHERE actor_uuid = $1 AND at_ms >= $2 AND at_ms <= $3) AS touched ORDER BY at_ms DESC, id LIMIT $4", fault);
	if (st == NULL)
		return false;
	if (*uuid == '\0') /* what is not told by an id is nobody's */
		return true;
	db_bind(db, st, "tiii", uuid, from_ms, until_ms, (int64_t)most);
	enum step step;
	while ((step = db_step(db, st, fault)) == STEP_ROW && *n < most) {
		struct admin_event *event = &(*out)[(*n)++];
		int column = 0;
		event->at_ms = db_int(db, st, column++);
#define READ(name, room) event->name = arena_strdup(arena, db_text(db, st, column++));
		ADMIN_TEXTS(READ)
#undef READ
	}
	db->engine->reset(st);
	for (size_t i = 0; i < *n / 2; i++) {
		struct admin_event event = (*out)[i];
		(*out)[i] = (*out)[*n - 1 - i];
		(*out)[*n - 1 - i] = event;
	}
	return step != STEP_FAULT;
}

struct admin_event *admin_events_copy(struct arena *arena, const struct admin_event *events, size_t n)
{
	struct admin_event *copies = arena_alloc(arena, (n + 1) * sizeof *copies);
	for (size_t i = 0; i < n; i++) {
		copies[i].at_ms = events[i].at_ms;
#define COPY_TEXT(name, room) copies[i].name = arena_strdup(arena, events[i].name);
		ADMIN_TEXTS(COPY_TEXT)
#undef COPY_TEXT
	}
	return copies;
}

/* ---- what explains what ----------------------------------------------------------- */

static bool speaks_of(const struct admin_event *event, const struct directory_change *change)
{
	if (strcmp(change->what, "added") == 0)
		return text_equal_nocase(event->operation, "CREATE");
	if (strcmp(change->what, "removed") == 0)
		return text_equal_nocase(event->operation, "DELETE");
	return *change->became != '\0' && (strstr(event->became, change->became) != NULL || strstr(event->act, change->became) != NULL);
}

const struct admin_event *admin_explains(const struct directory_change *change, const struct admin_event *events, size_t n)
{
	for (size_t i = n; i-- > 0;) {
		const struct admin_event *event = &events[i];
		if (event->at_ms <= change->at_ms && change->at_ms - event->at_ms <= EXPLAINS_MS && strcmp(event->target_uuid, change->uuid) == 0 &&
		    !text_equal_nocase(event->outcome, "FAILURE") && speaks_of(event, change))
			return event;
	}
	return NULL;
}
