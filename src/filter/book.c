/* SPDX-License-Identifier: Apache-2.0 */
#include "filter/book.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/yaml.h"
#include "filter/token.h"

static void clear_part(struct book_part *part)
{
	free(part->items);
	part->items = NULL;
	part->n = part->capacity = 0;
}

void filter_book_clear(struct filter_book *book)
{
	clear_part(&book->saved);
	clear_part(&book->last);
}

static bool name_fits(const char *name)
{
	size_t n = strlen(name);
	return n > 0 && n < BOOK_NAME_BYTES &&
	    strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.") == n;
}

static struct book_filter *item_of(const struct book_part *part, const char *name)
{
	for (size_t i = 0; i < part->n; i++)
		if (text_equal_nocase(part->items[i].name, name))
			return &part->items[i];
	return NULL;
}

const char *book_find(const struct book_part *part, const char *name)
{
	const struct book_filter *item = item_of(part, name);
	return item != NULL ? item->source : NULL;
}

bool book_put(struct book_part *part, const char *name, const char *source, struct fault *fault)
{
	struct book_filter *item = item_of(part, name);
	size_t at;
	if (!name_fits(name))
		return fault_set(fault, FAULT_USAGE, _("the name of a filter is at most %d letters, digits, - _ or ."), BOOK_NAME_BYTES - 1);
	if (strlen(source) >= BOOK_SOURCE_BYTES)
		return fault_set(fault, FAULT_USAGE, _("a saved filter may have %d bytes at most"), BOOK_SOURCE_BYTES - 1);
	if (!token_bytes_fit(source, strlen(source), &at))
		return fault_set(fault, FAULT_INPUT, _("the filter %s holds a byte that is no text"), name);
	if (*source == '\0') {
		if (item != NULL)
			memmove(item, item + 1, (size_t)(part->items + part->n - item - 1) * sizeof *item);
		part->n -= item != NULL;
		return true;
	}
	if (item == NULL) {
		if (part->n == BOOK_FILTERS)
			return fault_set(fault, FAULT_USAGE, _("there are %d saved filters, and no more are kept"), BOOK_FILTERS);
		part->items = mem_grow(part->items, part->n, &part->capacity, sizeof *part->items);
		item = &part->items[part->n++];
		strcpy(item->name, name);
	}
	strcpy(item->source, source);
	return true;
}

/* ---- as text ----------------------------------------------------------------------- */

static bool read_part(const struct yaml *map, const char *file, struct book_part *part, struct fault *fault)
{
	if (map->kind != YAML_MAP)
		return (map->kind == YAML_SCALAR && map->is_null) ||
		    fault_set(fault, FAULT_INPUT, _("%s:%d: names with their filters belong here"), file, map->line);
	for (size_t i = 0; i < map->n; i++) {
		const struct yaml *value = map->values[i];
		if (value->kind != YAML_SCALAR)
			return fault_set(fault, FAULT_INPUT, _("%s:%d: a filter is one text"), file, value->line);
		if (!book_put(part, map->keys[i]->scalar, value->scalar, fault))
			return fault_context(fault, "%s:%d", file, value->line);
	}
	return true;
}

bool filter_book_read(struct filter_book *book, const char *name, const char *bytes, size_t n, struct fault *fault)
{
	struct yaml **docs;
	size_t n_docs;
	filter_book_clear(book);
	if (!yaml_parse(name, bytes, n, &docs, &n_docs, fault))
		return false;
	bool ok = n_docs <= 1 || fault_set(fault, FAULT_INPUT, _("%s: one document belongs here"), name);
	const struct yaml *root = ok && n_docs == 1 ? docs[0] : NULL;
	if (root != NULL && root->kind != YAML_MAP && !(root->kind == YAML_SCALAR && root->is_null))
		ok = fault_set(fault, FAULT_INPUT, _("%s: saved: and last: belong here"), name);
	for (size_t i = 0; ok && root != NULL && root->kind == YAML_MAP && i < root->n; i++) {
		const char *key = root->keys[i]->scalar;
		if (strcmp(key, "saved") == 0)
			ok = read_part(root->values[i], name, &book->saved, fault);
		else if (strcmp(key, "last") == 0)
			ok = read_part(root->values[i], name, &book->last, fault);
		else
			ok = fault_set(fault, FAULT_INPUT, _("%s: saved: and last: belong here"), name);
	}
	yaml_free(docs, n_docs);
	if (!ok)
		filter_book_clear(book);
	return ok;
}

/* In quotes, which YAML reads as JSON's; the source is printable. */
static void write_part(const char *title, const struct book_part *part, struct text *out)
{
	if (part->n == 0)
		return;
	text_printf(out, "%s:\n", title);
	for (size_t i = 0; i < part->n; i++) {
		text_printf(out, "  \"%s\": \"", part->items[i].name);
		for (const char *p = part->items[i].source; *p != '\0'; p++) {
			if (*p == '"' || *p == '\\')
				text_putc(out, '\\');
			text_putc(out, (unsigned char)*p < ' ' ? ' ' : *p);
		}
		text_puts(out, "\"\n");
	}
}

void filter_book_write(const struct filter_book *book, struct text *out)
{
	text_puts(out, "# Filters of the console: saved ones, by name, and the last one of each view.\n");
	write_part("saved", &book->saved, out);
	write_part("last", &book->last, out);
}

/* ---- names in expressions ------------------------------------------------------------ */

static const char *find(void *arg, const char *name)
{
	const struct filter_book *book = arg;
	return book_find(&book->saved, name);
}

struct filter_names filter_book_names(const struct filter_book *book)
{
	return (struct filter_names){ find, (void *)(uintptr_t)book };
}

static bool expand(const char *source, const struct filter_names *names, int depth, struct text *out, struct fault *fault)
{
	struct token token = { 0 };
	size_t n = strlen(source), at = 0;
	do {
		token_read(source, n, token.until, &token);
		const char *inner = token.kind == TOKEN_WORD && token.text[0] == '@' && names != NULL ?
		    names->find(names->arg, token.text + 1) : NULL;
		if (inner == NULL)
			continue;
		text_add(out, source + at, token.from - at);
		at = token.until;
		text_putc(out, '(');
		if (depth == FILTER_DEPTH)
			return fault_set(fault, FAULT_USAGE, "%s: %s", token.text, _("nested too deeply"));
		if (!expand(inner, names, depth + 1, out, fault))
			return false;
		text_putc(out, ')');
	} while (token.kind != TOKEN_END && out->n <= FILTER_BYTES);
	text_add(out, source + at, n - at);
	return out->n <= FILTER_BYTES ||
	    fault_set(fault, FAULT_USAGE, _("a filter may have %s bytes at most"), "2000");
}

bool filter_expand(const char *source, const struct filter_names *names, struct text *out, struct fault *fault)
{
	text_reset(out);
	return expand(source, names, 0, out, fault);
}
