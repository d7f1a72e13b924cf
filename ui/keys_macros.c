/* SPDX-License-Identifier: Apache-2.0
 *
 * "macros:" of a key file: under a name a list of commands, or the keys that a
 * hand would press, as help shows what was recorded ("c 3 j"). */
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "ui/keys_parts.h"

#define MACROS_MOST 64
#define LINES_MOST  64 /* of a macro */

static const struct named_macro *macro_named(const struct keys *keys, const char *name)
{
	for (size_t i = 0; i < keys->n_macros; i++)
		if (strcmp(keys->macros[i].name, name) == 0)
			return &keys->macros[i];
	return NULL;
}

void key_names(const uint32_t *keys, size_t n, char *out, size_t capacity)
{
	size_t used = 0;
	out[0] = '\0';
	for (size_t i = 0; i < n; i++) {
		char name[KEY_NAME_BYTES];
		key_name(keys[i], name);
		if (used + strlen(name) + 2 > capacity)
			return;
		used += (size_t)snprintf(out + used, capacity - used, "%s%s", used > 0 ? " " : "", name);
	}
}

void named_macro_print(const struct named_macro *macro, char *out, size_t capacity)
{
	key_names(macro->keys, macro->n_keys, out, capacity);
	for (size_t i = 0, n = strlen(out); i < macro->n && n < capacity; i++, n = strlen(out))
		snprintf(out + n, capacity - n, "%s%s", n > 0 ? " \u00B7 " : "", macro->lines[i]);
}

/* "c 3 j": keys by their names, with blanks between. */
static bool read_macro_keys(const struct reader *r, const struct yaml *where, struct named_macro *macro)
{
	const char *at = where->scalar + strspn(where->scalar, " ");
	macro->keys = mem_zalloc(MACRO_KEYS_MOST * sizeof *macro->keys);
	while (*at != '\0') {
		char name[KEY_NAME_BYTES];
		size_t n = strcspn(at, " ");
		snprintf(name, sizeof name, "%.*s", (int)MIN(n, sizeof name - 1), at);
		if (macro->n_keys == MACRO_KEYS_MOST)
			return reader_fault(r, where, _("a macro has 500 keys at most"), macro->name, NULL);
		if (!key_named(name, &macro->keys[macro->n_keys]) || !key_as_sent(&macro->keys[macro->n_keys]))
			return reader_fault(r, where, _("no such key"), name, key_nearest(name));
		macro->n_keys++;
		at += n + strspn(at + n, " ");
	}
	return true;
}

static bool read_macro(struct reader *r, const struct yaml *key, const struct yaml *value)
{
	const char *name = key->scalar;
	size_t n = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_-");
	if (n == 0 || name[n] != '\0' || n >= MACRO_NAME_BYTES || name[0] < 'a')
		return reader_fault(r, key, _("a macro's name is of a-z, 0-9, _ and -, and short"), name, NULL);
	if (value->kind == YAML_MAP || (value->kind == YAML_LIST && value->n > LINES_MOST))
		return reader_fault(r, value, _("a macro is a list of commands, 64 at most, or keys"), name, NULL);
	if (r->out->n_macros == MACROS_MOST)
		return reader_fault(r, key, _("more macros than anybody remembers"), name, NULL);
	r->out->macros = mem_grow(r->out->macros, r->out->n_macros, &r->out->macros_capacity, sizeof *r->out->macros);
	struct named_macro *macro = &r->out->macros[r->out->n_macros++];
	*macro = (struct named_macro){ .lines = mem_zalloc((value->n + 1) * sizeof *macro->lines) };
	snprintf(macro->name, sizeof macro->name, "%s", name);
	if (value->kind == YAML_SCALAR)
		return read_macro_keys(r, value, macro);
	for (size_t i = 0; i < value->n; i++) {
		const struct yaml *line = value->values[i];
		struct command_line read;
		struct fault fault = { 0 };
		size_t offset;
		if (line->kind != YAML_SCALAR)
			return reader_fault(r, line, _("a command is a name"), _("a list or map"), NULL);
		if (!command_line_read(line->scalar, &read, &fault, &offset))
			return fault_set(r->fault, FAULT_INPUT, "%s:%d:%d: %s", r->name, line->line, line->column, fault.text);
		if (strlen(line->scalar) >= 2 * ARGUMENT_BYTES)
			return reader_fault(r, line, _("too long"), line->scalar, NULL);
		char printable[2 * ARGUMENT_BYTES];
		text_printable(printable, sizeof printable, line->scalar, strlen(line->scalar));
		macro->lines[macro->n++] = mem_strdup(printable);
	}
	return true;
}

static bool is_there(const struct reader *r, const struct yaml *where, enum command command, const char *name)
{
	const char *best = NULL;
	bool letter = name[0] >= 'a' && name[0] <= 'z' && name[1] == '\0'; /* may be recorded yet */
	if (command != CMD_PLAY || *name == '\0' || letter || macro_named(r->out, name) != NULL)
		return true;
	for (size_t i = 0; i < r->out->n_macros; i++)
		if (best == NULL || text_distance(name, r->out->macros[i].name) < text_distance(name, best))
			best = r->out->macros[i].name;
	return reader_fault(r, where, _("no such macro"), name, best);
}

bool read_macros(struct reader *r, const struct yaml *map)
{
	if (map->kind != YAML_MAP)
		return reader_fault(r, map, _("\"macros\" is a map of names to lists of commands"), "macros", NULL);
	for (size_t i = 0; i < map->n; i++)
		if (!read_macro(r, map->keys[i], map->values[i]))
			return false;
	for (size_t i = 0; i < map->n; i++) { /* now that all are known */
		for (size_t k = 0; map->values[i]->kind == YAML_LIST && k < map->values[i]->n; k++) {
			struct command_line line;
			struct fault fault;
			size_t offset;
			const struct yaml *where = map->values[i]->values[k];
			if (!command_line_read(where->scalar, &line, &fault, &offset) || !is_there(r, where, line.command, line.argument))
				return false;
		}
	}
	return true;
}

bool macros_are_there(const struct reader *r)
{
	for (size_t i = 0; i < r->n; i++)
		if (!is_there(r, r->given[i].where, r->given[i].binding.command, r->given[i].binding.argument))
			return false;
	return true;
}
