/* SPDX-License-Identifier: Apache-2.0
 *
 * An HTTPS server that a Webex client cannot tell from Webex in what we use:
 * OAuth with its four ways in, the directory, call records by feed and stream,
 * live calls and webhooks, with their limits, errors and odd habits. The
 * organisation behind it is traffic.h's. Same seed and same requests, same
 * answers. Loop thread only; records are made on a lane. */
#ifndef SIM_CLOUD_H
#define SIM_CLOUD_H

#include <uv.h>

#include "base/clock.h"
#include "base/text.h"
#include "sim/faults.h"
#include "sim/traffic.h"

struct cloud; /* opaque */

/* Webex prints its next links as <<url>;rel="next"> in the manual, and plain
 * on the wire as others have seen it. */
enum cloud_link { CLOUD_LINK_BOTH, CLOUD_LINK_PLAIN, CLOUD_LINK_DOUBLE };

/* {"message","errors":[…]} or RFC 6749's {"error","error_description"}. */
enum cloud_oauth_errors { CLOUD_OAUTH_BOTH, CLOUD_OAUTH_WEBEX, CLOUD_OAUTH_RFC };

struct cloud_options {
	const char *address;	   /* NULL: 127.0.0.1 */
	int port;		   /* 0: pick */
	int other_port;		   /* another region's; 0: pick; -1: none */
	bool records_are_there;	   /* call records live in the other region: 451 here */
	const struct clock *clock; /* borrowed; NULL: the real one */
	uint64_t seed;
	struct traffic_options traffic; /* its seed 0: the seed above */
	unsigned faults;	   /* SIM_FAULT_BIT */
	int64_t slow_pause_ms;	   /* slow_body: 16 of these in a body */
	const char *hosts;	   /* more names in the certificate, "a,b"; NULL: none */
	const char *ca_file;	   /* write ca.pem there; NULL: nowhere */
	const char *webhook_ca_file; /* to verify https targets; NULL: our own authority */

	/* OAuth */
	bool rotate_refresh;	   /* a refresh gives a new refresh token, the old one dies */
	bool omit_refresh;	   /* a refresh answers without a refresh token */
	bool device_redirects;	   /* the four oauth-helper URIs are registered */
	int auto_grant_polls;	   /* device: granted by itself at that poll; 0: never */
	bool auto_grant_browser;   /* authorize: no form, granted at once */
	enum cloud_oauth_errors oauth_errors;
	int64_t access_life_s, device_access_life_s, service_access_life_s, personal_life_s;
	int64_t refresh_life_s, code_life_s, device_code_life_s, device_interval_s;

	/* Call records */
	int64_t feed_window_ms, feed_retention_ms, feed_delay_ms;
	int64_t stream_window_ms, stream_retention_ms, stream_delay_ms;
	int64_t min_page, max_page;   /* `max` is brought within */
	int64_t rate_ms;	      /* 1 initial call and n_pages pages in it; 0: no limit */
	int n_pages;
	enum cloud_link link;

	/* Webhooks */
	int64_t webhook_window_ms; /* so many failures in it: inactive */
	int webhook_failures;
};

void cloud_options_init(struct cloud_options *); /* as Webex in 2026 */

bool cloud_start(const struct cloud_options *, uv_loop_t *, struct cloud **out,
    struct fault *) MUST_USE;
/* on_stopped (may be NULL) comes last, from the loop. */
void cloud_stop(struct cloud *, void (*on_stopped)(void *arg), void *arg);

const char *cloud_url(const struct cloud *);	   /* "https://127.0.0.1:4711" */
const char *cloud_other_url(const struct cloud *); /* "" when there is none */
const char *cloud_ca_pem(const struct cloud *);
const struct sim_org *cloud_org(const struct cloud *);
int64_t cloud_now_ms(const struct cloud *); /* the server's clock: with its skew */

/* What an administrator would have been given. Text lives as long as it. */
struct cloud_credentials {
	const char *client_id, *client_secret; /* the integration */
	const char *service_client_id, *service_client_secret, *service_application_id;
	const char *service_refresh_token, *service_access_token;
	const char *personal_token; /* of the developer portal: 12 h */
	const char *org_id;
};
const struct cloud_credentials *cloud_credentials(const struct cloud *);

/* One line of JSON with all of the above, for scripts; no line end. */
void cloud_describe(const struct cloud *, struct text *out);

/* Decide on a device code as a person at /verify would. False: no such code. */
bool cloud_verify_device(struct cloud *, const char *user_code, bool grant);

#endif
