/* SPDX-License-Identifier: Apache-2.0
 *
 * Checked reads over libfyaml: configuration, themes, rules. One kind of
 * error message, "name:line:column: sentence". Bounded: a file over 1 MiB,
 * anchors that multiply (aliases are refused) and depth over 32 are faults. */
#ifndef BASE_YAML_H
#define BASE_YAML_H

#include "base/fault.h"

enum yaml_kind { YAML_SCALAR, YAML_LIST, YAML_MAP };

struct yaml {
	enum yaml_kind kind;
	int line, column;	 /* from 1 */
	bool quoted;		 /* scalar: written in quotes, so "5" is text */
	char *scalar;		 /* YAML_SCALAR: never NULL; plain ~ and empty are "" with is_null */
	bool is_null;
	size_t n;		 /* entries of a list or map */
	struct yaml **values;	 /* n */
	struct yaml **keys;	 /* YAML_MAP: n scalars, in the file's order */
};

/*
 * Read every document of a file.
 *
 * name   for messages; borrowed for the call
 * docs   *n_docs trees, to be given to yaml_free; duplicate keys are a fault
 */
bool yaml_parse(const char *name, const char *bytes, size_t n, struct yaml ***docs,
    size_t *n_docs, struct fault *fault) MUST_USE;
bool yaml_read_file(const char *path, struct yaml ***docs, size_t *n_docs,
    struct fault *fault) MUST_USE;
void yaml_free(struct yaml **docs, size_t n_docs);

const struct yaml *yaml_get(const struct yaml *map, const char *key); /* or NULL */
/* The scalar under `key`, or `otherwise` when absent or no scalar. */
const char *yaml_str(const struct yaml *map, const char *key, const char *otherwise);

/* What is not understood, with where it stands: "path:3:5: "text" what". what: N_(),
 * translated here. */
bool yaml_wrong(const char *path, const struct yaml *at, const char *what, const char *text, struct fault *fault);
/* A key that is none of `known`, with the nearest. */
bool yaml_unknown_key(const char *path, const struct yaml *key, const char *const *known, size_t n, struct fault *fault);

#endif
