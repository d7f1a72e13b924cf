/* SPDX-License-Identifier: Apache-2.0
 *
 * How ordinary life goes: when a site works, how much each person calls and
 * whom. Everything follows from (seed, person), so it is the same every day. */
#ifndef SIM_HABITS_H
#define SIM_HABITS_H

#include "sim/call_shapes.h"

/* Each kind of chance has a stream of its own, so that none disturbs another. */
enum { HABIT_PERSON = 0x200, HABIT_FAVOURITE, HABIT_WEEK, HABIT_DAY, HABIT_SITE, HABIT_COLLEAGUE };

enum shift { SHIFT_OFFICE, SHIFT_EARLY, SHIFT_LATE, SHIFT_NIGHT, SHIFT_DENVER, N_SHIFTS };

/* Weight of each half hour of a UTC day, cumulative; total 1: a normal weekday. */
struct day_shape {
	double until[48], total;
};

void day_shape_make(const struct sim_location *, enum shift, int64_t day, struct day_shape *out);
/* A moment of that day by its weights. */
int64_t day_shape_moment(const struct day_shape *, int64_t day, struct rng *);

/* National holidays, fixed and movable, roughly as each country keeps them. */
bool is_holiday(const char *country, int year, int month, int day);

struct habit {
	double out_per_day, internal_per_day, in_per_day;
	double talk_median_s;
	enum shift shift;
	double mobile, abroad; /* shares of outside calls */
	int n_favourites;
	bool away;	       /* on vacation that day */
	bool forwards_always;  /* to a mobile, this week */
	bool forwards_no_answer;
};

void habit_of(const struct sim_org *, uint64_t seed, int person, int64_t day, struct habit *out);

/* The person's k-th favourite outside number. */
void habit_favourite(const struct sim_org *, uint64_t seed, int person, const struct habit *, int k,
    struct outside *out);

#endif
