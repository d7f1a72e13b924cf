/* SPDX-License-Identifier: Apache-2.0
 *
 * The desk: what is done to alerts beside the acts of triage. */
#include <stdio.h>
#include <stdlib.h>

#include "base/i18n.h"
#include "base/log.h"
#include "base/mem.h"
#include "store/manual_rows.h"
#include "store/step_rows.h"
#include "watch/desk_inside.h"

/* ---- an alert that a person raises ------------------------------------------------------ */

struct raise_errand {
	struct job job;
	struct desk *desk;
	struct done_act *act; /* its arena has the texts */
	struct manual_alert alert;
	struct manual_raised raised;
	bool ok;
	struct fault fault;
	void (*on_done)(void *arg, const struct manual_raised *, const struct fault *);
	void *arg;
};

static void raise_work(struct job *job)
{
	struct raise_errand *e = (struct raise_errand *)job;
	e->ok = store_raise_manual(e->desk->store, &e->alert, &e->raised, &e->act->arena, e->act->before, &e->fault);
}

static void on_raised(struct job *job, bool cancelled)
{
	struct raise_errand *e = (struct raise_errand *)job;
	if (!cancelled && e->ok) {
		e->act->raised = !e->raised.grew;
		snprintf(e->act->name, sizeof e->act->name, "%s #%lld", e->raised.grew ? triage_act_word(TRIAGE_NOTE) : _("raise"), (long long)e->raised.id);
		desk_act_done(e->desk, e->act);
		e->act = NULL;
		e->desk->on_changed(e->desk->changed_arg);
	}
	if (!cancelled && e->on_done != NULL)
		e->on_done(e->arg, e->ok ? &e->raised : NULL, e->ok ? NULL : &e->fault);
	desk_act_free(e->act);
	free(e);
}

void desk_raise(struct desk *desk, const struct manual_alert *alert,
    void (*on_done)(void *, const struct manual_raised *, const struct fault *), void *arg)
{
	struct fault fault = { 0 };
	if (desk_may_not(desk, &fault)) {
		on_done(arg, NULL, &fault);
		return;
	}
	struct raise_errand *e = mem_zalloc(sizeof *e);
	*e = (struct raise_errand){ .job = { .work = raise_work, .done = on_raised, .promised = true }, .desk = desk, .act = desk_act_new(1), .alert = *alert, .on_done = on_done, .arg = arg };
	struct arena *arena = &e->act->arena;
	struct manual_alert *a = &e->alert;
	a->title = arena_strdup(arena, a->title);
	a->subject = arena_strdup(arena, a->subject);
	a->location = arena_strdup(arena, a->location);
	a->note = arena_strdup(arena, a->note);
	a->who = desk->user;
	a->now_ms = clock_real_ms();
	lane_submit(desk->lane, &e->job);
}

/* ---- a step of the playbook --------------------------------------------------------------- */

struct step_errand {
	struct job job;
	struct desk *desk;
	struct done_act *act;
	struct step_order order; /* text in its arena */
	bool ok;
	struct fault fault;
	done_fn *on_done;
	void *arg;
};

static bool swap_step(struct desk *desk, struct done_act *act, bool redo, int64_t now_ms, struct triage_result *result, struct fault *fault)
{
	UNUSED(redo);
	return desk_swapped(store_step_swap(desk->store, act->other, desk->user, now_ms, fault), result, fault);
}

static void step_work(struct job *job)
{
	struct step_errand *e = (struct step_errand *)job;
	e->order.now_ms = clock_real_ms();
	e->ok = store_step(e->desk->store, &e->order, e->act->other, &e->fault);
}

static void on_stepped(struct job *job, bool cancelled)
{
	struct step_errand *e = (struct step_errand *)job;
	if (!cancelled && e->ok) {
		desk_act_done(e->desk, e->act);
		e->act = NULL;
		e->desk->on_changed(e->desk->changed_arg);
	}
	if (!cancelled && e->on_done != NULL)
		e->on_done(e->arg, e->ok, !e->ok, e->ok ? NULL : &e->fault);
	desk_act_free(e->act);
	free(e);
}

void desk_step(struct desk *desk, int64_t alert_id, const char *step, bool done, done_fn *on_done, void *arg)
{
	if (desk_refuse(desk, 1, on_done, arg))
		return;
	struct step_errand *e = mem_zalloc(sizeof *e);
	struct done_act *act = desk_act_new(1);
	act->swap = swap_step;
	act->other = arena_zalloc(&act->arena, sizeof(struct step_before));
	snprintf(act->name, sizeof act->name, done ? _("tick a step of #%lld") : _("open a step of #%lld again"), (long long)alert_id);
	*e = (struct step_errand){ .job = { .work = step_work, .done = on_stepped, .promised = true }, .desk = desk, .act = act,
		.order = { alert_id, arena_strdup(&act->arena, step), done, desk->user, 0 }, .on_done = on_done, .arg = arg };
	lane_submit(desk->lane, &e->job);
}

/* ---- who looks at what ------------------------------------------------------------------ */

struct view_errand {
	struct job job;
	struct desk *desk;
	int64_t alert_id;
};

static void view_work(struct job *job)
{
	struct view_errand *e = (struct view_errand *)job;
	struct fault fault;
	if (!viewer_put(e->desk->store, e->desk->console, e->desk->user, e->alert_id, clock_real_ms(), &fault))
		log_unusual("%s", fault.text); /* the next renewal says it again */
}

static void on_viewed(struct job *job, bool cancelled)
{
	UNUSED(cancelled);
	free(job);
}

void desk_name_console(struct desk *desk, const char *name)
{
	desk->console = name;
}

void desk_view(struct desk *desk, int64_t alert_id)
{
	if (desk->read_only || desk->console == NULL || desk->lane == NULL)
		return;
	struct view_errand *e = mem_zalloc(sizeof *e);
	/* That nothing is open any more is told also on the way out. */
	*e = (struct view_errand){ .job = { .work = view_work, .done = on_viewed, .promised = alert_id == 0 }, .desk = desk, .alert_id = alert_id };
	lane_submit(desk->lane, &e->job);
}
