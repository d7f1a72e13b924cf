/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "filter/book.h"
#include "net/file.h"
#include "ui/filter_file.h"

static struct fault fault;

static bool reads(struct filter_book *book, const char *text)
{
	fault = (struct fault){ 0 };
	return filter_book_read(book, "filters.yaml", text, strlen(text), &fault);
}

TEST(a_book_comes_back_as_it_was)
{
	struct filter_book book = { 0 }, again = { 0 };
	struct text text = { 0 };
	CHECK(book_put(&book.saved, "night", "user.name = \"Ana \\\"La\\\" B*\" and (start > -2h or dst.country in [CU, LV])", &fault));
	CHECK(book_put(&book.saved, "Sede-1", "location ~ \"Bogotá: #1\"", &fault));
	CHECK(book_put(&book.last, "queue", "severity >= high", &fault));
	filter_book_write(&book, &text);
	REQUIRE(reads(&again, text.bytes));
	CHECK_INT(again.saved.n, 2);
	CHECK_STR(book_find(&again.saved, "NIGHT"), book_find(&book.saved, "night"));
	CHECK_STR(book_find(&again.saved, "sede-1"), "location ~ \"Bogotá: #1\"");
	CHECK_STR(book_find(&again.last, "queue"), "severity >= high");
	CHECK(book_find(&again.saved, "queue") == NULL);
	/* The same name again replaces it, nothing takes it out. */
	CHECK(book_put(&again.saved, "NIGHT", "answered", &fault) && again.saved.n == 2);
	CHECK_STR(book_find(&again.saved, "night"), "answered");
	CHECK(book_put(&again.saved, "night", "", &fault) && again.saved.n == 1);
	CHECK(book_find(&again.saved, "night") == NULL && book_find(&again.saved, "sede-1") != NULL);
	CHECK(book_put(&again.saved, "nobody", "", &fault) && again.saved.n == 1);
	text_clear(&text);
	filter_book_clear(&book);
	filter_book_clear(&again);
}

TEST(what_is_no_book_is_refused_in_a_sentence)
{
	static const char *const bad[] = { "- a\n", "x: y\n", "saved: [a]\n", "saved: text\n", "saved:\n  a: [b]\n", "saved:\n  a: {b: c}\n",
		"saved:\n  \"a b\": x\n", "saved:\n  \"\": x\n", "saved:\n  abcdefghijklmnopqrstuvwxyz1234567: x\n", "saved:\n  a: \"\\e[31m\"\n",
		"saved:\n  a: \"\\u202e\"\n", "saved:\n  a: x\n  a: y\n", "saved: {a: &x y, b: *x}\n", "saved: {a: b\n", "saved:\n  a: x\n---\nlast: {}\n", "\xFF\xFE", "a: b: c" };
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		struct filter_book book = { 0 };
		CHECK(!reads(&book, bad[i]));
		if (fault.text[0] == '\0' || strncmp(fault.text, "filters.yaml", 12) != 0)
			printf("  %s: %s\n", bad[i], fault.text);
		CHECK(strncmp(fault.text, "filters.yaml", 12) == 0);
		CHECK_INT(book.saved.n + book.last.n, 0);
		filter_book_clear(&book);
	}
	static const char *const fine[] = { "", "# nothing\n", "saved:\nlast:\n", "saved: {}\n" };
	for (size_t i = 0; i < COUNT_OF(fine); i++) {
		struct filter_book book = { 0 };
		CHECK(reads(&book, fine[i]));
		filter_book_clear(&book);
	}
}

TEST(a_book_is_bounded)
{
	struct filter_book book = { 0 };
	char name[32], *longer = malloc(600);
	memset(longer, 'x', 599);
	longer[599] = '\0';
	CHECK(!book_put(&book.saved, "long", longer, &fault));
	for (int i = 0; i < BOOK_FILTERS; i++) {
		snprintf(name, sizeof name, "n%d", i);
		CHECK(book_put(&book.saved, name, "x", &fault));
	}
	CHECK(!book_put(&book.saved, "onemore", "x", &fault));
	CHECK_STR(fault.text, "there are 100 saved filters, and no more are kept");
	CHECK(book_put(&book.saved, "n7", "y", &fault));
	free(longer);
	filter_book_clear(&book);
}

TEST(names_are_put_in_with_parentheses)
{
	struct filter_book book = { 0 };
	struct text out = { 0 };
	CHECK(book_put(&book.saved, "a", "answered or queued", &fault) && book_put(&book.saved, "b", "not @a", &fault) &&
	    book_put(&book.saved, "loop", "@loop", &fault) && book_put(&book.saved, "bomb", "@bomb2 @bomb2 @bomb2 @bomb2", &fault) &&
	    book_put(&book.saved, "bomb2", "@bomb3 @bomb3 @bomb3 @bomb3", &fault) && book_put(&book.saved, "bomb3", "@loop", &fault));
	struct filter_names names = filter_book_names(&book);
	CHECK(filter_expand("legs > 1 and @b", &names, &out, &fault));
	CHECK_STR(text_string(&out), "legs > 1 and (not (answered or queued))");
	CHECK(filter_expand("\"@a\" @nosuch mail@a", &names, &out, &fault));
	CHECK_STR(text_string(&out), "\"@a\" @nosuch mail@a");
	CHECK(filter_expand("", &names, &out, &fault));
	CHECK_STR(text_string(&out), "");
	CHECK(!filter_expand("@loop", &names, &out, &fault));
	CHECK_STR(fault.text, "@loop: nested too deeply");
	CHECK(!filter_expand("@bomb", &names, &out, &fault));
	text_clear(&out);
	filter_book_clear(&book);
}

static char folder[] = "/tmp/centinela-book-XXXXXX";

static void remove_folder(void)
{
	char command[80];
	snprintf(command, sizeof command, "rm -rf %s", folder);
	CHECK_INT(system(command), 0);
}

TEST(a_file_is_its_owners_alone_and_keeps_what_others_put_there)
{
	struct filter_book book;
	struct stat st;
	char path[80];
	REQUIRE(mkdtemp(folder) != NULL && atexit(remove_folder) == 0);
	snprintf(path, sizeof path, "%s/deep/filters.yaml", folder);
	CHECK(filter_file_read(path, &book, &fault) && book.saved.n == 0); /* there is none */
	CHECK(filter_file_put(path, false, "night", "answered", &fault));
	CHECK(filter_file_put(path, true, "queue", "severity = high", &fault));
	REQUIRE(stat(path, &st) == 0);
	CHECK_INT(st.st_mode & 0777, 0600);
	REQUIRE(filter_file_read(path, &book, &fault));
	CHECK_STR(book_find(&book.saved, "night"), "answered");
	CHECK_STR(book_find(&book.last, "queue"), "severity = high");
	filter_book_clear(&book);
	CHECK(filter_file_put(path, false, "night", "", &fault));
	REQUIRE(filter_file_read(path, &book, &fault));
	CHECK_INT(book.saved.n, 0);
	filter_book_clear(&book);
	/* Others could read it: not used, and not written over. */
	REQUIRE(chmod(path, 0644) == 0);
	CHECK(!filter_file_read(path, &book, &fault));
	CHECK(strstr(fault.text, "chmod 600") != NULL);
	CHECK(!filter_file_put(path, false, "a", "x", &fault));
	/* No book: the same. */
	REQUIRE(file_write(path, "saved: [1]\n", 11, 0600, &fault));
	CHECK(!filter_file_put(path, false, "a", "x", &fault));
	CHECK(strstr(fault.text, "filters.yaml:1: names with their filters belong here") != NULL);
	char *huge = mem_alloc(400000);
	memset(huge, '#', 400000);
	REQUIRE(file_write(path, huge, 400000, 0600, &fault));
	CHECK(!filter_file_read(path, &book, &fault));
	free(huge);
}

TEST(the_file_is_beside_the_configuration)
{
	char *path = filter_file_path("/nowhere/centinela.yaml");
	CHECK_STR(path, "/nowhere/filters.yaml");
	free(path);
	path = filter_file_path("mine.yaml");
	CHECK_STR(path, "filters.yaml");
	free(path);
	CHECK(filter_file_path("/dev/null") == NULL);
	CHECK(filter_file_path(NULL) == NULL);
}

TESTS(T(a_book_comes_back_as_it_was), T(what_is_no_book_is_refused_in_a_sentence), T(a_book_is_bounded), T(names_are_put_in_with_parentheses),
    T(a_file_is_its_owners_alone_and_keeps_what_others_put_there), T(the_file_is_beside_the_configuration))
