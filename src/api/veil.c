/* SPDX-License-Identifier: Apache-2.0
 *
 * Where numbers are masked, what is asked may not unmask them: a filter on their digits
 * tells one digit after the other. Pure. */
#include <string.h>

#include "api/parts.h"
#include "filter/filter.h"

/* Fields in which a number may stand, of whichever kind of row. */
static const char *const numbered[] = { "dst.number", "number", "user.number", "far.name", "title", "why", "subject.id", "subject.name" };

static bool has_digit(const char *pattern)
{
	return pattern != NULL && strpbrk(pattern, "0123456789") != NULL;
}

/* All of an id or a name, with a letter in it: no number is that. */
static bool is_a_name(const struct filter_node *node)
{
	bool whole = strcmp(node->field->name, "subject.id") == 0 || strcmp(node->field->name, "subject.name") == 0;
	return whole && strchr(node->pattern, '*') == NULL && strpbrk(node->pattern, "abcdefghijklmnopqrstuvwxyz") != NULL;
}

static bool asks_digits(const struct filter_node *node)
{
	if ((node->kind != NODE_TEXT && node->kind != NODE_SEARCH) || !has_digit(node->pattern))
		return false;
	if (node->kind == NODE_SEARCH)
		return true;
	for (size_t i = 0; i < COUNT_OF(numbered); i++)
		if (strcmp(node->field->name, numbered[i]) == 0)
			return !is_a_name(node);
	return false;
}

/* Of which kind of rows a route's filter is, its own function knows: of any that understands it. */
static bool filter_asks_digits(const char *source, int64_t now_ms)
{
	bool asks = false;
	for (int of = 0; of < FILTER_N && !asks; of++) {
		struct filter filter;
		struct fault ignored;
		if (!filter_parse((enum filter_of)of, source, strlen(source), now_ms, NULL, &filter, NULL, &ignored, NULL))
			continue;
		for (size_t i = 0; i < filter.n_nodes; i++)
			asks = asks || asks_digits(&filter.nodes[i]);
		filter_clear(&filter);
	}
	return asks;
}

const char *api_asks_numbers(const struct api_call *call)
{
	const char *const filters[] = { api_text(call->query, "filter", NULL), api_text(call->body, "filter", NULL) };
	for (size_t i = 0; i < COUNT_OF(filters); i++)
		if (filters[i] != NULL && filter_asks_digits(filters[i], call->event_ms))
			return filters[i];
	if (call->route->flags & ROUTE_BY_NUMBER)
		return call->name;
	return api_text(call->query, "number", NULL);
}
