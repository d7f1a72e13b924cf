/* SPDX-License-Identifier: Apache-2.0
 *
 * Start and stop: the doors are opened last and closed first. */
#include "api/api.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "api/door.h"
#include "api/parts.h"
#include "base/i18n.h"
#include "base/log.h"
#include "base/mem.h"
#include "net/file.h"
#include "net/lane.h"

#define CONNECTIONS_MAX	 1000
#define CONNECTION_FILES 200 /* that the program needs beside them */
#define RECEIVE_MS	 15000
#define HEADER_BYTES	 (12u << 10)
#define BODY_BYTES	 (64u << 10)

static const char *or_empty(const char *text)
{
	return text == NULL ? "" : text;
}

/* "127.0.0.1:8719", "[::1]:8719" into its parts. */
static bool read_address(const char *text, char address[64], int *port, struct fault *fault)
{
	const char *colon = strrchr(text, ':');
	int64_t number;
	bool bracketed = *text == '[' && colon != NULL && colon > text && colon[-1] == ']';
	size_t n = colon == NULL ? 0 : (size_t)(colon - text) - (bracketed ? 2 : 0);
	if (n == 0 || n >= 64 || !text_to_int(colon + 1, 0, 65535, &number))
		return fault_set(fault, FAULT_USAGE, "api.listen is ADDRESS:PORT, as 127.0.0.1:8719 is, not %.80s", text);
	memcpy(address, text + bracketed, n);
	address[n] = '\0';
	if (text_equal_nocase(address, "localhost"))
		snprintf(address, 64, "127.0.0.1"); /* whatever a resolver says */
	*port = (int)number;
	return true;
}

static bool is_loopback(const char *address)
{
	return strncmp(address, "127.", 4) == 0 || strcmp(address, "::1") == 0;
}

/* Slow clients hold many: as many as the system lets this process have. */
static unsigned connections_that_fit(void)
{
	struct rlimit limit;
	if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
		return 128;
	limit.rlim_cur = limit.rlim_max;
	(void)setrlimit(RLIMIT_NOFILE, &limit);
	if (limit.rlim_cur > CONNECTIONS_MAX + CONNECTION_FILES)
		return CONNECTIONS_MAX;
	return limit.rlim_cur > 2 * CONNECTION_FILES ? (unsigned)limit.rlim_cur - CONNECTION_FILES : 128;
}

static bool open_port(struct api *api, struct fault *fault)
{
	const struct api_config *config = &api->config;
	char address[64], *certificate = NULL, *key = NULL;
	size_t n_certificate = 0, n_key = 0;
	int port;
	bool has_certificate = *config->certificate_file != '\0';
	if (!read_address(config->listen, address, &port, fault))
		return false;
	if (!is_loopback(address) && !has_certificate)
		return fault_set(fault, FAULT_USAGE, "api.listen %s is not a loopback: tokens would go over the network in the clear; set api.certificate_file and api.key_file",
		    config->listen);
	if (has_certificate && (!file_read(config->certificate_file, 1 << 20, &certificate, &n_certificate, fault) ||
	    !file_read_secret(config->key_file, 1 << 20, &key, &n_key, fault))) {
		free(certificate);
		return false;
	}
	struct http_server_options options = { .address = address, .port = port, .certificate_pem = certificate, .key_pem = key, .max_body = BODY_BYTES,
		.max_header = HEADER_BYTES, .max_connections = connections_that_fit(), .receive_ms = RECEIVE_MS, .hands_refusals = true };
	api->port = (struct api_door){ .api = api };
	bool ok = http_server_start(api->loop, &options, api_serve, &api->port, &api->port.server, fault);
	if (key != NULL)
		mem_wipe(key, n_key);
	free(key);
	free(certificate);
	return ok;
}

static bool open_socket(struct api *api, struct fault *fault)
{
	struct http_server_options options = { .socket_path = api->config.socket, .socket_mode = api->config.socket_group ? 0660 : 0600, .max_body = BODY_BYTES,
		.max_header = HEADER_BYTES, .max_connections = 64, .receive_ms = RECEIVE_MS, .hands_refusals = true };
	if (!file_make_folders(api->config.socket, fault))
		return false;
	api->socket = (struct api_door){ .api = api, .is_socket = true };
	return http_server_start(api->loop, &options, api_serve, &api->socket, &api->socket.server, fault);
}

static void take_config(struct api *api, const struct api_config *config)
{
	const char **const texts[] = { &api->config.store, &api->config.organisation, &api->config.listen, &api->config.certificate_file, &api->config.key_file, &api->config.socket,
		&api->config.hosts, &api->config.origins, &api->config.url, &api->config.scopes, &api->config.data_folder };
	api->config = *config;
	for (size_t i = 0; i < COUNT_OF(texts); i++)
		*texts[i] = or_empty(*texts[i]);
}

bool api_start(uv_loop_t *loop, const struct api_config *config, struct watch *watch, struct api **out, struct fault *fault)
{
	struct api *api = mem_zalloc(sizeof *api);
	api->loop = loop;
	api->watch = watch;
	api->board = watch_board(watch);
	api->begun_ms = clock_real_ms();
	take_config(api, config);
	arena_init(&api->tokens_arena);
	uv_timer_init(loop, &api->tokens_wait);
	api->tokens_wait.data = api;
	api_reader_init(&api->quick, loop);
	for (size_t i = 0; i < API_SEARCHERS; i++)
		api_reader_init(&api->slow[i], loop);
	api->flights = api_flights_new();
	api->acts = api_acts_new();
	api->streams = api_streams_new(api);
	*out = api;
	if ((*api->config.listen == '\0' || open_port(api, fault)) && (*api->config.socket == '\0' || open_socket(api, fault)))
		return true;
	api_stop(api, NULL, NULL);
	*out = NULL;
	return false;
}

int api_port(const struct api *api)
{
	return api->port.server == NULL ? 0 : http_server_port(api->port.server);
}

const char *api_url(const struct api *api)
{
	return api->port.server == NULL ? "" : http_server_url(api->port.server);
}

static void api_free(struct api *api)
{
	void (*on_stopped)(void *) = api->on_stopped;
	void *arg = api->stopped_arg;
	assert(api->calls == NULL);
	db_close(&api->quick.db);
	alert_places_free(api->quick.places);
	for (size_t i = 0; i < API_SEARCHERS; i++) {
		db_close(&api->slow[i].db);
		alert_places_free(api->slow[i].places);
	}
	api_flights_free(api->flights);
	api_acts_free(api->acts);
	api_limits_clear(api);
	text_clear(&api->description);
	text_clear(&api->description_packed);
	arena_clear(&api->tokens_arena);
	free(api);
	if (on_stopped != NULL)
		on_stopped(arg);
}

static void on_part_closed(void *arg)
{
	struct api *api = arg;
	if (--api->n_open == 0)
		api_free(api);
}

static void close_doors(struct api *api)
{
	struct http_server *servers[] = { api->port.server, api->socket.server };
	api->n_open++;
	for (size_t i = 0; i < COUNT_OF(servers); i++) {
		if (servers[i] == NULL)
			continue;
		api->n_open++;
		http_server_stop(servers[i], on_part_closed, api);
	}
	on_part_closed(api);
}

/* What was written is on the store's lane, which outlives this: it must be waited for. */
static void on_drained(uv_handle_t *handle)
{
	struct api *api = handle->data;
	free(handle);
	close_doors(api);
}

static void on_drain(uv_timer_t *timer)
{
	struct api *api = timer->data;
	if (api->calls == NULL)
		uv_close((uv_handle_t *)timer, on_drained);
}

#define DRAIN_MS 5

static void on_lane_closed(void *arg)
{
	struct api *api = arg;
	if (--api->n_open > 0)
		return;
	uv_timer_t *drain = mem_zalloc(sizeof *drain);
	uv_timer_init(api->loop, drain);
	drain->data = api;
	uv_timer_start(drain, on_drain, 0, DRAIN_MS);
}

static void on_timer_closed(uv_handle_t *handle)
{
	on_lane_closed(handle->data);
}

void api_stop(struct api *api, void (*on_stopped)(void *), void *arg)
{
	api->stopping = true;
	api->on_stopped = on_stopped;
	api->stopped_arg = arg;
	api->n_open = 3 + API_SEARCHERS;
	uv_close((uv_handle_t *)&api->tokens_wait, on_timer_closed);
	api_sign_in_stop(api);
	api_searches_stop(api);
	api_streams_stop(api->streams, on_lane_closed, api);
	lane_close(api->quick.lane, on_lane_closed, api);
	for (size_t i = 0; i < API_SEARCHERS; i++)
		lane_close(api->slow[i].lane, on_lane_closed, api);
}
