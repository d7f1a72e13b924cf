/* SPDX-License-Identifier: Apache-2.0 */
#include "api/door.h"

#include <arpa/inet.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/log.h"
#include "base/mask.h"
#include "base/mem.h"
#include "net/lane.h"
#include "store/migrate.h"
#include "store/row_json.h"

#define FAILURES_A_SECOND 5
#define FAILURES_AT_ONCE  20
#define BUCKETS_MAX	  4096
#define TOKENS_WAIT_MS	  1000 /* between two looks whether the store hangs */

/* What the API itself gave out to be asked for again. An id of a subject may be a
 * stranger's number. */
static bool is_own(const char *key, const char *inside)
{
	return strcmp(key, "call_id") == 0 || strcmp(key, "journey_id") == 0 || strcmp(key, "next_cursor") == 0 ||
	    (strcmp(key, "id") == 0 && strcmp(inside, "subject") != 0);
}

static void mask_inside(json_t *value, const char *inside)
{
	const char *key;
	json_t *inner;
	size_t i;
	json_array_foreach(value, i, inner)
		mask_inside(inner, inside);
	if (!json_is_object(value)) {
		if (json_is_string(value))
			json_mask(value, mask_text);
		return;
	}
	json_object_foreach(value, key, inner) {
		if (strcmp(key, "record") == 0)
			json_mask(inner, mask_text); /* as Webex sent it */
		else if (!is_own(key, inside))
			mask_inside(inner, key);
	}
}

void api_mask(json_t *value)
{
	mask_inside(value, "");
}

/* ---- names ------------------------------------------------------------------------------ */

/* Is the word one of a list, with commas between? */
static bool in_list(const char *list, const char *word, size_t n)
{
	for (const char *p = list; *p != '\0';) {
		p += strspn(p, ", ");
		size_t length = strcspn(p, ", ");
		if (length == n && n > 0 && strncasecmp(p, word, n) == 0)
			return true;
		p += length;
	}
	return false;
}

bool api_host_fits(const struct api_call *call)
{
	const char *host = http_visit_header(call->visit, "Host");
	if (call->door->is_socket)
		return true; /* no page reaches it */
	if (host == NULL)
		return false;
	/* The name without its port; an IPv6 address stands in brackets. */
	const char *end = *host == '[' ? strchr(host, ']') : strrchr(host, ':');
	size_t n = *host == '[' ? (end == NULL ? 0 : (size_t)(end + 1 - host)) : end == NULL ? strlen(host) : (size_t)(end - host);
	return in_list("localhost,127.0.0.1,[::1]", host, n) || in_list(call->api->config.hosts, host, n) ||
	    (strchr(call->api->config.listen, ':') != NULL &&
		n == (size_t)(strrchr(call->api->config.listen, ':') - call->api->config.listen) && strncasecmp(host, call->api->config.listen, n) == 0);
}

const char *api_origin(const struct api_call *call)
{
	const char *origin = http_visit_header(call->visit, "Origin");
	return origin != NULL && in_list(call->api->config.origins, origin, strlen(origin)) ? origin : NULL;
}

bool api_is_foreign(const struct api_call *call)
{
	return http_visit_header(call->visit, "Origin") != NULL && api_origin(call) == NULL;
}

/* ---- how often ---------------------------------------------------------------------------- */

struct bucket {
	double left;
	int64_t at_ns;
};

/* Take one; false: it is empty, and wait_ms is when there is one again. */
static bool take(struct api *api, const char *whose, double a_second, double at_once, int64_t *wait_ms)
{
	bool is_new;
	int64_t now = clock_steady_ns();
	if (api->limits.n > BUCKETS_MAX)
		api_limits_clear(api);
	union map_value *value = map_put(&api->limits, whose, &is_new);
	if (is_new) {
		struct bucket *made = mem_alloc(sizeof *made);
		*made = (struct bucket){ at_once, now };
		value->pointer = made;
	}
	struct bucket *b = value->pointer;
	b->left = MIN(at_once, b->left + (double)(now - b->at_ns) / 1e9 * a_second);
	b->at_ns = now;
	if (b->left < 1) {
		*wait_ms = (int64_t)((1 - b->left) / a_second * 1000) + 1;
		return false;
	}
	b->left -= 1;
	return true;
}

void api_limits_clear(struct api *api)
{
	const struct map_entry *entry;
	for (size_t at = 0; (entry = map_next(&api->limits, &at)) != NULL;)
		free(entry->value.pointer);
	map_clear(&api->limits);
}

/* Whose tries are counted together: all of this host, which has millions of addresses, and of
 * an IPv6 network, of which anybody has as many. */
static const char *neighbourhood(const char *peer, char out[static INET6_ADDRSTRLEN])
{
	unsigned char address[16];
	snprintf(out, INET6_ADDRSTRLEN, "%s", strncmp(peer, "127.", 4) == 0 ? "127." : peer);
	if (inet_pton(AF_INET6, peer, address) == 1) {
		memset(address + 8, 0, 8);
		inet_ntop(AF_INET6, address, out, INET6_ADDRSTRLEN);
	}
	return out;
}

/* What is not let in is told so a few times a second, whoever it is. */
static void turn_away(struct api_call *call, const char *why)
{
	char whose[80], where[INET6_ADDRSTRLEN];
	int64_t wait_ms;
	snprintf(whose, sizeof whose, "! %s", neighbourhood(http_visit_peer(call->visit), where));
	call->api->n_failed++;
	if (!take(call->api, whose, FAILURES_A_SECOND, FAILURES_AT_ONCE, &wait_ms)) {
		call->fault.retry_after_ms = wait_ms;
		api_refuse(call, 429, FAULT_LIMIT, "%s", "too many attempts with a wrong token");
		return;
	}
	api_refuse(call, 401, FAULT_AUTH, "%s", why);
}

/* ---- tokens -------------------------------------------------------------------------------- */

struct tokens_job {
	struct job job;
	struct api *api;
	struct arena arena;
	struct token_row *rows;
	size_t n;
	bool ok;
	struct fault fault;
};

static void tokens_work(struct job *job)
{
	struct tokens_job *t = (struct tokens_job *)job;
	struct api_reader *reader = &t->api->quick;
	t->ok = reader->open || (reader->open = store_open_read(t->api->config.store, &reader->db, &t->fault));
	t->ok = t->ok && query_tokens(&reader->db, &t->arena, &t->rows, &t->n, &t->fault);
}

/* Every call that waits for them. */
static void go_on_with_all(struct api *api, bool ok, bool cancelled)
{
	for (struct api_call *call = api->calls, *next; call != NULL; call = next) {
		next = call->next;
		if (!call->waits_for_tokens)
			continue;
		call->waits_for_tokens = false;
		call->title = ok || cancelled ? NULL : "The store does not answer";
		if (ok)
			api_go_on(call);
		else
			api_refuse(call, 503, FAULT_CANCELLED, "%s", cancelled ? "the service is stopping" : "the store cannot be read");
	}
}

/* A store that hangs tells nothing, also not that it is away. */
static void on_tokens_wait(uv_timer_t *timer)
{
	struct api *api = timer->data;
	if (lane_is_stuck(api->quick.lane))
		go_on_with_all(api, false, false);
}

static void on_tokens(struct job *job, bool cancelled)
{
	struct tokens_job *t = (struct tokens_job *)job;
	struct api *api = t->api;
	api->reading_tokens = false;
	if (!cancelled && t->ok) {
		arena_clear(&api->tokens_arena);
		api->tokens_arena = t->arena;
		api->tokens = t->rows;
		api->n_tokens = t->n;
		api->tokens_ns = clock_steady_ns();
	} else {
		arena_clear(&t->arena);
	}
	bool ok = !cancelled && t->ok;
	if (!cancelled && !ok)
		log_unusual("%s", t->fault.text);
	free(t);
	if (!api->stopping)
		uv_timer_stop(&api->tokens_wait);
	go_on_with_all(api, ok, cancelled);
}

/* They are read before they are too old: else all that come in that moment would wait. */
bool api_tokens_are_fresh(struct api *api)
{
	int64_t age_ns = clock_steady_ns() - api->tokens_ns;
	if (api->tokens_ns != 0 && age_ns >= TOKENS_FRESH_MS * 1000000LL / 2)
		api_read_tokens(api);
	return api->tokens_ns != 0 && age_ns < TOKENS_FRESH_MS * 1000000LL;
}

void api_read_tokens(struct api *api)
{
	if (api->reading_tokens)
		return;
	struct tokens_job *t = mem_zalloc(sizeof *t);
	*t = (struct tokens_job){ .job = { .work = tokens_work, .done = on_tokens }, .api = api };
	arena_init(&t->arena);
	api->reading_tokens = true;
	uv_timer_start(&api->tokens_wait, on_tokens_wait, TOKENS_WAIT_MS, TOKENS_WAIT_MS);
	lane_submit(api->quick.lane, &t->job);
}

/* The user at the other end: who runs the service, or root, may do all. */
static bool know_user(struct api_call *call)
{
	char room[2048];
	struct passwd entry, *found = NULL;
	unsigned uid;
	if (!http_visit_peer_user(call->visit, &uid)) {
		api_refuse(call, 401, FAULT_AUTH, "%s", "nobody knows who is at the other end of the socket");
		return false;
	}
	call->caller.scope = uid == geteuid() || uid == 0 ? SCOPE_ADMIN : call->api->config.socket_scope;
	if (getpwuid_r((uid_t)uid, &entry, room, sizeof room, &found) == 0 && found != NULL)
		text_printable(call->caller.name, sizeof call->caller.name, found->pw_name, strlen(found->pw_name));
	else
		snprintf(call->caller.name, sizeof call->caller.name, "uid-%u", uid);
	return true;
}

bool api_know(struct api_call *call)
{
	const char *given = http_visit_header(call->visit, "Authorization");
	if (call->door->is_socket && given == NULL)
		return know_user(call);
	if (given == NULL || strncasecmp(given, "Bearer ", 7) != 0) {
		turn_away(call, "a token is needed: Authorization: Bearer cnt_… (centinela token create)");
		return false;
	}
	const struct token_row *token = token_row_find(call->api->tokens, call->api->n_tokens, given + 7 + strspn(given + 7, " "));
	if (token == NULL || token->revoked_ms != 0) {
		turn_away(call, token == NULL ? "no such token" : "that token was revoked");
		return false;
	}
	if (token->expires_ms <= call->now_ms) {
		turn_away(call, "that token has ended: centinela token create makes another");
		return false;
	}
	snprintf(call->caller.id, sizeof call->caller.id, "%s", token->id);
	snprintf(call->caller.name, sizeof call->caller.name, "%s", token->name);
	call->caller.scope = token->scope;
	call->caller.until_ms = token->expires_ms;
	return true;
}

/* Within the limit, on a purse of its own for what it asks: reads never use up what a
 * change needs, nor the other way round. False: it was answered. */
static bool is_in_time(struct api_call *call, const char *purse, int64_t a_second, const char *of_what)
{
	char whose[80];
	int64_t wait_ms;
	snprintf(whose, sizeof whose, "%s %s", purse, *call->caller.id != '\0' ? call->caller.id : call->caller.name);
	if (a_second <= 0 || take(call->api, whose, (double)a_second, 2 * (double)a_second, &wait_ms))
		return true;
	call->fault.retry_after_ms = wait_ms;
	api_refuse(call, 429, FAULT_LIMIT, "more than %lld %s a second", (long long)a_second, of_what);
	return false;
}

bool api_admit(struct api_call *call)
{
	if ((int)call->caller.scope + ENTRY_VIEWER < (int)call->route->entry) {
		api_refuse(call, 403, FAULT_FORBIDDEN, "%s is %s %s: this needs the scope %s", call->caller.name, call->caller.scope == SCOPE_ANALYST || call->caller.scope == SCOPE_ADMIN ? "an" : "a",
		    token_scope_name(call->caller.scope), api_entry_name(call->route->entry));
		return false;
	}
	return is_in_time(call, "?", call->api->config.rate, "requests");
}

bool api_admit_change(struct api_call *call)
{
	/* Whole numbers are read, and a line of the log is written for it. */
	bool changes = strcmp(call->route->method, "GET") != 0 || call->discloses;
	return !changes || is_in_time(call, "=", call->api->config.write_rate, "changes");
}
