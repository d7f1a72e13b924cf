/* SPDX-License-Identifier: Apache-2.0
 *
 * What is said to people, in the destination's language, zone and discretion,
 * before any chat's or mail's own way of writing it. Every text is printable and
 * may hold whatever a stranger called himself: whoever writes it escapes it. */
#ifndef NOTIFY_SAY_H
#define NOTIFY_SAY_H

#include "base/arena.h"
#include "notify/kind.h"

struct say_line {
	const char *label, *value;
};

#define SAY_LINES 14
struct say {
	const char *headline;
	enum severity severity;
	struct say_line lines[SAY_LINES];
	size_t n;
	const char *foot;
};

void say_make(const struct destination *, const struct telling *, struct arena *, struct say *out);

/* "2026-11-27 21:03 -05" in the destination's zone, else UTC. */
const char *say_time(const struct destination *, int64_t ms, struct arena *);

/* The notice as the destination may see it (its `redact`), and printable whatever it
 * was; text into the arena. Done before anything is written of it. */
void veil(const struct destination *, struct notice *, struct arena *);

#endif
