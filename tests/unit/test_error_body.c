/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include "webex/error_body.h"

static struct error_body body;
static struct fault fault;

static const char *sentence(int status, const char *bytes)
{
	error_body_read(bytes, bytes != NULL ? strlen(bytes) : 0, &body);
	CHECK(!error_body_fault(&body, status, &fault));
	return fault.text;
}

TEST(the_shape_of_webexapis)
{
	CHECK_STR(sentence(401, "{\"message\":\"The request requires a valid access token.\","
				"\"errors\":[{\"description\":\"The request requires a valid access token.\"}],"
				"\"trackingId\":\"ROUTER_6A1B2C3D-0000\"}"),
	    "Webex answered 401: The request requires a valid access token. "
	    "[trackingId ROUTER_6A1B2C3D-0000]");
	CHECK_INT(fault.code, FAULT_AUTH);
	CHECK_STR(sentence(400, "{\"message\":\"Bad Request\",\"errors\":[{\"description\":\"Target user "
				"not authorized\",\"errorCode\":\"4003\"}]}"),
	    "Webex answered 400: Bad Request (Target user not authorized)");
	CHECK_INT(body.code, 4003);
	CHECK_INT(fault.code, FAULT_REFUSED);
	sentence(400, "{\"errors\":[{\"code\":25008}]}");
	CHECK_INT(body.code, 25008);
}

TEST(the_shape_of_oauth)
{
	CHECK_STR(sentence(400, "{\"error\":\"invalid_grant\",\"error_description\":\"expired\"}"),
	    "Webex answered 400: expired");
	CHECK_STR(body.oauth, "invalid_grant");
	CHECK_STR(sentence(400, "{\"error\":\"slow_down\"}"), "Webex answered 400: slow_down");
	CHECK(error_body_says(&body, "SLOW_down"));
}

TEST(the_shape_of_the_cdr_hosts)
{
	CHECK_STR(sentence(404, "{\"message\":\"No CDRs for requested time range and filters\","
				"\"errorCode\":404,\"trackingId\":\"ANALYTICS_7d3c\"}"),
	    "Webex answered 404: No CDRs for requested time range and filters "
	    "[trackingId ANALYTICS_7d3c]");
	CHECK_INT(body.code, 404);
	CHECK_INT(fault.code, FAULT_NOT_FOUND);
	CHECK(error_body_says(&body, "no cdrs for requested"));
}

TEST(html_nothing_and_rubbish)
{
	CHECK_STR(sentence(502, "<html><head><title>502 Bad Gateway</title></head>\r\n<body>\n"
				"<h1>502 Bad Gateway</h1></body></html>"),
	    "Webex answered 502: 502 Bad Gateway 502 Bad Gateway");
	CHECK_INT(fault.code, FAULT_NETWORK);
	CHECK_STR(sentence(503, ""), "Webex answered 503");
	CHECK_STR(sentence(503, NULL), "Webex answered 503");
	CHECK_STR(sentence(500, "[]"), "Webex answered 500: []");
	CHECK_STR(sentence(500, "{\"message\":{\"a\":1},\"errors\":7,\"trackingId\":[]}"),
	    "Webex answered 500");
	CHECK_STR(sentence(500, "{\"error\":{\"message\":\"upstream\"}}"), "Webex answered 500: upstream");
}

TEST(the_codes_that_the_program_acts_on)
{
	static const struct { int status; enum fault_code code; } rows[] = {
		{ 400, FAULT_REFUSED }, { 401, FAULT_AUTH }, { 403, FAULT_FORBIDDEN },
		{ 404, FAULT_NOT_FOUND }, { 409, FAULT_CONFLICT }, { 423, FAULT_NETWORK },
		{ 429, FAULT_LIMIT }, { 451, FAULT_REGION }, { 500, FAULT_NETWORK }, { 504, FAULT_NETWORK },
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		sentence(rows[i].status, "{}");
		CHECK_INT(fault.code, rows[i].code);
	}
}

TEST(what_it_says_cannot_reach_the_terminal_raw)
{
	const char *text = sentence(400, "{\"message\":\"a\\u001b[31m\\nb\",\"trackingId\":\"\\u202ex\"}");
	CHECK(strpbrk(text, "\x1b\n") == NULL);
	CHECK(strstr(text, "\xE2\x80\xAE") == NULL);
	char long_one[9000];
	memset(long_one, 'x', sizeof long_one);
	memcpy(long_one, "{\"message\":\"", 12);
	strcpy(long_one + 8990, "\"}");
	sentence(400, long_one);
	CHECK_INT(strlen(body.message), sizeof body.message - 1);
}

TESTS(T(the_shape_of_webexapis), T(the_shape_of_oauth), T(the_shape_of_the_cdr_hosts),
    T(html_nothing_and_rubbish), T(the_codes_that_the_program_acts_on),
    T(what_it_says_cannot_reach_the_terminal_raw))
