/* SPDX-License-Identifier: Apache-2.0
 *
 * Which numbers and countries are ours, and who is there after hours. */
#include "test.h"

#include "detect/state_facts.h"

#define DAY_0 INT64_C(20700)
#define LINE  "+576013790123"

static const char *caller, *called; /* E.164 of what follows */

static struct state_facts see(struct memories *memories, int64_t day, int minute, int64_t user, uint32_t flags, const char *to_country)
{
	struct cdr cdr = { .start_ms = day * DAY_MS + minute * MINUTE_MS, .duration_s = 60 };
	struct leg_facts leg = { .flags = flags | LEG_LOCAL_KNOWN, .local_minute = (int16_t)minute, .edge_minutes = 240, .weekday = (int8_t)((day + 4) % 7),
		.user_key = (uint64_t)user * 1000 + 1, .site_key = 77, .home = "CO" };
	snprintf(leg.country, sizeof leg.country, "%s", to_country);
	if (caller != NULL) {
		snprintf(leg.calling.e164, sizeof leg.calling.e164, "%s", caller);
		leg.calling_key = 900 + strlen(caller) * 7 + (uint64_t)(unsigned char)caller[strlen(caller) - 1];
	}
	if (called != NULL) {
		snprintf(leg.called.e164, sizeof leg.called.e164, "%s", called);
		leg.called_key = 900 + strlen(called) * 7 + (uint64_t)(unsigned char)called[strlen(called) - 1];
	}
	struct state_facts state;
	memories_observe(memories, &cdr, &leg, &state);
	caller = called = NULL;
	return state;
}

static bool shows_ours(struct memories *memories, int64_t day, const char *number)
{
	caller = number;
	called = "+576013790177";
	return see(memories, day, 700, 9, LEG_INBOUND, "").src_ours;
}

TEST(a_line_is_ours_from_the_day_after_it_was_seen)
{
	struct memories *memories = memories_new();
	see(memories, DAY_0 - 1, 500, 1, LEG_EXTERNAL_OUT | LEG_ORIGINATING, "");
	called = LINE; /* somebody called it from outside */
	see(memories, DAY_0, 600, 1, LEG_INBOUND, "");
	CHECK(!shows_ours(memories, DAY_0, LINE)); /* whichever of a day is reported first */
	CHECK(shows_ours(memories, DAY_0 + 1, LINE));
	CHECK(!shows_ours(memories, DAY_0 + 1, "+576013790124"));
	/* … or it called out by itself. */
	caller = "+5760137901250";
	see(memories, DAY_0, 600, 2, LEG_EXTERNAL_OUT | LEG_ORIGINATING, "");
	CHECK(shows_ours(memories, DAY_0 + 2, "+5760137901250"));
	memories_free(memories);
}

TEST(what_a_service_or_a_forward_shows_is_not_ours)
{
	struct memories *memories = memories_new();
	see(memories, DAY_0 - 1, 500, 1, LEG_EXTERNAL_OUT | LEG_ORIGINATING, "");
	called = LINE;
	see(memories, DAY_0, 600, 1, LEG_INBOUND | LEG_SERVICE, "");
	caller = LINE;
	see(memories, DAY_0, 600, 1, LEG_EXTERNAL_OUT | LEG_ORIGINATING | LEG_FORWARDED, "");
	CHECK(!shows_ours(memories, DAY_0 + 1, LINE));
	memories_free(memories);
}

TEST(a_country_of_a_site_is_ours)
{
	struct memories *memories = memories_new();
	uint32_t abroad = LEG_EXTERNAL_OUT | LEG_ORIGINATING | LEG_INTERNATIONAL;
	see(memories, DAY_0, 600, 1, abroad, "LV");
	CHECK(!see(memories, DAY_0 + 1, 600, 1, abroad, "LV").dst_country_ours);
	CHECK(see(memories, DAY_0 + 1, 600, 1, abroad, "CO").dst_country_ours);
	memories_free(memories);
}

struct kept {
	struct day_note notes[64];
	size_t n;
};

static void keep(void *arg, const struct day_note *note)
{
	struct kept *kept = arg;
	if (note->what == NOTE_OURS && kept->n < COUNT_OF(kept->notes))
		kept->notes[kept->n++] = *note;
}

TEST(what_is_ours_is_known_after_a_restart)
{
	struct memories *memories = memories_new(), *later = memories_new();
	static struct kept kept;
	see(memories, DAY_0 - 1, 500, 1, LEG_EXTERNAL_OUT | LEG_ORIGINATING, "");
	called = LINE;
	see(memories, DAY_0, 600, 1, LEG_INBOUND, "");
	called = LINE;
	see(memories, DAY_0 + 1, 600, 1, LEG_INBOUND, ""); /* told once */
	memories_notes(memories, keep, &kept);
	CHECK_INT(kept.n, 2); /* the line, and the country of its site */
	for (size_t i = 0; i < kept.n; i++)
		memories_recall_note(later, &kept.notes[i]);
	const struct day_note bad[] = { { -1, 5, 1, NOTE_OURS }, { DAY_0, 0, 1, NOTE_OURS }, { DAY_0, 5, INT64_MAX, NOTE_OURS }, { INT64_MAX, 5, 1, NOTE_OURS } };
	for (size_t i = 0; i < COUNT_OF(bad); i++)
		memories_recall_note(later, &bad[i]);
	see(later, DAY_0 + 19, 500, 1, LEG_EXTERNAL_OUT | LEG_ORIGINATING, "");
	see(later, DAY_0 + 20, 500, 1, LEG_EXTERNAL_OUT | LEG_ORIGINATING, "");
	CHECK(shows_ours(later, DAY_0 + 20, LINE));
	memories_free(memories);
	memories_free(later);
}

/* A store of before these notes: what warming shows is told by the first that is new. */
TEST(what_is_shown_again_is_not_told_and_is_told_later)
{
	struct memories *memories = memories_new();
	static struct kept kept;
	struct cdr cdr = { .start_ms = DAY_0 * DAY_MS };
	struct leg_facts leg = { .flags = LEG_INBOUND | LEG_LOCAL_KNOWN, .user_key = 1001, .called_key = 5, .home = "CO" };
	struct state_facts state;
	see(memories, DAY_0 - 1, 500, 1, LEG_EXTERNAL_OUT | LEG_ORIGINATING, "");
	snprintf(leg.called.e164, sizeof leg.called.e164, "%s", LINE);
	memories_notes(memories, keep, &kept);
	kept.n = 0;
	memories_observe_again(memories, &cdr, &leg, &state);
	memories_notes(memories, keep, &kept);
	CHECK_INT(kept.n, 0);
	cdr.start_ms += DAY_MS;
	memories_observe(memories, &cdr, &leg, &state);
	memories_notes(memories, keep, &kept);
	REQUIRE(kept.n == 1);
	CHECK_INT(kept.notes[0].n, DAY_0); /* since when it is known, too */
	memories_free(memories);
}

TEST(a_team_that_stays_late_is_a_crowd_and_a_night_shift_is_none)
{
	struct memories *memories = memories_new();
	uint32_t late = LEG_EXTERNAL_OUT | LEG_ORIGINATING | LEG_CLOSED | LEG_NIGHT;
	CHECK_INT(see(memories, DAY_0, 1380, 1, late, "").crowd_closed, 0);
	CHECK_INT(see(memories, DAY_0, 1385, 2, late, "").crowd_closed, 1);
	CHECK_INT(see(memories, DAY_0, 1390, 3, late, "").crowd_closed, 2);
	CHECK_INT(see(memories, DAY_0, 1391, 3, late, "").crowd_closed, 2); /* oneself is no crowd */
	CHECK_INT(see(memories, DAY_0 + 1, 180, 4, late, "").crowd_closed, 0); /* three hours later */
	for (int64_t night = 2; night < 12; night++)
		see(memories, DAY_0 + night, 1400, 5, late, "");
	for (int64_t night = 12; night < 14; night++) {
		see(memories, DAY_0 + night, 1380, 5, late, "");
		CHECK_INT(see(memories, DAY_0 + night, 1381, 6, late, "").crowd_closed, 0);
	}
	memories_free(memories);
}

TESTS(T(a_line_is_ours_from_the_day_after_it_was_seen), T(what_a_service_or_a_forward_shows_is_not_ours), T(a_country_of_a_site_is_ours),
    T(what_is_ours_is_known_after_a_restart), T(what_is_shown_again_is_not_told_and_is_told_later), T(a_team_that_stays_late_is_a_crowd_and_a_night_shift_is_none))
