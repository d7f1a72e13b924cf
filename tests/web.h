/* SPDX-License-Identifier: Apache-2.0
 *
 * A web server inside a test program: a function answers, a thread each
 * connection, plain or with a certificate made on the spot. */
#ifndef TEST_WEB_H
#define TEST_WEB_H

#include <arpa/inet.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct web_request {
	const char *method, *path; /* path without the query */
	const char *url;	   /* path and query as sent */
	const char *authorization; /* NULL: none */
	const char *body;	   /* "" when none */
	int number;		   /* 1 for the first request of this server */
	struct MHD_Connection *connection;
};

struct web_answer {
	int status;
	char headers[8][2][1024]; /* name, value; "" ends */
	char *body;		  /* malloc'ed; NULL: none */
	size_t body_n;		  /* 0: strlen(body) */
};

typedef void (*web_fn)(const struct web_request *, struct web_answer *, void *arg);

struct web {
	struct MHD_Daemon *daemon;
	pthread_mutex_t lock; /* `answer` is called by one thread at a time unless parallel */
	bool parallel;
	web_fn answer;
	void *arg;
	int n_requests;
	int port;
	char base[64];	     /* "http://127.0.0.1:port" */
	char address[32];    /* "127.0.0.1:port" */
	char ca_file[64];    /* with TLS */
	char *key, *certificate;
};

struct web_upload {
	char *bytes;
	size_t n;
	char *url;
	bool begun;
};

static inline void web_header(struct web_answer *answer, const char *name, const char *value)
{
	for (int i = 0; i < 8; i++)
		if (answer->headers[i][0][0] == '\0') {
			snprintf(answer->headers[i][0], 1024, "%s", name);
			snprintf(answer->headers[i][1], 1024, "%s", value);
			return;
		}
}

static inline void web_json(struct web_answer *answer, int status, const char *body)
{
	answer->status = status;
	free(answer->body);
	answer->body = strdup(body);
	web_header(answer, "Content-Type", "application/json");
}

static inline void *web_uri(void *arg, const char *uri, struct MHD_Connection *connection)
{
	(void)arg;
	(void)connection;
	struct web_upload *upload = calloc(1, sizeof *upload);
	upload->url = strdup(uri);
	upload->bytes = calloc(1, 1);
	return upload;
}

static inline enum MHD_Result web_handle(void *arg, struct MHD_Connection *connection,
    const char *path, const char *method, const char *version, const char *bytes, size_t *n,
    void **state)
{
	(void)version;
	struct web *web = arg;
	struct web_upload *upload = *state;
	if (*n > 0) {
		upload->bytes = realloc(upload->bytes, upload->n + *n + 1);
		memcpy(upload->bytes + upload->n, bytes, *n);
		upload->n += *n;
		upload->bytes[upload->n] = '\0';
		*n = 0;
		return MHD_YES;
	}
	if (!upload->begun) { /* headers only: the body may follow */
		upload->begun = true;
		return MHD_YES;
	}
	struct web_request request = {
		.method = method, .path = path, .url = upload->url, .body = upload->bytes,
		.authorization = MHD_lookup_connection_value(connection, MHD_HEADER_KIND,
		    "Authorization"),
		.connection = connection,
	};
	struct web_answer *answer = calloc(1, sizeof *answer);
	answer->status = 200;
	pthread_mutex_lock(&web->lock);
	request.number = ++web->n_requests;
	if (web->parallel)
		pthread_mutex_unlock(&web->lock);
	web->answer(&request, answer, web->arg);
	if (!web->parallel)
		pthread_mutex_unlock(&web->lock);
	size_t body_n = answer->body_n > 0 ? answer->body_n :
	    answer->body != NULL ? strlen(answer->body) : 0;
	struct MHD_Response *response = MHD_create_response_from_buffer(body_n,
	    answer->body != NULL ? answer->body : (void *)"", MHD_RESPMEM_MUST_COPY);
	for (int i = 0; i < 8 && answer->headers[i][0][0] != '\0'; i++)
		MHD_add_response_header(response, answer->headers[i][0], answer->headers[i][1]);
	enum MHD_Result result = MHD_queue_response(connection, (unsigned)answer->status, response);
	MHD_destroy_response(response);
	free(answer->body);
	free(answer);
	return result;
}

static inline void web_completed(void *arg, struct MHD_Connection *connection, void **state,
    enum MHD_RequestTerminationCode code)
{
	(void)arg;
	(void)connection;
	(void)code;
	struct web_upload *upload = *state;
	if (upload != NULL) {
		free(upload->bytes);
		free(upload->url);
		free(upload);
	}
	*state = NULL;
}

static inline char *web_pem(BIO *bio)
{
	char *bytes;
	long n = BIO_get_mem_data(bio, &bytes);
	char *copy = strndup(bytes, (size_t)n);
	BIO_free(bio);
	return copy;
}

/* `names` as in a subjectAltName: "DNS:webexapis.com,IP:127.0.0.1". */
static inline void web_make_certificate(struct web *web, const char *names)
{
	EVP_PKEY *key = EVP_EC_gen("P-256");
	X509 *certificate = X509_new();
	X509_set_version(certificate, 2);
	ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
	X509_gmtime_adj(X509_getm_notBefore(certificate), -3600);
	X509_gmtime_adj(X509_getm_notAfter(certificate), 24 * 3600);
	X509_set_pubkey(certificate, key);
	X509_NAME *name = X509_get_subject_name(certificate);
	X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const unsigned char *)"test", -1, -1, 0);
	X509_set_issuer_name(certificate, name);
	X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, NULL, NID_subject_alt_name, names);
	X509_add_ext(certificate, extension, -1);
	X509_EXTENSION_free(extension);
	X509_sign(certificate, key, EVP_sha256());
	BIO *bio = BIO_new(BIO_s_mem());
	PEM_write_bio_PrivateKey(bio, key, NULL, NULL, 0, NULL, NULL);
	web->key = web_pem(bio);
	bio = BIO_new(BIO_s_mem());
	PEM_write_bio_X509(bio, certificate);
	web->certificate = web_pem(bio);
	X509_free(certificate);
	EVP_PKEY_free(key);
	snprintf(web->ca_file, sizeof web->ca_file, "/tmp/centinela-ca-XXXXXX");
	int fd = mkstemp(web->ca_file);
	if (fd < 0 || write(fd, web->certificate, strlen(web->certificate)) < 0)
		abort();
	close(fd);
}

/* names NULL: plain http. */
static inline void web_start(struct web *web, const char *names, web_fn answer, void *arg)
{
	memset(web, 0, sizeof *web);
	pthread_mutex_init(&web->lock, NULL);
	web->answer = answer;
	web->arg = arg;
	struct sockaddr_in here = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	unsigned flags = MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_THREAD_PER_CONNECTION;
	if (names != NULL) {
		web_make_certificate(web, names);
		web->daemon = MHD_start_daemon(flags | MHD_USE_TLS, 0, NULL, NULL, web_handle, web,
		    MHD_OPTION_SOCK_ADDR, &here, MHD_OPTION_URI_LOG_CALLBACK, web_uri, NULL,
		    MHD_OPTION_NOTIFY_COMPLETED, web_completed, NULL, MHD_OPTION_HTTPS_MEM_KEY,
		    web->key, MHD_OPTION_HTTPS_MEM_CERT, web->certificate, MHD_OPTION_END);
	} else {
		web->daemon = MHD_start_daemon(flags, 0, NULL, NULL, web_handle, web,
		    MHD_OPTION_SOCK_ADDR, &here, MHD_OPTION_URI_LOG_CALLBACK, web_uri, NULL,
		    MHD_OPTION_NOTIFY_COMPLETED, web_completed, NULL, MHD_OPTION_END);
	}
	if (web->daemon == NULL)
		abort();
	web->port = MHD_get_daemon_info(web->daemon, MHD_DAEMON_INFO_BIND_PORT)->port;
	snprintf(web->base, sizeof web->base, "http%s://127.0.0.1:%d", names != NULL ? "s" : "",
	    web->port);
	snprintf(web->address, sizeof web->address, "127.0.0.1:%d", web->port);
}

static inline void web_stop(struct web *web)
{
	MHD_stop_daemon(web->daemon);
	if (web->ca_file[0] != '\0')
		unlink(web->ca_file);
	free(web->key);
	free(web->certificate);
	pthread_mutex_destroy(&web->lock);
}

#endif
