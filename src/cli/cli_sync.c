/* SPDX-License-Identifier: Apache-2.0
 *
 * sync: what the console does in the background, in the foreground. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/log.h"
#include "cli/cli.h"
#include "cli/print.h"
#include "watch/watch.h"

#define LOOK_MS	  100
#define PATIENCE_MS 15000 /* a dead process's lease is taken over within this */

struct run {
	struct watch *watch;
	uv_timer_t look;
	uv_signal_t interrupt, terminate;
	bool once, bar, stopping, failed;
	int64_t followed_ms; /* how long another process has been asking */
	int64_t stuck_ms;    /* how long nobody could */
	uint64_t shown;
	struct fault fault;
};

static void on_closed(uv_handle_t *handle)
{
	UNUSED(handle);
}

static void stop(struct run *run)
{
	if (run->stopping)
		return;
	run->stopping = true;
	uv_close((uv_handle_t *)&run->look, on_closed);
	uv_close((uv_handle_t *)&run->interrupt, on_closed);
	uv_close((uv_handle_t *)&run->terminate, on_closed);
	watch_stop(run->watch, NULL, NULL);
}

static void on_signal(uv_signal_t *handle, int number)
{
	UNUSED(number);
	stop(handle->data);
}

static void show(struct run *run, const struct health *h)
{
	struct board *board = watch_board(run->watch);
	if (!run->bar || board->health_version == run->shown)
		return;
	run->shown = board->health_version;
	fprintf(stderr, "\r\033[K%lld %s  %d/%d  %s", (long long)h->n_legs, _("legs"), h->backfill_done, h->backfill_total,
	    h->sync == SYNC_FOLLOWING ? h->lease_holder : h->sentence);
}

static void give_up(struct run *run, enum fault_code code, const char *sentence)
{
	run->failed = true;
	fault_set(&run->fault, code, "%s", sentence);
	stop(run);
}

static void on_look(uv_timer_t *timer)
{
	struct run *run = timer->data;
	const struct health *h = watch_board(run->watch)->health;
	show(run, h);
	/* A setting is wrong, a person is needed, or Webex said no for good: waiting helps nobody. */
	bool hopeless = h->code == FAULT_USAGE || h->code == FAULT_LOGIN || h->code == FAULT_FORBIDDEN || (h->sync == SYNC_NO_LOGIN && h->code != FAULT_NONE);
	bool done = h->sync == SYNC_WAITING && h->complete_until_ms != 0 && h->backfill_done >= h->backfill_total;
	bool held = h->sync == SYNC_FOLLOWING && *h->lease_holder != '\0' && !h->lease_mine;
	run->followed_ms = held ? run->followed_ms + LOOK_MS : 0;
	/* The store said no, again and again: nobody has the lease then. */
	run->stuck_ms = !held && !h->lease_mine && h->code != FAULT_NONE ? run->stuck_ms + LOOK_MS : 0;
	if (!run->once)
		return;
	if (hopeless || run->stuck_ms > PATIENCE_MS) {
		give_up(run, h->code, h->sentence);
	} else if (run->followed_ms > PATIENCE_MS) {
		char sentence[300];
		snprintf(sentence, sizeof sentence, _("%s syncs this store already (user@host:process); its progress is in centinela status"), h->lease_holder);
		give_up(run, FAULT_CONFLICT, sentence);
	} else if (done) {
		stop(run);
	}
}

int cli_sync(struct options *options, struct args *args)
{
	struct fault fault = { 0 };
	const char *since = args_value(args, "--since");
	struct run run = { .once = args_flag(args, "--once"), .bar = isatty(STDERR_FILENO) };
	if (since != NULL && !options_set(options, "sync.backfill", since, &fault))
		return cli_fail(&fault);
	if (!args_finish(args, &fault))
		return cli_fail(&fault);
	if (cli_only_looks(options, &fault))
		return cli_fail(&fault);
	if (*options->client_id == '\0') {
		fault_set(&fault, FAULT_USAGE, "%s", _("no webex.client_id is set: create an integration at developer.webex.com and write its client ID into centinela.yaml"));
		return cli_fail(&fault);
	}
	if (!cli_open_log(options, &fault))
		return cli_fail(&fault);
	uv_loop_t loop;
	uv_loop_init(&loop);
	struct watch_config config = cli_watch_config(options);
	if (!run.bar)
		log_to_fd(STDERR_FILENO, LOG_UNUSUAL);
	if (!watch_start(&loop, &config, &run.watch, &fault)) {
		uv_loop_close(&loop);
		return cli_fail(&fault);
	}
	uv_timer_init(&loop, &run.look);
	uv_signal_init(&loop, &run.interrupt);
	uv_signal_init(&loop, &run.terminate);
	run.look.data = run.interrupt.data = run.terminate.data = &run;
	uv_timer_start(&run.look, on_look, LOOK_MS, LOOK_MS);
	uv_signal_start(&run.interrupt, on_signal, SIGINT);
	uv_signal_start(&run.terminate, on_signal, SIGTERM);
	struct health last = { 0 };
	while (uv_run(&loop, UV_RUN_ONCE) != 0) {
		if (!run.stopping)
			last = *watch_board(run.watch)->health;
	}
	int left = uv_loop_close(&loop);
	assert(left == 0);
	UNUSED(left);
	if (run.bar)
		fputs("\r\033[K", stderr);
	if (options->json)
		print_json(json_pack("{s:I, s:I, s:I, s:o}", "legs", (json_int_t)last.n_legs, "duplicates", (json_int_t)last.n_duplicates,
		    "rejected", (json_int_t)last.n_rejected, "complete_until", json_time(last.complete_until_ms)));
	else
		printf(_("%lld new legs, %lld already here, %lld rejected\n"), (long long)last.n_legs, (long long)last.n_duplicates, (long long)last.n_rejected);
	return run.failed ? cli_fail(&run.fault) : EXIT_DONE;
}
