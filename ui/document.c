/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/document.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/text.h"
#include "ui/fuzzy.h"

void document_clear(struct document *document)
{
	arena_clear(&document->arena);
	free(document->lines);
	free(document->shown);
	list_clear(&document->list);
	*document = (struct document){ 0 };
}

void document_begin(struct document *document, int width)
{
	arena_clear(&document->arena);
	arena_init(&document->arena);
	document->n = 0;
	document->width = width;
}

void document_line(struct document *document, struct target target)
{
	document->lines = mem_grow(document->lines, document->n, &document->capacity,
	    sizeof *document->lines);
	document->lines[document->n++] = (struct document_line){ .target = target };
}

void document_put(struct document *document, int col, int columns, enum role role, const char *text)
{
	if (document->n == 0)
		document_line(document, (struct target){ 0 });
	struct document_line *line = &document->lines[document->n - 1];
	struct document_span *span = arena_zalloc(&document->arena, sizeof *span);
	*span = (struct document_span){ .col = col, .columns = columns, .role = role,
		.text = arena_strdup(&document->arena, text) };
	if (line->last != NULL)
		line->last->next = span;
	else
		line->first = span;
	line->last = span;
}

void document_printf(struct document *document, int col, int columns, enum role role,
    const char *format, ...)
{
	char text[2048];
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(text, sizeof text, format, arguments);
	va_end(arguments);
	document_put(document, col, columns, role, text);
}

static uint64_t heading_name(const char *text)
{
	uint64_t name = 1;
	for (; *text != '\0'; text++)
		if (*text < '0' || *text > '9') /* "Evidence: 4 records" grows */
			name = hash_mix(name ^ (unsigned char)*text);
	return name | 1;
}

void document_heading(struct document *document, const char *text)
{
	if (document->n > 0)
		document_line(document, (struct target){ 0 });
	document_line(document, (struct target){ 0 });
	document->lines[document->n - 1].heading = heading_name(text);
	document_put(document, 1, -1, ROLE_TITLE, text);
}

void document_wrap(struct document *document, int col, enum role role, const char *text)
{
	int room = MAX(document->width - col, 8);
	size_t n = strlen(text) * 3 + 1;
	char *printable = mem_alloc(n);
	text_printable(printable, n, text, strlen(text));
	struct target target = document->n > 0 ? document->lines[document->n - 1].target :
	    (struct target){ 0 };
	const char *rest = printable;
	for (bool first = true; *rest != '\0' || first; first = false) {
		size_t cut = text_fit_words(rest, room);
		if (cut == 0 && *rest != '\0')
			break;
		if (!first)
			document_line(document, target);
		document_put(document, col, -1, role,
		    arena_strndup(&document->arena, rest, cut));
		rest += cut;
		while (*rest == ' ')
			rest++;
		if (*rest == '\0')
			break;
	}
	free(printable);
}

/* Nothing of the left reaches over the line between them. */
static void keep_left(struct document_line *line, int col)
{
	for (struct document_span *s = line->first; s != NULL; s = s->next)
		if (s->columns < 0 || s->col + s->columns > col - 2)
			s->columns = MAX(col - 2 - s->col, 0);
}

void document_beside(struct document *document, size_t left, size_t right, int col)
{
	size_t n_left = right - left, n_right = document->n - right, n = MAX(n_left, n_right);
	while (document->n < left + n)
		document_line(document, (struct target){ 0 });
	struct document_line *lines = document->lines;
	for (size_t i = 0; i < n; i++) {
		struct document_line *line = &lines[left + i], of_right = { 0 };
		if (i < n_right)
			of_right = lines[right + i];
		if (i >= n_left)
			*line = (struct document_line){ 0 };
		keep_left(line, col);
		for (struct document_span *s = of_right.first; s != NULL; s = s->next)
			s->col += col;
		struct document_span *edge = arena_zalloc(&document->arena, sizeof *edge);
		*edge = (struct document_span){ .next = of_right.first, .col = col - 2, .columns = 1, .role = ROLE_BORDER, .text = "\u2502" };
		if (line->last != NULL)
			line->last->next = edge;
		else
			line->first = edge;
		line->last = of_right.last != NULL ? of_right.last : edge;
		/* Of two that share a line the cursor is on the right one. */
		line->heading = of_right.heading != 0 ? of_right.heading : line->heading;
		if (of_right.target.kind != TARGET_NONE) {
			line->target = of_right.target;
			line->beside = col;
		}
	}
	document->n = left + n;
}

/* ---- filter ----------------------------------------------------------------- */

static bool has(const struct document *document, const struct document_line *line)
{
	for (const struct document_span *span = line->first; span != NULL; span = span->next)
		if (fuzzy_contains(span->text, document->filter))
			return true;
	return false;
}

/* A line under this heading. */
static bool has_below(const struct document *document, size_t heading)
{
	for (size_t i = heading + 1; i < document->n && document->lines[i].heading == 0; i++)
		if (has(document, &document->lines[i]))
			return true;
	return false;
}

/*
 * Who a line is, though lines come and go above it: what leads somewhere is
 * where it leads to (the k-th time that one does, and its part of it where it is
 * wrapped), the rest its place under its heading.
 */
static void name_lines(struct document *document, int64_t *ids)
{
	uint64_t section = 0, place = 0, part = 0;
	struct target before = { 0 };
	struct map times = { 0 };
	for (size_t i = 0; i < document->n; i++) {
		const struct document_line *line = &document->lines[i];
		section = line->heading != 0 ? line->heading : section;
		place = line->heading != 0 ? 0 : place + 1;
		bool same = line->target.kind == before.kind && line->target.id == before.id;
		part = same ? part + 1 : 0;
		before = line->target;
		uint64_t name = hash_mix(section + place);
		if (line->target.kind != TARGET_NONE) {
			uint64_t whither = hash_mix((uint64_t)line->target.id * 8 + (uint64_t)line->target.kind);
			int64_t *time = &map_put_n(&times, (const char *)&whither, sizeof whither, NULL)->number;
			*time += part == 0;
			name = whither + hash_mix((uint64_t)*time) + hash_mix(part << 32);
		}
		ids[i] = (int64_t)(name >> 1 | 1);
	}
	map_clear(&times);
}

void document_end(struct document *document)
{
	int64_t *names = mem_alloc((document->n + 1) * sizeof *names);
	name_lines(document, names);
	document->n_shown = 0;
	bool section = document->filter[0] == '\0'; /* all under a heading that has it */
	bool any = section; /* … or some: else its heading goes too */
	for (size_t i = 0; i < document->n; i++) {
		const struct document_line *line = &document->lines[i];
		if (line->heading != 0)
			section = document->filter[0] == '\0' || has(document, line), any = section || has_below(document, i);
		if (line->heading != 0 ? !any : !section && !has(document, line))
			continue;
		document->shown = mem_grow(document->shown, document->n_shown,
		    &document->shown_capacity, sizeof *document->shown);
		document->shown[document->n_shown++] = i;
	}
	int64_t *ids = mem_alloc((document->n_shown + 1) * sizeof *ids);
	for (size_t i = 0; i < document->n_shown; i++)
		ids[i] = names[document->shown[i]];
	free(names);
	list_set(&document->list, ids, document->n_shown);
	document->list.above = -1; /* no titles stand over it */
	free(ids);
}

void document_filter(struct document *document, const char *filter)
{
	snprintf(document->filter, sizeof document->filter, "%s", filter);
	document_end(document);
	list_select(&document->list, 0);
}

/* ---- looking ------------------------------------------------------------------ */

static const struct document_line *selected_line(const struct document *document)
{
	size_t i = document->list.selected;
	return i < document->n_shown ? &document->lines[document->shown[i]] : NULL;
}

static bool heads(const struct document *document, size_t shown)
{
	return document->lines[document->shown[shown]].heading != 0;
}

bool document_has_sections(const struct document *document)
{
	for (size_t i = 0; i < document->n_shown; i++)
		if (heads(document, i))
			return true;
	return false;
}

size_t document_n_below(const struct document *document)
{
	size_t end = document->list.top + (size_t)MAX(document->list.visible, 0);
	return document->n_shown > end ? document->n_shown - end : 0;
}

/* Onto the first line under a heading, which stands at the top of what is seen as far
 * as the text goes; behind the last one to the end, before the first to the beginning.
 * Back, first to where this section begins. */
static void go_to_section(struct document *document, bool forward)
{
	struct list *list = &document->list;
	size_t last = document->n_shown == 0 ? 0 : document->n_shown - 1, at = list->selected, found = forward ? last : 0;
	if (forward)
		for (size_t i = last; i > at; i--)
			found = heads(document, i) ? i : found;
	else
		for (size_t i = 0; i + 1 < at; i++)
			found = heads(document, i) ? i : found;
	bool under = found < last && document->n_shown > 0 && heads(document, found);
	list_select(list, found + under);
	if (under)
		list->top = found;
}

bool document_command(struct document *document, enum command command)
{
	if (command == CMD_MARK || command == CMD_MARK_ALL)
		return false;
	if (command == CMD_NEXT_SECTION || command == CMD_PREV_SECTION) {
		go_to_section(document, command == CMD_NEXT_SECTION);
		return true;
	}
	return list_command(&document->list, command);
}

struct target document_target(const struct document *document)
{
	const struct document_line *line = selected_line(document);
	return line != NULL ? line->target : (struct target){ 0 };
}

void document_draw(struct document *document, struct canvas *canvas, bool focused)
{
	int rows = canvas->clip.rows, cols = canvas->clip.cols;
	list_show(&document->list, rows);
	for (int row = 0; row < rows; row++) {
		size_t i = document->list.top + (size_t)row;
		if (i >= document->n_shown)
			break;
		const struct document_line *line = &document->lines[document->shown[i]];
		for (const struct document_span *s = line->first; s != NULL; s = s->next)
			canvas_text(canvas, row, s->col, s->columns < 0 ? cols : s->columns, s->role,
			    s->text);
		if (i == document->list.selected && focused)
			canvas_attrs(canvas, row, MAX(line->beside - 1, 0), cols - MAX(line->beside - 1, 0), CELL_SELECTED);
	}
}

size_t document_selected_text(const struct document *document, char *out, size_t capacity)
{
	size_t used = 0;
	const struct document_line *line = selected_line(document);
	out[0] = '\0';
	for (const struct document_span *s = line != NULL ? line->first : NULL; s != NULL; s = s->next) {
		if (s->col < line->beside || s->role == ROLE_BORDER)
			continue;
		int n = snprintf(out + used, capacity - used, "%s%s", used > 0 ? " " : "", s->text);
		used = MIN(used + (size_t)MAX(n, 0), capacity - 1);
	}
	return used;
}
