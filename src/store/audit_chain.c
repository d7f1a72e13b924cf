/* SPDX-License-Identifier: Apache-2.0
 *
 * The chain is read upwards and in pieces, so that it costs no memory and nobody waits
 * long. Who writes a line writes audit_end in the same transaction: read before a piece, it
 * names no line that the piece cannot see. */
#include "store/audit_chain.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "store/alert_rows.h"
#include "store/roles.h"

#define PIECE 5000

struct place {
	bool there;
	int64_t seq;
	unsigned char hash[32];
};

/* The row of a statement that has one or none: seq, hash. */
static bool read_place(struct db *db, struct statement *st, struct place *place, struct fault *fault)
{
	*place = (struct place){ 0 };
	enum step step = db_step(db, st, fault);
	if (step == STEP_ROW) {
		size_t n;
		const void *bytes = db_blob(db, st, 1, &n);
		*place = (struct place){ .there = n == sizeof place->hash, .seq = db_int(db, st, 0) };
		if (place->there)
			memcpy(place->hash, bytes, sizeof place->hash);
	}
	db->engine->reset(st);
	return step != STEP_FAULT;
}

static bool read_end(struct db *db, struct place *end, struct fault *fault)
{
	struct statement *st = db_statement(db, "SELECT seq, hash FROM audit_end WHERE id = 1", fault);
	return st != NULL && read_place(db, st, end, fault);
}

/* What was retired, as far as the log itself attests it. */
static bool read_begin(struct db *db, struct place *begin, struct fault *fault)
{
	struct statement *st = db_statement(db, "SELECT seq, hash FROM audit_anchor ORDER BY seq DESC LIMIT 1", fault);
	if (st == NULL || !read_place(db, st, begin, fault))
		return false;
	if (!begin->there)
		return true;
	char hash[65];
	audit_hash_text(begin->hash, hash);
	st = db_statement(db, "SELECT note FROM audit WHERE act = $1 AND alert_id = 0 ORDER BY seq DESC LIMIT 1", fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "t", AUDIT_RETIRE);
	enum step step = db_step(db, st, fault);
	begin->there = step == STEP_ROW && strcmp(hash, db_text(db, st, 0)) == 0;
	db->engine->reset(st);
	return step != STEP_FAULT;
}

/* Does the row that the statement is at go on from what was read? */
static bool follows(struct db *db, struct statement *st, const struct audit_chain *chain, unsigned char hash[32])
{
	struct alert_event event = { db_int(db, st, 2), db_text(db, st, 3), db_text(db, st, 4), db_text(db, st, 5), db_text(db, st, 6), db_text(db, st, 7) };
	int64_t seq = db_int(db, st, 0);
	size_t n;
	const void *bytes = db_blob(db, st, 8, &n);
	if (seq != chain->seq + 1 || n != 32 || !audit_hash_fits(chain->hash, seq, db_int(db, st, 1), &event, bytes))
		return false;
	memcpy(hash, bytes, 32);
	return true;
}

/* The last line that was read is looked at again: it stands there as it was. */
static bool same_line(struct db *db, struct statement *st, const struct audit_chain *chain)
{
	size_t n;
	const void *bytes = db_blob(db, st, 8, &n);
	return db_int(db, st, 0) == chain->seq && n == 32 && memcmp(bytes, chain->hash, 32) == 0;
}

static bool read_piece(struct db *db, struct audit_chain *chain, size_t most, size_t *n_new, struct fault *fault)
{
	struct statement *st = db_statement(db, "SELECT seq, alert_id, at_ms, who, act, was, became, note, hash FROM audit WHERE seq >= $1 ORDER BY seq LIMIT $2", fault);
	if (st == NULL)
		return false;
	bool again = chain->n > 0, first = true;
	enum step step;
	db_bind(db, st, "ii", again ? chain->seq : 0, (int64_t)most + again);
	*n_new = 0;
	while ((step = db_step(db, st, fault)) == STEP_ROW) {
		unsigned char hash[32];
		if (chain->broken_at != 0)
			continue; /* read to its end: what is cut short may end a transaction with it */
		if (again && first) {
			first = false;
			if (!same_line(db, st, chain))
				chain->broken_at = chain->seq;
			continue;
		}
		if (!follows(db, st, chain, hash)) {
			chain->broken_at = chain->seq + 1;
			continue;
		}
		memcpy(chain->hash, hash, sizeof chain->hash);
		chain->seq++;
		chain->n++;
		++*n_new;
	}
	db->engine->reset(st);
	if (step == STEP_DONE && again && first) /* even the line that was there is gone */
		chain->broken_at = chain->seq;
	return step != STEP_FAULT;
}

/* Nothing more to read: does it end where it should? */
static void look_at_end(struct audit_chain *chain, const struct place *end, size_t n_new)
{
	if (chain->seq > end->seq && n_new > 0)
		return; /* its end was read before: once more */
	if (chain->seq < end->seq)
		chain->broken_at = chain->seq + 1;
	else if (chain->n > 0 && (!end->there || chain->seq > end->seq || memcmp(chain->hash, end->hash, sizeof end->hash) != 0))
		chain->broken_at = chain->seq;
	chain->ready = true;
}

bool audit_chain_read_on(struct db *db, struct audit_chain *chain, size_t most, struct fault *fault)
{
	struct place begin, end;
	size_t n_new;
	if (chain->broken_at != 0) /* it does not mend */
		return true;
	chain->ready = false;
	if (!read_begin(db, &begin, fault) || !read_end(db, &end, fault))
		return false;
	if (chain->n == 0 && begin.there) {
		chain->seq = chain->begins = begin.seq;
		memcpy(chain->hash, begin.hash, sizeof chain->hash);
	}
	if (!read_piece(db, chain, most, &n_new, fault))
		return false;
	if (chain->broken_at == 0 && n_new < most)
		look_at_end(chain, &end, n_new);
	if (chain->broken_at == 0)
		return true;
	/* Lines that were retired while it was read are no crime. */
	if (!read_begin(db, &begin, fault))
		return false;
	if (begin.there && begin.seq > chain->begins)
		*chain = (struct audit_chain){ 0 };
	else
		chain->ready = true;
	return true;
}

bool audit_chain_read(struct db *db, struct audit_chain *chain, struct fault *fault)
{
	do {
		if (!audit_chain_read_on(db, chain, PIECE, fault))
			return false;
	} while (!chain->ready);
	return true;
}

void audit_mark(const struct audit_chain *chain, char out[AUDIT_MARK_BYTES])
{
	char hash[65];
	audit_hash_text(chain->hash, hash);
	snprintf(out, AUDIT_MARK_BYTES, "%lld:%s", (long long)chain->seq, hash);
}

bool audit_mark_kept(struct db *db, const char *mark, bool *kept, struct fault *fault)
{
	const char *colon = strchr(mark, ':');
	char digits[24] = "", hash[65] = "";
	int64_t seq;
	if (colon != NULL && (size_t)(colon - mark) < sizeof digits)
		snprintf(digits, sizeof digits, "%.*s", (int)(colon - mark), mark);
	if (colon == NULL || !text_to_int(digits, 1, INT64_MAX, &seq) || strlen(colon + 1) != 64 || strspn(colon + 1, "0123456789abcdef") != 64)
		return fault_set(fault, FAULT_USAGE, "%s", _("the end of an audit log is noted as NUMBER:HASH, as centinela audit --json says it"));
	struct place begin, line;
	struct statement *st = db_statement(db, "SELECT seq, hash FROM audit WHERE seq = $1", fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "i", seq);
	if (!read_place(db, st, &line, fault) || !read_begin(db, &begin, fault))
		return false;
	if (!line.there && begin.there && begin.seq >= seq) {
		*kept = true;
		return true;
	}
	audit_hash_text(line.hash, hash);
	*kept = line.there && strcmp(hash, colon + 1) == 0;
	return true;
}

bool audit_ask_who(struct store *store, struct fault *fault)
{
	struct db *db = &store->db;
	if (strcmp(db->engine->scheme, "postgresql") != 0 || store->vouched_in == db->n_transactions)
		return true;
	bool known = store->vouched_in != 0;
	store->vouched_in = db->n_transactions;
	struct statement *st = db_statement(db, "SELECT CAST(session_user AS TEXT) WHERE row_security_active('audit') AND NOT EXISTS (SELECT 1 FROM pg_policy p"
	    " CROSS JOIN unnest(p.polroles) AS r WHERE p.polrelid = CAST('audit' AS regclass) AND p.polname = '" AUDIT_OF_ALL "' AND pg_has_role(session_user, r, 'MEMBER'))",
	    fault);
	if (st == NULL)
		return false;
	enum step step = db_step(db, st, fault);
	char *name = step == STEP_ROW ? mem_strdup(db_text(db, st, 0)) : NULL;
	db->engine->reset(st);
	/* A plan keeps the policies of the roles that one was of when it was made. */
	bool other = known && (name == NULL) != (store->vouched == NULL);
	free(store->vouched);
	store->vouched = name;
	return step != STEP_FAULT && (!other || db_exec(db, "DISCARD PLANS", fault));
}
