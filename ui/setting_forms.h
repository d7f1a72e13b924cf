/* SPDX-License-Identifier: Apache-2.0
 *
 * What a setting may be, as the table in options.h writes it: "500..5000",
 * "1d..36500d or 0", or the name of a form of texts. */
#ifndef UI_SETTING_FORMS_H
#define UI_SETTING_FORMS_H

#include "base/fault.h"

/* "90s", "6500ms", "30d", or a number of seconds. */
bool setting_duration(const char *value, int64_t *ms) MUST_USE;

/* FAULT_USAGE: it is outside; allows: "" is anything. */
bool setting_number_fits(const char *key, const char *allows, int64_t value, bool duration, struct fault *) MUST_USE;
bool setting_text_fits(const char *key, const char *allows, const char *value, struct fault *) MUST_USE;

/* Of it: what it means, what it is while nobody says, what it may be. On the heap;
 * quote: round what it is while nobody says. */
char *setting_described(const char *help, const char *otherwise, const char *allows, const char *quote);

#endif
