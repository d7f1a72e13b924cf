/* SPDX-License-Identifier: Apache-2.0
 *
 * What a person arranged, as it is kept. */
#include "test.h"

#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "ui/looks.h"

static bool parse(const char *text, struct looks *looks, struct fault *fault)
{
	return looks_parse(looks, "looks.yaml", text, strlen(text), fault);
}

TEST(what_is_written_is_read_again)
{
	struct looks looks = { 0 }, again;
	struct text text = { 0 };
	struct fault fault = { 0 };
	CHECK(looks_put(&looks, "columns", "queue", "who what=40 -site", &fault));
	CHECK(looks_put(&looks, "macros", "a", "c 3 \" \\ ' # \xC3\xB1", &fault));
	CHECK(looks_put(&looks, "columns", "null", "~", &fault));
	CHECK(looks_put(&looks, "columns", "live", "x", &fault));
	CHECK(looks_put(&looks, "columns", "live", "", &fault)); /* none any more */
	CHECK(looks_put(&looks, "macros", "b", "\x1b[31mred\n", &fault));
	looks_print(&looks, &text);
	REQUIRE(parse(text_string(&text), &again, &fault));
	CHECK_INT(again.n, 4);
	for (size_t i = 0; i < looks.n; i++)
		CHECK_STR(looks_get(&again, looks.entries[i].section, looks.entries[i].name), looks.entries[i].value);
	CHECK_STR(looks_get(&again, "macros", "b"), "\xEF\xBF\xBD[31mred "); /* nothing that a terminal obeys */
	CHECK(looks_get(&again, "columns", "live") == NULL);
	CHECK_STR(looks_at(&again, "macros", 1)->name, "b");
	CHECK(looks_at(&again, "macros", 2) == NULL);
	text_clear(&text);
	looks_clear(&looks);
	looks_clear(&again);
}

TEST(what_is_none_of_it_is_told_with_its_line)
{
	static const struct {
		const char *text, *says;
	} cases[] = { { "- a\n", "looks.yaml:1:" }, { "columns: queue\n", "looks.yaml:1:1: here stand names" },
		{ "columns:\n  queue: [a]\n", "looks.yaml:2:3: here stand" }, { "columns:\n  a b: c\n", "looks.yaml:2:3: a name has letters" },
		{ "columns:\n  aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa: c\n", "31 at most" }, { "a: {b: c\n", "looks.yaml:" },
		{ "\xff", "no UTF-8" } };
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct looks looks;
		struct fault fault = { 0 };
		CHECK(!parse(cases[i].text, &looks, &fault));
		if (strstr(fault.text, cases[i].says) == NULL) {
			printf("%zu: %s\n", i, fault.text);
			CHECK(false);
		}
		CHECK_INT(looks.n, 0);
	}
	struct looks looks;
	struct fault fault = { 0 };
	CHECK(parse("", &looks, &fault) && looks.n == 0);
	CHECK(parse("columns:\n", &looks, &fault) && looks.n == 0);
}

TEST(it_does_not_grow_without_an_end)
{
	struct looks looks = { 0 };
	struct fault fault = { 0 };
	char name[16], *big = mem_zalloc(LOOKS_BYTES + 1);
	for (int i = 0; i < LOOKS_MOST; i++) {
		snprintf(name, sizeof name, "n%d", i);
		CHECK(looks_put(&looks, "macros", name, "x", &fault));
	}
	CHECK(!looks_put(&looks, "macros", "more", "x", &fault));
	CHECK(looks_put(&looks, "macros", "n7", "y", &fault)); /* in the place of another */
	memset(big, 'x', LOOKS_BYTES);
	CHECK(!looks_put(&looks, "macros", "n7", big, &fault));
	CHECK_STR(looks_get(&looks, "macros", "n7"), "y");
	free(big);
	looks_clear(&looks);
}

TEST(a_file_is_its_owners_and_what_others_put_there_stays)
{
	char folder[] = "/tmp/centinela-looks-XXXXXX";
	struct fault fault = { 0 };
	struct looks looks;
	struct stat st;
	REQUIRE(mkdtemp(folder) != NULL);
	char *path = mem_printf("%s/sub/looks.yaml", folder), *sub = mem_printf("%s/sub", folder);
	CHECK(looks_read(path, &looks, &fault) && looks.n == 0);
	CHECK(looks_file_put(path, "columns", "queue", "who", &fault));
	CHECK(looks_file_put(path, "layouts", "night", "stack", &fault));
	CHECK(stat(path, &st) == 0 && (st.st_mode & 07777) == 0600);
	REQUIRE(looks_read(path, &looks, &fault));
	CHECK_STR(looks_get(&looks, "columns", "queue"), "who");
	looks_clear(&looks);
	/* One that is not understood, or that others may read, is not written over. */
	CHECK_INT(chmod(path, 0644), 0);
	CHECK(!looks_file_put(path, "columns", "queue", "what", &fault));
	CHECK_INT(chmod(path, 0600), 0);
	FILE *file = fopen(path, "w");
	REQUIRE(file != NULL);
	fputs("mine: [a\n", file);
	fclose(file);
	CHECK(!looks_file_put(path, "columns", "queue", "what", &fault));
	CHECK(stat(path, &st) == 0 && st.st_size == 9);
	unlink(path);
	rmdir(sub);
	rmdir(folder);
	free(path);
	free(sub);
}

TESTS(T(what_is_written_is_read_again), T(what_is_none_of_it_is_told_with_its_line), T(it_does_not_grow_without_an_end),
    T(a_file_is_its_owners_and_what_others_put_there_stays))
