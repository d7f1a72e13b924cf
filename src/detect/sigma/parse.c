/* SPDX-License-Identifier: Apache-2.0
 *
 * YAML to rules. Keys that Sigma does not know are let through, as it asks;
 * under `centinela:` they are ours, and a wrong one is a fault. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"
#include "detect/sigma/match.h"

#define MAX_RULES_A_FILE 64
#define MAX_SELECTIONS	 128
#define MAX_TITLE	 256
#define MAX_TEXT	 65535

void sigma_fault_fill(const struct sigma_parse *s, const struct yaml *at, const char *format, ...)
{
	char why[400], shown[300];
	va_list args;
	va_start(args, format);
	vsnprintf(why, sizeof why, format, args);
	va_end(args);
	text_printable(shown, sizeof shown, why, strlen(why));
	fault_set(s->fault, FAULT_INPUT, "%s:%d:%d: %s", s->file->path, at->line, at->column,
	    shown);
}

const char *sigma_hint(const char *word, const char *const *words, size_t n, char *out,
    size_t capacity)
{
	const char *best = NULL;
	int least = 1 + (int)MIN(strlen(word), (size_t)12) / 3;
	for (size_t i = 0; i < n; i++) {
		int distance = text_distance(word, words[i]);
		if (distance < least) {
			least = distance;
			best = words[i];
		}
	}
	out[0] = '\0';
	if (best != NULL)
		snprintf(out, capacity, "; did you mean \"%s\"?", best);
	return out;
}

/* A field of another log source is in none of our records. */
static void read_nothing(const struct fact_view *view, struct fact_value *out)
{
	UNUSED(view);
	out->present = false;
}

bool sigma_fact(const struct sigma_parse *s, const struct yaml *at, const char *name,
    const struct fact **out)
{
	if (s->options->any_field) {
		struct fact *fact = arena_zalloc(&s->file->arena, sizeof *fact);
		*fact = (struct fact){ .name = arena_strdup(&s->file->arena, name), .kind = FACT_TEXT,
			.field = CDR_N_FIELDS, .read = read_nothing };
		*out = fact;
		return true;
	}
	*out = fact_named(name);
	if (*out != NULL)
		return true;
	const char *near = fact_nearest(name);
	return near == NULL ?
	    sigma_fault(s, at, "there is no field \"%s\"", name) :
	    sigma_fault(s, at, "there is no field \"%s\"; did you mean \"%s\"?", name, near);
}

struct expr *sigma_expr(const struct sigma_parse *s, enum expr_kind kind, size_t n_parts)
{
	struct expr *expr = arena_zalloc(&s->file->arena, sizeof *expr);
	expr->kind = kind;
	expr->n_parts = n_parts;
	if (n_parts > 0)
		expr->parts = arena_zalloc(&s->file->arena, n_parts * sizeof(void *));
	return expr;
}

/* -- detection -- */

static bool read_fields(const struct sigma_parse *s, const struct yaml *map, struct expr **out)
{
	if (map->n == 0)
		return sigma_fault(s, map, "an empty selection matches nothing; leave it out");
	*out = sigma_expr(s, EXPR_AND, map->n);
	for (size_t i = 0; i < map->n; i++) {
		if (!sigma_predicate(s, map->keys[i], map->values[i], &(*out)->parts[i]))
			return false;
	}
	return true;
}

static bool read_selection(const struct sigma_parse *s, const struct yaml *selection,
    struct expr **out)
{
	if (selection->kind == YAML_MAP)
		return read_fields(s, selection, out);
	if (selection->kind == YAML_LIST && selection->n == 0)
		return sigma_fault(s, selection, "an empty selection matches nothing; leave it out");
	size_t maps = 0;
	for (size_t i = 0; i < selection->n; i++)
		maps += selection->values[i]->kind == YAML_MAP;
	if (maps == 0)
		return sigma_keywords(s, selection, out);
	/* Maps, and perhaps words: any of them. */
	*out = sigma_expr(s, EXPR_OR, selection->n);
	for (size_t i = 0; i < selection->n; i++) {
		const struct yaml *item = selection->values[i];
		if (!(item->kind == YAML_MAP ? read_fields : sigma_keywords)(s, item, &(*out)->parts[i]))
			return false;
	}
	return true;
}

bool sigma_detection(const struct sigma_parse *s, const struct yaml *map, const char *but, struct expr **out)
{
	const char *names[MAX_SELECTIONS];
	struct expr *selections[MAX_SELECTIONS];
	const struct yaml *condition = NULL;
	size_t n = 0;
	if (map->kind != YAML_MAP)
		return sigma_fault(s, map, "selections must be a map");
	for (size_t i = 0; i < map->n; i++) {
		if (strcmp(map->keys[i]->scalar, "condition") == 0) {
			condition = map->values[i];
			continue;
		}
		if (but != NULL && strcmp(map->keys[i]->scalar, but) == 0)
			continue;
		if (strcmp(map->keys[i]->scalar, "timeframe") == 0 && map->values[i]->kind == YAML_SCALAR)
			continue; /* of the aggregations that correlations have replaced */
		if (n == MAX_SELECTIONS)
			return sigma_fault(s, map->keys[i], "more than %d selections", MAX_SELECTIONS);
		names[n] = map->keys[i]->scalar;
		if (!read_selection(s, map->values[i], &selections[n]))
			return false;
		n++;
	}
	if (condition == NULL || condition->kind == YAML_MAP)
		return sigma_fault(s, map, "the detection has no condition");
	if (condition->kind == YAML_SCALAR)
		return sigma_condition(s, condition, names, selections, n, out);
	/* A list of conditions: any of them. */
	*out = sigma_expr(s, EXPR_OR, condition->n);
	for (size_t i = 0; i < condition->n; i++) {
		if (condition->values[i]->kind != YAML_SCALAR)
			return sigma_fault(s, condition->values[i], "a condition is a line of text");
		if (!sigma_condition(s, condition->values[i], names, selections, n,
			&(*out)->parts[i]))
			return false;
	}
	return condition->n > 0 || sigma_fault(s, condition, "the detection has no condition");
}

/* -- metadata -- */

static bool read_text(const struct sigma_parse *s, const struct yaml *map, const char *key,
    size_t most, char **out)
{
	const struct yaml *value = yaml_get(map, key);
	if (value == NULL)
		return true;
	if (value->kind != YAML_SCALAR)
		return sigma_fault(s, value, "%s must be text", key);
	size_t n = strlen(value->scalar);
	if (n > most)
		return sigma_fault(s, value, "%s has %zu bytes; %zu is the most", key, n, most);
	/* Printed on terminals later: made printable once, here. Each byte may
	 * become the three of U+FFFD. */
	char *room = mem_alloc(n * 3 + 4);
	size_t length = text_printable(room, n * 3 + 4, value->scalar, n);
	while (length > 0 && room[length - 1] == ' ')
		length--;
	*out = arena_strndup(&s->file->arena, room, length);
	free(room);
	return true;
}

static bool read_strings(const struct sigma_parse *s, const struct yaml *map, const char *key,
    struct strings *out)
{
	const struct yaml *value = yaml_get(map, key);
	if (value == NULL || (value->kind == YAML_SCALAR && value->is_null))
		return true;
	size_t n = value->kind == YAML_LIST ? value->n : 1;
	if (value->kind == YAML_MAP || n > 100)
		return sigma_fault(s, value, "%s must be a list of at most 100 texts", key);
	out->items = arena_zalloc(&s->file->arena, (n + 1) * sizeof(char *));
	for (size_t i = 0; i < n; i++) {
		const struct yaml *item = value->kind == YAML_LIST ? value->values[i] : value;
		if (item->kind != YAML_SCALAR || strlen(item->scalar) > 2000)
			return sigma_fault(s, item, "%s must be a list of short texts", key);
		char room[6100];
		size_t length = text_printable(room, sizeof room, item->scalar, strlen(item->scalar));
		out->items[out->n++] = arena_strndup(&s->file->arena, room, length);
	}
	return true;
}

static bool read_level(const struct sigma_parse *s, const struct yaml *map, struct sigma_rule *rule)
{
	static const char *const levels[] = { "informational", "low", "medium", "high", "critical" };
	const struct yaml *value = yaml_get(map, "level");
	char hint[64];
	rule->level = SEVERITY_LOW;
	if (value == NULL)
		return true;
	if (value->kind == YAML_SCALAR) {
		if (strcmp(value->scalar, "informational") == 0 ||
		    severity_named(value->scalar, &rule->level))
			return true;
	}
	const char *word = value->kind == YAML_SCALAR ? value->scalar : "";
	return sigma_fault(s, value, "there is no level \"%s\"%s", word,
	    sigma_hint(word, levels, COUNT_OF(levels), hint, sizeof hint));
}

static bool read_subject(const struct sigma_parse *s, const struct yaml *value,
    struct sigma_rule *rule)
{
	static const char *const names[] = { "person", "number", "device", "trunk", "site",
		"service", "org" };
	const struct yaml *kind = value->kind == YAML_MAP ? yaml_get(value, "kind") : value;
	char hint[64];
	if (kind == NULL || kind->kind != YAML_SCALAR)
		return sigma_fault(s, value, "subject needs a kind (person, number, site …)");
	size_t i = 0;
	while (i < COUNT_OF(names) && strcmp(names[i], kind->scalar) != 0)
		i++;
	if (i == COUNT_OF(names))
		return sigma_fault(s, kind, "there is no subject \"%s\"%s", kind->scalar,
		    sigma_hint(kind->scalar, names, COUNT_OF(names), hint, sizeof hint));
	rule->subject_kind = (enum subject_kind)i;
	const struct yaml *id = yaml_get(value, "id"), *name = yaml_get(value, "name");
	return (id == NULL || id->kind != YAML_SCALAR || sigma_fact(s, id, id->scalar, &rule->subject_id)) &&
	    (name == NULL || name->kind != YAML_SCALAR ||
		sigma_fact(s, name, name->scalar, &rule->subject_name));
}

/* Every {…} of a sentence must be a fact or one of the judge's own words. */
static bool check_template(const struct sigma_parse *s, const struct yaml *at, const char *text)
{
	static const char *const own[] = { "count", "span", "window", "rule" };
	for (const char *p = text; (p = strchr(p, '{')) != NULL;) {
		char name[64];
		const char *end = strchr(++p, '}');
		size_t n = end == NULL ? 0 : (size_t)(end - p);
		if (n == 0 || n >= sizeof name)
			return sigma_fault(s, at, "\"{\" without a name and \"}\"");
		memcpy(name, p, n);
		name[n] = '\0';
		bool known = false;
		for (size_t i = 0; i < COUNT_OF(own); i++)
			known = known || strcmp(own[i], name) == 0;
		const struct fact *fact;
		if (!known && !sigma_fact(s, at, name, &fact))
			return false;
		p = end;
	}
	return true;
}

static bool read_both(const struct sigma_parse *s, const struct yaml *map, const char *key,
    char **en, char **es)
{
	const struct yaml *value = yaml_get(map, key);
	if (value == NULL)
		return true;
	if (value->kind != YAML_MAP)
		return sigma_fault(s, value, "%s has two languages: en and es", key);
	return read_text(s, value, "en", 400, en) && read_text(s, value, "es", 400, es) &&
	    (*en == NULL || check_template(s, value, *en)) &&
	    (*es == NULL || check_template(s, value, *es));
}

static bool read_centinela(const struct sigma_parse *s, const struct yaml *map,
    struct sigma_rule *rule)
{
	static const char *const keys[] = { "title_es", "description_es", "falsepositives_es", "points", "subject", "fact",
		"text", "expected", "playbook" };
	char hint[64];
	if (map->kind != YAML_MAP)
		return sigma_fault(s, map, "centinela must be a map");
	for (size_t i = 0; i < map->n; i++) {
		size_t k = 0;
		while (k < COUNT_OF(keys) && strcmp(keys[k], map->keys[i]->scalar) != 0)
			k++;
		if (k == COUNT_OF(keys))
			return sigma_fault(s, map->keys[i], "centinela has no \"%s\"%s",
			    map->keys[i]->scalar,
			    sigma_hint(map->keys[i]->scalar, keys, COUNT_OF(keys), hint, sizeof hint));
	}
	const struct yaml *points = yaml_get(map, "points"), *subject = yaml_get(map, "subject");
	const struct yaml *fact = yaml_get(map, "fact"), *playbook = yaml_get(map, "playbook");
	int64_t value = 0;
	if (fact != NULL && rule->correlation != NULL)
		return sigma_fault(s, fact, "fact is for rules of one record; a correlation explains itself by what it counts");
	if (points != NULL &&
	    (points->kind != YAML_SCALAR || !text_to_int(points->scalar, 1, 100, &value)))
		return sigma_fault(s, points, "points are 1 to 100");
	rule->points = (int)value;
	if (playbook != NULL && playbook->kind != YAML_MAP)
		return sigma_fault(s, playbook, "playbook has two languages: en and es");
	return read_text(s, map, "title_es", MAX_TITLE, &rule->title_es) &&
	    read_text(s, map, "description_es", MAX_TEXT, &rule->description_es) &&
	    read_strings(s, map, "falsepositives_es", &rule->falsepositives_es) &&
	    (subject == NULL || read_subject(s, subject, rule)) &&
	    (fact == NULL || fact->kind != YAML_SCALAR ||
		sigma_fact(s, fact, fact->scalar, &rule->reason_fact)) &&
	    read_both(s, map, "text", &rule->text_en, &rule->text_es) &&
	    read_both(s, map, "expected", &rule->expected_en, &rule->expected_es) &&
	    (playbook == NULL || (read_strings(s, playbook, "en", &rule->playbook_en) &&
				     read_strings(s, playbook, "es", &rule->playbook_es)));
}

uint64_t sigma_hash(const struct yaml *node, uint64_t seed)
{
	if (node == NULL)
		return seed;
	seed = hash_mix(seed ^ hash_text(node->kind == YAML_SCALAR ? node->scalar : "") ^
	    (uint64_t)node->kind);
	for (size_t i = 0; i < node->n; i++) {
		if (node->keys != NULL)
			seed = sigma_hash(node->keys[i], seed);
		seed = sigma_hash(node->values[i], seed);
	}
	return seed;
}

static bool read_rule(const struct sigma_parse *s, const struct yaml *doc)
{
	struct sigma_file *file = s->file;
	struct sigma_rule *rule = arena_zalloc(&file->arena, sizeof *rule);
	const struct yaml *detection = yaml_get(doc, "detection");
	const struct yaml *correlation = yaml_get(doc, "correlation");
	const struct yaml *ours = yaml_get(doc, "centinela"), *filter = yaml_get(doc, "filter");
	if (filter != NULL && detection == NULL && correlation == NULL)
		return sigma_filter_read(s, doc, filter);
	rule->file = file->path;
	rule->line = doc->line;
	if (!read_text(s, doc, "title", MAX_TITLE, &rule->title) ||
	    !read_text(s, doc, "id", 64, &rule->id) || !read_text(s, doc, "name", 128, &rule->name) ||
	    !read_text(s, doc, "status", 32, &rule->status) ||
	    !read_text(s, doc, "description", MAX_TEXT, &rule->description) ||
	    !read_strings(s, doc, "tags", &rule->tags) ||
	    !read_strings(s, doc, "falsepositives", &rule->falsepositives) ||
	    !read_strings(s, doc, "references", &rule->references) || !read_level(s, doc, rule))
		return false;
	if (rule->title == NULL || rule->title[0] == '\0')
		return sigma_fault(s, doc, "the rule has no title");
	if ((detection == NULL) == (correlation == NULL))
		return sigma_fault(s, doc, detection == NULL ? "the rule has neither detection nor correlation" :
							       "a rule has a detection or a correlation, not both");
	if (detection != NULL ? !sigma_detection(s, detection, NULL, &rule->condition) :
				!sigma_correlation(s, correlation, &rule->correlation))
		return false;
	if (ours != NULL && !read_centinela(s, ours, rule))
		return false;
	if (rule->id == NULL)
		rule->id = rule->name != NULL ? rule->name : rule->title;
	rule->definition = sigma_hash(detection, sigma_hash(correlation, hash_text(rule->id)));
	file->rules = mem_realloc(file->rules, (file->n_rules + 1) * sizeof(void *));
	file->rules[file->n_rules++] = rule;
	return true;
}

/* A document of tests says `tests:` and has no title; who runs them is
 * rules_check.c. A comment-only document is nothing. */
static bool is_rule(const struct yaml *doc)
{
	return doc->kind == YAML_MAP && (yaml_get(doc, "tests") == NULL || yaml_get(doc, "title") != NULL);
}

bool sigma_parse(const char *path, const char *bytes, size_t n, const struct sigma_options *options,
    struct sigma_file **out, struct fault *fault)
{
	static const struct sigma_options ours;
	struct sigma_file *file = mem_zalloc(sizeof *file);
	struct sigma_parse parse = { file, fault, options != NULL ? options : &ours };
	*out = NULL;
	arena_init(&file->arena);
	file->path = mem_strdup(path);
	bool ok = yaml_parse(path, bytes, n, &file->docs, &file->n_docs, fault);
	for (size_t i = 0; ok && i < file->n_docs; i++) {
		const struct yaml *doc = file->docs[i];
		if (doc->kind != YAML_MAP)
			ok = sigma_fault(&parse, doc, "a rule is a map that begins with title:");
		else if (file->n_rules + file->n_filters == MAX_RULES_A_FILE)
			ok = sigma_fault(&parse, doc, "more than %d rules in a file", MAX_RULES_A_FILE);
		else if (is_rule(doc))
			ok = read_rule(&parse, doc);
	}
	if (!ok) {
		sigma_file_free(file);
		return false;
	}
	*out = file;
	return true;
}

void sigma_file_free(struct sigma_file *file)
{
	if (file == NULL)
		return;
	for (size_t i = 0; i < file->n_predicates; i++)
		predicate_free(file->predicates[i]);
	free(file->predicates);
	free(file->rules);
	free(file->filters);
	yaml_free(file->docs, file->n_docs);
	arena_clear(&file->arena);
	free(file->path);
	free(file);
}
