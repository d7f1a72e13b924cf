/* SPDX-License-Identifier: Apache-2.0
 *
 * A person's key file over the built-in table; see keys.h for what it looks
 * like. All of it is read first, and what contradicts itself or names what does
 * not exist is one sentence with its line; only then the table changes. A
 * person's key beats the table's wherever both would work. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "ui/keys_parts.h"

#define GIVEN_MOST 1000

bool reader_fault(const struct reader *r, const struct yaml *where, const char *what, const char *which,
    const char *nearest)
{
	char printable[80];
	text_printable(printable, sizeof printable, which, strlen(which));
	if (nearest != NULL)
		return fault_set(r->fault, FAULT_INPUT, _("%s:%d:%d: %s: %s; is \"%s\" meant?"), r->name, where->line,
		    where->column, what, printable, nearest);
	return fault_set(r->fault, FAULT_INPUT, "%s:%d:%d: %s: %s", r->name, where->line, where->column, what, printable);
}

/* ---- names ------------------------------------------------------------------------- */

static bool read_place(const struct reader *r, const struct yaml *where, enum place *place)
{
	int best = 0;
	for (int i = 0; i < N_PLACES; i++) {
		if (strcmp(place_name((enum place)i), where->scalar) == 0) {
			*place = (enum place)i;
			return true;
		}
		if (text_distance(where->scalar, place_name((enum place)i)) < text_distance(where->scalar, place_name((enum place)best)))
			best = i;
	}
	return reader_fault(r, where, _("no such place"), where->scalar, place_name((enum place)best));
}

const char *key_nearest(const char *name)
{
	static const char *const others[][2] = { { "Return", "Enter" }, { "Escape", "Esc" }, { "PageUp", "PgUp" },
		{ "PageDown", "PgDn" }, { "Insert", "Ins" }, { "Delete", "Del" }, { "Ctrl-x", "C-x" }, { "Alt-x", "M-x" },
		{ "Shift-Tab", "S-Tab" } };
	for (size_t i = 0; i < COUNT_OF(others); i++)
		if (text_distance(name, others[i][0]) < 2)
			return others[i][1];
	char known[KEY_NAME_BYTES];
	static char best[KEY_NAME_BYTES];
	int least = 3;
	for (uint32_t key = KEY_FIRST + 1; key < KEY_PASTE; key++) {
		int distance = text_distance(name, key_name(key, known));
		if (distance < least) {
			least = distance;
			snprintf(best, sizeof best, "%s", known);
		}
	}
	return least < 3 && strlen(name) > 1 ? best : NULL;
}

/* Terminals send Ctrl with few keys as what it is, with some as another key, and
 * with most not at all: who binds those would press them in vain. */
bool key_as_sent(uint32_t *key)
{
	uint32_t plain = *key & ~(KEY_CTRL | KEY_ALT), alt = *key & KEY_ALT;
	if (!(*key & KEY_CTRL) || plain > KEY_FIRST)
		return true;
	if (plain >= 'A' && plain <= 'Z')
		plain += 'a' - 'A';
	bool sent = (plain >= 'a' && plain <= 'z') || plain == ' ' || plain == '[' || (plain > 'Z' && plain <= '_');
	static const struct {
		uint32_t letter, key;
	} same[] = { { 'i', KEY_TAB }, { 'm', KEY_ENTER }, { 'j', KEY_ENTER }, { 'h', KEY_BACKSPACE }, { '[', KEY_ESCAPE } };
	*key = plain | KEY_CTRL | alt;
	for (size_t i = 0; i < COUNT_OF(same); i++)
		if (same[i].letter == plain)
			*key = same[i].key | alt;
	return sent;
}

static bool read_key(const struct reader *r, const struct yaml *where, uint32_t *key)
{
	if (where->kind != YAML_SCALAR)
		return reader_fault(r, where, _("a key is a name"), _("a list or map"), NULL);
	if (!key_named(where->scalar, key))
		return reader_fault(r, where, _("no such key"), where->scalar, key_nearest(where->scalar));
	if (!key_as_sent(key))
		return reader_fault(r, where, _("no terminal sends this key"), where->scalar, NULL);
	if (*key == (KEY_CTRL | 'z'))
		return reader_fault(r, where, _("this key suspends the program, whatever is bound to it"), where->scalar, NULL);
	return true;
}

static bool read_command(const struct reader *r, const struct yaml *where, struct binding *binding)
{
	struct command_line line;
	struct fault fault = { 0 };
	size_t offset;
	if (where->kind != YAML_SCALAR)
		return reader_fault(r, where, _("a command is a name"), _("a list or map"), NULL);
	if (!command_line_read(where->scalar, &line, &fault, &offset))
		return fault_set(r->fault, FAULT_INPUT, "%s:%d:%d: %s", r->name, where->line, where->column, fault.text);
	if (strlen(line.argument) >= sizeof binding->argument)
		return reader_fault(r, where, _("too long"), where->scalar, NULL);
	if (line.count > 0)
		return reader_fault(r, where, _("a count stands before a key or in a macro, not here"), where->scalar, NULL);
	binding->command = line.command;
	text_printable(binding->argument, sizeof binding->argument, line.argument, strlen(line.argument));
	return true;
}

/* ---- what is given ------------------------------------------------------------------- */

static bool same_order(const struct binding *a, const struct binding *b)
{
	return a->command == b->command && strcmp(a->argument, b->argument) == 0;
}

/* Would one hide the other without anybody having said so? */
static bool collide(const struct given *a, const struct given *b)
{
	if (a->binding.key != b->binding.key || same_order(&a->binding, &b->binding))
		return false;
	if (a->binding.place == b->binding.place)
		return true;
	if (place_within(a->binding.place, b->binding.place))
		return a->wherever; /* a is nearer */
	return place_within(b->binding.place, a->binding.place) && b->wherever;
}

static bool give(struct reader *r, const struct given *new)
{
	for (size_t i = 0; i < r->n; i++) {
		const struct given *old = &r->given[i];
		char key[KEY_NAME_BYTES];
		if (!collide(new, old))
			continue;
		bool inner = place_within(new->binding.place, old->binding.place);
		return fault_set(r->fault, FAULT_INPUT,
		    _("%s:%d:%d: in \"%s\" the key %s would be both %s and %s (line %d); give one of them another"),
		    r->name, new->where->line, new->where->column,
		    place_name(inner ? new->binding.place : old->binding.place), key_name(new->binding.key, key),
		    new->binding.command == CMD_NONE ? "\"\"" : command_name(new->binding.command),
		    old->binding.command == CMD_NONE ? "\"\"" : command_name(old->binding.command), old->where->line);
	}
	if (r->n == GIVEN_MOST)
		return reader_fault(r, new->where, _("more keys than anybody remembers"), "1000", NULL);
	r->given = mem_grow(r->given, r->n, &r->capacity, sizeof *r->given);
	r->given[r->n++] = *new;
	return true;
}

/* keys: PLACE: {KEY: COMMAND} */
static bool read_keys_of(struct reader *r, enum place place, const struct yaml *map)
{
	if (map->kind != YAML_MAP)
		return reader_fault(r, map, _("a place is a map of keys to commands"), place_name(place), NULL);
	for (size_t i = 0; i < map->n; i++) {
		struct given given = { .binding.place = place, .where = map->keys[i] };
		const struct yaml *value = map->values[i];
		bool unbinds = value->kind == YAML_SCALAR && *value->scalar == '\0';
		if (!read_key(r, map->keys[i], &given.binding.key) || (!unbinds && !read_command(r, value, &given.binding)) ||
		    !give(r, &given))
			return false;
	}
	return true;
}

static bool give_in(struct reader *r, struct given *given, enum place place)
{
	given->binding.place = place;
	return give(r, given);
}

/* One key of one command: there, or wherever the table has it. */
static bool read_key_of(struct reader *r, const struct binding *binding, const enum place *place, const struct yaml *where)
{
	struct given given = { .binding = *binding, .where = where, .wherever = place == NULL };
	if (!read_key(r, where, &given.binding.key))
		return false;
	if (place != NULL)
		return give_in(r, &given, *place);
	for (int i = 0; i < N_PLACES; i++)
		if (keys_at_home((enum place)i, binding->command) && !give_in(r, &given, (enum place)i))
			return false;
	return true;
}

/* COMMAND: KEY or [KEY, …]: these are its keys, and the table's are not. */
static bool read_command_keys(struct reader *r, const struct yaml *key, const struct yaml *value, const enum place *place)
{
	struct binding binding = { 0 };
	if (!read_command(r, key, &binding))
		return false;
	for (int i = 0; i < N_PLACES; i++) {
		if (binding.argument[0] != '\0' || (place != NULL && *place != (enum place)i))
			continue;
		r->cleared = mem_grow(r->cleared, r->n_cleared, &r->cleared_capacity, sizeof *r->cleared);
		r->cleared[r->n_cleared++] = (struct cleared){ (enum place)i, binding.command };
	}
	if (value->kind == YAML_MAP)
		return reader_fault(r, value, _("a command has a key or a list of keys"), key->scalar, NULL);
	if (value->kind == YAML_SCALAR)
		return *value->scalar == '\0' || read_key_of(r, &binding, place, value);
	for (size_t i = 0; i < value->n; i++)
		if (!read_key_of(r, &binding, place, value->values[i]))
			return false;
	return true;
}

/* commands: COMMAND: KEYS, or PLACE: {COMMAND: KEYS} */
static bool read_commands(struct reader *r, const struct yaml *map)
{
	if (map->kind != YAML_MAP)
		return reader_fault(r, map, _("\"commands\" is a map of commands to keys"), "commands", NULL);
	for (size_t i = 0; i < map->n; i++) {
		const struct yaml *value = map->values[i];
		enum place place;
		/* "queue" is a command and a place: what follows tells which. */
		if (value->kind != YAML_MAP) {
			if (!read_command_keys(r, map->keys[i], value, NULL))
				return false;
			continue;
		}
		if (!read_place(r, map->keys[i], &place))
			return false;
		for (size_t k = 0; k < value->n; k++)
			if (!read_command_keys(r, value->keys[k], value->values[k], &place))
				return false;
	}
	return true;
}

static bool read_keys(struct reader *r, const struct yaml *map)
{
	for (size_t i = 0; i < map->n; i++) {
		enum place place;
		if (!read_place(r, map->keys[i], &place) || !read_keys_of(r, place, map->values[i]))
			return false;
	}
	return true;
}

/* ---- the file ------------------------------------------------------------------------------ */

static bool read_docs(struct reader *r, struct yaml **docs, size_t n_docs)
{
	const struct yaml *root = n_docs == 1 && docs[0]->kind == YAML_MAP ? docs[0] : NULL;
	static const char *const parts[] = { "keys", "commands", "macros" };
	const struct yaml *part[COUNT_OF(parts)];
	size_t n = 0;
	for (size_t i = 0; i < COUNT_OF(parts); i++) {
		part[i] = root != NULL ? yaml_get(root, parts[i]) : NULL;
		n += part[i] != NULL;
	}
	if (n == 0 || (part[0] != NULL && part[0]->kind != YAML_MAP))
		return fault_set(r->fault, FAULT_INPUT,
		    _("%s: a key file is a map \"keys\" of places, or has \"commands\" or \"macros\""), r->name);
	for (size_t i = 0; i < root->n; i++) {
		bool known = false;
		for (size_t k = 0; k < COUNT_OF(parts); k++)
			known |= strcmp(root->keys[i]->scalar, parts[k]) == 0;
		if (!known)
			return reader_fault(r, root->keys[i], _("a key file has \"keys\", \"commands\" and \"macros\", but not"), root->keys[i]->scalar, NULL);
	}
	return (part[2] == NULL || read_macros(r, part[2])) && (part[0] == NULL || read_keys(r, part[0])) &&
	    (part[1] == NULL || read_commands(r, part[1])) && macros_are_there(r);
}

/* ---- over the table ---------------------------------------------------------------------- */

static bool is_replaced(const struct reader *r, const struct binding *old)
{
	for (size_t i = 0; i < r->n_cleared; i++)
		if (r->cleared[i].place == old->place && r->cleared[i].command == old->command && old->argument[0] == '\0')
			return true;
	for (size_t i = 0; i < r->n; i++) {
		const struct binding *new = &r->given[i].binding;
		/* Unbinding is for its place alone. */
		if (new->key == old->key && (new->command == CMD_NONE ? new->place == old->place : place_within(old->place, new->place)))
			return true;
	}
	return false;
}

static bool is_first(const struct keys *keys, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (keys->bindings[k].place == keys->bindings[i].place && keys->bindings[k].command == keys->bindings[i].command)
			return false;
	return true;
}

/* In the table's order, which is the foot's; of one command first a person's own
 * keys: those are the ones that help and foot show. */
static void lay(const struct reader *r, const struct keys *old, struct keys *out)
{
	bool *done = mem_zalloc(r->n + 1);
	out->bindings = mem_alloc((r->n + old->n + 1) * sizeof *out->bindings);
	out->capacity = r->n + old->n + 1;
	for (size_t i = 0; i < old->n; i++) {
		const struct binding *b = &old->bindings[i];
		for (size_t k = 0; k < r->n && is_first(old, i); k++) {
			const struct binding *new = &r->given[k].binding;
			if (new->place != b->place || new->command != b->command || new->argument[0] != '\0')
				continue;
			out->bindings[out->n++] = *new;
			done[k] = true;
		}
		if (!is_replaced(r, b))
			out->bindings[out->n++] = *b;
	}
	for (size_t k = 0; k < r->n; k++)
		if (!done[k])
			out->bindings[out->n++] = r->given[k].binding;
	for (size_t i = 0; i < out->n; i++) {
		struct binding *b = &out->bindings[i];
		b->foot = b->argument[0] == '\0' && keys_at_foot(b->place, b->command) && is_first(out, i);
	}
	free(done);
}

static bool can_be_left(const struct reader *r, const struct keys *keys)
{
	static const enum command needed[] = { CMD_QUIT, CMD_BACK };
	for (int place = 0; place < N_PLACES; place++)
		for (size_t i = 0; i < COUNT_OF(needed); i++)
			if (keys_of(keys, (enum place)place, needed[i]) == 0)
				return fault_set(r->fault, FAULT_INPUT, _("%s: no key is left for \"%s\" in \"%s\"; give it one"),
				    r->name, command_name(needed[i]), place_name((enum place)place));
	return true;
}

static bool lay_over(struct keys *keys, const char *name, struct yaml **docs, size_t n_docs, struct fault *fault)
{
	struct keys over = { 0 };
	struct reader r = { .name = name, .fault = fault, .out = &over };
	bool ok = read_docs(&r, docs, n_docs);
	if (ok)
		lay(&r, keys, &over);
	ok = ok && can_be_left(&r, &over);
	if (ok) {
		struct keys old = *keys;
		*keys = over;
		over = old;
	}
	keys_clear(&over);
	free(r.given);
	free(r.cleared);
	yaml_free(docs, n_docs);
	return ok;
}

bool keys_parse(struct keys *keys, const char *name, const char *bytes, size_t n, struct fault *fault)
{
	struct yaml **docs;
	size_t n_docs;
	return yaml_parse(name, bytes, n, &docs, &n_docs, fault) && lay_over(keys, name, docs, n_docs, fault);
}

bool keys_read(struct keys *keys, const char *path, struct fault *fault)
{
	struct yaml **docs;
	size_t n_docs;
	return yaml_read_file(path, &docs, &n_docs, fault) && lay_over(keys, path, docs, n_docs, fault);
}
