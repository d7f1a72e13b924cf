/* SPDX-License-Identifier: Apache-2.0
 *
 * What is known of a site, a trunk or a device. Calls have no index by these
 * (one more would cost every page that is written), so days are gone through,
 * the newest first, until very many calls have been seen; how many days that
 * were is said. A site's hours are exact whatever their number: they are summed
 * as calls come. Who stands out is who has open alerts, then who costs most. */
#include <stdlib.h>

#include "base/mem.h"
#include "store/alert_rows.h"
#include "store/query_profile_parts.h"

#define CALLS_SEEN    1000000 /* of all sites: read in 0.1 s, and the subject's own in as much again */
#define LATE_LEGS     HOUR_MS /* after a call's first leg, the one by the trunk, with the device */
#define OPEN_ALERTS   2000    /* the highest of all that are open tell who stands out */
#define LISTED_ALERTS 20
#define LOOK_BACK     400

enum { C_END = C_NUMBER + 1, C_LAST_START };
#define PLACE_COLUMNS(user, name)                                                                     \
	"SELECT c.id, c.start_ms, c.talk_s, c.direction, c.country, c.class, c.tier, c.cost_micro, c.far_number, " user \
	", " name ", coalesce(c.call_type_id, 0), c.flags, c.location_id, c.trunk_id, 0, c.end_ms, c.last_start_ms FROM "

/* By site: the words of all its names. By trunk and device: as their legs say. */
#define OF_SITE                                                                                       \
	PLACE_COLUMNS("c.user_id", "c.user_name_id") "calls c WHERE c.id >= $1 AND c.id < $2"         \
	" AND c.location_id IN ($3, $4, $5, $6, $7, $8, $9, $10)"
#define OF_TRUNK                                                                                      \
	PLACE_COLUMNS("c.user_id", "c.user_name_id") "calls c WHERE c.id >= $1 AND c.id < $2 AND c.id IN" \
	" (SELECT call_id FROM legs WHERE id >= $1 AND id < $3 AND (trunk_in_id = $4 OR trunk_out_id = $4))"
#define OF_DEVICE                                                                                     \
	PLACE_COLUMNS("l.user_id", "l.user_name_id") "legs l JOIN calls c ON c.id = l.call_id"        \
	" WHERE l.id >= $1 AND l.id < $3 AND l.device_id = $4 AND c.id >= $1 AND c.id < $2"
#define NEWEST " ORDER BY c.id DESC LIMIT 1"

struct place {
	struct reading *r;
	int64_t word; /* of the trunk, the device */
	int64_t names[SITE_NAMES_MAX];
	size_t n_names;
	int64_t newest_day, oldest_day; /* UTC; of what may be read */
	struct map seen;
	int64_t *starts, *ends; /* of calls, each sorted */
	size_t n_spans, starts_capacity, ends_capacity;
};

static int64_t key_of(int64_t ms)
{
	return ms << PROFILE_KEY_BITS;
}

/* ---- what it is --------------------------------------------------------------------- */

static void bind_names(const struct place *p, int64_t names[static SITE_NAMES_MAX])
{
	for (size_t i = 0; i < SITE_NAMES_MAX; i++)
		names[i] = i < p->n_names ? p->names[i] : -1;
}

static struct statement *of_day(struct place *p, int64_t day, bool newest, struct fault *fault)
{
	static const char *const sql[][2] = { { OF_SITE, OF_SITE NEWEST }, { OF_TRUNK, OF_TRUNK NEWEST }, { OF_DEVICE, OF_DEVICE NEWEST } };
	enum subject_kind kind = p->r->out->kind;
	int64_t from = key_of(day * DAY_MS), until = key_of((day + 1) * DAY_MS), n[SITE_NAMES_MAX];
	struct statement *st = db_statement(p->r->db, sql[kind == SUBJECT_SITE ? 0 : kind == SUBJECT_TRUNK ? 1 : 2][newest], fault);
	bind_names(p, n);
	if (st != NULL && kind == SUBJECT_SITE)
		db_bind(p->r->db, st, "iiiiiiiiii", from, until, n[0], n[1], n[2], n[3], n[4], n[5], n[6], n[7]);
	else if (st != NULL)
		db_bind(p->r->db, st, "iiii", from, until, key_of((day + 1) * DAY_MS + LATE_LEGS), p->word);
	return st;
}

/* Which days may be read: today whole, the others while they are not too many. */
static bool read_days(struct place *p, struct fault *fault)
{
	int64_t today = p->r->now_ms / DAY_MS, seen = 0, n;
	p->newest_day = p->oldest_day = today;
	for (int ago = 0; ago <= PROFILE_DAYS + 1; ago++) { /* a local day lies in two of UTC's */
		if (!query_calls_of_day(p->r->db, today - ago, &n, fault))
			return false;
		seen += n;
		if (ago > 0 && seen > CALLS_SEEN) {
			p->r->out->cut = true;
			break;
		}
		p->oldest_day = today - ago;
	}
	return true;
}

static bool read_names(struct place *p, struct fault *fault)
{
	struct reading *r = p->r;
	struct statement *st = db_statement(r->db, "SELECT id FROM words WHERE text = $1 UNION SELECT name_id FROM site_names WHERE uuid = $2"
	    SQL_NAMES_OF_ITS_SITE "$1", fault);
	if (st == NULL)
		return false;
	db_bind(r->db, st, "tt", r->out->site, r->out->id);
	enum step step;
	while ((step = db_step(r->db, st, fault)) == STEP_ROW && p->n_names < SITE_NAMES_MAX)
		p->names[p->n_names++] = db_int(r->db, st, 0);
	r->db->engine->reset(st);
	return step != STEP_FAULT;
}

#define SQL_HOURS_OF_SITE \
	" FROM hours WHERE hour >= $1 AND hour <= $2 AND location_id IN ($3, $4, $5, $6, $7, $8, $9, $10)"

/* `sql`, which has SQL_HOURS_OF_SITE, of the site's last `days`. */
static struct statement *hours_of_site(struct place *p, const char *sql, int64_t days, struct fault *fault)
{
	int64_t n[SITE_NAMES_MAX], hour = p->r->now_ms / HOUR_MS;
	struct statement *st = db_statement(p->r->db, sql, fault);
	if (st == NULL)
		return NULL;
	bind_names(p, n);
	db_bind(p->r->db, st, "iiiiiiiiii", hour - days * 24, hour, n[0], n[1], n[2], n[3], n[4], n[5], n[6], n[7]);
	return st;
}

static bool read_site_span(struct place *p, struct fault *fault)
{
	struct reading *r = p->r;
	struct statement *st = hours_of_site(p, "SELECT min(hour), max(hour)" SQL_HOURS_OF_SITE " AND n_calls > 0", LOOK_BACK, fault);
	if (st == NULL)
		return false;
	enum step step = db_step(r->db, st, fault);
	if (step == STEP_ROW && !db_is_null(r->db, st, 0)) {
		r->out->first_ms = db_int(r->db, st, 0) * HOUR_MS;
		r->out->last_ms = db_int(r->db, st, 1) * HOUR_MS;
	}
	r->db->engine->reset(st);
	return step != STEP_FAULT;
}

static bool read_last(struct place *p, struct fault *fault)
{
	struct reading *r = p->r;
	for (int64_t day = p->newest_day; day >= p->oldest_day && r->last_id == 0; day--) {
		struct statement *st = of_day(p, day, true, fault);
		if (st == NULL)
			return false;
		enum step step = db_step(r->db, st, fault);
		if (step == STEP_ROW) {
			r->last_id = db_int(r->db, st, C_ID);
			r->out->last_ms = db_int(r->db, st, C_START);
			r->last_start_ms = db_int(r->db, st, C_LAST_START);
			r->location_id = db_int(r->db, st, C_LOCATION);
		}
		r->db->engine->reset(st);
		if (step == STEP_FAULT)
			return false;
	}
	return true;
}

static bool identify_site(struct place *p, struct fault *fault)
{
	struct reading *r = p->r;
	const char *name = r->out->id;
	if (!profile_find_word(r->db, r->out->id, &r->location_id, fault) || !profile_read_site(r, r->out->id, r->out->id, fault) ||
	    !read_names(p, fault) || !read_site_span(p, fault))
		return false;
	/* Webex has not told of it: what records call it. */
	bool untold = r->out->site == r->out->id;
	if (untold && p->n_names > 0 && !profile_word(r, p->names[0], &name, fault))
		return false;
	r->out->name = r->out->site = untold ? name : r->out->site;
	return read_last(p, fault);
}

/* Where it was last met is where it is. */
static bool identify_other(struct place *p, struct fault *fault)
{
	struct reading *r = p->r;
	const char *location = "";
	r->out->name = r->out->id;
	return profile_find_word(r->db, r->out->id, &p->word, fault) && (p->word < 0 || read_last(p, fault)) &&
	    profile_word(r, r->location_id, &location, fault) && profile_read_site(r, "", location, fault);
}

/* ---- its calls ---------------------------------------------------------------------- */

static void add(int64_t **items, size_t n, size_t *capacity, int64_t value)
{
	*items = mem_grow(*items, n, capacity, sizeof **items);
	(*items)[n] = value;
}

static void count_changes(struct reading *r, struct statement *st)
{
	int64_t start = db_int(r->db, st, C_START);
	if (r->out->kind != SUBJECT_TRUNK)
		profile_change_count(r, CHANGE_TRUNK, db_int(r->db, st, C_TRUNK), start);
	if (r->out->kind != SUBJECT_SITE)
		profile_change_count(r, CHANGE_SITE, db_int(r->db, st, C_LOCATION), start);
	if (r->out->kind == SUBJECT_DEVICE)
		profile_change_count(r, CHANGE_PERSON, db_int(r->db, st, C_USER_NAME), start);
}

static void count_call(struct place *p, struct statement *st)
{
	struct reading *r = p->r;
	struct db *db = r->db;
	struct local_hour when;
	bool is_new;
	int64_t id = db_int(db, st, C_ID), start = db_int(db, st, C_START);
	if (!profile_when(r, start, &when))
		return;
	if (r->out->kind == SUBJECT_DEVICE) { /* a call may have two legs with it */
		(void)map_put_n(&p->seen, (const char *)&id, sizeof id, &is_new);
		if (!is_new)
			return;
	}
	bool abroad = profile_is_abroad(r, st);
	if (r->out->kind != SUBJECT_SITE) {
		profile_count(r, &when, 1, db_int(db, st, C_TALK), db_int(db, st, C_COST));
		r->out->first_ms = r->out->first_ms == 0 ? start : MIN(r->out->first_ms, start);
	}
	if (when.ago < PROFILE_RECENT)
		r->out->days[PROFILE_RECENT - 1 - when.ago].n_abroad += abroad;
	r->out->n_by_direction[db_int(db, st, C_DIRECTION) & 3]++;
	r->out->cost_all_micro += db_int(db, st, C_COST);
	profile_keep_id(r, st);
	count_changes(r, st);
	add(&p->starts, p->n_spans, &p->starts_capacity, start);
	add(&p->ends, p->n_spans++, &p->ends_capacity, MAX(db_int(db, st, C_END), start));
	if (profile_is_out(db_int(db, st, C_DIRECTION)))
		profile_country_count(r, st);
	if (db_int(db, st, C_USER) <= 0)
		return;
	struct contact *contact = profile_contact_count(r, st);
	contact->row.n_today += when.ago == 0;
	contact->row.n_abroad += abroad;
}

static bool read_calls(struct place *p, struct fault *fault)
{
	enum step step = STEP_DONE;
	for (int64_t day = p->newest_day; day >= p->oldest_day && step == STEP_DONE; day--) {
		struct statement *st = of_day(p, day, false, fault);
		if (st == NULL)
			return false;
		while ((step = db_step(p->r->db, st, fault)) == STEP_ROW)
			count_call(p, st);
		p->r->db->engine->reset(st);
	}
	return step == STEP_DONE;
}

static bool read_hours(struct place *p, struct fault *fault)
{
	struct reading *r = p->r;
	struct statement *st = hours_of_site(p, "SELECT hour, sum(n_calls), sum(talk_s), sum(cost_micro)" SQL_HOURS_OF_SITE " GROUP BY hour", PROFILE_DAYS + 2, fault);
	if (st == NULL)
		return false;
	enum step step;
	while ((step = db_step(r->db, st, fault)) == STEP_ROW) {
		struct local_hour when;
		/* Where clocks are half an hour off, an hour is where most of it lies. */
		if (profile_when(r, MIN(db_int(r->db, st, 0) * HOUR_MS + HOUR_MS / 2, r->now_ms), &when))
			profile_count(r, &when, db_int(r->db, st, 1), db_int(r->db, st, 2), db_int(r->db, st, 3));
	}
	r->db->engine->reset(st);
	return step == STEP_DONE;
}

static void set_days(struct place *p)
{
	struct profile *out = p->r->out;
	int read = (int)MIN(p->newest_day - p->oldest_day - (p->oldest_day < p->newest_day), PROFILE_DAYS);
	profile_set_known(p->r);
	out->counted_days = MIN(out->known_days, read);
	out->cut = out->counted_days < out->known_days || (out->cut && out->kind != SUBJECT_SITE);
	if (out->kind != SUBJECT_SITE)
		out->known_days = out->counted_days;
	profile_set_usual(p->r);
}

/* ---- what comes of them ---------------------------------------------------------------- */

static int by_size(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
	return (x > y) - (x < y);
}

static void sort(int64_t *items, size_t n)
{
	if (n > 0)
		qsort(items, n, sizeof *items, by_size);
}

/* Calls at a time: a call begins, and those that have ended before are gone. */
static void measure_load(struct place *p)
{
	struct profile *out = p->r->out;
	size_t ended = 0;
	sort(p->starts, p->n_spans);
	sort(p->ends, p->n_spans);
	for (size_t i = 0; i < p->n_spans; i++) {
		struct local_hour when;
		while (p->ends[ended] <= p->starts[i] && ended < i)
			ended++;
		int64_t n = (int64_t)(i + 1 - ended);
		if (n <= MIN(out->load_today.most, out->load_before.most) || !profile_when(p->r, p->starts[i], &when))
			continue;
		struct profile_load *load = when.ago == 0 ? &out->load_today : &out->load_before;
		if (n > load->most && when.ago <= out->counted_days)
			*load = (struct profile_load){ n, p->starts[i] };
	}
}

static bool read_scores(struct reading *r, struct fault *fault)
{
	struct statement *st = db_statement(r->db, "SELECT (SELECT id FROM words WHERE text = subject_id), score FROM"
						   " (SELECT subject_id, score, raised_ms FROM alerts WHERE rank = 2 UNION ALL"
						   " SELECT subject_id, score, raised_ms FROM alerts WHERE rank = 1 ORDER BY score DESC, raised_ms DESC LIMIT $1) AS highest",
	    fault);
	if (st == NULL)
		return false;
	db_bind(r->db, st, "i", (int64_t)OPEN_ALERTS);
	enum step step;
	while ((step = db_step(r->db, st, fault)) == STEP_ROW) {
		int64_t user_id = db_int(r->db, st, 0);
		const union map_value *at = user_id > 0 ? map_get_n(&r->by_contact, (const char *)&user_id, sizeof user_id) : NULL;
		if (at != NULL)
			r->contacts[at->number].row.score = MAX(r->contacts[at->number].row.score, (int)db_int(r->db, st, 1));
	}
	r->db->engine->reset(st);
	return step == STEP_DONE;
}

static int stands_out(const void *a, const void *b)
{
	const struct contact *x = a, *y = b;
	int64_t more = y->row.score - x->row.score;
	if (more == 0)
		more = y->row.cost_micro - x->row.cost_micro;
	if (more == 0)
		more = y->row.n_out + y->row.n_in - x->row.n_out - x->row.n_in;
	if (more == 0)
		more = x->user_id - y->user_id;
	return (more > 0) - (more < 0);
}

static bool rank(struct place *p, struct fault *fault)
{
	struct reading *r = p->r;
	struct profile *out = r->out;
	if (!read_scores(r, fault))
		return false;
	if (r->n_contacts > 0)
		qsort(r->contacts, r->n_contacts, sizeof *r->contacts, stands_out);
	out->n_contacts_all = r->n_contacts;
	out->contacts = arena_alloc(r->arena, CONTACTS_MAX * sizeof *out->contacts);
	for (size_t i = 0; i < MIN(r->n_contacts, (size_t)CONTACTS_MAX); i++) {
		struct contact *contact = &r->contacts[i];
		if (!profile_word(r, contact->user_id, &contact->row.id, fault) || !profile_word(r, contact->name_id, &contact->row.name, fault))
			return false;
		out->contacts[out->n_contacts++] = contact->row;
	}
	profile_rank_countries(r);
	return true;
}

#define ALERTS_OF_SITE \
	" FROM alerts WHERE rank IN (1, 2) AND location IN (SELECT text FROM words WHERE id IN ($1, $2, $3, $4, $5, $6, $7, $8))"

/* What waits there, whoever it is about. */
static bool read_site_alerts(struct place *p, struct fault *fault)
{
	struct reading *r = p->r;
	struct db *db = r->db;
	struct profile *out = r->out;
	int64_t n[SITE_NAMES_MAX];
	bind_names(p, n);
	struct statement *st = db_statement(db, "SELECT count(*), coalesce(max(score), 0)" ALERTS_OF_SITE, fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "iiiiiiii", n[0], n[1], n[2], n[3], n[4], n[5], n[6], n[7]);
	enum step step = db_step(db, st, fault);
	if (step == STEP_ROW) {
		out->n_open = db_int(db, st, 0);
		out->highest_open = (int)db_int(db, st, 1);
	}
	db->engine->reset(st);
	if (step != STEP_ROW)
		return false;
	st = db_statement(db, "SELECT " ALERT_LIST_COLUMNS ALERTS_OF_SITE " ORDER BY score DESC, raised_ms DESC, id DESC LIMIT 20", fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "iiiiiiii", n[0], n[1], n[2], n[3], n[4], n[5], n[6], n[7]);
	out->alerts = arena_alloc(r->arena, LISTED_ALERTS * sizeof *out->alerts);
	while ((step = db_step(db, st, fault)) == STEP_ROW && out->n_alerts < LISTED_ALERTS)
		alert_row_read(db, st, r->arena, &out->alerts[out->n_alerts++]);
	db->engine->reset(st);
	return step != STEP_FAULT;
}

bool profile_read_place(struct reading *r, struct fault *fault)
{
	struct place p = { .r = r, .word = -1 };
	bool site = r->out->kind == SUBJECT_SITE;
	bool ok = profile_read_as_of(r, fault) && profile_find_word(r->db, "SIP_INTERNATIONAL", &r->international, fault) &&
	    read_days(&p, fault) && (site ? identify_site(&p, fault) : identify_other(&p, fault)) && profile_read_offset(r, fault);
	if (ok) {
		profile_set_today(r);
		ok = (!site || read_hours(&p, fault)) && read_calls(&p, fault);
	}
	if (ok) {
		set_days(&p);
		measure_load(&p);
		ok = rank(&p, fault) && profile_read_recent(r, fault) && profile_read_device(r, p.word, fault) && profile_read_changes(r, fault) &&
		    (site ? read_site_alerts(&p, fault) : profile_read_alerts(r, fault));
	}
	map_clear(&p.seen);
	free(p.starts);
	free(p.ends);
	return ok;
}
