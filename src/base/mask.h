/* SPDX-License-Identifier: Apache-2.0
 *
 * Numbers without their middle, in what leaves the house. */
#ifndef BASE_MASK_H
#define BASE_MASK_H

#include "base/text.h"

/* Numbers inside a text: with a plus before it, or in an address, it is one
 * wherever it stands and whatever is between its digits; else a run of digits
 * that stands alone, or groups of them as people write numbers ("310 555 0123"):
 * not a piece of a UUID or of a call id, a date, a sum or a host's address. */
void mask_text(const char *text, struct text *out);

/* A field that holds a number, bare or in an address (sip:, tel:). What was
 * dialled after a pause is a PIN as often as an extension: nothing of it. */
void mask_number(const char *text, struct text *out);

#endif
