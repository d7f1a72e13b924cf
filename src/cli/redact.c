/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/redact.h"

#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "base/text.h"
#include "calls/cdr.h"
#include "calls/cdr_json.h"

enum { LEAST_DIGITS = 7 };

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_word(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_' || c == ':';
}

/* A number's digits, with its plus: first and last ones, as on the screen. */
static void put_masked(const char *digits, size_t n, struct text *out)
{
	text_add(out, digits, n > 9 ? 6 : 2);
	text_puts(out, "\u00B7\u00B7\u00B7");
	text_add(out, digits + n - 3, 3);
}

/* The length of a number with what people write between its digits; its digits
 * and plus go to `digits`. */
static size_t number_at(const char *p, struct text *digits)
{
	size_t n = 0, until = 0;
	text_reset(digits);
	for (; is_digit(p[n]) || (n == 0 && (*p == '+' || (*p == '(' && is_digit(p[1])))) || (n > 0 && strchr("-. ()/", p[n]) != NULL && p[n] != '\0'); n++) {
		if (is_digit(p[n]) || p[n] == '+') {
			text_putc(digits, p[n]);
			until = n + 1;
		}
	}
	return until;
}

/* Is what begins at p the number of an address? */
static bool is_addressed(const char *text, const char *p)
{
	size_t before = (size_t)(p - text);
	return before >= 4 && (strncasecmp(p - 4, "sip:", 4) == 0 || strncasecmp(p - 4, "tel:", 4) == 0);
}

/* Numbers inside a text: with a plus before it, or in an address, it is one
 * wherever it stands and whatever is between its digits; else a run of digits
 * that stands alone, not a piece of a UUID or of a call id. */
static void mask_runs(const char *text, struct text *out)
{
	struct text digits = { 0 };
	for (const char *p = text; *p != '\0';) {
		bool marked = *p == '+' || is_addressed(text, p);
		size_t n = marked ? number_at(p, &digits) : strspn(p, "0123456789");
		if (n == 0) {
			text_putc(out, *p++);
			continue;
		}
		if (!marked) {
			text_reset(&digits);
			text_add(&digits, p, n);
		}
		size_t n_digits = digits.n - (*p == '+');
		bool alone = marked || ((p == text || !is_word(p[-1])) && !is_word(p[n]));
		if (alone && n_digits >= LEAST_DIGITS)
			put_masked(digits.bytes, digits.n, out);
		else
			text_add(out, p, n);
		p += n;
	}
	text_clear(&digits);
}

/* A field that holds a number, bare or in an address (sip:, tel:). What was
 * dialled after a pause is a PIN as often as an extension: nothing of it. */
static void mask_number(const char *text, struct text *out)
{
	struct text digits = { 0 };
	bool paused = false;
	for (const char *p = text; *p != '\0';) {
		size_t n = number_at(p, &digits);
		size_t n_digits = digits.n - (digits.n > 0 && digits.bytes[0] == '+');
		paused |= *p == ',';
		if (n == 0 || n_digits == 0)
			text_putc(out, *p++);
		else if (paused)
			text_puts(out, "\u00B7\u00B7\u00B7");
		else if (n_digits >= LEAST_DIGITS)
			put_masked(digits.bytes, digits.n, out);
		else
			text_add(out, p, n);
		if (n > 0 && n_digits > 0)
			p += n;
	}
	text_clear(&digits);
}

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
	return redacted(mask_runs, text, arena);
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

/* In place; what cannot be written back is not left as it was. */
static void redact_string(json_t *value, void (*mask)(const char *, struct text *))
{
	struct text out = { 0 };
	mask(json_string_value(value), &out);
	if (json_string_setn(value, text_string(&out), out.n) != 0)
		json_string_set(value, "");
	text_clear(&out);
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
			redact_string(value, mask_number);
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

static void redact_strings(json_t *value)
{
	const char *key;
	json_t *inner;
	size_t i;
	if (json_is_string(value))
		redact_string(value, mask_runs);
	json_array_foreach(value, i, inner)
		redact_strings(inner);
	json_object_foreach(value, key, inner)
		redact_strings(inner);
}

void redact_alert(json_t *alert)
{
	redact_strings(alert);
}
