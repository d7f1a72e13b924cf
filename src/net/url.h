/* SPDX-License-Identifier: Apache-2.0
 *
 * URLs, read by the parser that will also send them (libcurl's), so that what
 * was checked is what is asked; and percent-encoding. Pure. */
#ifndef NET_URL_H
#define NET_URL_H

#include "base/fault.h"
#include "base/text.h"

#define URL_HOST_BYTES 256

struct url {
	bool is_https;		   /* else http; nothing else is accepted */
	char host[URL_HOST_BYTES]; /* lower case; IPv6 without brackets */
	int port;		   /* 443 or 80 when not written */
};

/* http or https, with a host, without user, control bytes or blanks, at most
 * 8 kB. The sentence on failure does not repeat the URL, which may hold a
 * secret. */
bool url_read(const char *text, struct url *out, struct fault *) MUST_USE;

/* "localhost", 127.0.0.0/8 or ::1. */
bool url_is_loopback(const struct url *);
bool url_same_host(const struct url *, const struct url *); /* host and port */

/* Everything but A-Z a-z 0-9 - . _ ~ becomes %XX (a blank: %20). */
void url_encode(struct text *out, const char *string);

/* "&name=value" (the & only when something is there already), both encoded. */
void url_add_pair(struct text *out, const char *name, const char *value);

/* Decode %XX and + in place; false on %00, a broken escape or a control byte. */
bool url_decode(char *string) MUST_USE;

/* The decoded value of `name` in a query ("a=1&b=2", up to # or the end), or
 * false. Cut never: too long is false. */
bool url_query_value(const char *query, const char *name, char *out, size_t capacity) MUST_USE;

#endif
