/* SPDX-License-Identifier: Apache-2.0
 *
 * Nanoseconds a number_read takes on a mix as records have it, beside what
 * copying the same text and one strtoll cost, in the same run. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/places.h"
#include "calls/e164.h"

#define ROUNDS 200000
#define RUNS   5

static const char *const mix[] = { "+576017382248", "3961", "6017358013", "+573105550221", "71756422",
	"+37125550123", "901137125550123", "00937125550123", "+18095550123", "+8821655501234",
	"1510", "*62", "anonymous", "sip:+573105550221@gw.example", "+442079460123", "573105550221" };
#define N_MIX (sizeof mix / sizeof *mix)

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

int main(int argc, char **argv)
{
	const char *data = argc > 1 ? argv[1] : CENTINELA_SOURCE_DATA;
	struct numbering *numbering;
	struct fault fault;
	double read_ns[RUNS], copy_ns[RUNS], open_ms[RUNS], e164_ns[RUNS];
	volatile int64_t sink = 0;
	for (int run = 0; run < RUNS; run++) {
		int64_t start = clock_steady_ns();
		if (!numbering_open(data, &numbering, &fault)) {
			fprintf(stderr, "%s\n", fault.text);
			return 1;
		}
		open_ms[run] = (double)(clock_steady_ns() - start) / 1e6;
		struct number number;
		start = clock_steady_ns();
		for (size_t i = 0; i < ROUNDS; i++) {
			const char *text = mix[i % N_MIX];
			number_read(numbering, (struct span){ text, (uint32_t)strlen(text) },
			    i & 16 ? "CO" : "US", i & 32 ? '9' : 0, &number);
			sink += number.class;
		}
		read_ns[run] = (double)(clock_steady_ns() - start) / ROUNDS;
		start = clock_steady_ns();
		for (size_t i = 0; i < ROUNDS; i++) {
			number_read(numbering, (struct span){ "+576017382248", 13 }, "CO", 0, &number);
			sink += number.class;
		}
		e164_ns[run] = (double)(clock_steady_ns() - start) / ROUNDS;
		start = clock_steady_ns();
		for (size_t i = 0; i < ROUNDS; i++) {
			const char *text = mix[i % N_MIX];
			char copy[64];
			memcpy(copy, text, strlen(text) + 1);
			sink += strtoll(copy, NULL, 10);
		}
		copy_ns[run] = (double)(clock_steady_ns() - start) / ROUNDS;
		numbering_free(numbering);
	}
	qsort(read_ns, RUNS, sizeof *read_ns, compare);
	qsort(copy_ns, RUNS, sizeof *copy_ns, compare);
	qsort(open_ms, RUNS, sizeof *open_ms, compare);
	qsort(e164_ns, RUNS, sizeof *e164_ns, compare);
	printf("numbering_open            %8.2f ms\n", open_ms[RUNS / 2]);
	printf("number_read, E.164        %8.1f ns\n", e164_ns[RUNS / 2]);
	printf("number_read, mixed        %8.1f ns\n", read_ns[RUNS / 2]);
	printf("memcpy + strtoll, mixed   %8.1f ns   ratio %.1f\n", copy_ns[RUNS / 2],
	    read_ns[RUNS / 2] / copy_ns[RUNS / 2]);
	return sink == 42;
}
