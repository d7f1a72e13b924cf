/* SPDX-License-Identifier: Apache-2.0
 *
 * The few questions asked of terminfo. */
#ifndef UI_TERMINFO_H
#define UI_TERMINFO_H

#include <stdbool.h>

struct terminfo {
	bool known, ansi, bce, true_colour;
	bool erases_some; /* so many signs, from the cursor on (ECH) */
	int colours; /* -1 unknown */
};

/* TERM's entry; `known` is false where the machine has none. */
void terminfo_read(int fd, struct terminfo *out);

#endif
