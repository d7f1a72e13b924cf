/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/panes/pivot.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/iso_time.h"
#include "base/mask.h"
#include "base/mem.h"
#include "filter/token.h"
#include "ui/clip.h"

#define VALUES_MAX 40

struct value {
	const struct filter_field *field;
	char expression[PROMPT_BYTES]; /* in the row's own language; "" it has none */
	char calls[PROMPT_BYTES], alerts[PROMPT_BYTES]; /* with it; "" there is no telling */
	char raw[TOKEN_BYTES];
};

/* Lies with the menus, which free it: one block. */
struct pivot {
	enum filter_of of;
	bool own; /* the row's language has a list that can be filtered */
	struct value values[VALUES_MAX];
	size_t n, chosen;
};

/* ---- values as expressions ---------------------------------------------------------- */

/* What the value is in the language, and whether it says anything. */
static bool literal(const struct filter_field *field, const struct filter_cell *cell, char out[static PROMPT_BYTES])
{
	const char *text = cell->other != NULL ? in_language(cell->text, cell->other) : or_empty(cell->text);
	char iso[ISO_TIME_BYTES];
	int64_t n = cell->number;
	switch (field->kind) {
	case FIELD_TEXT:
		return *text != '\0' && token_quote(out, PROMPT_BYTES, text);
	case FIELD_ENUM:
		if (n < 0 || (size_t)n >= field->n_values || *field->values[n] == '\0')
			return false;
		snprintf(out, PROMPT_BYTES, "%s", field->values[n]);
		return true;
	case FIELD_FLAG:
		snprintf(out, PROMPT_BYTES, "true");
		return n == 1;
	case FIELD_TIME: /* its day: nothing else has that moment */
		snprintf(out, PROMPT_BYTES, "%.10s", iso_time_format(n, iso));
		return n > 0;
	case FIELD_MONEY:
		snprintf(out, PROMPT_BYTES, "%" PRId64 ".%06" PRId64, n / 1000000, n % 1000000);
		for (size_t end = strlen(out); out[end - 1] == '0' && out[end - 2] != '.';)
			out[--end] = '\0';
		return n > 0;
	case FIELD_NUMBER:
	case FIELD_SECONDS:
		snprintf(out, PROMPT_BYTES, "%" PRId64, n);
		return n > 0;
	}
	return false;
}

bool pivot_express(const struct filter_field *field, const struct filter_cell *cell, char out[static PROMPT_BYTES])
{
	char value[PROMPT_BYTES];
	if (!literal(field, cell, value))
		return false;
	int n = snprintf(out, PROMPT_BYTES, "%s == %s", field->name, value);
	return n > 0 && n < PROMPT_BYTES;
}

bool pivot_join(const char *source, enum filter_of of, const struct filter_names *names, const char *part, char out[static PROMPT_BYTES])
{
	struct filter filter;
	struct fault fault;
	bool parsed = filter_parse(of, source, strlen(source), 0, names, &filter, NULL, &fault, NULL);
	/* What binds less than "and" goes into parentheses; so does what is not understood. */
	bool wrap = !parsed || (filter.n_nodes > 0 && filter.nodes[filter.root].kind == NODE_OR && !filter.nodes[filter.root].whole);
	if (parsed)
		filter_clear(&filter);
	int n = *source == '\0' ? snprintf(out, PROMPT_BYTES, "%s", part) :
	    snprintf(out, PROMPT_BYTES, "%s%s%s and %s", wrap ? "(" : "", source, wrap ? ")" : "", part);
	return n > 0 && n < PROMPT_BYTES;
}

/* ---- the same in another language ---------------------------------------------------- */

static bool is_person(int64_t kind)
{
	return kind == SUBJECT_PERSON || kind == SUBJECT_SERVICE;
}

/* The field of calls that holds what this one does; NULL none. */
static const char *field_of_calls(enum filter_of of, const char *name, int64_t subject_kind)
{
	static const char *const ids[] = { [SUBJECT_PERSON] = "user.id", [SUBJECT_SERVICE] = "user.id", [SUBJECT_NUMBER] = "number",
		[SUBJECT_TRUNK] = "trunk", [SUBJECT_SITE] = "location", [SUBJECT_DEVICE] = NULL, [SUBJECT_ORG] = NULL };
	if (of == FILTER_CALLS)
		return name;
	if (of == FILTER_LOCATIONS)
		return strcmp(name, "name") == 0 ? "location" : NULL;
	if (of == FILTER_LIVE) /* what is up has a state, and so far no length nor price */
		return strcmp(name, "state") == 0 || strcmp(name, "duration") == 0 || strcmp(name, "cost") == 0 ? NULL : name;
	if (strcmp(name, "subject.id") == 0)
		return subject_kind >= 0 && (size_t)subject_kind < COUNT_OF(ids) ? ids[subject_kind] : NULL;
	if (strcmp(name, "subject.name") == 0)
		return is_person(subject_kind) ? "user.name" : NULL;
	return strcmp(name, "location") == 0 ? name : NULL;
}

static const char *field_of_alerts(enum filter_of of, const char *name)
{
	static const struct {
		const char *name, *alerts;
	} same[] = { { "user.id", "subject.id" }, { "user.name", "subject.name" }, { "number", "subject.id" }, { "dst.number", "subject.id" },
		{ "trunk", "subject.id" }, { "location", "location" } };
	if (of == FILTER_ALERTS)
		return name;
	if (of == FILTER_LOCATIONS)
		return strcmp(name, "name") == 0 ? "location" : NULL;
	if (of == FILTER_SCORES) /* what was added up over a subject's alerts is no alert's */
		return strcmp(name, "count") == 0 || strcmp(name, "cost") == 0 ? NULL : name;
	for (size_t i = 0; i < COUNT_OF(same); i++)
		if (strcmp(same[i].name, name) == 0)
			return same[i].alerts;
	return NULL;
}

static void in_language_of(enum filter_of of, const char *name, const struct filter_field *own, const struct filter_cell *cell, char out[static PROMPT_BYTES])
{
	const struct filter_field *field = name == NULL ? NULL : filter_field_named(of, name);
	bool same = field != NULL && field->kind == own->kind && (field->kind != FIELD_ENUM || field->values == own->values);
	if (!same || !pivot_express(field, cell, out))
		out[0] = '\0';
}

/* ---- gathering ---------------------------------------------------------------------- */

static bool is_told(const struct pivot *pivot, const struct filter_field *field, const char *raw)
{
	for (size_t i = 0; i < pivot->n; i++)
		if (strcmp(pivot->values[i].field->help, field->help) == 0 && strcmp(pivot->values[i].raw, raw) == 0)
			return true; /* number and dst.number are one */
	return false;
}

static void add(struct pivot *pivot, const struct filter_field *field, const struct filter_cell *cell, int64_t subject_kind)
{
	struct value *value = &pivot->values[pivot->n];
	if (pivot->n == VALUES_MAX || !pivot_express(field, cell, value->expression))
		return;
	const char *raw = value->expression + strlen(field->name) + 4;
	snprintf(value->raw, sizeof value->raw, "%s", field->kind != FIELD_TEXT ? raw : cell->other != NULL ? in_language(cell->text, cell->other) : cell->text);
	if (is_told(pivot, field, value->raw))
		return;
	value->field = field;
	in_language_of(FILTER_CALLS, field_of_calls(pivot->of, field->name, subject_kind), field, cell, value->calls);
	in_language_of(FILTER_ALERTS, field_of_alerts(pivot->of, field->name), field, cell, value->alerts);
	pivot->n++;
}

/* ---- what to do with it ---------------------------------------------------------------- */

/* The list that is filtered in the row's language: here, below, or among the panes. */
static struct pane *list_of(struct screen *screen, enum filter_of of)
{
	for (size_t i = screen->n_views; i-- > 0;)
		if (screen->views[i]->type->row != NULL && screen->views[i]->type->filter_of == of)
			return screen->views[i];
	for (size_t i = 0; i < N_MAIN_PANES; i++)
		if (screen->panes[i]->type->row != NULL && screen->panes[i]->type->filter_of == of)
			return screen->panes[i];
	return NULL;
}

static void go_to(struct screen *screen, const struct pane *pane)
{
	for (size_t i = 0; i < N_MAIN_PANES; i++)
		if (screen->panes[i] == pane)
			screen_focus(screen, i);
	while (screen->n_views > 0 && screen_focused(screen) != pane)
		screen_close_view(screen);
}

/* Go to the list and filter it. */
static void filter_list(struct screen *screen, struct pane *pane, const char *source)
{
	struct fault fault;
	if (!filters_check(pane, source, NULL, &fault, NULL)) {
		screen_message(screen, ROLE_WARN, "%s", fault.text);
		return;
	}
	go_to(screen, pane);
	filters_set(screen, pane, source);
}

/* What the queue's rows are to be grouped by for this field; false: by nothing of it. */
static bool grouping_of(const struct pivot *pivot, const struct value *value, const struct pane *queue, size_t *by)
{
	static const struct {
		const char *field, *group;
	} groups[] = { { "subject.id", "who" }, { "subject.name", "who" }, { "rule", "rule" }, { "location", "site" }, { "case", "case" } };
	const char *field = pivot->of == FILTER_ALERTS ? value->field->name : field_of_alerts(pivot->of, value->field->name);
	for (size_t i = 0; i < COUNT_OF(groups) && field != NULL; i++)
		for (*by = 0; strcmp(groups[i].field, field) == 0 && *by < COUNT_OF(queue->type->groups) && queue->type->groups[*by] != NULL; (*by)++)
			if (strcmp(queue->type->groups[*by], groups[i].group) == 0)
				return true;
	return false;
}

static struct pane *queue_of(struct screen *screen)
{
	for (size_t i = 0; i < N_MAIN_PANES; i++)
		if (screen->panes[i]->type->group != NULL)
			return screen->panes[i];
	return NULL;
}

static void on_first(void *arg, const struct call_list *answer, const struct fault *fault)
{
	struct screen *screen = arg;
	char moment[LONG_BYTES];
	const char *label;
	if (answer == NULL) {
		screen_message(screen, ROLE_ERROR, "%s", fault->text);
	} else if (answer->n == 0) {
		screen_message(screen, ROLE_TEXT, "%s", _("No call of the records has it."));
	} else {
		const struct call *call = &answer->items[0];
		const struct zone *zone = zones_of_site(&screen->zones, call->location, &label);
		screen_message(screen, ROLE_TEXT, _("First seen: %s, %s"), format_moment(zone, label, call->start_ms, moment), call->user_name);
	}
}

enum deed { DEED_INCLUDE, DEED_EXCLUDE, DEED_ONLY, DEED_GROUP, DEED_CALLS, DEED_ALERTS, DEED_FIRST, DEED_COPY };

static void on_deed(struct screen *screen, void *arg, const struct menu_item *item)
{
	const struct pivot *pivot = arg;
	const struct value *value = &pivot->values[pivot->chosen];
	struct pane *list = list_of(screen, pivot->of);
	char part[PROMPT_BYTES + 4], joined[PROMPT_BYTES];
	struct call_query query = { .filter = value->calls, .oldest_first = true, .limit = 1 };
	struct filter_names names = filter_book_names(&screen->book);
	switch ((enum deed)item->value) {
	case DEED_INCLUDE:
	case DEED_EXCLUDE:
		snprintf(part, sizeof part, "%s%s", item->value == DEED_EXCLUDE ? "not " : "", value->expression);
		if (list == NULL || !pivot_join(pane_filter(list), pivot->of, &names, part, joined))
			screen_refuse(screen, "%s", _("The filter would be too long."));
		else
			filter_list(screen, list, joined);
		break;
	case DEED_ONLY:
		if (list != NULL)
			filter_list(screen, list, value->expression);
		break;
	case DEED_GROUP: {
		struct pane *queue = queue_of(screen);
		size_t by;
		if (queue == NULL || !grouping_of(pivot, value, queue, &by))
			break;
		go_to(screen, queue);
		queue->type->group(queue, by);
		break;
	}
	case DEED_CALLS:
		screen_open(screen, &view_calls, 0);
		if (screen_focused(screen)->type == &view_calls)
			filter_list(screen, screen_focused(screen), value->calls);
		break;
	case DEED_ALERTS:
		filter_list(screen, list_of(screen, FILTER_ALERTS), value->alerts);
		break;
	case DEED_FIRST:
		screen_message(screen, ROLE_TEXT, "%s", _("Looking for the first one \u2026"));
		history_calls(screen->board->history, &query, on_first, screen);
		break;
	case DEED_COPY:
		text_reset(&screen->wishes.copy);
		if (screen->masked && value->field->kind == FIELD_TEXT) /* an id or a sum is no number, be it as long */
			mask_text(value->raw, &screen->wishes.copy);
		else
			text_puts(&screen->wishes.copy, value->raw);
		clip_sent(screen, 0);
		break;
	}
}

/* "location == \"Colombia\"", its numbers as the screen shows them. */
static void label_of(const struct screen *screen, const char *expression, char *out, size_t capacity)
{
	const char *shown = format_masked(expression, screen->masked, out, capacity);
	if (shown != out)
		snprintf(out, capacity, "%s", shown);
}

static void deeds(struct screen *screen, struct pivot *pivot)
{
	const struct value *value = &pivot->values[pivot->chosen];
	char title[160], label[160];
	label_of(screen, value->expression, title, sizeof title);
	struct pivot *kept = mem_dup(pivot, sizeof *pivot); /* the one before goes with its menu */
	struct menu *menu = screen_menu(screen, title, on_deed, kept);
	if (pivot->own) {
		menu_add(menu, 'i', DEED_INCLUDE, _("include: the filter, and this"));
		menu_add(menu, 'x', DEED_EXCLUDE, _("exclude: the filter, and not this"));
		menu_add(menu, 'o', DEED_ONLY, _("only this"));
	}
	size_t by;
	const struct pane *queue = queue_of(screen);
	if (queue != NULL && grouping_of(pivot, value, queue, &by))
		menu_add(menu, 'g', DEED_GROUP, _("group by it: a row of the queue for each such value"));
	if (*value->calls != '\0' && (pivot->of != FILTER_CALLS || !pivot->own)) {
		label_of(screen, value->calls, title, sizeof title);
		snprintf(label, sizeof label, _("calls with it: %.100s"), title);
		menu_add(menu, 'c', DEED_CALLS, label);
	}
	if (*value->alerts != '\0' && pivot->of != FILTER_ALERTS) {
		label_of(screen, value->alerts, title, sizeof title);
		snprintf(label, sizeof label, _("alerts with it: %.100s"), title);
		menu_add(menu, 'a', DEED_ALERTS, label);
	}
	if (*value->calls != '\0')
		menu_add(menu, 'f', DEED_FIRST, _("first seen in a call"));
	menu_add(menu, 'y', DEED_COPY, _("copy"));
}

static void on_value(struct screen *screen, void *arg, const struct menu_item *item)
{
	struct pivot *pivot = arg;
	pivot->chosen = (size_t)item->value;
	deeds(screen, pivot);
}

static void offer(struct screen *screen, struct pivot *pivot)
{
	if (pivot->n == 0) {
		screen_refuse(screen, "%s", _("There is no value under the cursor."));
		free(pivot);
		return;
	}
	struct menu *menu = screen_menu(screen, _("Which value?"), on_value, pivot);
	for (size_t i = 0; i < pivot->n; i++) {
		char label[160];
		label_of(screen, pivot->values[i].expression, label, sizeof label);
		/* 1 to 9, then letters that move no cursor. */
		static const char keys[] = "123456789abcdefimnoprstuvwxyz";
		menu_add(menu, i + 1 < sizeof keys ? (uint32_t)keys[i] : 0, (int64_t)i, label);
	}
}

void pivot_open(struct pane *pane)
{
	const struct pane_type *type = pane->type;
	const void *row = type->selected != NULL ? type->selected(pane) : NULL;
	struct pivot *pivot = mem_zalloc(sizeof *pivot);
	const struct filter_field *field, *kind = filter_field_named(type->filter_of, "subject.kind");
	struct filter_cell cell = { 0 };
	pivot->of = type->filter_of;
	pivot->own = list_of(pane->screen, pivot->of) != NULL;
	if (row != NULL && kind != NULL)
		type->read_row(row, kind->id, pane_now(pane), &cell);
	int64_t subject_kind = cell.number;
	for (size_t i = 0; row != NULL && (field = filter_field_at(pivot->of, i)) != NULL; i++) {
		cell = (struct filter_cell){ 0 };
		type->read_row(row, field->id, pane_now(pane), &cell);
		add(pivot, field, &cell, subject_kind);
	}
	offer(pane->screen, pivot);
}

void pivot_open_subject(struct pane *pane, enum subject_kind kind, const char *id, const char *name, const char *site)
{
	const struct {
		const char *field, *text;
	} values[] = { { "subject.id", id }, { "subject.name", name }, { "location", site } };
	struct pivot *pivot = mem_zalloc(sizeof *pivot);
	pivot->of = FILTER_SCORES; /* whose language is about subjects; none of its lists is meant */
	for (size_t i = 0; i < COUNT_OF(values); i++) {
		const struct filter_cell cell = { .text = values[i].text };
		add(pivot, filter_field_named(FILTER_SCORES, values[i].field), &cell, (int64_t)kind);
	}
	offer(pane->screen, pivot);
}
