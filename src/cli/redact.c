/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/redact.h"

#include <string.h>

#include "base/mask.h"
#include "calls/cdr.h"
#include "calls/cdr_json.h"
#include "store/row_json.h"

static const char *redacted(void (*mask)(const char *, struct text *), const char *text, struct arena *arena)
{
	struct text out = { 0 };
	if (text == NULL || *text == '\0')
		return text;
	mask(text, &out);
	const char *kept = arena_strndup(arena, out.bytes, out.n);
	text_clear(&out);
	return kept;
}

const char *redact_text(const char *text, struct arena *arena)
{
	return redacted(mask_text, text, arena);
}

static const char *number(const char *text, struct arena *arena)
{
	return redacted(mask_number, text, arena);
}

void redact_call(struct call *call, struct arena *arena)
{
	call->far_number = number(call->far_number, arena);
	call->user_number = number(call->user_number, arena);
	call->far_name = "";
}

void redact_leg(struct leg_row *leg, struct arena *arena)
{
	leg->user_number = number(leg->user_number, arena);
	leg->far = number(leg->far, arena);
	leg->calling = number(leg->calling, arena);
	leg->called = number(leg->called, arena);
	leg->dialed = number(leg->dialed, arena);
	leg->redirecting_number = number(leg->redirecting_number, arena);
	leg->device_mac = leg->caller_name = leg->called_name = "";
}

static bool is_number_field(enum cdr_field field)
{
	static const enum cdr_field numbers[] = { CDR_F_CALLED_NUMBER, CDR_F_CALLING_NUMBER, CDR_F_DIALED_DIGITS,
		CDR_F_REDIRECTING_NUMBER, CDR_F_CALLER_ID_NUMBER, CDR_F_EXTERNAL_CALLER_ID_NUMBER, CDR_F_ELIN,
		CDR_F_USER_NUMBER, CDR_F_SITE_MAIN_NUMBER };
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
	json_object_foreach_safe(record, next, key, value) {
		enum cdr_field field = cdr_field_named(key, strlen(key));
		if (is_personal_field(field) || (is_number_field(field) && !json_is_string(value)))
			json_object_del(record, key);
		else if (is_number_field(field))
			json_mask(value, mask_number);
	}
}

json_t *redact_unruly_record(const char *raw, size_t n)
{
	struct cdr_reader reader;
	struct arena arena;
	struct cdr cdr;
	json_t *record = NULL;
	arena_init(&arena);
	cdr_reader_init(&reader);
	cdr_reader_feed(&reader, raw, n, true);
	if (cdr_reader_next(&reader, &arena, &cdr) == CDR_NEXT_RECORD) {
		record = json_object();
		for (int field = 0; field < CDR_N_FIELDS; field++) {
			struct span value = cdr.field[field];
			char *shown = arena_alloc(&arena, 3 * (size_t)value.n + 1); /* U+FFFD has three bytes */
			if (value.n == 0)
				continue;
			text_printable(shown, 3 * (size_t)value.n + 1, value.p, value.n);
			json_object_set_new(record, cdr_wire_name((enum cdr_field)field), json_string(shown));
		}
		redact_record(record);
	}
	arena_clear(&arena);
	return record;
}

void redact_alert(json_t *alert)
{
	json_mask(alert, mask_text);
}
