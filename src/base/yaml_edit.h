/* SPDX-License-Identifier: Apache-2.0
 *
 * One value of a person's YAML file changed, and every other byte kept: comments,
 * blank lines, order, quotes, line ends. The text is edited, not written anew from
 * its tree; and both trees are compared afterwards, so that a file whose shape was
 * not understood is refused and never damaged. */
#ifndef BASE_YAML_EDIT_H
#define BASE_YAML_EDIT_H

#include "base/fault.h"
#include "base/text.h"

/*
 * Put `value` under `key` ("console.theme": a map in a map).
 *
 * name      for messages
 * before    keys, NULL-ended, after which a new one belongs, the nearest last;
 *           where none of them is there it comes first in its map
 * out       the file's new bytes, appended
 * Where several documents have the key the last one is meant. FAULT_INPUT: the
 * file is broken, or the value stands there in a way that is not edited here.
 */
bool yaml_edit(const char *name, const char *bytes, size_t n, const char *key, const char *value,
    const char *const *before, struct text *out, struct fault *) MUST_USE;

#endif
