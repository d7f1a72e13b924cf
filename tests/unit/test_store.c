/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <sys/stat.h>
#include <unistd.h>

#include "alerts/merge.h"
#include "base/clock.h"
#include "base/json.h"
#include "base/mem.h"
#include "older_store.h"
#include "store/alert_rows.h"
#include "store/lease_rows.h"
#include "store/migrate.h"
#include "store/query.h"
#include "store/request_rows.h"
#include "store_place.h"
#include "watch/import.h"

static char folder[] = "/tmp/centinela-store-XXXXXX";
static int n_stores;

static struct store *fresh(char address[256])
{
	struct store *store;
	struct fault fault;
	if (n_stores == 0)
		REQUIRE(mkdtemp(folder) != NULL);
	snprintf(address, 256, "%s/%d/x.db", folder, n_stores++);
	store_place_in(address, 256);
	if (!store_open(address, &store, &fault)) {
		puts(fault.text);
		exit(1);
	}
	return store;
}

static void write_file(const char *path, const char *bytes)
{
	FILE *file = fopen(path, "w");
	REQUIRE(file != NULL);
	fputs(bytes, file);
	fclose(file);
}

static bool import(struct store *store, const char *path, struct import_counts *counts, struct fault *fault)
{
	struct intake intake = { .keep_raw = true };
	struct import_options options = { .paths = &path, .n_paths = 1 };
	bool ok = import_run(store, &intake, NULL, &options, counts, fault);
	intake_clear(&intake);
	return ok;
}

static int64_t ask(struct store *store, const char *sql)
{
	struct fault fault;
	int64_t value;
	if (!db_ask_int(&store->db, sql, -1, &value, &fault)) {
		puts(fault.text);
		return -2;
	}
	return value;
}

TEST(B14_the_store_is_the_owners_alone)
{
	char address[256];
	struct stat st;
	struct store *store = fresh(address);
	if (store_is_on_server()) {
		CHECK_INT(ask(store, "SELECT count(*) FROM information_schema.table_privileges WHERE table_schema = current_schema() AND grantee = 'PUBLIC'"), 0);
	} else {
		REQUIRE(stat(address, &st) == 0);
		CHECK_INT(st.st_mode & 0777, 0600);
	}
	store_close(store);
}

TEST(what_is_read_in_one_go_is_of_one_moment)
{
	char address[256];
	struct store *store = fresh(address);
	struct db db;
	struct fault fault;
	int64_t n;
	REQUIRE(db_open(address, OPEN_READ, &db, &fault));
	REQUIRE(db_begin_reading(&db, &fault));
	REQUIRE(db_ask_int(&db, "SELECT count(*) FROM words", -1, &n, &fault));
	CHECK_INT(n, 0);
	REQUIRE(db_exec(&store->db, "INSERT INTO words (id, text) VALUES (1, 'a')", &fault));
	REQUIRE(db_ask_int(&db, "SELECT count(*) FROM words", -1, &n, &fault));
	CHECK_INT(n, 0);
	db_rollback(&db);
	REQUIRE(db_ask_int(&db, "SELECT count(*) FROM words", -1, &n, &fault));
	CHECK_INT(n, 1);
	/* Nothing can be written by it. */
	REQUIRE(db_begin_reading(&db, &fault));
	CHECK(!db_exec(&db, "DELETE FROM words", &fault));
	db_close(&db);
	store_close(store);
}

TEST(who_has_the_lease_is_replaced_after_his_time)
{
	char address[256], holder[128];
	struct store *first = fresh(address), *second;
	struct fault fault;
	bool mine, taken_over;
	REQUIRE(store_open(address, &second, &fault));
	CHECK(lease_take(first, "ana@a:1", 1000, 11000, &mine, &taken_over, &fault) && mine && taken_over);
	CHECK(lease_take(second, "luis@b:2", 2000, 12000, &mine, &taken_over, &fault) && !mine && !taken_over);
	REQUIRE(lease_look(second, 2000, holder, &fault));
	CHECK_STR(holder, "ana@a:1");
	CHECK(lease_take(first, "ana@a:1", 3000, 13000, &mine, &taken_over, &fault) && mine && !taken_over);
	store_close(first); /* as a process that is killed: it gives nothing back */
	CHECK(lease_take(second, "luis@b:2", 13000, 23000, &mine, &taken_over, &fault) && !mine);
	REQUIRE(lease_look(second, 13000, holder, &fault));
	CHECK_STR(holder, "ana@a:1");
	CHECK(lease_take(second, "luis@b:2", 13001, 24000, &mine, &taken_over, &fault) && mine && taken_over);
	/* One that hangs lives, and has its time all the same. */
	REQUIRE(store_open(address, &first, &fault));
	CHECK(lease_take(first, "ana@a:1", 20000, 30000, &mine, &taken_over, &fault) && !mine);
	CHECK(lease_take(first, "ana@a:1", 24001, 34000, &mine, &taken_over, &fault) && mine && taken_over);
	CHECK(lease_take(second, "luis@b:2", 25000, 35000, &mine, &taken_over, &fault) && !mine);
	/* It was over, and nobody else had it meanwhile. */
	CHECK(lease_take(first, "ana@a:1", 99000, 109000, &mine, &taken_over, &fault) && mine && !taken_over);
	store_close(first);
	store_close(second);
}

static const char lines[] =
    "{\"Start time\":\"2026-10-05T09:12:01.108Z\",\"Report ID\":\"2b7e1516-28ae-32a6-ab7f-158809cf4f3c\",\"Report time\":\"2026-10-05T09:24:43.020Z\",\"Correlation ID\":\"6a0c2d3e-4f51-4b62-8c73-9d84ae95bfa6\",\"Direction\":\"ORIGINATING\",\"Call type\":\"SIP_ENTERPRISE\",\"User\":\"Dana\",\"Location\":\"Bogota\",\"Duration\":60,\"Answered\":\"true\",\"Local call ID\":\"1:0\",\"Remote call ID\":\"2:0\"}\n"
    "{\"Start time\":\"2026-10-05T09:12:01.208Z\",\"Report ID\":\"2b7e1516-28ae-32a6-ab7f-158809cf4f3d\",\"Report time\":\"2026-10-05T09:24:43.120Z\",\"Correlation ID\":\"6a0c2d3e-4f51-4b62-8c73-9d84ae95bfa6\",\"Direction\":\"TERMINATING\",\"Call type\":\"SIP_ENTERPRISE\",\"User\":\"Luis\",\"Location\":\"Bogota\",\"Duration\":60,\"Answered\":\"true\",\"Local call ID\":\"2:0\",\"Remote call ID\":\"1:0\"}\n";

TEST(A4_the_same_report_twice_is_one_leg)
{
	char address[256], path[300];
	struct store *store = fresh(address);
	struct import_counts counts;
	struct fault fault;
	snprintf(path, sizeof path, "%s/two.jsonl", folder);
	write_file(path, lines);
	REQUIRE(import(store, path, &counts, &fault));
	CHECK_INT(counts.n_new, 2);
	CHECK_INT(ask(store, "SELECT count(*) FROM calls"), 1);
	CHECK_INT(ask(store, "SELECT n_legs FROM calls"), 2);
	REQUIRE(import(store, path, &counts, &fault));
	CHECK_INT(counts.n_new, 0);
	CHECK_INT(counts.n_seen, 2);
	CHECK_INT(ask(store, "SELECT count(*) FROM legs"), 2);
	CHECK_INT(ask(store, "SELECT sum(n_calls) FROM hours"), 1);
	CHECK_INT(ask(store, "SELECT count(*) FROM raw"), 1);
	store_close(store);
}

/* The only page is the last one, too: its failure is no end like any other. */
TEST(an_import_that_cannot_be_stored_says_so)
{
	char address[256], path[300];
	struct store *store = fresh(address);
	struct import_counts counts;
	struct fault fault = { 0 };
	snprintf(path, sizeof path, "%s/none.jsonl", folder);
	write_file(path, lines);
	REQUIRE(store->db.engine->exec(store->db.session, "ALTER TABLE legs RENAME TO elsewhere", &fault));
	for (int i = 0; i < 20; i++) { /* whichever lane is faster */
		fault = (struct fault){ 0 };
		CHECK(!import(store, path, &counts, &fault));
		CHECK(fault.code != FAULT_NONE && strstr(fault.text, "legs") != NULL);
		CHECK_INT(counts.n_records, 0);
	}
	REQUIRE(store->db.engine->exec(store->db.session, "ALTER TABLE elsewhere RENAME TO legs", &fault));
	REQUIRE(import(store, path, &counts, &fault));
	CHECK_INT(counts.n_new, 2);
	store_close(store);
}

/* One record of its own a page: another Report ID, another correlation. */
static struct page *page_of(struct intake *intake, int number)
{
	char *line = mem_strdup(lines);
	struct page *page = page_new();
	struct fault fault;
	*strchr(line, '\n') = '\0';
	strstr(line, "4f3c")[0] = (char)('a' + number);
	strstr(line, "bfa6")[1] = (char)('a' + number);
	page->bytes = line;
	page->n_bytes = strlen(line);
	REQUIRE(intake_page(intake, page, &fault));
	return page;
}

/* A later version has renewed it while we had it open: nothing more is written by this one, and it
 * keeps nobody from collecting. */
TEST(a_store_that_was_renewed_meanwhile_is_left_alone)
{
	char address[256];
	struct store *store = fresh(address), *later;
	struct fault fault;
	struct intake intake = { .keep_raw = true };
	struct page *page = page_of(&intake, 0), *other = page_of(&intake, 1);
	struct alert_event event = { 1, "ana", "unmask", "", "", "" };
	bool mine, taken_over;
	REQUIRE(store_commit_page(store, page, NULL, &fault) && store_audit(store, &event, &fault));
	CHECK(lease_take(store, "ana@a:1", 1000, 11000, &mine, &taken_over, &fault) && mine);
	REQUIRE(store_open(address, &later, &fault));
	REQUIRE(db_exec(&later->db, "INSERT INTO migrations (number, name) VALUES (9999, '9999_later')", &fault));
	CHECK(!store_commit_page(store, other, NULL, &fault));
	CHECK_INT(fault.code, FAULT_STORE);
	CHECK(strstr(fault.text, "9999") != NULL);
	CHECK(!store_audit(store, &event, &fault));
	CHECK(!lease_take(store, "ana@a:1", 2000, 12000, &mine, &taken_over, &fault) && !mine);
	CHECK_INT(ask(store, "SELECT count(*) FROM legs"), 1);
	CHECK_INT(ask(store, "SELECT count(*) FROM audit"), 1);
	CHECK_INT(ask(store, "SELECT until_ms FROM lease"), 11000);
	/* As it was, all of it goes on. */
	REQUIRE(db_exec(&later->db, "DELETE FROM migrations WHERE number = 9999", &fault));
	CHECK(store_commit_page(store, other, NULL, &fault));
	CHECK(lease_take(store, "ana@a:1", 3000, 13000, &mine, &taken_over, &fault) && mine);
	page_free(page);
	page_free(other);
	intake_clear(&intake);
	store_close(later);
	store_close(store);
}

/* Of its legs none is left, and nothing tells that it is the same. */
TEST(a_call_that_was_held_for_new_is_written_at_the_next_try)
{
	char address[256];
	struct store *store = fresh(address);
	struct fault fault;
	struct intake intake = { .keep_raw = true };
	struct page *page = page_of(&intake, 0), *again = page_of(&intake, 0), *other = page_of(&intake, 1);
	REQUIRE(store_commit_page(store, page, NULL, &fault));
	REQUIRE(db_exec(&store->db, "DELETE FROM legs; UPDATE calls SET correlation_hash = 1, correlation = CAST('x' AS BLOB)", &fault));
	store_close(store);
	REQUIRE(store_open(address, &store, &fault));
	REQUIRE(store_commit_page(store, other, NULL, &fault));
	/* The day is asked for often enough to be known by heart. */
	for (int i = 0; i < 300; i++) {
		bool maybe;
		REQUIRE(known_calls_ask(store, again->legs[0].cdr.start_ms / DAY_MS, 12345, &maybe, &fault));
	}
	CHECK(store_commit_page(store, again, NULL, &fault) || store_commit_page(store, again, NULL, &fault));
	CHECK_INT(ask(store, "SELECT count(*) FROM calls"), 2);
	CHECK_INT(ask(store, "SELECT count(*) FROM legs"), 2);
	page_free(page);
	page_free(other);
	page_free(again);
	intake_clear(&intake);
	store_close(store);
}

TEST(pages_of_a_group_are_all_there_or_none)
{
	char address[256];
	struct store *store = fresh(address);
	struct fault fault;
	struct intake intake = { .keep_raw = true };
	struct page *pages[4];
	for (int i = 0; i < 4; i++)
		pages[i] = page_of(&intake, i);
	struct store *reader = NULL;
	REQUIRE(store_write_page(store, pages[0], NULL, &fault));
	REQUIRE(store_open(address, &reader, &fault));
	CHECK_INT(ask(reader, "SELECT count(*) FROM legs"), 0);
	/* The second page fails: the first one is not there either. */
	pages[1]->lease = "somebody else";
	CHECK(!store_write_page(store, pages[1], NULL, &fault));
	CHECK_INT(fault.code, FAULT_CONFLICT);
	REQUIRE(store_commit(store, &fault));
	CHECK_INT(ask(reader, "SELECT count(*) FROM legs"), 0);
	/* The same again, and this time nothing is in the way. */
	pages[1]->lease = NULL;
	for (int i = 0; i < 4; i++)
		REQUIRE(store_write_page(store, pages[i], NULL, &fault));
	CHECK_INT(ask(reader, "SELECT count(*) FROM legs"), 0);
	REQUIRE(store_commit(store, &fault));
	CHECK_INT(ask(reader, "SELECT count(*) FROM legs"), 4);
	CHECK_INT(ask(reader, "SELECT count(*) FROM calls"), 4);
	CHECK_INT(ask(reader, "SELECT sum(n_calls) FROM hours"), 4);
	CHECK_INT(ask(reader, "SELECT count(*) FROM words WHERE text = 'Dana'"), 1);
	for (int i = 0; i < 4; i++)
		page_free(pages[i]);
	intake_clear(&intake);
	store_close(reader);
	store_close(store);
}

TEST(A4_a_later_report_of_the_same_leg_wins)
{
	char address[256], path[300];
	struct store *store = fresh(address);
	struct import_counts counts;
	struct fault fault;
	snprintf(path, sizeof path, "%s/later.jsonl", folder);
#define FORM "{\"Start time\":\"2026-10-05T09:12:01.108Z\",\"Report ID\":\"2b7e1516-28ae-32a6-ab7f-158809cf4f3c\",\"Report time\":\"2026-10-05T%s:00.000Z\",\"Correlation ID\":\"c\",\"Duration\":%d,\"Location\":\"L\"}\n"
	char both[1000];
	snprintf(both, sizeof both, FORM, "09:24", 60);
	write_file(path, both);
	REQUIRE(import(store, path, &counts, &fault));
	snprintf(both, sizeof both, FORM, "09:30", 99);
	write_file(path, both);
	REQUIRE(import(store, path, &counts, &fault));
	CHECK_INT(counts.n_updated, 1);
	CHECK_INT(ask(store, "SELECT duration_s FROM legs"), 99);
	CHECK_INT(ask(store, "SELECT talk_s FROM calls"), 99);
	CHECK_INT(ask(store, "SELECT talk_s FROM hours"), 99);
	CHECK_INT(ask(store, "SELECT n_calls FROM hours"), 1);
	snprintf(both, sizeof both, FORM, "09:10", 5);
	write_file(path, both);
	REQUIRE(import(store, path, &counts, &fault));
	CHECK_INT(counts.n_seen, 1);
	CHECK_INT(ask(store, "SELECT duration_s FROM legs"), 99);
	store_close(store);
}

TEST(a_late_leg_finds_its_call_after_a_restart)
{
	char address[256], path[300];
	struct store *store = fresh(address);
	struct import_counts counts;
	struct fault fault;
	snprintf(path, sizeof path, "%s/late.jsonl", folder);
	char *first = mem_strndup(lines, (size_t)(strchr(lines, '\n') - lines + 1));
	write_file(path, first);
	REQUIRE(import(store, path, &counts, &fault));
	store_close(store);
	REQUIRE(store_open(address, &store, &fault));
	write_file(path, strchr(lines, '\n') + 1);
	REQUIRE(import(store, path, &counts, &fault));
	CHECK_INT(ask(store, "SELECT count(*) FROM calls"), 1);
	CHECK_INT(ask(store, "SELECT n_legs FROM calls"), 2);
	CHECK_INT(ask(store, "SELECT sum(n_calls) FROM hours"), 1);
	free(first);
	store_close(store);
}

TEST(B8_transfers_join_a_journey_by_local_call_id_or_correlation)
{
	char address[256], path[300];
	struct store *store = fresh(address);
	struct import_counts counts;
	struct fault fault;
	snprintf(path, sizeof path, "%s/journey.jsonl", folder);
	write_file(path,
	    "{\"Start time\":\"2026-10-05T09:00:00.000Z\",\"Report ID\":\"a\",\"Correlation ID\":\"A\",\"Local call ID\":\"11:0\"}\n"
	    "{\"Start time\":\"2026-10-05T09:01:00.000Z\",\"Report ID\":\"b\",\"Correlation ID\":\"B\",\"Local call ID\":\"22:0\",\"Transfer related call ID\":\"11:0\"}\n"
	    "{\"Start time\":\"2026-10-05T09:02:00.000Z\",\"Report ID\":\"c\",\"Correlation ID\":\"C\",\"Local call ID\":\"33:0\",\"Transfer related call ID\":\"B\"}\n"
	    "{\"Start time\":\"2026-10-05T09:03:00.000Z\",\"Report ID\":\"d\",\"Correlation ID\":\"D\",\"Local call ID\":\"44:0\"}\n");
	REQUIRE(import(store, path, &counts, &fault));
	CHECK_INT(ask(store, "SELECT count(*) FROM calls"), 4);
	CHECK_INT(ask(store, "SELECT count(DISTINCT journey_id) FROM calls"), 2);
	CHECK_INT(ask(store, "SELECT count(*) FROM calls WHERE journey_id = (SELECT min(id) FROM calls)"), 3);
	store_close(store);
}

TEST(bad_records_are_counted_and_the_rest_kept)
{
	char address[256], path[300];
	struct store *store = fresh(address);
	struct import_counts counts;
	struct fault fault;
	snprintf(path, sizeof path, "%s/bad.jsonl", folder);
	char *mixed = mem_printf("nonsense\n%s{\"Start time\":\"never\"}\n", lines);
	write_file(path, mixed);
	REQUIRE(import(store, path, &counts, &fault));
	CHECK_INT(counts.n_new, 2);
	CHECK_INT(counts.n_rejected, 2);
	write_file(path, "");
	REQUIRE(import(store, path, &counts, &fault));
	CHECK_INT(counts.n_records, 0);
	CHECK(!import(store, "/nonexistent", &counts, &fault));
	CHECK_INT(fault.code, FAULT_NOT_FOUND);
	free(mixed);
	store_close(store);
}

TEST(control_hub_csv_is_read_by_header_name)
{
	char address[256], path[300];
	struct store *store = fresh(address);
	struct import_counts counts;
	struct fault fault;
	snprintf(path, sizeof path, "%s/report.csv", folder);
	write_file(path, "\xEF\xBB\xBFUser,Start time,Report ID,Duration,Location,Device Mac\r\n"
			 "\"Due\xC3\xB1" "as, \"\"Ana\"\"\",2026-10-05T09:00:00.000Z,2b7e1516-28ae-32a6-ab7f-158809cf4f3c,12,Bogota,NA\r\n"
			 "x,y\r\n"
			 "Luis,2026-10-05 09:00:01.000,2b7e1516-28ae-32a6-ab7f-158809cf4f3d,,Bogota,AABBCCDDEEFF\r\n");
	REQUIRE(import(store, path, &counts, &fault));
	CHECK_INT(counts.n_new, 2);
	CHECK_INT(counts.n_rejected, 1);
	CHECK_INT(ask(store, "SELECT count(*) FROM words WHERE text = 'Due\xC3\xB1" "as, \"Ana\"'"), 1);
	write_file(path, "a,b\n1,2\n");
	CHECK(!import(store, path, &counts, &fault));
	CHECK(strstr(fault.text, "Start time") != NULL);
	store_close(store);
}

TEST(packed_files_are_seen_from_their_bytes)
{
	char address[256], path[300], command[900];
	static const char *const ways[] = { "gzip -c %s/p.jsonl > %s/p.x", "zstd -qc %s/p.jsonl > %s/p.x" };
	struct import_counts counts;
	struct fault fault;
	char plain[300];
	struct store *store = fresh(address);
	snprintf(plain, sizeof plain, "%s/p.jsonl", folder);
	snprintf(path, sizeof path, "%s/p.x", folder);
	write_file(plain, lines);
	for (size_t i = 0; i < COUNT_OF(ways); i++) {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
		snprintf(command, sizeof command, ways[i], folder, folder);
#pragma GCC diagnostic pop
		if (system(command) != 0) {
			puts("skipped: no packer");
			continue;
		}
		REQUIRE(import(store, path, &counts, &fault));
		CHECK_INT(counts.n_records, 2);
		/* Cut off: a sentence, no crash. */
		REQUIRE(truncate(path, 40) == 0);
		CHECK(!import(store, path, &counts, &fault));
		CHECK(strstr(fault.text, "damaged") != NULL);
	}
	store_close(store);
}

static void one_finding(struct page *page, uint64_t fingerprint, int64_t leg, int score)
{
	static const struct reason reasons[] = { { "minutes", "9", "2", 10, "for long", "por mucho tiempo" },
		{ "dst.tier", "extreme", "none", 50, "to an extreme place", "a un destino extremo" } };
	struct evidence *evidence = arena_zalloc(&page->arena, sizeof *evidence);
	evidence->leg_id = leg;
	page->findings.items = arena_zalloc(&page->arena, sizeof *page->findings.items);
	page->findings.n = 1;
	page->findings.items[0] = (struct finding){ .rule = "r", .title_en = "T", .title_es = "Té",
		.severity = SEVERITY_HIGH, .score = score, .subject_id = "u", .subject_name = "Ana", .location = "Bogota",
		.fingerprint = fingerprint, .first_ms = 1000 + leg, .last_ms = 1000 + leg, .raised_ms = 2000,
		.reasons = &reasons[score > 60], .n_reasons = score > 60 ? 1 : 2, .evidence = evidence, .n_evidence = 1 };
}

static int64_t raise_one(struct store *store, uint64_t fingerprint, int64_t leg, int score)
{
	struct page *page = page_new();
	struct fault fault;
	page->now_ms = 5000;
	one_finding(page, fingerprint, leg, score);
	if (!store_commit_page(store, page, NULL, &fault)) {
		puts(fault.text);
		exit(1);
	}
	int64_t raised = (int64_t)page->n_alerts_raised;
	page_free(page);
	return raised;
}

TEST(the_same_fingerprint_grows_and_a_closed_one_is_raised_anew)
{
	char address[256];
	struct store *store = fresh(address);
	struct fault fault;
	struct arena arena;
	struct triage_result result;
	arena_init(&arena);
	CHECK_INT(raise_one(store, 7, 1, 60), 1);
	CHECK_INT(raise_one(store, 7, 2, 80), 0);
	CHECK_INT(raise_one(store, 7, 2, 80), 0);
	CHECK_INT(ask(store, "SELECT count(*) FROM alerts"), 1);
	CHECK_INT(ask(store, "SELECT n_legs FROM alerts"), 2);
	CHECK_INT(ask(store, "SELECT score FROM alerts"), 80);
	int64_t id = 1;
	struct triage_order close = { .act = TRIAGE_CLOSE, .who = "ana", .resolution = RESOLUTION_FALSE_POSITIVE, .now_ms = 9000 };
	REQUIRE(store_triage(store, &id, 1, &close, &arena, NULL, &result, &fault));
	CHECK_INT(result.n_done, 1);
	CHECK_INT(raise_one(store, 7, 3, 60), 1);
	CHECK_INT(ask(store, "SELECT count(*) FROM alerts WHERE rank > 0"), 1);
	struct alert_detail detail;
	REQUIRE(query_alert(&store->db, 2, &arena, &detail, &fault));
	CHECK_INT(detail.n_seen_before, 1);
	CHECK_STR(detail.alert.reasons[0].text_es, "por mucho tiempo");
	CHECK_STR(detail.alert.why_es, "a un destino extremo");
	CHECK_STR(detail.seen_before[0].why_es, "a un destino extremo");
	arena_clear(&arena);
	store_close(store);
}

TEST(alerts_of_one_subject_or_one_record_are_a_case)
{
	char address[256];
	struct store *store = fresh(address);
	struct fault fault;
	struct arena arena;
	struct alert_detail detail;
	arena_init(&arena);
	CHECK_INT(raise_one(store, 7, 1, 60), 1); /* one subject in this test: two rules are one story */
	CHECK_INT(raise_one(store, 8, 2, 60), 1);
	CHECK_INT(ask(store, "SELECT case_id FROM alerts WHERE id = 1"), 1);
	CHECK_INT(ask(store, "SELECT case_id FROM alerts WHERE id = 2"), 1);
	/* Somebody else's, by a record of the first's … */
	REQUIRE(db_exec(&store->db, "UPDATE alerts SET subject_id = 'other' WHERE id = 2", &fault));
	CHECK_INT(raise_one(store, 9, 2, 60), 1);
	CHECK_INT(ask(store, "SELECT case_id FROM alerts WHERE id = 3"), 1);
	REQUIRE(query_alert(&store->db, 3, &arena, &detail, &fault));
	CHECK_INT(detail.n_same_case, 2);
	CHECK_INT(detail.same_case[1].id, 1);
	CHECK_INT(detail.n_seen_before, 0);
	/* … and one that has nothing in common with what is still open. */
	REQUIRE(db_exec(&store->db, "UPDATE alerts SET rank = 0", &fault));
	CHECK_INT(raise_one(store, 10, 2, 60), 1);
	CHECK_INT(ask(store, "SELECT case_id FROM alerts WHERE id = 4"), 4);
	arena_clear(&arena);
	store_close(store);
}

TEST(a_list_says_why_and_reads_all_reasons_when_asked)
{
	char address[256];
	struct store *store = fresh(address);
	struct fault fault;
	struct arena arena;
	struct alert_list found;
	arena_init(&arena);
	raise_one(store, 7, 1, 60);
	struct alert_query query = { .filter = "", .limit = 10 };
	REQUIRE(query_alerts(&store->db, &query, "ana", &arena, &found, &fault));
	CHECK_STR(found.items[0].why_es, "a un destino extremo");
	CHECK_INT(found.items[0].n_reasons, 0);
	query.reasons = true;
	REQUIRE(query_alerts(&store->db, &query, "ana", &arena, &found, &fault));
	CHECK_INT(found.items[0].n_reasons, 2);
	struct score_list scores;
	REQUIRE(query_scores(&store->db, 9000, "", 10, &arena, &scores, &fault));
	CHECK_STR(scores.items[0].why_en, "to an extreme place");
	CHECK_INT(scores.n, 1);
	/* What is made of alerts is filtered as it was made, before the limit. */
	REQUIRE(query_scores(&store->db, 9000, "why ~ \"Extreme Place\" and score > 0", 1, &arena, &scores, &fault));
	CHECK_INT(scores.n, 1);
	REQUIRE(query_scores(&store->db, 9000, "not why ~ extreme", 10, &arena, &scores, &fault));
	CHECK_INT(scores.n, 0);
	CHECK(!query_scores(&store->db, 9000, "severity = high", 10, &arena, &scores, &fault));
	CHECK_STR(fault.text, "there is no field severity");
	arena_clear(&arena);
	store_close(store);
}

TEST(a_second_claim_loses_and_is_told_who_was_first)
{
	char address[256];
	struct store *store = fresh(address);
	struct fault fault;
	struct arena arena;
	struct triage_result result;
	arena_init(&arena);
	raise_one(store, 7, 1, 60);
	int64_t id = 1;
	struct triage_order claim = { .act = TRIAGE_CLAIM, .who = "ana", .now_ms = 9000 };
	REQUIRE(store_triage(store, &id, 1, &claim, &arena, NULL, &result, &fault));
	CHECK_INT(result.n_done, 1);
	claim.who = "luis";
	REQUIRE(store_triage(store, &id, 1, &claim, &arena, NULL, &result, &fault));
	CHECK_INT(result.n_failed, 1);
	CHECK_INT(result.first.code, FAULT_CONFLICT);
	CHECK(strstr(result.first.text, "ana") != NULL);
	struct alert alert;
	REQUIRE(alert_row_get(&store->db, 1, &arena, &alert, &fault));
	CHECK_STR(alert.assignee, "ana");
	CHECK_INT(alert.state, ALERT_IN_PROGRESS);
	arena_clear(&arena);
	store_close(store);
}

TEST(undo_puts_back_only_what_nobody_changed_since)
{
	char address[256];
	struct store *store = fresh(address);
	struct fault fault;
	struct arena arena;
	struct triage_result result;
	struct alert_before before[2];
	struct alert alert;
	arena_init(&arena);
	raise_one(store, 7, 1, 60);
	raise_one(store, 8, 1, 60);
	int64_t ids[] = { 1, 2 };
	struct triage_order close = { .act = TRIAGE_CLOSE, .who = "ana", .resolution = RESOLUTION_DUPLICATE, .now_ms = 9000 };
	REQUIRE(store_triage(store, ids, 2, &close, &arena, before, &result, &fault));
	struct triage_order reopen = { .act = TRIAGE_REOPEN, .who = "luis", .now_ms = 9500 };
	REQUIRE(store_triage(store, ids, 1, &reopen, &arena, NULL, &result, &fault));
	REQUIRE(store_swap(store, before, 2, AUDIT_UNDO, "ana", 9900, NULL, &arena, &result, &fault));
	CHECK_INT(result.n_done, 1);
	CHECK_INT(result.n_failed, 1);
	REQUIRE(alert_row_get(&store->db, 1, &arena, &alert, &fault));
	CHECK_INT(alert.state, ALERT_IN_PROGRESS);
	REQUIRE(alert_row_get(&store->db, 2, &arena, &alert, &fault));
	CHECK_INT(alert.state, ALERT_NEW);
	struct audit_list audit;
	REQUIRE(query_audit(&store->db, 0, 100, &arena, &audit, &fault));
	CHECK_INT(audit.n, 6);
	static const struct {
		int64_t before;
		size_t limit, n;
		int64_t first;
		bool more;
	} pages[] = { { 0, 2, 2, 6, true }, { 5, 1, 1, 4, true }, { 3, 2, 2, 2, false }, { 2, 5, 1, 1, false }, { 1, 5, 0, 0, false }, { 99, 2, 2, 6, true }, { 0, 6, 6, 6, false } };
	for (size_t i = 0; i < COUNT_OF(pages); i++) {
		REQUIRE(query_audit(&store->db, pages[i].before, pages[i].limit, &arena, &audit, &fault));
		CHECK_INT(audit.n, pages[i].n);
		CHECK_INT(audit.n == 0 ? 0 : audit.items[0].seq, pages[i].first);
		CHECK_INT(audit.more, pages[i].more);
	}
	struct audit_chain chain = { 0 };
	REQUIRE(audit_chain_read(&store->db, &chain, &fault));
	CHECK_INT(chain.broken_at, 0);
	REQUIRE(db_exec(&store->db, "UPDATE audit SET who = 'eva' WHERE seq = 3", &fault));
	chain = (struct audit_chain){ 0 };
	REQUIRE(audit_chain_read(&store->db, &chain, &fault));
	CHECK_INT(chain.broken_at, 3);
	arena_clear(&arena);
	store_close(store);
}

TEST(nothing_is_written_into_a_file_that_was_taken_away)
{
	char path[80];
	struct store *store;
	struct fault fault;
	struct alert_event event = { 9000, "ana", "note", "", "", "x" };
	if (store_is_on_server())
		return;
	snprintf(path, sizeof path, "/tmp/centinela-gone-%ld.db", (long)getpid());
	REQUIRE(store_open(path, &store, &fault));
	REQUIRE(store_audit(store, &event, &fault));
	REQUIRE(unlink(path) == 0);
	CHECK(!store_audit(store, &event, &fault));
	CHECK_INT(fault.code, FAULT_STORE);
	CHECK(strstr(fault.text, "taken away") != NULL);
	/* Nor where another stands in its place. */
	struct store *other;
	REQUIRE(store_open(path, &other, &fault));
	CHECK(!store_audit(store, &event, &fault));
	CHECK(store_audit(other, &event, &fault));
	store_close(store);
	store_close(other);
	char side[96];
	static const char *const parts[] = { "", "-wal", "-shm" };
	for (size_t i = 0; i < COUNT_OF(parts); i++) {
		snprintf(side, sizeof side, "%s%s", path, parts[i]);
		(void)unlink(side);
	}
}

TEST(a_snooze_ends_by_itself)
{
	char address[256];
	struct store *store = fresh(address);
	struct fault fault;
	struct arena arena;
	struct triage_result result;
	size_t woken;
	arena_init(&arena);
	raise_one(store, 7, 1, 60);
	int64_t id = 1;
	struct triage_order snooze = { .act = TRIAGE_SNOOZE, .who = "ana", .note = "", .now_ms = 9000, .until_ms = 10000 };
	REQUIRE(store_triage(store, &id, 1, &snooze, &arena, NULL, &result, &fault));
	CHECK_INT(result.n_failed, 1); /* no reason given */
	snooze.note = "supplier test";
	REQUIRE(store_triage(store, &id, 1, &snooze, &arena, NULL, &result, &fault));
	REQUIRE(store_wake(store, 9999, &woken, &fault));
	CHECK_INT(woken, 0);
	REQUIRE(store_wake(store, 10000, &woken, &fault));
	CHECK_INT(woken, 1);
	arena_clear(&arena);
	store_close(store);
}

TEST(what_is_silenced_is_counted_and_ends_by_itself)
{
	char address[256];
	struct store *store = fresh(address);
	struct fault fault;
	struct arena arena;
	struct triage_result result;
	struct alert_before before;
	struct alert_list list;
	int64_t id = 1, now = clock_real_ms();
	arena_init(&arena);
	raise_one(store, 7, 1, 60);
	struct triage_order silence = { .act = TRIAGE_SILENCE, .who = "ana", .note = "", .now_ms = now, .until_ms = now + DAY_MS };
	REQUIRE(store_triage(store, &id, 1, &silence, &arena, NULL, &result, &fault));
	CHECK_INT(result.n_failed, 1); /* no reason given */
	silence.note = "the bank's own monitor";
	silence.until_ms = now + 31 * DAY_MS;
	REQUIRE(store_triage(store, &id, 1, &silence, &arena, NULL, &result, &fault));
	CHECK_INT(result.n_failed, 1); /* for too long */
	silence.until_ms = now + DAY_MS;
	REQUIRE(store_triage(store, &id, 1, &silence, &arena, &before, &result, &fault));
	CHECK_INT(result.n_done, 1);
	struct triage_order close = { .act = TRIAGE_CLOSE, .who = "ana", .resolution = RESOLUTION_LEGITIMATE, .now_ms = now };
	REQUIRE(store_triage(store, &id, 1, &close, &arena, NULL, &result, &fault));
	/* Closing does not end it; another's like is raised. */
	CHECK_INT(raise_one(store, 7, 2, 60), 0);
	CHECK_INT(raise_one(store, 7, 3, 60), 0);
	CHECK_INT(raise_one(store, 8, 2, 60), 1);
	CHECK_INT(ask(store, "SELECT kept_back FROM alerts WHERE id = 1"), 2);
	REQUIRE(query_alerts(&store->db, &(struct alert_query){ .silenced = true, .limit = 10 }, "ana", &arena, &list, &fault));
	CHECK_INT(list.n, 1);
	CHECK_INT(list.items[0].kept_back, 2);
	CHECK_INT(list.items[0].silence_until_ms, now + DAY_MS);
	/* When it is over the like is raised again, by itself or by somebody. */
	REQUIRE(db_exec(&store->db, "UPDATE alerts SET silence_until_ms = 4000 WHERE id = 1", &fault));
	CHECK_INT(raise_one(store, 7, 4, 60), 1);
	struct triage_order unsilence = { .act = TRIAGE_UNSILENCE, .who = "ana", .now_ms = now };
	REQUIRE(store_triage(store, &id, 1, &unsilence, &arena, NULL, &result, &fault));
	CHECK_INT(result.n_failed, 1); /* it is over */
	id = 2;
	REQUIRE(store_triage(store, &id, 1, &silence, &arena, &before, &result, &fault));
	REQUIRE(store_triage(store, &id, 1, &unsilence, &arena, NULL, &result, &fault));
	CHECK_INT(result.n_done, 1);
	CHECK_INT(ask(store, "SELECT count(*) FROM alerts WHERE silence_until_ms > 5000"), 0);
	/* Undone: as if it had not been said. */
	REQUIRE(store_triage(store, &id, 1, &silence, &arena, &before, &result, &fault));
	REQUIRE(store_swap(store, &before, 1, AUDIT_UNDO, "ana", now, NULL, &arena, &result, &fault));
	CHECK_INT(result.n_done, 1);
	CHECK_INT(ask(store, "SELECT max(silence_until_ms) FROM alerts"), 4000);
	/* Never a critical one. */
	REQUIRE(db_exec(&store->db, "UPDATE alerts SET severity = 3 WHERE id = 2", &fault));
	REQUIRE(store_triage(store, &id, 1, &silence, &arena, NULL, &result, &fault));
	CHECK_INT(result.n_failed, 1);
	CHECK(strstr(result.first.text, "critical") != NULL);
	arena_clear(&arena);
	store_close(store);
}

TEST(every_field_of_the_sample_comes_back_as_it_was)
{
	char address[256], path[512];
	const char *root = getenv("CENTINELA_SOURCE");
	snprintf(path, sizeof path, "%s/../shared/samples/cdr_feed_page.json", root ? root : ".");
	if (access(path, R_OK) != 0) {
		puts("skipped: no sample page beside the project");
		return;
	}
	struct store *store = fresh(address);
	struct import_counts counts;
	struct fault fault;
	REQUIRE(import(store, path, &counts, &fault));
	CHECK_INT(counts.n_new, 721);
	CHECK_INT(counts.n_rejected, 0);
	REQUIRE(import(store, path, &counts, &fault));
	CHECK_INT(counts.n_new, 0);
	CHECK_INT(ask(store, "SELECT count(*) FROM legs"), 721);
	json_t *page = json_load_file(path, 0, NULL), *items = json_object_get(page, "items");
	struct map by_id = { 0 };
	for (size_t i = 0; i < json_array_size(items); i++)
		map_put(&by_id, json_str(json_array_get(items, i), "Report ID", ""), NULL)->pointer = json_array_get(items, i);
	struct arena arena;
	struct call_list calls;
	struct call_query query = { .filter = "", .limit = 1000 };
	arena_init(&arena);
	REQUIRE(query_calls(&store->db, &query, &arena, &calls, &fault));
	CHECK_INT(calls.n, 721);
	size_t same = 0;
	for (size_t i = 0; i < calls.n; i++) {
		struct call_detail detail;
		REQUIRE(query_call(&store->db, calls.items[i].id, &arena, &detail, &fault));
		for (size_t k = 0; k < detail.n_legs; k++) {
			const char *raw;
			size_t n;
			json_t *record;
			REQUIRE(query_raw(&store->db, detail.legs[k].leg_id, &arena, &raw, &n, &fault));
			REQUIRE(json_parse(raw, n, &record, &fault));
			union map_value *was = map_get(&by_id, detail.legs[k].report_id);
			same += was != NULL && json_equal(record, was->pointer);
			json_decref(record);
		}
	}
	CHECK_INT(same, 721);
	arena_clear(&arena);
	map_clear(&by_id);
	json_decref(page);
	store_close(store);
}

TEST(a_store_of_the_version_before_is_renewed_when_it_is_read)
{
	char address[256];
	struct store *store = fresh(address);
	struct fault fault;
	struct db db;
	raise_one(store, 7, 1, 60);
	REQUIRE(older_store(&store->db, 5, &fault));
	store_close(store);
	REQUIRE(store_open_read(address, &db, &fault));
	int64_t n;
	CHECK(db_ask_int(&db, "SELECT count(*) FROM site_names", -1, &n, &fault));
	CHECK(!db_exec(&db, "DELETE FROM site_names", &fault)); /* it is for reading all the same */
	/* An alert from before its sentence was kept says it all the same. */
	struct arena arena;
	arena_init(&arena);
	struct alert_list found;
	struct alert_query query = { .filter = "", .limit = 10 };
	REQUIRE(query_alerts(&db, &query, "ana", &arena, &found, &fault));
	CHECK_INT(found.n, 1);
	CHECK_STR(found.items[0].why_en, "to an extreme place");
	arena_clear(&arena);
	db_close(&db);
}

/* Ana merged the first into the second and reopened it; somebody merged the second
 * into the first. What she undoes now would make each a duplicate of the other. */
TEST(undo_makes_no_two_duplicates_of_each_other)
{
	char address[256];
	struct store *store = fresh(address);
	struct fault fault;
	struct arena arena;
	struct triage_result result;
	struct alert_before merged, reopened;
	arena_init(&arena);
	raise_one(store, 7, 1, 60);
	raise_one(store, 8, 2, 60);
	int64_t one = 1, two = 2;
	struct triage_order merge = { .act = TRIAGE_MERGE, .who = "ana", .note = "", .other_id = 2, .now_ms = 9000 };
	REQUIRE(store_triage(store, &one, 1, &merge, &arena, &merged, &result, &fault) && result.n_done == 1);
	struct triage_order reopen = { .act = TRIAGE_REOPEN, .who = "ana", .note = "", .now_ms = 9001 };
	REQUIRE(store_triage(store, &one, 1, &reopen, &arena, &reopened, &result, &fault) && result.n_done == 1);
	merge.other_id = 1;
	merge.who = "luis";
	REQUIRE(store_triage(store, &two, 1, &merge, &arena, NULL, &result, &fault) && result.n_done == 1);
	REQUIRE(store_swap(store, &reopened, 1, AUDIT_UNDO, "ana", 9900, NULL, &arena, &result, &fault));
	CHECK_INT(result.n_done, 0);
	CHECK_INT(result.n_failed, 1);
	CHECK_INT(ask(store, "SELECT count(*) FROM alerts WHERE rank > 0"), 1);
	arena_clear(&arena);
	store_close(store);
}

/* An analyst closed it, and a client took it away, which changes nothing in the alert itself. */
TEST(undo_does_not_bring_back_what_was_taken_away)
{
	char address[256];
	struct store *store = fresh(address);
	struct fault fault;
	struct arena arena;
	struct triage_result result;
	struct alert_before before[2];
	arena_init(&arena);
	raise_one(store, 7, 1, 60);
	raise_one(store, 8, 1, 60);
	int64_t ids[] = { 1, 2 };
	struct triage_order close = { .act = TRIAGE_CLOSE, .who = "ana", .note = "", .resolution = RESOLUTION_UNKNOWN, .now_ms = 9000 };
	REQUIRE(store_triage(store, ids, 2, &close, &arena, before, &result, &fault) && result.n_done == 2);
	REQUIRE(tombstone_put(store, 1, "soar", 9001, &fault));
	REQUIRE(store_swap(store, before, 2, AUDIT_UNDO, "ana", 9900, NULL, &arena, &result, &fault));
	CHECK_INT(result.n_done, 1);
	CHECK_INT(result.n_failed, 1);
	CHECK_INT(result.first.code, FAULT_CONFLICT);
	CHECK_STR(result.first.text, "alert 1 was taken away by soar");
	CHECK_STR(result.refusals[0].why, "taken away");
	CHECK_INT(ask(store, "SELECT id FROM alerts WHERE rank > 0"), 2);
	CHECK_INT(ask(store, "SELECT sum(n) FROM open_alerts"), 1);
	/* What comes of the same is one of its own, that lists show. */
	CHECK_INT(raise_one(store, 7, 2, 60), 1);
	arena_clear(&arena);
	store_close(store);
}

/* Nor is one made a duplicate of what was taken away, by undoing or by whichever way it leads there. */
TEST(nothing_is_joined_to_what_was_taken_away)
{
	char address[256];
	struct store *store = fresh(address);
	struct fault fault;
	struct arena arena;
	struct triage_result result;
	struct alert_before reopened;
	arena_init(&arena);
	for (int64_t i = 7; i < 11; i++)
		raise_one(store, i, i, 60);
	int64_t one = 1, two = 2, four = 4;
	struct triage_order merge = { .act = TRIAGE_MERGE, .who = "ana", .note = "", .other_id = 2, .now_ms = 9000 };
	struct triage_order reopen = { .act = TRIAGE_REOPEN, .who = "ana", .note = "", .now_ms = 9001 };
	struct triage_order close = { .act = TRIAGE_CLOSE, .who = "soar", .note = "", .resolution = RESOLUTION_UNKNOWN, .now_ms = 9002 };
	REQUIRE(store_triage(store, &one, 1, &merge, &arena, NULL, &result, &fault) && result.n_done == 1);
	REQUIRE(store_triage(store, &one, 1, &reopen, &arena, &reopened, &result, &fault) && result.n_done == 1);
	REQUIRE(store_triage(store, &two, 1, &close, &arena, NULL, &result, &fault) && result.n_done == 1);
	REQUIRE(tombstone_put(store, 2, "soar", 9003, &fault));
	REQUIRE(store_swap(store, &reopened, 1, AUDIT_UNDO, "ana", 9900, NULL, &arena, &result, &fault));
	CHECK_INT(result.n_done, 0);
	CHECK_STR(result.first.text, "alert 2 was taken away by soar");
	CHECK_INT(ask(store, "SELECT merged_into FROM alerts WHERE id = 1"), 0);
	/* The first is a duplicate of the third, which is taken away then. */
	merge.other_id = 3;
	REQUIRE(store_triage(store, &one, 1, &merge, &arena, NULL, &result, &fault) && result.n_done == 1);
	REQUIRE(tombstone_put(store, 3, "soar", 9904, &fault));
	merge.other_id = 1;
	CHECK(!store_triage(store, &four, 1, &merge, &arena, NULL, &result, &fault));
	CHECK_INT(fault.code, FAULT_CONFLICT);
	CHECK_STR(fault.text, "alert 3 was taken away by soar");
	CHECK_INT(ask(store, "SELECT merged_into FROM alerts WHERE id = 4"), 0);
	arena_clear(&arena);
	store_close(store);
}

TEST(two_acts_are_done_together_or_not_at_all)
{
	char address[256];
	struct store *store = fresh(address);
	struct fault fault;
	struct alert_before was;
	struct arena arena;
	arena_init(&arena);
	raise_one(store, 7, 1, 60);
	struct triage_order claim = { .act = TRIAGE_CLAIM, .who = "ana", .now_ms = 9000 };
	struct triage_order reopen = { .act = TRIAGE_REOPEN, .who = "ana", .note = "", .now_ms = 9000 };
	struct triage_order close = { .act = TRIAGE_CLOSE, .who = "ana", .note = "", .resolution = RESOLUTION_UNKNOWN, .now_ms = 9000 };
	CHECK(!store_triage_both(store, 1, &claim, &reopen, &arena, &was, &fault)); /* what is open is not reopened */
	CHECK_INT(ask(store, "SELECT count(*) FROM alerts WHERE assignee = ''"), 1);
	CHECK_INT(ask(store, "SELECT count(*) FROM audit WHERE act = 'claim'"), 0);
	CHECK(store_triage_both(store, 1, &claim, &close, &arena, &was, &fault));
	CHECK_INT(ask(store, "SELECT count(*) FROM alerts WHERE assignee = 'ana' AND state = 3"), 1);
	/* What was before both is the way back behind both. */
	CHECK_STR(was.alert.assignee, "");
	CHECK_INT(was.alert.state, ALERT_NEW);
	CHECK_INT(was.stands, ask(store, "SELECT revision FROM alerts WHERE id = 1"));
	CHECK(!store_triage_both(store, 99, &claim, &close, &arena, &was, &fault));
	arena_clear(&arena);
	store_close(store);
}

TEST(a_transaction_within_another_is_a_part_of_it)
{
	char address[256];
	struct store *store = fresh(address);
	struct fault fault = { 0 };
	struct alert_before was;
	struct arena arena;
	arena_init(&arena);
	raise_one(store, 7, 1, 60);
	struct triage_order claim = { .act = TRIAGE_CLAIM, .who = "ana", .now_ms = 9000 };
	struct triage_order close = { .act = TRIAGE_CLOSE, .who = "ana", .note = "", .resolution = RESOLUTION_UNKNOWN, .now_ms = 9000 };
	REQUIRE(db_begin(&store->db, &fault));
	CHECK(store_triage_both(store, 1, &claim, &close, &arena, &was, &fault));
	db_rollback(&store->db);
	CHECK_INT(ask(store, "SELECT count(*) FROM alerts WHERE state = 3"), 0);
	/* What is taken back inside takes the outer one with it. */
	REQUIRE(db_begin(&store->db, &fault));
	CHECK(store_triage_both(store, 1, &claim, &close, &arena, &was, &fault));
	CHECK(!store_triage_both(store, 99, &claim, &close, &arena, &was, &fault));
	CHECK(!db_commit(&store->db, &fault));
	CHECK_INT(ask(store, "SELECT count(*) FROM alerts WHERE state = 3"), 0);
	REQUIRE(db_begin(&store->db, &fault));
	CHECK(store_triage_both(store, 1, &claim, &close, &arena, &was, &fault));
	REQUIRE(db_commit(&store->db, &fault));
	CHECK_INT(ask(store, "SELECT count(*) FROM alerts WHERE state = 3"), 1);
	arena_clear(&arena);
	store_close(store);
}

TEST(the_folder_is_taken_away_again)
{
	char command[64];
	snprintf(command, sizeof command, "rm -rf %s", folder);
	CHECK_INT(system(command), 0);
}

TESTS(T(a_store_that_was_renewed_meanwhile_is_left_alone), T(a_call_that_was_held_for_new_is_written_at_the_next_try), T(who_has_the_lease_is_replaced_after_his_time), T(B14_the_store_is_the_owners_alone), T(what_is_read_in_one_go_is_of_one_moment), T(A4_the_same_report_twice_is_one_leg), T(an_import_that_cannot_be_stored_says_so), T(pages_of_a_group_are_all_there_or_none),
    T(A4_a_later_report_of_the_same_leg_wins), T(a_late_leg_finds_its_call_after_a_restart),
    T(B8_transfers_join_a_journey_by_local_call_id_or_correlation),
    T(bad_records_are_counted_and_the_rest_kept), T(control_hub_csv_is_read_by_header_name),
    T(packed_files_are_seen_from_their_bytes),
    T(the_same_fingerprint_grows_and_a_closed_one_is_raised_anew),
    T(alerts_of_one_subject_or_one_record_are_a_case),
    T(a_list_says_why_and_reads_all_reasons_when_asked),
    T(a_second_claim_loses_and_is_told_who_was_first),
    T(undo_puts_back_only_what_nobody_changed_since), T(nothing_is_written_into_a_file_that_was_taken_away), T(a_snooze_ends_by_itself), T(what_is_silenced_is_counted_and_ends_by_itself),
    T(every_field_of_the_sample_comes_back_as_it_was),
    T(a_store_of_the_version_before_is_renewed_when_it_is_read), T(undo_makes_no_two_duplicates_of_each_other), T(undo_does_not_bring_back_what_was_taken_away), T(nothing_is_joined_to_what_was_taken_away), T(two_acts_are_done_together_or_not_at_all),
    T(a_transaction_within_another_is_a_part_of_it), T(the_folder_is_taken_away_again))
