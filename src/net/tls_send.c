/* SPDX-License-Identifier: Apache-2.0 */
#include "net/tls_send.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/text.h"

#define CONNECT_MS (5 * SECOND_MS)
#define WHOLE_MS   (20 * SECOND_MS)
#define SLICE_MS   100 /* so soon is heard that it is given up */

struct wire {
	const char *host, *port;
	int fd;
	SSL_CTX *context;
	SSL *ssl;
	int64_t end_ns;
	const atomic_bool *give_up;
	struct fault *fault;
};

static bool given_up(const struct wire *w)
{
	return w->give_up != NULL && atomic_load(w->give_up);
}

/* Until the socket is ready, or the time is up. */
static bool ready(struct wire *w, short events)
{
	for (;;) {
		int64_t left_ms = (w->end_ns - clock_steady_ns()) / 1000000;
		struct pollfd one = { .fd = w->fd, .events = events };
		if (given_up(w))
			return fault_set(w->fault, FAULT_CANCELLED, _("%s was not waited for: the program ends"), w->host);
		int n = left_ms > 0 ? poll(&one, 1, (int)MIN(left_ms, (int64_t)SLICE_MS)) : 0;
		if (n > 0)
			return true;
		if (left_ms <= 0 || (n < 0 && errno != EINTR))
			return fault_set(w->fault, FAULT_NETWORK, _("%s did not answer in time"), w->host);
	}
}

static bool connect_one(struct wire *w, const struct addrinfo *at)
{
	int failure = 0;
	socklen_t size = sizeof failure;
	w->fd = socket(at->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (w->fd < 0)
		return fault_set(w->fault, FAULT_SYSTEM, _("no socket: %s"), strerror(errno));
	w->end_ns = clock_steady_ns() + CONNECT_MS * 1000000;
	if (connect(w->fd, at->ai_addr, at->ai_addrlen) == 0)
		return true;
	bool ok = errno == EINPROGRESS ? ready(w, POLLOUT) && getsockopt(w->fd, SOL_SOCKET, SO_ERROR, &failure, &size) == 0 : (failure = errno, true);
	if (ok && failure != 0)
		ok = fault_set(w->fault, FAULT_NETWORK, _("cannot connect to %s port %s: %s"), w->host, w->port, strerror(failure));
	if (!ok) {
		close(w->fd);
		w->fd = -1;
	}
	return ok;
}

static bool open_socket(struct wire *w)
{
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM }, *list = NULL;
	int code = getaddrinfo(w->host, w->port, &hints, &list);
	if (code != 0)
		return fault_set(w->fault, FAULT_NETWORK, _("cannot find the address of %s: %s"), w->host, gai_strerror(code));
	bool ok = false;
	for (const struct addrinfo *at = list; at != NULL && !ok && !given_up(w); at = at->ai_next)
		ok = connect_one(w, at);
	freeaddrinfo(list);
	return ok;
}

/* Why OpenSSL did not do it. */
static bool tls_fault(struct wire *w, const char *what)
{
	char detail[160] = "the connection broke off";
	unsigned long code = ERR_peek_last_error();
	long verified = w->ssl != NULL ? SSL_get_verify_result(w->ssl) : X509_V_OK;
	if (verified != X509_V_OK)
		return fault_set(w->fault, FAULT_NETWORK, _("the certificate of %s is not trusted: %s"), w->host, X509_verify_cert_error_string(verified));
	if (code != 0)
		ERR_error_string_n(code, detail, sizeof detail);
	else if (errno != 0)
		snprintf(detail, sizeof detail, "%s", strerror(errno));
	ERR_clear_error();
	return fault_set(w->fault, FAULT_NETWORK, "%s: %s: %s", w->host, what, detail);
}

/* After a call that came to `result`: wait for what it wants and try again. */
static bool again(struct wire *w, int result, const char *what)
{
	switch (SSL_get_error(w->ssl, result)) {
	case SSL_ERROR_WANT_READ:
		return ready(w, POLLIN);
	case SSL_ERROR_WANT_WRITE:
		return ready(w, POLLOUT);
	default:
		return tls_fault(w, what);
	}
}

static bool shake_hands(struct wire *w, const char *ca_file)
{
	unsigned char address[16];
	w->context = SSL_CTX_new(TLS_client_method());
	if (w->context == NULL || SSL_CTX_set_min_proto_version(w->context, TLS1_2_VERSION) != 1)
		return tls_fault(w, "TLS");
	if (ca_file != NULL ? SSL_CTX_load_verify_locations(w->context, ca_file, NULL) != 1 : SSL_CTX_set_default_verify_paths(w->context) != 1)
		return fault_set(w->fault, FAULT_SYSTEM, _("cannot read the CA certificates in %s"), ca_file != NULL ? ca_file : "the system's file");
	SSL_CTX_set_verify(w->context, SSL_VERIFY_PEER, NULL);
	w->ssl = SSL_new(w->context);
	if (w->ssl == NULL || SSL_set_fd(w->ssl, w->fd) != 1)
		return tls_fault(w, "TLS");
	bool is_number = inet_pton(AF_INET, w->host, address) == 1 || inet_pton(AF_INET6, w->host, address) == 1;
	bool named = is_number ? X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(w->ssl), w->host) == 1 :
				 SSL_set1_host(w->ssl, w->host) == 1 && SSL_set_tlsext_host_name(w->ssl, w->host) == 1;
	if (!named)
		return tls_fault(w, "TLS");
	int result;
	while ((result = SSL_connect(w->ssl)) != 1) {
		if (!again(w, result, "no TLS 1.2 or newer"))
			return false;
	}
	return true;
}

static bool write_all(struct wire *w, const char *bytes, size_t n)
{
	while (n > 0) {
		int result = SSL_write(w->ssl, bytes, (int)MIN(n, (size_t)16384));
		if (result <= 0) {
			if (!again(w, result, "it could not be sent"))
				return false;
			continue;
		}
		bytes += result;
		n -= (size_t)result;
	}
	return true;
}

/* Say that this was all, and hear the other side say so. */
static bool part(struct wire *w)
{
	char room[4096];
	int result;
	while ((result = SSL_shutdown(w->ssl)) < 0) {
		if (!again(w, result, "the end was not taken"))
			return false;
	}
	while (result == 0) { /* ours is sent; whatever it says before its own is nothing to us */
		int got = SSL_read(w->ssl, room, sizeof room);
		if (got > 0)
			continue;
		int why = SSL_get_error(w->ssl, got);
		if (why == SSL_ERROR_ZERO_RETURN)
			return true;
		/* It closed without a word: it had read ours, or a reset would have come. */
		if ((why == SSL_ERROR_SYSCALL && errno == 0) || (why == SSL_ERROR_SSL && ERR_GET_REASON(ERR_peek_last_error()) == SSL_R_UNEXPECTED_EOF_WHILE_READING)) {
			ERR_clear_error();
			return true;
		}
		if (!again(w, got, "whether it arrived is not known"))
			return false;
	}
	return true;
}

bool tls_send(const char *host, const char *port, const char *ca_file, const char *bytes, size_t n, const atomic_bool *give_up,
    struct fault *fault)
{
	struct wire w = { .host = host, .port = port, .fd = -1, .give_up = give_up, .fault = fault };
	ERR_clear_error();
	errno = 0;
	bool ok = open_socket(&w);
	w.end_ns = clock_steady_ns() + WHOLE_MS * 1000000;
	ok = ok && shake_hands(&w, ca_file) && write_all(&w, bytes, n) && part(&w);
	SSL_free(w.ssl);
	SSL_CTX_free(w.context);
	if (w.fd >= 0)
		close(w.fd);
	return ok;
}
