/* SPDX-License-Identifier: Apache-2.0
 *
 * `rules check` and `rules test`: lint a folder, and run the tests that stand
 * beside the rules in their files. A test is a document of its own:
 *
 *   tests:
 *     - title: five short calls to one hundred      what it shows
 *       expect: match                                or: none
 *       rule: <id>                                   default: any rule of the file
 *       start: '2026-10-06T15:00:00Z'                default: a Tuesday, 10:00 in Bogotá
 *       records:
 *         - like: outbound                           or inbound, internal, portal, attendant, forward
 *           at: 10m                                  after start
 *           repeat: 5
 *           every: 60s
 *           set:
 *             Called number: '+3712555010{i}'        {i}: 0, 1, 2 …; {n}: over all records
 *             Duration: 3                                                              */
#ifndef DETECT_RULES_CHECK_H
#define DETECT_RULES_CHECK_H

#include "base/fault.h"
#include "detect/judge.h"

enum rules_report { RULES_FINE, RULES_WARNING, RULES_BROKEN };

/* A line for a person: printable, without line end. */
typedef void (*rules_report_fn)(void *arg, enum rules_report kind, const char *line);

/* Parse and link every rule; warn of what is legal and unwise. True when
 * nothing is broken. Of the options the folders and the lists count. */
bool rules_check(const struct judge_options *, rules_report_fn, void *arg);

/*
 * Compile rules of any log source, from n files and folders (with what lies
 * below): their fields are taken as they come. What is refused is told, then
 * "N ok, M refused": N rules, M files (a file with a fault is refused whole).
 */
bool rules_check_any(const char *const *paths, size_t n, rules_report_fn, void *arg);

/* Run every test of every file, alone, with only the rules of its own file
 * (and those they refer to). True when all pass. */
bool rules_test(const struct judge_options *, const struct fact_world *, rules_report_fn, void *arg);

#endif
