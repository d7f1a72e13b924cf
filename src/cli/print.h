/* SPDX-License-Identifier: Apache-2.0
 *
 * Rows for people and for machines. */
#ifndef CLI_PRINT_H
#define CLI_PRINT_H

#include "base/text.h"
#include "store/row_json.h"
#include "ui/format.h"

/* What is silent, in one line: a filter, or an alert. */
const char *cli_silence_scope(const struct silence_row *, char out[static LONG_BYTES]);
/* A text cut or filled to so many columns of a terminal, never inside a
 * character. Into `room`, which it returns; for printf's %s. */
#define CELL_BYTES 256
const char *print_cell(char room[CELL_BYTES], const char *text, int columns);
#define CELL(text, columns) print_cell((char[CELL_BYTES]){ 0 }, text, columns)
void print_json(json_t *); /* takes the reference; indented when on a terminal */

/* Does a table have headings? A person at a terminal reads them; in a pipe a line is a row. */
bool print_headed(bool json);

/* Money as a person reads it: "1.25", "1,25". */
char *print_money(int64_t micro, char out[static SHORT_BYTES]);
/* Minutes to a tenth: nobody reads more, and scripts compare. */
double print_minutes(int64_t ms);

#endif
