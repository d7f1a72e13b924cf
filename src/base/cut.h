/* SPDX-License-Identifier: Apache-2.0
 *
 * Texts that somebody takes only so many bytes of. Pure. */
#ifndef BASE_CUT_H
#define BASE_CUT_H

#include "base/base.h"

/* How much of a text fits n bytes, with no character of UTF-8 cut through. */
size_t cut_whole(const char *text, size_t n);

/* How much of it are its first n code points. */
size_t cut_points(const char *text, size_t n);

#endif
