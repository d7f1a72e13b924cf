/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "base/mem.h"
#include "detect/sigma/correlate.h"
#include "detect/sigma/predicate.h"

#define MAX_TIMESPAN (30 * DAY_MS)
#define MAX_BOUND    INT64_C(1000000000000)

static bool read_type(const struct sigma_parse *s, const struct yaml *map, struct correlation *c)
{
	const char *names[16];
	char hint[64];
	const struct yaml *type = yaml_get(map, "type");
	if (type == NULL || type->kind != YAML_SCALAR)
		return sigma_fault(s, map, "the correlation has no type");
	c->type = correlation_type_named(type->scalar);
	size_t n = correlation_type_names(names, COUNT_OF(names));
	return c->type != NULL ||
	    sigma_fault(s, type, "there is no correlation type \"%s\"%s", type->scalar,
		sigma_hint(type->scalar, names, n, hint, sizeof hint));
}

static bool read_refs(const struct sigma_parse *s, const struct yaml *map, struct correlation *c)
{
	const struct yaml *refs = yaml_get(map, "rules");
	size_t n = refs == NULL ? 0 : refs->kind == YAML_LIST ? refs->n : 1;
	if (n == 0 || n > SIGMA_MAX_REFS || refs->kind == YAML_MAP)
		return sigma_fault(s, refs == NULL ? map : refs,
		    "rules: names 1 to %d rules by id or name", SIGMA_MAX_REFS);
	c->refs.items = arena_zalloc(&s->file->arena, n * sizeof(char *));
	for (size_t i = 0; i < n; i++) {
		const struct yaml *ref = refs->kind == YAML_LIST ? refs->values[i] : refs;
		if (ref->kind != YAML_SCALAR || ref->scalar[0] == '\0')
			return sigma_fault(s, ref, "a rule's id or name was expected");
		c->refs.items[i] = arena_strdup(&s->file->arena, ref->scalar);
		c->ref_line[i] = ref->line;
		c->ref_column[i] = ref->column;
		c->refs.n++;
	}
	return true;
}

/* aliases: { alias: { rule name: field } } */
static bool read_alias(const struct sigma_parse *s, const struct yaml *alias,
    struct correlation *c, size_t group)
{
	char hint[64];
	if (alias->kind != YAML_MAP)
		return sigma_fault(s, alias, "an alias is a map of rule to field");
	for (size_t i = 0; i < alias->n; i++) {
		size_t ref = 0;
		while (ref < c->refs.n && strcmp(c->refs.items[ref], alias->keys[i]->scalar) != 0)
			ref++;
		if (ref == c->refs.n)
			return sigma_fault(s, alias->keys[i], "rules: does not name \"%s\"%s",
			    alias->keys[i]->scalar,
			    sigma_hint(alias->keys[i]->scalar, (const char *const *)c->refs.items,
				c->refs.n, hint, sizeof hint));
		if (alias->values[i]->kind != YAML_SCALAR)
			return sigma_fault(s, alias->values[i], "a field was expected");
		if (!sigma_fact(s, alias->values[i], alias->values[i]->scalar, &c->group_by[group][ref]))
			return false;
	}
	for (size_t ref = 0; ref < c->refs.n; ref++) {
		if (c->group_by[group][ref] == NULL)
			return sigma_fault(s, alias, "the alias says nothing of rule \"%s\"",
			    c->refs.items[ref]);
	}
	return true;
}

static bool read_groups(const struct sigma_parse *s, const struct yaml *map, struct correlation *c)
{
	const struct yaml *by = yaml_get(map, "group-by"), *aliases = yaml_get(map, "aliases");
	size_t n = by == NULL ? 0 : by->kind == YAML_LIST ? by->n : 1;
	if (by == NULL)
		return true; /* one group for all */
	if (by->kind == YAML_MAP || n > SIGMA_MAX_GROUP)
		return sigma_fault(s, by, "group-by names at most %d fields", SIGMA_MAX_GROUP);
	for (size_t i = 0; i < n; i++, c->n_group++) {
		const struct yaml *field = by->kind == YAML_LIST ? by->values[i] : by;
		if (field->kind != YAML_SCALAR)
			return sigma_fault(s, field, "a field was expected");
		const struct yaml *alias = yaml_get(aliases, field->scalar);
		if (alias != NULL) {
			if (!read_alias(s, alias, c, i))
				return false;
			continue;
		}
		const struct fact *fact;
		if (!sigma_fact(s, field, field->scalar, &fact))
			return false;
		for (size_t ref = 0; ref < c->refs.n; ref++)
			c->group_by[i][ref] = fact;
	}
	return true;
}

static bool read_bound(const struct sigma_parse *s, const struct yaml *key,
    const struct yaml *value, struct correlation *c)
{
	static const char *const names[] = { "gt", "gte", "lt", "lte", "eq", "neq", "field", "percentile" };
	struct bounds *b = &c->bounds;
	const char *word = key->scalar;
	char hint[64];
	int64_t n = 0, micro;
	if (value->kind != YAML_SCALAR)
		return sigma_fault(s, value, "a number was expected");
	if (strcmp(word, "field") == 0)
		return sigma_fact(s, value, value->scalar, &c->field);
	if (strcmp(word, "percentile") == 0) {
		if (!text_to_int(value->scalar, 1, 99, &n))
			return sigma_fault(s, value, "a percentile is 1 to 99, not \"%s\"", value->scalar);
		c->percentile = (int)n;
		return true;
	}
	bool known = false;
	for (size_t i = 0; i < COUNT_OF(names); i++)
		known = known || strcmp(names[i], word) == 0;
	if (!known)
		return sigma_fault(s, key, "there is no condition \"%s\"%s", word,
		    sigma_hint(word, names, COUNT_OF(names), hint, sizeof hint));
	/* A sum of durations or of money is bounded in its own unit: 60m, 50. */
	const struct fact *field = c->field;
	bool ok = text_to_int(value->scalar, 0, MAX_BOUND, &n);
	if (c->type->numeric_field && field != NULL && field->kind == FACT_DURATION) {
		ok = text_to_duration_ms(value->scalar, &n);
		n /= SECOND_MS;
	} else if (ok && c->type->numeric_field && field != NULL && field->kind == FACT_MONEY) {
		micro = n * 1000000;
		n = micro;
	}
	bool may_be_broken = c->type->numeric_field && field != NULL && (field->kind == FACT_MONEY || s->options->any_field);
	if (!ok && may_be_broken && decimal_micros(value->scalar, strlen(value->scalar), &micro) && micro >= 0) {
		n = field->kind == FACT_MONEY ? micro : micro / 1000000;
		ok = true;
	}
	if (!ok)
		return sigma_fault(s, value, "\"%s\" is not a whole number", value->scalar);
	if (strcmp(word, "neq") == 0) {
		b->has_not = true;
		b->not_equal = n;
	}
	if (word[0] == 'g' || word[0] == 'e') {
		int64_t low = strcmp(word, "gt") == 0 ? n + 1 : n;
		bool open = strcmp(word, "gt") == 0;
		b->low_open = !b->has_low || low > b->low ? open : low == b->low ? b->low_open && open : b->low_open;
		b->low = b->has_low ? MAX(b->low, low) : low;
		b->has_low = true;
	}
	if (word[0] == 'l' || word[0] == 'e') {
		int64_t high = strcmp(word, "lt") == 0 ? n - 1 : n;
		bool open = strcmp(word, "lt") == 0;
		b->high_open = !b->has_high || high < b->high ? open : high == b->high ? b->high_open && open : b->high_open;
		b->high = b->has_high ? MIN(b->high, high) : high;
		b->has_high = true;
	}
	return true;
}

static bool read_bounds(const struct sigma_parse *s, const struct yaml *map, struct correlation *c)
{
	const struct yaml *condition = yaml_get(map, "condition"), *field = yaml_get(map, "field");
	if (field == NULL)
		field = yaml_get(condition, "field");
	if (field != NULL && (field->kind != YAML_SCALAR || !sigma_fact(s, field, field->scalar, &c->field)))
		return field->kind == YAML_SCALAR ? false : sigma_fault(s, field, "one field was expected");
	if (c->type->needs_field && c->field == NULL)
		return sigma_fault(s, condition == NULL ? map : condition, "%s needs a field", c->type->name);
	c->percentile = 50;
	if (c->type->numeric_field && !s->options->any_field &&
	    (c->field->kind == FACT_TEXT || c->field->kind == FACT_ENUM || c->field->kind == FACT_TIME))
		return sigma_fault(s, field, "%s is no number to add up", c->field->name);
	if (condition == NULL && !c->type->needs_condition) {
		c->bounds = (struct bounds){ .has_low = true, .low = (int64_t)c->refs.n };
		return true;
	}
	if (condition == NULL || condition->kind != YAML_MAP)
		return sigma_fault(s, map, "the correlation has no condition (gte: 5)");
	for (size_t i = 0; i < condition->n; i++) {
		if (!read_bound(s, condition->keys[i], condition->values[i], c))
			return false;
	}
	const struct bounds *b = &c->bounds;
	if (!b->has_low && !b->has_high && !b->has_not)
		return sigma_fault(s, condition, "the condition has no bound (gte: 5)");
	/* Between two neighbours an average may lie. */
	bool between = c->type->numeric_field && b->low_open && b->high_open && b->low == b->high + 1;
	if (b->has_low && b->has_high && b->low > b->high && !between)
		return sigma_fault(s, condition, "no count is at least %lld and at most %lld",
		    (long long)b->low, (long long)b->high);
	if (!c->type->numeric_field && b->has_low && b->low > 2000)
		return sigma_fault(s, condition, "a window keeps 2000 events; %lld is never reached",
		    (long long)b->low);
	return true;
}

bool sigma_correlation(const struct sigma_parse *s, const struct yaml *map,
    struct correlation **out)
{
	struct correlation *c = arena_zalloc(&s->file->arena, sizeof *c);
	if (map->kind != YAML_MAP)
		return sigma_fault(s, map, "correlation must be a map");
	if (!read_type(s, map, c) || !read_refs(s, map, c) || !read_groups(s, map, c) ||
	    !read_bounds(s, map, c))
		return false;
	const struct yaml *span = yaml_get(map, "timespan");
	if (span == NULL || span->kind != YAML_SCALAR ||
	    !text_to_duration_ms(span->scalar, &c->timespan_ms) || c->timespan_ms < SECOND_MS ||
	    c->timespan_ms > MAX_TIMESPAN)
		return sigma_fault(s, span == NULL ? map : span, "timespan is 1s to 30d (\"10m\")");
	c->generate = strcmp(yaml_str(map, "generate", "false"), "true") == 0;
	*out = c;
	return true;
}
