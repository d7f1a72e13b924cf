/* SPDX-License-Identifier: Apache-2.0
 *
 * How it stands with each organisation, for who looks after several: read one after the
 * other, a few at once. */
#ifndef STORE_QUERY_ORGANISATIONS_H
#define STORE_QUERY_ORGANISATIONS_H

#include "alerts/alert.h"
#include "base/arena.h"
#include "store/organisation_rows.h"

#define STANDING_ALERTS 200 /* at most so many of the newest of all of them */

struct organisation_standing {
	const char *key, *name;
	const char *fault;	  /* why it cannot be said; NULL: it can */
	int64_t n_open[4];	  /* by severity */
	int64_t unclaimed_ms;	  /* when the oldest that nobody took was raised; 0 none */
	enum severity unclaimed;
	int64_t last_page_ms;	  /* when Webex was last heard; 0 never */
	int64_t complete_until_ms; /* nothing is missing before; 0 nothing is there */
};

struct organisation_alert {
	size_t of; /* the place in items */
	struct alert alert;
};

struct organisation_overview {
	struct organisation_standing *items;
	size_t n, n_read;		   /* the first n_read of them are known */
	struct organisation_alert *alerts; /* open, high and critical, the newest first */
	size_t n_alerts;
	int64_t at_ms;
};

/* Of those that whoever asks may see: first who they are, then a few at once, so
 * that others may ask in between, until n_read is n. One that cannot be read says why. */
bool query_organisations_begin(const char *store, int64_t now_ms, struct arena *, struct organisation_overview *, struct fault *) MUST_USE;
void query_organisations_next(const char *store, size_t most_alerts, struct arena *, struct organisation_overview *);

#endif
