/* SPDX-License-Identifier: Apache-2.0
 *
 * Silences in the store: begun, extended, ended, and what they keep back of a
 * page's findings. Those of alerts like one stand on that alert's row
 * (alert_rows.h, triage); what they kept back stands with the others'. */
#ifndef STORE_SILENCE_ROWS_H
#define STORE_SILENCE_ROWS_H

#include "alerts/silence.h"
#include "store/alert_rows.h"
#include "store/store.h"

struct silence_order {
	enum silence_kind kind; /* FILTER or MAINTENANCE */
	const char *filter, *reason, *who;
	int64_t begin_ms; /* MAINTENANCE; 0: now */
	int64_t until_ms, now_ms;
};

/* How long one of the first two kinds holds: ended_ms 0 until it is ended. */
struct silence_span {
	int64_t until_ms, ended_ms;
};
#define SILENCE_ENDED_THEN -1 /* as ended_ms of what takes back a BEGIN: whenever that is done */

/* What was before an act on a silence, for its way back. Those on an alert's row go
 * back as alerts do (store_swap), the others by store_silence_swap. */
struct silence_before {
	enum silence_kind kind;
	int64_t id;
	struct silence_span was, stands;
	struct arena *arena; /* given: texts of */
	struct alert_before *alert; /* SNOOZE, ALIKE: in that arena */
};

/* A transaction and a line of the audit log each. before: may be NULL. */
bool store_silence_begin(struct store *, const struct silence_order *, int64_t *id, struct fault *) MUST_USE;
/* Of any kind, now. kept: how many findings it kept back. FAULT_NOT_FOUND or
 * FAULT_CONFLICT: there is none in force. */
bool store_silence_end(struct store *, enum silence_kind, int64_t id, const char *who, int64_t now_ms, int64_t *kept, struct silence_before *,
    struct fault *) MUST_USE;
bool store_silence_extend(struct store *, enum silence_kind, int64_t id, const char *who, int64_t until_ms, int64_t now_ms, struct silence_before *,
    struct fault *) MUST_USE;
/* As it was, where nobody changed it since and it would not be over by now: the same
 * call once more is the way back. act: AUDIT_UNDO, AUDIT_REDO. */
bool store_silence_swap(struct store *, struct silence_before *, const char *act, const char *who, int64_t now_ms, struct fault *) MUST_USE;

/* Is this finding, which would be a new alert, kept back? Then it is counted, in
 * the page's transaction. */
bool silence_rows_keep(struct store *, const struct page *, const struct finding *, bool *kept, struct fault *) MUST_USE;

/* What exceptions kept from the rules, in the page's transaction. */
bool exemption_rows_write(struct store *, const struct page *, struct fault *) MUST_USE;

/* Scopes as they were read; whoever changes silences makes them be read again. */
struct silence_book;
void silence_book_free(struct silence_book *);

#endif
