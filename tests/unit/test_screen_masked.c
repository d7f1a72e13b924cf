/* SPDX-License-Identifier: Apache-2.0
 *
 * Numbers in what people type, on a masked screen: titles, notes, tags, reasons of
 * silences and steps are no way around the mask. */
#include "test.h"

#include "screen_rig.h"
#include "screen_silences.h"

#define SHOWN "310555\u00B7\u00B7\u00B7123"

/* What people do with a number: with blanks, dashes, a plus, or bare. */
static void people_typed_a_number(void)
{
	static struct alert_event note = { .at_ms = NOW_MS - MINUTE_MS, .who = "ana", .act = "note", .before = "", .after = "", .note = "she said 310-555-0123: hung up" };
	static struct alert_event tag = { .at_ms = NOW_MS - 30 * SECOND_MS, .who = "ana", .act = "tag", .before = "", .after = "3105550123", .note = "" };
	static struct alert_step step = { .step = "call 310 555 0123 back", .who = "ana", .at_ms = NOW_MS - MINUTE_MS };
	fake.alerts[0].title_en = fake.alerts[0].title_es = "Hotline: 310 555 0123 rang";
	fake.alerts[0].why_en = fake.alerts[0].why_es = "from 3105550123";
	fake.alerts[0].tags = "310-555-0123";
	fake.events[0][0] = note;
	fake.events[0][1] = tag;
	fake.n_events[0] = 2;
	fake.steps[0] = step;
	fake.n_steps = 1;
	fake_silences(12);
	for (size_t i = 0; i < silent.n; i++)
		silent.rows[i].reason = "asked 3105550123";
}

static struct screen *begin(void)
{
	fake_start(7, 10);
	people_typed_a_number();
	return screen_begin("en", 60, 200, &(struct screen_options){ .masked = true });
}

static void check_whole(struct screen *screen, bool whole)
{
	screen->masked = !whole;
	screen->dirt++;
	screen_tick(screen, screen->steady_ms + 1000);
	CHECK_INT(screen_says(screen, "310 555 0123") || screen_says(screen, "310-555-0123") || screen_says(screen, "3105550123"), whole);
	CHECK_INT(screen_says(screen, SHOWN), !whole);
}

TEST(what_people_typed_is_masked_in_every_view)
{
	static const struct {
		const char *keys;
		const struct pane_type *view;
	} ways[] = { { "4", NULL }, { "Enter", &view_alert }, { "i", &view_case }, { "H", &view_handover }, { "D", &view_audit }, { "V", &view_silences } };
	struct screen *screen = begin();
	for (size_t i = 0; i < COUNT_OF(ways); i++) {
		press(screen, ways[i].keys);
		if (ways[i].view != NULL)
			CHECK(screen_focused(screen)->type == ways[i].view);
		check_whole(screen, false);
		check_whole(screen, true); /* at once, not with the next answer */
		check_whole(screen, false);
		if (ways[i].view != NULL)
			press(screen, "q");
	}
	end(screen);
}

/* "+" and eight digits or more: a number that lost nothing. */
static bool shows_a_number(struct screen *screen)
{
	for (int row = 0; row < screen->canvas.rows; row++) {
		int digits = 0;
		bool plus = false;
		for (int col = 0; col < screen->canvas.cols; col++) {
			uint32_t point = canvas_at(&screen->canvas, row, col)->point;
			plus = point == '+' || (plus && point >= '0' && point <= '9');
			digits = plus && point != '+' ? digits + 1 : 0;
			if (digits >= 8)
				return true;
		}
	}
	return false;
}

TEST(no_view_shows_a_number_whole)
{
	static const char *const ways[] = { "", "Enter", "i", "H", "D", "V", "J", "p", "L", "L Enter", "L Enter J", "Enter J", "3", "o" };
	fake_start(7, 10);
	for (size_t i = 0; i < COUNT_OF(ways); i++) {
		struct screen *screen = screen_begin("en", 60, 200, &(struct screen_options){ .masked = true });
		press(screen, ways[i]);
		screen_draw(screen);
		CHECK(!shows_a_number(screen));
		if (screen_focused(screen)->type == &view_raw) {
			char text[4096];
			size_t n = view_raw.text(screen_focused(screen), text, sizeof text - 1);
			text[n] = '\0';
			CHECK(strstr(text, "+88216\u00B7\u00B7\u00B7044") != NULL && strstr(text, "Called number") != NULL);
			screen->masked = false;
			screen->dirt++;
			screen_draw(screen);
			CHECK(shows_a_number(screen));
		}
		end(screen);
		fake_start(7, 10);
	}
}

TESTS(T(what_people_typed_is_masked_in_every_view), T(no_view_shows_a_number_whole))
