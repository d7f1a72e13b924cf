/* SPDX-License-Identifier: Apache-2.0
 *
 * Alerts read: pages by number or by cursor, one with all that belongs to it, sums.
 *
 * Who knew the system before this one speaks of a status: open (nobody works on it),
 * investigating, resolved, false_positive. It is made of our stages and resolutions, and
 * said beside them. */
#include <stdio.h>
#include <string.h>

#include "api/serve.h"
#include "base/i18n.h"
#include "base/iso_time.h"
#include "filter/filter.h"
#include "store/alert_rows.h"
#include "store/alert_text.h"
#include "store/query_count.h"
#include "store/request_rows.h"
#include "store/row_json.h"

#define PIECE_MS 3 /* of reading to where a page begins: others are between */

const char *api_status_word(const struct alert *a)
{
	switch (a->state) {
	case ALERT_NEW: return "open";
	case ALERT_IN_PROGRESS: return *a->assignee == '\0' ? "open" : "investigating"; /* it was let go */
	case ALERT_SNOOZED: return "investigating";
	case ALERT_CLOSED: break;
	}
	return a->resolution == RESOLUTION_FALSE_POSITIVE ? "false_positive" : "resolved";
}

json_t *api_alert(const struct alert *alert, const char *const *report_ids, size_t n)
{
	json_t *out = json_alert(alert, report_ids, n);
	if (report_ids == NULL)
		json_object_del(out, "report_ids");
	json_object_set_new(out, "status", json_string(api_status_word(alert)));
	return out;
}

/* ---- which ------------------------------------------------------------------------------- */

static void and_also(struct text *filter, const char *part)
{
	text_printf(filter, "%s%s", filter->n > 0 ? " and " : "", part);
}

/* A text as it is, whatever signs are in it. */
static bool and_is(struct api_call *call, struct text *filter, const char *field, const char *name)
{
	const char *text = api_text(call->query, name, NULL);
	char quoted[FILTER_QUOTED_BYTES];
	if (text == NULL)
		return true;
	if (!filter_quote(quoted, text)) {
		call->wrong = name;
		return fault_set(&call->fault, FAULT_INPUT, "%s is too long", name);
	}
	text_printf(filter, "%s%s == %s", filter->n > 0 ? " and " : "", field, quoted);
	return true;
}

static bool add_conditions(struct api_call *call, struct text *filter)
{
	static const char *const statuses[] = { "(state == new or (state == in_progress and assignee == \"\"))",
		"(state == snoozed or (state == in_progress and not assignee == \"\"))",
		"(state == closed and not resolution == false_positive)", "resolution == false_positive" };
	char when[ISO_TIME_BYTES], part[80];
	const char *own = api_text(call->query, "filter", "");
	struct filter parsed;
	/* By itself first: what it opens it also closes. */
	if (!filter_parse(FILTER_ALERTS, own, strlen(own), call->event_ms, NULL, &parsed, NULL, &call->fault, NULL)) {
		call->wrong = "filter";
		return false;
	}
	filter_clear(&parsed);
	if (own[strspn(own, " \t\r\n")] != '\0')
		text_printf(filter, "(%s)", own);
	if (api_given(call->query, "status"))
		and_also(filter, statuses[api_int(call->query, "status", 0)]);
	if (api_given(call->query, "start_time")) {
		snprintf(part, sizeof part, "raised >= \"%s\"", iso_time_format(api_int(call->query, "start_time", 0), when));
		and_also(filter, part);
	}
	if (api_given(call->query, "end_time")) {
		snprintf(part, sizeof part, "raised < \"%s\"", iso_time_format(api_int(call->query, "end_time", 0), when));
		and_also(filter, part);
	}
	if (!and_is(call, filter, "severity", "severity") || !and_is(call, filter, "state", "state") || !and_is(call, filter, "location", "location") ||
	    !and_is(call, filter, "assignee", "assignee") || !and_is(call, filter, "rule", "rule"))
		return false;
	return true;
}

/* ---- where a page begins --------------------------------------------------------------------- */

static enum alert_order order_of(const struct api_call *call)
{
	static const enum alert_order orders[] = { ORDER_SEVERITY, ORDER_TIME, ORDER_SLA, ORDER_SCORE, ORDER_HITS, ORDER_COST };
	return orders[api_int(call->query, "order", 0)];
}

static const char *cursor_of(struct api_call *call, const struct alert *last)
{
	struct alert_mark mark = alert_mark_of(last, order_of(call));
	return api_cursor_seal(call, arena_printf(&call->arena, "%d.%lld.%lld.%lld", mark.rank, (long long)mark.number, (long long)mark.raised_ms, (long long)mark.id));
}

static bool read_cursor(struct api_call *call, const char *text, struct alert_mark *mark)
{
	char copy[100];
	int64_t numbers[4];
	snprintf(copy, sizeof copy, "%s", text);
	char *rest = copy;
	for (size_t i = 0; i < COUNT_OF(numbers); i++) {
		char *part = strsep(&rest, ".");
		bool minus = part != NULL && *part == '-';
		if (part == NULL || !text_to_int(part + minus, 0, INT64_MAX, &numbers[i])) {
			call->wrong = "cursor";
			return fault_set(&call->fault, FAULT_INPUT, "cursor is the next_cursor of the page before");
		}
		numbers[i] = minus ? -numbers[i] : numbers[i];
	}
	if (rest != NULL || numbers[0] < 0 || numbers[0] > 2) {
		call->wrong = "cursor";
		return fault_set(&call->fault, FAULT_INPUT, "cursor is the next_cursor of the page before");
	}
	*mark = alert_mark_behind((struct alert_mark){ .rank = (int)numbers[0], .number = numbers[1], .raised_ms = numbers[2], .id = numbers[3] });
	return true;
}

static void put_page(struct api_call *call, const struct alert_list *list, size_t left_out, int64_t total, int64_t page, bool searches)
{
	int64_t size = api_int(call->query, "page_size", 50), last = MIN(MAX((total + size - 1) / size, 1), searches ? SEARCH_ROWS / size : PAGES_MOST);
	struct text *out = &call->answer;
	bool masked = call->api->config.masked && !call->whole_numbers;
	text_printf(out, "{\"total\":%lld,\"items\":[", (long long)total);
	for (size_t i = left_out; i < list->n; i++) {
		if (i > left_out)
			text_putc(out, ',');
		alert_text_put(out, &list->items[i], api_status_word(&list->items[i]), masked);
	}
	text_printf(out, "],\"page\":%lld,\"last_page\":%lld,\"page_size\":%lld,\"next_cursor\":", (long long)page, (long long)last, (long long)size);
	if (list->more && list->n > left_out)
		text_printf(out, "\"%s\"}", cursor_of(call, &list->items[list->n - 1]));
	else
		text_puts(out, "null}");
}

bool api_alerts_list(struct api_call *call, struct db *db)
{
	struct alert_query query = { .now_ms = call->event_ms, .order = order_of(call), .limit = (size_t)api_int(call->query, "page_size", 50), .reasons = true, .uncounted = true };
	const char *cursor = NULL;
	int64_t page = api_int(call->query, "page", 1), skip = (page - 1) * (int64_t)query.limit, total = 0;
	struct text filter = { 0 };
	struct alert_list list = { 0 };
	struct alert_mark mark;
	enum placed placed = PLACED;
	bool ok = api_cursor_open(call, &cursor) && add_conditions(call, &filter);
	query.closed_too = api_int(call->query, "open", 0) == 0;
	query.filter = text_string(&filter);
	query.without_gone = true;
	bool searches = filter.n > 0;
	size_t left_out = 0;
	ok = ok && (searches ? query_alert_count(db, &query, &total, &call->fault) :
			       query_alert_total(db, call->reader->places, &query, &total, &call->fault));
	if (ok && cursor != NULL) {
		ok = read_cursor(call, cursor, &mark);
		query.from = &mark;
	} else if (ok && skip > 0 && !searches) {
		query.budget_ms = PIECE_MS;
		ok = query_alert_skip(db, call->reader->places, &query, skip, &mark, &placed, &call->fault);
		query.budget_ms = 0;
		query.from = &mark;
		call->again = placed == PLACED_LATER;
	} else if (ok && skip > 0) {
		ok = page <= SEARCH_ROWS / (int64_t)query.limit ||
		    fault_set(&call->fault, FAULT_INPUT, "page %lld of a search goes too far: %lld is the last of this size, go on by cursor", (long long)page,
			SEARCH_ROWS / (long long)query.limit);
		call->wrong = ok ? NULL : "page";
		left_out = (size_t)skip;
		query.limit += left_out;
	}
	ok = ok && (placed != PLACED || query_alerts(db, &query, call->caller.name, &call->arena, &list, &call->fault));
	if (ok && placed != PLACED_LATER)
		put_page(call, &list, left_out, total, page, searches);
	text_clear(&filter);
	return ok;
}

/* ---- one --------------------------------------------------------------------------------------- */

bool api_alert_gone(struct api_call *call, struct db *db, int64_t id)
{
	char who[65];
	if (!query_tombstone(db, id, who, &call->fault))
		return true;
	if (*who == '\0')
		return false;
	call->status = 410;
	fault_set(&call->fault, FAULT_NOT_FOUND, "alert %lld was taken away by %s", (long long)id, who);
	return true;
}

bool api_put_alert(struct api_call *call, struct db *db, int64_t id)
{
	struct alert alert;
	struct alert_event *events;
	struct alert_step *steps;
	const char **ids;
	size_t n_ids, n_events, n_steps;
	if (!alert_row_get(db, id, &call->arena, &alert, &call->fault) || !query_alert_events(db, id, &call->arena, &events, &n_events, &call->fault) ||
	    !query_alert_steps(db, id, &call->arena, &steps, &n_steps, &call->fault) || !query_report_ids(db, id, &call->arena, &ids, &n_ids, &call->fault))
		return false;
	if (call->act != NULL) {
		call->act->before->stands = alert.revision;
		if (!api_act_end(call, db, call->act->raised || call->act->before->alert.revision != alert.revision))
			return false;
	}
	json_t *out = api_alert(&alert, ids, n_ids), *timeline = json_array(), *taken = json_array();
	for (size_t i = 0; i < n_events; i++)
		json_array_append_new(timeline, json_event(&events[i]));
	for (size_t i = 0; i < n_steps; i++)
		json_array_append_new(taken, json_pack("{s:o, s:o, s:o}", "step", json_text(steps[i].step), "who", json_text(steps[i].who), "time", json_time(steps[i].at_ms)));
	json_object_set_new(out, "timeline", timeline);
	json_object_set_new(out, "steps", taken);
	json_object_set_new(out, "act_id", call->act == NULL ? json_null() : json_integer((json_int_t)call->act->id));
	call->revision = alert.revision;
	api_put_json(call, out);
	return true;
}

bool api_alert_related(struct api_call *call, struct db *db)
{
	struct alert_detail d;
	if (api_alert_gone(call, db, call->id) || !query_alert(db, call->id, &call->arena, &d, &call->fault))
		return false;
	json_t *legs = json_array();
	int64_t n_records = d.alert.count + d.duplicate_records;
	for (size_t i = 0; i < d.n_legs; i++)
		json_array_append_new(legs, json_leg(&d.legs[i]));
	api_put_json(call, json_pack("{s:o, s:o, s:o, s:o, s:o, s:I, s:o}", "same_case", json_earlier(d.same_case, d.n_same_case), "seen_before",
	    json_earlier(d.seen_before, d.n_seen_before), "same_subject", json_earlier(d.same_subject, d.n_same_subject), "same_number",
	    json_earlier(d.same_number, d.n_same_number), "duplicates", json_earlier(d.duplicates, d.n_duplicates), "count_with_duplicates",
	    (json_int_t)n_records, "records", legs));
	return true;
}

bool api_alert_show(struct api_call *call, struct db *db)
{
	return !api_alert_gone(call, db, call->id) && api_put_alert(call, db, call->id);
}

/* ---- sums -------------------------------------------------------------------------------------- */

static json_t *by_severity(const int64_t n[4])
{
	json_t *out = json_object();
	for (int i = 0; i < 4; i++)
		json_object_set_new(out, severity_name((enum severity)i), json_integer(n[i]));
	return out;
}

bool api_alerts_summary(struct api_call *call, struct db *db)
{
	struct alert_summary s;
	if (!query_alert_summary(db, call->event_ms, &s, &call->fault))
		return false;
	int64_t false_ones = s.n_by_resolution[RESOLUTION_FALSE_POSITIVE], n_open = s.n_by_state[ALERT_NEW] + s.n_let_go,
		n_worked_on = s.n_by_state[ALERT_IN_PROGRESS] - s.n_let_go + s.n_by_state[ALERT_SNOOZED], n_resolved = s.n_by_state[ALERT_CLOSED] - false_ones;
	json_t *states = json_object(), *resolutions = json_object();
	for (int i = 0; i <= ALERT_CLOSED; i++)
		json_object_set_new(states, alert_state_name((enum alert_state)i), json_integer(s.n_by_state[i]));
	for (int i = RESOLUTION_TRUE_IMPACT; i < N_RESOLUTIONS; i++)
		json_object_set_new(resolutions, resolution_name((enum resolution)i), json_integer(s.n_by_resolution[i]));
	api_put_json(call, json_pack("{s:I, s:o, s:{s:I, s:I, s:I, s:I}, s:o, s:o, s:o, s:I, s:I}", "total", (json_int_t)s.n, "by_severity", by_severity(s.n_by_severity),
	    "by_status", "open", (json_int_t)n_open, "investigating", (json_int_t)n_worked_on,
	    "resolved", (json_int_t)n_resolved, "false_positive", (json_int_t)false_ones, "by_state", states, "by_resolution", resolutions,
	    "open_by_severity", by_severity(s.n_open_by_severity), "open_unassigned", (json_int_t)s.n_open_unassigned, "raised_24h", (json_int_t)s.n_day));
	return true;
}
