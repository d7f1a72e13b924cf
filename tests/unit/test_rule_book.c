/* SPDX-License-Identifier: Apache-2.0
 *
 * The rules as people read them are kept from one alert that is opened to the next,
 * and read anew when a file has changed. */
#include "test.h"

#include <sys/stat.h>
#include <unistd.h>

#include "watch/rule_book.h"

static char folder[] = "/tmp/centinela-rule-book-XXXXXX";
static char rules_folder[64], own_folder[64];

static void write_file(const char *where, const char *name, const char *text)
{
	char path[128];
	snprintf(path, sizeof path, "%s/%s", where, name);
	FILE *file = fopen(path, "w");
	REQUIRE(file != NULL);
	fputs(text, file);
	fclose(file);
}

/* The title of the only rule, "" none; twice, from the files and from what is kept. */
static void check_title(struct rule_shelf *shelf, const char *expected)
{
	struct judge_options options = { .rules_folder = rules_folder, .own_folder = own_folder };
	struct fault fault;
	for (int turn = 0; turn < 2; turn++) {
		struct arena arena;
		struct rule_book book;
		arena_init(&arena);
		REQUIRE(rule_shelf_read(shelf, &options, folder, &arena, &book, &fault));
		CHECK_INT(book.n, 1);
		CHECK_STR(book.rules[0].title_en, expected);
		CHECK_STR(book.rules[0].title_es, expected);
		CHECK_INT(book.rules[0].playbook_en.n, 2);
		CHECK_STR(book.rules[0].playbook_en.items[1], "Ask why.");
		/* What is said in English alone stands in for the Spanish. */
		CHECK_INT(book.rules[0].falsepositives_es.n, 1);
		CHECK_STR(book.rules[0].falsepositives_es.items[0], "A courier");
		CHECK_INT(book.rules[0].tags.n, 0);
		CHECK_INT(book.n_scenarios, 1);
		CHECK_STR(book.scenarios[0], "wave");
		arena_clear(&arena);
	}
}

#define RULE(title) "title: " title "\nid: out\nfalsepositives: [A courier]\ndetection: {s: {call.external_out: true}, condition: s}\ncentinela: {playbook: {en: [Call them., Ask why.]}}\n"

TEST(a_book_is_read_again_when_a_file_changed)
{
	struct rule_shelf shelf = { 0 };
	char scenarios[64], command[100];
	REQUIRE(mkdtemp(folder) != NULL);
	snprintf(rules_folder, sizeof rules_folder, "%s/rules", folder);
	snprintf(own_folder, sizeof own_folder, "%s/own", folder);
	snprintf(scenarios, sizeof scenarios, "%s/scenarios", folder);
	REQUIRE(mkdir(rules_folder, 0700) == 0 && mkdir(own_folder, 0700) == 0 && mkdir(scenarios, 0700) == 0);
	write_file(scenarios, "wave.json", "{}");
	write_file(rules_folder, "a.yml", RULE("Out"));
	check_title(&shelf, "Out");
	write_file(own_folder, "mine.yml", RULE("Outward calls"));
	check_title(&shelf, "Outward calls");
	write_file(own_folder, "mine.yml", RULE("Out of here"));
	check_title(&shelf, "Out of here");
	/* What cannot be read is said, and nothing old is told instead. */
	struct arena arena;
	struct rule_book book;
	struct fault fault;
	struct judge_options none = { .rules_folder = "/nowhere" };
	arena_init(&arena);
	CHECK(!rule_shelf_read(&shelf, &none, folder, &arena, &book, &fault));
	CHECK(!rule_shelf_read(&shelf, &none, folder, &arena, &book, &fault));
	arena_clear(&arena);
	rule_shelf_clear(&shelf);
	snprintf(command, sizeof command, "rm -rf %s", folder);
	CHECK_INT(system(command), 0);
}

TESTS(T(a_book_is_read_again_when_a_file_changed))
