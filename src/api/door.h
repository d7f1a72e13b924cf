/* SPDX-License-Identifier: Apache-2.0
 *
 * Who comes in: the host that was asked for, the page that asks, the token or the
 * user at the socket, and how often. */
#ifndef API_DOOR_H
#define API_DOOR_H

#include "api/parts.h"

/* The Host is one of ours: a page whose name was made to lead here is none. */
bool api_host_fits(const struct api_call *);
/* The Origin of a page that may ask; NULL: there is none, or it may not. */
const char *api_origin(const struct api_call *);
/* There is an Origin, and it may not ask. */
bool api_is_foreign(const struct api_call *);

/* Who asks, by what was read of the tokens. False: it was answered. */
bool api_know(struct api_call *);
/* … may do what the route does, this often. False: it was answered. */
bool api_admit(struct api_call *);
/* … and where it changes something, not more often than that. False: it was answered. */
bool api_admit_change(struct api_call *);

/* Tokens are read again when they are older than this, so that what was revoked is. */
#define TOKENS_FRESH_MS 1000
bool api_tokens_are_fresh(struct api *);
/* Read them, then go on with every call that waits. */
void api_read_tokens(struct api *);

void api_limits_clear(struct api *);

/* Numbers of strangers in every string of it. */
void api_mask(json_t *);

#endif
