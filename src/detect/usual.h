/* SPDX-License-Identifier: Apache-2.0
 *
 * How much of something is usual for somebody: calls out, abroad, to new
 * numbers … in an hour and in a day, for each kind of hour of the week. Who is
 * new is expected to do what the others here do, until there is more to go by.
 * What a day held counts as usual only when the day is three days old, so that
 * a theft does not teach its own habits; habits halve in three weeks. */
#ifndef DETECT_USUAL_H
#define DETECT_USUAL_H

#include "detect/day_note.h"

#define USUAL_WHATS(row)                                                                   \
	row(USUAL_OUT, "calls out", "llamadas externas")                                   \
	row(USUAL_ABROAD, "calls abroad", "llamadas al extranjero")                        \
	row(USUAL_NEW, "calls with new numbers", "llamadas con números nuevos")            \
	row(USUAL_SHORT, "calls that failed or ended at once", "llamadas fallidas o cortadas en seguida") \
	row(USUAL_INTERNAL, "internal calls", "llamadas internas")                         \
	row(USUAL_IN, "incoming calls", "llamadas entrantes")                                    \
	row(USUAL_SPECIAL, "toll-free or premium calls", "llamadas gratuitas o de tarifa especial")

enum usual_what {
#define USUAL_ENUM(id, en, es) id,
	USUAL_WHATS(USUAL_ENUM)
#undef USUAL_ENUM
	USUAL_N_WHATS
};

/* How much of it: minutes and money, of persons. */
#define USUAL_AMOUNTS(row)                                                          \
	row(AMOUNT_MINUTES, "minutes talked outside", "minutos hablados con el exterior") \
	row(AMOUNT_ABROAD, "minutes talked abroad", "minutos hablados con el extranjero") \
	row(AMOUNT_COST, "US dollars of calls", "dólares en llamadas")

enum usual_amount {
#define AMOUNT_ENUM(id, en, es) id,
	USUAL_AMOUNTS(AMOUNT_ENUM)
#undef AMOUNT_ENUM
	AMOUNT_N
};

/* Whose habits: of the owner of a record, who is a person or a service, of a
 * whole site, of the trunk that carries the leg; and the amounts of a person. */
enum usual_whose { USUAL_OWNER, USUAL_SITE, USUAL_TRUNK, USUAL_AMOUNT, USUAL_N_WHOSE };

/* The most unusual that a leg shows of one of these. */
struct usual {
	int32_t surprise;  /* tenths of a power of ten: 60 is once in a million; -1 nothing to say */
	int32_t count, expected_milli;
	int32_t window_s;  /* in which that many were counted */
	int32_t days;	   /* that we have known them */
	uint8_t what;	   /* enum usual_what, or usual_amount */
	char expected[12]; /* "0.02"; "" while nothing is unusual */
};

#define USUAL_CLASSES	 4 /* working hours, evening, night, weekend or holiday */
#define USUAL_KEEPS_DAYS 3 /* days that do not count as usual yet */

/* Who has habits of one kind: newcomers are expected to be like these. */
enum usual_kind { USUAL_PERSON,
	USUAL_SERVICE,
	USUAL_OF_SITE,
	USUAL_OF_TRUNK,
	USUAL_N_KINDS };

/* A day of somebody, to be kept: seven counts of nine bits, of one class. */
#define USUAL_NOTE(kind, class) (NOTE_USUAL + (int)(kind)*USUAL_CLASSES + (class))
/* One count that grows: what came when the day was closed already. Both begin
 * at another number for amounts. */
#define USUAL_NOTE_LATE(kind, class, what) (NOTE_LATE + ((int)(kind)*USUAL_CLASSES + (class)) * USUAL_N_WHATS + (what))

/*
 * Chance of n or more where mean is usual, as -log10. Counts of people vary more
 * than Poisson's: a negative binomial, of few degrees for one person, of more
 * for the flow of many. 0 for n below the mean.
 *
 * degrees  1 to 16
 */
double usual_surprise(double mean, int n, int degrees);

/* A count in nine bits: exact below 64, else within 2 %. */
unsigned usual_pack(unsigned count);
unsigned usual_unpack(unsigned code);

#endif
