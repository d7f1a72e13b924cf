/* SPDX-License-Identifier: Apache-2.0
 *
 * `silences`: what is silent, what that hides, and beginning and ending one. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/iso_time.h"
#include "cli/cli.h"
#include "cli/print.h"
#include "filter/silence_scope.h"
#include "store/migrate.h"
#include "store/silence_rows.h"
#include "ui/format.h"
#include "ui/panes/silence_parts.h"
#include "watch/desk.h"
#include "watch/exceptions.h"

#define REF_WANTED N_("silences %s needs a silence: s3, m4, a12, z12 or e12, as the list names them")

/* The wall's clock; event time's where that is ahead. */
static int64_t now_of(struct options *options)
{
	return MAX(clock_real_ms(), clock_now_ms(&options->clock));
}

/* What is silent, exceptions too. */
static bool ask_all(struct options *options, struct db *db, bool over, struct arena *arena, struct silence_list *out, struct fault *fault)
{
	struct judge_options rules = cli_judge_options(options);
	struct exceptions exceptions = { 0 };
	bool ok = query_silences(db, now_of(options), over, arena, out, fault) && exceptions_add(&exceptions, &rules, db, now_of(options), arena, out, fault);
	exceptions_clear(&exceptions);
	return ok;
}

const char *cli_silence_scope(const struct silence_row *row, char out[static LONG_BYTES])
{
	if (row->kind == SILENCE_EXCEPTION)
		return in_language(row->title_en, row->title_es);
	if (row->filter[0] != '\0' || row->title_en[0] == '\0')
		return row->filter;
	snprintf(out, LONG_BYTES, "%s \u00B7 %s", row->subject_name, in_language(row->title_en, row->title_es));
	return out;
}

static void print_row(const struct silence_row *row)
{
	char ref[SILENCE_REF_BYTES], until[ISO_TIME_BYTES], scope[LONG_BYTES], begin[ISO_TIME_BYTES];
	printf("%-6s %s %-16.16s  %5lld  %s %s %s\n", silence_ref(row->kind, row->id, ref), CELL(in_language(silence_kind_name(row->kind), silence_word(row->kind)), 20), row->until_ms == SILENCE_NEVER_ENDS ? "-" : iso_time_format(row->until_ms, until),
	    (long long)row->hits, CELL(row->owner, 12), CELL(cli_silence_scope(row, scope), 44), CELL(row->kind == SILENCE_EXCEPTION ? row->file : row->reason, 30));
	if (*row->broken != '\0')
		printf(_("       broken, keeps back nothing: %s\n"), row->broken);
	if (row->kind == SILENCE_MAINTENANCE)
		printf(_("       planned from %.16s on\n"), iso_time_format(row->begin_ms, begin));
}

static bool list(struct options *options, struct args *args, struct fault *fault)
{
	bool over = args_flag(args, "--all"), ok;
	struct db db;
	struct arena arena;
	struct silence_list found;
	if (!args_finish(args, fault) || !store_open_read(options->store, &db, fault))
		return false;
	arena_init(&arena);
	ok = ask_all(options, &db, over, &arena, &found, fault);
	json_t *rows = json_array();
	for (size_t i = 0; ok && i < found.n; i++) {
		if (options->json)
			json_array_append_new(rows, json_silence(&found.items[i]));
		else
			print_row(&found.items[i]);
	}
	if (ok && options->json)
		print_json(json_incref(rows));
	else if (ok && found.n == 0)
		printf("%s\n", _("Nothing is silent."));
	json_decref(rows);
	arena_clear(&arena);
	db_close(&db);
	return ok;
}

static bool take_ref(struct args *args, const char *verb, enum silence_kind *kind, int64_t *id, struct fault *fault)
{
	const char *text = args_next(args);
	return (text != NULL && silence_ref_read(text, kind, id)) || fault_set(fault, FAULT_USAGE, _(REF_WANTED), verb);
}

static bool show_exception(struct options *options, struct db *db, int64_t id, struct arena *arena, struct kept_list *out, struct fault *fault)
{
	struct silence_list all;
	char ref[SILENCE_REF_BYTES];
	if (!ask_all(options, db, false, arena, &all, fault))
		return false;
	*out = (struct kept_list){ 0 };
	for (size_t i = 0; i < all.n; i++) {
		if (all.items[i].kind == SILENCE_EXCEPTION && all.items[i].id == id) {
			out->silence = all.items[i];
			return true;
		}
	}
	return fault_set(fault, FAULT_NOT_FOUND, _("there is no silence %s"), silence_ref(SILENCE_EXCEPTION, id, ref));
}

static bool show(struct options *options, struct args *args, struct fault *fault)
{
	enum silence_kind kind;
	int64_t id;
	struct db db;
	struct arena arena;
	struct kept_list kept;
	if (!take_ref(args, "show", &kind, &id, fault) || !args_finish(args, fault) || !store_open_read(options->store, &db, fault))
		return false;
	arena_init(&arena);
	bool ok = kind == SILENCE_EXCEPTION ? show_exception(options, &db, id, &arena, &kept, fault) : query_kept_back(&db, kind, id, now_of(options), &arena, &kept, fault);
	json_t *hidden = json_array();
	if (ok && !options->json)
		print_row(&kept.silence);
	for (size_t i = 0; ok && i < kept.n; i++) {
		const struct kept_row *row = &kept.items[i];
		char when[ISO_TIME_BYTES];
		if (options->json)
			json_array_append_new(hidden, json_kept(row));
		else
			printf("  %.19s  %-8s %3d %4lld  %s %s %s\n", iso_time_format(row->last_ms, when), severity_name(row->severity), row->score, (long long)row->n,
			    CELL(row->subject_name, 24), CELL(row->location, 20), in_language(row->title_en, row->title_es));
	}
	if (ok && options->json) {
		json_t *out = json_silence(&kept.silence);
		json_object_set(out, "hidden", hidden);
		print_json(out);
	}
	json_decref(hidden);
	arena_clear(&arena);
	db_close(&db);
	return ok;
}

static json_t *preview_json(const struct silence_preview *p)
{
	return json_pack("{s:i, s:I, s:I, s:I, s:I, s:I, s:I, s:o}", "days", p->days, "alerts", (json_int_t)p->n_all, "kept_back", (json_int_t)p->n, "true_positive",
	    (json_int_t)p->n_true, "false_or_legitimate", (json_int_t)p->n_false, "open", (json_int_t)p->n_open, "critical_not_silenced", (json_int_t)p->n_critical,
	    "highest", p->n > 0 ? json_string(severity_name(p->worst)) : json_null());
}

static void print_preview(const struct silence_preview *p)
{
	printf(_("In the last %d days it would have kept back %lld of %lld alerts: %lld true, %lld false or legitimate, %lld open"), p->days, (long long)p->n,
	    (long long)p->n_all, (long long)p->n_true, (long long)p->n_false, (long long)p->n_open);
	if (p->n > 0)
		printf(_("; the highest %s"), value_word(severity_name(p->worst)));
	puts(".");
	if (p->n_critical > 0)
		printf(ngettext("%lld critical one passes, too: it is raised all the same.\n", "%lld critical ones pass, too: they are raised all the same.\n",
			   (unsigned long)p->n_critical),
		    (long long)p->n_critical);
}

static bool preview(struct options *options, struct db *db, const char *filter, struct silence_preview *out, struct fault *fault)
{
	struct arena arena;
	arena_init(&arena);
	bool ok = query_silence_preview(db, filter, clock_now_ms(&options->clock), &arena, out, fault);
	arena_clear(&arena); /* the numbers are what is told */
	return ok;
}

/* NULL: it is none, and the fault says why. Free it. */
static char *scope_given(struct options *options, const char *given, struct fault *fault)
{
	char *source = cli_filter(options, FILTER_ALERTS, given, fault);
	struct filter filter;
	if (source != NULL && silence_scope_read(source, strlen(source), clock_now_ms(&options->clock), NULL, &filter, NULL, fault, NULL)) {
		filter_clear(&filter);
		return source;
	}
	free(source);
	return NULL;
}

static bool try_scope(struct options *options, struct args *args, struct fault *fault)
{
	const char *given = args_value(args, "--filter");
	struct silence_preview p;
	struct db db;
	char *scope = args_finish(args, fault) ? scope_given(options, given, fault) : NULL;
	bool ok = scope != NULL && store_open_read(options->store, &db, fault);
	if (ok) {
		ok = preview(options, &db, scope, &p, fault);
		db_close(&db);
	}
	if (ok && options->json)
		print_json(preview_json(&p));
	else if (ok)
		print_preview(&p);
	free(scope);
	return ok;
}

/* "2026-12-01T22:00Z", or in so long. */
static bool read_begin(const char *text, int64_t now_ms, int64_t *out, struct fault *fault)
{
	int64_t in_ms;
	*out = 0;
	if (text == NULL)
		return true;
	if (text[0] == '+' && text_to_duration_ms(text + 1, &in_ms)) {
		*out = now_ms + in_ms;
		return true;
	}
	return iso_time_parse(text, strlen(text), out) || fault_set(fault, FAULT_USAGE, "%s", _("--from is a time (2026-12-01T22:00:00Z) or in how long (+2h)"));
}

static bool add(struct options *options, struct args *args, struct fault *fault)
{
	const char *given = args_value(args, "--filter"), *reason = args_value(args, "--reason"), *lasts = args_value(args, "--for"), *from = args_value(args, "--from");
	char user[64], ref[SILENCE_REF_BYTES], until[ISO_TIME_BYTES];
	int64_t for_ms, begin_ms, id;
	struct silence_preview p;
	struct store *store;
	desk_os_user(user, sizeof user);
	struct silence_order order = { .kind = from != NULL ? SILENCE_MAINTENANCE : SILENCE_FILTER, .reason = reason, .who = user, .now_ms = clock_real_ms() };
	if (!args_finish(args, fault) || cli_only_looks(options, fault) || !read_begin(from, order.now_ms, &begin_ms, fault))
		return false;
	if (lasts == NULL || !text_to_duration_ms(lasts, &for_ms) || for_ms <= 0 || for_ms > SILENCE_LONGEST_MS)
		return fault_set(fault, FAULT_USAGE, "%s", _("silences add needs --for, how long: 1h, 8h, 7d, at most 30d"));
	order.begin_ms = begin_ms;
	order.until_ms = (begin_ms > 0 ? begin_ms : order.now_ms) + for_ms;
	char *scope = scope_given(options, given, fault);
	order.filter = scope;
	bool ok = scope != NULL && silence_check(reason, order.begin_ms, order.until_ms, order.now_ms, fault) && store_open(options->store, &store, fault);
	if (ok) {
		ok = preview(options, &store->db, scope, &p, fault) && store_silence_begin(store, &order, &id, fault);
		store_close(store);
	}
	if (ok && options->json) {
		print_json(json_pack("{s:s, s:o, s:o}", "id", silence_ref(order.kind, id, ref), "until", json_time(order.until_ms), "preview", preview_json(&p)));
	} else if (ok) {
		print_preview(&p);
		printf(_("silence %s until %.16s\n"), silence_ref(order.kind, id, ref), iso_time_format(order.until_ms, until));
	}
	free(scope);
	return ok;
}

static bool exception_ends(struct options *options, struct store *store, int64_t id, const char *who, int64_t until_ms, int64_t now_ms, int64_t *kept, struct fault *fault)
{
	struct judge_options rules = cli_judge_options(options);
	struct exception_order order = { id, who, until_ms, now_ms };
	return exception_until(store, &rules, &order, kept, NULL, fault);
}

static bool end(struct options *options, struct args *args, struct fault *fault)
{
	enum silence_kind kind;
	char user[64];
	int64_t id, kept = 0;
	struct store *store;
	desk_os_user(user, sizeof user);
	if (!take_ref(args, "end", &kind, &id, fault) || !args_finish(args, fault) || cli_only_looks(options, fault) || !store_open(options->store, &store, fault))
		return false;
	int64_t now_ms = clock_real_ms();
	bool ok = kind == SILENCE_EXCEPTION ? exception_ends(options, store, id, user, now_ms, now_ms, &kept, fault) :
					      store_silence_end(store, kind, id, user, now_ms, &kept, NULL, fault);
	store_close(store);
	if (ok && options->json)
		print_json(json_pack("{s:b, s:I}", "ended", true, "kept_back", (json_int_t)kept));
	else if (ok)
		printf(ngettext("ended; it kept back %lld finding\n", "ended; it kept back %lld findings\n", (unsigned long)kept), (long long)kept);
	return ok;
}

static bool extend(struct options *options, struct args *args, struct fault *fault)
{
	const char *lasts = args_value(args, "--for");
	enum silence_kind kind;
	char user[64], until[ISO_TIME_BYTES];
	int64_t id, for_ms = 0, now_ms = clock_real_ms();
	struct store *store;
	desk_os_user(user, sizeof user);
	if (!take_ref(args, "extend", &kind, &id, fault) || !args_finish(args, fault) || cli_only_looks(options, fault))
		return false;
	if (lasts == NULL || !text_to_duration_ms(lasts, &for_ms) || for_ms <= 0 || for_ms > SILENCE_LONGEST_MS)
		return fault_set(fault, FAULT_USAGE, "%s", _("silences extend needs --for, how long from now on: at most 30d"));
	if (!store_open(options->store, &store, fault))
		return false;
	int64_t kept;
	bool ok = kind == SILENCE_EXCEPTION ? exception_ends(options, store, id, user, now_ms + for_ms, now_ms, &kept, fault) :
					      store_silence_extend(store, kind, id, user, now_ms + for_ms, now_ms, NULL, fault);
	store_close(store);
	if (ok && options->json)
		print_json(json_pack("{s:o}", "until", json_time(now_ms + for_ms)));
	else if (ok)
		printf(_("until %.16s\n"), iso_time_format(now_ms + for_ms, until));
	return ok;
}

int cli_silences(struct options *options, struct args *args)
{
	static const char *const valued[] = { "--filter", "--reason", "--for", "--from" };
	static const struct {
		const char *verb;
		bool (*run)(struct options *, struct args *, struct fault *);
	} verbs[] = { { "list", list }, { "show", show }, { "try", try_scope }, { "add", add }, { "end", end }, { "extend", extend } };
	struct fault fault = { 0 };
	const char *verb = args_first(args, valued, COUNT_OF(valued));
	for (size_t i = 0; i < COUNT_OF(verbs); i++) {
		if (verb == NULL || strcmp(verb, verbs[i].verb) == 0)
			return verbs[i].run(options, args, &fault) ? EXIT_DONE : cli_fail(&fault);
	}
	fault_fill(&fault, FAULT_USAGE, "%s", _("silences knows list, show, try, add, end, extend"));
	return cli_fail(&fault);
}
