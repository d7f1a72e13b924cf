/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include "webex/signature.h"

/* Made with Python's hmac module. */
#define BODY   "{\"id\":\"1\",  \"data\":{}}"
#define SHA1   "f4165efb21053a97290d127aab5b6bd3e6590e21"
#define SHA256 "b0807d43783e3ce85a9c265e5497063b5aac3314af6de4d36e92d64136472c84"

static bool right(const char *body, const char *spark, const char *webex)
{
	return signature_is_right("INVENTED", body, strlen(body), spark, webex);
}

TEST(D2_the_signature_is_over_the_raw_bytes)
{
	CHECK(right(BODY, SHA1, NULL));
	CHECK(!right("{\"id\":\"1\",\"data\":{}}", SHA1, NULL)); /* the same JSON, written anew */
	CHECK(!right(BODY " ", SHA1, NULL));
}

TEST(D2_either_case_of_hexadecimal)
{
	char upper[64];
	size_t n = strlen(SHA1);
	for (size_t i = 0; i <= n; i++)
		upper[i] = SHA1[i] >= 'a' && SHA1[i] <= 'f' ? (char)(SHA1[i] - 32) : SHA1[i];
	CHECK(right(BODY, upper, NULL));
}

TEST(D2_no_signature_or_a_wrong_one_is_refused)
{
	CHECK(!right(BODY, NULL, NULL));
	CHECK(!right(BODY, "", NULL));
	CHECK(!right(BODY, SHA256, NULL));
	CHECK(!right(BODY, NULL, SHA256));
	char wrong[] = SHA1;
	wrong[39] = wrong[39] == '0' ? '1' : '0';
	CHECK(!right(BODY, wrong, NULL));
	CHECK(!signature_is_right("", BODY, strlen(BODY), SHA1, NULL));
	CHECK(!signature_is_right("other", BODY, strlen(BODY), SHA1, NULL));
}

TEST(a_stronger_header_must_be_right_too)
{
	CHECK(right(BODY, SHA1, SHA256));
	CHECK(right(BODY, SHA1, "sha256=" SHA256));
	CHECK(right(BODY, SHA1, SHA1));
	CHECK(right(BODY, SHA1, "sha1=" SHA1));
	CHECK(!right(BODY, SHA1, "sha256=" SHA1));
	CHECK(!right(BODY, SHA1, ""));
	CHECK(!right(BODY, SHA1, "sha512=00"));
}

TESTS(T(D2_the_signature_is_over_the_raw_bytes), T(D2_either_case_of_hexadecimal),
    T(D2_no_signature_or_a_wrong_one_is_refused), T(a_stronger_header_must_be_right_too))
