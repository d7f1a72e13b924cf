/* SPDX-License-Identifier: Apache-2.0
 *
 * Alerts in the store: read, written, acted on, and the chain behind it. */
#ifndef STORE_ALERT_ROWS_H
#define STORE_ALERT_ROWS_H

#include "alerts/triage.h"
#include "store/store.h"

/* Columns of a SELECT that alert_row_read understands, in its order. Reasons are
 * JSON, dear to parse: a list takes the strongest one's sentence and leaves them
 * (rows older than that sentence bring them along). */
#define ALERT_COLUMNS ALERT_FIELDS "reasons"
#define ALERT_LIST_COLUMNS ALERT_FIELDS "CASE WHEN why_en = '' THEN reasons ELSE '' END"
#define ALERT_FIELDS                                                                             \
	"id, revision, fingerprint, severity, score, state, resolution, subject_kind, first_ms," \
	" last_ms, raised_ms, acknowledged_ms, closed_ms, snooze_until_ms, n_legs, n_notes,"     \
	" cost_micro, cost_per_hour_micro, rule, title_en, title_es, subject_id, subject_name,"  \
	" location, assignee, why_en, why_es, case_id," \
	" silence_until_ms, kept_back, tags, merged_into, coalesce((SELECT p.team FROM people p WHERE p.uuid = subject_id), ''), "

/* The row under the statement; text into the arena. */
void alert_row_read(struct db *, struct statement *, struct arena *, struct alert *);

/* Write every column of an alert and give it the next revision. */
bool alert_row_update(struct store *, struct alert *, struct fault *) MUST_USE;

/* The alert with this id; FAULT_NOT_FOUND. */
bool alert_row_get(struct db *, int64_t id, struct arena *, struct alert *, struct fault *) MUST_USE;

/* The open alert that a finding belongs to; id 0: there is none. One that is given
 * and is of its episode stays. */
bool alert_row_open(struct store *, const struct finding *, struct arena *, struct alert *, struct fault *) MUST_USE;
/* The case that a new alert belongs to. */
bool alert_row_find_case(struct store *, struct alert *, struct fault *) MUST_USE;

/* What the finding brought to the alert: how it was at a moment is told by these. In a
 * transaction. */
/* Before it grows by a finding that says anew what it is about: what it says goes to the
 * finding that had said it, for who looks back. */
bool alert_row_keep_texts(struct store *, const struct alert *, const struct finding *, struct fault *) MUST_USE;
bool alert_row_grew(struct store *, const struct alert *, const struct finding *, size_t n_new, int64_t cost_micro, struct fault *) MUST_USE;

/* A line of the audit log, chained to the one before. In a transaction. */
bool audit_row_add(struct store *, int64_t alert_id, const struct alert_event *, struct fault *) MUST_USE;

/* … that is of no alert, in a transaction of its own. */
bool store_audit(struct store *, const struct alert_event *, struct fault *) MUST_USE;

/* The line that says which oldest lines were retired: was and became are their
 * first and last number, the note the hash on which the chain goes on. */
#define AUDIT_RETIRE "retire"
/* At the alert that stays, when another was closed as its duplicate, and when that one
 * is none any more: the note names it and says how many records it has. */
#define AUDIT_MERGED "merged"
#define AUDIT_UNMERGED "unmerged"
#define AUDIT_STEP "step" /* of the playbook: taken, and open again */
#define AUDIT_UNSTEP "unstep"
void audit_hash_text(const unsigned char hash[32], char out[65]); /* hexadecimal */

/* What the chain's next hash is: SHA-256 over the hash before and the row. */
void audit_hash(const unsigned char before[32], int64_t seq, int64_t alert_id,
    const struct alert_event *, unsigned char out[32]);
/* Is it the one that was given? Of a line with 0x1F in a text it may be as it was made when
 * such lines were still written: then nobody can say where that text ended. */
bool audit_hash_fits(const unsigned char before[32], int64_t seq, int64_t alert_id,
    const struct alert_event *, const unsigned char given[32]);

/* An alert as it was (its id 0: it was refused), and the revision of what took its
 * place: who finds another there knows that somebody went on. */
struct alert_before {
	struct alert alert;
	int64_t stands;
	const char *why; /* refused: why, in a few words; else NULL */
};

/* One order on many alerts. Each is done or refused; what was done is
 * committed together. before (may be NULL): n of them, in the arena, for undo. */
#define REFUSALS_MAX 6 /* kinds; what is of another stands under the last */
struct triage_result {
	size_t n_done, n_failed;
	struct fault first; /* code FAULT_NONE: none refused */
	struct {
		char why[72];
		size_t n;
	} refusals[REFUSALS_MAX];
	size_t n_refusals;
};
/* "2 closed already, 1 ana's": the most frequent first. */
void triage_result_say(const struct triage_result *, char *out, size_t capacity);
bool store_triage(struct store *, const int64_t *ids, size_t n, const struct triage_order *,
    struct arena *, struct alert_before *before, struct triage_result *, struct fault *) MUST_USE;

/*
 * Put alerts back as they were, where nobody changed them since. What stood there
 * takes their place in the array, so that the same call once more, as the other
 * act, is the way back. Text into the arena.
 * act      UNDO or REDO: as the audit log names it
 * renamed  revisions that came back under a new number, as this call adds to them:
 *	    what was done before an act can be undone after it. May be NULL.
 */
struct map;
#define AUDIT_UNDO "undo"
#define AUDIT_REDO "redo"
bool store_swap(struct store *, struct alert_before *, size_t n, const char *act, const char *who, int64_t now_ms,
    struct map *renamed, struct arena *, struct triage_result *, struct fault *) MUST_USE;

/* One act and then another on the same alert, or neither: the first refusal is the fault.
 * before: as it was before both, text into the arena. */
bool store_triage_both(struct store *, int64_t id, const struct triage_order *first, const struct triage_order *second, struct arena *,
    struct alert_before *before, struct fault *) MUST_USE;

/* Snoozes that are over. */
bool store_wake(struct store *, int64_t now_ms, size_t *n_woken, struct fault *) MUST_USE;

#endif
