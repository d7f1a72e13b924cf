/* SPDX-License-Identifier: Apache-2.0
 *
 * What is done at the board, and signing in. Part of screen_board.h. */
#ifndef BOARD_DESK_H
#define BOARD_DESK_H

void desk_triage(struct desk *d, const int64_t *ids, size_t n, const struct triage_order *order,
    void (*on_done)(void *, size_t, size_t, const struct fault *), void *arg)
{
	struct fault fault = { 0 };
	size_t n_done = 0, n_failed = 0;
	struct triage_order full = *order;
	static char kept[32][NOTE_BYTES + 1]; /* triage_apply borrows the order's text */
	static size_t n_kept;
	UNUSED(d);
	if (fake.acts_later && fake.n_ordered < COUNT_OF(fake.ordered)) {
		fake.ordered[fake.n_ordered].on_done = on_done;
		fake.ordered[fake.n_ordered++].arg = arg;
		return;
	}
	full.who = "ana";
	full.survivor_id = full.other_id;
	full.other_case = alert_by_id(full.other_id) != NULL ? alert_by_id(full.other_id)->case_id : full.other_id;
	full.now_ms = order->act == TRIAGE_SNOOZE || order->act == TRIAGE_SILENCE ? clock_real_ms() : NOW_MS;
	full.assignee = strncpy(kept[n_kept++ % 32], or_empty(order->assignee), 255);
	static char rooms[64][TAGS_TEXT];
	static size_t n_rooms;
	full.note = strncpy(kept[n_kept++ % 32], or_empty(order->note), NOTE_BYTES);
	for (size_t i = 0; i < n; i++) {
		struct alert *alert = alert_by_id(ids[i]);
		if (alert != NULL) {
			fake.undo_id = alert->id;
			fake.undo_state = alert->state;
		}
		full.room = rooms[n_rooms++ % COUNT_OF(rooms)];
		if (alert != NULL && triage_apply(alert, &full, &fault)) {
			size_t k = (size_t)(alert - fake.alerts);
			if (fake.n_events[k] < 8)
				fake.events[k][fake.n_events[k]++] = (struct alert_event){ NOW_MS, "ana",
					triage_act_name(order->act), "", "", full.note };
			n_done++;
		} else {
			n_failed++;
		}
	}
	snprintf(fake.undo, sizeof fake.undo, "%s #%" PRId64, triage_act_word(order->act), fake.undo_id);
	fake.redo[0] = '\0';
	fake.board.alerts_version++;
	on_done(arg, n_done, n_failed, n_failed > 0 ? &fault : NULL);
}

bool desk_undo_reaches_out(const struct desk *d)
{
	UNUSED(d);
	return false;
}

const char *desk_undo_name(const struct desk *d)
{
	UNUSED(d);
	return fake.undo;
}

void desk_undo(struct desk *d, void (*on_done)(void *, size_t, size_t, const struct fault *), void *arg)
{
	struct alert *alert = alert_by_id(fake.undo_id);
	UNUSED(d);
	if (alert != NULL)
		alert->state = fake.undo_state;
	snprintf(fake.redo, sizeof fake.redo, "%s", fake.undo);
	fake.undo[0] = '\0';
	fake.board.alerts_version++;
	on_done(arg, 1, 0, NULL);
}

const char *desk_redo_name(const struct desk *d)
{
	UNUSED(d);
	return fake.redo;
}

/* Of closing alone: nothing else is redone here. */
void desk_redo(struct desk *d, void (*on_done)(void *, size_t, size_t, const struct fault *), void *arg)
{
	struct alert *alert = alert_by_id(fake.undo_id);
	UNUSED(d);
	if (alert != NULL)
		alert->state = ALERT_CLOSED;
	snprintf(fake.undo, sizeof fake.undo, "%s", fake.redo);
	fake.redo[0] = '\0';
	fake.board.alerts_version++;
	on_done(arg, 1, 0, NULL);
}

/* Of one alert: the test's. */
void desk_step(struct desk *d, int64_t alert_id, const char *step, bool done,
    void (*on_done)(void *, size_t, size_t, const struct fault *), void *arg)
{
	size_t i = 0;
	UNUSED(d);
	UNUSED(alert_id);
	while (i < fake.n_steps && strcmp(fake.steps[i].step, step) != 0)
		i++;
	if (done)
		fake.steps[fake.n_steps++] = (struct alert_step){ step, "ana", NOW_MS };
	else if (i < fake.n_steps)
		fake.steps[i] = fake.steps[--fake.n_steps];
	fake.board.alerts_version++;
	on_done(arg, 1, 0, NULL);
}

void desk_view(struct desk *d, int64_t alert_id)
{
	UNUSED(d);
	fake.viewed = alert_id;
	fake.n_viewed++;
}

void desk_raise(struct desk *d, const struct manual_alert *m,
    void (*on_done)(void *, const struct manual_raised *, const struct fault *), void *arg)
{
	static char texts[4][300];
	struct manual_raised raised = { .id = 900 };
	UNUSED(d);
	struct alert *alert = &fake.alerts[fake.n_alerts];
	snprintf(texts[0], sizeof texts[0], "%s", m->title);
	snprintf(texts[1], sizeof texts[1], "%s", m->subject);
	snprintf(texts[2], sizeof texts[2], "%s", m->location);
	snprintf(texts[3], sizeof texts[3], "%s", m->note);
	*alert = (struct alert){ .id = raised.id, .case_id = raised.id, .severity = m->severity, .score = 50, .state = ALERT_IN_PROGRESS, .rule = MANUAL_RULE,
		.title_en = texts[0], .title_es = texts[0], .subject_kind = SUBJECT_NUMBER, .subject_id = texts[1], .subject_name = texts[1],
		.location = texts[2], .why_en = texts[3], .why_es = texts[3], .assignee = "ana", .tags = "", .first_ms = m->event_ms,
		.last_ms = m->event_ms, .raised_ms = m->event_ms, .acknowledged_ms = m->event_ms };
	fake.n_alerts++;
	fake.board.alerts_version++;
	if (fake.acts_later) {
		fake.raised.on_done = on_done;
		fake.raised.arg = arg;
		return;
	}
	on_done(arg, &raised, NULL);
}

void desk_tune(struct desk *d, const struct tuning *tuning, size_t offer, int64_t for_ms,
    void (*on_done)(void *, size_t, size_t, const struct fault *), void *arg)
{
	UNUSED(d);
	fake.tuned_id = tuning->alert_id;
	fake.tuned_offer = offer + 1;
	fake.tuned_for_ms = for_ms;
	on_done(arg, fake.fault.code == FAULT_NONE, fake.fault.code != FAULT_NONE, fake.fault.code == FAULT_NONE ? NULL : &fake.fault);
}

const char *desk_user(const struct desk *d)
{
	UNUSED(d);
	return "ana";
}

void desk_disclose(struct desk *d, const char *view, void (*on_done)(void *, size_t, size_t, const struct fault *), void *arg)
{
	UNUSED(d);
	snprintf(fake.disclosed, sizeof fake.disclosed, "%s", view);
	fake.n_disclosed++;
	on_done(arg, fake.fault.code == FAULT_NONE, fake.fault.code != FAULT_NONE, fake.fault.code == FAULT_NONE ? NULL : &fake.fault);
}

bool desk_read_only(const struct desk *d)
{
	UNUSED(d);
	return fake.read_only;
}

#include "screen_silences.h"

/* ---- signing in ------------------------------------------------------------------ */

static inline void fake_sign_in_start(struct board *board)
{
	fake.n_sign_ins++;
	fake.sign_in = (struct sign_in){ .step = SIGN_IN_SHOWN, .code = "5H2-KTP",
		.short_url = "https://oauth-helper-a.wbx2.com/verify", .expires_ms = NOW_MS + 291 * SECOND_MS,
		.url = "https://oauth-helper-a.wbx2.com/verify?userCode=0a1b2c3d4e5f60718293a4b5c6d7e8f9" };
	board->health_version++;
}

/* Nobody has signed in here, and nothing is stored. */
static inline void fake_first_run(bool set_up)
{
	fake.health = (struct health){ .sync = SYNC_NO_LOGIN };
	fake.sign_in = (struct sign_in){ .lacks_client_id = !set_up, .lacks_secret = !set_up,
		.config_path = "/home/ana/.config/centinela/centinela.yaml",
		.scopes = "spark-admin:calling_cdr_read spark-admin:people_read spark-admin:locations_read"
			  " spark-admin:telephony_config_read spark-admin:organizations_read" };
	fake.board.sign_in = &fake.sign_in;
	fake.board.sign_in_start = fake_sign_in_start;
}

#endif
