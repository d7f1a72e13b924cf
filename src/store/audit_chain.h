/* SPDX-License-Identifier: Apache-2.0
 *
 * Does the audit log's chain hold, from its first line to its last? Each line's hash is
 * over the hash before it; where it begins after lines were retired says audit_anchor,
 * where it ends audit_end. Whoever can rewrite the whole store can rewrite all of it: then
 * an end that was noted elsewhere (centinela audit --expect) tells. */
#ifndef STORE_AUDIT_CHAIN_H
#define STORE_AUDIT_CHAIN_H

#include "store/engine.h"

/* How far it was read. All zero: from the beginning; again when it was ready: what came since. */
struct audit_chain {
	int64_t seq; /* the last line that was read, and its hash */
	unsigned char hash[32];
	int64_t n;	   /* lines */
	int64_t broken_at; /* the first line that does not follow from the one before, or is missing; 0: it holds */
	bool ready;	   /* all was read, or it is broken */
	int64_t begins;	   /* what was retired when it was begun */
};

/* A log can be of any length: at most so many lines of it. In no transaction; a line that
 * is added or retired meanwhile breaks nothing. */
bool audit_chain_read_on(struct db *, struct audit_chain *, size_t most, struct fault *) MUST_USE;
/* All of it. */
bool audit_chain_read(struct db *, struct audit_chain *, struct fault *) MUST_USE;

#define AUDIT_MARK_BYTES (24 + 65)
/* "1053:9f86d0…": a line and its hash, for a note elsewhere. */
void audit_mark(const struct audit_chain *, char out[AUDIT_MARK_BYTES]);
/* Is that line as it was? *kept false: it is another one, or was taken away. One that was
 * retired since is told by what the log says of its beginning: so it is kept. FAULT_USAGE: it is no mark. */
bool audit_mark_kept(struct db *, const char *mark, bool *kept, struct fault *) MUST_USE;

struct store;
/* In whose name alone the server takes lines of this process, into store->vouched: a login that
 * may act and not collect writes under its own (roles.c). Asked in each transaction: the
 * owner may give rights while consoles are open. */
bool audit_ask_who(struct store *, struct fault *) MUST_USE;

#endif
