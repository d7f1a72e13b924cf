/* SPDX-License-Identifier: Apache-2.0
 *
 * From an alert to the receiver: receivers over TLS that fail half of the time, a
 * notifier that dies between sending and writing that down, a storm. */
#include "outbox_rig.h"

#include <signal.h>
#include <sys/stat.h>

#include "base/json.h"
#include "net/lane.h"
#include "tls_peer.h"
#include "watch/notifier_inside.h"

#define PATIENCE_NS INT64_C(60000000000)
#define WAIT(condition)                                                       \
	do {                                                                  \
		int64_t end_ns = clock_steady_ns() + PATIENCE_NS;             \
		while (!(condition) && clock_steady_ns() < end_ns)            \
			uv_run(&loop, UV_RUN_ONCE);                           \
		CHECK(condition);                                             \
	} while (0)

static uv_loop_t loop;
static uv_timer_t ticker;
static struct web web;
static struct tls_peer peer;
static struct store *store;
static char address[256], routes_path[300], secret_path[300];
static struct lane *lane;
static struct board board;
static struct health health;
static struct clock wall;
static struct notifier *notifier;
static struct fault fault;

/* ---- the receiver ----------------------------------------------------------------- */

#define IDS 3000
static struct {
	char key[64];
	int n_tries, n_taken;
} seen[IDS]; /* under web.lock */
static int n_seen, n_edits;
static int (*status_of)(int number); /* what it answers to its nth request; 0: the connection ends */
static const char *retry_after;
static const char *(*answer_of)(int number); /* what it says with it */
static int64_t first_ns, second_ns; /* of its first two requests */
static char last_body[20000], last_path[256], last_method[8];

static int header_index(const char *key)
{
	for (int i = 0; i < n_seen; i++)
		if (strcmp(seen[i].key, key) == 0)
			return i;
	REQUIRE(n_seen < IDS);
	snprintf(seen[n_seen].key, sizeof seen[0].key, "%s", key);
	return n_seen++;
}

static void receive(const struct web_request *request, struct web_answer *out, void *arg)
{
	UNUSED(arg);
	const char *key = MHD_lookup_connection_value(request->connection, MHD_HEADER_KIND, "webhook-id");
	int status = status_of == NULL ? 200 : status_of(request->number), at = key != NULL ? header_index(key) : -1;
	if (request->number == 1)
		first_ns = clock_steady_ns();
	if (request->number == 2)
		second_ns = clock_steady_ns();
	snprintf(last_body, sizeof last_body, "%s", request->body);
	snprintf(last_path, sizeof last_path, "%s", request->path);
	snprintf(last_method, sizeof last_method, "%s", request->method);
	n_edits += strcmp(request->method, "PUT") == 0;
	if (at >= 0) {
		seen[at].n_tries++;
		seen[at].n_taken += status == 200;
	}
	if (retry_after != NULL && status != 200)
		web_header(out, "Retry-After", retry_after);
	web_json(out, status, answer_of != NULL ? answer_of(request->number) : "{\"id\":\"Y2lzY29zcGFyazovL3VzL01FU1NBR0UvMQ\"}");
}

/* ---- the rig ---------------------------------------------------------------------- */

static void on_tick(uv_timer_t *timer)
{
	UNUSED(timer); /* it only lets UV_RUN_ONCE come back */
}

static void begin(void)
{
	store = outbox_store(address);
	snprintf(routes_path, sizeof routes_path, "%s.routes.yaml", address);
	snprintf(secret_path, sizeof secret_path, "%s.secret", address);
	memset(seen, 0, sizeof seen);
	n_seen = n_edits = 0;
	status_of = NULL;
	retry_after = NULL;
	answer_of = NULL;
	clock_init_real(&wall);
	board = (struct board){ .alerts_version = 1, .clock = &wall, .health = &health };
	health = (struct health){ 0 };
	web_start(&web, "IP:127.0.0.1", receive, NULL);
	uv_loop_init(&loop);
	uv_timer_init(&loop, &ticker);
	uv_timer_start(&ticker, on_tick, 5, 5);
	lane = lane_new(&loop);
}

static void put_file(const char *path, const char *bytes)
{
	FILE *file = fopen(path, "w");
	REQUIRE(file != NULL);
	fputs(bytes, file);
	fclose(file);
	REQUIRE(chmod(path, 0600) == 0);
}

/* In the routes HOOK is the receiver's address, SECRET the file of the secret. */
static void start_alone(const char *routes)
{
	struct text text = { 0 };
	for (const char *c = routes; *c != '\0'; c++) {
		if (text_starts_with(c, "HOOK")) {
			text_puts(&text, web.base);
			c += 3;
		} else if (text_starts_with(c, "SECRET")) {
			text_puts(&text, secret_path);
			c += 5;
		} else {
			text_putc(&text, *c);
		}
	}
	put_file(routes_path, text_string(&text));
	text_clear(&text);
	struct notifier_parts parts = { &loop, store, lane, &board, &health, &wall, "test@here:1" };
	struct notifier_config config = { .routes = routes_path, .post = { .ca_file = web.ca_file }, .second_ms = 20 };
	if (!notifier_start(&parts, &config, &notifier, &fault)) {
		puts(fault.text);
		exit(1);
	}
}

static void start(const char *routes)
{
	start_alone(routes);
	WAIT(health.notify.mine);
}

static void raise_now(uint64_t first, size_t n)
{
	WAIT(lane_n_jobs(lane) == 0); /* the store is its own */
	outbox_raise(store, first, n, clock_real_ms());
	board.alerts_version++;
}

static void set_true(void *arg)
{
	*(bool *)arg = true;
}

static void stop(void)
{
	bool stopped = false;
	notifier_stop(notifier, set_true, &stopped);
	WAIT(stopped);
	notifier = NULL;
}

static void end(void)
{
	bool closed = false;
	if (notifier != NULL)
		stop();
	lane_close(lane, set_true, &closed);
	WAIT(closed);
	uv_close((uv_handle_t *)&ticker, NULL);
	uv_run(&loop, UV_RUN_DEFAULT);
	CHECK_INT(uv_loop_close(&loop), 0);
	web_stop(&web);
	store_close(store);
}

/* The store, while no job is on the lane. */
static int64_t number(const char *sql)
{
	WAIT(lane_n_jobs(lane) == 0);
	return outbox_ask(store, sql);
}

static void must_exec(const char *sql)
{
	WAIT(lane_n_jobs(lane) == 0);
	if (!db_exec(&store->db, sql, &fault)) {
		puts(fault.text);
		exit(1);
	}
}

#define WEBHOOK "destinations:\n  hook: {kind: webhook, url: \"HOOK/hook\", secret: {file: \"SECRET\"}}\n" \
		"routes:\n  - to: [hook]\n    tell: [raised, worse, closed]\n"
#define KEY "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n"

/* ---- tests ------------------------------------------------------------------------ */

static int every_other(int number)
{
	static const int bad[] = { 500, 503, 429, 502, 408 };
	return number % 2 == 0 ? 200 : bad[number / 2 % 5];
}

TEST(every_notice_reaches_a_receiver_that_fails_half_of_the_time)
{
	begin();
	put_file(secret_path, KEY);
	status_of = every_other;
	start(WEBHOOK);
	raise_now(1, 200);
	WAIT(health.notify.n_waiting == 0 && number("SELECT count(*) FROM outbox WHERE state = 1") == 200);
	stop();
	CHECK_INT(n_seen, 200);
	int64_t n_tries = 0;
	for (int i = 0; i < n_seen; i++) {
		CHECK_INT(seen[i].n_taken, 1); /* it was here that it failed: nothing was taken twice */
		n_tries += seen[i].n_tries;
	}
	CHECK_INT(n_tries, number("SELECT sum(attempts) FROM outbox")); /* and none more than the attempts explain */
	CHECK(n_tries >= 300);
	CHECK_INT(number("SELECT count(*) FROM outbox WHERE state <> 1 OR sending = 1"), 0);
	end();
}

/* The process dies after the receiver took it and before that is written down. */
TEST(a_death_between_sending_and_writing_down_repeats_it_under_the_same_key)
{
	begin();
	put_file(secret_path, KEY);
	start(WEBHOOK);
	raise_now(1, 20);
	WAIT(number("SELECT count(*) FROM outbox WHERE state = 1") == 20);
	stop();
	REQUIRE(db_exec(&store->db, "UPDATE outbox SET state = 0, sending = 1 WHERE id > 10", &fault)); /* as it stood then */
	start(WEBHOOK);
	WAIT(number("SELECT count(*) FROM outbox WHERE state = 1") == 20);
	stop();
	CHECK_INT(n_seen, 20);
	for (int i = 0; i < n_seen; i++)
		CHECK(seen[i].n_taken == 1 || seen[i].n_taken == 2);
	int64_t n_taken = 0;
	for (int i = 0; i < n_seen; i++)
		n_taken += seen[i].n_taken;
	CHECK_INT(n_taken, 30);
	CHECK_INT(number("SELECT sum(attempts) FROM outbox"), 30);
	end();
}

/* A container that starts again has the same name and the same number: what it had begun
 * before is nobody's, though its lease is not over. */
TEST(a_death_that_the_same_name_follows_at_once_leaves_nothing_begun)
{
	begin();
	put_file(secret_path, KEY);
	start(WEBHOOK);
	raise_now(1, 4);
	WAIT(number("SELECT count(*) FROM outbox WHERE state = 1") == 4);
	/* However soon another may look: eight seconds after a death it tells. */
	CHECK(number("SELECT until_ms FROM outbox_lease") <= clock_real_ms() + 6000);
	stop();
	REQUIRE(db_exec(&store->db, "UPDATE outbox SET state = 0, sending = 1 WHERE id > 2; UPDATE outbox_lease SET until_ms = 9000000000000", &fault));
	start(WEBHOOK);
	WAIT(number("SELECT count(*) FROM outbox WHERE state = 1") == 4);
	CHECK_INT(number("SELECT sum(attempts) FROM outbox"), 6);
	end();
}

TEST(a_first_round_that_failed_leaves_no_alert_untold)
{
	begin();
	put_file(secret_path, KEY);
	must_exec("CREATE TRIGGER busy BEFORE UPDATE ON outbox_lease BEGIN SELECT RAISE(ABORT, 'busy'); END;");
	start_alone(WEBHOOK);
	WAIT(health.notify.error[0] != '\0');
	must_exec("DROP TRIGGER busy");
	WAIT(health.notify.mine);
	raise_now(1, 10);
	WAIT(number("SELECT count(*) FROM outbox WHERE state = 1") == 10);
	end();
}

TEST(who_may_only_look_leaves_it_to_others_without_complaint)
{
	begin();
	put_file(secret_path, KEY);
	must_exec("PRAGMA query_only = ON");
	start_alone(WEBHOOK);
	WAIT(notifier->denied);
	CHECK_STR(health.notify.error, "");
	CHECK(!health.notify.mine);
	must_exec("PRAGMA query_only = OFF");
	end();
}

static int once_full(int number)
{
	return number == 1 ? 429 : 200;
}

/* A connection that breaks while a commit is on its way: it may be kept or not. */
TEST(what_a_failed_commit_may_have_begun_is_sent_after_all)
{
	begin();
	put_file(secret_path, KEY);
	must_exec("PRAGMA foreign_keys = ON; CREATE TABLE known (id BIGINT PRIMARY KEY);"
		  "CREATE TABLE unknown (id BIGINT REFERENCES known (id) DEFERRABLE INITIALLY DEFERRED);"
		  "CREATE TRIGGER breaks AFTER UPDATE OF sending ON outbox WHEN new.attempts > old.attempts BEGIN INSERT INTO unknown VALUES (1); END");
	start(WEBHOOK);
	raise_now(1, 3);
	WAIT(health.notify.error[0] != '\0');
	CHECK_INT(web.n_requests, 0); /* nothing that is not written down is sent */
	CHECK_INT(health.notify.n_waiting, 3); /* and it is known to wait */
	CHECK(health.notify.lag_ms > 0);
	CHECK_INT(number("SELECT sum(attempts) FROM outbox"), 0);
	/* Where the outbox cannot be read either, it is as it was, and older. */
	must_exec("ALTER TABLE outbox RENAME TO away");
	int64_t lag_ms = health.notify.lag_ms;
	WAIT(strstr(health.notify.error, "no such table") != NULL && health.notify.lag_ms > lag_ms);
	CHECK_INT(health.notify.n_waiting, 3);
	must_exec("ALTER TABLE away RENAME TO outbox");
	must_exec("DROP TRIGGER breaks; UPDATE outbox SET sending = 1, attempts = 1, body = '{}' WHERE id = 2");
	WAIT(number("SELECT count(*) FROM outbox WHERE state = 1") == 3);
	CHECK_INT(n_seen, 3);
	CHECK_INT(number("SELECT attempts FROM outbox WHERE id = 2"), 2);
	CHECK_INT(number("SELECT attempts FROM outbox WHERE id = 3"), 1);
	end();
}

TEST(who_says_when_to_come_back_is_heeded)
{
	begin();
	put_file(secret_path, KEY);
	status_of = once_full;
	retry_after = "25"; /* seconds of 20 ms */
	start(WEBHOOK);
	raise_now(1, 1);
	WAIT(number("SELECT count(*) FROM outbox WHERE state = 1") == 1);
	CHECK_INT(web.n_requests, 2);
	CHECK(second_ns - first_ns >= INT64_C(500000000));
	end();
}

static int never(int number)
{
	UNUSED(number);
	return 422;
}

TEST(what_is_refused_for_good_is_given_up_and_can_be_sent_after_all)
{
	size_t n;
	begin();
	put_file(secret_path, KEY);
	status_of = never;
	start(WEBHOOK);
	raise_now(1, 3);
	WAIT(health.notify.n_dead == 3);
	CHECK_INT(number("SELECT sum(attempts) FROM outbox"), 3);
	CHECK_INT(number("SELECT count(*) FROM outbox WHERE error LIKE 'HTTP 422%'"), 3);
	status_of = NULL;
	WAIT(lane_n_jobs(lane) == 0);
	REQUIRE(outbox_resend(store, NULL, 0, "ana", clock_real_ms(), &n, &fault));
	CHECK_INT(n, 3);
	WAIT(number("SELECT count(*) FROM outbox WHERE state = 1") == 3);
	CHECK_INT(n_seen, 3); /* the same keys */
	end();
}

#define TEAMS                                                                                         \
	"destinations:\n  chat: {kind: teams, url: {file: \"SECRET\"}, burst: 5, window: 20s}\n" \
	"routes:\n  - to: [chat]\n"

static void put_hook(void)
{
	char url[300];
	snprintf(url, sizeof url, "%s/hook\n", web.base);
	put_file(secret_path, url);
}

static const char *throttled_once(int number)
{
	return number == 1 ? "Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error 429 with ContextId tcid=0" : "1";
}

static const char *too_large(int number)
{
	UNUSED(number);
	return "Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error 413 with ContextId tcid=0";
}

/* The older webhooks of Teams answer 200 whatever became of it. */
TEST(what_teams_says_in_its_200_is_heeded)
{
	begin();
	put_hook();
	answer_of = throttled_once;
	start(TEAMS);
	raise_now(1, 1);
	WAIT(number("SELECT count(*) FROM outbox WHERE state = 1") == 1);
	CHECK_INT(web.n_requests, 2);
	end();
	/* What is too large stays so: the next ones need not wait for it. */
	begin();
	put_hook();
	answer_of = too_large;
	start(TEAMS);
	raise_now(1, 2);
	WAIT(health.notify.n_dead == 2);
	CHECK_INT(web.n_requests, 2);
	CHECK_INT(number("SELECT count(*) FROM outbox WHERE error LIKE 'HTTP 413: Webhook message delivery failed%'"), 2);
	end();
}

static int full(int number)
{
	UNUSED(number);
	return 429;
}

static const char *as_webex(int number)
{
	UNUSED(number);
	return "{\"message\":\"Request rate exceeds threshold\",\"errors\":[{\"description\":\"Request rate exceeds threshold\"}],\"trackingId\":\"ROUTER_6A1B2C3D\"}";
}

#define SAID_119 "En la sala no se puede escribir: el bot no es miembro de ella, o ya no lo es; quien la dirige puede invitarlo otra vez."
static const char *as_webex_long(int number)
{
	UNUSED(number);
	return "{\"message\":\"" SAID_119 "\u00f1\u00f1\",\"trackingId\":\"ROUTER_6A1B2C3D\"}";
}

TEST(what_webex_says_is_cut_between_characters)
{
	CHECK_INT(strlen(SAID_119), 119);
	begin();
	put_file(secret_path, "bot-token\n");
	status_of = never;
	answer_of = as_webex_long;
	start("destinations:\n  room: {kind: webex, room: Y2lz, api: \"HOOK/v1\", token: {file: \"SECRET\"}, burst: 3, window: 20s}\nroutes:\n  - to: [room]\n");
	raise_now(1, 1);
	WAIT(health.notify.n_dead == 1);
	CHECK_INT(number("SELECT count(*) FROM outbox WHERE error = 'HTTP 422: " SAID_119 " [trackingId ROUTER_6A1B2C3D]'"), 1);
	end();
}

/* Webex is asked again after 300 s at most, and says what its support wants to know. */
TEST(webex_is_asked_again_and_its_tracking_id_is_kept)
{
	begin();
	put_file(secret_path, "bot-token\n");
	status_of = full;
	answer_of = as_webex;
	retry_after = "3000"; /* seconds of 20 ms */
	start("destinations:\n  room: {kind: webex, room: Y2lz, api: \"HOOK/v1\", token: {file: \"SECRET\"}, burst: 3, window: 20s}\nroutes:\n  - to: [room]\n");
	raise_now(1, 1);
	WAIT(number("SELECT count(*) FROM outbox WHERE attempts = 1 AND sending = 0 AND error <> ''") == 1);
	CHECK_INT(number("SELECT count(*) FROM outbox WHERE error = 'HTTP 429: Request rate exceeds threshold [trackingId ROUTER_6A1B2C3D]'"), 1);
	CHECK_INT(number("SELECT count(*) FROM outbox WHERE due_ms - made_ms >= 6000"), 1);
	int64_t due_ms = number("SELECT due_ms FROM outbox");
	CHECK(due_ms - clock_real_ms() <= 6000);
	end();
}

TEST(a_secret_that_others_can_read_is_not_used)
{
	begin();
	put_file(secret_path, KEY);
	REQUIRE(chmod(secret_path, 0644) == 0);
	start(WEBHOOK);
	raise_now(1, 1);
	WAIT(strstr(health.notify.error, "chmod 600") != NULL);
	CHECK_INT(web.n_requests, 0);
	REQUIRE(chmod(secret_path, 0600) == 0); /* mended: it goes out by itself */
	WAIT(number("SELECT count(*) FROM outbox WHERE state = 1") == 1);
	end();
}

/* The window of what grows ends here, however long the machine takes to come so far. */
static void close_windows(void)
{
	must_exec("UPDATE outbox SET closes_ms = 1, due_ms = 1 WHERE state = 0 AND sending = 0");
	board.alerts_version++;
}

TEST(a_storm_is_one_message_that_grows)
{
	begin();
	put_file(secret_path, "bot-token\n");
	start("destinations:\n  room: {kind: webex, room: Y2lz, api: \"HOOK/v1\", token: {file: \"SECRET\"}, burst: 3, window: 20s}\n"
	      "routes:\n  - to: [room]\n");
	raise_now(1, 1000);
	WAIT(number("SELECT count(*) FROM outbox WHERE state = 1") >= 3);
	WAIT(web.n_requests >= 4); /* the one of the rest */
	raise_now(5001, 50);
	WAIT(n_edits >= 1 && strstr(last_body, "1047") != NULL); /* 997 and 50 */
	CHECK_STR(last_method, "PUT");
	CHECK_STR(last_path, "/v1/messages/Y2lzY29zcGFyazovL3VzL01FU1NBR0UvMQ");
	close_windows();
	WAIT(number("SELECT count(*) FROM outbox WHERE state = 1") == 4);
	CHECK_INT(number("SELECT count(*) FROM outbox"), 4);
	CHECK(n_edits <= 9); /* Webex lets a message be edited ten times */
	CHECK_INT(web.n_requests - n_edits, 4);
	end();
}

static int gone_once(int number)
{
	return number == 3 ? 404 : 200; /* its first edit */
}

TEST(where_the_message_was_deleted_a_new_one_is_sent)
{
	begin();
	put_file(secret_path, "bot-token\n");
	status_of = gone_once;
	start("destinations:\n  room: {kind: webex, room: Y2lz, api: \"HOOK/v1\", token: {file: \"SECRET\"}, burst: 1, window: 20s}\n"
	      "routes:\n  - to: [room]\n    filter: 'subject.name ~ \"ana\"'\n");
	must_exec("INSERT INTO outbox (id, key, destination, alert_id, state, sending, made_ms, due_ms, closes_ms, sent_ms, attempts, edits, n_notices,"
		  " n_told, body, remote_id, error) VALUES (1000, 'msg_old', 'room', 0, 1, 0, 0, 0, 0, 0, 1, 1, 0, 0, 'x', '', '')");
	raise_now(1, 10);
	WAIT(web.n_requests >= 2);
	raise_now(101, 10);
	WAIT(web.n_requests >= 4);
	close_windows();
	WAIT(number("SELECT count(*) FROM outbox WHERE state = 0") == 0);
	CHECK_INT(number("SELECT count(*) FROM outbox WHERE state = 2"), 0);
	CHECK(strstr(last_body, "19") != NULL);
	end();
}

static bool half(int connection)
{
	return connection % 2 == 1;
}

TEST(a_siem_that_breaks_off_half_of_the_time_gets_every_line)
{
	char routes[400];
	begin();
	peer_start(&peer, PEER_SYSLOG, "IP:127.0.0.1");
	peer.fails = half;
	snprintf(routes, sizeof routes, "destinations:\n  siem: {kind: syslog, server: \"127.0.0.1:%d\", format: cef, ca_file: \"%s\"}\n"
					"routes:\n  - to: [siem]\n", peer.port, peer.made.ca_file);
	start(routes);
	raise_now(1, 500);
	WAIT(number("SELECT count(*) FROM outbox WHERE state = 1") == 500);
	stop();
	/* Each frame is as long as it says. */
	size_t n = 0;
	for (const char *at = text_string(&peer.taken); *at != '\0'; n++) {
		char *after;
		long length = strtol(at, &after, 10);
		REQUIRE(*after == ' ' && length > 0 && strlen(after + 1) >= (size_t)length);
		CHECK(text_starts_with(after + 1, "<83>1 20"));
		at = after + 1 + length;
	}
	CHECK_INT(n, 500);
	peer_stop(&peer);
	end();
}

TEST(mail_goes_out_and_a_file_has_its_lines)
{
	char routes[900], path[300];
	begin();
	peer_start(&peer, PEER_SMTP_STARTTLS, "IP:127.0.0.1");
	peer.fails = half;
	snprintf(path, sizeof path, "%s.jsonl", address);
	put_file(path, "{\"half\":"); /* a crash left it so */
	snprintf(routes, sizeof routes, "language: es\ndestinations:\n  mail: {kind: email, server: \"127.0.0.1:%d\", from: centinela@bank.example, to: [soc@bank.example], ca_file: \"%s\"}\n"
					"  lines: {kind: file, path: \"%s\", format: ocsf}\nroutes:\n  - to: [mail, lines]\n", peer.port, peer.made.ca_file, path);
	start(routes);
	raise_now(1, 2);
	WAIT(number("SELECT count(*) FROM outbox WHERE state = 1") == 4);
	stop();
	CHECK_INT(peer.n_taken, 2);
	CHECK(strstr(text_string(&peer.taken), "RCPT TO:<soc@bank.example>") != NULL);
	char line[8000];
	int n_lines = 0;
	FILE *file = fopen(path, "r");
	REQUIRE(file != NULL);
	while (fgets(line, sizeof line, file) != NULL) {
		json_t *value;
		if (n_lines++ == 0)
			continue; /* the half one */
		CHECK(json_parse(line, strlen(line), &value, &fault));
		CHECK_INT(json_int(value, "class_uid", 0), 2004);
		json_decref(value);
	}
	fclose(file);
	CHECK_INT(n_lines, 3);
	peer_stop(&peer);
	end();
}

TEST(a_file_of_routes_that_changed_is_in_force_without_a_new_start)
{
	struct text text = { 0 };
	begin();
	put_file(secret_path, KEY);
	start(WEBHOOK);
	raise_now(1, 5);
	WAIT(number("SELECT count(*) FROM outbox WHERE state = 1") == 5);
	put_file(routes_path, "routes: {}\n"); /* wrong: what worked goes on */
	raise_now(101, 5);
	WAIT(number("SELECT count(*) FROM outbox WHERE state = 1") == 10);
	text_printf(&text, "destinations:\n  other: {kind: webhook, url: \"%s/other\"}\nroutes:\n  - to: [other]\n", web.base);
	put_file(routes_path, text_string(&text));
	/* Not yet in force it may still go by the old ones: it goes somewhere. */
	uint64_t next = 201;
	/* One at a time: a storm would be held back and sent as one message later. */
	WAIT((number("SELECT count(*) FROM outbox WHERE state <> 1") == 0 ? raise_now(next++, 1) : (void)0,
	    number("SELECT count(*) FROM outbox WHERE destination = 'other' AND state = 1") > 0));
	CHECK_STR(last_path, "/other");
	WAIT(number("SELECT count(*) FROM outbox WHERE state <> 1") == 0);
	text_clear(&text);
	end();
}

TEST(routes_that_are_wrong_are_said_and_nobody_is_told)
{
	begin();
	put_file(routes_path, "routes:\n  - to: [nobody]\n");
	struct notifier_parts parts = { &loop, store, lane, &board, &health, &wall, "test@here:1" };
	struct notifier_config config = { .routes = routes_path };
	CHECK(!notifier_start(&parts, &config, &notifier, &fault));
	CHECK(strstr(fault.text, "nobody") != NULL && strstr(fault.text, ":2:") != NULL);
	end();
	outbox_rig_end();
}

/* Who would hear of it, as the board says before an act. */
static const char *told_of(enum triage_act act, const struct alert *alert, bool *people)
{
	static struct told told;
	board.told_of(board.told_arg, act, alert, SEVERITY_CRITICAL, &told);
	*people = told.people;
	return told.names;
}

TEST(who_hears_of_an_act_is_known_before)
{
	struct alert high = { .severity = SEVERITY_HIGH, .location = "Denver", .title_en = "", .title_es = "", .rule = "", .subject_id = "", .subject_name = "", .assignee = "", .tags = "" };
	struct alert critical = high;
	bool people;
	critical.severity = SEVERITY_CRITICAL;
	begin();
	start_alone("destinations:\n  room: {kind: slack, url: {file: SECRET}}\n  siem: {kind: file, path: /dev/null}\n"
		    "routes:\n  - {to: [room], severity: critical, tell: [raised, worse, closed]}\n  - {to: [siem], filter: 'location = Denver', tell: [closed, acts]}\n");
	CHECK_STR(told_of(TRIAGE_CLOSE, &critical, &people), "room, siem");
	CHECK(people);
	CHECK_STR(told_of(TRIAGE_CLOSE, &high, &people), "siem");
	CHECK(!people);
	CHECK_STR(told_of(TRIAGE_ESCALATE, &high, &people), "room"); /* as it will be then */
	CHECK_STR(told_of(TRIAGE_CLAIM, &high, &people), "siem");
	high.location = "Cali";
	CHECK_STR(told_of(TRIAGE_NOTE, &high, &people), "");
	CHECK_STR(told_of(TRIAGE_MERGE, NULL, &people), "room, siem"); /* of some, which are not known */
	CHECK_STR(told_of(TRIAGE_REOPEN, NULL, &people), "room");
	stop();
	CHECK(board.told_of == NULL);
	end();
}

TESTS(T(who_hears_of_an_act_is_known_before), T(every_notice_reaches_a_receiver_that_fails_half_of_the_time), T(a_death_between_sending_and_writing_down_repeats_it_under_the_same_key),
    T(a_death_that_the_same_name_follows_at_once_leaves_nothing_begun), T(a_first_round_that_failed_leaves_no_alert_untold),
    T(who_may_only_look_leaves_it_to_others_without_complaint),
    T(what_a_failed_commit_may_have_begun_is_sent_after_all), T(who_says_when_to_come_back_is_heeded), T(what_is_refused_for_good_is_given_up_and_can_be_sent_after_all), T(what_teams_says_in_its_200_is_heeded), T(webex_is_asked_again_and_its_tracking_id_is_kept), T(what_webex_says_is_cut_between_characters), T(a_secret_that_others_can_read_is_not_used),
    T(a_storm_is_one_message_that_grows), T(where_the_message_was_deleted_a_new_one_is_sent), T(a_siem_that_breaks_off_half_of_the_time_gets_every_line),
    T(mail_goes_out_and_a_file_has_its_lines), T(a_file_of_routes_that_changed_is_in_force_without_a_new_start),
    T(routes_that_are_wrong_are_said_and_nobody_is_told))
