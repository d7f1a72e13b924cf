/* SPDX-License-Identifier: Apache-2.0
 *
 * What one leg says by itself, once its numbers, site and hour are understood:
 * derived on the intake lane, in parallel, before anything is stored. What
 * needs memory of other legs is in state_facts.h; names for rules in fact.h. */
#ifndef DETECT_LEG_FACTS_H
#define DETECT_LEG_FACTS_H

#include "calls/directory.h"
#include "calls/e164.h"

/* What is needed to understand a leg. Either may be NULL: then less is known. */
struct fact_world {
	const struct numbering *numbering;
	const struct directory *directory;
};

enum leg_flag {
	LEG_ORIGINATING = 1 << 0,
	LEG_EXTERNAL_OUT = 1 << 1,  /* our side calls the public network: fraud is counted by these */
	LEG_INBOUND = 1 << 2,	    /* from the public network to one of ours */
	LEG_INTERNAL = 1 << 3,
	LEG_EMERGENCY = 1 << 4,	    /* never external_out: no rule may punish it */
	LEG_ANSWERED = 1 << 5,
	LEG_BY_PERSON = 1 << 6,	    /* answered, and not only by a queue or an attendant */
	LEG_INTERNATIONAL = 1 << 7, /* external_out to another country, whatever Webex calls it */
	LEG_PREMIUM = 1 << 8,	    /* external_out to a premium number */
	LEG_TOLL_FREE = 1 << 9,	    /* external_out to a toll-free number */
	LEG_LOOK_ALIKE = 1 << 10,   /* external_out: looks domestic and is not */
	LEG_CALLER_ABROAD = 1 << 11, /* inbound from another country */
	LEG_CALLER_WITHHELD = 1 << 12,
	LEG_FORWARDED = 1 << 13,    /* this leg exists because somebody's line was redirected */
	LEG_FORWARD_OUT = 1 << 14,  /* … by call forwarding, to the public network */
	LEG_SERVICE = 1 << 15,	    /* the record belongs to a service, not to a person or place */
	LEG_REFUSED = 1 << 16,	    /* outcome Refusal or Failure */
	LEG_UNASSIGNED = 1 << 17,   /* … because nobody has that number */
	LEG_LOCAL_KNOWN = 1 << 18,  /* the site's local time is known */
	LEG_CLOSED = 1 << 19,	    /* began outside the site's business hours */
	LEG_HOLIDAY = 1 << 20,
	LEG_WEEKEND = 1 << 21,
	LEG_NIGHT = 1 << 22,	    /* began 22:00-06:00 local */
	LEG_TRUNK_TRANSIT = 1 << 23, /* came in by a trunk and left again, nobody of ours in between */
	LEG_CHARGEABLE = 1 << 24,   /* external_out that costs money */
	LEG_AUTH_CODE = 1 << 25,
	LEG_MOBILE = 1 << 26,	    /* external_out to a mobile number */
	LEG_CALLED_KNOWN = 1 << 27, /* the called number was understood as E.164 */
	LEG_CALLING_KNOWN = 1 << 28,
	LEG_ELSEWHERE = 1 << 29,    /* another agent answered */
	LEG_NEIGHBOUR = 1 << 30,    /* inbound from a number that looks like the site's own */
};

#define SERVICE_KINDS(row)                                                         \
	row(SERVICE_NONE, "none") row(SERVICE_ATTENDANT, "attendant")              \
	row(SERVICE_QUEUE, "queue") row(SERVICE_HUNT_GROUP, "hunt_group")          \
	row(SERVICE_VOICEMAIL, "voicemail") row(SERVICE_PAGING, "paging")          \
	row(SERVICE_GATEWAY, "gateway") row(SERVICE_OTHER, "other")

enum service_kind {
#define SERVICE_KIND_ENUM(id, name) id,
	SERVICE_KINDS(SERVICE_KIND_ENUM)
#undef SERVICE_KIND_ENUM
	SERVICE_N_KINDS
};

/* Plain: copied, kept in a page, no pointers. Keys are hashes for windows. */
struct leg_facts {
	struct number called, calling;
	uint32_t flags;		 /* enum leg_flag */
	int16_t local_minute;	 /* 0..1439; -1 unknown */
	int16_t edge_minutes;	 /* closed: minutes to the nearest opening or closing, ≤ 2880; else 0 */
	int8_t weekday;		 /* local, 0 Sunday; -1 unknown */
	uint8_t service;	 /* enum service_kind: whose record this is */
	char home[3];		 /* country of the site; "" unknown */
	char country[3];	 /* called country; Webex's word where the number says nothing */
	char team[32];		 /* department of the person; "" unknown */
	uint64_t user_key, called_key, calling_key, correlation_key, site_key; /* 0 absent */
	int64_t end_ms;		 /* start of talking + duration; start_ms when unanswered */
	int64_t cost_micro;	 /* estimate, micro USD */
};

/* Pure and thread-safe; about half a microsecond beside number_read(). */
void leg_facts_derive(const struct fact_world *, const struct cdr *, struct leg_facts *out);

const char *service_kind_name(enum service_kind);

#endif
