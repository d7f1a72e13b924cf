/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/input.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"

void input_init(struct input *input, void (*on_key)(void *, const struct key_event *), void *arg)
{
	memset(input, 0, sizeof *input);
	input->on_key = on_key;
	input->arg = arg;
}

static void emit(struct input *input, uint32_t key)
{
	input->on_key(input->arg, &(struct key_event){ .key = key });
}

/* ---- sequences ----------------------------------------------------------- */

static uint32_t with_modifiers(uint32_t key, int modifier)
{
	/* xterm: 1 + bits shift 1, alt 2, ctrl 4. Shift alone changes Tab only. */
	unsigned bits = modifier > 1 ? (unsigned)(modifier - 1) : 0;
	if (bits & 2)
		key |= KEY_ALT;
	if (bits & 4)
		key |= KEY_CTRL;
	return key;
}

static uint32_t key_of_letter(unsigned char final)
{
	switch (final) {
	case 'A': return KEY_UP;
	case 'B': return KEY_DOWN;
	case 'C': return KEY_RIGHT;
	case 'D': return KEY_LEFT;
	case 'H': return KEY_HOME;
	case 'F': return KEY_END;
	case 'P': return KEY_F1;
	case 'Q': return KEY_F2;
	case 'R': return KEY_F3;
	case 'S': return KEY_F4;
	case 'Z': return KEY_BACKTAB;
	default: return 0;
	}
}

static uint32_t key_of_number(int number)
{
	static const uint32_t keys[] = { [1] = KEY_HOME, [2] = KEY_INSERT, [3] = KEY_DELETE,
		[4] = KEY_END, [5] = KEY_PAGE_UP, [6] = KEY_PAGE_DOWN, [7] = KEY_HOME, [8] = KEY_END,
		[11] = KEY_F1, [12] = KEY_F2, [13] = KEY_F3, [14] = KEY_F4, [15] = KEY_F5,
		[17] = KEY_F6, [18] = KEY_F7, [19] = KEY_F8, [20] = KEY_F9, [21] = KEY_F10,
		[23] = KEY_F11, [24] = KEY_F12 };
	return number > 0 && (size_t)number < COUNT_OF(keys) ? keys[number] : 0;
}

static void mouse(struct input *input, const int *parameters, size_t n, unsigned char final)
{
	if (n < 3 || final != 'M')
		return;
	struct key_event event = { .row = parameters[2] - 1, .col = parameters[1] - 1 };
	if (parameters[0] == 64)
		event.key = KEY_WHEEL_UP;
	else if (parameters[0] == 65)
		event.key = KEY_WHEEL_DOWN;
	else if (parameters[0] == 0)
		event.key = KEY_CLICK;
	else
		return;
	input->on_key(input->arg, &event);
}

/* bytes: ESC [ … final, complete. */
static void control_sequence(struct input *input)
{
	int parameters[4] = { 0 };
	size_t n = 0;
	unsigned char final = input->bytes[input->n - 1];
	bool private = input->n > 3 && strchr("<=>?", input->bytes[2]) != NULL;
	size_t i = private ? 3 : 2;
	for (; i + 1 < input->n && n < COUNT_OF(parameters); i++) {
		unsigned char c = input->bytes[i];
		if (c >= '0' && c <= '9')
			parameters[n] = MIN(parameters[n] * 10 + (c - '0'), 100000);
		else if (c == ';')
			n++;
		else
			return; /* colons, intermediates: nothing we asked for */
	}
	n = MIN(n + 1, COUNT_OF(parameters));
	if (private) {
		if (input->bytes[2] == '<')
			mouse(input, parameters, n, final);
		return; /* a terminal's reply */
	}
	uint32_t key = 0;
	int modifier = n > 1 ? parameters[1] : 0;
	if (final == '~') {
		if (parameters[0] == 200) {
			input->pasting = true;
			input->n_paste = 0;
			return;
		}
		key = key_of_number(parameters[0]);
	} else if (final == 'R' && n > 1 && input->n > 2 && parameters[0] != 1) {
		return; /* a cursor report, not F3 */
	} else {
		key = key_of_letter(final);
	}
	if (key != 0)
		emit(input, with_modifiers(key, modifier));
}

static uint32_t plain_key(uint32_t point)
{
	switch (point) {
	case '\r': case '\n': return KEY_ENTER;
	case '\t': return KEY_TAB;
	case 0x7F: case 0x08: return KEY_BACKSPACE;
	case 0x00: return KEY_CTRL | ' ';
	case 0x1B: return KEY_ESCAPE;
	default: break;
	}
	if (point < 0x20)
		return KEY_CTRL | (point < 27 ? point + 'a' - 1 : point + '@');
	return point;
}

/* ---- bytes ---------------------------------------------------------------- */

static void paste_byte(struct input *input, unsigned char byte)
{
	static const char end[] = "\x1b[201~";
	/* The end mark is looked for in the last bytes kept; when the paste is
	 * cut, they go on sliding through the buffer's last six places. */
	if (input->n_paste == PASTE_BYTES) {
		memmove(input->paste + PASTE_BYTES - 6, input->paste + PASTE_BYTES - 5, 5);
		input->n_paste--;
	}
	input->paste[input->n_paste++] = (char)byte;
	size_t n = sizeof end - 1;
	if (input->n_paste < n || memcmp(input->paste + input->n_paste - n, end, n) != 0)
		return;
	input->pasting = false;
	input->on_key(input->arg, &(struct key_event){ .key = KEY_PASTE,
	    .paste = input->paste, .n = input->n_paste - n });
	mem_wipe(input->paste, sizeof input->paste); /* a secret, perhaps */
	input->n_paste = 0;
}

/* After ESC ] P _ ^ X: until BEL or ESC \ nothing is a key. */
static void swallow_byte(struct input *input, unsigned char byte)
{
	if (byte == 0x07 || byte == 0x18 || byte == 0x1A || (byte == '\\' && input->last == 0x1B))
		input->swallowing = false;
	input->last = (char)byte;
}

/* Is what is kept in bytes complete? Then act on it and empty it. */
static void step(struct input *input)
{
	const unsigned char *b = input->bytes;
	uint32_t point;
	if (b[0] != 0x1B) {
		size_t need = b[0] < 0xC2 ? 1 : b[0] < 0xE0 ? 2 : b[0] < 0xF0 ? 3 : b[0] < 0xF5 ? 4 : 1;
		bool broken = input->n > 1 && (b[input->n - 1] & 0xC0) != 0x80;
		if (!broken && input->n < need)
			return;
		if (utf8_decode((const char *)b, input->n, &point) == input->n && point != 0xFFFD) {
			input->n = 0;
			emit(input, plain_key(point));
		} else {
			unsigned char last = b[input->n - 1];
			input->n = 0;
			if (broken) /* the byte that broke it may start another */
				input_feed(input, (const char *)&last, 1);
		}
		return;
	}
	if (input->n == 1)
		return;
	unsigned char last = b[input->n - 1];
	if (last == 0x1B && input->n > 1) { /* a new sequence cuts the old one off */
		bool alone = input->n == 2;
		input->bytes[0] = 0x1B;
		input->n = 1;
		if (alone)
			emit(input, KEY_ESCAPE);
		return;
	}
	if (b[1] == '[') {
		if (input->n == 2)
			return;
		if (b[2] == '[' && input->n == 3)
			return; /* Linux console: ESC [ [ A is F1 */
		if (b[2] == '[') {
			input->n = 0;
			if (last >= 'A' && last <= 'E')
				emit(input, KEY_F1 + (uint32_t)(last - 'A'));
			return;
		}
		if (last >= 0x40 && last <= 0x7E) {
			control_sequence(input);
			input->n = 0;
		} else if (last < 0x20 || last > 0x7E || input->n == sizeof input->bytes) {
			input->overlong = input->n == sizeof input->bytes;
			input->n = 0;
		}
		return;
	}
	if (b[1] == 'O') {
		if (input->n == 2)
			return;
		uint32_t key = key_of_letter(last);
		input->n = 0;
		if (key != 0)
			emit(input, key);
		return;
	}
	if (strchr("]P_^X", b[1]) != NULL && b[1] != 0) {
		input->n = 0;
		input->swallowing = true;
		input->last = 0;
		return;
	}
	/* Alt and a key; of UTF-8 only ASCII is bound to Alt. */
	uint32_t key = plain_key(b[1]);
	input->n = 0;
	if (b[1] < 0x80)
		emit(input, key | KEY_ALT);
}

void input_feed(struct input *input, const char *bytes, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		unsigned char byte = (unsigned char)bytes[i];
		if (input->pasting) {
			paste_byte(input, byte);
		} else if (input->swallowing) {
			swallow_byte(input, byte);
		} else if (input->overlong) {
			input->overlong = byte >= 0x20 && byte < 0x40;
		} else {
			input->bytes[input->n++] = byte;
			step(input);
		}
	}
}

bool input_is_waiting(const struct input *input)
{
	return input->n > 0 || input->swallowing || input->overlong;
}

void input_timeout(struct input *input)
{
	bool escape = input->n == 1 && input->bytes[0] == 0x1B;
	/* ESC [ and ESC O alone were Alt with that key. */
	uint32_t alt = input->n == 2 && input->bytes[0] == 0x1B &&
	    (input->bytes[1] == '[' || input->bytes[1] == 'O') ? input->bytes[1] : 0;
	/* ESC ] that nobody ends was Alt too; do not swallow for ever. */
	input->n = 0;
	input->swallowing = input->overlong = false;
	if (escape)
		emit(input, KEY_ESCAPE);
	else if (alt != 0)
		emit(input, alt | KEY_ALT);
}

/* ---- names ------------------------------------------------------------------ */

static const struct {
	uint32_t key;
	const char *name;
} names[] = {
	{ KEY_UP, "Up" }, { KEY_DOWN, "Down" }, { KEY_LEFT, "Left" }, { KEY_RIGHT, "Right" },
	{ KEY_HOME, "Home" }, { KEY_END, "End" }, { KEY_PAGE_UP, "PgUp" },
	{ KEY_PAGE_DOWN, "PgDn" }, { KEY_INSERT, "Ins" }, { KEY_DELETE, "Del" },
	{ KEY_BACKSPACE, "Backspace" }, { KEY_ENTER, "Enter" }, { KEY_TAB, "Tab" },
	{ KEY_BACKTAB, "S-Tab" }, { KEY_ESCAPE, "Esc" }, { ' ', "Space" }, { KEY_F1, "F1" },
	{ KEY_F2, "F2" }, { KEY_F3, "F3" }, { KEY_F4, "F4" }, { KEY_F5, "F5" }, { KEY_F6, "F6" },
	{ KEY_F7, "F7" }, { KEY_F8, "F8" }, { KEY_F9, "F9" }, { KEY_F10, "F10" },
	{ KEY_F11, "F11" }, { KEY_F12, "F12" },
};

char *key_name(uint32_t key, char out[static KEY_NAME_BYTES])
{
	char sign[5] = "";
	const char *name = sign;
	uint32_t plain = key & ~(KEY_CTRL | KEY_ALT);
	for (size_t i = 0; i < COUNT_OF(names); i++)
		if (names[i].key == plain)
			name = names[i].name;
	if (name == sign && plain < 0x110000 && utf8_is_printable(plain))
		sign[utf8_encode(plain, sign)] = '\0';
	snprintf(out, KEY_NAME_BYTES, "%s%s%s", key & KEY_CTRL ? "C-" : "",
	    key & KEY_ALT ? "M-" : "", *name != '\0' ? name : "?");
	return out;
}

bool key_named(const char *name, uint32_t *key)
{
	uint32_t modifiers = 0;
	for (;;) {
		if (text_starts_with(name, "C-") && name[2] != '\0')
			modifiers |= KEY_CTRL;
		else if (text_starts_with(name, "M-") && name[2] != '\0')
			modifiers |= KEY_ALT;
		else
			break;
		name += 2;
	}
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		if (strcmp(names[i].name, name) == 0) {
			*key = names[i].key | modifiers;
			return true;
		}
	}
	uint32_t point;
	size_t n = strlen(name);
	if (n == 0 || utf8_decode(name, n, &point) != n || point == 0xFFFD ||
	    !utf8_is_printable(point))
		return false;
	*key = point | modifiers;
	return true;
}
