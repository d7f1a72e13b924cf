/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/keep.h"

#include <stdlib.h>

#include "base/log.h"
#include "base/mem.h"
#include "net/lane.h"
#include "ui/filter_file.h"
#include "ui/screen.h"

struct keep {
	struct lane *lane;
	struct screen *screen;
	char *filters_file;
	void (*on_closed)(void *arg);
	void *arg;
};

struct keep *keep_new(uv_loop_t *loop, const char *filters_file)
{
	struct keep *keep = mem_zalloc(sizeof *keep);
	keep->lane = lane_new(loop);
	keep->filters_file = mem_strdup(filters_file);
	return keep;
}

void keep_tell(struct keep *keep, struct screen *screen)
{
	keep->screen = screen;
}

/* ---- errands ------------------------------------------------------------------------ */

struct errand_job {
	struct job job;
	struct keep *keep;
	struct errand *errand;
};

static void errand_work(struct job *job)
{
	struct errand *errand = ((struct errand_job *)job)->errand;
	errand->work(errand);
}

static void errand_done(struct job *job, bool cancelled)
{
	struct errand_job *run = (struct errand_job *)job;
	run->errand->done(run->errand, cancelled ? NULL : run->keep->screen);
	free(run);
}

void keep_errand(void *arg, struct errand *errand)
{
	struct keep *keep = arg;
	struct errand_job *run = mem_zalloc(sizeof *run);
	*run = (struct errand_job){ .job = { .work = errand_work, .done = errand_done, .promised = errand->promised },
		.keep = keep,
		.errand = errand };
	lane_submit(keep->lane, &run->job);
}

/* ---- filters -------------------------------------------------------------------------- */

struct filter_errand {
	struct errand errand;
	bool last;
	char *path, *name, *source;
	struct fault fault;
};

static void filter_work(struct errand *errand)
{
	struct filter_errand *filter = (struct filter_errand *)errand;
	if (!filter_file_put(filter->path, filter->last, filter->name, filter->source, &filter->fault))
		log_unusual("%s", filter->fault.text);
}

static void filter_done(struct errand *errand, struct screen *screen)
{
	struct filter_errand *filter = (struct filter_errand *)errand;
	if (screen != NULL && filter->fault.code != FAULT_NONE)
		screen_message(screen, ROLE_ERROR, _("not kept: %s"), filter->fault.text);
	free(filter->path);
	free(filter->name);
	free(filter->source);
	free(filter);
}

/* Promised: the person was told that it is saved. */
void keep_filter(void *arg, bool last, const char *name, const char *source)
{
	struct keep *keep = arg;
	if (keep->filters_file == NULL)
		return;
	struct filter_errand *filter = mem_zalloc(sizeof *filter);
	*filter = (struct filter_errand){ .errand = { .work = filter_work, .done = filter_done, .promised = true },
		.last = last,
		.path = mem_strdup(keep->filters_file),
		.name = mem_strdup(name),
		.source = mem_strdup(source) };
	keep_errand(keep, &filter->errand);
}

/* ---- the end --------------------------------------------------------------------------- */

static void on_lane_closed(void *arg)
{
	struct keep *keep = arg;
	void (*on_closed)(void *) = keep->on_closed;
	void *closed_arg = keep->arg;
	free(keep->filters_file);
	free(keep);
	on_closed(closed_arg);
}

void keep_close(struct keep *keep, void (*on_closed)(void *arg), void *arg)
{
	keep->screen = NULL;
	keep->on_closed = on_closed;
	keep->arg = arg;
	lane_close(keep->lane, on_lane_closed, keep);
}
