/* SPDX-License-Identifier: Apache-2.0
 *
 * The HTTP API: doors at a loopback port and a Unix socket (and elsewhere with a
 * certificate), routes as a table (routes.h), answers from the same store and through
 * the same desk as the console. Loop thread only. */
#ifndef API_API_H
#define API_API_H

#include "store/token_rows.h"
#include "watch/watch.h"

struct api; /* opaque */

struct api_config { /* texts are borrowed for the API's life; NULL is "" */
	const char *store;	      /* its address, for reading */
	const char *organisation;     /* its key; "" the store is of one alone */
	const char *listen;	      /* "127.0.0.1:8719"; "" no port. Not a loopback: only with a certificate */
	const char *certificate_file; /* PEM; "" none */
	const char *key_file;	      /* PEM, 0600 */
	const char *socket;	      /* path of the Unix socket; "" none */
	bool socket_group;	      /* the socket's group may come in, too: as socket_scope */
	enum token_scope socket_scope;
	const char *hosts;   /* names that a request may give as Host, beside those of the doors; comma-separated */
	const char *origins; /* pages that may ask from a browser (CORS): https://host, comma-separated; "" none */
	const char *url;     /* where a browser finds it from outside; "" as it listens */
	const char *scopes;  /* of the sign-in to Webex */
	struct judge_options rules;
	const char *data_folder;
	int64_t rate;	     /* requests a second of one token; 0: no limit */
	int64_t write_rate;  /* changes a second, counted apart; 0: no limit */
	int64_t backfill_ms; /* how far back records are asked for at the first sync */
	int64_t shift_ms;    /* how long a shift is, for the hand-over */
	int64_t ready_sync_ms, ready_live_ms, ready_outbox_ms; /* from when on it is not ready; 0: for that never */
	bool masked;	     /* numbers are masked unless somebody asks for them whole, which is audited */
	bool read_only;
	struct clock clock; /* event time's */
};

/* Opens the doors. The watch is borrowed; stop the API before it. */
bool api_start(uv_loop_t *, const struct api_config *, struct watch *, struct api **out, struct fault *) MUST_USE;
/* Answers what is on its way, closes the doors, then on_stopped (may be NULL) from the loop. */
void api_stop(struct api *, void (*on_stopped)(void *arg), void *arg);

int api_port(const struct api *);	     /* 0: no port */
const char *api_url(const struct api *); /* "" no port */

/* The description of all routes (OpenAPI 3.1). */
struct text;
void api_describe(struct text *out);

#endif
