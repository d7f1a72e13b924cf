/* SPDX-License-Identifier: Apache-2.0
 *
 * A case on paper: Markdown for people, JSON for machines. Names are escaped;
 * numbers lose their middle where they are masked. */
#ifndef UI_CASE_PAPER_H
#define UI_CASE_PAPER_H

#include "ui/story.h"
#include "ui/zones.h"

/* zones: of the sites, so that times are the sites' own. */
void case_markdown(const struct case_story *, const struct zones *, bool masked, struct text *out);
void case_json(const struct case_story *, bool masked, struct text *out);

/* The zone that the story is told in: that of its first alert's site. */
const struct zone *case_zone(const struct case_story *, const struct zones *, const char **label);

#endif
