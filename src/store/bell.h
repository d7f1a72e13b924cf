/* SPDX-License-Identifier: Apache-2.0
 *
 * A server says when somebody else has committed; a file does not, and is looked
 * at (watch/watch.c). A connection of its own, to be listened to on the loop. */
#ifndef STORE_BELL_H
#define STORE_BELL_H

#include "base/fault.h"

struct bell;
enum bell_state { BELL_QUIET, BELL_RANG, BELL_BROKEN };

/* Connects, and waits for that. NULL: a store of this address has none. */
bool bell_open(const char *address, struct bell **, struct fault *) MUST_USE;
void bell_close(struct bell *);
int bell_socket(const struct bell *); /* readable: ask bell_hear */
/* Never waits. What this process committed itself does not count. */
enum bell_state bell_hear(struct bell *);

#endif
