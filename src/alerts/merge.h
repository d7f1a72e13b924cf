/* SPDX-License-Identifier: Apache-2.0
 *
 * A finding into an alert: the same fingerprint grows, it is no new row. */
#ifndef ALERTS_MERGE_H
#define ALERTS_MERGE_H

#include "alerts/alert.h"
#include "base/json.h"

/* The same fingerprint after so long is another story: it is raised anew, and
 * "seen before" names the old one. An alert left open for weeks would swallow
 * every later incident of its subject in silence. */
#define ALERT_EPISODE_MS (36 * HOUR_MS)

/* A new alert of a finding; text borrowed. id and revision stay 0. */
void alert_from_finding(struct alert *, const struct finding *);

/* Would it say from now on what the alert is about? Asked before it grows. */
bool alert_is_told_by(const struct alert *, const struct finding *);
/* Grow by a finding of the same fingerprint, n_new of whose evidence is new. */
void alert_grow(struct alert *, const struct finding *, size_t n_new);

/* why_en and why_es from the alert's reasons; borrowed. */
void alert_say_why(struct alert *);

/* Reasons as the store keeps them, and back (text from the arena). */
void reasons_write(struct text *out, const struct reason *reasons, size_t n);
bool reasons_read(const char *json, struct arena *, struct reason **out, size_t *n) MUST_USE;
/* Titles and reasons, as the store keeps those that are not said any more. */
void alert_texts_write(struct text *out, const struct alert *);
bool alert_texts_read(const char *json, struct arena *, struct alert *) MUST_USE;

#endif
