/* SPDX-License-Identifier: Apache-2.0
 *
 * When the program dies by a signal: the terminal is given back, and of a fault of
 * its own a report is written where only its user can read it, and a line says where.
 * The report has addresses and the last lines of the log, and no records: what
 * was in memory stays there (no core is written either). */
#ifndef UI_CRASH_H
#define UI_CRASH_H

#include <termios.h>

#include "base/base.h"

/* Where reports go; the folder must be there. "" or NULL: nowhere. Texts in the
 * language of now: a handler cannot translate. */
void crash_reports(const char *folder);
/* From now on: write `give_back` to the terminal first, and set its modes. */
void crash_guard(int fd, const char *give_back, const struct termios *);
void crash_unguard(void);

#endif
