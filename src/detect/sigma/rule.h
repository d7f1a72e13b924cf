/* SPDX-License-Identifier: Apache-2.0
 *
 * A Sigma rule as it was read: metadata, an expression over predicates or a
 * correlation over other rules, and what Centinela adds under `centinela:`.
 * Written after the SigmaHQ specification 2.1 and its correlation rules. */
#ifndef DETECT_SIGMA_RULE_H
#define DETECT_SIGMA_RULE_H

#include "base/yaml.h"
#include "detect/fact.h"
#include "detect/finding.h"

#define SIGMA_MAX_GROUP 4
#define SIGMA_MAX_REFS	16
#define SIGMA_MAX_DEPTH 32

struct predicate; /* match.h */

enum expr_kind { EXPR_PREDICATE, EXPR_AND, EXPR_OR, EXPR_NOT, EXPR_N_OF };

struct expr {
	enum expr_kind kind;
	struct predicate *predicate;
	struct expr **parts;
	size_t n_parts;
	size_t at_least; /* EXPR_N_OF */
};

struct strings {
	char **items;
	size_t n;
};

/* The condition of a correlation: bounds on what its type measures. */
struct bounds {
	bool has_low, has_high, has_not;
	bool low_open, high_open; /* written gt, lt: an average may lie between */
	int64_t low, high;	  /* both inclusive */
	int64_t not_equal;
};

struct correlation_type; /* correlate.h */

struct correlation {
	const struct correlation_type *type;
	struct strings refs;		     /* ids or names, as written */
	int ref_line[SIGMA_MAX_REFS], ref_column[SIGMA_MAX_REFS];
	const struct fact *group_by[SIGMA_MAX_GROUP][SIGMA_MAX_REFS]; /* by referred rule */
	size_t n_group;
	const struct fact *field;	     /* value_count, value_sum … */
	int percentile;			     /* value_percentile: 1 to 99 */
	int64_t timespan_ms;
	struct bounds bounds;
	bool generate;			     /* the referred rules speak for themselves too */
};

struct sigma_rule {
	const char *file; /* as given to sigma_parse; in the arena */
	int line;
	char *id, *name, *title, *title_es, *description, *description_es, *status;
	enum severity level;
	struct strings tags, falsepositives, falsepositives_es, references, playbook_en, playbook_es;
	int points;	  /* of a finding before its context; 0: by level */
	enum subject_kind subject_kind;
	const struct fact *subject_id, *subject_name; /* NULL: by kind */
	const struct fact *reason_fact;		      /* NULL: chosen */
	char *text_en, *text_es;		      /* templates; NULL: the title */
	char *expected_en, *expected_es;	      /* "" unknown */
	struct expr *condition;			      /* NULL: a correlation */
	struct correlation *correlation;	      /* NULL: an event rule */
	uint64_t definition; /* hash of what is judged: equal → windows may be kept */
};

/* A filter of the specification: what other rules shall leave out. */
struct sigma_filter {
	const char *title, *title_es;	/* that which it has under `centinela:`, else the title */
	struct strings refs;		/* ids or names, as written */
	const struct yaml **ref_at;	/* where; of the file's documents */
	bool any;			/* every rule of one record */
	struct expr *leaves_out;
	uint32_t key;	  /* of its file and title: the same though its end or its scope is changed */
	int64_t until_ms; /* `expires`: calls from then on are not left out any more; INT64_MAX: none */
	uint64_t definition;
};

/* What one file holds. */
struct sigma_file {
	struct arena arena;
	char *path;
	bool own; /* of the installation: its rules replace others of the same id */
	uint64_t source_hash; /* of the bytes and the lists: set by who reads files again */
	struct sigma_rule **rules;
	size_t n_rules;
	struct sigma_filter **filters;
	size_t n_filters;
	size_t form_bytes; /* see values.c */
	struct predicate **predicates; /* all of the file's, for release */
	size_t n_predicates;
	struct yaml **docs;	       /* kept for the tests they hold */
	size_t n_docs;
};

/* What %name% stands for in a value under |expand. */
struct sigma_list {
	const char *name;
	struct strings values;
};

struct sigma_options {
	bool any_field; /* of any log source: fields are text, by the names they come with */
	const struct sigma_list *lists;
	size_t n_lists;
};

/*
 * Read the rules of a file's bytes.
 *
 * path     for messages and identity
 * options  NULL: fields of our records, no lists; borrowed for the call
 * A fault names file:line:column and the offending thing, with a suggestion
 * when a name was nearly right. Nothing is kept on failure.
 */
bool sigma_parse(const char *path, const char *bytes, size_t n, const struct sigma_options *options,
    struct sigma_file **out, struct fault *) MUST_USE;
void sigma_file_free(struct sigma_file *);

/* -- shared by the parser's files -- */

struct sigma_parse {
	struct sigma_file *file;
	struct fault *fault;
	const struct sigma_options *options;
};

/* "file:line:column: sentence"; returns false. */
void sigma_fault_fill(const struct sigma_parse *, const struct yaml *at, const char *format, ...)
    PRINTF_LIKE(3, 4);
#define sigma_fault(...) (sigma_fault_fill(__VA_ARGS__), fault_is_false())
/* `; did you mean "x"?` or "": the nearest of n words within two letters. */
const char *sigma_hint(const char *word, const char *const *words, size_t n, char *out,
    size_t capacity);

/* A map entry `field|modifier…: value` to a predicate (match.c). */
bool sigma_predicate(const struct sigma_parse *, const struct yaml *key,
    const struct yaml *value, struct expr **out) MUST_USE;
/* A word, or a list of them, to be found anywhere in the record. */
bool sigma_keywords(const struct sigma_parse *, const struct yaml *words, struct expr **out) MUST_USE;
/* The condition over named selections (condition.c). */
bool sigma_condition(const struct sigma_parse *, const struct yaml *text, const char *const *names,
    struct expr *const *selections, size_t n, struct expr **out) MUST_USE;
/* Selections and their condition; the key `but` is no selection (NULL: none). */
bool sigma_detection(const struct sigma_parse *, const struct yaml *map, const char *but, struct expr **out)
    MUST_USE;
/* The `filter:` map of a document (filters.c). */
bool sigma_filter_read(const struct sigma_parse *, const struct yaml *doc, const struct yaml *map) MUST_USE;
/* What a tree of YAML says, as a number. */
uint64_t sigma_hash(const struct yaml *, uint64_t seed);
/* The `correlation:` map (correlate_parse.c). */
bool sigma_correlation(const struct sigma_parse *, const struct yaml *map, struct correlation **out)
    MUST_USE;
bool sigma_fact(const struct sigma_parse *, const struct yaml *at, const char *name,
    const struct fact **out) MUST_USE;
struct expr *sigma_expr(const struct sigma_parse *, enum expr_kind, size_t n_parts);

#endif
