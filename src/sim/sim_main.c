/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/sim_main.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <uv.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/iso_time.h"
#include "base/mem.h"
#include "net/file.h"
#include "sim/cloud.h"
#include "sim/export.h"

/* An export of the same seed is the same on any day: a Monday. */
#define EXPORT_BASE civil_to_ms(2026, 9, 7, 0, 0, 0, 0)

enum option {
	OPT_LISTEN, OPT_PORT_FILE, OPT_CA_FILE, OPT_SEED, OPT_USERS, OPT_SCENARIO, OPT_BASE,
	OPT_REAL_BASE, OPT_SPEED, OPT_EPOCH, OPT_FAULTS, OPT_AUTO_GRANT, OPT_OTHER_REGION,
	OPT_NO_ROTATION, OPT_NO_RATE_LIMITS, OPT_TOKEN_LIFE, OPT_CODE_LIFE, OPT_PAGE, OPT_HOST, OPT_WEBHOOK_CA,
	OPT_EXPORT, OPT_DAYS,
};

static const struct {
	const char *name;
	bool has_value;
} option_table[] = {
	[OPT_LISTEN]	     = { "--listen", true },
	[OPT_PORT_FILE]	     = { "--port-file", true },
	[OPT_CA_FILE]	     = { "--ca-file", true },
	[OPT_SEED]	     = { "--seed", true },
	[OPT_USERS]	     = { "--users", true },
	[OPT_SCENARIO]	     = { "--scenario", true },
	[OPT_BASE]	     = { "--base", true },
	[OPT_REAL_BASE]	     = { "--real-base", true },
	[OPT_SPEED]	     = { "--speed", true },
	[OPT_EPOCH]	     = { "--epoch", true },
	[OPT_FAULTS]	     = { "--faults", true },
	[OPT_AUTO_GRANT]     = { "--auto-grant", false },
	[OPT_OTHER_REGION]   = { "--other-region", false },
	[OPT_NO_ROTATION]    = { "--no-rotation", false },
	[OPT_NO_RATE_LIMITS] = { "--no-rate-limits", false },
	[OPT_TOKEN_LIFE]     = { "--token-life", true },
	[OPT_CODE_LIFE]	     = { "--code-life", true },
	[OPT_PAGE]	     = { "--page", true },
	[OPT_HOST]	     = { "--host", true },
	[OPT_WEBHOOK_CA]     = { "--webhook-ca", true },
	[OPT_EXPORT]	     = { "--export", true },
	[OPT_DAYS]	     = { "--days", true },
};

struct plan {
	struct cloud_options cloud;
	struct clock clock;
	char address[64];
	const char *port_file, *export_dir, *ca_file;
	int64_t base_ms, real_base_ms, epoch_ms; /* 0: not said */
	double speed;
	int64_t days;
};

/* ------------------------------------------------------------ reading words */

static bool read_number(const char *name, const char *text, int64_t low, int64_t high,
    int64_t *out, struct fault *fault)
{
	if (text_to_int(text, low, high, out))
		return true;
	return fault_set(fault, FAULT_USAGE, _("%s takes a number from %lld to %lld"), name,
	    (long long)low, (long long)high);
}

static bool read_instant(const char *name, const char *text, int64_t *out, struct fault *fault)
{
	if (iso_time_parse(text, strlen(text), out))
		return true;
	return fault_set(fault, FAULT_USAGE, _("%s takes a time like 2026-10-05T12:00:00Z"), name);
}

static bool read_speed(const char *text, double *out, struct fault *fault)
{
	char *end;
	*out = strtod(text, &end);
	if (end != text && *end == '\0' && isfinite(*out) && *out >= 0 && *out <= 1e6)
		return true;
	return fault_set(fault, FAULT_USAGE, "%s", _("--speed takes a number from 0 to 1000000"));
}

/* "ADDR:PORT", "[::1]:PORT" or "PORT". */
static bool read_listen(struct plan *plan, const char *text, struct fault *fault)
{
	const char *colon = strrchr(text, ':'), *port = colon == NULL ? text : colon + 1;
	const char *from = text;
	size_t n = colon == NULL ? 0 : (size_t)(colon - text);
	int64_t number;
	if (n >= 2 && text[0] == '[' && text[n - 1] == ']') {
		from++;
		n -= 2;
	}
	if (n >= sizeof plan->address || !text_to_int(port, 0, 65535, &number))
		return fault_set(fault, FAULT_USAGE, "%s", _("--listen takes ADDR:PORT, as 127.0.0.1:8443"));
	if (n > 0)
		snprintf(plan->address, sizeof plan->address, "%.*s", (int)n, from);
	plan->cloud.port = (int)number;
	return true;
}

static bool take(struct plan *plan, enum option option, const char *value, struct fault *fault)
{
	struct cloud_options *cloud = &plan->cloud;
	const char *name = option_table[option].name;
	int64_t number = 0;
	bool ok = true;
	switch (option) {
	case OPT_LISTEN:
		return read_listen(plan, value, fault);
	case OPT_PORT_FILE:
		plan->port_file = value;
		break;
	case OPT_CA_FILE:
		plan->ca_file = value;
		break;
	case OPT_SEED:
		ok = read_number(name, value, 0, INT64_MAX, &number, fault);
		cloud->seed = cloud->traffic.seed = (uint64_t)number;
		break;
	case OPT_USERS:
		ok = read_number(name, value, 20, SIM_MAX_USERS, &number, fault);
		cloud->traffic.n_users = (int)number;
		break;
	case OPT_SCENARIO:
		cloud->traffic.scenario = value;
		break;
	case OPT_BASE:
		return read_instant(name, value, &plan->base_ms, fault);
	case OPT_REAL_BASE:
		return read_number(name, value, 1, INT64_C(1) << 45, &plan->real_base_ms, fault);
	case OPT_SPEED:
		return read_speed(value, &plan->speed, fault);
	case OPT_EPOCH:
		return read_instant(name, value, &plan->epoch_ms, fault);
	case OPT_FAULTS:
		return sim_faults_read(value, &cloud->faults, fault);
	case OPT_AUTO_GRANT:
		cloud->auto_grant_polls = 2;
		cloud->auto_grant_browser = true;
		break;
	case OPT_OTHER_REGION:
		cloud->other_port = 0;
		cloud->records_are_there = true;
		break;
	case OPT_NO_ROTATION:
		cloud->rotate_refresh = false;
		break;
	case OPT_NO_RATE_LIMITS:
		cloud->rate_ms = 0;
		break;
	case OPT_TOKEN_LIFE:
		ok = read_number(name, value, 1, 100000000, &number, fault);
		cloud->access_life_s = cloud->device_access_life_s = cloud->service_access_life_s =
		    number;
		break;
	case OPT_CODE_LIFE:
		return read_number(name, value, 1, 3600, &cloud->device_code_life_s, fault);
	case OPT_PAGE:
		ok = read_number(name, value, 1, 5000, &number, fault);
		cloud->max_page = number;
		cloud->min_page = MIN(cloud->min_page, number);
		break;
	case OPT_HOST:
		cloud->hosts = value;
		break;
	case OPT_WEBHOOK_CA:
		cloud->webhook_ca_file = value;
		break;
	case OPT_EXPORT:
		plan->export_dir = value;
		break;
	case OPT_DAYS:
		return read_number(name, value, 1, 3660, &plan->days, fault);
	}
	return ok;
}

static bool read_words(struct plan *plan, int argc, char **argv, struct fault *fault)
{
	for (int i = 1; i < argc; i++) {
		const char *word = argv[i], *value = NULL;
		size_t n = strcspn(word, "="), option;
		for (option = 0; option < COUNT_OF(option_table); option++)
			if (strlen(option_table[option].name) == n &&
			    strncmp(option_table[option].name, word, n) == 0)
				break;
		if (option == COUNT_OF(option_table)) {
			char shown[60];
			text_printable(shown, sizeof shown, word, strlen(word));
			return fault_set(fault, FAULT_USAGE,
			    _("sim does not know \"%s\"; see centinela sim --help"), shown);
		}
		if (word[n] == '=')
			value = word + n + 1;
		else if (option_table[option].has_value && i + 1 < argc)
			value = argv[++i];
		if (option_table[option].has_value != (value != NULL))
			return fault_set(fault, FAULT_USAGE, option_table[option].has_value ? _("%s takes a value") : _("%s takes no value"),
			    option_table[option].name);
		if (!take(plan, (enum option)option, value != NULL ? value : "", fault))
			return false;
	}
	return true;
}

/* ------------------------------------------------------------------ serving */

struct server {
	struct cloud *cloud;
	uv_signal_t term, interrupt;
};

static void on_signal(uv_signal_t *handle, int number)
{
	struct server *server = handle->data;
	UNUSED(number);
	if (uv_is_closing((uv_handle_t *)&server->term))
		return;
	uv_close((uv_handle_t *)&server->term, NULL);
	uv_close((uv_handle_t *)&server->interrupt, NULL);
	cloud_stop(server->cloud, NULL, NULL);
}

static bool tell(const struct plan *plan, const struct cloud *cloud, struct fault *fault)
{
	struct text line = { 0 };
	cloud_describe(cloud, &line);
	text_putc(&line, '\n');
	/* It holds secrets of the simulation: 0600. */
	bool ok = plan->port_file == NULL || file_write(plan->port_file, line.bytes, line.n, 0600, fault);
	if (ok && (fwrite(line.bytes, 1, line.n, stdout) != line.n || fflush(stdout) != 0))
		ok = fault_set(fault, FAULT_SYSTEM, "cannot write: %s", strerror(errno));
	text_clear(&line);
	return ok;
}

static bool serve(struct plan *plan, struct fault *fault)
{
	struct server server = { 0 };
	uv_loop_t loop;
	char dir[] = "/tmp/centinela-sim-XXXXXX", temporary[64] = "";
	int64_t now = clock_real_ms();
	clock_init_shared(&plan->clock, plan->base_ms != 0 ? plan->base_ms : now,
	    plan->real_base_ms != 0 ? plan->real_base_ms : now, plan->speed);
	plan->cloud.clock = &plan->clock;
	plan->cloud.traffic.epoch_ms = plan->epoch_ms != 0 ? plan->epoch_ms : plan->clock.base_ms;
	plan->cloud.address = plan->address;
	plan->cloud.ca_file = plan->ca_file;
	if (plan->ca_file == NULL) {
		if (mkdtemp(dir) == NULL)
			return fault_set(fault, FAULT_SYSTEM, "cannot make %s: %s", dir, strerror(errno));
		snprintf(temporary, sizeof temporary, "%s/ca.pem", dir);
		plan->cloud.ca_file = temporary;
	}
	uv_loop_init(&loop);
	bool ok = cloud_start(&plan->cloud, &loop, &server.cloud, fault);
	if (ok && !tell(plan, server.cloud, fault)) {
		cloud_stop(server.cloud, NULL, NULL);
		ok = false;
	} else if (ok) {
		uv_signal_init(&loop, &server.term);
		uv_signal_init(&loop, &server.interrupt);
		server.term.data = server.interrupt.data = &server;
		uv_signal_start(&server.term, on_signal, SIGTERM);
		uv_signal_start(&server.interrupt, on_signal, SIGINT);
	}
	uv_run(&loop, UV_RUN_DEFAULT);
	if (uv_loop_close(&loop) != 0)
		ok = fault_set(fault, FAULT_SYSTEM, "the simulator left something open");
	if (temporary[0] != '\0') {
		unlink(temporary);
		rmdir(dir);
	}
	return ok;
}

int sim_main(int argc, char **argv)
{
	struct fault fault = { 0 };
	struct plan plan = { .address = "127.0.0.1", .speed = 1, .days = 14 };
	cloud_options_init(&plan.cloud);
	bool ok = read_words(&plan, argc, argv, &fault);
	if (ok && plan.export_dir != NULL) {
		struct traffic_options *traffic = &plan.cloud.traffic;
		traffic->seed = plan.cloud.seed;
		traffic->epoch_ms = plan.epoch_ms != 0 ? plan.epoch_ms
		    : plan.base_ms != 0 ? plan.base_ms : EXPORT_BASE;
		traffic->hostile_names =
		    (plan.cloud.faults & SIM_FAULT_BIT(SIM_FAULT_HOSTILE_NAMES)) != 0;
		ok = sim_export(plan.export_dir, traffic, (int)plan.days, &fault);
	} else if (ok) {
		ok = serve(&plan, &fault);
	}
	if (!ok)
		fprintf(stderr, "centinela sim: %s\n", fault.text);
	return ok ? 0 : fault.code == FAULT_USAGE ? 2 : 1;
}
