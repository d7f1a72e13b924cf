/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/certificate.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "net/file.h"

#define DAY_S	   (24L * 3600)
#define LIFE_DAYS  60

static bool add_extension(X509 *certificate, X509 *issuer, int nid, const char *value)
{
	X509V3_CTX context;
	X509V3_set_ctx_nodb(&context);
	X509V3_set_ctx(&context, issuer, certificate, NULL, NULL, 0);
	X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &context, nid, value);
	bool ok = extension != NULL && X509_add_ext(certificate, extension, -1) == 1;
	X509_EXTENSION_free(extension);
	return ok;
}

static bool set_serial(X509 *certificate)
{
	unsigned char bytes[16];
	if (RAND_bytes(bytes, sizeof bytes) != 1)
		return false;
	bytes[0] = (bytes[0] & 0x3F) | 0x40; /* positive, and never short */
	BIGNUM *number = BN_bin2bn(bytes, sizeof bytes, NULL);
	bool ok = number != NULL &&
	    BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate)) != NULL;
	BN_free(number);
	return ok;
}

/* An unsigned certificate for `key`; issuer NULL: its own. */
static X509 *blank(EVP_PKEY *key, const char *common_name, X509 *issuer)
{
	X509 *certificate = X509_new();
	if (certificate == NULL)
		return NULL;
	X509_NAME *name = X509_get_subject_name(certificate);
	if (X509_set_version(certificate, X509_VERSION_3) != 1 || !set_serial(certificate) ||
	    X509_gmtime_adj(X509_getm_notBefore(certificate), -DAY_S) == NULL ||
	    X509_gmtime_adj(X509_getm_notAfter(certificate), LIFE_DAYS * DAY_S) == NULL ||
	    X509_set_pubkey(certificate, key) != 1 ||
	    X509_NAME_add_entry_by_txt(name, "O", MBSTRING_ASC,
		(const unsigned char *)"Centinela simulator", -1, -1, 0) != 1 ||
	    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
		(const unsigned char *)common_name, -1, -1, 0) != 1 ||
	    X509_set_issuer_name(certificate,
		issuer == NULL ? name : X509_get_subject_name(issuer)) != 1) {
		X509_free(certificate);
		return NULL;
	}
	return certificate;
}

static char *take_bio(BIO *bio)
{
	char *bytes;
	long n = BIO_get_mem_data(bio, &bytes);
	char *copy = n > 0 ? mem_strndup(bytes, (size_t)n) : NULL;
	if (n > 0)
		mem_wipe(bytes, (size_t)n);
	BIO_free(bio);
	return copy;
}

static char *certificate_text(X509 *certificate)
{
	BIO *bio = BIO_new(BIO_s_mem());
	if (bio != NULL)
		PEM_write_bio_X509(bio, certificate);
	return bio == NULL ? NULL : take_bio(bio);
}

static char *key_text(EVP_PKEY *key)
{
	BIO *bio = BIO_new(BIO_s_mem());
	if (bio != NULL)
		PEM_write_bio_PrivateKey(bio, key, NULL, NULL, 0, NULL, NULL);
	return bio == NULL ? NULL : take_bio(bio);
}

/* "a.example,b.example" → more of "DNS:…". Only what a host name is made of. */
static bool add_names(struct text *out, const char *hosts)
{
	while (*hosts != '\0') {
		size_t n = strcspn(hosts, ",");
		if (n == 0 || n > 250 ||
		    strspn(hosts, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-") < n)
			return false;
		text_printf(out, ",DNS:%.*s", (int)n, hosts);
		hosts += n + (hosts[n] == ',');
	}
	return true;
}

bool certificate_make(struct certificate *out, const char *hosts, struct fault *fault)
{
	struct text names = { 0 };
	memset(out, 0, sizeof *out);
	text_puts(&names, "DNS:localhost,IP:127.0.0.1,IP:::1");
	if (hosts != NULL && !add_names(&names, hosts)) {
		text_clear(&names);
		return fault_set(fault, FAULT_USAGE, "host names are separated by commas");
	}
	EVP_PKEY *ca_key = EVP_EC_gen("P-256"), *key = EVP_EC_gen("P-256");
	X509 *ca = ca_key == NULL ? NULL : blank(ca_key, "throw-away authority", NULL);
	X509 *leaf = key == NULL || ca == NULL ? NULL : blank(key, "localhost", ca);

	bool ok = leaf != NULL &&
	    add_extension(ca, ca, NID_basic_constraints, "critical,CA:TRUE,pathlen:0") &&
	    add_extension(ca, ca, NID_key_usage, "critical,keyCertSign,cRLSign") &&
	    add_extension(ca, ca, NID_subject_key_identifier, "hash") &&
	    X509_sign(ca, ca_key, EVP_sha256()) > 0 &&
	    add_extension(leaf, ca, NID_basic_constraints, "critical,CA:FALSE") &&
	    add_extension(leaf, ca, NID_key_usage, "critical,digitalSignature") &&
	    add_extension(leaf, ca, NID_ext_key_usage, "serverAuth") &&
	    add_extension(leaf, ca, NID_subject_key_identifier, "hash") &&
	    add_extension(leaf, ca, NID_authority_key_identifier, "keyid") &&
	    add_extension(leaf, ca, NID_subject_alt_name, text_string(&names)) &&
	    X509_sign(leaf, ca_key, EVP_sha256()) > 0;
	if (ok) {
		out->ca_pem = certificate_text(ca);
		out->certificate_pem = certificate_text(leaf);
		out->key_pem = key_text(key);
		ok = out->ca_pem != NULL && out->certificate_pem != NULL && out->key_pem != NULL;
	}
	if (!ok) {
		certificate_clear(out);
		const char *why = ERR_reason_error_string(ERR_peek_last_error());
		fault_set(fault, FAULT_SYSTEM, "OpenSSL made no certificate: %s",
		    why == NULL ? "no reason given" : why);
		ERR_clear_error();
	}
	text_clear(&names);
	X509_free(leaf);
	X509_free(ca);
	EVP_PKEY_free(key);
	EVP_PKEY_free(ca_key);
	return ok;
}

bool certificate_write_ca(const struct certificate *certificate, const char *path,
    struct fault *fault)
{
	return file_write(path, certificate->ca_pem, strlen(certificate->ca_pem), 0644, fault);
}

void certificate_clear(struct certificate *certificate)
{
	free(certificate->ca_pem);
	free(certificate->certificate_pem);
	mem_free_secret(certificate->key_pem);
	memset(certificate, 0, sizeof *certificate);
}
