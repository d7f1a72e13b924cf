/* SPDX-License-Identifier: Apache-2.0 */
#include "watch/intake.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <zstd.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"

/* A piece is unpacked whole to show one record: small enough to be instant,
 * large enough to compress well. */
#define PIECE_BYTES ((size_t)512 * 1024)
#define MAX_GAP	    16
#define MAX_WORDS   300000 /* texts remembered: some 20 MB */
#define ZSTD_LEVEL  1
#define ZSTD_TABLE  13 /* as log2: its hash table stays in the nearest cache */

void intake_clear(struct intake *intake)
{
	ZSTD_freeCCtx(intake->zstd);
	intake->zstd = NULL;
	free(intake->room);
	intake->room = NULL;
	text_clear(&intake->piece);
	interner_clear(&intake->words);
	intake->room_bytes = 0;
}

static uint32_t part_flags(const struct cdr *cdr, const struct leg_facts *f)
{
	static const struct {
		uint32_t fact, part;
	} carried[] = { { LEG_ORIGINATING, PART_ORIGINATING }, { LEG_EXTERNAL_OUT, PART_EXTERNAL },
		{ LEG_INBOUND, PART_EXTERNAL }, { LEG_ANSWERED, PART_TAKEN },
		{ LEG_BY_PERSON, PART_ANSWERED }, { LEG_FORWARDED, PART_FORWARDED },
		{ LEG_LOOK_ALIKE, PART_LOOK_ALIKE } };
	uint32_t flags = 0;
	for (size_t i = 0; i < COUNT_OF(carried); i++) {
		if (f->flags & carried[i].fact)
			flags |= carried[i].part;
	}
	switch ((enum service_kind)f->service) {
	case SERVICE_ATTENDANT:
		flags |= PART_ATTENDANT;
		break;
	case SERVICE_QUEUE:
	case SERVICE_HUNT_GROUP:
		flags |= PART_QUEUE;
		break;
	case SERVICE_VOICEMAIL:
		flags |= PART_VOICEMAIL;
		break;
	case SERVICE_NONE:
	case SERVICE_PAGING:
	case SERVICE_GATEWAY:
	case SERVICE_OTHER:
	case SERVICE_N_KINDS:
		break;
	}
	if (cdr->field[CDR_F_TRANSFER_RELATED_CALL_ID].n > 0 || cdr->transfer_ms != 0)
		flags |= PART_TRANSFERRED;
	if (cdr->field[CDR_F_CORRELATION_ID].n == 0)
		flags |= PART_ORPHAN;
	return flags;
}

void intake_add(struct intake *intake, struct page *page, const struct cdr *cdr)
{
	if (page->n_legs == page->legs_capacity) {
		/* Grows inside the arena: the old half goes with the page. */
		size_t capacity = page->legs_capacity == 0 ? 64 : page->legs_capacity * 2;
		struct page_leg *legs = arena_alloc(&page->arena, capacity * sizeof *legs);
		if (page->n_legs > 0)
			memcpy(legs, page->legs, page->n_legs * sizeof *legs);
		page->legs = legs;
		page->legs_capacity = capacity;
	}
	if (page->n_legs == 0) {
		/* Between two pages: the numbers of one page hold together. */
		if (intake->words.n > MAX_WORDS)
			interner_empty(&intake->words);
	}
	struct page_leg *l = &page->legs[page->n_legs++];
	struct leg_facts *facts = arena_alloc(&page->arena, sizeof *facts);
	l->columns = arena_alloc(&page->arena, sizeof *l->columns);
	leg_columns_make(&intake->words, &page->arena, cdr, l->columns);
	page->words_generation = intake->words.generation;
	leg_facts_derive(&intake->world, cdr, facts);
	l->cdr = *cdr;
	l->facts = facts;
	l->piece = 0;
	l->raw_at = 0;
	l->leg_id = 0;
	l->leg = (struct call_leg){
		.start_ms = cdr->start_ms,
		.end_ms = cdr->release_ms != 0 ? cdr->release_ms : facts->end_ms,
		.cost_micro = facts->cost_micro,
		.duration_s = cdr->duration_s,
		.ring_s = cdr->ring_s,
		.flags = part_flags(cdr, facts),
	};
	/* The far end: whom we called, or who called us. */
	bool out = cdr->flags & CDR_ORIGINATING;
	const struct number *far = out ? &facts->called : &facts->calling;
	struct span reported = cdr->field[out ? CDR_F_CALLED_NUMBER : CDR_F_CALLING_NUMBER];
	struct span name = cdr->field[out ? CDR_F_CALLED_LINE_ID : CDR_F_CALLING_LINE_ID];
	l->leg.class = (uint8_t)far->class;
	l->leg.tier = (uint8_t)far->tier;
	memcpy(l->leg.country, far->country, sizeof l->leg.country);
	if (far->e164[0] != '\0')
		memcpy(l->leg.far, far->e164, sizeof l->leg.far);
	else
		text_printable(l->leg.far, sizeof l->leg.far, reported.p, reported.n);
	text_printable(l->leg.far_name, sizeof l->leg.far_name, name.p, name.n);
}

static void pack(struct intake *intake, struct page *page, const char *bytes, size_t n,
    struct raw_piece *piece)
{
	if (intake->zstd == NULL) {
		intake->zstd = ZSTD_createCCtx();
		assert(intake->zstd != NULL);
		ZSTD_CCtx_setParameter(intake->zstd, ZSTD_c_compressionLevel, ZSTD_LEVEL);
		ZSTD_CCtx_setParameter(intake->zstd, ZSTD_c_hashLog, ZSTD_TABLE);
	}
	size_t bound = ZSTD_compressBound(n);
	if (intake->room_bytes < bound) {
		intake->room = mem_realloc(intake->room, bound);
		intake->room_bytes = bound;
	}
	char *room = intake->room;
	size_t packed = ZSTD_compress2(intake->zstd, room, bound, bytes, n);
	assert(!ZSTD_isError(packed)); /* the room is the bound: it cannot fail */
	piece->zstd = arena_alloc(&page->arena, packed);
	memcpy(piece->zstd, room, packed);
	piece->n_zstd = packed;
	piece->n_bytes = n;
}

/* Do the records stand one behind the other in the page, with no more than a
 * comma or an end of line between them? */
static bool in_a_row(const struct page *page)
{
	for (size_t i = 1; i < page->n_legs; i++) {
		const struct span *before = &page->legs[i - 1].cdr.raw;
		const char *end = before->p + before->n, *p = page->legs[i].cdr.raw.p;
		if (p < page->bytes || p > page->bytes + page->n_bytes || p < end || p - end > MAX_GAP)
			return false;
	}
	return true;
}

void intake_finish(struct intake *intake, struct page *page)
{
	if (!intake->keep_raw || page->n_legs == 0)
		return;
	size_t total = 0;
	for (size_t i = 0; i < page->n_legs; i++)
		total += page->legs[i].cdr.raw.n + MAX_GAP;
	/* A piece that is closed, with what would not fit, is over PIECE_BYTES. */
	page->raw = arena_zalloc(&page->arena, (2 * (total / PIECE_BYTES) + 2) * sizeof *page->raw);
	/* Where the page has them together they are packed from where they are;
	 * else (rows of a CSV, a rejected record between) they are copied first. */
	bool together = in_a_row(page);
	struct text *copy = &intake->piece;
	const char *from = page->legs[0].cdr.raw.p;
	size_t n = 0;
	text_reset(copy);
	for (size_t i = 0; i < page->n_legs; i++) {
		struct page_leg *l = &page->legs[i];
		size_t until = together ? (size_t)(l->cdr.raw.p - from) + l->cdr.raw.n : n + l->cdr.raw.n;
		if (n > 0 && until > PIECE_BYTES) {
			pack(intake, page, together ? from : copy->bytes, n, &page->raw[page->n_raw++]);
			text_reset(copy);
			from = l->cdr.raw.p;
			until = l->cdr.raw.n;
		}
		if (!together)
			text_add(copy, l->cdr.raw.p, l->cdr.raw.n);
		l->piece = (uint32_t)page->n_raw;
		l->raw_at = (uint32_t)(until - l->cdr.raw.n);
		n = until;
	}
	pack(intake, page, together ? from : copy->bytes, n, &page->raw[page->n_raw++]);
}

static int by_order(const void *a, const void *b)
{
	return cdr_order(&(*(struct page_leg *const *)a)->cdr, &(*(struct page_leg *const *)b)->cdr);
}

void intake_order(struct page *page)
{
	size_t n = page->n_legs, i = 1;
	while (i < n && cdr_order(&page->legs[i - 1].cdr, &page->legs[i].cdr) <= 0)
		i++;
	if (i >= n)
		return;
	const struct page_leg **order = mem_alloc(n * sizeof *order);
	struct page_leg *arranged = arena_alloc(&page->arena, page->legs_capacity * sizeof *arranged);
	for (i = 0; i < n; i++)
		order[i] = &page->legs[i];
	qsort(order, n, sizeof *order, by_order);
	for (i = 0; i < n; i++)
		arranged[i] = *order[i];
	page->legs = arranged;
	free(order);
}

bool intake_page(struct intake *intake, struct page *page, struct fault *fault)
{
	struct cdr_reader reader;
	struct cdr cdr;
	enum cdr_next next;
	cdr_reader_init(&reader);
	cdr_reader_feed(&reader, page->bytes, page->n_bytes, true);
	while ((next = cdr_reader_next(&reader, &page->arena, &cdr)) == CDR_NEXT_RECORD ||
	    next == CDR_NEXT_REJECTED) {
		if (next == CDR_NEXT_RECORD)
			intake_add(intake, page, &cdr);
		else if (page->n_rejected++ == 0)
			snprintf(page->first_rejection, sizeof page->first_rejection, "%s", reader.why);
	}
	if (next == CDR_NEXT_BROKEN)
		return fault_set(fault, FAULT_INPUT, _("the page is broken after %zu records: %s"), page->n_legs, reader.why);
	intake_order(page); /* Webex promises no order */
	intake_finish(intake, page);
	return true;
}
