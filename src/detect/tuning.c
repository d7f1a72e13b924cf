/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/tuning.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/iso_time.h"
#include "base/mem.h"
#include "base/yaml.h"
#include "detect/rule_folder.h"
#include "detect/sigma/rule.h"

#define MAX_BASES 32 /* rules of one record under a correlation */
#define MAX_CHAIN 8
#define MOST_COUNTED 1999 /* a bound above it is refused: correlate_parse.c */

enum { USER, NAME, FAR, FAR_COUNTRY, TRUNK, SITE, SITE_COUNTRY };
static const char *const names[TUNING_FACTS] = { [USER] = "user.uuid", [NAME] = "user.name", [FAR] = "far.number",
	[FAR_COUNTRY] = "far.country", [TRUNK] = "call.trunk", [SITE] = "site.name", [SITE_COUNTRY] = "site.country" };

void tuning_see(struct tuning_common *common, const struct fact_view *view)
{
	for (size_t i = 0; i < TUNING_FACTS; i++) {
		struct fact_value value = { 0 };
		char *has = common->value[i], now[sizeof common->value[i]] = "";
		fact_read(fact_named(names[i]), view, &value);
		/* What is cut or hidden here would be another value in a rule. */
		if (value.present && value.text.n < sizeof now) {
			text_printable(now, sizeof now, value.text.p, value.text.n);
			if (strlen(now) != value.text.n || memcmp(now, value.text.p, value.text.n) != 0)
				now[0] = '\0';
		}
		if (common->n_legs == 0)
			memcpy(has, now, sizeof now);
		else if (strcmp(has, now) != 0)
			has[0] = '\0';
	}
	common->n_legs++;
}

/* ---- an exception ------------------------------------------------------------------- */

/* Exceptions that a person would understand, from the narrowest. */
static const struct shape {
	int n, facts[2];
	const char *en, *es; /* %s: their values */
} shapes[] = {
	{ 2, { USER, FAR }, "%s with %s", "%s con %s" },
	{ 2, { USER, FAR_COUNTRY }, "%s with any number of %s", "%s con cualquier número de %s" },
	{ 2, { TRUNK, FAR_COUNTRY }, "trunk %s with any number of %s", "el troncal %s con cualquier número de %s" },
	{ 1, { FAR, 0 }, "anybody with %s", "cualquiera con %s" },
	{ 1, { USER, 0 }, "%s, whatever the number", "%s, con cualquier número" },
};

/* In single quotes, and none of Sigma's wildcards. */
static const char *quoted(struct arena *arena, const char *value, bool is_pattern)
{
	struct text out = { 0 };
	text_puts(&out, "'");
	for (const char *p = value; *p != '\0'; p++) {
		if (is_pattern && strchr("*?\\", *p) != NULL)
			text_puts(&out, "\\");
		text_printf(&out, *p == '\'' ? "''" : "%c", *p);
	}
	text_puts(&out, "'");
	const char *kept = arena_strdup(arena, text_string(&out));
	text_clear(&out);
	return kept;
}

static const struct sigma_rule *rule_called(const struct judge *judge, const char *ref)
{
	for (size_t i = 0; i < judge_n_rules(judge); i++) {
		const struct sigma_rule *rule = judge_rule_at(judge, i);
		if (strcmp(rule->id, ref) == 0 || (rule->name != NULL && strcmp(rule->name, ref) == 0))
			return rule;
	}
	return NULL;
}

/* Filters are for rules of one record: those that are counted in the end. */
static void find_bases(const struct judge *judge, const struct sigma_rule *rule, int depth, const char **ids, size_t *n)
{
	if (rule == NULL || depth > MAX_CHAIN)
		return;
	for (size_t i = 0; rule->correlation == NULL && i < *n; i++) {
		if (strcmp(ids[i], rule->id) == 0)
			return;
	}
	if (rule->correlation == NULL && *n < MAX_BASES)
		ids[(*n)++] = rule->id;
	for (size_t i = 0; rule->correlation != NULL && i < rule->correlation->refs.n; i++)
		find_bases(judge, rule_called(judge, rule->correlation->refs.items[i]), depth + 1, ids, n);
}

static bool fits(const struct shape *shape, const struct tuning_common *c)
{
	for (int i = 0; i < shape->n; i++) {
		if (c->value[shape->facts[i]][0] == '\0')
			return false;
	}
	/* All calls of a person within the own country are no narrow exception. */
	return shape->facts[shape->n - 1] != FAR_COUNTRY || strcmp(c->value[FAR_COUNTRY], c->value[SITE_COUNTRY]) != 0;
}

static const char *shown(const struct tuning_common *c, int fact)
{
	return c->value[fact == USER && c->value[NAME][0] != '\0' ? NAME : fact];
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral" /* of the table above */
static const char *sentence(struct arena *arena, const char *form, const struct tuning_common *c, const struct shape *shape)
{
	return shape->n == 2 ? arena_printf(arena, form, shown(c, shape->facts[0]), shown(c, shape->facts[1])) :
			       arena_printf(arena, form, shown(c, shape->facts[0]));
}
#pragma GCC diagnostic pop

static void head(struct text *out, const struct tuning_case *about)
{
	char day[ISO_TIME_BYTES];
	text_printf(out, "# Proposed after alert %" PRId64 ". To take it back, remove this file.\n", about->alert_id);
	iso_time_format(about->now_ms, day);
	text_printf(out, "# Accepted %.10s by %s.\n", day, about->who);
}

static void propose_exception(const struct judge *judge, const struct tuning_case *about, const struct tuning_common *c,
    const struct shape *shape, const struct sigma_rule *rule, struct arena *arena, struct tuning_proposal *out)
{
	const char *ids[MAX_BASES];
	size_t n = 0;
	struct text yaml = { 0 }, body = { 0 };
	const char *en = sentence(arena, shape->en, c, shape), *es = sentence(arena, shape->es, c, shape);
	find_bases(judge, rule, 0, ids, &n);
	text_puts(&body, "filter:\n    rules:\n");
	for (size_t i = 0; i < n; i++)
		text_printf(&body, "        - %s\n", quoted(arena, ids[i], false));
	text_puts(&body, "    selection:\n");
	for (int i = 0; i < shape->n; i++)
		text_printf(&body, "        %s: %s\n", names[shape->facts[i]], quoted(arena, c->value[shape->facts[i]], true));
	text_puts(&body, "    condition: selection\n");
	head(&yaml, about);
	text_printf(&yaml, "title: %s\n", quoted(arena, arena_printf(arena, "Exception from \"%s\": %s", rule->title, en), false));
	text_puts(&yaml, "logsource:\n    product: webex_calling\n    category: cdr\n");
	text_puts(&yaml, text_string(&body));
	text_printf(&yaml, "centinela:\n    title_es: %s\n",
	    quoted(arena, arena_printf(arena, "Excepción de «%s»: %s", rule->title_es != NULL ? rule->title_es : rule->title, es), false));
	*out = (struct tuning_proposal){ .kind = TUNING_EXCEPTION,
		.name = arena_printf(arena, "exception-%016" PRIx64 ".yml", hash_text(text_string(&body))),
		.yaml = arena_strdup(arena, text_string(&yaml)),
		.text_en = arena_printf(arena, "Exception: %s", en), .text_es = arena_printf(arena, "Excepción: %s", es) };
	text_clear(&body);
	text_clear(&yaml);
}

/* ---- a threshold --------------------------------------------------------------------- */

static const char *line_at(const char *bytes, int line)
{
	for (; line > 1 && bytes != NULL; line--) {
		bytes = strchr(bytes, '\n');
		bytes += bytes != NULL;
	}
	return bytes;
}

static const struct yaml *bound_of(const struct yaml *doc, bool *open)
{
	const struct yaml *correlation = yaml_get(doc, "correlation"), *condition = NULL, *bound = NULL;
	if (correlation != NULL && correlation->kind == YAML_MAP)
		condition = yaml_get(correlation, "condition");
	if (condition != NULL && condition->kind == YAML_MAP) {
		*open = yaml_get(condition, "gte") == NULL;
		bound = yaml_get(condition, *open ? "gt" : "gte");
	}
	/* 20m or 1.5: not ours to count up. */
	bool counts = bound != NULL && bound->kind == YAML_SCALAR && bound->scalar[0] != '\0' &&
	    strspn(bound->scalar, "0123456789") == strlen(bound->scalar);
	return counts ? bound : NULL;
}

/* The document of the rule as it stands in its file, with another number. */
static bool rewrite(const char *bytes, struct yaml **docs, size_t n_docs, const struct sigma_rule *rule, int64_t measure, struct text *out)
{
	for (size_t i = 0; i < n_docs; i++) {
		bool open = false;
		const char *id = yaml_str(docs[i], "id", yaml_str(docs[i], "name", yaml_str(docs[i], "title", "")));
		const struct yaml *bound = strcmp(id, rule->id) == 0 ? bound_of(docs[i], &open) : NULL;
		const char *from = bound == NULL ? NULL : line_at(bytes, docs[i]->line), *at = bound == NULL ? NULL : line_at(bytes, bound->line);
		if (from == NULL || at == NULL)
			continue;
		/* Columns are characters; before a number of a condition stand letters of ASCII. */
		size_t n = strlen(bound->scalar), column = (size_t)bound->column - 1;
		if (at < from || strcspn(at, "\n") < column + n || memcmp(at + column, bound->scalar, n) != 0)
			continue;
		const char *end = strstr(at, "\n---");
		size_t rest = end == NULL ? strlen(at + column + n) : (size_t)(end + 1 - (at + column + n));
		text_printf(out, "%.*s%" PRId64 "%.*s", (int)(at + column - from), from, measure + !open, (int)rest, at + column + n);
		return true;
	}
	return false;
}

/* By the rule's id; what of it cannot stand in a name is told by a number. */
static const char *threshold_file(const struct sigma_rule *rule, struct arena *arena)
{
	bool plain = strlen(rule->id) <= 80 &&
	    strspn(rule->id, "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_") == strlen(rule->id);
	return plain ? arena_printf(arena, "threshold-%s.yml", rule->id) :
		       arena_printf(arena, "threshold-of-%016" PRIx64 ".yml", hash_text(rule->id));
}

static bool propose_threshold(const struct judge *judge, const struct tuning_case *about, const struct sigma_rule *rule, struct arena *arena,
    struct tuning_proposal *out)
{
	const struct correlation *c = rule->correlation;
	struct fault ignored;
	struct yaml **docs;
	char *bytes;
	const char *name = threshold_file(rule, arena);
	size_t n, n_docs;
	bool ok = false;
	/* Beside a rule of one's own another of its id would stand in its way: there
	 * the number is for its author to change. */
	if (judge_rule_is_own(judge, rule) && !text_ends_with(rule->file, name))
		return false;
	/* Money is summed up in other units than it is written; and a window keeps so
	 * many events and no more. */
	bool plain = c != NULL && c->bounds.has_low && !c->bounds.has_high && (c->field == NULL || c->field->kind != FACT_MONEY);
	if (!plain || about->measure < c->bounds.low || about->measure >= MOST_COUNTED || !rule_file_bytes(rule->file, &bytes, &n, &ignored))
		return false;
	bytes = mem_realloc(bytes, n + 1);
	bytes[n] = '\0';
	struct text yaml = { 0 };
	head(&yaml, about);
	if (strlen(bytes) == n && yaml_parse(rule->file, bytes, n, &docs, &n_docs, &ignored)) {
		ok = rewrite(bytes, docs, n_docs, rule, about->measure, &yaml);
		yaml_free(docs, n_docs);
	}
	if (ok) {
		*out = (struct tuning_proposal){ .kind = TUNING_THRESHOLD, .name = name, .yaml = arena_strdup(arena, text_string(&yaml)), .text_en = arena_printf(arena, "Threshold: %" PRId64 " instead of %" PRId64 " (this alert counted %" PRId64 ")", about->measure + 1, c->bounds.low, about->measure), .text_es = arena_printf(arena, "Umbral: %" PRId64 " en vez de %" PRId64 " (esta alerta contó %" PRId64 ")", about->measure + 1, c->bounds.low, about->measure) };
	}
	text_clear(&yaml);
	free(bytes);
	return ok;
}

size_t tuning_propose(const struct judge *judge, const struct tuning_case *about, const struct tuning_common *common,
    struct arena *arena, struct tuning_proposal *out)
{
	const struct sigma_rule *rule = judge_rule(judge, about->rule);
	size_t n = 0;
	if (rule == NULL)
		return 0;
	for (size_t i = 0; common->n_legs > 0 && i < COUNT_OF(shapes) && n < TUNING_MAX - 1; i++) {
		if (fits(&shapes[i], common))
			propose_exception(judge, about, common, &shapes[i], rule, arena, &out[n++]);
	}
	n += propose_threshold(judge, about, rule, arena, &out[n]);
	return n;
}
