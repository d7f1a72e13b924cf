/* SPDX-License-Identifier: Apache-2.0
 *
 * The device grant (RFC 8628 as Webex speaks it): a code for the person, and
 * polling, where 428 means "not yet". */
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/json.h"
#include "base/mem.h"
#include "net/url.h"
#include "webex/login_device.h"
#include "webex/oauth_inside.h"

const char *const login_device_redirects[4] = {
	"https://oauth-helper-a.wbx2.com/helperservice/v1/actions/device/callback",
	"https://oauth-helper-r.wbx2.com/helperservice/v1/actions/device/callback",
	"https://oauth-helper-k.wbx2.com/helperservice/v1/actions/device/callback",
	"https://oauth-helper-d.wbx2.com/helperservice/v1/actions/device/callback",
};

static void poll_later(struct login *login);

enum device_step device_step_of(int status, const struct error_body *body)
{
	/* The status first: no source shows the body of a 428. */
	switch (status) {
	case 200:
		return DEVICE_TOKENS;
	case 428:
		return DEVICE_WAIT;
	case 429:
		return DEVICE_SLOWER;
	}
	if (status >= 500 || status == 408 || status == 423)
		return DEVICE_WAIT;
	if (error_body_says(body, "authorization_pending"))
		return DEVICE_WAIT;
	if (error_body_says(body, "slow_down"))
		return DEVICE_SLOWER;
	if (error_body_says(body, "access_denied"))
		return DEVICE_DENIED;
	if (error_body_says(body, "expired_token") || error_body_says(body, "invalid_grant"))
		return DEVICE_EXPIRED;
	return DEVICE_FAILED;
}

static void expired(struct login *login)
{
	struct fault fault;
	fault_set(&fault, FAULT_LOGIN, "%s", _("the code has expired before it was used: sign in again"));
	login_end(login, &fault);
}

static void on_poll(struct http_response *response, void *arg)
{
	struct login *login = arg;
	struct oauth *oauth = login->oauth;
	if (login->cancelled || response->status == 200) {
		login_take_answer(login, response);
		return;
	}
	login->ask = NULL;
	struct fault fault;
	oauth_answer_fault(oauth, response, &fault);
	login->wait_ms = login->interval_ms;
	if (response->fault.code != FAULT_NONE) {
		/* The secret cannot be read: waiting does not help. The network may. */
		if (response->fault.code != FAULT_NETWORK)
			login_end(login, &fault);
		else
			poll_later(login);
		return;
	}
	struct error_body body;
	error_body_read(response->body, response->body_n, &body);
	switch (device_step_of(response->status, &body)) {
	case DEVICE_TOKENS:
	case DEVICE_WAIT:
		poll_later(login);
		return;
	case DEVICE_SLOWER:
		login->interval_ms += 5 * oauth->second_ms;
		login->wait_ms = login->interval_ms;
		if (response->status == 429)
			login->wait_ms = MAX(login->wait_ms,
			    fault.retry_after_ms * oauth->second_ms / 1000);
		poll_later(login);
		return;
	case DEVICE_DENIED:
		fault_set(&fault, FAULT_LOGIN, "%s", _("the sign-in was refused on the other device"));
		login_end(login, &fault);
		return;
	case DEVICE_EXPIRED:
		expired(login);
		return;
	case DEVICE_FAILED:
		login_end(login, &fault);
	}
}

static void on_poll_due(uv_timer_t *timer)
{
	struct login *login = timer->data;
	struct oauth *oauth = login->oauth;
	if (oauth_now_ms(oauth) >= login->expires_ms) {
		expired(login);
		return;
	}
	login_ask(login, &(struct ask_form){
	    .path = "/device/token",
	    .pairs = { { "grant_type", "urn:ietf:params:oauth:grant-type:device_code" },
	        { "device_code", login->device_code }, { "client_id", oauth->client_id } },
	    .secret = ASK_SECRET_BASIC,
	}, on_poll);
}

static void poll_later(struct login *login)
{
	uv_timer_start(&login->timer, on_poll_due, (uint64_t)login->wait_ms, 0);
}

static void show_prompt(struct login *login, const json_t *answer)
{
	char url[1024], address[1024], code[64];
	const char *whole = json_str(answer, "verification_uri_complete", "");
	const char *shorter = json_str(answer, "verification_uri", "");
	const char *user_code = json_str(answer, "user_code", "");
	text_printable(url, sizeof url, whole, strlen(whole));
	text_printable(address, sizeof address, shorter, strlen(shorter));
	text_printable(code, sizeof code, user_code, strlen(user_code));
	login->events.on_prompt(&(struct login_prompt){
	    .url = url[0] != '\0' ? url : address,
	    .code = code,
	    .verification_url = address,
	    .expires_ms = login->expires_ms,
	}, login->events.arg);
}

static bool is_https(const char *text)
{
	struct url url;
	return url_read(text, &url, NULL) && url.is_https;
}

static void on_code(struct http_response *response, void *arg)
{
	struct login *login = arg;
	struct oauth *oauth = login->oauth;
	login->ask = NULL;
	if (login->cancelled) {
		login_end(login, NULL);
		return;
	}
	struct fault fault;
	if (response->fault.code != FAULT_NONE || response->status != 200) {
		oauth_answer_fault(oauth, response, &fault);
		if (response->status == 400)
			fault_context(&fault, "%s", _("Webex gives no code: check the client id, the scopes, and "
			    "that the integration has the four oauth-helper redirect addresses"));
		login_end(login, &fault);
		return;
	}
	json_auto_t *answer = NULL;
	if (!json_parse(response->body, response->body_n, &answer, &fault)) {
		fault_context(&fault, "Webex's answer to the request for a code");
		login_end(login, &fault);
		return;
	}
	const char *device_code = json_str(answer, "device_code", "");
	const char *shorter = json_str(answer, "verification_uri", "");
	const char *whole = json_str(answer, "verification_uri_complete", shorter);
	int64_t interval_s = json_int(answer, "interval", 5);
	int64_t life_s = json_int(answer, "expires_in", 300);
	if (device_code[0] == '\0' || !is_https(whole) || (shorter[0] != '\0' && !is_https(shorter))) {
		fault_set(&fault, FAULT_INPUT, _("Webex's answer to the request for a code lacks the code "
		    "or an https address"));
		login_end(login, &fault);
		return;
	}
	login->device_code = mem_strdup(device_code);
	login->interval_ms = MAX(1, MIN(interval_s, 60)) * oauth->second_ms;
	login->wait_ms = login->interval_ms;
	login->expires_ms = oauth_now_ms(oauth) + MAX(1, MIN(life_s, 3600)) * SECOND_MS;
	poll_later(login);
	show_prompt(login, answer); /* last: the person may cancel in it */
}

struct login *login_device(struct oauth *oauth, const char *scopes,
    const struct login_events *events)
{
	struct login *login = login_new(oauth, "device", events);
	if (login->fault.code == FAULT_NONE)
		login_ask(login, &(struct ask_form){
		    .path = "/device/authorize",
		    .pairs = { { "client_id", oauth->client_id != NULL ? oauth->client_id : "" },
		        { "scope", scopes } },
		}, on_code);
	return login;
}
