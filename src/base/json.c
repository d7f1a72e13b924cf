/* SPDX-License-Identifier: Apache-2.0 */
#include "base/json.h"

#include <string.h>

static bool parse(const char *bytes, size_t n, size_t flags, json_t **out, struct fault *fault)
{
	json_error_t error;
	*out = json_loadb(bytes, n, flags, &error);
	if (*out == NULL) {
		char why[JSON_ERROR_TEXT_LENGTH];
		text_printable(why, sizeof why, error.text, strlen(error.text));
		return fault_set(fault, FAULT_INPUT, "not JSON at line %d, column %d: %s",
		    error.line, error.column, why);
	}
	return true;
}

bool json_parse(const char *bytes, size_t n, json_t **out, struct fault *fault)
{
	return parse(bytes, n, 0, out, fault);
}

bool json_parse_once(const char *bytes, size_t n, json_t **out, struct fault *fault)
{
	return parse(bytes, n, JSON_REJECT_DUPLICATES, out, fault);
}

const char *json_str(const json_t *object, const char *key, const char *otherwise)
{
	const char *value = json_string_value(json_object_get(object, key));
	return value == NULL ? otherwise : value;
}

int64_t json_int(const json_t *object, const char *key, int64_t otherwise)
{
	const json_t *value = json_object_get(object, key);
	if (json_is_integer(value))
		return json_integer_value(value);
	if (json_is_real(value) && json_real_value(value) > -9e15 && json_real_value(value) < 9e15)
		return (int64_t)json_real_value(value);
	return otherwise;
}

double json_real_or(const json_t *object, const char *key, double otherwise)
{
	const json_t *value = json_object_get(object, key);
	return json_is_number(value) ? json_number_value(value) : otherwise;
}

bool json_bool(const json_t *object, const char *key, bool otherwise)
{
	const json_t *value = json_object_get(object, key);
	if (json_is_boolean(value))
		return json_is_true(value);
	if (json_is_string(value)) {
		if (text_equal_nocase(json_string_value(value), "true"))
			return true;
		if (text_equal_nocase(json_string_value(value), "false"))
			return false;
	}
	return otherwise;
}

/* Which stand as they are: nearly all do. */
static size_t plain_bytes(const char *string, size_t n)
{
	size_t i = 0;
	while (i < n && string[i] >= 0x20 && string[i] < 0x7F && string[i] != '"' && string[i] != '\\')
		i++;
	return i;
}

void json_quote_n(struct text *out, const char *string, size_t n)
{
	text_putc(out, '"');
	for (size_t i = 0; i < n;) {
		uint32_t point;
		size_t used = plain_bytes(string + i, n - i);
		if (used > 0) {
			text_add(out, string + i, used);
			i += used;
			continue;
		}
		used = utf8_decode(string + i, n - i, &point);
		if (point == '"' || point == '\\') {
			char escaped[2] = { '\\', (char)point };
			text_add(out, escaped, 2);
		} else if (point < 0x20 || (point >= 0x7F && point < 0xA0)) {
			text_printf(out, "\\u%04x", point);
		} else if (point == 0xFFFD) {
			text_puts(out, "\xEF\xBF\xBD");
		} else {
			text_add(out, string + i, used);
		}
		i += used;
	}
	text_putc(out, '"');
}

void json_quote(struct text *out, const char *string)
{
	json_quote_n(out, string, strlen(string));
}
