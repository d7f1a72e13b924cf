/* SPDX-License-Identifier: Apache-2.0
 *
 * Rows of Control Hub's "Calling Detailed Call History" report to legs, by
 * header name, never by position. */
#ifndef CALLS_CDR_CSV_H
#define CALLS_CDR_CSV_H

#include "base/arena.h"
#include "base/csv.h"
#include "calls/cdr.h"

#define CDR_CSV_COLUMNS 256

struct cdr_columns {
	enum cdr_field field[CDR_CSV_COLUMNS]; /* CDR_N_FIELDS: unknown, kept in raw */
	char *name[CDR_CSV_COLUMNS];	       /* as in the header, printable */
	size_t n;
};

/* The header row. FAULT_INPUT when there is no "Start time" among its names. */
bool cdr_columns_read(struct cdr_columns *, const struct csv_field *fields, size_t n,
    struct fault *fault) MUST_USE;
void cdr_columns_clear(struct cdr_columns *);

/* A row; everything is copied into the arena, raw is a JSON object of the
 * cells. False with a reason when the row is no record. */
bool cdr_csv_row(const struct cdr_columns *, const struct csv_field *fields, size_t n,
    struct arena *arena, struct cdr *cdr, char *why, size_t capacity) MUST_USE;

#endif
