/* SPDX-License-Identifier: Apache-2.0
 *
 * The rules that ship: they are read, they are complete, and the tests that
 * stand beside them pass. */
#include "base/places.h"
#include "test.h"

#include "cdr_maker.h"
#include "detect/rules_check.h"

static struct fact_world world;
static int warnings;

static void on_line(void *arg, enum rules_report kind, const char *line)
{
	(void)arg;
	warnings += kind == RULES_WARNING;
	if (kind != RULES_FINE || getenv("VERBOSE") != NULL)
		printf("  %s\n", line);
}

static const struct judge_options pack = { .rules_folder = CENTINELA_SOURCE_DATA "/rules" },
				  nowhere = { .rules_folder = "/nowhere/at/all" };

TEST(shipped_rules_are_read_and_complete)
{
	warnings = 0;
	CHECK(rules_check(&pack, on_line, NULL));
	CHECK_INT(warnings, 0);
}

TEST(shipped_rules_pass_their_own_tests)
{
	CHECK(rules_test(&pack, &world, on_line, NULL));
}

TEST(a_folder_that_is_not_there_is_said_to_be_so)
{
	CHECK(!rules_check(&nowhere, NULL, NULL));
	CHECK(!rules_test(&nowhere, &world, NULL, NULL));
}

int main(void)
{
	struct numbering *numbering = numbering_of_source();
	world.numbering = numbering;
	shipped_rules_are_read_and_complete();
	shipped_rules_pass_their_own_tests();
	a_folder_that_is_not_there_is_said_to_be_so();
	numbering_free(numbering);
	printf("%d failed\n", test_failures);
	return test_failures != 0;
}
