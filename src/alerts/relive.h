/* SPDX-License-Identifier: Apache-2.0
 *
 * An alert as it was at a moment, by the lines of its log. */
#ifndef ALERTS_RELIVE_H
#define ALERTS_RELIVE_H

#include "alerts/alert.h"

/*
 * alert   as it is now; becomes what the log says it was then
 * events  n of its lines, oldest first; those after at_ms count for nothing
 *
 * State, resolution, assignee, severity, notes and the times of what was done
 * are those of then. When a snooze of then would have ended, an older line does not
 * say: it is 0 unless it is the one of now. Where lines were retired, the times
 * in the row tell as much as they can. Text is borrowed from the events.
 */
void alert_relive(struct alert *, const struct alert_event *events, size_t n, int64_t at_ms);

#endif
