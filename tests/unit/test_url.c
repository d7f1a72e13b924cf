/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include "net/url.h"

TEST(a_url_is_read_as_curl_will_send_it)
{
	struct url url;
	REQUIRE(url_read("https://Analytics-Calling.WebexAPIs.com/v1/cdr_feed?a=1,2", &url, NULL));
	CHECK_STR(url.host, "analytics-calling.webexapis.com");
	CHECK_INT(url.port, 443);
	CHECK(url.is_https);
	REQUIRE(url_read("http://[::1]:8080/", &url, NULL));
	CHECK_STR(url.host, "::1");
	CHECK_INT(url.port, 8080);
	CHECK(!url.is_https && url_is_loopback(&url));
	REQUIRE(url_read("https://webexapis.com\\@evil.example/", &url, NULL) == false ||
	    strcmp(url.host, "webexapis.com") != 0);
}

TEST(what_is_not_a_web_address_is_refused)
{
	static const char *const bad[] = { "", "webexapis.com", "ftp://a/", "file:///etc/passwd",
		"https://", "https://user@host/", "https://a b/", "https://a/\x01", "https://a/\n",
		"https://a:99999/", "https://a:0/", "javascript:alert(1)" };
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		struct url url;
		struct fault fault;
		bool ok = url_read(bad[i], &url, &fault);
		if (ok)
			printf("accepted: %s → %s\n", bad[i], url.host);
		CHECK(!ok);
	}
	char *long_one = malloc(10000);
	memset(long_one, 'a', 9999);
	long_one[9999] = '\0';
	memcpy(long_one, "https://", 8);
	struct url url;
	CHECK(!url_read(long_one, &url, NULL));
	free(long_one);
}

TEST(loopback_is_not_a_name_that_looks_like_it)
{
	static const struct { const char *text; bool loopback; } rows[] = {
		{ "https://localhost/", true }, { "https://127.0.0.1/", true },
		{ "https://127.9.8.7/", true }, { "https://[::1]/", true },
		{ "https://127.evil.example/", false }, { "https://127.0.0.1.example/", false },
		{ "https://localhost.example/", false }, { "https://10.0.0.1/", false },
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct url url;
		REQUIRE(url_read(rows[i].text, &url, NULL));
		CHECK_INT(url_is_loopback(&url), rows[i].loopback);
	}
}

TEST(forms_are_encoded_and_queries_decoded)
{
	struct text form = { 0 };
	url_add_pair(&form, "scope", "spark-admin:calling_cdr_read a+b&c");
	url_add_pair(&form, "n", "\xC3\xB1");
	CHECK_STR(text_string(&form), "scope=spark-admin%3Acalling_cdr_read%20a%2Bb%26c&n=%C3%B1");
	text_clear(&form);

	char out[16];
	CHECK(url_query_value("state=a%20b&code=x+y#f", "code", out, sizeof out));
	CHECK_STR(out, "x y");
	CHECK(url_query_value("xcode=1&code=2", "code", out, sizeof out));
	CHECK_STR(out, "2");
	CHECK(!url_query_value("a=1#code=2", "code", out, sizeof out));
	CHECK(!url_query_value("code=%00", "code", out, sizeof out));
	CHECK(!url_query_value("code=%2", "code", out, sizeof out));
	CHECK(!url_query_value("code=%1b", "code", out, sizeof out));
	CHECK(!url_query_value("code=12345678901234567", "code", out, sizeof out));
	CHECK(url_query_value("code=", "code", out, sizeof out));
	CHECK_STR(out, "");
}

TESTS(T(a_url_is_read_as_curl_will_send_it), T(what_is_not_a_web_address_is_refused),
    T(loopback_is_not_a_name_that_looks_like_it), T(forms_are_encoded_and_queries_decoded))
