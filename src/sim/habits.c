/* SPDX-License-Identifier: Apache-2.0
 *
 * The form of ordinary life: office hours with a dip at lunch, a Saturday
 * morning, holidays, a few people who make most calls. Rates are those of an
 * office, not of a call centre. The calls themselves: daily_life.c. */
#include "sim/habits.h"

#include <math.h>
#include <string.h>

#include "base/iso_time.h"

/* Weight of a local hour, Monday to Friday. */
static const double OFFICE[24] = { 0, 0, 0, 0, 0, 0.02, 0.15, 0.7, 1.25, 1.5, 1.55, 1.35, 0.75, 0.7, 1.3,
	1.4, 1.25, 0.9, 0.35, 0.12, 0.06, 0.03, 0.01, 0 };
static const double EARLY[24] = { 0, 0, 0, 0, 0.1, 0.4, 1.1, 1.3, 1.3, 1.3, 1.2, 0.8, 1.1, 1.0, 0.4 };
static const double LATE[24] = { [12] = 0.2, [13] = 0.9, [14] = 1.2, [15] = 1.2, [16] = 1.1,
	[17] = 0.6, [18] = 0.9, [19] = 1.1, [20] = 1.0, [21] = 0.8, [22] = 0.3 };
static const double NIGHT[24] = { 0.8, 0.7, 0.6, 0.5, 0.5, 0.6, 0.5, [21] = 0.3, [22] = 1.0, [23] = 0.9 };

struct fixed_holiday {
	const char *country;
	int month, day;
	bool moves_to_monday; /* Colombia's Ley Emiliani, 1983 */
};

static const struct fixed_holiday HOLIDAYS[] = {
	{ "CO", 1, 1, 0 },   { "CO", 1, 6, 1 },	  { "CO", 3, 19, 1 },  { "CO", 5, 1, 0 },
	{ "CO", 6, 29, 1 },  { "CO", 7, 20, 0 },  { "CO", 8, 7, 0 },   { "CO", 8, 15, 1 },
	{ "CO", 10, 12, 1 }, { "CO", 11, 1, 1 },  { "CO", 11, 11, 1 }, { "CO", 12, 8, 0 },
	{ "CO", 12, 25, 0 }, { "CR", 1, 1, 0 },	  { "CR", 4, 11, 0 },  { "CR", 5, 1, 0 },
	{ "CR", 7, 25, 0 },  { "CR", 8, 2, 0 },	  { "CR", 8, 15, 0 },  { "CR", 9, 15, 0 },
	{ "CR", 12, 25, 0 }, { "US", 1, 1, 0 },	  { "US", 7, 4, 0 },   { "US", 12, 25, 0 },
	{ "GT", 1, 1, 0 },   { "GT", 5, 1, 0 },	  { "GT", 6, 30, 0 },  { "GT", 9, 15, 0 },
	{ "GT", 10, 20, 0 }, { "GT", 11, 1, 0 },  { "GT", 12, 25, 0 }, { "SV", 1, 1, 0 },
	{ "SV", 5, 1, 0 },   { "SV", 8, 6, 0 },	  { "SV", 9, 15, 0 },  { "SV", 11, 2, 0 },
	{ "SV", 12, 25, 0 },
};

static int64_t day_of(int year, int month, int day)
{
	return civil_to_ms(year, month, day, 0, 0, 0, 0) / DAY_MS;
}

static int weekday_of(int64_t day)
{
	return (int)((day + 4) % 7); /* 1970-01-01 was a Thursday */
}

/* Anonymous Gregorian algorithm (Meeus, Astronomical Algorithms, ch. 8). */
static int64_t easter(int year)
{
	int a = year % 19, b = year / 100, c = year % 100, d = b / 4, e = b % 4;
	int f = (b + 8) / 25, g = (b - f + 1) / 3, h = (19 * a + b - d - g + 15) % 30;
	int i = c / 4, k = c % 4, l = (32 + 2 * e + 2 * i - h - k) % 7, m = (a + 11 * h + 22 * l) / 451;
	int month = (h + l - 7 * m + 114) / 31, day = (h + l - 7 * m + 114) % 31 + 1;
	return day_of(year, month, day);
}

bool is_holiday(const char *country, int year, int month, int day)
{
	int64_t today = day_of(year, month, day);
	for (size_t i = 0; i < COUNT_OF(HOLIDAYS); i++) {
		const struct fixed_holiday *h = &HOLIDAYS[i];
		if (strcmp(h->country, country) != 0)
			continue;
		int64_t on = day_of(year, h->month, h->day);
		if (h->moves_to_monday)
			on += (8 - weekday_of(on)) % 7;
		if (on == today)
			return true;
	}
	int64_t from_easter = today - easter(year);
	if (strcmp(country, "US") == 0) { /* Thanksgiving, Labor Day, Memorial Day */
		int w = weekday_of(today);
		return (month == 11 && w == 4 && day >= 22 && day <= 28) ||
		    (month == 9 && w == 1 && day <= 7) || (month == 5 && w == 1 && day >= 25);
	}
	if (from_easter == -3 || from_easter == -2)
		return true;
	return strcmp(country, "CO") == 0 &&
	    (from_easter == 43 || from_easter == 64 || from_easter == 71);
}

void day_shape_make(const struct sim_location *site, enum shift shift, int64_t day,
    struct day_shape *out)
{
	static const double *const HOURS[] = { [SHIFT_OFFICE] = OFFICE, [SHIFT_EARLY] = EARLY,
		[SHIFT_LATE] = LATE, [SHIFT_NIGHT] = NIGHT, [SHIFT_DENVER] = OFFICE };
	double sum = 0, normal = 0;
	for (int h = 0; h < 24; h++)
		normal += 2 * HOURS[shift][h];
	for (int slot = 0; slot < 48; slot++) {
		int64_t at = day * DAY_MS + slot * (HOUR_MS / 2);
		int minutes = sim_location_minutes(site, at);
		struct civil local;
		/* Denver's hours are two behind Costa Rica's in winter, one in
		 * summer; one and a half is close enough for a rhythm. */
		int64_t behind = shift == SHIFT_DENVER ? 90 : 0;
		civil_from_ms(at + (minutes - behind) * MINUTE_MS, &local);
		double weight = HOURS[shift][local.hour];
		bool rotating = site->always_open && shift != SHIFT_OFFICE;
		bool closed = local.weekday == 0 ||
		    is_holiday(site->country, local.year, local.month, local.day);
		if (!rotating && closed)
			weight *= site->always_open ? 0.4 : 0.012;
		else if (!rotating && local.weekday == 6)
			weight *= local.hour < 13 ? 0.3 : 0.03;
		sum += weight;
		out->until[slot] = sum;
	}
	out->total = sum / normal;
}

int64_t day_shape_moment(const struct day_shape *shape, int64_t day, struct rng *r)
{
	double x = rng_unit(r) * shape->until[47];
	int slot = 0;
	while (slot < 47 && shape->until[slot] <= x)
		slot++;
	return day * DAY_MS + slot * (HOUR_MS / 2) + rng_below(r, HOUR_MS / 2);
}

void habit_of(const struct sim_org *org, uint64_t seed, int person, int64_t day, struct habit *out)
{
	const struct sim_person *p = &org->people[person];
	const struct sim_location *site = &org->locations[p->location];
	struct rng r = rng_for(seed, HABIT_PERSON, (uint64_t)person);
	/* Heavy-tailed: a few people make most calls. */
	double busy = fmin(rng_lognormal(&r, 0.75, 0.85), 9);
	*out = (struct habit){ .out_per_day = 3.2 * busy, .internal_per_day = 2.2 * busy,
		.in_per_day = *p->number ? 1.6 * busy : 0.25 * busy };
	out->talk_median_s = rng_lognormal(&r, 70, 0.4);
	out->n_favourites = (int)rng_between(&r, 3, 14);
	double x = rng_unit(&r);
	bool trader = strcmp(p->department, "Tesorería") == 0;
	bool seller = strcmp(p->department, "Comercial") == 0 || strcmp(p->department, "Cartera") == 0;
	out->mobile = seller ? 0.65 : 0.42;
	out->abroad = trader ? 0.16 : x < 0.18 ? 0.07 : 0;
	if (seller)
		out->out_per_day *= 1.7;
	out->shift = SHIFT_OFFICE;
	if (site->always_open && rng_chance(&r, 0.7))
		out->shift = (enum shift)(SHIFT_EARLY + (day / 7 + (int64_t)rng_below(&r, 3)) % 3);
	else if (strcmp(site->country, "CR") == 0 && rng_chance(&r, 0.25))
		out->shift = SHIFT_DENVER;
	else if (rng_chance(&r, 0.06))
		out->shift = rng_chance(&r, 0.5) ? SHIFT_EARLY : SHIFT_LATE;
	if (p->is_place) {
		out->out_per_day *= 0.4;
		out->abroad = 0;
	}
	out->forwards_no_answer = rng_chance(&r, 0.05);
	struct rng week = rng_for(seed ^ HABIT_WEEK, (uint64_t)(day / 7), (uint64_t)person);
	out->away = rng_chance(&week, 0.04);
	out->forwards_always = rng_chance(&week, 0.02);
}

void habit_favourite(const struct sim_org *org, uint64_t seed, int person, const struct habit *h, int k,
    struct outside *out)
{
	const struct sim_location *site = &org->locations[org->people[person].location];
	struct rng r = rng_for(seed ^ HABIT_FAVOURITE, (uint64_t)person, (uint64_t)k);
	double x = rng_unit(&r);
	/* One in six is a partner that many of us call: one number for all. */
	uint64_t key = rng_chance(&r, 0.16) ? (uint64_t)rng_below(&r, 40) : rng_next(&r);
	if (x < h->abroad)
		outside_usual_abroad(site, key, out);
	else
		outside_domestic(site, x < h->abroad + h->mobile ? OUTSIDE_MOBILE
		    : x > 0.975 ? OUTSIDE_TOLL_FREE : OUTSIDE_FIXED, key, out);
}
