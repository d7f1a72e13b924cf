/* SPDX-License-Identifier: Apache-2.0
 *
 * A server inside a test program that speaks TLS and nothing of HTTP: it collects
 * syslog, or takes mail as SMTP has it. It can fail: every so many times it closes
 * the connection before it has taken anything, or after it has. */
#ifndef TEST_TLS_PEER_H
#define TEST_TLS_PEER_H

#include <openssl/ssl.h>
#include <poll.h>
#include <strings.h>

#include "base/text.h"
#include "web.h"

enum peer_kind { PEER_SYSLOG, PEER_SMTPS, PEER_SMTP_STARTTLS };

struct tls_peer {
	struct web made; /* its certificate alone */
	enum peer_kind kind;
	pthread_t thread;
	pthread_mutex_t lock;
	int listener, stop[2], port;
	SSL_CTX *context;
	/* Under the lock: */
	struct text taken;   /* syslog: all bytes; SMTP: each mail with its envelope */
	int n_connections, n_taken;
	bool (*fails)(int connection); /* before it takes; NULL: never */
	const char *says;	       /* SMTP: to MAIL, instead of 250; NULL */
	char wanted_login[128];	       /* base64 of AUTH PLAIN; "" none */
	char port_text[8];
};

static inline void peer_say(SSL *ssl, int fd, const char *line)
{
	if (ssl != NULL)
		SSL_write(ssl, line, (int)strlen(line));
	else if (write(fd, line, strlen(line)) < 0)
		return;
}

/* A line with its CRLF; false at the end. */
static inline bool peer_line(SSL *ssl, int fd, char *out, size_t capacity)
{
	size_t n = 0;
	char c;
	while (n + 1 < capacity && (ssl != NULL ? SSL_read(ssl, &c, 1) : (int)read(fd, &c, 1)) == 1) {
		out[n++] = c;
		if (c == '\n')
			break;
	}
	out[n] = '\0';
	return n > 0;
}

static inline SSL *peer_shake_hands(struct tls_peer *peer, int fd)
{
	SSL *ssl = SSL_new(peer->context);
	SSL_set_fd(ssl, fd);
	if (SSL_accept(ssl) == 1)
		return ssl;
	SSL_free(ssl);
	return NULL;
}

static inline SSL *peer_smtp(struct tls_peer *peer, int fd, SSL *ssl)
{
	char line[1100];
	struct text mail = { 0 };
	bool in = peer->wanted_login[0] == '\0';
	peer_say(ssl, fd, "220 test ESMTP\r\n");
	while (peer_line(ssl, fd, line, sizeof line)) {
		if (strncasecmp(line, "EHLO", 4) == 0) {
			peer_say(ssl, fd, ssl == NULL ? "250-test\r\n250 STARTTLS\r\n" : "250-test\r\n250 AUTH PLAIN\r\n");
		} else if (strncasecmp(line, "STARTTLS", 8) == 0) {
			peer_say(ssl, fd, "220 go\r\n");
			ssl = peer_shake_hands(peer, fd);
			if (ssl == NULL)
				break;
		} else if (strncasecmp(line, "AUTH PLAIN", 10) == 0) {
			if (strlen(line) < 14) {
				peer_say(ssl, fd, "334 \r\n");
				peer_line(ssl, fd, line, sizeof line);
				in = strncmp(line, peer->wanted_login, strlen(peer->wanted_login)) == 0;
			} else {
				in = strncmp(line + 11, peer->wanted_login, strlen(peer->wanted_login)) == 0;
			}
			peer_say(ssl, fd, in ? "235 ok\r\n" : "535 no\r\n");
		} else if (strncasecmp(line, "MAIL", 4) == 0) {
			text_puts(&mail, line);
			peer_say(ssl, fd, peer->says != NULL ? peer->says : in ? "250 ok\r\n" : "530 log in\r\n");
		} else if (strncasecmp(line, "RCPT", 4) == 0) {
			text_puts(&mail, line);
			peer_say(ssl, fd, strstr(line, "<gone") != NULL ? "550 no such house\r\n" : "250 ok\r\n");
		} else if (strncasecmp(line, "DATA", 4) == 0) {
			peer_say(ssl, fd, "354 go\r\n");
			while (peer_line(ssl, fd, line, sizeof line) && strcmp(line, ".\r\n") != 0)
				text_puts(&mail, line);
			pthread_mutex_lock(&peer->lock);
			text_puts(&peer->taken, text_string(&mail));
			peer->n_taken++;
			pthread_mutex_unlock(&peer->lock);
			text_reset(&mail);
			peer_say(ssl, fd, "250 taken\r\n");
		} else if (strncasecmp(line, "QUIT", 4) == 0) {
			peer_say(ssl, fd, "221 bye\r\n");
			break;
		} else {
			peer_say(ssl, fd, "250 ok\r\n");
		}
	}
	text_clear(&mail);
	return ssl;
}

static inline void peer_syslog(struct tls_peer *peer, SSL *ssl)
{
	char bytes[4096];
	struct text all = { 0 };
	int n;
	while ((n = SSL_read(ssl, bytes, sizeof bytes)) > 0)
		text_add(&all, bytes, (size_t)n);
	pthread_mutex_lock(&peer->lock);
	if (all.n > 0) {
		text_add(&peer->taken, all.bytes, all.n);
		peer->n_taken++;
	}
	pthread_mutex_unlock(&peer->lock);
	text_clear(&all);
}

static inline void peer_serve(struct tls_peer *peer, int fd)
{
	struct timeval patience = { .tv_sec = 20 };
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
	pthread_mutex_lock(&peer->lock);
	int number = ++peer->n_connections;
	bool fails = peer->fails != NULL && peer->fails(number);
	pthread_mutex_unlock(&peer->lock);
	struct linger at_once = { 1, 0 };
	if (fails)
		setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
	SSL *ssl = peer->kind == PEER_SMTP_STARTTLS || (fails && number % 2 == 0) ? NULL : peer_shake_hands(peer, fd);
	if (!fails && peer->kind != PEER_SYSLOG)
		ssl = peer_smtp(peer, fd, ssl);
	else if (!fails && ssl != NULL)
		peer_syslog(peer, ssl);
	if (ssl != NULL && !fails)
		SSL_shutdown(ssl);
	SSL_free(ssl);
	close(fd);
}

static inline void *peer_run(void *arg)
{
	struct tls_peer *peer = arg;
	for (;;) {
		struct pollfd fds[2] = { { .fd = peer->listener, .events = POLLIN }, { .fd = peer->stop[0], .events = POLLIN } };
		if (poll(fds, 2, -1) < 0)
			continue;
		if (fds[1].revents != 0)
			return NULL;
		int fd = accept(peer->listener, NULL, NULL);
		if (fd >= 0)
			peer_serve(peer, fd);
	}
}

/* `names` as in web_make_certificate(). */
static inline void peer_start(struct tls_peer *peer, enum peer_kind kind, const char *names)
{
	memset(peer, 0, sizeof *peer);
	peer->kind = kind;
	pthread_mutex_init(&peer->lock, NULL);
	web_make_certificate(&peer->made, names);
	peer->context = SSL_CTX_new(TLS_server_method());
	BIO *bio = BIO_new_mem_buf(peer->made.certificate, -1);
	X509 *certificate = PEM_read_bio_X509(bio, NULL, NULL, NULL);
	BIO_free(bio);
	bio = BIO_new_mem_buf(peer->made.key, -1);
	EVP_PKEY *key = PEM_read_bio_PrivateKey(bio, NULL, NULL, NULL);
	BIO_free(bio);
	if (SSL_CTX_use_certificate(peer->context, certificate) != 1 || SSL_CTX_use_PrivateKey(peer->context, key) != 1)
		abort();
	X509_free(certificate);
	EVP_PKEY_free(key);
	struct sockaddr_in here = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t size = sizeof here;
	peer->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (bind(peer->listener, (struct sockaddr *)&here, sizeof here) != 0 || listen(peer->listener, 32) != 0 ||
	    getsockname(peer->listener, (struct sockaddr *)&here, &size) != 0 || pipe(peer->stop) != 0)
		abort();
	peer->port = ntohs(here.sin_port);
	snprintf(peer->port_text, sizeof peer->port_text, "%d", peer->port);
	signal(SIGPIPE, SIG_IGN);
	if (pthread_create(&peer->thread, NULL, peer_run, peer) != 0)
		abort();
}

static inline void peer_stop(struct tls_peer *peer)
{
	if (write(peer->stop[1], "x", 1) != 1)
		abort();
	pthread_join(peer->thread, NULL);
	close(peer->listener);
	close(peer->stop[0]);
	close(peer->stop[1]);
	SSL_CTX_free(peer->context);
	unlink(peer->made.ca_file);
	free(peer->made.key);
	free(peer->made.certificate);
	text_clear(&peer->taken);
	pthread_mutex_destroy(&peer->lock);
}

#endif
