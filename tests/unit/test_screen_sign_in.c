/* SPDX-License-Identifier: Apache-2.0
 *
 * What the console says of a sign-in that ends: in words a fortnight before,
 * by colour where words do not fit. */
#include "test.h"

#include "screen_rig.h"

/* The first line as text; `role` of the cell where `word` begins, or -1. */
static void header_of(int cols, int64_t refresh_left_ms, int64_t access_left_ms, const char *word,
    char out[static 1000], int *role)
{
	fake_start(3, 3);
	fake.health.refresh_dies_ms = refresh_left_ms == 0 ? 0 : NOW_MS + refresh_left_ms;
	fake.health.token_dies_ms = NOW_MS + access_left_ms;
	struct screen_options options = { .organisation = "Davivienda" };
	struct screen *screen = screen_begin("en", 36, cols, &options);
	press(screen, "");
	size_t n = 0;
	for (int col = 0; col < cols && n + 5 < 1000; col++) {
		const struct cell *cell = canvas_at(&screen->canvas, 0, col);
		if (cell->point < 0x80) /* one byte a column, so that places agree */
			out[n++] = cell->point == 0 ? ' ' : (char)cell->point;
		else
			out[n++] = '?';
	}
	out[n] = '\0';
	const char *at = strstr(out, word);
	*role = at == NULL ? -1 : (int)canvas_at(&screen->canvas, 0, (int)(at - out))->role;
	screen_free(screen);
	fake_stop();
}

TEST(C1_the_console_warns_14_days_before_in_words)
{
	char line[1000];
	int role;
	header_of(120, 14 * DAY_MS - 1000, 13 * DAY_MS, "sign in again within 13d", line, &role);
	CHECK_INT(role, ROLE_WARN);
	header_of(120, 14 * DAY_MS + HOUR_MS, 13 * DAY_MS, "token 13d, sign-in 14d", line, &role);
	CHECK_INT(role, ROLE_DIM);
	CHECK(strstr(line, "sign in") == NULL);
}

TEST(C1_where_words_do_not_fit_the_colour_warns)
{
	char line[1000];
	int role;
	header_of(70, 10 * DAY_MS, 13 * DAY_MS, "sign-in 10d", line, &role);
	CHECK_INT(role, ROLE_WARN);
	CHECK(strstr(line, "token") == NULL); /* nobody need care about what renews itself */
}

TEST(C8_a_token_that_cannot_be_renewed_warns_a_day_before)
{
	char line[1000];
	int role;
	header_of(120, 0, 12 * HOUR_MS, "sign in again within 12h", line, &role);
	CHECK_INT(role, ROLE_WARN);
	header_of(120, 0, 2 * DAY_MS, "token 2d", line, &role);
	CHECK_INT(role, ROLE_DIM);
}

TESTS(T(C1_the_console_warns_14_days_before_in_words), T(C1_where_words_do_not_fit_the_colour_warns),
    T(C8_a_token_that_cannot_be_renewed_warns_a_day_before))
