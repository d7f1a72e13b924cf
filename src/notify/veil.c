/* SPDX-License-Identifier: Apache-2.0
 *
 * What a destination may see: numbers without their middle, or no names either.
 * A person is then "person 1f6a0c3e", the same one each time. */
#include <stdio.h>
#include <string.h>

#include "base/hash.h"
#include "base/mask.h"
#include "base/mem.h"
#include "notify/say.h"
#include "notify/words.h"

static const char *masked(const char *text, struct arena *arena)
{
	struct text out = { 0 };
	if (text == NULL || *text == '\0')
		return text;
	mask_text(text, &out);
	const char *kept = arena_strndup(arena, text_string(&out), out.n);
	text_clear(&out);
	return kept;
}

/* `name` becomes `instead` wherever it stands. */
static const char *without(const char *text, const char *name, const char *instead, struct arena *arena)
{
	struct text out = { 0 };
	size_t n = strlen(name);
	const char *at;
	if (text == NULL || n < 3 || strstr(text, name) == NULL)
		return text;
	while ((at = strstr(text, name)) != NULL) {
		text_add(&out, text, (size_t)(at - text));
		text_puts(&out, instead);
		text = at + n;
	}
	text_puts(&out, text);
	const char *kept = arena_strndup(arena, text_string(&out), out.n);
	text_clear(&out);
	return kept;
}

static void each_text(struct alert *a, const char *(*change)(const char *, void *), void *arg, struct arena *arena)
{
	const char **const texts[] = { &a->title_en, &a->title_es, &a->why_en, &a->why_es, &a->subject_id, &a->subject_name, &a->tags };
	for (size_t i = 0; i < COUNT_OF(texts); i++)
		*texts[i] = change(*texts[i], arg);
	struct reason *reasons = arena_alloc(arena, (a->n_reasons + 1) * sizeof *reasons);
	for (size_t i = 0; i < a->n_reasons; i++) {
		reasons[i] = a->reasons[i];
		reasons[i].value = change(reasons[i].value, arg);
		reasons[i].expected = change(reasons[i].expected, arg);
		reasons[i].text_en = change(reasons[i].text_en, arg);
		reasons[i].text_es = change(reasons[i].text_es, arg);
	}
	a->reasons = reasons;
}

static const char *mask_it(const char *text, void *arg)
{
	return masked(text, arg);
}

static const char *printable(const char *text, void *arg)
{
	if (text == NULL || *text == '\0')
		return "";
	size_t n = strlen(text), room = 3 * n + 4; /* a broken byte becomes three */
	char *out = arena_alloc(arg, room);
	text_printable(out, room, text, n);
	return out;
}

struct unnaming {
	const char *name, *id, *instead;
	struct arena *arena;
};

static const char *unname_it(const char *text, void *arg)
{
	const struct unnaming *u = arg;
	return without(without(text, u->name, u->instead, u->arena), u->id, u->instead, u->arena);
}

static bool is_named(enum subject_kind kind)
{
	return kind == SUBJECT_PERSON || kind == SUBJECT_DEVICE || kind == SUBJECT_NUMBER;
}

static bool is_of_a_person(const char *fact)
{
	return strcmp(fact, "site.name") != 0 && (text_ends_with(fact, ".name") || text_ends_with(fact, ".email"));
}

/* A rule's sentence may name anybody ("…, the last Ana Bernal"), and so may a person's
 * title: what is left is the facts, and what the alert is of. */
static void only_facts(struct alert *a, bool es, struct arena *arena)
{
	struct reason *reasons = arena_alloc(arena, (a->n_reasons + 1) * sizeof *reasons);
	for (size_t i = 0; i < a->n_reasons; i++) {
		struct reason *r = &reasons[i];
		*r = a->reasons[i];
		if (strcmp(r->fact, MANUAL_RULE) == 0) /* who raised it */
			r->value = tell_word(WORD_SOMEBODY, es);
		if (is_of_a_person(r->fact)) {
			r->value = tell_subject_kind(SUBJECT_PERSON, es);
			r->expected = "";
		}
		r->text_en = r->text_es = arena_printf(arena, "%s: %s", r->fact, r->value);
	}
	a->reasons = reasons;
	a->why_en = a->why_es = a->n_reasons > 0 ? reasons[0].text_en : "";
	if (strcmp(a->rule, MANUAL_RULE) == 0)
		a->title_en = a->title_es = tell_word(WORD_ALERT, es);
}

void veil(const struct destination *to, struct notice *notice, struct arena *arena)
{
	struct alert *a = &notice->alert;
	const char **const others[] = { &a->location, &a->assignee, &a->rule, &a->team, &notice->act, &notice->who, &notice->was, &notice->became };
	each_text(a, printable, arena, arena);
	for (size_t i = 0; i < COUNT_OF(others); i++)
		*others[i] = printable(*others[i], arena);
	if (to->redact == REDACT_NONE)
		return;
	if (to->redact == REDACT_NAMES) {
		const char *somebody = tell_word(WORD_SOMEBODY, to->es);
		/* By its id: what somebody is called changes. */
		struct unnaming u = { a->subject_name, a->subject_id, NULL, arena };
		u.instead = arena_printf(arena, "%s %08x", tell_subject_kind(a->subject_kind, to->es), (unsigned)(hash_text(a->subject_id) >> 32));
		if (is_named(a->subject_kind)) {
			each_text(a, unname_it, &u, arena);
			a->subject_name = a->subject_id = u.instead;
		}
		only_facts(a, to->es, arena);
		notice->who = strcmp(notice->who, "centinela") == 0 ? notice->who : somebody;
		if (notice->kind == NOTICE_ACT) /* people, teams, tags */
			notice->was = notice->became = "";
		if (a->assignee != NULL && *a->assignee != '\0')
			a->assignee = somebody;
		a->team = a->tags = "";
	}
	each_text(a, mask_it, arena, arena);
	notice->was = masked(notice->was, arena);
	notice->became = masked(notice->became, arena);
}
