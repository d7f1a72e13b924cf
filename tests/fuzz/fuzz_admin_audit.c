/* SPDX-License-Identifier: Apache-2.0
 *
 * The admin audit's list: an item is no event, or one whose every text is printable
 * and within its bounds. */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "webex/admin_audit.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void must_fit(const char *text, size_t room)
{
	char again[512];
	text_printable(again, sizeof again, text, strlen(text));
	if (strcmp(again, text) != 0 || strlen(text) >= room)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	json_t *body = NULL;
	struct fault fault;
	struct arena arena;
	struct admin_event event;
	size_t i;
	const json_t *item;
	if (!json_parse((const char *)bytes, n, &body, &fault))
		return 0;
	arena_init(&arena);
	const json_t *items = json_is_array(body) ? body : json_object_get(body, "items");
	json_array_foreach(items, i, item) {
		if (!admin_event_read(item, &arena, &event))
			continue;
#define MUST_FIT(name, room) must_fit(event.name, room);
		ADMIN_TEXTS(MUST_FIT)
#undef MUST_FIT
		if (*event.id == '\0')
			abort();
	}
	if (json_is_object(body) && admin_event_read(body, &arena, &event))
		must_fit(event.act, 500);
	arena_clear(&arena);
	json_decref(body);
	return 0;
}
