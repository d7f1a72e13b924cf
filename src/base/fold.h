/* SPDX-License-Identifier: Apache-2.0
 *
 * Text as a person compares it: case and accents do not count, so that bogota
 * finds Bogotá. Said once, here: a store's fold() gives the same, and its LIKE
 * the same as text_like(). Each character becomes one or none, which is what
 * PostgreSQL's translate() can do as well. */
#ifndef BASE_FOLD_H
#define BASE_FOLD_H

#include "base/base.h"

/* 0: it counts for nothing (an accent that follows its letter). */
uint32_t point_fold(uint32_t point);

/* Never longer than what came; broken bytes become U+FFFD, 3 bytes each.
 * Returns the bytes written, without the NUL; what has no room is left off. */
size_t text_fold(char *out, size_t capacity, const char *bytes, size_t n);

/* Does the text, folded, fit the pattern? A pattern is LIKE's with ESCAPE '\':
 * % stands for anything, the rest for itself, folded already. */
bool text_like(const char *pattern, const char *text);

#endif
