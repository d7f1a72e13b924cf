/* SPDX-License-Identifier: Apache-2.0 */
#include "filter/value.h"

#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "base/iso_time.h"
#include "base/text.h"

/* Far inside int64, so that one more or less is still one. */
#define MOST (INT64_MAX / 2)

/* 12, -3, 0.25, 0,25: digits and at most six decimals; no locale has a say. */
static bool read_money(const char *text, int64_t *micro)
{
	bool negative = *text == '-';
	const char *p = text + negative;
	int64_t amount = 0, unit = 1000000;
	size_t digits = 0;
	for (; *p >= '0' && *p <= '9' && digits < 12; p++, digits++)
		amount = amount * 10 + (*p - '0');
	amount *= unit;
	if (*p == '.' || *p == ',') {
		for (p++; *p >= '0' && *p <= '9' && unit > 1; p++, digits++)
			amount += (*p - '0') * (unit /= 10);
	}
	*micro = negative ? -amount : amount;
	return digits > 0 && *p == '\0' && amount <= INT64_C(1000000000) * 1000000;
}

static bool read_time(const char *text, int64_t now_ms, int64_t *low, int64_t *high)
{
	int64_t ms;
	char day[32];
	*low = *high = 0;
	if (text[0] == '-' && text_to_duration_ms(text + 1, &ms)) {
		*low = *high = now_ms - ms;
		return true;
	}
	if (iso_time_parse(text, strlen(text), low)) {
		*high = *low;
		return true;
	}
	snprintf(day, sizeof day, "%.10sT00:00", text);
	if (strlen(text) != 10 || !iso_time_parse(day, strlen(day), low))
		return false;
	*high = *low + DAY_MS - 1;
	return true;
}

static bool read_enum(const struct filter_field *field, const char *text, int64_t *out, struct fault *fault)
{
	char list[300] = "";
	size_t named;
	if (filter_value_named(field, text, &named)) {
		*out = (int64_t)named;
		return true;
	}
	for (size_t i = 0; i < field->n_values; i++) {
		const char *value = in_language(field->values[i], field->spanish[i]);
		size_t n = strlen(list);
		if (*value != '\0' && n + strlen(value) + 3 < sizeof list)
			snprintf(list + n, sizeof list - n, "%s%s", n > 0 ? ", " : "", value);
	}
	return fault_set(fault, FAULT_USAGE, _("%s is none of %s"), *text == '\0' ? "\"\"" : text, list);
}

static bool read_flag(const char *text, int64_t *out, struct fault *fault)
{
	static const char *const yes[] = { "true", "1", "sí", "si", "verdadero" }, *const no[] = { "false", "0", "no", "falso" };
	*out = 0;
	for (size_t i = 0; i < COUNT_OF(yes) && *out == 0; i++)
		*out = text_equal_nocase(text, yes[i]);
	for (size_t i = 0; i < COUNT_OF(no); i++)
		if (text_equal_nocase(text, no[i]))
			return true;
	return *out == 1 ||
	    fault_set(fault, FAULT_USAGE, _("%s is neither true nor false"), text);
}

static bool read_one(const struct filter_field *field, const char *text, int64_t now_ms, int64_t *low, int64_t *high,
    struct fault *fault)
{
	bool ok = true;
	*low = *high = 0;
	switch (field->kind) {
	case FIELD_NUMBER:
		ok = text_to_int(text, -MOST, MOST, low) || fault_set(fault, FAULT_USAGE, _("%s is not a whole number"), text);
		break;
	case FIELD_SECONDS:
		ok = text_to_duration_ms(text, low) || fault_set(fault, FAULT_USAGE, _("%s is not a duration (90, 20m, 1h)"), text);
		*low /= SECOND_MS;
		break;
	case FIELD_MONEY:
		ok = read_money(text, low) || fault_set(fault, FAULT_USAGE, _("%s is not an amount"), text);
		break;
	case FIELD_TIME:
		return read_time(text, now_ms, low, high) ||
		    fault_set(fault, FAULT_USAGE, _("%s is not a time (2026-10-05, 2026-10-05T09:00, -2h)"), text);
	case FIELD_ENUM:
		ok = read_enum(field, text, low, fault);
		break;
	case FIELD_FLAG:
		ok = read_flag(text, low, fault);
		break;
	case FIELD_TEXT:
		ok = false;
		break;
	}
	*high = *low;
	return ok;
}

bool value_read(const struct filter_field *field, const char *text, int64_t now_ms, struct value_range *range,
    struct fault *fault)
{
	const char *dots = strstr(text, "..");
	char first[256];
	int64_t ignored;
	*range = (struct value_range){ 0 };
	if (dots == NULL || field->kind == FIELD_FLAG)
		return read_one(field, text, now_ms, &range->low, &range->high, fault);
	*range = (struct value_range){ -MOST, MOST, dots == text, dots[2] == '\0', true };
	snprintf(first, sizeof first, "%.*s", (int)(dots - text), text);
	if (range->open_low && range->open_high)
		return fault_set(fault, FAULT_USAGE, "%s", _("a range has one end at least: 10..20, 10.. or ..20"));
	if ((!range->open_low && !read_one(field, first, now_ms, &range->low, &ignored, fault)) ||
	    (!range->open_high && !read_one(field, dots + 2, now_ms, &ignored, &range->high, fault)))
		return false;
	return range->low <= range->high ||
	    fault_set(fault, FAULT_USAGE, _("%s ends before it begins"), text);
}
