/* SPDX-License-Identifier: Apache-2.0
 *
 * Alerts of a list as JSON, written straight: what json_alert makes (row_json.h), without
 * the tree, which is most of what a page of fifty costs. */
#ifndef STORE_ALERT_TEXT_H
#define STORE_ALERT_TEXT_H

#include "alerts/alert.h"
#include "base/text.h"

/* Without the ids of its records, with a status beside its state. masked: numbers in its
 * texts have lost their middle. */
void alert_text_put(struct text *out, const struct alert *, const char *status, bool masked);

#endif
