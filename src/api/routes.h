/* SPDX-License-Identifier: Apache-2.0
 *
 * A route of the API, and a field of its query or body. */
#ifndef API_ROUTES_H
#define API_ROUTES_H

#include "base/base.h"

struct api_call;
struct db;
struct store;

/* Who may come in: anybody, or who has at least this scope. */
enum api_entry { ENTRY_OPEN, ENTRY_VIEWER, ENTRY_ANALYST, ENTRY_LEAD, ENTRY_ADMIN };
const char *api_entry_name(enum api_entry); /* "open", or a scope */

/* TARGETS: of a body alone, a list of numbers or of {"id", "revision"}. */
enum api_kind { API_TEXT, API_INT, API_TIME, API_FLAG, API_CHOICE, API_TARGETS };

/* One value of a query or of a JSON body. */
struct api_field {
	const char *name; /* NULL ends the list */
	enum api_kind kind;
	bool required;
	int64_t low, high;   /* INT: within; TEXT: at most `high` bytes */
	const char *choices; /* CHOICE: "low|medium|high" */
	const char *help, *example;
};
#define API_FIELDS_MAX 20

struct api_route {
	const char *method, *path; /* "/api/v1/alerts/{id}": {id} is a number; {name}: a text without a slash, encoded */
	const char *name, *help;   /* operationId; one sentence */
	enum api_entry entry;
	const struct api_field *query, *body; /* NULL none */
	int status;			      /* when it went well */
	const char *answer;		      /* a schema's name (schema.h), or a kind of text: text/plain; NULL: none */
	/* Exactly one. On the loop; answers now or later. */
	void (*serve)(struct api_call *);
	/* On a reading lane: fills status and answer; false: the fault. */
	bool (*read)(struct api_call *, struct db *);
	/* On the store's lane, within a transaction: as read. */
	bool (*write)(struct api_call *, struct store *);
	unsigned flags;
};
enum {
	ROUTE_CACHED = 1,   /* the answer holds while the store does: given again for a second */
	ROUTE_SLOW = 2,	    /* may search long: on the second reading lane */
	ROUTE_NUMBERS = 4,  /* has numbers of strangers: masked, unless asked for whole */
	ROUTE_MATCHES = 8,  /* If-Match is heeded */
	ROUTE_ONCE = 16,    /* Idempotency-Key is heeded */
	ROUTE_SEES = 32,    /* needs what the loop knows: `seen` */
	ROUTE_ALERTS = 64,  /* cached, of alerts alone: it holds though calls come */
	ROUTE_BY_NUMBER = 128, /* {name} is somebody's number */
	ROUTE_GROWS = 256,  /* 200 where it is there already, and is more now */
	ROUTE_TELLS = 512,  /* a 503 is an answer of the same form; read(call, NULL) where the store is away */
};

extern const struct api_route api_routes[]; /* a NULL method ends it */
extern const struct api_field api_numbers_field; /* of ROUTE_NUMBERS, beside the route's own */

#endif
