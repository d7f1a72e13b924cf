/* SPDX-License-Identifier: Apache-2.0
 *
 * A queue that is longer than what is read of it at once: a person meets no edge. */
#include "test.h"

#include "screen_rig.h"
#include "ui/panes/queue_parts.h"

static struct screen *begin(size_t alerts)
{
	fake_start(alerts, 10);
	return screen_begin("en", 36, 120, &(struct screen_options){ 0 });
}

static struct queue *queue_of(struct screen *screen)
{
	return screen->panes[3]->memory;
}

/* Which alert is at this place of the whole queue, as it was begun. */
static int64_t id_at(size_t at, enum alert_order order)
{
	static struct alert all[FAKE_ALERTS];
	static enum alert_order sorted_by = N_ORDERS;
	if (sorted_by != order) {
		memcpy(all, fake.alerts, fake.n_alerts * sizeof *all);
		queue_sort(all, fake.n_alerts, order);
		sorted_by = order;
	}
	return at < fake.n_alerts ? all[at].id : 0;
}

static int64_t selected(struct screen *screen)
{
	const struct queue_row *row = queue_selected(queue_of(screen));
	return row == NULL ? 0 : row->alert->id;
}

/* One more turn of the loop, as after every key. */
static void turn(struct screen *screen)
{
	screen_tick(screen, screen->steady_ms + 200);
	screen_draw(screen);
}

TEST(row_by_row_and_page_by_page_it_goes_to_the_last_and_back)
{
	struct screen *screen = begin(FAKE_ALERTS);
	struct queue *queue = queue_of(screen);
	press(screen, "x 1");
	CHECK(queue->n < FAKE_ALERTS / 2);
	for (size_t i = 0; i < FAKE_ALERTS - 1; i++) {
		if (selected(screen) != id_at(i, ORDER_SEVERITY))
			printf("at row %zu\n", i);
		REQUIRE(selected(screen) == id_at(i, ORDER_SEVERITY));
		press(screen, "j");
		if (i % 20 == 0)
			turn(screen);
	}
	CHECK_INT(selected(screen), id_at(FAKE_ALERTS - 1, ORDER_SEVERITY));
	CHECK(queue->at_last && !queue->at_first);
	press(screen, "j");
	CHECK_INT(selected(screen), id_at(FAKE_ALERTS - 1, ORDER_SEVERITY));
	size_t at = FAKE_ALERTS - 1, page = (size_t)queue->list.visible - 1;
	while (at > 0) {
		press(screen, "PgUp");
		turn(screen);
		at -= MIN(at, page);
		REQUIRE(selected(screen) == id_at(at, ORDER_SEVERITY));
	}
	CHECK(queue->at_first);
	end(screen);
}

/* What lies behind the end that was jumped to is asked for when somebody goes there. */
TEST(a_jump_asks_once)
{
	struct screen *screen = begin(FAKE_ALERTS);
	struct queue *queue = queue_of(screen);
	press(screen, "x 1");
	for (int i = 0; i < 6; i++) {
		size_t n_asked = fake.n_asked;
		press(screen, i % 2 == 0 ? "G" : "g");
		turn(screen);
		turn(screen);
		CHECK_INT(fake.n_asked, n_asked + 1);
		CHECK(i % 2 == 0 ? queue->at_last && !queue->at_first : queue->at_first && !queue->at_last);
		CHECK(queue->n >= 2 * (size_t)queue->list.visible);
	}
	end(screen);
}

/* Of those less is read at once. */
TEST(subjects_are_gone_through_page_by_page_from_either_end)
{
	static char names[FAKE_ALERTS / 2][8];
	static struct alert should[FAKE_ALERTS];
	struct screen *screen = begin(FAKE_ALERTS);
	struct queue *queue = queue_of(screen);
	for (size_t i = 0; i < FAKE_ALERTS; i++) {
		snprintf(names[i / 2], sizeof names[0], "p%zu", i / 2);
		fake.alerts[i].subject_id = names[i / 2];
	}
	memcpy(should, fake.alerts, sizeof should);
	queue_sort(should, FAKE_ALERTS, ORDER_SEVERITY);
	size_t n = queue_leads(should, FAKE_ALERTS, GROUP_SUBJECT), at = 0;
	press(screen, "x 3");
	REQUIRE(queue->grouping == GROUP_SUBJECT);
	for (size_t page = (size_t)queue->list.visible - 1; at < n - 1; at += MIN(page, n - 1 - at)) {
		REQUIRE(selected(screen) == should[at].id);
		press(screen, "PgDn");
		turn(screen);
	}
	CHECK(selected(screen) == should[n - 1].id && queue->at_last);
	for (size_t page = (size_t)queue->list.visible - 1; at > 0; at -= MIN(page, at)) {
		REQUIRE(selected(screen) == should[at].id);
		press(screen, "PgUp");
		turn(screen);
	}
	CHECK(selected(screen) == should[0].id && queue->at_first);
	end(screen);
}

TEST(both_ends_are_a_key_away_in_every_order)
{
	struct screen *screen = begin(FAKE_ALERTS);
	struct queue *queue = queue_of(screen);
	press(screen, "x 1");
	for (int order = 0; order < N_ORDERS; order++) {
		press(screen, "G");
		CHECK_INT(selected(screen), id_at(FAKE_ALERTS - 1, (enum alert_order)order));
		CHECK(screen_says(screen, order == 0 ? "1800 of 1800" : ""));
		press(screen, "k k");
		turn(screen);
		CHECK_INT(selected(screen), id_at(FAKE_ALERTS - 3, (enum alert_order)order));
		press(screen, "g");
		CHECK_INT(selected(screen), id_at(0, (enum alert_order)order));
		CHECK(queue->at_first);
		press(screen, "s g");
		CHECK_INT(selected(screen), id_at(0, (enum alert_order)((order + 1) % N_ORDERS)));
	}
	end(screen);
}

TEST(the_cursor_holds_its_alert_far_down_while_others_arrive_and_go)
{
	struct screen *screen = begin(FAKE_ALERTS - 10);
	struct queue *queue = queue_of(screen);
	press(screen, "x 1");
	for (int i = 0; i < 40; i++) {
		press(screen, "PgDn");
		turn(screen);
	}
	int64_t held = selected(screen);
	size_t on_screen = queue->list.selected - queue->list.top;
	CHECK(!queue->at_first);
	for (int i = 0; i < 10; i++) { /* critical: they come above */
		struct alert *alert = &fake.alerts[fake.n_alerts++];
		*alert = fake.alerts[0];
		alert->id = alert->case_id = 9000 + i;
		alert->raised_ms = NOW_MS + i;
		fake.board.alerts_version++;
		turn(screen);
		CHECK_INT(selected(screen), held);
	}
	CHECK_INT(queue->list.selected - queue->list.top, on_screen);
	CHECK(list_n_fresh_above(&queue->list) > 0);
	CHECK(screen_says(screen, " new"));
	press(screen, "g");
	turn(screen);
	CHECK_INT(selected(screen), 9009);
	CHECK_INT(queue->list.n_fresh_beyond, 0);
	end(screen);
}

TEST(marks_stay_where_the_window_has_left_them)
{
	struct screen *screen = begin(FAKE_ALERTS);
	struct queue *queue = queue_of(screen);
	int64_t ids[16];
	press(screen, "x 1 m m"); /* the first two */
	press(screen, "G m"); /* and the last */
	CHECK_INT(list_n_marked(&queue->list), 3);
	CHECK(screen_says(screen, "3 marked"));
	CHECK_INT(screen->panes[3]->type->alerts(screen->panes[3], TRIAGE_NOTE, ids, COUNT_OF(ids)), 3);
	press(screen, "g");
	CHECK_INT(list_n_marked(&queue->list), 3);
	CHECK(queue->list.rows[0].marked && queue->list.rows[1].marked && !queue->list.rows[2].marked);
	press(screen, "s s"); /* by another column they are the same alerts */
	CHECK_INT(list_n_marked(&queue->list), 3);
	press(screen, "C Enter");
	int n = 0;
	for (size_t i = 0; i < fake.n_alerts; i++)
		n += strcmp(fake.alerts[i].assignee, "ana") == 0 && i % 7 != 2;
	CHECK(n >= 2 && n <= 3);
	CHECK_INT(list_n_marked(&queue->list), 0);
	press(screen, "g m G *"); /* every mark goes, those that are far away too */
	CHECK_INT(list_n_marked(&queue->list), 0);
	CHECK_INT(screen->panes[3]->type->alerts(screen->panes[3], TRIAGE_NOTE, ids, COUNT_OF(ids)), 1);
	end(screen);
}

/* On a wide screen nothing of what it is is cut while columns stand empty. */
TEST(what_it_is_has_room_for_how_many_more_there_are)
{
	static const char *const titles[] = { "Unusual calls abroad, thirty-four.", "A title that somebody wrote at more length than most" };
	for (size_t t = 0; t < COUNT_OF(titles); t++) {
		struct screen *screen = begin(70);
		char whole[120];
		for (size_t i = 0; i < 70; i++) {
			fake.alerts[i].case_id = fake.alerts[i % 7].id;
			fake.alerts[i].title_en = titles[t];
			fake.alerts[i].why_en = fake.alerts[i].subject_name = fake.alerts[i].location = "short";
		}
		screen_resize(screen, 60, 200);
		memset(queue_of(screen)->list.need, 0, sizeof queue_of(screen)->list.need); /* those of other rows */
		fake.board.alerts_version++;
		turn(screen);
		if (t == 1)
			press(screen, "o"); /* alone it has all of them */
		snprintf(whole, sizeof whole, "%s +9", titles[t]);
		CHECK(screen_says(screen, whole));
		press(screen, "+");
		turn(screen);
		snprintf(whole, sizeof whole, "\u2514 %s ", titles[t]);
		CHECK(screen_says(screen, whole));
		end(screen);
	}
}

TEST(a_group_is_opened_where_it_stands_and_folded_again)
{
	struct screen *screen = begin(70);
	struct queue *queue = queue_of(screen);
	for (size_t i = 0; i < 70; i++)
		fake.alerts[i].case_id = fake.alerts[i % 7].id;
	fake.board.alerts_version++;
	turn(screen);
	CHECK_INT(queue->n_rows, 7);
	CHECK(screen_says(screen, "+9"));
	press(screen, "+");
	turn(screen);
	CHECK_INT(queue->n_rows, 17);
	CHECK(queue->rows[0].opened && queue->rows[1].inside && queue->rows[10].inside && !queue->rows[11].inside);
	CHECK(screen_says(screen, "\u2514"));
	/* An act on one of them is on that one alone. */
	int64_t ids[16];
	press(screen, "j j");
	CHECK_INT(screen->panes[3]->type->alerts(screen->panes[3], TRIAGE_NOTE, ids, COUNT_OF(ids)), 1);
	CHECK_INT(ids[0], queue->rows[2].alert->id);
	press(screen, "Enter");
	CHECK_INT(screen_focused(screen)->id, ids[0]);
	press(screen, "q +"); /* folded from inside: the cursor is on its group */
	CHECK_INT(queue->n_rows, 7);
	CHECK_INT(queue->list.selected, 0);
	CHECK_INT(screen->panes[3]->type->alerts(screen->panes[3], TRIAGE_NOTE, ids, COUNT_OF(ids)), 10);
	end(screen);
}

/* The store answers a question of before it was folded, or opened. */
TEST(a_group_is_folded_while_the_store_is_asked)
{
	struct screen *screen = begin(70);
	struct queue *queue = queue_of(screen);
	for (size_t i = 0; i < 70; i++)
		fake.alerts[i].case_id = fake.alerts[i % 7].id;
	fake.board.alerts_version++;
	turn(screen);
	press(screen, "+ G +");
	turn(screen);
	CHECK_INT(queue->n_rows, 27);
	fake.silent = true;
	fake.board.alerts_version++;
	turn(screen);
	press(screen, "+");
	CHECK_INT(queue->n_rows, 17);
	fake_answer_alerts();
	CHECK(queue->n_opened_ids == 1 && queue->n_opened == 2);
	turn(screen);
	fake.board.alerts_version++;
	turn(screen);
	CHECK_INT(queue->n_rows, 17);
	fake.silent = true;
	fake.board.alerts_version++;
	turn(screen);
	press(screen, "+"); /* one more than was asked for */
	CHECK_INT(queue->n_opened_ids, 2);
	fake_answer_alerts();
	CHECK_INT(queue->n_opened, 1);
	turn(screen);
	CHECK_INT(queue->n_rows, 27);
	end(screen);
}

TEST(rules_and_sites_are_rows_that_enter_opens)
{
	struct screen *screen = begin(70);
	struct queue *queue = queue_of(screen);
	press(screen, "x 5");
	CHECK_INT(queue->n_rows, 7);
	CHECK(screen_says(screen, "alerts"));
	press(screen, "Enter");
	turn(screen);
	CHECK_INT(queue->n_rows, 17);
	press(screen, ": g r o u p Space s i t e Enter");
	turn(screen);
	CHECK(queue->grouping == GROUP_SITE);
	/* What a rule's row stands for is not read: an act needs it opened. */
	press(screen, "g a");
	CHECK(screen_says(screen, "no alert under the cursor") || screen_says(screen, "There is no alert"));
	press(screen, ": g r o u p Space x Enter");
	CHECK(screen_says(screen, "grouped by none, case, who, same, rule, site"));
	end(screen);
}

/* What a long search has found stays while alerts come: the cursor, the marks, the rows. */
TEST(a_refresh_takes_nothing_from_what_a_search_found)
{
	struct screen *screen = begin(200);
	struct queue *queue = queue_of(screen);
	press(screen, "x 1");
	fake.alert_step = 20;
	pane_set_filter(screen->panes[3], "score >= 0");
	for (int i = 0; i < 30; i++)
		turn(screen);
	CHECK_INT(queue->n, 200);
	CHECK(!queue->searching && queue->at_last);
	for (int i = 0; i < 150; i++)
		press(screen, "j");
	press(screen, "m");
	int64_t held = selected(screen);
	for (int i = 0; i < 5; i++) {
		struct alert *alert = &fake.alerts[fake.n_alerts++];
		*alert = fake.alerts[0];
		alert->id = alert->case_id = 9000 + i;
		alert->raised_ms = NOW_MS + i;
		fake.board.alerts_version++;
		turn(screen);
		CHECK_INT(queue->n, 201 + (size_t)i);
		CHECK_INT(selected(screen), held);
		CHECK_INT(list_n_marked(&queue->list), 1);
	}
	CHECK(!queue->searching && queue->at_last);
	CHECK_INT(queue->alerts[0].id, 9004);
	end(screen);
}

TEST(a_change_is_seen_while_a_search_goes_on)
{
	struct screen *screen = begin(200);
	struct queue *queue = queue_of(screen);
	press(screen, "x 1");
	fake.alert_step = 5;
	pane_set_filter(screen->panes[3], "score >= 0");
	turn(screen);
	fake.alerts[0].assignee = "luis";
	fake.board.alerts_version++;
	for (int i = 0; i < 12; i++)
		turn(screen);
	CHECK(queue->searching);
	bool seen = false;
	for (size_t i = 0; i < queue->n; i++)
		seen |= strcmp(queue->alerts[i].assignee, "luis") == 0;
	CHECK(seen);
	for (int i = 0; i < 80; i++)
		turn(screen);
	CHECK(!queue->searching);
	CHECK_INT(queue->n, 200);
	end(screen);
}

TEST(keys_typed_before_the_end_is_read_are_for_its_rows)
{
	struct screen *screen = begin(FAKE_ALERTS);
	press(screen, "x 1");
	fake.silent = true;
	press(screen, "G k k");
	CHECK(selected(screen) == id_at(0, ORDER_SEVERITY));
	fake_answer_alerts();
	screen_catch_up(screen);
	CHECK_INT(selected(screen), id_at(FAKE_ALERTS - 3, ORDER_SEVERITY));
	end(screen);
}

TEST(a_filter_says_how_many_of_how_many_pass)
{
	static const struct {
		const char *filter, *said;
	} rows[] = { { "", "7 open" }, { "severity = critical", "2 of 7 open" }, { "title ~ nothing_like_it", "0 of 7 open" } };
	struct screen *screen = begin(7);
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		screen->panes[3]->type->set_filter(screen->panes[3], rows[i].filter);
		turn(screen);
		turn(screen);
		CHECK(screen_says(screen, rows[i].said));
		CHECK_INT(screen_says(screen, " of 7 open"), rows[i].filter[0] != '\0');
	}
	end(screen);
}

/* However long the filter is and however narrow the screen: how many pass is said, and apart from it. */
TEST(how_many_pass_is_said_at_every_width)
{
	static const int widths[] = { 60, 80, 90, 120, 160 };
	static const char *const filters[] = { "", "location = \"Costa Rica\"", "severity >= low and score > 1 and count > 0 and location = \"Costa Rica\"" };
	for (size_t i = 0; i < COUNT_OF(widths) * COUNT_OF(filters) * 2; i++) {
		fake_start(70, 10);
		for (size_t k = 0; k < 70; k++) {
			fake.alerts[k].location = k % 7 == 0 ? "Costa Rica" : "Cali";
			fake.alerts[k].state = ALERT_NEW;
			fake.alerts[k].assignee = k < 9 ? "ana" : "";
		}
		struct screen *screen = screen_begin(i % 2 == 0 ? "es" : "en", 36, widths[i / 2 % COUNT_OF(widths)], &(struct screen_options){ 0 });
		size_t f = i / 2 / COUNT_OF(widths);
		press(screen, "o");
		if (*filters[f] != '\0') {
			press(screen, "/");
			say(screen, filters[f]);
		}
		turn(screen);
		static const char *const said[][2] = { { "70 abiertas", "70 open" }, { " 10 de 70 abiertas", " 10 of 70 open" }, { " 10 de 70 abiertas", " 10 of 70 open" } };
		CHECK(screen_says(screen, said[f][i % 2]));
		end(screen);
	}
}

/* Of a case, a person, the same of one person, a rule or a site: what came in the last day. */
TEST(every_group_has_its_trend)
{
	static const char *const groups[] = { "x 2", "x 3", "x 4", "x 5", "x 6" };
	for (size_t i = 0; i < COUNT_OF(groups); i++) {
		fake_start(70, 10);
		for (size_t k = 0; k < 70; k++) {
			fake.alerts[k].case_id = fake.alerts[k % 7].id;
			fake.alerts[k].fingerprint = 100 + 2 * (k % 7);
			fake.alerts[k].raised_ms = NOW_MS - HOUR_MS;
		}
		struct screen *screen = screen_begin("en", 60, 200, &(struct screen_options){ 0 });
		press(screen, "o");
		press(screen, groups[i]);
		turn(screen);
		CHECK(screen_says(screen, "24 h"));
		CHECK(screen_says(screen, "\u00B7\u00B7\u00B7\u00B7\u00B7\u00B7\u00B7\u2588"));
		press(screen, "x 1");
		turn(screen);
		CHECK(!screen_says(screen, "24 h")); /* an alert has none */
		end(screen);
	}
}

TEST(what_it_is_sorted_by_is_said_though_its_column_is_not_there)
{
	struct screen *screen = begin(7);
	press(screen, "4 s");
	CHECK(screen_says(screen, "Sorted by: time \u2193"));
	press(screen, "s");
	CHECK(screen_says(screen, "Sorted by: SLA \u2191"));
	press(screen, "s");
	CHECK(screen_says(screen, "Sorted by: pts \u2193"));
	end(screen);
}

/* Rows that the window has come to are none that arrived. */
TEST(where_nothing_came_nothing_is_new)
{
	static const char *const ways[] = { "x 1 G", "x 1 G g G", "x 3 G", "s s s G", "+ G", "X G", "PgDn PgDn PgDn PgDn PgDn PgDn PgDn PgDn" };
	for (size_t i = 0; i < 2 * COUNT_OF(ways); i++) {
		fake_start(i % 2 == 0 ? 254 : FAKE_ALERTS, 10);
		for (size_t k = 0; k < fake.n_alerts; k += 3)
			fake.alerts[k].case_id = fake.alerts[k / 10 * 10].id;
		struct screen *screen = screen_begin("en", 36, 120, &(struct screen_options){ 0 });
		press(screen, ways[i / 2]);
		turn(screen);
		turn(screen);
		CHECK_INT(list_n_fresh_above(&queue_of(screen)->list), 0);
		CHECK(!screen_says(screen, "\u2191"));
		struct alert *alert = &fake.alerts[fake.n_alerts++ % FAKE_ALERTS];
		fake.n_alerts = MIN(fake.n_alerts, (size_t)FAKE_ALERTS);
		*alert = fake.alerts[0];
		alert->id = alert->case_id = 90000;
		alert->subject_id = "another";
		alert->raised_ms = NOW_MS;
		alert->severity = SEVERITY_CRITICAL;
		alert->state = ALERT_NEW;
		fake.board.alerts_version++;
		turn(screen);
		turn(screen);
		CHECK_INT(list_n_fresh_above(&queue_of(screen)->list) > 0, queue_of(screen)->list.top > 0);
		end(screen);
	}
}

/* Whatever is shown beside it, and in whatever order: the next key is for the same alert. */
TEST(the_cursor_keeps_its_alert_when_the_question_changes)
{
	for (size_t n = 70; n <= FAKE_ALERTS; n = n == 70 ? FAKE_ALERTS : n + 1) {
		struct screen *screen = begin(n);
		struct queue *queue = queue_of(screen);
		for (size_t i = 0; i < n; i += 2)
			fake.alerts[i].state = ALERT_CLOSED;
		fake.board.alerts_version++;
		press(screen, "x 1 G");
		turn(screen);
		int64_t held = selected(screen);
		press(screen, "X");
		CHECK_INT(selected(screen), held);
		turn(screen);
		CHECK_INT(selected(screen), held);
		for (int order = 0; order < N_ORDERS; order++) {
			press(screen, "s");
			CHECK_INT(selected(screen), held);
			turn(screen);
			turn(screen);
			CHECK_INT(selected(screen), held);
			/* What stands behind it is there too. */
			CHECK(queue->at_last || queue->n_rows > queue->list.selected + 1);
		}
		press(screen, "s s X");
		turn(screen);
		CHECK_INT(selected(screen), held);
		press(screen, "x 2");
		CHECK_INT(selected(screen), held);
		press(screen, "/");
		say(screen, "severity >= low");
		turn(screen);
		press(screen, "g j j");
		held = selected(screen);
		press(screen, "\\");
		turn(screen);
		CHECK_INT(selected(screen), held);
		end(screen);
	}
	/* What is not shown any more leaves it beside its place, not at the top. */
	struct screen *screen = begin(70);
	for (size_t i = 0; i < 70; i++)
		fake.alerts[i].state = i == 50 ? ALERT_CLOSED : ALERT_NEW;
	fake.board.alerts_version++;
	press(screen, "x 1 X G");
	turn(screen);
	CHECK_INT(selected(screen), fake.alerts[50].id);
	press(screen, "X");
	turn(screen);
	CHECK(queue_of(screen)->at_last && queue_of(screen)->list.selected + 1 == queue_of(screen)->n_rows);
	end(screen);
}

TEST(a_threshold_is_no_habit)
{
	static struct reason odd[2] = { { .fact = "ring", .value = "3", .expected = "< 5", .points = 10, .text_en = "short", .text_es = "corta" },
		{ .fact = "usual.count", .value = "3", .expected = "0.2", .points = 10, .text_en = "many", .text_es = "muchas" } };
	struct screen *screen = begin(7);
	for (size_t i = 0; i < 7; i++) {
		fake.alerts[i].reasons = odd;
		fake.alerts[i].n_reasons = 2;
		fake.alerts[i].acknowledged_ms = 0;
		fake.alerts[i].raised_ms = NOW_MS - 20 * HOUR_MS;
	}
	press(screen, "4 Enter");
	turn(screen);
	CHECK(screen_says(screen, "ring = 3, threshold < 5"));
	CHECK(screen_says(screen, "usual.count = 3, usually 0.2"));
	/* What it is past its time, as in the queue's column. */
	CHECK(screen_says(screen, "! past its "));
	end(screen);
}

TEST(sums_of_a_group_that_may_count_a_record_twice_are_said_to_be_the_most_it_can_be)
{
	fake_start(3, 10);
	for (size_t i = 0; i < 3; i++) {
		fake.alerts[i].case_id = 412;
		fake.alerts[i].count = 400;
		fake.alerts[i].cost_micro = 4000 * INT64_C(1000000);
	}
	struct screen *screen = screen_begin("en", 60, 200, &(struct screen_options){ 0 });
	press(screen, "4 o x 2");
	CHECK(screen_says(screen, "  1200 ")); /* each record was counted once */
	CHECK(screen_says(screen, " 12000 "));
	CHECK(!screen_says(screen, "\u2264"));
	fake.shared = true;
	fake.board.alerts_version++;
	turn(screen);
	CHECK(screen_says(screen, " \u22641200 "));
	CHECK(screen_says(screen, " \u226412000 "));
	screen_free(screen);
	fake_stop();
}

TEST(the_column_sorted_by_says_so_and_which_way)
{
	fake_start(7, 10);
	struct screen *screen = screen_begin("en", 60, 200, &(struct screen_options){ 0 });
	press(screen, "4 o");
	CHECK(screen_says(screen, " level\u2193 "));
	press(screen, "s");
	CHECK(screen_says(screen, " time\u2193 "));
	CHECK(!screen_says(screen, "level\u2193"));
	/* By name, from a menu that has them all. */
	press(screen, "M-s");
	CHECK_INT(screen->modal, MODAL_MENU);
	CHECK_INT((int64_t)screen->menu.n, N_ORDERS);
	CHECK_INT((int64_t)screen->menu.selected, ORDER_TIME);
	CHECK(screen_says(screen, "who \u2191"));
	CHECK(screen_says(screen, "cost \u2193"));
	press(screen, "5"); /* who */
	CHECK_INT(queue_of(screen)->order, ORDER_WHO);
	CHECK(screen_says(screen, " who\u2191 "));
	press(screen, "M-s a");
	CHECK(screen_says(screen, " owner\u2191 "));
	press(screen, "M-s Esc");
	CHECK_INT(queue_of(screen)->order, ORDER_OWNER);
	/* There is less time left the further up: the numbers grow on the way down. */
	press(screen, "M-s 3");
	CHECK_INT(queue_of(screen)->order, ORDER_SLA);
	CHECK(screen_says(screen, " SLA\u2191 "));
	CHECK(screen_says(screen, "Sorted by: SLA \u2191"));
	/* A column that is as narrow as its title keeps room for it. */
	static const struct list_column narrow[] = { { N_("level"), 5, 0, 0, false, 0 }, { N_("hits"), 4, 0, 0, true, 0 } };
	struct list_place places[2];
	list_layout(narrow, NULL, 2, 20, places);
	for (size_t i = 0; i < 2; i++) {
		canvas_fill(&screen->canvas, (struct box){ 0, 0, 1, 200 }, ROLE_TEXT, ' ');
		list_titles(&screen->canvas, 0, narrow, 2, places, i | SORTED_UP);
		CHECK_INT(canvas_at(&screen->canvas, 0, i == 0 ? 4 : 9)->point, 0x2191);
	}
	screen_free(screen);
	fake_stop();
}

TESTS(T(how_many_pass_is_said_at_every_width), T(every_group_has_its_trend), T(where_nothing_came_nothing_is_new), T(the_cursor_keeps_its_alert_when_the_question_changes), T(a_threshold_is_no_habit), T(a_filter_says_how_many_of_how_many_pass), T(what_it_is_sorted_by_is_said_though_its_column_is_not_there), T(row_by_row_and_page_by_page_it_goes_to_the_last_and_back), T(a_jump_asks_once),
    T(subjects_are_gone_through_page_by_page_from_either_end), T(both_ends_are_a_key_away_in_every_order),
    T(the_cursor_holds_its_alert_far_down_while_others_arrive_and_go), T(marks_stay_where_the_window_has_left_them),
    T(what_it_is_has_room_for_how_many_more_there_are), T(a_group_is_opened_where_it_stands_and_folded_again), T(a_group_is_folded_while_the_store_is_asked),
    T(rules_and_sites_are_rows_that_enter_opens), T(a_refresh_takes_nothing_from_what_a_search_found),
    T(a_change_is_seen_while_a_search_goes_on),
    T(keys_typed_before_the_end_is_read_are_for_its_rows),
    T(sums_of_a_group_that_may_count_a_record_twice_are_said_to_be_the_most_it_can_be),
    T(the_column_sorted_by_says_so_and_which_way))
