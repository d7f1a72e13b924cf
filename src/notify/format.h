/* SPDX-License-Identifier: Apache-2.0
 *
 * One notice as machines read it, on one line: CEF, OCSF, ECS, or our own JSON.
 * Pure; the notice is veiled already. */
#ifndef NOTIFY_FORMAT_H
#define NOTIFY_FORMAT_H

#include "notify/kind.h"

/* In the format that the destination has. */
void format_write(const struct destination *, const struct telling *, struct text *out);

/* The same in at most so many bytes, 4000 or more, into an empty text: where it is longer, fewer reasons
 * and shorter texts are told, so that what a receiver gets is a whole object. */
void format_write_within(const struct destination *, const struct telling *, size_t most, struct text *out);
/* A member where there is something to say; OCSF and ECS leave out what they do not know. */
void format_set(json_t *object, const char *key, const char *value);

/* CEF:0, ArcSight's Common Event Format, revision 25. */
void format_cef(const struct destination *, const struct telling *, struct text *out);
/* Open Cybersecurity Schema Framework 1.4.0, class 2004, Detection Finding. */
void format_ocsf(const struct destination *, const struct telling *, struct text *out);
/* Elastic Common Schema 8.11. */
void format_ecs(const struct destination *, const struct telling *, struct text *out);
/* {"type": "alert.raised", "timestamp": …, "data": the alert as `alerts show --json` has it} */
void format_alert(const struct destination *, const struct telling *, struct text *out);

#endif
