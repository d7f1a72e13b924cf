/* SPDX-License-Identifier: Apache-2.0
 *
 * What oauth.c, oauth_refresh.c and the login files share. Not for others. */
#ifndef WEBEX_OAUTH_INSIDE_H
#define WEBEX_OAUTH_INSIDE_H

#include "webex/error_body.h"
#include "webex/oauth.h"

struct waiter {
	oauth_done_fn done;
	void *arg;
};

struct oauth {
	uv_loop_t *loop;
	struct http_client *http;
	struct lane *lane;
	const struct clock *clock;
	char *base, *client_id, *token_path;
	char *secret_file, *secret_environment, *secret_command;
	int64_t second_ms;

	struct token token;
	bool needs_login, not_saved;
	struct fault last;
	uint64_t version;
	uv_timer_t tick;     /* looks whether a refresh is due; does not hold the loop */
	uv_timer_t lock_wait;
	int64_t next_try_ms; /* after a refresh failed */
	int n_failures;

	bool refreshing, reloading;
	struct ask *refresh_ask;
	int lock_fd; /* -1: not held */
	int lock_tries;
	struct waiter *waiters;
	size_t n_waiters, waiter_room;

	struct login *login;

	int n_pending; /* jobs, requests and handles that will still come back */
	bool closing;
	void (*on_closed)(void *arg);
	void *arg;
};

void oauth_hold(struct oauth *);
void oauth_release(struct oauth *); /* may free it when closing */
void oauth_changed(struct oauth *);
int64_t oauth_now_ms(const struct oauth *);

/* Takes `token`, writes it, then uses it; then done. */
void oauth_adopt(struct oauth *, struct token *token, oauth_done_fn done, void *arg);
void oauth_refresh_stop(struct oauth *);

/* ── one POST to the token endpoints ──────────────────────────────────── */

enum ask_secret {
	ASK_PLAIN,	  /* no client secret */
	ASK_SECRET_IN_FORM,
	ASK_SECRET_BASIC, /* Authorization: Basic id:secret */
};

struct ask_form {
	const char *path;	       /* below base: "/access_token" */
	const char *pairs[8][2];       /* name, value; NULL ends */
	enum ask_secret secret;
	const struct secret_source *extra; /* its value becomes the pair extra_name … */
	const char *extra_name;		   /* … or, when this is NULL, the bearer */
	bool as_json;			   /* {"name":"value"}, and clientSecret */
};

/* The answer's body is wiped after the callback. */
typedef void (*ask_fn)(struct http_response *, void *arg);

/* Copies all. `done` comes once, from the loop. */
struct ask *oauth_ask(struct oauth *, const struct ask_form *, ask_fn done, void *arg);
/* Within `done`: the value of `extra`, or NULL. Borrowed. */
const char *oauth_ask_extra(const struct ask *);
void oauth_ask_cancel(struct ask *); /* done still comes, with FAULT_CANCELLED */

/* A token answer that is not 200: permanent ones are FAULT_LOGIN, transient
 * ones FAULT_NETWORK or FAULT_LIMIT with retry_after_ms. */
void oauth_answer_fault(const struct oauth *, const struct http_response *, struct fault *);

/* The 200 of a token endpoint → a token. */
bool oauth_answer_token(const struct oauth *, const struct http_response *,
    const struct token *before, const char *kind, struct token *out, struct fault *) MUST_USE;

/* ── logins ───────────────────────────────────────────────────────────── */

struct login {
	struct oauth *oauth;
	struct login_events events;
	const char *kind;
	struct ask *ask;   /* on its way, or NULL */
	uv_timer_t timer;  /* holds a pending count until closed */
	bool adopting, cancelled, ending;
	struct fault fault;

	/* Device grant. */
	char *device_code;
	int64_t interval_ms, expires_ms;
	int64_t wait_ms;

	/* Authorization code. */
	char state[64], verifier[64];
	char *redirect_uri, *url;
	struct loopback *loopback;
};

struct login *login_new(struct oauth *, const char *kind, const struct login_events *);
void login_ask(struct login *, const struct ask_form *, ask_fn done);
/* The answer to the request that gives tokens: saves them, or ends. */
void login_take_answer(struct login *, const struct http_response *);
void login_end(struct login *, const struct fault *); /* NULL: as login->fault says */

#endif
