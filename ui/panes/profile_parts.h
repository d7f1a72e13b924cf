/* SPDX-License-Identifier: Apache-2.0
 *
 * The sections of a profile: profile.c puts them together, profile_charts.c
 * draws what is counted, profile_rows.c lists what can be opened. */
#ifndef UI_PANES_PROFILE_PARTS_H
#define UI_PANES_PROFILE_PARTS_H

#include "ui/screen.h"

/* What a section is made from and for. */
struct profile_page {
	struct pane *pane;
	struct document *document;
	const struct profile *profile;
	const struct zone *zone; /* of its site; NULL: UTC */
	const char *zone_label;
	bool ascii, masked;
};

const char *weekday_name(int weekday); /* translated; 0 is Monday */
/* Which line a contact is, whatever its place in the ranking. */
struct target profile_contact_target(const struct profile_contact *);

void profile_summary(const struct profile_page *); /* today in a line */
void profile_hours(const struct profile_page *);   /* heat map */
void profile_today(const struct profile_page *);   /* beside the usual */
void profile_days(const struct profile_page *);    /* the last fourteen */
void profile_peers(const struct profile_page *);   /* its place among colleagues */

void profile_alerts(const struct profile_page *);
void profile_countries(const struct profile_page *);
void profile_contacts(const struct profile_page *);
void profile_recent(const struct profile_page *);

#endif
