/* SPDX-License-Identifier: Apache-2.0
 *
 * Notices become messages. Few are told one by one; many in a short time are
 * gathered: into one message that grows where the destination can change what
 * it was sent, else into one at the end of that time. A storm of a thousand
 * alerts is then a handful of messages. */
#include "store/outbox_inside.h"

#include <openssl/rand.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "store/alert_rows.h"

/* A message that grows waits so long for company before it is sent first. */
#define FIRST_MS 3000

static bool read_notices(struct db *db, struct statement *st, size_t most, struct arena *arena, struct notice *out, size_t *n, struct fault *fault)
{
	enum step step;
	*n = 0;
	while (*n < most && (step = db_step(db, st, fault)) == STEP_ROW) {
		struct notice *notice = &out[(*n)++];
		*notice = (struct notice){ .id = db_int(db, st, 0), .at_ms = db_int(db, st, 3) };
		notice->alert.id = db_int(db, st, 1);
		int64_t kind = db_int(db, st, 2);
		notice->kind = kind >= 0 && kind < N_NOTICE_KINDS ? (enum notice_kind)kind : NOTICE_ACT;
		notice->act = arena_strdup(arena, db_text(db, st, 4));
		notice->who = arena_strdup(arena, db_text(db, st, 5));
		notice->was = arena_strdup(arena, db_text(db, st, 6));
		notice->became = arena_strdup(arena, db_text(db, st, 7));
		notice->alert.severity = (enum severity)db_int(db, st, 8);
		notice->alert.score = (int)db_int(db, st, 9);
		notice->alert.state = (enum alert_state)db_int(db, st, 10);
		notice->alert.resolution = (enum resolution)db_int(db, st, 11);
	}
	if (*n == most)
		step = STEP_DONE;
	db->engine->reset(st);
	return step != STEP_FAULT;
}

/* Each with its alert; one whose alert is gone is left out (its id 0). */
static bool read_alerts(struct db *db, struct arena *arena, struct notice *notices, size_t n, struct fault *fault)
{
	for (size_t i = 0; i < n; i++) {
		struct alert then = notices[i].alert, now;
		if (!alert_row_get(db, then.id, arena, &now, fault)) {
			if (fault->code != FAULT_NOT_FOUND)
				return false;
			notices[i].alert.id = 0;
			continue;
		}
		now.severity = then.severity <= SEVERITY_CRITICAL ? then.severity : now.severity;
		now.score = then.score;
		now.state = then.state <= ALERT_CLOSED ? then.state : now.state;
		now.resolution = then.resolution <= RESOLUTION_UNKNOWN ? then.resolution : now.resolution;
		notices[i].alert = now;
	}
	return true;
}

#define NOTICE_COLUMNS "n.id, n.alert_id, n.kind, n.at_ms, n.act, n.who, n.was, n.became, n.severity, n.score, n.state, n.resolution"

bool outbox_notices(struct db *db, const struct outbox_row *row, struct arena *arena, struct notice **out, size_t *n, struct fault *fault)
{
	size_t most = (size_t)MIN(MAX(row->n_notices, (int64_t)1), (int64_t)OUTBOX_TOLD);
	*out = arena_zalloc(arena, (most + 1) * sizeof **out);
	struct statement *st = db_statement(db, "SELECT " NOTICE_COLUMNS " FROM notices n JOIN outbox_notices o ON o.notice_id = n.id"
						" WHERE o.outbox_id = $1 ORDER BY n.id DESC LIMIT $2", fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "ii", row->id, (int64_t)most);
	if (!read_notices(db, st, most, arena, *out, n, fault) || !read_alerts(db, arena, *out, *n, fault))
		return false;
	for (size_t i = 0; i < *n / 2; i++) {
		struct notice held = (*out)[i];
		(*out)[i] = (*out)[*n - 1 - i];
		(*out)[*n - 1 - i] = held;
	}
	size_t kept = 0;
	for (size_t i = 0; i < *n; i++) {
		if ((*out)[i].alert.id != 0)
			(*out)[kept++] = (*out)[i];
	}
	*n = kept;
	return true;
}

static bool ask(struct db *db, struct statement *st, int64_t *out, struct fault *fault)
{
	enum step step = db_step(db, st, fault);
	*out = step == STEP_ROW && !db_is_null(db, st, 0) ? db_int(db, st, 0) : 0;
	db->engine->reset(st);
	return step != STEP_FAULT;
}

/* The message that gathers there now; 0 none. */
static bool find_open(struct db *db, const struct outbox_place *place, int64_t now_ms, int64_t *id, struct fault *fault)
{
	struct statement *st = db_statement(db, "SELECT id FROM outbox WHERE destination = $1 AND state = 0 AND closes_ms > 0 AND closes_ms > $2 LIMIT 1", fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "ti", place->destination, now_ms);
	return ask(db, st, id, fault);
}

/* Is so much going on there that the next is not told alone? A storm that was one
 * until just now goes on. */
static bool is_storm(struct db *db, const struct outbox_place *place, int64_t now_ms, bool *storm, struct fault *fault)
{
	int64_t n_alone, n_gathered;
	struct statement *st = db_statement(db, "SELECT count(*) FROM outbox WHERE destination = $1 AND made_ms > $2 AND closes_ms = 0", fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "ti", place->destination, now_ms - place->gather_ms);
	if (!ask(db, st, &n_alone, fault))
		return false;
	st = db_statement(db, "SELECT count(*) FROM outbox WHERE destination = $1 AND made_ms > $2 AND closes_ms > $3 AND n_notices >= $4", fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "tiii", place->destination, now_ms - 2 * place->gather_ms, now_ms - place->gather_ms, MAX(place->burst, (int64_t)1));
	if (!ask(db, st, &n_gathered, fault))
		return false;
	*storm = n_alone >= place->burst || n_gathered > 0;
	return true;
}

static bool make(struct store *store, const struct outbox_place *place, const struct notice *notice, bool gathers, int64_t now_ms,
    int64_t *id, struct fault *fault)
{
	struct db *db = &store->db;
	unsigned char chance[12];
	char key[32] = "msg_";
	if (RAND_bytes(chance, sizeof chance) != 1)
		return fault_set(fault, FAULT_SYSTEM, "there are no random numbers to be had");
	for (size_t i = 0; i < sizeof chance; i++)
		snprintf(key + 4 + 2 * i, 3, "%02x", chance[i]);
	if (!counter_next(store, "outbox", id, fault))
		return false;
	struct statement *st = db_statement(db,
	    "INSERT INTO outbox (id, key, destination, alert_id, state, sending, made_ms, due_ms, closes_ms, sent_ms, attempts, edits,"
	    " n_notices, n_told, body, remote_id, error) VALUES ($1,$2,$3,$4,0,0,$5,$6,$7,0,0,0,0,0,'','','')", fault);
	if (st == NULL)
		return false;
	int64_t closes_ms = gathers ? now_ms + place->gather_ms : 0;
	db_bind(db, st, "ittiiii", *id, key, place->destination, gathers ? 0 : notice->alert.id, now_ms,
	    !gathers ? now_ms : place->grows ? now_ms + MIN(FIRST_MS, place->gather_ms / 8) : closes_ms, closes_ms);
	return db_run(db, st, fault);
}

static bool put(struct db *db, int64_t outbox_id, const struct notice *notice, struct fault *fault)
{
	struct statement *st = db_statement(db, "INSERT INTO outbox_notices (outbox_id, notice_id) VALUES ($1, $2)", fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "ii", outbox_id, notice->id);
	if (!db_run(db, st, fault))
		return false;
	st = db_statement(db, "UPDATE outbox SET n_notices = n_notices + 1 WHERE id = $1", fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "i", outbox_id);
	return db_run(db, st, fault);
}

static bool place_one(struct store *store, const struct outbox_place *place, const struct notice *notice, int64_t now_ms, struct fault *fault)
{
	int64_t id = 0;
	bool storm = false;
	if (place->gather_ms > 0 && !find_open(&store->db, place, now_ms, &id, fault))
		return false;
	if (id == 0 && place->gather_ms > 0 && !is_storm(&store->db, place, now_ms, &storm, fault))
		return false;
	return (id != 0 || make(store, place, notice, storm, now_ms, &id, fault)) && put(&store->db, id, notice, fault);
}

static bool route_in(struct store *store, const struct outbox_router *router, int64_t now_ms, size_t batch, struct arena *arena, size_t *n,
    struct fault *fault)
{
	struct db *db = &store->db;
	struct notice *notices = arena_zalloc(arena, (batch + 1) * sizeof *notices);
	struct statement *st = db_statement(db, "SELECT " NOTICE_COLUMNS " FROM notices n WHERE n.routed = 0 ORDER BY n.id LIMIT $1", fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "i", (int64_t)batch);
	if (!read_notices(db, st, batch, arena, notices, n, fault) || !read_alerts(db, arena, notices, *n, fault))
		return false;
	for (size_t i = 0; i < *n; i++) {
		struct outbox_place places[OUTBOX_PLACES];
		size_t n_places = notices[i].alert.id == 0 ? 0 : router->places(router->arg, &notices[i], places);
		for (size_t k = 0; k < n_places; k++) {
			if (!place_one(store, &places[k], &notices[i], now_ms, fault))
				return false;
		}
	}
	if (*n == 0)
		return true;
	st = db_statement(db, "UPDATE notices SET routed = 1 WHERE routed = 0 AND id <= $1", fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "i", notices[*n - 1].id);
	return db_run(db, st, fault);
}

bool outbox_route(struct store *store, const struct outbox_router *router, int64_t now_ms, size_t batch, size_t *n, struct fault *fault)
{
	int64_t first;
	*n = 0;
	/* Mostly there is none, and then nobody is kept from writing. */
	if (!db_ask_int(&store->db, "SELECT id FROM notices WHERE routed = 0 LIMIT 1", 0, &first, fault))
		return false;
	if (first == 0)
		return true;
	struct arena arena;
	arena_init(&arena);
	bool ok = db_begin(&store->db, fault) && db_end(&store->db, route_in(store, router, now_ms, batch, &arena, n, fault), fault);
	arena_clear(&arena);
	return ok;
}
