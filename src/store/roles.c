/* SPDX-License-Identifier: Apache-2.0 */
#include "store/roles.h"

#include <stdio.h>
#include <string.h>

#include "base/base.h"

/* What an analyst's acts write, and nothing else. audit: lines are added and never
 * changed, so that the chain of hashes stands for what was done, and in nobody else's
 * name. lease: who may write no record takes no lease, or nobody would collect. */
static const struct {
	const char *rights, *tables;
} analyst[] = {
	{ "INSERT, UPDATE", "alerts, open_alerts, silences, kept_back, silence_hours, growths, audit_end" },
	/* What was before and what was wished stays as it was written: undo sends it to Webex. */
	{ "INSERT, UPDATE (state, tracking, error, found_body, undone_by, changed_ms)", "containments" },
	{ "INSERT, UPDATE, DELETE", "alert_steps, viewers" },
	{ "INSERT", "evidence, audit, notices" },
	{ "UPDATE", "counters, writers" },
};

/* Quoted as a name, whatever is in it. */
static void put_name(struct text *out, const char *name)
{
	text_putc(out, '"');
	for (; *name != '\0'; name++) {
		if (*name == '"')
			text_putc(out, '"');
		text_putc(out, *name);
	}
	text_putc(out, '"');
}

enum { VIEWER, ANALYST, COLLECTOR };
static const char *const kinds[] = { [VIEWER] = "viewer", [ANALYST] = "analyst", [COLLECTOR] = "collector" };

/* Whose rights: of the store's own place, or of one organisation alone. */
struct place {
	const char *schema, *key; /* key: "" the store's own */
};

static const char *role_of(const struct place *place, int kind, char name[static 80])
{
	snprintf(name, 80, "centinela_%s%s%s", place->key, *place->key != '\0' ? "_" : "", kinds[kind]);
	return name;
}

static void put_role(struct text *out, const struct place *place, int kind)
{
	char name[80];
	role_of(place, kind, name);
	if (*place->key != '\0')
		put_name(out, name); /* it may have a hyphen */
	else
		text_puts(out, name);
}

static void put_grant(struct text *out, const char *rights, const char *tables, const struct place *place, int kind)
{
	text_printf(out, "GRANT %s ON ", rights);
	if (strcmp(tables, "ALL TABLES") == 0) {
		text_puts(out, "ALL TABLES IN SCHEMA ");
		put_name(out, place->schema);
	}
	for (const char *p = tables; strcmp(tables, "ALL TABLES") != 0 && *p != '\0';) {
		size_t n = strcspn(p, ",");
		put_name(out, place->schema);
		text_printf(out, ".%.*s", (int)n, p);
		p += n + strspn(p + n, ", ");
		text_puts(out, *p != '\0' ? ", " : "");
	}
	text_puts(out, " TO ");
	put_role(out, place, kind);
	text_puts(out, ";\n");
}

static void put_revoke(struct text *out, const char *rights, const char *const *tables, size_t n, const struct place *place, int kind)
{
	text_printf(out, "REVOKE %s ON ", rights);
	for (size_t i = 0; i < n; i++) {
		text_puts(out, i > 0 ? ", " : "");
		put_name(out, place->schema);
		text_printf(out, ".%s", tables[i]);
	}
	text_puts(out, " FROM ");
	put_role(out, place, kind);
	text_puts(out, ";\n");
}

static void put_policy(struct text *out, const struct place *place, const char *name, const char *what, int kind, const char *which)
{
	text_printf(out, "DROP POLICY IF EXISTS %s ON ", name);
	put_name(out, place->schema);
	text_printf(out, ".audit; CREATE POLICY %s ON ", name);
	put_name(out, place->schema);
	text_printf(out, ".audit FOR %s TO ", what);
	put_role(out, place, kind);
	text_printf(out, " %s;\n", which);
}

/* A line of the log says who wrote it: who acts does so under the name of the login, who collects
 * also for those that come by the API. */
static void put_log(struct text *out, const struct place *place)
{
	text_puts(out, "ALTER TABLE ");
	put_name(out, place->schema);
	text_puts(out, ".audit ENABLE ROW LEVEL SECURITY;\n");
	put_policy(out, place, "audit_viewer", "SELECT", VIEWER, "USING (true)");
	put_policy(out, place, "audit_analyst", "SELECT", ANALYST, "USING (true)");
	put_policy(out, place, "audit_acts", "INSERT", ANALYST, "WITH CHECK (who = session_user)");
	put_policy(out, place, AUDIT_OF_ALL, "ALL", COLLECTOR, "USING (true) WITH CHECK (true)");
}

static void put_place(struct text *out, const struct place *place)
{
	/* Who may come in by the API is no analyst's business. */
	static const char *const doors[] = { "tokens", "requests" };
	/* Nobody who collects changes a line of the log, or whose place this is. */
	static const char *const log[] = { "audit" }, *const fixed[] = { "organisation", "organisations" };
	/* How far records and messages are, and who collects, is written by who collects; older
	 * versions let analysts. */
	static const char *const kept[] = { "settings", "lease" };
	/* Of which an analyst writes some columns; older versions let all be. */
	static const char *const whole[] = { "containments" };
	for (int kind = VIEWER; kind <= COLLECTOR; kind++) {
		char name[80];
		text_printf(out, "DO $do$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '%s') THEN CREATE ROLE ", role_of(place, kind, name));
		put_role(out, place, kind);
		text_puts(out, " NOLOGIN; END IF; END $do$;\nGRANT USAGE ON SCHEMA ");
		put_name(out, place->schema);
		text_puts(out, " TO ");
		put_role(out, place, kind);
		text_puts(out, ";\n");
		put_grant(out, "SELECT", "ALL TABLES", place, kind);
	}
	put_revoke(out, "SELECT", doors, COUNT_OF(doors), place, VIEWER);
	put_revoke(out, "SELECT", doors, COUNT_OF(doors), place, ANALYST);
	put_revoke(out, "UPDATE", whole, COUNT_OF(whole), place, ANALYST);
	for (size_t i = 0; i < COUNT_OF(analyst); i++)
		put_grant(out, analyst[i].rights, analyst[i].tables, place, ANALYST);
	put_revoke(out, "INSERT, UPDATE", kept, COUNT_OF(kept), place, ANALYST);
	put_log(out, place);
	/* Who collects writes everything, and retires what is old. */
	put_grant(out, "INSERT, UPDATE, DELETE", "ALL TABLES", place, COLLECTOR);
	static const char *const months[] = { "month_ready", "month_retire" };
	for (size_t i = 0; i < COUNT_OF(months); i++) {
		text_puts(out, "GRANT EXECUTE ON FUNCTION ");
		put_name(out, place->schema);
		text_printf(out, ".%s(BIGINT) TO ", months[i]);
		put_role(out, place, COLLECTOR);
		text_puts(out, ";\n");
	}
	put_revoke(out, "UPDATE", log, COUNT_OF(log), place, COLLECTOR);
	put_revoke(out, "INSERT, UPDATE, DELETE", fixed, COUNT_OF(fixed), place, COLLECTOR);
}

void store_roles_sql(const char *schema, struct text *out)
{
	put_place(out, &(struct place){ schema, "" });
}

void store_list_roles_sql(struct text *out)
{
	text_puts(out, "ALTER TABLE organisations ENABLE ROW LEVEL SECURITY; ALTER TABLE organisations FORCE ROW LEVEL SECURITY;\n"
		       "DROP POLICY IF EXISTS keeper ON organisations;\n"
		       "CREATE POLICY keeper ON organisations TO CURRENT_USER USING (true) WITH CHECK (true);\n");
}

static void put_all_roles(struct text *out, const struct place *place)
{
	for (int kind = VIEWER; kind <= COLLECTOR; kind++) {
		text_puts(out, kind > VIEWER ? ", " : "");
		put_role(out, place, kind);
	}
}

/* The list stands where the owner's search_path begins. */
void store_organisation_roles_sql(const char *key, struct text *out)
{
	char schema[48];
	snprintf(schema, sizeof schema, "org_%.31s", key);
	struct place place = { schema, key };
	put_place(out, &place);
	text_printf(out, "DROP POLICY IF EXISTS \"%s\" ON organisations;\nCREATE POLICY \"%s\" ON organisations FOR SELECT TO ", schema, schema);
	put_all_roles(out, &place);
	text_printf(out, " USING (key = '%s');\nGRANT SELECT ON organisations TO ", key);
	put_all_roles(out, &place);
	text_puts(out, ";\nDO $do$ BEGIN EXECUTE format('GRANT USAGE ON SCHEMA %I TO ");
	put_all_roles(out, &place);
	text_puts(out, "', current_schema()); END $do$;\n");
}

void store_organisation_unroles_sql(const char *key, struct text *out)
{
	char schema[48];
	snprintf(schema, sizeof schema, "org_%.31s", key);
	struct place place = { schema, key };
	text_printf(out, "DROP POLICY IF EXISTS \"%s\" ON organisations;\n", schema);
	static const char *const policies[] = { "audit_viewer", "audit_analyst", "audit_acts", AUDIT_OF_ALL };
	for (size_t i = 0; i < COUNT_OF(policies); i++)
		text_printf(out, "DROP POLICY IF EXISTS %s ON \"%s\".audit;\n", policies[i], schema);
	for (int kind = VIEWER; kind <= COLLECTOR; kind++) {
		char name[80];
		text_printf(out, "DO $do$ BEGIN IF EXISTS (SELECT FROM pg_roles WHERE rolname = '%s') THEN ", role_of(&place, kind, name));
		text_puts(out, "REVOKE ALL ON organisations FROM ");
		put_role(out, &place, kind);
		text_puts(out, "; EXECUTE format('REVOKE USAGE ON SCHEMA %I FROM ");
		put_role(out, &place, kind);
		text_puts(out, "', current_schema()); DROP ROLE ");
		put_role(out, &place, kind);
		text_puts(out, "; END IF; END $do$;\n");
	}
}
