/* SPDX-License-Identifier: Apache-2.0
 *
 * Records through facts and judgement alone: legs a second, findings, memory.
 *
 *   bench_judge                          three simulated days of 1000 people
 *   bench_judge CDRS.jsonl [ALERTS.json] a file; alerts as `alerts list --json`
 *                                        prints them (findings of one
 *                                        fingerprint less than 36 h apart)
 * BENCH_RULES  a folder of rules; else those that come along
 * BENCH_BUDGET alerts a day and 1000 people for what is merely unusual (1) */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "alerts/merge.h"
#include "base/iso_time.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/places.h"
#include "calls/cdr_json.h"
#include "detect/judge.h"
#include "sim/traffic.h"

#define EPISODE_MS ALERT_EPISODE_MS

struct episode {
	uint64_t fingerprint;
	int64_t last_ms;
	struct text json; /* up to its report_ids */
	int n_ids;
};

static struct episode *episodes;
static size_t n_episodes, capacity;

static void add_ids(struct episode *e, const struct finding *f)
{
	/* The one that raised it first, as the store lists them. */
	for (size_t i = f->n_evidence; i-- > 0 && e->n_ids < 200;) {
		text_printf(&e->json, "%s", e->n_ids++ > 0 ? "," : "");
		json_quote(&e->json, f->evidence[i].report_id);
	}
}

static void keep(const struct finding *f)
{
	char iso[ISO_TIME_BYTES];
	for (size_t i = n_episodes; i-- > 0;) {
		struct episode *e = &episodes[i];
		if (e->fingerprint == f->fingerprint && f->raised_ms - e->last_ms < EPISODE_MS) {
			e->last_ms = MAX(e->last_ms, f->raised_ms);
			add_ids(e, f);
			return;
		}
	}
	episodes = mem_grow(episodes, n_episodes, &capacity, sizeof *episodes);
	struct episode *e = &episodes[n_episodes++];
	*e = (struct episode){ f->fingerprint, f->raised_ms, { 0 }, 0 };
	text_puts(&e->json, "{\"rule\":");
	json_quote(&e->json, f->title_en);
	text_puts(&e->json, ",\"subject\":{\"id\":");
	json_quote(&e->json, f->subject_id);
	text_printf(&e->json, "},\"score\":%d,\"raised_time\":\"%s\",\"reason\":", f->score,
	    iso_time_format(f->raised_ms, iso));
	json_quote(&e->json, f->reasons[0].text_en);
	text_puts(&e->json, ",\"report_ids\":[");
	add_ids(e, f);
}

struct run {
	struct judge *judge;
	struct fact_world world;
	struct arena arena;
	struct findings found;
	int64_t legs, n_found, ns_facts, ns_judge;
};

static int64_t now_ns(void)
{
	struct timespec t;
	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return t.tv_sec * INT64_C(1000000000) + t.tv_nsec;
}

#define BATCH 512

static void judge_text(struct run *run, const char *bytes, size_t n)
{
	static struct cdr cdrs[BATCH];
	static struct leg_facts facts[BATCH];
	struct cdr_reader reader;
	struct arena strings;
	cdr_reader_init(&reader);
	cdr_reader_feed(&reader, bytes, n, true);
	for (bool more = true; more;) {
		size_t k = 0;
		arena_init(&strings);
		while (k < BATCH && more) {
			enum cdr_next next = cdr_reader_next(&reader, &strings, &cdrs[k]);
			k += next == CDR_NEXT_RECORD;
			more = next == CDR_NEXT_RECORD || next == CDR_NEXT_REJECTED;
		}
		int64_t a = now_ns();
		for (size_t i = 0; i < k; i++)
			leg_facts_derive(&run->world, &cdrs[i], &facts[i]);
		int64_t b = now_ns();
		for (size_t i = 0; i < k; i++)
			judge_leg(run->judge, &cdrs[i], &facts[i], ++run->legs, &run->found);
		run->ns_facts += b - a;
		run->ns_judge += now_ns() - b;
		for (size_t i = 0; i < run->found.n; i++)
			keep(&run->found.items[i]);
		run->n_found += (int64_t)run->found.n;
		arena_clear(&run->arena);
		arena_clear(&strings);
		arena_init(&run->arena);
		run->found = (struct findings){ .arena = &run->arena };
	}
}

static void simulate(struct run *run)
{
	struct fault fault;
	struct traffic *traffic;
	struct traffic_options options = { .seed = 7, .n_users = 1000, .scenario = "mixed",
		.epoch_ms = INT64_C(1791158400000) };
	if (!traffic_new(&options, &traffic, &fault)) {
		fprintf(stderr, "%s\n", fault.text);
		exit(1);
	}
	for (int64_t day = options.epoch_ms / DAY_MS; day < options.epoch_ms / DAY_MS + 3; day++) {
		struct sim_day out;
		struct text lines = { 0 };
		traffic_day(traffic, day, &out);
		for (size_t i = 0; i < out.n_records; i++) {
			text_add(&lines, out.records[i].json, out.records[i].n_json);
			text_putc(&lines, '\n');
		}
		judge_text(run, text_string(&lines), lines.n);
		text_clear(&lines);
		sim_day_free(&out);
	}
	traffic_free(traffic);
}

static void read_and_judge(struct run *run, const char *path)
{
	enum { PIECE = 32 << 20 };
	FILE *file = fopen(path, "r");
	char *bytes = mem_alloc(PIECE);
	size_t kept = 0, n;
	if (file == NULL) {
		perror(path);
		exit(1);
	}
	while ((n = fread(bytes + kept, 1, PIECE - kept, file)) > 0) {
		n += kept;
		size_t whole = n;
		while (whole > 0 && bytes[whole - 1] != '\n')
			whole--;
		judge_text(run, bytes, whole);
		kept = n - whole;
		memmove(bytes, bytes + whole, kept);
	}
	free(bytes);
	fclose(file);
}

int main(int argc, char **argv)
{
	struct run run = { 0 };
	struct fault fault;
	struct numbering *numbering;
	const char *rules = getenv("BENCH_RULES"), *budget = getenv("BENCH_BUDGET");
	struct judge_options options = { .rules_folder = rules != NULL ? rules : CENTINELA_SOURCE_DATA "/rules",
		.alert_budget = budget != NULL ? atoi(budget) : 1 };
	struct directory *directory = directory_new();
	if (!numbering_open(CENTINELA_SOURCE_DATA, &numbering, &fault) ||
	    !directory_read_holidays(directory, CENTINELA_SOURCE_DATA "/calendars", &fault) ||
	    !judge_open(&options, &run.judge, &fault)) {
		fprintf(stderr, "%s\n", fault.text);
		return 1;
	}
	run.world = (struct fact_world){ numbering, directory };
	arena_init(&run.arena);
	run.found = (struct findings){ .arena = &run.arena };
	if (argc > 1)
		read_and_judge(&run, argv[1]);
	else
		simulate(&run);
	struct judge_counts counts = judge_counts(run.judge);
	printf("%lld legs, facts %.0f ns a leg, judgement %.0f ns a leg (%zu rules), %lld findings in "
	       "%zu alerts, %.1f MB\n", (long long)run.legs, (double)run.ns_facts / (double)run.legs,
	    (double)run.ns_judge / (double)run.legs, counts.rules, (long long)run.n_found, n_episodes,
	    (double)counts.bytes / (1 << 20));
	FILE *out = argc > 2 ? fopen(argv[2], "w") : NULL;
	for (size_t i = 0; i < n_episodes; i++) {
		if (out != NULL)
			fprintf(out, "%s%s]}", i == 0 ? "[" : ",\n", text_string(&episodes[i].json));
		text_clear(&episodes[i].json);
	}
	if (out != NULL) {
		fputs(n_episodes > 0 ? "]\n" : "[]\n", out);
		fclose(out);
	}
	free(episodes);
	judge_free(run.judge);
	arena_clear(&run.arena);
	numbering_free(numbering);
	directory_free(directory);
	return 0;
}
