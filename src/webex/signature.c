/* SPDX-License-Identifier: Apache-2.0 */
#include "webex/signature.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <string.h>

#include "base/text.h"

static bool matches(const EVP_MD *kind, const char *secret, const char *body, size_t n,
    const char *claimed)
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned n_digest = 0;
	if (HMAC(kind, secret, (int)strlen(secret), (const unsigned char *)body, n, digest,
		&n_digest) == NULL)
		return false;
	char expected[2 * EVP_MAX_MD_SIZE + 1] = "", given[2 * EVP_MAX_MD_SIZE + 1] = "";
	size_t length = 2 * (size_t)n_digest;
	if (strlen(claimed) != length)
		return false;
	for (size_t i = 0; i < length; i++) {
		int nibble = i % 2 == 0 ? digest[i / 2] >> 4 : digest[i / 2] & 15;
		expected[i] = "0123456789abcdef"[nibble];
		given[i] = claimed[i] >= 'A' && claimed[i] <= 'F' ? (char)(claimed[i] + 32) : claimed[i];
	}
	return CRYPTO_memcmp(expected, given, length) == 0;
}

bool signature_is_right(const char *secret, const char *body, size_t n, const char *spark,
    const char *webex)
{
	if (secret[0] == '\0' || spark == NULL || !matches(EVP_sha1(), secret, body, n, spark))
		return false;
	if (webex == NULL)
		return true;
	if (text_starts_with(webex, "sha256="))
		return matches(EVP_sha256(), secret, body, n, webex + 7);
	if (text_starts_with(webex, "sha1="))
		return matches(EVP_sha1(), secret, body, n, webex + 5);
	return matches(strlen(webex) == 64 ? EVP_sha256() : EVP_sha1(), secret, body, n, webex);
}
