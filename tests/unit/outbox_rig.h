/* SPDX-License-Identifier: Apache-2.0
 *
 * Alerts raised by pages, in a store of its own. */
#ifndef TESTS_OUTBOX_RIG_H
#define TESTS_OUTBOX_RIG_H

#include "test.h"

#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "store/alert_rows.h"
#include "store/notice_rows.h"
#include "store/outbox_rows.h"

static char outbox_folder[64];
static int n_outbox_stores;

static inline struct store *outbox_store(char address[256])
{
	struct store *store;
	struct fault fault;
	if (n_outbox_stores == 0) {
		snprintf(outbox_folder, sizeof outbox_folder, "/tmp/centinela-outbox-XXXXXX");
		REQUIRE(mkdtemp(outbox_folder) != NULL);
	}
	snprintf(address, 256, "%s/%d.db", outbox_folder, n_outbox_stores++);
	if (!store_open(address, &store, &fault)) {
		puts(fault.text);
		exit(1);
	}
	return store;
}

static inline void outbox_rig_end(void)
{
	char command[128];
	snprintf(command, sizeof command, "rm -rf %s", outbox_folder);
	CHECK_INT(system(command), 0);
}

/* What the next findings are like. */
static struct finding outbox_like = { .rule = "irsf_burst", .title_en = "Fraud by calls", .title_es = "Fraude por llamadas",
	.severity = SEVERITY_HIGH, .score = 80, .subject_kind = SUBJECT_PERSON, .subject_id = "u-1", .subject_name = "Ana Bernal",
	.location = "Bogotá" };

/* n alerts with fingerprints from `first` on, in one page. */
static inline void outbox_raise(struct store *store, uint64_t first, size_t n, int64_t now_ms)
{
	static const struct reason reason = { "dst.tier", "extreme", "none", 50, "14 calls to +882 16 555 0144", "14 llamadas a +882 16 555 0144" };
	static int64_t n_legs;
	struct page *page = page_new();
	struct fault fault;
	page->now_ms = now_ms;
	page->findings.items = arena_zalloc(&page->arena, n * sizeof *page->findings.items);
	page->findings.n = n;
	for (size_t i = 0; i < n; i++) {
		struct evidence *evidence = arena_zalloc(&page->arena, sizeof *evidence);
		evidence->leg_id = ++n_legs;
		struct finding *f = &page->findings.items[i];
		*f = outbox_like;
		f->fingerprint = first + i;
		f->first_ms = f->last_ms = f->raised_ms = now_ms - 1000;
		f->reasons = &reason;
		f->n_reasons = 1;
		f->evidence = evidence;
		f->n_evidence = 1;
	}
	if (!store_commit_page(store, page, NULL, &fault)) {
		puts(fault.text);
		exit(1);
	}
	page_free(page);
}

static inline int64_t outbox_ask(struct store *store, const char *sql)
{
	struct fault fault;
	int64_t value;
	if (!db_ask_int(&store->db, sql, -1, &value, &fault)) {
		puts(fault.text);
		return -2;
	}
	return value;
}

static inline void outbox_act(struct store *store, int64_t id, struct triage_order order)
{
	struct fault fault;
	struct arena arena;
	struct triage_result result;
	arena_init(&arena);
	REQUIRE(store_triage(store, &id, 1, &order, &arena, NULL, &result, &fault));
	CHECK_INT(result.n_done, 1);
	arena_clear(&arena);
}

#endif
