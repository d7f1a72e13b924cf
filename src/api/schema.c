/* SPDX-License-Identifier: Apache-2.0 */
#include "api/schema.h"

#include <stdio.h>
#include <string.h>

#include "base/base.h"

#define SEVERITY   "=low|medium|high|critical"
#define STATE	   "=new|in_progress|snoozed|closed"
#define STATUS	   "=open|investigating|resolved|false_positive"
#define RESOLUTION "=true_positive_impact|true_positive_no_impact|false_positive|legitimate|duplicate|unknown"
#define MONEY	   "@Money"

#define ALERT_PLAIN                                                                                                                         \
	"id i, case i, rule s, title s, severity " SEVERITY ", score i, state " STATE ", resolution " RESOLUTION "?, " \
	"subject {kind s, id s, name s}, location s, first_time t?, last_time t?, raised_time t?, acknowledged_time t?, closed_time t?, "   \
	"snoozed_until t?, count i, cost " MONEY ", assignee s?, tags [s], duplicate_of i?, notes i, "   \
	"silenced_until t?, kept_back i, revision i"
#define ALERT_MEMBERS ALERT_PLAIN ", status " STATUS ", reasons [@Reason]"
#define CALL_MEMBERS                                                                                                                       \
	"id s, journey_id s, correlation_id s, start_time t?, end_time t?, direction s, talk_s i, ring_s i, legs i, class s, tier s, "     \
	"country s, cost " MONEY ", user_id s, user_name s, user_number s, location s, far_number s, far_name s, call_type s, trunk s, "   \
	"answered b, forwarded b, transferred b, queued b, attendant b, voicemail b, look_alike b, orphan b"
#define CDR_MEMBERS                                                                                                                           \
	"id s, call_id s, start_time t?, answer_time t?, release_time t?, report_time t?, duration_s i, ring_s i, "                           \
	"direction =ORIGINATING|TERMINATING, answered b, user {id s, name s, type s, number s}, report_id s, location s, far_number s, "      \
	"calling_number s, called_number s, dialed_digits s, call_type s, client_type s, call_outcome s, call_outcome_reason s, "             \
	"redirect_reason s, related_reason s, redirecting_number s, inbound_trunk s, outbound_trunk s, local_call_id s, remote_call_id s, "   \
	"related_call_id s, transfer_related_call_id s, device_mac s, caller_name s, called_name s"

#define RULE_MEMBERS                                                                                                                       \
	"id s, title s, description s, level " SEVERITY ", status s, correlates b, tags [s], falsepositives [s], playbook [s], file s, tests i, " \
	"raised i, open i, ended @Resolutions"
#define SILENCE_MEMBERS                                                                                                                    \
	"id s, kind s, filter s?, file s?, alert i?, rule s?, subject s?, owner s, reason s, begins t?, until t?, ended t?, kept_back i, "      \
	"kept_back_24h i, last_hit t?, highest_kept_back " SEVERITY "?, broken s?"
#define TRAFFIC_MEMBERS \
	"calls i, answered i, minutes i, internal i, outbound i, inbound i, transit i, cost " MONEY
#define REPORTED_ALERT                                                                                                                     \
	"{id i, severity " SEVERITY ", score i, title s, state " STATE ", resolution s, subject s, location s, last_time t?, count i, cost " MONEY \
	", assignee s}"

const struct api_schema api_schemas[] = {
	{ "Description", "{openapi s, info {title s, version s, description s, license {name s}}, security [o], paths o, components o}" },
	{ "Problem", "{type s, title s, status i, code s, detail s, request_id s, errors? [{field s, message s}]}" },
	{ "Money", "{amount n, currency s, per_hour n, estimate b}" },
	{ "Reason", "{fact s, value s, expected s, points i, text s}" },
	{ "Event", "{time t?, who s, act s, before s, after s, note s}" },
	{ "Earlier", "{id i, rule s, state " STATE ", resolution " RESOLUTION "?, closed_by s?, raised_time t?}" },
	{ "Health", "{status =ok, version s, uptime_s i, organisation s?}" },
	{ "Ready", "{status =ready|not_ready, checks {store =ok|fault, token =ok|missing, "
		   "sync =no_login|starting|waiting|asking|following|fault|late|nothing_yet, live =off|webhook|polling|none|down, outbox =off|ok|late|given_up}, "
		   "reasons [s], complete_until t?, lag_s i?}" },
	{ "Login", "{authorization_url s}" },
	{ "SignIn", "{authenticated b, state =signed_out|ready|refreshing|needs_login, access_expires t?, refresh_expires t?, scopes s, renewable b, "
		    "needs_person_soon b, fault s?}" },
	{ "Alert", "{" ALERT_MEMBERS "}" },
	{ "AlertDetail", "{" ALERT_MEMBERS ", report_ids [s], timeline [@Event], steps [{step s, who s, time t?}], act_id i?}" },
	{ "Failures", "[{id i, why s}]" },
	{ "Bulk", "{act s, preview b, act_id i?, matched i, by_severity @Severities, by_state @States, others [{who s, alerts i}], others_total i, done i, failed i, "
		  "refused [{why s, alerts i}], failures @Failures, failures_cut b}" },
	{ "Undone", "{act_id i, undone b, done i, failed i, failures @Failures, failures_cut b}" },
	{ "Related", "{same_case [@Earlier], seen_before [@Earlier], same_subject [@Earlier], same_number [@Earlier], duplicates [@Earlier], "
		     "count_with_duplicates i, records [@Cdr]}" },
	{ "Alerts", "{total i, items [@Alert], page i, last_page i, page_size i, next_cursor s?}" },
	{ "Summary", "{total i, by_severity @Severities, by_status {open i, investigating i, resolved i, false_positive i}, by_state @States, by_resolution @Resolutions, "
		     "open_by_severity @Severities, open_unassigned i, raised_24h i}" },
	{ "Severities", "{low i, medium i, high i, critical i}" },
	{ "States", "{new i, in_progress i, snoozed i, closed i}" },
	{ "Resolutions", "{true_positive_impact i, true_positive_no_impact i, false_positive i, legitimate i, duplicate i, unknown i}" },
	{ "Cdr", "{" CDR_MEMBERS "}" },
	{ "CdrDetail", "{" CDR_MEMBERS ", record o?}" },
	{ "Cdrs", "{items [@Cdr], count i, start_time t, end_time t, next_cursor s?}" },
	{ "SyncStatus", "{status =no_login|starting|waiting|asking|following|fault, complete_until t?, lag_s i?, next_sync t?, last_page t?, backfill {done i, total i}, "
			"gaps [{from t?, until t?}], records {new i, rejected i, duplicates i}, collector s, collects b, host s, fault s?, live s}" },
	{ "Location", "{name s, uuid s, zone s, calls_last_hour i, calls_today i, minutes_today i, cost_today " MONEY ", open_alerts @Severities}" },
	{ "Locations", "{items [@Location]}" },
	{ "Person", "{uuid s, name s, email s, extension s, number s, location s, team s}" },
	{ "People", "{items [@Person], total i}" },
	{ "Job", "{job_id s, kind s, status =running|done|failed, requested_by s, requested_time t?, ended_time t?, fault s?}" },
	{ "Call", "{" CALL_MEMBERS "}" },
	{ "CallDetail", "{" CALL_MEMBERS ", records [@Cdr], journey [@Call]}" },
	{ "Calls", "{items [@Call], count i, next_cursor s?}" },
	{ "LiveCall", "{call_id s, state s, direction =inbound|outbound, external b, location s, user {id s, name s}, far_number s, far_name s, reported_number s, "
		      "country s, class s, tier s, start_time t?, answer_time t?, duration_s i, cost " MONEY "}" },
	{ "LiveCalls", "{items [@LiveCall], total i}" },
	{ "Scores", "{items [{score i, subject {kind s, id s, name s}, location s, why s, last_time t?, alert_id i, count i, cost " MONEY "}]}" },
	{ "Rule", "{" RULE_MEMBERS "}" },
	{ "Rules", "{items [@Rule], complaints s}" },
	{ "Silence", "{id s, kind s, filter s, until t?}" },
	{ "SilenceEnd", "{id s, kept_back i}" },
	{ "Silences", "{items [{" SILENCE_MEMBERS "}]}" },
	{ "SilenceDetail", "{" SILENCE_MEMBERS ", findings [{findings i, first t?, last t?, severity " SEVERITY ", score i, subject @Subject, location s, rule s, title s, "
			   "kept_back t?}]}" },
	{ "SilencePreview", "{days i, alerts i, of i, true_positives i, false_positives i, open i, critical_raised_all_the_same i, highest " SEVERITY "?, newest [@Alert]}" },
	{ "Subject", "{kind s, id s, name s}" },
	{ "Peers", "{days i, colleagues i, own i, most i, buckets [i], own_bucket i, below i}" },
	{ "Load", "{most i, time t?}" },
	{ "Profile", "{subject @Subject, number s, location s, zone s, country s, class s, tier s, as_of t?, past b, first_time t?, last_time t?, utc_offset_minutes i, "
		     "known_days i, counted_days i, cut b, open_alerts i, highest_open i, by_direction o, cost " MONEY ", peers {calls @Peers?, abroad @Peers?}, "
		     "load {today @Load, before @Load}, device {model s, owner @Subject}, today [i], usual [n], by_hour [[i]], weekdays [i], "
		     "days [{calls i, talk_s i, abroad i, cost " MONEY "}], contacts [{subject @Subject, country s, class s, tier s, outbound i, inbound i, talk_s i, today i, "
		     "abroad i, cost " MONEY ", first_time t?, last_time t?, new b, score i}], contacts_total i, "
		     "countries [{country s, class s, tier s, calls i, cost " MONEY ", first_time t?, new b}], "
		     "devices [{device s, calls i, first_time t?, last_time t?, new b}], changes [{what s, value s, first_time t?}], admin [o], live [o], forwards [@Call], "
		     "forwards_total i, recent [@Call], seen_before [@Earlier]}" },
	{ "Case", "{case i, severity " SEVERITY ", n_alerts i, n_open i, n_records i, n_calls i, n_people i, n_numbers i, n_countries i, talk_s i, cost " MONEY
		  ", first_time t?, last_time t?, detected_after_s i?, acknowledged_after_s i?, masked b, alerts [@Alert], "
		  "countries [{country s, tier s, calls i, talk_s i, cost " MONEY "}], timeline [o]}" },
	{ "Report", "{from t?, until t?, sync {collects b, complete_from t?, complete_until t?, newest_call t?, gaps [{from t?, until t?, lost b}]}, "
		    "traffic [{location s, " TRAFFIC_MEMBERS "}], total {" TRAFFIC_MEMBERS "}, destinations [{country s, calls i, minutes i, cost " MONEY ", tier s}], "
		    "alerts {open o, raised o, closed o, open_list [" REPORTED_ALERT "], closed_list [" REPORTED_ALERT "], open_cost " MONEY "}, "
		    "silences {in_force i, kept_back_24h i, list [{id s, kind s, scope s, owner s, reason s, until t?, kept_back i, kept_back_24h i, highest s?}]}, "
		    "scores [{score i, name s, kind s, location s, why s, alert_id i}]}" },
	{ "HandedAlert", "{" ALERT_PLAIN ", late b, of_case? {id i, open i, late i, by_severity @Severities, oldest t?}}" },
	{ "HandOver", "{from t?, until t?, over b, raised i, raised_by_severity @Severities, cost_raised " MONEY ", open i, open_by_severity @Severities, late i, snoozed i, "
		      "closed i, closed_by_resolution o, sites [{location s, raised i, by_severity @Severities}], "
		      "owners [{assignee s?, open i, late i, by_severity @Severities}], open_alerts [@HandedAlert], closed_alerts [@HandedAlert], "
		      "ends_in_next_shift [{time t?, kind s, alert_id i, title s}], notes [{time t?, who s, alert_id i, title s, text s}], "
		      "noisy_rules [{rule s, title s, raised i, closed i, closed_as_false i}], gaps [{from t?, until t?}]}" },
	{ "Audit", "{items [{time t?, who s, act s, before s, after s, note s, seq i, alert i?}], chain_holds b?, broken_at i?, lines i?, end s?, next_cursor s?}" },
	{ NULL, NULL },
};

static json_t *read_shape(const char **at);

static void skip_blanks(const char **at)
{
	*at += strspn(*at, " \n");
}

static json_t *read_object(const char **at)
{
	json_t *properties = json_object(), *required = json_array();
	(*at)++;
	for (skip_blanks(at); **at != '}' && **at != '\0'; skip_blanks(at)) {
		char name[64];
		size_t n = strcspn(*at, " ?");
		snprintf(name, sizeof name, "%.*s", (int)n, *at);
		*at += n;
		if (**at == '?')
			(*at)++;
		else
			json_array_append_new(required, json_string(name));
		skip_blanks(at);
		json_object_set_new(properties, name, read_shape(at));
		skip_blanks(at);
		if (**at == ',')
			(*at)++;
	}
	if (**at == '}')
		(*at)++;
	return json_pack("{s:s, s:o, s:o}", "type", "object", "properties", properties, "required", required);
}

static json_t *read_words(const char **at)
{
	json_t *words = json_array();
	do {
		(*at)++;
		size_t n = strcspn(*at, "|,?}] ");
		json_array_append_new(words, json_stringn(*at, n));
		*at += n;
	} while (**at == '|');
	return json_pack("{s:s, s:o}", "type", "string", "enum", words);
}

static json_t *read_reference(const char **at)
{
	char path[100];
	size_t n = strcspn(*at, ",?}] ");
	snprintf(path, sizeof path, "#/components/schemas/%.*s", (int)n - 1, *at + 1);
	*at += n;
	return json_pack("{s:s}", "$ref", path);
}

static json_t *read_plain(const char **at)
{
	switch (*(*at)++) {
	case 'i': return json_pack("{s:s}", "type", "integer");
	case 'n': return json_pack("{s:s}", "type", "number");
	case 'b': return json_pack("{s:s}", "type", "boolean");
	case 't': return json_pack("{s:s, s:s}", "type", "string", "format", "date-time");
	case 'o': return json_pack("{s:s}", "type", "object");
	}
	return json_pack("{s:s}", "type", "string");
}

static json_t *read_shape(const char **at)
{
	json_t *out;
	skip_blanks(at);
	if (**at == '{') {
		out = read_object(at);
	} else if (**at == '[') {
		(*at)++;
		json_t *items = read_shape(at);
		if (**at == ']')
			(*at)++;
		out = json_pack("{s:s, s:o}", "type", "array", "items", items);
	} else if (**at == '=') {
		out = read_words(at);
	} else if (**at == '@') {
		out = read_reference(at);
	} else {
		out = read_plain(at);
	}
	if (**at == '?') {
		(*at)++;
		out = json_pack("{s:[o, {s:s}]}", "anyOf", out, "type", "null");
	}
	return out;
}

json_t *api_schema_json(const char *shape)
{
	return read_shape(&shape);
}
