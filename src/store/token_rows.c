/* SPDX-License-Identifier: Apache-2.0 */
#include "store/token_rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "store/alert_rows.h"

#define PREFIX	     "cnt_"
#define ID_LETTERS   (TOKEN_ID_BYTES - 1)
#define SECRET_BYTES 32
#define SECRET_TEXT  43 /* of base64url */

static const char *const names[N_TOKEN_SCOPES] = {
#define TOKEN_SCOPE_NAME(id, name) [id] = name,
	TOKEN_SCOPES(TOKEN_SCOPE_NAME)
#undef TOKEN_SCOPE_NAME
};

const char *token_scope_name(enum token_scope scope)
{
	return names[scope];
}

bool token_scope_named(const char *name, enum token_scope *scope)
{
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		if (strcmp(names[i], name) == 0) {
			*scope = (enum token_scope)i;
			return true;
		}
	}
	return false;
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool token_name_fits(const char *name)
{
	size_t n = strlen(name);
	if (n == 0 || n >= TOKEN_NAME_BYTES || !is_letter(*name))
		return false;
	for (const char *p = name; *p != '\0'; p++)
		if (!is_letter(*p) && !(*p >= '0' && *p <= '9') && strchr("._-@", *p) == NULL)
			return false;
	return true;
}

/* Letters of base64url by chance: six bits each. */
static void random_letters(size_t n, char *out)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
	unsigned char bytes[64];
	assert(n <= sizeof bytes);
	if (RAND_bytes(bytes, (int)n) != 1)
		abort(); /* without chance there is no secret to keep */
	for (size_t i = 0; i < n; i++)
		out[i] = letters[bytes[i] & 63];
	out[n] = '\0';
	mem_wipe(bytes, sizeof bytes);
}

static void hash_of(const char *secret, size_t n, unsigned char hash[static 32])
{
	unsigned length = 32;
	EVP_Digest(secret, n, hash, &length, EVP_sha256(), NULL);
}

bool token_text_read(const char *text, char id[static TOKEN_ID_BYTES], unsigned char hash[static 32])
{
	size_t n = strlen(PREFIX);
	if (strlen(text) != n + ID_LETTERS + 1 + SECRET_TEXT || memcmp(text, PREFIX, n) != 0 || text[n + ID_LETTERS] != '_')
		return false;
	memcpy(id, text + n, ID_LETTERS);
	id[ID_LETTERS] = '\0';
	hash_of(text + n + ID_LETTERS + 1, SECRET_TEXT, hash);
	return true;
}

const struct token_row *token_row_find(const struct token_row *rows, size_t n, const char *text)
{
	char id[TOKEN_ID_BYTES];
	unsigned char hash[32];
	const struct token_row *found = NULL;
	if (!token_text_read(text, id, hash))
		return NULL;
	for (size_t i = 0; i < n; i++) {
		bool is_it = CRYPTO_memcmp(rows[i].hash, hash, sizeof hash) == 0;
		if (is_it && strcmp(rows[i].id, id) == 0)
			found = &rows[i];
	}
	mem_wipe(hash, sizeof hash);
	return found;
}

static bool is_taken(struct db *db, const char *name, int64_t now_ms, bool *taken, struct fault *fault)
{
	struct statement *st = db_statement(db, "SELECT 1 FROM tokens WHERE name = $1 AND revoked_ms = 0 AND expires_ms > $2", fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "ti", name, now_ms);
	enum step step = db_step(db, st, fault);
	db->engine->reset(st);
	*taken = step == STEP_ROW;
	return step != STEP_FAULT;
}

static bool insert(struct store *store, const struct token_row *row, struct fault *fault)
{
	char note[120];
	bool taken;
	if (!is_taken(&store->db, row->name, row->created_ms, &taken, fault))
		return false;
	if (taken)
		return fault_set(fault, FAULT_CONFLICT, _("%s has a token already: revoke it first, or give this one another name"), row->name);
	struct statement *st = db_statement(&store->db,
	    "INSERT INTO tokens (id, hash, name, scope, created_by, created_ms, expires_ms, revoked_ms) VALUES ($1,$2,$3,$4,$5,$6,$7,0)", fault);
	if (st == NULL)
		return false;
	db_bind(&store->db, st, "tbtitii", row->id, row->hash, sizeof row->hash, row->name, (int64_t)row->scope, row->created_by,
	    row->created_ms, row->expires_ms);
	snprintf(note, sizeof note, "%s %s", row->name, row->id);
	struct alert_event event = { row->created_ms, row->created_by, "token", "", token_scope_name(row->scope), note };
	return db_run(&store->db, st, fault) && audit_row_add(store, 0, &event, fault);
}

bool store_token_make(struct store *store, const char *name, enum token_scope scope, int64_t expires_ms, const char *who, int64_t now_ms,
    char text[static TOKEN_TEXT_BYTES], struct fault *fault)
{
	char secret[SECRET_TEXT + 1];
	struct token_row row = { .name = name, .created_by = who, .scope = scope, .created_ms = now_ms, .expires_ms = expires_ms };
	if (!token_name_fits(name))
		return fault_set(fault, FAULT_USAGE, _("a token's name is a letter and at most %d letters, digits, . _ - @"), TOKEN_NAME_BYTES - 2);
	if (expires_ms <= now_ms || expires_ms > now_ms + TOKEN_DAYS_MAX * DAY_MS)
		return fault_set(fault, FAULT_USAGE, _("a token ends within %d days"), TOKEN_DAYS_MAX);
	random_letters(ID_LETTERS, row.id);
	random_letters(SECRET_TEXT, secret);
	hash_of(secret, SECRET_TEXT, row.hash);
	bool ok = db_begin(&store->db, fault) && db_end(&store->db, insert(store, &row, fault), fault);
	if (ok)
		snprintf(text, TOKEN_TEXT_BYTES, PREFIX "%s_%s", row.id, secret);
	mem_wipe(secret, sizeof secret);
	return ok;
}

static bool revoke(struct store *store, const char *which, const char *who, int64_t now_ms, struct fault *fault)
{
	struct db *db = &store->db;
	char note[120] = "";
	struct statement *st = db_statement(db, "UPDATE tokens SET revoked_ms = $2 WHERE revoked_ms = 0 AND (id = $1 OR name = $1) RETURNING name, id", fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "ti", which, now_ms);
	enum step step;
	while ((step = db_step(db, st, fault)) == STEP_ROW)
		snprintf(note, sizeof note, "%s %s", db_text(db, st, 0), db_text(db, st, 1));
	db->engine->reset(st);
	if (step == STEP_FAULT)
		return false;
	if (*note == '\0')
		return fault_set(fault, FAULT_NOT_FOUND, _("there is no token %.40s in force"), which);
	struct alert_event event = { now_ms, who, "token", "", "revoked", note };
	return audit_row_add(store, 0, &event, fault);
}

bool store_token_revoke(struct store *store, const char *which, const char *who, int64_t now_ms, struct fault *fault)
{
	return db_begin(&store->db, fault) && db_end(&store->db, revoke(store, which, who, now_ms, fault), fault);
}

bool query_tokens(struct db *db, struct arena *arena, struct token_row **out, size_t *n, struct fault *fault)
{
	struct statement *st = db_statement(db,
	    "SELECT id, hash, name, scope, created_by, created_ms, expires_ms, revoked_ms FROM tokens ORDER BY created_ms DESC, id", fault);
	struct token_row *rows = NULL;
	size_t capacity = 0;
	enum step step;
	*n = 0;
	if (st == NULL)
		return false;
	while ((step = db_step(db, st, fault)) == STEP_ROW) {
		size_t n_hash;
		rows = mem_grow(rows, *n, &capacity, sizeof *rows);
		struct token_row *row = &rows[(*n)++];
		*row = (struct token_row){ .name = arena_strdup(arena, db_text(db, st, 2)), .scope = (enum token_scope)db_int(db, st, 3),
			.created_by = arena_strdup(arena, db_text(db, st, 4)), .created_ms = db_int(db, st, 5), .expires_ms = db_int(db, st, 6),
			.revoked_ms = db_int(db, st, 7) };
		snprintf(row->id, sizeof row->id, "%s", db_text(db, st, 0));
		const void *hash = db_blob(db, st, 1, &n_hash);
		memcpy(row->hash, hash, MIN(n_hash, sizeof row->hash));
	}
	db->engine->reset(st);
	*out = arena_alloc(arena, *n * sizeof **out);
	if (*n > 0)
		memcpy(*out, rows, *n * sizeof **out);
	free(rows);
	return step == STEP_DONE;
}
