/* SPDX-License-Identifier: Apache-2.0
 *
 * A sync that was asked for: begun at once, followed until newer records are here or
 * there is nothing that Webex could be asked for now, or until a person is needed. */
#include <stdio.h>
#include <string.h>

#include "api/serve.h"
#include "store/row_json.h"

/* So long it is waited before nothing to be asked is taken for the end. */
#define SETTLES_MS 2000

static bool is_over(const struct api_job *job)
{
	return job->ended_ms != 0;
}

static bool has_nothing_to_ask(const struct health *h)
{
	return h->sync == SYNC_WAITING && h->n_gaps == 0 && h->backfill_done >= h->backfill_total && h->complete_until_ms != 0;
}

void api_jobs_look(struct api *api)
{
	const struct health *h = api->board->health;
	int64_t now = clock_real_ms();
	for (size_t i = 0; i < API_JOBS; i++) {
		struct api_job *job = &api->jobs[i];
		if (job->id == 0 || is_over(job))
			continue;
		bool came = h->complete_until_ms > job->until_ms || (now - job->asked_ms >= SETTLES_MS && has_nothing_to_ask(h));
		if (came || h->sync == SYNC_FAULT || h->sync == SYNC_NO_LOGIN) {
			job->ended_ms = now;
			if (!came)
				fault_set(&job->fault, h->code != FAULT_NONE ? h->code : FAULT_LOGIN, "%s", *h->sentence != '\0' ? h->sentence : "nobody has signed in to Webex");
		}
	}
}

static json_t *job_json(const struct api_job *job)
{
	const char *status = !is_over(job) ? "running" : job->fault.code == FAULT_NONE ? "done" : "failed";
	return json_pack("{s:s, s:s, s:s, s:o, s:o, s:o, s:o}", "job_id", "", "kind", "sync", "status", status, "requested_by", json_text(job->who), "requested_time",
	    json_time(job->asked_ms), "ended_time", json_time(job->ended_ms), "fault", job->fault.code == FAULT_NONE ? json_null() : json_text(job->fault.text));
}

static void put_job(struct api_call *call, const struct api_job *job)
{
	json_t *out = job_json(job);
	json_object_set_new(out, "job_id", json_id(job->id));
	call->location = arena_printf(&call->arena, "/api/v1/jobs/%lld", (long long)job->id);
	api_put_json(call, out);
	api_answer(call);
}

void api_sync_begin(struct api_call *call)
{
	struct api *api = call->api;
	const struct health *h = api->board->health;
	if (h->sync == SYNC_NO_LOGIN) {
		api_refuse(call, 409, FAULT_LOGIN, "%s", *h->sentence != '\0' ? h->sentence : "nobody has signed in to Webex: GET /auth/login, or centinela login");
		return;
	}
	if (watch_oauth(api->watch) == NULL && h->sync == SYNC_FOLLOWING) { /* it would never be known how that ended */
		api_refuse(call, 409, FAULT_CONFLICT, "%s", "this service asks Webex for nothing: it follows whoever does");
		return;
	}
	/* In the place of the oldest: that many are not asked for in earnest. */
	struct api_job *job = &api->jobs[api->n_jobs % API_JOBS];
	*job = (struct api_job){ .id = ++api->n_jobs, .asked_ms = call->now_ms, .until_ms = h->complete_until_ms };
	snprintf(job->who, sizeof job->who, "%s", call->caller.name);
	api->board->sync_now(api->board);
	put_job(call, job);
}

void api_job_show(struct api_call *call)
{
	api_jobs_look(call->api);
	const struct api_job *job = call->id > 0 ? &call->api->jobs[(call->id - 1) % API_JOBS] : NULL;
	if (job == NULL || job->id != call->id) {
		api_refuse(call, 404, FAULT_NOT_FOUND, "there is no job %lld (any more)", (long long)call->id);
		return;
	}
	put_job(call, job);
}
