/* SPDX-License-Identifier: Apache-2.0
 *
 * The simulator on a loop of its own with a clock that stands still until the
 * test moves it, and ways to ask it in one line. */
#ifndef CLOUD_RIG_H
#define CLOUD_RIG_H

#include <unistd.h>

#include "base/iso_time.h"
#include "base/json.h"
#include "loop_thread.h"
#include "net/url.h"
#include "sim/cloud.h"
#include "webex/ids.h"

#define RIG_NOW civil_to_ms(2026, 10, 7, 15, 0, 0, 0) /* a Wednesday */

static struct loop_thread rig_loop;
static struct cloud *rig_cloud;
static struct cloud_options rig_options;
static struct clock rig_clock;
static struct fault rig_fault;
static bool rig_started;
static char rig_ca[64];

static inline void rig_do_start(void *arg)
{
	UNUSED(arg);
	rig_started = cloud_start(&rig_options, &rig_loop.loop, &rig_cloud, &rig_fault);
}

static inline void rig_do_stop(void *arg)
{
	UNUSED(arg);
	cloud_stop(rig_cloud, NULL, NULL);
}

static inline void rig_do_advance(void *arg)
{
	rig_clock.base_ms += *(int64_t *)arg;
}

/* Set rig_options first, by rig_defaults() and changes. */
static inline void rig_begin(void)
{
	snprintf(rig_ca, sizeof rig_ca, "/tmp/centinela-test-%d.pem", (int)getpid());
	rig_options.ca_file = rig_ca;
	loop_thread_begin(&rig_loop);
	loop_do(&rig_loop, rig_do_start, NULL);
	if (!rig_started)
		printf("%s\n", rig_fault.text);
	REQUIRE(rig_started);
}

static inline void rig_end(void)
{
	loop_do(&rig_loop, rig_do_stop, NULL);
	loop_thread_end(&rig_loop);
	unlink(rig_ca);
}

static inline void rig_defaults(void)
{
	clock_init_from(&rig_clock, RIG_NOW, 0);
	cloud_options_init(&rig_options);
	rig_options.clock = &rig_clock;
	rig_options.seed = 7;
	rig_options.traffic.n_users = 40;
	rig_options.traffic.epoch_ms = RIG_NOW - RIG_NOW % DAY_MS;
	rig_options.rate_ms = 0;
	rig_options.slow_pause_ms = 5;
}

static inline void rig_advance(int64_t ms)
{
	loop_do(&rig_loop, rig_do_advance, &ms);
}

/* path: of the first port, or a whole URL. headers: lines by '\n'. */
static inline struct reply rig_ask(const char *method, const char *path, const char *headers,
    const char *body)
{
	struct text url = { 0 };
	if (path[0] == '/')
		text_puts(&url, cloud_url(rig_cloud));
	text_puts(&url, path);
	struct reply reply = http_ask(method, text_string(&url), rig_ca, headers, body,
	    body == NULL ? 0 : strlen(body));
	text_clear(&url);
	return reply;
}

static inline struct reply rig_get(const char *path, const char *token)
{
	char headers[400] = "";
	if (token != NULL)
		snprintf(headers, sizeof headers, "Authorization: Bearer %s", token);
	return rig_ask("GET", path, headers, NULL);
}

static inline struct reply rig_post_form(const char *path, const char *headers, const char *form)
{
	struct text all = { 0 };
	text_puts(&all, "Content-Type: application/x-www-form-urlencoded\n");
	text_puts(&all, headers);
	struct reply reply = rig_ask("POST", path, text_string(&all), form);
	text_clear(&all);
	return reply;
}

/* The reply's body as JSON (owned by the caller) or NULL; frees the reply. */
static inline json_t *rig_json(struct reply *reply)
{
	json_t *out = json_loadb(text_string(&reply->body), reply->body.n, 0, NULL);
	reply_clear(reply);
	return out;
}

/* "Basic …" of the integration. */
static inline const char *rig_basic(void)
{
	static char line[600];
	const struct cloud_credentials *c = cloud_credentials(rig_cloud);
	char pair[300];
	snprintf(pair, sizeof pair, "%s:%s", c->client_id, c->client_secret);
	snprintf(line, sizeof line, "Authorization: Basic ");
	base64_encode(pair, strlen(pair), false, true, line + strlen(line));
	return line;
}

#endif
