/* SPDX-License-Identifier: Apache-2.0
 *
 * Copying: what, as what, and by which bytes. */
#include "test.h"

#include <sys/stat.h>
#include <unistd.h>

#include "base/json.h"
#include "base/mem.h"
#include "screen_rig.h"
#include "ui/clip.h"
#include "ui/clipboard.h"

/* ---- bytes for the terminal ---------------------------------------------------------- */

TEST(it_is_base64_in_a_command_of_the_terminal)
{
	static const struct {
		const char *text, *sent;
	} cases[] = { { "", "\x1b]52;c;\x07" }, { "a", "\x1b]52;c;YQ==\x07" }, { "ab", "\x1b]52;c;YWI=\x07" },
		{ "abc", "\x1b]52;c;YWJj\x07" }, { "\xC3\xB1", "\x1b]52;c;w7E=\x07" } };
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct text out = { 0 };
		clipboard_put(&out, WRAP_NONE, cases[i].text, strlen(cases[i].text));
		CHECK_STR(text_string(&out), cases[i].sent);
		text_reset(&out);
		clipboard_put(&out, WRAP_TMUX, cases[i].text, strlen(cases[i].text));
		char *wrapped = mem_printf("%s\x1bPtmux;\x1b%s\x1b\\", cases[i].sent, cases[i].sent);
		CHECK_STR(text_string(&out), wrapped);
		free(wrapped);
		text_clear(&out);
	}
}

TEST(screen_gets_it_in_strings_that_it_takes)
{
	static char big[CLIPBOARD_MOST];
	for (size_t n = 0; n <= sizeof big; n = n < 1200 ? n + 1 : n * 3 < sizeof big ? n * 3 : n < sizeof big ? sizeof big : n + 1) {
		struct text plain = { 0 }, wrapped = { 0 }, joined = { 0 };
		memset(big, 'x', sizeof big);
		clipboard_put(&plain, WRAP_NONE, big, n);
		clipboard_put(&wrapped, WRAP_SCREEN, big, n);
		/* What screen passes on: the inside of every device control string. */
		for (const char *p = text_string(&wrapped); *p != '\0';) {
			const char *end = strstr(p, "\x1b\\");
			REQUIRE(end != NULL && strncmp(p, "\x1bP", 2) == 0);
			CHECK(end + 2 - p <= SCREEN_STRING_MOST);
			text_add(&joined, p + 2, (size_t)(end - p - 2));
			p = end + 2;
		}
		CHECK_STR(text_string(&joined), text_string(&plain));
		text_clear(&plain);
		text_clear(&wrapped);
		text_clear(&joined);
	}
}

TEST(the_environment_says_who_passes_it_on)
{
	unsetenv("TMUX");
	unsetenv("STY");
	CHECK_INT(clipboard_wrapping(), WRAP_NONE);
	setenv("STY", "123.pts-1.host", 1);
	CHECK_INT(clipboard_wrapping(), WRAP_SCREEN);
	setenv("TMUX", "/tmp/tmux", 1);
	CHECK_INT(clipboard_wrapping(), WRAP_TMUX);
	unsetenv("TMUX");
	unsetenv("STY");
}

/* ---- what ------------------------------------------------------------------------------- */

static struct screen *begin(bool masked)
{
	fake_start(7, 10);
	return screen_begin("en", 36, 120, &(struct screen_options){ .masked = masked });
}

static const char *copied(struct screen *screen, const char *keys)
{
	text_reset(&screen->wishes.copy);
	press(screen, keys);
	return text_string(&screen->wishes.copy);
}

TEST(a_row_is_copied_as_text_json_or_number)
{
	struct screen *screen = begin(false);
	struct fault fault;
	json_auto_t *row = NULL;
	CHECK(strstr(copied(screen, "y"), "#412 critical") != NULL);
	CHECK(says(screen, "Copied to the terminal; if nothing arrives, y again writes a file."));
	const char *json = copied(screen, "Y j");
	CHECK(json_parse(json, strlen(json), &row, &fault));
	CHECK_INT(json_int(row, "id", 0), 412);
	CHECK_STR(json_str(row, "severity", ""), "critical");
	CHECK_STR(json_str(row, "subject.name", ""), fake.alerts[0].subject_name);
	CHECK(strchr(json, '\n') == NULL);
	/* Of live calls the number at the other end. */
	press(screen, "2");
	CHECK_INT(copied(screen, "Y n")[0], '+');
	CHECK(strchr(copied(screen, "Y n"), ' ') == NULL);
	press(screen, "3");
	CHECK(copied(screen, "y")[0] != '\0'); /* it has no line of its own: its texts */
	/* By name; a wrong one is told. */
	press(screen, "4 :");
	for (const char *p = "copy json"; *p != '\0'; p++)
		screen_key(screen, &(struct key_event){ .key = (unsigned char)*p });
	CHECK_INT(copied(screen, "Enter")[0], '{');
	press(screen, ": c o p y Space x m l Enter");
	CHECK(says(screen, "not as xml"));
	end(screen);
}

TEST(marked_rows_are_copied_a_line_each)
{
	struct screen *screen = begin(false);
	const char *lines = copied(screen, "m j m y");
	CHECK(says(screen, "Copied to the terminal: 2 rows; if nothing arrives, y again writes a file."));
	CHECK(strchr(lines, '\n') != NULL && strchr(lines, '\n') == strrchr(lines, '\n'));
	CHECK_INT(screen_list(screen)->selected, 3); /* where it was */
	lines = copied(screen, "Y j");
	CHECK(lines[0] == '{' && strstr(lines, "}\n{") != NULL);
	end(screen);
}

TEST(what_is_masked_stays_so)
{
	struct screen *screen = begin(true);
	press(screen, "2");
	for (int i = 0; i < 3; i++) {
		const char *how[] = { "y", "Y j", "Y n" };
		const char *text = copied(screen, how[i]);
		CHECK(strstr(text, "\xC2\xB7\xC2\xB7\xC2\xB7") != NULL);
		CHECK(strstr(text, "88216555044") == NULL && strstr(text, "573105550221") == NULL);
	}
	/* Times and ids are no numbers, be they as long. */
	fake.alerts[0].id = fake.alerts[0].case_id = 12345678;
	fake.board.alerts_version++;
	press(screen, "4 g");
	CHECK(strstr(copied(screen, "y"), "#12345678 ") != NULL);
	CHECK(strstr(copied(screen, "Y j"), "\"id\": 12345678,") != NULL);
	press(screen, "2");
	struct fault fault;
	json_auto_t *row = NULL;
	const char *json = copied(screen, "Y j");
	CHECK(json_parse(json, strlen(json), &row, &fault));
	CHECK_INT(strlen(json_str(row, "start", "")), strlen("2026-10-05T19:04:00.000Z"));
	press(screen, "#");
	CHECK(strstr(copied(screen, "y"), "\xC2\xB7\xC2\xB7\xC2\xB7") == NULL);
	end(screen);
}

/* The cursor of a text is on a line: what list is behind it is nobody's row. */
TEST(a_line_is_no_row_of_the_list_behind_it)
{
	struct screen *screen = begin(true);
	press(screen, "V n s c o r e Space > Space 4 0 Enter");
	REQUIRE(screen_focused(screen)->type == &view_silence_new);
	CHECK_STR(copied(screen, "Y j"), "");
	CHECK(says(screen, "no row that JSON"));
	CHECK_STR(copied(screen, "Y n"), ""); /* the first line has none, the first alert may */
	CHECK(says(screen, "no number here"));
	/* A line's own number is copied, and never whole. */
	struct list *list = &pane_document(screen_focused(screen))->list;
	const char *number = "";
	for (size_t i = 0; *number == '\0' && i < list->n; i++) {
		list_select(list, i);
		number = copied(screen, "Y n");
	}
	CHECK_STR(number, "+50688\u00B7\u00B7\u00B7501");
	end(screen);
}

TEST(who_unmasks_what_the_configuration_masks_is_in_the_audit_log)
{
	struct screen *screen = begin(true);
	press(screen, "2 #");
	CHECK(!screen->masked);
	CHECK_INT(fake.n_disclosed, 1);
	CHECK_STR(fake.disclosed, "live");
	CHECK(says(screen, "the audit log says who saw them"));
	press(screen, "#"); /* hiding them again is nobody's business */
	CHECK(screen->masked);
	CHECK_INT(fake.n_disclosed, 1);
	press(screen, "3 p #");
	CHECK(strncmp(fake.disclosed, "profile: ", 9) == 0 && strstr(fake.disclosed, "4021") != NULL);
	/* Where it cannot be written, it is not shown. */
	press(screen, "#");
	fault_set(&fake.fault, FAULT_STORE, "the store is locked by another program");
	press(screen, "#");
	CHECK(screen->masked);
	CHECK(says(screen, "Numbers stay masked: the store is locked"));
	end(screen);
	/* Who masks by choice unmasks by choice. */
	screen = begin(false);
	press(screen, "# #");
	CHECK(!screen->masked);
	CHECK_INT(fake.n_disclosed, 0);
	end(screen);
}

TEST(where_there_is_nothing_it_says_so)
{
	struct screen *screen = begin(false);
	screen->panes[3]->type->set_filter(screen->panes[3], "id = 1");
	press(screen, "4");
	CHECK_STR(copied(screen, "y"), "");
	CHECK(says(screen, "nothing here to copy"));
	press(screen, "?");
	CHECK_STR(copied(screen, "Y j"), "");
	CHECK(says(screen, "no row that JSON"));
	CHECK_STR(copied(screen, "g Y n"), "");
	CHECK(says(screen, "no number here"));
	end(screen);
}

TEST(what_a_terminal_does_not_take_is_in_a_file_of_ones_own)
{
	struct screen *screen = begin(false);
	char folder[] = "/tmp/centinela-clip-XXXXXX", path[200] = "", bytes[32] = "";
	struct stat st;
	REQUIRE(mkdtemp(folder) != NULL);
	setenv("XDG_RUNTIME_DIR", folder, 1);
	clip_to_file(screen, "one\ntwo", 7, false);
	CHECK(says(screen, "/centinela-copy-"));
	CHECK_INT(sscanf(strstr(screen->message, folder), "%199[^ ]", path), 1);
	CHECK(stat(path, &st) == 0 && (st.st_mode & 07777) == 0600);
	FILE *file = fopen(path, "r");
	REQUIRE(file != NULL);
	CHECK_INT(fread(bytes, 1, sizeof bytes, file), 7);
	fclose(file);
	CHECK_STR(bytes, "one\ntwo");
	unlink(path);
	/* No room for it, or no folder: told, and no file is left. */
	rmdir(folder);
	setenv("TMPDIR", "/nowhere/at/all", 1);
	clip_to_file(screen, "one", 3, true);
	CHECK(says(screen, "not copied: /nowhere/at/all/"));
	unsetenv("XDG_RUNTIME_DIR");
	unsetenv("TMPDIR");
	end(screen);
}

TEST(once_more_at_the_same_place_it_goes_into_a_file)
{
	char folder[] = "/tmp/test_clip_again.XXXXXX", path[200], bytes[4000] = "";
	struct screen *screen = begin(false);
	REQUIRE(mkdtemp(folder) != NULL);
	setenv("XDG_RUNTIME_DIR", folder, 1);
	char *json = mem_strdup(copied(screen, "Y j"));
	CHECK_STR(copied(screen, "y"), ""); /* what was copied, as JSON, and nothing to the terminal */
	CHECK(says(screen, " has it, for you alone."));
	REQUIRE(sscanf(strstr(screen->message, folder), "%199[^ ]", path) == 1);
	FILE *file = fopen(path, "r");
	REQUIRE(file != NULL);
	CHECK(fread(bytes, 1, sizeof bytes - 1, file) > 0);
	fclose(file);
	CHECK_STR(bytes, json);
	unlink(path);
	/* Then, on another row, in another pane, and after anything else it is copied anew. */
	CHECK(copied(screen, "y")[0] == '#');
	CHECK(copied(screen, "y")[0] == '\0');
	unlink(strtok(screen->message, " "));
	CHECK(strstr(copied(screen, "y"), "#412") != NULL);
	CHECK(strstr(copied(screen, "j y"), "#413") != NULL);
	screen_focused(screen)->type->list(screen_focused(screen))->selected = 2; /* as by a click */
	CHECK(strstr(copied(screen, "y"), "#414") != NULL);
	CHECK(copied(screen, "2 y")[0] != '\0');
	CHECK(says(screen, "Copied to the terminal;"));
	unsetenv("XDG_RUNTIME_DIR");
	CHECK_INT(rmdir(folder), 0);
	free(json);
	end(screen);
}

TESTS(T(it_is_base64_in_a_command_of_the_terminal), T(screen_gets_it_in_strings_that_it_takes), T(the_environment_says_who_passes_it_on),
    T(a_row_is_copied_as_text_json_or_number), T(marked_rows_are_copied_a_line_each), T(what_is_masked_stays_so), T(a_line_is_no_row_of_the_list_behind_it), T(who_unmasks_what_the_configuration_masks_is_in_the_audit_log),
    T(where_there_is_nothing_it_says_so), T(what_a_terminal_does_not_take_is_in_a_file_of_ones_own),
    T(once_more_at_the_same_place_it_goes_into_a_file))
