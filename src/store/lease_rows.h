/* SPDX-License-Identifier: Apache-2.0
 *
 * Which process on this store asks Webex, settings that outlive a process,
 * and what is thrown away when it is old. Store lane only. */
#ifndef STORE_LEASE_ROWS_H
#define STORE_LEASE_ROWS_H

#include "store/store.h"

/*
 * Take or keep the lease until `until_ms` (wall clock).
 *
 * mine        whether `holder` has it now
 * taken_over  … and was not the last who had it
 */
bool lease_take(struct store *, const char *holder, int64_t now_ms, int64_t until_ms, bool *mine, bool *taken_over, struct fault *) MUST_USE;
/* Who holds it now, without wishing for it; "" nobody. */
bool lease_look(struct store *, int64_t now_ms, char current[128], struct fault *) MUST_USE;
/* Give it back at the end, so that the next need not wait. */
bool lease_give(struct store *, const char *holder, struct fault *) MUST_USE;

/* "" when there is none; the text is malloc'd. */
bool setting_get(struct store *, const char *name, char **value, struct fault *) MUST_USE;
bool setting_put(struct store *, const char *name, const char *value, struct fault *) MUST_USE;

/* The newest alert revision, and which page was committed last when another
 * process did (0: we did). When neither moved, nobody else changed anything. */
bool store_marks(struct store *, int64_t *revision, int64_t *others, struct fault *) MUST_USE;

#endif
