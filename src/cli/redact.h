/* SPDX-License-Identifier: Apache-2.0
 *
 * What leaves the house in an export, without what names a stranger: numbers
 * lose their middle, and callers' names, authorisation codes, addresses and
 * device ids go. */
#ifndef CLI_REDACT_H
#define CLI_REDACT_H

#include <jansson.h>

#include "base/arena.h"
#include "store/query.h"

/* In place; new text lies in the arena. */
void redact_call(struct call *, struct arena *);
void redact_leg(struct leg_row *, struct arena *);
/* A record as Webex sent it: fields by their wire names in any spelling; what
 * this program does not know goes too. */
void redact_record(json_t *record);
/* The same of a record that a strict reader refuses (a lone surrogate, broken
 * UTF-8), made of its known fields. NULL: not even those can be read. */
json_t *redact_unruly_record(const char *raw, size_t n);
/* Every number of seven digits or more inside a text, as in an alert's reasons. */
const char *redact_text(const char *text, struct arena *);
/* Every string of an alert's object. */
void redact_alert(json_t *alert);

#endif
