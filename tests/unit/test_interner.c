/* SPDX-License-Identifier: Apache-2.0
 *
 * Texts to numbers. */
#include "test.h"

#include "base/interner.h"

TEST(the_same_text_has_the_same_number)
{
	struct interner in = { 0 };
	CHECK_INT(interner_id(&in, "Bogota", 6), 1);
	CHECK_INT(interner_id(&in, "Denver", 6), 2);
	CHECK_INT(interner_id(&in, "Bogota", 6), 1);
	interner_clear(&in);
}

TEST(a_text_is_its_bytes_and_its_length)
{
	struct interner in = { 0 };
	uint32_t whole = interner_id(&in, "ab\0c", 4);
	CHECK(interner_id(&in, "ab", 2) != whole);
	CHECK(interner_id(&in, "ab\0d", 4) != whole);
	CHECK_INT(interner_id(&in, "ab\0c", 4), whole);
	interner_clear(&in);
}

TEST(a_hundred_thousand_texts_keep_their_numbers)
{
	struct interner in = { 0 };
	char text[16];
	for (int i = 1; i <= 100000; i++) {
		int n = snprintf(text, sizeof text, "%x", i * 7919);
		if (interner_id(&in, text, (size_t)n) != (uint32_t)i)
			CHECK_INT(0, i);
	}
	for (int i = 100000; i >= 1; i--) {
		int n = snprintf(text, sizeof text, "%x", i * 7919);
		if (interner_id(&in, text, (size_t)n) != (uint32_t)i)
			CHECK_INT(0, i);
	}
	interner_clear(&in);
}

TEST(emptied_it_begins_anew_and_says_so)
{
	struct interner in = { 0 };
	interner_id(&in, "Bogota", 6);
	uint32_t before = in.generation;
	interner_empty(&in);
	CHECK(in.generation != before);
	CHECK_INT(interner_id(&in, "Denver", 6), 1);
	interner_clear(&in);
}

TESTS(T(the_same_text_has_the_same_number), T(a_text_is_its_bytes_and_its_length),
    T(a_hundred_thousand_texts_keep_their_numbers), T(emptied_it_begins_anew_and_says_so))
