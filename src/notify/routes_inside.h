/* SPDX-License-Identifier: Apache-2.0
 *
 * What the readers of the file of routes share: routes.c, destination.c. */
#ifndef NOTIFY_ROUTES_INSIDE_H
#define NOTIFY_ROUTES_INSIDE_H

#include "base/yaml.h"
#include "notify/routes.h"

const char *route_scalar(const struct yaml *); /* "" of a list or a map */
bool route_text(const char *path, const struct yaml *, char **out, struct fault *) MUST_USE;
bool route_list(const char *path, const struct yaml *, struct text_list *out, struct fault *) MUST_USE;
bool route_duration(const char *path, const struct yaml *, int64_t *out, struct fault *) MUST_USE;
bool route_zone(const char *path, const struct yaml *, struct zone **out, struct fault *) MUST_USE;
bool route_language(const char *path, const struct yaml *, bool *es, struct fault *) MUST_USE;
bool route_is_listed(const char *const *list, size_t n, const char *key); /* up to a NULL */

bool destination_read(const char *path, const struct yaml *key, const struct yaml *map, struct destination *, struct fault *) MUST_USE;

#endif
