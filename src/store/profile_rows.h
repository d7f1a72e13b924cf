/* SPDX-License-Identifier: Apache-2.0
 *
 * Weeks of memory by the day, kept in the transaction of the page: a restart
 * begins with them. */
#ifndef STORE_PROFILE_ROWS_H
#define STORE_PROFILE_ROWS_H

#include "store/store.h"

/* What a row counts: one of these, or a note of detect/day_note.h. */
enum profile_what { PROFILE_NIGHT = 1 }; /* a person's calls outside deep in closed hours */

/* What the page's legs add that are new to the store. In a transaction. */
bool profile_rows_add(struct store *, const struct page *, struct fault *) MUST_USE;

/* What the judge found to be kept. In a transaction. */
bool profile_rows_keep(struct store *, struct findings *, struct fault *) MUST_USE;

/* Those notes again, as they stood on the day `until`, in the order in which a judge wants to be told: day by
 * day, what closes a day last, what came late after all. */
bool profile_rows_notes(struct db *, int64_t from_day, int64_t until_day,
    void (*fn)(void *arg, const struct day_note *), void *arg, struct fault *) MUST_USE;

/* What was sampled for the model on those days. */
bool profile_rows_samples(struct db *, int64_t from_day, int64_t until_day,
    void (*fn)(void *arg, const struct sample_note *), void *arg, struct fault *) MUST_USE;

/* Every (day, key) with a day in [from, until], oldest first. */
typedef void (*profile_fn)(void *arg, int64_t day, uint64_t key, int64_t n);
bool profile_rows_read(struct db *, enum profile_what, int64_t from_day, int64_t until_day, profile_fn, void *arg,
    struct fault *) MUST_USE;

#endif
