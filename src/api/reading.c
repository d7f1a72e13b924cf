/* SPDX-License-Identifier: Apache-2.0
 *
 * The lanes on which the API reads. What waits is read together, as many as some
 * milliseconds allow: to a lane and back is two changes of thread, and on a busy machine
 * each takes longer than a page of alerts. */
#include <string.h>

#include "api/parts.h"
#include "base/log.h"
#include "net/lane.h"
#include "store/migrate.h"

#define PATIENCE_NS 20000000000LL /* of a search: then it is given up */
#define AWAY_MS	    5000	  /* of a store: sooner nobody need try again */
#define TOGETHER_NS 1000000LL	  /* then those that were read are answered */

/* ---- on the lane -------------------------------------------------------------------------- */

/* Where it is, and as whom we came to it, is nothing to those who ask. */
void api_store_is_away(struct api_call *call)
{
	log_unusual("%s", call->fault.text);
	call->title = "The store does not answer";
	call->status = 503;
	fault_set(&call->fault, FAULT_NETWORK, "the store cannot be reached: try again in a moment");
	call->fault.retry_after_ms = AWAY_MS;
}

static void say_away(struct api_call *call)
{
	if (!(call->route->flags & ROUTE_TELLS)) {
		api_store_is_away(call);
		return;
	}
	log_unusual("%s", call->fault.text);
	call->fault = (struct fault){ 0 };
	(void)call->route->read(call, NULL);
}

/* One moment for all the statements of an answer; those that are read together share it:
 * all of them had come before it. */
static void read_one(struct api_reader *reader, struct api_call *call)
{
	struct db *db = &reader->db;
	struct api_patience patience = { .call = call, .until_ns = clock_steady_ns() + PATIENCE_NS };
	call->again = false;
	if (!api_goes_on(&patience)) {
		fault_set(&call->fault, FAULT_CANCELLED, "nobody waits for the answer");
		return;
	}
	if (!reader->open && !(reader->open = store_open_read(call->api->config.store, db, &call->fault))) {
		say_away(call);
		return;
	}
	db_ask_whether(db, api_goes_on, &patience);
	bool begun = db->in_transaction || db_begin_reading(db, &call->fault), ok = begun && call->route->read(call, db);
	db_ask_whether(db, NULL, NULL);
	if (ok)
		call->fault = (struct fault){ 0 }; /* what was met on the way and did not matter */
	else if (call->fault.code == FAULT_NONE)
		fault_set(&call->fault, FAULT_STORE, "the store gave no answer");
	if (!ok)
		db_rollback(db);
	if (call->fault.code == FAULT_NETWORK || (!begun && call->route->flags & ROUTE_TELLS))
		say_away(call);
	else if (call->fault.code == FAULT_CANCELLED)
		fault_set(&call->fault, FAULT_CANCELLED, "that took too long: ask for less");
}

static void read_work(struct job *job)
{
	struct api_reader *reader = (struct api_reader *)job;
	int64_t until_ns = clock_steady_ns() + TOGETHER_NS;
	struct api_call *call = reader->taken;
	do {
		read_one(reader, call);
		call->was_read = true;
		call = call->behind;
	} while (call != NULL && clock_steady_ns() < until_ns);
	db_rollback(&reader->db);
}

/* ---- on the loop -------------------------------------------------------------------------- */

static void append(struct api_reader *reader, struct api_call *call)
{
	call->behind = NULL;
	call->was_read = false;
	*reader->last = call;
	reader->last = &call->behind;
}

/* All that wait, as a list; none wait any more. */
static struct api_call *take_waiting(struct api_reader *reader)
{
	struct api_call *first = reader->first;
	reader->first = NULL;
	reader->last = &reader->first;
	return first;
}

static void on_read(struct job *job, bool cancelled);

static void start(struct api_reader *reader)
{
	if (reader->taken != NULL || reader->first == NULL)
		return;
	reader->taken = take_waiting(reader);
	reader->job = (struct job){ .work = read_work, .done = on_read };
	lane_submit(reader->lane, &reader->job);
}

static void give_up(struct api_call *call)
{
	for (struct api_call *next; call != NULL; call = next) {
		next = call->behind;
		fault_set(&call->fault, FAULT_CANCELLED, "the service is stopping");
		api_read_end(call);
	}
}

static void on_read(struct job *job, bool cancelled)
{
	struct api_reader *reader = (struct api_reader *)job;
	struct api_call *taken = reader->taken, *waiting = take_waiting(reader), *done = NULL, **last = &done, *next;
	reader->taken = NULL;
	if (cancelled) {
		give_up(taken);
		give_up(waiting);
		return;
	}
	/* First those that were not come to, then who came meanwhile, then what is to be read on. */
	struct api_call *again = NULL, **again_last = &again;
	for (struct api_call *call = taken; call != NULL; call = next) {
		next = call->behind;
		call->behind = NULL;
		if (!call->was_read) {
			append(reader, call);
		} else if (call->again && call->fault.code == FAULT_NONE) {
			*again_last = call;
			again_last = &call->behind;
		} else {
			*last = call;
			last = &call->behind;
		}
	}
	for (struct api_call *call = waiting; call != NULL; call = next) {
		next = call->behind;
		append(reader, call);
	}
	for (struct api_call *call = again; call != NULL; call = next) {
		next = call->behind;
		text_reset(&call->answer);
		append(reader, call);
	}
	start(reader); /* it reads while these are answered */
	for (; done != NULL; done = next) {
		next = done->behind;
		api_read_end(done);
	}
}

/* A condition of any kind may go through all there is: who asks for what is at hand does not
 * wait behind it. Only these words are none. */
static bool is_search(const struct api_call *call)
{
	static const char *const none[] = { "page", "page_size", "cursor", "order", "open", "numbers" };
	bool searches = (call->route->flags & ROUTE_SLOW) != 0;
	for (const struct api_value *value = call->query; !searches && value->field != NULL; value++) {
		searches = true;
		for (size_t i = 0; i < COUNT_OF(none); i++)
			searches = searches && strcmp(value->field->name, none[i]) != 0;
	}
	return searches;
}

void api_read_by(struct api_call *call, struct api_reader *reader)
{
	call->reader = reader;
	append(reader, call);
	start(reader);
}

void api_read(struct api_call *call)
{
	if (is_search(call)) {
		api_search(call);
	} else if (lane_is_stuck(call->api->quick.lane)) { /* it would be read whenever the store goes on */
		fault_set(&call->fault, FAULT_NETWORK, "%s", "the store does not answer");
		say_away(call);
		api_read_end(call);
	} else {
		api_read_by(call, &call->api->quick);
	}
}

void api_read_end(struct api_call *call)
{
	struct api_call *next = call->left && call->flight != NULL && !call->api->stopping ? api_flight_pass(call) : NULL;
	api_search_end(call);
	if (next != NULL)
		(is_search(next) ? api_search_on(next) : api_read_by(next, &next->api->quick));
	if (call->flight != NULL)
		api_flight_land(call);
	else
		api_answer(call);
}

void api_reader_init(struct api_reader *reader, uv_loop_t *loop)
{
	reader->lane = lane_new(loop);
	reader->places = alert_places_new();
	reader->last = &reader->first;
}
