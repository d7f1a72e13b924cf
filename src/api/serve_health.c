/* SPDX-License-Identifier: Apache-2.0
 *
 * Whether it lives, whether it can do its work, and figures for Prometheus. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "api/serve.h"
#include "store/query_count.h"
#include "store/row_json.h"
#include "store/window_rows.h"

void api_health(struct api_call *call)
{
	const char *organisation = call->api->config.organisation;
	api_put_json(call, json_pack("{s:s, s:s, s:I, s:o}", "status", "ok", "version", CENTINELA_VERSION, "uptime_s",
	    (json_int_t)((call->now_ms - call->api->begun_ms) / 1000), "organisation", *organisation != '\0' ? json_string(organisation) : json_null()));
	api_answer(call);
}

static const char *sync_word(enum sync_state state)
{
	switch (state) {
	case SYNC_NO_LOGIN: return "no_login";
	case SYNC_STARTING: return "starting";
	case SYNC_WAITING: return "waiting";
	case SYNC_ASKING: return "asking";
	case SYNC_FOLLOWING: return "following";
	case SYNC_FAULT: break;
	}
	return "fault";
}

static const char *live_word(const struct health *h)
{
	return h->live_webhook ? "webhook" : h->live_polling ? "polling" : "none";
}

/* How long ago everything before was here; null where nothing was read yet. */
static json_t *lag_of(const struct api_call *call, const struct health *h)
{
	return h->complete_until_ms == 0 ? json_null() : json_integer(MAX(call->event_ms - h->complete_until_ms, 0) / 1000);
}

static bool is_over(int64_t ms, int64_t most_ms)
{
	return most_ms > 0 && ms > most_ms;
}

/* What is told of one part, and why it is not ready; NULL: it is. In words that need no token:
 * nothing of whom or where. */
struct check {
	const char *name, *word, *reason;
};

/* known: complete_until_ms is what it says. */
static struct check check_sync(const struct api_call *call, const struct health *h, bool known)
{
	if (h->sync == SYNC_NO_LOGIN)
		return (struct check){ "sync", sync_word(h->sync), "nobody has signed in to Webex" };
	bool late = h->complete_until_ms != 0 && is_over(call->event_ms - h->complete_until_ms, call->api->config.ready_sync_ms);
	/* An attempt that failed is tried again soon: that alone holds nothing up. A door that is shut does. */
	if (h->sync == SYNC_FAULT && (late || h->complete_until_ms == 0 || h->code == FAULT_FORBIDDEN || h->code == FAULT_LOGIN))
		return (struct check){ "sync", sync_word(h->sync), "records cannot be read" };
	if (h->complete_until_ms == 0 && known)
		return (struct check){ "sync", "nothing_yet", "no record was read yet" };
	if (late)
		return (struct check){ "sync", "late", "records are late: api.ready_sync" };
	return (struct check){ "sync", sync_word(h->sync), NULL };
}

static struct check check_live(const struct api_call *call, const struct health *h)
{
	if (h->live_down_ms != 0 && is_over(call->now_ms - h->live_down_ms, call->api->config.ready_live_ms))
		return (struct check){ "live", "down", "a source of live calls does not work: api.ready_live" };
	return (struct check){ "live", h->live_wanted || h->live_polling ? live_word(h) : "off", NULL };
}

/* What was given up needs a person, but holds up nothing. */
static struct check check_outbox(const struct api_call *call, const struct notify_health *n)
{
	if (n->on && is_over(n->lag_ms, call->api->config.ready_outbox_ms))
		return (struct check){ "outbox", "late", "messages wait to be sent: api.ready_outbox" };
	return (struct check){ "outbox", !n->on ? "off" : n->n_dead > 0 ? "given_up" : "ok", NULL };
}

/* Whether it answers. Who never asks Webex has no ledger of what was read: the store says how
 * far others came. */
static bool ask_store(struct db *db, bool may_collect, struct health *h, struct fault *fault)
{
	int64_t revision;
	return db_ask_int(db, "SELECT value FROM counters WHERE name = 'revision'", 0, &revision, fault) &&
	    (may_collect || db_ask_int(db, COMPLETE_UNTIL, 0, &h->complete_until_ms, fault));
}

/* db NULL: the store is away, and that is told like the rest. */
bool api_ready(struct api_call *call, struct db *db)
{
	struct health h = call->seen->health;
	bool may_collect = call->seen->may_collect, answers = db != NULL && ask_store(db, may_collect, &h, &call->fault), store = answers && !h.store_fails;
	call->fault = (struct fault){ 0 };
	bool token = h.sync == SYNC_FOLLOWING || call->seen->signed_in;
	const struct check checks[] = { { "store", store ? "ok" : "fault", store ? NULL : "the store does not answer" },
		{ "token", token ? "ok" : "missing", token ? NULL : "there is no sign-in to Webex in force" }, check_sync(call, &h, answers || may_collect), check_live(call, &h),
		check_outbox(call, &h.notify) };
	json_t *words = json_object(), *reasons = json_array();
	for (size_t i = 0; i < COUNT_OF(checks); i++) {
		json_object_set_new(words, checks[i].name, json_string(checks[i].word));
		if (checks[i].reason != NULL)
			json_array_append_new(reasons, json_string(checks[i].reason));
	}
	bool ready = json_array_size(reasons) == 0;
	call->status = ready ? 200 : 503;
	api_put_json(call, json_pack("{s:s, s:o, s:o, s:o, s:o}", "status", ready ? "ready" : "not_ready", "checks", words, "reasons", reasons, "complete_until",
	    json_time(h.complete_until_ms), "lag_s", lag_of(call, &h)));
	return true;
}

void api_sync_status(struct api_call *call)
{
	const struct health *h = call->api->board->health;
	json_t *gaps = json_array();
	for (size_t i = 0; i < h->n_gaps; i++)
		json_array_append_new(gaps, json_pack("{s:o, s:o}", "from", json_time(h->gaps[i].from_ms), "until", json_time(h->gaps[i].until_ms)));
	api_put_json(call, json_pack("{s:s, s:o, s:o, s:o, s:o, s:{s:i, s:i}, s:o, s:{s:I, s:I, s:I}, s:o, s:b, s:o, s:o, s:s}", "status", sync_word(h->sync),
	    "complete_until", json_time(h->complete_until_ms), "lag_s", lag_of(call, h), "next_sync", json_time(h->next_call_ms), "last_page",
	    json_time(h->last_page_ms), "backfill", "done", h->backfill_done, "total", h->backfill_total, "gaps", gaps, "records", "new", (json_int_t)h->n_legs,
	    "rejected", (json_int_t)h->n_rejected, "duplicates", (json_int_t)h->n_duplicates, "collector", json_text(h->lease_holder), "collects", h->lease_mine,
	    "host", json_text(h->region_host), "fault", h->code == FAULT_NONE ? json_null() : json_text(h->sentence), "live", live_word(h)));
	api_answer(call);
}

/* ---- Prometheus -------------------------------------------------------------------------------- */

struct figures {
	struct text *out;
	const char *organisation; /* "" the store is of one alone */
};

static void metric(const struct figures *f, const char *name, const char *kind, const char *help)
{
	text_printf(f->out, "# HELP centinela_%s %s\n# TYPE centinela_%s %s\n", name, help, name, kind);
}

/* A key is letters, digits and hyphens: nothing in it needs quoting. label NULL: none of its own. */
static void series(const struct figures *f, const char *name, const char *label, const char *of)
{
	text_printf(f->out, "centinela_%s", name);
	if (*f->organisation != '\0' && label != NULL)
		text_printf(f->out, "{organisation=\"%s\",%s=\"%s\"}", f->organisation, label, of);
	else if (*f->organisation != '\0')
		text_printf(f->out, "{organisation=\"%s\"}", f->organisation);
	else if (label != NULL)
		text_printf(f->out, "{%s=\"%s\"}", label, of);
}

static void gauge(const struct figures *f, const char *name, const char *help, double value)
{
	metric(f, name, "gauge", help);
	series(f, name, NULL, NULL);
	text_printf(f->out, " %.17g\n", value);
}

static void counter(const struct figures *f, const char *name, const char *help, uint64_t value)
{
	metric(f, name, "counter", help);
	series(f, name, NULL, NULL);
	text_printf(f->out, " %" PRIu64 "\n", value);
}

bool api_metrics(struct api_call *call, struct db *db)
{
	const struct api_seen *seen = call->seen;
	const struct health *h = &seen->health;
	struct alert_list open;
	const struct figures f = { &call->answer, call->api->config.organisation };
	struct alert_query query = { .limit = 1, .now_ms = call->event_ms };
	if (!query_alerts(db, &query, "", &call->arena, &open, &call->fault))
		return false;
	metric(&f, "alerts_open", "gauge", "Alerts that are not closed, by severity.");
	for (int i = 0; i < 4; i++) {
		series(&f, "alerts_open", "severity", severity_name((enum severity)i));
		text_printf(f.out, " %" PRId64 "\n", open.n_by_severity[i]);
	}
	gauge(&f, "sync_ok", "Whether records come: 1 yes.", h->sync != SYNC_FAULT && h->sync != SYNC_NO_LOGIN);
	gauge(&f, "sync_collects", "Whether this process asks Webex: 1 yes.", h->lease_mine);
	gauge(&f, "sync_complete_until_seconds", "Every record before this time (since 1970) is here; 0 unknown.", (double)h->complete_until_ms / 1000);
	if (h->complete_until_ms != 0)
		gauge(&f, "sync_lag_seconds", "How long ago that was.", (double)MAX(call->event_ms - h->complete_until_ms, 0) / 1000);
	gauge(&f, "live_down_seconds", "How long a source of live calls that is set has not worked.", h->live_down_ms == 0 ? 0 : (double)MAX(call->now_ms - h->live_down_ms, 0) / 1000);
	gauge(&f, "sync_gaps", "Stretches that are still missing.", (double)h->n_gaps);
	counter(&f, "records_total", "Records taken in since the start.", (uint64_t)h->n_legs);
	counter(&f, "records_rejected_total", "Records that could not be understood.", (uint64_t)h->n_rejected);
	counter(&f, "records_duplicate_total", "Records that were here already.", (uint64_t)h->n_duplicates);
	gauge(&f, "outbox_waiting", "Messages that are still to be sent.", (double)h->notify.n_waiting);
	gauge(&f, "outbox_given_up", "Messages that were given up: centinela notify list.", (double)h->notify.n_dead);
	gauge(&f, "outbox_lag_seconds", "How long the oldest has waited that is due.", (double)h->notify.lag_ms / 1000);
	gauge(&f, "live_calls", "Calls that are up.", (double)seen->n_live);
	gauge(&f, "token_expires_seconds", "When the access token ends (since 1970); 0 unknown.", (double)h->token_dies_ms / 1000);
	gauge(&f, "refresh_token_expires_seconds", "When a person must sign in again (since 1970); 0 unknown.", (double)h->refresh_dies_ms / 1000);
	metric(&f, "api_answers_total", "counter", "Answers of the API, by class of their status.");
	for (int i = 2; i < 6; i++) {
		char class[4] = { (char)('0' + i), 'x', 'x', '\0' };
		series(&f, "api_answers_total", "class", class);
		text_printf(f.out, " %" PRIu64 "\n", seen->by_class[i]);
	}
	counter(&f, "api_turned_away_total", "Requests without a token in force.", seen->n_failed);
	gauge(&f, "api_connections", "Connections that are open.", (double)seen->n_connections);
	gauge(&f, "api_streams", "Streams of live calls that are open.", (double)seen->n_streams);
	gauge(&f, "api_searches", "Searches that run or wait.", (double)seen->n_searches);
	counter(&f, "uptime_seconds_total", "How long the service has run.", (uint64_t)(seen->uptime_ms / 1000));
	call->content_type = "text/plain; version=0.0.4; charset=utf-8";
	return true;
}
