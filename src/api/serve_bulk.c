/* SPDX-License-Identifier: Apache-2.0
 *
 * One act on many alerts, named one by one or by a filter: what it would be of, or done
 * in one transaction, each alert or its reason why not. */
#include <stdio.h>
#include <string.h>

#include "api/serve.h"
#include "base/map.h"
#include "store/request_rows.h"

/* Of those that were named: who may be acted on, and why the others may not. */
struct sifted {
	int64_t *ids;
	size_t n, n_refused;
};

static bool sift_one(struct api_call *call, struct db *db, const struct api_target *target, const char **why)
{
	struct alert alert;
	char who[65];
	*why = NULL;
	if (!query_tombstone(db, target->id, who, &call->fault))
		return false;
	if (*who != '\0')
		*why = "taken away";
	if (*why != NULL || target->revision == 0)
		return true;
	if (!alert_row_get(db, target->id, &call->arena, &alert, &call->fault))
		return call->fault.code == FAULT_NOT_FOUND; /* which the act says */
	if (alert.revision != target->revision)
		*why = arena_printf(&call->arena, "changed since: it is at revision %lld", (long long)alert.revision);
	return true;
}

/* The act is of all that were named; those that are refused beforehand come last. */
static bool sift(struct api_call *call, struct db *db, struct api_act *act, struct sifted *out)
{
	*out = (struct sifted){ .ids = act->ids };
	for (size_t i = 0; i < call->n_targets; i++) {
		const char *why;
		if (!sift_one(call, db, &call->targets[i], &why))
			return false;
		size_t place = why == NULL ? out->n++ : call->n_targets - ++out->n_refused;
		act->ids[place] = call->targets[i].id;
		if (why != NULL)
			act->before[place].why = arena_strdup(&act->arena, why);
	}
	return true;
}

static bool is_named_twice(struct api_call *call)
{
	struct map seen = { 0 };
	bool is_new = true;
	for (size_t i = 0; is_new && i < call->n_targets; i++) {
		map_put_n(&seen, (const char *)&call->targets[i].id, sizeof call->targets[i].id, &is_new);
		if (!is_new) {
			call->wrong = "alerts";
			fault_set(&call->fault, FAULT_INPUT, "alerts names %lld twice", (long long)call->targets[i].id);
		}
	}
	map_clear(&seen);
	return !is_new;
}

static bool survey(struct api_call *call, struct store *store, enum triage_act what, struct alert_survey *found)
{
	const char *filter = api_text(call->body, "filter", "");
	bool has_filter = filter[strspn(filter, " \t\r\n")] != '\0';
	struct alert_query query = { .filter = filter, .now_ms = call->event_ms, .without_gone = true,
		.closed_too = api_int(call->body, "closed_too", 0) != 0 || what == TRIAGE_REOPEN };
	if (has_filter == api_given(call->body, "alerts")) {
		call->wrong = "alerts";
		return fault_set(&call->fault, FAULT_INPUT, "give alerts or a filter: one of them");
	}
	if (!has_filter) {
		int64_t *ids = arena_alloc(&call->arena, (call->n_targets + 1) * sizeof *ids);
		for (size_t i = 0; i < call->n_targets; i++)
			ids[i] = call->targets[i].id;
		return !is_named_twice(call) && query_survey_of(&store->db, ids, call->n_targets, call->caller.name, &call->arena, found, &call->fault);
	}
	if (!query_survey_matching(&store->db, &query, call->caller.name, &call->arena, found, &call->fault)) {
		if (call->fault.code == FAULT_INPUT || call->fault.code == FAULT_USAGE)
			call->wrong = "filter";
		return false;
	}
	if (!found->cut)
		return true;
	call->wrong = "filter";
	return fault_set(&call->fault, FAULT_INPUT, "more than %d alerts pass this filter: make it narrower", SURVEY_MAX);
}

/* ---- the answer ---------------------------------------------------------------------------- */

static json_t *survey_json(const struct alert_survey *found)
{
	json_t *severity = json_object(), *state = json_object(), *others = json_array();
	for (int i = 0; i < 4; i++) {
		json_object_set_new(severity, severity_name((enum severity)i), json_integer((json_int_t)found->n_by_severity[i]));
		json_object_set_new(state, alert_state_name((enum alert_state)i), json_integer((json_int_t)found->n_by_state[i]));
	}
	for (size_t i = 0; i < found->n_people; i++)
		json_array_append_new(others, json_pack("{s:s, s:I}", "who", found->others[i].who, "alerts", (json_int_t)found->others[i].n));
	return json_pack("{s:I, s:o, s:o, s:o, s:I}", "matched", (json_int_t)found->n, "by_severity", severity, "by_state", state, "others", others, "others_total",
	    (json_int_t)found->n_others);
}

static json_t *refusals_json(const struct triage_result *result)
{
	json_t *out = json_array();
	for (size_t i = 0; i < result->n_refusals; i++)
		json_array_append_new(out, json_pack("{s:s, s:I}", "why", result->refusals[i].why, "alerts", (json_int_t)result->refusals[i].n));
	return out;
}

static void put_result(struct api_call *call, const struct alert_survey *found, enum triage_act what, const struct triage_result *result, size_t n_refused, json_t *failures, bool cut)
{
	json_t *out = survey_json(found);
	json_object_set_new(out, "act", json_string(triage_act_name(what)));
	json_object_set_new(out, "preview", json_boolean(result == NULL));
	json_object_set_new(out, "act_id", call->act == NULL ? json_null() : json_integer((json_int_t)call->act->id));
	json_object_set_new(out, "done", json_integer(result == NULL ? 0 : (json_int_t)result->n_done));
	json_object_set_new(out, "failed", json_integer(result == NULL ? 0 : (json_int_t)(result->n_failed + n_refused)));
	json_object_set_new(out, "refused", result == NULL ? json_array() : refusals_json(result));
	json_object_set_new(out, "failures", failures);
	json_object_set_new(out, "failures_cut", json_boolean(cut));
	api_put_json(call, out);
}

/* ---- done ----------------------------------------------------------------------------------- */

bool api_alerts_bulk(struct api_call *call, struct store *store)
{
	struct alert_survey found = { 0 };
	struct triage_order order = { 0 };
	struct triage_result result;
	struct sifted sifted;
	bool cut;
	if (!triage_act_named(api_text(call->body, "act", ""), &order.act) || !api_fill_order(call, &order) || !survey(call, store, order.act, &found))
		return false;
	int64_t expected = api_int(call->body, "expect", -1);
	if (expected >= 0 && expected != (int64_t)found.n)
		return fault_set(&call->fault, FAULT_CONFLICT, "it would be of %zu alerts, not of %lld", found.n, (long long)expected);
	if (api_int(call->body, "preview", 0) != 0) {
		put_result(call, &found, order.act, NULL, 0, json_array(), false);
		return true;
	}
	bool is_named = call->n_targets > 0;
	struct api_act *act = api_act_new(call, is_named ? call->n_targets : found.n);
	if (!is_named) {
		sifted = (struct sifted){ .ids = act->ids, .n = found.n };
		memcpy(act->ids, found.ids, found.n * sizeof *found.ids);
	} else if (!sift(call, &store->db, act, &sifted)) {
		return false;
	}
	order.who = call->caller.name;
	order.now_ms = call->now_ms;
	if (!store_triage(store, sifted.ids, sifted.n, &order, &act->arena, act->before, &result, &call->fault))
		return false;
	/* What was wrong with the act itself is no alert's. */
	if (result.n_done == 0 && (result.first.code == FAULT_USAGE || result.first.code == FAULT_INPUT)) {
		call->fault = result.first;
		return false;
	}
	json_t *failures = api_failures(act, &cut);
	if (!api_act_end(call, &store->db, result.n_done > 0)) {
		json_decref(failures);
		return false;
	}
	put_result(call, &found, order.act, &result, sifted.n_refused, failures, cut);
	return true;
}
