/* SPDX-License-Identifier: Apache-2.0
 *
 * Counts of an hour and of a day beside what is usual: detect/usual.h. Event
 * time throughout; a late leg counts, and is weighed, where it belongs. */
#include "detect/facts/habits.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"
#include "detect/state_facts.h"

#define PRIOR_HOURS	16.0  /* what the others do weighs as much as two days of one's own */
#define DEFAULT_HOURS	400.0 /* … and what we know of any organisation, as much as that of theirs */
#define PEAK_LEAST	3
#define WORK_HOURS	12	  /* of CLASS_WORK in a working day */
#define SAY_FROM	PEAK_FROM /* below it no words are made */

static const struct book calls = {
	.rates = {
	    [USUAL_PERSON] = { 0.5, 0.02, 0.15, 0.15, 0.5, 1.0, 0.02 },
	    [USUAL_SERVICE] = { 0.5, 0.02, 0.15, 0.5, 2, 10, 0.02 },
	    [USUAL_OF_SITE] = { 20, 0.5, 5, 4, 20, 30, 0.5 },
	    [USUAL_OF_TRUNK] = { 20, 0.5, 5, 4, 20, 30, 0.5 },
	},
	.grain = { 1, 1, 1, 1, 1, 1, 1 },
	.unit = { 1, 1, 1, 1, 1, 1, 1 },
	.most = 1 << 17,
	.note = NOTE_USUAL,
	.note_late = NOTE_LATE,
	.leads = true,
};

/* Minutes and halves of a dollar. One call of ten minutes, or of two dollars, says
 * as little as one call. Three hours of one line are 180 minutes, and 127 dollars
 * of them are as many as any: they fit a byte. */
static const struct book amounts = {
	.rates = { [USUAL_PERSON] = { [AMOUNT_MINUTES] = 1.5, [AMOUNT_ABROAD] = 0.1, [AMOUNT_COST] = 0.1 } },
	.grain = { [AMOUNT_MINUTES] = 10, [AMOUNT_ABROAD] = 10, [AMOUNT_COST] = 4 },
	.unit = { [AMOUNT_MINUTES] = 1, [AMOUNT_ABROAD] = 1, [AMOUNT_COST] = 2 },
	.most = 1 << 16,
	.note = NOTE_AMOUNT,
	.note_late = NOTE_AMOUNT_LATE,
};
static_assert((int)AMOUNT_N <= (int)USUAL_N_WHATS, "a book has seven lines");

/* How steady they are. */
static const int steadiness[USUAL_N_KINDS] = { [USUAL_PERSON] = 2, [USUAL_SERVICE] = 6, [USUAL_OF_SITE] = 6, [USUAL_OF_TRUNK] = 6 };
static const double default_share[USUAL_CLASSES] = { 1.0, 0.25, 0.04, 0.1 };

/* ---- hours ------------------------------------------------------------------------- */

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
	m.rest = habits_rest(weekday) || (leg->flags & LEG_HOLIDAY);
	m.rest_before = habits_rest((weekday + 6) % 7);
	return m;
}

static int class_hours_ago(const struct moment *m, int ago)
{
	int hour = m->hour - ago;
	return hour >= 0 ? class_at(hour, m->rest) : class_at(hour + 24, m->rest_before);
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

static void count_leg(struct usuals *u, struct habits *h, const struct moment *m, const unsigned n_of[USUAL_N_WHATS])
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
		if (n_of[k] == 0)
			continue;
		if (ahead > -N_SHORTS) {
			uint16_t *n = &h->shorts[m->newest % N_SHORTS][k];
			*n = (uint16_t)MIN(*n + n_of[k], (unsigned)UINT16_MAX);
		}
		if (h->newest / LONG_SHORTS - m->newest / LONG_SHORTS < N_LONGS) {
			uint8_t *n = &h->longs[m->newest / LONG_SHORTS % N_LONGS][k];
			*n = (uint8_t)MIN(*n + n_of[k], (unsigned)UINT8_MAX);
		}
		uint16_t *n = &h->days[m->day % USUAL_KEEPS_DAYS][class][k];
		if (!closed) {
			*n = (uint16_t)MIN(*n + n_of[k], (unsigned)UINT16_MAX);
			continue;
		}
		if (u->again)
			continue;
		habits_late(u, h, m->day, (size_t) class, k, n_of[k]);
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
	double others = (pool->count[class][k] + u->book->rates[h->kind][k] * default_share[class] * DEFAULT_HOURS) /
	    (pool->hours[class] + DEFAULT_HOURS);
	return ((double)h->base[class][k] + others * PRIOR_HOURS) / ((double)h->exposure[class] + PRIOR_HOURS);
}

static void consider(struct usual *out, const struct usuals *u, const struct habits *h, size_t k, int n, double mean, int32_t window_s)
{
	int grain = u->book->grain[k], unit = u->book->unit[k];
	if (n < 0) /* the window of a late leg is not there any more */
		return;
	int32_t tenths = (int32_t)(usual_surprise(mean / grain, n / grain, steadiness[h->kind]) * 10);
	if (tenths <= out->surprise)
		return;
	out->surprise = tenths;
	out->what = (uint8_t)k;
	out->count = n / unit;
	out->expected_milli = (int32_t)(mean * 1000 / unit);
	out->window_s = window_s;
}

static void weigh(const struct usuals *u, const struct habits *h, const struct moment *m, const unsigned n_of[USUAL_N_WHATS],
    struct usual *out)
{
	int now = class_at(m->hour, m->rest), before = class_hours_ago(m, 1);
	int in_day[USUAL_CLASSES] = { 0 };
	for (int i = 0; i < 24; i++)
		in_day[class_hours_ago(m, i)]++;
	for (size_t k = 0; k < USUAL_N_WHATS; k++) {
		if (n_of[k] == 0)
			continue;
		double rates[USUAL_CLASSES], mean = 0;
		for (int c = 0; c < USUAL_CLASSES; c++) {
			rates[c] = rate(u, h, c, k);
			mean += rates[c] * in_day[c];
		}
		double hourly = MAX(rates[now], rates[before]);
		consider(out, u, h, k, count_shorts(h, m, k, N_SHORTS), hourly, 3600);
		if (h->kind == USUAL_PERSON)
			consider(out, u, h, k, count_longs(h, m, k), mean, 86400);
		if (h->kind == USUAL_SERVICE) /* a flood of minutes */
			consider(out, u, h, k, count_shorts(h, m, k, 2), hourly / 3, 1200);
	}
	if (out->surprise >= SAY_FROM)
		snprintf(out->expected, sizeof out->expected, out->expected_milli < 10 ? "< 0.01" : out->expected_milli >= 10000 ? "%.0f" :
		    out->expected_milli >= 1000 ? "%.1f" : "%.2f", (double)out->expected_milli / 1000);
}

/* What shows the person at the most unusual of the day counts among the peaks;
 * how often somebody is as unusual. One call or two are no peak. */
static int32_t weigh_peak(struct usuals *u, struct habits *h, int64_t day, const struct usual *shows)
{
	if (h->kind != USUAL_PERSON || shows->count < PEAK_LEAST || shows->days < PEAK_KNOWN_DAYS)
		return -1;
	habits_peak(u, h, day, shows->surprise);
	return peaks_rate(&u->peaks, shows->surprise);
}

/* ---- the source ------------------------------------------------------------------------------ */

/* Is there anything to count? */
static bool count_calls(const struct leg_facts *leg, const struct cdr *cdr, const struct state_facts *known, unsigned n_of[USUAL_N_WHATS])
{
	bool out = leg->flags & LEG_EXTERNAL_OUT, inside = (leg->flags & LEG_INTERNAL) && (leg->flags & LEG_ORIGINATING);
	/* Whom nobody here called before today; who calls a service and was never met. */
	bool stranger = (leg->flags & LEG_INBOUND) && (leg->flags & LEG_SERVICE) && known->number_is_new;
	n_of[USUAL_OUT] = out;
	n_of[USUAL_ABROAD] = (leg->flags & LEG_INTERNATIONAL) != 0;
	n_of[USUAL_NEW] = (out && known->number_days == 0) || stranger;
	n_of[USUAL_SHORT] = (out || inside) && (!(leg->flags & LEG_ANSWERED) || cdr->duration_s < 8);
	n_of[USUAL_INTERNAL] = inside;
	n_of[USUAL_IN] = (leg->flags & LEG_INBOUND) != 0;
	n_of[USUAL_SPECIAL] = (leg->flags & (LEG_TOLL_FREE | LEG_PREMIUM)) != 0;
	for (size_t k = 0; k < USUAL_N_WHATS; k++) {
		if (n_of[k] > 0)
			return true;
	}
	return false;
}

static bool count_amounts(const struct leg_facts *leg, const struct cdr *cdr, unsigned n_of[USUAL_N_WHATS])
{
	if (!(leg->flags & LEG_EXTERNAL_OUT) || (leg->flags & LEG_SERVICE))
		return false;
	unsigned minutes = ((unsigned)MAX(cdr->duration_s, 0) + 30) / 60;
	n_of[AMOUNT_MINUTES] = minutes;
	n_of[AMOUNT_ABROAD] = leg->flags & LEG_INTERNATIONAL ? minutes : 0;
	n_of[AMOUNT_COST] = (unsigned)MIN((MAX(leg->cost_micro, (int64_t)0) + 250000) / 500000, (int64_t)UINT16_MAX);
	return minutes > 0 || n_of[AMOUNT_COST] > 0;
}

static uint64_t key_of(enum usual_kind kind, uint64_t key)
{
	return key == 0 ? 0 : hash_mix(key + (uint64_t)kind) | 1;
}

static uint64_t trunk_of(const struct cdr *cdr)
{
	const struct span *in = &cdr->field[CDR_F_INBOUND_TRUNK], *out = &cdr->field[CDR_F_OUTBOUND_TRUNK];
	const struct span *trunk = in->n > 0 ? in : out; /* as the fact call.trunk */
	return trunk->n == 0 ? 0 : hash_bytes(trunk->p, trunk->n) | 1;
}

struct books {
	struct usuals *calls, *amounts;
};

/* The leg joins what is known under the key, and is weighed by it. */
static struct habits *count_and_weigh(struct usuals *u, enum usual_kind kind, uint64_t key, const struct moment *m, int64_t at_ms,
    const unsigned n_of[USUAL_N_WHATS], struct usual *out)
{
	struct habits *h = habits_of(u, kind, key_of(kind, key), at_ms);
	hold_back(u, h, m);
	habits_since(u, h, m->day);
	count_leg(u, h, m, n_of);
	out->days = (int32_t)(m->day - h->since_day);
	weigh(u, h, m, n_of, out);
	return h;
}

static void usual_observe(void *memory, const struct cdr *cdr, const struct leg_facts *leg, struct state_facts *out)
{
	struct books *books = memory;
	struct usuals *u = books->calls;
	unsigned n_of[USUAL_N_WHATS] = { 0 }, amount_of[USUAL_N_WHATS] = { 0 };
	bool any = count_calls(leg, cdr, out, n_of);
	out->closed_day = u->closed_day;
	if (!any || cdr->start_ms < DAY_MS)
		return;
	struct moment m = moment_of(cdr, leg);
	/* Both clocks go by the same legs, also by those that are out of time. */
	bool in_time = habits_clock(u, m.day), same = habits_clock(books->amounts, m.day) == in_time;
	assert(same);
	UNUSED(same);
	if (!in_time)
		return;
	out->closed_day = u->closed_day;
	const struct {
		uint64_t key;
		enum usual_kind kind;
	} of[] = {
		[USUAL_OWNER] = { leg->user_key, leg->flags & LEG_SERVICE ? USUAL_SERVICE : USUAL_PERSON },
		[USUAL_SITE] = { leg->site_key, USUAL_OF_SITE },
		[USUAL_TRUNK] = { trunk_of(cdr), USUAL_OF_TRUNK },
	};
	for (size_t i = 0; i < COUNT_OF(of); i++) {
		if (of[i].key == 0)
			continue;
		struct habits *h = count_and_weigh(u, of[i].kind, of[i].key, &m, cdr->start_ms, n_of, &out->usual[i]);
		if (i == USUAL_OWNER && n_of[USUAL_NEW] > 0)
			out->usual_new_milli = (int32_t)(rate(u, h, CLASS_WORK, USUAL_NEW) * WORK_HOURS * 1000);
		if (i == USUAL_OWNER && m.day > u->closed_day && leg->flags & (LEG_EXTERNAL_OUT | LEG_INBOUND))
			out->usual_rate_milli = weigh_peak(u, h, m.day, &out->usual[i]);
	}
	/* A person is known by amounts from the first minute on: what is kept of days without one is nothing. */
	if (leg->user_key != 0 && count_amounts(leg, cdr, amount_of))
		count_and_weigh(books->amounts, USUAL_PERSON, leg->user_key, &m, cdr->start_ms, amount_of, &out->usual[USUAL_AMOUNT]);
}

static void usual_recall_note(void *memory, const struct day_note *n)
{
	struct books *books = memory;
	habits_recall(books->calls, n);
	habits_recall(books->amounts, n);
}

static void tell_notes(struct usuals *u, note_fn fn, void *arg)
{
	for (size_t i = 0; i < u->n_notes; i++)
		fn(arg, &u->notes[i]);
	u->n_notes = 0;
}

static void usual_notes(void *memory, note_fn fn, void *arg)
{
	struct books *books = memory;
	tell_notes(books->calls, fn, arg);
	tell_notes(books->amounts, fn, arg);
}

static void usual_set_again(void *memory, bool again)
{
	struct books *books = memory;
	books->calls->again = books->amounts->again = again;
}

static struct usuals *open_book(const struct book *book)
{
	struct usuals *u = mem_zalloc(sizeof *u);
	u->book = book;
	slots_init(&u->slots, sizeof(struct habits), book->most);
	peaks_init(&u->peaks);
	return u;
}

static void *usual_open(void)
{
	struct books *books = mem_zalloc(sizeof *books);
	*books = (struct books){ open_book(&calls), open_book(&amounts) };
	return books;
}

static void close_book(struct usuals *u)
{
	slots_clear(&u->slots);
	free(u->notes);
	free(u);
}

static void usual_close(void *memory)
{
	struct books *books = memory;
	close_book(books->calls);
	close_book(books->amounts);
	free(books);
}

static size_t book_bytes(const struct usuals *u)
{
	return slots_bytes(&u->slots) + u->notes_capacity * sizeof *u->notes;
}

static size_t usual_bytes(const void *memory)
{
	const struct books *books = memory;
	return book_bytes(books->calls) + book_bytes(books->amounts);
}

const struct fact_source fact_usual = {
	.name = "usual", .open = usual_open, .close = usual_close, .observe = usual_observe, .bytes = usual_bytes,
	.recall_note = usual_recall_note, .notes = usual_notes,
	.set_again = usual_set_again,
};
