/* SPDX-License-Identifier: Apache-2.0 */
#include "watch/tenure.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "store/lease_rows.h"

#define SPARED 30 /* looks: a minute */

static bool take(struct tenure_look *look, struct store *store, const char *me, int64_t now_ms, struct fault *fault)
{
	if (!lease_take(store, me, now_ms, now_ms + TENURE_LEASE_MS, &look->mine, &look->taken_over, fault))
		return false;
	if (look->mine)
		snprintf(look->holder, sizeof look->holder, "%s", me);
	return true;
}

void tenure_name(const char *user, char me[static 128])
{
	char host[64] = "";
	gethostname(host, sizeof host - 1);
	snprintf(me, 128, "%.50s@%.50s:%ld", user, host, (long)getpid());
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
	t->anew = t->guard->warming = false;
	t->fresh = !cancelled && p->ok && !p->more && t->holds;
	if (!cancelled && !t->stopping)
		t->on_read(t->arg, p->ok ? NULL : &p->fault);
	free(p);
}

static void read_back(struct tenure *t)
{
	struct piece *p = mem_zalloc(sizeof *p);
	*p = (struct piece){ .job = { .work = piece_work, .done = on_piece, .gives_way = true }, .tenure = t, .first = true };
	t->guard->warming = true;
	lane_submit(t->store_lane, &p->job);
}

void tenure_settle(struct tenure *t, const struct tenure_look *look)
{
	/* While it was not ours, somebody else may have collected. */
	t->fresh = t->fresh && look->mine && !look->taken_over;
	t->anew = t->guard->warming && (t->anew || look->taken_over);
	t->holds = look->mine;
	if (look->take)
		t->denied = look->denied;
	if (look->denied.code != FAULT_NONE)
		t->n_spared = SPARED;
	snprintf(t->holder, sizeof t->holder, "%s", look->holder);
	if (t->holds && !t->fresh && !t->guard->warming && !t->stopping)
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

/* ---- the end ------------------------------------------------------------------ */

struct farewell {
	struct job job;
	struct tenure *tenure;
	const char *me;
	void (*on_ended)(void *arg);
	void *arg;
};

static void give_work(struct job *job)
{
	struct farewell *f = (struct farewell *)job;
	struct fault ignored;
	/* Only what is done on the loop after a look changes it, and no look is under way here. */
	if (f->tenure->holds)
		(void)!lease_give(f->tenure->guard->store, f->me, &ignored);
}

static void on_given(struct job *job, bool cancelled)
{
	struct farewell *f = (struct farewell *)job;
	UNUSED(cancelled);
	void (*on_ended)(void *) = f->on_ended;
	void *arg = f->arg;
	free(f);
	on_ended(arg);
}

void tenure_end(struct tenure *t, const char *me, void (*on_ended)(void *arg), void *arg)
{
	struct farewell *f = mem_zalloc(sizeof *f);
	*f = (struct farewell){ .job = { .work = give_work, .done = on_given }, .tenure = t, .me = me, .on_ended = on_ended, .arg = arg };
	lane_submit(t->store_lane, &f->job);
}
