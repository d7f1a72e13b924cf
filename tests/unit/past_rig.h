/* SPDX-License-Identifier: Apache-2.0
 *
 * Stores in which things happen at hours that the test says, and a look back at them. */
#ifndef PAST_RIG_H
#define PAST_RIG_H

#include "profile_rig.h"

#include "alerts/triage.h"
#include "store/alert_rows.h"
#include "store/past.h"

#define T0 civil_to_ms(2026, 11, 4, 6, 0, 0, 0)

/* One record a call, an hour apart from T0 - 2 h on; reported at its start. */
static inline void record(int hour)
{
	char start[ISO_TIME_BYTES];
	iso_time_format(T0 + (hour - 2) * HOUR_MS, start);
	n_records++;
	text_printf(&records, "{\"Start time\":\"%s\",\"Answer time\":\"%s\",\"Report ID\":\"2b7e1516-28ae-32a6-ab7f-%012d\",\"Report time\":\"%s\","
	    "\"Correlation ID\":\"6a0c2d3e-4f51-4b62-8c73-%012d\",\"Direction\":\"ORIGINATING\",\"Call type\":\"SIP_INTERNATIONAL\",\"Answered\":\"true\",\"Duration\":60,"
	    "\"User type\":\"User\",\"User\":\"Ana Bernal\",\"User UUID\":\"" ANA "\",\"Calling number\":\"4021\",\"Called number\":\"+3712555%04d\",\"Location\":\"Colombia\"}\n",
	    start, start, n_records, start, n_records, hour);
}

static inline struct store *stored(int n)
{
	struct store *store = fresh();
	for (int hour = 0; hour < n; hour++)
		record(hour);
	import_all(store, false);
	return store;
}

static int found_score; /* of the next finding; 0: by its fingerprint */
static const char *found_title; /* and its reason; NULL: its rule, and none */

/* A finding at that hour after T0, on the k-th record. */
static inline int64_t found(struct store *store, int64_t fingerprint, enum severity severity, const char *rule, const char *site, double hour, int64_t k)
{
	struct page *page = page_new();
	struct fault fault;
	int64_t id;
	struct statement *st = db_statement(&store->db, "SELECT id FROM legs ORDER BY id LIMIT 1 OFFSET $1", &fault);
	REQUIRE(st != NULL);
	db_bind(&store->db, st, "i", k);
	REQUIRE(db_step(&store->db, st, &fault) == STEP_ROW);
	struct evidence evidence = { .leg_id = db_int(&store->db, st, 0) };
	store->db.engine->reset(st);
	page->now_ms = T0 + (int64_t)(hour * HOUR_MS);
	page->findings.items = arena_zalloc(&page->arena, sizeof *page->findings.items);
	page->findings.n = 1;
	struct reason reason = { .fact = "x", .value = "1", .expected = "", .points = 40, .text_en = found_title, .text_es = found_title };
	const char *title = found_title != NULL ? found_title : rule;
	char subject[24];
	snprintf(subject, sizeof subject, "+57601555%04d", (int)fingerprint);
	page->findings.items[0] = (struct finding){ .rule = rule, .title_en = title, .title_es = title, .reasons = &reason, .n_reasons = found_title != NULL, .severity = severity, .score = found_score != 0 ? found_score : 40 + (int)fingerprint,
		.subject_kind = SUBJECT_NUMBER, .subject_id = arena_strdup(&page->arena, subject), .subject_name = "", .location = site, .fingerprint = (uint64_t)fingerprint,
		.first_ms = evidence.leg_id >> 20, .last_ms = evidence.leg_id >> 20, .raised_ms = page->now_ms, .evidence = &evidence, .n_evidence = 1 };
	REQUIRE(store_commit_page(store, page, NULL, &fault));
	page_free(page);
	REQUIRE(db_ask_int(&store->db, "SELECT max(id) FROM alerts", 0, &id, &fault));
	return id;
}

static struct alert_before undone; /* as it was before the last act */

static inline void act(struct store *store, int64_t id, struct triage_order order, double hour)
{
	struct triage_result result;
	struct fault fault;
	static struct arena own;
	arena_clear(&own);
	arena_init(&own);
	order.who = order.who != NULL ? order.who : "ana";
	order.now_ms = T0 + (int64_t)(hour * HOUR_MS);
	if (order.until_ms != 0)
		order.until_ms += order.now_ms;
	REQUIRE(store_triage(store, &id, 1, &order, &own, &undone, &result, &fault));
	if (result.n_failed > 0)
		puts(result.first.text);
	REQUIRE(result.n_failed == 0);
}

static struct past *looked_at;

static inline void look_no_more(void)
{
	past_close(looked_at);
	looked_at = NULL;
}

/* The newest store as it was at that moment, in pieces of no time at all. */
static inline struct db *as_of(int64_t at_ms)
{
	struct fault fault;
	bool ready = false;
	look_no_more();
	REQUIRE(past_open(store_address, at_ms, &looked_at, &fault));
	for (int pieces = 0; !ready; pieces++) {
		if (!past_begin(looked_at, 0, &ready, &fault) || pieces > 100000) {
			puts(fault.text);
			exit(1);
		}
	}
	return past_db(looked_at);
}

#endif
