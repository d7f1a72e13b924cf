/* SPDX-License-Identifier: Apache-2.0
 *
 * The columns of a leg, made ready before the store lane has it: texts printable, ids
 * as bytes, recurring texts as numbers, hashes taken. The store lane is where
 * pages queue, so what can be done elsewhere is. Pure; any thread. */
#ifndef STORE_LEG_COLUMNS_H
#define STORE_LEG_COLUMNS_H

#include "base/arena.h"
#include "base/interner.h"
#include "calls/assembler.h"
#include "calls/cdr.h"

/* Columns that hold a number of the table words, in their order in the row. */
enum leg_word {
	WORD_USER_ID, WORD_USER_NAME, WORD_USER_TYPE, WORD_USER_NUMBER, WORD_LOCATION, WORD_CALL_TYPE,
	WORD_CLIENT_TYPE, WORD_OUTCOME, WORD_REASON, WORD_REDIRECT, WORD_RELATED, WORD_TRUNK_IN,
	WORD_TRUNK_OUT, WORD_DEVICE, LEG_N_WORDS
};

#define LEG_N_TEXTS 10

/* Keys of legs and calls begin with their start, in ms. */
#define LEG_KEY_BITS	20
#define LEG_KEY_OF(ms)	((int64_t)((uint64_t)(ms) << LEG_KEY_BITS))
#define LEG_KEY_MS(key) ((key) >> LEG_KEY_BITS)

struct leg_columns {
	struct span words[LEG_N_WORDS]; /* printable, at most 255 bytes; n 0: absent */
	uint32_t word[LEG_N_WORDS];	/* the interner's number; 0: absent */
	struct span texts[LEG_N_TEXTS]; /* printable; n 0: absent */
	struct link_keys links;
	uint64_t report_hash, call_hash;
	uint8_t n_report, n_call, n_interaction; /* n_call 0: an orphan, a call by itself */
	unsigned char report[40], call[40], interaction[40];
};

/* Spans point into the record's page or into `arena`. */
void leg_columns_make(struct interner *, struct arena *, const struct cdr *, struct leg_columns *out);

/* The key of a correlation id (or of a report id) as stored: 16 bytes of a
 * UUID, else 0x00 and at most 39 bytes of text. Returns its length. */
size_t uuid_key(struct span text, unsigned char out[40]);
/* Back to text; `out` holds 40 bytes. */
void uuid_text(const unsigned char *key, size_t n, char out[40]);

#endif
