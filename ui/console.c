/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/console_inside.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/mem.h"
#include "ui/clip.h"
#include "ui/ending.h"
#include "ui/filter_file.h"
#include "ui/keep.h"

#define FRAME_MS  33 /* at most 30 frames a second, but after a key at once, and once with what it asked for */
#define FIRST_MS  60 /* the first frame waits so long for what the store answers */
#define TICK_MS	  1000
#define ESCAPE_MS 100
#define PLAY_MS	  20 /* a macro waits for an answer, and nobody presses a key */

static const int signal_numbers[N_SIGNALS] = { SIGWINCH, SIGTERM, SIGHUP, SIGINT, SIGTSTP, SIGCONT };

static int64_t steady_ms(void)
{
	return clock_steady_ns() / 1000000;
}

static void on_end(uv_timer_t *timer)
{
	struct console *console = timer->data;
	console->on_quit(console->arg);
}

/* Whoever finds out that it is over is in the midst of something that has the screen
 * still: it ends when the loop comes round. */
static void quit(struct console *console)
{
	if (console->quitting)
		return;
	console->quitting = true;
	uv_timer_start(&console->tick_timer, on_end, 0, 0);
}

/* ---- out -------------------------------------------------------------------------- */

static void on_terminal(uv_poll_t *poll, int status, int events);

void console_watch(struct console *console)
{
	if (console->editing) {
		uv_poll_stop(&console->poll);
		console->polled = 0;
		return;
	}
	int events = UV_READABLE | (terminal_is_pending(console->terminal) ? UV_WRITABLE : 0);
	if (events == console->polled || console->stopped)
		return;
	console->polled = events;
	uv_poll_start(&console->poll, events, on_terminal);
}

static void send_out(struct console *console)
{
	if (!terminal_flush(console->terminal)) {
		quit(console);
		return;
	}
	console_watch(console);
}

void console_measure(struct console *console)
{
	int rows, cols;
	if (!terminal_size(console->terminal, &rows, &cols))
		return;
	if (!console->have_size || rows != console->screen->canvas.rows ||
	    cols != console->screen->canvas.cols) {
		console->have_size = true;
		screen_resize(console->screen, rows, cols);
		session_log_size(console->log, rows, cols);
		terminal_forget(console->terminal);
	}
}

static void call_attention(struct console *console)
{
	struct text said = { 0 };
	if (console->attention.ways == 0 || !console->screen->counted)
		return;
	attention_look(&console->attention, console->screen->n_open, console->screen->canvas.ascii || console->screen->linear, &said);
	terminal_say(console->terminal, text_string(&said), said.n);
	text_clear(&said);
}

/* Its words were checked before. */
static void attend(struct console *console, const char *words)
{
	struct attention attention;
	struct fault fault;
	if (!attention_init(&attention, words, console->attention.multiplexed, &fault))
		return;
	if (!terminal_has_titles()) /* a bell has every terminal */
		attention.ways &= 1u << ATTENTION_BELL;
	if (attention.ways >> ATTENTION_TITLE & 1 && !(console->attention.ways >> ATTENTION_TITLE & 1))
		terminal_keep_title(console->terminal);
	attention.n_critical = console->attention.n_critical;
	console->attention = attention;
}

static void grant_wishes(struct console *console)
{
	struct screen *screen = console->screen;
	if (screen->wishes.attention_changed) {
		screen->wishes.attention_changed = false;
		attend(console, screen->wishes.attention);
	}
	call_attention(console);
	if (screen->wishes.restyle) {
		screen->wishes.restyle = false;
		theme_resolve(&screen->theme, console->depth, &console->sheet);
		terminal_forget(console->terminal);
	}
	if (screen->wishes.redraw) {
		screen->wishes.redraw = false;
		terminal_forget(console->terminal);
	}
	if (screen->wishes.mouse_changed) {
		screen->wishes.mouse_changed = false;
		terminal_mouse(console->terminal, screen->wishes.mouse);
	}
	if (screen->wishes.copy.n > 0) {
		if (!terminal_copy(console->terminal, screen->wishes.copy.bytes, screen->wishes.copy.n))
			clip_to_file(screen, screen->wishes.copy.bytes, screen->wishes.copy.n, false);
		text_reset(&screen->wishes.copy);
	}
}

/* The one place that draws. */
static void draw(struct console *console)
{
	if (console->stopped || console->quitting || console->editing)
		return;
	grant_wishes(console);
	/* Never faster than the terminal drinks: when it has, on_terminal draws. */
	if (terminal_is_pending(console->terminal)) {
		send_out(console);
		if (console->quitting || terminal_is_pending(console->terminal)) {
			console->due = true;
			return;
		}
	}
	console->due = false;
	uv_timer_stop(&console->frame_timer);
	console->waiting = false;
	console->drawn = screen_version(console->screen);
	console->frame_ms = steady_ms();
	screen_draw(console->screen);
	terminal_paint(console->terminal, &console->screen->canvas, &console->sheet);
	send_out(console);
}

static void on_frame(uv_timer_t *timer)
{
	draw(timer->data);
}

/* Does a key that was pressed give the terminal to somebody else? */
static bool has_left(struct console *console)
{
	if (console->screen->wishes.quit) {
		quit(console);
		return true;
	}
	if (console->screen->wishes.suspend) {
		console->screen->wishes.suspend = false;
		console_suspend(console);
		return true;
	}
	if (console->screen->wishes.edit) {
		console_edit(console);
		return true;
	}
	return false;
}

void console_look(struct console *console)
{
	if (console->stopped || console->quitting)
		return;
	int64_t now = steady_ms();
	/* Before the tick: a search that goes on asks again at once. */
	bool answered = console->key_asks && !screen_focus_is_waiting(console->screen);
	screen_tick(console->screen, now);
	if (console->editing)
		return;
	if (has_left(console)) /* typed ahead, as keys may be */
		return;
	if (console->frame_ms == 0) {
		/* Nothing was drawn yet: with its answers rather than without. */
		if (!screen_is_waiting(console->screen))
			draw(console);
		return;
	}
	if (screen_version(console->screen) == console->drawn)
		return;
	if (answered) {
		console->key_asks = false;
		draw(console);
		return;
	}
	if (console->waiting)
		return;
	console->waiting = true;
	int64_t since = now - console->frame_ms;
	uv_timer_start(&console->frame_timer, on_frame,
	    since >= FRAME_MS ? 0 : (uint64_t)(FRAME_MS - since), 0);
}

static void on_check(uv_check_t *check)
{
	struct console *console = check->data;
	if (console->stop_asked && !console->stopped && !console->quitting)
		console_suspend(console);
	if (screen_version(console->screen) != console->drawn)
		console_look(console);
}

static void on_tick(uv_timer_t *timer);

/* At full seconds of the loop, as the watch does: one wake-up for both. */
static void plan_tick(struct console *console)
{
	if (console->quitting) /* its timer is the end's */
		return;
	bool plays = macro_is_playing(console->screen) && !macro_is_asking(console->screen);
	uv_timer_start(&console->tick_timer, on_tick, plays ? PLAY_MS : TICK_MS - uv_now(console->loop) % TICK_MS, 0);
}

static void on_tick(uv_timer_t *timer)
{
	struct console *console = timer->data;
	plan_tick(console);
	session_log_tick(console->log);
	console->screen->dirt++; /* ages and clocks */
	console_measure(console);	 /* a SIGWINCH may be lost with a suspended parent */
	console_look(console);
}

/* ---- in ----------------------------------------------------------------------------- */

static void on_key(void *arg, const struct key_event *event)
{
	struct console *console = arg;
	screen_key(console->screen, event);
}

static void after_keys(struct console *console);

static void on_escape(uv_timer_t *timer)
{
	struct console *console = timer->data;
	input_timeout(&console->input);
	after_keys(console); /* Esc alone is a key like others */
}

static void after_keys(struct console *console)
{
	if (has_left(console))
		return;
	if (input_is_waiting(&console->input))
		uv_timer_start(&console->escape_timer, on_escape, console->escape_ms, 0);
	else
		uv_timer_stop(&console->escape_timer);
	screen_tick(console->screen, steady_ms());
	if (macro_is_playing(console->screen))
		plan_tick(console);
	draw(console); /* an answer to a key does not wait for its frame */
	console->key_asks = screen_focus_is_waiting(console->screen); /* nor does what the store says to it */
}

static void on_terminal(uv_poll_t *poll, int status, int events)
{
	struct console *console = poll->data;
	if (status < 0) {
		quit(console);
		return;
	}
	if (events & UV_WRITABLE) {
		send_out(console);
		if (console->quitting || terminal_is_pending(console->terminal))
			;
		else if (console->due)
			draw(console); /* it was planned, or wished: nothing else asks for it */
		else
			console_look(console);
	}
	if (!(events & UV_READABLE) || console->quitting)
		return;
	char bytes[64];
	bool any = false;
	int64_t began = steady_ms();
	/* Bounded: a paste of megabytes must not starve the loop, and keys that come as fast
	 * as a paste, each with work of its own, are seen while they go on coming. */
	while (steady_ms() - began < FRAME_MS / 2) {
		int n = terminal_read(console->terminal, bytes, sizeof bytes);
		if (n < 0) {
			quit(console);
			return;
		}
		if (n == 0)
			break;
		input_feed(&console->input, bytes, (size_t)n);
		any = true;
		if ((size_t)n < sizeof bytes)
			break;
	}
	mem_wipe(bytes, sizeof bytes);
	if (any)
		after_keys(console);
}

static void on_signal(uv_signal_t *handle, int number)
{
	struct console *console = handle->data;
	if (console->stopped)
		return;
	switch (number) {
	case SIGWINCH:
		console_measure(console);
		console_look(console);
		break;
	case SIGTSTP:
		/* Once all that came with it is read: a SIGCONT or an end that is already here
		 * takes the stop back, as the kernel does with one that is pending. */
		console->stop_asked = true;
		break;
	case SIGCONT:
		console->stop_asked = false;
		if (!console->editing)
			console_resume(console);
		break;
	case SIGINT:
		if (!console->editing) /* else it was for the editor */
			quit(console);
		break;
	default: /* TERM, HUP */
		quit(console);
		break;
	}
}

/* ---- start and stop --------------------------------------------------------------------- */

static void begin_handles(struct console *console)
{
	uv_loop_t *loop = console->loop;
	for (size_t i = 0; i < N_SIGNALS; i++) {
		uv_signal_init(loop, &console->signals[i]);
		console->signals[i].data = console;
		uv_signal_start(&console->signals[i], on_signal, signal_numbers[i]);
	}
	uv_check_init(loop, &console->check);
	uv_timer_init(loop, &console->frame_timer);
	uv_timer_init(loop, &console->tick_timer);
	uv_timer_init(loop, &console->escape_timer);
	console->check.data = console->frame_timer.data = console->tick_timer.data =
	    console->escape_timer.data = console;
	uv_check_start(&console->check, on_check);
	plan_tick(console);
	console->n_open = N_SIGNALS + 4;
}

bool console_start(const struct console_options *options, struct board *board, uv_loop_t *loop,
    void (*on_quit)(void *arg), void *arg, struct console **out, struct fault *fault)
{
	struct terminal_facts facts;
	struct terminal *terminal;
	struct attention attention;
	if (!attention_init(&attention, options->attention, getenv("TMUX") != NULL, fault) || !terminal_facts(&facts, fault))
		return false;
	facts.linear = options->linear;
	signal(SIGPIPE, SIG_IGN); /* who reads what we write may leave */
	if (!terminal_open(options->tty, &facts, &terminal, fault))
		return false;
	struct console *console = mem_zalloc(sizeof *console);
	console->loop = loop;
	console->terminal = terminal;
	console->depth = facts.depth;
	console->attention = attention;
	if (!terminal_has_titles()) /* a bell has every terminal */
		console->attention.ways &= 1u << ATTENTION_BELL;
	if (console->attention.ways >> ATTENTION_TITLE & 1)
		terminal_keep_title(terminal);
	console->escape_ms = options->escape_ms > 0 ? (uint64_t)options->escape_ms : ESCAPE_MS;
	console->on_quit = on_quit;
	console->arg = arg;
	int error = uv_poll_init(loop, &console->poll, terminal_fd(terminal));
	if (error != 0) {
		terminal_close(terminal);
		free(console);
		return fault_set(fault, FAULT_SYSTEM, _("the terminal cannot be watched: %s"),
		    uv_strerror(error));
	}
	console->poll.data = console;
	console->keep = keep_new(loop, options->filters_file);
	console->tty = mem_strdup(options->tty != NULL ? options->tty : "/dev/tty");
	struct filter_book book = { 0 };
	struct fault book_fault = { 0 };
	if (options->filters_file != NULL && !filter_file_read(options->filters_file, &book, &book_fault))
		log_unusual("%s", book_fault.text);
	struct screen_options screen_options = { .organisation = options->organisation, .one_of_several = options->one_of_several, .alert = options->alert, .organisations = options->organisations,
		.theme = options->theme, .themes_folder = options->themes_folder,
		.keys_file = options->keys_file, .masked = options->masked, .shift_ms = options->shift_ms, .linear = options->linear, .history_file = options->history_file,
		.ascii = options->ascii || !facts.utf8,
		.book = &book, .book_fault = book_fault.code != FAULT_NONE ? &book_fault : NULL,
		.sticky_filters = options->sticky_filters, .on_keep = keep_filter, .on_errand = keep_errand, .keep_arg = console->keep,
		.on_command = session_log_command, .command_arg = options->log, .looks_file = options->looks_file, .settings = options->settings, .on_leave = options->on_leave, .leave_arg = options->leave_arg };
	console->screen = screen_new(&screen_options, board);
	keep_tell(console->keep, console->screen);
	begin_handles(console);
	console->n_open += 2; /* the terminal, what is kept */
	theme_resolve(&console->screen->theme, console->depth, &console->sheet);
	input_init(&console->input, on_key, console);
	if (options->mouse) {
		console->screen->wishes.mouse = true;
		terminal_mouse(terminal, true);
	}
	console_measure(console);
	session_log_begin(console->log = options->log, console->keep, console->screen->canvas.rows, console->screen->canvas.cols);
	terminal_film(terminal, session_log_frame, console->log);
	screen_tick(console->screen, steady_ms());
	console_watch(console);
	uv_update_time(loop); /* opening took a while */
	uv_timer_start(&console->frame_timer, on_frame, FIRST_MS, 0);
	*out = console;
	return true;
}

void console_close_one(struct console *console)
{
	if (--console->n_open > 0)
		return;
	free(console->tty);
	free(console);
}

static void on_closed(uv_handle_t *handle)
{
	console_close_one(handle->data);
}

static void on_kept(void *arg)
{
	console_close_one(arg);
}

void console_stop(struct console *console)
{
	if (console == NULL || console->stopped)
		return;
	console->stopped = true;
	ending_begin(); /* until all that was promised is written */
	/* The handle before its descriptor: libuv takes a closing descriptor out of
	 * its set once more, and the number may be somebody else's by then. */
	uv_close((uv_handle_t *)&console->poll, on_closed);
	terminal_close(console->terminal);
	session_log_end(console->log);
	editor_leave(console->editor);
	keep_tell(console->keep, NULL);
	screen_free(console->screen);
	keep_close(console->keep, on_kept, console);
	uv_close((uv_handle_t *)&console->check, on_closed);
	uv_close((uv_handle_t *)&console->frame_timer, on_closed);
	uv_close((uv_handle_t *)&console->tick_timer, on_closed);
	uv_close((uv_handle_t *)&console->escape_timer, on_closed);
	for (size_t i = 0; i < N_SIGNALS; i++)
		uv_close((uv_handle_t *)&console->signals[i], on_closed);
}

static void on_run_quit(void *arg)
{
	uv_stop(arg);
}

bool console_run(const struct console_options *options, struct board *board, uv_loop_t *loop,
    struct fault *fault)
{
	struct console *console;
	if (!console_start(options, board, loop, on_run_quit, loop, &console, fault))
		return false;
	uv_run(loop, UV_RUN_DEFAULT);
	console_stop(console);
	uv_run(loop, UV_RUN_DEFAULT); /* until all is closed, and kept */
	return true;
}
