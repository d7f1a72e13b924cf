/* SPDX-License-Identifier: Apache-2.0
 *
 * What `doctor` found: one check is one line with a verdict, a sentence and,
 * when something is wrong, what to do. */
#ifndef CLI_DOCTOR_H
#define CLI_DOCTOR_H

#include "options.h"
#include "webex/token_file.h"

/* The names are those of --json. */
#define VERDICTS(row)                                                            \
	row(CHECK_OK, "ok", N_("ok")) row(CHECK_WARNING, "warning", N_("warning")) \
	row(CHECK_FAILED, "failed", N_("FAILED")) row(CHECK_SKIPPED, "skipped", N_("skipped"))

enum verdict {
#define VERDICT_ENUM(id, name, word) id,
	VERDICTS(VERDICT_ENUM)
#undef VERDICT_ENUM
	N_VERDICTS
};

struct check {
	const char *name;  /* stable, for machines: "token_file" */
	const char *title; /* translated */
	enum verdict verdict;
	char text[720], advice[720]; /* printable; advice "" none */
};

struct doctor {
	struct options *options;
	const struct fault *config_fault; /* the configuration could not be read; NULL: it could */
	struct check *checks;
	size_t n, capacity, n_shown;
	bool full;  /* also what costs a minute */
	bool quiet; /* --json: nothing is printed on the way */
};

/* Another check. Shown when the next one begins, or at the end. */
void doctor_check(struct doctor *, enum verdict, const char *name, const char *title,
    const char *format, ...) PRINTF_LIKE(5, 6);
/* What to do about the last one. */
void doctor_advise(struct doctor *, const char *format, ...) PRINTF_LIKE(2, 3);

/* The sign-in without asking anybody: client, secret, token and its scopes.
 * True when there is a token to ask Webex with. */
bool doctor_sign_in(struct doctor *);
/* Who is told: the file, and the secrets of its destinations. */
void doctor_notify(struct doctor *);
/* Reach Webex; with a token also ask each part of its API. */
void doctor_ask_webex(struct doctor *, bool signed_in);

#endif
