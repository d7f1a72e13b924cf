/* SPDX-License-Identifier: Apache-2.0
 *
 * Where a secret comes from: a file, the environment, or a command such as
 * `pass show webex`. Never the command line of this program. */
#ifndef WEBEX_SECRET_H
#define WEBEX_SECRET_H

#include "base/fault.h"

/* The first that is not NULL is used. Borrowed. */
struct secret_source {
	const char *file;	 /* 0600 and ours, or it is refused */
	const char *environment; /* a variable's name */
	const char *command;	 /* given to sh; its first line; 60 s */
};

/*
 * Read the secret; blanks around it and what follows its first line are
 * dropped. Free with mem_free_secret(). Blocks: call it from a lane.
 * FAULT_USAGE when no source is set; the sentence never holds the secret.
 */
bool secret_read(const struct secret_source *, char **out, struct fault *) MUST_USE;
bool secret_source_is_set(const struct secret_source *);

/*
 * Call once at start, before jansson is used: no core dumps, nobody may read
 * this process's memory, and memory that jansson frees is zeroed, because
 * tokens pass through it.
 */
void secret_guard_process(void);

#endif
