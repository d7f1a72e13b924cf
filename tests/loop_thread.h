/* SPDX-License-Identifier: Apache-2.0
 *
 * A uv loop on a thread of its own, so that a test can ask a server with plain
 * blocking libcurl. loop_do() runs a function on the loop and waits for it;
 * loop_thread_end() checks that the loop closes with nothing left in it. */
#ifndef LOOP_THREAD_H
#define LOOP_THREAD_H

#include <curl/curl.h>
#include <uv.h>

#include "base/mem.h"
#include "base/text.h"
#include "test.h"

struct loop_thread {
	uv_loop_t loop;
	uv_thread_t thread;
	uv_async_t wake;
	uv_sem_t done;
	void (*call)(void *arg);
	void *arg;
};

static inline void loop_on_wake(uv_async_t *wake)
{
	struct loop_thread *t = wake->data;
	if (t->call != NULL)
		t->call(t->arg);
	else
		uv_close((uv_handle_t *)wake, NULL);
	uv_sem_post(&t->done);
}

static inline void loop_run(void *arg)
{
	struct loop_thread *t = arg;
	uv_run(&t->loop, UV_RUN_DEFAULT);
}

static inline void loop_thread_begin(struct loop_thread *t)
{
	memset(t, 0, sizeof *t);
	REQUIRE(uv_loop_init(&t->loop) == 0);
	REQUIRE(uv_sem_init(&t->done, 0) == 0);
	REQUIRE(uv_async_init(&t->loop, &t->wake, loop_on_wake) == 0);
	t->wake.data = t;
	REQUIRE(uv_thread_create(&t->thread, loop_run, t) == 0);
}

static inline void loop_do(struct loop_thread *t, void (*call)(void *arg), void *arg)
{
	t->call = call;
	t->arg = arg;
	uv_async_send(&t->wake);
	uv_sem_wait(&t->done);
}

/* Everything on the loop must have been told to stop before. */
static inline void loop_thread_end(struct loop_thread *t)
{
	loop_do(t, NULL, NULL);
	uv_thread_join(&t->thread);
	CHECK_INT(uv_loop_close(&t->loop), 0);
	uv_sem_destroy(&t->done);
}

/* ------------------------------------------------- a blocking HTTP client */

struct reply {
	CURLcode code;
	long status;
	struct text body, headers;
};

static inline size_t reply_add(char *bytes, size_t size, size_t n, void *arg)
{
	text_add(arg, bytes, size * n);
	return size * n;
}

static inline void reply_clear(struct reply *reply)
{
	text_clear(&reply->body);
	text_clear(&reply->headers);
}

/* headers: NULL or lines separated by '\n'. body NULL: none. */
static inline struct reply http_ask(const char *method, const char *url, const char *ca_file,
    const char *headers, const char *body, size_t n_body)
{
	struct reply reply = { 0 };
	struct curl_slist *list = NULL;
	CURL *curl = curl_easy_init();
	REQUIRE(curl != NULL);
	char *copy = mem_strdup(headers == NULL ? "" : headers), *rest = copy;
	for (char *line; (line = strsep(&rest, "\n")) != NULL;)
		if (*line != '\0')
			list = curl_slist_append(list, line);
	list = curl_slist_append(list, "Expect:");
	curl_easy_setopt(curl, CURLOPT_URL, url);
	curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, method);
	curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
	if (ca_file != NULL)
		curl_easy_setopt(curl, CURLOPT_CAINFO, ca_file);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT, 60L);
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, reply_add);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, &reply.body);
	curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, reply_add);
	curl_easy_setopt(curl, CURLOPT_HEADERDATA, &reply.headers);
	curl_easy_setopt(curl, CURLOPT_HTTPHEADER, list);
	if (strcmp(method, "HEAD") == 0)
		curl_easy_setopt(curl, CURLOPT_NOBODY, 1L);
	if (body != NULL) {
		curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)n_body);
		curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body);
	}
	reply.code = curl_easy_perform(curl);
	curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &reply.status);
	curl_slist_free_all(list);
	curl_easy_cleanup(curl);
	free(copy);
	return reply;
}

/* The value of a header (last of that name) copied into `out`, or false. */
static inline bool reply_header(const struct reply *reply, const char *name, char *out,
    size_t capacity)
{
	const char *line = text_string(&reply->headers);
	size_t n = strlen(name);
	bool found = false;
	while (*line != '\0') {
		const char *end = strstr(line, "\r\n");
		if (end == NULL)
			end = line + strlen(line);
		if (strncasecmp(line, name, n) == 0 && line[n] == ':') {
			const char *value = line + n + 1 + strspn(line + n + 1, " ");
			snprintf(out, capacity, "%.*s", (int)(end - value), value);
			found = true;
		}
		line = *end == '\0' ? end : end + 2;
	}
	return found;
}

#endif
