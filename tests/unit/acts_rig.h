/* SPDX-License-Identifier: Apache-2.0
 *
 * A store of its own for each test, with alerts in it that people act on. */
#ifndef ACTS_RIG_H
#define ACTS_RIG_H

#include <unistd.h>

#include "store_place.h"
#include "test.h"

#include "alerts/merge.h"
#include "base/clock.h"
#include "base/mem.h"
#include "store/alert_rows.h"
#include "store/query.h"

static char rig_folder[] = "/tmp/centinela-acts-XXXXXX";
static int rig_n_stores;

static void rig_remove(void)
{
	char command[80];
	snprintf(command, sizeof command, "rm -rf %s", rig_folder);
	CHECK_INT(system(command), 0);
}

static void must(bool ok, const struct fault *fault)
{
	if (ok)
		return;
	printf("%s\n", fault->text);
	exit(1);
}

static struct store *rig_store(char address[static 256])
{
	struct store *store;
	struct fault fault;
	if (rig_n_stores == 0)
		REQUIRE(mkdtemp(rig_folder) != NULL && atexit(rig_remove) == 0);
	snprintf(address, 256, "%s/%d.db", rig_folder, rig_n_stores++);
	store_place_in(address, 256);
	must(store_open(address, &store, &fault), &fault);
	return store;
}

/* n alerts in one page, of severities in turn; each of a person of its own. */
static inline void rig_raise(struct store *store, size_t n)
{
	static const struct reason why = { "dst.tier", "extreme", "none", 50, "to an extreme place", "a un destino extremo" };
	static int64_t leg;
	struct page *page = page_new();
	struct fault fault;
	page->now_ms = 5000;
	page->findings.items = arena_zalloc(&page->arena, n * sizeof *page->findings.items);
	page->findings.n = n;
	for (size_t i = 0; i < n; i++) {
		struct evidence *evidence = arena_zalloc(&page->arena, sizeof *evidence);
		evidence->leg_id = ++leg;
		char *who = arena_alloc(&page->arena, 24);
		snprintf(who, 24, "person-%lld", (long long)leg);
		page->findings.items[i] = (struct finding){ .rule = "r", .title_en = "T", .title_es = "Té",
			.severity = (enum severity)(i % 3), .score = 60, .subject_id = who, .subject_name = who, .location = "Bogotá",
			.fingerprint = 1000 + (uint64_t)leg, .first_ms = 1000, .last_ms = 1000, .raised_ms = 2000,
			.reasons = &why, .n_reasons = 1, .evidence = evidence, .n_evidence = 1 };
	}
	must(store_commit_page(store, page, NULL, &fault), &fault);
	page_free(page);
}

/* A literal: statements are kept by where their text lies. */
static inline int64_t rig_ask(struct store *store, const char *sql)
{
	struct fault fault;
	int64_t value = -1;
	must(db_ask_int(&store->db, sql, -1, &value, &fault), &fault);
	return value;
}

static inline struct alert rig_alert(struct store *store, int64_t id, struct arena *arena)
{
	struct alert alert;
	struct fault fault;
	must(alert_row_get(&store->db, id, arena, &alert, &fault), &fault);
	return alert;
}

/* From the first line to the last, and not by the code that shows it. */
static inline bool rig_chain_holds(struct store *store)
{
	struct db *db = &store->db;
	struct fault fault;
	struct statement *st = db_statement(db, "SELECT seq, alert_id, at_ms, who, act, was, became, note, hash FROM audit ORDER BY seq", &fault);
	must(st != NULL, &fault);
	unsigned char before[32] = { 0 }, should[32];
	int64_t seq = 0;
	bool holds = true;
	while (db_step(db, st, &fault) == STEP_ROW) {
		char texts[5][4200];
		for (int i = 0; i < 5; i++)
			snprintf(texts[i], sizeof texts[i], "%s", db_text(db, st, 3 + i));
		struct alert_event event = { db_int(db, st, 2), texts[0], texts[1], texts[2], texts[3], texts[4] };
		holds = holds && db_int(db, st, 0) == ++seq;
		audit_hash(before, seq, db_int(db, st, 1), &event, should);
		size_t n;
		const void *hash = db_blob(db, st, 8, &n);
		holds = holds && n == 32 && memcmp(hash, should, 32) == 0;
		memcpy(before, should, 32);
	}
	db->engine->reset(st);
	return holds && seq > 0;
}

#endif
