/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/outlier.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "detect/forest.h"

#define PER_DAY	   512 /* rows of a day in its sample */
#define DAYS	   14  /* … and days in a forest */
#define LEAST_ROWS 600 /* fewer say nothing of what is ordinary */
#define TREES	   100
#define RANKED	   3 /* one row in three says how odd a score is */
#define SEED	   UINT64_C(0x43656e74696e656c)
#define SAY_FROM   0.95

/* What a leg is to the model: facts by name; a count as its logarithm, what is
 * absent as -1. */
struct feature {
	const char *fact;
	bool log;
};

static const struct feature of_out[] = {
	{ "duration", true },
	{ "ring", true },
	{ "cost", true },
	{ "local.hour", false },
	{ "local.edge", true },
	{ "local.weekday", false },
	{ "dst.tier", false },
	{ "dst.class", false },
	{ "known.number_days", true },
	{ "known.range_user_days", true },
	{ "known.country_user_days", true },
	{ "overlap.external", false },
	{ "sequence.run", true },
	{ "usual.surprise", false },
	{ "usual.count", true },
	{ "usual_site.surprise", false },
	{ "crowd.number", false },
	{ "client.turns", false },
	{ "known.client_user_days", true },
	{ "known.nights", false },
};
static const struct feature of_in[] = {
	{ "duration", true },
	{ "ring", true },
	{ "local.hour", false },
	{ "local.edge", true },
	{ "local.weekday", false },
	{ "src.tier", false },
	{ "src.class", false },
	{ "known.number_days", true },
	{ "sequence.run", true },
	{ "usual.surprise", false },
	{ "usual.count", true },
	{ "usual_site.surprise", false },
	{ "wangiri.lines", true },
	{ "call.answered_by_person", false },
};
static_assert(COUNT_OF(of_out) <= OUTLIER_WIDTH && COUNT_OF(of_in) <= OUTLIER_WIDTH, "a row has no room");

struct sample {
	int64_t day; /* 0: free */
	size_t n;
	bool closed;
	uint64_t hashes[PER_DAY]; /* the lowest of the day; the greatest of them first to go */
	size_t greatest;	  /* place of it, once full */
	float *rows;
};

struct model {
	const struct fact *facts[OUTLIER_WIDTH];
	bool log[OUTLIER_WIDTH];
	size_t width;
	struct sample samples[DAYS + USUAL_KEEPS_DAYS + 1];
	struct forest *forest;
	int64_t grown_on;
	float *ranks; /* scores of its own rows, rising */
	size_t n_ranks;
};

struct outliers {
	struct model models[OUTLIER_N_CALLS];
	int64_t closed_day;
	bool stale;		   /* samples were recalled: the forests are to be grown */
	struct sample_note *fresh; /* sampled, not fetched yet */
	size_t n_fresh, fresh_capacity;
};

static void model_init(struct model *m, const struct feature *features, size_t n)
{
	m->width = n;
	for (size_t i = 0; i < n; i++) {
		m->facts[i] = fact_named(features[i].fact);
		m->log[i] = features[i].log;
		assert(m->facts[i] != NULL);
	}
}

struct outliers *outliers_new(void)
{
	struct outliers *o = mem_zalloc(sizeof *o);
	model_init(&o->models[OUTLIER_OUT], of_out, COUNT_OF(of_out));
	model_init(&o->models[OUTLIER_IN], of_in, COUNT_OF(of_in));
	return o;
}

void outliers_free(struct outliers *o)
{
	if (o == NULL)
		return;
	for (size_t k = 0; k < OUTLIER_N_CALLS; k++) {
		struct model *m = &o->models[k];
		for (size_t i = 0; i < COUNT_OF(m->samples); i++)
			free(m->samples[i].rows);
		forest_free(m->forest);
		free(m->ranks);
	}
	free(o->fresh);
	free(o);
}

static void read_row(const struct model *m, const struct fact_view *view, float *row)
{
	for (size_t i = 0; i < m->width; i++) {
		struct fact_value value;
		fact_read(m->facts[i], view, &value);
		double x = value.present ? (double)value.number : -1;
		row[i] = (float)(m->log[i] && x > 0 ? log2(1 + x) : x);
	}
}

/* Which calls it is of; OUTLIER_N_CALLS: of none that have a model. */
static enum outlier_calls calls_of(const struct fact_view *view)
{
	if (view->leg->flags & LEG_EXTERNAL_OUT)
		return OUTLIER_OUT;
	return view->leg->flags & LEG_INBOUND ? OUTLIER_IN : OUTLIER_N_CALLS;
}

/* ---- growing ------------------------------------------------------------------- */

static int rising(const void *a, const void *b)
{
	float x = *(const float *)a, y = *(const float *)b;
	return (x > y) - (x < y);
}

static int by_day(const void *a, const void *b)
{
	const struct sample *const *x = a, *const *y = b;
	return ((*x)->day > (*y)->day) - ((*x)->day < (*y)->day);
}

static int by_hash(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
	return (x > y) - (x < y);
}

/* In the order of their hashes: however the day's legs came, it is the same. */
static void sort_sample(struct sample *s, size_t width)
{
	struct {
		uint64_t hash, at;
	} order[PER_DAY];
	float *rows = mem_alloc(MAX(s->n, (size_t)1) * width * sizeof *rows);
	for (size_t i = 0; i < s->n; i++) {
		order[i].hash = s->hashes[i];
		order[i].at = i;
	}
	qsort(order, s->n, sizeof order[0], by_hash);
	for (size_t i = 0; i < s->n; i++) {
		s->hashes[i] = order[i].hash;
		memcpy(rows + i * width, s->rows + order[i].at * width, width * sizeof *rows);
	}
	free(s->rows);
	s->rows = rows;
}

static void grow(struct model *m, int64_t day)
{
	const struct sample *used[COUNT_OF(m->samples)];
	size_t n = 0, n_rows = 0;
	for (size_t i = 0; i < COUNT_OF(m->samples); i++) {
		const struct sample *s = &m->samples[i];
		if (!s->closed || s->day <= day - DAYS || s->day > day)
			continue;
		used[n++] = s;
		n_rows += s->n;
	}
	if (n_rows < LEAST_ROWS)
		return;
	qsort(used, n, sizeof used[0], by_day);
	float *rows = mem_alloc(n_rows * m->width * sizeof *rows);
	uint64_t *keys = mem_alloc(n_rows * sizeof *keys);
	for (size_t i = 0, at = 0; i < n; at += used[i++]->n) {
		memcpy(rows + at * m->width, used[i]->rows, used[i]->n * m->width * sizeof *rows);
		memcpy(keys + at, used[i]->hashes, used[i]->n * sizeof *keys);
	}
	/* The same seed every day: what changes from one to the next is what was seen. */
	struct forest *forest = forest_grow(rows, n_rows, m->width, &(struct forest_options){ .seed = SEED, .trees = TREES, .keys = keys });
	if (forest != NULL) { /* the old one stays where the new one cannot be */
		forest_free(m->forest);
		m->forest = forest;
		m->grown_on = day;
		size_t ranked = 0;
		for (size_t i = 0; i < n_rows; i++) {
			if (keys[i] % RANKED == 0)
				memmove(rows + ranked++ * m->width, rows + i * m->width, m->width * sizeof *rows);
		}
		double *scores = mem_alloc(n_rows * sizeof *scores);
		forest_scores(forest, rows, ranked, scores);
		m->n_ranks = ranked;
		m->ranks = mem_realloc(m->ranks, MAX(ranked, (size_t)1) * sizeof *m->ranks);
		for (size_t i = 0; i < ranked; i++)
			m->ranks[i] = (float)scores[i];
		free(scores);
		qsort(m->ranks, m->n_ranks, sizeof *m->ranks, rising);
	}
	free(rows);
	free(keys);
}

static void close_days(struct outliers *o, int64_t closed_day)
{
	for (size_t k = 0; k < OUTLIER_N_CALLS; k++) {
		struct model *m = &o->models[k];
		for (size_t i = 0; i < COUNT_OF(m->samples); i++) {
			struct sample *s = &m->samples[i];
			if (s->closed || s->day == 0 || s->day > closed_day)
				continue;
			s->closed = true;
			sort_sample(s, m->width);
		}
		grow(m, closed_day);
	}
	o->closed_day = closed_day;
	o->stale = false;
}

/* ---- sampling ------------------------------------------------------------------- */

/* The sample of a day; in place of the oldest where there is none yet. */
static struct sample *sample_of(struct model *m, int64_t day)
{
	struct sample *oldest = &m->samples[0];
	for (size_t i = 0; i < COUNT_OF(m->samples); i++) {
		if (m->samples[i].day == day)
			return &m->samples[i];
		if (m->samples[i].day < oldest->day)
			oldest = &m->samples[i];
	}
	if (oldest->day > day)
		return NULL;
	float *rows = mem_realloc(oldest->rows, PER_DAY * m->width * sizeof *rows);
	*oldest = (struct sample){ .day = day, .rows = rows };
	return oldest;
}

static bool admits(const struct sample *s, uint64_t hash)
{
	return !s->closed && (s->n < PER_DAY || hash < s->hashes[s->greatest]);
}

static void admit(struct sample *s, uint64_t hash, const float *row, size_t width)
{
	size_t place = s->n < PER_DAY ? s->n++ : s->greatest;
	s->hashes[place] = hash;
	memcpy(s->rows + place * width, row, width * sizeof *row);
	if (s->n == PER_DAY) {
		s->greatest = 0;
		for (size_t i = 1; i < PER_DAY; i++)
			if (s->hashes[i] > s->hashes[s->greatest])
				s->greatest = i;
	}
}

void outliers_see(struct outliers *o, const struct fact_view *view, uint64_t hash, bool again)
{
	enum outlier_calls calls = calls_of(view);
	int64_t closed = view->state->closed_day, day = view->cdr->start_ms / DAY_MS;
	if (closed > o->closed_day || (o->stale && closed > 0))
		close_days(o, closed);
	if (again || calls == OUTLIER_N_CALLS || closed == 0 || day <= closed || day > closed + USUAL_KEEPS_DAYS)
		return;
	struct model *m = &o->models[calls];
	struct sample *s = sample_of(m, day);
	if (s == NULL || !admits(s, hash))
		return;
	o->fresh = mem_grow(o->fresh, o->n_fresh, &o->fresh_capacity, sizeof *o->fresh);
	struct sample_note *note = &o->fresh[o->n_fresh++];
	*note = (struct sample_note){ .day = day, .hash = hash, .calls = (int)calls, .width = (int)m->width };
	read_row(m, view, note->row);
	admit(s, hash, note->row, m->width);
}

void outliers_recall(struct outliers *o, const struct sample_note *note)
{
	if (note->calls < 0 || note->calls >= OUTLIER_N_CALLS || note->day <= 0 ||
	    note->width != (int)o->models[note->calls].width)
		return;
	for (int i = 0; i < note->width; i++)
		if (!isfinite(note->row[i]))
			return;
	struct model *m = &o->models[note->calls];
	struct sample *s = sample_of(m, note->day);
	if (s == NULL || !admits(s, note->hash))
		return;
	admit(s, note->hash, note->row, m->width);
	o->stale = true;
}

const struct sample_note *outliers_samples(struct outliers *o, size_t *n)
{
	*n = o->n_fresh;
	o->n_fresh = 0;
	return o->fresh;
}

/* ---- weighing --------------------------------------------------------------------- */

bool outliers_weigh(const struct outliers *o, const struct fact_view *view, struct outlier *out)
{
	enum outlier_calls calls = calls_of(view);
	float row[OUTLIER_WIDTH];
	double falls[OUTLIER_WIDTH];
	const struct model *m = calls == OUTLIER_N_CALLS ? NULL : &o->models[calls];
	if (m == NULL || m->forest == NULL || m->n_ranks == 0)
		return false;
	read_row(m, view, row);
	float score = (float)forest_score(m->forest, row);
	size_t low = 0, high = m->n_ranks;
	while (low < high) {
		size_t middle = (low + high) / 2;
		if (m->ranks[middle] < score)
			low = middle + 1;
		else
			high = middle;
	}
	*out = (struct outlier){ .rank = (double)low / (double)m->n_ranks, .model_day = m->grown_on };
	if (out->rank < SAY_FROM)
		return true;
	forest_explain(m->forest, row, falls);
	for (size_t k = 0; k < OUTLIER_REASONS; k++) {
		size_t best = 0;
		for (size_t i = 1; i < m->width; i++)
			if (falls[i] > falls[best])
				best = i;
		if (falls[best] <= 0)
			break;
		out->moved[k] = m->facts[best];
		falls[best] = 0;
	}
	return true;
}

size_t outliers_bytes(const struct outliers *o)
{
	size_t bytes = sizeof *o;
	for (size_t k = 0; k < OUTLIER_N_CALLS; k++) {
		const struct model *m = &o->models[k];
		for (size_t i = 0; i < COUNT_OF(m->samples); i++)
			bytes += m->samples[i].rows == NULL ? 0 : PER_DAY * m->width * sizeof(float);
		bytes += m->n_ranks * sizeof *m->ranks + (m->forest == NULL ? 0 : forest_bytes(m->forest));
	}
	return bytes;
}
