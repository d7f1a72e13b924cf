/* SPDX-License-Identifier: Apache-2.0
 *
 * What the findings of a page rest on. Where an engine takes many rows at once, what is
 * there is asked once for all of them, and what is new is written together. */
#ifndef STORE_EVIDENCE_ROWS_H
#define STORE_EVIDENCE_ROWS_H

#include "alerts/alert.h"
#include "base/map.h"
#include "store/store.h"

struct page_evidence {
	struct map there; /* (leg, alert): it is in the store, or among the rows; (leg): what it costs */
	struct copy rows;
};

/* In a transaction, when the page's legs are written. */
bool evidence_rows_begin(struct store *, const struct page *, struct page_evidence *, struct fault *) MUST_USE;
/* What is new of a finding's evidence joins the alert; its cost is added up as it comes,
 * so that a large alert grows as cheaply as a small one. */
bool evidence_rows_add(struct store *, struct page_evidence *, struct alert *, const struct finding *, size_t *n_new, struct fault *) MUST_USE;
/* Before anybody asks for evidence, and at the end. */
bool evidence_rows_write(struct store *, struct page_evidence *, struct fault *) MUST_USE;
void evidence_rows_clear(struct page_evidence *);

#endif
