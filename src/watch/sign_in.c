/* SPDX-License-Identifier: Apache-2.0 */
#include "watch/sign_in.h"

#include <stdio.h>

static void on_prompt(const struct login_prompt *prompt, void *arg)
{
	struct sign_in_desk *desk = arg;
	struct sign_in *shown = &desk->shown;
	shown->step = SIGN_IN_SHOWN;
	snprintf(shown->url, sizeof shown->url, "%s", prompt->url);
	snprintf(shown->code, sizeof shown->code, "%s", prompt->code);
	snprintf(shown->short_url, sizeof shown->short_url, "%s", prompt->verification_url);
	shown->expires_ms = prompt->expires_ms;
	desk->board->health_version++;
}

static void on_done(const struct fault *fault, void *arg)
{
	struct sign_in_desk *desk = arg;
	struct sign_in *shown = &desk->shown;
	desk->login = NULL;
	shown->step = fault->code == FAULT_NONE ? SIGN_IN_DONE : SIGN_IN_FAILED;
	shown->fault = *fault;
	shown->url[0] = shown->code[0] = shown->short_url[0] = '\0';
	desk->board->health_version++;
	bool again = shown->again; /* another was asked for while this one was given up */
	shown->again = false;
	if (fault->code == FAULT_NONE && desk->on_signed_in != NULL)
		desk->on_signed_in(desk->arg);
	else if (fault->code != FAULT_NONE && again && !desk->closing)
		sign_in_start(desk);
}

void sign_in_start(struct sign_in_desk *desk)
{
	struct login_events events = { on_prompt, on_done, desk };
	if (desk->oauth == NULL || desk->closing)
		return;
	if (desk->login != NULL) {
		desk->shown.again = true;
		login_cancel(desk->login);
		return;
	}
	desk->shown.step = SIGN_IN_ASKING;
	desk->shown.fault = (struct fault){ 0 };
	desk->board->health_version++;
	desk->login = login_device(desk->oauth, desk->scopes, &events);
}

static void on_board(struct board *board)
{
	sign_in_start((struct sign_in_desk *)(uintptr_t)board->sign_in);
}

void sign_in_on_board(struct sign_in_desk *desk)
{
	desk->board->sign_in = &desk->shown;
	desk->board->sign_in_start = on_board;
}
