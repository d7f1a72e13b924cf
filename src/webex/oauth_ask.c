/* SPDX-License-Identifier: Apache-2.0
 *
 * One form to a token endpoint: the client secret is read on the lane for this
 * request alone, and everything that held it is wiped. */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "net/url.h"
#include "webex/ids.h"
#include "webex/oauth_inside.h"
#include "webex/retry_after.h"

enum { FORM_ROOM = 64 * 1024, MOST_ANSWER = 256 * 1024 };

struct ask {
	struct job job;
	struct oauth *oauth;
	char *url;
	struct text form;
	enum ask_secret secret_use;
	struct secret_source source, extra_source;
	char *extra_file, *extra_environment, *extra_command, *extra_name;
	char *secret, *extra;
	struct fault fault;
	struct http_call *call;
	bool cancelled, as_json;
	ask_fn done;
	void *arg;
};

static void ask_free(struct ask *ask)
{
	struct oauth *oauth = ask->oauth;
	if (ask->form.bytes != NULL)
		mem_wipe(ask->form.bytes, ask->form.capacity);
	text_clear(&ask->form);
	mem_free_secret(ask->secret);
	mem_free_secret(ask->extra);
	free(ask->extra_file);
	free(ask->extra_environment);
	free(ask->extra_command);
	free(ask->extra_name);
	free(ask->url);
	free(ask);
	oauth_release(oauth);
}

static void add_pair(struct ask *ask, const char *name, const char *value)
{
	if (!ask->as_json) {
		url_add_pair(&ask->form, name, value);
		return;
	}
	text_putc(&ask->form, ask->form.n == 0 ? '{' : ',');
	json_quote(&ask->form, name);
	text_putc(&ask->form, ':');
	json_quote(&ask->form, value);
}

static void read_secrets(struct job *job)
{
	struct ask *ask = (struct ask *)job;
	if (ask->secret_use != ASK_PLAIN && !secret_read(&ask->source, &ask->secret, &ask->fault)) {
		fault_context(&ask->fault, "the client secret");
		return;
	}
	if (secret_source_is_set(&ask->extra_source) &&
	    !secret_read(&ask->extra_source, &ask->extra, &ask->fault))
		return;
}

static void on_answer(struct http_response *response, void *arg)
{
	struct ask *ask = arg;
	ask->done(response, ask->arg);
	ask_free(ask);
}

static void fail(struct ask *ask)
{
	struct http_response response = { .fault = ask->fault };
	ask->done(&response, ask->arg);
	ask_free(ask);
}

static char *basic_header(const char *id, const char *secret)
{
	char *pair = mem_printf("%s:%s", id, secret);
	size_t n = strlen(pair), room = 4 * ((n + 2) / 3) + 1;
	char *encoded = mem_alloc(room);
	base64_encode(pair, n, false, true, encoded);
	char *header = mem_printf("Authorization: Basic %s", encoded);
	mem_free_secret(pair);
	mem_free_secret(encoded);
	return header;
}

static void send_form(struct job *job, bool cancelled)
{
	struct ask *ask = (struct ask *)job;
	if (cancelled || ask->cancelled)
		fault_set(&ask->fault, FAULT_CANCELLED, _("the sign-in was cancelled"));
	if (ask->fault.code != FAULT_NONE) {
		fail(ask);
		return;
	}
	const char *headers[4] = { ask->as_json ? "Content-Type: application/json; charset=utf-8" :
	    "Content-Type: application/x-www-form-urlencoded", "Accept: application/json" };
	size_t n_headers = 2;
	char *basic = NULL, *bearer = NULL;
	if (ask->secret_use == ASK_SECRET_IN_FORM)
		add_pair(ask, ask->as_json ? "clientSecret" : "client_secret", ask->secret);
	else if (ask->secret_use == ASK_SECRET_BASIC)
		headers[n_headers++] = basic = basic_header(ask->oauth->client_id, ask->secret);
	if (ask->extra != NULL && ask->extra_name != NULL)
		add_pair(ask, ask->extra_name, ask->extra);
	else if (ask->extra != NULL)
		headers[n_headers++] = bearer = mem_printf("Authorization: Bearer %s", ask->extra);
	if (ask->as_json)
		text_putc(&ask->form, '}');
	struct http_request request = {
		.method = "POST", .url = ask->url, .headers = headers, .n_headers = n_headers,
		.body = text_string(&ask->form), .body_n = ask->form.n, .max_bytes = MOST_ANSWER,
		.flags = HTTP_SECRET,
	};
	ask->call = http_client_send(ask->oauth->http, &request, on_answer, ask);
	mem_free_secret(basic);
	mem_free_secret(bearer);
}

struct ask *oauth_ask(struct oauth *oauth, const struct ask_form *form, ask_fn done, void *arg)
{
	struct ask *ask = mem_zalloc(sizeof *ask);
	ask->oauth = oauth;
	oauth_hold(oauth);
	ask->done = done;
	ask->arg = arg;
	ask->url = mem_printf("%s%s", oauth->base, form->path);
	/* Room for tokens at once, so that no copy is left behind by growing. */
	ask->form = (struct text){ .bytes = mem_zalloc(FORM_ROOM), .capacity = FORM_ROOM };
	ask->as_json = form->as_json;
	for (size_t i = 0; i < COUNT_OF(form->pairs) && form->pairs[i][0] != NULL; i++)
		add_pair(ask, form->pairs[i][0], form->pairs[i][1]);
	ask->secret_use = form->secret;
	ask->source = (struct secret_source){ oauth->secret_file, oauth->secret_environment,
		oauth->secret_command };
	if (form->extra != NULL) {
		ask->extra_name = mem_strdup(form->extra_name); /* NULL stays NULL */
		ask->extra_file = mem_strdup(form->extra->file);
		ask->extra_environment = mem_strdup(form->extra->environment);
		ask->extra_command = mem_strdup(form->extra->command);
		ask->extra_source = (struct secret_source){ ask->extra_file,
			ask->extra_environment, ask->extra_command };
	}
	if (oauth->client_id == NULL || oauth->client_id[0] == '\0')
		fault_set(&ask->fault, FAULT_USAGE,
		    _("no client id: name the Webex integration in the configuration"));
	ask->job.work = ask->fault.code == FAULT_NONE ? read_secrets : NULL;
	ask->job.done = send_form;
	lane_submit(oauth->lane, &ask->job);
	return ask;
}

const char *oauth_ask_extra(const struct ask *ask)
{
	return ask->extra;
}

void oauth_ask_cancel(struct ask *ask)
{
	ask->cancelled = true;
	if (ask->call != NULL)
		http_call_cancel(ask->call);
}

void oauth_answer_fault(const struct oauth *oauth, const struct http_response *response,
    struct fault *fault)
{
	if (response->fault.code != FAULT_NONE) {
		*fault = response->fault;
		return;
	}
	struct error_body body;
	error_body_read(response->body, response->body_n, &body);
	error_body_fault(&body, response->status, fault);
	if (response->status == 429 || response->status >= 500) {
		const char *wait = http_header(response, "Retry-After", 0);
		if (response->status == 429 || wait != NULL)
			fault->retry_after_ms = retry_after_ms(wait, oauth_now_ms(oauth));
		return;
	}
	switch (response->status) {
	case 400:
	case 401:
	case 403:
		fault->code = FAULT_LOGIN;
		break;
	default:
		/* 408, 423 and whatever a proxy invents may pass. */
		fault->code = FAULT_NETWORK;
	}
	if (response->status == 401)
		fault_context(fault, "the client id or the client secret is wrong");
	else if (response->status == 403)
		fault_context(fault, "an administrator disabled the integration");
}

bool oauth_answer_token(const struct oauth *oauth, const struct http_response *response,
    const struct token *before, const char *kind, struct token *out, struct fault *fault)
{
	if (response->fault.code != FAULT_NONE || response->status != 200) {
		oauth_answer_fault(oauth, response, fault);
		return false;
	}
	return token_read_answer(response->body, response->body_n, before, kind,
	    oauth_now_ms(oauth), out, fault);
}
