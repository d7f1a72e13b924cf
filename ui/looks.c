/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/looks.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/yaml.h"
#include "net/file.h"

#define FILE_MOST ((size_t)1 << 20)

void looks_clear(struct looks *looks)
{
	for (size_t i = 0; i < looks->n; i++)
		free(looks->entries[i].value);
	free(looks->entries);
	*looks = (struct looks){ 0 };
}

static struct looks_entry *find(const struct looks *looks, const char *section, const char *name)
{
	for (size_t i = 0; i < looks->n; i++)
		if (strcmp(looks->entries[i].section, section) == 0 && strcmp(looks->entries[i].name, name) == 0)
			return &looks->entries[i];
	return NULL;
}

const char *looks_get(const struct looks *looks, const char *section, const char *name)
{
	const struct looks_entry *entry = find(looks, section, name);
	return entry != NULL ? entry->value : NULL;
}

const struct looks_entry *looks_at(const struct looks *looks, const char *section, size_t i)
{
	for (size_t k = 0; k < looks->n; k++)
		if (strcmp(looks->entries[k].section, section) == 0 && i-- == 0)
			return &looks->entries[k];
	return NULL;
}

static bool is_name(const char *name)
{
	size_t n = strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-");
	return n > 0 && name[n] == '\0' && n < LOOKS_NAME_BYTES;
}

bool looks_put(struct looks *looks, const char *section, const char *name, const char *value, struct fault *fault)
{
	struct looks_entry *entry = find(looks, section, name);
	char shown[48];
	text_printable(shown, sizeof shown, name, strlen(name));
	if (!is_name(section) || !is_name(name))
		return fault_set(fault, FAULT_USAGE, _("a name has letters, digits, _ and - only, and 31 at most: %s"), shown);
	if (strlen(value) >= LOOKS_BYTES)
		return fault_set(fault, FAULT_USAGE, _("too long to be kept: %s"), shown);
	if (*value == '\0') {
		if (entry != NULL) {
			free(entry->value);
			looks->n--;
			memmove(entry, entry + 1, (size_t)(looks->entries + looks->n - entry) * sizeof *entry);
		}
		return true;
	}
	if (entry == NULL && looks->n == LOOKS_MOST)
		return fault_set(fault, FAULT_FULL, _("%d things are kept already: %s would be one more"), LOOKS_MOST, shown);
	if (entry == NULL) {
		looks->entries = mem_grow(looks->entries, looks->n, &looks->capacity, sizeof *entry);
		entry = &looks->entries[looks->n++];
		*entry = (struct looks_entry){ 0 };
		snprintf(entry->section, sizeof entry->section, "%s", section);
		snprintf(entry->name, sizeof entry->name, "%s", name);
	}
	free(entry->value);
	char *printable = mem_alloc(3 * strlen(value) + 1); /* a sign that is none becomes three bytes */
	text_printable(printable, 3 * strlen(value) + 1, value, strlen(value));
	entry->value = printable;
	return true;
}

/* ---- the text -------------------------------------------------------------------------- */

static bool read_section(struct looks *looks, const char *file, const struct yaml *key, const struct yaml *map, struct fault *fault)
{
	if (map->kind != YAML_MAP && !map->is_null)
		return fault_set(fault, FAULT_INPUT, _("%s:%d:%d: here stand names and what is kept of them"), file, key->line, key->column);
	for (size_t i = 0; i < map->n; i++) {
		const struct yaml *value = map->values[i];
		if (value->kind != YAML_SCALAR)
			return fault_set(fault, FAULT_INPUT, _("%s:%d:%d: here stand names and what is kept of them"), file, map->keys[i]->line, map->keys[i]->column);
		if (!looks_put(looks, key->scalar, map->keys[i]->scalar, value->scalar, fault))
			return fault_context(fault, "%s:%d:%d", file, map->keys[i]->line, map->keys[i]->column);
	}
	return true;
}

bool looks_parse(struct looks *looks, const char *name, const char *bytes, size_t n, struct fault *fault)
{
	struct yaml **docs;
	size_t n_docs;
	*looks = (struct looks){ 0 };
	if (!yaml_parse(name, bytes, n, &docs, &n_docs, fault))
		return false;
	bool ok = true;
	for (size_t i = 0; ok && i < n_docs; i++) {
		if (docs[i]->kind != YAML_MAP && !docs[i]->is_null)
			ok = fault_set(fault, FAULT_INPUT, _("%s:%d:%d: here stand names and what is kept of them"), name, docs[i]->line, docs[i]->column);
		for (size_t k = 0; ok && k < docs[i]->n; k++)
			ok = read_section(looks, name, docs[i]->keys[k], docs[i]->values[k], fault);
	}
	yaml_free(docs, n_docs);
	if (!ok)
		looks_clear(looks);
	return ok;
}

static int by_name(const void *a, const void *b)
{
	const struct looks_entry *x = *(const struct looks_entry *const *)a, *y = *(const struct looks_entry *const *)b;
	int order = strcmp(x->section, y->section);
	return order != 0 ? order : strcmp(x->name, y->name);
}

void looks_print(const struct looks *looks, struct text *out)
{
	const struct looks_entry **sorted = mem_alloc((looks->n + 1) * sizeof *sorted);
	const char *section = "";
	for (size_t i = 0; i < looks->n; i++)
		sorted[i] = &looks->entries[i];
	qsort(sorted, looks->n, sizeof(const struct looks_entry *), by_name);
	text_puts(out, "# Written by the console: what was arranged in it.\n");
	for (size_t i = 0; i < looks->n; i++) {
		if (strcmp(section, sorted[i]->section) != 0)
			text_printf(out, "%s:\n", sorted[i]->section);
		section = sorted[i]->section;
		text_printf(out, "  \"%s\": \"", sorted[i]->name);
		for (const char *p = sorted[i]->value; *p != '\0'; p++) {
			if (*p == '"' || *p == '\\')
				text_putc(out, '\\');
			text_putc(out, *p);
		}
		text_puts(out, "\"\n");
	}
	free(sorted);
}

/* ---- the file ------------------------------------------------------------------------------ */

char *looks_path(const char *config_path)
{
	struct stat st;
	if (config_path == NULL || (stat(config_path, &st) == 0 && !S_ISREG(st.st_mode)))
		return NULL;
	const char *slash = strrchr(config_path, '/');
	return mem_printf("%.*slooks.yaml", slash == NULL ? 0 : (int)(slash + 1 - config_path), config_path);
}

bool looks_read(const char *path, struct looks *looks, struct fault *fault)
{
	char *bytes;
	size_t n;
	struct fault why = { 0 };
	*looks = (struct looks){ 0 };
	if (!file_read_secret(path, FILE_MOST, &bytes, &n, &why)) {
		if (why.code != FAULT_NOT_FOUND && fault != NULL)
			*fault = why;
		return why.code == FAULT_NOT_FOUND;
	}
	bool ok = looks_parse(looks, path, bytes, n, fault);
	free(bytes);
	return ok;
}

bool looks_file_put(const char *path, const char *section, const char *name, const char *value, struct fault *fault)
{
	struct looks looks;
	struct text text = { 0 };
	if (!looks_read(path, &looks, fault))
		return false;
	bool ok = looks_put(&looks, section, name, value, fault);
	if (ok) {
		looks_print(&looks, &text);
		ok = file_make_folders(path, fault) && file_write(path, text.bytes, text.n, 0600, fault);
	}
	text_clear(&text);
	looks_clear(&looks);
	return ok;
}
