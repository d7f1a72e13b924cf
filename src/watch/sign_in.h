/* SPDX-License-Identifier: Apache-2.0
 *
 * Signing in from a screen: the device grant on the loop, and what a person
 * must be shown of it. How a token is had stands in webex/oauth.h. */
#ifndef WATCH_SIGN_IN_H
#define WATCH_SIGN_IN_H

#include "watch/board.h"
#include "webex/oauth.h"

struct sign_in_desk {
	struct sign_in shown; /* first */
	struct login *login; /* on its way; NULL none */
	struct oauth *oauth; /* NULL: Webex cannot be asked */
	bool closing;	     /* the program ends: what is cancelled is not begun again */
	const char *scopes;
	struct board *board;
	void (*on_signed_in)(void *arg);
	void *arg;
};

/* Ask for a code; a code that is shown is replaced by a new one. */
void sign_in_start(struct sign_in_desk *);
/* Its board shows it, and starts it. */
void sign_in_on_board(struct sign_in_desk *);
/* The desk outlives its oauth: what is cancelled when that closes still ends. */

#endif
