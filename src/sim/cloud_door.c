/* SPDX-License-Identifier: Apache-2.0
 *
 * The front door: the table of routes, who may enter, and the faults that come
 * in place of an answer. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/iso_time.h"
#include "base/mem.h"
#include "net/url.h"
#include "sim/cloud_parts.h"

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
	{ "GET",    "/v1/people/{}/features/{}", serve_setting, ROUTE_TOKEN, SCOPE(PEOPLE_READ) },
	{ "PUT",    "/v1/people/{}/features/{}", serve_setting_update, ROUTE_TOKEN | ROUTE_FORM,
	    SCOPE(PEOPLE_WRITE) },
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
	{ "GET",    "/v1/adminAudit/events", serve_admin_audit, ROUTE_TOKEN, SCOPE(AUDIT_READ) },
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

/* The faults that come instead of an answer; nothing has been done yet. */
#define GATE_FAULTS                                                             \
	(SIM_FAULT_BIT(SIM_FAULT_STORM429) | SIM_FAULT_BIT(SIM_FAULT_SERVER5XX) | \
	    SIM_FAULT_BIT(SIM_FAULT_HTML502))

/* A fault in place of an answer. False: there is none. */
static bool struck_at_the_gate(struct cloud_request *request)
{
	static const int statuses[] = { 500, 503, 504, 503, 423 };
	struct text page = { 0 };
	switch (cloud_strike(request, GATE_FAULTS)) {
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

void cloud_home_visit(struct http_visit *visit, void *arg)
{
	on_visit(visit, arg, false);
}

void cloud_other_visit(struct http_visit *visit, void *arg)
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
