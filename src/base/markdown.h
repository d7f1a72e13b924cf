/* SPDX-License-Identifier: Apache-2.0
 *
 * Text of strangers inside Markdown: nothing of it becomes a heading, a link, a
 * column or a mention, in GitHub's reading and in those of chats. */
#ifndef BASE_MARKDOWN_H
#define BASE_MARKDOWN_H

#include <stdbool.h>

#include "base/text.h"

/* Made printable, on one line, and escaped. */
void markdown_puts(struct text *out, const char *hostile);

/* Whether what stands `at` a place of `text` turns bare words into a link there:
 * "http://…", "www.…". Escaped, it does not. */
bool markdown_begins_link(const char *text, const char *at);

#endif
