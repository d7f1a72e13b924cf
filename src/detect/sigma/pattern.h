/* SPDX-License-Identifier: Apache-2.0
 *
 * Text with wildcards, as a rule writes it: * is any run, ? any byte, and most
 * patterns turn out to be a prefix, a suffix or one word, which are cheaper. */
#ifndef DETECT_SIGMA_PATTERN_H
#define DETECT_SIGMA_PATTERN_H

#include "detect/sigma/rule.h"

enum shape { SHAPE_EXACT, SHAPE_PREFIX, SHAPE_SUFFIX, SHAPE_INSIDE, SHAPE_GLOB, SHAPE_ALL };

struct pattern {
	enum shape shape;
	bool another; /* another form of the value before: "all" asks for one of them */
	char *bytes; /* without the outer stars, but for SHAPE_GLOB */
	size_t n;
};

/* Lower case of ASCII and of the Latin-1 letters of Spanish (Á Ñ Ü …), which
 * in UTF-8 are C3 80..9E. Never changes the length. */
void pattern_fold(char *bytes, size_t n);

struct pattern_options {
	bool star_before, star_after;
	bool cased;   /* else it is folded */
	bool plain;   /* no wildcard and no escape is in it */
	bool windash; /* a dash before a word is any of - / \u2013 \u2014 \u2015 */
};

/* A value's bytes as a pattern; `at` for complaints. Sigma's escapes: \* \? are
 * plain, \\ before a wildcard is a backslash. */
bool pattern_parse(const struct sigma_parse *, const struct yaml *at, const char *bytes, size_t n,
    const struct pattern_options *, struct pattern *out) MUST_USE;

/* `text` is folded as the pattern was. */
bool pattern_matches(const struct pattern *, const char *text, size_t n);

#endif
