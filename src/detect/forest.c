/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/forest.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"

#define LEAF	   (-1)
#define EXPLAINING 40 /* trees that say what moved a score: which, not how much, is asked */

/* Eight bytes: a tree of 511 is four kilobytes, and the upper levels of all lie
 * in a near cache. */
struct node {
	int16_t feature; /* or LEAF */
	int16_t left;	 /* the right one follows it */
	float value;	 /* where it cuts; of a leaf: the length of the path */
};

struct forest {
	size_t width, n_nodes, capacity;
	int trees;
	double normal; /* average length in a tree of that many rows */
	struct node *nodes;
	size_t *roots;
	float *medians;
};

struct growing {
	struct forest *forest;
	const float *rows;
	size_t width;
	uint32_t *picked; /* rows of the tree, moved about */
	uint16_t *features; /* in the order in which they are tried */
	uint64_t state;
	int depth_limit;
};

static uint64_t draw(struct growing *g)
{
	g->state += UINT64_C(0x9E3779B97F4A7C15);
	return hash_mix(g->state);
}

static double draw_unit(struct growing *g) /* [0, 1) */
{
	return (double)(draw(g) >> 11) * 0x1.0p-53;
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
	while (forest->n_nodes + n > forest->capacity)
		forest->nodes = mem_grow(forest->nodes, forest->capacity, &forest->capacity, sizeof *forest->nodes);
	size_t at = forest->n_nodes;
	forest->n_nodes += n;
	return at;
}

/* A feature that is not the same in all rows of [from, until), and its range. */
static bool pick_feature(struct growing *g, size_t from, size_t until, size_t *feature, float *low, float *high)
{
	for (size_t k = 0; k < g->width; k++) {
		size_t with = k + (size_t)(draw(g) % (g->width - k));
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

static void make_leaf(struct forest *forest, size_t at, int depth, size_t n)
{
	forest->nodes[at] = (struct node){ LEAF, 0, (float)(depth + average_path((double)n)) };
}

static void grow(struct growing *g, size_t root, size_t at, size_t from, size_t until, int depth)
{
	struct forest *forest = g->forest;
	size_t feature, n = until - from;
	float low, high;
	if (n <= 1 || depth >= g->depth_limit || !pick_feature(g, from, until, &feature, &low, &high)) {
		make_leaf(forest, at, depth, n);
		return;
	}
	float cut = low + (high - low) * (float)draw_unit(g);
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
	grow(g, root, left, from, middle, depth + 1);
	grow(g, root, left + 1, middle, until, depth + 1);
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
	struct growing g = { .forest = forest, .rows = rows, .width = width, .state = options->seed,
		.picked = mem_alloc(n * sizeof(uint32_t)), .features = mem_alloc(width * sizeof(uint16_t)),
		.depth_limit = (int)ceil(log2((double)sample)) };
	for (size_t i = 0; i < n; i++)
		g.picked[i] = (uint32_t)i;
	for (size_t f = 0; f < width; f++)
		g.features[f] = (uint16_t)f;
	assert(sample <= n);
	for (int t = 0; t < trees; t++) {
		for (size_t i = 0; i < sample; i++) {
			size_t with = i + (size_t)(draw(&g) % (n - i));
			uint32_t row = g.picked[i];
			g.picked[i] = g.picked[with];
			g.picked[with] = row;
		}
		forest->roots[t] = new_nodes(forest, 1);
		grow(&g, forest->roots[t], forest->roots[t], 0, sample, 0);
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
	free(forest->roots);
	free(forest->medians);
	free(forest);
}

static double score_by(const struct forest *forest, const float *row, int trees)
{
	double sum = 0;
	for (int t = 0; t < trees; t++) {
		const struct node *tree = forest->nodes + forest->roots[t], *node = tree;
		while (node->feature != LEAF)
			node = tree + node->left + (row[node->feature] >= node->value);
		sum += (double)node->value;
	}
	return exp2(-sum / trees / forest->normal);
}

double forest_score(const struct forest *forest, const float *row)
{
	return score_by(forest, row, forest->trees);
}

void forest_explain(const struct forest *forest, const float *row, double *falls)
{
	float *changed = mem_alloc(forest->width * sizeof *changed);
	int trees = MIN(forest->trees, EXPLAINING);
	double score = score_by(forest, row, trees);
	memcpy(changed, row, forest->width * sizeof *changed);
	for (size_t f = 0; f < forest->width; f++) {
		falls[f] = 0;
		if (row[f] == forest->medians[f])
			continue;
		changed[f] = forest->medians[f];
		falls[f] = score - score_by(forest, changed, trees);
		changed[f] = row[f];
	}
	free(changed);
}

size_t forest_bytes(const struct forest *forest)
{
	return sizeof *forest + forest->capacity * sizeof *forest->nodes + (size_t)forest->trees * sizeof *forest->roots +
	    forest->width * sizeof *forest->medians;
}
