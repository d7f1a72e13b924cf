/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/clipboard.h"

#include <stdlib.h>

#define BEGIN "\x1b]52;c;"
#define END   "\x07"

enum wrapping clipboard_wrapping(void)
{
	const char *tmux = getenv("TMUX"), *sty = getenv("STY");
	/* In both of them the inner one is asked; it is tmux that names itself there. */
	return tmux != NULL && *tmux != '\0' ? WRAP_TMUX : sty != NULL && *sty != '\0' ? WRAP_SCREEN : WRAP_NONE;
}

static void put_base64(struct text *out, const char *bytes, size_t n)
{
	static const char signs[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	for (size_t i = 0; i < n; i += 3) {
		uint32_t three = 0;
		for (size_t k = 0; k < 3; k++)
			three = three << 8 | (i + k < n ? (unsigned char)bytes[i + k] : 0u);
		for (size_t k = 0; k < 4; k++)
			text_putc(out, i + k > n && k > 1 ? '=' : signs[three >> (18 - 6 * k) & 63]);
	}
}

void clipboard_put(struct text *out, enum wrapping wrapping, const char *bytes, size_t n)
{
	struct text command = { 0 };
	const size_t room = SCREEN_STRING_MOST - 4;
	assert(n <= CLIPBOARD_MOST);
	text_puts(&command, BEGIN);
	put_base64(&command, bytes, n);
	text_puts(&command, END);
	switch (wrapping) {
	case WRAP_NONE:
		text_add(out, command.bytes, command.n);
		break;
	case WRAP_TMUX: /* to itself, for set-clipboard on; and through it, for allow-passthrough: every ESC doubled; there is one */
		text_add(out, command.bytes, command.n);
		text_puts(out, "\x1bPtmux;\x1b");
		text_add(out, command.bytes, command.n);
		text_puts(out, "\x1b\\");
		break;
	case WRAP_SCREEN: /* in pieces, which it passes on one after the other */
		for (size_t at = 0; at < command.n; at += room) {
			text_puts(out, "\x1bP");
			text_add(out, command.bytes + at, MIN(room, command.n - at));
			text_puts(out, "\x1b\\");
		}
		break;
	}
	text_clear(&command);
}
