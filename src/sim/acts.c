/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/acts.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "sim/rng.h"

void shape_act(struct shaping *sh, const struct sim_act *act)
{
	if (!sh->wants_acts || act->at_ms < sh->day * DAY_MS || act->at_ms >= (sh->day + 1) * DAY_MS)
		return;
	sh->acts = mem_grow(sh->acts, sh->n_acts, &sh->acts_capacity, sizeof *sh->acts);
	struct sim_act *kept = &sh->acts[sh->n_acts++];
	*kept = *act;
	const char **const texts[] = { &kept->setting, &kept->was, &kept->became };
	for (size_t i = 0; i < COUNT_OF(texts); i++)
		*texts[i] = arena_strdup(sh->arena, *texts[i] == NULL ? "" : *texts[i]);
	kept->key = rng_key(sh->seed ^ 0xAC75, (uint64_t)act->at_ms, (uint64_t)(int64_t)act->target);
}

/* What is done on any working day. */
static const struct sim_act usual[] = {
	{ .category = "LOGINS", .description = "An administrator signed in", .operation = "LOGIN", .target = -1 },
	{ .category = "USERS", .description = "User updated", .operation = "UPDATE", .setting = "department", .was = "Operaciones", .became = "Canales" },
	{ .category = "LICENSE", .description = "License assigned", .operation = "UPDATE", .setting = "Webex Calling Professional", .became = "assigned" },
	{ .category = "WEBEX_CALLING", .description = "User call settings changed", .operation = "UPDATE", .setting = "Voicemail", .was = "off", .became = "on" },
	{ .category = "DEVICES", .description = "Device added", .operation = "CREATE", .setting = "Cisco 9861" },
	{ .category = "WEBEX_CALLING", .description = "User call settings changed", .operation = "UPDATE", .setting = "Call forwarding when busy", .was = "off", .became = "voicemail" },
};

static void ordinary_day(struct shaping *sh)
{
	struct rng rng = rng_for(sh->seed ^ 0xAD17, (uint64_t)sh->day, 0);
	bool weekend = (sh->day + 3) % 7 >= 5; /* 1970-01-01 was a Thursday */
	int64_t n = weekend ? rng_between(&rng, 0, 1) : rng_between(&rng, 3, 9);
	for (int64_t i = 0; i < n; i++) {
		struct sim_act act = usual[i == 0 ? 0 : rng_below(&rng, COUNT_OF(usual))];
		/* Office hours of Bogotá. */
		act.at_ms = sh->day * DAY_MS + 13 * HOUR_MS + rng_below(&rng, 9 * HOUR_MS);
		int someone = (int)rng_below(&rng, (int64_t)sh->org->n_people);
		act.target = act.target == -1 || sh->org->people[someone].is_place ? -1 : someone;
		shape_act(sh, &act);
	}
}

static int by_time(const void *a, const void *b)
{
	const struct sim_act *x = a, *y = b;
	if (x->at_ms != y->at_ms)
		return x->at_ms < y->at_ms ? -1 : 1;
	return (x->key > y->key) - (x->key < y->key);
}

void traffic_acts(const struct traffic *traffic, int64_t day, struct sim_acts *out)
{
	memset(out, 0, sizeof *out);
	arena_init(&out->arena);
	struct shaping sh = { .day = day, .arena = &out->arena, .without_calls = true, .wants_acts = true };
	traffic_stage(traffic, &sh);
	ordinary_day(&sh);
	free(sh.legs); /* of the incidents' calls: nobody asks for them here */
	free(sh.calls);
	out->items = sh.acts;
	out->n = sh.n_acts;
	if (out->n > 1)
		qsort(out->items, out->n, sizeof *out->items, by_time);
}

void sim_acts_free(struct sim_acts *acts)
{
	free(acts->items);
	arena_clear(&acts->arena);
	memset(acts, 0, sizeof *acts);
}
