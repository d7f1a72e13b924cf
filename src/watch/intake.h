/* SPDX-License-Identifier: Apache-2.0
 *
 * A page's bytes become understood legs: decoded, their facts derived, their
 * raw records packed. On the intake lane; touches nothing but the page. What
 * is judged is decided later, when the store has said what is new: nothing is
 * judged twice, whatever is read again. */
#ifndef WATCH_INTAKE_H
#define WATCH_INTAKE_H

#include "base/text.h"
#include "calls/cdr_json.h"
#include "detect/leg_facts.h"
#include "store/page.h"

/* Read-only while pages are understood; the lane's own scratch inside. */
struct intake {
	struct fact_world world;
	bool keep_raw;
	/* The lane's own, kept from page to page: */
	void *zstd; /* ZSTD_CCtx, made at the first use */
	struct interner words;
	struct text piece;
	char *room;
	size_t room_bytes;
};

void intake_clear(struct intake *);

/* Understand page->bytes, an API page as a whole. False when the bytes are
 * no page (cut, malformed): nothing of it may be stored, ask again. */
bool intake_page(struct intake *, struct page *, struct fault *) MUST_USE;

/* One more record for the page; cdr's spans live as long as the page. */
void intake_add(struct intake *, struct page *, const struct cdr *);
/* Its legs in the order of cdr_order. Before intake_finish. */
void intake_order(struct page *);
/* No more records: pack the raw evidence. */
void intake_finish(struct intake *, struct page *);

#endif
