/* SPDX-License-Identifier: Apache-2.0
 *
 * Judging a step behind the writing gives what judging afterwards gives. */
#include "test.h"

#include "base/places.h"
#include "cdr_maker.h"
#include "detect/judge.h"
#include "watch/judge_thread.h"

enum { LEGS = 3000 };

static struct fact_world world;

/* A night of calls to Latvia by a few people; every tenth leg was seen before. */
static struct page *a_page(struct cdr_maker *m)
{
	struct page *page = page_new();
	struct cdr plain = cdr_made(m);
	page->legs = arena_zalloc(&page->arena, LEGS * sizeof *page->legs);
	page->n_legs = LEGS;
	for (size_t i = 0; i < LEGS; i++) {
		struct page_leg *l = &page->legs[i];
		struct leg_facts *facts = arena_zalloc(&page->arena, sizeof *facts);
		char *user = arena_printf(&page->arena, "person-%zu", i % 40);
		char *called = arena_printf(&page->arena, "+371255501%02zu", i % 60);
		l->cdr = plain;
		l->cdr.start_ms += (int64_t)i * 1000;
		l->cdr.report_ms += (int64_t)i * 1000;
		l->cdr.field[CDR_F_USER_UUID] = (struct span){ user, (uint32_t)strlen(user) };
		l->cdr.field[CDR_F_CALLED_NUMBER] = (struct span){ called, (uint32_t)strlen(called) };
		leg_facts_derive(&world, &l->cdr, facts);
		l->facts = facts;
		l->leg_id = (int64_t)i + 1;
		l->fate = i % 10 == 9 ? FATE_SEEN : FATE_NEW;
	}
	return page;
}

static struct judge *a_judge(void)
{
	struct judge *judge;
	struct judge_options options = { .rules_folder = CENTINELA_SOURCE_DATA "/rules" };
	REQUIRE(judge_open(&options, &judge, NULL));
	return judge;
}

TEST(step_by_step_is_as_afterwards)
{
	struct cdr_maker m;
	struct fault fault;
	cdr_outbound(&m);
	struct page *pages[2] = { a_page(&m), a_page(&m) };
	struct judge *judges[2] = { a_judge(), a_judge() };
	struct judge_thread *threads[2];
	for (int k = 0; k < 2; k++)
		REQUIRE(judge_thread_open(judges[k], &threads[k], &fault));
	for (size_t n = 1; n < LEGS; n += 1 + n / 7)
		judge_thread_upto(threads[0], pages[0], n);
	judge_thread_upto(threads[0], pages[0], LEGS);
	judge_thread_wait(threads[0]);
	judge_thread_upto(threads[1], pages[1], LEGS);
	judge_thread_wait(threads[1]);
	CHECK_INT(judge_counts(judges[0]).legs, LEGS - LEGS / 10);
	CHECK(pages[0]->findings.n > 0);
	CHECK_INT(pages[0]->findings.n, pages[1]->findings.n);
	for (size_t i = 0; i < MIN(pages[0]->findings.n, pages[1]->findings.n); i++)
		CHECK(pages[0]->findings.items[i].fingerprint == pages[1]->findings.items[i].fingerprint);
	for (int k = 0; k < 2; k++) {
		judge_thread_close(threads[k]);
		judge_free(judges[k]);
		page_free(pages[k]);
	}
	cdr_free(&m);
}

TEST(a_page_that_comes_again_is_judged_once)
{
	struct cdr_maker m;
	struct fault fault;
	struct judge_thread *thread;
	cdr_outbound(&m);
	struct page *page = a_page(&m);
	struct judge *judge = a_judge();
	REQUIRE(judge_thread_open(judge, &thread, &fault));
	/* The first time the writing failed half-way. */
	judge_thread_upto(thread, page, LEGS / 2);
	judge_thread_wait(thread);
	int64_t half = judge_counts(judge).legs;
	judge_thread_upto(thread, page, LEGS / 2);
	judge_thread_wait(thread);
	CHECK_INT(judge_counts(judge).legs, half);
	judge_thread_upto(thread, page, LEGS);
	judge_thread_wait(thread);
	CHECK_INT(judge_counts(judge).legs, LEGS - LEGS / 10);
	judge_thread_wait(thread); /* no page: no wait */
	judge_thread_close(thread);
	judge_free(judge);
	page_free(page);
	cdr_free(&m);
}

int main(void)
{
	struct numbering *numbering = numbering_of_source();
	world.numbering = numbering;
	step_by_step_is_as_afterwards();
	a_page_that_comes_again_is_judged_once();
	numbering_free(numbering);
	printf("%d failed\n", test_failures);
	return test_failures != 0;
}
