/* SPDX-License-Identifier: Apache-2.0
 *
 * What a call, an alert or a row of a list names (people, numbers, sites, trunks,
 * devices), as a menu that leads to their profiles. */
#ifndef UI_PANES_LEADS_H
#define UI_PANES_LEADS_H

#include "ui/screen.h"

struct leads;

struct leads *leads_new(void);
/* Once each, in this order; of id "" nothing. Name "" : the id. */
void leads_add(struct leads *, enum subject_kind, const char *id, const char *name);
void leads_add_call(struct leads *, const struct call *);
void leads_add_leg(struct leads *, const struct leg_row *);
void leads_add_alert(struct leads *, const struct alert *); /* its subject, its site */
/* One is opened, of several it is asked which; takes them. */
void leads_open(struct screen *, struct leads *);

#endif
