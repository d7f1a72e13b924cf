/* SPDX-License-Identifier: Apache-2.0
 *
 * The sign-in as it lies on this host: client, secret, token, lives, scopes. */
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/iso_time.h"
#include "base/mem.h"
#include "cli/cli.h"
#include "cli/doctor.h"
#include "webex/apis.h"
#include "webex/secret.h"

static void check_client(struct doctor *d)
{
	const char *id = d->options->client_id;
	if (*id == '\0') {
		doctor_check(d, CHECK_WARNING, "client_id", _("client ID"), "%s", _("webex.client_id is not set: nothing can be asked of Webex"));
		doctor_advise(d, _("create an integration at developer.webex.com and write webex.client_id into %s"), d->options->config_path);
		return;
	}
	doctor_check(d, CHECK_OK, "client_id", _("client ID"), _("set, ends in %s"), id + (strlen(id) > 6 ? strlen(id) - 6 : 0));
}

static void check_secret(struct doctor *d)
{
	const struct options *o = d->options;
	const char *title = _("client secret");
	struct secret_source source = { .file = *o->client_secret_file ? o->client_secret_file : NULL,
		.command = *o->client_secret_command ? o->client_secret_command : NULL };
	if (source.file == NULL && source.command == NULL)
		source.environment = LINK_SECRET_VARIABLE;
	struct fault fault;
	char *secret;
	if (secret_read(&source, &secret, &fault)) {
		mem_free_secret(secret);
		doctor_check(d, CHECK_OK, "client_secret", title, _("there is one, from %s"),
		    source.file != NULL ? source.file : source.command != NULL ? "webex.client_secret_command" : LINK_SECRET_VARIABLE);
	} else if (source.environment != NULL) {
		doctor_check(d, CHECK_WARNING, "client_secret", title, "%s", _("there is none: signing in and renewing the sign-in need it"));
		doctor_advise(d, _("set webex.client_secret_file, webex.client_secret_command or the variable %s; it is never an argument"), LINK_SECRET_VARIABLE);
	} else {
		doctor_check(d, CHECK_FAILED, "client_secret", title, "%s", fault.text);
		doctor_advise(d, _("correct webex.client_secret_file or webex.client_secret_command"));
	}
}

/* "13 d", "5 h", "12 min" */
static char *span(int64_t ms, char out[static 24])
{
	if (ms >= 2 * DAY_MS)
		snprintf(out, 24, "%lld d", (long long)(ms / DAY_MS));
	else if (ms >= 2 * HOUR_MS)
		snprintf(out, 24, "%lld h", (long long)(ms / HOUR_MS));
	else
		snprintf(out, 24, "%lld min", (long long)(ms / MINUTE_MS));
	return out;
}

/* The life of a personal token; an access token that lives no longer and
 * cannot be renewed is one. */
#define PERSONAL_LIFE_MS (12 * HOUR_MS + 30 * MINUTE_MS)

static void check_access(struct doctor *d, const struct token *token, int64_t now)
{
	const char *title = _("access token");
	char left[24], day[ISO_TIME_BYTES];
	bool expired = token->access == NULL || token_has_expired(token, now);
	if (token->refresh == NULL) {
		bool personal = token->access_expires_ms == 0 || token->access_expires_ms - token->obtained_ms <= PERSONAL_LIFE_MS;
		doctor_check(d, expired ? CHECK_FAILED : CHECK_WARNING, "access_token", title, expired ? _("it has ended and cannot be renewed (%s)")
		    : _("it cannot be renewed and ends in %s"), token->access_expires_ms == 0 ? "?" : expired ? iso_time_format(token->access_expires_ms, day)
		    : span(token->access_expires_ms - now, left));
		doctor_advise(d, "%s", personal ? _("a personal access token of the portal lives 12 hours: sign in with an integration instead (centinela login)")
		    : _("sign in again: centinela login"));
	} else if (expired) {
		doctor_check(d, CHECK_OK, "access_token", title, "%s", _("it has ended; the next request renews it"));
	} else {
		doctor_check(d, CHECK_OK, "access_token", title, _("good for %s, renewed by itself"),
		    token->access_expires_ms == 0 ? "?" : span(token->access_expires_ms - now, left));
	}
}

static void check_refresh(struct doctor *d, const struct token *token, int64_t now)
{
	const char *title = _("refresh token");
	char left[24];
	if (token->refresh == NULL)
		return;
	int64_t life = token->refresh_expires_ms - now;
	if (token->refresh_expires_ms == 0) {
		doctor_check(d, CHECK_OK, "refresh_token", title, "%s", _("Webex did not say how long it lives; usually 90 days after each renewal"));
	} else if (life <= 0) {
		doctor_check(d, CHECK_FAILED, "refresh_token", title, "%s", _("it has ended: nobody renewed it in time"));
		doctor_advise(d, _("sign in again: centinela login"));
	} else {
		bool soon = token_needs_person_soon(token, now);
		doctor_check(d, soon ? CHECK_WARNING : CHECK_OK, "refresh_token", title, _("good for %s"), span(life, left));
		if (soon)
			doctor_advise(d, _("sign in again before that: centinela login"));
	}
}

/* What the console can show with it, and what is merely missing. */
static const struct {
	enum webex_api api;
	bool needed; /* without it there is nothing to watch */
} uses[] = {
	{ API_CDR, true },
	{ API_PEOPLE, false },
	{ API_LOCATIONS, false },
	{ API_ORGANIZATIONS, false },
	{ API_CALLS, false },
	{ API_AUDIT, false },
};

static bool wanted(const struct doctor *d, enum webex_api api)
{
	/* Nothing else is less for want of the audit: what it would bring is told apart. */
	if (api == API_AUDIT)
		return webex_scope_granted(d->options->scopes, webex_api_row(api)->scopes);
	return api != API_CALLS || *d->options->live_watch != '\0' || *d->options->live_url != '\0';
}

/* A Service App's list may have about 880 characters (field notes, 2026). */
#define MOST_SCOPES 880

static void check_wish(struct doctor *d)
{
	size_t n = strlen(d->options->scopes);
	if (n <= MOST_SCOPES)
		return;
	doctor_check(d, CHECK_WARNING, "scopes_asked", _("scopes asked for"), _("webex.scopes has %zu characters; Webex accepts about %d from a Service App"), n, MOST_SCOPES);
	doctor_advise(d, "%s", _("name only the scopes that are needed: centinela help login"));
}

static void check_scopes(struct doctor *d, const struct token *token)
{
	const char *title = _("scopes"), *scope = token->scope == NULL ? "" : token->scope;
	struct text missing = { 0 };
	bool needed = false;
	if (*scope == '\0') {
		doctor_check(d, CHECK_OK, "scopes", title, "%s", _("Webex did not say which the token has (usual for a Service App); the checks below find out"));
		return;
	}
	for (size_t i = 0; i < COUNT_OF(uses); i++) {
		const struct webex_api_row *row = webex_api_row(uses[i].api);
		if (!wanted(d, uses[i].api) || webex_scope_granted(scope, row->scopes))
			continue;
		text_printf(&missing, "%s%s (%s)", missing.n > 0 ? ", " : "", row->scopes, row->name);
		needed = needed || uses[i].needed;
	}
	if (missing.n > 0) {
		doctor_check(d, needed ? CHECK_FAILED : CHECK_WARNING, "scopes", title, _("the token lacks %s"), text_string(&missing));
		doctor_advise(d, "%s", _("tick them in the integration, name them in webex.scopes and sign in again: a token keeps its old scopes"));
	} else if (strstr(scope, "_write") != NULL) {
		doctor_check(d, CHECK_WARNING, "scopes", title, "%s", _("all that is needed, and more: this token may change the organisation"));
		doctor_advise(d, "%s", _("for watching, sign in with the _read scopes alone"));
	} else {
		doctor_check(d, CHECK_OK, "scopes", title, "%s", scope);
	}
	text_clear(&missing);
}

bool doctor_sign_in(struct doctor *d)
{
	struct token token = { 0 };
	struct fault fault;
	int64_t now = clock_now_ms(&d->options->clock);
	secret_guard_process();
	check_client(d);
	check_secret(d);
	check_wish(d);
	if (!token_file_read(d->options->token_file, &token, &fault)) {
		bool absent = fault.code == FAULT_NOT_FOUND;
		doctor_check(d, absent ? CHECK_WARNING : CHECK_FAILED, "sign_in", _("sign-in"), "%s", absent ? _("nobody signed in on this host") : fault.text);
		doctor_advise(d, "%s", absent ? _("centinela login; what is stored or imported can be looked at without") : _("mend or remove that file, then: centinela login"));
		return false;
	}
	doctor_check(d, CHECK_OK, "sign_in", _("sign-in"), _("signed in by %s"), token.kind != NULL && *token.kind ? token.kind : "?");
	check_access(d, &token, now);
	check_refresh(d, &token, now);
	check_scopes(d, &token);
	token_clear(&token);
	return true;
}
