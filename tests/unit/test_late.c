/* SPDX-License-Identifier: Apache-2.0
 *
 * Libraries that are loaded at their first use. */
#include "test.h"

#include <curl/curl.h>
#include <microhttpd.h>

#include "net/late.h"

TEST(what_is_missing_is_a_sentence)
{
	static const char *const names[] = { "malloc", "no_such_function_at_all" };
	void *table[2];
	char *why = late_load("libnowhere.so.9", names, table, 2);
	CHECK(why != NULL && strstr(why, "libnowhere.so.9") != NULL);
	free(why);
	why = late_load("libc.so.6", names, table, 2);
	CHECK_STR(why, "libc.so.6 has no no_such_function_at_all");
	free(why);
	CHECK(late_load("libc.so.6", names, table, 1) == NULL);
	CHECK(table[0] != NULL);
}

static enum MHD_Result on_request(void *arg, struct MHD_Connection *connection, const char *url, const char *method,
    const char *version, const char *upload, size_t *n_upload, void **context)
{
	UNUSED(arg), UNUSED(connection), UNUSED(url), UNUSED(method), UNUSED(version), UNUSED(upload), UNUSED(n_upload), UNUSED(context);
	return MHD_NO;
}

/* An option's argument arrives whole, whatever its type is. */
TEST(options_of_every_kind_arrive)
{
	struct fault fault;
	REQUIRE(late_curl(&fault));
	CURL *easy = curl_easy_init();
	char *text, mark[] = "mark";
	long redirects;
	curl_off_t size;
	REQUIRE(easy != NULL);
	CHECK_INT(curl_easy_setopt(easy, CURLOPT_PRIVATE, mark), CURLE_OK);
	CHECK_INT(curl_easy_getinfo(easy, CURLINFO_PRIVATE, &text), CURLE_OK);
	CHECK(text == mark);
	CHECK_INT(curl_easy_setopt(easy, CURLOPT_MAXREDIRS, -1L), CURLE_OK);
	CHECK_INT(curl_easy_setopt(easy, CURLOPT_INFILESIZE_LARGE, (curl_off_t)1 << 40), CURLE_OK);
	CHECK(curl_easy_setopt(easy, CURLOPT_INFILESIZE_LARGE, (curl_off_t)-5) != CURLE_OK); /* its sign, too */
	CHECK_INT(curl_easy_getinfo(easy, CURLINFO_REDIRECT_COUNT, &redirects), CURLE_OK);
	CHECK_INT(redirects, 0);
	CHECK_INT(curl_easy_getinfo(easy, CURLINFO_SIZE_UPLOAD_T, &size), CURLE_OK);
	CHECK_INT(size, 0);
	curl_easy_cleanup(easy);
	REQUIRE(late_microhttpd(&fault));
	struct MHD_Daemon *daemon = MHD_start_daemon(MHD_USE_EPOLL, 0, NULL, NULL, on_request, NULL,
	    MHD_OPTION_CONNECTION_LIMIT, 7u, MHD_OPTION_END);
	REQUIRE(daemon != NULL);
	const union MHD_DaemonInfo *info = MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_LISTEN_FD);
	CHECK(info != NULL && info->listen_fd >= 0);
	MHD_stop_daemon(daemon);
}

TESTS(T(what_is_missing_is_a_sentence), T(options_of_every_kind_arrive))
