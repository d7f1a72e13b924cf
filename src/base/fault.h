/* SPDX-License-Identifier: Apache-2.0
 *
 * What went wrong: a code for the program, one sentence for a person. */
#ifndef BASE_FAULT_H
#define BASE_FAULT_H

#include "base/base.h"

/* One list makes the enum and the names that --json and the log print. */
#define FAULT_CODES(row)                                                       \
	row(FAULT_NONE, "none")						       \
	row(FAULT_USAGE, "usage")      /* the user's words are wrong */	       \
	row(FAULT_INPUT, "input")      /* hostile or broken data */	       \
	row(FAULT_SYSTEM, "system")    /* a system call said no */	       \
	row(FAULT_STORE, "store")      /* the database said no */	       \
	row(FAULT_READ_ONLY, "read_only")				       \
	row(FAULT_FULL, "full")	       /* no space left */		       \
	row(FAULT_CONFLICT, "conflict") /* someone was faster */	       \
	row(FAULT_NOT_FOUND, "not_found")				       \
	row(FAULT_NETWORK, "network")  /* may pass: try again */	       \
	row(FAULT_AUTH, "auth")	       /* 401: a new token may help */	       \
	row(FAULT_LOGIN, "login")      /* only a person can mend it */	       \
	row(FAULT_FORBIDDEN, "forbidden") /* 403 */			       \
	row(FAULT_LIMIT, "limit")      /* 429: retry_after_ms says when */     \
	row(FAULT_REGION, "region")    /* 451 */			       \
	row(FAULT_REFUSED, "refused")  /* Webex refuses this request for good */ \
	row(FAULT_CANCELLED, "cancelled")

enum fault_code {
#define FAULT_ENUM(code, name) code,
	FAULT_CODES(FAULT_ENUM)
#undef FAULT_ENUM
};

struct fault {
	enum fault_code code;
	int64_t retry_after_ms; /* 0: not said */
	char text[480];
};

/* Fill `fault` (may be NULL) and be false, so `return fault_set(…);`. A macro,
 * so that whoever analyses the caller sees that it is always false. */
void fault_fill(struct fault *fault, enum fault_code code, const char *format, ...)
    PRINTF_LIKE(3, 4);
#define fault_set(...) (fault_fill(__VA_ARGS__), fault_is_false())

/* A call, because a plain `false` after the comma would be a warning where
 * nobody looks at it. */
static inline bool fault_is_false(void)
{
	return false;
}

/* Put "context: " before the sentence; returns false too. */
bool fault_context(struct fault *fault, const char *format, ...) PRINTF_LIKE(2, 3);

const char *fault_name(enum fault_code code);

#endif
