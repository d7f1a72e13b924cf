/* SPDX-License-Identifier: Apache-2.0
 *
 * What comes to the API: a path, a query, a body and a token, of anything. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "api/parts.h"
#include "base/mem.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct api_call call = { 0 };
	unsigned char hash[32];
	char id[TOKEN_ID_BYTES];
	struct api_named named;
	const char *allow;
	if (n < 1 || n > 8192)
		return 0;
	/* Which route, then three texts with a 0xFF between. */
	size_t n_routes = 0, which = bytes[0];
	while (api_routes[n_routes].method != NULL)
		n_routes++;
	char *all = mem_strndup((const char *)bytes + 1, n - 1), *rest = all;
	const char *path = strsep(&rest, "\xFF"), *query = rest == NULL ? "" : strsep(&rest, "\xFF"), *body = rest == NULL ? "" : rest;
	arena_init(&call.arena);
	(void)api_route_find("GET", path, &named, &call.arena, &allow);
	(void)token_text_read(path, id, hash);
	call.route = &api_routes[which % n_routes];
	if (api_read_query(&call, query)) {
		for (size_t i = 0; call.query[i].field != NULL; i++)
			assert(call.query[i].field->kind != API_INT || (call.query[i].number >= call.query[i].field->low && call.query[i].number <= call.query[i].field->high));
	} else {
		assert(call.fault.code != FAULT_NONE && call.fault.text[0] != '\0');
	}
	call.fault = (struct fault){ 0 };
	if (!api_read_body(&call, body, strlen(body)))
		assert(call.fault.code != FAULT_NONE && call.fault.text[0] != '\0');
	arena_clear(&call.arena);
	free(all);
	return 0;
}
