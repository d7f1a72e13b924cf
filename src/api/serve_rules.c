/* SPDX-License-Identifier: Apache-2.0
 *
 * Rules with what became of their alerts, silences, and the audit log. */
#include <stdio.h>
#include <string.h>

#include "api/serve.h"
#include "base/i18n.h"
#include "store/row_json.h"
#include "store/silence_rows.h"
#include "watch/exceptions.h"
#include "watch/rule_book.h"

static const struct rule_card *card_of(const struct rule_cards *cards, const char *rule)
{
	for (size_t i = 0; i < cards->n; i++)
		if (strcmp(cards->items[i].rule, rule) == 0)
			return &cards->items[i];
	return NULL;
}

static json_t *words(const struct rule_words *list)
{
	json_t *out = json_array();
	for (size_t i = 0; i < list->n; i++)
		json_array_append_new(out, json_text(list->items[i]));
	return out;
}

static json_t *rule_json(const struct rule_page *rule, const struct rule_card *card)
{
	bool es = strcmp(i18n_language(), "es") == 0;
	json_t *out = json_pack("{s:o, s:o, s:o, s:s, s:o, s:b, s:o, s:o, s:o, s:o, s:I}", "id", json_text(rule->id), "title",
	    json_text(es ? rule->title_es : rule->title_en), "description", json_text(es ? rule->description_es : rule->description_en), "level",
	    severity_name(rule->level), "status", json_text(rule->status), "correlates", rule->correlates, "tags", words(&rule->tags), "falsepositives",
	    words(es ? &rule->falsepositives_es : &rule->falsepositives_en), "playbook", words(es ? &rule->playbook_es : &rule->playbook_en), "file", json_text(rule->file), "tests",
	    (json_int_t)rule->n_tests);
	json_t *ended = json_object();
	for (int i = RESOLUTION_TRUE_IMPACT; i < N_RESOLUTIONS; i++)
		json_object_set_new(ended, resolution_name((enum resolution)i), json_integer(card == NULL ? 0 : card->ended[i]));
	json_object_set_new(out, "raised", json_integer(card == NULL ? 0 : card->raised));
	json_object_set_new(out, "open", json_integer(card == NULL ? 0 : card->open));
	json_object_set_new(out, "ended", ended);
	return out;
}

bool api_rules(struct api_call *call, struct db *db)
{
	struct rule_book book;
	struct rule_cards cards;
	int64_t since = api_int(call->query, "start_time", call->event_ms - 90 * DAY_MS);
	if (!rule_book_read(&call->api->config.rules, call->api->config.data_folder, &call->arena, &book, &call->fault) ||
	    !query_rule_cards(db, since, &call->arena, &cards, &call->fault))
		return false;
	json_t *items = json_array();
	for (size_t i = 0; i < book.n; i++)
		json_array_append_new(items, rule_json(&book.rules[i], card_of(&cards, book.rules[i].id)));
	api_put_json(call, json_pack("{s:o, s:o}", "items", items, "complaints", json_text(book.complaints)));
	return true;
}

bool api_rule_show(struct api_call *call, struct db *db)
{
	struct rule_book book;
	struct rule_cards cards;
	int64_t since = api_int(call->query, "start_time", call->event_ms - 90 * DAY_MS);
	if (!rule_book_read(&call->api->config.rules, call->api->config.data_folder, &call->arena, &book, &call->fault))
		return false;
	for (size_t i = 0; i < book.n; i++) {
		if (strcmp(book.rules[i].id, call->name) != 0)
			continue;
		if (!query_rule_cards(db, since, &call->arena, &cards, &call->fault))
			return false;
		api_put_json(call, rule_json(&book.rules[i], card_of(&cards, call->name)));
		return true;
	}
	return fault_set(&call->fault, FAULT_NOT_FOUND, "there is no rule of that id in force: /api/v1/rules/ lists them");
}

/* ---- silences ------------------------------------------------------------------------------ */

bool api_silences(struct api_call *call, struct db *db)
{
	struct silence_list list;
	struct exceptions exceptions = { 0 };
	int64_t now = MAX(call->now_ms, call->event_ms);
	bool ok = query_silences(db, now, api_int(call->query, "over", 0) != 0, &call->arena, &list, &call->fault) &&
	    exceptions_add(&exceptions, &call->api->config.rules, db, now, &call->arena, &list, &call->fault);
	exceptions_clear(&exceptions);
	if (!ok)
		return false;
	json_t *items = json_array();
	for (size_t i = 0; i < list.n; i++)
		json_array_append_new(items, json_silence(&list.items[i]));
	api_put_json(call, json_pack("{s:o}", "items", items));
	return true;
}

static enum silence_kind kind_of(const struct api_call *call)
{
	static const enum silence_kind kinds[] = { SILENCE_FILTER, SILENCE_MAINTENANCE, SILENCE_ALIKE, SILENCE_SNOOZE };
	return kinds[api_int(call->query, "kind", 0)];
}

bool api_silence_show(struct api_call *call, struct db *db)
{
	struct kept_list list;
	if (!query_kept_back(db, kind_of(call), call->id, MAX(call->now_ms, call->event_ms), &call->arena, &list, &call->fault))
		return false;
	json_t *out = json_silence(&list.silence), *findings = json_array();
	for (size_t i = 0; i < list.n; i++)
		json_array_append_new(findings, json_kept(&list.items[i]));
	json_object_set_new(out, "findings", findings);
	api_put_json(call, out);
	return true;
}

/* What a scope would have kept back, before it does. */
bool api_silence_preview(struct api_call *call, struct db *db)
{
	struct silence_preview p;
	if (!query_silence_preview(db, api_text(call->query, "filter", ""), MAX(call->now_ms, call->event_ms), &call->arena, &p, &call->fault)) {
		if (call->fault.code == FAULT_INPUT || call->fault.code == FAULT_USAGE)
			call->wrong = "filter";
		return false;
	}
	json_t *newest = json_array();
	for (size_t i = 0; i < p.n_newest; i++)
		json_array_append_new(newest, api_alert(&p.newest[i], NULL, 0));
	api_put_json(call, json_pack("{s:i, s:I, s:I, s:I, s:I, s:I, s:I, s:o, s:o}", "days", p.days, "alerts", (json_int_t)p.n, "of", (json_int_t)p.n_all, "true_positives",
	    (json_int_t)p.n_true, "false_positives", (json_int_t)p.n_false, "open", (json_int_t)p.n_open, "critical_raised_all_the_same", (json_int_t)p.n_critical, "highest",
	    p.n > 0 ? json_string(severity_name(p.worst)) : json_null(), "newest", newest));
	return true;
}

bool api_silence_begin(struct api_call *call, struct store *store)
{
	bool planned = api_given(call->body, "begins");
	int64_t now = MAX(call->now_ms, call->event_ms), id, length;
	const char *duration = api_text(call->body, "for", "");
	char ref[SILENCE_REF_BYTES];
	struct silence_order order = { .kind = planned ? SILENCE_MAINTENANCE : SILENCE_FILTER, .filter = api_text(call->body, "filter", ""),
		.reason = api_text(call->body, "reason", ""), .who = call->caller.name, .begin_ms = api_int(call->body, "begins", 0), .now_ms = now };
	if (!text_to_duration_ms(duration, &length)) {
		call->wrong = "for";
		return fault_set(&call->fault, FAULT_INPUT, "for is a duration such as 4h or 7d, at most 30d");
	}
	order.until_ms = (planned ? order.begin_ms : now) + length;
	if (!store_silence_begin(store, &order, &id, &call->fault))
		return false;
	api_put_json(call, json_pack("{s:s, s:s, s:o, s:o}", "id", silence_ref(order.kind, id, ref), "kind", silence_kind_name(order.kind), "filter",
	    json_text(arena_printable(&call->arena, order.filter)), "until", json_time(order.until_ms)));
	return true;
}

bool api_silence_end(struct api_call *call, struct store *store)
{
	enum silence_kind kind = kind_of(call);
	char ref[SILENCE_REF_BYTES];
	int64_t kept;
	if (!store_silence_end(store, kind, call->id, call->caller.name, MAX(call->now_ms, call->event_ms), &kept, NULL, &call->fault))
		return false;
	api_put_json(call, json_pack("{s:s, s:I}", "id", silence_ref(kind, call->id, ref), "kept_back", (json_int_t)kept));
	return true;
}

/* ---- the log --------------------------------------------------------------------------------- */

bool api_audit(struct api_call *call, struct db *db)
{
	struct audit_list list;
	struct audit_chain chain = { 0 };
	int64_t before_seq;
	if (!api_cursor(call, &before_seq) || !query_audit(db, before_seq, (size_t)api_int(call->query, "limit", 100), &call->arena, &list, &call->fault))
		return false;
	bool first = before_seq == 0; /* the whole log is read once, not once a page */
	if (first && !audit_chain_read(db, &chain, &call->fault))
		return false;
	json_t *items = json_array();
	for (size_t i = 0; i < list.n; i++) {
		json_t *row = json_event(&list.items[i].event);
		json_object_set_new(row, "seq", json_integer(list.items[i].seq));
		json_object_set_new(row, "alert", list.items[i].alert_id == 0 ? json_null() : json_integer(list.items[i].alert_id));
		json_array_append_new(items, row);
	}
	char end[AUDIT_MARK_BYTES];
	audit_mark(&chain, end);
	api_put_json(call, json_pack("{s:o, s:o, s:o, s:o, s:s?, s:o}", "items", items, "chain_holds", first ? json_boolean(chain.broken_at == 0) : json_null(),
	    "broken_at", chain.broken_at == 0 ? json_null() : json_integer(chain.broken_at), "lines", first ? json_integer((json_int_t)chain.n) : json_null(),
	    "end", first ? end : NULL, "next_cursor", list.more ? api_next_cursor(call, list.items[list.n - 1].seq) : json_null()));
	return true;
}
