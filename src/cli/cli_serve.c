/* SPDX-License-Identifier: Apache-2.0
 *
 * serve: the watch without a screen, and the HTTP API. Tells systemd when it is ready
 * and that it lives (sd_notify's protocol, one datagram each), stops on SIGTERM when
 * what was begun is done, and on SIGHUP begins anew with what its configuration says. */
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "api/api.h"
#include "base/i18n.h"
#include "base/log.h"
#include "base/log_file.h"
#include "base/mem.h"
#include "cli/cli.h"
#include "cli/leaving.h"
#include "net/file.h"
#include "watch/link.h"

struct service {
	uv_loop_t loop;
	struct watch *watch;
	struct api *api;
	uv_signal_t interrupt, terminate, hang_up;
	uv_timer_t beat;
	const struct options *options;
	int notify; /* systemd's socket; -1 none */
	bool stopping, again;
	struct leaving leaving;
};

/* ---- systemd ------------------------------------------------------------------------------- */

/* The socket it gave us; an @ stands for the NUL of an abstract one. */
static int notify_open(void)
{
	const char *path = getenv("NOTIFY_SOCKET");
	struct sockaddr_un name = { .sun_family = AF_UNIX };
	size_t n = path == NULL ? 0 : strlen(path);
	if (n < 2 || n >= sizeof name.sun_path || (*path != '/' && *path != '@'))
		return -1;
	memcpy(name.sun_path, path, n);
	if (*path == '@')
		name.sun_path[0] = '\0';
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd >= 0 && connect(fd, (const struct sockaddr *)&name, (socklen_t)(offsetof(struct sockaddr_un, sun_path) + n)) == 0)
		return fd;
	if (fd >= 0)
		close(fd);
	return -1;
}

static void notify(const struct service *s, const char *words)
{
	if (s->notify >= 0)
		(void)!send(s->notify, words, strlen(words), MSG_DONTWAIT | MSG_NOSIGNAL);
}

static void on_beat(uv_timer_t *timer)
{
	notify(timer->data, "WATCHDOG=1");
}

/* Twice as often as systemd wants to hear of us, while the loop turns. */
static uint64_t beat_ms(void)
{
	const char *text = getenv("WATCHDOG_USEC");
	int64_t us;
	return text != NULL && text_to_int(text, 1000, INT64_MAX / 2, &us) ? (uint64_t)(us / 2000) : 0;
}

/* ---- start, stop ------------------------------------------------------------------------------ */

static void on_closed(uv_handle_t *handle)
{
	UNUSED(handle);
}

static void on_api_stopped(void *arg)
{
	struct service *s = arg;
	leaving_stop(&s->leaving);
}

static volatile sig_atomic_t told_to_end;

static void on_told_to_end(int number)
{
	UNUSED(number);
	told_to_end = 1;
}

static void stop(struct service *s)
{
	if (s->stopping)
		return;
	s->stopping = true;
	if (!s->again)
		notify(s, "STOPPING=1");
	uv_close((uv_handle_t *)&s->interrupt, on_closed);
	uv_close((uv_handle_t *)&s->terminate, on_closed);
	uv_close((uv_handle_t *)&s->hang_up, on_closed);
	/* Said twice, it is done no sooner; said while it begins anew, it does not. */
	signal(SIGTERM, on_told_to_end);
	signal(SIGHUP, SIG_IGN);
	uv_close((uv_handle_t *)&s->beat, on_closed);
	leaving_begin(&s->leaving, &s->loop, s->watch, s->options->store);
	api_stop(s->api, on_api_stopped, s);
}

static void on_signal(uv_signal_t *handle, int number)
{
	UNUSED(number);
	stop(handle->data);
}

static bool may_log(const struct options *options, struct fault *fault)
{
	bool there = *options->log_file == '\0' || *options->organisation == '\0' || file_make_folders(options->log_file, fault);
	int fd = *options->log_file == '\0' || !there ? -1 : log_file_open(options->log_file, fault);
	if (fd >= 0)
		close(fd);
	return fd >= 0 || *options->log_file == '\0';
}

static bool read_again(const struct options *options, struct options *fresh, struct fault *fault)
{
	const char *path = options->main_path != NULL ? options->main_path : options->config_path;
	if (access(path, F_OK) == 0 && !options_read(fresh, path, fault))
		return false;
	free(fresh->config_path);
	fresh->config_path = mem_strdup(path);
	return options_choose(fresh, options->organisation, fault);
}

/* A configuration that cannot be read, or that cannot be served, is no reason to stop. */
static void on_hang_up(uv_signal_t *handle, int number)
{
	struct service *s = handle->data;
	struct options fresh;
	struct fault fault = { 0 };
	char words[80];
	UNUSED(number);
	options_init(&fresh);
	bool ok = read_again(s->options, &fresh, &fault) && may_log(&fresh, &fault);
	options_clear(&fresh);
	if (!ok) {
		log_broken("%s", fault.text);
		return;
	}
	snprintf(words, sizeof words, "RELOADING=1\nMONOTONIC_USEC=%lld", (long long)(clock_steady_ns() / 1000));
	notify(s, words);
	s->again = true;
	stop(s);
}

static bool fill_config(const struct options *options, struct api_config *config, struct fault *fault)
{
	*config = (struct api_config){ .store = options->store, .organisation = options->organisation, .listen = options->api_listen, .certificate_file = options->api_certificate_file,
		.key_file = options->api_key_file, .socket = options->api_socket, .socket_group = options->api_socket_group, .hosts = options->api_hosts,
		.origins = options->api_origins, .url = options->api_url_outside, .scopes = options->scopes, .rules = cli_judge_options(options),
		.data_folder = options->data_folder, .rate = options->api_rate, .masked = options->mask_numbers, .read_only = options->read_only,
		.clock = options->clock, .write_rate = options->api_write_rate, .backfill_ms = options->backfill, .shift_ms = options->shift,
		.ready_sync_ms = options->api_ready_sync, .ready_live_ms = options->api_ready_live, .ready_outbox_ms = options->api_ready_outbox };
	return token_scope_named(options->api_socket_scope, &config->socket_scope) ||
	    fault_set(fault, FAULT_USAGE, "%s", _("api.socket_scope is one of viewer, analyst, lead, admin"));
}

static void tell_where(const struct service *s, const struct options *options)
{
	if (*options->api_listen != '\0')
		printf("%s%s\n", api_url(s->api), "/");
	if (*options->api_socket != '\0')
		printf("unix:%s\n", options->api_socket);
	fflush(stdout);
}

int cli_serve(struct options *options, struct args *args)
{
	struct fault fault = { 0 };
	struct service s = { .options = options, .notify = -1 };
	struct api_config config;
	if (!args_finish(args, &fault) || !link_is_apart(options->responder_token_file, options->token_file, &fault) || !fill_config(options, &config, &fault) || !cli_open_log(options, &fault))
		return cli_fail(&fault);
	setenv("UV_THREADPOOL_SIZE", "12", 0); /* a thread for each lane, and some for files */
	log_to_fd(STDERR_FILENO, LOG_UNUSUAL);
	uv_loop_init(&s.loop);
	struct watch_config watching = cli_watch_config(options);
	if (!watch_start(&s.loop, &watching, &s.watch, &fault)) {
		uv_loop_close(&s.loop);
		return cli_fail(&fault);
	}
	if (!api_start(&s.loop, &config, s.watch, &s.api, &fault)) {
		watch_stop(s.watch, NULL, NULL);
		uv_run(&s.loop, UV_RUN_DEFAULT);
		uv_loop_close(&s.loop);
		return cli_fail(&fault);
	}
	s.notify = notify_open();
	uv_signal_init(&s.loop, &s.interrupt);
	uv_signal_init(&s.loop, &s.terminate);
	uv_signal_init(&s.loop, &s.hang_up);
	uv_timer_init(&s.loop, &s.beat);
	s.interrupt.data = s.terminate.data = s.hang_up.data = s.beat.data = &s;
	uv_signal_start(&s.interrupt, on_signal, SIGINT);
	uv_signal_start(&s.terminate, on_signal, SIGTERM);
	uv_signal_start(&s.hang_up, on_hang_up, SIGHUP);
	if (s.notify >= 0 && beat_ms() > 0)
		uv_timer_start(&s.beat, on_beat, 0, beat_ms());
	tell_where(&s, options);
	notify(&s, "READY=1");
	uv_run(&s.loop, UV_RUN_DEFAULT);
	leaving_over(&s.leaving, &s.loop);
	int left = uv_loop_close(&s.loop);
	assert(left == 0);
	UNUSED(left);
	if (s.notify >= 0)
		close(s.notify);
	if (s.again && !told_to_end) {
		cli_begin_again(NULL, NULL);
		fault_set(&fault, FAULT_SYSTEM, "%s", _("the service could not begin again"));
		return cli_fail(&fault);
	}
	return EXIT_DONE;
}
