/* SPDX-License-Identifier: Apache-2.0
 *
 * A throw-away authority and a certificate of it for this machine's loopback
 * names, so that the simulator speaks TLS that clients verify as always: they
 * are given ca.pem as their bundle. The authority's key is never kept. */
#ifndef SIM_CERTIFICATE_H
#define SIM_CERTIFICATE_H

#include "base/fault.h"

struct certificate {
	char *ca_pem;	       /* give this to clients */
	char *certificate_pem; /* localhost, 127.0.0.1, ::1 */
	char *key_pem;	       /* EC P-256 */
};

/* hosts: more DNS names, separated by commas (NULL: none), for clients that
 * are told to reach a host of Webex here. Good from yesterday for 60 days. */
bool certificate_make(struct certificate *out, const char *hosts, struct fault *) MUST_USE;

/* Write ca_pem whole or not at all (a new file, then renamed). */
bool certificate_write_ca(const struct certificate *, const char *path, struct fault *) MUST_USE;

void certificate_clear(struct certificate *); /* wipes the key */

#endif
