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

#endif
