/* SPDX-License-Identifier: Apache-2.0 */
#include "watch/history.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/json.h"
#include "net/file.h"
#include "net/lane.h"
#include "watch/exceptions.h"
#include "watch/guard.h"

struct history {
	struct lane *lane;
	struct db db; /* the lane's */
	bool open;
	struct guard_config config;
	struct exceptions exceptions; /* the lane's */
	char *me;
	const struct clock *clock;
	struct question *first; /* asked and not answered */
	bool closing;
	void (*on_closed)(void *);
	void *closed_arg;
};

/* One question on its way: what is asked, where the answer goes. */
struct question {
	struct job job;
	struct history *history;
	struct question *next;
	bool (*ask)(struct question *); /* on the lane */
	bool of_files;			/* needs no store */
	void (*tell)(struct question *, const struct fault *); /* on the loop */
	void *arg;
	bool forgotten, ok;
	struct fault fault;
	struct arena arena;
	int64_t id, now_ms, since_ms, until_ms;
	size_t limit;
	struct {
		enum subject_kind kind;
		const char *id;
	} subject;
	enum silence_kind silence;
	const int64_t *ids; /* n of them: `limit` */
	union {
		struct alert_query alert;
		struct call_query call;
		const char *scores, *scope; /* filters */
		struct {
			const char *path, *bytes;
			size_t n;
		} file;
	} query;
	union {
		struct alert_list alerts;
		struct alert_detail alert;
		struct call_list calls;
		struct call_detail call;
		const char *raw;
		struct location_list locations;
		struct score_list scores;
		struct profile profile;
		struct audit_list audit;
		struct case_story story;
		struct shift_report shift;
		struct rule_cards cards;
		struct rule_book book;
		struct silence_list silences;
		struct kept_list kept;
		struct silence_preview preview;
		struct silence_debt debt;
		struct alert_survey survey;
	} answer;
	union {
		void (*alerts)(void *, const struct alert_list *, const struct fault *);
		void (*alert)(void *, const struct alert_detail *, const struct fault *);
		void (*calls)(void *, const struct call_list *, const struct fault *);
		void (*call)(void *, const struct call_detail *, const struct fault *);
		void (*raw)(void *, const char *, const struct fault *);
		void (*locations)(void *, const struct location_list *, const struct fault *);
		void (*scores)(void *, const struct score_list *, const struct fault *);
		void (*profile)(void *, const struct profile *, const struct fault *);
		void (*audit)(void *, const struct audit_list *, const struct fault *);
		void (*story)(void *, const struct case_story *, const struct fault *);
		void (*shift)(void *, const struct shift_report *, const struct fault *);
		void (*file)(void *, const char *, const struct fault *);
		void (*cards)(void *, const struct rule_cards *, const struct fault *);
		void (*book)(void *, const struct rule_book *, const struct fault *);
		void (*silences)(void *, const struct silence_list *, const struct fault *);
		void (*kept)(void *, const struct kept_list *, const struct fault *);
		void (*preview)(void *, const struct silence_preview *, const struct fault *);
		void (*debt)(void *, const struct silence_debt *, const struct fault *);
		void (*survey)(void *, const struct alert_survey *, const struct fault *);
	} to;
};

struct history *history_new(uv_loop_t *loop, const struct guard_config *config, const char *me,
    const struct clock *clock)
{
	struct history *history = mem_zalloc(sizeof *history);
	history->lane = lane_new(loop);
	history->config = *config;
	history->me = mem_strdup(me);
	history->clock = clock;
	return history;
}

static void on_lane_closed(void *arg)
{
	struct history *history = arg;
	void (*on_closed)(void *) = history->on_closed;
	void *closed_arg = history->closed_arg;
	db_close(&history->db);
	exceptions_clear(&history->exceptions);
	free(history->me);
	free(history);
	if (on_closed != NULL)
		on_closed(closed_arg);
}

void history_close(struct history *history, void (*on_closed)(void *), void *arg)
{
	history->closing = true;
	history->on_closed = on_closed;
	history->closed_arg = arg;
	lane_close(history->lane, on_lane_closed, history);
}

static void ask_work(struct job *job)
{
	struct question *q = (struct question *)job;
	struct history *history = q->history;
	if (!history->open && !q->of_files) {
		history->open = db_open(history->config.store, OPEN_READ, &history->db, &q->fault);
		if (!history->open) {
			q->ok = false;
			return;
		}
	}
	q->ok = q->ask(q);
}

static void on_asked(struct job *job, bool cancelled)
{
	struct question *q = (struct question *)job;
	struct history *history = q->history;
	for (struct question **at = &history->first; *at != NULL; at = &(*at)->next) {
		if (*at == q) {
			*at = q->next;
			break;
		}
	}
	if (!q->forgotten && !cancelled && !history->closing)
		q->tell(q, q->ok ? NULL : &q->fault);
	arena_clear(&q->arena);
	free(q);
}

static struct question *ask(struct history *history, bool (*work)(struct question *),
    void (*tell)(struct question *, const struct fault *), void *arg)
{
	struct question *q = mem_zalloc(sizeof *q);
	arena_init(&q->arena);
	q->job = (struct job){ .work = ask_work, .done = on_asked };
	q->history = history;
	q->ask = work;
	q->tell = tell;
	q->arg = arg;
	q->now_ms = clock_now_ms(history->clock);
	q->next = history->first;
	history->first = q;
	return q;
}

static void submit(struct question *q)
{
	lane_submit(q->history->lane, &q->job);
}

void history_forget(struct history *history, void *arg)
{
	for (struct question *q = history->first; q != NULL; q = q->next)
		q->forgotten = q->forgotten || q->arg == arg;
}

/* Each kind: how it is asked on the lane, how it is told on the loop. */
#define TELL(kind)                                                                  \
	static void tell_##kind(struct question *q, const struct fault *fault)      \
	{                                                                           \
		q->to.kind(q->arg, fault == NULL ? &q->answer.kind : NULL, fault);  \
	}
TELL(alerts)
TELL(alert)
TELL(calls)
TELL(call)
TELL(locations)
TELL(scores)
TELL(profile)
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

static void tell_raw(struct question *q, const struct fault *fault)
{
	q->to.raw(q->arg, fault == NULL ? q->answer.raw : NULL, fault);
}

static void tell_file(struct question *q, const struct fault *fault)
{
	q->to.file(q->arg, q->query.file.path, fault);
}

static bool ask_alerts(struct question *q)
{
	return query_alerts(&q->history->db, &q->query.alert, q->history->me, &q->arena, &q->answer.alerts, &q->fault);
}

static bool ask_survey_matching(struct question *q)
{
	return query_survey_matching(&q->history->db, &q->query.alert, q->history->me, &q->arena, &q->answer.survey, &q->fault);
}

static bool ask_survey_of(struct question *q)
{
	return query_survey_of(&q->history->db, q->ids, q->limit, q->history->me, &q->arena, &q->answer.survey, &q->fault);
}

static bool ask_alert(struct question *q)
{
	return query_alert(&q->history->db, q->id, &q->arena, &q->answer.alert, &q->fault);
}

static bool ask_calls(struct question *q)
{
	return query_calls(&q->history->db, &q->query.call, &q->arena, &q->answer.calls, &q->fault);
}

static bool ask_call(struct question *q)
{
	return query_call(&q->history->db, q->id, &q->arena, &q->answer.call, &q->fault);
}

static bool ask_raw(struct question *q)
{
	const char *raw;
	size_t n;
	json_t *record;
	struct fault ignored;
	if (!query_raw(&q->history->db, q->id, &q->arena, &raw, &n, &q->fault))
		return false;
	/* Indented when it is JSON; else as it came: it may be anything. */
	q->answer.raw = raw;
	if (json_parse(raw, n, &record, &ignored)) {
		char *pretty = json_dumps(record, JSON_INDENT(2) | JSON_PRESERVE_ORDER);
		if (pretty != NULL)
			q->answer.raw = arena_strdup(&q->arena, pretty);
		free(pretty);
		json_decref(record);
	}
	return true;
}

static bool ask_locations(struct question *q)
{
	return query_locations(&q->history->db, q->now_ms, &q->arena, &q->answer.locations, &q->fault);
}

static bool ask_scores(struct question *q)
{
	return query_scores(&q->history->db, q->now_ms, q->query.scores, q->limit, &q->arena, &q->answer.scores, &q->fault);
}

static bool ask_profile(struct question *q)
{
	return query_profile(&q->history->db, q->subject.kind, q->subject.id, q->now_ms, &q->arena, &q->answer.profile,
	    &q->fault);
}

static bool ask_audit(struct question *q)
{
	return query_audit(&q->history->db, q->limit, &q->arena, &q->answer.audit, &q->fault);
}

static bool ask_case(struct question *q)
{
	return query_case(&q->history->db, q->id, &q->arena, &q->answer.story, &q->fault);
}

static bool ask_shift(struct question *q)
{
	return query_shift(&q->history->db, q->since_ms, q->until_ms, q->now_ms, &q->arena, &q->answer.shift, &q->fault);
}

static bool ask_keep(struct question *q)
{
	return file_write_new(q->query.file.path, q->query.file.bytes, q->query.file.n, &q->fault);
}

static bool ask_cards(struct question *q)
{
	return query_rule_cards(&q->history->db, q->since_ms, &q->arena, &q->answer.cards, &q->fault);
}

/* As silences count: the wall's clock, or event time's where that is ahead. */
static int64_t silence_now(const struct question *q)
{
	return MAX(q->now_ms, clock_real_ms());
}

static bool ask_silences(struct question *q)
{
	struct history *h = q->history;
	return query_silences(&h->db, silence_now(q), false, &q->arena, &q->answer.silences, &q->fault) &&
	    exceptions_add(&h->exceptions, &h->config.rules, &h->db, silence_now(q), &q->arena, &q->answer.silences, &q->fault);
}

/* An exception keeps no findings back that could be shown: it leaves records out. */
static bool ask_exception(struct question *q)
{
	struct history *h = q->history;
	struct silence_list list = { 0 };
	char ref[SILENCE_REF_BYTES];
	if (!exceptions_add(&h->exceptions, &h->config.rules, &h->db, silence_now(q), &q->arena, &list, &q->fault))
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
	return query_kept_back(&q->history->db, q->silence, q->id, silence_now(q), &q->arena, &q->answer.kept, &q->fault);
}

static bool ask_preview(struct question *q)
{
	return query_silence_preview(&q->history->db, q->query.scope, q->now_ms, &q->arena, &q->answer.preview, &q->fault);
}

static bool ask_debt(struct question *q)
{
	return query_silence_debt(&q->history->db, silence_now(q), &q->answer.debt, &q->fault);
}

static bool ask_book(struct question *q)
{
	const struct guard_config *c = &q->history->config;
	return rule_book_read(&c->rules, c->data_folder, &q->arena, &q->answer.book, &q->fault);
}

static void of_alerts(struct question *q, const struct alert_query *query)
{
	q->query.alert = *query;
	q->query.alert.now_ms = q->now_ms;
	q->query.alert.filter = arena_strdup(&q->arena, query->filter == NULL ? "" : query->filter);
}

void history_alerts(struct history *history, const struct alert_query *query,
    void (*on_answer)(void *, const struct alert_list *, const struct fault *), void *arg)
{
	struct question *q = ask(history, ask_alerts, tell_alerts, arg);
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
	submit(q);
}

void history_survey_matching(struct history *history, const struct alert_query *query,
    void (*on_answer)(void *, const struct alert_survey *, const struct fault *), void *arg)
{
	struct question *q = ask(history, ask_survey_matching, tell_survey, arg);
	of_alerts(q, query);
	q->to.survey = on_answer;
	submit(q);
}

void history_survey_of(struct history *history, const int64_t *ids, size_t n,
    void (*on_answer)(void *, const struct alert_survey *, const struct fault *), void *arg)
{
	struct question *q = ask(history, ask_survey_of, tell_survey, arg);
	int64_t *copy = arena_alloc(&q->arena, (n + 1) * sizeof *copy);
	memcpy(copy, ids, n * sizeof *copy);
	q->ids = copy;
	q->limit = n;
	q->to.survey = on_answer;
	submit(q);
}

void history_alert(struct history *history, int64_t id,
    void (*on_answer)(void *, const struct alert_detail *, const struct fault *), void *arg)
{
	struct question *q = ask(history, ask_alert, tell_alert, arg);
	q->id = id;
	q->to.alert = on_answer;
	submit(q);
}

void history_calls(struct history *history, const struct call_query *query,
    void (*on_answer)(void *, const struct call_list *, const struct fault *), void *arg)
{
	struct question *q = ask(history, ask_calls, tell_calls, arg);
	q->query.call = *query;
	q->query.call.now_ms = q->now_ms;
	q->query.call.limit = MIN(query->limit, (size_t)1000);
	q->query.call.filter = arena_strdup(&q->arena, query->filter == NULL ? "" : query->filter);
	q->to.calls = on_answer;
	submit(q);
}

void history_call(struct history *history, int64_t call_id,
    void (*on_answer)(void *, const struct call_detail *, const struct fault *), void *arg)
{
	struct question *q = ask(history, ask_call, tell_call, arg);
	q->id = call_id;
	q->to.call = on_answer;
	submit(q);
}

void history_raw(struct history *history, int64_t leg_id,
    void (*on_answer)(void *, const char *, const struct fault *), void *arg)
{
	struct question *q = ask(history, ask_raw, tell_raw, arg);
	q->id = leg_id;
	q->to.raw = on_answer;
	submit(q);
}

void history_locations(struct history *history,
    void (*on_answer)(void *, const struct location_list *, const struct fault *), void *arg)
{
	struct question *q = ask(history, ask_locations, tell_locations, arg);
	q->to.locations = on_answer;
	submit(q);
}

void history_scores(struct history *history, const char *filter, size_t limit,
    void (*on_answer)(void *, const struct score_list *, const struct fault *), void *arg)
{
	struct question *q = ask(history, ask_scores, tell_scores, arg);
	q->query.scores = arena_strdup(&q->arena, filter);
	q->limit = limit;
	q->to.scores = on_answer;
	submit(q);
}

void history_profile(struct history *history, enum subject_kind kind, const char *id,
    void (*on_answer)(void *, const struct profile *, const struct fault *), void *arg)
{
	struct question *q = ask(history, ask_profile, tell_profile, arg);
	q->subject.kind = kind;
	q->subject.id = arena_strdup(&q->arena, id);
	q->to.profile = on_answer;
	submit(q);
}

void history_audit(struct history *history, size_t limit,
    void (*on_answer)(void *, const struct audit_list *, const struct fault *), void *arg)
{
	struct question *q = ask(history, ask_audit, tell_audit, arg);
	q->limit = limit;
	q->to.audit = on_answer;
	submit(q);
}

void history_case(struct history *history, int64_t id,
    void (*on_answer)(void *, const struct case_story *, const struct fault *), void *arg)
{
	struct question *q = ask(history, ask_case, tell_story, arg);
	q->id = id;
	q->to.story = on_answer;
	submit(q);
}

void history_shift(struct history *history, int64_t from_ms, int64_t until_ms,
    void (*on_answer)(void *, const struct shift_report *, const struct fault *), void *arg)
{
	struct question *q = ask(history, ask_shift, tell_shift, arg);
	q->since_ms = from_ms;
	q->until_ms = until_ms;
	q->to.shift = on_answer;
	submit(q);
}

void history_keep(struct history *history, const char *path, const char *bytes, size_t n,
    void (*on_answer)(void *, const char *, const struct fault *), void *arg)
{
	struct question *q = ask(history, ask_keep, tell_file, arg);
	q->of_files = true;
	q->query.file.path = arena_strdup(&q->arena, path);
	q->query.file.bytes = arena_strndup(&q->arena, bytes, n);
	q->query.file.n = n;
	q->to.file = on_answer;
	submit(q);
}

void history_rule_cards(struct history *history, int64_t since_ms,
    void (*on_answer)(void *, const struct rule_cards *, const struct fault *), void *arg)
{
	struct question *q = ask(history, ask_cards, tell_cards, arg);
	q->since_ms = since_ms;
	q->to.cards = on_answer;
	submit(q);
}

void history_rule_book(struct history *history,
    void (*on_answer)(void *, const struct rule_book *, const struct fault *), void *arg)
{
	struct question *q = ask(history, ask_book, tell_book, arg);
	q->of_files = true;
	q->to.book = on_answer;
	submit(q);
}

void history_silences(struct history *history,
    void (*on_answer)(void *, const struct silence_list *, const struct fault *), void *arg)
{
	struct question *q = ask(history, ask_silences, tell_silences, arg);
	q->to.silences = on_answer;
	submit(q);
}

void history_kept_back(struct history *history, enum silence_kind kind, int64_t id,
    void (*on_answer)(void *, const struct kept_list *, const struct fault *), void *arg)
{
	struct question *q = ask(history, ask_kept, tell_kept, arg);
	q->silence = kind;
	q->id = id;
	q->to.kept = on_answer;
	submit(q);
}

void history_silence_preview(struct history *history, const char *filter,
    void (*on_answer)(void *, const struct silence_preview *, const struct fault *), void *arg)
{
	struct question *q = ask(history, ask_preview, tell_preview, arg);
	q->query.scope = arena_strdup(&q->arena, filter);
	q->to.preview = on_answer;
	submit(q);
}

void history_silence_debt(struct history *history,
    void (*on_answer)(void *, const struct silence_debt *, const struct fault *), void *arg)
{
	struct question *q = ask(history, ask_debt, tell_debt, arg);
	q->to.debt = on_answer;
	submit(q);
}
