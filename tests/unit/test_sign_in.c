/* SPDX-License-Identifier: Apache-2.0
 *
 * Signing in from the console's own loop: a code, another code, and the end. */
#include "watch_rig.h"

#define CODE                                                                            \
	"{\"device_code\":\"6f1d7c2e\",\"expires_in\":300,\"user_code\":\"482913\","     \
	"\"verification_uri\":\"https://example.com/verify\","                           \
	"\"verification_uri_complete\":\"https://example.com/verify?userCode=5d0c\"," \
	"\"interval\":1}"
#define ASKED "/v1/device/authorize"

static void begin(void)
{
	rig_begin();
	rig_route(0, "/v1/cdr_", 404, RIG_NONE);
	rig_route(1, ASKED, 200, CODE);
	rig_route(2, "/v1/device/token", 428, "");
	config.scopes = "spark-admin:calling_cdr_read";
	unlink(token_path);
	rig_start();
	WAIT(board->sign_in != NULL && board->health->sync == SYNC_NO_LOGIN);
}

static void end(void)
{
	rig_stop();
	rig_end();
}

TEST(a_new_code_replaces_the_one_that_is_shown)
{
	begin();
	board->sign_in_start(board);
	WAIT(board->sign_in->step == SIGN_IN_SHOWN);
	CHECK_STR(board->sign_in->code, "482913");
	board->sign_in_start(board);
	board->sign_in_start(board); /* as often as one likes: one new code */
	WAIT(rig_asked(ASKED) == 2 && board->sign_in->step == SIGN_IN_SHOWN);
	CHECK(!board->sign_in->again);
	end();
}

TEST(a_wish_for_another_code_does_not_outlive_a_refusal)
{
	begin();
	board->sign_in_start(board);
	board->sign_in_start(board); /* while the first is on its way */
	WAIT(board->sign_in->step == SIGN_IN_SHOWN && !board->sign_in->again);
	rig_route(2, "/v1/device/token", 400, "{\"error\":\"access_denied\"}");
	WAIT(board->sign_in->step == SIGN_IN_FAILED);
	size_t n = rig_asked(ASKED);
	rig_route(1, ASKED, 400, "{\"message\":\"Client Id is invalid\"}");
	board->sign_in_start(board);
	WAIT(rig_asked(ASKED) == n + 1 && board->sign_in->step == SIGN_IN_FAILED);
	CHECK(strstr(board->sign_in->fault.text, "Client Id is invalid") != NULL);
	end();
}

TEST(who_signs_in_a_second_time_gets_the_records_again)
{
	begin();
	rig_route(2, "/v1/device/token", 200, "{\"access_token\":\"A2\",\"refresh_token\":\"R2\","
	    "\"expires_in\":1209599,\"refresh_token_expires_in\":7775999}");
	for (size_t i = 1; i <= 2; i++) {
		board->sign_in_start(board);
		WAIT(rig_asked(ASKED) == i && board->sign_in->step == SIGN_IN_DONE);
		size_t n = rig_asked("/v1/cdr_stream");
		WAIT(rig_asked("/v1/cdr_stream") > n);
		CHECK(!board->sign_in->again);
	}
	end();
}

TEST(a_code_that_is_given_up_at_the_end_is_not_asked_for_again)
{
	begin();
	board->sign_in_start(board);
	WAIT(board->sign_in->step == SIGN_IN_SHOWN);
	size_t n = rig_asked(ASKED);
	watch_stop(watch, NULL, NULL);
	board->sign_in_start(board); /* a key that came last */
	uv_close((uv_handle_t *)&ticker, NULL);
	uv_run(&loop, UV_RUN_DEFAULT);
	CHECK_INT(rig_asked(ASKED), n);
	uv_timer_init(&loop, &ticker);
	rig_end();
}

TESTS(T(a_new_code_replaces_the_one_that_is_shown), T(a_wish_for_another_code_does_not_outlive_a_refusal),
    T(who_signs_in_a_second_time_gets_the_records_again),
    T(a_code_that_is_given_up_at_the_end_is_not_asked_for_again))
