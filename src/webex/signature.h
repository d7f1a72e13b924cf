/* SPDX-License-Identifier: Apache-2.0
 *
 * Did Webex send this webhook? X-Spark-Signature is HMAC-SHA1 in hexadecimal
 * over the raw bytes of the body. Pure. */
#ifndef WEBEX_SIGNATURE_H
#define WEBEX_SIGNATURE_H

#include "base/base.h"

/*
 * spark   the header X-Spark-Signature, NULL when absent: then false
 * webex   X-Webex-Signature (SHA-1 or SHA-256, perhaps after "sha256="), which
 *         only some deployments send; when it is there it must be right too
 * `body` must be the bytes as received: JSON written anew does not match.
 * Compared in constant time, hexadecimal digits of either case.
 */
bool signature_is_right(const char *secret, const char *body, size_t n, const char *spark,
    const char *webex) MUST_USE;

#endif
