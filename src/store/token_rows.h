/* SPDX-License-Identifier: Apache-2.0
 *
 * Tokens of the HTTP API: who has one, and what it lets do. A token is told once; the
 * store has only the hash of its secret. */
#ifndef STORE_TOKEN_ROWS_H
#define STORE_TOKEN_ROWS_H

#include "base/arena.h"
#include "base/fault.h"

struct db;
struct store;

/* Each lets do what the one before does, and more. */
#define TOKEN_SCOPES(row)                                                          \
	row(SCOPE_VIEWER, "viewer")   /* reads */                                  \
	row(SCOPE_ANALYST, "analyst") /* acts on alerts, sees whole numbers */     \
	row(SCOPE_LEAD, "lead")	      /* silences; takes alerts away; the audit log */ \
	row(SCOPE_ADMIN, "admin")     /* the sign-in to Webex, the sync */

enum token_scope {
#define TOKEN_SCOPE_ENUM(id, name) id,
	TOKEN_SCOPES(TOKEN_SCOPE_ENUM)
#undef TOKEN_SCOPE_ENUM
	N_TOKEN_SCOPES
};
const char *token_scope_name(enum token_scope);
bool token_scope_named(const char *name, enum token_scope *);

#define TOKEN_ID_BYTES	 9  /* eight of base64url, and a NUL */
#define TOKEN_NAME_BYTES 41
#define TOKEN_TEXT_BYTES 64 /* cnt_ID_SECRET */
#define TOKEN_DAYS_MAX	 400

struct token_row {
	char id[TOKEN_ID_BYTES];
	unsigned char hash[32]; /* SHA-256 of the secret */
	const char *name, *created_by;
	enum token_scope scope;
	int64_t created_ms, expires_ms, revoked_ms; /* revoked 0: not */
};

/* A name that a log and a header may hold: a letter, then letters, digits, . _ - @ */
bool token_name_fits(const char *name);

/*
 * Make one: a transaction with its line in the audit log. text: the only time it is
 * told. FAULT_USAGE: the name, or more than TOKEN_DAYS_MAX days. FAULT_CONFLICT: a
 * token of that name is in force.
 */
bool store_token_make(struct store *, const char *name, enum token_scope, int64_t expires_ms, const char *who, int64_t now_ms,
    char text[static TOKEN_TEXT_BYTES], struct fault *) MUST_USE;
/* By its id or its name. FAULT_NOT_FOUND: none in force. */
bool store_token_revoke(struct store *, const char *which, const char *who, int64_t now_ms, struct fault *) MUST_USE;

/* All of them, the newest first. */
bool query_tokens(struct db *, struct arena *, struct token_row **out, size_t *n, struct fault *) MUST_USE;

/* Cut a token as it came in: its id, and the hash of its secret. False: it is none. */
bool token_text_read(const char *text, char id[static TOKEN_ID_BYTES], unsigned char hash[static 32]) MUST_USE;
/*
 * Which of them a token is; NULL: none, or it has no token's form. What comes in is hashed
 * and the hash is compared whole with every row's, also after it was found and whether or
 * not the id is known: how long it takes says nothing of how near a guess was.
 */
const struct token_row *token_row_find(const struct token_row *, size_t n, const char *text);

#endif
