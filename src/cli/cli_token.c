/* SPDX-License-Identifier: Apache-2.0
 *
 * token: who may come in by the HTTP API. A token is told once, on standard output. */
#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "base/iso_time.h"
#include "base/mem.h"
#include "cli/cli.h"
#include "cli/print.h"
#include "store/migrate.h"
#include "store/token_rows.h"
#include "watch/desk.h"

#define DAYS_UNLESS_TOLD 90

static bool list(const struct options *options, struct fault *fault)
{
	struct db db;
	struct arena arena;
	struct token_row *rows;
	size_t n;
	int64_t now = clock_real_ms();
	if (!store_open_read(options->store, &db, fault))
		return false;
	arena_init(&arena);
	bool ok = query_tokens(&db, &arena, &rows, &n, fault);
	json_t *out = json_array();
	for (size_t i = 0; ok && i < n; i++) {
		const struct token_row *t = &rows[i];
		const char *state = t->revoked_ms != 0 ? N_("revoked") : t->expires_ms <= now ? N_("over") : N_("in force");
		char until[ISO_TIME_BYTES];
		if (options->json)
			json_array_append_new(out, json_pack("{s:s, s:o, s:s, s:s, s:o, s:o, s:o, s:o}", "id", t->id, "name", json_text(t->name), "scope",
			    token_scope_name(t->scope), "state", t->revoked_ms != 0 ? "revoked" : t->expires_ms <= now ? "over" : "in_force", "created_by",
			    json_text(t->created_by), "created", json_time(t->created_ms), "expires", json_time(t->expires_ms), "revoked", json_time(t->revoked_ms)));
		else
			printf("%-8s  %s %-8s %-10s %.10s  %s\n", t->id, CELL(t->name, 24), token_scope_name(t->scope), _(state),
			    iso_time_format(t->expires_ms, until), t->created_by);
	}
	if (ok && options->json)
		print_json(json_incref(out));
	else if (ok && n == 0)
		printf("%s\n", _("There are no tokens: centinela token create NAME makes one."));
	json_decref(out);
	arena_clear(&arena);
	db_close(&db);
	return ok;
}

static bool create(const struct options *options, const char *name, const char *scope_name, int64_t for_ms, struct fault *fault)
{
	enum token_scope scope = SCOPE_VIEWER;
	struct store *store;
	char who[64], text[TOKEN_TEXT_BYTES], until[ISO_TIME_BYTES];
	int64_t now = clock_real_ms();
	if (scope_name != NULL && !token_scope_named(scope_name, &scope))
		return fault_set(fault, FAULT_USAGE, "%s", _("--scope is one of viewer, analyst, lead, admin"));
	if (!store_open(options->store, &store, fault))
		return false;
	desk_os_user(who, sizeof who);
	bool ok = store_token_make(store, name, scope, now + for_ms, who, now, text, fault);
	store_close(store);
	if (ok && options->json) {
		print_json(json_pack("{s:s, s:s, s:s, s:o}", "token", text, "name", name, "scope", token_scope_name(scope), "expires", json_time(now + for_ms)));
	} else if (ok) {
		puts(text);
		fprintf(stderr, _("That is the token of %s (%s, until %.10s). It is not told again.\n"), name, token_scope_name(scope), iso_time_format(now + for_ms, until));
	}
	mem_wipe(text, sizeof text);
	return ok;
}

static bool take_back(const struct options *options, const char *which, struct fault *fault)
{
	struct store *store;
	char who[64];
	if (!store_open(options->store, &store, fault))
		return false;
	desk_os_user(who, sizeof who);
	bool ok = store_token_revoke(store, which, who, clock_real_ms(), fault);
	store_close(store);
	return ok;
}

int cli_token(struct options *options, struct args *args)
{
	struct fault fault = { 0 };
	static const char *const valued[] = { "--scope", "--for" };
	const char *verb = args_first(args, valued, COUNT_OF(valued)), *scope = args_value(args, "--scope"), *duration = args_value(args, "--for");
	const char *name = args_next(args);
	int64_t for_ms = DAYS_UNLESS_TOLD * DAY_MS;
	bool ok = args_finish(args, &fault), lists = verb == NULL || strcmp(verb, "list") == 0;
	if (ok && duration != NULL && !text_to_duration_ms(duration, &for_ms))
		ok = fault_set(&fault, FAULT_USAGE, "%s", _("--for is a duration such as 90d"));
	if (ok && lists)
		ok = list(options, &fault);
	else if (ok && name == NULL)
		ok = fault_set(&fault, FAULT_USAGE, "%s", _("token knows list, create NAME and revoke NAME"));
	else if (ok && cli_only_looks(options, &fault))
		ok = false;
	else if (ok && strcmp(verb, "create") == 0)
		ok = create(options, name, scope, for_ms, &fault);
	else if (ok && strcmp(verb, "revoke") == 0)
		ok = take_back(options, name, &fault);
	else if (ok)
		ok = fault_set(&fault, FAULT_USAGE, "%s", _("token knows list, create NAME and revoke NAME"));
	return ok ? EXIT_DONE : cli_fail(&fault);
}
