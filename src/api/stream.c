/* SPDX-License-Identifier: Apache-2.0
 *
 * Calls that are up, told as they change (server-sent events): all of them first, then
 * what began or changed, then what is gone; and that alerts have changed. A second is
 * the grain: a call that rings and is gone within it is not told. */
#include <stdlib.h>
#include <string.h>

#include "api/door.h"
#include "api/serve.h"
#include "base/hash.h"
#include "base/mem.h"
#include "store/row_json.h"

#define TICK_MS	    1000
#define BEAT_TICKS  15 /* of silence: then a line that says nothing, so that it is seen who is gone */
#define STREAMS_MAX 64
#define OF_ONE_MOST 8  /* of one token */
#define RESERVED    16 /* for those who have none yet */

struct stream {
	struct api_streams *streams;
	struct http_visit *visit;
	bool masked;
	char token[TOKEN_ID_BYTES]; /* "" by the socket */
	char who[65];
	int64_t until_ms;	    /* its token ends; 0 by the socket */
};

struct api_streams {
	struct api *api;
	uv_timer_t tick;
	struct stream *items[STREAMS_MAX];
	size_t n;
	struct map told; /* call_id → hash of what was told of it */
	uint64_t live_version, alerts_version;
	int n_quiet;
	void (*on_stopped)(void *);
	void *stopped_arg;
};

struct api_streams *api_streams_new(struct api *api)
{
	struct api_streams *streams = mem_zalloc(sizeof *streams);
	streams->api = api;
	uv_timer_init(api->loop, &streams->tick);
	streams->tick.data = streams;
	return streams;
}

size_t api_streams_count(const struct api_streams *streams)
{
	return streams->n;
}

static void add_event(struct text *out, const char *event, json_t *value)
{
	char *bytes = json_dumps(value, JSON_COMPACT);
	json_decref(value);
	text_printf(out, "event: %s\ndata: %s\n\n", event, bytes); /* JSON has no line ends */
	free(bytes);
}

/* What a call is, without what only grows. */
static uint64_t hash_of(const struct live_call *c)
{
	return hash_mix(hash_text(live_call_number(c)) ^ hash_text(c->person_name) ^ (uint64_t)c->state ^ hash_mix((uint64_t)c->answered_ms));
}

/* Of what is up now; masked and whole. */
struct news {
	struct text whole, masked;
};

static void tell_call(struct news *news, const char *event, const struct live_call *c, int64_t now_ms)
{
	json_t *value = api_live_call(c, now_ms), *masked = json_deep_copy(value);
	add_event(&news->whole, event, value);
	api_mask(masked);
	add_event(&news->masked, event, masked);
}

static void tell_changes(struct api_streams *streams, struct news *news, int64_t now_ms)
{
	const struct live_calls *live = streams->api->board->live;
	struct map now = { 0 };
	for (size_t i = 0; i < live_calls_count(live); i++) {
		const struct live_call *c = live_calls_at(live, i);
		const union map_value *was = map_get(&streams->told, c->call_id);
		int64_t hash = (int64_t)hash_of(c);
		if (was == NULL || was->number != hash)
			tell_call(news, "call", c, now_ms);
		map_put(&now, c->call_id, NULL)->number = hash;
	}
	const struct map_entry *entry;
	for (size_t at = 0; (entry = map_next(&streams->told, &at)) != NULL;) {
		if (map_get(&now, entry->key) != NULL)
			continue;
		add_event(&news->whole, "gone", json_pack("{s:o}", "call_id", json_text(entry->key)));
		add_event(&news->masked, "gone", json_pack("{s:o}", "call_id", json_text(entry->key)));
	}
	map_clear(&streams->told);
	streams->told = now;
}

static void send_all(struct api_streams *streams, const struct text *whole, const struct text *masked)
{
	for (size_t i = 0; i < streams->n; i++) {
		const struct text *what = streams->items[i]->masked ? masked : whole;
		http_visit_send(streams->items[i]->visit, text_string(what), what->n);
	}
}

/* Its place is the last one's now. */
static void stream_free(struct stream *s)
{
	struct api_streams *streams = s->streams;
	size_t i = 0;
	while (i < streams->n && streams->items[i] != s)
		i++;
	assert(i < streams->n);
	streams->items[i] = streams->items[--streams->n];
	if (streams->n == 0) {
		uv_timer_stop(&streams->tick);
		map_clear(&streams->told);
	}
	free(s);
}

static bool is_in_force(const struct api *api, const struct stream *s)
{
	if (*s->token == '\0')
		return true;
	for (size_t i = 0; i < api->n_tokens; i++)
		if (strcmp(api->tokens[i].id, s->token) == 0)
			return api->tokens[i].revoked_ms == 0 && s->until_ms > clock_real_ms();
	return false;
}

/* A token that is revoked, or has ended, lets nobody listen any longer. */
static void end_those_without(struct api_streams *streams)
{
	if (!api_tokens_are_fresh(streams->api))
		api_read_tokens(streams->api);
	for (size_t i = streams->n; i > 0; i--) {
		struct stream *s = streams->items[i - 1];
		if (is_in_force(streams->api, s))
			continue;
		http_visit_end(s->visit);
		stream_free(s);
	}
}

static void on_tick(uv_timer_t *timer)
{
	struct api_streams *streams = timer->data;
	end_those_without(streams);
	if (streams->n == 0)
		return;
	const struct board *board = streams->api->board;
	struct news news = { 0 };
	if (live_calls_version(board->live) != streams->live_version) {
		streams->live_version = live_calls_version(board->live);
		tell_changes(streams, &news, clock_now_ms(&streams->api->config.clock));
	}
	if (board->alerts_version != streams->alerts_version) {
		streams->alerts_version = board->alerts_version;
		add_event(&news.whole, "alerts", json_object());
		add_event(&news.masked, "alerts", json_object());
	}
	if (news.whole.n > 0) {
		streams->n_quiet = 0;
	} else if (++streams->n_quiet >= BEAT_TICKS) {
		streams->n_quiet = 0;
		text_puts(&news.whole, ":\n\n");
		text_puts(&news.masked, ":\n\n");
	}
	if (news.whole.n > 0)
		send_all(streams, &news.whole, &news.masked);
	text_clear(&news.whole);
	text_clear(&news.masked);
}

static void on_gone(void *arg)
{
	stream_free(arg);
}

/* The first looks for itself; who comes later is told what the others know. */
static void greet(struct stream *s)
{
	struct api_streams *streams = s->streams;
	struct news news = { 0 };
	const struct live_calls *live = streams->api->board->live;
	int64_t now = clock_now_ms(&streams->api->config.clock);
	if (streams->n == 1) {
		streams->live_version = live_calls_version(live);
		streams->alerts_version = streams->api->board->alerts_version;
		uv_timer_start(&streams->tick, on_tick, TICK_MS, TICK_MS);
		tell_changes(streams, &news, now);
	} else {
		for (size_t i = 0; i < live_calls_count(live); i++)
			tell_call(&news, "call", live_calls_at(live, i), now);
	}
	add_event(&news.whole, "ready", json_object());
	add_event(&news.masked, "ready", json_object());
	const struct text *what = s->masked ? &news.masked : &news.whole;
	http_visit_send(s->visit, text_string(what), what->n);
	text_clear(&news.whole);
	text_clear(&news.masked);
}

/* Who comes by the socket is known by name. */
static size_t count_own(const struct api_streams *streams, const struct api_caller *caller)
{
	size_t n = 0;
	for (size_t i = 0; i < streams->n; i++)
		n += strcmp(streams->items[i]->token, caller->id) == 0 && strcmp(streams->items[i]->who, caller->name) == 0;
	return n;
}

/* False: it was answered. */
static bool has_room(struct api_call *call)
{
	const struct api_streams *streams = call->api->streams;
	size_t n_own = count_own(streams, &call->caller);
	if (n_own >= OF_ONE_MOST) {
		call->fault.retry_after_ms = 10000;
		api_refuse(call, 429, FAULT_LIMIT, "this token has %d streams already", OF_ONE_MOST);
		return false;
	}
	if (streams->n < (n_own > 0 ? STREAMS_MAX - RESERVED : STREAMS_MAX) && !call->api->stopping)
		return true;
	api_refuse(call, 503, FAULT_CANCELLED, "there are %zu streams already", streams->n);
	return false;
}

void api_stream(struct api_call *call)
{
	const char *origin = api_origin(call), *headers[6] = { "Content-Type: text/event-stream", "Cache-Control: no-store", "X-Content-Type-Options: nosniff",
		"X-Accel-Buffering: no", "Vary: Origin" };
	struct text allowed = { 0 };
	struct api_streams *streams = call->api->streams;
	if (!has_room(call))
		return;
	struct stream *s = mem_zalloc(sizeof *s);
	struct http_visit *visit = call->visit;
	*s = (struct stream){ .streams = streams, .visit = visit,
		.masked = call->api->config.masked && !call->whole_numbers };
	memcpy(s->token, call->caller.id, sizeof s->token);
	memcpy(s->who, call->caller.name, sizeof s->who);
	s->until_ms = call->caller.until_ms;
	streams->items[streams->n++] = s;
	if (origin != NULL)
		text_printf(&allowed, "Access-Control-Allow-Origin: %s", origin);
	headers[5] = text_string(&allowed);
	call->visit = NULL;
	call->api->by_class[2]++;
	api_call_free(call);
	if (http_visit_stream(visit, &(struct http_answer){ .status = 200, .headers = headers, .n_headers = allowed.n > 0 ? 6 : 5 }, on_gone, s))
		greet(s);
	else
		stream_free(s);
	text_clear(&allowed);
}

static void on_closed(uv_handle_t *handle)
{
	struct api_streams *streams = handle->data;
	void (*on_stopped)(void *) = streams->on_stopped;
	void *arg = streams->stopped_arg;
	map_clear(&streams->told);
	free(streams);
	on_stopped(arg);
}

void api_streams_stop(struct api_streams *streams, void (*on_stopped)(void *), void *arg)
{
	streams->on_stopped = on_stopped;
	streams->stopped_arg = arg;
	while (streams->n > 0) {
		struct stream *s = streams->items[streams->n - 1];
		http_visit_end(s->visit);
		stream_free(s);
	}
	uv_timer_stop(&streams->tick);
	uv_close((uv_handle_t *)&streams->tick, on_closed);
}
