/* SPDX-License-Identifier: Apache-2.0
 *
 * Acts on many alerts: all that pass a filter, and what is seen before it is done. */
#include "test.h"

#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "screen_rig.h"

static struct screen *begin(size_t n_alerts)
{
	fake_start(n_alerts, 10);
	return screen_begin("en", 36, 120, &(struct screen_options){ 0 });
}

static size_t n_closed(void)
{
	size_t n = 0;
	for (size_t i = 0; i < fake.n_alerts; i++)
		n += fake.alerts[i].state == ALERT_CLOSED;
	return n;
}

static const char *item(struct screen *screen, size_t i)
{
	return i < screen->menu.n ? screen->menu.items[i].label : "";
}

TEST(the_next_act_is_for_all_that_pass_the_filter)
{
	struct screen *screen = begin(120);
	size_t n_high = 0;
	char said[80];
	for (size_t i = 0; i < fake.n_alerts; i++)
		n_high += fake.alerts[i].severity == SEVERITY_HIGH;
	press(screen, "m /");
	say(screen, "severity = high");
	press(screen, "&");
	snprintf(said, sizeof said, "The next act is for %zu alerts (q drops them): \xE2\x97\x86 HIGH %zu", n_high, n_high);
	CHECK(says(screen, said));
	snprintf(said, sizeof said, "all %zu taken", n_high);
	CHECK(screen_says(screen, said));
	size_t before = n_closed();
	press(screen, "c 3");
	snprintf(said, sizeof said, "close (false positive): %zu alerts", n_high);
	CHECK_STR(screen->menu.title, said);
	CHECK_INT(n_closed(), before); /* nothing was done yet */
	press(screen, "1");
	CHECK_INT(n_closed(), before + n_high);
	for (size_t i = 0; i < fake.n_alerts; i++)
		CHECK((fake.alerts[i].state == ALERT_CLOSED) == (fake.alerts[i].severity == SEVERITY_HIGH));
	/* For one act. */
	CHECK(!screen_says(screen, "taken"));
	end(screen);
}

static struct screen *begin_with_a_case(size_t n_critical)
{
	fake_start(7, 10);
	for (size_t i = 0; i < 4; i++) {
		fake.alerts[i].case_id = fake.alerts[0].id;
		fake.alerts[i].severity = i < n_critical ? SEVERITY_CRITICAL : SEVERITY_HIGH;
	}
	return screen_begin("en", 36, 120, &(struct screen_options){ 0 });
}

static size_t n_silent(void)
{
	size_t n = 0;
	for (size_t i = 0; i < fake.n_alerts; i++)
		n += fake.alerts[i].silence_until_ms > 0;
	return n;
}

TEST(a_case_is_silenced_but_for_what_is_critical_and_seen_before)
{
	struct screen *screen = begin_with_a_case(1);
	press(screen, "K");
	CHECK_STR(screen->menu.title, "Silence alerts like it: 4 alerts \xC2\xB7 1 critical one stays");
	press(screen, "2");
	say(screen, "a test of the trunk");
	CHECK_STR(screen->menu.title, "silence 7d: 4 alerts");
	CHECK_STR(item(screen, 0), "do it: 3 of 4 alerts");
	CHECK_STR(item(screen, 2), "never silenced: \xE2\x96\xB2 CRIT 1");
	CHECK_INT(n_silent(), 0);
	press(screen, "Enter");
	CHECK_INT(n_silent(), 3);
	CHECK_INT(fake.alerts[0].silence_until_ms, 0);
	CHECK(says(screen, "Alerts like it are silenced: 3 alerts; 1 refused"));
	end(screen);
}

TEST(of_critical_ones_alone_it_is_said_what_to_do_instead)
{
	struct screen *screen = begin_with_a_case(4);
	press(screen, "K");
	CHECK_INT(screen->modal, MODAL_NONE);
	CHECK(says(screen, "All are critical, and such are never silenced: z snoozes them."));
	/* In the case, of the line that names one, and of all of it. */
	press(screen, "i K");
	CHECK_INT(screen->modal, MODAL_NONE);
	CHECK(says(screen, "All are critical"));
	press(screen, "8 j K");
	CHECK_INT(screen->modal, MODAL_NONE);
	CHECK(says(screen, "#41"));
	CHECK(says(screen, "is critical"));
	CHECK_INT(n_silent(), 0);
	end(screen);
}

TEST(what_was_taken_is_dropped_by_whoever_means_something_else)
{
	static const char *const keys[] = { "q", "m", "*", "X", "/ Esc", "\\" };
	for (size_t i = 0; i < COUNT_OF(keys); i++) {
		struct screen *screen = begin(7);
		press(screen, "&");
		CHECK(bulk_n_taken(screen, screen->panes[3]) > 1);
		press(screen, keys[i]);
		CHECK_INT(bulk_n_taken(screen, screen->panes[3]), 0);
		end(screen);
	}
	/* Elsewhere an act is for what is there. */
	struct screen *screen = begin(7);
	press(screen, "& Enter a");
	CHECK(says(screen, "Acknowledged: #"));
	end(screen);
}

TEST(nothing_passes_too_many_pass_or_nobody_can_say)
{
	struct screen *screen = begin(7);
	press(screen, "/");
	say(screen, "id = 77777");
	press(screen, "&");
	CHECK(says(screen, "No alert passes the filter."));
	CHECK_INT(bulk_n_taken(screen, screen->panes[3]), 0);
	press(screen, "\\");
	fake.cut = true;
	press(screen, "&");
	CHECK(says(screen, "not for all that match"));
	press(screen, "q");
	fault_set(&fake.fault, FAULT_SYSTEM, "%s", "the disk is gone");
	press(screen, "&");
	CHECK(says(screen, "the disk is gone"));
	fake.fault.code = FAULT_NONE;
	fake.read_only = true;
	press(screen, "&");
	CHECK(says(screen, "read-only"));
	end(screen);
}

TEST(what_is_somebody_elses_can_be_left_alone)
{
	struct screen *screen = begin(7);
	for (size_t i = 0; i < 3; i++)
		fake.alerts[i].assignee = i == 0 ? "luis" : "eva";
	press(screen, "& n");
	say(screen, "seen");
	CHECK_STR(item(screen, 1), "all but the 3 that are somebody else's");
	CHECK_STR(item(screen, screen->menu.n - 1), "somebody else's: luis 1 \xC2\xB7 eva 2");
	size_t n = screen->menu.n;
	/* Lines that are only to be read are never chosen. */
	press(screen, "G j j j");
	CHECK_INT(screen->menu.selected, 1);
	press(screen, "Enter");
	CHECK(n > 3);
	for (size_t i = 0; i < fake.n_alerts; i++)
		CHECK(i < 3 ? fake.alerts[i].n_notes == 0 : fake.alerts[i].state == ALERT_CLOSED || fake.alerts[i].n_notes > 0);
	CHECK(says(screen, "3 refused"));
	end(screen);
}

TEST(esc_leaves_all_as_it_is)
{
	struct screen *screen = begin(7);
	size_t before = n_closed();
	press(screen, "m m c 3 Esc");
	CHECK_INT(n_closed(), before);
	CHECK_INT(screen->modal, MODAL_NONE);
	CHECK_INT(screen->n_in_flight, 0);
	CHECK_INT(list_n_marked(screen_list(screen)), 2); /* they are still meant */
	press(screen, "c 3 Enter");
	CHECK_INT(n_closed(), before + 2);
	end(screen);
}

TEST(an_act_on_one_asks_nothing_more)
{
	struct screen *screen = begin(7);
	press(screen, "m c 3");
	CHECK_INT(screen->modal, MODAL_NONE);
	CHECK(says(screen, "Closed: #"));
	end(screen);
}

TEST(tags_are_typed_seen_and_taken_back)
{
	struct screen *screen = begin(7);
	screen_resize(screen, 36, 200);
	press(screen, "o j $");
	say(screen, "vip");
	CHECK(says(screen, "Tagged: #413"));
	CHECK(screen_says(screen, "night [vip]"));
	press(screen, "$");
	say(screen, "Fraude");
	press(screen, "Enter");
	CHECK(screen_says(screen, "tags      fraude vip"));
	say(screen, ":tag -vip");
	CHECK(screen_says(screen, "tags      fraude "));
	CHECK(!screen_says(screen, "vip"));
	press(screen, "$");
	say(screen, "no*tag"); /* what is none is said while it is typed */
	CHECK_INT(screen->modal, MODAL_PROMPT);
	CHECK(strstr(screen->prompt.fault.text, "a tag is a word") != NULL);
	press(screen, "Esc q /");
	say(screen, "tag = fraude");
	CHECK_INT(screen_list(screen)->n, 1);
	end(screen);
}

TEST(an_alert_is_raised_by_hand)
{
	struct screen *screen = begin(7);
	press(screen, "!");
	say(screen, " ");
	CHECK(strstr(screen->prompt.fault.text, "a few words") != NULL);
	press(screen, "C-u");
	say(screen, "They ask for passwords");
	say(screen, "+573105550001");
	CHECK_STR(screen->menu.title, "3/5 How bad is it?");
	press(screen, "2");
	say(screen, "Colombia");
	say(screen, "three times today");
	CHECK(says(screen, "Raised: #900, yours."));
	CHECK(screen_focused(screen)->type == &view_alert);
	CHECK_INT(screen_focused(screen)->id, 900);
	CHECK_INT(fake.alerts[7].severity, SEVERITY_HIGH);
	CHECK_STR(fake.alerts[7].location, "Colombia");
	/* Esc at any question: nothing came of it. */
	say(screen, ":new-alert");
	press(screen, "Esc");
	press(screen, "!");
	say(screen, "x");
	say(screen, "y");
	press(screen, "Esc");
	press(screen, "!");
	say(screen, "x");
	say(screen, "y");
	press(screen, "1");
	press(screen, "Esc");
	CHECK_INT(fake.n_alerts, 8);
	CHECK_INT(screen->n_in_flight, 0);
	fake.read_only = true;
	press(screen, "!");
	CHECK(says(screen, "read-only"));
	end(screen);
}

TEST(what_was_raised_does_not_open_under_a_hand)
{
	static const char *const turns[] = { "", ":", "V", "Enter", "V q" };
	for (size_t i = 0; i < COUNT_OF(turns); i++) {
		struct screen *screen = begin(7);
		fake.acts_later = true;
		press(screen, "!");
		say(screen, "They ask for passwords");
		say(screen, "+573105550001");
		press(screen, "2");
		say(screen, "Colombia");
		say(screen, "three times today");
		press(screen, turns[i]);
		const struct pane *before = screen_focused(screen);
		enum modal modal = screen->modal;
		fake.raised.on_done(fake.raised.arg, &(struct manual_raised){ .id = 900 }, NULL);
		CHECK_STR(screen->message, "Raised: #900, yours.  (u undoes)");
		CHECK_INT(screen->modal, modal);
		if (*turns[i] == '\0' || strcmp(turns[i], "V q") == 0) { /* it is where it was asked */
			CHECK(screen_focused(screen)->type == &view_alert);
			CHECK_INT(screen_focused(screen)->id, 900);
		} else {
			CHECK(screen_focused(screen) == before);
		}
		end(screen);
	}
}

/* What an editor left behind: a file in a folder of its own. */
static char *written(const char *text)
{
	char own[] = "/tmp/centinela-note-XXXXXX";
	if (mkdtemp(own) == NULL)
		return NULL;
	char *path = mem_printf("%s/note.txt", own);
	FILE *file = fopen(path, "w");
	if (file != NULL) {
		fputs(text, file);
		fclose(file);
	}
	return path;
}

static bool is_there(const char *path)
{
	struct stat st;
	return stat(path, &st) == 0;
}

static void forget(char *path)
{
	unlink(path);
	*strrchr(path, '/') = '\0';
	rmdir(path);
	free(path);
}

TEST(a_draft_is_of_the_alert_that_it_was_written_for)
{
	struct screen *screen = begin(7);
	struct fault fault = { 0 };
	char *first = written("of the first"), *second = written("of the second"), *again = written("of the first, again");
	REQUIRE(first != NULL && second != NULL && again != NULL);
	fault_fill(&fault, FAULT_STORE, "the store is locked");
	fake.acts_later = true;
	press(screen, "W");
	CHECK_STR(note_draft(screen), "");
	note_edited(screen, first, "of the first", NULL);
	fake.ordered[0].on_done(fake.ordered[0].arg, 0, 1, &fault);
	CHECK(strstr(screen->message, first) != NULL);
	/* Another alert's begins empty, and takes nothing from the first. */
	press(screen, "j W");
	CHECK_STR(note_draft(screen), "");
	note_edited(screen, second, "of the second", NULL);
	CHECK(is_there(first) && is_there(second));
	/* The first again, while the second is not answered. */
	press(screen, "k W");
	CHECK_STR(note_draft(screen), "of the first");
	note_edited(screen, again, "of the first, again", NULL);
	CHECK(!is_there(first) && is_there(again) && is_there(second));
	CHECK_INT(fake.n_ordered, 3);
	fake.ordered[1].on_done(fake.ordered[1].arg, 1, 0, NULL);
	CHECK(!is_there(second) && is_there(again));
	/* What is on its way is not offered to be written twice, and not dropped. */
	press(screen, "W");
	CHECK_STR(note_draft(screen), "");
	note_edited(screen, second, "", NULL);
	CHECK(is_there(again));
	fake.ordered[2].on_done(fake.ordered[2].arg, 0, 1, &fault);
	CHECK(strstr(screen->message, again) != NULL);
	press(screen, "W");
	CHECK_STR(note_draft(screen), "of the first, again");
	/* An editor that failed takes nothing. */
	note_edited(screen, NULL, NULL, &fault);
	press(screen, "W");
	CHECK_STR(note_draft(screen), "of the first, again");
	end(screen);
	CHECK(is_there(again)); /* not noted: it stays */
	forget(first);
	forget(second);
	forget(again);
}

TEST(an_alert_is_linked_and_merged_by_the_number_of_another)
{
	struct screen *screen = begin(7);
	char line[40];
	int64_t other = fake.alerts[3].id;
	for (size_t k = 0; k < fake.n_alerts; k++)
		fake.alerts[k].case_id = fake.alerts[k].id;
	say(screen, ":group none");
	press(screen, "M-l");
	say(screen, "x");
	CHECK_STR(screen->prompt.fault.text, "the number of an alert");
	press(screen, "C-u");
	snprintf(line, sizeof line, "#%" PRId64, other);
	say(screen, line);
	CHECK(says(screen, "Linked: #"));
	CHECK_INT(fake.alerts[0].case_id, fake.alerts[3].case_id);
	press(screen, "M-u");
	CHECK(says(screen, "Unlinked: #"));
	snprintf(line, sizeof line, ":merge %" PRId64, other);
	say(screen, line);
	CHECK(says(screen, "Merged: #"));
	CHECK_INT(fake.alerts[0].merged_into, other);
	say(screen, ":merge what");
	CHECK(says(screen, "That is no number of an alert."));
	screen_open(screen, &view_alert, other);
	screen_tick(screen, screen->steady_ms + 1000);
	CHECK(screen_says(screen, "Its duplicates: with them"));
	screen_open(screen, &view_alert, fake.alerts[0].id);
	screen_tick(screen, screen->steady_ms + 1000);
	snprintf(line, sizeof line, "a duplicate of #%" PRId64, other);
	CHECK(screen_says(screen, line));
	end(screen);
}

TEST(the_other_alert_is_chosen_from_a_list)
{
	struct screen *screen = begin(7);
	for (size_t k = 0; k < fake.n_alerts; k++)
		fake.alerts[k].case_id = fake.alerts[k].id;
	fake.alerts[5].subject_id = fake.alerts[0].subject_id; /* another one of the same: it stands first */
	say(screen, ":group none");
	press(screen, "M-l");
	CHECK_INT(screen->menu.n, 6); /* not itself */
	CHECK_INT(screen->menu.items[0].value, fake.alerts[5].id);
	for (size_t i = 0; i < screen->menu.n; i++)
		CHECK(screen->menu.items[i].value != fake.alerts[0].id);
	press(screen, "p e n a"); /* Marta Peña: by whom it is about, without accents */
	CHECK_INT(screen->menu.items[0].value, 414);
	press(screen, "C-u w e e p"); /* by its title */
	CHECK_INT(screen->menu.items[0].value, 415);
	press(screen, "C-u 4 1"); /* by how its number begins; what is no alert here is offered as typed */
	CHECK_INT(screen->menu.items[0].value, 41);
	CHECK_INT(screen->menu.items[1].value / 10, 41);
	press(screen, "7");
	CHECK_INT(screen->menu.items[0].value, 417);
	press(screen, "C-u Down Down Up Enter");
	CHECK(says(screen, "Linked: #412"));
	CHECK(fake.alerts[0].case_id != 412);
	/* Merged so, too; Esc leaves it all as it is. */
	press(screen, "d Esc");
	CHECK_INT(screen->modal, MODAL_NONE);
	CHECK(screen->pick == NULL);
	press(screen, "d w e e p Enter");
	CHECK_INT(fake.alerts[0].merged_into, 415);
	end(screen);
}

TEST(a_link_that_is_refused_has_its_list_again)
{
	static const char *const typed[] = { "weep", "" };
	struct screen *screen = begin(7);
	for (size_t k = 0; k < fake.n_alerts; k++)
		fake.alerts[k].case_id = fake.alerts[k].id;
	say(screen, ":group none");
	press(screen, "M-l w e e p Enter");
	CHECK_INT(fake.alerts[0].case_id, 415);
	for (size_t i = 0; i < COUNT_OF(typed); i++) {
		press(screen, "M-l");
		type(screen, typed[i]);
		while (*typed[i] == '\0' && screen->menu.items[screen->menu.selected].value != 415)
			press(screen, "Down");
		press(screen, "Enter"); /* it is there already */
		CHECK_INT(screen->modal, MODAL_PROMPT);
		CHECK(screen->pick != NULL && screen_says(screen, "Which alert?") && screen_says(screen, "in case #415 already"));
		CHECK_STR(screen->prompt.text, typed[i]);
		CHECK(screen->menu.n > 0 && screen->menu.items[screen->menu.selected].value == 415);
		/* Of the same list another one is taken, or none. */
		press(screen, "C-u p e n a");
		CHECK(!screen_says(screen, "in case #415 already"));
		CHECK_INT(screen->menu.items[0].value, 414);
		press(screen, "Esc");
		CHECK(screen->modal == MODAL_NONE && screen->pick == NULL);
	}
	press(screen, "M-l w e e p Enter C-u p e n a Enter");
	CHECK_INT(fake.alerts[0].case_id, 414);
	CHECK_INT(screen->modal, MODAL_NONE);
	/* Whoever went on meanwhile has a message, and the list is gone. */
	fake.acts_later = true;
	press(screen, "M-l p e n a Enter j");
	struct fault fault = { 0 };
	fault_set(&fault, FAULT_CONFLICT, "somebody was faster");
	fake.ordered[0].on_done(fake.ordered[0].arg, 0, 1, &fault);
	CHECK(says(screen, "somebody was faster"));
	CHECK(screen->modal == MODAL_NONE && screen->pick == NULL);
	end(screen);
}

TEST(the_list_of_other_alerts_has_what_is_found_in_the_store)
{
	fake_start(FAKE_ALERTS, 10);
	struct screen *screen = screen_begin("en", 36, 120, &(struct screen_options){ 0 });
	fake.alerts[FAKE_ALERTS - 1].title_en = "Zebra crossing at night"; /* the oldest of all */
	fake.alerts[FAKE_ALERTS - 1].raised_ms = NOW_MS - 400 * DAY_MS;
	size_t asked = fake.n_asked;
	say(screen, ":group none");
	press(screen, "M-l");
	CHECK(screen->menu.n > 0 && screen->menu.n <= MENU_MAX);
	CHECK(fake.n_asked > asked);
	type(screen, "zebra");
	CHECK_INT(screen->menu.items[0].value, fake.alerts[FAKE_ALERTS - 1].id);
	press(screen, "Esc");
	/* A store that does not answer: the number is enough, and nobody is told afterwards. */
	fake.silent = true;
	press(screen, "M-l 4 1 5");
	CHECK_INT(screen->menu.n, 1);
	CHECK_INT(screen->menu.items[0].value, 415);
	press(screen, "Esc");
	end(screen);
}

TEST(others_see_what_is_open_here_and_when_it_is_not)
{
	struct screen *screen = begin(7);
	CHECK_INT(fake.n_viewed, 0); /* a list is nobody's business */
	press(screen, "Enter");
	CHECK_INT(fake.viewed, 412);
	CHECK_INT(fake.n_viewed, 1);
	press(screen, "j");
	screen_tick(screen, screen->steady_ms + 2000);
	CHECK_INT(fake.n_viewed, 1); /* not at every turn */
	screen_tick(screen, screen->steady_ms + VIEWING_MS / 2);
	CHECK_INT(fake.n_viewed, 2);
	press(screen, "q");
	CHECK_INT(fake.viewed, 0);
	CHECK_INT(fake.n_viewed, 3);
	press(screen, "Enter");
	fake.viewed = -1;
	screen_free(screen); /* whoever leaves is gone at once */
	CHECK_INT(fake.viewed, 0);
	fake_stop();
}

TEST(who_looks_is_named_and_oneself_is_you)
{
	struct screen *screen = begin(7);
	fake.viewers = (struct viewers){ .n = 1, .items = { { 412, "luis" } } };
	fake.board.alerts_version++;
	press(screen, "Enter");
	CHECK(screen_says(screen, "luis is looking at it"));
	fake.viewers = (struct viewers){ .n = 2, .items = { { 412, "ana" }, { 412, "luis" } } };
	fake.board.alerts_version++;
	screen_tick(screen, screen->steady_ms + 1000);
	CHECK(screen_says(screen, "you in another console, luis are looking at it"));
	fake.viewers.n = 1;
	fake.board.alerts_version++;
	screen_tick(screen, screen->steady_ms + 1000);
	CHECK(screen_says(screen, "you are looking at it in another console"));
	fake.viewers.n = 0;
	fake.board.alerts_version++;
	screen_tick(screen, screen->steady_ms + 1000);
	CHECK(!screen_says(screen, "looking at it"));
	end(screen);
}

TEST(steps_of_the_playbook_are_ticked_and_opened_again)
{
	struct screen *screen = begin(7);
	screen_resize(screen, 60, 120);
	press(screen, "Enter");
	CHECK(screen_says(screen, "What to do: 0 of 3 done"));
	CHECK(screen_says(screen, "[ ] Ask the person"));
	press(screen, "x");
	CHECK(says(screen, "Step 1 of 3 done."));
	CHECK(screen_says(screen, "[x] Ask the person"));
	CHECK(screen_says(screen, "ana \xC2\xB7 2026-10-05 14:04"));
	CHECK(screen_says(screen, "What to do: 1 of 3 done"));
	press(screen, "x"); /* with the cursor elsewhere the next that is open */
	CHECK(says(screen, "Step 2 of 3 done."));
	press(screen, "x x");
	CHECK(says(screen, "Every step is done."));
	CHECK_INT(fake.n_steps, 3);
	/* On its line: that one, either way. */
	struct list *list = screen_list(screen);
	for (size_t i = 0; i < list->n; i++) {
		list_select(list, i);
		if (document_target(pane_document(screen_focused(screen))).kind == TARGET_SUBJECT)
			break;
	}
	press(screen, "Enter");
	CHECK(says(screen, "Step 1 of 3 is open again."));
	CHECK_INT(fake.n_steps, 2);
	fake.read_only = true;
	press(screen, "x");
	CHECK(says(screen, "read-only"));
	/* An alert whose rule says nothing of what to do. */
	fake.read_only = false;
	fake.n_steps = 0;
	press(screen, "q j Enter x");
	CHECK(says(screen, "Its rule has no playbook."));
	CHECK(!screen_says(screen, "What to do"));
	end(screen);
}

/* Of one alert it is known where it goes: `low` is told to nobody. */
static struct {
	enum triage_act act;
	int64_t id; /* 0: of which is not known */
	bool people;
} asked_told;

static void told_outside(void *arg, enum triage_act act, const struct alert *alert, enum severity worst, struct told *out)
{
	CHECK(arg == &asked_told && worst == SEVERITY_CRITICAL);
	asked_told.act = act;
	asked_told.id = alert != NULL ? alert->id : 0;
	out->people = asked_told.people;
	out->n = alert == NULL || alert->severity > SEVERITY_LOW;
	snprintf(out->names, sizeof out->names, "%s", out->n > 0 ? "soc-room" : "");
}

static bool menu_says(struct screen *screen, const char *words)
{
	for (size_t i = 0; i < screen->menu.n; i++)
		if (strstr(screen->menu.items[i].label, words) != NULL)
			return screen->menu.items[i].off && screen_says(screen, words);
	return false;
}

TEST(what_is_told_outside_is_said_before_it_is_done)
{
	static const char *const sure = "! told to soc-room: that cannot be undone", *const may = "! may be told to soc-room";
	struct screen *screen = begin(120);
	fake.board.told_of = told_outside;
	fake.board.told_arg = &asked_told;
	asked_told.people = true;
	press(screen, "x 1 g");
	struct alert *first = alert_by_id(list_selected_id(screen_list(screen)));
	static const char *const menus[] = { "c", "z" };
	for (size_t i = 0; i < COUNT_OF(menus); i++) {
		press(screen, menus[i]);
		CHECK(screen->modal == MODAL_MENU && menu_says(screen, sure));
		press(screen, "G"); /* it is no choice */
		CHECK(!screen->menu.items[screen->menu.selected].off);
		press(screen, "Esc");
	}
	CHECK_INT(asked_told.id, first->id);
	static const char *const prompts[] = { "n", "$", "A", "e", "z 1" };
	for (size_t i = 0; i < COUNT_OF(prompts); i++) {
		press(screen, prompts[i]);
		CHECK(screen->modal == MODAL_PROMPT && screen_says(screen, sure));
		press(screen, "Esc");
	}
	/* What asks for nothing is asked for where people would hear of it; a log is no such thing. */
	press(screen, "C");
	CHECK(screen->modal == MODAL_MENU && menu_says(screen, sure));
	CHECK_STR(first->assignee, "");
	press(screen, "Enter");
	CHECK_STR(first->assignee, "ana");
	CHECK(says(screen, "undoes, but not what soc-room is told"));
	asked_told.people = false;
	press(screen, "R");
	CHECK(screen->modal == MODAL_NONE && *first->assignee == '\0');
	CHECK(says(screen, "undoes, but not what soc-room is told"));
	/* Of many it is not known of which. */
	press(screen, "m m c 3");
	CHECK(menu_says(screen, may));
	press(screen, "Esc & c 3");
	CHECK(menu_says(screen, may));
	CHECK_INT(asked_told.id, 0);
	CHECK_INT(asked_told.act, TRIAGE_CLOSE);
	press(screen, "Esc q");
	/* Nobody is told of this one. */
	first->severity = SEVERITY_LOW;
	fake.board.alerts_version++;
	press(screen, "G");
	press(screen, "c");
	CHECK(!screen_says(screen, "told to"));
	end(screen);
}

/* A case is a row, and one sees one of its alerts: of how many it is said before. */
TEST(an_act_on_a_row_of_several_is_seen_before_it_is_done)
{
	static const struct {
		const char *keys, *title;
	} rows[] = { { "c 3", "close (false positive): 6 alerts" }, { "a", "acknowledge: 6 alerts" }, { "A l u i s Enter", "assign \u2192 luis: 6 alerts" },
		{ "d 1 0 5 Enter", "merge" }, { "n x Enter", "note: 6 alerts" }, { "z 1 x Enter", "snooze 60m: 6 alerts" }, { "C", "claim: 6 alerts" } };
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		fake_start(120, 10);
		for (size_t k = 0; k < 6; k++)
			fake.alerts[k * 10].case_id = 4000;
		for (size_t k = 0; k < 120; k++)
			fake.alerts[k].state = ALERT_NEW, fake.alerts[k].assignee = "";
		struct screen *screen = screen_begin("en", 36, 120, &(struct screen_options){ 0 });
		struct list *list = screen_list(screen);
		while (list_selected_id(list) != 4000 && list->selected + 1 < list->n)
			press(screen, "j");
		REQUIRE(list_selected_id(list) == 4000);
		press(screen, rows[i].keys);
		CHECK(screen->modal == MODAL_MENU && strstr(screen->menu.title, rows[i].title) != NULL);
		if (screen->modal != MODAL_MENU || strstr(screen->menu.title, rows[i].title) == NULL)
			printf("%s: %s\n", rows[i].keys, screen->menu.title);
		for (size_t k = 0; k < 120; k++)
			CHECK(fake.alerts[k].state == ALERT_NEW && *fake.alerts[k].assignee == '\0');
		press(screen, "Esc");
		CHECK_INT(screen->n_in_flight, 0);
		end(screen);
	}
}

TEST(an_act_that_the_store_does_not_take_yet_is_said_to_wait)
{
	struct screen *screen = begin(7);
	fake.acts_later = true;
	screen_key(screen, &(struct key_event){ .key = 'C' });
	screen_tick(screen, screen->steady_ms + 400);
	CHECK(strstr(screen->message, "Waiting") == NULL);
	screen_tick(screen, screen->steady_ms + 200);
	CHECK_STR(screen->message, "Waiting for the store, which is busy\u2026");
	/* Once: what is said meanwhile is not said over. */
	screen_message(screen, ROLE_TEXT, "%s", "other");
	screen_tick(screen, screen->steady_ms + 1000);
	CHECK_STR(screen->message, "other");
	struct fault fault = { 0 };
	fault_set(&fault, FAULT_CONFLICT, "%s", "the store is busy");
	fake.ordered[0].on_done(fake.ordered[0].arg, 0, 1, &fault);
	CHECK_STR(screen->message, "the store is busy");
	end(screen);
}

TESTS(T(an_act_that_the_store_does_not_take_yet_is_said_to_wait), T(what_is_told_outside_is_said_before_it_is_done), T(an_act_on_a_row_of_several_is_seen_before_it_is_done), T(a_case_is_silenced_but_for_what_is_critical_and_seen_before), T(of_critical_ones_alone_it_is_said_what_to_do_instead), T(steps_of_the_playbook_are_ticked_and_opened_again), T(others_see_what_is_open_here_and_when_it_is_not), T(who_looks_is_named_and_oneself_is_you), T(an_alert_is_linked_and_merged_by_the_number_of_another), T(an_alert_is_raised_by_hand), T(what_was_raised_does_not_open_under_a_hand), T(a_draft_is_of_the_alert_that_it_was_written_for), T(tags_are_typed_seen_and_taken_back), T(the_next_act_is_for_all_that_pass_the_filter), T(what_was_taken_is_dropped_by_whoever_means_something_else),
    T(nothing_passes_too_many_pass_or_nobody_can_say), T(what_is_somebody_elses_can_be_left_alone), T(esc_leaves_all_as_it_is),
    T(an_act_on_one_asks_nothing_more),
    T(the_other_alert_is_chosen_from_a_list),
    T(a_link_that_is_refused_has_its_list_again), T(the_list_of_other_alerts_has_what_is_found_in_the_store))
