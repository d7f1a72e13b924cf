/* SPDX-License-Identifier: Apache-2.0
 *
 * A filter that few of very many calls pass: what it found is there while it goes on. */
#include "test.h"

#include "screen_rig.h"

enum { N_CALLS = 3000 };

static struct screen *begin(void)
{
	fake_start(7, N_CALLS);
	for (size_t i = 0; i < N_CALLS; i++)
		fake.calls[i].user_name = i % 700 == 650 ? "Rara Vez" : "Ana Bernal";
	fake.search_step = 100;
	return screen_begin("en", 36, 120, &(struct screen_options){ 0 });
}

static void turn(struct screen *screen)
{
	screen_tick(screen, screen->steady_ms + 200);
	screen->dirt++;
	screen_draw(screen);
}

static void filter_for(struct screen *screen, const char *filter)
{
	press(screen, "L");
	struct pane *calls = screen_focused(screen);
	REQUIRE(calls->type == &view_calls);
	calls->type->set_filter(calls, filter);
}

TEST(what_was_found_is_there_while_the_search_goes_on)
{
	struct screen *screen = begin();
	filter_for(screen, "user.name == \"Rara Vez\"");
	struct list *list = pane_list(screen_focused(screen));
	CHECK_INT(list->n, 0);
	CHECK(screen_says(screen, "searching"));
	CHECK(!screen_says(screen, "No call passes"));
	size_t n_turns = 0;
	for (; n_turns < 200 && list->n < 2; n_turns++)
		turn(screen);
	CHECK_INT(list->n, 2);
	CHECK(screen_says(screen, "2 found"));
	CHECK(n_turns > 5 && n_turns < 20); /* not all at once, and none in vain */
	for (size_t i = 0; i < 60; i++)
		turn(screen);
	CHECK_INT(list->n, 4);
	CHECK(!screen_says(screen, "searching"));
	/* It is over: nothing more is asked. */
	size_t asked = fake.n_asked;
	for (size_t i = 0; i < 10; i++)
		turn(screen);
	CHECK_INT(fake.n_asked - asked, 0);
	end(screen);
}

TEST(new_calls_do_not_begin_the_search_again)
{
	struct screen *screen = begin();
	filter_for(screen, "user.name == \"Rara Vez\"");
	struct list *list = pane_list(screen_focused(screen));
	for (size_t i = 0; i < 12; i++)
		turn(screen);
	size_t n_before = list->n;
	for (size_t i = 0; i < 80; i++) {
		if (i % 4 == 0) /* what came since is read, once a second at most */
			fake.board.calls_version++;
		turn(screen);
	}
	CHECK(n_before < 4);
	CHECK_INT(list->n, 4);
	CHECK(!screen_says(screen, "searching"));
	for (size_t i = 1; i < list->n; i++)
		CHECK(list->rows[i].id < list->rows[i - 1].id); /* each once, in order */
	end(screen);
}

TEST(from_the_oldest_on_it_searches_too)
{
	struct screen *screen = begin();
	filter_for(screen, "user.name == \"Rara Vez\"");
	struct list *list = pane_list(screen_focused(screen));
	for (size_t i = 0; i < 8; i++)
		turn(screen);
	press(screen, "G");
	for (size_t i = 0; i < 60; i++)
		turn(screen);
	CHECK_INT(list->n, 4);
	for (size_t i = 1; i < list->n; i++)
		CHECK(list->rows[i].id < list->rows[i - 1].id);
	end(screen);
}

TEST(another_filter_ends_the_search)
{
	struct screen *screen = begin();
	filter_for(screen, "user.name == \"Rara Vez\"");
	turn(screen);
	struct pane *calls = screen_focused(screen);
	calls->type->set_filter(calls, "user.name == \"Ana Bernal\"");
	for (size_t i = 0; i < 20; i++)
		turn(screen);
	struct list *list = pane_list(calls);
	CHECK(list->n >= 100 && list->n < 500); /* as far as the cursor needs */
	CHECK(!screen_says(screen, "searching"));
	CHECK_INT(list->rows[0].id, fake.calls[0].id);
	end(screen);
}

TESTS(T(what_was_found_is_there_while_the_search_goes_on), T(new_calls_do_not_begin_the_search_again),
    T(from_the_oldest_on_it_searches_too), T(another_filter_ends_the_search))
