/* SPDX-License-Identifier: Apache-2.0
 *
 * Where an engine keeps legs and calls by the month of their begin (0041_months.sql):
 * a key's month is there before a row of it is written, and goes as a whole. */
#ifndef STORE_MONTHS_H
#define STORE_MONTHS_H

#include "store/engine.h"

#define MONTHS_KNOWN 8 /* a page's records are of one or two */

/* Keys that have their place: [first, behind). */
struct months {
	struct {
		int64_t first, behind;
	} known[MONTHS_KNOWN];
	size_t n, next;
};

/* In the transaction that writes them: rows of these keys, both included, have a place. */
bool months_ready(struct db *, struct months *, int64_t first, int64_t last, struct fault *) MUST_USE;
/* Others may have taken one away, or we have taken back what made it. */
void months_forget(struct months *);

/* Months that had ended by then go, one a transaction: whoever reads waits for one at the
 * most; *n: their rows. Those in which an open alert's record is stay. */
bool months_retire(struct db *, int64_t before_ms, int64_t *n, struct fault *) MUST_USE;

#endif
