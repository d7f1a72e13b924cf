/* SPDX-License-Identifier: Apache-2.0
 *
 * A scenario: which incidents happen when. Read from data/scenarios/x.json;
 * data/scenarios/README.md describes the format. The incidents themselves are
 * in attacks.c and lookalikes.c. */
#ifndef SIM_SCENARIO_H
#define SIM_SCENARIO_H

#include "base/fault.h"
#include "sim/org.h"

#define SCENARIO_MAX_INCIDENTS 500
#define SCENARIO_MAX_PREFIXES  8

/* Numbers an incident may set; what they mean for a kind is in the README.
 * One list: the field and its name in the file, and its bounds. */
#define SCENARIO_NUMBERS(row)                                                \
	row(calls, 1, 5000)   /* calls in all, or a day for those of days */ \
	row(hours, 0.01, 72)  /* from first to last, a day */                \
	row(days, 1, 90)                                                     \
	row(people, 1, 500)   /* of ours that take part */                   \
	row(numbers, 1, 500)  /* outside numbers */                          \
	row(talk_s, 1, 36000) /* median */

struct scenario_numbers {
#define SCENARIO_FIELD(name, low, high) double name;
	SCENARIO_NUMBERS(SCENARIO_FIELD)
#undef SCENARIO_FIELD
};

struct incident_kind;

struct incident_plan {
	const struct incident_kind *kind;
	bool patient;
	bool from_epoch;    /* counts minutes from the epoch, not local hours */
	int day;	    /* after the epoch's; may be negative */
	int weekday;	    /* 0 Sunday: the first such day from then on; -1: as it comes */
	double hour;	    /* local; < 0: the kind's own */
	double minute;	    /* from_epoch: may be negative */
	int location;	    /* -1: any */
	int repeat_days;    /* 0: once */
	struct scenario_numbers numbers; /* 0: the kind's own */
	char prefixes[SCENARIO_MAX_PREFIXES][16];
	size_t n_prefixes;
};

struct scenario {
	char name[64];
	struct incident_plan *plans;
	size_t n_plans;
};

/* `name` as in traffic_options. Checked and bounded: a wrong key, kind, site
 * or number is a fault that says which incident. */
bool scenario_open(const char *name, const char *data_folder, const struct sim_org *,
    struct scenario *out, struct fault *) MUST_USE;
bool scenario_parse(const char *bytes, size_t n, const char *name, const struct sim_org *,
    struct scenario *out, struct fault *) MUST_USE;
void scenario_clear(struct scenario *);
/* Is it to be found? If not, the fault names those that are. */
bool scenario_exists(const char *name, const char *data_folder, struct fault *) MUST_USE;
/* Day 0 for somebody who begins to watch now and reads back SCENARIO_READ_BACK:
 * what happens on some weekday of the first week has been then. */
#define SCENARIO_READ_BACK "8d"
int64_t scenario_watched_from_ms(const char *name, int64_t now_ms);

#endif
