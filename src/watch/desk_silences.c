/* SPDX-License-Identifier: Apache-2.0
 *
 * Silences at the desk: begun, extended, ended. */
#include <stdio.h>
#include <stdlib.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "store/silence_rows.h"
#include "watch/desk_inside.h"
#include "watch/exceptions.h"

struct silence_errand {
	struct job job;
	struct desk *desk;
	struct done_act *done;
	struct silence_act act; /* texts in its arena */
	int64_t number;
	bool ok;
	struct fault fault;
	void (*on_done)(void *arg, int64_t number, const struct fault *fault);
	void *arg;
};

/* ---- and back --------------------------------------------------------------------------- */

static bool swap_silence(struct desk *desk, struct done_act *act, bool redo, int64_t now_ms, struct triage_result *result, struct fault *fault)
{
	return desk_swapped(store_silence_swap(desk->store, act->other, redo ? AUDIT_REDO : AUDIT_UNDO, desk->user, now_ms, fault), result, fault);
}

static bool swap_exception(struct desk *desk, struct done_act *act, bool redo, int64_t now_ms, struct triage_result *result, struct fault *fault)
{
	return desk_swapped(exception_swap(desk->store, desk->rules, act->other, redo ? AUDIT_REDO : AUDIT_UNDO, desk->user, now_ms, fault), result, fault);
}

/* Of a new one its end is the way back, whenever that is. */
static struct silence_before *take_back(const struct silence_act *act, int64_t id, struct arena *arena)
{
	struct silence_before *before = arena_zalloc(arena, sizeof *before);
	*before = (struct silence_before){ .kind = act->kind, .id = id, .was = { 0, SILENCE_ENDED_THEN }, .stands = { act->until_ms, 0 } };
	return before;
}

static void name_it(struct done_act *done, const struct silence_act *act, int64_t id)
{
	char ref[SILENCE_REF_BYTES];
	silence_ref(act->kind, id, ref);
	switch (act->deed) {
	case SILENCE_BEGIN:
		snprintf(done->name, sizeof done->name, _("begin silence %s"), ref);
		break;
	case SILENCE_END:
		snprintf(done->name, sizeof done->name, _("end silence %s"), ref);
		break;
	case SILENCE_EXTEND:
		snprintf(done->name, sizeof done->name, _("extend silence %s"), ref);
		break;
	}
}

/* ---- done ------------------------------------------------------------------------------- */

static void silence_work(struct job *job)
{
	struct silence_errand *e = (struct silence_errand *)job;
	struct store *store = e->desk->store;
	const struct silence_act *a = &e->act;
	struct arena *arena = &e->done->arena;
	struct silence_order order = { a->kind, a->filter, a->reason, e->desk->user, a->begin_ms, a->until_ms, a->now_ms };
	if (a->kind == SILENCE_EXCEPTION) {
		struct exception_order until = { a->id, e->desk->user, a->deed == SILENCE_END ? a->now_ms : a->until_ms, a->now_ms };
		struct exception_before *file = arena_zalloc(arena, sizeof *file);
		file->arena = arena;
		e->done->swap = swap_exception;
		e->done->other = file;
		e->ok = exception_until(store, e->desk->rules, &until, &e->number, file, &e->fault);
		return;
	}
	struct silence_before *before = arena_zalloc(arena, sizeof *before);
	before->arena = arena;
	switch (a->deed) {
	case SILENCE_BEGIN:
		e->ok = store_silence_begin(store, &order, &e->number, &e->fault);
		before = take_back(a, e->number, arena);
		break;
	case SILENCE_END:
		e->ok = store_silence_end(store, a->kind, a->id, e->desk->user, a->now_ms, &e->number, before, &e->fault);
		break;
	case SILENCE_EXTEND:
		e->ok = store_silence_extend(store, a->kind, a->id, e->desk->user, a->until_ms, a->now_ms, before, &e->fault);
		break;
	}
	if (before->alert != NULL) { /* it stands on an alert's row */
		*e->done->before = *before->alert;
		return;
	}
	e->done->swap = swap_silence;
	e->done->other = before;
}

static void on_silence(struct job *job, bool cancelled)
{
	struct silence_errand *e = (struct silence_errand *)job;
	if (!cancelled && e->ok) {
		name_it(e->done, &e->act, e->act.deed == SILENCE_BEGIN ? e->number : e->act.id);
		desk_act_done(e->desk, e->done);
		e->done = NULL;
		e->desk->on_changed(e->desk->changed_arg);
	}
	if (!cancelled)
		e->on_done(e->arg, e->number, e->ok ? NULL : &e->fault);
	desk_act_free(e->done);
	free(e);
}

void desk_silence(struct desk *desk, const struct silence_act *act, void (*on_done)(void *, int64_t, const struct fault *), void *arg)
{
	struct fault fault = { 0 };
	if (desk_may_not(desk, &fault)) {
		on_done(arg, 0, &fault);
		return;
	}
	struct silence_errand *e = mem_zalloc(sizeof *e);
	*e = (struct silence_errand){ .job = { .work = silence_work, .done = on_silence, .promised = true }, .desk = desk, .done = desk_act_new(1), .act = *act, .on_done = on_done, .arg = arg };
	e->act.filter = arena_strdup(&e->done->arena, act->filter == NULL ? "" : act->filter);
	e->act.reason = arena_strdup(&e->done->arena, act->reason == NULL ? "" : act->reason);
	lane_submit(desk->lane, &e->job);
}
