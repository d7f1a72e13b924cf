/* SPDX-License-Identifier: Apache-2.0
 *
 * Rows for people and for machines. */
#ifndef CLI_PRINT_H
#define CLI_PRINT_H

#include "base/json.h"
#include "base/text.h"
#include "store/query.h"

/* New references. Times are ISO 8601 UTC, money is an object with currency. */
json_t *json_alert(const struct alert *, const char *const *report_ids, size_t n_report_ids);
json_t *json_call(const struct call *);
json_t *json_time(int64_t ms); /* null for 0 */
/* A string: these ids have 61 bits, and many readers take numbers as doubles. */
json_t *json_id(int64_t id);
json_t *json_money(int64_t micro, int64_t per_hour_micro);
json_t *json_text(const char *text); /* made valid UTF-8 */
/* A text cut or filled to so many columns of a terminal, never inside a
 * character. Into `room`, which it returns; for printf's %s. */
#define CELL_BYTES 256
const char *print_cell(char room[CELL_BYTES], const char *text, int columns);
#define CELL(text, columns) print_cell((char[CELL_BYTES]){ 0 }, text, columns)
/* JSON as it may go to a terminal: DEL and C1 controls, which JSON allows in
 * strings, are escaped; nothing of its meaning changes. */
void json_tame(struct text *out, const char *json, size_t n);
void print_json(json_t *); /* takes the reference; indented when on a terminal */

/* Minutes to a tenth: nobody reads more, and scripts compare. */
double print_minutes(int64_t ms);

#endif
