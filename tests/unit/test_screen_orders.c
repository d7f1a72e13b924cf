/* SPDX-License-Identifier: Apache-2.0
 *
 * Commands by their names: `:` with what a command would have asked for, keys
 * that say it beforehand, the palette. */
#include "test.h"

#include <sys/stat.h>
#include <unistd.h>

#include "screen_rig.h"
#include "ui/fuzzy.h"

static char keys_path[64];

static struct screen *begin_with_keys(const char *keys)
{
	fake_start(7, 10);
	struct screen_options options = { 0 };
	if (keys != NULL) {
		snprintf(keys_path, sizeof keys_path, "/tmp/centinela-keys-XXXXXX");
		int fd = mkstemp(keys_path);
		FILE *file = fd < 0 ? NULL : fdopen(fd, "w");
		if (file != NULL) {
			fputs(keys, file);
			fclose(file);
			options.keys_file = keys_path;
		}
	}
	struct screen *screen = screen_begin("en", 36, 120, &options);
	if (keys != NULL)
		unlink(keys_path);
	return screen;
}

static struct screen *begin(void)
{
	return begin_with_keys(NULL);
}

static struct screen *begin_in(const char *language)
{
	fake_start(7, 10);
	return screen_begin(language, 36, 120, &(struct screen_options){ 0 });
}

TEST(an_act_is_typed_with_what_it_would_have_asked)
{
	struct screen *screen = begin();
	say(screen, ":close false_positive a conference");
	CHECK_INT(screen->modal, MODAL_NONE);
	CHECK_INT(fake.alerts[0].resolution, RESOLUTION_FALSE_POSITIVE);
	CHECK(says(screen, "Closed: #412"));
	press(screen, "u g");
	say(screen, ":snooze 4h after the audit");
	CHECK_INT(fake.alerts[0].state, ALERT_SNOOZED);
	int64_t for_ms = fake.alerts[0].snooze_until_ms - clock_real_ms();
	CHECK(for_ms > 3 * HOUR_MS && for_ms <= 4 * HOUR_MS);
	press(screen, "u g");
	say(screen, ":snooze 4h"); /* it may not wait without a reason: that is asked for */
	CHECK_INT(screen->modal, MODAL_PROMPT);
	say(screen, "x");
	CHECK_INT(fake.alerts[0].state, ALERT_SNOOZED);
	press(screen, "u g");
	say(screen, ":assign luis ");
	CHECK_STR(fake.alerts[0].assignee, "luis");
	say(screen, ":close"); /* with nothing: as by its key */
	CHECK_INT(screen->modal, MODAL_MENU);
	press(screen, "Esc 1");
	say(screen, ":note here is no alert");
	CHECK(says(screen, "elsewhere: On alerts"));
	press(screen, "4");
	fake.read_only = true;
	say(screen, ":close duplicate");
	CHECK(says(screen, "read-only"));
	end(screen);
}

/* However long the words are: what each means begins where that of the others does. */
TEST(what_is_offered_stands_in_two_columns)
{
	static const struct {
		const char *language, *typed;
		int column; /* the longest word and a blank */
	} rows[] = { { "en", "", 15 }, { "es", "", 15 }, { "en", "close ", 24 }, { "es", "close ", 31 } };
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct screen *screen = begin_in(rows[i].language);
		const struct menu *menu = &screen->menu;
		type(screen, ":");
		type(screen, rows[i].typed);
		press(screen, "Tab");
		CHECK(menu->n > 2);
		for (size_t k = 0; k < menu->n; k++) {
			const char *label = menu->items[k].label, *text = menu->items[k].text;
			size_t n = strlen(text), means = n + strspn(label + n, " ");
			CHECK(text_starts_with(label, text));
			CHECK_INT(means, rows[i].column);
		}
		end(screen);
	}
}

TEST(a_resolution_is_typed_in_either_language)
{
	static const struct {
		const char *language, *line;
		enum resolution is;
	} rows[] = { { "es", ":close falso_positivo una conferencia", RESOLUTION_FALSE_POSITIVE }, { "es", ":cerrar LEGITIMA", RESOLUTION_LEGITIMATE },
		{ "es", ":close verdadero_positivo_sin_impacto", RESOLUTION_TRUE_NO_IMPACT },
		{ "es", ":close duplicate", RESOLUTION_DUPLICATE }, { "es", ":close desconocida", RESOLUTION_UNKNOWN }, { "en", ":close duplicada", RESOLUTION_DUPLICATE },
		{ "en", ":close unknown", RESOLUTION_UNKNOWN } };
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct screen *screen = begin_in(rows[i].language);
		say(screen, rows[i].line);
		if (fake.alerts[0].resolution != rows[i].is)
			printf("%s: %s\n", rows[i].line, screen->prompt.fault.text);
		CHECK_INT(screen->modal, MODAL_NONE);
		CHECK_INT(fake.alerts[0].resolution, rows[i].is);
		end(screen);
	}
	struct command_line line;
	struct fault unused;
	size_t offset;
	CHECK(command_line_read("close Leg\u00EDtima", &line, &unused, &offset) && line.resolution == RESOLUTION_LEGITIMATE);
	/* What is near is named as this person calls it, and Tab offers those. */
	static const struct {
		const char *language, *line, *says, *offered;
	} wrong[] = { { "es", ":close falso", "\"falso_positivo\"", "falso_positivo" }, { "en", ":close false", "\"false_positive\"", "false_positive" },
		{ "es", ":close duplicad", "\"duplicada\"", NULL }, { "en", ":close duplicat", "\"duplicate\"", "duplicate" }, { "en", ":close falso", "\"falso_positivo\"", NULL },
		{ "es", ":close none", "no hay tal resoluci\u00F3n", NULL }, { "es", ":close =", "no hay tal resoluci\u00F3n", NULL } };
	for (size_t i = 0; i < COUNT_OF(wrong); i++) {
		struct screen *screen = begin_in(wrong[i].language);
		say(screen, wrong[i].line);
		CHECK(screen->modal != MODAL_NONE);
		CHECK_INT(fake.alerts[0].resolution, RESOLUTION_NONE);
		if (strstr(screen->prompt.fault.text, wrong[i].says) == NULL)
			printf("%s: %s\n", wrong[i].line, screen->prompt.fault.text);
		CHECK(strstr(screen->prompt.fault.text, wrong[i].says) != NULL);
		if (wrong[i].offered != NULL)
			CHECK_STR(screen->menu.n > 0 ? screen->menu.items[0].text : "", wrong[i].offered);
		press(screen, "Esc");
		end(screen);
	}
}

TEST(what_is_wrong_is_said_while_it_is_typed)
{
	static const struct {
		const char *line, *says;
	} wrong[] = { { ":clsoe", "is \"close\" meant?" }, { ":close maybe", "no such resolution: maybe" },
		{ ":snooze soon", "for how long" }, { ":ack x", "ack takes nothing more" }, { ":assign a b", "one word" } };
	struct screen *screen = begin();
	for (size_t i = 0; i < COUNT_OF(wrong); i++) {
		say(screen, wrong[i].line);
		CHECK(screen->modal != MODAL_NONE);
		CHECK(strstr(screen->prompt.fault.text, wrong[i].says) != NULL);
		press(screen, "Esc");
	}
	end(screen);
}

TEST(lists_are_sorted_and_filtered_by_name)
{
	struct screen *screen = begin();
	struct list *list = screen->panes[3]->type->list(screen->panes[3]);
	int64_t first = list->rows[0].id;
	say(screen, ":sort who");
	CHECK(list->rows[0].id != first);
	say(screen, ":sort severity");
	CHECK_INT(list->rows[0].id, first);
	say(screen, ":sort sla");
	CHECK(list->rows[0].id != first);
	say(screen, ":sort colour");
	CHECK(says(screen, "This list is sorted by severity, time, sla, score, who, what, site, hits, cost, state, owner, not by colour."));
	say(screen, ":filter IRSF");
	CHECK_INT(list->n, 1);
	say(screen, ":filter state = wrong"); /* what is wrong is said where filters are typed */
	CHECK(screen->modal != MODAL_NONE);
	press(screen, "Esc");
	say(screen, ":clear-filter");
	CHECK_INT(list->n, 7);
	press(screen, "Enter");
	say(screen, ":sort score");
	CHECK(says(screen, "nothing to sort"));
	say(screen, ":scores");
	CHECK_INT(screen->focus, 2);
	say(screen, ":sort cost");
	press(screen, "1");
	say(screen, ":filter name ~ costa");
	CHECK_INT(screen_list(screen)->n, 1); /* sites, too */
	end(screen);
}

TEST(looks_are_changed_by_name)
{
	struct screen *screen = begin();
	say(screen, ":theme mono");
	CHECK_STR(screen->theme_name, "mono");
	say(screen, ":theme ../../etc/passwd");
	CHECK_STR(screen->theme_name, "mono");
	CHECK_INT(screen->message_role, ROLE_ERROR);
	say(screen, ":zone UTC");
	CHECK(says(screen, "Times are in UTC."));
	say(screen, ":zone den");
	CHECK(says(screen, "Times are in DEN."));
	say(screen, ":zone Mars");
	CHECK(says(screen, "No site has its times in Mars."));
	say(screen, ":help snooze");
	CHECK(screen_focused(screen)->type == &view_help);
	CHECK(screen_says(screen, "Snooze for a while"));
	CHECK(!screen_says(screen, "Write a note"));
	end(screen);
}

TEST(what_a_command_asks_is_answered_in_the_same_line)
{
	struct screen *screen = begin();
	say(screen, ":replay 7d"); /* the rules are opened for it */
	CHECK_INT(screen->modal, MODAL_NONE);
	CHECK(screen_focused(screen)->type == &view_rules);
	CHECK_INT(fake.lab.trial.since_ms, NOW_MS - 7 * DAY_MS);
	fake_end_trial(NULL);
	screen_tick(screen, screen->steady_ms + 1000);
	say(screen, ":rehearse nothing_of_it");
	CHECK_INT(screen->modal, MODAL_MENU); /* a person may choose */
	CHECK(says(screen, "nothing_of_it is none of these."));
	press(screen, "Esc");
	say(screen, ":rehearse irsf_weekend");
	CHECK_STR(fake.lab.trial.scenario, "irsf_weekend");
	fake_end_trial(NULL);
	screen_tick(screen, screen->steady_ms + 1000);
	press(screen, "q B");
	say(screen, ":replay soon");
	CHECK_INT(screen->modal, MODAL_PROMPT);
	CHECK(screen_says(screen, "a duration (24h, 30d)"));
	press(screen, "Esc");
	end(screen);
}

TEST(an_attack_is_rehearsed_from_anywhere)
{
	static const char *const places[] = { "", "1", "V", "M-d", "L", "Enter", "B" };
	for (size_t i = 0; i < COUNT_OF(places); i++) {
		struct screen *screen = begin();
		press(screen, places[i]);
		say(screen, ":rehearse");
		CHECK(screen_focused(screen)->type == &view_rules);
		CHECK_INT(screen->modal, MODAL_MENU);
		press(screen, "Esc");
		say(screen, ":rehearse wangiri");
		CHECK_STR(fake.lab.trial.scenario, "wangiri");
		end(screen);
	}
	/* In the palette it is no order of another place. */
	struct screen *screen = begin();
	press(screen, "Space r e h e a r s e");
	CHECK(!screen_says(screen, "elsewhere"));
	press(screen, "Enter");
	CHECK(screen_focused(screen)->type == &view_rules);
	CHECK_INT(screen->modal, MODAL_MENU);
	end(screen);
}

TEST(a_rehearsal_waits_until_it_is_known_which_attacks_there_are)
{
	struct screen *screen = begin();
	fake.silent = true; /* the store reads */
	say(screen, ":rehearse tdos");
	CHECK(screen_focused(screen)->type == &view_rules);
	CHECK_INT(screen->modal, MODAL_NONE);
	CHECK_INT(fake.lab.trial.state, LAB_IDLE);
	fake.silent = false;
	pane_ask_anew(screen_focused(screen));
	CHECK_STR(fake.lab.trial.scenario, "tdos");
	fake_end_trial(NULL);
	/* Who goes away meanwhile does not want it any more. */
	press(screen, "q q");
	fake.silent = true;
	say(screen, ":rehearse wangiri");
	press(screen, "q");
	fake.silent = false;
	press(screen, "B");
	CHECK_STR(fake.lab.trial.scenario, "tdos");
	CHECK_INT(screen->modal, MODAL_NONE);
	end(screen);
}

TEST(a_key_says_beforehand_what_would_be_asked)
{
	struct screen *screen = begin_with_keys("commands:\n  close false_positive: f\n  snooze 1h lunch: [F9]\n  theme mono: F12\n");
	CHECK_STR(screen->message, "");
	press(screen, "f");
	CHECK_INT(fake.alerts[0].resolution, RESOLUTION_FALSE_POSITIVE);
	press(screen, "0 2 f Enter"); /* also with a count */
	CHECK(says(screen, "Closed: 2 alerts"));
	press(screen, "u F9");
	CHECK(says(screen, "Snoozed: #"));
	press(screen, "F12");
	CHECK_STR(screen->theme_name, "mono");
	screen_resize(screen, 80, 120); /* all of the help at once */
	press(screen, "?");
	CHECK(screen_says(screen, "f                  :close false_positive"));
	CHECK(screen_says(screen, "F9                 :snooze 1h lunch"));
	end(screen);
}

TEST(menus_and_counts_follow_a_persons_keys)
{
	struct screen *screen = begin_with_keys("commands:\n  down: [n]\n  up: [p]\n  open: [o]\n  back: [x]\n"
	    "  locations: [M-1]\n  live: [M-2]\n  scores: [M-3]\n  queue: [M-4]\n");
	CHECK_STR(screen->message, "");
	press(screen, "c n n n p o"); /* false positive is the third; down to the last but one */
	CHECK_INT(screen->modal, MODAL_NONE);
	CHECK_INT(fake.alerts[0].resolution, RESOLUTION_DUPLICATE);
	press(screen, "c j k q"); /* these mean nothing any more */
	CHECK_INT(screen->modal, MODAL_MENU);
	press(screen, "x c Up Down Esc"); /* arrows and Esc always do */
	CHECK_INT(screen->modal, MODAL_NONE);
	/* With the panes on other keys a count begins with any digit. */
	struct list *list = screen->panes[3]->type->list(screen->panes[3]);
	press(screen, "g 4 n");
	CHECK_INT(list->selected, 4);
	press(screen, "M-1");
	CHECK_INT(screen->focus, 0);
	end(screen);
}

TEST(a_key_file_has_macros_by_name)
{
	struct screen *screen = begin_with_keys("macros:\n  lunch: [ack, snooze 1h lunch]\n  away: [3 down, play lunch]\n"
	    "  half: [snooze 1h, down]\n  a: [down]\n  next: c 3 j\n  out: [quit]\ncommands:\n  play away: [F5]\n");
	CHECK_STR(screen->message, "");
	struct list *list = screen->panes[3]->type->list(screen->panes[3]);
	press(screen, "F5");
	for (int i = 0; i < 6 && macro_is_playing(screen); i++)
		screen_tick(screen, screen->steady_ms + 1000);
	CHECK(!macro_is_playing(screen));
	CHECK(says(screen, "Snoozed: #"));
	size_t n = 0;
	for (size_t i = 0; i < fake.n_alerts; i++)
		n += fake.alerts[i].state == ALERT_SNOOZED && strcmp(fake.alerts[i].assignee, "ana") == 0;
	CHECK_INT(n, 1);
	press(screen, "g , a");
	CHECK_INT(list->selected, 1);
	say(screen, ":3 play a");
	CHECK_INT(list->selected, 4);
	say(screen, ":2");
	CHECK_INT(list->selected, 1);
	press(screen, "g");
	int64_t first = list_selected_id(list);
	say(screen, ":play next"); /* keys, as help shows what was recorded */
	for (int i = 0; i < 6 && macro_is_playing(screen); i++)
		screen_tick(screen, screen->steady_ms + 1000);
	CHECK_INT(alert_by_id(first)->resolution, RESOLUTION_FALSE_POSITIVE);
	say(screen, ":play half"); /* asks why, which it does not answer */
	CHECK(says(screen, "Macro half stopped: its next command does not answer what is asked"));
	CHECK_INT(screen->modal, MODAL_PROMPT);
	press(screen, "Esc");
	press(screen, "Space a w a y"); /* the palette has them by name, with their keys */
	CHECK(screen_says(screen, "Macro: away"));
	press(screen, "C-u o u t Enter");
	CHECK(macro_is_asking(screen));
	press(screen, "Esc");
	say(screen, ":play nothing");
	CHECK(says(screen, "There is no macro nothing."));
	say(screen, ":play out");
	CHECK(macro_is_asking(screen));
	press(screen, "1");
	CHECK(!screen->wishes.quit);
	press(screen, "; z j k ; ?"); /* and help has them all */
	CHECK(screen_says(screen, "The keys") || screen_says(screen, "On alerts"));
	press(screen, "/");
	say(screen, "z");
	press(screen, "G");
	press(screen, "\\ / l u n c h Enter");
	CHECK(screen_says(screen, ":play lunch        ack \xC2\xB7 snooze 1h lunch"));
	press(screen, "\\ / n e x t Enter");
	CHECK(screen_says(screen, ":play next         c 3 j"));
	press(screen, "\\ / j Space k Enter");
	CHECK(screen_says(screen, ", z                j k"));
	end(screen);
}

/* ---- the prompt of `:` ------------------------------------------------------------------ */

static const char *offered(const struct screen *screen, size_t i)
{
	return i < screen->menu.n ? screen->menu.items[i].text : "";
}

TEST(tab_completes_a_name_and_what_it_takes)
{
	struct screen *screen = begin();
	press(screen, ": s n z");
	CHECK_INT(screen->modal, MODAL_COMMAND);
	CHECK_STR(offered(screen, 0), "snooze"); /* by its letters */
	CHECK(screen_says(screen, "snooze         Snooze for a while, with a reason"));
	CHECK(!screen_says(screen, "no such command")); /* it may become one yet */
	press(screen, "Tab");
	CHECK_STR(screen->prompt.text, "snooze");
	press(screen, "Space");
	CHECK_STR(screen->menu.title, "snooze 4h [reason]");
	press(screen, "Tab Tab");
	CHECK_STR(screen->prompt.text, "snooze 4h");
	press(screen, "S-Tab");
	CHECK_STR(screen->prompt.text, "snooze 1h");
	press(screen, "Esc");
	CHECK_INT(screen->modal, MODAL_NONE);
	/* By what it does, in the person's words; what is typed so far goes first. */
	press(screen, ": c o l l e a g u e s Tab");
	CHECK_STR(screen->prompt.text, "profile");
	press(screen, "C-u s o Tab");
	CHECK_STR(screen->prompt.text, "sort");
	press(screen, "C-u c l o s e Space f p Tab Enter");
	CHECK_INT(fake.alerts[0].resolution, RESOLUTION_FALSE_POSITIVE);
	say(screen, ":assign luis");
	press(screen, ": a s s i g n Space Tab"); /* me, and whom before */
	CHECK_STR(screen->prompt.text, "assign ana");
	press(screen, "Tab");
	CHECK_STR(screen->prompt.text, "assign luis");
	press(screen, "C-u t h e m e Space t r i Tab Enter");
	CHECK_STR(screen->theme_name, "tritanopia");
	press(screen, ": s o r t Space Tab Tab Tab Tab Tab");
	CHECK_STR(screen->prompt.text, "sort who");
	press(screen, "C-u Tab"); /* all there is */
	CHECK(screen->prompt.text[0] != '\0' && screen->menu.n > 60);
	press(screen, "C-u c l o s e Space Tab Space a Space n o t e");
	CHECK_INT(screen->menu.n, 0); /* a note is anything */
	press(screen, "Esc");
	end(screen);
}

TEST(commands_are_called_by_their_words_too)
{
	struct screen *screen = begin();
	i18n_init("es");
	say(screen, ":cerrar false_positive");
	CHECK_INT(screen->modal, MODAL_NONE);
	CHECK_INT(fake.alerts[0].resolution, RESOLUTION_FALSE_POSITIVE);
	press(screen, "g : p o s p o n e r Space Tab"); /* and complete what they take */
	CHECK_STR(screen->prompt.text, "posponer 1h");
	press(screen, "Esc");
	say(screen, ":posponer nunca");
	CHECK_INT(screen->modal, MODAL_COMMAND);
	CHECK(strstr(screen->prompt.fault.text, "por cu\xC3\xA1nto tiempo") != NULL);
	CHECK_INT(screen->prompt.fault_at, 9);
	press(screen, "Esc");
	say(screen, ":ack"); /* names are the same in every language */
	CHECK_INT(screen->modal, MODAL_NONE);
	end(screen);
}

TEST(an_order_is_found_by_its_words_in_either_language)
{
	static const struct {
		const char *language, *typed;
		enum command command;
	} rows[] = { { "es", "snooze", CMD_SNOOZE }, { "es", "posponer", CMD_SNOOZE }, { "en", "posponer", CMD_SNOOZE }, { "en", "silenciar", CMD_SILENCE },
		{ "es", "acknowledge", CMD_ACK }, { "en", "reconocer", CMD_ACK }, { "en", "columnas", CMD_COLUMNS }, { "es", "hand over", CMD_HANDOVER },
		{ "en", "entrega", CMD_HANDOVER }, { "es", "undo", CMD_UNDO }, { "en", "explorador", CMD_CALLS }, { "es", "filter", CMD_FILTER } };
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct screen *screen = begin_in(rows[i].language);
		press(screen, "Space");
		type(screen, rows[i].typed);
		REQUIRE(screen->menu.n > 0);
		if (screen->menu.items[0].value != (int64_t)rows[i].command)
			printf("%s in %s: %s\n", rows[i].typed, rows[i].language, screen->menu.items[0].label);
		CHECK_INT(screen->menu.items[0].value, rows[i].command);
		end(screen);
	}
	struct screen *screen = begin_in("en");
	say(screen, ":posponer 1h almuerzo");
	CHECK_INT(fake.alerts[0].state, ALERT_SNOOZED);
	end(screen);
}

TEST(the_prompt_fits_any_size)
{
	static const char *const places[] = { ": s", ": Tab Tab", ": c l o s e Space Tab", ": c l o s e Space x Enter", "Space s n", "5 5", "; a", "," };
	for (size_t i = 0; i < COUNT_OF(places); i++) {
		struct screen *screen = begin();
		press(screen, places[i]);
		for (int k = 1; k < 300; k++) {
			screen_resize(screen, k * 7919 % 60 + 1, k * 104729 % 140 + 1);
			screen_draw(screen);
			if (k % 50 == 0)
				press(screen, "Tab");
		}
		end(screen);
	}
}

TEST(only_a_whole_name_is_done)
{
	struct screen *screen = begin();
	press(screen, ": w a k Enter");
	CHECK_INT(screen->modal, MODAL_COMMAND);
	CHECK(screen_says(screen, "no such command: wak; is \"wake\" meant?"));
	press(screen, "e");
	CHECK(!screen_says(screen, "no such command"));
	press(screen, "Esc 1");
	/* What is not possible here says where it is. */
	press(screen, ": s n o o z e");
	CHECK(screen_says(screen, "elsewhere: On alerts"));
	press(screen, "Enter");
	CHECK_INT(screen->focus, 0);
	end(screen);
}

TEST(help_is_searched_without_accents_and_by_its_headings)
{
	struct screen *screen = begin();
	i18n_init("es");
	screen_resize(screen, 60, 80);
	press(screen, "? / r e s o l u c i o n Enter");
	CHECK(screen_says(screen, "c F8               Cerrar con una resoluci\xC3\xB3n"));
	CHECK(!screen_says(screen, "Escribir una nota"));
	press(screen, "/ C-u s i g n o s Enter"); /* all that stands under it */
	CHECK(screen_says(screen, "Signos"));
	CHECK(screen_says(screen, "CR\xC3\x8DT"));
	CHECK(!screen_says(screen, "Escribir una nota"));
	press(screen, "\\");
	CHECK(screen_says(screen, "Escribir una nota"));
	CHECK(fuzzy_contains("Sesi\xC3\xB3n", "sesion") && fuzzy_contains("x", "") && !fuzzy_contains("", "x"));
	CHECK(fuzzy_contains("aab", "ab") && !fuzzy_contains("a b", "ab"));
	end(screen);
}

/* ---- palette ------------------------------------------------------------------------------ */

static enum command first_of_palette(const struct screen *screen)
{
	return (enum command)screen->menu.items[0].value;
}

TEST(the_palette_has_what_was_used_lately_first)
{
	struct screen *screen = begin();
	press(screen, "Space");
	size_t n = screen->menu.n;
	CHECK_INT(first_of_palette(screen), CMD_OPEN);
	for (size_t i = 0; i < n; i++)
		CHECK(!screen->menu.items[i].off);
	press(screen, "m o u s e Enter Space");
	CHECK_INT(first_of_palette(screen), CMD_MOUSE);
	CHECK_INT(screen->menu.n, n);
	press(screen, "Esc");
	say(screen, ":mask");
	press(screen, "Space m"); /* also from `:`; fuzzy first, then lately */
	CHECK_INT(first_of_palette(screen), CMD_MASK);
	press(screen, "o");
	CHECK_INT(first_of_palette(screen), CMD_MOUSE);
	press(screen, "C-u s e s i o n Esc");
	end(screen);
}

TEST(the_palette_says_why_something_is_not_possible)
{
	struct screen *screen = begin();
	press(screen, "1 Space s n o o z e");
	REQUIRE(screen->menu.n > 0);
	CHECK(screen->menu.items[0].off);
	CHECK(screen_says(screen, "elsewhere: On alerts"));
	press(screen, "Enter");
	CHECK(says(screen, "Snooze for a while, with a reason: elsewhere: On alerts"));
	fake.read_only = true;
	press(screen, "4 Space s n o o z e");
	CHECK(screen_says(screen, "This console is read-only."));
	press(screen, "Esc");
	end(screen);
}

TEST(letters_fit_words_better_than_gaps_and_accents_do_not_matter)
{
	CHECK_INT(fuzzy_score("anything", ""), 0);
	CHECK_INT(fuzzy_score("snooze", "snx"), -1);
	CHECK_INT(fuzzy_score("", "a"), -1);
	static const struct {
		const char *letters, *better, *worse;
	} rows[] = { { "sn", "snooze", "silence" }, { "cl", "close", "alert calls" }, { "fp", "false_positive", "after puzzles" },
		{ "ask", "ask now", "a sack" }, { "te", "text", "note" } };
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		CHECK(fuzzy_score(rows[i].better, rows[i].letters) > fuzzy_score(rows[i].worse, rows[i].letters));
	CHECK(fuzzy_score("Iniciar sesi\xC3\xB3n", "sesion") > 0);
	CHECK_INT(fuzzy_score("SESI\xC3\x93N", "sesi\xC3\xB3n"), fuzzy_score("sesion", "Sesion"));
	char text[4000];
	memset(text, 'a', sizeof text - 1);
	text[sizeof text - 1] = '\0';
	CHECK(fuzzy_score(text, text) > 0);
	CHECK(fuzzy_score("\xff\xfe", "\xff") >= -1);
}

/* ---- what is kept -------------------------------------------------------------------------- */

static struct screen *begin_kept(const char *path)
{
	fake_start(7, 10);
	return screen_begin("en", 36, 120, &(struct screen_options){ .history_file = path });
}

TEST(what_was_typed_is_there_in_the_next_run)
{
	char folder[] = "/tmp/centinela-history-XXXXXX", path[80], line[80];
	struct stat st;
	REQUIRE(mkdtemp(folder) != NULL);
	snprintf(path, sizeof path, "%s/new/history", folder);
	struct screen *screen = begin_kept(path);
	press(screen, "j");
	end(screen);
	CHECK(stat(path, &st) != 0); /* nothing was typed */
	screen = begin_kept(path);
	say(screen, ":mask");
	say(screen, ":sort who");
	press(screen, "/ I R S F Enter");
	press(screen, "n s e c r e t Enter"); /* words for an alert are not kept */
	end(screen);
	REQUIRE(stat(path, &st) == 0);
	CHECK_INT(st.st_mode & 0777, 0600);
	screen = begin_kept(path);
	press(screen, ": Up");
	CHECK_STR(screen->prompt.text, "sort who");
	press(screen, "Up");
	CHECK_STR(screen->prompt.text, "mask");
	press(screen, "Esc / Up");
	CHECK_STR(screen->prompt.text, "IRSF");
	press(screen, "Esc Space");
	CHECK_INT(first_of_palette(screen), CMD_SORT); /* used lately, though in another run */
	press(screen, "Esc");
	/* Two consoles: neither's is lost, and it does not grow without an end. */
	for (int i = 0; i < 60; i++) {
		snprintf(line, sizeof line, ":note %d", i);
		say(screen, line);
	}
	screen_free(screen);
	struct screen *other = begin_kept(path);
	press(other, ": Up");
	CHECK_STR(other->prompt.text, "note 59");
	CHECK_INT(other->command_history.n, PROMPT_HISTORY);
	end(other);
	CHECK(stat(path, &st) == 0 && st.st_size < 64 * 1024);
	/* One that others may read, or that is no text, harms nobody. */
	CHECK_INT(chmod(path, 0644), 0);
	screen = begin_kept(path);
	CHECK(says(screen, "chmod 600"));
	CHECK_INT(screen->command_history.n, 0);
	end(screen);
	FILE *file = fopen(path, "w");
	REQUIRE(file != NULL);
	fputs(":ok\n:\x1b[31m\n\xff\n/\n:", file);
	for (int i = 0; i < 3000; i++)
		fputc('x', file);
	fclose(file);
	CHECK_INT(chmod(path, 0600), 0);
	screen = begin_kept(path);
	CHECK_INT(screen->command_history.n, 3);
	CHECK_STR(screen->command_history.lines[1], "\xEF\xBF\xBD[31m");
	end(screen);
	unlink(path);
	snprintf(path, sizeof path, "%s/new", folder);
	rmdir(path);
	rmdir(folder);
}

TEST(a_wrong_key_file_is_said_for_as_long_as_a_message)
{
	struct screen *screen = begin_with_keys("commands:\n  nothing: [x]\n");
	CHECK(says(screen, ":2:3: no such command: nothing"));
	CHECK_INT(screen->message_role, ROLE_ERROR);
	screen_tick(screen, 8000);
	CHECK(screen->message[0] != '\0');
	screen_tick(screen, 9500);
	CHECK(screen->message[0] == '\0');
	press(screen, "j");
	CHECK_INT(screen->panes[3]->type->list(screen->panes[3])->selected, 1);
	end(screen);
}

TEST(a_key_is_offered_where_it_does_something)
{
	fake_start(7, 10);
	struct screen *screen = screen_begin("en", 36, 120, &(struct screen_options){ 0 });
	CHECK(screen_offers(screen, CMD_OPEN)); /* a row of the queue */
	press(screen, "Enter");
	CHECK_STR(screen_why_not(screen, CMD_OPEN), "this line leads nowhere"); /* whose alert it is */
	const struct document *document = pane_document(screen_focused(screen));
	for (int i = 0; i < 40 && document_target(document).kind != TARGET_CALL; i++)
		press(screen, "j");
	CHECK_INT(document_target(document).kind, TARGET_CALL); /* its evidence */
	CHECK(screen_offers(screen, CMD_OPEN));
	press(screen, "J"); /* the record: there is nothing behind it */
	CHECK(screen_focused(screen)->type == &view_raw && !screen_offers(screen, CMD_OPEN));
	press(screen, "Esc Esc V");
	CHECK(screen_focused(screen)->type == &view_silences && screen_list(screen)->n == 0);
	CHECK_STR(screen_why_not(screen, CMD_SILENCE_END), "there is no row here");
	CHECK(!screen_offers(screen, CMD_SILENCE_EXTEND) && !screen_offers(screen, CMD_OPEN) && screen_offers(screen, CMD_SILENCE_NEW));
	end(screen);
}

TEST(the_help_explains_the_signs_of_the_queue)
{
	fake_start(7, 10);
	struct screen *screen = screen_begin("es", 36, 120, &(struct screen_options){ 0 });
	press(screen, "?");
	press(screen, "G");
	CHECK(screen_says(screen, "5m\u25BE                le queda menos de un cuarto de ese tiempo"));
	CHECK(screen_says(screen, "+3                 tantas alertas m\u00E1s en su caso"));
	end(screen);
}

TESTS(T(a_key_is_offered_where_it_does_something), T(the_help_explains_the_signs_of_the_queue), T(an_act_is_typed_with_what_it_would_have_asked), T(what_is_offered_stands_in_two_columns), T(a_resolution_is_typed_in_either_language), T(what_is_wrong_is_said_while_it_is_typed),
    T(lists_are_sorted_and_filtered_by_name), T(looks_are_changed_by_name),
    T(menus_and_counts_follow_a_persons_keys), T(a_key_file_has_macros_by_name), T(what_a_command_asks_is_answered_in_the_same_line), T(a_key_says_beforehand_what_would_be_asked), T(tab_completes_a_name_and_what_it_takes), T(commands_are_called_by_their_words_too), T(the_prompt_fits_any_size), T(only_a_whole_name_is_done), T(help_is_searched_without_accents_and_by_its_headings), T(the_palette_has_what_was_used_lately_first),
    T(the_palette_says_why_something_is_not_possible), T(letters_fit_words_better_than_gaps_and_accents_do_not_matter),
    T(what_was_typed_is_there_in_the_next_run), T(a_wrong_key_file_is_said_for_as_long_as_a_message),
    T(an_attack_is_rehearsed_from_anywhere),
    T(a_rehearsal_waits_until_it_is_known_which_attacks_there_are),
    T(an_order_is_found_by_its_words_in_either_language))
