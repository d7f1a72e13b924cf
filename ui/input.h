/* SPDX-License-Identifier: Apache-2.0
 *
 * Bytes from a terminal to keys: UTF-8, arrows and function keys in the forms
 * that xterm, rxvt, the Linux console, tmux and screen send, bracketed paste,
 * the wheel. What is not known is swallowed whole, so a terminal's late reply
 * never types into a prompt. Pure: the caller says when Escape stood alone. */
#ifndef UI_INPUT_H
#define UI_INPUT_H

#include "base/base.h"

/* A key is a code point, or one of these above Unicode, with modifiers. */
enum {
	KEY_FIRST = 0x200000,
	KEY_UP, KEY_DOWN, KEY_LEFT, KEY_RIGHT, KEY_HOME, KEY_END, KEY_PAGE_UP, KEY_PAGE_DOWN,
	KEY_INSERT, KEY_DELETE, KEY_BACKSPACE, KEY_ENTER, KEY_TAB, KEY_BACKTAB, KEY_ESCAPE,
	KEY_F1, KEY_F2, KEY_F3, KEY_F4, KEY_F5, KEY_F6, KEY_F7, KEY_F8, KEY_F9, KEY_F10,
	KEY_F11, KEY_F12,
	KEY_PASTE, KEY_CLICK, KEY_WHEEL_UP, KEY_WHEEL_DOWN,
	KEY_LAST,
};
#define KEY_CTRL UINT32_C(0x1000000)
#define KEY_ALT	 UINT32_C(0x2000000)

#define PASTE_BYTES 4096 /* more is cut: only one-line prompts take it */

struct key_event {
	uint32_t key;
	const char *paste; /* KEY_PASTE: n bytes of anything */
	size_t n;
	int row, col;	   /* KEY_CLICK and wheel, from 0 */
};

struct input {
	unsigned char bytes[64]; /* an unfinished sequence */
	size_t n;
	bool pasting, swallowing, overlong;
	char last;		 /* swallowing: the byte before, for ESC \ */
	char paste[PASTE_BYTES];
	size_t n_paste;
	void (*on_key)(void *arg, const struct key_event *);
	void *arg;
};

void input_init(struct input *, void (*on_key)(void *arg, const struct key_event *), void *arg);
void input_feed(struct input *, const char *bytes, size_t n);
/* Is an Escape waiting for what may follow it? If nothing came for a while (console.escape): */
bool input_is_waiting(const struct input *);
void input_timeout(struct input *);

#define KEY_NAME_BYTES 24
/* "a", "Enter", "C-r", "M-x", "F5", "Space". */
char *key_name(uint32_t key, char out[static KEY_NAME_BYTES]);
bool key_named(const char *name, uint32_t *key);

#endif
