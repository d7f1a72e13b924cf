/* SPDX-License-Identifier: Apache-2.0
 *
 * What was typed for an act that was refused is typed no second time. */
#include "test.h"

#include "screen_rig.h"

static struct screen *begin(void)
{
	fake_start(7, 10);
	return screen_begin("en", 36, 120, &(struct screen_options){ 0 });
}

TEST(a_refused_act_asks_again_where_the_caret_was)
{
	struct screen *screen = begin();
	press(screen, "e"); /* the first one is critical already */
	type(screen, "it is worse");
	press(screen, "Left Left Enter");
	CHECK_INT(screen->modal, MODAL_PROMPT);
	CHECK_STR(screen->prompt.text, "it is worse");
	CHECK_INT(screen->prompt.cursor, 9);
	CHECK(screen_says(screen, "critical already"));
	CHECK_STR(screen->message, "");
	/* The sentence is of what was tried; a letter more is something else. */
	type(screen, "!");
	CHECK_STR(screen->prompt.text, "it is wor!se");
	CHECK(!screen_says(screen, "critical already"));
	press(screen, "Enter");
	CHECK(screen_says(screen, "critical already"));
	press(screen, "Esc");
	CHECK_INT(screen->modal, MODAL_NONE);
	CHECK_INT(fake.alerts[0].n_notes, 0);
	end(screen);
}

TEST(what_is_put_right_is_done)
{
	struct screen *screen = begin();
	char name[80];
	memset(name, 'x', sizeof name - 1);
	name[sizeof name - 1] = '\0';
	press(screen, "A");
	say(screen, name); /* longer than any name */
	CHECK_INT(screen->modal, MODAL_PROMPT);
	CHECK(screen_says(screen, "at most 64 bytes"));
	press(screen, "C-u");
	say(screen, "luis");
	CHECK_INT(screen->modal, MODAL_NONE);
	CHECK_STR(fake.alerts[0].assignee, "luis");
	CHECK(says(screen, "Assigned: #412"));
	end(screen);
}

TEST(a_line_that_was_refused_stays)
{
	struct screen *screen = begin();
	say(screen, ":escalate because");
	CHECK_INT(screen->modal, MODAL_COMMAND);
	CHECK_STR(screen->prompt.text, "escalate because");
	CHECK(screen_says(screen, "critical already"));
	press(screen, "C-u");
	say(screen, "note because");
	CHECK_INT(screen->modal, MODAL_NONE);
	CHECK(says(screen, "Noted: #412"));
	/* What was asked for without words has a message. */
	press(screen, "r");
	CHECK_INT(screen->modal, MODAL_NONE);
	CHECK(says(screen, "does not apply"));
	end(screen);
}

TEST(whoever_went_on_meanwhile_is_told_by_a_message)
{
	static const char *const keys[] = { "j", "2", "Enter" };
	for (size_t i = 0; i < COUNT_OF(keys); i++) {
		struct fault fault = { 0 };
		struct screen *screen = begin();
		fault_set(&fault, FAULT_SYSTEM, "%s", "the disk is gone");
		fake.acts_later = true;
		press(screen, "n");
		say(screen, "a note");
		press(screen, keys[i]);
		fake.ordered[0].on_done(fake.ordered[0].arg, 0, 1, &fault);
		CHECK_INT(screen->modal, MODAL_NONE);
		CHECK(says(screen, "the disk is gone"));
		end(screen);
	}
	/* Whoever waits has it again, however long it took. */
	struct fault fault = { 0 };
	struct screen *screen = begin();
	fault_set(&fault, FAULT_SYSTEM, "%s", "the disk is gone");
	fake.acts_later = true;
	press(screen, "n");
	say(screen, "a note");
	screen_tick(screen, screen->steady_ms + 5000);
	fake.ordered[0].on_done(fake.ordered[0].arg, 0, 1, &fault);
	CHECK_INT(screen->modal, MODAL_PROMPT);
	CHECK_STR(screen->prompt.text, "a note");
	end(screen);
}

TEST(a_file_that_is_there_leaves_its_name_to_be_changed)
{
	struct screen *screen = begin();
	press(screen, "i W");
	kept_file.is_there = true;
	press(screen, "Enter");
	CHECK_INT(screen->modal, MODAL_PROMPT);
	CHECK(strstr(screen->prompt.text, "case-") != NULL);
	CHECK(screen_says(screen, "is there already"));
	kept_file.is_there = false;
	type(screen, "2");
	press(screen, "Enter");
	CHECK_INT(screen->modal, MODAL_NONE);
	CHECK(says(screen, "Written: "));
	end(screen);
}

TESTS(T(a_refused_act_asks_again_where_the_caret_was), T(what_is_put_right_is_done), T(a_line_that_was_refused_stays),
    T(whoever_went_on_meanwhile_is_told_by_a_message), T(a_file_that_is_there_leaves_its_name_to_be_changed))
