/* SPDX-License-Identifier: Apache-2.0 */
#include "store/profile_rows.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "detect/outlier.h"
#include "detect/state_facts.h"
#include "store/many.h"

/* What is counted is added up; of the rest the first word stands: who said it had seen
 * all of it. */
#define NOTE_ROW  "INSERT INTO profile_days (what, day, key, n) VALUES ($1, $2, $3, $4)"
#define NOTE_ROWS "INSERT INTO profile_days (what, day, key, n) SELECT * FROM unnest($1, $2, $3, $4)"
#define ADD	  " ON CONFLICT (what, day, key) DO UPDATE SET n = profile_days.n + excluded.n"
#define FIRST	  " ON CONFLICT (what, day, key) DO NOTHING"

static bool put_at_once(struct db *db, const struct day_note *notes, size_t n, bool counted, struct fault *fault)
{
	struct copy rows = { 0 };
	for (size_t i = 0; i < n; i++) {
		copy_row(&rows, 4);
		copy_int(&rows, notes[i].what);
		copy_int(&rows, notes[i].day);
		copy_int(&rows, (int64_t)notes[i].key);
		copy_int(&rows, notes[i].n);
	}
	bool ok = many_run(db, counted ? NOTE_ROWS ADD : NOTE_ROWS FIRST, "iiii", &rows, fault);
	text_clear(&rows.rows);
	return ok;
}

static bool put_notes(struct db *db, const struct day_note *notes, size_t n, bool counted, struct fault *fault)
{
	if (db->engine->bind_array != NULL)
		return put_at_once(db, notes, n, counted, fault);
	for (size_t i = 0; i < n; i++) {
		struct statement *st = db_statement(db, counted ? NOTE_ROW ADD : NOTE_ROW FIRST, fault);
		if (st == NULL)
			return false;
		db_bind(db, st, "iiii", (int64_t)notes[i].what, notes[i].day, (int64_t)notes[i].key, notes[i].n);
		if (!db_run_later(db, st, fault))
			return false;
	}
	return true;
}

static int by_row(const void *a, const void *b)
{
	const struct day_note *x = a, *y = b;
	if (x->what != y->what)
		return x->what < y->what ? -1 : 1;
	if (x->day != y->day)
		return x->day < y->day ? -1 : 1;
	return (x->key > y->key) - (x->key < y->key);
}

static bool is_counted(const struct day_note *note)
{
	return note->what >= NOTE_LATE || note->what == PROFILE_NIGHT;
}

/* Counts of one row as one: a page of old records says the same of a site some hundred
 * times. Doing it again changes nothing. */
static size_t add_up(struct day_note *notes, size_t n)
{
	size_t kept = 0;
	if (n > 1)
		qsort(notes, n, sizeof *notes, by_row);
	for (size_t i = 0; i < n; i++) {
		if (kept > 0 && is_counted(&notes[i]) && by_row(&notes[kept - 1], &notes[i]) == 0)
			notes[kept - 1].n += notes[i].n;
		else
			notes[kept++] = notes[i];
	}
	return kept;
}

bool profile_rows_add(struct store *store, const struct page *page, struct fault *fault)
{
	struct day_note *nights = NULL;
	size_t n = 0, capacity = 0;
	int64_t day;
	for (size_t i = 0; i < page->n_legs; i++) {
		const struct page_leg *l = &page->legs[i];
		const struct leg_facts *facts = l->facts;
		if (l->fate != FATE_NEW || facts == NULL || !leg_is_night(&l->cdr, facts, &day))
			continue;
		nights = mem_grow(nights, n, &capacity, sizeof *nights);
		nights[n++] = (struct day_note){ .what = PROFILE_NIGHT, .day = day, .key = facts->user_key, .n = 1 };
	}
	bool ok = put_notes(&store->db, nights, add_up(nights, n), true, fault);
	free(nights);
	return ok;
}

bool profile_rows_read(struct db *db, enum profile_what what, int64_t from_day, int64_t until_day, profile_fn fn,
    void *arg, struct fault *fault)
{
	struct statement *st = db_statement(db, "SELECT day, key, n FROM profile_days WHERE what = $1 AND day >= $2 AND day <= $3"
	    " ORDER BY day, key", fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "iii", (int64_t)what, from_day, until_day);
	enum step step;
	while ((step = db_step(db, st, fault)) == STEP_ROW)
		fn(arg, db_int(db, st, 0), (uint64_t)db_int(db, st, 1), db_int(db, st, 2));
	db->engine->reset(st);
	return step == STEP_DONE;
}

static bool samples_at_once(struct db *db, const struct findings *found, struct fault *fault)
{
	struct copy rows = { 0 };
	for (size_t i = 0; i < found->n_samples; i++) {
		const struct sample_note *s = &found->samples[i];
		copy_row(&rows, 4);
		copy_int(&rows, s->day);
		copy_int(&rows, s->calls);
		copy_int(&rows, (int64_t)s->hash);
		copy_bytes(&rows, s->row, (size_t)s->width * sizeof s->row[0]);
	}
	bool ok = many_run(db, "INSERT INTO model_samples (day, calls, hash, numbers) SELECT * FROM unnest($1, $2, $3, $4)"
	    " ON CONFLICT (day, calls, hash) DO NOTHING", "iiib", &rows, fault);
	text_clear(&rows.rows);
	return ok;
}

static bool keep_samples(struct db *db, const struct findings *found, struct fault *fault)
{
	if (db->engine->bind_array != NULL)
		return samples_at_once(db, found, fault);
	for (size_t i = 0; i < found->n_samples; i++) {
		const struct sample_note *s = &found->samples[i];
		struct statement *st = db_statement(db, "INSERT INTO model_samples (day, calls, hash, numbers)"
							" VALUES ($1, $2, $3, $4) ON CONFLICT (day, calls, hash) DO NOTHING",
		    fault);
		if (st == NULL)
			return false;
		db_bind(db, st, "iiib", s->day, (int64_t)s->calls, (int64_t)s->hash, s->row, (size_t)s->width * sizeof s->row[0]);
		if (!db_run_later(db, st, fault))
			return false;
	}
	return true;
}

bool profile_rows_samples(struct db *db, int64_t from_day, int64_t until_day,
    void (*fn)(void *, const struct sample_note *), void *arg, struct fault *fault)
{
	struct statement *st = db_statement(db, "SELECT day, calls, hash, numbers FROM model_samples"
						" WHERE day >= $1 AND day <= $2 ORDER BY day, calls, hash",
	    fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "ii", from_day, until_day);
	enum step step;
	while ((step = db_step(db, st, fault)) == STEP_ROW) {
		size_t bytes;
		struct sample_note note = { .day = db_int(db, st, 0), .calls = (int)db_int(db, st, 1), .hash = (uint64_t)db_int(db, st, 2) };
		const void *numbers = db_blob(db, st, 3, &bytes);
		if (bytes == 0 || bytes > sizeof note.row) /* not ours: passed over */
			continue;
		memcpy(note.row, numbers, bytes);
		note.width = (int)(bytes / sizeof note.row[0]);
		fn(arg, &note);
	}
	db->engine->reset(st);
	return step == STEP_DONE;
}

bool profile_rows_keep(struct store *store, struct findings *found, struct fault *fault)
{
	struct db *db = &store->db;
	size_t n = found->n_notes = add_up(found->notes, found->n_notes), n_first = 0;
	while (n_first < n && !is_counted(&found->notes[n_first])) /* they come first */
		n_first++;
	return put_notes(db, found->notes, n_first, false, fault) &&
	    (n == n_first || put_notes(db, found->notes + n_first, n - n_first, true, fault)) && keep_samples(db, found, fault);
}

bool profile_rows_notes(struct db *db, int64_t from_day, int64_t until_day,
    void (*fn)(void *, const struct day_note *), void *arg, struct fault *fault)
{
	struct statement *st = db_statement(db, "SELECT what, day, key, n FROM profile_days"
						" WHERE what >= $1 AND day >= $2 AND (day <= $3 OR what IN ($5, $7, $8) AND day <= $6) ORDER BY what >= $4, day, what = $1, what, key",
	    fault);
	if (st == NULL)
		return false;
	/* Of habits up to the day that was closed then; of clients and of days still open to the day itself. */
	db_bind(db, st, "iiiiiiii", (int64_t)NOTE_CLOSED, from_day, until_day - USUAL_KEEPS_DAYS, (int64_t)NOTE_LATE,
	    (int64_t)NOTE_CLIENT, until_day, (int64_t)NOTE_PEAK_OF, (int64_t)NOTE_OURS);
	enum step step;
	while ((step = db_step(db, st, fault)) == STEP_ROW)
		fn(arg, &(struct day_note){ .what = (int)db_int(db, st, 0), .day = db_int(db, st, 1), .key = (uint64_t)db_int(db, st, 2), .n = db_int(db, st, 3) });
	db->engine->reset(st);
	return step == STEP_DONE;
}
