/* SPDX-License-Identifier: Apache-2.0
 *
 * Questions about alerts, what became of them, and what keeps them back. */
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "watch/history_inside.h"

TELL(alerts)
TELL(alert)
TELL(audit)
TELL(story)
TELL(shift)
TELL(cards)
TELL(book)
TELL(silences)
TELL(kept)
TELL(preview)
TELL(debt)
TELL(survey)

/* A piece of a walk is some milliseconds behind it: 25 in all. */
#define PAST_SEARCH_MS 18
/* Of a shift so much at a time: a key whose answer waits behind it is not felt. */
#define SHIFT_PIECE_MS 12

/* Rows as they were; how many are open of each severity is said of now: who looks
 * back is called all the same when something critical comes. */
static bool ask_past_alerts(struct question *q)
{
	struct alert_query count = { .filter = "", .limit = 1 };
	struct alert_list now;
	struct db *db = history_db(q);
	q->query.alert.at_ms = q->now_ms;
	q->query.alert.budget_ms = PAST_SEARCH_MS;
	if (db == NULL || !history_asked(q, query_alerts(db, &q->query.alert, q->history->me, &q->arena, &q->answer.alerts, &q->fault)) ||
	    !query_alerts(&q->reader->db, &count, q->history->me, &q->arena, &now, &q->fault))
		return false;
	memcpy(q->answer.alerts.n_by_severity, now.n_by_severity, sizeof now.n_by_severity);
	q->answer.alerts.newest_id = now.newest_id;
	q->answer.alerts.revision = now.revision;
	return true;
}

static bool ask_alerts(struct question *q)
{
	if (q->past)
		return ask_past_alerts(q);
	return query_alerts(&q->reader->db, &q->query.alert, q->history->me, &q->arena, &q->answer.alerts, &q->fault);
}

static bool ask_survey_matching(struct question *q)
{
	return query_survey_matching(&q->reader->db, &q->query.alert, q->history->me, &q->arena, &q->answer.survey, &q->fault);
}

static bool ask_survey_of(struct question *q)
{
	return query_survey_of(&q->reader->db, q->ids, q->limit, q->history->me, &q->arena, &q->answer.survey, &q->fault);
}

static bool ask_alert(struct question *q)
{
	struct db *db = history_db(q);
	if (db == NULL)
		return false;
	bool ok = query_alert(db, q->id, &q->arena, &q->answer.alert, &q->fault);
	if (ok && q->past)
		ok = past_texts_are_of_now(q->history->past, q->id, &q->answer.alert.texts_of_now, &q->fault);
	return history_asked(q, ok);
}

/* Lines of the log at once: some 10 ms, and a key behind it waits no longer. */
#define CHAIN_PIECE 5000

static bool ask_audit(struct question *q)
{
	if (!audit_chain_read_on(&q->reader->db, &q->chain, CHAIN_PIECE, &q->fault))
		return false;
	q->again = !q->chain.ready;
	if (q->again)
		return true;
	bool ok = query_audit(&q->reader->db, 0, q->limit, &q->arena, &q->answer.audit, &q->fault);
	q->answer.audit.chain = q->chain;
	return ok;
}

static bool ask_case(struct question *q)
{
	return query_case(&q->reader->db, q->named, q->id, &q->arena, &q->answer.story, &q->fault);
}

static bool ask_shift(struct question *q)
{
	bool ready;
	if (q->shift == NULL)
		q->shift = shift_reading_new(q->since_ms, q->until_ms, q->now_ms, &q->arena, &q->answer.shift);
	if (!shift_read_on(q->shift, &q->reader->db, SHIFT_PIECE_MS, &ready, &q->fault))
		return false;
	q->again = !ready;
	return true;
}

static bool ask_cards(struct question *q)
{
	return query_rule_cards(&q->reader->db, q->since_ms, &q->arena, &q->answer.cards, &q->fault);
}

/* As silences count: the wall's clock, or event time's where that is ahead. */
static int64_t silence_now(const struct question *q)
{
	return MAX(q->now_ms, clock_real_ms());
}

static bool ask_silences(struct question *q)
{
	struct history *h = q->history;
	return query_silences(&q->reader->db, silence_now(q), false, &q->arena, &q->answer.silences, &q->fault) &&
	    exceptions_add(&h->exceptions, &h->config.rules, &q->reader->db, silence_now(q), &q->arena, &q->answer.silences, &q->fault);
}

/* An exception keeps no findings back that could be shown: it leaves records out. */
static bool ask_exception(struct question *q)
{
	struct history *h = q->history;
	struct silence_list list = { 0 };
	char ref[SILENCE_REF_BYTES];
	if (!exceptions_add(&h->exceptions, &h->config.rules, &q->reader->db, silence_now(q), &q->arena, &list, &q->fault))
		return false;
	for (size_t i = 0; i < list.n; i++) {
		if (list.items[i].id == q->id) {
			q->answer.kept = (struct kept_list){ .silence = list.items[i] };
			return true;
		}
	}
	return fault_set(&q->fault, FAULT_NOT_FOUND, _("there is no silence %s"), silence_ref(q->silence, q->id, ref));
}

static bool ask_kept(struct question *q)
{
	if (q->silence == SILENCE_EXCEPTION)
		return ask_exception(q);
	return query_kept_back(&q->reader->db, q->silence, q->id, silence_now(q), &q->arena, &q->answer.kept, &q->fault);
}

static bool ask_preview(struct question *q)
{
	return query_silence_preview(&q->reader->db, q->query.scope, q->now_ms, &q->arena, &q->answer.preview, &q->fault);
}

static bool ask_debt(struct question *q)
{
	return query_silence_debt(&q->reader->db, silence_now(q), &q->answer.debt, &q->fault);
}

static bool ask_book(struct question *q)
{
	const struct guard_config *c = &q->history->config;
	return rule_shelf_read(&q->history->shelf, &c->rules, c->data_folder, &q->arena, &q->answer.book, &q->fault);
}

static void of_alerts(struct question *q, const struct alert_query *query)
{
	q->query.alert = *query;
	q->query.alert.now_ms = q->now_ms;
	q->query.alert.without_gone = !q->past; /* a look back shows what was there then */
	q->query.alert.filter = arena_strdup(&q->arena, query->filter == NULL ? "" : query->filter);
}

void history_alerts(struct history *history, const struct alert_query *query,
    void (*on_answer)(void *, const struct alert_list *, const struct fault *), void *arg)
{
	struct question *q = history_ask(history, ask_alerts, tell_alerts, arg);
	of_alerts(q, query);
	if (query->from != NULL) {
		struct alert_mark *from = arena_alloc(&q->arena, sizeof *from);
		*from = *query->from;
		from->text = from->text == NULL ? NULL : arena_strdup(&q->arena, from->text);
		q->query.alert.from = from;
	}
	int64_t *opened = arena_alloc(&q->arena, (query->n_opened + 1) * sizeof *opened);
	for (size_t i = 0; i < query->n_opened; i++)
		opened[i] = query->opened[i];
	q->query.alert.opened = opened;
	q->to.alerts = on_answer;
	history_submit(q);
}

void history_survey_matching(struct history *history, const struct alert_query *query,
    void (*on_answer)(void *, const struct alert_survey *, const struct fault *), void *arg)
{
	struct question *q = history_ask(history, ask_survey_matching, tell_survey, arg);
	of_alerts(q, query);
	q->to.survey = on_answer;
	history_submit(q);
}

void history_survey_of(struct history *history, const int64_t *ids, size_t n,
    void (*on_answer)(void *, const struct alert_survey *, const struct fault *), void *arg)
{
	struct question *q = history_ask(history, ask_survey_of, tell_survey, arg);
	int64_t *copy = arena_alloc(&q->arena, (n + 1) * sizeof *copy);
	memcpy(copy, ids, n * sizeof *copy);
	q->ids = copy;
	q->limit = n;
	q->to.survey = on_answer;
	history_submit(q);
}

void history_alert(struct history *history, int64_t id,
    void (*on_answer)(void *, const struct alert_detail *, const struct fault *), void *arg)
{
	struct question *q = history_ask(history, ask_alert, tell_alert, arg);
	q->id = id;
	q->to.alert = on_answer;
	history_submit(q);
}

void history_audit(struct history *history, size_t limit, const struct audit_chain *known,
    void (*on_answer)(void *, const struct audit_list *, const struct fault *), void *arg)
{
	struct question *q = history_ask(history, ask_audit, tell_audit, arg);
	q->limit = limit;
	q->chain = *known;
	q->to.audit = on_answer;
	history_submit(q);
}

void history_case(struct history *history, enum case_named named, int64_t id,
    void (*on_answer)(void *, const struct case_story *, const struct fault *), void *arg)
{
	struct question *q = history_ask(history, ask_case, tell_story, arg);
	q->named = named;
	q->id = id;
	q->to.story = on_answer;
	history_submit(q);
}

void history_shift(struct history *history, int64_t from_ms, int64_t until_ms,
    void (*on_answer)(void *, const struct shift_report *, const struct fault *), void *arg)
{
	struct question *q = history_ask(history, ask_shift, tell_shift, arg);
	q->since_ms = from_ms;
	q->until_ms = until_ms;
	q->to.shift = on_answer;
	history_submit(q);
}

void history_rule_cards(struct history *history, int64_t since_ms,
    void (*on_answer)(void *, const struct rule_cards *, const struct fault *), void *arg)
{
	struct question *q = history_ask(history, ask_cards, tell_cards, arg);
	q->since_ms = since_ms;
	q->to.cards = on_answer;
	history_submit(q);
}

void history_rule_book(struct history *history,
    void (*on_answer)(void *, const struct rule_book *, const struct fault *), void *arg)
{
	struct question *q = history_ask(history, ask_book, tell_book, arg);
	q->of_files = true;
	q->to.book = on_answer;
	history_submit(q);
}

void history_silences(struct history *history,
    void (*on_answer)(void *, const struct silence_list *, const struct fault *), void *arg)
{
	struct question *q = history_ask(history, ask_silences, tell_silences, arg);
	q->to.silences = on_answer;
	history_submit(q);
}

void history_kept_back(struct history *history, enum silence_kind kind, int64_t id,
    void (*on_answer)(void *, const struct kept_list *, const struct fault *), void *arg)
{
	struct question *q = history_ask(history, ask_kept, tell_kept, arg);
	q->silence = kind;
	q->id = id;
	q->to.kept = on_answer;
	history_submit(q);
}

void history_silence_preview(struct history *history, const char *filter,
    void (*on_answer)(void *, const struct silence_preview *, const struct fault *), void *arg)
{
	struct question *q = history_ask(history, ask_preview, tell_preview, arg);
	q->query.scope = arena_strdup(&q->arena, filter);
	q->to.preview = on_answer;
	history_submit(q);
}

void history_silence_debt(struct history *history,
    void (*on_answer)(void *, const struct silence_debt *, const struct fault *), void *arg)
{
	struct question *q = history_ask(history, ask_debt, tell_debt, arg);
	q->to.debt = on_answer;
	history_submit_aside(q);
}
