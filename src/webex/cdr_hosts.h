/* SPDX-License-Identifier: Apache-2.0
 *
 * The hosts that serve call records, one a region. The bearer goes to these
 * and no other; a 451 answer names the right one. Pure. */
#ifndef WEBEX_CDR_HOSTS_H
#define WEBEX_CDR_HOSTS_H

#include "base/fault.h"
#include "net/url.h"

#define CDR_HOST_BYTES 96

struct cdr_hosts {
	char host[24][CDR_HOST_BYTES]; /* "name" or "name:port", lower case */
	size_t n;
};

/* The hosts Webex documents (2026-09). */
void cdr_hosts_init(struct cdr_hosts *);

/* Another one, from the configuration: "host", "host:port" or "[::1]:port". */
bool cdr_hosts_add(struct cdr_hosts *, const char *host, struct fault *) MUST_USE;

/* https, and one of the hosts with its port (443 when it has none)? */
bool cdr_hosts_allow(const struct cdr_hosts *, const struct url *);

/*
 * The host that a 451 answer sends us to. False when it names none, or one
 * that is not in the list: a body is not to be trusted with a bearer.
 */
bool cdr_hosts_region(const struct cdr_hosts *, const char *body, size_t n,
    char out[static CDR_HOST_BYTES]) MUST_USE;

#endif
