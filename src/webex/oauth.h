/* SPDX-License-Identifier: Apache-2.0
 *
 * The sign-in: holds the access token, renews it in time (one process at a
 * time, the file first, then the memory), and leads a person through getting
 * one. Loop thread only; files and secrets are read on the lane.
 *
 *	oauth_new → oauth_load → oauth_bearer … oauth_refresh after a 401
 *	login_device / login_browser / login_paste / login_service_app */
#ifndef WEBEX_OAUTH_H
#define WEBEX_OAUTH_H

#include <uv.h>

#include "base/clock.h"
#include "net/http_client.h"
#include "net/lane.h"
#include "webex/secret.h"
#include "webex/token_file.h"

struct oauth; /* opaque */
struct login; /* one sign-in on its way; opaque */

#define OAUTH_BASE     "https://webexapis.com/v1"
#define OAUTH_GOV_BASE "https://api-usgov.webex.com/v1"

struct oauth_options {
	const char *base;	/* NULL: OAUTH_BASE. Without a slash at its end */
	const char *client_id;	/* of the integration or Service App; NULL: none yet */
	struct secret_source secret;
	const char *token_path; /* NULL: nothing is kept */
	int64_t second_ms;	/* how long Webex's seconds last; 0: 1000. Tests: less */
};

enum oauth_state {
	OAUTH_SIGNED_OUT,  /* no token */
	OAUTH_READY,
	OAUTH_REFRESHING,  /* the old token may still be good */
	OAUTH_NEEDS_LOGIN, /* only a person can mend it: sign in again */
};

/* Borrowed until the next turn of the loop. */
struct oauth_status {
	enum oauth_state state;
	int64_t access_expires_ms, refresh_expires_ms; /* 0 unknown */
	const char *scope, *kind;		       /* "" unknown */
	bool renewable;		/* it has a refresh token */
	bool needs_person_soon; /* sign in again within 14 days (see token_file.h) */
	bool not_saved;		/* a new token could not be written: `last` says why */
	struct fault last;	/* of the last refresh; FAULT_NONE: it went well */
};

/* On the loop, once. The fault is FAULT_NONE when it went well:
 * FAULT_LOGIN      only a person can mend it (the file is kept all the same)
 * FAULT_NETWORK, FAULT_LIMIT  may pass; the old token is kept
 * FAULT_CANCELLED  closed or cancelled */
typedef void (*oauth_done_fn)(const struct fault *, void *arg);

/* http, lane and clock are borrowed and must outlive it; options are copied. */
struct oauth *oauth_new(uv_loop_t *, struct http_client *http, struct lane *lane,
    const struct clock *clock, const struct oauth_options *options);

/* Read the token file. FAULT_NOT_FOUND: nobody signed in yet. */
void oauth_load(struct oauth *, oauth_done_fn done, void *arg);

/* Use a ready access token, kept in memory only (environment, tests). A
 * personal access token lives 12 h and cannot be renewed. */
void oauth_use_bearer(struct oauth *, const char *access);

/* The token for "Authorization: Bearer …", or NULL. Borrowed until the next
 * turn of the loop; copy and wipe. */
const char *oauth_bearer(const struct oauth *);
struct oauth_status oauth_status(const struct oauth *);
uint64_t oauth_version(const struct oauth *); /* grows with every change of status */

/*
 * Get a newer token than `failed` (which was answered by 401; NULL: than the
 * one we have). At once when somebody was faster; refreshes are shared by all
 * who ask. Happens by itself in time (see token_is_due).
 */
void oauth_refresh(struct oauth *, const char *failed, oauth_done_fn done, void *arg);

/* Forget the token and remove its file. */
void oauth_logout(struct oauth *, oauth_done_fn done, void *arg);

/* Cancels what is on its way (each `done` is called), then frees. Close it
 * before its lane and its http client. */
void oauth_close(struct oauth *, void (*on_closed)(void *arg), void *arg);

/* ── getting a token ──────────────────────────────────────────────────── */

/* What a person must be shown. Printable; borrowed during on_prompt. */
struct login_prompt {
	const char *url;  /* to open: a browser, or another device (QR) */
	const char *code; /* device grant: to type at verification_url; else "" */
	const char *verification_url; /* device grant: the short address; else "" */
	int64_t expires_ms;	      /* 0: does not */
};

struct login_events {
	void (*on_prompt)(const struct login_prompt *, void *arg); /* may be called again */
	oauth_done_fn on_done; /* the token is saved and in use, or the fault */
	void *arg;
};

/*
 * Device grant: the prompt, then polling until the person has agreed. The
 * integration must have the four oauth-helper redirect addresses registered
 * (login_device_redirects), or Webex answers 400.
 *
 * One login at a time for an oauth; it ends with on_done and is not to be
 * touched afterwards. `scopes` are separated by blanks.
 */
struct login *login_device(struct oauth *, const char *scopes, const struct login_events *);
extern const char *const login_device_redirects[4];

/*
 * Authorization code with PKCE. `redirect_uri` exactly as registered.
 * listen   wait for the browser at it (http://localhost:PORT/path or
 *          127.0.0.1), while login_paste still works
 */
struct login *login_browser(struct oauth *, const char *scopes, const char *redirect_uri,
    bool listen, const struct login_events *);

/* The address the browser was sent to, or the code in it. A sentence and false
 * when it is not of this sign-in; the login goes on waiting. */
bool login_paste(struct login *, const char *text, struct fault *) MUST_USE;

/*
 * Service App: its first tokens through another integration's bearer with the
 * scope spark:applications_token. `target_org` and `application` are ids.
 */
struct login *login_service_app(struct oauth *, const char *application, const char *target_org,
    const struct secret_source *bearer, const struct login_events *);

/* A refresh token that a person copied from the developer portal (the way a
 * Service App's tokens are usually handed out). Used once at once. */
struct login *login_refresh_token(struct oauth *, const struct secret_source *refresh_token,
    const struct login_events *);

void login_cancel(struct login *); /* on_done follows, FAULT_CANCELLED */

#endif
