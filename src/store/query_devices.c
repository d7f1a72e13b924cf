/* SPDX-License-Identifier: Apache-2.0
 *
 * Which devices a person calls with; which model a device is, and whose: by the
 * legs of a few calls. */
#include <stdlib.h>
#include <string.h>

#include "store/query_profile_parts.h"

#define DEVICES_MAX  8
#define DEVICE_CALLS 100 /* the newest of a person */

static int most_calls_first(const void *a, const void *b)
{
	const struct profile_device *x = a, *y = b;
	int64_t more = y->n_calls != x->n_calls ? y->n_calls - x->n_calls : y->last_ms - x->last_ms;
	return more != 0 ? (more > 0) - (more < 0) : strcmp(x->mac, y->mac);
}

static void count_device(struct reading *r, const char *mac, int64_t at_ms)
{
	struct profile *out = r->out;
	size_t i = 0;
	while (i < out->n_devices && strcmp(out->devices[i].mac, mac) != 0)
		i++;
	if (i == DEVICES_MAX) /* somebody of a hundred devices: the newest are told */
		return;
	if (i == out->n_devices)
		out->devices[out->n_devices++] = (struct profile_device){ .mac = arena_strdup(r->arena, mac), .first_ms = at_ms };
	out->devices[i].n_calls++;
	out->devices[i].first_ms = MIN(out->devices[i].first_ms, at_ms);
	out->devices[i].last_ms = MAX(out->devices[i].last_ms, at_ms);
}

bool profile_read_devices(struct reading *r, struct fault *fault)
{
	if (!r->person)
		return true;
	r->out->devices = arena_alloc(r->arena, DEVICES_MAX * sizeof *r->out->devices);
	for (size_t i = 0; i < MIN(r->n_ids, (size_t)DEVICE_CALLS); i++) { /* newest first: read_recent has sorted them */
		struct statement *st = db_statement(r->db, "SELECT DISTINCT w.text, c.start_ms FROM calls c JOIN legs l ON l.id >= c.start_ms * 1048576"
		    " AND l.id < (c.last_start_ms + 1) * 1048576 AND l.call_id = c.id JOIN words w ON w.id = l.device_id WHERE c.id = $1 AND l.user_id = $2", fault);
		if (st == NULL)
			return false;
		db_bind(r->db, st, "ii", r->ids[i], r->user_id);
		enum step step;
		while ((step = db_step(r->db, st, fault)) == STEP_ROW)
			count_device(r, db_text(r->db, st, 0), db_int(r->db, st, 1));
		r->db->engine->reset(st);
		if (step == STEP_FAULT)
			return false;
	}
	/* New only if calls before it were looked at, and were not made with it. */
	size_t n = MIN(r->n_ids, (size_t)DEVICE_CALLS);
	int64_t oldest = n > 0 ? r->ids[n - 1] >> PROFILE_KEY_BITS : 0;
	for (size_t i = 0; i < r->out->n_devices; i++)
		r->out->devices[i].is_new = profile_is_news(r, r->out->devices[i].first_ms) && !profile_is_news(r, oldest);
	if (r->out->n_devices > 0)
		qsort(r->out->devices, r->out->n_devices, sizeof *r->out->devices, most_calls_first);
	return true;
}

/* A name that Webex told; else the uuid stands alone. */
static bool read_owner(struct reading *r, struct span uuid, struct fault *fault)
{
	if (uuid.n == 0)
		return true;
	r->out->owner_id = arena_strndup(r->arena, uuid.p, uuid.n);
	struct statement *st = db_statement(r->db, "SELECT name FROM people WHERE uuid = $1", fault);
	if (st == NULL)
		return false;
	db_bind(r->db, st, "t", r->out->owner_id);
	enum step step = db_step(r->db, st, fault);
	if (step == STEP_ROW)
		r->out->owner_name = arena_strdup(r->arena, db_text(r->db, st, 0));
	r->db->engine->reset(st);
	return step != STEP_FAULT;
}

/* Columns do not say which model it is and whose: its newest record does, while it is kept. */
bool profile_read_device(struct reading *r, int64_t device, struct fault *fault)
{
	if (r->out->kind != SUBJECT_DEVICE || r->last_id == 0)
		return true;
	struct statement *st = db_statement(r->db, "SELECT id FROM legs WHERE id >= $1 AND id < $2 AND call_id = $3 AND device_id = $4 LIMIT 1", fault);
	if (st == NULL)
		return false;
	db_bind(r->db, st, "iiii", r->out->last_ms << PROFILE_KEY_BITS, (r->last_start_ms + 1) << PROFILE_KEY_BITS, r->last_id, device);
	enum step step = db_step(r->db, st, fault);
	int64_t leg = step == STEP_ROW ? db_int(r->db, st, 0) : 0;
	r->db->engine->reset(st);
	struct cdr cdr;
	if (leg == 0 || !profile_record(r, leg, &cdr))
		return step != STEP_FAULT;
	r->out->model = arena_strndup(r->arena, cdr.field[CDR_F_MODEL].p, cdr.field[CDR_F_MODEL].n);
	return read_owner(r, cdr.field[CDR_F_DEVICE_OWNER_UUID], fault);
}
