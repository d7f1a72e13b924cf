/* SPDX-License-Identifier: Apache-2.0
 *
 * Text that recurs to small numbers from 1, in the order of first sight. Made
 * for a stream of records in which most texts were met before. Not a set that
 * grows for ever: its owner empties it at a moment that suits, and everybody
 * who keeps numbers asks for its generation. */
#ifndef BASE_INTERNER_H
#define BASE_INTERNER_H

#include "base/base.h"

struct interner {
	struct interned *slots; /* open addressing */
	size_t n, n_slots;	/* n_slots: 0 or a power of two */
	char *texts;		/* one behind the other */
	size_t n_texts, texts_capacity;
	uint32_t generation; /* 0: nothing met yet; of no other interner */
};

/* The number of n > 0 bytes; the same bytes have the same until it is emptied. */
uint32_t interner_id(struct interner *, const char *text, size_t n);
/* Numbers given before are void; another generation begins. */
void interner_empty(struct interner *);
void interner_clear(struct interner *); /* gives the memory back */

#endif
