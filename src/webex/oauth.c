/* SPDX-License-Identifier: Apache-2.0
 *
 * Holding, loading and forgetting the token. Renewing it is oauth_refresh.c,
 * requests are oauth_ask.c, getting one is login.c and its neighbours. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "webex/oauth_inside.h"

#define TICK_S 15

static void free_oauth(struct oauth *oauth)
{
	token_clear(&oauth->token);
	free(oauth->base);
	free(oauth->client_id);
	free(oauth->token_path);
	free(oauth->secret_file);
	free(oauth->secret_environment);
	free(oauth->secret_command);
	free(oauth->waiters);
	void (*on_closed)(void *) = oauth->on_closed;
	void *arg = oauth->arg;
	free(oauth);
	if (on_closed != NULL)
		on_closed(arg);
}

void oauth_hold(struct oauth *oauth)
{
	oauth->n_pending++;
}

void oauth_release(struct oauth *oauth)
{
	if (--oauth->n_pending == 0)
		free_oauth(oauth);
}

void oauth_changed(struct oauth *oauth)
{
	oauth->version++;
}

uint64_t oauth_version(const struct oauth *oauth)
{
	return oauth->version;
}

int64_t oauth_now_ms(const struct oauth *oauth)
{
	return clock_now_ms(oauth->clock);
}

/* ── jobs on the lane ─────────────────────────────────────────────────── */

struct file_job {
	struct job job;
	struct oauth *oauth;
	char *path;
	struct token token;
	struct fault fault;
	oauth_done_fn done;
	void *arg;
};

static struct file_job *file_job_new(struct oauth *oauth, void (*work)(struct job *),
    void (*on_done)(struct job *, bool), oauth_done_fn done, void *arg)
{
	struct file_job *file = mem_zalloc(sizeof *file);
	file->job = (struct job){ .work = work, .done = on_done };
	file->oauth = oauth;
	file->path = mem_strdup(oauth->token_path);
	file->done = done;
	file->arg = arg;
	oauth_hold(oauth);
	return file;
}

static void file_job_end(struct file_job *file, bool cancelled)
{
	if (cancelled)
		fault_set(&file->fault, FAULT_CANCELLED, _("the program ends"));
	if (file->done != NULL)
		file->done(&file->fault, file->arg);
	token_clear(&file->token);
	free(file->path);
	struct oauth *oauth = file->oauth;
	free(file);
	oauth_release(oauth);
}

static void load_work(struct job *job)
{
	struct file_job *file = (struct file_job *)job;
	if (file->path == NULL)
		fault_set(&file->fault, FAULT_NOT_FOUND, _("no sign-in is kept"));
	else if (!token_file_read(file->path, &file->token, &file->fault) &&
	    file->fault.code == FAULT_NOT_FOUND)
		fault_set(&file->fault, FAULT_NOT_FOUND, _("nobody signed in yet: centinela login"));
}

static void load_done(struct job *job, bool cancelled)
{
	struct file_job *file = (struct file_job *)job;
	struct oauth *oauth = file->oauth;
	oauth->reloading = false;
	if (!cancelled && file->fault.code == FAULT_NONE) {
		bool same = oauth->token.access != NULL && file->token.access != NULL &&
		    strcmp(oauth->token.access, file->token.access) == 0;
		if (!same || !oauth->needs_login) {
			token_clear(&oauth->token);
			oauth->token = file->token;
			memset(&file->token, 0, sizeof file->token);
			oauth->needs_login = oauth->not_saved = false;
			oauth->next_try_ms = 0;
			oauth_changed(oauth);
		}
	}
	file_job_end(file, cancelled);
}

void oauth_load(struct oauth *oauth, oauth_done_fn done, void *arg)
{
	oauth->reloading = true;
	lane_submit(oauth->lane, &file_job_new(oauth, load_work, load_done, done, arg)->job);
}

static void remove_work(struct job *job)
{
	struct file_job *file = (struct file_job *)job;
	if (file->path != NULL && !token_file_remove(file->path, &file->fault))
		return;
}

static void remove_done(struct job *job, bool cancelled)
{
	file_job_end((struct file_job *)job, cancelled);
}

void oauth_logout(struct oauth *oauth, oauth_done_fn done, void *arg)
{
	token_clear(&oauth->token);
	oauth->needs_login = oauth->not_saved = false;
	memset(&oauth->last, 0, sizeof oauth->last);
	oauth_changed(oauth);
	lane_submit(oauth->lane, &file_job_new(oauth, remove_work, remove_done, done, arg)->job);
}

/* A new sign-in must not be overwritten by a refresh of the old one: wait for
 * the lock, but not for ever. */
static void save_work(struct job *job)
{
	struct file_job *file = (struct file_job *)job;
	int fd = -1;
	if (file->path == NULL)
		return;
	for (int i = 0; i < 100; i++) {
		if (token_file_lock(file->path, &fd, &file->fault) ||
		    file->fault.code != FAULT_CONFLICT)
			break;
		usleep(100 * 1000);
	}
	if (fd < 0 && file->fault.code != FAULT_CONFLICT)
		return;
	memset(&file->fault, 0, sizeof file->fault);
	if (!token_file_write(file->path, &file->token, &file->fault))
		fault_context(&file->fault, "the sign-in could not be kept");
	if (fd >= 0)
		close(fd);
}

static void save_done(struct job *job, bool cancelled)
{
	struct file_job *file = (struct file_job *)job;
	struct oauth *oauth = file->oauth;
	if (!cancelled) {
		token_clear(&oauth->token);
		token_copy(&oauth->token, &file->token);
		oauth->needs_login = false;
		oauth->not_saved = file->fault.code != FAULT_NONE;
		oauth->last = file->fault;
		oauth->next_try_ms = 0;
		oauth->n_failures = 0;
		oauth_changed(oauth);
	}
	file_job_end(file, cancelled);
}

void oauth_adopt(struct oauth *oauth, struct token *token, oauth_done_fn done, void *arg)
{
	struct file_job *file = file_job_new(oauth, save_work, save_done, done, arg);
	file->job.promised = true; /* somebody signed in for it */
	file->token = *token;
	memset(token, 0, sizeof *token);
	lane_submit(oauth->lane, &file->job);
}

/* ── status and life ──────────────────────────────────────────────────── */

void oauth_use_bearer(struct oauth *oauth, const char *access)
{
	token_clear(&oauth->token);
	oauth->token.access = mem_strdup(access);
	oauth->token.kind = mem_strdup("bearer");
	oauth->token.obtained_ms = oauth_now_ms(oauth);
	oauth->needs_login = false;
	oauth_changed(oauth);
}

const char *oauth_bearer(const struct oauth *oauth)
{
	return oauth->token.access;
}

struct oauth_status oauth_status(const struct oauth *oauth)
{
	const struct token *token = &oauth->token;
	bool none = token->access == NULL && token->refresh == NULL;
	return (struct oauth_status){
		.state = oauth->needs_login    ? OAUTH_NEEDS_LOGIN :
			 none		       ? OAUTH_SIGNED_OUT :
			 oauth->refreshing     ? OAUTH_REFRESHING :
						 OAUTH_READY,
		.access_expires_ms = token->access_expires_ms,
		.refresh_expires_ms = token->refresh_expires_ms,
		.scope = token->scope != NULL ? token->scope : "",
		.kind = token->kind != NULL ? token->kind : "",
		.renewable = token->refresh != NULL,
		.needs_person_soon = !none && token_needs_person_soon(token, oauth_now_ms(oauth)),
		.not_saved = oauth->not_saved,
		.last = oauth->last,
	};
}

static void on_tick_refreshed(const struct fault *fault, void *arg)
{
	UNUSED(arg);
	if (fault->code != FAULT_NONE && fault->code != FAULT_CANCELLED)
		log_unusual("the sign-in was not renewed: %s", fault->text);
}

static void on_tick(uv_timer_t *timer)
{
	struct oauth *oauth = timer->data;
	int64_t now_ms = oauth_now_ms(oauth);
	if (oauth->refreshing || oauth->reloading || oauth->login != NULL)
		return;
	if (oauth->not_saved) {
		struct token again;
		token_copy(&again, &oauth->token);
		oauth_adopt(oauth, &again, NULL, NULL);
	} else if (oauth->needs_login && oauth->token_path != NULL) {
		oauth_load(oauth, NULL, NULL); /* somebody may have signed in elsewhere */
	} else if (!oauth->needs_login && token_is_due(&oauth->token, now_ms) &&
	    now_ms >= oauth->next_try_ms) {
		oauth_refresh(oauth, NULL, on_tick_refreshed, NULL);
	}
}

struct oauth *oauth_new(uv_loop_t *loop, struct http_client *http, struct lane *lane,
    const struct clock *clock, const struct oauth_options *options)
{
	struct oauth *oauth = mem_zalloc(sizeof *oauth);
	oauth->loop = loop;
	oauth->http = http;
	oauth->lane = lane;
	oauth->clock = clock;
	oauth->base = mem_strdup(options->base != NULL ? options->base : OAUTH_BASE);
	oauth->client_id = mem_strdup(options->client_id);
	oauth->token_path = mem_strdup(options->token_path);
	oauth->secret_file = mem_strdup(options->secret.file);
	oauth->secret_environment = mem_strdup(options->secret.environment);
	oauth->secret_command = mem_strdup(options->secret.command);
	oauth->second_ms = options->second_ms > 0 ? options->second_ms : 1000;
	oauth->lock_fd = -1;
	oauth->version = 1;
	uv_timer_init(loop, &oauth->tick);
	uv_timer_init(loop, &oauth->lock_wait);
	oauth->tick.data = oauth->lock_wait.data = oauth;
	oauth->n_pending = 2; /* the two handles */
	uint64_t every_ms = (uint64_t)(TICK_S * oauth->second_ms);
	uv_timer_start(&oauth->tick, on_tick, every_ms, every_ms);
	uv_unref((uv_handle_t *)&oauth->tick);
	return oauth;
}

static void on_handle_closed(uv_handle_t *handle)
{
	oauth_release(handle->data);
}

void oauth_close(struct oauth *oauth, void (*on_closed)(void *arg), void *arg)
{
	assert(!oauth->closing);
	oauth->closing = true;
	oauth->on_closed = on_closed;
	oauth->arg = arg;
	if (oauth->login != NULL)
		login_cancel(oauth->login);
	oauth_refresh_stop(oauth);
	uv_close((uv_handle_t *)&oauth->tick, on_handle_closed);
	uv_close((uv_handle_t *)&oauth->lock_wait, on_handle_closed);
}
