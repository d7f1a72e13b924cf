/* SPDX-License-Identifier: Apache-2.0
 *
 * What terminfo knows of this terminal. Apart, because <term.h> defines
 * hundreds of common words as macros. */
#include <stdlib.h>
#include <string.h>

#include <curses.h>
#include <term.h>

#include "ui/terminfo.h"

void terminfo_read(int fd, struct terminfo *out)
{
	int result = 0;
	*out = (struct terminfo){ .colours = -1 };
	if (setupterm(NULL, fd, &result) != OK || result != 1)
		return;
	out->known = true;
	out->colours = tigetnum("colors");
	out->bce = tigetflag("bce") == 1;
	out->true_colour = tigetflag("RGB") == 1 || tigetflag("Tc") == 1;
	const char *cup = tigetstr("cup"), *ech = tigetstr("ech");
	out->erases_some = ech != NULL && ech != (char *)-1;
	out->ansi = cup != NULL && cup != (char *)-1 && strncmp(cup, "\033[", 2) == 0;
	del_curterm(cur_term);
}
