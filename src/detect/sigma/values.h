/* SPDX-License-Identifier: Apache-2.0
 *
 * From a value as a rule writes it to the bytes that a field is held against:
 * placeholders filled in, then UTF-16 and Base64 in the order they are asked. */
#ifndef DETECT_SIGMA_VALUES_H
#define DETECT_SIGMA_VALUES_H

#include "detect/sigma/rule.h"

/* Modifiers that make other bytes of a value; their place in a row of bits. */
enum encoding { ENCODE_UTF16LE, ENCODE_UTF16BE, ENCODE_UTF16, ENCODE_BASE64, ENCODE_BASE64OFFSET, N_ENCODINGS };

#define VALUE_MAX_ENCODINGS 4

struct value_forms {
	struct value_form {
		char *bytes; /* with a NUL behind */
		size_t n;
	} *items;
	size_t n, capacity;
	bool plain; /* bytes as they are: no wildcard, no escape is left in them */
};

/* False: the modifier is none of these. */
bool encoding_named(const char *modifier, enum encoding *);

/*
 * Every form of one value. With `expand`, %name% becomes each value of the list
 * of that name; a list nobody knows is a fault (for rules of any log source: no
 * form at all). A wildcard cannot be encoded.
 */
bool value_forms(const struct sigma_parse *, const struct yaml *at, bool expand,
    const enum encoding *, size_t n, struct value_forms *out) MUST_USE;
void value_forms_clear(struct value_forms *);

#endif
