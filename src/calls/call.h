/* SPDX-License-Identifier: Apache-2.0
 *
 * The legs that share a correlation id: who, to whom, how long, what it cost. */
#ifndef CALLS_CALL_H
#define CALLS_CALL_H

#include "calls/e164.h"

#define CALL_DIRECTIONS(row)                                                   \
	row(CALL_INTERNAL, "internal") row(CALL_OUTBOUND, "outbound")          \
	row(CALL_INBOUND, "inbound") row(CALL_TRANSIT, "transit") /* in and out again */

enum call_direction {
#define CALL_DIRECTION_ENUM(id, name) id,
	CALL_DIRECTIONS(CALL_DIRECTION_ENUM)
#undef CALL_DIRECTION_ENUM
};
const char *call_direction_name(enum call_direction);

enum call_flag {
	CALL_ANSWERED = 1 << 0,	   /* a person or a device took it, not only a service */
	CALL_FORWARDED = 1 << 1,
	CALL_TRANSFERRED = 1 << 2,
	CALL_QUEUED = 1 << 3,	   /* passed a queue or hunt group */
	CALL_ATTENDANT = 1 << 4,   /* passed an auto attendant */
	CALL_VOICEMAIL = 1 << 5,
	CALL_LOOK_ALIKE = 1 << 6,  /* destination that looks domestic and is not */
	CALL_ORPHAN = 1 << 7,	   /* a leg without a correlation id */
};

/* A call as a row: everything a pane shows. Text owned by whoever made it. */
struct call {
	int64_t id;		   /* start_ms << 20 | 20 bits of the key's hash */
	int64_t journey_id;	   /* calls joined by transfers share it; else id */
	int64_t start_ms, end_ms;  /* UTC */
	int32_t talk_s;		   /* of the external leg, else of the longest */
	int32_t ring_s;
	enum call_direction direction;
	unsigned flags;
	int n_legs;
	enum number_class class;   /* of the far end */
	enum risk_tier tier;
	char country[3];	   /* of the far end; "" unknown */
	int64_t cost_micro;	   /* estimate, micro USD */
	const char *correlation_id, *user_uuid, *user_name, *user_number, *location;
	const char *far_number;	   /* E.164 where known, else as reported */
	const char *far_name;	   /* caller-ID name; hostile */
	const char *call_type;	   /* Webex's own */
	const char *trunk;
	const char *team;	   /* department of whose record it is; "" or NULL unknown */
};

#endif
