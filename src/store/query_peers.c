/* SPDX-License-Identifier: Apache-2.0
 *
 * Where a person stands among the people of its site: how many calls each of
 * them made in four weeks, read from an index alone. */
#include <stdlib.h>

#include "base/map.h"
#include "base/mem.h"
#include "store/query_parts.h"

/* A site of some thousand people is compared by fewer days rather than late. */
#define PEER_CALLS 400000

struct peer {
	int64_t user_id, n_calls, n_abroad;
};

struct peers {
	struct map by_user; /* number: index */
	struct peer *items;
	size_t n, capacity;
};

static void peers_clear(struct peers *peers)
{
	map_clear(&peers->by_user);
	free(peers->items);
}

static struct peer *peer_of(struct peers *peers, int64_t user_id)
{
	bool is_new;
	union map_value *at = map_put_n(&peers->by_user, (const char *)&user_id, sizeof user_id, &is_new);
	if (is_new) {
		peers->items = mem_grow(peers->items, peers->n, &peers->capacity, sizeof *peers->items);
		at->number = (int64_t)peers->n;
		peers->items[peers->n++] = (struct peer){ .user_id = user_id };
	}
	return &peers->items[at->number];
}

#define CALLS_OF_PEERS                                                                              \
	"SELECT user_id, count(*), sum(CASE WHEN " SQL_ABROAD("$2", "$3") " THEN 1 ELSE 0 END)"     \
	" FROM calls WHERE day = $1 AND user_id > 0"                                                \
	" AND location_id IN ($4, $5, $6, $7, $8, $9, $10, $11) GROUP BY user_id"

static bool read_day(struct db *db, int64_t day, const struct peers_query *query, int64_t international,
    struct peers *peers, struct fault *fault)
{
	int64_t names[SITE_NAMES_MAX];
	struct statement *st = db_statement(db, CALLS_OF_PEERS, fault);
	if (st == NULL)
		return false;
	for (size_t i = 0; i < SITE_NAMES_MAX; i++)
		names[i] = i < query->n_names ? query->names[i] : -1;
	db_bind(db, st, "itiiiiiiiii", day, query->home, international, names[0], names[1], names[2], names[3],
	    names[4], names[5], names[6], names[7]);
	enum step step;
	while ((step = db_step(db, st, fault)) == STEP_ROW) {
		struct peer *peer = peer_of(peers, db_int(db, st, 0));
		peer->n_calls += db_int(db, st, 1);
		peer->n_abroad += db_int(db, st, 2);
	}
	db->engine->reset(st);
	return step == STEP_DONE;
}

bool query_calls_of_day(struct db *db, int64_t day, int64_t *n, struct fault *fault)
{
	struct statement *st = db_statement(db, "SELECT coalesce(sum(n_calls), 0) FROM hours WHERE hour >= $1 AND hour < $2", fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "ii", day * 24, (day + 1) * 24);
	enum step step = db_step(db, st, fault);
	*n = step == STEP_ROW ? db_int(db, st, 0) : 0;
	db->engine->reset(st);
	return step != STEP_FAULT;
}

/* A queue or an attendant is nobody's colleague. Where Webex never told who the
 * people are, everybody counts. */
static bool drop_services(struct db *db, int64_t self, struct peers *peers, struct fault *fault)
{
	int64_t any;
	size_t kept = 0;
	if (!db_ask_int(db, "SELECT count(*) FROM (SELECT 1 FROM people LIMIT 1) AS known", 0, &any, fault))
		return false;
	for (size_t i = 0; any > 0 && i < peers->n; i++) {
		struct statement *st = db_statement(db, "SELECT 1 FROM words w JOIN people p ON p.uuid = w.text WHERE w.id = $1", fault);
		if (st == NULL)
			return false;
		db_bind(db, st, "i", peers->items[i].user_id);
		enum step step = db_step(db, st, fault);
		db->engine->reset(st);
		if (step == STEP_FAULT)
			return false;
		if (step == STEP_ROW || peers->items[i].user_id == self)
			peers->items[kept++] = peers->items[i];
	}
	peers->n = any > 0 ? kept : peers->n;
	return true;
}

static int64_t count_of(const struct peer *peer, bool abroad)
{
	return abroad ? peer->n_abroad : peer->n_calls;
}

static void distribute(const struct peers *peers, int64_t self, int days, bool abroad, struct profile_peers *out)
{
	*out = (struct profile_peers){ .days = days };
	for (size_t i = 0; i < peers->n; i++) {
		int64_t count = count_of(&peers->items[i], abroad);
		out->most = MAX(out->most, count);
		if (peers->items[i].user_id == self)
			out->own = count;
		else
			out->n++;
	}
	for (size_t i = 0; i < peers->n; i++) {
		int64_t count = count_of(&peers->items[i], abroad);
		out->buckets[count * PROFILE_BUCKETS / (out->most + 1)]++;
		out->n_below += peers->items[i].user_id != self && count < out->own;
	}
	out->own_bucket = (int)(out->own * PROFILE_BUCKETS / (out->most + 1));
}

bool query_peers(struct db *db, const struct peers_query *query, struct profile_peers *calls,
    struct profile_peers *abroad, struct fault *fault)
{
	struct peers peers = { 0 };
	int64_t today = query->now_ms / DAY_MS, total = 0, international;
	int days = 0;
	bool ok = db_ask_int(db, "SELECT id FROM words WHERE text = 'SIP_INTERNATIONAL'", -1, &international, fault);
	(void)peer_of(&peers, query->user_id); /* who called nobody stands among them all the same */
	for (; ok && days < PROFILE_DAYS; days++) {
		int64_t n = 0;
		ok = query_calls_of_day(db, today - days, &n, fault);
		if (days > 0 && total + n > PEER_CALLS)
			break;
		total += n;
		ok = ok && read_day(db, today - days, query, international, &peers, fault);
	}
	ok = ok && drop_services(db, query->user_id, &peers, fault);
	if (ok) {
		distribute(&peers, query->user_id, days, false, calls);
		distribute(&peers, query->user_id, days, true, abroad);
	}
	peers_clear(&peers);
	return ok;
}
