/* SPDX-License-Identifier: Apache-2.0
 *
 * What contain.c (up to the decision) and contain_write.c (what is written, and whether it
 * came to be) share of an act. */
#ifndef WATCH_CONTAIN_INSIDE_H
#define WATCH_CONTAIN_INSIDE_H

#include "watch/contain.h"
#include "watch/desk_inside.h"
#include "webex/client.h"

enum { CONTAIN_TIMEOUT_MS = 20000 };

struct contain_act {
	struct desk_work work; /* first; one at a time */
	struct responder *responder;
	struct contain_act *next;
	struct arena arena;
	struct contain_order order;
	struct contain_result result;
	struct link link;
	struct webex *webex;
	struct webex_call *call;
	uv_timer_t timer;
	bool linked, cancelled, ended;
	uint64_t read_ns;	   /* when Webex told */
	bool looks_once_more;	   /* the timer runs, or ran */
	struct containment begun;  /* DO: the row to be, and */
	const char *diff;	   /* what changes, in words */
	struct contain_step step;
	int64_t seen_ms;	   /* the row's last step that is known here */
	struct fault doubt;	   /* of a write that may have come through */
	bool store_ok;
	void (*then)(struct contain_act *); /* when the store has answered */
	void (*done)(const struct contain_result *, void *arg);
	void *arg;
};

struct responder {
	uv_loop_t *loop;
	struct link_config link;
	const struct clock *clock;
	struct desk *desk;
	struct contain_act *acts;
	bool closing;
	uv_timer_t closer;
	void (*on_closed)(void *arg);
	void *closed_arg;
};

void contain_end(struct contain_act *);
enum contain_kind contain_act_kind(const struct contain_act *);
/* The row to that state, then `then`. */
void contain_step_to(struct contain_act *, enum contain_state to, const char *tracking, const char *error, void (*then)(struct contain_act *));
/* A PUT of the body; NULL: a GET. */
void contain_ask(struct contain_act *, const char *body, webex_done_fn done);
/* One sentence for who waits at a console: what to do. */
void contain_explain(struct fault *);
bool contain_is_as(struct contain_act *, const char *read, size_t n, const char *body, struct contain_changes *left, struct fault *);

/* result.body is written, read again, and the row says what came of it; then the end. */
void contain_write(struct contain_act *);
/* The timer's, of one that looks once more: at once. */
void contain_look_now(uv_timer_t *);

#endif
