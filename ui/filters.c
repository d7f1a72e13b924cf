/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/filters.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mask.h"
#include "base/mem.h"
#include "filter/silence_scope.h"
#include "ui/screen.h"

#define PARTS_MOST   16
#define PART_COLUMNS 60 /* in a title */

bool filters_check(struct pane *pane, const char *source, struct filter_reading *reading, struct fault *fault, size_t *offset)
{
	struct filter_names names = filter_book_names(&pane->screen->book);
	struct filter filter;
	if (pane->type->is_scope ? !silence_scope_read(source, strlen(source), pane_now(pane), &names, &filter, reading, fault, offset) :
				   !filter_parse(pane->type->filter_of, source, strlen(source), pane_now(pane), &names, &filter, reading, fault, offset))
		return false;
	filter_clear(&filter);
	if (offset != NULL)
		*offset = 0;
	return filter_expand(source, &names, &pane->screen->expanded, fault); /* it may be too long then */
}

void filters_set(struct screen *screen, struct pane *pane, const char *source)
{
	struct fault fault;
	bulk_drop(screen); /* what was taken is of another filter */
	pane_set_filter(pane, source);
	if (pane->type->row == NULL || pane->type->is_scope || !screen->sticky_filters || !book_put(&screen->book.last, pane->type->name, source, &fault))
		return;
	if (screen->on_keep != NULL)
		screen->on_keep(screen->keep_arg, true, pane->type->name, source);
}

void filters_begin(struct screen *screen, struct pane *pane)
{
	if (pane->type->row == NULL || pane->type->is_scope)
		return;
	const char *source = screen->sticky_filters ? book_find(&screen->book.last, pane->type->name) : NULL;
	if (source == NULL)
		source = book_find(&screen->book.saved, pane->type->name);
	if (source == NULL)
		return;
	struct fault fault;
	if (!filters_check(pane, source, NULL, &fault, NULL)) {
		screen_message(screen, ROLE_WARN, _("The filter that %s begins with is not used: %s"), pane->type->name, fault.text);
		return;
	}
	pane->type->set_filter(pane, source);
}

const char *filters_expanded(struct screen *screen, const char *source)
{
	struct filter_names names = filter_book_names(&screen->book);
	struct fault fault;
	/* Who set it has checked that it can be expanded; a name that was forgotten
	 * since stays as it is, and is called wrong by who reads it. */
	return filter_expand(source, &names, &screen->expanded, &fault) ? text_string(&screen->expanded) : source;
}

/* ---- parts ------------------------------------------------------------------------ */

static size_t parts_of(struct pane *pane, struct filter_part parts[static PARTS_MOST])
{
	const char *source = pane_filter(pane);
	struct filter filter;
	struct fault fault;
	if (*source == '\0')
		return 0;
	parts[0] = (struct filter_part){ 0, strlen(source) };
	struct filter_names names = filter_book_names(&pane->screen->book);
	if (pane->type->row == NULL ||
	    !filter_parse(pane->type->filter_of, source, strlen(source), pane_now(pane), &names, &filter, NULL, &fault, NULL))
		return 1;
	size_t n = filter_parts(&filter, parts, PARTS_MOST);
	if (n > PARTS_MOST) { /* the last one is all the rest */
		parts[PARTS_MOST - 1].until = filter.nodes[filter.root].until;
		n = PARTS_MOST;
	}
	filter_clear(&filter);
	return n;
}

/* As the screen shows numbers; the filter itself stays whole. */
static char *part_text(const struct pane *pane, const char *source, const struct filter_part *part)
{
	char *text = mem_strndup(source + part->from, part->until - part->from);
	struct text masked = { 0 };
	if (!pane->screen->masked)
		return text;
	mask_text(text, &masked);
	free(text);
	text = mem_strdup(text_string(&masked));
	text_clear(&masked);
	return text;
}

void filters_parts(struct pane *pane, struct text *out)
{
	struct filter_part parts[PARTS_MOST];
	size_t n = parts_of(pane, parts);
	const char *source = pane_filter(pane);
	for (size_t i = 0; i < n; i++) {
		char *part = part_text(pane, source, &parts[i]);
		size_t fits = text_fit(part, PART_COLUMNS, NULL);
		text_printf(out, "%s/%.*s%s", i > 0 ? "  " : "", (int)fits, part, part[fits] != '\0' ? "\u2026" : "");
		free(part);
	}
}

static void drop(struct screen *screen, struct pane *pane, size_t which)
{
	struct filter_part parts[PARTS_MOST];
	size_t n = parts_of(pane, parts);
	struct text left = { 0 };
	const char *source = pane_filter(pane);
	for (size_t i = 0; i < n; i++)
		if (i != which)
			text_printf(&left, "%s%.*s", left.n > 0 ? " and " : "", (int)(parts[i].until - parts[i].from),
			    source + parts[i].from);
	filters_set(screen, pane, text_string(&left));
	text_clear(&left);
}

static void on_part(struct screen *screen, void *arg, const struct menu_item *item)
{
	struct pane *pane = screen_focused(screen);
	UNUSED(arg);
	if (pane->type->filter != NULL)
		drop(screen, pane, (size_t)item->value);
}

static void part_menu(struct screen *screen, struct pane *pane)
{
	struct filter_part parts[PARTS_MOST];
	size_t n = parts_of(pane, parts);
	struct menu *menu = screen_menu(screen, _("Take away"), on_part, NULL);
	for (size_t i = 0; i < n; i++) {
		char *label = part_text(pane, pane->type->filter(pane), &parts[i]);
		menu_add(menu, i < 9 ? (uint32_t)('1' + i) : 0, (int64_t)i, label);
		free(label);
	}
	menu->selected = n - 1;
}

/* ---- saved ones ---------------------------------------------------------------------- */

static void on_saved(struct screen *screen, void *arg, const struct menu_item *item)
{
	struct pane *pane = screen_focused(screen);
	char source[BOOK_NAME_BYTES + 1];
	struct fault fault;
	UNUSED(arg);
	if (pane->type->row == NULL || (size_t)item->value >= screen->book.saved.n)
		return;
	snprintf(source, sizeof source, "@%s", screen->book.saved.items[item->value].name);
	if (filters_check(pane, source, NULL, &fault, NULL))
		filters_set(screen, pane, source);
	else
		screen_message(screen, ROLE_WARN, "%s", fault.text);
}

static void saved_menu(struct screen *screen)
{
	struct book_part *saved = &screen->book.saved;
	if (saved->n == 0) {
		screen_message(screen, ROLE_TEXT, "%s", _("No filter is saved yet: Ctrl-S saves the one that is typed."));
		return;
	}
	struct menu *menu = screen_menu(screen, _("Saved filters"), on_saved, NULL);
	for (size_t i = 0; i < saved->n; i++) {
		char label[sizeof menu->items[0].label];
		char source[PROMPT_BYTES];
		snprintf(label, sizeof label, "@%s  %.80s", saved->items[i].name,
		    format_masked(saved->items[i].source, screen->masked, source, sizeof source));
		menu_add(menu, i < 9 ? (uint32_t)('1' + i) : 0, (int64_t)i, label);
	}
}

static bool check_name(void *arg, const char *name, struct fault *fault, size_t *offset)
{
	struct book_part none = { 0 };
	UNUSED(arg);
	*offset = 0;
	return book_put(&none, name, "", fault);
}

static void on_name(struct screen *screen, void *arg, const char *name)
{
	char *source = arg;
	struct fault fault;
	if (name == NULL) {
		/* declined */
	} else if (*source == '\0' && book_find(&screen->book.saved, name) == NULL) {
		screen_message(screen, ROLE_WARN, _("there is no saved filter %s"), name);
	} else if (!book_put(&screen->book.saved, name, source, &fault)) {
		screen_message(screen, ROLE_ERROR, "%s", fault.text);
	} else {
		screen_message(screen, ROLE_OK,
		    *source == '\0' ? _("@%s is forgotten.") : _("Saved: @%s stands for it in any filter."), name);
		if (screen->on_keep != NULL)
			screen->on_keep(screen->keep_arg, false, name, source);
	}
	free(source);
}

void filters_save(struct screen *screen, const char *source)
{
	char *kept = mem_strdup(source);
	const char *label = *source == '\0' ? _("forget the filter @") : _("save the filter as @");
	screen_prompt(screen, label, "", NULL, check_name, NULL, on_name, kept);
}

bool filters_command(struct screen *screen, enum command command)
{
	struct pane *pane = screen_focused(screen);
	struct filter_part parts[PARTS_MOST];
	if (pane->type->row == NULL)
		return false;
	if (command == CMD_SAVED_FILTERS) {
		saved_menu(screen);
		return true;
	}
	if (command != CMD_FILTER_BACK && command != CMD_FILTER_PART)
		return false;
	size_t n = parts_of(pane, parts);
	if (n == 0)
		screen_message(screen, ROLE_TEXT, "%s", _("There is no filter here."));
	else if (command == CMD_FILTER_PART && n > 1)
		part_menu(screen, pane);
	else
		drop(screen, pane, n - 1);
	return true;
}
