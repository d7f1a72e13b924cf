/* SPDX-License-Identifier: Apache-2.0
 *
 * The admin audit of the whole watch: read stretch by stretch, stored with how far,
 * and left alone where the token may not. */
#include "watch_rig.h"

#define ME "{\"id\":\"Y2lzY29zcGFyazovL3VzL1BFT1BMRS81YjFmMGM2YS0yZjc3LTRhMzktOGQwZS02YjhmMWEyYzNkNGU\"," \
	"\"orgId\":\"Y2lzY29zcGFyazovL3VzL09SR0FOSVpBVElPTi8wZjVhMWMyZS03YjQ0LTRlMGQtOWE1MS0zYzFkNWU3ZjkwMTI\"}"
#define AUDIT "/v1/adminAudit/events?"
#define UNTIL "SELECT CAST(value AS BIGINT) FROM settings WHERE name = 'admin_events'"

static void begin_audit(int status, const char *body)
{
	rig_begin();
	rig_route(0, "/v1/cdr_", 404, RIG_NONE);
	rig_route(1, "/v1/people/me", 200, ME);
	rig_route(2, AUDIT, status, body);
}

static void sign_in_with(const char *scope)
{
	struct fault fault;
	struct token token = { .access = mem_strdup("A1"), .refresh = mem_strdup("R1"), .scope = mem_strdup(scope),
		.obtained_ms = clock_real_ms(), .access_expires_ms = clock_real_ms() + 10 * DAY_MS };
	REQUIRE(token_file_write(token_path, &token, &fault));
	token_clear(&token);
}

TEST(what_administrators_did_is_read_from_thirty_days_back_until_now)
{
	static char body[400];
	char at[ISO_TIME_BYTES];
	iso_time_format(clock_real_ms() - HOUR_MS, at);
	snprintf(body, sizeof body, "{\"items\":[{\"id\":\"e1\",\"created\":\"%s\",\"data\":{\"actorName\":\"Sam\"}}]}", at);
	begin_audit(200, body);
	rig_start();
	uint64_t alerts = board->alerts_version;
	WAIT(rig_number("SELECT count(*) FROM admin_events") == 1);
	WAIT(board->health->admin == ADMIN_READ && board->health->admin_until_ms > clock_real_ms() - 2 * MINUTE_MS);
	CHECK(board->alerts_version > alerts);
	CHECK_INT(rig_asked(AUDIT), 5); /* of a week each; the same event in each of them is one */
	CHECK_INT(rig_number("SELECT count(*) FROM admin_events"), 1);
	int64_t until = rig_number(UNTIL);
	CHECK(until > clock_real_ms() - 2 * MINUTE_MS && until <= clock_real_ms() + MINUTE_MS);
	rig_stop();
	/* The next start goes on from there. */
	rig_start();
	WAIT(rig_number(UNTIL) > until);
	CHECK_INT(rig_asked(AUDIT), 6);
	rig_stop();
	rig_end();
}

TEST(a_token_without_the_scope_is_not_tried)
{
	begin_audit(200, "{\"items\":[]}");
	sign_in_with("spark-admin:calling_cdr_read spark-admin:people_read");
	rig_start();
	WAIT(board->health->admin == ADMIN_NO_SCOPE);
	WAIT(rig_asked("/v1/cdr_feed?") > 0);
	CHECK_INT(rig_asked(AUDIT), 0);
	CHECK_INT(board->health->code, FAULT_NONE); /* records are watched all the same */
	rig_stop();
	rig_end();
}

TEST(a_refusal_is_said_once_and_not_asked_again)
{
	begin_audit(403, "{\"message\":\"Missing required scopes or roles for this request.\"}");
	rig_start();
	WAIT(board->health->admin == ADMIN_REFUSED);
	CHECK(strstr(board->health->admin_sentence, "audit:events_read") != NULL);
	WAIT(rig_asked("/v1/cdr_feed?") > 1);
	CHECK_INT(rig_asked(AUDIT), 1);
	CHECK_INT(board->health->code, FAULT_NONE);
	CHECK_INT(rig_number("SELECT count(*) FROM settings WHERE name = 'admin_events'"), 0);
	rig_stop();
	rig_end();
}

TEST(who_says_no_organisation_is_not_read)
{
	static const char *const bodies[] = { "{\"orgId\":7}", "{\"orgId\":\"' OR 1=1\"}", "<html>" };
	for (size_t i = 0; i < COUNT_OF(bodies); i++) {
		begin_audit(200, "{\"items\":[]}");
		rig_route(1, "/v1/people/me", 200, bodies[i]);
		rig_start();
		WAIT(board->health->admin == ADMIN_FAULT);
		CHECK_INT(rig_asked(AUDIT), 0);
		rig_stop();
		rig_end();
	}
}

/* The answer comes when the lanes are closed already, or about to be. */
TEST(what_is_read_while_it_ends_is_for_nobody)
{
	begin_audit(200, "{\"items\":[{\"id\":\"e1\",\"created\":\"2026-10-05T08:58:36Z\"}]}");
	for (size_t turns = 0; turns < 4; turns++) {
		size_t before = rig_asked(turns % 2 == 0 ? AUDIT : "/v1/people/me");
		rig_start();
		WAIT(rig_asked(turns % 2 == 0 ? AUDIT : "/v1/people/me") > before);
		for (size_t i = 0; i < turns; i++)
			uv_run(&loop, UV_RUN_NOWAIT);
		rig_stop();
	}
	rig_end();
}

TESTS(T(what_administrators_did_is_read_from_thirty_days_back_until_now), T(a_token_without_the_scope_is_not_tried), T(a_refusal_is_said_once_and_not_asked_again),
    T(who_says_no_organisation_is_not_read), T(what_is_read_while_it_ends_is_for_nobody))
