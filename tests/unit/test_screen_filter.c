/* SPDX-License-Identifier: Apache-2.0
 *
 * Filters on the screen: every list takes them, and what is typed is helped. */
#include "test.h"

#include "base/fold.h"
#include "screen_rig.h"

static struct screen *begin_in(const char *language, const char *keys)
{
	fake_start(7, 10);
	struct screen *screen = screen_begin(language, 36, 120, &(struct screen_options){ 0 });
	press(screen, keys);
	return screen;
}

static struct screen *begin(const char *keys)
{
	return begin_in("en", keys);
}

/* Text as keys: each letter for itself. */
static void filter(struct screen *screen, const char *expression)
{
	press(screen, "/ C-u"); /* where another one stands */
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

/* The two rows of the prompt, as text. */
static const char *line(struct screen *screen, int up)
{
	static char out[1000];
	size_t n = 0;
	screen_draw(screen);
	for (int col = 0; col < screen->canvas.cols && n + 5 < sizeof out; col++) {
		uint32_t point = canvas_at(&screen->canvas, screen->canvas.rows - 1 - up, col)->point;
		if (point != 0)
			n += utf8_encode(point, out + n);
	}
	while (n > 0 && out[n - 1] == ' ')
		n--;
	out[n] = '\0';
	return out + strspn(out, " ");
}

/* What the list of candidates shows after this was typed in a pane. */
static void offers_in(const char *language, const char *pane, const char *typed, const char *expected)
{
	struct screen *screen = begin_in(language, pane);
	type(screen, "/");
	type(screen, typed);
	CHECK_STR(line(screen, 0), expected);
	end(screen);
}

static void offers(const char *pane, const char *typed, const char *expected)
{
	offers_in("en", pane, typed, expected);
}

TEST(what_may_stand_there_is_shown_while_typing)
{
	offers("4", "sev", "severity");
	offers("4", "sub", "subject.kind  subject.id  subject.name");
	offers("4", "name", "subject.name");
	offers("4", "severity ", "=  !=  <  <=  >  >=  in  not in");
	offers("4", "title ", "=  !=  ~  in  not in");
	offers("4", "rule = premium", "\"Premium calls at night\"");
	offers("4", "severity >= ", "low  medium  high  critical");
	offers("4", "state = s", "snoozed");
	offers("4", "severity in [low", "low");
	offers("4", "severity in [low ", ",  ]");
	offers("4", "not (severity = high ", "and  or");
	offers("L", "answered = ", "true  false");
	offers("L", "start > ", "-1h  -24h  -7d");
	offers("L", "user.name = bern", "\"Ana Bernal\"");
	offers("L", "user.name = \"ana b", "\"Ana Bernal\"");
	offers("L", "user.name ~ PENA", "\"Marta Peña\"");
	offers("2", "state = con", "connecting  connected");
	offers("3", "subject.kind in [num", "number");
	/* Nothing begun: what the keys do. */
	offers("4", "", "Enter accepts   Tab completes   C-s saves   Esc cancels");
	/* No help where something before is wrong. */
	offers("4", "nosuch = 1 and sev", "^ there is no field nosuch");
	offers("4", "state = wrong", "^ wrong is none of new, in_progress, snoozed, closed");
}

TEST(values_are_offered_in_the_language_of_the_screen_with_their_name_beside)
{
	offers_in("es", "4", "severity = ", "baja (low)  media (medium)  alta (high)  crítica (critical)");
	offers_in("es", "4", "severity = cri", "crítica (critical)");
	offers_in("es", "4", "severity = hi", "high (alta)"); /* who begins in English goes on so */
	offers_in("es", "4", "state in [en_c", "en_curso (in_progress)");
	offers_in("es", "4", "resolution = imp", "verdadero_positivo_con_impacto (true_positive_impact)  …");
	offers_in("es", "4", "esta", "estado (state)");
	offers_in("es", "L", "dst.class = sat", "satélite (satellite)");
	offers_in("es", "L", "dst.class = pre", "premium"); /* called so in both */
	offers_in("en", "4", "severity = cr", "critical");
	offers_in("en", "4", "severity = baj", "baja (low)");
	struct screen *screen = begin_in("es", "4");
	type(screen, "/severidad >= alt");
	press(screen, "Tab");
	CHECK_STR(screen->prompt.text, "severidad >= alta ");
	press(screen, "Enter");
	CHECK_STR(pane_filter(screen_focused(screen)), "severidad >= alta");
	CHECK_INT(shown(screen), 4);
	end(screen);
}

/* As the screen says it, in one word: what is read there can be typed. */
static bool is_called(const char *word, const char *value)
{
	char said[200], folded[200], known[200];
	size_t n = 0;
	text_fold(folded, sizeof folded, word, strlen(word));
	for (const char *p = folded; *p != '\0'; p++) {
		if ((*p >= 'a' && *p <= 'z') || (*p >= '0' && *p <= '9'))
			said[n++] = *p;
		else if (n > 0 && said[n - 1] != '_')
			said[n++] = '_';
	}
	said[n] = '\0';
	text_fold(known, sizeof known, value, strlen(value));
	bool same = strcmp(said, known) == 0;
	if (!same)
		printf("%s is called %s\n", said, known);
	return same;
}

TEST(what_the_screen_calls_a_value_is_what_may_be_typed)
{
	struct screen *screen = begin_in("es", "");
	const struct filter_field *field = filter_field_named(FILTER_ALERTS, "severity");
	for (size_t i = 0; i < field->n_values; i++)
		CHECK(is_called(severity_word((enum severity)i), field->spanish[i]));
	field = filter_field_named(FILTER_ALERTS, "state");
	for (size_t i = 0; i < field->n_values; i++)
		CHECK(is_called(state_word((enum alert_state)i), field->spanish[i]));
	field = filter_field_named(FILTER_ALERTS, "resolution");
	for (size_t i = 0; i < field->n_values; i++)
		CHECK(is_called(resolution_word((enum resolution)i), field->spanish[i]));
	field = filter_field_named(FILTER_ALERTS, "subject.kind");
	for (size_t i = 0; i < field->n_values; i++)
		CHECK(is_called(subject_word((enum subject_kind)i), field->spanish[i]));
	field = filter_field_named(FILTER_CALLS, "direction");
	for (size_t i = 0; i < field->n_values; i++)
		CHECK(is_called(direction_word((enum call_direction)i), field->spanish[i]));
	field = filter_field_named(FILTER_CALLS, "dst.class");
	for (size_t i = 0; i < field->n_values; i++)
		CHECK(i == NUMBER_FIXED_OR_MOBILE || is_called(class_word((enum number_class)i), field->spanish[i]));
	end(screen);
}

TEST(a_filter_after_its_command_is_completed_too)
{
	static const struct {
		const char *keys, *typed, *offered, *becomes;
	} rows[] = { { "4", ":filter seve", "severity", ":filter severity " }, { "4", ":filter severity = cri", "critical", ":filter severity = critical " },
		{ "L", ":filter dst.class = sat", "satellite", ":filter dst.class = satellite " },
		{ "L", ":filter user.name = bern", "\"Ana Bernal\"", ":filter user.name = \"Ana Bernal\" " },
		{ "2", ":filter not state = rem", "remote_held", ":filter not state = remote_held " } };
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct screen *screen = begin(rows[i].keys);
		type(screen, rows[i].typed);
		REQUIRE(screen->menu.n == 1);
		CHECK_STR(screen->menu.items[0].label, rows[i].offered);
		press(screen, "Tab");
		CHECK_STR(screen->prompt.text, rows[i].becomes + 1);
		end(screen);
	}
	struct screen *screen = begin("4");
	type(screen, ":filter severity >= ");
	CHECK_INT(screen->menu.n, 4);
	press(screen, "Tab Tab Tab"); /* through them, and back */
	CHECK_STR(screen->prompt.text, "filter severity >= high");
	press(screen, "S-Tab Enter");
	CHECK_STR(pane_filter(screen_focused(screen)), "severity >= medium");
	type(screen, ":filter nosuch = 1 and sev"); /* no help behind what is wrong */
	CHECK_INT(screen->menu.n, 0);
	end(screen);
}

TEST(tab_goes_through_what_may_stand_there)
{
	struct screen *screen = begin("4");
	type(screen, "/sub");
	press(screen, "Tab");
	CHECK_STR(screen->prompt.text, "subject.kind");
	press(screen, "Tab");
	CHECK_STR(screen->prompt.text, "subject.id");
	press(screen, "S-Tab S-Tab");
	CHECK_STR(screen->prompt.text, "subject.name");
	press(screen, "Tab");
	CHECK_STR(screen->prompt.text, "subject.kind");
	CHECK_STR(line(screen, 0), "subject.kind  subject.id  subject.name");
	/* What is typed goes on after the chosen one; the only one brings its blank. */
	type(screen, " = per");
	press(screen, "Tab");
	CHECK_STR(screen->prompt.text, "subject.kind = person ");
	type(screen, "and sev");
	press(screen, "Tab");
	CHECK_STR(screen->prompt.text, "subject.kind = person and severity ");
	press(screen, "Tab Tab Tab");
	CHECK_STR(screen->prompt.text, "subject.kind = person and severity <");
	press(screen, "Esc /");
	CHECK_STR(screen->prompt.text, "");
	end(screen);
}

TEST(tab_completes_in_the_middle)
{
	struct screen *screen = begin("4");
	type(screen, "/ta = new");
	press(screen, "Home Del s t Right");
	CHECK_STR(screen->prompt.text, "sta = new");
	press(screen, "Tab");
	CHECK_STR(screen->prompt.text, "state = new");
	CHECK_INT(screen->prompt.cursor, 5);
	end(screen);
}

TEST(a_value_that_needs_quotes_gets_them)
{
	struct screen *screen = begin("L");
	type(screen, "/user.name = ana");
	press(screen, "Tab");
	CHECK_STR(screen->prompt.text, "user.name = \"Ana Bernal\" ");
	press(screen, "Enter");
	struct pane *pane = screen_focused(screen);
	CHECK_INT(screen->modal, MODAL_NONE);
	CHECK(shown(screen) > 0);
	CHECK_STR(pane->type->filter(pane), "user.name = \"Ana Bernal\"");
	end(screen);
}

TEST(what_is_unfinished_is_said_when_it_is_insisted_on)
{
	struct screen *screen = begin("4");
	type(screen, "/severity = ");
	CHECK_STR(line(screen, 0), "low  medium  high  critical");
	press(screen, "Enter");
	CHECK_INT(screen->modal, MODAL_FILTER);
	CHECK_STR(line(screen, 0), "^ a value is missing");
	type(screen, "h");
	CHECK_STR(line(screen, 0), "high");
	end(screen);
}

TEST(words_have_the_role_of_what_they_are)
{
	struct screen *screen = begin("4");
	type(screen, "/severity >= high and not wrong = 1");
	screen_draw(screen);
	static const char roles[] = "ffffffffpqqpvvvvpqqqpqqqpeeeee";
	for (size_t i = 0; i < sizeof roles - 1; i++) {
		char letter = role_letter(canvas_at(&screen->canvas, screen->canvas.rows - 2, 9 + (int)i)->role);
		CHECK(letter == roles[i]);
		if (letter != roles[i])
			printf("  at %zu: %c\n", i, letter);
	}
	end(screen);
}

TEST(a_prompt_is_drawn_at_any_width)
{
	struct screen *screen = begin("4");
	type(screen, "/severity in [low, medium, high] and subject.name = \"Ã±Ã±Ã±\" and ");
	for (int cols = 40; cols < 130; cols++) {
		screen_resize(screen, 12, cols);
		for (size_t at = 0; at <= screen->prompt.n; at++) {
			screen->prompt.cursor = at;
			screen->dirt++;
			screen_draw(screen);
			CHECK(screen->canvas.cursor_col >= 9 && screen->canvas.cursor_col < cols);
		}
		press(screen, "Tab Left");
	}
	end(screen);
}

/* Panes write filters too: of names that strangers chose. */
TEST(a_name_with_signs_of_the_language_leads_to_its_calls)
{
	static const char *const names[] = { "Ana \"La Jefa\" \\ Bernal*", "\x1B[31m", "and", "or )", "@night" };
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		struct screen *screen = begin("1");
		fake.locations[0].name = names[i];
		fake.calls[0].location = names[i];
		fake.board.calls_version++;
		fake.board.alerts_version++;
		screen_tick(screen, screen->steady_ms + 60000);
		press(screen, "g Enter");
		CHECK(screen_focused(screen)->type == &view_calls);
		CHECK(*screen_focused(screen)->type->filter(screen_focused(screen)) != '\0');
		end(screen);
	}
}

static bool title_says(struct screen *screen, const char *words)
{
	struct text text = { 0 };
	screen_draw(screen);
	for (int i = 0; i < screen->canvas.rows * screen->canvas.cols; i++) {
		char encoded[4];
		uint32_t point = screen->canvas.cells[i].point;
		if (point != 0)
			text_add(&text, encoded, utf8_encode(point, encoded));
	}
	bool found = strstr(text_string(&text), words) != NULL;
	text_clear(&text);
	return found;
}

static const char *filter_of(struct screen *screen)
{
	struct pane *pane = screen_focused(screen);
	return pane->type->filter(pane);
}

TEST(the_parts_of_a_filter_are_taken_away_one_by_one)
{
	struct screen *screen = begin("4");
	screen_resize(screen, 36, 240);
	filter(screen, "severity >= medium and (state = new or state = in_progress)  not title ~ zzz");
	CHECK(title_says(screen, "/severity >= medium  /(state = new or state = in_progress)  /not title ~ zzz"));
	press(screen, "Backspace");
	CHECK_STR(filter_of(screen), "severity >= medium and (state = new or state = in_progress)");
	press(screen, "- 1");
	CHECK_STR(filter_of(screen), "(state = new or state = in_progress)");
	press(screen, "-"); /* of one there is nothing to choose */
	CHECK_STR(filter_of(screen), "");
	CHECK_INT(screen->modal, MODAL_NONE);
	press(screen, "Backspace");
	CHECK_STR(screen->message, "There is no filter here.");
	/* Many parts: the last one is all the rest. */
	filter(screen, "score > 1 score > 2 score > 3 score > 4 score > 5 score > 6 score > 7 score > 8 score > 9 score > 10 score > 11 score > 12 "
		       "score > 13 score > 14 score > 15 score > 16 score > 17 score > 18");
	press(screen, "Backspace");
	CHECK(strstr(filter_of(screen), "score > 15") != NULL && strstr(filter_of(screen), "score > 16") == NULL);
	end(screen);
}

static struct text kept; /* what the screen wants kept */

static void on_keep(void *arg, bool last, const char *name, const char *source)
{
	UNUSED(arg);
	text_printf(&kept, "%s %s: %s\n", last ? "last" : "saved", name, source);
}

static struct screen *begin_with(const char *book_text, bool sticky)
{
	struct filter_book book = { 0 };
	struct fault fault = { 0 };
	fake_start(7, 10);
	text_reset(&kept);
	bool ok = filter_book_read(&book, "filters.yaml", book_text, strlen(book_text), &fault);
	return screen_begin("en", 36, 120, &(struct screen_options){ .book = &book, .book_fault = ok ? NULL : &fault,
	    .sticky_filters = sticky, .on_keep = on_keep });
}

TEST(a_filter_is_saved_and_stands_by_its_name)
{
	struct screen *screen = begin_with("", false);
	type(screen, "/severity = critical");
	press(screen, "C-s");
	CHECK_INT(screen->modal, MODAL_PROMPT);
	CHECK_STR(filter_of(screen), "severity = critical"); /* in force already */
	size_t n = shown(screen);
	type(screen, "bad name");
	press(screen, "Enter");
	CHECK_INT(screen->modal, MODAL_PROMPT);
	press(screen, "C-u");
	type(screen, "worst");
	press(screen, "Enter");
	CHECK_STR(screen->message, "Saved: @worst stands for it in any filter.");
	CHECK_STR(text_string(&kept), "saved worst: severity = critical\n");
	press(screen, "\\");
	CHECK(shown(screen) > n);
	type(screen, "/@w");
	CHECK_STR(line(screen, 0), "@worst");
	press(screen, "Tab Enter");
	CHECK_STR(filter_of(screen), "@worst");
	CHECK_INT(shown(screen), n);
	/* Where the fields are others, it says so. */
	press(screen, "2");
	type(screen, "/@worst");
	CHECK(strstr(line(screen, 0), "@worst: there is no field severity") != NULL);
	press(screen, "Esc 4 \\ '");
	CHECK_INT(screen->modal, MODAL_MENU);
	press(screen, "1");
	CHECK_STR(filter_of(screen), "@worst");
	/* Nothing under the name: it is forgotten, and what used it says so. */
	type(screen, "/");
	press(screen, "C-u C-s");
	type(screen, "worst");
	press(screen, "Enter");
	CHECK_STR(screen->message, "@worst is forgotten.");
	CHECK_STR(text_string(&kept), "saved worst: severity = critical\nsaved worst: \n");
	end(screen);
	text_clear(&kept);
}

/* Typed before the rows came: what follows the menu's key is a choice, no command. */
TEST(a_choice_typed_ahead_is_a_choice)
{
	struct filter_book book = { 0 };
	struct fault fault;
	i18n_init("en");
	fake_start(7, 10);
	fake.silent = true;
	REQUIRE(book_put(&book.saved, "worst", "severity = critical", &fault));
	struct screen *screen = screen_new(&(struct screen_options){ .book = &book }, &fake.board);
	screen_resize(screen, 36, 120);
	screen_tick(screen, 1000);
	press(screen, "g ' q Q");
	CHECK_INT(screen->n_ahead, 4);
	CHECK(!screen->wishes.quit);
	press(screen, "Esc"); /* goes back on all of it */
	CHECK_INT(screen->n_ahead, 0);
	press(screen, "g ' 1");
	fake_answer_alerts();
	screen_tick(screen, screen->steady_ms + 1);
	CHECK_STR(filter_of(screen), "@worst");
	end(screen);
}

/* Short as it is typed, it would be longer than a filter may be. */
TEST(a_name_that_stands_for_too_much_is_refused_while_typing)
{
	struct text book = { 0 };
	text_puts(&book, "saved:\n  long: 'assignee = \"");
	for (int i = 0; i < 250; i++)
		text_putc(&book, 'x');
	text_puts(&book, "\"'\n");
	struct screen *screen = begin_with(book.bytes, false);
	type(screen, "/@long or @long or @long or @long or @long or @long or @long or @long");
	press(screen, "Enter");
	CHECK_INT(screen->modal, MODAL_FILTER);
	CHECK_STR(line(screen, 0), "^ a filter may have 2000 bytes at most");
	end(screen);
	text_clear(&book);
}

TEST(saved_filters_are_listed_with_their_numbers_masked)
{
	struct screen *screen = begin_with("saved:\n  him: 'subject.id == \"+573105550221\"'\n", false);
	screen->masked = true;
	press(screen, "4 '");
	REQUIRE(screen->menu.n == 1);
	CHECK_STR(screen->menu.items[0].label, "@him  subject.id == \"+57310\u00B7\u00B7\u00B7221\"");
	press(screen, "Enter"); /* the filter itself is whole */
	CHECK_STR(filters_expanded(screen, pane_filter(screen_focused(screen))), "(subject.id == \"+573105550221\")");
	press(screen, "#");
	press(screen, "'");
	CHECK_STR(screen->menu.items[0].label, "@him  subject.id == \"+573105550221\"");
	end(screen);
}

TEST(what_is_wrong_is_not_saved)
{
	struct screen *screen = begin_with("", false);
	type(screen, "/severity =");
	press(screen, "C-s");
	CHECK_INT(screen->modal, MODAL_FILTER);
	CHECK_STR(line(screen, 0), "^ a value is missing");
	press(screen, "Esc '");
	CHECK(strstr(screen->message, "Ctrl-S") != NULL);
	end(screen);
}

TEST(a_view_begins_with_the_filter_of_its_name)
{
	struct screen *screen = begin_with("saved:\n  queue: severity = critical\n  calls: user.name ~ ana\n  live: nosuch = 1\n", false);
	CHECK_STR(filter_of(screen), "severity = critical");
	CHECK(strstr(screen->message, "live begins with is not used: there is no field nosuch") != NULL);
	press(screen, "2");
	CHECK_STR(filter_of(screen), "");
	press(screen, "L");
	CHECK_STR(filter_of(screen), "user.name ~ ana");
	press(screen, "\\");
	CHECK_STR(text_string(&kept), "");
	end(screen);
}

TEST(a_sticky_filter_comes_back)
{
	struct screen *screen = begin_with("saved:\n  queue: severity = low\nlast:\n  queue: severity = critical\n", true);
	CHECK_STR(filter_of(screen), "severity = critical");
	filter(screen, "severity = high");
	press(screen, "Backspace");
	CHECK_STR(text_string(&kept), "last queue: severity = high\nlast queue: \n");
	/* Where a pane leads to calls, that is no wish for the next time. */
	press(screen, "1 Enter");
	CHECK(screen_focused(screen)->type == &view_calls);
	CHECK(*filter_of(screen) != '\0');
	CHECK_STR(text_string(&kept), "last queue: severity = high\nlast queue: \n");
	end(screen);
	text_clear(&kept);
}

TEST(a_book_that_cannot_be_read_is_said)
{
	struct screen *screen = begin_with("saved: [x]\n", true);
	CHECK(strstr(screen->message, "filters.yaml:1") != NULL);
	CHECK_STR(filter_of(screen), "");
	end(screen);
	/* Long enough to be read, however late the machine's clock is. */
	struct fault fault = { .code = FAULT_INPUT, .text = "no book" };
	fake_start(7, 10);
	screen = screen_new(&(struct screen_options){ .book_fault = &fault }, &fake.board);
	screen_tick(screen, 1000000000);
	screen_tick(screen, 1000001000);
	CHECK_STR(screen->message, "no book");
	screen_tick(screen, 1000010000);
	CHECK_STR(screen->message, "");
	end(screen);
}

TESTS(T(every_list_takes_a_filter), T(a_live_call_passes_when_it_is_old_enough), T(a_frozen_list_takes_a_filter_once),
    T(what_may_stand_there_is_shown_while_typing), T(tab_goes_through_what_may_stand_there), T(tab_completes_in_the_middle),
    T(a_value_that_needs_quotes_gets_them), T(what_is_unfinished_is_said_when_it_is_insisted_on),
    T(words_have_the_role_of_what_they_are), T(a_name_with_signs_of_the_language_leads_to_its_calls), T(a_prompt_is_drawn_at_any_width),
    T(the_parts_of_a_filter_are_taken_away_one_by_one), T(a_filter_is_saved_and_stands_by_its_name), T(saved_filters_are_listed_with_their_numbers_masked), T(what_is_wrong_is_not_saved), T(a_name_that_stands_for_too_much_is_refused_while_typing), T(a_choice_typed_ahead_is_a_choice),
    T(a_view_begins_with_the_filter_of_its_name), T(a_sticky_filter_comes_back), T(a_book_that_cannot_be_read_is_said),
    T(values_are_offered_in_the_language_of_the_screen_with_their_name_beside),
    T(what_the_screen_calls_a_value_is_what_may_be_typed),
    T(a_filter_after_its_command_is_completed_too))
