/* SPDX-License-Identifier: Apache-2.0
 *
 * Records page by page, as scripts and SIEMs read them. */
#ifndef STORE_QUERY_LEGS_H
#define STORE_QUERY_LEGS_H

#include "store/query.h"

struct leg_query {
	int64_t from_ms, until_ms; /* start of the record: from ≤ it < until */
	int64_t after_id;	   /* the last one of the page before; 0: the first page */
	bool newest_first;
	size_t limit;
	const char *location, *user_uuid, *number; /* "" or NULL any. number: the far end's, as called or as calling */
};

struct leg_list {
	struct leg_row *items;
	size_t n;
	bool more;
};

bool query_legs_page(struct db *, const struct leg_query *, struct arena *, struct leg_list *out, struct fault *) MUST_USE;
/* FAULT_NOT_FOUND. */
bool query_leg(struct db *, int64_t id, struct arena *, struct leg_row *out, struct fault *) MUST_USE;

#endif
