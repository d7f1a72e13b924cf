/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include "base/markdown.h"
#include "base/mask.h"

TEST(nothing_of_a_stranger_is_markdown)
{
	static const struct {
		const char *text, *is;
	} rows[] = {
		{ "Ana Bernal", "Ana Bernal" },
		{ "+57 601 555", "+57 601 555" },
		{ "a|b", "a\\|b" },
		{ "**bold** _it_ `x` ~~y~~", "\\*\\*bold\\*\\* \\_it\\_ \\`x\\` \\~\\~y\\~\\~" },
		{ "[x](http://evil.example)", "\\[x\\](http\\://evil.example)" },
		{ "www.evil.example", "www\\.evil.example" },
		{ "<b>&lt;@all> a@b.co", "\\<b\\>\\&lt;\\@all\\> a\\@b.co" },
		{ "# head\n# two\r\n|---|", "\\# head \\# two  \\|---\\|" },
		{ "\\", "\\\\" },
		{ "\x1b[31m", "\xEF\xBF\xBD\\[31m" },
		{ "", "" },
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct text out = { 0 };
		markdown_puts(&out, rows[i].text);
		CHECK_STR(text_string(&out), rows[i].is);
		text_clear(&out);
	}
}

TEST(numbers_in_a_text_lose_their_middle)
{
	static const struct {
		const char *text, *is;
	} rows[] = {
		{ "14 calls to +37125550123", "14 calls to +37125\xC2\xB7\xC2\xB7\xC2\xB7" "123" },
		{ "6015550199", "601555\xC2\xB7\xC2\xB7\xC2\xB7" "199" },
		{ "ext 4021 at 09:12", "ext 4021 at 09:12" },
		{ "5b1f0c6a-2f77-4a39-8d0e-6b8f12345678", "5b1f0c6a-2f77-4a39-8d0e-6b8f12345678" },
		/* As people write them. */
		{ "rang 310 555 0123 twice", "rang 310555\xC2\xB7\xC2\xB7\xC2\xB7" "123 twice" },
		{ "310-555-0123: nobody", "310555\xC2\xB7\xC2\xB7\xC2\xB7" "123: nobody" },
		{ "310.555.0123.", "310555\xC2\xB7\xC2\xB7\xC2\xB7" "123." },
		{ "555-0123, 2026-11-01", "55\xC2\xB7\xC2\xB7\xC2\xB7" "123, 2026-11-01" },
		{ "de:3105550123", "de:310555\xC2\xB7\xC2\xB7\xC2\xB7" "123" },
		{ "57 310 5550123 01/11/2026", "573105\xC2\xB7\xC2\xB7\xC2\xB7" "123 01/11/2026" },
		/* What is none. */
		{ "2026-11-01 09:12:33", "2026-11-01 09:12:33" },
		{ "01.11.2026 to 02.11.2026", "01.11.2026 to 02.11.2026" },
		{ "192.168.100.200", "192.168.100.200" },
		{ "cost 12345.67, usually 4 of 12", "cost 12345.67, usually 4 of 12" },
		{ "12345678-1234-1234-1234-123456789012", "12345678-1234-1234-1234-123456789012" },
		{ "AA:BB:12:34:56:78:90", "AA:BB:12:34:56:78:90" },
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct text out = { 0 };
		mask_text(rows[i].text, &out);
		CHECK_STR(text_string(&out), rows[i].is);
		text_clear(&out);
	}
}

TESTS(T(nothing_of_a_stranger_is_markdown), T(numbers_in_a_text_lose_their_middle))
