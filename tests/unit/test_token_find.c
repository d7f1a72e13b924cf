/* SPDX-License-Identifier: Apache-2.0
 *
 * A token is found by its hash, and what is compared on the way is always the same: that
 * is counted here, by standing in the place of OpenSSL's comparison. A clock would tell
 * of the machine. */
#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>

#include "store/token_rows.h"
#include "test.h"

enum { N = 5 };
static size_t n_compared, n_bytes;

/* OpenSSL's, which a program's own goes before. */
int CRYPTO_memcmp(const void *a, const void *b, size_t n)
{
	const unsigned char *x = a, *y = b;
	unsigned char differs = 0;
	n_compared++;
	n_bytes += n;
	for (size_t i = 0; i < n; i++)
		differs |= x[i] ^ y[i];
	return differs;
}

static const char *secret(int which)
{
	static char text[44];
	snprintf(text, sizeof text, "%043d", which);
	return text;
}

static const char *text_of(const char *id, const char *a_secret)
{
	static char text[TOKEN_TEXT_BYTES];
	snprintf(text, sizeof text, "cnt_%.8s_%.43s", id, a_secret);
	return text;
}

static void fill(struct token_row rows[N])
{
	for (int i = 0; i < N; i++) {
		unsigned n = 32;
		rows[i] = (struct token_row){ .name = "x" };
		snprintf(rows[i].id, sizeof rows[i].id, "ID%06d", i);
		EVP_Digest(secret(i), 43, rows[i].hash, &n, EVP_sha256(), NULL);
	}
}

static const struct token_row *find(const struct token_row rows[N], const char *text)
{
	n_compared = n_bytes = 0;
	return token_row_find(rows, N, text);
}

TEST(each_token_is_found_and_no_other)
{
	struct token_row rows[N];
	fill(rows);
	for (int i = 0; i < N; i++)
		CHECK(find(rows, text_of(rows[i].id, secret(i))) == &rows[i]);
	CHECK(find(rows, text_of(rows[0].id, secret(1))) == NULL); /* another's secret */
	CHECK(find(rows, text_of("ID000009", secret(1))) == NULL);
	CHECK(find(rows, text_of(rows[1].id, secret(9))) == NULL);
}

TEST(as_much_is_compared_whatever_the_token_is)
{
	struct token_row rows[N];
	char near[44];
	fill(rows);
	snprintf(near, sizeof near, "%s", secret(2));
	near[42] ^= 1;
	const char *const ids[] = { rows[0].id, rows[2].id, rows[N - 1].id, "ID000009", "unknown_" };
	const char *const secrets[] = { "0000000000000000000000000000000000000000000", "zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz", near };
	for (size_t i = 0; i < COUNT_OF(ids); i++)
		for (size_t k = 0; k < COUNT_OF(secrets); k++) {
			(void)find(rows, text_of(ids[i], secrets[k]));
			CHECK_INT(n_compared, N);
			CHECK_INT(n_bytes, N * 32);
		}
	for (int i = 0; i < N; i++) { /* and for the right one, wherever it stands */
		CHECK(find(rows, text_of(rows[i].id, secret(i))) != NULL);
		CHECK_INT(n_compared, N);
		CHECK_INT(n_bytes, N * 32);
	}
}

TEST(what_has_no_tokens_form_is_none)
{
	static const char *const wrong[] = { "", "cnt_", "cnt_ID000000", "cnt_ID000000_", "CNT_ID000000_0000000000000000000000000000000000000000000",
		"cnt_ID000000-0000000000000000000000000000000000000000000", "cnt_ID000000_00000000000000000000000000000000000000000000",
		"cnt_ID000000_000000000000000000000000000000000000000000", " cnt_ID000000_0000000000000000000000000000000000000000000" };
	struct token_row rows[N];
	fill(rows);
	for (size_t i = 0; i < COUNT_OF(wrong); i++)
		CHECK(find(rows, wrong[i]) == NULL);
	CHECK(token_row_find(NULL, 0, text_of(rows[0].id, secret(0))) == NULL);
}

TESTS(T(each_token_is_found_and_no_other), T(as_much_is_compared_whatever_the_token_is), T(what_has_no_tokens_form_is_none))
