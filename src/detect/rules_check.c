/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/rules_check.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/iso_time.h"
#include "base/mem.h"
#include "calls/cdr_json.h"
#include "detect/judge.h"
#include "detect/report.h"
#include "detect/rule_folder.h"

#define MAX_RECORDS 5000

struct teller {
	rules_report_fn report;
	void *arg;
	bool ok;
};

static void PRINTF_LIKE(3, 4) tell(struct teller *t, enum rules_report kind, const char *format, ...)
{
	char line[600], shown[600];
	va_list args;
	va_start(args, format);
	vsnprintf(line, sizeof line, format, args);
	va_end(args);
	text_printable(shown, sizeof shown, line, strlen(line));
	if (kind == RULES_BROKEN)
		t->ok = false;
	if (t->report != NULL)
		t->report(t->arg, kind, shown);
}

/* -- check -- */

/* What a queue of 120 columns shows of a title beside whom it is about. */
#define TITLE_COLUMNS 34

static void warn_of(struct teller *t, const struct compiled *c)
{
	const struct sigma_rule *rule = c->rule;
	const struct {
		bool lacks;
		const char *what;
	} rows[] = {
		{ rule->id == rule->title || rule->id == rule->name, "has no id: alerts are known by its title" },
		{ c->reports && rule->title_es == NULL, "has no centinela.title_es: Spanish readers get English" },
		{ c->reports && (text_width(rule->title) > TITLE_COLUMNS ||
		    (rule->title_es != NULL && text_width(rule->title_es) > TITLE_COLUMNS)),
		    "has a title wider than 34 columns: a queue cuts it; the description may be long" },
		{ c->reports && (rule->text_en == NULL || rule->text_es == NULL), "has no centinela.text in both languages" },
		{ c->reports && rule->falsepositives.n == 0, "names no falsepositives" },
		{ c->reports && (rule->playbook_en.n == 0 || rule->playbook_es.n == 0), "has no playbook in both languages" },
		{ c->reports && rule->correlation == NULL && c->must == 0 && c->must_not == 0,
		    "looks at every leg: ask for call.external_out or call.inbound first" },
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		if (rows[i].lacks)
			tell(t, RULES_WARNING, "%s:%d:1: \"%s\" %s", rule->file, rule->line, rule->title,
			    rows[i].what);
	}
}

static bool has_tests(const struct sigma_file *file)
{
	for (size_t i = 0; i < file->n_docs; i++) {
		if (yaml_get(file->docs[i], "tests") != NULL)
			return true;
	}
	return false;
}

/* Parse and link; complaints are told. NULL: something is broken. */
static struct ruleset *load(struct teller *t, const struct judge_options *o, struct rule_files *files)
{
	struct sigma_lists lists;
	struct fault fault = { 0 };
	struct ruleset *rules = NULL;
	size_t at;
	if (!sigma_lists_read(o->lists_file, &lists, &fault)) {
		tell(t, RULES_BROKEN, "%s", fault.text);
		return NULL;
	}
	bool ok = rule_folders_read(files, o->rules_folder, o->own_folder, &lists, NULL, &fault);
	sigma_lists_clear(&lists);
	if (!ok) {
		tell(t, RULES_BROKEN, "%s", fault.text);
		return NULL;
	}
	char *lines = mem_strdup(text_string(&files->complaints)), *rest = NULL;
	for (char *line = strtok_r(lines, "\n", &rest); line != NULL; line = strtok_r(NULL, "\n", &rest))
		tell(t, RULES_BROKEN, "%s", line);
	free(lines);
	if (files->first.code == FAULT_NONE && !ruleset_link(files->items, files->n, &rules, &at, &fault))
		tell(t, RULES_BROKEN, "%s", fault.text);
	return rules;
}

bool rules_check(const struct judge_options *o, rules_report_fn report, void *arg)
{
	struct teller t = { report, arg, true };
	struct rule_files files = { 0 };
	struct ruleset *rules = load(&t, o, &files);
	if (rules != NULL) {
		size_t speaking = 0;
		for (size_t i = 0; i < rules->n; i++) {
			warn_of(&t, &rules->rules[i]);
			speaking += rules->rules[i].reports;
		}
		for (size_t i = 0; i < files.n; i++) {
			if (!has_tests(files.items[i]))
				tell(&t, RULES_WARNING, "%s:1:1: has no tests", files.items[i]->path);
		}
		tell(&t, RULES_FINE, "%zu files, %zu rules, %zu of them raise alerts", files.n, rules->n,
		    speaking);
	}
	ruleset_free(rules);
	rule_files_clear(&files);
	return t.ok;
}

/* -- test -- */

/* A record to start from: wire names and values. */
struct prototype {
	const char *name;
	const char *fields[64];
};

#define SOMEBODY \
	"User type", "User", "User", "Ana Bernal", "User UUID", "5b1f0c6a-2f77-4a39-8d0e-6b8f1a2c3d4e", \
	"User number", "+576015550142", "Location", "Colombia", "Site UUID", \
	"7c6b5a49-3827-4165-a0b1-c2d3e4f50617", "Site main number", "+576015550100", \
	"Site timezone", "-300", "Call outcome", "Success", "Call outcome reason", "Normal"

static const struct prototype prototypes[] = {
	{ "outbound", { SOMEBODY, "Direction", "ORIGINATING", "Call type", "SIP_NATIONAL", "Answered", "true",
	    "Calling number", "+576015550142", "Called number", "+576015558199", "Duration", "60", "Ring duration", "5" } },
	{ "inbound", { SOMEBODY, "Direction", "TERMINATING", "Call type", "SIP_INBOUND", "Answered", "true",
	    "Calling number", "+576015557777", "Called number", "+576015550142", "Duration", "60", "Ring duration", "5" } },
	{ "internal", { SOMEBODY, "Direction", "ORIGINATING", "Call type", "SIP_ENTERPRISE", "Answered", "true",
	    "Calling number", "4193", "Called number", "4200", "Duration", "60", "Ring duration", "5" } },
	{ "portal", { SOMEBODY, "Direction", "TERMINATING", "Call type", "SIP_INBOUND", "Answered", "true",
	    "User type", "VoiceMailRetrieval", "User", "Voice Portal", "User UUID", "9d1f0c6a-2f77-4a39-8d0e-6b8f1a2c3d4e",
	    "Calling number", "+576015557777", "Called number", "+576015550109", "Duration", "20", "Ring duration", "0" } },
	{ "attendant", { SOMEBODY, "Direction", "TERMINATING", "Call type", "SIP_INBOUND", "Answered", "true",
	    "User type", "AutomatedAttendantVideo", "User", "AA Bogota", "User UUID", "8c1f0c6a-2f77-4a39-8d0e-6b8f1a2c3d4e",
	    "Calling number", "+576015557777", "Called number", "+576015550100", "Duration", "30", "Ring duration", "0" } },
	{ "forward", { SOMEBODY, "Direction", "ORIGINATING", "Call type", "SIP_NATIONAL", "Answered", "true",
	    "Related reason", "CallForwardAlways", "Redirect reason", "Unconditional", "Original reason", "Unconditional",
	    "Redirecting number", "+576015550142", "Redirecting party UUID", "5b1f0c6a-2f77-4a39-8d0e-6b8f1a2c3d4e",
	    "Calling number", "+576015557777", "Called number", "+576015558199", "Duration", "60", "Ring duration", "5" } },
};

struct made {
	int64_t start_ms, report_ms;
	char *text[CDR_N_FIELDS];
};

struct test_run {
	struct teller *t;
	const struct fact_world *world;
	const struct sigma_file *file;
	struct arena arena;
	struct made *records;
	size_t n;
	int64_t start_ms;
};

static bool complain(struct test_run *run, const struct yaml *at, const char *format, ...)
    PRINTF_LIKE(3, 4);
static bool complain(struct test_run *run, const struct yaml *at, const char *format, ...)
{
	char why[300];
	va_list args;
	va_start(args, format);
	vsnprintf(why, sizeof why, format, args);
	va_end(args);
	tell(run->t, RULES_BROKEN, "%s:%d:%d: %s", run->file->path, at->line, at->column, why);
	return false;
}

/* "{i}" and "{n}", with as many digits as asked: "{i:3}". */
static char *filled(struct test_run *run, const char *value, int64_t i, int64_t n)
{
	struct text out = { 0 };
	for (const char *p = value; *p != '\0';) {
		int64_t width = 0;
		char digit[2] = { 0 };
		if (*p == '{' && (p[1] == 'i' || p[1] == 'n')) {
			bool wide = p[2] == ':' && p[3] >= '0' && p[3] <= '9' && p[4] == '}';
			if (wide || p[2] == '}') {
				digit[0] = p[3];
				if (!wide || !text_to_int(digit, 0, 9, &width))
					width = 0;
				text_printf(&out, "%0*lld", (int)width, (long long)(p[1] == 'i' ? i : n));
				p += wide ? 5 : 3;
				continue;
			}
		}
		text_putc(&out, *p++);
	}
	char *kept = arena_strdup(&run->arena, text_string(&out));
	text_clear(&out);
	return kept;
}

static bool read_int(struct test_run *run, const struct yaml *record, const char *key, int64_t low,
    int64_t high, int64_t otherwise, int64_t *out)
{
	const struct yaml *value = yaml_get(record, key);
	*out = otherwise;
	return value == NULL ||
	    (value->kind == YAML_SCALAR && text_to_int(value->scalar, low, high, out)) ||
	    complain(run, value, "%s is a number from %lld to %lld", key, (long long)low,
		(long long)high);
}

static bool read_ms(struct test_run *run, const struct yaml *record, const char *key,
    int64_t otherwise, int64_t *out)
{
	const struct yaml *value = yaml_get(record, key);
	*out = otherwise;
	return value == NULL ||
	    (value->kind == YAML_SCALAR && text_to_duration_ms(value->scalar, out)) ||
	    complain(run, value, "%s is a duration (90s, 10m, 2d)", key);
}

static bool make_one(struct test_run *run, const struct prototype *like, const struct yaml *set,
    int64_t start_ms, int64_t i)
{
	struct made *m = &run->records[run->n];
	int64_t n = (int64_t)run->n;
	char iso[ISO_TIME_BYTES];
	for (size_t k = 0; like->fields[k] != NULL; k += 2)
		m->text[cdr_field_named(like->fields[k], strlen(like->fields[k]))] =
		    arena_strdup(&run->arena, like->fields[k + 1]);
	m->text[CDR_F_REPORT_ID] = arena_printf(&run->arena, "00000000-0000-4000-8000-%012d", (int)n);
	m->text[CDR_F_CORRELATION_ID] = arena_printf(&run->arena, "11111111-0000-4000-8000-%012d", (int)n);
	m->text[CDR_F_START_TIME] = arena_strdup(&run->arena, iso_time_format(start_ms, iso));
	for (size_t k = 0; set != NULL && k < set->n; k++) {
		const char *name = set->keys[k]->scalar;
		enum cdr_field field = cdr_field_named(name, strlen(name));
		const struct fact *fact = fact_named(name);
		if (field == CDR_N_FIELDS && fact != NULL)
			field = fact->field;
		if (field == CDR_N_FIELDS)
			return complain(run, set->keys[k], "\"%s\" is no field of a record", name);
		if (set->values[k]->kind != YAML_SCALAR)
			return complain(run, set->values[k], "a value must be text or a number");
		m->text[field] = filled(run, set->values[k]->scalar, i, n);
	}
	int64_t duration = 0;
	if (m->text[CDR_F_DURATION] != NULL)
		(void)!text_to_int(m->text[CDR_F_DURATION], 0, INT32_MAX, &duration);
	if (m->text[CDR_F_ANSWERED] != NULL && strcmp(m->text[CDR_F_ANSWERED], "true") == 0 &&
	    m->text[CDR_F_ANSWER_TIME] == NULL)
		m->text[CDR_F_ANSWER_TIME] =
		    arena_strdup(&run->arena, iso_time_format(start_ms + 5000, iso));
	m->start_ms = start_ms;
	m->report_ms = start_ms + duration * SECOND_MS + 7000;
	m->text[CDR_F_REPORT_TIME] = arena_strdup(&run->arena, iso_time_format(m->report_ms, iso));
	run->n++;
	return true;
}

static bool make_records(struct test_run *run, const struct yaml *test)
{
	const struct yaml *records = yaml_get(test, "records"), *start = yaml_get(test, "start");
	run->start_ms = INT64_C(1791298800000); /* 2026-10-06T15:00:00Z */
	if (start != NULL && (start->kind != YAML_SCALAR ||
				 !iso_time_parse(start->scalar, strlen(start->scalar), &run->start_ms)))
		return complain(run, start, "start is a time (2026-10-06T15:00:00Z)");
	if (records == NULL || records->kind != YAML_LIST)
		return complain(run, records == NULL ? test : records, "a test has a list of records");
	run->records = mem_zalloc(MAX_RECORDS * sizeof *run->records);
	for (size_t r = 0; r < records->n; r++) {
		const struct yaml *record = records->values[r], *set = yaml_get(record, "set");
		const char *name = yaml_str(record, "like", "outbound");
		const struct prototype *like = NULL;
		int64_t repeat, at, every;
		for (size_t k = 0; k < COUNT_OF(prototypes); k++) {
			if (strcmp(prototypes[k].name, name) == 0)
				like = &prototypes[k];
		}
		if (record->kind != YAML_MAP || like == NULL)
			return complain(run, record, "like: is outbound, inbound, internal, portal, attendant or forward");
		if (set != NULL && set->kind != YAML_MAP)
			return complain(run, set, "set: is a map of wire names");
		if (!read_int(run, record, "repeat", 1, MAX_RECORDS, 1, &repeat) ||
		    !read_ms(run, record, "at", 0, &at) ||
		    !read_ms(run, record, "every", MINUTE_MS, &every))
			return false;
		for (int64_t i = 0; i < repeat; i++) {
			if (run->n == MAX_RECORDS)
				return complain(run, record, "more than %d records", MAX_RECORDS);
			if (!make_one(run, like, set, run->start_ms + at + i * every, i))
				return false;
		}
	}
	return true;
}

static int by_report(const void *a, const void *b)
{
	const struct made *x = a, *y = b;
	return (x->report_ms > y->report_ms) - (x->report_ms < y->report_ms);
}

struct outcome {
	const struct test_run *run;
	const char *rule; /* NULL: any of the file */
	struct report report;
	size_t hits;
	char first[200]; /* what the first hit says */
};

static void on_test_hit(void *arg, const struct compiled *hit, const struct window_result *window)
{
	struct outcome *o = arg;
	if (o->rule != NULL ? strcmp(hit->rule->id, o->rule) != 0 &&
		    (hit->rule->name == NULL || strcmp(hit->rule->name, o->rule) != 0) :
			      hit->rule->file != o->run->file->path)
		return;
	report_hit(&o->report, hit, window);
	if (o->hits++ == 0) {
		const struct finding *f = &o->report.out->items[o->report.out->n - 1];
		snprintf(o->first, sizeof o->first, "%s", f->reasons[0].text_en);
	}
}

static size_t judge_records(struct test_run *run, const struct ruleset *rules, const char *rule,
    struct outcome *o)
{
	struct memories *memories = memories_new();
	struct windows *windows = windows_new((size_t)16 << 20, 6 * HOUR_MS);
	struct evaluation *evaluation = evaluation_new();
	struct findings findings = { .arena = &run->arena };
	qsort(run->records, run->n, sizeof *run->records, by_report);
	*o = (struct outcome){ .run = run, .rule = rule };
	for (size_t i = 0; i < run->n; i++) {
		struct cdr cdr = { 0 };
		struct leg_facts leg;
		struct state_facts state;
		char why[160];
		for (size_t k = 0; k < CDR_N_FIELDS; k++) {
			const char *text = run->records[i].text[k];
			if (text != NULL)
				cdr.field[k] = (struct span){ text, (uint32_t)strlen(text) };
		}
		if (!cdr_finish(&cdr, why, sizeof why)) {
			tell(run->t, RULES_BROKEN, "%s: record %zu: %s", run->file->path, i, why);
			continue;
		}
		leg_facts_derive(run->world, &cdr, &leg);
		memories_observe(memories, &cdr, &leg, &state);
		state.budget_milli = 1000; /* as the setting is where nobody has set it */
		struct fact_view view = { &cdr, &leg, &state };
		struct window_event event = { .at_ms = cdr.start_ms, .leg_id = (int64_t)i + 1,
			.cost_micro = leg.cost_micro, .seconds = (uint32_t)cdr.duration_s };
		o->report = (struct report){ &view, &event, &findings, NULL, NULL, NULL };
		ruleset_judge(rules, evaluation, windows, &view, &event, on_test_hit, o);
	}
	evaluation_free(evaluation);
	windows_free(windows);
	memories_free(memories);
	return o->hits;
}

static void run_test(struct teller *t, const struct fact_world *world, const struct ruleset *rules,
    const struct sigma_file *file, const struct yaml *test)
{
	struct test_run run = { .t = t, .world = world, .file = file };
	const char *title = yaml_str(test, "title", NULL), *expect = yaml_str(test, "expect", "");
	const struct yaml *rule = yaml_get(test, "rule");
	bool match = strcmp(expect, "match") == 0;
	struct outcome outcome;
	arena_init(&run.arena);
	if (test->kind != YAML_MAP || title == NULL || (!match && strcmp(expect, "none") != 0)) {
		complain(&run, test, "a test has a title and expects \"match\" or \"none\"");
	} else if (make_records(&run, test)) {
		size_t hits = judge_records(&run, rules,
		    rule == NULL || rule->kind != YAML_SCALAR ? NULL : rule->scalar, &outcome);
		if ((hits > 0) == match)
			tell(t, RULES_FINE, "%s:%d: %s%s%s", file->path, test->line, title,
			    hits > 0 ? ": " : "", hits > 0 ? outcome.first : "");
		else
			complain(&run, test, "%s: expected %s, and %s%s", title, expect,
			    hits > 0 ? "it says: " : "nothing was found",
			    hits > 0 ? outcome.first : "");
	}
	free(run.records);
	arena_clear(&run.arena);
}

bool rules_test(const struct judge_options *o, const struct fact_world *world, rules_report_fn report, void *arg)
{
	struct teller t = { report, arg, true };
	struct rule_files files = { 0 };
	struct ruleset *rules = load(&t, o, &files);
	size_t n = 0;
	for (size_t f = 0; rules != NULL && f < files.n; f++) {
		for (size_t d = 0; d < files.items[f]->n_docs; d++) {
			const struct yaml *tests = yaml_get(files.items[f]->docs[d], "tests");
			if (tests == NULL || tests->kind != YAML_LIST)
				continue;
			for (size_t i = 0; i < tests->n; i++, n++)
				run_test(&t, world, rules, files.items[f], tests->values[i]);
		}
	}
	if (rules != NULL)
		tell(&t, RULES_FINE, "%zu tests", n);
	ruleset_free(rules);
	rule_files_clear(&files);
	return t.ok;
}
