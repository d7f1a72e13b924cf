/* SPDX-License-Identifier: Apache-2.0
 *
 * What screens and the API may see and do. Questions are answered on the loop
 * by a callback, later, from the reading connection; nothing here waits. */
#ifndef WATCH_BOARD_H
#define WATCH_BOARD_H

#include "base/clock.h"
#include "calls/live_calls.h"
#include "store/manual_rows.h"
#include "store/query_case.h"
#include "store/query_day.h"
#include "store/query_organisations.h"
#include "store/query_shift.h"
#include "store/viewer_rows.h"
#include "watch/outcome.h"
#include "watch/rule_book.h"

/* ---- history: questions ------------------------------------------------ */

struct history;
/* From now on questions are answered as of this moment, as far as the store knows:
 * alerts (and those of an alert, of sites, of scores) as they were, calls that had
 * begun, profiles and shifts up to then; a case is as it is. 0: of now again. */
void history_at(struct history *, int64_t at_ms);
/* Callbacks: exactly one of answer and fault is NULL. On the loop. */
void history_alerts(struct history *, const struct alert_query *,
    void (*on_answer)(void *arg, const struct alert_list *, const struct fault *), void *arg);
/* What an act would be of: everything that the question is of, or these (copied). */
void history_survey_matching(struct history *, const struct alert_query *,
    void (*on_answer)(void *arg, const struct alert_survey *, const struct fault *), void *arg);
void history_survey_of(struct history *, const int64_t *ids, size_t n,
    void (*on_answer)(void *arg, const struct alert_survey *, const struct fault *), void *arg);
void history_alert(struct history *, int64_t id,
    void (*on_answer)(void *arg, const struct alert_detail *, const struct fault *), void *arg);
void history_calls(struct history *, const struct call_query *,
    void (*on_answer)(void *arg, const struct call_list *, const struct fault *), void *arg);
void history_call(struct history *, int64_t call_id,
    void (*on_answer)(void *arg, const struct call_detail *, const struct fault *), void *arg);
/* The record as Webex sent it, indented; raw bytes may hold anything. */
void history_raw(struct history *, int64_t leg_id,
    void (*on_answer)(void *arg, const char *json, const struct fault *), void *arg);
void history_locations(struct history *,
    void (*on_answer)(void *arg, const struct location_list *, const struct fault *), void *arg);
/* The last day in pictures: query_day. */
void history_day(struct history *,
    void (*on_answer)(void *arg, const struct day_picture *, const struct fault *), void *arg);
void history_scores(struct history *, const char *filter, size_t limit,
    void (*on_answer)(void *arg, const struct score_list *, const struct fault *), void *arg);
/* What is known of a person, a service or a number: query_profile. */
void history_profile(struct history *, enum subject_kind, const char *id,
    void (*on_answer)(void *arg, const struct profile *, const struct fault *), void *arg);
/* The story of a case: query_case. */
void history_case(struct history *, enum case_named, int64_t id,
    void (*on_answer)(void *arg, const struct case_story *, const struct fault *), void *arg);
/* known: how far its chain was read before, or all zero; read on from there, or again. */
void history_audit(struct history *, size_t limit, const struct audit_chain *known,
    void (*on_answer)(void *arg, const struct audit_list *, const struct fault *), void *arg);
/* What became of the alerts raised since then, by rule id. */
void history_rule_cards(struct history *, int64_t since_ms,
    void (*on_answer)(void *arg, const struct rule_cards *, const struct fault *), void *arg);
/* Reads the rules as they stand in their folder. */
void history_rule_book(struct history *,
    void (*on_answer)(void *arg, const struct rule_book *, const struct fault *), void *arg);
/* What is silent, what one of them kept back, what a scope would have, how much
 * there is of it: query_silences and the others. */
void history_silences(struct history *,
    void (*on_answer)(void *arg, const struct silence_list *, const struct fault *), void *arg);
void history_kept_back(struct history *, enum silence_kind, int64_t id,
    void (*on_answer)(void *arg, const struct kept_list *, const struct fault *), void *arg);
void history_silence_preview(struct history *, const char *filter,
    void (*on_answer)(void *arg, const struct silence_preview *, const struct fault *), void *arg);
void history_silence_debt(struct history *,
    void (*on_answer)(void *arg, const struct silence_debt *, const struct fault *), void *arg);
/* How it stands with each organisation of the store: query_organisations, over a connection
 * into each, one at a time; whatever else is asked goes in between. */
void history_organisations(struct history *,
    void (*on_answer)(void *arg, const struct organisation_overview *, const struct fault *), void *arg);
/* What happened from then until then, as it is handed over. */
void history_shift(struct history *, int64_t from_ms, int64_t until_ms,
    void (*on_answer)(void *arg, const struct shift_report *, const struct fault *), void *arg);
/* No question, but of this lane: a new file (0600) with these bytes, which are
 * copied. fault NULL: it is there. FAULT_CONFLICT: one of that name was. */
void history_keep(struct history *, const char *path, const char *bytes, size_t n,
    void (*on_answer)(void *arg, const char *path, const struct fault *), void *arg);
/* Callbacks with this arg will not be called any more. */
void history_forget(struct history *, void *arg);

/* ---- desk: acts ---------------------------------------------------------- */

struct desk;
/* Do `order` (its `who` and `now_ms` are filled in by the desk) to n alerts in
 * one transaction. n_failed of them were refused; `fault` is the first refusal
 * or NULL. */
void desk_triage(struct desk *, const int64_t *ids, size_t n, const struct triage_order *order,
    void (*on_done)(void *arg, size_t n_done, size_t n_failed, const struct fault *fault),
    void *arg);
/* What undo would take back, in words ("" nothing), and do it. */
const char *desk_undo_name(const struct desk *);
/* Is it taken back at Webex? Then it cannot be done again from here. */
bool desk_undo_reaches_out(const struct desk *);
void desk_undo(struct desk *,
    void (*on_done)(void *arg, size_t n_done, size_t n_failed, const struct fault *fault),
    void *arg);
/* The same of what was undone; a new act drops it. */
const char *desk_redo_name(const struct desk *);
void desk_redo(struct desk *,
    void (*on_done)(void *arg, size_t n_done, size_t n_failed, const struct fault *fault),
    void *arg);
/* Write a proposal (lab_tuned) among one's own rules. n_done is 1, or 0 with the
 * fault. for_ms: an exception ends by itself after this; 0: never. Removing the
 * file takes it back: it is not undone here. */
void desk_tune(struct desk *, const struct tuning *, size_t offer, int64_t for_ms,
    void (*on_done)(void *arg, size_t n_done, size_t n_failed, const struct fault *fault),
    void *arg);
/* Begin a silence, or end or extend one of any kind. number: of BEGIN its id, of
 * END how many findings it kept back. It can be undone. */
enum silence_deed { SILENCE_BEGIN,
	SILENCE_END,
	SILENCE_EXTEND };
struct silence_act {
	enum silence_deed deed;
	enum silence_kind kind;
	int64_t id;		     /* END, EXTEND */
	const char *filter, *reason; /* BEGIN; filter: without @names */
	int64_t begin_ms;	     /* BEGIN of a MAINTENANCE; 0: now */
	int64_t until_ms;	     /* BEGIN, EXTEND */
	int64_t now_ms;		     /* the wall's clock, or event time's where that is ahead */
};
void desk_silence(struct desk *, const struct silence_act *,
    void (*on_done)(void *arg, int64_t number, const struct fault *fault), void *arg);
/* Raise an alert (its `who` and `now_ms` are filled in by the desk). Exactly one of
 * raised and fault is NULL. Undone it is closed, as a false alarm. */
void desk_raise(struct desk *, const struct manual_alert *,
    void (*on_done)(void *arg, const struct manual_raised *, const struct fault *), void *arg);
/* A step of the playbook, by its English sentence: taken, or open again. n_done is 1,
 * or 0 with the fault. It can be undone. */
void desk_step(struct desk *, int64_t alert_id, const char *step, bool done,
    void (*on_done)(void *arg, size_t n_done, size_t n_failed, const struct fault *fault), void *arg);
/* This console has this alert open (0: none): others see it until it has not for
 * some 30 s. A console that only looks is not seen. */
void desk_view(struct desk *, int64_t alert_id);
/* What is masked by the configuration is to be shown: a line in the audit log says who
 * saw it, when and where (`view`, a few words), and then n_done is 1. A console that may
 * not write may not show it either. on_done is called always. */
void desk_disclose(struct desk *, const char *view,
    void (*on_done)(void *arg, size_t n_done, size_t n_failed, const struct fault *fault),
    void *arg);
const char *desk_user(const struct desk *); /* the OS user who acts */
bool desk_read_only(const struct desk *);

/* ---- lab: trials of the rules --------------------------------------------- */

enum lab_kind { LAB_REPLAY, LAB_REHEARSAL, LAB_TUNING };
enum lab_state { LAB_IDLE, LAB_RUNNING, LAB_DONE, LAB_FAILED, LAB_CANCELLED };

struct lab_trial {
	enum lab_kind kind;
	enum lab_state state;
	bool cancelling; /* it was told to, and has not come to where it looks */
	int percent;
	int64_t since_ms;    /* of a replay */
	char folder[512];    /* … its rules; "": those in force */
	char scenario[128];  /* of a rehearsal */
	int64_t alert_id;    /* of a tuning */
	struct fault fault;  /* FAILED: why */
};

struct lab;
/* The one that runs, else the last one. */
const struct lab_trial *lab_trial(const struct lab *);
uint64_t lab_version(const struct lab *); /* grows with whatever the lab shows */
/* False: another one runs, or the lab closes. */
/* folder: of the rules to try, "" those in force */
bool lab_replay(struct lab *, int64_t since_ms, const char *folder);
bool lab_rehearse(struct lab *, const char *scenario);
bool lab_tune(struct lab *, int64_t alert_id, const char *who);
void lab_cancel(struct lab *);
/* What the last one that came to its end came to, until the next one does; NULL none yet. */
const struct replay_result *lab_replayed(const struct lab *);
const struct rehearsal *lab_rehearsed(const struct lab *);
const struct tuning *lab_tuned(const struct lab *);

/* ---- health ---------------------------------------------------------------- */

enum sync_state {
	SYNC_NO_LOGIN, SYNC_STARTING, SYNC_WAITING, SYNC_ASKING, SYNC_FOLLOWING, /* another holds the lease */
	SYNC_FAULT,
};

struct sync_gap {
	int64_t from_ms, until_ms;
};

/* How it stands with what administrators did: whoever does not collect knows nothing. */
enum admin_state { ADMIN_UNKNOWN, ADMIN_READ, ADMIN_NO_SCOPE, ADMIN_REFUSED, ADMIN_FAULT };

/* What is told to others: notifier.h. */
struct notify_health {
	bool on, mine;		   /* somebody is to be told; by this process */
	int64_t n_waiting, n_dead; /* messages; given up ones */
	int64_t lag_ms;		   /* so long has the oldest waited that is due; 0 none */
	char error[300];	   /* why the last one did not go; "" none */
};

struct health {
	enum sync_state sync;
	int64_t complete_until_ms; /* every record before is here; 0 none */
	int64_t lag_ms;		   /* now - complete_until */
	int64_t next_call_ms;	   /* when Webex is asked again */
	int64_t last_page_ms;
	int backfill_done, backfill_total; /* slices */
	int64_t backfill_left_ms;	   /* estimate */
	struct sync_gap gaps[16];
	size_t n_gaps;
	int64_t token_dies_ms, refresh_dies_ms; /* 0 unknown */
	int64_t n_legs, n_rejected, n_duplicates; /* since the program started */
	char lease_holder[128];	   /* "ana@host:pid" */
	bool lease_mine;
	char region_host[128];
	bool store_fails;	   /* what is shown is as it was; `sentence` says why */
	char sentence[480];	   /* the last fault, "" none */
	enum fault_code code;
	bool live_webhook, live_polling; /* which source of live calls works */
	bool live_wanted;	   /* the configuration names one */
	int64_t live_down_ms;	   /* since when (machine's clock) one that is named does not work; 0: all do, or another process asks */
	enum admin_state admin;
	int64_t admin_until_ms;	   /* read up to there; 0 never since the start */
	char admin_sentence[480];  /* REFUSED, FAULT: why */
	struct notify_health notify;
};

/* ---- signing in ------------------------------------------------------------- */

enum sign_in_step { SIGN_IN_IDLE, SIGN_IN_ASKING, SIGN_IN_SHOWN, SIGN_IN_DONE, SIGN_IN_FAILED };

struct sign_in {
	enum sign_in_step step;
	bool lacks_client_id, lacks_secret; /* of the configuration */
	bool again;	       /* a new code was asked for */
	char url[1024];	       /* SHOWN: with the code in it, as a QR code */
	char short_url[256];   /* where the code is typed */
	char code[64];
	int64_t expires_ms;
	struct fault fault;    /* FAILED: why */
	const char *config_path, *scopes; /* what a person must know to set it up */
};

/* ---- the board -------------------------------------------------------------- */

/* Who is told of an act outside, where undo does not reach. */
struct told {
	size_t n;
	bool people;	 /* one of them is a room or a mailbox */
	char names[120]; /* "soc-room, siem" */
};

struct containments {
	struct containment *items; /* store/contain_rows.h; the newest first */
	size_t n;
};
struct contain_order;
struct contain_result;

struct board {
	struct history *history;
	struct desk *desk;
	struct lab *lab;		/* NULL: none here */
	const struct live_calls *live;	/* calls up now; has its own version */
	const struct health *health;
	const struct clock *clock;	/* event time's clock: the cloud's now */
	/* Grow with every committed change; a pane that shows less than the
	 * number it last asked at asks again. */
	uint64_t alerts_version, calls_version, health_version, live_version; /* live: what of live calls is stored */
	void (*sync_now)(struct board *); /* `:sync` */
	/* Who will be told when this is done to the alert; NULL: to some that are not worse
	 * than `worst`, who may be. NULL: nobody is told anything. */
	void (*told_of)(void *arg, enum triage_act, const struct alert *, enum severity worst, struct told *);
	void *told_arg;
	const struct viewers *viewers; /* who else looks at what; NULL: nobody tells */
	/* Contain a line at Webex, or undo that: contain.h. NULL: not from here. */
	void (*contain)(struct board *, const struct contain_order *, void (*done)(const struct contain_result *, void *arg), void *arg);
	/* What is under way or in force of a person, by UUID: a question of the history. */
	void (*contained)(struct board *, const char *person, void (*on_answer)(void *arg, const struct containments *, const struct fault *), void *arg);
	struct responder *responder;
	const struct sign_in *sign_in;	  /* NULL: nobody signs in here */
	void (*sign_in_start)(struct board *); /* ask for a (new) code */
};

#endif
