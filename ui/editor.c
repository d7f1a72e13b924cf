/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/editor.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/mem.h"

struct editor {
	uv_process_t process;
	char *path;
	void (*on_done)(void *, const char *, char *, const struct fault *);
	void *arg;
	char *text;
	struct fault fault;
};

bool editor_split(const char *command, char *room, char *words[EDITOR_WORDS + 1])
{
	size_t n = 0;
	char *out = room;
	for (const char *p = command;;) {
		p += strspn(p, " \t\n");
		if (*p == '\0')
			break;
		if (n == EDITOR_WORDS)
			return false;
		words[n++] = out;
		char quote = '\0';
		for (; *p != '\0' && (quote != '\0' || strchr(" \t\n", *p) == NULL); p++) {
			if (*p == '\\' && quote != '\'' && p[1] != '\0')
				*out++ = *++p;
			else if (quote == '\0' && (*p == '\'' || *p == '"'))
				quote = *p;
			else if (*p == quote)
				quote = '\0';
			else
				*out++ = *p;
		}
		if (quote != '\0')
			return false;
		p += *p != '\0'; /* before its blank is overwritten */
		*out++ = '\0';
	}
	words[n] = NULL;
	return n > 0 && words[0][0] != '\0';
}

void editor_forget(const char *path)
{
	char *folder = mem_strdup(path);
	char *slash = strrchr(folder, '/');
	unlink(path);
	if (slash != NULL) {
		*slash = '\0';
		rmdir(folder); /* an editor may have left something of its own: then it stays */
	}
	free(folder);
}

/* A folder of one's own, 0700, and in it the file, 0600: nobody was there before. */
static char *make_file(const char *folder, const char *text, struct fault *fault)
{
	if (folder == NULL || *folder != '/')
		folder = getenv("TMPDIR");
	if (folder == NULL || *folder != '/')
		folder = "/tmp";
	char *own = mem_printf("%s/centinela-note-XXXXXX", folder);
	if (mkdtemp(own) == NULL) {
		fault_set(fault, FAULT_SYSTEM, _("no folder for the note in %s: %s"), folder, strerror(errno));
		free(own);
		return NULL;
	}
	char *path = mem_printf("%s/note.txt", own);
	free(own);
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	size_t n = strlen(text);
	bool ok = fd >= 0 && write(fd, text, n) == (ssize_t)n;
	int error = errno;
	if (fd >= 0)
		ok = close(fd) == 0 && ok;
	if (ok)
		return path;
	fault_set(fault, FAULT_SYSTEM, _("%s cannot be written: %s"), path, strerror(error));
	editor_forget(path);
	free(path);
	return NULL;
}

/* Editors write a new file in its place, or the same: a plain file it must be. */
static char *read_back(const char *path, struct fault *fault)
{
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd < 0 || fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
		fault_set(fault, FAULT_SYSTEM, _("the editor left no text in %s"), path);
		if (fd >= 0)
			close(fd);
		return NULL;
	}
	char *text = mem_alloc(EDITOR_BYTES + 2);
	size_t n = 0;
	ssize_t got;
	while (n <= EDITOR_BYTES && (got = read(fd, text + n, EDITOR_BYTES + 1 - n)) > 0)
		n += (size_t)got;
	close(fd);
	text[n] = '\0';
	if (n <= EDITOR_BYTES && strlen(text) == n)
		return text;
	fault_set(fault, FAULT_USAGE, n > EDITOR_BYTES ? _("too much text: it stays in %s") : _("what the editor left is no text: it stays in %s"), path);
	free(text);
	return NULL;
}

static void on_closed(uv_handle_t *handle)
{
	struct editor *editor = handle->data;
	editor->on_done(editor->arg, editor->path, editor->text, editor->text == NULL ? &editor->fault : NULL);
	free(editor->path);
	free(editor);
}

static void on_ended(uv_process_t *process, int64_t status, int signal)
{
	struct editor *editor = process->data;
	if (signal != 0 || status != 0)
		fault_set(&editor->fault, FAULT_SYSTEM, _("the editor ended with an error: nothing was noted, the text is in %s"), editor->path);
	else
		editor->text = read_back(editor->path, &editor->fault);
	uv_close((uv_handle_t *)process, on_closed);
}

static void on_not_started(uv_handle_t *handle)
{
	struct editor *editor = handle->data;
	free(editor->path);
	free(editor);
}

static bool spawn(uv_loop_t *loop, struct editor *editor, const struct editor_options *options, char *words[EDITOR_WORDS + 2], struct fault *fault)
{
	/* Its own opening: ours does not block, which an editor does not expect. */
	int fd = open(options->tty, O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (fd < 0) {
		fault_set(fault, FAULT_SYSTEM, _("the terminal cannot be given to the editor: %s"), strerror(errno));
		return false;
	}
	uv_stdio_container_t stdio[3];
	for (int i = 0; i < 3; i++)
		stdio[i] = (uv_stdio_container_t){ .flags = UV_INHERIT_FD, .data.fd = fd };
	uv_process_options_t process = { .exit_cb = on_ended, .file = words[0], .args = words, .stdio_count = 3, .stdio = stdio };
	editor->process.data = editor;
	int error = uv_spawn(loop, &editor->process, &process);
	close(fd);
	return error == 0 || fault_set(fault, FAULT_SYSTEM, _("the editor %s cannot be started: %s"), words[0], uv_strerror(error));
}

bool editor_start(uv_loop_t *loop, const struct editor_options *options,
    void (*on_done)(void *, const char *, char *, const struct fault *), void *arg, struct editor **out, struct fault *fault)
{
	const char *command = options->command == NULL ? "" : options->command;
	char *words[EDITOR_WORDS + 2], *room;
	if (command[strspn(command, " \t\n")] == '\0')
		return fault_set(fault, FAULT_USAGE, "%s", _("no editor is set: EDITOR=nano, for instance, before the console is started"));
	room = mem_alloc(strlen(command) + 2);
	if (!editor_split(command, room, words)) {
		free(room);
		return fault_set(fault, FAULT_USAGE, _("EDITOR is no command and its words: %.100s"), command);
	}
	struct editor *editor = mem_zalloc(sizeof *editor);
	editor->on_done = on_done;
	editor->arg = arg;
	editor->path = make_file(options->folder, options->text, fault);
	size_t n = 0;
	while (words[n] != NULL)
		n++;
	words[n] = editor->path;
	words[n + 1] = NULL;
	bool ok = false;
	if (editor->path == NULL) {
		free(editor);
	} else if (!(ok = spawn(loop, editor, options, words, fault))) {
		editor_forget(editor->path);
		if (editor->process.type == UV_PROCESS) /* it was begun */
			uv_close((uv_handle_t *)&editor->process, on_not_started);
		else
			on_not_started((uv_handle_t *)&editor->process);
	}
	free(room);
	*out = ok ? editor : NULL;
	return ok;
}

void editor_leave(struct editor *editor)
{
	if (editor == NULL || uv_is_closing((uv_handle_t *)&editor->process))
		return;
	fault_set(&editor->fault, FAULT_SYSTEM, _("the editor ended with an error: nothing was noted, the text is in %s"), editor->path);
	uv_process_kill(&editor->process, SIGTERM);
	uv_close((uv_handle_t *)&editor->process, on_closed);
}
