/* SPDX-License-Identifier: Apache-2.0
 *
 * Lists of the simulated Webex read as its clients do: page by page, by the Link header. */
#ifndef CLOUD_PAGES_H
#define CLOUD_PAGES_H

#include "base/map.h"
#include "cloud_rig.h"
#include "webex/link_header.h"

/* Follow the pages; every item once. each: of each; NULL. Returns the number of pages. */
static size_t read_pages(const char *path, const char *token, struct map *ids, void (*each)(const json_t *item))
{
	char next[LINK_BYTES], value[LINK_BYTES];
	size_t n_pages = 0;
	snprintf(next, sizeof next, "%s", path);
	while (next[0] != '\0' && n_pages < 100) {
		struct reply r = rig_get(next, token);
		CHECK_INT(r.status, 200);
		n_pages++;
		next[0] = '\0';
		if (reply_header(&r, "Link", value, sizeof value))
			CHECK(link_next(value, next));
		json_auto_t *page = rig_json(&r);
		size_t i;
		json_t *item;
		json_array_foreach(json_object_get(page, "items"), i, item) {
			bool is_new;
			map_put(ids, json_str(item, "id", ""), &is_new);
			CHECK(is_new);
			if (each != NULL)
				each(item);
		}
	}
	return n_pages;
}

#endif
