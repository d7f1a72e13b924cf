/* SPDX-License-Identifier: Apache-2.0
 *
 * The kinds of destinations there are: one line each. */
#include "notify/kind.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define KINDS(row) \
	row(webex) row(webex_webhook) row(slack) row(teams) row(webhook) row(email) row(syslog) row(file)

#define KIND_DECLARE(name) extern const struct notify_kind notify_##name;
KINDS(KIND_DECLARE)
#undef KIND_DECLARE

const struct notify_kind *const notify_kinds[] = {
#define KIND_ROW(name) &notify_##name,
	KINDS(KIND_ROW)
#undef KIND_ROW
	NULL,
};

const struct notify_kind *notify_kind_named(const char *name)
{
	for (size_t i = 0; notify_kinds[i] != NULL; i++) {
		if (strcmp(notify_kinds[i]->name, name) == 0)
			return notify_kinds[i];
	}
	return NULL;
}

bool pack_post(const struct destination *to, const struct secrets *secrets, const struct parcel *parcel, int64_t now_ms, struct wire *wire, struct fault *fault)
{
	UNUSED(to);
	UNUSED(parcel);
	UNUSED(now_ms);
	UNUSED(fault);
	wire->method = "POST";
	text_puts(&wire->url, secrets->url);
	text_puts(wire_header(wire), "Content-Type: application/json");
	return true;
}

void put_json(struct text *out, json_t *value)
{
	char *line = json_dumps(value, JSON_COMPACT);
	if (line != NULL)
		text_puts(out, line);
	free(line);
	json_decref(value);
}

struct text *wire_header(struct wire *wire)
{
	assert(wire->n_headers < WIRE_HEADERS);
	return &wire->headers[wire->n_headers++];
}

static void wipe(struct text *text)
{
	if (text->bytes != NULL)
		mem_wipe(text->bytes, text->capacity);
	text_clear(text);
}

void wire_clear(struct wire *wire)
{
	wipe(&wire->url);
	for (size_t i = 0; i < wire->n_headers; i++)
		wipe(&wire->headers[i]);
	*wire = (struct wire){ 0 };
}
