/* SPDX-License-Identifier: Apache-2.0
 *
 * Every kind of incident, loud and patient: it happens when and where it was
 * asked for, is labelled, and shows what a detector is meant to see. */
#include <stdlib.h>
#include <unistd.h>

#include "base/iso_time.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/text.h"
#include "sim/incident.h"
#include "sim/legs.h"
#include "test.h"

#define EPOCH (civil_to_ms(2026, 10, 5, 14, 0, 0, 0)) /* a Monday */
#define DAYS  24

/* The labelled legs of one incident, by start; the days stay in memory. */
struct seen {
	struct traffic *traffic;
	struct sim_legs days[DAYS];
	const struct sim_leg **legs;
	size_t n, capacity;
	int n_days; /* as long as it lasts */
};

static int days_of(const char *kind, bool patient)
{
	for (size_t k = 0; k < N_ATTACK_KINDS + N_LOOKALIKE_KINDS; k++) {
		const struct incident_kind *of = k < N_ATTACK_KINDS ? &ATTACK_KINDS[k] : &LOOKALIKE_KINDS[k - N_ATTACK_KINDS];
		if (strcmp(of->name, kind) == 0)
			return MIN(4 + (int)(patient ? of->patient.n.days : of->loud.n.days), DAYS);
	}
	return DAYS;
}

static int by_start(const void *a, const void *b)
{
	const struct sim_leg *const *x = a, *const *y = b;
	if ((*x)->start_ms != (*y)->start_ms)
		return (*x)->start_ms < (*y)->start_ms ? -1 : 1;
	return (*x)->originating - (*y)->originating;
}

static void play(const char *kind, bool patient, const char *more, struct seen *s)
{
	char path[] = "/tmp/centinela-attack-XXXXXX";
	int fd = mkstemp(path);
	REQUIRE(fd >= 0);
	FILE *file = fdopen(fd, "w");
	fprintf(file, "{\"incidents\":[{\"kind\":\"%s\",\"manner\":\"%s\",\"day\":2,\"site\":\"Colombia Nueva-Produccion\"%s}]}",
	    kind, patient ? "patient" : "loud", more);
	fclose(file);
	struct fault fault = { 0 };
	struct traffic_options options = { .seed = 21, .n_users = 100, .scenario = path, .epoch_ms = EPOCH };
	memset(s, 0, sizeof *s);
	if (!traffic_new(&options, &s->traffic, &fault)) {
		printf("%s\n", fault.text);
		exit(1);
	}
	unlink(path);
	s->n_days = strstr(more, "day") != NULL ? DAYS : days_of(kind, patient);
	for (int d = 0; d < s->n_days; d++) {
		traffic_legs(s->traffic, EPOCH / DAY_MS + d, &s->days[d]);
		for (size_t i = 0; i < s->days[d].n; i++) {
			if (!s->days[d].legs[i].kind)
				continue;
			s->legs = mem_grow(s->legs, s->n, &s->capacity, sizeof *s->legs);
			s->legs[s->n++] = &s->days[d].legs[i];
		}
	}
	if (s->n > 1)
		qsort(s->legs, s->n, sizeof *s->legs, by_start);
}

static void forget(struct seen *s)
{
	for (int d = 0; d < s->n_days; d++)
		sim_legs_free(&s->days[d]);
	free(s->legs);
	traffic_free(s->traffic);
}

static bool is(const char *text, const char *wanted)
{
	return text && strcmp(text, wanted) == 0;
}

static size_t count(const struct seen *s, bool (*test)(const struct sim_leg *))
{
	size_t n = 0;
	for (size_t i = 0; i < s->n; i++)
		n += test(s->legs[i]);
	return n;
}

static size_t distinct(const struct seen *s, const char *(*what)(const struct sim_leg *))
{
	struct map map = { 0 };
	for (size_t i = 0; i < s->n; i++)
		if (what(s->legs[i]))
			map_put(&map, what(s->legs[i]), NULL);
	size_t n = map.n;
	map_clear(&map);
	return n;
}

/* Most legs of the test that are answered at one moment. */
static size_t at_once(const struct seen *s, bool (*test)(const struct sim_leg *))
{
	size_t most = 0;
	for (size_t i = 0; i < s->n; i++) {
		size_t up = test(s->legs[i]); /* it is just beginning */
		for (size_t k = 0; k < s->n; k++)
			up += test(s->legs[k]) && s->legs[k]->answer_ms && s->legs[k]->answer_ms <= s->legs[i]->start_ms &&
			    s->legs[k]->release_ms > s->legs[i]->start_ms;
		if (up > most)
			most = up;
	}
	return most;
}

static bool any(const struct sim_leg *leg) { return leg != NULL; }
static bool outgoing(const struct sim_leg *leg) { return leg->originating && is(leg->user_type, "User"); }
static bool incoming(const struct sim_leg *leg) { return !leg->originating && is(leg->call_type, "SIP_INBOUND") && is(leg->user_type, "User"); }
static bool abroad(const struct sim_leg *leg) { return leg->originating && is(leg->call_type, "SIP_INTERNATIONAL"); }
static bool premium(const struct sim_leg *leg) { return is(leg->call_type, "SIP_PREMIUM"); }
static bool toll_free(const struct sim_leg *leg) { return is(leg->call_type, "SIP_TOLLFREE"); }
static bool refused(const struct sim_leg *leg) { return is(leg->outcome_reason, "UnassignedNumber"); }
static bool one_ring(const struct sim_leg *leg) { return incoming(leg) && !leg->answer_ms && leg->ring_s < 3; }
static bool short_talk(const struct sim_leg *leg) { return leg->answer_ms && leg->release_ms - leg->answer_ms < 45000; }
static bool very_long(const struct sim_leg *leg) { return leg->release_ms - leg->answer_ms > 30 * MINUTE_MS; }
static bool forwarded(const struct sim_leg *leg)
{
	return abroad(leg) && is(leg->related_reason, "CallForwardAlways") && is(leg->redirect_reason, "Unconditional") &&
	    leg->redirecting_uuid && strcmp(leg->redirecting_uuid, leg->user_uuid) == 0;
}
static bool portal(const struct sim_leg *leg) { return !leg->originating && is(leg->user_type, "VoiceMailRetrieval"); }
static bool through_portal(const struct sim_leg *leg) { return abroad(leg) && is(leg->user_type, "VoiceMailRetrieval"); }
static bool at_queue(const struct sim_leg *leg) { return !leg->originating && is(leg->user_type, "CallCenterPremium"); }
static bool at_attendant(const struct sim_leg *leg) { return is(leg->user_type, "AutomatedAttendantVideo"); }
static bool sets_forward(const struct sim_leg *leg) { return leg->dialled && text_starts_with(leg->dialled, "*72"); }
static bool by_night(const struct sim_leg *leg)
{
	int64_t hour = (leg->start_ms + sim_location_minutes(leg->site, leg->start_ms) * MINUTE_MS) / HOUR_MS % 24;
	return hour >= 22 || hour < 6;
}
static const char *user(const struct sim_leg *leg) { return leg->user_uuid && *leg->user_uuid ? leg->user_uuid : NULL; }
static const char *called(const struct sim_leg *leg) { return leg->called_number; }
static const char *calling(const struct sim_leg *leg) { return leg->originating ? NULL : leg->calling_number; }
static const char *site(const struct sim_leg *leg) { return leg->site->uuid; }
static const char *client_os(const struct sim_leg *leg) { return leg->client->os; }

TEST(every_kind_happens_when_asked_and_is_labelled)
{
	for (size_t k = 0; k < N_ATTACK_KINDS + N_LOOKALIKE_KINDS; k++)
		for (int patient = 0; patient < 2; patient++) {
			const struct incident_kind *kind = k < N_ATTACK_KINDS ? &ATTACK_KINDS[k]
			    : &LOOKALIKE_KINDS[k - N_ATTACK_KINDS];
			struct seen s;
			play(kind->name, patient != 0, "", &s);
			char label[64];
			snprintf(label, sizeof label, "%s%s", kind->name, patient ? "_patient" : "");
			if (s.n == 0) {
				printf("%s: nothing happens\n", label);
				CHECK(false);
			} else {
				/* Begins the local day asked, or in the evening before. */
				int64_t day = s.legs[0]->start_ms / DAY_MS - EPOCH / DAY_MS;
				if (day < 1 || day > 3) {
					printf("%s begins on day %d\n", label, (int)day);
					CHECK(false);
				}
			}
			for (size_t i = 0; i < s.n; i++) {
				CHECK_STR(s.legs[i]->kind, label);
				CHECK_STR(s.legs[i]->scenario, s.legs[0]->scenario);
				CHECK(s.legs[i]->release_ms >= s.legs[i]->start_ms);
			}
			forget(&s);
		}
}

TEST(a_patient_attack_is_smaller_a_day)
{
	for (size_t k = 0; k < N_ATTACK_KINDS; k++) {
		const struct scenario_numbers *loud = &ATTACK_KINDS[k].loud.n, *patient = &ATTACK_KINDS[k].patient.n;
		bool in_all = strcmp(ATTACK_KINDS[k].name, "irsf_night") == 0;
		CHECK(patient->calls / patient->hours / (in_all ? patient->days : 1) <
		    loud->calls / loud->hours / (in_all ? loud->days : 1) + 0.01);
	}
}

TEST(irsf_is_many_lines_of_one_person_to_few_ranges_by_night)
{
	struct seen s;
	play("irsf_night", false, ",\"to\":[\"+88216\",\"+3712\"]", &s);
	CHECK(s.n > 120);
	CHECK_INT(count(&s, abroad), s.n);
	CHECK_INT(distinct(&s, user), 1);
	CHECK(at_once(&s, abroad) >= 8);
	CHECK_INT(count(&s, by_night), s.n);
	for (size_t i = 0; i < s.n; i++)
		CHECK(text_starts_with(s.legs[i]->called_number, "+88216") || text_starts_with(s.legs[i]->called_number, "+3712"));
	CHECK(count(&s, short_talk) >= 1); /* the test calls */
	forget(&s);
}

TEST(forwarding_is_set_by_a_code_and_shows_both_legs)
{
	struct seen s;
	play("forwarding", false, "", &s);
	CHECK_INT(count(&s, sets_forward), 4);
	CHECK(sets_forward(s.legs[0]));
	CHECK(count(&s, forwarded) >= 100);
	CHECK_INT(count(&s, incoming), count(&s, forwarded));
	for (size_t i = 0; i < s.n; i++) {
		if (!forwarded(s.legs[i]))
			continue;
		bool joined = false;
		for (size_t k = 0; k < s.n && !joined; k++)
			joined = !s.legs[k]->originating && s.legs[k]->local.number == s.legs[i]->related.number &&
			    s.legs[k]->correlation == s.legs[i]->correlation;
		CHECK(joined);
	}
	forget(&s);
}

TEST(wangiri_rings_once_from_few_and_some_call_back)
{
	struct seen s;
	play("wangiri", false, "", &s);
	CHECK_INT(count(&s, one_ring), 200);
	CHECK_INT(distinct(&s, calling), 3);
	CHECK(distinct(&s, user) >= 5);
	CHECK(count(&s, abroad) >= 2);
	CHECK(count(&s, abroad) <= 30);
	forget(&s);
}

TEST(scans_walk_in_order)
{
	struct seen s;
	play("scan_did", false, "", &s);
	char last[SIM_NUMBER_BYTES] = "";
	size_t steps = 0;
	for (size_t i = 0; i < s.n; i++) {
		if (s.legs[i]->called_number[0] != '+')
			continue;
		CHECK(strcmp(s.legs[i]->called_number, last) > 0);
		snprintf(last, sizeof last, "%s", s.legs[i]->called_number);
		steps++;
	}
	CHECK_INT(steps, 120);
	CHECK(count(&s, refused) > 60);
	CHECK_INT(distinct(&s, calling), 1);
	forget(&s);
	play("scan_extensions", false, "", &s);
	long before = 0;
	for (size_t i = 0; i < s.n; i++)
		if (outgoing(s.legs[i])) {
			CHECK(atol(s.legs[i]->dialled) > before);
			before = atol(s.legs[i]->dialled);
		}
	CHECK_INT(count(&s, outgoing), 150);
	CHECK(count(&s, refused) > 100);
	forget(&s);
}

TEST(breakout_is_portal_calls_then_calls_through_it)
{
	struct seen s;
	play("breakout", false, "", &s);
	CHECK(count(&s, portal) > 30);
	CHECK(count(&s, through_portal) > 40);
	CHECK(count(&s, at_attendant) > 3);
	CHECK(portal(s.legs[0]) || at_attendant(s.legs[0]));
	forget(&s);
}

TEST(floods_hold_lines)
{
	struct seen s;
	play("tdos", false, "", &s);
	CHECK_INT(count(&s, at_queue), 400);
	CHECK(at_once(&s, at_queue) > 40);
	forget(&s);
	play("tdos", true, "", &s);
	CHECK_INT(count(&s, at_attendant), 160);
	CHECK_INT(distinct(&s, calling), 160); /* never the same twice */
	CHECK(at_once(&s, at_attendant) >= 8);
	forget(&s);
	play("robocall_storm", false, "", &s);
	CHECK_INT(count(&s, incoming), 250);
	CHECK(distinct(&s, calling) > 200);
	CHECK(count(&s, short_talk) > 150);
	forget(&s);
}

TEST(numbers_of_a_class_are_called)
{
	struct seen s;
	play("premium_burst", false, "", &s);
	CHECK_INT(count(&s, premium), 30);
	CHECK(s.legs[s.n - 1]->start_ms - s.legs[0]->start_ms < 20 * MINUTE_MS);
	forget(&s);
	play("tollfree_pumping", false, "", &s);
	CHECK_INT(count(&s, toll_free), 150);
	forget(&s);
	play("outbound_spam", false, "", &s);
	CHECK_INT(distinct(&s, called), 300);
	CHECK(count(&s, short_talk) > 280);
	CHECK_INT(distinct(&s, user), 1);
	forget(&s);
	play("traffic_pumping", false, "", &s);
	CHECK_INT(s.n, 160);
	struct map ranges = { 0 };
	for (size_t i = 0; i < s.n; i++)
		map_put_n(&ranges, s.legs[i]->called_number, strlen(s.legs[i]->called_number) - 4, NULL);
	CHECK_INT(ranges.n, 1);
	map_clear(&ranges);
	forget(&s);
}

TEST(one_line_is_used_where_one_person_cannot_be)
{
	struct seen s;
	play("two_places", false, "", &s);
	CHECK_INT(distinct(&s, user), 1);
	CHECK_INT(distinct(&s, site), 2);
	CHECK(s.legs[1]->start_ms - s.legs[0]->start_ms < 10 * MINUTE_MS);
	forget(&s);
	play("shared_credentials", false, "", &s);
	CHECK_INT(distinct(&s, user), 1);
	CHECK_INT(distinct(&s, client_os), 4);
	CHECK(at_once(&s, outgoing) >= 2);
	forget(&s);
}

TEST(nights_are_nights)
{
	struct seen s;
	play("long_calls", false, "", &s);
	CHECK_INT(count(&s, any), 3);
	CHECK_INT(count(&s, very_long), 3);
	CHECK_INT(count(&s, by_night), 3);
	forget(&s);
	play("insider_night", true, "", &s);
	CHECK_INT(count(&s, by_night), s.n);
	CHECK_INT(distinct(&s, user), 1);
	forget(&s);
}

TEST(numbers_of_a_file_overrule_the_kinds_own)
{
	struct seen s;
	play("premium_burst", false, ",\"calls\":4,\"numbers\":1,\"people\":2", &s);
	CHECK_INT(s.n, 4);
	CHECK_INT(distinct(&s, called), 1);
	CHECK(distinct(&s, user) <= 2);
	forget(&s);
	play("vishing", false, ",\"weekday\":0", &s); /* the Sunday after Wednesday the 7th */
	CHECK_INT((s.legs[0]->start_ms - 5 * HOUR_MS) / DAY_MS, civil_to_ms(2026, 10, 11, 0, 0, 0, 0) / DAY_MS);
	forget(&s);
}

TEST(repetitions_differ_and_habits_do_not)
{
	struct seen s;
	play("premium_burst", false, ",\"repeat_days\":7", &s);
	CHECK(distinct(&s, user) >= 2);
	CHECK(strcmp(s.legs[0]->scenario, s.legs[s.n - 1]->scenario) != 0);
	forget(&s);
	play("benign_conference_bridge", false, ",\"repeat_days\":7", &s);
	CHECK(s.n >= 18);
	CHECK_INT(distinct(&s, called), 1);
	forget(&s);
}

TESTS(T(every_kind_happens_when_asked_and_is_labelled), T(a_patient_attack_is_smaller_a_day),
    T(irsf_is_many_lines_of_one_person_to_few_ranges_by_night),
    T(forwarding_is_set_by_a_code_and_shows_both_legs), T(wangiri_rings_once_from_few_and_some_call_back),
    T(scans_walk_in_order), T(breakout_is_portal_calls_then_calls_through_it), T(floods_hold_lines),
    T(numbers_of_a_class_are_called), T(one_line_is_used_where_one_person_cannot_be), T(nights_are_nights),
    T(numbers_of_a_file_overrule_the_kinds_own), T(repetitions_differ_and_habits_do_not))
