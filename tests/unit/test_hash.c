/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <string.h>

#include "base/hash.h"

/* Whatever byte is another, at whatever length, so is the hash. */
TEST(another_byte_or_length_is_another_hash_of_much)
{
	unsigned char bytes[200], same[201];
	for (size_t i = 0; i < sizeof bytes; i++)
		bytes[i] = (unsigned char)(i % 3);
	for (size_t n = 0; n <= sizeof bytes; n++) {
		uint64_t hash = hash_much(bytes, n);
		memcpy(same + 1, bytes, n); /* where it lies is no matter */
		CHECK(hash_much(same + 1, n) == hash);
		CHECK(n == 0 || hash_much(bytes, n - 1) != hash);
		for (size_t i = 0; i < n; i++) {
			bytes[i] ^= 0x80;
			CHECK(hash_much(bytes, n) != hash);
			bytes[i] ^= 0x80;
		}
	}
}

TEST(words_that_change_places_are_another_hash_of_much)
{
	char one[128], other[128];
	for (size_t from = 0; from < 128; from += 8) {
		for (size_t to = 0; to < from; to += 8) {
			memset(one, 'a', sizeof one);
			memset(other, 'a', sizeof other);
			memcpy(one + from, "bbbbbbbb", 8);
			memcpy(other + to, "bbbbbbbb", 8);
			CHECK(hash_much(one, sizeof one) != hash_much(other, sizeof other));
		}
	}
}

TESTS(T(another_byte_or_length_is_another_hash_of_much), T(words_that_change_places_are_another_hash_of_much))
