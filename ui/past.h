/* SPDX-License-Identifier: Apache-2.0
 *
 * The moment that is looked at: an hour or a day back and forth, or any. While it is
 * not now, panes show what was, a banner says so, and nothing is done to anything. */
#ifndef UI_PAST_H
#define UI_PAST_H

#include "base/zone.h"
#include "ui/command.h"

struct screen;

/* Steps, and the question for a moment; false: the command is none of those. */
bool past_command(struct screen *, enum command);
/* Is it an act, and the moment is not now? Then it says so. */
bool past_refuses(struct screen *, enum command);
/* Why not, in words; NULL: nothing stands against it. */
const char *past_why_not(const struct screen *, enum command);
/* Back to now. False: it is now. */
bool past_leave(struct screen *);
/* Instead of the header. */
void past_banner(struct screen *);

/* "3h", "yesterday", "yesterday 03:00", "2026-10-05", "2026-10-05 03:00", "03:00": in the zone where it says none. */
bool past_read(const char *text, int64_t now_ms, const struct zone *, int64_t *out);

#endif
