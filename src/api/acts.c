/* SPDX-License-Identifier: Apache-2.0
 *
 * Acts that can be taken back: each with its alerts as they were before it, under the
 * number of its last line in the audit log. They are kept while the service runs, the
 * newest of them. The store's lane owns them: what is undone there is what was done
 * there, one after the other. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/serve.h"
#include "base/mem.h"

#define ACTS_MAX   200
#define ALERTS_MAX 50000 /* of all of them: some 70 MB; the last act can always be undone */
#define SWAPS	   4	 /* so often in any case; each keeps what it took back */
#define RENAMED_MAX (8 * (size_t)ALERTS_MAX)

struct api_acts {
	struct api_act *items[ACTS_MAX]; /* oldest first */
	size_t n;
	struct map renamed; /* see store_swap */
};

struct api_acts *api_acts_new(void)
{
	return mem_zalloc(sizeof(struct api_acts));
}

void api_act_free(struct api_act *act)
{
	if (act == NULL)
		return;
	arena_clear(&act->arena);
	free(act);
}

void api_acts_free(struct api_acts *acts)
{
	for (size_t i = 0; i < acts->n; i++)
		api_act_free(acts->items[i]);
	map_clear(&acts->renamed);
	free(acts);
}

struct api_act *api_act_new(struct api_call *call, size_t n)
{
	struct api_act *act = mem_zalloc(sizeof *act);
	assert(call->act == NULL);
	arena_init(&act->arena);
	act->n = n;
	act->before = arena_zalloc(&act->arena, (n + 1) * sizeof *act->before);
	act->ids = arena_zalloc(&act->arena, (n + 1) * sizeof *act->ids);
	snprintf(act->who, sizeof act->who, "%s", call->caller.name);
	call->act = act;
	return act;
}

bool api_act_end(struct api_call *call, struct db *db, bool changed)
{
	if (changed)
		return db_ask_int(db, "SELECT max(seq) FROM audit", 0, &call->act->id, &call->fault);
	api_act_free(call->act);
	call->act = NULL;
	return true;
}

static void drop(struct api_acts *acts, size_t at)
{
	api_act_free(acts->items[at]);
	memmove(acts->items + at, acts->items + at + 1, (--acts->n - at) * sizeof *acts->items);
}

static size_t weight(const struct api_act *act)
{
	return act->n * (1 + act->n_swaps);
}

static void keep(struct api_acts *acts, struct api_act *act)
{
	size_t n_alerts = weight(act);
	bool full = acts->renamed.n > RENAMED_MAX; /* of acts that are long gone, mostly */
	for (size_t i = 0; i < acts->n; i++)
		n_alerts += weight(acts->items[i]);
	while (acts->n == ACTS_MAX || (acts->n > 0 && (full || n_alerts > ALERTS_MAX))) {
		n_alerts -= weight(acts->items[0]);
		drop(acts, 0);
	}
	if (full)
		map_clear(&acts->renamed);
	acts->items[acts->n++] = act;
}

static size_t place_of(const struct api_acts *acts, int64_t id)
{
	size_t at = 0;
	while (at < acts->n && acts->items[at]->id != id)
		at++;
	return at;
}

void api_acts_settle(struct api_call *call, bool committed)
{
	struct api_acts *acts = call->api->acts;
	if (committed && call->act != NULL)
		keep(acts, call->act);
	else
		api_act_free(call->act);
	call->act = NULL;
	/* It was put back in memory, and not in the store: it cannot be any more. */
	if (!committed && call->swapped != 0 && place_of(acts, call->swapped) < acts->n)
		drop(acts, place_of(acts, call->swapped));
}

/* ---- there and back ----------------------------------------------------------------------- */

json_t *api_failures(const struct api_act *act, bool *cut)
{
	json_t *out = json_array();
	*cut = false;
	for (size_t i = 0; i < act->n; i++) {
		if (act->before[i].why == NULL)
			continue;
		if (json_array_size(out) == FAILURES_MAX) {
			*cut = true;
			break;
		}
		json_array_append_new(out, json_pack("{s:I, s:s}", "id", (json_int_t)act->ids[i], "why", act->before[i].why));
	}
	return out;
}

static bool swap(struct api_call *call, struct store *store, bool redo)
{
	struct api_acts *acts = call->api->acts;
	size_t at = place_of(acts, call->id);
	struct triage_result result;
	bool cut;
	if (at == acts->n)
		return fault_set(&call->fault, FAULT_NOT_FOUND, "there is no act %lld to take back (any more)", (long long)call->id);
	struct api_act *act = acts->items[at];
	if (strcmp(act->who, call->caller.name) != 0 && call->caller.scope < SCOPE_LEAD)
		return fault_set(&call->fault, FAULT_FORBIDDEN, "act %lld is %s's: a lead may take it back", (long long)act->id, act->who);
	if (act->undone != redo)
		return fault_set(&call->fault, FAULT_CONFLICT, redo ? "act %lld stands" : "act %lld was taken back already", (long long)act->id);
	if (act->n_swaps >= SWAPS && act->n_swaps * act->n >= ALERTS_MAX)
		return fault_set(&call->fault, FAULT_CONFLICT, "act %lld was taken back and done again %zu times: it stays as it is", (long long)act->id, act->n_swaps);
	if (act->raised && !redo) /* it is closed by this, now */
		act->before->alert.closed_ms = call->now_ms;
	if (!store_swap(store, act->before, act->n, redo ? AUDIT_REDO : AUDIT_UNDO, call->caller.name, call->now_ms, &acts->renamed, &act->arena, &result, &call->fault))
		return false; /* in memory it is as it was */
	call->swapped = act->id;
	act->n_swaps++;
	if (result.n_done == 0) {
		call->fault = result.first;
		return false;
	}
	act->undone = !redo;
	json_t *failures = api_failures(act, &cut);
	api_put_json(call, json_pack("{s:I, s:b, s:I, s:I, s:o, s:b}", "act_id", (json_int_t)act->id, "undone", act->undone, "done", (json_int_t)result.n_done, "failed",
	    (json_int_t)result.n_failed, "failures", failures, "failures_cut", cut));
	return true;
}

bool api_act_undo(struct api_call *call, struct store *store)
{
	return swap(call, store, false);
}

bool api_act_redo(struct api_call *call, struct store *store)
{
	return swap(call, store, true);
}
