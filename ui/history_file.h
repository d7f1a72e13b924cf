/* SPDX-License-Identifier: Apache-2.0
 *
 * What was typed after `:` and as filters, kept between runs: a file that only its
 * owner may read (0600), of the last fifty of each. Notes, names and reasons that
 * a prompt asked for are not kept. Both functions block: at start and at the end. */
#ifndef UI_HISTORY_FILE_H
#define UI_HISTORY_FILE_H

#include "base/fault.h"
#include "ui/prompt.h"

/* What the file has goes behind what is there. No file is no fault; one that
 * others may read is, and nothing is read. */
bool history_file_read(const char *path, struct prompt_history *commands, struct prompt_history *filters,
    struct fault *) MUST_USE;
/* With what another console has put there meanwhile, behind ours. */
bool history_file_write(const char *path, const struct prompt_history *commands,
    const struct prompt_history *filters, struct fault *) MUST_USE;

#endif
