/* SPDX-License-Identifier: Apache-2.0
 *
 * A whole list of webexapis.com, page by page: by Link, or by a count and max
 * where an endpoint has no Link. Loop thread only. */
#ifndef WEBEX_LIST_H
#define WEBEX_LIST_H

#include <jansson.h>

#include "webex/client.h"

struct webex_list; /* one list on its way; opaque; ends with on_end */

struct webex_list_request {
	enum webex_api api;
	const char *path; /* "/people?callingData=true", without max; with a ? or not */
	const char *key;  /* of the array: "items" is not everybody's word */
	int page;	  /* max=…; 0: not sent */
	int smaller_page; /* begin again with this when a page fails with 5xx; 0: no */
	const char *by;	  /* no Link: by this parameter, "start": start=0, start=page … until
			     a short page. NULL: no Link is the end */
	size_t most;	  /* more items than this end it with FAULT_LIMIT; 0: any number */
};

struct webex_list_events {
	void (*on_item)(const json_t *item, void *arg); /* borrowed */
	/* The list begins anew with smaller pages: items come again. May be NULL. */
	void (*on_again)(void *arg);
	/* Once, last. status: of the answer that ended it, 0 none. */
	void (*on_end)(const struct fault *, int status, void *arg);
	void *arg;
};

struct webex_list *webex_list(struct webex *, const struct webex_list_request *,
    const struct webex_list_events *);
void webex_list_cancel(struct webex_list *); /* on_end follows, FAULT_CANCELLED */

#endif
