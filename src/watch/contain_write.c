/* SPDX-License-Identifier: Apache-2.0
 *
 * What Webex is told, and what came of it. FAILED says that nothing was done, and that is
 * known only where Webex refused: of an answer that was lost, or one that says "taken" where
 * nothing is seen of it, the row stays under way, so that it is found and can be given back. */
#include "watch/contain_inside.h"

#include <string.h>

#include "base/i18n.h"

/* A setting that was read longer ago may be another by now; one that was written is looked for
 * once more after that time. */
enum { STALE_MS = 10000, ONCE_MORE_MS = 3000 };

static void on_read_again(struct webex_answer *answer, void *arg);

static void read_again(struct contain_act *act)
{
	contain_ask(act, NULL, on_read_again);
}

void contain_look_now(uv_timer_t *timer)
{
	read_again(timer->data);
}

/* The row says why, and so does the result. */
static void give_up(struct contain_act *act, enum contain_state to, const char *tracking)
{
	contain_step_to(act, to, tracking, act->result.fault.text, contain_end);
}

static void is_not_known(struct contain_act *act, enum fault_code code, const char *why)
{
	char told[sizeof act->result.fault.text];
	snprintf(told, sizeof told, "%s", why);
	if (act->doubt.code != FAULT_NONE)
		fault_set(&act->result.fault, code, _("it is not known whether Webex took it (centinela contain finish %lld, or undo): %.250s"), (long long)act->result.id, told);
	else
		fault_set(&act->result.fault, code, _("it is written, and reading it again failed (centinela contain finish %lld, or undo): %.250s"), (long long)act->result.id, told);
	give_up(act, act->result.state, "");
}

static void says_otherwise(struct contain_act *act, const struct contain_changes *left)
{
	if (!act->looks_once_more && !act->cancelled) {
		act->looks_once_more = true;
		uv_timer_start(&act->timer, contain_look_now, ONCE_MORE_MS, 0);
	} else if (act->doubt.code != FAULT_NONE) {
		is_not_known(act, act->doubt.code, act->doubt.text);
	} else {
		fault_set(&act->result.fault, FAULT_REFUSED, _("Webex took it and says otherwise: %.300s"), contain_changes_say(left, &act->arena));
		give_up(act, act->result.state, "");
	}
}

static void on_read_again(struct webex_answer *answer, void *arg)
{
	struct contain_act *act = arg;
	struct contain_changes left;
	struct fault fault = answer->fault;
	act->call = NULL;
	if (fault.code == FAULT_NONE && contain_is_as(act, answer->body, answer->body_n, act->result.body, &left, &fault))
		contain_step_to(act, act->order.verb == CONTAIN_UNDO ? CONTAIN_UNDONE : CONTAIN_VERIFIED, "", "", contain_end);
	else if (fault.code == FAULT_NONE)
		says_otherwise(act, &left);
	else
		is_not_known(act, fault.code, fault.text);
}

/* An answer that did not come, or not whole, says nothing of what was done. */
static bool is_doubt(enum fault_code code)
{
	return code == FAULT_CANCELLED || code == FAULT_NETWORK || code == FAULT_FULL || code == FAULT_INPUT;
}

static void on_written(struct webex_answer *answer, void *arg)
{
	struct contain_act *act = arg;
	struct fault fault = answer->fault;
	bool undoes = act->order.verb == CONTAIN_UNDO;
	const char *tracking = arena_printf(&act->arena, "PUT %s", answer->tracking_id);
	act->call = NULL;
	if (fault.code == FAULT_NONE) {
		contain_step_to(act, undoes ? CONTAIN_UNDOING : CONTAIN_WRITTEN, tracking, "", read_again);
	} else if (is_doubt(fault.code)) {
		act->doubt = fault;
		read_again(act);
	} else {
		contain_explain(&fault);
		act->result.fault = fault;
		give_up(act, undoes ? act->result.row.state : CONTAIN_FAILED, tracking);
	}
}

void contain_write(struct contain_act *act)
{
	bool begins = act->order.verb == CONTAIN_DO;
	if (begins)
		act->result.state = CONTAIN_PLANNED;
	if ((uv_hrtime() - act->read_ns) / 1000000 > STALE_MS) { /* the store hung: the yes was to what was then */
		fault_set(&act->result.fault, FAULT_CONFLICT, "%s", _("the store took too long, nothing was written: look again"));
		give_up(act, begins ? CONTAIN_FAILED : act->result.row.state, "");
		return;
	}
	contain_ask(act, act->result.body, on_written);
}
