/* SPDX-License-Identifier: Apache-2.0
 *
 * Every name that a rule, a filter or a column may use, in one table: the 87
 * wire fields ("called_number", or "Called number" as on the wire) and the
 * derived facts ("dst.country"). Help in both languages stands beside them. */
#ifndef DETECT_FACT_H
#define DETECT_FACT_H

#include "base/text.h"
#include "detect/state_facts.h"

enum fact_kind {
	FACT_TEXT, FACT_NUMBER,
	FACT_DURATION,		/* seconds; written 90, "90s", "20m", "2h" */
	FACT_MONEY,		/* micro USD; written in USD: 12.5 */
	FACT_BOOL,
	FACT_TIME,		/* ms UTC */
	FACT_ENUM,		/* ordered words: dst.tier >= high */
};

/* Where a fact is read from. `state` may be NULL: then those are absent. */
struct fact_view {
	const struct cdr *cdr;
	const struct leg_facts *leg;
	const struct state_facts *state;
};

struct fact_value {
	bool present;
	int64_t number;	  /* all kinds but FACT_TEXT; bool 0/1; enum its place */
	struct span text; /* FACT_TEXT and the word of FACT_ENUM; borrowed from the view */
};

struct fact {
	const char *name;
	const char *wire;		 /* a wire field's own name; else NULL */
	enum fact_kind kind;
	const char *help_en, *help_es;
	const char *const *words;	 /* FACT_ENUM: the words in order */
	const char *const *words_es;	 /* as a person reads them; NULL: the same */
	int n_words;
	uint32_t flag;			 /* FACT_BOOL that is an enum leg_flag; else 0 */
	enum cdr_field field;		 /* wire fields; else CDR_N_FIELDS */
	bool stateful;			 /* needs fact_view.state */
	void (*read)(const struct fact_view *, struct fact_value *out); /* NULL: flag or field */
};

size_t fact_count(void);
const struct fact *fact_at(size_t i); /* derived facts first, then wire fields */

/* By name (any case), or by wire name in any spelling. NULL: there is none. */
const struct fact *fact_named(const char *name);

/* The name a person may have meant, or NULL when nothing is near. */
const char *fact_nearest(const char *name);

void fact_read(const struct fact *, const struct fact_view *, struct fact_value *out);

/* As a person reads it, printable: "LV", "12 min 34 s", "true", "3.20 USD". */
void fact_print(const struct fact *, const struct fact_value *, struct text *out);

const char *fact_kind_name(enum fact_kind);

#endif
