/* SPDX-License-Identifier: Apache-2.0 */
#include "alerts/relive.h"

#include <stdio.h>
#include <string.h>

#include "alerts/triage.h"
#include "base/iso_time.h"
#include "base/text.h"

#define STEPS 32 /* of undo, and of redo; further back nobody goes */

/* How it was before each act that can be taken back, and before each that was. */
struct steps {
	struct alert done[STEPS], undone[STEPS];
	size_t n_done, n_undone;
	bool withdrawn; /* the last undo closed what had been raised by hand */
};

static void push(struct alert *steps, size_t *n, const struct alert *alert)
{
	if (*n == STEPS) {
		memmove(steps, steps + 1, (STEPS - 1) * sizeof *steps);
		--*n;
	}
	steps[(*n)++] = *alert;
}

/* The row was put back whole: as before the last act, or before the last undo. */
static void step(struct alert *alert, struct alert *from, size_t *n_from, struct alert *to, size_t *n_to)
{
	if (*n_from == 0)
		return;
	struct alert was = from[--*n_from];
	push(to, n_to, alert);
	*alert = was;
}

/* What an act needs to be done again, as far as its line has it. */
static struct triage_order order_of(const struct alert_event *event, enum triage_act act)
{
	struct triage_order order = { .act = act, .who = event->who, .assignee = event->after, .note = event->note, .now_ms = event->at_ms };
	if (act == TRIAGE_CLOSE && !resolution_named(event->after, &order.resolution))
		order.resolution = RESOLUTION_UNKNOWN;
	if (act == TRIAGE_SNOOZE && !iso_time_parse(event->after, strlen(event->after), &order.until_ms))
		order.until_ms = event->at_ms + 1; /* an older line; some time: asked no further than whether it is one */
	/* "#412 what was written": of whom it is a duplicate stands before the note. */
	if (act == TRIAGE_MERGE && *event->note == '#') {
		size_t n = strspn(event->note + 1, "0123456789");
		char number[24];
		snprintf(number, sizeof number, "%.*s", (int)MIN(n, sizeof number - 1), event->note + 1);
		(void)text_to_int(number, 1, INT64_MAX, &order.survivor_id);
		order.note = event->note + 1 + n + strspn(event->note + 1 + n, " ");
	}
	if (act == TRIAGE_SILENCE && !iso_time_parse(event->after, strlen(event->after), &order.until_ms))
		order.until_ms = event->at_ms + 1;
	return order;
}

/* "#412" or "412"; else it stays. */
static void read_case(const char *text, int64_t *case_id)
{
	int64_t id;
	if (text_to_int(text + (*text == '#'), 1, INT64_MAX, &id))
		*case_id = id;
}

static void did(struct steps *steps, const struct alert *before)
{
	push(steps->done, &steps->n_done, before);
	steps->n_undone = 0;
}

/* What a person raised is theirs from then on. Whoever takes that back closes it; what
 * was said of it once more is taken back, too. */
static void raised_by_hand(struct alert *alert, struct steps *steps, const struct alert_event *event, const struct alert *before)
{
	struct alert withdrawn;
	if (strcmp(event->act, "grow") == 0) {
		did(steps, before);
		return;
	}
	alert->state = ALERT_IN_PROGRESS;
	alert->assignee = event->who;
	alert->acknowledged_ms = event->at_ms;
	withdrawn = *alert;
	withdrawn.state = ALERT_CLOSED;
	withdrawn.resolution = RESOLUTION_FALSE_POSITIVE;
	did(steps, &withdrawn);
}

/* A snooze that is extended is ended and begun anew: one act in two lines. */
static bool is_extended(const struct alert_event *events, size_t i)
{
	return i > 0 && strcmp(events[i].act, "snooze") == 0 && strcmp(events[i - 1].act, "wake") == 0 && events[i].at_ms == events[i - 1].at_ms &&
	    strcmp(events[i].who, events[i - 1].who) == 0;
}

static void apply(struct alert *alert, struct steps *steps, const struct alert_event *events, size_t i)
{
	const struct alert_event *event = &events[i];
	enum triage_act act;
	struct fault ignored;
	if (strcmp(event->act, "undo") == 0) {
		step(alert, steps->done, &steps->n_done, steps->undone, &steps->n_undone);
		steps->withdrawn = alert->state == ALERT_CLOSED && alert->closed_ms == 0;
		if (steps->withdrawn)
			alert->closed_ms = event->at_ms;
		return;
	}
	if (strcmp(event->act, "redo") == 0) {
		step(alert, steps->undone, &steps->n_undone, steps->done, &steps->n_done);
		if (steps->withdrawn && steps->n_done > 0)
			steps->done[steps->n_done - 1].closed_ms = 0; /* whenever that is once more */
		steps->withdrawn = false;
		return;
	}
	struct alert before = *alert;
	if (strcmp(event->act, "raise") == 0 || strcmp(event->act, "grow") == 0) {
		enum severity severity;
		bool grew = *event->act == 'g';
		alert->n_notes += *event->note != '\0'; /* what a person reports, or reports again, is a note on it */
		if (severity_named(event->after, &severity))
			alert->severity = grew ? MAX(alert->severity, severity) : severity; /* what a person escalated stands */
		if (alert->rule != NULL && strcmp(alert->rule, MANUAL_RULE) == 0)
			raised_by_hand(alert, steps, event, &before);
		return;
	}
	if (!triage_act_named(event->act, &act))
		return;
	struct triage_order order = order_of(event, act);
	/* Of these the line has the outcome; the order needs what it has not. */
	if (act == TRIAGE_TAG || act == TRIAGE_LINK || act == TRIAGE_UNLINK)
		alert->n_notes += *event->note != '\0';
	if (act == TRIAGE_TAG)
		alert->tags = event->after;
	else if (act == TRIAGE_LINK || act == TRIAGE_UNLINK)
		read_case(event->after, &alert->case_id);
	else if (!triage_apply(alert, &order, &ignored)) /* a step that the table of today forbids */
		*alert = before;
	if (!is_extended(events, i))
		did(steps, &before);
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

/* Tags and case as they were before the first line that changed them. */
static void begin(struct alert *alert, const struct alert_event *events, size_t n)
{
	bool tags = false, linked = false;
	for (size_t i = 0; i < n; i++) {
		if (strcmp(events[i].act, "tag") == 0 && !tags) {
			alert->tags = events[i].before;
			tags = true;
		}
		if ((strcmp(events[i].act, "link") == 0 || strcmp(events[i].act, "unlink") == 0) && !linked) {
			read_case(events[i].before, &alert->case_id);
			linked = true;
		}
	}
}

void alert_relive(struct alert *alert, const struct alert_event *events, size_t n, int64_t at_ms)
{
	const struct alert now = *alert;
	struct steps steps = { .n_done = 0 };
	alert->state = ALERT_NEW;
	alert->resolution = RESOLUTION_NONE;
	alert->assignee = "";
	alert->acknowledged_ms = alert->closed_ms = alert->snooze_until_ms = alert->silence_until_ms = alert->merged_into = 0;
	alert->n_notes = 0;
	begin(alert, events, n);
	if (n == 0 || strcmp(events[0].act, "raise") != 0)
		by_times(alert, &now, at_ms);
	size_t last_snooze = n, last_done = n;
	for (size_t i = 0; i < n; i++) {
		if (strcmp(events[i].act, "snooze") == 0)
			last_snooze = i;
		/* Whose alert is looked at, had been raised: an import writes that down later. */
		if (events[i].at_ms > at_ms && strcmp(events[i].act, "raise") != 0)
			continue;
		apply(alert, &steps, events, i);
		last_done = strcmp(events[i].act, "snooze") == 0 ? i : last_done;
	}
	if (alert->state == ALERT_CLOSED && alert->resolution == RESOLUTION_DUPLICATE && alert->merged_into == 0)
		alert->merged_into = now.merged_into;
	int64_t ignored;
	if (alert->state != ALERT_SNOOZED)
		alert->snooze_until_ms = 0;
	else if (last_done == n || !iso_time_parse(events[last_done].after, strlen(events[last_done].after), &ignored))
		alert->snooze_until_ms = last_done == last_snooze ? now.snooze_until_ms : 0;
}
