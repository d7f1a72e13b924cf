/* SPDX-License-Identifier: Apache-2.0
 *
 * Check macros that print both values, and a runner: TEST(name) { … } bodies,
 * then TESTS(name, …) as main. Runs one test when its name is the argument. */
#ifndef TEST_H
#define TEST_H

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct test {
	const char *name;
	void (*run)(void);
};

static int test_failures;

#define TEST(name) static void name(void)

#define CHECK(condition)                                                      \
	do {                                                                  \
		if (!(condition)) {                                           \
			test_failures++;                                      \
			printf("%s:%d: %s\n", __FILE__, __LINE__, #condition); \
		}                                                             \
	} while (0)

#define CHECK_INT(actual, expected)                                           \
	do {                                                                  \
		int64_t a_ = (int64_t)(actual), e_ = (int64_t)(expected);     \
		if (a_ != e_) {                                               \
			test_failures++;                                      \
			printf("%s:%d: %s is %" PRId64 ", not %" PRId64 "\n", \
			    __FILE__, __LINE__, #actual, a_, e_);             \
		}                                                             \
	} while (0)

#define CHECK_STR(actual, expected)                                           \
	do {                                                                  \
		const char *a_ = (actual), *e_ = (expected);                  \
		if (a_ == NULL || strcmp(a_, e_) != 0) {                      \
			test_failures++;                                      \
			printf("%s:%d: %s is \"%s\", not \"%s\"\n", __FILE__, \
			    __LINE__, #actual, a_ ? a_ : "(null)", e_);       \
		}                                                             \
	} while (0)

/* Stops the test program: what follows would make no sense. */
#define REQUIRE(condition)                                                    \
	do {                                                                  \
		if (!(condition)) {                                           \
			printf("%s:%d: required: %s\n", __FILE__, __LINE__,   \
			    #condition);                                      \
			exit(1);                                              \
		}                                                             \
	} while (0)

#define TESTS(...)                                                            \
	int main(int argc, char **argv)                                       \
	{                                                                     \
		static const struct test tests[] = { __VA_ARGS__ };           \
		int passed = 0, failed = 0;                                   \
		for (size_t i = 0; i < sizeof tests / sizeof *tests; i++) {   \
			if (argc > 1 && strcmp(argv[1], tests[i].name) != 0)  \
				continue;                                     \
			int before = test_failures;                           \
			tests[i].run();                                       \
			if (test_failures == before) {                        \
				passed++;                                     \
			} else {                                              \
				failed++;                                     \
				printf("FAILED %s\n", tests[i].name);         \
			}                                                     \
		}                                                             \
		printf("%d passed, %d failed\n", passed, failed);             \
		return failed != 0;                                           \
	}
#define T(name) { #name, name }

#endif
