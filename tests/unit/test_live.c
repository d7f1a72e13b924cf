/* SPDX-License-Identifier: Apache-2.0
 *
 * Live calls of the whole watch: the receiver of webhooks, the watch-list, and
 * what becomes of a call whose end was never told. */
#include "watch_rig.h"

#include <openssl/hmac.h>

#include "net/http_client.h"
#include "webex/ids.h"

#define DANA	"5b1f0c6a-2f77-4a39-8d0e-6b8f1a2c3d4e"
#define DANA_ID "Y2lzY29zcGFyazovL3VzL1BFT1BMRS81YjFmMGM2YS0yZjc3LTRhMzktOGQwZS02YjhmMWEyYzNkNGU"
#define MEMBERS "/v1/telephony/calls/members/"
#define CALL(id) "{\"id\":\"" id "\",\"state\":\"connected\",\"personality\":\"originator\"," \
	"\"remoteParty\":{\"number\":\"+37125550123\",\"callType\":\"external\"}}"
#define SECRET "INVENTED-32-random-bytes"

static struct http_client *http;
static char receiver[128];
static int status;

static int64_t keep_ms = DAY_MS;

static void begin_receiver_at(double speed)
{
	static char path[128];
	rig_begin();
	clock_init_from(&config.clock, clock_real_ms(), speed);
	snprintf(path, sizeof path, "%s/secret", folder);
	FILE *file = fopen(path, "w");
	REQUIRE(file != NULL);
	fputs(SECRET, file);
	fclose(file);
	REQUIRE(chmod(path, 0600) == 0);
	rig_route(0, "/v1/cdr_", 404, RIG_NONE);
	rig_route(1, "/v1/webhooks", 200, "{\"items\":[]}");
	config.sync.live = (struct live_config){ .listen = "127.0.0.1:0", .secret_file = path, .keep_ms = keep_ms };
	http = http_client_new(&loop, &(struct http_client_options){ .allow_http_to_loopback = true }, NULL);
	REQUIRE(http != NULL);
	rig_start();
	/* Where it listens is what it asks Webex to post to. */
	WAIT(rig_asked("POST /v1/webhooks ") == 1);
	const char *at = strstr(text_string(&asked), "\"targetUrl\":\"");
	REQUIRE(at != NULL && sscanf(at, "\"targetUrl\":\"%127[^\"]", receiver) == 1);
}

static void begin_receiver(void)
{
	begin_receiver_at(1);
}

static void end_receiver(void)
{
	rig_stop();
	http_client_close(http, NULL, NULL);
	rig_end();
}

static void on_response(struct http_response *response, void *arg)
{
	UNUSED(arg);
	status = response->fault.code == FAULT_NONE ? response->status : -1;
}

/* Post a body, signed with a secret; "" none. Returns the status. */
static int post(const char *secret, const char *signed_body, const char *body)
{
	unsigned char digest[20];
	char header[80] = "X-Spark-Signature: ";
	const char *headers[] = { header };
	HMAC(EVP_sha1(), secret, (int)strlen(secret), (const unsigned char *)signed_body, strlen(signed_body), digest, NULL);
	for (size_t i = 0; i < sizeof digest; i++)
		snprintf(header + strlen(header), 3, "%02x", digest[i]);
	status = 0;
	http_client_send(http, &(struct http_request){ .method = "POST", .url = receiver, .headers = headers,
	    .n_headers = *secret == '\0' ? 0 : 1, .body = body, .body_n = strlen(body) }, on_response, NULL);
	WAIT(status != 0);
	return status;
}

static const char *event(const char *id, const char *state)
{
	static char body[700];
	char now[ISO_TIME_BYTES];
	iso_time_format(clock_real_ms(), now);
	snprintf(body, sizeof body, "{\"resource\":\"telephony_calls\",\"event\":\"updated\",\"actorId\":\"" DANA_ID
	    "\",\"data\":{\"eventType\":\"x\",\"eventTimestamp\":\"%s\",\"callId\":\"%s\",\"state\":\"%s\","
	    "\"personality\":\"originator\",\"remoteParty\":{\"number\":\"+37125550123\",\"callType\":\"external\"}}}", now, id, state);
	return body;
}

TEST(D2_only_a_signed_webhook_over_its_raw_bytes_is_believed)
{
	begin_receiver();
	const char *body = event("a", "connected");
	char respaced[720];
	CHECK_INT(post("", "", body), 403);
	CHECK_INT(post("another secret", body, body), 403);
	snprintf(respaced, sizeof respaced, " %s", body);
	CHECK_INT(post(SECRET, body, respaced), 403);
	CHECK_INT(live_calls_count(board->live), 0);
	CHECK_INT(post(SECRET, body, body), 204);
	CHECK_INT(live_calls_count(board->live), 1);
	CHECK_STR(live_calls_at(board->live, 0)->person_uuid, DANA);
	CHECK_STR(live_calls_at(board->live, 0)->remote.country, "LV");
	status = 0;
	http_client_send(http, &(struct http_request){ .url = receiver }, on_response, NULL);
	WAIT(status != 0);
	CHECK_INT(status, 405);
	end_receiver();
}

TEST(D4_an_event_delivered_twice_is_one_call)
{
	begin_receiver();
	char body[700];
	snprintf(body, sizeof body, "%s", event("a", "connected"));
	CHECK_INT(post(SECRET, body, body), 204);
	uint64_t version = live_calls_version(board->live);
	CHECK_INT(post(SECRET, body, body), 204);
	CHECK_INT(live_calls_count(board->live), 1);
	CHECK_INT(live_calls_version(board->live), version);
	snprintf(body, sizeof body, "%s", event("a", "disconnected"));
	CHECK_INT(post(SECRET, body, body), 204);
	CHECK_INT(live_calls_count(board->live), 0);
	end_receiver();
}

TEST(D10_only_outside_calls_are_asked_for_and_what_is_too_large_is_refused)
{
	begin_receiver();
	CHECK_INT(rig_asked("\"filter\":\"callType=external\""), 1);
	char *large = mem_zalloc(80000);
	memset(large, ' ', 79999);
	int said = post(SECRET, large, large);
	CHECK_INT(said, 413);
	free(large);
	CHECK_INT(live_calls_count(board->live), 0);
	end_receiver();
}

TEST(D9_a_watch_list_is_polled_where_no_webhook_can_come)
{
	char place[WEBEX_ID_BYTES], list[WEBEX_ID_BYTES + 40], path[WEBEX_ID_BYTES + 40];
	rig_begin();
	webex_id_make("PLACE", "aaaaaaaa-2f77-4a39-8d0e-6b8f1a2c3d4e", place);
	snprintf(list, sizeof list, DANA ", %s", place);
	rig_route(0, "/v1/cdr_", 404, RIG_NONE);
	rig_route(1, MEMBERS DANA_ID "/calls", 200, "{\"items\":[" CALL("c1") "]}");
	rig_route(2, MEMBERS, 200, "{\"items\":[]}");
	config.sync.live = (struct live_config){ .watch = list };
	rig_start();
	WAIT(live_calls_count(board->live) == 1);
	CHECK_STR(live_calls_at(board->live, 0)->person_uuid, DANA);
	CHECK_STR(live_calls_at(board->live, 0)->remote.e164, "+37125550123");
	CHECK(board->health->live_polling);
	/* A workspace is asked for as what it is. */
	snprintf(path, sizeof path, MEMBERS "%s/calls", place);
	WAIT(rig_asked(path) > 0);
	CHECK_INT(rig_asked("/v1/webhooks"), 0);
	rig_stop();
	rig_end();
}

TEST(A20_who_loses_the_lease_polls_nobody_until_it_is_back)
{
	struct store *other;
	struct fault fault;
	rig_begin();
	rig_route(0, "/v1/cdr_", 404, RIG_NONE);
	rig_route(1, MEMBERS, 200, "{\"items\":[]}");
	config.sync.live = (struct live_config){ .watch = DANA };
	clock_init_from(&config.clock, clock_real_ms(), 100); /* ten seconds are a tenth */
	rig_start();
	WAIT(rig_asked(MEMBERS) > 2);
	REQUIRE(store_open(store_path, &other, &fault));
	bool mine, taken_over;
	int64_t now = clock_real_ms();
	REQUIRE(lease_take(other, "luis@elsewhere:1", now, now, &mine, &taken_over, &fault)); /* not his, but he lives */
	REQUIRE(db_exec(&other->db, "UPDATE lease SET holder = 'luis@elsewhere:1', until_ms = 9000000000000", &fault));
	WAIT(!board->health->lease_mine);
	size_t n = rig_asked(MEMBERS);
	REQUIRE(lease_give(other, "luis@elsewhere:1", &fault));
	store_close(other);
	WAIT(board->health->lease_mine); /* some seconds: some forty rounds */
	CHECK(rig_asked(MEMBERS) <= n + 2);
	WAIT(rig_asked(MEMBERS) > n + 2);
	rig_stop();
	rig_end();
}

TEST(D11_a_call_whose_end_was_lost_is_looked_for)
{
	static const struct {
		int status;
		const char *body;
		size_t left;
	} answers[] = {
		{ 200, "{\"items\":[]}", 0 },	    /* it is over */
		{ 200, "{\"items\":[" CALL("a") "]}", 1 }, /* only long */
		{ 400, "{\"errors\":[{\"errorCode\":4003}]}", 1 }, /* nobody may ask: not hidden on a guess */
	};
	for (size_t i = 0; i < COUNT_OF(answers); i++) {
		begin_receiver_at(200); /* five minutes are a moment, and the half hour of a stale event is none */
		rig_route(2, MEMBERS DANA_ID "/calls", answers[i].status, answers[i].body);
		const char *body = event("a", "connected");
		CHECK_INT(post(SECRET, body, body), 204);
		int64_t heard = clock_now_ms(board->clock);
		WAIT(rig_asked(MEMBERS) > 0);
		CHECK(clock_now_ms(board->clock) - heard >= 5 * MINUTE_MS);
		WAIT(answers[i].left == 0 ? live_calls_count(board->live) == 0 :
					    clock_now_ms(board->clock) - heard > 35 * MINUTE_MS);
		CHECK_INT(live_calls_count(board->live), answers[i].left);
		end_receiver();
	}
}

TEST(what_webhooks_tell_is_stored_and_no_more_than_that)
{
	begin_receiver();
	char body[700];
	uint64_t version = board->live_version;
	snprintf(body, sizeof body, "%s", event("Y2lzY29zcGFyazovL3VzL0NBTEwvY2FsbGhhbGYtNDg4MTUxNjI6MA", "alerting"));
	CHECK_INT(post(SECRET, body, body), 204);
	CHECK_INT(post("another secret", body, body), 403);
	WAIT(rig_number("SELECT count(*) FROM live_halves WHERE local_id = '48815162:0' AND person_uuid = '" DANA "' AND country = 'LV'") == 1);
	WAIT(board->live_version > version);
	/* What comes while it ends is stored too: the lane was promised it. */
	snprintf(body, sizeof body, "%s", event("Y2lzY29zcGFyazovL3VzL0NBTEwvY2FsbGhhbGYtNDg4MTUxNjI6MA", "disconnected"));
	CHECK_INT(post(SECRET, body, body), 204);
	rig_stop();
	CHECK_INT(rig_number("SELECT count(*) FROM live_halves WHERE over_ms > 0"), 1);
	http_client_close(http, NULL, NULL);
	rig_end();
	/* Who keeps nothing has nothing. */
	keep_ms = 0;
	begin_receiver();
	snprintf(body, sizeof body, "%s", event("a", "alerting"));
	CHECK_INT(post(SECRET, body, body), 204);
	CHECK_INT(live_calls_count(board->live), 1);
	rig_stop();
	CHECK_INT(rig_number("SELECT count(*) FROM live_halves"), 0);
	http_client_close(http, NULL, NULL);
	rig_end();
	keep_ms = DAY_MS;
}

#define HALF "Y2lzY29zcGFyazovL3VzL0NBTEwvY2FsbGhhbGYtNDg4MTUxNjI6MA" /* 48815162:0 */

/* Its end was never told; but records are of calls that are over. */
TEST(D11_a_call_whose_record_has_come_is_over)
{
	char body[700], page[1200], now[ISO_TIME_BYTES];
	begin_receiver();
	snprintf(body, sizeof body, "%s", event(HALF, "connected"));
	CHECK_INT(post(SECRET, body, body), 204);
	snprintf(body, sizeof body, "%s", event("other", "connected"));
	CHECK_INT(post(SECRET, body, body), 204);
	CHECK_INT(live_calls_count(board->live), 2);
	WAIT(rig_number("SELECT count(*) FROM live_halves WHERE over_ms = 0") == 2);
	iso_time_format(clock_real_ms() - 20 * SECOND_MS, now);
	snprintf(page, sizeof page, "{\"items\":[{\"Start time\":\"%s\",\"Report ID\":\"r1\",\"Correlation ID\":\"c1\",\"Local call ID\":\"48815162:0\","
				    "\"Answered\":\"true\",\"Direction\":\"ORIGINATING\",\"Duration\":15,\"Called number\":\"+37125550123\",\"User UUID\":\"" DANA "\"}]}",
	    now);
	rig_route(0, "/v1/cdr_", 200, page);
	board->sync_now(board);
	WAIT(live_calls_count(board->live) == 1);
	CHECK_STR(live_calls_at(board->live, 0)->call_id, "other");
	WAIT(rig_number("SELECT count(*) FROM live_halves WHERE over_ms > 0 AND local_id = '48815162:0'") == 1);
	CHECK_INT(rig_number("SELECT count(*) FROM live_halves WHERE over_ms > 0"), 1);
	end_receiver();
}

TEST(a_polled_call_is_stored_and_its_end_when_the_poll_misses_it)
{
	rig_begin();
	rig_route(0, "/v1/cdr_", 404, RIG_NONE);
	rig_route(1, MEMBERS, 200, "{\"items\":[" CALL("a") "]}");
	config.sync.live = (struct live_config){ .watch = DANA, .keep_ms = DAY_MS };
	rig_start();
	WAIT(rig_number("SELECT count(*) FROM live_halves WHERE over_ms = 0") == 1);
	rig_route(1, MEMBERS, 200, "{\"items\":[]}");
	WAIT(rig_number("SELECT count(*) FROM live_halves WHERE over_ms > 0") == 1);
	CHECK_INT(rig_number("SELECT count(*) FROM live_halves"), 1);
	rig_stop();
	rig_end();
}

TESTS(T(D11_a_call_whose_record_has_come_is_over), T(what_webhooks_tell_is_stored_and_no_more_than_that), T(a_polled_call_is_stored_and_its_end_when_the_poll_misses_it), T(D2_only_a_signed_webhook_over_its_raw_bytes_is_believed), T(D4_an_event_delivered_twice_is_one_call),
    T(D10_only_outside_calls_are_asked_for_and_what_is_too_large_is_refused),
    T(D9_a_watch_list_is_polled_where_no_webhook_can_come), T(A20_who_loses_the_lease_polls_nobody_until_it_is_back), T(D11_a_call_whose_end_was_lost_is_looked_for))
