/* SPDX-License-Identifier: Apache-2.0
 *
 * The compiled tables against the patterns they were derived from: random
 * numbers, judged by the metadata's own expressions (pcre2) and by us. Skips
 * where ../shared/numbering/territories.csv is absent. */
#include "test.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <unistd.h>

#include "base/csv.h"
#include "base/mem.h"
#include "base/places.h"
#include "base/text.h"
#include "calls/e164.h"

/* Columns of the source, in the order in which libphonenumber tries them. */
static const struct {
	int column;
	const char *class;
} columns[] = { { 14, "premium" }, { 12, "toll_free" }, { 16, "shared_cost" }, { 20, "voip" },
	{ 18, "personal" }, { 22, "pager" }, { 24, "uan" }, { 8, "fixed" }, { 10, "mobile" },
	{ 26, "mobile" } };

struct facts {
	char iso[3], code[4];
	bool main;
	pcre2_code *leading, *pattern[COUNT_OF(columns)];
};

static struct facts all[300];
static size_t n_all;

static pcre2_code *compiled(const char *pattern, bool whole)
{
	int error;
	PCRE2_SIZE place;
	if (pattern[0] == '\0')
		return NULL;
	pcre2_code *code = pcre2_compile((PCRE2_SPTR)pattern, PCRE2_ZERO_TERMINATED,
	    PCRE2_ANCHORED | (whole ? PCRE2_ENDANCHORED : 0), &error, &place, NULL);
	REQUIRE(code != NULL);
	pcre2_jit_compile(code, PCRE2_JIT_COMPLETE);
	return code;
}

static bool on_row(const struct csv_field *f, size_t n, uint64_t line, void *arg)
{
	UNUSED(arg);
	if (line == 1 || csv_is(f[0], "001"))
		return true;
	REQUIRE(n == 28 && n_all < COUNT_OF(all) && f[0].n == 2 && f[1].n <= 3);
	struct facts *facts = &all[n_all++];
	memcpy(facts->iso, f[0].p, 3);
	memcpy(facts->code, f[1].p, f[1].n + 1);
	facts->main = f[5].n > 0;
	facts->leading = compiled(f[4].p, false);
	for (size_t i = 0; i < COUNT_OF(columns); i++)
		facts->pattern[i] = compiled(f[columns[i].column].p, true);
	return true;
}

static bool matches(pcre2_code *code, const char *text, pcre2_match_data *match)
{
	return code != NULL && pcre2_match(code, (PCRE2_SPTR)text, strlen(text), 0, 0, match, NULL) >= 0;
}

static const char *class_by(const struct facts *facts, const char *national, pcre2_match_data *match)
{
	if (!facts->main && facts->leading != NULL && !matches(facts->leading, national, match))
		return NULL;
	for (size_t i = 0; i < COUNT_OF(columns); i++) {
		if (!matches(facts->pattern[i], national, match))
			continue;
		if (columns[i].column == 8 && matches(facts->pattern[i + 1], national, match))
			return "fixed_or_mobile";
		return columns[i].class;
	}
	return NULL;
}

TEST(the_tables_say_what_the_patterns_say)
{
	struct numbering *numbering;
	struct fault fault;
	REQUIRE(numbering_open(CENTINELA_SOURCE_DATA, &numbering, &fault));
	pcre2_match_data *match = pcre2_match_data_create(8, NULL);
	uint64_t state = 20261123;
	int valid = 0, wrong = 0;
	for (size_t i = 0; i < n_all * 1500; i++) {
		const struct facts *home = &all[i % n_all], *found = NULL;
		char text[20] = "+", *national;
		const char *class = NULL;
		memcpy(text + 1, home->code, strlen(home->code));
		national = text + 1 + strlen(home->code);
		state = state * UINT64_C(6364136223846793005) + 1442695040888963407u;
		size_t n = 5 + (state >> 40) % 7;
		for (size_t k = 0; k < n; k++) {
			state = state * UINT64_C(6364136223846793005) + 1442695040888963407u;
			national[k] = (char)('0' + (state >> 40) % 10);
		}
		national[n] = '\0';
		/* The main territory first, then the others as they come. */
		for (int others = 0; others < 2 && class == NULL; others++) {
			for (size_t k = 0; k < n_all && class == NULL; k++) {
				if (strcmp(all[k].code, home->code) != 0 || all[k].main == (others == 1))
					continue;
				found = &all[k];
				class = class_by(found, national, match);
			}
		}
		if (class == NULL)
			continue;
		struct number number;
		valid++;
		number_read(numbering, (struct span){ text, (uint32_t)strlen(text) }, "", 0, &number);
		if (strcmp(number_class_name(number.class), class) != 0 ||
		    strcmp(number.country, found->iso) != 0) {
			if (wrong++ < 10)
				printf("%s is %s %s, not %s %s\n", text, number.country,
				    number_class_name(number.class), found->iso, class);
		}
	}
	printf("%d valid numbers of %zu territories\n", valid, n_all);
	CHECK_INT(wrong, 0);
	CHECK(valid > 20000);
	pcre2_match_data_free(match);
	numbering_free(numbering);
	for (size_t i = 0; i < n_all; i++) {
		pcre2_code_free(all[i].leading);
		for (size_t k = 0; k < COUNT_OF(columns); k++)
			pcre2_code_free(all[i].pattern[k]);
	}
}

static int run(int argc, char **argv);
#define main run
TESTS(T(the_tables_say_what_the_patterns_say))
#undef main

int main(int argc, char **argv)
{
	const char *source = getenv("CENTINELA_SOURCE");
	struct fault fault;
	char *path = mem_printf("%s/../shared/numbering/territories.csv",
	    source != NULL ? source : CENTINELA_SOURCE_DATA "/..");
	if (access(path, R_OK) != 0) {
		printf("skipped: no ../shared/numbering/territories.csv\n");
		free(path);
		return 0;
	}
	bool ok = csv_read_file(path, (size_t)4 << 20, NULL, on_row, NULL, &fault);
	if (!ok)
		printf("%s\n", fault.text);
	free(path);
	return ok ? run(argc, argv) : 1;
}
