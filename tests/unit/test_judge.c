/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/iso_time.h"
#include "base/places.h"
#include "cdr_maker.h"
#include "detect/judge.h"
#include "detect/sigma/rule.h"

static struct fact_world world;

static const char burst[] =
    "title: Burst to {x}\nid: burst\nlevel: high\ncorrelation:\n  type: event_count\n  rules: [abroad]\n"
    "  group-by: user.uuid\n  timespan: 10m\n  condition: {gte: 3}\n"
    "centinela:\n  title_es: Ráfaga\n  subject: person\n"
    "  text: {en: '{count} calls to {dst.country} {dst.prefix} in {span}', es: '{count} llamadas a {dst.country} {dst.prefix} en {span}'}\n"
    "---\ntitle: Abroad\nid: abroad\ndetection:\n  s: {call.external_out: true, call.international: true}\n  condition: s\n";
static const char premium[] =
    "title: Premium\nid: premium\nlevel: low\ndetection:\n  s: {dst.premium: true}\n  condition: s\n";

static char folder[64];

static void write_rule(const char *name, const char *text)
{
	char *path = mem_printf("%s/%s", folder, name);
	if (text == NULL) {
		remove(path);
	} else {
		FILE *file = fopen(path, "w");
		REQUIRE(file != NULL);
		fputs(text, file);
		fclose(file);
	}
	free(path);
}

static void new_folder(void)
{
	strcpy(folder, "/tmp/centinela-judge-XXXXXX");
	REQUIRE(mkdtemp(folder) != NULL);
}

static void end_folder(void)
{
	write_rule("a.yml", NULL);
	write_rule("b.yml", NULL);
	rmdir(folder);
}

static struct judge *open_judge(void)
{
	struct judge *judge;
	struct fault fault;
	struct judge_options options = { .rules_folder = folder };
	if (!judge_open(&options, &judge, &fault)) {
		printf("%s\n", fault.text);
		exit(1);
	}
	return judge;
}

/* Call `number` at that second; the report id ends in the second. */
static void leg_at(struct judge *judge, struct cdr_maker *m, const char *number, int64_t second,
    struct findings *out)
{
	char iso[ISO_TIME_BYTES], id[40];
	struct leg_facts leg;
	snprintf(id, sizeof id, "2b7e1516-28ae-32a6-ab7f-%012lld", (long long)second);
	cdr_set(m, CDR_F_REPORT_ID, id);
	cdr_set(m, CDR_F_CORRELATION_ID, id);
	cdr_set(m, CDR_F_CALLED_NUMBER, number);
	cdr_set(m, CDR_F_START_TIME, iso_time_format(INT64_C(1791298800000) + second * 1000, iso));
	cdr_set(m, CDR_F_REPORT_TIME, iso_time_format(INT64_C(1791298860000) + second * 1000, iso));
	struct cdr cdr = cdr_made(m);
	leg_facts_derive(&world, &cdr, &leg);
	if (out == NULL)
		judge_warm(judge, &cdr, &leg, 1000 + second);
	else
		judge_leg(judge, &cdr, &leg, 1000 + second, out);
}

TEST(a_burst_is_a_finding_that_explains_itself)
{
	struct cdr_maker m;
	struct arena arena;
	new_folder();
	write_rule("a.yml", burst);
	struct judge *judge = open_judge();
	arena_init(&arena);
	struct findings out = { .arena = &arena };
	cdr_outbound(&m);
	cdr_set(&m, CDR_F_USER, "Ana\033[2J Bernal");
	leg_at(judge, &m, "+88216555001", 0, &out);
	leg_at(judge, &m, "+88216555002", 120, &out);
	CHECK_INT(out.n, 0);
	leg_at(judge, &m, "+88216555003", 360, &out);
	REQUIRE(out.n == 1);
	const struct finding *f = &out.items[0];
	CHECK_STR(f->rule, "burst");
	CHECK_STR(f->title_es, "Ráfaga");
	CHECK_INT(f->subject_kind, SUBJECT_PERSON);
	CHECK_STR(f->subject_id, "5b1f0c6a-2f77-4a39-8d0e-6b8f1a2c3d4e");
	CHECK(strchr(f->subject_name, '\033') == NULL);
	CHECK_STR(f->location, "Colombia");
	CHECK_INT(f->n_evidence, 3);
	CHECK_INT(f->evidence[0].leg_id, 1000);
	CHECK_STR(f->evidence[0].report_id, "2b7e1516-28ae-32a6-ab7f-000000000000");
	CHECK_STR(f->evidence[2].report_id, "2b7e1516-28ae-32a6-ab7f-000000000360");
	CHECK_INT(f->first_ms, INT64_C(1791298800000));
	CHECK_INT(f->last_ms, INT64_C(1791299160000));
	CHECK_INT(f->raised_ms, INT64_C(1791299220000));
	CHECK_STR(f->reasons[0].text_en, "3 calls to satellite +882 in 6 min");
	CHECK_STR(f->reasons[0].text_es, "3 llamadas a satélite +882 en 6 min");
	CHECK_STR(f->reasons[0].fact, "event_count");
	CHECK_STR(f->reasons[0].value, "3");
	CHECK(f->score > f->reasons[0].points); /* circumstances count too */
	int sum = 0;
	for (size_t i = 0; i < f->n_reasons; i++)
		sum += f->reasons[i].points;
	CHECK_INT(f->score, sum);
	CHECK(f->score <= 100);
	CHECK(f->cost_micro > 0);
	CHECK(f->cost_per_hour_micro >= f->cost_micro);
	/* The next leg brings only itself, under the same fingerprint. */
	leg_at(judge, &m, "+88216555004", 400, &out);
	REQUIRE(out.n == 2);
	CHECK_INT(out.items[1].n_evidence, 1);
	CHECK(out.items[1].fingerprint == out.items[0].fingerprint);
	CHECK(out.items[1].fingerprint ==
	    finding_fingerprint("burst", SUBJECT_PERSON, "5b1f0c6a-2f77-4a39-8d0e-6b8f1a2c3d4e"));
	cdr_free(&m);
	arena_clear(&arena);
	judge_free(judge);
	end_folder();
}

TEST(money_in_a_sentence_is_written_as_its_language_does)
{
	struct cdr_maker m;
	struct arena arena;
	new_folder();
	write_rule("a.yml", "title: Price\nid: price\nlevel: low\ndetection:\n  s: {call.external_out: true}\n  condition: s\n"
			    "centinela:\n  subject: person\n  text: {en: 'at {dst.rate} to {dst.prefix}', es: 'a {dst.rate} hacia {dst.prefix}'}\n");
	struct judge *judge = open_judge();
	arena_init(&arena);
	struct findings out = { .arena = &arena };
	cdr_outbound(&m);
	leg_at(judge, &m, "+88216555001", 0, &out);
	REQUIRE(out.n == 1 && out.items[0].n_reasons > 0);
	const char *en = out.items[0].reasons[0].text_en, *es = out.items[0].reasons[0].text_es;
	int whole_en = 0, cents_en = 0, whole_es = -1, cents_es = -1;
	CHECK_INT(sscanf(en, "at %d.%2d USD to +882", &whole_en, &cents_en), 2);
	CHECK_INT(sscanf(es, "a %d,%2d USD hacia +882", &whole_es, &cents_es), 2);
	CHECK(whole_en == whole_es && cents_en == cents_es && whole_en + cents_en > 0);
	cdr_free(&m);
	judge_free(judge);
	arena_clear(&arena);
	end_folder();
}

TEST(people_are_judged_apart)
{
	struct cdr_maker m;
	struct arena arena;
	char uuid[40];
	new_folder();
	write_rule("a.yml", burst);
	struct judge *judge = open_judge();
	arena_init(&arena);
	struct findings out = { .arena = &arena };
	cdr_outbound(&m);
	for (int i = 0; i < 12; i++) {
		snprintf(uuid, sizeof uuid, "%08d-2f77-4a39-8d0e-6b8f1a2c3d4e", i % 6);
		cdr_set(&m, CDR_F_USER_UUID, uuid);
		leg_at(judge, &m, "+37125550123", i, &out);
	}
	CHECK_INT(out.n, 0);
	cdr_free(&m);
	arena_clear(&arena);
	judge_free(judge);
	end_folder();
}

TEST(after_a_restart_warmed_windows_go_on)
{
	struct cdr_maker m;
	struct arena arena;
	new_folder();
	write_rule("a.yml", burst);
	struct judge *judge = open_judge();
	arena_init(&arena);
	struct findings out = { .arena = &arena };
	cdr_outbound(&m);
	leg_at(judge, &m, "+37125550123", 0, NULL);
	leg_at(judge, &m, "+37125550123", 60, NULL);
	leg_at(judge, &m, "+37125550123", 120, &out);
	REQUIRE(out.n == 1);
	CHECK_INT(out.items[0].n_evidence, 3); /* never told: they are evidence */
	judge_free(judge);
	judge = open_judge();
	out.n = 0;
	for (int i = 0; i < 4; i++)
		leg_at(judge, &m, "+37125550123", i, NULL);
	leg_at(judge, &m, "+37125550123", 10, &out);
	REQUIRE(out.n == 1);
	CHECK_INT(out.items[0].n_evidence, 1); /* the others were told before */
	cdr_free(&m);
	arena_clear(&arena);
	judge_free(judge);
	end_folder();
}

TEST(who_is_warmed_again_remembers_nothing_twice)
{
	struct arena arena;
	new_folder();
	write_rule("a.yml", burst);
	struct judge *judge = open_judge();
	struct cdr_maker m;
	cdr_outbound(&m);
	for (int turn = 0; turn < 3; turn++) { /* one call of before, shown three times */
		struct findings none = { .arena = &arena };
		arena_init(&arena);
		judge_forget(judge);
		leg_at(judge, &m, "+37125550100", 0, NULL);
		leg_at(judge, &m, "+37125550101", 60, &none);
		CHECK_INT(none.n, 0);
		arena_clear(&arena);
	}
	cdr_free(&m);
	judge_free(judge);
	end_folder();
}

TEST(what_was_known_weeks_ago_is_recalled_from_columns)
{
	static const char fresh[] =
	    "title: New country\nid: new\ndetection:\n  s: {call.international: true, known.country_user_days: 0,"
	    " known.watched_days|gte: 14}\n  condition: s\n";
	struct cdr_maker m;
	struct arena arena;
	new_folder();
	write_rule("a.yml", fresh);
	struct judge *judge = open_judge();
	arena_init(&arena);
	struct findings out = { .arena = &arena };
	struct recollection before = { INT64_C(1791298800000) - 20 * DAY_MS,
		"5b1f0c6a-2f77-4a39-8d0e-6b8f1a2c3d4e", "+37125550123", "LV", true, true };
	judge_recall(judge, &before);
	cdr_outbound(&m);
	leg_at(judge, &m, "+37125550999", 0, &out);
	CHECK_INT(out.n, 0); /* Latvia is known for twenty days */
	leg_at(judge, &m, "+34915550123", 60, &out);
	CHECK_INT(out.n, 1); /* Spain is not, and we have looked long enough to say so */
	cdr_free(&m);
	arena_clear(&arena);
	judge_free(judge);
	end_folder();
}

TEST(a_broken_file_never_removes_the_rules_that_worked)
{
	struct fault fault;
	struct cdr_maker m;
	struct arena arena;
	new_folder();
	write_rule("a.yml", burst);
	write_rule("b.yml", premium);
	struct judge *judge = open_judge();
	arena_init(&arena);
	struct findings out = { .arena = &arena };
	cdr_outbound(&m);
	leg_at(judge, &m, "+37125550123", 0, &out);
	leg_at(judge, &m, "+37125550123", 60, &out);
	CHECK_INT(judge_n_rules(judge), 3);
	/* Broken: the rule stays, the fault says where, the windows go on. */
	write_rule("a.yml", "title: Burst\ncorrelation:\n  type: evnt_count\n");
	CHECK(!judge_reload(judge, &fault));
	CHECK(strstr(fault.text, "a.yml:3:9: there is no correlation type \"evnt_count\"") != NULL);
	CHECK(strstr(judge_complaints(judge), "a.yml:3:9") != NULL);
	CHECK_INT(judge_n_rules(judge), 3);
	leg_at(judge, &m, "+37125550123", 120, &out);
	CHECK_INT(out.n, 1);
	/* It parses, but refers to nobody: the same. */
	write_rule("a.yml", "title: Burst\nid: burst\ncorrelation: {type: event_count, rules: [gone], timespan: 5m, condition: {gte: 2}}\n");
	CHECK(!judge_reload(judge, &fault));
	CHECK(strstr(fault.text, "no rule with the id or name \"gone\"") != NULL);
	CHECK_INT(judge_n_rules(judge), 3);
	CHECK(judge_rule(judge, "burst")->correlation->bounds.low == 3);
	/* Mended: the new rule is in force. A file removed is gone. */
	write_rule("a.yml", "title: Burst\nid: burst\ncorrelation: {type: event_count, rules: [premium], timespan: 5m, condition: {gte: 2}}\n");
	CHECK(judge_reload(judge, &fault));
	CHECK_STR(judge_complaints(judge), "");
	CHECK_INT(judge_n_rules(judge), 2);
	write_rule("a.yml", NULL);
	CHECK(judge_reload(judge, &fault));
	CHECK_INT(judge_n_rules(judge), 1);
	CHECK(judge_rule(judge, "burst") == NULL);
	/* A broken file from the start: the others work, and it is said. */
	judge_free(judge);
	write_rule("a.yml", "title: [\n");
	judge = open_judge();
	CHECK_INT(judge_n_rules(judge), 1);
	CHECK(strstr(judge_complaints(judge), "a.yml:") != NULL);
	cdr_free(&m);
	arena_clear(&arena);
	judge_free(judge);
	end_folder();
}

TEST(a_rule_of_the_house_stands_in_for_one_of_the_pack)
{
	char own[96];
	struct fault fault;
	struct judge *judge;
	new_folder();
	write_rule("a.yml", burst);
	write_rule("b.yml", premium);
	snprintf(own, sizeof own, "%s/own", folder);
	struct judge_options options = { .rules_folder = folder, .own_folder = own };
	/* Not there: nothing is missed. */
	REQUIRE(judge_open(&options, &judge, &fault));
	CHECK_STR(judge_complaints(judge), "");
	CHECK(!judge_is_stale(judge));
	size_t n = judge_n_rules(judge);
	REQUIRE(mkdir(own, 0700) == 0);
	write_rule("own/threshold.yml", "title: Burst here\nid: burst\ncorrelation: {type: event_count, rules: [premium], timespan: 5m, condition: {gte: 9}}\n");
	CHECK(judge_is_stale(judge));
	CHECK(judge_reload(judge, &fault));
	CHECK(!judge_is_stale(judge));
	CHECK_INT(judge_n_rules(judge), n);
	CHECK(judge_rule(judge, "burst")->correlation->bounds.low == 9);
	/* Broken, it is told, and the one that worked goes on; gone, the pack's is back. */
	write_rule("own/threshold.yml", "title: Burst here\nid: burst\ncorrelation: {type: event_count, rules: [nobody], timespan: 5m, condition: {gte: 9}}\n");
	CHECK(!judge_reload(judge, &fault));
	CHECK(strstr(fault.text, "own/threshold.yml:") != NULL);
	CHECK(judge_rule(judge, "burst")->correlation->bounds.low == 9);
	write_rule("own/threshold.yml", NULL);
	CHECK(judge_reload(judge, &fault));
	CHECK(judge_rule(judge, "burst")->correlation->bounds.low == 3);
	/* Two of the house with one id are told, as two of the pack are. */
	write_rule("own/threshold.yml", "title: One\nid: burst\ndetection: {s: {duration|gte: 1s}, condition: s}\n"
					"---\ntitle: Two\nid: burst\ndetection: {s: {duration|gte: 2s}, condition: s}\n");
	CHECK(!judge_reload(judge, &fault));
	CHECK(strstr(fault.text, "another rule already has the id or name \"burst\"") != NULL);
	CHECK(judge_rule(judge, "burst")->correlation != NULL);
	judge_free(judge);
	write_rule("own/threshold.yml", NULL);
	rmdir(own);
	end_folder();
}

TEST(a_list_that_changes_is_in_force_after_a_reload)
{
	struct judge *judge;
	struct fault fault;
	struct cdr_maker m;
	struct arena arena;
	new_folder();
	write_rule("a.yml", "title: t\nid: t\ndetection:\n  s: {call.external_out: true, dst.number|expand: '%watched%'}\n  condition: s\n");
	write_rule("b.lists", "watched: ['+371255501*']\n");
	char *path = mem_printf("%s/b.lists", folder);
	struct judge_options options = { .rules_folder = folder, .lists_file = path };
	REQUIRE(judge_open(&options, &judge, &fault));
	arena_init(&arena);
	struct findings out = { .arena = &arena };
	cdr_outbound(&m);
	leg_at(judge, &m, "+37125550123", 0, &out);
	CHECK_INT(out.n, 1);
	leg_at(judge, &m, "+34915550123", 10, &out);
	CHECK_INT(out.n, 1);
	write_rule("b.lists", "watched: ['+34*']\n");
	CHECK(judge_reload(judge, &fault));
	leg_at(judge, &m, "+34915550123", 20, &out);
	CHECK_INT(out.n, 2);
	leg_at(judge, &m, "+37125550123", 30, &out);
	CHECK_INT(out.n, 2);
	/* Broken: the lists of before, and it is said. */
	write_rule("b.lists", "watched: {\n");
	CHECK(!judge_reload(judge, &fault));
	CHECK(strstr(fault.text, "b.lists:") != NULL);
	leg_at(judge, &m, "+34915550123", 40, &out);
	CHECK_INT(out.n, 3);
	/* A list that a rule needs is taken away: the rule stays as it was. */
	write_rule("b.lists", "others: [x]\n");
	CHECK(!judge_reload(judge, &fault));
	CHECK(strstr(fault.text, "there is no list \"watched\"") != NULL);
	leg_at(judge, &m, "+34915550123", 50, &out);
	CHECK_INT(out.n, 4);
	cdr_free(&m);
	arena_clear(&arena);
	judge_free(judge);
	write_rule("b.lists", NULL);
	free(path);
	end_folder();
}

TEST(no_rules_at_all_is_a_fault)
{
	struct judge *judge;
	struct fault fault;
	new_folder();
	struct judge_options options = { .rules_folder = folder };
	CHECK(!judge_open(&options, &judge, &fault));
	CHECK(strstr(fault.text, "holds no rules") != NULL);
	write_rule("a.yml", "title: [\n");
	CHECK(!judge_open(&options, &judge, &fault));
	CHECK(strstr(fault.text, "a.yml:") != NULL);
	options.rules_folder = "/nowhere/at/all";
	CHECK(!judge_open(&options, &judge, &fault));
	CHECK_INT(fault.code, FAULT_NOT_FOUND);
	end_folder();
}

/* Days of a made-up office: enough variety to touch every table. */
static void office_leg(struct cdr *cdr, struct leg_facts *leg, uint64_t i, char *room)
{
	uint64_t r = hash_mix(i + 99);
	memcpy(room, "00000000-2f77-4a39-8d0e-6b8f1a2c3d4e", 36);
	for (int k = 0; k < 4; k++) /* ten thousand people */
		room[k] = (char)('0' + (r >> (k * 4)) % 10);
	cdr->field[CDR_F_USER_UUID] = (struct span){ room, 36 };
	cdr->start_ms = INT64_C(1791298800000) + (int64_t)i * 200;
	cdr->report_ms = cdr->start_ms + 60000;
	cdr->answer_ms = cdr->start_ms + 5000;
	cdr->duration_s = 45;
	leg->end_ms = cdr->start_ms + 45000;
	leg->user_key = hash_bytes(room, 36) | 1;
	leg->correlation_key = i | 1;
	leg->called_key = (r % 300000) << 1 | 1;
	if (r % 100 < 3) {
		leg->flags |= LEG_INTERNATIONAL;
		strcpy(leg->called.e164, "+34915550123");
	} else {
		leg->flags &= ~(uint32_t)LEG_INTERNATIONAL;
		snprintf(leg->called.e164, sizeof leg->called.e164, "+57601%07u", (unsigned)(r % 300000));
	}
}

TEST(ordinary_traffic_is_judged_fast_and_alike)
{
	struct judge *judge[2];
	struct judge_options options = { .rules_folder = CENTINELA_SOURCE_DATA "/rules" };
	struct findings out[2];
	struct arena arena[2];
	struct cdr_maker m;
	char room[40];
	double ns = 0;
	enum { LEGS = 200000 };
	cdr_outbound(&m);
	struct cdr plain = cdr_made(&m);
	for (int k = 0; k < 2; k++) {
		struct timespec a, b;
		struct cdr cdr = plain;
		struct leg_facts leg;
		REQUIRE(judge_open(&options, &judge[k], NULL));
		arena_init(&arena[k]);
		out[k] = (struct findings){ .arena = &arena[k] };
		leg_facts_derive(&world, &cdr, &leg);
		clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &a);
		for (uint64_t i = 0; i < LEGS; i++) {
			office_leg(&cdr, &leg, i, room);
			judge_leg(judge[k], &cdr, &leg, (int64_t)i, &out[k]);
		}
		clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &b);
		ns = ((double)(b.tv_sec - a.tv_sec) * 1e9 + (double)(b.tv_nsec - a.tv_nsec)) / LEGS;
	}
	printf("judge_leg: %.0f ns, %zu findings, %.1f MB\n", ns, out[0].n,
	    (double)judge_counts(judge[0]).bytes / (1 << 20));
	CHECK_INT(out[0].n, out[1].n);
	for (size_t i = 0; i < MIN(out[0].n, out[1].n); i++) {
		CHECK(out[0].items[i].fingerprint == out[1].items[i].fingerprint);
		CHECK_STR(out[0].items[i].reasons[0].text_en, out[1].items[i].reasons[0].text_en);
	}
	CHECK(judge_counts(judge[0]).bytes < (size_t)(40 + 60) << 20); /* 60: habits, see test_facts */
	for (int k = 0; k < 2; k++) {
		judge_free(judge[k]);
		arena_clear(&arena[k]);
	}
	cdr_free(&m);
}

TEST(every_name_of_severity_and_subject_comes_back)
{
	enum severity severity;
	CHECK(severity_named("critical", &severity));
	CHECK_STR(severity_name(severity), "critical");
	CHECK(!severity_named("urgent", &severity));
	CHECK_STR(subject_kind_name(SUBJECT_SERVICE), "service");
}

int main(void)
{
	struct numbering *numbering = numbering_of_source();
	world.numbering = numbering;
	a_burst_is_a_finding_that_explains_itself();
	money_in_a_sentence_is_written_as_its_language_does();
	people_are_judged_apart();
	after_a_restart_warmed_windows_go_on();
	who_is_warmed_again_remembers_nothing_twice();
	what_was_known_weeks_ago_is_recalled_from_columns();
	a_broken_file_never_removes_the_rules_that_worked();
	a_rule_of_the_house_stands_in_for_one_of_the_pack();
	a_list_that_changes_is_in_force_after_a_reload();
	no_rules_at_all_is_a_fault();
	ordinary_traffic_is_judged_fast_and_alike();
	every_name_of_severity_and_subject_comes_back();
	numbering_free(numbering);
	printf("%d failed\n", test_failures);
	return test_failures != 0;
}
