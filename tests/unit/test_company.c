/* SPDX-License-Identifier: Apache-2.0
 *
 * Clients of a person, and who else does the same. */
#include "test.h"

#include "base/hash.h"
#include "detect/state_facts.h"

#define DAY_0 INT64_C(20700)

static struct state_facts see(struct memories *memories, int64_t ms, uint64_t user, const char *client, uint64_t number)
{
	struct cdr cdr = { .start_ms = DAY_0 * DAY_MS + ms, .duration_s = 60 };
	struct leg_facts leg = { .flags = LEG_EXTERNAL_OUT | LEG_ORIGINATING | LEG_ANSWERED, .local_minute = 600, .weekday = 3,
		.user_key = hash_mix(user) | 1, .site_key = 77, .called_key = hash_mix(number) | 1 };
	struct state_facts state;
	cdr.field[CDR_F_CLIENT_TYPE] = (struct span){ client, (uint32_t)strlen(client) };
	memories_observe(memories, &cdr, &leg, &state);
	return state;
}

TEST(a_client_is_known_since_its_first_call_and_turns_are_counted)
{
	struct memories *memories = memories_new();
	struct state_facts s = { 0 };
	for (int64_t day = 0; day <= 5; day++) {
		s = see(memories, day * DAY_MS, 1, "A", 1);
		CHECK_INT(s.client_days, day);
		CHECK_INT(s.client_turns, 0);
	}
	s = see(memories, 5 * DAY_MS + 1, 1, "B", 1);
	CHECK_INT(s.client_days, 0);
	CHECK_INT(s.client_turns, 1);
	CHECK_INT(see(memories, 5 * DAY_MS + 2, 1, "A", 1).client_turns, 2);
	CHECK_INT(see(memories, 5 * DAY_MS + 3, 2, "B", 1).client_days, 0); /* another's */
	CHECK_INT(see(memories, 5 * DAY_MS + 7 * HOUR_MS, 1, "A", 1).client_turns, 0); /* long ago */
	CHECK_INT(see(memories, 6 * DAY_MS, 1, "", 1).client_days, -1); /* none is named */
	CHECK_INT(see(memories, 900 * DAY_MS, 1, "C", 1).client_days, -1); /* a wrong date is not kept */
	memories_free(memories);
}

/* A call of `seconds` that was answered after five. */
static int32_t talk(struct memories *memories, int64_t at_s, const char *client, int seconds, bool answered)
{
	struct cdr cdr = { .start_ms = (DAY_0 + 5) * DAY_MS + at_s * SECOND_MS, .duration_s = seconds };
	struct leg_facts leg = { .flags = LEG_EXTERNAL_OUT | LEG_ORIGINATING | (answered ? LEG_ANSWERED : 0), .local_minute = 600,
		.weekday = 3, .user_key = 7, .site_key = 77, .called_key = 9 };
	struct state_facts state;
	cdr.answer_ms = answered ? cdr.start_ms + 5 * SECOND_MS : 0;
	leg.end_ms = answered ? cdr.answer_ms + seconds * SECOND_MS : cdr.start_ms;
	cdr.field[CDR_F_CLIENT_TYPE] = (struct span){ client, (uint32_t)strlen(client) };
	memories_observe(memories, &cdr, &leg, &state);
	return state.client_overlaps;
}

TEST(two_clients_that_talk_at_once_are_counted)
{
	struct memories *memories = memories_new();
	for (int64_t day = 0; day <= 5; day++) /* the clock of habits goes by days */
		see(memories, day * DAY_MS, 1, "A", 1);
	CHECK_INT(talk(memories, 0, "A", 600, true), 0);
	CHECK_INT(talk(memories, 100, "A", 60, true), 0); /* call waiting */
	CHECK_INT(talk(memories, 200, "B", 60, false), 0); /* nobody answered */
	CHECK_INT(talk(memories, 300, "B", 60, true), 1);
	CHECK_INT(talk(memories, 605, "B", 60, true), 0); /* the other has just hung up */
	CHECK_INT(talk(memories, 1000, "A", 10, true), 0);
	CHECK_INT(talk(memories, 610, "A", INT32_MAX, true), 0); /* nobody talks for years */
	CHECK_INT(talk(memories, 900, "B", 600, true), 2); /* it began first and was reported later */
	CHECK_INT(talk(memories, 24 * 3600 + 2000, "A", 10, true), 0); /* of yesterday */
	for (int i = 0; i < 20; i++)
		talk(memories, 26 * 3600 + i, i % 2 == 0 ? "A" : "B", 3000, true);
	CHECK_INT(talk(memories, 26 * 3600 + 30, "A", 3000, true), 8);
	memories_free(memories);
}

static void keep(void *arg, const struct day_note *note)
{
	if (note->what == NOTE_CLIENT)
		memories_recall_note(arg, note);
}

/* Notes stay for ninety days: who is used for longer is noted again. */
TEST(a_client_is_remembered_over_runs_and_months)
{
	struct memories *memories = memories_new(), *again = memories_new();
	for (int64_t day = 0; day <= 100; day++) {
		see(memories, day * DAY_MS, 1, "A", 1);
		memories_notes(memories, keep, day >= 40 ? again : memories);
	}
	struct state_facts s = see(again, 101 * DAY_MS, 1, "A", 1);
	CHECK_INT(s.client_days, 101);
	CHECK_INT(see(again, 101 * DAY_MS, 1, "B", 1).client_days, 0);
	const struct day_note bad[] = { { DAY_0, 0, 1, NOTE_CLIENT }, { -1, 5, 1, NOTE_CLIENT }, { DAY_0, 5, DAY_0 + 1, NOTE_CLIENT } };
	for (size_t i = 0; i < COUNT_OF(bad); i++)
		memories_recall_note(again, &bad[i]);
	memories_free(memories);
	memories_free(again);
}

TEST(people_who_call_one_number_are_counted_once_each)
{
	struct memories *memories = memories_new();
	CHECK_INT(see(memories, 0, 1, "A", 9).crowd_number, 1);
	CHECK_INT(see(memories, 1, 1, "A", 9).crowd_number, 1);
	CHECK_INT(see(memories, 2, 2, "A", 9).crowd_number, 2);
	CHECK_INT(see(memories, 3, 3, "A", 8).crowd_number, 1);
	for (uint64_t user = 4; user < 40; user++)
		see(memories, 4, user, "A", 9);
	CHECK_INT(see(memories, 5, 40, "A", 9).crowd_number, 8); /* as many as are counted */
	CHECK_INT(see(memories, 13 * HOUR_MS, 1, "A", 9).crowd_number, 1);
	memories_free(memories);
}

/* A quiet fortnight of thirty people at one site, then `n` of them call new
 * numbers by the dozen; what the last of them sees of the others. */
static int32_t campaign(uint64_t n)
{
	struct memories *memories = memories_new();
	struct state_facts s = { 0 };
	for (int64_t day = 0; day < 14; day++)
		for (uint64_t user = 1; user <= 30; user++)
			see(memories, day * DAY_MS + 15 * HOUR_MS, user, "A", user);
	for (uint64_t call = 0; call < 20; call++)
		for (uint64_t user = 1; user <= n; user++)
			s = see(memories, 14 * DAY_MS + 15 * HOUR_MS + (int64_t)call * MINUTE_MS, user, "A", 1000 + call * 100 + user);
	memories_free(memories);
	return s.crowd_unusual;
}

TEST(a_campaign_is_told_from_one_stolen_line)
{
	CHECK_INT(campaign(1), 0);
	CHECK_INT(campaign(4), 3);
	CHECK_INT(campaign(20), 7);
}

TESTS(T(a_client_is_known_since_its_first_call_and_turns_are_counted), T(two_clients_that_talk_at_once_are_counted),
    T(a_client_is_remembered_over_runs_and_months), T(people_who_call_one_number_are_counted_once_each), T(a_campaign_is_told_from_one_stolen_line))
