/* SPDX-License-Identifier: Apache-2.0
 *
 * The installation's lists, which rules name with |expand:
 *
 *	admins: [ana.bernal, 'luis*']
 *	bridges: ['+576013790000']          */
#ifndef DETECT_SIGMA_LISTS_H
#define DETECT_SIGMA_LISTS_H

#include "detect/sigma/rule.h"

struct sigma_lists {
	struct arena arena;
	struct sigma_list *items;
	size_t n;
	uint64_t hash; /* of the file's bytes; 0: no file */
};

/* path NULL or "": no lists. Nothing is kept on failure. */
bool sigma_lists_read(const char *path, struct sigma_lists *out, struct fault *) MUST_USE;
void sigma_lists_clear(struct sigma_lists *);

#endif
