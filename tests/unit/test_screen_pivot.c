/* SPDX-License-Identifier: Apache-2.0
 *
 * From a value to whatever else has it: every field of every language, by names
 * that were chosen to break a filter. */
#include "test.h"

#include "screen_rig.h"

#include "filter/token.h"
#include "ui/panes/pivot.h"
#include "ui/panes/queue_parts.h"

#define TOKEN_BYTES_AND_MORE (TOKEN_BYTES + 40)

static struct screen *begin(size_t alerts, size_t calls)
{
	fake_start(alerts, calls);
	return screen_begin("en", 36, 120, &(struct screen_options){ 0 });
}

static const char *mean_name; /* what every text of a row is */

static void read_mean(const void *row, unsigned field, int64_t now_ms, struct filter_cell *cell)
{
	UNUSED(row);
	UNUSED(field);
	UNUSED(now_ms);
	*cell = (struct filter_cell){ .text = mean_name, .number = 1 };
}

/* A day and a row of that day: numbers are 1 otherwise. */
static void read_day(const void *row, unsigned field, int64_t now_ms, struct filter_cell *cell)
{
	read_mean(row, field, now_ms, cell);
	cell->number = NOW_MS;
}

static bool passes(enum filter_of of, const char *source, void (*read)(const void *, unsigned, int64_t, struct filter_cell *), bool *well)
{
	struct filter filter;
	struct fault fault;
	*well = filter_parse(of, source, strlen(source), NOW_MS, NULL, &filter, NULL, &fault, NULL);
	if (!*well) {
		printf("%s: %s\n", source, fault.text);
		return false;
	}
	bool yes = filter_passes(&filter, read, "", NOW_MS);
	filter_clear(&filter);
	return yes;
}

TEST(every_value_is_an_expression_that_its_row_passes)
{
	static const char *const names[] = { "Ana", "a \"b\" c", "50 % * of \\ it", "and or not", "(x", "[x, y]", "10..20", "@night", "'", "==", "\xC3\xB1u \xE5\xB1\xB1",
		"true", "a, b", " blank ", "\\\"" };
	static const char *const others[] = { "state == new", "a or b", "(a or b)", "not a", "" };
	for (int of = 0; of < FILTER_N; of++) {
		const struct filter_field *field;
		for (size_t i = 0; (field = filter_field_at((enum filter_of)of, i)) != NULL; i++) {
			for (size_t k = 0; k < COUNT_OF(names); k++) {
				struct filter_cell cell;
				char part[PROMPT_BYTES], no[PROMPT_BYTES + 4], joined[PROMPT_BYTES];
				bool well, time = field->kind == FIELD_TIME;
				mean_name = names[k];
				(time ? read_day : read_mean)("", field->id, 0, &cell);
				if (!pivot_express(field, &cell, part)) {
					CHECK(field->kind == FIELD_ENUM); /* there a value may have no name */
					continue;
				}
				CHECK(passes((enum filter_of)of, part, time ? read_day : read_mean, &well) && well);
				snprintf(no, sizeof no, "not %s", part);
				CHECK(!passes((enum filter_of)of, no, time ? read_day : read_mean, &well) && well);
				for (size_t o = 0; o < COUNT_OF(others); o++) {
					if (o == 0 && filter_field_named((enum filter_of)of, "state") == NULL)
						continue;
					if (o == 0 && of != FILTER_ALERTS)
						continue;
					REQUIRE(pivot_join(others[o], (enum filter_of)of, NULL, no, joined));
					/* Whatever was before: what has the value does not pass. */
					CHECK(!passes((enum filter_of)of, joined, time ? read_day : read_mean, &well) && well);
				}
				if (field->kind != FIELD_TEXT)
					break;
			}
		}
	}
}

TEST(nothing_is_said_of_what_is_empty_or_too_long)
{
	char part[PROMPT_BYTES], joined[PROMPT_BYTES], longest[TOKEN_BYTES_AND_MORE];
	const struct filter_field *name = filter_field_named(FILTER_CALLS, "user.name"), *cost = filter_field_named(FILTER_CALLS, "cost"),
				  *flag = filter_field_named(FILTER_CALLS, "answered"), *tier = filter_field_named(FILTER_CALLS, "dst.tier"),
				  *time = filter_field_named(FILTER_CALLS, "start");
	memset(longest, 'x', sizeof longest);
	longest[sizeof longest - 1] = '\0';
	CHECK(!pivot_express(name, &(struct filter_cell){ .text = "" }, part));
	CHECK(!pivot_express(name, &(struct filter_cell){ .text = NULL }, part));
	CHECK(!pivot_express(name, &(struct filter_cell){ .text = longest }, part));
	CHECK(!pivot_express(cost, &(struct filter_cell){ .number = 0 }, part));
	CHECK(!pivot_express(flag, &(struct filter_cell){ .number = 0 }, part));
	CHECK(!pivot_express(tier, &(struct filter_cell){ .number = 4000 }, part));
	CHECK(!pivot_express(tier, &(struct filter_cell){ .number = -1 }, part));
	CHECK(!pivot_express(time, &(struct filter_cell){ .number = 0 }, part));
	CHECK(pivot_express(cost, &(struct filter_cell){ .number = 1250000 }, part));
	CHECK_STR(part, "cost == 1.25");
	CHECK(!pivot_join(longest, FILTER_CALLS, NULL, longest, joined));
	/* What binds less is put into parentheses, once. */
	REQUIRE(pivot_join("answered or forwarded", FILTER_CALLS, NULL, "legs == 1", joined));
	CHECK_STR(joined, "(answered or forwarded) and legs == 1");
	REQUIRE(pivot_join("answered and forwarded", FILTER_CALLS, NULL, "legs == 1", joined));
	CHECK_STR(joined, "answered and forwarded and legs == 1");
	REQUIRE(pivot_join("", FILTER_CALLS, NULL, "legs == 1", joined));
	CHECK_STR(joined, "legs == 1");
}

/* In the menu, the value whose label begins so; then the deed. */
static void pivot_to(struct screen *screen, const char *label, const char *deed)
{
	press(screen, "=");
	REQUIRE(screen->modal == MODAL_MENU);
	for (size_t i = 0; i < screen->menu.n; i++)
		if (text_starts_with(screen->menu.items[i].label, label)) {
			screen->menu.selected = i;
			press(screen, "Enter");
			press(screen, deed);
			return;
		}
	printf("no %s among the values\n", label);
	REQUIRE(false);
}

TEST(a_value_of_the_queue_filters_the_queue)
{
	struct screen *screen = begin(7, 10);
	struct pane *queue = screen->panes[N_MAIN_PANES - 1];
	fake.alerts[0].location = "a \"mean\" * site";
	fake.board.alerts_version++;
	screen_tick(screen, screen->steady_ms + 1000);
	pivot_to(screen, "location", "o");
	CHECK_STR(pane_filter(queue), "location == \"a \\\"mean\\\" \\* site\"");
	CHECK_INT(pane_list(queue)->n, 1);
	pivot_to(screen, "severity", "i");
	CHECK_STR(pane_filter(queue), "location == \"a \\\"mean\\\" \\* site\" and severity == critical");
	pivot_to(screen, "state", "x");
	CHECK_INT(pane_list(queue)->n, 0);
	press(screen, "="); /* nothing is left to take a value of */
	CHECK_INT(screen->modal, MODAL_NONE);
	CHECK(says(screen, "There is no value under the cursor."));
	end(screen);
}

TEST(a_value_leads_to_its_calls_and_its_alerts)
{
	struct screen *screen = begin(7, 10);
	pivot_to(screen, "location", "c");
	REQUIRE(screen_focused(screen)->type == &view_calls);
	CHECK_STR(pane_filter(screen_focused(screen)), "location == \"PoC Banco Davivienda\"");
	press(screen, "q L");
	pivot_to(screen, "user.name", "a");
	CHECK(screen_focused(screen) == screen->panes[N_MAIN_PANES - 1]);
	CHECK_STR(pane_filter(screen_focused(screen)), "subject.name == \"Ana Bernal\"");
	/* Of a number's alert, the number's calls. */
	filters_set(screen, screen_focused(screen), "subject.kind == number");
	screen_tick(screen, screen->steady_ms + 1000);
	pivot_to(screen, "subject.id", "c");
	CHECK_STR(pane_filter(screen_focused(screen)), "number == \"+50688885501\"");
	end(screen);
}

/* From any value that alerts are grouped by; the filter stays. */
TEST(a_value_groups_the_queue)
{
	static const struct {
		const char *from, *value;
		enum alert_grouping by;
	} ways[] = { { "4", "rule ==", GROUP_RULE }, { "4", "location ==", GROUP_SITE }, { "4", "subject.name ==", GROUP_SUBJECT }, { "L", "location ==", GROUP_SITE },
		{ "3", "subject.id ==", GROUP_SUBJECT }, { "1", "name ==", GROUP_SITE } };
	for (size_t i = 0; i < COUNT_OF(ways); i++) {
		struct screen *screen = begin(7, 10);
		press(screen, "4 /");
		type(screen, "score > 1");
		press(screen, "Enter");
		press(screen, ways[i].from);
		pivot_to(screen, ways[i].value, "g");
		const struct queue *queue = screen->panes[3]->memory;
		CHECK_INT(queue->grouping, ways[i].by);
		CHECK(screen_focused(screen) == screen->panes[3]);
		CHECK_STR(queue->filter, "score > 1");
		end(screen);
	}
	/* Nothing is grouped by a score. */
	struct screen *screen = begin(7, 10);
	pivot_to(screen, "score", "");
	for (size_t k = 0; k < screen->menu.n; k++)
		CHECK(screen->menu.items[k].key != 'g');
	end(screen);
}

TEST(a_view_of_one_filters_the_list_it_came_from)
{
	struct screen *screen = begin(7, 10);
	press(screen, "L Enter");
	REQUIRE(screen_focused(screen)->type == &view_call);
	pivot_to(screen, "user.name", "o");
	REQUIRE(screen_focused(screen)->type == &view_calls);
	CHECK_STR(pane_filter(screen_focused(screen)), "user.name == \"Ana Bernal\"");
	press(screen, "q \\ g Enter");
	REQUIRE(screen_focused(screen)->type == &view_alert);
	pivot_to(screen, "rule", "i");
	CHECK(screen_focused(screen) == screen->panes[N_MAIN_PANES - 1]);
	CHECK_STR(pane_filter(screen_focused(screen)), "rule == \"irsf_burst\"");
	end(screen);
}

TEST(live_calls_scores_and_profiles_have_values_too)
{
	struct screen *screen = begin(7, 10);
	press(screen, "2");
	pivot_to(screen, "direction", "x");
	CHECK(strstr(pane_filter(screen->panes[1]), "not direction == ") != NULL);
	press(screen, "3");
	pivot_to(screen, "subject.kind", "o");
	CHECK_STR(pane_filter(screen->panes[2]), "subject.kind == person");
	press(screen, "p");
	REQUIRE(screen_focused(screen)->type == &view_profile);
	pivot_to(screen, "subject.id", "c");
	CHECK(screen_focused(screen)->type == &view_calls);
	CHECK(text_starts_with(pane_filter(screen_focused(screen)), "user.id == "));
	end(screen);
}

TEST(sites_are_filtered_like_any_other_list)
{
	struct screen *screen = begin(7, 10);
	struct pane *sites_pane = screen->panes[0];
	press(screen, "1 / c r i t i c a l Space > Space 0 Enter");
	CHECK_STR(pane_filter(sites_pane), "critical > 0");
	CHECK_INT((int64_t)pane_list(sites_pane)->n, 2);
	press(screen, "/ Space a n d Space n a m e Space ~ Space b a n c o Enter");
	CHECK_INT((int64_t)pane_list(sites_pane)->n, 1);
	pivot_to(screen, "name", "a"); /* its alerts */
	CHECK_STR(pane_filter(screen_focused(screen)), "location == \"PoC Banco Davivienda\"");
	press(screen, "1 Backspace");
	CHECK_STR(pane_filter(sites_pane), "critical > 0");
	filters_set(screen, sites_pane, "name == nowhere");
	CHECK_INT((int64_t)pane_list(sites_pane)->n, 0);
	CHECK(screen_says(screen, "No site passes the filter."));
	CHECK_INT((int64_t)screen->zones.n_sites, 7); /* times of all sites are known as ever */
	press(screen, "\\");
	CHECK_INT((int64_t)pane_list(sites_pane)->n, 7);
	end(screen);
}

TEST(since_when_it_is_known_and_what_it_is)
{
	struct screen *screen = begin(7, 10);
	press(screen, "L");
	pivot_to(screen, "user.name", "f");
	CHECK(says(screen, "First seen: 2026-10-05"));
	pivot_to(screen, "dst.number", "y");
	CHECK_STR(text_string(&screen->wishes.copy), "+88216555044");
	fake.n_calls = 0;
	pivot_to(screen, "dst.number", "f");
	CHECK(says(screen, "No call of the records has it."));
	fault_set(&fake.fault, FAULT_STORE, "the store is locked");
	pivot_to(screen, "dst.number", "f");
	CHECK(says(screen, "the store is locked"));
	end(screen);
}

TEST(masked_numbers_are_masked_in_the_menu)
{
	struct screen *screen = begin(7, 10);
	screen->masked = true;
	press(screen, "L =");
	REQUIRE(screen->modal == MODAL_MENU);
	for (size_t i = 0; i < screen->menu.n; i++)
		CHECK(strstr(screen->menu.items[i].label, "+88216555044") == NULL);
	press(screen, "Esc");
	pivot_to(screen, "dst.number", "");
	CHECK(strstr(screen->menu.title, "+88216\xC2\xB7\xC2\xB7\xC2\xB7" "044") != NULL);
	press(screen, "Esc");
	end(screen);
}

TEST(masked_numbers_are_masked_where_a_value_leads)
{
	struct screen *screen = begin(7, 10);
	screen->masked = true;
	press(screen, "L");
	pivot_to(screen, "dst.number", "y");
	CHECK_STR(text_string(&screen->wishes.copy), "+88216\u00B7\u00B7\u00B7044");
	/* The filter is of the whole number, its title is not. */
	pivot_to(screen, "dst.number", "i");
	CHECK_STR(pane_filter(screen_focused(screen)), "dst.number == \"+88216555044\"");
	CHECK(screen_says(screen, "/dst.number == \"+88216\u00B7\u00B7\u00B7044\""));
	CHECK(!screen_says(screen, "88216555044"));
	pivot_to(screen, "user.name", "i");
	press(screen, "-");
	REQUIRE(screen->modal == MODAL_MENU);
	CHECK_STR(screen->menu.items[0].label, "dst.number == \"+88216\u00B7\u00B7\u00B7044\"");
	press(screen, "2");
	CHECK_STR(pane_filter(screen_focused(screen)), "dst.number == \"+88216555044\"");
	/* As before for who sees them whole. */
	screen->masked = false;
	screen->dirt++;
	CHECK(screen_says(screen, "/dst.number == \"+88216555044\""));
	end(screen);
}

TESTS(T(every_value_is_an_expression_that_its_row_passes), T(nothing_is_said_of_what_is_empty_or_too_long), T(a_value_of_the_queue_filters_the_queue),
    T(a_value_leads_to_its_calls_and_its_alerts), T(a_value_groups_the_queue), T(a_view_of_one_filters_the_list_it_came_from), T(live_calls_scores_and_profiles_have_values_too), T(sites_are_filtered_like_any_other_list),
    T(since_when_it_is_known_and_what_it_is), T(masked_numbers_are_masked_in_the_menu), T(masked_numbers_are_masked_where_a_value_leads))
