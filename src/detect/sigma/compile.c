/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/sigma/compile.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/i18n.h"
#include "base/mem.h"

/* -- linking -- */

struct flags {
	uint32_t must, must_not;
};

/* Leg flags without which (or with which) the expression is surely false. */
static struct flags needs(const struct expr *e, bool negated)
{
	bool wanted, every;
	struct flags all = { 0, 0 };
	switch (e->kind) {
	case EXPR_PREDICATE: {
		uint32_t flag = predicate_flag(e->predicate, &wanted);
		if (flag != 0 && wanted != negated)
			all.must = flag;
		else if (flag != 0)
			all.must_not = flag;
		return all;
	}
	case EXPR_NOT:
		return needs(e->parts[0], !negated);
	case EXPR_AND:
	case EXPR_OR:
	case EXPR_N_OF:
		every = e->kind == EXPR_AND || (e->kind == EXPR_N_OF && e->at_least == e->n_parts);
		if (e->kind == EXPR_N_OF && !every && (e->at_least > 1 || negated))
			return all;
		if (negated)
			every = !every; /* De Morgan */
		for (size_t i = 0; i < e->n_parts; i++) {
			struct flags part = needs(e->parts[i], negated);
			if (i == 0) {
				all = part;
			} else if (every) {
				all.must |= part.must;
				all.must_not |= part.must_not;
			} else {
				all.must &= part.must;
				all.must_not &= part.must_not;
			}
		}
		return all;
	}
	return all;
}

static bool blame(const struct sigma_rule *rule, int line, int column, struct fault *fault,
    const char *what, const char *which)
{
	char shown[200];
	text_printable(shown, sizeof shown, which, strlen(which));
	return fault_set(fault, FAULT_INPUT, "%s:%d:%d: %s \"%s\"", rule->file, line, column, what,
	    shown);
}

#define MAX_CHAIN 64

struct linking {
	struct sigma_file *const *files;
	size_t n_files;
	const struct sigma_rule **rules; /* by order of file */
	size_t *file_of;
	size_t n;
	struct map by_name; /* id and name → index in rules */
	size_t *place;	    /* rules → compiled; SIZE_MAX not yet */
	unsigned char *visiting;
	struct ruleset *set;
	bool *referred;
	int depth; /* of correlations that refer to each other */
	struct fault *fault;
	size_t blame;
};

/* The ids of the installation's own rules: others of the same id stand back. */
static void collect_own(const struct linking *l, struct map *own)
{
	for (size_t f = 0; f < l->n_files; f++) {
		for (size_t i = 0; l->files[f]->own && i < l->files[f]->n_rules; i++)
			map_put(own, l->files[f]->rules[i]->id, NULL)->number = 1;
	}
}

static bool collect_but(struct linking *l, const struct map *own)
{
	for (size_t f = 0; f < l->n_files; f++) {
		for (size_t i = 0; i < l->files[f]->n_rules; i++) {
			const struct sigma_rule *rule = l->files[f]->rules[i];
			if (!l->files[f]->own && map_get(own, rule->id) != NULL)
				continue;
			const char *names[2] = { rule->id, rule->name };
			assert(rule->id != NULL); /* parse.c takes the name or the title */
			for (size_t k = 0; k < 2; k++) {
				bool is_new;
				if (names[k] == NULL || (k == 1 && strcmp(names[1], names[0]) == 0))
					continue;
				union map_value *value = map_put(&l->by_name, names[k], &is_new);
				if (!is_new) {
					l->blame = f;
					return blame(rule, rule->line, 1, l->fault,
					    "another rule already has the id or name", names[k]);
				}
				value->number = (int64_t)l->n;
			}
			l->file_of[l->n] = f;
			l->rules[l->n++] = rule;
		}
	}
	return true;
}

static bool collect(struct linking *l)
{
	struct map own = { 0 };
	collect_own(l, &own);
	bool ok = collect_but(l, &own);
	map_clear(&own);
	return ok;
}

/* Who is to be looked at when the rule fires. */
static void counted_by(struct compiled *rule, size_t correlation)
{
	if (rule->n_counted_by > 0 && rule->counted_by[rule->n_counted_by - 1] == correlation)
		return; /* it names the rule twice */
	rule->counted_by = mem_realloc(rule->counted_by, (rule->n_counted_by + 1) * sizeof *rule->counted_by);
	rule->counted_by[rule->n_counted_by++] = (uint32_t)correlation;
}

static bool place_correlation(struct linking *l, size_t i)
{
	const struct sigma_rule *rule = l->rules[i];
	const struct correlation *c = rule->correlation;
	size_t refs[SIGMA_MAX_REFS];
	uint64_t definition = rule->definition;
	if (l->place[i] != SIZE_MAX)
		return true;
	if (l->visiting[i]) {
		l->blame = l->file_of[i];
		return blame(rule, rule->line, 1, l->fault, "correlations refer to each other in a circle:",
		    rule->title);
	}
	l->visiting[i] = 1;
	if (++l->depth > MAX_CHAIN) {
		l->blame = l->file_of[i];
		return blame(rule, rule->line, 1, l->fault, "correlations refer to each other in too long a chain:", rule->title);
	}
	for (size_t r = 0; r < c->refs.n; r++) {
		const union map_value *value = map_get(&l->by_name, c->refs.items[r]);
		if (value == NULL) {
			l->blame = l->file_of[i];
			return blame(rule, c->ref_line[r], c->ref_column[r], l->fault,
			    "there is no rule with the id or name", c->refs.items[r]);
		}
		size_t to = (size_t)value->number;
		if (l->rules[to]->correlation != NULL && !place_correlation(l, to))
			return false;
		refs[r] = l->place[to];
		l->referred[to] = l->referred[to] || !c->generate;
		definition = hash_mix(definition ^ l->set->rules[l->place[to]].definition);
	}
	l->depth--;
	l->place[i] = l->set->n;
	struct compiled *done = &l->set->rules[l->set->n++];
	*done = (struct compiled){ .rule = rule, .definition = definition };
	memcpy(done->refs, refs, c->refs.n * sizeof *refs);
	for (size_t r = 0; r < c->refs.n; r++)
		counted_by(&l->set->rules[refs[r]], l->place[i]);
	return true;
}

static void filter_rule(struct linking *l, const struct sigma_filter *filter, size_t to)
{
	struct compiled *rule = &l->set->rules[l->place[to]];
	rule->filters = mem_realloc(rule->filters, (rule->n_filters + 1) * sizeof(void *));
	rule->filters[rule->n_filters++] = filter;
	rule->definition = hash_mix(rule->definition ^ filter->definition);
}

static bool filter_named(struct linking *l, const struct sigma_filter *filter, size_t file, size_t ref)
{
	const struct yaml *at = filter->ref_at[ref];
	const union map_value *value = map_get(&l->by_name, filter->refs.items[ref]);
	char shown[200];
	if (value != NULL && l->rules[value->number]->correlation == NULL) {
		filter_rule(l, filter, (size_t)value->number);
		return true;
	}
	l->blame = file;
	text_printable(shown, sizeof shown, filter->refs.items[ref], strlen(filter->refs.items[ref]));
	return value == NULL ?
	    fault_set(l->fault, FAULT_INPUT, _("%s:%d:%d: there is no rule with the id or name \"%s\""), l->files[file]->path,
		at->line, at->column, shown) :
	    fault_set(l->fault, FAULT_INPUT, _("%s:%d:%d: a filter is for rules of one record, not for a correlation: name the rules that it counts"),
		l->files[file]->path, at->line, at->column);
}

/* After the rules of one record, before correlations take their definitions. */
static bool place_filters(struct linking *l)
{
	for (size_t f = 0; f < l->n_files; f++) {
		for (size_t i = 0; i < l->files[f]->n_filters; i++) {
			const struct sigma_filter *filter = l->files[f]->filters[i];
			for (size_t to = 0; filter->any && to < l->n; to++) {
				if (l->rules[to]->correlation == NULL)
					filter_rule(l, filter, to);
			}
			for (size_t r = 0; r < filter->refs.n; r++) {
				if (!filter_named(l, filter, f, r))
					return false;
			}
		}
	}
	return true;
}

static void share_predicates(struct linking *l)
{
	struct map seen = { 0 };
	for (size_t f = 0; f < l->n_files; f++) {
		for (size_t i = 0; i < l->files[f]->n_predicates; i++) {
			struct predicate *p = l->files[f]->predicates[i];
			bool is_new;
			union map_value *value = map_put(&seen, predicate_key(p), &is_new);
			if (is_new)
				value->number = (int64_t)l->set->n_predicates++;
			predicate_set_index(p, (unsigned)value->number);
		}
	}
	map_clear(&seen);
}

static bool link_all(struct linking *l)
{
	if (!collect(l))
		return false;
	for (size_t i = 0; i < l->n; i++) {
		l->place[i] = SIZE_MAX;
		if (l->rules[i]->correlation != NULL)
			continue;
		struct flags flags = needs(l->rules[i]->condition, false);
		l->place[i] = l->set->n;
		l->set->rules[l->set->n++] = (struct compiled){ .rule = l->rules[i],
			.must = flags.must, .must_not = flags.must_not,
			.definition = l->rules[i]->definition };
	}
	l->set->n_events = l->set->n;
	if (!place_filters(l))
		return false;
	for (size_t i = 0; i < l->n; i++) {
		if (l->rules[i]->correlation != NULL && !place_correlation(l, i))
			return false;
	}
	for (size_t i = 0; i < l->n; i++)
		l->set->rules[l->place[i]].reports = !l->referred[i];
	l->set->gates = mem_zalloc((l->set->n_events + 1) * sizeof *l->set->gates);
	for (size_t i = 0; i < l->set->n_events; i++) {
		const struct compiled *rule = &l->set->rules[i];
		l->set->gates[i] = (struct rule_gate){ rule->must, rule->must_not, rule->rule->condition };
	}
	share_predicates(l);
	return true;
}

bool ruleset_link(struct sigma_file *const *files, size_t n, struct ruleset **out, size_t *blamed,
    struct fault *fault)
{
	struct linking l = { .files = files, .n_files = n, .fault = fault };
	size_t rules = 0;
	for (size_t f = 0; f < n; f++)
		rules += files[f]->n_rules;
	l.rules = mem_zalloc((rules + 1) * sizeof *l.rules);
	l.file_of = mem_zalloc((rules + 1) * sizeof *l.file_of);
	l.place = mem_zalloc((rules + 1) * sizeof *l.place);
	l.visiting = mem_zalloc(rules + 1);
	l.referred = mem_zalloc((rules + 1) * sizeof *l.referred);
	l.set = mem_zalloc(sizeof *l.set);
	l.set->rules = mem_zalloc((rules + 1) * sizeof *l.set->rules);
	bool ok = link_all(&l);
	if (!ok) {
		ruleset_free(l.set);
		l.set = NULL;
		*blamed = l.blame;
	}
	*out = l.set;
	map_clear(&l.by_name);
	free(l.rules);
	free(l.file_of);
	free(l.place);
	free(l.visiting);
	free(l.referred);
	return ok;
}

void ruleset_free(struct ruleset *set)
{
	if (set == NULL)
		return;
	for (size_t i = 0; i < set->n; i++) {
		free(set->rules[i].filters);
		free(set->rules[i].counted_by);
	}
	free(set->rules);
	free(set->gates);
	free(set);
}

/* -- judging -- */

struct evaluation {
	struct matcher *matcher;
	uint64_t leg;	    /* grows by one a leg: what is remembered of others is void */
	uint64_t *known;    /* by predicate: leg << 1 | answer */
	size_t n_known;
	uint64_t *fired;    /* by rule: the leg for which it fired last */
	uint64_t *due; /* a bit a rule: a correlation that one of its rules fired for */
	size_t n_fired;
	const struct fact_view *view;
	struct left_out left_out;
};

struct evaluation *evaluation_new(void)
{
	struct evaluation *e = mem_zalloc(sizeof *e);
	e->matcher = matcher_new();
	return e;
}

void evaluation_free(struct evaluation *e)
{
	if (e == NULL)
		return;
	matcher_free(e->matcher);
	free(e->known);
	free(e->fired);
	free(e->due);
	free(e);
}

int64_t evaluation_limits_met(const struct evaluation *e)
{
	return matcher_limits_met(e->matcher);
}

static bool holds(struct evaluation *e, const struct expr *x)
{
	switch (x->kind) {
	case EXPR_PREDICATE: {
		uint64_t *known = &e->known[predicate_index(x->predicate)];
		if (*known >> 1 != e->leg)
			*known = e->leg << 1 | predicate_matches(x->predicate, e->matcher, e->view);
		return *known & 1;
	}
	case EXPR_NOT:
		return !holds(e, x->parts[0]);
	case EXPR_AND:
		for (size_t i = 0; i < x->n_parts; i++) {
			if (!holds(e, x->parts[i]))
				return false;
		}
		return true;
	case EXPR_OR:
		for (size_t i = 0; i < x->n_parts; i++) {
			if (holds(e, x->parts[i]))
				return true;
		}
		return false;
	case EXPR_N_OF: {
		size_t n = 0;
		for (size_t i = 0; i < x->n_parts && n < x->at_least; i++)
			n += holds(e, x->parts[i]);
		return n >= x->at_least;
	}
	}
	return false;
}

static uint64_t hash_of(const struct fact *fact, const struct fact_value *value)
{
	return fact->kind == FACT_TEXT ? hash_bytes(value->text.p, value->text.n) :
					 hash_mix((uint64_t)value->number + 1);
}

/* Feed the leg to a correlation once, by the first of its rules that fired (by
 * each of them when the type tells rules apart). A leg without a group's field
 * belongs to no group. */
static bool correlate(struct evaluation *e, const struct compiled *rule, size_t ref,
    struct windows *windows, const struct window_event *event, struct window_result *result)
{
	const struct correlation *c = rule->rule->correlation;
	struct fact_value value;
	uint64_t group = rule->definition;
	for (size_t i = 0; i < c->n_group; i++) {
		const struct fact *fact = c->group_by[i][ref];
		fact_read(fact, e->view, &value);
		if (!value.present)
			return false;
		group = hash_mix(group ^ hash_of(fact, &value));
	}
	struct window_event mine = *event;
	mine.value = ref;
	if (c->field != NULL) {
		fact_read(c->field, e->view, &value);
		if (!value.present)
			return false;
		mine.value = c->type->numeric_field ? (uint64_t)value.number : hash_of(c->field, &value);
	}
	return windows_add(windows, group, c, &mine, result);
}

static void announce(struct evaluation *e, const struct compiled *rule)
{
	for (size_t k = 0; k < rule->n_counted_by; k++)
		e->due[rule->counted_by[k] / 64] |= UINT64_C(1) << rule->counted_by[k] % 64;
}

/* One correlation, one of whose rules fired for this leg. */
static bool count_leg(struct evaluation *e, const struct ruleset *set, size_t i, struct windows *windows,
    const struct window_event *event, hit_fn on_hit, void *arg)
{
	const struct compiled *rule = &set->rules[i];
	const struct correlation *c = rule->rule->correlation;
	bool apart = !c->type->needs_condition; /* temporal: which rule matters */
	bool met = false;
	for (size_t r = 0; r < c->refs.n; r++) {
		struct window_result result;
		if (e->fired[rule->refs[r]] != e->leg)
			continue;
		if (correlate(e, rule, r, windows, event, &result)) {
			if (!met && rule->reports && on_hit != NULL)
				on_hit(arg, rule, &result);
			met = true;
		}
		if (!apart)
			break;
	}
	return met;
}

const struct left_out *evaluation_left_out(const struct evaluation *e)
{
	return &e->left_out;
}

void ruleset_judge(const struct ruleset *set, struct evaluation *e, struct windows *windows,
    const struct fact_view *view, const struct window_event *event, hit_fn on_hit, void *arg)
{
	if (e->n_known < set->n_predicates) {
		e->known = mem_realloc(e->known, set->n_predicates * sizeof *e->known);
		memset(e->known, 0, set->n_predicates * sizeof *e->known);
		e->n_known = set->n_predicates;
	}
	if (e->n_fired < set->n) {
		e->fired = mem_realloc(e->fired, set->n * sizeof *e->fired);
		memset(e->fired, 0, set->n * sizeof *e->fired);
		e->due = mem_realloc(e->due, (set->n / 64 + 1) * sizeof *e->due);
		memset(e->due, 0, (set->n / 64 + 1) * sizeof *e->due);
		e->n_fired = set->n;
	}
	e->leg++;
	e->view = view;
	e->left_out.n = 0;
	uint32_t flags = view->leg->flags;
	for (size_t i = 0; i < set->n_events; i++) {
		const struct rule_gate *gate = &set->gates[i];
		if ((flags & gate->must) != gate->must || (flags & gate->must_not) != 0 || !holds(e, gate->condition))
			continue;
		const struct compiled *rule = &set->rules[i];
		bool fires = true;
		for (size_t k = 0; fires && k < rule->n_filters; k++)
			fires = view->cdr->start_ms >= rule->filters[k]->until_ms || !holds(e, rule->filters[k]->leaves_out) || !left_out_note(&e->left_out, rule->filters[k]);
		if (!fires)
			continue;
		e->fired[i] = e->leg;
		announce(e, rule);
		if (rule->reports && on_hit != NULL)
			on_hit(arg, rule, NULL);
	}
	/* Correlations stand after what they refer to: those that become due stand further on. */
	for (size_t word = set->n_events / 64; word * 64 < set->n; word++) {
		while (e->due[word] != 0) {
			size_t i = word * 64 + (size_t)__builtin_ctzll(e->due[word]);
			e->due[word] &= e->due[word] - 1;
			if (!count_leg(e, set, i, windows, event, on_hit, arg))
				continue;
			e->fired[i] = e->leg;
			announce(e, &set->rules[i]);
		}
	}
}
