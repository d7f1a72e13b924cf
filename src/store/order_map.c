/* SPDX-License-Identifier: Apache-2.0 */
#include "store/order_map.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"

#define RANKS	 3
#define STRETCH	 512	       /* alerts: so many entries of an index are counted off in less time than a page is read */
#define LONGEST	 (4 * STRETCH) /* then it is cut anew */
#define PIECE	 2000	       /* entries that are read at once: less than a millisecond */
#define SQL_PIECE " LIMIT 2000"
#define ID_BITS	 12 /* alerts come by number: so many of them share a leaf */
#define IDS_MOST (INT64_C(1) << 32) /* the program gives none beyond */

/* Alerts of one rank that stand side by side: from `first` on, up to the next one's. */
struct stretch {
	struct alert_mark first;
	int64_t n;
};

struct rank_map {
	uint32_t *in_order; /* numbers of stretches */
	size_t n, capacity;
	int64_t n_counted;
	bool whole; /* cut to its end; else up to `reached`, that one too, once there is a stretch */
	struct alert_mark reached;
};

struct order_map {
	enum alert_order order;
	struct stretch *stretches;
	size_t n, capacity;
	/* Leaves of 2^ID_BITS numbers: of each alert its stretch and one more; 0: it is not counted. */
	uint32_t **leaves;
	size_t n_leaves;
	struct rank_map of[RANKS];
};

struct order_map *order_map_new(enum alert_order order)
{
	struct order_map *map = mem_zalloc(sizeof *map);
	map->order = order;
	return map;
}

void order_map_forget(struct order_map *map)
{
	for (size_t i = 0; i < map->n_leaves; i++)
		free(map->leaves[i]);
	free(map->leaves);
	map->leaves = NULL;
	map->n_leaves = map->n = 0;
	for (int rank = 0; rank < RANKS; rank++) {
		map->of[rank].n = 0;
		map->of[rank].n_counted = 0;
		map->of[rank].whole = false;
	}
}

void order_map_free(struct order_map *map)
{
	if (map == NULL)
		return;
	order_map_forget(map);
	for (int rank = 0; rank < RANKS; rank++)
		free(map->of[rank].in_order);
	free(map->stretches);
	free(map);
}

/* ---- which alert is in which stretch -------------------------------------------------------- */

static uint32_t stretch_of(const struct order_map *map, int64_t id)
{
	size_t leaf = (size_t)(id >> ID_BITS);
	return leaf < map->n_leaves && map->leaves[leaf] != NULL ? map->leaves[leaf][id & ((1 << ID_BITS) - 1)] : 0;
}

static void set_stretch(struct order_map *map, int64_t id, uint32_t value)
{
	size_t leaf = (size_t)(id >> ID_BITS);
	if (id < 0 || id >= IDS_MOST)
		return;
	if (leaf >= map->n_leaves) {
		size_t n = MAX(leaf + 1, map->n_leaves + map->n_leaves / 2);
		map->leaves = mem_realloc(map->leaves, n * sizeof *map->leaves);
		memset(map->leaves + map->n_leaves, 0, (n - map->n_leaves) * sizeof *map->leaves);
		map->n_leaves = n;
	}
	if (map->leaves[leaf] == NULL)
		map->leaves[leaf] = mem_zalloc((1 << ID_BITS) * sizeof **map->leaves);
	map->leaves[leaf][id & ((1 << ID_BITS) - 1)] = value;
}

/* A new one at this place of its rank. */
static void open_stretch(struct order_map *map, struct rank_map *rank, size_t at, const struct alert_mark *first)
{
	map->stretches = mem_grow(map->stretches, map->n, &map->capacity, sizeof *map->stretches);
	map->stretches[map->n] = (struct stretch){ *first, 0 };
	rank->in_order = mem_grow(rank->in_order, rank->n, &rank->capacity, sizeof *rank->in_order);
	memmove(rank->in_order + at + 1, rank->in_order + at, (rank->n - at) * sizeof *rank->in_order);
	rank->in_order[at] = (uint32_t)map->n++;
	rank->n++;
}

static void put_into(struct order_map *map, struct rank_map *rank, size_t at, int64_t id)
{
	map->stretches[rank->in_order[at]].n++;
	set_stretch(map, id, rank->in_order[at] + 1);
}

/* How many of a rank's stretches begin no later than this. */
static size_t n_begun(const struct order_map *map, const struct rank_map *rank, const struct alert_mark *mark)
{
	size_t low = 0, high = rank->n;
	while (low < high) {
		size_t middle = (low + high) / 2;
		if (alert_mark_compare(&map->stretches[rank->in_order[middle]].first, mark, map->order) <= 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

void order_map_move(struct order_map *map, const struct alert_mark *now)
{
	struct rank_map *rank = &map->of[now->rank];
	uint32_t was = stretch_of(map, now->id);
	if (was != 0) {
		struct stretch *old = &map->stretches[was - 1];
		old->n--;
		map->of[old->first.rank].n_counted--;
		set_stretch(map, now->id, 0);
	}
	/* What is behind the last that was read is met when that is read. */
	if (!rank->whole && (rank->n == 0 || alert_mark_compare(now, &rank->reached, map->order) > 0))
		return;
	size_t at = n_begun(map, rank, now);
	if (rank->n == 0)
		open_stretch(map, rank, 0, now);
	else if (at == 0)
		map->stretches[rank->in_order[0]].first = *now;
	put_into(map, rank, at == 0 ? 0 : at - 1, now->id);
	rank->n_counted++;
}

/* ---- an index is read: no row is ------------------------------------------------------------ */

enum { ENTRIES, ENTRIES_BEHIND, ONE_FURTHER, N_STATEMENTS };

/* $1 rank; from a mark: $2 … $4, by time $2 and $3; the last, of one: how many come before it. */
static const char *statement_of(enum alert_order order, int which)
{
#define BY(column)                                                                                                                                   \
	{ "SELECT raised_ms, id, " column " FROM alerts WHERE rank = $1 ORDER BY " column " DESC, raised_ms DESC, id DESC" SQL_PIECE,                \
		"SELECT raised_ms, id, " column " FROM alerts WHERE rank = $1 AND (" column ", raised_ms, id) <= ($2, $3, $4)"                       \
		" ORDER BY " column " DESC, raised_ms DESC, id DESC" SQL_PIECE,                                                                      \
		"SELECT raised_ms, id, " column " FROM alerts WHERE rank = $1 AND (" column ", raised_ms, id) <= ($2, $3, $4)"                       \
		" ORDER BY " column " DESC, raised_ms DESC, id DESC LIMIT 1 OFFSET $5" }
	static const char *const statements[N_ORDERS][N_STATEMENTS] = {
		[ORDER_SEVERITY] = BY("severity"), [ORDER_SLA] = BY("urgency"), [ORDER_SCORE] = BY("score"), [ORDER_HITS] = BY("n_legs"), [ORDER_COST] = BY("cost_micro"),
		[ORDER_TIME] = { "SELECT raised_ms, id, 0 FROM alerts WHERE rank = $1 ORDER BY raised_ms DESC, id DESC" SQL_PIECE,
		    "SELECT raised_ms, id, 0 FROM alerts WHERE rank = $1 AND (raised_ms, id) <= ($2, $3) ORDER BY raised_ms DESC, id DESC" SQL_PIECE,
		    "SELECT raised_ms, id, 0 FROM alerts WHERE rank = $1 AND (raised_ms, id) <= ($2, $3) ORDER BY raised_ms DESC, id DESC LIMIT 1 OFFSET $4" } };
#undef BY
	assert(statements[order][which] != NULL);
	return statements[order][which];
}

static struct statement *from_mark(struct db *db, const struct order_map *map, int which, int rank, const struct alert_mark *mark, struct fault *fault)
{
	struct statement *st = db_statement(db, statement_of(map->order, which), fault);
	if (st != NULL && which == ENTRIES)
		db_bind(db, st, "i", (int64_t)rank);
	else if (st != NULL && map->order == ORDER_TIME)
		db_bind(db, st, "iii", (int64_t)rank, mark->raised_ms, mark->id);
	else if (st != NULL)
		db_bind(db, st, "iiii", (int64_t)rank, mark->number, mark->raised_ms, mark->id);
	return st;
}

static struct alert_mark mark_at(struct db *db, struct statement *st, int rank)
{
	return (struct alert_mark){ .rank = rank, .raised_ms = db_int(db, st, 0), .id = db_int(db, st, 1), .number = db_int(db, st, 2) };
}

/* Entries from the mark on (NULL: the rank's first), at most so many, go into the stretch at
 * this place of the rank, and into new ones behind it when it has enough. */
static bool lay_out(struct db *db, struct order_map *map, int rank, size_t at, struct alert_mark *mark, bool from_first, int64_t most, int64_t *n,
    struct fault *fault)
{
	struct rank_map *of = &map->of[rank];
	struct statement *st = from_mark(db, map, from_first ? ENTRIES : ENTRIES_BEHIND, rank, mark, fault);
	enum step step = STEP_DONE;
	*n = 0;
	if (st == NULL)
		return false;
	while (*n < most && (step = db_step(db, st, fault)) == STEP_ROW) {
		*mark = mark_at(db, st, rank);
		if (of->n == 0)
			open_stretch(map, of, 0, mark);
		else if (map->stretches[of->in_order[at]].n >= STRETCH)
			open_stretch(map, of, ++at, mark);
		put_into(map, of, at, mark->id);
		++*n;
	}
	db->engine->reset(st);
	return step != STEP_FAULT;
}

static bool read_on(struct db *db, struct order_map *map, int rank, struct fault *fault)
{
	struct rank_map *of = &map->of[rank];
	struct alert_mark mark = alert_mark_behind(of->reached);
	bool from_first = of->n == 0;
	int64_t n;
	if (!lay_out(db, map, rank, from_first ? 0 : of->n - 1, &mark, from_first, PIECE, &n, fault)) {
		order_map_forget(map);
		return false;
	}
	if (n > 0)
		of->reached = mark;
	of->n_counted += n;
	of->whole = n < PIECE;
	return true;
}

/* One that has grown too long becomes several. */
static bool cut(struct db *db, struct order_map *map, int rank, size_t at, struct fault *fault)
{
	struct rank_map *of = &map->of[rank];
	struct stretch *s = &map->stretches[of->in_order[at]];
	struct alert_mark mark = s->first;
	int64_t left = s->n, n = 1;
	size_t n_behind = of->n - at - 1;
	s->n = 0;
	while (left > 0 && n > 0) {
		if (!lay_out(db, map, rank, of->n - n_behind - 1, &mark, false, MIN(left, (int64_t)PIECE), &n, fault)) {
			order_map_forget(map);
			return false;
		}
		left -= n;
		mark = alert_mark_behind(mark);
	}
	return true;
}

bool order_map_find(struct db *db, struct order_map *map, int rank, int64_t skip, int64_t until_ns, struct alert_mark *out, enum placed *placed,
    struct fault *fault)
{
	struct rank_map *of = &map->of[rank];
	while (!of->whole && of->n_counted <= skip) {
		if (!read_on(db, map, rank, fault))
			return false;
		if (!of->whole && of->n_counted <= skip && until_ns != 0 && clock_steady_ns() >= until_ns) {
			*placed = PLACED_LATER;
			return true;
		}
	}
	*placed = PLACED_NOWHERE;
	int64_t before = 0;
	for (size_t i = 0; i < of->n; i++) {
		const struct stretch *s = &map->stretches[of->in_order[i]];
		if (before + s->n <= skip) {
			before += s->n;
			continue;
		}
		if (s->n > LONGEST)
			return cut(db, map, rank, i, fault) && order_map_find(db, map, rank, skip, until_ns, out, placed, fault);
		struct statement *st = from_mark(db, map, ONE_FURTHER, rank, &s->first, fault);
		if (st == NULL)
			return false;
		db->engine->bind_int(st, map->order == ORDER_TIME ? 4 : 5, skip - before);
		enum step step = db_step(db, st, fault);
		if (step == STEP_ROW) {
			*placed = PLACED;
			*out = mark_at(db, st, rank);
		}
		db->engine->reset(st);
		return step != STEP_FAULT;
	}
	return true;
}
