/* SPDX-License-Identifier: Apache-2.0
 *
 * Waits for the browser to come back from Webex: a listener on 127.0.0.1 that
 * understands one GET and answers with a sentence. Loop thread only. */
#ifndef WEBEX_LOOPBACK_H
#define WEBEX_LOOPBACK_H

#include <uv.h>

#include "base/fault.h"

struct loopback; /* opaque */

/*
 * Called for a GET of the path with a query. True: the query is the one we
 * waited for, and the browser is told that it may close the tab; false: the
 * browser is told that this is not it, and we wait on.
 */
typedef bool (*loopback_fn)(const char *query, void *arg);

/* Listen where `redirect_uri` points: http://localhost:PORT/path or
 * http://127.0.0.1:PORT/path; anything else is FAULT_USAGE. Port 0 takes any
 * (tests). */
struct loopback *loopback_open(uv_loop_t *, const char *redirect_uri, loopback_fn on_query,
    void *arg, struct fault *) MUST_USE;
int loopback_port(const struct loopback *);

/* May be called from on_query; an answer on its way is still sent. No callback
 * comes afterwards but on_closed (may be NULL). */
void loopback_close(struct loopback *, void (*on_closed)(void *arg), void *arg);

#endif
