/* SPDX-License-Identifier: Apache-2.0
 *
 * Facts as a person reads them. */
#include "detect/fact.h"

#include "base/iso_time.h"

static void print_duration(int64_t s, struct text *out)
{
	if (s < 60)
		text_printf(out, "%d s", (int)s);
	else if (s < 3600)
		text_printf(out, s % 60 != 0 ? "%d min %d s" : "%d min", (int)(s / 60), (int)(s % 60));
	else
		text_printf(out, s % 3600 >= 60 ? "%d h %d min" : "%d h", (int)(s / 3600),
		    (int)(s % 3600 / 60));
}

void fact_print(const struct fact *fact, const struct fact_value *value, struct text *out)
{
	char shown[160];
	if (!value->present)
		return;
	switch (fact->kind) {
	case FACT_TEXT:
	case FACT_ENUM:
		text_printable(shown, sizeof shown, value->text.p, value->text.n);
		text_puts(out, shown);
		return;
	case FACT_NUMBER:
		text_printf(out, "%lld", (long long)value->number);
		return;
	case FACT_DURATION:
		print_duration(value->number, out);
		return;
	case FACT_MONEY:
		text_printf(out, "%lld.%02lld USD", (long long)(value->number / 1000000),
		    (long long)(value->number % 1000000 / 10000));
		return;
	case FACT_BOOL:
		text_puts(out, value->number ? "true" : "false");
		return;
	case FACT_TIME: {
		char iso[ISO_TIME_BYTES];
		text_puts(out, iso_time_format(value->number, iso));
		return;
	}
	}
}

const char *fact_kind_name(enum fact_kind kind)
{
	static const char *const names[] = { [FACT_TEXT] = "text", [FACT_NUMBER] = "number",
		[FACT_DURATION] = "duration", [FACT_MONEY] = "money", [FACT_BOOL] = "true/false",
		[FACT_TIME] = "time", [FACT_ENUM] = "word" };
	return (size_t)kind < COUNT_OF(names) ? names[kind] : "";
}
