/* SPDX-License-Identifier: Apache-2.0
 *
 * Scenario files: the shipped ones, and every way to get one wrong. */
#include <dirent.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/places.h"
#include "base/text.h"
#include "sim/incident.h"
#include "sim/scenario.h"
#include "test.h"

static struct sim_org org;

static bool parse(const char *text, struct scenario *out, struct fault *fault)
{
	*fault = (struct fault){ 0 };
	return scenario_parse(text, strlen(text), "t", &org, out, fault);
}

TEST(a_scenario_is_read)
{
	struct scenario s;
	struct fault fault;
	sim_org_init(&org, 1, 40, false);
	REQUIRE(parse("{\"about\":\"x\",\"repeat_days\":7,\"incidents\":["
		      "{\"kind\":\"irsf_night\",\"day\":-2,\"hour\":1.5,\"site\":\"Denver\","
		      "\"to\":[\"+88216\",\"+371\"],\"calls\":9,\"talk_s\":30},"
		      "{\"kind\":\"wangiri\",\"manner\":\"patient\",\"minute\":-5,\"repeat_days\":0}]}",
	    &s, &fault));
	REQUIRE(s.n_plans == 2);
	CHECK_STR(s.plans[0].kind->name, "irsf_night");
	CHECK_INT(s.plans[0].day, -2);
	CHECK(s.plans[0].hour > 1.49 && s.plans[0].hour < 1.51);
	CHECK_INT(s.plans[0].location, 4);
	CHECK_INT(s.plans[0].n_prefixes, 2);
	CHECK_STR(s.plans[0].prefixes[1], "+371");
	CHECK_INT(s.plans[0].numbers.calls, 9);
	CHECK_INT(s.plans[0].numbers.hours, 0); /* the kind's own */
	CHECK_INT(s.plans[0].repeat_days, 7);
	CHECK_INT(s.plans[0].weekday, -1);
	CHECK(s.plans[1].patient && s.plans[1].from_epoch);
	CHECK_INT(s.plans[1].location, -1);
	CHECK_INT(s.plans[1].repeat_days, 0);
	scenario_clear(&s);
	sim_org_clear(&org);
}

TEST(what_is_wrong_is_said_and_where)
{
	static const struct {
		const char *text, *said;
	} CASES[] = {
		{ "", "scenario t" },
		{ "{", "scenario t" },
		{ "[]", "no object" },
		{ "{}", "\"incidents\"" },
		{ "{\"incidents\":{}}", "\"incidents\"" },
		{ "{\"incidents\":[],\"extra\":1}", "unknown key \"extra\"" },
		{ "{\"incidents\":[],\"repeat_days\":-1}", "outside" },
		{ "{\"incidents\":[],\"repeat_days\":1.5}", "whole" },
		{ "{\"incidents\":[],\"repeat_days\":\"7\"}", "not a number" },
		{ "{\"incidents\":[7]}", "incident 1: is no object" },
		{ "{\"incidents\":[{}]}", "unknown kind" },
		{ "{\"incidents\":[{\"kind\":\"irsf_night\"},{\"kind\":\"irsf\"}]}", "incident 2: unknown kind \"irsf\"" },
		{ "{\"incidents\":[{\"kind\":7}]}", "unknown kind" },
		{ "{\"incidents\":[{\"kind\":\"wangiri\",\"rings\":2}]}", "unknown key \"rings\"" },
		{ "{\"incidents\":[{\"kind\":\"wangiri\",\"manner\":\"slow\"}]}", "manner" },
		{ "{\"incidents\":[{\"kind\":\"wangiri\",\"manner\":1}]}", "manner" },
		{ "{\"incidents\":[{\"kind\":\"wangiri\",\"site\":\"Lima\"}]}", "unknown site \"Lima\"" },
		{ "{\"incidents\":[{\"kind\":\"wangiri\",\"site\":3}]}", "unknown site" },
		{ "{\"incidents\":[{\"kind\":\"wangiri\",\"day\":1.5}]}", "whole" },
		{ "{\"incidents\":[{\"kind\":\"wangiri\",\"day\":5000}]}", "outside" },
		{ "{\"incidents\":[{\"kind\":\"wangiri\",\"weekday\":7}]}", "outside" },
		{ "{\"incidents\":[{\"kind\":\"wangiri\",\"hour\":25}]}", "outside" },
		{ "{\"incidents\":[{\"kind\":\"wangiri\",\"hour\":1,\"minute\":1}]}", "both" },
		{ "{\"incidents\":[{\"kind\":\"wangiri\",\"calls\":0}]}", "\"calls\" is 0" },
		{ "{\"incidents\":[{\"kind\":\"wangiri\",\"calls\":1e9}]}", "outside" },
		{ "{\"incidents\":[{\"kind\":\"wangiri\",\"talk_s\":\"9\"}]}", "not a number" },
		{ "{\"incidents\":[{\"kind\":\"wangiri\",\"to\":\"+371\"}]}", "no list" },
		{ "{\"incidents\":[{\"kind\":\"wangiri\",\"to\":[]}]}", "no list" },
		{ "{\"incidents\":[{\"kind\":\"wangiri\",\"to\":[\"371\"]}]}", "no prefix" },
		{ "{\"incidents\":[{\"kind\":\"wangiri\",\"to\":[\"+37x\"]}]}", "no prefix" },
		{ "{\"incidents\":[{\"kind\":\"wangiri\",\"to\":[\"+371234567890123\"]}]}", "no prefix" },
		{ "{\"incidents\":[{\"kind\":\"wangiri\",\"to\":[null]}]}", "no prefix" },
		{ "{\"incidents\":[{\"kind\":\"wangiri\",\"to\":[\"+1\",\"+2\",\"+3\",\"+4\",\"+5\",\"+6\",\"+7\",\"+8\",\"+9\"]}]}", "no list" },
	};
	sim_org_init(&org, 1, 40, false);
	for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
		struct scenario s;
		struct fault fault;
		if (parse(CASES[i].text, &s, &fault)) {
			printf("accepted: %s\n", CASES[i].text);
			CHECK(false);
			scenario_clear(&s);
			continue;
		}
		CHECK_INT(fault.code, FAULT_INPUT);
		if (!strstr(fault.text, CASES[i].said)) {
			printf("\"%s\" lacks \"%s\"\n", fault.text, CASES[i].said);
			CHECK(false);
		}
		CHECK(s.plans == NULL);
	}
	sim_org_clear(&org);
}

TEST(too_many_incidents_and_too_long_files_are_refused)
{
	struct scenario s;
	struct fault fault = { 0 };
	struct text text = { 0 };
	sim_org_init(&org, 1, 40, false);
	text_puts(&text, "{\"incidents\":[{\"kind\":\"wangiri\"}");
	for (int i = 0; i < SCENARIO_MAX_INCIDENTS; i++)
		text_puts(&text, ",{\"kind\":\"wangiri\"}");
	text_puts(&text, "]}");
	CHECK(!parse(text_string(&text), &s, &fault));
	CHECK(strstr(fault.text, "at most 500") != NULL);
	text_reset(&text);
	text_puts(&text, "{\"incidents\":[]}");
	while (text.n < (1 << 20) + 10)
		text_puts(&text, "                                                                ");
	CHECK(!parse(text_string(&text), &s, &fault));
	CHECK(strstr(fault.text, "1 MB") != NULL);
	text_clear(&text);
	sim_org_clear(&org);
}

static char *folder(void)
{
	return mem_strdup(CENTINELA_SOURCE_DATA "/scenarios");
}

TEST(every_shipped_scenario_loads)
{
	char *path = folder();
	DIR *dir = opendir(path);
	REQUIRE(dir != NULL);
	int n = 0;
	sim_org_init(&org, 1, 40, false);
	for (struct dirent *e; (e = readdir(dir)) != NULL;) {
		if (!text_ends_with(e->d_name, ".json"))
			continue;
		char *file = mem_printf("%s/%s", path, e->d_name);
		struct scenario s;
		struct fault fault = { 0 };
		if (!scenario_open(file, NULL, &org, &s, &fault)) {
			printf("%s\n", fault.text);
			CHECK(false);
		} else {
			CHECK(s.n_plans > 0 || strcmp(s.name, "quiet_day") == 0);
			scenario_clear(&s);
		}
		n++;
		free(file);
	}
	CHECK(n >= 11);
	closedir(dir);
	free(path);
	sim_org_clear(&org);
}

TEST(everything_holds_every_kind_loud_and_patient)
{
	struct scenario s;
	struct fault fault = { 0 };
	sim_org_init(&org, 1, 40, false);
	REQUIRE(scenario_open("everything", NULL, &org, &s, &fault));
	for (size_t k = 0; k < N_ATTACK_KINDS + N_LOOKALIKE_KINDS; k++) {
		const struct incident_kind *kind = k < N_ATTACK_KINDS ? &ATTACK_KINDS[k]
		    : &LOOKALIKE_KINDS[k - N_ATTACK_KINDS];
		bool loud = false, patient = false;
		for (size_t i = 0; i < s.n_plans; i++)
			if (s.plans[i].kind == kind)
				*(s.plans[i].patient ? &patient : &loud) = true;
		bool benign = text_starts_with(kind->name, "benign_");
		CHECK_INT(benign, k >= N_ATTACK_KINDS);
		if (!loud || (!patient && !benign)) {
			printf("everything lacks %s\n", kind->name);
			CHECK(false);
		}
	}
	scenario_clear(&s);
	sim_org_clear(&org);
}

TEST(the_label_is_safe_in_a_csv)
{
	struct scenario s;
	struct fault fault = { 0 };
	char dir[] = "/tmp/centinela-scenario-XXXXXX";
	REQUIRE(mkdtemp(dir) != NULL);
	char *path = mem_printf("%s/a,\"b\n.json", dir);
	FILE *file = fopen(path, "w");
	REQUIRE(file != NULL);
	fputs("{\"incidents\":[]}", file);
	fclose(file);
	sim_org_init(&org, 1, 40, false);
	REQUIRE(scenario_open(path, NULL, &org, &s, &fault));
	CHECK_STR(s.name, "a__b_");
	scenario_clear(&s);
	sim_org_clear(&org);
	remove(path);
	remove(dir);
	free(path);
}

TESTS(T(a_scenario_is_read), T(what_is_wrong_is_said_and_where),
    T(too_many_incidents_and_too_long_files_are_refused), T(every_shipped_scenario_loads),
    T(everything_holds_every_kind_loud_and_patient), T(the_label_is_safe_in_a_csv))
