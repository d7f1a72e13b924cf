/* SPDX-License-Identifier: Apache-2.0
 *
 * A rule against a record, and what a rule is refused with. */
#ifndef SIGMA_RIG_H
#define SIGMA_RIG_H

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "test.h"

#include "cdr_maker.h"
#include "detect/sigma/compile.h"

static const struct sigma_options *rig_options; /* NULL: none */
static struct fact_world world;
static inline void open_world(void)
{
	if (world.numbering == NULL)
		world.numbering = numbering_of_source();
}

static int hits;

static inline void count_hit(void *arg, const struct compiled *rule, const struct window_result *window)
{
	(void)arg;
	(void)rule;
	(void)window;
	hits++;
}

/* Does any rule that reports fire on the record? */
static inline bool judged(const struct ruleset *rules, const struct cdr_maker *m)
{
	struct cdr cdr = cdr_made(m);
	struct leg_facts leg;
	struct state_facts state = { .overlap = 2 };
	open_world();
	leg_facts_derive(&world, &cdr, &leg);
	struct fact_view view = { &cdr, &leg, &state };
	struct evaluation *evaluation = evaluation_new();
	struct windows *windows = windows_new(1 << 20, 3600000);
	struct window_event event = { .at_ms = cdr.start_ms, .leg_id = 1 };
	hits = 0;
	ruleset_judge(rules, evaluation, windows, &view, &event, count_hit, NULL);
	evaluation_free(evaluation);
	windows_free(windows);
	return hits > 0;
}

/* Does a rule with these selections (YAML, indented by 4) match the record? */
static inline bool matches(const char *detection, const struct cdr_maker *m)
{
	struct fault fault = { 0 };
	struct sigma_file *file;
	struct ruleset *rules;
	size_t blame;
	char *text = mem_printf("title: t\nid: r\nlogsource: {product: x}\ndetection:\n%s\n", detection);
	if (!sigma_parse("t.yml", text, strlen(text), rig_options, &file, &fault)) {
		printf("%s\n%s\n", fault.text, text);
		test_failures++;
		free(text);
		return false;
	}
	free(text);
	REQUIRE(ruleset_link(&file, 1, &rules, &blame, &fault));
	bool yes = judged(rules, m);
	ruleset_free(rules);
	sigma_file_free(file);
	return yes;
}

/* The sentence with which the text is refused; "" when it is taken. */
static inline const char *refusal(const char *yaml)
{
	static struct fault fault;
	struct sigma_file *file;
	struct ruleset *rules = NULL;
	size_t blame;
	memset(&fault, 0, sizeof fault);
	if (sigma_parse("r.yml", yaml, strlen(yaml), rig_options, &file, &fault)) {
		if (ruleset_link(&file, 1, &rules, &blame, &fault))
			fault.text[0] = '\0';
		ruleset_free(rules);
		sigma_file_free(file);
	}
	return fault.text;
}

#endif
