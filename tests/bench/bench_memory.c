/* SPDX-License-Identifier: Apache-2.0
 *
 * What the judge remembers of a large organisation: ten million legs of a
 * hundred thousand people in fifty sites over ten days, half of them calls in,
 * two in a hundred abroad; its memory after each million, and the program's.
 *
 * BENCH_LEGS, BENCH_PEOPLE: others than these. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "base/hash.h"
#include "base/places.h"
#include "calls/cdr_json.h"
#include "detect/judge.h"

#define EPOCH_MS INT64_C(1790553600000) /* Monday, 2026-09-28 */
#define DAYS	 10
#define SITES	 50

/* Printed into a room of its own. */
#define TEXT_OF(room, ...) ((struct span){ (room), (uint32_t)snprintf((room), sizeof(room), __VA_ARGS__) })

/* Leg i of n: in working hours of Bogotá, by chance whose, to one of two million numbers. */
static void make_leg(struct cdr *cdr, uint64_t i, uint64_t n, uint64_t people, char rooms[8][48])
{
	unsigned long long r = hash_mix(i), who = r % people, in = r >> 40 & 1, far = hash_mix(r) % 2000000;
	int64_t at = (int64_t)(i * DAYS / n) * DAY_MS + 12 * HOUR_MS + (int64_t)((double)(i * DAYS % n) / (double)n * 12 * (double)HOUR_MS);
	memset(cdr, 0, sizeof *cdr);
	cdr->start_ms = EPOCH_MS + at;
	cdr->answer_ms = cdr->start_ms + 8000;
	cdr->duration_s = (int32_t)(20 + (r >> 20) % 400);
	cdr->ring_s = 8;
	cdr->report_ms = cdr->answer_ms + (int64_t)cdr->duration_s * 1000;
	cdr->site_utc_minutes = -300;
	cdr->flags = CDR_ANSWERED | (in ? 0 : CDR_ORIGINATING);
	cdr->field[CDR_F_USER_UUID] = TEXT_OF(rooms[0], "%08llu-2f77-4a39-8d0e-6b8f1a2c3d4e", who);
	cdr->field[CDR_F_SITE_UUID] = TEXT_OF(rooms[1], "%08llu-3827-4165-a0b1-c2d3e4f50617", who % SITES);
	cdr->field[CDR_F_CORRELATION_ID] = TEXT_OF(rooms[2], "%016llx", (unsigned long long)i);
	cdr->field[CDR_F_REPORT_ID] = TEXT_OF(rooms[3], "%08llx-28ae-32a6-ab7f-158809cf4f3c", (unsigned long long)i);
	cdr->field[CDR_F_USER_NUMBER] = TEXT_OF(rooms[4], "+5760%08llu", who);
	struct span number = r % 50 == 0 ? TEXT_OF(rooms[5], "+34915%06llu", far % 1000000) : TEXT_OF(rooms[5], "+57310%07llu", far);
	cdr->field[in ? CDR_F_CALLING_NUMBER : CDR_F_CALLED_NUMBER] = number;
	cdr->field[in ? CDR_F_CALLED_NUMBER : CDR_F_CALLING_NUMBER] = cdr->field[CDR_F_USER_NUMBER];
	static const char in_type[] = "SIP_INBOUND", out_type[] = "SIP_NATIONAL", user[] = "User", client[] = "WXC_CLIENT";
	cdr->field[CDR_F_CALL_TYPE] = in ? (struct span){ in_type, sizeof in_type - 1 } : (struct span){ out_type, sizeof out_type - 1 };
	cdr->field[CDR_F_USER_TYPE] = (struct span){ user, sizeof user - 1 };
	cdr->field[CDR_F_CLIENT_TYPE] = (struct span){ client, sizeof client - 1 };
}

static double number_of(const char *variable, double otherwise)
{
	const char *said = getenv(variable);
	return said == NULL ? otherwise : strtod(said, NULL);
}

int main(void)
{
	uint64_t n = (uint64_t)number_of("BENCH_LEGS", 1e7), people = (uint64_t)number_of("BENCH_PEOPLE", 1e5);
	struct judge_options options = { .rules_folder = CENTINELA_SOURCE_DATA "/rules", .alert_budget = 1 };
	struct directory *directory = directory_new();
	struct numbering *numbering;
	struct judge *judge;
	struct fault fault;
	char rooms[8][48];
	if (n < 10 || people < 1 || !numbering_open(CENTINELA_SOURCE_DATA, &numbering, &fault) || !judge_open(&options, &judge, &fault)) {
		fprintf(stderr, "bench_memory: %s\n", n < 10 || people < 1 ? "ten legs and a person are needed" : fault.text);
		return 1;
	}
	struct fact_world world = { numbering, directory };
	int64_t n_found = 0;
	clock_t before = clock();
	for (uint64_t i = 0; i < n; i++) {
		struct cdr cdr;
		struct leg_facts leg;
		struct arena arena;
		arena_init(&arena);
		struct findings found = { .arena = &arena };
		make_leg(&cdr, i, n, people, rooms);
		leg_facts_derive(&world, &cdr, &leg);
		judge_leg(judge, &cdr, &leg, (int64_t)i + 1, &found);
		n_found += (int64_t)found.n;
		arena_clear(&arena);
		if ((i + 1) % (n / 10) == 0) {
			struct rusage used;
			getrusage(RUSAGE_SELF, &used);
			printf("%9llu legs, %6llu people: judge %6.1f MB, program %6.1f MB, %5.2f us a leg, %lld findings, %lld windows forgotten\n",
			    (unsigned long long)(i + 1), (unsigned long long)people, (double)judge_counts(judge).bytes / (1 << 20),
			    (double)used.ru_maxrss / 1024, (double)(clock() - before) / (double)(i + 1), (long long)n_found,
			    (long long)judge_counts(judge).forgotten_groups);
		}
	}
	judge_free(judge);
	numbering_free(numbering);
	directory_free(directory);
	return 0;
}
