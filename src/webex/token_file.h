/* SPDX-License-Identifier: Apache-2.0
 *
 * Tokens, and the file that keeps them: JSON, mode 0600, replaced whole. The
 * functions with a path block: call them from a lane. */
#ifndef WEBEX_TOKEN_FILE_H
#define WEBEX_TOKEN_FILE_H

#include "base/fault.h"

struct token {
	char *access;  /* the bearer; NULL: none */
	char *refresh; /* NULL: it cannot be renewed */
	char *scope;   /* as Webex gave it, "" unknown */
	char *kind;    /* "device", "code", "service_app", "refresh_token", "bearer" */
	int64_t obtained_ms;	    /* when this access token came */
	int64_t access_expires_ms;  /* 0 unknown */
	int64_t refresh_expires_ms; /* 0 unknown */
};

void token_clear(struct token *); /* wipes */
void token_copy(struct token *out, const struct token *);

/*
 * Is it time to refresh? When less than max(5 min, 10 % of its life) is left,
 * or 30 days after it came: only a refresh prolongs the refresh token's 90
 * days (60 in the government cloud). Pure.
 */
bool token_is_due(const struct token *, int64_t now_ms);
bool token_has_expired(const struct token *, int64_t now_ms); /* the access token */

/* Has the person to sign in again soon? 14 days before the refresh token ends,
 * or at once when there is nothing to refresh with and a day is left. */
bool token_needs_person_soon(const struct token *, int64_t now_ms);

/*
 * Read the answer of a token request (RFC 6749 fields). expires_in counts from
 * now_ms; without refresh_token the one of `before` (may be NULL) is kept,
 * also its expiry and scope.
 */
bool token_read_answer(const char *bytes, size_t n, const struct token *before, const char *kind,
    int64_t now_ms, struct token *out, struct fault *) MUST_USE;

/* FAULT_NOT_FOUND: nobody signed in yet. */
bool token_file_read(const char *path, struct token *out, struct fault *) MUST_USE;
bool token_file_write(const char *path, const struct token *, struct fault *) MUST_USE;
bool token_file_remove(const char *path, struct fault *) MUST_USE; /* fine when absent */

/*
 * The right to refresh, one process at a time: a lock on `path`.lock, held
 * while *fd is open; close(*fd) gives it up. FAULT_CONFLICT: another has it.
 */
bool token_file_lock(const char *path, int *fd, struct fault *) MUST_USE;

#endif
