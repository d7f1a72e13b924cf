/* SPDX-License-Identifier: Apache-2.0
 *
 * The desk: a change of the rules. */
#include <stdlib.h>

#include "base/mem.h"
#include "watch/desk_inside.h"
#include "watch/tune.h"

struct tune_errand {
	struct job job;
	struct desk *desk;
	struct arena arena; /* holds what is written: another trial may come meanwhile */
	int64_t alert_id, for_ms;
	struct tuning_offer offer;
	bool ok;
	struct fault fault;
	done_fn *on_done;
	void *arg;
};

static void tune_work(struct job *job)
{
	struct tune_errand *e = (struct tune_errand *)job;
	struct tune_order order = { e->alert_id, e->desk->user, clock_real_ms(), e->for_ms };
	e->ok = tune_accept(e->desk->store, e->desk->rules->own_folder, &order, &e->offer, &e->fault);
}

static void on_tuned(struct job *job, bool cancelled)
{
	struct tune_errand *e = (struct tune_errand *)job;
	if (!cancelled && e->ok)
		e->desk->on_changed(e->desk->changed_arg);
	if (!cancelled && e->on_done != NULL)
		e->on_done(e->arg, e->ok, !e->ok, e->ok ? NULL : &e->fault);
	arena_clear(&e->arena);
	free(e);
}

void desk_tune(struct desk *desk, const struct tuning *tuning, size_t i, int64_t for_ms, done_fn *on_done, void *arg)
{
	assert(i < tuning->n);
	if (desk_refuse(desk, 1, on_done, arg))
		return;
	struct tune_errand *e = mem_zalloc(sizeof *e);
	*e = (struct tune_errand){ .job = { .work = tune_work, .done = on_tuned, .promised = true }, .desk = desk, .alert_id = tuning->alert_id, .for_ms = for_ms, .offer = tuning->offers[i], .on_done = on_done, .arg = arg };
	arena_init(&e->arena);
	struct tuning_proposal *p = &e->offer.proposal;
	p->name = arena_strdup(&e->arena, p->name);
	p->yaml = arena_strdup(&e->arena, p->yaml);
	p->text_en = arena_strdup(&e->arena, p->text_en);
	p->text_es = arena_strdup(&e->arena, p->text_es);
	lane_submit(desk->lane, &e->job);
}
