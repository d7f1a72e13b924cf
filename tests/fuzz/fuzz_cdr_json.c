/* SPDX-License-Identifier: Apache-2.0
 *
 * Any bytes as a page: whole and cut in two gives the same records, and what
 * jansson takes for {"items":[…]} has the same texts in every known field. */
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/json.h"
#include "base/mem.h"
#include "calls/cdr_json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct sum {
	uint64_t hash;
	size_t records, rejected;
	enum cdr_next last;
};

static void add(struct sum *sum, enum cdr_next next, const struct cdr *cdr)
{
	sum->last = next;
	if (next == CDR_NEXT_REJECTED)
		sum->rejected++;
	if (next != CDR_NEXT_RECORD)
		return;
	sum->records++;
	for (int f = 0; f < CDR_N_FIELDS; f++)
		sum->hash = hash_mix(sum->hash ^ hash_bytes(cdr->field[f].p, cdr->field[f].n));
	sum->hash = hash_mix(sum->hash ^ hash_bytes(cdr->raw.p, cdr->raw.n) ^ (uint64_t)cdr->start_ms);
}

/* In two pieces, the second beginning with what was left of the first. */
static void read_cut(const char *bytes, size_t size, size_t cut, struct sum *sum)
{
	struct cdr_reader reader;
	struct arena arena;
	struct cdr cdr;
	enum cdr_next next;
	arena_init(&arena);
	cdr_reader_init(&reader);
	cdr_reader_feed(&reader, bytes, cut, cut == size);
	for (;;) {
		next = cdr_reader_next(&reader, &arena, &cdr);
		if (next == CDR_NEXT_MORE && !reader.final) {
			size_t at = (size_t)(reader.p - bytes);
			cdr_reader_feed(&reader, bytes + at, size - at, true);
			continue;
		}
		add(sum, next, &cdr);
		if (next != CDR_NEXT_RECORD && next != CDR_NEXT_REJECTED)
			break;
	}
	if (next == CDR_NEXT_MORE)
		abort();
	arena_clear(&arena);
}

/* The text that a field must have, given jansson's value for it. */
static bool same_text(enum cdr_field field, struct span have, const json_t *value)
{
	if (value == NULL || json_is_null(value) || json_is_object(value) || json_is_array(value))
		return have.n == 0;
	if (json_is_boolean(value))
		return span_is(have, json_is_true(value) ? "true" : "false");
	if (json_is_number(value)) /* kept as written: 1.0e2 stays */
		return have.n > 0;
	struct span text = { json_string_value(value), (uint32_t)json_string_length(value) };
	if (cdr_is_absent(field, text))
		return have.n == 0;
	text = cdr_meant(field, text);
	return have.n == text.n && memcmp(have.p, text.p, text.n) == 0;
}

/* jansson's objects keep one of two equal keys, but two spellings of a field
 * are two keys there and one field here. */
static bool ambiguous(json_t *item)
{
	const char *key;
	json_t *value;
	bool seen[CDR_N_FIELDS] = { false };
	json_object_foreach (item, key, value) {
		enum cdr_field field = cdr_field_named(key, strlen(key));
		if (field == CDR_N_FIELDS)
			continue;
		if (seen[field])
			return true;
		seen[field] = true;
	}
	return false;
}

static void compare(const char *bytes, size_t size)
{
	json_t *page = json_loadb(bytes, size, JSON_ALLOW_NUL, NULL);
	json_t *items = json_object_get(page, "items");
	struct cdr_reader reader;
	struct arena arena;
	struct cdr cdr;
	/* The first of two "items" counts for us, the last for jansson; and a
	 * page that begins with a record's field is read as lines. */
	const char *twice = memmem(bytes, size, "items", 5);
	bool first = json_is_object(page) && json_object_iter_key(json_object_iter(page)) != NULL &&
	    strcmp(json_object_iter_key(json_object_iter(page)), "items") == 0;
	if (!json_is_array(items) || !first || json_object_size(page) != 1 ||
	    memmem(twice + 5, size - (size_t)(twice + 5 - bytes), "items", 5) != NULL) {
		json_decref(page);
		return;
	}
	arena_init(&arena);
	cdr_reader_init(&reader);
	cdr_reader_feed(&reader, bytes, size, true);
	size_t n = json_array_size(items);
	for (size_t i = 0; i < n; i++) {
		json_t *item = json_array_get(items, i);
		enum cdr_next next = cdr_reader_next(&reader, &arena, &cdr);
		if (next == CDR_NEXT_BROKEN) /* one of our limits: depth, length, strangers */
			break;
		if (next != CDR_NEXT_RECORD && next != CDR_NEXT_REJECTED)
			abort();
		if (next == CDR_NEXT_REJECTED || ambiguous(item))
			continue;
		const char *key;
		json_t *value;
		json_object_foreach (item, key, value) {
			enum cdr_field field = cdr_field_named(key, strlen(key));
			/* U+0000 is U+FFFD to us, and ends a key for jansson's reader. */
			if (field < CDR_N_FIELDS && !same_text(field, cdr.field[field], value) &&
			    (!json_is_string(value) || memchr(json_string_value(value), 0, json_string_length(value)) == NULL))
				abort();
		}
	}
	json_decref(page);
	arena_clear(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sum whole = { 0 }, cut = { 0 };
	if (size < 2)
		return 0;
	/* The first bytes say where to cut; a copy without a byte behind it. */
	size_t n = size - 2, at = n == 0 ? 0 : (size_t)(data[0] << 8 | data[1]) % n;
	char *bytes = mem_alloc(n + (n == 0));
	memcpy(bytes, data + 2, n);
	read_cut(bytes, n, n, &whole);
	read_cut(bytes, n, at, &cut);
	if (whole.hash != cut.hash || whole.records != cut.records || whole.rejected != cut.rejected ||
	    whole.last != cut.last)
		abort();
	compare(bytes, n);
	free(bytes);
	return 0;
}
