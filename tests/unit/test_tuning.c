/* SPDX-License-Identifier: Apache-2.0
 *
 * What is proposed after an alert: exceptions for what its calls have in
 * common, and a threshold; whatever stands in a record or in a rule file. */
#include "test.h"

#include <inttypes.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/places.h"
#include "cdr_maker.h"
#include "detect/sigma/rule.h"
#include "detect/tuning.h"

static char folder[64];
static struct numbering *numbering;
static struct arena arena;

static void write_rule(const char *name, const char *text)
{
	char path[128];
	snprintf(path, sizeof path, "%s/%s", folder, name);
	FILE *file = fopen(path, "w");
	REQUIRE(file != NULL);
	fputs(text, file);
	fclose(file);
}

static struct judge *open_judge(const struct tuning_proposal *with)
{
	char path[256];
	struct judge *judge;
	struct fault fault;
	struct judge_options options = { .rules_folder = folder };
	struct rule_text further;
	if (with != NULL) {
		snprintf(path, sizeof path, "/own/%s", with->name);
		further = (struct rule_text){ path, with->yaml, strlen(with->yaml) };
		options.further = &further;
	}
	if (!judge_open(&options, &judge, &fault)) {
		puts(fault.text);
		puts(with != NULL ? with->yaml : "");
		exit(1);
	}
	CHECK_STR(judge_complaints(judge), "");
	return judge;
}

static const char rules[] =
    "# burst of calls\n"
    "title: 'It''s a burst: of \"calls\"'\n"
    "id: burst\n"
    "correlation:\n"
    "    type: event_count\n"
    "    rules: [out]\n"
    "    group-by: user.uuid\n"
    "    timespan: 5m\n"
    "    condition:\n"
    "        gte: 3   # three\n"
    "centinela:\n"
    "    text: {en: '{count} calls', es: '{count} llamadas'}\n"
    "---\n"
    "title: Out\n"
    "id: out\n"
    "detection: {s: {call.external_out: true}, condition: s}\n"
    "---\n"
    "title: Bursts of bursts\n"
    "id: chain\n"
    "correlation: {type: event_count, rules: [burst], timespan: 60m, generate: true, condition: {gt: 7}}\n";

static void see(struct tuning_common *common, const char *number, const char *user)
{
	struct cdr_maker m;
	struct leg_facts facts;
	struct directory *directory = directory_new();
	struct fact_world world = { numbering, directory };
	cdr_outbound(&m);
	cdr_set(&m, CDR_F_CALLED_NUMBER, number);
	if (user != NULL)
		cdr_set(&m, CDR_F_USER_UUID, user);
	struct cdr cdr = cdr_made(&m);
	leg_facts_derive(&world, &cdr, &facts);
	tuning_see(common, &(struct fact_view){ &cdr, &facts, NULL });
	cdr_free(&m);
	directory_free(directory);
}

static size_t propose(const struct judge *judge, const char *rule, int64_t measure, const struct tuning_common *common,
    struct tuning_proposal *out)
{
	struct tuning_case about = { 12, rule, measure, "ana", INT64_C(1791298800000) };
	return tuning_propose(judge, &about, common, &arena, out);
}

/* Does the burst still speak of three calls to that number? */
static size_t bursts(struct judge *judge, const char *number)
{
	struct directory *directory = directory_new();
	struct fact_world world = { numbering, directory };
	struct findings found = { .arena = &arena };
	for (int i = 0; i < 3; i++) {
		struct cdr_maker m;
		struct leg_facts facts;
		char id[40];
		cdr_outbound(&m);
		snprintf(id, sizeof id, "2b7e1516-28ae-32a6-ab7f-%012d", i);
		cdr_set(&m, CDR_F_REPORT_ID, id);
		cdr_set(&m, CDR_F_CALLED_NUMBER, number);
		struct cdr cdr = cdr_made(&m);
		leg_facts_derive(&world, &cdr, &facts);
		judge_leg(judge, &cdr, &facts, i + 1, &found);
		cdr_free(&m);
	}
	directory_free(directory);
	return found.n;
}

TEST(an_exception_leaves_out_what_it_names_and_nothing_else)
{
	struct tuning_common common = { 0 };
	struct tuning_proposal out[TUNING_MAX];
	struct judge *judge = open_judge(NULL);
	see(&common, "+37125550123", NULL);
	see(&common, "+37125550123", NULL);
	size_t n = propose(judge, "burst", 3, &common, out);
	REQUIRE(n >= 3);
	CHECK_INT(bursts(judge, "+37125550123"), 1);
	judge_free(judge);
	CHECK_INT(out[0].kind, TUNING_EXCEPTION);
	CHECK(strstr(out[0].text_en, "+37125550123") != NULL && strstr(out[0].text_es, "+37125550123") != NULL);
	/* Its title is of both languages, though the rule's is of one. */
	CHECK(strstr(out[0].yaml, "title: 'Exception from \"It''s a burst: of \"calls\"\": ") != NULL);
	CHECK(strstr(out[0].yaml, "\n    title_es: 'Excepción de «It''s a burst: of \"calls\"»: ") != NULL);
	judge = open_judge(&out[0]);
	CHECK_INT(bursts(judge, "+37125550123"), 0);
	judge_free(judge);
	judge = open_judge(&out[0]);
	CHECK_INT(bursts(judge, "+37125550124"), 1);
	judge_free(judge);
	/* Of a chain, the rules of one record are named. */
	judge = open_judge(NULL);
	REQUIRE(propose(judge, "chain", -1, &common, out) > 0);
	CHECK(strstr(out[0].yaml, "- 'out'") != NULL && strstr(out[0].yaml, "- 'burst'") == NULL);
	judge_free(judge);
}

TEST(the_same_proposal_has_the_same_file)
{
	struct tuning_common common = { 0 }, other = { 0 };
	struct tuning_proposal a[TUNING_MAX], b[TUNING_MAX];
	struct judge *judge = open_judge(NULL);
	see(&common, "+37125550123", NULL);
	see(&other, "+37125550124", NULL);
	REQUIRE(propose(judge, "burst", -1, &common, a) > 0 && propose(judge, "burst", -1, &common, b) > 0);
	CHECK_STR(a[0].name, b[0].name);
	REQUIRE(propose(judge, "burst", -1, &other, b) > 0);
	CHECK(strcmp(a[0].name, b[0].name) != 0);
	judge_free(judge);
}

TEST(a_threshold_is_the_rule_with_another_number)
{
	struct tuning_common none = { 0 };
	struct tuning_proposal out[TUNING_MAX];
	struct judge *judge = open_judge(NULL);
	REQUIRE(propose(judge, "burst", 9, &none, out) == 1);
	CHECK_INT(out[0].kind, TUNING_THRESHOLD);
	CHECK_STR(out[0].name, "threshold-burst.yml");
	CHECK(strstr(out[0].yaml, "gte: 10   # three\n") != NULL);
	CHECK(strstr(out[0].yaml, "title: 'It''s a burst: of \"calls\"'\n") != NULL);
	CHECK(strstr(out[0].yaml, "id: out") == NULL); /* the next document is another rule */
	CHECK_INT(judge_rule(judge, "burst")->correlation->bounds.low, 3);
	judge_free(judge);
	judge = open_judge(&out[0]);
	CHECK_INT(judge_n_rules(judge), 3);
	CHECK_INT(judge_rule(judge, "burst")->correlation->bounds.low, 10);
	CHECK_INT(bursts(judge, "+37125550123"), 0);
	judge_free(judge);
	/* gt: more than what was counted. */
	judge = open_judge(NULL);
	REQUIRE(propose(judge, "chain", 9, &none, out) == 1);
	CHECK(strstr(out[0].yaml, "condition: {gt: 9}") != NULL);
	/* What was counted does not reach the bound: nothing to raise. */
	CHECK_INT(propose(judge, "burst", 2, &none, out), 0);
	CHECK_INT(propose(judge, "burst", -1, &none, out), 0);
	CHECK_INT(propose(judge, "out", 9, &none, out), 0);
	CHECK_INT(propose(judge, "nobody", 9, &none, out), 0);
	judge_free(judge);
}

TEST(calls_that_share_nothing_have_no_exception)
{
	struct tuning_common common = { 0 };
	struct tuning_proposal out[TUNING_MAX];
	struct judge *judge = open_judge(NULL);
	see(&common, "+37125550123", "5b1f0c6a-2f77-4a39-8d0e-6b8f1a2c3d41");
	see(&common, "+34915550123", "5b1f0c6a-2f77-4a39-8d0e-6b8f1a2c3d42");
	CHECK_INT(propose(judge, "burst", -1, &common, out), 0);
	judge_free(judge);
}

/* A caller's "number" may be any text: it stays a value, and no pattern. */
TEST(what_stands_in_a_record_cannot_write_rules)
{
	static const char *const hostile[] = { "*", "sip:*@evil?x", "a'b", "'\n    condition: nothing #", "\\", "x\xc3", ("\xe2\x80\xae" "123"),
		"{i}", "%watched%", "'; drop" };
	for (size_t i = 0; i < COUNT_OF(hostile); i++) {
		struct tuning_common common = { 0 };
		struct tuning_proposal out[TUNING_MAX];
		struct judge *judge = open_judge(NULL);
		see(&common, hostile[i], NULL);
		size_t n = propose(judge, "burst", -1, &common, out);
		for (size_t k = 0; k < n; k++) {
			struct judge *with = open_judge(&out[k]);
			/* An exception for one strange number is none for others. */
			if (strstr(out[k].yaml, "far.number") != NULL)
				CHECK_INT(bursts(with, "+34915550123"), 1);
			judge_free(with);
		}
		judge_free(judge);
	}
}

/* A full window, money, and a rule of one's own: no number would be right. */
TEST(a_threshold_that_would_be_wrong_is_not_proposed)
{
	struct tuning_common none = { 0 };
	struct tuning_proposal out[TUNING_MAX];
	write_rule("b.yml", "title: Sum\nid: sum\ncorrelation: {type: value_sum, rules: [out], group-by: user.uuid, timespan: 60m, condition: {field: cost, gte: 50}}\n");
	struct judge *judge = open_judge(NULL);
	CHECK_INT(propose(judge, "burst", 1998, &none, out), 1);
	CHECK_INT(propose(judge, "burst", 1999, &none, out), 0);
	CHECK_INT(propose(judge, "burst", 2000, &none, out), 0);
	CHECK_INT(propose(judge, "sum", 87500000, &none, out), 0);
	judge_free(judge);
	write_rule("b.yml", "");
	/* Of one's own files only that which was proposed before may be written anew. */
	char own[80];
	snprintf(own, sizeof own, "%s/own", folder);
	REQUIRE(mkdir(own, 0700) == 0);
	write_rule("own/mine.yml", "title: Mine\nid: mine\ncorrelation: {type: event_count, rules: [out], group-by: user.uuid, timespan: 5m, condition: {gte: 4}}\n");
	write_rule("own/threshold-burst.yml", "title: Burst\nid: burst\ncorrelation: {type: event_count, rules: [out], group-by: user.uuid, timespan: 5m, condition: {gte: 6}}\n");
	struct fault fault;
	struct judge_options options = { .rules_folder = folder, .own_folder = own };
	REQUIRE(judge_open(&options, &judge, &fault));
	CHECK_INT(propose(judge, "mine", 9, &none, out), 0);
	CHECK_INT(propose(judge, "burst", 9, &none, out), 1);
	CHECK(strstr(out[0].yaml, "gte: 10") != NULL);
	judge_free(judge);
}

TEST(a_strange_id_has_a_file_of_its_own)
{
	struct tuning_common none = { 0 };
	struct tuning_proposal a[TUNING_MAX], b[TUNING_MAX];
	write_rule("b.yml", "title: A\nid: 'a/b'\ncorrelation: {type: event_count, rules: [out], timespan: 5m, condition: {gte: 4}}\n---\n"
			    "title: B\nid: 'a.b'\ncorrelation: {type: event_count, rules: [out], timespan: 5m, condition: {gte: 4}}\n");
	struct judge *judge = open_judge(NULL);
	REQUIRE(propose(judge, "a/b", 9, &none, a) == 1 && propose(judge, "a.b", 9, &none, b) == 1);
	CHECK(strcmp(a[0].name, b[0].name) != 0);
	CHECK(strchr(a[0].name, '/') == NULL);
	judge_free(judge);
	write_rule("b.yml", "");
}

int main(void)
{
	struct fault fault;
	char command[128];
	strcpy(folder, "/tmp/centinela-tuning-XXXXXX");
	REQUIRE(mkdtemp(folder) != NULL);
	REQUIRE(numbering_open(CENTINELA_SOURCE_DATA, &numbering, &fault));
	arena_init(&arena);
	write_rule("a.yml", rules);
	an_exception_leaves_out_what_it_names_and_nothing_else();
	the_same_proposal_has_the_same_file();
	a_threshold_is_the_rule_with_another_number();
	calls_that_share_nothing_have_no_exception();
	what_stands_in_a_record_cannot_write_rules();
	a_strange_id_has_a_file_of_its_own();
	a_threshold_that_would_be_wrong_is_not_proposed();
	arena_clear(&arena);
	numbering_free(numbering);
	snprintf(command, sizeof command, "rm -rf %s", folder);
	CHECK_INT(system(command), 0);
	printf("%d failed\n", test_failures);
	return test_failures != 0;
}
