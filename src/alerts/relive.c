/* SPDX-License-Identifier: Apache-2.0 */
#include "alerts/relive.h"

#include <string.h>

#include "alerts/triage.h"
#include "base/iso_time.h"

/* What an act needs to be done again, as far as its line has it. */
static struct triage_order order_of(const struct alert_event *event, enum triage_act act)
{
	struct triage_order order = { .act = act, .who = event->who, .assignee = event->after, .note = event->note, .now_ms = event->at_ms };
	if (act == TRIAGE_CLOSE && !resolution_named(event->after, &order.resolution))
		order.resolution = RESOLUTION_UNKNOWN;
	if (act == TRIAGE_SNOOZE)
		order.until_ms = event->at_ms + 1; /* some time: asked no further than whether it is one */
	if (act == TRIAGE_SILENCE && !iso_time_parse(event->after, strlen(event->after), &order.until_ms))
		order.until_ms = event->at_ms + 1;
	return order;
}

static void apply(struct alert *alert, struct alert *before, const struct alert_event *event)
{
	enum triage_act act;
	struct fault ignored;
	if (strcmp(event->act, "undo") == 0) {
		*alert = *before;
		return;
	}
	if (strcmp(event->act, "raise") == 0 || strcmp(event->act, "grow") == 0) {
		(void)severity_named(event->after, &alert->severity);
		return;
	}
	if (!triage_act_named(event->act, &act))
		return;
	struct triage_order order = order_of(event, act);
	*before = *alert;
	/* A step that the table of today forbids was taken all the same. */
	if (!triage_apply(alert, &order, &ignored))
		*alert = *before;
}

/* Without its first lines: what the times of the row say. */
static void by_times(struct alert *alert, const struct alert *now, int64_t at_ms)
{
	if (now->acknowledged_ms > 0 && now->acknowledged_ms <= at_ms) {
		alert->state = ALERT_IN_PROGRESS;
		alert->acknowledged_ms = now->acknowledged_ms;
		alert->assignee = now->assignee;
	}
	if (now->closed_ms > 0 && now->closed_ms <= at_ms) {
		alert->state = ALERT_CLOSED;
		alert->closed_ms = now->closed_ms;
		alert->resolution = now->resolution;
	}
}

void alert_relive(struct alert *alert, const struct alert_event *events, size_t n, int64_t at_ms)
{
	const struct alert now = *alert;
	alert->state = ALERT_NEW;
	alert->resolution = RESOLUTION_NONE;
	alert->assignee = "";
	alert->acknowledged_ms = alert->closed_ms = alert->snooze_until_ms = alert->silence_until_ms = 0;
	alert->n_notes = 0;
	if (n == 0 || strcmp(events[0].act, "raise") != 0)
		by_times(alert, &now, at_ms);
	struct alert before = *alert;
	size_t last_snooze = n, last_done = n;
	for (size_t i = 0; i < n; i++) {
		if (strcmp(events[i].act, "snooze") == 0)
			last_snooze = i;
		if (events[i].at_ms > at_ms)
			continue;
		apply(alert, &before, &events[i]);
		last_done = strcmp(events[i].act, "snooze") == 0 ? i : last_done;
	}
	if (alert->state != ALERT_SNOOZED)
		alert->snooze_until_ms = 0;
	else
		alert->snooze_until_ms = last_done == last_snooze ? now.snooze_until_ms : 0;
}
