/* SPDX-License-Identifier: Apache-2.0
 *
 * An answer's memory ends with its callback: what a pane shows is copied into
 * its own arena. NULL text becomes "". */
#ifndef UI_COPY_H
#define UI_COPY_H

#include "base/arena.h"
#include "watch/board.h"

struct alert *copy_alerts(struct arena *, const struct alert *, size_t n);
struct alert_event *copy_events(struct arena *, const struct alert_event *, size_t n);
struct call *copy_calls(struct arena *, const struct call *, size_t n);
struct leg_row *copy_legs(struct arena *, const struct leg_row *, size_t n);
struct location_row *copy_locations(struct arena *, const struct location_row *, size_t n);
struct score_row *copy_scores(struct arena *, const struct score_row *, size_t n);
/* A profile whole, into the caller's struct. */
void copy_profile(struct arena *, const struct profile *, struct profile *out);
struct rule_page *copy_rule_pages(struct arena *, const struct rule_page *, size_t n);
struct rule_card *copy_rule_cards(struct arena *, const struct rule_card *, size_t n);
struct silence_row *copy_silences(struct arena *, const struct silence_row *, size_t n);
struct kept_row *copy_kept(struct arena *, const struct kept_row *, size_t n);
/* A case whole, into the caller's struct; ui/copy_story.c. */
void copy_story(struct arena *, const struct case_story *, struct case_story *out);
void copy_shift(struct arena *, const struct shift_report *, struct shift_report *out);
struct audit_row *copy_audit(struct arena *, const struct audit_row *, size_t n);

struct alert_step *copy_steps(struct arena *, const struct alert_step *, size_t n);

#endif
