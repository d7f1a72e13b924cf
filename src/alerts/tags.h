/* SPDX-License-Identifier: Apache-2.0
 *
 * Words that people put on alerts: "fraude vip", in their order, a blank between. */
#ifndef ALERTS_TAGS_H
#define ALERTS_TAGS_H

#include "base/fault.h"

#define TAGS_MAX  16
#define TAG_BYTES 32 /* without the NUL */
#define TAGS_TEXT ((TAG_BYTES + 1) * TAGS_MAX)

/*
 * What the tags are after a change: "+fraude -prueba vip" adds fraude and vip and
 * takes prueba away; capitals become small. Who takes a word away and adds it
 * has added it. FAULT_USAGE: a word is none, or there would be too many.
 */
bool tags_change(const char *tags, const char *change, char out[static TAGS_TEXT], struct fault *) MUST_USE;

#endif
