/* SPDX-License-Identifier: Apache-2.0 */
#include "webex/apis.h"

#include <stdio.h>
#include <string.h>

static const struct webex_api_row rows[] = {
#define WEBEX_API_ROW(id, name, scopes, role) [id] = { name, scopes, role },
	WEBEX_APIS(WEBEX_API_ROW)
#undef WEBEX_API_ROW
};

const struct webex_api_row *webex_api_row(enum webex_api api)
{
	return &rows[api];
}

bool webex_scope_granted(const char *token_scopes, const char *scope)
{
	size_t n = strlen(scope);
	for (const char *c = token_scopes; *c != '\0';) {
		size_t word = strcspn(c, " ");
		if (word == n && memcmp(c, scope, n) == 0)
			return true;
		c += word;
		c += strspn(c, " ");
	}
	return false;
}

bool webex_forbidden(enum webex_api api, const char *token_scopes, struct fault *fault)
{
	const struct webex_api_row *row = &rows[api];
	char answered[sizeof fault->text];
	memcpy(answered, fault->text, sizeof answered);
	/* A token without the scope: that is why, whatever else. */
	bool lacks = row->scopes[0] != '\0' && strchr(row->scopes, ' ') == NULL &&
	    token_scopes != NULL && token_scopes[0] != '\0' &&
	    !webex_scope_granted(token_scopes, row->scopes);
	if (lacks)
		return fault_set(fault, FAULT_FORBIDDEN,
		    "the token lacks the scope %s: tick it in the integration and sign in again "
		    "(a token keeps its old scopes). %s also need %s. %.200s",
		    row->scopes, row->name, row->role, answered);
	return fault_set(fault, FAULT_FORBIDDEN, "%s need %s%s%s%s. %.200s", row->name,
	    row->scopes[0] != '\0' ? "the scope " : "", row->scopes,
	    row->scopes[0] != '\0' ? " and " : "", row->role, answered);
}
