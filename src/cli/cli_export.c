/* SPDX-License-Identifier: Apache-2.0
 *
 * export: all calls, records or alerts for other programs, oldest first, a
 * line each. What is printed is forgotten, so a store of any size will do. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/iso_time.h"
#include "base/mem.h"
#include "cli/cli.h"
#include "cli/print.h"
#include "cli/redact.h"
#include "store/migrate.h"
#include "store/query_parts.h"
#include "store/request_rows.h"

enum { PAGE = 500, KEY_BITS = 20 };

struct export {
	struct db db;
	struct arena arena; /* of one page */
	struct text line;
	const char *filter;
	int64_t since_ms; /* 0: from the beginning */
	bool csv, redact;
	int64_t n, n_without_record;
	struct fault fault;
};

bool cli_since(const char *text, int64_t now_ms, int64_t *out, struct fault *fault)
{
	return iso_time_since(text, now_ms, out) ||
	    fault_set(fault, FAULT_USAGE, "%s", _("--since is a duration (24h, 30d) or a time (2026-10-05, 2026-10-05T09:00Z)"));
}

/* ---- lines -------------------------------------------------------------------- */

static bool put_line(struct export *x)
{
	if (x->csv && x->line.n > 0) /* the comma behind the last cell */
		x->line.n--;
	text_putc(&x->line, '\n');
	bool ok = fwrite(x->line.bytes, 1, x->line.n, stdout) == x->line.n;
	text_reset(&x->line);
	x->n++;
	return ok || fault_set(&x->fault, FAULT_SYSTEM, _("cannot write: %s"), strerror(errno));
}

static bool put_object(struct export *x, json_t *object)
{
	char *text = json_dumps(object, JSON_COMPACT);
	json_decref(object);
	if (text == NULL)
		return fault_set(&x->fault, FAULT_STORE, _("a row cannot be written as JSON"));
	json_tame(&x->line, text, strlen(text));
	free(text);
	return put_line(x);
}

/* A name such as "=cmd()" is a formula to a spreadsheet; a number such as
 * "+57 601" must stay one. */
static bool is_formula(const char *cell)
{
	if (*cell == '=' || *cell == '@')
		return true;
	return (*cell == '+' || *cell == '-') && cell[1 + strspn(cell + 1, "0123456789. ")] != '\0';
}

static void cell_text(struct text *line, const char *cell)
{
	bool formula = is_formula(cell);
	if (!formula && strpbrk(cell, ",\"\r\n") == NULL) {
		text_printf(line, "%s,", cell);
		return;
	}
	text_puts(line, formula ? "\"'" : "\"");
	for (const char *c = cell; *c != '\0'; c++) {
		if (*c == '"')
			text_putc(line, '"');
		text_putc(line, *c);
	}
	text_puts(line, "\",");
}

static void cell_int(struct text *line, int64_t value)
{
	char digits[24];
	snprintf(digits, sizeof digits, "%lld", (long long)value);
	cell_text(line, digits);
}

static void cell_money(struct text *line, int64_t micro)
{
	char digits[32];
	snprintf(digits, sizeof digits, "%.6f", (double)micro / 1e6);
	cell_text(line, digits);
}

static void cell_time(struct text *line, int64_t ms)
{
	char iso[ISO_TIME_BYTES];
	cell_text(line, ms == 0 ? "" : iso_time_format(ms, iso));
}

static void cell_flag(struct text *line, bool value)
{
	cell_text(line, value ? "true" : "false");
}

/* ---- calls -------------------------------------------------------------------- */

static bool put_call(struct export *x, const struct call *c)
{
	struct text *line = &x->line;
	if (!x->csv)
		return put_object(x, json_call(c));
	cell_int(line, c->id);
	cell_int(line, c->journey_id);
	cell_text(line, c->correlation_id);
	cell_time(line, c->start_ms);
	cell_time(line, c->end_ms);
	cell_text(line, call_direction_name(c->direction));
	cell_int(line, c->talk_s);
	cell_int(line, c->ring_s);
	cell_int(line, c->n_legs);
	cell_text(line, c->user_uuid);
	cell_text(line, c->user_name);
	cell_text(line, c->user_number);
	cell_text(line, c->location);
	cell_text(line, c->far_number);
	cell_text(line, c->far_name);
	cell_text(line, c->country);
	cell_text(line, number_class_name(c->class));
	cell_text(line, risk_tier_name(c->tier));
	cell_text(line, c->call_type);
	cell_text(line, c->trunk);
	cell_flag(line, c->flags & CALL_ANSWERED);
	cell_flag(line, c->flags & CALL_FORWARDED);
	cell_flag(line, c->flags & CALL_TRANSFERRED);
	cell_flag(line, c->flags & CALL_LOOK_ALIKE);
	cell_money(line, c->cost_micro);
	return put_line(x);
}

#define CALL_HEADER                                                                       \
	"id,journey_id,correlation_id,start_time,end_time,direction,talk_s,ring_s,legs,"  \
	"user_id,user_name,user_number,location,far_number,far_name,country,class,tier,"  \
	"call_type,trunk,answered,forwarded,transferred,look_alike,cost_usd"

static bool put_leg(struct export *x, const struct leg_row *l);

static bool put_legs(struct export *x, const struct call *c)
{
	struct leg_row *legs;
	size_t n;
	struct arena arena;
	arena_init(&arena);
	bool ok = query_call_legs(&x->db, c, &arena, &legs, &n, &x->fault);
	for (size_t i = 0; ok && i < n; i++) {
		if (x->redact)
			redact_leg(&legs[i], &arena);
		ok = put_leg(x, &legs[i]);
	}
	arena_clear(&arena);
	return ok;
}

static bool export_calls(struct export *x, int64_t now_ms, bool legs)
{
	struct call_query query = { .filter = x->filter, .now_ms = now_ms, .limit = PAGE, .oldest_first = true,
		.after_id = x->since_ms == 0 ? 0 : (x->since_ms << KEY_BITS) - 1 };
	struct call_list list = { .more = true };
	bool ok = true;
	while (ok && list.more) {
		arena_init(&x->arena);
		ok = query_calls(&x->db, &query, &x->arena, &list, &x->fault);
		for (size_t i = 0; ok && i < list.n; i++) {
			query.after_id = list.items[i].id;
			if (x->redact)
				redact_call(&list.items[i], &x->arena);
			ok = legs ? put_legs(x, &list.items[i]) : put_call(x, &list.items[i]);
		}
		arena_clear(&x->arena);
	}
	return ok;
}

/* ---- legs --------------------------------------------------------------------- */

#define LEG_HEADER                                                                           \
	"report_id,call_id,start_time,answer_time,release_time,report_time,duration_s,"      \
	"ring_s,direction,answered,user_id,user_name,user_type,user_number,location,"        \
	"calling,called,dialed,call_type,client_type,outcome,outcome_reason,redirect_reason," \
	"related_reason,redirecting_number,inbound_trunk,outbound_trunk,local_call_id,"      \
	"remote_call_id,related_call_id,transfer_call_id,device_mac,caller_name,called_name"

/* A record that is stricter read than it was written (a lone surrogate, broken
 * UTF-8): the bytes as they came, on one line, without what a terminal obeys.
 * Control bytes stand between its members only: the decoder saw to that. */
static bool put_raw(struct export *x, const char *raw, size_t n)
{
	size_t from = x->line.n;
	json_tame(&x->line, raw, n);
	char *end = x->line.bytes + x->line.n;
	for (char *p = x->line.bytes + from; p < end;) {
		uint32_t point;
		size_t length = utf8_decode(p, (size_t)(end - p), &point);
		unsigned char byte = (unsigned char)*p;
		if (byte < 0x20)
			*p = ' ';
		else if (length == 1 && byte >= 0x80 && byte < 0xA0)
			*p = '?'; /* no character, but a control of terminals with eight bits */
		p += MAX(length, (size_t)1);
	}
	return put_line(x);
}

static bool put_leg(struct export *x, const struct leg_row *l)
{
	struct text *line = &x->line;
	if (!x->csv) {
		/* As Webex sent it, so that `import` takes it back. */
		const char *raw;
		size_t n;
		struct fault fault;
		struct arena arena;
		arena_init(&arena);
		bool kept = query_raw(&x->db, l->leg_id, &arena, &raw, &n, &fault), ok = true;
		if (kept) {
			json_auto_t *record = NULL;
			struct fault ignored;
			if (json_parse(raw, n, &record, &ignored)) {
				if (x->redact)
					redact_record(record);
				ok = put_object(x, json_incref(record));
			} else if (x->redact) {
				json_t *redacted = redact_unruly_record(raw, n);
				if (redacted != NULL)
					ok = put_object(x, redacted);
				else
					ok = fault_set(&x->fault, FAULT_INPUT, _("record %s cannot be read, and so not redacted; export it without --redact"), l->report_id);
			} else {
				ok = put_raw(x, raw, n);
			}
		} else if (fault.code == FAULT_NOT_FOUND) {
			x->n_without_record++;
		} else {
			x->fault = fault;
			ok = false;
		}
		arena_clear(&arena);
		return ok;
	}
	const char *const texts[] = { l->user_uuid, l->user_name, l->user_type, l->user_number, l->location, l->calling,
		l->called, l->dialed, l->call_type, l->client_type, l->outcome, l->outcome_reason, l->redirect_reason,
		l->related_reason, l->redirecting_number, l->inbound_trunk, l->outbound_trunk, l->local_call_id,
		l->remote_call_id, l->related_call_id, l->transfer_call_id, l->device_mac, l->caller_name, l->called_name };
	cell_text(line, l->report_id);
	cell_int(line, l->call_id);
	cell_time(line, l->start_ms);
	cell_time(line, l->answer_ms);
	cell_time(line, l->release_ms);
	cell_time(line, l->report_ms);
	cell_int(line, l->duration_s);
	cell_int(line, l->ring_s);
	cell_text(line, l->originating ? "ORIGINATING" : "TERMINATING");
	cell_flag(line, l->answered);
	for (size_t i = 0; i < COUNT_OF(texts); i++)
		cell_text(line, texts[i]);
	return put_line(x);
}

/* ---- alerts ------------------------------------------------------------------- */

#define ALERT_HEADER                                                                      \
	"id,rule,title,severity,score,state,resolution,subject_kind,subject_id,"          \
	"subject_name,location,first_time,last_time,raised_time,acknowledged_time,"       \
	"closed_time,count,cost_usd,cost_per_hour_usd,assignee,notes"

static bool put_alert(struct export *x, int64_t id)
{
	struct alert_detail detail;
	const char **ids;
	size_t n;
	struct text *line = &x->line;
	const struct alert *a = &detail.alert;
	if (!query_alert(&x->db, id, &x->arena, &detail, &x->fault))
		return false;
	if (!x->csv) {
		if (!query_report_ids(&x->db, id, &x->arena, &ids, &n, &x->fault))
			return false;
		json_t *object = json_alert(a, ids, n);
		if (x->redact)
			redact_alert(object);
		return put_object(x, object);
	}
	if (x->redact) {
		detail.alert.subject_id = redact_text(a->subject_id, &x->arena);
		detail.alert.subject_name = redact_text(a->subject_name, &x->arena);
	}
	cell_int(line, a->id);
	cell_text(line, a->rule);
	cell_text(line, strcmp(i18n_language(), "es") == 0 ? a->title_es : a->title_en);
	cell_text(line, severity_name(a->severity));
	cell_int(line, a->score);
	cell_text(line, alert_state_name(a->state));
	cell_text(line, resolution_name(a->resolution));
	cell_text(line, subject_kind_name(a->subject_kind));
	cell_text(line, a->subject_id);
	cell_text(line, a->subject_name);
	cell_text(line, a->location);
	cell_time(line, a->first_ms);
	cell_time(line, a->last_ms);
	cell_time(line, a->raised_ms);
	cell_time(line, a->acknowledged_ms);
	cell_time(line, a->closed_ms);
	cell_int(line, a->count);
	cell_money(line, a->cost_micro);
	cell_money(line, a->cost_per_hour_micro);
	cell_text(line, a->assignee);
	cell_int(line, a->n_notes);
	return put_line(x);
}

static bool export_alerts(struct export *x, int64_t now_ms)
{
	struct filter_sql filter;
	struct statement *st = NULL;
	struct text sql = { 0 };
	if (!filter_sql_read(FILTER_ALERTS, x->filter == NULL ? "" : x->filter, 1, now_ms, &filter, &x->fault))
		return false;
	text_printf(&sql, "SELECT id FROM alerts WHERE (%s) AND last_ms >= %lld AND " NOT_TAKEN("id") " ORDER BY id", text_string(&filter.sql), (long long)x->since_ms);
	bool ok = query_prepare(&x->db, text_string(&sql), &filter, &st, &x->fault);
	enum step step = STEP_DONE;
	while (ok && (step = db_step(&x->db, st, &x->fault)) == STEP_ROW) {
		arena_init(&x->arena);
		ok = put_alert(x, db_int(&x->db, st, 0));
		arena_clear(&x->arena);
	}
	if (st != NULL)
		x->db.engine->finish(st);
	text_clear(&sql);
	filter_sql_clear(&filter);
	return ok && step == STEP_DONE;
}

/* ---- command ------------------------------------------------------------------ */

int cli_export(struct options *options, struct args *args)
{
	static const char *const kinds[] = { "calls", "legs", "alerts" };
	static const char *const headers[] = { CALL_HEADER, LEG_HEADER, ALERT_HEADER };
	struct export x = { 0 };
	const char *given = args_value(args, "--filter");
	const char *output = args_value(args, "--output");
	const char *since = args_value(args, "--since"), *format = args_value(args, "--format"), *what = args_next(args);
	int64_t now = clock_now_ms(&options->clock);
	if (what != NULL && strcmp(what, "case") == 0) {
		if (given == NULL && since == NULL && format == NULL)
			return cli_export_case(options, args, output);
		fault_set(&x.fault, FAULT_USAGE, "%s", _("export case takes --output, --redact and --json"));
		return cli_fail(&x.fault);
	}
	x.redact = args_flag(args, "--redact");
	size_t kind = 0;
	while (kind < COUNT_OF(kinds) && (what == NULL || strcmp(kinds[kind], what) != 0))
		kind++;
	x.csv = format != NULL && strcmp(format, "csv") == 0;
	if (!args_finish(args, &x.fault))
		return cli_fail(&x.fault);
	if (output != NULL)
		fault_set(&x.fault, FAULT_USAGE, "%s", _("only export case takes --output; send the others where you want them with >"));
	else if (kind == COUNT_OF(kinds))
		fault_set(&x.fault, FAULT_USAGE, "%s", _("export needs to know what: calls, legs, alerts or case"));
	else if (format != NULL && !x.csv && strcmp(format, "jsonl") != 0)
		fault_set(&x.fault, FAULT_USAGE, "%s", _("export writes --format jsonl or csv"));
	if (x.fault.code != FAULT_NONE || (since != NULL && !cli_since(since, now, &x.since_ms, &x.fault)))
		return cli_fail(&x.fault);
	char *filter = cli_filter(options, kind == 2 ? FILTER_ALERTS : FILTER_CALLS, given, &x.fault);
	x.filter = filter;
	if (filter == NULL || !store_open_read(options->store, &x.db, &x.fault)) {
		free(filter);
		return cli_fail(&x.fault);
	}
	if (x.csv)
		printf("%s\n", headers[kind]);
	bool ok = kind == 2 ? export_alerts(&x, now) : export_calls(&x, now, kind == 1);
	ok = (fflush(stdout) == 0 || !ok || fault_set(&x.fault, FAULT_SYSTEM, _("cannot write: %s"), strerror(errno))) && ok;
	db_close(&x.db);
	text_clear(&x.line);
	free(filter);
	if (ok && x.n_without_record > 0)
		fprintf(stderr, _("centinela: %lld records are no longer kept as Webex sent them (sync.keep_raw) and were left out; --format csv has them\n"),
		    (long long)x.n_without_record);
	return ok ? EXIT_DONE : cli_fail(&x.fault);
}
