/* SPDX-License-Identifier: Apache-2.0
 *
 * The way to Webex, put together once for sync, login, status and doctor:
 * HTTPS client, a lane for files, the sign-in. */
#ifndef WATCH_LINK_H
#define WATCH_LINK_H

#include "webex/oauth.h"

/* Text is borrowed for the link's life; "" or NULL: not set. */
struct link_config {
	const char *api_url, *cdr_host, *cdr_hosts;
	const char *client_id, *secret_file, *secret_command, *token_file;
	const char *ca_file, *proxy, *connect_to;
	const char *apart_from; /* the responder's: the token file that must be another; or NULL */
	bool http_to_loopback; /* tests and the simulator only */
};

/* The client secret may also come from this variable. */
#define LINK_SECRET_VARIABLE "CENTINELA_CLIENT_SECRET"

struct link {
	struct http_client *http;
	struct lane *lane;
	struct oauth *oauth;
	void (*on_closed)(void *arg);
	void *arg;
};

bool link_open(uv_loop_t *, const struct link_config *, const struct clock *, struct link *,
    struct fault *) MUST_USE;
/* Of who changes lines and of who only watches: FAULT_USAGE where the files are one, under
 * whatever names. NULL: there is none. */
bool link_is_apart(const char *responder, const char *watcher, struct fault *) MUST_USE;
/* In order; on_closed (may be NULL) last, from the loop. */
void link_close(struct link *, void (*on_closed)(void *arg), void *arg);

#endif
