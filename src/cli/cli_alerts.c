/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/iso_time.h"
#include "base/mem.h"
#include "cli/cli.h"
#include "cli/print.h"
#include "store/alert_rows.h"
#include "store/migrate.h"
#include "ui/format.h"
#include "ui/step_words.h"
#include "watch/desk.h"

#define SHOWN_MAX 100
#define ORDER_NAME(id, name, column, is_text, ascending) ", " name

static json_t *full_alert(struct db *db, const struct alert *alert, struct arena *arena, struct fault *fault)
{
	const char **ids;
	size_t n;
	return query_report_ids(db, alert->id, arena, &ids, &n, fault) ? json_alert(alert, ids, n) : NULL;
}

static bool list(struct options *options, struct args *args, struct fault *fault)
{
	struct alert_query query = { .closed_too = args_flag(args, "--all"), .silenced = args_flag(args, "--silenced"), .only_gone = args_flag(args, "--deleted") };
	const char *limit_text = args_value(args, "--limit"), *given = args_value(args, "--filter"), *order = args_value(args, "--sort");
	int64_t limit = options->json ? 100000 : 100;
	char user[64];
	struct db db;
	struct arena arena;
	struct alert_list found;
	if (limit_text != NULL && !text_to_int(limit_text, 1, 100000, &limit))
		return fault_set(fault, FAULT_USAGE, _("--limit is a number from 1 to 100000"));
	if (order != NULL && !alert_order_named(order, &query.order))
		return fault_set(fault, FAULT_USAGE, _("--sort is one of: %s"), &(ALERT_ORDERS(ORDER_NAME))[2]);
	query.without_gone = !query.only_gone;
	query.limit = (size_t)limit;
	query.reasons = options->json;
	char *filter = args_finish(args, fault) ? cli_filter(options, FILTER_ALERTS, given, fault) : NULL;
	query.filter = filter;
	query.now_ms = clock_now_ms(&options->clock);
	if (filter == NULL || !store_open_read(options->store, &db, fault)) {
		free(filter);
		return false;
	}
	arena_init(&arena);
	desk_os_user(user, sizeof user);
	bool ok = query_alerts(&db, &query, user, &arena, &found, fault);
	bool es = strcmp(i18n_language(), "es") == 0;
	if (ok && print_headed(options->json))
		printf("%s %s %s  %s  %s %s  %s %s %s\n", CELL(_("alert"), 7), CELL(_("level"), 8), CELL(_("pts"), 3), CELL(_("time"), 19), CELL(_("state"), 11),
		    CELL(_("hits"), 4), CELL(_("who"), 24), CELL(_("site"), 20), _("what"));
	json_t *rows = json_array();
	for (size_t i = 0; ok && i < found.n; i++) {
		const struct alert *a = &found.items[i];
		char when[ISO_TIME_BYTES];
		if (options->json) {
			json_t *row = full_alert(&db, a, &arena, fault);
			ok = row != NULL && json_array_append_new(rows, row) == 0;
		} else {
			printf("#%-6lld %s %3d  %.19s  %s %4lld  %s %s %s\n", (long long)a->id, CELL(severity_word(a->severity), 8),
			    a->score, iso_time_format(a->last_ms, when), CELL(state_word(a->state), 11), (long long)a->count, CELL(a->subject_name, 24),
			    CELL(a->location, 20), es ? a->title_es : a->title_en);
		}
	}
	if (ok && options->json)
		print_json(rows);
	else
		json_decref(rows);
	arena_clear(&arena);
	db_close(&db);
	free(filter);
	return ok;
}

static void print_detail(const struct alert_detail *d)
{
	bool es = strcmp(i18n_language(), "es") == 0;
	const struct alert *a = &d->alert;
	char when[ISO_TIME_BYTES];
	printf("#%lld  %s %d  %s  %s\n%s\n%s  %s\n\n", (long long)a->id, severity_word(a->severity), a->score,
	    state_word(a->state), a->assignee, es ? a->title_es : a->title_en, a->subject_name, a->location);
	if (*a->tags != '\0')
		printf(_("  tags: %s\n"), a->tags);
	for (size_t i = 0; i < a->n_reasons; i++) {
		char points[16] = "   \u00B7"; /* the score was at its end */
		if (a->reasons[i].points != 0)
			snprintf(points, sizeof points, "%+4d", a->reasons[i].points);
		printf("  %s  %s\n", points, es ? a->reasons[i].text_es : a->reasons[i].text_en);
	}
	if (a->silence_until_ms > clock_real_ms())
		printf(_("\n  alerts like it are silenced until %.16s; %lld findings kept back so far\n"), iso_time_format(a->silence_until_ms, when),
		    (long long)a->kept_back);
	if (d->n_duplicates_all > 0)
		printf(_("\n  %lld duplicates: %lld records with theirs\n"), (long long)d->n_duplicates_all, (long long)a->count + (long long)d->duplicate_records);
	puts("");
	for (size_t i = 0; i < d->n_events; i++)
		printf("  %.19s  %s %s %s > %s  %s\n", iso_time_format(d->events[i].at_ms, when), CELL(d->events[i].who, 12),
		    CELL(act_word(d->events[i].act), 12), value_word(d->events[i].before), value_word(d->events[i].after), event_note(&d->events[i]));
	puts("");
	for (size_t i = 0; i < d->n_legs; i++)
		printf("  %.19s  %s > %s %5d s  %s\n", iso_time_format(d->legs[i].start_ms, when), CELL(d->legs[i].calling, 20),
		    CELL(d->legs[i].called, 20), d->legs[i].duration_s, d->legs[i].report_id);
}

static json_t *detail_json(struct options *options, struct db *db, const struct alert_detail *detail, struct arena *arena, struct fault *fault)
{
	json_t *row = full_alert(db, &detail->alert, arena, fault), *events = json_array(), *duplicates = json_array();
	for (size_t i = 0; i < detail->n_events; i++)
		json_array_append_new(events, json_event(&detail->events[i]));
	for (size_t i = 0; i < detail->n_duplicates; i++)
		json_array_append_new(duplicates, json_integer(detail->duplicates[i].id));
	if (row != NULL) {
		json_object_set_new(row, "seen_before", json_earlier(detail->seen_before, detail->n_seen_before));
		json_object_set_new(row, "same_subject", json_earlier(detail->same_subject, detail->n_same_subject));
		json_object_set_new(row, "same_number", json_earlier(detail->same_number, detail->n_same_number));
		json_object_set_new(row, "playbook", cli_playbook(options, detail, arena));
		json_object_set(row, "duplicates", duplicates);
		json_object_set_new(row, "count_with_duplicates", json_integer(detail->alert.count + detail->duplicate_records));
		json_object_set(row, "timeline", events);
	}
	json_decref(events);
	json_decref(duplicates);
	return row;
}

/* One after another; of several the JSON is a list. */
static bool show(struct options *options, struct args *args, struct fault *fault)
{
	int64_t ids[SHOWN_MAX];
	size_t n = 0;
	struct db db;
	for (const char *text; (text = args_next(args)) != NULL; n++)
		if (n == SHOWN_MAX || !text_to_int(text + (*text == '#'), 1, INT64_MAX, &ids[n]))
			return fault_set(fault, FAULT_USAGE, _("alerts show needs the number of an alert"));
	if (n == 0)
		return fault_set(fault, FAULT_USAGE, _("alerts show needs the number of an alert"));
	if (!args_finish(args, fault) || !store_open_read(options->store, &db, fault))
		return false;
	json_t *rows = json_array();
	bool ok = true;
	if (!options->json)
		cli_step_words(options);
	for (size_t i = 0; ok && i < n; i++) {
		struct arena arena;
		struct alert_detail detail;
		arena_init(&arena);
		ok = query_alert(&db, ids[i], &arena, &detail, fault);
		if (ok && options->json) {
			json_t *row = detail_json(options, &db, &detail, &arena, fault);
			ok = row != NULL && json_array_append_new(rows, row) == 0;
		} else if (ok) {
			if (i > 0)
				puts("");
			print_detail(&detail);
		}
		arena_clear(&arena);
	}
	if (ok && options->json)
		print_json(json_incref(n == 1 ? json_array_get(rows, 0) : rows));
	step_words_clear();
	json_decref(rows);
	db_close(&db);
	return ok;
}

int cli_alerts(struct options *options, struct args *args)
{
	struct fault fault = { 0 };
	/* Options with a value come first, or their value would be a word. */
	static const char *const valued[] = { "--filter", "--limit", "--sort", "--resolution", "--for", "--note", "--reason", "--to", "--title", "--subject", "--severity", "--site" };
	const char *verb = args_first(args, valued, COUNT_OF(valued));
	enum triage_act what;
	bool ok;
	if (verb == NULL || strcmp(verb, "list") == 0)
		ok = list(options, args, &fault);
	else if (strcmp(verb, "show") == 0)
		ok = show(options, args, &fault);
	else if (strcmp(verb, "new") == 0)
		ok = cli_new_alert(options, args, &fault);
	else if (strcmp(verb, "tick") == 0 || strcmp(verb, "untick") == 0)
		ok = cli_tick(options, *verb == 't', args, &fault);
	else if (triage_act_named(verb, &what))
		ok = cli_triage(options, what, args, &fault);
	else
		ok = fault_set(&fault, FAULT_USAGE, _("alerts knows list, show, new, claim, ack, assign, release, note, snooze, wake, escalate, close, reopen, silence, unsilence, tag, link, unlink, merge, tick, untick"));
	return ok ? EXIT_DONE : cli_fail(&fault);
}
