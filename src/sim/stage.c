/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/stage.h"

#include <stdlib.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "sim/traffic.h"

#define DAYS 8 /* of the scenario: a week and a day */

struct cue {
	int64_t insert_ms;
	struct act act;
};

static int by_arrival(const void *a, const void *b)
{
	const struct cue *x = a, *y = b;
	if (x->insert_ms != y->insert_ms)
		return x->insert_ms < y->insert_ms ? -1 : 1;
	return (x->act.order > y->act.order) - (x->act.order < y->act.order);
}

bool sim_stage(const char *scenario, const char *data_folder, int64_t epoch_ms, struct attack *out, struct fault *fault)
{
	struct traffic *traffic;
	struct traffic_options options = { .seed = 7, .n_users = 300, .scenario = scenario,
		.data_folder = data_folder, .epoch_ms = epoch_ms };
	if (!traffic_new(&options, &traffic, fault))
		return false;
	*out = (struct attack){ 0 };
	arena_init(&out->arena);
	struct cue *cues = NULL;
	size_t n = 0, room = 0;
	for (int d = 0; d < DAYS; d++) {
		struct sim_day day;
		traffic_day(traffic, epoch_ms / DAY_MS + d, &day);
		for (size_t i = 0; i < day.n_records; i++) {
			const struct sim_record *record = &day.records[i];
			if (record->scenario == NULL)
				continue;
			cues = mem_grow(cues, n, &room, sizeof *cues);
			cues[n] = (struct cue){ record->insert_ms, { arena_strndup(&out->arena, record->json, record->n_json),
			    record->n_json, arena_strdup(&out->arena, record->scenario), arena_strdup(&out->arena, record->kind), n } };
			n++;
		}
		sim_day_free(&day);
	}
	traffic_free(traffic);
	if (n > 0)
		qsort(cues, n, sizeof *cues, by_arrival);
	out->acts = arena_alloc(&out->arena, (n + 1) * sizeof *out->acts);
	out->n = n;
	for (size_t i = 0; i < n; i++)
		out->acts[i] = cues[i].act;
	free(cues);
	if (n > 0)
		return true;
	arena_clear(&out->arena);
	return fault_set(fault, FAULT_INPUT, "%s", _("nothing happens in the first eight days of this scenario"));
}
