/* SPDX-License-Identifier: Apache-2.0
 *
 * Isolation forest (Liu, Ting, Zhou 2008): what few random cuts set apart is
 * an outlier. Made of rows without labels, never changed afterwards, read by
 * any number of threads. The same rows and seed give the same forest, and rows
 * that differ a little (a few more, a few other values) nearly the same. */
#ifndef DETECT_FOREST_H
#define DETECT_FOREST_H

#include "base/base.h"

struct forest_options {
	int trees;	/* 0: 300: twice as steady a ranking as the usual hundred */
	int sample;	/* rows a tree is grown from; 0: 256 */
	uint64_t seed;
	const uint64_t *keys; /* one a row, which decides what trees draw it; NULL: its place */
};

struct forest;

/*
 * Grow one from n rows of `width` features each, row by row.
 *
 * rows   finite numbers; n >= 2, 1 <= width <= 1000
 * NULL where the rows do not allow any cut: all are equal, or too few.
 */
struct forest *forest_grow(const float *rows, size_t n, size_t width, const struct forest_options *);
void forest_free(struct forest *); /* NULL is fine */

/* 0..1: about 0.5 is ordinary, towards 1 an outlier. */
double forest_score(const struct forest *, const float *row);
/* Of n rows at once, the same numbers several times as fast. */
void forest_scores(const struct forest *, const float *rows, size_t n, double *scores);

/*
 * What moved it: how much the score falls when a feature is put to its median
 * in the rows that the forest was grown from. `falls` has `width` places.
 */
void forest_explain(const struct forest *, const float *row, double *falls);

size_t forest_bytes(const struct forest *);

#endif
