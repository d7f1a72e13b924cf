/* SPDX-License-Identifier: Apache-2.0
 *
 * The sections of a profile: profile.c puts them together, profile_charts.c
 * draws what is counted, profile_rows.c lists what can be opened,
 * profile_place.c says what only sites, trunks and devices have. */
#ifndef UI_PANES_PROFILE_PARTS_H
#define UI_PANES_PROFILE_PARTS_H

#include "ui/screen.h"

#define PROFILE_NARROW 70 /* columns; below them one fact a line, and fewer columns */

/* Whose profile a line leads to. */
struct profile_link {
	enum subject_kind kind;
	const char *id; /* the profile's */
	int64_t key;
};

/* What a section is made from and for. */
struct profile_page {
	struct pane *pane;
	struct document *document;
	const struct profile *profile;
	const struct zone *zone; /* of its site; NULL: UTC */
	const char *zone_label;
	bool ascii, masked;
	struct profile_link *links; /* PROFILE_LINKS of them */
	size_t *n_links;
};
#define PROFILE_LINKS 64

const char *weekday_name(int weekday); /* translated; 0 is Monday */
/* "0.3", "6", "14": a mean of counts, from thousandths. */
const char *profile_mean(int64_t milli, char out[static SHORT_BYTES]);
/* In the site's zone, and UTC beside it where there is room. */
const char *profile_moment(const struct profile_page *, int64_t ms, char out[static LONG_BYTES]);
/* "13:04" when that was today, else "06 Oct". */
const char *profile_date(const struct profile_page *, int64_t ms, char out[static SHORT_BYTES]);
/* A line that leads to somebody's profile, whatever its place in a ranking; to none of id "". */
struct target profile_lead(const struct profile_page *, enum subject_kind, const char *id);
bool profile_is_place(const struct profile *);

/* A fact and the one beside it; below it where the screen is narrow. */
void profile_pair(const struct profile_page *, const char *label, enum role, const char *value, struct target);
void profile_second(const struct profile_page *, const char *label, enum role, const char *value);
void profile_score(const struct profile_page *); /* second: of its open alerts */
void profile_time(const struct profile_page *);	 /* second: what time it is there */
void profile_forwarded(const struct profile_page *); /* second: how many calls it forwards */
void profile_place_facts(const struct profile_page *);

void profile_summary(const struct profile_page *); /* today in a line */
void profile_changes(const struct profile_page *); /* what it has lately and had not, in a line */
void profile_hours(const struct profile_page *);   /* heat map */
void profile_today(const struct profile_page *);   /* beside the usual */
void profile_days(const struct profile_page *);    /* the last fourteen */
void profile_peers(const struct profile_page *);   /* its place among colleagues */

void profile_people(const struct profile_page *); /* of a place: who stands out */
void profile_alerts(const struct profile_page *);
void profile_live(const struct profile_page *);	 /* calls whose record has not come */
void profile_admin(const struct profile_page *); /* what was done in Control Hub */
void profile_countries(const struct profile_page *);
void profile_contacts(const struct profile_page *);
void profile_devices(const struct profile_page *);
void profile_forwards(const struct profile_page *);
void profile_recent(const struct profile_page *);
void profile_call_line(const struct profile_page *, const struct call *);

#endif
