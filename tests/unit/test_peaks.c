/* SPDX-License-Identifier: Apache-2.0
 *
 * How rare a surprise is here: counted over four weeks, known a little from
 * elsewhere before, the same from its notes. */
#include "test.h"

#include "detect/fact.h"
#include "detect/facts/peaks.h"
#include "detect/state_facts.h"

#define DAY_0 INT64_C(20700)

/* A day of 1000 persons of whom n show a surprise of 6 powers. */
static void a_day(struct peaks *p, int64_t day, int n)
{
	peaks_add(p, day, 60, n);
	peaks_close(p, day, 1000);
}

TEST(before_anything_was_seen_it_is_as_elsewhere)
{
	struct peaks p;
	peaks_init(&p);
	CHECK_INT(peaks_rate(&p, 15), 130000);
	CHECK_INT(peaks_rate(&p, 60), 1100);
	CHECK_INT(peaks_rate(&p, 14), -1);
	CHECK_INT(peaks_rate(&p, -1), -1);
	int32_t before = INT32_MAX;
	for (int surprise = 15; surprise < 151; surprise++) {
		CHECK(peaks_rate(&p, surprise) <= before);
		before = peaks_rate(&p, surprise);
	}
	CHECK(before >= 0 && before < 10);
	CHECK_INT(peaks_rate(&p, 100000), before);
}

TEST(what_was_seen_outweighs_it)
{
	struct peaks p;
	peaks_init(&p);
	for (int64_t day = DAY_0; day < DAY_0 + 27; day++)
		a_day(&p, day, 4);
	/* 27 days of 4 in a thousand, and two of 1.1. */
	CHECK_INT(peaks_rate(&p, 60), (27 * 4000 + 2 * 1100) / 29);
	CHECK(peaks_rate(&p, 59) >= peaks_rate(&p, 60));
	CHECK(peaks_rate(&p, 61) < 200); /* nobody was */
	/* After four weeks it is forgotten, whoever comes late. */
	peaks_add(&p, DAY_0 - 400, 60, 500);
	for (int64_t day = DAY_0 + 27; day < DAY_0 + 27 + 28; day++)
		a_day(&p, day, 0);
	CHECK_INT(peaks_rate(&p, 60), 2 * 1100 / 30);
	/* Months of silence leave what is known of others. */
	peaks_close(&p, DAY_0 + 500, 0);
	CHECK_INT(peaks_rate(&p, 60), 1100);
}

struct diary {
	struct day_note notes[4000];
	size_t n;
};

static void write_note(void *arg, const struct day_note *note)
{
	struct diary *diary = arg;
	REQUIRE(diary->n < COUNT_OF(diary->notes));
	diary->notes[diary->n++] = *note;
}

TEST(notes_say_the_same)
{
	static struct diary diary;
	struct peaks p, q;
	peaks_init(&p);
	peaks_init(&q);
	for (int64_t day = DAY_0; day < DAY_0 + 20; day++) {
		for (int surprise = 0; surprise < 260; surprise += 7)
			peaks_add(&p, day, surprise, (int)(day % 5) + surprise % 3);
		peaks_close(&p, day, 400 + day % 9);
		peaks_notes(&p, day, write_note, &diary);
	}
	for (size_t i = 0; i < diary.n; i++)
		peaks_recall(&q, &diary.notes[i]);
	for (int surprise = 15; surprise < 260; surprise++)
		CHECK_INT(peaks_rate(&p, surprise), peaks_rate(&q, surprise));
	/* Notes that are nonsense hurt nobody. */
	const struct day_note bad[] = { { .day = DAY_0, .key = 0, .n = 5 }, { .day = -3, .key = 1, .n = 5 }, { .day = 0, .key = 1000, .n = 5 },
		{ .day = DAY_0 + 19, .key = UINT64_MAX, .n = 5 }, { .day = DAY_0 + 19, .key = 137, .n = 5 }, { .day = DAY_0 + 19, .key = 3, .n = -5 } };
	for (size_t i = 0; i < COUNT_OF(bad); i++)
		peaks_recall(&q, &bad[i]);
	peaks_recall(&q, &(struct day_note){ .day = DAY_0 + 19, .key = 1, .n = INT64_MAX });
	CHECK(peaks_rate(&q, 30) > 0);
}

TEST(the_fact_is_a_share_of_the_budget)
{
	const struct fact *fact = fact_named("usual.budget");
	struct cdr cdr = { 0 };
	struct leg_facts leg = { 0 };
	struct state_facts state = { .usual_rate_milli = 1500, .budget_milli = 3000 };
	struct fact_view view = { &cdr, &leg, &state };
	struct fact_value value;
	REQUIRE(fact != NULL);
	fact_read(fact, &view, &value);
	CHECK(value.present);
	CHECK_INT(value.number, 50);
	state.budget_milli = 0; /* none is wanted */
	fact_read(fact, &view, &value);
	CHECK(!value.present);
	state = (struct state_facts){ .usual_rate_milli = -1, .budget_milli = 3000 };
	fact_read(fact, &view, &value);
	CHECK(!value.present);
}

TESTS(T(before_anything_was_seen_it_is_as_elsewhere), T(what_was_seen_outweighs_it), T(notes_say_the_same),
    T(the_fact_is_a_share_of_the_budget))
