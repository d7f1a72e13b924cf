/* SPDX-License-Identifier: Apache-2.0
 *
 * A console over the fixed board: begun, driven by keys, read, ended. */
#ifndef TESTS_SCREEN_RIG_H
#define TESTS_SCREEN_RIG_H

#include "screen_board.h"

/* After fake_start(): the first frame is drawn. */
static inline struct screen *screen_begin(const char *language, int rows, int cols, const struct screen_options *options)
{
	i18n_init(language);
	command_learn();
	struct screen *screen = screen_new(options, &fake.board);
	screen_resize(screen, rows, cols);
	screen_tick(screen, 1000);
	screen_draw(screen);
	return screen;
}

static inline void end(struct screen *screen)
{
	screen_free(screen);
	fake_stop();
}

/* "j j Enter" */
static inline void press(struct screen *screen, const char *keys)
{
	char text[256];
	snprintf(text, sizeof text, "%s", keys);
	for (char *save = NULL, *name = strtok_r(text, " ", &save); name != NULL;
	     name = strtok_r(NULL, " ", &save)) {
		uint32_t key;
		if (key_named(name, &key))
			screen_key(screen, &(struct key_event){ .key = key });
		screen_tick(screen, screen->steady_ms + 1000);
	}
	screen_draw(screen);
}

/* Whether the answer to the last key has these words; else both are printed. */
static inline bool says(const struct screen *screen, const char *words)
{
	bool found = strstr(screen->message, words) != NULL;
	if (!found)
		printf("\"%s\" is not in \"%s\"\n", words, screen->message);
	return found;
}

/* Whether a line of the whole screen has these words. */
static inline bool screen_says(struct screen *screen, const char *words)
{
	struct text line = { 0 };
	bool found = false;
	screen_draw(screen);
	for (int row = 0; row < screen->canvas.rows; row++) {
		text_reset(&line);
		for (int col = 0; col < screen->canvas.cols; col++) {
			char bytes[4];
			text_add(&line, bytes, utf8_encode(canvas_at(&screen->canvas, row, col)->point, bytes));
		}
		found |= strstr(text_string(&line), words) != NULL;
	}
	text_clear(&line);
	return found;
}

/* Letter by letter. */
static inline void type(struct screen *screen, const char *text)
{
	for (; *text != '\0'; text++)
		screen_key(screen, &(struct key_event){ .key = (unsigned char)*text });
}

static inline void say(struct screen *screen, const char *line)
{
	type(screen, line);
	press(screen, "Enter");
}

#endif
