/* SPDX-License-Identifier: Apache-2.0
 *
 * Somebody's own editor: how it is started, and what comes back or does not. */
#include "test.h"

#include <sys/stat.h>
#include <unistd.h>

#include "alerts/triage.h"
#include "base/mem.h"
#include "ui/editor.h"

static char folder[] = "/tmp/centinela-editor-XXXXXX";

static void remove_folder(void)
{
	char command[80];
	snprintf(command, sizeof command, "rm -rf %s", folder);
	CHECK_INT(system(command), 0);
}

static void make_folder(void)
{
	static bool made;
	if (!made)
		REQUIRE(mkdtemp(folder) != NULL && atexit(remove_folder) == 0);
	made = true;
}

/* An editor that is a script. */
static const char *script(const char *body)
{
	static char path[100];
	static int n;
	make_folder();
	snprintf(path, sizeof path, "%s/edit-%d", folder, n++);
	FILE *file = fopen(path, "w");
	REQUIRE(file != NULL);
	fprintf(file, "#!/bin/sh\n%s\n", body);
	fclose(file);
	REQUIRE(chmod(path, 0700) == 0);
	return path;
}

struct result {
	int n_calls;
	char *path, *text;
	struct fault fault;
};

static void on_done(void *arg, const char *path, char *text, const struct fault *fault)
{
	struct result *result = arg;
	result->n_calls++;
	result->path = mem_strdup(path);
	result->text = text;
	if (fault != NULL)
		result->fault = *fault;
}

static bool run(const char *command, const char *text, struct result *result)
{
	uv_loop_t loop;
	struct editor_options options = { .command = command, .folder = folder, .tty = "/dev/null", .text = text };
	make_folder();
	*result = (struct result){ 0 };
	REQUIRE(uv_loop_init(&loop) == 0);
	struct editor *editor;
	bool ok = editor_start(&loop, &options, on_done, result, &editor, &result->fault);
	uv_run(&loop, UV_RUN_DEFAULT);
	CHECK_INT(uv_loop_close(&loop), 0);
	CHECK_INT(result->n_calls, ok);
	return ok;
}

static void done(struct result *result)
{
	if (result->path != NULL) {
		char *slash = strrchr(result->path, '/');
		editor_forget(result->path);
		CHECK(access(result->path, F_OK) != 0);
		*slash = '\0';
		CHECK(access(result->path, F_OK) != 0);
	}
	free(result->path);
	free(result->text);
}

TEST(words_are_split_as_a_shell_would_and_nothing_is_expanded)
{
	static const struct {
		const char *command, *words; /* joined by | */
	} rows[] = { { "vi", "vi" }, { "  vim   -n ", "vim|-n" }, { "vim -c 'set tw=72'", "vim|-c|set tw=72" },
		{ "\"my editor\" -w", "my editor|-w" }, { "a\\ b c", "a b|c" }, { "e '' x", "e||x" }, { "e \"a\\\"b\"", "e|a\"b" },
		{ "e '$HOME' $(id) `id` *; rm", "e|$HOME|$(id)|`id`|*;|rm" }, { "e 'a\\b'", "e|a\\b" },
		{ "", NULL }, { "   ", NULL }, { "'open", NULL }, { "e \"open", NULL }, { "''", NULL },
		{ "1 2 3 4 5 6 7 8 9 a b c d e f g h", NULL } };
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		char room[200], joined[200] = "", *words[EDITOR_WORDS + 1];
		bool ok = editor_split(rows[i].command, room, words);
		CHECK(ok == (rows[i].words != NULL));
		for (size_t k = 0; ok && words[k] != NULL; k++)
			snprintf(joined + strlen(joined), sizeof joined - strlen(joined), "%s%s", k > 0 ? "|" : "", words[k]);
		if (ok)
			CHECK_STR(joined, rows[i].words);
	}
}

TEST(the_text_goes_in_and_comes_back_and_nobody_else_reads_it)
{
	struct result result;
	char command[200];
	snprintf(command, sizeof command, "%s 'a word'",
	    script("[ \"$1\" = 'a word' ] || exit 3\n{ cat \"$2\"; echo second; stat -c %a \"$2\" \"$(dirname \"$2\")\"; } >\"$2.new\" && cat \"$2.new\" >\"$2\" && rm \"$2.new\""));
	REQUIRE(run(command, "first\n", &result));
	CHECK_STR(result.text, "first\nsecond\n600\n700\n");
	done(&result);
}

TEST(an_editor_may_put_a_new_file_in_its_place)
{
	struct result result;
	REQUIRE(run(script("echo new >\"$1~\" && mv \"$1~\" \"$1\""), "old", &result));
	CHECK_STR(result.text, "new\n");
	done(&result);
}

TEST(what_goes_wrong_is_a_sentence_and_the_text_stays_where_it_says)
{
	static const struct {
		const char *body, *says;
		bool stays;
	} rows[] = { { "echo kept >\"$1\"; exit 1", "ended with an error", true }, { "kill -9 $$", "ended with an error", true },
		{ "rm \"$1\"", "left no text", false }, { "rm \"$1\"; ln -s /etc/passwd \"$1\"", "left no text", false },
		{ "rm \"$1\"; mkfifo \"$1\"", "left no text", false }, { "head -c 70000 /dev/zero | tr '\\0' x >\"$1\"", "too much text", true },
		{ "printf 'a\\0b' >\"$1\"", "is no text", true } };
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct result result;
		REQUIRE(run(script(rows[i].body), "", &result));
		CHECK(result.text == NULL);
		if (strstr(result.fault.text, rows[i].says) == NULL)
			CHECK_STR(result.fault.text, rows[i].says);
		CHECK(strstr(result.fault.text, result.path) != NULL);
		CHECK(!rows[i].stays || access(result.path, F_OK) == 0);
		done(&result);
	}
}

TEST(without_an_editor_nothing_is_left_behind)
{
	static const struct {
		const char *command, *says;
	} rows[] = { { NULL, "no editor is set" }, { "", "no editor is set" }, { "  ", "no editor is set" }, { "'open", "EDITOR is no command" },
		{ "/nonexistent/editor", "cannot be started" } };
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct result result;
		CHECK(!run(rows[i].command, "x", &result));
		if (strstr(result.fault.text, rows[i].says) == NULL)
			CHECK_STR(result.fault.text, rows[i].says);
	}
	char command[120];
	snprintf(command, sizeof command, "test -z \"$(ls -d %s/centinela-note-* 2>/dev/null)\"", folder);
	CHECK_INT(system(command), 0);
	struct editor_options nowhere = { .command = "true", .folder = "/nonexistent", .tty = "/dev/null", .text = "" };
	struct fault fault = { 0 };
	struct editor *editor;
	CHECK(!editor_start(uv_default_loop(), &nowhere, on_done, NULL, &editor, &fault));
	CHECK(strstr(fault.text, "/nonexistent") != NULL);
}

TEST(lines_become_a_note)
{
	static const struct {
		const char *text, *note;
	} rows[] = { { "", "" }, { "\n\n  \n", "" }, { "one", "one" }, { "one\n", "one" }, { "\n\none\ntwo\n", "one \xE2\x86\xB5 two" },
		{ "one\n\ntwo  \n\n", "one \xE2\x86\xB5 \xE2\x86\xB5 two" }, { "a\tb\r\nc", "a b \xE2\x86\xB5 c" }, { "x\x1b[2J\x07y", "x\xEF\xBF\xBD[2J\xEF\xBF\xBDy" },
		{ "bad\xff\n\xE2\x80\xAEtxet", "bad\xEF\xBF\xBD \xE2\x86\xB5 \xEF\xBF\xBDtxet" } };
	char note[NOTE_BYTES + 1];
	struct fault fault;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		REQUIRE(note_of_lines(rows[i].text, note, &fault));
		CHECK_STR(note, rows[i].note);
	}
	char *longest = mem_alloc(NOTE_BYTES + 2);
	memset(longest, 'x', NOTE_BYTES + 1);
	longest[NOTE_BYTES + 1] = '\0';
	CHECK(!note_of_lines(longest, note, &fault));
	CHECK_STR(fault.text, "a note may have 4000 bytes; this has 4001");
	longest[NOTE_BYTES] = '\0';
	REQUIRE(note_of_lines(longest, note, &fault));
	CHECK_INT(strlen(note), NOTE_BYTES);
	free(longest);
}

TESTS(T(words_are_split_as_a_shell_would_and_nothing_is_expanded), T(the_text_goes_in_and_comes_back_and_nobody_else_reads_it),
    T(an_editor_may_put_a_new_file_in_its_place), T(what_goes_wrong_is_a_sentence_and_the_text_stays_where_it_says),
    T(without_an_editor_nothing_is_left_behind), T(lines_become_a_note))
