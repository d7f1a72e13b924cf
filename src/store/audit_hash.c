/* SPDX-License-Identifier: Apache-2.0
 *
 * The hash of a line of the audit log, over the one before it. */
#include <string.h>

#include <openssl/evp.h>

#include "base/text.h"
#include "store/alert_rows.h"

/* What separates the texts of a line as it was hashed at first: no printable text has it. */
#define SEPARATOR '\x1f'

static bool has_separator(const struct alert_event *e)
{
	return strchr(e->who, SEPARATOR) != NULL || strchr(e->act, SEPARATOR) != NULL || strchr(e->before, SEPARATOR) != NULL ||
	    strchr(e->after, SEPARATOR) != NULL || strchr(e->note, SEPARATOR) != NULL;
}

/* Of texts without the separator no two rows look alike, and of others they might. */
static void add_separated(struct text *row, int64_t seq, int64_t alert_id, const struct alert_event *e)
{
	text_printf(row, "%lld\x1f%lld\x1f%lld\x1f%s\x1f%s\x1f%s\x1f%s\x1f%s", (long long)seq,
	    (long long)alert_id, (long long)e->at_ms, e->who, e->act, e->before, e->after, e->note);
}

/* Each text with its length before it, whatever stands in it; the first byte is none that the
 * other form begins with. */
static void add_measured(struct text *row, int64_t seq, int64_t alert_id, const struct alert_event *e)
{
	const char *const texts[] = { e->who, e->act, e->before, e->after, e->note };
	text_printf(row, "#%lld %lld %lld", (long long)seq, (long long)alert_id, (long long)e->at_ms);
	for (size_t i = 0; i < COUNT_OF(texts); i++)
		text_printf(row, " %zu:%s", strlen(texts[i]), texts[i]);
}

static void hash_row(const unsigned char before[32], int64_t seq, int64_t alert_id, const struct alert_event *e,
    void (*add)(struct text *, int64_t, int64_t, const struct alert_event *), unsigned char out[32])
{
	struct text row = { 0 };
	unsigned n = 32;
	text_add(&row, (const char *)before, 32);
	add(&row, seq, alert_id, e);
	EVP_Digest(row.bytes, row.n, out, &n, EVP_sha256(), NULL);
	text_clear(&row);
}

void audit_hash(const unsigned char before[32], int64_t seq, int64_t alert_id, const struct alert_event *e, unsigned char out[32])
{
	hash_row(before, seq, alert_id, e, has_separator(e) ? add_measured : add_separated, out);
}

bool audit_hash_fits(const unsigned char before[32], int64_t seq, int64_t alert_id, const struct alert_event *e, const unsigned char given[32])
{
	unsigned char hash[32];
	audit_hash(before, seq, alert_id, e, hash);
	if (memcmp(hash, given, sizeof hash) == 0)
		return true;
	if (!has_separator(e))
		return false;
	hash_row(before, seq, alert_id, e, add_separated, hash);
	return memcmp(hash, given, sizeof hash) == 0;
}

void audit_hash_text(const unsigned char hash[32], char out[65])
{
	for (int i = 0; i < 64; i++) {
		int nibble = i % 2 == 0 ? hash[i / 2] >> 4 : hash[i / 2] & 15;
		out[i] = "0123456789abcdef"[nibble];
	}
	out[64] = '\0';
}
