/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/screen_words.h"

#include <stdio.h>
#include <string.h>

#include "ui/clip.h"
#include "ui/columns.h"
#include "ui/screen_layout.h"

static void copy_words(struct screen *screen, const char *words)
{
	for (int as = 0; as < N_CLIPS; as++) {
		if (strcmp(clip_name((enum clip_as)as), words) == 0) {
			clip_copy(screen, (enum clip_as)as);
			return;
		}
	}
	screen_message(screen, ROLE_WARN, _("Copied is as text, json or number, not as %s."), words);
}

const char *words_offered(struct screen *screen, enum command command, size_t i)
{
	switch ((int)command) {
	case CMD_COLUMNS:
		return columns_offered(screen, i);
	case CMD_LAYOUT:
		return layout_offered(screen, i);
	case CMD_COPY:
		return i < N_CLIPS ? clip_name((enum clip_as)i) : NULL;
	default:
		return NULL;
	}
}

void words_order(struct screen *screen, enum command command, const char *words)
{
	switch ((int)command) {
	case CMD_COLUMNS:
		columns_order(screen, words);
		break;
	case CMD_LAYOUT:
		layout_order(screen, words);
		break;
	case CMD_COPY:
		copy_words(screen, words);
		break;
	default:
		break;
	}
}
