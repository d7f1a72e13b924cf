/* SPDX-License-Identifier: Apache-2.0
 *
 * A store as a whole: moved into another one; what a database must know of who
 * may do what. */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "cli/cli.h"
#include "cli/long_work.h"
#include "store/move.h"
#include "store/roles.h"

static bool migrate(struct options *options, struct args *args, struct fault *fault)
{
	struct move move = { .from = args_value(args, "--from"), .to = args_value(args, "--to"), .now_ms = clock_real_ms(),
		.goes_on = long_work_goes_on };
	if (!args_finish(args, fault) || cli_only_looks(options, fault))
		return false;
	if (move.from == NULL)
		move.from = options->store;
	if (move.to == NULL)
		return fault_set(fault, FAULT_USAGE, "%s", _("name the store to fill: --to postgresql://USER@HOST/DATABASE"));
	long_work_begin();
	bool ok = store_move(&move, fault);
	long_work_end();
	json_t *tables = json_object();
	for (size_t i = 0; ok && i < move.n; i++) {
		const struct move_table *t = &move.tables[i];
		if (options->json)
			json_object_set_new(tables, t->name, json_pack("{s:I, s:I}", "rows", (json_int_t)t->n_rows, "moved", (json_int_t)t->n_moved));
		else
			printf("%-20s %10lld  %016llx\n", t->name, (long long)t->n_rows, (unsigned long long)t->hash);
	}
	if (ok && options->json) {
		json_dumpf(tables, stdout, JSON_INDENT(2));
		putchar('\n');
	} else if (ok) {
		puts(_("Both stores hold the same."));
	}
	json_decref(tables);
	move_clear(&move);
	return ok;
}

static bool roles(const struct options *options, struct args *args, struct fault *fault)
{
	const char *schema = args_value(args, "--schema"), *key = options->organisation;
	struct text sql = { 0 };
	if (!args_finish(args, fault))
		return false;
	if (schema != NULL && *key != '\0')
		return fault_set(fault, FAULT_USAGE, "%s", _("an organisation has its schema: leave out --schema"));
	if (*key != '\0')
		store_organisation_roles_sql(key, &sql);
	else
		store_roles_sql(schema == NULL ? "public" : schema, &sql);
	fputs(text_string(&sql), stdout);
	text_clear(&sql);
	return true;
}

int cli_store(struct options *options, struct args *args)
{
	static const char *const valued[] = { "--from", "--to", "--schema" };
	struct fault fault = { 0 };
	const char *what = args_first(args, valued, COUNT_OF(valued));
	bool ok = what != NULL && strcmp(what, "migrate") == 0 ? migrate(options, args, &fault) :
	    what != NULL && strcmp(what, "roles") == 0	       ? roles(options, args, &fault) :
								 fault_set(&fault, FAULT_USAGE, "%s", _("store: migrate or roles"));
	return ok ? EXIT_DONE : cli_fail(&fault);
}
