/* SPDX-License-Identifier: Apache-2.0
 *
 * The judge works a step behind the store lane: while legs are being written,
 * those whose fate is known already are judged on a thread of its own, within
 * the same transaction. Judging costs a fifth of what a page costs; beside
 * the writing it costs no time. One page at a time. */
#ifndef WATCH_JUDGE_THREAD_H
#define WATCH_JUDGE_THREAD_H

#include "store/store.h"

struct judge;
struct judge_thread;

/* `judge` is the thread's between the first upto and the wait of a page, and
 * its owner's at any other time. */
bool judge_thread_open(struct judge *, struct judge_thread **out, struct fault *) MUST_USE;
void judge_thread_close(struct judge_thread *); /* NULL is fine; no page is on its way */

/* The legs [0, n) of the page have their fates. Does not wait. */
void judge_thread_upto(struct judge_thread *, struct page *, size_t n);
/* All that was announced is judged: the page is the caller's alone again. */
void judge_thread_wait(struct judge_thread *);

#endif
