/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include "detect/finding.h"
#include "ui/attention.h"

static struct attention attention;

static const char *look(int64_t critical, int64_t high, bool ascii)
{
	static struct text out;
	int64_t n[4] = { [SEVERITY_CRITICAL] = critical, [SEVERITY_HIGH] = high };
	text_clear(&out);
	attention_look(&attention, n, ascii, &out);
	return text_string(&out);
}

static void begin(const char *ways, bool multiplexed)
{
	struct fault fault;
	REQUIRE(attention_init(&attention, ways, multiplexed, &fault));
}

TEST(the_title_says_what_is_open)
{
	begin("title", false);
	CHECK_STR(look(2, 5, false), "\x1b]2;\u25B2" "2 \u25C6" "5 Centinela\x07");
	CHECK_STR(look(2, 5, false), ""); /* the same once more is no news */
	CHECK_STR(look(3, 5, false), "\x1b]2;\u25B2" "3 \u25C6" "5 Centinela\x07");
	CHECK_STR(look(0, 0, false), "\x1b]2;Centinela\x07");
	CHECK_STR(look(1, 0, true), "\x1b]2;C1 H0 Centinela\x07");
}

TEST(a_new_critical_alert_rings_once)
{
	begin("bell", false);
	CHECK_STR(look(4, 0, false), ""); /* those that were there when one came */
	CHECK_STR(look(4, 9, false), "");
	CHECK_STR(look(6, 9, false), "\x07");
	CHECK_STR(look(6, 9, false), "");
	CHECK_STR(look(1, 9, false), "");
	CHECK_STR(look(2, 9, false), "\x07");
}

TEST(desktops_are_told_without_names)
{
	begin("osc9, osc777", false);
	look(0, 0, false);
	CHECK_STR(look(2, 0, false), "\x1b]9;Centinela: 2 new critical alerts\x07\x1b]777;notify;Centinela;2 new critical alerts\x07");
	begin("osc9", true);
	look(0, 0, false);
	CHECK_STR(look(1, 0, false), "\x1bPtmux;\x1b\x1b]9;Centinela: 1 new critical alert\x07\x1b\\");
}

TEST(wrong_words_are_a_sentence)
{
	struct fault fault = { 0 };
	CHECK(!attention_init(&attention, "title horn", false, &fault));
	CHECK(strstr(fault.text, "\"horn\"") != NULL);
	CHECK(!attention_init(&attention, "\x1b[2J", false, &fault));
	CHECK(strchr(fault.text, '\x1b') == NULL);
	begin("", false);
	CHECK_STR(look(9, 9, false), "");
	begin(" ,, ", false);
	CHECK_INT(attention.ways, 0);
}

TESTS(T(the_title_says_what_is_open), T(a_new_critical_alert_rings_once), T(desktops_are_told_without_names), T(wrong_words_are_a_sentence))
