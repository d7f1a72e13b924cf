/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include "webex/cdr_hosts.h"

static struct cdr_hosts hosts;

static const char *region(const char *body)
{
	static char out[CDR_HOST_BYTES];
	cdr_hosts_init(&hosts);
	return cdr_hosts_region(&hosts, body, strlen(body), out) ? out : "(none)";
}

TEST(A9_a_451_names_the_right_host)
{
	CHECK_STR(region("{\"message\":\"This server cannot serve the data for this organization. "
			 "Please use analytics-calling-eu.webexapis.com\",\"errorCode\":451}"),
	    "analytics-calling-eu.webexapis.com");
	CHECK_STR(region("use https://Analytics-Calling-IN.webexapis.com/v1/cdr_feed."),
	    "analytics-calling-in.webexapis.com");
	CHECK_STR(region("use analytics-calling-au.webexapis.com."), "analytics-calling-au.webexapis.com");
}

TEST(A9_a_host_that_is_not_in_the_list_is_not_followed)
{
	CHECK_STR(region("use analytics-calling-zz.webexapis.com"), "(none)");
	CHECK_STR(region("use analytics-calling-eu.webexapis.com.evil.example"), "(none)");
	CHECK_STR(region("use evil-analytics-calling-eu.webexapis.com"), "(none)");
	CHECK_STR(region("use analytics-calling-eu.webexapis.com@evil.example"), "(none)");
	CHECK_STR(region("use analytics-calling-eu.webexapis.com:8443"), "(none)");
	CHECK_STR(region("evil.example"), "(none)");
	CHECK_STR(region(""), "(none)");
}

static bool allowed(const char *text)
{
	struct url url;
	return url_read(text, &url, NULL) && cdr_hosts_allow(&hosts, &url);
}

TEST(A18_old_and_regional_hosts_are_allowed_and_no_other)
{
	cdr_hosts_init(&hosts);
	CHECK(allowed("https://analytics-calling.webexapis.com/v1/cdr_feed?x"));
	CHECK(allowed("https://analytics.webexapis.com/v1/cdr_feed"));
	CHECK(allowed("https://analytics-calling-gov.webexapis.com:443/"));
	CHECK(!allowed("http://analytics-calling.webexapis.com/"));
	CHECK(!allowed("https://analytics-calling.webexapis.com:8443/"));
	CHECK(!allowed("https://webexapis.com/v1/cdr_feed"));
	CHECK(!allowed("https://analytics-calling.webexapis.com.evil.example/"));
}

TEST(a_region_of_tomorrow_can_be_configured)
{
	struct fault fault;
	cdr_hosts_init(&hosts);
	REQUIRE(cdr_hosts_add(&hosts, "analytics-calling-SA.webexapis.com", &fault));
	REQUIRE(cdr_hosts_add(&hosts, "localhost:8443", &fault));
	REQUIRE(cdr_hosts_add(&hosts, "[::1]:8443", &fault));
	CHECK(allowed("https://analytics-calling-sa.webexapis.com/"));
	CHECK(allowed("https://localhost:8443/v1"));
	CHECK(allowed("https://[::1]:8443/v1"));
	CHECK(!allowed("https://localhost/v1"));
	char out[CDR_HOST_BYTES];
	const char *body = "use localhost:8443.";
	CHECK(cdr_hosts_region(&hosts, body, strlen(body), out));
	CHECK_STR(out, "localhost:8443");
	size_t n = hosts.n;
	REQUIRE(cdr_hosts_add(&hosts, "LOCALHOST:8443", &fault));
	CHECK_INT(hosts.n, n);
	CHECK(!cdr_hosts_add(&hosts, "https://x.example/", &fault));
	CHECK(!cdr_hosts_add(&hosts, "a/b", &fault));
	CHECK(!cdr_hosts_add(&hosts, "user@x", &fault));
	CHECK(!cdr_hosts_add(&hosts, "", &fault));
	char name[32];
	for (int i = 0; i < 40; i++) {
		snprintf(name, sizeof name, "h%d.example", i);
		if (!cdr_hosts_add(&hosts, name, &fault))
			break;
	}
	CHECK_INT(fault.code, FAULT_USAGE);
}

TESTS(T(A9_a_451_names_the_right_host), T(A9_a_host_that_is_not_in_the_list_is_not_followed),
    T(A18_old_and_regional_hosts_are_allowed_and_no_other), T(a_region_of_tomorrow_can_be_configured))
