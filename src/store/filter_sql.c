/* SPDX-License-Identifier: Apache-2.0 */
#include "store/filter_sql.h"

#include <stdlib.h>
#include <string.h>

#include "base/fold.h"
#include "base/mem.h"

struct compiler {
	const struct filter *filter;
	const struct filter_words *words;
	struct filter_sql *out;
	int parameter;
};

static int bind(struct compiler *c, bool is_text, int64_t number, const char *text)
{
	struct filter_sql *out = c->out;
	out->values = mem_grow(out->values, out->n_values, &out->capacity, sizeof *out->values);
	out->values[out->n_values++] = (struct filter_value){ is_text, number, is_text ? mem_strdup(text) : NULL };
	return c->parameter++;
}

#define FITS " LIKE $%d ESCAPE '\\'"

/* One field against the pattern that is bound as $n. NULL is the empty text. */
static void text_condition(struct compiler *c, const struct filter_field *field, int n, const char *pattern)
{
	struct text *sql = &c->out->sql;
	bool absent = text_like(pattern, "");
	if (field->form == COLUMN_PLAIN) {
		text_printf(sql, "fold(coalesce(%s, ''))" FITS, field->column, n);
		if (field->other != NULL)
			text_printf(sql, " OR fold(coalesce(%s, ''))" FITS, field->other, n);
		return;
	}
	if (field->form == COLUMN_RULE) {
		text_printf(sql, "fold(%s)" FITS " OR fold(coalesce(title_en, ''))" FITS " OR fold(coalesce(title_es, ''))" FITS, field->column, n, n, n);
		return;
	}
	if (field->form == COLUMN_TAGS) {
		text_printf(sql, "(' ' || fold(%s) || ' ') LIKE ('%% ' || $%d || ' %%') ESCAPE '\\'", field->column, n);
		return;
	}
	if (field->form == COLUMN_TEAM) {
		/* Who is not among the people has the empty one. */
		text_printf(sql, absent ? "%s IS NULL OR %s NOT IN (SELECT w.id FROM people p JOIN words w ON w.text = p.uuid WHERE NOT (fold(p.team)" FITS "))" :
					  "%s IS NOT NULL AND %s IN (SELECT w.id FROM people p JOIN words w ON w.text = p.uuid WHERE (fold(p.team)" FITS "))",
		    field->column, field->column, n);
		return;
	}
	if (field->form == COLUMN_TEAM_OF) {
		text_printf(sql, absent ? "%s NOT IN (SELECT p.uuid FROM people p WHERE NOT (fold(p.team)" FITS "))" :
					  "%s IN (SELECT p.uuid FROM people p WHERE (fold(p.team)" FITS "))", field->column, n);
		return;
	}
	const char *ids = filter_words_ids(c->words, field->form == COLUMN_SITE, pattern);
	if (ids != NULL) {
		text_printf(sql, absent ? "%s IS NULL" : "%s IS NOT NULL", field->column);
		if (*ids == '\0')
			text_puts(sql, absent ? "" : " AND 1=0");
		else
			text_printf(sql, absent ? " OR %s IN (%s)" : " AND %s IN (%s)", field->column, ids);
		return;
	}
	/* NULL IN (nothing at all) is false, and IN (something) is NULL. */
	text_printf(sql, "%s IS %s (%s IN (SELECT id FROM words WHERE fold(text)" FITS, field->column,
	    absent ? "NULL OR" : "NOT NULL AND", field->column, n);
	if (field->form == COLUMN_SITE) /* by any name its site has had */
		text_printf(sql, " UNION SELECT o.name_id FROM site_names o JOIN site_names n ON n.uuid = o.uuid"
		    " JOIN words w ON w.id = n.name_id WHERE fold(w.text)" FITS, n);
	text_puts(sql, "))");
}

static void range_condition(struct compiler *c, const struct filter_node *node)
{
	struct text *sql = &c->out->sql;
	const struct filter_field *field = node->field;
	if (field->kind == FIELD_FLAG) {
		/* Both ends are 0, or both 1. */
		text_printf(sql, "(%s & %lld) %s 0", field->column, (long long)field->bit, node->low == 1 ? "<>" : "=");
		return;
	}
	if (node->low == node->high) {
		text_printf(sql, "%s = $%d", field->column, bind(c, false, node->low, NULL));
		return;
	}
	if (node->low != INT64_MIN)
		text_printf(sql, "%s >= $%d", field->column, bind(c, false, node->low, NULL));
	if (node->low != INT64_MIN && node->high != INT64_MAX)
		text_puts(sql, " AND ");
	if (node->high != INT64_MAX)
		text_printf(sql, "%s <= $%d", field->column, bind(c, false, node->high, NULL));
}

static void condition(struct compiler *c, size_t at)
{
	const struct filter_node *node = &c->filter->nodes[at];
	struct text *sql = &c->out->sql;
	text_putc(sql, '(');
	switch (node->kind) {
	case NODE_AND:
	case NODE_OR:
		condition(c, node->left);
		text_puts(sql, node->kind == NODE_AND ? " AND " : " OR ");
		condition(c, node->right);
		break;
	case NODE_NOT:
		text_puts(sql, "NOT ");
		condition(c, node->left);
		break;
	case NODE_TEXT:
		text_condition(c, node->field, bind(c, true, 0, node->pattern), node->pattern);
		break;
	case NODE_RANGE:
		range_condition(c, node);
		break;
	case NODE_SEARCH: {
		int n = bind(c, true, 0, node->pattern);
		const struct filter_field *field;
		for (size_t i = 0; (field = filter_field_searched(c->filter->of, i)) != NULL; i++) {
			text_puts(sql, i > 0 ? " OR " : "");
			text_condition(c, field, n, node->pattern);
		}
		break;
	}
	}
	text_putc(sql, ')');
}

void filter_sql_make(const struct filter *filter, int first_parameter, const struct filter_words *words, struct filter_sql *out)
{
	struct compiler c = { filter, words, out, first_parameter };
	*out = (struct filter_sql){ 0 };
	assert(filter->of == FILTER_CALLS || filter->of == FILTER_ALERTS);
	if (filter->n_nodes == 0)
		text_puts(&out->sql, "1=1");
	else
		condition(&c, filter->root);
}

bool filter_sql_read(enum filter_of of, const char *source, int first_parameter, int64_t now_ms,
    struct filter_sql *out, struct fault *fault)
{
	struct filter filter;
	*out = (struct filter_sql){ 0 };
	if (!filter_parse(of, source, strlen(source), now_ms, NULL, &filter, NULL, fault, NULL))
		return false;
	filter_sql_make(&filter, first_parameter, NULL, out);
	filter_clear(&filter);
	return true;
}

void filter_sql_clear(struct filter_sql *filter)
{
	for (size_t i = 0; i < filter->n_values; i++)
		free(filter->values[i].text);
	free(filter->values);
	text_clear(&filter->sql);
	*filter = (struct filter_sql){ 0 };
}
