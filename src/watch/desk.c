/* SPDX-License-Identifier: Apache-2.0 */
#include "watch/desk_inside.h"

#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/text.h"
#include "store/alert_rows.h"

struct errand {
	struct job job;
	struct desk *desk;
	struct triage_order order;
	struct done_act *act;
	int64_t *ids; /* NULL: `act` is put back */
	bool redo;
	struct triage_result result;
	bool ok;
	struct fault fault;
	done_fn *on_done;
	void *arg;
};

void desk_os_user(char *out, size_t capacity)
{
	char room[2048];
	struct passwd entry, *found = NULL;
	if (getpwuid_r(getuid(), &entry, room, sizeof room, &found) == 0 && found != NULL)
		text_printable(out, capacity, found->pw_name, strlen(found->pw_name));
	else
		snprintf(out, capacity, "uid-%ld", (long)getuid());
}

struct desk *desk_new(struct store *store, struct lane *lane, const struct judge_options *rules, const char *user, bool read_only,
    void (*on_changed)(void *), void *arg)
{
	struct desk *desk = mem_zalloc(sizeof *desk);
	*desk = (struct desk){ .store = store, .lane = lane, .rules = rules, .read_only = read_only, .on_changed = on_changed, .changed_arg = arg };
	snprintf(desk->user, sizeof desk->user, "%s", user);
	return desk;
}

struct done_act *desk_act_new(size_t n)
{
	struct done_act *act = mem_zalloc(sizeof *act);
	arena_init(&act->arena);
	act->swap = desk_swap_alerts;
	act->n = n;
	act->before = arena_zalloc(&act->arena, n * sizeof *act->before);
	return act;
}

void desk_act_free(struct done_act *act)
{
	if (act == NULL)
		return;
	arena_clear(&act->arena);
	free(act);
}

static void forget(struct stack *stack)
{
	for (size_t i = 0; i < stack->n; i++)
		desk_act_free(stack->acts[i]);
	stack->n = 0;
}

static void drop_oldest(struct stack *stack)
{
	desk_act_free(stack->acts[0]);
	memmove(stack->acts, stack->acts + 1, --stack->n * sizeof *stack->acts);
}

/* What goes out of memory cannot be put back: the last one always can. */
static void push(struct stack *stack, struct done_act *act)
{
	size_t n_alerts = act->n;
	for (size_t i = 0; i < stack->n; i++)
		n_alerts += stack->acts[i]->n;
	while (stack->n == MAX_UNDO || (stack->n > 0 && n_alerts > MAX_UNDO_ALERTS)) {
		n_alerts -= stack->acts[0]->n;
		drop_oldest(stack);
	}
	stack->acts[stack->n++] = act;
}

void desk_act_done(struct desk *desk, struct done_act *act)
{
	forget(&desk->undone);
	push(&desk->done, act);
}

static const char *top_name(const struct stack *stack)
{
	return stack->n == 0 ? "" : stack->acts[stack->n - 1]->name;
}

void desk_free(struct desk *desk)
{
	if (desk == NULL)
		return;
	forget(&desk->done);
	forget(&desk->undone);
	map_clear(&desk->renamed);
	free(desk);
}

const char *desk_user(const struct desk *desk)
{
	return desk->user;
}

bool desk_read_only(const struct desk *desk)
{
	return desk->read_only;
}

bool desk_swap_alerts(struct desk *desk, struct done_act *act, bool redo, int64_t now_ms, struct triage_result *result, struct fault *fault)
{
	if (act->raised && !redo) /* it is closed by this, now */
		act->before->alert.closed_ms = now_ms;
	return store_swap(desk->store, act->before, act->n, redo ? AUDIT_REDO : AUDIT_UNDO, desk->user, now_ms, &desk->renamed, &act->arena, result, fault);
}

/* To try again would change nothing. */
static bool stays(const struct fault *fault)
{
	return fault->code == FAULT_CONFLICT || fault->code == FAULT_NOT_FOUND;
}

bool desk_swapped(bool ok, struct triage_result *result, const struct fault *fault)
{
	bool refused = !ok && stays(fault);
	*result = (struct triage_result){ .n_done = ok, .n_failed = refused };
	if (refused)
		result->first = *fault;
	return ok || refused;
}

static void errand_work(struct job *job)
{
	struct errand *e = (struct errand *)job;
	struct desk *desk = e->desk;
	e->ok = e->ids != NULL ?
	    store_triage(desk->store, e->ids, e->act->n, &e->order, &e->act->arena, e->act->before, &e->result, &e->fault) :
	    e->act->swap(desk, e->act, e->redo, e->order.now_ms, &e->result, &e->fault);
}

/* Does the act of an errand lie anywhere from now on? What was done can be undone;
 * what the store did not put back can still be. */
static bool is_kept(const struct errand *e)
{
	return e->result.n_done > 0 || (e->ids == NULL && !e->ok);
}

/* Among what is done, else among what is undone: what was put back is where it can
 * be put back the other way. */
static bool is_of_done(const struct errand *e)
{
	return e->ok == e->redo;
}

/* What was refused was not done, and so is not what undo would take back. */
static void name_triage(struct done_act *act, size_t n_done)
{
	size_t only = 0;
	while (only + 1 < act->n && act->before[only].alert.id == 0)
		only++;
	if (n_done == 1)
		snprintf(act->name, sizeof act->name, "%s #%lld", triage_act_word(act->triage), (long long)act->before[only].alert.id);
	else
		snprintf(act->name, sizeof act->name, "%s × %zu", triage_act_word(act->triage), n_done);
}

static void on_errand(struct job *job, bool cancelled)
{
	struct errand *e = (struct errand *)job;
	struct desk *desk = e->desk;
	/* What the store did not take was not done, whatever was counted on the
	 * way to the commit. */
	if (!e->ok)
		e->result = (struct triage_result){ .n_failed = e->act->n, .first = e->fault };
	if (e->act->n > 1 && e->result.n_refusals > 0) /* of many the reasons count, not which was the first */
		triage_result_say(&e->result, e->result.first.text, sizeof e->result.first.text);
	if (e->act->is_triage && e->result.n_done > 0)
		name_triage(e->act, e->result.n_done);
	if (!cancelled && is_kept(e)) {
		if (e->ids != NULL)
			desk_act_done(desk, e->act);
		else
			push(is_of_done(e) ? &desk->done : &desk->undone, e->act);
		e->act = NULL;
	}
	if (!cancelled && e->result.n_done > 0)
		desk->on_changed(desk->changed_arg);
	if (!cancelled && e->on_done != NULL)
		e->on_done(e->arg, e->result.n_done, e->result.n_failed, e->result.n_failed > 0 ? &e->result.first : NULL);
	desk_act_free(e->act);
	free(e->ids);
	free(e);
}

static const char *or_empty(const char *text)
{
	return text == NULL ? "" : text;
}

void desk_leave(struct desk *desk)
{
	desk->lane = NULL;
}

bool desk_may_not(const struct desk *desk, struct fault *why)
{
	char shown[200];
	if (desk->read_only)
		return !fault_set(why, FAULT_READ_ONLY, "%s", _("this console is read-only"));
	if (desk->lane != NULL && !lane_is_stuck(desk->lane))
		return false;
	store_address_shown(desk->store->address, shown, sizeof shown);
	return !fault_set(why, FAULT_NETWORK, _("the store %s does not answer: nothing of this was done"), shown);
}

bool desk_refuse(const struct desk *desk, size_t n, done_fn *on_done, void *arg)
{
	struct fault fault = { 0 };
	if (!desk_may_not(desk, &fault))
		return false;
	if (on_done != NULL)
		on_done(arg, 0, n, &fault);
	return true;
}

void desk_triage(struct desk *desk, const int64_t *ids, size_t n, const struct triage_order *order,
    done_fn *on_done, void *arg)
{
	if (n == 0 || desk_refuse(desk, n, on_done, arg))
		return;
	struct errand *e = mem_zalloc(sizeof *e);
	struct done_act *act = desk_act_new(n);
	act->is_triage = true;
	act->triage = order->act;
	*e = (struct errand){ .job = { .work = errand_work, .done = on_errand, .promised = true }, .desk = desk,
		.order = *order, .act = act, .ids = mem_dup(ids, n * sizeof *ids), .on_done = on_done, .arg = arg };
	/* The order outlives the caller: its texts go into the act's arena. */
	e->order.who = desk->user;
	e->order.assignee = arena_strdup(&act->arena, or_empty(order->assignee));
	e->order.note = arena_strdup(&act->arena, or_empty(order->note));
	e->order.tags = arena_strdup(&act->arena, or_empty(order->tags));
	e->order.now_ms = clock_real_ms();
	lane_submit(desk->lane, &e->job);
}

const char *desk_undo_name(const struct desk *desk)
{
	return top_name(&desk->done);
}

const char *desk_redo_name(const struct desk *desk)
{
	return top_name(&desk->undone);
}

/* ---- what was done outside ------------------------------------------------------------------ */

struct outside_errand {
	struct desk *desk;
	struct done_act *act;
	done_fn *on_done;
	void *arg;
};

static void on_outside(void *arg, size_t n_done, size_t n_failed, const struct fault *fault)
{
	struct outside_errand *e = arg;
	if (n_done > 0 || fault == NULL || stays(fault))
		desk_act_free(e->act);
	else /* it can be tried again */
		push(&e->desk->done, e->act);
	if (e->on_done != NULL)
		e->on_done(e->arg, n_done, n_failed, fault);
	free(e);
}

static void put_back_outside(struct desk *desk, struct done_act *act, done_fn *on_done, void *arg)
{
	struct outside_errand *e = mem_zalloc(sizeof *e);
	*e = (struct outside_errand){ desk, act, on_done, arg };
	act->outside(act->outside_arg, act->outside_id, on_outside, e);
}

void desk_did_outside(struct desk *desk, const char *name, int64_t id, desk_outside_fn *back, void *arg)
{
	struct done_act *act = desk_act_new(0);
	act->outside = back;
	act->outside_arg = arg;
	act->outside_id = id;
	snprintf(act->name, sizeof act->name, "%s", name);
	desk_act_done(desk, act);
}

bool desk_undo_reaches_out(const struct desk *desk)
{
	return desk->done.n > 0 && desk->done.acts[desk->done.n - 1]->outside != NULL;
}

static void put_back(struct desk *desk, bool redo, const char *nothing, done_fn *on_done, void *arg)
{
	struct stack *from = redo ? &desk->undone : &desk->done;
	if (desk_refuse(desk, 0, on_done, arg))
		return;
	if (from->n == 0) {
		struct fault fault = { 0 };
		fault_set(&fault, FAULT_NOT_FOUND, "%s", nothing);
		if (on_done != NULL)
			on_done(arg, 0, 0, &fault);
		return;
	}
	if (from->acts[from->n - 1]->outside != NULL) {
		put_back_outside(desk, from->acts[--from->n], on_done, arg);
		return;
	}
	struct errand *e = mem_zalloc(sizeof *e);
	*e = (struct errand){ .job = { .work = errand_work, .done = on_errand, .promised = true }, .desk = desk,
		.act = from->acts[--from->n], .redo = redo, .on_done = on_done, .arg = arg };
	e->order.now_ms = clock_real_ms();
	lane_submit(desk->lane, &e->job);
}

void desk_undo(struct desk *desk, done_fn *on_done, void *arg)
{
	put_back(desk, false, _("there is nothing to undo"), on_done, arg);
}

void desk_redo(struct desk *desk, done_fn *on_done, void *arg)
{
	put_back(desk, true, _("there is nothing to redo"), on_done, arg);
}

/* ---- another door ------------------------------------------------------------------------- */

static void submitted_work(struct job *job)
{
	struct desk_work *w = (struct desk_work *)job;
	w->changed = w->work(w, w->desk->store);
}

static void on_submitted(struct job *job, bool cancelled)
{
	struct desk_work *w = (struct desk_work *)job;
	struct desk *desk = w->desk;
	UNUSED(cancelled); /* it was promised */
	if (w->changed)
		desk->on_changed(desk->changed_arg);
	w->done(w);
}

void desk_submit(struct desk *desk, struct desk_work *w)
{
	w->job = (struct job){ .work = submitted_work, .done = on_submitted, .promised = true };
	w->desk = desk;
	w->changed = false;
	lane_submit(desk->lane, &w->job);
}

/* ---- what was hidden is shown ----------------------------------------------------------- */

struct disclosure {
	struct job job;
	struct desk *desk;
	char view[160];
	int64_t now_ms;
	bool ok;
	struct fault fault;
	done_fn *on_done;
	void *arg;
};

static void disclose_work(struct job *job)
{
	struct disclosure *d = (struct disclosure *)job;
	struct alert_event event = { d->now_ms, d->desk->user, "unmask", "masked", "shown", d->view };
	d->ok = store_audit(d->desk->store, &event, &d->fault);
}

static void on_disclosed(struct job *job, bool cancelled)
{
	struct disclosure *d = (struct disclosure *)job;
	if (!cancelled && d->ok)
		d->desk->on_changed(d->desk->changed_arg);
	d->on_done(d->arg, !cancelled && d->ok, cancelled || !d->ok, cancelled || d->ok ? NULL : &d->fault);
	free(d);
}

void desk_disclose(struct desk *desk, const char *view, done_fn *on_done, void *arg)
{
	if (desk_refuse(desk, 1, on_done, arg))
		return;
	struct disclosure *d = mem_zalloc(sizeof *d);
	*d = (struct disclosure){ .job = { .work = disclose_work, .done = on_disclosed, .promised = true }, .desk = desk,
		.now_ms = clock_real_ms(), .on_done = on_done, .arg = arg };
	text_printable(d->view, sizeof d->view, view, strlen(view));
	lane_submit(desk->lane, &d->job);
}
