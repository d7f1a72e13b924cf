/* SPDX-License-Identifier: Apache-2.0
 *
 * What the readers of a key file share: keys_file.c reads keys and commands,
 * keys_macros.c macros. For these two alone. */
#ifndef UI_KEYS_PARTS_H
#define UI_KEYS_PARTS_H

#include "base/yaml.h"
#include "ui/keys.h"

/* A line of the file: this key does that there. */
struct given {
	struct binding binding;
	const struct yaml *where;
	bool wherever; /* no place was named: wherever the table has the command */
};

/* … or: these are all keys the command has there. */
struct cleared {
	enum place place;
	enum command command;
};

struct reader {
	const char *name;
	struct fault *fault;
	struct given *given;
	size_t n, capacity;
	struct cleared *cleared;
	size_t n_cleared, cleared_capacity;
	struct keys *out; /* gets the macros */
};

/* A sentence of this place in the file; returns false. NULL: nothing is near. */
bool reader_fault(const struct reader *, const struct yaml *where, const char *what, const char *which,
    const char *nearest);
/* "Enter" for "Return"; NULL. Until the next question. */
const char *key_nearest(const char *name);
/* The key as terminals send it: C-m is Enter. False: none sends it. */
bool key_as_sent(uint32_t *key);

bool read_macros(struct reader *, const struct yaml *map) MUST_USE;
/* Are the macros there that keys play? */
bool macros_are_there(const struct reader *) MUST_USE;

#endif
