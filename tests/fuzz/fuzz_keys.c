/* SPDX-License-Identifier: Apache-2.0
 *
 * Any bytes typed at the console, without a terminal: the input decoder, every
 * command, prompts, menus, on a canvas of the size the first bytes say. What
 * reaches a cell must be printable, and what the painter sends must be clean. */
#include "../unit/screen_board.h"

#include "ui/linear.h"
#include "ui/painter.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void on_key(void *arg, const struct key_event *event)
{
	struct screen *screen = arg;
	screen_key(screen, event);
	screen_tick(screen, screen->steady_ms + 50);
	if (event->key == 'W')
		screen_resize(screen, (int)(screen->steady_ms / 50 % 70), (int)(screen->steady_ms / 50 * 7 % 210));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	static bool begun;
	static struct style_sheet sheet;
	if (!begun) {
		struct theme theme;
		theme_default(&theme);
		theme_resolve(&theme, DEPTH_256, &sheet);
		i18n_init("es");
		begun = true;
	}
	if (n < 3 || n > 4096)
		return 0;
	fake_start(bytes[2] & 1 ? 12 : 0, bytes[2] & 1 ? 12 : 0);
	if (bytes[2] & 2)
		fake_hostile();
	fake.read_only = bytes[2] & 4;
	struct screen *screen = screen_new(&(struct screen_options){ .ascii = bytes[2] & 8, .linear = bytes[2] & 16, .masked = bytes[2] & 32,
	    .theme = "none", .themes_folder = "/nonexistent" }, &fake.board);
	screen_resize(screen, bytes[0] % 70, bytes[1]);
	screen_tick(screen, 1000);
	struct input input;
	input_init(&input, on_key, screen);
	struct painter painter;
	struct text out = { 0 };
	struct linear linear = { .row = -1 };
	painter_init(&painter);
	for (size_t i = 3; i < n; i += 16) {
		input_feed(&input, (const char *)bytes + i, MIN((size_t)16, n - i));
		screen_draw(screen);
		if (screen->linear)
			linear_paint(&linear, &screen->canvas, &out);
		else
			painter_paint(&painter, &screen->canvas, &sheet, &out);
	}
	input_timeout(&input);
	screen_draw(screen);
	for (int i = 0; i < screen->canvas.rows * screen->canvas.cols; i++) {
		uint32_t point = screen->canvas.cells[i].point;
		if (point != 0 && !utf8_is_printable(point))
			__builtin_trap();
	}
	for (size_t i = 0; i < out.n; i++)
		if ((out.bytes[i] >= 0 && out.bytes[i] < 0x20 && out.bytes[i] != 0x1b) || out.bytes[i] == 0x7f)
			__builtin_trap();
	painter_clear(&painter);
	linear_clear(&linear);
	text_clear(&out);
	screen_free(screen);
	fake_stop();
	return 0;
}
