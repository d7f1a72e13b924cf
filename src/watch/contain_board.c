/* SPDX-License-Identifier: Apache-2.0 */
#include "watch/contain_board.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "watch/history_inside.h"

enum { MOST_ROWS = 20 };

TELL(containments)

static bool ask_containments(struct question *q)
{
	struct containment_query query = { .person = q->subject.id, .open = true, .limit = MOST_ROWS };
	return query_containments(&q->reader->db, &query, &q->arena, &q->answer.containments.items, &q->answer.containments.n, &q->fault);
}

static void contained(struct board *board, const char *person, void (*on_answer)(void *, const struct containments *, const struct fault *), void *arg)
{
	struct question *q = history_ask(board->history, ask_containments, tell_containments, arg);
	q->subject.id = arena_strdup(&q->arena, person);
	q->to.containments = on_answer;
	history_submit(q);
}

/* ---- undo, by the desk ----------------------------------------------------------------- */

struct way_back {
	void (*on_done)(void *, size_t, size_t, const struct fault *);
	void *arg;
};

static void on_undone(const struct contain_result *r, void *arg)
{
	struct way_back *way = arg;
	bool ok = r->fault.code == FAULT_NONE;
	way->on_done(way->arg, ok, !ok, ok ? NULL : &r->fault);
	free(way);
}

static void undo(void *responder, int64_t id, void (*on_done)(void *, size_t, size_t, const struct fault *), void *arg)
{
	struct way_back *way = mem_zalloc(sizeof *way);
	*way = (struct way_back){ on_done, arg };
	responder_start(responder, &(struct contain_order){ .verb = CONTAIN_UNDO, .id = id }, on_undone, way);
}

/* ---- an act ------------------------------------------------------------------------------ */

struct order {
	struct board *board;
	bool contains; /* else it only looks, or gives back */
	enum contain_kind kind;
	void (*done)(const struct contain_result *, void *arg);
	void *arg;
};

static void on_ordered(const struct contain_result *r, void *arg)
{
	struct order *o = arg;
	char name[96];
	if (o->contains && r->fault.code == FAULT_NONE && r->state == CONTAIN_VERIFIED && r->id != 0 && o->board->responder != NULL) {
		snprintf(name, sizeof name, "%s (#%lld)", contain_kind_word(o->kind), (long long)r->id);
		desk_did_outside(o->board->desk, name, r->id, undo, o->board->responder);
	}
	o->done(r, o->arg);
	free(o);
}

static void contain(struct board *board, const struct contain_order *order, void (*done)(const struct contain_result *, void *), void *arg)
{
	struct order *o = mem_zalloc(sizeof *o);
	*o = (struct order){ board, order->verb == CONTAIN_DO && !order->look, order->kind, done, arg };
	responder_start(board->responder, order, on_ordered, o);
}

void contain_board_begin(struct board *board, uv_loop_t *loop, const struct link_config *link, const struct clock *clock)
{
	board->responder = responder_new(loop, link, clock, board->desk);
	board->contain = contain;
	board->contained = contained;
}

void contain_board_end(struct board *board, void (*on_ended)(void *), void *arg)
{
	struct responder *responder = board->responder;
	board->responder = NULL;
	board->contain = NULL; /* nobody begins another one */
	board->contained = NULL;
	if (responder == NULL)
		on_ended(arg);
	else
		responder_close(responder, on_ended, arg);
}
