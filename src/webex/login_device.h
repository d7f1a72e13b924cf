/* SPDX-License-Identifier: Apache-2.0
 *
 * The one decision of the device grant, apart so that it can be tested. */
#ifndef WEBEX_LOGIN_DEVICE_H
#define WEBEX_LOGIN_DEVICE_H

#include "webex/error_body.h"

enum device_step {
	DEVICE_TOKENS,
	DEVICE_WAIT,	/* ask again after the interval */
	DEVICE_SLOWER,	/* the interval grows by 5 s; 429: Retry-After too */
	DEVICE_DENIED,
	DEVICE_EXPIRED,
	DEVICE_FAILED,	/* client id, secret, or a grant this app may not use */
};

/* What a poll's answer means: by status first, then by the error's name. */
enum device_step device_step_of(int status, const struct error_body *);

#endif
