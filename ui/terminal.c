/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "ui/clipboard.h"
#include "ui/crash.h"
#include "ui/linear.h"
#include "ui/terminfo.h"

/* Other screen, no cursor, no line wrap, bracketed paste. */
#define TAKE "\x1b[?1049h\x1b[?25l\x1b[?7l\x1b[?2004h\x1b[0m\x1b[H\x1b[2J"
/* Everything back, also what only some frames use. */
#define GIVE_BACK \
	"\x1b[?2026l\x1b[?1006l\x1b[?1000l\x1b[?2004l\x1b[?7h\x1b[0m\x1b[H\x1b[J\x1b[?25h\x1b[?1049l"

/* Of terminals that have one. */
#define PUSH_TITLE "\x1b[22;2t"
#define POP_TITLE  "\x1b[23;2t"

/* Of plain lines: what was there before scrolls up, and what was said stays. */
#define TAKE_LINES "\x1b[?2004h\x1b[?7l\x1b[0m"
#define GIVE_BACK_LINES "\x1b[?1006l\x1b[?1000l\x1b[?2004l\x1b[?7h\x1b[0m\x1b[999;1H\r\n"

struct terminal {
	int fd;
	bool taken, gone, mouse, titles, lines;
	struct linear linear;
	void (*on_frame)(void *arg, const char *bytes, size_t n);
	void *frame_arg;
	struct termios before;
	struct painter painter;
	struct text out;
	size_t sent;
};

/* ---- what kind ----------------------------------------------------------------- */

static bool has(const char *variable, const char *part)
{
	const char *value = getenv(variable);
	return value != NULL && strstr(value, part) != NULL;
}

static bool locale_is_utf8(void)
{
	static const char *const names[] = { "LC_ALL", "LC_CTYPE", "LANG" };
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		const char *value = getenv(names[i]);
		if (value != NULL && *value != '\0')
			return strstr(value, "UTF-8") != NULL || strstr(value, "utf8") != NULL ||
			    strstr(value, "UTF8") != NULL || strstr(value, "utf-8") != NULL;
	}
	return false;
}

static enum depth depth_of(const struct terminfo *info)
{
	const char *no_colour = getenv("NO_COLOR");
	if (no_colour != NULL && *no_colour != '\0')
		return DEPTH_MONO;
	if (has("COLORTERM", "truecolor") || has("COLORTERM", "24bit") || info->true_colour)
		return DEPTH_TRUE;
	if (info->colours >= 256 || has("TERM", "256color"))
		return DEPTH_256;
	if (info->colours >= 16)
		return DEPTH_16;
	return info->colours >= 8 || !info->known ? DEPTH_8 : DEPTH_MONO;
}

bool terminal_facts(struct terminal_facts *facts, struct fault *fault)
{
	const char *term = getenv("TERM");
	struct terminfo info = { .colours = -1 };
	*facts = (struct terminal_facts){ 0 };
	if (term == NULL || *term == '\0' || strcmp(term, "dumb") == 0)
		return fault_set(fault, FAULT_SYSTEM,
		    _("TERM says that this terminal cannot move its cursor; "
		      "use another one, or set TERM (xterm-256color fits most)"));
	terminfo_read(STDOUT_FILENO, &info);
	/* A jump host that never heard of a young terminal is common; it is ANSI. */
	if (info.known && !info.ansi)
		return fault_set(fault, FAULT_SYSTEM,
		    _("this terminal (TERM=%s) is not of the ANSI family"), term);
	facts->depth = depth_of(&info);
	facts->bce = info.bce;
	/* A real VT100 cannot, and would show what should be gone. Of screen and tmux their
	 * entries do not say it, and both can. */
	facts->ech = !info.known || info.erases_some || text_starts_with(term, "screen") || text_starts_with(term, "tmux");
	facts->utf8 = locale_is_utf8();
	return true;
}

/* ---- taking and giving back ----------------------------------------------------------- */

static bool is_gone(int error)
{
	return error != EAGAIN && error != EWOULDBLOCK && error != EINTR;
}

/* Before the program stops or ends there is no loop to wait with: a little
 * patience, then go. */
static void write_patiently(struct terminal *terminal, const char *bytes, size_t n)
{
	for (int tries = 0; n > 0 && tries < 20 && !terminal->gone;) {
		ssize_t sent = write(terminal->fd, bytes, n);
		if (sent > 0) {
			bytes += sent;
			n -= (size_t)sent;
		} else if (sent < 0 && is_gone(errno)) {
			terminal->gone = true;
		} else {
			tries++;
			usleep(5000);
		}
	}
}

static void set_raw(struct terminal *terminal)
{
	struct termios raw = terminal->before;
	cfmakeraw(&raw);
	raw.c_cc[VMIN] = 1;
	raw.c_cc[VTIME] = 0;
	tcsetattr(terminal->fd, TCSANOW, &raw);
}

static const char *give_back_bytes(const struct terminal *terminal)
{
	if (terminal->lines)
		return terminal->titles ? POP_TITLE GIVE_BACK_LINES : GIVE_BACK_LINES;
	return terminal->titles ? POP_TITLE GIVE_BACK : GIVE_BACK;
}

static void guard(struct terminal *terminal)
{
	crash_guard(terminal->fd, give_back_bytes(terminal), &terminal->before);
}

static void take(struct terminal *terminal)
{
	set_raw(terminal);
	text_reset(&terminal->out);
	terminal->sent = 0;
	text_puts(&terminal->out, terminal->lines ? TAKE_LINES : TAKE);
	int rows, cols;
	if (terminal->lines && terminal_size(terminal, &rows, &cols))
		for (int i = 0; i < rows; i++)
			text_puts(&terminal->out, "\r\n");
	if (terminal->titles)
		text_puts(&terminal->out, PUSH_TITLE);
	if (terminal->mouse)
		text_puts(&terminal->out, "\x1b[?1000h\x1b[?1006h");
	terminal_forget(terminal);
	terminal->taken = true;
	guard(terminal);
}

static void give_back(struct terminal *terminal)
{
	if (!terminal->taken)
		return;
	terminal->taken = false;
	crash_unguard();
	/* A half-sent sequence must be ended first, or the rest is shown as text. */
	if (terminal_is_pending(terminal))
		write_patiently(terminal, terminal->out.bytes + terminal->sent,
		    terminal->out.n - terminal->sent);
	text_reset(&terminal->out);
	terminal->sent = 0;
	write_patiently(terminal, give_back_bytes(terminal), strlen(give_back_bytes(terminal)));
	tcsetattr(terminal->fd, TCSANOW, &terminal->before);
}

bool terminal_open(const char *path, const struct terminal_facts *facts, struct terminal **out,
    struct fault *fault)
{
	const char *tty = path != NULL ? path : "/dev/tty";
	/* Anew, so that O_NONBLOCK is ours alone and stdout stays as it was. */
	int fd = open(tty, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		return fault_set(fault, FAULT_SYSTEM, _("cannot open %s: %s; the console needs a terminal"),
		    tty, strerror(errno));
	struct terminal *terminal = mem_zalloc(sizeof *terminal);
	terminal->fd = fd;
	if (tcgetattr(fd, &terminal->before) != 0) {
		fault_set(fault, FAULT_SYSTEM, _("%s is not a terminal: %s"), tty, strerror(errno));
		close(fd);
		free(terminal);
		return false;
	}
	painter_init(&terminal->painter);
	terminal->painter.bce = facts->bce;
	terminal->painter.ech = facts->ech;
	terminal->lines = facts->linear;
	take(terminal);
	*out = terminal;
	return true;
}

void terminal_close(struct terminal *terminal)
{
	if (terminal == NULL)
		return;
	give_back(terminal);
	close(terminal->fd);
	painter_clear(&terminal->painter);
	linear_clear(&terminal->linear);
	text_clear(&terminal->out);
	free(terminal);
}

void terminal_suspend(struct terminal *terminal)
{
	give_back(terminal);
}

void terminal_resume(struct terminal *terminal)
{
	if (!terminal->taken) {
		take(terminal);
		return;
	}
	/* Stopped by a SIGSTOP, which asks nobody: the shell set the terminal for itself
	 * meanwhile, and may have left the other screen. */
	set_raw(terminal);
	text_puts(&terminal->out, terminal->lines ? TAKE_LINES : TAKE);
	if (terminal->mouse)
		text_puts(&terminal->out, "\x1b[?1000h\x1b[?1006h");
	terminal_forget(terminal);
}

int terminal_fd(const struct terminal *terminal)
{
	return terminal->fd;
}

bool terminal_size(const struct terminal *terminal, int *rows, int *cols)
{
	struct winsize size;
	if (ioctl(terminal->fd, TIOCGWINSZ, &size) != 0)
		return false;
	*rows = size.ws_row > 0 ? size.ws_row : 24;
	*cols = size.ws_col > 0 ? size.ws_col : 80;
	return true;
}

/* ---- bytes -------------------------------------------------------------------------- */

int terminal_read(struct terminal *terminal, char *bytes, size_t capacity)
{
	ssize_t n = read(terminal->fd, bytes, capacity);
	if (n > 0)
		return (int)n;
	if (n == 0 || is_gone(errno)) {
		terminal->gone = true;
		return -1;
	}
	return 0;
}

bool terminal_is_pending(const struct terminal *terminal)
{
	return terminal->sent < terminal->out.n;
}

bool terminal_flush(struct terminal *terminal)
{
	while (terminal_is_pending(terminal)) {
		ssize_t n = write(terminal->fd, terminal->out.bytes + terminal->sent,
		    terminal->out.n - terminal->sent);
		if (n < 0 && is_gone(errno)) {
			terminal->gone = true;
			return false;
		}
		if (n <= 0)
			return true;
		terminal->sent += (size_t)n;
	}
	text_reset(&terminal->out);
	terminal->sent = 0;
	return true;
}

static void paint(struct terminal *terminal, const struct canvas *canvas, const struct style_sheet *sheet)
{
	if (terminal->lines) {
		linear_paint(&terminal->linear, canvas, &terminal->out);
		return;
	}
	static const char begin[] = "\x1b[?2026h", end[] = "\x1b[?2026l";
	struct text frame = { 0 };
	painter_paint(&terminal->painter, canvas, sheet, &frame);
	/* Large frames are shown at once where the terminal can (mode 2026). */
	bool large = frame.n > 2000;
	if (large)
		text_puts(&terminal->out, begin);
	text_add(&terminal->out, frame.bytes, frame.n);
	if (large)
		text_puts(&terminal->out, end);
	text_clear(&frame);
}

void terminal_paint(struct terminal *terminal, const struct canvas *canvas, const struct style_sheet *sheet)
{
	size_t before = terminal->out.n;
	if (!terminal->taken || terminal->gone || (terminal_is_pending(terminal) && terminal->sent > 0))
		return;
	paint(terminal, canvas, sheet);
	if (terminal->on_frame != NULL && terminal->out.n > before)
		terminal->on_frame(terminal->frame_arg, terminal->out.bytes + before, terminal->out.n - before);
}

void terminal_film(struct terminal *terminal, void (*on_frame)(void *arg, const char *bytes, size_t n), void *arg)
{
	terminal->on_frame = on_frame;
	terminal->frame_arg = arg;
}

void terminal_forget(struct terminal *terminal)
{
	painter_forget(&terminal->painter);
	linear_forget(&terminal->linear);
}

void terminal_mouse(struct terminal *terminal, bool on)
{
	terminal->mouse = on;
	text_puts(&terminal->out, on ? "\x1b[?1000h\x1b[?1006h" : "\x1b[?1006l\x1b[?1000l");
}

void terminal_keep_title(struct terminal *terminal)
{
	terminal->titles = true;
	text_puts(&terminal->out, PUSH_TITLE);
	crash_unguard();
	guard(terminal);
}

void terminal_say(struct terminal *terminal, const char *bytes, size_t n)
{
	if (terminal->taken && !terminal->gone)
		text_add(&terminal->out, bytes, n);
}

bool terminal_has_titles(void)
{
	static const char *const families[] = { "xterm", "tmux", "screen", "rxvt", "foot", "kitty", "alacritty", "wezterm", "konsole",
		"gnome", "vte", "putty", "st-", "ghostty", "contour", "mintty" };
	const char *term = getenv("TERM");
	for (size_t i = 0; term != NULL && i < COUNT_OF(families); i++) {
		if (text_starts_with(term, families[i]))
			return true;
	}
	return false;
}

bool terminal_copy(struct terminal *terminal, const char *text, size_t n)
{
	if (n > CLIPBOARD_MOST || !terminal_has_titles())
		return false;
	clipboard_put(&terminal->out, clipboard_wrapping(), text, n);
	return true;
}
