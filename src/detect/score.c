/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/score.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

int score_of_level(enum severity level)
{
	static const int points[] = { [SEVERITY_LOW] = 20, [SEVERITY_MEDIUM] = 40,
		[SEVERITY_HIGH] = 60, [SEVERITY_CRITICAL] = 80 };
	return points[level];
}

static bool is_same(const struct reason *a, const struct reason *b)
{
	return strcmp(a->fact, b->fact) == 0 && a->value != NULL && b->value != NULL && strcmp(a->value, b->value) == 0;
}

/* What was seen is said once, by whoever saw it first: what a circumstance adds to a
 * rule that spoke of the same is in its points. */
void score_add(struct score *score, const struct reason *reason)
{
	size_t i = 0;
	while (i < score->n && !is_same(&score->reasons[i], reason))
		i++;
	if (i == SCORE_MAX_REASONS)
		return;
	int points = MAX(MIN(reason->points, 100 - score->total), -score->total);
	if (i == score->n) {
		score->reasons[score->n++] = *reason;
		score->reasons[i].points = 0;
	}
	score->reasons[i].points += points;
	score->total += points;
}

/* A circumstance: fact, bound and what it adds. Only outside calls. */
static const struct {
	const char *fact;
	int64_t at_least, at_most;
	int points;
	const char *expected, *en, *es;
} circumstances[] = {
	{ "dst.tier", TIER_EXTREME, TIER_EXTREME, 15, "", "destination of extreme fraud risk", "destino de riesgo de fraude extremo" },
	{ "dst.tier", TIER_HIGH, TIER_HIGH, 8, "", "destination of high fraud risk", "destino de alto riesgo de fraude" },
	{ "dst.premium", 1, 1, 8, "", "premium-rate number", "número de tarifa especial" },
	{ "dst.look_alike", 1, 1, 6, "", "looks like a domestic number and is not", "parece un número nacional y no lo es" },
	{ "forward.out", 1, 1, 6, "", "forwarded by the line itself", "desviada por la propia línea" },
	{ "local.closed", 1, 1, 8, "", "outside business hours", "fuera del horario de la sede" },
	{ "local.holiday", 1, 1, 4, "", "on a public holiday", "en día festivo" },
	{ "overlap.international", 2, INT32_MAX, 8, "1", "several international calls at once", "varias llamadas internacionales a la vez" },
	{ "sequence.run", 4, INT32_MAX, 6, "", "neighbouring numbers one after the other", "números vecinos uno tras otro" },
};

static void say(struct score *score, const struct fact *fact, const struct fact_value *value,
    int points, const char *expected, const char *en, const char *es)
{
	struct text shown = { 0 };
	fact_print(fact, value, &shown);
	score_add(score, &(struct reason){ .fact = fact->name,
	    .value = arena_strdup(score->arena, text_string(&shown)), .expected = expected,
	    .points = points, .text_en = en, .text_es = es });
	text_clear(&shown);
}

/* A first call means something once we have looked for a fortnight. */
#define LEARNING_DAYS 14

static void say_first_time(struct score *score, const struct fact_view *view)
{
	static const struct {
		const char *fact, *en, *es;
		int points;
	} firsts[] = {
		{ "known.country_days", "nobody here had called that country", "nadie aquí había llamado a ese país", 10 },
		{ "known.country_user_days", "this person had never called that country", "esta persona nunca había llamado a ese país", 6 },
	};
	if (view->state == NULL || view->state->watched_days < LEARNING_DAYS)
		return;
	for (size_t i = 0; i < COUNT_OF(firsts); i++) {
		struct fact_value value;
		const struct fact *fact = fact_named(firsts[i].fact);
		fact_read(fact, view, &value);
		if (value.present && value.number == 0) {
			say(score, fact, &value, firsts[i].points, "", firsts[i].en, firsts[i].es);
			return;
		}
	}
}

/* What the person's habits say of it. Once in a hundred is nothing to speak of;
 * short acquaintance weighs half. */
#define UNUSUAL_FROM 30
#define UNUSUAL_MOST 10

static void say_unusual(struct score *score, const struct fact_view *view)
{
	if (view->state == NULL || view->state->usual[USUAL_OWNER].surprise < UNUSUAL_FROM)
		return;
	const struct usual *u = &view->state->usual[USUAL_OWNER];
	const struct fact *what = fact_named("usual.what");
	bool hour = u->window_s <= 3600, little = u->days < LEARNING_DAYS;
	int points = MIN(u->surprise / 10, UNUSUAL_MOST) / (little ? 2 : 1);
	char en[80] = "", es[80] = "";
	if (little && u->days == 0) {
		snprintf(en, sizeof en, "%s", " (little to go by: first seen today)");
		snprintf(es, sizeof es, "%s", " (poco de qué fiarse: se ve por primera vez hoy)");
	} else if (little) {
		snprintf(en, sizeof en, " (little to go by: known for %d day%s)", (int)u->days, u->days == 1 ? "" : "s");
		snprintf(es, sizeof es, " (poco de qué fiarse: se conoce hace %d día%s)", (int)u->days, u->days == 1 ? "" : "s");
	}
	score_add(score, &(struct reason){ .fact = "usual.count", .value = arena_printf(score->arena, "%d", (int)u->count), .expected = arena_strdup(score->arena, u->expected), .points = points,
	    .text_en = arena_printf(score->arena, "%s in %s%s", what->words[u->what], hour ? "an hour" : "a day", en),
	    .text_es = arena_printf(score->arena, "%s en %s%s", what->words_es[u->what], hour ? "una hora" : "un día", es) });
}

void score_circumstances(struct score *score, const struct fact_view *view,
    int64_t cost_per_hour_micro)
{
	if (!(view->leg->flags & LEG_EXTERNAL_OUT))
		return;
	for (size_t i = 0; i < COUNT_OF(circumstances); i++) {
		struct fact_value value;
		const struct fact *fact = fact_named(circumstances[i].fact);
		fact_read(fact, view, &value);
		if (value.present && value.number >= circumstances[i].at_least &&
		    value.number <= circumstances[i].at_most)
			say(score, fact, &value, circumstances[i].points, circumstances[i].expected,
			    circumstances[i].en, circumstances[i].es);
	}
	say_first_time(score, view);
	say_unusual(score, view);
	/* Money: 10 USD an hour is a nuisance, 100 an incident. */
	if (cost_per_hour_micro >= 10 * INT64_C(1000000)) {
		struct fact_value value = { .present = true, .number = cost_per_hour_micro };
		struct text shown = { 0 };
		fact_print(fact_named("cost"), &value, &shown);
		score_add(score, &(struct reason){ .fact = "cost", .value = arena_printf(score->arena, "%s/h", text_string(&shown)), .expected = "",
		    .points = cost_per_hour_micro >= 100 * INT64_C(1000000) ? 8 : 4,
		    .text_en = "estimated cost per hour, as it was then", .text_es = "costo estimado por hora, como iba entonces" });
		text_clear(&shown);
	}
}

void score_outlier(struct score *score, const struct outlier *o)
{
	static const struct {
		double rank;
		int points;
		const char *shown, *shown_es;
	} steps[] = { { 0.999, 8, "99.9 %", "99,9 %" }, { 0.99, 5, "99 %", "99 %" }, { 0.95, 2, "95 %", "95 %" } };
	for (size_t i = 0; i < COUNT_OF(steps); i++) {
		if (o->rank < steps[i].rank)
			continue;
		struct text by = { 0 };
		for (size_t k = 0; k < OUTLIER_REASONS && o->moved[k] != NULL; k++)
			text_printf(&by, "%s%s", k > 0 ? ", " : "", o->moved[k]->name);
		score_add(score, &(struct reason){ .fact = "outlier.rank", .value = steps[i].shown, .expected = "", .points = steps[i].points, .text_en = arena_printf(score->arena, "odder than %s of the calls here (%s)", steps[i].shown, text_string(&by)), .text_es = arena_printf(score->arena, "más rara que el %s de las llamadas de aquí (%s)", steps[i].shown_es, text_string(&by)) });
		text_clear(&by);
		return;
	}
}

void score_outcome(struct score *score, const struct rule_outcome *o)
{
	int64_t n = o->confirmed + o->dismissed;
	if (n < OUTCOME_LEAST)
		return;
	/* As if one more had ended each way: five in a row are no certainty. */
	double right = (double)(o->confirmed + 1) / (double)(n + 2);
	int points = (int)lround((right - 0.5) * 2 * OUTCOME_MOST);
	if (points == 0)
		return;
	score_add(score, &(struct reason){ .fact = "rule.confirmed", .value = arena_printf(score->arena, "%lld/%lld", (long long)o->confirmed, (long long)n), .expected = "", .points = points, .text_en = arena_printf(score->arena, "%lld of %lld alerts of this rule were confirmed here", (long long)o->confirmed, (long long)n), .text_es = arena_printf(score->arena, "aquí se confirmaron %lld de %lld alertas de esta regla", (long long)o->confirmed, (long long)n) });
}

enum severity score_severity(int total, enum severity level)
{
	enum severity by_total = total >= 90 ? SEVERITY_CRITICAL :
	    total >= 70			     ? SEVERITY_HIGH :
	    total >= 45			     ? SEVERITY_MEDIUM :
					       SEVERITY_LOW;
	return MAX(level, by_total);
}
