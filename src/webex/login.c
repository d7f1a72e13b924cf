/* SPDX-License-Identifier: Apache-2.0
 *
 * What every way of signing in shares: one at a time, an end that comes once,
 * and the answer with the tokens. Also the two ways that are one request. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/i18n.h"
#include "net/url.h"
#include "webex/loopback.h"
#include "webex/oauth_inside.h"

static void on_timer_closed(uv_handle_t *handle)
{
	struct login *login = handle->data;
	struct oauth *oauth = login->oauth;
	if (oauth->login == login) /* not one that came while another was on its way */
		oauth->login = NULL;
	oauth_changed(oauth);
	if (login->events.on_done != NULL)
		login->events.on_done(&login->fault, login->events.arg);
	mem_free_secret(login->device_code);
	free(login->redirect_uri);
	free(login->url);
	mem_wipe(login, sizeof *login);
	free(login);
	oauth_release(oauth);
}

static void on_loopback_closed(void *arg)
{
	struct login *login = arg;
	uv_close((uv_handle_t *)&login->timer, on_timer_closed);
}

void login_end(struct login *login, const struct fault *fault)
{
	if (login->ending)
		return;
	login->ending = true;
	if (fault != NULL)
		login->fault = *fault;
	if (login->loopback != NULL)
		loopback_close(login->loopback, on_loopback_closed, login);
	else
		uv_close((uv_handle_t *)&login->timer, on_timer_closed);
	login->loopback = NULL;
}

static void on_start_failed(uv_timer_t *timer)
{
	login_end(timer->data, NULL);
}

struct login *login_new(struct oauth *oauth, const char *kind, const struct login_events *events)
{
	struct login *login = mem_zalloc(sizeof *login);
	login->oauth = oauth;
	login->kind = kind;
	login->events = *events;
	oauth_hold(oauth);
	uv_timer_init(oauth->loop, &login->timer);
	login->timer.data = login;
	bool busy = oauth->login != NULL && oauth->login != login;
	if (busy || oauth->closing) {
		fault_set(&login->fault, busy ? FAULT_CONFLICT : FAULT_CANCELLED, "%s",
		    busy ? "another sign-in is on its way" : "the program ends");
		uv_timer_start(&login->timer, on_start_failed, 0, 0);
		return login;
	}
	oauth->login = login;
	return login;
}

void login_ask(struct login *login, const struct ask_form *form, ask_fn done)
{
	login->ask = oauth_ask(login->oauth, form, done, login);
}

void login_cancel(struct login *login)
{
	if (login->cancelled || login->ending)
		return;
	login->cancelled = true;
	fault_set(&login->fault, FAULT_CANCELLED, _("the sign-in was cancelled"));
	if (login->ask != NULL)
		oauth_ask_cancel(login->ask); /* its answer ends the login */
	else if (!login->adopting)
		login_end(login, NULL);
}

static void on_adopted(const struct fault *fault, void *arg)
{
	struct login *login = arg;
	login->adopting = false;
	if (login->fault.code == FAULT_NONE || login->cancelled)
		login->fault = *fault; /* it is saved: too late to cancel */
	login_end(login, NULL);
}

void login_take_answer(struct login *login, const struct http_response *response)
{
	struct token token, before = { 0 };
	struct fault fault;
	/* An answer without a refresh token means: keep the one you came with. */
	bool came_with_one = strcmp(login->kind, "refresh_token") == 0 && login->ask != NULL;
	if (came_with_one)
		before.refresh = mem_strdup(oauth_ask_extra(login->ask));
	login->ask = NULL;
	if (login->cancelled) {
		token_clear(&before);
		login_end(login, NULL);
		return;
	}
	bool good = oauth_answer_token(login->oauth, response, came_with_one ? &before : NULL,
	    login->kind, &token, &fault);
	token_clear(&before);
	if (!good) {
		login_end(login, &fault);
		return;
	}
	login->adopting = true;
	oauth_adopt(login->oauth, &token, on_adopted, login);
}

static void on_tokens(struct http_response *response, void *arg)
{
	login_take_answer(arg, response);
}

struct login *login_refresh_token(struct oauth *oauth, const struct secret_source *refresh_token,
    const struct login_events *events)
{
	struct login *login = login_new(oauth, "refresh_token", events);
	if (login->fault.code == FAULT_NONE)
		login_ask(login, &(struct ask_form){
		    .path = "/access_token",
		    .pairs = { { "grant_type", "refresh_token" },
		        { "client_id", oauth->client_id != NULL ? oauth->client_id : "" } },
		    .secret = ASK_SECRET_IN_FORM,
		    .extra = refresh_token,
		    .extra_name = "refresh_token",
		}, on_tokens);
	return login;
}

struct login *login_service_app(struct oauth *oauth, const char *application,
    const char *target_org, const struct secret_source *bearer, const struct login_events *events)
{
	struct login *login = login_new(oauth, "service_app", events);
	if (login->fault.code != FAULT_NONE)
		return login;
	struct text path = { 0 };
	text_puts(&path, "/applications/");
	url_encode(&path, application);
	text_puts(&path, "/token");
	login_ask(login, &(struct ask_form){
	    .path = text_string(&path),
	    .pairs = { { "clientId", oauth->client_id != NULL ? oauth->client_id : "" },
	        { "targetOrgId", target_org } },
	    .secret = ASK_SECRET_IN_FORM,
	    .extra = bearer,
	    .as_json = true,
	}, on_tokens);
	text_clear(&path);
	return login;
}
