/* SPDX-License-Identifier: Apache-2.0
 *
 * The next page's address in a Link header, and a guard against endless
 * paging. Pure. */
#ifndef WEBEX_LINK_HEADER_H
#define WEBEX_LINK_HEADER_H

#include "base/fault.h"
#include "base/map.h"

#define LINK_BYTES 8192

/*
 * The target with rel=next of one Link header value, copied unchanged.
 *
 * Both forms met are read: `<url>; rel="next"` (RFC 8288) and the one Webex
 * documents, `<<url>;rel="next">`. Several links, commas inside an address,
 * rel quoted or not, in any case, with other relations beside it.
 * False: there is none, or it is not one line of printable ASCII.
 */
bool link_next(const char *value, char out[static LINK_BYTES]) MUST_USE;

/* The pages asked in one sequence; zero-initialise. */
struct paging {
	struct map seen;
	size_t n_pages;
	size_t max_pages; /* 0: 10 000 */
};

/* May `url` be asked as the next page? Not when it was asked before or when
 * there were too many. Call it for the first page too. */
bool paging_add(struct paging *, const char *url, struct fault *) MUST_USE;
void paging_clear(struct paging *);

#endif
