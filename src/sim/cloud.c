/* SPDX-License-Identifier: Apache-2.0
 *
 * The front door: start and stop, the table of routes, who may enter, and how
 * an answer leaves (headers every answer has, and the faults that spoil it).
 * What is answered is in cloud_oauth.c, cloud_cdr.c and their neighbours. */
#include "sim/cloud.h"

#include <ctype.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/iso_time.h"
#include "base/json.h"
#include "base/log.h"
#include "base/mem.h"
#include "net/url.h"
#include "sim/cloud_parts.h"
#include "webex/ids.h"

#define SKEW_MS (7 * MINUTE_MS)
#define LIVE_SCOPES (SCOPE(CALLS_READ) | SCOPE(CALLS_WRITE))

static void serve_status(struct cloud_request *);

static const struct cloud_route routes[] = {
	{ "GET",    "/v1/authorize", serve_authorize_page, ROUTE_FORM, 0 },
	{ "POST",   "/v1/authorize", serve_authorize_decision, ROUTE_FORM, 0 },
	{ "POST",   "/v1/access_token", serve_access_token, ROUTE_FORM, 0 },
	{ "POST",   "/v1/device/authorize", serve_device_authorize, ROUTE_FORM, 0 },
	{ "POST",   "/v1/device/token", serve_device_token, ROUTE_FORM, 0 },
	{ "GET",    "/verify", serve_verify_page, ROUTE_QUIET, 0 },
	{ "POST",   "/verify", serve_verify_decision, ROUTE_QUIET, 0 },
	{ "POST",   "/v1/applications/{}/token", serve_application_token,
	    ROUTE_TOKEN | ROUTE_FORM, SCOPE(APPLICATIONS_TOKEN) },
	{ "GET",    "/v1/authorizations/tokenExpiry", serve_token_expiry, ROUTE_TOKEN, 0 },
	{ "GET",    "/v1/people/me", serve_me, ROUTE_TOKEN, 0 },
	{ "GET",    "/v1/people", serve_people, ROUTE_TOKEN, SCOPE(PEOPLE_READ) },
	{ "GET",    "/v1/people/{}", serve_person, ROUTE_TOKEN, SCOPE(PEOPLE_READ) },
	{ "GET",    "/v1/organizations", serve_organizations, ROUTE_TOKEN,
	    SCOPE(ORGANIZATIONS_READ) },
	{ "GET",    "/v1/organizations/{}", serve_organization, ROUTE_TOKEN,
	    SCOPE(ORGANIZATIONS_READ) },
	{ "GET",    "/v1/locations", serve_locations, ROUTE_TOKEN,
	    SCOPE(LOCATIONS_READ) | SCOPE(PEOPLE_READ) },
	{ "GET",    "/v1/telephony/config/locations", serve_telephony_locations, ROUTE_TOKEN,
	    SCOPE(TELEPHONY_READ) },
	{ "GET",    "/v1/cdr_feed", serve_cdr_feed, ROUTE_TOKEN | ROUTE_RECORDS, SCOPE(CDR_READ) },
	{ "GET",    "/v1/cdr_stream", serve_cdr_stream, ROUTE_TOKEN | ROUTE_RECORDS,
	    SCOPE(CDR_READ) },
	{ "GET",    "/v1/telephony/calls/members/{}/calls", serve_member_calls, ROUTE_TOKEN,
	    LIVE_SCOPES },
	{ "GET",    "/v1/telephony/calls/members/{}/calls/{}", serve_member_call, ROUTE_TOKEN,
	    LIVE_SCOPES },
	{ "POST",   "/v1/telephony/calls/members/{}/hangup", serve_member_hangup,
	    ROUTE_TOKEN | ROUTE_FORM, SCOPE(CALLS_WRITE) },
	{ "GET",    "/v1/webhooks", serve_webhooks, ROUTE_TOKEN, 0 },
	{ "POST",   "/v1/webhooks", serve_webhook_create, ROUTE_TOKEN | ROUTE_FORM, 0 },
	{ "GET",    "/v1/webhooks/{}", serve_webhook, ROUTE_TOKEN, 0 },
	{ "PUT",    "/v1/webhooks/{}", serve_webhook_update, ROUTE_TOKEN | ROUTE_FORM, 0 },
	{ "DELETE", "/v1/webhooks/{}", serve_webhook_delete, ROUTE_TOKEN | ROUTE_FORM, 0 },
	{ "GET",    "/v1/telephony/webhookInterestRegistrations", serve_interests, ROUTE_TOKEN,
	    SCOPE(CALLS_READ) },
	{ "POST",   "/v1/telephony/webhookInterestRegistrations", serve_interests_register,
	    ROUTE_TOKEN | ROUTE_FORM, SCOPE(CALLS_READ) },
	{ "DELETE", "/v1/telephony/webhookInterestRegistrations", serve_interests_delete,
	    ROUTE_TOKEN | ROUTE_FORM, SCOPE(CALLS_READ) },
	{ "GET",    "/sim/status", serve_status, ROUTE_QUIET, 0 },
};

static_assert(COUNT_OF(routes) <= CLOUD_MAX_ROUTES, "n_asked counts every route");

void cloud_options_init(struct cloud_options *options)
{
	*options = (struct cloud_options){
		.other_port = -1,
		.seed = 1,
		.slow_pause_ms = 250,
		.rotate_refresh = true,
		.device_redirects = true,
		/* OAuth: "Login with Webex" (2026), the same numbers as on the wire */
		.access_life_s = 1209599,
		.device_access_life_s = 64799,
		.service_access_life_s = 1209599,
		.personal_life_s = 12 * 3600,
		.refresh_life_s = 7775999,
		.code_life_s = 300,
		.device_code_life_s = 300,
		.device_interval_s = 2,
		/* "Detailed Call History" and its blog of 2025-12-17 */
		.feed_window_ms = 12 * HOUR_MS,
		.feed_retention_ms = 30 * DAY_MS,
		.feed_delay_ms = 5 * MINUTE_MS,
		.stream_window_ms = 2 * HOUR_MS,
		.stream_retention_ms = 12 * HOUR_MS,
		.stream_delay_ms = MINUTE_MS,
		.min_page = 500,
		.max_page = 5000,
		.rate_ms = MINUTE_MS,
		.n_pages = 10,
		/* Webhooks guide: 100 failures in 5 minutes */
		.webhook_window_ms = 5 * MINUTE_MS,
		.webhook_failures = 100,
	};
}

/* ------------------------------------------------------------ time, names */

int64_t cloud_now_ms(const struct cloud *cloud)
{
	return clock_now_ms(cloud->options.clock) + cloud->skew_ms;
}

int64_t cloud_patience_ms(const struct cloud *cloud)
{
	return cloud->options.clock->speed > 0 ? clock_steady_ns() / 1000000 : cloud_now_ms(cloud);
}

int64_t cloud_real_seconds(const struct cloud *cloud, int64_t simulated_ms)
{
	double speed = cloud->options.clock->speed > 0 ? cloud->options.clock->speed : 1;
	int64_t seconds = (int64_t)((double)simulated_ms / speed / 1000 + 0.999);
	return MAX(seconds, 1);
}

uint64_t cloud_serial(struct cloud *cloud)
{
	return ++cloud->n_serials;
}

void cloud_hex(const struct cloud *cloud, const char *purpose, uint64_t serial, size_t n, char *out)
{
	unsigned char digest[32];
	char words[120];
	assert(n <= 64);
	snprintf(words, sizeof words, "%s %llu", purpose, (unsigned long long)serial);
	HMAC(EVP_sha256(), cloud->key, sizeof cloud->key, (const unsigned char *)words,
	    strlen(words), digest, NULL);
	for (size_t i = 0; i < n; i++)
		out[i] = "0123456789abcdef"[i % 2 ? digest[i / 2] & 15 : digest[i / 2] >> 4];
	out[n] = '\0';
}

void cloud_uuid(const struct cloud *cloud, const char *purpose, uint64_t serial,
    char out[static 37])
{
	char hex[33];
	cloud_hex(cloud, purpose, serial, 32, hex);
	hex[12] = '4';
	hex[16] = "89ab"[hex[16] & 3];
	snprintf(out, 37, "%.8s-%.4s-%.4s-%.4s-%.12s", hex, hex + 8, hex + 12, hex + 16, hex + 20);
}

void cloud_id(const char *kind, const char *uuid, struct text *out)
{
	char id[WEBEX_ID_BYTES];
	webex_id_make(kind, uuid, id);
	json_quote(out, id);
}

/* --------------------------------------------------------------- requests */

static const char *value_of(const char *pairs, const char *name, char out[static CLOUD_WORD_BYTES])
{
	if (!url_query_value(pairs, name, out, CLOUD_WORD_BYTES))
		out[0] = '\0';
	return out;
}

const char *cloud_query(const struct cloud_request *request, const char *name,
    char out[static CLOUD_WORD_BYTES])
{
	return value_of(request->query, name, out);
}

const char *cloud_form(const struct cloud_request *request, const char *name,
    char out[static CLOUD_WORD_BYTES])
{
	return value_of(request->form, name, out);
}

const char *cloud_own_url(const struct cloud_request *request, char out[static CLOUD_URL_BYTES])
{
	const char *host = http_visit_header(request->visit, "Host");
	if (host != NULL && strlen(host) < 200 && host[0] != '\0' &&
	    host[strspn(host, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-:[]")] ==
		'\0')
		snprintf(out, CLOUD_URL_BYTES, "https://%s", host);
	else
		snprintf(out, CLOUD_URL_BYTES, "%s",
		    request->other_region ? cloud_other_url(request->cloud) : cloud_url(request->cloud));
	return out;
}

/* Does `path` fit? "{}" takes one segment, decoded, that is not empty. */
static bool path_fits(const char *pattern, const char *path, struct cloud_request *request)
{
	size_t n = 0;
	for (;;) {
		if (pattern[0] == '{') {
			size_t length = strcspn(path, "/");
			if (length == 0 || length >= sizeof request->segment[0] ||
			    n == CLOUD_MAX_SEGMENTS)
				return false;
			memcpy(request->segment[n], path, length);
			request->segment[n][length] = '\0';
			if (!url_decode(request->segment[n++]))
				return false;
			pattern += 2;
			path += length;
		} else if (*pattern != *path) {
			return false;
		} else if (*pattern == '\0') {
			return true;
		} else {
			pattern++;
			path++;
		}
	}
}

/* The route, or NULL; *wrong_method when only the method does not fit. */
static const struct cloud_route *find_route(struct cloud_request *request, bool *wrong_method)
{
	const char *path = http_visit_path(request->visit);
	const char *method = http_visit_method(request->visit);
	*wrong_method = false;
	for (size_t i = 0; i < COUNT_OF(routes); i++) {
		if (!path_fits(routes[i].pattern, path, request))
			continue;
		if (strcmp(routes[i].method, method) == 0)
			return &routes[i];
		*wrong_method = true;
	}
	return NULL;
}

/* A client's own TrackingID comes back when it is harmless. */
static void choose_tracking_id(struct cloud_request *request)
{
	const char *theirs = http_visit_header(request->visit, "TrackingID");
	bool harmless = theirs != NULL && *theirs != '\0' && strlen(theirs) < 90;
	for (const char *c = theirs; harmless && *c != '\0'; c++)
		harmless = isalnum((unsigned char)*c) || *c == '_' || *c == '-' || *c == ':';
	if (harmless) {
		snprintf(request->tracking_id, sizeof request->tracking_id, "%s", theirs);
		return;
	}
	char uuid[37];
	cloud_uuid(request->cloud, "tracking", request->cloud->n_answers, uuid);
	snprintf(request->tracking_id, sizeof request->tracking_id, "%s_%s",
	    request->route != NULL && (request->route->flags & ROUTE_RECORDS) ? "ANALYTICS" : "ROUTER",
	    uuid);
}

/* Bearer and scope. False: it was answered. */
static bool may_enter(struct cloud_request *request)
{
	const struct cloud *cloud = request->cloud;
	const char *header = http_visit_header(request->visit, "Authorization");
	bool good = header != NULL && strncasecmp(header, "Bearer ", 7) == 0 &&
	    cloud_token_read(cloud, header + 7, &request->token) && !request->token.is_refresh &&
	    cloud_now_ms(cloud) < request->token.expires_ms;
	if (!good) {
		cloud_header(request, "WWW-Authenticate: Bearer realm=\"Webex\"");
		cloud_reply_error(request, 401,
		    "The request requires a valid access token set in the Authorization request "
		    "header.");
		return false;
	}
	unsigned wanted = request->route->scopes;
	if (wanted != 0 && (request->token.scopes & wanted) == 0) {
		cloud_reply_error(request, 403,
		    (request->route->flags & ROUTE_RECORDS)
			? "The token does not have the access rights needed for this API"
			: "Missing required scopes or roles for this request.");
		return false;
	}
	return true;
}

/* ---------------------------------------------------------------- answers */

void cloud_header(struct cloud_request *request, const char *format, ...)
{
	char line[8192];
	va_list list;
	va_start(list, format);
	vsnprintf(line, sizeof line, format, list);
	va_end(list);
	text_puts(&request->headers, line);
	text_putc(&request->headers, '\n');
}

static void request_free(struct cloud_request *request)
{
	text_clear(&request->headers);
	free(request);
}

/* Everything leaves through here. Takes request and bytes. */
static void leave(struct cloud_request *request, int status, const char *type, char *bytes,
    size_t n, enum sim_fault fault)
{
	struct cloud *cloud = request->cloud;
	const char *headers[24];
	size_t n_headers = 0;
	char date[ISO_TIME_BYTES], line[3][200];
	http_date_format(cloud_now_ms(cloud), date);
	snprintf(line[0], sizeof line[0], "Date: %s", date);
	snprintf(line[1], sizeof line[1], "TrackingID: %s", request->tracking_id);
	snprintf(line[2], sizeof line[2], "Content-Type: %s", type == NULL ? "" : type);
	headers[n_headers++] = line[0];
	headers[n_headers++] = line[1];
	if (type != NULL)
		headers[n_headers++] = line[2];
	headers[n_headers++] = "Cache-Control: no-store";
	char *rest = request->headers.bytes;
	for (char *more; rest != NULL && (more = strsep(&rest, "\n")) != NULL;)
		if (*more != '\0' && n_headers < COUNT_OF(headers))
			headers[n_headers++] = more;
	struct http_answer answer = { .status = status, .headers = headers,
		.n_headers = n_headers, .take = bytes, .n_body = n };
	if (bytes == NULL)
		answer.body = "";
	if (fault == SIM_FAULT_CUT && n > 1) {
		answer.cut_after = 1 + sim_faults_pick(&cloud->faults, n - 1);
	} else if (fault == SIM_FAULT_SLOW_BODY && n > 0) {
		answer.pace_bytes = n / 16 + 1;
		answer.pace_ms = cloud->options.slow_pause_ms;
	}
	cloud->n_answers++;
	http_visit_answer(request->visit, &answer);
	request_free(request);
}

/* The faults that spoil a good answer: only of what may be asked again. */
#define ANSWER_FAULTS                                                        \
	(SIM_FAULT_BIT(SIM_FAULT_SLOW_BODY) | SIM_FAULT_BIT(SIM_FAULT_CUT) |  \
	    SIM_FAULT_BIT(SIM_FAULT_MALFORMED) | SIM_FAULT_BIT(SIM_FAULT_HOSTILE))
/* The faults that come instead of one; nothing has been done yet. */
#define GATE_FAULTS                                                             \
	(SIM_FAULT_BIT(SIM_FAULT_STORM429) | SIM_FAULT_BIT(SIM_FAULT_SERVER5XX) | \
	    SIM_FAULT_BIT(SIM_FAULT_HTML502))

static enum sim_fault strike(struct cloud_request *request, unsigned allowed)
{
	if (request->route == NULL || (request->route->flags & ROUTE_QUIET))
		return SIM_N_FAULTS;
	struct text target = { 0 };
	text_printf(&target, "%s %s?%s", http_visit_method(request->visit),
	    http_visit_path(request->visit), request->query);
	enum sim_fault fault = sim_faults_strike(&request->cloud->faults, allowed,
	    request->route->pattern, text_string(&target));
	text_clear(&target);
	return fault;
}

void cloud_reply_json(struct cloud_request *request, int status, struct text *body)
{
	enum sim_fault fault = SIM_N_FAULTS;
	if (status == 200 && (request->route->flags & ROUTE_FORM) == 0)
		fault = strike(request, ANSWER_FAULTS);
	size_t n = body->n;
	char *bytes = body->bytes;
	*body = (struct text){ 0 };
	if (fault == SIM_FAULT_MALFORMED || fault == SIM_FAULT_HOSTILE) {
		char *spoilt = sim_faults_spoil(&request->cloud->faults, fault, bytes, n, &n);
		free(bytes);
		bytes = spoilt;
	}
	leave(request, status, "application/json;charset=UTF-8", bytes, n, fault);
}

void cloud_reply_html(struct cloud_request *request, int status, struct text *body)
{
	size_t n = body->n;
	char *bytes = body->bytes;
	*body = (struct text){ 0 };
	cloud_header(request, "Content-Security-Policy: default-src 'none'; style-src "
			      "'unsafe-inline'; frame-ancestors 'none'");
	cloud_header(request, "X-Content-Type-Options: nosniff");
	leave(request, status, "text/html;charset=UTF-8", bytes, n, SIM_N_FAULTS);
}

void cloud_reply_nothing(struct cloud_request *request, int status)
{
	leave(request, status, NULL, NULL, 0, SIM_N_FAULTS);
}

void cloud_reply_error(struct cloud_request *request, int status, const char *sentence)
{
	struct text body = { 0 };
	text_puts(&body, "{\"message\":");
	json_quote(&body, sentence);
	if (request->route != NULL && (request->route->flags & ROUTE_RECORDS)) {
		text_printf(&body, ",\"errorCode\":%d", status);
	} else {
		text_puts(&body, ",\"errors\":[{\"description\":");
		json_quote(&body, sentence);
		text_puts(&body, "}]");
	}
	text_puts(&body, ",\"trackingId\":");
	json_quote(&body, request->tracking_id);
	text_putc(&body, '}');
	size_t n = body.n;
	leave(request, status, "application/json;charset=UTF-8", body.bytes, n, SIM_N_FAULTS);
}

void cloud_reply_oauth_error(struct cloud_request *request, int status, const char *error,
    const char *sentence)
{
	struct cloud *cloud = request->cloud;
	enum cloud_oauth_errors shape = cloud->options.oauth_errors;
	if (shape == CLOUD_OAUTH_BOTH)
		shape = cloud->n_errors++ % 2 ? CLOUD_OAUTH_RFC : CLOUD_OAUTH_WEBEX;
	if (shape == CLOUD_OAUTH_WEBEX) {
		cloud_reply_error(request, status, sentence);
		return;
	}
	struct text body = { 0 };
	text_puts(&body, "{\"error\":");
	json_quote(&body, error);
	text_puts(&body, ",\"error_description\":");
	json_quote(&body, sentence);
	text_putc(&body, '}');
	size_t n = body.n;
	leave(request, status, "application/json;charset=UTF-8", body.bytes, n, SIM_N_FAULTS);
}

void cloud_html_escape(struct text *out, const char *string)
{
	for (; *string != '\0'; string++) {
		switch (*string) {
		case '<': text_puts(out, "&lt;"); break;
		case '>': text_puts(out, "&gt;"); break;
		case '&': text_puts(out, "&amp;"); break;
		case '"': text_puts(out, "&quot;"); break;
		case '\'': text_puts(out, "&#39;"); break;
		default: text_putc(out, *string);
		}
	}
}

/* ------------------------------------------------------------ the gateway */

static void reply_429(struct cloud_request *request)
{
	struct cloud *cloud = request->cloud;
	char date[ISO_TIME_BYTES];
	int64_t wait_s = 1 + (int64_t)sim_faults_pick(&cloud->faults, 3);
	switch (sim_faults_pick(&cloud->faults, 4)) {
	case 0: /* seen live (WebexPythonSDK issue 181) */
		cloud_header(request, "Retry-After: rand(30),add(30)");
		break;
	case 1:
		cloud_header(request, "Retry-After: %s",
		    http_date_format(cloud_now_ms(cloud) + wait_s * SECOND_MS, date));
		break;
	case 2:
		break; /* none at all */
	default:
		cloud_header(request, "Retry-After: %lld", (long long)wait_s);
	}
	cloud_reply_error(request, 429, "Request rate exceeds threshold");
}

/* A fault in place of an answer. False: there is none. */
static bool struck_at_the_gate(struct cloud_request *request)
{
	static const int statuses[] = { 500, 503, 504, 503, 423 };
	struct text page = { 0 };
	switch (strike(request, GATE_FAULTS)) {
	case SIM_FAULT_STORM429:
		reply_429(request);
		return true;
	case SIM_FAULT_SERVER5XX: {
		int status = statuses[sim_faults_pick(&request->cloud->faults, COUNT_OF(statuses))];
		if (status == 503 || status == 423)
			cloud_header(request, "Retry-After: 1");
		cloud_reply_error(request, status,
		    status == 504 ? "The request timed out; please try a smaller max"
				  : "The server could not process the request");
		return true;
	}
	case SIM_FAULT_HTML502:
		text_puts(&page, "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n"
				 "<center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>nginx"
				 "</center>\r\n</body>\r\n</html>\r\n");
		cloud_reply_html(request, 502, &page);
		return true;
	default:
		return false;
	}
}

static void on_visit(struct http_visit *visit, struct cloud *cloud, bool other_region)
{
	struct cloud_request *request = mem_zalloc(sizeof *request);
	bool wrong_method;
	request->cloud = cloud;
	request->visit = visit;
	request->other_region = other_region;
	request->query = http_visit_query(visit);
	const char *type = http_visit_header(visit, "Content-Type");
	request->form = type != NULL &&
		strncasecmp(type, "application/x-www-form-urlencoded", 33) == 0
	    ? http_visit_body(visit, NULL)
	    : "";
	request->route = find_route(request, &wrong_method);
	choose_tracking_id(request);
	if (request->route != NULL)
		cloud->n_asked[request->route - routes]++;
	if (request->route == NULL)
		cloud_reply_error(request, wrong_method ? 405 : 404,
		    wrong_method ? "This method is not allowed here."
				 : "The requested resource could not be found.");
	else if (!struck_at_the_gate(request) &&
	    ((request->route->flags & ROUTE_TOKEN) == 0 || may_enter(request)))
		request->route->serve(request);
}

static void on_home_visit(struct http_visit *visit, void *arg)
{
	on_visit(visit, arg, false);
}

static void on_other_visit(struct http_visit *visit, void *arg)
{
	on_visit(visit, arg, true);
}

/* How it has been: for tests and for the curious. */
static void serve_status(struct cloud_request *request)
{
	const struct cloud *cloud = request->cloud;
	struct text body = { 0 };
	char now[ISO_TIME_BYTES];
	text_printf(&body, "{\"now\":\"%s\",\"answers\":%llu,\"struck\":{",
	    iso_time_format(cloud_now_ms(cloud), now), (unsigned long long)cloud->n_answers);
	for (unsigned i = 0; i < SIM_N_FAULTS; i++)
		text_printf(&body, "%s\"%s\":%u", i > 0 ? "," : "", sim_fault_name((enum sim_fault)i),
		    cloud->faults.n_struck[i]);
	text_printf(&body, "},\"limited\":%llu,\"asked\":{", (unsigned long long)cloud->n_limited);
	for (size_t i = 0; i < COUNT_OF(routes); i++)
		text_printf(&body, "%s\"%s %s\":%llu", i > 0 ? "," : "", routes[i].method,
		    routes[i].pattern, (unsigned long long)cloud->n_asked[i]);
	text_puts(&body, "}}");
	cloud_reply_json(request, 200, &body);
}

/* ------------------------------------------------------------ start, stop */

static void make_credentials(struct cloud *cloud)
{
	char hex[65], uuid[37];
	cloud_hex(cloud, "client id", 0, 64, hex);
	snprintf(cloud->client_id, sizeof cloud->client_id, "C%s", hex);
	cloud_hex(cloud, "client secret", 0, 64, cloud->client_secret);
	cloud_hex(cloud, "service id", 0, 64, hex);
	snprintf(cloud->service_client_id, sizeof cloud->service_client_id, "C%s", hex);
	cloud_hex(cloud, "service secret", 0, 64, cloud->service_client_secret);
	cloud_uuid(cloud, "service application", 0, uuid);
	webex_id_make("APPLICATION", uuid, cloud->service_application_id);
	webex_id_make("ORGANIZATION", cloud->org->uuid, cloud->org_id);
	cloud->credentials = (struct cloud_credentials){
		.client_id = cloud->client_id,
		.client_secret = cloud->client_secret,
		.service_client_id = cloud->service_client_id,
		.service_client_secret = cloud->service_client_secret,
		.service_application_id = cloud->service_application_id,
		.service_refresh_token = cloud->service_refresh,
		.service_access_token = cloud->service_access,
		.personal_token = cloud->personal,
		.org_id = cloud->org_id,
	};
}

static void make_key(struct cloud *cloud)
{
	char words[64];
	snprintf(words, sizeof words, "centinela simulator %llu",
	    (unsigned long long)cloud->options.seed);
	SHA256((const unsigned char *)words, strlen(words), cloud->key);
}

static bool start_server(struct cloud *cloud, int port, http_serve_fn serve,
    struct http_server **out, struct fault *fault)
{
	struct http_server_options options = {
		.address = cloud->options.address,
		.port = port,
		.certificate_pem = cloud->certificate.certificate_pem,
		.key_pem = cloud->certificate.key_pem,
		.max_connections = 256,
	};
	return http_server_start(cloud->loop, &options, serve, cloud, out, fault);
}

static void cloud_free(struct cloud *cloud)
{
	void (*on_stopped)(void *) = cloud->on_stopped;
	void *arg = cloud->stopped_arg;
	cloud_oauth_clear(cloud);
	cloud_device_clear(cloud);
	live_free(cloud);
	sim_faults_clear(&cloud->faults);
	if (cloud->days != NULL)
		day_cache_free(cloud->days);
	if (cloud->traffic != NULL)
		traffic_free(cloud->traffic);
	certificate_clear(&cloud->certificate);
	mem_wipe(cloud, sizeof *cloud);
	free(cloud);
	if (on_stopped != NULL)
		on_stopped(arg);
}

bool cloud_start(const struct cloud_options *options, uv_loop_t *loop, struct cloud **out,
    struct fault *fault)
{
	struct cloud *cloud = mem_zalloc(sizeof *cloud);
	*out = NULL;
	cloud->options = *options;
	cloud->loop = loop;
	clock_init_real(&cloud->real_clock);
	if (options->clock == NULL)
		cloud->options.clock = &cloud->real_clock;
	struct traffic_options traffic = options->traffic;
	if (traffic.seed == 0)
		traffic.seed = options->seed;
	if (traffic.epoch_ms == 0)
		traffic.epoch_ms = clock_now_ms(cloud->options.clock);
	traffic.hostile_names |= (options->faults & SIM_FAULT_BIT(SIM_FAULT_HOSTILE_NAMES)) != 0;
	make_key(cloud);
	sim_faults_init(&cloud->faults, options->faults, options->seed);
	if (options->faults & SIM_FAULT_BIT(SIM_FAULT_SKEW))
		cloud->skew_ms = hash_mix(options->seed) & 1 ? SKEW_MS : -SKEW_MS;
	if (!certificate_make(&cloud->certificate, options->hosts, fault) ||
	    (options->ca_file != NULL &&
		!certificate_write_ca(&cloud->certificate, options->ca_file, fault)) ||
	    !traffic_new(&traffic, &cloud->traffic, fault)) {
		cloud_free(cloud);
		return false;
	}
	cloud->org = traffic_org(cloud->traffic);
	make_credentials(cloud);
	cloud_oauth_init(cloud);
	cloud->days = day_cache_new();
	if (!live_start(cloud, fault)) {
		cloud_free(cloud);
		return false;
	}
	cloud->lane = lane_new(loop);
	if (!start_server(cloud, options->port, on_home_visit, &cloud->server, fault) ||
	    (options->other_port >= 0 &&
		!start_server(cloud, options->other_port, on_other_visit, &cloud->other_server,
		    fault))) {
		cloud_stop(cloud, NULL, NULL);
		return false;
	}
	*out = cloud;
	return true;
}

static void on_part_stopped(void *arg)
{
	struct cloud *cloud = arg;
	if (--cloud->n_stopping == 0)
		cloud_free(cloud);
}

static void on_live_stopped(struct cloud *cloud)
{
	lane_close(cloud->lane, on_part_stopped, cloud);
}

void cloud_stop(struct cloud *cloud, void (*on_stopped)(void *arg), void *arg)
{
	cloud->on_stopped = on_stopped;
	cloud->stopped_arg = arg;
	cloud->n_stopping = 1 + (cloud->server != NULL) + (cloud->other_server != NULL);
	if (cloud->server != NULL)
		http_server_stop(cloud->server, on_part_stopped, cloud);
	if (cloud->other_server != NULL)
		http_server_stop(cloud->other_server, on_part_stopped, cloud);
	live_stop(cloud, on_live_stopped);
}

/* ------------------------------------------------------------- what it is */

const char *cloud_url(const struct cloud *cloud)
{
	return http_server_url(cloud->server);
}

const char *cloud_other_url(const struct cloud *cloud)
{
	return cloud->other_server == NULL ? "" : http_server_url(cloud->other_server);
}

const char *cloud_ca_pem(const struct cloud *cloud)
{
	return cloud->certificate.ca_pem;
}

const struct sim_org *cloud_org(const struct cloud *cloud)
{
	return cloud->org;
}

const struct cloud_credentials *cloud_credentials(const struct cloud *cloud)
{
	return &cloud->credentials;
}

static void add_pair(struct text *out, const char *name, const char *value)
{
	json_quote(out, name);
	text_putc(out, ':');
	json_quote(out, value);
	text_putc(out, ',');
}

void cloud_describe(const struct cloud *cloud, struct text *out)
{
	const struct cloud_credentials *c = &cloud->credentials;
	const struct cloud_options *o = &cloud->options;
	text_putc(out, '{');
	add_pair(out, "url", cloud_url(cloud));
	add_pair(out, "cdr_url", o->records_are_there ? cloud_other_url(cloud) : cloud_url(cloud));
	add_pair(out, "other_url", cloud_other_url(cloud));
	add_pair(out, "ca", o->ca_file == NULL ? "" : o->ca_file);
	add_pair(out, "client_id", c->client_id);
	add_pair(out, "client_secret", c->client_secret);
	add_pair(out, "service_client_id", c->service_client_id);
	add_pair(out, "service_client_secret", c->service_client_secret);
	add_pair(out, "service_application_id", c->service_application_id);
	add_pair(out, "service_refresh_token", c->service_refresh_token);
	add_pair(out, "service_access_token", c->service_access_token);
	add_pair(out, "personal_token", c->personal_token);
	add_pair(out, "org_id", c->org_id);
	add_pair(out, "org_uuid", cloud->org->uuid);
	text_printf(out, "\"base_ms\":%lld,\"real_base_ms\":%lld,\"speed\":%g,\"seed\":%llu}",
	    (long long)o->clock->base_ms, (long long)o->clock->real_base_ms, o->clock->speed,
	    (unsigned long long)o->seed);
}
