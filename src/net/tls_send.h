/* SPDX-License-Identifier: Apache-2.0
 *
 * Bytes over a TLS connection of their own to a host that only listens (syslog).
 * Blocks, for some seconds at most: call it from a lane. Any thread. */
#ifndef NET_TLS_SEND_H
#define NET_TLS_SEND_H

#include <stdatomic.h>

#include "base/fault.h"

/*
 * TLS 1.2 or newer, the certificate verified for that host.
 *
 * ca_file  PEM, instead of the system's; NULL: the system's
 * give_up  set by another thread: end soon, with FAULT_CANCELLED; NULL: never. A name
 *	    is looked up to its end (the resolver's time, some ten seconds).
 *
 * True when the other side has taken them all: it is told that this was all
 * (close_notify) and closes in its turn, as RFC 5425 (4.4) wants of it. What merely
 * left this host is not known to have arrived.
 * FAULT_NETWORK: it may pass.
 */
bool tls_send(const char *host, const char *port, const char *ca_file, const char *bytes, size_t n, const atomic_bool *give_up,
    struct fault *) MUST_USE;

#endif
