/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/judge.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "detect/report.h"
#include "detect/rule_folder.h"

#define LATENESS_MS    (6 * HOUR_MS) /* a call of six hours is reported six hours late */
#define WINDOWS_BUDGET ((size_t)16 << 20)

struct judge {
	char *folder, *own_folder, *lists_file;
	struct sigma_lists lists;
	struct rule_files files;
	struct ruleset *rules;
	struct evaluation *evaluation;
	struct windows *windows;
	struct memories *memories;
	struct outliers *outliers;
	uint64_t looked;     /* what the folders looked like when they were read */
	struct map outcomes; /* rule id → struct rule_outcome, malloced */
	struct judge_counts counts;
	size_t windows_budget;
	int64_t lateness_ms;
	int32_t alert_budget_milli;
};

static void remember_anew(struct judge *judge)
{
	judge->windows = windows_new(judge->windows_budget, judge->lateness_ms);
	judge->memories = memories_new();
	judge->outliers = outliers_new();
}

/* Link, leaving out (or putting back) the files that do not fit together. */
static struct ruleset *link_what_fits(struct rule_files *files, struct rule_files *before)
{
	struct ruleset *rules;
	struct fault fault = { 0 };
	size_t at;
	while (!ruleset_link(files->items, files->n, &rules, &at, &fault)) {
		struct sigma_file *broken = files->items[at];
		struct sigma_file *older = NULL;
		rule_files_complain(files, &fault);
		for (size_t i = 0; before != NULL && i < before->n && older == NULL; i++) {
			if (before->items[i] != NULL && strcmp(before->items[i]->path, broken->path) == 0) {
				older = before->items[i];
				before->items[i] = NULL;
			}
		}
		if (older != NULL) {
			files->items[at] = older;
		} else {
			files->n--;
			memmove(files->items + at, files->items + at + 1,
			    (files->n - at) * sizeof(void *));
		}
		sigma_file_free(broken);
	}
	return rules;
}

static bool read_folders(struct judge *judge, struct rule_files *files, struct rule_files *before,
    struct fault *fault)
{
	struct fault own = { 0 };
	struct sigma_lists lists;
	/* Before they are read: what changes meanwhile is seen the next time. */
	judge->looked = rule_folders_look(judge->folder, judge->own_folder, judge->lists_file);
	if (sigma_lists_read(judge->lists_file, &lists, &own)) {
		sigma_lists_clear(&judge->lists);
		judge->lists = lists;
	} else {
		rule_files_complain(files, &own); /* those from before stay */
	}
	return rule_folders_read(files, judge->folder, judge->own_folder, &judge->lists, before, fault);
}

bool judge_open(const struct judge_options *options, struct judge **out, struct fault *fault)
{
	struct judge *judge = mem_zalloc(sizeof *judge);
	judge->folder = mem_strdup(options->rules_folder);
	judge->own_folder = mem_strdup(options->own_folder);
	judge->lists_file = mem_strdup(options->lists_file);
	arena_init(&judge->lists.arena);
	judge->evaluation = evaluation_new();
	judge->windows_budget = options->windows_budget == 0 ? WINDOWS_BUDGET : options->windows_budget;
	judge->lateness_ms = options->lateness_ms == 0 ? LATENESS_MS : options->lateness_ms;
	judge->alert_budget_milli = (int32_t)(MIN(MAX(options->alert_budget, (int64_t)0), (int64_t)1000) * 1000);
	remember_anew(judge);
	const struct rule_text *further = options->further;
	bool ok = read_folders(judge, &judge->files, NULL, fault) &&
	    (further == NULL || rule_files_add(&judge->files, further->path, further->bytes, further->n, &judge->lists, fault));
	if (ok)
		judge->rules = link_what_fits(&judge->files, NULL);
	if (ok && judge->rules->n == 0) {
		if (judge->files.first.code != FAULT_NONE)
			*fault = judge->files.first;
		else
			fault_set(fault, FAULT_NOT_FOUND, _("%s holds no rules (*.yml)"), judge->folder);
		ok = false;
	}
	if (!ok) {
		judge_free(judge);
		judge = NULL;
	}
	*out = judge;
	return ok;
}

static void forget_outcomes(struct judge *judge)
{
	const struct map_entry *entry;
	for (size_t at = 0; (entry = map_next(&judge->outcomes, &at)) != NULL;)
		free(entry->value.pointer);
	map_clear(&judge->outcomes);
}

void judge_outcomes(struct judge *judge, const struct rule_outcome *outcomes, size_t n)
{
	forget_outcomes(judge);
	for (size_t i = 0; i < n; i++) {
		struct rule_outcome *kept = mem_zalloc(sizeof *kept);
		bool is_new;
		*kept = outcomes[i];
		kept->rule = NULL; /* the key says it */
		union map_value *at = map_put(&judge->outcomes, outcomes[i].rule, &is_new);
		if (!is_new)
			free(at->pointer);
		at->pointer = kept;
	}
}

void judge_free(struct judge *judge)
{
	if (judge == NULL)
		return;
	forget_outcomes(judge);
	ruleset_free(judge->rules);
	rule_files_clear(&judge->files);
	evaluation_free(judge->evaluation);
	windows_free(judge->windows);
	memories_free(judge->memories);
	outliers_free(judge->outliers);
	free(judge->folder);
	free(judge->own_folder);
	free(judge->lists_file);
	sigma_lists_clear(&judge->lists);
	free(judge);
}

void judge_forget(struct judge *judge)
{
	windows_free(judge->windows);
	memories_free(judge->memories);
	outliers_free(judge->outliers);
	remember_anew(judge);
}

bool judge_reload(struct judge *judge, struct fault *fault)
{
	struct rule_files files = { 0 };
	if (!read_folders(judge, &files, &judge->files, fault)) {
		rule_files_clear(&files);
		return false;
	}
	struct ruleset *rules = link_what_fits(&files, &judge->files);
	ruleset_free(judge->rules);
	rule_files_clear(&judge->files);
	judge->rules = rules;
	judge->files = files;
	if (files.first.code == FAULT_NONE)
		return true;
	if (fault != NULL)
		*fault = files.first;
	return false;
}

bool judge_is_stale(const struct judge *judge)
{
	return rule_folders_look(judge->folder, judge->own_folder, judge->lists_file) != judge->looked;
}

/* "2b7e1516-28ae-32a6-ab7f-158809cf4f3c" to its 16 bytes; zeros otherwise. */
static void read_report_id(struct span id, uint8_t out[16])
{
	uint8_t bytes[16];
	size_t n = 0;
	for (uint32_t i = 0; i < id.n; i++) {
		char c = id.p[i];
		if (i == 8 || i == 13 || i == 18 || i == 23) {
			if (c != '-')
				return;
			continue;
		}
		int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
		if (digit < 0 || n == 32)
			return;
		bytes[n / 2] = (uint8_t)(n % 2 == 0 ? digit << 4 : bytes[n / 2] | digit);
		n++;
	}
	if (n == 32 && id.n == 36)
		memcpy(out, bytes, 16);
}

static void on_hit(void *arg, const struct compiled *hit, const struct window_result *window)
{
	report_hit(arg, hit, window);
}

/* A leg of before is no evidence a second time: as if told. */
static void on_hit_before(void *arg, const struct compiled *hit, const struct window_result *window)
{
	UNUSED(arg);
	UNUSED(hit);
	for (size_t i = 0; window != NULL && i < window->n; i++)
		window->events[i].told = true;
}

static void keep_note(void *arg, const struct day_note *note)
{
	struct findings *out = arg;
	if (out == NULL)
		return;
	if (out->n_notes == out->notes_capacity) {
		out->notes_capacity = MAX(2 * out->n_notes, (size_t)64);
		struct day_note *more = arena_alloc(out->arena, out->notes_capacity * sizeof *more);
		if (out->n_notes > 0)
			memcpy(more, out->notes, out->n_notes * sizeof *more);
		out->notes = more;
	}
	out->notes[out->n_notes++] = *note;
}

static void keep_samples(struct outliers *outliers, struct findings *out)
{
	size_t n;
	const struct sample_note *samples = outliers_samples(outliers, &n);
	for (size_t i = 0; i < n && out != NULL; i++) {
		if (out->n_samples == out->samples_capacity) {
			out->samples_capacity = MAX(2 * out->n_samples, (size_t)16);
			struct sample_note *more = arena_alloc(out->arena, out->samples_capacity * sizeof *more);
			if (out->n_samples > 0)
				memcpy(more, out->samples, out->n_samples * sizeof *more);
			out->samples = more;
		}
		out->samples[out->n_samples++] = samples[i];
	}
}

static void count_exemption(struct findings *out, uint32_t key)
{
	for (size_t i = 0; i < out->n_exemptions; i++) {
		if (out->exemptions[i].key == key) {
			out->exemptions[i].n++;
			return;
		}
	}
	if (out->n_exemptions == out->exemptions_capacity) {
		out->exemptions_capacity = MAX(2 * out->n_exemptions, (size_t)16);
		struct exemption *more = arena_alloc(out->arena, out->exemptions_capacity * sizeof *more);
		if (out->n_exemptions > 0)
			memcpy(more, out->exemptions, out->n_exemptions * sizeof *more);
		out->exemptions = more;
	}
	out->exemptions[out->n_exemptions++] = (struct exemption){ key, 1 };
}

static void judge_one(struct judge *judge, const struct cdr *cdr, const struct leg_facts *leg,
    int64_t leg_id, struct findings *out)
{
	struct state_facts state;
	if (out != NULL)
		memories_observe(judge->memories, cdr, leg, &state);
	else
		memories_observe_again(judge->memories, cdr, leg, &state);
	state.budget_milli = judge->alert_budget_milli;
	memories_notes(judge->memories, keep_note, out);
	struct fact_view view = { cdr, leg, &state };
	struct window_event event = { .at_ms = cdr->start_ms, .leg_id = leg_id,
		.cost_micro = leg->cost_micro, .seconds = (uint32_t)MAX(cdr->duration_s, 0) };
	read_report_id(cdr->field[CDR_F_REPORT_ID], event.report);
	/* A key of its own for every record, and for one without a proper id its text. */
	static const uint8_t no_id[sizeof event.report];
	bool known = memcmp(event.report, no_id, sizeof no_id) != 0;
	uint64_t key = known ? hash_bytes(event.report, sizeof event.report) : hash_bytes(cdr->raw.p, cdr->raw.n);
	outliers_see(judge->outliers, &view, hash_mix(key), out == NULL);
	keep_samples(judge->outliers, out);
	struct outlier_memo memo = { 0 };
	struct report report = { &view, &event, out, judge->outliers, &memo, &judge->outcomes };
	size_t before = out == NULL ? 0 : out->n;
	ruleset_judge(judge->rules, judge->evaluation, judge->windows, &view, &event,
	    out == NULL ? on_hit_before : on_hit, &report);
	judge->counts.legs++;
	if (out == NULL)
		return;
	judge->counts.findings += (int64_t)(out->n - before);
	const struct left_out *left = evaluation_left_out(judge->evaluation);
	for (size_t i = 0; i < left->n; i++)
		count_exemption(out, left->filters[i]->key);
}

void judge_leg(struct judge *judge, const struct cdr *cdr, const struct leg_facts *leg,
    int64_t leg_id, struct findings *out)
{
	judge_one(judge, cdr, leg, leg_id, out);
}

void judge_warm(struct judge *judge, const struct cdr *cdr, const struct leg_facts *leg,
    int64_t leg_id)
{
	judge_one(judge, cdr, leg, leg_id, NULL);
}

void judge_recall(struct judge *judge, const struct recollection *r)
{
	struct cdr cdr = { .start_ms = r->start_ms };
	struct leg_facts leg = { 0 };
	struct number *far = r->outbound ? &leg.called : &leg.calling;
	size_t n = strlen(r->far_number), country = strlen(r->country);
	if (n < sizeof far->e164 && r->far_number[0] == '+')
		memcpy(far->e164, r->far_number, n);
	if (country == 2) {
		memcpy(leg.country, r->country, 2);
	} else if (far->e164[0] != '\0' && n > 4) {
		/* +881, +979 …: belong to no country, are known by their code. */
		for (int i = 1; i <= 3; i++)
			far->country_code = (int16_t)(far->country_code * 10 + (far->e164[i] - '0'));
	}
	leg.flags = r->outbound ? LEG_EXTERNAL_OUT : LEG_INBOUND;
	if (r->outbound && r->international)
		leg.flags |= LEG_INTERNATIONAL;
	leg.user_key = r->user_uuid[0] == '\0' ? 0 : hash_text(r->user_uuid) | 1;
	*(r->outbound ? &leg.called_key : &leg.calling_key) = n == 0 ? 0 : hash_text(r->far_number) | 1;
	memories_recall(judge->memories, &cdr, &leg);
}

void judge_recall_night(struct judge *judge, uint64_t user_key, int64_t day)
{
	memories_recall_night(judge->memories, user_key, day);
}

void judge_recall_note(struct judge *judge, const struct day_note *note)
{
	memories_recall_note(judge->memories, note);
}

void judge_recall_sample(struct judge *judge, const struct sample_note *sample)
{
	outliers_recall(judge->outliers, sample);
}

int64_t judge_horizon_ms(const struct judge *judge)
{
	const struct ruleset *set = judge->rules;
	int64_t *reach = mem_zalloc((set->n + 1) * sizeof *reach), most = MAX(WANGIRI_MEMORY_MS, (USUAL_KEEPS_DAYS + 1) * DAY_MS);
	for (size_t i = set->n_events; i < set->n; i++) {
		const struct correlation *c = set->rules[i].rule->correlation;
		for (size_t r = 0; r < c->refs.n; r++)
			reach[i] = MAX(reach[i], reach[set->rules[i].refs[r]]);
		reach[i] += c->timespan_ms;
		most = MAX(most, reach[i]);
	}
	free(reach);
	return MIN(most + DAY_MS, 31 * DAY_MS); /* a day more: calls that began before they were reported */
}

const char *judge_complaints(const struct judge *judge)
{
	return text_string(&judge->files.complaints);
}

struct judge_counts judge_counts(const struct judge *judge)
{
	struct judge_counts counts = judge->counts;
	counts.rules = judge->rules->n;
	counts.files = judge->files.n;
	counts.bytes = windows_bytes(judge->windows) + memories_bytes(judge->memories) +
	    outliers_bytes(judge->outliers);
	counts.regex_limits = evaluation_limits_met(judge->evaluation);
	counts.forgotten_groups = windows_forgotten(judge->windows);
	return counts;
}

size_t judge_n_rules(const struct judge *judge)
{
	return judge->rules->n;
}

const struct sigma_rule *judge_rule_at(const struct judge *judge, size_t i)
{
	return judge->rules->rules[i].rule;
}

bool judge_rule_reports(const struct judge *judge, size_t i)
{
	return judge->rules->rules[i].reports;
}

size_t judge_rule_n_tests(const struct judge *judge, size_t i)
{
	const struct sigma_rule *rule = judge_rule_at(judge, i);
	size_t n = 0;
	for (size_t f = 0; f < judge->files.n; f++) {
		const struct sigma_file *file = judge->files.items[f];
		for (size_t d = 0; strcmp(file->path, rule->file) == 0 && d < file->n_docs; d++) {
			const struct yaml *tests = yaml_get(file->docs[d], "tests");
			/* One that names no rule is of every rule of the file. */
			for (size_t t = 0; tests != NULL && tests->kind == YAML_LIST && t < tests->n; t++)
				n += strcmp(yaml_str(tests->values[t], "rule", rule->id), rule->id) == 0;
		}
	}
	return n;
}

const struct sigma_rule *judge_rule(const struct judge *judge, const char *id)
{
	for (size_t i = 0; i < judge->rules->n; i++) {
		if (strcmp(judge->rules->rules[i].rule->id, id) == 0)
			return judge->rules->rules[i].rule;
	}
	return NULL;
}

bool judge_rule_is_own(const struct judge *judge, const struct sigma_rule *rule)
{
	for (size_t f = 0; f < judge->files.n; f++) {
		for (size_t i = 0; judge->files.items[f]->own && i < judge->files.items[f]->n_rules; i++) {
			if (judge->files.items[f]->rules[i] == rule)
				return true;
		}
	}
	return false;
}

const struct sigma_filter *judge_own_filter(const struct judge *judge, size_t i, const char **file)
{
	for (size_t f = 0; f < judge->files.n; f++) {
		const struct sigma_file *of = judge->files.items[f];
		if (!of->own)
			continue;
		if (i < of->n_filters) {
			*file = of->path;
			return of->filters[i];
		}
		i -= of->n_filters;
	}
	return NULL;
}
