/* SPDX-License-Identifier: Apache-2.0
 *
 * The pure parts of the authorization code grant with PKCE (RFC 7636). */
#ifndef WEBEX_LOGIN_BROWSER_H
#define WEBEX_LOGIN_BROWSER_H

#include "base/fault.h"
#include "base/text.h"

/* base64url(SHA-256(verifier)), 43 characters and a NUL. */
void pkce_challenge(const char *verifier, char out[static 44]);

/* n random bytes as base64url; out holds 4 * ((n + 2) / 3) + 1. */
void random_word(size_t n, char *out);

void authorize_url(struct text *out, const char *base, const char *client_id,
    const char *redirect_uri, const char *scopes, const char *state, const char *challenge);

/*
 * The code in what came back: a whole address, its query, or (pasted by a
 * person) the bare code.
 * FAULT_INPUT  not of this sign-in: the state differs or is missing
 * FAULT_LOGIN  Webex or the person refused; the sentence says which
 */
bool authorize_answer(const char *text, const char *state, bool may_be_bare, char *code,
    size_t capacity, struct fault *) MUST_USE;

#endif
