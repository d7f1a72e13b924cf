/* SPDX-License-Identifier: Apache-2.0
 *
 * What a person may do to an alert, and what it becomes: one table. */
#ifndef ALERTS_TRIAGE_H
#define ALERTS_TRIAGE_H

#include "alerts/alert.h"
#include "base/fault.h"

/* enum, name in the CLI and the audit log */
#define TRIAGE_ACTS(row)                                                         \
	row(TRIAGE_CLAIM, "claim")     /* mine, if nobody's; new → in progress */ \
	row(TRIAGE_ACKNOWLEDGE, "ack") /* seen; mine; new → in progress */       \
	row(TRIAGE_ASSIGN, "assign")   /* to somebody (assignee) */              \
	row(TRIAGE_RELEASE, "release") /* nobody's again */                      \
	row(TRIAGE_NOTE, "note")                                                 \
	row(TRIAGE_SNOOZE, "snooze")   /* until_ms and a note; must expire */    \
	row(TRIAGE_WAKE, "wake")       /* the snooze ended, or was ended */      \
	row(TRIAGE_ESCALATE, "escalate") /* severity one up, with a note */      \
	row(TRIAGE_CLOSE, "close")     /* with a resolution */                   \
	row(TRIAGE_REOPEN, "reopen")   /* closed → in progress */                \
	row(TRIAGE_SILENCE, "silence")     /* until_ms and a note: none like it is raised */ \
	row(TRIAGE_UNSILENCE, "unsilence") /* they are raised again */             \
	row(TRIAGE_TAG, "tag")		   /* words on it, or off it */             \
	row(TRIAGE_LINK, "link")	   /* into the case of another alert */     \
	row(TRIAGE_UNLINK, "unlink")	   /* out of it: a case of its own */       \
	row(TRIAGE_MERGE, "merge")	   /* closed as a duplicate of another */

enum triage_act {
#define TRIAGE_ENUM(id, name) id,
	TRIAGE_ACTS(TRIAGE_ENUM)
#undef TRIAGE_ENUM
	TRIAGE_N_ACTS
};
const char *triage_act_name(enum triage_act);
bool triage_act_named(const char *name, enum triage_act *);
const char *triage_act_word(enum triage_act); /* a verb, translated */

/* An act with all it needs. Text borrowed. */
struct triage_order {
	enum triage_act act;
	const char *who;	/* who acts; never "" */
	const char *assignee;	/* TRIAGE_ASSIGN */
	const char *note;	/* "" none; required by SNOOZE, ESCALATE and QUIET */
	int64_t until_ms;	/* SNOOZE and QUIET: wall clock, at most 30 days ahead */
	enum resolution resolution; /* TRIAGE_CLOSE */
	int64_t now_ms;		/* wall clock */
	const char *tags;	/* TRIAGE_TAG: the change, as of alerts/tags.h */
	char *room;		/* TRIAGE_TAG: TAGS_TEXT bytes, which the alert borrows */
	int64_t other_id;	/* TRIAGE_LINK, MERGE: the other alert; who carries it out fills in the next two */
	int64_t other_case, survivor_id; /* its case, and what it is itself a duplicate of, else it */
	bool spare_others;	/* what is somebody else's stays as it is */
};

/*
 * Apply an order to an alert: checks that the step exists from its state and
 * that the order is complete, then changes state, assignee, resolution and
 * times. Text of the order is borrowed by the alert afterwards.
 * FAULT_CONFLICT: the state (or another's claim) forbids it; the sentence
 * says who was first.
 */
bool triage_apply(struct alert *, const struct triage_order *, struct fault *) MUST_USE;

/* Of an order that was refused, in a few words that many refusals can be counted
 * by: "closed already", "ana's". */
void triage_refusal(const struct alert *, const struct triage_order *, char *out, size_t capacity);

/*
 * A text of several lines as a note: printable, a sign (↵) between lines, so that
 * no list of notes has a line that somebody wrote into one. Blank lines at its ends
 * go. FAULT_USAGE: more than NOTE_BYTES.
 */
#define NOTE_BYTES 4000
#define NOTE_LINE  "\u21B5"
bool note_of_lines(const char *text, char out[static NOTE_BYTES + 1], struct fault *) MUST_USE;

/* SLA: ms from raised to first acknowledgement, by severity (TheHive's clocks). */
int64_t triage_sla_ms(enum severity);
/* … to its being closed. */
int64_t triage_resolve_sla_ms(enum severity);
/* When something is due of it: that it is acknowledged, then that it is closed. What sleeps
 * is due when it wakes, what is closed never: 0. The store keeps it (alerts.urgency): with
 * other clocks it takes a migration. */
int64_t triage_due_ms(const struct alert *);

#endif
