/* SPDX-License-Identifier: Apache-2.0
 *
 * Numbers called one after the other: who probes a range, or rings our lines
 * in order. A run goes up, or down, by at most 4 a step, within three hours; calls
 * in between do not break it, and a late leg takes its place in time. */
#include <stdlib.h>

#include "detect/facts/slots.h"
#include "detect/state_facts.h"

#define KEPT	 16
#define STEP	 4
#define SPAN_S	 (3 * 3600)
#define SHORT_S	 8

struct dialled {
	int64_t number;
	uint32_t at_s;
	bool failed;
};

struct dialler {
	struct slot slot;
	uint64_t n;
	struct dialled calls[KEPT]; /* by time */
};

static void *sequence_open(void)
{
	return slots_new(sizeof(struct dialler), 1 << 14);
}

static bool number_of(const struct cdr *cdr, const struct leg_facts *leg, int64_t *out)
{
	struct span text = cdr->field[CDR_F_CALLED_NUMBER];
	const char *p = leg->called.e164;
	size_t n = 0;
	if (*p == '+') {
		while (p[n] != '\0')
			n++;
	} else {
		p = text.p;
		n = text.n;
	}
	int64_t value = 0;
	size_t digits = 0;
	for (size_t i = 0; i < n; i++) {
		if (i == 0 && p[i] == '+')
			continue;
		if (p[i] < '0' || p[i] > '9')
			return false;
		value = value * 10 + (p[i] - '0');
		if (++digits > 17)
			return false;
	}
	*out = value;
	return digits >= 3;
}

/* Put the call in its place by time; the oldest goes when there is no room.
 * Returns its place, or KEPT when it is older than all that is kept. */
static size_t keep(struct dialler *d, struct dialled call)
{
	size_t n = (size_t)d->n, at = n;
	while (at > 0 && d->calls[at - 1].at_s > call.at_s)
		at--;
	if (n == KEPT) {
		if (at == 0)
			return KEPT;
		for (size_t i = 1; i < at; i++)
			d->calls[i - 1] = d->calls[i];
		at--;
	} else {
		for (size_t i = n; i > at; i--)
			d->calls[i] = d->calls[i - 1];
		d->n++;
	}
	d->calls[at] = call;
	return at;
}

struct run {
	int length, failed;
};

/* The longest run of neighbours that passes through call `mid`, in one
 * direction (+1 up, -1 down), forward or backward in time. */
static struct run arm(const struct dialler *d, size_t mid, int direction, bool forward)
{
	struct run best[KEPT] = { 0 }, most = { 0, 0 };
	size_t n = (size_t)d->n;
	best[mid] = (struct run){ 1, d->calls[mid].failed };
	for (size_t step = 1; forward ? mid + step < n : step <= mid; step++) {
		size_t i = forward ? mid + step : mid - step;
		const struct dialled *here = &d->calls[i];
		if (llabs((int64_t)here->at_s - (int64_t)d->calls[mid].at_s) > SPAN_S)
			break;
		for (size_t k = mid; k != i; k = forward ? k + 1 : k - 1) {
			int64_t by = (here->number - d->calls[k].number) * direction *
			    (forward ? 1 : -1);
			if (best[k].length > 0 && by >= 1 && by <= STEP &&
			    best[k].length + 1 > best[i].length)
				best[i] = (struct run){ best[k].length + 1,
					best[k].failed + here->failed };
		}
		if (best[i].length > most.length)
			most = best[i];
	}
	return most.length > 0 ? most : best[mid];
}

static bool has_neighbour(const struct dialler *d, int64_t number)
{
	for (size_t i = 0; i < d->n; i++) {
		int64_t by = llabs(d->calls[i].number - number);
		if (by >= 1 && by <= STEP)
			return true;
	}
	return false;
}

static void sequence_observe(void *memory, const struct cdr *cdr, const struct leg_facts *leg,
    struct state_facts *out)
{
	uint64_t who = leg->flags & LEG_INBOUND ? leg->calling_key :
	    leg->flags & LEG_ORIGINATING	? leg->user_key :
						  0;
	int64_t number;
	/* A service hunting through its agents calls them in order, lawfully. */
	if (who == 0 || (leg->flags & LEG_FORWARDED) ||
	    ((leg->flags & LEG_ORIGINATING) && (leg->flags & LEG_SERVICE)) ||
	    !number_of(cdr, leg, &number))
		return;
	struct dialler *d = slots_put(memory, who, cdr->start_ms, NULL);
	bool neighbour = has_neighbour(d, number);
	size_t at = keep(d, (struct dialled){ number, (uint32_t)(cdr->start_ms / SECOND_MS),
	    !(leg->flags & LEG_ANSWERED) || cdr->duration_s < SHORT_S });
	out->run = 1;
	if (at == KEPT || !neighbour)
		return;
	for (int direction = -1; direction <= 1; direction += 2) {
		struct run before = arm(d, at, direction, false);
		struct run after = arm(d, at, direction, true);
		int length = before.length + after.length - 1;
		if (length > out->run) {
			out->run = length;
			out->run_failed = before.failed + after.failed - d->calls[at].failed;
		}
	}
}

const struct fact_source fact_sequence = {
	.name = "sequence",
	.open = sequence_open,
	.close = slots_free,
	.observe = sequence_observe,
	.bytes = slots_held,
};
