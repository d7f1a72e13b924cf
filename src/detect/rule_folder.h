/* SPDX-License-Identifier: Apache-2.0
 *
 * The *.yml of a folder, parsed, in order of name; files of an earlier reading
 * that did not change, or that broke, are carried over. */
#ifndef DETECT_RULE_FOLDER_H
#define DETECT_RULE_FOLDER_H

#include "detect/sigma/compile.h"
#include "detect/sigma/lists.h"

struct rule_files {
	struct sigma_file **items;
	size_t n, capacity;
	struct text complaints; /* a line each */
	struct fault first;	/* the first complaint; FAULT_NONE: none */
};

/* A rule file's bytes, malloc'd; more than a rule file may hold is cut, and then refused by its parser. */
bool rule_file_bytes(const char *path, char **bytes, size_t *n, struct fault *) MUST_USE;
bool is_rule_file(const char *name);

/*
 * Add the files of `folder`, and then those of `own` (NULL, "" or not there:
 * none; they may replace rules of the first), read with the lists. `before` (may be NULL) is the earlier
 * reading: files are moved out of it (its entry becomes NULL) where the bytes
 * and the lists are the same, or where the new bytes are broken.
 * False when the first folder cannot be read; that the second cannot is a complaint.
 */
bool rule_folders_read(struct rule_files *files, const char *folder, const char *own, const struct sigma_lists *,
    struct rule_files *before, struct fault *) MUST_USE;
/* One more file of one's own, in place of that of the same path. False: it is broken. */
bool rule_files_add(struct rule_files *files, const char *path, const char *bytes, size_t n,
    const struct sigma_lists *, struct fault *) MUST_USE;
/* A number that changes with what a reading would find: names, sizes and times of the files. */
uint64_t rule_folders_look(const char *folder, const char *own, const char *lists_file);
void rule_files_complain(struct rule_files *files, const struct fault *);
void rule_files_clear(struct rule_files *files);

#endif
