/* SPDX-License-Identifier: Apache-2.0
 *
 * A kind of destination: what it must be told of it, how a message is written,
 * and how it is sent. One file one kind; the table is catalog.c. */
#ifndef NOTIFY_KIND_H
#define NOTIFY_KIND_H

#include <jansson.h>

#include "net/http_client.h"
#include "notify/routes.h"

/* What is to be said, in one message. Names and numbers are what the destination
 * may see. */
struct telling {
	const char *key;
	const struct notice *notices; /* oldest first */
	size_t n;
	int64_t n_all;	 /* of which n are here */
	int64_t since_ms; /* of the first */
	int64_t now_ms;
	bool gathered;	 /* a summary of many, else notices[0] alone */
	bool test;
	const char *thread_id; /* "" none */
};

/* A message on its way. */
struct parcel {
	const char *key, *body;
	const char *remote_id; /* not "": it is changed, not sent anew */
};

enum way { WAY_HTTP, WAY_MAIL, WAY_TLS, WAY_FILE };

#define WIRE_HEADERS 6
struct wire {
	const char *method; /* WAY_HTTP */
	struct text url, headers[WIRE_HEADERS];
	size_t n_headers;
};
struct text *wire_header(struct wire *); /* the next one, empty */
void wire_clear(struct wire *);		 /* wiped: there are secrets in it */

/* A POST of JSON to the address that is the secret. */
struct destination;
struct secrets;
bool pack_post(const struct destination *, const struct secrets *, const struct parcel *, int64_t now_ms, struct wire *, struct fault *);
/* On one line; takes the value. */
void put_json(struct text *, json_t *);

/* What its secrets are; "" where there is none. */
struct secrets {
	const char *url, *secret;
};

struct notify_kind {
	const char *name, *help;       /* help: N_() */
	const char *needs[4], *takes[5]; /* keys, beside those of every destination */
	enum way way;
	bool url_is_secret;
	bool for_people;     /* many are gathered; a machine gets each */
	bool grows;	     /* what was sent can be changed */
	size_t at_once;	     /* messages on their way at one time */
	unsigned formats;    /* bits of enum tell_format; the first is the default; 0: its own */
	void (*write)(const struct destination *, const struct telling *, struct text *body);
	/* WAY_HTTP alone. */
	bool (*pack)(const struct destination *, const struct secrets *, const struct parcel *, int64_t now_ms, struct wire *, struct fault *);
	/* What an answer of 2xx stands for, as a status, and what the message is called
	 * there; NULL: 2xx is all there is to know. */
	int (*heed)(const struct http_response *, char remote_id[200]);
	int64_t most_wait_ms; /* of a Retry-After; 0: an hour */
};

extern const struct notify_kind *const notify_kinds[]; /* NULL ends it */
const struct notify_kind *notify_kind_named(const char *name); /* or NULL */

#endif
