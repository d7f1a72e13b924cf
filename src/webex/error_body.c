/* SPDX-License-Identifier: Apache-2.0 */
#include "webex/error_body.h"

#include <string.h>
#include <strings.h>

#include "base/json.h"

enum { MOST_READ = 64 * 1024 };

static void copy(char *out, size_t capacity, const json_t *value)
{
	out[0] = '\0';
	if (json_is_string(value))
		text_printable(out, capacity, json_string_value(value), json_string_length(value));
}

static int64_t number_of(const json_t *value)
{
	int64_t number = 0;
	if (json_is_integer(value))
		return json_integer_value(value);
	if (json_is_string(value) && text_to_int(json_string_value(value), 0, INT32_MAX, &number))
		return number;
	return 0;
}

static void read_json(const json_t *body, struct error_body *out)
{
	copy(out->message, sizeof out->message, json_object_get(body, "message"));
	copy(out->tracking_id, sizeof out->tracking_id, json_object_get(body, "trackingId"));
	out->code = number_of(json_object_get(body, "errorCode"));

	const json_t *error = json_object_get(body, "error");
	copy(out->oauth, sizeof out->oauth, error);
	char text[sizeof out->message];
	copy(text, sizeof text, json_object_get(body, "error_description"));
	if (out->message[0] == '\0')
		memcpy(out->message, text, sizeof text);
	if (json_is_object(error)) { /* gateways: {"error":{"message":…}} */
		copy(text, sizeof text, json_object_get(error, "message"));
		if (out->message[0] == '\0')
			memcpy(out->message, text, sizeof text);
	}
	const json_t *first = json_array_get(json_object_get(body, "errors"), 0);
	copy(out->description, sizeof out->description, json_object_get(first, "description"));
	if (out->code == 0)
		out->code = number_of(json_object_get(first, "errorCode"));
	if (out->code == 0)
		out->code = number_of(json_object_get(first, "code"));
	if (strcmp(out->description, out->message) == 0)
		out->description[0] = '\0';
}

/* What is left of a page when the tags are gone: its title, usually. */
static void read_html(const char *bytes, size_t n, struct error_body *out)
{
	char plain[400];
	size_t used = 0;
	bool in_tag = false, blank = true;
	for (size_t i = 0; i < n && used < sizeof plain - 1; i++) {
		char c = bytes[i];
		if (c == '<') {
			in_tag = true;
		} else if (c == '>' && in_tag) {
			in_tag = false;
			c = ' ';
		}
		if (in_tag)
			continue;
		bool is_blank = c == ' ' || c == '\t' || c == '\r' || c == '\n';
		if (is_blank && blank)
			continue;
		blank = is_blank;
		plain[used++] = is_blank ? ' ' : c;
	}
	while (used > 0 && plain[used - 1] == ' ')
		used--;
	text_printable(out->message, MIN(sizeof out->message, (size_t)120), plain, used);
}

void error_body_read(const char *bytes, size_t n, struct error_body *out)
{
	memset(out, 0, sizeof *out);
	n = MIN(n, (size_t)MOST_READ);
	if (bytes == NULL || n == 0)
		return;
	json_t *body = NULL;
	struct fault ignored;
	if (json_parse(bytes, n, &body, &ignored) && json_is_object(body)) {
		out->is_json = true;
		read_json(body, out);
	} else {
		read_html(bytes, n, out);
	}
	json_decref(body);
}

bool error_body_says(const struct error_body *body, const char *words)
{
	return strcasestr(body->message, words) != NULL ||
	    strcasestr(body->description, words) != NULL || strcasestr(body->oauth, words) != NULL;
}

static enum fault_code code_of(int status)
{
	switch (status) {
	case 401:
		return FAULT_AUTH;
	case 403:
		return FAULT_FORBIDDEN;
	case 404:
		return FAULT_NOT_FOUND;
	case 409:
		return FAULT_CONFLICT;
	case 429:
		return FAULT_LIMIT;
	case 451:
		return FAULT_REGION;
	case 408:
	case 423:
		return FAULT_NETWORK;
	}
	return status >= 500 ? FAULT_NETWORK : FAULT_REFUSED;
}

bool error_body_fault(const struct error_body *body, int status, struct fault *fault)
{
	struct text text = { 0 };
	text_printf(&text, "Webex answered %d", status);
	if (body->message[0] != '\0')
		text_printf(&text, ": %s", body->message);
	else if (body->oauth[0] != '\0')
		text_printf(&text, ": %s", body->oauth);
	if (body->description[0] != '\0')
		text_printf(&text, " (%s)", body->description);
	if (body->tracking_id[0] != '\0')
		text_printf(&text, " [trackingId %s]", body->tracking_id);
	fault_set(fault, code_of(status), "%s", text_string(&text));
	text_clear(&text);
	return false;
}
