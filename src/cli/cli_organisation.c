/* SPDX-License-Identifier: Apache-2.0
 *
 * organisation: which there are in this store and how it stands with each; a new one,
 * and its end. */
#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "base/iso_time.h"
#include "base/mem.h"
#include "cli/cli.h"
#include "cli/print.h"
#include "store/query_organisations.h"

static json_t *time_or_null(int64_t ms)
{
	return ms == 0 ? json_null() : json_time(ms);
}

static json_t *row_json(const struct organisation_standing *s, int64_t now_ms)
{
	if (s->fault != NULL)
		return json_pack("{s:s, s:o, s:o}", "key", s->key, "name", json_text(s->name), "fault", json_text(s->fault));
	return json_pack("{s:s, s:o, s:{s:I, s:I, s:I, s:I}, s:o, s:o, s:o, s:o}", "key", s->key, "name", json_text(s->name), "open", "critical",
	    (json_int_t)s->n_open[SEVERITY_CRITICAL], "high", (json_int_t)s->n_open[SEVERITY_HIGH], "medium", (json_int_t)s->n_open[SEVERITY_MEDIUM],
	    "low", (json_int_t)s->n_open[SEVERITY_LOW], "oldest_unclaimed", time_or_null(s->unclaimed_ms), "last_sync", time_or_null(s->last_page_ms),
	    "complete_until", time_or_null(s->complete_until_ms), "lag_minutes",
	    s->complete_until_ms == 0 ? json_null() : json_real(print_minutes(MAX(now_ms - s->complete_until_ms, (int64_t)0))));
}

static void row_print(const struct organisation_standing *s, int64_t now_ms)
{
	char last[ISO_TIME_BYTES], lag[SHORT_BYTES];
	printf("%-24s %s ", s->key, CELL(s->name, 28));
	if (s->fault != NULL) {
		char shown[300];
		text_printable(shown, sizeof shown, s->fault, strlen(s->fault));
		puts(shown);
		return;
	}
	printf("%5lld %5lld %5lld %5lld  %-16.16s  %s\n", (long long)s->n_open[SEVERITY_CRITICAL], (long long)s->n_open[SEVERITY_HIGH],
	    (long long)s->n_open[SEVERITY_MEDIUM], (long long)s->n_open[SEVERITY_LOW], s->last_page_ms == 0 ? "-" : iso_time_format(s->last_page_ms, last),
	    s->complete_until_ms == 0 ? "-" : format_age(MAX(now_ms - s->complete_until_ms, (int64_t)0), lag));
}

static bool list(const struct options *options, struct fault *fault)
{
	struct arena arena;
	struct organisation_overview all;
	int64_t now = clock_now_ms(&options->clock);
	arena_init(&arena);
	bool ok = query_organisations_begin(options->store, now, &arena, &all, fault);
	while (ok && all.n_read < all.n)
		query_organisations_next(options->store, 0, &arena, &all);
	json_t *rows = json_array();
	if (ok && all.n > 0 && !options->json)
		printf("%-24s %s %5s %5s %5s %5s  %-16s  %s\n", _("key"), CELL(_("name"), 28), _("crit"), _("high"), _("med"), _("low"), _("last sync"), _("lag"));
	for (size_t i = 0; ok && i < all.n; i++) {
		if (options->json)
			json_array_append_new(rows, row_json(&all.items[i], now));
		else
			row_print(&all.items[i], now);
	}
	if (ok && options->json)
		print_json(json_incref(rows));
	else if (ok && all.n == 0)
		puts(_("This store is of one alone, or you may see none of its organisations: centinela organisation add KEY --name NAME makes one."));
	json_decref(rows);
	arena_clear(&arena);
	return ok;
}

static bool add(const struct options *options, const char *key, const char *name, struct fault *fault)
{
	struct fault grants;
	if (name == NULL)
		name = options_organisation_name(options, key);
	if (!organisation_add(options->store, key, name, clock_now_ms(&options->clock), fault))
		return false;
	/* Who keeps the store may be allowed tables and no roles. */
	if (!organisation_grant(options->store, key, true, &grants))
		fprintf(stderr, _("Its roles were not made (%s): whoever may make roles runs centinela store roles --organisation %s | psql.\n"), grants.text, key);
	printf(_("The organisation %s is there: centinela --organisation %s login signs it in.\n"), key, key);
	return true;
}

static bool take_away(const struct options *options, const char *key, bool with_everything, struct fault *fault)
{
	struct fault grants;
	if (!organisation_remove(options->store, key, with_everything, fault))
		return false;
	if (!organisation_grant(options->store, key, false, &grants))
		fprintf(stderr, _("Its roles are still there (%s): who is a member would see a new organisation of that key.\n"), grants.text);
	printf(_("The organisation %s is gone.\n"), key);
	return true;
}

int cli_organisation(struct options *options, struct args *args)
{
	struct fault fault = { 0 };
	static const char *const valued[] = { "--name" };
	const char *verb = args_first(args, valued, COUNT_OF(valued)), *name = args_value(args, "--name");
	bool with_everything = args_flag(args, "--with-everything");
	const char *key = args_next(args);
	char *home = organisation_address(options->store, "");
	free(options->store);
	options->store = home;
	bool ok = args_finish(args, &fault), lists = verb == NULL || strcmp(verb, "list") == 0;
	if (ok && lists && key == NULL)
		ok = list(options, &fault);
	else if (ok && (lists || key == NULL))
		ok = fault_set(&fault, FAULT_USAGE, "%s", _("organisation knows list, add KEY and remove KEY"));
	else if (ok && cli_only_looks(options, &fault))
		ok = false;
	else if (ok && strcmp(verb, "add") == 0)
		ok = add(options, key, name, &fault);
	else if (ok && strcmp(verb, "remove") == 0)
		ok = take_away(options, key, with_everything, &fault);
	else if (ok)
		ok = fault_set(&fault, FAULT_USAGE, "%s", _("organisation knows list, add KEY and remove KEY"));
	return ok ? EXIT_DONE : cli_fail(&fault);
}
