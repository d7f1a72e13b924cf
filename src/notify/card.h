/* SPDX-License-Identifier: Apache-2.0
 *
 * An Adaptive Card, as Webex (1.3) and Teams show it. */
#ifndef NOTIFY_CARD_H
#define NOTIFY_CARD_H

#include <jansson.h>

#include "notify/say.h"

json_t *card_make(const struct say *);

#endif
