/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/redact.h"

#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "calls/cdr.h"
#include "ui/format.h"

enum { LEAST_DIGITS = 7 };

static bool is_word(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_' || c == ':';
}

/* A run of digits that stands alone: not a piece of a UUID or of a call id. */
static void mask_runs(const char *text, struct text *out)
{
	for (const char *p = text; *p != '\0';) {
		size_t sign = *p == '+', n = strspn(p + sign, "0123456789");
		bool alone = (p == text || !is_word(p[-1])) && !is_word(p[sign + n]);
		if (n == 0) {
			text_putc(out, *p++);
			continue;
		}
		if (alone && n >= LEAST_DIGITS) {
			char *number = mem_strndup(p, sign + n), shown[LONG_BYTES];
			text_puts(out, format_number(number, true, shown));
			free(number);
		} else {
			text_add(out, p, sign + n);
		}
		p += sign + n;
	}
}

const char *redact_text(const char *text, struct arena *arena)
{
	struct text out = { 0 };
	if (text == NULL || *text == '\0')
		return text;
	mask_runs(text, &out);
	const char *kept = arena_strndup(arena, out.bytes, out.n);
	text_clear(&out);
	return kept;
}

/* A number in a column of its own, whatever stands around its digits. */
static const char *number(const char *text, struct arena *arena)
{
	char shown[LONG_BYTES];
	return text == NULL ? NULL : arena_strdup(arena, format_number(text, true, shown));
}

void redact_call(struct call *call, struct arena *arena)
{
	call->far_number = number(call->far_number, arena);
	call->far_name = "";
}

void redact_leg(struct leg_row *leg, struct arena *arena)
{
	leg->calling = number(leg->calling, arena);
	leg->called = number(leg->called, arena);
	leg->dialed = number(leg->dialed, arena);
	leg->redirecting_number = number(leg->redirecting_number, arena);
	leg->device_mac = leg->caller_name = leg->called_name = "";
}

static bool is_number_field(enum cdr_field field)
{
	static const enum cdr_field numbers[] = { CDR_F_CALLED_NUMBER, CDR_F_CALLING_NUMBER, CDR_F_DIALED_DIGITS,
		CDR_F_REDIRECTING_NUMBER, CDR_F_CALLER_ID_NUMBER, CDR_F_EXTERNAL_CALLER_ID_NUMBER, CDR_F_ELIN };
	for (size_t i = 0; i < COUNT_OF(numbers); i++) {
		if (numbers[i] == field)
			return true;
	}
	return false;
}

static bool is_personal_field(enum cdr_field field)
{
	static const enum cdr_field personal[] = { CDR_F_CALLED_LINE_ID, CDR_F_CALLING_LINE_ID, CDR_F_AUTHORIZATION_CODE,
		CDR_F_PUBLIC_CALLING_IP, CDR_F_PUBLIC_CALLED_IP, CDR_F_DEVICE_MAC, CDR_F_CALL_ID, CDR_F_NETWORK_CALL_ID,
		CDR_F_TRANSFER_TYPE_CONTEXT, CDR_N_FIELDS /* a field nobody knew */ };
	for (size_t i = 0; i < COUNT_OF(personal); i++) {
		if (personal[i] == field)
			return true;
	}
	return false;
}

void redact_record(json_t *record)
{
	const char *key;
	json_t *value;
	void *next;
	char shown[LONG_BYTES];
	json_object_foreach_safe(record, next, key, value) {
		enum cdr_field field = cdr_field_named(key, strlen(key));
		if (is_personal_field(field) || (is_number_field(field) && !json_is_string(value)))
			json_object_del(record, key);
		else if (is_number_field(field))
			json_string_set(value, format_number(json_string_value(value), true, shown));
	}
}

static void redact_strings(json_t *value)
{
	const char *key;
	json_t *inner;
	size_t i;
	if (json_is_string(value)) {
		struct text out = { 0 };
		mask_runs(json_string_value(value), &out);
		json_string_set(value, text_string(&out));
		text_clear(&out);
	}
	json_array_foreach(value, i, inner)
		redact_strings(inner);
	json_object_foreach(value, key, inner)
		redact_strings(inner);
}

void redact_alert(json_t *alert)
{
	redact_strings(alert);
}
