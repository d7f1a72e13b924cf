/* SPDX-License-Identifier: Apache-2.0
 *
 * What each part of Webex's API asks of a token: the words for a 403 and for
 * `centinela doctor`. Webex itself seldom says which of them is missing. */
#ifndef WEBEX_APIS_H
#define WEBEX_APIS_H

#include "base/fault.h"

#define WEBEX_APIS(row)                                                                           \
	row(API_CDR, "call records", "spark-admin:calling_cdr_read",                              \
	    "the role \"Webex Calling Detailed Call History API access\" (from 2027 a custom "    \
	    "administrator role with that permission), a token of an administrator or a Service " \
	    "App, and an organisation with Webex Calling")                                        \
	row(API_PEOPLE, "people", "spark-admin:people_read", "an administrator")                  \
	row(API_LOCATIONS, "locations", "spark-admin:locations_read",                             \
	    "an administrator or location administrator")                                         \
	row(API_CALLING_LOCATIONS, "calling locations", "spark-admin:telephony_config_read",      \
	    "an administrator; read-only is enough")                                              \
	row(API_ORGANIZATIONS, "organisations", "spark-admin:organizations_read", "an administrator") \
	row(API_CALLS, "live calls", "spark-admin:calls_read",                                    \
	    "a Service App token; hanging up also needs spark-admin:calls_write")                 \
	row(API_WEBHOOKS, "webhooks", "spark-admin:calls_read",                                   \
	    "an administrator or Service App for webhooks of the whole organisation")             \
	row(API_SETTINGS, "call settings", "spark-admin:people_read and spark-admin:people_write", \
	    "a full, user or location administrator; Control Hub may also restrict the calling "  \
	    "settings API for integrations")                                                      \
	row(API_AUDIT, "audit events", "audit:events_read", "a full administrator")               \
	row(API_SECURITY_AUDIT, "sign-in audit events", "audit:events_read",                      \
	    "a full administrator, the Pro Pack licence, and the Control Hub setting \"Allow "    \
	    "user authentication data\"")                                                         \
	row(API_TOKENS, "tokens of users", "identity:tokens_read and identity:tokens_write",      \
	    "a full, user or device administrator; not read-only")                                \
	row(API_MESSAGES, "messages", "spark:messages_write", "membership of the space")          \
	row(API_SELF, "who am I", "", "a valid token")

enum webex_api {
#define WEBEX_API_ENUM(id, name, scopes, role) id,
	WEBEX_APIS(WEBEX_API_ENUM)
#undef WEBEX_API_ENUM
	WEBEX_N_APIS
};

struct webex_api_row {
	const char *name;   /* "call records" */
	const char *scopes; /* "" none of its own */
	const char *role;   /* "an administrator …" */
};

const struct webex_api_row *webex_api_row(enum webex_api);

/* Is `scope` one of a token's scopes (separated by blanks)? */
bool webex_scope_granted(const char *token_scopes, const char *scope);

/* "Webex answered 403: … Call records need the scope …, and …" . */
bool webex_forbidden(enum webex_api, const char *token_scopes, struct fault *);

#endif
