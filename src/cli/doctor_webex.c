/* SPDX-License-Identifier: Apache-2.0
 *
 * Webex itself, one question after the other: can it be reached, does its
 * certificate hold, is our clock right, and what does each part of its API say
 * to this token. A step ends in next(); the last one closes everything. */
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/iso_time.h"
#include "base/json.h"
#include "base/mem.h"
#include "cli/cli.h"
#include "cli/doctor.h"
#include "net/file.h"
#include "webex/client.h"
#include "webex/error_body.h"
#include "webex/ids.h"

enum { TIMEOUT_MS = 30000, CLOCK_WARNING_S = 30, CLOCK_FAILED_S = 300 };

struct visit {
	struct doctor *d;
	uv_loop_t loop;
	struct link link;
	struct cdr_hosts hosts;
	struct webex *webex;
	bool signed_in, moved; /* moved: a 451 named another host, asked again there */
	size_t step;
	char person[200]; /* an id, for the calls of a member; "" none */
	char org[UUID_BYTES]; /* of the token; "" unknown */
	char *cdr_base;
	uv_timer_t pause;
};

static void next(struct visit *);
static void begin(struct visit *);

/* ---- reaching ------------------------------------------------------------------ */

static void check_clock(struct visit *v, const struct http_response *response)
{
	const char *date = http_header(response, "Date", 0);
	int64_t server_ms;
	if (date == NULL || !http_date_parse(date, &server_ms))
		return;
	int64_t skew_s = (server_ms + 500 - clock_now_ms(&v->d->options->clock) + response->took_ms / 2) / 1000;
	int64_t off = skew_s < 0 ? -skew_s : skew_s;
	if (off < CLOCK_WARNING_S) {
		doctor_check(v->d, CHECK_OK, "clock", _("clock"), _("agrees with Webex's within %lld s"), (long long)off + 1);
		return;
	}
	doctor_check(v->d, off < CLOCK_FAILED_S ? CHECK_WARNING : CHECK_FAILED, "clock", _("clock"),
	    skew_s > 0 ? _("this machine's clock is %lld s behind Webex's") : _("this machine's clock is %lld s ahead of Webex's"), (long long)off);
	doctor_advise(v->d, "%s", _("set it by NTP (timedatectl set-ntp true); requests follow Webex's clock meanwhile, lives of tokens and times of acts do not"));
}

/* Any answer shows that name, proxy, connection and certificate are fine. */
static void reached(struct visit *v, const char *name, const char *title, const char *host, const struct http_response *response)
{
	const struct fault *fault = &response->fault;
	if (fault->code == FAULT_NONE) {
		doctor_check(v->d, CHECK_OK, name, title, _("%s answers in %lld ms; its certificate is verified"), host, (long long)response->took_ms);
		return;
	}
	doctor_check(v->d, CHECK_FAILED, name, title, "%s", fault->text);
	if (strstr(fault->text, "certificate") != NULL)
		doctor_advise(v->d, "%s", _("if a proxy here inspects TLS, write its authority's PEM file into network.ca_file; verification cannot be switched off"));
	else
		doctor_advise(v->d, "%s", _("check DNS and firewall for webexapis.com and *.webexapis.com:443, and network.proxy or HTTPS_PROXY"));
}

static void on_cdr_reached(struct http_response *response, void *arg)
{
	struct visit *v = arg;
	reached(v, "reach_records", _("records host"), v->d->options->cdr_host, response);
	if (v->signed_in)
		begin(v);
	else
		next(v);
}

static void on_api_reached(struct http_response *response, void *arg)
{
	struct visit *v = arg;
	reached(v, "reach_api", _("Webex API"), v->d->options->api_url, response);
	if (response->fault.code == FAULT_NONE)
		check_clock(v, response);
	char *url = mem_printf("%s/cdr_feed", v->cdr_base);
	struct http_request request = { .url = url, .timeout_ms = TIMEOUT_MS, .max_bytes = 1 << 20 };
	http_client_send(v->link.http, &request, on_cdr_reached, v);
	free(url);
}

static void check_proxy(struct visit *v)
{
	const struct options *o = v->d->options;
	const char *environment = getenv("HTTPS_PROXY") != NULL ? getenv("HTTPS_PROXY") : getenv("https_proxy");
	if (*o->proxy != '\0' || (environment != NULL && *environment != '\0'))
		doctor_check(v->d, CHECK_OK, "proxy", _("proxy"), "%s", *o->proxy != '\0' ? _("the one of network.proxy is used") : _("the one of HTTPS_PROXY is used, but for hosts in NO_PROXY"));
	if (*o->ca_file == '\0')
		return;
	char *pem;
	size_t n;
	struct fault fault;
	if (!file_read(o->ca_file, 4 << 20, &pem, &n, &fault)) {
		doctor_check(v->d, CHECK_FAILED, "ca_file", _("own authority"), "%s", fault.text);
		doctor_advise(v->d, "%s", _("correct network.ca_file, or remove it to use the system's authorities"));
		return;
	}
	bool pem_like = strstr(pem, "-----BEGIN CERTIFICATE-----") != NULL;
	doctor_check(v->d, pem_like ? CHECK_OK : CHECK_FAILED, "ca_file", _("own authority"), pem_like ? _("%s is used instead of the system's") : _("%s holds no certificate in PEM form"), o->ca_file);
	if (!pem_like)
		doctor_advise(v->d, "openssl x509 -inform der -in FILE -out '%s'", o->ca_file);
	free(pem);
}

/* ---- asking ------------------------------------------------------------------- */

struct question {
	const char *name, *title; /* title to be translated */
	enum webex_api api;
	bool needed;
	/* The path to ask; NULL: not this time. free() it. */
	char *(*path)(struct visit *);
};

static char *self_path(struct visit *v)
{
	UNUSED(v);
	return mem_strdup("/people/me");
}

static char *organizations_path(struct visit *v)
{
	UNUSED(v);
	return mem_strdup("/organizations");
}

static char *people_path(struct visit *v)
{
	UNUSED(v);
	return mem_strdup("/people?max=1");
}

static char *locations_path(struct visit *v)
{
	UNUSED(v);
	return mem_strdup("/locations?max=1");
}

static char *calling_locations_path(struct visit *v)
{
	UNUSED(v);
	return mem_strdup("/telephony/config/locations?max=1");
}

static char *records_path(struct visit *v, const char *endpoint, int64_t from_ago_ms, int64_t to_ago_ms)
{
	char from[ISO_TIME_BYTES], to[ISO_TIME_BYTES];
	int64_t now = webex_now_ms(v->webex);
	return mem_printf("/%s?startTime=%s&endTime=%s&max=500", endpoint, iso_time_format(now - from_ago_ms, from), iso_time_format(now - to_ago_ms, to));
}

static char *stream_path(struct visit *v)
{
	return records_path(v, "cdr_stream", 10 * MINUTE_MS, 5 * MINUTE_MS);
}

static char *feed_path(struct visit *v)
{
	return v->d->full ? records_path(v, "cdr_feed", 2 * HOUR_MS, HOUR_MS) : NULL;
}

/* Only a Service App may ask it; whoever watches no calls need not care. */
static char *calls_path(struct visit *v)
{
	bool wanted = v->d->full || *v->d->options->live_watch != '\0' || *v->d->options->live_url != '\0';
	return wanted && v->person[0] != '\0' ? mem_printf("/telephony/calls/members/%s/calls", v->person) : NULL;
}

static char *webhooks_path(struct visit *v)
{
	return *v->d->options->live_url == '\0' ? NULL : mem_strdup("/webhooks?max=100");
}

/* The last hour of it: whether it answers is the question. */
static char *audit_path(struct visit *v)
{
	char org[WEBEX_ID_BYTES], from[ISO_TIME_BYTES], to[ISO_TIME_BYTES];
	int64_t now = webex_now_ms(v->webex);
	const char *scopes = oauth_status(v->link.oauth).scope, *needed = webex_api_row(API_AUDIT)->scopes;
	if (*scopes != '\0' && !webex_scope_granted(scopes, needed)) {
		doctor_check(v->d, CHECK_SKIPPED, "api_audit", _("administrators' acts"), _("not read: the token lacks %s, so who changed a forwarding is not known"), needed);
		doctor_advise(v->d, _("tick %s in the integration and sign in again as a full administrator: centinela login --audit"), needed);
		return NULL;
	}
	if (v->org[0] == '\0')
		return NULL;
	webex_id_make("ORGANIZATION", v->org, org);
	return mem_printf("/adminAudit/events?orgId=%s&from=%s&to=%s&max=1", org, iso_time_format(now - HOUR_MS, from), iso_time_format(now, to));
}

enum { STEP_SELF, STEP_ORGANIZATIONS, STEP_PEOPLE, STEP_LOCATIONS, STEP_CALLING_LOCATIONS, STEP_STREAM, STEP_FEED, STEP_CALLS, STEP_WEBHOOKS, STEP_AUDIT, N_STEPS };

static const struct question steps[N_STEPS] = {
	[STEP_SELF]		 = { "api_self", N_("who am I"), API_SELF, true, self_path },
	[STEP_ORGANIZATIONS]	 = { "api_organizations", N_("organisation"), API_ORGANIZATIONS, false, organizations_path },
	[STEP_PEOPLE]		 = { "api_people", N_("people"), API_PEOPLE, false, people_path },
	[STEP_LOCATIONS]	 = { "api_locations", N_("locations"), API_LOCATIONS, false, locations_path },
	[STEP_CALLING_LOCATIONS] = { "api_calling_locations", N_("calling locations"), API_CALLING_LOCATIONS, false, calling_locations_path },
	[STEP_STREAM]		 = { "api_cdr_stream", N_("call records"), API_CDR, true, stream_path },
	[STEP_FEED]		 = { "api_cdr_feed", N_("older records"), API_CDR, true, feed_path },
	[STEP_CALLS]		 = { "api_calls", N_("live calls"), API_CALLS, false, calls_path },
	[STEP_WEBHOOKS]		 = { "api_webhooks", N_("webhooks"), API_WEBHOOKS, false, webhooks_path },
	[STEP_AUDIT]		 = { "api_audit", N_("administrators' acts"), API_AUDIT, false, audit_path },
};

static bool says_no_records(const struct webex_answer *answer)
{
	struct error_body body;
	error_body_read(answer->body, answer->body_n, &body);
	return answer->status == 404 && body.is_json && error_body_says(&body, "no cdrs");
}

/* The address Webex shall post to: registered, and not switched off by Webex? */
static void judge_webhooks(struct visit *v, const struct question *step, const json_t *items)
{
	size_t i, n = 0;
	json_t *item;
	bool active = false;
	json_array_foreach(items, i, item) {
		if (strcmp(json_str(item, "targetUrl", ""), v->d->options->live_url) != 0)
			continue;
		n++;
		active = active || strcmp(json_str(item, "status", ""), "active") == 0;
	}
	if (n == 0) {
		doctor_check(v->d, CHECK_WARNING, step->name, _(step->title), _("none is registered for %s"), v->d->options->live_url);
		doctor_advise(v->d, "%s", _("the console registers it when it collects"));
	} else if (!active) {
		doctor_check(v->d, CHECK_FAILED, step->name, _(step->title), "%s", _("Webex switched it off after too many failures"));
		doctor_advise(v->d, "%s", _("see that live.url reaches live.listen by public https, then start the console: it switches it on again"));
	} else {
		doctor_check(v->d, CHECK_OK, step->name, _(step->title), n == 1 ? _("%zu registered and active") : _("%zu registered for the same address: events come twice"), n);
	}
}

static void judge_good(struct visit *v, const struct question *step, const struct webex_answer *answer)
{
	json_auto_t *body = NULL;
	struct fault fault;
	if (answer->body == NULL || !json_parse(answer->body, answer->body_n, &body, &fault)) {
		doctor_check(v->d, CHECK_FAILED, step->name, _(step->title), "%s", _("what came is not JSON: something between here and Webex answers instead"));
		return;
	}
	const json_t *items = json_object_get(body, "items"), *first = json_array_get(items, 0);
	size_t n = json_array_size(items);
	switch (v->step) {
	case STEP_SELF:
		if (!webex_id_uuid(json_str(body, "orgId", ""), v->org))
			v->org[0] = '\0';
		doctor_check(v->d, CHECK_OK, step->name, _(step->title), "%s (%s)", json_str(body, "displayName", "?"), json_str(body, "type", "?"));
		return;
	case STEP_ORGANIZATIONS:
		doctor_check(v->d, n > 1 ? CHECK_WARNING : CHECK_OK, step->name, _(step->title), n > 1 ? _("%s and %zu more: a partner's sign-in; Webex takes its own organisation's records") : "%s",
		    json_str(first, "displayName", "?"), n - 1);
		return;
	case STEP_PEOPLE:
		snprintf(v->person, sizeof v->person, "%.199s", json_str(first, "id", ""));
		break;
	case STEP_WEBHOOKS:
		judge_webhooks(v, step, items);
		return;
	default:
		break;
	}
	if (step->api == API_CDR)
		doctor_check(v->d, CHECK_OK, step->name, _(step->title), _("%zu in a small window, answered in %lld ms by %s"), n, (long long)answer->took_ms, webex_cdr_base(v->webex));
	else
		doctor_check(v->d, CHECK_OK, step->name, _(step->title), _("answered in %lld ms"), (long long)answer->took_ms);
}

static void judge_bad(struct visit *v, const struct question *step, const struct webex_answer *answer)
{
	const struct fault *fault = &answer->fault;
	const struct webex_api_row *row = webex_api_row(step->api);
	enum verdict bad = step->needed ? CHECK_FAILED : CHECK_WARNING;
	doctor_check(v->d, fault->code == FAULT_LIMIT ? CHECK_WARNING : bad, step->name, _(step->title), "%s", fault->text);
	switch (fault->code) {
	case FAULT_FORBIDDEN:
		doctor_advise(v->d, _("in this order: (1) scope %s in the integration and in webex.scopes, then sign in again; (2) role: %s; (3) token type: an administrator's or a Service App's, not a plain user's; (4) a Webex Calling licence in this organisation; (5) Control Hub may restrict the API for integrations"),
		    *row->scopes ? row->scopes : "-", row->role);
		break;
	case FAULT_REGION:
		doctor_advise(v->d, "%s", _("write the host that Webex names into webex.cdr_host; if this program does not know it, into webex.cdr_hosts too"));
		break;
	case FAULT_LIMIT:
		doctor_advise(v->d, "%s", _("another process uses the same sign-in (one first request a minute): ask again in a minute"));
		break;
	case FAULT_LOGIN:
	case FAULT_AUTH:
		doctor_advise(v->d, "%s", _("sign in again: centinela login"));
		break;
	case FAULT_NOT_FOUND:
		if (step->api == API_CALLS)
			doctor_advise(v->d, "%s", _("the person asked about has no Webex Calling licence, or the token is not a Service App's"));
		else
			doctor_advise(v->d, "%s", _("see whether webex.api and webex.cdr_host are those of your region; gov has its own"));
		break;
	case FAULT_REFUSED:
		if (step->api == API_CALLS)
			doctor_advise(v->d, "%s", _("live calls of others need a Service App token: centinela login --service-app ORG"));
		else if (step->api == API_CDR)
			doctor_advise(v->d, "%s", _("a refused window usually means a wrong clock, see above"));
		break;
	default:
		break;
	}
}

static void on_answer(struct webex_answer *answer, void *arg)
{
	struct visit *v = arg;
	const struct question *step = &steps[v->step];
	if (answer->fault.code == FAULT_REGION && !v->moved && strcmp(webex_cdr_base(v->webex), v->cdr_base) != 0) {
		v->moved = true;
		doctor_check(v->d, CHECK_WARNING, "region", _("region"), _("the records of this organisation are at %s"), webex_cdr_base(v->webex));
		doctor_advise(v->d, _("it is followed by itself; webex.cdr_host: %.*s saves the detour"),
		    (int)strcspn(webex_cdr_base(v->webex) + strlen("https://"), "/"), webex_cdr_base(v->webex) + strlen("https://"));
		begin(v);
		return;
	}
	if (step->api == API_CDR && says_no_records(answer))
		doctor_check(v->d, CHECK_OK, step->name, _(step->title), _("none in a small window, which is fine; %s answers"), webex_cdr_base(v->webex));
	else if (answer->fault.code == FAULT_NONE)
		judge_good(v, step, answer);
	else
		judge_bad(v, step, answer);
	v->step++;
	/* The sign-in itself is dead: the rest would say the same. */
	if (answer->fault.code == FAULT_LOGIN || answer->fault.code == FAULT_AUTH)
		v->step = N_STEPS;
	next(v);
}

static void on_pause_over(uv_timer_t *timer)
{
	begin(timer->data);
}

static void begin(struct visit *v)
{
	char *path = NULL;
	while (v->step < N_STEPS && (path = steps[v->step].path(v)) == NULL)
		v->step++;
	if (v->step == N_STEPS) {
		next(v);
		return;
	}
	struct webex_request request = { .api = steps[v->step].api, .path = path, .timeout_ms = TIMEOUT_MS,
		.max_bytes = 32 << 20, .max_tries = 1 };
	webex_send(v->webex, &request, on_answer, v);
	free(path);
}

/* ---- order of things ------------------------------------------------------------ */

static void on_webex_closed(void *arg)
{
	struct visit *v = arg;
	link_close(&v->link, NULL, NULL);
}

static void next(struct visit *v)
{
	if (v->signed_in && v->step < N_STEPS) {
		/* One first request for records a minute, whatever the endpoint. */
		int64_t wait_ms = v->step == STEP_FEED && v->d->full ? v->d->options->sync_interval : 0;
		uv_timer_start(&v->pause, on_pause_over, (uint64_t)wait_ms, 0);
		return;
	}
	uv_close((uv_handle_t *)&v->pause, NULL);
	webex_close(v->webex, on_webex_closed, v);
}

static void on_loaded(const struct fault *fault, void *arg)
{
	struct visit *v = arg;
	if (fault->code != FAULT_NONE) {
		doctor_check(v->d, CHECK_FAILED, "renewal", _("renewal"), "%s", fault->text);
		doctor_advise(v->d, "%s", _("sign in again: centinela login"));
		v->signed_in = false;
	}
	char *url = mem_printf("%s/people/me", v->d->options->api_url);
	struct http_request request = { .url = url, .timeout_ms = TIMEOUT_MS, .max_bytes = 1 << 20 };
	http_client_send(v->link.http, &request, on_api_reached, v);
	free(url);
}

static bool open_webex(struct visit *v, struct fault *fault)
{
	const struct options *o = v->d->options;
	char *names = mem_strdup(o->cdr_hosts), *rest = NULL;
	bool ok = true;
	cdr_hosts_init(&v->hosts);
	for (char *host = strtok_r(names, ", ", &rest); ok && host != NULL; host = strtok_r(NULL, ", ", &rest))
		ok = cdr_hosts_add(&v->hosts, host, fault);
	free(names);
	ok = ok && cdr_hosts_add(&v->hosts, o->cdr_host, fault);
	v->cdr_base = mem_printf("https://%s/v1", o->cdr_host);
	struct webex_options options = { .base = o->api_url, .cdr_base = v->cdr_base, .cdr_hosts = &v->hosts };
	v->webex = ok ? webex_new(&v->loop, v->link.http, v->link.oauth, &o->clock, &options, fault) : NULL;
	return v->webex != NULL;
}

void doctor_ask_webex(struct doctor *d, bool signed_in)
{
	struct visit v = { .d = d, .signed_in = signed_in };
	struct fault fault;
	struct link_config config = cli_link_config(d->options);
	uv_loop_init(&v.loop);
	if (!link_open(&v.loop, &config, &d->options->clock, &v.link, &fault)) {
		doctor_check(d, CHECK_FAILED, "network", _("Webex"), "%s", fault.text);
		doctor_advise(d, "%s", _("correct the settings under network: and webex:"));
	} else if (!open_webex(&v, &fault)) {
		doctor_check(d, CHECK_FAILED, "network", _("Webex"), "%s", fault.text);
		doctor_advise(d, "%s", _("correct webex.api, webex.cdr_host or webex.cdr_hosts"));
		link_close(&v.link, NULL, NULL);
	} else {
		check_proxy(&v);
		uv_timer_init(&v.loop, &v.pause);
		v.pause.data = &v;
		struct fault none = { 0 };
		if (signed_in)
			oauth_load(v.link.oauth, on_loaded, &v);
		else
			on_loaded(&none, &v);
	}
	uv_run(&v.loop, UV_RUN_DEFAULT);
	int left = uv_loop_close(&v.loop);
	assert(left == 0);
	UNUSED(left);
	free(v.cdr_base);
}
