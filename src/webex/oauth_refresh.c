/* SPDX-License-Identifier: Apache-2.0
 *
 * Renewing the token, one process at a time:
 *
 *	lock the file (somebody has it: wait, look again)
 *	read the file: somebody was faster → use theirs
 *	ask Webex with the file's refresh token
 *	write the answer, then use it, then give the lock up
 *
 * A refusal never deletes anything: the file may be right and Webex wrong. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "webex/oauth_inside.h"

enum { LOCK_TRIES = 90 }; /* a second each */

static void try_lock(struct oauth *oauth);

static void give_lock_up(struct oauth *oauth)
{
	if (oauth->lock_fd >= 0)
		close(oauth->lock_fd);
	oauth->lock_fd = -1;
}

/* Ends the refresh; `oauth` may be gone afterwards. */
static void finish(struct oauth *oauth, const struct fault *fault)
{
	give_lock_up(oauth);
	oauth->refreshing = false;
	if (fault->code != FAULT_NONE || !oauth->not_saved)
		oauth->last = *fault;
	if (fault->code == FAULT_NONE) {
		oauth->needs_login = false;
		oauth->n_failures = 0;
		oauth->next_try_ms = 0;
	} else if (fault->code == FAULT_LOGIN) {
		oauth->needs_login = true;
	} else {
		/* 30 s, 60 s … 10 min */
		int64_t wait_ms = (30 * SECOND_MS) << MIN(oauth->n_failures, 5);
		oauth->n_failures++;
		oauth->next_try_ms = oauth_now_ms(oauth) +
		    MAX(MIN(wait_ms, 10 * MINUTE_MS), fault->retry_after_ms);
	}
	oauth_changed(oauth);
	/* A waiter may ask again: it belongs to the next refresh. */
	struct waiter *waiters = oauth->waiters;
	size_t n = oauth->n_waiters;
	oauth->waiters = NULL;
	oauth->n_waiters = oauth->waiter_room = 0;
	for (size_t i = 0; i < n; i++)
		if (waiters[i].done != NULL)
			waiters[i].done(fault, waiters[i].arg);
	free(waiters);
	oauth_release(oauth);
}

static bool cancelled(struct oauth *oauth)
{
	if (!oauth->closing)
		return false;
	struct fault fault;
	fault_set(&fault, FAULT_CANCELLED, _("the program ends"));
	finish(oauth, &fault);
	return true;
}

/* ── writing ──────────────────────────────────────────────────────────── */

struct file_step {
	struct job job;
	struct oauth *oauth;
	char *path;
	struct token token;
	bool has_token;
	int fd;
	struct fault fault;
};

static void file_step_free(struct file_step *step)
{
	token_clear(&step->token);
	free(step->path);
	free(step);
}

static void write_work(struct job *job)
{
	struct file_step *step = (struct file_step *)job;
	if (step->path != NULL && !token_file_write(step->path, &step->token, &step->fault))
		fault_context(&step->fault, "the renewed sign-in could not be kept");
}

static void write_done(struct job *job, bool was_cancelled)
{
	struct file_step *step = (struct file_step *)job;
	struct oauth *oauth = step->oauth;
	UNUSED(was_cancelled);
	token_clear(&oauth->token);
	oauth->token = step->token;
	memset(&step->token, 0, sizeof step->token);
	oauth->not_saved = step->fault.code != FAULT_NONE;
	if (oauth->not_saved) {
		/* The token itself is good, and using it loses nothing. */
		log_broken("%s", step->fault.text);
		oauth->last = step->fault;
	}
	file_step_free(step);
	struct fault none = { 0 };
	finish(oauth, &none);
}

static void on_answer(struct http_response *response, void *arg)
{
	struct oauth *oauth = arg;
	oauth->refresh_ask = NULL;
	struct token fresh;
	struct fault fault;
	if (!oauth_answer_token(oauth, response, &oauth->token, "refresh_token", &fresh, &fault)) {
		if (fault.code == FAULT_LOGIN)
			fault_context(&fault, "sign in again (centinela login)");
		finish(oauth, &fault);
		return;
	}
	struct file_step *step = mem_zalloc(sizeof *step);
	/* The old refresh token may be dead by now: it is written in any case. */
	step->job = (struct job){ .work = write_work, .done = write_done, .promised = true };
	step->oauth = oauth;
	step->path = mem_strdup(oauth->token_path);
	step->token = fresh;
	lane_submit(oauth->lane, &step->job);
}

static void ask_webex(struct oauth *oauth)
{
	if (oauth->token.refresh == NULL) {
		struct fault fault;
		fault_set(&fault, FAULT_LOGIN,
		    _("this access token cannot be renewed: sign in again (centinela login)"));
		finish(oauth, &fault);
		return;
	}
	oauth->refresh_ask = oauth_ask(oauth, &(struct ask_form){
	    .path = "/access_token",
	    .pairs = { { "grant_type", "refresh_token" }, { "client_id", oauth->client_id },
	        { "refresh_token", oauth->token.refresh } },
	    .secret = ASK_SECRET_IN_FORM,
	}, on_answer, oauth);
}

/* ── locking and reading ──────────────────────────────────────────────── */

static void lock_work(struct job *job)
{
	struct file_step *step = (struct file_step *)job;
	struct fault ignored;
	if (step->path == NULL)
		return;
	bool locked = token_file_lock(step->path, &step->fd, &step->fault);
	/* Also without the lock: its holder may have finished. */
	step->has_token = token_file_read(step->path, &step->token, &ignored);
	if (!locked && step->fault.code != FAULT_CONFLICT)
		/* No lock can be made here (read-only folder): go on without. */
		memset(&step->fault, 0, sizeof step->fault);
}

static void on_lock_wait(uv_timer_t *timer)
{
	try_lock(timer->data);
}

static void lock_done(struct job *job, bool was_cancelled)
{
	struct file_step *step = (struct file_step *)job;
	struct oauth *oauth = step->oauth;
	oauth->lock_fd = step->fd;
	struct fault fault = step->fault;
	bool newer = false;
	if (step->has_token && !was_cancelled) {
		bool same = oauth->token.access != NULL && step->token.access != NULL &&
		    strcmp(oauth->token.access, step->token.access) == 0;
		/* The file's refresh token is the one that is alive, unless ours
		 * could not be written. */
		bool ours_is_newer = oauth->not_saved &&
		    oauth->token.obtained_ms > step->token.obtained_ms;
		if (!same && !ours_is_newer) {
			token_clear(&oauth->token);
			oauth->token = step->token;
			memset(&step->token, 0, sizeof step->token);
			newer = oauth->token.access != NULL &&
			    !token_is_due(&oauth->token, oauth_now_ms(oauth)) &&
			    !token_has_expired(&oauth->token, oauth_now_ms(oauth));
		}
	}
	file_step_free(step);
	if (cancelled(oauth))
		return;
	if (newer) {
		struct fault none = { 0 };
		finish(oauth, &none);
	} else if (fault.code == FAULT_CONFLICT && ++oauth->lock_tries < LOCK_TRIES) {
		uv_timer_start(&oauth->lock_wait, on_lock_wait, (uint64_t)oauth->second_ms, 0);
	} else if (fault.code == FAULT_CONFLICT) {
		fault.code = FAULT_NETWORK; /* may pass */
		finish(oauth, &fault);
	} else {
		ask_webex(oauth);
	}
}

static void try_lock(struct oauth *oauth)
{
	struct file_step *step = mem_zalloc(sizeof *step);
	step->job = (struct job){ .work = lock_work, .done = lock_done };
	step->oauth = oauth;
	step->path = mem_strdup(oauth->token_path);
	step->fd = -1;
	lane_submit(oauth->lane, &step->job);
}

/* ── asking for it ────────────────────────────────────────────────────── */

struct ready {
	struct job job;
	struct oauth *oauth;
	struct waiter waiter;
};

static void ready_done(struct job *job, bool was_cancelled)
{
	struct ready *ready = (struct ready *)job;
	struct fault fault = { 0 };
	if (was_cancelled)
		fault_set(&fault, FAULT_CANCELLED, _("the program ends"));
	if (ready->waiter.done != NULL)
		ready->waiter.done(&fault, ready->waiter.arg);
	oauth_release(ready->oauth);
	free(ready);
}

void oauth_refresh(struct oauth *oauth, const char *failed, oauth_done_fn done, void *arg)
{
	if (failed != NULL && oauth->token.access != NULL && strcmp(failed, oauth->token.access) != 0) {
		struct ready *ready = mem_zalloc(sizeof *ready);
		ready->job.done = ready_done;
		ready->oauth = oauth;
		ready->waiter = (struct waiter){ done, arg };
		oauth_hold(oauth);
		lane_submit(oauth->lane, &ready->job);
		return;
	}
	oauth->waiters = mem_grow(oauth->waiters, oauth->n_waiters, &oauth->waiter_room,
	    sizeof *oauth->waiters);
	oauth->waiters[oauth->n_waiters++] = (struct waiter){ done, arg };
	if (oauth->refreshing)
		return;
	oauth->refreshing = true;
	oauth->lock_tries = 0;
	oauth_hold(oauth);
	oauth_changed(oauth);
	try_lock(oauth);
}

void oauth_refresh_stop(struct oauth *oauth)
{
	if (!oauth->refreshing)
		return;
	if (oauth->refresh_ask != NULL)
		oauth_ask_cancel(oauth->refresh_ask);
	else if (uv_is_active((uv_handle_t *)&oauth->lock_wait)) {
		uv_timer_stop(&oauth->lock_wait);
		cancelled(oauth);
	}
	/* else a job of the lane is on its way and will find us closing */
}
