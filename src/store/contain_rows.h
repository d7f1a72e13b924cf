/* SPDX-License-Identifier: Apache-2.0
 *
 * Containments: what was done to a person's line at Webex, and how it was before. The
 * order is all: a row with the state before is committed, then Webex is told. So
 * whatever ends the program between the two, a row says that something is on its way
 * and what to put back. What is written to Webex: webex/contain_plan.h; when: watch/contain.h. */
#ifndef STORE_CONTAIN_ROWS_H
#define STORE_CONTAIN_ROWS_H

#include "base/arena.h"
#include "base/fault.h"
#include "base/i18n.h"
#include "store/engine.h"

struct store;

/* id, name in the store and on the command line, what it is */
#define CONTAIN_KINDS(row)                                                         \
	row(CONTAIN_INTERNATIONAL, "international", N_("no calls abroad or to premium numbers")) \
	row(CONTAIN_FORWARDING, "forwarding", N_("no call forwarding"))             \
	row(CONTAIN_LINE, "line", N_("no outgoing calls at all"))

enum contain_kind {
#define CONTAIN_KIND_ENUM(id, name, help) id,
	CONTAIN_KINDS(CONTAIN_KIND_ENUM)
#undef CONTAIN_KIND_ENUM
	N_CONTAIN_KINDS
};

const char *contain_kind_name(enum contain_kind);
const char *contain_kind_word(enum contain_kind); /* translated */
bool contain_kind_named(const char *name, enum contain_kind *) MUST_USE;

/* The first three are under way; their numbers stand in the store. */
#define CONTAIN_STATES(row)                                                          \
	row(CONTAIN_PLANNED, "planned", N_("planned: Webex may have been told or not"))  \
	row(CONTAIN_WRITTEN, "written", N_("written: not seen yet that it is in force")) \
	row(CONTAIN_UNDOING, "undoing", N_("being undone"))                              \
	row(CONTAIN_VERIFIED, "verified", N_("in force, seen by reading it again"))      \
	row(CONTAIN_FAILED, "failed", N_("failed"))                                      \
	row(CONTAIN_UNDONE, "undone", N_("undone: as it was before"))

enum contain_state {
#define CONTAIN_STATE_ENUM(id, name, help) id,
	CONTAIN_STATES(CONTAIN_STATE_ENUM)
#undef CONTAIN_STATE_ENUM
	N_CONTAIN_STATES
};

const char *contain_state_name(enum contain_state);
const char *contain_state_word(enum contain_state); /* translated */
static inline bool contain_is_under_way(enum contain_state state)
{
	return state <= CONTAIN_UNDOING;
}

#define CONTAIN_BODY_BYTES 65536 /* of a setting as JSON */

/* Text is borrowed; from the store it is printable, but for the bodies, which are JSON. */
struct containment {
	int64_t id;
	const char *person, *person_name; /* UUID; as people call them */
	enum contain_kind kind;
	enum contain_state state;
	const char *before; /* as Webex told before anything was written */
	const char *wished; /* what was to be written */
	const char *found;  /* as Webex told before it was undone; "" not yet */
	const char *who;
	int64_t at_ms, changed_ms;
	int64_t alert_id; /* 0: of none */
	const char *tracking, *error, *undone_by;
};

/* Of state PLANNED, numbered: one transaction with its line of the log. diff: what changes,
 * in words, for that line. FAULT_CONFLICT: one of that person and kind is under way.
 * FAULT_INPUT: a body is too large. */
bool store_contain_begin(struct store *, const struct containment *, const char *diff, int64_t *id, struct fault *) MUST_USE;

struct contain_step {
	int64_t id;
	unsigned from; /* 1u << enum contain_state: only out of these */
	enum contain_state to;
	const char *who, *tracking; /* tracking: "" none; added to what is there */
	const char *error;	    /* why, "" nothing is wrong */
	const char *found;	    /* UNDOING: what stands there now; else NULL */
	int64_t now_ms;
	int64_t seen_ms;	    /* its changed_ms as it was read: nobody else has stepped it since; 0: whatever */
};
/* One transaction with its line of the log. FAULT_CONFLICT: it is in another state, or was
 * stepped since. */
bool store_contain_step(struct store *, const struct contain_step *, struct fault *) MUST_USE;

bool query_containment(struct db *, int64_t id, struct arena *, struct containment *, struct fault *) MUST_USE;

struct containment_query {
	const char *person; /* NULL: of anybody */
	int64_t alert_id;   /* 0: of any alert and of none */
	bool open;	    /* only what is under way or in force */
	size_t limit;
};
/* The newest first. */
bool query_containments(struct db *, const struct containment_query *, struct arena *, struct containment **, size_t *n, struct fault *) MUST_USE;

/* One of the same person and kind that was begun after it and is under way or in force: then
 * this one says nothing of the line any more. *later 0: none. */
bool query_containment_later(struct db *, const struct containment *, int64_t *later, struct fault *) MUST_USE;

#endif
