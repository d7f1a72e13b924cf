/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/columns.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "ui/screen.h"

#define NAME_COLUMNS 16 /* of a name in the menu */

char *column_name(const struct list_column *column, size_t i, char out[static COLUMN_NAME_BYTES])
{
	if (*column->title == '\0')
		snprintf(out, COLUMN_NAME_BYTES, "column-%zu", i + 1);
	else
		snprintf(out, COLUMN_NAME_BYTES, "%s", column->title + (*column->title == '|'));
	for (char *p = out; *p != '\0'; p++)
		*p = *p == ' ' ? '-' : *p;
	return out;
}

/* What has no heading was written by its number before it had a name, and columns have
 * come before it since: a number means the only such one there is. */
static bool numbered(const struct list_column *columns, size_t n, const char *name, size_t *out)
{
	size_t n_such = 0, at = 0;
	int64_t number;
	if (strncasecmp(name, "column-", 7) != 0 || !text_to_int(name + 7, 1, LIST_MAX_COLUMNS, &number))
		return false;
	for (size_t i = 0; i < n; i++)
		if (*columns[i].title == '|' && (n_such++ == 0 || (int64_t)i + 1 == number))
			at = i;
	*out = at;
	return n_such == 1 || (n_such > 1 && (int64_t)at + 1 == number);
}

static bool named(const struct list_column *columns, size_t n, const char *name, size_t *out)
{
	char known[COLUMN_NAME_BYTES];
	for (size_t i = 0; i < n; i++) {
		if (text_equal_nocase(column_name(&columns[i], i, known), name)) {
			*out = i;
			return true;
		}
	}
	return numbered(columns, n, name, out);
}

static bool no_column(const struct list_column *columns, size_t n, const char *name, struct fault *fault)
{
	char known[COLUMN_NAME_BYTES], best[COLUMN_NAME_BYTES] = "", shown[40];
	int least = INT32_MAX;
	text_printable(shown, sizeof shown, name, strlen(name));
	for (size_t i = 0; i < n; i++) {
		int distance = text_distance(name, column_name(&columns[i], i, known));
		if (distance < least) {
			least = distance;
			snprintf(best, sizeof best, "%s", known);
		}
	}
	return fault_set(fault, FAULT_USAGE, _("this list has no column %s; is \"%s\" meant?"), shown, best);
}

bool columns_read(const char *words, const struct list_column *columns, size_t n, struct columns_wish *wish, struct fault *fault)
{
	bool seen[LIST_MAX_COLUMNS] = { false };
	char *copy = mem_strdup(words != NULL ? words : ""), *rest = NULL;
	size_t placed = 0, shown = 0;
	bool ok = true;
	*wish = (struct columns_wish){ .n = MIN(n, (size_t)LIST_MAX_COLUMNS) };
	for (char *word = strtok_r(copy, " ,", &rest); ok && word != NULL; word = strtok_r(NULL, " ,", &rest)) {
		bool hidden = *word == '-';
		char *name = word + hidden, *equals = strrchr(name, '=');
		int64_t width = 0;
		size_t i;
		if (equals != NULL)
			*equals = '\0';
		if (equals != NULL && !text_to_int(equals + 1, 1, COLUMN_WIDEST, &width))
			ok = fault == NULL || fault_set(fault, FAULT_USAGE, _("a column is 1 to %d wide: %s=40"), COLUMN_WIDEST, name);
		else if (!named(columns, wish->n, name, &i))
			ok = fault == NULL || no_column(columns, wish->n, name, fault);
		else if (!seen[i]) {
			seen[i] = true;
			wish->order[placed++] = i;
			wish->of[i].hidden = hidden;
			wish->of[i].width = (int)width;
		}
	}
	for (size_t i = 0; i < wish->n; i++) {
		if (!seen[i]) {
			wish->order[placed++] = i;
			wish->of[i].hidden = columns[i].drop == LIST_ASKED;
		}
		shown += !wish->of[i].hidden;
	}
	free(copy);
	if (ok && shown == 0 && n > 0) {
		if (fault != NULL)
			return fault_set(fault, FAULT_USAGE, "%s", _("one column must stay"));
		*wish = (struct columns_wish){ 0 };
		return columns_read(NULL, columns, n, wish, NULL);
	}
	return ok;
}

void columns_print(const struct columns_wish *wish, const struct list_column *columns, struct text *out)
{
	char name[COLUMN_NAME_BYTES];
	for (size_t k = 0; k < wish->n; k++) {
		size_t i = wish->order[k];
		text_printf(out, "%s%s%s", k > 0 ? " " : "", wish->of[i].hidden ? "-" : "", column_name(&columns[i], i, name));
		if (wish->of[i].width > 0)
			text_printf(out, "=%d", wish->of[i].width);
	}
}

void columns_layout(const struct columns_wish *wish, const struct list_column *columns, const int *need, int cols, struct list_place *out)
{
	struct list_column asked[LIST_MAX_COLUMNS];
	struct list_place places[LIST_MAX_COLUMNS];
	int needs[LIST_MAX_COLUMNS];
	size_t n = 0;
	for (size_t k = 0; k < wish->n; k++) {
		size_t i = wish->order[k];
		out[i] = (struct list_place){ 0, 0 };
		if (wish->of[i].hidden)
			continue;
		asked[n] = columns[i];
		needs[n] = need != NULL ? need[i] : 0;
		if (wish->of[i].width > 0) {
			asked[n].width = wish->of[i].width;
			asked[n].grow = 0;
		}
		n++;
	}
	list_layout(asked, need != NULL ? needs : NULL, n, cols, places);
	for (size_t k = 0, m = 0; k < wish->n; k++)
		if (!wish->of[wish->order[k]].hidden)
			out[wish->order[k]] = places[m++];
}

/* ---- the commands ---------------------------------------------------------------------- */

static bool has_columns(struct screen *screen, struct pane **pane)
{
	*pane = screen_focused(screen);
	if ((*pane)->n_columns > 0)
		return true;
	screen_refuse(screen, "%s", _("There are no columns here."));
	return false;
}

static const char *kept_as(const struct pane *pane)
{
	return pane->arranged_as != NULL ? pane->arranged_as : pane->type->name;
}

const char *columns_kept(const struct pane *pane)
{
	return looks_get(&pane->screen->looks, "columns", kept_as(pane));
}

static void now(const struct pane *pane, struct columns_wish *wish)
{
	bool ok = columns_read(columns_kept(pane), pane->columns, pane->n_columns, wish, NULL);
	assert(ok);
	UNUSED(ok);
}

/* In force at once; kept when `keep`. */
static void wish_for(struct screen *screen, const struct pane *pane, const struct columns_wish *wish, bool keep)
{
	struct columns_wish plain;
	struct text words = { 0 }, as_it_was = { 0 };
	bool ok = columns_read(NULL, pane->columns, pane->n_columns, &plain, NULL);
	columns_print(wish, pane->columns, &words);
	columns_print(&plain, pane->columns, &as_it_was);
	assert(ok);
	UNUSED(ok);
	screen_look(screen, "columns", kept_as(pane),
	    strcmp(text_string(&words), text_string(&as_it_was)) == 0 ? "" : text_string(&words), keep);
	text_clear(&words);
	text_clear(&as_it_was);
}

void columns_order(struct screen *screen, const char *words)
{
	struct pane *pane;
	struct columns_wish wish;
	struct fault fault;
	if (!has_columns(screen, &pane))
		return;
	if (!columns_read(strcmp(words, "default") == 0 ? NULL : words, pane->columns, pane->n_columns, &wish, &fault)) {
		screen_message(screen, ROLE_WARN, "%s", fault.text);
		return;
	}
	wish_for(screen, pane, &wish, true);
	screen_message(screen, ROLE_TEXT, "%s", _("The columns are as you want them, also next time."));
}

const char *columns_offered(struct screen *screen, size_t i)
{
	static char name[COLUMN_NAME_BYTES];
	const struct pane *pane = screen_focused(screen);
	if (i < pane->n_columns)
		return column_name(&pane->columns[i], i, name);
	return i == pane->n_columns && i > 0 ? "default" : NULL;
}

void rows_roomy(struct screen *screen)
{
	bool roomy = looks_get(&screen->looks, "rows", "roomy") == NULL;
	screen_look(screen, "rows", "roomy", roomy ? "yes" : "", true);
	screen_message(screen, ROLE_TEXT, "%s", roomy ? _("Rows have room between them.") : _("Rows stand close together."));
}

/* ---- the menu ----------------------------------------------------------------------------- */

static void fill(struct screen *screen)
{
	struct menu *menu = &screen->menu;
	struct pane *pane = screen_focused(screen);
	struct columns_wish wish;
	char name[COLUMN_NAME_BYTES], width[16];
	now(pane, &wish);
	menu->n = 0;
	for (size_t k = 0; k < wish.n; k++) {
		size_t i = wish.order[k];
		const char *title = *pane->columns[i].title != '\0' ? _(pane->columns[i].title) : column_name(&pane->columns[i], i, name);
		bool shown = !wish.of[i].hidden, fits = pane->places[i].cols > 0;
		title += *title == '|';
		char label[120];
		snprintf(width, sizeof width, "%d", wish.of[i].width);
		snprintf(label, sizeof label, "%s %s%*s%s", shown && fits ? "\u2713" : shown ? "\u00B7" : " ", title, MAX(NAME_COLUMNS - text_width(title), 1), "",
		    !shown ? _("hidden") : !fits ? _("no room here") : wish.of[i].width > 0 ? width : _("by itself"));
		menu_add(menu, 0, (int64_t)i, label);
	}
	menu->selected = MIN(menu->selected, menu->n > 0 ? menu->n - 1 : 0);
	screen->dirt++;
}

static void move(struct columns_wish *wish, size_t *at, int by)
{
	size_t to = *at + (size_t)by;
	if (to >= wish->n)
		return;
	size_t i = wish->order[*at];
	wish->order[*at] = wish->order[to];
	wish->order[to] = i;
	*at = to;
}

/* How wide it is now: where making it wider or narrower begins. */
static int width_now(const struct pane *pane, size_t i)
{
	return pane->places[i].cols > 0 ? pane->places[i].cols : pane->columns[i].width;
}

static bool on_key(struct screen *screen, void *arg, const struct key_event *event)
{
	struct pane *pane = screen_focused(screen);
	struct menu *menu = &screen->menu;
	struct columns_wish wish;
	UNUSED(arg);
	if (pane->n_columns == 0 || menu->n == 0)
		return false;
	now(pane, &wish);
	size_t i = wish.order[menu->selected], shown = 0;
	for (size_t k = 0; k < wish.n; k++)
		shown += !wish.of[k].hidden;
	switch (event->key) {
	case KEY_ENTER: case ' ':
		if (wish.of[i].hidden || shown > 1) /* one must stay */
			wish.of[i].hidden = !wish.of[i].hidden;
		break;
	case 'J': case KEY_RIGHT:
		move(&wish, &menu->selected, 1);
		break;
	case 'K': case KEY_LEFT:
		move(&wish, &menu->selected, -1);
		break;
	case '+': case '>':
		wish.of[i].width = MIN(width_now(pane, i) + 2, COLUMN_WIDEST);
		break;
	case '-': case '<':
		wish.of[i].width = MAX(width_now(pane, i) - 2, 2);
		break;
	case '0':
		wish.of[i].width = 0;
		break;
	case 'r': {
		bool ok = columns_read(NULL, pane->columns, pane->n_columns, &wish, NULL);
		UNUSED(ok);
		break;
	}
	default:
		return false;
	}
	wish_for(screen, pane, &wish, false);
	fill(screen);
	screen_draw(screen); /* how wide each is then, for the next key */
	return true;
}

static void on_closed(struct screen *screen, void *arg, const struct menu_item *item)
{
	struct pane *pane = screen_focused(screen);
	struct columns_wish wish;
	UNUSED(arg);
	UNUSED(item);
	if (pane->n_columns == 0)
		return;
	now(pane, &wish);
	wish_for(screen, pane, &wish, true);
}

void columns_menu(struct screen *screen)
{
	struct pane *pane;
	if (!has_columns(screen, &pane))
		return;
	struct menu *menu = screen_menu(screen, _("Columns: Enter shows or hides, J K move, + - width, 0 by itself, r all as it was"), on_closed, NULL);
	menu->on_key = on_key;
	menu->enter_word = _("show or hide");
	menu->escape_word = _("done");
	menu->on_cancel = on_closed;
	fill(screen);
}
