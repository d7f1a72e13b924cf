/* SPDX-License-Identifier: Apache-2.0
 *
 * The whole watch on a store of its own, against a server in this program that
 * stands in for every host of Webex: what is asked, in order, and what is
 * answered by path. Waits for what must happen, never for a time. */
#ifndef WATCH_RIG_H
#define WATCH_RIG_H

#include "store_place.h"
#include "test.h"
#include "web.h"

#include <uv.h>

#include "base/iso_time.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/places.h"
#include "base/text.h"
#include "store/lease_rows.h"
#include "watch/watch.h"
#include "webex/token_file.h"

#define RIG_NAMES "DNS:webexapis.com,DNS:analytics-calling.webexapis.com"
#define RIG_NONE "{\"message\":\"No CDRs for requested time range and filters\",\"errorCode\":404}"
#define RIG_PATIENCE_NS INT64_C(30000000000)

struct route {
	const char *path; /* begins with it */
	int status;
	const char *body;
};

static uv_loop_t loop;
static uv_timer_t ticker;
static struct web web;
static struct watch *watch;
static struct board *board;
static struct watch_config config;
static struct route routes[16]; /* the first that fits answers; none: 404 {} */
static struct text asked;	/* "METHOD url body\n" of each request */
static char folder[64], store_path[256], token_path[96];

/* Wait until `condition` holds; what never comes true is a failure. */
#define WAIT(condition)                                                       \
	do {                                                                  \
		int64_t end_ns = clock_steady_ns() + RIG_PATIENCE_NS;         \
		while (!(condition) && clock_steady_ns() < end_ns)            \
			uv_run(&loop, UV_RUN_ONCE);                           \
		CHECK(condition);                                             \
	} while (0)

static void rig_answer(const struct web_request *request, struct web_answer *out, void *arg)
{
	UNUSED(arg);
	text_printf(&asked, "%s %s %s\n", request->method, request->url, request->body);
	for (size_t i = 0; i < COUNT_OF(routes) && routes[i].path != NULL; i++) {
		if (text_starts_with(request->url, routes[i].path)) {
			web_json(out, routes[i].status, routes[i].body);
			return;
		}
	}
	web_json(out, 404, "{\"message\":\"not found\"}");
}

/* How often was something asked that contains `words`? */
static inline size_t rig_asked(const char *words)
{
	size_t n = 0;
	pthread_mutex_lock(&web.lock);
	for (const char *at = text_string(&asked); (at = strstr(at, words)) != NULL; at++)
		n++;
	pthread_mutex_unlock(&web.lock);
	return n;
}

static inline void rig_route(size_t i, const char *path, int status, const char *body)
{
	pthread_mutex_lock(&web.lock);
	routes[i] = (struct route){ path, status, body };
	pthread_mutex_unlock(&web.lock);
}

static inline void rig_sign_in(void)
{
	struct fault fault;
	struct token token = { .access = mem_strdup("A1"), .refresh = mem_strdup("R1"),
		.obtained_ms = clock_real_ms(), .access_expires_ms = clock_real_ms() + 10 * DAY_MS };
	REQUIRE(token_file_write(token_path, &token, &fault));
	token_clear(&token);
}

static inline void rig_on_tick(uv_timer_t *timer)
{
	UNUSED(timer); /* it only lets UV_RUN_ONCE come back */
}

/* Sets config to what is quick; change it, then rig_start(). */
static inline void rig_begin(void)
{
	snprintf(folder, sizeof folder, "/tmp/centinela-watch-XXXXXX");
	REQUIRE(mkdtemp(folder) != NULL);
	snprintf(store_path, sizeof store_path, "%s/s.db", folder);
	store_place(store_path);
	snprintf(token_path, sizeof token_path, "%s/token.json", folder);
	setenv("CENTINELA_CLIENT_SECRET", "secret", 1);
	memset(routes, 0, sizeof routes);
	text_reset(&asked);
	web_start(&web, RIG_NAMES, rig_answer, NULL);
	uv_loop_init(&loop);
	uv_timer_init(&loop, &ticker);
	uv_timer_start(&ticker, rig_on_tick, 5, 5);
	config = (struct watch_config){
		.guard = { .store = store_path, .data_folder = CENTINELA_SOURCE_DATA,
		    .rules = { .rules_folder = CENTINELA_SOURCE_DATA "/rules" }, .keep_raw = true },
		.sync = { .link = { .api_url = "https://webexapis.com/v1",
		    .cdr_host = "analytics-calling.webexapis.com", .cdr_hosts = "", .client_id = "C0ffee",
		    .token_file = token_path, .ca_file = web.ca_file, .connect_to = web.address },
		    .backfill_ms = DAY_MS, .interval_ms = 1, .page_interval_ms = 1,
		    .stream_edge_ms = 65 * SECOND_MS, .feed_edge_ms = 6 * MINUTE_MS, .page_size = 5000 },
	};
	clock_init_real(&config.clock);
	rig_sign_in();
}

static inline void rig_start(void)
{
	struct fault fault;
	if (!watch_start(&loop, &config, &watch, &fault)) {
		puts(fault.text);
		exit(1);
	}
	board = watch_board(watch);
}

static inline void rig_on_stopped(void *arg)
{
	*(bool *)arg = true;
}

static inline void rig_stop(void)
{
	bool stopped = false;
	watch_stop(watch, rig_on_stopped, &stopped);
	WAIT(stopped);
}

static inline void rig_end(void)
{
	char command[128];
	uv_close((uv_handle_t *)&ticker, NULL);
	uv_run(&loop, UV_RUN_DEFAULT);
	CHECK_INT(uv_loop_close(&loop), 0);
	web_stop(&web);
	text_clear(&asked);
	snprintf(command, sizeof command, "rm -rf %s", folder);
	CHECK_INT(system(command), 0);
}

/* One number from the store, by a connection of its own. */
static inline int64_t rig_number(const char *sql)
{
	struct db db;
	struct fault fault;
	int64_t value = -1;
	if (!db_open(store_path, OPEN_READ, &db, &fault))
		return -1;
	if (!db_ask_int(&db, sql, -1, &value, &fault))
		value = -1;
	db_close(&db);
	return value;
}

#endif
