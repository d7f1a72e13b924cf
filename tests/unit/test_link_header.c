/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include "base/base.h"
#include "webex/link_header.h"

#define FEED "https://analytics-calling.webexapis.com/v1/cdr_feed?endTime=2026-10-05T10:00:00.000Z"

static const char *next(const char *value)
{
	static char out[LINK_BYTES];
	return link_next(value, out) ? out : "(none)";
}

TEST(A10_link_with_double_brackets)
{
	CHECK_STR(next("<<" FEED "&max=5000&orgId=0f5a1c2e>;rel=\"next\">"), FEED "&max=5000&orgId=0f5a1c2e");
	CHECK_STR(next("<<" FEED ">;rel=next>"), FEED);
	CHECK_STR(next("< <" FEED "> ; rel = next >"), FEED);
}

TEST(A10_link_in_the_plain_form)
{
	CHECK_STR(next("<" FEED ">; rel=\"next\""), FEED);
	CHECK_STR(next("<" FEED ">;rel=\"next\""), FEED);
	CHECK_STR(next("<" FEED ">; REL=NEXT"), FEED);
	CHECK_STR(next("<" FEED ">; title=\"a, b; rel=x\"; rel=\"next\""), FEED);
	CHECK_STR(next("<" FEED ">; rel=\"last next\""), FEED);
	CHECK_STR(next("<" FEED ">; rel=\"next\"; title=\"x"), FEED);
}

TEST(several_links_and_commas_inside_an_address)
{
	CHECK_STR(next("<https://a/?x=1,2>; rel=\"prev\", <https://a/?x=3,4>; rel=\"next\""),
	    "https://a/?x=3,4");
	CHECK_STR(next("<https://a/1>; rel=\"next\", <https://a/2>; rel=\"last\""), "https://a/1");
	CHECK_STR(next("<https://a/1>;rel=first,<<https://a/2>;rel=\"next\">"), "https://a/2");
	CHECK_STR(next("<https://a/1>; title=\"<https://b/>; rel=next\"; rel=next"), "https://a/1");
}

TEST(what_is_not_a_next_link_is_none)
{
	static const char *const none[] = { "", "<", "<>", "<>; rel=next", "<<>>;rel=\"next\"",
		"https://a/; rel=next", "<https://a/>", "<https://a/>; rel=\"prev\"",
		"<https://a/>; rel=nextish", "<https://a/>; rel=\"next-page\"", "<https://a/>; xrel=next",
		"<https://a/>; rel", "<https://a/>; rel=", "<https://a/>; rel=\"", "<https://a/>, rel=next",
		"<https://a/ b>; rel=next", "<https://a/\x1b[2J>; rel=next", "<https://a/\xC3\xB1>; rel=next" };
	for (size_t i = 0; i < COUNT_OF(none); i++)
		CHECK_STR(next(none[i]), "(none)");
}

TEST(a_target_too_long_is_none)
{
	char *value = malloc(LINK_BYTES + 100);
	memset(value, 'a', LINK_BYTES + 99);
	value[0] = '<';
	strcpy(value + LINK_BYTES + 1, ">; rel=next");
	CHECK_INT(strlen(next(value)), strlen("(none)")); /* one byte more than fits */
	strcpy(value + LINK_BYTES, ">; rel=next");
	CHECK_INT(strlen(next(value)), LINK_BYTES - 1);
	free(value);
}

TEST(A11_paging_stops_at_a_page_seen_before)
{
	struct paging paging = { 0 };
	struct fault fault;
	CHECK(paging_add(&paging, "https://a/1", &fault));
	CHECK(paging_add(&paging, "https://a/2", &fault));
	CHECK(!paging_add(&paging, "https://a/1", &fault));
	CHECK(strstr(fault.text, "already") != NULL);
	CHECK_INT(paging.n_pages, 2);
	paging_clear(&paging);
	CHECK(paging_add(&paging, "https://a/1", &fault));
	paging_clear(&paging);
}

TEST(A11_paging_stops_at_ten_thousand_pages)
{
	struct paging paging = { 0 };
	struct fault fault;
	char url[64];
	int i = 0;
	do
		snprintf(url, sizeof url, "https://a/%d", i);
	while (paging_add(&paging, url, &fault) && ++i < 20000);
	CHECK_INT(i, 10000);
	CHECK(strstr(fault.text, "10000 pages") != NULL);
	paging_clear(&paging);
}

TESTS(T(A10_link_with_double_brackets), T(A10_link_in_the_plain_form),
    T(several_links_and_commas_inside_an_address), T(what_is_not_a_next_link_is_none),
    T(a_target_too_long_is_none), T(A11_paging_stops_at_a_page_seen_before),
    T(A11_paging_stops_at_ten_thousand_pages))
