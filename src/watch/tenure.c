/* SPDX-License-Identifier: Apache-2.0 */
#include "watch/tenure.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "store/lease_rows.h"

#define SPARED 30 /* looks: a minute */

static bool take(struct tenure_look *look, struct store *store, const char *me, int64_t now_ms, struct fault *fault)
{
	int64_t until_ms = now_ms + TENURE_LEASE_MS;
	if (!lease_keep(store, me, until_ms, &look->mine, fault))
		return false;
	if (look->mine)
		return snprintf(look->holder, sizeof look->holder, "%s", me) > 0;
	bool ok = lease_take(store, me, now_ms, until_ms, &look->mine, look->holder, fault);
	look->taken_over = look->mine;
	return ok;
}

bool tenure_may_ask(struct tenure *t)
{
	return t->n_spared == 0 || --t->n_spared == 0;
}

bool tenure_look(struct tenure_look *look, struct store *store, const char *me, int64_t now_ms, struct fault *fault)
{
	look->mine = look->taken_over = false;
	bool ok = !look->take || take(look, store, me, now_ms, fault);
	if (!ok && fault->code != FAULT_READ_ONLY)
		return false;
	if (!ok)
		look->denied = *fault;
	if (look->mine)
		return true;
	return (!look->give || lease_give(store, me, fault)) && lease_look(store, now_ms, look->holder, fault);
}

/* ---- reading back ------------------------------------------------------------- */

struct piece {
	struct job job;
	struct tenure *tenure;
	bool first, more, ok;
	struct fault fault;
};

static void piece_work(struct job *job)
{
	struct piece *p = (struct piece *)job;
	struct guard *guard = p->tenure->guard;
	p->ok = p->first ? guard_warm_begin(guard, &p->fault) : guard_warm_on(guard, &p->more, &p->fault);
	p->more |= p->first;
}

static void on_piece(struct job *job, bool cancelled)
{
	struct piece *p = (struct piece *)job;
	struct tenure *t = p->tenure;
	if (!cancelled && p->ok && (p->more || t->anew) && t->holds && !t->stopping) {
		p->first = t->anew;
		p->more = t->anew = false;
		lane_submit(t->store_lane, &p->job);
		return;
	}
	/* Whoever lost it meanwhile begins anew another time. */
	t->reading = t->anew = t->guard->warming = false;
	t->fresh = !cancelled && p->ok && !p->more && t->holds;
	if (!cancelled && !t->stopping)
		t->on_read(t->arg, p->ok ? NULL : &p->fault);
	free(p);
}

static void read_back(struct tenure *t)
{
	struct piece *p = mem_zalloc(sizeof *p);
	*p = (struct piece){ .job = { .work = piece_work, .done = on_piece, .gives_way = true }, .tenure = t, .first = true };
	t->reading = t->guard->warming = true;
	lane_submit(t->store_lane, &p->job);
}

void tenure_settle(struct tenure *t, const struct tenure_look *look)
{
	/* While it was not ours, somebody else may have collected. */
	t->fresh = t->fresh && look->mine && !look->taken_over;
	t->anew = t->reading && (t->anew || look->taken_over);
	t->holds = look->mine;
	if (look->take)
		t->denied = look->denied;
	if (look->denied.code != FAULT_NONE)
		t->n_spared = SPARED;
	snprintf(t->holder, sizeof t->holder, "%s", look->holder);
	if (t->holds && !t->fresh && !t->reading && !t->stopping)
		read_back(t);
}

bool tenure_collects(const struct tenure *t)
{
	return t->holds && t->fresh;
}

bool tenure_show(const struct tenure *t, struct health *h)
{
	bool mine = tenure_collects(t);
	const char *holder = t->holds && !mine ? "" : t->holder;
	bool news = h->lease_mine != mine || strcmp(h->lease_holder, holder) != 0;
	h->lease_mine = mine;
	snprintf(h->lease_holder, sizeof h->lease_holder, "%s", holder);
	return news;
}

void tenure_end(struct tenure *t, const char *me)
{
	struct fault ignored;
	if (t->holds)
		(void)!lease_give(t->guard->store, me, &ignored);
}
