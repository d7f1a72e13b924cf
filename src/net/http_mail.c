/* SPDX-License-Identifier: Apache-2.0
 *
 * A mail through the same client: SMTP by libcurl, over TLS or not at all. */
#include "net/http_client_parts.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/text.h"

static size_t give_body(char *room, size_t size, size_t n, void *arg)
{
	struct http_call *call = arg;
	size_t left = call->body_n - call->body_read;
	n = MIN(size * n, left);
	memcpy(room, call->body + call->body_read, n);
	call->body_read += n;
	return n;
}

/* A mailbox that is gone keeps nobody else from their mail; that it is gone is said. */
static size_t on_reply(char *line, size_t size, size_t n, void *arg)
{
	const struct http_call *call = arg;
	char said[160];
	if (size * n > 3 && (line[0] == '4' || line[0] == '5') && line[3] == ' ') {
		text_printable(said, sizeof said, line, size * n);
		log_unusual("the mail server %s: %s", call->url.host, said);
	}
	return size * n;
}

/* Whoever wrote it could say more to the server than an address. */
static bool is_address(const char *text)
{
	for (const unsigned char *c = (const unsigned char *)text; *c != '\0'; c++) {
		if (*c <= 0x20 || *c >= 0x7F || *c == '<' || *c == '>')
			return false;
	}
	return strchr(text, '@') != NULL;
}

static bool read_url(struct http_call *call, const char *url, struct fault *fault)
{
	CURLU *parsed = curl_url();
	char *scheme = NULL, *host = NULL, *port = NULL;
	bool ok = parsed != NULL && curl_url_set(parsed, CURLUPART_URL, url, CURLU_NON_SUPPORT_SCHEME | CURLU_DISALLOW_USER) == CURLUE_OK &&
	    curl_url_get(parsed, CURLUPART_SCHEME, &scheme, 0) == CURLUE_OK && curl_url_get(parsed, CURLUPART_HOST, &host, 0) == CURLUE_OK &&
	    curl_url_get(parsed, CURLUPART_PORT, &port, CURLU_DEFAULT_PORT) == CURLUE_OK &&
	    (strcmp(scheme, "smtp") == 0 || strcmp(scheme, "smtps") == 0) && strlen(host) < URL_HOST_BYTES;
	if (ok) {
		call->url = (struct url){ .is_https = true, .port = atoi(port) };
		memcpy(call->url.host, host, strlen(host) + 1);
	}
	curl_free(scheme);
	curl_free(host);
	curl_free(port);
	curl_url_cleanup(parsed);
	return ok || fault_set(fault, FAULT_INPUT, _("a mail server is written as HOST:PORT"));
}

bool http_mail_prepare(struct http_call *call, const struct http_request *request)
{
	const struct http_mail *mail = request->mail;
	struct fault *fault = &call->response.fault;
	bool ok = read_url(call, request->url, fault);
	if (ok && call->client->closing)
		return fault_set(fault, FAULT_CANCELLED, _("%s was not asked: the program ends"), call->url.host);
	for (size_t i = 0; ok && i <= mail->n_to; i++) {
		if (!is_address(i == 0 ? mail->from : mail->to[i - 1]))
			ok = fault_set(fault, FAULT_INPUT, _("this is no mail address that could be sent to"));
	}
	if (!ok || mail->n_to == 0)
		return ok && fault_set(fault, FAULT_INPUT, _("a mail needs somebody to go to"));
	for (size_t i = 0; i < mail->n_to; i++)
		call->recipients = curl_slist_append(call->recipients, mail->to[i]);
	call->body_n = request->body_n;
	call->body = mem_dup(request->body, request->body_n + 1);
	call->easy = curl_easy_init();
	if (call->easy == NULL)
		abort();
	http_call_set_up(call, request);
	curl_easy_setopt(call->easy, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
	curl_easy_setopt(call->easy, CURLOPT_USE_SSL, (long)CURLUSESSL_ALL);
	curl_easy_setopt(call->easy, CURLOPT_PROXY, ""); /* a web proxy carries no mail */
	curl_easy_setopt(call->easy, CURLOPT_MAIL_FROM, mail->from);
	curl_easy_setopt(call->easy, CURLOPT_MAIL_RCPT, call->recipients);
	curl_easy_setopt(call->easy, CURLOPT_MAIL_RCPT_ALLLOWFAILS, 1L);
	curl_easy_setopt(call->easy, CURLOPT_HEADERFUNCTION, on_reply);
	if (mail->user != NULL)
		curl_easy_setopt(call->easy, CURLOPT_USERNAME, mail->user);
	if (mail->password != NULL)
		curl_easy_setopt(call->easy, CURLOPT_PASSWORD, mail->password);
	curl_easy_setopt(call->easy, CURLOPT_UPLOAD, 1L);
	curl_easy_setopt(call->easy, CURLOPT_READFUNCTION, give_body);
	curl_easy_setopt(call->easy, CURLOPT_READDATA, call);
	curl_easy_setopt(call->easy, CURLOPT_INFILESIZE_LARGE, (curl_off_t)call->body_n);
	return true;
}

void http_mail_explain(struct http_call *call, CURLcode code, const char *detail)
{
	int status = call->response.status;
	if (code == CURLE_LOGIN_DENIED)
		fault_set(&call->response.fault, FAULT_AUTH, _("the mail server %s did not take the user and password: %s"), call->url.host, detail);
	else
		fault_set(&call->response.fault, status >= 500 ? FAULT_REFUSED : FAULT_NETWORK, _("the mail server %s said no (%d): %s"), call->url.host, status, detail);
}
