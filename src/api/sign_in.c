/* SPDX-License-Identifier: Apache-2.0
 *
 * The sign-in to Webex by a browser: /auth/login sends it there, /auth/callback takes
 * the code that it comes back with. One at a time; a new one replaces the last. The
 * callback needs no token: its state, which is told once, is one. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/serve.h"
#include "base/mem.h"
#include "store/row_json.h"
#include "webex/oauth.h"

#define NO_CLIENT "no webex.client_id is set: create an integration at developer.webex.com and write its client ID into centinela.yaml"

static const char *word_of(enum oauth_state state)
{
	switch (state) {
	case OAUTH_SIGNED_OUT: return "signed_out";
	case OAUTH_READY: return "ready";
	case OAUTH_REFRESHING: return "refreshing";
	case OAUTH_NEEDS_LOGIN: break;
	}
	return "needs_login";
}

/* False: it was answered. */
static bool has_oauth(struct api_call *call, struct oauth **oauth)
{
	*oauth = watch_oauth(call->api->watch);
	if (*oauth == NULL)
		api_refuse(call, 409, FAULT_LOGIN, "%s", NO_CLIENT);
	return *oauth != NULL;
}

static void put_status(struct api_call *call, struct oauth *oauth)
{
	struct oauth_status s = oauth_status(oauth);
	bool is_in = s.state == OAUTH_READY || s.state == OAUTH_REFRESHING;
	api_put_json(call, json_pack("{s:b, s:s, s:o, s:o, s:o, s:b, s:b, s:o}", "authenticated", is_in, "state", word_of(s.state), "access_expires",
	    json_time(s.access_expires_ms), "refresh_expires", json_time(s.refresh_expires_ms), "scopes", json_text(s.scope == NULL ? "" : s.scope), "renewable",
	    s.renewable, "needs_person_soon", s.needs_person_soon, "fault", s.last.code == FAULT_NONE ? json_null() : json_text(s.last.text)));
	api_answer(call);
}

void api_sign_in_status(struct api_call *call)
{
	struct oauth *oauth = watch_oauth(call->api->watch);
	if (oauth != NULL) {
		put_status(call, oauth);
		return;
	}
	api_put_json(call, json_pack("{s:b, s:s, s:n, s:n, s:s, s:b, s:b, s:s}", "authenticated", false, "state", word_of(OAUTH_SIGNED_OUT), "access_expires",
	    "refresh_expires", "scopes", "", "renewable", false, "needs_person_soon", true, "fault", NO_CLIENT));
	api_answer(call);
}

/* ---- by a browser ------------------------------------------------------------------------- */

/* Plain words for a person at a browser; nothing of what came is in it. */
static void answer_person(struct api_call *call, int status, const char *sentence)
{
	call->status = status;
	call->content_type = "text/plain; charset=utf-8";
	text_reset(&call->answer);
	text_printf(&call->answer, "%s\n", sentence);
	api_answer(call);
}

static void on_prompt(const struct login_prompt *prompt, void *arg)
{
	struct api *api = arg;
	struct api_call *call = api->login_call;
	api->login_call = NULL;
	if (call == NULL)
		return;
	call->status = 302;
	call->location = arena_strdup(&call->arena, prompt->url);
	api_put_json(call, json_pack("{s:o}", "authorization_url", json_text(prompt->url)));
	api_answer(call);
}

static void begin(struct api_call *call, struct oauth *oauth);

static void on_done(const struct fault *fault, void *arg)
{
	struct api *api = arg;
	struct api_call *login = api->login_call, *callback = api->callback_call;
	struct oauth *oauth = watch_oauth(api->watch);
	api->login = NULL;
	api->login_call = api->callback_call = NULL;
	if (login != NULL && fault->code == FAULT_CANCELLED && !api->stopping && oauth != NULL)
		begin(login, oauth); /* it took the place of this one */
	else if (login != NULL)
		api_refuse(login, api_status_of(fault->code), fault->code, "%s", fault->code == FAULT_NONE ? "the sign-in ended" : fault->text);
	if (callback != NULL && fault->code == FAULT_NONE)
		answer_person(callback, 200, SIGNED_IN_WORDS);
	else if (callback != NULL)
		api_refuse(callback, fault->code == FAULT_LOGIN ? 400 : api_status_of(fault->code), fault->code, "%s", fault->text);
	if (fault->code == FAULT_NONE && !api->stopping)
		watch_signed_in(api->watch);
}

static void begin(struct api_call *call, struct oauth *oauth)
{
	struct api *api = call->api;
	struct login_events events = { on_prompt, on_done, api };
	const char *redirect = *api->config.url != '\0' ? arena_printf(&call->arena, "%s/auth/callback", api->config.url) :
							  arena_printf(&call->arena, "http://localhost:%d/auth/callback", api_port(api));
	api->login_call = call;
	api->login = login_browser(oauth, api->config.scopes, redirect, false, &events);
}

void api_login(struct api_call *call)
{
	struct api *api = call->api;
	struct oauth *oauth;
	if (!has_oauth(call, &oauth))
		return;
	if (api->callback_call != NULL || api->login_call != NULL) {
		api_refuse(call, 409, FAULT_CONFLICT, "%s", "another sign-in is just being made: try again in a moment");
		return;
	}
	if (api->login == NULL) {
		begin(call, oauth);
		return;
	}
	api->login_call = call; /* begun when the one before has ended */
	login_cancel(api->login);
}

void api_callback(struct api_call *call)
{
	struct api *api = call->api;
	struct fault fault = { 0 };
	const char *query = http_visit_query(call->visit);
	if (api->login == NULL || api->callback_call != NULL) {
		api_refuse(call, 400, FAULT_INPUT, "%s", "no sign-in waits for this: begin with /auth/login");
		return;
	}
	api->callback_call = call;
	char *address = mem_printf("?%s", query);
	bool taken = login_paste(api->login, address, &fault);
	mem_free_secret(address);
	if (taken || api->callback_call == NULL)
		return; /* on_done answers, or has */
	if (fault.code == FAULT_LOGIN)
		return;
	api->callback_call = NULL;
	api_refuse(call, 400, FAULT_INPUT, "%s", fault.text);
}

/* ---- renewed, and forgotten ------------------------------------------------------------------ */

static void on_renewed(const struct fault *fault, void *arg)
{
	struct api_call *call = arg;
	if (fault->code != FAULT_NONE)
		api_refuse(call, api_status_of(fault->code), fault->code, "%s", fault->text);
	else
		put_status(call, watch_oauth(call->api->watch));
}

void api_refresh(struct api_call *call)
{
	struct oauth *oauth;
	if (!has_oauth(call, &oauth))
		return;
	if (oauth_status(oauth).state == OAUTH_SIGNED_OUT) {
		api_refuse(call, 409, FAULT_LOGIN, "%s", "nobody has signed in to Webex: GET /auth/login, or centinela login");
		return;
	}
	oauth_refresh(oauth, oauth_bearer(oauth), on_renewed, call);
}

static void on_forgotten(const struct fault *fault, void *arg)
{
	struct api_call *call = arg;
	if (fault->code != FAULT_NONE) {
		api_refuse(call, api_status_of(fault->code), fault->code, "%s", fault->text);
		return;
	}
	put_status(call, watch_oauth(call->api->watch));
}

void api_logout(struct api_call *call)
{
	struct oauth *oauth;
	if (has_oauth(call, &oauth))
		oauth_logout(oauth, on_forgotten, call);
}

void api_sign_in_stop(struct api *api)
{
	if (api->login != NULL)
		login_cancel(api->login);
}
