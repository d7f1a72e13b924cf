/* SPDX-License-Identifier: Apache-2.0 */
#include "calls/cdr_walk.h"

#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "base/i18n.h"
#include "base/text.h"

#define MAX_DEPTH   16
#define MAX_STRING  (64u * 1024)
#define MAX_UNKNOWN 512 /* strangers in one record */

static enum walk bad(struct walker *w, const char *why)
{
	w->why = why;
	return WALK_BAD;
}

#ifdef __SSE2__
/* The first byte of 16 that is a quote, a backslash or below 0x20; 16: none. */
static inline unsigned stop_of_16(const char *p)
{
	__m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)p);
	__m128i quote = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('"'));
	__m128i slash = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\'));
	__m128i control = _mm_cmpeq_epi8(_mm_max_epu8(bytes, _mm_set1_epi8(0x1F)), _mm_set1_epi8(0x1F));
	unsigned found = (unsigned)_mm_movemask_epi8(_mm_or_si128(_mm_or_si128(quote, slash), control));
	return (unsigned)__builtin_ctz(found | 1u << 16);
}
#else
#define ONES  UINT64_C(0x0101010101010101)
#define HIGHS UINT64_C(0x8080808080808080)

/* Of 8: a byte that stops sets its top bit (bits above the first may lie). */
static inline unsigned stop_of_8(const char *p)
{
	uint64_t word;
	memcpy(&word, p, 8);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	word = __builtin_bswap64(word);
#endif
	uint64_t quote = word ^ (ONES * '"'), slash = word ^ (ONES * '\\');
	uint64_t control = (word - ONES * 0x20) & ~word;
	uint64_t found = (((quote - ONES) & ~quote) | ((slash - ONES) & ~slash) | control) & HIGHS;
	return found == 0 ? 8 : (unsigned)__builtin_ctzll(found) / 8;
}

static inline unsigned stop_of_16(const char *p)
{
	unsigned at = stop_of_8(p);
	return at < 8 ? at : 8 + stop_of_8(p + 8);
}
#endif

/* From after the opening quote to the closing one; *escaped says whether a
 * backslash was met. Leaves w->p behind the closing quote. */
static inline enum walk quoted(struct walker *w, struct span *out, bool *escaped)
{
	const char *p = w->p;
	*escaped = false;
	for (;;) {
		while (w->end - p >= 16) {
			unsigned at = stop_of_16(p);
			p += at;
			if (at < 16)
				break;
		}
		while (p < w->end && *p != '"' && *p != '\\' && (unsigned char)*p >= 0x20)
			p++;
		if (p >= w->end)
			return WALK_SHORT;
		if (*p == '"')
			break;
		if (*p != '\\')
			return bad(w, _("a control byte inside a string"));
		*escaped = true;
		if (w->end - p < 2)
			return WALK_SHORT;
		p += 2;
	}
	if ((size_t)(p - w->p) > MAX_STRING)
		return bad(w, _("a string is longer than 64 KiB"));
	*out = (struct span){ w->p, (uint32_t)(p - w->p) };
	w->p = p + 1;
	return WALK_OK;
}

static enum walk key_and_colon(struct walker *w, struct span *key, bool *escaped)
{
	if (*w->p != '"')
		return bad(w, _("a key without quotes"));
	w->p++;
	enum walk walk = quoted(w, key, escaped);
	if (walk != WALK_OK)
		return walk;
	if (!walk_space(w))
		return WALK_SHORT;
	return *w->p++ == ':' ? WALK_OK : bad(w, _("a key without a colon"));
}

static bool hex4(const char *p, const char *end, uint32_t *out)
{
	uint32_t value = 0;
	if (end - p < 4)
		return false;
	for (int i = 0; i < 4; i++) {
		char c = p[i];
		uint32_t digit = c >= '0' && c <= '9' ? (uint32_t)(c - '0') :
		    (c | 32) >= 'a' && (c | 32) <= 'f' ? (uint32_t)((c | 32) - 'a' + 10) : 16;
		if (digit == 16)
			return false;
		value = value << 4 | digit;
	}
	*out = value;
	return true;
}

/* Into the arena: shorter than the escaped form, always. A lone surrogate
 * and U+0000 become U+FFFD. */
static bool unescape(struct arena *arena, struct span *s)
{
	static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
	char *out = arena_alloc(arena, s->n), *o = out;
	const char *p = s->p, *end = s->p + s->n;
	while (p < end) {
		if (*p != '\\') {
			*o++ = *p++;
			continue;
		}
		p++;
		const char *simple = *p == '\0' ? NULL : strchr(from, *p);
		if (simple != NULL) {
			*o++ = to[simple - from];
			p++;
			continue;
		}
		uint32_t point, low;
		if (*p != 'u' || !hex4(p + 1, end, &point))
			return false;
		p += 5;
		if (point >= 0xD800 && point < 0xDC00 && end - p >= 6 && p[0] == '\\' &&
		    p[1] == 'u' && hex4(p + 2, end, &low) && low >= 0xDC00 && low < 0xE000) {
			point = 0x10000 + ((point - 0xD800) << 10) + (low - 0xDC00);
			p += 6;
		}
		if (point == 0 || (point >= 0xD800 && point < 0xE000))
			point = 0xFFFD;
		o += utf8_encode(point, o);
	}
	*s = (struct span){ out, (uint32_t)(o - out) };
	return true;
}

static enum walk walk_word(struct walker *w, const char *word, size_t n)
{
	size_t have = MIN((size_t)(w->end - w->p), n);
	if (memcmp(w->p, word, have) != 0)
		return bad(w, _("a word that is not true, false or null"));
	if (have < n)
		return WALK_SHORT;
	w->p += n;
	return WALK_OK;
}

/* RFC 8259's grammar. A number that touches the end may go on: SHORT. */
static enum walk walk_number(struct walker *w, struct span *out)
{
	const char *start = w->p, *p = w->p;
	if (p < w->end && *p == '-')
		p++;
	if (p < w->end && *p == '0') {
		p++;
	} else {
		const char *first = p;
		while (p < w->end && *p >= '0' && *p <= '9')
			p++;
		if (p == first && p < w->end)
			return bad(w, _("a value that is not JSON"));
	}
	if (p < w->end && *p == '.') {
		const char *first = ++p;
		while (p < w->end && *p >= '0' && *p <= '9')
			p++;
		if (p == first && p < w->end)
			return bad(w, _("a number without digits after its point"));
	}
	if (p < w->end && (*p | 32) == 'e') {
		p++;
		if (p < w->end && (*p == '+' || *p == '-'))
			p++;
		const char *first = p;
		while (p < w->end && *p >= '0' && *p <= '9')
			p++;
		if (p == first && p < w->end)
			return bad(w, _("a number without digits in its exponent"));
	}
	if (p == w->end)
		return WALK_SHORT;
	if (p - start > 64)
		return bad(w, _("a number longer than 64 digits"));
	*out = (struct span){ start, (uint32_t)(p - start) };
	w->p = p;
	return WALK_OK;
}

static enum walk walk_members(struct walker *w, char close, int depth)
{
	w->p++;
	if (depth >= MAX_DEPTH)
		return bad(w, _("nested deeper than 16"));
	if (!walk_space(w))
		return WALK_SHORT;
	if (*w->p == close) {
		w->p++;
		return WALK_OK;
	}
	for (;;) {
		struct span key;
		bool escaped;
		if (!walk_space(w))
			return WALK_SHORT;
		if (close == '}') {
			enum walk walk = key_and_colon(w, &key, &escaped);
			if (walk != WALK_OK)
				return walk;
		}
		enum walk walk = walk_value(w, depth + 1);
		if (walk != WALK_OK)
			return walk;
		if (!walk_space(w))
			return WALK_SHORT;
		if (*w->p == close) {
			w->p++;
			return WALK_OK;
		}
		if (*w->p++ != ',')
			return bad(w, _("a comma is missing"));
	}
}

/* Skip any value. */
enum walk walk_value(struct walker *w, int depth)
{
	struct span ignored;
	bool escaped;
	if (!walk_space(w))
		return WALK_SHORT;
	switch (*w->p) {
	case '"':
		w->p++;
		return quoted(w, &ignored, &escaped);
	case '{':
		return walk_members(w, '}', depth);
	case '[':
		return walk_members(w, ']', depth);
	case 't':
		return walk_word(w, "true", 4);
	case 'f':
		return walk_word(w, "false", 5);
	case 'n':
		return walk_word(w, "null", 4);
	default:
		return walk_number(w, &ignored);
	}
}

/* A member's value into its field. An object or a list where text belongs
 * is skipped: the field is absent, the raw record still has it. */
static inline enum walk walk_field(struct walker *w, struct arena *arena, struct span *out)
{
	bool escaped;
	*out = (struct span){ NULL, 0 };
	if (!walk_space(w))
		return WALK_SHORT;
	if (*w->p == '"') {
		w->p++;
		if (w->p < w->end && *w->p == '"') {
			w->p++; /* more than half of all values */
			return WALK_OK;
		}
		enum walk walk = quoted(w, out, &escaped);
		if (walk == WALK_OK && escaped && !unescape(arena, out))
			return bad(w, _("an escape that is not JSON"));
		return walk;
	}
	if (*w->p == '{' || *w->p == '[')
		return walk_value(w, 1);
	const char *start = w->p;
	enum walk walk;
	if (*w->p == 'n')
		return walk_word(w, "null", 4);
	if (*w->p == 't')
		walk = walk_word(w, "true", 4);
	else if (*w->p == 'f')
		walk = walk_word(w, "false", 5);
	else
		return walk_number(w, out);
	if (walk == WALK_OK)
		*out = (struct span){ start, (uint32_t)(w->p - start) };
	return walk;
}

/* A field's name as it stands in a record: "Start time": */
static const struct {
	const char *text;
	size_t n;
} keys[CDR_N_FIELDS + 1] = {
#define CDR_KEY(id, wire, kind) { "\"" wire "\":", sizeof("\"" wire "\":") - 1 },
	CDR_FIELDS(CDR_KEY)
#undef CDR_KEY
	{ "\n", 1 }, /* no record has this for a key */
};

/* The key at w->p, up to and with its colon. Nearly always the one that
 * followed `last` in the record before, and spelled the same. */
static inline enum walk walk_key(struct cdr_reader *reader, struct walker *w,
    struct arena *arena, enum cdr_field last, enum cdr_field *field)
{
	*field = reader->follows[last];
	if ((size_t)(w->end - w->p) >= keys[*field].n &&
	    memcmp(w->p, keys[*field].text, keys[*field].n) == 0) {
		w->p += keys[*field].n;
		return WALK_OK;
	}
	struct span key;
	bool escaped;
	enum walk walk = key_and_colon(w, &key, &escaped);
	if (walk != WALK_OK)
		return walk;
	if (escaped && !unescape(arena, &key))
		return bad(w, _("an escape that is not JSON"));
	*field = cdr_field_named(key.p, key.n);
	if (*field < CDR_N_FIELDS)
		reader->follows[last] = *field;
	return WALK_OK;
}

enum walk walk_record(struct cdr_reader *reader, struct walker *w, struct arena *arena,
    struct cdr *cdr)
{
	enum cdr_field last = CDR_N_FIELDS;
	unsigned n_unknown = 0;
	const char *start = w->p++;
	memset(cdr, 0, sizeof *cdr);
	if (!walk_space(w))
		return WALK_SHORT;
	if (*w->p == '}') {
		w->p++;
		return WALK_OK;
	}
	for (;;) {
		struct span value;
		enum cdr_field field;
		if (!walk_space(w))
			return WALK_SHORT;
		enum walk walk = walk_key(reader, w, arena, last, &field);
		if (walk != WALK_OK)
			return walk;
		if (field < CDR_N_FIELDS) {
			walk = walk_field(w, arena, &value);
			if (walk == WALK_OK)
				cdr_put(cdr, field, value); /* twice: the last one wins */
			last = field;
		} else {
			if (++n_unknown > MAX_UNKNOWN)
				return bad(w, _("more than 512 unknown fields"));
			walk = walk_value(w, 1);
		}
		if (walk != WALK_OK)
			return walk;
		if (!walk_space(w))
			return WALK_SHORT;
		if (*w->p == '}') {
			w->p++;
			break;
		}
		if (*w->p++ != ',')
			return bad(w, _("a comma is missing"));
	}
	cdr->raw = (struct span){ start, (uint32_t)(w->p - start) };
	return WALK_OK;
}

enum walk walk_string(struct walker *w, struct span *out, bool *escaped)
{
	return quoted(w, out, escaped);
}
