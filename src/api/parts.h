/* SPDX-License-Identifier: Apache-2.0
 *
 * What the API's files share: a route, a field of its query or body, and a request on
 * its way from the door to its answer.
 *
 *	door.c (who comes in?) → route.c (which route, which fields?) → call.c, reading.c (on
 *	which lane?) → serve_*.c (what is answered) → answer.c (how it leaves) */
#ifndef API_PARTS_H
#define API_PARTS_H

#include "api/api.h"
#include "api/routes.h"
#include "base/json.h"
#include "base/map.h"
#include "net/http_server.h"
#include "store/query_count.h"
#include "watch/desk.h"

/* What the loop knew when a reading lane was asked. */
struct api_seen {
	struct health health;
	size_t n_live, n_connections, n_streams, n_searches;
	uint64_t n_requests, n_failed, by_class[6];
	bool may_collect; /* it is made to ask Webex: its health knows how far records reach */
	bool signed_in;
	int64_t uptime_ms;
};

/* ---- a request -------------------------------------------------------------------------- */

struct api_value {
	const struct api_field *field; /* NULL: not given */
	const char *text;
	int64_t number; /* INT, TIME (ms), FLAG, CHOICE (its place) */
};

struct api_caller {
	char id[TOKEN_ID_BYTES]; /* "" by the socket */
	char name[65];
	enum token_scope scope;
	int64_t until_ms; /* the token ends; 0 by the socket */
};

/* An alert that a body names, and the revision it was read at; 0: any. */
struct api_target {
	int64_t id, revision;
};
#define API_TARGETS_MAX 5000

struct api_flight;
struct api_reader;
struct api_act;
struct api_call {
	struct desk_work work;
	struct api *api;
	struct api_call *next, **before; /* of all on their way */
	struct http_visit *visit;	 /* NULL: answered */
	const struct api_door *door;
	const struct api_route *route;
	struct api_reader *reader; /* that it is read by */
	struct api_call *behind;   /* of those that it reads or is to read, or of the searches that wait */
	struct http_end end;	   /* of who asked */
	bool left;		   /* nobody waits for the answer: said by the lane that reads */
	struct api_flight *flight; /* whose answer others wait for; NULL */
	struct api_caller caller;
	char request_id[33];
	bool whole_numbers, waits_for_tokens, preflight;
	bool was_read, again; /* again: more is to be read for it: others first, then on with it */
	bool discloses; /* what is masked becomes known by it: that is written down first */
	const char *asked; /* … since it is asked by digits of numbers: of which; NULL it is not */
	const char *allow; /* of a 405 */
	int64_t id; /* {id} */
	const char *name; /* {name}, decoded; NULL: the path has none */
	int64_t now_ms, event_ms; /* the wall's clock, the cloud's */
	struct arena arena;
	struct api_value query[API_FIELDS_MAX + 1], body[API_FIELDS_MAX];
	const struct api_seen *seen; /* ROUTE_SEES */
	int64_t match; /* revision that If-Match names; 0: none is named, or any */
	struct api_target *targets; /* of an API_TARGETS; in the arena */
	size_t n_targets;
	struct api_act *act; /* that can be taken back, once it is committed; NULL none */
	int64_t swapped; /* the act that was taken back, or done again; 0 none */
	bool has_key, replayed;
	bool lasts; /* the answer's text, as long as the API */
	unsigned char key[32], body_hash[32];
	/* The answer */
	int status;
	struct text answer;
	const char *content_type; /* NULL: application/json */
	int64_t revision; /* ETag; 0 none */
	const char *location; /* NULL none */
	struct fault fault; /* FAULT_NONE: it went well */
	const char *wrong; /* the field that was wrong; NULL */
	const char *title; /* of what went wrong; NULL: by its status */
};

struct api_door {
	struct api *api;
	struct http_server *server;
	bool is_socket;
};

/* route.c */
/* What stood in a path where its pattern has {id}, {name}. */
struct api_named {
	int64_t id;
	const char *name; /* in the arena; NULL none */
};
/* The route of a path; NULL: allow says which methods the path has, "" none. */
const struct api_route *api_route_find(const char *method, const char *path, struct api_named *, struct arena *, const char **allow);
/* False: the fault, and which field is wrong. */
bool api_read_query(struct api_call *, const char *query) MUST_USE;
bool api_read_body(struct api_call *, const char *body, size_t n) MUST_USE;
bool api_given(const struct api_value *values, const char *name);
/* A cursor goes on with the question that it was given for: its text with a seal of what was asked
 * behind it, and back. false: the fault; NULL in *text: none was given. */
const char *api_cursor_seal(struct api_call *, const char *text);
bool api_cursor_open(struct api_call *, const char **text) MUST_USE;
const char *api_text(const struct api_value *values, const char *name, const char *otherwise);
int64_t api_int(const struct api_value *values, const char *name, int64_t otherwise);

/* answer.c: the first three take the call. */
void api_answer(struct api_call *);
void api_refuse(struct api_call *, int status, enum fault_code, const char *format, ...) PRINTF_LIKE(4, 5);
void api_leave(struct api_call *, const struct text *plain, const struct text *packed);
int api_status_of(enum fault_code);
/* RFC 9457; a new reference. title NULL: the status's own. wrong: the field; NULL none. */
json_t *api_problem(int status, const char *title, enum fault_code, const char *detail, const char *request_id, const char *wrong);
/* The value as the body; takes it. On any lane. */
void api_put_json(struct api_call *, json_t *);
bool api_packs(const struct api_call *); /* the client unpacks */
/* False: it is not worth it. */
bool api_pack(const struct text *plain, struct text *packed);

/* call.c */
void api_serve(struct http_visit *, void *door);
void api_go_on(struct api_call *); /* with the tokens read */
void api_call_free(struct api_call *);
/* veil.c: the filter, or the number itself, by which digits of numbers are asked for; NULL none. */
const char *api_asks_numbers(const struct api_call *);

/* searches.c */
/* In its turn, or refused. */
void api_search(struct api_call *);
void api_search_on(struct api_call *); /* of one that was let in already, for another */
void api_search_end(struct api_call *); /* it was read */
size_t api_searches_count(const struct api *);
void api_searches_stop(struct api *);
/* Does somebody still wait, and not too long? On the lane: db_ask_whether. */
struct api_patience {
	struct api_call *call;
	int64_t until_ns, look_ns;
};
bool api_goes_on(void *patience);

/* reading.c: on a reading lane, and answered. */
void api_read(struct api_call *);
void api_read_by(struct api_call *, struct api_reader *);
/* It was read, or will not be: answered, and all that wait for it. */
void api_read_end(struct api_call *);
/* 503, and no word of where it is. */
void api_store_is_away(struct api_call *);
void api_reader_init(struct api_reader *, uv_loop_t *);

/* flight.c: the same question once at a time, its answer for a second. */
struct api_flights;
struct api_flights *api_flights_new(void);
void api_flights_free(struct api_flights *);
/* True: it is answered, now or with the one that is on its way. */
bool api_flight_join(struct api_call *);
/* The call is answered, and so are all that wait for it. */
void api_flight_land(struct api_call *);
/* The first that waits has it from now on, and not the call; NULL: none does. */
struct api_call *api_flight_pass(struct api_call *);

/* acts.c: on the store's lane. */
struct api_acts;
struct api_acts *api_acts_new(void);
void api_acts_free(struct api_acts *);
void api_act_free(struct api_act *);
/* What a call did is kept, or forgotten. */
void api_acts_settle(struct api_call *, bool committed);

/* jobs.c */
/* What became of the syncs that were asked for. */
void api_jobs_look(struct api *);

/* stream.c */
struct api_streams;
struct api_streams *api_streams_new(struct api *);
size_t api_streams_count(const struct api_streams *);
void api_streams_stop(struct api_streams *, void (*on_stopped)(void *arg), void *arg); /* and frees */

/* sign_in.c */
void api_sign_in_stop(struct api *);

/* ---- the API ------------------------------------------------------------------------------ */

struct api_reader {
	struct job job;
	struct lane *lane;
	struct api_call *taken;		/* by the lane, until it is done; NULL: it rests */
	struct api_call *first, **last; /* that wait */
	struct db db; /* the lane's, as what follows */
	bool open;
	struct alert_places *places;
	struct api_call *search; /* of a slow one: that it reads; NULL: it rests */
};

/* So that who has only one search to make does not wait for another's. */
#define API_SEARCHERS 2

#define API_JOBS 64
struct api_job {
	int64_t id, asked_ms, until_ms; /* until: what was complete when it was asked for; 0 unused */
	int64_t ended_ms;
	char who[65];
	struct fault fault;
};

struct api {
	uv_loop_t *loop;
	struct api_config config;
	struct watch *watch;
	struct board *board;
	struct api_door port, socket;
	struct api_reader quick, slow[API_SEARCHERS];
	struct api_call *waiting; /* searches, in their order */
	struct api_flights *flights;
	struct api_streams *streams;
	struct api_acts *acts; /* the store lane's */
	struct text description, description_packed; /* of all routes; once it was asked for */
	struct api_call *calls; /* on their way */
	/* Tokens as they were last read, and who waits for them to be read again. */
	struct token_row *tokens;
	size_t n_tokens;
	struct arena tokens_arena;
	int64_t tokens_ns; /* when; 0: never */
	bool reading_tokens;
	uv_timer_t tokens_wait; /* while they are */
	struct map limits; /* of a token, or of an address that failed: struct api_bucket */
	struct api_job jobs[API_JOBS];
	int64_t n_jobs;
	struct login *login; /* a sign-in that waits for its callback; NULL */
	struct api_call *login_call, *callback_call;
	int64_t begun_ms;
	uint64_t n_requests, n_failed, by_class[6];
	bool stopping;
	int n_open; /* parts that are still to be closed */
	void (*on_stopped)(void *);
	void *stopped_arg;
};

#endif
