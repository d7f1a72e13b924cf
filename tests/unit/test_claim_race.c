/* SPDX-License-Identifier: Apache-2.0
 *
 * Two processes reach for the same alert at the same moment, round after round:
 * one has it, and the other is told who. CENTINELA_RACE=10000 for more rounds. */
#include "acts_rig.h"

#include <sched.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/wait.h>

enum { N_RACERS = 2 };

/* Seen by both. */
struct track {
	atomic_int at_start;
	struct {
		int n_won, n_lost, n_wrong; /* wrong: neither won nor told who was first */
	} score[N_RACERS];
};

static const char *const names[N_RACERS] = { "ana", "luis" };

static void wait_for_the_other(struct track *track, size_t round)
{
	atomic_fetch_add(&track->at_start, 1);
	while (atomic_load(&track->at_start) < (int)((round + 1) * N_RACERS))
		sched_yield();
}

static int race(const char *address, struct track *track, int me, size_t n_rounds)
{
	struct store *store;
	struct fault fault;
	must(store_open(address, &store, &fault), &fault);
	for (size_t i = 0; i < n_rounds; i++) {
		struct triage_order claim = { .act = TRIAGE_CLAIM, .who = names[me], .now_ms = 9000 };
		struct triage_result result;
		struct arena arena;
		int64_t id = (int64_t)i + 1;
		arena_init(&arena);
		wait_for_the_other(track, i);
		must(store_triage(store, &id, 1, &claim, &arena, NULL, &result, &fault), &fault);
		bool told = result.n_failed == 1 && strncmp(result.first.text, names[!me], strlen(names[!me])) == 0;
		track->score[me].n_won += result.n_done == 1;
		track->score[me].n_lost += result.n_done == 0 && told;
		track->score[me].n_wrong += result.n_done != 1 && !told;
		arena_clear(&arena);
	}
	store_close(store);
	return 0;
}

TEST(of_two_processes_one_has_the_alert_and_the_other_is_told)
{
	const char *given = getenv("CENTINELA_RACE");
	size_t n = given != NULL ? (size_t)atoll(given) : 200;
	char address[256];
	struct store *store = rig_store(address);
	rig_raise(store, n);
	store_close(store); /* no connection goes over a fork */
	struct track *track = mmap(NULL, sizeof *track, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	REQUIRE(track != MAP_FAILED);
	pid_t racers[N_RACERS];
	int64_t began = clock_steady_ns();
	fflush(stdout);
	for (int i = 0; i < N_RACERS; i++) {
		racers[i] = fork();
		REQUIRE(racers[i] >= 0);
		if (racers[i] == 0)
			_exit(race(address, track, i, n)); /* whose folder it is stays the parent's */
	}
	for (int i = 0; i < N_RACERS; i++) {
		int status = -1;
		REQUIRE(waitpid(racers[i], &status, 0) == racers[i]);
		CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	}
	if (given != NULL)
		printf("%zu rounds in %.1f s: %s %d, %s %d\n", n, (double)(clock_steady_ns() - began) / 1e9, names[0], track->score[0].n_won,
		    names[1], track->score[1].n_won);
	CHECK_INT(track->score[0].n_won + track->score[1].n_won, n);
	CHECK_INT(track->score[0].n_lost, track->score[1].n_won);
	CHECK_INT(track->score[1].n_lost, track->score[0].n_won);
	CHECK_INT(track->score[0].n_wrong + track->score[1].n_wrong, 0);
	/* What the store says is what they were told; each claim is one line of the log. */
	struct fault fault;
	must(store_open(address, &store, &fault), &fault);
	CHECK_INT(rig_ask(store, "SELECT count(*) FROM alerts WHERE assignee = 'ana'"), track->score[0].n_won);
	CHECK_INT(rig_ask(store, "SELECT count(*) FROM alerts WHERE assignee = 'luis'"), track->score[1].n_won);
	CHECK_INT(rig_ask(store, "SELECT count(*) FROM audit WHERE act = 'claim' AND who = 'ana'"), track->score[0].n_won);
	CHECK_INT(rig_ask(store, "SELECT count(*) FROM audit WHERE act = 'claim' AND who = 'luis'"), track->score[1].n_won);
	CHECK_INT(rig_ask(store, "SELECT count(*) FROM (SELECT alert_id FROM audit WHERE act = 'claim' GROUP BY alert_id HAVING count(*) <> 1) twice"), 0);
	CHECK(rig_chain_holds(store));
	store_close(store);
	munmap(track, sizeof *track);
}

TESTS(T(of_two_processes_one_has_the_alert_and_the_other_is_told))
