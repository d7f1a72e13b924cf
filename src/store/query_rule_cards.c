/* SPDX-License-Identifier: Apache-2.0
 *
 * A report card for each rule: what it raised, how that ended, how soon it
 * spoke and what it cost an analyst. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "store/manual_rows.h"
#include "store/query.h"
#include "store/request_rows.h"

struct numbers {
	int64_t *items;
	size_t n, capacity;
};

static void add(struct numbers *numbers, int64_t value)
{
	numbers->items = mem_grow(numbers->items, numbers->n, &numbers->capacity, sizeof *numbers->items);
	numbers->items[numbers->n++] = value;
}

static int by_value(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
	return (x > y) - (x < y);
}

/* Empties them. */
static int64_t median(struct numbers *numbers, int64_t otherwise)
{
	int64_t value = otherwise;
	if (numbers->n > 0) {
		qsort(numbers->items, numbers->n, sizeof *numbers->items, by_value);
		value = numbers->items[numbers->n / 2];
	}
	numbers->n = 0;
	return value;
}

bool query_rule_cards(struct db *db, int64_t since_ms, struct arena *arena, struct rule_cards *out, struct fault *fault)
{
	struct statement *st = db_statement(db, "SELECT rule, state, resolution, first_ms, raised_ms, acknowledged_ms, closed_ms,"
	    " title_en, title_es FROM alerts WHERE raised_ms >= $1 AND rule <> '" MANUAL_RULE "' AND " NOT_TAKEN("id") " ORDER BY rule, raised_ms DESC, id DESC", fault);
	struct rule_card *cards = NULL, *card = NULL;
	struct numbers delays = { 0 }, work = { 0 };
	size_t capacity = 0, n = 0;
	enum step step;
	*out = (struct rule_cards){ 0 };
	if (st == NULL)
		return false;
	db_bind(db, st, "i", since_ms);
	while ((step = db_step(db, st, fault)) == STEP_ROW) {
		if (card == NULL || strcmp(card->rule, db_text(db, st, 0)) != 0) {
			if (card != NULL) {
				card->delay_ms = median(&delays, 0);
				card->work_ms = median(&work, -1);
			}
			cards = mem_grow(cards, n, &capacity, sizeof *cards);
			card = &cards[n++];
			*card = (struct rule_card){ .rule = arena_strdup(arena, db_text(db, st, 0)),
				.title_en = arena_strdup(arena, db_text(db, st, 7)), .title_es = arena_strdup(arena, db_text(db, st, 8)) };
		}
		int64_t state = db_int(db, st, 1), resolution = db_int(db, st, 2), seen = db_int(db, st, 5), closed = db_int(db, st, 6);
		card->raised++;
		if (state != ALERT_CLOSED)
			card->open++;
		else if (resolution >= 0 && resolution < N_RESOLUTIONS)
			card->ended[resolution]++;
		add(&delays, MAX(db_int(db, st, 4) - db_int(db, st, 3), (int64_t)0));
		if (state == ALERT_CLOSED && seen > 0 && closed >= seen)
			add(&work, closed - seen);
	}
	db->engine->reset(st);
	if (card != NULL) {
		card->delay_ms = median(&delays, 0);
		card->work_ms = median(&work, -1);
	}
	out->n = n;
	out->items = arena_alloc(arena, (n + 1) * sizeof *cards);
	if (n > 0)
		memcpy(out->items, cards, n * sizeof *cards);
	free(cards);
	free(delays.items);
	free(work.items);
	return step == STEP_DONE;
}

bool query_rule_outcomes(struct db *db, int64_t since_ms, struct arena *arena, struct rule_outcome **out, size_t *n,
    struct fault *fault)
{
	struct rule_outcome *outcomes = NULL;
	size_t capacity = 0;
	enum step step;
	*n = 0;
	*out = NULL;
	struct statement *st = db_statement(db, "SELECT rule, sum(CASE WHEN resolution IN ($2, $3) THEN 1 ELSE 0 END),"
						" sum(CASE WHEN resolution IN ($4, $5) THEN 1 ELSE 0 END) FROM alerts WHERE rank + 0 = 0 AND closed_ms >= $1 AND " NOT_TAKEN("id")
						" GROUP BY rule ORDER BY rule",
	    fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "iiiii", since_ms, (int64_t)RESOLUTION_TRUE_IMPACT, (int64_t)RESOLUTION_TRUE_NO_IMPACT,
	    (int64_t)RESOLUTION_FALSE_POSITIVE, (int64_t)RESOLUTION_LEGITIMATE);
	while ((step = db_step(db, st, fault)) == STEP_ROW) {
		outcomes = mem_grow(outcomes, *n, &capacity, sizeof *outcomes);
		outcomes[(*n)++] = (struct rule_outcome){ arena_strdup(arena, db_text(db, st, 0)), db_int(db, st, 1), db_int(db, st, 2) };
	}
	db->engine->reset(st);
	if (*n > 0) {
		*out = arena_alloc(arena, *n * sizeof **out);
		memcpy(*out, outcomes, *n * sizeof **out);
	}
	free(outcomes);
	return step == STEP_DONE;
}
