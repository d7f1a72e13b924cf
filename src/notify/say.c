/* SPDX-License-Identifier: Apache-2.0 */
#include "notify/say.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/iso_time.h"
#include "base/mem.h"
#include "notify/words.h"

const char *say_time(const struct destination *to, int64_t ms, struct arena *arena)
{
	struct civil c;
	const char *zone = "UTC";
	int64_t offset_ms = to->zone == NULL ? 0 : zone_offset_s(to->zone, ms, &zone) * SECOND_MS;
	civil_from_ms(ms + offset_ms, &c);
	return arena_printf(arena, "%04d-%02d-%02d %02d:%02d %s", c.year, c.month, c.day, c.hour, c.minute, zone);
}

static void add(struct say *say, const char *label, const char *value)
{
	if (value != NULL && *value != '\0' && say->n < SAY_LINES)
		say->lines[say->n++] = (struct say_line){ label, value };
}

static const char *in_its_language(const struct destination *to, const char *en, const char *es)
{
	return to->es && *es != '\0' ? es : en;
}

static const char *title_of(const struct destination *to, const struct alert *a)
{
	return in_its_language(to, a->title_en, a->title_es);
}

static const char *subject_of(const struct alert *a)
{
	return *a->subject_name != '\0' ? a->subject_name : a->subject_id;
}

static const char *severity_upper(const struct destination *to, enum severity severity)
{
	static const char *const names[][2] = { [SEVERITY_LOW] = { "LOW", "BAJA" }, [SEVERITY_MEDIUM] = { "MEDIUM", "MEDIA" },
		[SEVERITY_HIGH] = { "HIGH", "ALTA" }, [SEVERITY_CRITICAL] = { "CRITICAL", "CRÍTICA" } };
	return names[severity][to->es];
}

/* What happened, where it is more than a new alert; "" else. */
static const char *happened(const struct destination *to, const struct notice *n, struct arena *arena)
{
	switch (n->kind) {
	case NOTICE_RAISED:
		return strcmp(n->act, "raise") == 0 ? "" : tell_word(WORD_REOPENED, to->es);
	case NOTICE_WORSE:
		return tell_word(WORD_WORSE, to->es);
	case NOTICE_CLOSED:
		return tell_word(WORD_CLOSED, to->es);
	case NOTICE_ACT:
		return *n->became != '\0' && strcmp(n->act, "assign") == 0 ? arena_printf(arena, "%s: %s", tell_act(n->act, to->es), n->became) :
									     tell_act(n->act, to->es);
	case N_NOTICE_KINDS:
		break;
	}
	return "";
}

static void say_one(const struct destination *to, const struct telling *telling, struct arena *arena, struct say *out)
{
	const struct notice *n = &telling->notices[0];
	const struct alert *a = &n->alert;
	bool es = to->es;
	const char *what = happened(to, n, arena);
	out->severity = a->severity;
	out->headline = arena_printf(arena, "%s%s%s%s%s · %s · %s", telling->test ? tell_word(WORD_TEST, es) : "", telling->test ? " · " : "", what,
	    *what != '\0' ? " · " : "", severity_upper(to, a->severity), title_of(to, a), subject_of(a));
	add(out, tell_word(WORD_SEVERITY, es), arena_printf(arena, "%s (%d/100)", tell_severity(a->severity, es), a->score));
	add(out, tell_word(WORD_SUBJECT, es), subject_of(a));
	add(out, tell_word(WORD_SITE, es), a->location);
	add(out, tell_word(WORD_WHY, es), in_its_language(to, a->why_en, a->why_es));
	for (size_t i = 0, more = 0; i < a->n_reasons && more < 2; i++) {
		const char *text = in_its_language(to, a->reasons[i].text_en, a->reasons[i].text_es);
		if (strcmp(text, in_its_language(to, a->why_en, a->why_es)) != 0) {
			add(out, "", text);
			more++;
		}
	}
	const char *first = say_time(to, a->first_ms, arena), *last = say_time(to, a->last_ms, arena);
	add(out, tell_word(WORD_WHEN, es), strcmp(first, last) == 0 ? first : arena_printf(arena, "%s — %s", first, last));
	if (a->count > 0)
		add(out, tell_word(WORD_RECORDS, es), arena_printf(arena, "%lld", (long long)a->count));
	if (a->cost_micro > 0) {
		char *cost = arena_printf(arena, "%.2f USD", (double)a->cost_micro / 1e6);
		add(out, tell_word(WORD_COST, es), es ? text_comma(cost) : cost);
	}
	if (n->kind != NOTICE_RAISED || a->state != ALERT_NEW)
		add(out, tell_word(WORD_STATE, es), tell_state(a->state, es));
	if (n->kind == NOTICE_CLOSED)
		add(out, tell_word(WORD_RESOLUTION, es), tell_resolution(a->resolution, es));
	if (strcmp(n->who, "centinela") != 0)
		add(out, tell_word(WORD_BY, es), n->who);
	out->foot = arena_printf(arena, "%s %lld", tell_word(WORD_SHOW, es), (long long)a->id);
}

/* ---- many ------------------------------------------------------------------- */

#define NAMES_MAX 64
struct tally {
	struct {
		const char *name;
		size_t n;
	} items[NAMES_MAX];
	size_t n, others;
};

static void count(struct tally *tally, const char *name)
{
	size_t i = 0;
	while (i < tally->n && strcmp(tally->items[i].name, name) != 0)
		i++;
	if (i == NAMES_MAX) {
		tally->others++;
		return;
	}
	if (i == tally->n) {
		tally->items[i].name = name;
		tally->items[i].n = 0;
		tally->n++;
	}
	tally->items[i].n++;
}

/* "12 IRSF, 3 wangiri, 2 others": the most frequent first. */
static const char *tally_text(const struct destination *to, struct tally *tally, struct arena *arena)
{
	struct text out = { 0 };
	for (size_t shown = 0; shown < 5; shown++) {
		size_t most = tally->n;
		for (size_t i = 0; i < tally->n; i++) {
			if (tally->items[i].n > 0 && (most == tally->n || tally->items[i].n > tally->items[most].n))
				most = i;
		}
		if (most == tally->n)
			break;
		text_printf(&out, "%s%zu %s", out.n > 0 ? ", " : "", tally->items[most].n, tally->items[most].name);
		tally->items[most].n = 0;
	}
	for (size_t i = 0; i < tally->n; i++)
		tally->others += tally->items[i].n;
	if (tally->others > 0)
		text_printf(&out, ", %zu %s", tally->others, tell_word(WORD_OTHERS, to->es));
	const char *kept = arena_strndup(arena, text_string(&out), out.n);
	text_clear(&out);
	return kept;
}

static int by_strength(const void *a, const void *b)
{
	const struct notice *const *x = a, *const *y = b;
	int sx = (int)(*x)->alert.severity * 1000 + (*x)->alert.score, sy = (int)(*y)->alert.severity * 1000 + (*y)->alert.score;
	return sx != sy ? (sx < sy) - (sx > sy) : ((*x)->id > (*y)->id) - ((*x)->id < (*y)->id);
}

/* The last word about each alert, so that one is counted once. */
static size_t last_of_each(const struct telling *telling, const struct notice **out)
{
	size_t n = 0;
	for (size_t i = telling->n; i-- > 0;) {
		bool seen = false;
		for (size_t k = 0; k < n && !seen; k++)
			seen = out[k]->alert.id == telling->notices[i].alert.id;
		if (!seen)
			out[n++] = &telling->notices[i];
	}
	return n;
}

static void say_many(const struct destination *to, const struct telling *telling, struct arena *arena, struct say *out)
{
	const struct notice **last = arena_alloc(arena, (telling->n + 1) * sizeof *last);
	struct tally severities = { 0 }, rules = { 0 }, sites = { 0 };
	bool es = to->es;
	size_t n = last_of_each(telling, last);
	for (size_t i = 0; i < n; i++) {
		const struct alert *a = &last[i]->alert;
		count(&severities, tell_severity(a->severity, es));
		count(&rules, title_of(to, a));
		count(&sites, *a->location != '\0' ? a->location : tell_word(WORD_NO_SITE, es));
		if (a->severity > out->severity)
			out->severity = a->severity;
	}
	qsort(last, n, sizeof *last, by_strength);
	/* Of more than are here the rest is counted, not described. */
	out->headline = telling->n_all > (int64_t)telling->n ?
	    arena_printf(arena, "%s · %lld %s %zu+ %s, %s %s", severity_upper(to, out->severity), (long long)telling->n_all, tell_word(WORD_NOTICES, es),
		n, tell_word(WORD_ALERTS, es), tell_word(WORD_SINCE, es), say_time(to, telling->since_ms, arena)) :
	    arena_printf(arena, "%s · %zu %s, %s %s", severity_upper(to, out->severity), n, n == 1 ? tell_word(WORD_ALERT, es) : tell_word(WORD_ALERTS, es),
		tell_word(WORD_SINCE, es), say_time(to, telling->since_ms, arena));
	add(out, tell_word(WORD_SEVERITIES, es), tally_text(to, &severities, arena));
	add(out, tell_word(WORD_RULES, es), tally_text(to, &rules, arena));
	add(out, tell_word(WORD_SITES, es), tally_text(to, &sites, arena));
	for (size_t i = 0; i < MIN(n, (size_t)5); i++) {
		const struct alert *a = &last[i]->alert;
		add(out, i == 0 ? tell_word(WORD_STRONGEST, es) : "", arena_printf(arena, "#%lld %s · %s · %s%s%s", (long long)a->id,
		    severity_upper(to, a->severity), title_of(to, a), subject_of(a), *a->location != '\0' ? " · " : "", a->location));
	}
	out->foot = tell_word(WORD_QUEUE, es);
}

void say_make(const struct destination *to, const struct telling *telling, struct arena *arena, struct say *out)
{
	*out = (struct say){ .headline = "", .foot = "" };
	if (telling->gathered)
		say_many(to, telling, arena, out);
	else if (telling->n > 0)
		say_one(to, telling, arena, out);
}
