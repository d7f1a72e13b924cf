/* SPDX-License-Identifier: Apache-2.0 */
#include "store/filter_words.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define WORDS_MAX 200 /* of one pattern: more make a statement that takes long to read */

#define FITTING "SELECT id FROM words WHERE fold(text) LIKE $1 ESCAPE '\\'"

static struct fitting_words *known(const struct filter_words *words, bool of_sites, const char *pattern)
{
	for (size_t i = 0; words != NULL && i < words->n; i++)
		if (words->items[i].of_sites == of_sites && strcmp(words->items[i].pattern, pattern) == 0)
			return &words->items[i];
	return NULL;
}

static bool find(struct db *db, struct filter_words *words, bool of_sites, const char *pattern, struct fault *fault)
{
	if (known(words, of_sites, pattern) != NULL)
		return true;
	struct statement *st = of_sites ?
	    db_statement(db, FITTING " UNION SELECT o.name_id FROM site_names o JOIN site_names n ON n.uuid = o.uuid"
			 " JOIN words w ON w.id = n.name_id WHERE fold(w.text) LIKE $1 ESCAPE '\\' LIMIT $2", fault) :
	    db_statement(db, FITTING " LIMIT $2", fault);
	if (st == NULL)
		return false;
	words->items = mem_grow(words->items, words->n, &words->capacity, sizeof *words->items);
	struct fitting_words *fitting = &words->items[words->n++];
	*fitting = (struct fitting_words){ .pattern = mem_strdup(pattern), .of_sites = of_sites };
	db_bind(db, st, "ti", pattern, (int64_t)WORDS_MAX + 1);
	enum step step;
	size_t n = 0;
	for (; (step = db_step(db, st, fault)) == STEP_ROW; n++)
		text_printf(&fitting->ids, "%s%lld", n > 0 ? "," : "", (long long)db_int(db, st, 0));
	db->engine->reset(st);
	fitting->too_many = n > WORDS_MAX;
	return step == STEP_DONE;
}

static bool find_for(struct db *db, struct filter_words *words, const struct filter_field *field, const char *pattern, struct fault *fault)
{
	return (field->form != COLUMN_WORD && field->form != COLUMN_SITE) || find(db, words, field->form == COLUMN_SITE, pattern, fault);
}

bool filter_words_read(struct db *db, const struct filter *filter, struct filter_words *words, struct fault *fault)
{
	*words = (struct filter_words){ 0 };
	for (size_t i = 0; i < filter->n_nodes; i++) {
		const struct filter_node *node = &filter->nodes[i];
		const struct filter_field *field;
		if (node->kind == NODE_TEXT && !find_for(db, words, node->field, node->pattern, fault))
			return false;
		for (size_t k = 0; node->kind == NODE_SEARCH && (field = filter_field_searched(filter->of, k)) != NULL; k++)
			if (!find_for(db, words, field, node->pattern, fault))
				return false;
	}
	return true;
}

const char *filter_words_ids(const struct filter_words *words, bool of_sites, const char *pattern)
{
	const struct fitting_words *fitting = known(words, of_sites, pattern);
	return fitting == NULL || fitting->too_many ? NULL : text_string(&fitting->ids);
}

void filter_words_clear(struct filter_words *words)
{
	for (size_t i = 0; i < words->n; i++) {
		free(words->items[i].pattern);
		text_clear(&words->items[i].ids);
	}
	free(words->items);
	*words = (struct filter_words){ 0 };
}
