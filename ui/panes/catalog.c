/* SPDX-License-Identifier: Apache-2.0
 *
 * The four panes, in the order of their keys 1-4. */
#include "ui/panes/pane.h"

#define PANES(row) row(pane_locations) row(pane_live) row(pane_scores) row(pane_queue)

#define PANE_DECLARE(type) extern const struct pane_type type;
PANES(PANE_DECLARE)
#undef PANE_DECLARE

const struct pane_type *const main_panes[] = {
#define PANE_ROW(type) &type,
	PANES(PANE_ROW)
#undef PANE_ROW
};
