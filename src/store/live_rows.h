/* SPDX-License-Identifier: Apache-2.0
 *
 * Calls as one end lived them: what webhooks and polls told, kept for some days. A
 * record comes minutes or hours later and is the truth of the call; until then these
 * are all there is. Which is whose is found when it is asked, not kept: by the id of
 * the half, which a record has as its Local call ID, or by person, number and start. */
#ifndef STORE_LIVE_ROWS_H
#define STORE_LIVE_ROWS_H

#include "base/arena.h"
#include "calls/live_calls.h"

#define LIVE_STEPS_MAX 40 /* of a half: who is put on hold more often is cut */
#define LIVE_HALVES_MOST INT64_C(1000000) /* in the store: the oldest go first */

/* Who says it. A poll, at the moment of the asking, which is no event of the call: then
 * only another state is a step. LOST: nobody, for so long that it is given up. */
enum live_told_by { TOLD_BY_EVENT, TOLD_BY_POLL, TOLD_LOST };

/* What was told: the call as of then. */
struct live_told {
	struct live_call call;
	char local_id[40]; /* of the half, as a record spells it; "" not of that form */
	enum live_told_by by;
};

struct live_step {
	enum live_state state;
	int64_t at_ms;
};

struct live_half {
	int64_t created_ms, answered_ms, over_ms; /* 0: not known, or not so */
	int64_t heard_ms;	/* when it was last told of */
	int64_t lost_ms;	/* when it was given up, its end not told; 0: it was not */
	const char *half;	/* Webex's id */
	const char *local_id;	/* "29741232:0"; "" unknown */
	const char *person_uuid, *person_name, *location, *number, *name;
	char country[3];
	enum risk_tier tier;
	int64_t rate_micro;
	bool originator;
	struct live_step *steps; /* by time; the same state twice running stands once */
	size_t n_steps;
	int64_t call_id;	/* of its record; 0: none has come */
};

struct store;
struct db;
struct leg_row;

/* One transaction. In any order, and again and again: the same rows come of it. */
bool live_rows_write(struct store *, const struct live_told *, size_t n, struct fault *) MUST_USE;

/* Of a person (its uuid) or with a number, begun from then until then: the newest `most`,
 * the oldest of them first. Whose record is here is left out unless `all`. */
enum live_of { LIVE_OF_PERSON, LIVE_OF_NUMBER };
bool live_rows_read(struct db *, enum live_of, const char *id, int64_t from_ms, int64_t until_ms, bool all, size_t most, struct arena *,
    struct live_half **out, size_t *n, struct fault *) MUST_USE;

/* Those that these legs are the records of, by start; at most `most`. */
bool live_rows_of_legs(struct db *, const struct leg_row *legs, size_t n_legs, size_t most, struct arena *, struct live_half **out, size_t *n,
    struct fault *) MUST_USE;

/* At most `most` of which nothing was heard since then are given up: whoever listened to
 * them may have ended before they did. */
bool live_rows_give_up(struct db *, int64_t heard_before_ms, size_t most, struct fault *) MUST_USE;

struct live_half *live_halves_copy(struct arena *, const struct live_half *, size_t n);

#endif
