/* SPDX-License-Identifier: Apache-2.0
 *
 * The rule language: what matches, what does not, and what is refused with a
 * line, a column and a suggestion. */
#include "sigma_rig.h"

TEST(fields_match_as_sigma_says)
{
	static const struct {
		bool yes;
		const char *selection; /* of the outbound record, over Latvia */
	} rows[] = {
		{ true, "user_type: User" },
		{ true, "User type: user" },
		{ false, "user_type|cased: user" },
		{ true, "user_type|cased: User" },
		{ true, "user: 'ana *'" },
		{ true, "user: '*Bernal'" },
		{ true, "user: 'An? Bern*'" },
		{ false, "user: 'An?'" },
		{ true, "user|contains: 'A B'" },
		{ true, "user|startswith: ANA" },
		{ true, "user|endswith: nal" },
		{ true, "user|contains|all: [ana, bernal]" },
		{ false, "user|contains|all: [ana, duarte]" },
		{ true, "user: [luis, 'ana bernal']" },
		{ false, "user: 'ana\\*'" },
		{ true, "user|re: '^Ana [BC]'" },
		{ false, "user|re: '^ana'" },
		{ true, "user|re|i: '^ana'" },
		{ true, "duration|gte: 60" },
		{ false, "duration|gt: 60" },
		{ true, "duration|lt: 2m" },
		{ true, "duration: 60" },
		{ true, "Ring duration|lte: 5" },
		{ true, "dst.tier|gte: medium" },
		{ true, "dst.tier: [high, extreme]" },
		{ false, "dst.tier|neq: high" },
		{ true, "dst.country: LV" },
		{ true, "dst.country|neq: CO" },
		{ true, "call.international: true" },
		{ false, "call.international|neq: true" },
		{ true, "device_mac: null" },
		{ true, "device_mac: ''" },
		{ false, "user: null" },
		{ true, "device_mac|exists: false" },
		{ true, "user|exists: true" },
		{ true, "calling_number|fieldref: user_number" },
		{ false, "called_number|fieldref: user_number" },
		{ true, "Public Calling IP Address|cidr: 10.0.0.0/8" },
		{ true, "Public Calling IP Address|cidr: ['192.168.0.0/16', '10.20.30.0/24']" },
		{ false, "Public Calling IP Address|cidr: 10.20.31.0/24" },
		{ true, "start_time|hour: 15" },
		{ true, "start_time|year: 2026" },
		{ true, "start_time|gt: '2026-10-06T14:00:00Z'" },
		{ true, "overlap.external|gte: 2" },
		{ false, "sequence.run|gte: 1" },
		{ true, "caller_reputation_score|gte: 2.5" },
		{ false, "caller_reputation_score|gte: 3.6" },
		{ true, "user: [a, b, c, d, e, f, g, h, i, j, 'ANA BERNAL']" },
		{ false, "user: [a, b, c, d, e, f, g, h, i, j, k]" },
	};
	struct cdr_maker m;
	cdr_outbound(&m);
	cdr_set(&m, CDR_F_CALLED_NUMBER, "+37125550123");
	cdr_set(&m, CDR_F_PUBLIC_CALLING_IP, "10.20.30.40");
	cdr_set(&m, CDR_F_REPUTATION_SCORE, "3.5");
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		char *text = mem_printf("    s:\n        %s\n    condition: s", rows[i].selection);
		if (matches(text, &m) != rows[i].yes) {
			test_failures++;
			printf("%s should%s match\n", rows[i].selection, rows[i].yes ? "" : " not");
		}
		free(text);
	}
	cdr_free(&m);
}

TEST(spanish_letters_fold_too)
{
	struct cdr_maker m;
	cdr_outbound(&m);
	cdr_set(&m, CDR_F_USER, "ÁNGELA MUÑOZ");
	CHECK(matches("    s:\n        user|contains: ángela muñoz\n    condition: s", &m));
	CHECK(!matches("    s:\n        user|contains: angela\n    condition: s", &m));
	cdr_free(&m);
}

TEST(conditions_combine_as_written)
{
	static const struct {
		bool yes;
		const char *condition;
	} rows[] = {
		{ true, "yes1" }, { false, "no1" }, { true, "not no1" }, { true, "yes1 and yes2" },
		{ false, "yes1 and no1" }, { true, "no1 or yes1" },
		{ true, "yes1 or no1 and no2" },   /* and binds tighter */
		{ false, "(yes1 or no1) and no2" }, { true, "not (no1 or no2)" },
		{ true, "not not yes1" }, { true, "1 of yes*" }, { false, "1 of no*" },
		{ true, "all of yes*" }, { false, "all of them" }, { true, "1 of them" },
		{ true, "2 of them" }, { false, "3 of them" }, { true, "any of them" },
		{ true, "not 1 of no*" }, { true, "not all of them" }, { false, "not 1 of them" },
	};
	struct cdr_maker m;
	cdr_outbound(&m);
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		char *text = mem_printf("    yes1: {user_type: User}\n    yes2: {call.external_out: true}\n"
					"    no1: {user_type: Place}\n    no2: {call.inbound: true}\n"
					"    condition: %s", rows[i].condition);
		if (matches(text, &m) != rows[i].yes) {
			test_failures++;
			printf("%s should be %d\n", rows[i].condition, rows[i].yes);
		}
		free(text);
	}
	cdr_free(&m);
}

TEST(lists_of_maps_are_or_and_words_search_everywhere)
{
	struct cdr_maker m;
	cdr_outbound(&m);
	CHECK(matches("    s:\n      - user_type: Place\n      - location: Colombia\n    condition: s", &m));
	CHECK(!matches("    s:\n      - user_type: Place\n      - location: Denver\n    condition: s", &m));
	CHECK(matches("    s:\n      - nothing\n      - bernal\n    condition: s", &m));
	CHECK(!matches("    s:\n      - nothing\n    condition: s", &m));
	CHECK(matches("    a: {user_type: User}\n    b: {user_type: Place}\n    condition: [b, a]", &m));
	cdr_free(&m);
}

TEST(a_wrong_rule_is_refused_with_line_column_and_a_hint)
{
	static const struct {
		const char *yaml, *says;
	} rows[] = {
		{ "title: t\ndetection:\n  s:\n    dst.contry: LV\n  condition: s\n",
		    "r.yml:4:5: there is no field \"dst.contry\"; did you mean \"dst.country\"?" },
		{ "title: t\ndetection:\n  sel: {user: x}\n  condition: sle\n",
		    "r.yml:4:14: condition: no selection is called \"sle\"; did you mean \"sel\"?" },
		{ "title: t\ndetection:\n  sel: {user: x}\n  condition: sel and and\n",
		    "r.yml:4:22: condition: no selection is called \"and\"" },
		{ "title: t\ndetection:\n  sel: {user: x}\n  condition: (sel\n", "r.yml:4:18: condition: a \")\" is missing" },
		{ "title: t\ndetection:\n  sel: {user: x}\n  condition: sel sel\n", "\"and\" or \"or\" was expected" },
		{ "title: t\ndetection:\n  sel: {user: x}\n  condition: sel | count() > 5\n", "obsolete" },
		{ "title: t\ndetection:\n  sel: {user: x}\n  condition: 2 of\n", "no selection is called" },
		{ "title: t\ndetection:\n  sel: {user: x}\n", "has no condition" },
		{ "title: t\ndetection:\n  sel: {}\n  condition: sel\n", "empty selection" },
		{ "title: t\ndetection:\n  sel: {user|contians: x}\n  condition: sel\n", "did you mean \"contains\"?" },
		{ "title: t\ndetection:\n  sel: {user|contains|endswith: x}\n  condition: sel\n", "contradict" },
		{ "title: t\ndetection:\n  sel: {user|base63: x}\n  condition: sel\n", "did you mean \"base64\"?" },
		{ "title: t\ndetection:\n  sel: {duration|gte: long}\n  condition: sel\n", "is a duration" },
		{ "title: t\ndetection:\n  sel: {dst.tier: hihg}\n  condition: sel\n", "one of none, low, medium, high, extreme" },
		{ "title: t\ndetection:\n  sel: {call.inbound: maybe}\n  condition: sel\n", "true or false" },
		{ "title: t\ndetection:\n  sel: {user|re: '(('}\n  condition: sel\n", "regular expression, at character" },
		{ "title: t\ndetection:\n  sel: {user|cidr: 10.0.0.0/40}\n  condition: sel\n", "not a network" },
		{ "title: t\ndetection:\n  sel: {duration|contains: 5}\n  condition: sel\n", "text modifiers do not apply" },
		{ "title: t\ndetection:\n  sel: {user|all: 5}\n  condition: sel\n", "needs a list" },
		{ "title: t\ndetection: [a]\n", "must be a map" },
		{ "detection:\n  sel: {user: x}\n  condition: sel\n", "no title" },
		{ "title: t\n", "neither detection nor correlation" },
		{ "title: t\nlevel: hgih\ndetection:\n  sel: {user: x}\n  condition: sel\n", "did you mean \"high\"?" },
		{ "title: t\ncentinela: {pionts: 5}\ndetection:\n  sel: {user: x}\n  condition: sel\n", "did you mean \"points\"?" },
		{ "title: t\ncentinela: {subject: persn}\ndetection:\n  sel: {user: x}\n  condition: sel\n", "did you mean \"person\"?" },
		{ "title: t\ncentinela: {falsepositives_es: {a: b}}\ndetection:\n  sel: {user: x}\n  condition: sel\n", "r.yml:2:33: falsepositives_es must be a list of at most 100 texts" },
		{ "title: t\ncentinela: {text: {en: 'a {dst.contry}'}}\ndetection:\n  sel: {user: x}\n  condition: sel\n", "did you mean \"dst.country\"?" },
		{ "title: t\ncorrelation: {type: evnt_count, rules: [a], timespan: 5m, condition: {gte: 2}}\n", "did you mean \"event_count\"?" },
		{ "title: t\ncorrelation: {type: event_count, rules: [a], timespan: 5m, condition: {gte: 2}}\n", "r.yml:2:42: there is no rule with the id or name \"a\"" },
		{ "title: t\ncorrelation: {type: value_count, rules: [a], timespan: 5m, condition: {gte: 2}}\n", "needs a field" },
		{ "title: t\ncorrelation: {type: event_count, rules: [a], timespan: soon, condition: {gte: 2}}\n", "timespan" },
		{ "title: t\ncorrelation: {type: event_count, rules: [a], timespan: 5m, condition: {get: 2}}\n", "did you mean \"gt" },
		{ "title: t\ncorrelation: {type: event_count, rules: [a], timespan: 5m, condition: {gt: 9, lt: 5}}\n", "at least 10 and at most 4" },
		{ "title: t\ncorrelation: {type: event_count, rules: [a], timespan: 5m, condition: {gte: 99999}}\n", "never reached" },
		{ "title: t\ncentinela: {fact: dst.tier}\ncorrelation: {type: event_count, rules: [a], timespan: 5m, condition: {gte: 2}}\n", "r.yml:2:19: fact is for rules of one record" },
		{ "title: a\nid: a\ncorrelation: {type: event_count, rules: [b], timespan: 5m, condition: {gte: 2}}\n---\n"
		  "title: b\nid: b\ncorrelation: {type: event_count, rules: [a], timespan: 5m, condition: {gte: 2}}\n", "in a circle" },
		{ "title: a\nid: a\ndetection:\n  s: {user: x}\n  condition: s\n---\ntitle: b\nid: a\ndetection:\n  s: {user: x}\n  condition: s\n", "another rule already has" },
		{ "- a\n- b\n", "a rule is a map" },
		{ "title: [\n", "r.yml:" },
		{ "title: t\ntitle: u\n", "twice" },
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		if (strstr(refusal(rows[i].yaml), rows[i].says) == NULL) {
			test_failures++;
			printf("%s\n  says \"%s\"\n  and not \"%s\"\n", rows[i].yaml,
			    refusal(rows[i].yaml), rows[i].says);
		}
	}
}

TEST(a_regular_expression_cannot_think_for_long)
{
	struct cdr_maker m;
	cdr_outbound(&m);
	cdr_set(&m, CDR_F_USER, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!");
	CHECK(!matches("    s:\n        user|re: '^(a+)+$'\n    condition: s", &m));
	CHECK(!matches("    s:\n        user|re: '^(a|aa|a?)+b$'\n    condition: s", &m));
	cdr_free(&m);
}

TEST(a_hostile_rule_is_refused_or_costs_little)
{
	struct text t = { 0 };
	/* Parentheses without end. */
	text_puts(&t, "title: t\ndetection:\n  s: {user: x}\n  condition: ");
	for (int i = 0; i < 50000; i++)
		text_putc(&t, '(');
	CHECK(strstr(refusal(text_string(&t)), "too deeply") != NULL);
	text_reset(&t);
	/* A list of 10 000 words is fine, one of 10 001 is not. */
	for (int n = 10000; n <= 10001; n++) {
		text_reset(&t);
		text_puts(&t, "title: t\nid: r\ndetection:\n  s:\n    user:\n");
		for (int i = 0; i < n; i++)
			text_printf(&t, "      - w%d\n", i);
		text_puts(&t, "  condition: s\n");
		CHECK((refusal(text_string(&t))[0] == '\0') == (n == 10000));
	}
	/* A value of a mebibyte, an expression of half of one. */
	text_reset(&t);
	text_puts(&t, "title: t\ndetection:\n  s: {user: ");
	for (int i = 0; i < 9000; i++)
		text_putc(&t, 'a');
	text_puts(&t, "}\n  condition: s\n");
	CHECK(strstr(refusal(text_string(&t)), "8192 bytes") != NULL);
	text_reset(&t);
	text_puts(&t, "title: t\ndetection:\n  s: {user: x}\n  condition: s");
	for (int i = 0; i < 100000; i++)
		text_puts(&t, " or s");
	text_puts(&t, "\n");
	CHECK(strstr(refusal(text_string(&t)), "too long") != NULL);
	CHECK(strstr(refusal("title: t\ndetection:\n  s: {user|re: '((((((((((((((((((((((((((((((((((((((((((((((((((((((a))))))))))))))))))))))))))))))))))))))))))))))))))))))'}\n  condition: s\n"),
	    "regular expression") != NULL);
	CHECK(strstr(refusal("title: t\ndetection:\n  s: {user|re: '(?:(?:(?:a{200}){200}){200}){200}'}\n  condition: s\n"),
	    "regular expression") != NULL);
	CHECK(strstr(refusal("a: &a [1]\nb: *a\n"), "alias") != NULL);
	text_clear(&t);
}

TEST(control_characters_never_come_back_in_a_message)
{
	const char *says = refusal("title: t\ndetection:\n  s: {\"dst\\e[31m\": x}\n  condition: s\n");
	CHECK(says[0] != '\0');
	CHECK(strchr(says, '\033') == NULL);
}

TEST(the_same_predicate_is_counted_once)
{
	const char *yaml = "title: a\nid: a\ndetection:\n  s: {user: x, location: y}\n  condition: s\n---\n"
			   "title: b\nid: b\ndetection:\n  s: {user: x}\n  t: {call.inbound: true}\n  condition: s and not t\n";
	struct sigma_file *file;
	struct ruleset *rules;
	size_t blame;
	REQUIRE(sigma_parse("t", yaml, strlen(yaml), NULL, &file, NULL));
	REQUIRE(ruleset_link(&file, 1, &rules, &blame, NULL));
	CHECK_INT(rules->n_predicates, 3);
	CHECK_INT(rules->rules[0].must, 0);
	CHECK_INT(rules->rules[1].must_not, LEG_INBOUND);
	ruleset_free(rules);
	sigma_file_free(file);
}

TESTS(T(fields_match_as_sigma_says), T(spanish_letters_fold_too), T(conditions_combine_as_written),
    T(lists_of_maps_are_or_and_words_search_everywhere),
    T(a_wrong_rule_is_refused_with_line_column_and_a_hint),
    T(a_regular_expression_cannot_think_for_long), T(a_hostile_rule_is_refused_or_costs_little),
    T(control_characters_never_come_back_in_a_message), T(the_same_predicate_is_counted_once))
