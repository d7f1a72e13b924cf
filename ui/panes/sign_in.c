/* SPDX-License-Identifier: Apache-2.0
 *
 * Signing in to Webex, and what a console without records can do meanwhile: it
 * opens by itself where nobody has signed in and nothing is stored. The grant
 * is watch/sign_in.c's; here stands what a person must see and type. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "ui/qr.h"
#include "ui/screen.h"
#include "webex/oauth.h"

struct sign_in_view {
	struct document document;
	bool started;
};

static const struct target nowhere = { TARGET_NONE, 0 };

static const struct sign_in *state_of(const struct pane *pane)
{
	return pane_board(pane)->sign_in;
}

static bool is_set_up(const struct sign_in *state)
{
	return !state->lacks_client_id && !state->lacks_secret;
}

static void begin(struct pane *pane)
{
	((struct sign_in_view *)pane->memory)->started = true;
	pane_board(pane)->sign_in_start(pane_board(pane));
}

/* Signed in here once, and the token is dead again by now. */
static bool is_over(const struct pane *pane, const struct sign_in *state)
{
	return state->step == SIGN_IN_DONE && pane_board(pane)->health->sync == SYNC_NO_LOGIN;
}

static void refresh(struct pane *pane)
{
	const struct sign_in *state = state_of(pane);
	struct sign_in_view *view = pane->memory;
	/* Once by itself: whoever opens this wants the code. */
	if (state != NULL && !view->started && is_set_up(state) &&
	    (state->step == SIGN_IN_IDLE || state->step == SIGN_IN_FAILED || is_over(pane, state)))
		begin(pane);
}

/* ---- what is said ------------------------------------------------------------------- */

static void step(struct document *d, int number, const char *text)
{
	document_line(d, nowhere);
	document_printf(d, 2, 2, ROLE_KEY, "%d", number);
	document_wrap(d, 5, ROLE_TEXT, text);
}

static void gap(struct document *d)
{
	document_line(d, nowhere);
}

static void say_set_up(struct screen *screen, struct document *d, const struct sign_in *state)
{
	char words[600], key[KEY_NAME_BYTES];
	document_heading(d, _("Webex is not set up on this machine"));
	document_line(d, nowhere);
	document_wrap(d, 2, ROLE_TEXT,
	    _("Centinela reads call records through an integration of your organisation, made once by an administrator:"));
	step(d, 1, _("developer.webex.com \u203A My Webex Apps \u203A Create a New App \u203A Integration"));
	snprintf(words, sizeof words, _("Redirect URIs, all four (%s copies a line):"),
	    screen_key_name(screen, CMD_COPY, key));
	step(d, 2, words);
	for (size_t i = 0; i < COUNT_OF(login_device_redirects); i++) {
		document_line(d, nowhere);
		document_put(d, 5, -1, ROLE_NUMBER, login_device_redirects[i]);
	}
	step(d, 3, _("Scopes:"));
	snprintf(words, sizeof words, "%s", or_empty(state->scopes));
	document_line(d, nowhere);
	document_wrap(d, 5, ROLE_NUMBER, words);
	snprintf(words, sizeof words, state->lacks_client_id ? _("%s, and paste its client ID and client secret.") :
	    _("%s, and paste its client secret."), screen_key_name(screen, CMD_OPEN, key));
	step(d, 4, words);
	snprintf(words, sizeof words, _("They are kept beside %s; only you can read them."),
	    or_empty(state->config_path));
	document_line(d, nowhere);
	document_wrap(d, 5, ROLE_DIM, words);
}

static void say_code(struct pane *pane, struct document *d, const struct sign_in *state, bool has_qr,
    bool qr_has_code)
{
	char left[SHORT_BYTES], words[200];
	document_heading(d, _("Sign in to Webex"));
	gap(d);
	document_line(d, nowhere);
	document_wrap(d, 2, ROLE_TEXT, has_qr ? _("On your telephone, scan the code. Or on any device:") :
	    _("On any device:"));
	gap(d);
	step(d, 1, _("Open this address:"));
	document_line(d, nowhere);
	document_wrap(d, 5, ROLE_NUMBER, *state->short_url != '\0' ? state->short_url : state->url);
	step(d, 2, _("Type this code:"));
	document_line(d, nowhere);
	document_put(d, 5, -1, ROLE_STRONG, state->code);
	step(d, 3, _("Sign in as an administrator who may read call records, and agree."));
	gap(d);
	format_duration((state->expires_ms - pane_now(pane)) / SECOND_MS, left);
	document_line(d, nowhere);
	document_put(d, 2, 1, ROLE_WARN, "\u25CF");
	snprintf(words, sizeof words, _("Waiting for you to agree; the code lives %s more"), left);
	document_wrap(d, 5, ROLE_TEXT, words);
	if (has_qr && !qr_has_code) {
		document_line(d, nowhere);
		document_wrap(d, 5, ROLE_DIM, _("The screen is too small for the code that needs no typing."));
	}
}

static void say_another(struct pane *pane, struct document *d)
{
	char words[200], open[KEY_NAME_BYTES], doctor[KEY_NAME_BYTES];
	gap(d);
	document_line(d, nowhere);
	snprintf(words, sizeof words, _("%s asks for a new code; %s shows what is missing on this machine."),
	    screen_key_name(pane->screen, CMD_OPEN, open), screen_key_name(pane->screen, CMD_DOCTOR, doctor));
	document_wrap(d, 2, ROLE_TEXT, words);
}

static void say_end(struct pane *pane, struct document *d, const struct sign_in *state)
{
	char words[200], open[KEY_NAME_BYTES], other[KEY_NAME_BYTES];
	document_heading(d, _("Sign in to Webex"));
	gap(d);
	document_line(d, nowhere);
	if (is_over(pane, state)) {
		document_wrap(d, 2, ROLE_WARN, _("Somebody has to sign in again."));
		say_another(pane, d);
		return;
	}
	switch (state->step) {
	case SIGN_IN_DONE:
		document_wrap(d, 2, ROLE_OK, _("Signed in. Records come now, the newest first."));
		gap(d);
		document_line(d, nowhere);
		snprintf(words, sizeof words, _("%s shows the panes; %s shows how complete the records are."),
		    screen_key_name(pane->screen, CMD_OPEN, open), screen_key_name(pane->screen, CMD_SYNC, other));
		document_wrap(d, 2, ROLE_TEXT, words);
		return;
	case SIGN_IN_FAILED:
		document_wrap(d, 2, ROLE_ERROR, state->expires_ms > 0 && pane_now(pane) >= state->expires_ms ?
		    _("The code has expired before it was used.") : state->fault.text);
		say_another(pane, d);
		return;
	case SIGN_IN_IDLE: case SIGN_IN_ASKING: case SIGN_IN_SHOWN:
		document_put(d, 2, -1, ROLE_DIM, _("Asking Webex for a code\u2026"));
	}
}

static void say_others(struct pane *pane, struct document *d)
{
	static const struct {
		enum command command;
		const char *text;
	} rows[] = {
		{ CMD_IMPORT, N_("import records from a file: JSON, or a Control Hub report (CSV, ZIP)") },
		{ CMD_DEMO, N_("look around in a simulated organisation") },
		{ CMD_DOCTOR, N_("check this machine: configuration, clock, TLS, scopes, terminal") },
	};
	bool any = false;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		char key[KEY_NAME_BYTES];
		if (!screen_offers(pane->screen, rows[i].command))
			continue;
		if (!any)
			document_heading(d, _("Without Webex"));
		any = true;
		document_line(d, (struct target){ TARGET_COMMAND, rows[i].command });
		document_put(d, 2, 2, ROLE_KEY, screen_key_name(pane->screen, rows[i].command, key));
		document_wrap(d, 5, ROLE_TEXT, _(rows[i].text));
	}
}

/* NULL: no room for it, or no half blocks (a canvas of ASCII). */
static struct qr *fitting_qr(const struct canvas *canvas, const char *text)
{
	struct qr *qr = canvas->ascii ? NULL : qr_new(text);
	if (qr != NULL && qr_rows(qr) <= canvas->clip.rows && qr_cols(qr) + 36 <= canvas->clip.cols)
		return qr;
	qr_free(qr);
	return NULL;
}

static void draw(struct pane *pane, struct canvas *canvas, bool focused)
{
	struct sign_in_view *view = pane->memory;
	struct document *d = &view->document;
	const struct sign_in *state = state_of(pane);
	int rows = canvas->clip.rows, cols = canvas->clip.cols;
	if (state == NULL) {
		canvas_text(canvas, 1, 2, cols - 3, ROLE_DIM, _("This console only looks: nobody signs in here."));
		return;
	}
	/* The code beside the words: with everything in it, else the address alone. */
	bool has_all = true;
	struct qr *qr = state->step == SIGN_IN_SHOWN ? fitting_qr(canvas, state->url) : NULL;
	if (qr == NULL && state->step == SIGN_IN_SHOWN) {
		has_all = false;
		qr = fitting_qr(canvas, state->short_url);
	}
	document_begin(d, qr != NULL ? cols - qr_cols(qr) - 2 : cols);
	if (!is_set_up(state))
		say_set_up(pane->screen, d, state);
	else if (state->step == SIGN_IN_SHOWN)
		say_code(pane, d, state, qr != NULL, has_all);
	else
		say_end(pane, d, state);
	if (state->step != SIGN_IN_DONE)
		say_others(pane, d);
	document_end(d);
	struct box old = canvas_enter(canvas, (struct box){ 0, 0, rows, d->width });
	document_draw(d, canvas, focused);
	canvas_leave(canvas, old);
	if (qr != NULL)
		qr_draw(qr, canvas, (rows - qr_rows(qr)) / 2, cols - qr_cols(qr) - 1);
	qr_free(qr);
}

/* ---- what is typed --------------------------------------------------------------------- */

static void on_secret(struct screen *screen, void *arg, const char *text)
{
	char *id = arg;
	if (text != NULL && *text != '\0')
		screen_leave(screen, LEAVE_SET_UP, id, text);
	free(id);
}

static void ask_secret(struct screen *screen, const char *id)
{
	screen_prompt(screen, _("client secret:"), "", NULL, NULL, NULL, on_secret, mem_strdup(id));
	screen->prompt.hidden = true;
}

static void on_id(struct screen *screen, void *arg, const char *text)
{
	UNUSED(arg);
	if (text != NULL && *text != '\0')
		ask_secret(screen, text);
}

static bool check_id(void *arg, const char *text, struct fault *fault, size_t *offset)
{
	UNUSED(arg);
	*offset = strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~");
	return text[*offset] == '\0' || fault_set(fault, FAULT_USAGE, "%s", _("a client ID has no such sign"));
}

static bool command(struct pane *pane, enum command command)
{
	struct sign_in_view *view = pane->memory;
	struct screen *screen = pane->screen;
	const struct sign_in *state = state_of(pane);
	struct target target = document_target(&view->document);
	if (command != CMD_OPEN)
		return false;
	if (target.kind == TARGET_COMMAND && state != NULL) {
		screen_command(screen, (enum command)target.id);
		return true;
	}
	if (state == NULL || (state->step == SIGN_IN_DONE && !is_over(pane, state)))
		screen_close_view(screen);
	else if (state->lacks_client_id && screen_can_leave(screen))
		screen_prompt(screen, _("client ID:"), "", NULL, check_id, NULL, on_id, NULL);
	else if (state->lacks_secret && screen_can_leave(screen))
		ask_secret(screen, "");
	else if (is_set_up(state))
		begin(pane);
	return true;
}

static void close_sign_in(struct pane *pane)
{
	document_clear(&((struct sign_in_view *)pane->memory)->document);
}

const struct pane_type view_sign_in = {
	.name = "sign-in", .title = N_("First steps"), .place = PLACE_SIGN_IN,
	.memory = sizeof(struct sign_in_view), .document = PANE_DOCUMENT(sign_in_view), .close = close_sign_in,
	.refresh = refresh, .draw = draw, .command = command,
};
