/* SPDX-License-Identifier: Apache-2.0
 *
 * The isolation forest on public data sets with known outliers: ranking beside
 * that of scikit-learn's (100 trees of 256 rows, five seeds, fitted and scored
 * on the whole set; ours has 300 trees), and what it costs. BENCH_TREES: how
 * many. Reads ../shared/datasets/NAME.csv.gz
 * (features, label last) or the folder in CENTINELA_DATASETS. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <zlib.h>

#include "base/mem.h"
#include "detect/forest.h"

#define SEEDS 5

/* ROC-AUC, average precision; seconds to fit and score 100 000 rows. */
static const struct {
	const char *name;
	double roc, ap, fit, score;
} peers[] = {
	{ "annthyroid", .827, .315, .13, 1.12 }, { "breastw", .988, .972, .14, 1.40 }, { "cardio", .932, .563, .14, 1.42 },
	{ "http", 1.000, .951, .13, 1.11 },	  { "ionosphere", .844, .795, .13, 1.62 }, { "pima", .670, .501, .13, 1.24 },
	{ "satellite", .696, .657, .16, 1.69 },  { "thyroid", .978, .518, .13, 1.09 }, { "pageblocks", .903, .481, .13, 1.11 },
};

struct table {
	float *rows;
	char *labels;
	size_t n, width, rows_capacity, labels_capacity, n_values;
};

static bool read_line(struct table *t, char *line)
{
	size_t n = 0;
	for (char *p = line, *end;; p = end + 1) {
		double x = strtod(p, &end);
		if (end == p)
			return n == 0; /* a title */
		if (*end != ',') {
			if (t->n > 0 && n != t->width)
				return false;
			t->width = n;
			t->labels = mem_grow(t->labels, t->n, &t->labels_capacity, 1);
			t->labels[t->n++] = x > 0.5;
			return true;
		}
		t->rows = mem_grow(t->rows, t->n_values, &t->rows_capacity, sizeof *t->rows);
		t->rows[t->n_values++] = (float)x;
		n++;
	}
}

static bool read_table(const char *path, struct table *t)
{
	char line[8192];
	bool ok = true;
	gzFile file = gzopen(path, "rb");
	*t = (struct table){ 0 };
	if (file == NULL)
		return false;
	while (ok && gzgets(file, line, sizeof line) != NULL)
		ok = read_line(t, line);
	gzclose(file);
	return ok && t->n > 0;
}

static const double *scores_to_sort;

static int by_score(const void *a, const void *b)
{
	double x = scores_to_sort[*(const uint32_t *)a], y = scores_to_sort[*(const uint32_t *)b];
	return (x < y) - (x > y); /* highest first */
}

/* Ties count half in the one, and share a threshold in the other. */
static void judge_ranking(const struct table *t, const double *scores, double *roc, double *ap)
{
	uint32_t *order = mem_alloc(t->n * sizeof *order);
	for (size_t i = 0; i < t->n; i++)
		order[i] = (uint32_t)i;
	scores_to_sort = scores;
	qsort(order, t->n, sizeof *order, by_score);
	double bad = 0, good = 0, area = 0, precision = 0;
	for (size_t i = 0; i < t->n;) {
		double more_bad = 0, more_good = 0;
		size_t k = i;
		for (; k < t->n && scores[order[k]] == scores[order[i]]; k++)
			*(t->labels[order[k]] ? &more_bad : &more_good) += 1;
		area += more_good * (bad + more_bad / 2);
		bad += more_bad;
		good += more_good;
		precision += more_bad * bad / (bad + good);
		i = k;
	}
	*roc = area / (bad * good);
	*ap = precision / bad;
	free(order);
}

static double seconds(void)
{
	struct timespec now;
	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

int main(void)
{
	const char *folder = getenv("CENTINELA_DATASETS"), *wanted = getenv("BENCH_TREES");
	int trees = wanted != NULL ? atoi(wanted) : 0;
	double sum_roc = 0, sum_ap = 0, peer_roc = 0, peer_ap = 0;
	size_t n = 0;
	printf("%-12s %8s %3s  %21s  %21s  %14s  %19s\n", "", "rows", "d", "ROC-AUC (peer)", "AP (peer)", "fit ms", "rows/s (peer)");
	for (size_t i = 0; i < COUNT_OF(peers); i++) {
		char path[400];
		struct table t;
		snprintf(path, sizeof path, "%s/%s.csv.gz", folder != NULL ? folder : "../shared/datasets", peers[i].name);
		if (!read_table(path, &t)) {
			printf("%-12s skipped: %s cannot be read\n", peers[i].name, path);
			continue;
		}
		double *scores = mem_alloc(t.n * sizeof *scores), roc = 0, ap = 0, least = 1, most = 0, fit = 0, score = 0;
		size_t bytes = 0;
		for (uint64_t seed = 1; seed <= SEEDS; seed++) {
			double one_roc, one_ap, a = seconds();
			struct forest *forest = forest_grow(t.rows, t.n, t.width,
			    &(struct forest_options){ .seed = seed, .trees = trees });
			double b = seconds();
			forest_scores(forest, t.rows, t.n, scores);
			fit += b - a;
			score += seconds() - b;
			bytes = forest_bytes(forest);
			forest_free(forest);
			judge_ranking(&t, scores, &one_roc, &one_ap);
			roc += one_roc / SEEDS;
			ap += one_ap / SEEDS;
			least = MIN(least, one_roc);
			most = MAX(most, one_roc);
		}
		printf("%-12s %8zu %3zu  %.3f %.3f-%.3f (%.3f)  %.3f (%.3f) %s  %6.1f  %8.0f (%.0f) %4zu KB\n", peers[i].name, t.n, t.width, roc,
		    least, most, peers[i].roc, ap, peers[i].ap, roc + 0.0005 >= peers[i].roc ? "  " : "< ", fit / SEEDS * 1e3,
		    (double)(t.n * SEEDS) / score, 1e5 / peers[i].score, bytes / 1024);
		sum_roc += roc;
		sum_ap += ap;
		peer_roc += peers[i].roc;
		peer_ap += peers[i].ap;
		n++;
		free(scores);
		free(t.rows);
		free(t.labels);
	}
	if (n > 0)
		printf("%-12s %8s %3s  %.4f (%.4f)        %.4f (%.4f)\n", "mean", "", "", sum_roc / (double)n, peer_roc / (double)n,
		    sum_ap / (double)n, peer_ap / (double)n);
	return 0;
}
