/* SPDX-License-Identifier: Apache-2.0
 *
 * Numbers masked or whole. Where the configuration masks them, who wants to see them
 * stands in the audit log first: who, when, in which view. */
#ifndef UI_MASK_H
#define UI_MASK_H

#include "ui/screen.h"

void mask_toggle(struct screen *);
void mask_forget(struct screen *); /* whatever is on its way finds no screen */

#endif
