/* SPDX-License-Identifier: Apache-2.0 */
#define CURL_DISABLE_TYPECHECK /* the checked forms are macros of the same names */
#include <curl/curl.h>
#include <stdarg.h>

#include "base/places.h"
#include "net/late.h"

#undef curl_easy_getinfo
#undef curl_easy_setopt
#undef curl_multi_setopt

#define PROCEDURES(row)                                                         \
	row(curl_easy_cleanup, (CURL *easy), (easy))                            \
	row(curl_free, (void *memory), (memory))                                \
	row(curl_global_cleanup, (void), ())                                    \
	row(curl_slist_free_all, (struct curl_slist *list), (list))             \
	row(curl_url_cleanup, (CURLU *url), (url))

#define FUNCTIONS(row)                                                                              \
	row(CURL *, curl_easy_init, (void), ())                                                     \
	row(const char *, curl_easy_strerror, (CURLcode code), (code))                              \
	row(CURLcode, curl_global_init, (long flags), (flags))                                      \
	row(CURLMcode, curl_multi_add_handle, (CURLM *multi, CURL *easy), (multi, easy))            \
	row(CURLMcode, curl_multi_assign, (CURLM *multi, curl_socket_t s, void *data), (multi, s, data)) \
	row(CURLMcode, curl_multi_cleanup, (CURLM *multi), (multi))                                 \
	row(CURLMsg *, curl_multi_info_read, (CURLM *multi, int *left), (multi, left))              \
	row(CURLM *, curl_multi_init, (void), ())                                                   \
	row(CURLMcode, curl_multi_remove_handle, (CURLM *multi, CURL *easy), (multi, easy))         \
	row(CURLMcode, curl_multi_socket_action, (CURLM *multi, curl_socket_t s, int what, int *n), (multi, s, what, n)) \
	row(const char *, curl_multi_strerror, (CURLMcode code), (code))                            \
	row(struct curl_slist *, curl_slist_append, (struct curl_slist *list, const char *text), (list, text)) \
	row(CURLU *, curl_url, (void), ())                                                          \
	row(CURLUcode, curl_url_get, (CURLU *url, CURLUPart part, char **text, unsigned flags), (url, part, text, flags)) \
	row(CURLUcode, curl_url_set, (CURLU *url, CURLUPart part, const char *text, unsigned flags), (url, part, text, flags))

/* One argument follows, of a pointer's size: a long, an offset, a pointer. */
#define ARGUED(row)                                              \
	row(CURLcode, curl_easy_getinfo, CURL *, CURLINFO)        \
	row(CURLcode, curl_easy_setopt, CURL *, CURLoption)       \
	row(CURLMcode, curl_multi_setopt, CURLM *, CURLMoption)

static_assert(sizeof(curl_off_t) == sizeof(void *) && sizeof(long) == sizeof(void *), "an option's argument is a word");

#define LIBRARY CENTINELA_LIBCURL
#include "net/late_table.h"

bool late_curl(struct fault *fault)
{
	return loads(fault);
}

#define DEFINE_OPTION(type, name, handle, option)                \
	type name(handle of, option which, ...)                  \
	{                                                        \
		va_list list;                                    \
		need();                                          \
		va_start(list, which);                           \
		type result = real.name(of, which, va_arg(list, void *)); \
		va_end(list);                                    \
		return result;                                   \
	}
ARGUED(DEFINE_OPTION)
