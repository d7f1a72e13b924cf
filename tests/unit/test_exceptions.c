/* SPDX-License-Identifier: Apache-2.0
 *
 * Exceptions beside the silences: the judge counts what they leave out, the page
 * keeps it, the list shows it, and their file says when they end. */
#include "test.h"

#include <sys/stat.h>
#include <unistd.h>

#include "base/places.h"
#include "cdr_maker.h"
#include "detect/judge.h"
#include "detect/sigma/rule.h"
#include "store/alert_rows.h"
#include "store_place.h"
#include "watch/exceptions.h"

#define NOW INT64_C(1800000000000)

static char folder[] = "/tmp/centinela-exceptions-XXXXXX";
static char rules_folder[64], own_folder[64], address[256];
static struct numbering *numbering;
static struct judge_options options;

static const char exception[] = "# Proposed after alert 12. To take it back, remove this file.\n"
				"# Accepted 2026-10-05 by ana.\n"
				"title: 'Exception: the dialler'\n"
				"logsource: {product: webex_calling, category: cdr}\n"
				"filter:\n"
				"    rules: [out, long]\n"
				"    selection: {user.name: 'Ana Bernal'}\n"
				"    condition: selection\n"
				"centinela: {title_es: 'Excepción: el marcador'}\n";

static void write_file(const char *where, const char *name, const char *text)
{
	char path[128];
	snprintf(path, sizeof path, "%s/%s", where, name);
	FILE *file = fopen(path, "w");
	REQUIRE(file != NULL);
	fputs(text, file);
	fclose(file);
}

static char *file_text(const char *name)
{
	static char bytes[4096];
	char path[128];
	snprintf(path, sizeof path, "%s/%s", own_folder, name);
	FILE *file = fopen(path, "r");
	REQUIRE(file != NULL);
	bytes[fread(bytes, 1, sizeof bytes - 1, file)] = '\0';
	fclose(file);
	return bytes;
}

static void begin(void)
{
	char command[80];
	if (numbering == NULL) {
		REQUIRE(mkdtemp(folder) != NULL);
		numbering = numbering_of_source();
	}
	snprintf(command, sizeof command, "rm -rf %s/*", folder);
	CHECK_INT(system(command), 0);
	snprintf(rules_folder, sizeof rules_folder, "%s/rules", folder);
	snprintf(own_folder, sizeof own_folder, "%s/own", folder);
	snprintf(address, sizeof address, "%s/x.db", folder);
	store_place(address);
	REQUIRE(mkdir(rules_folder, 0700) == 0 && mkdir(own_folder, 0700) == 0);
	options = (struct judge_options){ .rules_folder = rules_folder, .own_folder = own_folder };
	write_file(rules_folder, "a.yml",
	    "title: Out\nid: out\ndetection: {s: {call.external_out: true}, condition: s}\n---\n"
	    "title: Long\nid: long\ndetection: {s: {call.external_out: true}, condition: s}\n");
	write_file(own_folder, "exception-1.yml", exception);
}

static struct store *opened(void)
{
	struct store *store;
	struct fault fault;
	if (!store_open(address, &store, &fault)) {
		puts(fault.text);
		exit(1);
	}
	return store;
}

/* n legs of that person, judged or only shown. */
static void judge_legs(struct judge *judge, const char *who, int n, struct findings *out)
{
	static int64_t leg;
	struct directory *directory = directory_new();
	struct fact_world world = { numbering, directory };
	for (int i = 0; i < n; i++) {
		struct cdr_maker m;
		struct leg_facts facts;
		char id[40];
		leg++;
		cdr_outbound(&m);
		snprintf(id, sizeof id, "2b7e1516-28ae-32a6-ab7f-%012d", (int)leg);
		cdr_set(&m, CDR_F_REPORT_ID, id);
		cdr_set(&m, CDR_F_USER, who);
		struct cdr cdr = cdr_made(&m);
		leg_facts_derive(&world, &cdr, &facts);
		if (out != NULL)
			judge_leg(judge, &cdr, &facts, leg, out);
		else
			judge_warm(judge, &cdr, &facts, leg);
		cdr_free(&m);
	}
	directory_free(directory);
}

static struct judge *judge_of(const struct judge_options *with)
{
	struct judge *judge;
	struct fault fault;
	if (!judge_open(with, &judge, &fault)) {
		puts(fault.text);
		exit(1);
	}
	CHECK_STR(judge_complaints(judge), "");
	return judge;
}

static struct silence_list listed(struct store *store, struct exceptions *kept, struct arena *arena, int64_t now_ms)
{
	struct silence_list list = { 0 };
	struct fault fault;
	if (!exceptions_add(kept, &options, &store->db, now_ms, arena, &list, &fault))
		puts(fault.text);
	return list;
}

TEST(what_an_exception_leaves_out_is_counted_once_a_record)
{
	begin();
	struct judge *judge = judge_of(&options);
	struct store *store = opened();
	struct exceptions kept = { 0 };
	struct arena arena;
	struct fault fault;
	struct page *page = page_new();
	arena_init(&arena);
	page->now_ms = NOW;
	judge_legs(judge, "Ana Bernal", 2, NULL); /* of before a restart: counted then */
	judge_legs(judge, "Ana Bernal", 3, &page->findings);
	judge_legs(judge, "Luis Duarte", 2, &page->findings);
	CHECK_INT(page->findings.n_exemptions, 1);
	CHECK_INT(page->findings.exemptions[0].n, 3); /* from two rules each */
	page->findings.n = 0;			      /* what is raised is not of this test */
	REQUIRE(store_commit_page(store, page, NULL, &fault));
	page_free(page);
	struct silence_list list = listed(store, &kept, &arena, NOW);
	REQUIRE(list.n == 1);
	CHECK_INT(list.items[0].kind, SILENCE_EXCEPTION);
	CHECK_STR(list.items[0].title_en, "Exception: the dialler");
	CHECK_STR(list.items[0].title_es, "Excepción: el marcador");
	CHECK_STR(list.items[0].owner, "ana");
	CHECK_STR(list.items[0].file, "exception-1.yml");
	CHECK(list.items[0].until_ms == SILENCE_NEVER_ENDS);
	CHECK_INT(list.items[0].hits, 3);
	CHECK_INT(list.items[0].day_hits, 3);
	CHECK_INT(list.items[0].last_hit_ms, NOW);
	/* Of another day they are no more of the last one. */
	list = listed(store, &kept, &arena, NOW + 2 * DAY_MS);
	CHECK_INT(list.items[0].hits, 3);
	CHECK_INT(list.items[0].day_hits, 0);
	struct silence_debt debt;
	REQUIRE(query_silence_debt(&store->db, NOW, &debt, &fault));
	CHECK_INT(debt.n_in_force + debt.day_hits, 0); /* records are no findings */
	judge_free(judge);
	exceptions_clear(&kept);
	arena_clear(&arena);
	store_close(store);
}

TEST(one_is_extended_and_ended_in_its_file)
{
	begin();
	struct store *store = opened();
	struct exceptions kept = { 0 };
	struct arena arena;
	struct fault fault;
	int64_t n;
	arena_init(&arena);
	int64_t id = listed(store, &kept, &arena, NOW).items[0].id;
	struct exception_order order = { id, "luis", NOW + 31 * DAY_MS, NOW };
	CHECK(!exception_until(store, &options, &order, &n, NULL, &fault)); /* too far */
	CHECK_STR(file_text("exception-1.yml"), exception);
	order.until_ms = NOW + 7 * DAY_MS;
	REQUIRE(exception_until(store, &options, &order, &n, NULL, &fault));
	CHECK(strstr(file_text("exception-1.yml"), "by ana.\nexpires: 2027-01-22T08:00:00.000Z\ntitle: 'Exception") != NULL);
	struct silence_list list = listed(store, &kept, &arena, NOW);
	REQUIRE(list.n == 1);
	CHECK_INT(list.items[0].id, id); /* it is the same one */
	CHECK_INT(list.items[0].until_ms, NOW + 7 * DAY_MS);
	/* Again: the line is replaced. And over. */
	order.until_ms = NOW + 1000;
	order.now_ms = NOW + 1000;
	REQUIRE(exception_until(store, &options, &order, &n, NULL, &fault));
	const char *first = strstr(file_text("exception-1.yml"), "expires:");
	CHECK(first != NULL && strstr(first + 1, "expires:") == NULL);
	CHECK_INT(listed(store, &kept, &arena, NOW + 1000).n, 0);
	CHECK(!exception_until(store, &options, &order, &n, NULL, &fault)); /* it is over */
	CHECK_INT(fault.code, FAULT_NOT_FOUND);
	struct audit_list audit;
	REQUIRE(query_audit(&store->db, 0, 10, &arena, &audit, &fault));
	CHECK_INT(audit.n, 2);
	struct audit_chain chain = { 0 };
	REQUIRE(audit_chain_read(&store->db, &chain, &fault));
	CHECK_INT(chain.broken_at, 0);
	CHECK_STR(audit.items[0].event.act, "silence_end");
	CHECK_STR(audit.items[1].event.act, "silence_extend");
	CHECK(strstr(audit.items[1].event.note, "exception-1.yml: Exception: the dialler") != NULL);
	struct stat st;
	char path[128];
	snprintf(path, sizeof path, "%s/exception-1.yml", own_folder);
	REQUIRE(stat(path, &st) == 0);
	CHECK_INT(st.st_mode & 0777, 0600);
	/* A judge that reads it lets the calls after its end speak. */
	struct judge *judge = judge_of(&options);
	struct findings out = { .arena = &arena };
	judge_legs(judge, "Ana Bernal", 1, &out); /* of October 2026: before its end */
	CHECK_INT(out.n_exemptions, 1);
	judge_free(judge);
	exceptions_clear(&kept);
	arena_clear(&arena);
	store_close(store);
}

TEST(what_was_written_into_a_file_is_taken_back_whole)
{
	begin();
	struct store *store = opened();
	struct exceptions kept = { 0 };
	struct arena arena;
	struct fault fault;
	int64_t n;
	arena_init(&arena);
	int64_t id = listed(store, &kept, &arena, NOW).items[0].id;
	struct exception_order order = { id, "ana", NOW, NOW };
	struct exception_before before = { .arena = &arena };
	REQUIRE(exception_until(store, &options, &order, &n, &before, &fault));
	CHECK_INT(listed(store, &kept, &arena, NOW).n, 0);
	char ended[4096];
	snprintf(ended, sizeof ended, "%s", file_text("exception-1.yml"));
	for (int turn = 0; turn < 2; turn++) {
		REQUIRE(exception_swap(store, &options, &before, AUDIT_UNDO, "ana", NOW, &fault));
		CHECK_STR(file_text("exception-1.yml"), exception);
		CHECK_INT(listed(store, &kept, &arena, NOW).n, 1);
		REQUIRE(exception_swap(store, &options, &before, AUDIT_REDO, "ana", NOW, &fault));
		CHECK_STR(file_text("exception-1.yml"), ended);
	}
	/* The file is back, and the log does not take the line: the next try writes it. */
	const bool on_file = getenv("CENTINELA_TEST_STORE") == NULL;
	REQUIRE(db_exec(&store->db, on_file ? "CREATE TRIGGER full BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'full'); END;" :
					      "ALTER TABLE audit ADD CONSTRAINT nothing CHECK (seq < 0) NOT VALID", &fault));
	CHECK(!exception_swap(store, &options, &before, AUDIT_UNDO, "ana", NOW, &fault));
	CHECK_STR(file_text("exception-1.yml"), exception);
	REQUIRE(db_exec(&store->db, on_file ? "DROP TRIGGER full" : "ALTER TABLE audit DROP CONSTRAINT nothing", &fault));
	REQUIRE(exception_swap(store, &options, &before, AUDIT_UNDO, "ana", NOW, &fault));
	CHECK_STR(file_text("exception-1.yml"), exception);
	REQUIRE(exception_swap(store, &options, &before, AUDIT_REDO, "ana", NOW, &fault));
	CHECK_STR(file_text("exception-1.yml"), ended);
	/* Somebody has put something else there, or nothing. */
	write_file(own_folder, "exception-1.yml", "title: 'Another'\n");
	CHECK(!exception_swap(store, &options, &before, AUDIT_UNDO, "ana", NOW, &fault));
	CHECK_INT(fault.code, FAULT_CONFLICT);
	CHECK_STR(file_text("exception-1.yml"), "title: 'Another'\n");
	char path[128];
	snprintf(path, sizeof path, "%s/exception-1.yml", own_folder);
	CHECK_INT(unlink(path), 0);
	CHECK(!exception_swap(store, &options, &before, AUDIT_UNDO, "ana", NOW, &fault));
	struct audit_list audit;
	REQUIRE(query_audit(&store->db, 0, 10, &arena, &audit, &fault));
	CHECK_INT(audit.n, 7);
	struct audit_chain chain = { 0 };
	REQUIRE(audit_chain_read(&store->db, &chain, &fault));
	CHECK_INT(chain.broken_at, 0);
	CHECK_STR(audit.items[0].event.act, "redo");
	CHECK_STR(audit.items[1].event.act, "undo");
	CHECK(strstr(audit.items[1].event.note, "exception-1.yml: Exception: the dialler") != NULL);
	exceptions_clear(&kept);
	arena_clear(&arena);
	store_close(store);
}

TEST(files_that_hold_more_or_are_strange_are_left_to_their_owner)
{
	static const char *const others[] = {
		"title: Two\nid: two\ndetection: {s: {call.external_out: true}, condition: s}\n---\ntitle: E\nfilter: {rules: any, s: {user.name: x}, condition: s}\n",
		"filter: {rules: any, s: {user.name: x}, condition: s}\n\"title\": E\n",
	};
	for (size_t i = 0; i < COUNT_OF(others); i++) {
		begin();
		struct store *store = opened();
		struct exceptions kept = { 0 };
		struct arena arena;
		struct fault fault;
		int64_t n;
		arena_init(&arena);
		write_file(own_folder, "exception-1.yml", others[i]);
		struct silence_list list = listed(store, &kept, &arena, NOW);
		REQUIRE(list.n == 1);
		CHECK_STR(list.items[0].owner, "");
		struct exception_order order = { list.items[0].id, "ana", NOW, NOW };
		CHECK(!exception_until(store, &options, &order, &n, NULL, &fault));
		CHECK_INT(fault.code, FAULT_CONFLICT);
		CHECK_STR(file_text("exception-1.yml"), others[i]);
		exceptions_clear(&kept);
		arena_clear(&arena);
		store_close(store);
	}
	/* Hostile names; a broken file; no folder at all. */
	begin();
	struct store *store = opened();
	struct exceptions kept = { 0 };
	struct arena arena;
	arena_init(&arena);
	write_file(own_folder, "exception-1.yml", "\n# Accepted 9999-99-99 by \x1b[2Jmallory\ntitle: \"a\\e[31mb\"\nfilter: {rules: any, s: {user.name: x}, condition: s}\n");
	write_file(own_folder, "exception-2.yml", "title: [\n");
	struct silence_list list = listed(store, &kept, &arena, NOW);
	for (size_t i = 0; i < list.n; i++)
		CHECK(strchr(list.items[i].owner, 27) == NULL && strchr(list.items[i].title_en, 27) == NULL);
	options.own_folder = NULL;
	CHECK_INT(listed(store, &kept, &arena, NOW).n, 0);
	options.own_folder = own_folder;
	options.rules_folder = "/nonexistent";
	CHECK_INT(listed(store, &kept, &arena, NOW).n, 0);
	exceptions_clear(&kept);
	arena_clear(&arena);
	store_close(store);
}

TEST(the_folder_is_taken_away_again)
{
	char command[64];
	snprintf(command, sizeof command, "rm -rf %s", folder);
	CHECK_INT(system(command), 0);
	numbering_free(numbering);
}

TESTS(T(what_an_exception_leaves_out_is_counted_once_a_record), T(one_is_extended_and_ended_in_its_file), T(what_was_written_into_a_file_is_taken_back_whole),
    T(files_that_hold_more_or_are_strange_are_left_to_their_owner), T(the_folder_is_taken_away_again))
