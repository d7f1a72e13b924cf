/* SPDX-License-Identifier: Apache-2.0
 *
 * Days merged in order of arrival. A day's records arrive until
 * SIM_HORIZON_DAYS later, so that many days are in memory at once and no more. */
#include "sim/export.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "sim/legs.h"

void sim_page_json(struct text *out, const struct sim_leg *const *legs, size_t n,
    const struct sim_org *org)
{
	text_puts(out, "{\"items\":[");
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			text_putc(out, ',');
		sim_leg_write(legs[i], org, out);
	}
	text_puts(out, "]}");
}

struct window {
	struct sim_legs days[SIM_HORIZON_DAYS + 1];
	size_t at[SIM_HORIZON_DAYS + 1]; /* next to be written */
	size_t n;
};

/* The earliest of the days' next legs, or NULL. */
static const struct sim_leg *next_leg(struct window *w, int64_t before_ms)
{
	const struct sim_leg *best = NULL;
	size_t of = 0;
	for (size_t i = 0; i < w->n; i++) {
		if (w->at[i] == w->days[i].n)
			continue;
		const struct sim_leg *leg = w->days[i].order[w->at[i]];
		if (leg->insert_ms < before_ms && (!best || leg->insert_ms < best->insert_ms)) {
			best = leg;
			of = i;
		}
	}
	if (best)
		w->at[of]++;
	return best;
}

#define BLOCK_BYTES (1u << 20) /* lines are gathered to so much before they are written */

static bool flush(struct text *block, int fd)
{
	for (size_t done = 0; done < block->n;) {
		ssize_t n = write(fd, block->bytes + done, block->n - done);
		if (n < 0 && errno != EINTR)
			return false;
		done += n < 0 ? 0 : (size_t)n;
	}
	text_reset(block);
	return true;
}

static bool write_leg(const struct sim_leg *leg, const struct sim_org *org, struct text *block, int cdrs,
    FILE *labels)
{
	sim_leg_write(leg, org, block);
	text_putc(block, '\n');
	if (block->n >= BLOCK_BYTES && !flush(block, cdrs))
		return false;
	if (!leg->scenario)
		return true;
	char id[SIM_UUID_BYTES];
	return fprintf(labels, "%s,%s,%s\n", sim_uuid(leg->report, id), leg->scenario, leg->kind) > 0;
}

static FILE *create(const char *dir, const char *name, struct fault *fault)
{
	char *path = mem_printf("%s/%s", dir, name);
	FILE *file = fopen(path, "wb");
	if (!file)
		fault_set(fault, FAULT_SYSTEM, "%s cannot be written: %s", path, strerror(errno));
	free(path);
	return file;
}

bool sim_export(const char *dir, const struct traffic_options *options, int days, struct fault *fault)
{
	struct traffic *traffic = NULL;
	if (days < 1 || days > 3660)
		return fault_set(fault, FAULT_USAGE, "an export has 1 to 3660 days, not %d", days);
	if (mkdir(dir, 0777) != 0 && errno != EEXIST)
		return fault_set(fault, FAULT_SYSTEM, "%s cannot be made: %s", dir, strerror(errno));
	if (!traffic_new(options, &traffic, fault))
		return false;
	FILE *cdrs = create(dir, "cdrs.jsonl", fault);
	FILE *labels = cdrs ? create(dir, "labels.csv", fault) : NULL;
	bool ok = cdrs && labels;
	struct window w = { .n = 0 };
	struct text block = { 0 };
	int64_t first = options->epoch_ms / DAY_MS;
	bool wrote = ok && fputs("report_id,scenario,kind\n", labels) >= 0;
	for (int64_t d = 0; wrote && d < days + SIM_HORIZON_DAYS; d++) {
		if (w.n == COUNT_OF(w.days)) { /* all of the oldest has arrived */
			sim_legs_free(&w.days[0]);
			memmove(w.days, w.days + 1, (w.n - 1) * sizeof *w.days);
			memmove(w.at, w.at + 1, (w.n - 1) * sizeof *w.at);
			w.n--;
		}
		if (d < days) {
			traffic_legs_only(traffic, first + d, &w.days[w.n]);
			w.at[w.n++] = 0;
		}
		const struct sim_leg *leg;
		int64_t before_ms = (first + d + 1) * DAY_MS;
		while (wrote && (leg = next_leg(&w, before_ms)) != NULL)
			wrote = write_leg(leg, traffic_org(traffic), &block, fileno(cdrs), labels);
		for (size_t i = 0; i < w.n; i++)
			if (w.at[i] > w.days[i].n / 4) {
				/* Of a day that is over, few late legs are still to be written. */
				sim_legs_drop(&w.days[i], w.at[i]);
				w.at[i] = 0;
			}
	}
	for (size_t i = 0; i < w.n; i++)
		sim_legs_free(&w.days[i]);
	/* A full disk shows when the last block is written. */
	wrote = wrote && flush(&block, fileno(cdrs));
	text_clear(&block);
	if (cdrs && fclose(cdrs) != 0)
		wrote = false;
	if (labels && fclose(labels) != 0)
		wrote = false;
	traffic_free(traffic);
	if (ok && !wrote)
		return fault_set(fault, errno == ENOSPC ? FAULT_FULL : FAULT_SYSTEM,
		    "the export to %s failed: %s", dir, strerror(errno));
	return ok;
}
