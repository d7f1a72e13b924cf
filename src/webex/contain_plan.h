/* SPDX-License-Identifier: Apache-2.0
 *
 * A person's line at Webex, contained: from the setting as it was read, what to write,
 * what that changes in words, and what to write to have it as it was. Pure.
 *
 * A setting is read whole and written whole. What is written holds only what may be
 * written (a GET shows types that a PUT refuses, and rows that are locked), and leaves
 * all that is not meant as it was read. Source: Webex "User Call Settings". */
#ifndef WEBEX_CONTAIN_PLAN_H
#define WEBEX_CONTAIN_PLAN_H

#include "base/arena.h"
#include "base/fault.h"
#include "store/contain_rows.h"

/* One thing that is another: INTERNATIONAL, allowed → blocked. */
struct contain_change {
	const char *key;      /* as Webex calls it: "INTERNATIONAL", "always" */
	const char *name;     /* translated */
	const char *from, *to; /* translated, printable */
};

struct contain_changes {
	struct contain_change *items;
	size_t n;
};

struct contain_plan {
	const char *before; /* the setting as it was read, compact JSON */
	const char *wished; /* the body to PUT */
	struct contain_changes changes; /* n 0: it is so already, nothing is to be written */
	const char *const *warnings;	/* translated sentences */
	size_t n_warnings;
};

/* Which part of the API: "outgoingPermission". */
const char *contain_feature(enum contain_kind);

/* Text into the arena. FAULT_INPUT: it is no such setting; then nothing may be written. */
bool contain_plan_make(enum contain_kind, const char *read, size_t n, struct arena *, struct contain_plan *, struct fault *) MUST_USE;

/* The body that puts back a setting as it was read. FAULT_INPUT as above. */
bool contain_plan_inverse(enum contain_kind, const char *before, struct arena *, const char **body, struct fault *) MUST_USE;

/* What Webex has locked since is taken out of that body: it would refuse all of it. *warning
 * says what; NULL: nothing. */
bool contain_plan_cut(enum contain_kind, const char **body, const char *present, struct arena *, const char **warning, struct fault *) MUST_USE;
/* What of `body`, which was or is to be written, is not so in the setting as it is
 * read: n 0, it is as that says. from: as it is, to: as the body says. */
bool contain_plan_differs(enum contain_kind, const char *read, size_t n, const char *body, struct arena *, struct contain_changes *, struct fault *) MUST_USE;

/* "international calls: allowed → blocked; …" */
const char *contain_changes_say(const struct contain_changes *, struct arena *);

#endif
