/* SPDX-License-Identifier: Apache-2.0
 *
 * A signed-in Webex client over TLS against a server in this program that
 * stands in for every host of Webex: names and certificates are real. */
#ifndef WEBEX_FIXTURE_H
#define WEBEX_FIXTURE_H

#include "test.h"
#include "web.h"

#include <uv.h>

#include "base/mem.h"
#include "base/text.h"
#include "webex/client.h"

#define WEBEX_NAMES                                                                \
	"DNS:webexapis.com,DNS:analytics-calling.webexapis.com,"                   \
	"DNS:analytics-calling-eu.webexapis.com"

struct exchange { /* one request and what to answer, in order; the last repeats */
	int status;
	const char *body;
	const char *header[2]; /* name, value */
	const char *header2[2];
};

static uv_loop_t loop;
static struct http_client *http;
static struct lane *lane;
static struct clock fixture_clock;
static struct oauth *oauth;
static struct webex *webex;
static struct web web;
static const struct exchange *exchanges;
static int n_exchanges;
static char asked[64][700]; /* "METHOD host path?query auth body" */
static int n_asked;
static char region_told[128];
static char fixture_folder[64];

static void fixture_answer(const struct web_request *request, struct web_answer *out, void *arg)
{
	UNUSED(arg);
	const char *host = MHD_lookup_connection_value(request->connection, MHD_HEADER_KIND, "Host");
	const char *tracking = MHD_lookup_connection_value(request->connection, MHD_HEADER_KIND,
	    "TrackingID");
	if (n_asked < 64)
		snprintf(asked[n_asked], sizeof asked[0], "%s %s %s %s %s%s", request->method, host,
		    request->url, request->authorization != NULL ? request->authorization : "",
		    request->body, tracking != NULL && text_starts_with(tracking, "CENTINELA_") ? "" : "!");
	const struct exchange *e = &exchanges[MIN(n_asked, n_exchanges - 1)];
	n_asked++;
	web_json(out, e->status, e->body != NULL ? e->body : "");
	if (e->header[0] != NULL)
		web_header(out, e->header[0], e->header[1]);
	if (e->header2[0] != NULL)
		web_header(out, e->header2[0], e->header2[1]);
}

static void on_region(const char *base, void *arg)
{
	UNUSED(arg);
	snprintf(region_told, sizeof region_told, "%s", base);
}

/* rows: an array of struct exchange. */
#define FIXTURE(rows) fixture_open(rows, COUNT_OF(rows))
static inline void fixture_open(const struct exchange *rows, size_t n)
{
	exchanges = rows;
	n_exchanges = (int)n;
	n_asked = 0;
	region_told[0] = '\0';
	uv_loop_init(&loop);
	clock_init_real(&fixture_clock);
	web_start(&web, WEBEX_NAMES, fixture_answer, NULL);
	lane = lane_new(&loop);
	http = http_client_new(&loop, &(struct http_client_options){
	    .ca_file = web.ca_file, .connect_to = web.address }, NULL);
	REQUIRE(http != NULL);
	snprintf(fixture_folder, sizeof fixture_folder, "/tmp/centinela-webex-XXXXXX");
	REQUIRE(mkdtemp(fixture_folder) != NULL);
	char path[128];
	snprintf(path, sizeof path, "%s/token.json", fixture_folder);
	setenv("CENTINELA_TEST_SECRET", "secret", 1);
	oauth = oauth_new(&loop, http, lane, &fixture_clock, &(struct oauth_options){
	    .client_id = "C0ffee", .secret = { .environment = "CENTINELA_TEST_SECRET" },
	    .token_path = path, .second_ms = 2 });
	oauth_use_bearer(oauth, "A1");
	struct fault fault;
	webex = webex_new(&loop, http, oauth, &fixture_clock, &(struct webex_options){
	    .on_region = on_region, .second_ms = 1 }, &fault);
	REQUIRE(webex != NULL);
}

static inline void fixture_oauth_closed(void *arg)
{
	UNUSED(arg);
	lane_close(lane, NULL, NULL);
	http_client_close(http, NULL, NULL);
}

static inline void fixture_webex_closed(void *arg)
{
	UNUSED(arg);
	oauth_close(oauth, fixture_oauth_closed, NULL);
}

static inline void fixture_close(void)
{
	webex_close(webex, fixture_webex_closed, NULL);
	uv_run(&loop, UV_RUN_DEFAULT);
	CHECK_INT(uv_loop_close(&loop), 0);
	web_stop(&web);
	char command[160];
	snprintf(command, sizeof command, "rm -rf %s", fixture_folder);
	CHECK_INT(system(command), 0);
}

static inline void run_until(const int *n)
{
	/* UV_RUN_ONCE runs due timers and then waits all the same. */
	while (uv_run(&loop, UV_RUN_NOWAIT), *n == 0)
		uv_run(&loop, UV_RUN_ONCE);
}

#endif
