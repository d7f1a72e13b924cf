/* SPDX-License-Identifier: Apache-2.0
 *
 * What is known of a person or of a number outside, by its calls: when it
 * calls, and what today is beside that. Calls are read by the
 * day (indexes of 0013_calls_of.sql), so that the work is that of the subject's
 * own calls, however many others there are. Whom it talks with:
 * query_contacts.c; its peers: query_peers.c; what a site, a trunk or a device
 * is known by: query_place.c. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/zone.h"
#include "calls/cdr_json.h"
#include "store/admin_rows.h"
#include "store/alert_rows.h"
#include "store/live_rows.h"
#include "store/query_profile_parts.h"
#include "store/request_rows.h"

#define LOOK_BACK  400	 /* days, for the first and the last call */
#define CALLS_MAX  20000 /* of one subject: of an attendant of a big house fewer days are known */
#define ALERTS_MAX 20
#define RECENT_MAX 30
#define FORWARDS_MAX 8
#define ADMIN_MAX	8
#define LIVE_MAX	8
#define ADMIN_LOOK_BACK (90 * DAY_MS)

static int64_t floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

static int64_t local_ms(const struct reading *r, int64_t ms)
{
	return ms + (r->zone != NULL ? zone_offset_s(r->zone, ms, NULL) : 0) * SECOND_MS;
}

static int weekday_of(int64_t local_day)
{
	return (int)(((local_day + 3) % 7 + 7) % 7); /* 1970-01-01 was a Thursday */
}

bool profile_when(const struct reading *r, int64_t ms, struct local_hour *out)
{
	int64_t local = local_ms(r, ms), day = floor_div(local, DAY_MS), ago = r->local_today - day;
	if (ms > r->now_ms || ago < 0 || ago > PROFILE_DAYS)
		return false;
	*out = (struct local_hour){ (int)ago, weekday_of(day), (int)((local - day * DAY_MS) / HOUR_MS) };
	return true;
}

/* ---- who it is --------------------------------------------------------------------- */

bool profile_find_word(struct db *db, const char *text, int64_t *id, struct fault *fault)
{
	struct statement *st = db_statement(db, "SELECT id FROM words WHERE text = $1", fault);
	*id = -1;
	if (st == NULL)
		return false;
	db_bind(db, st, "t", text);
	enum step step = db_step(db, st, fault);
	if (step == STEP_ROW)
		*id = db_int(db, st, 0);
	db->engine->reset(st);
	return step != STEP_FAULT;
}

/* The statement of the subject's calls of a day, one text for each kind. */
static struct statement *of_subject(struct reading *r, const char *person_sql, const char *number_sql, int64_t day,
    struct fault *fault)
{
	struct statement *st = db_statement(r->db, r->person ? person_sql : number_sql, fault);
	if (st != NULL && r->person)
		db_bind(r->db, st, "ii", day, r->user_id);
	else if (st != NULL)
		db_bind(r->db, st, "it", day, r->out->id);
	return st;
}

static bool read_last(struct reading *r, int64_t day, struct fault *fault)
{
#define LAST "SELECT start_ms, user_name_id, user_number_id, location_id, country, class, tier, id, last_start_ms FROM calls WHERE "
	struct statement *st = of_subject(r, LAST "day = $1 AND user_id = $2 ORDER BY id DESC LIMIT 1", LAST SQL_NUMBER_ON_DAY " ORDER BY id DESC LIMIT 1", day, fault);
#undef LAST
	if (st == NULL)
		return false;
	struct db *db = r->db;
	enum step step = db_step(db, st, fault);
	if (step == STEP_ROW) {
		r->out->last_ms = db_int(db, st, 0);
		r->name_id = r->person ? db_int(db, st, 1) : 0;
		r->number_id = r->person ? db_int(db, st, 2) : 0;
		r->location_id = db_int(db, st, 3);
		r->last_id = db_int(db, st, 7);
		r->last_start_ms = db_int(db, st, 8);
		if (!r->person) {
			strncpy(r->out->country, db_text(db, st, 4), sizeof r->out->country - 1);
			r->out->class = (enum number_class)db_int(db, st, 5);
			r->out->tier = (enum risk_tier)db_int(db, st, 6);
		}
	}
	db->engine->reset(st);
	return step != STEP_FAULT;
}

static bool read_first(struct reading *r, int64_t day, struct fault *fault)
{
	struct statement *st = of_subject(r, "SELECT min(id) FROM calls WHERE day = $1 AND user_id = $2",
	    "SELECT min(id) FROM calls WHERE " SQL_NUMBER_ON_DAY, day, fault);
	if (st == NULL)
		return false;
	enum step step = db_step(r->db, st, fault);
	if (step == STEP_ROW && !db_is_null(r->db, st, 0))
		r->out->first_ms = db_int(r->db, st, 0) >> PROFILE_KEY_BITS;
	r->db->engine->reset(st);
	return step != STEP_FAULT;
}

/* A store of long ago is looked at as it was then. */
bool profile_read_as_of(struct reading *r, struct fault *fault)
{
	int64_t newest;
	if (!db_ask_int(r->db, "SELECT max(id) FROM calls", 0, &newest, fault))
		return false;
	newest >>= PROFILE_KEY_BITS;
	r->out->past = newest > 0 && newest < r->now_ms - PROFILE_STALE * DAY_MS;
	r->now_ms = r->out->past ? newest : r->now_ms;
	r->out->as_of_ms = r->now_ms;
	return true;
}

/* When it was first and last met, and what was said of it then. */
static bool read_span(struct reading *r, struct fault *fault)
{
	int64_t today = r->now_ms / DAY_MS;
	if (!db_ask_int(r->db, "SELECT min(day) FROM calls", today, &r->first_day, fault))
		return false;
	r->first_day = MAX(r->first_day, today - LOOK_BACK);
	for (int64_t day = today; day >= r->first_day && r->out->last_ms == 0; day--)
		if (!read_last(r, day, fault))
			return false;
	for (int64_t day = r->first_day; r->out->last_ms != 0 && day <= today && r->out->first_ms == 0; day++)
		if (!read_first(r, day, fault))
			return false;
	return true;
}

/* A queue, an attendant: records say so, of whose kind their user is. */
static bool read_kind(struct reading *r, struct fault *fault)
{
	if (!r->person || r->out->last_ms == 0)
		return true;
	struct statement *st = db_statement(r->db, "SELECT (SELECT text FROM words WHERE id = user_type_id) FROM legs"
						   " WHERE id >= $1 AND id < $2 AND call_id = $3 AND user_id = $4 LIMIT 1", fault);
	if (st == NULL)
		return false;
	db_bind(r->db, st, "iiii", r->out->last_ms << PROFILE_KEY_BITS, (r->last_start_ms + 1) << PROFILE_KEY_BITS, r->last_id, r->user_id);
	enum step step = db_step(r->db, st, fault);
	bool somebody = step != STEP_ROW || cdr_is_somebody(db_text(r->db, st, 0));
	r->out->kind = somebody ? SUBJECT_PERSON : SUBJECT_SERVICE;
	r->db->engine->reset(st);
	return step != STEP_FAULT;
}

/* Webex's own word on a person: name, number and the uuid of its site. */
static bool read_directory(struct reading *r, const char **site_uuid, struct fault *fault)
{
	struct statement *st = db_statement(r->db, "SELECT name, number, extension, site_uuid FROM people WHERE uuid = $1", fault);
	*site_uuid = "";
	if (st == NULL)
		return false;
	db_bind(r->db, st, "t", r->out->id);
	enum step step = db_step(r->db, st, fault);
	if (step == STEP_ROW) {
		r->out->name = arena_strdup(r->arena, db_text(r->db, st, 0));
		r->out->number = arena_strdup(r->arena, db_text(r->db, st, *db_text(r->db, st, 1) != '\0' ? 1 : 2));
		*site_uuid = arena_strdup(r->arena, db_text(r->db, st, 3));
	}
	r->db->engine->reset(st);
	return step != STEP_FAULT;
}

/* By its uuid; else by its name of today or by one it has had. */
bool profile_read_site(struct reading *r, const char *uuid, const char *name, struct fault *fault)
{
	struct statement *st = db_statement(r->db,
	    "SELECT name, zone, country FROM sites WHERE uuid = $1 OR name = $2 OR uuid ="
	    " (SELECT min(uuid) FROM site_names WHERE name_id = $3 HAVING count(*) = 1) ORDER BY uuid = $1 DESC, name = $2 DESC LIMIT 1",
	    fault);
	if (st == NULL)
		return false;
	db_bind(r->db, st, "tti", uuid, name, r->location_id);
	enum step step = db_step(r->db, st, fault);
	r->out->site = name;
	if (step == STEP_ROW) {
		r->out->site = arena_strdup(r->arena, db_text(r->db, st, 0));
		r->out->zone_name = arena_strdup(r->arena, db_text(r->db, st, 1));
		strncpy(r->home, db_text(r->db, st, 2), sizeof r->home - 1);
	}
	r->db->engine->reset(st);
	if (*r->out->zone_name != '\0' && !zone_open(r->out->zone_name, &r->zone, NULL)) {
		r->zone = NULL;
		r->out->zone_name = "";
	}
	return step != STEP_FAULT;
}

bool profile_record(struct reading *r, int64_t leg, struct cdr *out)
{
	struct cdr_reader reader;
	struct fault ignored;
	const char *json;
	size_t n;
	if (!query_raw(r->db, leg, r->arena, &json, &n, &ignored))
		return false;
	cdr_reader_init(&reader);
	cdr_reader_feed(&reader, json, n, true);
	return cdr_reader_next(&reader, r->arena, out) == CDR_NEXT_RECORD;
}

/* Where nobody has told the zone of the site (an import, a first day), its last
 * record says how far from UTC it was. A clock change is missed by an hour. */
bool profile_read_offset(struct reading *r, struct fault *fault)
{
	if (r->zone != NULL || r->out->last_ms == 0)
		return true;
	struct statement *st = db_statement(r->db, "SELECT id FROM legs WHERE id >= $1 AND id < $2 AND call_id = $3 LIMIT 1", fault);
	if (st == NULL)
		return false;
	db_bind(r->db, st, "iii", r->out->last_ms << PROFILE_KEY_BITS, (r->last_start_ms + 1) << PROFILE_KEY_BITS, r->last_id);
	enum step step = db_step(r->db, st, fault);
	int64_t leg = step == STEP_ROW ? db_int(r->db, st, 0) : 0;
	r->db->engine->reset(st);
	struct cdr cdr;
	if (leg == 0 || !profile_record(r, leg, &cdr))
		return step != STEP_FAULT;
	if (cdr.site_utc_minutes == CDR_NO_OFFSET ||
	    cdr.site_utc_minutes % 60 != 0 || cdr.site_utc_minutes == 0)
		return true;
	/* POSIX counts them the other way round. */
	char *name = arena_printf(r->arena, PROFILE_FIXED_ZONE "%+d", (int)(-cdr.site_utc_minutes / 60));
	if (zone_open(name, &r->zone, NULL))
		r->out->zone_name = name;
	return true;
}

void profile_set_today(struct reading *r)
{
	int64_t local = local_ms(r, r->now_ms);
	r->local_today = floor_div(local, DAY_MS);
	r->out->utc_offset_minutes = (int32_t)((local - r->now_ms) / MINUTE_MS);
	r->out->weekday = weekday_of(r->local_today);
	r->out->hour = (int)((local - r->local_today * DAY_MS) / HOUR_MS);
}

void profile_set_known(struct reading *r)
{
	if (r->out->first_ms == 0)
		return;
	int64_t days = r->local_today - floor_div(local_ms(r, r->out->first_ms), DAY_MS);
	r->out->known_days = (int)MIN(MAX(days, 0), PROFILE_DAYS);
}

static bool identify(struct reading *r, struct fault *fault)
{
	struct profile *out = r->out;
	const char *site_uuid = "", *location, *name, *number;
	if (!profile_read_as_of(r, fault) || (r->person && (!read_directory(r, &site_uuid, fault) || !profile_find_word(r->db, out->id, &r->user_id, fault))) ||
	    !profile_find_word(r->db, "SIP_INTERNATIONAL", &r->international, fault) || !read_span(r, fault) || !read_kind(r, fault) ||
	    !profile_word(r, r->location_id, &location, fault) || !profile_word(r, r->name_id, &name, fault) ||
	    !profile_word(r, r->number_id, &number, fault) || !profile_read_site(r, site_uuid, location, fault) || !profile_read_offset(r, fault))
		return false;
	out->name = *out->name != '\0' ? out->name : name;
	if (!r->person)
		out->number = out->id;
	else if (*out->number == '\0')
		out->number = number;
	profile_set_today(r);
	profile_set_known(r);
	return true;
}

/* ---- its calls --------------------------------------------------------------------- */

bool profile_is_out(int64_t direction)
{
	return direction == CALL_OUTBOUND || direction == CALL_TRANSIT;
}

/* As SQL_ABROAD, which asks the same of everybody else's calls. */
bool profile_is_abroad(struct reading *r, struct statement *st)
{
	const char *country = db_text(r->db, st, C_COUNTRY);
	if (!profile_is_out(db_int(r->db, st, C_DIRECTION)))
		return false;
	return *r->home != '\0' && *country != '\0' ? strcmp(country, r->home) != 0 :
						      db_int(r->db, st, C_CALL_TYPE) == r->international;
}

void profile_count(struct reading *r, const struct local_hour *when, int64_t n_calls, int64_t talk_s, int64_t cost_micro)
{
	struct profile *out = r->out;
	if (when->ago == 0)
		out->today[when->hour] += n_calls;
	else
		out->by_hour[when->weekday][when->hour] += n_calls;
	if (when->ago >= PROFILE_RECENT)
		return;
	struct profile_day *row = &out->days[PROFILE_RECENT - 1 - when->ago];
	row->n_calls += n_calls;
	row->talk_s += talk_s;
	row->cost_micro += cost_micro;
}

void profile_keep_id(struct reading *r, struct statement *st)
{
	int64_t id = db_int(r->db, st, C_ID);
	r->ids = mem_grow(r->ids, r->n_ids, &r->ids_capacity, sizeof *r->ids);
	r->ids[r->n_ids++] = id;
	if (!(db_int(r->db, st, C_FLAGS) & CALL_FORWARDED) || !profile_is_out(db_int(r->db, st, C_DIRECTION)))
		return;
	r->forwards = mem_grow(r->forwards, r->n_forwards, &r->forwards_capacity, sizeof *r->forwards);
	r->forwards[r->n_forwards++] = id;
}

static void count_call(struct reading *r, struct statement *st)
{
	struct db *db = r->db;
	struct local_hour when;
	if (!profile_when(r, db_int(db, st, C_START), &when))
		return;
	profile_count(r, &when, 1, db_int(db, st, C_TALK), db_int(db, st, C_COST));
	if (when.ago < PROFILE_RECENT)
		r->out->days[PROFILE_RECENT - 1 - when.ago].n_abroad += profile_is_abroad(r, st);
	profile_keep_id(r, st);
	if (r->person) {
		profile_change_count(r, CHANGE_SITE, db_int(db, st, C_LOCATION), db_int(db, st, C_START));
		profile_change_count(r, CHANGE_TRUNK, db_int(db, st, C_TRUNK), db_int(db, st, C_START));
		profile_change_count(r, CHANGE_NUMBER, db_int(db, st, C_NUMBER), db_int(db, st, C_START));
	}
	(void)profile_contact_count(r, st);
	if (r->person && profile_is_out(db_int(db, st, C_DIRECTION)))
		profile_country_count(r, st);
}

void profile_set_usual(struct reading *r)
{
	struct profile *out = r->out;
	for (int i = 1; i <= out->known_days; i++)
		out->weekdays[weekday_of(r->local_today - i)]++;
	int n = out->weekdays[out->weekday];
	for (int hour = 0; hour < 24; hour++)
		out->usual_milli[hour] = n > 0 ? out->by_hour[out->weekday][hour] * 1000 / n : 0;
}

static bool read_calls(struct reading *r, struct fault *fault)
{
	/* A local day lies in two or three of UTC's. */
	int64_t today = r->now_ms / DAY_MS, oldest = MAX(r->first_day, today - PROFILE_DAYS - 1);
	enum step step = STEP_DONE;
	int64_t day = today;
	for (; day >= oldest && r->n_ids < CALLS_MAX && step == STEP_DONE; day--) {
		struct statement *st = of_subject(r, CALLS_COUNTED "day = $1 AND user_id = $2", CALLS_COUNTED SQL_NUMBER_ON_DAY, day, fault);
		if (st == NULL)
			return false;
		while ((step = db_step(r->db, st, fault)) == STEP_ROW)
			count_call(r, st);
		r->db->engine->reset(st);
	}
	if (day >= oldest && today - day - 1 < r->out->known_days) { /* there are more: what was read whole is what is known */
		r->out->known_days = (int)(today - day - 1);
		r->out->cut = true;
	}
	r->out->counted_days = r->out->known_days;
	profile_set_usual(r);
	return step == STEP_DONE;
}

/* ---- what comes of them ---------------------------------------------------------------- */

static int newest_first(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
	return (x < y) - (x > y);
}

bool profile_read_recent(struct reading *r, struct fault *fault)
{
	if (r->n_ids > 0)
		qsort(r->ids, r->n_ids, sizeof *r->ids, newest_first);
	if (r->n_forwards > 0)
		qsort(r->forwards, r->n_forwards, sizeof *r->forwards, newest_first);
	r->out->n_forwards_all = (int64_t)r->n_forwards;
	return query_calls_of(r->db, r->ids, MIN(r->n_ids, (size_t)RECENT_MAX), r->arena, &r->out->recent, &r->out->n_recent, fault) &&
	    query_calls_of(r->db, r->forwards, MIN(r->n_forwards, (size_t)FORWARDS_MAX), r->arena, &r->out->forwards, &r->out->n_forwards, fault);
}

bool profile_read_alerts(struct reading *r, struct fault *fault)
{
	struct db *db = r->db;
	struct profile *out = r->out;
	struct statement *st = db_statement(db, "SELECT count(*), coalesce(max(score), 0) FROM alerts WHERE subject_id = $1 AND rank > 0", fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "t", out->id);
	enum step step = db_step(db, st, fault);
	if (step == STEP_ROW) {
		out->n_open = db_int(db, st, 0);
		out->highest_open = (int)db_int(db, st, 1);
	}
	db->engine->reset(st);
	if (step != STEP_ROW)
		return false;
	st = db_statement(db, "SELECT " ALERT_LIST_COLUMNS " FROM alerts WHERE subject_id = $1 AND " NOT_TAKEN("id") " ORDER BY raised_ms DESC, id DESC LIMIT 20", fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "t", out->id);
	out->alerts = arena_alloc(r->arena, ALERTS_MAX * sizeof *out->alerts);
	while ((step = db_step(db, st, fault)) == STEP_ROW && out->n_alerts < ALERTS_MAX)
		alert_row_read(db, st, r->arena, &out->alerts[out->n_alerts++]);
	db->engine->reset(st);
	return step != STEP_FAULT;
}

/* The words of all names that its site has had. */
static bool read_peers(struct reading *r, struct fault *fault)
{
	int64_t names[SITE_NAMES_MAX];
	struct peers_query query = { .user_id = r->user_id, .now_ms = r->now_ms, .names = names, .home = r->home };
	if (r->out->kind != SUBJECT_PERSON || r->user_id < 0 || *r->out->site == '\0')
		return true;
	struct statement *st = db_statement(r->db, "SELECT id FROM words WHERE text = $1" SQL_NAMES_OF_ITS_SITE "$1", fault);
	if (st == NULL)
		return false;
	db_bind(r->db, st, "t", r->out->site);
	enum step step;
	while ((step = db_step(r->db, st, fault)) == STEP_ROW && query.n_names < SITE_NAMES_MAX)
		names[query.n_names++] = db_int(r->db, st, 0);
	r->db->engine->reset(st);
	return step != STEP_FAULT && query_peers(r->db, &query, &r->out->calls, &r->out->abroad, fault);
}

bool query_profile(struct db *db, enum subject_kind kind, const char *id, int64_t now_ms, struct arena *arena,
    struct profile *out, struct fault *fault)
{
	struct reading r = { .db = db, .arena = arena, .out = out, .person = kind == SUBJECT_PERSON || kind == SUBJECT_SERVICE, .user_id = -1, .now_ms = now_ms };
	*out = (struct profile){ .kind = kind, .id = arena_strdup(arena, id), .name = "", .number = "", .site = "", .zone_name = "", .model = "", .owner_id = "", .owner_name = "" };
	bool place = kind == SUBJECT_SITE || kind == SUBJECT_TRUNK || kind == SUBJECT_DEVICE;
	bool ok = place ? profile_read_place(&r, fault) :
			  identify(&r, fault) && read_calls(&r, fault) && profile_rank(&r, fault) && profile_read_recent(&r, fault) &&
		profile_read_alerts(&r, fault) && profile_read_devices(&r, fault) && profile_read_changes(&r, fault) && read_peers(&r, fault);
	if (ok && (r.person || kind == SUBJECT_SITE))
		ok = admin_rows_read(db, id, kind == SUBJECT_SITE, out->as_of_ms - ADMIN_LOOK_BACK, out->as_of_ms, ADMIN_MAX, arena, &out->admin, &out->n_admin, fault);
	if (ok && (r.person || kind == SUBJECT_NUMBER))
		ok = live_rows_read(db, r.person ? LIVE_OF_PERSON : LIVE_OF_NUMBER, id, out->as_of_ms - DAY_MS, out->as_of_ms, false, LIVE_MAX, arena, &out->live, &out->n_live, fault);
	zone_free(r.zone);
	free(r.ids);
	free(r.forwards);
	profile_contacts_clear(&r);
	return ok;
}
