/* SPDX-License-Identifier: Apache-2.0
 *
 * The theme's file and the key file are read again when they change; one that is
 * broken is told, and what was read before stays. Looked at off the loop. */
#ifndef UI_RELOAD_H
#define UI_RELOAD_H

#include "base/base.h"

struct screen;

/* What a file was when it was looked at; all 0: not yet. */
struct file_stamp {
	int64_t inode, size, changed_ns;
};

struct reload {
	bool looking;	   /* an errand is on its way */
	int64_t looked_ms; /* steady */
	struct file_stamp theme, keys;
	char theme_path[1200]; /* whose stamp it is */
	bool keys_anew;	   /* whatever its stamp: another file is meant */
};

/* By the time: is it due? */
void reload_tick(struct screen *);
/* Another key file; "" the built-in keys alone. Read at the next tick. */
void reload_keys(struct screen *, const char *path);

#endif
