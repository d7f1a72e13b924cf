/* SPDX-License-Identifier: Apache-2.0
 *
 * What is known of a person, a number, a site, a trunk or a device, as JSON. */
#ifndef STORE_PROFILE_JSON_H
#define STORE_PROFILE_JSON_H

#include "base/json.h"
#include "store/query.h"

/* A new reference. */
json_t *json_profile(const struct profile *);

#endif
