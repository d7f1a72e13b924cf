/* SPDX-License-Identifier: Apache-2.0
 *
 * Calls that are up: asked for by member, hung up, or told as they change.
 * What happens to a call is a pure function of it and the time, so nothing is
 * kept but the calls that somebody hung up. */
#include "sim/cloud_live.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/iso_time.h"
#include "base/json.h"
#include "base/mem.h"
#include "sim/legs.h"
#include "webex/ids.h"

#define TICK_MS	     250
#define MAX_STAGES   6
#define MAX_OF_ONE   32
#define MAX_CATCH_UP (10 * MINUTE_MS)
#define DAYS_BACK    1 /* a call of yesterday may still be up */

/* ------------------------------------------------------- the life of a call */

struct step {
	enum stage stage;
	int64_t at_ms;
};

/* Every stage of a call in order; one call in eight is put on hold once. */
static size_t steps_of(const struct sim_call *call, struct step out[static MAX_STAGES])
{
	size_t n = 0;
	int64_t first_end = call->answer_ms != 0 ? call->answer_ms : call->end_ms;
	out[n++] = (struct step){ STAGE_BEGUN, call->start_ms };
	if (call->originator && call->start_ms + 800 < first_end)
		out[n++] = (struct step){ STAGE_ALERTING, call->start_ms + 800 };
	if (call->answer_ms != 0) {
		out[n++] = (struct step){ STAGE_ANSWERED, call->answer_ms };
		if (call->end_ms - call->answer_ms > MINUTE_MS && hash_text(call->call_id) % 8 == 0) {
			out[n++] = (struct step){ STAGE_HELD, call->answer_ms + 20 * SECOND_MS };
			out[n++] = (struct step){ STAGE_RESUMED, call->answer_ms + 35 * SECOND_MS };
		}
	}
	out[n++] = (struct step){ STAGE_OVER, call->end_ms };
	return n;
}

static enum stage stage_at(const struct sim_call *call, int64_t now_ms)
{
	struct step steps[MAX_STAGES];
	size_t n = steps_of(call, steps);
	enum stage stage = STAGE_BEGUN;
	for (size_t i = 0; i < n && steps[i].at_ms <= now_ms; i++)
		stage = steps[i].stage;
	return stage;
}

const char *live_state_name(const struct sim_call *call, enum stage stage)
{
	switch (stage) {
	case STAGE_BEGUN: return call->originator ? "connecting" : "alerting";
	case STAGE_ALERTING: return "alerting";
	case STAGE_ANSWERED:
	case STAGE_RESUMED: return "connected";
	case STAGE_HELD: return "held";
	case STAGE_OVER: return "disconnected";
	}
	return "";
}

void live_add_call(struct text *out, const struct cloud *cloud, const struct sim_call *call,
    enum stage stage)
{
	char session[37], time[ISO_TIME_BYTES], id[60];
	cloud_uuid(cloud, "call session", hash_text(call->call_id), session);
	base64_encode(session, 36, false, false, id);
	text_printf(out, "\"callSessionId\":\"%s\",\"personality\":\"%s\",\"state\":\"%s\",", id,
	    call->originator ? "originator" : "terminator", live_state_name(call, stage));
	text_puts(out, "\"remoteParty\":{\"name\":");
	json_quote(out, call->remote_name);
	text_puts(out, ",\"number\":");
	json_quote(out, call->remote_number);
	text_printf(out, ",\"privacyEnabled\":false,\"callType\":\"%s\"},\"appearance\":1,",
	    call->external ? "external" : "organization");
	text_printf(out, "\"created\":\"%s\",", iso_time_format(call->start_ms, time));
	if (stage >= STAGE_ANSWERED && call->answer_ms != 0)
		text_printf(out, "\"answered\":\"%s\",", iso_time_format(call->answer_ms, time));
	text_puts(out, "\"muteCapable\":true,\"muted\":false");
}

/* ------------------------------------------------- days of calls, on the lane */

#define N_DAYS 4

struct call_day {
	int64_t day;
	uint64_t used; /* 0: empty */
	struct sim_call *calls;
	int64_t *span; /* start, end; start, end …: to be looked through fast */
	size_t n;
};

struct call_days {
	struct call_day slots[N_DAYS];
	uint64_t n_uses;
};

struct call_days *call_days_new(void)
{
	return mem_zalloc(sizeof(struct call_days));
}

void call_days_free(struct call_days *days)
{
	for (size_t i = 0; days != NULL && i < N_DAYS; i++) {
		free(days->slots[i].calls);
		free(days->slots[i].span);
	}
	free(days);
}

static const struct call_day *call_days_get(struct call_days *days, const struct traffic *traffic,
    int64_t day)
{
	struct call_day *slot = &days->slots[0];
	for (size_t i = 0; i < N_DAYS; i++) {
		if (days->slots[i].used != 0 && days->slots[i].day == day) {
			days->slots[i].used = ++days->n_uses;
			return &days->slots[i];
		}
		if (days->slots[i].used < slot->used)
			slot = &days->slots[i];
	}
	struct sim_legs legs;
	free(slot->calls);
	free(slot->span);
	traffic_legs(traffic, day, &legs);
	slot->day = day;
	slot->used = ++days->n_uses;
	slot->n = legs.n_calls;
	slot->calls = mem_dup(legs.calls, legs.n_calls * sizeof *legs.calls);
	slot->span = mem_alloc((2 * slot->n + 1) * sizeof *slot->span);
	for (size_t i = 0; i < slot->n; i++) {
		slot->span[2 * i] = slot->calls[i].start_ms;
		slot->span[2 * i + 1] = slot->calls[i].end_ms;
	}
	sim_legs_free(&legs);
	return slot;
}

/* ------------------------------------------------------------ calls of a member */

enum wish { WISH_LIST, WISH_ONE, WISH_HANGUP };

struct member_job {
	struct job job;
	struct cloud_request *request;
	enum wish wish;
	int person;
	char call_id[60]; /* "callhalf-…"; "" all */
	int64_t now_ms;
	struct sim_call calls[MAX_OF_ONE];
	size_t n;
};

static void member_work(struct job *base)
{
	struct member_job *job = (struct member_job *)base;
	struct cloud *cloud = job->request->cloud;
	int64_t today = job->now_ms / DAY_MS;
	for (int64_t d = today - DAYS_BACK; d <= today; d++) {
		const struct call_day *day = call_days_get(cloud->live->days, cloud->traffic, d);
		for (size_t i = 0; i < day->n && job->n < MAX_OF_ONE; i++) {
			if (day->span[2 * i] > job->now_ms || day->span[2 * i + 1] <= job->now_ms ||
			    day->calls[i].person != job->person)
				continue;
			if (job->call_id[0] == '\0' || strcmp(job->call_id, day->calls[i].call_id) == 0)
				job->calls[job->n++] = day->calls[i];
		}
	}
}

static void add_whole_call(struct text *out, const struct cloud *cloud,
    const struct sim_call *call, int64_t now_ms)
{
	text_puts(out, "{\"id\":");
	cloud_id("CALL", call->call_id, out);
	text_putc(out, ',');
	live_add_call(out, cloud, call, stage_at(call, now_ms));
	text_putc(out, '}');
}

static void hang_up(struct member_job *job)
{
	struct live *live = job->request->cloud->live;
	struct live_event over = { .call = job->calls[0], .stage = STAGE_OVER,
		.at_ms = job->now_ms };
	map_put(&live->hung_up, over.call.call_id, NULL)->number = job->now_ms;
	webhooks_tell(live, &over);
	cloud_reply_nothing(job->request, 204);
}

static void member_done(struct job *base, bool cancelled)
{
	struct member_job *job = (struct member_job *)base;
	struct cloud *cloud = job->request->cloud;
	size_t n = 0;
	for (size_t i = 0; i < job->n; i++) /* those that nobody cut */
		if (map_get(&cloud->live->hung_up, job->calls[i].call_id) == NULL)
			job->calls[n++] = job->calls[i];
	if (cancelled) {
		cloud_reply_error(job->request, 503, "The server is shutting down");
	} else if (job->wish == WISH_LIST) {
		struct text body = { 0 };
		text_puts(&body, "{\"items\":[");
		for (size_t i = 0; i < n; i++) {
			text_puts(&body, i > 0 ? "," : "");
			add_whole_call(&body, cloud, &job->calls[i], job->now_ms);
		}
		text_puts(&body, "]}");
		cloud_reply_json(job->request, 200, &body);
	} else if (n == 0) {
		cloud_reply_error(job->request, 404, "Call is not found");
	} else if (job->wish == WISH_ONE) {
		struct text body = { 0 };
		add_whole_call(&body, cloud, &job->calls[0], job->now_ms);
		cloud_reply_json(job->request, 200, &body);
	} else {
		hang_up(job);
	}
	free(job);
}

/* The person of the path; -1: it was answered. */
static int read_member(struct cloud_request *request)
{
	char uuid[UUID_BYTES];
	int person = -1;
	if (request->token.client != CLOUD_SERVICE_APP) {
		cloud_reply_error(request, 403, "Member call control needs a Service App token.");
		return -1;
	}
	if (webex_id_uuid(request->segment[0], uuid))
		person = sim_org_find_person(request->cloud->org, uuid);
	if (person < 0)
		cloud_reply_error(request, 404, "The member was not found.");
	return person;
}

static void ask(struct cloud_request *request, enum wish wish, const char *call_id)
{
	struct webex_id id = { 0 };
	int person = read_member(request);
	if (person < 0)
		return;
	if (call_id != NULL && (!webex_id_read(call_id, &id) || strcmp(id.kind, "CALL") != 0 ||
	    strlen(id.tail) >= sizeof ((struct member_job *)0)->call_id)) {
		cloud_reply_error(request, wish == WISH_ONE ? 404 : 400, "callId is invalid");
		return;
	}
	struct member_job *job = mem_zalloc(sizeof *job);
	job->job.work = member_work;
	job->job.done = member_done;
	job->request = request;
	job->wish = wish;
	job->person = person;
	job->now_ms = cloud_now_ms(request->cloud);
	if (call_id != NULL)
		memcpy(job->call_id, id.tail, strlen(id.tail));
	lane_submit(request->cloud->lane, &job->job);
}

void serve_member_calls(struct cloud_request *request)
{
	ask(request, WISH_LIST, NULL);
}

void serve_member_call(struct cloud_request *request)
{
	ask(request, WISH_ONE, request->segment[1]);
}

void serve_member_hangup(struct cloud_request *request)
{
	size_t n;
	const char *bytes = http_visit_body(request->visit, &n);
	json_auto_t *body = NULL;
	if (!json_parse(bytes, n, &body, NULL) || json_str(body, "callId", NULL) == NULL)
		cloud_reply_error(request, 400, "callId is required");
	else
		ask(request, WISH_HANGUP, json_str(body, "callId", ""));
}

/* ------------------------------------------------------ what has happened since */

struct look_job {
	struct job job;
	struct live *live;
	int64_t from_ms, to_ms; /* (from, to] */
	struct live_event *events;
	size_t n, capacity;
};

static int by_time(const void *a, const void *b)
{
	const struct live_event *x = a, *y = b;
	if (x->at_ms != y->at_ms)
		return x->at_ms < y->at_ms ? -1 : 1;
	return strcmp(x->call.call_id, y->call.call_id);
}

static void look_work(struct job *base)
{
	struct look_job *job = (struct look_job *)base;
	int64_t last = job->to_ms / DAY_MS;
	for (int64_t d = job->from_ms / DAY_MS - DAYS_BACK; d <= last; d++) {
		const struct call_day *day =
		    call_days_get(job->live->days, job->live->cloud->traffic, d);
		for (size_t i = 0; i < day->n; i++) {
			struct step steps[MAX_STAGES];
			if (day->span[2 * i] > job->to_ms || day->span[2 * i + 1] <= job->from_ms)
				continue;
			size_t n = steps_of(&day->calls[i], steps);
			for (size_t s = 0; s < n; s++) {
				if (steps[s].at_ms <= job->from_ms || steps[s].at_ms > job->to_ms)
					continue;
				job->events = mem_grow(job->events, job->n, &job->capacity,
				    sizeof *job->events);
				job->events[job->n++] = (struct live_event){ day->calls[i],
					steps[s].stage, steps[s].at_ms };
			}
		}
	}
	if (job->n > 1)
		qsort(job->events, job->n, sizeof *job->events, by_time);
}

static void look_done(struct job *base, bool cancelled)
{
	struct look_job *job = (struct look_job *)base;
	struct live *live = job->live;
	live->watching = false;
	if (!cancelled && !live->stopping) {
		live->told_ms = job->to_ms;
		for (size_t i = 0; i < job->n; i++)
			if (map_get(&live->hung_up, job->events[i].call.call_id) == NULL)
				webhooks_tell(live, &job->events[i]);
	}
	free(job->events);
	free(job);
}

static void on_tick(uv_timer_t *timer)
{
	struct live *live = timer->data;
	int64_t now = cloud_now_ms(live->cloud);
	if (live->watching || now <= live->told_ms)
		return;
	struct look_job *job = mem_zalloc(sizeof *job);
	job->job.work = look_work;
	job->job.done = look_done;
	job->live = live;
	job->from_ms = MAX(live->told_ms, now - MAX_CATCH_UP);
	job->to_ms = now;
	live->watching = true;
	lane_submit(live->cloud->lane, &job->job);
}

void live_watch(struct live *live)
{
	bool wanted = webhooks_listen(live) && !live->stopping;
	bool running = uv_is_active((uv_handle_t *)&live->tick);
	if (wanted && !running) {
		live->told_ms = cloud_now_ms(live->cloud);
		uv_timer_start(&live->tick, on_tick, TICK_MS, TICK_MS);
	} else if (!wanted && running) {
		uv_timer_stop(&live->tick);
	}
}

/* ------------------------------------------------------------------ start, stop */

bool live_start(struct cloud *cloud, struct fault *fault)
{
	const struct cloud_options *o = &cloud->options;
	struct http_client_options options = {
		.ca_file = o->webhook_ca_file != NULL ? o->webhook_ca_file : o->ca_file,
		.proxy = "",
		.allow_http_to_loopback = true,
		.connect_timeout_ms = 3 * SECOND_MS,
	};
	struct http_client *client = http_client_new(cloud->loop, &options, fault);
	if (client == NULL)
		return false;
	struct live *live = cloud->live = mem_zalloc(sizeof *live);
	live->cloud = cloud;
	live->client = client;
	live->days = call_days_new();
	uv_timer_init(cloud->loop, &live->tick);
	live->tick.data = live;
	return true;
}

static void on_part_closed(struct live *live)
{
	if (--live->n_open == 0)
		live->on_stopped(live->cloud);
}

static void on_tick_closed(uv_handle_t *handle)
{
	on_part_closed(handle->data);
}

static void on_client_closed(void *arg)
{
	on_part_closed(arg);
}

void live_stop(struct cloud *cloud, void (*on_stopped)(struct cloud *))
{
	struct live *live = cloud->live;
	live->stopping = true;
	live->on_stopped = on_stopped;
	live->n_open = 2;
	uv_close((uv_handle_t *)&live->tick, on_tick_closed);
	http_client_close(live->client, on_client_closed, live);
}

void live_free(struct cloud *cloud)
{
	if (cloud->live == NULL)
		return;
	webhooks_clear(cloud->live);
	map_clear(&cloud->live->hung_up);
	call_days_free(cloud->live->days);
	free(cloud->live);
}
