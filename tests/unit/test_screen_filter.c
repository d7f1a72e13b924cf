/* SPDX-License-Identifier: Apache-2.0
 *
 * Filters on the screen: every list takes them, and what is typed is helped. */
#include "test.h"

#include "screen_board.h"

static struct screen *begin(const char *keys)
{
	i18n_init("en");
	fake_start(7, 10);
	struct screen *screen = screen_new(&(struct screen_options){ 0 }, &fake.board);
	screen_resize(screen, 36, 120);
	screen_tick(screen, 1000);
	press(screen, keys);
	return screen;
}

static void end(struct screen *screen)
{
	screen_free(screen);
	fake_stop();
}

/* Text as keys: each letter for itself. */
static void type(struct screen *screen, const char *text)
{
	for (; *text != '\0'; text++)
		screen_key(screen, &(struct key_event){ .key = (unsigned char)*text });
}

static void filter(struct screen *screen, const char *expression)
{
	type(screen, "/");
	type(screen, expression);
	press(screen, "Enter");
	screen_tick(screen, screen->steady_ms + 1000);
}

static size_t shown(struct screen *screen)
{
	struct pane *pane = screen_focused(screen);
	return pane->type->list(pane)->n;
}

TEST(every_list_takes_a_filter)
{
	static const struct {
		const char *keys, *expression;
	} rows[] = { { "4", "severity = critical" }, { "4", "ana" }, { "3", "score > 80" }, { "3", "subject.kind = number" }, { "2", "dst.tier >= high" },
		{ "2", "direction = outbound and duration > 1m" }, { "L", "user.name = ana*" } };
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct screen *screen = begin(rows[i].keys);
		size_t all = shown(screen);
		filter(screen, rows[i].expression);
		CHECK_INT(screen->modal, MODAL_NONE);
		CHECK(shown(screen) > 0 && shown(screen) < all);
		if (shown(screen) == 0 || shown(screen) == all)
			printf("  %s %s: %zu of %zu\n", rows[i].keys, rows[i].expression, shown(screen), all);
		press(screen, "\\");
		CHECK_INT(shown(screen), all);
		end(screen);
	}
}

TEST(a_live_call_passes_when_it_is_old_enough)
{
	struct screen *screen = begin("2");
	fake_live(100, LIVE_CONNECTED, 58, "+573105550100", "CO", NUMBER_MOBILE, TIER_NONE, 0, true);
	filter(screen, "duration in 55..1m");
	CHECK_INT(shown(screen), 1);
	clock_init_from(&fake.clock, NOW_MS + 5 * SECOND_MS, 0); /* no event comes */
	screen_tick(screen, screen->steady_ms + 1000);
	CHECK_INT(shown(screen), 0);
	end(screen);
}

TEST(a_frozen_list_takes_a_filter_once)
{
	struct screen *screen = begin("2 Z");
	filter(screen, "dst.tier >= high");
	size_t n = shown(screen);
	CHECK(n > 0);
	fake_live(100, LIVE_CONNECTED, 58, "+37125550124", "LV", NUMBER_PREMIUM, TIER_HIGH, 0, true);
	screen_tick(screen, screen->steady_ms + 1000);
	CHECK_INT(shown(screen), n);
	end(screen);
}

TESTS(T(every_list_takes_a_filter), T(a_live_call_passes_when_it_is_old_enough), T(a_frozen_list_takes_a_filter_once))
