/* SPDX-License-Identifier: Apache-2.0 */
#include "watch/arrange.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define ROOM_BYTES ((size_t)1 << 20)
#define PAGE_BYTES ((size_t)8 << 20) /* so many are a page, however few records they are */

/* Records are copied into rooms, and a room goes with the last of its records. */
struct held_bytes {
	size_t n, size, n_records;
	bool full;
	_Alignas(16) char bytes[];
};

struct held {
	int64_t report_ms; /* as the record has it, which may be far away */
	struct cdr *cdr; /* in the room, and all that its spans point to */
	struct held_bytes *room;
};

static int by_order(const void *a, const void *b)
{
	const struct held *x = a, *y = b;
	if (x->report_ms != y->report_ms)
		return x->report_ms < y->report_ms ? -1 : 1;
	return cdr_order(x->cdr, y->cdr);
}

/* Do a field's bytes lie within its record? Else they were unescaped, or come from a CSV row. */
static bool is_inside(const struct cdr *cdr, const struct span *field)
{
	return field->p >= cdr->raw.p && field->p + field->n <= cdr->raw.p + cdr->raw.n;
}

static void leave(struct arranger *a, struct held_bytes *room)
{
	if (--room->n_records > 0 || !room->full)
		return;
	a->bytes -= room->size;
	if (a->n_spare < COUNT_OF(a->spare) && room->size == ROOM_BYTES)
		a->spare[a->n_spare++] = room;
	else
		free(room);
}

static struct held_bytes *room_for(struct arranger *a, size_t n)
{
	if (a->room != NULL && a->room->size - a->room->n >= n)
		return a->room;
	if (a->room != NULL) {
		a->room->full = true;
		a->room->n_records++;
		leave(a, a->room);
	}
	size_t size = MAX(ROOM_BYTES, n);
	bool again = a->n_spare > 0 && size == ROOM_BYTES;
	a->room = again ? a->spare[--a->n_spare] : mem_alloc(sizeof *a->room + size);
	*a->room = (struct held_bytes){ .size = size };
	a->bytes += size;
	return a->room;
}

void arranger_add(struct arranger *a, const struct cdr *cdr)
{
	size_t n = sizeof *cdr + cdr->raw.n;
	for (size_t i = 0; i < CDR_N_FIELDS; i++)
		n += is_inside(cdr, &cdr->field[i]) ? 0 : cdr->field[i].n;
	n = (n + 15) & ~(size_t)15;
	struct held_bytes *room = room_for(a, n);
	struct cdr *kept = memcpy(room->bytes + room->n, cdr, sizeof *cdr);
	char *p = (char *)(kept + 1);
	room->n += n;
	room->n_records++;
	kept->raw.p = memcpy(p, cdr->raw.p, cdr->raw.n);
	p += cdr->raw.n;
	for (size_t i = 0; i < CDR_N_FIELDS; i++) {
		struct span *field = &kept->field[i];
		if (field->n == 0) {
			field->p = NULL;
		} else if (is_inside(cdr, field)) {
			field->p = kept->raw.p + (field->p - cdr->raw.p);
		} else {
			field->p = memcpy(p, field->p, field->n);
			p += field->n;
		}
	}
	a->held = mem_grow(a->held, a->n, &a->capacity, sizeof *a->held);
	a->held[a->n++] = (struct held){ kept->report_ms, kept, room };
	if (a->latest_ms == 0 || cdr->report_ms <= a->latest_ms)
		a->newest_ms = MAX(a->newest_ms, cdr->report_ms);
}

/* Those that came since, among the others; from the back, where they mostly belong. */
static void put_in_order(struct arranger *a)
{
	size_t n_new = a->n - a->n_ordered;
	if (n_new == 0)
		return;
	struct held *came = mem_alloc(n_new * sizeof *came);
	memcpy(came, a->held + a->n_ordered, n_new * sizeof *came);
	qsort(came, n_new, sizeof *came, by_order);
	size_t from = a->n_ordered, to = a->n;
	while (n_new > 0) {
		if (from > 0 && by_order(&a->held[from - 1], &came[n_new - 1]) > 0)
			a->held[--to] = a->held[--from];
		else
			a->held[--to] = came[--n_new];
	}
	a->n_ordered = a->n;
	free(came);
}

/* Into a page: the raw records one behind the other. */
static void give(struct intake *intake, struct page *page, const struct cdr *held)
{
	struct cdr cdr = *held;
	cdr.raw.p = memcpy(page->bytes + page->n_bytes, held->raw.p, held->raw.n);
	page->n_bytes += held->raw.n;
	page->bytes[page->n_bytes++] = '\n';
	for (size_t i = 0; i < CDR_N_FIELDS; i++) {
		struct span *field = &cdr.field[i];
		if (field->n > 0 && is_inside(held, field))
			field->p = cdr.raw.p + (field->p - held->raw.p);
		else if (field->n > 0)
			field->p = arena_strndup(&page->arena, field->p, field->n);
	}
	intake_add(intake, page, &cdr);
}

bool arranger_take(struct arranger *a, bool all, size_t most, struct intake *intake, struct page *page)
{
	bool crowded = a->bytes > (a->most_bytes == 0 ? ARRANGE_HOLDS_BYTES : a->most_bytes);
	int64_t until_ms = all || crowded ? INT64_MAX : a->newest_ms - ARRANGE_HOLDS_MS;
	size_t n = 0, bytes = 0;
	put_in_order(a);
	for (; n < a->n && n < most && bytes < PAGE_BYTES && a->held[n].report_ms <= until_ms; n++)
		bytes += a->held[n].cdr->raw.n + 1;
	if (n == 0 || (n < most && bytes < PAGE_BYTES && !all && !crowded))
		return false;
	/* Pages are used again: sizes that differ little are one. */
	page->bytes = mem_realloc(page->bytes, (bytes | (ROOM_BYTES - 1)) + 1);
	page->n_bytes = 0;
	for (size_t i = 0; i < n; i++) {
		give(intake, page, a->held[i].cdr);
		leave(a, a->held[i].room);
	}
	a->n = a->n_ordered = a->n - n;
	memmove(a->held, a->held + n, a->n * sizeof *a->held);
	intake_finish(intake, page);
	return true;
}

void arranger_clear(struct arranger *a)
{
	for (size_t i = 0; i < a->n; i++)
		leave(a, a->held[i].room);
	free(a->room);
	while (a->n_spare > 0)
		free(a->spare[--a->n_spare]);
	free(a->held);
	*a = (struct arranger){ 0 };
}
