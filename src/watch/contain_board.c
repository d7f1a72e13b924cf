/* SPDX-License-Identifier: Apache-2.0 */
#include "watch/contain_board.h"

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

static void contain(struct board *board, const struct contain_order *order, void (*done)(const struct contain_result *, void *), void *arg)
{
	responder_start(board->responder, order, done, arg);
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
