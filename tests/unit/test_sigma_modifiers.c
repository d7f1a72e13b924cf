/* SPDX-License-Identifier: Apache-2.0
 *
 * Modifiers that make other values of a value, compare fields, or need no
 * field; filters; rules of other log sources. */
#include <sys/stat.h>
#include <unistd.h>

#include "detect/rules_check.h"
#include "detect/sigma/lists.h"
#include "sigma_rig.h"

#define CALLS "title: calls\nid: c1\nname: calls\ndetection:\n  s: {call.external_out: true}\n  condition: s\n"

/* Does `user`, holding this, match the selection? */
static bool user_matches(const char *user, const char *selection)
{
	struct cdr_maker m;
	cdr_outbound(&m);
	cdr_set(&m, CDR_F_USER, user);
	char *text = mem_printf("    s:\n        %s\n    condition: s", selection);
	bool yes = matches(text, &m);
	free(text);
	cdr_free(&m);
	return yes;
}

struct row {
	bool yes;
	const char *user, *selection;
};

static void check_rows(const struct row *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (user_matches(rows[i].user, rows[i].selection) != rows[i].yes) {
			test_failures++;
			printf("\"%s\" should%s match %s\n", rows[i].user, rows[i].yes ? "" : " not", rows[i].selection);
		}
	}
}

TEST(windash_takes_every_dash_before_an_option)
{
	static const struct row rows[] = {
		{ true, "ps /enc x", "user|contains|windash: ' -enc '" },
		{ true, "ps -enc x", "user|contains|windash: ' /enc '" },
		{ true, "ps \u2013enc x", "user|windash|contains: ' -ENC '" },
		{ true, "ps \u2014enc x", "user|contains|windash: ' -enc '" },
		{ true, "ps \u2015enc x", "user|contains|windash: ' -enc '" },
		{ false, "ps \u2012enc x", "user|contains|windash: ' -enc '" },
		{ false, "ps +enc x", "user|contains|windash: ' -enc '" },
		{ false, "ps /enc x", "user|contains: ' -enc '" },
		{ true, "-a /b", "user|windash: '/a -b'" },
		{ false, "a/b", "user|windash: 'a-b'" }, /* no option: within a word */
		{ true, "a-b", "user|windash: 'a-b'" },
		{ true, "x /r end", "user|endswith|windash: '-r end'" },
		{ true, "/r end", "user|startswith|windash: '-r*d'" },
		{ true, "run /a then \u2013b", "user|contains|all|windash: [' -a', ' -b']" },
		{ false, "run /a then b", "user|contains|all|windash: [' -a', ' -b']" },
		{ false, "/R", "user|windash|cased: '-r'" },
	};
	check_rows(rows, COUNT_OF(rows));
}

TEST(encoded_values_are_found_where_they_are_encoded)
{
	static const struct row rows[] = {
		{ true, "Zm9v", "user|base64: foo" },
		{ false, "Zm9w", "user|base64: foo" },
		{ true, "ZG9i", "user|base64|cased: dob" },
		{ false, "zG9i", "user|base64|cased: dob" },
		{ true, "Zm8=", "user|base64: fo" },
		{ true, "Zg==", "user|base64: f" },
		/* "http://evil.example" with nothing, one and two bytes before it */
		{ true, "aHR0cDovL2V2aWwuZXhhbXBsZQ==", "user|base64offset|contains: 'http://'" },
		{ true, "eGh0dHA6Ly9ldmlsLmV4YW1wbGU=", "user|base64offset|contains: 'http://'" },
		{ true, "eHhodHRwOi8vZXZpbC5leGFtcGxl", "user|base64offset|contains: 'http://'" },
		{ true, "eHggaHR0cDovL2V2aWwuZXhhbXBsZQ==", "user|base64offset|contains: evil" },
		{ false, "eHggaHR0cDovL2V2aWwuZXhhbXBsZQ==", "user|base64offset|contains: good" },
		{ true, "eHggaHR0cDovL2V2aWwuZXhhbXBsZQ==", "user|base64offset|contains|all: [http, example]" },
		{ false, "eHggaHR0cDovL2V2aWwuZXhhbXBsZQ==", "user|base64offset|contains|all: [http, sample]" },
		{ true, "ps -e SQBFAFgAIAAoAE4AZQB3AC0ATwBiAGoAZQBjAHQA", "user|wide|base64offset|contains: 'IEX (New-Object'" },
		{ true, "ps -e SQBFAFgAIAAoAE4AZQB3AC0ATwBiAGoAZQBjAHQA", "user|utf16le|base64offset|contains: 'New-Object'" },
		{ false, "ps -e SQBFAFgAIAAoAE4AZQB3AC0ATwBiAGoAZQBjAHQA", "user|utf16be|base64: 'IEX'" },
		{ true, "AEEAbgBhACAA6QB2AGkAbA==", "user|utf16be|base64offset|contains: 'évil'" },
		{ false, "AEEAbgBhACAA6QB2AGkAbA==", "user|utf16be|base64offset|contains: 'b évil'" },
		{ true, "//5jAG0AZAA=", "user|utf16|base64: cmd" },
		{ false, "//5jAG0AZQA=", "user|utf16|base64: cmd" },
		{ true, "a*b", "user: 'a\\*b'" },
		{ true, "YSpi", "user|base64: 'a\\*b'" }, /* the escape is no part of it */
	};
	check_rows(rows, COUNT_OF(rows));
}

TEST(placeholders_stand_for_the_lists_of_the_configuration)
{
	char ana[] = "ana*", luis[] = "luis duarte", *admins[] = { ana, luis }, *none[] = { NULL };
	const struct sigma_list lists[] = { { "admins", { admins, 2 } }, { "empty", { none, 0 } } };
	const struct sigma_options options = { .lists = lists, .n_lists = 2 };
	static const struct row rows[] = {
		{ true, "Ana Bernal", "user|expand: '%admins%'" },
		{ true, "Luis Duarte", "user|expand: '%admins%'" },
		{ false, "Eva", "user|expand: '%admins%'" },
		{ true, "Eva", "user|expand: ['%admins%', eva]" },
		{ true, "the luis duarte of it", "user|contains|expand: '%admins%'" },
		{ true, "x-luis duarte", "user|expand: 'x-%admins%'" },
		{ false, "x-luis", "user|expand: 'x-%admins%'" },
		{ true, "%admins%", "user: '%admins%'" }, /* a plain word without expand */
		{ true, "%admins%", "user|expand: '\\%admins\\%'" },
		{ true, "5%", "user|expand: '5%'" },
		{ false, "Ana Bernal", "user|expand: '%empty%'" },
		{ false, "Ana Bernal", "user|expand|contains|all: ['%empty%', bernal]" }, /* all of them, and one is nothing */
		{ true, "Ana Bernal", "user|expand|contains|all|neq: ['%empty%', bernal]" },
		{ true, "ana*-luis duarte", "user|expand: '%admins%-%admins%'" },
		{ false, "ana*", "user|expand: '%admins%%empty%'" },
	};
	rig_options = &options;
	check_rows(rows, COUNT_OF(rows));
	CHECK(strstr(refusal("title: t\ndetection:\n  s: {user|expand: '%admin%'}\n  condition: s\n"),
	    "r.yml:3:21: there is no list \"admin\" in the configuration; did you mean \"admins\"?") != NULL);
	rig_options = NULL;
	CHECK(strstr(refusal("title: t\ndetection:\n  s: {user|expand: '%admin%'}\n  condition: s\n"), "there is no list") != NULL);
}

TEST(fields_are_compared_with_each_other)
{
	static const struct row rows[] = {
		{ true, "colombia", "user|fieldref: location" },
		{ false, "colombia", "user|fieldref|cased: location" },
		{ true, "colombia", "user|fieldref|neq|cased: location" },
		{ true, "Colombia, Bogotá", "user|fieldref|startswith: location" },
		{ true, "in COLOMBIA", "user|endswith|fieldref: location" },
		{ true, "in Colombia now", "user|fieldref|contains: location" },
		{ false, "in Columbia now", "user|fieldref|contains: location" },
		{ true, "x", "duration|fieldref|gt: ring_duration" },
		{ false, "x", "duration|fieldref|lte: ring_duration" },
		{ false, "x", "user|fieldref: model" }, /* there is none */
	};
	check_rows(rows, COUNT_OF(rows));
}

TEST(words_are_looked_for_in_the_whole_record)
{
	static const struct {
		bool yes;
		const char *detection;
	} rows[] = {
		{ true, "    s:\n        '|all': [bernal, colombia]\n    condition: s" },
		{ false, "    s:\n        '|all': [bernal, denver]\n    condition: s" },
		{ true, "    s: bernal\n    condition: s" },
		{ false, "    s: denver\n    condition: s" },
		{ true, "    s:\n        '|re': '^Ana [A-Z]'\n    condition: s" },
		{ false, "    s:\n        '|re': '^ana [A-Z]'\n    condition: s" },
		{ true, "    s:\n        '|re|i|all': ['^ana', 'bia$']\n    condition: s" },
		{ true, "    s:\n        '|neq': denver\n    condition: s" },
		{ false, "    s:\n        '|neq': [denver, bernal]\n    condition: s" },
		{ false, "    s:\n        '|cased': bernal\n    condition: s" },
		{ true, "    s:\n        - user_type: Place\n        - bernal\n    condition: s" },
		{ false, "    s:\n        - user_type: Place\n        - denver\n    condition: s" },
		{ true, "    s: {user_type: User}\n    timeframe: 15s\n    condition: s" },
		{ true, "    s: {device_mac|contains: [null, x]}\n    condition: s" },
		{ false, "    s: {user|contains: [null, x]}\n    condition: s" },
	};
	struct cdr_maker m;
	cdr_outbound(&m);
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		if (matches(rows[i].detection, &m) != rows[i].yes) {
			test_failures++;
			printf("should%s match:\n%s\n", rows[i].yes ? "" : " not", rows[i].detection);
		}
	}
	cdr_free(&m);
}

TEST(parts_of_a_time_are_numbers)
{
	static const struct row rows[] = { /* the maker's call begins 2026-10-06T15:00:00Z */
		{ true, "x", "start_time|minute: 0" }, { false, "x", "start_time|minute: 1" },
		{ true, "x", "start_time|hour|gte: 15" }, { false, "x", "start_time|hour|gt: 15" },
		{ true, "x", "start_time|day: [5, 6]" }, { false, "x", "start_time|day: 7" },
		{ true, "x", "start_time|week: 40" }, { false, "x", "start_time|week|lt: 40" },
		{ true, "x", "start_time|month: 10" }, { false, "x", "start_time|month|neq: 10" },
		{ true, "x", "start_time|year|lte: 2026" }, { false, "x", "start_time|year: 2025" },
	};
	check_rows(rows, COUNT_OF(rows));
}

TEST(what_makes_no_sense_is_refused_in_a_sentence)
{
	static const struct {
		const char *selection, *says;
	} rows[] = {
		{ "user|base64: 'a*'", "a value with wildcards cannot be encoded (base64)" },
		{ "user|windash|base64: '-a'", "windash and an encoding cannot be combined" },
		{ "user|re|base64: a", "contradict each other" },
		{ "user|re|expand: '%a%'", "contradict each other" },
		{ "user|cidr|fieldref: location", "contradict each other" },
		{ "user|exists|fieldref: location", "contradict each other" },
		{ "start_time|hour|fieldref: report_time", "contradict each other" },
		{ "duration|contains|fieldref: ring_duration", "does not apply" },
		{ "dst.tier|base64: high", "a modifier of text does not apply" },
		{ "user|base64offset|contains: Z", "one byte is too short" },
		{ "user|cidr|windash: a", "contradict each other" },
		{ "duration|windash: '-a'", "a modifier of text does not apply" },
		{ "user|fieldref: duration", "they cannot be compared" },
		{ "user|fieldref: nobody_knows", "there is no field" },
		{ "user|fieldref: [a, b]", "one value, not a list" },
		{ "'|startswith': a", "needs a field before it" },
		{ "'|fieldref': user", "needs a field before it" },
		{ "user|wide|wide|wide|wide|wide: a", "encoded more than 4 times" },
		{ "user|gt: null", "nothing stands here" },
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		char *text = mem_printf("title: t\ndetection:\n  s:\n    %s\n  condition: s\n", rows[i].selection);
		if (strstr(refusal(text), rows[i].says) == NULL) {
			test_failures++;
			printf("%s says \"%s\", not \"%s\"\n", rows[i].selection, refusal(text), rows[i].says);
		}
		free(text);
	}
}

TEST(what_would_grow_without_end_is_refused_at_once)
{
	static char word[] = "0123456789";
	static char *many[10000], *none[] = { NULL };
	for (size_t i = 0; i < COUNT_OF(many); i++)
		many[i] = word;
	const struct sigma_list lists[] = { { "a", { many, COUNT_OF(many) } }, { "e", { none, 0 } } };
	const struct sigma_options options = { .lists = lists, .n_lists = 2 };
	static const struct {
		const char *selection, *says;
	} rows[] = {
		{ "user|expand: '%a%%a%'", "too many forms" },
		{ "user|expand: '%a%%a%%a%%e%'", "too many forms" },
		{ "user|expand|base64offset: '%a%'", "too many forms" },
		{ "user|expand: '%a%'", "" },
		{ "user|expand: '%e%%a%%a%%a%'", "" }, /* nothing, times anything */
	};
	rig_options = &options;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		char *text = mem_printf("title: t\ndetection:\n  s:\n    %s\n  condition: s\n", rows[i].selection);
		const char *says = refusal(text);
		if (strstr(says, rows[i].says) == NULL || (*rows[i].says == '\0' && *says != '\0')) {
			test_failures++;
			printf("%s says \"%s\"\n", rows[i].selection, says);
		}
		free(text);
	}
	rig_options = NULL;
	/* A chain of correlations, each over the one before. */
	struct text chain = { 0 };
	text_puts(&chain, CALLS);
	for (int i = 0; i < 63; i++)
		text_printf(&chain, "---\ntitle: n\nid: n%d\ncorrelation: {type: event_count, rules: [%s%d], timespan: 5m, condition: {gte: 1}}\n",
		    i, i == 62 ? "c" : "n", i == 62 ? 1 : i + 1);
	CHECK_STR(refusal(text_string(&chain)), "");
	struct sigma_file *files[2];
	struct fault fault;
	struct ruleset *rules;
	size_t blame;
	REQUIRE(sigma_parse("a.yml", text_string(&chain), chain.n, NULL, &files[0], &fault));
	text_reset(&chain);
	for (int i = 0; i < 5; i++)
		text_printf(&chain, "---\ntitle: m\nid: m%d\ncorrelation: {type: event_count, rules: [%s%d], timespan: 5m, condition: {gte: 1}}\n",
		    i, i == 4 ? "n" : "m", i == 4 ? 0 : i + 1);
	REQUIRE(sigma_parse("b.yml", text_string(&chain), chain.n, NULL, &files[1], &fault));
	struct sigma_file *turned[] = { files[1], files[0] };
	CHECK(!ruleset_link(turned, 2, &rules, &blame, &fault));
	CHECK(strstr(fault.text, "too long a chain") != NULL);
	sigma_file_free(files[0]);
	sigma_file_free(files[1]);
	text_clear(&chain);
}

TEST(values_that_only_look_alike_are_two_predicates)
{
	struct cdr_maker m;
	cdr_outbound(&m);
	/* "x<newline>=ana bernal" is one text; [x, ana bernal] are two. */
	CHECK(matches("    a:\n      user: \"x\\n=10:ana bernal\"\n    b:\n      user: [x, ana bernal]\n    condition: not a and b", &m));
	cdr_free(&m);
}

TEST(lists_come_from_a_file)
{
	char path[] = "/tmp/centinela-lists-XXXXXX";
	int fd = mkstemp(path);
	REQUIRE(fd >= 0);
	static const struct {
		const char *text, *says;
	} rows[] = {
		{ "admins: [ana*, 'luis duarte', '']\nbridges: '+576013790000'\n", "" },
		{ "- a\n", ":1:3: lists are written as" }, { "a b: [x]\n", ":1:1: a list's name" }, { "'%': [x]\n", "a list's name" },
		{ "a: {b: c}\n", ":1:1: a list has" }, { "a: [[b]]\n", "a list has" }, { "a: [\n", ":" },
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct sigma_lists lists;
		struct fault fault = { 0 };
		REQUIRE(ftruncate(fd, 0) == 0 && pwrite(fd, rows[i].text, strlen(rows[i].text), 0) > 0);
		bool ok = sigma_lists_read(path, &lists, &fault);
		CHECK(ok == (i == 0));
		if (strstr(fault.text, rows[i].says) == NULL) {
			test_failures++;
			puts(fault.text);
		}
		if (!ok)
			continue;
		REQUIRE(lists.n == 2);
		CHECK_STR(lists.items[0].name, "admins");
		CHECK_INT(lists.items[0].values.n, 2); /* the empty one would match everything */
		CHECK_STR(lists.items[1].values.items[0], "+576013790000");
		CHECK(lists.hash != 0);
		sigma_lists_clear(&lists);
	}
	close(fd);
	unlink(path);
	struct sigma_lists none;
	struct fault fault = { 0 };
	CHECK(!sigma_lists_read(path, &none, &fault));
	CHECK(sigma_lists_read("", &none, &fault) && none.n == 0);
}

/* ---- filters ---- */


static bool fires(const char *documents)
{
	struct fault fault = { 0 };
	struct sigma_file *file;
	struct ruleset *rules;
	size_t blame;
	struct cdr_maker m;
	REQUIRE(sigma_parse("t.yml", documents, strlen(documents), NULL, &file, &fault));
	if (!ruleset_link(&file, 1, &rules, &blame, &fault)) {
		puts(fault.text);
		exit(1);
	}
	cdr_outbound(&m);
	bool yes = judged(rules, &m);
	cdr_free(&m);
	ruleset_free(rules);
	sigma_file_free(file);
	return yes;
}

TEST(a_filter_leaves_out_what_it_describes)
{
	static const struct {
		bool yes;
		const char *filter;
	} rows[] = {
		{ true, "title: f\nfilter:\n  rules: [c1]\n  s: {user: luis}\n  condition: s\n" },
		{ false, "title: f\nfilter:\n  rules: [c1]\n  s: {user: ana*}\n  condition: s\n" },
		{ false, "title: f\nfilter:\n  rules: calls\n  s: {user: ana*}\n  condition: s\n" },
		{ false, "title: f\nfilter:\n  rules: any\n  s: {user: ana*}\n  condition: s\n" },
		{ false, "title: f\nfilter:\n  rules: [c1]\n  s: {user: ana*}\n  condition: not s\n" },
		{ true, "title: f\nfilter:\n  rules: [c1]\n  s: {user: luis}\n  condition: not s\n" },
		{ true, "title: f\nfilter:\n  rules: [c1]\n  a: {user: ana*}\n  b: {location: Denver}\n  condition: a and b\n" },
		{ false, "title: f\nfilter:\n  rules: [c1]\n  a: {user: ana*}\n  b: {location: Denver}\n  condition: 1 of them\n" },
		/* What is denied is left out, however much of it there is. */
		{ false, "title: f\nfilter:\n  rules: [c1]\n  a: {user: ana*}\n  b: {location: Denver}\n  condition: not a and not b\n" },
		{ false, "title: f\nfilter:\n  rules: [c1]\n  a: {user: eva}\n  b: {location: Colombia}\n  condition: not a and not b\n" },
		{ true, "title: f\nfilter:\n  rules: [c1]\n  a: {user: eva}\n  b: {location: Denver}\n  condition: not a and not b\n" },
		{ true, "title: f\nfilter:\n  rules: [c1]\n  a: {user: eva}\n  b: {location: Denver}\n  condition: not 1 of them\n" },
		/* An exception may end by itself: by the time of the call. */
		{ false, "title: f\nexpires: 2099-12-31\nfilter:\n  rules: [c1]\n  s: {user: ana*}\n  condition: s\n" },
		{ true, "title: f\nexpires: 2020-12-31\nfilter:\n  rules: [c1]\n  s: {user: ana*}\n  condition: s\n" },
		{ true, "title: f\nexpires: '2020-12-31T10:00:00Z'\nfilter:\n  rules: [c1]\n  s: {user: ana*}\n  condition: s\n" },
	};
	CHECK(fires(CALLS));
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		char *text = mem_printf("%s---\n%s", CALLS, rows[i].filter);
		if (fires(text) != rows[i].yes) {
			test_failures++;
			printf("should%s fire under\n%s\n", rows[i].yes ? "" : " not", rows[i].filter);
		}
		free(text);
	}
	/* Nor does a correlation count what is left out. */
#define COUNTED "---\ntitle: n\nid: n\ncorrelation: {type: event_count, rules: [c1], group-by: [user], timespan: 5m, condition: {gte: 1}}\n"
	CHECK(fires(CALLS COUNTED));
	CHECK(!fires(CALLS COUNTED "---\ntitle: f\nfilter:\n  rules: [c1]\n  s: {user: ana*}\n  condition: s\n"));
	CHECK(strstr(refusal(CALLS COUNTED "---\ntitle: f\nfilter:\n  rules: [n]\n  s: {user: ana*}\n  condition: s\n"),
	    "r.yml:14:11: a filter is for rules of one record") != NULL);
	CHECK(strstr(refusal(CALLS "---\ntitle: f\nfilter:\n  rules: [c2]\n  s: {user: ana*}\n  condition: s\n"),
	    "there is no rule with the id or name \"c2\"") != NULL);
	CHECK(strstr(refusal("title: f\nfilter:\n  s: {user: ana*}\n  condition: s\n"), "rules: names 1 to") != NULL);
	CHECK(strstr(refusal("title: f\nfilter:\n  rules: any\n  s: {user: ana*}\n"), "no condition") != NULL);
	CHECK(strstr(refusal("filter:\n  rules: any\n  s: {user: ana*}\n  condition: s\n"), "no title") != NULL);
	CHECK(strstr(refusal("title: f\nfilter: any\n"), "must be a map") != NULL);
	CHECK(strstr(refusal("title: f\nexpires: soon\nfilter:\n  rules: any\n  s: {user: ana*}\n  condition: s\n"), "r.yml:2:10: expires is a day") != NULL);
}

/* ---- rules of other log sources ---- */

static struct text told;

static void on_line(void *arg, enum rules_report kind, const char *line)
{
	UNUSED(arg);
	UNUSED(kind);
	text_printf(&told, "%s\n", line);
}

static void put_file(const char *folder, const char *name, const char *text)
{
	char *path = mem_printf("%s/%s", folder, name);
	FILE *file = fopen(path, "w");
	REQUIRE(file != NULL);
	fputs(text, file);
	fclose(file);
	free(path);
}

TEST(rules_of_any_log_source_compile)
{
	char folder[] = "/tmp/centinela-rules-XXXXXX", below[64];
	REQUIRE(mkdtemp(folder) != NULL);
	snprintf(below, sizeof below, "%s/windows", folder);
	REQUIRE(mkdir(below, 0700) == 0);
	put_file(below, "a.yml", "title: a\nid: a\nlogsource: {product: windows}\ndetection:\n"
	    "  selection_img:\n    - Image|endswith: '\\x.exe'\n    - OriginalFileName: 'x.exe'\n"
	    "  sel_b64:\n    CommandLine|wide|base64offset|contains: ['http://', 'https://']\n    EventID: [4688, 1]\n"
	    "  keywords:\n    '|all': [a, 'b\\*']\n"
	    "  filter_1:\n    User|expand: '%Administrators%'\n    Time|hour: 5\n    Size|gt: 0.5\n    A|fieldref: B.c-d\n    X: null\n"
	    "  filter_2:\n    Ip|cidr: ['::1/128', 10.0.0.0/8]\n    R|re: '(?i)^.{1000,}\\x{2013}?$'\n"
	    "  condition: 1 of sel* and keywords and not 1 of filter_*\nlevel: critical\n");
	put_file(below, "b.yml", "title: b\nid: b\ncorrelation: {type: value_avg, rules: [a], group-by: [Host], timespan: 1h, condition: {field: Bytes, gt: 0.5}}\n"
	    "---\ntitle: f\nfilter:\n  rules: [a]\n  s: {User|startswith: adm_}\n  condition: s\n");
	put_file(folder, "notes.txt", "no rule");
	const char *paths[] = { folder, "/tmp/centinela-there-is-no-such-file.yml" };
	text_reset(&told);
	CHECK(rules_check_any(paths, 1, on_line, NULL));
	CHECK_STR(text_string(&told), "3 ok, 0 refused\n");
	/* What is wrong is named, and the rest goes on. */
	put_file(folder, "c.yml", "title: c\ndetection:\n  s: {a|contians: b}\n  condition: s\n");
	put_file(folder, "d.yml", "title: d\ncorrelation: {type: event_count, rules: [nobody], timespan: 5m, condition: {gte: 2}}\n");
	text_reset(&told);
	CHECK(!rules_check_any(paths, 2, on_line, NULL));
	CHECK(strstr(text_string(&told), "/c.yml:3:7: modifier \"contians\" is not supported here; did you mean \"contains\"?") != NULL);
	CHECK(strstr(text_string(&told), "/d.yml:2:42: there is no rule with the id or name \"nobody\"") != NULL);
	CHECK(strstr(text_string(&told), "there-is-no-such-file.yml: No such file") != NULL);
	CHECK(strstr(text_string(&told), "\n3 ok, 3 refused\n") != NULL);
	/* Links in circles, a pipe, a name that would speak to the terminal, a file of tests alone. */
	char *name = mem_printf("%s/l.yml", below), *pipe = mem_printf("%s/p.yml", below);
	CHECK(symlink(".", name) == 0 && mkfifo(pipe, 0600) == 0);
	put_file(folder, "\033]0;x\007.yml", "title: [\n");
	text_reset(&told);
	CHECK(!rules_check_any(paths, 1, on_line, NULL));
	CHECK(strchr(text_string(&told), '\033') == NULL);
	CHECK(strstr(text_string(&told), "\n3 ok, 3 refused\n") != NULL);
	const char *only[] = { pipe };
	CHECK(!rules_check_any(only, 1, on_line, NULL));
	CHECK(strstr(text_string(&told), "is no plain file") != NULL);
	free(name);
	free(pipe);
	char tests[64];
	snprintf(tests, sizeof tests, "%s/tests", folder);
	REQUIRE(mkdir(tests, 0700) == 0);
	put_file(tests, "t.yml", "tests:\n  - title: nothing to judge by\n    expect: none\n    records: [{like: outbound}]\n");
	open_world();
	CHECK(rules_test(&(struct judge_options){ .rules_folder = tests }, &world, NULL, NULL));
	char command[64];
	snprintf(command, sizeof command, "rm -rf %s", folder);
	CHECK_INT(system(command), 0);
	text_clear(&told);
}

TESTS(T(windash_takes_every_dash_before_an_option), T(encoded_values_are_found_where_they_are_encoded),
    T(placeholders_stand_for_the_lists_of_the_configuration), T(fields_are_compared_with_each_other),
    T(words_are_looked_for_in_the_whole_record), T(parts_of_a_time_are_numbers),
    T(what_makes_no_sense_is_refused_in_a_sentence), T(what_would_grow_without_end_is_refused_at_once),
    T(values_that_only_look_alike_are_two_predicates), T(lists_come_from_a_file), T(a_filter_leaves_out_what_it_describes),
    T(rules_of_any_log_source_compile))
