/* SPDX-License-Identifier: Apache-2.0
 *
 * Checked reads over jansson, and writing to growing text. A json_t is
 * json_auto_t and does not outlive the function that parsed it. */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include <jansson.h>

#include "base/fault.h"
#include "base/text.h"

/* Parse at most `limit` bytes; a sentence with line and column on failure.
 * Duplicate keys: the last wins. NUL in strings is refused. */
bool json_parse(const char *bytes, size_t n, json_t **out, struct fault *fault) MUST_USE;
/* … where no key stands twice: of two, somebody before us may have heeded the other. */
bool json_parse_once(const char *bytes, size_t n, json_t **out, struct fault *fault) MUST_USE;

/* Read a member or give the default; a wrong type is the default too. */
const char *json_str(const json_t *object, const char *key, const char *otherwise);
int64_t json_int(const json_t *object, const char *key, int64_t otherwise);
double json_real_or(const json_t *object, const char *key, double otherwise);
bool json_bool(const json_t *object, const char *key, bool otherwise); /* also "true" */

/* Add `string` as a JSON string with quotes; broken UTF-8 becomes U+FFFD. */
void json_quote(struct text *out, const char *string);
void json_quote_n(struct text *out, const char *string, size_t n);

#endif
