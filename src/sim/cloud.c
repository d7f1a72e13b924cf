/* SPDX-License-Identifier: Apache-2.0
 *
 * Start and stop, the server's clock and names, and what it tells of itself.
 * Who may enter is in cloud_door.c, how an answer leaves in cloud_reply.c,
 * what is answered in cloud_oauth.c, cloud_cdr.c and their neighbours. */
#include "sim/cloud.h"

#include <openssl/hmac.h>
#include <openssl/sha.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/json.h"
#include "base/mem.h"
#include "sim/cloud_parts.h"
#include "webex/ids.h"

#define SKEW_MS (7 * MINUTE_MS)

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
	cloud_settings_clear(cloud);
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
	if (!start_server(cloud, options->port, cloud_home_visit, &cloud->server, fault) ||
	    (options->other_port >= 0 &&
		!start_server(cloud, options->other_port, cloud_other_visit, &cloud->other_server,
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

void cloud_describe(const struct cloud *cloud, struct text *out)
{
	const struct cloud_credentials *c = &cloud->credentials;
	const struct cloud_options *o = &cloud->options;
	text_putc(out, '{');
	cloud_add_string(out, "url", cloud_url(cloud));
	cloud_add_string(out, "cdr_url", o->records_are_there ? cloud_other_url(cloud) : cloud_url(cloud));
	cloud_add_string(out, "other_url", cloud_other_url(cloud));
	cloud_add_string(out, "ca", o->ca_file == NULL ? "" : o->ca_file);
	cloud_add_string(out, "client_id", c->client_id);
	cloud_add_string(out, "client_secret", c->client_secret);
	cloud_add_string(out, "service_client_id", c->service_client_id);
	cloud_add_string(out, "service_client_secret", c->service_client_secret);
	cloud_add_string(out, "service_application_id", c->service_application_id);
	cloud_add_string(out, "service_refresh_token", c->service_refresh_token);
	cloud_add_string(out, "service_access_token", c->service_access_token);
	cloud_add_string(out, "personal_token", c->personal_token);
	cloud_add_string(out, "org_id", c->org_id);
	cloud_add_string(out, "org_uuid", cloud->org->uuid);
	text_printf(out, "\"base_ms\":%lld,\"real_base_ms\":%lld,\"speed\":%g,\"seed\":%llu}",
	    (long long)o->clock->base_ms, (long long)o->clock->real_base_ms, o->clock->speed,
	    (unsigned long long)o->seed);
}
