/* SPDX-License-Identifier: Apache-2.0
 *
 * Who may do what in a store that several share: the database itself holds
 * analysts from rewriting records and the audit log. */
#ifndef STORE_ROLES_H
#define STORE_ROLES_H

#include "base/text.h"

/* For PostgreSQL: statements for the owner of the schema, to be run once and after
 * an upgrade. `schema`: "public", for example. */
void store_roles_sql(const char *schema, struct text *out);

/* The list of organisations is the one table in which rows of several stand: who does
 * not keep it sees, by row-level security, those of whose roles he is. */
void store_list_roles_sql(struct text *out);
/* Roles of one organisation alone (centinela_KEY_viewer, …): they may name its schema
 * and no other's. For whoever may make roles, in the store's own place; and back. */
void store_organisation_roles_sql(const char *key, struct text *out);
void store_organisation_unroles_sql(const char *key, struct text *out);

/* The policy by which who collects writes lines of the log for others. */
#define AUDIT_OF_ALL "audit_collector"

#endif
