/* SPDX-License-Identifier: Apache-2.0
 *
 * What a person arranged, kept between runs in a file beside the saved filters:
 * columns of lists, layouts, recorded macros. Three words each: a section, a
 * name in it, and a value that is written as it would be typed after `:`. */
#ifndef UI_LOOKS_H
#define UI_LOOKS_H

#include "base/fault.h"
#include "base/text.h"

#define LOOKS_MOST	 200 /* entries */
#define LOOKS_NAME_BYTES 32
#define LOOKS_BYTES	 6000 /* of a value: a macro of 500 keys */

struct looks_entry {
	char section[LOOKS_NAME_BYTES], name[LOOKS_NAME_BYTES];
	char *value;
};

struct looks {
	struct looks_entry *entries;
	size_t n, capacity;
};

void looks_clear(struct looks *); /* frees */
const char *looks_get(const struct looks *, const char *section, const char *name); /* NULL: none */
/* The i-th of a section, NULL at the end; for both, until the next change. */
const struct looks_entry *looks_at(const struct looks *, const char *section, size_t i);
/* value "": it is none any more. A name is letters, digits, _ and -. */
bool looks_put(struct looks *, const char *section, const char *name, const char *value, struct fault *) MUST_USE;

/* Sections of names; what is none of that is a fault with its line. */
bool looks_parse(struct looks *, const char *name, const char *bytes, size_t n, struct fault *) MUST_USE;
void looks_print(const struct looks *, struct text *out);

/* ---- the file: these block -------------------------------------------------------- */

/* "looks.yaml" beside the configuration; NULL where that is no file. Free it. */
char *looks_path(const char *config_path);
/* No file is nothing arranged. */
bool looks_read(const char *path, struct looks *, struct fault *) MUST_USE;
/* One entry; what other consoles put there meanwhile stays. Never over a file that
 * is not understood. 0600. */
bool looks_file_put(const char *path, const char *section, const char *name, const char *value, struct fault *) MUST_USE;

#endif
