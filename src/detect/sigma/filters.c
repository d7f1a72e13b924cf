/* SPDX-License-Identifier: Apache-2.0
 *
 * Filters: one tuning for many rules, apart from them. The specification's
 * example says what is to be left out (`condition: selection`), the tools that
 * read it join the condition to the rule (`condition: not selection`). Both are
 * meant alike: what the selections describe raises no alert. */
#include <stdio.h>
#include <string.h>

#include "base/hash.h"
#include "base/iso_time.h"
#include "base/mem.h"
#include "detect/sigma/rule.h"

#define MAX_REFS 1000

static bool read_refs(const struct sigma_parse *s, const struct yaml *map, struct sigma_filter *filter)
{
	const struct yaml *rules = yaml_get(map, "rules");
	size_t n = rules == NULL ? 0 : rules->kind == YAML_LIST ? rules->n : 1;
	if (n == 0 || n > MAX_REFS || rules->kind == YAML_MAP)
		return sigma_fault(s, rules == NULL ? map : rules, "rules: names 1 to %d rules by id or name, or any", MAX_REFS);
	filter->any = rules->kind == YAML_SCALAR && strcmp(rules->scalar, "any") == 0;
	if (filter->any)
		return true;
	filter->refs.items = arena_zalloc(&s->file->arena, n * sizeof(char *));
	filter->ref_at = arena_zalloc(&s->file->arena, n * sizeof(void *));
	for (size_t i = 0; i < n; i++) {
		const struct yaml *ref = rules->kind == YAML_LIST ? rules->values[i] : rules;
		if (ref->kind != YAML_SCALAR || ref->scalar[0] == '\0')
			return sigma_fault(s, ref, "a rule's id or name was expected");
		filter->ref_at[i] = ref;
		filter->refs.items[filter->refs.n++] = arena_strdup(&s->file->arena, ref->scalar);
	}
	return true;
}

/* Not of the specification: an exception that ends by itself. */
static bool read_expiry(const struct sigma_parse *s, const struct yaml *doc, struct sigma_filter *filter)
{
	const struct yaml *expires = yaml_get(doc, "expires");
	filter->until_ms = INT64_MAX;
	if (expires == NULL)
		return true;
	char moment[40];
	bool is_day = expires->kind == YAML_SCALAR && strlen(expires->scalar) == strlen("2026-12-31");
	snprintf(moment, sizeof moment, "%s%s", expires->kind == YAML_SCALAR ? expires->scalar : "", is_day ? "T00:00:00Z" : "");
	return iso_time_parse(moment, strlen(moment), &filter->until_ms) || sigma_fault(s, expires, "expires is a day or a time (2026-12-31)");
}

/* `not a`, `not a and not b`: it says what to keep. */
static bool only_denies(const struct expr *e)
{
	if (e->kind != EXPR_AND && e->kind != EXPR_OR)
		return e->kind == EXPR_NOT;
	for (size_t i = 0; i < e->n_parts; i++) {
		if (!only_denies(e->parts[i]))
			return false;
	}
	return true;
}

bool sigma_filter_read(const struct sigma_parse *s, const struct yaml *doc, const struct yaml *map)
{
	struct sigma_file *file = s->file;
	struct sigma_filter *filter = arena_zalloc(&file->arena, sizeof *filter);
	struct expr *says;
	if (map->kind != YAML_MAP)
		return sigma_fault(s, map, "filter must be a map");
	filter->title = arena_strdup(&file->arena, yaml_str(doc, "title", ""));
	if (*filter->title == '\0')
		return sigma_fault(s, doc, "the filter has no title");
	const struct yaml *ours = yaml_get(doc, "centinela");
	bool says_it = ours != NULL && ours->kind == YAML_MAP;
	filter->title_es = says_it ? arena_strdup(&file->arena, yaml_str(ours, "title_es", filter->title)) : filter->title;
	if (!read_expiry(s, doc, filter) || !read_refs(s, map, filter) || !sigma_detection(s, map, "rules", &says))
		return false;
	filter->leaves_out = says;
	if (only_denies(says)) {
		filter->leaves_out = sigma_expr(s, EXPR_NOT, 1);
		filter->leaves_out->parts[0] = says;
	}
	const char *slash = strrchr(file->path, '/'), *name = slash != NULL ? slash + 1 : file->path;
	filter->key = (uint32_t)(hash_mix(hash_text(name) ^ hash_mix(hash_text(filter->title))) >> 33) | 1;
	filter->definition = hash_mix(sigma_hash(map, 0) ^ (uint64_t)filter->until_ms);
	file->filters = mem_realloc(file->filters, (file->n_filters + 1) * sizeof(void *));
	file->filters[file->n_filters++] = filter;
	return true;
}
