/* SPDX-License-Identifier: Apache-2.0
 *
 * Facts that need memory of earlier legs: one file each under facts/, one
 * table of them here. Event time only, bounded memory, a late leg is welcome.
 * Store lane only: what is remembered is exactly what was new to the store. */
#ifndef DETECT_STATE_FACTS_H
#define DETECT_STATE_FACTS_H

#include "detect/leg_facts.h"
#include "detect/usual.h"

/* What the other legs of the same call have shown so far, this one included. */
enum call_seen {
	SEEN_IN = 1 << 0,	/* a leg from the public network */
	SEEN_OUT = 1 << 1,	/* a leg to the public network */
	SEEN_OUT_ABROAD = 1 << 2,
	SEEN_OUT_PREMIUM = 1 << 3,
	SEEN_ATTENDANT = 1 << 4,
	SEEN_VOICEMAIL = 1 << 5,
	SEEN_QUEUE = 1 << 6,
	SEEN_FORWARD_OUT = 1 << 7,
	SEEN_OUT_CHARGEABLE = 1 << 8,
};

struct state_facts {
	int32_t overlap;	   /* external calls of this person up at once, with this one */
	int32_t overlap_abroad;	   /* … of those, to another country */
	int32_t run;		   /* neighbouring numbers called one after the other, in order */
	int32_t run_failed;	   /* … of those, refused, unanswered or under 8 s */
	int32_t watched_days;	   /* how long this program has been looking */
	/* Days since the first time; 0: new today. -1: does not apply. */
	int32_t number_days;	   /* the far number, by anybody here */
	bool number_is_new;	   /* this is the first call with it */
	int32_t range_days;	   /* the called number's ten thousand, by anybody here */
	int32_t range_user_days;   /* … by this person */
	int32_t country_days;	   /* the called country, by anybody here */
	int32_t country_user_days; /* … by this person */
	int32_t nights;		   /* other days of the last 28 on which the person called outside deep in closed hours */
	int32_t wangiri_lines;	   /* our lines the far number rang once, in 15 min, in 3 days */
	uint32_t seen;		   /* enum call_seen */
	int32_t client_days;	   /* since the person first called with such a client; -1 no client */
	int32_t client_turns;	   /* how often the line changed between clients in the last 6 h; up to 8 */
	int32_t client_overlaps;   /* this talk and those of 24 h that went on by two clients at once; 0: this one did not; up to 8 */
	int32_t crowd_number;	   /* people of ours who called that number in the last 12 h, this one included */
	int32_t crowd_closed;	   /* others of the site who call outside after hours within 3 h and seldom do so (up to 7) */
	int32_t crowd_unusual;	   /* others of the site whose calls out are unusual too, in the last 6 h */
	int64_t closed_day;	   /* the last day that counts as past; days since 1970, 0 none */
	struct usual usual[USUAL_N_WHOSE];
	bool src_ours;		   /* the caller, from outside, shows the number of one of our lines */
	bool dst_country_ours;	   /* the called country is one of our sites' */
	int32_t usual_new_milli;   /* calls with new numbers that its owner usually makes on a working day, × 1000; -1 unknown */
	int32_t usual_rate_milli;  /* persons a day and a thousand that are as unusual as its owner now; -1 unknown */
	int32_t budget_milli;	   /* alerts a day and a thousand that are wanted; 0 none */
};

/* How long the facts that need whole records look back; others are recalled. */
#define WANGIRI_MEMORY_MS (3 * DAY_MS)

struct memories; /* all that is remembered */

struct memories *memories_new(void);
void memories_free(struct memories *);

/* Remember the leg and say what is known of it now. */
void memories_observe(struct memories *, const struct cdr *, const struct leg_facts *,
    struct state_facts *out);

/* The same for a leg that was observed by an earlier run: days of which notes
 * are kept know of it already. */
void memories_observe_again(struct memories *, const struct cdr *, const struct leg_facts *,
    struct state_facts *out);

/* Remember only what lasts for weeks (numbers, ranges, countries and since
 * when): for legs of which little more is at hand than that. */
void memories_recall(struct memories *, const struct cdr *, const struct leg_facts *);

/* … and that a person called outside deep in closed hours on that day. */
void memories_recall_night(struct memories *, uint64_t user_key, int64_t day);

/* … and a day of somebody, as memories_notes told it. Oldest day first. */
void memories_recall_note(struct memories *, const struct day_note *);

/* What is to be kept for a later run, since the last call. */
typedef void (*note_fn)(void *arg, const struct day_note *);
void memories_notes(struct memories *, note_fn, void *arg);

/* Is it a call to the outside deep in closed hours, and on which day? One night
 * is one day: noon to noon, about; days since 1970. */
bool leg_is_night(const struct cdr *, const struct leg_facts *, int64_t *day);

size_t memories_bytes(const struct memories *);

/* A stateful fact: a row of the table in state_facts.c. */
struct fact_source {
	const char *name;
	void *(*open)(void);
	void (*close)(void *memory);
	void (*observe)(void *memory, const struct cdr *, const struct leg_facts *,
	    struct state_facts *out);
	size_t (*bytes)(const void *memory);
	bool lasting; /* can be told by memories_recall */
	void (*recall_day)(void *memory, uint64_t key, int64_t day); /* NULL: cannot be told by the day */
	void (*recall_note)(void *memory, const struct day_note *);  /* NULL: keeps none */
	void (*notes)(void *memory, note_fn, void *arg);	     /* those since the last time */
	void (*set_again)(void *memory, bool again);		     /* legs that follow were observed before */
};

extern const struct fact_source fact_overlap, fact_nights, fact_sequence, fact_first_seen, fact_wangiri,
    fact_call, fact_usual, fact_clients, fact_crowd, fact_ours;

#endif
