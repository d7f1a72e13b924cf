/* SPDX-License-Identifier: Apache-2.0
 *
 * Alerts acted on: the acts of the queue, one that a person raises, a status as others
 * say it, and taking one away, which leaves a tombstone and the log. Each is within the
 * transaction of its call (call.c). */
#include <stdio.h>
#include <string.h>

#include "api/serve.h"
#include "base/i18n.h"
#include "store/alert_rows.h"
#include "store/manual_rows.h"
#include "store/request_rows.h"
#include "store/step_rows.h"

/* One act on one alert; what refuses it is the call's fault. */
static bool act(struct api_call *call, struct store *store, int64_t id, struct triage_order order)
{
	struct triage_result result;
	order.who = call->caller.name;
	order.now_ms = call->now_ms;
	if (!store_triage(store, &id, 1, &order, &call->arena, NULL, &result, &call->fault))
		return false;
	if (result.n_failed == 0)
		return true;
	call->fault = result.first;
	return false;
}

/* A note of several lines is one line with a sign between. */
static bool note_of(struct api_call *call, const char *name, const char **note)
{
	char *room = arena_alloc(&call->arena, NOTE_BYTES + 1);
	*note = room;
	if (note_of_lines(api_text(call->body, name, ""), room, &call->fault))
		return true;
	call->wrong = name;
	return false;
}

bool api_fill_order(struct api_call *call, struct triage_order *order)
{
	int64_t for_ms = 0;
	const char *duration = api_text(call->body, "for", NULL);
	if (!note_of(call, "note", &order->note))
		return false;
	order->assignee = api_text(call->body, "assignee", "");
	if (!text_is_printable(order->assignee)) { /* of many, too, that is the request's fault and not theirs */
		call->wrong = "assignee";
		return fault_set(&call->fault, FAULT_INPUT, "assignee has signs that nobody sees: line ends, tabs, escapes");
	}
	order->tags = api_text(call->body, "tags", "");
	order->resolution = (enum resolution)(RESOLUTION_TRUE_IMPACT + (int)api_int(call->body, "resolution", 0));
	order->other_id = api_int(call->body, "other", 0);
	if (duration != NULL && !text_to_duration_ms(duration, &for_ms)) {
		call->wrong = "for";
		return fault_set(&call->fault, FAULT_INPUT, "for is a duration such as 4h or 1d");
	}
	order->until_ms = api_given(call->body, "until") ? api_int(call->body, "until", 0) : call->now_ms + for_ms;
	return true;
}

/* So that it can be taken back. */
static bool remember(struct api_call *call, struct db *db, int64_t id)
{
	struct api_act *made = api_act_new(call, 1);
	made->ids[0] = id;
	return alert_row_get(db, id, &made->arena, &made->before->alert, &call->fault);
}

static bool act_named(struct api_call *call, struct store *store, enum triage_act what)
{
	struct triage_order order = { .act = what };
	return !api_alert_gone(call, &store->db, call->id) && remember(call, &store->db, call->id) && api_fill_order(call, &order) && act(call, store, call->id, order) &&
	    api_put_alert(call, &store->db, call->id);
}

#define ACT_FUNCTION(id, name)                                                  \
	bool api_act_##id(struct api_call *call, struct store *store)           \
	{                                                                       \
		return act_named(call, store, id);                              \
	}
TRIAGE_ACTS(ACT_FUNCTION)

/* ---- one that a person raises ------------------------------------------------------------- */

bool api_alert_raise(struct api_call *call, struct store *store)
{
	struct manual_alert manual = { .title = api_text(call->body, "title", ""), .subject = api_text(call->body, "subject", ""),
		.location = api_text(call->body, "location", ""), .severity = (enum severity)api_int(call->body, "severity", SEVERITY_MEDIUM),
		.who = call->caller.name, .event_ms = call->event_ms, .now_ms = call->now_ms };
	struct manual_raised raised;
	struct api_act *made = api_act_new(call, 1);
	if (!note_of(call, "note", &manual.note) || !store_raise_manual(store, &manual, &raised, &made->arena, made->before, &call->fault))
		return false;
	made->raised = !raised.grew;
	made->ids[0] = raised.id;
	call->status = raised.grew ? 200 : 201;
	call->location = arena_printf(&call->arena, "/api/v1/alerts/%lld", (long long)raised.id);
	return api_put_alert(call, &store->db, raised.id);
}

/* ---- a status as others say it --------------------------------------------------------------- */

enum status { STATUS_OPEN, STATUS_INVESTIGATING, STATUS_RESOLVED, STATUS_FALSE_POSITIVE };

static bool close_as(struct api_call *call, struct store *store, const struct alert *alert, enum resolution resolution, const char *note)
{
	if (alert->state == ALERT_CLOSED && alert->resolution == resolution)
		return *note == '\0' || act(call, store, alert->id, (struct triage_order){ .act = TRIAGE_NOTE, .note = note });
	/* What was closed otherwise is opened for it: both stand in the log. */
	if (alert->state == ALERT_CLOSED && !act(call, store, alert->id, (struct triage_order){ .act = TRIAGE_REOPEN, .note = "" }))
		return false;
	return act(call, store, alert->id, (struct triage_order){ .act = TRIAGE_CLOSE, .note = note, .resolution = resolution });
}

/* Closed is opened, asleep is woken; the note goes with the first step that is taken. */
static bool make_open(struct api_call *call, struct store *store, struct alert *alert, const char **note)
{
	struct triage_order order = { .act = alert->state == ALERT_CLOSED ? TRIAGE_REOPEN : TRIAGE_WAKE, .note = *note };
	if (alert->state != ALERT_CLOSED && alert->state != ALERT_SNOOZED)
		return true;
	*note = "";
	return act(call, store, alert->id, order) && alert_row_get(&store->db, alert->id, &call->arena, alert, &call->fault);
}

static bool set_status(struct api_call *call, struct store *store, struct alert *alert, enum status status, const char *note)
{
	enum resolution given = (enum resolution)(RESOLUTION_TRUE_IMPACT + (int)api_int(call->body, "resolution", RESOLUTION_UNKNOWN - RESOLUTION_TRUE_IMPACT));
	bool is_so = strcmp(api_status_word(alert), api_text(call->body, "status", "")) == 0;
	switch (status) {
	case STATUS_OPEN:
		if (is_so)
			break;
		if (!make_open(call, store, alert, &note))
			return false;
		return *alert->assignee == '\0' || act(call, store, alert->id, (struct triage_order){ .act = TRIAGE_RELEASE, .note = note });
	case STATUS_INVESTIGATING:
		if (is_so)
			break;
		if (!make_open(call, store, alert, &note))
			return false;
		return *alert->assignee != '\0' || act(call, store, alert->id, (struct triage_order){ .act = TRIAGE_ACKNOWLEDGE, .note = note });
	case STATUS_RESOLVED:
		if (is_so && !api_given(call->body, "resolution"))
			break;
		return close_as(call, store, alert, given, note);
	case STATUS_FALSE_POSITIVE:
		return close_as(call, store, alert, RESOLUTION_FALSE_POSITIVE, note);
	}
	return *note == '\0' || act(call, store, alert->id, (struct triage_order){ .act = TRIAGE_NOTE, .note = note });
}

bool api_alert_change(struct api_call *call, struct store *store)
{
	struct alert alert;
	const char *note;
	if (api_alert_gone(call, &store->db, call->id) || !alert_row_get(&store->db, call->id, &call->arena, &alert, &call->fault) ||
	    !note_of(call, "resolution_notes", &note))
		return false;
	bool has_status = api_given(call->body, "status"), has_assignee = api_given(call->body, "assignee");
	const char *assignee = api_text(call->body, "assignee", "");
	if (api_given(call->body, "resolution") && (!has_status || api_int(call->body, "status", 0) != STATUS_RESOLVED)) {
		call->wrong = "resolution";
		return fault_set(&call->fault, FAULT_INPUT, "resolution goes with the status resolved");
	}
	if (!has_status && !has_assignee && *note == '\0')
		return fault_set(&call->fault, FAULT_INPUT, "nothing is to be changed: give a status, resolution_notes or an assignee");
	if (!remember(call, &store->db, call->id))
		return false;
	if (has_assignee && !act(call, store, call->id, *assignee == '\0' ? (struct triage_order){ .act = TRIAGE_RELEASE, .note = "" } :
										(struct triage_order){ .act = TRIAGE_ASSIGN, .assignee = assignee, .note = "" }))
		return false;
	if (has_assignee && !alert_row_get(&store->db, call->id, &call->arena, &alert, &call->fault))
		return false;
	if (has_status && !set_status(call, store, &alert, (enum status)api_int(call->body, "status", 0), note))
		return false;
	if (!has_status && *note != '\0' && !act(call, store, call->id, (struct triage_order){ .act = TRIAGE_NOTE, .note = note }))
		return false;
	return api_put_alert(call, &store->db, call->id);
}

/* ---- a step of the playbook ------------------------------------------------------------------ */

bool api_alert_step(struct api_call *call, struct store *store)
{
	struct step_order order = { call->id, api_text(call->body, "step", ""), api_int(call->body, "done", 1) != 0, call->caller.name, call->now_ms };
	return !api_alert_gone(call, &store->db, call->id) && store_step(store, &order, NULL, &call->fault) && api_put_alert(call, &store->db, call->id);
}

/* Nothing is forgotten: it is closed, and the log tells who took it away. */
bool api_alert_delete(struct api_call *call, struct store *store)
{
	struct alert alert;
	if (api_alert_gone(call, &store->db, call->id) || !alert_row_get(&store->db, call->id, &call->arena, &alert, &call->fault))
		return false;
	if (alert.state != ALERT_CLOSED &&
	    !act(call, store, call->id, (struct triage_order){ .act = TRIAGE_CLOSE, .note = "", .resolution = RESOLUTION_UNKNOWN }))
		return false;
	struct alert_event event = { call->now_ms, call->caller.name, "delete", alert_state_name(alert.state), "taken away", "" };
	return tombstone_put(store, call->id, call->caller.name, call->now_ms, &call->fault) && audit_row_add(store, call->id, &event, &call->fault);
}
