/* SPDX-License-Identifier: Apache-2.0 */
#include "watch/judge_thread.h"

#include <stdlib.h>
#include <uv.h>

#include "base/mem.h"
#include "detect/judge.h"

struct judge_thread {
	struct judge *judge;
	uv_thread_t thread;
	uv_mutex_t lock;
	uv_cond_t news, done;
	/* Under the lock: */
	struct page *page; /* NULL: none */
	size_t announced;  /* legs of it whose fate is known */
	bool busy, ending;
};

static void judge_legs(struct judge *judge, struct page *page, size_t until)
{
	for (; page->n_judged < until; page->n_judged++) {
		struct page_leg *l = &page->legs[page->n_judged];
		if (l->fate == FATE_NEW)
			judge_leg(judge, &l->cdr, l->facts, l->leg_id, &page->findings);
	}
}

static void work(void *arg)
{
	struct judge_thread *t = arg;
	uv_mutex_lock(&t->lock);
	for (;;) {
		if (t->page != NULL && t->page->n_judged < t->announced) {
			struct page *page = t->page;
			size_t until = t->announced;
			t->busy = true;
			uv_mutex_unlock(&t->lock);
			judge_legs(t->judge, page, until);
			uv_mutex_lock(&t->lock);
			t->busy = false;
			continue;
		}
		uv_cond_signal(&t->done);
		if (t->ending)
			break;
		uv_cond_wait(&t->news, &t->lock);
	}
	uv_mutex_unlock(&t->lock);
}

static void destroy(struct judge_thread *t)
{
	uv_cond_destroy(&t->news);
	uv_cond_destroy(&t->done);
	uv_mutex_destroy(&t->lock);
	free(t);
}

bool judge_thread_open(struct judge *judge, struct judge_thread **out, struct fault *fault)
{
	struct judge_thread *t = mem_zalloc(sizeof *t);
	t->judge = judge;
	uv_mutex_init(&t->lock);
	uv_cond_init(&t->news);
	uv_cond_init(&t->done);
	int status = uv_thread_create(&t->thread, work, t);
	if (status == 0) {
		*out = t;
		return true;
	}
	destroy(t);
	return fault_set(fault, FAULT_SYSTEM, "cannot start a thread: %s", uv_strerror(status));
}

void judge_thread_close(struct judge_thread *t)
{
	if (t == NULL)
		return;
	uv_mutex_lock(&t->lock);
	t->ending = true;
	uv_cond_signal(&t->news);
	uv_mutex_unlock(&t->lock);
	uv_thread_join(&t->thread);
	destroy(t);
}

void judge_thread_upto(struct judge_thread *t, struct page *page, size_t n)
{
	uv_mutex_lock(&t->lock);
	t->page = page;
	t->announced = n;
	uv_cond_signal(&t->news);
	uv_mutex_unlock(&t->lock);
}

void judge_thread_wait(struct judge_thread *t)
{
	uv_mutex_lock(&t->lock);
	while (t->page != NULL && (t->busy || t->page->n_judged < t->announced))
		uv_cond_wait(&t->done, &t->lock);
	t->page = NULL;
	uv_mutex_unlock(&t->lock);
}
