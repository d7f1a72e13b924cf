/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/forest.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"

#define LANES	   8  /* walks at a time: what one waits for, another computes meanwhile */
#define EXPLAINING 70 /* trees that say what moved a score: which, not how much, is asked */

/* Eight bytes: a tree of 511 is four kilobytes, and the upper levels of all lie
 * in a near cache. A leaf leads to itself, so that every walk is as many steps
 * as the deepest, with nothing to guess. */
struct node {
	int16_t feature;
	int16_t left; /* the right one follows it; counted from the root */
	float value;  /* where it cuts; of a leaf: infinite */
};

struct forest {
	size_t width, n_nodes, capacity;
	int trees, depth;
	double normal; /* average length in a tree of that many rows */
	struct node *nodes;
	float *lengths; /* of the path to each node that is a leaf */
	size_t *roots;
	float *medians;
};

struct growing {
	struct forest *forest;
	const float *rows;
	size_t width;
	uint32_t *picked;   /* rows of the tree, moved about */
	uint16_t *features; /* in the order in which they are tried */
	int depth_limit;
};

/* What chance says to a node depends on its place in its tree and on nothing
 * else, and which rows a tree draws depends on each row by itself: a forest of
 * rows that differ a little is a forest that differs a little. */
static uint64_t draw(uint64_t *place)
{
	*place += UINT64_C(0x9E3779B97F4A7C15);
	return hash_mix(*place);
}

static double draw_unit(uint64_t *place) /* [0, 1) */
{
	return (double)(draw(place) >> 11) * 0x1.0p-53;
}

/* Average length of an unsuccessful search among n, which a leaf of n stands for. */
static double average_path(double n)
{
	if (n <= 1)
		return 0;
	if (n < 3)
		return 1;
	return 2 * (log(n - 1) + 0.57721566490153286) - 2 * (n - 1) / n;
}

static size_t new_nodes(struct forest *forest, size_t n)
{
	while (forest->n_nodes + n > forest->capacity) {
		forest->nodes = mem_grow(forest->nodes, forest->capacity, &forest->capacity, sizeof *forest->nodes);
		forest->lengths = mem_realloc(forest->lengths, forest->capacity * sizeof *forest->lengths);
	}
	size_t at = forest->n_nodes;
	forest->n_nodes += n;
	return at;
}

/* A feature that is not the same in all rows of [from, until), and its range. */
static bool pick_feature(struct growing *g, uint64_t *place, size_t from, size_t until, size_t *feature, float *low, float *high)
{
	for (size_t f = 0; f < g->width; f++)
		g->features[f] = (uint16_t)f;
	for (size_t k = 0; k < g->width; k++) {
		size_t with = k + (size_t)(draw(place) % (g->width - k));
		uint16_t f = g->features[with];
		g->features[with] = g->features[k];
		g->features[k] = f;
		*low = FLT_MAX;
		*high = -FLT_MAX;
		for (size_t i = from; i < until; i++) {
			float x = g->rows[g->picked[i] * g->width + f];
			*low = MIN(*low, x);
			*high = MAX(*high, x);
		}
		if (*low < *high) {
			*feature = f;
			return true;
		}
	}
	return false;
}

static void make_leaf(struct forest *forest, size_t root, size_t at, int depth, size_t n)
{
	forest->nodes[at] = (struct node){ 0, (int16_t)(at - root), INFINITY };
	forest->lengths[at] = (float)(depth + average_path((double)n));
	forest->depth = MAX(forest->depth, depth);
}

static void grow(struct growing *g, uint64_t place, size_t root, size_t at, size_t from, size_t until, int depth)
{
	struct forest *forest = g->forest;
	size_t feature, n = until - from;
	float low, high;
	if (n <= 1 || depth >= g->depth_limit || !pick_feature(g, &place, from, until, &feature, &low, &high)) {
		make_leaf(forest, root, at, depth, n);
		return;
	}
	float cut = low + (high - low) * (float)draw_unit(&place);
	if (cut <= low) /* a range of a few last digits */
		cut = nextafterf(low, high);
	size_t middle = from;
	for (size_t i = from; i < until; i++) {
		if (g->rows[g->picked[i] * g->width + feature] < cut) {
			uint32_t row = g->picked[i];
			g->picked[i] = g->picked[middle];
			g->picked[middle++] = row;
		}
	}
	size_t left = new_nodes(forest, 2);
	forest->nodes[at] = (struct node){ (int16_t)feature, (int16_t)(left - root), cut };
	grow(g, hash_mix(place + 1), root, left, from, middle, depth + 1);
	grow(g, hash_mix(place + 2), root, left + 1, middle, until, depth + 1);
}

static int by_value(const void *a, const void *b)
{
	float x = *(const float *)a, y = *(const float *)b;
	return (x > y) - (x < y);
}

/* Of a thousand rows, evenly taken: near enough for what is ordinary. */
static void find_medians(struct forest *forest, const float *rows, size_t n)
{
	size_t step = MAX(n / 1024, (size_t)1), taken = n / step;
	float *column = mem_alloc(taken * sizeof *column);
	for (size_t f = 0; f < forest->width; f++) {
		for (size_t i = 0; i < taken; i++)
			column[i] = rows[i * step * forest->width + f];
		qsort(column, taken, sizeof *column, by_value);
		forest->medians[f] = column[taken / 2];
	}
	free(column);
}

/* Each row by itself: it is in the tree or not, whatever others there are. About
 * `sample` of them. */
static size_t pick_rows(uint32_t *picked, uint64_t seed, const uint64_t *keys, size_t n, size_t sample)
{
	size_t taken = 0;
	uint64_t limit = sample >= n ? UINT64_MAX : (uint64_t)((double)sample / (double)n * 0x1.0p64);
	for (size_t i = 0; i < n; i++) {
		picked[taken] = (uint32_t)i;
		taken += hash_mix(seed ^ hash_mix(keys != NULL ? keys[i] : i)) <= limit;
	}
	return taken;
}

struct forest *forest_grow(const float *rows, size_t n, size_t width, const struct forest_options *options)
{
	int trees = options->trees > 0 ? options->trees : 300;
	size_t sample = MIN(options->sample > 0 ? (size_t)options->sample : 256, n);
	sample = MIN(sample, (size_t)INT16_MAX / 2);
	if (n < 2 || width == 0 || width > 1000)
		return NULL;
	struct forest *forest = mem_zalloc(sizeof *forest);
	*forest = (struct forest){ .width = width, .trees = trees, .normal = average_path((double)sample),
		.roots = mem_alloc((size_t)trees * sizeof(size_t)), .medians = mem_alloc(width * sizeof(float)) };
	struct growing g = { .forest = forest, .rows = rows, .width = width, .picked = mem_alloc((n + 1) * sizeof(uint32_t)),
		.features = mem_alloc(width * sizeof(uint16_t)), .depth_limit = (int)ceil(log2((double)sample)) };
	for (int t = 0; t < trees; t++) {
		uint64_t seed = hash_mix(options->seed + (uint64_t)t * UINT64_C(0x9E3779B97F4A7C15));
		size_t taken = pick_rows(g.picked, seed, options->keys, n, sample);
		forest->roots[t] = new_nodes(forest, 1);
		grow(&g, seed, forest->roots[t], forest->roots[t], 0, taken, 0);
	}
	free(g.picked);
	free(g.features);
	find_medians(forest, rows, n);
	if (forest->n_nodes == (size_t)trees) { /* nothing but leaves */
		forest_free(forest);
		return NULL;
	}
	return forest;
}

void forest_free(struct forest *forest)
{
	if (forest == NULL)
		return;
	free(forest->nodes);
	free(forest->lengths);
	free(forest->roots);
	free(forest->medians);
	free(forest);
}

/* The leaves that rows fall into, each in a tree of its own. */
static inline void walk(const struct forest *forest, const float *const rows[LANES], const size_t roots[LANES], float lengths[LANES])
{
	const struct node *at[LANES];
	for (int k = 0; k < LANES; k++)
		at[k] = forest->nodes + roots[k];
	for (int d = 0; d < forest->depth; d++) {
		for (int k = 0; k < LANES; k++)
			at[k] = forest->nodes + roots[k] + at[k]->left + (rows[k][at[k]->feature] >= at[k]->value);
	}
	for (int k = 0; k < LANES; k++)
		lengths[k] = forest->lengths[at[k] - forest->nodes];
}

static double score_of(const struct forest *forest, double sum, int trees)
{
	return exp2(-sum / trees / forest->normal);
}

static double score_by(const struct forest *forest, const float *row, int trees)
{
	double sum = 0;
	const float *rows[LANES];
	float lengths[LANES];
	size_t roots[LANES];
	for (int k = 0; k < LANES; k++)
		rows[k] = row;
	for (int t = 0; t < trees; t += LANES) {
		int n = MIN(LANES, trees - t);
		for (int k = 0; k < LANES; k++)
			roots[k] = forest->roots[k < n ? t + k : t];
		walk(forest, rows, roots, lengths);
		for (int k = 0; k < n; k++)
			sum += (double)lengths[k];
	}
	return score_of(forest, sum, trees);
}

double forest_score(const struct forest *forest, const float *row)
{
	return score_by(forest, row, forest->trees);
}

/* Tree by tree, each as long as it is near. */
static void scores_by(const struct forest *forest, const float *rows, size_t n, int trees, double *scores)
{
	for (size_t i = 0; i < n; i++)
		scores[i] = 0;
	for (int t = 0; t < trees; t++) {
		size_t roots[LANES];
		for (int k = 0; k < LANES; k++)
			roots[k] = forest->roots[t];
		for (size_t i = 0; i < n; i += LANES) {
			size_t m = MIN((size_t)LANES, n - i);
			const float *some[LANES];
			float lengths[LANES];
			for (size_t k = 0; k < LANES; k++)
				some[k] = rows + (i + (k < m ? k : 0)) * forest->width;
			walk(forest, some, roots, lengths);
			for (size_t k = 0; k < m; k++)
				scores[i + k] += (double)lengths[k];
		}
	}
	for (size_t i = 0; i < n; i++)
		scores[i] = score_of(forest, scores[i], trees);
}

void forest_scores(const struct forest *forest, const float *rows, size_t n, double *scores)
{
	scores_by(forest, rows, n, forest->trees, scores);
}

void forest_explain(const struct forest *forest, const float *row, double *falls)
{
	size_t width = forest->width;
	float *changed = mem_alloc((width + 1) * width * sizeof *changed);
	double *scores = mem_alloc((width + 1) * sizeof *scores);
	for (size_t f = 0; f <= width; f++) {
		memcpy(changed + f * width, row, width * sizeof *changed);
		if (f < width)
			changed[f * width + f] = forest->medians[f];
	}
	scores_by(forest, changed, width + 1, MIN(forest->trees, EXPLAINING), scores);
	for (size_t f = 0; f < width; f++)
		falls[f] = scores[width] - scores[f];
	free(scores);
	free(changed);
}

size_t forest_bytes(const struct forest *forest)
{
	return sizeof *forest + forest->capacity * (sizeof *forest->nodes + sizeof *forest->lengths) + (size_t)forest->trees * sizeof *forest->roots +
	    forest->width * sizeof *forest->medians;
}
