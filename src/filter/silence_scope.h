/* SPDX-License-Identifier: Apache-2.0
 *
 * What a silence is about: a filter over alerts as they are when they are raised.
 * What comes later (who has it, how it was closed) cannot be asked, and neither
 * can nothing: a silence of everything is none. */
#ifndef FILTER_SILENCE_SCOPE_H
#define FILTER_SILENCE_SCOPE_H

#include "filter/filter.h"

/* As filter_parse. created_ms: what relative times are relative to, for ever. */
bool silence_scope_read(const char *source, size_t n, int64_t created_ms, const struct filter_names *,
    struct filter *out, struct filter_reading *reading, struct fault *, size_t *offset) MUST_USE;

#endif
