/* SPDX-License-Identifier: Apache-2.0
 *
 * What Webex says when it says no: the shapes of webexapis.com, of OAuth
 * (RFC 6749), of the CDR hosts, and whatever a gateway puts there. Pure; all
 * text is printable. */
#ifndef WEBEX_ERROR_BODY_H
#define WEBEX_ERROR_BODY_H

#include "base/fault.h"

struct error_body {
	bool is_json;
	char message[240];     /* "message", or "error_description" */
	char description[240]; /* errors[0].description, when it says something else */
	char oauth[48];	       /* "error": invalid_grant, slow_down …; "" none */
	int64_t code;	       /* "errorCode" or errors[0].errorCode / .code; 0 none */
	char tracking_id[80];
};

void error_body_read(const char *bytes, size_t n, struct error_body *out);

/* Does one of its texts hold `words`, in any case? */
bool error_body_says(const struct error_body *, const char *words);

/* "Webex answered 403: message (description) [trackingId …]" into the fault,
 * with the code that fits the status. Returns false. */
bool error_body_fault(const struct error_body *, int status, struct fault *);

#endif
