/* SPDX-License-Identifier: Apache-2.0
 *
 * A request from its arrival to its answer: let in, understood, and carried out where
 * it belongs: on the loop, on a reading lane (reading.c), or on the store's within a
 * transaction that also keeps the answer, so that it can be given again. */
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/door.h"
#include "api/parts.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "store/alert_rows.h"
#include "store/request_rows.h"
#include "webex/oauth.h"

const struct api_field api_numbers_field = { "numbers", API_CHOICE, false, 0, 0, "masked|whole",
	"numbers of strangers: whole ones need the scope analyst and are audited, where the configuration masks them", "masked" };

void api_call_free(struct api_call *call)
{
	*call->before = call->next;
	if (call->next != NULL)
		call->next->before = call->before;
	api_act_free(call->act);
	text_clear(&call->answer);
	arena_clear(&call->arena);
	free(call);
}

/* The client's own, where it is a plain word; else one by chance. */
static void name_request(struct api_call *call)
{
	const char *given = http_visit_header(call->visit, "X-Request-Id");
	unsigned char bytes[8];
	size_t n = given == NULL ? 0 : strlen(given);
	if (n > 0 && n < sizeof call->request_id &&
	    strspn(given, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_") == n) {
		memcpy(call->request_id, given, n + 1);
		return;
	}
	if (RAND_bytes(bytes, sizeof bytes) != 1)
		memset(bytes, 0, sizeof bytes);
	for (size_t i = 0; i < sizeof bytes; i++)
		snprintf(call->request_id + 2 * i, 3, "%02x", bytes[i]);
}

/* ---- on the store's lane ----------------------------------------------------------------- */

/* Whole numbers are shown to somebody: that is written down first. */
static bool note_disclosure(struct api_call *call, struct store *store)
{
	const char *what = call->asked == NULL ? call->route->path : arena_printf(&call->arena, "%s: %s", call->route->path, call->asked);
	struct alert_event event = { call->now_ms, call->caller.name, "unmask", "masked", call->whole_numbers ? "shown" : "asked", what };
	return !call->discloses || store_audit(store, &event, &call->fault);
}

/* The answer of the same request before; false with a fault: the key was of another. */
static bool replay(struct api_call *call, struct store *store, bool *found)
{
	struct request_row row;
	*found = false;
	if (!call->has_key)
		return true;
	if (!request_row_find(store, call->key, call->now_ms, &call->arena, &row, found, &call->fault))
		return false;
	if (!*found)
		return true;
	if (memcmp(row.body, call->body_hash, sizeof row.body) != 0) {
		call->status = 422;
		return fault_set(&call->fault, FAULT_USAGE, "this Idempotency-Key was used with another body");
	}
	call->status = row.status;
	call->revision = row.revision;
	call->replayed = true;
	call->location = *row.location == '\0' ? NULL : row.location;
	text_puts(&call->answer, row.answer);
	return true;
}

/* If-Match names the alert's revision: two writers, and nothing is lost. */
static bool matches(struct api_call *call, struct store *store)
{
	struct alert alert;
	if (call->match == 0)
		return true;
	if (!alert_row_get(&store->db, call->id, &call->arena, &alert, &call->fault))
		return false;
	if (alert.revision == call->match)
		return true;
	call->status = 412;
	return fault_set(&call->fault, FAULT_CONFLICT, "alert %lld was changed since: it is at revision %lld", (long long)call->id, (long long)alert.revision);
}

static bool keep(struct api_call *call, struct store *store)
{
	struct request_row row = { .status = call->status, .revision = call->revision, .location = call->location == NULL ? "" : call->location, .answer = text_string(&call->answer) };
	if (!call->has_key)
		return true;
	memcpy(row.key, call->key, sizeof row.key);
	memcpy(row.body, call->body_hash, sizeof row.body);
	return request_row_keep(store, &row, call->now_ms, &call->fault);
}

static bool write_work(struct desk_work *work, struct store *store)
{
	struct api_call *call = (struct api_call *)work;
	bool found = false;
	bool ok = db_begin(&store->db, &call->fault) && note_disclosure(call, store) && replay(call, store, &found);
	ok = ok && (found || (matches(call, store) && call->route->write(call, store) && keep(call, store)));
	ok = db_end(&store->db, ok, &call->fault);
	api_acts_settle(call, ok);
	if (ok)
		call->fault = (struct fault){ 0 }; /* what was met on the way and did not matter */
	else if (call->fault.code == FAULT_NONE)
		fault_set(&call->fault, FAULT_STORE, "the store gave no answer");
	else if (call->fault.code == FAULT_NETWORK)
		api_store_is_away(call);
	return ok && !found;
}

static void on_written(struct desk_work *work)
{
	api_answer((struct api_call *)work);
}

static bool disclose_work(struct desk_work *work, struct store *store)
{
	struct api_call *call = (struct api_call *)work;
	bool ok = note_disclosure(call, store);
	if (!ok && call->fault.code == FAULT_NETWORK)
		api_store_is_away(call);
	return ok;
}

static void ask(struct api_call *call)
{
	if (call->route->serve != NULL)
		call->route->serve(call);
	else if (call->whole_numbers || !(call->route->flags & ROUTE_CACHED) || !api_flight_join(call))
		api_read(call);
}

static void on_disclosed(struct desk_work *work)
{
	struct api_call *call = (struct api_call *)work;
	if (call->fault.code != FAULT_NONE)
		api_answer(call);
	else if (call->api->stopping)
		api_refuse(call, 503, FAULT_CANCELLED, "%s", "the service is stopping");
	else
		ask(call);
}

/* ---- on the loop ------------------------------------------------------------------------ */

static void hash_two(const char *what, const void *a, size_t n_a, const char *b, unsigned char out[static 32])
{
	struct text all = { 0 };
	unsigned n = 32;
	text_printf(&all, "%s%c", what, 0);
	text_add(&all, a, n_a);
	text_putc(&all, '\0');
	text_puts(&all, b);
	EVP_Digest(all.bytes, all.n, out, &n, EVP_sha256(), NULL);
	text_clear(&all);
}

/* False: it was answered. */
static bool read_conditions(struct api_call *call)
{
	const char *match = http_visit_header(call->visit, "If-Match"), *key = http_visit_header(call->visit, "Idempotency-Key");
	char digits[24];
	size_t n;
	if (match != NULL && (call->route->flags & ROUTE_MATCHES) && strcmp(match, "*") != 0) {
		size_t length = strlen(match);
		if (length < 3 || length > 22 || *match != '"' || match[length - 1] != '"') {
			api_refuse(call, 412, FAULT_CONFLICT, "%s", "If-Match is the ETag that the alert was read with");
			return false;
		}
		snprintf(digits, sizeof digits, "%.*s", (int)length - 2, match + 1);
		if (!text_to_int(digits, 1, INT64_MAX, &call->match)) {
			api_refuse(call, 412, FAULT_CONFLICT, "%s", "If-Match is the ETag that the alert was read with");
			return false;
		}
	}
	if (key == NULL || !(call->route->flags & ROUTE_ONCE))
		return true;
	if (*key == '\0' || strlen(key) > 200) {
		api_refuse(call, 400, FAULT_INPUT, "%s", "an Idempotency-Key has 1 to 200 bytes");
		return false;
	}
	const char *body = http_visit_body(call->visit, &n), *who = *call->caller.id != '\0' ? call->caller.id : call->caller.name;
	call->has_key = true;
	hash_two(who, key, strlen(key), arena_printf(&call->arena, "%s %s %s", call->route->method, http_visit_path(call->visit), http_visit_query(call->visit)), call->key);
	hash_two("body", body, n, "", call->body_hash);
	return true;
}

static bool is_json(const char *kind)
{
	return kind != NULL && strncasecmp(kind, "application/json", 16) == 0 && strchr("; \t", kind[16]) != NULL;
}

static bool understand(struct api_call *call)
{
	size_t n;
	const char *body = http_visit_body(call->visit, &n), *kind = http_visit_header(call->visit, "Content-Type");
	bool sends = strcmp(call->route->method, "GET") != 0;
	/* A form of another page cannot send JSON without being asked first. */
	if (sends && n > 0 && !is_json(kind)) {
		api_refuse(call, 415, FAULT_INPUT, "%s", "Content-Type is application/json");
		return false;
	}
	const char *packed = http_visit_header(call->visit, "Content-Encoding");
	if (packed != NULL && *packed != '\0' && !text_equal_nocase(packed, "identity")) {
		api_refuse(call, 415, FAULT_INPUT, "%s", "a body comes as it is: no Content-Encoding is understood");
		return false;
	}
	if (!api_read_query(call, http_visit_query(call->visit)) || (sends && !api_read_body(call, body, n))) {
		api_answer(call);
		return false;
	}
	return read_conditions(call);
}

static void look(struct api_call *call)
{
	const struct api *api = call->api;
	struct api_seen *seen = arena_zalloc(&call->arena, sizeof *seen);
	struct oauth *oauth = watch_oauth(api->watch);
	*seen = (struct api_seen){ .health = *api->board->health, .n_live = live_calls_count(api->board->live), .n_streams = api_streams_count(api->streams), .n_searches = api_searches_count(api),
		.n_requests = api->n_requests, .n_failed = api->n_failed, .may_collect = oauth != NULL, .signed_in = oauth != NULL && oauth_status(oauth).state != OAUTH_SIGNED_OUT &&
		    oauth_status(oauth).state != OAUTH_NEEDS_LOGIN,
		.uptime_ms = call->now_ms - api->begun_ms };
	memcpy(seen->by_class, api->by_class, sizeof seen->by_class);
	if (api->port.server != NULL)
		seen->n_connections += http_server_n_connections(api->port.server);
	if (api->socket.server != NULL)
		seen->n_connections += http_server_n_connections(api->socket.server);
	call->seen = seen;
}

/* What the store's lane does in its turn; where that hangs, it would be done whenever it goes on. */
static void submit(struct api_call *call, bool (*work)(struct desk_work *, struct store *), void (*done)(struct desk_work *))
{
	struct desk *desk = call->api->board->desk;
	if (desk_may_not(desk, &call->fault)) {
		api_store_is_away(call);
		api_answer(call);
		return;
	}
	call->work = (struct desk_work){ .work = work, .done = done };
	desk_submit(desk, &call->work);
}

static void carry_out(struct api_call *call)
{
	const struct api_route *route = call->route;
	const struct api *api = call->api;
	call->status = route->status;
	if (route->flags & ROUTE_SEES)
		look(call);
	if (route->write != NULL && api->config.read_only) {
		api_refuse(call, 403, FAULT_READ_ONLY, "%s", _("nothing is written: console.read_only is set"));
	} else if (route->write != NULL) {
		submit(call, write_work, on_written);
	} else if (call->discloses) {
		submit(call, disclose_work, on_disclosed);
	} else {
		ask(call);
	}
}

void api_go_on(struct api_call *call)
{
	if (call->api->stopping) { /* lanes and streams are being closed */
		api_refuse(call, 503, FAULT_CANCELLED, "%s", "the service is stopping");
		return;
	}
	if (call->route->entry != ENTRY_OPEN && (!api_know(call) || !api_admit(call)))
		return;
	if (!understand(call))
		return;
	call->whole_numbers = api_int(call->query, api_numbers_field.name, 0) == 1;
	call->asked = call->api->config.masked ? api_asks_numbers(call) : NULL;
	call->discloses = call->api->config.masked && (call->whole_numbers || call->asked != NULL);
	if (call->discloses && (call->caller.scope < SCOPE_ANALYST || call->api->config.read_only)) {
		api_refuse(call, 403, FAULT_FORBIDDEN, "%s", call->asked != NULL ? "numbers are masked: to ask by their digits is for analysts, where that can be written down" :
			"whole numbers are for analysts, where that can be written down");
		return;
	}
	if (call->route->entry == ENTRY_OPEN || api_admit_change(call))
		carry_out(call);
}

/* What a browser asks before it sends what a form could not. */
static void answer_preflight(struct api_call *call)
{
	if (api_origin(call) == NULL) {
		api_refuse(call, 403, FAULT_FORBIDDEN, "%s", "no page of that origin may ask here");
		return;
	}
	call->status = 204;
	call->allow = "GET, POST, PATCH, DELETE";
	call->preflight = true;
	api_answer(call);
}

void api_serve(struct http_visit *visit, void *arg)
{
	struct api_door *door = arg;
	struct api *api = door->api;
	struct api_call *call = mem_zalloc(sizeof *call);
	const char *method = http_visit_method(visit), *path = http_visit_path(visit), *allow;
	*call = (struct api_call){ .api = api, .visit = visit, .end = http_visit_end_of(visit), .door = door, .now_ms = clock_real_ms(), .event_ms = clock_now_ms(&api->config.clock) };
	arena_init(&call->arena);
	call->next = api->calls;
	call->before = &api->calls;
	if (call->next != NULL)
		call->next->before = &call->next;
	api->calls = call;
	api->n_requests++;
	name_request(call);
	struct api_named named;
	call->route = api_route_find(method, path, &named, &call->arena, &allow);
	call->id = named.id;
	call->name = named.name;
	const char *why_refused;
	call->status = http_visit_refusal(visit, &why_refused);
	if (call->status != 0) {
		api_refuse(call, call->status, FAULT_USAGE, "%s", why_refused);
	} else if (!api_host_fits(call)) {
		api_refuse(call, 421, FAULT_FORBIDDEN, "%s", "this service is not the Host that was asked for: api.hosts names those it is");
	} else if (strcmp(method, "OPTIONS") == 0 && (call->route != NULL || *allow != '\0')) {
		answer_preflight(call);
	} else if (call->route == NULL && *allow != '\0') {
		call->allow = allow;
		api_refuse(call, 405, FAULT_USAGE, "%.10s is not among %s", method, allow);
	} else if (call->route == NULL) {
		api_refuse(call, 404, FAULT_NOT_FOUND, "%s", "there is no such path: /openapi.json lists all");
	} else if (api_is_foreign(call) && strcmp(call->route->method, "GET") != 0) {
		api_refuse(call, 403, FAULT_FORBIDDEN, "%s", "no page of that origin may ask here");
	} else if (api->stopping) {
		api_refuse(call, 503, FAULT_CANCELLED, "%s", "the service is stopping");
	} else if (call->route->entry != ENTRY_OPEN && !api_tokens_are_fresh(api)) {
		call->waits_for_tokens = true;
		api_read_tokens(api);
	} else {
		api_go_on(call);
	}
}
