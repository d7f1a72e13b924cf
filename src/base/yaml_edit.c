/* SPDX-License-Identifier: Apache-2.0 */
#include "base/yaml_edit.h"

#include <string.h>

#include "base/i18n.h"
#include "base/yaml.h"

struct edit {
	const char *name, *bytes;
	size_t n;
	char section[64], key[64], value[2048]; /* value: as it is written */
	const char *wanted;			/* … and as it is meant */
	struct yaml **docs;
	size_t n_docs;
	struct fault *fault;
};

/* ---- places in the text ------------------------------------------------------------- */

static size_t line_start(const struct edit *e, int line)
{
	size_t at = 0;
	for (int i = 1; i < line && at < e->n; i++) {
		const char *end = memchr(e->bytes + at, '\n', e->n - at);
		at = end == NULL ? e->n : (size_t)(end + 1 - e->bytes);
	}
	return at;
}

/* libfyaml counts characters. */
static size_t place_of(const struct edit *e, const struct yaml *node)
{
	size_t at = line_start(e, node->line);
	uint32_t point;
	for (int i = 1; i < node->column && at < e->n; i++)
		at += utf8_decode(e->bytes + at, e->n - at, &point);
	return at;
}

static size_t line_end(const struct edit *e, size_t at)
{
	while (at < e->n && e->bytes[at] != '\n' && e->bytes[at] != '\r')
		at++;
	return at;
}

static size_t next_line(const struct edit *e, size_t at)
{
	const char *end = memchr(e->bytes + at, '\n', e->n - at);
	return end == NULL ? e->n : (size_t)(end + 1 - e->bytes);
}

static size_t skip_blanks(const struct edit *e, size_t at)
{
	while (at < e->n && (e->bytes[at] == ' ' || e->bytes[at] == '\t'))
		at++;
	return at;
}

/* Behind a scalar that begins here, on this line; 0: it does not end on it. */
static size_t scalar_end(const struct edit *e, size_t at, bool flow)
{
	size_t end = line_end(e, at);
	char quote = at < end ? e->bytes[at] : '\0';
	if (quote == '"' || quote == '\'') {
		for (size_t i = at + 1; i < end; i++) {
			if (quote == '"' && e->bytes[i] == '\\')
				i++;
			else if (e->bytes[i] == quote && quote == '\'' && i + 1 < end && e->bytes[i + 1] == quote)
				i++;
			else if (e->bytes[i] == quote)
				return i + 1;
		}
		return 0;
	}
	size_t last = at;
	for (size_t i = at; i < end; i++) {
		char c = e->bytes[i];
		bool blank = c == ' ' || c == '\t';
		if ((c == '#' && (i == at || e->bytes[i - 1] == ' ' || e->bytes[i - 1] == '\t')) ||
		    (flow && strchr(",]}", c) != NULL))
			break;
		if (!blank)
			last = i + 1;
	}
	return last;
}

/* Behind the colon of a key that begins here; 0: that is not how it stands there. */
static size_t behind_colon(const struct edit *e, size_t at)
{
	size_t end = line_end(e, at);
	if (at < end && (e->bytes[at] == '"' || e->bytes[at] == '\''))
		at = scalar_end(e, at, false);
	else
		while (at < end && e->bytes[at] != ':')
			at++;
	at = at == 0 ? 0 : skip_blanks(e, at);
	return at > 0 && at < end && e->bytes[at] == ':' ? at + 1 : 0;
}

static bool opens_flow(const struct edit *e, size_t at)
{
	return at < e->n && e->bytes[at] == '{';
}

/* ---- the trees ------------------------------------------------------------------------- */

static size_t index_of(const struct yaml *map, const char *key)
{
	size_t i = 0;
	if (map == NULL || map->kind != YAML_MAP)
		return SIZE_MAX;
	while (i < map->n && strcmp(map->keys[i]->scalar, key) != 0)
		i++;
	return i < map->n ? i : SIZE_MAX;
}

/* The map that has the key, or would: a section of a document, or the document. */
static const struct yaml *map_in(const struct edit *e, size_t doc)
{
	if (e->section[0] == '\0')
		return e->docs[doc];
	size_t i = index_of(e->docs[doc], e->section);
	return i == SIZE_MAX ? NULL : e->docs[doc]->values[i];
}

static bool same(const struct yaml *a, const struct yaml *b)
{
	if (a->kind != b->kind || a->n != b->n)
		return false;
	if (a->kind == YAML_SCALAR)
		return strcmp(a->scalar, b->scalar) == 0 && a->is_null == b->is_null;
	for (size_t i = 0; i < a->n; i++)
		if ((a->keys != NULL && !same(a->keys[i], b->keys[i])) || !same(a->values[i], b->values[i]))
			return false;
	return true;
}

/* The same but for the key: it has the wanted value in b, once, where it stood or anew. */
static bool same_but(const struct edit *e, const struct yaml *a, const struct yaml *b, const char *key, bool *found)
{
	bool null = a == NULL || (a->kind == YAML_SCALAR && a->is_null);
	if (b->kind != YAML_MAP || (!null && a->kind != YAML_MAP))
		return false;
	for (size_t i = 0, k = 0; i < b->n; i++) {
		const struct yaml *was = !null && k < a->n && strcmp(a->keys[k]->scalar, b->keys[i]->scalar) == 0 ? a->values[k++] : NULL;
		const struct yaml *is = b->values[i];
		if (strcmp(b->keys[i]->scalar, key) != 0) {
			if (was == NULL || !same(was, is))
				return false;
		} else if (key == e->section) {
			if (!same_but(e, was, is, e->key, found))
				return false;
		} else if (is->kind != YAML_SCALAR || is->is_null || strcmp(is->scalar, e->wanted) != 0) {
			return false;
		} else {
			*found = true;
		}
		if (i + 1 == b->n && !null && k < a->n)
			return false;
	}
	return true;
}

/* Was exactly that changed which was to be? */
static bool is_right(const struct edit *e, size_t doc, const char *bytes, size_t n)
{
	struct yaml **docs;
	size_t n_docs;
	struct fault ignored;
	bool found = false;
	if (!yaml_parse(e->name, bytes, n, &docs, &n_docs, &ignored))
		return false;
	bool ok = n_docs == MAX(e->n_docs, doc + 1);
	for (size_t i = 0; ok && i < n_docs; i++)
		ok = i == doc ? same_but(e, i < e->n_docs ? e->docs[i] : NULL, docs[i], e->section[0] != '\0' ? e->section : e->key, &found) :
				same(e->docs[i], docs[i]);
	yaml_free(docs, n_docs);
	return ok && found;
}

/* ---- writing ----------------------------------------------------------------------------- */

static bool is_plain(const char *value)
{
	static const char *const words[] = { "null", "Null", "NULL" };
	for (size_t i = 0; i < COUNT_OF(words); i++)
		if (strcmp(value, words[i]) == 0)
			return false;
	return *value != '\0' && strchr("-.", *value) == NULL &&
	    strspn(value, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./-") == strlen(value);
}

static bool quote(struct edit *e)
{
	size_t used = 0;
	bool plain = is_plain(e->wanted);
	if (!plain)
		e->value[used++] = '"';
	for (const char *p = e->wanted; *p != '\0'; p++) {
		if (used + 4 > sizeof e->value || (unsigned char)*p < ' ' || *p == 0x7F)
			return fault_set(e->fault, FAULT_INPUT, "%s", _("a value is one line, and not that long"));
		if (*p == '"' || *p == '\\')
			e->value[used++] = '\\';
		e->value[used++] = *p;
	}
	if (!plain)
		e->value[used++] = '"';
	e->value[used] = '\0';
	return true;
}

/* All until `from`, the new text, all from `until` on. */
static void splice(const struct edit *e, size_t from, size_t until, const char *text, struct text *out)
{
	text_add(out, e->bytes, from);
	text_puts(out, text);
	text_add(out, e->bytes + until, e->n - until);
}

static void change(const struct edit *e, const struct yaml *map, size_t i, bool flow, struct text *out)
{
	size_t colon = behind_colon(e, place_of(e, map->keys[i]));
	const struct yaml *value = map->values[i];
	if (colon == 0)
		return;
	size_t at = skip_blanks(e, colon), end = scalar_end(e, at, flow);
	if (at < e->n && strchr("|>&!*{[", e->bytes[at]) != NULL)
		return;
	if (value->is_null && end <= at) { /* "key:" and nothing, or a comment */
		text_add(out, e->bytes, colon);
		text_putc(out, ' ');
		text_puts(out, e->value);
		text_add(out, e->bytes + colon, e->n - colon);
	} else if (end > at) {
		splice(e, at, end, e->value, out);
	}
}

static const char *line_break(const struct edit *e)
{
	const char *end = memchr(e->bytes, '\n', e->n);
	return end != NULL && end > e->bytes && end[-1] == '\r' ? "\r\n" : "\n";
}

/* A line of its own before byte `at`, which begins one or is the end. */
static void add_line(const struct edit *e, size_t at, int indent, const char *key, struct text *out)
{
	text_add(out, e->bytes, at);
	if (at > 0 && e->bytes[at - 1] != '\n')
		text_puts(out, line_break(e));
	text_printf(out, "%*s%s: %s%s", indent, "", key, e->value, line_break(e));
	text_add(out, e->bytes + at, e->n - at);
}

/* Behind what stands before it by the order of the settings; first, where nothing does. */
static void add_to_block(const struct edit *e, const struct yaml *map, size_t first, const char *const *before, struct text *out)
{
	size_t at = first;
	for (size_t i = 0; before[i] != NULL; i++) {
		size_t k = index_of(map, before[i]);
		if (k == SIZE_MAX || map->values[k]->kind != YAML_SCALAR || map->values[k]->line != map->keys[k]->line)
			continue;
		size_t colon = behind_colon(e, place_of(e, map->keys[k])), value = skip_blanks(e, colon);
		if (colon > 0 && (value == e->n || strchr("|>", e->bytes[value]) == NULL))
			at = next_line(e, colon);
	}
	add_line(e, at, map->keys[0]->column - 1, e->key, out);
}

static void add_to_section(const struct edit *e, size_t doc, const char *const *before, struct text *out)
{
	size_t i = index_of(e->docs[doc], e->section);
	const struct yaml *key = e->docs[doc]->keys[i], *map = e->docs[doc]->values[i];
	size_t colon = behind_colon(e, place_of(e, key)), at = skip_blanks(e, colon);
	if (colon == 0)
		return;
	if (opens_flow(e, at)) {
		text_add(out, e->bytes, at + 1);
		text_printf(out, "%s: %s%s", e->key, e->value, map->n > 0 ? ", " : "");
		text_add(out, e->bytes + at + 1, e->n - at - 1);
	} else if (map->kind == YAML_MAP && map->n > 0) {
		add_to_block(e, map, next_line(e, colon), before, out);
	} else {
		add_line(e, next_line(e, colon), key->column + 1, e->key, out);
	}
}

/* At the end of the last document; as another one where that is no block. */
static size_t add_section(const struct edit *e, const char *const *before, struct text *out)
{
	const char *br = line_break(e);
	size_t last = e->n_docs - 1;
	bool block = e->n_docs > 0 && e->docs[last]->kind == YAML_MAP && e->docs[last]->n > 0 && e->docs[last]->keys[0]->column == 1;
	if (block && e->section[0] == '\0') {
		add_to_block(e, e->docs[last], line_start(e, e->docs[last]->keys[0]->line), before, out);
		return last;
	}
	text_add(out, e->bytes, e->n);
	if (e->n > 0 && e->bytes[e->n - 1] != '\n')
		text_puts(out, br);
	if (!block && e->n_docs > 0)
		text_printf(out, "---%s", br);
	if (e->section[0] != '\0')
		text_printf(out, "%s:%s  %s: %s%s", e->section, br, e->key, e->value, br);
	else
		text_printf(out, "%s: %s%s", e->key, e->value, br);
	return block ? last : e->n_docs;
}

/* The document that was changed. */
static size_t edit(const struct edit *e, const char *const *before, struct text *out)
{
	size_t with_map = SIZE_MAX;
	for (size_t i = e->n_docs; i-- > 0;) {
		const struct yaml *map = map_in(e, i);
		size_t k = index_of(map, e->key);
		if (k != SIZE_MAX) {
			const struct yaml *holder = e->section[0] == '\0' ? NULL : e->docs[i]->keys[index_of(e->docs[i], e->section)];
			bool flow = e->docs[i]->n > 0 && opens_flow(e, skip_blanks(e, line_start(e, e->docs[i]->keys[0]->line)));
			flow |= holder != NULL && opens_flow(e, skip_blanks(e, behind_colon(e, place_of(e, holder))));
			change(e, map, k, flow, out);
			return i;
		}
		if (map != NULL && with_map == SIZE_MAX && e->section[0] != '\0')
			with_map = i;
	}
	if (with_map == SIZE_MAX)
		return add_section(e, before, out);
	add_to_section(e, with_map, before, out);
	return with_map;
}

bool yaml_edit(const char *name, const char *bytes, size_t n, const char *key, const char *value,
    const char *const *before, struct text *out, struct fault *fault)
{
	static const char *const none[] = { NULL };
	struct edit e = { .name = name, .bytes = bytes, .n = n, .wanted = value, .fault = fault };
	const char *dot = strchr(key, '.');
	struct text result = { 0 };
	assert(strlen(key) < sizeof e.section && (dot == NULL || strchr(dot + 1, '.') == NULL));
	if (dot != NULL)
		memcpy(e.section, key, (size_t)(dot - key));
	memcpy(e.key, dot == NULL ? key : dot + 1, strlen(dot == NULL ? key : dot + 1));
	if (!quote(&e) || !yaml_parse(name, bytes, n, &e.docs, &e.n_docs, fault))
		return false;
	size_t doc = edit(&e, before != NULL ? before : none, &result);
	bool ok = result.n > 0 && is_right(&e, doc, result.bytes, result.n);
	yaml_free(e.docs, e.n_docs);
	if (ok)
		text_add(out, result.bytes, result.n);
	text_clear(&result);
	return ok || fault_set(fault, FAULT_INPUT, _("%s: %s stands there in a way that is not edited from here; change it in the file"), name, key);
}
