/* SPDX-License-Identifier: Apache-2.0
 *
 * calls, scores, locations, people, audit: what the panes show, printed. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/iso_time.h"
#include "calls/directory.h"
#include "cli/cli.h"
#include "cli/print.h"
#include "filter/filter.h"
#include "store/migrate.h"
#include "ui/format.h"

/* A question's surroundings: the reading connection and the answer's memory. */
struct asking {
	struct db db;
	struct arena arena;
	char *filter;
	struct fault fault;
};

static bool open_reading(struct asking *a, const struct options *options)
{
	arena_init(&a->arena);
	return store_open_read(options->store, &a->db, &a->fault);
}

/* A filter that is asked of rows in memory; filter_clear it. */
static bool in_memory(struct asking *a, const struct options *options, enum filter_of of, const char *given, int64_t now_ms, struct filter *filter)
{
	a->filter = cli_filter(options, of, given, &a->fault);
	return a->filter != NULL && filter_parse(of, a->filter, strlen(a->filter), now_ms, NULL, filter, NULL, &a->fault, NULL);
}

static int done(struct asking *a, bool ok)
{
	db_close(&a->db);
	arena_clear(&a->arena);
	free(a->filter);
	return ok ? EXIT_DONE : cli_fail(&a->fault);
}

static bool limit_of(struct args *args, size_t otherwise, size_t most, size_t *limit, struct fault *fault)
{
	const char *text = args_value(args, "--limit");
	int64_t value = (int64_t)otherwise;
	if (text != NULL && !text_to_int(text, 1, (int64_t)most, &value))
		return fault_set(fault, FAULT_USAGE, _("--limit is a number from 1 to %zu"), most);
	*limit = (size_t)value;
	return true;
}

static json_t *leg_with_record(struct asking *a, const struct leg_row *l)
{
	const char *raw;
	size_t n;
	json_t *record = NULL;
	struct fault ignored;
	if (query_raw(&a->db, l->leg_id, &a->arena, &raw, &n, &ignored) && !json_parse(raw, n, &record, &ignored))
		record = NULL;
	return json_pack("{s:o, s:s, s:o, s:o?}", "leg_id", json_id(l->leg_id), "report_id", l->report_id,
	    "start_time", json_time(l->start_ms), "record", record);
}

static json_t *json_call_detail(struct asking *a, const struct call_detail *detail)
{
	json_t *out = json_call(&detail->call), *legs = json_array(), *journey = json_array();
	for (size_t i = 0; i < detail->n_legs; i++)
		json_array_append_new(legs, leg_with_record(a, &detail->legs[i]));
	for (size_t i = 0; i < detail->n_journey; i++)
		json_array_append_new(journey, json_call(&detail->journey[i]));
	json_object_set_new(out, "records", legs);
	json_object_set_new(out, "journey", journey);
	return out;
}

static void print_call(const struct call *c)
{
	char when[ISO_TIME_BYTES];
	printf("%lld  %.19s  %s %5d s  %s %s %-2s %s %s\n", (long long)c->id, iso_time_format(c->start_ms, when),
	    CELL(direction_word(c->direction), 9), c->talk_s, CELL(c->user_name, 24), CELL(c->far_number, 20), c->country, CELL(class_word(c->class), 11), c->location);
}

static bool show_call(struct asking *a, const struct options *options, const char *id_text)
{
	int64_t id;
	struct call_detail detail;
	if (!text_to_int(id_text, 1, INT64_MAX, &id))
		return fault_set(&a->fault, FAULT_USAGE, _("calls show needs the id of a call, as calls list prints it"));
	if (!query_call(&a->db, id, &a->arena, &detail, &a->fault))
		return false;
	if (options->json) {
		print_json(json_call_detail(a, &detail));
		return true;
	}
	print_call(&detail.call);
	for (size_t i = 0; i < detail.n_legs; i++) {
		const struct leg_row *l = &detail.legs[i];
		char when[ISO_TIME_BYTES];
		printf("  %.23s  %-11s %s %s > %s %s %s\n", iso_time_format(l->start_ms, when),
		    l->originating ? "ORIGINATING" : "TERMINATING", CELL(l->user_name, 22), CELL(l->calling, 18), CELL(l->called, 18), l->outcome, l->outcome_reason);
	}
	return true;
}

int cli_calls(struct options *options, struct args *args)
{
	struct asking a = { 0 };
	struct call_query query = { .now_ms = clock_now_ms(&options->clock) };
	const char *given = args_value(args, "--filter");
	if (!limit_of(args, 50, 100000, &query.limit, &a.fault))
		return cli_fail(&a.fault);
	const char *verb = args_next(args), *id = args_next(args);
	bool show = verb != NULL && strcmp(verb, "show") == 0;
	if (!args_finish(args, &a.fault))
		return cli_fail(&a.fault);
	if (verb != NULL && !show && strcmp(verb, "list") != 0) {
		fault_set(&a.fault, FAULT_USAGE, _("calls knows list and show"));
		return cli_fail(&a.fault);
	}
	if (show && id == NULL) {
		fault_set(&a.fault, FAULT_USAGE, _("calls show needs the id of a call, as calls list prints it"));
		return cli_fail(&a.fault);
	}
	if (!open_reading(&a, options))
		return done(&a, false);
	if (show)
		return done(&a, show_call(&a, options, id));
	struct call_list list;
	query.filter = a.filter = cli_filter(options, FILTER_CALLS, given, &a.fault);
	if (query.filter == NULL || !query_calls(&a.db, &query, &a.arena, &list, &a.fault))
		return done(&a, false);
	if (print_headed(options->json))
		printf("%s  %s  %s %s  %s %s %s %s\n", CELL(_("call"), 19), CELL(_("time"), 19), CELL(_("way"), 9), CELL(_("talk"), 7), CELL(_("person"), 24),
		    CELL(_("number"), 20), CELL(_("destination"), 14), _("site"));
	json_t *rows = options->json ? json_array() : NULL;
	for (size_t i = 0; i < list.n; i++) {
		if (rows != NULL)
			json_array_append_new(rows, json_call(&list.items[i]));
		else
			print_call(&list.items[i]);
	}
	if (rows != NULL)
		print_json(rows);
	return done(&a, true);
}

int cli_scores(struct options *options, struct args *args)
{
	struct asking a = { 0 };
	size_t limit;
	const char *given = args_value(args, "--filter");
	if (!limit_of(args, 50, 10000, &limit, &a.fault) || !args_finish(args, &a.fault))
		return cli_fail(&a.fault);
	struct score_list list;
	if (!open_reading(&a, options) || (a.filter = cli_filter(options, FILTER_SCORES, given, &a.fault)) == NULL ||
	    !query_scores(&a.db, clock_now_ms(&options->clock), a.filter, limit, &a.arena, &list, &a.fault))
		return done(&a, false);
	bool es = strcmp(i18n_language(), "es") == 0;
	if (print_headed(options->json))
		printf("%s  %s %s %s\n", CELL(_("pts"), 3), CELL(_("who"), 28), CELL(_("site"), 24), _("why"));
	json_t *rows = json_array();
	for (size_t i = 0; i < list.n; i++) {
		const struct score_row *r = &list.items[i];
		if (options->json)
			json_array_append_new(rows, json_score(r));
		else
			printf("%3d  %s %s %s\n", r->score, CELL(r->name, 28), CELL(r->location, 24), es ? r->why_es : r->why_en);
	}
	if (options->json)
		print_json(rows);
	else
		json_decref(rows);
	return done(&a, true);
}

int cli_locations(struct options *options, struct args *args)
{
	struct asking a = { 0 };
	char cost[SHORT_BYTES];
	struct location_list list;
	struct filter filter;
	int64_t now = clock_now_ms(&options->clock);
	const char *given = args_value(args, "--filter");
	if (!args_finish(args, &a.fault))
		return cli_fail(&a.fault);
	if (!open_reading(&a, options) || !in_memory(&a, options, FILTER_LOCATIONS, given, now, &filter))
		return done(&a, false);
	if (!query_locations(&a.db, now, &a.arena, &list, &a.fault)) {
		filter_clear(&filter);
		return done(&a, false);
	}
	if (print_headed(options->json))
		printf("%s %s %s  %s %s\n", CELL(_("site"), 28), CELL(_("calls"), 8), CELL(_("today"), 8), CELL(_("cost today"), 13), _("open: critical/high/medium/low"));
	json_t *rows = json_array();
	for (size_t i = 0; i < list.n; i++) {
		const struct location_row *r = &list.items[i];
		if (!filter_passes(&filter, query_read_location, r, now))
			continue;
		if (options->json)
			json_array_append_new(rows, json_location(r));
		else
			printf("%s %6lld/h %8lld  %8s USD  %lld/%lld/%lld/%lld\n", CELL(r->name, 28), (long long)r->calls_last_hour,
			    (long long)r->calls_today, print_money(r->cost_today_micro, cost), (long long)r->n_open[3],
			    (long long)r->n_open[2], (long long)r->n_open[1], (long long)r->n_open[0]);
	}
	filter_clear(&filter);
	if (options->json)
		print_json(rows);
	else
		json_decref(rows);
	return done(&a, true);
}

int cli_people(struct options *options, struct args *args)
{
	struct asking a = { 0 };
	size_t limit;
	const char *given = args_value(args, "--filter");
	if (!limit_of(args, 1000, 1000000, &limit, &a.fault) || !args_finish(args, &a.fault))
		return cli_fail(&a.fault);
	struct filter filter;
	if (!open_reading(&a, options) || !in_memory(&a, options, FILTER_PEOPLE, given, clock_now_ms(&options->clock), &filter))
		return done(&a, false);
	struct directory *directory = directory_new();
	bool ok = query_directory(&a.db, directory, &a.fault);
	if (ok && print_headed(options->json))
		printf("%s %s %s %s %s\n", CELL(_("name"), 32), CELL(_("ext."), 8), CELL(_("number"), 16), CELL(_("site"), 28), _("address"));
	json_t *rows = json_array();
	for (size_t i = 0, n = 0; ok && i < directory->n_people && n < limit; i++) {
		const struct person *p = &directory->people[i];
		const struct site *site = directory_site(directory, p->site_uuid);
		const struct filter_person of = { p, site == NULL ? "" : site->name };
		if (!filter_passes(&filter, filter_read_person, &of, 0))
			continue;
		n++;
		if (options->json)
			json_array_append_new(rows, json_person(p, site == NULL ? "" : site->name));
		else
			printf("%s %s %s %s %s\n", CELL(p->name, 32), CELL(p->extension, 8), CELL(p->number, 16), CELL(site == NULL ? "" : site->name, 28), p->email);
	}
	filter_clear(&filter);
	if (options->json && ok)
		print_json(rows);
	else
		json_decref(rows);
	directory_free(directory);
	return done(&a, ok);
}

int cli_audit(struct options *options, struct args *args)
{
	struct asking a = { 0 };
	size_t limit;
	struct audit_list list;
	bool kept = true;
	char end[AUDIT_MARK_BYTES];
	const char *expect = args_value(args, "--expect");
	if (!limit_of(args, 100, 10000, &limit, &a.fault) || !args_finish(args, &a.fault))
		return cli_fail(&a.fault);
	if (!open_reading(&a, options) || !query_audit(&a.db, 0, limit, &a.arena, &list, &a.fault) || !audit_chain_read(&a.db, &list.chain, &a.fault) ||
	    (expect != NULL && !audit_mark_kept(&a.db, expect, &kept, &a.fault)))
		return done(&a, false);
	json_t *rows = json_array();
	for (size_t i = 0; i < list.n; i++) {
		const struct audit_row *r = &list.items[i];
		char when[ISO_TIME_BYTES];
		if (options->json)
			json_array_append_new(rows, json_pack("{s:I, s:I, s:o, s:o, s:o, s:o, s:o, s:o}", "seq", (json_int_t)r->seq, "alert_id",
			    (json_int_t)r->alert_id, "time", json_time(r->event.at_ms), "who", json_text(r->event.who), "act", json_text(r->event.act),
			    "before", json_text(r->event.before), "after", json_text(r->event.after), "note", json_text(r->event.note)));
		else
			printf("%6lld  %.19s  %s %-9s #%-6lld %s > %s  %s\n", (long long)r->seq, iso_time_format(r->event.at_ms, when),
			    CELL(r->event.who, 16), r->event.act, (long long)r->alert_id, r->event.before, r->event.after, r->event.note);
	}
	int64_t broken_at = list.chain.broken_at;
	audit_mark(&list.chain, end);
	if (options->json)
		print_json(json_pack("{s:b, s:o, s:I, s:s, s:o}", "chain_holds", broken_at == 0 && kept, "broken_at", broken_at == 0 ? json_null() : json_integer(broken_at),
		    "lines", (json_int_t)list.chain.n, "end", end, "rows", rows));
	else
		json_decref(rows);
	if (broken_at != 0)
		fprintf(stderr, _("centinela: the chain of the audit log is broken at line %lld: somebody changed it\n"), (long long)broken_at);
	if (!kept)
		fprintf(stderr, _("centinela: the audit log has no longer the line that was expected (%.24s…): somebody changed it\n"), expect);
	return done(&a, true) == EXIT_DONE && broken_at == 0 && kept ? EXIT_DONE : EXIT_FAILED;
}
