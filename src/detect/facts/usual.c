/* SPDX-License-Identifier: Apache-2.0
 *
 * Counts of an hour and of a day beside what is usual: detect/usual.h. Event
 * time throughout; a late leg counts where it belongs. */
#include "detect/usual.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"
#include "detect/facts/slots.h"
#include "detect/state_facts.h"

#define HALF_LIFE_DAYS	21.0
#define PRIOR_HOURS	16.0  /* what the others do weighs as much as two days of one's own */
#define DEFAULT_HOURS	400.0 /* … and what we know of any organisation, as much as that of theirs */
#define SHORT_MS	(10 * MINUTE_MS) /* an hour is six of these, the newest still filling … */
#define N_SHORTS	6
#define LONG_SHORTS	18 /* … and a day eight of three hours */
#define N_LONGS		8
#define SAY_FROM	30    /* tenths: below it no words are made */
#define GAP_DAYS	7     /* a week without a call is possible */
#define GAP_LEGS	3     /* … if so many legs in a row say so */
#define LEAP_LEGS	8     /* … and longer, if so many do */
#define SETTLED_LEGS	64    /* a clock that took so many does not go back by weeks */
#define LATE_DAYS	60    /* older days teach nothing */
#define LIMIT		(1 << 17)
#define DAY_MOST	100000 /* in the year 2243: later than any date that is understood */

enum { CLASS_WORK, CLASS_EVENING, CLASS_NIGHT, CLASS_REST };
static_assert(CLASS_REST + 1 == USUAL_CLASSES, "a class of hours has no place");

/* Hours of each class in a working day and in another. */
static const float class_hours[2][USUAL_CLASSES] = { { 12, 3, 9, 0 }, { 0, 0, 9, 15 } };

/* Calls an hour, until an organisation has shown its own; how steady they are. */
static const double default_rates[USUAL_N_KINDS][USUAL_N_WHATS] = {
	[USUAL_PERSON] = { 0.5, 0.02, 0.15, 0.15, 0.5, 1.0, 0.02 },
	[USUAL_SERVICE] = { 0.5, 0.02, 0.15, 0.5, 2, 10, 0.02 },
	[USUAL_OF_SITE] = { 20, 0.5, 5, 4, 20, 30, 0.5 },
};
static const int steadiness[USUAL_N_KINDS] = { [USUAL_PERSON] = 2, [USUAL_SERVICE] = 6, [USUAL_OF_SITE] = 6 };
static const double default_share[USUAL_CLASSES] = { 1.0, 0.25, 0.04, 0.1 };

struct habits {
	struct slot slot;
	int64_t since_day;
	int64_t newest; /* of the short spans, since 1970 */
	float base[USUAL_CLASSES][USUAL_N_WHATS]; /* counts of closed days, halving */
	float exposure[USUAL_CLASSES];		  /* hours of them, halving */
	uint16_t days[USUAL_KEEPS_DAYS][USUAL_CLASSES][USUAL_N_WHATS]; /* by day modulo */
	uint16_t shorts[N_SHORTS][USUAL_N_WHATS];		       /* a flood does not fit a byte */
	uint8_t longs[N_LONGS][USUAL_N_WHATS];			       /* … a person's two hours do */
	uint8_t kind; /* enum usual_kind */
	uint8_t pad[1];
};
static_assert(sizeof(struct habits) % 8 == 0, "slots hold multiples of eight bytes");

struct pool {
	double count[USUAL_CLASSES][USUAL_N_WHATS], hours[USUAL_CLASSES];
};

struct usuals {
	struct slots slots;
	int64_t newest_day, closed_day; /* 0: none yet */
	int64_t stray_day;
	int n_strays, n_on_clock;
	bool again; /* legs of closed days are known by the notes */
	struct pool pools[USUAL_N_KINDS];
	struct day_note *notes;
	size_t n_notes, notes_capacity;
};

/* ---- days in a number -------------------------------------------------------------- */

static int64_t pack_day(const uint16_t counts[USUAL_N_WHATS])
{
	uint64_t n = 0;
	for (size_t k = 0; k < USUAL_N_WHATS; k++)
		n |= (uint64_t)usual_pack(counts[k]) << (9 * k);
	return (int64_t)n;
}

static_assert(USUAL_N_WHATS * 9 < 64, "a day's counts do not fit one number");

/* ---- hours ------------------------------------------------------------------------- */

static bool rests(int weekday)
{
	return weekday == 0 || weekday == 6;
}

static int class_at(int hour, bool rest)
{
	return hour < 7 || hour >= 22 ? CLASS_NIGHT : rest ? CLASS_REST : hour < 19 ? CLASS_WORK : CLASS_EVENING;
}

struct moment {
	int64_t day, newest;
	int hour;		/* local where it is known */
	bool rest, rest_before; /* today and yesterday */
};

static struct moment moment_of(const struct cdr *cdr, const struct leg_facts *leg)
{
	struct moment m = { .day = cdr->start_ms / DAY_MS, .newest = cdr->start_ms / SHORT_MS };
	int weekday = leg->weekday < 0 ? -1 : (unsigned char)leg->weekday;
	m.hour = leg->local_minute / 60;
	if (leg->local_minute < 0 || weekday < 0) {
		m.hour = (int)(cdr->start_ms % DAY_MS / HOUR_MS);
		weekday = (int)((m.day + 4) % 7);
	}
	m.rest = rests(weekday) || (leg->flags & LEG_HOLIDAY);
	m.rest_before = rests((weekday + 6) % 7);
	return m;
}

static int class_hours_ago(const struct moment *m, int ago)
{
	int hour = m->hour - ago;
	return hour >= 0 ? class_at(hour, m->rest) : class_at(hour + 24, m->rest_before);
}

/* ---- days --------------------------------------------------------------------------- */

static void note(struct usuals *u, int what, int64_t day, uint64_t key, int64_t n)
{
	u->notes = mem_grow(u->notes, u->n_notes, &u->notes_capacity, sizeof *u->notes);
	u->notes[u->n_notes++] = (struct day_note){ .day = day, .key = key, .n = n, .what = what };
}

static bool rests_on(int64_t day)
{
	return rests((int)((day + 4) % 7));
}

static double halving(void)
{
	return exp2(-1 / HALF_LIFE_DAYS);
}

/* What all of one kind did on a day: in whole numbers, so that the order in
 * which they are added up does not matter. */
struct day_sum {
	int64_t count[USUAL_CLASSES][USUAL_N_WHATS], n_known;
};

static void close_of(struct usuals *u, struct habits *h, int64_t day, bool keep, struct day_sum *sum)
{
	float half = (float)halving();
	uint16_t (*counts)[USUAL_N_WHATS] = h->days[day % USUAL_KEEPS_DAYS];
	bool known = h->since_day <= day;
	sum->n_known += known;
	for (size_t c = 0; c < USUAL_CLASSES; c++) {
		h->exposure[c] = h->exposure[c] * half + (known ? class_hours[rests_on(day)][c] : 0);
		int64_t packed = pack_day(counts[c]);
		if (packed != 0 && keep)
			note(u, USUAL_NOTE(h->kind, (int)c), day, h->slot.key, packed);
		for (size_t k = 0; k < USUAL_N_WHATS; k++) {
			unsigned n = usual_unpack(usual_pack(counts[c][k]));
			h->base[c][k] = h->base[c][k] * half + (float)n;
			sum->count[c][k] += n;
		}
	}
	memset(counts, 0, sizeof h->days[0]);
}

static void close_day(struct usuals *u, int64_t day, bool keep)
{
	struct day_sum sums[USUAL_N_KINDS] = { 0 };
	for (size_t i = 0; i < u->slots.capacity; i++) {
		struct habits *h = (struct habits *)(void *)(u->slots.records + i * u->slots.size);
		if (u->slots.keys[i] != 0)
			close_of(u, h, day, keep, &sums[h->kind]);
	}
	double half = halving();
	for (size_t w = 0; w < USUAL_N_KINDS; w++)
		for (size_t c = 0; c < USUAL_CLASSES; c++) {
			struct pool *pool = &u->pools[w];
			pool->hours[c] = pool->hours[c] * half + (double)sums[w].n_known * (double)class_hours[rests_on(day)][c];
			for (size_t k = 0; k < USUAL_N_WHATS; k++)
				pool->count[c][k] = pool->count[c][k] * half + (double)sums[w].count[c][k];
		}
	u->closed_day = day;
	if (keep)
		note(u, NOTE_CLOSED, day, 0, 0);
}

/* Does a leg that is out of time agree with those before it, and are they enough? */
static bool strays_agree(struct usuals *u, int64_t day, int enough)
{
	bool agrees = u->n_strays > 0 && llabs(day - u->stray_day) <= GAP_DAYS;
	u->n_strays = agrees ? u->n_strays + 1 : 1;
	u->stray_day = day;
	return u->n_strays >= enough;
}

/*
 * The clock goes on by a day at once; over a weekend when three legs in a row
 * say so, further when eight do: one with a wrong date moves nothing, and a
 * clock that was set by such ones is put right by as many. False: a leg of
 * nowhere.
 */
static bool clock_takes(struct usuals *u, int64_t day)
{
	bool first = u->newest_day == 0, behind = day < u->newest_day - LATE_DAYS;
	int64_t gap = day - u->newest_day;
	if (!first && (gap > 1 || behind)) {
		bool settled = u->n_on_clock >= SETTLED_LEGS;
		if (!strays_agree(u, day, gap > 1 && gap <= GAP_DAYS ? GAP_LEGS : LEAP_LEGS) || (behind && settled))
			return false;
		if (behind || gap > GAP_DAYS)
			u->n_on_clock = 0; /* as sure of it as at the beginning */
		first = behind;
	}
	u->n_strays = 0;
	u->n_on_clock = MIN(u->n_on_clock + 1, SETTLED_LEGS);
	if (first) {
		u->newest_day = day;
		if (u->closed_day == 0 || behind) {
			u->closed_day = day - USUAL_KEEPS_DAYS;
			note(u, NOTE_CLOSED, u->closed_day, 0, 0);
		}
	}
	/* Of a year of silence the end is enough: all has faded. */
	for (int64_t d = MAX(u->closed_day + 1, day - 400); d <= day - USUAL_KEEPS_DAYS; d++)
		close_day(u, d, true);
	u->newest_day = MAX(u->newest_day, day);
	return true;
}

/* A leg of a day that is closed (Webex is asked for the newest days first):
 * worth what is left of such a day by now. */
static void add_late(struct usuals *u, struct habits *h, int64_t day, size_t class, size_t k, unsigned n)
{
	double left = exp2(-(double)MAX(u->closed_day - day, (int64_t)0) / HALF_LIFE_DAYS) * n;
	h->base[class][k] += (float)left;
	u->pools[h->kind].count[class][k] += left;
}

static void known_since(struct usuals *u, struct habits *h, int64_t day)
{
	for (; h->since_day > day && h->since_day - day <= LATE_DAYS; h->since_day--) {
		int64_t d = h->since_day - 1;
		double left = exp2(-(double)(u->closed_day - d) / HALF_LIFE_DAYS);
		for (size_t c = 0; c < USUAL_CLASSES && d <= u->closed_day; c++) {
			h->exposure[c] += class_hours[rests_on(d)][c] * (float)left;
			u->pools[h->kind].hours[c] += (double)class_hours[rests_on(d)][c] * left;
		}
	}
}

/* ---- counting ---------------------------------------------------------------------------- */

/* What is ahead of the clock was dated wrongly: it is of now. */
static void hold_back(struct usuals *u, struct habits *h, const struct moment *m)
{
	if (h->newest / (DAY_MS / SHORT_MS) <= u->newest_day)
		return;
	memset(h->shorts, 0, sizeof h->shorts);
	memset(h->longs, 0, sizeof h->longs);
	h->newest = m->newest;
	h->since_day = MIN(h->since_day, m->day);
}

static void count_leg(struct usuals *u, struct habits *h, const struct moment *m, uint32_t whats)
{
	bool closed = m->day <= u->closed_day;
	int64_t ahead = m->newest - h->newest;
	if (ahead > 0) {
		for (int64_t i = 1; i <= MIN(ahead, (int64_t)N_SHORTS); i++)
			memset(h->shorts[(h->newest + i) % N_SHORTS], 0, sizeof h->shorts[0]);
		int64_t longs = m->newest / LONG_SHORTS - h->newest / LONG_SHORTS;
		for (int64_t i = 1; i <= MIN(longs, (int64_t)N_LONGS); i++)
			memset(h->longs[(h->newest / LONG_SHORTS + i) % N_LONGS], 0, sizeof h->longs[0]);
		h->newest = m->newest;
	}
	int class = class_at(m->hour, m->rest);
	for (size_t k = 0; k < USUAL_N_WHATS; k++) {
		if (!(whats >> k & 1))
			continue;
		if (ahead > -N_SHORTS) {
			uint16_t *n = &h->shorts[m->newest % N_SHORTS][k];
			*n = (uint16_t)MIN(*n + 1, UINT16_MAX);
		}
		if (h->newest / LONG_SHORTS - m->newest / LONG_SHORTS < N_LONGS) {
			uint8_t *n = &h->longs[m->newest / LONG_SHORTS % N_LONGS][k];
			*n = (uint8_t)MIN(*n + 1, UINT8_MAX);
		}
		uint16_t *n = &h->days[m->day % USUAL_KEEPS_DAYS][class][k];
		if (!closed) {
			*n = (uint16_t)MIN(*n + 1, UINT16_MAX);
			continue;
		}
		if (u->again)
			continue;
		add_late(u, h, m->day, (size_t)class, k, 1);
		note(u, USUAL_NOTE_LATE(h->kind, class, (int)k), m->day, h->slot.key, 1);
	}
}

/* The newest `spans` short ones up to the moment, of those that are still there;
 * -1 where none is. What came after a late leg is not its own. */
static int count_shorts(const struct habits *h, const struct moment *m, size_t k, int64_t spans)
{
	int n = m->newest > h->newest - N_SHORTS ? 0 : -1;
	for (int64_t at = MAX(m->newest - spans, h->newest - N_SHORTS) + 1; at <= m->newest; at++)
		n += h->shorts[at % N_SHORTS][k];
	return n;
}

static int count_longs(const struct habits *h, const struct moment *m, size_t k)
{
	int64_t newest = m->newest / LONG_SHORTS, last = h->newest / LONG_SHORTS;
	int n = newest > last - N_LONGS ? 0 : -1;
	if (m->newest < h->newest && n == 0) { /* its own hours hold what came after it, too */
		newest--;
		n = 1;
	}
	for (int64_t at = MAX(newest, last) - N_LONGS + 1; at <= newest; at++)
		n += h->longs[at % N_LONGS][k];
	return n;
}

static double rate(const struct usuals *u, const struct habits *h, int class, size_t k)
{
	const struct pool *pool = &u->pools[h->kind];
	double others = (pool->count[class][k] + default_rates[h->kind][k] * default_share[class] * DEFAULT_HOURS) /
	    (pool->hours[class] + DEFAULT_HOURS);
	return ((double)h->base[class][k] + others * PRIOR_HOURS) / ((double)h->exposure[class] + PRIOR_HOURS);
}

static void consider(struct usual *out, const struct habits *h, size_t k, int n, double mean, int32_t window_s)
{
	int32_t tenths = (int32_t)(usual_surprise(mean, n, steadiness[h->kind]) * 10);
	if (tenths <= out->surprise)
		return;
	out->surprise = tenths;
	out->what = (uint8_t)k;
	out->count = n;
	out->expected_milli = (int32_t)(mean * 1000);
	out->window_s = window_s;
}

static void weigh(const struct usuals *u, const struct habits *h, const struct moment *m, uint32_t whats,
    struct usual *out)
{
	int now = class_at(m->hour, m->rest), before = class_hours_ago(m, 1);
	int in_day[USUAL_CLASSES] = { 0 };
	for (int i = 0; i < 24; i++)
		in_day[class_hours_ago(m, i)]++;
	for (size_t k = 0; k < USUAL_N_WHATS; k++) {
		if (!(whats >> k & 1))
			continue;
		double rates[USUAL_CLASSES], mean = 0;
		for (int c = 0; c < USUAL_CLASSES; c++) {
			rates[c] = rate(u, h, c, k);
			mean += rates[c] * in_day[c];
		}
		double hourly = MAX(rates[now], rates[before]);
		consider(out, h, k, count_shorts(h, m, k, N_SHORTS), hourly, 3600);
		if (h->kind == USUAL_PERSON)
			consider(out, h, k, count_longs(h, m, k), mean, 86400);
		if (h->kind == USUAL_SERVICE) /* a flood of minutes */
			consider(out, h, k, count_shorts(h, m, k, 2), hourly / 3, 1200);
	}
	if (out->surprise >= SAY_FROM)
		snprintf(out->expected, sizeof out->expected, out->expected_milli < 10 ? "< 0.01" : out->expected_milli >= 10000 ? "%.0f" :
		    out->expected_milli >= 1000 ? "%.1f" : "%.2f", (double)out->expected_milli / 1000);
}

/* ---- the source ------------------------------------------------------------------------------ */

static uint32_t shown(const struct leg_facts *leg, const struct cdr *cdr, const struct state_facts *known)
{
	uint32_t whats = 0;
	bool out = leg->flags & LEG_EXTERNAL_OUT, inside = (leg->flags & LEG_INTERNAL) && (leg->flags & LEG_ORIGINATING);
	if (out)
		whats |= 1u << USUAL_OUT;
	if (leg->flags & LEG_INTERNATIONAL)
		whats |= 1u << USUAL_ABROAD;
	if (out && known->number_days == 0)
		whats |= 1u << USUAL_NEW;
	if ((out || inside) && (!(leg->flags & LEG_ANSWERED) || cdr->duration_s < 8))
		whats |= 1u << USUAL_SHORT;
	if (inside)
		whats |= 1u << USUAL_INTERNAL;
	if (leg->flags & LEG_INBOUND)
		whats |= 1u << USUAL_IN;
	if (leg->flags & (LEG_TOLL_FREE | LEG_PREMIUM))
		whats |= 1u << USUAL_SPECIAL;
	return whats;
}

static struct habits *habits_of(struct usuals *u, enum usual_kind kind, uint64_t key, int64_t at_ms)
{
	bool is_new;
	struct habits *h = slots_put(&u->slots, key, at_ms, &is_new);
	if (is_new) {
		h->kind = (uint8_t)kind;
		h->since_day = MAX(at_ms / DAY_MS, u->closed_day + 1); /* known_since() goes back from there */
		h->newest = at_ms / SHORT_MS;
	}
	return h;
}

static uint64_t key_of(enum usual_kind kind, uint64_t key)
{
	return key == 0 ? 0 : hash_mix(key + (uint64_t)kind) | 1;
}

static void usual_observe(void *memory, const struct cdr *cdr, const struct leg_facts *leg, struct state_facts *out)
{
	struct usuals *u = memory;
	uint32_t whats = shown(leg, cdr, out);
	out->closed_day = u->closed_day;
	if (whats == 0 || cdr->start_ms < DAY_MS)
		return;
	struct moment m = moment_of(cdr, leg);
	if (!clock_takes(u, m.day))
		return;
	out->closed_day = u->closed_day;
	const struct {
		uint64_t key;
		enum usual_kind kind;
	} of[USUAL_N_WHOSE] = {
		[USUAL_OWNER] = { leg->user_key, leg->flags & LEG_SERVICE ? USUAL_SERVICE : USUAL_PERSON },
		[USUAL_SITE] = { leg->site_key, USUAL_OF_SITE },
	};
	for (size_t i = 0; i < USUAL_N_WHOSE; i++) {
		if (of[i].key == 0)
			continue;
		struct habits *h = habits_of(u, of[i].kind, key_of(of[i].kind, of[i].key), cdr->start_ms);
		hold_back(u, h, &m);
		known_since(u, h, m.day);
		count_leg(u, h, &m, whats);
		out->usual[i].days = (int32_t)(m.day - h->since_day);
		weigh(u, h, &m, whats, &out->usual[i]);
	}
}

static void usual_recall_note(void *memory, const struct day_note *n)
{
	struct usuals *u = memory;
	/* Days come in order; those of a day before the word that it is closed,
	 * what came late of it after. */
	if (n->day <= 0 || n->day > DAY_MOST || (n->what < NOTE_USUAL && n->what != NOTE_CLOSED))
		return;
	if (n->what == NOTE_CLOSED) {
		close_day(u, n->day, false);
		u->newest_day = MAX(u->newest_day, n->day + USUAL_KEEPS_DAYS);
		u->n_on_clock = SETTLED_LEGS;
		return;
	}
	bool late = n->what >= USUAL_NOTE_LATE(0, 0, 0);
	int place = n->what - (late ? USUAL_NOTE_LATE(0, 0, 0) : USUAL_NOTE(0, 0)), what = place % USUAL_N_WHATS;
	if (late)
		place /= USUAL_N_WHATS;
	if (place < 0 || place >= USUAL_N_KINDS * USUAL_CLASSES || n->key == 0 || n->n < 0)
		return;
	struct habits *h = habits_of(u, (enum usual_kind)(place / USUAL_CLASSES), n->key, n->day * DAY_MS);
	known_since(u, h, n->day);
	if (late) {
		add_late(u, h, n->day, (size_t)place % USUAL_CLASSES, (size_t)what, (unsigned)MIN(n->n, (int64_t)100000));
		return;
	}
	for (size_t k = 0; k < USUAL_N_WHATS; k++)
		h->days[n->day % USUAL_KEEPS_DAYS][place % USUAL_CLASSES][k] =
		    (uint16_t)MIN(usual_unpack((unsigned)((uint64_t)n->n >> (9 * k)) & 511), (unsigned)UINT16_MAX);
}

static void usual_notes(void *memory, note_fn fn, void *arg)
{
	struct usuals *u = memory;
	for (size_t i = 0; i < u->n_notes; i++)
		fn(arg, &u->notes[i]);
	u->n_notes = 0;
}

static void usual_set_again(void *memory, bool again)
{
	((struct usuals *)memory)->again = again;
}

static void *usual_open(void)
{
	struct usuals *u = mem_zalloc(sizeof *u);
	slots_init(&u->slots, sizeof(struct habits), LIMIT);
	return u;
}

static void usual_close(void *memory)
{
	struct usuals *u = memory;
	slots_clear(&u->slots);
	free(u->notes);
	free(u);
}

static size_t usual_bytes(const void *memory)
{
	const struct usuals *u = memory;
	return slots_bytes(&u->slots) + u->notes_capacity * sizeof *u->notes;
}

const struct fact_source fact_usual = {
	.name = "usual", .open = usual_open, .close = usual_close, .observe = usual_observe, .bytes = usual_bytes,
	.recall_note = usual_recall_note, .notes = usual_notes,
	.set_again = usual_set_again,
};
