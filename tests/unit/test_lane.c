/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <uv.h>

#include "base/mem.h"
#include "net/lane.h"

enum { MANY = 500 };

struct count {
	int worked, done, cancelled, closed;
	int order[MANY];
	struct lane *lane;
};

struct counted {
	struct job job;
	struct count *count;
	int number;
	int again; /* submit itself so many more times from done */
	uv_sem_t *begun, *go;
};

static uv_loop_t loop;

static void work(struct job *job)
{
	struct counted *counted = (struct counted *)job;
	if (counted->begun != NULL)
		uv_sem_post(counted->begun);
	if (counted->go != NULL)
		uv_sem_wait(counted->go);
	counted->count->order[counted->count->worked++] = counted->number;
}

static void done(struct job *job, bool cancelled)
{
	struct counted *counted = (struct counted *)job;
	counted->count->done++;
	if (cancelled)
		counted->count->cancelled++;
	if (counted->again-- > 0)
		lane_submit(counted->count->lane, job);
	else
		free(counted);
}

static struct counted *counted_new(struct count *count, int number)
{
	struct counted *counted = mem_zalloc(sizeof *counted);
	*counted = (struct counted){ .job = { .work = work, .done = done }, .count = count,
		.number = number };
	return counted;
}

static void on_closed(void *arg)
{
	((struct count *)arg)->closed++;
}

static void run_and_prove_clean(void)
{
	uv_run(&loop, UV_RUN_DEFAULT);
	CHECK_INT(uv_loop_close(&loop), 0);
}

TEST(jobs_run_in_order_one_at_a_time)
{
	uv_loop_init(&loop);
	struct count count = { .lane = lane_new(&loop) };
	for (int i = 0; i < MANY; i++)
		lane_submit(count.lane, &counted_new(&count, i)->job);
	CHECK_INT(lane_n_jobs(count.lane), MANY);
	CHECK_INT(count.done, 0);
	uv_run(&loop, UV_RUN_DEFAULT);
	CHECK_INT(count.worked, MANY);
	for (int i = 0; i < MANY; i++)
		CHECK_INT(count.order[i], i);
	CHECK_INT(lane_n_jobs(count.lane), 0);
	lane_close(count.lane, on_closed, &count);
	CHECK_INT(count.closed, 0);
	run_and_prove_clean();
	CHECK_INT(count.closed, 1);
	CHECK_INT(count.done, MANY);
	CHECK_INT(count.cancelled, 0);
}

TEST(closing_finishes_the_running_job_and_cancels_the_rest)
{
	uv_loop_init(&loop);
	struct count count = { .lane = lane_new(&loop) };
	uv_sem_t begun, go;
	uv_sem_init(&begun, 0);
	uv_sem_init(&go, 0);
	struct counted *first = counted_new(&count, 0);
	first->begun = &begun;
	first->go = &go;
	lane_submit(count.lane, &first->job);
	for (int i = 1; i < 10; i++)
		lane_submit(count.lane, &counted_new(&count, i)->job);
	uv_sem_wait(&begun);
	lane_close(count.lane, on_closed, &count);
	uv_sem_post(&go);
	run_and_prove_clean();
	CHECK_INT(count.worked, 1);
	CHECK_INT(count.done, 10);
	CHECK_INT(count.cancelled, 9);
	CHECK_INT(count.closed, 1);
	uv_sem_destroy(&begun);
	uv_sem_destroy(&go);
}

TEST(what_was_promised_is_done_in_its_turn_though_the_lane_closes)
{
	uv_loop_init(&loop);
	struct count count = { .lane = lane_new(&loop) };
	uv_sem_t begun, go;
	uv_sem_init(&begun, 0);
	uv_sem_init(&go, 0);
	struct counted *first = counted_new(&count, 0);
	first->begun = &begun;
	first->go = &go;
	lane_submit(count.lane, &first->job);
	for (int i = 1; i < 10; i++) {
		struct counted *job = counted_new(&count, i);
		job->job.promised = i % 3 == 0;
		lane_submit(count.lane, &job->job);
	}
	uv_sem_wait(&begun);
	lane_close(count.lane, on_closed, &count);
	struct counted *late = counted_new(&count, 10); /* promised while it closes */
	late->job.promised = true;
	lane_submit(count.lane, &late->job);
	uv_sem_post(&go);
	run_and_prove_clean();
	CHECK_INT(count.worked, 5);
	CHECK_INT(count.order[1], 3);
	CHECK_INT(count.order[2], 6);
	CHECK_INT(count.order[3], 9);
	CHECK_INT(count.order[4], 10);
	CHECK_INT(count.done, 11);
	CHECK_INT(count.cancelled, 6);
	CHECK_INT(count.closed, 1);
	uv_sem_destroy(&begun);
	uv_sem_destroy(&go);
}

/* Pages of a backlog wait, 4 is something in between that keeps its place; 5, 8 and 9 are acts. */
TEST(what_was_promised_goes_before_what_gives_way)
{
	static const int ORDER[] = { 0, 1, 2, 3, 4, 5, 8, 9, 6, 7, 10 };
	uv_loop_init(&loop);
	struct count count = { .lane = lane_new(&loop) };
	uv_sem_t begun, go;
	uv_sem_init(&begun, 0);
	uv_sem_init(&go, 0);
	struct counted *first = counted_new(&count, 0);
	first->begun = &begun;
	first->go = &go;
	lane_submit(count.lane, &first->job);
	uv_sem_wait(&begun);
	for (int i = 1; i < 11; i++) {
		struct counted *job = counted_new(&count, i);
		job->job.gives_way = i < 4 || i == 6 || i == 7 || i == 10;
		job->job.promised = i == 5 || i == 8 || i == 9;
		lane_submit(count.lane, &job->job);
	}
	uv_sem_post(&go);
	uv_run(&loop, UV_RUN_DEFAULT);
	CHECK_INT(count.worked, (int)(sizeof ORDER / sizeof *ORDER));
	for (int i = 0; i < count.worked; i++)
		CHECK_INT(count.order[i], ORDER[i]);
	/* Before all of them, where nothing else waits; and the end of the row is still its end. */
	struct counted *blocked = counted_new(&count, 20);
	blocked->begun = &begun;
	blocked->go = &go;
	lane_submit(count.lane, &blocked->job);
	uv_sem_wait(&begun);
	for (int i = 21; i < 25; i++) {
		struct counted *job = counted_new(&count, i);
		job->job.gives_way = i != 23;
		job->job.promised = i == 23;
		lane_submit(count.lane, &job->job);
	}
	uv_sem_post(&go);
	uv_run(&loop, UV_RUN_DEFAULT);
	static const int THEN[] = { 20, 23, 21, 22, 24 };
	for (int i = 0; i < 5; i++)
		CHECK_INT(count.order[11 + i], THEN[i]);
	lane_close(count.lane, on_closed, &count);
	run_and_prove_clean();
	CHECK_INT(count.closed, 1);
	uv_sem_destroy(&begun);
	uv_sem_destroy(&go);
}

TEST(a_promise_that_waits_for_a_thread_is_kept)
{
	uv_loop_init(&loop);
	struct count count = { .lane = lane_new(&loop) };
	struct counted *job = counted_new(&count, 1);
	job->job.promised = true;
	lane_submit(count.lane, &job->job);
	lane_close(count.lane, on_closed, &count); /* most likely before a thread took it */
	run_and_prove_clean();
	CHECK_INT(count.worked, 1);
	CHECK_INT(count.cancelled, 0);
	CHECK_INT(count.closed, 1);
}

TEST(a_done_may_submit_again)
{
	uv_loop_init(&loop);
	struct count count = { .lane = lane_new(&loop) };
	struct counted *job = counted_new(&count, 7);
	job->again = 3;
	lane_submit(count.lane, &job->job);
	uv_run(&loop, UV_RUN_DEFAULT);
	CHECK_INT(count.worked, 4);
	lane_close(count.lane, NULL, NULL);
	run_and_prove_clean();
	CHECK_INT(count.done, 4);
}

TEST(what_a_cancelled_done_submits_is_cancelled_too)
{
	uv_loop_init(&loop);
	struct count count = { .lane = lane_new(&loop) };
	lane_close(count.lane, on_closed, &count);
	struct counted *job = counted_new(&count, 7);
	job->again = 2;
	lane_submit(count.lane, &job->job);
	CHECK_INT(count.done, 0);
	run_and_prove_clean();
	CHECK_INT(count.worked, 0);
	CHECK_INT(count.done, 3);
	CHECK_INT(count.cancelled, 3);
	CHECK_INT(count.closed, 1);
}

/* ThreadSanitizer's test: both lanes use plain counters from pool threads. */
TEST(two_lanes_do_not_wait_for_each_other)
{
	uv_loop_init(&loop);
	struct count a = { .lane = lane_new(&loop) }, b = { .lane = lane_new(&loop) };
	uv_sem_t begun, go;
	uv_sem_init(&begun, 0);
	uv_sem_init(&go, 0);
	struct counted *blocked = counted_new(&a, 0);
	blocked->go = &go;
	lane_submit(a.lane, &blocked->job);
	struct counted *opener = counted_new(&b, 0);
	opener->begun = &go; /* its work opens the other lane */
	lane_submit(b.lane, &opener->job);
	uv_run(&loop, UV_RUN_DEFAULT);
	CHECK_INT(a.done, 1);
	CHECK_INT(b.done, 1);
	lane_close(a.lane, on_closed, &a);
	lane_close(b.lane, on_closed, &b);
	run_and_prove_clean();
	CHECK_INT(a.closed + b.closed, 2);
	uv_sem_destroy(&begun);
	uv_sem_destroy(&go);
}

TESTS(T(jobs_run_in_order_one_at_a_time), T(closing_finishes_the_running_job_and_cancels_the_rest),
    T(what_was_promised_is_done_in_its_turn_though_the_lane_closes),
    T(a_promise_that_waits_for_a_thread_is_kept), T(a_done_may_submit_again), T(what_a_cancelled_done_submits_is_cancelled_too),
    T(two_lanes_do_not_wait_for_each_other), T(what_was_promised_goes_before_what_gives_way))
