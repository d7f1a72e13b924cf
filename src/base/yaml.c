/* SPDX-License-Identifier: Apache-2.0 */
#include "base/yaml.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libfyaml.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"

#define MAX_BYTES ((size_t)1 << 20)
#define MAX_DEPTH 32

static void free_tree(struct yaml *node)
{
	if (node == NULL)
		return;
	for (size_t i = 0; i < node->n; i++) {
		free_tree(node->values[i]);
		if (node->keys != NULL)
			free_tree(node->keys[i]);
	}
	free(node->values);
	free(node->keys);
	free(node->scalar);
	free(node);
}

void yaml_free(struct yaml **docs, size_t n_docs)
{
	for (size_t i = 0; i < n_docs; i++)
		free_tree(docs[i]);
	free(docs);
}

struct reading {
	const char *name;
	struct fault *fault;
};

static struct yaml *broken(const struct reading *r, const struct yaml *at, const char *why)
{
	fault_set(r->fault, FAULT_INPUT, "%s:%d:%d: %s", r->name, at->line, at->column, why);
	return NULL;
}

static bool is_null_word(const char *s)
{
	return *s == '\0' || strcmp(s, "~") == 0 || strcmp(s, "null") == 0;
}

static struct yaml *copy_tree(const struct reading *r, struct fy_node *from, int depth);

static struct yaml *copy_scalar(struct fy_node *from, struct yaml *node)
{
	size_t n = 0;
	const char *bytes = from == NULL ? NULL : fy_node_get_scalar(from, &n);
	enum fy_node_style style = from == NULL ? FYNS_PLAIN : fy_node_get_style(from);
	node->kind = YAML_SCALAR;
	node->scalar = mem_strndup(bytes == NULL ? "" : bytes, n);
	node->quoted = style == FYNS_SINGLE_QUOTED || style == FYNS_DOUBLE_QUOTED ||
	    style == FYNS_LITERAL || style == FYNS_FOLDED;
	node->is_null = !node->quoted && is_null_word(node->scalar);
	return node;
}

static struct yaml *copy_list(const struct reading *r, struct fy_node *from, struct yaml *node,
    int depth)
{
	void *position = NULL;
	size_t capacity = 0;
	node->kind = YAML_LIST;
	for (struct fy_node *item; (item = fy_node_sequence_iterate(from, &position)) != NULL;) {
		struct yaml *value = copy_tree(r, item, depth + 1);
		if (value == NULL)
			return NULL;
		node->values = mem_grow(node->values, node->n, &capacity, sizeof(void *));
		node->values[node->n++] = value;
	}
	return node;
}

static struct yaml *copy_map(const struct reading *r, struct fy_node *from, struct yaml *node,
    int depth)
{
	void *position = NULL;
	size_t capacity = 0;
	node->kind = YAML_MAP;
	for (struct fy_node_pair *pair;
	     (pair = fy_node_mapping_iterate(from, &position)) != NULL;) {
		struct yaml *key = copy_tree(r, fy_node_pair_key(pair), depth + 1);
		if (key == NULL)
			return NULL;
		if (key->kind != YAML_SCALAR || yaml_get(node, key->scalar) != NULL) {
			broken(r, key, key->kind != YAML_SCALAR ? "a key must be plain text" :
								  "this key stands here twice");
			free_tree(key);
			return NULL;
		}
		struct yaml *value = copy_tree(r, fy_node_pair_value(pair), depth + 1);
		if (value == NULL) {
			free_tree(key);
			return NULL;
		}
		if (value->line == 0) {
			value->line = key->line;
			value->column = key->column;
		}
		if (node->n == capacity) {
			capacity = capacity == 0 ? 8 : capacity * 2;
			node->keys = mem_realloc(node->keys, capacity * sizeof(void *));
			node->values = mem_realloc(node->values, capacity * sizeof(void *));
		}
		node->keys[node->n] = key;
		node->values[node->n++] = value;
	}
	return node;
}

static struct yaml *copy_tree(const struct reading *r, struct fy_node *from, int depth)
{
	struct yaml *node = mem_zalloc(sizeof *node), *done = NULL;
	struct fy_token *token = NULL;
	if (from != NULL && fy_node_get_type(from) == FYNT_SCALAR)
		token = fy_node_get_scalar_token(from);
	const struct fy_mark *mark = token == NULL ? NULL : fy_token_start_mark(token);
	if (mark != NULL) {
		node->line = mark->line + 1;
		node->column = mark->column + 1;
	}
	if (depth > MAX_DEPTH)
		broken(r, node, "nested too deeply");
	else if (from != NULL && fy_node_is_alias(from))
		broken(r, node, "aliases are not allowed here; write the value out");
	else if (from == NULL || fy_node_get_type(from) == FYNT_SCALAR)
		done = copy_scalar(from, node);
	else if (fy_node_get_type(from) == FYNT_SEQUENCE)
		done = copy_list(r, from, node, depth);
	else
		done = copy_map(r, from, node, depth);
	if (done == NULL) {
		free_tree(node);
		return NULL;
	}
	/* A list or map stands where its first child stands. */
	const struct yaml *first = node->n == 0 ? NULL :
	    node->keys != NULL ? node->keys[0] : node->values[0];
	if (node->line == 0 && first != NULL) {
		node->line = first->line;
		node->column = first->column;
	}
	return node;
}

/* libfyaml collects its complaints; the first one is what a person needs. */
static void first_complaint(const char *name, struct fy_diag *diag, struct fault *fault)
{
	void *position = NULL;
	const struct fy_diag_error *error = fy_diag_errors_iterate(diag, &position);
	char why[200];
	if (error == NULL) {
		fault_set(fault, FAULT_INPUT, "%s: not YAML", name);
		return;
	}
	text_printable(why, sizeof why, error->msg, strlen(error->msg));
	if (strcmp(i18n_language(), "en") != 0) /* theirs are in English alone */
		fault_set(fault, FAULT_INPUT, _("%s:%d:%d: no YAML from here on: look at the brackets, quotes and blanks"), name, error->line, error->column);
	else
		fault_set(fault, FAULT_INPUT, "%s:%d:%d: %s", name, error->line, error->column, why);
}

/*
 * The line of an explicit key ("? key"), or 0. Our files have no use for them,
 * and libfyaml 0.7.12 follows a stray pointer after some broken ones. A "?"
 * that stands alone is one wherever a node may begin: at the begin of a line,
 * or behind an indicator; behind a word it is text.
 */
static int explicit_key_line(const char *bytes, size_t n)
{
	int line = 1;
	char before = '\0'; /* the last byte of this line that is not blank */
	bool spaced = true; /* a blank, or nothing, since then */
	for (size_t i = 0; i < n; i++) {
		char c = bytes[i], next = i + 1 < n ? bytes[i + 1] : '\n';
		if (c == '\n' || c == '\r') {
			line += c == '\n';
			before = '\0';
			spaced = true;
			continue;
		}
		if (c == ' ' || c == '\t') {
			spaced = true;
			continue;
		}
		bool is_word = (before >= '0' && before <= '9') || (before >= 'a' && before <= 'z') ||
		    (before >= 'A' && before <= 'Z') || (before & 0x80) != 0 || (before != '\0' && strchr("\"').!%", before) != NULL);
		bool may_begin = !is_word && (spaced || strchr("[{,:-?", before) != NULL);
		if (c == '?' && may_begin && strchr(" \t\r\n:,?]}[{", next) != NULL)
			return line;
		before = c;
		spaced = false;
	}
	return 0;
}

bool yaml_parse(const char *name, const char *bytes, size_t n, struct yaml ***docs,
    size_t *n_docs, struct fault *fault)
{
	*docs = NULL;
	*n_docs = 0;
	if (n > MAX_BYTES)
		return fault_set(fault, FAULT_INPUT, _("%s: larger than 1 MiB"), name);
	if (memchr(bytes, '\0', n) != NULL)
		return fault_set(fault, FAULT_INPUT, _("%s: holds a NUL byte"), name);
	/* libfyaml 0.7 may turn for ever on a byte that is no UTF-8. */
	int line = 1;
	for (size_t i = 0; i < n;) {
		uint32_t point;
		size_t used = utf8_decode(bytes + i, n - i, &point);
		if (point == 0xFFFD && used == 1)
			return fault_set(fault, FAULT_INPUT, _("%s:%d: holds a byte that is no UTF-8"), name, line);
		line += point == '\n';
		i += used;
	}
	int key_line = explicit_key_line(bytes, n);
	if (key_line != 0)
		return fault_set(fault, FAULT_INPUT, _("%s:%d:1: explicit keys (\"? key\") are not read here; write \"key: value\""), name, key_line);
	struct fy_diag_cfg diag_config;
	fy_diag_cfg_default(&diag_config);
	diag_config.fp = NULL;
	struct fy_diag *diag = fy_diag_create(&diag_config);
	fy_diag_set_collect_errors(diag, true);
	/* Duplicate keys are let through here and refused in copy_map, which
	 * can say where. */
	struct fy_parse_cfg config = { .flags = FYPCF_ALLOW_DUPLICATE_KEYS, .diag = diag };
	struct fy_parser *parser = fy_parser_create(&config);
	struct reading reading = { name, fault };
	size_t capacity = 0;
	bool ok = parser != NULL && fy_parser_set_string(parser, bytes, n) == 0;
	while (ok) {
		struct fy_document *document = fy_parse_load_document(parser);
		if (document == NULL)
			break;
		struct yaml *tree = NULL;
		if (fy_document_root(document) != NULL)
			tree = copy_tree(&reading, fy_document_root(document), 0);
		bool empty = fy_document_root(document) == NULL;
		fy_parse_document_destroy(parser, document);
		if (empty)
			continue;
		if (tree == NULL) {
			ok = false;
			break;
		}
		*docs = mem_grow(*docs, *n_docs, &capacity, sizeof(void *));
		(*docs)[(*n_docs)++] = tree;
	}
	if (ok && fy_parser_get_stream_error(parser)) {
		first_complaint(name, diag, fault);
		ok = false;
	}
	if (parser != NULL)
		fy_parser_destroy(parser);
	fy_diag_destroy(diag);
	if (!ok) {
		yaml_free(*docs, *n_docs);
		*docs = NULL;
		*n_docs = 0;
	}
	return ok;
}

bool yaml_read_file(const char *path, struct yaml ***docs, size_t *n_docs, struct fault *fault)
{
	FILE *file = fopen(path, "re");
	if (file == NULL)
		return fault_set(fault, errno == ENOENT ? FAULT_NOT_FOUND : FAULT_SYSTEM,
		    "%s: %s", path, strerror(errno));
	char *bytes = mem_alloc(MAX_BYTES + 1);
	size_t n = fread(bytes, 1, MAX_BYTES + 1, file);
	bool ok = !ferror(file);
	fclose(file);
	ok = ok ? yaml_parse(path, bytes, n, docs, n_docs, fault) :
		  fault_set(fault, FAULT_SYSTEM, _("%s: cannot be read"), path);
	free(bytes);
	return ok;
}

const struct yaml *yaml_get(const struct yaml *map, const char *key)
{
	if (map == NULL || map->kind != YAML_MAP)
		return NULL;
	for (size_t i = 0; i < map->n; i++) {
		if (strcmp(map->keys[i]->scalar, key) == 0)
			return map->values[i];
	}
	return NULL;
}

const char *yaml_str(const struct yaml *map, const char *key, const char *otherwise)
{
	const struct yaml *value = yaml_get(map, key);
	return value == NULL || value->kind != YAML_SCALAR ? otherwise : value->scalar;
}

bool yaml_wrong(const char *path, const struct yaml *at, const char *what, const char *text, struct fault *fault)
{
	char shown[48];
	text_printable(shown, sizeof shown, text, strlen(text));
	return fault_set(fault, FAULT_USAGE, "%s:%d:%d: \"%s\" %s", path, at->line, at->column, shown, _(what));
}

bool yaml_unknown_key(const char *path, const struct yaml *key, const char *const *known, size_t n, struct fault *fault)
{
	const char *best = known[0];
	char shown[48], what[96];
	text_printable(shown, sizeof shown, key->scalar, strlen(key->scalar));
	for (size_t i = 1; i < n; i++) {
		if (text_distance(shown, known[i]) < text_distance(shown, best))
			best = known[i];
	}
	snprintf(what, sizeof what, _("is not known here; is \"%s\" meant?"), best);
	return yaml_wrong(path, key, what, key->scalar, fault);
}
