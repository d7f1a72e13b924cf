/* SPDX-License-Identifier: Apache-2.0 */
#include "alerts/triage.h"

#include <stdio.h>
#include <string.h>

#include "alerts/tags.h"
#include "base/i18n.h"
#include "base/iso_time.h"
#include "base/text.h"

#define NAMES(function, type, LIST)                                          \
	const char *function(enum type value)                                \
	{                                                                    \
		static const char *const names[] = { LIST(NAME_OF) };        \
		return (size_t)value < COUNT_OF(names) ? names[value] : "";  \
	}
#define NAMED(function, type, LIST)                                          \
	bool function(const char *name, enum type *out)                      \
	{                                                                    \
		static const char *const names[] = { LIST(NAME_OF) };        \
		for (size_t i = 0; i < COUNT_OF(names); i++) {               \
			if (strcmp(names[i], name) == 0) {                   \
				*out = (enum type)i;                         \
				return true;                                 \
			}                                                    \
		}                                                            \
		return false;                                                \
	}
#define NAME_OF(id, name) name,

NAMES(alert_state_name, alert_state, ALERT_STATES)
NAMED(alert_state_named, alert_state, ALERT_STATES)
NAMES(resolution_name, resolution, RESOLUTIONS)
NAMED(resolution_named, resolution, RESOLUTIONS)
NAMES(triage_act_name, triage_act, TRIAGE_ACTS)
NAMED(triage_act_named, triage_act, TRIAGE_ACTS)

const char *triage_act_word(enum triage_act act)
{
	static const char *const words[TRIAGE_N_ACTS] = { [TRIAGE_CLAIM] = N_("claim"), [TRIAGE_ACKNOWLEDGE] = N_("acknowledge"),
		[TRIAGE_ASSIGN] = N_("assign"), [TRIAGE_RELEASE] = N_("release"), [TRIAGE_NOTE] = N_("note"), [TRIAGE_SNOOZE] = N_("snooze"),
		[TRIAGE_WAKE] = N_("wake"), [TRIAGE_ESCALATE] = N_("escalate"), [TRIAGE_CLOSE] = N_("close"), [TRIAGE_REOPEN] = N_("reopen"),
		[TRIAGE_SILENCE] = N_("silence"), [TRIAGE_UNSILENCE] = N_("hear again"),
		[TRIAGE_TAG] = N_("tag"), [TRIAGE_LINK] = N_("link"), [TRIAGE_UNLINK] = N_("unlink"), [TRIAGE_MERGE] = N_("merge") };
	return act < TRIAGE_N_ACTS ? _(words[act]) : "";
}

#define LONGEST_SNOOZE_MS (30 * DAY_MS)

/* Which states an act may start from, and where it leads; STAYS: nowhere. */
#define IN(state) (1u << (state))
#define OPEN_STATES (IN(ALERT_NEW) | IN(ALERT_IN_PROGRESS) | IN(ALERT_SNOOZED))
#define STAYS (-1)

static const struct {
	unsigned from;
	int to;
} steps[TRIAGE_N_ACTS] = {
	[TRIAGE_CLAIM]	     = { OPEN_STATES, ALERT_IN_PROGRESS },
	[TRIAGE_ACKNOWLEDGE] = { OPEN_STATES, ALERT_IN_PROGRESS },
	[TRIAGE_ASSIGN]	     = { OPEN_STATES, STAYS },
	[TRIAGE_RELEASE]     = { OPEN_STATES, STAYS },
	[TRIAGE_NOTE]	     = { OPEN_STATES | IN(ALERT_CLOSED), STAYS },
	[TRIAGE_SNOOZE]	     = { IN(ALERT_NEW) | IN(ALERT_IN_PROGRESS), ALERT_SNOOZED },
	[TRIAGE_WAKE]	     = { IN(ALERT_SNOOZED), ALERT_IN_PROGRESS },
	[TRIAGE_ESCALATE]    = { OPEN_STATES, STAYS },
	[TRIAGE_CLOSE]	     = { OPEN_STATES, ALERT_CLOSED },
	[TRIAGE_REOPEN]	     = { IN(ALERT_CLOSED), ALERT_IN_PROGRESS },
	[TRIAGE_SILENCE]	     = { OPEN_STATES | IN(ALERT_CLOSED), STAYS },
	[TRIAGE_UNSILENCE]     = { OPEN_STATES | IN(ALERT_CLOSED), STAYS },
	[TRIAGE_TAG]	     = { OPEN_STATES | IN(ALERT_CLOSED), STAYS },
	[TRIAGE_LINK]	     = { OPEN_STATES | IN(ALERT_CLOSED), STAYS },
	[TRIAGE_UNLINK]	     = { OPEN_STATES | IN(ALERT_CLOSED), STAYS },
	[TRIAGE_MERGE]	     = { OPEN_STATES, ALERT_CLOSED },
};

static bool is_empty(const char *text)
{
	return text == NULL || *text == '\0';
}

static bool is_anothers(const struct alert *alert, const struct triage_order *order)
{
	return !is_empty(alert->assignee) && strcmp(alert->assignee, order->who) != 0;
}

static bool has_already(const struct alert *alert, const struct triage_order *order)
{
	return order->act == TRIAGE_CLAIM && alert->state == ALERT_IN_PROGRESS && !is_empty(alert->assignee) && !is_anothers(alert, order);
}

static bool check(const struct alert *alert, const struct triage_order *order, struct fault *fault)
{
	if (!(steps[order->act].from & IN(alert->state)))
		return fault_set(fault, FAULT_CONFLICT, _("alert %lld is %s: %s does not apply"), (long long)alert->id,
		    alert_state_name(alert->state), triage_act_name(order->act));
	if (order->spare_others && is_anothers(alert, order))
		return fault_set(fault, FAULT_CONFLICT, _("alert %lld is %s's"), (long long)alert->id, alert->assignee);
	if (!is_empty(order->note) && strlen(order->note) > NOTE_BYTES)
		return fault_set(fault, FAULT_USAGE, _("a note may have 4000 bytes"));
	switch (order->act) {
	case TRIAGE_CLAIM:
		if (is_anothers(alert, order))
			return fault_set(fault, FAULT_CONFLICT, _("%s was first: alert %lld is theirs"), alert->assignee, (long long)alert->id);
		/* Nothing would change, but for what could be undone of the first time. */
		if (has_already(alert, order))
			return fault_set(fault, FAULT_CONFLICT, _("alert %lld is yours already"), (long long)alert->id);
		return true;
	case TRIAGE_ASSIGN:
		if (is_empty(order->assignee) || strlen(order->assignee) > 64)
			return fault_set(fault, FAULT_USAGE, _("say to whom the alert is assigned (at most 64 bytes)"));
		if (!text_is_printable(order->assignee))
			return fault_set(fault, FAULT_USAGE, "%s", _("a name cannot hold signs that nobody sees: line ends, tabs, escapes"));
		return true;
	case TRIAGE_NOTE:
	case TRIAGE_ESCALATE:
		if (is_empty(order->note))
			return fault_set(fault, FAULT_USAGE, _("write a note"));
		if (order->act == TRIAGE_ESCALATE && alert->severity == SEVERITY_CRITICAL)
			return fault_set(fault, FAULT_CONFLICT, _("alert %lld is critical already"), (long long)alert->id);
		return true;
	case TRIAGE_SNOOZE:
		if (is_empty(order->note))
			return fault_set(fault, FAULT_USAGE, _("say why the alert is snoozed"));
		if (order->until_ms <= order->now_ms || order->until_ms > order->now_ms + LONGEST_SNOOZE_MS)
			return fault_set(fault, FAULT_USAGE, _("a snooze ends between now and 30 days from now"));
		return true;
	case TRIAGE_SILENCE:
		if (alert->severity == SEVERITY_CRITICAL)
			return fault_set(fault, FAULT_CONFLICT, _("alert %lld is critical: alerts like it are never silenced"), (long long)alert->id);
		if (is_empty(order->note))
			return fault_set(fault, FAULT_USAGE, _("say why alerts like it are silenced"));
		if (order->until_ms <= order->now_ms || order->until_ms > order->now_ms + LONGEST_SNOOZE_MS)
			return fault_set(fault, FAULT_USAGE, _("a silence ends between now and 30 days from now"));
		return true;
	case TRIAGE_UNSILENCE:
		if (alert->silence_until_ms <= order->now_ms)
			return fault_set(fault, FAULT_CONFLICT, _("alerts like %lld are not silenced"), (long long)alert->id);
		return true;
	case TRIAGE_TAG:
		if (!tags_change(alert->tags == NULL ? "" : alert->tags, order->tags == NULL ? "" : order->tags, order->room, fault))
			return false;
		if (strcmp(order->room, alert->tags == NULL ? "" : alert->tags) == 0)
			return fault_set(fault, FAULT_CONFLICT, _("alert %lld has these tags already"), (long long)alert->id);
		return true;
	case TRIAGE_LINK:
		if (alert->case_id == order->other_case)
			return fault_set(fault, FAULT_CONFLICT, _("alert %lld is in case #%lld already"), (long long)alert->id, (long long)order->other_case);
		return true;
	case TRIAGE_UNLINK:
		if (alert->case_id == alert->id)
			return fault_set(fault, FAULT_CONFLICT, _("alert %lld is in a case of its own: take the others out of it"), (long long)alert->id);
		return true;
	case TRIAGE_MERGE:
		if (alert->id == order->survivor_id)
			return fault_set(fault, FAULT_CONFLICT, _("alert %lld cannot be its own duplicate"), (long long)alert->id);
		return true;
	case TRIAGE_CLOSE:
		if (order->resolution == RESOLUTION_NONE)
			return fault_set(fault, FAULT_USAGE, _("closing needs a resolution"));
		return true;
	case TRIAGE_ACKNOWLEDGE:
	case TRIAGE_RELEASE:
	case TRIAGE_WAKE:
	case TRIAGE_REOPEN:
	case TRIAGE_N_ACTS:
		break;
	}
	return true;
}

bool triage_apply(struct alert *alert, const struct triage_order *order, struct fault *fault)
{
	if (!check(alert, order, fault))
		return false;
	if (steps[order->act].to != STAYS)
		alert->state = (enum alert_state)steps[order->act].to;
	switch (order->act) {
	case TRIAGE_CLAIM:
	case TRIAGE_ACKNOWLEDGE:
		if (order->act == TRIAGE_CLAIM || is_empty(alert->assignee))
			alert->assignee = order->who;
		if (alert->acknowledged_ms == 0)
			alert->acknowledged_ms = order->now_ms;
		alert->snooze_until_ms = 0;
		break;
	case TRIAGE_ASSIGN:
		alert->assignee = order->assignee;
		break;
	case TRIAGE_RELEASE:
		alert->assignee = "";
		break;
	case TRIAGE_SNOOZE:
		alert->snooze_until_ms = order->until_ms;
		break;
	case TRIAGE_WAKE:
		alert->snooze_until_ms = 0;
		break;
	case TRIAGE_ESCALATE:
		alert->severity++;
		break;
	case TRIAGE_LINK:
		alert->case_id = order->other_case;
		break;
	case TRIAGE_UNLINK:
		alert->case_id = alert->id;
		break;
	case TRIAGE_MERGE:
	case TRIAGE_CLOSE:
		alert->resolution = order->act == TRIAGE_MERGE ? RESOLUTION_DUPLICATE : order->resolution;
		if (order->act == TRIAGE_MERGE)
			alert->merged_into = order->survivor_id;
		alert->closed_ms = order->now_ms;
		alert->snooze_until_ms = 0;
		if (alert->acknowledged_ms == 0)
			alert->acknowledged_ms = order->now_ms;
		if (is_empty(alert->assignee))
			alert->assignee = order->who;
		break;
	case TRIAGE_REOPEN:
		alert->resolution = RESOLUTION_NONE;
		alert->merged_into = 0;
		alert->closed_ms = 0;
		break;
	case TRIAGE_SILENCE:
		alert->silence_until_ms = order->until_ms;
		break;
	case TRIAGE_UNSILENCE:
		alert->silence_until_ms = 0;
		break;
	case TRIAGE_TAG:
		alert->tags = order->room;
		break;
	case TRIAGE_NOTE:
	case TRIAGE_N_ACTS:
		break;
	}
	if (!is_empty(order->note))
		alert->n_notes++;
	return true;
}

void triage_refusal(const struct alert *alert, const struct triage_order *order, char *out, size_t capacity)
{
	bool anothers = is_anothers(alert, order) && (order->spare_others || order->act == TRIAGE_CLAIM);
	if (!(steps[order->act].from & IN(alert->state)))
		snprintf(out, capacity, "%s", alert->state == ALERT_CLOSED ? _("closed already") :
			 order->act == TRIAGE_REOPEN			    ? _("not closed") :
			 order->act == TRIAGE_WAKE			    ? _("not snoozed") :
									      _("snoozed already"));
	else if (anothers)
		snprintf(out, capacity, _("%s's"), alert->assignee);
	else if (has_already(alert, order))
		snprintf(out, capacity, "%s", _("yours already"));
	else if (order->act == TRIAGE_UNSILENCE)
		snprintf(out, capacity, "%s", _("not silenced"));
	else if (order->act == TRIAGE_TAG)
		snprintf(out, capacity, "%s", _("tagged already"));
	else if (order->act == TRIAGE_LINK)
		snprintf(out, capacity, "%s", _("in that case already"));
	else if (order->act == TRIAGE_UNLINK)
		snprintf(out, capacity, "%s", _("in a case of its own"));
	else if (order->act == TRIAGE_MERGE)
		snprintf(out, capacity, "%s", _("the survivor itself"));
	else if (alert->severity == SEVERITY_CRITICAL)
		snprintf(out, capacity, "%s", _("critical"));
	else
		snprintf(out, capacity, "%s", _("not possible"));
}

bool note_of_lines(const char *text, char out[static NOTE_BYTES + 1], struct fault *fault)
{
	struct text note = { 0 };
	size_t n_blank = 0;
	for (size_t n; *text != '\0'; text += n + (text[n] != '\0')) {
		n = strcspn(text, "\n");
		char line[NOTE_BYTES + 8];
		size_t used = text_printable(line, sizeof line, text, n);
		while (used > 0 && line[used - 1] == ' ')
			line[--used] = '\0';
		if (used == 0) {
			n_blank += note.n > 0;
			continue;
		}
		for (size_t i = 0; i < n_blank + (note.n > 0); i++)
			text_puts(&note, i == 0 ? " " NOTE_LINE " " : NOTE_LINE " ");
		text_puts(&note, line);
		n_blank = 0;
	}
	bool fits = note.n <= NOTE_BYTES;
	snprintf(out, NOTE_BYTES + 1, "%s", fits ? text_string(&note) : "");
	size_t n = note.n;
	text_clear(&note);
	return fits || fault_set(fault, FAULT_USAGE, _("a note may have %d bytes; this has %zu"), NOTE_BYTES, n);
}

int64_t triage_sla_ms(enum severity severity)
{
	/* Time to acknowledge. */
	static const int64_t minutes[] = {
		[SEVERITY_LOW] = 8 * 60,
		[SEVERITY_MEDIUM] = 2 * 60,
		[SEVERITY_HIGH] = 30,
		[SEVERITY_CRITICAL] = 5,
	};
	return minutes[severity] * MINUTE_MS;
}

int64_t triage_resolve_sla_ms(enum severity severity)
{
	static const int64_t hours[] = {
		[SEVERITY_LOW] = 72,
		[SEVERITY_MEDIUM] = 24,
		[SEVERITY_HIGH] = 8,
		[SEVERITY_CRITICAL] = 4,
	};
	return hours[severity] * HOUR_MS;
}

int64_t triage_due_ms(const struct alert *alert)
{
	switch (alert->state) {
	case ALERT_NEW: return alert->raised_ms + triage_sla_ms(alert->severity);
	case ALERT_IN_PROGRESS: return alert->raised_ms + triage_resolve_sla_ms(alert->severity);
	case ALERT_SNOOZED: return alert->snooze_until_ms;
	case ALERT_CLOSED: break;
	}
	return 0;
}
