/* SPDX-License-Identifier: Apache-2.0
 *
 * Questions about calls, and about whom they are of. */
#include <stdlib.h>

#include "base/json.h"
#include "net/file.h"
#include "watch/history_inside.h"

TELL(calls)
TELL(call)
TELL(locations)
TELL(scores)
TELL(profile)
TELL(day)

static void tell_raw(struct question *q, const struct fault *fault)
{
	q->to.raw(q->arg, fault == NULL ? q->answer.raw : NULL, fault);
}

static void tell_file(struct question *q, const struct fault *fault)
{
	q->to.file(q->arg, q->query.file.path, fault);
}

static bool ask_calls(struct question *q)
{
	return query_calls(&q->reader->db, &q->query.call, &q->arena, &q->answer.calls, &q->fault);
}

static bool ask_call(struct question *q)
{
	return query_call(&q->reader->db, q->id, &q->arena, &q->answer.call, &q->fault);
}

static bool ask_raw(struct question *q)
{
	const char *raw;
	size_t n;
	json_t *record;
	struct fault ignored;
	if (!query_raw(&q->reader->db, q->id, &q->arena, &raw, &n, &q->fault))
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
	struct db *db = history_db(q);
	return db != NULL && history_asked(q, query_locations(db, q->now_ms, &q->arena, &q->answer.locations, &q->fault));
}

static bool ask_day(struct question *q)
{
	return query_day(&q->reader->db, q->now_ms, &q->arena, &q->answer.day, &q->fault);
}

static bool ask_scores(struct question *q)
{
	struct db *db = history_db(q);
	return db != NULL && history_asked(q, query_scores(db, q->now_ms, q->query.scores, q->limit, &q->arena, &q->answer.scores, &q->fault));
}

static bool ask_profile(struct question *q)
{
	struct db *db = history_db(q);
	return db != NULL && history_asked(q, query_profile(db, q->subject.kind, q->subject.id, q->now_ms, &q->arena, &q->answer.profile, &q->fault));
}

static bool ask_keep(struct question *q)
{
	return file_write_new(q->query.file.path, q->query.file.bytes, q->query.file.n, &q->fault);
}

void history_calls(struct history *history, const struct call_query *query,
    void (*on_answer)(void *, const struct call_list *, const struct fault *), void *arg)
{
	struct question *q = history_ask(history, ask_calls, tell_calls, arg);
	q->query.call = *query;
	q->query.call.now_ms = q->now_ms;
	int64_t later_id = (q->now_ms + 1) << 20; /* a call's id begins with its start */
	if (q->past && (query->before_id == 0 || query->before_id > later_id))
		q->query.call.before_id = later_id;
	q->query.call.limit = MIN(query->limit, (size_t)1000);
	q->query.call.filter = arena_strdup(&q->arena, query->filter == NULL ? "" : query->filter);
	q->to.calls = on_answer;
	history_submit(q);
}

void history_call(struct history *history, int64_t call_id,
    void (*on_answer)(void *, const struct call_detail *, const struct fault *), void *arg)
{
	struct question *q = history_ask(history, ask_call, tell_call, arg);
	q->id = call_id;
	q->to.call = on_answer;
	history_submit(q);
}

void history_raw(struct history *history, int64_t leg_id,
    void (*on_answer)(void *, const char *, const struct fault *), void *arg)
{
	struct question *q = history_ask(history, ask_raw, tell_raw, arg);
	q->id = leg_id;
	q->to.raw = on_answer;
	history_submit(q);
}

void history_locations(struct history *history,
    void (*on_answer)(void *, const struct location_list *, const struct fault *), void *arg)
{
	struct question *q = history_ask(history, ask_locations, tell_locations, arg);
	q->to.locations = on_answer;
	history_submit_aside(q);
}

void history_day(struct history *history,
    void (*on_answer)(void *, const struct day_picture *, const struct fault *), void *arg)
{
	struct question *q = history_ask(history, ask_day, tell_day, arg);
	q->to.day = on_answer;
	history_submit(q);
}

void history_scores(struct history *history, const char *filter, size_t limit,
    void (*on_answer)(void *, const struct score_list *, const struct fault *), void *arg)
{
	struct question *q = history_ask(history, ask_scores, tell_scores, arg);
	q->query.scores = arena_strdup(&q->arena, filter);
	q->limit = limit;
	q->to.scores = on_answer;
	history_submit_aside(q);
}

void history_profile(struct history *history, enum subject_kind kind, const char *id,
    void (*on_answer)(void *, const struct profile *, const struct fault *), void *arg)
{
	struct question *q = history_ask(history, ask_profile, tell_profile, arg);
	q->subject.kind = kind;
	q->subject.id = arena_strdup(&q->arena, id);
	q->to.profile = on_answer;
	history_submit(q);
}

void history_keep(struct history *history, const char *path, const char *bytes, size_t n,
    void (*on_answer)(void *, const char *, const struct fault *), void *arg)
{
	struct question *q = history_ask(history, ask_keep, tell_file, arg);
	q->of_files = true;
	q->query.file.path = arena_strdup(&q->arena, path);
	q->query.file.bytes = arena_strndup(&q->arena, bytes, n);
	q->query.file.n = n;
	q->to.file = on_answer;
	history_submit(q);
}
