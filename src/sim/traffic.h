/* SPDX-License-Identifier: Apache-2.0
 *
 * What the invented organisation does on a given day: call detail records as
 * Webex would report them, and the calls as they are lived, for the live feed.
 * A day is a pure function of the options and its number: nothing is kept, any
 * day can be asked for at any time, and from any thread. */
#ifndef SIM_TRAFFIC_H
#define SIM_TRAFFIC_H

#include "base/arena.h"
#include "base/fault.h"
#include "sim/org.h"

struct traffic_options {
	uint64_t seed;
	int n_users;		 /* 0: 300 */
	const char *scenario;	 /* a name in data/scenarios, or a path with a '/'; NULL: "mixed" */
	const char *data_folder; /* where scenarios/ is; NULL: the source's data */
	int64_t epoch_ms;	 /* day 0 of scenarios: the first incident's clock */
	bool hostile_names;	 /* names hold escapes, bidi, broken UTF-8 … */
};

/* Everything that starts on day d is in Webex's store (insert_ms) before day
 * d + SIM_HORIZON_DAYS begins: look that many days back for what is new. */
#define SIM_HORIZON_DAYS 3

struct sim_record {
	int64_t start_ms, insert_ms; /* insert: when Webex's store has it */
	const char *json;	     /* one object, no line end; in the day's arena */
	size_t n_json;
	char report_id[SIM_UUID_BYTES];
	const char *scenario, *kind; /* the incident it belongs to; NULL: ordinary life */
};

/* A call as one of our people sees it. An internal call is two of these. */
struct sim_call {
	int person;		    /* in sim_org.people */
	bool originator, external;
	int64_t start_ms, answer_ms /* 0: never */, end_ms;
	char call_id[40];	    /* "callhalf-29741232:0" */
	char local_call_id[24];	    /* as in the record */
	char remote_number[32], remote_name[96]; /* name "" unknown */
};

struct sim_day {
	struct sim_record *records; /* ordered by insert_ms */
	size_t n_records;
	struct sim_call *calls;	    /* ordered by start_ms */
	size_t n_calls;
	struct arena arena;	    /* owns all of the above */
};

struct traffic; /* read-only after traffic_new: threads may share it */

/* Fails when the scenario cannot be read. Strings of options are copied. */
bool traffic_new(const struct traffic_options *, struct traffic **out, struct fault *) MUST_USE;
void traffic_free(struct traffic *);
const struct sim_org *traffic_org(const struct traffic *);

/* Everything that starts on UTC day `day` (days since 1970). */
void traffic_day(const struct traffic *, int64_t day, struct sim_day *out);
void sim_day_free(struct sim_day *);

#endif
