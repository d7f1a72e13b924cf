/* SPDX-License-Identifier: Apache-2.0
 *
 * A question on its way, between the files that ask: history.c (the lane),
 * history_alerts.c and history_calls.c (what can be asked). */
#ifndef WATCH_HISTORY_INSIDE_H
#define WATCH_HISTORY_INSIDE_H

#include <stdatomic.h>

#include "net/lane.h"
#include "store/contain_rows.h"
#include "store/past.h"
#include "store/query.h"
#include "store/query_day.h"
#include "store/query_organisations.h"
#include "watch/exceptions.h"
#include "watch/guard.h"
#include "watch/history.h"

/* A lane with its connection, which is opened at the first question. */
struct reader {
	struct lane *lane;
	struct history *history;
	struct db db; /* the lane's, as what follows */
	bool open;
	struct question *working; /* the one that is worked on */
};

/* What keys ask for, and what is read again by itself, of all sites and all people: a key
 * waits behind none of those. */
enum { READER_OF_KEYS,
	READER_ASIDE,
	N_READERS };

struct history {
	struct reader readers[N_READERS];
	int n_open; /* lanes */
	const atomic_bool *reached; /* NULL: nothing to wait for */
	/* Of the lane of keys: the moment that was asked about last (NULL none), and what is
	 * known of rules. */
	struct past *past;
	struct guard_config config;
	struct exceptions exceptions;
	struct rule_shelf shelf;
	char *me;
	const struct clock *clock;
	int64_t at_ms; /* the moment that is looked at; 0: now */
	struct question *first; /* asked and not answered */
	bool ahead;		/* what the first alert that is opened needs was asked for */
	bool closing;
	void (*on_closed)(void *);
	void *closed_arg;
};

/* One question on its way: what is asked, where the answer goes. */
struct question {
	struct job job;
	struct history *history;
	struct reader *reader;
	struct question *next;
	bool (*ask)(struct question *); /* on the lane */
	bool of_files;			/* needs no store */
	bool past;			/* now_ms is the moment that is looked at */
	bool again;			/* it is still being made, or more is to be read: others first, then on with it */
	struct shift_reading *shift; /* as far as it is */
	struct audit_chain chain;    /* … as it was read */
	void (*tell)(struct question *, const struct fault *); /* on the loop */
	void *arg;
	atomic_bool forgotten; /* said by the loop; the lane then leaves off */
	bool ok, twice;	       /* twice: it is asked a second time */
	struct fault fault;
	struct arena arena;
	int64_t id, now_ms, since_ms, until_ms;
	size_t limit;
	struct {
		enum subject_kind kind;
		const char *id;
	} subject;
	enum silence_kind silence;
	enum case_named named;
	const int64_t *ids; /* n of them: `limit` */
	union {
		struct alert_query alert;
		struct call_query call;
		const char *scores, *scope; /* filters */
		struct {
			const char *path, *bytes;
			size_t n;
		} file;
	} query;
	union {
		struct alert_list alerts;
		struct alert_detail alert;
		struct call_list calls;
		struct call_detail call;
		const char *raw;
		struct location_list locations;
		struct score_list scores;
		struct profile profile;
		struct audit_list audit;
		struct case_story story;
		struct shift_report shift;
		struct day_picture day;
		struct rule_cards cards;
		struct rule_book book;
		struct silence_list silences;
		struct kept_list kept;
		struct silence_preview preview;
		struct silence_debt debt;
		struct alert_survey survey;
		struct organisation_overview overview;
		struct containments containments;
	} answer;
	union {
		void (*alerts)(void *, const struct alert_list *, const struct fault *);
		void (*alert)(void *, const struct alert_detail *, const struct fault *);
		void (*calls)(void *, const struct call_list *, const struct fault *);
		void (*call)(void *, const struct call_detail *, const struct fault *);
		void (*raw)(void *, const char *, const struct fault *);
		void (*locations)(void *, const struct location_list *, const struct fault *);
		void (*scores)(void *, const struct score_list *, const struct fault *);
		void (*profile)(void *, const struct profile *, const struct fault *);
		void (*audit)(void *, const struct audit_list *, const struct fault *);
		void (*story)(void *, const struct case_story *, const struct fault *);
		void (*shift)(void *, const struct shift_report *, const struct fault *);
		void (*day)(void *, const struct day_picture *, const struct fault *);
		void (*file)(void *, const char *, const struct fault *);
		void (*cards)(void *, const struct rule_cards *, const struct fault *);
		void (*book)(void *, const struct rule_book *, const struct fault *);
		void (*silences)(void *, const struct silence_list *, const struct fault *);
		void (*kept)(void *, const struct kept_list *, const struct fault *);
		void (*preview)(void *, const struct silence_preview *, const struct fault *);
		void (*debt)(void *, const struct silence_debt *, const struct fault *);
		void (*survey)(void *, const struct alert_survey *, const struct fault *);
		void (*overview)(void *, const struct organisation_overview *, const struct fault *);
		void (*containments)(void *, const struct containments *, const struct fault *);
	} to;
};

/* A question that is to be filled in and submitted: work on the lane, tell on the loop. */
struct question *history_ask(struct history *, bool (*work)(struct question *),
    void (*tell)(struct question *, const struct fault *), void *arg);
void history_submit(struct question *);
/* … that is none of a key's. A look back has one connection. */
void history_submit_aside(struct question *);
/* On the lane: where the question is asked, as of now or as of the moment that is looked
 * at; NULL with a fault, or it is to be asked again. Of a look back history_asked() says
 * that all was asked. */
struct db *history_db(struct question *);
bool history_asked(struct question *, bool ok);

/* How a kind of answer is told. */
#define TELL(kind)                                                                  \
	static void tell_##kind(struct question *q, const struct fault *fault)      \
	{                                                                           \
		q->to.kind(q->arg, fault == NULL ? &q->answer.kind : NULL, fault);  \
	}

#endif
