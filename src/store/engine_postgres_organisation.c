/* SPDX-License-Identifier: Apache-2.0
 *
 * An organisation on PostgreSQL is a schema, "org_KEY". A connection of it sees no
 * other: a statement finds this organisation's table or none, and that a role may not
 * even name another's is a matter of grants (organisation_roles.h). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "net/late.h"
#include "store/engine_postgres.h"

/* Advisory locks are everybody's in a database: by them one organisation could hold up
 * another's writers, while to lock a table one must be allowed to write to it. And
 * whoever listens to "centinela" hears that somebody wrote. Of an organisation only who
 * may read its tables may hear that: the name of its channel is a secret there. Anybody
 * who may connect to the database may listen to any name. */
static bool learn_ways(struct session *session, struct fault *fault)
{
	char *channel = NULL;
	snprintf(session->channel, sizeof session->channel, "centinela");
	session->locks_table = false;
	if (*session->address.organisation == '\0')
		return true;
	if (!pg_ask(session, "SELECT to_regclass('writers')", &channel, fault))
		return false;
	session->locks_table = *channel != '\0';
	free(channel);
	if (!session->locks_table) /* it is being made: who makes it is alone */
		return true;
	if (!pg_ask(session, "SELECT coalesce((SELECT channel FROM organisation WHERE id = 1), '')", &channel, fault))
		return false;
	size_t n = strspn(channel, "abcdefghijklmnopqrstuvwxyz0123456789_");
	if (n > 0 && n < sizeof session->channel && channel[n] == '\0')
		snprintf(session->channel, sizeof session->channel, "%s", channel);
	free(channel);
	return true;
}

bool pg_go_into(struct session *session, const char *key, struct fault *fault)
{
	char sql[256];
	if (!organisation_key_check(key, fault)) /* it becomes SQL */
		return false;
	/* Also temporary tables only behind it: none stands in for one of its own. But who makes
	 * tables beside the store's wants them to hide those. */
	snprintf(sql, sizeof sql, "SET search_path = \"org_%s\"%s", key, session->mode == OPEN_ASIDE ? "" : ", pg_temp");
	return pg_exec(session, sql, fault);
}

bool pg_enter(struct session *session, struct fault *fault)
{
	const char *key = session->address.organisation;
	char *there = NULL;
	if (*key == '\0')
		return learn_ways(session, fault);
	if (!pg_go_into(session, key, fault) || !pg_ask(session, "SELECT current_schema()", &there, fault))
		return false;
	bool absent = strncmp(there, "org_", 4) != 0 || strcmp(there + 4, key) != 0;
	free(there);
	if (absent)
		return fault_set(fault, FAULT_NOT_FOUND, _("there is no organisation %s in %s that this role may see: centinela organisation add %s makes it"),
		    key, session->address.shown, key);
	return learn_ways(session, fault);
}

/* From the store's own place, with a text that has its schema's name in it. */
static bool from_outside(const char *rest, const char *format, char **out, struct fault *fault)
{
	struct session session = { .mode = OPEN_WRITE };
	struct text sql = { 0 };
	*out = NULL;
	if (!late_pq(fault) || !pg_address_read(rest, &session.address, fault))
		return false;
	for (const char *p = format; *p != '\0'; p++)
		if (*p == '@')
			text_printf(&sql, "org_%s", session.address.organisation);
		else
			text_putc(&sql, *p);
	session.address.organisation[0] = '\0';
	bool ok = pg_connect(&session, fault) && pg_ask(&session, text_string(&sql), out, fault);
	pg_session_clear(&session);
	text_clear(&sql);
	return ok;
}

bool pg_found(const char *rest, struct fault *fault)
{
	char *ours;
	/* One that somebody else made would be his to read. */
	bool ok = from_outside(rest, "CREATE SCHEMA IF NOT EXISTS \"@\"; SELECT nspowner = CAST(current_user AS regrole)"
	    " FROM pg_namespace WHERE nspname = '@'", &ours, fault);
	if (ok && strcmp(ours, "t") != 0)
		ok = fault_set(fault, FAULT_CONFLICT, "%s", _("the schema of that organisation belongs to another role"));
	free(ours);
	return ok;
}

bool pg_erase(const char *rest, struct fault *fault)
{
	char *none;
	bool ok = from_outside(rest, "DROP SCHEMA IF EXISTS \"@\" CASCADE; SELECT ''", &none, fault);
	free(none);
	return ok;
}
