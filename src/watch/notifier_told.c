/* SPDX-License-Identifier: Apache-2.0
 *
 * Who will be told of an act, before it is done: what has left cannot be taken back. */
#include <stdio.h>
#include <string.h>

#include "notify/kind.h"
#include "watch/notifier_inside.h"

/* As the store will find it when the act is done: notice_kind_of(). */
static enum notice_kind kind_of(enum triage_act act)
{
	switch (act) {
	case TRIAGE_CLOSE: case TRIAGE_MERGE:
		return NOTICE_CLOSED;
	case TRIAGE_REOPEN:
		return NOTICE_RAISED;
	case TRIAGE_ESCALATE:
		return NOTICE_WORSE;
	case TRIAGE_CLAIM: case TRIAGE_ACKNOWLEDGE: case TRIAGE_ASSIGN: case TRIAGE_RELEASE: case TRIAGE_NOTE: case TRIAGE_SNOOZE:
	case TRIAGE_WAKE: case TRIAGE_SILENCE: case TRIAGE_UNSILENCE: case TRIAGE_TAG: case TRIAGE_LINK: case TRIAGE_UNLINK:
	case TRIAGE_N_ACTS:
		break;
	}
	return NOTICE_ACT;
}

void notifier_told_of(void *arg, enum triage_act act, const struct alert *alert, enum severity worst, struct told *out)
{
	const struct notifier *notifier = arg;
	const struct destination *to[OUTBOX_PLACES];
	int64_t now_ms = clock_now_ms(notifier->parts.clock);
	size_t used = 0;
	*out = (struct told){ 0 };
	if (alert != NULL) {
		struct notice notice = { .at_ms = now_ms, .kind = kind_of(act), .act = triage_act_name(act), .who = "", .was = "", .became = "", .alert = *alert };
		notice.alert.severity = act == TRIAGE_ESCALATE && alert->severity < SEVERITY_CRITICAL ? alert->severity + 1 : alert->severity;
		out->n = notify_routes_of(notifier->routes, &notice, now_ms, to, OUTBOX_PLACES);
	} else {
		worst = act == TRIAGE_ESCALATE ? SEVERITY_CRITICAL : worst;
		out->n = notify_routes_reach(notifier->routes, kind_of(act), worst, now_ms, to, OUTBOX_PLACES);
	}
	for (size_t i = 0; i < out->n; i++) {
		out->people |= to[i]->kind->for_people;
		if (used < sizeof out->names)
			used += (size_t)snprintf(out->names + used, sizeof out->names - used, "%s%.60s", i > 0 ? ", " : "", to[i]->name);
	}
}
