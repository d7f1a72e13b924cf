/* SPDX-License-Identifier: Apache-2.0
 *
 * One request and its answer: what is told to curl, what curl brings, and the
 * sentence for what went wrong. Secrets are wiped wherever they lay. */
#include "net/http_client_parts.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"

enum {
	MAX_HEADERS = 100,
	MAX_HEADER_BYTES = 128 * 1024,
	FIRST_BODY = 16 * 1024,
};
#define DEFAULT_TIMEOUT_MS (60 * SECOND_MS)

void http_call_drop_body(struct http_call *call)
{
	if (call->secret && call->response.body != NULL)
		mem_wipe(call->response.body, call->capacity);
	free(call->response.body);
	call->response.body = NULL;
}

void http_call_free(struct http_call *call)
{
	if (call->easy != NULL)
		curl_easy_cleanup(call->easy);
	for (struct curl_slist *line = call->headers; line != NULL; line = line->next)
		mem_wipe(line->data, strlen(line->data)); /* the bearer is in here */
	curl_slist_free_all(call->headers);
	curl_slist_free_all(call->recipients);
	if (call->body != NULL)
		mem_wipe(call->body, call->body_n);
	free(call->body);
	http_call_drop_body(call);
	free(call->response.headers);
	arena_clear(&call->response.arena);
	free(call);
}

static size_t on_body(char *bytes, size_t size, size_t n, void *arg)
{
	struct http_call *call = arg;
	struct http_response *response = &call->response;
	n *= size;
	if (n > call->max_bytes - response->body_n) {
		call->too_large = true;
		return 0; /* ends the transfer */
	}
	size_t needed = response->body_n + n + 1;
	if (needed > call->capacity) {
		size_t capacity = MAX(call->capacity, (size_t)FIRST_BODY);
		while (capacity < needed)
			capacity += capacity / 2;
		if (call->secret) {
			/* realloc() would leave a copy behind. */
			char *grown = mem_alloc(capacity);
			if (response->body != NULL) {
				memcpy(grown, response->body, response->body_n);
				mem_wipe(response->body, call->capacity);
				free(response->body);
			}
			response->body = grown;
		} else {
			response->body = mem_realloc(response->body, capacity);
		}
		call->capacity = capacity;
	}
	memcpy(response->body + response->body_n, bytes, n);
	response->body_n += n;
	response->body[response->body_n] = '\0';
	return n;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static size_t on_header(char *line, size_t size, size_t n, void *arg)
{
	struct http_call *call = arg;
	struct http_response *response = &call->response;
	size_t all = n * size;
	n = all;
	call->header_bytes += n;
	if (call->header_bytes > MAX_HEADER_BYTES)
		return 0;
	if (n >= 5 && memcmp(line, "HTTP/", 5) == 0) {
		/* A new answer: what came before was a 1xx. */
		response->n_headers = 0;
		return all;
	}
	const char *colon = memchr(line, ':', n);
	if (colon == NULL || colon == line || response->n_headers == MAX_HEADERS)
		return all;
	const char *value = colon + 1, *end = line + n;
	while (value < end && is_blank(*value))
		value++;
	while (end > value && is_blank(end[-1]))
		end--;
	response->headers = mem_grow(response->headers, response->n_headers,
	    &call->n_header_room, sizeof *response->headers);
	response->headers[response->n_headers++] = (struct http_header){
		arena_strndup(&response->arena, line, (size_t)(colon - line)),
		arena_strndup(&response->arena, value, (size_t)(end - value)),
	};
	return all;
}

const char *http_header(const struct http_response *response, const char *name, size_t nth)
{
	for (size_t i = 0; i < response->n_headers; i++)
		if (text_equal_nocase(response->headers[i].name, name) && nth-- == 0)
			return response->headers[i].value;
	return NULL;
}

void http_call_explain(struct http_call *call, CURLcode code)
{
	struct fault *fault = &call->response.fault;
	const char *host = call->url.host;
	char detail[160];
	const char *said = call->error[0] != '\0' ? call->error : curl_easy_strerror(code);
	text_printable(detail, sizeof detail, said, strlen(said));

	if (call->recipients != NULL && (code == CURLE_LOGIN_DENIED || call->response.status >= 400)) {
		http_mail_explain(call, code, detail);
		return;
	}
	switch ((int)code) {
	case CURLE_COULDNT_RESOLVE_HOST:
		fault_set(fault, FAULT_NETWORK, _("cannot find the address of %s: check the name, "
		    "DNS, and whether this host needs a proxy"), host);
		break;
	case CURLE_COULDNT_RESOLVE_PROXY:
		fault_set(fault, FAULT_NETWORK, _("cannot reach %s: the proxy's name has no address (%s)"),
		    host, detail);
		break;
	case CURLE_COULDNT_CONNECT:
		fault_set(fault, FAULT_NETWORK, _("cannot connect to %s port %d: %s"), host,
		    call->url.port, detail);
		break;
	case CURLE_OPERATION_TIMEDOUT:
		fault_set(fault, FAULT_NETWORK, _("%s did not answer in time: %s"), host, detail);
		break;
	case CURLE_PEER_FAILED_VERIFICATION:
		fault_set(fault, FAULT_NETWORK, _("the certificate of %s is not trusted: %s. If a proxy "
		    "inspects TLS here, name its CA in the option ca_file"), host, detail);
		break;
	case CURLE_SSL_CACERT_BADFILE:
		fault_set(fault, FAULT_SYSTEM, _("cannot read the CA certificates in %s (option ca_file)"),
		    call->client->ca_file != NULL ? call->client->ca_file : "the system's file");
		break;
	case CURLE_SSL_CONNECT_ERROR:
		fault_set(fault, FAULT_NETWORK, _("no TLS 1.2 or newer with %s: %s"), host, detail);
		break;
	case CURLE_UNSUPPORTED_PROTOCOL:
		fault_set(fault, FAULT_INPUT, _("%s: only https is spoken"), host);
		break;
	case CURLE_GOT_NOTHING:
	case CURLE_RECV_ERROR:
	case CURLE_SEND_ERROR:
	case CURLE_PARTIAL_FILE:
		fault_set(fault, FAULT_NETWORK, _("%s broke the connection off: %s"), host, detail);
		break;
	default:
		fault_set(fault, FAULT_NETWORK, "asking %s failed: %s", host, detail);
	}
}

static void set_method(struct http_call *call, const char *method)
{
	if (call->body != NULL || strcmp(method, "POST") == 0) {
		curl_easy_setopt(call->easy, CURLOPT_POST, 1L);
		curl_easy_setopt(call->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)call->body_n);
		curl_easy_setopt(call->easy, CURLOPT_POSTFIELDS, call->body != NULL ? call->body : "");
	} else if (strcmp(method, "HEAD") == 0) {
		curl_easy_setopt(call->easy, CURLOPT_NOBODY, 1L);
	}
	if (strcmp(method, "GET") != 0 && strcmp(method, "POST") != 0 && strcmp(method, "HEAD") != 0)
		curl_easy_setopt(call->easy, CURLOPT_CUSTOMREQUEST, method);
}

void http_call_set_up(struct http_call *call, const struct http_request *request)
{
	struct http_client *client = call->client;
	CURL *easy = call->easy;
	bool loopback = url_is_loopback(&call->url);
	int64_t timeout_ms = request->timeout_ms > 0 ? request->timeout_ms : DEFAULT_TIMEOUT_MS;

	curl_easy_setopt(easy, CURLOPT_URL, request->url);
	curl_easy_setopt(easy, CURLOPT_PRIVATE, call);
	curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, call->error);
	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
	curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
	curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	const char *ca_file = request->ca_file != NULL ? request->ca_file : client->ca_file;
	if (ca_file != NULL) {
		curl_easy_setopt(easy, CURLOPT_CAINFO, ca_file);
		curl_easy_setopt(easy, CURLOPT_CAPATH, NULL);
	}
	if (loopback || client->connect_to != NULL)
		curl_easy_setopt(easy, CURLOPT_PROXY, "");
	else if (client->proxy != NULL)
		curl_easy_setopt(easy, CURLOPT_PROXY, client->proxy);
	if (client->connect_to != NULL)
		curl_easy_setopt(easy, CURLOPT_CONNECT_TO, client->connect_to);
	curl_easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
	curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "");
	curl_easy_setopt(easy, CURLOPT_USERAGENT, "centinela/" CENTINELA_VERSION);
	curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)client->connect_timeout_ms);
	curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)timeout_ms);
	curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(easy, CURLOPT_WRITEDATA, call);
	curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
	curl_easy_setopt(easy, CURLOPT_HEADERDATA, call);
}

/* False with the fault filled: a line that could smuggle another header in. */
static bool copy_headers(struct http_call *call, const struct http_request *request)
{
	/* No "Expect: 100-continue": it costs a second where nobody answers it. */
	call->headers = curl_slist_append(NULL, "Expect:");
	for (size_t i = 0; i < request->n_headers; i++) {
		const char *line = request->headers[i];
		for (const unsigned char *c = (const unsigned char *)line; *c != '\0'; c++)
			if (*c < 0x20 || *c == 0x7F)
				return fault_set(&call->response.fault, FAULT_INPUT,
				    _("a request header for %s holds a control byte"), call->url.host);
		struct curl_slist *longer = curl_slist_append(call->headers, line);
		if (longer == NULL)
			abort();
		call->headers = longer;
	}
	return true;
}

bool http_call_prepare(struct http_call *call, const struct http_request *request)
{
	struct http_client *client = call->client;
	struct fault *fault = &call->response.fault;
	if (!url_read(request->url, &call->url, fault))
		return false;
	if (!call->url.is_https &&
	    !(client->allow_http_to_loopback && url_is_loopback(&call->url)))
		return fault_set(fault, FAULT_INPUT, _("%s: only https is spoken"), call->url.host);
	if (client->closing)
		return fault_set(fault, FAULT_CANCELLED, _("%s was not asked: the program ends"),
		    call->url.host);
	if (!copy_headers(call, request))
		return false;
	if (request->body != NULL) {
		call->body_n = request->body_n;
		call->body = mem_alloc(request->body_n + 1);
		memcpy(call->body, request->body, request->body_n);
	}
	call->easy = curl_easy_init();
	if (call->easy == NULL)
		abort();
	http_call_set_up(call, request);
	curl_easy_setopt(call->easy, CURLOPT_PROTOCOLS_STR, call->url.is_https ? "https" : "http");
	set_method(call, request->method != NULL ? request->method : "GET");
	curl_easy_setopt(call->easy, CURLOPT_HTTPHEADER, call->headers);
	return true;
}
