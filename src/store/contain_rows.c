/* SPDX-License-Identifier: Apache-2.0 */
#include "store/contain_rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "store/alert_rows.h"
#include "store/store.h"

static const struct {
	const char *name, *word;
} kinds[] = {
#define CONTAIN_KIND_ROW(id, name, help) [id] = { name, help },
	CONTAIN_KINDS(CONTAIN_KIND_ROW)
#undef CONTAIN_KIND_ROW
}, states[] = {
#define CONTAIN_STATE_ROW(id, name, help) [id] = { name, help },
	CONTAIN_STATES(CONTAIN_STATE_ROW)
#undef CONTAIN_STATE_ROW
};

const char *contain_kind_name(enum contain_kind kind)
{
	return kinds[kind].name;
}

const char *contain_kind_word(enum contain_kind kind)
{
	return _(kinds[kind].word);
}

bool contain_kind_named(const char *name, enum contain_kind *kind)
{
	for (size_t i = 0; i < COUNT_OF(kinds); i++) {
		if (strcmp(kinds[i].name, name) == 0) {
			*kind = (enum contain_kind)i;
			return true;
		}
	}
	return false;
}

const char *contain_state_name(enum contain_state state)
{
	return states[state].name;
}

const char *contain_state_word(enum contain_state state)
{
	return _(states[state].word);
}

/* The acts as the log names them, by the state that is reached. */
static const char *act_name(enum contain_state state)
{
	static const char *const acts[] = { [CONTAIN_PLANNED] = "contain", [CONTAIN_WRITTEN] = "contain_written", [CONTAIN_UNDOING] = "uncontain",
		[CONTAIN_VERIFIED] = "contained", [CONTAIN_FAILED] = "contain_failed", [CONTAIN_UNDONE] = "uncontained" };
	return acts[state];
}

/* What did not come to be is no act of the state that the row is in. */
static const char *act_between(enum contain_state was, enum contain_state to, bool wrong)
{
	if (wrong && was == CONTAIN_UNDOING)
		return "uncontain_failed";
	return wrong && to != CONTAIN_FAILED ? "contain_unseen" : act_name(to);
}

/* ---- writing ------------------------------------------------------------------------- */

/* Others look again. */
static bool say_changed(struct store *store, struct fault *fault)
{
	int64_t ignored;
	return counter_next(store, "revision", &ignored, fault);
}

static bool audit(struct store *store, const struct containment *c, const char *act, const char *who, const char *why, int64_t now_ms,
    struct fault *fault)
{
	char note[4096];
	snprintf(note, sizeof note, "#%lld %s (%s)%s%s", (long long)c->id, c->person_name, c->person, *why != '\0' ? ": " : "", why);
	struct alert_event event = { now_ms, who, act, "", contain_kind_name(c->kind), note };
	return audit_row_add(store, c->alert_id, &event, fault);
}

/* The one that is under way of that person and kind; *id 0: none. */
static bool find_under_way(struct store *store, const struct containment *c, int64_t *id, char who[static 65], struct fault *fault)
{
	struct db *db = &store->db;
	struct statement *st = db_statement(db, "SELECT id, who FROM containments WHERE person = $1 AND kind = $2 AND state <= 2", fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "tt", c->person, contain_kind_name(c->kind));
	enum step step = db_step(db, st, fault);
	*id = step == STEP_ROW ? db_int(db, st, 0) : 0;
	const char *text = step == STEP_ROW ? db_text(db, st, 1) : "";
	text_printable(who, 65, text, strlen(text));
	db->engine->reset(st);
	return step != STEP_FAULT;
}

static bool begin(struct store *store, struct containment *c, const char *diff, struct fault *fault)
{
	struct db *db = &store->db;
	int64_t other;
	char who[65];
	if (!find_under_way(store, c, &other, who, fault))
		return false;
	if (other != 0)
		return fault_set(fault, FAULT_CONFLICT, _("containment %lld of %s is under way: finish it or undo it first"), (long long)other, who);
	struct statement *st = db_statement(db, "INSERT INTO containments (id, person, person_name, kind, state, before_body, wished_body, found_body, who,"
						" at_ms, changed_ms, alert_id, tracking, error, undone_by) VALUES ($1,$2,$3,$4,0,$5,$6,'',$7,$8,$8,$9,'','','')",
	    fault);
	if (st == NULL || !counter_next(store, "containment", &c->id, fault))
		return false;
	db_bind(db, st, "itttttt" "ii", c->id, c->person, c->person_name, contain_kind_name(c->kind), c->before, c->wished, c->who, c->at_ms, c->alert_id);
	return db_run(db, st, fault) && audit(store, c, act_name(CONTAIN_PLANNED), c->who, diff, c->at_ms, fault) && say_changed(store, fault);
}

bool store_contain_begin(struct store *store, const struct containment *wish, const char *diff, int64_t *id, struct fault *fault)
{
	char who[65], name[128], person[64];
	struct containment c = *wish;
	if (strlen(c.before) >= CONTAIN_BODY_BYTES || strlen(c.wished) >= CONTAIN_BODY_BYTES)
		return fault_set(fault, FAULT_INPUT, "%s", _("Webex told more of that setting than is kept: it was not touched"));
	text_printable(who, sizeof who, c.who, strlen(c.who));
	text_printable(name, sizeof name, c.person_name, strlen(c.person_name));
	text_printable(person, sizeof person, c.person, strlen(c.person));
	c.who = who;
	c.person_name = name;
	c.person = person;
	if (!db_begin_lasting(&store->db, fault) || !db_end(&store->db, begin(store, &c, diff, fault), fault))
		return false;
	*id = c.id;
	return true;
}

static bool write_step(struct store *store, const struct contain_step *s, const struct containment *was, struct fault *fault)
{
	struct db *db = &store->db;
	char tracking[1000], who[65];
	bool undoes = s->to == CONTAIN_UNDOING || s->to == CONTAIN_UNDONE;
	text_printable(who, sizeof who, s->who, strlen(s->who));
	snprintf(tracking, sizeof tracking, "%s%s%s", was->tracking, *was->tracking != '\0' && *s->tracking != '\0' ? " " : "", s->tracking);
	struct statement *st = db_statement(db, "UPDATE containments SET state = $2, tracking = $3, error = $4, found_body = $5, undone_by = $6, changed_ms = $7"
						" WHERE id = $1 AND state = $8",
	    fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "iitttt" "ii", s->id, (int64_t)s->to, tracking, s->error, s->found != NULL ? s->found : was->found, undoes ? who : "",
	    s->now_ms, (int64_t)was->state);
	const char *why = *s->error != '\0' ? s->error : s->tracking;
	return db_run(db, st, fault) && audit(store, was, act_between(was->state, s->to, *s->error != '\0'), who, why, s->now_ms, fault) && say_changed(store, fault);
}

static bool step(struct store *store, const struct contain_step *s, struct arena *arena, struct fault *fault)
{
	struct containment was;
	if (!query_containment(&store->db, s->id, arena, &was, fault))
		return false;
	if ((s->from & 1u << was.state) == 0 || (s->seen_ms != 0 && s->seen_ms != was.changed_ms))
		return fault_set(fault, FAULT_CONFLICT, _("containment %lld is in another state by now: %s"), (long long)s->id, contain_state_word(was.state));
	return write_step(store, s, &was, fault);
}

bool store_contain_step(struct store *store, const struct contain_step *s, struct fault *fault)
{
	struct arena arena;
	if (s->found != NULL && strlen(s->found) >= CONTAIN_BODY_BYTES)
		return fault_set(fault, FAULT_INPUT, "%s", _("Webex told more of that setting than is kept: it was not touched"));
	if (!db_begin_lasting(&store->db, fault))
		return false;
	arena_init(&arena);
	bool ok = db_end(&store->db, step(store, s, &arena, fault), fault);
	arena_clear(&arena);
	return ok;
}

/* ---- reading -------------------------------------------------------------------------- */

#define COLUMNS                                                                                                             \
	"id, person, person_name, kind, state, before_body, wished_body, found_body, who, at_ms, changed_ms, alert_id, tracking, error, " \
	"undone_by"

static const char *printable(struct db *db, struct statement *st, int column, struct arena *arena)
{
	return arena_printable(arena, db_text(db, st, column));
}

/* False: nobody could have written it here. */
static bool read_row(struct db *db, struct statement *st, struct arena *arena, struct containment *out)
{
	int64_t state = db_int(db, st, 4);
	*out = (struct containment){ .id = db_int(db, st, 0), .person = printable(db, st, 1, arena), .person_name = printable(db, st, 2, arena),
		.before = arena_strdup(arena, db_text(db, st, 5)), .wished = arena_strdup(arena, db_text(db, st, 6)),
		.found = arena_strdup(arena, db_text(db, st, 7)), .who = printable(db, st, 8, arena), .at_ms = db_int(db, st, 9),
		.changed_ms = db_int(db, st, 10), .alert_id = db_int(db, st, 11), .tracking = printable(db, st, 12, arena),
		.error = printable(db, st, 13, arena), .undone_by = printable(db, st, 14, arena) };
	if (state < 0 || state >= N_CONTAIN_STATES || !contain_kind_named(db_text(db, st, 3), &out->kind))
		return false;
	out->state = (enum contain_state)state;
	return true;
}

bool query_containment(struct db *db, int64_t id, struct arena *arena, struct containment *out, struct fault *fault)
{
	struct statement *st = db_statement(db, "SELECT " COLUMNS " FROM containments WHERE id = $1", fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "i", id);
	enum step found = db_step(db, st, fault);
	bool ok = found == STEP_ROW && read_row(db, st, arena, out);
	db->engine->reset(st);
	if (found == STEP_FAULT)
		return false;
	return ok || fault_set(fault, FAULT_NOT_FOUND, _("there is no containment %lld"), (long long)id);
}

bool query_containments(struct db *db, const struct containment_query *q, struct arena *arena, struct containment **rows, size_t *n, struct fault *fault)
{
	size_t capacity = 0;
	struct statement *st = db_statement(db, "SELECT " COLUMNS " FROM containments WHERE ($1 = '' OR person = $1) AND ($2 = 0 OR alert_id = $2)"
						" AND ($3 = 0 OR state <= 3) ORDER BY id DESC LIMIT $4",
	    fault);
	*rows = NULL;
	*n = 0;
	if (st == NULL)
		return false;
	db_bind(db, st, "tiii", q->person == NULL ? "" : q->person, q->alert_id, (int64_t)q->open, (int64_t)q->limit);
	enum step found;
	struct containment *list = NULL;
	while ((found = db_step(db, st, fault)) == STEP_ROW) {
		list = mem_grow(list, *n, &capacity, sizeof *list);
		*n += read_row(db, st, arena, &list[*n]);
	}
	db->engine->reset(st);
	*rows = arena_alloc(arena, (*n + 1) * sizeof **rows);
	if (*n > 0)
		memcpy(*rows, list, *n * sizeof **rows);
	free(list);
	return found == STEP_DONE;
}

bool query_containment_later(struct db *db, const struct containment *c, int64_t *later, struct fault *fault)
{
	struct statement *st = db_statement(db, "SELECT id FROM containments WHERE person = $1 AND kind = $2 AND id > $3 AND state <= 3 ORDER BY id DESC LIMIT 1", fault);
	*later = 0;
	if (st == NULL)
		return false;
	db_bind(db, st, "tti", c->person, contain_kind_name(c->kind), c->id);
	enum step found = db_step(db, st, fault);
	if (found == STEP_ROW)
		*later = db_int(db, st, 0);
	db->engine->reset(st);
	return found != STEP_FAULT;
}
