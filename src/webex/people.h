/* SPDX-License-Identifier: Apache-2.0
 *
 * The directory of an organisation: its name, its locations (from both
 * endpoints that know about them) and its people, as one snapshot. */
#ifndef WEBEX_PEOPLE_H
#define WEBEX_PEOPLE_H

#include <jansson.h>

#include "calls/directory.h"
#include "webex/client.h"

struct directory_read; /* one reading on its way; ends with on_done */

struct directory_result {
	struct fault fault;	     /* FAULT_NONE: the directory is whole */
	struct directory *directory; /* take it by setting NULL; also with a fault of
					the people, then with the sites alone; may be NULL */
	char org_uuid[40], org_name[128]; /* "" unknown: no scope for it */
	struct fault calling_locations;	  /* numbers and prefixes of sites are missing: why */
	size_t n_sites, n_people;
};

/* Valid until it returns. On the loop, once. */
typedef void (*directory_done_fn)(struct directory_result *, void *arg);

struct directory_read *directory_read(struct webex *, directory_done_fn done, void *arg);
void directory_read_cancel(struct directory_read *); /* done follows, FAULT_CANCELLED */

/* Pure parts, for tests and for importing. False: no usable id. */
bool person_from_json(const json_t *item, struct directory *);
bool site_from_json(const json_t *location, const json_t *calling, struct directory *);

/* "+57 (601) 555-0142" → "+576015550142"; "x83142" → "83142". At most
 * capacity - 1 characters. */
void phone_normalize(const char *text, char *out, size_t capacity);

#endif
