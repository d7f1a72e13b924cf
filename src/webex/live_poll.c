/* SPDX-License-Identifier: Apache-2.0
 *
 * A round asks everybody once, a few at a time; then it rests until the next. */
#include "webex/live_poll.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "webex/ids.h"
#include "webex/live_event.h"

#define EVERY_MS (10 * SECOND_MS)
#define REST_MS	 (5 * MINUTE_MS)
enum { PARALLEL = 4 };

struct member {
	char uuid[UUID_BYTES];
	char kind[24]; /* "PEOPLE", "PLACE" … */
	bool gone; /* 404: no Webex Calling here */
};

struct question {
	struct live_poll *poll;
	char uuid[UUID_BYTES], kind[24];
	int64_t asked_ms;
	struct question *previous, *next;
	struct webex_call *call;
};

struct live_poll {
	struct webex *webex;
	const struct clock *clock;
	int64_t every_ms, rest_ms;
	int parallel;
	struct live_poll_events events;
	struct member *members, *wanted; /* of this round; for the next one */
	size_t n_members, n_wanted, position;
	bool has_wanted, works, refused;
	struct question *questions;
	int n_questions;
	size_t n_answers;
	struct fault fault;
	int64_t round_ms;
	uv_timer_t timer;
	bool closing;
	void (*on_closed)(void *arg);
	void *closed_arg;
};

static void ask_more(struct live_poll *poll);

static void on_timer_closed(uv_handle_t *handle)
{
	struct live_poll *poll = handle->data;
	void (*on_closed)(void *) = poll->on_closed;
	void *arg = poll->closed_arg;
	free(poll->members);
	free(poll->wanted);
	free(poll);
	if (on_closed != NULL)
		on_closed(arg);
}

static void on_round(uv_timer_t *timer)
{
	struct live_poll *poll = timer->data;
	if (poll->has_wanted) {
		free(poll->members);
		poll->members = poll->wanted;
		poll->n_members = poll->n_wanted;
		poll->wanted = NULL;
		poll->n_wanted = 0;
		poll->has_wanted = false;
	}
	poll->position = poll->n_answers = 0;
	poll->refused = false;
	poll->fault.code = FAULT_NONE;
	poll->round_ms = clock_now_ms(poll->clock);
	ask_more(poll);
}

static void rest(struct live_poll *poll)
{
	poll->works = poll->n_answers > 0;
	if (!poll->works && poll->fault.code != FAULT_NONE && poll->events.on_fault != NULL)
		poll->events.on_fault(&poll->fault, poll->events.arg);
	int64_t wait_ms = poll->refused ? poll->rest_ms :
	    poll->round_ms + poll->every_ms - clock_now_ms(poll->clock);
	double speed = poll->clock->speed > 0 ? poll->clock->speed : 1;
	if (poll->n_members > 0 || poll->has_wanted)
		uv_timer_start(&poll->timer, on_round, (uint64_t)((double)MAX(wait_ms, 1) / speed) + 1, 0);
}

static struct member *find_member(struct member *members, size_t n, const char *uuid, const char *kind)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(members[i].uuid, uuid) == 0 && strcmp(members[i].kind, kind) == 0)
			return &members[i];
	return NULL;
}

static void leave_out(struct live_poll *poll, const struct question *question)
{
	struct member *lists[] = { poll->members, poll->wanted };
	size_t counts[] = { poll->n_members, poll->n_wanted };
	for (size_t i = 0; i < COUNT_OF(lists); i++) {
		struct member *member = find_member(lists[i], counts[i], question->uuid, question->kind);
		if (member != NULL)
			member->gone = true;
	}
}

static void on_answer(struct webex_answer *answer, void *arg)
{
	struct question *question = arg;
	struct live_poll *poll = question->poll;
	if (question->previous != NULL)
		question->previous->next = question->next;
	else
		poll->questions = question->next;
	if (question->next != NULL)
		question->next->previous = question->previous;
	poll->n_questions--;

	struct fault fault = answer->fault;
	if (fault.code == FAULT_NONE) {
		struct live_call *calls;
		size_t n;
		if (live_poll_read(answer->body != NULL ? answer->body : "", answer->body_n, question->uuid,
			question->asked_ms, &calls, &n, &fault)) {
			poll->n_answers++;
			if (!poll->closing)
				poll->events.on_calls(question->uuid, calls, n, question->asked_ms,
				    poll->events.arg);
			free(calls);
		}
	}
	if (fault.code == FAULT_NOT_FOUND)
		leave_out(poll, question);
	else if (fault.code != FAULT_NONE)
		poll->fault = fault;
	/* Refused for the token, not for the member: nobody else will do better. */
	if (fault.code == FAULT_FORBIDDEN || fault.code == FAULT_LOGIN || fault.code == FAULT_AUTH ||
	    fault.code == FAULT_REFUSED)
		poll->refused = true;
	free(question);
	if (poll->closing) {
		if (poll->n_questions == 0)
			uv_close((uv_handle_t *)&poll->timer, on_timer_closed);
		return;
	}
	ask_more(poll);
}

static void ask(struct live_poll *poll, const struct member *member)
{
	struct question *question = mem_zalloc(sizeof *question);
	char id[WEBEX_ID_BYTES], path[WEBEX_ID_BYTES + 64];
	memcpy(question->uuid, member->uuid, UUID_BYTES);
	memcpy(question->kind, member->kind, sizeof question->kind);
	question->poll = poll;
	question->asked_ms = webex_now_ms(poll->webex);
	question->next = poll->questions;
	if (question->next != NULL)
		question->next->previous = question;
	poll->questions = question;
	poll->n_questions++;
	webex_id_make(member->kind, member->uuid, id);
	snprintf(path, sizeof path, "/telephony/calls/members/%s/calls", id);
	question->call = webex_send(poll->webex, &(struct webex_request){ .api = API_CALLS, .path = path,
	    .timeout_ms = 15 * SECOND_MS, .max_bytes = 1 << 20, .max_tries = 2 }, on_answer, question);
}

static void ask_more(struct live_poll *poll)
{
	while (!poll->refused && poll->n_questions < poll->parallel && poll->position < poll->n_members) {
		const struct member *member = &poll->members[poll->position++];
		if (!member->gone)
			ask(poll, member);
	}
	if (poll->n_questions == 0)
		rest(poll);
}

struct live_poll *live_poll_new(uv_loop_t *loop, struct webex *webex, const struct clock *clock,
    const struct live_poll_options *options, const struct live_poll_events *events)
{
	static const struct live_poll_options defaults;
	struct live_poll *poll = mem_zalloc(sizeof *poll);
	if (options == NULL)
		options = &defaults;
	poll->webex = webex;
	poll->clock = clock;
	poll->every_ms = options->every_ms > 0 ? options->every_ms : EVERY_MS;
	poll->rest_ms = options->rest_ms > 0 ? options->rest_ms : REST_MS;
	poll->parallel = options->parallel > 0 ? options->parallel : PARALLEL;
	poll->events = *events;
	uv_timer_init(loop, &poll->timer);
	poll->timer.data = poll;
	return poll;
}

void live_poll_watch(struct live_poll *poll, const char *const *uuids, size_t n)
{
	free(poll->wanted);
	poll->wanted = mem_zalloc((n + 1) * sizeof *poll->wanted);
	poll->n_wanted = 0;
	for (size_t i = 0; i < n; i++) {
		struct member *member = &poll->wanted[poll->n_wanted];
		struct webex_id id;
		if (!webex_id_read(uuids[i], &id) || id.uuid[0] == '\0')
			continue;
		memcpy(member->uuid, id.uuid, sizeof member->uuid);
		snprintf(member->kind, sizeof member->kind, "%s", id.kind[0] != '\0' ? id.kind : "PEOPLE");
		if (find_member(poll->wanted, poll->n_wanted, member->uuid, member->kind) != NULL)
			continue; /* named twice: asked once */
		const struct member *before = find_member(poll->members, poll->n_members, member->uuid, member->kind);
		member->gone = before != NULL && before->gone;
		poll->n_wanted++;
	}
	poll->has_wanted = true;
	if (poll->n_wanted == 0)
		poll->position = poll->n_members; /* nobody more, in this round either */
	/* At rest with nobody to ask: begin. Else the round goes to its end. */
	if (poll->n_questions == 0 && !uv_is_active((uv_handle_t *)&poll->timer))
		uv_timer_start(&poll->timer, on_round, 0, 0);
}

bool live_poll_works(const struct live_poll *poll)
{
	return poll->works;
}

void live_poll_close(struct live_poll *poll, void (*on_closed)(void *arg), void *arg)
{
	assert(!poll->closing);
	poll->closing = true;
	poll->on_closed = on_closed;
	poll->closed_arg = arg;
	for (struct question *question = poll->questions; question != NULL; question = question->next)
		webex_call_cancel(question->call);
	if (poll->n_questions == 0)
		uv_close((uv_handle_t *)&poll->timer, on_timer_closed);
}
