/* SPDX-License-Identifier: Apache-2.0
 *
 * What an engine that gives each schema a node of its own (Citus: citus_schema_distribute)
 * wants of a schema, asked of the catalogue of a real store. Each rule is broken once, so
 * that it is known to see. README, "A team on one PostgreSQL", has them in words. */
#include "test.h"

#include "store/roles.h"
#include "store/store.h"
#include "store_place.h"

#define OURS	     "to_regnamespace(current_schema())"
#define NOT_OURS(ns) "(" ns " <> " OURS " AND " ns " <> to_regnamespace('pg_catalog') AND " ns " <> to_regnamespace('pg_toast'))"
/* What an extension brings is there on every node. */
#define NO_EXTENSIONS(class, object) \
	" AND NOT EXISTS (SELECT 1 FROM pg_depend x WHERE x.classid = " class " AND x.objid = " object " AND x.deptype = 'e')"

/* Things of ours: tables, indexes, views, their defaults, constraints and rules, functions. */
#define OUR_OBJECTS                                                                                          \
	"WITH ours (classid, objid) AS (SELECT 'pg_class'::regclass, oid FROM pg_class WHERE relnamespace = " OURS \
	" UNION ALL SELECT 'pg_attrdef'::regclass, d.oid FROM pg_attrdef d JOIN pg_class c ON c.oid = d.adrelid WHERE c.relnamespace = " OURS \
	" UNION ALL SELECT 'pg_constraint'::regclass, oid FROM pg_constraint WHERE connamespace = " OURS     \
	" UNION ALL SELECT 'pg_rewrite'::regclass, r.oid FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class WHERE c.relnamespace = " OURS \
	" UNION ALL SELECT 'pg_proc'::regclass, oid FROM pg_proc WHERE pronamespace = " OURS ")"

static const struct {
	const char *rule, *offenders, *broken_by;
} rules[] = {
	{ "foreign keys stay within the schema",
		"SELECT conname FROM pg_constraint k JOIN pg_class a ON a.oid = k.conrelid JOIN pg_class b ON b.oid = k.confrelid WHERE k.contype = 'f'"
		" AND a.relnamespace <> b.relnamespace AND (a.relnamespace = " OURS " OR b.relnamespace = " OURS ")",
		"CREATE TABLE elsewhere.people (id BIGINT PRIMARY KEY); ALTER TABLE raw ADD FOREIGN KEY (id) REFERENCES elsewhere.people (id)" },
	{ "no foreign key comes from outside",
		"SELECT conname FROM pg_constraint k JOIN pg_class a ON a.oid = k.conrelid JOIN pg_class b ON b.oid = k.confrelid WHERE k.contype = 'f'"
		" AND a.relnamespace <> b.relnamespace AND (a.relnamespace = " OURS " OR b.relnamespace = " OURS ")",
		"CREATE TABLE elsewhere.notes (id BIGINT REFERENCES raw (id))" },
	{ "no table, view or function uses one of another schema",
		OUR_OBJECTS " SELECT c.relname FROM ours o JOIN pg_depend d ON d.classid = o.classid AND d.objid = o.objid JOIN pg_class c ON d.refclassid = 'pg_class'::regclass"
		" AND c.oid = d.refobjid WHERE " NOT_OURS("c.relnamespace") NO_EXTENSIONS("d.refclassid", "d.refobjid"),
		"CREATE TABLE elsewhere.prices (n BIGINT); CREATE VIEW costs AS SELECT n FROM elsewhere.prices" },
	{ "no default, check, index or view calls a function of another schema",
		OUR_OBJECTS " SELECT p.proname FROM ours o JOIN pg_depend d ON d.classid = o.classid AND d.objid = o.objid JOIN pg_proc p ON d.refclassid = 'pg_proc'::regclass"
		" AND p.oid = d.refobjid WHERE " NOT_OURS("p.pronamespace") NO_EXTENSIONS("d.refclassid", "d.refobjid"),
		"CREATE FUNCTION elsewhere.one() RETURNS BIGINT LANGUAGE sql AS 'SELECT CAST(1 AS BIGINT)'; ALTER TABLE raw ALTER COLUMN n_bytes SET DEFAULT elsewhere.one()" },
	{ "no column has a type of another schema",
		OUR_OBJECTS " SELECT t.typname FROM ours o JOIN pg_depend d ON d.classid = o.classid AND d.objid = o.objid JOIN pg_type t ON d.refclassid = 'pg_type'::regclass"
		" AND t.oid = d.refobjid WHERE " NOT_OURS("t.typnamespace") NO_EXTENSIONS("d.refclassid", "d.refobjid"),
		"CREATE DOMAIN elsewhere.number AS TEXT; ALTER TABLE sites ADD COLUMN other elsewhere.number" },
	{ "no function names a schema that is not its own",
		"SELECT proname FROM pg_proc p WHERE pronamespace = " OURS " AND EXISTS (SELECT 1 FROM pg_namespace n WHERE n.oid <> p.pronamespace AND n.nspname NOT LIKE 'pg\\_%'"
		" AND (p.prosrc ~ ('\\m' || n.nspname || '\\.') OR array_to_string(p.proconfig, ' ') ~ ('\\m' || n.nspname || '\\M')))",
		"CREATE FUNCTION ours() RETURNS BIGINT LANGUAGE plpgsql AS $$ BEGIN RETURN (SELECT count(*) FROM elsewhere.prices); END $$" },
	{ "a function that runs as its owner looks into its own schema first, and nowhere that others may write",
		"SELECT proname FROM pg_proc WHERE pronamespace = " OURS " AND prosecdef AND NOT coalesce(proconfig, '{}') @> ARRAY['search_path=' || quote_ident(current_schema()) || ', pg_temp']",
		"CREATE FUNCTION mine() RETURNS BIGINT LANGUAGE sql SECURITY DEFINER AS 'SELECT count(*) FROM legs'" },
	{ "ids are given by the program: no sequence, and none that is owned elsewhere",
		"SELECT relname FROM pg_class WHERE relkind = 'S' AND relnamespace = " OURS " UNION ALL SELECT attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid"
		" WHERE c.relnamespace = " OURS " AND a.attidentity <> ''",
		"CREATE TABLE counted (id BIGSERIAL PRIMARY KEY)" },
	{ "no triggers",
		"SELECT tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid WHERE c.relnamespace = " OURS " AND NOT tgisinternal",
		"CREATE TRIGGER twice BEFORE UPDATE ON settings FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()" },
	{ "no rules beside views",
		"SELECT rulename FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class WHERE c.relnamespace = " OURS " AND c.relkind <> 'v'",
		"CREATE RULE nothing AS ON DELETE TO audit DO INSTEAD NOTHING" },
	{ "parts of a table are in its schema, one level deep, and nothing else is inherited",
		"SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid JOIN pg_class p ON p.oid = i.inhparent WHERE c.relkind NOT IN ('i', 'I') AND " OURS
		" IN (c.relnamespace, p.relnamespace) AND (c.relnamespace <> p.relnamespace OR c.relkind = 'p' OR NOT c.relispartition)",
		"CREATE TABLE elsewhere.legs_2040 PARTITION OF legs FOR VALUES FROM (2208988800000000000) TO (2208988800000000001)" },
	{ "a table that is partitioned has its key among the columns that say the part",
		"SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_partitioned_table p ON p.partrelid = c.oid WHERE c.relnamespace = " OURS
		" AND i.indisunique AND NOT (CAST(i.indkey AS SMALLINT[]) @> CAST(p.partattrs AS SMALLINT[]))",
		NULL }, /* which PostgreSQL does not let happen */
	{ "every table has a key, by which its rows can be moved while they are written",
		"SELECT relname FROM pg_class c WHERE relnamespace = " OURS " AND relkind IN ('r', 'p') AND NOT EXISTS (SELECT 1 FROM pg_index i WHERE i.indrelid = c.oid AND i.indisprimary)",
		"CREATE TABLE loose (n BIGINT)" },
	{ "a policy of row-level security looks at its own row alone",
		"SELECT polname FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid WHERE c.relnamespace = " OURS
		" AND concat(pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid)) ~* '\\mselect\\M'",
		"CREATE POLICY looks ON raw USING (EXISTS (SELECT 1 FROM legs WHERE raw_id = raw.id))" },
	{ "one owner",
		"SELECT relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.oid = " OURS " AND c.relowner <> n.nspowner",
		"ALTER TABLE raw OWNER TO pg_monitor" },
	{ "no foreign tables, and none that is not written to the log",
		"SELECT relname FROM pg_class WHERE relnamespace = " OURS " AND (relkind = 'f' OR relpersistence = 'u')",
		"ALTER TABLE viewers SET UNLOGGED" },
	{ "no extension lives in it",
		"SELECT extname FROM pg_extension WHERE extnamespace = " OURS,
		"DROP EXTENSION IF EXISTS pg_stat_statements; CREATE EXTENSION pg_stat_statements" },
};

static void must(bool ok, const struct fault *fault)
{
	if (!ok) {
		puts(fault->text);
		exit(1);
	}
}

/* How many break it; the first by its name. */
static int64_t n_offenders(struct db *db, const char *sql, char first[64])
{
	struct statement *st;
	struct fault fault;
	int64_t n = 0;
	enum step step;
	first[0] = '\0';
	must(db->engine->prepare(db->session, sql, &st, &fault), &fault);
	while ((step = db->engine->step(st, &fault)) == STEP_ROW)
		if (n++ == 0)
			snprintf(first, 64, "%s", db->engine->column_text(st, 0));
	must(step == STEP_DONE, &fault);
	db->engine->finish(st);
	return n;
}

TEST(a_stores_schema_may_be_given_a_node_of_its_own)
{
	struct store *store;
	struct fault fault;
	char address[256] = "distributable", first[64];
	store_place(address);
	must(store_open(address, &store, &fault), &fault);
	struct db *db = &store->db;
	/* With the roles and policies of a team. */
	struct text roles = { 0 };
	store_roles_sql(strstr(address, STORE_SCHEMA) + strlen(STORE_SCHEMA), &roles);
	must(db_exec(db, text_string(&roles), &fault), &fault);
	text_clear(&roles);
	/* With parts of months, as one in use has. */
	must(db_exec(db, "SELECT month_ready(1790000000000 << 20)", &fault), &fault);
	for (size_t i = 0; i < COUNT_OF(rules); i++) {
		int64_t n = n_offenders(db, rules[i].offenders, first);
		if (n > 0)
			printf("%s: %s\n", rules[i].rule, first);
		CHECK_INT(n, 0);
		if (rules[i].broken_by == NULL)
			continue;
		must(db_begin(db, &fault), &fault);
		must(db_exec(db, "CREATE SCHEMA elsewhere", &fault) && db_exec(db, rules[i].broken_by, &fault), &fault);
		n = n_offenders(db, rules[i].offenders, first);
		if (n == 0)
			printf("not seen: %s\n", rules[i].rule);
		CHECK(n > 0);
		db_rollback(db);
	}
	store_close(store);
	store_remove(address);
}

TESTS(T(a_stores_schema_may_be_given_a_node_of_its_own))
