/* SPDX-License-Identifier: Apache-2.0
 *
 * The rules in force as a person reads them, also those that never spoke, and
 * the attacks they can be rehearsed against. */
#ifndef WATCH_RULE_BOOK_H
#define WATCH_RULE_BOOK_H

#include "alerts/alert.h"
#include "base/arena.h"
#include "base/fault.h"
#include "detect/judge.h"

struct rule_words {
	const char *const *items;
	size_t n;
};

/* One rule that raises alerts of its own. Texts are never NULL, "" unknown. */
struct rule_page {
	const char *id, *title_en, *title_es, *description_en, *description_es, *status, *file;
	enum severity level;
	bool correlates; /* counts over records, or judges one at a time */
	size_t n_tests;
	struct rule_words tags, falsepositives_en, falsepositives_es, playbook_en, playbook_es;
};

struct rule_book {
	struct rule_page *rules;
	size_t n;
	const char **scenarios; /* names in data/scenarios, sorted */
	size_t n_scenarios;
	const char *complaints; /* of files that are not in force, a line each; "" none */
};

/* Reads both folders; what is filled lives in the arena. */
bool rule_book_read(const struct judge_options *, const char *data_folder, struct arena *,
    struct rule_book *out, struct fault *) MUST_USE;

/* The rules that were read last: with every alert that is opened they are asked for, and
 * parsing all of them takes many times what reading the alert does. */
struct rule_shelf {
	struct arena arena;
	bool read;
	uint64_t looked;
	struct rule_book book;
};
void rule_shelf_clear(struct rule_shelf *);
/* As rule_book_read(), which is done anew when something in the folders has changed. */
bool rule_shelf_read(struct rule_shelf *, const struct judge_options *, const char *data_folder, struct arena *,
    struct rule_book *out, struct fault *) MUST_USE;

#endif
