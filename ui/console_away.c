/* SPDX-License-Identifier: Apache-2.0
 *
 * The terminal is somebody else's for a while: a shell's, when the program is
 * stopped, or a person's editor's with a note; then the loop goes on. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "ui/console_inside.h"
#include "base/i18n.h"

void console_resume(struct console *console)
{
	terminal_resume(console->terminal);
	console->waiting = false; /* a frame that was due meanwhile was not drawn */
	console->attention.title[0] = '\0'; /* others had it meanwhile */
	console->have_size = false;
	console_measure(console);
	console->screen->dirt++;
	console_look(console);
}

void console_suspend(struct console *console)
{
	console->stop_asked = false;
	terminal_suspend(console->terminal);
	/* The whole group, as a shell's Ctrl-Z would. */
	kill(0, SIGSTOP);
	/* Continued here; SIGCONT's handler takes the terminal again. */
}

static void on_edited(void *arg, const char *path, char *text, const struct fault *fault)
{
	struct console *console = arg;
	console->editing = false;
	console->editor = NULL;
	if (console->stopped) {
		/* The terminal is given back: it may still be read there. */
		fprintf(stderr, _("The note that was being written is in %s\n"), path);
		free(text);
		console_close_one(console);
		return;
	}
	note_edited(console->screen, path, text, fault);
	free(text);
	console_close_one(console);
	console_watch(console);
	console_resume(console);
}

void console_edit(struct console *console)
{
	const char *command = getenv("VISUAL");
	struct fault fault = { 0 };
	console->screen->wishes.edit = false;
	if (command == NULL || *command == '\0')
		command = getenv("EDITOR");
	struct editor_options options = { .command = command, .folder = getenv("XDG_RUNTIME_DIR"), .tty = console->tty,
		.text = note_draft(console->screen) };
	console->editing = true;
	console_watch(console);
	terminal_suspend(console->terminal);
	console->n_open++; /* the console outlives it */
	if (editor_start(console->loop, &options, on_edited, console, &console->editor, &fault))
		return;
	console->n_open--;
	console->editing = false;
	note_edited(console->screen, NULL, NULL, &fault);
	console_watch(console);
	console_resume(console);
}
