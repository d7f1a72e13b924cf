/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/sigma/lists.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/i18n.h"

#define MAX_LISTS  1000
#define MAX_VALUES 10000

void sigma_lists_clear(struct sigma_lists *lists)
{
	arena_clear(&lists->arena);
	*lists = (struct sigma_lists){ 0 };
}

static bool wrong(const char *path, const struct yaml *at, struct fault *fault, const char *why)
{
	return fault_set(fault, FAULT_INPUT, "%s:%d:%d: %s", path, at->line, at->column, why);
}

/* %name% must be able to name it. */
static bool is_name(const char *name)
{
	return *name != '\0' && strlen(name) < 64 && strpbrk(name, "%\\ \t\n") == NULL;
}

static bool read_list(const char *path, const struct yaml *key, const struct yaml *value,
    struct sigma_lists *lists, struct fault *fault)
{
	size_t n = value->kind == YAML_LIST ? value->n : 1;
	if (!is_name(key->scalar))
		return wrong(path, key, fault, _("a list's name has no blank, % or \\ and less than 64 bytes"));
	if (value->kind == YAML_MAP || n > MAX_VALUES)
		return wrong(path, key, fault, _("a list has at most 10000 values, each a text"));
	struct sigma_list *list = &lists->items[lists->n++];
	list->name = arena_strdup(&lists->arena, key->scalar);
	list->values.items = arena_zalloc(&lists->arena, (n + 1) * sizeof(char *));
	for (size_t i = 0; i < n; i++) {
		const struct yaml *item = value->kind == YAML_LIST ? value->values[i] : value;
		if (item->kind != YAML_SCALAR || strlen(item->scalar) > 1000)
			return wrong(path, item, fault, _("a list has at most 10000 values, each a text"));
		/* An empty value would match everything that contains it. */
		if (item->scalar[0] != '\0')
			list->values.items[list->values.n++] = arena_strdup(&lists->arena, item->scalar);
	}
	return true;
}

bool sigma_lists_read(const char *path, struct sigma_lists *out, struct fault *fault)
{
	struct yaml **docs;
	size_t n;
	*out = (struct sigma_lists){ 0 };
	arena_init(&out->arena);
	if (path == NULL || *path == '\0')
		return true;
	if (!yaml_read_file(path, &docs, &n, fault))
		return false;
	bool ok = true;
	size_t room = 0;
	for (size_t i = 0; i < n; i++)
		room += docs[i]->kind == YAML_MAP ? docs[i]->n : 0;
	if (room > MAX_LISTS)
		ok = wrong(path, docs[0], fault, _("more than 1000 lists"));
	out->items = arena_zalloc(&out->arena, (room + 1) * sizeof *out->items);
	for (size_t i = 0; ok && i < n; i++) {
		if (docs[i]->kind != YAML_MAP)
			ok = docs[i]->is_null || wrong(path, docs[i], fault, _("lists are written as \"name: [value, value]\""));
		for (size_t k = 0; ok && docs[i]->kind == YAML_MAP && k < docs[i]->n; k++) {
			ok = read_list(path, docs[i]->keys[k], docs[i]->values[k], out, fault);
			out->hash = sigma_hash(docs[i]->values[k], hash_mix(out->hash ^ hash_text(docs[i]->keys[k]->scalar)));
		}
	}
	yaml_free(docs, n);
	if (!ok)
		sigma_lists_clear(out);
	return ok;
}
