/* SPDX-License-Identifier: Apache-2.0
 *
 * `notify`: try a destination, see what waits and what was given up, send it after
 * all. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/iso_time.h"
#include "base/mem.h"
#include "cli/cli.h"
#include "cli/print.h"
#include "notify/tell.h"
#include "store/migrate.h"
#include "watch/desk.h"

static bool read_routes(const struct options *options, struct notify_routes **routes, struct fault *fault)
{
	if (*options->notify_file == '\0')
		return fault_set(fault, FAULT_USAGE, "%s", _("nobody is told anything: the setting \"notify\" names no file (see the README)"));
	return notify_routes_read(options->notify_file, routes, fault);
}

/* ---- test --------------------------------------------------------------------- */

struct tried {
	bool done;
	struct post_outcome outcome;
};

static void on_tried(const struct post_outcome *outcomes, size_t n, void *arg)
{
	struct tried *trial = arg;
	UNUSED(n);
	trial->done = true;
	trial->outcome = outcomes[0];
}

/* Says itself how it went; not sent is a fault. */
static bool try_one(const struct options *options, const struct destination *to, struct fault *fault)
{
	uv_loop_t loop;
	struct post *post;
	struct tried trial = { 0 };
	struct text body = { 0 };
	struct post_options given = cli_post_options(options);
	int64_t now_ms = clock_real_ms();
	char *key = mem_printf("msg_test%lld", (long long)now_ms);
	uv_loop_init(&loop);
	bool ok = post_open(&loop, &given, &post, fault);
	if (ok) {
		tell_test(to, key, now_ms, &body);
		struct parcel parcel = { key, text_string(&body), "" };
		post_send(post, to, &parcel, 1, on_tried, &trial);
		while (!trial.done && uv_run(&loop, UV_RUN_ONCE) != 0)
			;
		post_close(post, NULL, NULL);
		uv_run(&loop, UV_RUN_DEFAULT);
		ok = trial.outcome.result == OUTBOX_TAKEN || fault_set(fault, FAULT_NETWORK, _("%s did not take it: %s"), to->name, trial.outcome.fault.text);
	}
	int left = uv_loop_close(&loop);
	assert(left == 0);
	UNUSED(left);
	text_clear(&body);
	free(key);
	return ok;
}

static void say_unknown(const struct notify_routes *routes, const char *name, struct fault *fault)
{
	struct text names = { 0 };
	for (size_t i = 0; i < routes->n_destinations; i++)
		text_printf(&names, "%s%s", i > 0 ? ", " : "", routes->destinations[i].name);
	if (name == NULL)
		fault_set(fault, FAULT_USAGE, _("notify test needs a destination: %s"), text_string(&names));
	else
		fault_set(fault, FAULT_USAGE, _("there is no destination \"%.40s\"; there are: %s"), name, text_string(&names));
	text_clear(&names);
}

static bool test(struct options *options, struct args *args, struct fault *fault)
{
	struct notify_routes *routes;
	const char *name = args_next(args);
	if (!args_finish(args, fault) || !read_routes(options, &routes, fault))
		return false;
	const struct destination *to = name == NULL ? NULL : notify_routes_destination(routes, name);
	if (to == NULL)
		say_unknown(routes, name, fault);
	bool ok = to != NULL && try_one(options, to, fault);
	if (ok && options->json)
		print_json(json_pack("{s:o, s:s, s:b}", "destination", json_text(to->name), "kind", to->kind->name, "taken", true));
	else if (ok)
		printf(_("%s took it (%s)\n"), to->name, to->kind->name);
	notify_routes_free(routes);
	return ok;
}

/* ---- list --------------------------------------------------------------------- */

static const char *state_name(const struct outbox_row *row)
{
	return row->state == OUTBOX_SENT ? "sent" : row->state == OUTBOX_DEAD ? "given_up" : row->sending ? "sending" : row->closes_ms > 0 && row->attempts == 0 ? "gathering" : "waiting";
}

static json_t *row_json(const struct outbox_row *row)
{
	return json_pack("{s:I, s:s, s:o, s:s, s:o, s:I, s:I, s:o, s:o, s:o, s:o}", "id", (json_int_t)row->id, "key", row->key, "destination", json_text(row->destination),
	    "state", state_name(row), "alert", row->alert_id > 0 ? json_integer(row->alert_id) : json_null(), "notices", (json_int_t)row->n_notices, "attempts",
	    (json_int_t)row->attempts, "made", json_time(row->made_ms), "due", row->state == OUTBOX_WAITS ? json_time(row->due_ms) : json_null(), "sent",
	    json_time(row->sent_ms), "error", *row->error != '\0' ? json_text(row->error) : json_null());
}

static void print_row(const struct outbox_row *row)
{
	char made[ISO_TIME_BYTES], about[40];
	snprintf(about, sizeof about, row->alert_id > 0 ? "#%lld" : "× %lld", (long long)(row->alert_id > 0 ? row->alert_id : row->n_notices));
	printf("%6lld  %-9s %.16s  %s %s %3lld%s%s\n", (long long)row->id, state_name(row), iso_time_format(row->made_ms, made), CELL(row->destination, 16), CELL(about, 8),
	    (long long)row->attempts, *row->error != '\0' ? "  " : "", row->error);
}

static bool list(struct options *options, struct args *args, struct fault *fault)
{
	bool all = args_flag(args, "--all");
	const char *limit_text = args_value(args, "--limit");
	int64_t limit = 200;
	struct db db;
	struct arena arena;
	struct outbox_row *rows;
	size_t n;
	if (!args_finish(args, fault))
		return false;
	if (limit_text != NULL && !text_to_int(limit_text, 1, 100000, &limit))
		return fault_set(fault, FAULT_USAGE, "%s", _("--limit is a number from 1 to 100000"));
	if (!store_open_read(options->store, &db, fault))
		return false;
	arena_init(&arena);
	bool ok = outbox_list(&db, all, (size_t)limit, &arena, &rows, &n, fault);
	json_t *list = json_array();
	for (size_t i = 0; ok && i < n; i++) {
		if (options->json)
			json_array_append_new(list, row_json(&rows[i]));
		else
			print_row(&rows[i]);
	}
	if (ok && options->json)
		print_json(json_incref(list));
	else if (ok && n == 0)
		printf("%s\n", _("Nothing waits, and nothing was given up."));
	json_decref(list);
	arena_clear(&arena);
	db_close(&db);
	return ok;
}

/* ---- resend ------------------------------------------------------------------- */

static bool resend(struct options *options, struct args *args, struct fault *fault)
{
	enum { MOST = 1000 };
	int64_t ids[MOST];
	size_t n = 0, n_done;
	bool all = args_flag(args, "--all");
	const char *word;
	char user[64];
	struct store *store;
	while ((word = args_next(args)) != NULL) {
		if (n == MOST || !text_to_int(word, 1, INT64_MAX, &ids[n++]))
			return fault_set(fault, FAULT_USAGE, "%s", _("notify resend needs numbers of given up messages, as notify list shows them, 1000 at most; or --all"));
	}
	if (!args_finish(args, fault) || cli_only_looks(options, fault))
		return false;
	if ((n == 0) != all)
		return fault_set(fault, FAULT_USAGE, "%s", _("notify resend needs numbers of given up messages, as notify list shows them, 1000 at most; or --all"));
	if (!store_open(options->store, &store, fault))
		return false;
	desk_os_user(user, sizeof user);
	bool ok = outbox_resend(store, ids, n, user, clock_real_ms(), &n_done, fault);
	store_close(store);
	if (ok && n_done < n)
		ok = fault_set(fault, FAULT_NOT_FOUND, _("%zu of %zu wait again; the others were not given up"), n_done, n);
	if (ok && options->json)
		print_json(json_pack("{s:I}", "waiting", (json_int_t)n_done));
	else if (ok)
		printf(ngettext("%zu message waits to be sent again\n", "%zu messages wait to be sent again\n", (unsigned long)n_done), n_done);
	return ok;
}

int cli_notify(struct options *options, struct args *args)
{
	static const struct {
		const char *name;
		bool (*run)(struct options *, struct args *, struct fault *);
	} verbs[] = { { "list", list }, { "test", test }, { "resend", resend } };
	struct fault fault = { 0 };
	const char *valued[] = { "--limit" }, *verb = args_first(args, valued, COUNT_OF(valued));
	for (size_t i = 0; i < COUNT_OF(verbs); i++) {
		if (strcmp(verb == NULL ? "list" : verb, verbs[i].name) == 0)
			return verbs[i].run(options, args, &fault) ? EXIT_DONE : cli_fail(&fault);
	}
	return cli_fail((fault_set(&fault, FAULT_USAGE, "%s", _("notify knows list, test and resend")), &fault));
}
