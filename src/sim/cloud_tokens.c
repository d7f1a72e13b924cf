/* SPDX-License-Identifier: Apache-2.0
 *
 * Scopes and tokens. A token looks like Webex's (value_cluster_organisation);
 * its value is what it says, signed with a key made of the seed. Nothing to
 * keep, so a simulator started again still knows its old tokens. */
#include <openssl/crypto.h>
#include <openssl/hmac.h>
#include <stdio.h>
#include <string.h>

#include "sim/cloud_parts.h"
#include "webex/ids.h"

static const char *const scope_names[] = {
#define CLOUD_SCOPE_NAME(id, name) name,
	CLOUD_SCOPES(CLOUD_SCOPE_NAME)
#undef CLOUD_SCOPE_NAME
};

bool cloud_scopes_read(const char *list, unsigned *scopes)
{
	*scopes = 0;
	while (*list != '\0') {
		size_t n = strcspn(list, " "), i;
		for (i = 0; i < CLOUD_N_SCOPES; i++)
			if (strlen(scope_names[i]) == n && memcmp(scope_names[i], list, n) == 0)
				break;
		if (i < CLOUD_N_SCOPES)
			*scopes |= 1u << i;
		else if (n > 0)
			return false;
		list += n + (list[n] == ' ');
	}
	return *scopes != 0;
}

void cloud_scopes_add(struct text *out, unsigned scopes)
{
	bool first = true;
	for (unsigned i = 0; i < CLOUD_N_SCOPES; i++) {
		if ((scopes & 1u << i) == 0)
			continue;
		text_printf(out, "%s%s", first ? "" : " ", scope_names[i]);
		first = false;
	}
}

#define N_CLAIMS 25 /* flags, scopes, expiry, serial */
#define N_MAC	 16
#define N_VALUE	 55 /* base64url of both */

static void put(unsigned char *out, uint64_t value, int n)
{
	for (int i = 0; i < n; i++)
		out[i] = (unsigned char)(value >> (8 * i));
}

static uint64_t get(const unsigned char *in, int n)
{
	uint64_t value = 0;
	for (int i = 0; i < n; i++)
		value |= (uint64_t)in[i] << (8 * i);
	return value;
}

static void sign(const struct cloud *cloud, unsigned char claims[static N_CLAIMS + N_MAC])
{
	unsigned char digest[32];
	HMAC(EVP_sha256(), cloud->key, sizeof cloud->key, claims, N_CLAIMS, digest, NULL);
	memcpy(claims + N_CLAIMS, digest, N_MAC);
}

void cloud_token_write(const struct cloud *cloud, const struct cloud_token *token,
    char out[static CLOUD_TOKEN_BYTES])
{
	unsigned char claims[N_CLAIMS + N_MAC] = { 0 };
	char value[N_VALUE + 2];
	claims[0] = (unsigned char)((unsigned)token->is_refresh | (unsigned)token->by_device << 1 |
	    (unsigned)token->owner << 2 | (unsigned)token->client << 4);
	put(claims + 1, token->scopes, 4);
	put(claims + 5, (uint64_t)token->expires_ms, 8);
	put(claims + 13, token->serial, 8);
	/* Four bytes of noise, so that tokens of one minute do not look alike. */
	unsigned char noise[32];
	HMAC(EVP_sha256(), cloud->key, sizeof cloud->key, claims, 21, noise, NULL);
	memcpy(claims + 21, noise, 4);
	sign(cloud, claims);
	base64_encode(claims, sizeof claims, true, false, value);
	snprintf(out, CLOUD_TOKEN_BYTES, "%s_PF84_%s", value, cloud->org->uuid);
}

bool cloud_token_read(const struct cloud *cloud, const char *text, struct cloud_token *out)
{
	unsigned char claims[N_CLAIMS + N_MAC], signed_again[N_CLAIMS + N_MAC];
	text += strspn(text, " ");
	size_t n = strlen(text);
	if (n < N_VALUE + 6 || strncmp(text + N_VALUE, "_PF84_", 6) != 0 ||
	    strcmp(text + N_VALUE + 6, cloud->org->uuid) != 0)
		return false;
	if (base64_decode(text, N_VALUE, claims, sizeof claims) != (int64_t)sizeof claims)
		return false;
	memcpy(signed_again, claims, sizeof claims);
	sign(cloud, signed_again);
	if (CRYPTO_memcmp(claims, signed_again, sizeof claims) != 0)
		return false;
	*out = (struct cloud_token){
		.is_refresh = claims[0] & 1,
		.by_device = claims[0] >> 1 & 1,
		.owner = (enum cloud_owner)(claims[0] >> 2 & 3),
		.client = (enum cloud_client)(claims[0] >> 4 & 3),
		.scopes = (unsigned)get(claims + 1, 4),
		.expires_ms = (int64_t)get(claims + 5, 8),
		.serial = get(claims + 13, 8),
	};
	return true;
}

bool cloud_secret_equal(const char *a, const char *b)
{
	size_t n = strlen(a);
	return n == strlen(b) && CRYPTO_memcmp(a, b, n) == 0;
}
