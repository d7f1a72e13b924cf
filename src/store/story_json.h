/* SPDX-License-Identifier: Apache-2.0
 *
 * The story of a case as JSON: what is exported and what the API answers. */
#ifndef STORE_STORY_JSON_H
#define STORE_STORY_JSON_H

#include "base/json.h"
#include "store/query_case.h"

/* A new reference. masked: numbers have lost their middle, names of strangers are not said. */
json_t *json_story(const struct case_story *, bool masked);
/* Parts of it, whole. */
json_t *json_admin_event(const struct admin_event *);
json_t *json_live_half(const struct live_half *);
const char *json_change_name(enum profile_change_kind); /* for machines */

#endif
