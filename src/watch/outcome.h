/* SPDX-License-Identifier: Apache-2.0
 *
 * What trials of the rules come to, for screens and the command line: a replay
 * of history (replay.h), the rehearsal of an attack (rehearse.h), changes that an
 * alert asks for (tune.h). */
#ifndef WATCH_OUTCOME_H
#define WATCH_OUTCOME_H

#include "alerts/alert.h"
#include "base/arena.h"
#include "detect/tuning.h"

/* What one rule would have raised in that time, an alert an episode. */
struct replay_rule {
	const char *id, *title_en, *title_es; /* titles NULL: the rules do not hold it */
	size_t raised;			      /* would have been, now */
	size_t as_before;		      /* of them, the store has an alert of */
	size_t fresh;			      /* of them, it has none of */
	size_t gone;			      /* alerts it has, and that would not be raised */
	size_t open;			      /* of those as before, still open */
	size_t ended[N_RESOLUTIONS];	      /* of those as before: how they ended */
};

struct replay_result {
	struct arena arena;
	int64_t since_ms;	   /* as it was asked for */
	struct replay_rule *rules; /* by what they raise, most first */
	size_t n_rules;
	int64_t n_legs, n_lost;	   /* judged; without a record that could be read */
	bool stopped;		   /* by on_progress: nothing else is filled */
	char folder[512];	   /* whose rules; "": those in force */
	char complaints[400];	   /* of rule files that are not in force; "" none */
};

void replay_result_clear(struct replay_result *);

#define REHEARSAL_MAX_SPOKEN 12 /* rules named of one incident */

/* What a rule said of an incident, the first time. */
struct rehearsal_spoken {
	const char *rule, *title_en, *title_es;
	int64_t after_ms;   /* from the incident's first record, by Report time */
	int64_t cost_micro; /* of the incident until then */
	size_t n_records;
};

struct rehearsal_incident {
	const char *kind; /* "benign_…": nobody should speak of it */
	int64_t cost_micro; /* all of it */
	size_t n_records;
	struct rehearsal_spoken spoken[REHEARSAL_MAX_SPOKEN]; /* in the order they spoke */
	size_t n_spoken;
};

struct rehearsal {
	struct arena arena;
	const char *scenario;
	struct rehearsal_incident *incidents;
	size_t n;
	int64_t epoch_ms; /* the attack's first day */
	bool stopped;	  /* by on_progress: nothing else is filled */
};

/* What a proposed change would have done to the alerts of that time. */
struct tuning_offer {
	struct tuning_proposal proposal;
	size_t gone;	 /* alerts that would not be there … */
	size_t gone_open, gone_unknown; /* … of which are open; of which the store has none */
	size_t ended[N_RESOLUTIONS];	/* how the others ended */
	size_t fresh;	 /* alerts that would be there and are not: two stories instead of one */
};

struct tuning {
	struct arena arena;
	int64_t alert_id, since_ms;
	const char *rule_en, *rule_es; /* its title */
	struct tuning_offer offers[TUNING_MAX];
	size_t n;
	size_t before;	   /* alerts of that time with the rules as they are */
	int64_t n_legs, n_lost; /* judged; without a record that could be read */
	bool stopped;	   /* by on_progress: nothing else is filled */
};
void tuning_clear(struct tuning *);
/* Of the alerts that would be gone, those that were confirmed. */
size_t tuning_confirmed(const struct tuning_offer *);
size_t tuning_dismissed(const struct tuning_offer *); /* closed as false or legitimate */

bool rehearsal_is_benign(const struct rehearsal_incident *);
void rehearsal_clear(struct rehearsal *);

#endif
