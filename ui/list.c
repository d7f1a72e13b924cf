/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/list.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"

void list_clear(struct list *list)
{
	free(list->rows);
	*list = (struct list){ 0 };
}

void list_restart(struct list *list)
{
	bool frozen = list->frozen;
	int visible = list->visible;
	list_clear(list);
	list->frozen = frozen;
	list->visible = visible;
}

static int by_id(const void *a, const void *b)
{
	const struct list_row *x = a, *y = b;
	return x->id < y->id ? -1 : x->id > y->id;
}

void list_set(struct list *list, const int64_t *ids, size_t n)
{
	int64_t kept = list_selected_id(list);
	size_t offset = list->selected - MIN(list->top, list->selected);
	struct list_row *old = mem_dup(list->rows, list->n * sizeof *old);
	size_t n_old = list->n, found = SIZE_MAX;
	qsort(old, n_old, sizeof *old, by_id);

	if (n > list->capacity) {
		list->capacity = n;
		list->rows = mem_realloc(list->rows, n * sizeof *list->rows);
	}
	for (size_t i = 0; i < n; i++) {
		struct list_row row = { .id = ids[i], .fresh = list->filled, .came = true };
		struct list_row *before = n_old == 0 ? NULL :
		    bsearch(&row, old, n_old, sizeof *old, by_id);
		if (before != NULL)
			row = *before, row.came = false;
		if (ids[i] == kept && n_old > 0)
			found = i;
		list->rows[i] = row;
	}
	free(old);
	list->n = n;
	list->filled |= n > 0;
	if (found != SIZE_MAX) {
		list->selected = found;
		/* Hold the item where it is on the screen, but leave no gap above
		 * or below it. */
		list->top = found > offset ? found - offset : 0;
	} else {
		list->selected = n == 0 ? 0 : MIN(list->selected, n - 1);
	}
	if (list->visible > 0 && list->top + (size_t)list->visible > n)
		list->top = n > (size_t)list->visible ? n - (size_t)list->visible : 0;
}

int64_t list_selected_id(const struct list *list)
{
	return list->selected < list->n ? list->rows[list->selected].id : 0;
}

void list_select(struct list *list, size_t index)
{
	list->selected = list->n == 0 ? 0 : MIN(index, list->n - 1);
}

bool list_command(struct list *list, enum command command)
{
	size_t last = list->n == 0 ? 0 : list->n - 1;
	size_t page = (size_t)MAX(list->visible - 1, 1);
	switch ((int)command) {
	case CMD_UP:
		list->selected -= list->selected > 0;
		break;
	case CMD_DOWN:
		list->selected += list->selected < last;
		break;
	case CMD_PAGE_UP:
		list->selected -= MIN(page, list->selected);
		list->top -= MIN(page, list->top);
		break;
	case CMD_PAGE_DOWN:
		list->selected = MIN(list->selected + page, last);
		list->top = MIN(list->top + page, last);
		break;
	case CMD_TOP:
		list->selected = 0;
		break;
	case CMD_BOTTOM:
		list->selected = last;
		break;
	case CMD_MARK:
		if (list->n > 0)
			list->rows[list->selected].marked ^= true;
		list->selected += list->selected < last;
		break;
	case CMD_MARK_ALL: {
		bool any = list_n_marked(list) > 0;
		for (size_t i = 0; i < list->n; i++)
			list->rows[i].marked = !any;
		list->n_marked_beyond = 0;
		break;
	}
	default:
		return false;
	}
	return true;
}

void list_show(struct list *list, int rows)
{
	list->visible = MAX(rows, 1);
	size_t visible = (size_t)list->visible;
	if (list->selected < list->top)
		list->top = list->selected;
	if (list->selected >= list->top + visible)
		list->top = list->selected - visible + 1;
	if (list->top + visible > list->n)
		list->top = list->n > visible ? list->n - visible : 0;
	for (size_t i = list->top; i < MIN(list->top + visible, list->n); i++)
		list->rows[i].fresh = false;
}

size_t list_n_marked(const struct list *list)
{
	size_t n = list->n_marked_beyond;
	for (size_t i = 0; i < list->n; i++)
		n += list->rows[i].marked;
	return n;
}

size_t list_n_fresh(const struct list *list)
{
	size_t n = 0;
	for (size_t i = 0; i < list->n; i++)
		n += list->rows[i].fresh;
	return n;
}

size_t list_n_fresh_above(const struct list *list)
{
	size_t n = list->n_fresh_beyond;
	for (size_t i = 0; i < MIN(list->top, list->n); i++)
		n += list->rows[i].fresh;
	return n;
}

size_t list_targets(const struct list *list, int64_t *ids, size_t capacity)
{
	size_t n = 0;
	for (size_t i = 0; i < list->n && n < capacity; i++)
		if (list->rows[i].marked)
			ids[n++] = list->rows[i].id;
	if (n == 0 && list->n > 0 && capacity > 0)
		ids[n++] = list_selected_id(list);
	return n;
}

void list_unmark(struct list *list)
{
	list->n_marked_beyond = 0;
	for (size_t i = 0; i < list->n; i++)
		list->rows[i].marked = false;
}

/* ---- columns --------------------------------------------------------------- */

void list_need(struct list *list, size_t column, const char *text)
{
	/* The bytes say enough for most: no text is wider than it is long. */
	if (strlen(text) > (size_t)list->need[column])
		list->need[column] = MAX(list->need[column], text_width(text));
}

/* Give `left` columns to those narrower than they wish, by weight; what nobody
 * wishes comes back. */
static int share(const struct list_column *columns, size_t n, const int *wish, int *width, int left)
{
	while (left > 0) {
		int hungry = 0, given = 0;
		for (size_t i = 0; i < n; i++)
			hungry += wish[i] > width[i] ? columns[i].grow : 0;
		if (hungry == 0)
			break;
		for (size_t i = 0; i < n && given < left; i++) {
			if (wish[i] <= width[i] || columns[i].grow == 0)
				continue;
			int part = MAX(left * columns[i].grow / hungry, 1);
			part = MIN(MIN(part, left - given), wish[i] - width[i]);
			width[i] += part;
			given += part;
		}
		left -= given;
	}
	return left;
}

void list_layout(const struct list_column *columns, const int *need, size_t n, int cols,
    struct list_place *out)
{
	bool dropped[LIST_MAX_COLUMNS] = { false };
	int width[LIST_MAX_COLUMNS] = { 0 }, wish[LIST_MAX_COLUMNS] = { 0 }, wanted;
	for (;;) {
		size_t first = n;
		wanted = -1;
		for (size_t i = 0; i < n; i++) {
			if (dropped[i])
				continue;
			wanted += columns[i].width + 1;
			if (columns[i].drop > 0 && (first == n || columns[i].drop > columns[first].drop))
				first = i;
		}
		if (wanted <= cols || first == n)
			break;
		dropped[first] = true;
	}
	for (size_t i = 0; i < n; i++) {
		int content = need != NULL ? need[i] : 0;
		width[i] = columns[i].width;
		wish[i] = dropped[i] || columns[i].grow == 0 ? 0 :
		    columns[i].most > 0 ? MIN(content, columns[i].most) : content;
	}
	int left = share(columns, n, wish, width, MAX(cols - wanted, 0)), col = 0;
	for (size_t i = 0; i < n; i++)
		if (wish[i] > 0 && need != NULL)
			wish[i] = need[i];
	left = share(columns, n, wish, width, left);
	for (size_t i = 0; i < n; i++)
		if (!dropped[i] && columns[i].grow > 0 && (need == NULL || need[i] == 0))
			wish[i] = columns[i].most > 0 ? columns[i].most : cols;
	share(columns, n, wish, width, left);
	for (size_t i = 0; i < n; i++) {
		out[i] = (struct list_place){ col, 0 };
		if (dropped[i])
			continue;
		out[i].cols = MAX(MIN(width[i], cols - col), 0);
		col += width[i] + 1;
	}
}

void list_titles(struct canvas *canvas, int row, const struct list_column *columns, size_t n,
    const struct list_place *places, size_t sorted_by)
{
	for (size_t i = 0; i < n; i++) {
		const char *title = columns[i].title;
		if (places[i].cols == 0 || *title == '\0' || *title == '|')
			continue;
		bool sorted = i == (sorted_by & (SORTED_DOWN - 1));
		enum role role = sorted ? ROLE_STRONG : ROLE_COLUMN;
		const char *arrow = !sorted ? "" : sorted_by & SORTED_UP ? "\u2191" : sorted_by & SORTED_DOWN ? "\u2193" : "";
		int width = text_width(arrow), room = places[i].cols - width, col = places[i].col;
		if (columns[i].right)
			canvas_text_right(canvas, row, col, room, role, _(title));
		else
			width = MIN(canvas_text(canvas, row, col, room, role, _(title)), room);
		canvas_text(canvas, row, columns[i].right ? col + room : col + width, 1, role, arrow);
	}
}
