/* SPDX-License-Identifier: Apache-2.0
 *
 * Authorization code with PKCE, by a listener on this machine or by pasting
 * the address that the browser could not open. */
#include "webex/login_browser.h"

#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <openssl/sha.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "net/url.h"
#include "webex/ids.h"
#include "webex/loopback.h"
#include "webex/oauth_inside.h"

void pkce_challenge(const char *verifier, char out[static 44])
{
	unsigned char digest[SHA256_DIGEST_LENGTH];
	SHA256((const unsigned char *)verifier, strlen(verifier), digest);
	base64_encode(digest, sizeof digest, true, false, out);
}

void random_word(size_t n, char *out)
{
	unsigned char bytes[64];
	assert(n <= sizeof bytes);
	if (RAND_bytes(bytes, (int)n) != 1)
		abort(); /* without chance there is no secret to keep */
	base64_encode(bytes, n, true, false, out);
	mem_wipe(bytes, sizeof bytes);
}

void authorize_url(struct text *out, const char *base, const char *client_id,
    const char *redirect_uri, const char *scopes, const char *state, const char *challenge)
{
	struct text query = { 0 };
	url_add_pair(&query, "client_id", client_id);
	url_add_pair(&query, "response_type", "code");
	url_add_pair(&query, "redirect_uri", redirect_uri);
	url_add_pair(&query, "scope", scopes);
	url_add_pair(&query, "state", state);
	url_add_pair(&query, "code_challenge", challenge);
	url_add_pair(&query, "code_challenge_method", "S256");
	text_printf(out, "%s/authorize?%s", base, text_string(&query));
	text_clear(&query);
}

static bool right_state(const char *query, const char *state)
{
	char given[128];
	return url_query_value(query, "state", given, sizeof given) &&
	    strlen(given) == strlen(state) && CRYPTO_memcmp(given, state, strlen(state)) == 0;
}

bool authorize_answer(const char *text, const char *state, bool may_be_bare, char *code,
    size_t capacity, struct fault *fault)
{
	while (*text == ' ' || *text == '\t' || *text == '\n' || *text == '\r')
		text++;
	const char *mark = strchr(text, '?');
	const char *query = mark != NULL ? mark + 1 : text;
	char line[8192];
	size_t n = strcspn(query, " \t\r\n");
	if (n == 0 || n >= sizeof line)
		return fault_set(fault, FAULT_INPUT, _("there is no code in this"));
	memcpy(line, query, n);
	line[n] = '\0';

	if (may_be_bare && mark == NULL && strchr(line, '=') == NULL && strchr(line, '/') == NULL) {
		if (n >= capacity)
			return fault_set(fault, FAULT_INPUT, _("this is too long to be a code"));
		memcpy(code, line, n + 1);
		return url_decode(code) ||
		    fault_set(fault, FAULT_INPUT, _("there is no code in this"));
	}
	if (!right_state(line, state))
		return fault_set(fault, FAULT_INPUT,
		    _("this address belongs to another sign-in: use the one shown now"));
	char error[64], why[200], shown[200];
	if (url_query_value(line, "error", error, sizeof error)) {
		if (!url_query_value(line, "error_description", why, sizeof why))
			memcpy(why, error, sizeof error);
		text_printable(shown, sizeof shown, why, strlen(why));
		return fault_set(fault, FAULT_LOGIN, _("Webex did not let this sign-in through: %s"), shown);
	}
	if (!url_query_value(line, "code", code, capacity) || code[0] == '\0')
		return fault_set(fault, FAULT_INPUT, _("there is no code in this"));
	return true;
}

/* ── on the loop ──────────────────────────────────────────────────────── */

static void on_tokens(struct http_response *response, void *arg)
{
	login_take_answer(arg, response);
}

static void use_code(struct login *login, char *code)
{
	if (login->loopback != NULL) {
		loopback_close(login->loopback, NULL, NULL);
		login->loopback = NULL;
	}
	login_ask(login, &(struct ask_form){
	    .path = "/access_token",
	    .pairs = { { "grant_type", "authorization_code" },
	        { "client_id", login->oauth->client_id }, { "code", code },
	        { "redirect_uri", login->redirect_uri }, { "code_verifier", login->verifier } },
	    .secret = ASK_SECRET_IN_FORM,
	}, on_tokens);
}

static bool take(struct login *login, const char *text, bool may_be_bare, struct fault *fault)
{
	char code[4096];
	if (login->ask != NULL || login->adopting || login->ending || login->cancelled)
		return fault_set(fault, FAULT_CONFLICT, _("the code is already being used"));
	struct fault why;
	bool good = authorize_answer(text, login->state, may_be_bare, code, sizeof code, &why);
	if (good)
		use_code(login, code);
	else if (fault != NULL)
		*fault = why;
	if (!good && why.code == FAULT_LOGIN)
		login_end(login, &why);
	mem_wipe(code, sizeof code);
	return good;
}

bool login_paste(struct login *login, const char *text, struct fault *fault)
{
	return take(login, text, true, fault);
}

static bool on_query(const char *query, void *arg)
{
	struct fault fault;
	return take(arg, query, false, &fault) || fault.code == FAULT_LOGIN;
}

static void on_begin(uv_timer_t *timer)
{
	struct login *login = timer->data;
	if (login->fault.code != FAULT_NONE) {
		login_end(login, NULL);
		return;
	}
	login->events.on_prompt(&(struct login_prompt){
	    .url = login->url, .code = "", .verification_url = "" }, login->events.arg);
}

struct login *login_browser(struct oauth *oauth, const char *scopes, const char *redirect_uri,
    bool listen, const struct login_events *events)
{
	struct login *login = login_new(oauth, "code", events);
	if (login->fault.code != FAULT_NONE)
		return login;
	login->redirect_uri = mem_strdup(redirect_uri);
	random_word(32, login->verifier);
	random_word(24, login->state);
	if (oauth->client_id == NULL)
		fault_set(&login->fault, FAULT_USAGE,
		    _("no client id: name the Webex integration in the configuration"));
	else if (listen)
		login->loopback = loopback_open(oauth->loop, redirect_uri, on_query, login,
		    &login->fault);
	char challenge[44];
	pkce_challenge(login->verifier, challenge);
	struct text url = { 0 };
	authorize_url(&url, oauth->base, oauth->client_id != NULL ? oauth->client_id : "",
	    redirect_uri, scopes, login->state, challenge);
	login->url = mem_strdup(text_string(&url)); /* shown on the next turn */
	text_clear(&url);
	uv_timer_start(&login->timer, on_begin, 0, 0);
	return login;
}
