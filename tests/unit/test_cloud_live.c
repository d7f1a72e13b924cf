/* SPDX-License-Identifier: Apache-2.0 */
#include "base/hash.h"
#include "base/map.h"
#include "cloud_rig.h"
#include "net/http_server.h"
#include "webex/signature.h"

#define SECRET "an invented secret"

static char path[800], body[2000], id[WEBEX_ID_BYTES];
static struct sim_day day; /* of RIG_NOW, as the traffic tells it */

static void read_day(void)
{
	struct traffic *traffic;
	struct traffic_options options = rig_options.traffic;
	options.seed = rig_options.seed;
	REQUIRE(traffic_new(&options, &traffic, &rig_fault));
	traffic_day(traffic, RIG_NOW / DAY_MS, &day);
	traffic_free(traffic);
}

/* A call of the day that is long enough to be met twice. */
static const struct sim_call *a_long_call(void)
{
	for (size_t i = 0; i < day.n_calls; i++) {
		const struct sim_call *call = &day.calls[i];
		if (call->answer_ms != 0 && call->end_ms - call->answer_ms > 3 * MINUTE_MS &&
		    !cloud_org(rig_cloud)->people[call->person].is_place)
			return call;
	}
	REQUIRE(false);
	return NULL;
}

static void move_to(int64_t ms)
{
	rig_advance(ms - rig_clock.base_ms);
}

static const char *service_headers(void)
{
	static char line[400];
	snprintf(line, sizeof line, "Authorization: Bearer %s\nContent-Type: application/json",
	    cloud_credentials(rig_cloud)->service_access_token);
	return line;
}

static const char *member_path(int person, const char *rest)
{
	const struct sim_person *p = &cloud_org(rig_cloud)->people[person];
	webex_id_make(p->is_place ? "PLACE" : "PEOPLE", p->uuid, id);
	snprintf(path, sizeof path, "/v1/telephony/calls/members/%s/%s", id, rest);
	return path;
}

static json_t *calls_of(int person)
{
	struct reply r = rig_ask("GET", member_path(person, "calls"), service_headers(), NULL);
	CHECK_INT(r.status, 200);
	return rig_json(&r);
}

/* The item with that call, or NULL. Borrowed. */
static json_t *item_of(const json_t *list, const char *call_id)
{
	size_t i;
	json_t *item;
	char wanted[WEBEX_ID_BYTES];
	webex_id_make("CALL", call_id, wanted);
	json_array_foreach(json_object_get(list, "items"), i, item)
		if (strcmp(json_str(item, "id", ""), wanted) == 0)
			return item;
	return NULL;
}

static void begin_live(void)
{
	rig_begin();
	read_day();
}

static void end_live(void)
{
	sim_day_free(&day);
	rig_end();
}

TEST(a_members_call_is_seen_while_it_is_up)
{
	rig_defaults();
	begin_live();
	const struct sim_call *call = a_long_call();
	move_to(call->start_ms - 1);
	json_auto_t *before = calls_of(call->person);
	CHECK(item_of(before, call->call_id) == NULL);
	move_to(call->start_ms);
	json_auto_t *ringing = calls_of(call->person);
	json_t *item = item_of(ringing, call->call_id);
	REQUIRE(item != NULL);
	CHECK_STR(json_str(item, "state", ""), call->originator ? "connecting" : "alerting");
	CHECK(json_object_get(item, "answered") == NULL);
	move_to(call->answer_ms + MINUTE_MS);
	json_auto_t *talking = calls_of(call->person);
	item = item_of(talking, call->call_id);
	REQUIRE(item != NULL);
	CHECK_STR(json_str(item, "state", ""), "connected");
	CHECK_STR(json_str(item, "personality", ""), call->originator ? "originator" : "terminator");
	CHECK_STR(json_str(json_object_get(item, "remoteParty"), "number", ""), call->remote_number);
	snprintf(body, sizeof body, "calls/%s", json_str(item, "id", ""));
	struct reply r = rig_ask("GET", member_path(call->person, body), service_headers(), NULL);
	CHECK_INT(r.status, 200);
	reply_clear(&r);
	move_to(call->end_ms);
	json_auto_t *after = calls_of(call->person);
	CHECK(item_of(after, call->call_id) == NULL);
	end_live();
}

TEST(a_call_goes_through_every_state)
{
	static const struct {
		int from; /* 0 start, 1 answer, 2 end */
		int64_t after_ms;
		const char *state; /* NULL: not there */
	} steps[] = { { 0, 0, "connecting" }, { 0, 900, "alerting" }, { 1, 0, "connected" },
		{ 1, 21 * SECOND_MS, "held" }, { 1, 36 * SECOND_MS, "connected" }, { 2, 0, NULL } };
	const struct sim_call *call = NULL;
	rig_defaults();
	begin_live();
	for (size_t i = 0; i < day.n_calls && call == NULL; i++) {
		const struct sim_call *c = &day.calls[i];
		if (c->originator && c->answer_ms > c->start_ms + SECOND_MS &&
		    c->end_ms - c->answer_ms > MINUTE_MS && hash_text(c->call_id) % 8 == 0)
			call = c; /* one in eight is put on hold */
	}
	REQUIRE(call != NULL);
	for (size_t i = 0; i < COUNT_OF(steps); i++) {
		const int64_t from[] = { call->start_ms, call->answer_ms, call->end_ms };
		move_to(from[steps[i].from] + steps[i].after_ms);
		json_auto_t *list = calls_of(call->person);
		json_t *item = item_of(list, call->call_id);
		CHECK_STR(item == NULL ? "" : json_str(item, "state", "?"),
		    steps[i].state == NULL ? "" : steps[i].state);
	}
	end_live();
}

/* webex-questions.md D14 */
TEST(a_call_is_hung_up_once)
{
	rig_defaults();
	begin_live();
	const struct sim_call *call = a_long_call();
	move_to(call->answer_ms + MINUTE_MS);
	char call_id[WEBEX_ID_BYTES];
	webex_id_make("CALL", call->call_id, call_id);
	snprintf(body, sizeof body, "{\"callId\":\"%s\"}", call_id);
	static const long wanted[] = { 204, 404 };
	for (size_t i = 0; i < COUNT_OF(wanted); i++) {
		struct reply r =
		    rig_ask("POST", member_path(call->person, "hangup"), service_headers(), body);
		CHECK_INT(r.status, wanted[i]);
		reply_clear(&r);
	}
	json_auto_t *after = calls_of(call->person);
	CHECK(item_of(after, call->call_id) == NULL);
	end_live();
}

TEST(what_may_not_be_asked_is_refused)
{
	char headers[400];
	rig_defaults();
	begin_live();
	snprintf(headers, sizeof headers, "Authorization: Bearer %s",
	    cloud_credentials(rig_cloud)->personal_token);
	struct reply r = rig_ask("GET", member_path(0, "calls"), headers, NULL);
	CHECK_INT(r.status, 403); /* not a Service App's token */
	reply_clear(&r);
	r = rig_ask("GET", "/v1/telephony/calls/members/nobody/calls", service_headers(), NULL);
	CHECK_INT(r.status, 404);
	reply_clear(&r);
	static const char *const bodies[] = { "", "{", "[]", "{\"callId\":7}", "{\"callId\":\"x\"}",
		"{\"callId\":\"Y2lzY29zcGFyazovL3VzL1BFT1BMRS94\"}" };
	for (size_t i = 0; i < COUNT_OF(bodies); i++) {
		r = rig_ask("POST", member_path(0, "hangup"), service_headers(), bodies[i]);
		CHECK_INT(r.status, 400);
		reply_clear(&r);
	}
	end_live();
}

/* ------------------------------------------------------------------ webhooks */

struct seen { /* filled on the loop, read by the test after a semaphore */
	char *body;
	bool right;
};

static struct http_server *receiver;
static struct seen seen[4000];
static size_t n_seen;
static uv_sem_t arrived;
static int answer_with;

static void on_event(struct http_visit *visit, void *arg)
{
	size_t n;
	const char *bytes = http_visit_body(visit, &n);
	UNUSED(arg);
	if (n_seen < COUNT_OF(seen))
		seen[n_seen++] = (struct seen){ mem_strndup(bytes, n),
			signature_is_right(SECRET, bytes, n, http_visit_header(visit, "X-Spark-Signature"),
			    NULL) };
	struct http_answer answer = { .status = answer_with };
	http_visit_answer(visit, &answer);
	uv_sem_post(&arrived);
}

static void do_start_receiver(void *arg)
{
	struct http_server_options options = { 0 };
	UNUSED(arg);
	REQUIRE(http_server_start(&rig_loop.loop, &options, on_event, NULL, &receiver, &rig_fault));
}

static void do_stop_receiver(void *arg)
{
	UNUSED(arg);
	http_server_stop(receiver, NULL, NULL);
}

static void begin_receiver(int status)
{
	uv_sem_init(&arrived, 0);
	n_seen = 0;
	answer_with = status;
	loop_do(&rig_loop, do_start_receiver, NULL);
}

static void end_receiver(void)
{
	loop_do(&rig_loop, do_stop_receiver, NULL);
	for (size_t i = 0; i < n_seen; i++)
		free(seen[i].body);
	uv_sem_destroy(&arrived);
}

static struct reply create(const char *target, const char *more)
{
	snprintf(body, sizeof body,
	    "{\"name\":\"soc-calls\",\"targetUrl\":\"%s\",\"resource\":\"telephony_calls\","
	    "\"event\":\"all\",\"secret\":\"" SECRET "\",\"ownedBy\":\"org\"%s}",
	    target, more);
	return rig_ask("POST", "/v1/webhooks", service_headers(), body);
}

static const char *target(void)
{
	static char url[200];
	snprintf(url, sizeof url, "%s/wx", http_server_url(receiver));
	return url;
}

static bool wanted_end(const struct sim_call *call, int64_t from_ms, int64_t to_ms, bool external)
{
	return call->end_ms > from_ms && call->end_ms <= to_ms && (!external || call->external) &&
	    !cloud_org(rig_cloud)->people[call->person].is_place;
}

/* D2, D5, D6: wait until every call that ends in the span was told as over. */
static void check_all_told(int64_t from_ms, int64_t to_ms, bool external)
{
	struct map over = { 0 };
	size_t want = 0, read = 0;
	for (size_t i = 0; i < day.n_calls; i++)
		want += wanted_end(&day.calls[i], from_ms, to_ms, external);
	CHECK(want > 3);
	while (over.n < want) {
		uv_sem_wait(&arrived);
		struct seen *event = &seen[read++];
		if (!event->right)
			continue; /* a forgery, or half of one */
		json_auto_t *json = json_loads(event->body, 0, NULL);
		json_t *data = json_object_get(json, "data");
		CHECK_STR(json_str(json, "resource", ""), "telephony_calls");
		CHECK(json_str(data, "eventTimestamp", NULL) != NULL);
		if (external)
			CHECK_STR(json_str(json_object_get(data, "remoteParty"), "callType", ""), "external");
		if (strcmp(json_str(data, "state", ""), "disconnected") == 0) {
			CHECK_STR(json_str(json, "event", ""), "deleted");
			map_put(&over, json_str(data, "callId", ""), NULL);
		}
	}
	for (size_t i = 0; i < day.n_calls; i++) {
		if (!wanted_end(&day.calls[i], from_ms, to_ms, external))
			continue;
		webex_id_make("CALL", day.calls[i].call_id, id);
		CHECK(map_get(&over, id) != NULL);
	}
	map_clear(&over);
}

TEST(every_call_is_told_and_signed)
{
	for (int faulty = 0; faulty < 2; faulty++) {
		rig_defaults();
		rig_options.faults = faulty ? SIM_FAULT_BIT(SIM_FAULT_DUPLICATES) |
			SIM_FAULT_BIT(SIM_FAULT_HOSTILE) | SIM_FAULT_BIT(SIM_FAULT_MALFORMED) : 0;
		begin_live();
		begin_receiver(200);
		struct reply r = create(target(), "");
		CHECK_INT(r.status, 200);
		reply_clear(&r);
		rig_advance(9 * MINUTE_MS);
		check_all_told(RIG_NOW, RIG_NOW + 9 * MINUTE_MS, false);
		size_t n_forged = 0;
		for (size_t i = 0; i < n_seen; i++)
			n_forged += !seen[i].right;
		CHECK(faulty ? n_forged > 0 : n_forged == 0);
		end_receiver();
		end_live();
	}
}

/* D10 */
TEST(a_filter_leaves_out_the_rest)
{
	rig_defaults();
	begin_live();
	begin_receiver(204);
	struct reply r = create(target(), ",\"filter\":\"callType=external\"");
	CHECK_INT(r.status, 200);
	reply_clear(&r);
	rig_advance(9 * MINUTE_MS);
	check_all_told(RIG_NOW, RIG_NOW + 9 * MINUTE_MS, true);
	end_receiver();
	end_live();
}

TEST(a_hangup_is_told)
{
	rig_defaults();
	begin_live();
	const struct sim_call *call = a_long_call();
	move_to(call->answer_ms + MINUTE_MS);
	begin_receiver(200);
	struct reply r = create(target(), ",\"filter\":\"state=disconnected\"");
	reply_clear(&r);
	char call_id[WEBEX_ID_BYTES];
	webex_id_make("CALL", call->call_id, call_id);
	snprintf(body, sizeof body, "{\"callId\":\"%s\"}", call_id);
	r = rig_ask("POST", member_path(call->person, "hangup"), service_headers(), body);
	CHECK_INT(r.status, 204);
	reply_clear(&r);
	uv_sem_wait(&arrived);
	CHECK(strstr(seen[0].body, call_id) != NULL);
	CHECK(seen[0].right);
	end_receiver();
	end_live();
}

static char *status_of(const char *webhook)
{
	snprintf(path, sizeof path, "/v1/webhooks/%s", webhook);
	struct reply r = rig_ask("GET", path, service_headers(), NULL);
	CHECK_INT(r.status, 200);
	json_auto_t *json = rig_json(&r);
	return mem_strdup(json_str(json, "status", ""));
}

/* D1 */
TEST(failures_make_a_webhook_inactive_until_it_is_set_active)
{
	rig_defaults();
	rig_options.webhook_failures = 3;
	begin_live();
	begin_receiver(500);
	struct reply r = create(target(), "");
	json_auto_t *made = rig_json(&r);
	char *status = status_of(json_str(made, "id", ""));
	CHECK_STR(status, "active");
	free(status);
	rig_advance(9 * MINUTE_MS);
	for (int i = 0; i < 3; i++)
		uv_sem_wait(&arrived);
	do { /* the third answer is on its way back */
		status = status_of(json_str(made, "id", ""));
		bool inactive = strcmp(status, "inactive") == 0;
		free(status);
		if (inactive)
			break;
	} while (true);
	snprintf(path, sizeof path, "/v1/webhooks/%s", json_str(made, "id", ""));
	snprintf(body, sizeof body, "{\"name\":\"again\",\"targetUrl\":\"%s\",\"status\":\"active\"}",
	    target());
	r = rig_ask("PUT", path, service_headers(), body);
	CHECK_INT(r.status, 200);
	json_auto_t *again = rig_json(&r);
	CHECK_STR(json_str(again, "status", ""), "active");
	CHECK_STR(json_str(again, "name", ""), "again");
	r = rig_ask("PUT", path, service_headers(), "{\"name\":\"x\",\"status\":\"inactive\"}");
	CHECK_INT(r.status, 400);
	reply_clear(&r);
	r = rig_ask("DELETE", path, service_headers(), NULL);
	CHECK_INT(r.status, 204);
	reply_clear(&r);
	r = rig_ask("GET", path, service_headers(), NULL);
	CHECK_INT(r.status, 404);
	reply_clear(&r);
	end_receiver();
	end_live();
}

TEST(a_webhook_that_must_not_be_is_refused)
{
	static const struct {
		const char *body;
		long status;
	} cases[] = {
		{ "{", 400 },
		{ "{\"name\":\"a\"}", 400 },
		{ "{\"name\":\"a\",\"targetUrl\":\"https://relay.example.com/wx\","
		  "\"resource\":\"telephony_calls\",\"event\":\"all\"}", 400 },
		{ "{\"name\":\"a\",\"targetUrl\":\"http://127.0.0.1@evil.example/\","
		  "\"resource\":\"telephony_calls\",\"event\":\"all\"}", 400 },
		{ "{\"name\":\"a\",\"targetUrl\":\"file:///etc/passwd\","
		  "\"resource\":\"telephony_calls\",\"event\":\"all\"}", 400 },
		{ "{\"name\":\"a\",\"targetUrl\":\"http://127.0.0.1:1/\","
		  "\"resource\":\"telephones\",\"event\":\"all\"}", 400 },
		{ "{\"name\":\"a\",\"targetUrl\":\"http://127.0.0.1:1/\","
		  "\"resource\":\"telephony_calls\",\"event\":\"some\"}", 400 },
		{ "{\"name\":\"a\",\"targetUrl\":\"http://127.0.0.1:1/\",\"resource\":\"telephony_calls\","
		  "\"event\":\"all\",\"filter\":\"colour=red\"}", 400 },
		{ "{\"name\":\"a\",\"targetUrl\":\"http://127.0.0.1:1/\",\"resource\":\"telephony_calls\","
		  "\"event\":\"all\",\"ownedBy\":\"me\"}", 400 },
		{ "{\"name\":\"a\",\"targetUrl\":\"http://127.0.0.1:1/\",\"resource\":\"rooms\","
		  "\"event\":\"all\"}", 200 },
		{ "{\"name\":\"b\",\"targetUrl\":\"http://127.0.0.1:1/\",\"resource\":\"rooms\","
		  "\"event\":\"all\"}", 409 },
	};
	rig_defaults();
	rig_begin();
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct reply r = rig_ask("POST", "/v1/webhooks", service_headers(), cases[i].body);
		CHECK_INT(r.status, cases[i].status);
		reply_clear(&r);
	}
	struct reply r = rig_ask("GET", "/v1/webhooks", service_headers(), NULL);
	json_auto_t *list = rig_json(&r);
	CHECK_INT(json_array_size(json_object_get(list, "items")), 1);
	CHECK(json_object_get(json_array_get(json_object_get(list, "items"), 0), "secret") == NULL);
	rig_end();
}

/* D8 */
TEST(interest_is_registered_and_expires)
{
	static const char where[] = "/v1/telephony/webhookInterestRegistrations";
	rig_defaults();
	rig_begin();
	struct reply r = rig_ask("POST", where, service_headers(),
	    "{\"interests\":[{\"actor\":\"Workspaces\"}],\"duration\":2}");
	CHECK_INT(r.status, 200);
	json_auto_t *made = rig_json(&r);
	CHECK_STR(json_str(made, "expiresAt", ""), "2026-10-09T15:00:00.000Z");
	static const char *const wrong[] = { "{}", "{\"interests\":[]}",
		"{\"interests\":[{\"actor\":\"Everybody\"}]}",
		"{\"interests\":[{\"actor\":\"Workspaces\"}],\"duration\":61}" };
	for (size_t i = 0; i < COUNT_OF(wrong); i++) {
		r = rig_ask("POST", where, service_headers(), wrong[i]);
		CHECK_INT(r.status, 400);
		reply_clear(&r);
	}
	r = rig_ask("GET", where, service_headers(), NULL);
	json_auto_t *now = rig_json(&r);
	CHECK_INT(json_array_size(json_object_get(now, "interests")), 1);
	rig_advance(2 * DAY_MS);
	r = rig_ask("GET", where, service_headers(), NULL);
	json_auto_t *later = rig_json(&r);
	CHECK_INT(json_array_size(json_object_get(later, "interests")), 0);
	r = rig_ask("DELETE", where, service_headers(), NULL);
	CHECK_INT(r.status, 204);
	reply_clear(&r);
	rig_end();
}

TESTS(T(a_members_call_is_seen_while_it_is_up), T(a_call_goes_through_every_state), T(a_call_is_hung_up_once),
    T(what_may_not_be_asked_is_refused), T(every_call_is_told_and_signed),
    T(a_filter_leaves_out_the_rest), T(a_hangup_is_told),
    T(failures_make_a_webhook_inactive_until_it_is_set_active),
    T(a_webhook_that_must_not_be_is_refused), T(interest_is_registered_and_expires))
