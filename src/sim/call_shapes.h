/* SPDX-License-Identifier: Apache-2.0
 *
 * What Webex reports of each kind of call: given who, whom, when and how it
 * ended, these add the legs with their ids crossed as Webex crosses them. Who
 * calls whom and why is in habits, attacks and look-alikes. */
#ifndef SIM_CALL_SHAPES_H
#define SIM_CALL_SHAPES_H

#include "sim/numbers.h"
#include "sim/record.h"
#include "sim/traffic.h"

/* A day in the making. */
struct shaping {
	const struct sim_org *org;
	uint64_t seed;
	int64_t day;
	uint32_t counter; /* of legs of that day: makes their ids */
	struct rng rng;	  /* set before each call */
	struct arena *arena;
	struct sim_leg *legs;
	size_t n_legs, legs_capacity;
	struct sim_call *calls;
	size_t n_calls, calls_capacity;
	bool without_calls; /* nobody asks for them */
	bool wants_acts;    /* of administrators: acts.h */
	struct sim_act *acts;
	size_t n_acts, acts_capacity;
	const char *scenario, *kind; /* given to legs made meanwhile */
};

enum call_end {
	END_ANSWERED,
	END_NO_ANSWER,	  /* the caller gave up, or it rang out */
	END_BUSY,
	END_UNASSIGNED,	  /* no such number */
	END_UNAVAILABLE,  /* phone off */
	END_REJECTED,
	END_FAILED,
};

struct talk {
	int64_t start_ms;
	int64_t ring_ms, talk_ms; /* talk only when answered */
	enum call_end end;
	bool remote_hangs_up;
};

/* Ring, talk and end as people do; talk_median_s 0: ordinary. */
void talk_ordinary(struct rng *, int64_t start_ms, double talk_median_s, struct talk *out);
void talk_answered(struct rng *, int64_t start_ms, double talk_s, struct talk *out);

/* The client that a person uses at that time (mobile now and then); by number. */
const struct client_shape *client_shape_of(const struct sim_person *, uint64_t seed, int64_t at_ms,
    struct rng *);
const struct client_shape *client_shape_named(enum sim_client, uint64_t upgrade);

/* One record (two through some gateways). client NULL: the person's usual.
 * site NULL: the person's. Returns index of the originating leg. */
size_t shape_outbound(struct shaping *, int person, const struct outside *to, const struct talk *,
    const struct client_shape *client, const struct sim_location *site);
/* Two crossed records. Returns index of the terminating leg. */
size_t shape_internal(struct shaping *, int from, int to, const struct talk *);
/* An extension that does not exist: one record of type UNKNOWN. */
void shape_unknown(struct shaping *, int from, const char *digits, int64_t start_ms);
/* A feature code (*62, #55…): one record, at most some seconds; `to` >= 0: it
 * leads to that person. */
void shape_feature_code(struct shaping *, int from, const char *digits, int to, int64_t start_ms);
/* Digits that the dial plan sends to the gateway (in org->trunks) of another
 * site, over the company's own lines. Two records. */
void shape_tie_line(struct shaping *, int from, size_t gateway, const char *digits,
    const struct talk *);
/* From outside to a person's own number. Returns index of the terminating leg. */
size_t shape_inbound(struct shaping *, const struct outside *from, int to, const struct talk *);
/* From outside to a number of the site that nobody has. */
void shape_inbound_unassigned(struct shaping *, const struct outside *from,
    const struct sim_location *, const char *number, int64_t start_ms);
/* To the main number. to >= 0: on to that person, who talks; else talk_ms is how
 * long the caller listens (0: as people do). key: "0".."9", NULL: none pressed. */
void shape_attendant(struct shaping *, const struct outside *from, const struct sim_service *,
    const struct talk *, const char *key, int to);
/* To a queue (through its site's attendant when it has no number); answered_by:
 * index in its agents, or -1: the caller gave up. Returns the index of the
 * queue's own leg. */
size_t shape_queue(struct shaping *, const struct outside *from, const struct sim_service *,
    const struct talk *wait_and_talk, int attempts, int answered_by);
/* To a hunt group: tried one after the other, the last one answers or nobody. */
void shape_hunt(struct shaping *, const struct outside *from, const struct sim_service *,
    const struct talk *, int attempts);
/* A call to `person` that a service of his sends on to `target`. reason
 * "CallForwardAlways", "CallForwardNoAnswer" … Two records. */
void shape_forward(struct shaping *, const struct outside *from, int person,
    const struct outside *target, const char *reason, const struct talk *);
/* Nobody answers, the caller speaks to the voice mail. */
void shape_voicemail(struct shaping *, const struct outside *from, int person, const struct talk *);
/* A supervisor joins the queue call whose service leg is at `queue_leg`: two records. */
void shape_monitor(struct shaping *, int supervisor, size_t queue_leg, int64_t start_ms, int64_t talk_ms);
/* A leg that only fetches another: reason "CallRetrieve", "PushNotificationRetrieval". */
void shape_retrieval(struct shaping *, int person, const char *reason, const char *digits, int64_t at_ms);
/* Somebody listens to messages or guesses PINs: at the site's voice portal. */
void shape_portal(struct shaping *, const struct outside *from, const struct sim_service *,
    const struct talk *);
/* A service (portal, attendant) dials out again for who called it: break-out. */
void shape_service_outbound(struct shaping *, const struct outside *caller,
    const struct sim_service *, const struct outside *to, const struct talk *);
/* `person` takes a call from outside and hands it to `to`. */
void shape_transfer(struct shaping *, const struct outside *from, int person, int to, bool consult,
    const struct talk *, const struct talk *second);

#endif
