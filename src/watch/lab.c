/* SPDX-License-Identifier: Apache-2.0 */
#include "watch/lab.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "watch/replay.h"
#include "watch/tune.h"

struct lab {
	/* The loop's. */
	struct trial_options options;
	stage_fn stage;
	const struct clock *clock;
	struct lab_trial trial;
	uint64_t version;
	struct replay_result *replayed;
	struct rehearsal *rehearsed;
	struct tuning *tuned;
	uv_async_t news; /* of the thread: more is done, or all */
	uv_thread_t thread;
	bool closing;
	void (*on_closed)(void *);
	void *closed_arg;
	/* The thread's, from the start of a trial until the loop has joined it. */
	int64_t until_ms;
	char who[64];
	union {
		struct replay_result replay;
		struct rehearsal rehearsal;
		struct tuning tuning;
	} made;
	bool ok;
	struct fault fault;
	/* Both's. */
	atomic_int percent;
	atomic_bool stop, ended;
};

/* ---- on the thread --------------------------------------------------------------- */

static bool on_progress(void *arg, double share)
{
	struct lab *lab = arg;
	int percent = MIN((int)(share * 100), 99);
	if (atomic_exchange(&lab->percent, percent) != percent)
		uv_async_send(&lab->news);
	return !atomic_load(&lab->stop);
}

static bool still_wanted(void *arg)
{
	return !atomic_load(&((struct lab *)arg)->stop);
}

static void run_trial(void *arg)
{
	struct lab *lab = arg;
	struct trial_options options = lab->options;
	options.goes_on = still_wanted;
	options.goes_on_arg = lab;
	/* The loop writes to it meanwhile, but not to what is read here. */
	const struct lab_trial *trial = &lab->trial;
	switch (trial->kind) {
	case LAB_REPLAY: {
		if (trial->folder[0] != '\0') {
			options.rules.rules_folder = trial->folder;
			options.rules.own_folder = NULL;
		}
		struct replay_options replay = { .trial = options, .since_ms = trial->since_ms, .until_ms = lab->until_ms, .on_progress = on_progress, .arg = lab };
		lab->ok = replay_run(&replay, &lab->made.replay, &lab->fault);
		break;
	}
	case LAB_REHEARSAL: {
		struct rehearse_options rehearse = { .trial = options, .scenario = trial->scenario, .stage = lab->stage, .on_progress = on_progress, .arg = lab };
		lab->ok = rehearse_run(&rehearse, &lab->made.rehearsal, &lab->fault);
		break;
	}
	case LAB_TUNING: {
		struct tune_options tune = { .trial = options, .alert_id = trial->alert_id, .until_ms = lab->until_ms, .who = lab->who, .now_ms = clock_real_ms(), .on_progress = on_progress, .arg = lab };
		lab->ok = tune_run(&tune, &lab->made.tuning, &lab->fault);
		break;
	}
	}
	atomic_store(&lab->ended, true);
	uv_async_send(&lab->news);
}

/* ---- on the loop ------------------------------------------------------------------- */

static void drop_replay(struct lab *lab)
{
	if (lab->replayed != NULL)
		replay_result_clear(lab->replayed);
	free(lab->replayed);
	lab->replayed = NULL;
}

static void drop_rehearsal(struct lab *lab)
{
	if (lab->rehearsed != NULL)
		rehearsal_clear(lab->rehearsed);
	free(lab->rehearsed);
	lab->rehearsed = NULL;
}

static void take_replay(struct lab *lab)
{
	if (lab->made.replay.stopped) {
		lab->trial.state = LAB_CANCELLED;
		replay_result_clear(&lab->made.replay);
		return;
	}
	drop_replay(lab);
	snprintf(lab->made.replay.folder, sizeof lab->made.replay.folder, "%s", lab->trial.folder);
	lab->replayed = mem_dup(&lab->made.replay, sizeof lab->made.replay);
	lab->trial.state = LAB_DONE;
}

static void take_rehearsal(struct lab *lab)
{
	if (lab->made.rehearsal.stopped) {
		lab->trial.state = LAB_CANCELLED;
		rehearsal_clear(&lab->made.rehearsal);
		return;
	}
	drop_rehearsal(lab);
	lab->rehearsed = mem_dup(&lab->made.rehearsal, sizeof lab->made.rehearsal);
	lab->trial.state = LAB_DONE;
}

static void drop_tuning(struct lab *lab)
{
	if (lab->tuned != NULL)
		tuning_clear(lab->tuned);
	free(lab->tuned);
	lab->tuned = NULL;
}

static void take_tuning(struct lab *lab)
{
	if (lab->made.tuning.stopped) {
		lab->trial.state = LAB_CANCELLED;
		tuning_clear(&lab->made.tuning);
		return;
	}
	drop_tuning(lab);
	lab->tuned = mem_dup(&lab->made.tuning, sizeof lab->made.tuning);
	lab->trial.state = LAB_DONE;
}

static void on_news_closed(uv_handle_t *handle)
{
	struct lab *lab = handle->data;
	void (*on_closed)(void *) = lab->on_closed;
	void *arg = lab->closed_arg;
	drop_replay(lab);
	drop_rehearsal(lab);
	drop_tuning(lab);
	free(lab);
	if (on_closed != NULL)
		on_closed(arg);
}

static void on_news(uv_async_t *news)
{
	struct lab *lab = news->data;
	if (lab->trial.state != LAB_RUNNING)
		return; /* sent before the end, delivered after it */
	lab->trial.percent = atomic_load(&lab->percent);
	lab->version++;
	if (!atomic_load(&lab->ended))
		return;
	uv_thread_join(&lab->thread);
	if (!lab->ok) {
		lab->trial.state = LAB_FAILED;
		lab->trial.fault = lab->fault;
	} else {
		switch (lab->trial.kind) {
		case LAB_REPLAY: take_replay(lab); break;
		case LAB_REHEARSAL: take_rehearsal(lab); break;
		case LAB_TUNING: take_tuning(lab); break;
		}
	}
	if (lab->closing)
		uv_close((uv_handle_t *)&lab->news, on_news_closed);
}

struct lab *lab_new(uv_loop_t *loop, const struct trial_options *options, stage_fn stage, const struct clock *clock)
{
	struct lab *lab = mem_zalloc(sizeof *lab);
	lab->options = *options;
	lab->stage = stage;
	lab->clock = clock;
	uv_async_init(loop, &lab->news, on_news);
	lab->news.data = lab;
	return lab;
}

void lab_close(struct lab *lab, void (*on_closed)(void *), void *arg)
{
	lab->closing = true;
	lab->on_closed = on_closed;
	lab->closed_arg = arg;
	lab_cancel(lab);
	if (lab->trial.state != LAB_RUNNING)
		uv_close((uv_handle_t *)&lab->news, on_news_closed);
}

/* ---- board.h ------------------------------------------------------------------------- */

static bool begin(struct lab *lab, const struct lab_trial *trial)
{
	if (lab->trial.state == LAB_RUNNING || lab->closing)
		return false;
	lab->trial = *trial;
	lab->trial.state = LAB_RUNNING;
	lab->until_ms = clock_now_ms(lab->clock);
	lab->fault = (struct fault){ 0 };
	atomic_store(&lab->percent, 0);
	atomic_store(&lab->stop, false);
	atomic_store(&lab->ended, false);
	lab->version++;
	int error = uv_thread_create(&lab->thread, run_trial, lab);
	if (error != 0) {
		lab->trial.state = LAB_FAILED;
		fault_fill(&lab->trial.fault, FAULT_SYSTEM, "%s", uv_strerror(error));
	}
	return true;
}

bool lab_replay(struct lab *lab, int64_t since_ms, const char *folder)
{
	struct lab_trial trial = { .kind = LAB_REPLAY, .since_ms = since_ms };
	snprintf(trial.folder, sizeof trial.folder, "%s", folder);
	return begin(lab, &trial);
}

bool lab_rehearse(struct lab *lab, const char *scenario)
{
	struct lab_trial trial = { .kind = LAB_REHEARSAL };
	snprintf(trial.scenario, sizeof trial.scenario, "%s", scenario);
	return begin(lab, &trial);
}

bool lab_tune(struct lab *lab, int64_t alert_id, const char *who)
{
	if (lab->trial.state != LAB_RUNNING)
		snprintf(lab->who, sizeof lab->who, "%s", who);
	return begin(lab, &(struct lab_trial){ .kind = LAB_TUNING, .alert_id = alert_id });
}

void lab_cancel(struct lab *lab)
{
	lab->trial.cancelling = true;
	lab->version++;
	atomic_store(&lab->stop, true);
}

const struct lab_trial *lab_trial(const struct lab *lab)
{
	return &lab->trial;
}

uint64_t lab_version(const struct lab *lab)
{
	return lab->version;
}

const struct replay_result *lab_replayed(const struct lab *lab)
{
	return lab->replayed;
}

const struct tuning *lab_tuned(const struct lab *lab)
{
	return lab->tuned;
}

const struct rehearsal *lab_rehearsed(const struct lab *lab)
{
	return lab->rehearsed;
}
