/* SPDX-License-Identifier: Apache-2.0 */
#include "store/manual_rows.h"

#include <stdio.h>
#include <string.h>

#include "alerts/merge.h"
#include "base/fold.h"
#include "base/i18n.h"
#include "base/text.h"
#include "detect/judge.h"
#include "store/alert_rows.h"
#include "store/notice_rows.h"
#include "store/store.h"

#define TITLE_BYTES 120

/* Blanks at its ends do not count. */
static const char *clean(struct arena *arena, const char *text, size_t most)
{
	char out[4096];
	text = text == NULL ? "" : text;
	text += strspn(text, " \t\r\n");
	size_t n = text_printable(out, MIN(most + 1, sizeof out), text, strlen(text));
	while (n > 0 && out[n - 1] == ' ')
		out[--n] = '\0';
	return arena_strdup(arena, out);
}

#define DIGITS_FEWEST 6  /* fewer are an extension, or no number */
#define DIGITS_MOST   32 /* E.164 has 15; with what was dialled before and after them */

/* How many digits there are; -1: there is something else that no number has. */
static int count_digits(const char *text)
{
	int digits = 0;
	for (const char *p = text; *p != '\0'; p++) {
		if (*p >= '0' && *p <= '9')
			digits++;
		else if (strchr("+ -().", *p) == NULL)
			return -1;
	}
	return digits;
}

static bool is_number(const char *text)
{
	return count_digits(text) >= DIGITS_FEWEST;
}

/* "+57 (1) 555" and "+571555" are one number. */
static const char *plain_number(struct arena *arena, const char *text)
{
	char *out = arena_alloc(arena, strlen(text) + 1), *to = out;
	for (const char *p = text; *p != '\0'; p++)
		if ((*p >= '0' && *p <= '9') || (*p == '+' && to == out))
			*to++ = *p;
	*to = '\0';
	return out;
}

/* One of our people, where the text names exactly one. */
static bool find_person(struct db *db, const char *text, struct arena *arena, struct finding *f, bool *found, struct fault *fault)
{
	char folded[512];
	text_fold(folded, sizeof folded, text, strlen(text));
	struct statement *st = db_statement(db, "SELECT p.uuid, p.name, coalesce(s.name, '') FROM people p LEFT JOIN sites s ON s.uuid = p.site_uuid"
	    " WHERE fold(p.name) = $1 OR fold(p.email) = $1 OR p.extension = $1 OR p.number = $1 ORDER BY p.uuid LIMIT 2", fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "t", folded);
	enum step step = db_step(db, st, fault);
	*found = step == STEP_ROW;
	if (*found) {
		const char *id = arena_strdup(arena, db_text(db, st, 0)), *name = arena_strdup(arena, db_text(db, st, 1)), *site = arena_strdup(arena, db_text(db, st, 2));
		step = db_step(db, st, fault);
		*found = step == STEP_DONE; /* of two with one name nobody knows which */
		if (*found) {
			f->subject_kind = SUBJECT_PERSON;
			f->subject_id = id;
			f->subject_name = name;
			f->location = *f->location == '\0' ? site : f->location;
		}
	}
	db->engine->reset(st);
	return step != STEP_FAULT;
}

static bool put_subject(struct db *db, const char *subject, struct arena *arena, struct finding *f, struct fault *fault)
{
	bool found = false;
	if (*subject != '\0' && !find_person(db, subject, arena, f, &found, fault))
		return false;
	if (found)
		return true;
	f->subject_kind = *subject == '\0' ? SUBJECT_ORG : is_number(subject) ? SUBJECT_NUMBER : SUBJECT_PERSON;
	f->subject_name = *subject == '\0' ? f->title_en : subject;
	f->subject_id = f->subject_name;
	if (f->subject_kind == SUBJECT_NUMBER)
		f->subject_name = f->subject_id = plain_number(arena, subject);
	return true;
}

static bool write_new(struct store *store, const struct manual_alert *m, const struct finding *f, const char *note, struct alert *alert,
    struct fault *fault)
{
	alert_from_finding(alert, f);
	alert->count = 0;
	alert->state = ALERT_IN_PROGRESS;
	alert->assignee = f->reasons->value;
	alert->acknowledged_ms = m->now_ms;
	alert->n_notes = *note != '\0';
	struct alert_event event = { m->now_ms, m->who, "raise", "", severity_name(alert->severity), note };
	return counter_next(store, "alert", &alert->id, fault) && alert_row_find_case(store, alert, fault) &&
	    alert_row_update(store, alert, fault) && alert_row_grew(store, alert, f, 0, 0, fault) && audit_row_add(store, alert->id, &event, fault) &&
	    notice_rows_add(store, NULL, alert, &event, fault);
}

static bool grow(struct store *store, const struct manual_alert *m, const struct finding *f, const char *note, struct alert *alert,
    struct fault *fault)
{
	struct alert was = *alert;
	if (!alert_row_keep_texts(store, alert, f, fault))
		return false;
	const char *title_en = alert->title_en, *title_es = alert->title_es;
	alert_grow(alert, f, 0);
	alert->title_en = title_en; /* the first word stands; the second is a note */
	alert->title_es = title_es;
	alert->n_notes++;
	struct alert_event event = { m->now_ms, m->who, "grow", severity_name(was.severity), severity_name(alert->severity), note };
	return alert_row_update(store, alert, fault) && alert_row_grew(store, alert, f, 0, 0, fault) && audit_row_add(store, alert->id, &event, fault) &&
	    notice_rows_add(store, &was, alert, &event, fault);
}

/* What undoing it makes of an alert that was not there. */
static struct alert withdrawn(const struct alert *raised)
{
	struct alert alert = *raised;
	alert.state = ALERT_CLOSED;
	alert.resolution = RESOLUTION_FALSE_POSITIVE;
	alert.closed_ms = raised->acknowledged_ms; /* until it is done, which then says when */
	return alert;
}

static bool raise_in(struct store *store, const struct manual_alert *m, struct arena *arena, struct manual_raised *out,
    struct alert_before *before, struct fault *fault)
{
	static const int scores[] = { [SEVERITY_LOW] = 25, [SEVERITY_MEDIUM] = 50, [SEVERITY_HIGH] = 75, [SEVERITY_CRITICAL] = 95 };
	const char *title = clean(arena, m->title, TITLE_BYTES), *note = clean(arena, m->note, 4000);
	if (*title == '\0')
		return fault_set(fault, FAULT_USAGE, "%s", _("an alert needs a title: say what happened"));
	struct reason *reason = arena_alloc(arena, sizeof *reason); /* the alert has it, who keeps that keeps this */
	*reason = (struct reason){ .fact = MANUAL_RULE, .value = arena_strdup(arena, m->who), .expected = "", .points = scores[m->severity],
		.text_en = *note != '\0' ? note : title, .text_es = *note != '\0' ? note : title };
	struct finding f = { .rule = MANUAL_RULE, .title_en = title, .title_es = title, .severity = m->severity, .score = scores[m->severity],
		.location = clean(arena, m->location, 200), .first_ms = m->event_ms, .last_ms = m->event_ms, .raised_ms = m->event_ms,
		.reasons = reason, .n_reasons = 1 };
	struct alert alert = { 0 };
	int digits = count_digits(clean(arena, m->subject, 200));
	if (*clean(arena, m->subject, 200) != '\0' && (digits == 0 || digits > DIGITS_MOST))
		return fault_set(fault, FAULT_USAGE, _("a number has 1 to %d digits"), DIGITS_MOST);
	if (!put_subject(&store->db, clean(arena, m->subject, 200), arena, &f, fault))
		return false;
	f.fingerprint = finding_fingerprint(f.rule, f.subject_kind, f.subject_id);
	if (!alert_row_open(store, &f, arena, &alert, fault))
		return false;
	out->grew = alert.id != 0;
	struct alert was = alert;
	struct text both = { 0 };
	char said[4001];
	text_printf(&both, "%s%s%s", title, *note != '\0' ? ": " : "", note);
	text_printable(said, sizeof said, both.bytes, both.n);
	text_clear(&both);
	if (!(out->grew ? grow(store, m, &f, said, &alert, fault) : write_new(store, m, &f, note, &alert, fault)))
		return false;
	*before = (struct alert_before){ .alert = out->grew ? was : withdrawn(&alert), .stands = alert.revision };
	out->id = alert.id;
	snprintf(out->assignee, sizeof out->assignee, "%s", alert.assignee);
	return true;
}

bool store_raise_manual(struct store *store, const struct manual_alert *m, struct manual_raised *out, struct arena *arena,
    struct alert_before *before, struct fault *fault)
{
	struct alert_before mine;
	*out = (struct manual_raised){ 0 };
	return db_begin(&store->db, fault) && db_end(&store->db, raise_in(store, m, arena, out, before == NULL ? &mine : before, fault), fault);
}
