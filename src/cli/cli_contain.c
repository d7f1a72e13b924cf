/* SPDX-License-Identifier: Apache-2.0
 *
 * contain: take from a compromised line what it is abused for, and give it back. What a
 * person must see before they say yes stands here; what is done: watch/contain.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/iso_time.h"
#include "base/mem.h"
#include "cli/cli.h"
#include "cli/print.h"
#include "store/migrate.h"
#include "watch/contain.h"
#include "watch/link.h"
#include "webex/ids.h"
#include "webex/people.h"

enum { ROWS_LISTED = 200, NUMBER_ROOM = 32 };

/* ---- who is meant ------------------------------------------------------------------------- */

static bool is_meant(const struct person *p, const char *who, const char *uuid, const char *number)
{
	return (*uuid != '\0' && strcmp(p->uuid, uuid) == 0) || text_equal_nocase(p->email, who) ||
	    (*number != '\0' && (strcmp(p->number, number) == 0 || strcmp(p->extension, number) == 0));
}

/* By id, address, number or extension, and one alone: never by a name. The person is the
 * directory's. */
static const struct person *find_person(const struct directory *directory, const char *who, struct fault *fault)
{
	char uuid[UUID_BYTES] = "", number[NUMBER_ROOM];
	const struct person *found = NULL;
	if (!webex_id_uuid(who, uuid))
		uuid[0] = '\0';
	phone_normalize(who, number, sizeof number);
	for (size_t i = 0; i < directory->n_people; i++) {
		const struct person *p = &directory->people[i];
		if (!is_meant(p, who, uuid, number))
			continue;
		if (found != NULL) {
			fault_set(fault, FAULT_CONFLICT, _("%s is of several people (%s, %s): name one by their address"), who, found->email, p->email);
			return NULL;
		}
		found = p;
	}
	if (found == NULL)
		fault_set(fault, FAULT_NOT_FOUND, _("nobody known here has the id, address, number or extension %s: centinela people lists them"), who);
	return found;
}

static bool find_who(const struct options *options, const char *who, struct directory *directory, const struct person **person, const char **site, struct fault *fault)
{
	struct db db;
	if (!store_open_read(options->store, &db, fault))
		return false;
	bool ok = query_directory(&db, directory, fault) && (*person = find_person(directory, who, fault)) != NULL;
	const struct site *there = ok ? directory_site(directory, (*person)->site_uuid) : NULL;
	*site = there == NULL ? "" : there->name;
	db_close(&db);
	return ok;
}

/* ---- what is shown ----------------------------------------------------------------------------- */

static json_t *json_changes(const struct contain_changes *changes)
{
	json_t *out = json_array();
	for (size_t i = 0; i < changes->n; i++)
		json_array_append_new(out, json_pack("{s:s, s:s, s:s, s:s}", "key", changes->items[i].key, "name", changes->items[i].name, "from",
					       changes->items[i].from, "to", changes->items[i].to));
	return out;
}

static json_t *json_body(const char *body)
{
	json_t *out = *body == '\0' ? NULL : json_loads(body, 0, NULL);
	return out == NULL ? json_null() : out;
}

static json_t *json_containment(const struct containment *c, bool bodies)
{
	json_t *out = json_pack("{s:I, s:o, s:o, s:s, s:s, s:o, s:o, s:o, s:I, s:o, s:o, s:o}", "id", (json_int_t)c->id, "person", json_text(c->person), "name",
	    json_text(c->person_name), "kind", contain_kind_name(c->kind), "state", contain_state_name(c->state), "who", json_text(c->who), "time",
	    json_time(c->at_ms), "changed", json_time(c->changed_ms), "alert", (json_int_t)c->alert_id, "tracking", json_text(c->tracking), "error",
	    json_text(c->error), "undone_by", json_text(c->undone_by));
	if (bodies) {
		json_object_set_new(out, "before", json_body(c->before));
		json_object_set_new(out, "written", json_body(c->wished));
		json_object_set_new(out, "found", json_body(c->found));
	}
	return out;
}

static void print_changes(const struct contain_changes *changes)
{
	for (size_t i = 0; i < changes->n; i++)
		printf("  %s: %s \u2192 %s\n", changes->items[i].name, changes->items[i].from, changes->items[i].to);
}

static void print_warnings(const char *const *warnings, size_t n)
{
	for (size_t i = 0; i < n; i++)
		printf("! %s\n", warnings[i]);
}

/* ---- an act ---------------------------------------------------------------------------------------- */

struct contain_run {
	struct options *options;
	uv_loop_t loop;
	struct store *store;
	struct lane *lane;
	struct desk *desk;
	struct link_config link;
	struct responder *responder;
	struct contain_order order;
	const struct person *person; /* DO */
	const char *site;
	bool yes, dry_run;
	char *seen;
	struct fault fault;
};

static void on_responder_closed(void *arg)
{
	struct contain_run *run = arg;
	lane_close(run->lane, NULL, NULL);
}

static void stop(struct contain_run *run, const struct fault *fault)
{
	run->fault = *fault;
	responder_close(run->responder, on_responder_closed, run);
}

static void print_result(const struct contain_run *run, const struct contain_result *r)
{
	if (run->options->json) {
		json_t *out = json_pack("{s:I, s:s, s:b, s:o, s:o, s:o}", "id", (json_int_t)r->id, "state", r->id == 0 ? "" : contain_state_name(r->state), "written",
		    r->fault.code == FAULT_NONE && !run->dry_run && r->changes.n > 0, "changes", json_changes(&r->changes), "since", json_changes(&r->since), "body",
		    json_body(r->body));
		json_t *warnings = json_array();
		for (size_t i = 0; i < r->n_warnings; i++)
			json_array_append_new(warnings, json_string(r->warnings[i]));
		json_object_set_new(out, "warnings", warnings);
		json_object_set_new(out, "error", json_text(r->fault.text));
		print_json(out);
	} else if (r->fault.code == FAULT_NONE && r->id != 0) {
		printf(_("Containment %lld: %s.\n"), (long long)r->id, contain_state_word(r->state));
		if (r->state == CONTAIN_VERIFIED)
			printf(_("To undo it: centinela contain undo %lld\n"), (long long)r->id);
	}
}

static void on_done(const struct contain_result *r, void *arg)
{
	struct contain_run *run = arg;
	print_result(run, r);
	stop(run, &r->fault);
}

/* What is to be written, in words, and of whom. */
static void print_preview(const struct contain_run *run, const struct contain_result *r)
{
	const struct person *p = run->person;
	if (p != NULL)
		printf("%s \u00B7 %s \u00B7 %s \u00B7 %s \u00B7 %s\n%s:\n", p->name, p->email, *p->number != '\0' ? p->number : p->extension, run->site, p->uuid,
		    contain_kind_word(run->order.kind));
	else
		printf(_("Containment %lld of %s (%s), by %s: %s.\n"), (long long)r->id, r->row.person_name, contain_kind_word(r->row.kind), r->row.who,
		    contain_state_word(r->row.state));
	print_changes(&r->changes);
	if (r->changes.n == 0)
		printf("  %s\n", _("nothing is to be written: it is so already"));
	if (r->since.n > 0) {
		printf("! %s\n", _("somebody changed it since; this would be lost:"));
		print_changes(&r->since);
	}
	print_warnings(r->warnings, r->n_warnings);
}

static bool says_yes(void)
{
	char line[16];
	printf("%s ", _("Write this to Webex? [y/N]"));
	fflush(stdout);
	if (fgets(line, sizeof line, stdin) == NULL)
		return false;
	char key = *line | 0x20; /* small */
	return key == 'y' || key == *_("y");
}

static void on_looked(const struct contain_result *r, void *arg)
{
	struct contain_run *run = arg;
	struct fault fault = r->fault;
	bool nothing = r->changes.n == 0 && run->order.verb == CONTAIN_DO, lost = r->since.n > 0 && !run->order.force;
	if (fault.code != FAULT_NONE || (run->options->json && (run->dry_run || nothing))) {
		if (fault.code == FAULT_NONE)
			print_result(run, r);
		stop(run, &fault);
		return;
	}
	if (!run->options->json)
		print_preview(run, r);
	if (run->dry_run || nothing) {
		stop(run, &fault);
		return;
	}
	if (lost)
		fault_set(&fault, FAULT_CONFLICT, "%s", _("somebody changed it since, so it stays as it is; --force writes it all the same"));
	else if (!run->yes && (!isatty(STDIN_FILENO) || run->options->json))
		fault_set(&fault, FAULT_USAGE, "%s", _("nothing was written: say --yes to write it, --dry-run only to look"));
	else if (!run->yes && !says_yes())
		fault_set(&fault, FAULT_CANCELLED, "%s", _("nothing was written"));
	if (fault.code != FAULT_NONE) {
		stop(run, &fault);
		return;
	}
	run->seen = mem_strdup(r->present);
	run->order.look = false;
	run->order.seen = run->seen;
	responder_start(run->responder, &run->order, on_done, run);
}

static void on_changed(void *arg)
{
	UNUSED(arg);
}

static bool act(struct contain_run *run)
{
	char user[64];
	struct fault *fault = &run->fault;
	if (!store_open(run->options->store, &run->store, fault))
		return false;
	uv_loop_init(&run->loop);
	desk_os_user(user, sizeof user);
	run->lane = lane_new(&run->loop);
	run->desk = desk_new(run->store, run->lane, NULL, user, false, on_changed, NULL);
	run->link = cli_responder_config(run->options);
	run->responder = responder_new(&run->loop, &run->link, &run->options->clock, run->desk);
	run->order.look = true;
	responder_start(run->responder, &run->order, on_looked, run);
	uv_run(&run->loop, UV_RUN_DEFAULT);
	int left = uv_loop_close(&run->loop);
	assert(left == 0);
	UNUSED(left);
	desk_free(run->desk);
	store_close(run->store);
	free(run->seen);
	return fault->code == FAULT_NONE;
}

/* ---- the words ------------------------------------------------------------------------------------- */

static bool begin_new(struct contain_run *run, const char *who, const char *kind, const char *alert, struct fault *fault)
{
	struct directory *directory = directory_new();
	if (who == NULL || kind == NULL || !contain_kind_named(kind, &run->order.kind))
		fault_set(fault, FAULT_USAGE, "%s", _("contain plan and do need a person (id, address, number or extension) and --kind international, forwarding or line"));
	else if (alert != NULL && !text_to_int(alert + (*alert == '#'), 1, INT64_MAX, &run->order.alert_id))
		fault_set(fault, FAULT_USAGE, "%s", _("--alert is the number of an alert"));
	else if (find_who(run->options, who, directory, &run->person, &run->site, fault)) {
		run->order.person = run->person->uuid;
		run->order.person_name = run->person->name;
		if (!act(run))
			*fault = run->fault;
	}
	directory_free(directory);
	return fault->code == FAULT_NONE;
}

static bool begin_old(struct contain_run *run, const char *verb, const char *id, struct fault *fault)
{
	if (id == NULL || !text_to_int(id + (*id == '#'), 1, INT64_MAX, &run->order.id))
		return fault_set(fault, FAULT_USAGE, _("contain %s needs the number of a containment: centinela contain list"), verb);
	if (!act(run))
		*fault = run->fault;
	return fault->code == FAULT_NONE;
}

static bool list(struct options *options, bool all, struct fault *fault)
{
	struct db db;
	struct arena arena;
	struct containment *rows;
	size_t n;
	if (!store_open_read(options->store, &db, fault))
		return false;
	arena_init(&arena);
	bool ok = query_containments(&db, &(struct containment_query){ .open = !all, .limit = ROWS_LISTED }, &arena, &rows, &n, fault);
	json_t *out = json_array();
	if (ok && print_headed(options->json) && n > 0)
		printf("%-6s %s %s %s %s %s\n", _("no."), CELL(_("time"), 20), CELL(_("name"), 28), CELL(_("kind"), 14), CELL(_("by"), 12), _("state"));
	for (size_t i = 0; ok && i < n; i++) {
		char time[ISO_TIME_BYTES];
		const struct containment *c = &rows[i];
		if (options->json)
			json_array_append_new(out, json_containment(c, false));
		else
			printf("%-6lld %.19s  %s %s %s %s\n", (long long)c->id, iso_time_format(c->at_ms, time), CELL(c->person_name, 28),
			    CELL(contain_kind_name(c->kind), 14), CELL(c->who, 12), contain_state_word(c->state));
	}
	if (ok && options->json)
		print_json(json_incref(out));
	else if (ok && n == 0)
		printf("%s\n", all ? _("No line was ever contained.") : _("No line is contained; --all shows those that were."));
	json_decref(out);
	arena_clear(&arena);
	db_close(&db);
	return ok;
}

static bool show(struct options *options, const char *id, struct fault *fault)
{
	struct db db;
	struct arena arena;
	struct containment c;
	struct contain_changes changes;
	int64_t number;
	if (id == NULL || !text_to_int(id + (*id == '#'), 1, INT64_MAX, &number))
		return fault_set(fault, FAULT_USAGE, _("contain %s needs the number of a containment: centinela contain list"), "show");
	if (!store_open_read(options->store, &db, fault))
		return false;
	arena_init(&arena);
	bool ok = query_containment(&db, number, &arena, &c, fault) && contain_plan_differs(c.kind, c.before, strlen(c.before), c.wished, &arena, &changes, fault);
	if (ok && options->json) {
		json_t *out = json_containment(&c, true);
		json_object_set_new(out, "changes", json_changes(&changes));
		print_json(out);
	} else if (ok) {
		char time[ISO_TIME_BYTES];
		printf(_("Containment %lld of %s (%s), by %s: %s.\n"), (long long)c.id, c.person_name, contain_kind_word(c.kind), c.who, contain_state_word(c.state));
		printf("%s \u00B7 %s", iso_time_format(c.at_ms, time), c.person);
		if (c.alert_id != 0)
			printf(" \u00B7 #%lld", (long long)c.alert_id);
		printf("\n");
		print_changes(&changes);
		printf("%s%s%s%s", c.tracking, *c.tracking != '\0' ? "\n" : "", c.error, *c.error != '\0' ? "\n" : "");
		if (contain_is_under_way(c.state) && *c.error != '\0')
			printf(_("To end it: centinela contain finish %lld, or undo %lld\n"), (long long)c.id, (long long)c.id);
		else if (contain_is_under_way(c.state))
			printf(_("Its program ended before it did: centinela contain finish %lld, or undo %lld\n"), (long long)c.id, (long long)c.id);
	}
	arena_clear(&arena);
	db_close(&db);
	return ok;
}

int cli_contain(struct options *options, struct args *args)
{
	struct fault fault = { 0 };
	static const char *const valued[] = { "--kind", "--alert" };
	const char *verb = args_first(args, valued, COUNT_OF(valued)), *kind = args_value(args, "--kind"), *alert = args_value(args, "--alert");
	struct contain_run run = { .options = options, .yes = args_flag(args, "--yes"), .dry_run = args_flag(args, "--dry-run"), .order = { .force = args_flag(args, "--force") } };
	bool all = args_flag(args, "--all"), lists = verb == NULL || strcmp(verb, "list") == 0, plans = verb != NULL && strcmp(verb, "plan") == 0;
	const char *which = args_next(args);
	bool ok = args_finish(args, &fault);
	run.dry_run |= plans;
	if (ok && lists)
		ok = list(options, all, &fault);
	else if (ok && strcmp(verb, "show") == 0)
		ok = show(options, which, &fault);
	else if (ok && cli_only_looks(options, &fault))
		ok = false;
	else if (ok && (plans || strcmp(verb, "do") == 0))
		ok = begin_new(&run, which, kind, alert, &fault);
	else if (ok && (strcmp(verb, "undo") == 0 || strcmp(verb, "finish") == 0)) {
		run.order.verb = *verb == 'u' ? CONTAIN_UNDO : CONTAIN_FINISH;
		ok = begin_old(&run, verb, which, &fault);
	} else if (ok)
		ok = fault_set(&fault, FAULT_USAGE, "%s", _("contain knows list, show N, plan WHO, do WHO, finish N and undo N"));
	return ok ? EXIT_DONE : cli_fail(&fault);
}
