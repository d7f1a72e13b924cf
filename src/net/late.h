/* SPDX-License-Identifier: Apache-2.0
 *
 * libcurl, libmicrohttpd and libpq bring thirty libraries along, and loading
 * those takes longer than everything else until the console's first frame. They
 * are therefore loaded at their first use: late_curl.c, late_microhttpd.c and
 * late_pq.c define the functions that are called, under their own names, and
 * hand them on.
 *
 * Nobody else needs to know, but for one thing: whoever begins with a library
 * asks for it first, so that what cannot be loaded is a sentence. Loading takes
 * tens of milliseconds: a console does it off the loop. Any thread may. */
#ifndef NET_LATE_H
#define NET_LATE_H

#include "base/fault.h"

bool late_curl(struct fault *) MUST_USE;
bool late_microhttpd(struct fault *) MUST_USE;
bool late_pq(struct fault *) MUST_USE;

/* For those files: n functions of a library, by name, into a table of
 * pointers. The sentence of what went wrong, malloc'd, or NULL. */
char *late_load(const char *library, const char *const *names, void *table, size_t n);

#endif
