/* SPDX-License-Identifier: Apache-2.0 */
#include "watch/history_inside.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"

struct history *history_new(uv_loop_t *loop, const struct guard_config *config, const char *me,
    const struct clock *clock)
{
	struct history *history = mem_zalloc(sizeof *history);
	history->n_open = N_READERS;
	for (size_t i = 0; i < N_READERS; i++)
		history->readers[i] = (struct reader){ .lane = lane_new(loop), .history = history };
	history->config = *config;
	history->me = mem_strdup(me);
	history->clock = clock;
	return history;
}

void history_wait_for(struct history *history, const atomic_bool *reached)
{
	history->reached = reached;
}

static void on_lane_closed(void *arg)
{
	struct reader *reader = arg;
	struct history *history = reader->history;
	reader->lane = NULL;
	db_close(&reader->db);
	if (--history->n_open > 0)
		return;
	void (*on_closed)(void *) = history->on_closed;
	void *closed_arg = history->closed_arg;
	past_close(history->past);
	exceptions_clear(&history->exceptions);
	rule_shelf_clear(&history->shelf);
	free(history->me);
	free(history);
	if (on_closed != NULL)
		on_closed(closed_arg);
}

bool history_is_stuck(const struct history *history)
{
	for (size_t i = 0; i < N_READERS; i++)
		if (history->readers[i].lane != NULL && lane_is_stuck(history->readers[i].lane))
			return true;
	return false;
}

void history_close(struct history *history, void (*on_closed)(void *), void *arg)
{
	history->closing = true;
	history->on_closed = on_closed;
	history->closed_arg = arg;
	for (size_t i = 0; i < N_READERS; i++)
		lane_close(history->readers[i].lane, on_lane_closed, &history->readers[i]);
}

/* Nobody waits behind an answer that nobody waits for. */
static bool is_wanted(void *arg)
{
	const struct reader *reader = arg;
	return !reader->working->forgotten;
}

static void ask_work(struct job *job)
{
	struct question *q = (struct question *)job;
	struct reader *reader = q->reader;
	reader->working = q;
	q->ok = false;
	if (q->forgotten)
		return;
	if (!q->of_files && q->history->reached != NULL && !atomic_load(q->history->reached)) {
		char shown[256];
		store_address_shown(q->history->config.store, shown, sizeof shown);
		fault_set(&q->fault, FAULT_NETWORK, _("the store %s has not answered yet"), shown);
		return;
	}
	if (!reader->open && !q->of_files) {
		reader->open = db_open(q->history->config.store, OPEN_READ, &reader->db, &q->fault);
		if (!reader->open)
			return;
		db_ask_whether(&reader->db, is_wanted, reader);
	}
	/* One moment for all the statements of a question. */
	q->ok = (q->of_files || db_begin_reading(&reader->db, &q->fault)) && q->ask(q);
	if (!q->of_files)
		db_rollback(&reader->db);
}

/* Of making a moment so much at a time: a key whose answer waits behind it is not felt. */
#define PAST_PIECE_MS 12

static bool forget_past(struct history *history)
{
	past_close(history->past);
	history->past = NULL;
	return false;
}

static bool reach_past(struct question *q)
{
	struct history *history = q->history;
	bool ready;
	if (history->past != NULL && past_moment(history->past) != q->now_ms)
		forget_past(history);
	if (history->past == NULL && !past_open(history->config.store, q->now_ms, &history->past, &q->fault))
		return false;
	if (!past_begin(history->past, PAST_PIECE_MS, &ready, &q->fault))
		return forget_past(history);
	q->again = !ready;
	return ready;
}

struct db *history_db(struct question *q)
{
	if (!q->past)
		return &q->reader->db;
	return reach_past(q) ? past_db(q->history->past) : NULL;
}

bool history_asked(struct question *q, bool ok)
{
	if (q->past)
		past_end(q->history->past);
	return ok;
}

static void on_ahead(void *arg, const struct rule_book *book, const struct fault *fault)
{
	UNUSED(arg);
	UNUSED(book);
	UNUSED(fault); /* who asks for them is told */
}

/* The rules' words take longer to be read than all of an alert, which is shown with them: they
 * are on their shelf before the first is opened, once the first frame has what it asked for. */
static void read_ahead(struct history *history)
{
	if (!history->ahead && !history->closing && history->config.rules.rules_folder != NULL)
		history_rule_book(history, on_ahead, history);
	history->ahead = true;
}

static void on_asked(struct job *job, bool cancelled)
{
	struct question *q = (struct question *)job;
	struct history *history = q->history;
	if (q->again && !q->forgotten && !cancelled && !history->closing) {
		q->again = false;
		if (!q->past || q->now_ms == history->at_ms) {
			lane_submit(q->reader->lane, &q->job);
			return;
		}
		fault_set(&q->fault, FAULT_CANCELLED, "another moment is looked at");
	}
	/* PostgreSQL may end the next question when it is asked to end one that was forgotten. */
	if (!q->ok && q->fault.code == FAULT_CANCELLED && !q->past && !q->twice && !q->forgotten && !cancelled && !history->closing) {
		q->twice = true;
		shift_reading_free(q->shift); /* begun anew */
		q->shift = NULL;
		q->fault = (struct fault){ 0 };
		lane_submit(q->reader->lane, &q->job);
		return;
	}
	for (struct question **at = &history->first; *at != NULL; at = &(*at)->next) {
		if (*at == q) {
			*at = q->next;
			break;
		}
	}
	if (!q->forgotten && !cancelled && !history->closing)
		q->tell(q, q->ok ? NULL : &q->fault);
	shift_reading_free(q->shift);
	arena_clear(&q->arena);
	free(q);
	read_ahead(history);
}

struct question *history_ask(struct history *history, bool (*work)(struct question *),
    void (*tell)(struct question *, const struct fault *), void *arg)
{
	struct question *q = mem_zalloc(sizeof *q);
	arena_init(&q->arena);
	q->job = (struct job){ .work = ask_work, .done = on_asked };
	q->history = history;
	q->reader = &history->readers[READER_OF_KEYS];
	q->ask = work;
	q->tell = tell;
	q->arg = arg;
	q->past = history->at_ms != 0;
	q->now_ms = q->past ? history->at_ms : clock_now_ms(history->clock);
	q->next = history->first;
	history->first = q;
	return q;
}

void history_submit(struct question *q)
{
	lane_submit(q->reader->lane, &q->job);
}

void history_submit_aside(struct question *q)
{
	if (!q->past)
		q->reader = &q->history->readers[READER_ASIDE];
	history_submit(q);
}

void history_forget(struct history *history, void *arg)
{
	for (struct question *q = history->first; q != NULL; q = q->next)
		q->forgotten = q->forgotten || q->arg == arg;
}

void history_at(struct history *history, int64_t at_ms)
{
	history->at_ms = at_ms;
}
