/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include "alerts/tags.h"
#include "base/base.h"

TEST(words_are_put_on_and_taken_off)
{
	static const struct {
		const char *tags, *change, *result;
	} rows[] = { { "", "fraude", "fraude" }, { "", "+fraude +vip", "fraude vip" }, { "vip", "+Fraude", "fraude vip" },
		{ "fraude vip", "-fraude", "vip" }, { "fraude", "-fraude", "" }, { "fraude", "-otra", "fraude" },
		{ "", "b,a, c", "a b c" }, { "a", "+a", "a" }, { "a b", "-a +c -b", "c" }, { "a", "-a +a", "a" },
		{ "", "años ñandú", "años ñandú" }, { "", "sip:5060/udp v1.2_x", "sip:5060/udp v1.2_x" },
		/* A row that is not ours: what is no tag goes. */
		{ "ok  \x1b[31m a\"b", "+c", "c ok" } };
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		char out[TAGS_TEXT];
		struct fault fault = { 0 };
		if (!tags_change(rows[i].tags, rows[i].change, out, &fault))
			CHECK_STR(fault.text, "");
		CHECK_STR(out, rows[i].result);
	}
}

TEST(what_is_no_tag_is_a_sentence)
{
	static const char *const bad[] = { "", "   ", "+", "-", "+-x", "a*b", "a\"b", "a\\b", "50%", "a=b", "#12", "@night", "a\x1b" "b", "\xff",
		"\xE2\x80\xAE" "evil", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", "ok (no)" };
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		char out[TAGS_TEXT];
		struct fault fault = { 0 };
		CHECK(!tags_change("", bad[i], out, &fault));
		CHECK_INT(fault.code, FAULT_USAGE);
		CHECK(strlen(fault.text) > 10 && strchr(fault.text, '\x1b') == NULL);
	}
}

TEST(there_are_sixteen_at_most_and_the_longest_fit)
{
	char change[1024] = "", out[TAGS_TEXT], before[TAGS_TEXT];
	struct fault fault;
	size_t used = 0;
	for (int i = 0; i < TAGS_MAX; i++)
		used += (size_t)snprintf(change + used, sizeof change - used, "%c%031d ", 'a' + i, i);
	REQUIRE(tags_change("", change, out, &fault));
	CHECK_INT(strlen(out), TAGS_MAX * (TAG_BYTES + 1) - 1);
	memcpy(before, out, sizeof before);
	CHECK(!tags_change(before, "z", out, &fault));
	CHECK(strstr(fault.text, "16") != NULL);
	CHECK(tags_change(before, "z -a0000000000000000000000000000000", out, &fault)); /* one goes for it, said after it */
}

TESTS(T(words_are_put_on_and_taken_off), T(what_is_no_tag_is_a_sentence), T(there_are_sixteen_at_most_and_the_longest_fit))
