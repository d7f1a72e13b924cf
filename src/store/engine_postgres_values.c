/* SPDX-License-Identifier: Apache-2.0
 *
 * PostgreSQL: what a statement takes and what its rows give. Integers and bytes
 * go binary, everything comes back as text. */
#include <endian.h>
#include <locale.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "store/engine_postgres.h"

/* pg_type.dat: numbers that never change. */
enum { TYPE_BOOL = 16, TYPE_BYTEA = 17, TYPE_INT8 = 20, TYPE_TEXT = 25, TYPE_FLOAT8 = 701, TYPE_BYTEAS = 1001, TYPE_TEXTS = 1009, TYPE_INT8S = 1016 };

/* Outside of its '…' and "…". */
void pg_find_parameters(struct statement *s)
{
	char quote = '\0';
	for (const char *p = s->sql; *p != '\0'; p++) {
		if (quote != '\0') {
			quote = *p == quote ? '\0' : quote;
		} else if (*p == '\'' || *p == '"') {
			quote = *p;
		} else if (*p == '$') {
			long n = strtol(p + 1, NULL, 10);
			assert(n >= 1 && n <= PG_PARAMETERS_MAX);
			s->used |= UINT64_C(1) << (n - 1);
			s->n_parameters = MAX(s->n_parameters, (int)n);
		}
	}
	for (int i = 0; i < s->n_parameters; i++)
		s->types[i] = TYPE_TEXT; /* one that does not stand there needs a type all the same */
}

static bool bind(struct statement *s, int n, Oid type, const char *value, size_t length, int form)
{
	assert(n >= 1 && n <= PG_PARAMETERS_MAX && length <= INT32_MAX);
	int i = n - 1;
	if ((s->used >> i & 1) == 0)
		return false;
	s->types[i] = type;
	s->values[i] = value;
	s->lengths[i] = (int)length;
	s->forms[i] = form;
	return true;
}

static void bind_word(struct statement *s, int n, Oid type, uint64_t word)
{
	s->numbers[n - 1] = htobe64(word);
	bind(s, n, type, (const char *)&s->numbers[n - 1], sizeof word, 1);
}

void pg_bind_int(struct statement *s, int n, int64_t value)
{
	bind_word(s, n, TYPE_INT8, (uint64_t)value);
}

void pg_bind_real(struct statement *s, int n, double value)
{
	uint64_t word;
	memcpy(&word, &value, sizeof word);
	bind_word(s, n, TYPE_FLOAT8, word);
}

/* The server takes UTF-8 without NUL and nothing else. What is broken becomes
 * U+FFFD, as on the screen. NULL: the text is as it should be. */
static char *repair(const char *text, size_t n, size_t *length)
{
	size_t good = 0;
	uint32_t point = 0;
	/* Nearly all is ASCII: eight bytes at a time, of which none has its highest bit nor is NUL. */
	for (uint64_t word; good + sizeof word <= n; good += sizeof word) {
		memcpy(&word, text + good, sizeof word);
		if (((word - UINT64_C(0x0101010101010101)) | word) & UINT64_C(0x8080808080808080))
			break;
	}
	while (good < n && (unsigned char)text[good] < 0x80 && text[good] != '\0')
		good++;
	for (size_t used; good < n; good += used) {
		used = utf8_decode(text + good, n - good, &point);
		if (point == 0 || (point == 0xFFFD && used == 1))
			break;
	}
	if (good >= n)
		return NULL;
	struct text out = { 0 };
	text_add(&out, text, good);
	for (size_t i = good; i < n;) {
		char encoded[4];
		i += utf8_decode(text + i, n - i, &point);
		text_add(&out, encoded, utf8_encode(point == 0 ? 0xFFFD : point, encoded));
	}
	*length = out.n;
	return out.bytes;
}

void copy_text(struct copy *copy, const char *text, size_t n)
{
	char *repaired = repair(text, n, &n);
	copy_bytes(copy, repaired != NULL ? repaired : text, n);
	free(repaired);
}

/* Bound text lives until the statement was stepped and reset (engine_sqlite.c). */
void pg_bind_text(struct statement *s, int n, const char *text, size_t length)
{
	if (text == NULL)
		text = "";
	if (!bind(s, n, TYPE_TEXT, text, length, 1))
		return;
	free(s->repaired[n - 1]);
	s->repaired[n - 1] = repair(text, length, &length);
	if (s->repaired[n - 1] != NULL)
		bind(s, n, TYPE_TEXT, s->repaired[n - 1], length, 1);
}

void pg_bind_blob(struct statement *s, int n, const void *bytes, size_t length)
{
	bind(s, n, TYPE_BYTEA, bytes == NULL ? "" : bytes, length, 1);
}

void pg_bind_null(struct statement *s, int n)
{
	bind(s, n, 0, NULL, 0, 0);
}

/* One dimension, counted from 1; some may be NULL. */
void pg_bind_array(struct statement *s, int n, char type, struct text *cells, size_t n_cells)
{
	Oid element = type == 'i' ? TYPE_INT8 : type == 't' ? TYPE_TEXT : TYPE_BYTEA;
	uint32_t head[] = { htobe32(1), htobe32(1), htobe32(element), htobe32((uint32_t)n_cells), htobe32(1) };
	static_assert(sizeof head == MANY_HEAD, "many_begin() leaves the room");
	memcpy(cells->bytes, head, sizeof head);
	bind(s, n, type == 'i' ? TYPE_INT8S : type == 't' ? TYPE_TEXTS : TYPE_BYTEAS, cells->bytes, cells->n, 1);
}

/* ---- columns -------------------------------------------------------------------- */

bool pg_is_null(struct statement *s, int column)
{
	return column >= s->n_columns || s->cell_lengths[column] < 0;
}

const char *pg_column_text(struct statement *s, int column)
{
	return pg_is_null(s, column) ? "" : s->cells[column];
}

int64_t pg_column_int(struct statement *s, int column)
{
	const char *text = pg_column_text(s, column);
	return s->column_types[column] == TYPE_BOOL ? *text == 't' : strtoll(text, NULL, 10);
}

static locale_t plain;

static void make_plain(void)
{
	plain = newlocale(LC_NUMERIC_MASK, "C", (locale_t)0);
}

/* With a point, whatever the person's language has there. */
double pg_column_real(struct statement *s, int column)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	pthread_once(&once, make_plain);
	return strtod_l(pg_column_text(s, column), NULL, plain);
}

static int digit(char c)
{
	return c <= '9' ? c - '0' : c - 'a' + 10;
}

/* "\x…", two digits a byte. */
const void *pg_column_blob(struct statement *s, int column, size_t *length)
{
	const char *text = pg_column_text(s, column);
	*length = strlen(text);
	if (s->column_types[column] != TYPE_BYTEA || *length < 2)
		return text;
	*length = (*length - 2) / 2;
	unsigned char *bytes = arena_alloc(&s->bytes, *length + 1);
	for (size_t i = 0; i < *length; i++)
		bytes[i] = (unsigned char)(digit(text[2 + 2 * i]) << 4 | digit(text[3 + 2 * i]));
	return bytes;
}
