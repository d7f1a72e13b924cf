/* SPDX-License-Identifier: Apache-2.0
 *
 * Rows as JSON: what the command line prints and what is exported from the
 * console, in one form. */
#ifndef STORE_ROW_JSON_H
#define STORE_ROW_JSON_H

#include "base/json.h"
#include "store/query.h"

/* New references. Times are ISO 8601 UTC, money is an object with currency. */
json_t *json_alert(const struct alert *, const char *const *report_ids, size_t n_report_ids);
json_t *json_call(const struct call *);
json_t *json_leg(const struct leg_row *);
json_t *json_score(const struct score_row *);
json_t *json_location(const struct location_row *);
struct person;
json_t *json_person(const struct person *, const char *location);
json_t *json_silence(const struct silence_row *);
json_t *json_kept(const struct kept_row *);
json_t *json_event(const struct alert_event *);
/* Of earlier alerts: how each ended, and by whom. */
json_t *json_earlier(const struct alert *, size_t n);
json_t *json_time(int64_t ms); /* null for 0 */
/* A string: these ids have 61 bits, and many readers take numbers as doubles. */
json_t *json_id(int64_t id);
json_t *json_money(int64_t micro, int64_t per_hour_micro);
json_t *json_text(const char *text); /* made valid UTF-8 */
/* Every string in it, by one of base/mask.h. */
void json_mask(json_t *, void (*mask)(const char *, struct text *));
/* JSON as it may go to a terminal: DEL and C1 controls, which JSON allows in
 * strings, are escaped; nothing of its meaning changes. */
void json_tame(struct text *out, const char *json, size_t n);

#endif
