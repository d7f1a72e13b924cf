/* SPDX-License-Identifier: Apache-2.0
 *
 * The one model that nobody wrote a rule for: an isolation forest over calls
 * out and one over calls in, grown anew each day from a sample of the last
 * fortnight's closed days. It adds points to what a rule found, with the facts
 * that moved it; it never speaks alone. */
#ifndef DETECT_OUTLIER_H
#define DETECT_OUTLIER_H

#include "detect/fact.h"

enum outlier_calls { OUTLIER_OUT,
	OUTLIER_IN,
	OUTLIER_N_CALLS };

#define OUTLIER_WIDTH 24

/* A leg that came into the sample, to be kept: what it was to the model. Of a
 * day's those with the lowest hashes count. */
struct sample_note {
	int64_t day; /* since 1970, UTC */
	uint64_t hash;
	int calls; /* enum outlier_calls */
	int width; /* numbers in the row */
	float row[OUTLIER_WIDTH];
};

struct outliers;

struct outliers *outliers_new(void);
void outliers_free(struct outliers *);

/* A leg goes by. `hash` decides whether it is in the sample: the same for the
 * same record. `again`: an earlier run saw it and kept what there was to keep. */
void outliers_see(struct outliers *, const struct fact_view *, uint64_t hash, bool again);

/* What an earlier run kept, in any order. Other widths than today's are left out. */
void outliers_recall(struct outliers *, const struct sample_note *);

/* What came into the samples since the last call; borrowed until the next leg. */
const struct sample_note *outliers_samples(struct outliers *, size_t *n);

#define OUTLIER_REASONS 2
struct outlier {
	double rank;				   /* 0..1: the share of sampled calls that are less odd */
	int64_t model_day;			   /* which the forest was grown on: its version */
	const struct fact *moved[OUTLIER_REASONS]; /* of an odd one: what moved it most; or NULL */
};

/* False: no model for such a leg (yet). */
bool outliers_weigh(const struct outliers *, const struct fact_view *, struct outlier *out);

size_t outliers_bytes(const struct outliers *);

#endif
