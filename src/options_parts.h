/* SPDX-License-Identifier: Apache-2.0
 *
 * What the options' own files share. An option is its place in the table (OPTION_ROWS). */
#ifndef OPTIONS_PARTS_H
#define OPTIONS_PARTS_H

#include "options.h"

void *options_member(struct options *, size_t option);
/* As a file would say it; else what is allowed. */
bool options_put(struct options *, size_t option, const char *value, struct fault *) MUST_USE;
/* own: an organisation's, which overlays nobody else's. */
bool options_read_file(struct options *, const char *file, bool own, struct fault *) MUST_USE;
/* What the configuration says of that organisation; NULL: nothing. */
struct options_overlay *options_overlay_of(struct options *, const char *key);

#endif
