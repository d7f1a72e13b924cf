/* SPDX-License-Identifier: Apache-2.0
 *
 * Text that recurs (names, trunks, kinds) is kept once; legs hold its number. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "store/store.h"

#define MAX_WORDS_KEPT 300000
#define MAX_WORD_BYTES 255

void words_forget(struct store *store)
{
	map_clear(&store->words);
}

#define ONES  UINT64_C(0x0101010101010101)
#define HIGHS UINT64_C(0x8080808080808080)

/* Only 0x20..0x7E, eight bytes at a time. */
static bool is_plain(struct span text)
{
	const char *p = text.p;
	uint32_t n = text.n;
	uint64_t odd = 0;
	for (; n >= 8; n -= 8, p += 8) {
		uint64_t word;
		memcpy(&word, p, 8);
		odd |= (word - ONES * 0x20) | (word + ONES) | word;
	}
	for (; n > 0; n--, p++)
		odd |= (unsigned char)*p < 0x20 || (unsigned char)*p > 0x7E ? HIGHS : 0;
	return (odd & HIGHS) == 0;
}

const char *store_text(struct store *store, struct span text, size_t *n)
{
	if (text.n <= MAX_WORD_BYTES && is_plain(text)) {
		*n = text.n;
		return text.p == NULL ? "" : text.p;
	}
	/* A second call overwrites the first: whoever needs two copies. */
	*n = text_printable(store->spare, sizeof store->spare, text.p, text.n);
	return store->spare;
}

bool words_id(struct store *store, struct span text, int32_t *id, struct fault *fault)
{
	*id = 0;
	if (text.n == 0)
		return true;
	size_t n;
	const char *word = store_text(store, text, &n);
	union map_value *known = map_get_n(&store->words, word, n);
	if (known != NULL) {
		*id = (int32_t)known->number;
		return true;
	}
	struct db *db = &store->db;
	struct statement *find = db_statement(db, "SELECT id FROM words WHERE text = $1", fault);
	if (find == NULL)
		return false;
	db_bind(db, find, "T", word, n);
	enum step step = db_step(db, find, fault);
	int64_t found = step == STEP_ROW ? db_int(db, find, 0) : 0;
	db->engine->reset(find);
	if (step == STEP_FAULT)
		return false;
	if (step == STEP_DONE) {
		/* Within the page's transaction nobody else gives numbers. */
		if (!db_ask_int(db, "SELECT max(id) FROM words", 0, &found, fault))
			return false;
		found++;
		struct statement *add = db_statement(db, "INSERT INTO words (id, text) VALUES ($1, $2)", fault);
		if (add == NULL)
			return false;
		db_bind(db, add, "iT", found, word, n);
		if (!db_run(db, add, fault))
			return false;
	}
	if (store->words.n >= MAX_WORDS_KEPT)
		words_forget(store);
	map_put_n(&store->words, word, n, NULL)->number = found;
	*id = (int32_t)found;
	return true;
}

bool counter_next(struct store *store, const char *name, int64_t *value, struct fault *fault)
{
	struct db *db = &store->db;
	struct statement *next = db_statement(db, "UPDATE counters SET value = value + 1 WHERE name = $1 RETURNING value", fault);
	if (next == NULL)
		return false;
	db_bind(db, next, "t", name);
	enum step step = db_step(db, next, fault);
	if (step == STEP_ROW)
		*value = db_int(db, next, 0);
	db->engine->reset(next);
	if (step == STEP_DONE)
		return fault_set(fault, FAULT_STORE, "the store has no counter \"%s\"", name);
	return step == STEP_ROW;
}

/* Value of a lower-case hex digit plus one; 0: none. */
static const unsigned char hex_plus_one[256] = { ['0'] = 1, ['1'] = 2, ['2'] = 3, ['3'] = 4,
	['4'] = 5, ['5'] = 6, ['6'] = 7, ['7'] = 8, ['8'] = 9, ['9'] = 10, ['a'] = 11, ['b'] = 12,
	['c'] = 13, ['d'] = 14, ['e'] = 15, ['f'] = 16 };

static bool is_uuid(struct span text, unsigned char out[40])
{
	static const unsigned char at[] = { 0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34 };
	const unsigned char *p = (const unsigned char *)text.p;
	if (text.n != 36 || p[8] != '-' || p[13] != '-' || p[18] != '-' || p[23] != '-')
		return false;
	bool ok = true;
	for (size_t i = 0; i < COUNT_OF(at); i++) {
		unsigned high = hex_plus_one[p[at[i]]], low = hex_plus_one[p[at[i] + 1]];
		ok = ok & (high != 0) & (low != 0);
		out[i] = (unsigned char)((high - 1) << 4 | ((low - 1) & 15));
	}
	return ok;
}

size_t uuid_key(struct span text, unsigned char out[40])
{
	if (is_uuid(text, out))
		return 16;
	size_t n = MIN((size_t)text.n, (size_t)39);
	out[0] = 0;
	if (n > 0)
		memcpy(out + 1, text.p, n);
	/* 16 bytes mean a UUID: a text of 15 gets one more. */
	if (n + 1 == 16)
		out[++n] = 0;
	return n + 1;
}

void uuid_text(const unsigned char *key, size_t n, char out[40])
{
	static const char digits[] = "0123456789abcdef";
	size_t length = 0;
	if (n == 16) {
		for (size_t i = 0; i < 16; i++) {
			if (i == 4 || i == 6 || i == 8 || i == 10)
				out[length++] = '-';
			out[length++] = digits[key[i] >> 4];
			out[length++] = digits[key[i] & 15];
		}
		out[length] = '\0';
		return;
	}
	text_printable(out, 40, (const char *)key + 1, n == 0 ? 0 : strnlen((const char *)key + 1, n - 1));
}
