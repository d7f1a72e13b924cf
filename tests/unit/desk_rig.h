/* SPDX-License-Identifier: Apache-2.0
 *
 * A desk at a store of its own, and answers that are waited for. */
#ifndef DESK_RIG_H
#define DESK_RIG_H

#include "acts_rig.h"

#include <uv.h>

#include "watch/desk.h"

struct answer {
	size_t n_done, n_failed, n_answers;
	char text[sizeof(((struct fault *)NULL)->text)];
};

struct rig {
	uv_loop_t loop;
	struct lane *lane;
	struct store *store;
	struct desk *desk;
	struct arena arena;
	size_t n_changes;
};

static void on_changed(void *arg)
{
	((struct rig *)arg)->n_changes++;
}

static void on_done(void *arg, size_t n_done, size_t n_failed, const struct fault *fault)
{
	struct answer *answer = arg;
	answer->n_done = n_done;
	answer->n_failed = n_failed;
	answer->n_answers++;
	snprintf(answer->text, sizeof answer->text, "%s", fault != NULL ? fault->text : "");
}

static inline void begin(struct rig *rig, size_t n_alerts, bool read_only)
{
	char address[256];
	*rig = (struct rig){ .store = rig_store(address) };
	REQUIRE(uv_loop_init(&rig->loop) == 0);
	rig->lane = lane_new(&rig->loop);
	rig->desk = desk_new(rig->store, rig->lane, NULL, "ana", read_only, on_changed, rig);
	arena_init(&rig->arena);
	rig_raise(rig->store, n_alerts);
}

static inline void end(struct rig *rig)
{
	CHECK(rig_chain_holds(rig->store));
	lane_close(rig->lane, NULL, NULL);
	uv_run(&rig->loop, UV_RUN_DEFAULT);
	CHECK_INT(uv_loop_close(&rig->loop), 0);
	desk_free(rig->desk);
	store_close(rig->store);
	arena_clear(&rig->arena);
}

static struct answer settle(struct rig *rig, struct answer *answer)
{
	uv_run(&rig->loop, UV_RUN_DEFAULT);
	CHECK_INT(answer->n_answers, 1);
	return *answer;
}

static inline struct answer act(struct rig *rig, enum triage_act what, size_t n)
{
	struct answer answer = { 0 };
	struct triage_order order = { .act = what, .note = "because", .resolution = RESOLUTION_FALSE_POSITIVE };
	int64_t ids[] = { 1, 2, 3, 4, 5 };
	desk_triage(rig->desk, ids, n, &order, on_done, &answer);
	return settle(rig, &answer);
}

static inline struct answer undo(struct rig *rig)
{
	struct answer answer = { 0 };
	desk_undo(rig->desk, on_done, &answer);
	return settle(rig, &answer);
}

static inline struct answer redo(struct rig *rig)
{
	struct answer answer = { 0 };
	desk_redo(rig->desk, on_done, &answer);
	return settle(rig, &answer);
}

static inline enum alert_state state(struct rig *rig, int64_t id)
{
	return rig_alert(rig->store, id, &rig->arena).state;
}

#endif
