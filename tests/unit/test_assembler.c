/* SPDX-License-Identifier: Apache-2.0
 *
 * Days of simulated life, with their transfers, hunts, queues and forwards,
 * come in any order, in pages of any size, with restarts between them: the
 * calls, journeys and sums are those of the same legs in one page. */
#include "test.h"

#include <unistd.h>

#include "base/hash.h"
#include "base/mem.h"
#include "base/places.h"
#include "sim/traffic.h"
#include "store/store.h"
#include "store_place.h"
#include "watch/intake.h"

#define MOST 900

static char folder[] = "/tmp/centinela-assembler-XXXXXX";
static int n_stores;
static struct numbering *numbering;
static struct sim_day day;
static const struct sim_record *records; /* of the day, from mid-morning on */
static size_t n_records;
static struct text wanted; /* what the legs in order, in one page, add up to */

static void address_of(char address[256])
{
	snprintf(address, 256, "%s/%d.db", folder, n_stores++);
	store_place_in(address, 256);
}

static struct store *open_at(const char *address)
{
	struct store *store;
	struct fault fault;
	if (!store_open(address, &store, &fault)) {
		puts(fault.text);
		exit(1);
	}
	return store;
}

/* The records order[from] … order[until - 1] as one page. */
static void feed(struct store *store, const size_t *order, size_t from, size_t until)
{
	struct intake intake = { .world = { .numbering = numbering } };
	struct page *page = page_new();
	struct cdr_reader reader;
	struct cdr cdr;
	struct fault fault;
	for (size_t i = from; i < until; i++) {
		const struct sim_record *record = &records[order[i]];
		cdr_reader_init(&reader);
		cdr_reader_feed(&reader, record->json, record->n_json, true);
		REQUIRE(cdr_reader_next(&reader, &page->arena, &cdr) == CDR_NEXT_RECORD);
		intake_add(&intake, page, &cdr);
	}
	intake_finish(&intake, page);
	if (!store_commit_page(store, page, NULL, &fault)) {
		puts(fault.text);
		exit(1);
	}
	page_free(page);
	intake_clear(&intake);
}

static void rows(struct store *store, const char *sql, struct text *out)
{
	struct fault fault;
	struct statement *st = db_statement(&store->db, sql, &fault);
	REQUIRE(st != NULL);
	enum step step;
	while ((step = db_step(&store->db, st, &fault)) == STEP_ROW)
		text_printf(out, "%s\n", db_text(&store->db, st, 0));
	REQUIRE(step == STEP_DONE);
}

/* All that is known of the calls, by correlation id and names, not by keys. */
static void tell(struct store *store, struct text *out)
{
	text_reset(out);
	rows(store, "SELECT hex(c.correlation) || ' ' || c.n_legs || ' ' || c.start_ms || ' ' || c.last_start_ms || ' '"
		    " || c.end_ms || ' ' || c.talk_s || ' ' || c.ring_s || ' ' || c.direction || ' ' || c.flags || ' '"
		    " || c.class || ' ' || c.tier || ' ' || c.country || ' ' || c.cost_micro || ' ' || c.far_number || ' '"
		    " || coalesce(c.far_name, '') || ' ' || coalesce((SELECT text FROM words WHERE id = c.user_id), '')"
		    " || ' journey ' || (SELECT min(hex(j.correlation)) FROM calls j WHERE j.journey_id = c.journey_id)"
		    " FROM calls c ORDER BY 1", out);
	rows(store, "SELECT h.hour || ' ' || coalesce((SELECT text FROM words WHERE id = h.location_id), '') || ' '"
		    " || h.direction || ' ' || h.n_calls || ' ' || h.n_answered || ' ' || h.talk_s || ' ' || h.cost_micro"
		    " FROM hours h WHERE h.n_calls <> 0 OR h.talk_s <> 0 OR h.cost_micro <> 0 ORDER BY 1", out);
}

static bool same(struct store *store, const char *how)
{
	struct text have = { 0 };
	tell(store, &have);
	bool ok = have.n == wanted.n && memcmp(have.bytes, wanted.bytes, have.n) == 0;
	if (!ok) {
		size_t at = 0;
		while (have.bytes[at] == wanted.bytes[at] && have.bytes[at] != '\0')
			at++;
		while (at > 0 && have.bytes[at - 1] != '\n')
			at--;
		printf("%s:\n  have   %.300s\n  wanted %.300s\n", how, have.bytes + at, wanted.bytes + at);
	}
	text_clear(&have);
	return ok;
}

static void in_order(size_t *order)
{
	for (size_t i = 0; i < n_records; i++)
		order[i] = i;
}

static void shuffle(size_t *order, uint64_t seed)
{
	uint64_t state = seed;
	in_order(order);
	for (size_t i = n_records; i > 1; i--) {
		state = hash_mix(state + i);
		size_t j = (size_t)(state % i), kept = order[i - 1];
		order[i - 1] = order[j];
		order[j] = kept;
	}
}

static size_t count(struct store *store, const char *sql)
{
	struct fault fault;
	int64_t n = -1;
	REQUIRE(db_ask_int(&store->db, sql, -1, &n, &fault));
	return (size_t)n;
}

TEST(a_day_has_transfers_hunts_queues_and_forwards)
{
	struct traffic_options options = { .seed = 11, .n_users = 400, .data_folder = CENTINELA_SOURCE_DATA };
	struct traffic *traffic;
	struct fault fault;
	size_t order[MOST];
	char address[256];
	REQUIRE(mkdtemp(folder) != NULL);
	REQUIRE(numbering_open(CENTINELA_SOURCE_DATA, &numbering, &fault));
	REQUIRE(traffic_new(&options, &traffic, &fault));
	traffic_day(traffic, 20732, &day); /* a Tuesday */
	traffic_free(traffic);
	records = day.records + day.n_records / 3;
	n_records = MIN(day.n_records - day.n_records / 3, (size_t)MOST);
	CHECK(n_records > 200);
	address_of(address);
	struct store *store = open_at(address);
	in_order(order);
	feed(store, order, 0, n_records);
	tell(store, &wanted);
	CHECK_INT(count(store, "SELECT count(*) FROM legs"), n_records);
	CHECK_INT(count(store, "SELECT sum(n_legs) FROM calls"), n_records);
	CHECK_INT(count(store, "SELECT sum(n_calls) FROM hours"), count(store, "SELECT count(*) FROM calls"));
	CHECK_INT(count(store, "SELECT sum(talk_s) FROM hours"), count(store, "SELECT sum(talk_s) FROM calls"));
	/* What the other tests are about is there: several legs, each kind of
	 * passage, and journeys of more than one call. */
	CHECK(count(store, "SELECT count(*) FROM calls WHERE n_legs > 2") > 0);
	char sql[100];
	static const struct {
		const char *name;
		int flag;
	} kinds[] = { { "forwarded", CALL_FORWARDED }, { "transferred", CALL_TRANSFERRED },
		{ "queued", CALL_QUEUED }, { "attendant", CALL_ATTENDANT } };
	for (size_t i = 0; i < COUNT_OF(kinds); i++) {
		snprintf(sql, sizeof sql, "SELECT count(*) FROM calls WHERE (flags & %d) <> 0", kinds[i].flag);
		if (count(store, sql) == 0) {
			printf("no call is %s\n", kinds[i].name);
			test_failures++;
		}
	}
	CHECK(count(store, "SELECT count(*) - count(DISTINCT journey_id) FROM calls") > 0);
	store_close(store);
}

TEST(pages_of_any_size_give_the_same_calls)
{
	static const size_t sizes[] = { 1, 2, 7, 64, 333 };
	size_t order[MOST];
	char address[256], how[64];
	in_order(order);
	for (size_t k = 0; k < COUNT_OF(sizes); k++) {
		address_of(address);
		struct store *store = open_at(address);
		for (size_t i = 0; i < n_records; i += sizes[k])
			feed(store, order, i, MIN(i + sizes[k], n_records));
		snprintf(how, sizeof how, "pages of %zu", sizes[k]);
		CHECK(same(store, how));
		store_close(store);
	}
}

TEST(legs_in_any_order_give_the_same_calls)
{
	size_t order[MOST];
	char address[256], how[64];
	for (uint64_t seed = 0; seed < 6; seed++) {
		size_t size = seed == 0 ? n_records : 1 + seed * 17;
		if (seed == 1) {
			for (size_t i = 0; i < n_records; i++)
				order[i] = n_records - 1 - i;
		} else {
			shuffle(order, seed);
		}
		address_of(address);
		struct store *store = open_at(address);
		for (size_t i = 0; i < n_records; i += size)
			feed(store, order, i, MIN(i + size, n_records));
		snprintf(how, sizeof how, "order %d, pages of %zu", (int)seed, size);
		CHECK(same(store, how));
		store_close(store);
	}
}

TEST(the_same_legs_twice_change_nothing)
{
	size_t order[MOST];
	char address[256];
	shuffle(order, 99);
	address_of(address);
	struct store *store = open_at(address);
	for (size_t i = 0; i < n_records; i += 50)
		feed(store, order, i, MIN(i + 120, n_records)); /* pages overlap */
	CHECK(same(store, "overlapping pages"));
	in_order(order);
	feed(store, order, 0, n_records);
	CHECK(same(store, "all once more"));
	store_close(store);
}

TEST(late_legs_find_their_calls_after_a_restart)
{
	size_t order[MOST];
	char address[256], how[64];
	for (uint64_t seed = 20; seed < 24; seed++) {
		if (seed == 20)
			in_order(order);
		else
			shuffle(order, seed);
		address_of(address);
		for (size_t i = 0; i < n_records; i += 90) {
			struct store *store = open_at(address);
			feed(store, order, i, MIN(i + 90, n_records));
			store_close(store);
		}
		struct store *store = open_at(address);
		snprintf(how, sizeof how, "order %d, a restart every 90 legs", (int)seed);
		CHECK(same(store, how));
		store_close(store);
	}
}

TEST(two_processes_that_take_turns_make_the_same_calls)
{
	size_t order[MOST];
	char address[256];
	shuffle(order, 31);
	address_of(address);
	struct store *both[] = { open_at(address), open_at(address) };
	for (size_t i = 0, turn = 0; i < n_records; i += 60, turn++)
		feed(both[turn % 2], order, i, MIN(i + 60, n_records));
	CHECK(same(both[0], "two processes"));
	store_close(both[0]);
	store_close(both[1]);
}

TEST(a_generation_that_is_full_forgets_only_what_is_stored)
{
	struct assembler *assembler = assembler_new(16);
	struct call_leg leg = { .start_ms = 1000 };
	for (int i = 0; i < 100; i++) {
		struct open_call *call = assembler_add(assembler, &i, sizeof i, hash_bytes(&i, sizeof i));
		leg.leg_id = i;
		assembler_leg(assembler, call, &leg);
		if (i % 10 == 9) {
			size_t n;
			struct open_call **changed = assembler_changed(assembler, &n);
			CHECK_INT(n, 10);
			CHECK(changed[9] == call);
			assembler_settle(assembler);
		}
	}
	int newest = 99, oldest = 0;
	CHECK(assembler_find(assembler, &newest, sizeof newest, hash_bytes(&newest, sizeof newest)) != NULL);
	CHECK(assembler_find(assembler, &oldest, sizeof oldest, hash_bytes(&oldest, sizeof oldest)) == NULL);
	assembler_free(assembler);
}

TEST(the_folder_is_taken_away_again)
{
	char command[64];
	snprintf(command, sizeof command, "rm -rf %s", folder);
	CHECK_INT(system(command), 0);
	sim_day_free(&day);
	numbering_free(numbering);
	text_clear(&wanted);
}

TESTS(T(a_day_has_transfers_hunts_queues_and_forwards), T(pages_of_any_size_give_the_same_calls),
    T(legs_in_any_order_give_the_same_calls), T(the_same_legs_twice_change_nothing),
    T(late_legs_find_their_calls_after_a_restart),
    T(two_processes_that_take_turns_make_the_same_calls),
    T(a_generation_that_is_full_forgets_only_what_is_stored), T(the_folder_is_taken_away_again))
