/* SPDX-License-Identifier: Apache-2.0
 *
 * How well a few letters fit a text: all of them, in their order, better at the
 * beginnings of words and side by side. Case, accents and blanks do not matter:
 * who looks for "sesion" means "sesión". */
#ifndef UI_FUZZY_H
#define UI_FUZZY_H

#include "base/base.h"

/* Does `part` stand in `text`, letter beside letter? */
bool fuzzy_contains(const char *text, const char *part);

/* -1: not at all; 0: nothing was asked for; else the greater the better. Texts
 * are bounded: what stands past the first 128 letters is not looked at. */
int fuzzy_score(const char *text, const char *letters);

#endif
