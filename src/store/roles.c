/* SPDX-License-Identifier: Apache-2.0 */
#include "store/roles.h"

#include <string.h>

#include "base/base.h"

/* What an analyst's acts write, and nothing else. audit: lines are added and never
 * changed, so that the chain of hashes stands for what was done. */
static const struct {
	const char *rights, *tables;
} analyst[] = {
	{ "INSERT, UPDATE", "alerts, open_alerts, silences, kept_back, silence_hours, settings, growths" },
	{ "INSERT, UPDATE, DELETE", "alert_steps, viewers" },
	{ "INSERT", "evidence, audit, notices" },
	{ "UPDATE", "counters, lease" },
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

static void put_grant(struct text *out, const char *rights, const char *tables, const char *schema, const char *role)
{
	text_printf(out, "GRANT %s ON ", rights);
	if (strcmp(tables, "ALL TABLES") == 0) {
		text_puts(out, "ALL TABLES IN SCHEMA ");
		put_name(out, schema);
	}
	for (const char *p = tables; strcmp(tables, "ALL TABLES") != 0 && *p != '\0';) {
		size_t n = strcspn(p, ",");
		put_name(out, schema);
		text_printf(out, ".%.*s", (int)n, p);
		p += n + strspn(p + n, ", ");
		text_puts(out, *p != '\0' ? ", " : "");
	}
	text_printf(out, " TO %s;\n", role);
}

void store_roles_sql(const char *schema, struct text *out)
{
	static const char *const roles[] = { "centinela_viewer", "centinela_analyst", "centinela_collector" };
	for (size_t i = 0; i < COUNT_OF(roles); i++) {
		text_printf(out, "DO $do$ BEGIN IF to_regrole('%s') IS NULL THEN CREATE ROLE %s NOLOGIN; END IF; END $do$;\n", roles[i], roles[i]);
		text_puts(out, "GRANT USAGE ON SCHEMA ");
		put_name(out, schema);
		text_printf(out, " TO %s;\n", roles[i]);
		put_grant(out, "SELECT", "ALL TABLES", schema, roles[i]);
	}
	/* Who may come in by the API is no analyst's business. */
	text_puts(out, "REVOKE SELECT ON ");
	put_name(out, schema);
	text_puts(out, ".tokens, ");
	put_name(out, schema);
	text_puts(out, ".requests FROM centinela_viewer, centinela_analyst;\n");
	for (size_t i = 0; i < COUNT_OF(analyst); i++)
		put_grant(out, analyst[i].rights, analyst[i].tables, schema, "centinela_analyst");
	/* Who collects writes everything, retires what is old, and neither changes a
	 * line of the audit log. */
	put_grant(out, "INSERT, UPDATE, DELETE", "ALL TABLES", schema, "centinela_collector");
	static const char *const months[] = { "month_ready", "month_retire" };
	for (size_t i = 0; i < COUNT_OF(months); i++) {
		text_puts(out, "GRANT EXECUTE ON FUNCTION ");
		put_name(out, schema);
		text_printf(out, ".%s(BIGINT) TO centinela_collector;\n", months[i]);
	}
	text_puts(out, "REVOKE UPDATE ON ");
	put_name(out, schema);
	text_puts(out, ".audit FROM centinela_collector;\n");
}
