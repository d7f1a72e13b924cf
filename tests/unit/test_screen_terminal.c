/* SPDX-License-Identifier: Apache-2.0
 *
 * The console on a pseudo-terminal: the bytes it really sends, read back by
 * libvterm. Nothing sleeps: it waits for a text, or for the end of output.
 * `test_screen_terminal --show [few|lots|none|hostile]` runs it on your own. */
#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>
#include <utmp.h>
#include <vterm.h>

#include "screen_board.h"
#include "ui/console.h"

/* ---- the program under test ---------------------------------------------------------- */

static int show(const char *how, double speed)
{
	uv_loop_t loop;
	struct fault fault;
	bool none = strcmp(how, "none") == 0, lots = strcmp(how, "lots") == 0;
	uv_loop_init(&loop);
	fake_start(none ? 0 : lots ? 120 : 7, none ? 0 : lots ? 200 : 10);
	if (strcmp(how, "hostile") == 0)
		fake_hostile();
	clock_init_from(&fake.clock, NOW_MS, speed);
	struct console_options options = { .organisation = "Davivienda", .theme = getenv("THEME"),
		.masked = getenv("MASK") != NULL };
	if (!console_run(&options, &fake.board, &loop, &fault)) {
		fprintf(stderr, "%s\n", fault.text);
		return 2;
	}
	fake_stop();
	return uv_loop_close(&loop) == 0 ? 0 : 3;
}

/* ---- a session on a pty ----------------------------------------------------------------- */

struct session {
	int fd;
	pid_t pid;
	VTerm *vt;
	VTermScreen *screen;
	int rows, cols;
	struct text raw;
	bool ended;
	struct termios before;
};

static struct session start(int rows, int cols, const char *how)
{
	struct session s = { .rows = rows, .cols = cols };
	struct winsize size = { .ws_row = (unsigned short)rows, .ws_col = (unsigned short)cols };
	int slave;
	REQUIRE(openpty(&s.fd, &slave, NULL, NULL, &size) == 0);
	tcgetattr(slave, &s.before);
	fflush(stdout);
	s.pid = fork();
	if (s.pid == 0) {
		close(s.fd);
		login_tty(slave);
		setenv("TERM", "xterm-256color", 1);
		setenv("COLORTERM", "truecolor", 1);
		setenv("LC_ALL", "C.UTF-8", 1);
		unsetenv("NO_COLOR");
		unsetenv("TMUX");
		i18n_init("en");
		_exit(show(how, 0));
	}
	close(slave);
	fcntl(s.fd, F_SETFL, O_NONBLOCK);
	s.vt = vterm_new(rows, cols);
	vterm_set_utf8(s.vt, 1);
	s.screen = vterm_obtain_screen(s.vt);
	vterm_screen_enable_altscreen(s.screen, 1);
	vterm_screen_reset(s.screen, 1);
	return s;
}

/* Read what comes within `ms`; false when nothing did. */
static bool drink(struct session *s, int ms)
{
	char bytes[65536];
	struct pollfd poll_fd = { .fd = s->fd, .events = POLLIN };
	if (s->ended || poll(&poll_fd, 1, ms) <= 0)
		return false;
	ssize_t n = read(s->fd, bytes, sizeof bytes);
	if (n <= 0) {
		s->ended = n == 0 || errno == EIO;
		return false;
	}
	text_add(&s->raw, bytes, (size_t)n);
	vterm_input_write(s->vt, bytes, (size_t)n);
	return true;
}

/* Until the program pauses: its frame is out. */
static void settle(struct session *s)
{
	while (drink(s, 80))
		;
}

static void row_text(struct session *s, int row, struct text *out)
{
	text_reset(out);
	for (int col = 0; col < s->cols; col++) {
		VTermScreenCell cell;
		char bytes[4];
		if (!vterm_screen_get_cell(s->screen, (VTermPos){ row, col }, &cell))
			continue;
		if (cell.chars[0] == 0 || cell.chars[0] == (uint32_t)-1)
			text_putc(out, ' ');
		for (int i = 0; i < VTERM_MAX_CHARS_PER_CELL && cell.chars[i] != 0 && cell.chars[i] != (uint32_t)-1; i++)
			text_add(out, bytes, utf8_encode(cell.chars[i], bytes));
		if (cell.width == 2)
			col++;
	}
	while (out->n > 0 && out->bytes[out->n - 1] == ' ')
		out->bytes[--out->n] = '\0';
}

static bool has_text(struct session *s, const char *wanted)
{
	struct text row = { 0 };
	bool found = false;
	for (int i = 0; i < s->rows && !found; i++) {
		row_text(s, i, &row);
		found = strstr(text_string(&row), wanted) != NULL;
	}
	text_clear(&row);
	return found;
}

static bool wait_for(struct session *s, const char *wanted)
{
	int64_t until = clock_steady_ns() + INT64_C(10000000000);
	while (!has_text(s, wanted)) {
		if (s->ended || clock_steady_ns() > until) {
			printf("never saw \"%s\"\n", wanted);
			return false;
		}
		drink(s, 100);
	}
	return true;
}

static void type(struct session *s, const char *keys)
{
	ssize_t n = write(s->fd, keys, strlen(keys));
	CHECK(n == (ssize_t)strlen(keys));
}

static void resize(struct session *s, int rows, int cols)
{
	struct winsize size = { .ws_row = (unsigned short)rows, .ws_col = (unsigned short)cols };
	s->rows = rows;
	s->cols = cols;
	vterm_set_size(s->vt, rows, cols);
	ioctl(s->fd, TIOCSWINSZ, &size);
}

static int reap(struct session *s)
{
	int status = 0;
	int64_t until = clock_steady_ns() + INT64_C(10000000000);
	while (clock_steady_ns() < until) {
		drink(s, 20);
		if (waitpid(s->pid, &status, WNOHANG) == s->pid) {
			while (drink(s, 20))
				;
			return status;
		}
	}
	kill(s->pid, SIGKILL);
	waitpid(s->pid, &status, 0);
	printf("it had to be killed\n");
	return -1;
}

static void finish(struct session *s)
{
	vterm_free(s->vt);
	text_clear(&s->raw);
	close(s->fd);
}

static bool quits_well(struct session *s)
{
	type(s, "Q");
	int status = reap(s);
	bool ok = WIFEXITED(status) && WEXITSTATUS(status) == 0;
	if (!ok)
		printf("status %x\n", (unsigned)status);
	return ok;
}

/* ---- what may be in the stream --------------------------------------------------------------- */

static bool is_ours(const char *sequence, size_t n)
{
	static const char *const whole[] = { "?1049h", "?1049l", "?25h", "?25l", "?7h", "?7l", "?2004h",
		"?2004l", "?2026h", "?2026l", "?1000h", "?1000l", "?1006h", "?1006l", "2J", "J", "H", "K" };
	for (size_t i = 0; i < COUNT_OF(whole); i++)
		if (strlen(whole[i]) == n && memcmp(whole[i], sequence, n) == 0)
			return true;
	size_t digits = 0;
	while (digits < n && ((sequence[digits] >= '0' && sequence[digits] <= '9') || sequence[digits] == ';'))
		digits++;
	return digits + 1 == n && strchr("HCXm", sequence[digits]) != NULL;
}

/* True when every byte is one that the terminal layer means to send. */
static bool stream_is_clean(const struct text *raw)
{
	for (size_t i = 0; i < raw->n;) {
		uint32_t point;
		if (raw->bytes[i] == 0x1b) {
			size_t from = i + 2;
			if (i + 1 >= raw->n || raw->bytes[i + 1] != '[') {
				printf("ESC %02x at %zu\n", (unsigned char)raw->bytes[i + 1], i);
				return false;
			}
			size_t end = from;
			while (end < raw->n && !(raw->bytes[end] >= 0x40 && raw->bytes[end] <= 0x7E))
				end++;
			if (end == raw->n || !is_ours(raw->bytes + from, end + 1 - from)) {
				printf("CSI %.*s at %zu\n", (int)(end + 1 - from), raw->bytes + from, i);
				return false;
			}
			i = end + 1;
			continue;
		}
		size_t n = utf8_decode(raw->bytes + i, raw->n - i, &point);
		if (!utf8_is_printable(point) || (point == 0xFFFD && n != 3)) {
			printf("U+%04X at %zu\n", (unsigned)point, i);
			return false;
		}
		i += n;
	}
	return true;
}

TEST(hostile_names_never_steer_the_terminal)
{
	static const char *const keys[] = { "1", "p", "G", "q", "v", "\r", "q", "2", "v", "q", "q", "2", "3", "4", "p", "G", "\r", "q", "q", "\r", "G", "g", "\x1b[6~", "q", "L", "P", "G", "q", "p", "q", "\r",
		"j", "j", "\r", "v", "t", "q", "v", "q", "q", "q", "q", "D", "q", "S", "q", "B", "\r", "q", "j", "j", "\r", "q", "r", "\r", "c", "q", "c", "q", "z", "q", " ", "\x07",
		"n\x1b[200~\x1b[2Jx\x9b\x1b[201~", "\x07", "o", "o" };
	struct session s = start(50, 160, "hostile");
	CHECK(wait_for(&s, "CENTINELA"));
	for (size_t i = 0; i < COUNT_OF(keys); i++) {
		type(&s, keys[i]);
		while (drink(&s, 40))
			;
	}
	CHECK(quits_well(&s));
	CHECK(s.raw.n > 10000);
	CHECK(stream_is_clean(&s.raw));
	finish(&s);
}

/* ---- what stands there ------------------------------------------------------------------------ */

static bool shows_screen(struct session *s, const char *golden)
{
	char path[1024];
	snprintf(path, sizeof path, "%s/tests/screens/%s.screen", getenv("CENTINELA_SOURCE"), golden);
	FILE *file = fopen(path, "r");
	REQUIRE(file != NULL);
	struct text row = { 0 };
	char line[2000];
	bool same = true;
	for (int i = 0; i < s->rows && fgets(line, sizeof line, file) != NULL; i++) {
		line[strcspn(line, "\n")] = '\0';
		row_text(s, i, &row);
		if (strcmp(line, text_string(&row)) != 0) {
			printf("row %d is  |%s|\n    and not |%s|\n", i, text_string(&row), line);
			same = false;
		}
	}
	fclose(file);
	text_clear(&row);
	return same;
}

TEST(the_terminal_shows_what_the_canvas_says)
{
	struct session s = start(36, 120, "few");
	CHECK(wait_for(&s, "? help"));
	settle(&s);
	CHECK(shows_screen(&s, "panes-120x36-en"));
	type(&s, "\r");
	CHECK(wait_for(&s, "Evidence"));
	settle(&s);
	CHECK(shows_screen(&s, "alert-120x36-en"));
	type(&s, "q");
	CHECK(wait_for(&s, "1 Locations"));
	settle(&s);
	CHECK(shows_screen(&s, "panes-120x36-en"));
	CHECK(stream_is_clean(&s.raw));
	CHECK(quits_well(&s));
	finish(&s);
}

TEST(a_resize_storm_ends_in_the_right_picture)
{
	struct session s = start(36, 120, "few");
	CHECK(wait_for(&s, "CENTINELA"));
	for (int i = 1; i < 200; i++) {
		resize(&s, i * 7919 % 60 + 1, i * 104729 % 200 + 1);
		if (i % 5 == 0)
			type(&s, "j");
		drink(&s, 1);
	}
	type(&s, "g");
	resize(&s, 24, 80);
	CHECK(wait_for(&s, "4 Queue"));
	settle(&s);
	CHECK(shows_screen(&s, "queue-80x24-en"));
	CHECK(quits_well(&s));
	CHECK(stream_is_clean(&s.raw));
	finish(&s);
}

/* How often the program has gone to sleep: it grows when it has done something. */
static long sleeps(pid_t pid)
{
	char path[64], line[200];
	long n = -1;
	snprintf(path, sizeof path, "/proc/%d/status", (int)pid);
	FILE *file = fopen(path, "r");
	REQUIRE(file != NULL);
	while (fgets(line, sizeof line, file) != NULL)
		if (strncmp(line, "voluntary_ctxt_switches:", 24) == 0)
			n = atol(line + 24);
	fclose(file);
	return n;
}

static void wait_for_sleeps(const struct session *s, int n)
{
	for (long before = sleeps(s->pid); sleeps(s->pid) < before + n;)
		poll(NULL, 0, 5);
}

/* Nobody reads for a while, and in that while the window changes: the frame
 * that found no room is drawn when there is some, without a key. */
TEST(a_frame_that_met_a_full_terminal_is_drawn_when_it_has_drunk)
{
	struct session s = start(60, 200, "lots");
	CHECK(wait_for(&s, "CENTINELA"));
	settle(&s);
	for (int i = 0; i < 40; i++) {
		type(&s, "\x0c"); /* some ten thousand bytes each: no pipe holds that */
		wait_for_sleeps(&s, 1);
	}
	resize(&s, 24, 80);
	wait_for_sleeps(&s, 3);
	CHECK(wait_for(&s, "4 Queue"));
	settle(&s);
	struct text row = { 0 };
	row_text(&s, 23, &row);
	CHECK(strstr(text_string(&row), "help") != NULL);
	row_text(&s, 0, &row);
	CHECK(strstr(text_string(&row), "CENTINELA") != NULL);
	text_clear(&row);
	CHECK(quits_well(&s));
	finish(&s);
}

TEST(a_row_move_is_cheap)
{
	struct session s = start(60, 200, "lots");
	CHECK(wait_for(&s, "? help"));
	settle(&s);
	size_t worst = 0;
	for (int i = 0; i < 20; i++) {
		size_t before = s.raw.n;
		type(&s, "j");
		drink(&s, 5000);
		settle(&s);
		if (getenv("DUMP") != NULL && i == 3)
			fwrite(s.raw.bytes + before, 1, s.raw.n - before, stderr);
		worst = MAX(worst, s.raw.n - before);
	}
	printf("row move at 200x60: at most %zu bytes\n", worst);
	CHECK(worst <= 500);
	CHECK(quits_well(&s));
	finish(&s);
}

TEST(an_idle_console_is_silent)
{
	struct session s = start(36, 120, "few"); /* the clock stands still */
	CHECK(wait_for(&s, "? help"));
	settle(&s);
	size_t before = s.raw.n;
	drink(&s, 2500); /* two ticks */
	CHECK_INT(s.raw.n - before, 0);
	CHECK(quits_well(&s));
	finish(&s);
}

/* ---- ends ------------------------------------------------------------------------------------ */

/* The other screen was left after it was last taken, and the line is cooked.
 * (A sanitizer may print after that.) */
static bool is_given_back(struct session *s)
{
	struct termios now;
	bool taken = true;
	for (const char *at = text_string(&s->raw); (at = strstr(at, "\x1b[?1049")) != NULL; at += 8)
		taken = at[7] == 'h';
	return tcgetattr(s->fd, &now) == 0 && !taken && now.c_lflag == s->before.c_lflag &&
	    now.c_oflag == s->before.c_oflag;
}

TEST(the_terminal_is_given_back_however_it_ends)
{
	static const int signals[] = { 0, SIGTERM, SIGINT, SIGHUP, SIGSEGV, SIGABRT };
	for (size_t i = 0; i < COUNT_OF(signals); i++) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
		if (signals[i] == SIGSEGV) /* the sanitizer's own handler takes it */
			continue;
#endif
		struct session s = start(24, 80, "few");
		CHECK(wait_for(&s, "? help"));
		settle(&s);
		int status;
		if (signals[i] == 0) {
			type(&s, "\x03");
			status = reap(&s);
		} else {
			kill(s.pid, signals[i]);
			status = reap(&s);
		}
		if (!is_given_back(&s)) {
			printf("not after signal %d\n", signals[i]);
			CHECK(false);
		}
		if (signals[i] == SIGABRT) /* a sanitizer may take SIGSEGV its own way */
			CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
		else if (signals[i] != SIGSEGV)
			CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
		finish(&s);
	}
}

TEST(a_closed_terminal_ends_it)
{
	struct session s = start(24, 80, "few");
	CHECK(wait_for(&s, "? help"));
	int64_t at = clock_steady_ns();
	close(s.fd);
	int status = 0;
	CHECK(waitpid(s.pid, &status, 0) == s.pid);
	int64_t took_ms = (clock_steady_ns() - at) / 1000000;
	printf("after a hangup it took %d ms\n", (int)took_ms);
	CHECK(took_ms < 10000); /* aims at 100; a loaded machine may need more */
	s.fd = open("/dev/null", O_RDONLY);
	finish(&s);
}

TEST(it_stops_and_goes_on_like_a_good_job)
{
	struct session s = start(24, 80, "few");
	int status;
	CHECK(wait_for(&s, "? help"));
	settle(&s);
	type(&s, "\x1a");
	CHECK(waitpid(s.pid, &status, WUNTRACED) == s.pid);
	CHECK(WIFSTOPPED(status));
	while (drink(&s, 50))
		;
	CHECK(is_given_back(&s));
	kill(s.pid, SIGCONT);
	CHECK(wait_for(&s, "? help"));
	settle(&s);
	CHECK(shows_screen(&s, "queue-80x24-en"));
	CHECK(quits_well(&s));
	finish(&s);
}

static int run_tests(int argc, char **argv);
#define main run_tests
static
TESTS(T(hostile_names_never_steer_the_terminal), T(the_terminal_shows_what_the_canvas_says),
    T(a_resize_storm_ends_in_the_right_picture), T(a_frame_that_met_a_full_terminal_is_drawn_when_it_has_drunk),
    T(a_row_move_is_cheap), T(an_idle_console_is_silent),
    T(the_terminal_is_given_back_however_it_ends), T(a_closed_terminal_ends_it),
    T(it_stops_and_goes_on_like_a_good_job))
#undef main

int main(int argc, char **argv)
{
	if (argc > 1 && strcmp(argv[1], "--show") == 0) {
		i18n_init(NULL);
		return show(argc > 2 ? argv[2] : "few", 1);
	}
	return run_tests(argc, argv);
}
