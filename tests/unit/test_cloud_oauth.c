/* SPDX-License-Identifier: Apache-2.0 */
#include <openssl/sha.h>

#include "cloud_rig.h"

static const char scope[] = "spark-admin:calling_cdr_read%20spark-admin:people_read";
static const char redirect_uri[] = "http%3A%2F%2Flocalhost%3A6001%2Fredirect";
static const char verifier[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQ-._~0123";
static char url[3000], form[3000];

static const char *challenge(void)
{
	static char text[64];
	unsigned char digest[32];
	SHA256((const unsigned char *)verifier, strlen(verifier), digest);
	base64_encode(digest, sizeof digest, true, false, text);
	return text;
}

static const char *id(void)
{
	return cloud_credentials(rig_cloud)->client_id;
}

static const char *secret(void)
{
	return cloud_credentials(rig_cloud)->client_secret;
}

/* Let the page grant; copies the code out of the redirect. */
static void get_code(const char *method, const char *code_challenge, char out[static 200])
{
	char location[1000] = "";
	snprintf(form, sizeof form,
	    "client_id=%s&response_type=code&redirect_uri=%s&scope=%s&state=s%%26t&decision=accept"
	    "&code_challenge=%s&code_challenge_method=%s",
	    id(), redirect_uri, scope, code_challenge, method);
	struct reply r = rig_post_form("/v1/authorize", "", form);
	CHECK_INT(r.status, 302);
	REQUIRE(reply_header(&r, "Location", location, sizeof location));
	CHECK(text_starts_with(location, "http://localhost:6001/redirect?code="));
	char state[20] = "";
	CHECK(url_query_value(strchr(location, '?') + 1, "state", state, sizeof state));
	CHECK_STR(state, "s&t");
	REQUIRE(url_query_value(strchr(location, '?') + 1, "code", out, 200));
	reply_clear(&r);
}

static struct reply spend_code(const char *code, const char *with_verifier)
{
	snprintf(form, sizeof form,
	    "grant_type=authorization_code&client_id=%s&client_secret=%s&code=%s&redirect_uri=%s"
	    "&code_verifier=%s",
	    id(), secret(), code, redirect_uri, with_verifier);
	return rig_post_form("/v1/access_token", "", form);
}

static json_t *login(void)
{
	char code[200];
	get_code("S256", challenge(), code);
	struct reply r = spend_code(code, verifier);
	CHECK_INT(r.status, 200);
	return rig_json(&r);
}

static struct reply refresh(const char *token)
{
	snprintf(form, sizeof form,
	    "grant_type=refresh_token&client_id=%s&client_secret=%s&refresh_token=%s", id(), secret(),
	    token);
	return rig_post_form("/v1/access_token", "", form);
}

static long status_with(const char *token)
{
	struct reply r = rig_get("/v1/people/me", token);
	long status = r.status;
	reply_clear(&r);
	return status;
}

TEST(a_code_with_pkce_becomes_tokens)
{
	rig_defaults();
	rig_begin();
	json_auto_t *tokens = login();
	CHECK_INT(json_int(tokens, "expires_in", 0), 1209599);
	CHECK_INT(json_int(tokens, "refresh_token_expires_in", 0), 7775999);
	CHECK_STR(json_str(tokens, "token_type", ""), "Bearer");
	CHECK_STR(json_str(tokens, "scope", ""),
	    "spark-admin:calling_cdr_read spark-admin:people_read");
	CHECK(strstr(json_str(tokens, "access_token", ""), "_PF84_") != NULL);
	CHECK_INT(status_with(json_str(tokens, "access_token", "")), 200);
	CHECK_INT(status_with(json_str(tokens, "refresh_token", "")), 401);
	rig_end();
}

TEST(a_code_is_good_once_and_for_its_verifier_only)
{
	char code[200];
	rig_defaults();
	rig_begin();
	get_code("S256", challenge(), code);
	struct reply r = spend_code(code, "wrong-wrong-wrong-wrong-wrong-wrong-wrong-wrong");
	CHECK_INT(r.status, 400);
	reply_clear(&r);
	r = spend_code(code, verifier); /* the wrong try spent it */
	CHECK_INT(r.status, 400);
	reply_clear(&r);
	get_code("plain", verifier, code);
	r = spend_code(code, verifier);
	CHECK_INT(r.status, 200);
	reply_clear(&r);
	r = spend_code(code, verifier);
	CHECK_INT(r.status, 400);
	reply_clear(&r);
	get_code("S256", challenge(), code);
	rig_advance(301 * SECOND_MS);
	r = spend_code(code, verifier);
	CHECK_INT(r.status, 400);
	reply_clear(&r);
	rig_end();
}

TEST(the_page_is_a_form_that_can_be_declined)
{
	char location[1000] = "";
	rig_defaults();
	rig_begin();
	snprintf(url, sizeof url,
	    "/v1/authorize?client_id=%s&response_type=code&redirect_uri=%s&scope=%s"
	    "&state=%%22%%3E%%3Cscript%%3E",
	    id(), redirect_uri, scope);
	struct reply r = rig_get(url, NULL);
	CHECK_INT(r.status, 200);
	CHECK(strstr(text_string(&r.body), "<form method=\"post\"") != NULL);
	CHECK(strstr(text_string(&r.body), "spark-admin:people_read") != NULL);
	CHECK(strstr(text_string(&r.body), "<script>") == NULL);
	reply_clear(&r);
	snprintf(form, sizeof form,
	    "client_id=%s&response_type=code&redirect_uri=%s&scope=%s&state=x&decision=decline", id(),
	    redirect_uri, scope);
	r = rig_post_form("/v1/authorize", "", form);
	CHECK_INT(r.status, 302);
	CHECK(reply_header(&r, "Location", location, sizeof location));
	CHECK(strstr(location, "?error=access_denied&") != NULL);
	CHECK(strstr(location, "state=x") != NULL);
	reply_clear(&r);
	rig_end();
}

TEST(a_wrong_wish_is_never_redirected_elsewhere)
{
	static const struct {
		const char *client, *uri, *scope, *more;
		int status;
		const char *location; /* contained */
	} cases[] = {
		{ "Cwrong", "http://localhost:1/r", "spark:kms", "", 400, NULL },
		{ NULL, "https://evil.example/r", "spark:kms", "", 400, NULL },
		{ NULL, "http://localhost.evil.example/r", "spark:kms", "", 400, NULL },
		{ NULL, "http://localhost:1/r%0d%0aX-A:b", "spark:kms", "", 400, NULL },
		{ NULL, "", "spark:kms", "", 400, NULL },
		{ NULL, "http://localhost:1/r", "spark:no_such", "", 302, "error=invalid_scope" },
		{ NULL, "http://localhost:1/r", "", "", 302, "error=invalid_scope" },
		{ NULL, "http://localhost:1/r", "spark:kms", "&code_challenge=short&code_challenge_method=S256",
		    302, "error=invalid_request" },
		{ NULL, "http://127.0.0.1:1/r", "spark:kms", "&code_challenge_method=S512", 302,
		    "error=invalid_request" },
	};
	rig_defaults();
	rig_options.auto_grant_browser = true;
	rig_begin();
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		char location[1000] = "";
		snprintf(url, sizeof url,
		    "/v1/authorize?response_type=code&client_id=%s&redirect_uri=%s&scope=%s%s",
		    cases[i].client == NULL ? id() : cases[i].client, cases[i].uri, cases[i].scope,
		    cases[i].more);
		struct reply r = rig_get(url, NULL);
		CHECK_INT(r.status, cases[i].status);
		bool redirected = reply_header(&r, "Location", location, sizeof location);
		CHECK(redirected == (cases[i].location != NULL));
		CHECK(cases[i].location == NULL || strstr(location, cases[i].location) != NULL);
		reply_clear(&r);
	}
	rig_end();
}

TEST(a_refresh_token_rotates_and_the_old_one_dies)
{
	rig_defaults();
	rig_begin();
	json_auto_t *first = login();
	rig_advance(80 * DAY_MS);
	CHECK_INT(status_with(json_str(first, "access_token", "")), 401);
	struct reply r = refresh(json_str(first, "refresh_token", ""));
	CHECK_INT(r.status, 200);
	json_auto_t *second = rig_json(&r);
	CHECK(strcmp(json_str(first, "refresh_token", ""), json_str(second, "refresh_token", "")) != 0);
	CHECK_INT(json_int(second, "refresh_token_expires_in", 0), 7775999);
	CHECK_INT(status_with(json_str(second, "access_token", "")), 200);
	r = refresh(json_str(first, "refresh_token", ""));
	CHECK_INT(r.status, 400);
	CHECK(strstr(text_string(&r.body), "expired, revoked, malformed") != NULL);
	reply_clear(&r);
	rig_advance(91 * DAY_MS);
	r = refresh(json_str(second, "refresh_token", ""));
	CHECK_INT(r.status, 400);
	reply_clear(&r);
	rig_end();
}

TEST(without_rotation_the_old_token_is_told_again_or_none)
{
	for (int omit = 0; omit < 2; omit++) {
		rig_defaults();
		rig_options.rotate_refresh = false;
		rig_options.omit_refresh = omit == 1;
		rig_begin();
		json_auto_t *first = login();
		for (int i = 0; i < 2; i++) {
			struct reply r = refresh(json_str(first, "refresh_token", ""));
			CHECK_INT(r.status, 200);
			json_auto_t *second = rig_json(&r);
			CHECK_STR(json_str(second, "refresh_token", ""),
			    omit ? "" : json_str(first, "refresh_token", ""));
		}
		rig_end();
	}
}

TEST(errors_come_in_both_shapes)
{
	bool webex = false, rfc = false;
	rig_defaults();
	rig_begin();
	for (int i = 0; i < 4; i++) {
		struct reply r = refresh("nonsense");
		CHECK_INT(r.status, 400);
		json_auto_t *body = rig_json(&r);
		if (strcmp(json_str(body, "error", ""), "invalid_grant") == 0)
			rfc = true;
		else if (json_array_size(json_object_get(body, "errors")) == 1 &&
		    json_str(body, "trackingId", NULL) != NULL)
			webex = true;
	}
	CHECK(webex);
	CHECK(rfc);
	struct reply r = rig_post_form("/v1/access_token", "",
	    "grant_type=refresh_token&client_id=a&client_secret=b&refresh_token=c");
	CHECK_INT(r.status, 401);
	reply_clear(&r);
	r = rig_post_form("/v1/access_token", rig_basic(), "grant_type=password&username=a");
	CHECK_INT(r.status, 400);
	reply_clear(&r);
	rig_end();
}

TEST(the_secret_may_come_in_a_basic_header)
{
	rig_defaults();
	rig_begin();
	json_auto_t *first = login();
	snprintf(form, sizeof form, "grant_type=refresh_token&refresh_token=%s",
	    json_str(first, "refresh_token", ""));
	struct reply r = rig_post_form("/v1/access_token", rig_basic(), form);
	CHECK_INT(r.status, 200);
	reply_clear(&r);
	rig_end();
}

/* ------------------------------------------------------------ device grant */

static json_t *device_begin(void)
{
	snprintf(form, sizeof form, "client_id=%s&scope=%s", id(), scope);
	struct reply r = rig_post_form("/v1/device/authorize", "", form);
	CHECK_INT(r.status, 200);
	return rig_json(&r);
}

static struct reply device_poll(const json_t *begun)
{
	snprintf(form, sizeof form,
	    "grant_type=urn%%3Aietf%%3Aparams%%3Aoauth%%3Agrant-type%%3Adevice_code&device_code=%s"
	    "&client_id=%s",
	    json_str(begun, "device_code", ""), id());
	return rig_post_form("/v1/device/token", rig_basic(), form);
}

static long device_status(const json_t *begun, const char *word)
{
	struct reply r = device_poll(begun);
	long status = r.status;
	CHECK(word == NULL || strstr(text_string(&r.body), word) != NULL);
	reply_clear(&r);
	return status;
}

TEST(a_device_waits_until_a_person_grants)
{
	rig_defaults();
	rig_begin();
	json_auto_t *begun = device_begin();
	CHECK_INT(strlen(json_str(begun, "user_code", "")), 6);
	CHECK_INT(json_int(begun, "interval", 0), 2);
	CHECK_INT(json_int(begun, "expires_in", 0), 300);
	for (int i = 0; i < 3; i++) {
		rig_advance(2 * SECOND_MS);
		CHECK_INT(device_status(begun, "authorization_pending"), 428);
	}
	struct reply r = rig_get(json_str(begun, "verification_uri_complete", ""), NULL);
	CHECK_INT(r.status, 200);
	CHECK(strstr(text_string(&r.body), json_str(begun, "user_code", "?")) != NULL);
	reply_clear(&r);
	snprintf(form, sizeof form, "user_code=%s&decision=accept", json_str(begun, "user_code", ""));
	r = rig_post_form("/verify", "", form);
	CHECK_INT(r.status, 200);
	reply_clear(&r);
	rig_advance(2 * SECOND_MS);
	r = device_poll(begun);
	CHECK_INT(r.status, 200);
	json_auto_t *tokens = rig_json(&r);
	CHECK_INT(json_int(tokens, "expires_in", 0), 64799);
	CHECK_INT(status_with(json_str(tokens, "access_token", "")), 200);
	rig_advance(2 * SECOND_MS);
	CHECK_INT(device_status(begun, NULL), 400); /* spent */
	rig_end();
}

TEST(a_device_may_be_denied_or_too_fast_or_too_late)
{
	rig_defaults();
	rig_begin();
	json_auto_t *denied = device_begin();
	snprintf(form, sizeof form, "user_code=%s&decision=decline", json_str(denied, "user_code", ""));
	struct reply r = rig_post_form("/verify", "", form);
	reply_clear(&r);
	CHECK_INT(device_status(denied, "access_denied"), 400);

	json_auto_t *hasty = device_begin();
	CHECK_INT(device_status(hasty, "authorization_pending"), 428);
	rig_advance(SECOND_MS);
	CHECK_INT(device_status(hasty, "slow_down"), 400);
	rig_advance(2 * SECOND_MS); /* the interval is 7 s now */
	CHECK_INT(device_status(hasty, "slow_down"), 400);
	rig_advance(12 * SECOND_MS);
	CHECK_INT(device_status(hasty, "authorization_pending"), 428);

	json_auto_t *late = device_begin();
	rig_advance(300 * SECOND_MS);
	CHECK_INT(device_status(late, NULL), 400);
	snprintf(form, sizeof form, "user_code=%s&decision=accept", json_str(late, "user_code", ""));
	r = rig_post_form("/verify", "", form);
	CHECK_INT(r.status, 404);
	reply_clear(&r);
	rig_end();
}

TEST(a_device_can_be_granted_by_itself)
{
	rig_defaults();
	rig_options.auto_grant_polls = 2;
	rig_begin();
	json_auto_t *begun = device_begin();
	CHECK_INT(device_status(begun, NULL), 428);
	rig_advance(2 * SECOND_MS);
	CHECK_INT(device_status(begun, "access_token"), 200);
	rig_end();
}

/* webex-questions.md C5 */
TEST(without_the_helper_addresses_a_device_is_refused)
{
	rig_defaults();
	rig_options.device_redirects = false;
	rig_begin();
	snprintf(form, sizeof form, "client_id=%s&scope=%s", id(), scope);
	struct reply r = rig_post_form("/v1/device/authorize", "", form);
	CHECK_INT(r.status, 400);
	reply_clear(&r);
	r = rig_post_form("/v1/device/authorize", "", "client_id=Cwrong&scope=spark:kms");
	CHECK_INT(r.status, 400);
	CHECK(strstr(text_string(&r.body), "Client Id is invalid") != NULL);
	reply_clear(&r);
	rig_end();
}

/* ------------------------------------------------- tokens of other kinds */

TEST(a_service_app_refreshes_with_its_own_client)
{
	rig_defaults();
	rig_begin();
	const struct cloud_credentials *c = cloud_credentials(rig_cloud);
	CHECK_INT(status_with(c->service_access_token), 200);
	snprintf(form, sizeof form,
	    "grant_type=refresh_token&client_id=%s&client_secret=%s&refresh_token=%s",
	    c->service_client_id, c->service_client_secret, c->service_refresh_token);
	struct reply r = rig_post_form("/v1/access_token", "", form);
	CHECK_INT(r.status, 200);
	json_auto_t *tokens = rig_json(&r);
	CHECK(json_object_get(tokens, "scope") == NULL);
	r = refresh(json_str(tokens, "refresh_token", "")); /* with the integration's */
	CHECK_INT(r.status, 400);
	reply_clear(&r);
	rig_end();
}

TEST(a_service_app_token_is_made_by_an_integration)
{
	rig_defaults();
	rig_begin();
	const struct cloud_credentials *c = cloud_credentials(rig_cloud);
	char body[1000], headers[400];
	snprintf(url, sizeof url, "/v1/applications/%s/token", c->service_application_id);
	snprintf(headers, sizeof headers, "Authorization: Bearer %s\nContent-Type: application/json",
	    c->personal_token);
	snprintf(body, sizeof body,
	    "{\"clientId\":\"%s\",\"clientSecret\":\"%s\",\"targetOrgId\":\"%s\"}",
	    c->service_client_id, c->service_client_secret, c->org_id);
	struct reply r = rig_ask("POST", url, headers, body);
	CHECK_INT(r.status, 200);
	json_auto_t *tokens = rig_json(&r);
	CHECK_INT(status_with(json_str(tokens, "access_token", "")), 200);
	snprintf(body, sizeof body, "{\"clientId\":\"%s\",\"clientSecret\":\"x\",\"targetOrgId\":\"%s\"}",
	    c->service_client_id, c->org_id);
	r = rig_ask("POST", url, headers, body);
	CHECK_INT(r.status, 401);
	reply_clear(&r);
	r = rig_ask("POST", url, headers, "{not json");
	CHECK_INT(r.status, 400);
	reply_clear(&r);
	snprintf(headers, sizeof headers, "Authorization: Bearer %s", c->service_access_token);
	r = rig_ask("POST", url, headers, body);
	CHECK_INT(r.status, 403); /* lacks spark:applications_token */
	reply_clear(&r);
	rig_end();
}

/* webex-questions.md C14 and C8 */
TEST(the_remaining_life_is_told_in_milliseconds)
{
	rig_defaults();
	rig_begin();
	const char *token = cloud_credentials(rig_cloud)->personal_token;
	struct reply r = rig_get("/v1/authorizations/tokenExpiry", token);
	CHECK_INT(r.status, 200);
	json_auto_t *body = rig_json(&r);
	CHECK_INT(json_int(body, "exp", 0), RIG_NOW + 12 * HOUR_MS);
	rig_advance(12 * HOUR_MS);
	CHECK_INT(status_with(token), 401);
	rig_end();
}

TEST(who_may_not_enter_is_told_as_webex_tells_it)
{
	char value[100], token[200];
	rig_defaults();
	rig_begin();
	struct reply r = rig_get("/v1/people/me", NULL);
	CHECK_INT(r.status, 401);
	CHECK(reply_header(&r, "TrackingID", value, sizeof value));
	CHECK(reply_header(&r, "Date", value, sizeof value));
	CHECK_STR(value, "Wed, 07 Oct 2026 15:00:00 GMT");
	json_auto_t *body = rig_json(&r);
	CHECK_STR(json_str(body, "message", ""),
	    "The request requires a valid access token set in the Authorization request header.");
	CHECK_STR(json_str(json_array_get(json_object_get(body, "errors"), 0), "description", ""),
	    json_str(body, "message", "-"));
	snprintf(token, sizeof token, "%s", cloud_credentials(rig_cloud)->personal_token);
	token[9] = token[9] == 'A' ? 'B' : 'A'; /* tampered with */
	CHECK_INT(status_with(token), 401);
	CHECK_INT(status_with("_PF84_"), 401);
	json_auto_t *tokens = login(); /* may not read organisations */
	r = rig_get("/v1/organizations", json_str(tokens, "access_token", ""));
	CHECK_INT(r.status, 403);
	reply_clear(&r);
	r = rig_get("/v1/nothing", NULL);
	CHECK_INT(r.status, 404);
	reply_clear(&r);
	r = rig_ask("DELETE", "/v1/people/me", "", NULL);
	CHECK_INT(r.status, 405);
	reply_clear(&r);
	r = rig_ask("GET", "/v1/people/me", "TrackingID: CENTINELA_1-2", NULL);
	CHECK(reply_header(&r, "TrackingID", value, sizeof value));
	CHECK_STR(value, "CENTINELA_1-2");
	reply_clear(&r);
	rig_end();
}

TEST(a_restarted_simulator_knows_its_tokens)
{
	char token[200];
	rig_defaults();
	rig_begin();
	json_auto_t *tokens = login();
	snprintf(token, sizeof token, "%s", json_str(tokens, "access_token", ""));
	rig_end();
	rig_begin();
	CHECK_INT(status_with(token), 200);
	rig_end();
	rig_options.seed = 8;
	rig_begin();
	CHECK_INT(status_with(token), 401);
	rig_end();
}

TESTS(T(a_code_with_pkce_becomes_tokens), T(a_code_is_good_once_and_for_its_verifier_only),
    T(the_page_is_a_form_that_can_be_declined), T(a_wrong_wish_is_never_redirected_elsewhere),
    T(a_refresh_token_rotates_and_the_old_one_dies),
    T(without_rotation_the_old_token_is_told_again_or_none), T(errors_come_in_both_shapes),
    T(the_secret_may_come_in_a_basic_header), T(a_device_waits_until_a_person_grants),
    T(a_device_may_be_denied_or_too_fast_or_too_late), T(a_device_can_be_granted_by_itself),
    T(without_the_helper_addresses_a_device_is_refused),
    T(a_service_app_refreshes_with_its_own_client),
    T(a_service_app_token_is_made_by_an_integration),
    T(the_remaining_life_is_told_in_milliseconds), T(who_may_not_enter_is_told_as_webex_tells_it),
    T(a_restarted_simulator_knows_its_tokens))
