/* SPDX-License-Identifier: Apache-2.0
 *
 * Chance that can be repeated: a stream is named by numbers (seed, day,
 * person …), so any part of the simulation can be made again alone. */
#ifndef SIM_RNG_H
#define SIM_RNG_H

#include <math.h>

#include "base/hash.h"

struct rng {
	uint64_t state;
};

static inline uint64_t rng_key(uint64_t a, uint64_t b, uint64_t c)
{
	return hash_mix(hash_mix(hash_mix(a + UINT64_C(0x9E3779B97F4A7C15)) ^ b) * 3 ^ c);
}

static inline struct rng rng_for(uint64_t seed, uint64_t a, uint64_t b)
{
	return (struct rng){ rng_key(seed, a, b) };
}

/* SplitMix64 (Steele, Lea, Flood 2014). */
static inline uint64_t rng_next(struct rng *r)
{
	uint64_t z = r->state += UINT64_C(0x9E3779B97F4A7C15);
	z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
	z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
	return z ^ z >> 31;
}

static inline double rng_unit(struct rng *r) /* [0, 1) */
{
	return (double)(rng_next(r) >> 11) * 0x1p-53;
}

static inline bool rng_chance(struct rng *r, double p)
{
	return rng_unit(r) < p;
}

static inline int64_t rng_below(struct rng *r, int64_t n) /* 0 when n < 1 */
{
	return n < 1 ? 0 : (int64_t)(rng_next(r) % (uint64_t)n);
}

static inline int64_t rng_between(struct rng *r, int64_t low, int64_t high)
{
	return low + rng_below(r, high - low + 1);
}

static inline double rng_normal(struct rng *r)
{
	double u = 1 - rng_unit(r), v = rng_unit(r);
	return sqrt(-2 * log(u)) * cos(6.283185307179586 * v);
}

/* Log-normal with that median; sigma 1 is call-like. */
static inline double rng_lognormal(struct rng *r, double median, double sigma)
{
	return median * exp(sigma * rng_normal(r));
}

static inline double rng_exponential(struct rng *r, double mean)
{
	return -mean * log(1 - rng_unit(r));
}

static inline int rng_poisson(struct rng *r, double mean)
{
	if (mean <= 0)
		return 0;
	if (mean > 40) { /* close enough, and in one step */
		double n = mean + sqrt(mean) * rng_normal(r) + 0.5;
		return n < 0 ? 0 : (int)n;
	}
	double limit = exp(-mean), product = rng_unit(r);
	int n = 0;
	while (product > limit) {
		product *= rng_unit(r);
		n++;
	}
	return n;
}

/* Index below n with Zipf-like weight 1 / (i + 1). */
static inline int rng_zipf(struct rng *r, int n)
{
	int i = (int)(pow((double)n + 1, rng_unit(r)) - 1);
	return i < n ? i : n - 1;
}

#endif
