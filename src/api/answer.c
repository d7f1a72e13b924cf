/* SPDX-License-Identifier: Apache-2.0
 *
 * How an answer leaves: its headers, packed where the client unpacks, and what went
 * wrong as RFC 9457 says it. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <zlib.h>

#include "api/door.h"
#include "api/parts.h"
#include "base/hash.h"
#include "base/mem.h"

#define WORTH_PACKING 1024
#define HEADERS_MAX   24

int api_status_of(enum fault_code code)
{
	switch (code) {
	case FAULT_NONE: return 200;
	case FAULT_USAGE: case FAULT_INPUT: return 400;
	case FAULT_READ_ONLY: case FAULT_FORBIDDEN: return 403;
	case FAULT_NOT_FOUND: return 404;
	case FAULT_CONFLICT: case FAULT_LOGIN: case FAULT_AUTH: return 409;
	case FAULT_LIMIT: return 429;
	case FAULT_NETWORK: case FAULT_REGION: case FAULT_REFUSED: return 502;
	case FAULT_CANCELLED: return 503;
	case FAULT_FULL: return 507;
	case FAULT_SYSTEM: case FAULT_STORE: break;
	}
	return 500;
}

static const char *title_of(int status)
{
	static const struct {
		int status;
		const char *title;
	} titles[] = { { 400, "The request is not as it should be" }, { 401, "Who asks?" }, { 403, "This may not be done" }, { 404, "Not found" },
		{ 405, "Not by this method" }, { 406, "Not in that form" }, { 409, "It is otherwise by now" }, { 410, "It was taken away" }, { 412, "It was changed since" },
		{ 413, "Too large" }, { 415, "Only JSON is understood" }, { 421, "Not the host of that name" }, { 422, "The key was used for something else" },
		{ 429, "Too many requests" }, { 500, "The service failed" }, { 502, "Webex did not answer" }, { 503, "Not now" }, { 507, "The disk is full" } };
	for (size_t i = 0; i < COUNT_OF(titles); i++)
		if (titles[i].status == status)
			return titles[i].title;
	return "It did not go well";
}

void api_put_json(struct api_call *call, json_t *value)
{
	if (!call->whole_numbers && call->api->config.masked && (call->route->flags & ROUTE_NUMBERS))
		api_mask(value);
	char *bytes = json_dumps(value, JSON_COMPACT);
	json_decref(value);
	text_reset(&call->answer);
	text_puts(&call->answer, bytes);
	free(bytes);
}

json_t *api_problem(int status, const char *title, enum fault_code code, const char *detail, const char *request_id, const char *wrong)
{
	json_t *problem = json_pack("{s:s, s:s, s:i, s:s, s:s, s:s}", "type", "about:blank", "title", title != NULL ? title : title_of(status), "status", status,
	    "code", fault_name(code), "detail", detail, "request_id", request_id);
	if (wrong != NULL)
		json_object_set_new(problem, "errors", json_pack("[{s:s, s:s}]", "field", wrong, "message", detail));
	return problem;
}

/* The fault of a call as its body. */
static void put_problem(struct api_call *call)
{
	char detail[sizeof call->fault.text];
	text_printable(detail, sizeof detail, call->fault.text, strlen(call->fault.text));
	json_t *problem = api_problem(call->status, call->title, call->fault.code, detail, call->request_id, call->wrong);
	char *bytes = json_dumps(problem, JSON_COMPACT);
	json_decref(problem);
	text_reset(&call->answer);
	text_puts(&call->answer, bytes);
	free(bytes);
	call->content_type = "application/problem+json";
}

/* ---- packing --------------------------------------------------------------------------- */

bool api_packs(const struct api_call *call)
{
	/* "br, gzip; q=0" is a no: the least that may be said of a word is 0.001. */
	const char *at = http_visit_header(call->visit, "Accept-Encoding");
	for (size_t n; at != NULL && *at != '\0'; at += n + (at[n] == ',')) {
		at += strspn(at, " \t");
		n = strcspn(at, ",");
		size_t name = strcspn(at, ",; \t");
		if (name != 4 || strncasecmp(at, "gzip", 4) != 0)
			continue;
		const char *q = at + name + strspn(at + name, "; \t");
		return q >= at + n || strncasecmp(q, "q=", 2) != 0 || strtod(q + 2, NULL) > 0;
	}
	return false;
}

bool api_pack(const struct text *plain, struct text *packed)
{
	z_stream z = { 0 };
	if (plain->n < WORTH_PACKING || deflateInit2(&z, 1, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
		return false;
	size_t most = deflateBound(&z, plain->n);
	char *bytes = mem_alloc(most + 1);
	z.next_in = (unsigned char *)plain->bytes;
	z.avail_in = (unsigned)plain->n;
	z.next_out = (unsigned char *)bytes;
	z.avail_out = (unsigned)most;
	bool ok = deflate(&z, Z_FINISH) == Z_STREAM_END;
	*packed = ok ? (struct text){ .bytes = bytes, .n = z.total_out, .capacity = most + 1 } : (struct text){ 0 };
	if (ok)
		bytes[z.total_out] = '\0';
	else
		free(bytes);
	deflateEnd(&z);
	return ok;
}

/* ---- leaving ----------------------------------------------------------------------------- */

struct headers {
	const char *items[HEADERS_MAX];
	size_t n;
	struct arena *arena;
};

static void add(struct headers *h, const char *line)
{
	assert(h->n < HEADERS_MAX);
	h->items[h->n++] = line;
}

static void add_own(struct headers *h, const char *name, const char *value)
{
	add(h, arena_printf(h->arena, "%s: %s", name, value));
}

static void add_security(const struct api_call *call, struct headers *h)
{
	add(h, "X-Content-Type-Options: nosniff");
	add(h, "Cache-Control: no-store");
	add(h, "Content-Security-Policy: default-src 'none'; frame-ancestors 'none'");
	add(h, "Referrer-Policy: no-referrer");
	if (!call->door->is_socket && *call->api->config.certificate_file != '\0')
		add(h, "Strict-Transport-Security: max-age=31536000");
	add_own(h, "X-Request-Id", call->request_id);
	const char *origin = api_origin(call);
	if (origin != NULL) {
		add_own(h, "Access-Control-Allow-Origin", origin);
		add(h, "Access-Control-Expose-Headers: ETag, Location, Retry-After, X-Request-Id");
	}
	if (call->preflight) {
		add_own(h, "Access-Control-Allow-Methods", call->allow);
		add(h, "Access-Control-Allow-Headers: Authorization, Content-Type, If-Match, If-None-Match, Idempotency-Key, X-Request-Id");
		add(h, "Access-Control-Max-Age: 600");
	}
	if (*call->api->config.origins != '\0')
		add(h, "Vary: Origin, Accept-Encoding");
	else
		add(h, "Vary: Accept-Encoding");
}

/* Of an alert its revision; of what else is read, the bytes' hash. */
static const char *tag_of(const struct api_call *call, const struct text *body, struct arena *arena)
{
	if (call->revision != 0)
		return arena_printf(arena, "\"%lld\"", (long long)call->revision);
	return arena_printf(arena, "W/\"%016llx\"", (unsigned long long)(body->n == 0 ? 0 : hash_much(body->bytes, body->n)));
}

static bool names_tag(const char *list, const char *tag)
{
	const char *at = list == NULL ? NULL : strstr(list, tag);
	return at != NULL || (list != NULL && strcmp(list, "*") == 0);
}

void api_leave(struct api_call *call, const struct text *plain, const struct text *packed)
{
	struct headers h = { .arena = &call->arena };
	bool reads = call->route != NULL && strcmp(call->route->method, "GET") == 0, unchanged = false;
	const struct text *body = packed != NULL && packed->n > 0 ? packed : plain;
	if (call->status < 300 && (call->revision != 0 || (reads && plain->n > 0 && call->content_type == NULL))) {
		const char *tag = tag_of(call, plain, &call->arena);
		add_own(&h, "ETag", tag);
		unchanged = reads && names_tag(http_visit_header(call->visit, "If-None-Match"), tag);
	}
	if (unchanged)
		call->status = 304;
	else if (plain->n > 0)
		add_own(&h, "Content-Type", call->content_type != NULL ? call->content_type : "application/json");
	if (!unchanged && body == packed && body != NULL)
		add(&h, "Content-Encoding: gzip");
	if (call->location != NULL)
		add_own(&h, "Location", call->location);
	if (call->allow != NULL)
		add_own(&h, "Allow", call->allow);
	if (call->status == 401)
		add(&h, "WWW-Authenticate: Bearer realm=\"centinela\"");
	if (call->status == 429 || call->status == 503)
		add_own(&h, "Retry-After", arena_printf(&call->arena, "%lld", (long long)MAX((call->fault.retry_after_ms + 999) / 1000, 1)));
	if (call->replayed)
		add(&h, "Idempotency-Replayed: true");
	add_security(call, &h);
	call->api->by_class[call->status / 100 % 6]++;
	bool empty = unchanged || body == NULL || call->status == 204;
	struct http_answer answer = { .status = call->status, .headers = h.items, .n_headers = h.n,
		.body = empty ? "" : text_string(body), .lasts = call->lasts, .n_body = empty ? 0 : body->n };
	struct http_visit *visit = call->visit;
	call->visit = NULL;
	http_visit_answer(visit, &answer);
	api_call_free(call);
}

void api_answer(struct api_call *call)
{
	if (call->fault.code != FAULT_NONE) {
		if (call->status < 400)
			call->status = api_status_of(call->fault.code);
		put_problem(call);
	}
	struct text packed = { 0 };
	bool packs = call->answer.n >= WORTH_PACKING && api_packs(call) && api_pack(&call->answer, &packed);
	api_leave(call, &call->answer, packs ? &packed : NULL);
	text_clear(&packed);
}

void api_refuse(struct api_call *call, int status, enum fault_code code, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(call->fault.text, sizeof call->fault.text, format, arguments);
	va_end(arguments);
	call->fault.code = code;
	call->status = status;
	api_answer(call);
}
