/* SPDX-License-Identifier: Apache-2.0
 *
 * Habits: what is usual for somebody, and how unusual the rest is. */
#include "test.h"

#include <math.h>

#include "base/hash.h"
#include "detect/state_facts.h"

#define DAY_0 INT64_C(20700) /* a Friday */

struct call {
	int64_t day, user;
	int minute; /* of the day, at the site */
	uint32_t flags;
	int32_t seconds;
};

#define OUT (LEG_EXTERNAL_OUT | LEG_ORIGINATING | LEG_ANSWERED)
#define ABROAD (OUT | LEG_INTERNATIONAL)

static const char *trunk; /* that carries what follows */
static uint64_t stranger; /* whom what follows calls: somebody else each time; 0 nobody in particular */
static bool again; /* what follows was seen by an earlier run */

static struct state_facts see(struct memories *memories, struct call c)
{
	struct cdr cdr = { .start_ms = c.day * DAY_MS + c.minute * MINUTE_MS + 5 * HOUR_MS, .duration_s = c.seconds };
	struct leg_facts leg = { .flags = c.flags | LEG_LOCAL_KNOWN, .local_minute = (int16_t)c.minute, .cost_micro = c.flags & LEG_INTERNATIONAL ? INT64_C(20000) * c.seconds : 0, /* 1.20 USD a minute */
		.weekday = (int8_t)((c.day + 4) % 7),
		.user_key = (uint64_t)c.user * 1000 + 1,
		.site_key = 77 };
	if (trunk != NULL)
		cdr.field[CDR_F_OUTBOUND_TRUNK] = (struct span){ trunk, (uint32_t)strlen(trunk) };
	if (stranger != 0)
		leg.called_key = hash_mix(stranger++) | 1;
	struct state_facts state;
	(again ? memories_observe_again : memories_observe)(memories, &cdr, &leg, &state);
	return state;
}

/* Days of twenty people: four calls in working hours each, every third day one
 * abroad. From the newest day on where `back`. */
static void live(struct memories *memories, int64_t from, int64_t n, bool back)
{
	for (int64_t i = 0; i < n; i++) {
		int64_t day = back ? from + n - 1 - i : from + i;
		if ((day + 4) % 7 == 0 || (day + 4) % 7 == 6)
			continue;
		for (int k = 0; k < 4; k++)
			for (int64_t user = 1; user <= 20; user++)
				see(memories, (struct call){ day, user, 540 + 60 * k + (int)user,
				    k == 0 && (day + user) % 3 == 0 ? ABROAD : OUT, 120 });
	}
}

/* Six calls abroad within half an hour, at ten. */
static struct usual burst(struct memories *memories, int64_t day, int64_t user)
{
	struct state_facts state = { 0 };
	for (int i = 0; i < 6; i++)
		state = see(memories, (struct call){ day, user, 600 + 5 * i, ABROAD, 60 });
	return state.usual[USUAL_OWNER];
}

TEST(the_chance_is_that_of_a_negative_binomial)
{
	/* The same by adding up P(N = n), from P(0) = (1 - x)^r on. */
	const double means[] = { 0.01, 0.2, 1, 4.5, 30 };
	const int degrees[] = { 1, 2, 6 };
	for (size_t i = 0; i < COUNT_OF(means) * COUNT_OF(degrees); i++) {
		double mean = means[i / COUNT_OF(degrees)], tail = 0;
		int r = degrees[i % COUNT_OF(degrees)];
		double x = mean / (mean + r), p = pow(1 - x, r);
		for (int n = 0; n < (int)mean + 12; n++)
			p *= x * (n + r) / (n + 1);
		int n = (int)mean + 12;
		for (int k = n; k < n + 4000; k++) {
			tail += p;
			p *= x * (k + r) / (k + 1);
		}
		CHECK(fabs(usual_surprise(mean, n, r) + log10(tail)) < 1e-6);
	}
	CHECK(usual_surprise(5, 5, 2) == 0);
	CHECK(usual_surprise(5, 0, 2) == 0);
	CHECK(usual_surprise(0.02, 18, 2) > 30);
	CHECK(usual_surprise(10, 40, 6) > usual_surprise(10, 40, 2));
}

TEST(a_count_in_nine_bits_is_within_two_percent)
{
	for (unsigned n = 0; n < 64; n++)
		CHECK_INT(usual_unpack(usual_pack(n)), n);
	unsigned before = 0;
	for (unsigned n = 64; n < 8000; n++) {
		unsigned back = usual_unpack(usual_pack(n));
		CHECK(back <= n && (n - back) * 50 <= n && back >= before);
		before = back;
		REQUIRE(usual_pack(n) < 512);
	}
	CHECK(usual_pack(65535) < 512);
}

TEST(a_burst_abroad_is_unusual_and_the_same_as_ever_is_not)
{
	struct memories *memories = memories_new();
	live(memories, DAY_0, 28, false);
	struct usual u = burst(memories, DAY_0 + 28, 3);
	CHECK_INT(u.what, USUAL_ABROAD);
	CHECK_INT(u.count, 6);
	CHECK(u.surprise >= 60);
	CHECK(u.expected_milli < 500);
	CHECK_INT(u.days, 28);
	CHECK(u.expected[0] != '\0');
	/* Another, who does what he always did. */
	struct state_facts state = { 0 };
	for (int k = 0; k < 4; k++)
		state = see(memories, (struct call){ DAY_0 + 28, 4, 540 + 60 * k, OUT, 120 });
	CHECK(state.usual[USUAL_OWNER].surprise < 15);
	/* The whole site: one person's burst is little among twenty. */
	CHECK(state.usual[USUAL_SITE].surprise < u.surprise);
	memories_free(memories);
}

TEST(a_trunk_has_habits_of_its_own)
{
	struct memories *memories = memories_new();
	struct state_facts state = { 0 };
	trunk = "Gateway Norte";
	for (int64_t day = DAY_0; day < DAY_0 + 28; day++)
		for (int64_t user = 1; user <= 20; user++)
			state = see(memories, (struct call){ day, user, 480 + 30 * (int)user, user == 1 ? ABROAD : OUT, 60 });
	CHECK_INT(state.usual[USUAL_TRUNK].days, 27);
	CHECK(state.usual[USUAL_TRUNK].surprise < 10);
	/* One call abroad from each of fifteen lines: nobody's habit is broken but the trunk's. */
	int32_t most = 0;
	for (int64_t user = 1; user <= 15; user++) {
		state = see(memories, (struct call){ DAY_0 + 28, user, 600 + (int)user, ABROAD, 60 });
		most = MAX(most, state.usual[USUAL_OWNER].surprise);
	}
	CHECK(state.usual[USUAL_TRUNK].surprise > most + 20);
	CHECK_INT(state.usual[USUAL_TRUNK].count, 15);
	CHECK_INT(state.usual[USUAL_TRUNK].what, USUAL_ABROAD);
	/* Another trunk has seen nothing; no trunk has no habits. */
	trunk = "Gateway Sur";
	state = see(memories, (struct call){ DAY_0 + 28, 1, 660, ABROAD, 60 });
	CHECK_INT(state.usual[USUAL_TRUNK].days, 0);
	trunk = NULL;
	state = see(memories, (struct call){ DAY_0 + 28, 1, 661, ABROAD, 60 });
	CHECK_INT(state.usual[USUAL_TRUNK].days, -1);
	CHECK_INT(state.usual[USUAL_TRUNK].surprise, -1);
	memories_free(memories);
}

TEST(the_same_at_night_is_more_unusual)
{
	struct memories *memories = memories_new();
	live(memories, DAY_0, 28, false);
	struct state_facts day = { 0 }, night = { 0 };
	for (int i = 0; i < 3; i++)
		day = see(memories, (struct call){ DAY_0 + 28, 5, 660 + i, OUT, 60 });
	for (int i = 0; i < 3; i++)
		night = see(memories, (struct call){ DAY_0 + 28, 6, 120 + i, OUT, 60 });
	CHECK(night.usual[USUAL_OWNER].surprise > day.usual[USUAL_OWNER].surprise + 10);
	memories_free(memories);
}

/* Twelve calls a day abroad: unusual at first, a habit after three weeks; and
 * the first three days are not learned while they may be a theft. */
TEST(habits_follow_but_not_at_once)
{
	struct memories *memories = memories_new();
	live(memories, DAY_0, 31, false);
	int32_t first = 0, third = 0, last = 0;
	for (int64_t day = DAY_0 + 31; day < DAY_0 + 59; day++) {
		if ((day + 4) % 7 == 0 || (day + 4) % 7 == 6)
			continue;
		struct state_facts state = { 0 };
		for (int i = 0; i < 12; i++)
			state = see(memories, (struct call){ day, 3, 540 + 30 * i, ABROAD, 60 });
		last = state.usual[USUAL_OWNER].surprise;
		if (day == DAY_0 + 31) /* a Monday */
			first = last;
		if (day == DAY_0 + 33)
			third = last;
	}
	CHECK(first >= 60);
	CHECK(third >= 60);
	CHECK(last < 20);
	memories_free(memories);
}

TEST(who_is_new_is_expected_to_do_what_the_others_do)
{
	struct memories *memories = memories_new(), *empty = memories_new();
	live(memories, DAY_0, 28, false);
	struct state_facts here = { 0 }, nowhere = { 0 };
	for (int i = 0; i < 3; i++) {
		here = see(memories, (struct call){ DAY_0 + 28, 900, 600 + i, ABROAD, 60 });
		nowhere = see(empty, (struct call){ DAY_0 + 28, 900, 600 + i, ABROAD, 60 });
	}
	CHECK_INT(here.usual[USUAL_OWNER].days, 0);
	/* Where calls abroad are common they are less unusual in a newcomer too. */
	CHECK(here.usual[USUAL_OWNER].surprise < nowhere.usual[USUAL_OWNER].surprise);
	memories_free(memories);
	memories_free(empty);
}

struct diary {
	struct day_note notes[20000];
	size_t n;
};

static void write_note(void *arg, const struct day_note *note)
{
	struct diary *diary = arg;
	REQUIRE(diary->n < COUNT_OF(diary->notes));
	diary->notes[diary->n++] = *note;
}

static void write_diary(struct memories *memories, struct diary *diary)
{
	memories_notes(memories, write_note, diary);
}

/* As a store gives them back: day by day, the word that it is closed last. */
static int by_day(const void *a, const void *b)
{
	const struct day_note *x = a, *y = b;
	bool late_x = x->what >= NOTE_LATE, late_y = y->what >= NOTE_LATE;
	if (late_x != late_y)
		return late_x - late_y;
	if (x->day != y->day)
		return x->day < y->day ? -1 : 1;
	return (x->what == NOTE_CLOSED) - (y->what == NOTE_CLOSED);
}

/* One long call at eleven; the amounts of whom it is. */
static struct usual talk(struct memories *memories, int64_t day, int64_t user, int32_t seconds, uint32_t flags)
{
	return see(memories, (struct call){ day, user, 660, flags, seconds }).usual[USUAL_AMOUNT];
}

TEST(kept_notes_and_the_last_days_are_as_good_as_all_the_days)
{
	static struct diary diary;
	struct memories *whole = memories_new(), *restarted = memories_new();
	live(whole, DAY_0, 31, false);
	write_diary(whole, &diary);
	REQUIRE(diary.n > 0);
	qsort(diary.notes, diary.n, sizeof diary.notes[0], by_day);
	for (size_t i = 0; i < diary.n; i++)
		memories_recall_note(restarted, &diary.notes[i]);
	/* More than the open days: what is closed is not counted twice. */
	again = true;
	live(restarted, DAY_0 + 31 - 8, 8, false);
	again = false;
	for (int64_t user = 1; user <= 20; user += 7) {
		struct usual a = burst(whole, DAY_0 + 31, user), b = burst(restarted, DAY_0 + 31, user);
		CHECK_INT(a.surprise, b.surprise);
		CHECK_INT(a.expected_milli, b.expected_milli);
		CHECK_INT(a.days, b.days);
		a = talk(whole, DAY_0 + 31, user, 900, ABROAD);
		b = talk(restarted, DAY_0 + 31, user, 900, ABROAD);
		CHECK(a.surprise > 0);
		CHECK_INT(a.surprise, b.surprise);
		CHECK_INT(a.expected_milli, b.expected_milli);
		CHECK_INT(a.days, b.days);
	}
	memories_free(whole);
	memories_free(restarted);
}

TEST(minutes_and_money_have_habits_of_their_own)
{
	struct memories *memories = memories_new();
	live(memories, DAY_0, 28, false);
	struct usual u = { 0 };
	for (int i = 0; i < 3; i++)
		u = talk(memories, DAY_0 + 28, 3, 1500, ABROAD);
	/* 75 minutes, of which a dollar and twenty cents each: as dollars, not as tenths. */
	CHECK_INT(u.what, AMOUNT_COST);
	CHECK_INT(u.count, 90);
	CHECK(u.surprise >= 60);
	CHECK(u.expected_milli > 0 && u.expected_milli < 2000);
	CHECK_INT(u.days, 28);
	/* At home minutes are all there is; half an hour of them is nothing. */
	u = talk(memories, DAY_0 + 28, 4, 1500, OUT);
	CHECK_INT(u.what, AMOUNT_MINUTES);
	CHECK_INT(u.count, 25);
	CHECK(u.surprise < 40);
	for (int i = 0; i < 12; i++)
		u = talk(memories, DAY_0 + 28, 4, 1500, OUT);
	CHECK(u.surprise >= 60);
	/* A service has none, and what was not talked is no amount. */
	u = talk(memories, DAY_0 + 28, 5, 1500, OUT | LEG_SERVICE);
	CHECK_INT(u.surprise, -1);
	u = talk(memories, DAY_0 + 28, 6, 0, OUT);
	CHECK_INT(u.surprise, -1);
	memories_free(memories);
}

TEST(whose_trade_it_is_to_call_strangers_is_known)
{
	struct memories *memories = memories_new();
	int32_t dialler = -1, other = -1;
	stranger = 1;
	for (int64_t day = 0; day < 28; day++) {
		if ((DAY_0 + day + 4) % 7 == 0 || (DAY_0 + day + 4) % 7 == 6)
			continue;
		for (int i = 0; i < 30; i++)
			dialler = see(memories, (struct call){ DAY_0 + day, 1, 540 + 10 * i, OUT, 20 }).usual_new_milli;
		other = see(memories, (struct call){ DAY_0 + day, 2, 600, OUT, 20 }).usual_new_milli;
	}
	stranger = 0;
	CHECK(dialler > 15000);
	CHECK(other >= 0 && other < 5000);
	memories_free(memories);
}

/* Some bursts among the days; then how rare another is. */
static int32_t rarity(struct memories *memories, const struct diary *recalled)
{
	struct state_facts state = { 0 };
	for (size_t i = 0; recalled != NULL && i < recalled->n; i++)
		memories_recall_note(memories, &recalled->notes[i]);
	for (int64_t week = recalled != NULL ? 3 : 0; week < 5; week++) {
		again = recalled != NULL && week < 4;
		live(memories, DAY_0 + 7 * week, 7, false);
		if (week == 2 || week == 3)
			for (int i = 0; i < 2; i++) /* twice as much */
				burst(memories, DAY_0 + 7 * week + 6, 5 + week);
	}
	again = false;
	for (int i = 0; i < 4; i++) {
		state = see(memories, (struct call){ DAY_0 + 35, 2, 600 + 5 * i, ABROAD, 60 });
		CHECK(i < 2 ? state.usual_rate_milli == -1 : state.usual_rate_milli > 0); /* one or two are no peak */
	}
	return state.usual_rate_milli;
}

TEST(how_rare_it_is_is_known_after_a_restart)
{
	static struct diary diary, early;
	struct memories *whole = memories_new(), *restarted = memories_new(), *nobody = memories_new();
	int32_t rare = rarity(whole, NULL);
	write_diary(whole, &diary);
	qsort(diary.notes, diary.n, sizeof diary.notes[0], by_day);
	for (size_t i = 0; i < diary.n; i++) { /* what a run that ended after the fourth week had told */
		if (diary.notes[i].day <= DAY_0 + 27 - (diary.notes[i].what == NOTE_PEAK_OF ? 0 : USUAL_KEEPS_DAYS))
			write_note(&early, &diary.notes[i]);
	}
	CHECK_INT(rarity(restarted, &early), rare);
	/* It is rarer where there was no burst before. */
	live(nobody, DAY_0, 35, false);
	struct state_facts state = { 0 };
	for (int i = 0; i < 4; i++)
		state = see(nobody, (struct call){ DAY_0 + 35, 2, 600 + 5 * i, ABROAD, 60 });
	CHECK(state.usual_rate_milli > 0 && state.usual_rate_milli < rare);
	/* Who is new surprises by being new. */
	for (int i = 0; i < 4; i++)
		state = see(nobody, (struct call){ DAY_0 + 35, 900, 600 + 5 * i, ABROAD, 60 });
	CHECK_INT(state.usual_rate_milli, -1);
	memories_free(whole);
	memories_free(restarted);
	memories_free(nobody);
}

TEST(days_that_come_newest_first_teach_as_much)
{
	struct memories *forth = memories_new(), *back = memories_new();
	live(forth, DAY_0, 28, false);
	live(back, DAY_0, 28, true);
	struct usual a = burst(forth, DAY_0 + 28, 3), b = burst(back, DAY_0 + 28, 3);
	CHECK(abs(a.surprise - b.surprise) <= 3);
	CHECK(abs(a.expected_milli - b.expected_milli) * 20 <= a.expected_milli);
	CHECK_INT(a.days, b.days);
	memories_free(forth);
	memories_free(back);
}

TEST(what_came_late_is_kept_too)
{
	static struct diary diary;
	struct memories *back = memories_new(), *restarted = memories_new();
	live(back, DAY_0, 28, true);
	write_diary(back, &diary);
	qsort(diary.notes, diary.n, sizeof diary.notes[0], by_day);
	for (size_t i = 0; i < diary.n; i++)
		memories_recall_note(restarted, &diary.notes[i]);
	again = true;
	live(restarted, DAY_0 + 24, 4, true);
	again = false;
	struct usual a = burst(back, DAY_0 + 28, 3), b = burst(restarted, DAY_0 + 28, 3);
	CHECK(abs(a.surprise - b.surprise) <= 1);
	CHECK(abs(a.expected_milli - b.expected_milli) <= 1);
	memories_free(back);
	memories_free(restarted);
}

TEST(one_record_with_a_wrong_date_moves_nothing)
{
	struct memories *right = memories_new(), *wrong = memories_new();
	see(wrong, (struct call){ DAY_0 + 40000, 1, 600, ABROAD, 60 }); /* the very first */
	live(right, DAY_0, 28, false);
	live(wrong, DAY_0, 14, false);
	see(wrong, (struct call){ DAY_0 + 9000, 2, 600, ABROAD, 60 });
	see(wrong, (struct call){ 0, 2, 600, ABROAD, 60 });
	live(wrong, DAY_0 + 14, 14, false);
	struct usual a = burst(right, DAY_0 + 28, 3), b = burst(wrong, DAY_0 + 28, 3);
	CHECK(abs(a.surprise - b.surprise) <= 3);
	CHECK(b.surprise >= 60);
	memories_free(right);
	memories_free(wrong);
}

TEST(a_clock_that_was_put_wrong_comes_back)
{
	struct memories *memories = memories_new();
	live(memories, DAY_0, 28, false);
	/* Strays that do not agree move nothing … */
	for (int i = 0; i < 40; i++)
		see(memories, (struct call){ DAY_0 + (i % 2 == 0 ? 9000 : -900) + i * 20, 2, 600, ABROAD, 60 });
	CHECK(burst(memories, DAY_0 + 28, 3).surprise >= 60);
	/* … those that do move the clock; as many put it back, sites too. */
	for (int i = 0; i < 8; i++)
		see(memories, (struct call){ DAY_0 + 9000, 2, 600, ABROAD, 60 });
	live(memories, DAY_0 + 31, 14, false);
	struct state_facts state = { 0 };
	for (int i = 0; i < 60; i++)
		state = see(memories, (struct call){ DAY_0 + 45, 2, 600, ABROAD, 60 });
	CHECK(state.usual[USUAL_OWNER].surprise >= 60);
	CHECK(state.usual[USUAL_SITE].count >= 55); /* but for the first that said so */
	memories_free(memories);
}

/* A call of six hours is told when it ends: it is weighed by what came until it
 * began, not by the rush that it is told in. */
TEST(a_late_leg_is_weighed_by_its_own_hour)
{
	struct memories *memories = memories_new();
	live(memories, DAY_0, 28, false);
	struct state_facts rush = { 0 }, late;
	for (int i = 0; i < 40; i++)
		rush = see(memories, (struct call){ DAY_0 + 28, 5, 720 + i % 10, OUT, 60 });
	late = see(memories, (struct call){ DAY_0 + 28, 5, 630, OUT, 5400 });
	CHECK(rush.usual[USUAL_OWNER].count >= 40);
	CHECK(late.usual[USUAL_OWNER].count < 4);
	CHECK(late.usual[USUAL_OWNER].surprise < 20);
	late = see(memories, (struct call){ DAY_0 + 25, 5, 630, OUT, 5400 }); /* of days ago: nothing to say */
	CHECK_INT(late.usual[USUAL_OWNER].surprise, -1);
	CHECK_INT(late.usual[USUAL_OWNER].count, 0);
	memories_free(memories);
}

TEST(a_flood_of_a_busy_service_is_counted_whole)
{
	struct memories *memories = memories_new();
	uint32_t in = LEG_INBOUND | LEG_SERVICE | LEG_ANSWERED;
	struct state_facts state = { 0 };
	for (int64_t day = DAY_0; day < DAY_0 + 14; day++)
		for (int i = 0; i < 300; i++)
			see(memories, (struct call){ day, 9, 600 + i / 5, in, 60 });
	for (int i = 0; i < 9000; i++)
		state = see(memories, (struct call){ DAY_0 + 14, 9, 600 + i / 600, in, 60 });
	CHECK(state.usual[USUAL_OWNER].count > 5000);
	CHECK(state.usual[USUAL_OWNER].surprise >= 100);
	memories_free(memories);
}

TEST(a_moment_before_1970_is_nobodys)
{
	struct memories *memories = memories_new();
	see(memories, (struct call){ -1, 1, 600, ABROAD, 60 });
	see(memories, (struct call){ 0, 1, -600, ABROAD, 60 });
	live(memories, DAY_0, 7, false);
	memories_free(memories);
}

TEST(after_a_long_silence_it_goes_on)
{
	struct memories *memories = memories_new();
	live(memories, DAY_0, 14, false);
	live(memories, DAY_0 + 3000, 14, false);
	struct usual u = burst(memories, DAY_0 + 3014, 3);
	CHECK_INT(u.what, USUAL_ABROAD);
	CHECK(u.surprise >= 50);
	memories_free(memories);
}

TEST(notes_that_are_nonsense_hurt_nobody)
{
	struct memories *memories = memories_new();
	const struct day_note bad[] = { { DAY_0, 5, -1, USUAL_NOTE(0, 0) }, { DAY_0, 0, 5, USUAL_NOTE(1, 3) },
		{ -7, 5, 5, USUAL_NOTE(0, 1) }, { DAY_0, 5, INT64_MAX, USUAL_NOTE(1, 3) }, { DAY_0, 5, 1, 17 },
		{ DAY_0, 5, 1, 1 << 20 }, { DAY_0, 5, INT64_MAX, USUAL_NOTE_LATE(1, 3, 6) }, { DAY_0, 5, 1, INT32_MIN },
		{ INT64_MAX / 2, 0, 0, NOTE_CLOSED }, { INT64_MAX, 5, 1, USUAL_NOTE(0, 0) }, { INT64_MAX, 5, 1, NOTE_LATE },
		{ INT64_MAX, 5, 1, NOTE_CLIENT } };
	for (size_t i = 0; i < COUNT_OF(bad); i++)
		memories_recall_note(memories, &bad[i]);
	live(memories, DAY_0, 7, false);
	CHECK(memories_bytes(memories) > 0);
	memories_free(memories);
}

TESTS(T(the_chance_is_that_of_a_negative_binomial), T(minutes_and_money_have_habits_of_their_own), T(whose_trade_it_is_to_call_strangers_is_known), T(a_count_in_nine_bits_is_within_two_percent),
    T(a_burst_abroad_is_unusual_and_the_same_as_ever_is_not), T(a_trunk_has_habits_of_its_own), T(the_same_at_night_is_more_unusual),
    T(habits_follow_but_not_at_once), T(who_is_new_is_expected_to_do_what_the_others_do),
    T(kept_notes_and_the_last_days_are_as_good_as_all_the_days), T(how_rare_it_is_is_known_after_a_restart), T(days_that_come_newest_first_teach_as_much),
    T(what_came_late_is_kept_too), T(one_record_with_a_wrong_date_moves_nothing), T(a_clock_that_was_put_wrong_comes_back),
    T(a_late_leg_is_weighed_by_its_own_hour), T(a_flood_of_a_busy_service_is_counted_whole),
    T(a_moment_before_1970_is_nobodys), T(after_a_long_silence_it_goes_on),
    T(notes_that_are_nonsense_hurt_nobody))
